/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files of the directory room share and nobody else sees.
 *
 *   path.c      names and paths as text: no I/O
 *   tree.c      file descriptors of the directories, made as needed
 *   file.c      one file: read whole, replaced at once, removed
 *   load.c      one object out of its file
 *   turn.c      how much of large files is in memory at once
 *   trouble.c   errno in words that say what to do
 *   object.c    one object: read, written, removed
 *   list.c      all objects of a kind
 *   tidy.c      what killed writers left behind, in the whole tree
 *   place.c     which directory it is, whatever names lead there
 *   answer.c    what has come of a job, as a text between processes
 *   job.c       one operation, here or in a process of its own
 *   hold.c      who holds the directory
 *   find.c      where many directories lead
 *   directory.c the functions of the cluster
 */
#ifndef GLM_DIRECTORY_INTERNAL_H
#define GLM_DIRECTORY_INTERNAL_H

#include "../away/away.h"

#include "glm/directory.h"
#include "glm/text.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/types.h>

/* What all handles of one directory share. */
struct directory_shared {
    atomic_bool tidied;
    struct glm_directory_turns *turns; /* NULL: it waits for none; as it was shared */
    pthread_mutex_t lock;              /* of what follows */
    unsigned holders;
    int held;    /* the file descriptor that has the lock; -1: none */
    size_t made; /* how many of the last names of root did not exist before it was held */
    struct away_child holder; /* that has the lock instead, where it may hang */
    bool holds;               /* it has said so */
    bool busy;                /* the last one that said something said that others have it */
    pid_t left;               /* a process that was left, and cannot end; 0: none */
    int64_t silent_ms;        /* since when nothing was answered, by glm_clock_ms; 0: it answers */
    int64_t shun_ms;          /* and until when it is not asked again */
    int64_t looked_ms;        /* when the table of mounts was read; 0: never */
    bool may_hang;
    pthread_mutex_t place_lock; /* of what follows */
    char *asked;                /* a recorded path, the last that was asked about; or NULL */
    enum glm_leads asked_leads;
};

struct directory {
    struct glm_cluster cluster;
    struct glm_arena *arena; /* holds this struct and its texts; not touched after the creation */
    const char *root;        /* the one form of the path */
    const char *path;        /* the same from "/" on; root where the working directory is gone */
    const char *absolute;    /* path, as it is recorded */
    const atomic_bool *stop; /* NULL: nobody stops it */
    struct directory_shared *shared;
    int64_t until_ms; /* when the time of whoever uses this handle is over; 0: never */
    bool aside;       /* in a process of its own, which takes no lock and waits for no turn */
};

/* Why an operation on the file system did not work. */
struct trouble {
    int error;          /* errno; 0 when `why` says it all */
    const char *path;   /* what it is about, as a person would write it */
    const char *why;    /* a clause that replaces the text of errno, or NULL */
    bool below;         /* at or below one of our own names, not on the way to the directory */
    const char *locked; /* EACCES: the directory before it, which may not be searched; or NULL */
    bool over;          /* nobody waits for it any more */
    bool gone;          /* path is a directory that somebody has removed while it was in use */
};

/* Ceiling of one object's file, and of all that one list reads. */
#define DIRECTORY_FILE_MAX ((size_t)64 << 20)
/* Ceiling of the names that are looked at in one directory. */
#define DIRECTORY_NAMES_MAX ((size_t)100000)

/* ---- path.c ---- */

/* The parts of a reference are fit to be parts of a path; otherwise ret_why is a clause. */
bool directory_ref_valid(struct glm_arena *arena, const struct glm_object_ref *ref,
                         const char **ret_why);
/* True for the name of a namespace: what else lies beside their directories is not ours. */
bool directory_is_namespace(const char *name);
/* "service-": what the files of a kind begin with. */
const char *directory_prefix(struct glm_arena *arena, const struct glm_object_kind *kind);
/* "service-x.yaml" */
const char *directory_file_name(struct glm_arena *arena, const struct glm_object_ref *ref);
/* True for the name of a file that may hold an object of the kind; and the object's name then. */
bool directory_is_object(const struct glm_object_kind *kind, const char *file_name);
const char *directory_object_name(struct glm_arena *arena, const struct glm_object_kind *kind,
                                  const char *file_name);
/* Where the objects of a namespace are, or of the whole cluster, below the root: one or two names
 * and NULL. namespace_ NULL: where all namespaces are. */
