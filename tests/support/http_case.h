/* SPDX-License-Identifier: Apache-2.0
 *
 * One test of transfers: an engine, an arena, a request to fill in, and the response.
 */
#ifndef GLM_TEST_HTTP_CASE_H
#define GLM_TEST_HTTP_CASE_H

#include "fake_https.h"

#include "../../src/kube/http/parts.h"
#include "glm/clock.h"

#include <pthread.h>

struct http_case {
    struct glm_arena *arena;
    struct glm_http *http;
    atomic_bool stop;
    struct http_route route;     /* proxy "" */
    struct http_request request; /* GET, 2 min, 1 MiB */
    struct http_response response;
};

/* Test fixtures: *state is a fresh case. */
int http_case_setup(void **state);
int http_case_teardown(void **state);

/* Ends it, however long its threads take. A test is over by exit, which takes OpenSSL from under the
 * feet of a thread that glm_http_destroy has left, and on a busy machine one may take its second. NULL:
 * nothing. */
void http_case_end(struct glm_http *http);

/* An authority of the tests, and a server at localhost and 127.0.0.1 that it has signed for. */
struct fake_identity http_case_authority(struct http_case *c);
struct fake_identity http_case_server_identity(struct http_case *c,
                                               const struct fake_identity *authority);

/* Performs the request to https:// or http://localhost:PORT/PATH, as the server is. */
void http_case_perform(struct http_case *c, const struct fake_server *server, const char *path);
/* The same with a limit of 300 ms, in which it does not end. It is to come as far as this step, and has
 * more time, twice and twice again, while the machine is too slow for that: the request has the last
 * limit afterwards. server: NULL: the request has its URL. */
void http_case_perform_to(struct http_case *c, const struct fake_server *server, const char *path,
                          enum http_step step);
const char *http_case_url(struct http_case *c, const struct fake_server *server, const char *path);

void http_case_assert_answered(const struct http_case *c, int status);
/* part: of `why`. */
void http_case_assert_failed_(const struct http_case *c, enum http_outcome outcome, bool sent,
                              const char *part, const char *file, int line);
#define http_case_assert_failed(c, outcome, sent, part)                                            \
    http_case_assert_failed_((c), (outcome), (sent), (part), __FILE__, __LINE__)

/* Sets a flag after some time, from a thread of its own. */
struct http_case_timer {
    atomic_bool *flag;
    int64_t milliseconds;
    const atomic_uint *awaited; /* the time begins when this has grown; NULL: at once */
    unsigned before;
    int64_t set_at; /* of glm_clock_ms, once joined */
    pthread_t thread;
};
void http_case_timer_start(struct http_case_timer *timer, atomic_bool *flag, int64_t milliseconds);
/* However slow the machine is: not before a server's `connections` or `requests` have grown. */
void http_case_timer_start_at(struct http_case_timer *timer, atomic_bool *flag,
                              int64_t milliseconds, const atomic_uint *awaited);
void http_case_timer_join(struct http_case_timer *timer);

#endif
