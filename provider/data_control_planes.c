/* SPDX-License-Identifier: Apache-2.0
 *
 * The data source glm_control_planes: what the clusters have of Istio.
 */
#include "data_sources.h"
#include "schemas.h"
#include "timeouts.h"

#include "glm/control_planes.h"

static void validate(struct glm_call *call, const struct glm_value *config)
{
    glm_schema_check(call->arena, glm_control_planes_schema.attrs, config, NULL, &call->diags);
}

static const struct glm_value *read(struct glm_call *call, const struct glm_value *config)
{
    const struct glm_value *clusters = glm_get(config, "clusters");
    const struct glm_estate *estate = glm_data_source_estate(call, clusters);
    const struct glm_value *planes;
    if (!estate ||
        !glm_lifecycle_control_planes(call->arena, estate, clusters, glm_timeout_of(config, "read"),
                                      &planes, &call->diags))
        return NULL;
    return glm_with(call->arena, config, "control_planes", planes);
}

const struct glm_data_source_type glm_data_source_control_planes = {
    .schema = &glm_control_planes_schema,
    .validate = validate,
    .read = read,
};
