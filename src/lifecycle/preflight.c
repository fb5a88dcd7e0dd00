/* SPDX-License-Identifier: Apache-2.0
 *
 * Preflight: whether what is missing in a cluster can be installed at all, before the first write
 * anywhere, as the installer finds out.
 */
#include "parts.h"
#include "seam.h"

static void block(struct work *work, struct glm_arena *arena, size_t index,
                  const struct glm_installer_verdict *verdict, struct glm_diags *d)
{
    struct pair_work *p = &work->pairs[index];
    const char *revision = work->wanted->pairs[index].installation->revision;
    p->blocked = true;
    p->status = status_entry(arena, verdict->state, revision, verdict->message);
    work_error(work, arena, WORK_AT(work, index), d, verdict->summary, "%s", verdict->message);
}

void preflight(struct work *work, struct glm_arena *arena, struct glm_diags *d)
{
    if (!work->wanted || work->failed || work->cluster->ops->files)
        return;
    const size_t count = work->wanted->pair_count;
    struct glm_installer_call call = work_call(work, arena, work->cluster);
    struct glm_installer_sight *sights = GLM_NEW_ARRAY(arena, count, struct glm_installer_sight);
    struct glm_installer_verdict *verdicts =
        GLM_NEW_ARRAY(arena, count, struct glm_installer_verdict);
    void **notes = GLM_NEW_ARRAY(arena, count, void *);
    struct glm_diags errors;
    glm_diags_init(&errors, arena);
    if (count == 0)
        return;
    for (size_t i = 0; i < count; i++) {
        struct sight_of of;
        sight_of_pair(work, arena, i, &of);
        sights[i] = of.wanted;
        notes[i] = of.notes;
    }
    if (!seam_preflight(&call, sights, count, notes, verdicts, &errors)) {
        work_fail(work, arena, WORK_AT(work, 0), &errors, d);
        work->looked = false;
        return;
    }
    glm_diags_append(d, NULL, &errors); /* warnings */
    for (size_t i = 0; i < count; i++)
        if (verdicts[i].blocked)
            block(work, arena, i, &verdicts[i], d);
}
