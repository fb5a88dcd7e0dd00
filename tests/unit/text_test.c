/* SPDX-License-Identifier: Apache-2.0
 *
 * Growing text, UTF-8, and the search for the word that was meant.
 */
#include "test.h"

#include "glm/text.h"

#include <stdio.h>
#include <string.h>

static void text_grows_and_stays_terminated(void **state)
{
    struct glm_text t;
    glm_text_init(&t, *state, 1000000);
    assert_string_equal(t.data, "");
    glm_text_add(&t, NULL, 0);
    for (int i = 0; i < 1000; i++) {
        glm_text_adds(&t, "ab");
        glm_text_addc(&t, 'c');
        glm_text_addf(&t, "%03d", i);
        assert_int_equal(strlen(t.data), t.len);
    }
    assert_int_equal(t.len, 6000);
    assert_memory_equal(t.data + 5994, "abc999", 7);
    glm_text_add(&t, "x\0y", 3);
    assert_int_equal(t.len, 6003);
    assert_memory_equal(t.data + 6000, "x\0y", 4);
    assert_false(t.overflow);
}

static void the_ceiling_is_exact_and_overflow_stays(void **state)
{
    struct glm_text t;
    glm_text_init(&t, *state, 5);
    glm_text_adds(&t, "12345");
    assert_false(t.overflow);
    glm_text_addc(&t, '6');
    assert_true(t.overflow);
    assert_string_equal(t.data, "12345");
    glm_text_init(&t, *state, 5);
    glm_text_adds(&t, "123");
    glm_text_addf(&t, "%s", "456");
    assert_true(t.overflow);
    glm_text_addc(&t, '4'); /* would fit, but the text has a hole already */
    assert_string_equal(t.data, "123");
    glm_text_init(&t, *state, 0);
    glm_text_adds(&t, "");
    assert_false(t.overflow);
    glm_text_addc(&t, 'x');
    assert_true(t.overflow);
}

