/* SPDX-License-Identifier: Apache-2.0
 *
 * The engine: threads, and who waits for whom. What it drives, libcurl's multi handles, is http.c's.
 *
 * A job is on the stack of the thread that wants it done. That thread prepares it, runs it through
 * the engine, and waits; only then does it look at what came of it. In between the job is the
 * engine's thread's, but for what is under the lock.
 */
#ifndef GLM_KUBE_HTTP_ENGINE_H
#define GLM_KUBE_HTTP_ENGINE_H

#include "http_parts.h"

#include <pthread.h>

struct http_engine;

enum http_ended { HTTP_ENDED_BY_ITSELF, HTTP_ENDED_STOPPED, HTTP_ENDED_SILENT, HTTP_ENDED_ENOUGH };

struct http_job {
    /* by the caller */
    const struct http_request *request;
    struct glm_arena *arena;

    /* the engine's thread's */
    struct http_job *next;
    struct http_engine *engine;
    int64_t heard_ms; /* when something came last, by http_clock */

    /* under the lock */
    pthread_cond_t changed;
    struct http_queue queue;
    bool paused, resume, enough, done;

    /* when it is done */
    enum http_ended ended;
    int result; /* of a job that ended by itself: http.c's */
};

/* Monotonic, in milliseconds. */
int64_t http_clock(void);

/* Counts the caller in, and starts the engine that suits the job; a caller that was counted in
 * leaves. false: stopped, or *ret_error is an errno. */
bool http_enter(struct glm_http *http, struct http_job *job, int *ret_error);
void http_leave(struct glm_http *http);
/* Runs a job to its end; gives the pieces of a stream to its reader, in this thread. */
void http_run(struct http_job *job);
/* For http.c, in the engine's thread: hands a piece on to the reader. false: there is no room, the
 * same piece is to come again once the job was resumed. The job's arena is the reader's alone from
 * the first piece on. */
bool http_hand_over(struct http_job *job, const char *data, size_t len);

/* ---- what http.c does for it; `multi` is a CURLM ---- */

/* NULL: out of memory. shared: many jobs at once on one connection. Calls pair with close. */
void *http_multi_open(bool shared);
void http_multi_close(void *multi);
bool http_multi_add(void *multi, struct http_job *job);
void http_multi_remove(void *multi, struct http_job *job);
void http_multi_resume(struct http_job *job);
/* Does what can be done now. */
void http_multi_turn(void *multi);
/* A job that has ended, with its result; NULL: no more. */
struct http_job *http_multi_ended(void *multi);
/* Until there is something to do, or somebody wakes it (from any thread). */
void http_multi_wait(void *multi, int milliseconds);
void http_multi_wake(void *multi);

#endif
