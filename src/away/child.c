/* SPDX-License-Identifier: Apache-2.0
 *
 * A process for what may hang, and the wait for it.
 *
 * A thread would not do: what hangs in a file system, of which a server has taken the request and
 * does not answer, cannot be killed, and as long as one of its threads cannot end, a process does
 * not. Terraform would wait for ours for ever, before it writes its state. A process of its own is
 * left behind by itself: it has none of our descriptors.
 *
 * The child is a copy of this process with one thread. It takes nothing that another thread may have
 * held at that moment; the C library sees to its own memory.
 *
 * Errors: errno as a result.
 * Thread: a child belongs to one thread at a time.
 */
#include "away.h"

#include "glm/clock.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define STOP_LOOK_MS 100 /* how soon a stop is noticed */
#define PIECE ((size_t)64 << 10)
#define NO_LIST_MAX 4096 /* descriptors that are closed where nobody says which there are */

static void close_end(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

static bool close_between(int first, int last)
{
    return first > last || close_range((unsigned)first, (unsigned)last, 0) == 0;
}

/* Before Linux 5.9, and where a container forbids what is newer: those that there are, as the kernel
 * lists them. There may be room for a thousand million of them, to close each of which takes a minute. */
static bool close_listed(int first, int a, int b)
{
    char names[4096];
    int list = open("/proc/self/fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    ssize_t n = -1;
    while (list >= 0 && (n = getdents64(list, names, sizeof names)) > 0)
        for (ssize_t at = 0; at < n;) {
            unsigned short size;
            uint64_t fd;
            const char *name = names + at + offsetof(struct dirent64, d_name);
            memcpy(&size, names + at + offsetof(struct dirent64, d_reclen), sizeof size);
            if (glm_digits(name, SIZE_MAX, &fd) > 0 && (int)fd >= first && (int)fd != a &&
                (int)fd != b && (int)fd != list)
                close((int)fd);
            at += size;
        }
    if (list >= 0)
        close(list);
    return n == 0;
}

void away_close_from(int first, int a, int b)
{
    int low = a < b ? a : b, high = a < b ? b : a;
    low = low < first - 1 ? first - 1 : low;
    high = high < low ? low : high;
    if (close_between(first, low - 1) && close_between(low + 1, high - 1) &&
        close_range((unsigned)high + 1, UINT_MAX, 0) == 0)
        return;
    if (close_listed(first, a, b))
        return;
    for (int fd = first; fd < NO_LIST_MAX; fd++)
        if (fd != a && fd != b)
            close(fd);
}

/* In the child. Without a leash it is killed with whoever waits for it. */
static _Noreturn void live(void (*run)(void *context, int say, int leash), void *context, int say,
                           int leash, pid_t parent)
{
    if (leash < 0 && (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent))
        _exit(1);
    away_close_from(0, say, leash < 0 ? say : leash);
    /* No file of ours may become what the libraries complain to. */
    for (int fd = -1; fd <= STDERR_FILENO && (fd = open("/dev/null", O_RDWR | O_CLOEXEC)) >= 0;)
        if (fd > STDERR_FILENO)
            close(fd);
    run(context, say, leash);
    _exit(0);
}

/* A pipe whose ends are none of the standard descriptors. */
static int make_pipe(int ends[2])
{
    int low[2];
    if (pipe2(low, O_CLOEXEC) < 0)
        return errno;
    for (int i = 0; i < 2; i++)
        ends[i] = fcntl(low[i], F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    int error = ends[0] < 0 || ends[1] < 0 ? errno : 0;
    for (int i = 0; i < 2; i++) {
        close(low[i]);
        if (error)
            close_end(&ends[i]);
    }
    return error;
}

int away_child_begin(struct away_child *child, bool leash,
                     void (*run)(void *context, int say, int leash), void *context)
{
    int say[2] = {-1, -1}, hold[2] = {-1, -1};
    int error = make_pipe(say);
    if (!error && leash)
        error = make_pipe(hold);
    pid_t parent = getpid(), pid = error ? -1 : fork();
    if (pid == 0)
        live(run, context, say[1], hold[0], parent);
    error = error ? error : pid < 0 ? errno : 0;
    close_end(&say[1]);
    close_end(&hold[0]);
    if (error) {
        close_end(&say[0]);
        close_end(&hold[1]);
        return error;
    }
    *child = (struct away_child){.pid = pid, .hear = say[0], .leash = hold[1]};
    return 0;
}

/* Takes down what there is. True: it has said all. */
static bool take_down(const struct away_child *child, struct glm_text *text, char *piece, bool line)
{
    ssize_t n;
    do
        n = read(child->hear, piece, PIECE);
    while (n < 0 && errno == EINTR);
    if (n > 0)
        glm_text_add(text, piece, (size_t)n);
    return n <= 0 || (line && memchr(piece, '\n', (size_t)n));
}

enum away_end away_child_hear(const struct away_child *child, struct glm_text *text, bool line,
                              const atomic_bool *stop, int64_t until_ms)
{
    struct pollfd heard = {.fd = child->hear, .events = POLLIN};
    char *piece = glm_alloc(text->arena, PIECE);
    for (;;) {
        if (stop && atomic_load(stop))
            return AWAY_STOPPED;
        int64_t left = until_ms - glm_clock_ms();
        if (left <= 0)
            return AWAY_LATE;
        if (poll(&heard, 1, (int)(left < STOP_LOOK_MS ? left : STOP_LOOK_MS)) > 0 &&
            take_down(child, text, piece, line))
            return AWAY_ENDED;
    }
}

bool away_child_gone(pid_t pid)
{
    pid_t ended;
    do
        ended = waitpid(pid, NULL, WNOHANG);
    while (ended < 0 && errno == EINTR);
    return ended != 0; /* by an error: a host that ignores SIGCHLD has done it */
}

pid_t away_child_end(struct away_child *child, int64_t until_ms)
{
    pid_t pid = child->pid;
    struct pollfd heard = {.fd = child->hear, .events = POLLIN};
    close_end(&child->leash);
    /* It has said all, and is at its end; or it is killed. */
    if (poll(&heard, 1, 0) == 0 || !(heard.revents & POLLHUP))
        kill(pid, SIGKILL);
    bool gone;
    while (!(gone = away_child_gone(pid)) && glm_clock_ms() < until_ms)
        poll(NULL, 0, 1);
    close_end(&child->hear);
    child->pid = 0;
    return gone ? 0 : pid;
}

void away_child_tell(int say, const void *data, size_t len)
{
    const char *at = data;
    while (len > 0) {
        ssize_t n = write(say, at, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return;
        at += n;
        len -= (size_t)n;
    }
}
