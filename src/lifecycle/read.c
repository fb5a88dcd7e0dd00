/* SPDX-License-Identifier: Apache-2.0
 *
 * Read: what the clusters have now, for what the record says is ours. A cluster that does not
 * answer keeps what the state has; only certain absence everywhere is "gone".
 */
#include "read.h"

#include <string.h>

/* One reading for every recorded cluster that may be asked. */
static struct reading *make_readings(struct glm_arena *arena, const struct glm_estate *estate,
                                     const struct glm_change *change,
                                     const struct time_limit *limit, size_t *ret_count,
                                     bool *ret_all)
{
    const struct glm_value *names = record_clusters(arena, change->record, change->prior);
    struct reading *readings = GLM_NEW_ARRAY(arena, names->len, struct reading);
    const struct wanted *before = wanted_before(arena, estate, change->prior, change->record);
    struct shape_documents *documents = GLM_NEW(arena, struct shape_documents);
    struct intake *intake = GLM_NEW(arena, struct intake);
    struct glm_map_builder elsewhere;
    size_t count = 0, had = 0;
    glm_map_init(&elsewhere, arena);
    *ret_all = true;
    *documents = shape_documents(arena, change->prior);
    for (size_t i = 0; i < names->len; i++) {
        const struct glm_cluster_config *config;
        struct reading *reading = &readings[count];
        *reading = (struct reading){.estate = estate,
                                    .change = change,
                                    .documents = documents,
                                    .before = before,
                                    .limit = limit,
                                    .cluster_name = names->as.list[i]->as.text};
        reading->share.intake = intake;
        reading->share.had = intake_of_cluster(change->prior, reading->cluster_name);
        had += reading->share.had;
        reading->record =
            record_cluster(arena, change->record, change->prior, reading->cluster_name);
        read_sort(arena, reading);
        if (read_is_nothing_there(reading))
            continue;
        if (!estate_find(estate, reading->cluster_name, &config, &reading->cluster,
                         &reading->tolerate) ||
            !reading->cluster) {
            *ret_all = false; /* gone from the provider, retired, or not known yet: kept as it is */
            continue;
        }
        reading->name = glm_string_or(glm_get(change->prior, "name"), "");
        reading->namespace_ = glm_string_or(glm_get(change->prior, "namespace"), "");
        reading->label = estate_label(arena, reading->cluster);
        read_note_elsewhere(&elsewhere, reading);
        count++;
    }
    const struct glm_value *all = glm_map_finish(&elsewhere, NULL);
    for (size_t i = 0; i < count; i++)
        readings[i].elsewhere = all;
    intake_begin(intake, had);
    *ret_count = count;
    return readings;
}

/* ---- the record ---- */

/* The record of what is where it is now: of files, whatever working directory they were in before. */
static const struct glm_value *record_here(struct glm_arena *arena, struct reading *reading)
{
    const struct glm_value *r = record_with_leads_to(arena, reading->record, NULL);
    r = record_with_owners(arena, r, glm_map_finish(&reading->owners, NULL));
    if (reading->place)
        r = glm_with(arena, r, "place", glm_string(arena, reading->place));
    if (reading->cluster->ops->files)
        r = glm_with(arena, r, "label", glm_string(arena, reading->label));
    return r;
}

/* What is noted of pairs by those who answered, by cluster. */
static void add_notes(struct glm_map_builder *records, struct reading *readings, size_t count)
{
    struct glm_map_builder notes;
    glm_map_init(&notes, records->arena);
    for (size_t i = 0; i < count; i++)
        if (readings[i].answered && !readings[i].cluster->ops->files)
            entries_sort(&notes, glm_map_finish(&readings[i].results[READ_NOTES], NULL));
    for (size_t i = 0; i < notes.len; i++) {
        const char *cluster = notes.pairs[i].key;
        const struct glm_value *record = glm_map_peek(records, cluster);
        if (glm_is_map(record) && record->len > 0)
            glm_map_set(records, cluster,
                        record_with_notes(records->arena, record, notes.pairs[i].value));
    }
}

