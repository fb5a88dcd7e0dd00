/* SPDX-License-Identifier: Apache-2.0
 *
 * What the state shows of a cluster is in its record, whatever that says: most of it is not even written
 * there, a tainted resource may have none, and somebody may have edited it. What is damaged in it is left
 * out.
 */
#include "lifecycle_internal.h"

#include <stdlib.h>
#include <string.h>

/* ---- which revision a key stands for ---- */

/* An installation of the state. */
struct record_key {
    const char *key;
    const char
        *revision; /* its key in the record; NULL: what `auto` stood for, cluster by cluster */
    const struct glm_value *clusters;
    const struct glm_value
        *made[GLM_ROLES][2]; /* entries of the record, which all clusters share */
};

void record_shown_begin(struct record_shown *s, struct glm_arena *arena,
                        const struct glm_installer *const *installers,
                        const struct glm_value *prior)
{
    const struct glm_value *all = glm_get(prior, "installations");
    *s = (struct record_shown){.arena = arena, .installers = installers, .prior = prior};
    s->keys = GLM_NEW_ARRAY(arena, glm_is_map(all) ? all->len : 0, struct record_key);
    for (size_t i = 0; glm_is_map(all) && i < all->len; i++) {
        const struct glm_pair *in = &all->as.map[i];
        struct record_key *k = &s->keys[s->key_count++];
        const char *written = glm_string_or(glm_get(in->value, "gateway_revision"), in->key);
        k->key = in->key;
        k->clusters = glm_get(in->value, "clusters");
        if (strcmp(written, "auto") != 0)
            k->revision = glm_revision_key(strcmp(written, "default") == 0 ? "" : written);
    }
}

static int by_key(const void *key, const void *k)
{
    return strcmp(key, ((const struct record_key *)k)->key);
}

/* NULL: the state has no such installation any more. */
static struct record_key *find_key(const struct record_shown *s, const char *key)
{
    return s->key_count
               ? bsearch(key, s->keys, s->key_count, sizeof *s->keys, by_key) /* as in the map */
               : NULL;
}

static bool is_explained(const struct record_shown *s, const char *cluster, const char *revision)
{
    for (size_t i = 0; i < s->key_count; i++)
        if (s->keys[i].revision && strcmp(s->keys[i].revision, revision) == 0 &&
            glm_has(s->keys[i].clusters, cluster))
            return true;
    return false;
}

/* The one of the cluster that no other installation explains. */
static const char *automatic(const struct record_shown *s, const char *cluster)
{
    const struct glm_value *all =
        glm_get_path(s->prior, "status", "clusters", cluster, "installations", NULL);
    for (size_t i = 0; glm_is_map(all) && i < all->len; i++)
        if (!is_explained(s, cluster, all->as.map[i].key))
            return all->as.map[i].key;
    return NULL;
}

/* NULL: it is for all of them. */
static const char *revision_of(const struct record_shown *s, const struct record_key *k,
                               const char *key, const char *cluster)
{
    if (strcmp(key, SHAPE_KEY_ALL) == 0)
        return NULL;
    if (k && k->revision)
        return k->revision;
    const char *revision = k ? automatic(s, cluster) : NULL;
    return revision ? revision : key; /* what stays of an installation is called by its revision */
}

/* ---- objects ---- */

/* By the kind; main: it stands for its pair. */
static enum glm_role role_of(const struct record_shown *s, const struct shape_object *o,
                             bool *ret_main)
{
    size_t len = strcspn(o->text, " ");
    *ret_main = false;
    if (o->service)
        return GLM_ROLE_TRAFFIC;
    for (size_t i = 0; s->installers && s->installers[i]; i++)
        for (const struct glm_installer_kind *k = s->installers[i]->kinds; k->kind; k++)
            if (strlen(k->kind->name) == len && strncmp(k->kind->name, o->text, len) == 0) {
                *ret_main = k->main;
                return k->role == GLM_ROLE_TRAFFIC ? GLM_ROLE_WORKLOAD : k->role;
            }
    *ret_main = true;
    return GLM_ROLE_WORKLOAD;
}

