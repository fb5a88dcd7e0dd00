/* SPDX-License-Identifier: Apache-2.0
 *
 * The worker pool. Idle workers stay; they cost a stack that was never touched.
 */
#include "workers.h"

#include <pthread.h>
#include <stdlib.h>

#define STACK_BYTES ((size_t)1 << 20)

struct glm_workers {
    pthread_mutex_t lock;
    pthread_cond_t wake;
    struct glm_job *first, **end;
    size_t waiting; /* jobs */
    size_t idle, running;
};

static struct glm_job *take(struct glm_workers *w)
{
    pthread_mutex_lock(&w->lock);
    while (!w->first) {
        w->idle++;
        pthread_cond_wait(&w->wake, &w->lock);
        w->idle--;
    }
    struct glm_job *job = w->first;
    w->first = job->next;
    if (!w->first)
        w->end = &w->first;
    w->waiting--;
    pthread_mutex_unlock(&w->lock);
    return job;
}

static void *work(void *workers)
{
    for (;;) {
        struct glm_job *job = take(workers);
        job->run(job);
    }
    return NULL;
}

static bool start_thread(struct glm_workers *w)
{
    pthread_attr_t attributes;
    pthread_t thread;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    bool ok = pthread_create(&thread, &attributes, work, w) == 0;
    pthread_attr_destroy(&attributes);
    return ok;
}

struct glm_workers *glm_workers_create(void)
{
    struct glm_workers *w = calloc(1, sizeof *w);
    if (!w)
        return NULL;
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->wake, NULL);
    w->end = &w->first;
    if (start_thread(w)) {
        w->running = 1;
        return w;
    }
    pthread_cond_destroy(&w->wake);
    pthread_mutex_destroy(&w->lock);
    free(w);
    return NULL;
}

void glm_workers_submit(struct glm_workers *w, struct glm_job *job)
{
    pthread_mutex_lock(&w->lock);
    /* An idle worker that was woken for an earlier job still counts as idle: compare with all. */
    if (w->waiting + 1 > w->idle && w->running < GLM_WORKERS_MAX && start_thread(w))
        w->running++;
    job->next = NULL;
    *w->end = job;
    w->end = &job->next;
    w->waiting++;
    pthread_cond_signal(&w->wake);
    pthread_mutex_unlock(&w->lock);
}
