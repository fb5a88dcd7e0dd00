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

/* What is wrong with a link on the way to the directory, which is followed; NULL: nothing is known
 * of it. error: what following it came to. */
static const char *link_fault(int error)
{
    switch (error) {
    case ENOENT:
        return "it is a symbolic link to something that does not exist";
    case ENOTDIR:
        return "it is a symbolic link to something that is not a directory";
    case ELOOP:
        return "it is a symbolic link that leads back to itself, or through more than 40 others";
    case EACCES:
        return "it is a symbolic link to a place that this user may not reach";
    default:
        return NULL;
    }
}

/* Why a name could not be opened, where errno alone would say what is not so. */
static void explain(int at, const char *name, const char *parent, struct trouble *t)
{
    int error = errno;
    struct stat st;
    if (is_link(at, name)) {
        if (t->below && error == ENOTDIR) /* O_DIRECTORY with O_NOFOLLOW says so of a link */
            error = ELOOP;
        else if (!t->below || error == ENOENT)
            t->why = link_fault(error);
    } else if (error == EACCES && faccessat(at, ".", X_OK, AT_EACCESS) < 0) {
        t->locked = parent; /* it is the one before that may not be searched */
    } else if (error == ENOENT && fstat(at, &st) == 0 && st.st_nlink == 0) {
        t->path = parent;
        t->gone = true;
    }
    errno = error;
}

/* One name further. last: with the flags of the use. parent: what `at` is for people. */
static int step(int at, const char *name, enum directory_use use, bool last, const char *parent,
                struct trouble *t)
{
    int flags = last && use != DIRECTORY_LOOK ? O_RDONLY | O_DIRECTORY | O_CLOEXEC : PASS_FLAGS;
    if (t->below)
        flags |= O_NOFOLLOW;
    int fd = open_again(at, name, flags);
    bool unmade = fd < 0 && errno == ENOENT && use == DIRECTORY_WRITE && !is_link(at, name);
    if (unmade && make(at, name)) {
        fd = open_again(at, name, flags);
        unmade = false;
    }
    if (fd < 0)
        explain(at, name, parent, t);
    if (unmade && errno == ENOENT && !t->gone) /* the kernel's own file systems */
        t->why = "no directory can be made there";
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
        const char *name = glm_strndup(arena, p, n), *parent = t->path;
        p += n + (p[n] == '/');
        t->path = glm_strndup(arena, dir->root, (size_t)(p - dir->root) - (p[-1] == '/'));
        int AUTO_CLOSE here = fd;
        fd = step(here, name, use, last && *p == '\0', parent, t);
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
        const char *parent = directory_path_text(arena, dir, &gone, NULL);
        gone.names[i] = way->names[i];
        t->path = directory_path_text(arena, dir, &gone, NULL);
        t->below = true;
        int AUTO_CLOSE here = fd;
        fd = step(here, way->names[i], use, !way->names[i + 1], parent, t);
    }
    if (fd < 0)
        t->error = errno;
    return fd;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

int directory_each(int fd, bool (*take)(void *context, const char *name), void *context)
{
    /* A second descriptor: closedir closes its own, and the offset of this one stays. */
    int own = open_again(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *stream = own < 0 ? NULL : fdopendir(own);
    if (!stream) {
        directory_close(&own);
        return errno;
    }
    size_t count = 0;
    bool more = true;
    errno = 0;
    for (const struct dirent *entry; more && (entry = readdir(stream)); errno = 0) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        if (count++ == DIRECTORY_NAMES_MAX) {
            errno = E2BIG;
            break;
        }
        more = take(context, entry->d_name);
    }
    int error = more ? errno : 0;
    closedir(stream);
    return error;
}

struct gathering {
    struct glm_arena *arena;
    bool (*wanted)(const void *context, const char *name);
    const void *context;
    const char **names;
    size_t count, capacity;
};

static bool gather_name(void *context, const char *name)
{
    struct gathering *g = context;
    if (!g->wanted(g->context, name))
        return true;
    if (g->count == g->capacity) {
        g->capacity = g->capacity ? g->capacity * 2 : 16;
        const char **more = GLM_NEW_ARRAY(g->arena, g->capacity, const char *);
        for (size_t i = 0; i < g->count; i++)
            more[i] = g->names[i];
        g->names = more;
    }
    g->names[g->count++] = glm_strdup(g->arena, name);
    return true;
}

int directory_names(int fd, struct glm_arena *arena, bool (*wanted)(const void *, const char *name),
                    const void *context, const char ***ret_names, size_t *ret_count)
{
    struct gathering g = {.arena = arena, .wanted = wanted, .context = context};
    int error = directory_each(fd, gather_name, &g);
    if (error)
        return error;
    if (g.count > 1)
        qsort(g.names, g.count, sizeof *g.names, by_text);
    *ret_names = g.names;
    *ret_count = g.count;
    return 0;
}

void directory_remove_empty(const struct directory *dir, struct glm_arena *arena,
                            const char *namespace_)
{
    struct directory_way way = directory_way_to(true, NULL);
    struct trouble t;
    int AUTO_CLOSE at = directory_open(dir, arena, &way, DIRECTORY_LIST, &t);
    if (at >= 0 && unlinkat(at, namespace_, AT_REMOVEDIR) == 0)
        directory_sync(at);
}
