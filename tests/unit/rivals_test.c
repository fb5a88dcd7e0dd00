/* SPDX-License-Identifier: Apache-2.0
 *
 * One gateway has one owner in a cluster: a second object with the same gateway is refused
 * before the first write.
 */
#include "test.h"

#include "fake_cluster.h"
#include "glm/lifecycle.h"
#include "glm/text.h"
#include "test_installer.h"

#include <pthread.h>
#include <string.h>

struct world {
    struct glm_arena *arena;
    struct glm_cluster *clusters[2];
    struct glm_cluster_config configs[2];
    struct glm_estate estate;
};

static struct world *new_world(struct glm_arena *arena)
{
    static const char *const names[] = {"east", "west"};
    struct world *w = GLM_NEW(arena, struct world);
    w->arena = arena;
    for (size_t i = 0; i < 2; i++) {
        w->clusters[i] = glm_fake_create(names[i]);
        w->configs[i] = (struct glm_cluster_config){
            .name = names[i], .place = GLM_PLACE_DIRECTORY, .operator_namespace = "istio-system"};
    }
    w->estate = (struct glm_estate){.installers = glm_test_installers(),
                                    .mesh = {.known = true,
                                             .operator_namespace = "istio-system",
                                             .clusters = w->configs,
                                             .cluster_count = 2,
                                             .default_distribution = &glm_null},
                                    .clusters = w->clusters,
                                    .claims = glm_claims_create(arena),
                                    .max_parallel = 2};
    return w;
}

static void end_world(struct world *w)
{
    for (size_t i = 0; i < 2; i++)
        w->clusters[i]->ops->destroy(w->clusters[i]);
}

/* A resource in both clusters with one gateway "<gateway>-<revision>" and a Service. */
static const struct glm_value *attributes(struct glm_arena *arena, const char *name,
                                          const char *revision, const char *gateway)
{
    return glm_test_value(
        arena,
        glm_sprintf(arena,
                    "{'name':'%s','namespace':'gloo-mesh','adopt_existing':false,'installations':{"
                    "'%s':{'gateway_revision':'%s','clusters':{'east':{'active_gateway':true},"
                    "'west':{'active_gateway':true}},'istio_operator_spec':'profile: empty\\n"
                    "values: {global: {meshID: m}}\\ncomponents:\\n  ingressGateways:\\n"
                    "  - name: %s\\n    enabled: true\\n    k8s: {service: {ports: [{port: 80}]}}"
                    "\\n'}},'helm_global':null}",
                    name, revision, revision, gateway));
}

static struct glm_change apply_it(struct world *w, struct glm_arena *arena,
                                  const struct glm_value *prior, const struct glm_value *record,
                                  const struct glm_value *wanted, struct glm_diags *d)
{
    struct glm_change plan = {.prior = prior, .record = record, .attributes = wanted};
    glm_diags_init(d, arena);
    if (!glm_lifecycle_plan(arena, &w->estate, &plan, d))
        return plan;
    struct glm_change change = {.prior = prior,
                                .record = plan.result_record,
                                .attributes = plan.result,
                                .creating = glm_is_null(prior)};
    glm_lifecycle_apply(arena, &w->estate, &change, d);
    return change;
}

static void must_apply(struct world *w, const struct glm_value *wanted)
{
    struct glm_diags d;
    apply_it(w, w->arena, &glm_null, &glm_null, wanted, &d);
    if (d.errors)
        fail_msg("%s", glm_test_diags_text(w->arena, &d));
}

static void a_second_resource_with_the_same_gateway_is_refused_before_the_first_write(void **state)
{
    struct world *w = new_world(*state);
    must_apply(w, attributes(w->arena, "one", "1-24", "ingress"));
    unsigned writes = glm_fake_writes(w->clusters[0]);
    struct glm_diags d;
    /* The active Service carries the gateway's name too and is looked at first. */
    const struct glm_value *two = attributes(w->arena, "two", "1-24", "ingress");
    two = glm_with_path(w->arena, two, &glm_false, "installations", "1-24", "clusters", "east",
                        "active_gateway", NULL);
    two = glm_with_path(w->arena, two, &glm_false, "installations", "1-24", "clusters", "west",
                        "active_gateway", NULL);
    struct glm_change made = apply_it(w, w->arena, &glm_null, &glm_null, two, &d);
    assert_true(glm_is_null(made.result));
    glm_assert_error(&d, "installations[\"1-24\"].clusters[\"east\"]",
                     glm_sprintf(w->arena,
                                 "gateway gloo-mesh-gateways/ingress-1-24: rendered by %s "
                                 "istio-system/one-1-24, of the gateway lifecycle manager "
                                 "gloo-mesh/one",
                                 glm_test_main_kind()->name));
    glm_assert_error(&d, "installations[\"1-24\"].clusters[\"west\"]", "one-1-24");
    assert_int_equal(glm_fake_writes(w->clusters[0]), writes);
    end_world(w);
}

static void another_revision_or_another_gateway_is_nobodys_rival(void **state)
{
    struct world *w = new_world(*state);
    must_apply(w, attributes(w->arena, "one", "1-24", "ingress"));
    must_apply(w, attributes(w->arena, "two", "1-24", "other"));
    must_apply(w, attributes(w->arena, "three", "1-25", "third"));
    end_world(w);
}

