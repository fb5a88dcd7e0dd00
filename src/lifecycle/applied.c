/* SPDX-License-Identifier: Apache-2.0
 *
 * What was applied to one cluster: prior's configuration, translated when it is first asked for.
 */
#include "parts.h"

#include <string.h>

const struct glm_value *work_record(const struct work *work, const char *cluster)
{
    if (strcmp(cluster, work->cluster_name) == 0 || work->record == &glm_empty_map)
        return work->record;
    return record_cluster(work->kept, work->change->record, work->change->prior, cluster);
}

const struct wanted_object *work_applied(struct work *work, struct glm_arena *arena,
                                         const struct glm_object_ref *ref)
{
    if (!work->rendered)
        work->applied = wanted_render_before(arena, work->estate, work->before, work->cluster_name);
    work->rendered = true;
    return wanted_object_find(work->applied, ref);
}
