/* SPDX-License-Identifier: Apache-2.0
 *
 * The objects of a gateway that overlays can be for, as far as they are known without rendering.
 *
 * What:   names, labels and the fields that the chart sets; their content is unknown where values or
 *         the rest of k8s decide it. A field that is not here is set by nobody, so that Istio makes
 *         a map of it where a path leads through it.
 * Source: the gateway charts of Istio 1.22 and 1.23.
 */
#include "overlays.h"

#include <string.h>

const struct mesh_overlay_kind mesh_overlay_kinds[] = {
    {"Deployment", "apps/v1", ""},
    {"HorizontalPodAutoscaler", "autoscaling/v2", ""},
    {"PodDisruptionBudget", "policy/v1", ""},
    {"Role", "rbac.authorization.k8s.io/v1", "-sds"},
    {"RoleBinding", "rbac.authorization.k8s.io/v1", "-sds"},
    {"Service", "v1", ""},
    {"ServiceAccount", "v1", "-service-account"},
};
const size_t mesh_overlay_kind_count = sizeof mesh_overlay_kinds / sizeof *mesh_overlay_kinds;

const struct mesh_overlay_kind *mesh_overlay_kind(const char *kind)
{
    for (size_t i = 0; i < mesh_overlay_kind_count; i++)
        if (strcmp(mesh_overlay_kinds[i].kind, kind) == 0)
            return &mesh_overlay_kinds[i];
    return NULL;
}

bool mesh_overlay_names(struct glm_arena *arena, const struct mesh_overlay_kind *kind,
                        const char *name, const struct glm_gateway *gateway, const char *revision)
{
    const char *full = mesh_suffixed(arena, gateway->name, revision);
    return strcmp(name, glm_sprintf(arena, "%s%s", full, kind->suffix)) == 0 ||
           strcmp(name, glm_sprintf(arena, "%s%s", gateway->name, kind->suffix)) == 0;
}

/* A map of these fields, all unknown. */
static void unknown_fields(struct glm_map_builder *b, struct glm_arena *arena,
                           const char *const *fields)
{
    glm_map_init(b, arena);
    for (; *fields; fields++)
        glm_map_set(b, *fields, &glm_unknown);
}

/* ---- the Deployment ---- */

static const struct glm_value *containers(struct glm_arena *arena, const struct glm_value *values)
{
    static const char *const fields[] = {
        "args",           "env",       "image",           "imagePullPolicy", "ports",
        "readinessProbe", "resources", "securityContext", "volumeMounts",    NULL};
    const struct glm_value *more = glm_get(values, "additionalContainers");
    struct glm_map_builder proxy;
    struct glm_list_builder b;
    if (!glm_is_null(more) && !glm_is_list(more))
        return &glm_unknown;
    unknown_fields(&proxy, arena, fields);
    glm_map_set(&proxy, "name", glm_string(arena, "istio-proxy"));
    glm_list_init(&b, arena);
    glm_list_add(&b, glm_map_finish(&proxy, NULL));
    for (size_t i = 0; i < more->len && glm_is_list(more); i++)
        glm_list_add(&b, glm_at(more, i));
    return glm_list_finish(&b);
}

static const struct glm_value *pod_labels(struct glm_arena *arena, const struct glm_value *labels)
{
    static const char *const charts[] = {
        "install.operator.istio.io/owning-resource",
        "istio.io/rev",
        "operator.istio.io/component",
        "service.istio.io/canonical-name",
        "service.istio.io/canonical-revision",
        "sidecar.istio.io/inject",
    };
    struct glm_map_builder b;
    glm_map_init_from(&b, arena, labels);
    for (size_t i = 0; i < sizeof charts / sizeof *charts; i++)
        glm_map_set(&b, charts[i], &glm_unknown);
    return glm_map_finish(&b, NULL);
}

static const struct glm_value *pod_spec(struct glm_arena *arena, const struct glm_value *spec,
                                        const struct glm_value *values, const char *account)
{
    static const char *const fields[] = {
        "affinity",        "imagePullSecrets", "nodeSelector", "priorityClassName",
        "securityContext", "tolerations",      "volumes",      NULL};
    struct glm_map_builder b;
    unknown_fields(&b, arena, fields);
    glm_map_set(&b, "serviceAccountName", glm_string(arena, account));
    glm_map_set(&b, "containers", containers(arena, values));
    if (mesh_chart_truthy(mesh_effective(arena, spec, "global", "proxy", "enableCoreDump", NULL)))
        glm_map_set(&b, "initContainers", &glm_unknown);
    return glm_map_finish(&b, NULL);
}

