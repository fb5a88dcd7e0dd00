/* SPDX-License-Identifier: Apache-2.0
 *
 * An installer that writes what is for all clusters to one of them, as a management plane wants it. East is
 * that one, a fake of an API server; west is only a name, and nobody has access to it.
 */
#include "test.h"
#include "shown.h"

#include "fake_cluster.h"
#include "glm/lifecycle.h"
#include "test_installer.h"
#include "traced_installer.h"

#include <string.h>

#define SPEC                                                                                       \
    "tag: 1.24.1\\ncomponents:\\n  ingressGateways:\\n  - name: ingress\\n    namespace: gateways" \
    "\\n    enabled: true\\n    k8s:\\n      service:\\n        type: LoadBalancer\\n"
#define OBJECTS 6 /* two Namespaces, a ConfigMap and a Service for each of the clusters */
#define BOTH "{'east':{'active_gateway':true},'west':{'active_gateway':true}}"

struct world {
    struct glm_arena *arena;
    struct glm_cluster *east;
    struct glm_cluster *clusters[2];
    struct glm_cluster_config configs[2];
    const struct glm_installer *installers[2];
    struct glm_estate estate;
    atomic_bool stop;
    struct glm_diags d;
};

static struct world *new_world(struct glm_arena *arena)
{
    static const struct glm_installer *traced;
    struct world *w = GLM_NEW(arena, struct world);
    if (!traced)
        traced = glm_traced_create(&glm_test_installer_elsewhere);
    w->arena = arena;
    w->installers[0] = traced;
    w->east = w->clusters[0] = glm_fake_create_live("east");
    for (size_t i = 0; i < 2; i++)
        w->configs[i] = (struct glm_cluster_config){.name = i == 0 ? "east" : "west",
                                                    .place = GLM_PLACE_LIVE,
                                                    .operator_namespace = "istio-system"};
    w->estate = (struct glm_estate){.installers = w->installers,
                                    .mesh = {.known = true,
                                             .operator_namespace = "istio-system",
                                             .clusters = w->configs,
                                             .cluster_count = 2,
                                             .default_distribution = &glm_null},
                                    .clusters = w->clusters,
                                    .max_parallel = 2,
                                    .stop = &w->stop};
    glm_diags_init(&w->d, arena);
    return w;
}

static void end_world(struct world *w)
{
    w->east->ops->destroy(w->east);
}

static const struct glm_value *attributes(struct world *w, const char *hub, const char *clusters)
{
    return glm_test_value(
        w->arena, glm_sprintf(w->arena,
                              "{'name':'ingress','namespace':'gloo-mesh','wait_for_healthy':false,"
                              "'installations':{'1-24':{'gateway_revision':'1-24','clusters':%s,"
                              "'skip_upgrade_validation':true,'istio_operator_spec':'values: "
                              "{global: {meshID: m}}\\nhub: %s\\n%s'}},'helm_global':null}",
                              clusters, hub, SPEC));
}

static struct glm_change plan(struct world *w, const struct glm_change *before,
                              const struct glm_value *wanted)
{
    struct glm_change change = {.prior = before ? before->result : &glm_null,
                                .record = before ? before->result_record : &glm_null,
                                .attributes = wanted};
    glm_diags_init(&w->d, w->arena);
    if (!glm_lifecycle_plan(w->arena, &w->estate, &change, &w->d))
        fail_msg("%s", glm_test_diags_text(w->arena, &w->d));
    return change;
}

static struct glm_change apply(struct world *w, const struct glm_change *before,
                               const struct glm_value *wanted, bool *ret_ok)
{
    struct glm_change planned = plan(w, before, wanted);
    struct glm_change change = {.prior = planned.prior,
                                .record = planned.result_record,
                                .attributes = planned.result,
                                .creating = glm_is_null(planned.prior)};
    glm_diags_init(&w->d, w->arena);
    *ret_ok = glm_lifecycle_apply(w->arena, &w->estate, &change, &w->d);
    return change;
}

