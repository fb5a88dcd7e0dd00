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
