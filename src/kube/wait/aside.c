/* SPDX-License-Identifier: Apache-2.0
 *
 * Work that may hang, in a thread of its own.
 */
#include "wait.h"

#include <signal.h>
#include <string.h>

#define STACK ((size_t)512 << 10)

struct aside {
    struct glm_arena *arena;
    void (*run)(struct glm_arena *arena, void *context, const atomic_bool *left);
    void *context;
    atomic_bool left;
    pthread_mutex_t lock;
    pthread_cond_t ended; /* by the monotonic clock */
    /* under the lock */
    unsigned users; /* its thread among them */
    bool done;
};

struct aside *kube_aside_take(struct aside *aside)
{
    if (!aside)
        return NULL;
    pthread_mutex_lock(&aside->lock);
    aside->users++;
    pthread_mutex_unlock(&aside->lock);
    return aside;
}

void kube_aside_drop(struct aside *aside)
{
    if (!aside)
        return;
    pthread_mutex_lock(&aside->lock);
    unsigned users = --aside->users;
    if (users == 1 && !aside->done)
        atomic_store(&aside->left, true);
    pthread_mutex_unlock(&aside->lock);
    if (users)
        return;
    pthread_cond_destroy(&aside->ended);
    pthread_mutex_destroy(&aside->lock);
    glm_arena_destroy(aside->arena);
}

void kube_aside_leave(struct aside *aside)
{
    atomic_store(&aside->left, true);
}

static void *run_aside(void *context)
{
    struct aside *aside = context;
    aside->run(aside->arena, aside->context, &aside->left);
    pthread_mutex_lock(&aside->lock);
    aside->done = true;
    pthread_cond_broadcast(&aside->ended);
    pthread_mutex_unlock(&aside->lock);
    kube_aside_drop(aside);
    return NULL;
}

struct aside *kube_aside_begin(struct glm_arena *arena,
                               void (*run)(struct glm_arena *arena, void *context,
                                           const atomic_bool *left),
                               void *context, int *ret_error)
{
    struct aside *aside = GLM_NEW(arena, struct aside);
    *aside = (struct aside){.arena = arena, .run = run, .context = context, .users = 2};
    pthread_mutex_init(&aside->lock, NULL);
    kube_cond_init(&aside->ended);
    pthread_t thread;
    pthread_attr_t attr;
    sigset_t all, before;
    pthread_attr_init(&attr);
    pthread_attr_setstacksize(&attr, STACK);
    pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
    /* Signals are for the program's own threads. */
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    *ret_error = pthread_create(&thread, &attr, run_aside, aside);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attr);
    if (*ret_error == 0)
        return aside;
    pthread_cond_destroy(&aside->ended);
    pthread_mutex_destroy(&aside->lock);
    return NULL;
}

const char *kube_aside_why_not(struct glm_arena *arena, int error)
{
    char text[128]; /* strerror_r's interface: the longest text of glibc has 49 bytes */
    return glm_sprintf(
        arena,
        "cannot be started (%s): raise the limit of threads of whoever runs Terraform "
        "(`ulimit -u`, or that of the container), or lower terraform's -parallelism and "
        "`max_parallel_clusters`",
        strerror_r(error, text, sizeof text));
}

enum aside_end kube_aside_wait(struct aside *aside, const atomic_bool *stop,
                               const atomic_bool *cancel, int64_t until_ms)
{
    pthread_mutex_lock(&aside->lock);
    enum aside_end end = ASIDE_DONE;
    while (!aside->done && end == ASIDE_DONE) {
        if ((stop && atomic_load(stop)) || (cancel && atomic_load(cancel)))
            end = ASIDE_STOPPED;
        else if (kube_late(until_ms))
            end = ASIDE_LATE;
        else
            kube_cond_wait(&aside->ended, &aside->lock, until_ms);
    }
    pthread_mutex_unlock(&aside->lock);
    return end;
}

bool kube_aside_is_done(struct aside *aside)
{
    pthread_mutex_lock(&aside->lock);
    bool done = aside->done;
    pthread_mutex_unlock(&aside->lock);
    return done;
}

void *kube_aside_context(struct aside *aside)
{
    return aside->context;
}
