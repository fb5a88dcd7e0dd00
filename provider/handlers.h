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

/* handle_resource.c: what the handlers of resources share. */
/* NULL for an unknown name: an error says so. */
const struct glm_resource_type *glm_find_resource(struct glm_call *call, const char *name);
/* A state or an identity as JSON, in the shape of whatever version wrote it; ret_value is left alone
 * when there is none. */
bool glm_raw_state(struct glm_call *call, const Tfplugin6__RawState *raw,
                   const struct glm_value **ret_value);

/* handle_schema.c */
glm_handler_fn glm_handle_get_metadata;
glm_handler_fn glm_handle_get_provider_schema;
/* handle_identity.c */
glm_handler_fn glm_handle_get_resource_identity_schemas;
glm_handler_fn glm_handle_upgrade_resource_identity;
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
glm_handler_fn glm_handle_generate_resource_config;
/* handle_move.c */
glm_handler_fn glm_handle_move_resource_state;
/* handle_data_source.c */
glm_handler_fn glm_handle_validate_data_resource_config;
glm_handler_fn glm_handle_read_data_source;
/* handle_function.c */
glm_handler_fn glm_handle_get_functions;
glm_handler_fn glm_handle_call_function;

#endif
