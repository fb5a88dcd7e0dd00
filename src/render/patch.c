/* SPDX-License-Identifier: Apache-2.0
 *
 * k8s.*: each field of a gateway's settings laid over the object that it is meant for. Fields that no row
 * has, such as volumes, have no effect in any version.
 */
#include "internal.h"

#include <stdlib.h>
#include <string.h>

/* ---- the settings ---- */

/* A map of an object that settings are fields of. */
struct target {
    const char *kind;
    const char *path[4]; /* ended by NULL */
    bool container;      /* below that, the proxy's in the list of containers */
};

static const struct target deployment_spec = {.kind = "Deployment", .path = {"spec"}};
static const struct target pod_spec = {.kind = "Deployment", .path = {"spec", "template", "spec"}};
static const struct target proxy_container = {
    .kind = "Deployment", .path = {"spec", "template", "spec"}, .container = true};
static const struct target pod_metadata = {.kind = "Deployment",
                                           .path = {"spec", "template", "metadata"}};
static const struct target autoscaler = {.kind = "HorizontalPodAutoscaler"};
static const struct target budget = {.kind = "PodDisruptionBudget"};
static const struct target service_itself = {.kind = "Service"};
static const struct target service_metadata = {.kind = "Service", .path = {"metadata"}};

struct setting {
    const char *field; /* of k8s */
    const struct target *target;
    const char *key; /* what it is called there */
    struct render_rule rule;
};

static const struct setting settings[] = {
    {.field = "affinity", .target = &pod_spec, .key = "affinity"},
    {.field = "env", .target = &proxy_container, .key = "env", .rule = {.keyed = "env"}},
    {.field = "hpaSpec", .target = &autoscaler, .key = "spec"},
    {.field = "imagePullPolicy", .target = &proxy_container, .key = "imagePullPolicy"},
    {.field = "nodeSelector", .target = &pod_spec, .key = "nodeSelector"},
    {.field = "podAnnotations", .target = &pod_metadata, .key = "annotations"},
    {.field = "podDisruptionBudget",
     .target = &budget,
     .key = "spec",
     .rule = {.replaced = "selector"}},
    {.field = "priorityClassName", .target = &pod_spec, .key = "priorityClassName"},
    {.field = "readinessProbe", .target = &proxy_container, .key = "readinessProbe"},
    {.field = "replicaCount", .target = &deployment_spec, .key = "replicas"},
    {.field = "resources", .target = &proxy_container, .key = "resources"},
    {.field = "securityContext", .target = &pod_spec, .key = "securityContext"},
    {.field = "service", .target = &service_itself, .key = "spec"},
    {.field = "serviceAnnotations", .target = &service_metadata, .key = "annotations"},
    {.field = "strategy", .target = &deployment_spec, .key = "strategy"},
    {.field = "tolerations", .target = &pod_spec, .key = "tolerations"},
};

/* What the setting says; NULL: nothing. Until 1.23 it went through types for which null, "" and 0 are the
 * same as nothing. */
static const struct glm_value *said(const struct render_gateway *g, const struct setting *s)
{
    const struct glm_pair *pair = glm_get_pair(g->k8s, s->field);
    if (!pair)
        return NULL;
    if (render_has(g->release, RENDER_RAW_SETTINGS))
        return pair->value;
    bool scalar = pair->value->kind == GLM_STRING || pair->value->kind == GLM_NUMBER;
    if (glm_is_null(pair->value) || (scalar && !glm_chart_truthy(pair->value)))
        return NULL;
    return render_taken(g->arena, pair->value);
}

/* Until 1.23 an empty value was as good as none. */
static const struct glm_value *without_empty_values(const struct render_gateway *g,
                                                    const struct glm_value *env)
{
    struct glm_list_builder b;
    if (!glm_is_list(env))
        return env;
    glm_list_init(&b, g->arena);
    for (size_t i = 0; i < env->len; i++)
        glm_list_add(&b, glm_string_is(glm_get(env->as.list[i], "value"), "")
                             ? glm_without(g->arena, env->as.list[i], "value")
                             : env->as.list[i]);
    return glm_list_finish(&b);
}

static bool counts(const struct render_gateway *g, const struct setting *s)
{
    if (strcmp(s->field, "replicaCount") != 0 || render_has(g->release, RENDER_REPLICAS_ALWAYS))
        return true;
    return !g->says_autoscaled;
}

/* ---- laying one of them over an object ---- */

static const struct glm_value *laid_in_container(const struct render_gateway *g,
                                                 const struct setting *s,
                                                 const struct glm_value *pod,
                                                 const struct glm_value *v)
{
    const struct glm_value *all = glm_get(pod, "containers");
    struct glm_list_builder b;
    glm_list_init(&b, g->arena);
    for (size_t i = 0; i < all->len; i++) {
        const struct glm_value *container = all->as.list[i];
        if (i == 0) /* the proxy's is the first; others are the user's */
            container =
                render_strategic(g->arena, container, PART_MAP(g->arena, {s->key, v}), &s->rule);
        glm_list_add(&b, container);
    }
    return glm_with(g->arena, pod, "containers", glm_list_finish(&b));
}

/* map[path...] with the setting laid over; path ends with NULL. */
static const struct glm_value *laid_at(const struct render_gateway *g, const struct setting *s,
                                       const struct glm_value *map, const char *const *path,
                                       const struct glm_value *v)
{
    if (*path)
        return glm_with(g->arena, map, *path, laid_at(g, s, glm_get(map, *path), path + 1, v));
    if (s->target->container)
        return laid_in_container(g, s, map, v);
    const struct glm_value *was = glm_get(map, s->key);
    if (glm_is_map(was) && glm_is_map(v))
        return glm_with(g->arena, map, s->key, render_strategic(g->arena, was, v, &s->rule));
    return render_strategic(g->arena, map, PART_MAP(g->arena, {s->key, v}), NULL);
}

