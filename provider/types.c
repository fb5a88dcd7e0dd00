/* SPDX-License-Identifier: Apache-2.0
 *
 * Everything the provider offers: a new type is one line here.
 */
#include "schemas.h"

const struct glm_resource_type *const glm_resource_types[] = {
    &glm_resource_gateway_lifecycle_manager,
    NULL,
};

const struct glm_data_source_type *const glm_data_source_types[] = {
    &glm_data_source_control_planes,
    &glm_data_source_gateway_lifecycle_manager,
    NULL,
};

const struct glm_function_type *const glm_function_types[] = {
    &glm_function_istio_operators,
    &glm_function_manifest_decode,
    &glm_function_manifest_encode,
    NULL,
};
