/* SPDX-License-Identifier: Apache-2.0
 *
 * Service: the active gateway's Service, which keeps its name through every revision.
 *
 * What:   what the gateway chart of Istio 1.23 would render, as effective values and k8s.service
 *         change it, but with the un-suffixed name and with the revision in the selector.
 * Errors: none; what the chart could not use is left out here and refused by the rules.
 */
#include "internal.h"

#include <string.h>

#define STATUS_PORT 15021

/* The entries of over that say something. */
static void overlay(struct glm_map_builder *b, const struct glm_value *over)
{
    for (size_t i = 0; glm_is_map(over) && i < over->len; i++)
        if (!glm_is_null(over->as.map[i].value))
            glm_map_set(b, over->as.map[i].key, over->as.map[i].value);
}

/* ---- labels ---- */

const struct glm_value *mesh_gateway_own_labels(struct glm_arena *arena,
                                                const struct glm_value *spec,
                                                const struct glm_gateway *gateway)
{
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    overlay(&b, mesh_effective(arena, spec, "gateways", mesh_gateway_values(gateway->type),
                               "labels", NULL));
    overlay(&b, glm_get(gateway->value, "label"));
    return glm_map_finish(&b, NULL);
}

const struct glm_value *mesh_gateway_labels(struct glm_arena *arena, const struct glm_value *spec,
                                            const struct glm_gateway *gateway)
{
    const char *app = mesh_gateway_values(gateway->type);
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    glm_map_set(&b, "app", glm_string(arena, app));
    glm_map_set(&b, "istio", glm_string(arena, app + strlen("istio-")));
    overlay(&b, mesh_gateway_own_labels(arena, spec, gateway));
    glm_map_remove(&b, "revision");
    return glm_map_finish(&b, NULL);
}

/* ---- ports ---- */

static const struct glm_value *port(struct glm_arena *arena, const char *name, int64_t number,
                                    int64_t target, bool protocol)
{
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    glm_map_set(&b, "name", glm_string(arena, name));
    glm_map_set(&b, "port", glm_integer(arena, number));
    if (protocol)
        glm_map_set(&b, "protocol", glm_string(arena, "TCP"));
    glm_map_set(&b, "targetPort", glm_integer(arena, target));
    return glm_map_finish(&b, NULL);
}

/* The chart's own, as its profile has them. */
static void chart_ports(struct glm_list_builder *b, enum glm_gateway_type type, bool demo)
{
    demo = demo && type == GLM_INGRESS;
    if (type == GLM_INGRESS)
        glm_list_add(b, port(b->arena, "status-port", STATUS_PORT, STATUS_PORT, !demo));
    glm_list_add(b, port(b->arena, "http2", 80, 8080, !demo));
    glm_list_add(b, port(b->arena, "https", 443, 8443, !demo));
    if (!demo)
        return;
    glm_list_add(b, port(b->arena, "tcp", 31400, 31400, false));
    glm_list_add(b, port(b->arena, "tls", 15443, 15443, false));
}

/* A number that the chart prints, whether it was written as a number or as a text. */
static const struct glm_value *number_of(struct glm_arena *arena, const struct glm_value *v)
{
    int64_t number;
    if (glm_is_string(v) && v->len > 0 && v->len < 6 &&
        strspn(v->as.text, "0123456789") == v->len && v->as.text[0] != '0')
        v = glm_number(arena, v->as.text, v->len);
    return glm_number_int64(v, &number) ? glm_integer(arena, number) : v;
}

/* One port of values: what the chart prints is read as YAML again, so that "443" is a number. */
static const struct glm_value *value_port(struct glm_arena *arena, const struct glm_value *v)
{
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    for (size_t i = 0; glm_is_map(v) && i < v->len; i++) {
        const char *key = v->as.map[i].key;
        const struct glm_value *is = v->as.map[i].value;
        bool text = strcmp(key, "name") == 0 || strcmp(key, "protocol") == 0 ||
                    strcmp(key, "appProtocol") == 0;
        const char *printed = mesh_chart_text(arena, is);
        if (printed && *printed)
            glm_map_set(&b, key,
                        glm_positioned(arena,
                                       text ? glm_string(arena, printed) : number_of(arena, is),
                                       is->line, is->column));
    }
    return glm_positioned(arena, glm_map_finish(&b, NULL), v->line, v->column);
}

/* A port without what Kubernetes takes for unset. */
static const struct glm_value *tidy_port(struct glm_arena *arena, const struct glm_value *v)
{
    static const char *const optional[] = {"targetPort", "nodePort"};
    for (size_t i = 0; i < sizeof optional / sizeof *optional; i++)
        if (glm_has(v, optional[i]) && !mesh_chart_truthy(glm_get(v, optional[i])))
            v = glm_without(arena, v, optional[i]);
    return v;
}

