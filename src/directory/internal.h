/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files of the directory room share and nobody else sees.
 *
 *   path.c      names and paths as text: no I/O
 *   tree.c      file descriptors of the directories, made as needed
 *   file.c      one file: read whole, replaced at once, removed
 *   trouble.c   errno in words that say what to do
 *   list.c      all objects of a kind
 *   tidy.c      what killed writers left behind, in the whole tree
 *   directory.c the functions of the cluster
 */
#ifndef GLM_DIRECTORY_INTERNAL_H
#define GLM_DIRECTORY_INTERNAL_H

#include "glm/cluster.h"

#include <sys/types.h>

struct directory {
    struct glm_cluster cluster;
    struct glm_arena *arena; /* holds this struct and its texts; not touched after the creation */
    const char *root;        /* the one form of the path */
};

/* Why an operation on the file system did not work. */
struct trouble {
    int error;        /* errno; 0 when `why` says it all */
    const char *path; /* what it is about, as a person would write it */
    const char *why;  /* a clause that replaces the text of errno, or NULL */
    bool below;       /* at or below one of our own names, not on the way to the directory */
};

/* Ceiling of one object's file. */
#define DIRECTORY_FILE_MAX ((size_t)64 << 20)

/* ---- path.c ---- */

/* The parts of a reference are fit to be parts of a path; otherwise ret_why is a clause. */
bool directory_ref_valid(struct glm_arena *arena, const struct glm_object_ref *ref,
                         const char **ret_why);
/* "istiooperator-": what the files of a kind begin with. */
const char *directory_prefix(enum glm_object_kind kind);
/* "istiooperator-x.yaml" */
const char *directory_file_name(struct glm_arena *arena, const struct glm_object_ref *ref);
/* The name of the object in a file of this name, NULL when it is none of the kind. */
const char *directory_object_name(struct glm_arena *arena, enum glm_object_kind kind,
                                  const char *file_name);
/* Where objects of the kind in the namespace are, below the root: one or two names and NULL. */
struct directory_way {
    const char *names[3];
};
struct directory_way directory_way_to(enum glm_object_kind kind, const char *namespace_);
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
/* The names in a directory, sorted, without "." and "..". NULL on an error, errno is set. */
const char **directory_names(int fd, struct glm_arena *arena, size_t *ret_count);
void directory_close(int *fd);
#define AUTO_CLOSE __attribute__((cleanup(directory_close)))

/* ---- file.c ---- */

/* The whole file. ret_why is a clause when something is there that is no file of ours.
 * Returns 0 or errno; ENOENT: nothing is there. */
int directory_file_read(int at, struct glm_arena *arena, const char *name, const char **ret_data,
                        size_t *ret_len, const char **ret_why);
/* Puts a whole file in the place of whatever file or link is at name. Returns 0 or errno. */
int directory_file_replace(int at, struct glm_arena *arena, const char *name, const char *data,
                           size_t len);
/* Removes the temporary files that killed processes left behind; never those in use. True when
 * there was one. */
bool directory_sweep(int at, struct glm_arena *arena);

/* ---- trouble.c ---- */

/* "clusters/repo: permission is denied": for a warning or a why. */
const char *trouble_text(struct glm_arena *arena, const struct trouble *t);
/* Records the error "Cannot <doing>" with what is wrong and what to do. Returns false. */
bool trouble_error(struct glm_diags *d, const char *doing, const struct trouble *t);

/* ---- directory.c, list.c, tidy.c ---- */

/* Removes the directory of a namespace that has nothing in it. That it stays where it cannot be
 * removed is no failure. */
void directory_remove_empty(const struct directory *dir, struct glm_arena *arena,
                            const char *namespace_);
void directory_tidy(struct glm_cluster *cluster, struct glm_arena *arena);

/* One object from the directory fd `at`, where it has the file name `file`. */
bool directory_load(const struct directory *dir, struct glm_arena *arena, int at,
                    const struct glm_object_ref *ref, const char *file, enum glm_found *ret_found,
                    const struct glm_value **ret_object, const char **ret_why, struct trouble *t);
bool directory_list(struct glm_cluster *cluster, struct glm_arena *arena, enum glm_object_kind kind,
                    const struct glm_selection *selection, enum glm_found *ret_found,
                    const struct glm_value **ret_list, struct glm_diags *d);

#endif
