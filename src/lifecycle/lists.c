/* SPDX-License-Identifier: Apache-2.0
 *
 * Lists: the objects of a kind in a cluster. A kind that is not served has no objects.
 */
#include "lifecycle_internal.h"

bool list_objects(struct glm_cluster *cluster, struct glm_arena *arena,
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

const struct glm_value *list_if_allowed(struct glm_cluster *cluster, struct glm_arena *arena,
                                        const struct glm_object_kind *kind,
                                        const struct glm_selection *selection)
{
    const struct glm_value *list;
    struct glm_diags ignored;
    glm_diags_init(&ignored, arena);
    list_objects(cluster, arena, kind, selection, &list, NULL, &ignored);
    return list;
}

bool kind_is_gone(struct glm_cluster *cluster, struct glm_arena *arena,
                  const struct glm_object_ref *ref, const char *why, struct glm_diags *errors)
{
    const struct glm_object_ref known = {.kind = GLM_KIND_NAMESPACE, .name = "kube-system"};
    struct glm_read home = {.found = GLM_FOUND_NO_API};
    if (ref->kind == GLM_KIND_ISTIO_OPERATOR &&
        !cluster->ops->read(cluster, arena, &known, &home, errors))
        return false;
    return home.found != GLM_FOUND_NO_API ||
           glm_error(errors, NULL, "The API is not served",
                     "%s was to be removed, and %s. That says nothing of the object: a proxy on "
                     "the way to the API server, or an API server that is not up yet, may have "
                     "answered.",
                     glm_object_ref_text(arena, ref), why);
}
