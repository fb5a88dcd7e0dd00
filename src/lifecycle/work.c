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
static void open_place(struct work *w, struct glm_arena *arena, struct glm_diags *d)
{
    if (w->opened || w->failed)
        return;
    struct glm_diags errors;
    glm_diags_init(&errors, arena);
    if (!w->cluster->ops->identify(w->cluster, w->kept, &w->place, &errors)) {
        work_fail(w, arena, GLM_AT_ATTR(NULL, "installations"), &errors, d);
        return;
    }
    w->opened = true;
    w->label = estate_label(w->kept, w->cluster);
    bool files = w->cluster->ops->files;
    if (place_compare(w->record, w->place, files ? w->label : NULL) == PLACE_SAME)
        return;
    if (files && place_has_ours(w->cluster, arena, w->record, w->name, w->namespace_))
        return; /* they came along */
    if (!files) /* of files the plan has said so */
        glm_warn(d, GLM_AT_ATTR(NULL, "installations"), "Cluster has moved",
                 "Cluster \"%s\" is another one than when this was last applied (%s then, %s now). "
                 "It counts as new: everything is written there, and what is in the old one is "
                 "left alone.",
                 w->cluster_name, glm_string_or(glm_get(w->record, "place"), "?"), w->place);
    w->record = &glm_empty_map;
}

void work_look(struct work *w, struct glm_arena *arena, struct glm_diags *d)
{
    if (!w->wanted || w->failed)
        return;
    w->pairs = GLM_NEW_ARRAY(w->kept, w->wanted->pair_count, struct pair_work);
    open_place(w, arena, d);
    if (w->failed)
        return;
    guard_look(w, arena, d);
    if (!w->failed && w->wanted->pair_count > 0)
        rivals_look(w, arena, d);
    w->looked = !w->failed; /* a cluster that could not even be read is left as it is */
    if (!w->looked)
        return;
    preflight(w, arena, d);
    /* Then it may not have seen all that it looks for. */
    if (time_limit_over(&w->limit) && !work_stop_asked(w))
        w->looked = !work_stopped(w, arena, GLM_AT_ATTR(NULL, "installations"), d);
}

/* True when it was as wanted. */
static bool forget(struct work *w, const struct wanted_object *o, struct glm_read *look)
{
    if (look->found == GLM_FOUND_UNREADABLE)
        look->why = glm_strdup(w->kept, look->why);
    if (look->found != GLM_FOUND || !look->object)
        return false;
    bool same = glm_equal(look->object, o->object);
    const struct glm_value *selector = glm_get_path(look->object, "spec", "selector", NULL);
    look->object = glm_with_path(w->kept, &glm_empty_map, glm_copy(w->kept, selector), "spec",
                                 "selector", NULL);
    return same;
}

void work_forget(struct work *w)
{
    for (size_t i = 0; w->pairs && i < w->wanted->pair_count; i++) {
        const struct wanted_pair *pair = &w->wanted->pairs[i];
        struct pair_work *p = &w->pairs[i];
        if (!p->services) /* not looked at */
            continue;
        p->same = forget(w, &pair->operator_, &p->operator_);
        p->same_services = GLM_NEW_ARRAY(w->kept, pair->service_count, bool);
        for (size_t s = 0; s < pair->service_count; s++)
            p->same_services[s] = forget(w, &pair->services[s], &p->services[s]);
    }
}

/* ---- installing ---- */

static bool install_pair(struct work *w, struct glm_arena *arena, size_t index, struct glm_diags *d)
{
    const struct wanted_pair *pair = &w->wanted->pairs[index];
    struct pair_work *p = &w->pairs[index];
    const struct glm_path *at = WORK_AT(w, index);
    const struct write_for purpose = {.at = at, .pair = p, .key = pair->key, .same = p->same};
    struct written written = {0};
    bool ok = !p->blocked && !w->outrun; /* of two that create, one is to have it all */
    for (size_t i = 0; i < pair->namespace_count && ok; i++)
        ok =
            !work_stopped(w, arena, at, d) && write_namespace(w, arena, pair->namespaces[i], at, d);
    ok = ok && write_object(w, arena, &pair->operator_, &p->operator_, &purpose, &written, d);
    if (!ok) {
        keep_pair(w, pair->key);
        if (written.unsure && p->operator_.found != GLM_FOUND)
            outcome_pair(w, arena, pair);
        if (!p->status)
            p->status = outcome_failed(w, arena, index);
        return false;
    }
    p->written = written.version;
    outcome_pair(w, arena, pair);
    return true;
}

