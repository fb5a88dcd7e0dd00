/* SPDX-License-Identifier: Apache-2.0
 *
 * Read, before anything is asked: what is recorded of one entry of `clusters`, in the order in which it
 * is looked at, and the pairs that it is of. Pure.
 */
#include "read.h"

#include <stdlib.h>
#include <string.h>

static enum read_part part_of(const struct record_object *o)
{
    if (o->role == GLM_ROLE_TRAFFIC)
        return READ_PART_TRAFFIC;
    if (!o->main || o->leaves)
        return READ_PART_OTHERS;
    return o->pair ? READ_PART_PAIRS : READ_PART_SHARED;
}

static int by_text(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) : (a != NULL) - (b != NULL);
}

/* What stands for one pair stands together. */
static int by_part(const void *a_, const void *b_)
{
    const struct record_object *a = a_, *b = b_;
    int order = (int)part_of(a) - (int)part_of(b);
    if (order == 0 && part_of(a) == READ_PART_PAIRS)
        order = by_text(a->cluster, b->cluster);
    if (order == 0 && part_of(a) == READ_PART_PAIRS)
        order = strcmp(a->pair, b->pair);
    return order ? order : strcmp(a->text, b->text);
}

/* ---- pairs ---- */

struct pairs {
    struct glm_arena *arena;
    struct read_pair *all;
    size_t count, capacity;
};

static struct read_pair *add_pair(struct pairs *p)
{
    if (p->count == p->capacity) {
        p->capacity = p->capacity ? p->capacity * 2 : 4;
        struct read_pair *all = GLM_NEW_ARRAY(p->arena, p->capacity, struct read_pair);
        for (size_t i = 0; i < p->count; i++)
            all[i] = p->all[i];
        p->all = all;
    }
    return &p->all[p->count++];
}

/* Those that something stands for alone. */
static void add_own(struct pairs *p, const struct reading *reading)
{
    const size_t end = reading->parts[READ_PART_PAIRS + 1];
    for (size_t i = reading->parts[READ_PART_PAIRS]; i < end;) {
        const struct record_object *first = &reading->objects[i];
        struct read_pair *pair = add_pair(p);
        *pair =
            (struct read_pair){.cluster = first->cluster ? first->cluster : reading->cluster_name,
                               .key = first->pair,
                               .mains = first};
        for (; i < end && by_text(reading->objects[i].cluster, first->cluster) == 0 &&
               strcmp(reading->objects[i].pair, first->pair) == 0;
             i++)
            pair->main_count++;
    }
}

/* Those of a cluster that only have what stands for several: of the entry itself, and whose record says
 * that they are here. */
static void add_shared(struct pairs *p, const struct reading *reading, const char *cluster)
{
    const struct glm_value *prior = reading->change->prior;
    const struct glm_value *all =
        glm_get_path(prior, "status", "clusters", cluster, "installations", NULL);
    const struct glm_value *record =
        record_cluster(p->arena, reading->change->record, reading->change->prior, cluster);
    const char *of = record_pair_cluster(reading->cluster_name, cluster);
    for (size_t i = 0; glm_is_map(all) && i < all->len; i++) {
        const char *key = all->as.map[i].key, *seat = record_pair(record, key).seat;
        bool here = seat ? strcmp(seat, reading->cluster_name) == 0 : !of;
        if (here && !record_main_of(reading->record, of, key))
            *add_pair(p) = (struct read_pair){.cluster = cluster, .key = key};
    }
}

/* ---- the whole ---- */

void read_sort(struct glm_arena *arena, struct reading *reading)
{
    const struct record_object *recorded;
    struct pairs pairs = {.arena = arena};
    reading->object_count = record_objects(arena, reading->record, &recorded);
    struct record_object *objects =
        GLM_NEW_ARRAY(arena, reading->object_count, struct record_object);
    for (size_t i = 0; i < reading->object_count; i++) {
        objects[i] = recorded[i];
        for (size_t part = (size_t)part_of(&recorded[i]) + 1; part <= READ_PARTS; part++)
            reading->parts[part]++;
    }
    if (reading->object_count > 1)
        qsort(objects, reading->object_count, sizeof *objects, by_part);
    reading->objects = objects;
    add_own(&pairs, reading);
    if (reading->parts[READ_PART_SHARED + 1] > 0) {
        const struct glm_value *names =
            record_clusters(arena, reading->change->record, reading->change->prior);
        for (size_t i = 0; i < names->len; i++)
            add_shared(&pairs, reading, names->as.list[i]->as.text);
    }
    reading->pairs = pairs.all;
    reading->pair_count = pairs.count;
}

void read_note_elsewhere(struct glm_map_builder *elsewhere, const struct reading *reading)
{
    for (size_t i = 0; i < reading->pair_count; i++)
        if (strcmp(reading->pairs[i].cluster, reading->cluster_name) != 0)
            glm_map_set(
                elsewhere,
                entries_key(elsewhere->arena, reading->pairs[i].cluster, reading->pairs[i].key),
                &glm_true);
    for (size_t i = reading->parts[READ_PART_TRAFFIC]; i < reading->object_count; i++)
        if (reading->objects[i].cluster)
            glm_map_set(elsewhere,
                        entries_key(elsewhere->arena, reading->objects[i].cluster,
                                    strchr(reading->objects[i].text, ' ') + 1),
                        &glm_true);
}

bool read_is_nothing_there(const struct reading *reading)
{
    const struct glm_value *pairs = record_cluster_pairs(reading->record);
    if (reading->object_count > 0 || !glm_is_map(pairs))
        return false;
    for (size_t i = 0; i < pairs->len; i++)
        if (!record_pair(reading->record, pairs->as.map[i].key).seat)
            return false;
    return pairs->len > 0;
}
