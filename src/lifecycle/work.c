/* SPDX-License-Identifier: Apache-2.0
 *
 * The work in one cluster: install new revisions, wait until they are healthy, switch the active
 * Service, remove old revisions, in this order, writing only what differs. What could not be done
 * stays in the result as it is.
 */
#include "parts.h"
#include "write.h"

#include <string.h>

/* ---- looking ---- */

/* Which place this is, and whether the record speaks of it. */
static void open_place(struct work *work, struct glm_arena *arena, struct glm_diags *d)
{
    if (work->opened || work->failed)
        return;
    struct glm_diags errors;
    glm_diags_init(&errors, arena);
    if (!work->cluster->ops->identify(work->cluster, work->kept, &work->place, &errors)) {
        work_fail(work, arena, GLM_AT_ATTR(NULL, "installations"), &errors, d);
        return;
    }
    work->opened = true;
    work->label = estate_label(work->kept, work->cluster);
    bool files = work->cluster->ops->files;
    if (place_compare(arena, work->record, work->cluster, work->place) == PLACE_SAME)
        return;
    if (files && place_has_ours(work->estate, work->cluster, work->record, work->change->prior))
        return; /* they came along */
    const char *known = record_leads_to(work->record);
    bool said = files || (known && strcmp(known, work->place) == 0); /* by the plan */
    const struct place_move move = {.estate = work->estate,
                                    .prior = work->change->prior,
                                    .name = work->cluster_name,
                                    .record = work->record,
                                    .is = work->place,
                                    .look_in = work->cluster};
    if (!said)
        place_warn(work->kept, &move, d);
    work->left = work->record;
    work->record = &glm_empty_map;
}

void work_look(struct work *work, struct glm_arena *arena, struct glm_diags *d)
{
    if (!work->wanted || work->failed)
        return;
    work->pairs = GLM_NEW_ARRAY(work->kept, work->wanted->pair_count, struct pair_work);
    size_t notes = work->installer->notes_size;
    for (size_t i = 0; notes > 0 && i < work->wanted->pair_count; i++)
        work->pairs[i].notes = glm_alloc(work->kept, notes);
    open_place(work, arena, d);
    if (!work->failed)
        hands_look(work, arena, d);
    if (work->failed)
        return;
    guard_look(work, arena, d);
    if (!work->failed && work->wanted->pair_count > 0)
        rivals_look(work, arena, d);
    work->listings = NULL;        /* they go with the arena of the look */
    work->looked = !work->failed; /* a cluster that could not even be read is left as it is */
    if (!work->looked)
        return;
    preflight(work, arena, d);
    rehearse_look(work, arena, d);
    /* Then it may not have seen all that it looks for. */
    if (time_limit_over(&work->limit) && !work_stop_asked(work))
        work->looked = !work_stopped(work, arena, GLM_AT_ATTR(NULL, "installations"), d);
}

/* True when it was as wanted. */
static bool forget(struct work *work, const struct wanted_object *o, struct glm_read *look)
{
    if (look->found == GLM_FOUND_UNREADABLE)
        look->why = glm_strdup(work->kept, look->why);
    if (look->found != GLM_FOUND || !look->object)
        return false;
    bool same = glm_equal(look->object, o->object);
    const struct glm_value *selector = glm_get_path(look->object, "spec", "selector", NULL);
    look->object = glm_with_path(work->kept, &glm_empty_map, glm_copy(work->kept, selector), "spec",
                                 "selector", NULL);
    return same;
}

void work_forget(struct work *work)
{
    for (size_t i = 0; work->pairs && i <= work->wanted->pair_count; i++) {
        const struct wanted_pair *pair = work_pair(work, i);
        struct pair_work *p = work_of_pair(work, i);
        if (!p->looks) /* not looked at */
            continue;
        p->same = GLM_NEW_ARRAY(work->kept, pair->object_count, bool);
        for (size_t o = 0; o < pair->object_count; o++) {
            bool looked_at = pair->objects[o].role != GLM_ROLE_NAMESPACE;
            work->found += looked_at && p->looks[o].found != GLM_FOUND_NOTHING;
            p->same[o] = forget(work, &pair->objects[o], &p->looks[o]);
        }
    }
}

/* ---- installing ---- */

/* What was written just now is waited for, even where a plan has seen nothing to do. */
static void await_written(struct work *work, size_t index)
{
    bool all = index == work->wanted->pair_count;
    for (size_t i = 0; i < work->wanted->pair_count; i++)
        if ((all || i == index) && !work->cluster->ops->files)
            work->pairs[i].await = true;
}

