/* SPDX-License-Identifier: Apache-2.0
 *
 * The list of installers: what a row must have, who is found in it, and which kinds there are.
 */
#include "test.h"

#include "glm/installer_operator.h"

static const struct glm_object_kind config_map = {.api_version = "v1",
                                                  .name = "ConfigMap",
                                                  .plural = "configmaps",
                                                  .namespaced = true,
                                                  .order = 2};
static const struct glm_installer_kind kinds[] = {
    {.kind = &config_map, .role = GLM_ROLE_WORKLOAD, .find = true}, {.kind = NULL}};

/* The operator's row under another name and with a kind of its own. */
static struct glm_installer other_row(void)
{
    struct glm_installer row = glm_installer_operator;
    row.name = "config_map";
    row.kinds = kinds;
    return row;
}

static bool check(struct glm_arena *arena, const struct glm_installer *row, struct glm_diags *d)
{
    const struct glm_installer *const all[] = {&glm_installer_operator, row, NULL};
    glm_diags_init(d, arena);
    return glm_installers_check(all, d);
}

static void the_installers_of_tests_are_complete(void **state)
{
    struct glm_diags d;
    glm_diags_init(&d, *state);
    assert_true(glm_installers_check(glm_test_installers(), &d));
    assert_int_equal(d.errors, 0);
}

static void a_row_that_lacks_something_is_named(void **state)
{
    struct glm_arena *arena = *state;
    struct glm_diags d;
    struct glm_installer row = other_row();
    assert_true(check(arena, &row, &d));

    row.what = NULL;
    row.forms = NULL;
    assert_false(check(arena, &row, &d));
    glm_assert_error(&d, "", "\"config_map\" does not say what it writes");
    glm_assert_error(&d, "", "\"config_map\" takes no form");

    row = other_row();
    row.judge = NULL;
    assert_false(check(arena, &row, &d));
    glm_assert_error(&d, "", "\"config_map\" tells no state");

    row = other_row();
    row.rival_why = "Two must not.";
    row.rivals = NULL;
    assert_false(check(arena, &row, &d));
    glm_assert_error(&d, "", "only a part of rivals, rival_why and makes");

    row = other_row();
    row.name = "istio_operator";
    assert_false(check(arena, &row, &d));
    glm_assert_error(&d, "", "\"istio_operator\" is there twice");
}

static void a_kind_is_there_once_and_can_be_written_and_removed(void **state)
{
    static const struct glm_installer_kind wrong[] = {
        {.kind = &config_map, .role = GLM_ROLE_WORKLOAD},
        {.kind = &config_map, .role = GLM_ROLE_TRAFFIC},
        {.kind = GLM_KIND_POD, .role = GLM_ROLE_WORKLOAD},
        {.kind = GLM_KIND_NAMESPACE, .role = GLM_ROLE_ACCESS},
        {.kind = NULL}};
    struct glm_diags d;
    struct glm_installer row = other_row();
    row.kinds = wrong;
    assert_false(check(*state, &row, &d));
    glm_assert_error(&d, "", "has a kind twice");
    glm_assert_error(&d, "", "only looked at");
    glm_assert_error(&d, "", "Namespaces");
}

static void two_kinds_of_one_name_are_refused(void **state)
{
    static const struct glm_object_kind service = {.name = "Service", .order = 9};
    static const struct glm_installer_kind own[] = {{.kind = &service, .role = GLM_ROLE_TRAFFIC},
                                                    {.kind = NULL}};
    struct glm_installer first = other_row(), second = other_row();
    struct glm_object_kind copy = config_map;
    const struct glm_installer_kind copies[] = {{.kind = &copy, .role = GLM_ROLE_WORKLOAD},
                                                {.kind = NULL}};
    const struct glm_installer *const both[] = {&first, &second, NULL};
    struct glm_diags d;
    first.kinds = own;
    assert_false(check(*state, &first, &d));
    glm_assert_error(&d, "", "\"config_map\" has a kind of its own with the name of another");
    first = other_row();
    second.name = "other";
    glm_diags_init(&d, *state);
    assert_true(glm_installers_check(both, &d)); /* they share a row */
    second.kinds = copies;
    assert_false(glm_installers_check(both, &d));
    glm_assert_error(&d, "", "\"other\" has a kind of its own with the name of another");
}

static void installers_and_their_kinds_are_found_by_name(void **state)
{
    const struct glm_installer row = other_row();
    const struct glm_installer *const all[] = {&glm_installer_operator, &row, NULL};
    assert_ptr_equal(glm_installer_find(all, NULL), &glm_installer_operator);
    assert_ptr_equal(glm_installer_find(all, "config_map"), &row);
    assert_null(glm_installer_find(all, "gloo"));
    assert_string_equal(glm_installer_names(*state, all), "\"istio_operator\" or \"config_map\"");
    assert_string_equal(glm_installer_finds(*state, all), "IstioOperator or ConfigMap");
    assert_string_equal(glm_installer_plurals(*state, &row), "configmaps");
    assert_string_equal(glm_installer_plurals(*state, all[0]), "istiooperators,services");
    assert_ptr_equal(glm_installer_kind_find(all, "ConfigMap"), &config_map);
    assert_ptr_equal(glm_installer_kind_find(all, "Namespace"), GLM_KIND_NAMESPACE);
    assert_null(glm_installer_kind_find(all, "Secret"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_installers_of_tests_are_complete),
        cmocka_unit_test(a_row_that_lacks_something_is_named),
        cmocka_unit_test(a_kind_is_there_once_and_can_be_written_and_removed),
        cmocka_unit_test(two_kinds_of_one_name_are_refused),
        cmocka_unit_test(installers_and_their_kinds_are_found_by_name),
    };
    return cmocka_run_group_tests(tests, glm_test_arena_setup, glm_test_arena_teardown);
}
