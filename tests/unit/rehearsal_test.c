/* SPDX-License-Identifier: Apache-2.0
 *
 * What is to be written is rehearsed first, and what acts on others goes first.
 */
#include "fake_cluster.h"
#include "glm/lifecycle.h"
#include "glm/text.h"
#include "hands_installer.h"
#include "shown.h"
#include "test.h"

#include <string.h>

#define NS "istio-system"
#define NAME "ingress-1-24"
/* Of one cluster: two Namespaces, an Account, a Worker, a Service. */
#define NAMESPACES 2
#define OBJECTS 5

struct world {
    struct glm_arena *arena;
    struct glm_cluster *cluster;
    struct glm_cluster_config config;
    struct glm_estate estate;
    atomic_bool stop;
    struct glm_installer row; /* the one that it runs with */
    const struct glm_installer *installers[2];
    struct glm_diags d;
};

static struct world *new_world(struct glm_arena *arena)
{
    struct world *w = GLM_NEW(arena, struct world);
    w->arena = arena;
    w->cluster = glm_fake_create_live("east");
    glm_fake_own_fields(w->cluster);
    w->row = glm_test_installer_does;
    w->installers[0] = &w->row;
    w->config = (struct glm_cluster_config){
        .name = "east", .place = GLM_PLACE_LIVE, .operator_namespace = NS};
    w->estate = (struct glm_estate){.installers = w->installers,
                                    .mesh = {.known = true,
                                             .operator_namespace = NS,
                                             .clusters = &w->config,
                                             .cluster_count = 1,
                                             .default_distribution = &glm_null},
                                    .clusters = &w->cluster,
                                    .max_parallel = 1,
                                    .stop = &w->stop};
    glm_diags_init(&w->d, arena);
    return w;
}

static void end_world(struct world *w)
{
    w->cluster->ops->destroy(w->cluster);
}

static const struct glm_value *attributes(struct world *w, const char *hub)
{
    return glm_test_value(
        w->arena,
        glm_sprintf(w->arena,
                    "{'name':'ingress','namespace':'gloo-mesh','wait_for_healthy':true,"
                    "'installations':{'1-24':{'gateway_revision':'1-24','clusters':{'east':{"
                    "'active_gateway':true}},'skip_upgrade_validation':true,'istio_operator_spec':"
                    "'{hub: %s, tag: 1.24.1, components: {ingressGateways: [{name: in, namespace: "
                    "gw, enabled: true, k8s: {service: {ports: [{port: 80}]}}}]}}'}},"
                    "'helm_global':null}",
                    hub));
}

static bool apply(struct world *w, const struct glm_change *before, const char *hub,
                  struct glm_change *ret)
{
    struct glm_change planned = {.prior = before ? before->result : &glm_null,
                                 .record = before ? before->result_record : &glm_null,
                                 .attributes = attributes(w, hub)};
    glm_diags_init(&w->d, w->arena);
    if (!glm_lifecycle_plan(w->arena, &w->estate, &planned, &w->d))
        fail_msg("%s", glm_test_diags_text(w->arena, &w->d));
    *ret = (struct glm_change){.prior = planned.prior,
                               .record = planned.result_record,
                               .attributes = planned.result,
                               .timeout_ms = 60000,
                               .creating = !before};
    glm_diags_init(&w->d, w->arena);
    return glm_lifecycle_apply(w->arena, &w->estate, ret, &w->d);
}

static struct glm_change must(struct world *w, const struct glm_change *before, const char *hub)
{
    struct glm_change made;
    if (!apply(w, before, hub, &made))
        fail_msg("%s", glm_test_diags_text(w->arena, &w->d));
    return made;
}

static const struct glm_value *object(const struct world *w, const struct glm_object_kind *kind)
{
    return glm_fake_get(w->cluster, kind, NS, NAME);
}

static bool says(struct world *w, const char *words)
{
    return strstr(glm_test_diags_text(w->arena, &w->d), words) != NULL;
}

