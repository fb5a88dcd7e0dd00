/* SPDX-License-Identifier: Apache-2.0
 *
 * Istio's gateways: how their Deployments and Pods stand, and what control planes there are for them,
 * for every installer that runs Istio's own.
 *
 * What:   pure functions from Kubernetes objects as they were read to what they mean; those that take
 *         a call with a cluster ask it.
 * Owner:  results live in the arena given and may point into the inputs.
 * Errors: an object that makes no sense is judged as it stands; what cannot be looked up is a warning.
 * Thread: no shared state.
 */
#ifndef GLM_INSTALLER_ISTIO_H
#define GLM_INSTALLER_ISTIO_H

#include "glm/installer.h"
#include "glm/observe.h"

/* ---- rollout.c: how a gateway's Deployment stands ---- */

struct istio_rollout {
    bool exists;
    bool ours;           /* the labels say that this IstioOperator made it */
    bool complete;       /* every pod is of the newest template, ready and available */
    bool image;          /* it has the wanted image, as far as that can be told */
    bool once_available; /* it has worked before, whether or not it does now */
    bool observed;       /* its controller has said something of it, of whatever generation */
    bool current;        /* ... of the newest one */
    bool rolling;        /* pods of another template are still there, or not all new ones yet */
    bool stuck;          /* its rollout makes no progress for longer than it may */
    bool refused;        /* its pods cannot be created */
    bool stopped;        /* it is to have no pods */
    bool available;      /* as many pods as it must have at any time */
    const char *trouble; /* what keeps it from being healthy; NULL: nothing */
};
/* istio_operator: the one that must have made it; NULL: nobody is asked for. */
void istio_rollout_read(struct glm_arena *arena, const struct glm_value *istio_operator,
                        const struct glm_target *target, const struct glm_value *deployment,
                        struct istio_rollout *ret_rollout);

/* ---- why.c ---- */

/* What Kubernetes says about why a gateway is not ready, for a message after waiting in vain: the
 * Deployment's conditions, its Pods' (waiting containers, unschedulable), the last Warning events.
 * Lists of objects, any of them may be empty. "" when there is nothing to say. */
const char *istio_why_not_ready(struct glm_arena *arena, const struct glm_value *deployment,
                                const struct glm_value *pods, const struct glm_value *events);

/* The same of a gateway's Deployment, looked up in the cluster of the call. */
const char *istio_why(const struct glm_installer_call *call,
                      const struct glm_installer_look *deployment);

/* ---- rivals.c ---- */

/* "gateway ns/name": what installers of Istio's gateways call what they make. */
const char *istio_gateway_text(struct glm_arena *arena, const char *namespace_, const char *name);
/* Those that an IstioOperator makes its operator render; none where no operator looks at it. */
size_t istio_makes(struct glm_arena *arena, const struct glm_value *istio_operator,
                   const char *const **ret);

/* ---- injection.c: gateways whose pods an injector makes what they are ---- */

bool istio_is_injected(const struct glm_value *deployment);
/* Whether an injector takes a pod up, by labels: of its namespace, and its own. webhooks:
 * MutatingWebhookConfigurations. */
bool istio_is_injected_by(const struct glm_value *webhooks, const struct glm_value *namespace_,
                          const struct glm_value *pod);
/* Why no injector of the cluster takes its pods up, in sentences; NULL: one does, it needs none, or nobody
 * knows. */
const char *istio_not_injected(const struct glm_installer_call *call,
                               const struct glm_value *deployment);
/* A pod of it that no injector has taken up, and that is not ready; NULL: there is none. */
const char *istio_pod_not_injected(const struct glm_installer_call *call,
                                   const struct glm_value *deployment);

/* ---- planes.c: whether a gateway's control plane is there, and goes with it ---- */

struct istio_planes {
    bool known;
    const struct glm_control_plane *planes;
    size_t count;
};
/* Asks the cluster of the call. What cannot be found out is a warning. */
void istio_planes_survey(const struct glm_installer_call *call, struct istio_planes *ret_planes,
                         struct glm_diags *d);
/* false: the control plane of a pair is not there; the verdict says so. */
bool istio_plane_is_there(const struct glm_installer_call *call, const struct istio_planes *planes,
                          const struct glm_installer_pair *pair,
                          struct glm_installer_verdict *ret_verdict);
/* false: gateways are of a version that must not be, by the verdict; what is only unwise is a
 * warning. targets: the gateways as they are to be. */
bool istio_version_fits(const struct glm_installer_call *call, const struct istio_planes *planes,
                        const struct glm_installer_pair *pair, const struct glm_target *targets,
                        size_t count, struct glm_installer_verdict *ret_verdict,
                        struct glm_diags *d);
/* Whether some gateway gets another version than it has: its tag, or that there are more or fewer. */
bool istio_version_changes(const struct glm_target *is, size_t is_count,
                           const struct glm_target *wanted, size_t wanted_count);

#endif
