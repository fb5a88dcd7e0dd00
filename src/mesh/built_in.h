/* SPDX-License-Identifier: Apache-2.0
 *
 * What API servers know of their own kinds, for whoever compares objects. Field names stand for their types:
 * in all kinds that are written here a name means one thing.
 */
#ifndef GLM_MESH_BUILT_IN_H
#define GLM_MESH_BUILT_IN_H

#include "glm/value.h"

/* The elements of the list at a field by what they are told apart by, their places as lines; NULL: it is no
 * list, it is owned whole, or some cannot be told apart. */
const struct glm_value *mesh_built_in_elements(struct glm_arena *arena, const char *field,
                                               const struct glm_value *list);
/* The key of one of its elements; NULL: it has none. */
const char *mesh_built_in_key(struct glm_arena *arena, const char *field,
                              const struct glm_value *element);
/* The element of a live list that one of ours has become, by the name that only one may have: somebody has
 * changed what it is told apart by. ours: by keys. The null value: there is none. */
const struct glm_value *mesh_built_in_renumbered(struct glm_arena *arena, const char *field,
                                                 const struct glm_value *ours,
                                                 const struct glm_value *live,
                                                 const struct glm_value *element);
/* Whether the order of its elements says something. */
bool mesh_built_in_is_ordered(const char *field);
/* Whether a map is one value, so that a key more is another value. */
bool mesh_built_in_is_whole(const char *field);
/* Whether a value may have been filled in where none was said, in what is owned whole. */
bool mesh_built_in_is_default(const char *key, const struct glm_value *live);
/* The same quantity in two spellings, at key of the map at parent: "2000m" and 2. */
bool mesh_built_in_same_quantity(const char *parent, const char *key, const struct glm_value *live,
                                 const struct glm_value *owned);

#endif
