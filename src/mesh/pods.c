/* SPDX-License-Identifier: Apache-2.0
 *
 * The labels of a gateway's pods: the user's, the chart's own, and what overlays make of both.
 *
 * What:   whoever selects pods by others selects none. What only the cluster decides is unknown.
 * Source: the gateway charts of Istio 1.22 and 1.23.
 */
#include "overlays.h"

#include <string.h>

const char *mesh_chart_label(struct glm_arena *arena, const struct glm_installation *installation,
                             const struct glm_gateway *g, const char *key)
{
    const struct glm_value *spec = installation->spec;
    const char *c = installation->control_plane, *revision = installation->revision;
    const char *owner =
        glm_string_or(mesh_setting(arena, spec, "ownerName", NULL).value, "unknown");
    bool injected = mesh_is_injected(arena, spec, g->type);
    const char *name =
        injected || !g->name || !revision ? NULL : mesh_suffixed(arena, g->name, revision);
    const struct {
        const char *key, *value;
    } written[] = {
        {"sidecar.istio.io/inject", injected ? "true" : "false"},
        {"operator.istio.io/component",
         g->type == GLM_INGRESS ? "IngressGateways" : "EgressGateways"},
        {"install.operator.istio.io/owning-resource", owner},
        {"istio.io/rev", !c         ? NULL
                         : *c       ? c
                         : injected ? NULL
                                    : "default"},
        {"service.istio.io/canonical-name", name},
        {"heritage", "Tiller"}, /* from here on in istio-system only */
        {"release", "istio"},
        {"chart", "gateways"},
    };
    size_t count = sizeof written / sizeof *written;
    if (strcmp(g->namespace_, "istio-system") != 0)
        count -= 3;
    for (size_t i = 0; i < count; i++)
        if (strcmp(written[i].key, key) == 0)
            return written[i].value;
    return NULL;
}

/* Labels that the chart puts on every pod of a gateway. */
static const char *const charts[] = {
    "sidecar.istio.io/inject",
    "operator.istio.io/component",
    "install.operator.istio.io/owning-resource",
    "istio.io/rev",
    GLM_NAME_LABEL,
    "service.istio.io/canonical-revision",
    "heritage", /* from here on in istio-system only */
    "release",
    "chart",
};

static const struct glm_value *rendered_labels(struct glm_arena *arena,
                                               const struct glm_installation *installation,
                                               const struct glm_gateway *g)
{
    const char *revision = installation->revision;
    bool system = strcmp(g->namespace_, "istio-system") == 0;
    size_t count = sizeof charts / sizeof *charts - (system ? 0 : 3);
    struct glm_map_builder b;
    glm_map_init_from(&b, arena, mesh_gateway_labels(arena, installation->spec, g));
    if (!revision)
        glm_map_set(&b, "revision", &glm_unknown);
    else if (*revision)
        glm_map_set(&b, "revision", glm_string(arena, revision));
    for (size_t i = 0; i < count; i++) {
        const char *value = mesh_chart_label(arena, installation, g, charts[i]);
        glm_map_set(&b, charts[i], value ? glm_string(arena, value) : &glm_unknown);
    }
    return glm_map_finish(&b, NULL);
}

const struct glm_value *mesh_pod_labels(struct glm_arena *arena,
                                        const struct glm_installation *installation,
                                        const struct glm_gateway *g)
{
    const struct mesh_overlay_kind *kind = mesh_overlay_kind("Deployment");
    const struct glm_value *overlays = glm_get(g->k8s, "overlays");
    const struct glm_value *labels = rendered_labels(arena, installation, g);
    const char *revision = installation->revision;
    struct glm_overlay_result result;
    struct glm_list_builder own;
    if (!glm_is_list(overlays) || !g->name || !revision)
        return labels;
    glm_list_init(&own, arena);
    for (size_t i = 0; i < overlays->len; i++) {
        const struct glm_value *overlay = glm_at(overlays, i);
        const char *name = glm_string_or(glm_get(overlay, "name"), "");
        if (glm_string_is(glm_get(overlay, "kind"), kind->kind) &&
            mesh_overlay_names(arena, kind, name, g, revision))
            glm_list_add(&own, mesh_overlay_references(arena, overlay, g, revision));
    }
    const struct glm_value *object =
        mesh_overlay_object(arena, kind, installation->spec, g, revision);
    object = glm_with_path(arena, object, labels, "spec", "template", "metadata", "labels", NULL);
    glm_overlay_apply(arena, object, own.items, own.len, SIZE_MAX, GLM_OVERLAY_OPERATOR, &result);
    object = glm_get_path(result.object, "spec", "template", "metadata", "labels", NULL);
    return glm_is_map(object) ? object : labels;
}

bool mesh_is_active_somewhere(const struct glm_installation *installation)
{
    for (size_t i = 0; i < installation->placement_count; i++)
        if (!glm_is_false(installation->placements[i].active))
            return true;
    return false;
}

bool mesh_makes_service(const struct glm_installation *installation,
                        const struct glm_gateways *gateways, enum glm_gateway_type type)
{
    return mesh_is_active_somewhere(installation) && gateways->our_service[type];
}
