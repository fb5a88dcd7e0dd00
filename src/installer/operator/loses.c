/* SPDX-License-Identifier: Apache-2.0
 *
 * What a change of a description takes away: Istio's operator removes the Service that the gateway chart
 * made when customService becomes true.
 */
#include "glm/text.h"
#include "operator.h"

#define NAMES_MAX ((size_t)1 << 20)

/* The two types of gateways: their list in a spec's components, and their values. */
static const struct {
    const char *list, *values;
} types[] = {
    {"ingressGateways", "istio-ingressgateway"},
    {"egressGateways", "istio-egressgateway"},
};
#define TYPES (sizeof types / sizeof *types)

/* Bit t: the chart of type t makes no Service. */
uint64_t operator_traits(const struct glm_installer_call *call, const struct glm_value *description)
{
    const struct glm_value *spec = glm_get(description, "spec");
    uint64_t traits = 0;
    for (size_t t = 0; t < TYPES; t++)
        if (glm_custom_service(call->arena, spec, types[t].values))
            traits |= UINT64_C(1) << t;
    return traits;
}

/* The Service of the chart bears the gateway's name. */
static void add_gateways(struct glm_text *names, const struct glm_value *gateways)
{
    for (size_t i = 0; glm_is_list(gateways) && i < gateways->len; i++) {
        const struct glm_value *gateway = gateways->as.list[i];
        if (!glm_is_false(glm_get(gateway, "enabled")))
            glm_text_addf(names, "%s/%s\n", glm_string_or(glm_get(gateway, "namespace"), ""),
                          glm_string_or(glm_get(gateway, "name"), ""));
    }
}

const char *operator_loses(const struct glm_installer_call *call, const struct glm_value *was,
                           uint64_t is, const char **ret_why)
{
    const struct glm_value *spec = glm_get(was, "spec");
    uint64_t begins = is & ~operator_traits(call, was);
    struct glm_text names;
    glm_text_init(&names, call->arena, NAMES_MAX);
    for (size_t t = 0; t < TYPES; t++)
        if (begins & (UINT64_C(1) << t))
            add_gateways(&names, glm_get_path(spec, "components", types[t].list, NULL));
    *ret_why =
        "customService becomes true, so the operator removes what the chart made. To keep it, "
        "say what k8s.service says (type, ports) in values.gateways.istio-ingressgateway or "
        "istio-egressgateway instead, and leave k8s.service out.";
    return names.data;
}
