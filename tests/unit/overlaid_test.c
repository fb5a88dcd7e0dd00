/* SPDX-License-Identifier: Apache-2.0
 *
 * What is one cluster's own, on another common object: each folder of tests/golden/overlaid is a case.
 *
 * onto.yaml, common.yaml, whole.yaml  as glm_overlaid takes them
 * result.yaml                         expected
 *
 * GLM_UPDATE_GOLDEN=1 rewrites what is expected. What holds for all of them holds for those of
 * tests/golden/differences too.
 */
#include "glm/difference.h"
#include "mesh_case.h"
#include "test.h"

#include "glm/text.h"

#define ROOT "tests/golden/overlaid"
#define OTHERS "tests/golden/differences"

static const struct glm_value *part(struct glm_arena *arena, const char *root, const char *name,
                                    const char *file)
{
    return glm_case_yaml(arena, glm_sprintf(arena, "%s/%s/%s.yaml", root, name, file));
}

/* Of common it makes whole; where nothing is own, nothing changes. */
static void holds(struct glm_arena *arena, const struct glm_value *onto,
                  const struct glm_value *common, const struct glm_value *whole)
{
    const struct glm_value *same = glm_copy(arena, common);
    glm_assert_value_equal(glm_overlaid(arena, same, common, whole), whole);
    assert_ptr_equal(glm_overlaid(arena, onto, glm_with(arena, same, "another", &glm_true),
                                  glm_with(arena, common, "another", &glm_true)),
                     onto);
}

static void run_case(const char *name)
{
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create((size_t)1 << 30);
    const struct glm_value *onto = part(arena, ROOT, name, "onto"),
                           *common = part(arena, ROOT, name, "common"),
                           *whole = part(arena, ROOT, name, "whole");
    struct glm_text text;
    print_message("          %s\n", name);
    glm_text_init(&text, arena, (size_t)1 << 20);
    glm_yaml_encode(glm_overlaid(arena, onto, common, whole), &text);
    glm_assert_golden(glm_sprintf(arena, ROOT "/%s/result.yaml", name), text.data);
    holds(arena, onto, common, whole);
}

static void every_golden_case_is_overlaid_as_recorded(void **state)
{
    glm_test_each_folder(*state, ROOT, run_case);
}

static void run_difference(const char *name)
{
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create((size_t)1 << 30);
    const struct glm_value *common = part(arena, OTHERS, name, "common"),
                           *is = part(arena, OTHERS, name, "is");
    holds(arena, common, common, is);
    holds(arena, is, is, common);
    /* Another field of the manifest leaves what is own what it is. */
    const struct glm_value *later = glm_with(arena, common, "later", &glm_true);
    const struct glm_value *lines = glm_differences(arena, common, is, NULL);
    const struct glm_value *now = glm_overlaid(arena, later, common, is);
    glm_assert_value_equal(glm_differences(arena, later, now, NULL), lines);
}

static void what_is_own_stays_what_it_is(void **state)
{
    glm_test_each_folder(*state, OTHERS, run_difference);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, glm_test_arena_setup, glm_test_arena_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_golden_case_is_overlaid_as_recorded),
        TEST(what_is_own_stays_what_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
