/* SPDX-License-Identifier: Apache-2.0
 *
 * Time in this room: one clock that is never set back, pauses that do not fall on the same moment,
 * and waits that see a stop.
 */
#include "store.h"

#include <sys/random.h>
#include <time.h>

#define STOP_LOOK_MS 200 /* how long a wait goes on without a look at the stop flag */

int64_t kube_clock(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000 + 1;
}

bool kube_late(int64_t until_ms)
{
    return until_ms && kube_clock() >= until_ms;
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

void kube_cond_wait(pthread_cond_t *cond, pthread_mutex_t *lock, int64_t until_ms)
{
    int64_t look = kube_clock() + STOP_LOOK_MS;
    int64_t until = (until_ms < look ? until_ms : look) - 1; /* kube_clock is one ahead */
    struct timespec at = {.tv_sec = (time_t)(until / 1000), .tv_nsec = until % 1000 * 1000000};
    pthread_cond_timedwait(cond, lock, &at);
}
