/* SPDX-License-Identifier: Apache-2.0
 *
 * A text of the last look, in an arena of its own, which ends with the next: a wait has many.
 */
#include "parts.h"

#include <string.h>

void kept_set(struct kept *kept, const char *text)
{
    if (text && kept_is(kept, text))
        return;
    struct kept fresh = {NULL, NULL};
    if (text) { /* may stand in the arena that goes */
        fresh.arena = glm_arena_create(GLM_ARENA_RPC_LIMIT);
        fresh.text = glm_strdup(fresh.arena, text);
    }
    glm_arena_destroy(kept->arena);
    *kept = fresh;
}

bool kept_is(const struct kept *kept, const char *text)
{
    return kept->text && strcmp(kept->text, text) == 0;
}
