/* SPDX-License-Identifier: Apache-2.0
 *
 * Chart values: an installation that is described by values of Istio's own `gateway` chart, and what comes of it
 * in a cluster. The other form of an installation is the spec of an IstioOperator (glm/mesh.h).
 *
 * What:   pure. The release is called as the resource is, and stands in its namespace. An installation without
 *         a revision keeps the chart's own names; one with a revision is a canary beside it, with a name and a
 *         label app of its own, which share the account, and whose Service is the release's.
 * Owner:  results live in the arena given and point into the manager, which must live as long.
 * Errors: at the installation's gateway_chart_values, with line and column in the text.
 */
#ifndef GLM_CHART_VALUES_H
#define GLM_CHART_VALUES_H

#include "glm/gateway_chart.h"
#include "glm/mesh.h"

#ifdef __cplusplus
extern "C" {
#endif

#define GLM_FORM_SPEC "istio_operator_spec"
#define GLM_FORM_CHART "gateway_chart_values"

/* The values in a text that glm_manager_read takes for some. Texts with equal values mean the same. False,
 * without a word, for every other text. */
bool glm_chart_values_decode(struct glm_arena *arena, const char *text, size_t len,
                             const struct glm_value **ret_values);

/* Whether it is known by now what a placement gets: names, values, network, and whose account it is. */
bool glm_chart_is_known(const struct glm_manager *manager,
                        const struct glm_installation *installation,
                        const struct glm_placement *placement);

/* What a placement gets, of which all that is known. version: of Istio, one that is rendered. */
bool glm_chart_render(struct glm_arena *arena, const struct glm_manager *manager,
                      const struct glm_installation *installation,
                      const struct glm_placement *placement, const char *version,
                      struct glm_gateway_chart *ret, struct glm_diags *d);

#ifdef __cplusplus
}
#endif
#endif
