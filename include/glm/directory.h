/* SPDX-License-Identifier: Apache-2.0
 *
 * Directory: a cluster that is a directory of files, for what applies them (GitOps, kubectl).
 *
 * What:   the constructor; all else is cluster.h's.
 * Owner:  texts live in the arena given.
 * Errors: none here: what is wrong with a directory shows when it is used.
 * Thread: any.
 */
#ifndef GLM_DIRECTORY_H
#define GLM_DIRECTORY_H

#include "glm/cluster.h"

#ifdef __cplusplus
extern "C" {
#endif

/* path: as configured, relative to the working directory; created when absent, at the first write.
 * name, path: copied. Never fails: what is wrong with the directory shows when it is used. */
struct glm_cluster *glm_directory_create(const char *name, const char *path);
/* The path in its one form ("./a/../b/" is "b"): two clusters with the same one are refused. */
const char *glm_directory_clean(struct glm_arena *arena, const char *path);
/* Where a cleaned path leads now: key is equal for all names of one directory (device and inode, or
 * those of the deepest directory that exists, and what comes after it); path is absolute and has no
 * links in the part that exists. */
struct glm_directory_where {
    const char *key, *path;
};
struct glm_directory_where glm_directory_find(struct glm_arena *arena, const char *clean);

#ifdef __cplusplus
}
#endif
#endif
