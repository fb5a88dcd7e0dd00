/* SPDX-License-Identifier: Apache-2.0
 *
 * The Service that the chart makes, and the NetworkPolicy around what it leads to.
 */
#include "internal.h"

#define STATUS_PORT 15021
#define METRICS_PORT 15020
#define PROXY_METRICS_PORT 15090

const struct glm_value *render_target(const struct render_gateway *g, const struct glm_value *port)
{
    const struct glm_value *target = glm_get(port, "targetPort");
    return render_plain(g->arena, glm_chart_truthy(target) ? target : glm_get(port, "port"));
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
        glm_map_append(&b, said->as.map[i].key, 0, 0, render_quoted(g->arena, v));
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
        glm_map_append(&b, port->as.map[i].key, 0, 0,
                       render_plain(g->arena, port->as.map[i].value));
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
        glm_list_add(
            &b, RENDER_MAP(g->arena,
                           {"port", render_plain(g->arena, glm_get(more->as.list[i], "port"))},
                           {"name", render_plain(g->arena, glm_get(more->as.list[i], "name"))}));
    return b.len ? glm_list_finish(&b) : &glm_null;
}

static const struct glm_value *texts(const struct render_gateway *g, const struct glm_value *list)
{
    struct glm_list_builder b;
    if (!glm_chart_truthy(list) || !glm_is_list(list))
        return NULL;
    glm_list_init(&b, g->arena);
    for (size_t i = 0; i < list->len; i++)
        glm_list_add(&b, render_word(g->arena, list->as.list[i]));
    return glm_list_finish(&b);
}

static const struct glm_value *service_spec(const struct render_gateway *g)
{
    const struct glm_value *ranges = glm_get(g->own, "loadBalancerSourceRanges");
    return RENDER_MAP(
        g->arena, {"loadBalancerIP", render_if(g, glm_get(g->own, "loadBalancerIP"))},
        {"loadBalancerSourceRanges", render_any(ranges)},
        {"externalTrafficPolicy", render_if(g, glm_get(g->own, "externalTrafficPolicy"))},
        {"type", render_word(g->arena, glm_get(g->own, "type"))}, {"selector", g->labels},
        {"ports", ports(g)}, {"ipFamilyPolicy", render_if(g, glm_get(g->own, "ipFamilyPolicy"))},
        {"ipFamilies", texts(g, glm_get(g->own, "ipFamilies"))});
}

const struct glm_value *render_service(const struct render_gateway *g)
{
    if (glm_chart_truthy(glm_get(g->own, "customService")))
        return NULL;
    return RENDER_MAP(
        g->arena, {"apiVersion", render_str(g, "v1")}, {"kind", render_str(g, "Service")},
        {"metadata", render_metadata(g, "", render_metadata_labels(g, true, NULL), annotations(g))},
        {"spec", service_spec(g)});
}

/* ---- the NetworkPolicy ---- */

static const struct glm_value *port_of(const struct render_gateway *g,
                                       const struct glm_value *protocol,
                                       const struct glm_value *port)
{
    return RENDER_MAP(g->arena,
                      {"protocol", glm_chart_truthy(protocol) ? render_string(g->arena, protocol)
                                                              : render_str(g, "TCP")},
                      {"port", port});
}

static const struct glm_value *fixed_port(const struct render_gateway *g, int port)
{
    return port_of(g, &glm_null, glm_integer(g->arena, port));
}

static const struct glm_value *rule(const struct render_gateway *g,
                                    const struct glm_value *const *ports_, size_t count)
{
    bool anybody = render_has(g->release, RENDER_POLICY_FROM_ANYBODY);
    return RENDER_MAP(g->arena, {"from", anybody ? &glm_empty_list : NULL},
                      {"ports", glm_list(g->arena, ports_, count)});
}

static const struct glm_value *ingress_rules(const struct render_gateway *g)
{
    const struct glm_value *own = glm_get(g->own, "ports");
    const struct glm_value *status[] = {fixed_port(g, STATUS_PORT)};
    const struct glm_value *metrics[] = {fixed_port(g, METRICS_PORT),
                                         fixed_port(g, PROXY_METRICS_PORT)};
    struct glm_list_builder b;
    glm_list_init(&b, g->arena);
    glm_list_add(&b, rule(g, status, 1));
    glm_list_add(&b, rule(g, metrics, 2));
    for (size_t i = 0; glm_is_list(own) && i < own->len; i++) {
        const struct glm_value *port =
            port_of(g, glm_get(own->as.list[i], "protocol"), render_target(g, own->as.list[i]));
        glm_list_add(&b, rule(g, &port, 1));
    }
    return glm_list_finish(&b);
}

static const struct glm_value *const all_types[] = {LITERAL_TEXT("Ingress"),
                                                    LITERAL_TEXT("Egress")};
static const struct glm_value all_types_list = LITERAL_LIST(all_types);
static const struct glm_value *const anywhere[] = {&glm_empty_map};
static const struct glm_value anywhere_list = LITERAL_LIST(anywhere);

const struct glm_value *render_policy(const struct render_gateway *g)
{
    const struct render_field own[] = {
        {"app", render_named(g, "")}, {"istio", render_str(g, g->type->istio)}, {NULL, NULL}};
    if (!render_has(g->release, RENDER_NETWORK_POLICY) ||
        !glm_chart_truthy(glm_get_path(g->global, "networkPolicy", "enabled", NULL)))
        return NULL;
    const struct glm_value *metadata =
        render_metadata(g, "", render_metadata_labels(g, false, own), NULL);
    return RENDER_MAP(
        g->arena, {"apiVersion", render_str(g, "networking.k8s.io/v1")},
        {"kind", render_str(g, "NetworkPolicy")},
        {"metadata", glm_with(g->arena, metadata, "name", render_revisioned(g, g->name))},
        {"spec",
         RENDER_MAP(g->arena, {"podSelector", RENDER_MAP(g->arena, {"matchLabels", g->labels})},
                    {"policyTypes", &all_types_list}, {"ingress", ingress_rules(g)},
                    {"egress", &anywhere_list})});
}
