/* SPDX-License-Identifier: Apache-2.0
 *
 * Wire: values and diagnostics between protobuf messages and the provider.
 */
#include "test.h"

#include "../../provider/wire.h"

#include <string.h>

static struct glm_call *new_call(struct glm_arena *arena)
{
    struct glm_call *call = GLM_NEW(arena, struct glm_call);
    call->arena = arena;
    glm_diags_init(&call->diags, arena);
    return call;
}

static Tfplugin6__DynamicValue *json(struct glm_arena *arena, const char *text)
{
    Tfplugin6__DynamicValue *message =
        GLM_MESSAGE(arena, Tfplugin6__DynamicValue, tfplugin6__dynamic_value);
    message->json = glm_wire_bytes((struct glm_bytes){.data = text, .len = strlen(text)});
    return message;
}

static const struct glm_field fields[] = {
    {"count", &glm_type_number},
    {"name", &glm_type_string},
};
static const struct glm_type object = {.kind = GLM_TYPE_OBJECT, .fields = fields, .len = 2};

static void absent_and_empty_messages_are_null(void **state)
{
    struct glm_call *call = new_call(*state);
    const struct glm_value *v = NULL;
    assert_true(glm_wire_decode(call, NULL, &object, &v));
    assert_true(glm_is_null(v));
    assert_true(glm_wire_decode(call, json(*state, ""), &object, &v));
    assert_true(glm_is_null(v));
}

static void json_is_completed_and_checked_by_the_type(void **state)
{
    struct glm_call *call = new_call(*state);
    const struct glm_value *v = NULL;
    assert_true(glm_wire_decode(call, json(*state, "{\"name\":\"x\"}"), &object, &v));
    glm_assert_value_equal(v, glm_test_value(*state, "{'name': 'x', 'count': null}"));
    assert_false(glm_wire_decode(call, json(*state, "{\"name\":[]}"), &object, &v));
    assert_false(glm_wire_decode(call, json(*state, "{"), &object, &v));
    assert_int_equal(call->diags.errors, 2);
}

static void values_come_back_as_they_went(void **state)
{
    struct glm_call *call = new_call(*state);
    const struct glm_value *v =
        glm_test_value(*state, "{'name': 'x', 'count': 3.14159265358979323846264338327950288}");
    const struct glm_value *back = NULL;
    assert_true(glm_wire_decode(call, glm_wire_encode(call, &object, v), &object, &back));
    glm_assert_value_equal(back, v);
    assert_true(
        glm_wire_decode(call, glm_wire_encode(call, &object, &glm_unknown), &object, &back));
    assert_true(glm_is_unknown(back));
}

static void no_value_is_no_message(void **state)
{
    struct glm_call *call = new_call(*state);
    assert_null(glm_wire_encode(call, &object, NULL));
    assert_int_equal(call->diags.errors, 0);
}

static void a_value_of_another_type_is_an_error_and_no_message(void **state)
{
    struct glm_call *call = new_call(*state);
    assert_null(glm_wire_encode(call, &object, glm_string(*state, "no object")));
    assert_int_equal(call->diags.errors, 1);
}

static void no_diagnostics_are_no_messages(void **state)
{
    Tfplugin6__Diagnostic **messages;
    assert_int_equal(glm_wire_diags(new_call(*state), &messages), 0);
    assert_null(messages);
}

static void diagnostics_keep_their_order_and_severity(void **state)
{
    struct glm_call *call = new_call(*state);
    Tfplugin6__Diagnostic **messages;
    glm_warn(&call->diags, NULL, "First", "One.");
    glm_error(&call->diags, GLM_AT_ATTR(NULL, "name"), "Second", "%s", "");
    assert_int_equal(glm_wire_diags(call, &messages), 2);
    assert_int_equal(messages[0]->severity, TFPLUGIN6__DIAGNOSTIC__SEVERITY__WARNING);
    assert_string_equal(messages[0]->summary, "First");
    assert_null(messages[0]->attribute);
    assert_int_equal(messages[1]->severity, TFPLUGIN6__DIAGNOSTIC__SEVERITY__ERROR);
    assert_string_equal(messages[1]->detail, "");
    assert_string_equal(messages[1]->attribute->steps[0]->attribute_name, "name");
}

static void a_path_of_four_steps_is_cut_after_the_key(void **state)
{
    struct glm_call *call = new_call(*state);
    Tfplugin6__Diagnostic **messages;
    const struct glm_path *at = glm_path_copy(
        *state,
        GLM_AT_KEY(GLM_AT_ATTR(GLM_AT_KEY(GLM_AT_ATTR(NULL, "installations"), "1-24"), "clusters"),
                   "east"));
    glm_error(&call->diags, at, "Refused", "By east.");
    assert_int_equal(glm_wire_diags(call, &messages), 1);
    assert_int_equal(messages[0]->attribute->n_steps, 2);
    assert_string_equal(messages[0]->attribute->steps[1]->element_key_string, "1-24");
    assert_string_equal(messages[0]->detail,
                        "At installations[\"1-24\"].clusters[\"east\"]: By east.");
}