static struct glm_change must_apply(struct world *w, const struct glm_change *before,
                                    const struct glm_value *wanted)
{
    bool ok;
    struct glm_change change = apply(w, before, wanted, &ok);
    if (!ok)
        fail_msg("%s", glm_test_diags_text(w->arena, &w->d));
    return change;
}

static struct glm_change read_it(struct world *w, const struct glm_change *made)
{
    struct glm_change change = {.prior = made->result, .record = made->result_record};
    glm_diags_init(&w->d, w->arena);
    if (!glm_lifecycle_read(w->arena, &w->estate, &change, &w->d))
        fail_msg("%s", glm_test_diags_text(w->arena, &w->d));
    return change;
}

static const struct glm_value *main_of(struct world *w, const char *cluster)
{
    return glm_fake_get(w->east, &glm_test_config_map, "istio-system",
                        strcmp(cluster, "east") == 0
                            ? "ingress-1-24"
                            : glm_sprintf(w->arena, "ingress-1-24-%s", cluster));
}

/* What somebody in east says of the pair in a cluster. */
static void set_state(struct world *w, const char *cluster, const char *state)
{
    glm_fake_put_as(w->east, &glm_test_config_map,
                    glm_with_path(w->arena, main_of(w, cluster), glm_string(w->arena, state),
                                  "data", "state", NULL));
}

static const char *state_of(const struct glm_change *change, const char *cluster)
{
    return glm_string_or(glm_get_path(change->result, "status", "clusters", cluster,
                                      "installations", "1-24", "state", NULL),
                         "none");
}

static const char *shown_of(struct world *w, const struct glm_change *change, const char *cluster)
{
    return glm_string_or(glm_get(glm_test_objects_of(w->arena, change->result, cluster), "1-24"),
                         "none");
}

/* Nothing is left to be done, and the state says of both clusters what there is. */
static void is_whole(struct world *w, const struct glm_change *made, const struct glm_value *wanted)
{
    assert_int_equal(glm_fake_count(w->east), OBJECTS);
    struct glm_change now = read_it(w, made);
    static const char *const same[] = {GLM_TEST_SHOWN};
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        glm_assert_value_equal(glm_get(now.result, same[i]), glm_get(made->result, same[i]));
    struct glm_change again = plan(w, &now, wanted);
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        glm_assert_value_equal(glm_get(again.result, same[i]), glm_get(made->result, same[i]));
    unsigned writes = glm_fake_writes(w->east);
    must_apply(w, &now, wanted);
    assert_int_equal(glm_fake_writes(w->east), writes);
}

static void what_is_for_two_clusters_is_written_to_one(void **state)
{
    struct world *w = new_world(*state);
    const struct glm_value *wanted = attributes(w, "a.example", BOTH);
    struct glm_change made = must_apply(w, NULL, wanted);
    assert_non_null(strstr(shown_of(w, &made, "east"), "\"ingress-1-24\""));
    assert_non_null(strstr(shown_of(w, &made, "west"), "\"ingress-1-24-west\""));
    assert_true(glm_has(glm_test_services_of(w->arena, made.result, "east"), "gateways/ingress"));
    assert_true(
        glm_has(glm_test_services_of(w->arena, made.result, "west"), "gateways/ingress-west"));
    is_whole(w, &made, wanted);
    wanted = attributes(w, "b.example", BOTH);
    made = must_apply(w, &made, wanted);
    is_whole(w, &made, wanted);
    end_world(w);
}

static void each_cluster_has_a_state_of_its_own(void **state)
{
    struct world *w = new_world(*state);
    struct glm_change made = must_apply(w, NULL, attributes(w, "a.example", BOTH));
    set_state(w, "east", "HEALTHY");
    set_state(w, "west", "UNHEALTHY");
    struct glm_change now = read_it(w, &made);
    assert_string_equal(state_of(&now, "east"), "HEALTHY");
    assert_string_equal(state_of(&now, "west"), "UNHEALTHY");
    glm_assert_warning(&w->d, "installations[\"1-24\"]", "west, 1-24: UNHEALTHY");
    end_world(w);
}

