/* SPDX-License-Identifier: Apache-2.0
 *
 * JSON: exact numbers, strings with anything in them, refusals with their place, encoding.
 */
#include "test.h"

#include "glm/text.h"

#include <limits.h>
#include <string.h>

static const struct glm_value *decoden(struct glm_arena *a, const char *text, size_t len)
{
    struct glm_diags d;
    const struct glm_value *v = NULL;
    glm_diags_init(&d, a);
    if (!glm_json_decode(a, text, len, "spec", NULL, &v, &d)) {
        print_error("%s\n%s", text, glm_test_diags_text(a, &d));
        fail();
    }
    return v;
}

static const struct glm_value *decode(struct glm_arena *a, const char *text)
{
    return decoden(a, text, strlen(text));
}

static void assert_refused(struct glm_arena *a, const char *text, size_t len, const char *part)
{
    struct glm_diags d;
    const struct glm_value *v = &glm_true;
    glm_diags_init(&d, a);
    assert_false(glm_json_decode(a, text, len, "spec", GLM_AT_ATTR(NULL, "spec"), &v, &d));
    assert_ptr_equal(v, &glm_true);
    assert_int_equal(d.errors, 1);
    glm_assert_error(&d, "spec", part);
}

static void every_kind_is_read(void **state)
{
    const struct glm_value *v =
        decode(*state, " {\"b\": [null, true, false, \"x\"], \"a\": {}, \"c\": -12} ");
    assert_int_equal(v->len, 3);
    assert_string_equal(v->as.map[0].key, "a");
    assert_true(glm_is_map(glm_get(v, "a")));
    assert_true(glm_is_null(glm_at(glm_get(v, "b"), 0)));
    assert_true(glm_is_true(glm_at(glm_get(v, "b"), 1)));
    assert_true(glm_is_false(glm_at(glm_get(v, "b"), 2)));
    assert_true(glm_string_is(glm_at(glm_get(v, "b"), 3), "x"));
    assert_string_equal(glm_get(v, "c")->as.text, "-12");
}

static void numbers_are_exact(void **state)
{
    static const char *const numbers[] = {"0",
                                          "-0",
                                          "0.0",
                                          "-0.0",
                                          "999999999999999999",
                                          "1000000000000000000",
                                          "9223372036854775808",
                                          "-123456789012345678901234567890",
                                          "0.1",
                                          "1.10",
                                          "1e400",
                                          "1E-7",
                                          "1e+05",
                                          "2.5e-400"};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        const struct glm_value *v =
            decode(*state, glm_sprintf(*state, "{\"a\":[%s,%s]}", numbers[i], numbers[i]));
        const struct glm_value *n = glm_at(glm_get(v, "a"), 1);
        assert_int_equal(n->kind, GLM_NUMBER);
        assert_int_equal(n->len, strlen(numbers[i]));
        assert_string_equal(n->as.text, numbers[i]);
        assert_string_equal(decode(*state, numbers[i])->as.text, numbers[i]);
    }
}

/* A number too large for jansson is not given to it: what is beside it is judged all the same. */
static void what_is_no_number_beside_a_large_one_is_refused(void **state)
{
    static const char *const large[] = {"1e400", "1234567890123456789", "217077.22141902265"};
    for (size_t i = 0; i < sizeof large / sizeof *large; i++) {
        const char *n = large[i];
        const char *const texts[] = {
            glm_sprintf(*state, "-%s", glm_sprintf(*state, "-%s", n)),
            glm_sprintf(*state, "[+%s]", n),
            glm_sprintf(*state, "[.%s]", n),
            glm_sprintf(*state, "[0%s]", n),
            glm_sprintf(*state, "[%s-%s]", n, n),
            glm_sprintf(*state, "[%se5e5]", n),
            glm_sprintf(*state, "[%s.]", n),
            glm_sprintf(*state, "[1%s\"\"]", n),
            glm_sprintf(*state, "{\"a\":%s %s}", n, n),
            glm_sprintf(*state, "{%s:1}", n),
        };
        for (size_t k = 0; k < sizeof texts / sizeof *texts; k++)
            assert_refused(*state, texts[k], strlen(texts[k]), "Line 1, column ");
    }
    assert_refused(*state, "[5\0]", 4, "Line 1, column 3: there is a NUL character in the text");
}

