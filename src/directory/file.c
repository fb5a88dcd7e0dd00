/* SPDX-License-Identifier: Apache-2.0
 *
 * One file: read whole, replaced at once, and what killed processes leave behind removed.
 *
 * A file is replaced by rename(2), after its content is on the disk, so that a reader, a crash or a
 * kill at any moment finds the old file or the new one, whole. Rename takes the place of a link
 * instead of following it. Where nothing may be at its place the kernel sees to that: renameat2(2)
 * or, on a file system that cannot do it (NFS), link(2).
 *
 * Temporary files are hidden and do not end in ".yaml": neither kubectl nor our own list takes them
 * for objects. Their writer holds a lock (flock) on them as long as it lives, and the kernel drops
 * it however the process ends; so a temporary file nobody holds was left behind, now and not after
 * some hour, and one that is held is never touched, be it this process's or another terraform's.
 * Where locks do not reach another host (some network file systems), a file could be removed under
 * its writer's hands; the writer sees that by its rename and writes again.
 *
 * Owner:  what is read lives in the arena given.
 * Errors: errno as a result; nothing is left behind.
 * Thread: no shared state.
 */
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static const char temporary_prefix[] = ".glm-write-";
static const char temporary_suffix[] = ".tmp";
#define TEMPORARY_DIGITS ((size_t)16)
/* How often a write begins again when its file, or its directory, went away under its hands. */
#define ATTEMPTS 32

/* Reading ----------------------------------------------------------------------------------- */

static const char *kind_of_file(mode_t mode)
{
    if (S_ISDIR(mode))
        return "it is a directory, not a file";
    if (S_ISLNK(mode))
        return "it is a symbolic link, and links inside of the directory are not followed";
    return "it is not a regular file";
}

/* Reads to the end; size: what is expected. -1 with errno, or how many bytes there were: more than
 * size when the file has grown. data has room for size + 1. */
