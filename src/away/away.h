/* SPDX-License-Identifier: Apache-2.0
 *
 * What may hang in a file system of another machine, done in a process of its own.
 *
 * What:   a file system whose server has taken a request and does not answer (NFS, FUSE, SMB, 9p, ...)
 *         holds whoever has asked; he cannot be killed, and a process of which a thread is held like that
 *         never ends, nor does Terraform, which waits for it. So what is asked of such a file system
 *         is asked by a process of its own, which can be left behind. What is on disks of this machine
 *         is done where it is asked for.
 *
 *   mounts.c  whether what is at a path may hang, by the kernel's table of mounts
 *   child.c   a process for what may hang, and the wait for it
 *   file.c    one file looked at or read, here or in such a process
 *
 * Owner:  texts live in the arena given; a child is its struct's until away_child_end.
 * Errors: errno as a result.
 * Thread: no shared state; a child belongs to one thread at a time, and goes with it.
 *
 * Times that something has to be done by (until_ms) are in milliseconds of glm_clock_ms.
 */
#ifndef GLM_AWAY_H
#define GLM_AWAY_H

#include "glm/arena.h"
#include "glm/text.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

/* ---- mounts.c ---- */

/* Texts as the kernel writes them; NULL: not known. */
struct away_mount {
    const char *type, *at; /* "nfs4", "/mnt/repo" */
};

/* What is mounted, as the kernel says it. */
struct away_mounts {
    const char *text; /* NULL: it does not say */
    bool steady;      /* nothing of it may hang, as on most machines */
};
struct away_mounts away_mounts_of(const char *text);
struct away_mounts away_mounts_now(struct glm_arena *arena);
/* True: what is done at or below the path may hang, because of *ret_mount. */
bool away_may_hang(struct glm_arena *arena, const struct away_mounts *mounts, const char *path,
                   struct away_mount *ret_mount);

/* ---- child.c ---- */

/* A process that does what may hang. */
struct away_child {
    pid_t pid; /* 0: none */
    int hear;  /* what it says */
    int leash; /* it may end when this is closed; -1: when it is done */
};

/* Begins a process that says what `run` writes to the descriptor, and ends then. leash: it is given
 * another one, which says nothing and ends when the child is to. 0 or errno. */
int away_child_begin(struct away_child *child, bool leash,
                     void (*run)(void *context, int say, int leash), void *context);
enum away_end { AWAY_ENDED, AWAY_STOPPED, AWAY_LATE };
/* Takes down what it says, to its end or until then; with a line, to the end of the first one. stop:
 * NULL, nobody does. */
enum away_end away_child_hear(const struct away_child *child, struct glm_text *text, bool line,
                              const atomic_bool *stop, int64_t until_ms);
/* Nobody waits for what it says any more: it is killed, unless it has ended. Returns its id when it
 * is still there then (what it does hangs in the kernel, and it cannot end), 0 otherwise. */
pid_t away_child_end(struct away_child *child, int64_t until_ms);
/* How long it takes at most to end, where it can. */
#define AWAY_DEATH_MS 200
/* True: it has ended by now, and is no more. */
bool away_child_gone(pid_t pid);

/* Closes all descriptors from one on but two of them; takes no memory. */
void away_close_from(int first, int a, int b);

/* Writes all of it to a descriptor, unless nobody reads there any more. */
void away_child_tell(int say, const void *data, size_t len);

/* ---- file.c ---- */

enum away_question {
    AWAY_LOOK,     /* what is there: stat */
    AWAY_RUNS,     /* and whether it may be executed */
    AWAY_READ,     /* and, of a regular file or /dev/null, what is in it */
    AWAY_READ_ALL, /* of a directory: what is in its regular files, each with a line break behind it */
};
struct away_file {
    int error; /* errno; EFBIG: it is larger than max; ETIME: nothing has answered; 0: all was done */
    struct stat stat;
    const char *text; /* NULL: not read; with a NUL after it */
    size_t len;
};
/* Asks. may_hang: in a process of its own, which is waited for until then (0: as long as it takes)
 * or until *left (NULL: nobody leaves) is true. */
struct away_ask {
    const char *path;
    enum away_question question;
    size_t max;                       /* bytes that are read at most */
    bool (*wanted)(const char *name); /* of a directory's files; NULL: all of them */
    bool may_hang;
    const atomic_bool *left;
    int64_t until_ms;
};
void away_file(struct glm_arena *arena, const struct away_ask *ask, struct away_file *ret_file);

#endif
