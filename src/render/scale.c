/* SPDX-License-Identifier: Apache-2.0
 *
 * How many pods: the HorizontalPodAutoscaler and the PodDisruptionBudget.
 */
#include "internal.h"

const struct glm_value *render_autoscaler(const struct render_gateway *g)
{
    const struct glm_value *min = glm_get(g->own, "autoscaleMin");
    const struct glm_value *max = glm_get(g->own, "autoscaleMax");
    if (!g->autoscaled || !glm_chart_truthy(min) || !glm_chart_truthy(max))
        return NULL;
    const struct glm_value *metric = part_utilization(
        g->arena, "cpu",
        part_plain(g->arena, glm_get_path(g->own, "cpu", "targetAverageUtilization", NULL)));
    return PART_MAP(
        g->arena, {"apiVersion", render_str(g, "autoscaling/v2")},
        {"kind", render_str(g, "HorizontalPodAutoscaler")},
        {"metadata", render_metadata(g, "", render_metadata_labels(g, true, NULL), NULL)},
        {"spec", PART_MAP(g->arena, {"maxReplicas", part_plain(g->arena, max)},
                          {"minReplicas", part_plain(g->arena, min)},
                          {"scaleTargetRef", part_scaled(g->arena, render_named(g, ""))},
                          {"metrics", glm_list(g->arena, &metric, 1)})});
}

const struct glm_value *render_budget(const struct render_gateway *g)
{
    const char *least = g->autoscaled ? "autoscaleMin" : "replicaCount";
    if (!glm_chart_truthy(glm_get_path(g->global, "defaultPodDisruptionBudget", "enabled", NULL)))
        return NULL;
    /* One pod that must stay would keep every node from being drained. */
    if (render_has(g->release, RENDER_BUDGET_GUARD) && part_int(glm_get(g->own, least)) <= 1)
        return NULL;
    return PART_MAP(
        g->arena, {"apiVersion", render_str(g, "policy/v1")},
        {"kind", render_str(g, "PodDisruptionBudget")},
        {"metadata", render_metadata(g, "", render_metadata_labels(g, true, NULL), NULL)},
        {"spec", PART_MAP(g->arena, {"minAvailable", glm_integer(g->arena, 1)},
                          {"selector", PART_MAP(g->arena, {"matchLabels", g->labels})})});
}
