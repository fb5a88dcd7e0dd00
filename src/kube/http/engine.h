/* SPDX-License-Identifier: Apache-2.0
 *
 * An engine: a thread that transfers for one server, its jobs and its sockets; and what all engines of
 * a process share.
 *
 * Locks, in the order in which they are taken: that of all engines, an engine's or its sockets', a
 * job's. None is held while libcurl works, but for the wake, which never waits.
 */
#ifndef GLM_KUBE_HTTP_ENGINE_H
#define GLM_KUBE_HTTP_ENGINE_H

#include "transfer.h"

struct http_engine {
    struct http_engine *next; /* under the lock of all */
    struct glm_http *http;
    struct glm_arena *arena;
    const char *origin, *proxy, *server_name; /* whom it asks; see struct http_route */
    bool streams;
    bool abandoned; /* under the lock of all: it was left, and counts there */
    struct http_sockets sockets;
    struct http_job *active; /* its thread's own */

    pthread_mutex_t lock;
    /* under the lock */
    unsigned users;             /* the list of all, its thread, callers */
    bool retired;               /* off the list, for its callers only: it ends with the last */
    void *multi;                /* NULL: its thread has ended */
    struct http_job *submitted; /* newest first */
    bool ending, woken;
    bool resting;        /* its thread waits for `work`, not for libcurl: there is no job */
    pthread_cond_t work; /* by the monotonic clock */
};

struct glm_http {
    struct glm_arena *arena;
    const atomic_bool *stop; /* the owner's, who is there until it ends all */
    atomic_bool ending;
    pthread_mutex_t lock;
    pthread_cond_t changed; /* a caller or a thread has left; by the monotonic clock */
    /* under the lock */
    struct http_engine *engines;
    size_t users; /* the owner, threads, callers */
    size_t callers, threads, abandoned;
    bool open;       /* libcurl is */
    bool some_ended; /* a thread has, and nobody has joined it yet: */
    pthread_t ended; /* it does nothing any more but end */

    pthread_mutex_t turn_lock;
    pthread_cond_t turn_changed; /* by the monotonic clock */
    /* under that lock */
    struct http_turn *turns; /* that are waited for, the next one first */
    size_t turn_bytes;       /* of those that have begun */
    size_t kept_bytes, kept_max;

    pthread_mutex_t trust_lock;
    /* under that lock */
    bool steady;         /* no file system may hang */
    int64_t mounts_ms;   /* when that was found out; 0: never */
    struct aside *trust; /* the last look for the system's authorities where one may; NULL: none */
    int64_t trust_ms;    /* when it began */
};

void http_engine_take(struct http_engine *engine);
void http_engine_drop(struct http_engine *engine);
/* Somebody has changed what it is to do. */
void http_engine_wake(struct http_engine *engine);
/* Takes the caller's count of the job. */
void http_engine_submit(struct http_engine *engine, struct http_job *job);
void http_engine_end(struct http_engine *engine);
/* With the lock of all held: it ends, and takes no more callers. False: it did not before either. */
bool http_engine_unlist(struct http_engine *engine);
/* A request that was sent has timed out: its connection may be dead without a word, and libcurl
 * would give it the next one all the same where it is shared (HTTP/2). So no other request gets a
 * connection of this engine; those that are under way go on, and it ends with the last of them. */
void http_engine_retire(struct http_engine *engine);
/* How a job of an engine that ends does. */
enum http_ended http_engine_end_of(const struct http_engine *engine);
/* A job is done. Takes the count of it. */
void http_engine_conclude(struct http_job *job, enum http_ended ended);
/* Waits for the threads that have ended to be over: what OpenSSL keeps for each goes as its very last,
 * and would not where the program is through before. */
void http_join_ended(struct glm_http *http);
/* A user of all has left, who was counted there, too (NULL: nowhere); the last takes it all along. */
void http_drop_all(struct glm_http *http, size_t *counted);

/* ---- drive.c: its thread ---- */

void *http_drive(void *context); /* the engine */

#endif
