/* SPDX-License-Identifier: Apache-2.0
 *
 * Identity: istioctl and the operator know what they made by labels, and remove it by them: `istioctl
 * uninstall --purge` takes whatever is labelled operator.istio.io/component. So ours carry the labels of
 * their owner in the place of those. Pods keep them all: another template would restart every gateway that
 * changes hands.
 */
#include "direct.h"

#include <string.h>

static const char *const labels_of_others[] = {
    "app.kubernetes.io/instance",  GLM_LABEL_MANAGED_BY, "helm.sh/chart", DIRECT_OWNER,
    "operator.istio.io/component",
};

static bool is_of_others(const char *label)
{
    for (size_t i = 0; i < sizeof labels_of_others / sizeof *labels_of_others; i++)
        if (strcmp(labels_of_others[i], label) == 0)
            return true;
    return false;
}

/* Deployments are listed by the owner's label, whoever made them (see kinds.c): there it stays, and
 * names nobody. */
static const struct glm_value *own_labels(struct glm_arena *arena, const struct glm_value *object)
{
    const struct glm_value *labels = glm_get_path(object, "metadata", "labels", NULL);
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    for (size_t i = 0; glm_is_map(labels) && i < labels->len; i++)
        if (!is_of_others(labels->as.map[i].key))
            glm_map_append(&b, labels->as.map[i].key, 0, 0, labels->as.map[i].value);
    if (glm_string_is(glm_get(object, "kind"), GLM_KIND_DEPLOYMENT->name))
        glm_map_set(&b, DIRECT_OWNER, glm_string(arena, "unknown"));
    return glm_map_finish(&b, NULL);
}

/* To a Service 0 is no port: none is said, and it is that of the port itself. */
static const struct glm_value *open_ports(struct glm_arena *arena, const struct glm_value *ports)
{
    struct glm_list_builder b;
    glm_list_init(&b, arena);
    for (size_t i = 0; i < ports->len; i++) {
        int64_t target;
        const struct glm_value *port = glm_at(ports, i);
        bool zero = glm_number_int64(glm_get(port, "targetPort"), &target) && target == 0;
        glm_list_add(&b, zero ? glm_without(arena, port, "targetPort") : port);
    }
    return glm_list_finish(&b);
}

const struct glm_value *direct_identity(struct glm_arena *arena, const struct glm_value *object)
{
    object = glm_without_nulls(arena, object);
    const struct glm_value *ports = glm_get_path(object, "spec", "ports", NULL);
    object = glm_with_path(arena, object, own_labels(arena, object), "metadata", "labels", NULL);
    if (glm_is_list(ports) && glm_string_is(glm_get(object, "kind"), GLM_KIND_SERVICE->name))
        object = glm_with_path(arena, object, open_ports(arena, ports), "spec", "ports", NULL);
    return object;
}
