/* SPDX-License-Identifier: Apache-2.0
 *
 * The variables of the proxy's container, in the chart's order: a variable may refer to those before it.
 */
#include "internal.h"

#define NETWORK "ISTIO_META_NETWORK"

struct env {
    const struct render_gateway *g;
    struct glm_list_builder list;
};

/* v: NULL for a variable that is not set at all. */
static void add(struct env *e, const char *name, const struct glm_value *v)
{
    if (v)
        glm_list_add(&e->list,
                     PART_MAP(e->g->arena, {"name", render_str(e->g, name)}, {"value", v}));
}

static void add_from(struct env *e, const char *name, const char *source,
                     const struct glm_value *reference)
{
    glm_list_add(&e->list, PART_MAP(e->g->arena, {"name", render_str(e->g, name)},
                                    {"valueFrom", PART_MAP(e->g->arena, {source, reference})}));
}

/* version: whether the chart names that of the field, too. */
static void add_field(struct env *e, const char *name, const char *path, bool version)
{
    add_from(e, name, "fieldRef",
             PART_MAP(e->g->arena, {"apiVersion", version ? render_str(e->g, "v1") : NULL},
                      {"fieldPath", render_str(e->g, path)}));
}

/* One for each key of a map of the user's. blank: what null is printed as. */
static void add_map(struct env *e, const struct glm_value *map, const struct glm_value *blank)
{
    for (size_t i = 0; glm_is_map(map) && i < map->len; i++) {
        const struct glm_value *v = map->as.map[i].value;
        add(e, map->as.map[i].key, glm_is_null(v) ? blank : part_string(e->g->arena, v));
    }
}

static const struct glm_value *ca_address(const struct render_gateway *g)
{
    const struct glm_value *said = glm_get(g->global, "caAddress");
    if (glm_chart_truthy(said))
        return part_string(g->arena, said);
    const struct glm_value *service = render_revisioned(g, "istiod");
    const char *name = glm_chart_text(g->arena, service);
    const char *namespace_ = glm_chart_text(g->arena, glm_get(g->global, "istioNamespace"));
    return name && namespace_ ? glm_stringf(g->arena, "%s.%s.svc:15012", name, namespace_)
                              : &glm_unknown;
}

static const struct glm_value *owner(const struct render_gateway *g)
{
    return glm_stringf(g->arena, "kubernetes://apis/apps/v1/namespaces/%s/deployments/%s",
                       g->namespace_, g->name);
}

static const struct glm_value *cluster(const struct render_gateway *g)
{
    const struct glm_value *name = glm_get_path(g->global, "multiCluster", "clusterName", NULL);
    return glm_chart_truthy(name) ? part_string(g->arena, name) : render_str(g, "Kubernetes");
}

static void add_where(struct env *e)
{
    const struct render_gateway *g = e->g;
    const struct glm_value *limit = PART_MAP(
        g->arena, {"resource", render_str(g, "limits.cpu")},
        {"divisor", render_has(g->release, RENDER_CPU_DIVISOR) ? render_str(g, "1") : NULL});
    add_field(e, "NODE_NAME", "spec.nodeName", true);
    add_field(e, "POD_NAME", "metadata.name", true);
    add_field(e, "POD_NAMESPACE", "metadata.namespace", true);
    add_field(e, "INSTANCE_IP", "status.podIP", true);
    add_field(e, "HOST_IP", "status.hostIP", true);
    add_from(e, "ISTIO_CPU_LIMIT", "resourceFieldRef", limit);
    add_field(e, "SERVICE_ACCOUNT", "spec.serviceAccountName", false);
}

static void add_mesh(struct env *e)
{
    const struct render_gateway *g = e->g;
    const struct glm_value *id = glm_get(g->global, "meshID");
    const struct glm_value *domain = glm_get_path(g->values, "meshConfig", "trustDomain", NULL);
    add(e, "ISTIO_META_WORKLOAD_NAME", render_named(g, ""));
    add(e, "ISTIO_META_OWNER", owner(g));
    add(e, "ISTIO_META_MESH_ID", render_if(g, glm_chart_truthy(id) ? id : domain));
    add(e, "TRUST_DOMAIN", render_if(g, domain));
}

const struct glm_value *render_env(const struct render_gateway *g)
{
    struct env e = {.g = g};
    const struct glm_value *own = glm_get(g->own, "env"), *blank = render_str(g, "");
    const struct glm_value *unprivileged = g->root ? NULL : render_str(g, "true");
    glm_list_init(&e.list, g->arena);
    if (g->injected) {
        add(&e, "ISTIO_META_UNPRIVILEGED_POD", unprivileged);
        add_map(&e, own, &glm_null);
        return e.list.len ? glm_list_finish(&e.list) : &glm_null;
    }
    add(&e, "PILOT_CERT_PROVIDER", part_word(g->arena, glm_get(g->global, "pilotCertProvider")));
    add(&e, "CA_ADDR", ca_address(g));
    add_where(&e);
    add_mesh(&e);
    add(&e, "ISTIO_META_UNPRIVILEGED_POD", unprivileged);
    add_map(&e, own, blank);
    add_map(&e, glm_get_path(g->values, "meshConfig", "defaultConfig", "proxyMetadata", NULL),
            blank);
    if (!glm_chart_truthy(glm_get(own, NETWORK)))
        add(&e, NETWORK, render_if(g, glm_get(g->global, "network")));
    add(&e, "ISTIO_META_CLUSTER_ID", cluster(g));
    add_field(&e, "ISTIO_META_NODE_NAME", "spec.nodeName", false);
    return glm_list_finish(&e.list);
}
