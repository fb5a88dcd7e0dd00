/* SPDX-License-Identifier: Apache-2.0
 *
 * Must be caught: an arena that is never given back.
 */
#include "glm/arena.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct glm_arena *arena = glm_arena_create((size_t)1 << 20);
    (void)data;
    glm_alloc(arena, size);
    return 0;
}