/* Somebody's IstioOperator that has the gateway "new-1-24". */
static const struct glm_value *by_hand(struct glm_arena *arena, const char *ignored)
{
    return glm_test_value(
        arena, glm_sprintf(arena,
                           "{'apiVersion':'install.istio.io/v1alpha1','kind':'IstioOperator',"
                           "'metadata':{'name':'by-hand','namespace':'istio-system','annotations':"
                           "{'install.istio.io/ignoreReconcile':'%s'}},'spec':{'profile':'empty',"
                           "'components':{'ingressGateways':[{'name':'new-1-24','namespace':"
                           "'gloo-mesh-gateways','enabled':true}]}}}",
                           ignored));
}

static void what_the_operator_ignores_is_nobodys_rival(void **state)
{
    struct world *w = new_world(*state);
    glm_test_main_put(w->arena, w->clusters[1], by_hand(w->arena, "true"));
    must_apply(w, attributes(w->arena, "one", "1-24", "new"));
    end_world(w);
}

static void an_update_may_not_take_a_gateway_of_somebody_else(void **state)
{
    struct world *w = new_world(*state);
    const struct glm_value *own = attributes(w->arena, "one", "1-24", "ingress");
    struct glm_diags d;
    struct glm_change made = apply_it(w, w->arena, &glm_null, &glm_null, own, &d);
    assert_int_equal(d.errors, 0);
    glm_test_main_put(w->arena, w->clusters[1], by_hand(w->arena, "false"));
    struct glm_change same = apply_it(w, w->arena, made.result, made.result_record, own, &d);
    assert_int_equal(d.errors, 0);
    unsigned writes = glm_fake_writes(w->clusters[0]);
    const struct glm_value *wanted =
        glm_with_path(w->arena, attributes(w->arena, "one", "1-24", "new"), &glm_true,
                      "installations", "1-24", "skip_upgrade_validation", NULL);
    struct glm_change taken = apply_it(w, w->arena, same.result, same.result_record, wanted, &d);
    glm_assert_error(
        &d, "installations[\"1-24\"].clusters[\"west\"]",
        glm_sprintf(w->arena, "rendered by %s istio-system/by-hand\n", glm_test_main_kind()->name));
    glm_assert_value_equal(taken.result, same.result);
    assert_int_equal(glm_fake_writes(w->clusters[0]), writes);
    end_world(w);
}

static void one_cluster_under_two_names_is_refused_before_the_first_write(void **state)
{
    struct world *w = new_world(*state);
    struct glm_cluster *twins[] = {w->clusters[0], w->clusters[0]};
    struct glm_diags d;
    w->estate.clusters = twins;
    apply_it(w, w->arena, &glm_null, &glm_null, attributes(w->arena, "one", "1-24", "ingress"), &d);
    glm_assert_error(&d, "installations", "\"east\" (fake east) and \"west\" (fake east) are the");
    assert_int_equal(glm_fake_writes(w->clusters[0]), 0);
    end_world(w);
}

struct racer {
    pthread_t thread;
    struct world *world;
    struct glm_arena *arena;
    const char *name;
    pthread_barrier_t *start;
    struct glm_diags d;
    bool reached;
};

static void *race(void *context)
{
    struct racer *r = context;
    const struct glm_value *wanted = attributes(r->arena, r->name, "1-24", "ingress");
    pthread_barrier_wait(r->start);
    struct glm_change made = apply_it(r->world, r->arena, &glm_null, &glm_null, wanted, &r->d);
    r->reached = !glm_is_null(made.result);
    return NULL;
}

/* Whoever comes first gets it; at most one of several at once, and nobody half. */
static void of_several_at_once_at_most_one_gets_the_gateway(void **state)
{
    static const char *const names[] = {"one", "two", "two", "four"};
    for (unsigned round = 0; round < 50; round++) {
        struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create((size_t)1 << 30);
        struct world *w = new_world(arena);
        struct racer racers[4];
        pthread_barrier_t start;
        pthread_barrier_init(&start, NULL, 4);
        for (size_t i = 0; i < 4; i++) {
            racers[i] = (struct racer){.world = w,
                                       .arena = glm_arena_create((size_t)1 << 30),
                                       .name = names[i],
                                       .start = &start};
            assert_int_equal(pthread_create(&racers[i].thread, NULL, race, &racers[i]), 0);
        }
        unsigned winners = 0;
        for (size_t i = 0; i < 4; i++) {
            pthread_join(racers[i].thread, NULL);
            winners += racers[i].d.errors == 0;
            assert_int_equal(racers[i].reached, racers[i].d.errors == 0);
        }
        assert_true(winners <= 1);
        /* Two Namespaces, the main object, the Service. */
        assert_int_equal(glm_fake_count(w->clusters[0]), winners * 4);
        assert_int_equal(glm_fake_count(w->clusters[1]), winners * 4);
        if (winners == 0) /* each was first somewhere; no claim outlives its apply */
            must_apply(w, attributes(arena, "one", "1-24", "ingress"));
        for (size_t i = 0; i < 4; i++)
            glm_arena_destroy(racers[i].arena);
        pthread_barrier_destroy(&start);
        end_world(w);
    }
    (void)state;
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, glm_test_arena_setup, glm_test_arena_teardown)
    const struct CMUnitTest tests[] = {
        CASE(a_second_resource_with_the_same_gateway_is_refused_before_the_first_write),
        CASE(another_revision_or_another_gateway_is_nobodys_rival),
        CASE(what_the_operator_ignores_is_nobodys_rival),
        CASE(an_update_may_not_take_a_gateway_of_somebody_else),
        CASE(one_cluster_under_two_names_is_refused_before_the_first_write),
        CASE(of_several_at_once_at_most_one_gets_the_gateway),
    };
    return cmocka_run_group_tests_name("rivals", tests, NULL, NULL);
}