static const struct glm_value *service_ports(struct glm_arena *arena, const struct glm_value *spec,
                                             const struct glm_value *values,
                                             const struct glm_gateway *gateway)
{
    const struct glm_value *own = glm_get(gateway->service, "ports");
    const struct glm_value *from_values = glm_get(values, "ports");
    const struct glm_value *more =
        glm_get(values, gateway->type == GLM_INGRESS ? "ingressPorts" : "egressPorts");
    struct glm_list_builder b;
    glm_list_init(&b, arena);
    if (glm_is_list(own) && own->len) {
        for (size_t i = 0; i < own->len; i++)
            glm_list_add(&b, tidy_port(arena, glm_at(own, i)));
    } else if (glm_is_list(from_values)) {
        for (size_t i = 0; i < from_values->len; i++)
            if (!glm_is_null(glm_at(from_values, i)))
                glm_list_add(&b, tidy_port(arena, value_port(arena, glm_at(from_values, i))));
    } else {
        chart_ports(&b, gateway->type, mesh_chart_profile_is(arena, spec, "demo"));
    }
    for (size_t i = 0; glm_is_list(more) && i < more->len; i++) {
        struct glm_map_builder two;
        if (glm_is_null(glm_at(more, i)))
            continue;
        glm_map_init(&two, arena);
        glm_map_set(&two, "port", glm_get(glm_at(more, i), "port"));
        glm_map_set(&two, "name", glm_get(glm_at(more, i), "name"));
        glm_list_add(&b, value_port(arena, glm_map_finish(&two, NULL)));
    }
    return glm_list_finish(&b);
}

/* ---- the rest ---- */

/* The fields that the chart prints as texts if they are truthy; type always. */
static void from_values(struct glm_map_builder *b, const struct glm_value *values,
                        enum glm_gateway_type type)
{
    static const char *const texts[] = {
        "loadBalancerIP",
        "externalTrafficPolicy",
        "ipFamilyPolicy",
    };
    static const char *const lists[] = {"loadBalancerSourceRanges", "ipFamilies"};
    const struct glm_value *kind = glm_get(values, "type");
    const char *text = glm_is_null(kind) ? type == GLM_INGRESS ? "LoadBalancer" : "ClusterIP"
                                         : mesh_chart_text(b->arena, kind);
    if (text && *text)
        glm_map_set(b, "type",
                    glm_positioned(b->arena, glm_string(b->arena, text), kind->line, kind->column));
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const struct glm_value *v = glm_get(values, texts[i]);
        text = mesh_chart_truthy(v) ? mesh_chart_text(b->arena, v) : NULL;
        if (text)
            glm_map_set(b, texts[i],
                        glm_positioned(b->arena, glm_string(b->arena, text), v->line, v->column));
    }
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        const struct glm_value *v = glm_get(values, lists[i]);
        if (glm_is_list(v) && v->len)
            glm_map_set(b, lists[i], v);
    }
}

static bool is_set(const struct glm_value *v)
{
    return v->kind == GLM_BOOL || mesh_chart_truthy(v);
}

/* spec of the Service: the chart's, with the values, then k8s.service. */
static const struct glm_value *service_spec(struct glm_arena *arena, const struct glm_value *spec,
                                            const struct glm_value *values,
                                            const struct glm_gateway *gateway,
                                            const struct glm_value *selector)
{
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    from_values(&b, values, gateway->type);
    for (size_t i = 0; i < gateway->service->len; i++)
        if (is_set(gateway->service->as.map[i].value))
            glm_map_set(&b, gateway->service->as.map[i].key, gateway->service->as.map[i].value);
    glm_map_set(&b, "ports", service_ports(arena, spec, values, gateway));
    glm_map_set(&b, "selector", selector);
    return glm_map_finish(&b, NULL);
}

/* The chart prints each value with `quote`: whatever it was, it is a text then. */
static const struct glm_value *annotations(struct glm_arena *arena, const struct glm_value *values,
                                           const struct glm_gateway *gateway)
{
    const struct glm_value *said = glm_get(values, "serviceAnnotations");
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    for (size_t i = 0; glm_is_map(said) && i < said->len; i++) {
        const char *text = mesh_chart_text(arena, said->as.map[i].value);
        if (text && !glm_is_null(said->as.map[i].value))
            glm_map_set(&b, said->as.map[i].key, glm_string(arena, text));
    }
    overlay(&b, glm_get(gateway->k8s, "serviceAnnotations"));
    return glm_map_finish(&b, NULL);
}

const struct glm_value *mesh_service_build(struct glm_arena *arena, const struct glm_value *spec,
                                           const struct glm_gateway *gateway, const char *revision)
{
    const struct glm_value *values =
        mesh_effective(arena, spec, "gateways", mesh_gateway_values(gateway->type), NULL);
    const struct glm_value *labels = mesh_own_name_label(
        arena, spec, gateway, mesh_gateway_labels(arena, spec, gateway), revision);
    const struct glm_value *notes = annotations(arena, values, gateway);
    const struct glm_value *k8s = mesh_own_references(arena, gateway, revision, false);

    struct glm_map_builder selector;
    glm_map_init_from(&selector, arena, labels);
    overlay(&selector, glm_get_path(k8s, "service", "selector", NULL));
    if (*revision)
        glm_map_set(&selector, "revision", glm_string(arena, revision));

    struct glm_map_builder metadata;
    glm_map_init(&metadata, arena);
    glm_map_set(&metadata, "name", glm_string(arena, gateway->name));
    glm_map_set(&metadata, "namespace", glm_string(arena, gateway->namespace_));
    /* Who manages the Service is said by the owner labels, which take this one's place. */
    glm_map_set(&metadata, "labels", glm_without(arena, labels, GLM_LABEL_MANAGED_BY));
    if (notes->len)
        glm_map_set(&metadata, "annotations", notes);

    struct glm_map_builder service;
    glm_map_init(&service, arena);
    glm_map_set(&service, "apiVersion", glm_string(arena, "v1"));
    glm_map_set(&service, "kind", glm_string(arena, "Service"));
    glm_map_set(&service, "metadata", glm_map_finish(&metadata, NULL));
    glm_map_set(&service, "spec",
                service_spec(arena, spec, values, gateway, glm_map_finish(&selector, NULL)));
    return glm_without_nulls(arena, glm_map_finish(&service, NULL));
}
