/* SPDX-License-Identifier: Apache-2.0
 *
 * The tree of a YAML document that grows from what a parser finds, with its anchors, merge keys and
 * ceilings. The parser itself is yaml.c's.
 *
 * Owner:  everything lives in the arena given; texts that are passed in may go away afterwards.
 * Errors: false, with a diagnostic that has line and column. Aliases share the value they name, yet
 *         count in full against the ceilings of nodes, bytes and depth: whoever writes the value writes
 *         it in full.
 * Thread: one thread at a time.
 */
#ifndef GLM_CODEC_YAML_TREE_H
#define GLM_CODEC_YAML_TREE_H

#include "internal.h"

/* Begins with arena, d, at and what, and zero for the rest. */
struct glm_yaml_tree {
    struct glm_arena *arena;
    struct glm_diags *d;
    const struct glm_path *at;
    const char *what; /* "the kubeconfig": what diagnostics call the text */
    struct glm_yaml_frame *stack;
    unsigned depth, capacity;         /* of the stack: containers that are open; room for them */
    struct glm_yaml_anchor **anchors; /* open addressing; capacity is a power of two or 0 */
    size_t anchor_count, anchor_capacity;
    size_t nodes;
    size_t bytes;                 /* of scalars, aliases expanded */
    size_t expanded;              /* of them, what aliases have added */
    const struct glm_value *root; /* of the document; NULL: nothing yet */
    bool failed;                  /* also where a diagnostic did not end the reading */
};

struct glm_yaml_place {
    uint32_t line, column; /* from 1 */
};

/* A scalar as it stands there. tag, anchor: NULL for none. plain: see codec_yaml_resolve. */
struct glm_yaml_text {
    const char *text;
    size_t len;
    const char *tag, *anchor;
    bool plain;
};

/* Another document: anchors are forgotten, ceilings are not. */
void codec_yaml_tree_begin(struct glm_yaml_tree *tree);
bool codec_yaml_tree_scalar(struct glm_yaml_tree *tree, const struct glm_yaml_text *scalar,
                            struct glm_yaml_place place);
bool codec_yaml_tree_alias(struct glm_yaml_tree *tree, const char *name,
                           struct glm_yaml_place place);
/* A map or a list begins. */
bool codec_yaml_tree_open(struct glm_yaml_tree *tree, bool is_map, const char *anchor,
                          struct glm_yaml_place place);
/* The one that began last ends, at this place. */
bool codec_yaml_tree_close(struct glm_yaml_tree *tree, struct glm_yaml_place place);

/* sentence starts in lower case: it follows "line 3, column 5: ". Returns false. */
bool codec_yaml_fail(struct glm_yaml_tree *tree, struct glm_yaml_place place, const char *sentence);
#define GLM_YAML_FAIL(tree, place, ...)                                                            \
    codec_yaml_fail((tree), (place), glm_sprintf((tree)->arena, __VA_ARGS__))

#endif
