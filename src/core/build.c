/* SPDX-License-Identifier: Apache-2.0
 *
 * Building maps and lists, and copies of values with a part changed.
 */
#include "glm/value.h"

#include <stdlib.h>
#include <string.h>

/* Up to here a look at each is quicker than an index. */
#define FEW ((size_t)16)
#define REMOVED UINT32_MAX

/* Open addressing: each slot has the place of a pair from 1, 0 where none ever was. A builder that
 * is only appended to, as decoders do, never has one. */
struct glm_map_index {
    uint32_t *slots;
    size_t size, used; /* size: a power of two; used: slots that are not 0 */
    size_t indexed;    /* the pairs before this one are in it */
};

void glm_map_init(struct glm_map_builder *b, struct glm_arena *arena)
{
    *b = (struct glm_map_builder){.arena = arena};
}

static void grow_map(struct glm_map_builder *b, size_t capacity)
{
    if (capacity <= b->capacity)
        return;
    if (capacity < b->capacity * 2)
        capacity = b->capacity * 2;
    struct glm_pair *pairs = GLM_NEW_ARRAY(b->arena, capacity, struct glm_pair);
    if (b->len)
        memcpy(pairs, b->pairs, b->len * sizeof *pairs);
    b->pairs = pairs;
    b->capacity = capacity;
}

void glm_map_init_from(struct glm_map_builder *b, struct glm_arena *arena,
                       const struct glm_value *v)
{
    glm_map_init(b, arena);
    if (v->kind != GLM_MAP || v->len == 0)
        return;
    grow_map(b, v->len + 4);
    memcpy(b->pairs, v->as.map, v->len * sizeof *b->pairs);
    b->len = v->len;
}

void glm_map_reserve(struct glm_map_builder *b, size_t count)
{
    grow_map(b, count);
}

/* ---- finding what was set ---- */

/* Another one in every process, so that nobody can write keys that all fall together. */
static size_t slot_of(const struct glm_map_builder *b, const char *key)
{
    uint64_t hash = 0xcbf29ce484222325U ^ (uintptr_t)b->arena;
    for (; *key; key++)
        hash = (hash ^ (unsigned char)*key) * 0x100000001b3U;
    return (size_t)(hash ^ hash >> 29) & (b->index->size - 1);
}

static void put(const struct glm_map_builder *b, size_t place)
{
    struct glm_map_index *x = b->index;
    size_t slot = slot_of(b, b->pairs[place].key);
    while (x->slots[slot])
        slot = (slot + 1) & (x->size - 1);
    x->slots[slot] = (uint32_t)place + 1;
    x->used++;
}

/* Takes in what was appended since; larger when it is half full. */
static void bring_up(const struct glm_map_builder *b)
{
    struct glm_map_index *x = b->index;
    if ((x->used + b->len - x->indexed) * 2 > x->size) {
        while (x->size < b->len * 4)
            x->size = x->size ? x->size * 2 : FEW * 8;
        x->slots = GLM_NEW_ARRAY(b->arena, x->size, uint32_t);
        x->used = x->indexed = 0;
    }
    for (; x->indexed < b->len; x->indexed++)
        put(b, x->indexed);
}

/* The slot of the first pair with the key, or where the search for it ends. */
static uint32_t *find_slot(const struct glm_map_builder *b, const char *key)
{
    struct glm_map_index *x = b->index;
    size_t slot = slot_of(b, key);
    while (x->slots[slot] &&
           (x->slots[slot] == REMOVED || strcmp(b->pairs[x->slots[slot] - 1].key, key) != 0))
        slot = (slot + 1) & (x->size - 1);
    return &x->slots[slot];
}

static struct glm_pair *find(const struct glm_map_builder *b, const char *key)
{
    if (b->len > FEW && b->index) {
        bring_up(b);
        uint32_t place = *find_slot(b, key);
        return place ? &b->pairs[place - 1] : NULL;
    }
    for (size_t i = 0; i < b->len; i++)
        if (strcmp(b->pairs[i].key, key) == 0)
            return &b->pairs[i];
    return NULL;
}

/* For who changes what is there, and so is going to look for more. */
static struct glm_pair *find_to_change(struct glm_map_builder *b, const char *key)
{
    if (b->len > FEW && !b->index)
        b->index = GLM_NEW(b->arena, struct glm_map_index);
    return find(b, key);
}