/* ---- switching ---- */

static void write_service(struct work *w, struct glm_arena *arena, size_t index, size_t s,
                          struct glm_diags *d)
{
    const struct wanted_pair *pair = &w->wanted->pairs[index];
    struct pair_work *p = &w->pairs[index];
    const struct write_for purpose = {.at = WORK_AT(w, index),
                                      .same = p->same_services && p->same_services[s]};
    struct written written = {0};
    if (!write_object(w, arena, &pair->services[s], &p->services[s], &purpose, &written, d)) {
        if (written.unsure && p->services[s].found != GLM_FOUND)
            outcome_service(w, pair, s, &glm_null);
        else
            keep_service(w, arena, pair->service_keys[s]);
        p->status = outcome_failed(w, arena, index);
        p->ready = false;
        return;
    }
    /* From here on it is there, and selects what it is to select. */
    p->services[s] = (struct glm_read){.found = GLM_FOUND, .object = pair->services[s].bare};
    outcome_service(w, pair, s, written.stored);
}

/* From the revision that serves now to this one, without a moment in which none does. */
static void switch_service(struct work *w, struct glm_arena *arena, size_t index, size_t s,
                           struct glm_diags *d)
{
    const struct wanted_pair *pair = &w->wanted->pairs[index];
    const struct wanted_object *service = &pair->services[s];
    struct pair_work *p = &w->pairs[index];
    size_t errors = d->errors;
    bool live = !w->cluster->ops->files;
    p->ready = false; /* for its traffic, until that has come over */
    if (live && !endpoints_before(w, arena, index, service, d)) {
        keep_service(w, arena, pair->service_keys[s]);
    } else {
        write_service(w, arena, index, s, d);
        if (d->errors == errors && live)
            endpoints_after(w, arena, index, service, d);
    }
    p->ready = d->errors == errors;
}

/* Writes what may be written now: everything of a pair that is ready; of others what takes no
 * traffic away from somebody: Services that are not there yet, or select the same Pods. */
static void switch_services(struct work *w, struct glm_arena *arena, size_t index, bool early,
                            struct glm_diags *d)
{
    const struct wanted_pair *pair = &w->wanted->pairs[index];
    struct pair_work *p = &w->pairs[index];
    for (size_t s = 0; s < pair->service_count; s++) {
        bool harmless = p->installed && !work_moves_traffic(&pair->services[s], &p->services[s]);
        if (early != harmless)
            continue;
        if (harmless)
            write_service(w, arena, index, s, d);
        else if (p->installed && p->ready)
            switch_service(w, arena, index, s, d);
        else
            keep_service(w, arena, pair->service_keys[s]);
    }
}

/* ---- the whole ---- */

void work_do(struct work *w, struct glm_arena *arena, struct glm_diags *d)
{
    size_t pairs = w->wanted ? w->wanted->pair_count : 0;
    for (size_t i = 0; i < pairs; i++)
        w->pairs[i].await = !glm_is_map(
            status_get(w->change->attributes, w->cluster_name, w->wanted->pairs[i].key));
    bool looked = w->looked;
    if (!w->wanted)
        open_place(w, arena, d);
    if (w->opened && w->cluster->ops->tidy)
        w->cluster->ops->tidy(w->cluster, arena);
    if (!looked)
        outcome_leave(w, arena);
    for (size_t i = 0; i < pairs && looked; i++)
        w->pairs[i].installed = install_pair(w, arena, i, d);
    for (size_t i = 0; i < pairs; i++)
        switch_services(w, arena, i, true, d);
    if (looked && pairs > 0)
        wait_until_ready(w, arena, d);
    for (size_t i = 0; i < pairs; i++)
        switch_services(w, arena, i, false, d);
    remove_leavers(w, arena, d);
    outcome_tell(w, arena);
}
