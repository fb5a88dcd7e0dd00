/* SPDX-License-Identifier: Apache-2.0
 *
 * Istio's operator as an installer: what the files of its row share.
 *
 * Source: the GatewayLifecycleManager API reference (states), the recorded behaviour of the Istio
 *         1.22 and 1.23 operators: no observedGeneration; HEALTHY and ERROR may be out of date, so
 *         that neither is believed without the Deployment.
 */
#ifndef GLM_OPERATOR_H
#define GLM_OPERATOR_H

#include "glm/installer.h"
#include "glm/observe.h"

/* What is remembered of a pair during an apply. */
struct operator_notes {
    bool taken_up;    /* an operator is known that will take it up */
    bool reconciling; /* one was seen at work on what we wrote */
};

/* The pair's IstioOperator as it was found; the null value: not there. */
static inline const struct glm_value *operator_found(const struct glm_installer_sight *sight)
{
    return sight->look_count > 0 ? sight->looks[0].read.object : &glm_null;
}

/* ---- judge.c ---- */

struct operator_observed {
    bool wanted;                            /* false: it is to be removed */
    const struct glm_value *istio_operator; /* as found; the null value: not there */
    const struct glm_target *targets;       /* of istio_operator */
    size_t target_count;
    const struct glm_value *const *deployments; /* beside targets; the null value: not there */
    /* What is known from before. */
    const char *healthy; /* generation of the object when it was last HEALTHY; NULL: never */
    /* The resourceVersion that our own last write of another spec in this call was answered with:
     * whatever status that version has is from before. NULL: nothing was written in this call, or
     * metadata.generation stayed what it was, since labels and annotations move no status. */
    const char *written;
};

struct operator_judgement {
    enum glm_state state;
    const char *message; /* for people: what, where, since when, why; never empty */
    bool quiet;          /* HEALTHY, and the message says nothing more */
    bool settled; /* nothing more is to be expected from waiting: HEALTHY that is not out of date,
                     FAILED, ACTION_REQUIRED, UNHEALTHY since a spec that the operator gave up */
    bool reconciling_seen; /* the operator is at work on it right now */
};

/* The state, first match wins, as the API defines it. */
void operator_judge(struct glm_arena *arena, const struct operator_observed *observed,
                    struct operator_judgement *ret_judgement);

/* ---- patience.c ---- */

/* For how many milliseconds of a wait of `given` nobody may take up an IstioOperator when no
 * operator is known that would. given 0: without an end. */
int64_t operator_untouched_ms(int64_t given);
/* How long what is seen has to stay as it is before it is believed, for `hold_ms`. Notes what is seen. */
int64_t operator_hold_ms(const struct glm_installer_call *call,
                         const struct glm_installer_sight *sight,
                         const struct operator_judgement *judgement, struct operator_notes *notes);

/* ---- the slots of the row, see glm/installer.h ---- */

/* render.c */
bool operator_render(const struct glm_installer_call *call, const struct glm_installer_pair *pairs,
                     size_t count, struct glm_installer_rendering *ret, struct glm_diags *d);
/* loses.c */
uint64_t operator_traits(const struct glm_installer_call *call,
                         const struct glm_value *description);
const char *operator_loses(const struct glm_installer_call *call, const struct glm_value *was,
                           uint64_t is, const char **ret_why);
/* sight.c */
size_t operator_targets(const struct glm_installer_call *call,
                        const struct glm_installer_sight *sight, const struct glm_object_ref **ret);
void operator_judge_sight(const struct glm_installer_call *call,
                          const struct glm_installer_sight *sight, void *notes,
                          struct glm_installer_judgement *ret);
/* preflight.c */
bool operator_preflight(const struct glm_installer_call *call,
                        const struct glm_installer_sight *sights, size_t count, void *const *notes,
                        struct glm_installer_verdict *ret, struct glm_diags *d);
bool operator_give_up(const struct glm_installer_call *call,
                      const struct glm_installer_sight *sight, void *notes);
/* explain.c */
const char *operator_explain(const struct glm_installer_call *call,
                             const struct glm_installer_sight *sight,
                             const struct glm_installer_judgement *judgement, const void *notes,
                             int64_t held_ms);

/* rivals.c */
size_t operator_makes(const struct glm_installer_call *call, const struct glm_value *object,
                      const char *const **ret);
/* pods.c */
size_t operator_pods(const struct glm_installer_call *call, const struct glm_value *object,
                     const struct glm_installer_pods **ret);
/* recall.c */
bool operator_namesake(const struct glm_installer_call *call, const struct glm_value *object,
                       const char *name);
size_t operator_recall(const struct glm_installer_call *call, const struct glm_value *object,
                       const struct glm_value *traffic, const char *const **ret_clusters,
                       const struct glm_value *const **ret_views);
/* steps.c */
size_t operator_steps(const struct glm_installer_call *call, const struct glm_installer_object *o,
                      const struct glm_value *live, enum glm_installer_write why,
                      const struct glm_installer_step **ret);

/* hands.c */
void operator_yields(const struct glm_installer_call *call, const struct glm_value *live,
                     struct glm_installer_yield *ret);
enum glm_installer_heir operator_inherits(const struct glm_installer_call *call,
                                          const struct glm_installer_sight *sight,
                                          const struct glm_installer_look *found);
/* True when it is we who keep the operator away from it, since it was to change hands. */
bool operator_is_kept_away(const struct glm_installer_call *call, const struct glm_value *live);
/* The same IstioOperator, of which each object has a label more than the operator remembers; as it is where that
 * cannot be. live: what is there of it; null: nothing. */
const struct glm_value *operator_taking_up(struct glm_arena *arena,
                                           const struct glm_value *istio_operator,
                                           const struct glm_value *live);

#endif
