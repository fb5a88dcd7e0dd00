/* SPDX-License-Identifier: Apache-2.0
 *
 * An engine: the thread of one server, as those see it who give it jobs. drive.c is what it does.
 */
#include "engine.h"

void http_join_ended(struct glm_http *http)
{
    pthread_mutex_lock(&http->lock);
    bool some = http->some_ended;
    pthread_t ended = http->ended;
    http->some_ended = false;
    pthread_mutex_unlock(&http->lock);
    if (some && pthread_equal(ended, pthread_self()))
        pthread_detach(ended); /* it was left, and came back when all others had gone */
    else if (some)
        pthread_join(ended, NULL);
}

void http_drop_all(struct glm_http *http, size_t *counted)
{
    pthread_mutex_lock(&http->lock);
    if (counted) {
        --*counted;
        pthread_cond_broadcast(&http->changed);
    }
    bool last = --http->users == 0;
    pthread_mutex_unlock(&http->lock);
    if (!last)
        return;
    http_join_ended(http);
    kube_aside_drop(http->trust);
    pthread_mutex_destroy(&http->trust_lock);
    pthread_cond_destroy(&http->turn_changed);
    pthread_mutex_destroy(&http->turn_lock);
    pthread_cond_destroy(&http->changed);
    pthread_mutex_destroy(&http->lock);
    glm_arena_destroy(http->arena);
}

void http_engine_take(struct http_engine *engine)
{
    pthread_mutex_lock(&engine->lock);
    engine->users++;
    pthread_mutex_unlock(&engine->lock);
}

/* With the lock held. What libcurl waits for takes some system calls more to end than a condition. */
static void wake(struct http_engine *engine)
{
    engine->woken = true;
    if (engine->resting)
        pthread_cond_signal(&engine->work);
    else if (engine->multi)
        http_multi_wake(engine->multi);
}

void http_engine_drop(struct http_engine *engine)
{
    pthread_mutex_lock(&engine->lock);
    bool last = --engine->users == 0;
    if (engine->retired && engine->users == 1 && engine->multi) { /* its thread */
        engine->ending = true;
        wake(engine);
    }
    pthread_mutex_unlock(&engine->lock);
    if (!last)
        return;
    http_sockets_done(&engine->sockets);
    pthread_cond_destroy(&engine->work);
    pthread_mutex_destroy(&engine->lock);
    glm_arena_destroy(engine->arena);
}

void http_engine_wake(struct http_engine *engine)
{
    pthread_mutex_lock(&engine->lock);
    wake(engine);
    pthread_mutex_unlock(&engine->lock);
}

enum http_ended http_engine_end_of(const struct http_engine *engine)
{
    return atomic_load(&engine->http->ending) ? HTTP_ENDED_STOPPED : HTTP_ENDED_CUT;
}

void http_engine_conclude(struct http_job *job, enum http_ended ended)
{
    pthread_mutex_lock(&job->lock);
    /* An answer that is there counts, whatever its waiter has come to want meanwhile; a stream's
     * pieces were not all read. */
    bool whole = ended == HTTP_ENDED_BY_ITSELF && job->result == 0 && !job->queue.data;
    if (job->ended == HTTP_ENDED_BY_ITSELF || whole)
        job->ended = ended;
    job->done = true;
    pthread_mutex_unlock(&job->lock);
    pthread_cond_signal(&job->changed); /* who waits finds the lock free */
    http_job_drop(job);
}

void http_engine_submit(struct http_engine *engine, struct http_job *job)
{
    pthread_mutex_lock(&engine->lock);
    bool runs = engine->multi != NULL, rests = engine->resting;
    if (runs) {
        job->next = engine->submitted;
        engine->submitted = job;
        engine->woken = true;
        if (!rests)
            http_multi_wake(engine->multi);
    }
    pthread_mutex_unlock(&engine->lock);
    if (rests)
        pthread_cond_signal(&engine->work); /* it finds the lock free */
    if (!runs)
        http_engine_conclude(job, http_engine_end_of(engine));
}

void http_engine_end(struct http_engine *engine)
{
    pthread_mutex_lock(&engine->lock);
    engine->ending = true;
    wake(engine);
    pthread_mutex_unlock(&engine->lock);
}

/* With the lock of all held. False: it is off already. The list's count is the caller's then. */
static bool take_off(struct http_engine *engine)
{
    struct http_engine **at = &engine->http->engines;
    while (*at && *at != engine)
        at = &(*at)->next;
    if (!*at)
        return false;
    *at = engine->next;
    return true;
}

bool http_engine_unlist(struct http_engine *engine)
{
    if (!take_off(engine))
        return false;
    http_engine_end(engine);
    http_engine_drop(engine);
    return true;
}

void http_engine_retire(struct http_engine *engine)
{
    pthread_mutex_lock(&engine->http->lock);
    bool off = take_off(engine);
    pthread_mutex_unlock(&engine->http->lock);
    if (!off)
        return;
    pthread_mutex_lock(&engine->lock);
    engine->retired = true;
    pthread_mutex_unlock(&engine->lock);
    http_engine_drop(engine);
}
