/* SPDX-License-Identifier: Apache-2.0
 *
 * How many pods: the HorizontalPodAutoscaler and the PodDisruptionBudget.
 */
#include "internal.h"

static void add_metric(struct glm_list_builder *b, const struct chart_gateway *g,
                       const char *resource, const char *key)
{
    const struct glm_value *average = chart_at(g, "autoscaling", key);
    if (glm_chart_truthy(average))
        glm_list_add(b, part_utilization(g->arena, resource, chart_plain(g->arena, average)));
}

static const struct glm_value *metrics(const struct chart_gateway *g)
{
    struct glm_list_builder b;
    glm_list_init(&b, g->arena);
    add_metric(&b, g, "cpu", "targetCPUUtilizationPercentage");
    add_metric(&b, g, "memory", "targetMemoryUtilizationPercentage");
    return b.len ? glm_list_finish(&b) : &glm_null;
}

const struct glm_value *chart_autoscaler(const struct chart_gateway *g)
{
    const struct glm_value *behavior = chart_at(g, "autoscaling", "autoscaleBehavior");
    if (!glm_chart_truthy(chart_at(g, "autoscaling", "enabled")) ||
        !chart_is(glm_get(g->values, "kind"), "Deployment"))
        return NULL;
    return PART_MAP(
        g->arena, {"apiVersion", chart_str(g, "autoscaling/v2")},
        {"kind", chart_str(g, "HorizontalPodAutoscaler")},
        {"metadata", chart_metadata(g, g->name, true)},
        {"spec",
         PART_MAP(g->arena, {"behavior", chart_any(behavior)},
                  {"maxReplicas", chart_plain(g->arena, chart_at(g, "autoscaling", "maxReplicas"))},
                  {"metrics", metrics(g)},
                  {"minReplicas", chart_plain(g->arena, chart_at(g, "autoscaling", "minReplicas"))},
                  {"scaleTargetRef", part_scaled(g->arena, g->name)})});
}

/* One pod that must stay would keep every node from being drained. */
static bool is_guarded(const struct chart_gateway *g)
{
    const struct glm_value *count = glm_chart_truthy(chart_at(g, "autoscaling", "enabled"))
                                        ? chart_at(g, "autoscaling", "minReplicas")
                                        : glm_get(g->values, "replicaCount");
    return chart_has(g->release, CHART_BUDGET_GUARD) && part_int(count) <= 1;
}

const struct glm_value *chart_budget(const struct chart_gateway *g)
{
    const struct glm_value *said = glm_get(g->values, "podDisruptionBudget");
    if (!glm_chart_truthy(said) || is_guarded(g))
        return NULL;
    const struct glm_value *spec =
        PART_MAP(g->arena, {"selector", PART_MAP(g->arena, {"matchLabels", g->selector})});
    struct glm_map_builder b;
    glm_map_init_from(&b, g->arena, spec);
    for (size_t i = 0; glm_is_map(said) && i < said->len; i++)
        glm_map_set(&b, said->as.map[i].key, said->as.map[i].value);
    return PART_MAP(g->arena, {"apiVersion", chart_str(g, "policy/v1")},
                    {"kind", chart_str(g, "PodDisruptionBudget")},
                    {"metadata", chart_metadata(g, g->name, false)},
                    {"spec", glm_map_finish(&b, NULL)});
}
