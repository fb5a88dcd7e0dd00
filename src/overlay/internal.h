/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files of src/overlay share and nobody else sees.
 */
#ifndef GLM_OVERLAY_INTERNAL_H
#define GLM_OVERLAY_INTERNAL_H

#include "glm/overlay.h"
#include "glm/text.h"

/* ---- tree.c: the object while patches change it ---- */

/* A node is a value until somebody walks into it; then it has children of its own. */
struct glm_node {
    const struct glm_value *value; /* not opened: what it is */
    bool opened;                   /* the fields below count */
    enum glm_kind kind;
    unsigned born; /* the overlay whose patch put it in, from 1; 0: was there before */
    size_t len, capacity;
    struct glm_entry *entries; /* MAP: sorted by key */
    struct glm_node **items;   /* LIST */
};

struct glm_entry {
    const char *key;
    struct glm_node *node;
};

struct glm_node *overlay_node_new(struct glm_arena *arena, const struct glm_value *v,
                                  unsigned born);
enum glm_kind overlay_node_kind(const struct glm_node *node);
/* Gives a map or list children of its own. Returns how many it has. */
size_t overlay_node_open(struct glm_arena *arena, struct glm_node *node);
/* The child at key of an opened map, NULL when it has none. */
struct glm_node *overlay_node_get(const struct glm_node *map, const char *key);
void overlay_node_set(struct glm_arena *arena, struct glm_node *map, const char *key,
                      struct glm_node *child);
void overlay_node_drop(struct glm_node *map, const char *key);
/* index may be the length: then it is appended. */
void overlay_node_put(struct glm_arena *arena, struct glm_node *list, size_t index,
                      struct glm_node *child);
void overlay_node_remove(struct glm_node *list, size_t index);
/* True when nothing in it is unknown. */
bool overlay_node_is_known(const struct glm_node *node);
const struct glm_value *overlay_node_value(struct glm_arena *arena, const struct glm_node *node);
/* How deep the value is: a scalar 0. */
unsigned overlay_value_depth(const struct glm_value *v);

/* ---- print.c: scalars and trees as Go's fmt prints them ---- */

/* Past `limit` bytes it only says so: overflow. */
void overlay_print(const struct glm_node *node, struct glm_text *text);
/* "int", "float64", "string": Go's name of the type, while that overlay is applied. */
const char *overlay_type_text(struct glm_arena *arena, const struct glm_node *node,
                              unsigned overlay);

/* ---- match.c: regular expressions ---- */

enum glm_match { GLM_MATCH_NO, GLM_MATCH_YES, GLM_MATCH_UNSURE };

/* One pattern, read once; finding has room of its own in it, so one thread at a time. */
struct glm_expression;

/* NO: the expression is wrong, and found nowhere. UNSURE: it is more than is understood, which is
 * literal text, `.`, `^`, `$`, `*`, `+`, `?`, `|` outside of groups, classes in brackets. */
const struct glm_expression *overlay_expression_read(struct glm_arena *arena, const char *text,
                                                     enum glm_match *ret_verdict);
/* Is it found anywhere in text? Takes time in proportion to both lengths, added to work. */
bool overlay_expression_find(const struct glm_expression *x, const char *text, size_t len,
                             size_t *work);

/* ---- text.c ---- */

enum glm_reads_as { GLM_READS_AS_TEXT, GLM_READS_AS_MAP, GLM_READS_AS_CHANCE };

/* What a string becomes when it is put in: a map when it looks like one in YAML and is not JSON. */
enum glm_reads_as overlay_read_text(struct glm_arena *arena, const struct glm_value *text,
                                    const struct glm_value **ret_map);

#endif
