/* SPDX-License-Identifier: Apache-2.0
 *
 * Transfers against a scripted server, in the clear: answers, limits, streams, stops. What TLS adds
 * is in kube_http_tls_test.c.
 */
#include "http_case.h"
#include "test.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

/* A stop is seen within 100 ms and the promise is a second; but machines that run tests are slow,
 * under valgrind most of all. Without the stop these transfers last for two minutes. */
#define STOPPED_MS 10000

static struct fake_server server;

static int start_server(void **state)
{
    (void)state;
    server = (struct fake_server){.kind = FAKE_HTTP};
    fake_server_start(&server);
    return 0;
}

static int stop_server(void **state)
{
    (void)state;
    fake_server_stop(&server);
    return 0;
}

/* ---- answers ---- */

static void every_status_is_an_answer(void **state)
{
    struct http_case *c = *state;
    static const int statuses[] = {200, 201, 400, 401, 403, 404, 409, 410, 422, 500, 503};
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
        http_case_perform(c, &server, glm_sprintf(c->arena, "/status/%d", statuses[i]));
        http_case_assert_answered(c, statuses[i]);
        assert_string_equal(c->response.body,
                            glm_sprintf(c->arena, "{\"status\":%d}", statuses[i]));
        assert_int_equal(c->response.retry_after_ms, -1);
        assert_null(c->response.audit_id);
    }
}

static void bodies_come_whole(void **state)
{
    struct http_case *c = *state;
    static const char *const kinds[] = {"long", "chunked", "gzip"};
    static const size_t lengths[] = {0, 1, 4000, 300000, (size_t)1 << 20};
    for (size_t k = 0; k < 3; k++)
        for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
            http_case_perform(c, &server, glm_sprintf(c->arena, "/%s/%zu", kinds[k], lengths[i]));
            http_case_assert_answered(c, 200);
            assert_int_equal(c->response.len, lengths[i]);
            assert_int_equal(strspn(c->response.body, "x"), lengths[i]);
        }
}

static void one_byte_too_many_is_refused(void **state)
{
    struct http_case *c = *state;
    static const char *const kinds[] = {"long", "chunked", "gzip"};
    for (size_t k = 0; k < 3; k++) {
        http_case_perform(c, &server,
                          glm_sprintf(c->arena, "/%s/%zu", kinds[k], ((size_t)1 << 20) + 1));
        http_case_assert_failed(c, HTTP_TOO_LARGE, true, "larger than 1048576 bytes");
    }
}

/* 20 MB of one letter are 20 kB compressed: what counts is what comes out. */
static void a_small_body_that_unpacks_to_a_large_one_is_refused(void **state)
{
    struct http_case *c = *state;
    http_case_perform(c, &server, "/gzip/20000000");
    http_case_assert_failed(c, HTTP_TOO_LARGE, true, "larger than");
}

static void method_headers_and_body_arrive_as_given(void **state)
{
    struct http_case *c = *state;
    static const char *const headers[] = {"Authorization: Bearer t",
                                          "Content-Type: application/apply-patch+yaml", NULL};
    static const char *const methods[] = {"PATCH", "POST", "DELETE"};
    c->request.headers = headers;
    c->request.body = "{\"a\":1}";
    c->request.body_len = strlen(c->request.body);
    for (size_t i = 0; i < 3; i++) {
        c->request.method = methods[i];
        http_case_perform(c, &server, "/echo?dryRun=All");
        http_case_assert_answered(c, 200);
        assert_non_null(
            strstr(c->response.body,
                   glm_sprintf(c->arena, "%s /echo?dryRun=All HTTP/1.1\r\n", methods[i])));
        assert_non_null(strstr(c->response.body, "\r\nAuthorization: Bearer t\r\n"));
        assert_non_null(
            strstr(c->response.body, "\r\nContent-Type: application/apply-patch+yaml\r\n"));
        assert_non_null(strstr(c->response.body, "\r\nContent-Length: 7\r\n"));
        assert_non_null(strstr(c->response.body, "\r\n\r\n{\"a\":1}"));
        assert_null(strstr(c->response.body, "Expect:"));
    }
}

