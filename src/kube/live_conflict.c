/* SPDX-License-Identifier: Apache-2.0
 *
 * Which fields of an apply belong to other field managers.
 *
 * Owner:  texts live in the arena given.
 * Errors: none; a cause that cannot be read names another field manager.
 * Thread: no shared state.
 * Source: the causes of a 409 as the API server writes them, their reason FieldManagerConflict.
 */
#include "internal.h"

#include <string.h>

#define CONFLICT_WITH "conflict with \""

/* The name in quotes, as Go writes them, in `conflict with "kubectl-edit" using v1`. */
static const char *manager_of(struct glm_arena *arena, const char *message)
{
    const char *c = strstr(message, CONFLICT_WITH);
    if (!c)
        return "another field manager";
    struct glm_text name;
    glm_text_init(&name, arena, SIZE_MAX / 4);
    for (c += strlen(CONFLICT_WITH); *c && *c != '"'; c++) {
        if (*c == '\\' && (c[1] == '"' || c[1] == '\\'))
            c++;
        glm_text_addc(&name, *c);
    }
    return name.data;
}

size_t live_conflicts(struct glm_arena *arena, const struct glm_value *status,
                      const struct glm_conflict **ret_conflicts)
{
    const struct glm_value *causes = glm_get_path(status, "details", "causes", NULL);
    size_t most = glm_is_list(causes) ? causes->len : 0, count = 0;
    struct glm_conflict *conflicts = GLM_NEW_ARRAY(arena, most, struct glm_conflict);
    for (size_t i = 0; i < most; i++) {
        const struct glm_value *cause = causes->as.list[i];
        if (!glm_string_is(glm_get(cause, "reason"), "FieldManagerConflict"))
            continue;
        conflicts[count++] = (struct glm_conflict){
            .manager = manager_of(arena, glm_string_or(glm_get(cause, "message"), "")),
            .field = glm_strdup(arena, glm_string_or(glm_get(cause, "field"), "")),
        };
    }
    *ret_conflicts = conflicts;
    return count;
}
