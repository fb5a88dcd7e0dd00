/* SPDX-License-Identifier: Apache-2.0
 *
 * Where the templates of the charts end, and the merge of k8s.* into what comes of them: values that they can
 * make nothing of, and no decoder refuses.
 *
 * Depth: that of values, GLM_VALUE_DEPTH.
 */
#include "internal.h"

enum when {
    ALWAYS,
    PROXY,
    AUTOSCALED,
    SERVED
}; /* PROXY: not injected; SERVED: there is a Service */

/* What templates look into without asking whether it is a map. */
static const struct {
    const char *path[4]; /* below values; "*": istio-ingressgateway or -egressgateway */
    enum when when;
    bool elements; /* not it, but what is in that list */
} maps[] = {
    {{"gateways"}, ALWAYS, false},
    {{"gateways", "*"}, ALWAYS, false},
    {{"gateways", "*", "configVolumes"}, ALWAYS, true},
    {{"gateways", "*", "cpu"}, AUTOSCALED, false},
    {{"gateways", "*", "egressPorts"}, SERVED, true},
    {{"gateways", "*", "env"}, PROXY, false},
    {{"gateways", "*", "ingressPorts"}, SERVED, true},
    {{"gateways", "*", "podAntiAffinityLabelSelector"}, ALWAYS, true},
    {{"gateways", "*", "podAntiAffinityTermLabelSelector"}, ALWAYS, true},
    {{"gateways", "*", "ports"}, ALWAYS, true},
    {{"gateways", "*", "secretVolumes"}, ALWAYS, true},
    {{"gateways", "*", "serviceAccount"}, ALWAYS, false},
    {{"global"}, ALWAYS, false},
    {{"global", "defaultPodDisruptionBudget"}, ALWAYS, false},
    {{"global", "logging"}, PROXY, false},
    {{"global", "multiCluster"}, PROXY, false},
    {{"global", "proxy"}, PROXY, false},
    {{"global", "sds"}, PROXY, false},
    {{"global", "sds", "token"}, PROXY, false},
    {{"global", "sts"}, PROXY, false},
    {{"meshConfig"}, ALWAYS, false},
    {{"meshConfig", "defaultConfig"}, PROXY, false},
};

static bool is_looked_into(const struct render_gateway *g, enum when when)
{
    switch (when) {
    case PROXY:
        return !g->injected;
    case AUTOSCALED:
        return g->autoscaled;
    case SERVED:
        return !glm_chart_truthy(glm_get(g->own, "customService"));
    case ALWAYS:
    default:
        return true;
    }
}

static bool check_map(struct render_call *call, const struct glm_value *v, uint32_t line,
                      uint32_t column, const char *where)
{
    return glm_is_map(v) || glm_is_unknown(v) ||
           glm_spec_error(call->report, line, column, where, "Not a map",
                          "is %s, and Istio's charts end at it, because they look into it. Remove "
                          "it.",
                          glm_is_null(v) ? "null" : glm_kind_name(v->kind));
}

static bool check_row(struct render_call *call, const struct render_gateway *g, size_t row)
{
    const struct glm_value *v = call->values;
    const struct glm_pair *pair = NULL;
    struct glm_text where;
    bool ok = true;
    glm_text_init(&where, call->arena, 4096);
    glm_text_adds(&where, "values");
    for (size_t i = 0; i < sizeof maps->path / sizeof *maps->path && maps[row].path[i]; i++) {
        const char *key = maps[row].path[i];
        key = *key == '*' ? g->type->app : key;
        glm_text_addf(&where, ".%s", key);
        pair = glm_get_pair(v, key);
        if (!pair) /* the chart's own is there */
            return true;
        v = pair->value;
    }
    if (!maps[row].elements)
        return check_map(call, v, pair->line, pair->column, where.data);
    if (glm_chart_truthy(v) && !glm_is_list(v) && !glm_is_unknown(v))
        return glm_spec_error(call->report, pair->line, pair->column, where.data, "Not a list",
                              "is %s, and Istio's charts go through it. Write a list.",
                              glm_kind_name(v->kind));
    for (size_t i = 0; glm_is_list(v) && i < v->len; i++)
        ok = check_map(call, v->as.list[i], v->as.list[i]->line, v->as.list[i]->column,
                       glm_sprintf(call->arena, "%s[%zu]", where.data, i)) &&
             ok;
    return ok;
}

