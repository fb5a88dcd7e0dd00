/* SPDX-License-Identifier: Apache-2.0
 *
 * The Service that leads to a gateway's pods.
 */
#include "internal.h"

#include <string.h>

/* The Service's own, and of the general ones those that it does not say. */
static const struct glm_value *annotations(const struct chart_gateway *g)
{
    const struct glm_value *own = glm_get(g->service_values, "annotations");
    const struct glm_value *general = glm_get(g->values, "annotations");
    if (!glm_is_map(general) || !general->len)
        return own;
    struct glm_map_builder b;
    glm_map_init_from(&b, g->arena, own);
    for (size_t i = 0; i < general->len; i++)
        if (!glm_chart_truthy(glm_map_peek(&b, general->as.map[i].key)))
            glm_map_set(&b, general->as.map[i].key, general->as.map[i].value);
    return glm_map_finish(&b, NULL);
}

static const struct glm_value *network_port(const struct chart_gateway *g, const char *name,
                                            int port)
{
    const struct glm_value *said = chart_at(g, "networkGatewayPorts", name);
    bool free_ = chart_has(g->release, CHART_NETWORK_PORTS);
    const struct glm_value *fixed = glm_integer(g->arena, port);
    const struct glm_value *target = glm_get(said, "targetPort");
    const struct glm_value *protocol = glm_get(said, "protocol");
    if (!free_)
        return PART_MAP(g->arena, {"name", chart_str(g, name)}, {"port", fixed},
                        {"targetPort", fixed});
    return PART_MAP(
        g->arena, {"name", chart_str(g, name)},
        {"port", chart_plain(g->arena, glm_get(said, "port"))},
        {"protocol",
         glm_chart_truthy(protocol) ? chart_plain(g->arena, protocol) : chart_str(g, "TCP")},
        {"targetPort", glm_chart_truthy(target) ? chart_plain(g->arena, target) : fixed});
}

static const struct glm_value *ports(const struct chart_gateway *g)
{
    if (!glm_chart_truthy(glm_get(g->values, "networkGateway")))
        return glm_get(g->service_values, "ports");
    const struct glm_value *const network[] = {
        network_port(g, "status-port", 15021),
        network_port(g, "tls", 15443),
        network_port(g, "tls-istiod", 15012),
        network_port(g, "tls-webhook", 15017),
    };
    return glm_list(g->arena, network, sizeof network / sizeof *network);
}

static const struct glm_value *each_plain(const struct chart_gateway *g,
                                          const struct glm_value *list)
{
    struct glm_list_builder b;
    if (!glm_chart_truthy(list) || !glm_is_list(list))
        return NULL;
    glm_list_init(&b, g->arena);
    for (size_t i = 0; i < list->len; i++)
        glm_list_add(&b, chart_plain(g->arena, list->as.list[i]));
    return glm_list_finish(&b);
}

static const struct glm_value *selector(const struct chart_gateway *g)
{
    const struct glm_value *more = glm_get(g->service_values, "selectorLabels");
    if (!chart_has(g->release, CHART_SELECTOR_LABELS) || !glm_chart_truthy(more))
        return g->selector;
    return part_merged(g->arena, g->selector, more);
}

/* Fields that some releases do not have yet, and that not every type has. */
static const struct glm_value *if_known(const struct chart_gateway *g, enum chart_switch which,
                                        const struct glm_value *v)
{
    return chart_has(g->release, which) ? v : NULL;
}

static const struct glm_value *of_balancers(const struct chart_gateway *g, const char *key)
{
    const struct glm_pair *pair = glm_get_pair(g->service_values, key);
    bool balancer = chart_is(glm_get(g->service_values, "type"), "LoadBalancer");
    return balancer && pair ? chart_plain(g->arena, pair->value) : NULL;
}

static const struct glm_value *spec(const struct chart_gateway *g)
{
    const struct glm_value *s = g->service_values;
    struct glm_arena *arena = g->arena;
    const struct glm_value *ip = glm_get(s, "clusterIP");
    const struct glm_value *health = chart_plain_if(arena, glm_get(s, "healthCheckNodePort"));
    const struct glm_value *internal = chart_text_if(arena, glm_get(s, "internalTrafficPolicy"));
    const struct glm_value *class = of_balancers(g, "loadBalancerClass");
    return PART_MAP(
        arena, {"allocateLoadBalancerNodePorts", of_balancers(g, "allocateLoadBalancerNodePorts")},
        {"clusterIP",
         chart_is(ip, "") ? NULL : if_known(g, CHART_CLUSTER_IP, chart_plain(arena, ip))},
        {"externalIPs", each_plain(g, glm_get(s, "externalIPs"))},
        {"externalTrafficPolicy", chart_text_if(arena, glm_get(s, "externalTrafficPolicy"))},
        {"healthCheckNodePort", if_known(g, CHART_HEALTH_PORT, health)},
        {"internalTrafficPolicy", if_known(g, CHART_CLUSTER_IP, internal)},
        {"ipFamilies", each_plain(g, glm_get(s, "ipFamilies"))},
        {"ipFamilyPolicy", chart_plain_if(arena, glm_get(s, "ipFamilyPolicy"))},
        {"loadBalancerClass", if_known(g, CHART_BALANCER_CLASS, class)},
        {"loadBalancerIP", chart_text_if(arena, glm_get(s, "loadBalancerIP"))},
        {"loadBalancerSourceRanges", chart_any(glm_get(s, "loadBalancerSourceRanges"))},
        {"ports", ports(g)}, {"selector", selector(g)},
        {"type", chart_plain(arena, glm_get(s, "type"))});
}

const struct glm_value *chart_service(const struct chart_gateway *g)
{
    const struct glm_value *network = glm_get(g->values, "networkGateway");
    const struct glm_value *labels = chart_labels(g);
    if (chart_is(glm_get(g->service_values, "type"), "None"))
        return NULL;
    if (glm_chart_truthy(network))
        labels =
            glm_with(g->arena, labels, "topology.istio.io/network", part_string(g->arena, network));
    return PART_MAP(
        g->arena, {"apiVersion", chart_str(g, "v1")}, {"kind", chart_str(g, "Service")},
        {"metadata", PART_MAP(g->arena, {"annotations", annotations(g)}, {"labels", labels},
                              {"name", g->name}, {"namespace", g->namespace_})},
        {"spec", spec(g)});
}