static ssize_t read_all(int fd, char *data, size_t size)
{
    size_t len = 0;
    while (len <= size) {
        ssize_t n = read(fd, data + len, size + 1 - len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -1;
        if (n == 0)
            break;
        len += (size_t)n;
    }
    return (ssize_t)len;
}

size_t directory_file_size(int at, const char *name)
{
    struct stat st;
    bool is = fstatat(at, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(st.st_mode);
    return is ? (size_t)st.st_size : 0;
}

int directory_file_read(int at, struct glm_arena *arena, const char *name, const char **ret_data,
                        size_t *ret_len, const char **ret_why)
{
    struct stat st;
    /* To open a device is to do something to it: looked at first. */
    if (fstatat(at, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
        return errno;
    if (!S_ISREG(st.st_mode)) {
        *ret_why = kind_of_file(st.st_mode);
        return EISDIR;
    }
    /* O_NONBLOCK: a pipe that has come to that place since must not hang us. */
    int AUTO_CLOSE fd = openat(at, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd < 0 && errno == EWOULDBLOCK)
        *ret_why = "another program holds it (fcntl F_SETLEASE)";
    if (fd < 0)
        return errno;
    if (fstat(fd, &st) < 0)
        return errno;
    if (!S_ISREG(st.st_mode)) {
        *ret_why = kind_of_file(st.st_mode);
        return EISDIR;
    }
    if (st.st_size > (off_t)DIRECTORY_FILE_MAX) {
        *ret_why = glm_sprintf(arena, "it has %lld bytes, and at most %zu are read",
                               (long long)st.st_size, DIRECTORY_FILE_MAX);
        return EFBIG;
    }
    size_t size = (size_t)st.st_size;
    char *data = glm_alloc(arena, size + 1);
    ssize_t len = read_all(fd, data, size);
    if (len < 0)
        return errno;
    if ((size_t)len > size) {
        *ret_why = "it was being written to while it was read";
        return EAGAIN;
    }
    data[len] = '\0';
    *ret_data = data;
    *ret_len = (size_t)len;
    return 0;
}

/* Temporary files --------------------------------------------------------------------------- */

static const char *temporary_name(struct glm_arena *arena)
{
    unsigned long long number = 0;
    if (getrandom(&number, sizeof number, GRND_NONBLOCK) != (ssize_t)sizeof number) {
        /* O_EXCL finds out what is taken; this only makes that rare. */
        struct timespec now = {0};
        clock_gettime(CLOCK_REALTIME, &now);
        number = (unsigned long long)now.tv_nsec << 32 ^ (unsigned long long)now.tv_sec << 16 ^
                 (unsigned long long)getpid();
    }
    return glm_sprintf(arena, "%s%016llx%s", temporary_prefix, number, temporary_suffix);
}

static bool is_temporary(const char *name)
{
    size_t before = sizeof temporary_prefix - 1;
    return strlen(name) == before + TEMPORARY_DIGITS + sizeof temporary_suffix - 1 &&
           strncmp(name, temporary_prefix, before) == 0 &&
           strspn(name + before, "0123456789abcdef") == TEMPORARY_DIGITS &&
           strcmp(name + before + TEMPORARY_DIGITS, temporary_suffix) == 0;
}

static bool sweep_one(int at, const char *name)
{
    struct stat st;
    if (fstatat(at, name, &st, AT_SYMLINK_NOFOLLOW) < 0 || !S_ISREG(st.st_mode))
        return false;
    /* For writing: network file systems lock exclusively only what is open for that. */
    int AUTO_CLOSE fd = openat(at, name, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    return fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
           flock(fd, LOCK_EX | LOCK_NB) == 0 && unlinkat(at, name, 0) == 0;
}

struct sweep {
    int at;
    bool swept;
};

static bool sweep_name(void *context, const char *name)
{
    struct sweep *s = context;
    if (is_temporary(name) && sweep_one(s->at, name))
        s->swept = true;
    return true;
}

bool directory_sweep(int at)
{
    struct sweep s = {.at = at};
    directory_each(at, sweep_name, &s);
    return s.swept;
}

static bool is_taken(int at, const char *name)
{
    struct stat st;
    return fstatat(at, name, &st, AT_SYMLINK_NOFOLLOW) == 0;
}

/* Somebody has removed the open file. That it has no links says nothing by itself: some file systems
 * do not count them. */
static bool is_removed(int at, int fd, const char *name)
{
    struct stat st;
    return fstat(fd, &st) == 0 && st.st_nlink == 0 && !is_taken(at, name);
}

/* An empty file that is ours alone: its name is in the directory and its lock is held. Where there
 * are no locks (0 is returned all the same) nobody can sweep either. */
static int create_temporary(int at, const char *name, int *ret_fd)
{
    int fd = openat(at, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
    if (fd < 0)
        return errno;
    *ret_fd = fd;
    bool swept = flock(fd, LOCK_EX | LOCK_NB) < 0 && errno == EWOULDBLOCK;
    return swept || is_removed(at, fd, name) ? EAGAIN : 0;
}

/* Writing ----------------------------------------------------------------------------------- */

static int write_all(int fd, const char *data, size_t len)
{
    while (len > 0) {
        ssize_t n = write(fd, data, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return n < 0 ? errno : EIO;
        data += n;
        len -= (size_t)n;
    }
    int rc;
    do
        rc = fsync(fd);
    while (rc < 0 && errno == EINTR);
    return rc < 0 ? errno : 0;
}

/* Where nothing may be: by link(2), and without that by looking first. */
static int put_by_link(int at, int fd, const char *temporary, const char *name)
{
    struct stat st;
    if (linkat(at, temporary, at, name, 0) == 0 ||
        /* The answer of a server was lost, and its second one is about our own link. */
        (errno == EEXIST && fstat(fd, &st) == 0 && st.st_nlink == 2)) {
        unlinkat(at, temporary, 0);
        return 0;
    }
    if (errno != EPERM && errno != EOPNOTSUPP && errno != ENOSYS && errno != EMLINK)
        return errno;
    if (is_taken(at, name))
        return EEXIST;
    return renameat(at, temporary, at, name) < 0 ? errno : 0;
}

/* The temporary file gets its name. */
static int give_name(int at, int fd, const char *temporary, const char *name, bool create)
{
    if (!create)
        return renameat(at, temporary, at, name) < 0 ? errno : 0;
    if (renameat2(at, temporary, at, name, RENAME_NOREPLACE) == 0)
        return 0;
    if (errno == EINVAL || errno == ENOSYS || errno == EOPNOTSUPP)
        return put_by_link(at, fd, temporary, name);
    return errno;
}

/* The same, whatever the answer was: that of a server may be lost, and its second one is about what
 * the first request has done. ret_unsure: it failed, and cannot be asked about. */
static int put_in_place(int at, int fd, const char *temporary, const char *name, bool create,
                        bool *ret_unsure)
{
    int error = give_name(at, fd, temporary, name, create);
    if (!error)
        return 0;
    struct stat own, there = {0};
    bool absent = fstatat(at, name, &there, AT_SYMLINK_NOFOLLOW) < 0;
    bool known = (!absent || errno == ENOENT) && fstat(fd, &own) == 0;
    *ret_unsure = !known && error != EEXIST;
    if (!known || absent || own.st_dev != there.st_dev || own.st_ino != there.st_ino)
        return error;
    unlinkat(at, temporary, 0);
    return 0;
}

/* EAGAIN: the temporary file went away, or its name was taken. */
static int write_once(int at, const char *temporary, const char *name, const char *data, size_t len,
                      bool create, bool *ret_unsure)
{
    int AUTO_CLOSE fd = -1;
    int error = create_temporary(at, temporary, &fd);
    if (error)
        return error == EEXIST || error == EINTR ? EAGAIN : error;
    error = write_all(fd, data, len);
    if (!error)
        error = put_in_place(at, fd, temporary, name, create, ret_unsure);
    if (error == ENOENT && is_removed(at, fd, temporary))
        error = EAGAIN; /* swept */
    if (error)
        unlinkat(at, temporary, 0);
    return error;
}

int directory_file_write(int at, struct glm_arena *arena, const char *name, const char *data,
                         size_t len, bool create, bool *ret_unsure)
{
    struct stat st;
    if (create && fstatat(at, name, &st, AT_SYMLINK_NOFOLLOW) == 0) /* not even a temporary file */
        return S_ISDIR(st.st_mode) ? EISDIR : EEXIST;
    int error = EAGAIN;
    for (int i = 0; i < ATTEMPTS && error == EAGAIN; i++)
        error = write_once(at, temporary_name(arena), name, data, len, create, ret_unsure);
    if (error)
        return error;
    /* It is there, and may be gone after a loss of power. */
    *ret_unsure = !directory_sync(at);
    return *ret_unsure ? errno : 0;
}
