/* SPDX-License-Identifier: Apache-2.0
 *
 * Schema walker: which changes replace the resource.
 *
 * Owner:  the array lives in the arena; the names are those of the table.
 * Errors: none.
 */
#include "glm/schema.h"

size_t glm_schema_replaced(struct glm_arena *arena, const struct glm_attr *attrs,
                           const struct glm_value *prior, const struct glm_value *planned,
                           const char *const **ret_names)
{
    size_t attr_count = 0, count = 0;
    while (attrs[attr_count].name)
        attr_count++;
    const char **names = GLM_NEW_ARRAY(arena, attr_count, const char *);
    /* Nothing is replaced by a create or a destroy. */
    bool update = glm_is_map(prior) && glm_is_map(planned);
    for (size_t i = 0; update && i < attr_count; i++) {
        if (!(attrs[i].use & GLM_REPLACE))
            continue;
        const struct glm_value *after = glm_get(planned, attrs[i].name);
        if (glm_is_unknown(after) || !glm_equal(glm_get(prior, attrs[i].name), after))
            names[count++] = attrs[i].name;
    }
    *ret_names = names;
    return count;
}
