/* SPDX-License-Identifier: Apache-2.0
 *
 * Read, of one object: what a cluster has of it, and who made it.
 */
#include "maker.h"
#include "read.h"

#include <string.h>

const struct glm_value *read_record(const struct reading *reading, const char *cluster)
{
    return strcmp(cluster, reading->cluster_name) == 0
               ? reading->record
               : record_cluster(reading->said, reading->change->record, reading->change->prior,
                                cluster);
}

/* What nobody has touched need not be decoded. */
static bool is_as_applied(const struct reading *reading, struct read_object *ret)
{
    const struct wanted_object *applied = wanted_object_find(reading->applied, &ret->ref);
    if (!reading->cluster->ops->has || !applied || !applied->object ||
        !reading->cluster->ops->has(reading->cluster, &ret->ref, applied->object))
        return false;
    ret->look = (struct glm_read){.found = GLM_FOUND, .object = applied->object};
    ret->as_applied = applied;
    return true;
}

bool read_look(struct reading *reading, struct glm_arena *arena,
               const struct record_object *recorded, struct read_object *ret,
               struct glm_diags *errors, struct glm_diags *d)
{
    *ret = (struct read_object){.recorded = recorded,
                                .cluster =
                                    recorded->cluster ? recorded->cluster : reading->cluster_name,
                                .look = {.object = &glm_null}};
    reading->recorded++;
    if (!record_ref(arena, reading->estate, recorded->text, &ret->ref)) {
        reading->found++; /* for all that is known */
        glm_warn(d, GLM_AT_ATTR(NULL, "installations"), "An object that is not known",
                 "Cluster \"%s\": %s is in the state of this resource, and this release of the "
                 "provider knows no such object, by its kind or by its name, so it is left alone. "
                 "Use the release that made it to change or remove it.",
                 reading->cluster_name, recorded->text);
        return true;
    }
    if (!is_as_applied(reading, ret) &&
        !reading->cluster->ops->read(reading->cluster, arena, &ret->ref, &ret->look, errors))
        return false;
    if (ret->look.found != GLM_FOUND_NOTHING) /* NO_API says nothing about the object */
        reading->found++;
    else if (!recorded->leaves)
        glm_map_set(&reading->gone, recorded->text, &glm_true);
    if (ret->look.found == GLM_FOUND_UNREADABLE)
        glm_warn_shared(d, NULL,
                        spoken_title(arena,
                                     glm_sprintf(arena, "Cluster \"%s\": an object cannot be read",
                                                 reading->cluster_name),
                                     reading->change->prior, NULL, 0),
                        "%s: %s. An apply writes it again, or says what has to go first.",
                        glm_object_ref_text(arena, &ret->ref), ret->look.why);
    return true;
}

/* ---- whose it is ---- */

const char *read_view_of(const struct reading *reading, const struct read_object *o)
{
    const char *key = o->recorded->pair;
    for (size_t i = 0; reading->applied && i < reading->applied->pair_count; i++) {
        const struct wanted_pair *pair = &reading->applied->pairs[i];
        if (key && pair->key && pair->view && strcmp(pair->key, key) == 0 &&
            strcmp(pair->cluster, o->cluster) == 0)
            return pair->view;
    }
    return NULL;
}

/* True for a cluster whose pairs have, or had, their objects in this entry. */
static bool is_member(const struct reading *reading, const char *cluster)
{
    for (size_t i = 0; i < reading->object_count; i++)
        if (reading->objects[i].cluster && strcmp(reading->objects[i].cluster, cluster) == 0)
            return true;
    return false;
}

const char *read_taken_by(const struct reading *reading, struct glm_arena *arena,
                          const struct read_object *o)
{
    const char *said = glm_string_or(
        glm_get_path(o->look.object, "metadata", "labels", GLM_LABEL_CLUSTER, NULL), "");
    const char *cluster = is_member(reading, said) ? said : reading->cluster_name, *owner = NULL;
    return o->look.found == GLM_FOUND &&
                   glm_owner_of(arena, o->look.object, reading->name, reading->namespace_, cluster,
                                &owner) == GLM_OWNER_OTHER_RESOURCE
               ? owner
               : NULL;
}

bool read_is_foreign(const struct reading *reading, struct glm_arena *arena,
                     const struct read_object *o)
{
    return record_is_foreign(arena, reading->record, &o->ref) &&
           glm_owner_of(arena, o->look.object, reading->name, reading->namespace_, o->cluster,
                        NULL) == GLM_OWNER_FOREIGN;
}

const struct glm_installer *read_maker(const struct reading *reading, const struct read_object *o)
{
    const struct glm_installer *now = estate_installer(reading->estate, o->cluster);
    const char *key = o->recorded->pair;
    if (!key)
        return now; /* it is for several pairs, or outlives them */
    const struct record_pair noted = record_pair(read_record(reading, o->cluster), key);
    return maker_of_kind(reading->estate, &noted, o->ref.kind, now);
}
