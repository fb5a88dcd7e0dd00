/* SPDX-License-Identifier: Apache-2.0
 *
 * The NetworkPolicy: who may reach a gateway's pods.
 */
#include "internal.h"

static const struct glm_value *spec(const struct chart_gateway *g)
{
    const struct glm_value *said = glm_get(g->service_values, "ports");
    struct glm_list_builder b;
    glm_list_init(&b, g->arena);
    for (size_t i = 0; glm_is_list(said) && i < said->len; i++) {
        const struct glm_value *port = said->as.list[i], *target = glm_get(port, "targetPort");
        const struct glm_value *protocol = glm_get(port, "protocol");
        target = glm_chart_truthy(target) ? target : glm_get(port, "port");
        glm_list_add(&b, part_policy_port(g->arena, chart_plain(g->arena, protocol),
                                          chart_plain(g->arena, target)));
    }
    return part_policy_spec(g->arena, g->selector, b.items, b.len,
                            chart_has(g->release, CHART_POLICY_FROM_ANYBODY));
}

const struct glm_value *chart_policy(const struct chart_gateway *g)
{
    const struct glm_value *said = chart_at(g, "global", "networkPolicy");
    if (!chart_has(g->release, CHART_NETWORK_POLICY) || !glm_chart_truthy(glm_get(said, "enabled")))
        return NULL;
    return PART_MAP(g->arena, {"apiVersion", chart_str(g, "networking.k8s.io/v1")},
                    {"kind", chart_str(g, "NetworkPolicy")}, {"metadata", chart_policy_metadata(g)},
                    {"spec", spec(g)});
}
