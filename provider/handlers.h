/* SPDX-License-Identifier: Apache-2.0
 *
 * Handlers: one function per RPC, from an unpacked request to a response.
 *
 * Owner:  request, response and everything between live in call->arena; call->diags is initialised
 *         by the dispatcher. A response may point into its request: both end together.
 * Errors: into the response's diagnostics. A handler never fails as an RPC.
 * Thread: any number at once.
 */
#ifndef GLM_HANDLERS_H
#define GLM_HANDLERS_H

#include "wire.h"

typedef ProtobufCMessage *glm_handler_fn(struct glm_call *call, const ProtobufCMessage *message);

/* handle_schema.c */
glm_handler_fn glm_handle_get_metadata;
glm_handler_fn glm_handle_get_provider_schema;
glm_handler_fn glm_handle_get_resource_identity_schemas;
/* handle_provider.c */
glm_handler_fn glm_handle_validate_provider_config;
glm_handler_fn glm_handle_configure_provider;
glm_handler_fn glm_handle_stop_provider;
/* handle_resource.c */
glm_handler_fn glm_handle_validate_resource_config;
glm_handler_fn glm_handle_upgrade_resource_state;
glm_handler_fn glm_handle_read_resource;
glm_handler_fn glm_handle_plan_resource_change;
glm_handler_fn glm_handle_apply_resource_change;
glm_handler_fn glm_handle_import_resource_state;
/* handle_data_source.c */
glm_handler_fn glm_handle_validate_data_resource_config;
glm_handler_fn glm_handle_read_data_source;
/* handle_function.c */
glm_handler_fn glm_handle_get_functions;
glm_handler_fn glm_handle_call_function;

#endif
