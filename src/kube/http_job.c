/* SPDX-License-Identifier: Apache-2.0
 *
 * What a waiter and a thread tell each other. Each of these holds the lock for a moment only.
 */
#include "http_job.h"

#include <time.h>

int64_t http_clock(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void http_cond_init(pthread_cond_t *cond)
{
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(cond, &attr);
    pthread_condattr_destroy(&attr);
}

void http_cond_wait(pthread_cond_t *cond, pthread_mutex_t *lock, int64_t until_ms)
{
    int64_t ms = until_ms + 1; /* the clock is cut to milliseconds */
    struct timespec at = {.tv_sec = (time_t)(ms / 1000), .tv_nsec = ms % 1000 * 1000000};
    pthread_cond_timedwait(cond, lock, &at);
}

void http_job_init(struct http_job *job, struct glm_arena *arena,
                   void (*release)(struct http_job *job))
{
    job->arena = arena;
    job->release = release;
    job->users = 1;
    pthread_mutex_init(&job->lock, NULL);
    http_cond_init(&job->changed);
}

void http_job_take(struct http_job *job)
{
    pthread_mutex_lock(&job->lock);
    job->users++;
    pthread_mutex_unlock(&job->lock);
}

void http_job_drop(struct http_job *job)
{
    pthread_mutex_lock(&job->lock);
    bool last = --job->users == 0;
    pthread_mutex_unlock(&job->lock);
    if (!last)
        return;
    job->release(job);
    pthread_cond_destroy(&job->changed);
    pthread_mutex_destroy(&job->lock);
    glm_arena_destroy(job->arena);
}

static bool is_wanted(const struct http_job *job)
{
    return !job->left && job->ended == HTTP_ENDED_BY_ITSELF;
}

bool http_job_wanted(struct http_job *job)
{
    pthread_mutex_lock(&job->lock);
    bool wanted = is_wanted(job);
    pthread_mutex_unlock(&job->lock);
    return wanted;
}

bool http_job_heard(struct http_job *job)
{
    pthread_mutex_lock(&job->lock);
    job->heard_ms = http_clock();
    bool wanted = is_wanted(job);
    pthread_mutex_unlock(&job->lock);
    return wanted;
}

void http_job_tried(struct http_job *job)
{
    pthread_mutex_lock(&job->lock);
    job->tried = true;
    pthread_mutex_unlock(&job->lock);
}

bool http_job_sending(struct http_job *job, unsigned *ret_attempts)
{
    pthread_mutex_lock(&job->lock);
    bool wanted = is_wanted(job);
    if (wanted)
        *ret_attempts = ++job->attempts;
    pthread_mutex_unlock(&job->lock);
    return wanted;
}

void http_job_answered(struct http_job *job, bool success)
{
    pthread_mutex_lock(&job->lock);
    bool news = success && !job->begun;
    job->answered = true;
    job->begun |= success;
    if (news)
        pthread_cond_signal(&job->changed);
    pthread_mutex_unlock(&job->lock);
}

bool http_job_put(struct http_job *job, const char *data, size_t len)
{
    pthread_mutex_lock(&job->lock);
    job->paused = !http_queue_put(&job->queue, data, len);
    bool paused = job->paused;
    pthread_cond_signal(&job->changed);
    pthread_mutex_unlock(&job->lock);
    return !paused;
}
