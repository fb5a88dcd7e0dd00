/* SPDX-License-Identifier: Apache-2.0
 *
 * What Kubernetes refuses is refused here, and nothing else: tests/golden/kubernetes/answers.json
 * has a real API server's answer to each value; tests/cluster/test_answers.py asks it again.
 */
#include "test.h"

#include "glm/spec.h"

#include <string.h>

#define ANSWERS "tests/golden/kubernetes/answers.json"

static void every_answer_of_an_api_server_is_ours_too(void **state)
{
    struct glm_arena *arena = *state;
    const struct glm_value *answers = NULL;
    struct glm_diags d;
    size_t len, wrong = 0;
    const char *text = glm_test_file(arena, ANSWERS, &len);
    glm_diags_init(&d, arena);
    if (!glm_json_decode(arena, text, len, ANSWERS, NULL, &answers, &d))
        fail_msg("%s", glm_test_diags_text(arena, &d));
    assert_true(answers->len > 200);
    for (size_t i = 0; i < answers->len; i++) {
        const struct glm_value *answer = glm_at(answers, i);
        const char *name = glm_string_or(glm_get(answer, "type"), "");
        const struct glm_spec_type *type = glm_spec_type(name, GLM_SPEC_NEWEST);
        struct glm_spec_report report;
        glm_diags_init(&d, arena);
        glm_spec_report_begin(&report, arena, NULL, NULL, 0, true, &d);
        assert_non_null(type);
        bool right = glm_spec_check(&report, type, GLM_SPEC_NEWEST, glm_get(answer, "value"), NULL);
        glm_spec_report_end(&report);
        if (right != glm_is_true(glm_get(answer, "refused")))
            continue;
        print_message("          %s, %s: %s\n%s", name, glm_string_or(glm_get(answer, "name"), ""),
                      right ? "the API server refuses it" : "the API server takes it",
                      glm_test_diags_text(arena, &d));
        wrong++;
    }
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_answer_of_an_api_server_is_ours_too,
                                        glm_test_arena_setup, glm_test_arena_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
