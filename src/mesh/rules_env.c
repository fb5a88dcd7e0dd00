/* SPDX-License-Identifier: Apache-2.0
 *
 * Rules on variables that values give to the container of a gateway. The chart writes its own, then
 * env of values, then proxyMetadata, one after the other; a name that comes out twice is one that the
 * API server refuses in the whole Deployment.
 *
 * Errors: at installations[key].istio_operator_spec, with line and column in the text.
 * Source: the gateway charts of Istio 1.22 and 1.23.
 */
#include "internal.h"

#include <string.h>

#define SUMMARY "A variable that comes out twice"

struct env_rules {
    struct glm_arena *arena;
    const struct glm_installation *installation;
    const struct glm_value *spec;
    const struct glm_gateways *gateways;
    struct glm_spec_report *report;
};

static struct mesh_setting of_type(struct env_rules *r, enum glm_gateway_type type,
                                   const char *field)
{
    return mesh_setting(r->arena, r->spec, "gateways", mesh_gateway_values(type), field, NULL);
}

/* The entry that counts: env of the type, or with -1 proxyMetadata. */
static struct mesh_setting variable(struct env_rules *r, int type, const char *name)
{
    return type < 0
               ? mesh_setting(r->arena, r->spec, "meshConfig", "defaultConfig", "proxyMetadata",
                              name, NULL)
               : mesh_setting(r->arena, r->spec, "gateways",
                              mesh_gateway_values((enum glm_gateway_type)type), "env", name, NULL);
}

/* ---- what the chart writes ---- */

static bool is_of(const char *name, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}

/* Those that the chart takes from a field of the pod: a value over them is none either. */
static bool from_a_field(const char *name)
{
    static const char *const names[] = {
        "HOST_IP",   "INSTANCE_IP", "ISTIO_CPU_LIMIT", "ISTIO_META_NODE_NAME",
        "NODE_NAME", "POD_NAME",    "POD_NAMESPACE",   "SERVICE_ACCOUNT",
    };
    return is_of(name, names, sizeof names / sizeof *names);
}

/* The name is one that the chart writes itself. Of injected pods most are the injector's, which puts
 * them in by name. */
static bool of_the_chart(struct env_rules *r, enum glm_gateway_type type, const char *name)
{
    static const char *const always[] = {
        "CA_ADDR",          "ISTIO_META_CLUSTER_ID",    "ISTIO_META_MESH_ID",
        "ISTIO_META_OWNER", "ISTIO_META_WORKLOAD_NAME", "PILOT_CERT_PROVIDER",
        "TRUST_DOMAIN",
    };
    if (strcmp(name, "ISTIO_META_UNPRIVILEGED_POD") == 0)
        return !mesh_chart_truthy(of_type(r, type, "runAsRoot").value);
    if (mesh_is_injected(r->arena, r->spec, type))
        return false;
    if (strcmp(name, "ISTIO_META_NETWORK") == 0) /* unless env of values says it */
        return (mesh_has_network(r->installation) ||
                mesh_chart_truthy(
                    mesh_setting(r->arena, r->spec, "global", "network", NULL).value)) &&
               !mesh_chart_truthy(variable(r, (int)type, name).value);
    return from_a_field(name) || is_of(name, always, sizeof always / sizeof *always);
}

/* Its files of defaults put these into proxyMetadata. */
static const char *of_a_file(struct env_rules *r, const char *name)
{
    static const struct {
        const char *file, *name;
        bool profile;
    } files[] = {
        {"ambient", "ISTIO_META_ENABLE_HBONE", true},
        {"openshift-ambient", "ISTIO_META_ENABLE_HBONE", true},
        {"preview", "ISTIO_META_DNS_CAPTURE", true},
        {"1.20", "ISTIO_DELTA_XDS", false},
        {"1.21", "ISTIO_DELTA_XDS", false},
        {"1.22", "ENABLE_DEFERRED_CLUSTER_CREATION", false},
    };
    const struct glm_value *version =
        mesh_setting(r->arena, r->spec, "compatibilityVersion", NULL).value;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        if (strcmp(name, files[i].name) == 0 &&
            (files[i].profile ? mesh_chart_profile_is(r->arena, r->spec, files[i].file)
                              : glm_string_is(version, files[i].file)))
            return glm_sprintf(r->arena, "%s %s",
                               files[i].profile ? "the profile" : "compatibilityVersion",
                               files[i].file);
    return NULL;
}

