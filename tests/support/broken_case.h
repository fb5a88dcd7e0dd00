/* SPDX-License-Identifier: Apache-2.0
 *
 * Installers that break the rules of installer.h, each in one way. Whatever a slot answers, its installer is
 * named, as a mistake of the provider's; state and record keep what there is, the other cluster is done, and
 * the same installer without the mistake goes on from there.
 *
 * East has the broken one, west a sound one; both are fakes of API servers on which nobody acts. For one test
 * program, which includes it.
 */
#ifndef GLM_TEST_BROKEN_CASE_H
#define GLM_TEST_BROKEN_CASE_H

#include "../../src/lifecycle/shape.h"
#include "test.h"
#include "shown.h"

#include "fake_cluster.h"
#include "glm/clock.h"
#include "glm/codec.h"
#include "glm/lifecycle.h"
#include "glm/observe.h"
#include "test_installer.h"

#include <string.h>

#define SPEC                                                                                       \
    "tag: 1.24.1\\ncomponents:\\n  ingressGateways:\\n  - name: ingress\\n    namespace: gateways" \
    "\\n    enabled: true\\n    k8s:\\n      service:\\n        type: LoadBalancer\\n"
#define AT "installations[\"1-24\"]"
#define BLAME "Installer \"broken\" is broken"
#define OBJECTS 4 /* in each cluster: two Namespaces, a ConfigMap, a Service */

static const struct glm_installer *const sound = &glm_test_installer_config_map;
static struct glm_installer broken; /* of the test that runs */
static bool breaks;                 /* false: its slots do as they should */

struct world {
    struct glm_arena *arena;
    struct glm_cluster *clusters[2];
    struct glm_cluster_config configs[2];
    struct glm_estate estate;
    atomic_bool stop;
    int64_t usual_ms; /* what an apply takes here and now */
    struct glm_diags d;
};

static const struct glm_installer *const installers[] = {&glm_test_installer_config_map, &broken,
                                                         NULL};

static inline struct world *new_world(struct glm_arena *arena)
{
    static const char *const names[] = {"east", "west"};
    struct world *w = GLM_NEW(arena, struct world);
    w->arena = arena;
    for (size_t i = 0; i < 2; i++) {
        w->clusters[i] = glm_fake_create_live(names[i]);
        w->configs[i] = (struct glm_cluster_config){
            .name = names[i], .place = GLM_PLACE_LIVE, .operator_namespace = "istio-system"};
    }
    w->configs[0].installer = "broken";
    w->estate = (struct glm_estate){.installers = installers,
                                    .mesh = {.known = true,
                                             .operator_namespace = "istio-system",
                                             .clusters = w->configs,
                                             .cluster_count = 2,
                                             .default_distribution = &glm_null},
                                    .clusters = w->clusters,
                                    .max_parallel = 2,
                                    .stop = &w->stop};
    glm_diags_init(&w->d, arena);
    broken = *sound;
    broken.name = "broken";
    breaks = true;
    return w;
}

static inline void end_world(struct world *w)
{
    for (size_t i = 0; i < 2; i++)
        w->clusters[i]->ops->destroy(w->clusters[i]);
}

static inline const struct glm_value *attributes(struct world *w, const char *hub)
{
    return glm_test_value(
        w->arena, glm_sprintf(w->arena,
                              "{'name':'ingress','namespace':'gloo-mesh','wait_for_healthy':false,"
                              "'installations':{'1-24':{'gateway_revision':'1-24','clusters':"
                              "{'east':{'active_gateway':true},'west':{'active_gateway':true}},"
                              "'skip_upgrade_validation':true,'istio_operator_spec':'values: "
                              "{global: {meshID: m}}\\nhub: %s\\n%s'}},'helm_global':null}",
                              hub, SPEC));
}

static inline bool plan(struct world *w, const struct glm_change *before,
                        const struct glm_value *wanted, struct glm_change *ret)
{
    *ret = (struct glm_change){.prior = before ? before->result : &glm_null,
                               .record = before ? before->result_record : &glm_null,
                               .attributes = wanted};
    glm_diags_init(&w->d, w->arena);
    return glm_lifecycle_plan(w->arena, &w->estate, ret, &w->d);
}

static inline struct glm_change apply(struct world *w, const struct glm_change *planned,
                                      int64_t limit_ms, bool *ret_ok)
{
    struct glm_change change = {.prior = planned->prior,
                                .record = planned->result_record,
                                .attributes = planned->result,
                                .timeout_ms = limit_ms,
                                .creating = glm_is_null(planned->prior)};
    glm_diags_init(&w->d, w->arena);
    *ret_ok = glm_lifecycle_apply(w->arena, &w->estate, &change, &w->d);
    return change;
}

static inline void must(struct world *w, bool ok)
{
    if (!ok)
        fail_msg("%s", glm_test_diags_text(w->arena, &w->d));
}

