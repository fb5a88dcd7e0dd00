/* SPDX-License-Identifier: Apache-2.0
 *
 * Read, of one entry of `clusters`: what it has now of what the record says is ours there.
 */
#include "read.h"

#include "glm/shown.h"

#include <string.h>

/* ---- what cannot be read ---- */

/* A pair stays as the state has it, with a status that says why nothing is known of it. */
static void keep_pair(struct reading *reading, const char *cluster, const char *key,
                      const char *why)
{
    if (glm_is_map(status_get(reading->change->prior, cluster, key)))
        glm_map_set(&reading->results[READ_STATUS], entries_key(reading->said, cluster, key),
                    status_entry(reading->said, GLM_STATE_UNKNOWN, read_revision_of_key(key), why));
}

static bool is_elsewhere(const struct reading *reading, const char *cluster, const char *key)
{
    return glm_has(reading->elsewhere, entries_key(reading->said, cluster, key));
}

static void does_not_answer(struct reading *reading, const struct glm_diags *errors,
                            struct glm_diags *d)
{
    struct glm_arena *arena = reading->said;
    reading->answered = false;
    const char *why = time_limit_why(reading->limit, arena,
                                     errors->first ? errors->first->detail : "it does not answer");
    const struct glm_path *at =
        time_limit_over(reading->limit) ? GLM_AT_ATTR(NULL, "timeouts") : NULL;
    if (reading->tolerate)
        glm_warn_shared(
            d, at, glm_sprintf(arena, "Cluster \"%s\" cannot be read", reading->cluster_name),
            "%s\n\nThe state keeps what it has of this cluster, with status UNKNOWN.", why);
    else
        glm_error(d, at, glm_sprintf(arena, "Cluster \"%s\" cannot be read", reading->cluster_name),
                  "%s\n\nThe state keeps what it has of this cluster. With on_unreachable = "
                  "\"warn\" in its entry this is a warning.",
                  why);
    for (size_t i = 0; i < READ_RESULTS; i++)
        glm_map_init(&reading->results[i], reading->said);
    for (size_t i = 0; i < reading->pair_count; i++)
        keep_pair(reading, reading->pairs[i].cluster, reading->pairs[i].key, why);
}

/* true: it goes into the state. */
static bool takes_in(struct reading *reading, struct glm_arena *arena, size_t bytes,
                     struct glm_diags *d)
{
    if (share_add(&reading->share, bytes))
        return true;
    struct glm_diags errors;
    glm_diags_init(&errors, arena);
    glm_error(
        &errors, NULL, "It has too much",
        "What it has of the installations is too large: with what the state has of all "
        "clusters it would come to more than the %zu MiB that one resource may have. Look at "
        "what makes it so large (%s), and whether this is the cluster that its entry is meant to "
        "lead to.",
        GLM_EXTENT_MAX >> 20, intake_where(arena, reading->estate, reading->cluster));
    does_not_answer(reading, &errors, d);
    return false;
}

/* Where it is not as its manifest. */
static bool compare(struct reading *reading, struct glm_arena *arena, const struct read_object *o,
                    struct glm_diags *d)
{
    return takes_in(reading, arena, read_compare(reading, arena, o, d), d);
}

/* ---- what is recorded ---- */

static bool look(struct reading *reading, struct glm_arena *arena,
                 const struct record_object *recorded, struct read_object *ret, struct glm_diags *d)
{
    struct glm_diags errors;
    glm_diags_init(&errors, arena);
    if (read_look(reading, arena, recorded, ret, &errors, d))
        return true;
    does_not_answer(reading, &errors, d);
    return false;
}

static void note_owner(struct reading *reading, struct glm_arena *arena,
                       const struct read_object *o)
{
    const char *owner = read_taken_by(reading, arena, o);
    if (owner)
        glm_map_set(&reading->owners, o->recorded->text,
                    glm_string(reading->kept, glm_shown(arena, owner)));
}

