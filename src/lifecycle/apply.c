/* SPDX-License-Identifier: Apache-2.0
 *
 * Apply and remove: the same walk, with everything or nothing wanted. All clusters are looked at
 * before the first write anywhere; then each goes its own way, and none waits for a dead one.
 */
#include "parts.h"

#include <string.h>

/* When the time of an operation is over, its last look and what keeps it waiting are found out in
 * this, or not at all. */
#define CLOSING_MS 500

/* What the cluster is to have, translated for one step: it takes less time than memory. false: it
 * cannot be, with an error; a plan has said so already, unless something was not known then. */
static bool begin(struct work *w, struct glm_arena *scratch, struct glm_diags *d)
{
    struct wanted_cluster *rendered;
    w->planned = w->wanted;
    if (!w->wanted)
        return true;
    if (!wanted_render(scratch, w->estate, w->all, w->planned, &rendered, d)) {
        w->refused = w->failed = true;
        return false;
    }
    wanted_keep_found(scratch, w->all->manager, rendered, w->change);
    w->wanted = rendered;
    return true;
}

static void end(struct work *w)
{
    w->wanted = w->planned;
}

/* What API servers have is lent by the store, and held against what is written then. Files are read
 * into memory of our own, which would have to wait for those of all other directories. */
static void run_look(struct fanout_job *job)
{
    struct work *w = job->work;
    bool files = w->cluster && w->cluster->ops->files;
    w->kept = job->arena;
    if (time_limit_over(&w->limit))
        w->limit.at_once = w->estate->max_parallel;
    if (begin(w, job->scratch, &job->diags))
        work_look(w, files ? job->scratch : job->arena, &job->diags);
    if (files)
        work_forget(w);
    end(w);
}

static void run_do(struct fanout_job *job)
{
    struct work *w = job->work;
    w->kept = job->arena;
    outcome_begin(w);
    if (begin(w, job->scratch, &job->diags))
        work_do(w, job->scratch, &job->diags);
    else
        outcome_keep(w);
    end(w);
    hold_release(w);
}

/* The clusters that are wanted and those that the record knows, once each, sorted. */
static const struct glm_value *all_clusters(struct glm_arena *arena, const struct wanted *wanted,
                                            const struct glm_change *change)
{
    struct glm_map_builder names;
    glm_map_init(&names, arena);
    for (size_t i = 0; wanted && i < wanted->cluster_count; i++)
        glm_map_append(&names, wanted->clusters[i].name, 0, 0, &glm_null);
    const struct glm_value *recorded = record_clusters(arena, change->record, change->prior);
    for (size_t i = 0; i < recorded->len; i++)
        glm_map_append(&names, recorded->as.list[i]->as.text, 0, 0, &glm_null);
    return glm_map_finish(&names, NULL);
}

static void unreachable(struct work *w, struct glm_arena *arena, struct glm_diags *d)
{
    struct glm_diags why;
    glm_diags_init(&why, arena);
    glm_error(&why, NULL, "The cluster cannot be reached",
              "How to reach cluster \"%s\" is not known. Complete its entry in the provider's "
              "`clusters`.",
              w->cluster_name);
    work_fail(w, arena, GLM_AT_ATTR(NULL, "installations"), &why, d);
}