/* The table of well-formed byte sequences (Unicode, table 3-7), at its edges. */
static void utf8_is_well_formed_or_not_by_the_table(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        bool valid;
    } cases[] = {
        {"", true},
        {"\x01\x7f", true},
        {"\xc2\x80", true},
        {"\xdf\xbf", true},
        {"\xe0\xa0\x80", true},
        {"\xe1\x80\x80", true},
        {"\xec\xbf\xbf", true},
        {"\xed\x80\x80", true},
        {"\xed\x9f\xbf", true},
        {"\xee\x80\x80", true},
        {"\xef\xbf\xbf", true},
        {"\xf0\x90\x80\x80", true},
        {"\xf1\x80\x80\x80", true},
        {"\xf3\xbf\xbf\xbf", true},
        {"\xf4\x80\x80\x80", true},
        {"\xf4\x8f\xbf\xbf", true},
        {"\x80", false},
        {"\xbf", false},
        {"\xc0\x80", false},
        {"\xc1\xbf", false},
        {"\xc2", false},
        {"\xc2\x7f", false},
        {"\xc2\xc0", false},
        {"\xe0\x9f\xbf", false},
        {"\xe0\xa0", false},
        {"\xe0\xa0\x7f", false},
        {"\xed\xa0\x80", false},
        {"\xed\xbf\xbf", false},
        {"\xf0\x8f\xbf\xbf", false},
        {"\xf0\x90\x80", false},
        {"\xf4\x90\x80\x80", false},
        {"\xf5\x80\x80\x80", false},
        {"\xff", false},
        {"\xfe", false},
        {"ok\xe2\x82", false},
        {"\xe2\x82\xac ok", true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (glm_utf8_valid(cases[i].bytes, strlen(cases[i].bytes)) != cases[i].valid) {
            fprintf(stderr, "case %zu\n", i);
            fail();
        }
    assert_true(glm_utf8_valid("\0", 1));
    /* What is behind the end does not count. */
    assert_false(glm_utf8_valid("\xe2\x82\xac", 2));
}

static void cleaning_replaces_malformed_bytes_only(void **state)
{
    static const struct {
        const char *bytes, *clean;
    } cases[] = {
        {"", ""},
        {"\xc3\xa4", "\xc3\xa4"},
        {"a\xff"
         "b",
         "a\xef\xbf\xbd"
         "b"},
        {"\xe2\x82", "\xef\xbf\xbd\xef\xbf\xbd"},
        {"\xed\xa0\x80x", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbdx"},
        {"\xc3\xc3\xa4", "\xef\xbf\xbd\xc3\xa4"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(glm_utf8_clean(*state, cases[i].bytes, strlen(cases[i].bytes)),
                            cases[i].clean);
}

static const char *const fields[] = {
    "ingressGateways", "egressGateways", "pilot", "cni", "hub", "tag", "profile", "values"};

static const char *nearest(const char *word)
{
    return glm_nearest(word, fields, sizeof fields / sizeof *fields);
}

static void typos_find_the_word_that_was_meant(void **state)
{
    (void)state;
    static const struct {
        const char *word, *meant;
    } cases[] = {
        {"ingressGateway", "ingressGateways"}, /* a letter is missing */
        {"ingresssGateways", "ingressGateways"},
        {"ingerssGateways", "ingressGateways"}, /* neighbours changed places */
        {"ingressgateways", "ingressGateways"}, /* case costs nothing */
        {"egresGateways", "egressGateways"},
        {"pilto", "pilot"},
        {"hubb", "hub"},
        {"bub", "hub"},
        {"TAG", "tag"},
        {"profil", "profile"},
        {"vals", "values"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *found = nearest(cases[i].word);
        assert_non_null(found);
        assert_string_equal(found, cases[i].meant);
    }
}

static void near_misses_and_other_words_find_nothing(void **state)
{
    (void)state;
    char long_word[100] = {0};
    memset(long_word, 'x', sizeof long_word - 1);
    static const char *const words[] = {"", "meshConfig", "components", "xyz", "ho", "gateways12"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        const char *found = nearest(words[i]);
        if (found) {
            fprintf(stderr, "%s: %s\n", words[i], found);
            fail();
        }
    }
    assert_null(nearest(long_word));
    assert_null(glm_nearest("hub", NULL, 0));
    const char *const longer[] = {long_word, "hub"};
    assert_string_equal(glm_nearest("hub", longer, 2), "hub");
}

static void the_nearest_of_several_wins_and_the_first_of_equals(void **state)
{
    (void)state;
    const char *const words[] = {"clusters", "cluster", "clustre"};
    assert_string_equal(glm_nearest("cluster", words, 3), "cluster");
    const char *const equals[] = {"abcx", "abcy"};
    assert_string_equal(glm_nearest("abcz", equals, 2), "abcx");
}

static const char *percent(struct glm_arena *arena, const char *string, const char *plain)
{
    struct glm_text text;
    glm_text_init(&text, arena, 1000);
    glm_text_add_percent(&text, string, plain);
    return text.data;
}

static void all_but_letters_digits_and_what_is_named_is_percent_encoded(void **state)
{
    struct glm_arena *arena = *state;
    assert_string_equal(percent(arena, "azAZ09", ""), "azAZ09");
    assert_string_equal(percent(arena, "a/b-._~c", "-._~"), "a%2Fb-._~c");
    assert_string_equal(percent(arena, "..", ""), "%2E%2E");
    assert_string_equal(percent(arena, "\x01\x7f\xff% \xc3\xa9", "%"), "%01%7F%FF%%20%C3%A9");
    assert_string_equal(percent(arena, "", "-"), "");
}

static void digits_are_read_up_to_the_first_other_byte(void **state)
{
    static const struct {
        const char *text;
        size_t len, digits;
        uint64_t number;
    } cases[] = {
        {"0", SIZE_MAX, 1, 0},
        {"0080x", SIZE_MAX, 4, 80},
        {"1234", 2, 2, 12},
        {"18446744073709551614", SIZE_MAX, 20, UINT64_MAX - 1},
        {"18446744073709551615", SIZE_MAX, 20, UINT64_MAX},
        {"18446744073709551616", SIZE_MAX, 20, UINT64_MAX},
        {"99999999999999999999999990", SIZE_MAX, 26, UINT64_MAX},
        {"", SIZE_MAX, 0, 7},
        {"12", 0, 0, 7},
        {"-1", SIZE_MAX, 0, 7},
        {" 1", SIZE_MAX, 0, 7},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint64_t number = 7;
        assert_int_equal(glm_digits(cases[i].text, cases[i].len, &number), cases[i].digits);
        assert_true(number == cases[i].number);
    }
}

static void lines_break_where_yaml_breaks_them(void **state)
{
    static const struct {
        const char *text;
        size_t left, bytes;
    } cases[] = {
        {"\n", 1, 1},           {"\r", 1, 1},           {"\r\n", 2, 2},
        {"\r\n", 1, 1},         {"\xc2\x85", 2, 2},     {"\xc2\x85", 1, 0},
        {"\xe2\x80\xa8", 3, 3}, {"\xe2\x80\xa9", 3, 3}, {"\xe2\x80\xa8", 2, 0},
        {"\xe2\x80\xaa", 3, 0}, {"x\n", 2, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(glm_line_break(cases[i].text, cases[i].left), cases[i].bytes);
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, glm_test_arena_setup, glm_test_arena_teardown)
    const struct CMUnitTest tests[] = {
        CASE(text_grows_and_stays_terminated),
        CASE(the_ceiling_is_exact_and_overflow_stays),
        CASE(utf8_is_well_formed_or_not_by_the_table),
        CASE(cleaning_replaces_malformed_bytes_only),
        CASE(typos_find_the_word_that_was_meant),
        CASE(near_misses_and_other_words_find_nothing),
        CASE(the_nearest_of_several_wins_and_the_first_of_equals),
        CASE(all_but_letters_digits_and_what_is_named_is_percent_encoded),
        CASE(digits_are_read_up_to_the_first_other_byte),
        CASE(lines_break_where_yaml_breaks_them),
    };
    return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
