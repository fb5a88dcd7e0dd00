/* SPDX-License-Identifier: Apache-2.0
 *
 * Trees: building them from fields that may be absent, and laying one over another.
 */
#include "parts.h"

#include <string.h>

const struct glm_value *part_map(struct glm_arena *arena, const struct part_field *fields,
                                 size_t count)
{
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    glm_map_reserve(&b, count);
    for (size_t i = 0; i < count; i++)
        if (fields[i].value)
            glm_map_append(&b, fields[i].key, 0, 0, fields[i].value);
    return glm_map_finish(&b, NULL);
}

static void append(struct glm_map_builder *b, const struct glm_pair *pair,
                   const struct glm_value *v)
{
    glm_map_append(b, pair->key, pair->line, pair->column, v);
}

/* As deep as the deeper of the two, so never deeper than GLM_VALUE_DEPTH. */
const struct glm_value *part_merged(struct glm_arena *arena, const struct glm_value *base,
                                    const struct glm_value *over)
{
    if (!glm_is_map(base) || !glm_is_map(over) || base->len == 0)
        return over;
    if (over->len == 0)
        return base;
    struct glm_map_builder b;
    size_t i = 0, k = 0;
    glm_map_init(&b, arena);
    glm_map_reserve(&b, base->len + over->len);
    while (i < base->len && k < over->len) { /* both are sorted */
        const struct glm_pair *was = &base->as.map[i], *is = &over->as.map[k];
        int order = strcmp(was->key, is->key);
        if (order < 0)
            append(&b, was, was->value);
        else
            append(&b, is, order > 0 ? is->value : part_merged(arena, was->value, is->value));
        i += order <= 0;
        k += order >= 0;
    }
    for (; i < base->len; i++)
        append(&b, &base->as.map[i], base->as.map[i].value);
    for (; k < over->len; k++)
        append(&b, &over->as.map[k], over->as.map[k].value);
    return glm_map_finish(&b, NULL);
}
