/* SPDX-License-Identifier: Apache-2.0
 *
 * Clock: the one by which everything that reaches clusters waits.
 *
 * Thread: any.
 */
#ifndef GLM_CLOCK_H
#define GLM_CLOCK_H

#include "glm/arena.h"

#include <stdint.h>
#include <time.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The monotonic clock, which is never set back: milliseconds since some moment, rounded up and never
 * 0, so that 0 can stand for "no limit" where a time is meant. */
int64_t glm_clock_ms(void);
/* The same moment for pthread_cond_timedwait, of a condition that counts by CLOCK_MONOTONIC. */
struct timespec glm_clock_at(int64_t ms);
/* A time span for people: "20m0s", "1.5s". */
const char *glm_clock_text(struct glm_arena *arena, int64_t milliseconds);

#ifdef __cplusplus
}
#endif
#endif
