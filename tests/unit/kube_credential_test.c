/* SPDX-License-Identifier: Apache-2.0
 *
 * What goes into the Authorization header when no program has to be asked for it.
 */
#include "../../src/kube/exec/internal.h"
#include "folder.h"
#include "test.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct fixture {
    struct glm_arena *arena;
    struct access access;
    atomic_bool stop;
    struct credentials *credentials;
    const char *file;
    struct credential got;
    struct glm_diags d;
};

static int set_up(void **state)
{
    struct glm_arena *arena = glm_arena_create((size_t)64 << 20);
    struct fixture *f = GLM_NEW(arena, struct fixture);
    f->arena = arena;
    f->file = glm_sprintf(arena, "%s/token", glm_test_folder(arena));
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    exec_credentials_destroy(f->credentials);
    glm_arena_destroy(f->arena);
    return 0;
}

static bool get(struct fixture *f, uint64_t refused)
{
    if (!f->credentials)
        f->credentials = exec_credentials_create(&f->access, NULL, &f->stop);
    glm_diags_init(&f->d, f->arena);
    bool ok = exec_credentials_get(f->credentials, f->arena, refused, 0, &f->got, &f->d);
    assert_int_equal(f->d.errors > 0, !ok);
    return ok;
}

static void assert_sent(struct fixture *f, const char *authorization)
{
    assert_true(get(f, 0));
    assert_string_equal(f->got.authorization, authorization);
    assert_null(f->got.certificate);
    assert_null(f->got.key);
}

static void nobody_says_nothing(void **state)
{
    struct fixture *f = *state;
    assert_true(get(f, 0));
    assert_null(f->got.authorization);
    assert_true(get(f, f->got.generation));
}

static void a_token_is_a_bearer(void **state)
{
    struct fixture *f = *state;
    f->access.token = "t0ken";
    assert_sent(f, "Bearer t0ken");
}

static void a_refused_token_stays_what_it_is(void **state)
{
    struct fixture *f = *state;
    f->access.token = "t0ken";
    assert_true(get(f, 0));
    uint64_t refused = f->got.generation;
    assert_int_not_equal(refused, 0);
    assert_true(get(f, refused));
    assert_int_equal(f->got.generation, refused);
}

