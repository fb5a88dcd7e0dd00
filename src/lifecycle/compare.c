/* SPDX-License-Identifier: Apache-2.0
 *
 * Comparing: whether an object of a cluster is as wanted. Of a live object only what is owned counts: what we
 * write now and what we wrote before.
 */
#include "seam.h"
#include "write.h"

#include "glm/observe.h"

struct compare_seen compare_seen(struct work *work, struct glm_arena *arena,
                                 const struct wanted_object *o)
{
    const struct glm_value *prior = work->change->prior;
    const struct wanted_object *applied = work_applied(work, arena, &o->ref);
    struct compare_seen seen = {.manifest = &glm_null, .whole = &glm_null, .entries = &glm_null};
    if (!seen_find(arena, prior, applied, o->cluster, record_text(arena, &o->ref),
                   o->role == GLM_ROLE_TRAFFIC, &seen.of))
        return seen;
    seen.manifest = seen_manifest(arena, prior, &seen.of);
    seen.whole = seen_whole(arena, seen.manifest, applied);
    if (!seen.whole)
        seen.whole = seen.manifest;
    if (seen.of.entries)
        seen.entries = seen.of.entries;
    return seen;
}

/* The object as prior's configuration made it, with owner labels; the null value: it did not. */
static const struct glm_value *applied_before(struct work *work, struct glm_arena *arena,
                                              const struct glm_object_ref *ref)
{
    const struct wanted_object *o = work_applied(work, arena, ref);
    return o ? o->object : &glm_null;
}

/* Without an answer of the installer's, as everybody does. */
const struct glm_value *compare_project(const struct work *work, struct glm_arena *arena,
                                        const struct glm_value *live, const struct glm_value *owned)
{
    const struct glm_installer_call call = work_call(work, arena, NULL);
    const struct glm_value *is = seam_project(&call, live, owned);
    return glm_is_map(is) ? is : glm_project(arena, live, owned);
}

bool compare_is_as_wanted(struct work *work, struct glm_arena *arena, const struct wanted_object *o,
                          const struct glm_value *found)
{
    /* What was ours before and is not wanted any more has to go, so it counts too. */
    const struct glm_value *owned =
        glm_owned_union(arena, o->object, compare_seen(work, arena, o).whole);
    owned = glm_owned_union(arena, owned, applied_before(work, arena, &o->ref));
    const struct glm_value *is = compare_project(work, arena, found, owned);
    if (glm_equal(is, o->object))
        return true;
    /* Altered as before, with our labels and annotation in place. */
    return seen_is_altered(arena, record_altered(arena, work->record, &o->ref), o->object, is);
}