static void a_request_without_a_body_says_nothing_of_one(void **state)
{
    struct http_case *c = *state;
    c->request.method = "DELETE";
    http_case_perform(c, &server, "/echo");
    http_case_assert_answered(c, 200);
    assert_null(strcasestr(c->response.body, "Content-Type"));
    assert_non_null(strstr(c->response.body, "DELETE /echo HTTP/1.1"));
    assert_non_null(strstr(c->response.body, "Accept-Encoding: gzip\r\n"));
}

static void a_large_body_arrives(void **state)
{
    struct http_case *c = *state;
    size_t len = 1000000;
    char *text = glm_alloc(c->arena, len + 1);
    memset(text, 'b', len);
    c->request.method = "PATCH";
    c->request.body = text;
    c->request.body_len = len;
    c->request.response_max = 2 * len;
    http_case_perform(c, &server, "/echo");
    http_case_assert_answered(c, 200);
    assert_non_null(strstr(c->response.body, text));
}

static void retry_after_is_seconds_or_a_date(void **state)
{
    struct http_case *c = *state;
    http_case_perform(c, &server, "/retry/7");
    http_case_assert_answered(c, 429);
    assert_int_equal(c->response.retry_after_ms, 7000);
    assert_string_equal(c->response.audit_id, "audit-1");

    time_t at = time(NULL) + 90;
    struct tm utc;
    char date[64];
    gmtime_r(&at, &utc);
    strftime(date, sizeof date, "/retry/%a,_%d_%b_%Y_%H:%M:%S_GMT", &utc);
    http_case_perform(c, &server, date);
    assert_in_range(c->response.retry_after_ms, 60000, 91000);
    http_case_perform(c, &server, "/retry/Thu,_01_Jan_2015_00:00:00_GMT");
    assert_int_equal(c->response.retry_after_ms, 0);
    http_case_perform(c, &server, "/retry/soon");
    assert_int_equal(c->response.retry_after_ms, -1);
    http_case_perform(c, &server, "/retry/99999999999999999999999");
    assert_int_equal(c->response.retry_after_ms, 24 * 3600 * 1000);
}

static void headers_of_an_interim_answer_are_not_the_answers(void **state)
{
    struct http_case *c = *state;
    http_case_perform(c, &server, "/interim");
    http_case_assert_answered(c, 200);
    assert_null(c->response.audit_id);
    assert_int_equal(c->response.retry_after_ms, -1);
}

static void redirects_are_not_followed(void **state)
{
    struct http_case *c = *state;
    unsigned before = atomic_load(&server.requests);
    http_case_perform(c, &server, "/redirect");
    http_case_assert_answered(c, 302);
    assert_int_equal(atomic_load(&server.requests), before + 1);
}

static void connections_are_used_again(void **state)
{
    struct http_case *c = *state;
    unsigned before = atomic_load(&server.connections);
    for (int i = 0; i < 20; i++) {
        http_case_perform(c, &server, "/status/200");
        http_case_assert_answered(c, 200);
    }
    assert_int_equal(atomic_load(&server.connections), before + 1);
}

/* ---- failures ---- */

static void what_cannot_be_asked_is_unusable(void **state)
{
    struct http_case *c = *state;
    static const char *const urls[] = {
        "ftp://localhost/", "localhost:6443",  "https://", "file:///x",
        "https://a b/",     "http://x:99999/", ""};
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
        c->request.url = urls[i];
        http_perform(c->http, c->arena, &c->request, &c->response);
        http_case_assert_failed(c, HTTP_UNUSABLE, false, "not an address of the form");
    }
    c->request.url = "https://admin:hunter2@localhost/";
    http_perform(c->http, c->arena, &c->request, &c->response);
    http_case_assert_failed(c, HTTP_UNUSABLE, false, "user or password");
    assert_null(strstr(c->response.why, "hunter2"));

    static const char *const headers[] = {"Authorization: Bearer se\ncret", NULL};
    c->request.headers = headers;
    http_case_perform(c, &server, "/status/200");
    http_case_assert_failed(c, HTTP_UNUSABLE, false, "the header Authorization would hold a line");
    assert_null(strstr(c->response.why, "cret"));
}