/* What the next plan has to know of all clusters. */
static const struct glm_value *all_records(struct glm_arena *arena, struct reading *readings,
                                           size_t count, const struct glm_change *change)
{
    struct glm_map_builder b;
    glm_map_init_from(&b, arena, glm_get(change->record, "clusters"));
    for (size_t i = 0; i < count; i++) {
        struct reading *reading = &readings[i];
        bool files = reading->cluster->ops->files;
        if (!reading->answered || (files && (!reading->settled || reading->found == 0)))
            continue;
        glm_map_set(&b, reading->cluster_name,
                    reading->moved ? record_with_leads_to(arena, reading->record, reading->place)
                                   : record_here(arena, reading));
    }
    add_notes(&b, readings, count);
    const struct glm_value *clusters = glm_map_finish(&b, NULL);
    return glm_is_map(change->record) ? glm_with(arena, change->record, "clusters", clusters)
                                      : record_make(arena, clusters);
}

/* ---- the attributes ---- */

/* One warning about everything that is not as one would have it. Of what was: Terraform says it again with the
 * result of the apply, which may have mended it. */
static void warn_unwell(struct glm_arena *arena, struct reading *readings, size_t count,
                        struct glm_diags *d)
{
    struct glm_text text;
    struct glm_map_builder clusters;
    glm_text_init(&text, arena, (size_t)256 << 10);
    glm_map_init(&clusters, arena);
    for (size_t i = 0; i < count; i++) {
        struct reading *reading = &readings[i];
        const struct glm_value *all = glm_map_finish(&reading->results[READ_STATUS], NULL);
        const char *well = glm_state_name(reading->cluster->ops->files ? GLM_STATE_INSTALL_PENDING
                                                                       : GLM_STATE_HEALTHY);
        for (size_t k = 0; reading->answered && k < all->len; k++) {
            const struct glm_value *entry = all->as.map[k].value;
            const char *state = glm_string_or(glm_get(entry, "state"), "");
            const char *at = all->as.map[k].key, *slash = strchr(at, '/');
            if (strcmp(state, well) == 0)
                continue;
            glm_map_set(&clusters, glm_strndup(arena, at, (size_t)(slash - at)), &glm_null);
            glm_text_addf(&text, "\n  %.*s, %s: %s: %s", (int)(slash - at), at, slash + 1, state,
                          glm_string_or(glm_get(entry, "message"), ""));
        }
    }
    if (clusters.len == 0)
        return;
    const struct glm_value *prior = readings[0].change->prior;
    const char *first = clusters.pairs[0].key;
    glm_warn_shared(
        d, spoken_at(arena, prior, first),
        spoken_title(arena, "Not every installation was in order", prior, first, clusters.len),
        "This is how a look at the clusters, before anything was planned, found the gateway "
        "lifecycle manager %s/%s:\n%s",
        readings[0].namespace_, readings[0].name, text.data);
}

static void warn_taken(struct glm_arena *arena, struct reading *readings, size_t count,
                       struct glm_diags *d)
{
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    for (size_t i = 0; i < count; i++)
        if (readings[i].answered && readings[i].owners.len > 0)
            glm_map_append(&b, readings[i].cluster_name, 0, 0,
                           glm_map_finish(&readings[i].owners, NULL));
    if (b.len > 0)
        taken_warn(arena, readings[0].change->prior, glm_map_finish(&b, NULL), d);
}

static bool is_bare(const struct reading *reading)
{
    return reading->answered && !reading->moved && reading->cluster->ops->files &&
           reading->recorded > 0 && reading->found == 0;
}

/* How many directories have none of their files. */
static size_t warn_bare(struct glm_arena *arena, const struct reading *readings, size_t count,
                        struct glm_diags *d)
{
    struct bare_place *places = GLM_NEW_ARRAY(arena, count, struct bare_place);
    size_t bare = 0;
    for (size_t i = 0; i < count; i++)
        if (is_bare(&readings[i]))
            places[bare++] = (struct bare_place){readings[i].cluster_name, readings[i].label,
                                                 readings[i].recorded};
    if (bare > 0)
        bare_warn(arena, readings[0].change->prior, places, bare, BARE_READ, d);
    return bare;
}

