/* SPDX-License-Identifier: Apache-2.0
 *
 * Rehearsal: what is to be written is written for show first, before the first write in its cluster, so that
 * what is refused is refused as a whole. What stands in a Namespace that is not there yet is rehearsed when that
 * was made, and what stands on other new objects is not.
 */
#include "write.h"

#include <string.h>

/* A Namespace of the cluster; asked for once. */
struct place {
    const char *name;
    bool there;
    struct place *next;
};

static bool is_place_there(struct work *work, struct glm_arena *arena, struct place **places,
                           const char *name, bool *ret_there, struct glm_diags *errors)
{
    const struct glm_object_ref ref = {.kind = GLM_KIND_NAMESPACE, .name = name};
    struct glm_read read;
    for (const struct place *p = *places; p; p = p->next)
        if (strcmp(p->name, name) == 0) {
            *ret_there = p->there;
            return true;
        }
    if (!work->cluster->ops->read(work->cluster, arena, &ref, &read, errors))
        return false;
    struct place *place = GLM_NEW(arena, struct place);
    *place =
        (struct place){.name = name, .there = read.found != GLM_FOUND_NOTHING, .next = *places};
    *places = place;
    *ret_there = place->there;
    return true;
}

/* One object. false: with an error, of the object's own. */
static bool rehearse_object(struct work *work, struct glm_arena *arena, size_t index, size_t o,
                            struct place **places, struct guard_obstacles *obstacles,
                            struct glm_diags *errors)
{
    const struct wanted_pair *pair = work_pair(work, index);
    const struct wanted_object *object = &pair->objects[o];
    struct pair_work *p = work_of_pair(work, index);
    const struct write_for purpose = {.at = WORK_AT(work, index),
                                      .pair = object->role == GLM_ROLE_TRAFFIC ? NULL : pair,
                                      .retry = p->await,
                                      .from = p->from};
    enum write_rehearsal rehearsal = WRITE_UNTOLD;
    struct glm_read *look = &p->looks[o];
    bool there = true;
    if (places && look->found == GLM_FOUND_NOTHING && object->ref.namespace_ &&
        !is_place_there(work, arena, places, object->ref.namespace_, &there, errors))
        return false;
    if (!there)
        p->unrehearsed = work->unrehearsed = true;
    else if (!write_rehearse(work, arena, object, look, &purpose, &rehearsal, errors))
        return false;
    if (rehearsal == WRITE_UNTOLD && look->found == GLM_FOUND_NOTHING &&
        !guard_look_afresh(work, arena, p, &object->ref, look, errors))
        return false;
    if (rehearsal == WRITE_IN_THE_WAY || rehearsal == WRITE_UNTOLD)
        guard_add_obstacle(work, arena, object, look, obstacles);
    return true;
}

static bool rehearse_pair(struct work *work, struct glm_arena *arena, size_t index,
                          struct place **places, struct guard_obstacles *obstacles,
                          struct glm_diags *d)
{
    const struct wanted_pair *pair = work_pair(work, index);
    const struct pair_work *p = work_of_pair(work, index);
    bool ok = true;
    for (size_t o = 0; !p->blocked && ok && o < pair->object_count; o++) {
        struct glm_diags errors;
        glm_diags_init(&errors, arena);
        if (pair->objects[o].role == GLM_ROLE_NAMESPACE)
            continue;
        if (work_stopped(work, arena, WORK_AT(work, index), d))
            return false;
        ok = rehearse_object(work, arena, index, o, places, obstacles, &errors);
        if (!ok)
            work_fail(work, arena, WORK_AT(work, index), &errors, d);
        else
            glm_diags_append(d, WORK_AT(work, index), &errors); /* warnings */
    }
    return ok;
}

/* Every pair, so that all that is refused is said at once. */
static bool rehearse_all(struct work *work, struct glm_arena *arena, struct place **places,
                         struct glm_diags *d)
{
    struct guard_obstacles obstacles;
    bool ok = true;
    guard_obstacles_begin(&obstacles, arena);
    for (size_t i = 0; i <= work->wanted->pair_count; i++)
        if (places || work_of_pair(work, i)->unrehearsed)
            ok = rehearse_pair(work, arena, i, places, &obstacles, d) && ok;
    return !guard_refuse_obstacles(work, arena, WORK_AT(work, 0), &obstacles, d) && ok;
}

void rehearse_look(struct work *work, struct glm_arena *arena, struct glm_diags *d)
{
    struct place *places = NULL;
    if (!work->installer->rehearse || work->cluster->ops->files || work->failed)
        return;
    if (!rehearse_all(work, arena, &places, d))
        work->looked = false;
    work->listings = NULL; /* as in the look */
}

bool rehearse_rest(struct work *work, struct glm_arena *arena, struct glm_diags *d)
{
    bool ok = true;
    if (!work->unrehearsed)
        return true;
    for (size_t i = 0; ok && i <= work->wanted->pair_count; i++) {
        const struct wanted_pair *pair = work_pair(work, i);
        for (size_t o = 0; ok && !work_of_pair(work, i)->blocked && o < pair->object_count; o++)
            if (pair->objects[o].role == GLM_ROLE_NAMESPACE)
                ok = !work_stopped(work, arena, WORK_AT(work, i), d) &&
                     write_namespace(work, arena, pair->objects[o].ref.name, WORK_AT(work, i), d);
    }
    ok = ok && rehearse_all(work, arena, NULL, d);
    work->listings = NULL;
    return ok;
}
