/* SPDX-License-Identifier: Apache-2.0
 *
 * Control planes: what every cluster has of Istio before a gateway comes: istiod by revision, and
 * the operators that turn IstioOperators into gateways.
 *
 * What:   asks each cluster for a handful of objects, all clusters in parallel, and lets the pure
 *         functions of observe.h say what they mean.
 * Owner:  results live in the arena given.
 * Errors: a cluster that cannot be asked is in the result, with the reason; beside that it is a
 *         warning, or an error where the estate says that it must answer.
 * Thread: any number of calls at once, each with its own arena.
 */
#ifndef GLM_CONTROL_PLANES_H
#define GLM_CONTROL_PLANES_H

#include "glm/lifecycle.h"

#ifdef __cplusplus
extern "C" {
#endif

/* only_clusters: a list of names, or null for all of the estate. timeout_ms: for all of it, in every
 * cluster; 0: none.
 * ret_result: a map by cluster name of
 *   {reachable, message, istio_operator_api,
 *    revisions = {R = {namespace, name, tag, version, ready, external, tags, operator_ready}},
 *    operators = [{namespace, name, revision, watched_namespaces, ready}]}
 * Texts that are not known are null; message is "" when there is nothing to say. */
bool glm_lifecycle_control_planes(struct glm_arena *arena, const struct glm_estate *estate,
                                  const struct glm_value *only_clusters, int64_t timeout_ms,
                                  const struct glm_value **ret_result, struct glm_diags *d);

#ifdef __cplusplus
}
#endif
#endif
