/* SPDX-License-Identifier: Apache-2.0
 *
 * Rendering, where a golden case would not do: what is not known, how much it takes, which version is meant.
 */
#include "glm/render.h"
#include "rendered.h"
#include "test.h"

#include <string.h>

#define GATEWAY                                                                                    \
    "'components': {'ingressGateways': [{'name': 'gw', 'namespace': 'edge', 'enabled': true, "
#define MEMORY_MAX ((size_t)1 << 20)

static bool render(struct glm_arena *arena, const struct glm_value *document, const char *version,
                   struct glm_render_result *ret, struct glm_diags *d)
{
    const struct glm_render_request request = {.document = document, .istio_version = version};
    glm_diags_init(d, arena);
    return glm_render(arena, &request, ret, d);
}

/* The object of that kind; null: there is none. */
static const struct glm_value *of_kind(const struct glm_render_result *result, const char *kind)
{
    for (size_t i = 0; i < result->count; i++)
        if (glm_string_is(glm_get(result->objects[i].object, "kind"), kind))
            return result->objects[i].object;
    return &glm_null;
}

static const struct glm_value *rendered(struct glm_arena *arena, const char *json,
                                        const char *version, const char *kind)
{
    struct glm_render_result result;
    struct glm_diags d;
    if (!render(arena, glm_test_value(arena, json), version, &result, &d))
        fail_msg("%s", glm_test_diags_text(arena, &d));
    return of_kind(&result, kind);
}

static const struct glm_value *container(const struct glm_value *deployment)
{
    return glm_at(glm_get_path(deployment, "spec", "template", "spec", "containers", NULL), 0);
}

static const struct glm_value *variable(const struct glm_value *deployment, const char *name)
{
    const struct glm_value *env = glm_get(container(deployment), "env");
    for (size_t i = 0; i < env->len; i++)
        if (glm_string_is(glm_get(glm_at(env, i), "name"), name))
            return glm_get(glm_at(env, i), "value");
    return &glm_null;
}

static void what_is_not_known_is_not_known_in_the_objects(void **state)
{
    struct glm_arena *arena = *state;
    struct glm_render_result result;
    struct glm_diags d;
    const struct glm_value *document = glm_test_value(
        arena, "{'spec': {'profile': 'empty', 'hub': 'h', " GATEWAY "'label': {}}]}}}");
    document =
        glm_with_path(arena, document, &glm_unknown, "spec", "meshConfig", "trustDomain", NULL);
    document = glm_with_path(arena, document, &glm_unknown, "spec", "tag", NULL);
    document = glm_with_path(arena, document, &glm_unknown, "spec", "revision", NULL);
    document =
        glm_with_path(arena, document, &glm_unknown, "spec", "values", "global", "network", NULL);
    assert_true(render(arena, document, "1.30.3", &result, &d));
    const struct glm_value *deployment = of_kind(&result, "Deployment");
    assert_true(glm_is_unknown(variable(deployment, "TRUST_DOMAIN")));
    assert_true(glm_is_unknown(variable(deployment, "ISTIO_META_MESH_ID")));
    assert_true(glm_is_unknown(variable(deployment, "ISTIO_META_NETWORK")));
    assert_true(glm_is_unknown(variable(deployment, "CA_ADDR")));
    assert_true(glm_is_unknown(glm_get(container(deployment), "image")));
    assert_true(glm_string_is(variable(deployment, "ISTIO_META_WORKLOAD_NAME"), "gw"));
    assert_true(glm_is_wholly_known(glm_get(of_kind(&result, "Service"), "spec")));
}

static void a_version_without_a_patch_is_the_last_one(void **state)
{
    struct glm_arena *arena = *state;
    const char *json = "{'spec': {'profile': 'empty', " GATEWAY
                       "'k8s': {'hpaSpec': {'minReplicas': 2, 'maxReplicas': 3}}}]}}}";
    assert_true(glm_is_null(rendered(arena, json, "1.28.7", "PodDisruptionBudget")));
    assert_true(glm_is_map(rendered(arena, json, "1.28.8", "PodDisruptionBudget")));
    assert_true(glm_is_map(rendered(arena, json, "1.28", "PodDisruptionBudget")));
    assert_true(glm_is_null(rendered(arena, json, "1.29.99", "PodDisruptionBudget")));
}

