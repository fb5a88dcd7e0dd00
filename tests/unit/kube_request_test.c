/* SPDX-License-Identifier: Apache-2.0
 *
 * One request to an API server: credentials, attempts, ends. Against a fake that is scripted.
 */
#include "live_case.h"

enum { AS_ALWAYS, BUSY, BREAK_ONCE, UNAUTHORIZED, HANG, ECHO, PAGE, BROKEN_AFTER, REDIRECT };

/* The first two calls are answered 503 and 504. */
static bool busy(struct fake_objects *o, struct fake_call *call)
{
    static const int statuses[] = {503, 504};
    unsigned calls = fake_apiserver_calls(&o->server, call->method, "");
    if (calls > 2)
        return false;
    fake_status(call, statuses[calls - 1], "Busy", "busy", "");
    return true;
}

static bool script(struct fake_objects *o, struct fake_call *call)
{
    switch (atomic_load(&o->mode)) {
    case BUSY:
        return busy(o, call);
    case BREAK_ONCE:
        if (fake_apiserver_calls(&o->server, call->method, "") > 1)
            return false;
        fake_break(call);
        return true;
    case UNAUTHORIZED:
        if (strcmp(call->authorization, "Bearer good") == 0)
            return false;
        fake_status(call, 401, "Unauthorized", "Unauthorized", "");
        return true;
    case HANG:
        while (fake_wait(call, 1000))
            ;
        return true;
    case ECHO:
        fake_answer(call, 500, "",
                    glm_sprintf(call->arena, "{\"kind\":\"Status\",\"message\":\"you said %s\"}",
                                call->authorization));
        return true;
    case PAGE:
        fake_answer(call, 200, "", "<html>log in</html>");
        return true;
    case BROKEN_AFTER:
        fake_answer(call, 500, "", "{\"kind\":\"Status\",\"message\":\"oops\"}");
        return true;
    case REDIRECT:
        fake_answer(call, 302, "Location: /elsewhere\r\n", "");
        return true;
    default:
        return false;
    }
}

static struct live_case *begin(void **state, int mode)
{
    struct live_case *c = *state;
    c->objects.script = script;
    atomic_store(&c->objects.mode, mode);
    fake_objects_put(&c->objects, "{'apiVersion': 'v1', 'kind': 'Namespace', 'metadata': {'name': "
                                  "'a'}}");
    return c;
}

/* Reads the namespace a, which is one GET. */
static bool ask(struct live_case *c)
{
    const struct glm_object_ref ref = {.kind = GLM_KIND_NAMESPACE, .name = "a"};
    struct glm_read read;
    glm_diags_init(&c->d, c->arena);
    bool ok = c->cluster->ops->read(c->cluster, c->arena, &ref, &read, &c->d);
    assert_true(!ok || read.found == GLM_FOUND);
    assert_int_equal(ok, c->d.errors == 0);
    return ok;
}

static void what_is_said_arrives(void **state)
{
    struct live_case *c = begin(state, AS_ALWAYS);
    live_case_again(c, "good", 0);
    assert_true(ask(c));
    assert_int_equal(live_case_calls(c, "GET", "/api/v1/namespaces/a?"), 1);
    assert_int_equal(live_case_calls(c, "GET", ""), 1);
}

static void a_busy_server_is_asked_again(void **state)
{
    struct live_case *c = begin(state, BUSY);
    assert_true(ask(c));
    assert_int_equal(live_case_calls(c, "GET", ""), 3);
}

static bool busy_for_an_hour(struct fake_objects *o, struct fake_call *call)
{
    (void)o;
    fake_answer(call, 429, "Retry-After: 3600\r\n", "{}");
    return true;
}

static void a_server_that_is_busy_for_long_is_left_alone(void **state)
{
    struct live_case *c = begin(state, AS_ALWAYS);
    c->objects.script = busy_for_an_hour;
    assert_false(ask(c));
    glm_assert_error(&c->d, "", "(429), and wants to be left alone for 60 minutes");
    assert_int_equal(live_case_calls(c, "GET", ""), 1);
}

static bool busy_for_a_second(struct fake_objects *o, struct fake_call *call)
{
    if (fake_apiserver_calls(&o->server, "GET", "") > 1)
        return false;
    fake_answer(call, 429, "Retry-After: 1\r\n", "{}");
    return true;
}

static void retry_after_is_honoured(void **state)
{
    struct live_case *c = begin(state, AS_ALWAYS);
    c->objects.script = busy_for_a_second;
    int64_t began = glm_clock_ms();
    assert_true(ask(c));
    assert_true(glm_clock_ms() - began >= 1000);
    assert_int_equal(live_case_calls(c, "GET", ""), 2);
}

