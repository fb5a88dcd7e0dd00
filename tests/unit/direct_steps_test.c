/* SPDX-License-Identifier: Apache-2.0
 *
 * Steps of the installer "direct": who writes what, and in which order, by who owns what of the object that is
 * there.
 */
#include "../../src/installer/direct/direct.h"
#include "glm/installer_direct.h"
#include "test.h"

#include <string.h>

#define DEPLOYMENT "'apiVersion':'apps/v1','kind':'Deployment'"
#define NAMED "'metadata':{'name':'gw','namespace':'ns'}"
#define BARE "{" DEPLOYMENT "," NAMED "}"

struct steps_case {
    struct glm_arena *arena;
    struct glm_installer_call call;
    const struct glm_installer_step *steps;
    size_t count;
};

static struct steps_case begin(struct glm_arena *arena)
{
    return (struct steps_case){.arena = arena,
                               .call = {.self = &glm_installer_direct,
                                        .arena = arena,
                                        .field_manager = "terraform-provider-glm"}};
}

/* The steps of writing an object of that spec over one of these labels, replicas and managers. */
static void ask(struct steps_case *c, const char *spec, const char *live)
{
    struct glm_installer_object o = {
        .role = GLM_ROLE_WORKLOAD,
        .ref = {.kind = GLM_KIND_DEPLOYMENT, .namespace_ = "ns", .name = "gw"},
        .object = glm_test_value(
            c->arena, glm_sprintf(c->arena, "{" DEPLOYMENT "," NAMED ",'spec':%s}", spec)),
        .main = true};
    c->count = direct_steps(&c->call, &o, glm_test_value(c->arena, live), GLM_INSTALLER_CHANGED,
                            &c->steps);
}

static const char *applied(struct glm_arena *arena, const char *manager, const char *fields)
{
    return glm_sprintf(arena, "{'manager':'%s','operation':'Apply','fieldsV1':%s}", manager,
                       fields);
}

static const char *live_of(struct glm_arena *arena, const char *labels, const char *spec,
                           const char *managers)
{
    return glm_sprintf(arena,
                       "{" DEPLOYMENT ",'metadata':{'name':'gw','namespace':'ns','labels':%s,"
                       "'managedFields':[%s]},'spec':%s}",
                       labels, managers, spec);
}

static void expect_step(const struct steps_case *c, size_t i, enum glm_installer_when when,
                        const char *manager, const char *object, bool force)
{
    assert_true(i < c->count);
    const struct glm_installer_step *s = &c->steps[i];
    assert_int_equal(s->when, when);
    assert_string_equal(s->manager, manager);
    assert_int_equal(s->force, force);
    if (object)
        glm_assert_value_equal(s->object, glm_test_value(c->arena, object));
    else
        assert_null(s->object);
}

#define TEMPLATE "'f:spec':{'f:template':{}}"
#define OF_ISTIO(arena) applied(arena, "istio-operator", "{" TEMPLATE "}")
#define CLAIMED                                                                                    \
    "{'install.operator.istio.io/owning-resource':'iop',"                                          \
    "'install.operator.istio.io/owning-resource-namespace':'istio-system'}"

static void what_is_new_or_ours_needs_none(void **state)
{
    struct steps_case c = begin(*state);
    ask(&c, "{}", "null");
    assert_int_equal(c.count, 0);
    ask(&c, "{}",
        live_of(c.arena, "{}", "{'replicas':2}",
                applied(c.arena, "terraform-provider-glm", "{" TEMPLATE "}")));
    assert_int_equal(c.count, 0);
}

static void what_istios_operator_owns_is_written_as_it_first_and_released_last(void **state)
{
    struct steps_case c = begin(*state);
    ask(&c, "{'minReadySeconds':1}", live_of(c.arena, CLAIMED, "{}", OF_ISTIO(c.arena)));
    assert_int_equal(c.count, 2);
    expect_step(&c, 0, GLM_INSTALLER_BEFORE, "istio-operator",
                "{" DEPLOYMENT "," NAMED ",'spec':{'minReadySeconds':1}}", true);
    assert_false(c.steps[0].bare);
    expect_step(&c, 1, GLM_INSTALLER_AFTER, "istio-operator", BARE, false);
    assert_true(c.steps[1].bare);
}

static void an_apply_that_was_cut_off_is_gone_on_with(void **state)
{
    struct steps_case c = begin(*state);
    /* Written as the operator: its claim is gone, ours is there, and it owns all of it. */
    ask(&c, "{}",
        live_of(c.arena, "{'app.kubernetes.io/managed-by':'terraform-provider-glm'}", "{}",
                OF_ISTIO(c.arena)));
    assert_int_equal(c.count, 2);
    /* Released: the manager has nothing any more. */
    ask(&c, "{}", live_of(c.arena, "{}", "{}", applied(c.arena, "istio-operator", "{}")));
    assert_int_equal(c.count, 0);
}

static void what_istioctl_installed_over_ours_is_a_conflict_like_any_other(void **state)
{
    struct steps_case c = begin(*state);
    const char *live =
        live_of(c.arena,
                "{'app.kubernetes.io/managed-by':'terraform-provider-glm',"
                "'install.operator.istio.io/owning-resource-namespace':'istio-system'}",
                "{}", OF_ISTIO(c.arena));
    ask(&c, "{}", live);
    assert_int_equal(c.count, 0);
    c.call.predecessor = "istio_operator";
    ask(&c, "{}", live);
    assert_int_equal(c.count, 2);
}

