/* SPDX-License-Identifier: Apache-2.0
 *
 * Pods: those of a gateway, for Services that are not managed here and select them by their revision. With
 * values.gateways.*.customService such a Service belongs to the user: nothing touches it, and so nothing
 * switches it.
 */
#include "direct.h"
#include "glm/look.h"

#include <string.h>

#define CUSTOM "customService"

/* The Deployment does not say who makes its Services; the spec that it was made of does. */
static bool has_custom_service(struct glm_arena *arena, const struct glm_value *deployment)
{
    const struct glm_value *text =
        glm_get_path(deployment, "metadata", "annotations", GLM_ANNOTATION_VIEW, NULL);
    const struct glm_value *view, *spec;
    size_t left = GLM_EXTENT_MAX;
    if (!glm_is_string(text) || !glm_view_read(arena, text->as.text, &left, &view))
        return false;
    const struct glm_value *said = glm_get(view, "spec");
    return glm_is_string(said) && strstr(said->as.text, CUSTOM) &&
           glm_spec_decode(arena, said->as.text, said->len, &spec) &&
           (glm_custom_service(arena, spec, "istio-ingressgateway") ||
            glm_custom_service(arena, spec, "istio-egressgateway"));
}

size_t direct_pods(const struct glm_installer_call *call, const struct glm_value *object,
                   const struct glm_installer_pods **ret)
{
    const struct glm_value *labels =
        glm_get_path(object, "spec", "template", "metadata", "labels", NULL);
    struct glm_installer_pods *pods = GLM_NEW(call->arena, struct glm_installer_pods);
    *ret = pods;
    if (!glm_has(labels, call->self->revision_label))
        return 0;
    *pods = (struct glm_installer_pods){.namespace_ = glm_live_namespace(object),
                                        .labels = labels,
                                        .strangers = has_custom_service(call->arena, object)};
    return 1;
}
