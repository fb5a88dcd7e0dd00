/* SPDX-License-Identifier: Apache-2.0
 *
 * Read, of one pair: its status, by the main objects that the record has of it.
 */
#include "read.h"

#include "glm/shown.h"

#include <string.h>

const char *read_revision_of_key(const char *key)
{
    return strcmp(key, "default") == 0 ? "" : key;
}

/* What the next plan has to settle stays so. */
static struct record_pair stays_open(const struct glm_value *record, const char *key)
{
    return (struct record_pair){.unsettled = record_is_unsettled(record, key),
                                .unwaited = record_is_unwaited(record, key)};
}

static void note(struct reading *reading, const char *cluster, const char *key,
                 const struct record_pair *pair)
{
    glm_map_set(&reading->results[READ_NOTES], entries_key(reading->kept, cluster, key),
                record_pair_make(reading->kept, pair));
}

void read_keep_status(struct reading *reading, const char *cluster, const char *key,
                      const struct glm_value *status)
{
    const char *entry = entries_key(reading->kept, cluster, key);
    const struct record_pair pair = stays_open(read_record(reading, cluster), key);
    if (glm_is_null(glm_map_peek(&reading->results[READ_STATUS], entry)))
        glm_map_set(&reading->results[READ_STATUS], entry, status);
    note(reading, cluster, key, &pair);
}

/* ---- status ---- */

/* In files; a state that an apply left there for the next one stays. */
static const struct glm_value *status_of_file(const struct reading *reading,
                                              struct glm_arena *arena, const struct read_pair *pair)
{
    const char *key = pair->key;
    const struct glm_value *was = status_get(reading->change->prior, pair->cluster, key);
    if (reading->settled && glm_is_map(was) &&
        !glm_string_is(glm_get(was, "state"), glm_state_name(GLM_STATE_INSTALL_PENDING)) &&
        !glm_string_is(glm_get(was, "state"), glm_state_name(GLM_STATE_UNKNOWN)))
        return was;
    return status_written(arena, read_revision_of_key(key));
}

/* The user's own Service that sends traffic to the pair, in its message, and in the record: a plan
 * that removes the pair shows it, and asks no cluster. Where the Pods are elsewhere, so are Services. NULL:
 * there is nothing to say. */
static const char *with_selected(struct reading *reading, const struct glm_installer_call *of,
                                 const struct sight *sight, const struct glm_value **ret_selected)
{
    struct glm_installer_call call = *of;
    const struct glm_value *selected = &glm_empty_list;
    bool here = strcmp(sight->seen.pair->cluster, reading->cluster_name) == 0 &&
                reading->parts[READ_PART_TRAFFIC] == reading->object_count;
    call.cluster = reading->cluster;
    call.manager = reading->before ? reading->before->manager : NULL;
    for (size_t i = 0; here && i < sight->seen.look_count && selected->len == 0; i++)
        if (sight->seen.looks[i].read.found == GLM_FOUND)
            selected = selected_by(&call, sight->seen.looks[i].read.object, true);
    *ret_selected = glm_copy(reading->kept, selected);
    const char *message = sight->judgement.quiet ? "" : sight->judgement.message;
    return selected_message(call.arena, message, selected);
}

/* Of a pair that another release has made, with an installer that this one does not have. */
static const struct glm_value *status_of_unknown(struct reading *reading, struct glm_arena *arena,
                                                 const struct read_pair *pair)
{
    const struct record_pair noted = record_pair(read_record(reading, pair->cluster), pair->key);
    note(reading, pair->cluster, pair->key, &noted);
    return status_entry(
        arena, GLM_STATE_UNKNOWN, read_revision_of_key(pair->key),
        glm_sprintf(arena,
                    "It was installed by \"%s\", which this release of the provider does not know: "
                    "the installers that it has are %s. Use the release that installed it.",
                    glm_shown(arena, noted.installer),
                    glm_installer_names(arena, reading->estate->installers)));
}

