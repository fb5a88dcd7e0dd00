/* SPDX-License-Identifier: Apache-2.0
 *
 * Values: what they answer, exact numbers, equality, building and changing.
 */
#include "test.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

static const struct glm_value *num(struct glm_arena *a, const char *text)
{
    return glm_number(a, text, strlen(text));
}

/* Looking ----------------------------------------------------------------------------------- */

static void get_and_at_answer_null_where_there_is_nothing(void **state)
{
    struct glm_arena *a = *state;
    const struct glm_value *v =
        glm_test_value(a, "{'a': {'b': {'c': 1}}, 'l': [10, 20], 'n': null, 's': 'text'}");
    assert_int_equal(glm_get_path(v, "a", "b", "c", NULL)->kind, GLM_NUMBER);
    assert_ptr_equal(glm_get_path(v, "a", "x", "c", NULL), &glm_null);
    assert_ptr_equal(glm_get_path(v, NULL), v);
    assert_ptr_equal(glm_get(glm_get(v, "s"), "a"), &glm_null);
    assert_ptr_equal(glm_get(&glm_unknown, "a"), &glm_null);
    assert_true(glm_has(v, "n"));
    assert_non_null(glm_get_pair(v, "n"));
    assert_false(glm_has(v, "m"));
    assert_null(glm_get_pair(v, ""));
    assert_string_equal(glm_at(glm_get(v, "l"), 1)->as.text, "20");
    assert_ptr_equal(glm_at(glm_get(v, "l"), 2), &glm_null);
    assert_ptr_equal(glm_at(v, 0), &glm_null);
}

static void every_key_of_a_large_map_is_found(void **state)
{
    struct glm_arena *a = *state;
    struct glm_map_builder b;
    glm_map_init(&b, a);
    for (int i = 999; i >= 0; i--)
        glm_map_append(&b, glm_sprintf(a, "k%d", i * 7 % 1000), 0, 0, glm_integer(a, i * 7 % 1000));
    const struct glm_value *v = glm_map_finish(&b, NULL);
    assert_int_equal(v->len, 1000);
    for (int i = 0; i < 1000; i++) {
        int64_t n = -1;
        assert_true(glm_number_int64(glm_get(v, glm_sprintf(a, "k%d", i)), &n));
        assert_int_equal(n, i);
    }
    assert_false(glm_has(v, "k1000"));
}

static void kinds_are_asked_for_never_truthiness(void **state)
{
    struct glm_arena *a = *state;
    assert_true(glm_is_true(&glm_true));
    assert_false(glm_is_true(num(a, "1")));
    assert_false(glm_is_true(glm_string(a, "true")));
    assert_true(glm_is_false(&glm_false));
    assert_false(glm_is_false(&glm_null));
    assert_ptr_equal(glm_bool(true), &glm_true);
    assert_true(glm_string_is(glm_string(a, "ab"), "ab"));
    assert_false(glm_string_is(glm_stringn(a, "ab\0", 3), "ab"));
    assert_false(glm_string_is(&glm_null, ""));
    assert_string_equal(glm_string_or(&glm_unknown, "fallback"), "fallback");
    assert_string_equal(glm_string_or(glm_stringf(a, "%d!", 5), "fallback"), "5!");
}

static void an_unknown_anywhere_makes_the_whole_not_known(void **state)
{
    struct glm_arena *a = *state;
    const struct glm_value *v = glm_test_value(a, "{'a': [1, {'b': null}]}");
    assert_true(glm_is_wholly_known(v));
    assert_false(glm_is_wholly_known(&glm_unknown));
    assert_false(glm_is_wholly_known(glm_with_path(a, v, &glm_unknown, "x", "y", NULL)));
    const struct glm_value *items[] = {v, &glm_unknown};
    assert_false(glm_is_wholly_known(glm_list(a, items, 2)));
}

/* Numbers ----------------------------------------------------------------------------------- */