/* One work per cluster that has to be reached. */
static struct work *make_works(struct glm_arena *arena, const struct glm_estate *estate,
                               const struct glm_change *change, const struct wanted *wanted,
                               size_t *ret_count, struct glm_diags *d)
{
    const struct glm_value *names = all_clusters(arena, wanted, change);
    const struct glm_value *from = wanted ? change->attributes : change->prior;
    const struct wanted *before = wanted_before(arena, estate, change->prior);
    struct work *works = GLM_NEW_ARRAY(arena, names->len, struct work);
    const char *operation = !wanted ? "delete" : change->creating ? "create" : "update";
    const struct time_limit limit = time_limit(operation, change->timeout_ms);
    const struct time_limit closing = time_limit_and(&limit, CLOSING_MS);
    atomic_size_t *altered_left = GLM_NEW(arena, atomic_size_t);
    atomic_init(altered_left, WORK_ALTERED_MAX);
    size_t count = 0;
    for (size_t i = 0; i < names->len; i++) {
        const char *name = names->as.map[i].key;
        const struct glm_cluster_config *config;
        struct glm_cluster *cluster;
        bool tolerate;
        if (!estate_find(estate, name, &config, &cluster, &tolerate) || config->decommissioned)
            continue; /* the plan has spoken: refused, or leaves the state with a warning */
        struct work *w = &works[count++];
        *w = (struct work){.estate = estate,
                           .change = change,
                           .kept = arena, /* until it is at work */
                           .cluster_name = name,
                           .altered_left = altered_left,
                           .creating = glm_is_null(change->prior)};
        w->name = glm_string_or(glm_get(from, "name"), "");
        w->namespace_ = glm_string_or(glm_get(from, "namespace"), "");
        w->adopt = wanted && glm_is_true(glm_get(from, "adopt_existing"));
        w->force = wanted && glm_is_true(glm_get(from, "force_conflicts"));
        w->patient = !glm_is_false(glm_get(from, "wait_for_healthy"));
        w->limit = limit;
        w->cluster = time_limit_cluster(&limit, arena, cluster);
        w->closing = time_limit_cluster(&closing, arena, cluster);
        w->all = wanted;
        w->wanted = wanted ? wanted_find(wanted, name) : NULL;
        w->before = before;
        w->record = record_cluster(arena, change->record, change->prior, name);
        w->label = estate_label(arena, cluster);
        if (!cluster)
            unreachable(w, arena, d);
    }
    *ret_count = count;
    return works;
}

enum run_in { RUN_IN_ALL, RUN_IN_FILES, RUN_IN_OTHERS };

static bool is_in(const struct work *w, enum run_in in)
{
    bool files = w->cluster && w->cluster->ops->files;
    return in == RUN_IN_ALL || (in == RUN_IN_FILES) == files;
}

static void run(struct glm_arena *arena, const struct glm_estate *estate, struct work *works,
                size_t count, enum run_in in, void (*step)(struct fanout_job *),
                struct glm_diags *d)
{
    struct fanout_job *jobs = GLM_NEW_ARRAY(arena, count, struct fanout_job);
    size_t wanted = 0;
    for (size_t i = 0; i < count; i++)
        if (is_in(&works[i], in))
            jobs[wanted++].work = &works[i];
    if (wanted > 0)
        fanout(arena, estate->max_parallel, jobs, wanted, step, d);
}

/* Which revisions `auto` stood for, and the tag that came with it: the configuration in the state
 * does not say. What was not installed is as it was. */
static const struct glm_value *automatic_of(struct glm_arena *arena, const struct work *w,
                                            const struct glm_value *operators)
{
    const struct glm_value *distribution = w->estate->mesh.default_distribution;
    const struct glm_value *tag = distribution ? glm_get(distribution, "tag") : &glm_null;
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    for (size_t i = 0; i < operators->len; i++) {
        const char *key = operators->as.map[i].key;
        const struct glm_value *was = glm_get_path(w->record, "automatic", key, NULL);
        if (glm_is_string(was))
            glm_map_set(&b, key, was);
    }
    for (size_t i = 0; w->wanted && i < w->wanted->pair_count; i++) {
        const struct wanted_pair *pair = &w->wanted->pairs[i];
        if (!w->pairs[i].installed)
            continue;
        glm_map_remove(&b, pair->key);
        if (glm_installation_is_auto(pair->installation))
            glm_map_set(&b, pair->key, glm_is_string(tag) ? tag : glm_string(arena, ""));
    }
    return glm_map_finish(&b, NULL);
}

