/* SPDX-License-Identifier: Apache-2.0
 *
 * Sight: the pair of an apply as its installer is asked about it.
 */
#include "parts.h"

struct glm_installer_call work_call(const struct work *work, struct glm_arena *arena,
                                    struct glm_cluster *cluster)
{
    struct glm_installer_call call =
        seam_call(arena, work->estate, work->installer, work->cluster_name);
    call.manager = work->all ? work->all->manager : NULL;
    call.label = work->label;
    call.cluster = cluster;
    call.field_manager = work->cluster ? work->cluster->field_manager : NULL;
    call.given_ms = work->change->timeout_ms;
    call.operation = work->limit.operation;
    return call;
}

static struct glm_installer_look look_of(const struct wanted_object *o, const struct glm_read *read)
{
    struct glm_installer_look look = {.ref = o->ref, .role = o->role, .main = o->main};
    look.read = read ? *read : (struct glm_read){.found = GLM_FOUND_NOTHING};
    if (look.read.found != GLM_FOUND)
        look.read.object = &glm_null;
    return look;
}

struct glm_installer_object sight_object(const struct wanted_object *o)
{
    return (struct glm_installer_object){
        .role = o->role, .ref = o->ref, .object = o->bare, .main = o->main, .view = o->view};
}

/* Adds what the pair is to have and has: its objects, and the looks at those that stand for it. */
static void fill(const struct wanted_pair *wanted, const struct pair_work *p,
                 struct glm_installer_object *own, struct glm_installer_look *looks,
                 struct glm_installer_sight *sight)
{
    for (size_t i = 0; i < wanted->object_count; i++) {
        const struct wanted_object *o = &wanted->objects[i];
        own[sight->own_count] = sight_object(o);
        own[sight->own_count++].pair = wanted->installation ? 0 : GLM_PAIR_ALL;
        if (o->main)
            looks[sight->look_count++] = look_of(o, p->looks ? &p->looks[i] : NULL);
    }
}

void sight_of_pair(struct work *work, struct glm_arena *arena, size_t index,
                   struct sight_of *ret_of)
{
    const struct wanted_pair *wanted = &work->wanted->pairs[index];
    const struct pair_work *p = &work->pairs[index];
    struct glm_installer_pair *pair = GLM_NEW(arena, struct glm_installer_pair);
    *pair = (struct glm_installer_pair){.cluster = wanted->cluster,
                                        .key = wanted->key,
                                        .installation = wanted->installation,
                                        .placement = wanted->placement};
    *ret_of = (struct sight_of){
        .call = work_call(work, arena, NULL),
        .wanted = {.pair = pair,
                   .wanted = true,
                   .healthy = record_generation(work_record(work, wanted->cluster), wanted->key),
                   .written = p->written},
        .notes = p->notes,
    };
    const struct wanted_pair *shared = &work->wanted->shared;
    size_t most = wanted->object_count + shared->object_count;
    struct glm_installer_object *own = GLM_NEW_ARRAY(arena, most, struct glm_installer_object);
    struct glm_installer_look *looks = GLM_NEW_ARRAY(arena, most, struct glm_installer_look);
    fill(wanted, p, own, looks, &ret_of->wanted);
    fill(shared, &work->shared, own, looks, &ret_of->wanted);
    ret_of->wanted.own = own;
    ret_of->wanted.looks = looks;
}