static void numbers_are_equal_by_value(void **state)
{
    static const char *const equal[][2] = {
        {"1", "1"},
        {"1.0", "1"},
        {"1e3", "1000"},
        {"1E+3", "1000.000"},
        {"0.10", "1e-1"},
        {"-0", "0"},
        {"-0.0", "0e5"},
        {"0", "0.000e-7"},
        {"0e99999999999999999999", "0"},
        {"-1.50", "-15e-1"},
        {"100", "1e2"},
        {"10.10", "1010e-2"},
        {"0.00123", "1.23e-3"},
        {"12345.678", "0.12345678e5"},
        {"123456789012345678901234567890", "123456789012345678901234567890.0"},
        {"123456789012345678901234567890", "1.2345678901234567890123456789e29"},
        {"1e400", "10e399"},
        {"1e999999999", "0.1e1000000000"},
        {"1e99999999999999999999999999", "10e99999999999999999999999998"},
        {"1e100000000000000000000000000", "1.0e+0100000000000000000000000000"},
        {"1e-100000000000000000000000000", "10e-100000000000000000000000001"},
        {"0e99999999999999999999999999", "0"},
        {"9007199254740993", "9007199254740993"},
    };
    static const char *const different[][2] = {
        {"1", "2"},
        {"1", "-1"},
        {"1", "10"},
        {"1", "1.1"},
        {"11", "1.1"},
        {"1e3", "1e4"},
        {"0", "1e-400"},
        {"1e-400", "1e-401"},
        {"1e999999999", "1e999999998"},
        {"1e99999999999999999999999999", "1e99999999999999999999999998"},
        {"1e99999999999999999999999999", "1e-99999999999999999999999999"},
        {"1e1099511627776", "1e1099511627777"},
        {"1e2199023255552", "1e1099511627776"},
        {"1e99999999999999999999999999", "1e1"},
        {"123456789012345678901234567890", "123456789012345678901234567891"},
        {"9007199254740993", "9007199254740992"},
        {"0.1", "0.10000000000000000000000000001"},
        {"1.0000000000000000000000000000", "1.0000000000000000000000000001"},
        {"101", "1001"},
        {"1.01", "10.1"},
        {"-5", "5"},
    };
    for (size_t i = 0; i < sizeof equal / sizeof *equal; i++) {
        const struct glm_value *x = num(*state, equal[i][0]), *y = num(*state, equal[i][1]);
        if (!glm_number_equal(x, y) || !glm_number_equal(y, x) || !glm_equal(x, y)) {
            fprintf(stderr, "%s and %s\n", equal[i][0], equal[i][1]);
            fail();
        }
    }
    for (size_t i = 0; i < sizeof different / sizeof *different; i++) {
        const struct glm_value *x = num(*state, different[i][0]), *y = num(*state, different[i][1]);
        if (glm_number_equal(x, y) || glm_number_equal(y, x) || glm_equal(x, y)) {
            fprintf(stderr, "%s and %s\n", different[i][0], different[i][1]);
            fail();
        }
    }
}

static void huge_exponents_cost_nothing(void **state)
{
    const struct glm_value *x = num(*state, "1e99999999999999999999999999"),
                           *y = num(*state, "-1e-99999999999999999999999999");
    int64_t n = 7;
    clock_t before = clock();
    for (int i = 0; i < 1000; i++) {
        assert_false(glm_number_equal(x, y));
        assert_false(glm_number_equal(x, num(*state, "1")));
        assert_true(glm_number_is_integer(x));
        assert_false(glm_number_is_integer(y));
        assert_false(glm_number_int64(x, &n));
        assert_false(glm_number_int64(num(*state, "1e19"), &n));
    }
    assert_true((clock() - before) / CLOCKS_PER_SEC < 1);
    assert_int_equal(n, 7);
    assert_true(glm_number_int64(num(*state, "0e99999999999999999999999999"), &n));
    assert_int_equal(n, 0);
}

static void int64_takes_exactly_the_integers_that_fit(void **state)
{
    static const struct {
        const char *text;
        int64_t number;
    } fit[] = {
        {"0", 0},
        {"-0", 0},
        {"5", 5},
        {"1e3", 1000},
        {"2.0", 2},
        {"12.50e1", 125},
        {"1e18", 1000000000000000000},
        {"9223372036854775807", INT64_MAX},
        {"-9223372036854775808", INT64_MIN},
        {"9223372036854775807.000", INT64_MAX},
        {"-922337203685477580.80e1", INT64_MIN},
        {"0.0000000000000000000001e22", 1},
    };
    static const char *const unfit[] = {"9223372036854775808",
                                        "-9223372036854775809",
                                        "18446744073709551616",
                                        "1e19",
                                        "1.5",
                                        "1e-1",
                                        "92233720368547758070",
                                        "100000000000000000000000000000000"};
    for (size_t i = 0; i < sizeof fit / sizeof *fit; i++) {
        int64_t n = 42;
        assert_true(glm_number_int64(num(*state, fit[i].text), &n));
        assert_true(n == fit[i].number);
    }
    for (size_t i = 0; i < sizeof unfit / sizeof *unfit; i++) {
        int64_t n = 42;
        assert_false(glm_number_int64(num(*state, unfit[i]), &n));
        assert_int_equal(n, 42);
    }
    int64_t n = 42;
    assert_false(glm_number_int64(glm_string(*state, "5"), &n));
    assert_false(glm_number_int64(&glm_null, &n));
    assert_true(glm_number_int64(glm_integer(*state, INT64_MIN), &n));
    assert_true(n == INT64_MIN);
    assert_false(glm_number_is_integer(num(*state, "1.5")));
    assert_true(glm_number_is_integer(num(*state, "1.50e1")));
    assert_false(glm_number_is_integer(glm_string(*state, "1")));
}

