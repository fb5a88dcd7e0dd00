/* SPDX-License-Identifier: Apache-2.0
 *
 * The Deployment around the pods of a gateway, which are in pod.c.
 */
#include "internal.h"

#define METRICS_PATH "/stats/prometheus"
#define METRICS_PORT "15020"

/* The chart's, and the user's over them. */
static const struct glm_value *pod_annotations(const struct render_gateway *g)
{
    const struct glm_value *merge =
        glm_get_path(g->values, "meshConfig", "enablePrometheusMerge", NULL);
    const struct glm_value *templates = glm_get(g->own, "injectionTemplate");
    const struct glm_value *revision =
        glm_chart_truthy(g->revision) ? g->revision : render_str(g, "default");
    bool scraped = glm_chart_truthy(merge);
    const struct glm_value *chart = PART_MAP(
        g->arena, {"istio.io/rev", g->injected ? NULL : revision},
        {"prometheus.io/port", scraped ? render_str(g, METRICS_PORT) : NULL},
        {"prometheus.io/scrape", scraped ? render_str(g, "true") : NULL},
        {"prometheus.io/path", scraped ? render_str(g, METRICS_PATH) : NULL},
        {"sidecar.istio.io/inject", render_str(g, g->injected ? "true" : "false")},
        {"inject.istio.io/templates", g->injected ? part_string(g->arena, templates) : NULL});
    const struct glm_value *user = glm_get(g->own, "podAnnotations");
    return glm_is_map(user) ? part_merged(g->arena, chart, user) : chart;
}

static const struct glm_value *strategy(const struct render_gateway *g)
{
    const struct glm_value *surge = glm_get(g->own, "rollingMaxSurge");
    const struct glm_value *unavailable = glm_get(g->own, "rollingMaxUnavailable");
    return PART_MAP(g->arena, {"rollingUpdate",
                               PART_MAP(g->arena, {"maxSurge", part_plain(g->arena, surge)},
                                        {"maxUnavailable", part_plain(g->arena, unavailable)})});
}

static const struct glm_value *replicas(const struct render_gateway *g)
{
    const struct glm_value *count = glm_get(g->own, "replicaCount");
    return !g->autoscaled && glm_chart_truthy(count) ? part_plain(g->arena, count) : NULL;
}

const struct glm_value *render_deployment(const struct render_gateway *g)
{
    bool outside = !g->injected && render_has(g->release, RENDER_DATAPLANE_MODE);
    const struct part_field mode[] = {{"istio.io/dataplane-mode", render_str(g, "none")},
                                      {NULL, NULL}};
    const struct glm_value *metadata =
        render_metadata(g, "", render_metadata_labels(g, true, outside ? mode : NULL), NULL);
    const struct glm_value *pod =
        PART_MAP(g->arena,
                 {"metadata", PART_MAP(g->arena, {"labels", render_pod_labels(g)},
                                       {"annotations", pod_annotations(g)})},
                 {"spec", render_pod(g)});
    return PART_MAP(g->arena, {"apiVersion", render_str(g, "apps/v1")},
                    {"kind", render_str(g, "Deployment")}, {"metadata", metadata},
                    {"spec", PART_MAP(g->arena, {"replicas", replicas(g)},
                                      {"selector", PART_MAP(g->arena, {"matchLabels", g->labels})},
                                      {"strategy", strategy(g)}, {"template", pod})});
}