/* Looks at recorded objects, and compares them; of what this release does not know nothing is in ret_objects. */
static bool look_all(struct reading *reading, struct glm_arena *arena,
                     const struct record_object *recorded, size_t count,
                     struct read_object *ret_objects, size_t *ret_count, struct glm_diags *d)
{
    *ret_count = 0;
    for (size_t i = 0; i < count; i++) {
        struct read_object *o = &ret_objects[*ret_count];
        if (!look(reading, arena, &recorded[i], o, d) ||
            (o->ref.kind && !compare(reading, arena, o, d)))
            return false;
        note_owner(reading, arena, o);
        *ret_count += ret_objects[*ret_count].ref.kind != NULL;
    }
    return true;
}

/* What stands for several pairs is there until the last of them is judged. */
static bool read_shared(struct reading *reading, struct glm_diags *d)
{
    const size_t count = reading->parts[READ_PART_SHARED + 1];
    reading->shared = GLM_NEW_ARRAY(reading->scratch, count, struct read_object);
    return look_all(reading, reading->scratch, reading->objects, count, reading->shared,
                    &reading->shared_count, d);
}

/* One pair, by its recorded main objects; false when the cluster does not answer. */
static bool read_pair(struct reading *reading, const struct read_pair *pair, struct glm_diags *d)
{
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create(GLM_ARENA_RPC_LIMIT);
    struct read_object *objects =
        GLM_NEW_ARRAY(arena, pair->main_count + reading->shared_count, struct read_object);
    struct glm_diags errors;
    size_t count;
    glm_diags_init(&errors, arena);
    if (!look_all(reading, arena, pair->mains, pair->main_count, objects, &count, d))
        return false;
    for (size_t i = 0; i < reading->shared_count; i++)
        objects[count++] = reading->shared[i];
    if (count == 0 || read_status(reading, arena, pair, objects, count, &errors))
        return true;
    does_not_answer(reading, &errors, d);
    return false;
}

/* Anything else. What had to go and is still there is said of its pair, so that the next apply tries again. */
static bool read_other(struct reading *reading, const struct record_object *recorded,
                       struct glm_diags *d)
{
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create(GLM_ARENA_RPC_LIMIT);
    struct read_object o;
    size_t count;
    if (!look_all(reading, arena, recorded, 1, &o, &count, d))
        return false;
    if (recorded->leaves && recorded->pair && count > 0 && o.look.found != GLM_FOUND_NOTHING)
        glm_map_set(&reading->results[READ_STATUS],
                    entries_key(reading->kept, o.cluster, recorded->pair),
                    status_leaving(reading->kept, recorded->pair, recorded->text));
    return true;
}

/* Pairs that an apply could not even begin have a status and no object. Not of another place. */
static void keep_statuses(struct reading *reading)
{
    if (reading->cluster->ops->files && !reading->settled)
        return;
    const struct glm_value *old = glm_get_path(reading->change->prior, "status", "clusters",
                                               reading->cluster_name, "installations", NULL);
    for (size_t i = 0; glm_is_map(old) && i < old->len; i++) {
        const char *key = old->as.map[i].key,
                   *entry = entries_key(reading->said, reading->cluster_name, key);
        bool read = !glm_is_null(glm_map_peek(&reading->results[READ_STATUS], entry));
        bool own = record_main(reading->record, key) || reading->shared_count > 0;
        if (!record_pair(reading->record, key).seat && !(read && own))
            read_keep_status(reading, reading->cluster_name, key, old->as.map[i].value);
    }
}

/* Pairs whose objects are in an entry that is not read: who reads them says what there is. */
static void keep_unread(struct reading *reading)
{
    const struct glm_value *pairs = record_cluster_pairs(reading->record);
    for (size_t i = 0; glm_is_map(pairs) && i < pairs->len; i++) {
        const char *key = pairs->as.map[i].key;
        const struct glm_value *status =
            status_get(reading->change->prior, reading->cluster_name, key);
        if (record_pair(reading->record, key).seat && glm_is_map(status) &&
            !is_elsewhere(reading, reading->cluster_name, key))
            glm_map_set(&reading->results[READ_STATUS],
                        entries_key(reading->kept, reading->cluster_name, key), status);
    }
}