/* In a live cluster. */
/* True when one of its main objects is not what the state's configuration makes of it: an apply that failed may
 * not have come to it, and what is HEALTHY is what was there before. */
static bool is_behind(const struct reading *reading, struct glm_arena *arena,
                      const struct glm_installer_call *of, const struct read_object *objects,
                      size_t count)
{
    struct glm_installer_call call = *of;
    call.arena = arena;
    for (size_t i = 0; i < count; i++) {
        const struct wanted_object *applied = wanted_object_find(reading->applied, &objects[i].ref);
        if (!applied || !applied->bare || objects[i].look.found != GLM_FOUND)
            continue;
        const struct glm_value *is = seam_project(&call, objects[i].look.object, applied->bare);
        if (is && !glm_equal(is, applied->bare) &&
            !seen_is_altered(arena, record_altered(arena, reading->record, &objects[i].ref),
                             applied->bare, is))
            return true;
    }
    return false;
}

static bool status_of_live(struct reading *reading, struct glm_arena *arena,
                           const struct read_pair *of_pair, const struct read_object *objects,
                           size_t count, const struct glm_value **ret_status,
                           struct glm_diags *errors)
{
    const char *cluster = of_pair->cluster, *key = of_pair->key;
    const struct glm_value *record = read_record(reading, cluster);
    struct glm_installer_look *looks = GLM_NEW_ARRAY(arena, count, struct glm_installer_look);
    struct record_pair pair = stays_open(record, key);
    struct sight_of of;
    struct sight sight;
    for (size_t i = 0; i < count; i++)
        looks[i] = (struct glm_installer_look){.ref = objects[i].ref,
                                               .role = objects[i].recorded->role,
                                               .main = true,
                                               .read = objects[i].look};
    sight_of_found(reading->estate, arena, cluster, key, record_generation(record, key), &of);
    of.call.seat = reading->cluster_name;
    of.call.self = read_maker(reading, &objects[0]);
    if (!observe_looks(reading->cluster, arena, &of, looks, count, &sight, errors))
        return false;
    const char *message = with_selected(reading, &of.call, &sight, &pair.selected);
    const char *revision = sight.judgement.revision;
    *ret_status =
        status_entry(arena, sight.judgement.state, revision ? revision : read_revision_of_key(key),
                     *message ? message : NULL);
    if (sight.judgement.state == GLM_STATE_HEALTHY) {
        bool open = pair.unsettled && is_behind(reading, arena, &of.call, objects, count);
        pair = (struct record_pair){.unsettled = open,
                                    .healthy = sight_generation(arena, &sight),
                                    .selected = pair.selected};
    }
    if (!pair.healthy)
        pair.healthy = record_generation(record, key);
    note(reading, cluster, key, &pair);
    return true;
}

bool read_status(struct reading *reading, struct glm_arena *arena, const struct read_pair *pair,
                 const struct read_object *objects, size_t count, struct glm_diags *errors)
{
    const struct read_object *worst = &objects[0];
    const struct glm_value *status;
    for (size_t i = 0; i < count; i++)
        if (worst->look.found == GLM_FOUND && objects[i].look.found != GLM_FOUND)
            worst = &objects[i];
    /* Of files what is noted of the pair stays until it is written. */
    if (!read_maker(reading, worst))
        status = status_of_unknown(reading, arena, pair);
    else if (reading->cluster->ops->files)
        status = status_of_file(reading, arena, pair);
    else if (!status_of_live(reading, arena, pair, objects, count, &status, errors))
        return false;
    const struct glm_value *was = status_get(reading->change->prior, pair->cluster, pair->key);
    glm_map_set(&reading->results[READ_STATUS],
                entries_key(reading->kept, pair->cluster, pair->key),
                glm_equal(status, was) ? was : glm_copy(reading->kept, status));
    return true;
}
