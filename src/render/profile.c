/* SPDX-License-Identifier: Apache-2.0
 *
 * Profiles: what the files that Istio ships say of gateways. Installation profiles are named by spec.profile
 * and lie under the document; the charts' own files are named by values.profile, compatibilityVersion and
 * platform, and lie under the values.
 */
#include "internal.h"

#include <string.h>

/* ---- installation profiles ---- */

static const struct render_profile profiles[] = {
    {.name = "ambient", .chart = "ambient", .old_chart = "ambient"},
    {.name = "default", .ingress = true},
    {.name = "demo", .ingress = true, .egress = true, .chart = "demo", .old_chart = "demo"},
    {.name = "empty"},
    {.name = "minimal"},
    {.name = "openshift", .ingress = true, .old_chart = "openshift", .platform = "openshift"},
    {.name = "openshift-ambient",
     .chart = "ambient",
     .old_chart = "openshift-ambient",
     .platform = "openshift"},
    {.name = "preview", .ingress = true, .chart = "preview", .old_chart = "preview"},
    {.name = "remote", .chart = "remote"},
    {.name = "stable", .ingress = true, .chart = "stable", .old_chart = "stable"},
};
#define PROFILES (sizeof profiles / sizeof *profiles)

const struct render_profile *render_profile(const char *name)
{
    for (size_t i = 0; i < PROFILES; i++)
        if (strcmp(profiles[i].name, name) == 0)
            return &profiles[i];
    return NULL;
}

const char *render_profile_nearest(const char *name)
{
    const char *names[PROFILES];
    for (size_t i = 0; i < PROFILES; i++)
        names[i] = profiles[i].name;
    return glm_nearest(name, names, PROFILES);
}

/* ---- the charts' profiles ---- */

static const struct glm_pair hbone_pairs[] = {
    LITERAL_PAIR("ISTIO_META_ENABLE_HBONE", LITERAL_TEXT("true")),
};
static const struct glm_pair capture_pairs[] = {
    LITERAL_PAIR("ISTIO_META_DNS_CAPTURE", LITERAL_TEXT("true")),
};

/* meshConfig with these variables for every proxy. */
#define PROXIES_WITH(what)                                                                         \
    static const struct glm_value what##_metadata = LITERAL_MAP(what##_pairs);                     \
    static const struct glm_pair what##_config_pairs[] = {                                         \
        LITERAL_PAIR("proxyMetadata", &what##_metadata),                                           \
    };                                                                                             \
    static const struct glm_value what##_config = LITERAL_MAP(what##_config_pairs);                \
    static const struct glm_pair what##_mesh_pairs[] = {                                           \
        LITERAL_PAIR("defaultConfig", &what##_config),                                             \
    };                                                                                             \
    static const struct glm_value what##_mesh = LITERAL_MAP(what##_mesh_pairs)

PROXIES_WITH(hbone);
PROXIES_WITH(capture);

static const struct glm_pair distroless_pairs[] = {
    LITERAL_PAIR("variant", LITERAL_TEXT("distroless")),
};
static const struct glm_value distroless = LITERAL_MAP(distroless_pairs);
static const struct glm_pair ambient_pairs[] = {
    LITERAL_PAIR("global", &distroless),
    LITERAL_PAIR("meshConfig", &hbone_mesh),
};
static const struct glm_value ambient = LITERAL_MAP(ambient_pairs);
static const struct glm_pair preview_pairs[] = {LITERAL_PAIR("meshConfig", &capture_mesh)};
static const struct glm_value preview = LITERAL_MAP(preview_pairs);

static const struct glm_pair on_openshift_pairs[] = {
    LITERAL_PAIR("platform", LITERAL_TEXT("openshift")),
};
static const struct glm_value on_openshift = LITERAL_MAP(on_openshift_pairs);
static const struct glm_pair openshift_pairs[] = {LITERAL_PAIR("global", &on_openshift)};
static const struct glm_value openshift = LITERAL_MAP(openshift_pairs);
static const struct glm_pair openshift_ambient_pairs[] = {
    LITERAL_PAIR("global", &on_openshift),
    LITERAL_PAIR("meshConfig", &hbone_mesh),
};
static const struct glm_value openshift_ambient = LITERAL_MAP(openshift_ambient_pairs);

