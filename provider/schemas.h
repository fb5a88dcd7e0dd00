/* SPDX-License-Identifier: Apache-2.0
 *
 * The provider's tables by name: schemas, types and functions. All const.
 */
#ifndef GLM_SCHEMAS_H
#define GLM_SCHEMAS_H

#include "provider.h"

extern const struct glm_schema glm_resource_schema; /* schema_resource.c */
extern const struct glm_schema glm_resource_identity_schema;
extern const struct glm_schema glm_data_source_schema; /* schema_data_source.c */
extern const struct glm_schema glm_control_planes_schema;
/* What `timeouts` of a data source has; schema_data_source.c. */
extern const struct glm_attr glm_data_source_timeout_attrs[];

extern const struct glm_resource_type glm_resource_gateway_lifecycle_manager;
extern const struct glm_data_source_type glm_data_source_gateway_lifecycle_manager;
extern const struct glm_data_source_type glm_data_source_control_planes;

extern const struct glm_function_type glm_function_manifest_decode;
extern const struct glm_function_type glm_function_manifest_encode;
extern const struct glm_function_type glm_function_istio_operators;

#endif