/* Plan and apply without a mistake: the next plan has nothing to do. */
static inline struct glm_change converge(struct world *w, const struct glm_change *before,
                                         const struct glm_value *wanted)
{
    struct glm_change planned, again;
    bool ok;
    breaks = false;
    must(w, plan(w, before, wanted, &planned));
    int64_t began = glm_clock_ms();
    struct glm_change made = apply(w, &planned, 0, &ok);
    w->usual_ms = glm_clock_ms() - began;
    must(w, ok);
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(glm_fake_count(w->clusters[i]), OBJECTS);
    must(w, plan(w, &made, wanted, &again));
    glm_assert_value_equal(glm_test_objects(again.result), glm_test_objects(made.result));
    breaks = true;
    return made;
}

static inline void blamed(struct world *w, const char *words)
{
    const char *said = glm_test_diags_text(w->arena, &w->d);
    if (!strstr(said, BLAME) || !strstr(said, words) || !strstr(said, "please report it"))
        fail_msg("%s: %s", words, said);
}

static inline const struct glm_value *main_in(struct world *w, size_t cluster)
{
    return glm_fake_get(w->clusters[cluster], &glm_test_config_map, "istio-system", "ingress-1-24");
}

#define JUDGE(name)                                                                                \
    static inline void name(const struct glm_installer_call *call,                                 \
                            const struct glm_installer_sight *sight, void *notes,                  \
                            struct glm_installer_judgement *ret)

/* One that judges alike, whatever there is. */
#define JUDGED(name, state_, message_, settled_, hold_ms_)                                         \
    JUDGE(name)                                                                                    \
    {                                                                                              \
        if (breaks)                                                                                \
            *ret = (struct glm_installer_judgement){.state = (enum glm_state)(state_),             \
                                                    .message = (message_),                         \
                                                    .settled = (settled_),                         \
                                                    .hold_ms = (hold_ms_)};                        \
        else                                                                                       \
            sound->judge(call, sight, notes, ret);                                                 \
    }

static inline const struct glm_value *status_of(const struct glm_change *change,
                                                const char *cluster, const char *what)
{
    return glm_get_path(change->result, "status", "clusters", cluster, "installations", "1-24",
                        what, NULL);
}

JUDGED(never_settles, GLM_STATE_PENDING, "Any moment now.", false, -1)

/* What west has is HEALTHY as soon as somebody waits for it. */
static inline void heal(void *context)
{
    struct world *w = context;
    const struct glm_value *o = main_in(w, 1);
    if (glm_is_map(o) && !glm_has(glm_get(o, "data"), "state"))
        glm_fake_put_as(
            w->clusters[1], &glm_test_config_map,
            glm_with_path(w->arena, o, glm_string(w->arena, "HEALTHY"), "data", "state", NULL));
}

/* Time for everything but a wait in vain, on slow machines too. */
static inline int64_t short_ms(const struct world *w)
{
    return 300 + 30 * w->usual_ms;
}

/* A plan that waits, carried out in so many milliseconds. */
static inline struct glm_change wait_for(struct world *w, const struct glm_change *before,
                                         int64_t limit_ms, bool *ret_ok)
{
    struct glm_change planned;
    glm_fake_each_round(w->clusters[1], heal, w);
    must(w, plan(w, before,
                 glm_with(w->arena, attributes(w, "b.example"), "wait_for_healthy", &glm_true),
                 &planned));
    return apply(w, &planned, limit_ms, ret_ok);
}

/* As far as it went: east has what was written and is waited for again, west is done. */
static inline void is_half_done(struct world *w, const struct glm_change *made)
{
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(glm_fake_count(w->clusters[i]), OBJECTS);
        assert_int_equal(glm_fake_removals(w->clusters[i]), 0);
        assert_true(glm_is_string(
            glm_get(glm_test_objects_of(w->arena, made->result, w->clusters[i]->name), "1-24")));
        assert_int_equal(glm_test_services_of(w->arena, made->result, w->clusters[i]->name)->len,
                         1);
    }
    assert_string_equal(glm_string_or(status_of(made, "west", "state"), ""), "HEALTHY");
    converge(w, made, attributes(w, "b.example"));
}

static inline bool never(const struct glm_installer_call *call,
                         const struct glm_installer_sight *sight, void *notes)
{
    (void)call;
    (void)sight;
    (void)notes;
    return !breaks;
}

JUDGED(gives_up_soon, GLM_STATE_PENDING, "Any moment now.", false, 1)

#define STEPS(name)                                                                                \
    static inline size_t name(const struct glm_installer_call *call,                               \
                              const struct glm_installer_object *o, const struct glm_value *live,  \
                              enum glm_installer_write why, const struct glm_installer_step **ret)

#define PREFLIGHT(name)                                                                            \
    static inline bool name(                                                                       \
        const struct glm_installer_call *call, const struct glm_installer_sight *sights,           \
        size_t count, void *const *notes, struct glm_installer_verdict *ret, struct glm_diags *d)

#endif
