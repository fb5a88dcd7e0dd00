/* SPDX-License-Identifier: Apache-2.0
 *
 * A job: what whoever wants a transfer and the thread that does it share, and nothing else of
 * either. Whoever waits has limits of its own and may leave at any moment, in the middle of whatever
 * libcurl does; the thread then finds that out when it comes back, if it ever does.
 *
 * Owner:  a job has an arena of its own, in which it lives with all that belongs to it; the last of
 *         its users (one who waits, one thread) takes it along. Nothing in it is borrowed.
 * Thread: what is under the lock, any; the rest is the thread's from the submission to `done`, and
 *         the waiter's before and after.
 */
#ifndef GLM_KUBE_HTTP_JOB_H
#define GLM_KUBE_HTTP_JOB_H

#include "../wait/wait.h"
#include "parts.h"

/* How a job ended; of a job under way, how its waiter wants it to. */
enum http_ended {
    HTTP_ENDED_BY_ITSELF,
    HTTP_ENDED_STOPPED,
    HTTP_ENDED_SILENT,
    HTTP_ENDED_LATE,   /* libcurl's own limit of time did not come to it */
    HTTP_ENDED_ENOUGH, /* its reader had */
    HTTP_ENDED_CUT,    /* another waiter had the server's connections closed */
};

struct http_job {
    struct glm_arena *arena;
    void (*release)(struct http_job *job); /* what is not in the arena */
    struct http_job *next;                 /* in a list of the engine's */
    bool admitted;                         /* the engine's thread has set about it */
    int result;                            /* of a job that ended by itself: libcurl's */

    pthread_mutex_t lock;
    pthread_cond_t changed; /* by the monotonic clock */
    /* under the lock */
    unsigned users;
    struct http_queue queue; /* of a stream */
    bool paused, resume, done;
    bool left; /* nobody waits for it any more */
    enum http_ended ended;
    /* how far it came */
    int64_t heard_ms;      /* when something came last, by glm_clock_ms */
    bool tried, connected; /* a socket was made; the other side took it */
    int no_socket;         /* errno of the last one that could not be made; 0: none */
    unsigned attempts;     /* how often the request was given to a connection */
    bool begun, answered;  /* headers of a 2xx answer, of any final one, are there */
};

/* job: zeroed, in the arena. Its one user is the caller. */
void http_job_init(struct http_job *job, struct glm_arena *arena,
                   void (*release)(struct http_job *job));
void http_job_take(struct http_job *job);
void http_job_drop(struct http_job *job);

/* ---- in the thread that does it ---- */

/* Somebody still waits for it, and for its end by itself. */
bool http_job_wanted(struct http_job *job);
/* Something came. False: it is of no use any more, the transfer is to end. */
bool http_job_heard(struct http_job *job);
/* A socket was made for it; error: one was not, an errno. */
void http_job_tried(struct http_job *job, int error);
/* The request is about to be given to a connection; ret_attempts: how often it was, this one
 * included. False: it must not go out any more. */
bool http_job_sending(struct http_job *job, unsigned *ret_attempts);
/* The headers of a final answer are there; success: of a 2xx one. */
void http_job_answered(struct http_job *job, bool success);
/* Hands a piece on to the reader. False: there is no room, the same piece is to come again once the
 * job was resumed. */
bool http_job_put(struct http_job *job, const char *data, size_t len);

#endif
