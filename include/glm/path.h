/* SPDX-License-Identifier: Apache-2.0
 *
 * Path: paths as people write them in a configuration.
 *
 * Owner:  the arena given, or the path itself.
 * Errors: none.
 * Thread: no shared state.
 */
#ifndef GLM_PATH_H
#define GLM_PATH_H

#include "glm/arena.h"

#ifdef __cplusplus
extern "C" {
#endif

/* path with "~" or "~/..." in front as the home directory; every other path as it is. home: $HOME,
 * NULL where there is none; then NULL for a path that needs it. */
const char *glm_path_home(struct glm_arena *arena, const char *path, const char *home);

#ifdef __cplusplus
}
#endif
#endif
