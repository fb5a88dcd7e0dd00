/* SPDX-License-Identifier: Apache-2.0
 *
 * Lists: the objects of a kind in a cluster. A kind that is not served has no objects.
 */
#include "glm/cluster.h"

bool glm_cluster_list(struct glm_cluster *cluster, struct glm_arena *arena,
                      const struct glm_object_kind *kind, const struct glm_selection *selection,
                      const struct glm_value **ret_list, bool *ret_served, struct glm_diags *d)
{
    struct glm_read read;
    bool ok = cluster->ops->list(cluster, arena, kind, selection, &read, d);
    bool served = ok && read.found == GLM_FOUND;
    *ret_list = served && glm_is_list(read.object) ? read.object : &glm_empty_list;
    if (ret_served)
        *ret_served = served;
    return ok;
}

const struct glm_value *glm_cluster_list_if_allowed(struct glm_cluster *cluster,
                                                    struct glm_arena *arena,
                                                    const struct glm_object_kind *kind,
                                                    const struct glm_selection *selection)
{
    const struct glm_value *list;
    struct glm_diags ignored;
    glm_diags_init(&ignored, arena);
    glm_cluster_list(cluster, arena, kind, selection, &list, NULL, &ignored);
    return list;
}