#define GONE_SHOWN 20 /* lines; the others are counted */

/* One warning about every object that somebody has removed: a plan that makes it again shows it as one that
 * its cluster gets anew. */
static void warn_gone(struct glm_arena *arena, const struct reading *readings, size_t count,
                      struct glm_diags *d)
{
    const struct reading *first = NULL;
    struct glm_text text;
    size_t clusters = 0, gone = 0;
    glm_text_init(&text, arena, (size_t)64 << 10);
    for (size_t i = 0; i < count; i++) {
        const struct reading *r = &readings[i];
        if (!r->answered || r->gone.len == 0 || is_bare(r))
            continue;
        first = clusters++ ? first : r;
        for (size_t k = 0; k < r->gone.len; k++)
            if (gone++ < GONE_SHOWN)
                glm_text_addf(&text, "\n  %s: %s was gone", r->cluster_name, r->gone.pairs[k].key);
    }
    if (gone == 0)
        return;
    if (gone > GONE_SHOWN)
        glm_text_addf(&text, "\n  and %zu more", gone - GONE_SHOWN);
    const struct glm_value *prior = first->change->prior;
    glm_warn_shared(d, spoken_at(arena, prior, first->cluster_name),
                    spoken_title(arena, gone == 1 ? "An object was gone" : "Objects were gone",
                                 prior, first->cluster_name, clusters),
                    "What this resource had made was not there any more:\n%s\n\nAn apply makes "
                    "again what the configuration still wants.",
                    text.data);
}

/* What the state has of a cluster that was not read itself, but for what others have of its pairs. */
static const struct glm_value *without_elsewhere(struct glm_arena *arena, const char *cluster,
                                                 const struct glm_value *map,
                                                 const struct glm_value *elsewhere)
{
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    for (size_t i = 0; glm_is_map(map) && i < map->len; i++)
        if (!glm_has(elsewhere, entries_key(arena, cluster, map->as.map[i].key)))
            glm_map_append(&b, map->as.map[i].key, 0, 0, map->as.map[i].value);
    return glm_is_map(map) ? glm_map_finish(&b, NULL) : map;
}

/* {cluster: {key: value}} of one kind of results. was: the same by the state. */
static const struct glm_value *all_of(struct glm_arena *arena, struct reading *readings,
                                      size_t count, enum read_of of, const struct glm_value *was)
{
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    for (size_t i = 0; glm_is_map(was) && i < was->len; i++) {
        const char *cluster = was->as.map[i].key;
        glm_map_append(&b, cluster, 0, 0,
                       count == 0 ? was->as.map[i].value
                                  : without_elsewhere(arena, cluster, was->as.map[i].value,
                                                      readings[0].elsewhere));
    }
    for (size_t i = 0; i < count; i++)
        if (glm_has(was, readings[i].cluster_name)) /* else it is only written to, for others */
            glm_map_set(&b, readings[i].cluster_name, &glm_empty_map);
    for (size_t i = 0; i < count; i++)
        entries_sort(&b, glm_map_finish(&readings[i].results[of], NULL));
    return glm_map_finish(&b, NULL);
}

static const struct glm_value *statuses(struct glm_arena *arena, const struct glm_value *prior)
{
    const struct glm_value *old = glm_get_path(prior, "status", "clusters", NULL);
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    for (size_t i = 0; glm_is_map(old) && i < old->len; i++)
        glm_map_append(&b, old->as.map[i].key, 0, 0,
                       glm_get(old->as.map[i].value, "installations"));
    return glm_map_finish(&b, NULL);
}

/* What those who answered have looked for, by entries_key of the cluster and the text of the object. */
static const struct glm_value *looked_for(struct glm_arena *arena, const struct reading *readings,
                                          size_t count)
{
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    for (size_t i = 0; i < count; i++) {
        const struct reading *reading = &readings[i];
        for (size_t k = 0; reading->answered && k < reading->object_count; k++) {
            const struct record_object *o = &reading->objects[k];
            glm_map_set(
                &b, entries_key(arena, o->cluster ? o->cluster : reading->cluster_name, o->text),
                &glm_true);
        }
    }
    return glm_map_finish(&b, NULL);
}