static void the_version_is_that_of_the_tag_that_counts(void **state)
{
    static const struct {
        const char *spec, *version;
    } cases[] = {
        {"{'tag': '1.30.3'}", "1.30.3"},
        {"{'tag': '1.30.3-distroless'}", "1.30.3"},
        {"{'tag': '1.30-alpha.2'}", "1.30"},
        {"{'tag': '1.29.1', 'values': {'global': {'tag': '1.30.3@sha256:0123'}}}", "1.30.3"},
        {"{'tag': '1.29.1', 'unvalidatedValues': {'global': {'tag': '1.31.0'}}}", "1.31.0"},
        {"{'tag': 'latest'}", NULL},
        {"{}", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct glm_value *document =
            glm_with(*state, &glm_empty_map, "spec", glm_test_value(*state, cases[i].spec));
        const char *version = glm_render_version(*state, document);
        if (cases[i].version)
            assert_string_equal(version, cases[i].version);
        else
            assert_null(version);
    }
}

static void charts_of_releases_name_images_of_their_own(void **state)
{
    struct glm_arena *arena = *state;
    const char *json = "{'spec': {'profile': 'empty', " GATEWAY "'label': {}}]}}}";
    assert_true(
        glm_string_is(glm_get(container(rendered(arena, json, "1.29.1", "Deployment")), "image"),
                      "docker.io/istio/proxyv2:1.29.1"));
    assert_true(
        glm_string_is(glm_get(container(rendered(arena, json, "1.30.3", "Deployment")), "image"),
                      "registry.istio.io/release/proxyv2:1.30.3"));
}

static void one_rendering_takes_less_than_a_mebibyte(void **state)
{
    struct glm_arena *arena = *state;
    struct glm_render_result result;
    struct glm_diags d;
    size_t len;
    const char *text =
        glm_test_file(arena, "tests/golden/render/whole-ingress/document.yaml", &len);
    const struct glm_value *document;
    glm_diags_init(&d, arena);
    assert_true(glm_yaml_decode(arena, text, len, "document", NULL, &document, &d));
    size_t before = glm_arena_used(arena);
    assert_true(render(arena, document, "1.31.0", &result, &d));
    assert_true(glm_arena_used(arena) - before < MEMORY_MAX);
}

static void lists_and_maps_are_printed_as_go_does(void **state)
{
    struct glm_arena *arena = *state;
    assert_string_equal(
        glm_chart_text(arena, glm_test_value(arena, "{'b': [1, 'x', null], 'a': {}}")),
        "map[a:map[] b:[1 x <nil>]]");
    assert_string_equal(glm_chart_text(arena, glm_test_value(arena, "1234567")), "1.234567e+06");
    assert_string_equal(glm_chart_text(arena, glm_test_value(arena, "0.00001")), "1e-05");
    assert_string_equal(glm_chart_text(arena, &glm_null), "");
}

/* Renders the document once for each of its values, with that one replaced. Returns how often that came to
 * objects. */
static size_t render_with_each_replaced(const struct glm_value *document, const char *version,
                                        const struct glm_value *by)
{
    size_t count = 0;
    for (size_t place = 2, left = 0;; place++) { /* 1 is the document */
        struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create((size_t)64 << 20);
        struct glm_render_result result, again;
        struct glm_diags d, e;
        left = place;
        const struct glm_value *changed = rendered_replaced(arena, document, &left, by);
        if (left) /* it has no more */
            return count;
        bool ok = render(arena, changed, version, &result, &d);
        count += ok;
        assert_true(ok == (d.errors == 0));
        assert_true(ok == render(arena, changed, version, &again, &e));
        for (size_t i = 0; ok && i < result.count; i++) {
            assert_true(glm_equal(result.objects[i].object, again.objects[i].object));
            assert_true(glm_is_unknown(by) || glm_is_wholly_known(result.objects[i].object));
        }
    }
}

static void any_value_anywhere_is_rendered_or_refused(void **state)
{
    static const char *const values[] = {
        "null",  "true", "''", "'x'",          "0",
        "1e400", "[]",   "{}", "[[null], {}]", "{'$patch': 'delete'}"};
    static const char *const documents[] = {"whole-ingress", "whole-egress-injected", "env-order"};
    struct glm_arena *arena = *state;
    size_t count = 0;
    for (size_t i = 0; i < sizeof documents / sizeof *documents; i++) {
        size_t len;
        const struct glm_value *document;
        struct glm_diags d;
        const char *path = glm_sprintf(arena, "tests/golden/render/%s/document.yaml", documents[i]);
        const char *text = glm_test_file(arena, path, &len);
        glm_diags_init(&d, arena);
        assert_true(glm_yaml_decode(arena, text, len, path, NULL, &document, &d));
        for (size_t k = 0; k < sizeof values / sizeof *values; k++)
            count +=
                render_with_each_replaced(document, "1.31.0", glm_test_value(arena, values[k]));
        count += render_with_each_replaced(document, "1.31.0", &glm_unknown);
        count += render_with_each_replaced(document, "1.22.0", &glm_unknown);
        count += render_with_each_replaced(document, "1.22.0", &glm_null);
    }
    assert_true(count > 500);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, glm_test_arena_setup, glm_test_arena_teardown)
    const struct CMUnitTest tests[] = {
        T(what_is_not_known_is_not_known_in_the_objects),
        T(a_version_without_a_patch_is_the_last_one),
        T(the_version_is_that_of_the_tag_that_counts),
        T(charts_of_releases_name_images_of_their_own),
        T(one_rendering_takes_less_than_a_mebibyte),
        T(lists_and_maps_are_printed_as_go_does),
        T(any_value_anywhere_is_rendered_or_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
