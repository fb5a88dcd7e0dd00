/* SPDX-License-Identifier: Apache-2.0
 *
 * What judge.c, availability.c and why.c share.
 */
#ifndef GLM_MESH_JUDGE_H
#define GLM_MESH_JUDGE_H

#include "glm/observe.h"
#include "glm/text.h"

/* The condition of this type in .status.conditions, or the null value. */
const struct glm_value *condition_of(const struct glm_value *object, const char *type);
/* What a Deployment lacks to be available at its own generation with the wanted image: a clause;
 * NULL: nothing. deployment may be the null value. */
const char *availability_lacks(struct glm_arena *arena, const struct glm_target *target,
                               const struct glm_value *deployment);
/* True when it has been available at some time. */
bool availability_was(const struct glm_value *deployment);

#endif
