/* SPDX-License-Identifier: Apache-2.0
 *
 * Credential plugins that go wrong: each failure says what to do and shows no credential.
 */
#include "folder.h"
#include "http_case.h"
#include "plugin_case.h"
#include "test.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The promise is a second; machines that run tests are slow. */
#define STOPPED_MS GLM_TEST_PROMPT_MS

/* ---- it cannot be run ---- */

static void a_missing_plugin_is_named_with_its_hint(void **state)
{
    struct plugin_case *c = *state;
    c->exec.install_hint = "Install it with: brew install glm-login";
    static const char *const commands[] = {"glm-no-such-plugin", "/no/such/plugin",
                                           "./no-such-plugin"};
    c->exec.directory = c->folder;
    for (size_t i = 0; i < 3; i++) {
        c->exec.command = commands[i];
        plugin_fails(c, commands[i] + strspn(commands[i], "./"));
        glm_assert_error(&c->d, "", "brew install glm-login");
    }
}

static void what_is_not_executable_says_so(void **state)
{
    struct plugin_case *c = *state;
    plugin_script(c, "token", "answer s3cret");
    chmod(c->exec.command, 0644);
    plugin_fails(c, "permission to execute it is denied");
    c->exec.command = c->folder;
    plugin_fails(c, "it is not a program");
}

static void a_script_without_an_interpreter_says_so(void **state)
{
    struct plugin_case *c = *state;
    plugin_script(c, "token", "");
    glm_test_put("#!/no/such/shell\n", "%s", c->exec.command);
    plugin_fails(c, "interpreter");
    glm_test_put("echo s3cret\n", "%s", c->exec.command);
    plugin_fails(c, "#!/bin/sh"); /* and no shell is tried with it */
}

static void a_cluster_too_large_to_be_told_about_says_so(void **state)
{
    struct plugin_case *c = *state;
    char *ca = glm_alloc(c->arena, 200001);
    memset(ca, 'x', 200000);
    c->access.route.ca = ca;
    c->exec.provide_cluster_info = true;
    plugin_script(c, "token", "answer s3cret");
    plugin_fails(c, "too long");
}

/* ---- it fails ---- */

static void an_exit_code_comes_with_the_last_lines_of_stderr(void **state)
{
    struct plugin_case *c = *state;
    plugin_script(
        c, "token",
        "i=0; while [ $i -lt 3000 ]; do echo \"line $i\" >&2; i=$((i+1)); done; "
        "answer s3cret; printf '\\033[31mThe SSO session has expired\\033[0m\\377\\n' >&2;"
        "exit 254");
    plugin_fails(c, "exit code 254");
    glm_assert_error(&c->d, "", "\nline 2999\nThe SSO session has expired\\xff");
    assert_null(strstr(c->d.first->detail, "line 2900"));
    assert_true(strlen(c->d.first->detail) < 4000);
}

static void a_signal_is_named(void **state)
{
    struct plugin_case *c = *state;
    plugin_script(c, "token", "answer s3cret; kill -SEGV $$");
    plugin_fails(c, "SEGV");
}

static void a_credential_on_stderr_is_not_shown(void **state)
{
    struct plugin_case *c = *state;
    const struct glm_value *own = glm_test_value(
        c->arena, "{'AWS_PROFILE': 'production', 'AWS_SECRET_ACCESS_KEY': 'my s3cret key'}");
    c->exec.environment = own->as.map;
    c->exec.environment_count = own->len;
    plugin_script(c, "token",
                  "set -x; answer s3cret; : key $AWS_SECRET_ACCESS_KEY of $AWS_PROFILE; "
                  "echo 'Bearer eyJhbGciOi.s3cret' >&2; set +x;"
                  "echo 'the profile production is unknown' >&2; exit 1");
    plugin_fails(c, "the profile production is unknown");
    glm_assert_error(&c->d, "", "***");
}

/* What Terraform was given for others, and its plugins have too. */
static void a_credential_of_the_environment_is_not_shown(void **state)
{
    struct plugin_case *c = *state;
    setenv("TF_VAR_db_password", "hunter-of-others", 1);
    setenv("GLM_TEST_DATABASE", "postgres://app:pass of it@db/x", 1);
    plugin_script(c, "token", "echo \"no $TF_VAR_db_password, $GLM_TEST_DATABASE\" >&2; exit 1");
    plugin_fails(c, "no ***, postgres://***@db/x");
    unsetenv("TF_VAR_db_password");
    unsetenv("GLM_TEST_DATABASE");
}

