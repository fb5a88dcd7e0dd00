/* SPDX-License-Identifier: Apache-2.0
 *
 * The record: the resource's private state. JSON, so that a later version can read it:
 *   {"version": 1, "intent": "apply", "id": "ns/name",
 *    "clusters": {"east": {"place": "directory /home/me/estate/clusters/east",
 *                          "label": "directory clusters/east",
 *                          "istio_operators": {"1-24": "istio-system/ingress-1-24"},
 *                          "services": ["gloo-mesh-gateways/ingress"],
 *                          "healthy": {"1-24": "UID/3"}, "unsettled": ["1-24"],
 *                          "unwaited": ["1-23"],
 *                          "altered": {"Service gloo-mesh-gateways/ingress": "{...}"},
 *                          "automatic": {"1-24": "1.24.3"},
 *                          "selected": {"1-24": [{"service": "ns/mine",
 *                                                 "selector": {"revision": "1-24"}},
 *                                                {"more": 3}]},
 *                          "found": {"1-22": "{...}"},
 *                          "foreign": true}}}
 */
#include "lifecycle_internal.h"

#include <string.h>

#define RECORD_VERSION 1
#define RECORD_MAX_BYTES GLM_JSON_MAX_BYTES /* a message has no more */

const char *glm_record_encode(struct glm_arena *arena, const struct glm_value *record)
{
    return glm_json_text(arena, record->kind == GLM_MAP ? record : &glm_empty_map);
}

const struct glm_value *glm_record_with_intent(struct glm_arena *arena,
                                               const struct glm_value *record, const char *intent,
                                               const char *id)
{
    struct glm_map_builder b;
    glm_map_init_from(&b, arena, record);
    glm_map_set(&b, "version", glm_integer(arena, RECORD_VERSION));
    glm_map_set(&b, "intent", glm_string(arena, intent));
    glm_map_set(&b, "id", id ? glm_string(arena, id) : &glm_null);
    return glm_map_finish(&b, NULL);
}

bool glm_record_intends(const struct glm_value *record, const char *intent, const char *id)
{
    return glm_string_is(glm_get(record, "intent"), intent) &&
           (!id || glm_string_is(glm_get(record, "id"), id));
}

static void set_unless_empty(struct glm_map_builder *b, const char *key, const struct glm_value *v)
{
    if (v && v->len > 0)
        glm_map_set(b, key, v);
}

const struct glm_value *record_make_cluster(struct glm_arena *arena,
                                            const struct record_parts *parts)
{
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    if (parts->place)
        glm_map_set(&b, "place", glm_string(arena, parts->place));
    if (parts->label)
        glm_map_set(&b, "label", glm_string(arena, parts->label));
    glm_map_set(&b, "istio_operators", parts->operators);
    glm_map_set(&b, "services", parts->services);
    set_unless_empty(&b, "healthy", parts->healthy);
    set_unless_empty(&b, "unsettled", parts->unsettled);
    set_unless_empty(&b, "unwaited", parts->unwaited);
    set_unless_empty(&b, "altered", parts->altered);
    set_unless_empty(&b, "automatic", parts->automatic);
    set_unless_empty(&b, "selected", parts->selected);
    set_unless_empty(&b, "found", parts->found);
    if (parts->foreign)
        glm_map_set(&b, "foreign", &glm_true);
    return glm_map_finish(&b, NULL);
}

void record_healthy(struct glm_map_builder *healthy, struct glm_arena *arena, const char *key,
                    const char *generation)
{
    if (generation)
        glm_map_set(healthy, key, glm_string(arena, generation));
}

static bool lists(const struct glm_value *list, const char *key)
{
    for (size_t i = 0; glm_is_list(list) && i < list->len; i++)
        if (glm_string_is(list->as.list[i], key))
            return true;
    return false;
}

bool record_is_unsettled(const struct glm_value *cluster_record, const char *key)
{
    return lists(glm_get(cluster_record, "unsettled"), key);
}

