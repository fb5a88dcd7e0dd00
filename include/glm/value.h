/* SPDX-License-Identifier: Apache-2.0
 *
 * Value: one immutable tree for Terraform values and for YAML and JSON documents alike.
 *
 * What:   null, unknown, bool, exact number, string, list, map. Sets, tuples and lists share
 *         GLM_LIST; maps and objects share GLM_MAP; the type is a separate thing (type.h).
 * Owner:  the arena it was built in; values are const once built and may be shared by threads.
 * Rule:   ask for the kind, never for truthiness; `false`, 0 and "" are values like any other.
 * Errors: none; glm_get and glm_at answer the null value where there is nothing.
 */
#ifndef GLM_VALUE_H
#define GLM_VALUE_H

#include "glm/arena.h"

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum glm_kind { GLM_NULL, GLM_UNKNOWN, GLM_BOOL, GLM_NUMBER, GLM_STRING, GLM_LIST, GLM_MAP };

struct glm_pair;

struct glm_value {
    enum glm_kind kind;
    uint32_t line, column; /* where the source text has it, from 1; 0 when it has no source */
    size_t len;            /* STRING, NUMBER, UNKNOWN: bytes; LIST, MAP: elements */
    union {
        bool boolean;
        /* STRING: UTF-8 without NUL bytes (decoders refuse them: a name would be cut there), has a
         * NUL after len.
         * NUMBER: the decimal as written, always a valid JSON number: exact at any length.
         * UNKNOWN: go-cty's refinements as they came (the body of msgpack extension 12), or NULL. */
        const char *text;
        const struct glm_value *const *list;
        const struct glm_pair *map; /* sorted by the bytes of the key, keys unique */
    } as;
};

struct glm_pair {
    const char *key; /* UTF-8 without NUL bytes */
    const struct glm_value *value;
    uint32_t line, column; /* of the key */
};

extern const struct glm_value glm_null;    /* the null value */
extern const struct glm_value glm_unknown; /* unknown without refinements */
extern const struct glm_value glm_true;
extern const struct glm_value glm_false;
extern const struct glm_value glm_empty_list;
extern const struct glm_value glm_empty_map;

static inline bool glm_is_null(const struct glm_value *v)
{
    return v->kind == GLM_NULL;
}
static inline bool glm_is_unknown(const struct glm_value *v)
{
    return v->kind == GLM_UNKNOWN;
}
static inline bool glm_is_string(const struct glm_value *v)
{
    return v->kind == GLM_STRING;
}
static inline bool glm_is_map(const struct glm_value *v)
{
    return v->kind == GLM_MAP;
}
static inline bool glm_is_list(const struct glm_value *v)
{
    return v->kind == GLM_LIST;
}
/* True for the boolean true only. */
bool glm_is_true(const struct glm_value *v);
/* True for the boolean false only. */
bool glm_is_false(const struct glm_value *v);
/* True when nothing in the tree is unknown. */
bool glm_is_wholly_known(const struct glm_value *v);
/* True for a string equal to text. */
bool glm_string_is(const struct glm_value *v, const char *text);
/* The text of a string, fallback for every other kind. */
const char *glm_string_or(const struct glm_value *v, const char *fallback);
/* "a map", "a list", "the number 5": for diagnostics. */
const char *glm_kind_name(enum glm_kind kind);

/* The value at key; the null value when v is no map or has no such key. Borrowed. */
const struct glm_value *glm_get(const struct glm_value *v, const char *key);
/* The pair at key, NULL when there is none: tells an explicit null from absence. */
const struct glm_pair *glm_get_pair(const struct glm_value *v, const char *key);
bool glm_has(const struct glm_value *v, const char *key);
/* glm_get along a path of keys, ended by NULL. */
const struct glm_value *glm_get_path(const struct glm_value *v, ...) __attribute__((sentinel));
/* The element at index; the null value beyond the end. */
const struct glm_value *glm_at(const struct glm_value *v, size_t index);

