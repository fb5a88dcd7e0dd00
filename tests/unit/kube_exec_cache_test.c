/* SPDX-License-Identifier: Apache-2.0
 *
 * How long what credential plugins answer is good, and who shares it: each run is a line in a file.
 */
#include "folder.h"
#include "http_case.h"
#include "plugin_case.h"
#include "test.h"

#include <pthread.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define CLUSTERS 16

/* What one cluster asks for, and gets. */
struct asking {
    struct access access;
    struct glm_exec_cache *cache;
    atomic_bool *stop;
    struct glm_arena *arena;
    uint64_t refused;
    int64_t milliseconds; /* that it has; 0: all that it takes */
    bool ok;
    atomic_bool done;
    struct credential got;
    struct glm_diags d;
    pthread_t thread;
};

static void *ask(void *context)
{
    struct asking *a = context;
    struct credentials *credentials = exec_credentials_create(&a->access, a->cache, a->stop);
    a->arena = glm_arena_create((size_t)64 << 20);
    glm_diags_init(&a->d, a->arena);
    int64_t until_ms = a->milliseconds ? glm_clock_ms() + a->milliseconds : 0;
    a->ok = exec_credentials_get(credentials, a->arena, a->refused, until_ms, &a->got, &a->d);
    exec_credentials_destroy(credentials);
    atomic_store(&a->done, true);
    return NULL;
}

static struct asking asking_of(struct plugin_case *c, struct glm_exec_cache *cache)
{
    return (struct asking){.access = c->access, .cache = cache, .stop = &c->stop};
}

/* Asks once; the answer stays in the case's arena. */
static uint64_t get(struct plugin_case *c, struct glm_exec_cache *cache, uint64_t refused,
                    const char *authorization)
{
    struct asking a = asking_of(c, cache);
    a.refused = refused;
    ask(&a);
    bool same = a.ok && strcmp(a.got.authorization, authorization) == 0;
    glm_arena_destroy(a.arena);
    assert_true(same);
    return a.got.generation;
}

/* Answers run-1, run-2, ... */
static void counting_script(struct plugin_case *c, const char *more)
{
    plugin_script(c, "token",
                  glm_sprintf(c->arena,
                              "echo run >>\"$0.runs\"; answer run-$(($(wc -l <\"$0.runs\"))) '%s'",
                              more));
}

static const char *expiring_in(struct plugin_case *c, int seconds)
{
    time_t at = time(NULL) + seconds;
    struct tm t;
    char text[32];
    gmtime_r(&at, &t);
    assert_int_not_equal(strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &t), 0);
    return glm_sprintf(c->arena, ",\"expirationTimestamp\":\"%s\"", text);
}

/* ---- how long ---- */

static void an_answer_without_an_end_is_kept(void **state)
{
    struct plugin_case *c = *state;
    struct glm_exec_cache *cache = glm_exec_cache_create();
    counting_script(c, "");
    for (int i = 0; i < 3; i++)
        assert_int_equal(get(c, cache, 0, "Bearer run-1"), 1);
    glm_exec_cache_destroy(cache);
}

static void an_answer_is_kept_until_it_expires(void **state)
{
    struct plugin_case *c = *state;
    struct glm_exec_cache *cache = glm_exec_cache_create();
    counting_script(c, expiring_in(c, 900));
    get(c, cache, 0, "Bearer run-1");
    get(c, cache, 0, "Bearer run-1");
    glm_exec_cache_destroy(cache);
}

static void an_answer_about_to_expire_is_used_once(void **state)
{
    struct plugin_case *c = *state;
    struct glm_exec_cache *cache = glm_exec_cache_create();
    counting_script(c, expiring_in(c, 5));
    uint64_t first = get(c, cache, 0, "Bearer run-1");
    assert_true(get(c, cache, 0, "Bearer run-2") > first);
    glm_exec_cache_destroy(cache);
}

static void a_refused_answer_is_got_anew_once(void **state)
{
    struct plugin_case *c = *state;
    struct glm_exec_cache *cache = glm_exec_cache_create();
    counting_script(c, "");
    uint64_t first = get(c, cache, 0, "Bearer run-1");
    uint64_t second = get(c, cache, first, "Bearer run-2");
    assert_int_not_equal(second, first);
    /* The other clusters were refused the first one too. */
    assert_int_equal(get(c, cache, first, "Bearer run-2"), second);
    assert_int_equal(get(c, cache, 0, "Bearer run-2"), second);
    glm_exec_cache_destroy(cache);
}

/* The caller sees by the generation that there is nothing to try again with. */
static void a_plugin_that_has_nothing_newer_is_left_alone(void **state)
{
    struct plugin_case *c = *state;
    struct glm_exec_cache *cache = glm_exec_cache_create();
    plugin_script(c, "token", "echo run >>\"$0.runs\"; answer same");
    uint64_t first = get(c, cache, 0, "Bearer same");
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(get(c, cache, first, "Bearer same"), first);
    assert_int_equal(plugin_lines(c, "token.runs"), 2);
    exec_cache_age(cache, 60000);
    assert_int_equal(get(c, cache, first, "Bearer same"), first);
    assert_int_equal(plugin_lines(c, "token.runs"), 3);
    /* Somebody logs in. */
    plugin_script(c, "token", "echo run >>\"$0.runs\"; answer other");
    exec_cache_age(cache, 60000);
    assert_int_not_equal(get(c, cache, first, "Bearer other"), first);
    glm_exec_cache_destroy(cache);
}