/* Of pairs that have none here any more nothing stays noted but what only an apply can tell. */
static void forget_others(struct reading *reading)
{
    const struct glm_value *pairs = record_cluster_pairs(reading->record);
    for (size_t i = 0; glm_is_map(pairs) && i < pairs->len; i++) {
        const char *key = pairs->as.map[i].key,
                   *entry = entries_key(reading->kept, reading->cluster_name, key);
        if (!record_pair(reading->record, key).seat &&
            glm_is_null(glm_map_peek(&reading->results[READ_NOTES], entry)))
            glm_map_set(&reading->results[READ_NOTES], entry, &glm_empty_map);
    }
}

static bool read_parts(struct reading *reading, struct glm_diags *d)
{
    if (!read_shared(reading, d))
        return false;
    for (size_t i = 0; i < reading->pair_count; i++)
        if (!read_pair(reading, &reading->pairs[i], d))
            return false;
    for (size_t i = reading->parts[READ_PART_OTHERS]; i < reading->object_count; i++)
        if (!read_other(reading, &reading->objects[i], d))
            return false;
    return true;
}

static void read_objects(struct reading *reading, struct glm_diags *d)
{
    if (!read_parts(reading, d))
        return;
    keep_statuses(reading);
    keep_unread(reading);
    forget_others(reading);
}

/* ---- the place ---- */

/* Which place this is, and whether the record speaks of it; false when it does not answer. */
static bool open_place(struct reading *reading, struct glm_arena *arena, struct glm_diags *d)
{
    struct glm_diags errors;
    glm_diags_init(&errors, arena);
    if (!reading->cluster->ops->identify(reading->cluster, reading->said, &reading->place,
                                         &errors)) {
        does_not_answer(reading, &errors, d);
        return false;
    }
    reading->label = estate_label(reading->said, reading->cluster);
    bool files = reading->cluster->ops->files;
    enum place_change place =
        place_compare(arena, reading->record, reading->cluster, reading->place);
    reading->moved =
        place != PLACE_SAME && !(files && place_has_ours(reading->estate, reading->cluster,
                                                         reading->record, reading->change->prior));
    reading->settled = files && !reading->moved && place != PLACE_OTHER;
    const struct place_move move = {.estate = reading->estate,
                                    .prior = reading->change->prior,
                                    .name = reading->cluster_name,
                                    .record = reading->record,
                                    .is = reading->place,
                                    .look_in = reading->cluster};
    if (reading->moved && !files) /* of files the plan says so */
        place_warn(reading->said, &move, d);
    return true;
}

/* What somebody else has there is looked at in scratch memory. */
static bool open_and_tidy(struct reading *reading, struct glm_diags *d)
{
    struct glm_arena *GLM_AUTO_ARENA scratch = glm_arena_create(GLM_ARENA_RPC_LIMIT);
    if (!open_place(reading, scratch, d))
        return false;
    /* In files, here too: after a kill the plan may be empty, and then nothing else ever works there. */
    if (reading->cluster->ops->tidy)
        reading->cluster->ops->tidy(reading->cluster, scratch);
    return true;
}

static void release_arena(void *arena)
{
    glm_arena_destroy(arena);
}

void read_one_cluster(struct fanout_job *job)
{
    struct reading *reading = job->work;
    reading->answered = true;
    reading->said = job->arena;
    reading->scratch = job->scratch;
    reading->kept = glm_arena_create(GLM_ARENA_RPC_LIMIT);
    reading->cluster = time_limit_cluster(reading->limit, job->arena, reading->cluster);
    for (size_t i = 0; i < READ_RESULTS; i++)
        glm_map_init(&reading->results[i], reading->kept);
    glm_map_init(&reading->owners, reading->kept);
    glm_map_init(&reading->gone, reading->kept);
    /* Of another place than that of the record nothing is known: it counts as new and empty. */
    if (open_and_tidy(reading, &job->diags) && !reading->moved) {
        reading->applied = wanted_render_before(job->scratch, reading->estate, reading->before,
                                                reading->cluster_name);
        read_objects(reading, &job->diags);
        reading->applied = NULL;
    }
    if (reading->answered) {
        glm_arena_defer(job->arena, release_arena, reading->kept);
        return;
    }
    share_give_back(&reading->share);
    glm_arena_destroy(reading->kept);
}
