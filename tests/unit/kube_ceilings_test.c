/* SPDX-License-Identifier: Apache-2.0
 *
 * What an API server, or whatever else answers under its address, can make this program take in
 * memory. Against a fake that is scripted: no real one answers so.
 */
#include "../../src/kube/api/internal.h"
#include "live_case.h"

#include <sys/resource.h>

enum { MANY_VALUES, MANY_VALUES_IN_A_LIST, TOO_MANY_BYTES, DEEP, BUSY_AND_LARGE, LONG_UID };

static const char *repeated(struct glm_arena *a, const char *open, const char *part, size_t count,
                            const char *close)
{
    struct glm_text text;
    glm_text_init(&text, a, SIZE_MAX / 4);
    glm_text_adds(&text, open);
    for (size_t i = 0; i < count; i++)
        glm_text_adds(&text, part);
    glm_text_adds(&text, close);
    return text.data;
}

static bool script(struct fake_objects *o, struct fake_call *call)
{
    struct glm_arena *a = call->arena;
    switch (atomic_load(&o->mode)) {
    case MANY_VALUES: /* 3.5 MB, which would be 50 times as much in memory */
        fake_answer(call, 200, "", repeated(a, "{\"metadata\":[", "{},", 1200000, "1]}"));
        return true;
    case MANY_VALUES_IN_A_LIST:
        fake_answer(call, 200, "",
                    repeated(a, "{\"kind\":\"ServiceList\",\"items\":[", "{},", 1200000, "{}]}"));
        return true;
    case TOO_MANY_BYTES:
        fake_answer(call, 200, "",
                    repeated(a, "{\"metadata\":\"", "0123456789abcdef", (size_t)9 << 16, "\"}"));
        return true;
    case DEEP:
        fake_answer(call, 200, "", repeated(a, "{\"metadata\":", "[", 1000000, ""));
        return true;
    case BUSY_AND_LARGE:
        fake_answer(call, 503, "Retry-After: 0\r\n",
                    repeated(a, "{\"kind\":\"Status\",\"message\":\"", "busy and large, ",
                             (size_t)7 << 16, "\"}"));
        return true;
    case LONG_UID:
        fake_answer(call, 200, "",
                    repeated(a,
                             "{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":"
                             "\"kube-system\",\"uid\":\"",
                             "0123456789", 100000, "\"}}"));
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
    glm_diags_init(&c->d, c->arena);
    return c;
}

static void assert_unidentified(struct live_case *c, const char *part)
{
    const char *place = NULL;
    assert_false(c->cluster->ops->identify(c->cluster, c->arena, &place, &c->d));
    assert_int_equal(c->d.errors, 1);
    glm_assert_error(&c->d, "", part);
}

static void more_values_than_an_answer_may_have_are_no_answer(void **state)
{
    assert_unidentified(begin(state, MANY_VALUES),
                        " answers too much: the answer has 1200003 values; at most 262144 are "
                        "read. That is no answer of a Kubernetes API server");
}

static void more_values_than_a_page_may_have_are_no_list(void **state)
{
    struct live_case *c = begin(state, MANY_VALUES_IN_A_LIST);
    const struct glm_value *list = NULL;
    assert_false(glm_test_list(c->cluster, c->arena, GLM_KIND_SERVICE, &list, &c->d));
    glm_assert_error(&c->d, "", "at most 524288 are read");
}

static void more_bytes_than_an_object_has_are_no_answer(void **state)
{
    assert_unidentified(begin(state, TOO_MANY_BYTES), "the answer is larger than 8388608 bytes");
}

static void an_answer_that_never_ends_its_brackets_is_no_answer(void **state)
{
    assert_unidentified(begin(state, DEEP), "");
}

static void a_uid_that_is_none_is_not_kept(void **state)
{
    assert_unidentified(begin(state, LONG_UID), "whose uid has 1000000 bytes");
}

static long peak_kb(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

/* Eight answers of 7 MB, of which one is in memory at a time. */
static void attempts_are_forgotten_before_the_next(void **state)
{
    struct live_case *c = begin(state, BUSY_AND_LARGE);
    const char *place = NULL;
    long before = peak_kb();
    assert_false(c->cluster->ops->identify(c->cluster, c->arena, &place, &c->d));
    assert_true(live_case_calls(c, "GET", "") > 4);
#ifndef __SANITIZE_ADDRESS__ /* which keeps what was given back */
    assert_true(peak_kb() - before < 64L << 10);
#else
    (void)before;
#endif
}

/* A plugin may have a new one for every request, and each is looked for in many forms. */
static void of_tokens_only_the_last_one_is_remembered(void **state)
{
    struct live_case *c = *state;
    struct glm_map_builder b;
    glm_map_init(&b, c->arena);
    glm_map_set(&b, "host", glm_stringf(c->arena, "http://127.0.0.1:%u", c->objects.server.port));
    const struct kube_config config = {.entry = glm_map_finish(&b, NULL),
                                       .user_agent = "test/1",
                                       .stop = &c->stop,
                                       .http = c->http};
    struct kube_api *api = api_create(&config);
    long before = peak_kb();
    for (int i = 0; i < 300; i++) {
        const struct credential credential = {
            .authorization = glm_sprintf(c->arena, "Bearer %010000d", i), .generation = 1};
        api_learn(api, &credential);
    }
    const struct secrets *secrets;
    struct kube_learned *learned = api_learned(api, &secrets);
    const struct credential next = {.authorization = "Bearer another-token", .generation = 2};
    api_learn(api, &next); /* who looks goes on with what he has */
    char *text = glm_sprintf(c->arena, "it was %010000d", 299);
    assert_string_equal(exec_secrets_starred(secrets, c->arena, text, strlen(text)), "it was ***");
    api_forget(api, learned);
    api_destroy(api);
#ifndef __SANITIZE_ADDRESS__ /* which keeps what was given back */
    assert_true(peak_kb() - before < 128L << 10);
#else
    (void)before;
#endif
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, live_case_setup, live_case_teardown)
    const struct CMUnitTest tests[] = {
        TEST(of_tokens_only_the_last_one_is_remembered), /* first: it measures the peak */
        TEST(more_values_than_an_answer_may_have_are_no_answer),
        TEST(more_values_than_a_page_may_have_are_no_list),
        TEST(more_bytes_than_an_object_has_are_no_answer),
        TEST(an_answer_that_never_ends_its_brackets_is_no_answer),
        TEST(a_uid_that_is_none_is_not_kept),
        TEST(attempts_are_forgotten_before_the_next),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
