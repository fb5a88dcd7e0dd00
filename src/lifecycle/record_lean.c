/* SPDX-License-Identifier: Apache-2.0
 *
 * What of the record is written: what the attributes beside it do not show. Of an object that they show
 * nothing is left when record_shown.c says the same of it; and of the directories of one tree only the
 * tree is told where it is:
 *   {"version": 2, "base": "/home/me/estate/",
 *    "clusters": {"east": {"label": "directory clusters/east"}, "south": {"place": "API server ..."}}}
 */
#include "record.h"
#include "shape.h"

#include "glm/text.h"

#include <string.h>

/* ---- objects ---- */

/* The recorded objects of which `shown` says something else, or nothing. */
static const struct glm_value *not_shown(struct glm_arena *arena, const struct glm_value *objects,
                                         const struct glm_value *shown)
{
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    for (size_t i = 0; glm_is_map(objects) && i < objects->len; i++) {
        const struct glm_pair *object = &objects->as.map[i];
        if (!glm_equal(object->value, glm_get(shown, object->key)))
            glm_map_append(&b, object->key, 0, 0, object->value);
    }
    return glm_map_finish(&b, NULL);
}

/* One cluster's record without what comes back by itself; whole, where not all would. */
static const struct glm_value *lean_cluster(struct glm_arena *arena, struct record_shown *shown,
                                            const struct glm_value *whole, const char *cluster)
{
    const struct glm_value *lean = glm_without(arena, whole, "objects");
    const struct glm_value *again = record_with_shown(shown, lean, cluster);
    const struct glm_value *rest =
        not_shown(arena, record_cluster_objects(whole), record_cluster_objects(again));
    if (rest->len > 0) {
        lean = glm_with(arena, lean, "objects", rest);
        again = record_with_shown(shown, lean, cluster);
    }
    return glm_equal(again, whole) ? lean : whole;
}

/* ---- places ---- */

#define DIRECTORY "directory "

/* The path in "directory PATH"; NULL: it is none. */
static const char *path_of(const struct glm_value *text)
{
    return glm_is_string(text) && strncmp(text->as.text, DIRECTORY, sizeof DIRECTORY - 1) == 0
               ? text->as.text + sizeof DIRECTORY - 1
               : NULL;
}

/* The folder that a label's relative path begins in; NULL: it is not one of those. */
static const char *base_of(struct glm_arena *arena, const struct glm_value *cluster)
{
    const char *place = path_of(glm_get(cluster, "place"));
    const char *label = path_of(glm_get(cluster, "label"));
    size_t len = place ? strlen(place) : 0, tail = label ? strlen(label) : 0;
    if (!tail || *label == '/' || len <= tail || place[len - tail - 1] != '/' ||
        strcmp(place + len - tail, label) != 0)
        return NULL;
    return glm_strndup(arena, place, len - tail);
}

/* Where a cluster is of which that is not said. base: NULL, there is none. */
static const struct glm_value *place_by_label(struct glm_arena *arena, const char *base,
                                              const struct glm_value *cluster)
{
    const char *label = path_of(glm_get(cluster, "label"));
    if (!label || (*label != '/' && !base))
        return &glm_null;
    return glm_stringf(arena, DIRECTORY "%s%s", *label == '/' ? "" : base, label);
}

static const struct glm_value *lean_place(struct glm_arena *arena, const char *base,
                                          const struct glm_value *cluster)
{
    const struct glm_value *place = glm_get(cluster, "place");
    const struct glm_value *by_label = place_by_label(arena, base, cluster);
    if (glm_is_null(by_label))
        return cluster;
    /* A null says that it is not known. */
    return glm_equal(place, by_label) ? glm_without(arena, cluster, "place")
                                      : glm_with(arena, cluster, "place", place);
}

static const struct glm_value *whole_place(struct glm_arena *arena, const char *base,
                                           const struct glm_value *cluster)
{
    const struct glm_value *place = &glm_null;
    if (!glm_has(cluster, "place"))
        place = place_by_label(arena, base, cluster);
    else if (!glm_is_null(glm_get(cluster, "place")))
        return cluster;
    return glm_is_null(place) ? glm_without(arena, cluster, "place")
                              : glm_with(arena, cluster, "place", place);
}

/* ---- pairs ---- */

