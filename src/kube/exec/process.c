/* SPDX-License-Identifier: Apache-2.0
 *
 * One program, run by argv: no shell, nothing of ours in its hands, gone when it takes too long.
 *
 * Terraform reads the plugin's own stdout and stderr until they are closed, by everybody: a program
 * that inherited one of them and lives on would hang it. So a child has pipes of its own, and what
 * it starts in turn is in its process group, which is killed as a whole.
 *
 * Owner:  the arena given.
 * Thread: any; every descriptor is close-on-exec, so children of other threads do not get them.
 */
#include "internal.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define SLICE_MS 50          /* how soon a stop, or an end with the pipes held open, is noticed */
#define TERM_MS INT64_C(300) /* between the request to end and the end */
#define KILL_MS INT64_C(500) /* how long a killed process is waited for */
#define PIECE ((size_t)64 << 10)
#define WORDS_MAX ((size_t)8 << 10)
#define WORDS_PIECES ((size_t)64) /* read after the end */

struct run {
    const struct exec_program *program;
    pid_t pid;
    int out, err; /* our ends of the pipes; -1: closed */
    int fail;     /* says why it was not begun; -1: that is known */
    bool ended;   /* it is a zombie, kept until all is done */
    struct glm_text output;
    char *piece;
    char *words; /* the last WORDS_MAX bytes */
    size_t words_len;
    bool words_cut; /* there was more before them */
};

static void close_end(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

/* ---- starting ---- */

static int start(struct run *r)
{
    int out[2] = {-1, -1}, err[2] = {-1, -1};
    int error = exec_spawn_pipe(out);
    error = error ? error : exec_spawn_pipe(err);
    error = error ? error : exec_spawn(r->program, out[1], err[1], &r->pid, &r->fail);
    close_end(&out[1]);
    close_end(&err[1]);
    if (error) {
        close_end(&out[0]);
        close_end(&err[0]);
    }
    r->out = out[0];
    r->err = err[0];
    return error;
}

/* ---- listening ---- */

static void keep_words(struct run *r, const char *data, size_t len)
{
    r->words_cut |= len > WORDS_MAX - r->words_len;
    if (len > WORDS_MAX) {
        data += len - WORDS_MAX;
        len = WORDS_MAX;
    }
    size_t room = WORDS_MAX - r->words_len;
    if (len > room) {
        memmove(r->words, r->words + (len - room), r->words_len - (len - room));
        r->words_len -= len - room;
    }
    memcpy(r->words + r->words_len, data, len);
    r->words_len += len;
}

/* One piece of what is there; closes our end at the other's end. */
static bool take(struct run *r, int *fd, bool words)
{
    if (*fd < 0)
        return false;
    ssize_t n = read(*fd, r->piece, PIECE);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return false;
    if (n <= 0) {
        close_end(fd);
        return false;
    }
    if (words)
        keep_words(r, r->piece, (size_t)n);
    else
        glm_text_add(&r->output, r->piece, (size_t)n);
    return true;
}

static void listen_for(struct run *r, int milliseconds)
{
    struct pollfd fds[2] = {{r->out, POLLIN, 0}, {r->err, POLLIN, 0}};
    if (poll(fds, 2, milliseconds) <= 0)
        return;
    if (fds[0].revents)
        take(r, &r->out, false);
    if (fds[1].revents)
        take(r, &r->err, true);
}

/* Its number stays its own, and its group's, until it is reaped: so that is done last of all. */
static bool has_ended(struct run *r)
{
    siginfo_t info = {0};
    if (!r->ended && waitid(P_PID, (id_t)r->pid, &info, WEXITED | WNOHANG | WNOWAIT) < 0)
        r->ended = errno != EINTR; /* a host that ignores SIGCHLD */
    else
        r->ended |= info.si_pid == r->pid;
    return r->ended;
}

static void wait_for_end(struct run *r, int64_t milliseconds)
{
    int64_t until = glm_clock_ms() + milliseconds;
    while (!has_ended(r) && glm_clock_ms() < until)
        listen_for(r, 10);
}

static void kill_all(struct run *r)
{
    if (!has_ended(r)) {
        kill(-r->pid, SIGTERM);
        wait_for_end(r, TERM_MS);
    }
    kill(-r->pid, SIGKILL);
    wait_for_end(r, KILL_MS);
}

/* Until it has ended. What it started may go on (an agent that keeps a login) and hold the pipes:
 * that is not waited for. */
static enum exec_end attend(struct run *r)
{
    int64_t until = glm_clock_ms() + r->program->timeout_ms;
    for (;;) {
        if (r->program->stop && atomic_load(r->program->stop))
            return EXEC_STOPPED;
        if (r->output.overflow)
            return EXEC_TOO_LARGE;
        /* Looked at before the pipes: what it wrote before its end is in them by now. */
        bool ended = has_ended(r);
        if (!ended && glm_clock_ms() >= until)
            return EXEC_TIMEOUT;
        if (!ended) {
            /* Both closed and running on: there is nothing to be woken by. */
            listen_for(r, r->out < 0 && r->err < 0 ? 5 : SLICE_MS);
            continue;
        }
        while (take(r, &r->out, false) && !r->output.overflow)
            ;
        /* A child of it may write for ever. */
        for (size_t i = 0; i < WORDS_PIECES && take(r, &r->err, true); i++)
            ;
        if (r->output.overflow)
            return EXEC_TOO_LARGE;
        return EXEC_EXITED;
    }
}

void exec_process(struct glm_arena *arena, const struct exec_program *program,
                  struct exec_result *ret_result)
{
    struct run r = {.program = program,
                    .fail = -1,
                    .piece = glm_alloc(arena, PIECE),
                    .words = glm_alloc(arena, WORDS_MAX)};
    glm_text_init(&r.output, arena, program->output_max);
    int error = start(&r);
    if (error) {
        *ret_result =
            (struct exec_result){.end = EXEC_NOT_STARTED, .code = error, .output = "", .words = ""};
        return;
    }
    enum exec_end end = attend(&r);
    error = exec_spawn_error(r.fail);
    if (end != EXEC_EXITED)
        kill_all(&r);
    close_end(&r.out);
    close_end(&r.err);
    int status = 0;
    while (waitpid(r.pid, &status, WNOHANG) < 0 && errno == EINTR)
        ;
    if (error && (end == EXEC_EXITED || end == EXEC_TIMEOUT))
        end = EXEC_NOT_STARTED;
    else if (end == EXEC_EXITED && WIFSIGNALED(status))
        end = EXEC_KILLED;
    /* Half a line no longer shows that a credential is in it. */
    const char *line = r.words_cut ? memchr(r.words, '\n', r.words_len) : r.words;
    size_t skipped = line ? (size_t)(line - r.words) : r.words_len;
    *ret_result = (struct exec_result){
        .end = end,
        .code = end == EXEC_KILLED        ? WTERMSIG(status)
                : end == EXEC_NOT_STARTED ? error
                                          : WEXITSTATUS(status),
        .output = r.output.data,
        .output_len = r.output.len,
        .words = r.words + skipped,
        .words_len = r.words_len - skipped,
        .environment = program->environment,
    };
}
