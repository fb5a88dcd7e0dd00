/* SPDX-License-Identifier: Apache-2.0
 *
 * Outcome: what the work in one cluster comes to, for the state and the record. What could not be done
 * stays in it as it is.
 */
#include "parts.h"

#include <string.h>

void outcome_begin(struct work *work)
{
    size_t pairs = work->wanted ? work->wanted->pair_count : 0;
    for (size_t i = 0; i < OUTCOMES; i++) {
        glm_map_init(&work->outcome[i], work->kept);
        glm_map_reserve(&work->outcome[i], pairs);
    }
    glm_map_init(&work->gone, work->kept);
    work->shown_count = 0;
    if (!work->pairs)
        work->pairs = GLM_NEW_ARRAY(work->kept, pairs, struct pair_work);
}

/* cluster: that which the attributes show it of; of an object that it is in. */
static void outcome_put(struct work *work, enum outcome_of of, const char *cluster, const char *key,
                        const struct glm_value *value)
{
    struct glm_arena *GLM_AUTO_ARENA scratch = glm_arena_create(GLM_ARENA_RPC_LIMIT);
    glm_map_set(&work->outcome[of], entries_key(scratch, cluster, key), value);
}

static bool has(const struct work *work, enum outcome_of of, const char *cluster, const char *key)
{
    struct glm_arena *GLM_AUTO_ARENA scratch = glm_arena_create(GLM_ARENA_RPC_LIMIT);
    return !glm_is_null(glm_map_peek(&work->outcome[of], entries_key(scratch, cluster, key)));
}

bool outcome_has_object(const struct work *work, const char *text)
{
    return has(work, OUTCOME_OBJECT, work->cluster_name, text);
}

static void put_all(struct work *work, enum outcome_of of, const char *cluster,
                    const struct glm_value *map)
{
    for (size_t i = 0; glm_is_map(map) && i < map->len; i++)
        outcome_put(work, of, cluster, map->as.map[i].key, map->as.map[i].value);
}

void outcome_keep(struct work *work)
{
    const struct glm_value *prior = work->change->prior;
    for (size_t i = 0; i < work->members->len; i++) {
        const char *name = work->members->as.map[i].key;
        outcome_show_before(work, name, NULL);
        put_all(work, OUTCOME_STATUS, name,
                glm_get_path(prior, "status", "clusters", name, "installations", NULL));
        put_all(work, OUTCOME_PAIR, name, record_cluster_pairs(work_record(work, name)));
        put_all(work, OUTCOME_NOTES, name, record_cluster_pairs(work_record(work, name)));
    }
    put_all(work, OUTCOME_OBJECT, work->cluster_name, record_cluster_objects(work->record));
}

const struct glm_value *outcome_failed(const struct work *work, struct glm_arena *arena,
                                       size_t index)
{
    return status_entry(arena, GLM_STATE_FAILED, work->wanted->pairs[index].installation->revision,
                        work->why ? work->why : "See the error of the apply.");
}

/* ---- what is there ---- */

static void note_made(struct work *work, const struct wanted_pair *pair)
{
    work->pairs[pair - work->wanted->pairs].made = true;
    outcome_put(work, OUTCOME_PAIR, pair->cluster, pair->key, &glm_true);
}

void outcome_object(struct work *work, const struct wanted_pair *pair,
                    const struct wanted_object *o, const struct glm_value *stored,
                    const struct glm_value *altered)
{
    const struct record_object entry = {.pair = o->role == GLM_ROLE_TRAFFIC ? NULL : pair->key,
                                        .cluster =
                                            record_pair_cluster(work->cluster_name, pair->cluster),
                                        .role = o->role,
                                        .main = o->main,
                                        .altered = altered,
                                        .found = o->found};
    struct glm_arena *GLM_AUTO_ARENA scratch = glm_arena_create(GLM_ARENA_RPC_LIMIT);
    outcome_put(work, OUTCOME_OBJECT, work->cluster_name, record_text(scratch, &o->ref),
                record_object_make(work->kept, &entry));
    outcome_show(work, pair, o, stored);
    if (o->role != GLM_ROLE_TRAFFIC && o->main && pair->key)
        note_made(work, pair);
    for (size_t i = 0; o->main && !pair->key && i < work->wanted->pair_count; i++)
        note_made(work, &work->wanted->pairs[i]); /* it is for all of them */
}

/* ---- what stays as it was ---- */

