/* SPDX-License-Identifier: Apache-2.0
 *
 * msgpack: every form of a number, unknown values, dynamic values, refusals, hostile counts.
 * tests/peers/run-codec holds random values of random types against Terraform's own library.
 */
#include "test.h"

#include "glm/type.h"

#include <stdlib.h>
#include <string.h>

#define ABSENT SIZE_MAX

static const struct glm_type *type_of(struct glm_arena *a, const char *quoted_json)
{
    const struct glm_type *type = NULL;
    assert_true(glm_type_from_value(a, glm_test_value(a, quoted_json), &type));
    return type;
}

/* "81 'key' c0": bytes in hex, text in quotes. */
static const char *bytes_of(struct glm_arena *a, const char *notation, size_t *ret_len)
{
    char *bytes = glm_alloc(a, strlen(notation) + 1);
    size_t len = 0;
    for (const char *p = notation; *p;) {
        if (*p == ' ') {
            p++;
        } else if (*p == '\'') {
            for (p++; *p != '\''; p++)
                bytes[len++] = *p;
            p++;
        } else {
            char pair[3] = {p[0], p[1], '\0'};
            bytes[len++] = (char)strtoul(pair, NULL, 16);
            p += 2;
        }
    }
    *ret_len = len;
    return bytes;
}

static const struct glm_value *decode(struct glm_arena *a, const char *type, const char *notation)
{
    struct glm_diags d;
    const struct glm_value *v = NULL;
    size_t len;
    const char *bytes = bytes_of(a, notation, &len);
    glm_diags_init(&d, a);
    if (!glm_msgpack_decode(a, type_of(a, type), bytes, len, &v, &d)) {
        print_error("%s %s\n%s", type, notation, glm_test_diags_text(a, &d));
        fail();
    }
    return v;
}

static void assert_refused(struct glm_arena *a, const char *type, const char *notation,
                           const char *path, const char *part)
{
    struct glm_diags d;
    const struct glm_value *v = &glm_true;
    size_t len;
    const char *bytes = bytes_of(a, notation, &len);
    glm_diags_init(&d, a);
    /* On the heap and exactly as long: a read past the end is seen by the sanitisers. */
    char *exact = malloc(len ? len : 1);
    assert_non_null(exact);
    memcpy(exact, bytes, len);
    bool good = glm_msgpack_decode(a, type_of(a, type), exact, len, &v, &d);
    free(exact);
    assert_false(good);
    assert_ptr_equal(v, &glm_true);
    glm_assert_error(&d, path, part);
}

static void assert_encodes(struct glm_arena *a, const char *type, const struct glm_value *v,
                           const char *notation)
{
    struct glm_diags d;
    const void *bytes = NULL;
    size_t len = ABSENT, expected_len;
    const char *expected = bytes_of(a, notation, &expected_len);
    glm_diags_init(&d, a);
    if (!glm_msgpack_encode(a, type_of(a, type), v, &bytes, &len, &d)) {
        print_error("%s\n", glm_test_diags_text(a, &d));
        fail();
    }
    assert_int_equal(len, expected_len);
    assert_memory_equal(bytes, expected, len);
}

