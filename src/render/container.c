/* SPDX-License-Identifier: Apache-2.0
 *
 * The container of the proxy. What it is told in variables is in env.c.
 */
#include "internal.h"

#include <string.h>

#define PROXY "istio-proxy"
#define DEFAULT_IMAGE "proxyv2"
#define METRICS_PORT 15090

/* ---- the image ---- */

static const struct glm_value *first_of(const struct glm_value *a, const struct glm_value *b)
{
    return glm_chart_truthy(a) ? a : b;
}

const struct glm_value *render_image(const struct render_gateway *g)
{
    const struct glm_value *proxy = glm_get(g->global, "proxy");
    const struct glm_value *tag = &glm_null;
    if (render_has(g->release, RENDER_GATEWAY_TAG))
        tag = glm_get(g->own, "tag");
    const char *name = glm_chart_text(g->arena, glm_get(proxy, "image"));
    const char *hub = glm_chart_text(g->arena, glm_get(g->global, "hub"));
    const char *version = glm_chart_text(g->arena, first_of(tag, glm_get(g->global, "tag")));
    const char *variant = glm_chart_text(
        g->arena, first_of(glm_get(proxy, "variant"), glm_get(g->global, "variant")));
    if (!name || !hub || !version || !variant)
        return &glm_unknown;
    if (strchr(name, '/'))
        return render_str(g, name);
    return glm_stringf(g->arena, "%s/%s:%s%s%s", hub, *name ? name : DEFAULT_IMAGE, version,
                       *variant ? "-" : "", variant);
}

/* ---- ports, arguments, resources ---- */

const struct glm_value *render_container_ports(const struct render_gateway *g)
{
    const struct glm_value *ports = glm_get(g->own, "ports");
    struct glm_list_builder b;
    glm_list_init(&b, g->arena);
    for (size_t i = 0; glm_is_list(ports) && i < ports->len; i++) {
        const struct glm_value *protocol = glm_get(ports->as.list[i], "protocol");
        glm_list_add(
            &b, PART_MAP(g->arena, {"containerPort", render_target(g, ports->as.list[i])},
                         {"protocol", glm_chart_truthy(protocol) ? part_string(g->arena, protocol)
                                                                 : render_str(g, "TCP")}));
    }
    glm_list_add(&b, PART_MAP(g->arena, {"containerPort", glm_integer(g->arena, METRICS_PORT)},
                              {"name", render_str(g, "http-envoy-prom")},
                              {"protocol", render_str(g, "TCP")}));
    return glm_list_finish(&b);
}

static const struct glm_value *flag(const struct render_gateway *g, const char *flag_,
                                    const struct glm_value *v)
{
    return glm_chart_truthy(v) ? part_around(g->arena, flag_, v, "") : NULL;
}

static const struct glm_value *args(const struct render_gateway *g)
{
    const struct glm_value *proxy = glm_get(g->global, "proxy");
    const struct glm_value *json = glm_get(g->global, "logAsJson");
    const struct glm_value *const all[] = {
        render_str(g, "proxy"),
        render_str(g, "router"),
        render_str(g, "--domain"),
        part_around(g->arena, "$(POD_NAMESPACE).svc.", glm_get(proxy, "clusterDomain"), ""),
        flag(g, "--proxyLogLevel=", glm_get(proxy, "logLevel")),
        flag(g, "--proxyComponentLogLevel=", glm_get(proxy, "componentLogLevel")),
        flag(g, "--log_output_level=", glm_get_path(g->global, "logging", "level", NULL)),
        glm_chart_truthy(json) ? render_str(g, "--log_as_json") : NULL,
        flag(g, "--stsPort=", glm_get_path(g->global, "sts", "servicePort", NULL)),
    };
    struct glm_list_builder b;
    glm_list_init(&b, g->arena);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (all[i])
            glm_list_add(&b, all[i]);
    return glm_list_finish(&b);
}

