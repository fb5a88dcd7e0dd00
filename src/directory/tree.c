/* SPDX-License-Identifier: Apache-2.0
 *
 * The directories: opened name by name, made when they are needed.
 *
 * Symbolic links: those on the way to the directory, and the directory itself, are followed; where
 * the tree is, is the user's choice. Below it no link is followed: what is written there is decided
 * by names out of a configuration, and a repository may come from elsewhere; a link in it must not
 * lead a write, or a removal, to a place outside.
 *
 * Errors: -1 and the trouble says which name on the way it is about.
 * Thread: no shared state; the working directory is read, never changed.
 */
#include "internal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PASS_FLAGS (O_PATH | O_DIRECTORY | O_CLOEXEC)

void directory_close(int *fd)
{
    if (*fd >= 0) {
        int error = errno;
        close(*fd);
        errno = error;
    }
    *fd = -1;
}

static int open_again(int at, const char *name, int flags)
{
    int fd;
    do
        fd = openat(at, name, flags);
    while (fd < 0 && errno == EINTR);
    return fd;
}

bool directory_sync(int fd)
{
    int rc;
    do
        rc = fsync(fd);
    while (rc < 0 && errno == EINTR);
    /* Some network file systems have no fsync of directories. */
    return rc == 0 || errno == EINVAL || errno == ENOTSUP;
}

static bool is_link(int at, const char *name)
{
    struct stat st;
    return fstatat(at, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(st.st_mode);
}

/* Makes a directory and makes its entry last. True when it is there afterwards. */
static bool make(int at, const char *name)
{
    if (mkdirat(at, name, 0755) < 0)
        return errno == EEXIST;
    /* A parent that may be written yet not read cannot be synced; nothing of ours depends on it
     * being on the disk before the next sync of the whole file system. */
    int AUTO_CLOSE parent = open_again(at, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return parent < 0 || directory_sync(parent);
}

/* One name further. last: with the flags of the use. */
static int step(int at, const char *name, enum directory_use use, bool last, struct trouble *t)
{
    int flags = last && use != DIRECTORY_LOOK ? O_RDONLY | O_DIRECTORY | O_CLOEXEC : PASS_FLAGS;
    if (t->below)
        flags |= O_NOFOLLOW;
    int fd = open_again(at, name, flags);
    if (fd < 0 && errno == ENOENT && is_link(at, name)) {
        t->why = "it is a symbolic link to something that does not exist";
        errno = ENOENT;
        return -1;
    }
    if (fd < 0 && errno == ENOENT && use == DIRECTORY_WRITE && make(at, name))
        fd = open_again(at, name, flags);
    /* O_DIRECTORY with O_NOFOLLOW says ENOTDIR of a link. */
    if (fd < 0 && errno == ENOTDIR && t->below && is_link(at, name))
        errno = ELOOP;
    return fd;
}

/* The directory itself; last: nothing comes after it. */
static int walk_root(const struct directory *dir, struct glm_arena *arena, enum directory_use use,
                     bool last, struct trouble *t)
{
    const char *p = dir->root;
    bool rooted = *p == '/';
    p += rooted;
    bool whole = *p == '\0'; /* "/" */
    t->path = rooted ? "/" : ".";
    int fd = open_again(AT_FDCWD, t->path,
                        whole && last && use != DIRECTORY_LOOK ? O_RDONLY | O_DIRECTORY | O_CLOEXEC
                                                               : PASS_FLAGS);
    while (fd >= 0 && *p) {
        size_t n = strcspn(p, "/");
        const char *name = glm_strndup(arena, p, n);
        p += n + (p[n] == '/');
        t->path = glm_strndup(arena, dir->root, (size_t)(p - dir->root) - (p[-1] == '/'));
        int AUTO_CLOSE here = fd;
        fd = step(here, name, use, last && *p == '\0', t);
    }
    return fd;
}

int directory_open(const struct directory *dir, struct glm_arena *arena,
                   const struct directory_way *way, enum directory_use use, struct trouble *t)
{
    *t = (struct trouble){0};
    int fd = walk_root(dir, arena, use, !way, t);
    struct directory_way gone = {{NULL}};
    for (size_t i = 0; fd >= 0 && way && way->names[i]; i++) {
        gone.names[i] = way->names[i];
        t->path = directory_path_text(arena, dir, &gone, NULL);
        t->below = true;
        int AUTO_CLOSE here = fd;
        fd = step(here, way->names[i], use, !way->names[i + 1], t);
    }
    if (fd < 0)
        t->error = errno;
    return fd;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

const char **directory_names(int fd, struct glm_arena *arena, size_t *ret_count)
{
    /* A second descriptor: closedir closes its own, and the offset of this one stays. */
    int own = open_again(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *stream = own < 0 ? NULL : fdopendir(own);
    if (!stream) {
        directory_close(&own);
        return NULL;
    }
    const char **names = NULL;
    size_t count = 0, capacity = 0;
    for (;;) {
        errno = 0;
        const struct dirent *entry = readdir(stream);
        if (!entry)
            break;
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        if (count == capacity) {
            capacity = capacity ? capacity * 2 : 16;
            const char **more = GLM_NEW_ARRAY(arena, capacity, const char *);
            for (size_t i = 0; i < count; i++)
                more[i] = names[i];
            names = more;
        }
        names[count++] = glm_strdup(arena, entry->d_name);
    }
    int error = errno;
    closedir(stream);
    errno = error;
    if (error)
        return NULL;
    if (!names)
        names = GLM_NEW_ARRAY(arena, 1, const char *);
    if (count > 1)
        qsort(names, count, sizeof *names, by_text);
    *ret_count = count;
    return names;
}
