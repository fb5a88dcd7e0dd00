/* SPDX-License-Identifier: Apache-2.0
 *
 * Transfers: one HTTP request to its end, many at once, by libcurl.
 *
 * What:   http_perform, and what it takes and gives. Requests with equal routes share connections.
 *         Each server has threads of its own; limits and stops are kept by whoever waits.
 * Owner:  what a request points to is borrowed for the call; a response lives in the arena given.
 * Errors: outcomes, each with a clause for people that never holds a credential.
 * Thread: any, many at once.
 *
 *   http.c         one request: set up, run, concluded
 *   pool.c         the engines of a process, and who waits for a job
 *   engine.c       an engine: the thread of one server, as others see it
 *   drive.c        what its thread does
 *   transfer.c     one transfer, set up; hear.c: what libcurl tells of it
 *   multi.c        libcurl's multi handles
 *   job.c, sockets.c, queue.c   what threads and waiters share
 *   turn.c         whose large answer is read now, and how much of answers is kept
 *   environment.c  what the process's environment says about HTTPS and proxies
 *   trust.c        the system's authorities, wherever they are
 *   proxy.c, header.c, why.c    pure: which proxy, the headers that matter, what failed
 */
#ifndef GLM_KUBE_HTTP_H
#define GLM_KUBE_HTTP_H

#include "glm/arena.h"
#include "glm/http.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HTTP_WARNINGS_MAX 32               /* of one answer */
#define HTTP_WARNING_MAX ((size_t)1 << 10) /* of one of them; what is longer is cut */
#define HTTP_REDIRECTS 0 /* an API server does not redirect: followed, a credential could leak */

/* How a server is reached: everything that decides which connections may be shared. Requests with
 * equal routes (by content) share connections. PEM texts, never files. Borrowed for the call. */
struct http_route {
    const char *ca;          /* PEM bundle; NULL: the system's. Of an https:// proxy: both */
    const char *certificate; /* client certificate chain, PEM; NULL: none */
    const char *key;         /* PEM */
    const char *server_name; /* for SNI and verification instead of the URL's host; NULL: that */
    const char *proxy;       /* URL; "": none, whatever the environment says; NULL: environment */
    bool insecure;           /* whoever the server is, and an https:// proxy */
};

struct http_request {
    const struct http_route *route;
    const char *method; /* "GET", "PATCH", "POST", "DELETE" */
    const char *url;
    const char *const *headers; /* "Name: value", ended by NULL */
    const char *body;           /* NULL: none */
    size_t body_len;
    int64_t timeout_ms; /* for the whole; of a stream: without a byte (0: no such limit) */
    size_t response_max;
    /* A stream: called in the caller's thread with every piece of a 2xx body as it comes; false
     * ends the transfer, as success. NULL: the body is gathered in the response. */
    bool (*piece)(void *context, const char *data, size_t len);
    void *context;
    const atomic_bool *cancel;  /* beside the engine's own stop flag; NULL: none */
    const atomic_llong *end_ms; /* by the monotonic clock, when it is to end; 0 in it, NULL: not */
    atomic_bool *begun; /* becomes true with the headers of a 2xx answer; NULL: nobody asks */
};

enum http_outcome {
    HTTP_ANSWERED, /* status is set, whatever it is */
    HTTP_STOPPED,  /* the provider stops, cancel became true, end_ms has come */
    HTTP_TIMEOUT,
    HTTP_NO_NAME,         /* DNS */
    HTTP_NO_CONNECT,      /* refused, unreachable */
    HTTP_NO_PROXY,        /* the proxy cannot be found or refuses */
    HTTP_UNTRUSTED,       /* the server's certificate: unknown authority, wrong name */
    HTTP_UNTRUSTED_PROXY, /* the certificate of an https:// proxy, for the same reasons */
    HTTP_BAD_CERTIFICATE, /* the server's: expired, or one that nobody should trust */
    HTTP_BAD_PROXY,       /* the same of an https:// proxy's */
    HTTP_NO_TLS,          /* any other failure of TLS, our own certificate and key included */
    HTTP_BROKEN,          /* the connection ended or spoke no HTTP */
    HTTP_TOO_LARGE,
    HTTP_NO_MEANS, /* this process gets no thread, file or memory for it */
    HTTP_UNUSABLE, /* the request itself: URL, certificate or key that cannot be read */
};

struct http_response {
    enum http_outcome outcome;
    int status;
    bool sent; /* not ANSWERED: the server may have begun to act on it */
    const char *body;
    size_t len;
    int64_t retry_after_ms; /* from Retry-After in seconds or as a date; -1: none */
    const char *audit_id;   /* the Audit-Id header, or NULL */
    const char **warnings;  /* the texts of Warning headers with the code 299 */
    size_t warning_count;
    const char *why; /* not ANSWERED: a clause for people; never holds a credential */
};

/* Performs the request and waits for its end; many threads at once. The response lives in the
 * arena. (glm/http.h has glm_http_create and glm_http_destroy.) */
void http_perform(struct glm_http *http, struct glm_arena *arena,
                  const struct http_request *request, struct http_response *ret_response);

/* ---- turn.c: large answers, read one after another ---- */

/* What all that are read at the same time may take, of whichever servers. */
#define HTTP_TURN_BYTES ((size_t)320 << 20)

struct http_turn {
    size_t bytes;
    struct http_turn *next; /* private: who came later */
};

/* Waits until there is room for so many bytes, behind whoever came before; what needs more than all
 * there is has it alone. False: the provider stops, cancel became true, or it is until_ms (0: never) by
 * glm_clock_ms; nothing is to be ended then. turn: stays where it is until the end. */
bool http_turn_begin(struct glm_http *http, size_t bytes, const atomic_bool *cancel,
                     int64_t until_ms, struct http_turn *turn);
void http_turn_end(struct glm_http *http, struct http_turn *turn);

/* What is kept of answers: lists, and what watches have brought. All of it together may take so much, of
 * whichever servers; what takes no more than a share may in any case, so that a server that has too much
 * does not take it from the others. */
#define HTTP_KEPT_BYTES ((size_t)1 << 30)
#define HTTP_KEPT_SHARE ((size_t)16 << 20)

struct http_kept {
    struct glm_http *http;
    /* private */
    size_t bytes;
    bool counts; /* what it counts in stays as long as it does, whoever ends the transfers */
};

/* It takes so many bytes now. False: it may not; it counts as before. */
bool http_keep(struct http_kept *kept, size_t bytes);
/* It takes nothing any more. Ends each that http_keep was true for. */
void http_keep_nothing(struct http_kept *kept);
/* All that is kept, in bytes. */
size_t http_keeps(struct glm_http *http);
/* For tests: in place of HTTP_KEPT_BYTES. */
void http_keep_at_most(struct glm_http *http, size_t bytes);

/* ---- environment.c: the one look at the process's environment ---- */

/* What programs that speak HTTPS are told through it. NULL where unset or empty. */
struct http_environment {
    const char *http_proxy, *https_proxy, *no_proxy;
    const char *ssl_cert_file, *ssl_cert_dir; /* the system's authorities are here */
};

/* Borrows from the environment: nobody may change it meanwhile. */
void http_environment(struct http_environment *ret_environment);

/* Scheme, host and port of a proxy's URL, for people: what else stands in it may be a secret. */
const char *http_proxy_address(struct glm_arena *arena, const char *url);

#endif
