/* SPDX-License-Identifier: Apache-2.0
 *
 * Walks a value beside its attributes and builds another one of the same shape.
 *
 * Owner: the result lives in the arena and shares what did not change with the input.
 */
#ifndef GLM_SCHEMA_REWRITE_H
#define GLM_SCHEMA_REWRITE_H

#include "glm/schema.h"

/* What takes an attribute's place, or NULL: the value itself, its nested attributes walked.
 * key: of the element of a map that the attribute is in; NULL elsewhere. */
typedef const struct glm_value *rewrite_attr(struct glm_arena *arena, const struct glm_attr *attr,
                                             const struct glm_value *v, const char *key);

/* What is no object is returned as it is. */
const struct glm_value *schema_rewrite(struct glm_arena *arena, const struct glm_attr *attrs,
                                       const struct glm_value *v, rewrite_attr *attr);

#endif
