/* SPDX-License-Identifier: Apache-2.0
 *
 * Type: Terraform's type constraints, which decide how a value goes over the wire.
 *
 * Owner:  const tables, or the arena they were parsed into.
 * Source: cty's type system and its JSON form ("string", ["list",T], ["object",{...}], "dynamic").
 */
#ifndef GLM_TYPE_H
#define GLM_TYPE_H

#include "glm/arena.h"
#include "glm/value.h"

#ifdef __cplusplus
extern "C" {
#endif

enum glm_type_kind {
    GLM_TYPE_DYNAMIC,
    GLM_TYPE_BOOL,
    GLM_TYPE_NUMBER,
    GLM_TYPE_STRING,
    GLM_TYPE_LIST,
    GLM_TYPE_SET,
    GLM_TYPE_MAP,
    GLM_TYPE_OBJECT,
    GLM_TYPE_TUPLE
};

struct glm_type;

struct glm_field {
    const char *name; /* OBJECT; NULL in a TUPLE */
    const struct glm_type *type;
};

struct glm_type {
    enum glm_type_kind kind;
    const struct glm_type *element; /* LIST, SET, MAP */
    const struct glm_field *fields; /* OBJECT: sorted by name; TUPLE: in order */
    size_t len;
};

extern const struct glm_type glm_type_dynamic;
extern const struct glm_type glm_type_bool;
extern const struct glm_type glm_type_number;
extern const struct glm_type glm_type_string;
extern const struct glm_type glm_type_list_of_string;
extern const struct glm_type glm_type_map_of_string;
extern const struct glm_type glm_type_map_of_list_of_string;
extern const struct glm_type glm_type_map_of_map_of_string;

const struct glm_field *glm_type_field(const struct glm_type *object, const char *name);
bool glm_type_equal(const struct glm_type *a, const struct glm_type *b);
/* The type a value would have as a literal: lists are tuples, maps objects, null dynamic. */
const struct glm_type *glm_type_of(struct glm_arena *arena, const struct glm_value *v);
/* cty's JSON form, e.g. ["map","string"], as a value to be encoded by codec.h. */
const struct glm_value *glm_type_to_value(struct glm_arena *arena, const struct glm_type *type);
/* The reverse; false for anything that is no type, or nested deeper than GLM_VALUE_DEPTH. */
bool glm_type_from_value(struct glm_arena *arena, const struct glm_value *v,
                         const struct glm_type **ret_type);

#ifdef __cplusplus
}
#endif
#endif
