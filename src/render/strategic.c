/* SPDX-License-Identifier: Apache-2.0
 *
 * Kubernetes' strategic merge, as far as k8s.* can lead into it: maps key by key, null removes, lists replace,
 * but one whose elements have names.
 *
 * Depth: never deeper than the deeper of both trees, GLM_VALUE_DEPTH.
 * Source: k8s.io/apimachinery/pkg/util/strategicpatch.
 */
#include "internal.h"

#include <stdlib.h>
#include <string.h>

#define DIRECTIVE "$patch" /* a key that says what becomes of the map it stands in */

const struct glm_value *render_taken(struct glm_arena *arena, const struct glm_value *v)
{
    struct glm_map_builder map;
    struct glm_list_builder list;
    if (glm_has(v, DIRECTIVE))
        return NULL;
    if (glm_is_list(v)) {
        glm_list_init(&list, arena);
        for (size_t i = 0; i < v->len; i++) {
            const struct glm_value *element = render_taken(arena, v->as.list[i]);
            if (element)
                glm_list_add(&list, element);
        }
        return glm_list_finish(&list);
    }
    if (!glm_is_map(v))
        return v;
    glm_map_init(&map, arena);
    for (size_t i = 0; i < v->len; i++) {
        const struct glm_pair *pair = &v->as.map[i];
        const struct glm_value *field = render_taken(arena, pair->value);
        if (field && !glm_is_null(field))
            glm_map_append(&map, pair->key, 0, 0, field);
    }
    return glm_map_finish(&map, NULL);
}

/* ---- lists of things with names ---- */

struct named {
    const char *name;
    const struct glm_value *value;
    size_t place;
};

static int by_name(const void *a, const void *b)
{
    const struct named *x = a, *y = b;
    int order = strcmp(x->name, y->name);
    return order ? order : (x->place > y->place) - (x->place < y->place);
}

static struct named *by_names(struct glm_arena *arena, const struct glm_value *list)
{
    struct named *all = GLM_NEW_ARRAY(arena, list->len, struct named);
    for (size_t i = 0; i < list->len; i++)
        all[i] = (struct named){
            .name = glm_string_or(glm_get(list->as.list[i], "name"), ""),
            .value = list->as.list[i],
            .place = i,
        };
    qsort(all, list->len, sizeof *all, by_name);
    return all;
}

struct merging {
    struct glm_arena *arena;
    const struct glm_value *
        *old; /* by the place in the base: what the patch does not name; else NULL */
    const struct glm_value *
        *changed;              /* by the place in the patch: what comes of the name; else NULL */
    const struct named **were; /* by the place in the patch: all of that name in the base */
    size_t *count;             /* of were */
};

/* All of one name: in the base, the patch, or both. */
static void merge_name(struct merging *m, const struct named *base, size_t bases,
                       const struct named *over, size_t overs)
{
    if (overs == 0) {
        for (size_t i = 0; i < bases; i++)
            m->old[base[i].place] = base[i].value;
        return;
    }
    /* A new one is taken as it is, nulls and all. */
    const struct glm_value *v = bases ? base[0].value : over[0].value;
    for (size_t i = bases ? 0 : 1; i < overs; i++)
        v = render_strategic(m->arena, v, over[i].value, NULL);
    m->changed[over[0].place] = v;
    m->were[over[0].place] = base;
    m->count[over[0].place] = bases;
}

static size_t run_of(const struct named *all, size_t from, size_t count)
{
    size_t end = from;
    while (end < count && strcmp(all[end].name, all[from].name) == 0)
        end++;
    return end - from;
}

static void merge_names(struct merging *m, const struct glm_value *base,
                        const struct glm_value *over)
{
    const struct named *b = by_names(m->arena, base), *o = by_names(m->arena, over);
    size_t i = 0, k = 0;
    while (i < base->len || k < over->len) {
        int order = i == base->len ? 1 : k == over->len ? -1 : strcmp(b[i].name, o[k].name);
        size_t bases = order <= 0 ? run_of(b, i, base->len) : 0;
        size_t overs = order >= 0 ? run_of(o, k, over->len) : 0;
        merge_name(m, b + i, bases, o + k, overs);
        i += bases;
        k += overs;
    }
}

/* Elements of the patch in its order, the others in theirs; of the heads of both the other one first only
 * where both were there before, and it stood before. A name that the base has twice is changed once, and
 * both are elements of the patch. */
static const struct glm_value *in_order(const struct merging *m, const struct glm_value *base,
                                        const struct glm_value *over)
{
    struct glm_list_builder b;
    size_t left = 0;
    glm_list_init(&b, m->arena);
    glm_list_reserve(&b, base->len + over->len);
    for (size_t right = 0; right < over->len; right++) {
        const struct named *were = m->were[right];
        if (!m->changed[right])
            continue;
        for (; m->count[right] && left < were[0].place; left++)
            if (m->old[left])
                glm_list_add(&b, m->old[left]);
        glm_list_add(&b, m->changed[right]);
        for (size_t i = 1; i < m->count[right]; i++)
            glm_list_add(&b, were[i].value);
    }
    for (; left < base->len; left++)
        if (m->old[left])
            glm_list_add(&b, m->old[left]);
    return glm_list_finish(&b);
}

static const struct glm_value *merged_by_name(struct glm_arena *arena, const struct glm_value *base,
                                              const struct glm_value *over)
{
    struct merging m = {
        .arena = arena,
        .old = GLM_NEW_ARRAY(arena, base->len, const struct glm_value *),
        .changed = GLM_NEW_ARRAY(arena, over->len, const struct glm_value *),
        .were = GLM_NEW_ARRAY(arena, over->len, const struct named *),
        .count = GLM_NEW_ARRAY(arena, over->len, size_t),
    };
    merge_names(&m, base, over);
    return in_order(&m, base, over);
}

/* ---- maps ---- */

static bool is_key(const char *key, const char *of)
{
    return of && strcmp(key, of) == 0;
}

/* NULL: the field goes. */
static const struct glm_value *merged_field(struct glm_arena *arena, const char *key,
                                            const struct glm_value *was, const struct glm_value *is,
                                            const struct render_rule *rule)
{
    if (was->kind != is->kind || (rule && is_key(key, rule->replaced)))
        return was->kind == is->kind ? is : render_taken(arena, is);
    if (glm_is_map(is))
        return render_strategic(arena, was, is, NULL);
    if (glm_is_list(is) && rule && is_key(key, rule->keyed))
        return merged_by_name(arena, was, is);
    return is;
}

const struct glm_value *render_strategic(struct glm_arena *arena, const struct glm_value *base,
                                         const struct glm_value *over,
                                         const struct render_rule *rule)
{
    const struct glm_value *directive = glm_get(over, DIRECTIVE);
    if (glm_string_is(directive, "replace"))
        return glm_without(arena, over, DIRECTIVE);
    if (glm_string_is(directive, "delete"))
        return &glm_empty_map;
    struct glm_map_builder b;
    glm_map_init_from(&b, arena, base);
    for (size_t i = 0; i < over->len; i++) {
        const char *key = over->as.map[i].key;
        const struct glm_value *is = over->as.map[i].value;
        const struct glm_pair *was = glm_get_pair(base, key);
        if (strcmp(key, DIRECTIVE) == 0)
            continue;
        const struct glm_value *now = glm_is_null(is) ? NULL
                                      : was ? merged_field(arena, key, was->value, is, rule)
                                            : render_taken(arena, is);
        if (now)
            glm_map_set(&b, key, now);
        else
            glm_map_remove(&b, key);
    }
    return glm_map_finish(&b, NULL);
}
