/* SPDX-License-Identifier: Apache-2.0
 *
 * The record of version 1, as 0.1.0 wrote it, of one cluster; it is read and never written:
 *   {"place": "...", "label": "...",
 *    "istio_operators": {"1-24": "istio-system/ingress-1-24",
 *                        "1-24@old/ingress-1-24": "old/ingress-1-24"},
 *    "services": ["gloo-mesh-gateways/ingress"],
 *    "healthy": {"1-24": "UID/3"}, "unsettled": ["1-24"], "unwaited": ["1-23"],
 *    "altered": {"Service gloo-mesh-gateways/ingress": "{...}"},
 *    "automatic": {"1-24": "1.24.3"},
 *    "selected": {"1-24": [{"service": "ns/mine", "selector": {"revision": "1-24"}}]},
 *    "found": {"1-22": "{...}"}, "foreign": true}
 * A key with an '@', which no revision has, is of an object that had to go and is still there, beside
 * the one that has its revision key now.
 */
#include "record.h"

#include <string.h>

/* ---- objects ---- */

/* Unless it is there: of a ref that is there twice the one that does not leave comes first. */
static void add_object(struct glm_map_builder *objects, const struct glm_object_kind *kind,
                       const struct glm_value *ref, struct record_object *o,
                       const struct glm_value *altered)
{
    struct glm_arena *arena = objects->arena;
    struct glm_object_ref parsed;
    if (!glm_is_string(ref) || !record_ref_as(arena, kind, ref->as.text, &parsed))
        return;
    const char *text = record_text(arena, &parsed);
    const struct glm_value *made = glm_get(altered, text);
    o->altered = glm_is_string(made) ? made : NULL;
    if (glm_is_null(glm_map_peek(objects, text)))
        glm_map_set(objects, text, record_object_make(arena, o));
}

static const struct glm_value *objects_of(struct glm_arena *arena, const struct glm_value *v1)
{
    const struct glm_value *operators = glm_get(v1, "istio_operators");
    const struct glm_value *services = glm_get(v1, "services"), *altered = glm_get(v1, "altered");
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    for (size_t i = 0; glm_is_map(operators) && i < operators->len; i++) {
        const char *key = operators->as.map[i].key;
        size_t len = strcspn(key, "@");
        struct record_object o = {.pair = glm_strndup(arena, key, len),
                                  .role = GLM_ROLE_WORKLOAD,
                                  .main = true,
                                  .leaves = key[len] != 0,
                                  .foreign = glm_is_true(glm_get(v1, "foreign")),
                                  .found =
                                      glm_string_or(glm_get_path(v1, "found", key, NULL), NULL)};
        add_object(&b, GLM_KIND_ISTIO_OPERATOR, operators->as.map[i].value, &o, altered);
    }
    for (size_t i = 0; glm_is_list(services) && i < services->len; i++) {
        struct record_object o = {.role = GLM_ROLE_TRAFFIC};
        add_object(&b, GLM_KIND_SERVICE, services->as.list[i], &o, altered);
    }
    return glm_map_finish(&b, NULL);
}

/* ---- pairs ---- */

static void note(struct glm_map_builder *pairs, const char *key, const char *name,
                 const struct glm_value *v)
{
    glm_map_set(pairs, key, glm_with(pairs->arena, glm_map_peek(pairs, key), name, v));
}

static void note_map(struct glm_map_builder *pairs, const struct glm_value *v1, const char *name,
                     enum glm_kind kind)
{
    const struct glm_value *map = glm_get(v1, name);
    for (size_t i = 0; glm_is_map(map) && i < map->len; i++)
        if (map->as.map[i].value->kind == kind)
            note(pairs, map->as.map[i].key, name, map->as.map[i].value);
}

static void note_list(struct glm_map_builder *pairs, const struct glm_value *v1, const char *name)
{
    const struct glm_value *list = glm_get(v1, name);
    for (size_t i = 0; glm_is_list(list) && i < list->len; i++)
        if (glm_is_string(list->as.list[i]))
            note(pairs, list->as.list[i]->as.text, name, &glm_true);
}

static const struct glm_value *pairs_of(struct glm_arena *arena, const struct glm_value *v1)
{
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    note_map(&b, v1, "healthy", GLM_STRING);
    note_map(&b, v1, "automatic", GLM_STRING);
    note_map(&b, v1, "selected", GLM_LIST);
    note_list(&b, v1, "unsettled");
    note_list(&b, v1, "unwaited");
    return glm_map_finish(&b, NULL);
}

/* ---- the cluster ---- */

const struct glm_value *record_v1_cluster(struct glm_arena *arena, const struct glm_value *v1)
{
    return record_cluster_make(arena, glm_string_or(glm_get(v1, "place"), NULL),
                               glm_string_or(glm_get(v1, "label"), NULL), objects_of(arena, v1),
                               pairs_of(arena, v1));
}
