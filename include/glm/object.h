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

/* The first three are written. The others are only looked at, and only API servers have them. */
enum glm_object_kind {
    GLM_KIND_NAMESPACE,
    GLM_KIND_ISTIO_OPERATOR,
    GLM_KIND_SERVICE,
    GLM_KIND_DEPLOYMENT,
    GLM_KIND_POD,
    GLM_KIND_EVENT,
    GLM_KIND_ENDPOINT_SLICE,
    GLM_KIND_MUTATING_WEBHOOK, /* MutatingWebhookConfiguration */
};
#define GLM_KINDS 8

struct glm_object_ref {
    enum glm_object_kind kind;
    const char *namespace_; /* NULL for what has none: NAMESPACE, MUTATING_WEBHOOK */
    const char *name;
};

/* "IstioOperator istio-system/istio-ingressgateway-1-24" */
const char *glm_object_ref_text(struct glm_arena *arena, const struct glm_object_ref *ref);
/* apiVersion and kind, as every object of this kind has them. */
const char *glm_object_api_version(enum glm_object_kind kind);
const char *glm_object_kind_name(enum glm_object_kind kind);
bool glm_object_kind_namespaced(enum glm_object_kind kind);
/* The reference of an object; false when it is of none of the kinds or has no name. */
bool glm_object_ref_of(const struct glm_value *object, struct glm_object_ref *ret_ref);
/* Kind, namespace and name are the same. */
bool glm_object_ref_same(const struct glm_object_ref *a, const struct glm_object_ref *b);
/* True when the object is what the reference names: apiVersion, kind, namespace and name. */
bool glm_object_is(const struct glm_value *object, const struct glm_object_ref *ref);

#ifdef __cplusplus
}
#endif
#endif