static void heal(void *context)
{
    struct world *w = context;
    static const char *const names[] = {"east", "west"};
    for (size_t i = 0; i < 2; i++)
        if (glm_is_map(main_of(w, names[i])) &&
            !glm_has(glm_get(main_of(w, names[i]), "data"), "state"))
            set_state(w, names[i], "HEALTHY");
}

static void both_are_waited_for(void **state)
{
    struct world *w = new_world(*state);
    glm_fake_each_round(w->east, heal, w);
    struct glm_change made = must_apply(
        w, NULL,
        glm_with(w->arena, attributes(w, "a.example", BOTH), "wait_for_healthy", &glm_true));
    assert_string_equal(state_of(&made, "east"), "HEALTHY");
    assert_string_equal(state_of(&made, "west"), "HEALTHY");
    end_world(w);
}

static void drift_shows_where_it_belongs(void **state)
{
    struct world *w = new_world(*state);
    const struct glm_value *wanted = attributes(w, "a.example", BOTH);
    struct glm_change made = must_apply(w, NULL, wanted);
    glm_fake_put_as(w->east, &glm_test_config_map,
                    glm_with_path(w->arena, main_of(w, "west"),
                                  glm_string(w->arena, "{\"hub\":\"theirs\"}"), "data", "spec",
                                  NULL));
    struct glm_change now = read_it(w, &made);
    assert_string_equal(shown_of(w, &now, "east"), shown_of(w, &made, "east"));
    assert_non_null(strstr(shown_of(w, &now, "west"), "theirs"));
    made = must_apply(w, &now, wanted);
    is_whole(w, &made, wanted);
    end_world(w);
}

static void a_cluster_that_leaves_loses_its_objects_only(void **state)
{
    struct world *w = new_world(*state);
    struct glm_change made = must_apply(w, NULL, attributes(w, "a.example", BOTH));
    struct glm_change less =
        must_apply(w, &made, attributes(w, "a.example", "{'east':{'active_gateway':true}}"));
    assert_true(glm_is_null(main_of(w, "west")));
    assert_true(glm_is_map(main_of(w, "east")));
    assert_int_equal(glm_fake_count(w->east), OBJECTS - 2);
    assert_true(glm_is_null(glm_test_objects_of(w->arena, less.result, "west")));
    made = must_apply(w, &less, attributes(w, "a.example", BOTH));
    is_whole(w, &made, attributes(w, "a.example", BOTH));
    /* Also where it is the seat that leaves. */
    must_apply(w, &made, attributes(w, "a.example", "{'west':{'active_gateway':true}}"));
    assert_true(glm_is_null(main_of(w, "east")));
    assert_true(glm_is_map(main_of(w, "west")));
    end_world(w);
}

static void a_removal_takes_what_is_for_every_cluster(void **state)
{
    struct world *w = new_world(*state);
    struct glm_change made = must_apply(w, NULL, attributes(w, "a.example", BOTH));
    struct glm_change gone = {.prior = made.result, .record = made.result_record};
    assert_true(glm_lifecycle_remove(w->arena, &w->estate, &gone, &w->d));
    assert_true(glm_is_null(gone.result));
    assert_int_equal(glm_fake_count(w->east), 2); /* Namespaces */
    end_world(w);
}

static void an_import_finds_what_is_for_every_cluster(void **state)
{
    struct world *w = new_world(*state);
    const struct glm_value *wanted = attributes(w, "a.example", BOTH);
    struct glm_change made = must_apply(w, NULL, wanted);
    struct glm_change found = {.prior = &glm_null, .record = &glm_null, .importing = true};
    glm_diags_init(&w->d, w->arena);
    assert_true(
        glm_lifecycle_find(w->arena, &w->estate, "ingress", "gloo-mesh", &glm_null, &found, &w->d));
    static const char *const same[] = {"id", GLM_TEST_SHOWN};
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        glm_assert_value_equal(glm_get(found.result, same[i]), glm_get(made.result, same[i]));
    is_whole(w, &found, wanted);
    end_world(w);
}

