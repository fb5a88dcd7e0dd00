/* SPDX-License-Identifier: Apache-2.0
 *
 * The work in one cluster: install new revisions, wait until they are healthy, switch the active
 * Service, remove old revisions, in this order, writing only what differs. What could not be done
 * stays in the result as it is.
 */
#include "work.h"
#include "write.h"

#include "glm/shown.h"

#include <string.h>

/* ---- errors ---- */

static bool takes_traffic_away(const struct wanted_object *o, const struct glm_read *look)
{
    return look->found == GLM_FOUND && look->object && /* not looked at before the cluster failed */
           !glm_equal(glm_get_path(look->object, "spec", "selector", NULL),
                      glm_get_path(o->bare, "spec", "selector", NULL));
}

/* Where the traffic of Services stays that are not switched, because their gateways are not ready;
 * "" when there is none. After an error nothing is removed either. */
static const char *traffic_stays(const struct work *w, struct glm_arena *arena)
{
    struct glm_text text;
    glm_text_init(&text, arena, (size_t)64 << 10);
    bool live = w->cluster && !w->cluster->ops->files;
    for (size_t i = 0; live && w->wanted && w->pairs && i < w->wanted->pair_count; i++) {
        const struct wanted_pair *pair = &w->wanted->pairs[i];
        const struct pair_work *p = &w->pairs[i];
        for (size_t s = 0; !p->ready && p->services && s < pair->service_count; s++) {
            const struct glm_read *look = &p->services[s];
            if (!takes_traffic_away(&pair->services[s], look))
                continue;
            const struct glm_value *selector = glm_get_path(look->object, "spec", "selector", NULL);
            const char *revision = glm_string_or(glm_get(selector, "revision"), NULL);
            glm_text_addf(
                &text, "%s %s selects %s%s%s.", text.len ? "" : "The traffic stays where it is:",
                glm_object_ref_text(arena, &pair->services[s].ref), revision ? "revision \"" : "",
                revision ? revision : observe_labels(arena, selector), revision ? "\"" : "");
        }
    }
    if (text.len)
        glm_text_adds(&text, " Nothing is removed in this cluster.\n\n");
    return text.data;
}

/* What to do next. Terraform puts no address to the errors of a destroy. */
static const char *what_next(const struct work *w, struct glm_arena *arena)
{
    if (w->change->creating)
        return "What was done elsewhere, if anything, is in the state, and Terraform marks the "
               "resource as tainted then: run `terraform untaint ADDRESS` with its address, and "
               "apply: only what is missing is touched. Without untaint the plan announces a "
               "replacement, which removes nothing that is healthy.";
    if (!w->change->attributes || glm_is_null(w->change->attributes))
        return glm_sprintf(
            arena,
            "The gateway lifecycle manager %s/%s stays in the state with what is left of it; the "
            "next destroy goes on there. If the cluster is gone for good, set `decommissioned = "
            "true` in its entry of the provider's `clusters` first.",
            w->namespace_, w->name);
    return "What was done is in the state; the next apply touches only what is left.";
}

static void fail(struct work *w, struct glm_arena *arena, const struct glm_path *at,
                 const struct glm_diags *from, struct glm_diags *d)
{
    w->failed = true;
    const char *next = what_next(w, arena);
    w->why = NULL;
    for (const struct glm_diag *e = from->first; e; e = e->next) {
        if (e->severity == GLM_WARNING) {
            glm_warn(d, at, e->summary, "Cluster \"%s\": %s", w->cluster_name, e->detail);
            continue;
        }
        if (!w->why)
            w->why = e->detail;
        glm_error(d, at, glm_sprintf(arena, "Cluster \"%s\": %s", w->cluster_name, e->summary),
                  "%s\n\n%s%s", e->detail, traffic_stays(w, arena), next);
    }
}

/* What was asked of a cluster in vain ended with the operation's time, when that is over. */
void work_fail(struct work *w, struct glm_arena *arena, const struct glm_path *at,
               const struct glm_diags *from, struct glm_diags *d)
{
    struct glm_diags why;
    glm_diags_init(&why, arena);
    for (const struct glm_diag *e = from->first; e; e = e->next)
        if (e->severity == GLM_WARNING)
            glm_warn(&why, NULL, e->summary, "%s", e->detail);
        else
            glm_error(&why, NULL, e->summary, "%s", time_limit_why(&w->limit, arena, e->detail));
    w->late = w->late || (from->errors > 0 && time_limit_over(&w->limit));
    fail(w, arena, at, &why, d);
}

void work_error(struct work *w, struct glm_arena *arena, const struct glm_path *at,
                struct glm_diags *d, const char *summary, const char *format, ...)
{
    struct glm_diags why;
    glm_diags_init(&why, arena);
    va_list args;
    va_start(args, format);
    glm_error(&why, NULL, summary, "%s", glm_shown_vsprintf(arena, format, args));
    va_end(args);
    fail(w, arena, at, &why, d);
}

