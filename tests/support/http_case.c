/* SPDX-License-Identifier: Apache-2.0
 *
 * See http_case.h.
 */
#include "http_case.h"
#include "test.h"

#include "../../src/kube/http/engine.h"
#include "../../src/kube/wait/wait.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* What has to happen happens in that on any machine. */
#define MACHINE_MS 120000

int http_case_setup(void **state)
{
    struct glm_arena *arena = glm_arena_create((size_t)1 << 30);
    struct http_case *c = GLM_NEW(arena, struct http_case);
    c->arena = arena;
    c->http = glm_http_create(&c->stop);
    c->route.proxy = "";
    c->request = (struct http_request){
        .route = &c->route,
        .method = "GET",
        .timeout_ms = MACHINE_MS,
        .response_max = (size_t)1 << 20,
    };
    *state = c;
    return 0;
}

void http_case_end(struct glm_http *http)
{
    if (!http)
        return;
    pthread_mutex_lock(&http->lock);
    http->users++; /* it stays until we have seen the last of them go */
    pthread_mutex_unlock(&http->lock);
    glm_http_destroy(http);
    pthread_mutex_lock(&http->lock);
    while (http->threads)
        kube_cond_wait(&http->changed, &http->lock, INT64_MAX);
    pthread_mutex_unlock(&http->lock);
    http_drop_all(http, NULL);
}

int http_case_teardown(void **state)
{
    struct http_case *c = *state;
    http_case_end(c->http);
    glm_arena_destroy(c->arena);
    return 0;
}

struct fake_identity http_case_authority(struct http_case *c)
{
    struct fake_identity authority = fake_identity(c->arena, "tests", NULL, NULL, -1, 48);
    c->route.ca = authority.certificate;
    return authority;
}

struct fake_identity http_case_server_identity(struct http_case *c,
                                               const struct fake_identity *authority)
{
    return fake_identity(c->arena, "server", "DNS:localhost,DNS:other.test,IP:127.0.0.1", authority,
                         -1, 48);
}

const char *http_case_url(struct http_case *c, const struct fake_server *server, const char *path)
{
    return glm_sprintf(c->arena, "%s://localhost:%u%s",
                       server->kind == FAKE_HTTP ? "http" : "https", server->port, path);
}

void http_case_perform(struct http_case *c, const struct fake_server *server, const char *path)
{
    c->request.url = http_case_url(c, server, path);
    http_perform(c->http, c->arena, &c->request, &c->response);
}

void http_case_perform_to(struct http_case *c, const struct fake_server *server, const char *path,
                          enum http_step step)
{
    static const char *const at[] = {
        [HTTP_STEP_NAME] = " was not resolved ",   [HTTP_STEP_CONNECT] = "no connection ",
        [HTTP_STEP_PROXY] = " had not connected ", [HTTP_STEP_TLS] = "no TLS session ",
        [HTTP_STEP_ANSWER] = "no answer ",
    };
    bool early = true;
    if (server)
        c->request.url = http_case_url(c, server, path);
    for (int64_t limit_ms = 300; early && limit_ms < MACHINE_MS; limit_ms *= 2) {
        c->request.timeout_ms = limit_ms;
        http_perform(c->http, c->arena, &c->request, &c->response);
        early = false;
        for (unsigned before = HTTP_STEP_NAME; before < step; before++)
            early |= c->response.why && strstr(c->response.why, at[before]);
    }
}

void http_case_assert_answered(const struct http_case *c, int status)
{
    if (c->response.outcome != HTTP_ANSWERED)
        fail_msg("outcome %u: %s", c->response.outcome, c->response.why);
    assert_int_equal(c->response.status, status);
    assert_null(c->response.why);
}

void http_case_assert_failed_(const struct http_case *c, enum http_outcome outcome, bool sent,
                              const char *part, const char *file, int line)
{
    const struct http_response *r = &c->response;
    if (r->outcome == outcome && r->sent == sent && r->why && strstr(r->why, part))
        return;
    fprintf(stderr, "outcome %u, status %d, sent %d: %s\n", r->outcome, r->status, r->sent,
            r->why ? r->why : "(no reason)");
    fprintf(stderr, "expected outcome %u, sent %d: %s\n", outcome, sent, part);
    _fail(file, line);
}

static void sleep_ms(int64_t milliseconds)
{
    struct timespec wait = {.tv_sec = milliseconds / 1000,
                            .tv_nsec = milliseconds % 1000 * 1000000};
    nanosleep(&wait, NULL);
}

static void *set_later(void *context)
{
    struct http_case_timer *timer = context;
    int64_t give_up = glm_clock_ms() + MACHINE_MS;
    while (timer->awaited && atomic_load(timer->awaited) == timer->before &&
           glm_clock_ms() < give_up)
        sleep_ms(5);
    sleep_ms(timer->milliseconds);
    timer->set_at = glm_clock_ms();
    atomic_store(timer->flag, true);
    return NULL;
}

void http_case_timer_start_at(struct http_case_timer *timer, atomic_bool *flag,
                              int64_t milliseconds, const atomic_uint *awaited)
{
    timer->flag = flag;
    timer->milliseconds = milliseconds;
    timer->awaited = awaited;
    timer->before = awaited ? atomic_load(awaited) : 0;
    if (pthread_create(&timer->thread, NULL, set_later, timer) != 0)
        abort();
}

void http_case_timer_start(struct http_case_timer *timer, atomic_bool *flag, int64_t milliseconds)
{
    http_case_timer_start_at(timer, flag, milliseconds, NULL);
}

void http_case_timer_join(struct http_case_timer *timer)
{
    pthread_join(timer->thread, NULL);
}