/* They compare it with true, and texts cannot be. */
static bool check_trust_bundle(struct render_call *call, const struct render_gateway *g)
{
    const struct glm_value *env = glm_get_path(g->values, "pilot", "env", NULL);
    const struct glm_pair *pair = glm_get_pair(env, "ENABLE_CLUSTER_TRUST_BUNDLE_API");
    bool compared = !g->injected && render_has(g->release, RENDER_TRUST_BUNDLE) &&
                    glm_string_is(glm_get(g->global, "pilotCertProvider"), "istiod");
    if (!compared || !pair || pair->value->kind == GLM_BOOL || glm_is_null(pair->value) ||
        glm_is_unknown(pair->value))
        return true;
    return glm_spec_error(
        call->report, pair->line, pair->column, "values.pilot.env.ENABLE_CLUSTER_TRUST_BUNDLE_API",
        "Not a boolean",
        "must be true or false without quotes, but is %s: Istio's charts end at it.",
        glm_kind_name(pair->value->kind));
}

/* They look for a slash in it. */
static bool check_image(struct render_call *call, const struct render_gateway *g)
{
    const struct glm_pair *pair = glm_get_pair(glm_get(g->global, "proxy"), "image");
    return g->injected || !pair || glm_is_string(pair->value) || glm_is_unknown(pair->value) ||
           glm_spec_error(call->report, pair->line, pair->column, "values.global.proxy.image",
                          "Not an image", "must be a text, but is %s: Istio's charts end at it.",
                          glm_is_null(pair->value) ? "null" : glm_kind_name(pair->value->kind));
}

/* A strategic merge finds them by their names. */
static bool check_env(struct render_call *call, const struct render_gateway *g)
{
    const struct glm_value *env = glm_get(g->k8s, "env");
    bool ok = true;
    for (size_t i = 0; glm_is_list(env) && i < env->len; i++) {
        const struct glm_value *v = env->as.list[i];
        if (!glm_is_unknown(v) && !glm_has(v, "name"))
            ok = glm_spec_error(
                call->report, v->line, v->column,
                glm_sprintf(call->arena, "%s.k8s.env[%zu]", g->where, i),
                "A variable without a name",
                ": has no name, and Istio cannot merge it. Write name, or remove it.");
    }
    return ok;
}

/* What a strategic merge is told to do with a map. */
static bool check_directives(struct render_call *call, const struct glm_value *v, const char *where)
{
    const struct glm_pair *pair = glm_get_pair(v, "$patch");
    bool ok = true;
    if (pair && !glm_string_is(pair->value, "replace") && !glm_string_is(pair->value, "delete"))
        ok = glm_spec_error(call->report, pair->line, pair->column, where, "An unknown directive",
                            "has the directive $patch, which may be replace or delete only.");
    for (size_t i = 0; glm_is_list(v) && i < v->len; i++)
        ok = check_directives(call, v->as.list[i], glm_sprintf(call->arena, "%s[%zu]", where, i)) &&
             ok;
    for (size_t i = 0; glm_is_map(v) && i < v->len; i++)
        if (glm_is_map(v->as.map[i].value) || glm_is_list(v->as.map[i].value))
            ok = check_directives(call, v->as.map[i].value,
                                  glm_sprintf(call->arena, "%s.%s", where, v->as.map[i].key)) &&
                 ok;
    return ok;
}

bool render_check_view(struct render_call *call, const struct render_gateway *g)
{
    bool ok = check_trust_bundle(call, g);
    ok = check_image(call, g) && ok;
    ok = check_env(call, g) && ok;
    ok = check_directives(call, glm_without(call->arena, g->k8s, "overlays"),
                          glm_sprintf(call->arena, "%s.k8s", g->where)) &&
         ok;
    for (size_t i = 0; i < sizeof maps / sizeof *maps; i++)
        if (is_looked_into(g, maps[i].when))
            ok = check_row(call, g, i) && ok;
    return ok;
}
