/* SPDX-License-Identifier: Apache-2.0
 *
 * Functions on the wire: list and call. They work in a process that was never configured.
 *
 * Owner:  call->arena.
 * Thread: no shared state.
 */
#include "handlers.h"

#include <string.h>

ProtobufCMessage *glm_handle_get_functions(struct glm_call *call, const ProtobufCMessage *message)
{
    (void)message;
    typedef Tfplugin6__GetFunctions__Response__FunctionsEntry entry;
    Tfplugin6__GetFunctions__Response *response = GLM_MESSAGE(
        call->arena, Tfplugin6__GetFunctions__Response, tfplugin6__get_functions__response);
    size_t count = 0;
    while (glm_function_types[count])
        count++;
    response->functions = GLM_NEW_ARRAY(call->arena, count, entry *);
    for (; response->n_functions < count; response->n_functions++) {
        const struct glm_function_type *function = glm_function_types[response->n_functions];
        entry *e =
            GLM_MESSAGE(call->arena, entry, tfplugin6__get_functions__response__functions_entry);
        e->key = glm_wire_text(function->name);
        e->value = glm_wire_function(call->arena, function);
        response->functions[response->n_functions] = e;
    }
    return &response->base;
}

static const struct glm_function_type *find_function(struct glm_call *call, const char *name)
{
    for (size_t i = 0; glm_function_types[i]; i++)
        if (strcmp(glm_function_types[i]->name, name) == 0)
            return glm_function_types[i];
    glm_error(&call->diags, NULL, "Unknown function", "This provider has no function \"%s\".",
              name);
    return NULL;
}

/* NULL after an error. */
static const struct glm_value *decode_arguments(struct glm_call *call,
                                                const struct glm_function_type *function,
                                                const Tfplugin6__CallFunction__Request *request)
{
    size_t count = 0;
    while (function->parameters && function->parameters[count].name)
        count++;
    if (request->n_arguments != count) {
        glm_error(&call->diags, NULL, "Wrong number of arguments",
                  "The function takes %zu arguments and was called with %zu.", count,
                  request->n_arguments);
        return NULL;
    }
    struct glm_list_builder arguments;
    glm_list_init(&arguments, call->arena);
    for (size_t i = 0; i < count; i++) {
        struct glm_call part = {.arena = call->arena, .provider = call->provider};
        const struct glm_value *argument;
        glm_diags_init(&part.diags, call->arena);
        if (glm_wire_decode(&part, request->arguments[i], function->parameters[i].type, &argument))
            glm_list_add(&arguments, argument);
        glm_diags_append(&call->diags, GLM_AT_INDEX(NULL, i), &part.diags);
    }
    return call->diags.errors ? NULL : glm_list_finish(&arguments);
}

ProtobufCMessage *glm_handle_call_function(struct glm_call *call, const ProtobufCMessage *message)
{
    const Tfplugin6__CallFunction__Request *request = (const void *)message;
    Tfplugin6__CallFunction__Response *response = GLM_MESSAGE(
        call->arena, Tfplugin6__CallFunction__Response, tfplugin6__call_function__response);
    const struct glm_function_type *function = find_function(call, request->name);
    const struct glm_value *arguments = function ? decode_arguments(call, function, request) : NULL;
    if (arguments)
        response->result = glm_wire_encode(call, function->result, function->run(call, arguments));
    response->error = glm_wire_function_error(call);
    if (response->error)
        response->result = NULL;
    return &response->base;
}
