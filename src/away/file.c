/* SPDX-License-Identifier: Apache-2.0
 *
 * One file, or those of a directory, looked at or read: here, or in a process of its own where that may hang.
 *
 * The process says what is in the file, as it reads it, and then how it went. It takes no memory:
 * what it needs was there before it. What it had in its hands is overwritten, for it may be a
 * credential, and the process may be left behind.
 *
 * Owner:  the text lives in the arena given.
 * Errors: errno in the result.
 * Thread: any.
 */
#include "away.h"

#include "glm/clock.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define PIECE ((size_t)64 << 10)

/* How it went: the last that the process says. */
struct ending {
    int error;
    bool read;
    struct stat stat;
};

/* What reads, and where to. */
struct file_reader {
    const struct away_ask *ask;
    char *piece;
    char *names; /* of a directory; as large */
    size_t len;  /* read so far */
    void (*take)(void *to, const char *data, size_t len);
    void *to;
};

/* /dev/null is a file with nothing in it: how one says with a variable that there is none. */
static bool is_file(const struct stat *st)
{
    return S_ISREG(st->st_mode) || (S_ISCHR(st->st_mode) && st->st_rdev == makedev(1, 3));
}

/* 0 or errno; EFBIG where there is more than max bytes. */
static int read_all(struct file_reader *r, int fd)
{
    for (;;) {
        ssize_t n = read(fd, r->piece, PIECE);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return errno;
        if (n == 0)
            return 0;
        r->len += (size_t)n;
        if (r->len <= r->ask->max)
            r->take(r->to, r->piece, (size_t)n);
        explicit_bzero(r->piece, (size_t)n);
        if (r->len > r->ask->max)
            return EFBIG;
    }
}

/* What is none, or cannot be read, is passed over. */
static int read_one_of(struct file_reader *r, int directory, const char *name)
{
    struct stat st;
    if ((r->ask->wanted && !r->ask->wanted(name)) || fstatat(directory, name, &st, 0) < 0 ||
        !S_ISREG(st.st_mode))
        return 0;
    int fd = openat(directory, name, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    bool file = fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
    int error = file ? read_all(r, fd) : 0;
    if (fd >= 0)
        close(fd);
    if (file && r->len < r->ask->max) {
        r->take(r->to, "\n", 1);
        r->len++;
    }
    return error == EFBIG ? EFBIG : 0;
}

/* By the kernel's own call: opendir takes memory. */
static int read_each(struct file_reader *r, int directory)
{
    for (;;) {
        ssize_t n = getdents64(directory, r->names, PIECE);
        if (n <= 0)
            return n < 0 ? errno : 0;
        for (ssize_t at = 0; at < n;) {
            const char *entry = r->names + at;
            unsigned short size;
            memcpy(&size, entry + offsetof(struct dirent64, d_reclen), sizeof size);
            int error = read_one_of(r, directory, entry + offsetof(struct dirent64, d_name));
            if (error)
                return error;
            at += size;
        }
    }
}

/* Looked at before it is opened, for opening a pipe is seen by its writer; O_NONBLOCK: one that has
 * come to that place since must not hang us. */
static struct ending read_file(struct file_reader *r)
{
    struct ending e = {.error = 0};
    const char *path = r->ask->path;
    if (stat(path, &e.stat) < 0 || (r->ask->question == AWAY_RUNS && access(path, X_OK) < 0)) {
        e.error = errno;
        return e;
    }
    bool all = r->ask->question == AWAY_READ_ALL;
    if (all ? !S_ISDIR(e.stat.st_mode) : r->ask->question != AWAY_READ || !is_file(&e.stat))
        return e;
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &e.stat) < 0)
        e.error = errno;
    else if (all ? S_ISDIR(e.stat.st_mode) : is_file(&e.stat)) {
        e.error = all ? read_each(r, fd) : read_all(r, fd);
        e.read = e.error == 0;
    }
    if (fd >= 0)
        close(fd);
    return e;
}

/* ---- here ---- */

static void take_down(void *to, const char *data, size_t len)
{
    glm_text_add(to, data, len);
}

static struct ending read_here(struct file_reader *r, struct glm_text *text)
{
    r->take = take_down;
    r->to = text;
    return read_file(r);
}

/* ---- in a process of its own ---- */

static void tell(void *to, const char *data, size_t len)
{
    const int *say = to;
    away_child_tell(*say, data, len);
}

static void run(void *context, int say, int leash)
{
    struct file_reader *r = context;
    (void)leash;
    r->take = tell;
    r->to = &say;
    const struct ending e = read_file(r);
    away_child_tell(say, &e, sizeof e);
}

static struct ending read_aside(struct file_reader *r, struct glm_text *text)
{
    struct away_child child;
    struct ending e = {.error = away_child_begin(&child, false, run, r)};
    if (e.error)
        return e;
    enum away_end end = away_child_hear(&child, text, false, r->ask->left,
                                        r->ask->until_ms ? r->ask->until_ms : INT64_MAX);
    away_child_end(&child, glm_clock_ms() + AWAY_DEATH_MS);
    e.error = end == AWAY_ENDED ? EIO : ETIME;
    if (end != AWAY_ENDED || text->overflow || text->len < sizeof e)
        return e;
    text->len -= sizeof e;
    memcpy(&e, text->data + text->len, sizeof e);
    text->data[text->len] = '\0';
    return e;
}

/* ---- the whole ---- */

void away_file(struct glm_arena *arena, const struct away_ask *ask, struct away_file *ret_file)
{
    struct glm_text text;
    size_t piece = ask->question >= AWAY_READ ? PIECE : 1;
    struct file_reader r = {
        .ask = ask, .piece = glm_alloc(arena, piece), .names = glm_alloc(arena, piece)};
    glm_text_init(&text, arena, ask->max + sizeof(struct ending));
    const struct ending e = ask->may_hang ? read_aside(&r, &text) : read_here(&r, &text);
    *ret_file = (struct away_file){.error = e.error, .stat = e.stat};
    if (e.read) {
        ret_file->text = text.data;
        ret_file->len = text.len;
    }
}