bool work_stop_asked(const struct work *w)
{
    return w->estate->stop && atomic_load(w->estate->stop);
}

bool work_interrupted(struct work *w, struct glm_arena *arena, const struct glm_path *at,
                      struct glm_diags *d)
{
    if (!work_stop_asked(w))
        return false;
    work_error(w, arena, at, d, "Stopped before it was finished",
               "Terraform asked to stop. Nothing more was written in %s.", w->label);
    return true;
}

bool work_stopped(struct work *w, struct glm_arena *arena, const struct glm_path *at,
                  struct glm_diags *d)
{
    if (work_interrupted(w, arena, at, d))
        return true;
    if (!time_limit_over(&w->limit))
        return false;
    if (!w->late) /* said once */
        work_error(w, arena, at, d, "The time is over before it was finished", "%s",
                   time_limit_why(&w->limit, arena,
                                  glm_sprintf(arena, "Nothing more was written in %s.", w->label)));
    w->late = true;
    return true;
}

/* The status of a pair that failed just now. */
static const struct glm_value *status_failed(const struct work *w, struct glm_arena *arena,
                                             size_t index)
{
    return status_entry(arena, GLM_STATE_FAILED, w->wanted->pairs[index].installation->revision,
                        w->why ? w->why : "See the error of the apply.");
}

/* ---- looking ---- */

/* Which place this is, and whether the record speaks of it. */
static void open_place(struct work *w, struct glm_arena *arena, struct glm_diags *d)
{
    if (w->opened || w->failed)
        return;
    struct glm_diags errors;
    glm_diags_init(&errors, arena);
    if (!w->cluster->ops->identify(w->cluster, arena, &w->place, &errors)) {
        work_fail(w, arena, GLM_AT_ATTR(NULL, "installations"), &errors, d);
        return;
    }
    w->opened = true;
    w->label = label_of(arena, w->cluster);
    bool files = w->cluster->ops->files;
    if (place_of(w->record, w->place, files ? w->label : NULL) == PLACE_SAME)
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
    w->pairs = GLM_NEW_ARRAY(arena, w->wanted->pair_count, struct pair_work);
    open_place(w, arena, d);
    if (w->failed)
        return;
    guard_look(w, arena, d);
    w->looked = !w->failed; /* a cluster that could not even be read is left as it is */
    if (!w->looked)
        return;
    preflight(w, arena, d);
    /* Then it may not have seen all that it looks for. */
    if (time_limit_over(&w->limit) && !work_stop_asked(w))
        w->looked = !work_stopped(w, arena, GLM_AT_ATTR(NULL, "installations"), d);
}

/* ---- installing ---- */

/* The IstioOperator is there, or may be: the state has it. The next refresh finds out. */
static void show_pair(struct work *w, struct glm_arena *arena, const struct wanted_pair *pair)
{
    const struct glm_value *planned =
        glm_get_path(w->change->attributes, "istio_operators", w->cluster_name, pair->key, NULL);
    glm_map_set(&w->shown_operators, pair->key, shown_text(arena, planned, pair->operator_.text));
    glm_map_set(&w->record_operators, pair->key,
                glm_string(arena, record_ref_text(arena, &pair->operator_.ref)));
}

static bool install_pair(struct work *w, struct glm_arena *arena, size_t index, struct glm_diags *d)
{
    const struct wanted_pair *pair = &w->wanted->pairs[index];
    struct pair_work *p = &w->pairs[index];
    const struct glm_path *at = WORK_AT(w, index);
    const struct write_for purpose = {.at = at, .pair = p, .key = pair->key};
    struct written written = {0};
    bool ok = !p->blocked && !w->outrun; /* of two that create, one is to have it all */
    for (size_t i = 0; i < pair->namespace_count && ok; i++)
        ok =
            !work_stopped(w, arena, at, d) && write_namespace(w, arena, pair->namespaces[i], at, d);
    ok = ok && write_object(w, arena, &pair->operator_, &p->operator_, &purpose, &written, d);
    if (!ok) {
        keep_pair(w, pair->key);
        if (written.unsure && p->operator_.found != GLM_FOUND)
            show_pair(w, arena, pair);
        if (!p->status)
            p->status = status_failed(w, arena, index);
        return false;
    }
    p->written = written.version;
    show_pair(w, arena, pair);
    return true;
}

/* ---- switching ---- */

static void show_service(struct work *w, struct glm_arena *arena, const struct wanted_pair *pair,
                         size_t s, const struct glm_value *stored)
{
    const char *key = pair->service_keys[s];
    const struct glm_value *planned =
        glm_get_path(w->change->attributes, "services", w->cluster_name, key, NULL);
    const struct glm_value *addresses = glm_get(planned, "addresses");
    if (!glm_is_list(addresses))
        addresses = shown_addresses(arena, stored);
    glm_map_set(&w->shown_services, key,
                shown_service(
                    arena, shown_text(arena, glm_get(planned, "manifest"), pair->services[s].text),
                    addresses));
    glm_list_add(&w->record_services, glm_string(arena, key));
}

