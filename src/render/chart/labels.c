/* SPDX-License-Identifier: Apache-2.0
 *
 * Labels, and the rest of metadata. The values' own labels are printed last, and win over every other but app and
 * istio.
 */
#include "internal.h"

#define PART_OF "istio"
#define CHART "gateway"

static void set_all(struct glm_map_builder *b, const struct part_field *fields, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (fields[i].value)
            glm_map_set(b, fields[i].key, fields[i].value);
}
#define SET_ALL(b, fields) set_all((b), (fields), sizeof(fields) / sizeof *(fields))

static void set_pairs(struct glm_map_builder *b, const struct glm_value *map)
{
    for (size_t i = 0; glm_is_map(map) && i < map->len; i++)
        glm_map_set(b, map->as.map[i].key, map->as.map[i].value);
}

/* Those that Helm recommends; some of them were on metadata from the first. */
static void set_common(struct glm_map_builder *b, const struct chart_gateway *g, bool pod)
{
    bool all = chart_has(g->release, CHART_COMMON_LABELS);
    bool name = !pod || chart_has(g->release, CHART_POD_NAME);
    const struct part_field fields[] = {
        {"app.kubernetes.io/instance", all ? chart_str(g, g->release_name) : NULL},
        {"app.kubernetes.io/managed-by", all || !pod ? chart_str(g, "Helm") : NULL},
        {"app.kubernetes.io/name", name ? g->name : NULL},
        {"app.kubernetes.io/part-of", all ? chart_str(g, PART_OF) : NULL},
        {"app.kubernetes.io/version", name ? chart_str(g, g->release->app_version) : NULL},
        {"helm.sh/chart",
         all || !pod ? part_chart_label(g->arena, CHART, g->release->chart_version) : NULL},
    };
    SET_ALL(b, fields);
}

const struct glm_value *chart_labels(const struct chart_gateway *g)
{
    struct glm_map_builder b;
    glm_map_init(&b, g->arena);
    set_common(&b, g, false);
    set_pairs(&b, g->selector);
    set_pairs(&b, g->extra);
    return glm_map_finish(&b, NULL);
}

const struct glm_value *chart_pod_labels(const struct chart_gateway *g)
{
    const struct glm_value *network = glm_get(g->values, "networkGateway");
    struct glm_map_builder b;
    glm_map_init(&b, g->arena);
    const struct part_field injection[] = {
        {"istio.io/rev", chart_text_if(g->arena, glm_get(g->values, "revision"))},
        {"sidecar.istio.io/inject", chart_str(g, "true")},
    };
    SET_ALL(&b, injection);
    set_pairs(&b, g->selector);
    set_common(&b, g, true);
    set_pairs(&b, g->extra);
    if (glm_chart_truthy(network) && chart_has(g->release, CHART_POD_NETWORK))
        glm_map_set(&b, "topology.istio.io/network", part_string(g->arena, network));
    return glm_map_finish(&b, NULL);
}

const struct glm_value *chart_metadata(const struct chart_gateway *g, const struct glm_value *name,
                                       bool annotated)
{
    return PART_MAP(g->arena, {"annotations", annotated ? glm_get(g->values, "annotations") : NULL},
                    {"labels", chart_labels(g)}, {"name", name}, {"namespace", g->namespace_});
}

/* A NetworkPolicy is named after its revision too, and by istioctl's labels. */
const struct glm_value *chart_policy_metadata(const struct chart_gateway *g)
{
    const struct glm_value *revision = glm_get(g->values, "revision");
    const struct glm_value *owner = glm_get(g->values, "ownerName");
    const char *text = chart_text(g->arena, revision);
    const struct part_field fields[] = {
        {"app", g->name},
        {"app.kubernetes.io/name", g->name},
        {"install.operator.istio.io/owning-resource",
         glm_chart_truthy(owner) ? chart_plain(g->arena, owner) : chart_str(g, "unknown")},
        {"istio.io/rev",
         glm_chart_truthy(revision) ? part_string(g->arena, revision) : chart_str(g, "default")},
        {"operator.istio.io/component", chart_str(g, "Gateway")},
        {"release", chart_read(g->arena, g->release_name)},
    };
    struct glm_map_builder b;
    glm_map_init(&b, g->arena);
    SET_ALL(&b, fields);
    set_pairs(&b, g->selector);
    set_pairs(&b, g->extra);
    const char *name =
        chart_is(revision, "") ? g->title : glm_sprintf(g->arena, "%s-%s", g->title, text);
    return PART_MAP(g->arena, {"labels", glm_map_finish(&b, NULL)},
                    {"name", chart_read(g->arena, name)}, {"namespace", g->namespace_});
}