static void put_notes(struct work *work, const char *cluster, const char *key,
                      const struct record_pair *pair)
{
    const struct glm_value *notes = record_pair_make(work->kept, pair);
    if (notes->len > 0)
        outcome_put(work, OUTCOME_NOTES, cluster, key, notes);
    else
        glm_map_remove(&work->outcome[OUTCOME_NOTES], entries_key(work->kept, cluster, key));
}

/* What the record notes of a pair that stays, unless there is something newer. Whether waiting for it has come to
 * an end is the pair's own business, if it is wanted. */
static void keep_pair(struct work *work, const char *cluster, const char *key)
{
    struct record_pair notes = record_pair(work_record(work, cluster), key);
    outcome_put(work, OUTCOME_PAIR, cluster, key, &glm_true);
    notes.unsettled = notes.unwaited = false;
    if (!has(work, OUTCOME_NOTES, cluster, key))
        put_notes(work, cluster, key, &notes);
}

/* The cluster of the pair that a recorded object was made for. */
static const char *cluster_of(const struct work *work, const struct record_object *o)
{
    return o->cluster ? o->cluster : work->cluster_name;
}

/* Those that have nothing but an object for all of them. */
static void keep_pairs(struct work *work)
{
    for (size_t i = 0; i < work->members->len; i++) {
        const char *cluster = work->members->as.map[i].key;
        const struct glm_value *record = work_record(work, cluster);
        const struct glm_value *shown =
            glm_get_path(work->change->prior, "status", "clusters", cluster, "installations", NULL);
        const char *of = record_pair_cluster(work->cluster_name, cluster);
        for (size_t k = 0; glm_is_map(shown) && k < shown->len; k++) {
            const char *key = shown->as.map[k].key, *seat = record_pair(record, key).seat;
            bool here = seat ? strcmp(seat, work->cluster_name) == 0 : !of;
            if (here && !record_main_of(work->record, of, key))
                keep_pair(work, cluster, key);
        }
    }
}

void outcome_keep_object(struct work *work, const char *text)
{
    struct record_object o;
    if (!record_object_find(work->record, text, &o)) /* else it is in the place before this one */
        return;
    const char *cluster = cluster_of(work, &o);
    outcome_put(work, OUTCOME_OBJECT, work->cluster_name, text, record_object_make(work->kept, &o));
    outcome_show_before(work, cluster, text);
    if (o.main && o.pair && !o.leaves)
        keep_pair(work, cluster, o.pair);
    else if (o.main && !o.leaves)
        keep_pairs(work);
}

void outcome_keep_unknown(struct work *work, const char *text)
{
    struct record_object o;
    if (record_object_find(work->record, text, &o))
        outcome_put(work, OUTCOME_OBJECT, work->cluster_name, text,
                    record_object_make(work->kept, &o));
}

static bool has_files(const struct work *work)
{
    return work->cluster && work->cluster->ops->files;
}

/* The number of a pair that is wanted; pair_count: it is not. */
static size_t find_pair(const struct work *work, const char *cluster, const char *key)
{
    size_t i = 0;
    while (i < work->wanted->pair_count && (strcmp(work->wanted->pairs[i].key, key) != 0 ||
                                            strcmp(work->wanted->pairs[i].cluster, cluster) != 0))
        i++;
    return i;
}

/* True when the next plan has to settle a pair that is wanted. */
static bool is_unsettled(const struct work *work, size_t index)
{
    const struct pair_work *p = &work->pairs[index];
    return has_files(work) ? !p->installed : !p->ready && (p->await || p->status);
}

/* True when something that stands for the pair is there, or stays, besides this object. */
static bool has_another(const struct work *work, size_t index, const char *text)
{
    for (const struct wanted_pair *pair = &work->wanted->pairs[index]; pair; pair = pair->shared)
        for (size_t k = 0; k < pair->object_count; k++) {
            const char *other = record_text(work->kept, &pair->objects[k].ref);
            if (pair->objects[k].main && strcmp(other, text) != 0 &&
                has(work, OUTCOME_OBJECT, work->cluster_name, other))
                return true;
        }
    return false;
}

