/* SPDX-License-Identifier: Apache-2.0
 *
 * Types: their JSON form there and back, equality, the type of a value.
 */
#include "test.h"

#include "glm/type.h"

#include <stdio.h>
#include <string.h>

static const char *const types[] = {
    "'dynamic'",
    "'bool'",
    "'number'",
    "'string'",
    "['list', 'string']",
    "['set', 'number']",
    "['map', 'dynamic']",
    "['map', ['list', 'string']]",
    "['object', {}]",
    "['object', {'a': 'string', 'b': ['list', 'bool']}]",
    "['object', {'a': 'string', 'c': ['list', 'bool']}]",
    "['object', {'a': 'string'}]",
    "['tuple', []]",
    "['tuple', ['string', ['object', {'x': 'number'}]]]",
    "['tuple', ['string', 'string']]",
};
#define COUNT (sizeof types / sizeof *types)

static const struct glm_type *parse(struct glm_arena *a, const char *text)
{
    const struct glm_type *type = NULL;
    if (!glm_type_from_value(a, glm_test_value(a, text), &type)) {
        fprintf(stderr, "%s\n", text);
        fail();
    }
    return type;
}

static void every_type_goes_to_json_and_back(void **state)
{
    struct glm_arena *a = *state;
    for (size_t i = 0; i < COUNT; i++)
        glm_assert_value_equal(glm_type_to_value(a, parse(a, types[i])),
                               glm_test_value(a, types[i]));
    assert_true(
        glm_type_equal(parse(a, "['map', ['list', 'string']]"), &glm_type_map_of_list_of_string));
    assert_true(
        glm_type_equal(parse(a, "['map', ['map', 'string']]"), &glm_type_map_of_map_of_string));
}

static void types_equal_themselves_only(void **state)
{
    for (size_t i = 0; i < COUNT; i++)
        for (size_t j = 0; j < COUNT; j++)
            if (glm_type_equal(parse(*state, types[i]), parse(*state, types[j])) != (i == j)) {
                fprintf(stderr, "%s and %s\n", types[i], types[j]);
                fail();
            }
}

static void what_is_no_type_is_refused(void **state)
{
    static const char *const wrong[] = {
        "null",
        "1",
        "{}",
        "[]",
        "''",
        "'list'",
        "'object'",
        "'String'",
        "['string']",
        "['list']",
        "['list', 'text']",
        "['list', ['list']]",
        "['object', []]",
        "['object', 'a']",
        "['object', {'a': 'text'}]",
        "['tuple', {}]",
        "['tuple', ['x']]",
        "['bool', 'string']",
        "[['list'], 'string']",
        "['list', null]",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        const struct glm_type *type = &glm_type_bool;
        if (glm_type_from_value(*state, glm_test_value(*state, wrong[i]), &type)) {
            fprintf(stderr, "%s\n", wrong[i]);
            fail();
        }
        assert_ptr_equal(type, &glm_type_bool);
    }
}

static void nesting_has_an_end(void **state)
{
    struct glm_arena *a = *state;
    const struct glm_value *v = glm_string(a, "string");
    const struct glm_type *type = NULL;
    for (int i = 0; i < GLM_VALUE_DEPTH; i++) {
        const struct glm_value *pair[] = {glm_string(a, "list"), v};
        v = glm_list(a, pair, 2);
    }
    assert_true(glm_type_from_value(a, v, &type));
    for (int i = 0; i < 100000; i++) {
        const struct glm_value *pair[] = {glm_string(a, "list"), v};
        v = glm_list(a, pair, 2);
    }
    assert_false(glm_type_from_value(a, v, &type));
}

static void fields_are_found_by_name(void **state)
{
    const struct glm_type *type =
        parse(*state, "['object', {'name': 'string', 'active': 'bool', 'clusters': 'dynamic'}]");
    assert_int_equal(type->len, 3);
    assert_int_equal(glm_type_field(type, "active")->type->kind, GLM_TYPE_BOOL);
    assert_string_equal(glm_type_field(type, "name")->name, "name");
    assert_null(glm_type_field(type, "nam"));
    assert_null(glm_type_field(&glm_type_string, "name"));
}

static void a_value_has_the_type_of_its_literal(void **state)
{
    static const struct {
        const char *value, *type;
    } cases[] = {
        {"null", "'dynamic'"},
        {"true", "'bool'"},
        {"1.5", "'number'"},
        {"''", "'string'"},
        {"[]", "['tuple', []]"},
        {"{}", "['object', {}]"},
        {"[1, 'a', null]", "['tuple', ['number', 'string', 'dynamic']]"},
        {"{'a': [true], 'b': {'c': 1}}",
         "['object', {'a': ['tuple', ['bool']], 'b': ['object', {'c': 'number'}]}]"},
    };
    struct glm_arena *a = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        glm_assert_value_equal(
            glm_type_to_value(a, glm_type_of(a, glm_test_value(a, cases[i].value))),
            glm_test_value(a, cases[i].type));
    assert_ptr_equal(glm_type_of(a, &glm_unknown), &glm_type_dynamic);
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, glm_test_arena_setup, glm_test_arena_teardown)
    const struct CMUnitTest tests[] = {
        CASE(every_type_goes_to_json_and_back), CASE(types_equal_themselves_only),
        CASE(what_is_no_type_is_refused),       CASE(nesting_has_an_end),
        CASE(fields_are_found_by_name),         CASE(a_value_has_the_type_of_its_literal),
    };
    return cmocka_run_group_tests_name("type", tests, NULL, NULL);
}
