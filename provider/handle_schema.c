/* SPDX-License-Identifier: Apache-2.0
 *
 * What the provider is: metadata and schemas, made from the tables on every call.
 *
 * Owner:  call->arena.
 * Thread: no shared state.
 */
#include "handlers.h"

static Tfplugin6__ServerCapabilities *capabilities(struct glm_arena *arena)
{
    Tfplugin6__ServerCapabilities *message =
        GLM_MESSAGE(arena, Tfplugin6__ServerCapabilities, tfplugin6__server_capabilities);
    message->plan_destroy = true;
    /* Terraform asks for the schema once per command, not once per process. */
    message->get_provider_schema_optional = true;
    message->generate_resource_config = true;
    message->move_resource_state = true;
    return message;
}

/* The rows of a table that ends with NULL. */
#define COUNT(table_, ret_count_)                                                                  \
    do {                                                                                           \
        (ret_count_) = 0;                                                                          \
        while ((table_)[(ret_count_)])                                                             \
            (ret_count_)++;                                                                        \
    } while (0)

ProtobufCMessage *glm_handle_get_metadata(struct glm_call *call, const ProtobufCMessage *message)
{
    (void)message;
    struct glm_arena *arena = call->arena;
    Tfplugin6__GetMetadata__Response *response =
        GLM_MESSAGE(arena, Tfplugin6__GetMetadata__Response, tfplugin6__get_metadata__response);
    response->server_capabilities = capabilities(arena);

    COUNT(glm_resource_types, response->n_resources);
    response->resources =
        GLM_NEW_ARRAY(arena, response->n_resources, Tfplugin6__GetMetadata__ResourceMetadata *);
    for (size_t i = 0; i < response->n_resources; i++) {
        response->resources[i] = GLM_MESSAGE(arena, Tfplugin6__GetMetadata__ResourceMetadata,
                                             tfplugin6__get_metadata__resource_metadata);
        response->resources[i]->type_name = glm_wire_text(glm_resource_types[i]->schema->name);
    }
    COUNT(glm_data_source_types, response->n_data_sources);
    response->data_sources = GLM_NEW_ARRAY(arena, response->n_data_sources,
                                           Tfplugin6__GetMetadata__DataSourceMetadata *);
    for (size_t i = 0; i < response->n_data_sources; i++) {
        response->data_sources[i] = GLM_MESSAGE(arena, Tfplugin6__GetMetadata__DataSourceMetadata,
                                                tfplugin6__get_metadata__data_source_metadata);
        response->data_sources[i]->type_name =
            glm_wire_text(glm_data_source_types[i]->schema->name);
    }
    COUNT(glm_function_types, response->n_functions);
    response->functions =
        GLM_NEW_ARRAY(arena, response->n_functions, Tfplugin6__GetMetadata__FunctionMetadata *);
    for (size_t i = 0; i < response->n_functions; i++) {
        response->functions[i] = GLM_MESSAGE(arena, Tfplugin6__GetMetadata__FunctionMetadata,
                                             tfplugin6__get_metadata__function_metadata);
        response->functions[i]->name = glm_wire_text(glm_function_types[i]->name);
    }
    return &response->base;
}

typedef Tfplugin6__GetProviderSchema__Response schema_response;

static void add_resources(struct glm_arena *arena, schema_response *response)
{
    typedef Tfplugin6__GetProviderSchema__Response__ResourceSchemasEntry entry;
    COUNT(glm_resource_types, response->n_resource_schemas);
    response->resource_schemas = GLM_NEW_ARRAY(arena, response->n_resource_schemas, entry *);
    for (size_t i = 0; i < response->n_resource_schemas; i++) {
        entry *e = GLM_MESSAGE(arena, entry,
                               tfplugin6__get_provider_schema__response__resource_schemas_entry);
        e->key = glm_wire_text(glm_resource_types[i]->schema->name);
        e->value = glm_wire_schema(arena, glm_resource_types[i]->schema);
        response->resource_schemas[i] = e;
    }
}

static void add_data_sources(struct glm_arena *arena, schema_response *response)
{
    typedef Tfplugin6__GetProviderSchema__Response__DataSourceSchemasEntry entry;
    COUNT(glm_data_source_types, response->n_data_source_schemas);
    response->data_source_schemas = GLM_NEW_ARRAY(arena, response->n_data_source_schemas, entry *);
    for (size_t i = 0; i < response->n_data_source_schemas; i++) {
        entry *e = GLM_MESSAGE(arena, entry,
                               tfplugin6__get_provider_schema__response__data_source_schemas_entry);
        e->key = glm_wire_text(glm_data_source_types[i]->schema->name);
        e->value = glm_wire_schema(arena, glm_data_source_types[i]->schema);
        response->data_source_schemas[i] = e;
    }
}

static void add_functions(struct glm_arena *arena, schema_response *response)
{
    typedef Tfplugin6__GetProviderSchema__Response__FunctionsEntry entry;
    COUNT(glm_function_types, response->n_functions);
    response->functions = GLM_NEW_ARRAY(arena, response->n_functions, entry *);
    for (size_t i = 0; i < response->n_functions; i++) {
        entry *e =
            GLM_MESSAGE(arena, entry, tfplugin6__get_provider_schema__response__functions_entry);
        e->key = glm_wire_text(glm_function_types[i]->name);
        e->value = glm_wire_function(arena, glm_function_types[i]);
        response->functions[i] = e;
    }
}

ProtobufCMessage *glm_handle_get_provider_schema(struct glm_call *call,
                                                 const ProtobufCMessage *message)
{
    (void)message;
    schema_response *response =
        GLM_MESSAGE(call->arena, schema_response, tfplugin6__get_provider_schema__response);
    response->server_capabilities = capabilities(call->arena);
    response->provider = glm_wire_schema(call->arena, &glm_provider_schema);
    add_resources(call->arena, response);
    add_data_sources(call->arena, response);
    add_functions(call->arena, response);
    return &response->base;
}