/* Equality ---------------------------------------------------------------------------------- */

static void values_of_different_kind_or_content_differ(void **state)
{
    struct glm_arena *a = *state;
    /* No two of these are equal; each equals its own copy. */
    static const char *const texts[] = {
        "null",
        "false",
        "true",
        "0",
        "1",
        "'1'",
        "''",
        "'0'",
        "[]",
        "{}",
        "[null]",
        "[1]",
        "[1, 2]",
        "[2, 1]",
        "['1']",
        "[[]]",
        "[{}]",
        "{'a': null}",
        "{'a': 1}",
        "{'b': 1}",
        "{'a': 1, 'b': 1}",
        "{'a': {'a': 1}}",
    };
    enum { COUNT = sizeof texts / sizeof *texts };
    for (size_t i = 0; i < COUNT; i++)
        for (size_t j = 0; j < COUNT; j++)
            if (glm_equal(glm_test_value(a, texts[i]), glm_test_value(a, texts[j])) != (i == j)) {
                fprintf(stderr, "%s and %s\n", texts[i], texts[j]);
                fail();
            }
    assert_true(glm_equal(&glm_unknown, &glm_unknown));
    assert_false(glm_equal(&glm_unknown, &glm_null));
    struct glm_value refined = {.kind = GLM_UNKNOWN, .len = 2, .as.text = "\x81\x01"};
    struct glm_value same = {.kind = GLM_UNKNOWN, .len = 2, .as.text = "\x81\x01"};
    struct glm_value other = {.kind = GLM_UNKNOWN, .len = 2, .as.text = "\x81\x02"};
    assert_true(glm_equal(&refined, &same));
    assert_false(glm_equal(&refined, &other));
    assert_false(glm_equal(&refined, &glm_unknown));
    assert_false(glm_equal(glm_stringn(a, "a\0b", 3), glm_stringn(a, "a\0c", 3)));
    assert_true(glm_equal(glm_positioned(a, num(a, "1"), 3, 5), num(a, "1.0")));
}

static void depth_has_an_end(void **state)
{
    struct glm_arena *a = *state;
    const struct glm_value *x = glm_string(a, "x"), *y = glm_string(a, "x");
    for (int i = 0; i < GLM_VALUE_DEPTH; i++) {
        x = glm_list(a, &x, 1);
        y = glm_list(a, &y, 1);
    }
    assert_true(glm_equal(x, y));
    assert_true(glm_is_wholly_known(x));
    for (int i = 0; i < 100000; i++)
        x = glm_list(a, &x, 1);
    y = glm_copy(a, x);
    assert_false(glm_equal(x, y));
    assert_true(glm_is_wholly_known(x)); /* too deep, but not unknown */
}

/* Building ---------------------------------------------------------------------------------- */

static void a_builder_sets_replaces_removes_and_sorts(void **state)
{
    struct glm_arena *a = *state;
    struct glm_map_builder b;
    glm_map_init(&b, a);
    char key[] = "b";
    glm_map_set(&b, key, num(a, "1"));
    key[0] = 'a'; /* the key was copied */
    glm_map_set(&b, key, num(a, "2"));
    glm_map_set(&b, "c", num(a, "3"));
    glm_map_set(&b, "b", num(a, "4"));
    assert_string_equal(glm_map_peek(&b, "b")->as.text, "4");
    assert_ptr_equal(glm_map_peek(&b, "z"), &glm_null);
    glm_map_remove(&b, "a");
    glm_map_remove(&b, "z");
    glm_map_set(&b, "B", &glm_true);
    const struct glm_pair *duplicate = NULL;
    const struct glm_value *v = glm_map_finish(&b, &duplicate);
    assert_null(duplicate);
    assert_int_equal(v->len, 3);
    assert_string_equal(v->as.map[0].key, "B");
    glm_assert_value_equal(v, glm_test_value(a, "{'b': 4, 'c': 3, 'B': true}"));
    glm_map_init(&b, a);
    glm_assert_value_equal(glm_map_finish(&b, NULL), &glm_empty_map);
}