static void a_failure_is_not_kept_and_spoils_nothing(void **state)
{
    struct plugin_case *c = *state;
    struct glm_exec_cache *cache = glm_exec_cache_create();
    plugin_script(c, "token", "[ ! -e \"$0.broken\" ] || exit 3; answer t0ken");
    uint64_t first = get(c, cache, 0, "Bearer t0ken");
    glm_test_put("", "%s/token.broken", c->folder);
    struct asking a = asking_of(c, cache);
    a.refused = first;
    ask(&a);
    assert_false(a.ok);
    glm_assert_error(&a.d, "", "exit code 3");
    glm_arena_destroy(a.arena);
    /* A cluster that was not refused goes on with what it has. */
    get(c, cache, 0, "Bearer t0ken");
    assert_int_equal(unlink(glm_sprintf(c->arena, "%s/token.broken", c->folder)), 0);
    assert_int_equal(get(c, cache, first, "Bearer t0ken"), first);
    glm_exec_cache_destroy(cache);
}

static void a_certificate_is_handed_out_with_its_key(void **state)
{
    struct plugin_case *c = *state;
    static const char certificate[] =
        "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n";
    static const char key[] = "-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----\n";
    plugin_script(c, "token", "cat \"$0.answer\"");
    const struct glm_value *answer = glm_test_value(
        c->arena, "{'kind': 'ExecCredential', 'apiVersion': 'client.authentication.k8s.io/v1'}");
    answer = glm_with_path(c->arena, answer, glm_string(c->arena, certificate), "status",
                           "clientCertificateData", NULL);
    answer =
        glm_with_path(c->arena, answer, glm_string(c->arena, key), "status", "clientKeyData", NULL);
    glm_test_put(glm_json_text(c->arena, answer), "%s/token.answer", c->folder);
    struct asking a = asking_of(c, NULL);
    ask(&a);
    assert_true(a.ok);
    assert_null(a.got.authorization);
    assert_string_equal(a.got.certificate, certificate);
    assert_string_equal(a.got.key, key);
    glm_arena_destroy(a.arena);
}

/* ---- with whom ---- */

static void ask_at_once(struct asking *askings, size_t count)
{
    for (size_t i = 0; i < count; i++)
        assert_int_equal(pthread_create(&askings[i].thread, NULL, ask, &askings[i]), 0);
    for (size_t i = 0; i < count; i++)
        pthread_join(askings[i].thread, NULL);
}

static void equal_plugins_share_a_run_at_the_same_time(void **state)
{
    struct plugin_case *c = *state;
    struct glm_exec_cache *cache = glm_exec_cache_create();
    struct asking askings[CLUSTERS];
    plugin_script(c, "token", "echo run >>\"$0.runs\"; sleep 0.5; answer t0ken");
    for (size_t i = 0; i < CLUSTERS; i++) {
        askings[i] = asking_of(c, cache);
        askings[i].access.server = glm_sprintf(c->arena, "https://10.0.0.%zu", i);
    }
    ask_at_once(askings, CLUSTERS);
    size_t good = 0;
    for (size_t i = 0; i < CLUSTERS; i++) {
        good += askings[i].ok && strcmp(askings[i].got.authorization, "Bearer t0ken") == 0;
        glm_arena_destroy(askings[i].arena);
    }
    assert_int_equal(good, CLUSTERS);
    assert_int_equal(plugin_lines(c, "token.runs"), 1);
    glm_exec_cache_destroy(cache);
}

/* The first two have little time, one of them while it runs the plugin for all; the last has enough.
 * False: on this machine the plugin did not even begin to run within that little time. */
static bool ask_with_little_time(struct plugin_case *c, struct glm_exec_cache *cache,
                                 struct asking askings[3], int64_t little_ms)
{
    bool ran = false;
    plugin_script(c, "token",
                  glm_sprintf(c->arena, "echo run >>\"$0.runs\"; sleep %d; answer t0ken",
                              (int)(little_ms * 4 / 1000)));
    for (size_t i = 0; i < 3; i++) {
        askings[i] = asking_of(c, cache);
        askings[i].milliseconds = i < 2 ? little_ms : 0;
        assert_int_equal(pthread_create(&askings[i].thread, NULL, ask, &askings[i]), 0);
        while (i == 0 && !atomic_load(&askings[0].done) &&
               !(ran = plugin_lines(c, "token.runs") > 0))
            nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    }
    for (size_t i = 0; i < 3; i++)
        pthread_join(askings[i].thread, NULL);
    return ran;
}