bool record_is_unwaited(const struct glm_value *cluster_record, const char *key)
{
    return lists(glm_get(cluster_record, "unwaited"), key);
}

const struct glm_value *record_make(struct glm_arena *arena, const struct glm_value *clusters)
{
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    glm_map_set(&b, "version", glm_integer(arena, RECORD_VERSION));
    glm_map_set(&b, "clusters", clusters);
    return glm_map_finish(&b, NULL);
}

/* "ns/name" of an object shown as JSON in an attribute, the null value when it is no object. */
static const struct glm_value *shown_ref(struct glm_arena *arena, const struct glm_value *text)
{
    const struct glm_value *object = shown_document(arena, text);
    const struct glm_value *name = glm_get_path(object, "metadata", "name", NULL);
    const struct glm_value *ns = glm_get_path(object, "metadata", "namespace", NULL);
    if (!glm_is_string(name) || !glm_is_string(ns))
        return &glm_null;
    return glm_stringf(arena, "%s/%s", ns->as.text, name->as.text);
}

static bool is_ref(struct glm_arena *arena, const struct glm_value *v)
{
    struct glm_object_ref ref;
    return glm_is_string(v) && record_ref(arena, GLM_KIND_SERVICE, v->as.text, &ref);
}

/* The recorded IstioOperators, and those that are shown where there is none, or no reference. */
static const struct glm_value *with_operators(struct glm_arena *arena,
                                              const struct glm_value *recorded,
                                              const struct glm_value *shown)
{
    struct glm_map_builder b;
    glm_map_init_from(&b, arena, recorded);
    for (size_t i = 0; shown->kind == GLM_MAP && i < shown->len; i++) {
        const char *key = shown->as.map[i].key;
        if (is_ref(arena, glm_get(recorded, key)))
            continue;
        const struct glm_value *ref = shown_ref(arena, shown->as.map[i].value);
        if (glm_is_string(ref))
            glm_map_set(&b, key, ref);
    }
    return glm_map_finish(&b, NULL);
}

/* The recorded Services that are references, and those that are shown. */
static const struct glm_value *with_services(struct glm_arena *arena,
                                             const struct glm_value *recorded,
                                             const struct glm_value *shown)
{
    struct glm_map_builder known;
    struct glm_list_builder list;
    glm_map_init(&known, arena);
    glm_list_init(&list, arena);
    for (size_t i = 0; glm_is_list(recorded) && i < recorded->len; i++) {
        if (!is_ref(arena, recorded->as.list[i]))
            continue;
        glm_map_set(&known, recorded->as.list[i]->as.text, &glm_true);
        glm_list_add(&list, recorded->as.list[i]);
    }
    for (size_t i = 0; shown->kind == GLM_MAP && i < shown->len; i++)
        if (glm_is_null(glm_map_peek(&known, shown->as.map[i].key)))
            glm_list_add(&list, glm_string(arena, shown->as.map[i].key));
    return glm_list_finish(&list);
}

/* What is recorded of a cluster, and what the state shows of it. */
static const struct glm_value *with_shown(struct glm_arena *arena, const struct glm_value *recorded,
                                          const struct glm_value *prior, const char *cluster)
{
    struct glm_map_builder b;
    glm_map_init_from(&b, arena, recorded);
    glm_map_set(&b, "istio_operators",
                with_operators(arena, glm_get(recorded, "istio_operators"),
                               glm_get(glm_get(prior, "istio_operators"), cluster)));
    glm_map_set(&b, "services",
                with_services(arena, glm_get(recorded, "services"),
                              glm_get(glm_get(prior, "services"), cluster)));
    return glm_map_finish(&b, NULL);
}

const struct glm_value *record_cluster(struct glm_arena *arena, const struct glm_value *record,
                                       const struct glm_value *prior, const char *cluster)
{
    const struct glm_value *known = glm_get(glm_get(record, "clusters"), cluster);
    if (glm_is_map(known))
        return known;
    /* No record: a tainted resource, or one written by something else. The state shows it. */
    return with_shown(arena, &glm_null, prior, cluster);
}

