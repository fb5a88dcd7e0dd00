/* SPDX-License-Identifier: Apache-2.0
 *
 * An installer that writes more than one object for a pair: what stands for it, and what goes along.
 */
#include "test.h"
#include "shown.h"

#include "../../src/lifecycle/lifecycle_internal.h"
#include "fake_cluster.h"
#include "glm/codec.h"
#include "glm/lifecycle.h"
#include "test_installer.h"

#include <string.h>

/* ---- the installer: config_map's object, a Gizmo that it stands on, and ConfigMaps beside it ---- */

static const struct glm_object_kind gizmo_kind = {.api_version = "example.com/v1",
                                                  .name = "Gizmo",
                                                  .plural = "gizmos",
                                                  .namespaced = true,
                                                  .order = 1};
static size_t beside;   /* how many ConfigMaps */
static bool gizmo_says; /* what the pair was made of, and config_map's object does not */

static struct glm_installer_object object_of(struct glm_arena *arena, size_t pair,
                                             const struct glm_object_kind *kind, const char *name)
{
    const struct glm_value *object = glm_test_value(
        arena, glm_sprintf(arena,
                           "{'apiVersion':'%s','kind':'%s','metadata':{'name':'%s','namespace':"
                           "'istio-system'},'data':{'a':'b'}}",
                           kind->api_version, kind->name, name));
    return (struct glm_installer_object){
        .pair = pair,
        .role = kind == &gizmo_kind ? GLM_ROLE_ACCESS : GLM_ROLE_WORKLOAD,
        .ref = {.kind = kind, .namespace_ = "istio-system", .name = name},
        .object = object,
        .view = gizmo_says && kind == &gizmo_kind};
}

static bool render(const struct glm_installer_call *call, const struct glm_installer_pair *pairs,
                   size_t count, struct glm_installer_rendering *ret, struct glm_diags *d)
{
    struct glm_arena *arena = call->arena;
    if (!glm_test_installer_config_map.render(call, pairs, count, ret, d))
        return false;
    struct glm_installer_object *all =
        GLM_NEW_ARRAY(arena, ret->count + count * (1 + beside), struct glm_installer_object);
    size_t n = 0;
    for (size_t i = 0; i < ret->count; i++, n++) {
        all[n] = ret->objects[i];
        all[n].view = all[n].view && !gizmo_says;
    }
    for (size_t i = 0; i < count; i++) {
        all[n++] = object_of(arena, i, &gizmo_kind, glm_sprintf(arena, "account-%s", pairs[i].key));
        for (size_t k = 0; k < beside; k++)
            all[n++] = object_of(arena, i, &glm_test_config_map,
                                 glm_sprintf(arena, "part-%s-%zu", pairs[i].key, k));
    }
    ret->objects = all;
    ret->count = n;
    return true;
}

static const struct glm_installer_kind kinds[] = {
    {.kind = &gizmo_kind, .role = GLM_ROLE_ACCESS},
    {.kind = &glm_test_config_map, .role = GLM_ROLE_WORKLOAD, .find = true, .main = true},
    {.kind = GLM_KIND_SERVICE, .role = GLM_ROLE_TRAFFIC},
    {.kind = NULL}};

/* ---- the world ---- */

struct world {
    struct glm_arena *arena;
    struct glm_cluster *clusters[1];
    struct glm_cluster_config configs[1];
    struct glm_installer row;
    const struct glm_installer *installers[2];
    struct glm_estate estate;
    struct glm_diags d;
};

static struct world *new_world(struct glm_arena *arena, size_t parts)
{
    struct world *w = GLM_NEW(arena, struct world);
    beside = parts;
    gizmo_says = false;
    w->arena = arena;
    w->row = glm_test_installer_config_map;
    w->row.name = "objects";
    w->row.kinds = kinds;
    w->row.render = render;
    w->installers[0] = &w->row;
    w->clusters[0] = glm_fake_create_live("east");
    w->configs[0] = (struct glm_cluster_config){
        .name = "east", .place = GLM_PLACE_LIVE, .operator_namespace = "istio-system"};
    w->estate = (struct glm_estate){.installers = w->installers,
                                    .mesh = {.known = true,
                                             .operator_namespace = "istio-system",
                                             .clusters = w->configs,
                                             .cluster_count = 1,
                                             .default_distribution = &glm_null},
                                    .clusters = w->clusters,
                                    .max_parallel = 1};
    glm_diags_init(&w->d, arena);
    assert_true(glm_installers_check(w->installers, &w->d));
    return w;
}

static void end_world(struct world *w)
{
    w->clusters[0]->ops->destroy(w->clusters[0]);
}