static void building_from_a_map_leaves_it_alone(void **state)
{
    struct glm_arena *a = *state;
    const struct glm_value *v = glm_test_value(a, "{'a': 1, 'b': 2}");
    struct glm_map_builder b;
    glm_map_init_from(&b, a, v);
    glm_map_set(&b, "a", &glm_null);
    glm_map_remove(&b, "b");
    glm_map_set(&b, "0", &glm_true);
    glm_assert_value_equal(glm_map_finish(&b, NULL), glm_test_value(a, "{'0': true, 'a': null}"));
    glm_assert_value_equal(v, glm_test_value(a, "{'a': 1, 'b': 2}"));
    glm_map_init_from(&b, a, glm_string(a, "no map"));
    glm_assert_value_equal(glm_map_finish(&b, NULL), &glm_empty_map);
}

static void a_duplicate_is_the_later_one_and_the_first_is_kept(void **state)
{
    struct glm_arena *a = *state;
    for (int order = 0; order < 2; order++) {
        struct glm_map_builder b;
        glm_map_init(&b, a);
        for (unsigned i = 0; i < 40; i++)
            glm_map_append(&b, glm_sprintf(a, "k%02u", i), i + 1, 1, num(a, "0"));
        if (order == 0)
            glm_map_append(&b, "dup", 50, 3, glm_string(a, "first"));
        glm_map_append(&b, "dup", 50, 9, glm_string(a, "second"));
        if (order == 1)
            glm_map_append(&b, "dup", 50, 3, glm_string(a, "first"));
        const struct glm_pair *duplicate = NULL;
        const struct glm_value *v = glm_map_finish(&b, &duplicate);
        assert_int_equal(v->len, 41);
        assert_true(glm_string_is(glm_get(v, "dup"), "first"));
        assert_non_null(duplicate);
        assert_string_equal(duplicate->key, "dup");
        assert_int_equal(duplicate->line, 50);
        assert_int_equal(duplicate->column, 9);
    }
}

static void changes_are_copies(void **state)
{
    struct glm_arena *a = *state;
    const struct glm_value *v = glm_test_value(a, "{'a': {'b': 1, 'c': 2}, 'd': 'x'}");
    const struct glm_value *before = glm_copy(a, v);
    glm_assert_value_equal(glm_with(a, v, "d", &glm_null),
                           glm_test_value(a, "{'a': {'b': 1, 'c': 2}, 'd': null}"));
    glm_assert_value_equal(glm_with(a, &glm_null, "d", &glm_true),
                           glm_test_value(a, "{'d': true}"));
    glm_assert_value_equal(glm_without(a, v, "a"), glm_test_value(a, "{'d': 'x'}"));
    assert_ptr_equal(glm_without(a, v, "absent"), v);
    glm_assert_value_equal(glm_with_path(a, v, num(a, "9"), "a", "b", NULL),
                           glm_test_value(a, "{'a': {'b': 9, 'c': 2}, 'd': 'x'}"));
    glm_assert_value_equal(glm_with_path(a, v, num(a, "9"), "n", "m", NULL),
                           glm_test_value(a, "{'a': {'b': 1, 'c': 2}, 'd': 'x', 'n': {'m': 9}}"));
    assert_ptr_equal(glm_with_path(a, v, &glm_true, NULL), &glm_true);
    glm_assert_value_equal(v, before);
}

static void a_copy_outlives_its_original(void **state)
{
    struct glm_arena *first = glm_arena_create((size_t)1 << 20);
    const struct glm_value *v = glm_with(
        first, glm_test_value(first, "{'a': [1.50, 'text', null, true, {'b': {}}], 'c': []}"), "u",
        &glm_unknown);
    const struct glm_value *copy = glm_copy(*state, glm_positioned(first, v, 7, 8));
    memset((void *)(uintptr_t)glm_at(glm_get(v, "a"), 1)->as.text, 'z', 4);
    glm_arena_destroy(first);
    assert_int_equal(copy->line, 7);
    assert_true(glm_is_unknown(glm_get(copy, "u")));
    glm_assert_value_equal(
        glm_without(*state, copy, "u"),
        glm_test_value(*state, "{'a': [1.5, 'text', null, true, {'b': {}}], 'c': []}"));
    assert_string_equal(glm_at(glm_get(copy, "a"), 0)->as.text, "1.50");
}