/* Private state that is not ours is as good as none: what matters in it can be rebuilt from the state
 * itself, and is where a part of it is damaged. */
const struct glm_value *glm_record_decode(struct glm_arena *arena, const void *bytes, size_t len,
                                          const struct glm_value *prior)
{
    struct glm_diags ignored;
    glm_diags_init(&ignored, arena);
    const struct glm_value *v = NULL;
    int64_t version = 0;
    if (len == 0 || len > RECORD_MAX_BYTES ||
        !glm_json_decode(arena, bytes, len, "private state", NULL, &v, &ignored) ||
        !glm_number_int64(glm_get(v, "version"), &version) || version != RECORD_VERSION)
        return &glm_null;
    const struct glm_value *clusters = glm_get(v, "clusters");
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    for (size_t i = 0; glm_is_map(clusters) && i < clusters->len; i++)
        if (glm_is_map(clusters->as.map[i].value))
            glm_map_append(
                &b, clusters->as.map[i].key, 0, 0,
                with_shown(arena, clusters->as.map[i].value, prior, clusters->as.map[i].key));
    return glm_is_null(clusters) ? v : glm_with(arena, v, "clusters", glm_map_finish(&b, NULL));
}

static void add_keys(struct glm_map_builder *names, const struct glm_value *map)
{
    for (size_t i = 0; map->kind == GLM_MAP && i < map->len; i++)
        glm_map_append(names, map->as.map[i].key, 0, 0, &glm_null);
}

const struct glm_value *record_clusters(struct glm_arena *arena, const struct glm_value *record,
                                        const struct glm_value *prior)
{
    struct glm_map_builder names;
    glm_map_init(&names, arena);
    add_keys(&names, glm_get(record, "clusters"));
    add_keys(&names, glm_get(prior, "istio_operators"));
    add_keys(&names, glm_get(prior, "services"));
    const struct glm_value *map = glm_map_finish(&names, NULL);
    struct glm_list_builder list;
    glm_list_init(&list, arena);
    for (size_t i = 0; i < map->len; i++)
        glm_list_add(&list, glm_string(arena, map->as.map[i].key));
    return glm_list_finish(&list);
}

const char *record_ref_text(struct glm_arena *arena, const struct glm_object_ref *ref)
{
    return glm_sprintf(arena, "%s/%s", ref->namespace_ ? ref->namespace_ : "", ref->name);
}

bool record_ref(struct glm_arena *arena, const struct glm_object_kind *kind, const char *text,
                struct glm_object_ref *ret_ref)
{
    const char *slash = strchr(text, '/');
    if (!slash || slash == text || !slash[1])
        return false;
    *ret_ref =
        (struct glm_object_ref){.kind = kind,
                                .namespace_ = glm_strndup(arena, text, (size_t)(slash - text)),
                                .name = slash + 1};
    return true;
}

/* A revision key has no '@': DNS-1123. */
const char *record_leaver_key(struct glm_arena *arena, const char *key, const char *ref)
{
    return glm_sprintf(arena, "%s@%s", key, ref);
}

const char *record_key(struct glm_arena *arena, const char *recorded_key)
{
    return glm_strndup(arena, recorded_key, strcspn(recorded_key, "@"));
}

bool record_has(struct glm_arena *arena, const struct glm_value *cluster_record,
                const struct glm_object_ref *ref)
{
    const char *key = record_ref_text(arena, ref);
    const struct glm_value *operators = glm_get(cluster_record, "istio_operators");
    const struct glm_value *services = glm_get(cluster_record, "services");
    if (ref->kind == GLM_KIND_ISTIO_OPERATOR) {
        for (size_t i = 0; glm_is_map(operators) && i < operators->len; i++)
            if (glm_string_is(operators->as.map[i].value, key))
                return true;
        return false;
    }
    for (size_t i = 0; glm_is_list(services) && i < services->len; i++)
        if (glm_string_is(services->as.list[i], key))
            return true;
    return false;
}