static void what_differs_is_rehearsed_once_and_what_does_not_is_not(void **state)
{
    struct world *w = new_world(*state);
    struct glm_change made = must(w, NULL, "a.example");
    assert_int_equal(glm_fake_writes(w->cluster), OBJECTS);
    assert_int_equal(glm_fake_rehearsals(w->cluster), OBJECTS - NAMESPACES);
    made = must(w, &made, "a.example");
    assert_int_equal(glm_fake_writes(w->cluster), OBJECTS);
    assert_int_equal(glm_fake_rehearsals(w->cluster), OBJECTS - NAMESPACES);
    must(w, &made, "b.example"); /* which the Worker has, and the Account as what it was made of */
    assert_int_equal(glm_fake_writes(w->cluster), OBJECTS + 2);
    assert_int_equal(glm_fake_rehearsals(w->cluster), OBJECTS - NAMESPACES + 2);
    end_world(w);
}

static void what_is_refused_is_refused_before_anything_is_written(void **state)
{
    struct world *w = new_world(*state);
    struct glm_change made = must(w, NULL, "a.example"), failed;
    /* Both would be written. */
    const struct glm_value *account = object(w, &glm_test_account);
    glm_fake_put_as(
        w->cluster, &glm_test_account,
        glm_with_path(w->arena, account, glm_string(w->arena, "drift"), "spec", "text", NULL));
    unsigned writes = glm_fake_writes(w->cluster);
    glm_fake_refuse_writes(w->cluster, &glm_test_worker, "A policy says no.");
    assert_false(apply(w, &made, "b.example", &failed));
    glm_assert_error(&w->d, "installations[\"1-24\"].clusters[\"east\"]", "A policy says no.");
    assert_int_equal(glm_fake_writes(w->cluster), writes);
    glm_fake_refuse_writes(w->cluster, NULL, NULL);
    must(w, &failed, "b.example");
    end_world(w);
}

/* What would have helped, a page of YAML, is in the error. */
static void the_status_has_of_an_error_what_is_wrong_alone(void **state)
{
    struct world *w = new_world(*state);
    struct glm_change made = must(w, NULL, "a.example"), failed;
    glm_fake_refuse_writes(
        w->cluster, &glm_test_worker,
        "East forbids it: no. Somebody can allow it, with:\n\n  kind: ClusterRole");
    assert_false(apply(w, &made, "b.example", &failed));
    assert_true(says(w, "Somebody can allow it, with:\n\n  kind: ClusterRole"));
    const struct glm_value *message = glm_get_path(failed.result, "status", "clusters", "east",
                                                   "installations", "1-24", "message", NULL);
    const char *text = glm_string_or(message, "");
    if (!strstr(text, "East forbids it: no.") || strstr(text, "with") || strchr(text, '\n'))
        fail_msg("%s", text);
    end_world(w);
}

/* There is nothing to untaint: the state has no resource then. */
static void after_a_create_that_left_nothing_nothing_is_said_of_tainting(void **state)
{
    struct world *w = new_world(*state);
    struct glm_change failed;
    glm_fake_refuse_writes(w->cluster, &glm_test_worker, "A policy says no.");
    assert_false(apply(w, NULL, "a.example", &failed));
    assert_true(glm_is_null(failed.result));
    assert_false(says(w, "untaint"));
    assert_true(says(w, "Nothing is in the state"));
    end_world(w);
}

static void of_a_new_place_only_the_namespaces_stay(void **state)
{
    struct world *w = new_world(*state);
    struct glm_change failed;
    glm_fake_refuse_writes(w->cluster, &glm_test_worker, "A policy says no.");
    assert_false(apply(w, NULL, "a.example", &failed));
    assert_true(says(w, "A policy says no."));
    assert_int_equal(glm_fake_writes(w->cluster), NAMESPACES);
    assert_true(glm_is_null(object(w, &glm_test_account)));
    end_world(w);
}

