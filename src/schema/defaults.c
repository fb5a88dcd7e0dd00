/* SPDX-License-Identifier: Apache-2.0
 *
 * Schema walker: a configuration with its defaults.
 *
 * What:   defaults come from the table and the configuration alone, never from what Terraform
 *         proposes: its proposal carries values of the state the user has since removed.
 * Owner:  the result lives in the arena and shares what did not change with the input.
 * Errors: none; a fallback that is no JSON is a mistake in a table, found by the tests.
 */
#include "glm/codec.h"
#include "glm/schema.h"

#include <string.h>

static const struct glm_value *fill_object(struct glm_arena *arena, const struct glm_attr *attrs,
                                           const struct glm_value *v, const char *key);

static const struct glm_value *fallback_value(struct glm_arena *arena, const struct glm_attr *attr,
                                              const char *key)
{
    if (!strcmp(attr->fallback, GLM_FALLBACK_KEY))
        return key ? glm_string(arena, key) : &glm_null;
    struct glm_diags ignored;
    glm_diags_init(&ignored, arena);
    const struct glm_value *v = &glm_null;
    if (!glm_json_decode(arena, attr->fallback, strlen(attr->fallback), attr->name, NULL, &v,
                         &ignored))
        return &glm_null;
    return v;
}

static const struct glm_value *fill_list(struct glm_arena *arena, const struct glm_attr *attr,
                                         const struct glm_value *v)
{
    struct glm_list_builder b;
    glm_list_init(&b, arena);
    for (size_t i = 0; i < v->len; i++)
        glm_list_add(&b, fill_object(arena, attr->nested, v->as.list[i], NULL));
    return glm_list_finish(&b);
}

static const struct glm_value *fill_map(struct glm_arena *arena, const struct glm_attr *attr,
                                        const struct glm_value *v)
{
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    for (size_t i = 0; i < v->len; i++) {
        const struct glm_pair *pair = &v->as.map[i];
        glm_map_append(&b, pair->key, pair->line, pair->column,
                       fill_object(arena, attr->nested, pair->value, pair->key));
    }
    return glm_map_finish(&b, NULL);
}

static const struct glm_value *fill_attr(struct glm_arena *arena, const struct glm_attr *attr,
                                         const struct glm_value *v, const char *key)
{
    if ((attr->use & (GLM_OPTIONAL | GLM_REQUIRED | GLM_COMPUTED)) == GLM_COMPUTED)
        return &glm_null;
    if (glm_is_null(v) && attr->fallback)
        return fallback_value(arena, attr, key);
    if (attr->nesting == GLM_NEST_SINGLE)
        return fill_object(arena, attr->nested, v, key);
    if (attr->nesting == GLM_NEST_LIST && glm_is_list(v))
        return fill_list(arena, attr, v);
    return attr->nesting == GLM_NEST_MAP && glm_is_map(v) ? fill_map(arena, attr, v) : v;
}

/* key: of the element of a map that v is in, for GLM_FALLBACK_KEY. */
static const struct glm_value *fill_object(struct glm_arena *arena, const struct glm_attr *attrs,
                                           const struct glm_value *v, const char *key)
{
    if (!glm_is_map(v))
        return v;
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    for (; attrs->name; attrs++)
        glm_map_append(&b, attrs->name, 0, 0,
                       fill_attr(arena, attrs, glm_get(v, attrs->name), key));
    return glm_map_finish(&b, NULL);
}

const struct glm_value *glm_schema_defaults(struct glm_arena *arena, const struct glm_attr *attrs,
                                            const struct glm_value *config)
{
    return fill_object(arena, attrs, config, NULL);
}
