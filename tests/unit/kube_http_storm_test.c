/* SPDX-License-Identifier: Apache-2.0
 *
 * Servers that send for ever and faster than they are read, or hold a transfer where nothing of it
 * can be ended: limits and stops hold all the same, and nobody else notices.
 */
#include "fake_storm.h"
#include "http_case.h"
#include "test.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static void begin(struct http_case *c, struct fake_storm *storm, enum fake_storm_kind kind)
{
    struct fake_identity authority = http_case_authority(c);
    *storm = (struct fake_storm){.kind = kind};
    storm->identity = http_case_server_identity(c, &authority);
    fake_storm_start(storm);
    c->request.url = glm_sprintf(c->arena, "https://localhost:%u/", storm->port);
}

static void perform(struct http_case *c)
{
    http_perform(c->http, c->arena, &c->request, &c->response);
}

static void storms_end_at_the_limit_of_time(void **state)
{
    struct http_case *c = *state;
    static const struct {
        enum fake_storm_kind kind;
        enum http_step step;
        const char *why;
    } cases[] = {
        {FAKE_STORM_GOAWAY, HTTP_STEP_ANSWER, "no answer within "},
        {FAKE_STORM_EMPTY_DATA, HTTP_STEP_BODY, "the answer had not ended after "},
        {FAKE_STORM_PRIORITY, HTTP_STEP_ANSWER, "no answer within "},
        {FAKE_STORM_UNKNOWN, HTTP_STEP_ANSWER, "no answer within "},
        {FAKE_STORM_EXTENSION, HTTP_STEP_BODY, "the answer had not ended after "},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct fake_storm storm;
        begin(c, &storm, cases[i].kind);
        int64_t before = glm_clock_ms();
        http_case_perform_to(c, NULL, NULL, cases[i].step);
        assert_in_range(glm_clock_ms() - before, c->request.timeout_ms * 4 / 5,
                        c->request.timeout_ms * 2 + GLM_TEST_PROMPT_MS);
        http_case_assert_failed(c, HTTP_TIMEOUT, true, cases[i].why);
        fake_storm_stop(&storm);
    }
}

static void headers_without_an_end_are_refused(void **state)
{
    struct http_case *c = *state;
    static const enum fake_storm_kind kinds[] = {FAKE_STORM_INTERIM, FAKE_STORM_HEADERS,
                                                 FAKE_STORM_TRAILERS};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct fake_storm storm;
        begin(c, &storm, kinds[i]);
        perform(c);
        http_case_assert_failed(c, HTTP_TOO_LARGE, true, "the headers of the answer are larger");
        fake_storm_stop(&storm);
    }
}

static void what_comes_counts_too_when_it_unpacks_to_nothing(void **state)
{
    struct http_case *c = *state;
    struct fake_storm storm;
    begin(c, &storm, FAKE_STORM_NOTHING);
    perform(c);
    http_case_assert_failed(c, HTTP_TOO_LARGE, true, "larger than 1048576 bytes");
    fake_storm_stop(&storm);
}

struct victim {
    struct http_case *c;
    struct http_request request;
    struct http_response response;
    struct glm_arena *arena;
    pthread_t thread;
    atomic_bool done;
};

static void *be_stormed(void *context)
{
    struct victim *v = context;
    http_perform(v->c->http, v->arena, &v->request, &v->response);
    atomic_store(&v->done, true);
    return NULL;
}

static void start_victim(struct http_case *c, struct victim *v)
{
    v->c = c;
    v->request = c->request;
    v->arena = glm_arena_create((size_t)1 << 26);
    assert_int_equal(pthread_create(&v->thread, NULL, be_stormed, v), 0);
}

/* The others' requests are begun when the storm has, and are done before it is over. */
static void a_storm_holds_no_other_server(void **state)
{
    struct http_case *c = *state;
    struct fake_server other = {.kind = FAKE_HTTP};
    fake_server_start(&other);
    static const enum fake_storm_kind kinds[] = {FAKE_STORM_GOAWAY, FAKE_STORM_EMPTY_DATA,
                                                 FAKE_STORM_PRIORITY};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct fake_storm storm;
        struct victim victim = {0};
        atomic_bool cancel = false;
        begin(c, &storm, kinds[i]);
        c->request.cancel = &cancel;
        start_victim(c, &victim);
        c->request.cancel = NULL;
        while (!atomic_load(&storm.storms))
            nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
        for (int n = 0; n < 20; n++) {
            http_case_perform(c, &other, "/status/200");
            http_case_assert_answered(c, 200);
        }
        assert_false(atomic_load(&victim.done));
        int64_t before = glm_clock_ms();
        atomic_store(&cancel, true);
        pthread_join(victim.thread, NULL);
        assert_in_range(glm_clock_ms() - before, 0, GLM_TEST_PROMPT_MS);
        assert_int_equal(victim.response.outcome, HTTP_STOPPED);
        glm_arena_destroy(victim.arena);
        fake_storm_stop(&storm);
    }
    fake_server_stop(&other);
}

/* The requests that shared its connection hear what became of them. */
static void who_shares_a_connection_with_a_storm_hears_of_its_end(void **state)
{
    struct http_case *c = *state;
    struct fake_storm storm;
    struct victim victims[4] = {0};
    begin(c, &storm, FAKE_STORM_GOAWAY);
    for (size_t i = 0; i < 4; i++) {
        c->request.timeout_ms = i ? 60000 : 500;
        start_victim(c, &victims[i]);
    }
    for (size_t i = 0; i < 4; i++) {
        pthread_join(victims[i].thread, NULL);
        assert_int_not_equal(victims[i].response.outcome, HTTP_ANSWERED);
        assert_non_null(victims[i].response.why);
        if (i == 0)
            assert_int_equal(victims[i].response.outcome, HTTP_TIMEOUT);
        glm_arena_destroy(victims[i].arena);
        if (i == 0) /* those who came after it was shut have a storm of their own */
            fake_storm_stop(&storm);
    }
}