static void any_operation_may_fail_and_the_next_apply_converges(void **state)
{
    for (unsigned nth = 1, ok = 0; !ok; nth++) {
        struct world *w = new_world(*state);
        const struct glm_value *wanted = attributes(w, "a.example", BOTH);
        bool done;
        glm_fake_fail_at(w->east, nth, "This one fails.");
        struct glm_change made = apply(w, NULL, wanted, &done);
        static const char *const names[] = {"east", "west"};
        for (size_t i = 0; i < 2; i++)
            assert_int_equal(strcmp(shown_of(w, &made, names[i]), "none") != 0,
                             glm_is_map(main_of(w, names[i])));
        glm_fake_fail_at(w->east, 0, NULL);
        made = must_apply(w, glm_is_null(made.result) ? NULL : &made, wanted);
        is_whole(w, &made, wanted);
        ok = done;
        assert_true(nth < 60);
        end_world(w);
    }
}

static void a_cluster_without_access_of_its_own_is_never_asked(void **state)
{
    struct world *w = new_world(*state);
    struct glm_cluster *west = w->clusters[1] = glm_fake_create_live("west");
    const struct glm_value *wanted = attributes(w, "a.example", BOTH);
    glm_fake_break(west, true);
    struct glm_change made = must_apply(w, NULL, wanted);
    is_whole(w, &made, wanted);
    struct glm_change gone = {.prior = made.result, .record = made.result_record};
    assert_true(glm_lifecycle_remove(w->arena, &w->estate, &gone, &w->d));
    assert_int_equal(glm_fake_operations(west), 0);
    west->ops->destroy(west);
    end_world(w);
}

/* The entry that they are written to leads elsewhere, by mistake: what is recorded of the pairs of both
 * clusters stays, and is as it was when the entry is put right. */
static void a_seat_that_has_moved_forgets_nobodys_pairs(void **state)
{
    struct world *w = new_world(*state);
    struct glm_cluster *right = w->east, *wrong = glm_fake_create_live("wrong");
    const struct glm_value *wanted = attributes(w, "a.example", BOTH);
    struct glm_change made = must_apply(w, NULL, wanted);
    bool ok;
    w->clusters[0] = wrong;
    struct glm_change now = read_it(w, &made);
    glm_assert_warning(&w->d, "installations[\"1-24\"]", "ingress-1-24-west");
    assert_string_equal(shown_of(w, &now, "west"), "none");
    glm_fake_refuse(wrong, &glm_test_config_map, "You may not.");
    glm_fake_deny(wrong, &glm_test_config_map, "You may not.");
    now = apply(w, &now, wanted, &ok);
    assert_false(ok);
    w->clusters[0] = right;
    now = read_it(w, &now);
    is_whole(w, &now, wanted);
    static const char *const same[] = {GLM_TEST_SHOWN};
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        glm_assert_value_equal(glm_get(now.result, same[i]), glm_get(made.result, same[i]));
    wrong->ops->destroy(wrong);
    end_world(w);
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, glm_test_arena_setup, glm_test_arena_teardown)
    const struct CMUnitTest tests[] = {
        CASE(what_is_for_two_clusters_is_written_to_one),
        CASE(each_cluster_has_a_state_of_its_own),
        CASE(both_are_waited_for),
        CASE(drift_shows_where_it_belongs),
        CASE(a_cluster_that_leaves_loses_its_objects_only),
        CASE(a_removal_takes_what_is_for_every_cluster),
        CASE(an_import_finds_what_is_for_every_cluster),
        CASE(any_operation_may_fail_and_the_next_apply_converges),
        CASE(a_cluster_without_access_of_its_own_is_never_asked),
        CASE(a_seat_that_has_moved_forgets_nobodys_pairs),
    };
    return cmocka_run_group_tests_name("installer elsewhere", tests, NULL, NULL);
}
