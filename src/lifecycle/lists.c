/* SPDX-License-Identifier: Apache-2.0
 *
 * Kinds that are not served: what that says of their objects.
 */
#include "lifecycle_internal.h"

bool kind_is_gone(struct glm_cluster *cluster, struct glm_arena *arena,
                  const struct glm_object_ref *ref, const char *why, struct glm_diags *errors)
{
    const struct glm_object_ref known = {.kind = GLM_KIND_NAMESPACE, .name = "kube-system"};
    struct glm_read home = {.found = GLM_FOUND_NO_API};
    if (ref->kind->absent && !cluster->ops->read(cluster, arena, &known, &home, errors))
        return false;
    return home.found != GLM_FOUND_NO_API ||
           glm_error(errors, NULL, "The API is not served",
                     "%s was to be removed, and %s. That says nothing of the object: a proxy on "
                     "the way to the API server, or an API server that is not up yet, may have "
                     "answered.",
                     glm_object_ref_text(arena, ref), why);
}
