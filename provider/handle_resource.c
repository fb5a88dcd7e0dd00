/* SPDX-License-Identifier: Apache-2.0
 *
 * Managed resources on the wire: validate, upgrade, read, plan, apply, import, and configuration
 * generated for what was imported.
 *
 * Owner:  call->arena.
 * Rule:   results reach Terraform beside errors too: what was done must be in the state.
 * Thread: no shared state.
 */
#include "handlers.h"
#include "resource_identity.h"

#include "glm/codec.h"

#include <string.h>

struct resource {
    const struct glm_resource_type *type; /* NULL: unknown, an error says so */
    const struct glm_type *object;
};

const struct glm_resource_type *glm_find_resource(struct glm_call *call, const char *name)
{
    for (size_t i = 0; glm_resource_types[i]; i++)
        if (strcmp(glm_resource_types[i]->schema->name, name) == 0)
            return glm_resource_types[i];
    glm_error(&call->diags, NULL, "Unknown resource type",
              "This provider has no resource type \"%s\". Check the name, or use a provider "
              "version that has it.",
              name);
    return NULL;
}

static struct resource find_resource(struct glm_call *call, const char *name)
{
    struct resource r = {.type = glm_find_resource(call, name)};
    if (r.type)
        r.object = glm_schema_type(call->arena, r.type->schema->attrs);
    return r;
}

ProtobufCMessage *glm_handle_validate_resource_config(struct glm_call *call,
                                                      const ProtobufCMessage *message)
{
    const Tfplugin6__ValidateResourceConfig__Request *request = (const void *)message;
    Tfplugin6__ValidateResourceConfig__Response *response =
        GLM_MESSAGE(call->arena, Tfplugin6__ValidateResourceConfig__Response,
                    tfplugin6__validate_resource_config__response);
    struct resource r = find_resource(call, request->type_name);
    const struct glm_value *config;
    if (r.type && glm_wire_config(call, request->config, r.object, &config))
        r.type->validate(call, config);
    GLM_WIRE_DIAGS(call, response);
    return &response->base;
}

bool glm_raw_state(struct glm_call *call, const Tfplugin6__RawState *raw,
                   const struct glm_value **ret_value)
{
    if (raw && raw->json.len > 0)
        return glm_json_decode(call->arena, (const char *)raw->json.data, raw->json.len,
                               "the state", NULL, ret_value, &call->diags);
    if (raw && raw->n_flatmap > 0)
        return glm_error(&call->diags, NULL, "The state is too old",
                         "It is in the format of Terraform 0.11 or earlier, which this provider "
                         "never wrote. Remove the resource from the state and import it.");
    return true;
}

/* The upgraded state; NULL where it is not of the type, which it then was not before: nothing that is upgraded is
 * made up. */
static Tfplugin6__DynamicValue *encode_upgraded(struct glm_call *call, const struct glm_type *type,
                                                const struct glm_value *state)
{
    const struct glm_diags said = call->diags;
    glm_diags_init(&call->diags, call->arena);
    Tfplugin6__DynamicValue *message = glm_wire_encode(call, type, state);
    const struct glm_diags wrong = call->diags;
    call->diags = said;
    for (const struct glm_diag *e = wrong.first; e; e = e->next)
        glm_error(&call->diags, e->path, "The state is not as it was written",
                  "%s is nothing that this resource has, or of another type: somebody has edited "
                  "the state, or another provider wrote it. Take it out of the state; or restore "
                  "that from a backup; or remove the resource from it (`terraform state rm`) and "
                  "import it again, which changes nothing in the clusters.",
                  e->path ? glm_path_text(call->arena, e->path) : "Something in it");
    return message;
}

