/* SPDX-License-Identifier: Apache-2.0
 *
 * Gateways: what a spec says about each of its gateways, for the rules and the translation alike.
 *
 * What:   tolerant: whatever has the wrong type counts as absent; the check against the API has
 *         named it already.
 * Owner:  the array lives in the arena and points into the spec.
 */
#include "internal.h"

#include <string.h>

const char *mesh_gateway_list(enum glm_gateway_type type)
{
    return type == GLM_INGRESS ? "ingressGateways" : "egressGateways";
}

const char *mesh_gateway_values(enum glm_gateway_type type)
{
    return type == GLM_INGRESS ? "istio-ingressgateway" : "istio-egressgateway";
}

const char *mesh_gateway_where(struct glm_arena *arena, const struct glm_gateway *gateway)
{
    return glm_sprintf(arena, "components.%s[%zu]", mesh_gateway_list(gateway->type),
                       gateway->index);
}

const char *mesh_suffixed(struct glm_arena *arena, const char *name, const char *revision)
{
    return *revision ? glm_sprintf(arena, "%s-%s", name, revision) : name;
}

static const struct glm_value *map_or_null(const struct glm_value *v)
{
    return glm_is_map(v) ? v : &glm_null;
}

static void read_one(struct glm_gateways *gateways, enum glm_gateway_type type, size_t index,
                     const struct glm_value *v, bool on_by_default)
{
    struct glm_gateway *g = &gateways->items[gateways->count++];
    const char *namespace_ = glm_string_or(glm_get(v, "namespace"), "");
    *g = (struct glm_gateway){.type = type, .index = index, .value = v};
    g->name = glm_string_or(glm_get(v, "name"), NULL);
    if (g->name && !*g->name)
        g->name = NULL;
    g->namespace_ = *namespace_ ? namespace_ : GLM_GATEWAY_NAMESPACE;
    g->enabled =
        glm_is_true(glm_get(v, "enabled")) || (on_by_default && glm_is_null(glm_get(v, "enabled")));
    g->k8s = map_or_null(glm_get(v, "k8s"));
    g->service = map_or_null(glm_get(g->k8s, "service"));
    gateways->enabled += g->enabled;
    if (g->enabled && glm_is_map(g->service) && !gateways->user_service[type])
        gateways->our_service[type] = true;
}

static struct mesh_setting custom_service(struct glm_arena *arena, const struct glm_value *spec,
                                          const char *type)
{
    return mesh_setting(arena, spec, "gateways", type, "customService", NULL);
}

bool glm_custom_service(struct glm_arena *arena, const struct glm_value *spec, const char *type)
{
    return glm_is_true(custom_service(arena, spec, type).value);
}

/* The place that says customService: true, where that is what counts; NULL. */
static const char *user_service(struct glm_arena *arena, const struct glm_value *spec,
                                enum glm_gateway_type type)
{
    struct mesh_setting said = custom_service(arena, spec, mesh_gateway_values(type));
    if (!glm_is_true(said.value))
        return NULL;
    return said.layer == GLM_LAYER_VALUES ? "values" : "unvalidatedValues";
}

void mesh_gateways_read(struct glm_arena *arena, const struct glm_value *spec, bool on_by_default,
                        struct glm_gateways *ret_gateways)
{
    const struct glm_value *lists[2];
    size_t count = 0;
    *ret_gateways = (struct glm_gateways){0};
    for (int t = 0; t < 2; t++) {
        enum glm_gateway_type type = (enum glm_gateway_type)t;
        lists[t] = glm_get_path(spec, "components", mesh_gateway_list(type), NULL);
        count += glm_is_list(lists[t]) ? lists[t]->len : 0;
        ret_gateways->user_service[t] = user_service(arena, spec, type);
    }
    ret_gateways->items = GLM_NEW_ARRAY(arena, count, struct glm_gateway);
    for (int t = 0; t < 2; t++)
        for (size_t i = 0; glm_is_list(lists[t]) && i < lists[t]->len; i++)
            if (glm_is_map(glm_at(lists[t], i)))
                read_one(ret_gateways, (enum glm_gateway_type)t, i, glm_at(lists[t], i),
                         on_by_default);
    /* customService counts for all gateways of a type: where one has k8s.service, the chart makes
     * none for the others either. They get the one that it would have made. */
    for (size_t i = 0; i < ret_gateways->count; i++) {
        struct glm_gateway *g = &ret_gateways->items[i];
        if (g->enabled && ret_gateways->our_service[g->type] && glm_is_null(g->service))
            g->service = &glm_empty_map;
    }
}

bool mesh_gateways_known(const struct glm_installation *in)
{
    bool silent = false;
    for (int t = 0; t < 2; t++) {
        const struct glm_value *list =
            glm_get_path(in->spec, "components", mesh_gateway_list((enum glm_gateway_type)t), NULL);
        for (size_t i = 0; glm_is_list(list) && i < list->len; i++)
            silent |=
                glm_is_map(glm_at(list, i)) && glm_is_null(glm_get(glm_at(list, i), "enabled"));
    }
    return !silent || !glm_is_unknown(in->on_by_default);
}

void mesh_gateways_of(struct glm_arena *arena, const struct glm_installation *in,
                      struct glm_gateways *ret_gateways)
{
    mesh_gateways_read(arena, in->spec, glm_is_true(in->on_by_default), ret_gateways);
}

bool mesh_gateway_is_patched(const struct glm_gateway *gateway, const char *word)
{
    return glm_spec_is_patched(glm_get(gateway->k8s, "overlays"), word);
}

bool mesh_gateway_chart_service(const struct glm_gateways *gateways,
                                const struct glm_gateway *gateway)
{
    return gateway->enabled && !gateways->user_service[gateway->type] &&
           !gateways->our_service[gateway->type];
}
