/* SPDX-License-Identifier: Apache-2.0
 *
 * Labels: those that the charts give to objects and pods, over the user's own.
 */
#include "internal.h"

#include <string.h>

#define RELEASE "istio" /* the name under which Istio's own tools install every chart */

static void set_all(struct glm_map_builder *b, const struct part_field *fields, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (fields[i].value)
            glm_map_set(b, fields[i].key, fields[i].value);
}

/* Whose the object is, as istioctl and the operator find it again. */
static void set_identity(struct glm_map_builder *b, const struct render_gateway *g,
                         const struct glm_value *revision)
{
    const struct glm_value *owner = glm_get(g->values, "ownerName");
    const struct part_field fields[] = {
        {"install.operator.istio.io/owning-resource",
         glm_chart_truthy(owner) ? part_string(g->arena, owner) : render_str(g, "unknown")},
        {"istio.io/rev", revision},
        {"operator.istio.io/component", render_str(g, g->type->component)},
    };
    set_all(b, fields, sizeof fields / sizeof *fields);
}

/* Those that Helm recommends. */
static void set_common(struct glm_map_builder *b, const struct render_gateway *g)
{
    if (!render_has(g->release, RENDER_COMMON_LABELS))
        return;
    const struct part_field fields[] = {
        {"app.kubernetes.io/instance", render_str(g, RELEASE)},
        {"app.kubernetes.io/managed-by", render_str(g, "Helm")},
        {"app.kubernetes.io/name", render_str(g, g->type->app)},
        {"app.kubernetes.io/part-of", render_str(g, "istio")},
        {"app.kubernetes.io/version", render_str(g, g->release->chart_version)},
        {"helm.sh/chart", part_chart_label(g->arena, g->type->chart, g->release->chart_version)},
    };
    set_all(b, fields, sizeof fields / sizeof *fields);
}

static const struct glm_value *revision_label(const struct render_gateway *g)
{
    return glm_chart_truthy(g->revision) ? g->revision : render_str(g, "default");
}

const struct glm_value *render_metadata_labels(const struct render_gateway *g, bool user,
                                               const struct part_field *more)
{
    struct glm_map_builder b;
    glm_map_init_from(&b, g->arena, user ? g->labels : &glm_empty_map);
    glm_map_set(&b, "release", render_str(g, RELEASE));
    set_identity(&b, g, revision_label(g));
    set_common(&b, g);
    for (; more && more->key; more++)
        glm_map_set(&b, more->key, more->value);
    return glm_map_finish(&b, NULL);
}

/* What telemetry calls the workload's version. */
static const struct glm_value *canonical_revision(const struct render_gateway *g)
{
    const struct glm_value *const candidates[] = {glm_get(g->labels, "app.kubernetes.io/version"),
                                                  glm_get(g->labels, "version"), g->revision};
    for (size_t i = 0; i < sizeof candidates / sizeof *candidates; i++)
        if (glm_chart_truthy(candidates[i]))
            return part_string(g->arena, candidates[i]);
    return render_str(g, "latest");
}

const struct glm_value *render_pod_labels(const struct render_gateway *g)
{
    bool canonical = !g->injected || render_has(g->release, RENDER_CANONICAL_INJECTED);
    bool system = strcmp(g->namespace_, "istio-system") == 0;
    bool outside = !g->injected && render_has(g->release, RENDER_DATAPLANE_MODE);
    const struct glm_value *revision = g->injected ? render_any(g->revision) : revision_label(g);
    const struct part_field fields[] = {
        {"chart", system ? render_str(g, "gateways") : NULL},
        {"heritage", system ? render_str(g, "Tiller") : NULL},
        {"release", system ? render_str(g, RELEASE) : NULL},
        {"service.istio.io/canonical-name", canonical ? render_named(g, "") : NULL},
        {"service.istio.io/canonical-revision", canonical ? canonical_revision(g) : NULL},
        {"sidecar.istio.io/inject", render_str(g, g->injected ? "true" : "false")},
        {"istio.io/dataplane-mode", outside ? render_str(g, "none") : NULL},
    };
    struct glm_map_builder b;
    glm_map_init_from(&b, g->arena, g->labels);
    set_all(&b, fields, sizeof fields / sizeof *fields);
    set_identity(&b, g, revision);
    set_common(&b, g);
    return glm_map_finish(&b, NULL);
}

const struct glm_value *render_metadata(const struct render_gateway *g, const char *suffix,
                                        const struct glm_value *labels,
                                        const struct glm_value *annotations)
{
    return PART_MAP(g->arena, {"name", render_named(g, suffix)},
                    {"namespace", render_str(g, g->namespace_)}, {"labels", labels},
                    {"annotations", annotations});
}