/* Which object it is, of a pair that changes hands. */
static void note_uid(struct work *work, size_t index, size_t o, const struct glm_value *stored)
{
    struct pair_work *p = work_of_pair(work, index);
    if (!p->from)
        return;
    if (!p->uids)
        p->uids = GLM_NEW_ARRAY(work->kept, work_pair(work, index)->object_count, const char *);
    const char *uid = glm_string_or(glm_get_path(stored, "metadata", "uid", NULL), NULL);
    p->uids[o] = uid ? glm_strdup(work->kept, uid) : NULL;
}

static bool install_object(struct work *work, struct glm_arena *arena, size_t index, size_t o,
                           struct glm_diags *d)
{
    const struct wanted_pair *pair = work_pair(work, index);
    const struct wanted_object *object = &pair->objects[o];
    struct pair_work *p = work_of_pair(work, index);
    const struct write_for purpose = {.at = WORK_AT(work, index),
                                      .pair = pair,
                                      .retry = p->await,
                                      .same = p->same && p->same[o],
                                      .from = p->from};
    struct written written = {0};
    if (write_object(work, arena, object, &p->looks[o], &purpose, &written, d)) {
        if (object->main && written.version)
            p->written = written.version;
        if (written.wrote)
            await_written(work, index);
        p->instead = p->instead || written.instead;
        note_uid(work, index, o, written.stored);
        outcome_object(work, pair, object, written.stored, written.altered);
        return true;
    }
    /* What is another one's so far is in no record until something of it is ours, or may be. */
    bool touched =
        (written.touched || written.unsure) && !record_has(arena, work->record, &object->ref);
    if (touched || (written.unsure && p->looks[o].found != GLM_FOUND))
        outcome_object(work, pair, object, &glm_null, NULL);
    else
        outcome_keep_object(work, record_text(arena, &object->ref));
    return false;
}

/* All that the pair needs, in the order of roles; after an error the rest is left as it is. */
static bool install_pair(struct work *work, struct glm_arena *arena, size_t index,
                         struct glm_diags *d)
{
    const struct wanted_pair *pair = work_pair(work, index);
    struct pair_work *p = work_of_pair(work, index);
    const struct glm_path *at = WORK_AT(work, index);
    bool ok = !p->blocked && !work->outrun; /* of two that create, one is to have it all */
    for (size_t o = 0; o < pair->object_count; o++) {
        const struct wanted_object *object = &pair->objects[o];
        if (object->role == GLM_ROLE_NAMESPACE)
            ok = ok && !work_stopped(work, arena, at, d) &&
                 write_namespace(work, arena, object->ref.name, at, d);
        else if (object->role != GLM_ROLE_TRAFFIC && ok)
            ok = install_object(work, arena, index, o, d);
        else if (object->role != GLM_ROLE_TRAFFIC)
            outcome_keep_object(work, record_text(arena, &object->ref));
    }
    if (!ok && !p->status && index < work->wanted->pair_count)
        p->status = outcome_failed(work, arena, index);
    return ok;
}

/* What is for all pairs comes after what is for one, and only when that is there: without either no
 * pair is installed. */
static void install_all(struct work *work, struct glm_arena *arena, struct glm_diags *d)
{
    const size_t pairs = work->wanted->pair_count;
    bool free = rehearse_rest(work, arena, d) && remove_actors(work, arena, d);
    if (free)
        hands_yield(work, arena, d);
    for (size_t i = 0; i < pairs; i++) {
        work->pairs[i].blocked = work->pairs[i].blocked || !free;
        work->pairs[i].installed = install_pair(work, arena, i, d);
        work->shared.blocked = work->shared.blocked || !work->pairs[i].installed;
    }
    if (work->wanted->shared.object_count == 0)
        return;
    bool ok = install_pair(work, arena, pairs, d);
    for (size_t i = 0; i < pairs; i++) {
        struct pair_work *p = &work->pairs[i];
        p->installed = p->installed && ok;
        if (!ok && !p->status)
            p->status = outcome_failed(work, arena, i);
        if (work->shared.written)
            p->written = work->shared.written;
    }
}

/* ---- switching ---- */

