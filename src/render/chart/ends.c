/* SPDX-License-Identifier: Apache-2.0
 *
 * Ends: values at which the chart's templates end. The schema refuses most of them where they stand themselves;
 * nobody looks at those below `global` and among the defaults.
 */
#include "internal.h"

#include <string.h>

/* What is put up with. */
enum {
    A_MAP = 1,
    A_LIST = 2,
    A_TEXT = 4,
    NOTHING = 8, /* null, or not there */
};

enum when {
    ALWAYS,
    SERVED,       /* there is a Service */
    PORTED,       /* ... with the ports of the values */
    AUTOSCALED,   /* autoscaling is on */
    POLICED,      /* there may be a NetworkPolicy */
    WITH_POLICY,  /* there is one */
    SPARSE,       /* resources are printed one by one */
    OF_CLUSTER,   /* a Service's clusterIP is asked for */
    OF_PLATFORM,  /* the platform is asked for */
    WITH_NETWORK, /* a Service of a network gateway whose ports may be chosen */
};

static const struct {
    const char *path;
    uint8_t may; /* be */
    uint8_t when;
} rows[] = {
    {"annotations", A_MAP, SERVED},
    {"autoscaling", A_MAP, ALWAYS},
    {"env", A_MAP | NOTHING, ALWAYS},
    {"global", A_MAP, POLICED},
    {"global.networkPolicy", A_MAP | NOTHING, POLICED},
    {"kind", A_TEXT | NOTHING, AUTOSCALED},
    {"labels", A_MAP, ALWAYS},
    {"networkGatewayPorts", A_MAP, WITH_NETWORK},
    {"networkGatewayPorts.status-port", A_MAP, WITH_NETWORK},
    {"networkGatewayPorts.tls", A_MAP, WITH_NETWORK},
    {"networkGatewayPorts.tls-istiod", A_MAP, WITH_NETWORK},
    {"networkGatewayPorts.tls-webhook", A_MAP, WITH_NETWORK},
    {"platform", A_TEXT | NOTHING, OF_PLATFORM},
    {"podDisruptionBudget", A_MAP | NOTHING, ALWAYS},
    {"rbac", A_MAP, ALWAYS},
    {"resources", A_MAP, SPARSE},
    {"resources.limits", A_MAP | NOTHING, SPARSE},
    {"resources.requests", A_MAP | NOTHING, SPARSE},
    {"revision", A_TEXT | NOTHING, WITH_POLICY},
    {"service", A_MAP, ALWAYS},
    {"service.annotations", A_MAP, SERVED},
    {"service.clusterIP", A_TEXT | NOTHING, OF_CLUSTER},
    {"service.externalIPs", A_LIST | NOTHING, SERVED},
    {"service.ipFamilies", A_LIST | NOTHING, SERVED},
    {"service.ports", A_LIST, PORTED},
    {"service.type", A_TEXT | NOTHING, ALWAYS},
    {"serviceAccount", A_MAP, ALWAYS},
};

static const struct glm_value *value_at(struct chart_call *call, const char *path)
{
    const char *dot = strchr(path, '.');
    if (!dot)
        return glm_get(call->values, path);
    const char *first = glm_strndup(call->arena, path, (size_t)(dot - path));
    return glm_get_path(call->values, first, dot + 1, NULL);
}

static bool is_served(struct chart_call *call)
{
    return !chart_is(value_at(call, "service.type"), "None");
}

static bool is_looked_at(struct chart_call *call, enum when when)
{
    const struct chart_release *release = &call->release;
    bool network = glm_chart_truthy(value_at(call, "networkGateway"));
    bool policy = chart_has(release, CHART_NETWORK_POLICY);
    switch (when) {
    case SERVED:
        return is_served(call);
    case PORTED:
        return is_served(call) && !network && chart_has(release, CHART_NETWORK_PORTS);
    case AUTOSCALED:
        return glm_chart_truthy(value_at(call, "autoscaling.enabled"));
    case POLICED:
        return policy;
    case WITH_POLICY:
        return policy &&
               glm_chart_truthy(glm_get(value_at(call, "global.networkPolicy"), "enabled"));
    case SPARSE:
        return chart_has(release, CHART_SPARSE_RESOURCES);
    case OF_CLUSTER:
        return is_served(call) && chart_has(release, CHART_CLUSTER_IP);
    case OF_PLATFORM:
        return chart_has(release, CHART_RUN_AS_USER) &&
               !glm_chart_truthy(value_at(call, "containerSecurityContext"));
    case WITH_NETWORK:
        return is_served(call) && network && chart_has(release, CHART_NETWORK_PORTS);
    case ALWAYS:
    default:
        return true;
    }
}

/* What is as good as nothing to a template that asks with `if`. */
static uint8_t what_is(const struct glm_value *v)
{
    switch (v->kind) {
    case GLM_MAP:
        return A_MAP;
    case GLM_LIST:
        return A_LIST;
    case GLM_STRING:
        return A_TEXT;
    case GLM_UNKNOWN:
        return A_MAP | A_LIST | A_TEXT | NOTHING;
    case GLM_NULL:
        return NOTHING;
    case GLM_BOOL:
    case GLM_NUMBER:
    default:
        return 0;
    }
}

static bool check_row(struct chart_call *call, size_t row)
{
    const char *path = rows[row].path;
    const struct glm_value *v = value_at(call, path);
    uint8_t may = rows[row].may;
    const char *must = may & A_MAP ? "a map" : may & A_LIST ? "a list" : "a text";
    if ((what_is(v) & may) || ((may & NOTHING) && !(may & A_TEXT) && !glm_chart_truthy(v)))
        return true;
    return chart_refuse(call, path, "A value that the chart ends at",
                        "must be %s, but is %s: the templates of the chart look into it.%s", must,
                        glm_is_null(v) ? "null" : glm_kind_name(v->kind),
                        glm_is_null(v) ? " Remove it." : "");
}

/* A Service has to have ports, and so has what a NetworkPolicy lets in. */
static bool check_ports(struct chart_call *call)
{
    const struct glm_value *ports = value_at(call, "service.ports");
    bool ok = true;
    if (is_looked_at(call, PORTED) && glm_is_list(ports) && !ports->len)
        ok = chart_refuse(call, "service.ports", "No ports",
                          "is empty, and since 1.30 the chart fails without ports, unless "
                          "networkGateway is set. Name a port, or set service.type to None.");
    for (size_t i = 0; is_looked_at(call, WITH_POLICY) && glm_is_list(ports) && i < ports->len; i++)
        if (!glm_is_map(ports->as.list[i]))
            ok = chart_refuse(call, "service.ports", "A value that the chart ends at",
                              "must be a list of maps, but has %s in it.",
                              glm_kind_name(ports->as.list[i]->kind));
    return ok;
}

bool chart_check_ends(struct chart_call *call)
{
    bool ok = true;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (is_looked_at(call, (enum when)rows[i].when))
            ok = check_row(call, i) && ok;
    return check_ports(call) && ok;
}