static const struct glm_value *attributes(struct world *w)
{
    return glm_test_value(
        w->arena,
        "{'name':'ingress','namespace':'gloo-mesh','wait_for_healthy':false,"
        "'installations':{'1-24':{'gateway_revision':'1-24','clusters':{'east':{"
        "'active_gateway':true}},'skip_upgrade_validation':true,'istio_operator_spec':"
        "'{tag: 1.24.1, components: {ingressGateways: [{name: in, namespace: gw, enabled: "
        "true, k8s: {service: {ports: [{port: 80}]}}}]}}'}},'helm_global':null}");
}

static struct glm_change apply(struct world *w, const struct glm_change *before)
{
    struct glm_change plan = {.prior = before ? before->result : &glm_null,
                              .record = before ? before->result_record : &glm_null,
                              .attributes = attributes(w)};
    if (!glm_lifecycle_plan(w->arena, &w->estate, &plan, &w->d))
        fail_msg("%s", glm_test_diags_text(w->arena, &w->d));
    struct glm_change change = {.prior = plan.prior,
                                .record = plan.result_record,
                                .attributes = plan.result,
                                .creating = !before};
    if (!glm_lifecycle_apply(w->arena, &w->estate, &change, &w->d))
        fail_msg("%s", glm_test_diags_text(w->arena, &w->d));
    return change;
}

static void destroy(struct world *w, const struct glm_change *made)
{
    struct glm_change gone = {.prior = made->result, .record = made->result_record};
    glm_diags_init(&w->d, w->arena);
    if (!glm_lifecycle_remove(w->arena, &w->estate, &gone, &w->d))
        fail_msg("%s", glm_test_diags_text(w->arena, &w->d));
    assert_int_equal(w->d.warnings, 0);
}

#define NAMESPACES 2

/* ---- the tests ---- */

static void a_destroy_right_after_an_import_leaves_nothing_behind(void **state)
{
    struct world *w = new_world(*state, 3);
    struct glm_change made = apply(w, NULL);
    assert_int_equal(glm_fake_count(w->clusters[0]), NAMESPACES + 6);
    struct glm_change found = {.prior = &glm_null, .record = &glm_null, .importing = true};
    if (!glm_lifecycle_find(w->arena, &w->estate, "ingress", "gloo-mesh", &glm_null, &found, &w->d))
        fail_msg("%s", glm_test_diags_text(w->arena, &w->d));
    glm_assert_value_equal(glm_get_path(found.result_record, "clusters", "east", "objects", NULL),
                           glm_get_path(made.result_record, "clusters", "east", "objects", NULL));
    glm_assert_value_equal(glm_test_objects(found.result), glm_test_objects(made.result));
    destroy(w, &found);
    assert_int_equal(glm_fake_count(w->clusters[0]), NAMESPACES);
    end_world(w);
}

/* The flag of the installation, as an import finds it. */
static bool skips(struct world *w)
{
    struct glm_change found = {.prior = &glm_null, .record = &glm_null, .importing = true};
    if (!glm_lifecycle_find(w->arena, &w->estate, "ingress", "gloo-mesh", &glm_null, &found, &w->d))
        fail_msg("%s", glm_test_diags_text(w->arena, &w->d));
    return glm_is_true(
        glm_get_path(found.result, "installations", "1-24", "skip_upgrade_validation", NULL));
}

/* As older releases have left it on what stands for a pair: it says less. */
static void say_on_the_main_object(struct world *w)
{
    const struct glm_value *gizmo =
        glm_fake_get(w->clusters[0], &gizmo_kind, "istio-system", "account-1-24");
    const char *said = glm_string_or(
        glm_get_path(gizmo, "metadata", "annotations", GLM_ANNOTATION_VIEW, NULL), "");
    const struct glm_value *view = glm_test_value(w->arena, said);
    view = glm_with(w->arena, view, "skip_upgrade_validation", &glm_false);
    const struct glm_value *object =
        glm_fake_get(w->clusters[0], &glm_test_config_map, "istio-system", "ingress-1-24");
    assert_false(glm_has(glm_get(object, "metadata"), "annotations"));
    glm_fake_put_as(w->clusters[0], &glm_test_config_map,
                    glm_with_path(w->arena, object,
                                  glm_string(w->arena, glm_json_text(w->arena, view)), "metadata",
                                  "annotations", GLM_ANNOTATION_VIEW, NULL));
}

static void an_import_believes_what_another_object_of_the_pair_says(void **state)
{
    struct world *w = new_world(*state, 0);
    gizmo_says = true;
    apply(w, NULL);
    assert_true(skips(w));
    say_on_the_main_object(w);
    assert_true(skips(w));
    glm_fake_delete(w->clusters[0], &gizmo_kind, "istio-system", "account-1-24");
    assert_false(skips(w));
    end_world(w);
}