/* A library of libcurl's sends no more, and would say that the server had ended the connection; and a
 * hundred thousand headers took libcurl minutes. */
static void headers_that_are_too_many_or_too_long_are_not_sent(void **state)
{
    struct http_case *c = *state;
    const size_t count = 100000;
    const char **many = GLM_NEW_ARRAY(c->arena, count + 1, const char *);
    for (size_t i = 0; i < count; i++)
        many[i] = "Impersonate-Group: a";
    char *token = glm_alloc(c->arena, 70000);
    memset(token, 'x', 69999);
    const char *const one[] = {glm_sprintf(c->arena, "Authorization: Bearer %s", token), NULL};
    const char *const *const headers[] = {many, one};
    for (size_t i = 0; i < 2; i++) {
        int64_t began_ms = glm_clock_ms();
        c->request.headers = headers[i];
        http_case_perform(c, &server, "/status/200");
        http_case_assert_failed(c, HTTP_UNUSABLE, false, "bytes, and at most 61440 can be sent");
        assert_true(glm_clock_ms() - began_ms < 2000);
    }
    token[60000] = '\0';
    const char *const fits[] = {glm_sprintf(c->arena, "Authorization: Bearer %s", token), NULL};
    c->request.headers = fits;
    http_case_perform(c, &server, "/status/200");
    http_case_assert_answered(c, 200);
}

static void a_proxy_whose_name_is_endless_is_unusable(void **state)
{
    struct http_case *c = *state;
    char *name = glm_alloc(c->arena, 70001);
    memset(name, 'a', 70000);
    c->route.proxy = glm_sprintf(c->arena, "http://%s", name);
    http_case_perform(c, &server, "/status/200");
    http_case_assert_failed(c, HTTP_UNUSABLE, false, "cannot be used: it must be such as");
}

static void a_proxy_whose_name_is_not_ascii_is_unusable(void **state)
{
    struct http_case *c = *state;
    static const char *const names[] = {"\xE2\x80\xAEproxy:1",
                                        "b\xC3\xBC"
                                        "cher:1",
                                        "u:p@b\xC3\xBC"
                                        "cher"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        c->route.proxy = glm_sprintf(c->arena, "http://%s", names[i]);
        http_case_perform(c, &server, "/status/200");
        http_case_assert_failed(c, HTTP_UNUSABLE, false, "cannot be used: it must be such as");
    }
}

static void a_refused_connection_and_an_unknown_name_are_told_apart(void **state)
{
    struct http_case *c = *state;
    struct fake_server gone = {.kind = FAKE_HTTP};
    fake_server_start(&gone);
    fake_server_stop(&gone);
    http_case_perform(c, &gone, "/");
    http_case_assert_failed(c, HTTP_NO_CONNECT, false, "(Connection refused)");
    c->request.url = "https://nowhere.invalid:6443/version";
    http_perform(c->http, c->arena, &c->request, &c->response);
    http_case_assert_failed(c, HTTP_NO_NAME, false, "nowhere.invalid cannot be resolved");
}

/* As many descriptors as there are, and no more. */
static void limit_files(struct rlimit *ret_before)
{
    struct rlimit limit;
    int lowest_free = dup(STDERR_FILENO);
    assert_true(lowest_free > STDERR_FILENO && getrlimit(RLIMIT_NOFILE, ret_before) == 0);
    close(lowest_free);
    limit = *ret_before;
    limit.rlim_cur = (rlim_t)lowest_free;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
}

