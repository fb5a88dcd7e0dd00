/* SPDX-License-Identifier: Apache-2.0
 *
 * The provider's own RPCs: validate and configure it, stop what it is doing.
 *
 * Owner:  call->arena.
 * Thread: any; what is shared is behind the provider's own lock.
 */
#include "handlers.h"

ProtobufCMessage *glm_handle_validate_provider_config(struct glm_call *call,
                                                      const ProtobufCMessage *message)
{
    const Tfplugin6__ValidateProviderConfig__Request *request = (const void *)message;
    Tfplugin6__ValidateProviderConfig__Response *response =
        GLM_MESSAGE(call->arena, Tfplugin6__ValidateProviderConfig__Response,
                    tfplugin6__validate_provider_config__response);
    const struct glm_type *type = glm_schema_type(call->arena, glm_provider_schema.attrs);
    const struct glm_value *config;
    if (glm_wire_config(call, request->config, type, &config))
        glm_provider_validate(call, config);
    GLM_WIRE_DIAGS(call, response);
    return &response->base;
}

ProtobufCMessage *glm_handle_configure_provider(struct glm_call *call,
                                                const ProtobufCMessage *message)
{
    const Tfplugin6__ConfigureProvider__Request *request = (const void *)message;
    Tfplugin6__ConfigureProvider__Response *response =
        GLM_MESSAGE(call->arena, Tfplugin6__ConfigureProvider__Response,
                    tfplugin6__configure_provider__response);
    const struct glm_type *type = glm_schema_type(call->arena, glm_provider_schema.attrs);
    const struct glm_value *config;
    if (glm_wire_config(call, request->config, type, &config))
        glm_provider_configure(call, config, request->terraform_version);
    GLM_WIRE_DIAGS(call, response);
    return &response->base;
}

ProtobufCMessage *glm_handle_stop_provider(struct glm_call *call, const ProtobufCMessage *message)
{
    (void)message;
    glm_provider_stop(call->provider);
    Tfplugin6__StopProvider__Response *response = GLM_MESSAGE(
        call->arena, Tfplugin6__StopProvider__Response, tfplugin6__stop_provider__response);
    return &response->base;
}
