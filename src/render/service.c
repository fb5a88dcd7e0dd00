/* SPDX-License-Identifier: Apache-2.0
 *
 * The Service that the chart makes, and the NetworkPolicy around what it leads to.
 */
#include "internal.h"

const struct glm_value *render_target(const struct render_gateway *g, const struct glm_value *port)
{
    const struct glm_value *target = glm_get(port, "targetPort");
    return part_plain(g->arena, glm_chart_truthy(target) ? target : glm_get(port, "port"));
}

/* ---- the Service ---- */

/* The user's texts are printed between quotation marks; what is null ends as null. */
static const struct glm_value *annotations(const struct render_gateway *g)
{
    const struct glm_value *said = glm_get(g->own, "serviceAnnotations");
    struct glm_map_builder b;
    if (!glm_is_map(said) || !said->len)
        return &glm_null;
    glm_map_init(&b, g->arena);
    for (size_t i = 0; i < said->len; i++) {
        const struct glm_value *v = said->as.map[i].value;
        glm_map_append(&b, said->as.map[i].key, 0, 0, part_quoted(g->arena, v));
    }
    return glm_map_finish(&b, NULL);
}

/* A port as it is written, each field printed and read again. */
static const struct glm_value *as_written(const struct render_gateway *g,
                                          const struct glm_value *port)
{
    struct glm_map_builder b;
    if (!glm_is_map(port))
        return &glm_null;
    glm_map_init(&b, g->arena);
    for (size_t i = 0; i < port->len; i++)
        glm_map_append(&b, port->as.map[i].key, 0, 0, part_plain(g->arena, port->as.map[i].value));
    return glm_map_finish(&b, NULL);
}

static const struct glm_value *ports(const struct render_gateway *g)
{
    const struct glm_value *own = glm_get(g->own, "ports");
    const struct glm_value *more = glm_get(g->own, g->type->more_ports);
    struct glm_list_builder b;
    glm_list_init(&b, g->arena);
    for (size_t i = 0; glm_is_list(own) && i < own->len; i++)
        glm_list_add(&b, as_written(g, own->as.list[i]));
    for (size_t i = 0; glm_is_list(more) && i < more->len; i++)
        glm_list_add(&b,
                     PART_MAP(g->arena,
                              {"port", part_plain(g->arena, glm_get(more->as.list[i], "port"))},
                              {"name", part_plain(g->arena, glm_get(more->as.list[i], "name"))}));
    return b.len ? glm_list_finish(&b) : &glm_null;
}

static const struct glm_value *texts(const struct render_gateway *g, const struct glm_value *list)
{
    struct glm_list_builder b;
    if (!glm_chart_truthy(list) || !glm_is_list(list))
        return NULL;
    glm_list_init(&b, g->arena);
    for (size_t i = 0; i < list->len; i++)
        glm_list_add(&b, part_word(g->arena, list->as.list[i]));
    return glm_list_finish(&b);
}

static const struct glm_value *service_spec(const struct render_gateway *g)
{
    const struct glm_value *ranges = glm_get(g->own, "loadBalancerSourceRanges");
    return PART_MAP(
        g->arena, {"loadBalancerIP", render_if(g, glm_get(g->own, "loadBalancerIP"))},
        {"loadBalancerSourceRanges", render_any(ranges)},
        {"externalTrafficPolicy", render_if(g, glm_get(g->own, "externalTrafficPolicy"))},
        {"type", part_word(g->arena, glm_get(g->own, "type"))}, {"selector", g->labels},
        {"ports", ports(g)}, {"ipFamilyPolicy", render_if(g, glm_get(g->own, "ipFamilyPolicy"))},
        {"ipFamilies", texts(g, glm_get(g->own, "ipFamilies"))});
}

const struct glm_value *render_service(const struct render_gateway *g)
{
    if (glm_chart_truthy(glm_get(g->own, "customService")))
        return NULL;
    return PART_MAP(
        g->arena, {"apiVersion", render_str(g, "v1")}, {"kind", render_str(g, "Service")},
        {"metadata", render_metadata(g, "", render_metadata_labels(g, true, NULL), annotations(g))},
        {"spec", service_spec(g)});
}

/* ---- the NetworkPolicy ---- */

static const struct glm_value *policy_spec(const struct render_gateway *g)
{
    const struct glm_value *own = glm_get(g->own, "ports");
    struct glm_list_builder b;
    glm_list_init(&b, g->arena);
    for (size_t i = 0; glm_is_list(own) && i < own->len; i++)
        glm_list_add(&b, part_policy_port(g->arena, glm_get(own->as.list[i], "protocol"),
                                          render_target(g, own->as.list[i])));
    return part_policy_spec(g->arena, g->labels, b.items, b.len,
                            render_has(g->release, RENDER_POLICY_FROM_ANYBODY));
}

const struct glm_value *render_policy(const struct render_gateway *g)
{
    const struct part_field own[] = {
        {"app", render_named(g, "")}, {"istio", render_str(g, g->type->istio)}, {NULL, NULL}};
    if (!render_has(g->release, RENDER_NETWORK_POLICY) ||
        !glm_chart_truthy(glm_get_path(g->global, "networkPolicy", "enabled", NULL)))
        return NULL;
    const struct glm_value *metadata =
        render_metadata(g, "", render_metadata_labels(g, false, own), NULL);
    return PART_MAP(
        g->arena, {"apiVersion", render_str(g, "networking.k8s.io/v1")},
        {"kind", render_str(g, "NetworkPolicy")},
        {"metadata", glm_with(g->arena, metadata, "name", render_revisioned(g, g->name))},
        {"spec", policy_spec(g)});
}