static void that_no_more_files_can_be_opened_is_no_fault_of_the_server(void **state)
{
    struct http_case *c = *state;
    struct rlimit before;
    limit_files(&before);
    http_case_perform(c, &server, "/status/200"); /* its engine cannot be woken */
    setrlimit(RLIMIT_NOFILE, &before);
    http_case_assert_failed(c, HTTP_NO_MEANS, false, "Too many open files");
    http_case_perform(c, &server, "/status/200");
    http_case_assert_answered(c, 200);
    int64_t patience_ms = c->request.timeout_ms;
    struct fake_server other = {.kind = FAKE_SILENT}; /* another connection of the same engine */
    fake_server_start(&other);
    c->route.insecure = true;
    /* begins its engine, and keeps no connection */
    http_case_perform_to(c, &other, "/", HTTP_STEP_TLS);
    assert_int_equal(c->response.outcome, HTTP_TIMEOUT);
    c->request.timeout_ms = patience_ms;
    limit_files(&before);
    http_case_perform(c, &other, "/");
    setrlimit(RLIMIT_NOFILE, &before);
    http_case_assert_failed(c, HTTP_NO_MEANS, false,
                            "no connection can be made from here (Too many open files)");
    fake_server_stop(&other);
}

static void a_server_that_does_not_answer_in_time(void **state)
{
    struct http_case *c = *state;
    http_case_perform_to(c, &server, "/hang", HTTP_STEP_ANSWER);
    http_case_assert_failed(c, HTTP_TIMEOUT, true, "no answer within ");
    http_case_perform_to(c, &server, "/half", HTTP_STEP_BODY);
    http_case_assert_failed(c, HTTP_TIMEOUT, true, "had not ended after");
}

static void broken_answers(void **state)
{
    struct http_case *c = *state;
    http_case_perform(c, &server, "/reset");
    http_case_assert_failed(c, HTTP_BROKEN, true, "ended before the answer did");
    http_case_perform(c, &server, "/junk");
    http_case_assert_failed(c, HTTP_BROKEN, true, "");
}

/* A kept connection that ends without an answer: what may be repeated is, once more, by itself;
 * what may not be is reported as sent. */
static void only_reads_are_repeated_unasked(void **state)
{
    struct http_case *c = *state;
    unsigned before = atomic_load(&server.requests);
    http_case_perform(c, &server, "/once");
    c->request.method = "PATCH";
    c->request.body = "{}";
    c->request.body_len = 2;
    http_case_perform(c, &server, "/status/200");
    http_case_assert_failed(c, HTTP_BROKEN, true, "");
    assert_int_equal(atomic_load(&server.requests), before + 2);

    c->request.method = "GET";
    c->request.body = NULL;
    http_case_perform(c, &server, "/once");
    http_case_perform(c, &server, "/status/200");
    http_case_assert_answered(c, 200);
}

/* ---- stops ---- */

static void assert_stops(struct http_case *c, const struct fake_server *at, const char *path)
{
    struct http_case_timer timer;
    atomic_bool cancel = false;
    c->request.cancel = &cancel;
    http_case_timer_start_at(&timer, &cancel, 150,
                             at->kind == FAKE_SILENT ? &at->connections : &at->requests);
    http_case_perform(c, at, path);
    int64_t ended = glm_clock_ms();
    http_case_timer_join(&timer);
    assert_in_range(ended - timer.set_at, 0, STOPPED_MS);
    assert_int_equal(c->response.outcome, HTTP_STOPPED);
    assert_non_null(c->response.why);
}

static bool count_pieces(void *context, const char *data, size_t len)
{
    (void)data;
    *(size_t *)context += len;
    return true;
}

struct stopper {
    size_t bytes;
    int64_t stopped_at;
    atomic_bool cancel;
};

/* Stops when five bytes have come: however slow the machine is. */
static bool stop_at_five(void *context, const char *data, size_t len)
{
    struct stopper *s = context;
    (void)data;
    s->bytes += len;
    if (s->bytes >= 5 && !atomic_load(&s->cancel)) {
        s->stopped_at = glm_clock_ms();
        atomic_store(&s->cancel, true);
    }
    return true;
}