/* Who selects the revisions that are still there, by the last read. */
static const struct glm_value *selected_of(struct glm_arena *arena, const struct work *w,
                                           const struct glm_value *operators)
{
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    for (size_t i = 0; i < operators->len; i++) {
        const char *key = operators->as.map[i].key;
        const struct glm_value *was = glm_get_path(w->record, "selected", key, NULL);
        if (glm_is_list(was))
            glm_map_append(&b, key, 0, 0, was);
    }
    return glm_map_finish(&b, NULL);
}

/* What is still as an import found it. */
static const struct glm_value *found_of(struct glm_arena *arena, const struct work *w)
{
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    for (size_t i = 0; w->wanted && i < w->wanted->pair_count; i++) {
        const struct wanted_pair *pair = &w->wanted->pairs[i];
        if (w->pairs[i].found)
            glm_map_set(&b, pair->key, glm_string(arena, w->pairs[i].found));
    }
    return glm_map_finish(&b, NULL);
}

/* A cluster that could not be reached keeps the place that it had. */
static const struct glm_value *record_of(struct glm_arena *arena, struct work *w,
                                         const struct glm_value *operators,
                                         const struct glm_value *services)
{
    const struct record_parts parts = {
        .place = w->place ? w->place : glm_string_or(glm_get(w->record, "place"), NULL),
        .label = w->cluster && w->cluster->ops->files ? w->label : NULL,
        .operators = operators,
        .services = services,
        .healthy = glm_map_finish(&w->healthy, NULL),
        .unsettled = glm_list_finish(&w->unsettled),
        .unwaited = glm_list_finish(&w->unwaited),
        .altered = glm_map_finish(&w->altered, NULL),
        .automatic = automatic_of(arena, w, operators),
        .selected = selected_of(arena, w, operators),
        .found = found_of(arena, w),
    };
    return record_make_cluster(arena, &parts);
}

/* The result from what every cluster reached. Wanted clusters have a key even when empty. */
static void gather(struct glm_arena *arena, const struct wanted *wanted, struct work *works,
                   size_t count, struct glm_change *change, bool *ret_anything)
{
    struct glm_map_builder operators, services, status, records;
    glm_map_init(&operators, arena);
    glm_map_init(&services, arena);
    glm_map_init(&status, arena);
    glm_map_init(&records, arena);
    *ret_anything = false;
    for (size_t i = 0; i < count; i++) {
        struct work *w = &works[i];
        const struct glm_value *o = glm_map_finish(&w->shown_operators, NULL);
        const struct glm_value *s = glm_map_finish(&w->shown_services, NULL);
        const struct glm_value *r_operators = glm_map_finish(&w->record_operators, NULL);
        const struct glm_value *r_services = glm_list_finish(&w->record_services);
        bool any = o->len || s->len || r_operators->len || r_services->len;
        *ret_anything = *ret_anything || any;
        if (any)
            glm_map_set(&records, w->cluster_name, record_of(arena, w, r_operators, r_services));
        if (!any && !w->wanted)
            continue;
        glm_map_set(&operators, w->cluster_name, o);
        glm_map_set(&services, w->cluster_name, s);
        glm_map_set(&status, w->cluster_name, glm_map_finish(&w->status, NULL));
    }
    for (size_t i = 0; wanted && i < wanted->cluster_count; i++) { /* decommissioned ones */
        const char *name = wanted->clusters[i].name;
        if (glm_is_map(glm_map_peek(&operators, name)))
            continue;
        glm_map_set(&operators, name, &glm_empty_map);
        glm_map_set(&services, name, &glm_empty_map);
        glm_map_set(&status, name, &glm_empty_map);
    }
    struct glm_map_builder b;
    glm_map_init_from(&b, arena, wanted ? change->attributes : change->prior);
    glm_map_set(&b, "istio_operators", glm_map_finish(&operators, NULL));
    glm_map_set(&b, "services", glm_map_finish(&services, NULL));
    glm_map_set(&b, "status", status_wrap(arena, glm_map_finish(&status, NULL)));
    change->result = glm_map_finish(&b, NULL);
    change->result_record = record_make(arena, glm_map_finish(&records, NULL));
}