/* Terraform prints the whole expression before the words: of 200 clusters that is a book. */
static void an_attribute_of_more_than_a_screen_is_not_quoted(void **state)
{
    for (size_t clusters = 3; clusters <= 200; clusters += 197) {
        struct glm_call *call = new_call(*state);
        Tfplugin6__Diagnostic **messages;
        struct glm_map_builder b;
        glm_map_init(&b, *state);
        for (size_t i = 0; i < clusters; i++)
            glm_map_set(&b, glm_sprintf(*state, "c%zu", i), glm_test_value(*state, "{'a': true}"));
        call->config = glm_with_path(*state, &glm_empty_map, glm_map_finish(&b, NULL),
                                     "installations", "1-24", "clusters", NULL);
        glm_error(&call->diags, GLM_AT_ATTR(NULL, "installations"), "Refused", "By east.");
        glm_error(&call->diags, GLM_AT_KEY(GLM_AT_ATTR(NULL, "installations"), "1-24"), "Refused",
                  "By west.");
        assert_int_equal(glm_wire_diags(call, &messages), 2);
        assert_int_equal(messages[0]->attribute != NULL, clusters == 3);
        assert_string_equal(messages[0]->detail, "By east.");
        assert_int_equal(messages[1]->attribute->n_steps, 2);
    }
}

/* Terraform crashes on such a path when a key is written without quotes, and both look alike. */
static void a_path_to_a_key_beside_numbers_ends_at_the_attribute(void **state)
{
    static const struct {
        const char *config;
        size_t steps;
    } cases[] = {
        {"{'items': {'a': 1, '1-24': 1, '1.x': 1, '-': 1, '1.': 1, '': 1}}", 2},
        {"{'items': {'a': 1, '24': 1}}", 1},
        {"{'items': {'-23': 1, 'a': 1}}", 1},
        {"{'items': {'1.24': 1}}", 1},
        {"{'items': null}", 2},
        {"{}", 2},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct glm_call *call = new_call(*state);
        Tfplugin6__Diagnostic **messages;
        call->config = glm_test_value(*state, cases[i].config);
        glm_error(&call->diags, GLM_AT_KEY(GLM_AT_ATTR(NULL, "items"), "a"), "Refused", "No.");
        glm_wire_diags(call, &messages);
        assert_int_equal(messages[0]->attribute->n_steps, cases[i].steps);
        assert_string_equal(messages[0]->detail, "At items[\"a\"]: No.");
    }
}

static void a_path_that_starts_at_no_attribute_is_told_in_the_text_only(void **state)
{
    struct glm_call *call = new_call(*state);
    Tfplugin6__Diagnostic **messages;
    glm_error(&call->diags, GLM_AT_INDEX(NULL, 1), "Refused", "No.");
    assert_int_equal(glm_wire_diags(call, &messages), 1);
    assert_null(messages[0]->attribute);
    assert_string_equal(messages[0]->detail, "At [1]: No.");
}

static void a_key_that_cannot_be_shown_is_written_out_and_its_path_ends_before(void **state)
{
    struct glm_call *call = new_call(*state);
    Tfplugin6__Diagnostic **messages;
    glm_error(&call->diags, GLM_AT_KEY(GLM_AT_ATTR(NULL, "items"), "a\xff"), "Refused", "No.");
    glm_wire_diags(call, &messages);
    assert_int_equal(messages[0]->attribute->n_steps, 1);
    assert_string_equal(messages[0]->detail, "At items[\"a\\xff\"]: No.");
}

static void a_huge_key_comes_back_cut(void **state)
{
    struct glm_call *call = new_call(*state);
    size_t len = (size_t)3 << 20;
    char *key = glm_alloc(call->arena, len + 1);
    memset(key, 'k', len);
    const struct glm_path *at = GLM_AT_KEY(GLM_AT_ATTR(NULL, "items"), key);
    Tfplugin6__Diagnostic **messages;
    call->config = glm_with(call->arena, &glm_empty_map, "items",
                            glm_with(call->arena, &glm_empty_map, key, &glm_null));
    size_t before = glm_arena_used(call->arena);
    for (int i = 0; i < 100; i++)
        glm_error(&call->diags, GLM_AT_INDEX(at, (size_t)i), key, "\"%s\" and %s", key, key);
    assert_int_equal(glm_wire_diags(call, &messages), 100);
    assert_true(glm_arena_used(call->arena) - before < 100 * ((size_t)1 << 20));
    assert_int_equal(messages[0]->attribute->n_steps, 1);
    assert_true(strlen(messages[0]->summary) <= 600);
    assert_true(strlen(messages[0]->detail) <= (size_t)64 << 10);
    assert_non_null(strstr(messages[0]->detail, " bytes more]\"]"));
}

static void warnings_are_no_function_error(void **state)
{
    struct glm_call *call = new_call(*state);
    glm_warn(&call->diags, NULL, "Careful", "It may.");
    assert_null(glm_wire_function_error(call));
    glm_error(&call->diags, NULL, "Refused", "%s", "");
    assert_string_equal(glm_wire_function_error(call)->text, "Refused");
}

#define TEST(name_)                                                                                \
    cmocka_unit_test_setup_teardown(name_, glm_test_arena_setup, glm_test_arena_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(absent_and_empty_messages_are_null),
        TEST(json_is_completed_and_checked_by_the_type),
        TEST(values_come_back_as_they_went),
        TEST(no_value_is_no_message),
        TEST(a_value_of_another_type_is_an_error_and_no_message),
        TEST(no_diagnostics_are_no_messages),
        TEST(diagnostics_keep_their_order_and_severity),
        TEST(a_path_of_four_steps_is_cut_after_the_key),
        TEST(an_attribute_of_more_than_a_screen_is_not_quoted),
        TEST(a_path_to_a_key_beside_numbers_ends_at_the_attribute),
        TEST(a_path_that_starts_at_no_attribute_is_told_in_the_text_only),
        TEST(a_key_that_cannot_be_shown_is_written_out_and_its_path_ends_before),
        TEST(a_huge_key_comes_back_cut),
        TEST(warnings_are_no_function_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
