/* SPDX-License-Identifier: Apache-2.0
 *
 * Who holds the directory.
 *
 * Two applies that make the same objects in one directory both find it empty, when each looks before
 * the other writes. So an apply holds its directories from its look until it has written, by flock(2)
 * on the directory itself: nothing is left behind there, and the kernel drops the lock however the
 * process ends. Applies of one process share the lock; what they make is compared in memory.
 *
 * Some network file systems have no locks of directories. There each file is still made by one of
 * the two only (file.c). Where it may hang, the lock is a child's (child.c), which ends with us.
 *
 * Errors: none; what cannot be opened shows when it is written.
 * Thread: any.
 */
#include "internal.h"

#include "glm/clock.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* What a child says of its attempt, as a line. */
static const char has_it[] = "held\n", is_busy[] = "busy\n", has_not[] = "none\n";

/* Whoever made it has removed it again, meanwhile. That it has no links says nothing by itself: some
 * file systems do not count them. */
static bool is_removed(const struct directory *dir, int fd)
{
    struct stat st, now;
    return fstat(fd, &st) == 0 && st.st_nlink == 0 &&
           (stat(dir->root, &now) < 0 || now.st_dev != st.st_dev || now.st_ino != st.st_ino);
}

/* The directory with its lock; -1: it cannot be opened. ret_made: how many of the last names of root
 * were made for it; ret_busy: somebody else has the lock. */
static int lock_root(const struct directory *dir, struct glm_arena *arena, bool make,
                     size_t *ret_made, bool *ret_busy)
{
    struct trouble t;
    size_t made = make ? directory_missing(arena, dir->root) : 0;
    int fd = directory_open(dir, arena, NULL, make ? DIRECTORY_WRITE : DIRECTORY_LIST, &t);
    if (fd < 0)
        return -1;
    if (made > *ret_made)
        *ret_made = made;
    int rc;
    do
        rc = flock(fd, LOCK_EX | LOCK_NB);
    while (rc < 0 && errno == EINTR);
    *ret_busy = rc < 0 ? errno == EWOULDBLOCK : is_removed(dir, fd);
    if (*ret_busy)
        directory_close(&fd);
    return fd;
}

/* Of the directories that were made, those that are empty, from the last one up. */
static void unmake(const struct directory *dir, struct glm_arena *arena, size_t made)
{
    const char *path = dir->root;
    for (; made > 0 && path && rmdir(path) == 0; made--)
        path = directory_parent(arena, path);
}

/* ---- where it may hang ---- */

struct holding {
    const struct directory *dir;
    bool make;
};

static void tell(int say, const char *line)
{
    ssize_t n = write(say, line, strlen(line)); /* a pipe takes that at once, or nobody hears it */
    (void)n;
}

/* In the child: holds it until the leash is let go of. */
static void hold_there(void *context, int say, int leash)
{
    const struct holding *h = context;
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create(GLM_ARENA_RPC_LIMIT);
    bool busy = false;
    size_t made = 0;
    int AUTO_CLOSE fd = lock_root(h->dir, arena, h->make, &made, &busy);
    tell(say, busy ? is_busy : fd < 0 ? has_not : has_it);
    char nothing;
    while (!busy && fd >= 0 && read(leash, &nothing, 1) < 0 && errno == EINTR)
        ;
    unmake(h->dir, arena, busy ? 0 : made);
}

/* Until when it is waited for: a small part of what whoever holds it has, who may hold many. */
static int64_t hasten(const struct directory *dir)
{
    int64_t now = glm_clock_ms(), most = DIRECTORY_HASTE_MS;
    int64_t part = dir->until_ms ? (dir->until_ms - now) / 8 : most;
    return now + (part < most ? part : most);
}

/* false: another process has it. */
static bool hold_aside(const struct directory *dir, struct glm_arena *arena, bool make)
{
    struct holding h = {dir, make};
    struct away_child *child = &dir->shared->holder;
    struct glm_text said;
    glm_text_init(&said, arena, LINE_MAX);
    if (away_child_begin(child, true, hold_there, &h) != 0)
        return true;
    enum away_end end = away_child_hear(child, &said, true, dir->stop, hasten(dir));
    dir->shared->holds = end == AWAY_ENDED && strcmp(said.data, has_it) == 0;
    dir->shared->busy = dir->shared->busy && !dir->shared->holds;
    /* Others are not kept waiting. It goes on trying, and what does not answer shows at the look
     * that comes next. */
    if ((end == AWAY_LATE && !dir->shared->busy) || dir->shared->holds)
        return true;
    directory_note_left(dir->shared, away_child_end(child, glm_clock_ms() + AWAY_DEATH_MS));
    if (end == AWAY_ENDED)
        dir->shared->busy = strcmp(said.data, is_busy) == 0;
    return !dir->shared->busy;
}

static void release_aside(const struct directory *dir, struct glm_arena *arena)
{
    struct directory_shared *s = dir->shared;
    struct glm_text said;
    glm_text_init(&said, arena, LINE_MAX);
    int64_t now = glm_clock_ms(), until_ms = s->holds ? now + AWAY_DEATH_MS : now;
    directory_close(&s->holder.leash);
    if (s->holds)
        away_child_hear(&s->holder, &said, false, NULL, now + DIRECTORY_HASTE_MS);
    directory_note_left(s, away_child_end(&s->holder, until_ms));
    s->holds = false;
}

/* ---- the two ---- */

bool directory_hold(struct glm_cluster *cluster, bool make)
{
    const struct directory *dir = (const struct directory *)cluster;
    struct directory_shared *s = dir->shared;
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create(GLM_ARENA_RPC_LIMIT);
    bool busy = false, hangs = directory_hangs(dir);
    pthread_mutex_lock(&s->lock);
    if (s->held < 0 && !s->holder.pid && hangs && !directory_silent_since(s))
        busy = !hold_aside(dir, arena, make);
    else if (s->held < 0 && !s->holder.pid && !hangs)
        s->held = lock_root(dir, arena, make, &s->made, &busy);
    if (!busy)
        s->holders++;
    pthread_mutex_unlock(&s->lock);
    return !busy;
}

void directory_release(struct glm_cluster *cluster)
{
    const struct directory *dir = (const struct directory *)cluster;
    struct directory_shared *s = dir->shared;
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create(GLM_ARENA_RPC_LIMIT);
    pthread_mutex_lock(&s->lock);
    if (--s->holders == 0) {
        if (s->holder.pid)
            release_aside(dir, arena);
        unmake(dir, arena, s->made);
        s->made = 0;
        directory_close(&s->held);
    }
    pthread_mutex_unlock(&s->lock);
}

void directory_unmake_left(const struct directory *dir)
{
    struct directory_shared *s = dir->shared;
    if (s->made == 0 || s->holders > 0 || directory_hangs(dir))
        return;
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create(GLM_ARENA_RPC_LIMIT);
    bool busy = false;
    size_t none = 0;
    int AUTO_CLOSE fd = lock_root(dir, arena, false, &none, &busy);
    if (fd >= 0 && !busy)
        unmake(dir, arena, s->made);
}