static void write_service(struct work *w, struct glm_arena *arena, size_t index, size_t s,
                          struct glm_diags *d)
{
    const struct wanted_pair *pair = &w->wanted->pairs[index];
    struct pair_work *p = &w->pairs[index];
    const struct write_for purpose = {.at = WORK_AT(w, index)};
    struct written written = {0};
    if (!write_object(w, arena, &pair->services[s], &p->services[s], &purpose, &written, d)) {
        if (written.unsure && p->services[s].found != GLM_FOUND)
            show_service(w, arena, pair, s, &glm_null);
        else
            keep_service(w, arena, pair->service_keys[s]);
        p->status = status_failed(w, arena, index);
        p->ready = false;
        return;
    }
    /* From here on it is there, and selects what it is to select. */
    p->services[s] = (struct glm_read){.found = GLM_FOUND, .object = pair->services[s].bare};
    show_service(w, arena, pair, s, written.stored);
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
        bool harmless = p->installed && !takes_traffic_away(&pair->services[s], &p->services[s]);
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

static void begin_results(struct work *w, struct glm_arena *arena)
{
    struct glm_map_builder *maps[] = {&w->shown_operators,  &w->shown_services, &w->status,
                                      &w->record_operators, &w->healthy,        &w->altered};
    for (size_t i = 0; i < sizeof maps / sizeof *maps; i++)
        glm_map_init(maps[i], arena);
    glm_list_init(&w->record_services, arena);
    glm_list_init(&w->unsettled, arena);
    glm_list_init(&w->unwaited, arena);
}

static bool has_files(const struct work *w)
{
    return w->cluster && w->cluster->ops->files;
}

/* What is known of every pair in the end. */
static void tell(struct work *w, struct glm_arena *arena)
{
    for (size_t i = 0; w->wanted && i < w->wanted->pair_count; i++) {
        const struct wanted_pair *pair = &w->wanted->pairs[i];
        const struct pair_work *p = &w->pairs[i];
        const struct glm_value *planned =
            status_get(w->change->attributes, w->cluster_name, pair->key);
        const struct glm_value *status = p->status ? p->status : planned;
        if (!glm_is_map(status))
            status = status_failed(w, arena, i);
        glm_map_set(&w->status, pair->key, status);
        bool failed = has_files(w) ? !p->installed : !p->ready && (p->await || p->status);
        if (failed)
            glm_list_add(&w->unsettled, glm_string(arena, pair->key));
        else if (p->await ? !w->patient && !p->seen_healthy
                          : record_is_unwaited(w->record, pair->key))
            glm_list_add(&w->unwaited, glm_string(arena, pair->key));
        const struct glm_value *healthy = glm_get_path(w->record, "healthy", pair->key, NULL);
        record_healthy(&w->healthy, arena, pair->key,
                       p->healthy ? p->healthy : glm_string_or(healthy, NULL));
    }
}

/* A cluster that could not even be looked at is left as it is. */
static void leave(struct work *w, struct glm_arena *arena)
{
    for (size_t i = 0; w->wanted && i < w->wanted->pair_count; i++) {
        const struct wanted_pair *pair = &w->wanted->pairs[i];
        struct pair_work *p = &w->pairs[i];
        keep_pair(w, pair->key);
        if (p->await || has_files(w))
            p->status = status_failed(w, arena, i);
    }
}

void work_do(struct work *w, struct glm_arena *arena, struct glm_diags *d)
{
    begin_results(w, arena);
    size_t pairs = w->wanted ? w->wanted->pair_count : 0;
    if (!w->pairs)
        w->pairs = GLM_NEW_ARRAY(arena, pairs, struct pair_work);
    for (size_t i = 0; i < pairs; i++)
        w->pairs[i].await = !glm_is_map(
            status_get(w->change->attributes, w->cluster_name, w->wanted->pairs[i].key));
    bool looked = w->looked;
    if (!w->wanted)
        open_place(w, arena, d);
    if (w->opened && w->cluster->ops->tidy)
        w->cluster->ops->tidy(w->cluster, arena);
    if (!looked)
        leave(w, arena);
    for (size_t i = 0; i < pairs && looked; i++)
        w->pairs[i].installed = install_pair(w, arena, i, d);
    for (size_t i = 0; i < pairs; i++)
        switch_services(w, arena, i, true, d);
    if (looked && pairs > 0)
        wait_until_ready(w, arena, d);
    for (size_t i = 0; i < pairs; i++)
        switch_services(w, arena, i, false, d);
    remove_leavers(w, arena, d);
    tell(w, arena);
}
