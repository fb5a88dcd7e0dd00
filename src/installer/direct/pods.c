/* SPDX-License-Identifier: Apache-2.0
 *
 * Pods: those of a gateway, for Services that are not managed here and select them by their revision. With
 * values.gateways.*.customService such a Service belongs to the user: nothing touches it, and so nothing
 * switches it.
 */
#include "direct.h"
#include "glm/look.h"

#include <string.h>

static bool is_installed(const struct glm_installation *installation, const char *cluster)
{
    for (size_t i = 0; i < installation->placement_count; i++)
        if (strcmp(installation->placements[i].cluster, cluster) == 0)
            return true;
    return false;
}

/* The Deployment does not say who makes its Services; the spec that it was made of does. */
static bool has_custom_service(const struct glm_installer_call *call, const char *revision)
{
    const struct glm_manager *manager = call->manager;
    for (size_t i = 0; manager && i < manager->installation_count; i++) {
        const struct glm_installation *of = &manager->installations[i];
        if (of->revision && strcmp(of->revision, revision) == 0 && is_installed(of, call->seat))
            return glm_custom_service(call->arena, of->spec, "istio-ingressgateway") ||
                   glm_custom_service(call->arena, of->spec, "istio-egressgateway");
    }
    return false;
}

size_t direct_pods(const struct glm_installer_call *call, const struct glm_value *object,
                   const struct glm_installer_pods **ret)
{
    const struct glm_value *labels =
        glm_get_path(object, "spec", "template", "metadata", "labels", NULL);
    const struct glm_value *revision = glm_get(labels, call->self->revision_label);
    struct glm_installer_pods *pods = GLM_NEW(call->arena, struct glm_installer_pods);
    *ret = pods;
    if (!glm_is_string(revision))
        return 0;
    *pods = (struct glm_installer_pods){.namespace_ = glm_live_namespace(object),
                                        .labels = labels,
                                        .strangers = has_custom_service(call, revision->as.text)};
    return 1;
}
