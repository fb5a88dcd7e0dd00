/* SPDX-License-Identifier: Apache-2.0
 *
 * Chart values: what the rules and the translation of this form share.
 */
#ifndef GLM_MESH_CHART_VALUES_H
#define GLM_MESH_CHART_VALUES_H

#include "glm/chart_values.h"
#include "internal.h"

/* Where values may say a network of their own: keys, the second one NULL where one is enough. */
#define MESH_CHART_NETWORKS 3
extern const char *const mesh_chart_networks[MESH_CHART_NETWORKS][2];

/* Of an installation whose values, name and revision are known, with the account, for no cluster. */
void mesh_chart_request(struct glm_arena *arena, const struct glm_manager *manager,
                        const struct glm_installation *installation, const char *version,
                        struct glm_gateway_chart_request *ret);

/* rules_chart.c: the text of the values, read. False: in error, which has been said. */
bool mesh_chart_read(struct glm_spec_report *report, struct glm_installation *installation);
/* One installation's values; what comes of them is kept in the installation. */
void mesh_rules_chart(struct glm_arena *arena, const struct glm_rules *rules,
                      const struct glm_manager *manager, struct glm_installation *installation,
                      struct glm_spec_report *report);
/* Both forms beside one another. */
void mesh_rules_forms(const struct glm_rules *rules, const struct glm_manager *manager);

#endif