static bool any_refused(const struct work *works, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (works[i].refused)
            return true;
    return false;
}

static void limit_others(struct work *works, size_t count, struct glm_arena *arena,
                         const struct time_limit *limit)
{
    for (size_t i = 0; i < count; i++) {
        struct work *w = &works[i];
        if (!is_in(w, RUN_IN_OTHERS))
            continue;
        w->limit = *limit;
        w->cluster = time_limit_cluster(limit, arena, w->closing);
    }
}

/* Looks at everything, at directories last, which are held from then on; true: something is in the
 * way. When something is already, nothing will be written, and there is nothing to hold.
 * Nothing is written anywhere until every API server was looked at, or had half of the time for it:
 * one that is slow would take all of it from the others. */
static bool look(struct glm_arena *arena, const struct glm_estate *estate, struct work *works,
                 size_t count, struct glm_diags *d)
{
    const struct time_limit whole = count ? works[0].limit : time_limit("update", 0);
    const struct time_limit half = time_limit_half(&whole);
    limit_others(works, count, arena, &half);
    run(arena, estate, works, count, RUN_IN_OTHERS, run_look, d);
    limit_others(works, count, arena, &whole);
    bool holding = any_refused(works, count) || hold_files(works, count, arena, d);
    run(arena, estate, works, count, RUN_IN_FILES, run_look, d);
    return !refuse_twins(works, count, arena, d) || !holding || any_refused(works, count);
}

/* What is in clusters that are not known could be neither kept up nor removed, and would be lost. */
static bool clusters_known(const struct glm_estate *estate, struct glm_diags *d)
{
    return estate->mesh.known ||
           glm_error(d, NULL, "The clusters are not known yet",
                     "The provider's `clusters` depend on a value that is not known, so nothing "
                     "can be written or removed, and the state stays as it is. Apply what that "
                     "value comes from first (`-target`), or write it out.");
}

bool glm_lifecycle_apply(struct glm_arena *arena, const struct glm_estate *estate,
                         struct glm_change *change, struct glm_diags *d)
{
    size_t errors = d->errors;
    struct wanted *wanted;
    change->result = change->prior;
    change->result_record = change->record;
    bool ok = plan_check_clusters(arena, estate, change->prior, change->record, d) &&
              clusters_known(estate, d);
    if (!wanted_read(arena, estate, change->attributes, false, &wanted, d) || !ok)
        return false;
    /* The plan has looked already, at everything that was known then. */
    if (!upgrades_check(estate, wanted->manager, change->prior, change->record, d))
        return false;
    size_t count;
    struct work *works = make_works(arena, estate, change, wanted, &count, d);
    bool refused = look(arena, estate, works, count, d);
    if (!refused)
        run(arena, estate, works, count, RUN_IN_ALL, run_do, d);
    for (size_t i = 0; i < count; i++)
        hold_release(&works[i]);
    claims_release(estate->claims, change);
    if (refused)
        return false;
    bool anything;
    gather(arena, wanted, works, count, change, &anything);
    if (d->errors > errors && !anything && glm_is_null(change->prior))
        change->result = &glm_null;
    return d->errors == errors;
}

bool glm_lifecycle_remove(struct glm_arena *arena, const struct glm_estate *estate,
                          struct glm_change *change, struct glm_diags *d)
{
    size_t errors = d->errors;
    change->result = change->prior;
    change->result_record = change->record;
    if (!plan_check_clusters(arena, estate, change->prior, change->record, d) ||
        !clusters_known(estate, d))
        return false;
    size_t count;
    struct work *works = make_works(arena, estate, change, NULL, &count, d);
    hold_files(works, count, arena, d);
    run(arena, estate, works, count, RUN_IN_ALL, run_do, d);
    bool anything;
    gather(arena, NULL, works, count, change, &anything);
    if (d->errors == errors) {
        change->result = &glm_null;
        change->result_record = &glm_null;
    }
    return d->errors == errors;
}