static void numbers_arrive_in_every_form(void **state)
{
    static const struct {
        const char *notation, *text;
    } cases[] = {
        {"00", "0"},
        {"7f", "127"},
        {"e0", "-32"},
        {"ff", "-1"},
        {"ccff", "255"},
        {"cdffff", "65535"},
        {"ceffffffff", "4294967295"},
        {"cfffffffffffffffff", "18446744073709551615"},
        {"d080", "-128"},
        {"d18000", "-32768"},
        {"d280000000", "-2147483648"},
        {"d38000000000000000", "-9223372036854775808"},
        {"ca3fc00000", "1.5"},
        {"cb3ff8000000000000", "1.5"},
        {"cbbfe0000000000000", "-0.5"},
        {"cb4415af1d78b58c40", "100000000000000000000"},
        {"cb3fb999999999999a", "0.1000000000000000055511151231257827021181583404541015625"},
        {"a3 '0.1'", "0.1"},
        {"b9 '0.12345678901234567890123'", "0.12345678901234567890123"},
        {"bf '-123456789012345678901234567890'", "-123456789012345678901234567890"},
        {"a3 '.50'", "0.50"},
        {"a3 '+05'", "5"},
        {"a5 '1e400'", "1e400"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct glm_value *v = decode(*state, "'number'", cases[i].notation);
        assert_int_equal(v->kind, GLM_NUMBER);
        assert_int_equal(v->len, strlen(cases[i].text));
        assert_string_equal(v->as.text, cases[i].text);
    }
    const struct glm_value *smallest = decode(*state, "'number'", "cb0000000000000001");
    assert_true(smallest->len > 700);
    assert_encodes(*state, "'number'", smallest, "cb0000000000000001");
}

static void numbers_leave_in_the_forms_of_terraform(void **state)
{
    static const struct {
        const char *text, *notation;
    } cases[] = {
        {"0", "00"},
        {"1e2", "64"},
        {"-1", "ff"},
        {"200", "ccc8"},
        {"9223372036854775807", "cf7fffffffffffffff"},
        {"-9223372036854775808", "d38000000000000000"},
        {"9223372036854775808", "b3 '9223372036854775808'"},
        {"1.5", "cb3ff8000000000000"},
        {"1.50", "cb3ff8000000000000"},
        {"0.1", "a3 '0.1'"},
        {"1e400", "a5 '1e400'"},
        {"1e-400", "a6 '1e-400'"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_encodes(*state, "'number'", glm_number(*state, cases[i].text, strlen(cases[i].text)),
                       cases[i].notation);
}

static void what_is_no_number_is_refused(void **state)
{
    assert_refused(*state, "'number'", "cb7ff8000000000000", "", "finite");
    assert_refused(*state, "'number'", "cb7ff0000000000000", "", "finite");
    assert_refused(*state, "'number'", "caff800000", "", "finite");
    assert_refused(*state, "'number'", "a0", "", "decimal");
    assert_refused(*state, "'number'", "a1 '-'", "", "decimal");
    assert_refused(*state, "'number'", "a1 '.'", "", "decimal");
    assert_refused(*state, "'number'", "a2 '1x'", "", "decimal");
    assert_refused(*state, "'number'", "a2 '1e'", "", "decimal");
    assert_refused(*state, "'number'", "a3 'Inf'", "", "decimal");
    assert_refused(*state, "'number'", "a4 '0x1F'", "", "decimal");
    assert_refused(*state, "'number'", "c3", "", "A number");
}

static void unknown_keeps_its_refinements(void **state)
{
    struct glm_arena *a = *state;
    const struct glm_value *v = decode(a, "'string'", "c7 06 0c 82 01c2 02a1 'x'");
    assert_true(glm_is_unknown(v));
    assert_int_equal(v->len, 6);
    assert_encodes(a, "'string'", v, "c7 06 0c 82 01c2 02a1 'x'");
    /* 4 bytes have a form of their own. */
    assert_encodes(a, "'string'", decode(a, "'string'", "c7 04 0c 81 01c2 00"), "d6 0c 81 01c2 00");
    assert_encodes(a, "'string'", &glm_unknown, "d40000");
}

static void any_extension_is_unknown(void **state)
{
    static const char *const notations[] = {
        "d40000", "d40c00", "c70000", "c7000c", "d50102 03", "c80001 00 00", "c900000001 00 00"};
    for (size_t i = 0; i < sizeof notations / sizeof *notations; i++) {
        const struct glm_value *v = decode(*state, "['map','bool']", notations[i]);
        assert_true(glm_is_unknown(v));
        assert_int_equal(v->len, 0);
        assert_encodes(*state, "['map','bool']", v, "d40000");
    }
}

static void refinements_have_a_ceiling(void **state)
{
    struct glm_arena *a = *state;
    struct glm_diags d;
    const struct glm_value *v = NULL;
    char *bytes = glm_alloc(a, 2000);
    glm_diags_init(&d, a);
    memcpy(bytes, "\xc8\x04\x00\x0c", 4);
    assert_true(glm_msgpack_decode(a, &glm_type_string, bytes, 4 + 1024, &v, &d));
    assert_int_equal(v->len, 1024);
    memcpy(bytes, "\xc8\x04\x01\x0c", 4);
    assert_false(glm_msgpack_decode(a, &glm_type_string, bytes, 4 + 1025, &v, &d));
}

static void objects_have_all_their_attributes(void **state)
{
    struct glm_arena *a = *state;
    const char *type = "['object',{'a':'string','b':['list','bool']}]";
    glm_assert_value_equal(decode(a, type, "82 a1'b' 92c2c3 a1'a' c0"),
                           glm_test_value(a, "{'a':null,'b':[false,true]}"));
    assert_refused(a, type, "81 a1'a' c0", "", "An object of 2 attributes");
    assert_refused(a, type, "83 a1'a' c0 a1'b' c0 a1'c' c0", "", "An object of 2 attributes");
    assert_refused(a, type, "82 a1'a' c0 a1'c' c0", "c", "An attribute of the schema");
    assert_refused(a, type, "82 a1'a' c0 a1'a' c0", "", "\"a\" only once");
    assert_refused(a, type, "82 a1'a' c0 a1'b' 91 01", "b[0]", "A bool");
    assert_refused(a, type, "82 a1'a' 01 a1'b' c0", "a", "A string");
    assert_refused(a, type, "82 01 c0 a1'b' c0", "", "A key");
    assert_encodes(a, type, glm_test_value(a, "{'b':[true]}"), "82 a1'a' c0 a1'b' 91 c3");
}

static void maps_and_tuples_go_both_ways(void **state)
{
    struct glm_arena *a = *state;
    const char *type = "['map',['tuple',['number',['set','string']]]]";
    const struct glm_value *v = decode(a, type, "82 a1'z' 92 01 91a1'x' a1'k' c0");
    glm_assert_value_equal(v, glm_test_value(a, "{'k':null,'z':[1,['x']]}"));
    assert_encodes(a, type, v, "82 a1'k' c0 a1'z' 92 01 91a1'x'");
    assert_refused(a, type, "81 a1'z' 91 01", "[\"z\"]", "A tuple of 2 elements");
    assert_refused(a, type, "81 a1'z' 81", "[\"z\"]", "well-formed");
    assert_refused(a, "['map','bool']", "82 a1'a' c2 a1'a' c3", "", "\"a\" only once");
    assert_refused(a, "['map','bool']", "81 a3'a' 00 'b' c2", "", "A key has a NUL character");
    assert_refused(a, "['map','bool']", "81 a1 ff c2", "", "A key that is UTF-8");
    assert_refused(a, "['map','bool']", "90", "", "A map");
    assert_refused(a, "['list','bool']", "80", "", "A list");
}

/* A state says the same of each of many clusters. */
static void equal_maps_of_texts_are_one_value(void **state)
{
    struct glm_arena *a = *state;
    const struct glm_value *v =
        decode(a, "['map',['map','string']]",
               "84 a1'a' 82 a1'k' a1'v' a1'l' c0 a1'b' 82 a1'k' a1'v' a1'l' c0 "
               "a1'c' 82 a1'k' a1'w' a1'l' c0 a1'd' 82 a1'l' c0 a1'k' a1'v'");
    assert_ptr_equal(glm_get(v, "a"), glm_get(v, "b"));
    assert_ptr_not_equal(glm_get(v, "a"), glm_get(v, "c"));
    assert_true(glm_string_is(glm_get_path(v, "c", "k", NULL), "w"));
    glm_assert_value_equal(glm_get(v, "a"), glm_get(v, "d")); /* in whatever order it came */
}

static void strings_are_utf8(void **state)
{
    struct glm_arena *a = *state;
    assert_true(glm_string_is(decode(a, "'string'", "c402 'xy'"), "xy"));
    assert_true(glm_string_is(decode(a, "'string'", "d902 'xy'"), "xy"));
    assert_true(glm_string_is(decode(a, "'string'", "da0002 'xy'"), "xy"));
    assert_true(glm_string_is(decode(a, "'string'", "db00000002 'xy'"), "xy"));
    assert_refused(a, "'string'", "a1 ff", "", "UTF-8 text");
}

static void a_nul_is_refused_in_every_string_and_key(void **state)
{
    struct glm_arena *a = *state;
    assert_refused(a, "'string'", "a3 'x' 00 'y'", "", "A text has a NUL character in it");
    assert_refused(a, "'string'", "a1 00", "", "A text has a NUL character in it");
    assert_refused(a, "['list','string']", "92 a1'x' c402 'y' 00", "[1]", "NUL character");
    assert_refused(a, "['map','string']", "81 a2'x' 00 a1'y'", "", "A key has a NUL character");
    assert_refused(a, "'dynamic'", "92 c408 22'string'22 a2 'x' 00", "", "NUL character");
}

static void dynamic_values_carry_their_type(void **state)
{
    struct glm_arena *a = *state;
    assert_true(glm_is_null(decode(a, "'dynamic'", "c0")));
    assert_true(glm_is_unknown(decode(a, "'dynamic'", "d40000")));
    assert_true(glm_is_true(decode(a, "'dynamic'", "92 c406 22'bool'22 c3")));
    assert_true(glm_is_true(decode(a, "'dynamic'", "92 a6 22'bool'22 c3")));
    const struct glm_value *v = decode(
        a, "['map','dynamic']", "82 a1'a' 92 c411 '['22'list'22','22'number'22']' 91 01 a1'b' c0");
    glm_assert_value_equal(v, glm_test_value(a, "{'a':[1],'b':null}"));
    /* A literal's type: lists become tuples. */
    assert_encodes(a, "['map','dynamic']", v,
                   "82 a1'a' 92 c414 '['22'tuple'22',['22'number'22']]' 91 01 a1'b' c0");
    assert_encodes(a, "'dynamic'", &glm_unknown, "d40000");
    assert_encodes(a, "'dynamic'", decode(a, "'dynamic'", "d60c 81 01c2 00"), "d40000");
    assert_refused(a, "'dynamic'", "91 a6 22'bool'22", "", "A pair of a type and a value");
    assert_refused(a, "'dynamic'", "c3", "", "A pair of a type and a value");
    assert_refused(a, "'dynamic'", "92 01 c3", "", "A type");
    assert_refused(a, "'dynamic'", "92 a5 22'boo'22 c3", "", "A type");
    assert_refused(a, "'dynamic'", "92 a1 '[' c3", "", "type of a dynamic value");
}

static void hostile_counts_cost_nothing(void **state)
{
    static const char *const notations[] = {"ddffffffff", "dfffffffff",   "dbffffffff",
                                            "c6ffffffff", "c9ffffffff0c", "dd00000002c0",
                                            "dcffff",     "deffff"};
    static const char *const types[] = {"['list','bool']", "['map','bool']", "'string'",
                                        "'dynamic'", "'number'"};
    size_t before = glm_arena_used(*state);
    for (size_t i = 0; i < sizeof notations / sizeof *notations; i++)
        for (size_t t = 0; t < sizeof types / sizeof *types; t++)
            assert_refused(*state, types[t], notations[i], "", "");
    assert_true(glm_arena_used(*state) - before < (size_t)1 << 20);
}

static void cut_off_and_trailing_bytes_are_refused(void **state)
{
    struct glm_arena *a = *state;
    const char *type = "['object',{'a':'string','b':['list','number']}]";
    size_t len;
    const char *bytes =
        bytes_of(a, "82 a1'a' d902'xy' a1'b' 93 cd0101 cb3ff8000000000000 c7010000", &len);
    for (size_t cut = 0; cut <= len + 1; cut++) {
        struct glm_diags d;
        const struct glm_value *v;
        char *exact = malloc(cut ? cut : 1);
        assert_non_null(exact);
        memset(exact, 0xc0, cut);
        memcpy(exact, bytes, cut < len ? cut : len);
        glm_diags_init(&d, a);
        assert_int_equal(glm_msgpack_decode(a, type_of(a, type), exact, cut, &v, &d), cut == len);
        free(exact);
    }
    assert_refused(a, "'bool'", "c1", "", "well-formed");
}

static void the_ceiling_of_depth_is_exact(void **state)
{
    struct glm_arena *a = *state;
    const struct glm_type *type = &glm_type_bool;
    char *bytes = glm_alloc(a, GLM_VALUE_DEPTH + 2);
    struct glm_diags d;
    const struct glm_value *v = NULL;
    const void *out;
    size_t len;
    for (unsigned i = 0; i <= GLM_VALUE_DEPTH; i++) {
        struct glm_type *list = GLM_NEW(a, struct glm_type);
        *list = (struct glm_type){.kind = GLM_TYPE_LIST, .element = type};
        type = list;
        bytes[i] = (char)0x91;
    }
    bytes[GLM_VALUE_DEPTH] = (char)0xc3;
    glm_diags_init(&d, a);
    assert_false(glm_msgpack_decode(a, type, bytes, GLM_VALUE_DEPTH + 1, &v, &d));
    assert_true(glm_msgpack_decode(a, type->element, bytes, GLM_VALUE_DEPTH + 1, &v, &d));
    assert_true(glm_msgpack_encode(a, type->element, v, &out, &len, &d));
    assert_int_equal(len, GLM_VALUE_DEPTH + 1);
    bytes[GLM_VALUE_DEPTH] = (char)0x91;
    bytes[GLM_VALUE_DEPTH + 1] = (char)0xc3;
    glm_diags_init(&d, a);
    assert_false(glm_msgpack_decode(a, type, bytes, GLM_VALUE_DEPTH + 2, &v, &d));
    glm_assert_error(&d, "", "nested too deep");
    v = glm_list(a, (const struct glm_value *const[]){v}, 1);
    assert_false(glm_msgpack_encode(a, type, v, &out, &len, &d));
}

static void deep_dynamic_values_go_both_ways(void **state)
{
    struct glm_arena *a = *state;
    struct glm_diags d;
    const struct glm_value *v = &glm_true, *back = NULL;
    const void *bytes;
    size_t len;
    glm_diags_init(&d, a);
    for (unsigned i = 0; i < 150; i++)
        v = i % 2 ? glm_list(a, (const struct glm_value *const[]){v}, 1)
                  : glm_with(a, &glm_empty_map, "k", v);
    assert_true(glm_msgpack_encode(a, &glm_type_dynamic, v, &bytes, &len, &d));
    assert_true(glm_msgpack_decode(a, &glm_type_dynamic, bytes, len, &back, &d));
    glm_assert_value_equal(back, v);
}

static void values_of_the_wrong_type_are_named(void **state)
{
    static const struct {
        const char *type, *value, *path, *part;
    } cases[] = {
        {"['object',{'a':'bool'}]", "{'b':true}", "b", "nothing is expected here"},
        {"['object',{'a':'bool'}]", "{'a':1}", "a", "a bool is expected"},
        {"['object',{'a':'bool'}]", "[]", "", "an object is expected"},
        {"['map','string']", "{'a':[]}", "[\"a\"]", "a string is expected"},
        {"['map','string']", "[]", "", "a map is expected"},
        {"['list','number']", "[1,'2']", "[1]", "a number is expected"},
        {"['list','number']", "{}", "", "a list is expected"},
        {"['tuple',['number']]", "[1,2]", "", "a tuple of 1 elements"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct glm_diags d;
        const void *bytes;
        size_t len;
        glm_diags_init(&d, *state);
        assert_false(glm_msgpack_encode(*state, type_of(*state, cases[i].type),
                                        glm_test_value(*state, cases[i].value), &bytes, &len, &d));
        glm_assert_error(&d, cases[i].path, cases[i].part);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_arrive_in_every_form),
        cmocka_unit_test(numbers_leave_in_the_forms_of_terraform),
        cmocka_unit_test(what_is_no_number_is_refused),
        cmocka_unit_test(unknown_keeps_its_refinements),
        cmocka_unit_test(any_extension_is_unknown),
        cmocka_unit_test(refinements_have_a_ceiling),
        cmocka_unit_test(objects_have_all_their_attributes),
        cmocka_unit_test(maps_and_tuples_go_both_ways),
        cmocka_unit_test(equal_maps_of_texts_are_one_value),
        cmocka_unit_test(strings_are_utf8),
        cmocka_unit_test(a_nul_is_refused_in_every_string_and_key),
        cmocka_unit_test(dynamic_values_carry_their_type),
        cmocka_unit_test(hostile_counts_cost_nothing),
        cmocka_unit_test(cut_off_and_trailing_bytes_are_refused),
        cmocka_unit_test(the_ceiling_of_depth_is_exact),
        cmocka_unit_test(deep_dynamic_values_go_both_ways),
        cmocka_unit_test(values_of_the_wrong_type_are_named),
    };
    return cmocka_run_group_tests(tests, glm_test_arena_setup, glm_test_arena_teardown);
}