struct directory_way {
    const char *names[3];
};
struct directory_way directory_way_to(bool namespaced, const char *namespace_);
/* "clusters/repo/namespaces/gateways/x.yaml": root, way, file (any of the last two may be
 * NULL), for people. */
const char *directory_path_text(struct glm_arena *arena, const struct directory *dir,
                                const struct directory_way *way, const char *file);

/* ---- tree.c ---- */

enum directory_use {
    DIRECTORY_LOOK,  /* to open known names in it */
    DIRECTORY_LIST,  /* to read its names */
    DIRECTORY_WRITE, /* made when absent; can be fsynced */
};

/* A file descriptor of a directory that the caller closes, or -1. way NULL: the root. */
int directory_open(const struct directory *dir, struct glm_arena *arena,
                   const struct directory_way *way, enum directory_use use, struct trouble *t);
/* fsync of a directory; true on file systems that cannot. */
bool directory_sync(int fd);
/* Calls take with every name in a directory but "." and "..", in no order, until it says false.
 * Returns 0 or errno; E2BIG: there are more than DIRECTORY_NAMES_MAX. */
int directory_each(int fd, bool (*take)(void *context, const char *name), void *context);
/* The names for which `wanted` says true, sorted. Returns 0 or errno, as directory_each. */
int directory_names(int fd, struct glm_arena *arena, bool (*wanted)(const void *, const char *name),
                    const void *context, const char ***ret_names, size_t *ret_count);
/* Removes the directory of a namespace that has nothing in it. That it stays where it cannot be
 * removed is no failure. */
void directory_remove_empty(const struct directory *dir, struct glm_arena *arena,
                            const char *namespace_);
void directory_close(int *fd);
#define AUTO_CLOSE __attribute__((cleanup(directory_close)))

/* ---- file.c ---- */

/* The bytes of a file, 0 also when there is none. */
size_t directory_file_size(int at, const char *name);
/* The whole file. ret_why is a clause when something is there that is no file of ours.
 * Returns 0 or errno; ENOENT: nothing is there. */
int directory_file_read(int at, struct glm_arena *arena, const char *name, const char **ret_data,
                        size_t *ret_len, const char **ret_why);
/* Puts a whole file in the place of whatever file or link is at name; create: only where nothing
 * is. Returns 0 or errno; EEXIST: something is. ret_unsure: it failed, and the file may be there. */
int directory_file_write(int at, struct glm_arena *arena, const char *name, const char *data,
                         size_t len, bool create, bool *ret_unsure);
/* Removes the temporary files that killed processes left behind; never those in use. True when
 * there was one. */
bool directory_sweep(int at);

/* ---- find.c ---- */

/* Whether a recorded path leads where the directory is. A plan asks for every pair in it, and what may hang
 * is not waited for again and again: the last answer is remembered, in s, which is the directory's. */
enum glm_leads directory_leads(struct directory_shared *s, const struct directory *dir,
                               struct glm_arena *arena, const char *path);

/* ---- turn.c ---- */

/* What is more than this waits for its turn. */
#define DIRECTORY_LARGE ((size_t)1 << 20)
struct glm_directory_turns *directory_turns_take(struct glm_directory_turns *turns);
/* Waits until so many bytes of a file may be read into the arena. false: nobody waits for it any more. */
bool directory_turn(const struct directory *dir, struct glm_arena *arena, size_t bytes);

/* ---- trouble.c ---- */

/* "clusters/repo: permission is denied": for a warning or a why. */
const char *directory_trouble_text(struct glm_arena *arena, const struct trouble *t);
/* Records the error "Cannot <doing>" with what is wrong and what to do. Returns false. */
bool directory_trouble_error(struct glm_diags *d, const char *doing, const struct trouble *t);

/* Whoever uses this handle is stopped, or his time is over: what goes through many files ends. */
bool directory_trouble_is_over(const struct directory *dir);
/* Records the error that so it did. Returns false. */
bool directory_trouble_over(struct glm_diags *d, const char *doing, const struct directory *dir);
/* Records the error that no process can be had for what may hang. error: errno. Returns false. */
bool directory_trouble_alone(struct glm_diags *d, const char *doing, const struct directory *dir,
                             const struct away_mount *mount, int error);
/* Records the error that nothing has answered there since then (glm_clock_ms). more: sentences that
 * come after what is wrong, each with a space before it. Returns false. */
