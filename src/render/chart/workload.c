/* SPDX-License-Identifier: Apache-2.0
 *
 * The Deployment, or the DaemonSet: around the template of its pods.
 */
#include "internal.h"

static const struct glm_value *replicas(const struct chart_gateway *g)
{
    const struct glm_value *said = glm_get(g->values, "replicaCount");
    if (glm_chart_truthy(chart_at(g, "autoscaling", "enabled")) || glm_is_null(said))
        return NULL;
    return chart_has(g->release, CHART_NO_REPLICAS) ? chart_plain(g->arena, said)
                                                    : chart_plain_if(g->arena, said);
}

const struct glm_value *chart_workload(const struct chart_gateway *g)
{
    bool strategy = chart_has(g->release, CHART_STRATEGY);
    const struct glm_value *kind = glm_get(g->values, "kind");
    const struct glm_value *ready = glm_get(g->values, "minReadySeconds");
    const struct glm_value *metadata =
        PART_MAP(g->arena, {"annotations", chart_any(glm_get(g->values, "podAnnotations"))},
                 {"labels", chart_pod_labels(g)});
    return PART_MAP(
        g->arena, {"apiVersion", chart_str(g, "apps/v1")},
        {"kind", glm_chart_truthy(kind) ? chart_plain(g->arena, kind) : chart_str(g, "Deployment")},
        {"metadata", chart_metadata(g, g->name, true)},
        {"spec",
         PART_MAP(
             g->arena, {"minReadySeconds", strategy ? chart_plain_if(g->arena, ready) : NULL},
             {"replicas", replicas(g)},
             {"selector", PART_MAP(g->arena, {"matchLabels", g->selector})},
             {"strategy", strategy ? chart_any(glm_get(g->values, "strategy")) : NULL},
             {"template", PART_MAP(g->arena, {"metadata", metadata}, {"spec", chart_pod(g)})})});
}