static void an_error_of_the_server_is_final(void **state)
{
    struct live_case *c = begin(state, BROKEN_AFTER);
    assert_false(ask(c));
    glm_assert_error(&c->d, "", "trouble of its own: oops (500)");
    assert_int_equal(live_case_calls(c, "GET", ""), 1);
}

static void a_broken_connection_is_made_again(void **state)
{
    struct live_case *c = begin(state, BREAK_ONCE);
    assert_true(ask(c));
    assert_int_equal(live_case_calls(c, "GET", ""), 2);
}

static void a_new_credential_is_tried_once(void **state)
{
    struct live_case *c = begin(state, UNAUTHORIZED);
    live_case_again(c, "old,good", 0);
    assert_true(ask(c));
    assert_int_equal(live_case_calls(c, "GET", ""), 2);

    live_case_again(c, "old,bad", 0);
    assert_false(ask(c));
    glm_assert_error(&c->d, "", "It was shown the token of the test");
    assert_int_equal(live_case_calls(c, "GET", ""), 4);
}

static void without_another_credential_a_401_is_final(void **state)
{
    struct live_case *c = begin(state, UNAUTHORIZED);
    live_case_again(c, "old", 0);
    assert_false(ask(c));
    glm_assert_error(&c->d, "", "does not accept who we are");
    assert_int_equal(live_case_calls(c, "GET", ""), 1);
}

static void a_credential_that_comes_back_stays_secret(void **state)
{
    struct live_case *c = begin(state, ECHO);
    live_case_again(c, "abcdefgh-secret", 0);
    assert_false(ask(c));
    assert_null(strstr(glm_test_diags_text(c->arena, &c->d), "abcdefgh"));
    glm_assert_error(&c->d, "", "you said Bearer ***");
}

static void a_login_page_is_no_answer(void **state)
{
    struct live_case *c = begin(state, PAGE);
    assert_false(ask(c));
    glm_assert_error(&c->d, "", "answers with a web page");
}

static void a_redirect_is_not_followed(void **state)
{
    struct live_case *c = begin(state, REDIRECT);
    assert_false(ask(c));
    glm_assert_error(&c->d, "", "redirects to another place (302)");
    assert_int_equal(live_case_calls(c, "GET", ""), 1);
}

/* Nobody listens any more. */
static void a_server_that_is_down_is_tried_a_few_times_and_then_once(void **state)
{
    struct live_case *c = begin(state, AS_ALWAYS);
    struct fake_apiserver down = {.answer = NULL};
    fake_apiserver_start(&down);
    fake_apiserver_stop(&down);
    unsigned port = c->objects.server.port;
    c->objects.server.port = down.port;
    live_case_again(c, NULL, 0);
    c->objects.server.port = port;

    int64_t began = glm_clock_ms();
    assert_false(ask(c));
    glm_assert_error(&c->d, "", "cannot be reached: no connection to");
    int64_t first = glm_clock_ms() - began;
    assert_true(first >= 250 && first < GLM_TEST_PROMPT_MS);

    began = glm_clock_ms();
    for (int i = 0; i < 5; i++)
        assert_false(ask(c));
    assert_true(glm_clock_ms() - began < first * 5);
    glm_assert_error(&c->d, "", "cannot be reached: no connection to");
}

static void a_server_that_does_not_answer_times_out_once(void **state)
{
    struct live_case *c = begin(state, HANG);
    for (int64_t limit_ms = 400; limit_ms < 100000 && !live_case_calls(c, "GET", "");
         limit_ms *= 2) {
        live_case_again(c, NULL,
                        limit_ms); /* longer where the machine got no request out in that */
        assert_false(ask(c));
    }
    glm_assert_error(&c->d, "", "`request_timeout`");
    assert_int_equal(live_case_calls(c, "GET", ""), 1);
    for (int i = 0; i < 5; i++) /* nor does it for those who ask next */
        assert_false(ask(c));
    glm_assert_error(&c->d, "", "`request_timeout`");
    assert_int_equal(live_case_calls(c, "GET", ""), 1);
}

/* Hangs for Pods only. */
static bool hang_for_pods(struct fake_objects *o, struct fake_call *call)
{
    (void)o;
    while (strstr(call->path, "pods") && fake_wait(call, 1000))
        ;
    return strstr(call->path, "pods") != NULL;
}

