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
static bool begin(struct work *work, struct glm_arena *scratch, struct glm_diags *d)
{
    struct wanted_seat *rendered;
    work->planned = work->wanted;
    if (!work->wanted)
        return true;
    bool ok = wanted_render(scratch, work->estate, work->all, work->planned, &rendered, d);
    if (ok) {
        wanted_keep_found(scratch, work->estate, work->all->manager, rendered, work->change);
        ok = work_as_planned(work, scratch, rendered, d) &&
             work_as_looked_at(work, scratch, rendered, d);
    }
    if (ok)
        work->wanted = rendered;
    else
        work->refused = work->failed = true;
    return ok;
}

static void end(struct work *work)
{
    work->wanted = work->planned;
}

static bool has_files(const struct work *work)
{
    return work->cluster && work->cluster->ops->files;
}

/* What API servers have is lent by the store, and held against what is written then. Files are read
 * into memory of our own, which would have to wait for those of all other directories. */
static void run_look(struct fanout_job *job)
{
    struct work *work = job->work;
    bool files = has_files(work);
    work->kept = job->arena;
    if (time_limit_over(&work->limit))
        work->limit.at_once = work->estate->max_parallel;
    if (begin(work, job->scratch, &job->diags))
        work_look(work, files ? job->scratch : job->arena, &job->diags);
    if (files)
        hold_find_key(work, job->scratch, &job->diags);
    if (files)
        work_forget(work);
    end(work);
}

static void run_do(struct fanout_job *job)
{
    struct work *work = job->work;
    work->kept = job->arena;
    outcome_begin(work);
    if (begin(work, job->scratch, &job->diags))
        work_do(work, job->scratch, &job->diags);
    else
        outcome_keep(work);
    end(work);
    hold_release(work);
}

/* The entries of `clusters` that something is written to, or is known to be in, once each, sorted. */
static const struct glm_value *all_seats(struct glm_arena *arena, const struct wanted *wanted,
                                         const struct glm_change *change)
{
    struct glm_map_builder names;
    glm_map_init(&names, arena);
    for (size_t i = 0; wanted && i < wanted->seat_count; i++)
        glm_map_append(&names, wanted->seats[i].name, 0, 0, &glm_null);
    const struct glm_value *recorded = record_clusters(arena, change->record, change->prior);
    for (size_t i = 0; i < recorded->len; i++) {
        const char *name = recorded->as.list[i]->as.text;
        if (record_has_any(record_cluster(arena, change->record, change->prior, name)))
            glm_map_append(&names, name, 0, 0, &glm_null);
    }
    return glm_map_finish(&names, NULL);
}

/* Adds the clusters whose pairs have their objects in a seat, by the record. */
static void add_recorded_members(struct glm_map_builder *members, const struct work *work)
{
    const struct glm_value *all = glm_get(work->change->record, "clusters");
    for (size_t i = 0; glm_is_map(all) && i < all->len; i++) {
        const struct glm_value *record = all->as.map[i].value;
        const struct glm_value *pairs = record_cluster_pairs(record);
        for (size_t k = 0; glm_is_map(pairs) && k < pairs->len; k++) {
            const char *seat = record_pair(record, pairs->as.map[k].key).seat;
            if (seat && strcmp(seat, work->cluster_name) == 0)
                glm_map_set(members, all->as.map[i].key, &glm_true);
        }
    }
}

/* The clusters of the pairs that are written to a seat, and of those that have been. */
static const struct glm_value *members_of(struct glm_arena *arena, const struct work *work)
{
    const struct record_object *objects;
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    glm_map_set(&b, work->cluster_name, &glm_true);
    for (size_t i = 0; work->wanted && i < work->wanted->pair_count; i++)
        glm_map_set(&b, work->wanted->pairs[i].cluster, &glm_true);
    size_t count = record_objects(arena, work->record, &objects);
    for (size_t i = 0; i < count; i++)
        if (objects[i].cluster)
            glm_map_set(&b, objects[i].cluster, &glm_true);
    if (work->installer->seat)
        add_recorded_members(&b, work);
    return glm_map_finish(&b, NULL);
}

/* Of a seat that nothing is written to any more, what has been. */
static const struct glm_installer *installer_of(const struct work *work)
{
    const struct wanted_seat *before =
        work->before ? wanted_seat_find(work->before, work->cluster_name) : NULL;
    if (work->wanted && work->wanted->installer)
        return work->wanted->installer;
    return before && before->installer ? before->installer
                                       : estate_installer(work->estate, work->cluster_name);
}

