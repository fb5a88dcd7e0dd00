/* SPDX-License-Identifier: Apache-2.0
 *
 * What killed writers left behind, in the whole tree: temporary files, and the directory of a
 * namespace that was made for the first of them.
 *
 * A write sweeps the directory that it works in; that is not enough. The run after a kill may have
 * nothing to write there: the object is complete already, or the configuration went back to what
 * the state has, or does not have that object any more.
 *
 * Owner:  names live in the arena given.
 * Errors: none: this is housekeeping, and a place that may only be read is no trouble.
 * Thread: no shared state; a file that somebody is writing is never touched.
 */
#include "internal.h"

static void tidy_one(const struct directory *dir, struct glm_arena *arena,
                     enum glm_object_kind kind, const char *namespace_)
{
    struct directory_way way = directory_way_to(kind, namespace_);
    struct trouble t;
    int AUTO_CLOSE at = directory_open(dir, arena, &way, DIRECTORY_LIST, &t);
    if (at >= 0 && directory_sweep(at, arena) && namespace_)
        directory_remove_empty(dir, arena, namespace_);
}

void directory_tidy(struct glm_cluster *cluster, struct glm_arena *arena)
{
    const struct directory *dir = (const struct directory *)cluster;
    tidy_one(dir, arena, GLM_KIND_NAMESPACE, NULL);
    struct directory_way way = directory_way_to(GLM_KIND_ISTIO_OPERATOR, NULL);
    struct trouble t;
    int AUTO_CLOSE at = directory_open(dir, arena, &way, DIRECTORY_LIST, &t);
    size_t count = 0;
    const char **namespaces = at < 0 ? NULL : directory_names(at, arena, &count);
    for (size_t i = 0; namespaces && i < count; i++)
        if (*namespaces[i] != '.')
            tidy_one(dir, arena, GLM_KIND_ISTIO_OPERATOR, namespaces[i]);
}
