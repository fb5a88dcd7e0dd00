/* SPDX-License-Identifier: Apache-2.0
 *
 * Work on many clusters at once, in threads, so that a slow one does not hold up the others.
 */
#include "lifecycle_internal.h"

#include <pthread.h>

#define WORKER_STACK ((size_t)512 << 10)

struct queue {
    struct fanout_job *jobs;
    size_t count;
    atomic_size_t next;
    void (*run)(struct fanout_job *job);
};

static void *worker(void *arg)
{
    struct queue *q = arg;
    for (size_t i; (i = atomic_fetch_add(&q->next, 1)) < q->count;) {
        struct glm_arena *GLM_AUTO_ARENA scratch = glm_arena_create(GLM_ARENA_RPC_LIMIT);
        q->jobs[i].scratch = scratch;
        q->run(&q->jobs[i]);
        q->jobs[i].scratch = NULL;
    }
    return NULL;
}

static void release_arena(void *arena)
{
    glm_arena_destroy(arena);
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
    struct queue q = {.jobs = jobs, .count = count, .run = run};
    size_t threads = count < max_parallel ? count : max_parallel;
    pthread_t *ids = GLM_NEW_ARRAY(arena, threads, pthread_t);
    pthread_attr_t attr;
    pthread_attr_init(&attr);
    pthread_attr_setstacksize(&attr, WORKER_STACK);
    size_t started = 0;
    /* This thread works too; a thread that cannot be had only means less at once. */
    while (started + 1 < threads && pthread_create(&ids[started], &attr, worker, &q) == 0)
        started++;
    pthread_attr_destroy(&attr);
    worker(&q);
    for (size_t i = 0; i < started; i++)
        pthread_join(ids[i], NULL);
    for (size_t i = 0; i < count; i++)
        glm_diags_append(d, NULL, &jobs[i].diags);
}
