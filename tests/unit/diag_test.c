/* SPDX-License-Identifier: Apache-2.0
 *
 * Diagnostics: recorded once, in order, up to a limit; and the text of paths.
 */
#include "test.h"

#include <stdio.h>
#include <string.h>

static void paths_read_as_terraform_writes_them(void **state)
{
    struct glm_arena *a = *state;
    assert_string_equal(glm_path_text(a, NULL), "");
    const struct glm_path *root = GLM_AT_ATTR(NULL, "installations");
    assert_string_equal(glm_path_text(a, root), "installations");
    const struct glm_path *key = GLM_AT_KEY(root, "1-24");
    assert_string_equal(glm_path_text(a, GLM_AT_KEY(GLM_AT_ATTR(key, "clusters"), "east")),
                        "installations[\"1-24\"].clusters[\"east\"]");
    assert_string_equal(
        glm_path_text(a, GLM_AT_ATTR(GLM_AT_INDEX(GLM_AT_ATTR(NULL, "repo_secrets"), 12), "name")),
        "repo_secrets[12].name");
    assert_string_equal(glm_path_text(a, GLM_AT_INDEX(NULL, 0)), "[0]");
    assert_string_equal(glm_path_text(a, GLM_AT_KEY(root, "a\"b\\c\nd.e]")),
                        "installations[\"a\\\"b\\\\c\\nd.e]\"]");
    assert_string_equal(glm_path_text(a, GLM_AT_KEY(root, "")), "installations[\"\"]");
}

static void paths_are_equal_step_by_step(void **state)
{
    struct glm_arena *a = *state;
    const struct glm_path *one = GLM_AT_ATTR(GLM_AT_KEY(GLM_AT_ATTR(NULL, "a"), "k"), "b");
    const struct glm_path *same = GLM_AT_ATTR(GLM_AT_KEY(GLM_AT_ATTR(NULL, "a"), "k"), "b");
    assert_true(glm_path_equal(one, same));
    assert_true(glm_path_equal(one, glm_path_copy(a, one)));
    assert_true(glm_path_equal(NULL, NULL));
    assert_true(glm_path_copy(a, NULL) == NULL);
    assert_false(glm_path_equal(one, NULL));
    assert_false(glm_path_equal(NULL, one));
    assert_false(glm_path_equal(one, one->up));
    assert_false(glm_path_equal(one->up, one));
    assert_false(glm_path_equal(GLM_AT_ATTR(NULL, "a"), GLM_AT_KEY(NULL, "a")));
    assert_false(glm_path_equal(GLM_AT_INDEX(NULL, 1), GLM_AT_INDEX(NULL, 2)));
    assert_true(glm_path_equal(GLM_AT_INDEX(NULL, 1), GLM_AT_INDEX(NULL, 1)));
}

static void errors_and_warnings_are_kept_in_order_with_their_paths(void **state)
{
    struct glm_diags d;
    glm_diags_init(&d, *state);
    char summary[] = "First";
    {
        char name[] = "spec"; /* on the stack: paths are copied */
        assert_false(glm_error(&d, GLM_AT_ATTR(NULL, name), summary, "line %d", 3));
        memset(name, 'x', 4);
        memset(summary, 'x', 5);
    }
    glm_warn(&d, NULL, "Second", "100%%");
    assert_int_equal(d.errors, 1);
    assert_int_equal(d.warnings, 1);
    assert_string_equal(glm_test_diags_text(*state, &d),
                        "error: spec: First: line 3\nwarning: Second: 100%\n");
}