static void who_has_more_time_does_not_share_a_run_that_was_cut_short(void **state)
{
    struct plugin_case *c = *state;
    struct glm_exec_cache *cache = glm_exec_cache_create();
    struct asking askings[3];
    for (int64_t ms = 500; !ask_with_little_time(c, cache, askings, ms) && ms < 10000; ms *= 2) {
        for (size_t i = 0; i < 3; i++)
            glm_arena_destroy(askings[i].arena);
        glm_exec_cache_destroy(cache);
        cache = glm_exec_cache_create();
        unlink(glm_sprintf(c->arena, "%s/token.runs", c->folder));
    }
    assert_false(askings[0].ok);
    assert_non_null(strstr(askings[0].d.first->detail, "did not end within"));
    assert_false(askings[1].ok);
    assert_true(askings[2].ok);
    for (size_t i = 0; i < 3; i++)
        glm_arena_destroy(askings[i].arena);
    glm_exec_cache_destroy(cache);
}

static void those_who_wait_share_a_failure(void **state)
{
    struct plugin_case *c = *state;
    struct glm_exec_cache *cache = glm_exec_cache_create();
    struct asking askings[CLUSTERS];
    /* Long enough for most to have asked meanwhile. */
    plugin_script(c, "token", "echo run >>\"$0.runs\"; sleep 1; echo expired >&2; exit 9");
    for (size_t i = 0; i < CLUSTERS; i++)
        askings[i] = asking_of(c, cache);
    ask_at_once(askings, CLUSTERS);
    size_t said = 0;
    for (size_t i = 0; i < CLUSTERS; i++) {
        said += !askings[i].ok && askings[i].d.errors == 1 &&
                strstr(askings[i].d.first->detail, "expired");
        glm_arena_destroy(askings[i].arena);
    }
    assert_int_equal(said, CLUSTERS);
    assert_true(plugin_lines(c, "token.runs") < CLUSTERS / 2);
    glm_exec_cache_destroy(cache);
}

static void a_stop_ends_the_run_and_all_who_wait(void **state)
{
    struct plugin_case *c = *state;
    struct glm_exec_cache *cache = glm_exec_cache_create();
    struct asking askings[CLUSTERS];
    struct http_case_timer timer;
    plugin_script(c, "token", "sleep 300; answer t0ken");
    for (size_t i = 0; i < CLUSTERS; i++)
        askings[i] = asking_of(c, cache);
    int64_t begun = glm_clock_ms();
    http_case_timer_start(&timer, &c->stop, 300);
    ask_at_once(askings, CLUSTERS);
    http_case_timer_join(&timer);
    assert_true(glm_clock_ms() - begun < 10000);
    size_t said = 0;
    for (size_t i = 0; i < CLUSTERS; i++) {
        said += !askings[i].ok && strstr(askings[i].d.first->detail, "stopping") != NULL;
        glm_arena_destroy(askings[i].arena);
    }
    assert_int_equal(said, CLUSTERS);
    glm_exec_cache_destroy(cache);
}

/* One run for each way in which they differ. */
static void plugins_that_differ_share_nothing(void **state)
{
    struct plugin_case *c = *state;
    struct glm_exec_cache *cache = glm_exec_cache_create();
    const char *const args[] = {"a", "b", NULL}, *const other_args[] = {"a b", NULL};
    counting_script(c, "");
    get(c, cache, 0, "Bearer run-1");
    c->exec.args = args;
    get(c, cache, 0, "Bearer run-2");
    c->exec.args = other_args;
    get(c, cache, 0, "Bearer run-3");
    const struct glm_value *own = glm_test_value(c->arena, "{'A': 'b'}");
    c->exec.environment = own->as.map;
    c->exec.environment_count = own->len;
    get(c, cache, 0, "Bearer run-4");
    c->exec.provide_cluster_info = true;
    get(c, cache, 0, "Bearer run-5");
    c->access.server = "https://10.0.0.2:6443";
    get(c, cache, 0, "Bearer run-6");
    get(c, cache, 0, "Bearer run-6");
    c->exec.timeout_ms = 5000;
    get(c, cache, 0, "Bearer run-7");
    c->exec.timeout_ms = 0;
    c->exec.directory = "/elsewhere"; /* of no interest to an absolute path */
    get(c, cache, 0, "Bearer run-6");
    glm_exec_cache_destroy(cache);
}

static void clusters_without_a_cache_share_nothing(void **state)
{
    struct plugin_case *c = *state;
    counting_script(c, "");
    get(c, NULL, 0, "Bearer run-1");
    get(c, NULL, 0, "Bearer run-2");
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, plugin_set_up, plugin_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(an_answer_without_an_end_is_kept),
        CASE(an_answer_is_kept_until_it_expires),
        CASE(an_answer_about_to_expire_is_used_once),
        CASE(a_refused_answer_is_got_anew_once),
        CASE(a_plugin_that_has_nothing_newer_is_left_alone),
        CASE(a_failure_is_not_kept_and_spoils_nothing),
        CASE(a_certificate_is_handed_out_with_its_key),
        CASE(equal_plugins_share_a_run_at_the_same_time),
        CASE(who_has_more_time_does_not_share_a_run_that_was_cut_short),
        CASE(those_who_wait_share_a_failure),
        CASE(a_stop_ends_the_run_and_all_who_wait),
        CASE(plugins_that_differ_share_nothing),
        CASE(clusters_without_a_cache_share_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
