/* SPDX-License-Identifier: Apache-2.0
 *
 * Rules on k8s.resources and k8s.env: what they leave together with the gateway chart's own.
 *
 * What:   both are merged over what the chart makes, key by key. A request above the limit that the
 *         chart has, or a value over a variable that the chart takes from the pod, is refused by
 *         the API server, and no field of the spec alone is wrong.
 * Errors: at installations[key].istio_operator_spec, with line and column in the text.
 * Source: the gateway charts of Istio 1.22 to 1.31.
 */
#include "internal.h"

#include <string.h>

struct chart_rules {
    struct glm_arena *arena;
    const struct glm_value *spec;
    const struct glm_gateway *g;
    struct glm_spec_report *report;
};

static const struct {
    const char *name, *request, *limit;
} resources[] = {
    {"cpu", "100m", "2000m"},
    {"memory", "128Mi", "1024Mi"},
};

struct amount {
    const struct glm_value *value; /* null: the chart's */
    const char *text, *where;
    double number;
    bool ours; /* of k8s.resources */
    int layer; /* of values, when it is neither ours nor the chart's; -1 */
};

static struct amount amount_of(struct chart_rules *r, const char *kind, const char *name,
                               const char *chart)
{
    const struct glm_value *v = glm_get_path(r->g->k8s, "resources", kind, name, NULL);
    struct amount a = {.ours = !glm_is_null(v), .number = -1, .layer = -1};
    a.where = glm_sprintf(r->arena, "%s.k8s.resources.%s.%s", mesh_gateway_where(r->arena, r->g),
                          kind, name);
    if (!a.ours) {
        struct mesh_setting s =
            mesh_setting(r->arena, r->spec, "gateways", mesh_gateway_values(r->g->type),
                         "resources", kind, name, NULL);
        v = s.value;
        a.where = s.where;
        a.layer = glm_is_null(v) ? -1 : (int)s.layer;
    }
    a.value = v;
    a.text = v->kind == GLM_STRING || v->kind == GLM_NUMBER ? v->as.text : chart;
    if (glm_is_unknown(v) || !glm_spec_quantity(a.text, &a.number))
        a.number = -1;
    return a;
}

static void check_resources(struct chart_rules *r)
{
    for (size_t i = 0; i < sizeof resources / sizeof *resources; i++) {
        const char *name = resources[i].name;
        struct amount request = amount_of(r, "requests", name, resources[i].request);
        struct amount limit = amount_of(r, "limits", name, resources[i].limit);
        bool of_one_map = (request.ours && limit.ours) || /* the tables look at that */
                          (request.layer >= 0 && request.layer == limit.layer);
        const struct amount *at = glm_is_null(request.value) ? &limit : &request;
        if (of_one_map || limit.number < 0 || request.number <= limit.number)
            continue;
        glm_spec_error(r->report, at->value->line, at->value->column, at->where,
                       "A request above the limit",
                       ": the gateway \"%s\" would request %s of %s%s, and its limit is %s%s, "
                       "which the API server refuses. Set both under k8s.resources.",
                       r->g->name ? r->g->name : "", request.text, name,
                       glm_is_null(request.value) ? " (the chart's own)" : "", limit.text,
                       glm_is_null(limit.value) ? " (the chart's own)" : "");
    }
}

/* Variables of the chart: those that it takes from the pod, and those to which it gives a value. The
 * other kind of source would stand beside it. */
static bool is_of_chart(const char *name, bool from_pod)
{
    static const char *const pods[] = {
        "NODE_NAME", "POD_NAME",        "POD_NAMESPACE",   "INSTANCE_IP",
        "HOST_IP",   "SERVICE_ACCOUNT", "ISTIO_CPU_LIMIT", "ISTIO_META_NODE_NAME",
    };
    static const char *const values[] = {
        "PILOT_CERT_PROVIDER", "CA_ADDR",      "ISTIO_META_WORKLOAD_NAME", "ISTIO_META_OWNER",
        "ISTIO_META_MESH_ID",  "TRUST_DOMAIN", "ISTIO_META_CLUSTER_ID",
    };
    const char *const *names = from_pod ? pods : values;
    size_t count = from_pod ? sizeof pods / sizeof *pods : sizeof values / sizeof *values;
    for (size_t i = 0; i < count; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

static bool is_injected(struct chart_rules *r)
{
    const struct glm_value *template_ =
        mesh_setting(r->arena, r->spec, "gateways", mesh_gateway_values(r->g->type),
                     "injectionTemplate", NULL)
            .value;
    return !glm_is_null(template_) && !glm_string_is(template_, "");
}

static void check_env(struct chart_rules *r)
{
    const struct glm_value *env = glm_get(r->g->k8s, "env");
    for (size_t i = 0; glm_is_list(env) && i < env->len; i++) {
        const struct glm_value *e = glm_at(env, i);
        const char *name = glm_string_or(glm_get(e, "name"), "");
        bool value = *glm_string_or(glm_get(e, "value"), "") != '\0';
        bool from = glm_is_map(glm_get(e, "valueFrom"));
        const struct glm_value *v = glm_get(e, value ? "value" : "valueFrom");
        if (value == from || !is_of_chart(name, value))
            continue;
        glm_spec_error(r->report, v->line, v->column,
                       glm_sprintf(r->arena, "%s.k8s.env[%zu].%s",
                                   mesh_gateway_where(r->arena, r->g), i,
                                   value ? "value" : "valueFrom"),
                       "A variable with two sources",
                       "would stand beside the %s that the gateway chart gives to %s, and the API "
                       "server takes one of the two only. Remove the variable, or give it another "
                       "name.",
                       value ? "valueFrom" : "value", name);
    }
}

void mesh_rules_resources(const struct glm_rules *rules,
                          const struct glm_installation *installation,
                          const struct glm_gateways *gateways, struct glm_spec_report *report)
{
    for (size_t i = 0; i < gateways->count; i++) {
        struct chart_rules r = {.arena = rules->arena,
                                .spec = installation->spec,
                                .g = &gateways->items[i],
                                .report = report};
        if (!r.g->enabled)
            continue;
        if (!mesh_gateway_is_patched(r.g, "resources"))
            check_resources(&r);
        if (!is_injected(&r) && !mesh_gateway_is_patched(r.g, "env"))
            check_env(&r);
    }
}