static void assert_stops_in_the_stream(struct http_case *c)
{
    struct stopper stopper = {0};
    c->request.cancel = &stopper.cancel;
    c->request.piece = stop_at_five;
    c->request.context = &stopper;
    http_case_perform(c, &server, "/drip");
    assert_true(stopper.bytes >= 5);
    assert_in_range(glm_clock_ms() - stopper.stopped_at, 0, STOPPED_MS);
    assert_int_equal(c->response.outcome, HTTP_STOPPED);
}

static void a_stop_ends_a_transfer_wherever_it_is(void **state)
{
    struct http_case *c = *state;
    struct fake_server silent = {.kind = FAKE_SILENT};
    fake_server_start(&silent);
    assert_stops(c, &silent, "/"); /* in the handshake */
    assert_false(c->response.sent);
    assert_stops(c, &server, "/hang");
    assert_true(c->response.sent);
    assert_stops(c, &server, "/half");
    assert_stops(c, &server, "/drip");
    size_t bytes = 0;
    c->request.piece = count_pieces;
    c->request.context = &bytes;
    assert_stops(c, &server, "/hang");
    assert_stops_in_the_stream(c);
    fake_server_stop(&silent);
}

static void the_providers_stop_ends_all_and_lets_nothing_begin(void **state)
{
    struct http_case *c = *state;
    struct http_case_timer timer;
    http_case_timer_start_at(&timer, &c->stop, 150, &server.requests);
    http_case_perform(c, &server, "/hang");
    int64_t ended = glm_clock_ms();
    http_case_timer_join(&timer);
    assert_in_range(ended - timer.set_at, 0, STOPPED_MS);
    http_case_assert_failed(c, HTTP_STOPPED, true, "stopped");
    unsigned requests = atomic_load(&server.requests);
    http_case_perform(c, &server, "/status/200");
    http_case_assert_failed(c, HTTP_STOPPED, false, "before it began");
    assert_int_equal(atomic_load(&server.requests), requests);
}

static void *perform_hanging(void *context)
{
    http_case_perform(context, &server, "/hang");
    return NULL;
}

static void destroying_the_engine_ends_what_is_under_way(void **state)
{
    struct http_case *c = *state;
    pthread_t thread;
    unsigned before = atomic_load(&server.requests);
    assert_int_equal(pthread_create(&thread, NULL, perform_hanging, c), 0);
    while (atomic_load(&server.requests) == before)
        nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
    int64_t from = glm_clock_ms();
    glm_http_destroy(c->http);
    assert_true(glm_clock_ms() - from < STOPPED_MS);
    pthread_join(thread, NULL);
    http_case_assert_failed(c, HTTP_STOPPED, true, "stopped");
    c->http = NULL;
}

static void engines_come_and_go(void **state)
{
    struct http_case *c = *state;
    glm_http_destroy(glm_http_create(&c->stop)); /* never used */
    for (int i = 0; i < 3; i++) {
        struct glm_http *mine = c->http;
        c->http = glm_http_create(&c->stop);
        http_case_perform(c, &server, "/status/200");
        http_case_assert_answered(c, 200);
        glm_http_destroy(c->http);
        c->http = mine;
        http_case_perform(c, &server, "/status/200");
        http_case_assert_answered(c, 200);
    }
}

/* ---- streams ---- */

struct reader {
    pthread_t thread;
    size_t bytes, pieces, stop_after;
    long pause_ms;       /* after each piece, */
    long first_pause_ms; /* or after the first one */
    bool wrong, stopped;
};

static void sleep_ms(long ms)
{
    nanosleep(&(struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000}, NULL);
}

static bool read_piece(void *context, const char *data, size_t len)
{
    struct reader *reader = context;
    reader->wrong |= reader->stopped || !pthread_equal(reader->thread, pthread_self());
    reader->wrong |= memchr(data, 'x', len) == NULL && memchr(data, 'k', len) == NULL;
    reader->bytes += len;
    atomic_store(&server.taken, (unsigned)++reader->pieces);
    sleep_ms(reader->pieces == 1 && reader->first_pause_ms ? reader->first_pause_ms
                                                           : reader->pause_ms);
    reader->stopped = reader->stop_after && reader->bytes >= reader->stop_after;
    return !reader->stopped;
}

