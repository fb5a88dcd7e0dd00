/* SPDX-License-Identifier: Apache-2.0
 *
 * Schema tables and functions on the wire.
 *
 * Owner:  the arena given; texts are the tables' own.
 * Thread: no shared state.
 */
#include "wire.h"

#include "glm/codec.h"

#include <string.h>

static ProtobufCBinaryData type_json(struct glm_arena *arena, const struct glm_type *type)
{
    const char *text = glm_json_text(arena, glm_type_to_value(arena, type));
    return glm_wire_bytes((struct glm_bytes){.data = text, .len = strlen(text)});
}

static char *text_of(const char *text)
{
    return glm_wire_text(text ? text : "");
}

static Tfplugin6__Schema__Object__NestingMode nesting_mode(enum glm_nesting nesting)
{
    switch (nesting) {
    case GLM_NEST_SINGLE:
        return TFPLUGIN6__SCHEMA__OBJECT__NESTING_MODE__SINGLE;
    case GLM_NEST_LIST:
        return TFPLUGIN6__SCHEMA__OBJECT__NESTING_MODE__LIST;
    case GLM_NEST_MAP:
        return TFPLUGIN6__SCHEMA__OBJECT__NESTING_MODE__MAP;
    case GLM_NEST_NONE:
        break;
    }
    return TFPLUGIN6__SCHEMA__OBJECT__NESTING_MODE__INVALID;
}

/* Tables are static and a handful of levels deep: the recursion is bounded by them. */
static size_t make_attributes(struct glm_arena *arena, const struct glm_attr *attrs,
                              Tfplugin6__Schema__Attribute ***ret_messages);

static Tfplugin6__Schema__Attribute *make_attribute(struct glm_arena *arena,
                                                    const struct glm_attr *attr)
{
    Tfplugin6__Schema__Attribute *message =
        GLM_MESSAGE(arena, Tfplugin6__Schema__Attribute, tfplugin6__schema__attribute);
    message->name = text_of(attr->name);
    message->description = text_of(attr->doc);
    message->description_kind = TFPLUGIN6__STRING_KIND__MARKDOWN;
    message->required = (attr->use & GLM_REQUIRED) != 0;
    message->optional = (attr->use & GLM_OPTIONAL) != 0;
    message->computed = (attr->use & GLM_COMPUTED) != 0;
    message->sensitive = (attr->use & GLM_SENSITIVE) != 0;
    if (attr->nesting == GLM_NEST_NONE) {
        message->type = type_json(arena, attr->type);
        return message;
    }
    Tfplugin6__Schema__Object *nested =
        GLM_MESSAGE(arena, Tfplugin6__Schema__Object, tfplugin6__schema__object);
    nested->nesting = nesting_mode(attr->nesting);
    nested->n_attributes = make_attributes(arena, attr->nested, &nested->attributes);
    message->nested_type = nested;
    return message;
}

static size_t make_attributes(struct glm_arena *arena, const struct glm_attr *attrs,
                              Tfplugin6__Schema__Attribute ***ret_messages)
{
    size_t count = 0;
    while (attrs && attrs[count].name)
        count++;
    *ret_messages = GLM_NEW_ARRAY(arena, count, Tfplugin6__Schema__Attribute *);
    for (size_t i = 0; i < count; i++)
        (*ret_messages)[i] = make_attribute(arena, &attrs[i]);
    return count;
}

Tfplugin6__Schema *glm_wire_schema(struct glm_arena *arena, const struct glm_schema *schema)
{
    Tfplugin6__Schema *message = GLM_MESSAGE(arena, Tfplugin6__Schema, tfplugin6__schema);
    Tfplugin6__Schema__Block *block =
        GLM_MESSAGE(arena, Tfplugin6__Schema__Block, tfplugin6__schema__block);
    message->version = block->version = schema->version;
    message->block = block;
    block->description = text_of(schema->doc);
    block->description_kind = TFPLUGIN6__STRING_KIND__MARKDOWN;
    block->n_attributes = make_attributes(arena, schema->attrs, &block->attributes);
    return message;
}

Tfplugin6__ResourceIdentitySchema *glm_wire_identity_schema(struct glm_arena *arena,
                                                            const struct glm_schema *identity)
{
    typedef Tfplugin6__ResourceIdentitySchema__IdentityAttribute attribute;
    Tfplugin6__ResourceIdentitySchema *message =
        GLM_MESSAGE(arena, Tfplugin6__ResourceIdentitySchema, tfplugin6__resource_identity_schema);
    size_t count = 0;
    while (identity->attrs[count].name)
        count++;
    message->version = identity->version;
    message->identity_attributes = GLM_NEW_ARRAY(arena, count, attribute *);
    for (size_t i = 0; i < count; i++) {
        const struct glm_attr *attr = &identity->attrs[i];
        attribute *a =
            GLM_MESSAGE(arena, attribute, tfplugin6__resource_identity_schema__identity_attribute);
        a->name = text_of(attr->name);
        a->type = type_json(arena, attr->type);
        a->required_for_import = (attr->use & GLM_REQUIRED) != 0;
        a->optional_for_import = (attr->use & GLM_OPTIONAL) != 0;
        a->description = text_of(attr->doc);
        message->identity_attributes[message->n_identity_attributes++] = a;
    }
    return message;
}

Tfplugin6__Function *glm_wire_function(struct glm_arena *arena,
                                       const struct glm_function_type *function)
{
    Tfplugin6__Function *message = GLM_MESSAGE(arena, Tfplugin6__Function, tfplugin6__function);
    size_t count = 0;
    while (function->parameters && function->parameters[count].name)
        count++;
    message->parameters = GLM_NEW_ARRAY(arena, count, Tfplugin6__Function__Parameter *);
    for (size_t i = 0; i < count; i++) {
        const struct glm_parameter *parameter = &function->parameters[i];
        Tfplugin6__Function__Parameter *p =
            GLM_MESSAGE(arena, Tfplugin6__Function__Parameter, tfplugin6__function__parameter);
        p->name = text_of(parameter->name);
        p->type = type_json(arena, parameter->type);
        p->description = text_of(parameter->doc);
        p->description_kind = TFPLUGIN6__STRING_KIND__MARKDOWN;
        message->parameters[message->n_parameters++] = p;
    }
    message->return_ = GLM_MESSAGE(arena, Tfplugin6__Function__Return, tfplugin6__function__return);
    message->return_->type = type_json(arena, function->result);
    message->summary = text_of(function->summary);
    message->description = text_of(function->doc);
    message->description_kind = TFPLUGIN6__STRING_KIND__MARKDOWN;
    return message;
}