static void put_found(struct shape_builder *b, const struct read_entries *e)
{
    if (!e->service) {
        if (e->manifest)
            shape_put_manifest(b, e->key, e->object, e->manifest);
        shape_put_entries(b, e->key, e->object, e->cluster, e->entries);
        return;
    }
    if (e->manifest)
        shape_put_service_manifest(b, e->object, e->key, e->manifest);
    shape_put_active(b, e->object, e->cluster,
                     e->nobodys ? &glm_null : glm_string(b->arena, e->key));
    shape_put_service_entries(b, e->object, e->cluster, e->entries);
    shape_put_addresses(b, e->object, e->cluster, e->addresses);
}

/* The attributes with where objects are not as their manifests: as found, and as before of what nobody has
 * looked for. */
static const struct glm_value *with_entries(struct glm_arena *arena, const struct reading *readings,
                                            size_t count, const struct glm_value *prior,
                                            const struct glm_value *result)
{
    const struct glm_value *looked = looked_for(arena, readings, count);
    struct glm_map_builder names;
    struct shape_builder b;
    glm_map_init(&names, arena);
    shape_begin(&b, arena);
    shape_put_bare(&b, prior);
    shape_clusters(&names, prior);
    for (size_t i = 0; i < names.len; i++) {
        const char *cluster = names.pairs[i].key;
        const struct shape_object *all;
        size_t len = shape_of_cluster(arena, prior, cluster, &all);
        for (size_t k = 0; k < len; k++)
            if (!glm_has(looked, entries_key(arena, cluster, all[k].text)))
                shape_put_as_shown(&b, prior, cluster, &all[k]);
    }
    for (size_t i = 0; i < count; i++)
        for (const struct read_entries *e = readings[i].answered ? readings[i].entries : NULL; e;
             e = e->next)
            put_found(&b, e);
    return shape_finish(&b, result);
}

/* The result from what every cluster has, and from the state where one did not answer. */
static void gather(struct glm_arena *arena, struct reading *readings, size_t count,
                   struct glm_change *change)
{
    const struct glm_value *prior = change->prior;
    struct glm_map_builder b;
    glm_map_init_from(&b, arena, prior);
    glm_map_set(
        &b, "status",
        status_wrap(arena, all_of(arena, readings, count, READ_STATUS, statuses(arena, prior))));
    change->result = with_entries(arena, readings, count, prior, glm_map_finish(&b, NULL));
    change->result_record = all_records(arena, readings, count, change);
}

bool glm_lifecycle_read(struct glm_arena *arena, const struct glm_estate *estate,
                        struct glm_change *change, struct glm_diags *d)
{
    size_t errors = d->errors, count;
    bool all;
    const struct time_limit limit = time_limit("read", change->timeout_ms);
    struct reading *readings = make_readings(arena, estate, change, &limit, &count, &all);
    struct fanout_job *jobs = GLM_NEW_ARRAY(arena, count, struct fanout_job);
    for (size_t i = 0; i < count; i++) {
        const struct glm_cluster *cluster = readings[i].cluster;
        jobs[i] =
            (struct fanout_job){.work = &readings[i], .files = cluster && cluster->ops->files};
    }
    fanout(arena, estate->max_parallel, jobs, count, read_one_cluster, d);
    size_t recorded = 0, found = 0, bare = warn_bare(arena, readings, count, d);
    for (size_t i = 0; i < count; i++) {
        all = all && readings[i].answered && !readings[i].moved;
        recorded += readings[i].recorded;
        found += readings[i].found;
    }
    change->result = &glm_null;
    change->result_record = change->record;
    /* A directory without its files may be one that is not mounted: they are not certainly gone. */
    if (!all || recorded == 0 || found > 0 || bare > 0) {
        gather(arena, readings, count, change);
        warn_taken(arena, readings, count, d);
        warn_gone(arena, readings, count, d);
        warn_unwell(arena, readings, count, d);
    }
    return d->errors == errors;
}