static void an_equal_diagnostic_is_recorded_once(void **state)
{
    struct glm_diags d;
    glm_diags_init(&d, *state);
    for (int i = 0; i < 3; i++) {
        glm_error(&d, GLM_AT_ATTR(NULL, "a"), "S", "D");
        glm_error(&d, GLM_AT_ATTR(NULL, "b"), "S", "D"); /* another path */
        glm_error(&d, GLM_AT_ATTR(NULL, "a"), "T", "D"); /* another summary */
        glm_error(&d, GLM_AT_ATTR(NULL, "a"), "S", "E"); /* another detail */
        glm_error(&d, NULL, "S", "D");                   /* no path */
        glm_warn(&d, GLM_AT_ATTR(NULL, "a"), "S", "D");  /* another severity */
    }
    assert_int_equal(d.errors, 5);
    assert_int_equal(d.warnings, 1);
    assert_string_equal(glm_test_diags_text(*state, &d),
                        "error: a: S: D\nerror: b: S: D\nerror: a: T: D\nerror: a: S: E\n"
                        "error: S: D\nwarning: a: S: D\n");
}

static size_t kept(const struct glm_diags *d)
{
    size_t count = 0;
    for (const struct glm_diag *diag = d->first; diag; diag = diag->next)
        count++;
    return count;
}

static void beyond_the_limit_the_last_line_counts_the_rest(void **state)
{
    struct glm_diags d;
    glm_diags_init(&d, *state);
    for (int i = 0; i < GLM_DIAGS_LIMIT; i++)
        glm_warn(&d, NULL, "Warning", "number %d", i);
    assert_int_equal(kept(&d), GLM_DIAGS_LIMIT);
    assert_string_equal(d.last->detail, "number 199");
    glm_warn(&d, NULL, "Warning", "number 200");
    assert_int_equal(kept(&d), GLM_DIAGS_LIMIT);
    assert_int_equal(d.last->severity, GLM_WARNING);
    assert_string_equal(d.last->summary, "Too many problems to list");
    assert_non_null(strstr(d.last->detail, "At least 2 more were found")); /* 199 and 200 */
    assert_int_equal(d.warnings, 201);
    /* An error that is not listed still makes the whole an error, and is counted. */
    glm_error(&d, NULL, "Error", "number 201");
    assert_int_equal(kept(&d), GLM_DIAGS_LIMIT);
    assert_int_equal(d.last->severity, GLM_ERROR);
    assert_non_null(strstr(d.last->detail, "At least 3 more were found"));
    assert_int_equal(d.errors, 1);
    /* What is listed is still recorded once. */
    glm_warn(&d, NULL, "Warning", "number 5");
    assert_int_equal(d.warnings, 201);
}

static void appending_copies_texts_and_puts_paths_under_the_base(void **state)
{
    struct glm_diags d;
    glm_diags_init(&d, *state);
    glm_error(&d, GLM_AT_ATTR(NULL, "here"), "S", "D");
    {
        struct glm_arena *GLM_AUTO_ARENA other = glm_arena_create((size_t)1 << 20);
        struct glm_diags from;
        glm_diags_init(&from, other);
        glm_warn(&from, GLM_AT_KEY(GLM_AT_ATTR(NULL, "clusters"), "east"), "W", "%s", "text");
        glm_error(&from, NULL, "E", "D");
        glm_error(&from, NULL, "S", "D");
        glm_diags_append(&d, GLM_AT_ATTR(NULL, "here"), &from);
        glm_diags_append(&d, NULL, &from);
        glm_diags_append(&d, NULL, &from);
    }
    assert_string_equal(glm_test_diags_text(*state, &d),
                        "error: here: S: D\n"
                        "warning: here.clusters[\"east\"]: W: text\n"
                        "error: here: E: D\n" /* the third one is the first */
                        "warning: clusters[\"east\"]: W: text\n"
                        "error: E: D\n"
                        "error: S: D\n");
    assert_int_equal(d.errors, 4);
    assert_int_equal(d.warnings, 2);
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, glm_test_arena_setup, glm_test_arena_teardown)
    const struct CMUnitTest tests[] = {
        CASE(paths_read_as_terraform_writes_them),
        CASE(paths_are_equal_step_by_step),
        CASE(errors_and_warnings_are_kept_in_order_with_their_paths),
        CASE(an_equal_diagnostic_is_recorded_once),
        CASE(beyond_the_limit_the_last_line_counts_the_rest),
        CASE(appending_copies_texts_and_puts_paths_under_the_base),
    };
    return cmocka_run_group_tests_name("diag", tests, NULL, NULL);
}
