/* SPDX-License-Identifier: Apache-2.0
 *
 * The object while patches change it: a tree that can be written to.
 *
 * What:   a value becomes children only where a path walks into it, so that many patches of a large
 *         object cost what they touch. Values that nothing changed come out as they went in.
 * Depth:  bounded by GLM_VALUE_DEPTH: no deeper value is put in.
 */
#include "internal.h"

#include <string.h>

struct glm_node *overlay_node_new(struct glm_arena *arena, const struct glm_value *v, unsigned born)
{
    struct glm_node *node = GLM_NEW(arena, struct glm_node);
    node->value = v;
    node->kind = v->kind;
    node->born = born;
    return node;
}

enum glm_kind overlay_node_kind(const struct glm_node *node)
{
    return node->kind;
}

size_t overlay_node_open(struct glm_arena *arena, struct glm_node *node)
{
    const struct glm_value *v = node->value;
    if (node->opened)
        return node->len;
    node->opened = true;
    node->len = node->capacity = v->len;
    if (node->kind == GLM_MAP)
        node->entries = GLM_NEW_ARRAY(arena, v->len, struct glm_entry);
    else
        node->items = GLM_NEW_ARRAY(arena, v->len, struct glm_node *);
    for (size_t i = 0; i < v->len; i++) {
        bool map = node->kind == GLM_MAP;
        struct glm_node *child =
            overlay_node_new(arena, map ? v->as.map[i].value : v->as.list[i], node->born);
        if (map)
            node->entries[i] = (struct glm_entry){.key = v->as.map[i].key, .node = child};
        else
            node->items[i] = child;
    }
    return node->len;
}

/* Where the key is, or where it would be. */
static size_t place_of(const struct glm_node *map, const char *key, bool *ret_found)
{
    size_t low = 0, high = map->len;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(key, map->entries[middle].key);
        if (order == 0) {
            *ret_found = true;
            return middle;
        }
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    *ret_found = false;
    return low;
}

struct glm_node *overlay_node_get(const struct glm_node *map, const char *key)
{
    bool found;
    size_t at = place_of(map, key, &found);
    return found ? map->entries[at].node : NULL;
}

void overlay_node_set(struct glm_arena *arena, struct glm_node *map, const char *key,
                      struct glm_node *child)
{
    bool found;
    size_t at = place_of(map, key, &found);
    if (found) {
        map->entries[at].node = child;
        return;
    }
    if (map->len == map->capacity) {
        map->capacity = map->capacity ? map->capacity * 2 : 4;
        struct glm_entry *entries = GLM_NEW_ARRAY(arena, map->capacity, struct glm_entry);
        if (map->len)
            memcpy(entries, map->entries, map->len * sizeof *entries);
        map->entries = entries;
    }
    memmove(map->entries + at + 1, map->entries + at, (map->len - at) * sizeof *map->entries);
    map->entries[at] = (struct glm_entry){.key = key, .node = child};
    map->len++;
}

void overlay_node_drop(struct glm_node *map, const char *key)
{
    bool found;
    size_t at = place_of(map, key, &found);
    if (!found)
        return;
    map->len--;
    memmove(map->entries + at, map->entries + at + 1, (map->len - at) * sizeof *map->entries);
}

void overlay_node_put(struct glm_arena *arena, struct glm_node *list, size_t index,
                      struct glm_node *child)
{
    if (index < list->len) {
        list->items[index] = child;
        return;
    }
    if (list->len == list->capacity) {
        list->capacity = list->capacity ? list->capacity * 2 : 4;
        struct glm_node **items = GLM_NEW_ARRAY(arena, list->capacity, struct glm_node *);
        for (size_t i = 0; i < list->len; i++)
            items[i] = list->items[i];
        list->items = items;
    }
    list->items[list->len++] = child;
}

void overlay_node_remove(struct glm_node *list, size_t index)
{
    list->len--;
    for (size_t i = index; i < list->len; i++)
        list->items[i] = list->items[i + 1];
}

bool overlay_node_is_known(const struct glm_node *node)
{
    if (!node->opened)
        return glm_is_wholly_known(node->value);
    for (size_t i = 0; i < node->len; i++)
        if (!overlay_node_is_known(node->kind == GLM_MAP ? node->entries[i].node : node->items[i]))
            return false;
    return true;
}

const struct glm_value *overlay_node_value(struct glm_arena *arena, const struct glm_node *node)
{
    if (!node->opened)
        return node->value;
    if (node->kind == GLM_LIST) {
        struct glm_list_builder b;
        glm_list_init(&b, arena);
        for (size_t i = 0; i < node->len; i++)
            glm_list_add(&b, overlay_node_value(arena, node->items[i]));
        const struct glm_value *v = glm_list_finish(&b);
        return glm_positioned(arena, v, node->value->line, node->value->column);
    }
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    for (size_t i = 0; i < node->len; i++) {
        const struct glm_value *child = overlay_node_value(arena, node->entries[i].node);
        const struct glm_pair *was = glm_get_pair(node->value, node->entries[i].key);
        glm_map_append(&b, node->entries[i].key, was ? was->line : child->line,
                       was ? was->column : child->column, child);
    }
    const struct glm_value *v = glm_map_finish(&b, NULL);
    return glm_positioned(arena, v, node->value->line, node->value->column);
}

unsigned overlay_value_depth(const struct glm_value *v)
{
    unsigned deepest = 0;
    if (v->kind != GLM_LIST && v->kind != GLM_MAP)
        return 0;
    for (size_t i = 0; i < v->len; i++) {
        unsigned depth =
            overlay_value_depth(v->kind == GLM_MAP ? v->as.map[i].value : v->as.list[i]);
        if (depth > deepest)
            deepest = depth;
    }
    return deepest + 1;
}