/* As glm_object_generation has it: there were releases that wrote whole UIDs. */
static const struct glm_value *short_generation(struct glm_arena *arena,
                                                const struct glm_value *healthy)
{
    struct glm_text text;
    glm_text_init(&text, arena, healthy->len + 1);
    for (const char *at = healthy->as.text; *at;) {
        size_t uid = strcspn(at, "/,"), rest = strcspn(at + uid, ",");
        int most = uid < GLM_GENERATION_UID ? (int)uid : GLM_GENERATION_UID;
        glm_text_addf(&text, "%s%.*s%.*s", text.len ? "," : "", most, at, (int)rest, at + uid);
        at += uid + rest + (at[uid + rest] == ',');
    }
    return glm_string(arena, text.data);
}

static const struct glm_value *whole_pairs(struct glm_arena *arena, const struct glm_value *cluster)
{
    const struct glm_value *pairs = record_cluster_pairs(cluster);
    struct glm_map_builder b;
    bool any = false;
    glm_map_init_from(&b, arena, pairs);
    for (size_t i = 0; glm_is_map(pairs) && i < pairs->len; i++) {
        const struct glm_pair *pair = &pairs->as.map[i];
        const struct glm_value *healthy = glm_get(pair->value, "healthy");
        if (!glm_is_string(healthy) || strcspn(healthy->as.text, "/") <= GLM_GENERATION_UID)
            continue;
        glm_map_set(&b, pair->key,
                    glm_with(arena, pair->value, "healthy", short_generation(arena, healthy)));
        any = true;
    }
    return any ? glm_with(arena, cluster, "pairs", glm_map_finish(&b, NULL)) : cluster;
}

/* ---- the whole ---- */

const struct glm_value *record_lean(struct glm_arena *arena,
                                    const struct glm_installer *const *installers,
                                    const struct glm_value *record,
                                    const struct glm_value *attributes)
{
    struct glm_arena *GLM_AUTO_ARENA scratch = glm_arena_create(glm_arena_room(arena));
    const struct glm_value *clusters = glm_get(record, "clusters");
    const char *base = NULL;
    struct record_shown shown;
    struct glm_map_builder b;
    if (!glm_is_map(clusters))
        return record;
    for (size_t i = 0; i < clusters->len && !base; i++)
        base = base_of(arena, clusters->as.map[i].value);
    glm_map_init(&b, arena);
    record_shown_begin(&shown, scratch, installers, attributes);
    for (size_t i = 0; i < clusters->len; i++) {
        const struct glm_pair *c = &clusters->as.map[i];
        if (glm_is_map(c->value))
            glm_map_append(&b, c->key, 0, 0,
                           lean_place(arena, base, lean_cluster(arena, &shown, c->value, c->key)));
    }
    record = glm_with(arena, record, "clusters", glm_map_finish(&b, NULL));
    return base ? glm_with(arena, record, "base", glm_string(arena, base)) : record;
}

const struct glm_value *record_whole(struct glm_arena *arena,
                                     const struct glm_installer *const *installers,
                                     const struct glm_value *lean, const struct glm_value *prior)
{
    const struct glm_value *clusters = glm_get(lean, "clusters");
    const char *base = glm_string_or(glm_get(lean, "base"), NULL);
    struct record_shown shown;
    struct glm_map_builder names, b;
    glm_map_init(&names, arena);
    glm_map_init(&b, arena);
    shape_clusters(&names, prior);
    for (size_t i = 0; glm_is_map(clusters) && i < clusters->len; i++)
        if (glm_is_map(clusters->as.map[i].value))
            glm_map_set(&names, clusters->as.map[i].key, clusters->as.map[i].value);
    const struct glm_value *all = glm_map_finish(&names, NULL);
    if (glm_is_null(clusters) && all->len == 0)
        return lean;
    record_shown_begin(&shown, arena, installers, prior);
    for (size_t i = 0; i < all->len; i++) {
        const struct glm_pair *c = &all->as.map[i];
        const struct glm_value *whole = record_with_shown(&shown, c->value, c->key);
        glm_map_append(&b, c->key, 0, 0, whole_pairs(arena, whole_place(arena, base, whole)));
    }
    return glm_with(arena, glm_without(arena, lean, "base"), "clusters", glm_map_finish(&b, NULL));
}