/* The last pair moves to where the removed one was. */
static void remove_pair(struct glm_map_builder *b, struct glm_pair *pair)
{
    const struct glm_pair *last = &b->pairs[b->len - 1];
    if (b->len > FEW && b->index) {
        *find_slot(b, pair->key) = REMOVED;
        if (pair != last) {
            size_t slot = slot_of(b, last->key);
            while (b->index->slots[slot] != b->len)
                slot = (slot + 1) & (b->index->size - 1);
            b->index->slots[slot] = (uint32_t)(pair - b->pairs) + 1;
        }
        b->index->indexed--;
    } else if (b->index) {
        *b->index = (struct glm_map_index){0}; /* no longer kept up */
    }
    *pair = *last;
    b->len--;
}

void glm_map_append(struct glm_map_builder *b, const char *key, uint32_t line, uint32_t column,
                    const struct glm_value *v)
{
    if (b->len == b->capacity)
        grow_map(b, b->len ? b->len * 2 : 4);
    b->pairs[b->len++] = (struct glm_pair){.key = key, .value = v, .line = line, .column = column};
}

void glm_map_set(struct glm_map_builder *b, const char *key, const struct glm_value *v)
{
    struct glm_pair *pair = find_to_change(b, key);
    if (pair)
        pair->value = v;
    else
        glm_map_append(b, glm_strdup(b->arena, key), v->line, v->column, v);
}

void glm_map_remove(struct glm_map_builder *b, const char *key)
{
    struct glm_pair *pair = find_to_change(b, key);
    if (pair)
        remove_pair(b, pair);
}

const struct glm_value *glm_map_peek(const struct glm_map_builder *b, const char *key)
{
    const struct glm_pair *pair = find(b, key);
    return pair ? pair->value : &glm_null;
}

/* ---- finishing ---- */

/* Duplicates in source order, so that the later one is the one reported. */
static int by_key(const void *a, const void *b)
{
    const struct glm_pair *x = a, *y = b;
    int order = strcmp(x->key, y->key);
    if (order == 0 && x->line != y->line)
        order = x->line < y->line ? -1 : 1;
    if (order == 0 && x->column != y->column)
        order = x->column < y->column ? -1 : 1;
    return order;
}

static bool in_order(const struct glm_pair *pairs, size_t len)
{
    for (size_t i = 1; i < len; i++)
        if (by_key(&pairs[i - 1], &pairs[i]) > 0)
            return false;
    return true;
}

/* Most maps are short, and many are built in order. */
static void sort(struct glm_pair *pairs, size_t len)
{
    if (len > 16) {
        if (!in_order(pairs, len))
            qsort(pairs, len, sizeof *pairs, by_key);
        return;
    }
    for (size_t i = 1; i < len; i++) {
        struct glm_pair pair = pairs[i];
        size_t at = i;
        for (; at > 0 && by_key(&pairs[at - 1], &pair) > 0; at--)
            pairs[at] = pairs[at - 1];
        pairs[at] = pair;
    }
}

const struct glm_value *glm_map_finish(struct glm_map_builder *b,
                                       const struct glm_pair **ret_duplicate)
{
    sort(b->pairs, b->len);
    size_t kept = 0;
    for (size_t i = 0; i < b->len; i++) {
        if (kept > 0 && strcmp(b->pairs[kept - 1].key, b->pairs[i].key) == 0) {
            if (ret_duplicate) {
                struct glm_pair *duplicate = GLM_NEW(b->arena, struct glm_pair);
                *duplicate = b->pairs[i];
                *ret_duplicate = duplicate;
            }
            continue;
        }
        b->pairs[kept++] = b->pairs[i];
    }
    struct glm_value *v = GLM_NEW(b->arena, struct glm_value);
    v->kind = GLM_MAP;
    v->len = kept;
    v->as.map = b->pairs;
    return v;
}

void glm_list_init(struct glm_list_builder *b, struct glm_arena *arena)
{
    *b = (struct glm_list_builder){.arena = arena};
}

void glm_list_reserve(struct glm_list_builder *b, size_t count)
{
    if (count <= b->capacity)
        return;
    const struct glm_value **items = GLM_NEW_ARRAY(b->arena, count, const struct glm_value *);
    for (size_t i = 0; i < b->len; i++)
        items[i] = b->items[i];
    b->items = items;
    b->capacity = count;
}

void glm_list_add(struct glm_list_builder *b, const struct glm_value *v)
{
    if (b->len == b->capacity)
        glm_list_reserve(b, b->capacity ? b->capacity * 2 : 8);
    b->items[b->len++] = v;
}

