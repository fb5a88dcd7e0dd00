/* SPDX-License-Identifier: Apache-2.0
 *
 * How many pods: the HorizontalPodAutoscaler and the PodDisruptionBudget.
 */
#include "internal.h"

static const struct glm_value *cpu_metric(const struct render_gateway *g)
{
    const struct glm_value *average = glm_get_path(g->own, "cpu", "targetAverageUtilization", NULL);
    const struct glm_value *target =
        RENDER_MAP(g->arena, {"type", render_str(g, "Utilization")},
                   {"averageUtilization", render_plain(g->arena, average)});
    return RENDER_MAP(
        g->arena, {"type", render_str(g, "Resource")},
        {"resource", RENDER_MAP(g->arena, {"name", render_str(g, "cpu")}, {"target", target})});
}

const struct glm_value *render_autoscaler(const struct render_gateway *g)
{
    const struct glm_value *min = glm_get(g->own, "autoscaleMin");
    const struct glm_value *max = glm_get(g->own, "autoscaleMax");
    if (!g->autoscaled || !glm_chart_truthy(min) || !glm_chart_truthy(max))
        return NULL;
    const struct glm_value *metric = cpu_metric(g);
    const struct glm_value *target =
        RENDER_MAP(g->arena, {"apiVersion", render_str(g, "apps/v1")},
                   {"kind", render_str(g, "Deployment")}, {"name", render_named(g, "")});
    return RENDER_MAP(
        g->arena, {"apiVersion", render_str(g, "autoscaling/v2")},
        {"kind", render_str(g, "HorizontalPodAutoscaler")},
        {"metadata", render_metadata(g, "", render_metadata_labels(g, true, NULL), NULL)},
        {"spec",
         RENDER_MAP(g->arena, {"maxReplicas", render_plain(g->arena, max)},
                    {"minReplicas", render_plain(g->arena, min)}, {"scaleTargetRef", target},
                    {"metrics", glm_list(g->arena, &metric, 1)})});
}

const struct glm_value *render_budget(const struct render_gateway *g)
{
    const char *least = g->autoscaled ? "autoscaleMin" : "replicaCount";
    if (!glm_chart_truthy(glm_get_path(g->global, "defaultPodDisruptionBudget", "enabled", NULL)))
        return NULL;
    /* One pod that must stay would keep every node from being drained. */
    if (render_has(g->release, RENDER_BUDGET_GUARD) && render_int(glm_get(g->own, least)) <= 1)
        return NULL;
    return RENDER_MAP(
        g->arena, {"apiVersion", render_str(g, "policy/v1")},
        {"kind", render_str(g, "PodDisruptionBudget")},
        {"metadata", render_metadata(g, "", render_metadata_labels(g, true, NULL), NULL)},
        {"spec", RENDER_MAP(g->arena, {"minAvailable", glm_integer(g->arena, 1)},
                            {"selector", RENDER_MAP(g->arena, {"matchLabels", g->labels})})});
}
