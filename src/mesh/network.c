/* SPDX-License-Identifier: Apache-2.0
 *
 * Network: a spec as a cluster of another network has it, and the rules on networks.
 *
 * What:   in a mesh of several networks the gateways of each cluster say which one is theirs: to the proxy by
 *         values.global.network, to istiod by a label on pods and Services. Where a spec says it, it says it for
 *         all its clusters, so what stands there is only a place for the network of each.
 * Depth:  bounded by the depth of a spec (extent.c).
 * Source: the east-west gateways of Istio's documentation; the gateway charts of Istio 1.22 to 1.31.
 */
#include "internal.h"

#include <string.h>

#define LABEL "topology.istio.io/network"
#define LABEL_IN_PATHS "topology\\.istio\\.io/network"
#define VARIABLE "ISTIO_META_NETWORK"
/* The networks that a gateway shows to those who call through it: its own, or a choice of others. */
#define VIEW "ISTIO_META_REQUESTED_NETWORK_VIEW"

struct relocation {
    struct glm_arena *arena;
    const struct glm_value *network;
    const struct glm_value *said; /* what the spec says itself; null: nothing */
};

/* ---- where a spec says it ---- */

static bool is_place(const struct relocation *r, const char *key, const struct glm_value *v)
{
    if (!glm_is_string(v))
        return false;
    return strcmp(key, LABEL) == 0 || strcmp(key, VARIABLE) == 0 ||
           (strcmp(key, VIEW) == 0 && (!v->len || glm_equal(v, r->said)));
}

static bool ends_with(const char *text, const char *end)
{
    size_t a = strlen(text), b = strlen(end);
    return a >= b && strcmp(text + a - b, end) == 0;
}

/* A variable of a list, or a patch that sets the label or the variable. */
static bool is_element(const struct relocation *r, const struct glm_value *map)
{
    const struct glm_value *v = glm_get(map, "value");
    const char *path = glm_string_or(glm_get(map, "path"), "");
    return is_place(r, glm_string_or(glm_get(map, "name"), ""), v) ||
           (glm_is_string(v) &&
            (ends_with(path, LABEL_IN_PATHS) || ends_with(path, "[name:" VARIABLE "].value")));
}

static const struct glm_value *relocated(const struct relocation *r, const struct glm_value *v);

static const struct glm_value *relocated_list(const struct relocation *r, const struct glm_value *v)
{
    struct glm_list_builder b;
    bool changed = false;
    glm_list_init(&b, r->arena);
    for (size_t i = 0; i < v->len; i++) {
        const struct glm_value *is = relocated(r, v->as.list[i]);
        changed |= is != v->as.list[i];
        glm_list_add(&b, is);
    }
    return changed ? glm_positioned(r->arena, glm_list_finish(&b), v->line, v->column) : v;
}

/* v with the network of the cluster in all its places; v itself where it has none. */
static const struct glm_value *relocated(const struct relocation *r, const struct glm_value *v)
{
    if (v->kind == GLM_LIST)
        return relocated_list(r, v);
    if (v->kind != GLM_MAP)
        return v;
    struct glm_map_builder b;
    bool changed = false, element = is_element(r, v);
    glm_map_init(&b, r->arena);
    for (size_t i = 0; i < v->len; i++) {
        const struct glm_pair *pair = &v->as.map[i];
        bool place =
            is_place(r, pair->key, pair->value) || (element && strcmp(pair->key, "value") == 0);
        const struct glm_value *is =
            place ? glm_positioned(r->arena, r->network, pair->value->line, pair->value->column)
                  : relocated(r, pair->value);
        changed |= is != pair->value;
        glm_map_append(&b, pair->key, pair->line, pair->column, is);
    }
    return changed ? glm_positioned(r->arena, glm_map_finish(&b, NULL), v->line, v->column) : v;
}

static const struct glm_value *said_by_labels(const struct glm_value *spec)
{
    for (int t = 0; t < 2; t++) {
        const struct glm_value *list =
            glm_get_path(spec, "components", mesh_gateway_list((enum glm_gateway_type)t), NULL);
        for (size_t i = 0; glm_is_list(list) && i < list->len; i++) {
            const struct glm_value *v = glm_get_path(glm_at(list, i), "label", LABEL, NULL);
            if (glm_is_string(v) && v->len)
                return v;
        }
    }
    return &glm_null;
}