/* ---- who is meant ---- */

/* A gateway of the type that the container of the chart is rendered for, as it is: an overlay may take
 * out what is there twice, and what it leaves is not judged here. */
static bool counts(struct env_rules *r, enum glm_gateway_type type)
{
    for (size_t i = 0; i < r->gateways->count; i++) {
        const struct glm_gateway *g = &r->gateways->items[i];
        if (g->type == type && g->enabled && !mesh_gateway_is_patched(g, "containers"))
            return true;
    }
    return false;
}

/* ---- the rules ---- */

static void refuse(struct env_rules *r, struct mesh_setting at, const char *name, const char *how)
{
    glm_spec_error(r->report, at.value->line, at.value->column, at.where, SUMMARY,
                   ": %s, and the API server refuses a container that has one variable twice. "
                   "Remove it here%s.",
                   how,
                   from_a_field(name) ? ""
                                      : "; to say another value, use k8s.env of the gateway, which "
                                        "is merged by name");
}

static void check_env(struct env_rules *r, enum glm_gateway_type type)
{
    const struct glm_value *env =
        mesh_effective(r->arena, r->spec, "gateways", mesh_gateway_values(type), "env", NULL);
    bool injected = mesh_is_injected(r->arena, r->spec, type);
    for (size_t i = 0; glm_is_map(env) && i < env->len; i++) {
        const char *name = env->as.map[i].key;
        struct mesh_setting at = variable(r, (int)type, name);
        struct mesh_setting other = variable(r, -1, name);
        const char *file = injected ? NULL : of_a_file(r, name);
        if (glm_is_null(at.value))
            continue;
        if (of_the_chart(r, type, name))
            refuse(r, at, name, "the gateway chart writes this variable itself");
        else if (!injected && !glm_is_null(other.value))
            refuse(r, at, name, glm_sprintf(r->arena, "%s adds it too", other.where));
        else if (file)
            refuse(r, at, name, glm_sprintf(r->arena, "%s adds it too", file));
    }
}

static void check_metadata(struct env_rules *r)
{
    const struct glm_value *metadata =
        mesh_effective(r->arena, r->spec, "meshConfig", "defaultConfig", "proxyMetadata", NULL);
    for (size_t i = 0; glm_is_map(metadata) && i < metadata->len; i++) {
        const char *name = metadata->as.map[i].key;
        bool twice = false;
        for (int t = 0; t < 2; t++) {
            enum glm_gateway_type type = (enum glm_gateway_type)t;
            twice = twice || (counts(r, type) && !mesh_is_injected(r->arena, r->spec, type) &&
                              of_the_chart(r, type, name));
        }
        struct mesh_setting at = variable(r, -1, name);
        if (twice && !glm_is_null(at.value))
            refuse(r, at, name, "the gateway chart writes this variable itself");
    }
}

void mesh_rules_env(const struct glm_rules *rules, const struct glm_installation *installation,
                    const struct glm_gateways *gateways, struct glm_spec_report *report)
{
    struct env_rules r = {.arena = rules->arena,
                          .installation = installation,
                          .spec = installation->spec,
                          .gateways = gateways,
                          .report = report};
    for (int t = 0; t < 2; t++)
        if (counts(&r, (enum glm_gateway_type)t))
            check_env(&r, (enum glm_gateway_type)t);
    check_metadata(&r);
}
