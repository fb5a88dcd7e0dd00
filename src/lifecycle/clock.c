/* SPDX-License-Identifier: Apache-2.0
 *
 * Time, for waiting: the one place of this room that looks at a clock.
 */
#include "lifecycle_internal.h"

#include <time.h>

int64_t clock_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

const char *clock_duration(struct glm_arena *arena, int64_t milliseconds)
{
    long long seconds = milliseconds / 1000;
    if (seconds >= 3600)
        return glm_sprintf(arena, "%lldh%lldm%llds", seconds / 3600, seconds / 60 % 60,
                           seconds % 60);
    if (seconds >= 60)
        return glm_sprintf(arena, "%lldm%llds", seconds / 60, seconds % 60);
    return glm_sprintf(arena, "%lld.%llds", seconds, (long long)milliseconds % 1000 / 100);
}
