/* SPDX-License-Identifier: Apache-2.0
 *
 * The reverse translation: an IstioOperator that somebody else made, as an installation.
 *
 * What:   best effort, and safe: what cannot be told apart from the user's own wish stays in the
 *         spec, so that translating the result gives the same IstioOperator again.
 * Owner:  the result lives in the arena and shares the object's subtrees.
 */
#include "glm/codec.h"
#include "internal.h"

#include <string.h>

static const char *const control_plane_parts[] = {
    "base", "pilot", "cni", "ztunnel", "istiodRemote",
};

static bool ends_with(const char *text, const char *end)
{
    size_t a = strlen(text), b = strlen(end);
    return a > b && strcmp(text + a - b, end) == 0;
}

static bool is_off_and_nothing_else(const struct glm_value *v)
{
    return glm_is_map(v) && v->len == 1 && glm_is_false(glm_get(v, "enabled"));
}

/* A gateway of the profile that the translation turned off. */
static bool is_forced_off(const struct glm_value *v)
{
    return glm_is_map(v) && v->len == 2 && glm_is_false(glm_get(v, "enabled")) &&
           glm_has(v, "name");
}

/* The revision that every gateway carries in its name and its label; "" when there is none. */
static const char *gateway_revision(const struct glm_gateways *gateways)
{
    const char *revision = NULL;
    for (size_t i = 0; i < gateways->count; i++) {
        const struct glm_gateway *g = &gateways->items[i];
        const char *label = glm_string_or(glm_get_path(g->value, "label", "revision", NULL), NULL);
        if (is_forced_off(g->value))
            continue;
        if (!label || !glm_name_is_label(label) || strcmp(label, "default") == 0 ||
            strcmp(label, "auto") == 0 || (revision && strcmp(revision, label) != 0) || !g->name)
            return "";
        size_t name = strlen(g->name), suffix = strlen(label);
        if (name < suffix + 2 || !ends_with(g->name, label) || g->name[name - suffix - 1] != '-')
            return "";
        revision = label;
    }
    return revision ? revision : "";
}

static const struct glm_value *without_empty(struct glm_arena *arena, const struct glm_value *map,
                                             const char *key, const struct glm_value *v)
{
    bool empty = glm_is_null(v) || ((glm_is_map(v) || glm_is_list(v)) && v->len == 0);
    return empty ? glm_without(arena, map, key) : glm_with(arena, map, key, v);
}

/* map without what is at the path, and without the maps that are empty then. */
static const struct glm_value *without_path(struct glm_arena *arena, const struct glm_value *map,
                                            const char *const *keys, size_t count)
{
    if (!glm_has(map, keys[0]))
        return map;
    if (count == 1)
        return glm_without(arena, map, keys[0]);
    return without_empty(arena, map, keys[0],
                         without_path(arena, glm_get(map, keys[0]), keys + 1, count - 1));
}

static const struct glm_value *gateway(struct glm_arena *arena, const struct glm_value *spec,
                                       const struct glm_gateway *g, const char *revision)
{
    const struct glm_value *v = g->value;
    /* Where the operator would put it, which is not this resource's default. */
    if (!glm_has(v, "namespace"))
        v = glm_with(arena, v, "namespace",
                     glm_string(arena, glm_string_or(glm_get(spec, "namespace"), "istio-system")));
    if (!*revision)
        return v;
    size_t len = strlen(g->name) - strlen(revision) - 1;
    v = glm_with(arena, v, "name", glm_stringn(arena, g->name, len));
    return without_empty(arena, v, "label", glm_without(arena, glm_get(v, "label"), "revision"));
}

/* Labels that values give to all gateways of a type are lost where a gateway has a label of its
 * own, but the translation would add them to it: they stay only where that changes nothing. */
static const struct glm_value *without_lost_labels(struct glm_arena *arena,
                                                   const struct glm_value *spec,
                                                   const struct glm_gateways *gateways)
{
    static const char *const layers[] = {"values", "unvalidatedValues"};
    for (size_t i = 0; i < gateways->count; i++) {
        const struct glm_gateway *g = &gateways->items[i];
        const struct glm_value *label = glm_get(g->value, "label");
        if (!glm_is_map(label) || !label->len ||
            glm_equal(label, mesh_gateway_own_labels(arena, spec, g)))
            continue;
        for (size_t k = 0; k < sizeof layers / sizeof *layers; k++) {
            const char *path[] = {layers[k], "gateways", mesh_gateway_values(g->type), "labels"};
            spec = without_path(arena, spec, path, 4);
        }
    }
    return spec;
}

