/* SPDX-License-Identifier: Apache-2.0
 *
 * Programs that are begun where file systems may hang: by a fork, and otherwise as any other.
 * Those whose file system does hang are in tests/terraform/test_hung_files.py.
 */
#include "../../src/kube/exec/internal.h"
#include "folder.h"
#include "test.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct exec_result run_program(struct glm_arena *a, const char *path, bool may_hang,
                                      int64_t timeout_ms, const atomic_bool *stop)
{
    const char *const argv[] = {"program", "an argument", NULL}, *const environment[] = {"A=b",
                                                                                         NULL};
    const struct exec_program program = {.path = path,
                                         .argv = argv,
                                         .environment = environment,
                                         .may_hang = may_hang,
                                         .timeout_ms = timeout_ms,
                                         .output_max = 4096,
                                         .stop = stop};
    struct exec_result result;
    exec_process(a, &program, &result);
    return result;
}

static const char *script(struct glm_arena *a, const char *text)
{
    const char *path = glm_sprintf(a, "%s/program", glm_test_folder(a));
    glm_test_put(text, "%s", path);
    assert_int_equal(chmod(path, 0700), 0);
    return path;
}

static void it_runs_as_any_other(void **state)
{
    struct glm_arena *a = *state;
    /* As a host may leave one open, and one ignored. Two signals are the C library's own (32, 33): no
     * program can set them, and some hosts ignore them. */
    int inherited = dup2(STDERR_FILENO, 200);
    signal(SIGUSR1, SIG_IGN);
    const char *path = script(a, "#!/bin/sh\n"
                                 "echo \"$1 $A\"; for n in 3 4 5 200; do test -e /proc/$$/fd/$n && "
                                 "echo open $n; done; readlink /proc/$$/fd/0\n"
                                 "test $$ = $(cut -d' ' -f5 /proc/$$/stat) && echo own group\n"
                                 "while read -r name mask; do case $name in Sig[BI]*) "
                                 "echo $name $((0x$mask & ~0x180000000));; esac; "
                                 "done </proc/$$/status\n"
                                 "echo words >&2; exit 3\n");
    const struct exec_result r = run_program(a, path, true, 10000, NULL);
    signal(SIGUSR1, SIG_DFL);
    close(inherited);
    assert_int_equal(r.end, EXEC_EXITED);
    assert_int_equal(r.code, 3);
    assert_string_equal(r.output, "an argument b\n/dev/null\nown group\n"
                                  "SigBlk: 0\nSigIgn: 0\n");
    assert_string_equal(r.words, "words\n");
}

static void what_cannot_be_begun_says_why(void **state)
{
    struct glm_arena *a = *state;
    const struct {
        const char *text;
        int error;
    } cases[] = {{"#!/nowhere/sh\n", ENOENT},
                 {"\x7f"
                  "ELF",
                  ENOEXEC}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct exec_result r = run_program(a, script(a, cases[i].text), true, 10000, NULL);
        assert_int_equal(r.end, EXEC_NOT_STARTED);
        assert_int_equal(r.code, cases[i].error);
    }
    assert_int_equal(run_program(a, "/nowhere/program", true, 10000, NULL).code, ENOENT);
    /* An exit code of its own is none of ours. */
    const struct exec_result own =
        run_program(a, script(a, "#!/bin/sh\nexit 127\n"), true, 10000, NULL);
    assert_int_equal(own.end, EXEC_EXITED);
    assert_int_equal(own.code, 127);
}

static void whoever_waits_has_limits(void **state)
{
    struct glm_arena *a = *state;
    const char *path = script(a, "#!/bin/sh\nsleep 600 & sleep 600\n");
    atomic_bool stop = true;
    int64_t before = glm_clock_ms();
    assert_int_equal(run_program(a, path, true, 100, NULL).end, EXEC_TIMEOUT);
    assert_int_equal(run_program(a, path, true, 600000, &stop).end, EXEC_STOPPED);
    assert_in_range(glm_clock_ms() - before, 0, GLM_TEST_PROMPT_MS);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, glm_test_arena_setup, glm_test_arena_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(it_runs_as_any_other),
        CASE(what_cannot_be_begun_says_why),
        CASE(whoever_waits_has_limits),
    };
    return cmocka_run_group_tests_name("programs that are forked", tests, NULL, NULL);
}
