/* SPDX-License-Identifier: Apache-2.0
 *
 * States of other resource types on the wire, which `moved` blocks lead here.
 *
 * Owner:  call->arena.
 * Rule:   no identity and no private state are given: the next read has them.
 * Thread: no shared state.
 */
#include "handlers.h"

ProtobufCMessage *glm_handle_move_resource_state(struct glm_call *call,
                                                 const ProtobufCMessage *message)
{
    const Tfplugin6__MoveResourceState__Request *request = (const void *)message;
    Tfplugin6__MoveResourceState__Response *response =
        GLM_MESSAGE(call->arena, Tfplugin6__MoveResourceState__Response,
                    tfplugin6__move_resource_state__response);
    const struct glm_resource_type *type = glm_find_resource(call, request->target_type_name);
    struct glm_move_call move = {
        .source_type = request->source_type_name, .source_state = &glm_null, .result = &glm_null};
    if (type && glm_raw_state(call, request->source_state, &move.source_state)) {
        type->move(call, &move);
        if (call->diags.errors == 0)
            response->target_state = glm_wire_encode(
                call, glm_schema_type(call->arena, type->schema->attrs), move.result);
    }
    GLM_WIRE_DIAGS(call, response);
    return &response->base;
}
