/* SPDX-License-Identifier: Apache-2.0
 *
 * Whom a warning speaks of: Terraform quotes the configuration that it points to, so it points to one line,
 * and its title names the cluster that is meant, not all of them.
 */
#include "lifecycle_internal.h"

const struct glm_path *spoken_at(struct glm_arena *arena, const struct glm_value *attributes,
                                 const char *cluster)
{
    const struct glm_value *all = glm_get(attributes, "installations");
    struct glm_path *at = GLM_NEW_ARRAY(arena, 2, struct glm_path);
    at[0] = (struct glm_path){.step = GLM_STEP_ATTRIBUTE, .name = "name"};
    for (size_t i = 0; glm_is_map(all) && i < all->len; i++) {
        const struct glm_pair *in = &all->as.map[i];
        if (!glm_has(glm_get(in->value, "clusters"), cluster))
            continue;
        at[0].name = "installations";
        at[1] = (struct glm_path){.up = &at[0], .step = GLM_STEP_KEY, .name = in->key};
        return &at[1];
    }
    return at;
}

const char *spoken_title(struct glm_arena *arena, const char *title,
                         const struct glm_value *attributes, const char *cluster, size_t count)
{
    const char *of = glm_manager_label(arena, glm_without(arena, attributes, "installations"));
    if (!of)
        return title;
    if (!cluster)
        return glm_sprintf(arena, "%s (%s)", title, of);
    return count > 1
               ? glm_sprintf(arena, "%s (%s in %s and %zu more)", title, of, cluster, count - 1)
               : glm_sprintf(arena, "%s (%s in %s)", title, of, cluster);
}
