/* SPDX-License-Identifier: Apache-2.0
 *
 * Work on many clusters at once, in threads, so that a slow one does not hold up the others.
 */
#include "lifecycle_internal.h"

#include "glm/clock.h"

#include <pthread.h>

#define WORKER_STACK ((size_t)512 << 10)
/* Files are most often as fast as what is rendered for them, which is held in memory meanwhile: so many
 * at once, and one more after each time in which not even one of each thread was done, which keeps those
 * that answer from waiting for those that do not. */
#define FILES_AT_ONCE ((size_t)8)
#define FILES_WAIT_MS 200

struct queue {
    struct fanout_job *jobs;
    size_t count;
    atomic_size_t next;
    void (*run)(struct fanout_job *job);
    pthread_mutex_t lock; /* of what follows */
    pthread_cond_t over;
    size_t left; /* jobs that are not done */
};

static void *worker(void *arg)
{
    struct queue *q = arg;
    for (size_t i; (i = atomic_fetch_add(&q->next, 1)) < q->count;) {
        struct glm_arena *scratch = glm_arena_create(GLM_ARENA_RPC_LIMIT);
        q->jobs[i].scratch = scratch;
        q->run(&q->jobs[i]);
        q->jobs[i].scratch = NULL;
        glm_arena_destroy(scratch);
        pthread_mutex_lock(&q->lock);
        if (--q->left == 0)
            pthread_cond_signal(&q->over);
        pthread_mutex_unlock(&q->lock);
    }
    return NULL;
}

static void release_arena(void *arena)
{
    glm_arena_destroy(arena);
}

static size_t at_once(const struct queue *q, size_t max_parallel)
{
    size_t files = 0;
    while (files < q->count && q->jobs[files].files)
        files++;
    return files == q->count && max_parallel > FILES_AT_ONCE ? FILES_AT_ONCE : max_parallel;
}

/* Waits until fewer jobs than threads were done in the time; false: no more wait for their turn. */
static bool takes_longer(struct queue *q, size_t threads)
{
    size_t done;
    do {
        struct timespec until = glm_clock_at(glm_clock_ms() + FILES_WAIT_MS);
        int error = 0;
        pthread_mutex_lock(&q->lock);
        done = q->left;
        while (q->left > 0 && error == 0)
            error = pthread_cond_clockwait(&q->over, &q->lock, CLOCK_MONOTONIC, &until);
        done -= q->left;
        pthread_mutex_unlock(&q->lock);
    } while (done >= threads && atomic_load(&q->next) < q->count);
    return atomic_load(&q->next) < q->count;
}

/* This thread works too, as the last one; a thread that cannot be had only means less at once. */
static void run_queue(struct glm_arena *arena, struct queue *q, size_t max_parallel)
{
    size_t most = q->count < max_parallel ? q->count : max_parallel;
    size_t first = at_once(q, max_parallel), started = 0;
    pthread_t *ids = GLM_NEW_ARRAY(arena, most, pthread_t);
    pthread_attr_t attr;
    pthread_attr_init(&attr);
    pthread_attr_setstacksize(&attr, WORKER_STACK);
    while (started + 1 < most && (started < first || takes_longer(q, started)) &&
           pthread_create(&ids[started], &attr, worker, q) == 0)
        started++;
    pthread_attr_destroy(&attr);
    worker(q);
    for (size_t i = 0; i < started; i++)
        pthread_join(ids[i], NULL);
}

void fanout(struct glm_arena *arena, size_t max_parallel, struct fanout_job *jobs, size_t count,
            void (*run)(struct fanout_job *job), struct glm_diags *d)
{
    for (size_t i = 0; i < count; i++) {
        struct glm_arena *own = glm_arena_create(GLM_ARENA_RPC_LIMIT);
        glm_arena_defer(arena, release_arena, own);
        jobs[i].arena = own;
        glm_diags_init(&jobs[i].diags, jobs[i].arena);
    }
    struct queue q = {.jobs = jobs, .count = count, .left = count, .run = run};
    pthread_mutex_init(&q.lock, NULL);
    pthread_cond_init(&q.over, NULL);
    run_queue(arena, &q, max_parallel);
    pthread_cond_destroy(&q.over);
    pthread_mutex_destroy(&q.lock);
    for (size_t i = 0; i < count; i++)
        glm_diags_append(d, NULL, &jobs[i].diags);
}