static void stream(struct http_case *c, struct reader *reader, const char *path)
{
    reader->thread = pthread_self();
    c->request.piece = read_piece;
    c->request.context = reader;
    atomic_store(&server.taken, 0);
    http_case_perform(c, &server, path);
    assert_false(reader->wrong);
}

/* A machine may stand still for longer than a small limit of silence, which is no fault of ours: then
 * it has twice the time, and twice again. What is wrong is wrong each time. */
static bool again(struct http_case *c)
{
    c->request.timeout_ms *= 2;
    return c->response.outcome == HTTP_TIMEOUT && c->request.timeout_ms <= 10000;
}

static void a_stream_is_read_piece_by_piece_as_it_comes(void **state)
{
    struct http_case *c = *state;
    struct reader reader = {0};
    stream(c, &reader, "/turns/10");
    http_case_assert_answered(c, 200);
    assert_int_equal(reader.bytes, 50);
    assert_int_equal(reader.pieces, 10);
    assert_int_equal(c->response.len, 0);
}

static void a_stream_ends_as_success_when_its_reader_has_enough(void **state)
{
    struct http_case *c = *state;
    struct reader reader = {.stop_after = 15};
    stream(c, &reader, "/drip");
    http_case_assert_answered(c, 200);
    assert_true(reader.bytes >= 15);
}

static void the_body_of_a_refused_stream_is_gathered(void **state)
{
    struct http_case *c = *state;
    struct reader reader = {0};
    stream(c, &reader, "/status/410");
    http_case_assert_answered(c, 410);
    assert_int_equal(reader.pieces, 0);
    assert_string_equal(c->response.body, "{\"status\":410}");
}

/* 30 MB that could come in an instant, to a reader that takes 256 KiB at most every 2 ms: nothing
 * is lost, and little is kept. */
static void a_slow_reader_holds_the_server_up(void **state)
{
    struct http_case *c = *state;
    size_t before = glm_arena_used(c->arena);
    struct reader reader = {.pause_ms = 2};
    stream(c, &reader, "/chunked/30000000");
    http_case_assert_answered(c, 200);
    assert_int_equal(reader.bytes, 30000000);
    assert_true(glm_arena_used(c->arena) - before < ((size_t)1 << 20));
}

static void a_reader_that_sleeps_is_no_silence_of_the_server(void **state)
{
    struct http_case *c = *state;
    c->request.timeout_ms = 400;
    do {
        struct reader reader = {.stop_after = 300000};
        reader.first_pause_ms = (long)c->request.timeout_ms * 3 / 2;
        stream(c, &reader, "/chunked/3000000");
    } while (again(c));
    http_case_assert_answered(c, 200);
}

static void a_silent_stream_ends(void **state)
{
    struct http_case *c = *state;
    struct reader reader = {.thread = pthread_self()};
    c->request.piece = read_piece;
    c->request.context = &reader;
    http_case_perform_to(c, &server, "/hang", HTTP_STEP_ANSWER);
    http_case_assert_failed(c, HTTP_TIMEOUT, true, "nothing came for ");
    c->request.timeout_ms = 300;
    do { /* longer in all, never silent */
        long drips = (long)c->request.timeout_ms * 3 / 20;
        http_case_perform(c, &server, glm_sprintf(c->arena, "/drip/%ld", drips));
    } while (again(c));
    http_case_assert_answered(c, 200);
}

static void a_stream_that_breaks_says_so_after_its_pieces(void **state)
{
    struct http_case *c = *state;
    size_t bytes = 0;
    c->request.piece = count_pieces;
    c->request.context = &bytes;
    http_case_perform(c, &server, "/reset");
    http_case_assert_failed(c, HTTP_BROKEN, true, "");
    assert_int_equal(bytes, 10);
}