/* A variable of its own is one by its name, or where it looks so: the attribute is sensitive. */
static void a_credential_of_its_own_variables_is_not_shown(void **state)
{
    struct plugin_case *c = *state;
    const struct glm_value *own = glm_test_value(
        c->arena, "{'IDP_PW': 'hunter two', 'GH_PAT': 'abcdefgh', 'DEVICE': 'Hunter2S3cr3tT0ken',"
                  " 'IDP': 'ldap://me:pass-of-me@idp', 'AWS_CONFIG_FILE': '/home/Me2/aws/config1',"
                  " 'SPATIAL_REGION': 'eu-west-1'}");
    c->exec.environment = own->as.map;
    c->exec.environment_count = own->len;
    plugin_script(
        c, "token",
        "echo \"no $IDP_PW, $GH_PAT, $DEVICE, $IDP, $AWS_CONFIG_FILE, $SPATIAL_REGION\" >&2;"
        "exit 1");
    plugin_fails(c, "no ***, ***, ***, ldap://***@idp, /home/Me2/aws/config1, eu-west-1");
}

/* One that only the plugin knows, by what it calls it; other words are no credentials behind such a name. */
static void a_credential_is_known_by_what_the_plugin_calls_it(void **state)
{
    struct plugin_case *c = *state;
    plugin_script(
        c, "token",
        "printf 'token: \\033[31mhUnter2-S3cr3t-\\033[0mt0ken-xyzzy\\n' >&2;"
        "echo 'token: hUnter2-S3cr3t-t0ken-xyzzy refused, again hUnter2-S3cr3t-t0ken-xyzzy' >&2;"
        "echo 'invalid refresh token 1Abcdefghijklmnop2; password=QWERtyuiop1234567' >&2;"
        "echo 'the token has expired, key: not found in ClusterOfProduction12' >&2; exit 1");
    plugin_fails(
        c, "token: ***\ntoken: *** refused, again ***\ninvalid refresh token ***; password=***\n"
           "the token has expired, key: not found in ClusterOfProduction12");
}

/* Variables that are called like secrets: few or many, what the plugin answered is none the less
 * one, and all of its words are kept back rather than one shown. */
static void a_credential_is_not_shown_however_many_there_are(void **state)
{
    struct plugin_case *c = *state;
    struct glm_pair *own = GLM_NEW_ARRAY(c->arena, 1000, struct glm_pair);
    c->exec.environment = own;
    for (size_t i = 0; i < 1000; i++) {
        own[i].key = glm_sprintf(c->arena, "GLM_TEST_KEY_%zu", i);
        own[i].value = glm_string(c->arena, glm_sprintf(c->arena, "value-%zu-of-a-key", i * 7919));
    }
    plugin_script(
        c, "token",
        "answer s3cret; echo \"no s3cret, $GLM_TEST_KEY_0, $GLM_TEST_KEY_99\" >&2; exit 1");
    c->exec.environment_count = 100;
    plugin_fails(c, "no ***, ***, ***");
    c->exec.environment_count = 1000;
    plugin_fails(c, "more secrets than can be looked for");
    assert_null(strstr(glm_test_diags_text(c->arena, &c->d), "no ***"));
}

/* What a message is freed of must not put a secret together again. */
static void a_credential_in_pieces_on_stderr_is_not_shown(void **state)
{
    static const char *const betweens[] = {"\\000\\000", "\\033[1m", "\\007", "\\177", "\\033c"};
    struct plugin_case *c = *state;
    const struct glm_value *own =
        glm_test_value(c->arena, "{'AWS_SECRET_ACCESS_KEY': 'my-s3cret-key'}");
    c->exec.environment = own->as.map;
    c->exec.environment_count = own->len;
    for (size_t i = 0; i < sizeof betweens / sizeof *betweens; i++) {
        plugin_script(c, "token",
                      glm_sprintf(c->arena, "printf 'no login with my-%ss3cret-key\\n' >&2; exit 1",
                                  betweens[i]));
        plugin_fails(c, "no login with ***");
    }
}