/* Of a kind that many read one object each the list serves them all. */
static void many_objects_of_a_kind_are_looked_up_in_one_list(void **state)
{
    struct world *w = new_world(*state, 1000);
    struct glm_change made = apply(w, NULL);
    unsigned writes = glm_fake_writes(w->clusters[0]);
    unsigned before = glm_fake_operations(w->clusters[0]);
    made = apply(w, &made);
    assert_int_equal(glm_fake_writes(w->clusters[0]), writes);
    assert_true(glm_fake_operations(w->clusters[0]) - before < 50);
    destroy(w, &made);
    assert_int_equal(glm_fake_count(w->clusters[0]), NAMESPACES);
    end_world(w);
}

/* ---- an installer that is another one by now ---- */

static void judge_by_second(const struct glm_installer_call *call,
                            const struct glm_installer_sight *sight, void *notes,
                            struct glm_installer_judgement *ret)
{
    glm_test_installer_config_map.judge(call, sight, notes, ret);
    ret->message = "By the second.";
}

static const char *message_of(const struct glm_change *change)
{
    return glm_string_or(glm_get(status_get(change->result, "east", "1-24"), "message"), "none");
}

static struct glm_change read_it(struct world *w, const struct glm_change *made)
{
    struct glm_change change = {.prior = made->result, .record = made->result_record};
    glm_diags_init(&w->d, w->arena);
    if (!glm_lifecycle_read(w->arena, &w->estate, &change, &w->d))
        fail_msg("%s", glm_test_diags_text(w->arena, &w->d));
    return change;
}

static const char *installer_of(const struct glm_change *change)
{
    return record_pair(glm_get_path(change->result_record, "clusters", "east", NULL), "1-24")
        .installer;
}

static void yields(const struct glm_installer_call *call, const struct glm_value *live,
                   struct glm_installer_yield *ret)
{
    (void)call;
    (void)live;
    (void)ret;
}

static enum glm_installer_heir inherits(const struct glm_installer_call *call,
                                        const struct glm_installer_sight *sight,
                                        const struct glm_installer_look *found)
{
    (void)call;
    (void)sight;
    (void)found;
    return GLM_INSTALLER_NOT;
}

static void what_another_installer_wrote_is_judged_by_that(void **state)
{
    struct world *w = new_world(*state, 0);
    struct glm_installer second = w->row;
    second.name = "second";
    second.judge = judge_by_second;
    second.yields = yields;
    w->row.inherits = inherits;
    w->row.inherited = "All stays as it is.";
    const struct glm_installer *const both[] = {&w->row, &second, NULL}, *const one[] = {&w->row,
                                                                                         NULL};
    w->estate.installers = both;
    w->configs[0].installer = "second";
    struct glm_change made = apply(w, NULL);
    assert_string_equal(installer_of(&made), "second");
    /* The provider's configuration says another one now, and nothing was applied since. */
    w->configs[0].installer = NULL;
    struct glm_change now = read_it(w, &made);
    assert_string_equal(message_of(&now), "By the second.");
    assert_string_equal(installer_of(&now), "second");
    glm_assert_value_equal(glm_test_objects(now.result), glm_test_objects(made.result));
    struct glm_change found = {.prior = &glm_null, .record = &glm_null, .importing = true};
    w->configs[0].installer = "second";
    assert_true(
        glm_lifecycle_find(w->arena, &w->estate, "ingress", "gloo-mesh", &glm_null, &found, &w->d));
    assert_string_equal(installer_of(&found), "second");
    w->configs[0].installer = NULL;
    /* A release that does not have it. */
    w->estate.installers = one;
    struct glm_change unknown = read_it(w, &now);
    assert_non_null(
        strstr(message_of(&unknown), "It was installed by \"second\", which this release"));
    assert_string_equal(installer_of(&unknown), "second");
    glm_assert_value_equal(glm_test_objects(unknown.result), glm_test_objects(made.result));
    /* An apply makes it the other one's. */
    w->estate.installers = both;
    now = read_it(w, &unknown);
    now = apply(w, &now);
    assert_null(installer_of(&now));
    now = read_it(w, &now);
    assert_string_not_equal(message_of(&now), "By the second.");
    end_world(w);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, glm_test_arena_setup, glm_test_arena_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_destroy_right_after_an_import_leaves_nothing_behind),
        TEST(an_import_believes_what_another_object_of_the_pair_says),
        TEST(many_objects_of_a_kind_are_looked_up_in_one_list),
        TEST(what_another_installer_wrote_is_judged_by_that),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
