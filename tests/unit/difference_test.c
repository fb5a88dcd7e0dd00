/* SPDX-License-Identifier: Apache-2.0
 *
 * Where objects differ, a line for each field: each folder of tests/golden/differences is a case.
 *
 * common.yaml, is.yaml, should.yaml  as glm_differences takes them; should.yaml is optional
 * lines.txt                          PATH = TEXT, expected
 *
 * GLM_UPDATE_GOLDEN=1 rewrites what is expected. Its form is in every state: it does not change.
 */
#include "glm/difference.h"
#include "mesh_case.h"
#include "test.h"

#include "glm/text.h"

#include <string.h>
#include <unistd.h>

#define ROOT "tests/golden/differences"

static const struct glm_value *v(struct glm_arena *arena, const char *json)
{
    return glm_test_value(arena, json);
}

static const char *lines(struct glm_arena *arena, const struct glm_value *differences)
{
    struct glm_text text;
    glm_text_init(&text, arena, (size_t)1 << 24);
    assert_true(glm_is_map(differences));
    for (size_t i = 0; i < differences->len; i++)
        glm_text_addf(&text, "%s = %s\n", differences->as.map[i].key,
                      differences->as.map[i].value->as.text);
    return text.data;
}

/* The lines of two or three documents in JSON with single quotes. */
static const char *between(struct glm_arena *arena, const char *common, const char *is,
                           const char *should)
{
    return lines(arena, glm_differences(arena, v(arena, common), v(arena, is),
                                        should ? v(arena, should) : NULL));
}

/* The list has the same lines, and those that there is no room for. */
static void check_list(struct glm_arena *arena, const struct glm_value *common,
                       const struct glm_value *is, const struct glm_value *should)
{
    const struct glm_difference *list;
    const struct glm_value *map = glm_differences(arena, common, is, should);
    size_t more = 0, count = glm_difference_list(arena, common, is, should, &list);
    for (size_t i = 0; i < count; i++) {
        assert_true((list[i].path != NULL) == (list[i].text != NULL));
        more += list[i].path == NULL;
        if (list[i].path)
            assert_string_equal(glm_string_or(glm_get(map, list[i].path), ""), list[i].text);
    }
    assert_int_equal(count - more, map->len - glm_has(map, "..."));
    assert_int_equal(more > 0, glm_has(map, "..."));
}

static void run_case(const char *name)
{
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create((size_t)1 << 30);
    const char *folder = glm_sprintf(arena, ROOT "/%s", name);
    const struct glm_value *common =
        glm_case_yaml(arena, glm_sprintf(arena, "%s/common.yaml", folder));
    const struct glm_value *is = glm_case_yaml(arena, glm_sprintf(arena, "%s/is.yaml", folder));
    const char *file = glm_sprintf(arena, "%s/should.yaml", folder);
    const struct glm_value *should = access(file, F_OK) == 0 ? glm_case_yaml(arena, file) : NULL;
    print_message("          %s\n", name);
    const char *found = lines(arena, glm_differences(arena, common, is, should));
    glm_assert_golden(glm_sprintf(arena, "%s/lines.txt", folder), found);
    assert_string_equal(lines(arena, glm_differences(arena, common, is, should)), found);
    if (!should)
        assert_string_equal(lines(arena, glm_differences(arena, common, is, is)), found);
    check_list(arena, common, is, should);
    assert_string_equal(lines(arena, glm_differences(arena, is, glm_copy(arena, is), NULL)), "");
}

static void every_golden_case_differs_as_recorded(void **state)
{
    glm_test_each_folder(*state, ROOT, run_case);
}

static void a_list_has_the_places_in_what_is_there(void **state)
{
    struct glm_arena *arena = *state;
    const struct glm_value *is = v(arena, "{'a': 1, 'b': {'c': 2}, 'd': [{'name': 'x', 'y': 3}]}");
    const struct glm_value *common =
        v(arena, "{'a': 1, 'b': {'c': 1, 'e': 4}, 'd': [{'name': 'x', 'y': 1}]}");
    const struct glm_difference *list;
    assert_int_equal(glm_difference_list(arena, common, is, common, &list), 3);
    assert_string_equal(list[0].path, "b.c");
    assert_ptr_equal(list[0].is, glm_get_path(is, "b", "c", NULL));
    assert_string_equal(list[1].path, "b.e");
    assert_true(glm_is_null(list[1].is));
    assert_string_equal(list[2].path, "d[x].y");
    assert_ptr_equal(list[2].is, glm_get(glm_at(glm_get(is, "d"), 0), "y"));
    assert_int_equal(glm_difference_list(arena, &glm_unknown, is, common, &list), 0);
}

