/* SPDX-License-Identifier: Apache-2.0
 *
 * Large answers of several API servers at once: they are read one after another, and a stop and the end
 * of an operation's time hold meanwhile. Against a fake that is scripted: no real one answers so.
 */
#include "../../src/kube/http/engine.h"
#include "live_case.h"

#include <sys/resource.h>

#define VALUES 250000 /* just fewer than an answer may have */
#define CLUSTERS 4

static bool script(struct fake_objects *o, struct fake_call *call)
{
    struct glm_text text;
    (void)o;
    glm_text_init(&text, call->arena, SIZE_MAX / 4);
    glm_text_adds(&text, "{\"metadata\":[");
    for (size_t i = 0; i < VALUES; i++)
        glm_text_adds(&text, "{},");
    glm_text_adds(&text, "1]}");
    fake_answer(call, 200, "", text.data);
    return true;
}

static int setup(void **state)
{
    live_case_setup(state);
    ((struct live_case *)*state)->objects.script = script;
    return 0;
}

static void identify(struct live_case_thread *t)
{
    const char *place = NULL;
    t->ok = t->c->cluster->ops->identify(t->c->cluster, t->arena, &place, &t->d);
}

#ifndef __SANITIZE_ADDRESS__ /* which keeps what was given back */
static long peak_mb(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss >> 10;
}
#endif

/* Each takes some 150 MB while it is read. */
static void answers_of_several_servers_do_not_add_up(void **state)
{
    struct live_case *c = *state, cases[CLUSTERS];
    struct live_case_thread threads[CLUSTERS];
    for (size_t i = 0; i < CLUSTERS; i++) {
        cases[i] = *c;
        live_case_cluster(&cases[i]);
        live_case_thread_start(&threads[i], &cases[i], identify, NULL);
    }
    for (size_t i = 0; i < CLUSTERS; i++) {
        live_case_thread_join(&threads[i]);
        assert_false(threads[i].ok);
        glm_assert_error(&threads[i].d, "", "answers with something else than what was asked for");
        live_case_thread_done(&threads[i]);
        cases[i].cluster->ops->destroy(cases[i].cluster);
    }
#ifndef __SANITIZE_ADDRESS__
    assert_true(peak_mb() < 300);
#endif
}

static void an_answer_that_waits_for_its_turn_heeds_the_time(void **state)
{
    struct live_case *c = *state;
    struct http_turn turn;
    const char *place;
    assert_true(http_turn_begin(c->http, HTTP_TURN_BYTES, NULL, 0, &turn));
    int64_t began_ms = glm_clock_ms();
    struct glm_cluster *hurried = c->cluster->ops->within(c->cluster, c->arena, 1500);
    assert_false(hurried->ops->identify(hurried, c->arena, &place, &c->d));
    assert_in_range(glm_clock_ms() - began_ms, 1400, GLM_TEST_PROMPT_MS);
    glm_assert_error(&c->d, "", "has answered so much (");
    glm_assert_error(&c->d, "", "was not read to its end when the time was over");
    http_turn_end(c->http, &turn);
}

static void an_answer_that_waits_for_its_turn_heeds_a_stop(void **state)
{
    struct live_case *c = *state;
    struct http_turn turn;
    struct live_case_thread stopper;
    const char *place;
    assert_true(http_turn_begin(c->http, HTTP_TURN_BYTES, NULL, 0, &turn));
    live_case_thread_start(&stopper, c, live_case_stopper, NULL);
    int64_t began_ms = glm_clock_ms();
    assert_false(c->cluster->ops->identify(c->cluster, c->arena, &place, &c->d));
    assert_in_range(glm_clock_ms() - began_ms, 0, GLM_TEST_PROMPT_MS);
    live_case_thread_join(&stopper);
    live_case_thread_done(&stopper);
    http_turn_end(c->http, &turn);
}

static bool usual_answer(struct fake_objects *o, struct fake_call *call)
{
    struct glm_text text;
    (void)o;
    glm_text_init(&text, call->arena, SIZE_MAX / 4);
    glm_text_adds(&text, "{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":"
                         "\"kube-system\",\"uid\":\"u\"},\"x\":[1");
    for (size_t i = 0; i < 10000; i++)
        glm_text_adds(&text, ",{\"a\":\"b\"}");
    glm_text_adds(&text, "]}");
    fake_answer(call, 200, "", text.data);
    return true;
}

/* Servers that answer too much do not hold up those that do not. */
static void usual_answers_wait_for_nobody(void **state)
{
    struct live_case *c = *state;
    struct http_turn turn;
    const char *place = NULL;
    c->objects.script = usual_answer;
    assert_true(http_turn_begin(c->http, HTTP_TURN_BYTES, NULL, 0, &turn));
    struct glm_cluster *hurried = c->cluster->ops->within(c->cluster, c->arena, 10000);
    assert_true(hurried->ops->identify(hurried, c->arena, &place, &c->d));
    assert_string_equal(place, "API server with kube-system UID u");
    http_turn_end(c->http, &turn);
}

static void sleep_ms(long ms)
{
    nanosleep(&(struct timespec){.tv_nsec = ms * 1000000}, NULL);
}

static size_t in_line(struct glm_http *http)
{
    size_t count = 0;
    pthread_mutex_lock(&http->turn_lock);
    for (const struct http_turn *turn = http->turns; turn; turn = turn->next)
        count++;
    pthread_mutex_unlock(&http->turn_lock);
    return count;
}