ProtobufCMessage *glm_handle_upgrade_resource_state(struct glm_call *call,
                                                    const ProtobufCMessage *message)
{
    const Tfplugin6__UpgradeResourceState__Request *request = (const void *)message;
    Tfplugin6__UpgradeResourceState__Response *response =
        GLM_MESSAGE(call->arena, Tfplugin6__UpgradeResourceState__Response,
                    tfplugin6__upgrade_resource_state__response);
    struct resource r = find_resource(call, request->type_name);
    const struct glm_value *state = &glm_null;
    if (r.type && glm_raw_state(call, request->raw_state, &state)) {
        const struct glm_value *upgraded =
            glm_is_null(state) ? state : r.type->upgrade(call, request->version, state);
        if (call->diags.errors == 0)
            response->upgraded_state = encode_upgraded(call, r.object, upgraded);
    }
    GLM_WIRE_DIAGS(call, response);
    return &response->base;
}

ProtobufCMessage *glm_handle_read_resource(struct glm_call *call, const ProtobufCMessage *message)
{
    const Tfplugin6__ReadResource__Request *request = (const void *)message;
    Tfplugin6__ReadResource__Response *response = GLM_MESSAGE(
        call->arena, Tfplugin6__ReadResource__Response, tfplugin6__read_resource__response);
    /* Unless the read says otherwise everything stays: an error must never drop a resource. */
    response->new_state = request->current_state;
    response->private_ = request->private_;
    response->new_identity = request->current_identity;
    struct resource r = find_resource(call, request->type_name);
    struct glm_read_call read = {.current_private = glm_wire_private(request->private_)};
    if (r.type && glm_wire_decode(call, request->current_state, r.object, &read.current)) {
        r.type->read(call, &read);
        Tfplugin6__DynamicValue *result = glm_wire_encode(call, r.object, read.result);
        if (result) {
            response->new_state = result;
            response->private_ = glm_wire_bytes(read.result_private);
        }
        /* What is gone was what it was. */
        response->new_identity =
            glm_wire_identity(call, r.type->identity, read.result, read.current);
    }
    GLM_WIRE_DIAGS(call, response);
    return &response->base;
}

ProtobufCMessage *glm_handle_plan_resource_change(struct glm_call *call,
                                                  const ProtobufCMessage *message)
{
    const Tfplugin6__PlanResourceChange__Request *request = (const void *)message;
    Tfplugin6__PlanResourceChange__Response *response =
        GLM_MESSAGE(call->arena, Tfplugin6__PlanResourceChange__Response,
                    tfplugin6__plan_resource_change__response);
    struct resource r = find_resource(call, request->type_name);
    struct glm_plan_call plan = {.prior_private = glm_wire_private(request->prior_private)};
    if (r.type && glm_wire_decode(call, request->prior_state, r.object, &plan.prior) &&
        glm_wire_config(call, request->config, r.object, &plan.config)) {
        /* The proposed state is the configuration and what was before: nobody needs it read. */
        r.type->plan(call, &plan);
        response->planned_state = glm_wire_encode(call, r.object, plan.planned);
        response->planned_private = glm_wire_bytes(plan.planned_private);
        response->requires_replace =
            GLM_NEW_ARRAY(call->arena, plan.replaced_count, Tfplugin6__AttributePath *);
        for (size_t i = 0; i < plan.replaced_count; i++)
            response->requires_replace[response->n_requires_replace++] =
                glm_wire_attribute(call->arena, plan.replaced[i]);
        if (response->planned_state)
            response->planned_identity =
                glm_wire_identity(call, r.type->identity, plan.planned,
                                  glm_is_null(plan.planned) ? plan.prior : NULL);
    }
    GLM_WIRE_DIAGS(call, response);
    return &response->base;
}