void outcome_leaver(struct work *work, const struct record_object *object)
{
    const char *key = object->pair, *cluster = cluster_of(work, object);
    size_t index = work->wanted && key ? find_pair(work, cluster, key) : 0;
    bool wanted = work->wanted && key && index < work->wanted->pair_count;
    if (object->role == GLM_ROLE_TRAFFIC || object->leaves || !wanted ||
        !has_another(work, index, object->text)) {
        outcome_keep_object(work, object->text);
    } else {
        struct record_object leaver = *object;
        leaver.leaves = true;
        outcome_put(work, OUTCOME_OBJECT, work->cluster_name, object->text,
                    record_object_make(work->kept, &leaver));
        outcome_show_before(work, cluster, object->text);
    }
    if (!key || (wanted && is_unsettled(work, index)))
        return; /* what the pair itself has not reached yet comes first */
    outcome_put(work, OUTCOME_STATUS, cluster, key, status_leaving(work->kept, key, object->text));
}

void outcome_leave(struct work *work, struct glm_arena *arena)
{
    for (size_t i = 0; work->wanted && i < work->wanted->pair_count; i++) {
        const struct wanted_pair *pair = &work->wanted->pairs[i];
        struct pair_work *p = &work->pairs[i];
        for (size_t k = 0; k < pair->object_count; k++)
            outcome_keep_object(work, record_text(arena, &pair->objects[k].ref));
        if (p->await || has_files(work))
            p->status = outcome_failed(work, arena, i);
    }
    for (size_t k = 0; work->wanted && k < work->wanted->shared.object_count; k++)
        outcome_keep_object(work, record_text(arena, &work->wanted->shared.objects[k].ref));
}

/* ---- the end ---- */

/* What the next plan has to know of a pair that is wanted. */
static struct record_pair notes_of(const struct work *work, size_t index)
{
    const struct wanted_pair *pair = &work->wanted->pairs[index];
    const struct pair_work *p = &work->pairs[index];
    const struct glm_value *distribution = work->estate->mesh.default_distribution;
    struct record_pair notes = record_pair(work_record(work, pair->cluster), pair->key);
    notes.seat = record_pair_cluster(pair->cluster, work->cluster_name);
    if (p->installed || p->made || p->handed)
        notes.installer = estate_installer_note(work->estate, work->installer);
    if (p->handed || p->taken)
        notes.from = p->taken ? NULL : p->from->name;
    if (p->healthy)
        notes.healthy = p->healthy;
    notes.unsettled = is_unsettled(work, index);
    notes.unwaited =
        !notes.unsettled && (p->await ? !work->patient && !p->seen_healthy : notes.unwaited);
    /* Which revisions `auto` stood for, and the tag that came with it: the configuration in the state
     * does not say. What was not installed is as it was. */
    if (p->installed)
        notes.automatic =
            glm_installation_is_auto(pair->installation)
                ? glm_string_or(distribution ? glm_get(distribution, "tag") : &glm_null, "")
                : NULL;
    return notes;
}

void outcome_note(struct work *work, size_t index)
{
    const struct wanted_pair *pair = &work->wanted->pairs[index];
    const struct record_pair notes = notes_of(work, index);
    put_notes(work, pair->cluster, pair->key, &notes);
}

void outcome_tell(struct work *work, struct glm_arena *arena)
{
    for (size_t i = 0; work->wanted && i < work->wanted->pair_count; i++) {
        const struct wanted_pair *pair = &work->wanted->pairs[i];
        const char *cluster = pair->cluster;
        const struct glm_value *planned = status_get(work->change->attributes, cluster, pair->key);
        const struct glm_value *status = work->pairs[i].status ? work->pairs[i].status : planned;
        if (!glm_is_map(status))
            status = outcome_failed(work, arena, i);
        status = glm_equal(status, planned) ? planned : glm_copy(work->kept, status);
        outcome_put(work, OUTCOME_STATUS, cluster, pair->key, status);
        outcome_note(work, i);
    }
}

void outcome_check(struct work *work, struct glm_arena *arena, struct glm_diags *d)
{
    for (size_t i = 0; work->wanted && i < work->wanted->pair_count && !work->failed; i++) {
        const struct wanted_pair *pair = &work->wanted->pairs[i];
        const struct glm_value *planned =
            status_get(work->change->attributes, pair->cluster, pair->key);
        const struct glm_value *is = glm_map_peek(&work->outcome[OUTCOME_STATUS],
                                                  entries_key(arena, pair->cluster, pair->key));
        if (glm_is_map(planned) && !glm_equal(planned, is))
            work_error(work, arena, WORK_AT(work, i), d, "An installation is not as planned",
                       "It was to be %s, and is %s: %s The next apply goes on from here.",
                       glm_string_or(glm_get(planned, "state"), ""),
                       glm_string_or(glm_get(is, "state"), ""),
                       glm_string_or(glm_get(is, "message"), ""));
    }
}