/* ---- many ---- */

#define THREADS 50

struct one_of_many {
    struct glm_http *http;
    unsigned number;
    pthread_t thread;
    bool ok;
};

static void *ask_often(void *context)
{
    struct one_of_many *one = context;
    one->ok = true;
    for (unsigned i = 0; i < 10; i++) {
        struct glm_arena *arena = glm_arena_create((size_t)8 << 20);
        struct http_route route = {.proxy = ""};
        size_t len = one->number * 1000 + i, streamed = 0;
        bool stream = (one->number + i) % 5 == 0;
        struct http_request request = {
            .route = &route,
            .method = "GET",
            .url = glm_sprintf(arena, "http://localhost:%u/%s/%zu", server.port,
                               i % 2 ? "long" : "chunked", len),
            .timeout_ms = 60000,
            .response_max = (size_t)1 << 20,
            .piece = stream ? count_pieces : NULL,
            .context = &streamed,
        };
        struct http_response response;
        http_perform(one->http, arena, &request, &response);
        one->ok &= response.outcome == HTTP_ANSWERED && response.status == 200 &&
                   (stream ? streamed : response.len) == len;
        if (!one->ok)
            fprintf(stderr, "thread %u: outcome %u: %s\n", one->number, response.outcome,
                    response.why ? response.why : "wrong length");
        glm_arena_destroy(arena);
    }
    return NULL;
}

static void fifty_threads_at_once(void **state)
{
    struct http_case *c = *state;
    struct one_of_many many[THREADS];
    for (unsigned i = 0; i < THREADS; i++) {
        many[i] = (struct one_of_many){.http = c->http, .number = i};
        assert_int_equal(pthread_create(&many[i].thread, NULL, ask_often, &many[i]), 0);
    }
    bool ok = true;
    for (unsigned i = 0; i < THREADS; i++) {
        pthread_join(many[i].thread, NULL);
        ok &= many[i].ok;
    }
    assert_true(ok);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, http_case_setup, http_case_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(every_status_is_an_answer),
        CASE(bodies_come_whole),
        CASE(one_byte_too_many_is_refused),
        CASE(a_small_body_that_unpacks_to_a_large_one_is_refused),
        CASE(method_headers_and_body_arrive_as_given),
        CASE(a_request_without_a_body_says_nothing_of_one),
        CASE(a_large_body_arrives),
        CASE(retry_after_is_seconds_or_a_date),
        CASE(headers_of_an_interim_answer_are_not_the_answers),
        CASE(redirects_are_not_followed),
        CASE(connections_are_used_again),
        CASE(what_cannot_be_asked_is_unusable),
        CASE(headers_that_are_too_many_or_too_long_are_not_sent),
        CASE(a_proxy_whose_name_is_endless_is_unusable),
        CASE(a_proxy_whose_name_is_not_ascii_is_unusable),
        CASE(a_refused_connection_and_an_unknown_name_are_told_apart),
        CASE(that_no_more_files_can_be_opened_is_no_fault_of_the_server),
        CASE(a_server_that_does_not_answer_in_time),
        CASE(broken_answers),
        CASE(only_reads_are_repeated_unasked),
        CASE(a_stop_ends_a_transfer_wherever_it_is),
        CASE(the_providers_stop_ends_all_and_lets_nothing_begin),
        CASE(destroying_the_engine_ends_what_is_under_way),
        CASE(engines_come_and_go),
        CASE(a_stream_is_read_piece_by_piece_as_it_comes),
        CASE(a_stream_ends_as_success_when_its_reader_has_enough),
        CASE(the_body_of_a_refused_stream_is_gathered),
        CASE(a_slow_reader_holds_the_server_up),
        CASE(a_reader_that_sleeps_is_no_silence_of_the_server),
        CASE(a_silent_stream_ends),
        CASE(a_stream_that_breaks_says_so_after_its_pieces),
        CASE(fifty_threads_at_once),
    };
    return cmocka_run_group_tests(tests, start_server, stop_server);
}
