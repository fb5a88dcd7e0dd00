/* SPDX-License-Identifier: Apache-2.0
 *
 * Pauses that do not fall on the same moment, and waits that see a stop.
 */
#include "wait.h"

#include <sys/random.h>
#include <time.h>

#define STOP_LOOK_MS 200 /* how long a wait goes on without a look at the stop flag */

bool kube_late(int64_t until_ms)
{
    return until_ms && glm_clock_ms() >= until_ms;
}

int64_t kube_jitter(int64_t milliseconds)
{
    uint32_t random = UINT32_MAX / 2;
    if (getrandom(&random, sizeof random, GRND_NONBLOCK) != sizeof random)
        random = UINT32_MAX / 2;
    return milliseconds / 2 + (int64_t)((uint64_t)milliseconds * random / UINT32_MAX);
}

void kube_cond_init(pthread_cond_t *cond)
{
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(cond, &attr);
    pthread_condattr_destroy(&attr);
}

void kube_cond_wait_until(pthread_cond_t *cond, pthread_mutex_t *lock, int64_t until_ms)
{
    struct timespec at = glm_clock_at(until_ms);
    pthread_cond_timedwait(cond, lock, &at);
}

void kube_cond_wait(pthread_cond_t *cond, pthread_mutex_t *lock, int64_t until_ms)
{
    int64_t look = glm_clock_ms() + STOP_LOOK_MS;
    kube_cond_wait_until(cond, lock, until_ms < look ? until_ms : look);
}
