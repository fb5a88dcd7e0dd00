/* SPDX-License-Identifier: Apache-2.0
 *
 * See yaml_tree.h.
 */
#include "yaml_tree.h"

#include <string.h>

/* A value with what the ceilings and the merge rules need to know of it. */
struct node {
    const struct glm_value *value;
    struct glm_yaml_scalar scalar; /* of a scalar: what a key is made of */
    bool is_scalar, is_alias;
    bool is_merge_key; /* `<<` itself, not an alias of it */
    size_t nodes;      /* in the whole subtree, aliases expanded */
    size_t bytes;      /* of the scalars in it, likewise */
    unsigned height;   /* containers below one another; 0 for a scalar */
};

struct glm_yaml_anchor {
    const char *name;
    struct node node;
    bool open; /* its container is still being read */
};

struct glm_yaml_frame {
    bool is_map;
    struct glm_yaml_place begin;
    struct glm_yaml_anchor *anchor; /* NULL: none */
    size_t nodes_before, bytes_before;
    unsigned height;
    struct glm_map_builder map;
    struct glm_list_builder list;
    const char *key; /* read, its value is next; NULL when a key is next */
    bool merging;    /* the key was `<<` */
    bool aliased;    /* a list below `<<` takes maps only */
    struct glm_yaml_place key_place;
    struct glm_yaml_merge *merges;
};

void codec_yaml_tree_begin(struct glm_yaml_tree *tree)
{
    tree->root = NULL;
    tree->anchors = NULL;
    tree->anchor_count = tree->anchor_capacity = 0;
}

bool codec_yaml_fail(struct glm_yaml_tree *tree, struct glm_yaml_place place, const char *sentence)
{
    tree->failed = true;
    return glm_error(tree->d, tree->at, glm_sprintf(tree->arena, "Invalid YAML in %s", tree->what),
                     "Line %u, column %u: %s", place.line, place.column, sentence);
}

/* ---- anchors ---- */

static struct glm_yaml_anchor **anchor_slot(struct glm_yaml_anchor **anchors, size_t capacity,
                                            const char *name)
{
    size_t hash = 5381;
    for (const char *p = name; *p; p++)
        hash = hash * 33 ^ (unsigned char)*p;
    hash ^= hash >> 15;
    for (size_t i = hash & (capacity - 1);; i = (i + 1) & (capacity - 1))
        if (!anchors[i] || strcmp(anchors[i]->name, name) == 0)
            return &anchors[i];
}

static void grow_anchors(struct glm_yaml_tree *tree)
{
    size_t capacity = tree->anchor_capacity ? tree->anchor_capacity * 2 : 16;
    struct glm_yaml_anchor **anchors =
        GLM_NEW_ARRAY(tree->arena, capacity, struct glm_yaml_anchor *);
    for (size_t i = 0; i < tree->anchor_capacity; i++)
        if (tree->anchors[i])
            *anchor_slot(anchors, capacity, tree->anchors[i]->name) = tree->anchors[i];
    tree->anchors = anchors;
    tree->anchor_capacity = capacity;
}

/* From here on, the name means this node. */
static struct glm_yaml_anchor *set_anchor(struct glm_yaml_tree *tree, const char *name,
                                          const struct node *node, bool open)
{
    if (!name)
        return NULL;
    if (tree->anchor_count * 2 >= tree->anchor_capacity)
        grow_anchors(tree);
    struct glm_yaml_anchor **slot = anchor_slot(tree->anchors, tree->anchor_capacity, name);
    struct glm_yaml_anchor *anchor = *slot;
    if (!anchor) {
        *slot = anchor = GLM_NEW(tree->arena, struct glm_yaml_anchor);
        anchor->name = glm_strdup(tree->arena, name);
        tree->anchor_count++;
    }
    anchor->node = *node;
    anchor->open = open;
    return anchor;
}

static const struct glm_yaml_anchor *find_anchor(const struct glm_yaml_tree *tree, const char *name)
{
    return tree->anchor_capacity ? *anchor_slot(tree->anchors, tree->anchor_capacity, name) : NULL;
}

/* ---- maps with `<<` ---- */

static void add_merge(struct glm_yaml_tree *tree, struct glm_yaml_frame *f,
                      const struct glm_value *map)
{
    struct glm_yaml_merge *m = GLM_NEW(tree->arena, struct glm_yaml_merge);
    *m = (struct glm_yaml_merge){f->key_place.line, f->key_place.column, map, f->merges};
    f->merges = m;
}

static bool merge_value(struct glm_yaml_tree *tree, struct glm_yaml_frame *f,
                        const struct node *node)
{
    const struct glm_value *v = node->value;
    if (v->kind == GLM_MAP) {
        add_merge(tree, f, v);
        return true;
    }
    bool maps = v->kind == GLM_LIST && !node->is_alias;
    for (size_t i = 0; maps && i < v->len; i++)
        maps = v->as.list[i]->kind == GLM_MAP;
    if (!maps)
        return GLM_YAML_FAIL(
            tree, f->key_place,
            "'<<' merges other maps into this one, so its value has to be a map or a list "
            "of maps; put the key in quotes if it is meant literally.");
    for (size_t i = v->len; i > 0; i--)
        add_merge(tree, f, v->as.list[i - 1]);
    return true;
}

