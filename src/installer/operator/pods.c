/* SPDX-License-Identifier: Apache-2.0
 *
 * Pods: those of an IstioOperator's gateways, for Services that are not managed here and select them
 * by their revision. With values.gateways.*.customService such a Service belongs to the user:
 * nothing touches it, and so nothing switches it.
 */
#include "glm/look.h"
#include "operator.h"

#define OPERATOR_OWNER "install.operator.istio.io/owning-resource"

static bool has_custom_service(struct glm_arena *arena, const struct glm_value *spec)
{
    return glm_custom_service(arena, spec, "istio-ingressgateway") ||
           glm_custom_service(arena, spec, "istio-egressgateway");
}

size_t operator_pods(const struct glm_installer_call *call, const struct glm_value *object,
                     const struct glm_installer_pods **ret)
{
    static const char *const types[] = {"ingressGateways", "egressGateways"};
    const struct glm_value *spec = glm_get(object, "spec");
    const struct glm_value *components = glm_get(spec, "components");
    size_t most = 0, count = 0;
    for (size_t t = 0; t < sizeof types / sizeof *types; t++)
        most += glm_live_count(glm_get(components, types[t]));
    struct glm_installer_pods *pods = GLM_NEW_ARRAY(call->arena, most, struct glm_installer_pods);
    bool strangers = has_custom_service(call->arena, spec);
    for (size_t t = 0; t < sizeof types / sizeof *types; t++) {
        const struct glm_value *gateways = glm_get(components, types[t]);
        for (size_t i = 0; i < glm_live_count(gateways); i++) {
            const struct glm_value *gateway = glm_at(gateways, i);
            const char *namespace_ = glm_string_or(glm_get(gateway, "namespace"), NULL);
            if (!namespace_ || !glm_has(glm_get(gateway, "label"), "revision"))
                continue;
            /* The chart's own Service goes together with the gateway. */
            pods[count++] = (struct glm_installer_pods){.namespace_ = namespace_,
                                                        .labels = glm_get(gateway, "label"),
                                                        .strangers = strangers,
                                                        .label = OPERATOR_OWNER,
                                                        .value = glm_live_name(object)};
        }
    }
    *ret = pods;
    return count;
}
