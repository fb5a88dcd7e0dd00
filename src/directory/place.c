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

struct glm_directory_where glm_directory_find(struct glm_arena *arena, const char *clean)
{
    struct stat st;
    const char *there = clean;
    for (const char *up; stat(there, &st) < 0; there = up) {
        up = errno == ENAMETOOLONG ? NULL : parent_of(arena, there);
        if (!up)
            return (struct glm_directory_where){clean, directory_absolute(arena, clean)};
    }
    const char *rest = clean;
    if (strcmp(there, clean) == 0)
        rest = "";
    else if (strcmp(there, ".") != 0)
        rest = clean + strlen(there) + (there[strlen(there) - 1] != '/');
    char *real = realpath(there, NULL);
    const char *begin = real ? glm_strdup(arena, real) : directory_absolute(arena, there);
    free(real);
    return (struct glm_directory_where){
        .key = glm_sprintf(arena, "%llx:%llx/%s", (unsigned long long)st.st_dev,
                           (unsigned long long)st.st_ino, rest),
        .path = *rest ? glm_sprintf(arena, "%s%s%s", begin, begin[1] ? "/" : "", rest) : begin,
    };
}

const char *directory_key(struct glm_cluster *cluster, struct glm_arena *arena)
{
    return glm_directory_find(arena, ((const struct directory *)cluster)->root).key;
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
