/* SPDX-License-Identifier: Apache-2.0
 *
 * Overlaid: what is one cluster's own, taken from where it was rendered onto another common object.
 *
 * Depth:  bounded by GLM_VALUE_DEPTH.
 * Time:   nothing is compared on the way down: only leaves are, and lists without keys.
 */
#include "glm/difference.h"

#include "internal.h"

/* The same place in each of them; null: nothing is there. */
struct three {
    const struct glm_value *onto, *common, *whole;
};

static const struct glm_value *overlaid(struct glm_arena *arena, const struct three *at,
                                        size_t depth);

/* ---- maps ---- */

static bool is_map_or_none(const struct glm_value *v)
{
    return glm_is_map(v) || glm_is_null(v);
}

/* Maps are gone into where glm_differences goes into them: what is gone as a whole is one thing. */
static bool are_maps(const struct three *at)
{
    return is_map_or_none(at->onto) && is_map_or_none(at->common) && glm_is_map(at->whole) &&
           (at->whole->len > 0 || glm_is_map(at->common));
}

static void set(struct glm_map_builder *b, const char *key, const struct glm_value *was,
                const struct glm_value *is)
{
    if (is == was)
        return;
    if (glm_is_null(is))
        glm_map_remove(b, key);
    else
        glm_map_set(b, key, is);
}

static const struct glm_value *maps(struct glm_arena *arena, const struct three *at, size_t depth)
{
    struct glm_map_builder b;
    bool changed = false;
    glm_map_init_from(&b, arena, at->onto);
    for (int from = 0; from < 2; from++) {
        const struct glm_value *keys = from ? at->common : at->whole;
        for (size_t i = 0; glm_is_map(keys) && i < keys->len; i++) {
            const char *key = keys->as.map[i].key;
            if (from && glm_has(at->whole, key))
                continue;
            const struct three below = {glm_get(at->onto, key), glm_get(at->common, key),
                                        glm_get(at->whole, key)};
            const struct glm_value *v = overlaid(arena, &below, depth + 1);
            changed = changed || v != below.onto;
            set(&b, key, below.onto, v);
        }
    }
    return changed ? glm_map_finish(&b, NULL) : at->onto;
}

/* ---- lists ---- */

struct merge {
    struct glm_arena *arena;
    struct three by_key; /* maps of mesh_elements */
    const char **keys;   /* of the elements of whole, in its order */
    size_t depth;
    struct glm_list_builder list;
    bool changed;
};

static const char **keys_in_order(struct glm_arena *arena, const struct glm_value *by_key)
{
    const char **keys = GLM_NEW_ARRAY(arena, by_key->len + 1, const char *);
    for (size_t i = 0; i < by_key->len; i++)
        keys[by_key->as.map[i].line] = by_key->as.map[i].key;
    return keys;
}

static void element(struct merge *m, const char *key)
{
    const struct three at = {glm_get(m->by_key.onto, key), glm_get(m->by_key.common, key),
                             glm_get(m->by_key.whole, key)};
    const struct glm_value *v = at.onto;
    if (!glm_is_null(at.onto))
        v = overlaid(m->arena, &at, m->depth + 1);
    else if (!glm_equal(at.common, at.whole))
        v = at.whole; /* with what it is told apart by */
    m->changed = m->changed || v != at.onto;
    if (!glm_is_null(v))
        glm_list_add(&m->list, v);
}

/* From the place in whole on, the elements that onto does not have: they follow the one that they follow
 * there. */
static void followers(struct merge *m, size_t from)
{
    for (size_t i = from; m->keys[i] && !glm_has(m->by_key.onto, m->keys[i]); i++)
        element(m, m->keys[i]);
}

/* NULL: elements cannot be told apart by such a key. */
static const struct glm_value *by_key(struct glm_arena *arena, enum mesh_element by,
                                      const struct three *at, size_t depth)
{
    struct merge m = {.arena = arena, .depth = depth};
    m.by_key =
        (struct three){mesh_elements(arena, by, at->onto), mesh_elements(arena, by, at->common),
                       mesh_elements(arena, by, at->whole)};
    if (!m.by_key.onto || !m.by_key.common || !m.by_key.whole)
        return NULL;
    const char **keys = keys_in_order(arena, m.by_key.onto);
    m.keys = keys_in_order(arena, m.by_key.whole);
    glm_list_init(&m.list, arena);
    followers(&m, 0);
    for (size_t i = 0; i < m.by_key.onto->len; i++) {
        const struct glm_pair *in_whole = glm_get_pair(m.by_key.whole, keys[i]);
        element(&m, keys[i]);
        if (in_whole)
            followers(&m, (size_t)in_whole->line + 1);
    }
    return m.changed ? glm_list_finish(&m.list) : at->onto;
}

static const struct glm_value *by_index(struct glm_arena *arena, const struct three *at,
                                        size_t depth)
{
    size_t most = at->onto->len > at->whole->len ? at->onto->len : at->whole->len;
    struct glm_list_builder b;
    bool changed = false;
    glm_list_init(&b, arena);
    for (size_t i = 0; i < most; i++) {
        const struct three below = {glm_at(at->onto, i), glm_at(at->common, i),
                                    glm_at(at->whole, i)};
        const struct glm_value *v = overlaid(arena, &below, depth + 1);
        /* Taken away, or not there and nothing of its own. */
        bool absent = glm_is_null(v) && (i >= at->whole->len || i >= at->onto->len);
        changed = changed || (absent ? i < at->onto->len : v != below.onto);
        if (!absent)
            glm_list_add(&b, v);
    }
    return changed ? glm_list_finish(&b) : at->onto;
}

static bool has_maps_or_none(const struct glm_value *v)
{
    for (size_t i = 0; glm_is_list(v) && i < v->len; i++)
        if (!glm_is_map(v->as.list[i]))
            return false;
    return glm_is_list(v) || glm_is_null(v);
}

/* A list of scalars is one thing. */
static bool are_lists(const struct three *at)
{
    return has_maps_or_none(at->onto) && has_maps_or_none(at->common) &&
           has_maps_or_none(at->whole) && glm_is_list(at->whole) && at->whole->len > 0;
}

static const struct glm_value *lists(struct glm_arena *arena, const struct three *at, size_t depth)
{
    const struct glm_value *v = by_key(arena, MESH_BY_NAME, at, depth);
    if (!v)
        v = by_key(arena, MESH_BY_PORT, at, depth);
    return v ? v : by_index(arena, at, depth);
}

/* ---- the walk ---- */

/* Without a look into them. */
static bool is_same(const struct glm_value *a, const struct glm_value *b)
{
    return a == b || (glm_is_null(a) && glm_is_null(b));
}

static const struct glm_value *overlaid(struct glm_arena *arena, const struct three *at,
                                        size_t depth)
{
    bool into = depth < GLM_VALUE_DEPTH;
    if (is_same(at->common, at->whole))
        return at->onto;
    if (is_same(at->common, at->onto))
        return at->whole;
    if (into && are_maps(at))
        return maps(arena, at, depth);
    if (into && are_lists(at))
        return lists(arena, at, depth);
    return glm_equal(at->common, at->whole) ? at->onto : at->whole;
}

const struct glm_value *glm_overlaid(struct glm_arena *arena, const struct glm_value *onto,
                                     const struct glm_value *common, const struct glm_value *whole)
{
    const struct three at = {onto, common, whole};
    return glm_equal(onto, common) ? whole : overlaid(arena, &at, 0);
}
