/* SPDX-License-Identifier: Apache-2.0
 *
 * Data sources on the wire: validate and read.
 *
 * Owner:  call->arena.
 * Thread: no shared state.
 */
#include "handlers.h"

#include <string.h>

static const struct glm_data_source_type *find_type(struct glm_call *call, const char *name)
{
    for (size_t i = 0; glm_data_source_types[i]; i++)
        if (strcmp(glm_data_source_types[i]->schema->name, name) == 0)
            return glm_data_source_types[i];
    glm_error(&call->diags, NULL, "Unknown data source",
              "This provider has no data source \"%s\". Check the name, or use a provider version "
              "that has it.",
              name);
    return NULL;
}

ProtobufCMessage *glm_handle_validate_data_resource_config(struct glm_call *call,
                                                           const ProtobufCMessage *message)
{
    const Tfplugin6__ValidateDataResourceConfig__Request *request = (const void *)message;
    Tfplugin6__ValidateDataResourceConfig__Response *response =
        GLM_MESSAGE(call->arena, Tfplugin6__ValidateDataResourceConfig__Response,
                    tfplugin6__validate_data_resource_config__response);
    const struct glm_data_source_type *type = find_type(call, request->type_name);
    const struct glm_value *config;
    if (type && glm_wire_config(call, request->config,
                                glm_schema_type(call->arena, type->schema->attrs), &config))
        type->validate(call, config);
    GLM_WIRE_DIAGS(call, response);
    return &response->base;
}

ProtobufCMessage *glm_handle_read_data_source(struct glm_call *call,
                                              const ProtobufCMessage *message)
{
    const Tfplugin6__ReadDataSource__Request *request = (const void *)message;
    Tfplugin6__ReadDataSource__Response *response = GLM_MESSAGE(
        call->arena, Tfplugin6__ReadDataSource__Response, tfplugin6__read_data_source__response);
    const struct glm_data_source_type *type = find_type(call, request->type_name);
    if (type) {
        const struct glm_type *object = glm_schema_type(call->arena, type->schema->attrs);
        const struct glm_value *config;
        if (glm_wire_config(call, request->config, object, &config))
            response->state = glm_wire_encode(call, object, type->read(call, config));
    }
    GLM_WIRE_DIAGS(call, response);
    return &response->base;
}
