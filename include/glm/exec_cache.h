/* SPDX-License-Identifier: Apache-2.0
 *
 * Exec cache: what credential plugins (`exec`) have answered, for the live clusters that share it.
 *
 * Owner:  whoever created it.
 * Errors: none here: requests have their own.
 * Thread: any.
 */
#ifndef GLM_EXEC_CACHE_H
#define GLM_EXEC_CACHE_H

#ifdef __cplusplus
extern "C" {
#endif

/* What credential plugins have answered: clusters that share a cache and have equal plugins share
 * their runs, also at the same time. Any thread. */
struct glm_exec_cache;

struct glm_exec_cache *glm_exec_cache_create(void);
/* After every cluster that uses it. NULL: nothing happens. */
void glm_exec_cache_destroy(struct glm_exec_cache *cache);

#ifdef __cplusplus
}
#endif
#endif
