/* SPDX-License-Identifier: Apache-2.0
 *
 * Directories that may hang: what the process that looks into one tells (what processes are: away_test.c).
 * Real ones that hang are in tests/terraform/test_hung_directory.py.
 */
#include "../../src/directory/internal.h"
#include "glm/codec.h"
#include "test.h"

#include <string.h>

/* ---- what it tells ---- */

static const struct glm_value *decoded(struct glm_arena *a, const char *text)
{
    const struct glm_value *v;
    struct glm_diags d;
    glm_diags_init(&d, a);
    assert_true(glm_yaml_decode(a, text, strlen(text), "text", NULL, &v, &d));
    return v;
}

static void what_has_come_of_a_job_is_told_whole(void **state)
{
    struct glm_arena *a = *state;
    struct glm_list_builder list;
    struct glm_diags said, heard;
    size_t len;
    bool ok = false;
    glm_diags_init(&said, a);
    glm_diags_init(&heard, a);
    glm_warn_shared(&said, NULL, "Warning", "One\nTwo");
    glm_error(&said, NULL, "Error", "Three");
    glm_list_init(&list, a);
    glm_list_add(&list,
                 decoded(a, "{a: 1.50, b: 123456789012345678901234567890, c: [null, true]}"));
    glm_list_add(&list, decoded(a, "{d: \"x\\ny\\u2028\\U0001F600\"}"));
    struct directory_job job = {.verb = DIRECTORY_ALL, .key = "8:1/", .written = GLM_WRITE_STALE};
    job.read = (struct glm_read){GLM_FOUND, glm_list_finish(&list), "because"};
    const char *text = directory_answer_text(a, &job, true, &said, &len);
    struct directory_job back = {.verb = DIRECTORY_ALL};
    assert_true(directory_answer_take(a, text, len, &back, &ok, &heard));
    assert_true(ok);
    assert_true(glm_equal(back.read.object, job.read.object));
    assert_string_equal(glm_json_text(a, back.read.object), glm_json_text(a, job.read.object));
    assert_int_equal(back.read.found, GLM_FOUND);
    assert_string_equal(back.read.why, "because");
    assert_string_equal(back.key, "8:1/");
    assert_int_equal(back.written, GLM_WRITE_STALE);
    assert_int_equal(heard.warnings, 1);
    assert_int_equal(heard.errors, 1);
    assert_true(heard.first->shared);
    assert_string_equal(heard.first->detail, "One\nTwo");
    /* Half of it is nothing: whoever said it was killed. */
    for (size_t i = 0; i < len; i++)
        assert_false(directory_answer_take(a, text, i, &back, &ok, &heard));
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, glm_test_arena_setup, glm_test_arena_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(what_has_come_of_a_job_is_told_whole),
    };
    return cmocka_run_group_tests_name("directories that may hang", tests, NULL, NULL);
}
