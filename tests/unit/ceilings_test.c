/* SPDX-License-Identifier: Apache-2.0
 *
 * What decoding takes of the arena, by the texts that make the most of their bytes: no more than
 * codec.h says. And what the arena has no room for is refused, never the end of the process.
 */
#include "test.h"

#include "glm/type.h"

#include <string.h>

#define ELEMENTS ((size_t)50000)

/* `part` stands ELEMENTS times between open and close; %1$zu in it is the number of it. */
struct shape {
    const char *open, *part, *close;
    size_t values; /* in part, as the decoder counts them */
};

static const struct shape json_shapes[] = {
    {"[", "1,", "1]", 1},
    {"[", "{},", "1]", 1},
    {"[", "[],", "1]", 1},
    {"[", "\"\",", "1]", 1},
    {"[", "1.5,", "1]", 1},
    {"[", "-999999999999999999,", "1]", 1},
    {"[", "[1],", "1]", 2},
    {"[", "{\"a\":1},", "1]", 2},
    {"[", "{\"a\":{\"b\":{}}},", "1]", 3},
    {"{", "\"%1$07zu\":0,", "\"\":0}", 1},
    {"[", "{\"aaaaaaaaaaaaaaaa\":\"aaaaaaaaaaaaaaaa\"},", "1]", 2},
};

static const struct shape yaml_shapes[] = {
    {"[", "1,", "1]", 1},
    {"[", "{},", "1]", 1},
    {"[", "[],", "1]", 1},
    {"[", "\"\",", "1]", 1},
    {"[", "1e5,", "1]", 1},
    {"[", "[1],", "1]", 2},
    {"[", "{a: 1},", "1]", 3},
    {"[", "&a%1$zu 1,", "1]", 1},
    {"[", "&a%1$zu {},", "1]", 1},
    {"", "a%1$07zu: 0\n", "", 2},
    {"", "- b:\n  - c: 1\n", "", 6},
    {"{", "%1$zu.5: 0,", "z: 0}", 2},
    {"[", "{b: {<<: {c: 1}}},", "1]", 7},
    {"a: &a {b: 1}\nb: [", "{<<: *a},", "1]", 5},
    {"a: &a [{},{}]\nb: [", "{<<: [{a: 1},{b: 1}]},", "1]", 9},
};

static const char *text_of(struct glm_arena *a, const struct shape *s, size_t *ret_len)
{
    struct glm_text text;
    glm_text_init(&text, a, SIZE_MAX / 4);
    glm_text_adds(&text, s->open);
    for (size_t i = 0; i < ELEMENTS; i++)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        glm_text_addf(&text, s->part, i);
#pragma GCC diagnostic pop
    glm_text_adds(&text, s->close);
    *ret_len = text.len;
    return text.data;
}

static bool decode(struct glm_arena *arena, bool yaml, const char *text, size_t len,
                   struct glm_diags *d)
{
    const struct glm_value *v;
    return yaml ? glm_yaml_decode(arena, text, len, "text", NULL, &v, d)
                : glm_json_decode(arena, text, len, "text", NULL, &v, d);
}

/* Decodes it with plenty of room, and then with ever less. */
static void hold(struct glm_arena *a, bool yaml, const struct shape *s)
{
    size_t len, values = ELEMENTS * s->values + 16;
    const char *text = text_of(a, s, &len);
    size_t most = values * (yaml ? GLM_YAML_NODE_BYTES : GLM_JSON_NODE_BYTES) +
                  len * GLM_TEXT_COPIES + ((size_t)128 << 10);
    struct glm_arena *GLM_AUTO_ARENA plenty = glm_arena_create((size_t)4 << 30);
    struct glm_diags d;
    glm_diags_init(&d, plenty);
    if (!decode(plenty, yaml, text, len, &d))
        fail_msg("%s: %s", s->part, glm_test_diags_text(a, &d));
    size_t used = glm_arena_used(plenty);
    if (used > most)
        fail_msg("%s: %zu bytes are taken, %.1f a value", s->part, used,
                 (double)used / (double)values);
    for (size_t room = used + used / 2; room > (size_t)64 << 10; room -= room / 5) {
        struct glm_arena *GLM_AUTO_ARENA little = glm_arena_create(room);
        glm_diags_init(&d, little);
        if (!decode(little, yaml, text, len, &d))
            assert_non_null(strstr(glm_test_diags_text(a, &d), "too large"));
        else if (room < used)
            fail_msg("%s: less memory than there is", s->part);
    }
}

static void json_takes_no_more_than_it_says(void **state)
{
    for (size_t i = 0; i < sizeof json_shapes / sizeof *json_shapes; i++)
        hold(*state, false, &json_shapes[i]);
}

static void yaml_takes_no_more_than_it_says(void **state)
{
    for (size_t i = 0; i < sizeof yaml_shapes / sizeof *yaml_shapes; i++)
        hold(*state, true, &yaml_shapes[i]);
}

