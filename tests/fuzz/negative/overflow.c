/* SPDX-License-Identifier: Apache-2.0
 *
 * Must be caught: one byte past what an arena gave out.
 */
#include "glm/arena.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create((size_t)1 << 20);
    volatile char *first = glm_alloc(arena, 16);
    volatile char *second = glm_alloc(arena, 16);
    (void)data;
    first[16 + (size > (size_t)1 << 30)] = 1;
    return second[0];
}
