/* SPDX-License-Identifier: Apache-2.0
 *
 * File systems that have gone away: what is on one hangs, and nobody can end that. Limits and stops
 * hold all the same. There is no such file system to be had here, so open, stat and posix_spawn are
 * fakes in this program: on a path with "/hung" they hang while the test says so, and are the
 * system's otherwise.
 */
#include "../../src/kube/api/api.h"
#include "../../src/kube/wait/wait.h"
#include "folder.h"
#include "glm/clock.h"
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static struct {
    pthread_mutex_t lock;
    pthread_cond_t back;
    bool away;
    unsigned hung;
} hung = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, false, 0};

static void hang_on(const char *path)
{
    if (!strstr(path, "/hung"))
        return;
    pthread_mutex_lock(&hung.lock);
    hung.hung += hung.away;
    while (hung.away)
        pthread_cond_wait(&hung.back, &hung.lock);
    pthread_mutex_unlock(&hung.lock);
}

static void set_away(bool away)
{
    pthread_mutex_lock(&hung.lock);
    hung.away = away;
    hung.hung = 0;
    pthread_cond_broadcast(&hung.back);
    pthread_mutex_unlock(&hung.lock);
}

static unsigned hung_now(void)
{
    pthread_mutex_lock(&hung.lock);
    unsigned count = hung.hung;
    pthread_mutex_unlock(&hung.lock);
    return count;
}

/* NOLINTBEGIN(readability-inconsistent-declaration-parameter-name): the system's are reserved names */
int open(const char *path, int flags, ...)
{
    va_list args;
    mode_t mode = 0;
    va_start(args, flags);
    if (flags & O_CREAT)
        mode = va_arg(args, mode_t); /* NOLINT(clang-analyzer-valist.Uninitialized): it was */
    va_end(args);
    hang_on(path);
    return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

int stat(const char *restrict path, struct stat *restrict ret_stat)
{
    hang_on(path);
    return fstatat(AT_FDCWD, path, ret_stat, 0);
}

int posix_spawn(pid_t *restrict ret_pid, const char *restrict path,
                const posix_spawn_file_actions_t *files, const posix_spawnattr_t *restrict attr,
                char *const argv[restrict], char *const environment[restrict])
{
    hang_on(path);
    return posix_spawnp(ret_pid, path, files, attr, argv, environment);
}

/* NOLINTEND(readability-inconsistent-declaration-parameter-name) */

/* ---- what hangs ---- */

struct hung_case {
    struct glm_arena *arena;
    struct access access;
    atomic_bool stop;
    struct credentials *credentials;
    struct credential got;
    struct glm_diags d;
    size_t threads;
};

static int set_up(void **state)
{
    struct glm_arena *arena = glm_arena_create((size_t)256 << 20);
    struct hung_case *c = GLM_NEW(arena, struct hung_case);
    c->arena = arena;
    c->access.timeout_ms = 20000;
    c->threads = glm_test_threads();
    *state = c;
    return 0;
}

/* What was left ends when the file system is back, and takes along what it has. */
static int tear_down(void **state)
{
    struct hung_case *c = *state;
    exec_credentials_destroy(c->credentials);
    set_away(false);
    while (glm_test_threads() > c->threads)
        nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
    glm_arena_destroy(c->arena);
    return 0;
}

/* It gets there, if need be after whoever waited has left. */
static void assert_one_hangs(void)
{
    int64_t until = glm_clock_ms() + GLM_TEST_PROMPT_MS;
    while (hung_now() == 0 && glm_clock_ms() < until)
        nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
    assert_int_equal(hung_now(), 1);
}

static bool get(struct hung_case *c, uint64_t refused, int64_t milliseconds)
{
    if (!c->credentials)
        c->credentials = exec_credentials_create(&c->access, NULL, &c->stop);
    glm_diags_init(&c->d, c->arena);
    int64_t before = glm_clock_ms();
    bool ok = exec_credentials_get(c->credentials, c->arena, refused, before + milliseconds,
                                   &c->got, &c->d);
    assert_in_range(glm_clock_ms() - before, 0, GLM_TEST_PROMPT_MS);
    assert_int_equal(c->d.errors > 0, !ok);
    return ok;
}

static void assert_said(const struct hung_case *c, const char *part)
{
    if (!strstr(c->d.first->detail, part))
        fail_msg("%s", c->d.first->detail);
}

static void write_token(const char *file, const char *token)
{
    FILE *f = fopen(file, "we");
    assert_non_null(f);
    fputs(token, f);
    fclose(f);
}

static void a_token_file_that_hangs_ends_with_the_callers_time(void **state)
{
    struct hung_case *c = *state;
    c->access.token_file = "/hung/token";
    set_away(true);
    for (int i = 0; i < 3; i++) {
        assert_false(get(c, 0, 200));
        assert_said(c, "does not answer");
    }
    assert_one_hangs(); /* one hangs, however many ask */
    set_away(false);
    assert_false(get(c, 0, 5000)); /* there is none */
    assert_said(c, "cannot be read");
}

static void *stop_soon(void *stop)
{
    nanosleep(&(struct timespec){.tv_nsec = 150000000}, NULL);
    atomic_store((atomic_bool *)stop, true);
    return NULL;
}

static void a_token_file_that_hangs_ends_with_a_stop(void **state)
{
    struct hung_case *c = *state;
    pthread_t thread;
    c->access.token_file = "/hung/token";
    set_away(true);
    assert_int_equal(pthread_create(&thread, NULL, stop_soon, &c->stop), 0);
    assert_false(get(c, 0, 60000));
    pthread_join(thread, NULL);
    assert_said(c, "Terraform is stopping");
}

static void a_token_that_is_known_is_used_while_its_file_hangs(void **state)
{
    struct hung_case *c = *state;
    const char *file = glm_sprintf(c->arena, "%s/hung", glm_test_folder(c->arena));
    write_token(file, "first\n");
    c->access.token_file = file;
    assert_true(get(c, 0, 5000));
    set_away(true);
    for (int i = 0; i < 20; i++) {
        assert_true(get(c, 0, 60000));
        assert_string_equal(c->got.authorization, "Bearer first");
    }
    assert_one_hangs();
    /* It was refused: there has to be another. */
    assert_false(get(c, c->got.generation, 200));
    assert_said(c, "does not answer");
    write_token(file, "second\n"); /* before whoever hangs reads on */
    set_away(false);
    assert_true(get(c, c->got.generation, 5000));
    assert_string_equal(c->got.authorization, "Bearer second");
}

static void a_plugin_that_cannot_even_be_started_ends_with_the_callers_time(void **state)
{
    struct hung_case *c = *state;
    static const char *const none[] = {NULL};
    static const struct exec_config exec = {
        .command = "/hung/plugin", .args = none, .api_version = "client.authentication.k8s.io/v1"};
    c->access.exec = &exec;
    c->access.server = "https://x:1";
    set_away(true);
    assert_false(get(c, 0, 200));
    assert_said(c, "had no answer yet when the time was over");
    assert_false(get(c, 0, 200));
    assert_one_hangs();
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, stop_soon, &c->stop), 0);
    assert_false(get(c, 0, 60000));
    pthread_join(thread, NULL);
    assert_said(c, "Terraform is stopping");
    set_away(false);
}

