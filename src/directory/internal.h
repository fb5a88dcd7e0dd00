/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files of the directory room share and nobody else sees.
 *
 *   path.c      names and paths as text: no I/O
 *   place.c     which directory it is, and who holds it
 *   tree.c      file descriptors of the directories, made as needed
 *   file.c      one file: read whole, replaced at once, removed
 *   load.c      one object out of its file
 *   trouble.c   errno in words that say what to do
 *   list.c      all objects of a kind
 *   tidy.c      what killed writers left behind, in the whole tree
 *   directory.c the functions of the cluster
 */
#ifndef GLM_DIRECTORY_INTERNAL_H
#define GLM_DIRECTORY_INTERNAL_H

#include "glm/directory.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/types.h>

struct directory {
    struct glm_cluster cluster;
    struct glm_arena *arena; /* holds this struct and its texts; not touched after the creation */
    const char *root;        /* the one form of the path */
    const char *absolute;    /* the same from "/" on; root where the working directory is gone */
    atomic_bool tidied;
    pthread_mutex_t lock; /* of what follows */
    unsigned holders;
    int held;    /* the file descriptor that has the lock; -1: none */
    size_t made; /* how many of the last names of root did not exist before it was held */
};

/* Why an operation on the file system did not work. */
struct trouble {
    int error;          /* errno; 0 when `why` says it all */
    const char *path;   /* what it is about, as a person would write it */
    const char *why;    /* a clause that replaces the text of errno, or NULL */
    bool below;         /* at or below one of our own names, not on the way to the directory */
    const char *locked; /* EACCES: the directory before it, which may not be searched; or NULL */
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
/* "istiooperator-": what the files of a kind begin with. */
const char *directory_prefix(struct glm_arena *arena, const struct glm_object_kind *kind);
/* "istiooperator-x.yaml" */
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
/* "clusters/repo/namespaces/istio-system/x.yaml": root, way, file (any of the last two may be
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

/* The whole file. ret_why is a clause when something is there that is no file of ours.
 * Returns 0 or errno; ENOENT: nothing is there. */
int directory_file_read(int at, struct glm_arena *arena, const char *name, const char **ret_data,
                        size_t *ret_len, const char **ret_why);
/* Puts a whole file in the place of whatever file or link is at name; create: only where nothing
 * is. Returns 0 or errno; EEXIST: something is. */
int directory_file_write(int at, struct glm_arena *arena, const char *name, const char *data,
                         size_t len, bool create);
/* Removes the temporary files that killed processes left behind; never those in use. True when
 * there was one. */
bool directory_sweep(int at);

/* ---- trouble.c ---- */

/* "clusters/repo: permission is denied": for a warning or a why. */
const char *trouble_text(struct glm_arena *arena, const struct trouble *t);
/* Records the error "Cannot <doing>" with what is wrong and what to do. Returns false. */
bool trouble_error(struct glm_diags *d, const char *doing, const struct trouble *t);

/* ---- place.c ---- */

/* The path from "/" on, as far as the working directory is known. */
const char *directory_absolute(struct glm_arena *arena, const char *root);
const char *directory_key(struct glm_cluster *cluster, struct glm_arena *arena);
bool directory_hold(struct glm_cluster *cluster, bool make);
void directory_release(struct glm_cluster *cluster);

/* ---- load.c, list.c, tidy.c ---- */

void directory_tidy(struct glm_cluster *cluster, struct glm_arena *arena);

/* One object from the directory fd `at`, where it has the file name `file`. ret_bytes: what was
 * read of it. */
bool directory_load(const struct directory *dir, struct glm_arena *arena, int at,
                    const struct glm_object_ref *ref, const char *file, struct glm_read *ret_read,
                    size_t *ret_bytes, struct trouble *t);
bool directory_list(struct glm_cluster *cluster, struct glm_arena *arena,
                    const struct glm_object_kind *kind, const struct glm_selection *selection,
                    struct glm_read *ret_read, struct glm_diags *d);

#endif
