/* SPDX-License-Identifier: Apache-2.0
 *
 * Kubernetes objects: their kinds, and references to them.
 *
 * What:   what whoever reads or writes objects and every kind of cluster agree on.
 * Owner:  texts are made in the arena given; a reference borrows from the object it is of.
 * Errors: none.
 * Thread: no shared state.
 */
#ifndef GLM_OBJECT_H
#define GLM_OBJECT_H

#include "glm/arena.h"
#include "glm/value.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A kind of objects: what whoever reads and writes them has to know of it. Clusters take any row, so
 * that a new kind is a new row, be it here or whoever's installs it. Rows are compared by address:
 * there is one for each kind in a process. */
struct glm_object_kind {
    const char *api_version; /* "apps/v1" */
    const char *name;        /* "Deployment" */
    const char *plural;      /* "deployments", in paths and roles */
    bool namespaced;
    /* When it is written: after kinds of a lower order, and removed before them. 0: it is only looked
     * at. */
    unsigned order;
    bool stays;  /* what was written is never removed: others may have come to use it */
    bool shared; /* many read and make the same few objects, and mean nothing by it */
    bool many;   /* many read one object each: a list of the usual ones serves them all */
    /* What the usual list of it selects: a label, with this value or (NULL) any; label NULL: all. */
    const char *label, *value;
    /* Why a cluster may not serve it, and what to do, in sentences that begin after a colon; NULL:
     * every API server does. */
    const char *absent;
    /* What an object of it grants, as a rule of a ClusterRole in one line of YAML: Kubernetes lets
     * nobody grant what he may not do himself. NULL: nothing. */
    const char *grants;
};

/* What is done with a kind, for those who have to allow it. Lists of them are ended by a kind NULL. */
struct glm_object_right {
    const struct glm_object_kind *kind;
    bool written; /* else it is only looked at */
};

/* The kinds of this provider, up to a row without a name. Only API servers have those of order 0. */
extern const struct glm_object_kind glm_object_kinds[];

enum {
    GLM_ROW_NAMESPACE,
    GLM_ROW_ISTIO_OPERATOR,
    GLM_ROW_SERVICE,
    GLM_ROW_DEPLOYMENT,
    GLM_ROW_SERVICE_ACCOUNT,
    GLM_ROW_ROLE,
    GLM_ROW_ROLE_BINDING,
    GLM_ROW_AUTOSCALER,     /* HorizontalPodAutoscaler */
    GLM_ROW_BUDGET,         /* PodDisruptionBudget */
    GLM_ROW_NETWORK_POLICY, /* NetworkPolicy */
    GLM_ROW_POD,
    GLM_ROW_EVENT,
    GLM_ROW_ENDPOINT_SLICE,
    GLM_ROW_MUTATING_WEBHOOK, /* MutatingWebhookConfiguration */
    GLM_ROWS
};

#define GLM_KIND_NAMESPACE (&glm_object_kinds[GLM_ROW_NAMESPACE])
#define GLM_KIND_ISTIO_OPERATOR (&glm_object_kinds[GLM_ROW_ISTIO_OPERATOR])
#define GLM_KIND_SERVICE (&glm_object_kinds[GLM_ROW_SERVICE])
#define GLM_KIND_DEPLOYMENT (&glm_object_kinds[GLM_ROW_DEPLOYMENT])
#define GLM_KIND_SERVICE_ACCOUNT (&glm_object_kinds[GLM_ROW_SERVICE_ACCOUNT])
#define GLM_KIND_ROLE (&glm_object_kinds[GLM_ROW_ROLE])
#define GLM_KIND_ROLE_BINDING (&glm_object_kinds[GLM_ROW_ROLE_BINDING])
#define GLM_KIND_AUTOSCALER (&glm_object_kinds[GLM_ROW_AUTOSCALER])
#define GLM_KIND_BUDGET (&glm_object_kinds[GLM_ROW_BUDGET])
#define GLM_KIND_NETWORK_POLICY (&glm_object_kinds[GLM_ROW_NETWORK_POLICY])
#define GLM_KIND_POD (&glm_object_kinds[GLM_ROW_POD])
#define GLM_KIND_EVENT (&glm_object_kinds[GLM_ROW_EVENT])
#define GLM_KIND_ENDPOINT_SLICE (&glm_object_kinds[GLM_ROW_ENDPOINT_SLICE])
#define GLM_KIND_MUTATING_WEBHOOK (&glm_object_kinds[GLM_ROW_MUTATING_WEBHOOK])

struct glm_object_ref {
    const struct glm_object_kind *kind;
    const char *namespace_; /* NULL for what has none */
    const char *name;
    /* Nobody looks for one without the label of its kind: what is not listed is not there. */
    bool labelled;
};

/* "IstioOperator istio-system/istio-ingressgateway-1-24" */
const char *glm_object_ref_text(struct glm_arena *arena, const struct glm_object_ref *ref);
/* The reference of an object; false when it is not of this kind (NULL: of none of glm_object_kinds), or has
 * no name. */
bool glm_object_ref_as(const struct glm_value *object, const struct glm_object_kind *kind,
                       struct glm_object_ref *ret_ref);
bool glm_object_ref_of(const struct glm_value *object, struct glm_object_ref *ret_ref);
/* Kind, namespace and name are the same. */
bool glm_object_ref_same(const struct glm_object_ref *a, const struct glm_object_ref *b);
/* True when the object is what the reference names: apiVersion, kind, namespace and name. */
bool glm_object_is(const struct glm_value *object, const struct glm_object_ref *ref);
/* A field that others put onto an object, which nobody writes with it: its owner's labels and view, what API
 * servers keep in it; a key of metadata, or "status". NULL: it has none. */
const char *glm_object_not_its_own(const struct glm_value *object);
/* An object that says nothing but which one it is. */
const struct glm_value *glm_object_bare(struct glm_arena *arena, const struct glm_object_ref *ref);
/* "UID/generation": which desired state of which object; of the UID its first characters, which one
 * cluster hardly has twice: the private state has this of every pair. NULL: it has none. */
#define GLM_GENERATION_UID 8
const char *glm_object_generation(struct glm_arena *arena, const struct glm_value *object);

#ifdef __cplusplus
}
#endif
#endif
