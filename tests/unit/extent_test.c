/* SPDX-License-Identifier: Apache-2.0
 *
 * How much one resource may be: what its specs come to in all of their clusters, and how deep they
 * go. Refused before anything is rendered.
 */
#include "test.h"

#include "glm/codec.h"
#include "glm/mesh.h"

#include <string.h>

#define SPEC                                                                                       \
    "profile: empty\ntag: 1.23.6\ncomponents:\n  ingressGateways:\n  - name: istio-ingressgateway" \
    "\n    enabled: true\n"

static const struct glm_value *resource(struct glm_arena *a, const char *spec, size_t clusters)
{
    struct glm_map_builder b;
    glm_map_init(&b, a);
    for (size_t i = 0; i < clusters; i++)
        glm_map_append(&b, glm_sprintf(a, "c%04zu", i), 0, 0, &glm_empty_map);
    const struct glm_value *v = glm_test_value(a, "{'name': 'gw'}");
    v = glm_with_path(a, v, glm_map_finish(&b, NULL), "installations", "1-24", "clusters", NULL);
    return glm_with_path(a, v, glm_string(a, spec), "installations", "1-24", "istio_operator_spec",
                         NULL);
}

static bool reads(struct glm_arena *a, const char *spec, size_t clusters, struct glm_diags *d)
{
    static const struct glm_mesh_config config = {.default_distribution = &glm_null};
    struct glm_manager *manager;
    glm_diags_init(d, a);
    return glm_manager_read(a, resource(a, spec, clusters), &config, false, &manager, d);
}

static const char *spec_of(struct glm_arena *a, const char *open, const char *part, size_t count,
                           const char *close)
{
    struct glm_text text;
    glm_text_init(&text, a, SIZE_MAX / 4);
    glm_text_addf(&text, SPEC "%s", open);
    for (size_t i = 0; i < count; i++)
        glm_text_adds(&text, part);
    glm_text_adds(&text, close);
    return text.data;
}

static void a_spec_counts_in_every_cluster(void **state)
{
    struct glm_arena *a = *state;
    struct glm_diags d;
    const char *spec = spec_of(a, "unvalidatedValues: {a: \"", "0123456789abcdef", 65536, "\"}\n");
    assert_true(reads(a, spec, 1, &d));
    assert_true(reads(a, spec, 50, &d));
    assert_false(reads(a, spec, 100, &d));
    glm_assert_error(
        &d, "installations",
        "the installations come to 101 MiB, of which one resource may have 64 MiB. Most "
        "of it is installations[\"1-24\"]: 1028 KiB for each of 100 clusters");
}

/* Terraform sends its state as JSON, in which Go writes some characters as six. */
static void a_text_counts_as_the_state_has_it(void **state)
{
    struct glm_arena *a = *state;
    struct glm_diags d;
    static const struct {
        const char *part;
        size_t count; /* of what is a MiB */
        size_t fits;  /* clusters */
    } parts[] = {
        {"0123456789abcdef", 65536, 60}, {"<<<<<<<<<<<<<<<<", 65536, 9},
        {"&>&>&>&>&>&>&>&>", 65536, 9},  {"\\\\\\\\\\\\\\\\", 262144, 13},
        {"\\x01\\x01", 524288, 5},       {"\xE2\x80\xA8\xE2\x80\xA9", 174763, 30},
    };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        const char *spec =
            spec_of(a, "unvalidatedValues: {a: \"", parts[i].part, parts[i].count, "\"}\n");
        if (!reads(a, spec, parts[i].fits, &d))
            fail_msg("%zu: %s", i, glm_test_diags_text(a, &d));
        assert_false(reads(a, spec, 2 * parts[i].fits, &d));
        glm_assert_error(&d, "installations", "The resource is too large");
    }
}

