/* SPDX-License-Identifier: Apache-2.0
 *
 * How a program is begun: no shell, nothing of ours in its hands but two pipes.
 *
 * Its program, or the interpreter of its first line, may be on a file system that does not answer: then
 * it hangs before it is another program, and posix_spawn waits for that. Where there are such file systems
 * it is forked, and whoever waits for its end has limits, as for any that hangs later.
 *
 * Errors: errno as a result.
 * Thread: any; every descriptor is close-on-exec, so children of other threads do not get them.
 */
#include "../../away/away.h"
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <unistd.h>

/* The first descriptor that is none of a program's own; why it cannot be begun is said there. */
#define FAIL_FD (STDERR_FILENO + 1)

/* ---- pipes ---- */

/* Above the three that the child's own are put at: a process may have begun without one of them. */
int exec_spawn_pipe(int ends[2])
{
    if (pipe2(ends, O_CLOEXEC) < 0)
        return errno;
    int error = 0;
    for (int i = 0; i < 2; i++) {
        if (ends[i] > STDERR_FILENO)
            continue;
        int higher = fcntl(ends[i], F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
        error = higher < 0 ? errno : error;
        close(ends[i]);
        ends[i] = higher;
    }
    if (!error && fcntl(ends[0], F_SETFL, O_NONBLOCK) < 0)
        error = errno;
    return error;
}

/* ---- posix_spawn ---- */

/* posix_spawn's arguments are not const for historical reasons; it does not write to them. */
static char *const *as_argv(const char *const *texts)
{
    union {
        const char *const *in;
        char *const *out;
    } u = {texts};
    return u.out;
}

static int spawn(const struct exec_program *program, int out, int err, pid_t *ret_pid)
{
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attr;
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    int error = posix_spawn_file_actions_init(&files);
    if (error)
        return error;
    error = posix_spawnattr_init(&attr);
    if (error) {
        posix_spawn_file_actions_destroy(&files);
        return error;
    }
    error = posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    error = error ? error : posix_spawn_file_actions_adddup2(&files, out, STDOUT_FILENO);
    error = error ? error : posix_spawn_file_actions_adddup2(&files, err, STDERR_FILENO);
    error = error ? error : posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1);
    error = error ? error : posix_spawnattr_setpgroup(&attr, 0);
    error = error ? error : posix_spawnattr_setsigmask(&attr, &none);
    error = error ? error : posix_spawnattr_setsigdefault(&attr, &all);
    error = error ? error
                  : posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK |
                                                        POSIX_SPAWN_SETSIGDEF);
    if (!error)
        error = posix_spawn(ret_pid, program->path, &files, &attr, as_argv(program->argv),
                            as_argv(program->environment));
    posix_spawnattr_destroy(&attr);
    posix_spawn_file_actions_destroy(&files);
    return error;
}

/* ---- fork ---- */

/* Closes all but the standard descriptors, when it is another program or at once. */
static bool close_rest(int fail)
{
    if (fail != FAIL_FD && dup3(fail, FAIL_FD, O_CLOEXEC) < 0)
        return false;
    away_close_from(FAIL_FD + 1, FAIL_FD, FAIL_FD);
    return true;
}

/* In the child, which takes no memory and no lock: other threads may have held them. Returns why it has
 * become no other program. */
static int become(const struct exec_program *program, int out, int err, int fail, pid_t parent)
{
    const struct sigaction usual = {.sa_handler = SIG_DFL};
    sigset_t none;
    int null = open("/dev/null", O_RDONLY);
    if (null < 0 || dup2(null, STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0 ||
        dup2(err, STDERR_FILENO) < 0 || !close_rest(fail) || setpgid(0, 0) < 0 ||
        prctl(PR_SET_PDEATHSIG, SIGKILL) < 0)
        return errno;
    if (getppid() != parent)
        return ESRCH;
    for (int number = 1; number < NSIG; number++)
        sigaction(number, &usual, NULL); /* not all can be set */
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    execve(program->path, as_argv(program->argv), as_argv(program->environment));
    return errno;
}

static int spawn_forked(const struct exec_program *program, int out, int err, pid_t *ret_pid,
                        int *ret_fail)
{
    int fail[2] = {-1, -1};
    int error = exec_spawn_pipe(fail);
    sigset_t all, before;
    sigfillset(&all);
    /* No handler of ours runs in the child. */
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pid_t parent = getpid(), pid = error ? -1 : fork();
    if (pid == 0) {
        error = become(program, out, err, fail[1], parent);
        _exit(write(FAIL_FD, &error, sizeof error) < 0 ? 126 : 127);
    }
    error = error ? error : pid < 0 ? errno : 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (fail[1] >= 0)
        close(fail[1]);
    if (error && fail[0] >= 0)
        close(fail[0]);
    if (error)
        return error;
    setpgid(pid, pid); /* whoever comes first */
    *ret_pid = pid;
    *ret_fail = fail[0];
    return 0;
}

/* ---- the whole ---- */

int exec_spawn(const struct exec_program *program, int out, int err, pid_t *ret_pid, int *ret_fail)
{
    *ret_fail = -1;
    return program->may_hang ? spawn_forked(program, out, err, ret_pid, ret_fail)
                             : spawn(program, out, err, ret_pid);
}

int exec_spawn_error(int fail)
{
    int error = 0;
    if (fail < 0)
        return 0;
    ssize_t n = read(fail, &error, sizeof error);
    if (n != sizeof error)
        error = n < 0 && errno == EAGAIN ? ETIME : 0;
    close(fail);
    return error;
}
