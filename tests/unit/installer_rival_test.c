/* SPDX-License-Identifier: Apache-2.0
 *
 * A rival is a rival, however long the name of what both make.
 */
#include "broken_case.h"

#define LONG ((size_t)2 << 20)

/* What every object makes, with the name of one. */
static size_t makes_something_of_a_long_name(const struct glm_installer_call *call,
                                             const struct glm_value *object,
                                             const char *const **ret)
{
    char *name = glm_alloc(call->arena, LONG + 1);
    const char **all = GLM_NEW(call->arena, const char *);
    (void)object;
    memset(name, 'x', LONG);
    all[0] = name;
    *ret = all;
    return 1;
}

static void a_rival_by_a_name_that_cannot_be_shown_is_refused(void **state)
{
    struct world *w = new_world(*state);
    struct glm_change planned;
    bool ok;
    broken.makes = makes_something_of_a_long_name;
    glm_fake_put_as(w->clusters[0], &glm_test_config_map,
                    glm_test_value(w->arena,
                                   "{'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'x',"
                                   "'namespace':'theirs'},'data':{'a':'b'}}"));
    must(w, plan(w, NULL, attributes(w, "a.example"), &planned));
    apply(w, &planned, 0, &ok);
    assert_false(ok);
    glm_assert_error(&w->d, AT ".clusters[\"east\"]", "would get this a second time");
    assert_int_equal(glm_fake_writes(w->clusters[0]) + glm_fake_writes(w->clusters[1]), 0);
    end_world(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_rival_by_a_name_that_cannot_be_shown_is_refused,
                                        glm_test_arena_setup, glm_test_arena_teardown),
    };
    return cmocka_run_group_tests_name("installer rival", tests, NULL, NULL);
}