const struct glm_value *glm_bool(bool boolean);
const struct glm_value *glm_string(struct glm_arena *arena, const char *text);
const struct glm_value *glm_stringn(struct glm_arena *arena, const char *text, size_t len);
const struct glm_value *glm_stringf(struct glm_arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
const struct glm_value *glm_integer(struct glm_arena *arena, int64_t number);
/* text: a valid JSON number, kept as it is. */
const struct glm_value *glm_number(struct glm_arena *arena, const char *text, size_t len);
/* Copies the array of pointers, borrows the elements. */
const struct glm_value *glm_list(struct glm_arena *arena, const struct glm_value *const *items,
                                 size_t count);
/* The same value with a source position. */
const struct glm_value *glm_positioned(struct glm_arena *arena, const struct glm_value *v,
                                       uint32_t line, uint32_t column);

/* Numbers: exact decimals. */
/* True when the number is an integer that fits; ret_number is set then. */
bool glm_number_int64(const struct glm_value *v, int64_t *ret_number);
/* Exact comparison of the decimals: 1.0 equals 1, 1e3 equals 1000. */
bool glm_number_equal(const struct glm_value *a, const struct glm_value *b);
/* True when the number has no fraction: 5, 1e3, 2.0. */
bool glm_number_is_integer(const struct glm_value *v);

/* Deep equality. Numbers by value, strings by bytes, maps by key; a null entry of a map differs
 * from an absent one; unknown equals unknown with the same refinements. Positions do not count.
 * Never recurses deeper than GLM_VALUE_DEPTH. */
bool glm_equal(const struct glm_value *a, const struct glm_value *b);

/* No value is nested deeper than this: every codec refuses deeper input. */
#define GLM_VALUE_DEPTH 200

/* Builders: append in any order, finish once. Setting, removing and looking up take the same time
 * however many pairs there are. */
struct glm_map_builder {
    struct glm_arena *arena;
    struct glm_pair *pairs;
    size_t len, capacity;
    struct glm_map_index *index; /* private: of the keys, once one of many was looked for */
};
void glm_map_init(struct glm_map_builder *b, struct glm_arena *arena);
/* Starts with the pairs of v (a map, or anything else for none). */
void glm_map_init_from(struct glm_map_builder *b, struct glm_arena *arena,
                       const struct glm_value *v);
/* Room for count pairs in all, for who knows how many there will be. */
void glm_map_reserve(struct glm_map_builder *b, size_t count);
/* Adds or replaces. The key is copied, the value borrowed. */
void glm_map_set(struct glm_map_builder *b, const char *key, const struct glm_value *v);
/* Appends without a look at what is there, for decoders, which know their keys to be unique.
 * The key is borrowed. */
void glm_map_append(struct glm_map_builder *b, const char *key, uint32_t line, uint32_t column,
                    const struct glm_value *v);
void glm_map_remove(struct glm_map_builder *b, const char *key);
/* What has been set so far at key, or the null value. */
const struct glm_value *glm_map_peek(const struct glm_map_builder *b, const char *key);
/* The finished map, sorted. Two appended pairs with the same key: ret_duplicate (may be NULL) gets
 * the later one in source order, and the map keeps the first. */
const struct glm_value *glm_map_finish(struct glm_map_builder *b,
                                       const struct glm_pair **ret_duplicate);

struct glm_list_builder {
    struct glm_arena *arena;
    const struct glm_value **items;
    size_t len, capacity;
};
void glm_list_init(struct glm_list_builder *b, struct glm_arena *arena);
void glm_list_reserve(struct glm_list_builder *b, size_t count);
void glm_list_add(struct glm_list_builder *b, const struct glm_value *v);
const struct glm_value *glm_list_finish(struct glm_list_builder *b);

/* A copy of map with key set to v (remove: with key left out). */
const struct glm_value *glm_with(struct glm_arena *arena, const struct glm_value *map,
                                 const char *key, const struct glm_value *v);
const struct glm_value *glm_without(struct glm_arena *arena, const struct glm_value *map,
                                    const char *key);
/* glm_with along a path of keys ended by NULL; maps are made where there are none. */
const struct glm_value *glm_with_path(struct glm_arena *arena, const struct glm_value *map,
                                      const struct glm_value *v, ...) __attribute__((sentinel));
/* A deep copy that points into nothing but the arena. */
const struct glm_value *glm_copy(struct glm_arena *arena, const struct glm_value *v);

#ifdef __cplusplus
}
#endif
#endif
