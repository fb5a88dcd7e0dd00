/* SPDX-License-Identifier: Apache-2.0
 *
 * What the works of all seats come to, as the attributes show it. Where something is as wanted in one cluster,
 * the manifest is the planned one, and a cluster that lags behind has lines that say so; where it is so in
 * none, all stays as it was.
 */
#include "parts.h"

#include "glm/difference.h"

#include <string.h>

/* What a cluster has of an object in the end. */
struct shown_part {
    const char *key, *object, *cluster; /* see struct shape_object */
    bool service;
    const struct wanted_common *common; /* it is as wanted; NULL: it is as it was */
    const struct glm_value *entries, *addresses;
    bool nobodys; /* a Service that is there, and selects nobody */
};

static void add(struct work *work, const struct shown_part *part)
{
    if (work->shown_count == work->shown_capacity) {
        size_t pairs = work->wanted ? work->wanted->pair_count : 0; /* most have one object */
        size_t capacity = work->shown_capacity ? work->shown_capacity * 2 : pairs + 1;
        struct shown_part *parts = GLM_NEW_ARRAY(work->kept, capacity, struct shown_part);
        for (size_t i = 0; i < work->shown_count; i++)
            parts[i] = work->shown[i];
        work->shown = parts;
        work->shown_capacity = capacity;
    }
    work->shown[work->shown_count++] = *part;
}

void outcome_show(struct work *work, const struct wanted_pair *pair, const struct wanted_object *o,
                  const struct glm_value *stored)
{
    const struct glm_value *planned = work->change->attributes, *addresses = &glm_null;
    const struct wanted_common *common = common_kept(work->kept, o->common);
    const struct glm_value *entries =
        o->role == GLM_ROLE_TRAFFIC
            ? shape_service_entries(planned, common->text, pair->cluster)
            : shape_entries(planned, common->key, common->text, pair->cluster);
    if (!glm_is_map(entries) || !glm_equal(entries, o->own))
        entries = glm_copy(work->kept, o->own);
    if (o->role == GLM_ROLE_TRAFFIC) {
        addresses = shape_addresses(planned, common->text, pair->cluster);
        if (glm_is_unknown(addresses))
            addresses =
                shown_has_balancer(o->bare) ? shown_addresses(work->kept, stored) : &glm_null;
    }
    add(work, &(struct shown_part){.key = common->key,
                                   .object = common->text,
                                   .cluster = pair->cluster,
                                   .service = o->role == GLM_ROLE_TRAFFIC,
                                   .common = common,
                                   .entries = entries,
                                   .addresses = addresses});
}

void outcome_show_before(struct work *work, const char *cluster, const char *text)
{
    const struct glm_value *prior = work->change->prior;
    const struct shape_object *all;
    size_t count = shape_of_cluster(work->kept, prior, cluster, &all);
    for (size_t i = 0; i < count; i++)
        if (!text || strcmp(all[i].text, text) == 0)
            add(work,
                &(struct shown_part){
                    .key = all[i].key,
                    .object = all[i].object,
                    .cluster = cluster,
                    .service = all[i].service,
                    .entries = all[i].entries,
                    .nobodys =
                        all[i].service && glm_is_null(shape_active(prior, all[i].object, cluster)),
                    .addresses = all[i].service ? shape_addresses(prior, all[i].object, cluster)
                                                : &glm_null});
}

void outcome_shown_clusters(const struct work *works, size_t count, struct glm_map_builder *names)
{
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < works[i].shown_count; k++)
            glm_map_set(names, works[i].shown[k].cluster, &glm_true);
}

/* ---- of all ---- */

struct gathering {
    struct glm_arena *arena;
    const struct glm_value *prior;
    struct shape_documents before;
    /* The common object of what is as wanted somewhere, by K and O. */
    struct glm_map_builder fresh;
    struct shape_builder shape;
};

static const char *id_of(const struct gathering *g, const struct shown_part *part)
{
    return glm_sprintf(g->arena, "%c%zu:%s%s", part->service ? 'S' : 'O', strlen(part->key),
                       part->key, part->object);
}

static void put(struct gathering *g, const struct shown_part *part, const struct glm_value *entries)
{
    if (!part->service) {
        shape_put_entries(&g->shape, part->key, part->object, part->cluster, entries);
        return;
    }
    shape_put_active(&g->shape, part->object, part->cluster,
                     part->nobodys ? &glm_null : glm_string(g->arena, part->key));
    shape_put_service_entries(&g->shape, part->object, part->cluster, entries);
    shape_put_addresses(&g->shape, part->object, part->cluster, part->addresses);
}

/* As wanted. What is for all pairs of a seat may be another object in another seat. */
static void put_wanted(struct gathering *g, const struct glm_value *planned,
                       const struct shown_part *part)
{
    const char *id = id_of(g, part);
    const struct glm_value *first = glm_map_peek(&g->fresh, id), *entries = part->entries;
    if (glm_is_null(first)) {
        glm_map_set(&g->fresh, id, part->common->bare);
        common_put(&g->shape, planned, part->common);
    } else if (strcmp(part->key, SHAPE_KEY_ALL) == 0) {
        entries = glm_differences(g->arena, first, part->common->bare, NULL);
    }
    put(g, part, entries);
}

/* As it was, of the manifest that is shown now. */
static void put_before(struct gathering *g, const struct shown_part *part)
{
    const struct glm_value *manifest =
        part->service ? shape_service_manifest(g->prior, part->object, part->key)
                      : shape_manifest(g->prior, part->key, part->object);
    const struct glm_value *first = glm_map_peek(&g->fresh, id_of(g, part));
    const struct shape_object of = {
        .key = part->key, .object = part->object, .service = part->service};
    const struct glm_value *entries = part->entries;
    if (!glm_is_null(first))
        entries = shape_rebased(g->arena, first, shape_document(&g->before, &of), entries);
    else if (part->service)
        shape_put_service_manifest(&g->shape, part->object, part->key, manifest);
    else
        shape_put_manifest(&g->shape, part->key, part->object, manifest);
    put(g, part, entries);
}

const struct glm_value *outcome_shape(struct glm_arena *arena, const struct wanted *wanted,
                                      const struct work *works, size_t count,
                                      const struct glm_change *change,
                                      const struct glm_value *attributes)
{
    struct gathering g = {.arena = arena, .prior = change->prior};
    bool lags = false;
    shape_begin(&g.shape, arena);
    glm_map_init(&g.fresh, arena);
    if (wanted)
        common_put_services(&g.shape, wanted, change->attributes);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < works[i].shown_count; k++) {
            if (works[i].shown[k].common)
                put_wanted(&g, change->attributes, &works[i].shown[k]);
            else
                lags = true;
        }
    if (lags)
        g.before = shape_documents(arena, change->prior);
    for (size_t i = 0; lags && i < count; i++)
        for (size_t k = 0; k < works[i].shown_count; k++)
            if (!works[i].shown[k].common)
                put_before(&g, &works[i].shown[k]);
    return shape_finish(&g.shape, attributes);
}
