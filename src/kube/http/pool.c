/* SPDX-License-Identifier: Apache-2.0
 *
 * The engines of a process, and who waits for them.
 */
#include "pool.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

#define ENGINE_ARENA ((size_t)1 << 20)
#define STACK ((size_t)512 << 10)
#define LOOK_MS 200      /* how soon a waiter sees a stop */
#define LATE_MS 150      /* how long libcurl has to come to its own limit of time */
#define CUT_MS 200       /* how long an engine has to end a job */
#define LEAVE_MS 500     /* the same, with its sockets shut: after that it is left */
#define END_MS 1000      /* how long the end of all is waited for */
#define ENGINES_MAX 1024 /* of one process */
#define ABANDONED_MAX 16 /* engines that may be left and have others in their place */

/* ---- the life of all ---- */

struct glm_http *glm_http_create(const atomic_bool *stop)
{
    struct glm_arena *arena = glm_arena_create(ENGINE_ARENA);
    struct glm_http *http = GLM_NEW(arena, struct glm_http);
    http->arena = arena;
    http->stop = stop;
    http->users = 1;
    pthread_mutex_init(&http->lock, NULL);
    kube_cond_init(&http->changed);
    pthread_mutex_init(&http->turn_lock, NULL);
    kube_cond_init(&http->turn_changed);
    pthread_mutex_init(&http->trust_lock, NULL);
    http->kept_max = HTTP_KEPT_BYTES;
    return http;
}

/* With the lock held. */
static void wait_for_all(struct glm_http *http, int64_t until_ms)
{
    while ((http->callers || http->threads) && glm_clock_ms() < until_ms)
        kube_cond_wait_until(&http->changed, &http->lock, until_ms);
}

void glm_http_destroy(struct glm_http *http)
{
    if (!http)
        return;
    int64_t began_ms = glm_clock_ms();
    atomic_store(&http->ending, true);
    http_trust_leave(http);
    pthread_mutex_lock(&http->lock);
    for (struct http_engine *e = http->engines; e; e = e->next)
        http_engine_end(e);
    wait_for_all(http, began_ms + CUT_MS);
    for (struct http_engine *e = http->engines; e; e = e->next)
        http_sockets_cut(&e->sockets);
    wait_for_all(http, began_ms + END_MS);
    /* Threads that are left go on for as long as something holds them; what they use stays. */
    bool alone = !http->callers && !http->threads;
    for (struct http_engine *e; (e = http->engines);) {
        http->engines = e->next;
        http_engine_drop(e);
    }
    pthread_mutex_unlock(&http->lock);
    http_join_ended(http);
    if (alone && http->open)
        http_library_close();
    http_drop_all(http, NULL);
}

/* ---- engines ---- */

/* "https://host:port" of a URL. */
static size_t origin_len(const char *url)
{
    const char *host = strstr(url, "://");
    return host ? (size_t)(host - url) + 3 + strcspn(host + 3, "/?#") : strlen(url);
}

static bool same(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool suits(const struct http_engine *engine, const struct http_request *request)
{
    size_t len = origin_len(request->url);
    return engine->streams == (request->piece != NULL) && strlen(engine->origin) == len &&
           strncmp(engine->origin, request->url, len) == 0 &&
           same(engine->proxy, request->route->proxy) &&
           same(engine->server_name, request->route->server_name);
}

static const char *copy(struct glm_arena *arena, const char *text)
{
    return text ? glm_strdup(arena, text) : NULL;
}

/* With the lock of all held. 0, or an errno. */
static int start(struct http_engine *engine)
{
    struct glm_http *http = engine->http;
    pthread_t thread;
    pthread_attr_t attr;
    sigset_t all, before;
    if (!http->open && !(http->open = http_library_open()))
        return ENOMEM;
    engine->multi = http_multi_open(!engine->streams);
    if (!engine->multi)
        return errno;
    pthread_attr_init(&attr);
    pthread_attr_setstacksize(&attr, STACK);
    /* Signals are for the program's own threads. */
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int error = pthread_create(&thread, &attr, http_drive, engine);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attr);
    if (error)
        http_multi_close(engine->multi);
    return error;
}

/* With the lock of all held. The one for the request, started when there is none yet. */
static struct http_engine *engine_for(struct glm_http *http, const struct http_request *request,
                                      int *ret_error)
{
    size_t count = 0;
    for (struct http_engine *e = http->engines; e; e = e->next, count++)
        if (suits(e, request))
            return e;
    if (count >= ENGINES_MAX) {
        *ret_error = EAGAIN;
        return NULL;
    }
    struct glm_arena *arena = glm_arena_create(ENGINE_ARENA);
    struct http_engine *engine = GLM_NEW(arena, struct http_engine);
    glm_arena_wipe(arena); /* a proxy's password */
    engine->arena = arena;
    engine->http = http;
    engine->origin = glm_strndup(arena, request->url, origin_len(request->url));
    engine->proxy = copy(arena, request->route->proxy);
    engine->server_name = copy(arena, request->route->server_name);
    engine->streams = request->piece != NULL;
    engine->users = 2; /* the list and its thread */
    pthread_mutex_init(&engine->lock, NULL);
    kube_cond_init(&engine->work);
    http_sockets_init(&engine->sockets, arena);
    *ret_error = start(engine);
    if (*ret_error) {
        engine->users = 1;
        http_engine_drop(engine);
        return NULL;
    }
    engine->next = http->engines;
    http->engines = engine;
    http->threads++;
    http->users++;
    return engine;
}

/* It does not come back: others get a new one, a few times. */
static void abandon(struct http_engine *engine)
{
    struct glm_http *http = engine->http;
    pthread_mutex_lock(&http->lock);
    if (http->abandoned < ABANDONED_MAX && http_engine_unlist(engine)) {
        engine->abandoned = true;
        http->abandoned++;
    }
    pthread_mutex_unlock(&http->lock);
}

