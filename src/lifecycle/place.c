/* SPDX-License-Identifier: Apache-2.0
 *
 * Where the objects of a cluster are, and whether that is where the record says they were.
 *
 * A cluster in another place counts as new and empty. A directory has two names: the path as
 * configured, mostly relative, and the absolute one. When only the absolute one differs, Terraform
 * runs in another working directory. Mostly that is another checkout of the same repository, which
 * has the files, and nothing has changed then; or it is a place that has none of them. Only a look
 * tells the two apart; the plan, which looks at nothing, takes it for the first.
 */
#include "lifecycle_internal.h"

#include <string.h>

enum place_change place_compare(const struct glm_value *cluster_record, const char *place,
                                const char *label)
{
    const struct glm_value *was = glm_get(cluster_record, "place");
    if (!glm_is_string(was) || !place || glm_string_is(was, place))
        return PLACE_SAME;
    if (!label)
        return PLACE_OTHER;
    if (glm_string_is(was, label)) /* recorded when absolute paths were not */
        return PLACE_SAME;
    return glm_string_is(glm_get(cluster_record, "label"), label) ? PLACE_CARRIED : PLACE_OTHER;
}

const char *place_text(struct glm_arena *arena, struct glm_cluster *cluster)
{
    struct glm_diags ignored;
    glm_diags_init(&ignored, arena);
    const char *place = NULL;
    cluster->ops->identify(cluster, arena, &place, &ignored);
    return place;
}

enum place_change place_of_files(struct glm_arena *arena, const struct glm_value *cluster_record,
                                 struct glm_cluster *cluster)
{
    if (!cluster || !cluster->ops->files)
        return PLACE_SAME;
    return place_compare(cluster_record, place_text(arena, cluster), estate_label(arena, cluster));
}

static bool is_ours(struct glm_cluster *cluster, struct glm_arena *arena,
                    const struct glm_value *cluster_record, const struct glm_object_ref *ref,
                    const char *name, const char *namespace_)
{
    struct glm_read read;
    struct glm_diags ignored;
    glm_diags_init(&ignored, arena);
    if (!cluster->ops->read(cluster, arena, ref, &read, &ignored) || read.found != GLM_FOUND)
        return false;
    enum glm_owner whose = glm_owner_of(arena, read.object, name, namespace_, cluster->name, NULL);
    /* What was imported from somebody else carries no labels until it is written. */
    return whose == GLM_OWNER_US ||
           (whose == GLM_OWNER_FOREIGN && glm_is_true(glm_get(cluster_record, "foreign")));
}

bool place_has_ours(struct glm_cluster *cluster, struct glm_arena *arena,
                    const struct glm_value *cluster_record, const char *name,
                    const char *namespace_)
{
    const struct glm_value *operators = glm_get(cluster_record, "istio_operators");
    const struct glm_value *services = glm_get(cluster_record, "services");
    struct glm_object_ref ref;
    for (size_t i = 0; glm_is_map(operators) && i < operators->len; i++)
        if (record_ref(arena, GLM_KIND_ISTIO_OPERATOR,
                       glm_string_or(operators->as.map[i].value, ""), &ref) &&
            is_ours(cluster, arena, cluster_record, &ref, name, namespace_))
            return true;
    for (size_t i = 0; glm_is_list(services) && i < services->len; i++)
        if (record_ref(arena, GLM_KIND_SERVICE, glm_string_or(services->as.list[i], ""), &ref) &&
            is_ours(cluster, arena, cluster_record, &ref, name, namespace_))
            return true;
    return false;
}