static void read_pod(struct live_case_thread *t)
{
    const struct glm_object_ref ref = {.kind = GLM_KIND_POD, .namespace_ = "n", .name = "p"};
    struct glm_read read;
    t->ok = t->c->cluster->ops->read(t->c->cluster, t->arena, &ref, &read, &t->d);
    t->found = t->ok ? read.found : t->found;
    t->object = t->ok ? read.object : t->object;
}

static void a_server_that_answers_others_is_not_down(void **state)
{
    struct live_case *c = begin(state, AS_ALWAYS);
    bool answers = false;
    c->objects.script = hang_for_pods;
    for (int64_t limit_ms = 2000; !answers && limit_ms <= 32000; limit_ms *= 2) {
        struct live_case_thread reader;
        unsigned before = live_case_calls(c, "GET", "pods");
        live_case_again(c, NULL,
                        limit_ms); /* longer where the machine is too slow for the answer */
        live_case_thread_start(&reader, c, read_pod, NULL);
        while (live_case_calls(c, "GET", "pods") == before)
            nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
        answers = ask(c);
        live_case_thread_join(&reader);
        assert_false(reader.ok);
        live_case_thread_done(&reader);
    }
    assert_true(answers);
    fake_objects_put(&c->objects, "{'apiVersion': 'v1', 'kind': 'Service', 'metadata': {'name': "
                                  "'x', 'namespace': 'n'}}");
    assert_string_equal(live_case_list(c, GLM_KIND_SERVICE, NULL), "");
}

static void a_stop_ends_a_request(void **state)
{
    struct live_case *c = begin(state, HANG);
    struct live_case_thread stopper;
    live_case_again(c, NULL, 60000);
    live_case_thread_start(&stopper, c, live_case_stopper, "");
    int64_t began = glm_clock_ms();
    assert_false(ask(c));
    assert_true(glm_clock_ms() - began < GLM_TEST_PROMPT_MS);
    glm_assert_error(&c->d, "", "Terraform was interrupted");
    live_case_thread_join(&stopper);
    live_case_thread_done(&stopper);
    assert_false(ask(c)); /* and after it none begins */
    assert_int_equal(live_case_calls(c, "GET", ""), 1);
}

static bool busy_for_fifteen(struct fake_objects *o, struct fake_call *call)
{
    (void)o;
    fake_answer(call, 503, "Retry-After: 18\r\n", "{}");
    return true;
}

static void a_stop_ends_the_rest_between_attempts(void **state)
{
    struct live_case *c = begin(state, AS_ALWAYS);
    struct live_case_thread stopper;
    c->objects.script = busy_for_fifteen;
    live_case_thread_start(&stopper, c, live_case_stopper, "");
    int64_t began = glm_clock_ms();
    assert_false(ask(c));
    assert_true(glm_clock_ms() - began < GLM_TEST_PROMPT_MS);
    glm_assert_error(&c->d, "", "Terraform was interrupted");
    assert_int_equal(live_case_calls(c, "GET", ""), 1);
    live_case_thread_join(&stopper);
    live_case_thread_done(&stopper);
}

static void a_way_in_is_looked_for_again_after_it_was_not_found(void **state)
{
    struct live_case *c = begin(state, AS_ALWAYS);
    atomic_store(&fake_access.failures, 1);
    assert_false(ask(c));
    glm_assert_error(&c->d, "", "No way in");
    assert_true(ask(c));
    assert_true(ask(c));
    assert_int_equal(atomic_load(&fake_access.resolved), 2);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, live_case_setup, live_case_teardown)
    const struct CMUnitTest tests[] = {
        TEST(what_is_said_arrives),
        TEST(a_busy_server_is_asked_again),
        TEST(a_server_that_is_busy_for_long_is_left_alone),
        TEST(retry_after_is_honoured),
        TEST(an_error_of_the_server_is_final),
        TEST(a_broken_connection_is_made_again),
        TEST(a_new_credential_is_tried_once),
        TEST(without_another_credential_a_401_is_final),
        TEST(a_credential_that_comes_back_stays_secret),
        TEST(a_login_page_is_no_answer),
        TEST(a_redirect_is_not_followed),
        TEST(a_server_that_is_down_is_tried_a_few_times_and_then_once),
        TEST(a_server_that_does_not_answer_times_out_once),
        TEST(a_server_that_answers_others_is_not_down),
        TEST(a_stop_ends_a_request),
        TEST(a_stop_ends_the_rest_between_attempts),
        TEST(a_way_in_is_looked_for_again_after_it_was_not_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