static const struct glm_value *entry_of(struct record_shown *s, const struct shape_object *o,
                                        struct record_key *k, const char *pair)
{
    struct record_object entry = {.text = o->text, .pair = o->service ? NULL : pair};
    entry.role = role_of(s, o, &entry.main);
    if (!k || !k->revision)
        return record_object_make(s->arena, &entry);
    const struct glm_value **made = &k->made[entry.role][entry.main];
    if (!*made)
        *made = record_object_make(s->arena, &entry);
    return *made;
}

/* True when the record itself says what an object is. */
static bool is_said(const struct glm_value *recorded, const struct glm_value *shown)
{
    return glm_is_map(recorded) && recorded->len > 0 &&
           (!glm_has(shown, "pair") || glm_is_string(glm_get(recorded, "pair")));
}

static void add_shown(struct record_shown *s, struct glm_map_builder *objects,
                      const struct glm_value *recorded, const char *cluster)
{
    struct glm_arena *GLM_AUTO_ARENA scratch = glm_arena_create(glm_arena_room(s->arena));
    const struct shape_object *all;
    size_t count = shape_of_cluster(scratch, s->prior, cluster, &all);
    for (size_t i = 0; i < count; i++) {
        struct record_key *k = find_key(s, all[i].key);
        const char *pair = revision_of(s, k, all[i].key, cluster);
        if (!record_is_text(all[i].text) || (pair && record_pair(recorded, pair).seat))
            continue; /* written to another entry of `clusters` */
        const struct glm_value *entry = entry_of(s, &all[i], k, pair);
        const char *text = all[i].text;
        if (!is_said(glm_map_peek(objects, text), entry))
            glm_map_set(objects, text == all[i].object ? text : glm_strdup(s->arena, text), entry);
    }
}

const struct glm_value *record_with_shown(struct record_shown *s, const struct glm_value *recorded,
                                          const char *cluster)
{
    const struct glm_value *all = glm_get(recorded, "objects");
    struct glm_map_builder objects;
    glm_map_init(&objects, s->arena);
    for (size_t i = 0; glm_is_map(all) && i < all->len; i++) {
        const struct glm_value *v = all->as.map[i].value;
        if (record_is_text(all->as.map[i].key))
            glm_map_set(&objects, all->as.map[i].key, glm_is_map(v) ? v : &glm_empty_map);
    }
    add_shown(s, &objects, recorded, cluster);
    return glm_with(s->arena, recorded, "objects", glm_map_finish(&objects, NULL));
}

bool record_shows_pair(struct glm_arena *arena, const struct glm_value *prior, const char *cluster,
                       const char *key)
{
    const struct shape_object *all;
    struct record_shown s;
    record_shown_begin(&s, arena, NULL, prior);
    size_t count = shape_of_cluster(arena, prior, cluster, &all);
    for (size_t i = 0; i < count; i++) {
        const char *pair = revision_of(&s, find_key(&s, all[i].key), all[i].key, cluster);
        if (!all[i].service && pair && strcmp(pair, key) == 0)
            return true;
    }
    return false;
}

/* ---- clusters ---- */

const struct glm_value *record_cluster(struct glm_arena *arena, const struct glm_value *record,
                                       const struct glm_value *prior, const char *cluster)
{
    const struct glm_value *known = glm_get(glm_get(record, "clusters"), cluster);
    struct record_shown shown;
    if (glm_is_map(known))
        return known;
    record_shown_begin(&shown, arena, NULL, prior);
    return record_with_shown(&shown, &glm_null, cluster);
}

static void add_keys(struct glm_map_builder *names, const struct glm_value *map)
{
    for (size_t i = 0; map->kind == GLM_MAP && i < map->len; i++)
        glm_map_set(names, map->as.map[i].key, &glm_null);
}

const struct glm_value *record_clusters(struct glm_arena *arena, const struct glm_value *record,
                                        const struct glm_value *prior)
{
    struct glm_map_builder names;
    glm_map_init(&names, arena);
    add_keys(&names, glm_get(record, "clusters"));
    shape_clusters(&names, prior);
    const struct glm_value *map = glm_map_finish(&names, NULL);
    struct glm_list_builder list;
    glm_list_init(&list, arena);
    for (size_t i = 0; i < map->len; i++)
        glm_list_add(&list, glm_string(arena, map->as.map[i].key));
    return glm_list_finish(&list);
}
