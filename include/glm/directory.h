/* SPDX-License-Identifier: Apache-2.0
 *
 * Directory: a cluster that is a directory of files, for what applies them (GitOps, kubectl).
 *
 * What:   the constructor, and what several of them share; all else is cluster.h's.
 * Owner:  texts live in the arena given.
 * Errors: none here: what is wrong with a directory shows when it is used.
 * Thread: any.
 */
#ifndef GLM_DIRECTORY_H
#define GLM_DIRECTORY_H

#include "glm/cluster.h"

#include <stdatomic.h>

#ifdef __cplusplus
extern "C" {
#endif

/* path: as configured, relative to the working directory; created when absent, at the first write.
 * name, path: copied. stop: when it becomes true nothing is waited for any more; NULL: it never does.
 * Never fails: what is wrong with the directory shows when it is used.
 * What may hang (a file system whose server is gone) is done in a process of its own, whose end
 * nobody waits for longer than the time that `within` gave, or half a minute. */
struct glm_cluster *glm_directory_create(const char *name, const char *path,
                                         const atomic_bool *stop);
/* The turns in which large files are read, which all directories of a process share, so that what they
 * have in memory does not add up. Whoever uses them keeps them. NULL: nothing is destroyed. */
struct glm_directory_turns;
struct glm_directory_turns *glm_directory_turns_create(void);
void glm_directory_turns_destroy(struct glm_directory_turns *turns);
/* Before its first use; without them its files wait for nobody's. */
void glm_directory_share(struct glm_cluster *cluster, struct glm_directory_turns *turns);
/* The path in its one form ("./a/../b/" is "b"): two clusters with the same one are refused. */
const char *glm_directory_clean(struct glm_arena *arena, const char *path);
/* Where a cleaned path leads now: key is equal for all names of one directory (device and inode, or
 * those of the deepest directory that exists, and what comes after it); path is absolute and has no
 * links in the part that exists. */
struct glm_directory_where {
    const char *key, *path;
};
/* Of as many paths, in half a second: one that does not answer is what it is called. */
void glm_directory_find(struct glm_arena *arena, const char *const *clean, size_t count,
                        struct glm_directory_where *ret_where);

#ifdef __cplusplus
}
#endif
#endif