static void what_cannot_be_told_is_tried(void **state)
{
    struct world *w = new_world(*state);
    struct glm_change failed;
    glm_fake_untell(w->cluster, &glm_test_worker);
    struct glm_change made = must(w, NULL, "a.example");
    glm_fake_refuse_writes(w->cluster, &glm_test_worker, "A policy says no.");
    assert_false(apply(w, &made, "b.example", &failed));
    assert_true(says(w, "A policy says no."));
    glm_fake_refuse_writes(w->cluster, NULL, NULL);
    must(w, &failed, "b.example");
    end_world(w);
}

static const struct glm_value *somebodys(struct world *w, const struct glm_object_kind *kind)
{
    return glm_test_value(w->arena,
                          glm_sprintf(w->arena,
                                      "{'apiVersion':'v1','kind':'%s','metadata':{'name':'" NAME
                                      "','namespace':'" NS "'},'spec':{'text':'theirs'}}",
                                      kind->name));
}

/* It is in no list: that has only what carries our label. */
static void somebody_elses_object_is_found_by_the_rehearsal(void **state)
{
    struct world *w = new_world(*state);
    struct glm_change failed;
    glm_fake_apply_as(w->cluster, &glm_test_worker, somebodys(w, &glm_test_worker), "somebody");
    glm_fake_apply_as(w->cluster, &glm_test_account, somebodys(w, &glm_test_account), "somebody");
    glm_fake_put(w->cluster, glm_test_value(w->arena, "{'apiVersion':'v1','kind':'Namespace',"
                                                      "'metadata':{'name':'" NS "'}}"));
    assert_false(apply(w, NULL, "a.example", &failed));
    assert_true(says(w, "Objects are already there"));
    assert_true(says(w, "Worker " NS "/" NAME ": it was not made by this provider"));
    assert_true(says(w, "Account " NS "/" NAME ": it was not made by this provider"));
    assert_int_equal(glm_fake_writes(w->cluster), 0);
    assert_true(glm_is_null(failed.result));
    end_world(w);
}

/* ---- lists that are remembered ---- */

/* As one of another resource, made after the list was. */
static void make_anothers(struct world *w)
{
    const struct glm_value *labels = glm_test_value(
        w->arena,
        "{'app.kubernetes.io/managed-by':'terraform-provider-glm',"
        "'terraform-provider-glm/name':'another',"
        "'terraform-provider-glm/namespace':'n','terraform-provider-glm/cluster':'east'}");
    glm_fake_put(w->cluster, glm_test_value(w->arena, "{'apiVersion':'v1','kind':'Namespace',"
                                                      "'metadata':{'name':'" NS "'}}"));
    glm_fake_put(w->cluster, glm_test_value(w->arena, "{'apiVersion':'v1','kind':'Namespace',"
                                                      "'metadata':{'name':'gw'}}"));
    glm_fake_remember(w->cluster, &glm_test_worker);
    glm_fake_apply_as(
        w->cluster, &glm_test_worker,
        glm_with_path(w->arena, somebodys(w, &glm_test_worker), labels, "metadata", "labels", NULL),
        "another");
}

static void what_a_remembered_list_does_not_have_is_found_before_anything_is_written(void **state)
{
    struct world *w = new_world(*state);
    struct glm_change failed;
    make_anothers(w);
    for (int told = 1; told >= 0; told--) { /* by its rehearsal; else in a list of now */
        glm_fake_untell(w->cluster, told ? NULL : &glm_test_worker);
        unsigned lists = glm_fake_fresh_lists(w->cluster);
        assert_false(apply(w, NULL, "a.example", &failed));
        assert_true(says(w, "Worker " NS "/" NAME ": it belongs to the gateway lifecycle manager"));
        assert_int_equal(glm_fake_writes(w->cluster), 0);
        assert_int_equal(glm_fake_fresh_lists(w->cluster), lists + !told);
    }
    end_world(w);
}