static void msgpack_takes_no_more_than_it_says(void **state)
{
    static const struct {
        const char *type, *part;
        size_t len, values;
    } shapes[] = {
        {"['list','string']", "\xa0", 1, 1},
        {"['list','string']", "\xc0", 1, 1},
        {"['list','number']", "\x01", 1, 1},
        {"['list','number']", "\xcb\x3f\xb9\x99\x99\x99\x99\x99\x9a", 9, 1},  /* 55 decimals */
        {"['list','number']", "\xcb\x00\x00\x00\x00\x00\x00\x00\x01", 9, 21}, /* 1074 of them */
        {"['list',['list','bool']]", "\x90", 1, 1},
        {"['list',['map','bool']]", "\x80", 1, 1},
        {"['list',['map','bool']]", "\x81\xa1k\xc3", 4, 3},
        {"['list',['map','bool']]", "\x81\xa1k\xc0", 4, 3},
        {"['list',['object',{'a':'bool'}]]",
         "\x81\xa1"
         "a\xc3",
         4, 3},
        {"['list','dynamic']", "\x92\xc4\x06\"bool\"\xc3", 10, 3},
    };
    struct glm_arena *a = *state;
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        struct glm_text bytes;
        struct glm_diags d;
        const struct glm_type *type = NULL;
        const struct glm_value *v = NULL;
        assert_true(glm_type_from_value(a, glm_test_value(a, shapes[i].type), &type));
        glm_text_init(&bytes, a, SIZE_MAX / 4);
        glm_text_add(&bytes, "\xdd\x00\x00\xc3\x50", 5); /* an array of 50000 */
        for (size_t k = 0; k < ELEMENTS; k++)
            glm_text_add(&bytes, shapes[i].part, shapes[i].len);
        size_t most = (ELEMENTS * shapes[i].values + 64) * GLM_MSGPACK_NODE_BYTES +
                      bytes.len * GLM_TEXT_COPIES;
        struct glm_arena *GLM_AUTO_ARENA plenty = glm_arena_create((size_t)4 << 30);
        glm_diags_init(&d, plenty);
        if (!glm_msgpack_decode(plenty, type, bytes.data, bytes.len, &v, &d))
            fail_msg("%zu: %s", i, glm_test_diags_text(a, &d));
        size_t used = glm_arena_used(plenty);
        if (used > most)
            fail_msg("shape %zu: %zu bytes are taken, %.1f an element", i, used,
                     (double)used / (double)ELEMENTS);
        for (size_t room = used + used / 2; room > (size_t)64 << 10; room -= room / 5) {
            struct glm_arena *GLM_AUTO_ARENA little = glm_arena_create(room);
            glm_diags_init(&d, little);
            if (!glm_msgpack_decode(little, type, bytes.data, bytes.len, &v, &d))
                assert_non_null(strstr(glm_test_diags_text(a, &d), "too large"));
        }
    }
}

static void there_is_a_ceiling_of_values(void **state)
{
    struct glm_arena *a = *state;
    struct glm_diags d;
    const struct glm_value *v = NULL;
    size_t count = GLM_JSON_FOREIGN_MAX_NODES;
    char *text = glm_alloc(a, 2 * count + 2);
    for (size_t i = 0; i < count; i++)
        memcpy(text + 2 * i, i ? ",1" : "[1", 2);
    glm_diags_init(&d, a);
    text[2 * count - 2] = ']'; /* one less, and the list itself */
    assert_true(glm_json_decode_foreign(a, text, 2 * count - 1, "the answer", NULL, &v, &d));
    text[2 * count - 2] = ',';
    text[2 * count] = ']';
    size_t before = glm_arena_used(a);
    assert_false(glm_json_decode_foreign(a, text, 2 * count + 1, "the answer", NULL, &v, &d));
    glm_assert_error(&d, "", "It has 1048577 values; at most 1048576 are read.");
    assert_true(glm_arena_used(a) - before < 4096);
    assert_true(glm_json_decode(a, text, 2 * count + 1, "the state", NULL, &v, &d));
}

static void sixteen_megabytes_fit_into_moderate_memory(void **state)
{
    struct glm_arena *a = *state;
    struct glm_text text;
    struct glm_diags d;
    const struct glm_value *v = NULL;
    glm_diags_init(&d, a);
    glm_text_init(&text, a, GLM_YAML_MAX_BYTES);
    for (size_t i = 0; text.len < GLM_YAML_MAX_BYTES - 200; i++)
        glm_text_addf(&text, "- name: gateway-%zu\n  k8s: {replicas: %zu, env: [a, b]}\n", i, i);
    size_t before = glm_arena_used(a);
    assert_true(glm_yaml_decode(a, text.data, text.len, "spec", NULL, &v, &d));
    assert_true(v->len > 100000);
    assert_true(glm_arena_used(a) - before < (size_t)1 << 30);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_takes_no_more_than_it_says),
        cmocka_unit_test(yaml_takes_no_more_than_it_says),
        cmocka_unit_test(msgpack_takes_no_more_than_it_says),
        cmocka_unit_test(sixteen_megabytes_fit_into_moderate_memory),
        cmocka_unit_test(there_is_a_ceiling_of_values),
    };
    return cmocka_run_group_tests(tests, glm_test_arena_setup, glm_test_arena_teardown);
}