static void a_nul_is_refused_in_every_string(void **state)
{
    static const struct {
        const char *json, *part;
    } cases[] = {
        {"\"\\u0000\"", "Line 1, column 2: there is a NUL character in this string"},
        {"[0.5, \"n1\",\n \"\\\\u0000\", \"\\u0000n1.5\"]", "Line 2, column 14: there is a NUL"},
        {"{\"a\": \"x\\u0000y\"}", "Line 1, column 9: there is a NUL"},
        {"{\"a\": \"\\u0000s\"}", "Line 1, column 8: there is a NUL"},
        {"{\"a\\u0000\": 1}", "a key has a NUL character"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_refused(*state, cases[i].json, strlen(cases[i].json), cases[i].part);
}

static void a_nul_in_what_others_answer_becomes_visible(void **state)
{
    static const char text[] =
        "[0.5, \"\\u0000n1.5\", \"\\u0000s\", \"\\u0000\", \"a\\u0000\\u0000n2\", \"n1\"]";
    static const char *const expected[] = {"\xEF\xBF\xBDn1.5", "\xEF\xBF\xBDs", "\xEF\xBF\xBD",
                                           "a\xEF\xBF\xBD\xEF\xBF\xBDn2", "n1"};
    struct glm_diags d;
    const struct glm_value *v = NULL;
    glm_diags_init(&d, *state);
    assert_true(glm_json_decode_foreign(*state, text, strlen(text), "x", NULL, &v, &d));
    assert_int_equal(v->len, 6);
    assert_int_equal(glm_at(v, 0)->kind, GLM_NUMBER);
    for (size_t i = 0; i < 5; i++)
        assert_true(glm_string_is(glm_at(v, i + 1), expected[i]));
}

static bool goes_on_for_a_while(const void *context)
{
    unsigned *looks = *(unsigned *const *)context;
    return (*looks)-- > 1;
}

/* While it is read, and while what was read becomes values; without a word of its own. */
static void reading_ends_when_it_is_told(void **state)
{
    struct glm_text text;
    struct glm_diags d;
    unsigned looks, *counter = &looks, ended = 0;
    const struct glm_value *v = NULL;
    const struct glm_json_limits limits = {100000, false, goes_on_for_a_while, &counter};
    glm_diags_init(&d, *state);
    glm_text_init(&text, *state, SIZE_MAX / 4);
    for (size_t i = 0; i < 50000; i++)
        glm_text_adds(&text, i ? ",\"abcd\"" : "[\"abcd\"");
    glm_text_adds(&text, "]");
    for (unsigned most = 1; most < 100; most++) {
        looks = most;
        if (glm_json_decode_within(*state, text.data, text.len, &limits, "x", NULL, &v, &d))
            break;
        ended++;
    }
    assert_in_range(ended, 10, 50);
    assert_int_equal(v->len, 50000);
    assert_null(d.first);
    looks = UINT_MAX;
    text.data[text.len - 1] = '}';
    assert_false(glm_json_decode_within(*state, text.data, text.len, &limits, "x", NULL, &v, &d));
    glm_assert_error(&d, "", "Line 1, column 350001: ");
}

static void escapes_are_resolved(void **state)
{
    const struct glm_value *v =
        decode(*state, "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e4\\ud83d\\ude80 1.5 , \\u0041\"");
    assert_true(glm_string_is(v, "\"\\/\b\f\n\r\tä🚀 1.5 , A"));
}

static void a_byte_order_mark_is_skipped(void **state)
{
    assert_true(glm_string_is(decode(*state, "\xEF\xBB\xBF\"x\""), "x"));
}

static void mistakes_have_their_place(void **state)
{
    static const struct {
        const char *json, *part;
    } cases[] = {
        {"{\"a\": 1,\n \"a\": 2}", "Line 2, column 2: this key is there twice"},
        {"{\"ä\": 1.5, \"ä\": 2}", "Line 1, column 12: this key is there twice"},
        {"[1.5, 2.5 3.5]", "Line 1, column 11: ']' expected here"},
        {"[1.5,\n 2.5,\n]", "Line 3, column 1: "},
        {"{\"a\": x}", "Line 1, column 7: this is no JSON"},
        {"{a: 1}", "Line 1, column 2: "},
        {"{\"a\" 1}", "':' expected here"},
        {"[1, 2", "the text ends before the value is complete"},
        {"\"abc", "the text ends before the value is complete"},
        {"", "the text ends before"},
        {"1 2", "Line 1, column 3: there is more text"},
        {"[01]", "this is no JSON"},
        {"[1.]", "this is no JSON"},
        {"[.5]", "this is no JSON"},
        {"[+1]", "this is no JSON"},
        {"[NaN]", "this is no JSON"},
        {"{\"a\\u0000b\": 1}", "NUL character"},
        {"\"\\ud83d\"", "Line 1, column 1: "},
        {"\"\xff\"", "not valid UTF-8"},
        {"\"\xed\xa0\x80\"", "not valid UTF-8"},
        {"'a'", "this is no JSON"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_refused(*state, cases[i].json, strlen(cases[i].json), cases[i].part);
    assert_refused(*state, "[1]\0", 4, "Line 1, column 4");
}

static void marks_never_show_in_diagnostics(void **state)
{
    struct glm_diags d;
    const struct glm_value *v;
    glm_diags_init(&d, *state);
    assert_false(glm_json_decode(*state, "[1.5 0.5]", 9, "spec", NULL, &v, &d));
    assert_null(strstr(glm_test_diags_text(*state, &d), "u0000"));
}

static const char *nested(struct glm_arena *a, size_t depth)
{
    char *text = glm_alloc(a, 2 * depth + 2);
    memset(text, '[', depth);
    text[depth] = '1';
    memset(text + depth + 1, ']', depth);
    return text;
}

static void the_ceiling_of_depth_is_exact(void **state)
{
    const char *deepest = nested(*state, GLM_VALUE_DEPTH);
    assert_string_equal(glm_json_text(*state, decode(*state, deepest)), deepest);
    const char *deeper = nested(*state, GLM_VALUE_DEPTH + 1);
    assert_refused(*state, deeper, strlen(deeper), "nested more than 200 deep");
    deeper = nested(*state, 100000);
    assert_refused(*state, deeper, strlen(deeper), "nested too deep");
}

static void the_ceiling_of_bytes_is_looked_at_first(void **state)
{
    assert_refused(*state, "x", GLM_JSON_MAX_BYTES + 1, "at most 268435456 are read");
}

static void encoding_is_compact_and_sorted(void **state)
{
    struct glm_arena *a = *state;
    const struct glm_value *v = decode(
        a, "{ \"z\" : [ 1.50 , true, null ], \"a\" : \"<>&/\\u2028\" , \"m\": {} , \"\": [] }");
    assert_string_equal(glm_json_text(a, v),
                        "{\"\":[],\"a\":\"<>&/\xE2\x80\xA8\",\"m\":{},\"z\":[1.50,true,null]}");
    assert_string_equal(glm_json_text(a, glm_stringn(a, "\0\x01\b\f\n\r\t\x1f\x7f\"\\", 11)),
                        "\"\\u0000\\u0001\\b\\f\\n\\r\\t\\u001f\x7f\\\"\\\\\"");
    assert_string_equal(glm_json_text(a, &glm_unknown), "null");
}

static void encoding_stops_at_the_ceiling_of_the_text(void **state)
{
    struct glm_text text;
    glm_text_init(&text, *state, 10);
    glm_json_encode(glm_string(*state, "more than ten bytes"), &text);
    assert_true(text.overflow);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_is_read),
        cmocka_unit_test(numbers_are_exact),
        cmocka_unit_test(what_is_no_number_beside_a_large_one_is_refused),
        cmocka_unit_test(a_nul_is_refused_in_every_string),
        cmocka_unit_test(a_nul_in_what_others_answer_becomes_visible),
        cmocka_unit_test(reading_ends_when_it_is_told),
        cmocka_unit_test(escapes_are_resolved),
        cmocka_unit_test(a_byte_order_mark_is_skipped),
        cmocka_unit_test(mistakes_have_their_place),
        cmocka_unit_test(marks_never_show_in_diagnostics),
        cmocka_unit_test(the_ceiling_of_depth_is_exact),
        cmocka_unit_test(the_ceiling_of_bytes_is_looked_at_first),
        cmocka_unit_test(encoding_is_compact_and_sorted),
        cmocka_unit_test(encoding_stops_at_the_ceiling_of_the_text),
    };
    return cmocka_run_group_tests(tests, glm_test_arena_setup, glm_test_arena_teardown);
}
