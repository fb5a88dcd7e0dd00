/* SPDX-License-Identifier: Apache-2.0
 *
 * An object that does not stand for its pair (of a role like "access") is kept up like the others: a refresh that
 * finds it missing or changed shows that, and the next plan puts it right.
 */
#include "broken_case.h"

#define ACCOUNT "ConfigMap istio-system/account"

/* What the sound one renders, and an account. */
static bool render_with_account(const struct glm_installer_call *call,
                                const struct glm_installer_pair *pairs, size_t count,
                                struct glm_installer_rendering *ret, struct glm_diags *d)
{
    if (!sound->render(call, pairs, count, ret, d))
        return false;
    struct glm_installer_object *all =
        GLM_NEW_ARRAY(call->arena, ret->count + 1, struct glm_installer_object);
    for (size_t i = 0; i < ret->count; i++)
        all[i] = ret->objects[i];
    all[ret->count++] = (struct glm_installer_object){
        .role = GLM_ROLE_ACCESS,
        .ref = {.kind = &glm_test_config_map, .namespace_ = "istio-system", .name = "account"},
        .object =
            glm_test_value(call->arena, "{'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':"
                                        "'account','namespace':'istio-system'},'data':{'a':'b'}}")};
    ret->objects = all;
    return true;
}

static const struct glm_value *account_in(struct world *w)
{
    return glm_fake_get(w->clusters[0], &glm_test_config_map, "istio-system", "account");
}

static struct glm_change read_it(struct world *w, const struct glm_change *made)
{
    struct glm_change now = {.prior = made->result, .record = made->result_record};
    glm_diags_init(&w->d, w->arena);
    must(w, glm_lifecycle_read(w->arena, &w->estate, &now, &w->d));
    return now;
}

static bool plans_nothing(struct world *w, const struct glm_change *before)
{
    struct glm_change again;
    must(w, plan(w, before, attributes(w, "a.example"), &again));
    return glm_equal(again.result, before->result);
}

static struct glm_change apply_again(struct world *w, const struct glm_change *before)
{
    struct glm_change planned;
    bool ok;
    must(w, plan(w, before, attributes(w, "a.example"), &planned));
    struct glm_change made = apply(w, &planned, 0, &ok);
    must(w, ok);
    return made;
}

static void spoil(struct world *w, bool gone)
{
    const struct glm_value *account = account_in(w);
    if (gone)
        glm_fake_delete(w->clusters[0], &glm_test_config_map, "istio-system", "account");
    else
        glm_fake_put_as(
            w->clusters[0], &glm_test_config_map,
            glm_with_path(w->arena, account, glm_string(w->arena, "c"), "data", "a", NULL));
}

/* files: a directory of the fake's. */
static void is_mended(struct glm_arena *arena, bool files, bool gone)
{
    struct world *w = new_world(arena);
    broken.render = render_with_account;
    if (files) {
        w->clusters[0]->ops->destroy(w->clusters[0]);
        w->clusters[0] = glm_fake_create("east");
        w->configs[0].name = w->clusters[0]->name;
        w->configs[0].place = GLM_PLACE_DIRECTORY;
    }
    struct glm_change made = apply_again(w, NULL);
    struct glm_change now = read_it(w, &made);
    assert_true(plans_nothing(w, &now));
    const struct glm_value *account = account_in(w);

    spoil(w, gone);
    now = read_it(w, &now);
    const struct glm_value *entries = shape_entries(now.result, "1-24", ACCOUNT, "east");
    if (gone)
        assert_true(glm_is_null(entries));
    else
        assert_string_equal(glm_string_or(glm_get(entries, "data.a"), ""), "c (should be b)");
    assert_false(plans_nothing(w, &now));
    made = apply_again(w, &now);
    glm_assert_value_equal(account_in(w), account);

    now = read_it(w, &made);
    assert_true(plans_nothing(w, &now));
    end_world(w);
}

static void a_missing_object_that_is_not_main_is_written_again(void **state)
{
    is_mended(*state, false, true);
    is_mended(*state, true, true);
}

static void a_changed_object_that_is_not_main_is_written_again(void **state)
{
    is_mended(*state, false, false);
    is_mended(*state, true, false);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, glm_test_arena_setup, glm_test_arena_teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_missing_object_that_is_not_main_is_written_again),
        TEST(a_changed_object_that_is_not_main_is_written_again),
    };
    return cmocka_run_group_tests_name("installer hidden", tests, NULL, NULL);
}
