/* SPDX-License-Identifier: Apache-2.0
 *
 * Nulls: what optional() and yamlencode() write for what was left out. To the operator a null is as
 * good as nothing, an API server takes some and refuses others: no object has one.
 */
#include "internal.h"

static const struct glm_value *without(struct glm_arena *arena, const struct glm_value *v,
                                       unsigned depth);

/* Nothing is made before something changes: most trees have no null, and are shared as they are. */
static const struct glm_value *map_without(struct glm_arena *arena, const struct glm_value *v,
                                           unsigned depth)
{
    struct glm_map_builder b;
    bool changed = false;
    for (size_t i = 0; i < v->len; i++) {
        const struct glm_pair *pair = &v->as.map[i];
        const struct glm_value *now = without(arena, pair->value, depth + 1);
        if (!changed && (now != pair->value || glm_is_null(now))) {
            changed = true;
            glm_map_init(&b, arena);
            for (size_t k = 0; k < i; k++)
                glm_map_append(&b, v->as.map[k].key, v->as.map[k].line, v->as.map[k].column,
                               v->as.map[k].value);
        }
        if (changed && !glm_is_null(now))
            glm_map_append(&b, pair->key, pair->line, pair->column, now);
    }
    return changed ? glm_positioned(arena, glm_map_finish(&b, NULL), v->line, v->column) : v;
}

static const struct glm_value *list_without(struct glm_arena *arena, const struct glm_value *v,
                                            unsigned depth)
{
    struct glm_list_builder b;
    bool changed = false;
    for (size_t i = 0; i < v->len; i++) {
        const struct glm_value *now = without(arena, v->as.list[i], depth + 1);
        if (!changed && (now != v->as.list[i] || glm_is_null(now))) {
            changed = true;
            glm_list_init(&b, arena);
            for (size_t k = 0; k < i; k++)
                glm_list_add(&b, v->as.list[k]);
        }
        if (changed && !glm_is_null(now))
            glm_list_add(&b, now);
    }
    return changed ? glm_positioned(arena, glm_list_finish(&b), v->line, v->column) : v;
}

static const struct glm_value *without(struct glm_arena *arena, const struct glm_value *v,
                                       unsigned depth)
{
    if (depth > GLM_VALUE_DEPTH)
        return v;
    return glm_is_map(v)    ? map_without(arena, v, depth)
           : glm_is_list(v) ? list_without(arena, v, depth)
                            : v;
}

const struct glm_value *glm_without_nulls(struct glm_arena *arena, const struct glm_value *v)
{
    return without(arena, v, 0);
}
