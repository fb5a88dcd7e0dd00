/* SPDX-License-Identifier: Apache-2.0
 *
 * The walker, case by case: each folder of tests/golden/spec is one.
 *
 * input.yaml  the document. Its first line may say what it is held against: `# 1.27` is the spec of
 *             that Istio, `# ServiceSpec 1.27` one of its types; else it is the operator's spec
 * diags.txt   every error and warning, expected; empty where the document is right
 *
 * GLM_UPDATE_GOLDEN=1 rewrites what is expected.
 */
#include "test.h"

#include "glm/spec.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#define ROOT "tests/golden/spec"

/* The language and type that the first line names. */
static const struct glm_spec_type *read_head(struct glm_arena *arena, const char *text,
                                             unsigned *ret_minor)
{
    *ret_minor = GLM_SPEC_OPERATOR;
    if (text[0] != '#')
        return glm_spec_root(*ret_minor);
    const char *head = glm_strndup(arena, text + 1, strcspn(text, "\n") - 1);
    const char *version = strstr(head, " 1.");
    if (!version)
        return glm_spec_root(*ret_minor);
    *ret_minor = (unsigned)strtoul(version + 3, NULL, 10);
    head += strspn(head, " ");
    if (head >= version)
        return glm_spec_root(*ret_minor);
    const char *name = glm_strndup(arena, head, (size_t)(version - head));
    const struct glm_spec_type *type = glm_spec_type(name, *ret_minor);
    if (!type)
        fail_msg("there is no type %s", name);
    return type;
}

static void run_case(const char *name)
{
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create((size_t)1 << 30);
    const char *folder = glm_sprintf(arena, ROOT "/%s", name);
    const struct glm_value *v = &glm_null;
    struct glm_spec_report report;
    struct glm_diags d;
    size_t len;
    unsigned minor;
    print_message("          %s\n", name);
    const char *text = glm_test_file(arena, glm_sprintf(arena, "%s/input.yaml", folder), &len);
    const struct glm_spec_type *type = read_head(arena, text, &minor);
    glm_diags_init(&d, arena);
    if (!glm_yaml_decode(arena, text, len, "input.yaml", NULL, &v, &d))
        fail_msg("%s", glm_test_diags_text(arena, &d));
    glm_spec_report_begin(&report, arena, GLM_AT_ATTR(NULL, "spec"), text, len, true, &d);
    if (type != glm_spec_root(minor))
        report.what = glm_sprintf(arena, "the %s", type->name);
    bool right = glm_spec_check(&report, type, minor, v, NULL);
    assert_true(glm_spec_report_end(&report) == right);
    assert_true(right == (d.errors == 0));
    glm_assert_golden(glm_sprintf(arena, "%s/diags.txt", folder), glm_test_diags_text(arena, &d));
}

static void every_golden_case_is_judged_as_recorded(void **state)
{
    glm_test_each_folder(*state, ROOT, run_case);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_golden_case_is_judged_as_recorded,
                                        glm_test_arena_setup, glm_test_arena_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