ProtobufCMessage *glm_handle_apply_resource_change(struct glm_call *call,
                                                   const ProtobufCMessage *message)
{
    const Tfplugin6__ApplyResourceChange__Request *request = (const void *)message;
    Tfplugin6__ApplyResourceChange__Response *response =
        GLM_MESSAGE(call->arena, Tfplugin6__ApplyResourceChange__Response,
                    tfplugin6__apply_resource_change__response);
    /* Before anything was done, what was there is what is there. */
    response->new_state = request->prior_state;
    response->private_ = request->planned_private;
    response->new_identity = request->planned_identity;
    struct resource r = find_resource(call, request->type_name);
    struct glm_apply_call apply = {.planned_private = glm_wire_private(request->planned_private)};
    if (r.type && glm_wire_decode(call, request->prior_state, r.object, &apply.prior) &&
        glm_wire_decode(call, request->planned_state, r.object, &apply.planned) &&
        glm_wire_config(call, request->config, r.object, &apply.config)) {
        r.type->apply(call, &apply);
        Tfplugin6__DynamicValue *result = glm_wire_encode(call, r.object, apply.result);
        if (result)
            response->new_state = result;
        response->private_ = glm_wire_bytes(apply.result_private);
        response->new_identity =
            glm_wire_identity(call, r.type->identity, apply.result,
                              glm_is_null(apply.prior) ? apply.planned : apply.prior);
    }
    GLM_WIRE_DIAGS(call, response);
    return &response->base;
}

static void add_imported(struct glm_call *call, struct resource r, const char *type_name,
                         const struct glm_import_call *import,
                         Tfplugin6__ImportResourceState__Response *response)
{
    if (!import->result || glm_is_null(import->result))
        return;
    Tfplugin6__ImportResourceState__ImportedResource *imported =
        GLM_MESSAGE(call->arena, Tfplugin6__ImportResourceState__ImportedResource,
                    tfplugin6__import_resource_state__imported_resource);
    imported->type_name = glm_wire_text(type_name);
    imported->state = glm_wire_encode(call, r.object, import->result);
    imported->private_ = glm_wire_bytes(import->result_private);
    if (!imported->state)
        return;
    imported->identity = glm_wire_identity(call, r.type->identity, import->result, NULL);
    response->imported_resources =
        GLM_NEW_ARRAY(call->arena, 1, Tfplugin6__ImportResourceState__ImportedResource *);
    response->imported_resources[0] = imported;
    response->n_imported_resources = 1;
}

ProtobufCMessage *glm_handle_import_resource_state(struct glm_call *call,
                                                   const ProtobufCMessage *message)
{
    const Tfplugin6__ImportResourceState__Request *request = (const void *)message;
    Tfplugin6__ImportResourceState__Response *response =
        GLM_MESSAGE(call->arena, Tfplugin6__ImportResourceState__Response,
                    tfplugin6__import_resource_state__response);
    struct resource r = find_resource(call, request->type_name);
    struct glm_import_call import = {.id = request->id, .identity = &glm_null};
    /* With both, the ID counts: a client sends it only when it was given. */
    bool by_id = *request->id != 0;
    if (r.type && (by_id || glm_wire_identity_wanted(call, r.type->identity, request->identity,
                                                     &import.identity))) {
        if (!by_id && glm_is_null(import.identity))
            glm_error(&call->diags, NULL, "Nothing says what to import",
                      "The import has neither an ID nor an identity. Write one of them into the "
                      "import block, or the ID into the command.");
        else
            r.type->import(call, &import);
        if (call->diags.errors == 0)
            add_imported(call, r, request->type_name, &import, response);
    }
    GLM_WIRE_DIAGS(call, response);
    return &response->base;
}

ProtobufCMessage *glm_handle_generate_resource_config(struct glm_call *call,
                                                      const ProtobufCMessage *message)
{
    const Tfplugin6__GenerateResourceConfig__Request *request = (const void *)message;
    Tfplugin6__GenerateResourceConfig__Response *response =
        GLM_MESSAGE(call->arena, Tfplugin6__GenerateResourceConfig__Response,
                    tfplugin6__generate_resource_config__response);
    struct resource r = find_resource(call, request->type_name);
    const struct glm_value *state;
    if (r.type && glm_wire_decode(call, request->state, r.object, &state))
        response->config = glm_wire_encode(
            call, r.object, glm_schema_config(call->arena, r.type->schema->attrs, state));
    GLM_WIRE_DIAGS(call, response);
    return &response->base;
}
