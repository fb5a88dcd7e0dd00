/* SPDX-License-Identifier: Apache-2.0
 *
 * The containers: the proxy, which the control plane's webhook fills in, and the values' own.
 */
#include "internal.h"

/* ---- who it runs as ---- */

static const struct glm_value *const all_capabilities[] = {LITERAL_TEXT("ALL")};
static const struct glm_value all_list = LITERAL_LIST(all_capabilities);
static const struct glm_pair drop_pairs[] = {LITERAL_PAIR("drop", &all_list)};
static const struct glm_value drop_all = LITERAL_MAP(drop_pairs);

static const struct glm_value *security_context(const struct chart_gateway *g)
{
    const struct glm_value *said = glm_get(g->values, "containerSecurityContext");
    bool user = chart_has(g->release, CHART_RUN_AS_USER) &&
                !chart_is(glm_get(g->values, "platform"), "openshift");
    const struct glm_value *number = user ? glm_integer(g->arena, 1337) : NULL;
    if (glm_chart_truthy(said))
        return said;
    return PART_MAP(g->arena, {"allowPrivilegeEscalation", &glm_false}, {"capabilities", &drop_all},
                    {"privileged", &glm_false}, {"readOnlyRootFilesystem", &glm_true},
                    {"runAsGroup", number}, {"runAsNonRoot", &glm_true}, {"runAsUser", number});
}

/* ---- its environment ---- */

static const struct glm_value *environment(const struct chart_gateway *g)
{
    const struct glm_value *network = glm_get(g->values, "networkGateway");
    const struct glm_value *env = glm_get(g->values, "env");
    const struct glm_value *from = glm_get(g->values, "envVarFrom");
    struct glm_list_builder b;
    glm_list_init(&b, g->arena);
    if (glm_chart_truthy(network))
        glm_list_add(&b,
                     PART_MAP(g->arena, {"name", chart_str(g, "ISTIO_META_REQUESTED_NETWORK_VIEW")},
                              {"value", part_string(g->arena, network)}));
    for (size_t i = 0; glm_is_map(env) && i < env->len; i++) {
        const struct glm_pair *pair = &env->as.map[i];
        const struct glm_value *one = PART_MAP(g->arena, {"name", chart_read(g->arena, pair->key)},
                                               {"value", part_quoted(g->arena, pair->value)});
        glm_list_add(&b, glm_positioned(g->arena, one, pair->line, pair->column));
    }
    if (!chart_has(g->release, CHART_MORE_CONTAINERS))
        from = &glm_null;
    for (size_t i = 0; glm_is_list(from) && i < from->len; i++)
        glm_list_add(&b, from->as.list[i]);
    return b.len ? glm_list_finish(&b) : &glm_null;
}

/* ---- what it may take ---- */

/* Entries printed one by one without quotes, those that are nothing left out. NULL: nothing is left. */
static const struct glm_value *sparse(const struct chart_gateway *g, const struct glm_value *said)
{
    struct glm_map_builder b;
    glm_map_init(&b, g->arena);
    for (size_t i = 0; glm_is_map(said) && i < said->len; i++)
        if (glm_chart_truthy(said->as.map[i].value))
            glm_map_append(&b, said->as.map[i].key, said->as.map[i].line, said->as.map[i].column,
                           chart_plain(g->arena, said->as.map[i].value));
    return b.len ? glm_map_finish(&b, NULL) : NULL;
}

static const struct glm_value *resources(const struct chart_gateway *g)
{
    const struct glm_value *said = glm_get(g->values, "resources");
    if (!chart_has(g->release, CHART_SPARSE_RESOURCES))
        return said;
    const struct glm_value *ret = PART_MAP(g->arena, {"limits", sparse(g, glm_get(said, "limits"))},
                                           {"requests", sparse(g, glm_get(said, "requests"))});
    return ret->len ? ret : &glm_null;
}

/* ---- all of them ---- */

static const struct glm_pair metrics_port_pairs[] = {
    LITERAL_PAIR("containerPort", LITERAL_NUMBER("15090")),
    LITERAL_PAIR("name", LITERAL_TEXT("http-envoy-prom")),
    LITERAL_PAIR("protocol", LITERAL_TEXT("TCP")),
};
static const struct glm_value metrics_port = LITERAL_MAP(metrics_port_pairs);
static const struct glm_value *const container_ports[] = {&metrics_port};
static const struct glm_value container_port_list = LITERAL_LIST(container_ports);

static const struct glm_value *proxy(const struct chart_gateway *g)
{
    const struct glm_value *probe = chart_any(glm_get(g->values, "readinessProbe"));
    const struct glm_value *lifecycle = chart_any(glm_get(g->values, "lifecycle"));
    return PART_MAP(
        g->arena, {"env", environment(g)}, {"image", chart_str(g, "auto")},
        {"imagePullPolicy", chart_plain_if(g->arena, glm_get(g->values, "imagePullPolicy"))},
        {"lifecycle", chart_has(g->release, CHART_MORE_CONTAINERS) ? lifecycle : NULL},
        {"name", chart_str(g, "istio-proxy")}, {"ports", &container_port_list},
        {"readinessProbe", chart_has(g->release, CHART_STRATEGY) ? probe : NULL},
        {"resources", resources(g)}, {"securityContext", security_context(g)},
        {"volumeMounts", chart_any(glm_get(g->values, "volumeMounts"))});
}

const struct glm_value *chart_containers(const struct chart_gateway *g)
{
    const struct glm_value *more = glm_get(g->values, "additionalContainers");
    struct glm_list_builder b;
    glm_list_init(&b, g->arena);
    glm_list_add(&b, proxy(g));
    if (!chart_has(g->release, CHART_MORE_CONTAINERS))
        more = &glm_null;
    for (size_t i = 0; glm_is_list(more) && i < more->len; i++)
        glm_list_add(&b, more->as.list[i]);
    return glm_list_finish(&b);
}