/* ---- callers ---- */

static bool is_halted(const struct glm_http *http, const struct http_request *r)
{
    long long end_ms = r->end_ms ? atomic_load(r->end_ms) : 0;
    return atomic_load(&http->ending) || atomic_load(http->stop) ||
           (r->cancel && atomic_load(r->cancel)) || (end_ms && glm_clock_ms() >= end_ms);
}

struct http_engine *http_enter(struct glm_http *http, const struct http_request *request,
                               int *ret_error)
{
    *ret_error = 0;
    pthread_mutex_lock(&http->lock);
    struct http_engine *engine =
        is_halted(http, request) ? NULL : engine_for(http, request, ret_error);
    if (engine) {
        http_engine_take(engine);
        http->callers++;
        http->users++;
    }
    pthread_mutex_unlock(&http->lock);
    return engine;
}

void http_leave(struct http_engine *engine)
{
    struct glm_http *http = engine->http;
    http_engine_drop(engine);
    http_drop_all(http, &http->callers);
}

/* A job and what its waiter has done about its end. */
struct waiting {
    struct http_engine *engine;
    struct http_job *job;
    const struct http_request *request;
    int64_t began_ms;
    int64_t asked_ms; /* 0: not asked to end */
    bool cut;
};

/* With the job's lock held. */
static enum http_ended limit_of(const struct waiting *w)
{
    int64_t limit_ms = w->request->timeout_ms, now = glm_clock_ms();
    if (is_halted(w->engine->http, w->request))
        return HTTP_ENDED_STOPPED;
    if (limit_ms <= 0)
        return HTTP_ENDED_BY_ITSELF;
    if (!w->request->piece)
        return now - w->began_ms >= limit_ms + LATE_MS ? HTTP_ENDED_LATE : HTTP_ENDED_BY_ITSELF;
    bool ours = w->job->paused || w->job->queue.len; /* the silence is the reader's */
    return !ours && now - w->job->heard_ms >= limit_ms ? HTTP_ENDED_SILENT : HTTP_ENDED_BY_ITSELF;
}

/* With the job's lock held, and given up meanwhile: the engine has something to do. */
static void ask(struct waiting *w)
{
    pthread_mutex_unlock(&w->job->lock);
    http_engine_wake(w->engine);
    pthread_mutex_lock(&w->job->lock);
}

static void ask_for_end(struct waiting *w, enum http_ended ended)
{
    w->job->ended = ended;
    w->asked_ms = glm_clock_ms();
    ask(w);
}

/* With the job's lock held, and given up meanwhile. */
static void read_piece(struct waiting *w)
{
    struct http_job *job = w->job;
    size_t len;
    const char *data = http_queue_front(&job->queue, &len);
    pthread_mutex_unlock(&job->lock);
    bool more = w->request->piece(w->request->context, data, len);
    pthread_mutex_lock(&job->lock);
    http_queue_drop(&job->queue, len);
    if (!more) {
        job->ended = HTTP_ENDED_ENOUGH;
        if (!job->done)
            ask_for_end(w, HTTP_ENDED_ENOUGH);
    } else if (job->paused && job->queue.len <= HTTP_QUEUE_SIZE / 2) {
        job->paused = false;
        job->resume = true;
        job->heard_ms = glm_clock_ms(); /* the silence was ours */
        ask(w);
    }
}

/* With the job's lock held, and given up meanwhile: it was asked to end and has not. False: enough
 * was tried. */
static bool insist(struct waiting *w)
{
    int64_t spent = glm_clock_ms() - w->asked_ms;
    if (!w->cut && spent >= CUT_MS) {
        w->cut = true;
        pthread_mutex_unlock(&w->job->lock);
        http_sockets_cut(&w->engine->sockets);
        http_engine_wake(w->engine);
        pthread_mutex_lock(&w->job->lock);
    }
    return spent < LEAVE_MS;
}

static int64_t next_look(const struct waiting *w)
{
    int64_t at = glm_clock_ms() + LOOK_MS, limit_ms = w->request->timeout_ms;
    int64_t limit = w->asked_ms         ? w->asked_ms + (w->cut ? LEAVE_MS : CUT_MS)
                    : limit_ms <= 0     ? at
                    : w->request->piece ? w->job->heard_ms + limit_ms
                                        : w->began_ms + limit_ms + LATE_MS;
    return limit < at ? limit : at;
}

/* With the job's lock held, and given up meanwhile. True when it is done. */
static bool attend(struct waiting *w)
{
    struct http_job *job = w->job;
    for (;;) {
        if (job->begun && w->request->begun)
            atomic_store(w->request->begun, true);
        enum http_ended limit = w->asked_ms || job->done ? HTTP_ENDED_BY_ITSELF : limit_of(w);
        if (limit != HTTP_ENDED_BY_ITSELF)
            ask_for_end(w, limit);
        else if (job->queue.len && job->ended == HTTP_ENDED_BY_ITSELF)
            read_piece(w);
        else if (job->done)
            return true;
        else if (w->asked_ms && !insist(w))
            return false;
        else if (!job->done)
            kube_cond_wait_until(&job->changed, &job->lock, next_look(w));
    }
}

bool http_run(struct http_engine *engine, struct http_job *job, const struct http_request *request)
{
    struct waiting w = {engine, job, request, .began_ms = glm_clock_ms()};
    job->heard_ms = w.began_ms;
    http_job_take(job);
    http_engine_submit(engine, job);
    pthread_mutex_lock(&job->lock);
    bool done = attend(&w);
    job->left = !done;
    pthread_mutex_unlock(&job->lock);
    if (!done)
        abandon(engine);
    return done;
}