static void nulls_of_no_place_are_not_copied(void **state)
{
    const struct glm_value *placed = glm_positioned(*state, &glm_null, 3, 1);
    const struct glm_value *v = glm_with(*state, &glm_empty_map, "placed", placed);
    const struct glm_value *copy = glm_copy(*state, glm_with(*state, v, "nowhere", &glm_null));
    assert_ptr_equal(glm_get(copy, "nowhere"), &glm_null);
    assert_int_equal(glm_get(copy, "placed")->line, 3);
    assert_ptr_not_equal(glm_get(copy, "placed"), placed);
}

static void lists_grow_in_order(void **state)
{
    struct glm_arena *a = *state;
    struct glm_list_builder b;
    glm_list_init(&b, a);
    for (int i = 0; i < 100; i++)
        glm_list_add(&b, glm_integer(a, i));
    const struct glm_value *v = glm_list_finish(&b);
    assert_int_equal(v->len, 100);
    int64_t n = 0;
    for (size_t i = 0; i < 100; i++)
        assert_true(glm_number_int64(glm_at(v, i), &n) && n == (int64_t)i);
    glm_list_init(&b, a);
    glm_assert_value_equal(glm_list_finish(&b), &glm_empty_list);
}

/* What a builder has, kept the slow way. */
struct model {
    const char *keys[400];
    const struct glm_value *values[400];
    size_t len;
};

static size_t model_find(const struct model *m, const char *key)
{
    size_t i = 0;
    while (i < m->len && strcmp(m->keys[i], key) != 0)
        i++;
    return i;
}

static void assert_like(struct glm_arena *arena, struct glm_map_builder *b, const struct model *m)
{
    for (int i = 0; i < 300; i++) {
        const char *key = glm_sprintf(arena, "key-%d", i);
        size_t at = model_find(m, key);
        assert_ptr_equal(glm_map_peek(b, key), at < m->len ? m->values[at] : &glm_null);
    }
}

static void a_large_builder_finds_sets_and_removes_like_a_small_one(void **state)
{
    struct glm_arena *arena = *state;
    struct glm_map_builder b;
    struct model m = {.len = 0};
    uint32_t dice = 1;
    glm_map_init(&b, arena);
    for (int i = 0; i < 20000; i++) {
        dice = dice * 1664525 + 1013904223;
        const char *key = glm_sprintf(arena, "key-%u", (dice >> 16) % 300);
        size_t at = model_find(&m, key);
        /* Long stretches in which more is taken away than is put in, and the other way round. */
        if ((dice >> 8) % 8 < (i / 1000 % 2 ? 6U : 2U)) {
            glm_map_remove(&b, key);
            if (at < m.len) {
                m.len--;
                m.keys[at] = m.keys[m.len];
                m.values[at] = m.values[m.len];
            }
        } else {
            const struct glm_value *v = glm_integer(arena, i);
            if (at == m.len && i % 3 == 0)
                glm_map_append(&b, key, 0, 0, v);
            else
                glm_map_set(&b, key, v);
            m.keys[at] = key;
            m.values[at] = v;
            m.len += at == m.len;
        }
        if (i % 500 == 0)
            assert_like(arena, &b, &m);
    }
    assert_like(arena, &b, &m);
    const struct glm_value *map = glm_map_finish(&b, NULL);
    assert_int_equal(map->len, m.len);
    for (size_t i = 0; i < m.len; i++)
        assert_ptr_equal(glm_get(map, m.keys[i]), m.values[i]);
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, glm_test_arena_setup, glm_test_arena_teardown)
    const struct CMUnitTest tests[] = {
        CASE(get_and_at_answer_null_where_there_is_nothing),
        CASE(every_key_of_a_large_map_is_found),
        CASE(kinds_are_asked_for_never_truthiness),
        CASE(an_unknown_anywhere_makes_the_whole_not_known),
        CASE(numbers_are_equal_by_value),
        CASE(huge_exponents_cost_nothing),
        CASE(int64_takes_exactly_the_integers_that_fit),
        CASE(values_of_different_kind_or_content_differ),
        CASE(depth_has_an_end),
        CASE(a_builder_sets_replaces_removes_and_sorts),
        CASE(building_from_a_map_leaves_it_alone),
        CASE(a_duplicate_is_the_later_one_and_the_first_is_kept),
        CASE(changes_are_copies),
        CASE(a_copy_outlives_its_original),
        CASE(nulls_of_no_place_are_not_copied),
        CASE(lists_grow_in_order),
        CASE(a_large_builder_finds_sets_and_removes_like_a_small_one),
    };
    return cmocka_run_group_tests_name("value", tests, NULL, NULL);
}
