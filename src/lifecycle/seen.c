/* SPDX-License-Identifier: Apache-2.0
 *
 * What the state shows of one object: under which names, of which manifest, and what of that is its cluster's
 * own. Pure.
 */
#include "lifecycle_internal.h"

#include "glm/difference.h"

#include <string.h>

/* Under the names that the configuration gives it. */
static bool seen_as(const struct glm_value *attributes, const struct wanted_object *applied,
                    const char *cluster, bool service, struct shape_object *ret)
{
    const struct wanted_common *common = applied ? applied->common : NULL;
    if (!common || !common->text)
        return false;
    const struct glm_value *active =
        service ? shape_active(attributes, common->text, cluster) : &glm_null;
    const struct glm_value *entries =
        service ? shape_service_entries(attributes, common->text, cluster)
                : shape_entries(attributes, common->key, common->text, cluster);
    *ret = (struct shape_object){.key = glm_string_or(active, common->key),
                                 .object = common->text,
                                 .service = service,
                                 .entries = glm_is_map(entries) ? entries : NULL};
    return true;
}

bool seen_find(struct glm_arena *arena, const struct glm_value *attributes,
               const struct wanted_object *applied, const char *cluster, const char *text,
               bool service, struct shape_object *ret)
{
    const struct shape_object *all;
    bool named = seen_as(attributes, applied, cluster, service, ret);
    size_t count = named && ret->entries ? 0 : shape_of_cluster(arena, attributes, cluster, &all);
    for (size_t i = 0; i < count; i++)
        if (strcmp(all[i].text, text) == 0) {
            *ret = all[i];
            return true;
        }
    return named;
}

const struct glm_value *seen_manifest(struct glm_arena *arena, const struct glm_value *attributes,
                                      const struct shape_object *of)
{
    const struct glm_value *text = of->service
                                       ? shape_service_manifest(attributes, of->object, of->key)
                                       : shape_manifest(attributes, of->key, of->object);
    return shown_document(arena, text);
}

const struct glm_value *seen_whole(struct glm_arena *arena, const struct glm_value *manifest,
                                   const struct wanted_object *applied)
{
    return applied && applied->bare && applied->common && glm_is_wholly_known(applied->common->bare)
               ? glm_overlaid(arena, manifest, applied->common->bare, applied->bare)
               : NULL;
}

bool seen_is_altered(struct glm_arena *arena, const struct glm_value *altered,
                     const struct glm_value *wanted, const struct glm_value *is)
{
    if (!altered || !glm_is_string(altered))
        return altered && glm_equal(altered, glm_differences(arena, wanted, is, NULL));
    return glm_equal(glm_get(is, "metadata"), glm_get(wanted, "metadata")) &&
           glm_string_is(altered, glm_json_text(arena, glm_disown(arena, is)));
}