static const struct glm_value *deployment_spec(struct glm_arena *arena,
                                               const struct glm_value *spec,
                                               const struct glm_gateway *gateway,
                                               const char *revision)
{
    static const char *const fields[] = {"replicas", "strategy", NULL};
    const struct glm_value *values =
        mesh_effective(arena, spec, "gateways", mesh_gateway_values(gateway->type), NULL);
    const struct glm_value *labels = mesh_gateway_labels(arena, spec, gateway);
    const char *account =
        glm_sprintf(arena, "%s-service-account", mesh_suffixed(arena, gateway->name, revision));
    if (*revision)
        labels = glm_with(arena, labels, "revision", glm_string(arena, revision));
    const struct glm_value *template_ =
        glm_with_path(arena, &glm_empty_map, pod_labels(arena, labels), "metadata", "labels", NULL);
    template_ = glm_with_path(arena, template_, &glm_unknown, "metadata", "annotations", NULL);
    struct glm_map_builder b;
    unknown_fields(&b, arena, fields);
    glm_map_set(&b, "selector", glm_with(arena, &glm_empty_map, "matchLabels", labels));
    glm_map_set(&b, "template",
                glm_with(arena, template_, "spec", pod_spec(arena, spec, values, account)));
    return glm_map_finish(&b, NULL);
}

/* ---- the others ---- */

static const struct glm_value *other_fields(struct glm_arena *arena,
                                            const struct mesh_overlay_kind *kind)
{
    static const struct {
        const char *kind, *fields[8];
    } of[] = {
        {"HorizontalPodAutoscaler",
         {"maxReplicas", "minReplicas", "scaleTargetRef", "metrics", "behavior"}},
        {"PodDisruptionBudget",
         {"minAvailable", "maxUnavailable", "selector", "unhealthyPodEvictionPolicy"}},
    };
    struct glm_map_builder b;
    for (size_t i = 0; i < sizeof of / sizeof *of; i++)
        if (strcmp(of[i].kind, kind->kind) == 0) {
            unknown_fields(&b, arena, of[i].fields);
            return glm_map_finish(&b, NULL);
        }
    return &glm_unknown;
}

const struct glm_value *mesh_overlay_object(struct glm_arena *arena,
                                            const struct mesh_overlay_kind *kind,
                                            const struct glm_value *spec,
                                            const struct glm_gateway *gateway, const char *revision)
{
    const char *full = mesh_suffixed(arena, gateway->name, revision);
    bool roles = strncmp(kind->kind, "Role", strlen("Role")) == 0;
    bool account = strcmp(kind->kind, "ServiceAccount") == 0;
    struct glm_map_builder metadata, b;
    glm_map_init(&metadata, arena);
    glm_map_set(&metadata, "name", glm_stringf(arena, "%s%s", full, kind->suffix));
    glm_map_set(&metadata, "namespace", glm_string(arena, gateway->namespace_));
    glm_map_set(&metadata, "labels", &glm_unknown);
    if (account || strcmp(kind->kind, "Service") == 0)
        glm_map_set(&metadata, "annotations", &glm_unknown);
    glm_map_init(&b, arena);
    glm_map_set(&b, "apiVersion", glm_string(arena, kind->api_version));
    glm_map_set(&b, "kind", glm_string(arena, kind->kind));
    glm_map_set(&b, "metadata", glm_map_finish(&metadata, NULL));
    if (strcmp(kind->kind, "Deployment") == 0)
        glm_map_set(&b, "spec", deployment_spec(arena, spec, gateway, revision));
    else if (account)
        glm_map_set(&b, "imagePullSecrets", &glm_unknown);
    else if (!roles)
        glm_map_set(&b, "spec", other_fields(arena, kind));
    if (strcmp(kind->kind, "Role") == 0)
        glm_map_set(&b, "rules", &glm_unknown);
    if (strcmp(kind->kind, "RoleBinding") == 0) {
        glm_map_set(&b, "roleRef", &glm_unknown);
        glm_map_set(&b, "subjects", &glm_unknown);
    }
    return glm_map_finish(&b, NULL);
}