static void what_is_not_known_makes_all_unknown(void **state)
{
    struct glm_arena *arena = *state;
    const struct glm_value *known = v(arena, "{'spec': {'a': 1, 'b': 2}}");
    const struct glm_value *not = glm_with_path(arena, known, &glm_unknown, "spec", "b", NULL);
    assert_ptr_equal(glm_differences(arena, not, known, NULL), &glm_unknown);
    assert_ptr_equal(glm_differences(arena, known, not, NULL), &glm_unknown);
    assert_ptr_equal(glm_differences(arena, known, known, not ), &glm_unknown);
    assert_ptr_equal(glm_differences(arena, not, not, not ), &glm_unknown);
    assert_ptr_equal(glm_differences(arena, known, &glm_unknown, NULL), &glm_unknown);
}

static void an_object_that_is_not_there_is_one_line(void **state)
{
    assert_string_equal(between(*state, "{'a': {'b': 1}}", "null", "{'a': {'b': 1}}"),
                        ". = missing (should be {a: {b: 1}})\n");
    assert_string_equal(between(*state, "null", "{'a': {'b': 1}}", NULL), "a.b = 1\n");
    assert_string_equal(between(*state, "null", "null", NULL), "");
}

static void texts_that_are_cut_differ_where_their_values_do(void **state)
{
    struct glm_arena *arena = *state;
    char *text = glm_alloc(arena, 1001);
    memset(text, 'x', 1000);
    const struct glm_value *one =
        glm_with(arena, &glm_empty_map, "a", glm_stringn(arena, text, 1000));
    text[900] = 'y';
    const struct glm_value *other =
        glm_with(arena, &glm_empty_map, "a", glm_stringn(arena, text, 1000));
    const char *first = lines(arena, glm_differences(arena, &glm_empty_map, one, NULL));
    const char *second = lines(arena, glm_differences(arena, &glm_empty_map, other, NULL));
    assert_int_equal(strlen(first), strlen(second));
    assert_string_not_equal(first, second);
    assert_non_null(strstr(first, "bytes more] (checksum "));
}

static void fields_whose_paths_read_alike_are_counted(void **state)
{
    struct glm_arena *arena = *state;
    static const char both[] = "{'a\\u202eb': %d, 'a\\\\u202eb': %d, 'c': %d}";
    assert_string_equal(
        between(arena, glm_sprintf(arena, both, 1, 1, 1), glm_sprintf(arena, both, 2, 2, 2), NULL),
        "... = 1 more field differs\n['a\\u202eb'] = 2\nc = 2\n");
}

static void a_path_that_is_too_long_is_counted(void **state)
{
    struct glm_arena *arena = *state;
    char *key = glm_alloc(arena, 300);
    const struct glm_value *deep = &glm_true, *deeper;
    memset(key, 'k', 299);
    for (size_t i = 0; i < 13; i++)
        deep = glm_with(arena, &glm_empty_map, key, deep);
    deeper = glm_with(arena, &glm_empty_map, key, deep);
    const struct glm_value *found = glm_differences(arena, &glm_empty_map, deep, NULL);
    assert_int_equal(found->len, 1);
    assert_int_equal(strlen(found->as.map[0].key), 13 * 300 - 1);
    found = glm_differences(arena, &glm_empty_map, deeper, NULL);
    assert_string_equal(lines(arena, found), "... = 1 more field differs\n");
}

static void the_deepest_values_are_gone_into(void **state)
{
    struct glm_arena *arena = *state;
    const struct glm_value *common = &glm_false, *is = &glm_true;
    for (size_t i = 0; i < GLM_VALUE_DEPTH; i++) {
        common = i % 2 ? glm_list(arena, &common, 1) : glm_with(arena, &glm_empty_map, "k", common);
        is = i % 2 ? glm_list(arena, &is, 1) : glm_with(arena, &glm_empty_map, "k", is);
    }
    const char *found = lines(arena, glm_differences(arena, common, is, common));
    assert_non_null(strstr(found, "[0].k[0].k[0].k = true (should be false)\n"));
    /* And ends where no codec lets anything in. */
    for (size_t i = 0; i < GLM_VALUE_DEPTH; i++) {
        common = glm_list(arena, &common, 1);
        is = glm_list(arena, &is, 1);
    }
    assert_true(glm_is_map(glm_differences(arena, common, is, common)));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, glm_test_arena_setup, glm_test_arena_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_golden_case_differs_as_recorded),
        TEST(a_list_has_the_places_in_what_is_there),
        TEST(what_is_not_known_makes_all_unknown),
        TEST(an_object_that_is_not_there_is_one_line),
        TEST(texts_that_are_cut_differ_where_their_values_do),
        TEST(fields_whose_paths_read_alike_are_counted),
        TEST(a_path_that_is_too_long_is_counted),
        TEST(the_deepest_values_are_gone_into),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
