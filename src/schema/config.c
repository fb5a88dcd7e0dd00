/* SPDX-License-Identifier: Apache-2.0
 *
 * Schema walker: from a state back to the configuration that a person would have written.
 *
 * What:   the reverse of the defaults: filled in again, the result is the state.
 * Owner:  the result lives in the arena and shares what did not change with the input.
 * Errors: none; a document that cannot be read stays as it is.
 */
#include "glm/codec.h"
#include "glm/schema.h"

#include <string.h>

static const struct glm_value *config_object(struct glm_arena *arena, const struct glm_attr *attrs,
                                             const struct glm_value *v, const char *key);

static bool is_default(struct glm_arena *arena, const struct glm_attr *attr,
                       const struct glm_value *v, const char *key)
{
    if (!attr->fallback)
        return false;
    if (strcmp(attr->fallback, GLM_FALLBACK_KEY) == 0)
        return key && glm_string_is(v, key);
    struct glm_diags ignored;
    glm_diags_init(&ignored, arena);
    const struct glm_value *fallback = &glm_null;
    return glm_json_decode(arena, attr->fallback, strlen(attr->fallback), attr->name, NULL,
                           &fallback, &ignored) &&
           glm_equal(fallback, v);
}

/* Terraform writes text that is JSON as jsonencode({...}), and any other text in one line. */
static const struct glm_value *document_as_json(struct glm_arena *arena, const struct glm_value *v)
{
    struct glm_diags ignored;
    glm_diags_init(&ignored, arena);
    const struct glm_value *document = &glm_null;
    if (!glm_is_string(v) ||
        !glm_yaml_decode(arena, v->as.text, v->len, "state", NULL, &document, &ignored) ||
        !glm_is_map(document))
        return v;
    return glm_string(arena, glm_json_text(arena, document));
}

static const struct glm_value *config_list(struct glm_arena *arena, const struct glm_attr *attr,
                                           const struct glm_value *v)
{
    struct glm_list_builder b;
    glm_list_init(&b, arena);
    for (size_t i = 0; i < v->len; i++)
        glm_list_add(&b, config_object(arena, attr->nested, v->as.list[i], NULL));
    return glm_list_finish(&b);
}

static const struct glm_value *config_map(struct glm_arena *arena, const struct glm_attr *attr,
                                          const struct glm_value *v)
{
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    for (size_t i = 0; i < v->len; i++)
        glm_map_append(&b, v->as.map[i].key, 0, 0,
                       config_object(arena, attr->nested, v->as.map[i].value, v->as.map[i].key));
    return glm_map_finish(&b, NULL);
}

static const struct glm_value *config_attr(struct glm_arena *arena, const struct glm_attr *attr,
                                           const struct glm_value *v, const char *key)
{
    if ((attr->use & (GLM_OPTIONAL | GLM_REQUIRED | GLM_COMPUTED)) == GLM_COMPUTED ||
        is_default(arena, attr, v, key))
        return &glm_null;
    if (attr->crd_document)
        return document_as_json(arena, v);
    if (attr->nesting == GLM_NEST_SINGLE)
        return config_object(arena, attr->nested, v, key);
    if (attr->nesting == GLM_NEST_LIST && glm_is_list(v))
        return config_list(arena, attr, v);
    return attr->nesting == GLM_NEST_MAP && glm_is_map(v) ? config_map(arena, attr, v) : v;
}

/* key: of the element of a map that v is in, for GLM_FALLBACK_KEY. */
static const struct glm_value *config_object(struct glm_arena *arena, const struct glm_attr *attrs,
                                             const struct glm_value *v, const char *key)
{
    if (!glm_is_map(v))
        return v;
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    for (; attrs->name; attrs++)
        glm_map_append(&b, attrs->name, 0, 0,
                       config_attr(arena, attrs, glm_get(v, attrs->name), key));
    return glm_map_finish(&b, NULL);
}

const struct glm_value *glm_schema_config(struct glm_arena *arena, const struct glm_attr *attrs,
                                          const struct glm_value *state)
{
    return config_object(arena, attrs, state, NULL);
}