/* ---- what Istio does besides ---- */

/* The chart has minAvailable; a budget with both is refused. */
static const struct glm_value *one_limit(const struct render_gateway *g,
                                         const struct glm_value *object)
{
    const struct glm_value *spec = glm_get(object, "spec");
    if (!render_has(g->release, RENDER_ONE_BUDGET_LIMIT) || !glm_has(spec, "minAvailable") ||
        !glm_has(spec, "maxUnavailable"))
        return object;
    return glm_with_path(g->arena, object, &glm_null, "spec", "minAvailable", NULL);
}

/* The Service without its ports, which came through the values. */
static const struct glm_value *without_ports(const struct render_gateway *g,
                                             const struct glm_value *v)
{
    return glm_is_map(v) ? glm_without(g->arena, v, "ports") : v;
}

static const struct glm_value *typed_port(const struct render_gateway *g,
                                          const struct glm_value *port)
{
    const struct glm_value *protocol = glm_get(port, "protocol");
    const struct glm_value *target = glm_get(port, "targetPort");
    return PART_MAP(g->arena, {"name", render_any(glm_get(port, "name"))},
                    {"protocol", glm_chart_truthy(protocol) ? protocol : render_str(g, "TCP")},
                    {"appProtocol", render_any(glm_get(port, "appProtocol"))},
                    {"port", glm_get(port, "port")},
                    {"targetPort", glm_is_null(target) ? glm_integer(g->arena, 0) : target},
                    {"nodePort", render_any(glm_get(port, "nodePort"))});
}

struct placed {
    size_t first, place; /* where the first port of its number is, and where it is itself */
    const struct glm_value *port;
};

static int by_first(const void *a, const void *b)
{
    const struct placed *x = a, *y = b;
    if (x->first != y->first)
        return x->first < y->first ? -1 : 1;
    return x->place < y->place ? -1 : x->place > y->place;
}

/* Since 1.24: ports of one number beside each other. Istio lays a list of none over them, and a strategic merge
 * tells ports apart by their number alone. */
static const struct glm_value *with_grouped_ports(const struct render_gateway *g,
                                                  const struct glm_value *object)
{
    const struct glm_value *spec = glm_get(object, "spec"), *ports = glm_get(spec, "ports");
    size_t count = glm_is_list(ports) ? ports->len : 0;
    struct placed *all = GLM_NEW_ARRAY(g->arena, count, struct placed);
    struct glm_map_builder firsts;
    struct glm_list_builder b;
    if (!glm_is_map(spec) || render_has(g->release, RENDER_TYPED_PORTS))
        return object;
    glm_map_init(&firsts, g->arena);
    glm_list_init(&b, g->arena);
    for (size_t i = 0; i < count; i++) {
        const char *number = glm_chart_text(g->arena, glm_get(ports->as.list[i], "port"));
        int64_t first = (int64_t)i;
        if (number && !glm_number_int64(glm_map_peek(&firsts, number), &first))
            glm_map_set(&firsts, number, glm_integer(g->arena, first));
        all[i] = (struct placed){.first = (size_t)first, .place = i, .port = ports->as.list[i]};
    }
    qsort(all, count, sizeof *all, by_first);
    for (size_t i = 0; i < count; i++)
        glm_list_add(&b, all[i].port);
    return glm_with_path(g->arena, object, glm_list_finish(&b), "spec", "ports", NULL);
}

/* Until 1.23: ports by number and protocol, the last of each in the place of the first. */
static const struct glm_value *with_typed_ports(const struct render_gateway *g,
                                                const struct glm_value *object)
{
    const struct glm_value *ports = glm_get_path(object, "spec", "ports", NULL);
    struct glm_map_builder places;
    struct glm_list_builder b;
    if (!render_has(g->release, RENDER_TYPED_PORTS) || !glm_is_list(ports))
        return object;
    glm_map_init(&places, g->arena);
    glm_list_init(&b, g->arena);
    for (size_t i = 0; i < ports->len; i++) {
        const struct glm_value *port = typed_port(g, ports->as.list[i]);
        const char *number = glm_chart_text(g->arena, glm_get(port, "port"));
        const char *key = glm_sprintf(g->arena, "%s/%s", number ? number : "",
                                      glm_string_or(glm_get(port, "protocol"), ""));
        int64_t place;
        if (glm_number_int64(glm_map_peek(&places, key), &place)) {
            b.items[place] = port;
            continue;
        }
        glm_map_set(&places, key, glm_integer(g->arena, (int64_t)b.len));
        glm_list_add(&b, port);
    }
    return glm_with_path(g->arena, object, glm_list_finish(&b), "spec", "ports", NULL);
}

const struct glm_value *render_patched(const struct render_gateway *g,
                                       const struct glm_value *object)
{
    const char *kind = glm_string_or(glm_get(object, "kind"), "");
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
        const struct setting *s = &settings[i];
        const struct glm_value *v =
            strcmp(s->target->kind, kind) == 0 && counts(g, s) ? said(g, s) : NULL;
        if (!v)
            continue;
        bool is_service = s->target == &service_itself;
        if (is_service)
            v = without_ports(g, v);
        if (strcmp(s->field, "env") == 0 && !render_has(g->release, RENDER_RAW_SETTINGS))
            v = without_empty_values(g, v);
        object = laid_at(g, s, object, s->target->path, v);
        if (is_service)
            object = with_typed_ports(g, object);
        if (s->target == &budget)
            object = one_limit(g, object);
    }
    return strcmp(kind, service_itself.kind) == 0 ? with_grouped_ports(g, object) : object;
}
