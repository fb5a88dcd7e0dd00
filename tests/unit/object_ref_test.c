/* SPDX-License-Identifier: Apache-2.0
 *
 * References to objects: which objects have one, and how they read.
 */
#include "test.h"

#include "glm/cluster.h"

#include <string.h>

static void texts_name_kind_namespace_and_name(void **state)
{
    struct glm_arena *a = *state;
    const struct glm_object_ref operator_ = {
        .kind = GLM_KIND_ISTIO_OPERATOR, .namespace_ = "istio-system", .name = "in-1-24"};
    const struct glm_object_ref service = {
        .kind = GLM_KIND_SERVICE, .namespace_ = "gateways", .name = "in"};
    const struct glm_object_ref namespace_ = {.kind = GLM_KIND_NAMESPACE, .name = "gateways"};
    assert_string_equal(glm_object_ref_text(a, &operator_), "IstioOperator istio-system/in-1-24");
    assert_string_equal(glm_object_ref_text(a, &service), "Service gateways/in");
    assert_string_equal(glm_object_ref_text(a, &namespace_), "Namespace gateways");
}

static void every_kind_has_its_api_version(void **state)
{
    (void)state;
    assert_string_equal(GLM_KIND_NAMESPACE->api_version, "v1");
    assert_string_equal(GLM_KIND_ISTIO_OPERATOR->api_version, "install.istio.io/v1alpha1");
    assert_string_equal(GLM_KIND_SERVICE->api_version, "v1");
    assert_string_equal(GLM_KIND_NAMESPACE->name, "Namespace");
    assert_string_equal(GLM_KIND_ISTIO_OPERATOR->name, "IstioOperator");
    assert_string_equal(GLM_KIND_SERVICE->name, "Service");
}

static void objects_of_the_kinds_have_a_reference(void **state)
{
    static const struct {
        const char *object, *text;
    } cases[] = {
        {"{'apiVersion': 'v1', 'kind': 'Namespace', 'metadata': {'name': 'a'}}", "Namespace a"},
        /* A Namespace has no namespace, whatever it says. */
        {"{'apiVersion': 'v1', 'kind': 'Namespace', 'metadata': {'name': 'a', 'namespace': 'b'}}",
         "Namespace a"},
        {"{'apiVersion': 'v1', 'kind': 'Service', 'metadata': {'name': 'a', 'namespace': 'b'}}",
         "Service b/a"},
        {"{'apiVersion': 'install.istio.io/v1alpha1', 'kind': 'IstioOperator', "
         "'metadata': {'name': 'a', 'namespace': 'b'}}",
         "IstioOperator b/a"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct glm_object_ref ref;
        assert_true(glm_object_ref_of(glm_test_value(*state, cases[i].object), &ref));
        assert_string_equal(glm_object_ref_text(*state, &ref), cases[i].text);
    }
}

static void everything_else_has_none(void **state)
{
    static const char *const cases[] = {
        "null",
        "[]",
        "{}",
        "'Namespace'",
        "{'apiVersion': 'v1', 'kind': 'Secret', 'metadata': {'name': 'a', 'namespace': 'b'}}",
        "{'apiVersion': 'v2', 'kind': 'Service', 'metadata': {'name': 'a', 'namespace': 'b'}}",
        "{'apiVersion': 'v1', 'kind': 'IstioOperator', 'metadata': {'name': 'a', 'namespace': "
        "'b'}}",
        "{'apiVersion': 'v1', 'kind': 'service', 'metadata': {'name': 'a', 'namespace': 'b'}}",
        "{'kind': 'Service', 'metadata': {'name': 'a', 'namespace': 'b'}}",
        "{'apiVersion': 'v1', 'kind': 'Service', 'metadata': {'name': 'a'}}",
        "{'apiVersion': 'v1', 'kind': 'Service', 'metadata': {'name': 'a', 'namespace': ''}}",
        "{'apiVersion': 'v1', 'kind': 'Service', 'metadata': {'name': 'a', 'namespace': 1}}",
        "{'apiVersion': 'v1', 'kind': 'Service', 'metadata': {'namespace': 'b'}}",
        "{'apiVersion': 'v1', 'kind': 'Service', 'metadata': {'name': '', 'namespace': 'b'}}",
        "{'apiVersion': 'v1', 'kind': 'Service', 'metadata': {'name': 5, 'namespace': 'b'}}",
        "{'apiVersion': 'v1', 'kind': 'Service', 'metadata': []}",
        "{'apiVersion': 'v1', 'kind': 'Service'}",
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct glm_object_ref ref = {.name = "untouched"};
        assert_false(glm_object_ref_of(glm_test_value(*state, cases[i]), &ref));
        assert_string_equal(ref.name, "untouched");
    }
}

static void a_name_with_a_nul_byte_is_none(void **state)
{
    struct glm_arena *a = *state;
    const struct glm_value *v =
        glm_test_value(a, "{'apiVersion': 'v1', 'kind': 'Namespace', 'metadata': {'name': 'a'}}");
    struct glm_object_ref ref;
    v = glm_with_path(a, v, glm_stringn(a, "a\0b", 3), "metadata", "name", NULL);
    assert_false(glm_object_ref_of(v, &ref));
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, glm_test_arena_setup, glm_test_arena_teardown)
    const struct CMUnitTest tests[] = {
        CASE(texts_name_kind_namespace_and_name),    CASE(every_kind_has_its_api_version),
        CASE(objects_of_the_kinds_have_a_reference), CASE(everything_else_has_none),
        CASE(a_name_with_a_nul_byte_is_none),
    };
    return cmocka_run_group_tests_name("object_ref", tests, NULL, NULL);
}
