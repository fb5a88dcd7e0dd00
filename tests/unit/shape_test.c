/* SPDX-License-Identifier: Apache-2.0
 *
 * The shape of what is shown: what is put together is found again, and what is unknown stays so.
 */
#include "../../src/lifecycle/shape.h"

#include "test.h"

#include <string.h>

static const struct glm_value *v(struct glm_arena *arena, const char *json)
{
    return glm_test_value(arena, json);
}

static const char O[] = "IstioOperator istio-system/gw-1-24", S[] = "gateways/in";

static void put_some(struct glm_arena *arena, struct shape_builder *b)
{
    shape_begin(b, arena);
    shape_put_entries(b, "1-24", O, "west", v(arena, "{'metadata.namespace': 'other'}"));
    shape_put_manifest(b, "1-24", O, v(arena, "'{\\'kind\\':\\'IstioOperator\\'}'"));
    shape_put_entries(b, "1-24", O, "east", v(arena, "{'spec.tag': 'old'}"));
    shape_put_entries(b, "1-24", O, "east", &glm_empty_map);
    shape_put_service_manifest(b, S, "1-24", v(arena, "'{}'"));
    shape_put_service_manifest(b, S, "1-25", v(arena, "'{\\'kind\\':\\'Service\\'}'"));
    shape_put_active(b, S, "east", v(arena, "'1-25'"));
    shape_put_active(b, S, "west", &glm_null);
    shape_put_service_entries(b, S, "east", &glm_empty_map);
    shape_put_addresses(b, S, "east", v(arena, "['192.0.2.1']"));
    shape_put_addresses(b, S, "west", &glm_null);
}

static void what_is_put_is_shown(void **state)
{
    (void)state;
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create((size_t)1 << 24);
    struct shape_builder b;
    put_some(arena, &b);
    const struct glm_value *a = shape_finish(&b, v(arena, "{'name': 'in'}"));
    assert_true(glm_string_is(glm_get(a, "name"), "in"));
    assert_true(glm_string_is(shape_manifest(a, "1-24", O), "{\"kind\":\"IstioOperator\"}"));
    glm_assert_value_equal(shape_entries(a, "1-24", O, "east"), &glm_empty_map);
    assert_true(glm_is_null(shape_entries(a, "1-24", O, "north")));
    assert_true(glm_is_null(shape_entries(a, "1-25", O, "east")));
    assert_true(glm_string_is(shape_active(a, S, "east"), "1-25"));
    assert_true(glm_is_null(shape_active(a, S, "west")));
    glm_assert_value_equal(shape_service_entries(a, S, "east"), &glm_empty_map);
    assert_true(glm_is_null(shape_service_entries(a, S, "west")));
    assert_true(glm_string_is(shape_service_manifest(a, S, "1-24"), "{}"));
    glm_assert_value_equal(shape_addresses(a, S, "east"), v(arena, "['192.0.2.1']"));
    assert_false(glm_has(glm_get_path(a, "addresses", S, NULL), "west"));
}

static void which_clusters_have_addresses_may_be_unknown(void **state)
{
    (void)state;
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create((size_t)1 << 24);
    struct shape_builder b;
    put_some(arena, &b);
    const struct glm_value *a = shape_finish(&b, &glm_empty_map);
    assert_true(shape_has_addresses(a, S));
    assert_false(shape_has_addresses(a, "gateways/other"));
    put_some(arena, &b);
    shape_put_unknown_addresses(&b, S);
    a = shape_finish(&b, &glm_empty_map);
    assert_true(glm_is_unknown(shape_addresses(a, S, "north")));
    assert_false(shape_has_addresses(a, S));
    assert_true(glm_string_is(shape_active(a, S, "east"), "1-25"));
}

static void a_cluster_has_its_objects_and_the_services_that_are_active(void **state)
{
    (void)state;
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create((size_t)1 << 24);
    struct shape_builder b;
    const struct shape_object *all;
    put_some(arena, &b);
    const struct glm_value *a = shape_finish(&b, &glm_empty_map);
    const struct shape_documents documents = shape_documents(arena, a);
    assert_int_equal(shape_of_cluster(arena, a, "east", &all), 2);
    assert_string_equal(all[0].text, O);
    assert_string_equal(all[0].key, "1-24");
    assert_false(all[0].service);
    glm_assert_value_equal(shape_document(&documents, &all[0]),
                           v(arena, "{'kind': 'IstioOperator'}"));
    assert_string_equal(all[1].text, "Service gateways/in");
    assert_string_equal(all[1].object, S);
    assert_string_equal(all[1].key, "1-25");
    assert_true(all[1].service);
    glm_assert_value_equal(shape_document(&documents, &all[1]), v(arena, "{'kind': 'Service'}"));
    assert_int_equal(shape_of_cluster(arena, a, "west", &all), 1);
    assert_string_equal(all[0].text, "IstioOperator other/gw-1-24");
    assert_string_equal(all[0].object, O);
    assert_int_equal(shape_of_cluster(arena, a, "north", &all), 0);
    struct glm_map_builder names;
    glm_map_init(&names, arena);
    shape_clusters(&names, a);
    glm_assert_value_equal(glm_map_finish(&names, NULL), v(arena, "{'east': null, 'west': null}"));
}

