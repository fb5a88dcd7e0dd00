/* SPDX-License-Identifier: Apache-2.0
 *
 * Identity schemas and stored identities on the wire. Identities themselves travel with the states
 * they belong to, in handle_resource.c.
 *
 * Owner:  call->arena.
 * Thread: no shared state.
 */
#include "handlers.h"

ProtobufCMessage *glm_handle_get_resource_identity_schemas(struct glm_call *call,
                                                           const ProtobufCMessage *message)
{
    (void)message;
    typedef Tfplugin6__GetResourceIdentitySchemas__Response__IdentitySchemasEntry entry;
    Tfplugin6__GetResourceIdentitySchemas__Response *response =
        GLM_MESSAGE(call->arena, Tfplugin6__GetResourceIdentitySchemas__Response,
                    tfplugin6__get_resource_identity_schemas__response);
    size_t count = 0;
    while (glm_resource_types[count])
        count++;
    response->identity_schemas = GLM_NEW_ARRAY(call->arena, count, entry *);
    for (size_t i = 0; i < count; i++) {
        entry *e =
            GLM_MESSAGE(call->arena, entry,
                        tfplugin6__get_resource_identity_schemas__response__identity_schemas_entry);
        e->key = glm_wire_text(glm_resource_types[i]->schema->name);
        e->value = glm_wire_identity_schema(call->arena, glm_resource_types[i]->identity);
        response->identity_schemas[response->n_identity_schemas++] = e;
    }
    return &response->base;
}

/* That of another resource, which was moved here: it says nothing of this one. */
static bool is_others(const struct glm_schema *identity, const struct glm_value *stored)
{
    for (size_t i = 0; glm_is_map(stored) && i < stored->len; i++)
        if (!glm_schema_attr(identity->attrs, stored->as.map[i].key))
            return true;
    return false;
}

/* All versions have the same attributes, so what is stored is what there was: nulls of a broken state too,
 * which the next read puts right. */
static const struct glm_value *upgrade(struct glm_call *call, const struct glm_schema *identity,
                                       int64_t version, const struct glm_value *stored)
{
    if (version > identity->version)
        glm_error(&call->diags, NULL, "The identity is newer than this provider",
                  "It was written under identity version %lld, and this provider knows versions up "
                  "to %lld. Use the provider version that wrote it, or a later one.",
                  (long long)version, (long long)identity->version);
    bool others = is_others(identity, stored);
    struct glm_map_builder b;
    glm_map_init(&b, call->arena);
    for (const struct glm_attr *attr = identity->attrs; attr->name; attr++)
        glm_map_set(&b, attr->name, others ? &glm_null : glm_get(stored, attr->name));
    return glm_map_finish(&b, NULL);
}

ProtobufCMessage *glm_handle_upgrade_resource_identity(struct glm_call *call,
                                                       const ProtobufCMessage *message)
{
    const Tfplugin6__UpgradeResourceIdentity__Request *request = (const void *)message;
    Tfplugin6__UpgradeResourceIdentity__Response *response =
        GLM_MESSAGE(call->arena, Tfplugin6__UpgradeResourceIdentity__Response,
                    tfplugin6__upgrade_resource_identity__response);
    const struct glm_resource_type *type = glm_find_resource(call, request->type_name);
    const struct glm_value *stored = &glm_null;
    if (type && glm_raw_state(call, request->raw_identity, &stored)) {
        const struct glm_value *upgraded = upgrade(call, type->identity, request->version, stored);
        Tfplugin6__DynamicValue *data = NULL;
        if (call->diags.errors == 0)
            data = glm_wire_encode(call, glm_schema_type(call->arena, type->identity->attrs),
                                   upgraded);
        if (data) {
            response->upgraded_identity = GLM_MESSAGE(call->arena, Tfplugin6__ResourceIdentityData,
                                                      tfplugin6__resource_identity_data);
            response->upgraded_identity->identity_data = data;
        }
    }
    GLM_WIRE_DIAGS(call, response);
    return &response->base;
}