static void a_kubeconfig_that_hangs_ends_with_the_callers_time(void **state)
{
    struct hung_case *c = *state;
    struct glm_http *http = glm_http_create(&c->stop);
    struct glm_map_builder entry;
    glm_map_init(&entry, c->arena);
    glm_map_set(&entry, "context", glm_string(c->arena, "east"));
    struct glm_list_builder paths;
    glm_list_init(&paths, c->arena);
    glm_list_add(&paths, glm_string(c->arena, "/hung/config"));
    const struct kube_config config = {.entry = glm_map_finish(&entry, NULL),
                                       .config_paths = glm_list_finish(&paths),
                                       .user_agent = "test/1",
                                       .stop = &c->stop,
                                       .http = http};
    struct kube_api *api = api_create(&config);
    struct kube_request request = {.method = "GET", .kind = GLM_KIND_NAMESPACE, .name = "a"};
    struct kube_answer answer;
    set_away(true);
    for (int i = 0; i < 2; i++) {
        int64_t before = glm_clock_ms();
        request.until_ms = before + 200;
        glm_diags_init(&c->d, c->arena);
        assert_false(api_perform(api, c->arena, &request, &answer, &c->d));
        assert_in_range(glm_clock_ms() - before, 0, GLM_TEST_PROMPT_MS);
        assert_true(answer.late);
        assert_said(c, "a file system that one of them is on does not answer");
    }
    assert_one_hangs();
    api_destroy(api); /* while it still hangs */
    glm_http_destroy(http);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

static void a_thread_that_cannot_be_had_says_what_to_do(void **state)
{
    (void)state;
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create((size_t)1 << 16);
    const char *why = kube_aside_why_not(arena, EAGAIN);
    assert_non_null(strstr(why, "(Resource temporarily unavailable)"));
    assert_non_null(strstr(why, "`ulimit -u`"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_token_file_that_hangs_ends_with_the_callers_time),
        CASE(a_token_file_that_hangs_ends_with_a_stop),
        CASE(a_token_that_is_known_is_used_while_its_file_hangs),
        CASE(a_plugin_that_cannot_even_be_started_ends_with_the_callers_time),
        CASE(a_kubeconfig_that_hangs_ends_with_the_callers_time),
        cmocka_unit_test(a_thread_that_cannot_be_had_says_what_to_do),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
