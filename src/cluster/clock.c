/* SPDX-License-Identifier: Apache-2.0
 *
 * The clock by which everything that reaches clusters waits.
 */
#include "glm/clock.h"

#include <time.h>

int64_t glm_clock_ms(void)
{
    struct timespec now = {0};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000 + 1;
}

struct timespec glm_clock_at(int64_t ms)
{
    return (struct timespec){.tv_sec = (time_t)(ms / 1000), .tv_nsec = ms % 1000 * 1000000};
}

const char *glm_clock_text(struct glm_arena *arena, int64_t milliseconds)
{
    long long seconds = milliseconds / 1000;
    if (seconds >= 3600)
        return glm_sprintf(arena, "%lldh%lldm%llds", seconds / 3600, seconds / 60 % 60,
                           seconds % 60);
    if (seconds >= 60)
        return glm_sprintf(arena, "%lldm%llds", seconds / 60, seconds % 60);
    return glm_sprintf(arena, "%lld.%llds", seconds, (long long)milliseconds % 1000 / 100);
}