/* A request that went out is there, sooner or later; after ten seconds it went elsewhere. */
static void await_storms(const struct fake_storm *storm, unsigned count)
{
    int64_t until = glm_clock_ms() + GLM_TEST_PROMPT_MS;
    while (atomic_load(&storm->storms) < count && glm_clock_ms() < until)
        nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
    assert_int_equal(atomic_load(&storm->storms), count);
}

/* It may be dead without a word: then each request that follows would wait for its time to be over.
 * Who has a request on it already goes on: the server may only be slow. */
static void a_connection_that_a_request_timed_out_on_takes_no_others(void **state)
{
    struct http_case *c = *state;
    struct fake_storm storm;
    struct victim slow = {0};
    atomic_bool cancel = false;
    begin(c, &storm, FAKE_STORM_SILENCE);
    c->request.cancel = &cancel;
    c->request.timeout_ms = 600000;
    start_victim(c, &slow);
    while (!atomic_load(&storm.storms))
        nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
    c->request.cancel = NULL;
    for (unsigned connections = 1; connections <= 3; connections++) {
        http_case_perform_to(c, NULL, NULL, HTTP_STEP_ANSWER);
        http_case_assert_failed(c, HTTP_TIMEOUT, true, "no answer within ");
        await_storms(&storm, connections);
    }
    assert_false(atomic_load(&slow.done));
    atomic_store(&cancel, true);
    pthread_join(slow.thread, NULL);
    assert_int_equal(slow.response.outcome, HTTP_STOPPED);
    glm_arena_destroy(slow.arena);
    fake_storm_stop(&storm);
}

static void the_end_of_all_waits_for_no_storm(void **state)
{
    struct http_case *c = *state;
    struct fake_storm storm;
    struct victim victim = {0};
    begin(c, &storm, FAKE_STORM_PRIORITY);
    start_victim(c, &victim);
    while (!atomic_load(&storm.storms))
        nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
    int64_t before = glm_clock_ms();
    glm_http_destroy(c->http);
    c->http = NULL;
    assert_in_range(glm_clock_ms() - before, 0, GLM_TEST_PROMPT_MS);
    pthread_join(victim.thread, NULL);
    assert_int_equal(victim.response.outcome, HTTP_STOPPED);
    glm_arena_destroy(victim.arena);
    fake_storm_stop(&storm);
}

/* A named pipe in place of the system's authorities: whoever opens it hangs until somebody writes,
 * as on a file system that has gone away, and no socket is there to be shut. */
static void a_transfer_that_hangs_in_the_system_is_left(void **state)
{
    struct http_case *c = *state;
    struct fake_server other = {.kind = FAKE_HTTP}, server = {.kind = FAKE_HTTPS};
    struct fake_identity authority = http_case_authority(c);
    const char *path = glm_sprintf(c->arena, "/tmp/glm-storm-%ld", (long)getpid());
    size_t threads = glm_test_threads();
    server.identity = http_case_server_identity(c, &authority);
    fake_server_start(&server);
    fake_server_start(&other);
    assert_int_equal(mkfifo(path, 0600), 0);
    setenv("SSL_CERT_FILE", path, 1);
    c->route.ca = NULL;
    int64_t patience_ms = c->request.timeout_ms;
    c->request.timeout_ms = 300;
    int64_t before = glm_clock_ms();
    for (int i = 0; i < 2; i++) { /* the second by another engine */
        http_case_perform(c, &server, "/status/200");
        http_case_assert_failed(c, HTTP_TIMEOUT, false, "within 300 ms");
    }
    assert_in_range(glm_clock_ms() - before, 0, GLM_TEST_PROMPT_MS);
    c->request.timeout_ms = patience_ms;
    http_case_perform(c, &other, "/status/200");
    http_case_assert_answered(c, 200);
    before = glm_clock_ms();
    glm_http_destroy(c->http);
    c->http = NULL;
    assert_in_range(glm_clock_ms() - before, 0, GLM_TEST_PROMPT_MS);
    fake_server_stop(&other);
    fake_server_stop(&server);
    unsetenv("SSL_CERT_FILE");
    /* What was left ends when the file system is back: nobody finds the pipe by its name any more, and
     * whoever has is let through, for as long as there may be one. */
    int pipe = open(path, O_PATH | O_CLOEXEC);
    assert_true(pipe >= 0);
    unlink(path);
    const char *again = glm_sprintf(c->arena, "/proc/self/fd/%d", pipe);
    do {
        int end = open(again, O_RDWR | O_NONBLOCK | O_CLOEXEC);
        assert_true(end >= 0);
        close(end);
        nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
    } while (glm_test_threads() > threads);
    close(pipe);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, http_case_setup, http_case_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(storms_end_at_the_limit_of_time),
        CASE(headers_without_an_end_are_refused),
        CASE(what_comes_counts_too_when_it_unpacks_to_nothing),
        CASE(a_storm_holds_no_other_server),
        CASE(who_shares_a_connection_with_a_storm_hears_of_its_end),
        CASE(a_connection_that_a_request_timed_out_on_takes_no_others),
        CASE(the_end_of_all_waits_for_no_storm),
        CASE(a_transfer_that_hangs_in_the_system_is_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