/* o: index of the object. */
static void write_service(struct work *work, struct glm_arena *arena, size_t index, size_t o,
                          struct glm_diags *d)
{
    const struct wanted_pair *pair = &work->wanted->pairs[index];
    const struct wanted_object *service = &pair->objects[o];
    struct pair_work *p = &work->pairs[index];
    const struct write_for purpose = {.at = WORK_AT(work, index), .same = p->same && p->same[o]};
    struct written written = {0};
    if (!write_object(work, arena, service, &p->looks[o], &purpose, &written, d)) {
        if (written.unsure && p->looks[o].found != GLM_FOUND)
            outcome_object(work, pair, service, &glm_null, NULL);
        else
            outcome_keep_object(work, record_text(arena, &service->ref));
        p->status = outcome_failed(work, arena, index);
        p->ready = false;
        return;
    }
    /* From here on it is there, and selects what it is to select. */
    p->looks[o] = (struct glm_read){.found = GLM_FOUND, .object = service->bare};
    outcome_object(work, pair, service, written.stored, written.altered);
}

/* From the revision that serves now to this one, without a moment in which none does. */
static void switch_service(struct work *work, struct glm_arena *arena, size_t index, size_t o,
                           struct glm_diags *d)
{
    const struct wanted_object *service = &work->wanted->pairs[index].objects[o];
    struct pair_work *p = &work->pairs[index];
    size_t errors = d->errors;
    bool live = !work->cluster->ops->files;
    p->ready = false; /* for its traffic, until that has come over */
    if (live && !endpoints_before(work, arena, index, service, d)) {
        outcome_keep_object(work, record_text(arena, &service->ref));
    } else {
        write_service(work, arena, index, o, d);
        if (d->errors == errors && live)
            endpoints_after(work, arena, index, service, d);
    }
    p->ready = d->errors == errors;
}

/* Writes what may be written now: everything of a pair that is ready; of others what takes no
 * traffic away from somebody: Services that are not there yet, or select the same Pods. */
static void switch_services(struct work *work, struct glm_arena *arena, size_t index, bool early,
                            struct glm_diags *d)
{
    const struct wanted_pair *pair = &work->wanted->pairs[index];
    struct pair_work *p = &work->pairs[index];
    for (size_t o = 0; o < pair->object_count; o++) {
        const struct wanted_object *service = &pair->objects[o];
        if (service->role != GLM_ROLE_TRAFFIC)
            continue;
        bool harmless = p->installed && !work_moves_traffic(service, &p->looks[o]);
        if (early != harmless)
            continue;
        if (harmless)
            write_service(work, arena, index, o, d);
        else if (p->installed && p->ready)
            switch_service(work, arena, index, o, d);
        else
            outcome_keep_object(work, record_text(arena, &service->ref));
    }
}

/* ---- the whole ---- */

/* True when the state of a pair is to be found out. Of files there is nothing to be found out. */
static bool is_to_await(const struct work *work, struct glm_arena *arena,
                        const struct wanted_pair *pair)
{
    const struct glm_change *change = work->change;
    const struct settling s = {arena, change->prior, change->attributes, change->record,
                               work->wanted};
    if (!glm_is_map(status_get(change->attributes, pair->cluster, pair->key)))
        return true;
    return !(work->cluster && work->cluster->ops->files) && !settled_untouched(&s, pair);
}

void work_do(struct work *work, struct glm_arena *arena, struct glm_diags *d)
{
    size_t pairs = work->wanted ? work->wanted->pair_count : 0;
    for (size_t i = 0; i < pairs; i++)
        work->pairs[i].await =
            work->pairs[i].from || is_to_await(work, arena, &work->wanted->pairs[i]);
    bool looked = work->looked;
    if (!work->wanted)
        open_place(work, arena, d);
    if (work->opened && work->cluster->ops->tidy)
        work->cluster->ops->tidy(work->cluster, arena);
    if (!looked)
        outcome_leave(work, arena);
    if (looked && pairs > 0)
        install_all(work, arena, d);
    for (size_t i = 0; i < pairs; i++)
        switch_services(work, arena, i, true, d);
    if (looked && pairs > 0)
        wait_until_ready(work, arena, d);
    for (size_t i = 0; i < pairs; i++)
        switch_services(work, arena, i, false, d);
    if (looked && pairs > 0)
        hands_take(work, arena, d);
    outcome_tell(work, arena);
    remove_leavers(work, arena, d);
    hands_end(work, arena, d);
    outcome_check(work, arena, d);
}