/* ---- values on their way into the tree ---- */

static bool set_key(struct glm_yaml_tree *tree, struct glm_yaml_frame *f, const struct node *node,
                    struct glm_yaml_place place)
{
    const char *problem = NULL;
    if (!node->is_scalar)
        return GLM_YAML_FAIL(
            tree, place,
            "the key of this map is itself a map or a list. Keys have to be plain names; "
            "a value such as {x} or [x] has to be in quotes.");
    f->merging = node->is_merge_key;
    const char *key = codec_yaml_key(tree->arena, &node->scalar, &problem);
    if (!key)
        return GLM_YAML_FAIL(tree, place, "this key %s.", problem);
    f->key = key;
    f->key_place = place;
    if (f->merging && f->merges)
        return GLM_YAML_FAIL(
            tree, place,
            "the key '<<' is there twice, first at line %u, column %u. To merge several "
            "maps, write them as one list: '<<: [*a, *b]'.",
            f->merges->line, f->merges->column);
    return true;
}

static bool attach(struct glm_yaml_tree *tree, const struct node *node, struct glm_yaml_place place)
{
    if (tree->depth == 0) {
        tree->root = node->value;
        return true;
    }
    struct glm_yaml_frame *f = &tree->stack[tree->depth - 1];
    if (f->height < node->height)
        f->height = node->height;
    if (!f->is_map) {
        glm_list_add(&f->list, node->value);
        f->aliased |= node->is_alias;
        return true;
    }
    if (!f->key)
        return set_key(tree, f, node, place);
    bool good = true;
    if (f->merging)
        good = merge_value(tree, f, node);
    else
        glm_map_append(&f->map, f->key, f->key_place.line, f->key_place.column, node->value);
    f->key = NULL;
    return good;
}

/* Counts what comes; false above a ceiling, or when the arena has no room for it. A scalar of len
 * bytes is copied twice at the most, and a map or a list that grows takes what all its nodes have
 * taken once more. */
static bool count(struct glm_yaml_tree *tree, size_t nodes, size_t len, struct glm_yaml_place place)
{
    tree->nodes += nodes;
    tree->bytes += len;
    if (tree->nodes > GLM_YAML_MAX_NODES)
        return GLM_YAML_FAIL(
            tree, place,
            "the document grows beyond %zu values here, with aliases such as *name "
            "expanded. Shorten it or use fewer aliases.",
            (size_t)GLM_YAML_MAX_NODES);
    if (tree->expanded > GLM_YAML_MAX_EXPANDED)
        return GLM_YAML_FAIL(
            tree, place,
            "aliases such as *name have added more than %zu bytes to the document here, "
            "as often as they are used. Use fewer of them, or shorter values.",
            (size_t)GLM_YAML_MAX_EXPANDED);
    if ((tree->nodes + 64) * (GLM_YAML_NODE_BYTES / 2) + len * GLM_TEXT_COPIES >
        glm_arena_room(tree->arena))
        return GLM_YAML_FAIL(tree, place,
                             "the document is too large for the memory that is left. Shorten it.");
    return true;
}

static bool too_deep(struct glm_yaml_tree *tree, struct glm_yaml_place place)
{
    return GLM_YAML_FAIL(tree, place, "maps and lists are nested more than %d deep here.",
                         GLM_VALUE_DEPTH);
}

/* True when what comes next is the key of a map. */
static bool wants_key(const struct glm_yaml_tree *tree)
{
    const struct glm_yaml_frame *f = tree->depth ? &tree->stack[tree->depth - 1] : NULL;
    return f && f->is_map && !f->key;
}

static bool is_merge_key(const struct glm_yaml_text *scalar)
{
    return scalar->len == 2 && memcmp(scalar->text, "<<", 2) == 0 &&
           (scalar->plain || (scalar->tag && strcmp(scalar->tag, "tag:yaml.org,2002:merge") == 0));
}

bool codec_yaml_tree_scalar(struct glm_yaml_tree *tree, const struct glm_yaml_text *scalar,
                            struct glm_yaml_place place)
{
    size_t len = scalar->len;
    struct node node = {
        .is_scalar = true, .is_merge_key = is_merge_key(scalar), .nodes = 1, .bytes = len};
    const char *problem = NULL;
    if (!count(tree, 1, len, place))
        return false;
    if (!codec_yaml_resolve(tree->arena, scalar->tag, scalar->plain, scalar->text, len,
                            &node.scalar, &problem))
        return GLM_YAML_FAIL(tree, place, "this value %s.", problem);
    bool is_key = wants_key(tree);
    if (!is_key && node.scalar.class == GLM_YAML_INFINITE)
        return GLM_YAML_FAIL(
            tree, place,
            "%s is no number that a Kubernetes object can hold; put it in quotes if text "
            "is meant.",
            node.scalar.value.as.text);
    if (!is_key && node.scalar.class == GLM_YAML_STRING &&
        memchr(node.scalar.value.as.text, '\0', node.scalar.value.len))
        return GLM_YAML_FAIL(
            tree, place,
            "there is a NUL character in this text, and whatever reads it would stop "
            "there. Remove it.");
    if (!is_key || scalar->anchor) {
        struct glm_value *v = GLM_NEW(tree->arena, struct glm_value);
        *v = node.scalar.value;
        v->line = place.line;
        v->column = place.column;
        node.value = v;
    }
    set_anchor(tree, scalar->anchor, &node, false);
    return attach(tree, &node, place);
}