static void aliases_count_as_often_as_they_are_used(void **state)
{
    struct glm_arena *a = *state;
    struct glm_diags d;
    struct glm_text text;
    glm_text_init(&text, a, (size_t)1 << 16);
    glm_text_adds(&text, SPEC "unvalidatedValues:\n  a0: &a0 [1,1,1,1,1,1,1,1,1,1]\n");
    for (int i = 1; i < 5; i++) {
        glm_text_addf(&text, "  a%d: &a%d [", i, i);
        for (int k = 0; k < 10; k++)
            glm_text_addf(&text, "%s*a%d", k ? "," : "", i - 1);
        glm_text_adds(&text, "]\n");
    }
    assert_true(text.len < 500);
    assert_true(reads(a, text.data, 2, &d));
    size_t before = glm_arena_used(a);
    assert_false(reads(a, text.data, 50, &d));
    glm_assert_error(&d, "installations", "The resource is too large");
    assert_true(glm_arena_used(a) - before < (size_t)8 << 20);
}

static void what_every_gateway_is_given_counts_for_each(void **state)
{
    struct glm_arena *a = *state;
    struct glm_diags d;
    struct glm_text text;
    glm_text_init(&text, a, (size_t)16 << 20);
    glm_text_adds(&text, "profile: empty\ntag: 1.23.6\ncomponents:\n  ingressGateways:\n");
    for (int i = 0; i < 1000; i++)
        glm_text_addf(&text, "  - {name: gw%d, enabled: true}\n", i);
    glm_text_adds(&text, "values:\n  gateways:\n    istio-ingressgateway:\n      labels:\n");
    for (int i = 0; i < 1500; i++)
        glm_text_addf(&text, "        label%d: value\n", i);
    assert_false(reads(a, text.data, 2, &d));
    glm_assert_error(&d, "installations", "The resource is too large");
}

static void the_ceiling_of_depth_leaves_room_for_the_object(void **state)
{
    struct glm_arena *a = *state;
    struct glm_diags d;
    for (size_t depth = 170; depth < 199; depth++) {
        struct glm_text text;
        glm_text_init(&text, a, (size_t)1 << 16);
        glm_text_adds(&text, SPEC "unvalidatedValues: ");
        for (size_t i = 0; i < depth; i++)
            glm_text_adds(&text, "{a: ");
        glm_text_adds(&text, "1");
        for (size_t i = 0; i < depth; i++)
            glm_text_adds(&text, "}");
        glm_text_adds(&text, "\n");
        bool ok = reads(a, text.data, 1, &d);
        assert_int_equal(ok, depth < 180);
        if (!ok)
            glm_assert_error(&d, "installations[\"1-24\"].istio_operator_spec",
                             "nested more than 180 deep here");
    }
}

/* 150 KB that are 100 MB: whoever may write an IstioOperator may write that into it. */
static void a_view_is_unpacked_no_further_than_there_is_room_for(void **state)
{
    static const char begin[] = "{\"key\":\"a\",\"spec\":{}";
    struct glm_arena *arena = *state;
    struct glm_arena *GLM_AUTO_ARENA scratch = glm_arena_create((size_t)1 << 30);
    size_t len = (size_t)100 << 20, left = GLM_EXTENT_MAX;
    const struct glm_value *view;
    char *spaces = glm_alloc(scratch, len + 1);
    memset(spaces, ' ', len);
    memcpy(spaces, begin, sizeof begin - 1);
    spaces[len - 1] = '}';
    const char *text =
        glm_sprintf(arena, "zlib+base64:%s", glm_deflate_base64(scratch, spaces, len));
    assert_true(strlen(text) < GLM_ANNOTATION_MAX_BYTES);
    size_t before = glm_arena_used(arena);
    assert_false(glm_view_read(arena, text, &left, &view));
    assert_int_equal(left, 0);
    assert_false(glm_view_read(arena, text, &left, &view));
    left = (size_t)101 << 20;
    assert_true(glm_view_read(arena, text, &left, &view));
    assert_int_equal(left, (size_t)1 << 20);
    assert_true(glm_arena_used(arena) - before < (size_t)64 << 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_spec_counts_in_every_cluster),
        cmocka_unit_test(a_text_counts_as_the_state_has_it),
        cmocka_unit_test(aliases_count_as_often_as_they_are_used),
        cmocka_unit_test(what_every_gateway_is_given_counts_for_each),
        cmocka_unit_test(a_view_is_unpacked_no_further_than_there_is_room_for),
        cmocka_unit_test(the_ceiling_of_depth_leaves_room_for_the_object),
    };
    return cmocka_run_group_tests(tests, glm_test_arena_setup, glm_test_arena_teardown);
}
