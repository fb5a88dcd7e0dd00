/* SPDX-License-Identifier: Apache-2.0
 *
 * Service: the active gateway's Service, which keeps its name through every revision.
 *
 * What:   what the gateway chart of Istio 1.23 would render, as values.gateways and k8s.service
 *         change it, but with the un-suffixed name and with the revision in the selector.
 */
#include "internal.h"

#include <string.h>

static void overlay(struct glm_map_builder *b, const struct glm_value *over)
{
    for (size_t i = 0; glm_is_map(over) && i < over->len; i++)
        glm_map_set(b, over->as.map[i].key, over->as.map[i].value);
}

const struct glm_value *glm_gateway_labels(struct glm_arena *arena, const struct glm_value *spec,
                                           const struct glm_gateway *gateway)
{
    const char *app = glm_gateway_values(gateway->type);
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    glm_map_set(&b, "app", glm_string(arena, app));
    glm_map_set(&b, "istio", glm_string(arena, app + strlen("istio-")));
    overlay(&b, glm_get_path(spec, "values", "gateways", app, "labels", NULL));
    overlay(&b, glm_get(gateway->value, "label"));
    glm_map_remove(&b, "revision");
    return glm_map_finish(&b, NULL);
}

static const struct glm_value *port(struct glm_arena *arena, const char *name, int64_t number,
                                    int64_t target)
{
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    glm_map_set(&b, "name", glm_string(arena, name));
    glm_map_set(&b, "port", glm_integer(arena, number));
    glm_map_set(&b, "protocol", glm_string(arena, "TCP"));
    glm_map_set(&b, "targetPort", glm_integer(arena, target));
    return glm_map_finish(&b, NULL);
}

static const struct glm_value *chart_ports(struct glm_arena *arena, enum glm_gateway_type type)
{
    struct glm_list_builder b;
    glm_list_init(&b, arena);
    if (type == GLM_INGRESS)
        glm_list_add(&b, port(arena, "status-port", 15021, 15021));
    glm_list_add(&b, port(arena, "http2", 80, 8080));
    glm_list_add(&b, port(arena, "https", 443, 8443));
    return glm_list_finish(&b);
}

static bool is_set(const struct glm_value *v)
{
    return !glm_is_null(v) && !glm_string_is(v, "") &&
           !((glm_is_list(v) || glm_is_map(v)) && v->len == 0);
}

/* spec of the Service: the chart's, then values.gateways, then k8s.service. */
static const struct glm_value *service_spec(struct glm_arena *arena, const struct glm_value *values,
                                            const struct glm_gateway *gateway,
                                            const struct glm_value *selector)
{
    static const char *const from_values[] = {
        "type",
        "ports",
        "loadBalancerIP",
        "loadBalancerSourceRanges",
        "externalTrafficPolicy",
        "ipFamilies",
        "ipFamilyPolicy",
    };
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    glm_map_set(&b, "type",
                glm_string(arena, gateway->type == GLM_INGRESS ? "LoadBalancer" : "ClusterIP"));
    glm_map_set(&b, "ports", chart_ports(arena, gateway->type));
    for (size_t i = 0; i < sizeof from_values / sizeof *from_values; i++)
        if (is_set(glm_get(values, from_values[i])))
            glm_map_set(&b, from_values[i], glm_get(values, from_values[i]));
    for (size_t i = 0; i < gateway->service->len; i++)
        if (is_set(gateway->service->as.map[i].value))
            glm_map_set(&b, gateway->service->as.map[i].key, gateway->service->as.map[i].value);
    glm_map_set(&b, "selector", selector);
    return glm_map_finish(&b, NULL);
}

const struct glm_value *glm_service_build(struct glm_arena *arena, const struct glm_value *spec,
                                          const struct glm_gateway *gateway, const char *revision)
{
    const struct glm_value *values =
        glm_get_path(spec, "values", "gateways", glm_gateway_values(gateway->type), NULL);
    const struct glm_value *labels = glm_gateway_labels(arena, spec, gateway);

    struct glm_map_builder selector;
    glm_map_init_from(&selector, arena, labels);
    overlay(&selector, glm_get(gateway->service, "selector"));
    if (*revision)
        glm_map_set(&selector, "revision", glm_string(arena, revision));

    struct glm_map_builder annotations;
    glm_map_init(&annotations, arena);
    overlay(&annotations, glm_get(values, "serviceAnnotations"));
    overlay(&annotations, glm_get(gateway->k8s, "serviceAnnotations"));

    struct glm_map_builder metadata;
    glm_map_init(&metadata, arena);
    glm_map_set(&metadata, "name", glm_string(arena, gateway->name));
    glm_map_set(&metadata, "namespace", glm_string(arena, gateway->namespace_));
    glm_map_set(&metadata, "labels", labels);
    if (annotations.len)
        glm_map_set(&metadata, "annotations", glm_map_finish(&annotations, NULL));

    struct glm_map_builder service;
    glm_map_init(&service, arena);
    glm_map_set(&service, "apiVersion", glm_string(arena, "v1"));
    glm_map_set(&service, "kind", glm_string(arena, "Service"));
    glm_map_set(&service, "metadata", glm_map_finish(&metadata, NULL));
    glm_map_set(&service, "spec",
                service_spec(arena, values, gateway, glm_map_finish(&selector, NULL)));
    return glm_map_finish(&service, NULL);
}
