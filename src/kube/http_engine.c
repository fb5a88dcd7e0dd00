/* SPDX-License-Identifier: Apache-2.0
 *
 * The engine's threads. They wait for nothing but sockets, and for no longer than BUSY_MS while
 * there are jobs: so they see a stop, and streams that have fallen silent.
 */
#include "http_engine.h"

#include <errno.h>
#include <signal.h>
#include <time.h>

#define ENGINE_ARENA ((size_t)64 << 10)
#define BUSY_MS 100
#define IDLE_MS 60000

struct http_engine {
    struct glm_http *http;
    void *multi;
    pthread_t thread;
    struct http_job *active; /* its own */
    /* under the lock */
    struct http_job *submitted; /* newest first */
    bool started;
};

/* Requests and streams have an engine each, so that they never share a connection: a stream whose
 * reader is slow is paused, and libcurl then reads nothing more of an HTTP/2 connection. */
enum { ENGINE_REQUESTS, ENGINE_STREAMS, ENGINES };

struct glm_http {
    struct glm_arena *arena;
    const atomic_bool *stop;
    struct http_engine engines[ENGINES];
    pthread_mutex_t lock;
    pthread_cond_t left; /* a caller has left */
    size_t callers;
    bool ending;
};

int64_t http_clock(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool is_halted(const struct glm_http *http, const struct http_job *job)
{
    const struct http_request *r = job->request;
    long long end_ms = r->end_ms ? atomic_load(r->end_ms) : 0;
    return atomic_load(http->stop) || (r->cancel && atomic_load(r->cancel)) ||
           (end_ms && http_clock() >= end_ms);
}

/* ---- an engine's thread ---- */

static void finish(struct http_job **link, enum http_ended ended)
{
    struct http_job *job = *link;
    *link = job->next;
    http_multi_remove(job->engine->multi, job);
    pthread_mutex_t *lock = &job->engine->http->lock;
    pthread_mutex_lock(lock);
    job->ended = ended;
    job->done = true;
    pthread_cond_signal(&job->changed);
    pthread_mutex_unlock(lock); /* from here on it is gone */
}

/* Takes over what was submitted; true while the engine shall go on. */
static bool admit(struct http_engine *engine)
{
    pthread_mutex_lock(&engine->http->lock);
    struct http_job *fresh = engine->submitted;
    engine->submitted = NULL;
    bool ending = engine->http->ending;
    pthread_mutex_unlock(&engine->http->lock);
    while (fresh) {
        struct http_job *job = fresh;
        fresh = job->next;
        job->next = engine->active;
        engine->active = job;
        job->heard_ms = http_clock();
        if (!http_multi_add(engine->multi, job))
            finish(&engine->active, HTTP_ENDED_BY_ITSELF);
    }
    return !ending;
}

/* Ends what has to end, lets go on what may go on. */
static void review(struct http_engine *engine, bool ending)
{
    int64_t now = http_clock();
    for (struct http_job **link = &engine->active, *job; (job = *link);) {
        pthread_mutex_lock(&engine->http->lock);
        bool resume = job->resume, paused = job->paused, enough = job->enough;
        job->resume = false;
        pthread_mutex_unlock(&engine->http->lock);
        if (resume || paused) /* the silence is ours */
            job->heard_ms = now;
        int64_t limit = job->request->piece ? job->request->timeout_ms : 0;
        if (ending || is_halted(engine->http, job)) {
            finish(link, HTTP_ENDED_STOPPED);
        } else if (enough) {
            finish(link, HTTP_ENDED_ENOUGH);
        } else if (limit > 0 && now - job->heard_ms >= limit) {
            finish(link, HTTP_ENDED_SILENT);
        } else {
            if (resume)
                http_multi_resume(job);
            link = &job->next;
        }
    }
}

static void collect(struct http_engine *engine)
{
    for (struct http_job *job; (job = http_multi_ended(engine->multi));) {
        struct http_job **link = &engine->active;
        while (*link != job)
            link = &(*link)->next;
        finish(link, HTTP_ENDED_BY_ITSELF);
    }
}

static void *drive(void *context)
{
    struct http_engine *engine = context;
    for (bool going = true; going;) {
        going = admit(engine);
        review(engine, !going);
        http_multi_turn(engine->multi);
        collect(engine);
        if (going)
            http_multi_wait(engine->multi, engine->active ? BUSY_MS : IDLE_MS);
    }
    return NULL;
}

bool http_hand_over(struct http_job *job, const char *data, size_t len)
{
    pthread_mutex_lock(&job->engine->http->lock);
    job->paused = !http_queue_put(&job->queue, data, len);
    bool paused = job->paused;
    pthread_cond_signal(&job->changed);
    pthread_mutex_unlock(&job->engine->http->lock);
    return !paused;
}

/* ---- its life ---- */

struct glm_http *glm_http_create(const atomic_bool *stop)
{
    struct glm_arena *arena = glm_arena_create(ENGINE_ARENA);
    struct glm_http *http = GLM_NEW(arena, struct glm_http);
    http->arena = arena;
    http->stop = stop;
    for (size_t i = 0; i < ENGINES; i++)
        http->engines[i].http = http;
    pthread_mutex_init(&http->lock, NULL);
    pthread_cond_init(&http->left, NULL);
    return http;
}

void glm_http_destroy(struct glm_http *http)
{
    if (!http)
        return;
    pthread_mutex_lock(&http->lock);
    http->ending = true;
    for (size_t i = 0; i < ENGINES; i++)
        if (http->engines[i].started)
            http_multi_wake(http->engines[i].multi);
    while (http->callers)
        pthread_cond_wait(&http->left, &http->lock);
    pthread_mutex_unlock(&http->lock);
    for (size_t i = 0; i < ENGINES; i++)
        if (http->engines[i].started) {
            pthread_join(http->engines[i].thread, NULL);
            http_multi_close(http->engines[i].multi);
        }
    pthread_cond_destroy(&http->left);
    pthread_mutex_destroy(&http->lock);
    glm_arena_destroy(http->arena);
}

/* Under the lock. 0, or an errno. */
static int start(struct http_engine *engine)
{
    if (engine->started)
        return 0;
    engine->multi = http_multi_open(engine == &engine->http->engines[ENGINE_REQUESTS]);
    if (!engine->multi)
        return ENOMEM;
    /* Signals are for the program's own threads. */
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int error = pthread_create(&engine->thread, NULL, drive, engine);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    engine->started = error == 0;
    if (error)
        http_multi_close(engine->multi);
    return error;
}

/* ---- callers ---- */

bool http_enter(struct glm_http *http, struct http_job *job, int *ret_error)
{
    job->engine = &http->engines[job->request->piece ? ENGINE_STREAMS : ENGINE_REQUESTS];
    pthread_mutex_lock(&http->lock);
    bool halted = http->ending || is_halted(http, job);
    *ret_error = halted ? 0 : start(job->engine);
    bool in = !halted && *ret_error == 0;
    http->callers += in;
    pthread_mutex_unlock(&http->lock);
    return in;
}

void http_leave(struct glm_http *http)
{
    pthread_mutex_lock(&http->lock);
    http->callers--;
    pthread_cond_broadcast(&http->left);
    pthread_mutex_unlock(&http->lock);
}

static void submit(struct http_job *job)
{
    struct http_engine *engine = job->engine;
    pthread_mutex_lock(&engine->http->lock);
    job->next = engine->submitted;
    engine->submitted = job;
    http_multi_wake(engine->multi);
    pthread_mutex_unlock(&engine->http->lock);
}

static void attend(struct http_job *job)
{
    struct http_engine *engine = job->engine;
    pthread_mutex_t *lock = &engine->http->lock;
    pthread_mutex_lock(lock);
    for (;;) {
        while (!job->done && (!job->queue.len || job->enough))
            pthread_cond_wait(&job->changed, lock);
        if (job->done && (!job->queue.len || job->enough || job->ended == HTTP_ENDED_STOPPED))
            break;
        size_t len;
        const char *data = http_queue_front(&job->queue, &len);
        pthread_mutex_unlock(lock);
        bool more = job->request->piece(job->request->context, data, len);
        pthread_mutex_lock(lock);
        http_queue_drop(&job->queue, len);
        job->enough = !more;
        if (job->paused && job->queue.len <= HTTP_QUEUE_SIZE / 2) {
            job->paused = false;
            job->resume = true;
        }
        if (!job->done && (job->enough || job->resume))
            http_multi_wake(engine->multi);
    }
    /* What the reader had no use for any more. */
    if (job->enough)
        job->ended = HTTP_ENDED_ENOUGH;
    pthread_mutex_unlock(lock);
}

void http_run(struct http_job *job)
{
    pthread_cond_init(&job->changed, NULL);
    submit(job);
    attend(job);
    pthread_cond_destroy(&job->changed);
}