static void await_line(struct glm_http *http, size_t count)
{
    while (in_line(http) < count)
        sleep_ms(5);
}

static void look(struct live_case_thread *t)
{
    const struct glm_object_ref ref = {.kind = GLM_KIND_POD, .namespace_ = "n", .name = t->name};
    struct glm_read read;
    t->ok = t->c->cluster->ops->read(t->c->cluster, t->arena, &ref, &read, &t->d);
}

/* Whoever has many large answers stands in line with one of them. */
static void of_one_server_one_large_answer_is_in_line(void **state)
{
    struct live_case *c = *state;
    struct live_case_thread threads[4];
    struct http_turn turn;
    assert_true(http_turn_begin(c->http, HTTP_TURN_BYTES, NULL, 0, &turn));
    for (size_t i = 0; i < 4; i++)
        live_case_thread_start(&threads[i], c, look, glm_sprintf(c->arena, "p%zu", i));
    while (live_case_calls(c, "GET", "pods") < 4)
        sleep_ms(10);
    await_line(c->http, 1);
    sleep_ms(500); /* in which the others would come */
    assert_int_equal(in_line(c->http), 1);
    http_turn_end(c->http, &turn);
    for (size_t i = 0; i < 4; i++) {
        live_case_thread_join(&threads[i]);
        assert_false(threads[i].ok);
        live_case_thread_done(&threads[i]);
    }
}

/* ---- turns themselves ---- */

struct waiter {
    struct glm_http *http;
    size_t bytes;
    atomic_uint *order;
    unsigned place; /* in which it got its turn, from 1 */
    pthread_t thread;
};

static void *wait_for_turn(void *context)
{
    struct waiter *w = context;
    struct http_turn turn;
    if (http_turn_begin(w->http, w->bytes, NULL, 0, &turn)) {
        w->place = atomic_fetch_add(w->order, 1) + 1;
        http_turn_end(w->http, &turn);
    }
    return NULL;
}

/* A small one behind a large one does not overtake it, or the large one would never come. */
static void turns_come_in_order(void **state)
{
    struct live_case *c = *state;
    struct http_turn first, late;
    atomic_uint order = 0;
    struct waiter waiters[] = {
        {.http = c->http, .bytes = 2 * HTTP_TURN_BYTES, .order = &order},
        {.http = c->http, .bytes = 1, .order = &order},
    };
    assert_true(http_turn_begin(c->http, HTTP_TURN_BYTES, NULL, 0, &first));
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(pthread_create(&waiters[i].thread, NULL, wait_for_turn, &waiters[i]), 0);
        await_line(c->http, i + 1);
    }
    assert_false(http_turn_begin(c->http, 1, NULL, glm_clock_ms() + 50, &late));
    assert_int_equal(atomic_load(&order), 0);
    http_turn_end(c->http, &first);
    for (size_t i = 0; i < 2; i++) {
        pthread_join(waiters[i].thread, NULL);
        assert_int_equal(waiters[i].place, i + 1);
    }
}

static void turns_that_fit_beside_each_other_do_not_wait(void **state)
{
    struct live_case *c = *state;
    struct http_turn a, b, none;
    assert_true(http_turn_begin(c->http, HTTP_TURN_BYTES / 2, NULL, 0, &a));
    assert_true(http_turn_begin(c->http, HTTP_TURN_BYTES / 2, NULL, 0, &b));
    assert_false(http_turn_begin(c->http, 1, NULL, glm_clock_ms() + 50, &none));
    http_turn_end(c->http, &a);
    http_turn_end(c->http, &b);
    assert_true(http_turn_begin(c->http, SIZE_MAX / 2, NULL, 0, &a));
    http_turn_end(c->http, &a);
}

/* ---- what is kept ---- */

static void what_is_kept_of_all_has_a_ceiling_and_each_has_a_share(void **state)
{
    struct live_case *c = *state;
    struct http_kept a = {.http = c->http}, b = {.http = c->http};
    assert_true(http_keep(&a, HTTP_KEPT_BYTES));
    assert_false(http_keep(&a, HTTP_KEPT_BYTES + 1));
    assert_int_equal(http_keeps(c->http), HTTP_KEPT_BYTES);
    assert_false(http_keep(&b, HTTP_KEPT_SHARE + 1));
    assert_true(http_keep(&b, HTTP_KEPT_SHARE));
    http_keep_nothing(&a);
    assert_true(http_keep(&b, HTTP_KEPT_SHARE + 1));
    assert_int_equal(http_keeps(c->http), HTTP_KEPT_SHARE + 1);
    http_keep_nothing(&b);
    assert_int_equal(http_keeps(c->http), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, live_case_teardown)
    const struct CMUnitTest tests[] = {
        TEST(answers_of_several_servers_do_not_add_up), /* first: it measures the peak */
        TEST(an_answer_that_waits_for_its_turn_heeds_the_time),
        TEST(an_answer_that_waits_for_its_turn_heeds_a_stop),
        TEST(usual_answers_wait_for_nobody),
        TEST(of_one_server_one_large_answer_is_in_line),
        TEST(turns_come_in_order),
        TEST(turns_that_fit_beside_each_other_do_not_wait),
        TEST(what_is_kept_of_all_has_a_ceiling_and_each_has_a_share),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