/* The entries that say something, printed and read again; NULL: none does. */
static const struct glm_value *sparse(const struct render_gateway *g, const struct glm_value *map)
{
    struct glm_map_builder b;
    glm_map_init(&b, g->arena);
    for (size_t i = 0; glm_is_map(map) && i < map->len; i++)
        if (glm_chart_truthy(map->as.map[i].value))
            glm_map_append(&b, map->as.map[i].key, 0, 0,
                           part_plain(g->arena, map->as.map[i].value));
    return b.len ? glm_map_finish(&b, NULL) : NULL;
}

const struct glm_value *render_resources(const struct render_gateway *g)
{
    const struct glm_value *own = glm_get(g->own, "resources");
    const struct glm_value *said =
        glm_chart_truthy(own) ? own : glm_get(g->global, "defaultResources");
    if (!render_has(g->release, RENDER_SPARSE_RESOURCES))
        return said;
    const struct glm_value *printed =
        PART_MAP(g->arena, {"limits", sparse(g, glm_get(said, "limits"))},
                 {"requests", sparse(g, glm_get(said, "requests"))});
    return printed->len ? printed : &glm_null;
}

/* ---- the rest, which is always the same ---- */

static const struct glm_value *const all_of_them[] = {LITERAL_TEXT("ALL")};
static const struct glm_value all_list = LITERAL_LIST(all_of_them);
static const struct glm_pair drop_pairs[] = {LITERAL_PAIR("drop", &all_list)};
static const struct glm_value drop_all = LITERAL_MAP(drop_pairs);
static const struct glm_pair unprivileged_pairs[] = {
    LITERAL_PAIR("allowPrivilegeEscalation", &glm_false),
    LITERAL_PAIR("capabilities", &drop_all),
    LITERAL_PAIR("privileged", &glm_false),
    LITERAL_PAIR("readOnlyRootFilesystem", &glm_true),
};
static const struct glm_value unprivileged = LITERAL_MAP(unprivileged_pairs);

static const struct glm_pair ready_pairs[] = {
    LITERAL_PAIR("path", LITERAL_TEXT("/healthz/ready")),
    LITERAL_PAIR("port", LITERAL_NUMBER("15021")),
    LITERAL_PAIR("scheme", LITERAL_TEXT("HTTP")),
};
static const struct glm_value ready = LITERAL_MAP(ready_pairs);
static const struct glm_pair readiness_pairs[] = {
    LITERAL_PAIR("failureThreshold", LITERAL_NUMBER("30")),
    LITERAL_PAIR("httpGet", &ready),
    LITERAL_PAIR("initialDelaySeconds", LITERAL_NUMBER("1")),
    LITERAL_PAIR("periodSeconds", LITERAL_NUMBER("2")),
    LITERAL_PAIR("successThreshold", LITERAL_NUMBER("1")),
    LITERAL_PAIR("timeoutSeconds", LITERAL_NUMBER("1")),
};
static const struct glm_value readiness = LITERAL_MAP(readiness_pairs);

static const struct glm_value *proxy_container(const struct render_gateway *g)
{
    bool whole = !g->injected;
    return PART_MAP(g->arena, {"name", render_str(g, PROXY)},
                    {"image", whole ? render_image(g) : render_str(g, "auto")},
                    {"imagePullPolicy", render_if(g, glm_get(g->global, "imagePullPolicy"))},
                    {"ports", render_container_ports(g)}, {"args", whole ? args(g) : NULL},
                    {"securityContext", g->root ? NULL : &unprivileged},
                    {"readinessProbe", whole ? &readiness : NULL},
                    {"resources", render_resources(g)}, {"env", render_env(g)},
                    {"volumeMounts", render_mounts(g)});
}

const struct glm_value *render_containers(const struct render_gateway *g)
{
    const struct glm_value *more = glm_get(g->own, "additionalContainers");
    struct glm_list_builder b;
    glm_list_init(&b, g->arena);
    glm_list_add(&b, proxy_container(g));
    for (size_t i = 0; glm_is_list(more) && i < more->len; i++)
        glm_list_add(&b, more->as.list[i]);
    return glm_list_finish(&b);
}
