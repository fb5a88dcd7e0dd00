/* SPDX-License-Identifier: Apache-2.0
 *
 * Schema walker: one value beside its attributes, rebuilt by a function of each attribute.
 *
 * Errors: none. Depth is the depth of the tables.
 */
#include "rewrite.h"

#include <string.h>

static const struct glm_value *object(struct glm_arena *arena, const struct glm_attr *attrs,
                                      const struct glm_value *v, const char *key,
                                      rewrite_attr *rewrite);

static const struct glm_value *elements(struct glm_arena *arena, const struct glm_attr *attrs,
                                        const struct glm_value *v, rewrite_attr *rewrite)
{
    struct glm_list_builder b;
    glm_list_init(&b, arena);
    glm_list_reserve(&b, v->len);
    for (size_t i = 0; i < v->len; i++)
        glm_list_add(&b, object(arena, attrs, v->as.list[i], NULL, rewrite));
    return glm_list_finish(&b);
}

/* True when what takes an attribute's place depends on the key that the object has. */
static bool is_by_key(const struct glm_attr *attrs)
{
    for (; attrs->name; attrs++)
        if ((attrs->fallback && strcmp(attrs->fallback, GLM_FALLBACK_KEY) == 0) ||
            (attrs->nesting == GLM_NEST_SINGLE && is_by_key(attrs->nested)))
            return true;
    return false;
}

/* One value at many keys, as a decoder lends it, becomes one value again. */
static const struct glm_value *entries(struct glm_arena *arena, const struct glm_attr *attrs,
                                       const struct glm_value *v, rewrite_attr *rewrite)
{
    struct glm_map_builder b;
    const bool by_key = is_by_key(attrs);
    const struct glm_value *last = NULL, *rewritten = NULL;
    glm_map_init(&b, arena);
    glm_map_reserve(&b, v->len);
    for (size_t i = 0; i < v->len; i++) {
        const struct glm_pair *pair = &v->as.map[i];
        if (pair->value != last || by_key)
            rewritten = object(arena, attrs, pair->value, pair->key, rewrite);
        last = pair->value;
        glm_map_append(&b, pair->key, pair->line, pair->column, rewritten);
    }
    return glm_map_finish(&b, NULL);
}

static const struct glm_value *attribute(struct glm_arena *arena, const struct glm_attr *attr,
                                         const struct glm_value *v, const char *key,
                                         rewrite_attr *rewrite)
{
    const struct glm_value *instead = rewrite(arena, attr, v, key);
    if (instead)
        return instead;
    if (attr->nesting == GLM_NEST_SINGLE)
        return object(arena, attr->nested, v, key, rewrite);
    if (attr->nesting == GLM_NEST_LIST && glm_is_list(v))
        return elements(arena, attr->nested, v, rewrite);
    if (attr->nesting == GLM_NEST_MAP && glm_is_map(v))
        return entries(arena, attr->nested, v, rewrite);
    return v;
}

static const struct glm_value *object(struct glm_arena *arena, const struct glm_attr *attrs,
                                      const struct glm_value *v, const char *key,
                                      rewrite_attr *rewrite)
{
    if (!glm_is_map(v))
        return v;
    struct glm_map_builder b;
    size_t count = 0;
    while (attrs[count].name)
        count++;
    glm_map_init(&b, arena);
    glm_map_reserve(&b, count);
    for (; attrs->name; attrs++)
        glm_map_append(&b, attrs->name, 0, 0,
                       attribute(arena, attrs, glm_get(v, attrs->name), key, rewrite));
    return glm_map_finish(&b, NULL);
}

const struct glm_value *schema_rewrite(struct glm_arena *arena, const struct glm_attr *attrs,
                                       const struct glm_value *v, rewrite_attr *attr)
{
    return object(arena, attrs, v, NULL, attr);
}