bool directory_trouble_silent(struct glm_diags *d, const char *doing, const struct directory *dir,
                              const struct away_mount *mount, int64_t since_ms, const char *more);

/* ---- place.c ---- */

/* The path from "/" on, as far as the working directory is known. */
const char *directory_absolute(struct glm_arena *arena, const char *root);
/* See glm_cluster_ops.key and glm_directory_find, of a cleaned path. */
struct glm_directory_where directory_where(struct glm_arena *arena, const char *clean);
/* How many of the last names of a path do not exist. */
size_t directory_missing(struct glm_arena *arena, const char *path);
/* The part before the last name: "a" of "a/b", "." of "a", "/" of "/a"; NULL: there is none, as of
 * "/", "." and "..". */
const char *directory_parent(struct glm_arena *arena, const char *path);

/* ---- load.c, object.c, list.c, tidy.c: in this process, however long it takes ---- */

/* One object from the directory fd `at`, where it has the file name `file`. ret_bytes: what was
 * read of it. */
bool directory_load(const struct directory *dir, struct glm_arena *arena, int at,
                    const struct glm_object_ref *ref, const char *file, struct glm_read *ret_read,
                    size_t *ret_bytes, struct trouble *t);
bool directory_list(const struct directory *dir, struct glm_arena *arena,
                    const struct glm_object_kind *kind, struct glm_read *ret_read,
                    struct glm_diags *d);
bool directory_read(const struct directory *dir, struct glm_arena *arena,
                    const struct glm_object_ref *ref, struct glm_read *ret_read,
                    struct glm_diags *d);
/* True when its file is to the byte what a write of the object leaves. */
bool directory_has(const struct directory *dir, const struct glm_object_ref *ref,
                   const struct glm_value *object);
/* ret_unsure: it failed, and the object may be there all the same. */
bool directory_write(const struct directory *dir, struct glm_arena *arena,
                     const struct glm_write *w, enum glm_written *ret_written, bool *ret_unsure,
                     struct glm_diags *d);
bool directory_remove(const struct directory *dir, struct glm_arena *arena,
                      const struct glm_object_ref *ref, struct glm_diags *d);
void directory_tidy(const struct directory *dir, struct glm_arena *arena);

/* ---- job.c, answer.c ---- */

enum directory_verb {
    DIRECTORY_READ,
    DIRECTORY_ALL, /* list */
    DIRECTORY_PUT, /* write */
    DIRECTORY_REMOVE,
    DIRECTORY_TIDY,
    DIRECTORY_KEY,
};
struct directory_job {
    enum directory_verb verb;
    const struct glm_object_ref *ref;   /* READ, REMOVE */
    const struct glm_object_kind *kind; /* ALL */
    const struct glm_write *write;      /* PUT */
    /* results */
    struct glm_read read;
    enum glm_written written;
    const char *key;
    bool unsure;     /* it failed, and may have been carried out all the same */
    size_t too_much; /* objects that are too much to be told from one process to another */
};
/* Does the job, within the limits of the handle wherever it may hang; in any case within most_ms. */
bool directory_do(const struct directory *dir, struct glm_arena *arena, struct directory_job *job,
                  int64_t most_ms, struct glm_diags *d);
/* How long one operation may take where it may hang, as a request to an API server does. */
#define DIRECTORY_PATIENCE_MS 30000
/* And what others would wait for, before they are at work. */
#define DIRECTORY_HASTE_MS 500
/* Whether it may hang; the table of mounts is read at most once in some seconds. */
bool directory_hangs(const struct directory *dir);

/* Under the lock. Since when it has been silent, so that it is not asked now; 0: it may be. */
int64_t directory_silent_since(struct directory_shared *s);
/* Under the lock. A process that could not be ended; 0: it could. */
void directory_note_left(struct directory_shared *s, pid_t left);

/* Lines: what has come of it, and each object. */
const char *directory_answer_text(struct glm_arena *arena, const struct directory_job *job, bool ok,
                                  const struct glm_diags *said, size_t *ret_len);
/* false: it is no such text. */
bool directory_answer_take(struct glm_arena *arena, const char *text, size_t len,
                           struct directory_job *job, bool *ret_ok, struct glm_diags *said);

/* ---- hold.c ---- */

bool directory_hold(struct glm_cluster *cluster, bool make);
void directory_release(struct glm_cluster *cluster);
/* At the end: what was made to be held, and somebody else was faster to hold and has left empty. */
void directory_unmake_left(const struct directory *dir);

#endif