static void unreachable(struct work *work, struct glm_arena *arena, struct glm_diags *d)
{
    struct glm_diags why;
    glm_diags_init(&why, arena);
    glm_error(&why, NULL, "The cluster cannot be reached",
              "How to reach cluster \"%s\" is not known. Complete its entry in the provider's "
              "`clusters`.",
              work->cluster_name);
    work_fail(work, arena, GLM_AT_ATTR(NULL, "installations"), &why, d);
}

/* One work per seat that has to be reached. */
static struct work *make_works(struct glm_arena *arena, const struct glm_estate *estate,
                               const struct glm_change *change, const struct wanted *wanted,
                               const struct time_limit *whole, size_t *ret_count,
                               struct glm_diags *d)
{
    const struct glm_value *names = all_seats(arena, wanted, change);
    const struct glm_value *from = wanted ? change->attributes : change->prior;
    const struct wanted *before = wanted_before(arena, estate, change->prior, change->record);
    struct work *works = GLM_NEW_ARRAY(arena, names->len, struct work);
    const struct time_limit limit = *whole;
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
        struct work *work = &works[count++];
        *work = (struct work){.estate = estate,
                              .change = change,
                              .kept = arena, /* until it is at work */
                              .cluster_name = name,
                              .altered_left = altered_left,
                              .creating = glm_is_null(change->prior)};
        work->name = glm_string_or(glm_get(from, "name"), "");
        work->namespace_ = glm_string_or(glm_get(from, "namespace"), "");
        work->adopt = wanted && glm_is_true(glm_get(from, "adopt_existing"));
        work->force = wanted && glm_is_true(glm_get(from, "force_conflicts"));
        work->patient = !glm_is_false(glm_get(from, "wait_for_healthy"));
        work->limit = limit;
        work->cluster = time_limit_cluster(&limit, arena, cluster);
        work->closing = time_limit_cluster(&closing, arena, cluster);
        work->all = wanted;
        work->wanted = wanted ? wanted_seat_find(wanted, name) : NULL;
        work->before = before;
        work->installer = installer_of(work);
        work->record = record_cluster(arena, change->record, change->prior, name);
        work->members = members_of(arena, work);
        work->label = estate_label(arena, cluster);
        if (!cluster)
            unreachable(work, arena, d);
    }
    *ret_count = count;
    return works;
}

enum run_in { RUN_IN_ALL, RUN_IN_FILES, RUN_IN_OTHERS };

static bool is_in(const struct work *work, enum run_in in)
{
    return in == RUN_IN_ALL || (in == RUN_IN_FILES) == has_files(work);
}

static void run(struct glm_arena *arena, const struct glm_estate *estate, struct work *works,
                size_t count, enum run_in in, void (*step)(struct fanout_job *),
                struct glm_diags *d)
{
    struct fanout_job *jobs = GLM_NEW_ARRAY(arena, count, struct fanout_job);
    size_t wanted = 0;
    for (size_t i = 0; i < count; i++)
        if (is_in(&works[i], in))
            jobs[wanted++] = (struct fanout_job){.work = &works[i], .files = has_files(&works[i])};
    if (wanted > 0)
        fanout(arena, estate->max_parallel, jobs, wanted, step, d);
}

/* A cluster that could not be reached keeps the place that it had. */
static const struct glm_value *record_of(struct glm_arena *arena, const struct work *work,
                                         const struct glm_value *objects,
                                         const struct glm_value *pairs)
{
    const char *label = work->cluster && work->cluster->ops->files ? work->label : NULL;
    if (work->place)
        return record_cluster_make(arena, work->place, label, objects, pairs);
    const char *place = glm_string_or(glm_get(work->record, "place"), NULL),
               *was = glm_string_or(glm_get(work->record, "label"), NULL);
    return record_with_leads_to(arena, record_cluster_make(arena, place, was, objects, pairs),
                                record_leads_to(work->record));
}

static const struct glm_value *map_of(const struct glm_map_builder *b, const char *cluster)
{
    const struct glm_value *map = glm_map_peek(b, cluster);
    return glm_is_map(map) ? map : &glm_empty_map;
}

/* {cluster: {key: value}} of what all works have. */
static void sort_all(struct glm_arena *arena, struct work *works, size_t count,
                     struct glm_map_builder *ret_of)
{
    for (size_t k = 0; k < OUTCOMES; k++) {
        glm_map_init(&ret_of[k], arena);
        for (size_t i = 0; i < count; i++)
            entries_sort(&ret_of[k], glm_map_finish(&works[i].outcome[k], NULL));
    }
}

