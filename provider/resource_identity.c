/* SPDX-License-Identifier: Apache-2.0
 *
 * Resource identity: from states to identities, from identities to imports, and their messages.
 */
#include "resource_identity.h"

/* The identity of an object of the resource's type; NULL while any part of it is null or unknown.
 * state: may be NULL or the null value. */
static const struct glm_value *glm_resource_identity(struct glm_arena *arena,
                                                     const struct glm_schema *identity,
                                                     const struct glm_value *state)
{
    if (!state)
        return NULL;
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    for (const struct glm_attr *attr = identity->attrs; attr->name; attr++) {
        const struct glm_value *v = glm_get(state, attr->name);
        if (glm_is_null(v) || !glm_is_wholly_known(v))
            return NULL;
        glm_map_set(&b, attr->name, v);
    }
    return glm_map_finish(&b, NULL);
}

Tfplugin6__ResourceIdentityData *glm_wire_identity(struct glm_call *call,
                                                   const struct glm_schema *identity,
                                                   const struct glm_value *state,
                                                   const struct glm_value *otherwise)
{
    const struct glm_value *v = glm_resource_identity(call->arena, identity, state);
    if (!v)
        v = glm_resource_identity(call->arena, identity, otherwise);
    Tfplugin6__DynamicValue *data =
        glm_wire_encode(call, glm_schema_type(call->arena, identity->attrs), v);
    if (!data)
        return NULL;
    Tfplugin6__ResourceIdentityData *message = GLM_MESSAGE(
        call->arena, Tfplugin6__ResourceIdentityData, tfplugin6__resource_identity_data);
    message->identity_data = data;
    return message;
}

/* Terraform shows no line of source with an error of an import, so each names its attribute. */
static void check_wanted(struct glm_call *call, const struct glm_attr *attr,
                         const struct glm_value *v)
{
    const struct glm_path *at = GLM_AT_ATTR(NULL, attr->name);
    struct glm_diags found;
    glm_diags_init(&found, call->arena);
    if (glm_is_unknown(v))
        glm_error(&found, at, "Identity not known yet",
                  "It is known only after apply, and an import needs it before. Write the value "
                  "itself.");
    else if (glm_is_null(v) && (attr->use & GLM_REQUIRED))
        glm_error(&found, at, "Identity attribute missing", "It is required. %s", attr->doc);
    else if (!glm_is_null(v) && attr->check)
        attr->check(call->arena, v, at, &found);
    for (const struct glm_diag *d = found.first; d; d = d->next)
        glm_error(&call->diags, at, d->summary, "identity.%s: %s", attr->name, d->detail);
}

bool glm_wire_identity_wanted(struct glm_call *call, const struct glm_schema *identity,
                              const Tfplugin6__ResourceIdentityData *message,
                              const struct glm_value **ret_identity)
{
    size_t errors = call->diags.errors;
    const struct glm_value *given = &glm_null;
    if (message && !glm_wire_decode(call, message->identity_data,
                                    glm_schema_type(call->arena, identity->attrs), &given))
        return false;
    for (const struct glm_attr *attr = identity->attrs; !glm_is_null(given) && attr->name; attr++)
        check_wanted(call, attr, glm_get(given, attr->name));
    if (call->diags.errors > errors)
        return false;
    *ret_identity = glm_schema_defaults(call->arena, identity->attrs, given);
    return true;
}