const struct glm_value *glm_list_finish(struct glm_list_builder *b)
{
    struct glm_value *v = GLM_NEW(b->arena, struct glm_value);
    v->kind = GLM_LIST;
    v->len = b->len;
    v->as.list = b->items;
    return v;
}

/* A finished map is sorted: the pair is put where it belongs. */
const struct glm_value *glm_with(struct glm_arena *arena, const struct glm_value *map,
                                 const char *key, const struct glm_value *v)
{
    size_t len = map->kind == GLM_MAP ? map->len : 0, at = 0;
    const struct glm_pair *old = len ? map->as.map : NULL;
    int order = -1;
    for (size_t end = len; at < end && order != 0;) {
        size_t middle = at + (end - at) / 2;
        order = strcmp(key, old[middle].key);
        if (order > 0)
            at = middle + 1;
        else
            end = middle;
        if (order == 0)
            at = middle;
    }
    bool found = order == 0;
    struct glm_pair *pairs = GLM_NEW_ARRAY(arena, len + 1, struct glm_pair);
    if (at)
        memcpy(pairs, old, at * sizeof *pairs);
    if (len - at)
        memcpy(pairs + at + !found, old + at, (len - at) * sizeof *pairs);
    if (found)
        pairs[at].value = v;
    else
        pairs[at] = (struct glm_pair){
            .key = glm_strdup(arena, key), .value = v, .line = v->line, .column = v->column};
    struct glm_value *with = GLM_NEW(arena, struct glm_value);
    *with = (struct glm_value){.kind = GLM_MAP, .len = len + !found, .as = {.map = pairs}};
    return with;
}

const struct glm_value *glm_without(struct glm_arena *arena, const struct glm_value *map,
                                    const char *key)
{
    if (!glm_has(map, key))
        return map;
    struct glm_map_builder b;
    glm_map_init_from(&b, arena, map);
    glm_map_remove(&b, key);
    return glm_map_finish(&b, NULL);
}

static const struct glm_value *with_keys(struct glm_arena *arena, const struct glm_value *map,
                                         const struct glm_value *v, const char *const *keys,
                                         size_t count)
{
    if (count == 0)
        return v;
    return glm_with(arena, map, keys[0],
                    with_keys(arena, glm_get(map, keys[0]), v, keys + 1, count - 1));
}

const struct glm_value *glm_with_path(struct glm_arena *arena, const struct glm_value *map,
                                      const struct glm_value *v, ...)
{
    va_list args;
    size_t count = 0;
    va_start(args, v);
    while (va_arg(args, const char *))
        count++;
    va_end(args);
    const char **keys = GLM_NEW_ARRAY(arena, count, const char *);
    va_start(args, v);
    for (size_t i = 0; i < count; i++)
        keys[i] = va_arg(args, const char *);
    va_end(args);
    return with_keys(arena, map, v, keys, count);
}

static const struct glm_value *copy(struct glm_arena *arena, const struct glm_value *v,
                                    unsigned depth)
{
    if (depth > GLM_VALUE_DEPTH || (v->kind == GLM_NULL && v->line == 0))
        return &glm_null;
    struct glm_value *c = GLM_NEW(arena, struct glm_value);
    *c = *v;
    switch (v->kind) {
    case GLM_NUMBER:
    case GLM_STRING:
    case GLM_UNKNOWN:
        if (v->as.text)
            c->as.text = glm_strndup(arena, v->as.text, v->len);
        break;
    case GLM_LIST: {
        const struct glm_value **items = GLM_NEW_ARRAY(arena, v->len, const struct glm_value *);
        for (size_t i = 0; i < v->len; i++)
            items[i] = copy(arena, v->as.list[i], depth + 1);
        c->as.list = items;
        break;
    }
    case GLM_MAP: {
        struct glm_pair *pairs = GLM_NEW_ARRAY(arena, v->len, struct glm_pair);
        for (size_t i = 0; i < v->len; i++) {
            pairs[i] = v->as.map[i];
            pairs[i].key = glm_strdup(arena, v->as.map[i].key);
            pairs[i].value = copy(arena, v->as.map[i].value, depth + 1);
        }
        c->as.map = pairs;
        break;
    }
    case GLM_NULL:
    case GLM_BOOL:
    default:
        break;
    }
    return c;
}

const struct glm_value *glm_copy(struct glm_arena *arena, const struct glm_value *v)
{
    return copy(arena, v, 0);
}