#define REPLICAS "{'f:spec':{'f:replicas':{}}}"

static void the_number_of_pods_is_held_until_an_autoscaler_has_it(void **state)
{
    struct steps_case c = begin(*state);
    const char *ours = applied(c.arena, "terraform-provider-glm", REPLICAS);
    const char *holder = applied(c.arena, "terraform-provider-glm-replicas", REPLICAS);
    ask(&c, "{}", live_of(c.arena, "{}", "{'replicas':4}", ours));
    assert_int_equal(c.count, 1);
    expect_step(&c, 0, GLM_INSTALLER_BEFORE, "terraform-provider-glm-replicas",
                "{" DEPLOYMENT "," NAMED ",'spec':{'replicas':4}}", false);
    assert_true(c.steps[0].bare);
    ask(&c, "{}",
        live_of(c.arena, "{}", "{'replicas':4}", glm_sprintf(c.arena, "%s,%s", ours, holder)));
    assert_int_equal(c.count, 0);
}

static void a_fixed_number_is_taken_back_from_an_autoscaler_that_goes(void **state)
{
    struct steps_case c = begin(*state);
    const char *scaler = "{'manager':'kube-controller-manager','operation':'Update',"
                         "'subresource':'scale','fieldsV1':" REPLICAS "}";
    const char *holder = applied(c.arena, "terraform-provider-glm-replicas", REPLICAS);
    ask(&c, "{'replicas':2}", live_of(c.arena, "{}", "{'replicas':4}", scaler));
    assert_int_equal(c.count, 1);
    expect_step(&c, 0, GLM_INSTALLER_BEFORE, "kube-controller-manager", NULL, false);
    ask(&c, "{'replicas':4}", live_of(c.arena, "{}", "{'replicas':4}", holder));
    assert_int_equal(c.count, 1);
    expect_step(&c, 0, GLM_INSTALLER_AFTER, "terraform-provider-glm-replicas", BARE, false);
}

/* ---- changing hands ---- */

static void what_the_operator_made_of_an_istiooperator_that_goes_is_inherited(void **state)
{
    struct steps_case c = begin(*state);
    const struct glm_installer_look iop = {
        .ref = {.kind = GLM_KIND_ISTIO_OPERATOR, .namespace_ = "istio-system", .name = "iop"}};
    const struct glm_installer_sight sight = {.looks = &iop, .look_count = 1};
    struct glm_installer_look found = {
        .read = {.found = GLM_FOUND,
                 .object = glm_test_value(c.arena, live_of(c.arena, CLAIMED, "{}", ""))}};
    assert_int_equal(direct_inherits(&c.call, &sight, &found), GLM_INSTALLER_TAKES);
    found.read.object = glm_test_value(c.arena, live_of(c.arena, "{}", "{}", ""));
    assert_int_equal(direct_inherits(&c.call, &sight, &found), GLM_INSTALLER_NOT);
    const struct glm_installer_look other = {
        .ref = {.kind = GLM_KIND_ISTIO_OPERATOR, .namespace_ = "other", .name = "iop"}};
    const struct glm_installer_sight elsewhere = {.looks = &other, .look_count = 1};
    found.read.object = glm_test_value(c.arena, live_of(c.arena, CLAIMED, "{}", ""));
    assert_int_equal(direct_inherits(&c.call, &elsewhere, &found), GLM_INSTALLER_NOT);
}

static void what_came_with_an_imported_deployment_is_inherited(void **state)
{
    struct steps_case c = begin(*state);
    const struct glm_installer_look main = {
        .ref = {.kind = GLM_KIND_DEPLOYMENT, .namespace_ = "ns", .name = "gw"},
        .read = {.found = GLM_FOUND,
                 .object = glm_test_value(c.arena, live_of(c.arena, CLAIMED, "{}", ""))}};
    const struct glm_installer_sight sight = {.looks = &main, .look_count = 1};
    struct glm_installer_look found = {
        .ref = {.kind = GLM_KIND_ROLE, .namespace_ = "ns", .name = "gw-sds"},
        .read = {.found = GLM_FOUND,
                 .object = glm_test_value(c.arena, "{'metadata':{'labels':" CLAIMED "}}")}};
    assert_int_equal(direct_inherits(&c.call, &sight, &found), GLM_INSTALLER_TAKES);
    found.read.object = glm_test_value(
        c.arena, "{'metadata':{'labels':{'install.operator.istio.io/owning-resource':'iop'}}}");
    assert_int_equal(direct_inherits(&c.call, &sight, &found), GLM_INSTALLER_NOT);
}

#define TEST(name)                                                                                 \
    cmocka_unit_test_setup_teardown(name, glm_test_arena_setup, glm_test_arena_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_new_or_ours_needs_none),
        TEST(what_istios_operator_owns_is_written_as_it_first_and_released_last),
        TEST(an_apply_that_was_cut_off_is_gone_on_with),
        TEST(what_istioctl_installed_over_ours_is_a_conflict_like_any_other),
        TEST(the_number_of_pods_is_held_until_an_autoscaler_has_it),
        TEST(a_fixed_number_is_taken_back_from_an_autoscaler_that_goes),
        TEST(what_the_operator_made_of_an_istiooperator_that_goes_is_inherited),
        TEST(what_came_with_an_imported_deployment_is_inherited),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