/* True for a cluster that something is written to, or that has something elsewhere. */
static bool has_any(const struct glm_map_builder *of, const struct glm_map_builder *shown,
                    const char *cluster)
{
    return map_of(&of[OUTCOME_OBJECT], cluster)->len > 0 ||
           map_of(&of[OUTCOME_PAIR], cluster)->len > 0 ||
           !glm_is_null(glm_map_peek(shown, cluster));
}

/* True when a cluster that has moved, and is still meant to have something, has nothing in the new place:
 * then the old one stays known. */
static bool stays_left(const struct work *work, const struct glm_map_builder *of)
{
    return work->left && (!work->all || work->wanted) &&
           map_of(&of[OUTCOME_OBJECT], work->cluster_name)->len == 0;
}

/* Puts what was recorded of such a cluster, and of those whose pairs have their objects in it. */
static void keep_left(struct glm_map_builder *records, const struct work *work)
{
    const struct glm_value *recorded = glm_get(work->change->record, "clusters");
    bool files = work->cluster->ops->files;
    for (size_t i = 0; i < work->members->len; i++) {
        const char *name = work->members->as.map[i].key;
        const struct glm_value *r = glm_get(recorded, name);
        if (glm_is_map(r) && glm_is_null(glm_map_peek(records, name)))
            glm_map_set(records, name, r);
    }
    glm_map_set(records, work->cluster_name,
                record_with_leads_to(records->arena, work->left, files ? NULL : work->place));
}

/* The records of the seats, and of the clusters whose pairs have their objects in one. */
static const struct glm_value *all_records(struct glm_arena *arena, const struct work *works,
                                           size_t count, const struct glm_map_builder *of,
                                           const struct glm_map_builder *shown)
{
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    for (size_t i = 0; i < of[OUTCOME_NOTES].len; i++) {
        const char *name = of[OUTCOME_NOTES].pairs[i].key;
        if (has_any(of, shown, name))
            glm_map_set(&b, name,
                        record_cluster_make(arena, NULL, NULL, &glm_empty_map,
                                            map_of(&of[OUTCOME_NOTES], name)));
    }
    for (size_t i = 0; i < count; i++) {
        const char *name = works[i].cluster_name;
        if (has_any(of, shown, name) && !stays_left(&works[i], of))
            glm_map_set(&b, name,
                        record_of(arena, &works[i], map_of(&of[OUTCOME_OBJECT], name),
                                  map_of(&of[OUTCOME_NOTES], name)));
    }
    for (size_t i = 0; i < count; i++)
        if (stays_left(&works[i], of))
            keep_left(&b, &works[i]);
    return glm_map_finish(&b, NULL);
}

static void add_names(struct glm_map_builder *names, const struct glm_map_builder *of)
{
    for (size_t i = 0; i < of->len; i++)
        glm_map_set(names, of->pairs[i].key, &glm_empty_map);
}

/* The clusters of which something is wanted or shown. */
static const struct glm_value *shown_clusters(struct glm_arena *arena, const struct wanted *wanted,
                                              const struct glm_map_builder *of,
                                              const struct glm_map_builder *shown)
{
    struct glm_map_builder names;
    glm_map_init(&names, arena);
    for (size_t i = 0; wanted && i < wanted->cluster_count; i++)
        glm_map_set(&names, wanted->clusters[i].name, &glm_empty_map);
    add_names(&names, shown);
    add_names(&names, &of[OUTCOME_STATUS]);
    return glm_map_finish(&names, NULL);
}

/* Each of the clusters has a key, even when it is empty. */
static const struct glm_value *all_shown(struct glm_map_builder *of,
                                         const struct glm_value *clusters)
{
    for (size_t i = 0; i < clusters->len; i++)
        glm_map_set(of, clusters->as.map[i].key, map_of(of, clusters->as.map[i].key));
    return glm_map_finish(of, NULL);
}

/* The result from what every seat reached. */
static void gather(struct glm_arena *arena, const struct wanted *wanted, struct work *works,
                   size_t count, struct glm_change *change, bool *ret_anything)
{
    struct glm_map_builder of[OUTCOMES], shown, b;
    sort_all(arena, works, count, of);
    glm_map_init(&shown, arena);
    outcome_shown_clusters(works, count, &shown);
    const struct glm_value *records = all_records(arena, works, count, of, &shown);
    const struct glm_value *clusters = shown_clusters(arena, wanted, of, &shown);
    *ret_anything = records->len > 0;
    glm_map_init_from(&b, arena, wanted ? change->attributes : change->prior);
    glm_map_set(&b, "status", status_wrap(arena, all_shown(&of[OUTCOME_STATUS], clusters)));
    change->result = outcome_shape(arena, wanted, works, count, change, glm_map_finish(&b, NULL));
    change->result_record = record_make(arena, records);
}