/* Half of a line no longer shows what it is, and none is left whole. */
static void a_line_without_end_is_not_shown(void **state)
{
    struct plugin_case *c = *state;
    plugin_script(c, "token",
                  "printf 'eyJ' >&2; i=0; while [ $i -lt 4000 ]; do printf ' s3cret' >&2; "
                  "i=$((i+1)); done; exit 1");
    plugin_fails(c, "exit code 1");
}

/* ---- it answers something else ---- */

static void answers_that_cannot_be_used_are_refused(void **state)
{
    struct plugin_case *c = *state;
#define OF_V1 "{\"apiVersion\":\"client.authentication.k8s.io/v1\",\"kind\":\"ExecCredential\","
    static const struct {
        const char *answer, *part;
    } cases[] = {
        {"", "it printed nothing"},
        {" \n", "it printed nothing"},
        {"s3cret", "not JSON"},
        {"{\"s3cret\": ", "not JSON"},
        {"[\"s3cret\"]", "no JSON object"},
        {"{\"status\":{\"token\":\"s3cret\"}}", "no `kind`"},
        {"{\"kind\":\"s3cret\"}", "`kind` of what it printed is another"},
        {"{\"kind\":\"ExecCredential\"}", "no `apiVersion`"},
        {"{\"kind\":\"ExecCredential\",\"apiVersion\":\"s3cret\"}", "`apiVersion` of what"},
        {"{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1beta1\"}",
         "it printed one of client.authentication.k8s.io/v1beta1"},
        {OF_V1 "\"x\":1}", "no `status`"},
        {OF_V1 "\"status\":\"s3cret\"}", "no `status`"},
        {OF_V1 "\"status\":{}}", "neither a token nor a client certificate"},
        {OF_V1 "\"status\":{\"token\":\"\"}}", "neither a token nor a client certificate"},
        {OF_V1 "\"status\":{\"token\":7}}", "status.token is not a text"},
        {OF_V1 "\"status\":{\"token\":\"s3cret\\nImpersonate-User: x\"}}", "line break"},
        {OF_V1 "\"status\":{\"token\":\"s3cret\\r\"}}", "line break"},
        {OF_V1 "\"status\":{\"token\":\"s3cret\\u0000\"}}", "has a NUL character"},
        {OF_V1 "\"status\":{\"token\":\"s3cret\",\"clientKeyData\":\"s3cret\"}}",
         "clientKeyData without clientCertificateData"},
        {OF_V1 "\"status\":{\"clientCertificateData\":\"s3cret\"}}",
         "clientCertificateData without clientKeyData"},
        {OF_V1 "\"status\":{\"clientCertificateData\":\"s3cret\",\"clientKeyData\":\"s3cret\"}}",
         "no certificate in PEM"},
        {OF_V1 "\"status\":{\"token\":\"s3cret\",\"expirationTimestamp\":\"s3cret\"}}",
         "expirationTimestamp is no time"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        plugin_script(c, "token", "cat \"$0.answer\"");
        glm_test_put(cases[i].answer, "%s/token.answer", c->folder);
        plugin_fails(c, cases[i].part);
    }
}

/* Four megabytes of values would be hundreds of megabytes of memory. */
static void an_answer_of_endless_values_is_refused(void **state)
{
    struct plugin_case *c = *state;
    plugin_script(c, "token",
                  "printf '{\"kind\":\"ExecCredential\",\"x\":['; yes '[],' | head -n 150000 | "
                  "tr -d '\\n'; echo '1]}'");
    plugin_fails(c, "no credential is as long as the 450");
}

static void a_bad_answer_comes_with_what_stderr_says(void **state)
{
    struct plugin_case *c = *state;
    plugin_script(c, "token", "echo 'Please log in' >&2");
    plugin_fails(c, "it printed nothing");
    glm_assert_error(&c->d, "", "Please log in");
}

static void a_certificate_with_its_key_is_an_answer(void **state)
{
    struct plugin_case *c = *state;
    glm_test_put(OF_V1
                 "\"status\":{\"clientCertificateData\":\"-----BEGIN CERTIFICATE-----\\nAA==\\n"
                 "-----END CERTIFICATE-----\\n\",\"clientKeyData\":\"-----BEGIN PRIVATE KEY"
                 "-----\\nAA==\\n-----END PRIVATE KEY-----\\n\"}}",
                 "%s/token.answer", c->folder);
    plugin_script(c, "token", "cat \"$0.answer\"");
    assert_true(plugin_run(c));
}

/* ---- how much it answers, and for how long ---- */

static void long_answers_come_whole(void **state)
{
    struct plugin_case *c = *state;
    static const size_t lengths[] = {4097, 70000, (size_t)1 << 20};
    for (size_t i = 0; i < 3; i++) {
        plugin_script(
            c, "token",
            glm_sprintf(c->arena, "answer $(head -c %zu /dev/zero | tr '\\0' x)", lengths[i]));
        assert_true(plugin_run(c));
        assert_int_equal(glm_get(c->status, "token")->len, lengths[i]);
    }
}

static void answers_have_a_ceiling(void **state)
{
    struct plugin_case *c = *state;
    plugin_script(c, "token", "yes s3cret");
    plugin_fails(c, "more than 4 MiB");
}

static void what_it_complains_about_without_end_is_kept_short(void **state)
{
    struct plugin_case *c = *state;
    plugin_script(c, "token", "head -c 8000000 /dev/zero | tr '\\0' '\\n' >&2; exit 1");
    plugin_fails(c, "exit code 1");
}

static pid_t pid_in(struct plugin_case *c, const char *file)
{
    pid_t pid = (pid_t)strtol(plugin_file(c, file), NULL, 10);
    assert_true(pid > 1);
    return pid;
}

static bool is_alive(pid_t pid)
{
    if (kill(pid, 0) < 0)
        return false;
    /* Where nobody is there to reap it (a container without an init) it stays as a zombie. */
    char path[64], line[512] = "";
    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    FILE *stat = fopen(path, "r");
    if (!stat)
        return false;
    char *got = fgets(line, sizeof line, stat);
    fclose(stat);
    return got && !strstr(line, ") Z ");
}

/* Killed at once, gone a moment later. */
static void assert_gone(struct plugin_case *c, const char *file)
{
    pid_t pid = pid_in(c, file);
    int64_t until = glm_clock_ms() + STOPPED_MS;
    while (is_alive(pid) && glm_clock_ms() < until)
        poll(NULL, 0, 10);
    bool alive = is_alive(pid);
    if (alive)
        kill(pid, SIGKILL);
    assert_false(alive);
}

static bool has_written(struct plugin_case *c, const char *file)
{
    struct stat s;
    return stat(glm_sprintf(c->arena, "%s/%s", c->folder, file), &s) == 0 && s.st_size > 0;
}

/* It fails with this at its limit, which it keeps. Half a second, or as long as the machine takes for
 * the plugin to write this file first. */
static void fails_at_its_limit(struct plugin_case *c, const char *part, const char *file)
{
    bool ran = false;
    for (int64_t limit_ms = 500; !ran && limit_ms < 100000; limit_ms *= 2) {
        c->exec.timeout_ms = limit_ms;
        int64_t begun = glm_clock_ms();
        ran = plugin_run(c) || has_written(c, file);
        assert_true(glm_clock_ms() - begun < limit_ms + STOPPED_MS);
    }
    glm_assert_error(&c->d, "", part);
    glm_assert_error(&c->d, "", "did not end within");
    c->exec.timeout_ms = 0;
}

static const char stubborn[] =
    "trap '' TERM; echo 'Visit https://login.example' >&2; answer s3cret; "
    "(trap '' TERM; sleep 300) & echo $! >\"$0.child\"; sleep 300";

static void one_that_hangs_is_killed_with_its_children(void **state)
{
    struct plugin_case *c = *state;
    plugin_script(c, "token", stubborn);
    fails_at_its_limit(c, "Visit https://login.example", "token.child");
    assert_null(strstr(glm_test_diags_text(c->arena, &c->d), "s3cret"));
    assert_gone(c, "token.child");
}

/* Stops when the plugin has begun to run. */
struct stopper {
    struct plugin_case *c;
    struct glm_arena *arena;
    int64_t stopped_ms;
    pthread_t thread;
};

static void *stop_when_it_runs(void *context)
{
    struct stopper *s = context;
    struct plugin_case own = {.arena = s->arena, .folder = s->c->folder};
    while (!has_written(&own, "token.child"))
        poll(NULL, 0, 5);
    s->stopped_ms = glm_clock_ms();
    atomic_store(&s->c->stop, true);
    return NULL;
}

static void a_stop_ends_it_within_a_second(void **state)
{
    struct plugin_case *c = *state;
    struct stopper stopper = {.c = c, .arena = glm_arena_create((size_t)1 << 24)};
    plugin_script(c, "token", stubborn);
    assert_int_equal(pthread_create(&stopper.thread, NULL, stop_when_it_runs, &stopper), 0);
    plugin_fails(c, "stopping");
    int64_t ended_ms = glm_clock_ms();
    pthread_join(stopper.thread, NULL);
    assert_in_range(ended_ms - stopper.stopped_ms, 0, STOPPED_MS);
    glm_arena_destroy(stopper.arena);
    assert_gone(c, "token.child");
}

static void a_child_that_holds_the_pipes_is_not_waited_for(void **state)
{
    struct plugin_case *c = *state;
    plugin_script(c, "token", "sleep 300 & echo $! >\"$0.child\"; answer t0ken");
    int64_t begun = glm_clock_ms();
    assert_true(plugin_run(c));
    assert_true(glm_clock_ms() - begun < STOPPED_MS);
    pid_t child = pid_in(c, "token.child");
    assert_true(is_alive(child)); /* an agent that keeps a login may be one */
    kill(child, SIGKILL);
}

/* Out of its process group, where no signal of ours reaches it. */
static void a_child_that_has_left_the_group_is_not_waited_for(void **state)
{
    struct plugin_case *c = *state;
    static const char *const children[] = {
        "sleep 300",                                             /* holds the pipes */
        "while :; do echo nonsense >&2; done",                   /* writes for ever */
        "trap '' TERM; while :; do echo nonsense; sleep 1; done" /* on stdout, once in a while */
    };
    for (size_t i = 0; i < sizeof children / sizeof *children; i++) {
        const char *leave = glm_sprintf(c->arena,
                                        "setsid sh -c 'echo $$ >\"$0.child\"; %s' \"$0\" & "
                                        "while [ ! -s \"$0.child\" ]; do sleep 0.01; done; ",
                                        children[i]);
        plugin_script(c, "token", glm_sprintf(c->arena, "%sanswer t0ken", leave));
        int64_t begun = glm_clock_ms();
        plugin_run(c);
        assert_true(glm_clock_ms() - begun < STOPPED_MS);
        kill(pid_in(c, "token.child"), SIGKILL);

        plugin_script(c, "late", glm_sprintf(c->arena, "%ssleep 300", leave));
        fails_at_its_limit(c, "did not end within", "late.child");
        kill(pid_in(c, "late.child"), SIGKILL);
        unlink(glm_sprintf(c->arena, "%s/late.child", c->folder));
    }
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, plugin_set_up, plugin_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_missing_plugin_is_named_with_its_hint),
        CASE(what_is_not_executable_says_so),
        CASE(a_script_without_an_interpreter_says_so),
        CASE(a_cluster_too_large_to_be_told_about_says_so),
        CASE(an_exit_code_comes_with_the_last_lines_of_stderr),
        CASE(a_signal_is_named),
        CASE(a_credential_on_stderr_is_not_shown),
        CASE(a_credential_of_the_environment_is_not_shown),
        CASE(a_credential_of_its_own_variables_is_not_shown),
        CASE(a_credential_is_known_by_what_the_plugin_calls_it),
        CASE(a_credential_is_not_shown_however_many_there_are),
        CASE(a_credential_in_pieces_on_stderr_is_not_shown),
        CASE(a_line_without_end_is_not_shown),
        CASE(answers_that_cannot_be_used_are_refused),
        CASE(an_answer_of_endless_values_is_refused),
        CASE(a_bad_answer_comes_with_what_stderr_says),
        CASE(a_certificate_with_its_key_is_an_answer),
        CASE(long_answers_come_whole),
        CASE(answers_have_a_ceiling),
        CASE(what_it_complains_about_without_end_is_kept_short),
        CASE(one_that_hangs_is_killed_with_its_children),
        CASE(a_stop_ends_it_within_a_second),
        CASE(a_child_that_holds_the_pipes_is_not_waited_for),
        CASE(a_child_that_has_left_the_group_is_not_waited_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
