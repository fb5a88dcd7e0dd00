/* SPDX-License-Identifier: Apache-2.0
 *
 * Paths as people write them in a configuration: "~" is the home directory, as in a shell.
 *
 * Owner:  the arena given, or the path itself.
 * Thread: no shared state.
 */
#include "glm/path.h"
#include "glm/text.h"

const char *glm_path_home(struct glm_arena *arena, const char *path, const char *home)
{
    if (path[0] != '~' || (path[1] != '/' && path[1]))
        return path;
    return home ? glm_sprintf(arena, "%s%s", home, path + 1) : NULL;
}