static const struct glm_value *with_relocated(const struct relocation *r,
                                              const struct glm_value *spec, const char *const *path)
{
    const struct glm_value *was =
        path[1] ? glm_get_path(spec, path[0], path[1], NULL) : glm_get(spec, path[0]);
    const struct glm_value *is = relocated(r, was);
    if (is == was)
        return spec;
    return path[1] ? glm_with_path(r->arena, spec, is, path[0], path[1], NULL)
                   : glm_with(r->arena, spec, path[0], is);
}

const struct glm_value *glm_network_spec(struct glm_arena *arena, const struct glm_value *spec,
                                         const struct glm_value *network)
{
    static const char *const places[][2] = {
        {"components", NULL},
        {"meshConfig", NULL},
        {"values", "gateways"},
        {"values", "meshConfig"},
        {"unvalidatedValues", "gateways"},
        {"unvalidatedValues", "meshConfig"},
    };
    struct relocation r = {.arena = arena, .network = network};
    if (glm_is_null(network) || !glm_is_map(spec))
        return spec;
    r.said = mesh_setting(arena, spec, "global", "network", NULL).value;
    if (!glm_is_string(r.said) || !r.said->len)
        r.said = said_by_labels(spec);
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        spec = with_relocated(&r, spec, places[i]);
    /* Which has the last word. */
    if (!glm_is_null(glm_get_path(spec, "unvalidatedValues", "global", "network", NULL)))
        spec = glm_with_path(arena, spec, network, "unvalidatedValues", "global", "network", NULL);
    return glm_with_path(arena, spec, network, "values", "global", "network", NULL);
}

/* ---- rules ---- */

bool mesh_has_network(const struct glm_installation *in)
{
    for (size_t i = 0; i < in->placement_count; i++)
        if (!glm_is_null(in->placements[i].network))
            return true;
    return false;
}

void mesh_network_check(const struct glm_placement *p, const struct glm_path *clusters,
                        struct glm_diags *d)
{
    const char *network = glm_string_or(p->network, "");
    const char *expected = glm_spec_misfit(GLM_SPEC_LABEL_VALUE, network);
    if (expected || strlen(network) != p->network->len)
        glm_error(d, GLM_AT_ATTR(GLM_AT_KEY(clusters, p->cluster), "network"), "Not a network",
                  "network \"%s\" becomes the value of a label, and must be %s.%s", network,
                  expected ? expected : "a text", glm_placeholder_said(network));
}

/* Pods that are injected have their variables from the control plane, which asks the label. */
static void warn_injected(const struct glm_rules *rules, const struct glm_installation *in,
                          const struct glm_gateways *gateways, struct glm_spec_report *report)
{
    for (size_t i = 0; i < gateways->count && mesh_has_network(in); i++) {
        const struct glm_gateway *g = &gateways->items[i];
        const struct glm_value *labels = mesh_gateway_own_labels(rules->arena, in->spec, g);
        if (g->enabled && mesh_is_injected(rules->arena, in->spec, g->type) &&
            !glm_has(labels, LABEL))
            glm_spec_warn(
                report, g->value->line, g->value->column, mesh_gateway_where(rules->arena, g),
                "A network that pods do not learn of",
                "is injected, so its pods have their network from the control plane, "
                "which goes by the label " LABEL ". Add it to label, with an empty value: "
                "each cluster's network stands there then.");
    }
}

void mesh_rules_network(const struct glm_rules *rules, const struct glm_installation *in,
                        const struct glm_gateways *gateways, struct glm_spec_report *report)
{
    struct mesh_setting said = mesh_setting(rules->arena, in->spec, "global", "network", NULL);
    const struct glm_path *clusters = GLM_AT_ATTR(report->at->up, "clusters");
    const char *first = NULL;
    size_t others = 0;
    warn_injected(rules, in, gateways, report);
    for (size_t i = 0; i < in->placement_count; i++) {
        const struct glm_placement *p = &in->placements[i];
        if (!glm_is_string(p->network))
            continue;
        mesh_network_check(p, clusters, rules->d);
        if (glm_equal(p->network, said.value))
            continue;
        others += first != NULL;
        first = first ? first : p->cluster;
    }
    if (!first || !glm_is_string(said.value) || !said.value->len)
        return;
    const char *more = others ? glm_sprintf(rules->arena, " and %zu more", others) : "";
    glm_spec_warn(report, said.value->line, said.value->column, said.where,
                  "A network that clusters override",
                  "\"%s\" has no effect in cluster \"%s\"%s, whose network counts there. Say it "
                  "in one place.",
                  said.value->as.text, first, more);
}
