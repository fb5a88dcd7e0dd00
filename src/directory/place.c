/* SPDX-License-Identifier: Apache-2.0
 *
 * Which directory it is, whatever names lead there, and who holds it.
 *
 * Two applies that make the same objects in one directory both find it empty, when each looks before
 * the other writes. So an apply holds its directories from its look until it has written, by flock(2)
 * on the directory itself: nothing is left behind there, and the kernel drops the lock however the
 * process ends. Applies of one process share the lock; what they make is compared in memory.
 *
 * Some network file systems have no locks of directories. There each file is still made by one of
 * the two only (file.c).
 *
 * Owner:  texts live in the arena given; the lock belongs to the cluster.
 * Errors: none; what cannot be opened shows when it is written.
 * Thread: any.
 */
#include "glm/text.h"
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

const char *directory_absolute(struct glm_arena *arena, const char *root)
{
    if (*root == '/')
        return root;
    char *here = getcwd(NULL, 0);
    if (!here || *here != '/') {
        free(here);
        return root;
    }
    const char *joined = glm_sprintf(arena, "%s/%s", here, root);
    free(here);
    return glm_directory_clean(arena, joined);
}

/* The part before the last name: "a" of "a/b", "." of "a", "/" of "/a"; NULL: there is none, as of
 * "/", "." and "..". */
static const char *parent_of(struct glm_arena *arena, const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    if (!*name || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
        return NULL;
    if (!slash)
        return ".";
    return slash == path ? "/" : glm_strndup(arena, path, (size_t)(slash - path));
}

/* The deepest directory of a path that exists, and what comes after it. */
struct found {
    const char *there, *rest;
    struct stat st;
};

/* false: not even the first one can be looked at. */
static bool find(struct glm_arena *arena, const char *clean, struct found *ret_found)
{
    struct found f = {.there = clean};
    while (stat(f.there, &f.st) < 0) {
        f.there = errno == ENAMETOOLONG ? NULL : parent_of(arena, f.there);
        if (!f.there)
            return false;
    }
    f.rest = clean;
    if (strcmp(f.there, clean) == 0)
        f.rest = "";
    else if (strcmp(f.there, ".") != 0)
        f.rest = clean + strlen(f.there) + (f.there[strlen(f.there) - 1] != '/');
    *ret_found = f;
    return true;
}

static const char *key_text(struct glm_arena *arena, const struct found *f)
{
    return glm_sprintf(arena, "%llx:%llx/%s", (unsigned long long)f->st.st_dev,
                       (unsigned long long)f->st.st_ino, f->rest);
}

struct glm_directory_where glm_directory_find(struct glm_arena *arena, const char *clean)
{
    struct found f;
    if (!find(arena, clean, &f))
        return (struct glm_directory_where){clean, directory_absolute(arena, clean)};
    char *real = realpath(f.there, NULL);
    const char *begin = real ? glm_strdup(arena, real) : directory_absolute(arena, f.there);
    free(real);
    return (struct glm_directory_where){
        .key = key_text(arena, &f),
        .path = *f.rest ? glm_sprintf(arena, "%s%s%s", begin, begin[1] ? "/" : "", f.rest) : begin,
    };
}

const char *directory_key(struct glm_cluster *cluster, struct glm_arena *arena)
{
    const char *root = ((const struct directory *)cluster)->root;
    struct found f;
    return find(arena, root, &f) ? key_text(arena, &f) : root;
}

/* How many of the last names of a path do not exist. */
static size_t missing(struct glm_arena *arena, const char *path)
{
    struct stat st;
    size_t count = 0;
    while (path && lstat(path, &st) < 0 && errno == ENOENT) {
        count++;
        path = parent_of(arena, path);
    }
    return count;
}

/* The directory with its lock; -1: it cannot be opened. ret_busy: somebody else has the lock. */
static int lock_root(struct directory *dir, struct glm_arena *arena, bool make, bool *ret_busy)
{
    struct trouble t;
    size_t made = make ? missing(arena, dir->root) : 0;
    int fd = directory_open(dir, arena, NULL, make ? DIRECTORY_WRITE : DIRECTORY_LIST, &t);
    if (fd < 0)
        return -1;
    if (made > dir->made)
        dir->made = made;
    struct stat st;
    int rc;
    do
        rc = flock(fd, LOCK_EX | LOCK_NB);
    while (rc < 0 && errno == EINTR);
    /* Busy, too, when whoever made it has removed it again, meanwhile. */
    *ret_busy = rc < 0 ? errno == EWOULDBLOCK : fstat(fd, &st) == 0 && st.st_nlink == 0;
    if (*ret_busy)
        directory_close(&fd);
    return fd;
}

bool directory_hold(struct glm_cluster *cluster, bool make)
{
    struct directory *dir = (struct directory *)cluster;
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create(GLM_ARENA_RPC_LIMIT);
    bool busy = false;
    pthread_mutex_lock(&dir->lock);
    if (dir->held < 0)
        dir->held = lock_root(dir, arena, make, &busy);
    if (!busy)
        dir->holders++;
    pthread_mutex_unlock(&dir->lock);
    return !busy;
}

/* Of the directories that were made, those that are empty, from the last one up. */
static void unmake(struct directory *dir)
{
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create(GLM_ARENA_RPC_LIMIT);
    const char *path = dir->root;
    for (; dir->made > 0 && path && rmdir(path) == 0; dir->made--)
        path = parent_of(arena, path);
    dir->made = 0;
}

void directory_release(struct glm_cluster *cluster)
{
    struct directory *dir = (struct directory *)cluster;
    pthread_mutex_lock(&dir->lock);
    if (--dir->holders == 0) {
        unmake(dir);
        directory_close(&dir->held);
    }
    pthread_mutex_unlock(&dir->lock);
}