static const struct glm_value *components(struct glm_arena *arena, const struct glm_value *spec,
                                          const struct glm_gateways *gateways, const char *revision)
{
    const struct glm_value *was = glm_get(spec, "components");
    struct glm_list_builder lists[2];
    for (int t = 0; t < 2; t++)
        glm_list_init(&lists[t], arena);
    for (size_t i = 0; i < gateways->count; i++)
        if (!is_forced_off(gateways->items[i].value))
            glm_list_add(&lists[gateways->items[i].type],
                         gateway(arena, spec, &gateways->items[i], revision));
    for (size_t i = 0; i < sizeof control_plane_parts / sizeof *control_plane_parts; i++)
        if (is_off_and_nothing_else(glm_get(was, control_plane_parts[i])))
            was = glm_without(arena, was, control_plane_parts[i]);
    for (int t = 0; t < 2; t++)
        was = without_empty(arena, was, mesh_gateway_list((enum glm_gateway_type)t),
                            glm_list_finish(&lists[t]));
    return was;
}

static bool is_active(const struct glm_value *service, const char *revision)
{
    const struct glm_value *selected = glm_get_path(service, "spec", "selector", "revision", NULL);
    return *revision ? glm_string_is(selected, revision)
                     : glm_is_map(service) && glm_is_null(selected);
}

/* customService is ours when the Service is, and every gateway could have made one. */
static const struct glm_value *without_custom_service(struct glm_arena *arena,
                                                      const struct glm_value *spec,
                                                      const struct glm_gateways *gateways)
{
    bool all[2] = {true, true};
    for (size_t i = 0; i < gateways->count; i++)
        if (gateways->items[i].enabled && !glm_is_map(gateways->items[i].service))
            all[gateways->items[i].type] = false;
    for (int t = 0; t < 2; t++) {
        enum glm_gateway_type type = (enum glm_gateway_type)t;
        const char *path[] = {"values", "gateways", mesh_gateway_values(type), "customService"};
        if (all[t] && glm_is_list(glm_get_path(spec, "components", mesh_gateway_list(type), NULL)))
            spec = without_path(arena, spec, path, 4);
    }
    return spec;
}

static const struct glm_value *reversed_spec(struct glm_arena *arena, const char *cluster,
                                             const struct glm_value *spec,
                                             const struct glm_gateways *gateways,
                                             const char *revision, bool active)
{
    const char *name[] = {"values", "global", "multiCluster", "clusterName"};
    const char *domain[] = {"meshConfig", "trustDomain"};
    spec = glm_without(arena, spec, "revision");
    if (!glm_has(spec, "profile")) /* the operator's default, which is not this resource's */
        spec = glm_with(arena, spec, "profile", glm_string(arena, "default"));
    spec = without_empty(arena, spec, "components", components(arena, spec, gateways, revision));
    spec = without_lost_labels(arena, spec, gateways);
    if (active)
        spec = without_custom_service(arena, spec, gateways);
    if (glm_string_is(glm_get_path(spec, name[0], name[1], name[2], name[3], NULL), cluster))
        spec = without_path(arena, spec, name, 4);
    if (glm_string_is(glm_get_path(spec, domain[0], domain[1], NULL), cluster))
        spec = without_path(arena, spec, domain, 2);
    return spec;
}

const struct glm_value *glm_untranslate(struct glm_arena *arena, const char *cluster,
                                        const struct glm_value *istio_operator,
                                        const struct glm_value *service)
{
    const struct glm_value *spec = glm_get(istio_operator, "spec");
    const char *control_plane = glm_string_or(glm_get(spec, "revision"), "");
    struct glm_gateways gateways;
    mesh_gateways_read(arena, spec, false, &gateways);
    const char *revision = gateway_revision(&gateways);
    bool active = service && is_active(service, revision);
    spec = reversed_spec(arena, cluster, spec, &gateways, revision, active);

    struct glm_map_builder entry, b;
    glm_map_init(&entry, arena);
    glm_map_set(&entry, "active_gateway", glm_bool(active));
    glm_map_set(&entry, "trust_domain", &glm_null);

    glm_map_init(&b, arena);
    glm_map_set(&b, "key", glm_string(arena, glm_revision_key(revision)));
    glm_map_set(&b, "gateway_revision", glm_string(arena, glm_revision_key(revision)));
    glm_map_set(&b, "control_plane_revision",
                strcmp(control_plane, revision) == 0
                    ? &glm_null
                    : glm_string(arena, glm_revision_key(control_plane)));
    glm_map_set(&b, "cluster", glm_map_finish(&entry, NULL));
    glm_map_set(&b, "spec", glm_string(arena, glm_json_text(arena, spec)));
    return glm_map_finish(&b, NULL);
}
