/* SPDX-License-Identifier: Apache-2.0
 *
 * Rivals: which gateways an IstioOperator makes Istio's operator render, whoever wrote it. Two that
 * render the same one overwrite each other's Deployment, and no API server refuses that.
 */
#include "istio.h"

size_t istio_makes(struct glm_arena *arena, const struct glm_value *istio_operator,
                   const char *const **ret)
{
    const struct glm_target *gateways;
    size_t count =
        glm_left_alone(istio_operator) ? 0 : glm_targets(arena, istio_operator, &gateways);
    const char **names = GLM_NEW_ARRAY(arena, count, const char *);
    for (size_t i = 0; i < count; i++)
        names[i] = istio_gateway_text(arena, gateways[i].namespace_, gateways[i].name);
    *ret = names;
    return count;
}

const char *istio_gateway_text(struct glm_arena *arena, const char *namespace_, const char *name)
{
    return glm_sprintf(arena, "gateway %s/%s", namespace_, name);
}