/* Of a directory that held none of what the record has there; 0: it is none of these. */
static size_t bare_files(struct glm_arena *arena, const struct work *work, enum bare_when when)
{
    const struct record_object *objects;
    const struct shape_object *shown;
    bool removes = !work->wanted || work->wanted->pair_count == 0;
    if (!has_files(work) || work->failed || work->found > 0 || removes != (when == BARE_REMOVED))
        return 0;
    if (!removes && (!work->looked ||
                     shape_of_cluster(arena, work->change->prior, work->cluster_name, &shown) == 0))
        return 0; /* a refresh has said so */
    return record_objects(arena, work->record, &objects);
}

/* Whatever nobody knows any more, because it was not there to be removed or written, is asked for: the
 * words of a refresh may be old, and Terraform shows none of them before a destroy. */
static void warn_bare(struct glm_arena *arena, const struct work *works, size_t count,
                      enum bare_when when, struct glm_diags *d)
{
    struct bare_place *places = GLM_NEW_ARRAY(arena, count, struct bare_place);
    size_t bare = 0;
    for (size_t i = 0; i < count; i++) {
        size_t files = bare_files(arena, &works[i], when);
        if (files > 0)
            places[bare++] = (struct bare_place){works[i].cluster_name, works[i].label, files};
    }
    if (bare > 0)
        bare_warn(arena, works[0].change->prior, places, bare, when, d);
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
        struct work *work = &works[i];
        if (!is_in(work, RUN_IN_OTHERS))
            continue;
        work->limit = *limit;
        work->cluster = time_limit_cluster(limit, arena, work->closing);
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
    return !hold_refuse_twins(works, count, arena, d) || !holding || any_refused(works, count);
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
    const struct time_limit limit =
        time_limit(change->creating ? "create" : "update", change->timeout_ms);
    bool ok = plan_check_clusters(arena, estate, change->prior, change->record, &limit, d) &&
              clusters_known(estate, d);
    if (!wanted_read(arena, estate, change->attributes, false, &wanted, d) || !ok)
        return false;
    /* The plan has looked already, at everything that was known then. */
    if (!moves_check(estate, wanted, change->prior, change->record, d) ||
        !upgrades_check(estate, wanted->manager, change->prior, change->record, d))
        return false;
    if (!common_build(arena, estate, wanted, d))
        return false;
    size_t count;
    struct work *works = make_works(arena, estate, change, wanted, &limit, &count, d);
    bool refused = look(arena, estate, works, count, d);
    if (!refused)
        run(arena, estate, works, count, RUN_IN_ALL, run_do, d);
    for (size_t i = 0; i < count; i++)
        hold_release(&works[i]);
    claims_release(estate->claims, change);
    bool anything = false;
    if (!refused) {
        warn_bare(arena, works, count, BARE_WRITTEN, d);
        warn_bare(arena, works, count, BARE_REMOVED, d);
        gather(arena, wanted, works, count, change, &anything);
    }
    ok = !refused && d->errors == errors;
    if (!ok && !anything && glm_is_null(change->prior)) {
        change->result = &glm_null;
        report_nothing_made(d);
    }
    return ok;
}

bool glm_lifecycle_remove(struct glm_arena *arena, const struct glm_estate *estate,
                          struct glm_change *change, struct glm_diags *d)
{
    size_t errors = d->errors;
    change->result = change->prior;
    change->result_record = change->record;
    const struct time_limit limit = time_limit("delete", change->timeout_ms);
    if (!plan_check_clusters(arena, estate, change->prior, change->record, &limit, d) ||
        !clusters_known(estate, d))
        return false;
    size_t count;
    struct work *works = make_works(arena, estate, change, NULL, &limit, &count, d);
    hold_files(works, count, arena, d);
    run(arena, estate, works, count, RUN_IN_ALL, run_do, d);
    warn_bare(arena, works, count, BARE_REMOVED, d);
    bool anything;
    gather(arena, NULL, works, count, change, &anything);
    if (d->errors == errors) {
        change->result = &glm_null;
        change->result_record = &glm_null;
    }
    return d->errors == errors;
}
