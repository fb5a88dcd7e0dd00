/* SPDX-License-Identifier: Apache-2.0
 *
 * An engine's thread: it waits for sockets, and for whoever wakes it. It keeps no limits; whoever
 * waits for a job says when that is to end.
 */
#include "engine.h"

#define IDLE_MS 60000 /* an engine without a job ends after that, as do idle connections */
/* It is woken for everything but what libcurl itself waits for. But libcurl may have the rest of an
 * answer in buffers of its own, and no socket says so (of HTTP/2 above all, which streams do not
 * speak): soon after something came it looks again, and later and later when nothing does. */
#define SOON_MS 10
#define SOON_STREAM_MS 200
#define BUSY_MS 1000

static void finish(struct http_engine *engine, struct http_job **link, enum http_ended ended)
{
    struct http_job *job = *link;
    *link = job->next;
    http_multi_remove(engine->multi, job);
    http_engine_conclude(job, ended);
}

/* Takes over what was submitted; true while the engine shall go on. */
static bool admit(struct http_engine *engine)
{
    pthread_mutex_lock(&engine->lock);
    struct http_job *fresh = engine->submitted;
    engine->submitted = NULL;
    engine->woken = false;
    bool ending = engine->ending;
    pthread_mutex_unlock(&engine->lock);
    while (fresh) {
        struct http_job *job = fresh;
        fresh = job->next;
        job->next = engine->active;
        engine->active = job;
        if (!http_job_wanted(job) || ending)
            finish(engine, &engine->active, http_engine_end_of(engine));
        else if (!http_multi_add(engine->multi, job))
            finish(engine, &engine->active, HTTP_ENDED_BY_ITSELF);
    }
    return !ending;
}

/* What has ended by itself. What did because its connection was shut here has not. */
static void collect(struct http_engine *engine, bool cut)
{
    for (struct http_job *job; (job = http_multi_ended(engine->multi));) {
        struct http_job **link = &engine->active;
        while (*link != job)
            link = &(*link)->next;
        finish(engine, link, cut && job->result ? HTTP_ENDED_CUT : HTTP_ENDED_BY_ITSELF);
    }
}

/* Ends what has to end, lets go on what may go on. */
static void review(struct http_engine *engine, bool cut, bool ending)
{
    for (struct http_job **link = &engine->active, *job; (job = *link);) {
        pthread_mutex_lock(&job->lock);
        bool resume = job->resume;
        job->resume = false;
        pthread_mutex_unlock(&job->lock);
        if (cut || ending || !http_job_wanted(job)) {
            finish(engine, link, http_engine_end_of(engine));
            continue;
        }
        if (resume && !http_multi_resume(job))
            finish(engine, link, HTTP_ENDED_BY_ITSELF);
        else
            link = &job->next;
    }
}

/* Nobody has had a job for it for so long: it ends, unless somebody has come just now. */
static void end_idle(struct http_engine *engine)
{
    pthread_mutex_lock(&engine->http->lock);
    pthread_mutex_lock(&engine->lock);
    bool alone = engine->users <= 2; /* callers come under the lock of all */
    pthread_mutex_unlock(&engine->lock);
    if (alone)
        http_engine_unlist(engine);
    pthread_mutex_unlock(&engine->http->lock);
}

/* Each thread that ends joins the one that did before it; the last one is the owner's to join. */
static void end_thread(struct glm_http *http)
{
    pthread_mutex_lock(&http->lock);
    bool some = http->some_ended;
    pthread_t before = http->ended;
    http->some_ended = true;
    http->ended = pthread_self();
    pthread_mutex_unlock(&http->lock);
    if (some)
        pthread_join(before, NULL);
    http_drop_all(http, &http->threads);
}

static void leave(struct http_engine *engine)
{
    struct glm_http *http = engine->http;
    pthread_mutex_lock(&engine->lock);
    void *multi = engine->multi;
    engine->multi = NULL;
    struct http_job *late = engine->submitted;
    pthread_mutex_unlock(&engine->lock);
    for (struct http_job *next; late; late = next) {
        next = late->next;
        http_engine_conclude(late, http_engine_end_of(engine));
    }
    http_multi_close(multi);
    pthread_mutex_lock(&http->lock);
    http->abandoned -= engine->abandoned;
    pthread_mutex_unlock(&http->lock);
    http_engine_drop(engine);
    end_thread(http);
}

/* Until somebody has something for it. */
static void rest(struct http_engine *engine)
{
    int64_t until = glm_clock_ms() + IDLE_MS;
    pthread_mutex_lock(&engine->lock);
    engine->resting = true;
    while (!engine->woken && glm_clock_ms() < until)
        kube_cond_wait_until(&engine->work, &engine->lock, until);
    engine->resting = false;
    pthread_mutex_unlock(&engine->lock);
}

void *http_drive(void *context)
{
    struct http_engine *engine = context;
    int64_t busy_ms = glm_clock_ms();
    int soon = engine->streams ? SOON_STREAM_MS : SOON_MS, pause = soon;
    for (bool going = true; going;) {
        going = admit(engine);
        http_multi_turn(engine->multi);
        bool cut = http_sockets_were_cut(&engine->sockets);
        collect(engine, cut);
        review(engine, cut, !going);
        int64_t now = glm_clock_ms();
        if (engine->active)
            busy_ms = now;
        else if (now - busy_ms >= IDLE_MS)
            end_idle(engine);
        if (going && !engine->active)
            rest(engine);
        bool came = going && engine->active && http_multi_wait(engine->multi, pause);
        pause = came || !engine->active ? soon : pause * 5 < BUSY_MS ? pause * 5 : BUSY_MS;
    }
    leave(engine);
    return NULL;
}
