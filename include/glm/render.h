/* SPDX-License-Identifier: Apache-2.0
 *
 * Render: the Kubernetes objects that a release of Istio makes of the gateways of an IstioOperator.
 *
 * What:   pure: (document, Istio's version, version of its charts) to objects, for Istio 1.22 to
 *         1.31, the same that `istioctl manifest generate` of that release prints (up to 1.23: that
 *         the operator in the cluster applies), their labels of identity included. Components that are no
 *         gateways are passed over.
 * Owner:  results live in the arena given and share what they can with the document, which must live
 *         as long.
 * Errors: what Istio refuses is refused, every mistake at once, with line, column and remedy.
 * Thread: no shared state.
 * Source: the charts istio-ingress and istio-egress and operator/pkg of istio/istio, by release;
 *         `make peers-check` holds this against istioctl.
 */
#ifndef GLM_RENDER_H
#define GLM_RENDER_H

#include "glm/charts.h"
#include "glm/diag.h"
#include "glm/value.h"

#ifdef __cplusplus
extern "C" {
#endif

struct glm_render_request {
    const struct glm_value
        *document;    /* a map: the IstioOperator, of which metadata.namespace and spec count */
    const char *text; /* what it was decoded from, for quoting lines; NULL: nobody knows */
    size_t len;       /* bytes of text */
    const struct glm_path *at; /* the attribute that holds it; NULL: none does */
    const char *istio_version; /* "1.30.3"; "1.30" is the last patch of 1.30 */
    /* What releases stamp into their charts; "1.0.0" is what builds from source have. NULL: the number
     * of the Istio version. */
    const char *chart_version;
    bool warn; /* report warnings too */
};

struct glm_render_object {
    const struct glm_value *object;
    const char *gateway; /* components.ingressGateways[0], which it belongs to */
};

struct glm_render_result {
    const struct glm_render_object
        *objects; /* in the order of applying, each kind in that of the document */
    size_t count;
};

/* The version that the document's own tag begins with, "1.30.3" of "1.30.3-distroless"; NULL: it has no tag,
 * or one that says none. */
const char *glm_render_version(struct glm_arena *arena, const struct glm_value *document);

/* False when the document is refused: then *ret is not touched. Unknown values become unknown values of the
 * objects, and count as true where something depends on them. */
bool glm_render(struct glm_arena *arena, const struct glm_render_request *request,
                struct glm_render_result *ret, struct glm_diags *d);

/* Of which gateways a release makes a PodDisruptionBudget, where values do not turn that off. */
enum glm_render_budget {
    GLM_RENDER_BUDGET_ALWAYS,
    GLM_RENDER_BUDGET_OF_VALUES, /* two pods or more, by autoscaleMin or replicaCount of the values */
    GLM_RENDER_BUDGET_OF_ALL,    /* by k8s.hpaSpec and k8s.replicaCount, too */
};
/* ALWAYS of a text that is no version. */
enum glm_render_budget glm_render_budget_of(const char *istio_version);

#ifdef __cplusplus
}
#endif
#endif