static void what_only_a_remembered_list_has_is_in_nobodys_way(void **state)
{
    struct world *w = new_world(*state);
    make_anothers(w);
    glm_fake_remember(w->cluster, &glm_test_worker);
    glm_fake_delete(w->cluster, &glm_test_worker, NS, NAME);
    must(w, NULL, "a.example");
    end_world(w);
}

/* ---- what acts on others ---- */

static bool alone; /* it is told to make no Account */

static bool render(const struct glm_installer_call *call, const struct glm_installer_pair *pairs,
                   size_t count, struct glm_installer_rendering *ret, struct glm_diags *d)
{
    if (!glm_test_installer_does.render(call, pairs, count, ret, d))
        return false;
    struct glm_installer_object *all =
        GLM_NEW_ARRAY(call->arena, ret->count, struct glm_installer_object);
    size_t n = 0;
    for (size_t i = 0; i < ret->count; i++)
        if (!alone || ret->objects[i].ref.kind != &glm_test_account)
            all[n++] = ret->objects[i];
    ret->objects = all;
    ret->count = n;
    return true;
}

/* The Account is no longer rendered, and the Worker is to be written, which fails. Returns what the record has. */
static const struct glm_value *leaves(struct world *w, bool acts)
{
    const struct glm_installer_kind kinds[] = {
        {.kind = &glm_test_account, .role = GLM_ROLE_ACCESS, .acts = acts},
        {.kind = &glm_test_worker, .role = GLM_ROLE_WORKLOAD, .find = true, .main = true},
        {.kind = GLM_KIND_SERVICE, .role = GLM_ROLE_TRAFFIC},
        {.kind = NULL}};
    struct glm_change failed;
    w->row.kinds = kinds;
    w->row.render = render;
    w->row.rehearse = false;
    alone = false;
    struct glm_change made = must(w, NULL, "a.example");
    alone = true;
    glm_fake_refuse_writes(w->cluster, &glm_test_worker, "Not now.");
    assert_false(apply(w, &made, "b.example", &failed));
    const struct glm_value *there = object(w, &glm_test_account);
    glm_fake_refuse_writes(w->cluster, NULL, NULL);
    made = must(w, &failed, "b.example");
    assert_true(glm_is_null(object(w, &glm_test_account)));
    glm_assert_value_equal(glm_get_path(made.result_record, "clusters", "east", "objects",
                                        "Account " NS "/" NAME, NULL),
                           &glm_null);
    /* A failed apply does not forget what it has not removed, nor remember what it has. */
    assert_int_equal(glm_is_map(there),
                     glm_is_map(glm_get_path(failed.result_record, "clusters", "east", "objects",
                                             "Account " NS "/" NAME, NULL)));
    return there;
}

static void what_is_no_longer_rendered_goes_last(void **state)
{
    struct world *w = new_world(*state);
    assert_true(glm_is_map(leaves(w, false)));
    end_world(w);
}

static void what_acts_on_others_goes_first(void **state)
{
    struct world *w = new_world(*state);
    assert_true(glm_is_null(leaves(w, true)));
    end_world(w);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, glm_test_arena_setup, glm_test_arena_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_differs_is_rehearsed_once_and_what_does_not_is_not),
        TEST(what_is_refused_is_refused_before_anything_is_written),
        TEST(the_status_has_of_an_error_what_is_wrong_alone),
        TEST(after_a_create_that_left_nothing_nothing_is_said_of_tainting),
        TEST(of_a_new_place_only_the_namespaces_stay),
        TEST(what_cannot_be_told_is_tried),
        TEST(somebody_elses_object_is_found_by_the_rehearsal),
        TEST(what_a_remembered_list_does_not_have_is_found_before_anything_is_written),
        TEST(what_only_a_remembered_list_has_is_in_nobodys_way),
        TEST(what_is_no_longer_rendered_goes_last),
        TEST(what_acts_on_others_goes_first),
    };
    return cmocka_run_group_tests_name("rehearsal", tests, NULL, NULL);
}
