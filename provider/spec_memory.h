/* SPDX-License-Identifier: Apache-2.0
 *
 * The memory of specs: what validation has read and found right, for the plan and the apply that
 * read the same text in the same process.
 *
 * Owner:  the arena given; what it keeps is copied, and lives until that arena goes.
 * Errors: none; what does not fit is read again.
 * Thread: recall and keep may be called from any thread.
 */
#ifndef GLM_PROVIDER_SPEC_MEMORY_H
#define GLM_PROVIDER_SPEC_MEMORY_H

#include "glm/mesh.h"

struct glm_spec_memory *glm_spec_memory_create(struct glm_arena *arena);

#endif
