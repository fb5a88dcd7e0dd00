/* SPDX-License-Identifier: Apache-2.0
 *
 * What was applied to one cluster: prior's configuration, translated when it is first asked for.
 */
#include "parts.h"

const struct wanted_object *work_applied(struct work *w, struct glm_arena *arena,
                                         const struct glm_object_ref *ref)
{
    if (!w->rendered)
        w->applied = wanted_render_before(arena, w->estate, w->before, w->cluster_name);
    w->rendered = true;
    return wanted_object_find(w->applied, ref);
}
