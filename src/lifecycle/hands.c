/* SPDX-License-Identifier: Apache-2.0
 *
 * Hands: pairs of a live cluster that another installer has made so far; what that one has of them, and what the
 * new one inherits.
 */
#include "maker.h"
#include "parts.h"
#include "seam.h"

#include <string.h>

const char *hands_manager(const struct work *work, struct glm_arena *arena)
{
    const char *own = work->cluster->field_manager;
    return glm_sprintf(arena, "%s" GLM_INSTALLER_YIELDS, own ? own : "");
}

bool hands_is_kept_away(const struct work *work, struct glm_arena *arena,
                        const struct glm_value *live)
{
    return glm_live_is_managed(live, hands_manager(work, arena), NULL);
}

/* ---- who has made what ---- */

bool hands_is_of_pair(const struct work *work, const struct record_object *o,
                      const struct wanted_pair *pair)
{
    const char *cluster = o->cluster ? o->cluster : work->cluster_name;
    return o->pair && o->role != GLM_ROLE_TRAFFIC && strcmp(o->pair, pair->key) == 0 &&
           strcmp(cluster, pair->cluster) == 0;
}

bool hands_is_left(struct work *work, struct glm_arena *arena, const struct record_object *o,
                   const struct wanted_pair *pair, struct glm_object_ref *ret_ref)
{
    return hands_is_of_pair(work, o, pair) && record_ref(arena, work->estate, o->text, ret_ref) &&
           !wanted_object_find(work->wanted, ret_ref);
}

static const struct glm_installer *from_of(struct work *work, struct glm_arena *arena,
                                           const struct wanted_pair *pair)
{
    const struct maker_asked asked = {.seat = work->wanted,
                                      .cluster = pair->cluster,
                                      .key = pair->key,
                                      .record = work_record(work, pair->cluster),
                                      .seat_record = work->record};
    return maker_before(arena, work->estate, &asked);
}

/* The main objects that the other one has of a pair. */
static bool look_at_mains(struct work *work, struct glm_arena *arena, size_t index,
                          struct glm_diags *errors)
{
    const struct record_object *objects;
    struct pair_work *p = &work->pairs[index];
    size_t count = record_objects(arena, work->record, &objects);
    struct glm_installer_look *looks = GLM_NEW_ARRAY(work->kept, count, struct glm_installer_look);
    for (size_t i = 0; i < count; i++) {
        struct glm_installer_look *look = &looks[p->left_count];
        *look = (struct glm_installer_look){.role = objects[i].role, .main = true};
        if (!objects[i].main ||
            !hands_is_left(work, work->kept, &objects[i], &work->wanted->pairs[index], &look->ref))
            continue;
        if (!work->cluster->ops->read(work->cluster, arena, &look->ref, &look->read, errors))
            return false;
        if (look->read.found != GLM_FOUND)
            look->read.object = &glm_null;
        p->left_count++;
    }
    p->left = looks;
    return true;
}

static bool is_imported(const struct work *work, struct glm_arena *arena,
                        const struct wanted_pair *pair)
{
    for (size_t i = 0; i < pair->object_count; i++)
        if (pair->objects[i].main && record_is_foreign(arena, work->record, &pair->objects[i].ref))
            return true;
    return false;
}

void hands_look(struct work *work, struct glm_arena *arena, struct glm_diags *d)
{
    struct glm_diags errors;
    glm_diags_init(&errors, arena);
    if (work->cluster->ops->files || work->creating)
        return;
    for (size_t i = 0; i < work->wanted->pair_count && !work->failed; i++) {
        struct pair_work *p = &work->pairs[i];
        p->from = from_of(work, arena, &work->wanted->pairs[i]);
        p->imported = !p->from && is_imported(work, arena, &work->wanted->pairs[i]);
        if (p->from && !look_at_mains(work, arena, i, &errors))
            work_fail(work, arena, WORK_AT(work, i), &errors, d);
    }
}

enum glm_installer_heir hands_heir(struct work *work, struct glm_arena *arena, size_t index,
                                   const struct glm_object_ref *ref, enum glm_role role,
                                   const struct glm_read *read)
{
    const struct pair_work *p = &work->pairs[index];
    const struct glm_installer_look found = {.ref = *ref, .role = role, .read = *read};
    struct sight_of of;
    sight_of_pair(work, arena, index, &of);
    of.wanted.looks = p->left;
    of.wanted.look_count = p->left_count;
    of.call.predecessor = p->from->name;
    return seam_inherits(&of.call, &of.wanted, &found);
}

bool hands_lets_go(const struct work *work, const struct glm_object_ref *ref)
{
    for (size_t i = 0; i < work->wanted->pair_count; i++)
        for (size_t k = 0; k < work->pairs[i].left_count; k++)
            if (glm_object_ref_same(&work->pairs[i].left[k].ref, ref))
                return true;
    return false;
}

/* The wanted pair with an object; NULL: none has it. */
static const struct wanted_object *find_wanted(const struct work *work,
                                               const struct glm_object_ref *ref, size_t *ret_index)
{
    for (size_t i = 0; i < work->wanted->pair_count; i++)
        for (size_t o = 0; o < work->wanted->pairs[i].object_count; o++)
            if (glm_object_ref_same(&work->wanted->pairs[i].objects[o].ref, ref)) {
                *ret_index = i;
                return &work->wanted->pairs[i].objects[o];
            }
    return NULL;
}

/* Of a pair that was imported as somebody else had made it: what stands for it is in the record, what came with
 * it is not. */
static bool came_along(struct work *work, struct glm_arena *arena, size_t index,
                       const struct wanted_object *o, const struct glm_read *look)
{
    const struct glm_installer_look found = {.ref = o->ref, .role = o->role, .read = *look};
    struct sight_of of;
    if (o->main || o->role == GLM_ROLE_TRAFFIC || !work->pairs[index].imported)
        return false;
    sight_of_pair(work, arena, index, &of);
    return seam_inherits(&of.call, &of.wanted, &found) == GLM_INSTALLER_TAKES;
}

bool hands_inherits(struct work *work, struct glm_arena *arena, const struct glm_object_ref *ref,
                    const struct glm_read *look)
{
    size_t index = 0;
    const struct wanted_object *o =
        work->wanted && work->pairs ? find_wanted(work, ref, &index) : NULL;
    if (!o || look->found != GLM_FOUND)
        return false;
    return work->pairs[index].from
               ? hands_heir(work, arena, index, ref, o->role, look) == GLM_INSTALLER_TAKES
               : came_along(work, arena, index, o, look);
}
