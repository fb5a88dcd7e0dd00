/* SPDX-License-Identifier: Apache-2.0
 *
 * Observe: what a live cluster has of the language: gateways of an IstioOperator, who looks after it,
 * drift, control planes and operators.
 *
 * What:   pure functions from Kubernetes objects as they were read to what they mean. No I/O, no
 *         clock: times in messages are the ones that the objects carry.
 * Owner:  results live in the arena given and may point into the inputs.
 * Errors: none; an object that makes no sense is judged as it stands.
 * Source: the recorded behaviour of the Istio 1.22 and 1.23 operators.
 */
#ifndef GLM_OBSERVE_H
#define GLM_OBSERVE_H

#include "glm/mesh.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- what an IstioOperator is to become ---- */

/* A gateway that an IstioOperator renders: its Deployment has this name and namespace. */
struct glm_target {
    const char *namespace_, *name;
    bool egress;
    const char *tag; /* of the image; NULL: the operator's own */
    const char *hub; /* NULL: the operator's own */
};
/* The gateways that an IstioOperator makes Istio's operator render, whoever wrote it: those that it
 * enables, and its profile's own where it does not turn them off. Returns how many; ret_targets
 * points into the arena and the object. */
size_t glm_targets(struct glm_arena *arena, const struct glm_value *istio_operator,
                   const struct glm_target **ret_targets);
/* True for what Istio's operator never reconciles: istioctl's own notes of what it installed, and
 * what is annotated install.istio.io/ignoreReconcile. */
bool glm_left_alone(const struct glm_value *istio_operator);

/* ---- who looks after an IstioOperator ---- */

#define GLM_ISTIO_FINALIZER "istio-finalizer.install.istio.io"

enum glm_reconciler_kind {
    GLM_RECONCILER_NONE,  /* no finalizer of a known one: nobody has picked it up (yet) */
    GLM_RECONCILER_ISTIO, /* GLM_ISTIO_FINALIZER */
    GLM_RECONCILER_PLUMA, /* iop.pluma.io/finalizer: no componentStatus, Deployments elsewhere */
};
enum glm_reconciler_kind glm_reconciler_of(const struct glm_value *istio_operator);
/* Why an IstioOperator has no status, as far as it shows. */
const char *glm_why_pending(struct glm_arena *arena, const struct glm_value *istio_operator);

/* ---- drift ---- */

/* A live object reduced to what is owned, for comparing and showing: of maps the keys that owned
 * has, of lists the whole (a Service's ports by port and protocol, each reduced likewise; its
 * selector whole), without status and the API server's own metadata. Where the live value only
 * differs from the owned one in spelling, the owned one is returned: numbers as the Istio operator
 * writes them back (1337 as "1337" below spec.components), empty texts and maps that it drops,
 * defaults of the API server.
 * owned: the object as we last applied it, without labels of ownership and view; the labels and
 * annotations of owned count, others do not. */
const struct glm_value *glm_project(struct glm_arena *arena, const struct glm_value *live,
                                    const struct glm_value *owned);
/* The two shapes in one, for glm_project: everything that either owns. */
const struct glm_value *glm_owned_union(struct glm_arena *arena, const struct glm_value *a,
                                        const struct glm_value *b);

/* The value at a field as API servers name it in conflicts: ".spec.components.ingressGateways",
 * ".metadata.labels.app.kubernetes.io/name", ".spec.ports[port=80,protocol=\"TCP\"].targetPort".
 * Keys that hold dots are found by what the object has. The null value where there is nothing. */
const struct glm_value *glm_value_at_field(const struct glm_value *object, const char *field);

/* ---- control planes and operators ---- */

struct glm_control_plane {
    const char *revision;   /* "" for `default` without a revision */
    const char *namespace_; /* of istiod; "" when only a webhook speaks of it */
    const char *name;       /* of the Deployment */
    const char *tag;        /* of istiod's image; "" unknown */
    const char *version;    /* "1.24.2" from the tag; "" when it is none */
    bool ready;
    bool external;           /* only a webhook speaks of it: istiod runs elsewhere */
    const char *const *tags; /* revision tags that stand for it, sorted */
    size_t tag_count;
};
/* deployments: those labelled app=istiod, of all namespaces; webhooks: the
 * MutatingWebhookConfigurations labelled istio.io/rev. Sorted by revision. */
size_t glm_control_planes(struct glm_arena *arena, const struct glm_value *deployments,
                          const struct glm_value *webhooks,
                          const struct glm_control_plane **ret_planes);
/* The one of this revision ("": `default`); NULL when there is none. ret_tag_of (may be NULL): set
 * to the one that the revision is only a tag of. */
const struct glm_control_plane *glm_control_plane_find(const struct glm_control_plane *planes,
                                                       size_t count, const char *revision,
                                                       const struct glm_control_plane **ret_tag_of);

/* An Istio operator that runs in the cluster, from its Deployment. */
struct glm_operator {
    const char *namespace_, *name;
    const char *revision;       /* its REVISION; "": any IstioOperator, whatever its revision */
    const char *const *watched; /* its WATCH_NAMESPACE; none: all namespaces */
    size_t watched_count;
    bool ready;
};
/* deployments: any; those that are no Istio operator are passed over. */
size_t glm_operators(struct glm_arena *arena, const struct glm_value *deployments,
                     const struct glm_operator **ret_operators);
/* True when it serves IstioOperators of this revision in this namespace. */
bool glm_operator_serves(const struct glm_operator *op, const char *revision,
                         const char *namespace_);

/* An IstioOperator that the typed decoder of the operator cannot read, which stops the operator
 * for all others: what is wrong with it, or NULL. */
const char *glm_operator_blocked_by(struct glm_arena *arena,
                                    const struct glm_value *istio_operator);

#ifdef __cplusplus
}
#endif
#endif