/* Somebody has edited what it selects. */
static void a_service_that_is_nobodys_is_of_who_is_to_be_active(void **state)
{
    (void)state;
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create((size_t)1 << 24);
    static const char *const configured[] = {
        "{'installations': {'1-25': {'clusters': {'west': {'active_gateway': true}}}}}", "{}"};
    for (size_t i = 0; i < 2; i++) {
        const struct shape_object *all;
        struct shape_builder b;
        put_some(arena, &b);
        const struct glm_value *entries = v(arena, "{'spec.selector': 'x'}");
        shape_put_service_entries(&b, S, "west", entries);
        const struct glm_value *a = shape_finish(&b, v(arena, configured[i]));
        assert_true(glm_is_null(shape_active(a, S, "west")));
        glm_assert_value_equal(shape_service_entries(a, S, "west"), entries);
        assert_int_equal(shape_of_cluster(arena, a, "west", &all), 2);
        assert_string_equal(all[1].key, i ? "1-24" : "1-25");
        glm_assert_value_equal(all[1].entries, entries);
        struct shape_builder again;
        shape_begin(&again, arena);
        shape_put_bare(&again, a);
        shape_put_as_shown(&again, a, "west", &all[1]);
        const struct glm_value *same = shape_finish(&again, a);
        assert_true(glm_is_null(shape_active(same, S, "west")));
        glm_assert_value_equal(shape_service_entries(same, S, "west"), entries);
    }
}

static void what_may_be_anything_is_unknown_as_a_whole(void **state)
{
    (void)state;
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create((size_t)1 << 24);
    const struct shape_object *all;
    struct shape_builder b;
    put_some(arena, &b);
    shape_put_entries(&b, "1-24", O, "west", &glm_unknown);
    shape_put_service_entries(&b, S, "east", &glm_unknown);
    shape_put_unknown_objects(&b, "1-25");
    shape_put_manifest(&b, "1-25", O, v(arena, "'{}'"));
    const struct glm_value *a = shape_finish(&b, &glm_empty_map);
    assert_true(glm_is_unknown(shape_entries(a, "1-24", O, "west")));
    glm_assert_value_equal(shape_entries(a, "1-24", O, "east"), &glm_empty_map);
    assert_true(glm_is_unknown(shape_service_entries(a, S, "east")));
    assert_true(glm_is_unknown(glm_get(glm_get(a, "objects"), "1-25")));
    assert_int_equal(shape_of_cluster(arena, a, "west", &all), 0);

    put_some(arena, &b);
    shape_put_unknown_services(&b);
    shape_put_unknown_objects(&b, NULL);
    a = shape_finish(&b, &glm_empty_map);
    assert_true(glm_is_unknown(glm_get(a, "objects")));
    assert_true(glm_is_unknown(glm_get(a, "addresses")));
    assert_true(glm_is_unknown(shape_active(a, S, "east")));
    assert_int_equal(shape_of_cluster(arena, a, "east", &all), 0);
}

static void what_is_of_another_shape_shows_nothing(void **state)
{
    (void)state;
    static const char *const odd[] = {"null", "{'objects': 1}", "{'objects': {'1-24': 'x'}}",
                                      "{'objects': {'1-24': {'A': {'per_cluster': ['east']}}}}"};
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create((size_t)1 << 24);
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        const struct shape_object *all;
        const struct glm_value *a = v(arena, odd[i]);
        assert_int_equal(shape_of_cluster(arena, a, "east", &all), 0);
        assert_true(glm_is_null(shape_manifest(a, "1-24", "A")) ||
                    !glm_is_string(shape_manifest(a, "1-24", "A")));
        shape_documents(arena, a);
    }
}

/* ---- from one manifest to another ---- */

static void what_lags_is_said_beside_what_was_different(void **state)
{
    (void)state;
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create((size_t)1 << 24);
    const struct glm_value *was = v(arena, "{'tag': '1', 'a': {'b': 1, 'c': 2}, 'ab': 1}"),
                           *is = v(arena, "{'tag': '2', 'a': {'b': 2, 'c': 3}, 'ab': 2}");
    glm_assert_value_equal(
        shape_rebased(arena, is, was, v(arena, "{'a.b': 'x (should be 1)', 'own': 'east'}")),
        v(arena, "{'tag': '\\'1\\' (should be \\'2\\')', 'a.b': 'x (should be 1)',"
                 " 'a.c': '2 (should be 3)', 'ab': '1 (should be 2)', 'own': 'east'}"));
    glm_assert_value_equal(shape_rebased(arena, is, was, v(arena, "{'a': 'null', 'tag': '3'}")),
                           v(arena, "{'a': 'null', 'tag': '3', 'ab': '1 (should be 2)'}"));
    /* Somebody has edited the state: nobody can say what lags. */
    glm_assert_value_equal(shape_rebased(arena, is, &glm_null, v(arena, "{'own': 'east'}")),
                           v(arena, "{'own': 'east'}"));
    glm_assert_value_equal(shape_rebased(arena, is, is, v(arena, "{'own': 'east'}")),
                           v(arena, "{'own': 'east'}"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_put_is_shown),
        cmocka_unit_test(which_clusters_have_addresses_may_be_unknown),
        cmocka_unit_test(a_cluster_has_its_objects_and_the_services_that_are_active),
        cmocka_unit_test(a_service_that_is_nobodys_is_of_who_is_to_be_active),
        cmocka_unit_test(what_may_be_anything_is_unknown_as_a_whole),
        cmocka_unit_test(what_is_of_another_shape_shows_nothing),
        cmocka_unit_test(what_lags_is_said_beside_what_was_different),
    };
    return cmocka_run_group_tests_name("shape", tests, NULL, NULL);
}