/* demo: small gateways, and more ports. */
#define PORT(variable, number, target, title)                                                      \
    static const struct glm_pair variable##_pairs[] = {                                            \
        LITERAL_PAIR("name", LITERAL_TEXT(title)),                                                 \
        LITERAL_PAIR("port", LITERAL_NUMBER(number)),                                              \
        LITERAL_PAIR("targetPort", LITERAL_NUMBER(target)),                                        \
    };                                                                                             \
    static const struct glm_value variable = LITERAL_MAP(variable##_pairs)

PORT(status_port, "15021", "15021", "status-port");
PORT(http2_port, "80", "8080", "http2");
PORT(https_port, "443", "8443", "https");
PORT(tcp_port, "31400", "31400", "tcp");
PORT(tls_port, "15443", "15443", "tls");

static const struct glm_value *const demo_ports[] = {&status_port, &http2_port, &https_port,
                                                     &tcp_port, &tls_port};
static const struct glm_value demo_port_list = LITERAL_LIST(demo_ports);
static const struct glm_pair demo_requests_pairs[] = {
    LITERAL_PAIR("cpu", LITERAL_TEXT("10m")),
    LITERAL_PAIR("memory", LITERAL_TEXT("40Mi")),
};
static const struct glm_value demo_requests = LITERAL_MAP(demo_requests_pairs);
static const struct glm_pair demo_resources_pairs[] = {LITERAL_PAIR("requests", &demo_requests)};
static const struct glm_value demo_resources = LITERAL_MAP(demo_resources_pairs);
static const struct glm_pair demo_egress_pairs[] = {
    LITERAL_PAIR("autoscaleEnabled", &glm_false),
    LITERAL_PAIR("resources", &demo_resources),
};
static const struct glm_pair demo_ingress_pairs[] = {
    LITERAL_PAIR("autoscaleEnabled", &glm_false),
    LITERAL_PAIR("ports", &demo_port_list),
    LITERAL_PAIR("resources", &demo_resources),
};
static const struct glm_value demo_egress = LITERAL_MAP(demo_egress_pairs);
static const struct glm_value demo_ingress = LITERAL_MAP(demo_ingress_pairs);
static const struct glm_pair demo_gateways_pairs[] = {
    LITERAL_PAIR("istio-egressgateway", &demo_egress),
    LITERAL_PAIR("istio-ingressgateway", &demo_ingress),
};
static const struct glm_value demo_gateways = LITERAL_MAP(demo_gateways_pairs);
static const struct glm_pair demo_pairs[] = {LITERAL_PAIR("gateways", &demo_gateways)};
static const struct glm_value demo = LITERAL_MAP(demo_pairs);

/* What the chart profile of that name says of a gateway; the others say nothing. */
static const struct {
    const char *name;
    const struct glm_value *values;
} said[] = {
    {"ambient", &ambient},     {"demo", &demo},
    {"openshift", &openshift}, {"openshift-ambient", &openshift_ambient},
    {"preview", &preview},
};

/* ---- compatibility versions: proxies that behave as those of an older minor ---- */

/* A variable that is "false" for these, from that minor on. */
static const struct {
    const char *name;
    unsigned first, last, since;
} compatible_variables[] = {
    {"BYPASS_OVERLOAD_MANAGER_FOR_STATIC_LISTENERS", 0, 23, 24},
    {"ENABLE_DEFERRED_CLUSTER_CREATION", 22, 22, 23},
    {"ENABLE_DEFERRED_STATS_CREATION", 0, 23, 24},
    {"ENABLE_DELIMITED_STATS_TAG_REGEX", 0, 22, 23},
    {"ISTIO_DELTA_XDS", 0, 21, 22},
};

static const struct glm_value *compatible(struct render_call *call, unsigned with)
{
    struct glm_map_builder b;
    glm_map_init(&b, call->arena);
    for (size_t i = 0; i < sizeof compatible_variables / sizeof *compatible_variables; i++)
        if (with >= compatible_variables[i].first && with <= compatible_variables[i].last &&
            call->release.charts.minor >= compatible_variables[i].since)
            glm_map_append(&b, compatible_variables[i].name, 0, 0,
                           glm_string(call->arena, "false"));
    return glm_with_path(call->arena, &glm_empty_map, glm_map_finish(&b, NULL), "meshConfig",
                         "defaultConfig", "proxyMetadata", NULL);
}

/* ---- which of them count ---- */

/* A name that values say, and where it stands. */
struct chart_name {
    const char *what, *field; /* "profile", "values.profile" */
    const struct glm_value *said;
};

static bool refuse(struct render_call *call, const struct chart_name *name, const char *known)
{
    return glm_spec_error(call->report, name->said->line, name->said->column, name->field,
                          glm_sprintf(call->arena, "Unknown %s", name->what),
                          "\"%s\" is no %s of the charts of Istio %s. %s",
                          glm_string_or(name->said, "?"), name->what, call->release.text, known);
}

/* Lays the file of that name over *values. */
static bool lay(struct render_call *call, enum part_file which, const struct chart_name *name,
                const struct glm_value **values)
{
    unsigned minor = call->release.charts.minor;
    if (!part_has_file(which, glm_string_or(name->said, ""), minor))
        return refuse(call, name, part_files(call->arena, which, minor));
    for (size_t i = 0; which == PART_PROFILE && i < sizeof said / sizeof *said; i++)
        if (glm_string_is(name->said, said[i].name))
            *values = part_merged(call->arena, *values, said[i].values);
    return true;
}

static bool lay_compatible(struct render_call *call, const struct chart_name *name,
                           const struct glm_value **values)
{
    unsigned oldest = part_oldest_compatible(call->release.charts.minor);
    unsigned newest = call->release.charts.minor - 1;
    for (unsigned minor = oldest; minor <= newest; minor++)
        if (glm_string_is(name->said, glm_sprintf(call->arena, "1.%u", minor))) {
            *values = part_merged(call->arena, *values, compatible(call, minor));
            return true;
        }
    return refuse(call, name,
                  glm_sprintf(call->arena, "Those are \"1.%u\" to \"1.%u\".", oldest, newest));
}

/* That of the first place that says one; null: none does. */
static const struct glm_value *first_said(const struct glm_value *here,
                                          const struct glm_value *there)
{
    const struct glm_value *v = glm_chart_truthy(here) ? here : there;
    return glm_chart_truthy(v) ? v : &glm_null;
}

bool render_chart_files(struct render_call *call, const struct glm_value **ret_values)
{
    const struct render_release *release = &call->release;
    const struct glm_value *global = glm_get(call->values, "global"), *values = &glm_empty_map;
    bool both = render_has(release, RENDER_GLOBAL_PROFILE), ok = true;
    const struct chart_name profile = {"profile", "values.profile",
                                       first_said(glm_get(call->values, "profile"),
                                                  both ? glm_get(global, "profile") : &glm_null)};
    const struct chart_name version = {
        "compatibility version", "compatibilityVersion",
        first_said(glm_get(call->values, "compatibilityVersion"), &glm_null)};
    const struct chart_name platform = {
        "platform", "values.global.platform",
        first_said(glm_get(call->values, "platform"), glm_get(global, "platform"))};
    if (!glm_is_null(profile.said))
        ok = lay(call, PART_PROFILE, &profile, &values);
    if (!glm_is_null(version.said))
        ok = lay_compatible(call, &version, &values) && ok;
    if (!glm_is_null(platform.said) && render_has(release, RENDER_PLATFORM_FILES))
        ok = lay(call, PART_PLATFORM, &platform, &values) && ok;
    if (ok)
        *ret_values = values;
    return ok;
}
