/* SPDX-License-Identifier: Apache-2.0
 *
 * What a waiter and a thread tell each other. Each of these holds the lock for a moment only.
 */
#include "job.h"

void http_job_init(struct http_job *job, struct glm_arena *arena,
                   void (*release)(struct http_job *job))
{
    job->arena = arena;
    job->release = release;
    job->users = 1;
    pthread_mutex_init(&job->lock, NULL);
    kube_cond_init(&job->changed);
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
    job->heard_ms = glm_clock_ms();
    bool wanted = is_wanted(job);
    pthread_mutex_unlock(&job->lock);
    return wanted;
}

void http_job_tried(struct http_job *job, int error)
{
    pthread_mutex_lock(&job->lock);
    job->tried |= !error;
    job->no_socket = error;
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