static void a_password_goes_in_base64(void **state)
{
    struct fixture *f = *state; /* the example of RFC 7617, section 2 */
    f->access.username = "Aladdin";
    f->access.password = "open sesame";
    assert_sent(f, "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
}

static void a_password_may_be_anything(void **state)
{
    struct fixture *f = *state; /* the second example there: UTF-8 */
    f->access.username = "test";
    f->access.password = "123\xc2\xa3";
    assert_sent(f, "Basic dGVzdDoxMjPCow==");
}

static void a_password_may_be_missing(void **state)
{
    struct fixture *f = *state;
    f->access.username = "u";
    assert_sent(f, "Basic dTo=");
}

/* ---- files ---- */

static void a_file_holds_a_token_and_white_space(void **state)
{
    struct fixture *f = *state;
    f->access.token_file = f->file;
    f->access.token = "the file wins";
    glm_test_put("\n one \r\n\n", "%s", f->file);
    assert_sent(f, "Bearer one");
}

/* Puts a token into the file, which then says of itself that it was written in that second. */
static void put_at(struct fixture *f, const char *content, time_t second)
{
    const struct timespec times[2] = {{.tv_sec = second}, {.tv_sec = second}};
    glm_test_put(content, "%s", f->file);
    assert_int_equal(utimensat(AT_FDCWD, f->file, times, 0), 0);
}

static void a_file_is_read_again_when_it_was_written(void **state)
{
    struct fixture *f = *state;
    f->access.token_file = f->file;
    put_at(f, "one\n", 1000);
    assert_sent(f, "Bearer one");
    uint64_t first = f->got.generation;
    put_at(f, "two\n", 1001);
    assert_sent(f, "Bearer two");
    assert_true(f->got.generation > first);
    put_at(f, "three\n", 1001);
    assert_sent(f, "Bearer three");
    put_at(f, "", 1002); /* half written: what is known is good until refused */
    assert_sent(f, "Bearer three");
}

/* As a kubelet does it: the name leads to another file. */
static void a_file_is_read_again_when_it_was_replaced(void **state)
{
    struct fixture *f = *state;
    const char *name = f->file;
    f->access.token_file = name;
    put_at(f, "one\n", 1000);
    assert_sent(f, "Bearer one");
    f->file = glm_sprintf(f->arena, "%s.new", name);
    put_at(f, "two\n", 1000);
    assert_int_equal(rename(f->file, name), 0);
    assert_sent(f, "Bearer two");
}

static void a_file_is_read_again_after_a_minute(void **state)
{
    struct fixture *f = *state;
    f->access.token_file = f->file;
    put_at(f, "one\n", 1000);
    assert_sent(f, "Bearer one");
    uint64_t first = f->got.generation;
    put_at(f, "two\n", 1000); /* what the file system says of it is what it was */
    assert_sent(f, "Bearer one");
    exec_credentials_age(f->credentials, 60000);
    assert_sent(f, "Bearer two");
    assert_true(f->got.generation > first);
}

static void a_file_is_read_again_when_refused(void **state)
{
    struct fixture *f = *state;
    f->access.token_file = f->file;
    glm_test_put("one\n", "%s", f->file);
    assert_sent(f, "Bearer one");
    uint64_t first = f->got.generation;
    assert_true(get(f, first)); /* the same is in it: nothing newer to be had */
    assert_int_equal(f->got.generation, first);
    glm_test_put("two\n", "%s", f->file);
    assert_true(get(f, first));
    assert_string_equal(f->got.authorization, "Bearer two");
    uint64_t second = f->got.generation;
    assert_int_not_equal(second, first);
    assert_true(get(f, first)); /* one that is late is given what is known */
    assert_int_equal(f->got.generation, second);
}

static void a_file_that_went_away_is_known_until_refused(void **state)
{
    struct fixture *f = *state;
    f->access.token_file = f->file;
    glm_test_put("one\n", "%s", f->file);
    assert_sent(f, "Bearer one");
    assert_int_equal(unlink(f->file), 0);
    exec_credentials_age(f->credentials, 60000);
    assert_sent(f, "Bearer one");
    assert_false(get(f, f->got.generation));
    glm_assert_error(&f->d, "", f->file);
}

static void a_missing_file_is_named(void **state)
{
    struct fixture *f = *state;
    f->access.token_file = f->file;
    assert_false(get(f, 0));
    glm_assert_error(&f->d, "", f->file);
    glm_assert_error(&f->d, "", "No such file");
}

static void assert_refused(struct fixture *f, const char *content, const char *part)
{
    f->access.token_file = f->file;
    glm_test_put(content, "%s", f->file);
    assert_false(get(f, 0));
    glm_assert_error(&f->d, "", f->file);
    glm_assert_error(&f->d, "", part);
    assert_null(strstr(glm_test_diags_text(f->arena, &f->d), "s3cret"));
}

static void an_empty_file_is_refused(void **state)
{
    assert_refused(*state, " \n", "empty");
}

static void a_second_line_never_becomes_a_header(void **state)
{
    assert_refused(*state, "s3cret\r\nImpersonate-User: s3cret\n", "line break");
}

static void control_characters_are_refused(void **state)
{
    assert_refused(*state, "s3cret\x1b[0m", "control character");
}

static void a_file_has_a_ceiling(void **state)
{
    struct fixture *f = *state;
    char *large = glm_alloc(f->arena, KUBE_FILE_MAX + 2);
    memset(large, 'x', KUBE_FILE_MAX + 1);
    assert_refused(f, large, "larger");
}

/* ---- times ---- */

static void times_are_read_as_rfc_3339_has_them(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t seconds;
    } good[] = {
        {"1970-01-01T00:00:00Z", 0},
        {"2026-01-02T03:04:05Z", INT64_C(1767323045)},
        {"2026-01-02T03:04:05.123456789Z", INT64_C(1767323045)},
        {"2026-01-02T05:04:05+02:00", INT64_C(1767323045)},
        {"2026-01-01T21:34:05-05:30", INT64_C(1767323045)},
        {"2024-02-29T00:00:00z", INT64_C(1709164800)},
        {"9999-12-31T23:59:59Z", INT64_C(253402300799)},
    };
    static const char *const bad[] = {
        "",
        "soon",
        "1767323045",
        "2026-01-02",
        "2026-01-02T03:04:05",
        "2026-01-02T03:04Z",
        "2026-13-02T03:04:05Z",
        "2026-00-02T03:04:05Z",
        "2026-02-30T03:04:05Z",
        "2025-02-29T03:04:05Z",
        "2026-01-02T24:04:05Z",
        "2026-01-02T03:04:05.Z",
        "2026-01-02T03:04:05+0200",
        "2026-01-02T03:04:05Z ",
        "+026-01-02T03:04:05Z",
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        int64_t seconds = -1;
        if (!exec_credential_time(good[i].text, &seconds) || seconds != good[i].seconds)
            fail_msg("%s: %lld", good[i].text, (long long)seconds);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        int64_t seconds;
        if (exec_credential_time(bad[i], &seconds))
            fail_msg("%s was taken for a time", bad[i]);
    }
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(nobody_says_nothing),
        CASE(a_token_is_a_bearer),
        CASE(a_refused_token_stays_what_it_is),
        CASE(a_password_goes_in_base64),
        CASE(a_password_may_be_anything),
        CASE(a_password_may_be_missing),
        CASE(a_file_holds_a_token_and_white_space),
        CASE(a_file_is_read_again_when_it_was_written),
        CASE(a_file_is_read_again_when_it_was_replaced),
        CASE(a_file_is_read_again_after_a_minute),
        CASE(a_file_is_read_again_when_refused),
        CASE(a_file_that_went_away_is_known_until_refused),
        CASE(a_missing_file_is_named),
        CASE(an_empty_file_is_refused),
        CASE(a_second_line_never_becomes_a_header),
        CASE(control_characters_are_refused),
        CASE(a_file_has_a_ceiling),
        CASE(times_are_read_as_rfc_3339_has_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
