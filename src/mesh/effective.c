/* SPDX-License-Identifier: Apache-2.0
 *
 * Effective values: what overrides what in a spec, in one place.
 *
 * What:   the charts see one tree of values. The operator writes hub, tag, revision, meshConfig and
 *         the like of the spec into it, merges `values` over that, and `unvalidatedValues` over both.
 *         A rule or translation that asks one of these places alone is lied to by the others.
 * Owner:  results point into the spec; maps that several places have a part of are merged in the
 *         arena.
 */
#include "internal.h"

#include <stdarg.h>
#include <string.h>

#define PATH_MAX_KEYS 8

struct keys {
    const char *at[PATH_MAX_KEYS];
    size_t count;
};

static struct keys keys_of(va_list list)
{
    struct keys keys = {0};
    for (const char *key; keys.count < PATH_MAX_KEYS && (key = va_arg(list, const char *));)
        keys.at[keys.count++] = key;
    return keys;
}

static const struct glm_value *below(const struct glm_value *v, const struct keys *keys,
                                     size_t from)
{
    for (size_t i = from; i < keys->count && !glm_is_null(v); i++)
        v = glm_get(v, keys->at[i]);
    return v;
}

/* The field of the spec that the operator copies to this path of the values; NULL: none. How many
 * of the keys it stands for: ret_keys. */
static const char *field_behind(const struct keys *keys, size_t *ret_keys)
{
    static const struct {
        const char *first, *second, *field;
    } copied[] = {
        {"compatibilityVersion", NULL, "compatibilityVersion"},
        {"global", "hub", "hub"},
        {"global", "istioNamespace", "namespace"},
        {"global", "tag", "tag"},
        {"meshConfig", NULL, "meshConfig"},
        {"revision", NULL, "revision"},
    };
    for (size_t i = 0; i < sizeof copied / sizeof *copied; i++) {
        size_t needed = copied[i].second ? 2 : 1;
        if (keys->count < needed || strcmp(keys->at[0], copied[i].first) != 0 ||
            (needed == 2 && strcmp(keys->at[1], copied[i].second) != 0))
            continue;
        *ret_keys = needed;
        return copied[i].field;
    }
    return NULL;
}

/* What one place says of the path, null for nothing. */
static const struct glm_value *said_in(const struct glm_value *spec, enum glm_layer layer,
                                       const struct keys *keys)
{
    size_t used = 0;
    const char *field;
    if (layer == GLM_LAYER_VALUES)
        field = "values";
    else if (layer == GLM_LAYER_UNVALIDATED)
        field = "unvalidatedValues";
    else
        field = field_behind(keys, &used);
    return field ? below(glm_get(spec, field), keys, used) : &glm_null;
}

static const char *where_of(struct glm_arena *arena, enum glm_layer layer, const struct keys *keys)
{
    struct glm_text text;
    size_t from = 0;
    glm_text_init(&text, arena, 4096);
    if (layer == GLM_LAYER_SPEC)
        glm_text_adds(&text, field_behind(keys, &from));
    else
        glm_text_adds(&text, layer == GLM_LAYER_VALUES ? "values" : "unvalidatedValues");
    for (size_t i = from; i < keys->count; i++)
        glm_text_addf(&text, ".%s", keys->at[i]);
    return text.data;
}

struct mesh_setting mesh_setting_in(struct glm_arena *arena, const struct glm_value *spec,
                                    enum glm_layer layer, ...)
{
    va_list list;
    va_start(list, layer);
    struct keys keys = keys_of(list);
    va_end(list);
    const struct glm_value *v = said_in(spec, layer, &keys);
    return (struct mesh_setting){
        .value = v, .where = glm_is_null(v) ? "" : where_of(arena, layer, &keys), .layer = layer};
}

struct mesh_setting mesh_setting(struct glm_arena *arena, const struct glm_value *spec, ...)
{
    va_list list;
    va_start(list, spec);
    struct keys keys = keys_of(list);
    va_end(list);
    for (int layer = GLM_LAYER_UNVALIDATED; layer >= GLM_LAYER_SPEC; layer--) {
        const struct glm_value *v = said_in(spec, (enum glm_layer)layer, &keys);
        if (!glm_is_null(v))
            return (struct mesh_setting){.value = v,
                                         .where = where_of(arena, (enum glm_layer)layer, &keys),
                                         .layer = (enum glm_layer)layer};
    }
    return (struct mesh_setting){.value = &glm_null, .where = ""};
}

static void append(struct glm_map_builder *b, const struct glm_pair *pair,
                   const struct glm_value *v)
{
    glm_map_append(b, pair->key, pair->line, pair->column, v);
}

/* over merged into base: maps by key, everything else replaced; a null says nothing. As deep as
 * the deeper of the two, so never deeper than GLM_VALUE_DEPTH. */
static const struct glm_value *merged(struct glm_arena *arena, const struct glm_value *base,
                                      const struct glm_value *over)
{
    if (glm_is_null(over))
        return base;
    if (!glm_is_map(base) || !glm_is_map(over))
        return over;
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    size_t i = 0, k = 0;
    while (i < base->len && k < over->len) { /* both are sorted */
        const struct glm_pair *was = &base->as.map[i], *is = &over->as.map[k];
        int order = strcmp(was->key, is->key);
        if (order < 0)
            append(&b, was, was->value);
        else if (order > 0)
            append(&b, is, is->value);
        else
            append(&b, glm_is_null(is->value) ? was : is, merged(arena, was->value, is->value));
        i += order <= 0;
        k += order >= 0;
    }
    for (; i < base->len; i++)
        append(&b, &base->as.map[i], base->as.map[i].value);
    for (; k < over->len; k++)
        append(&b, &over->as.map[k], over->as.map[k].value);
    return glm_map_finish(&b, NULL);
}

const struct glm_value *mesh_effective(struct glm_arena *arena, const struct glm_value *spec, ...)
{
    va_list list;
    va_start(list, spec);
    struct keys keys = keys_of(list);
    va_end(list);
    const struct glm_value *v = &glm_null;
    for (int layer = GLM_LAYER_SPEC; layer <= GLM_LAYER_UNVALIDATED; layer++)
        v = merged(arena, v, said_in(spec, (enum glm_layer)layer, &keys));
    return v;
}