bool codec_yaml_tree_alias(struct glm_yaml_tree *tree, const char *name,
                           struct glm_yaml_place place)
{
    const struct glm_yaml_anchor *anchor = find_anchor(tree, name);
    if (!anchor)
        return GLM_YAML_FAIL(
            tree, place,
            "*%s refers to an anchor that is not defined above it. Define it with &%s, or "
            "put the value in quotes if the asterisk is part of it.",
            name, name);
    if (anchor->open)
        return GLM_YAML_FAIL(
            tree, place,
            "*%s is used inside of &%s itself, which would never end. Refer to another "
            "anchor.",
            name, name);
    struct node node = anchor->node;
    node.is_alias = true;
    node.is_merge_key = false;
    tree->expanded += node.bytes + node.nodes;
    if (!count(tree, node.nodes, node.bytes, place))
        return false;
    if (tree->depth + node.height > GLM_VALUE_DEPTH)
        return too_deep(tree, place);
    bool is_key = wants_key(tree);
    if (!is_key && node.is_scalar && node.scalar.class == GLM_YAML_INFINITE)
        return GLM_YAML_FAIL(tree, place, "%s is no number that a Kubernetes object can hold.",
                             node.scalar.value.as.text);
    return attach(tree, &node, place);
}

/* Few documents are deep, and most are short: room as it is needed. */
static struct glm_yaml_frame *push(struct glm_yaml_tree *tree)
{
    if (tree->depth == tree->capacity) {
        unsigned capacity = tree->capacity ? tree->capacity * 2 : 8;
        tree->stack =
            glm_regrow(tree->arena, tree->stack, tree->capacity * sizeof(struct glm_yaml_frame),
                       capacity * sizeof(struct glm_yaml_frame));
        tree->capacity = capacity;
    }
    return &tree->stack[tree->depth++];
}

bool codec_yaml_tree_open(struct glm_yaml_tree *tree, bool is_map, const char *anchor,
                          struct glm_yaml_place place)
{
    if (tree->depth == GLM_VALUE_DEPTH)
        return too_deep(tree, place);
    if (wants_key(tree))
        return set_key(tree, &tree->stack[tree->depth - 1], &(struct node){0}, place);
    if (!count(tree, 1, 0, place))
        return false;
    struct glm_yaml_frame *f = push(tree);
    *f = (struct glm_yaml_frame){.is_map = is_map,
                                 .begin = place,
                                 .nodes_before = tree->nodes - 1,
                                 .bytes_before = tree->bytes};
    glm_map_init(&f->map, tree->arena);
    glm_list_init(&f->list, tree->arena);
    f->anchor = set_anchor(tree, anchor, &(struct node){0}, true);
    return true;
}

static const struct glm_value *finish_map(struct glm_yaml_tree *tree, struct glm_yaml_frame *f)
{
    const struct glm_pair *duplicate = NULL;
    const struct glm_value *map = glm_map_finish(&f->map, &duplicate);
    if (duplicate) {
        const struct glm_pair *first = glm_get_pair(map, duplicate->key);
        GLM_YAML_FAIL(
            tree, ((struct glm_yaml_place){duplicate->line, duplicate->column}),
            "the key \"%s\" is there twice in the same map, first at line %u, column %u. Remove "
            "one of them.",
            duplicate->key, first->line, first->column);
    }
    return f->merges ? codec_yaml_merged(tree->arena, map, f->merges) : map;
}

bool codec_yaml_tree_close(struct glm_yaml_tree *tree, struct glm_yaml_place place)
{
    struct glm_yaml_frame *f = &tree->stack[--tree->depth];
    const struct glm_value *finished = f->is_map ? finish_map(tree, f) : glm_list_finish(&f->list);
    struct glm_value *v = GLM_NEW(tree->arena, struct glm_value);
    *v = *finished;
    v->line = f->begin.line;
    v->column = f->begin.column;
    struct node node = {.value = v,
                        .nodes = tree->nodes - f->nodes_before,
                        .bytes = tree->bytes - f->bytes_before,
                        .height = f->height + 1};
    /* The name may have been given to a node inside; then it stays with that one. */
    if (f->anchor && f->anchor->open) {
        f->anchor->node = node;
        f->anchor->open = false;
    }
    return attach(tree, &node, place);
}
