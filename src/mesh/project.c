/* SPDX-License-Identifier: Apache-2.0
 *
 * Projection: a live object reduced to what is owned, so that a comparison shows drift and nothing
 * else: not what the API server fills in, nor what others add beside it.
 *
 * Source: an IstioOperator's resource definition has no schema, so server-side apply owns its lists
 *         whole; a Service's ports are a list by port and protocol. The Istio operator writes an
 *         object back once with 64-bit numbers as texts and without what is empty.
 */
#include "glm/observe.h"
#include "internal.h"

#include <string.h>

enum place {
    PLACE_PLAIN,
    PLACE_SPEC_OF_OPERATOR, /* .spec of an IstioOperator */
    PLACE_COMPONENTS,       /* .spec.components and all below */
    PLACE_SPEC_OF_SERVICE,
    PLACE_PORTS,
};

static bool is_empty(const struct glm_value *v)
{
    return glm_is_null(v) || ((v->kind == GLM_MAP || v->kind == GLM_LIST) && v->len == 0) ||
           (v->kind == GLM_STRING && v->len == 0);
}

/* 1337 and "1337". */
static bool same_number(const struct glm_value *a, const struct glm_value *b)
{
    return a->kind == GLM_NUMBER && b->kind == GLM_STRING && a->len == b->len &&
           memcmp(a->as.text, b->as.text, a->len) == 0;
}

/* Equal but for how the operator writes things back. */
static bool alike(const struct glm_value *live, const struct glm_value *owned, unsigned depth)
{
    if (glm_equal(live, owned) || same_number(owned, live) || same_number(live, owned) ||
        (is_empty(live) && is_empty(owned)))
        return true;
    if (depth == 0 || live->kind != owned->kind)
        return false;
    if (live->kind == GLM_LIST) {
        bool same = live->len == owned->len;
        for (size_t i = 0; same && i < live->len; i++)
            same = alike(live->as.list[i], owned->as.list[i], depth - 1);
        return same;
    }
    if (live->kind != GLM_MAP)
        return false;
    for (size_t i = 0; i < owned->len; i++)
        if (!alike(glm_get(live, owned->as.map[i].key), owned->as.map[i].value, depth - 1))
            return false;
    for (size_t i = 0; i < live->len; i++)
        if (!glm_has(owned, live->as.map[i].key) && !is_empty(live->as.map[i].value))
            return false;
    return true;
}

static enum place below(enum place place, const char *key)
{
    if (place == PLACE_SPEC_OF_OPERATOR)
        return strcmp(key, "components") == 0 ? PLACE_COMPONENTS : PLACE_PLAIN;
    if (place == PLACE_SPEC_OF_SERVICE)
        return strcmp(key, "ports") == 0 ? PLACE_PORTS : PLACE_PLAIN;
    return place == PLACE_COMPONENTS ? place : PLACE_PLAIN;
}

static const struct glm_value *project(struct glm_arena *arena, const struct glm_value *live,
                                       const struct glm_value *owned, enum place place,
                                       unsigned depth);

static const struct glm_value *project_map(struct glm_arena *arena, const struct glm_value *live,
                                           const struct glm_value *owned, enum place place,
                                           unsigned depth)
{
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    for (size_t i = 0; i < owned->len; i++) {
        const struct glm_pair *pair = &owned->as.map[i];
        const struct glm_pair *is = glm_get_pair(live, pair->key);
        if (is)
            glm_map_append(&b, pair->key, 0, 0,
                           project(arena, is->value, pair->value, below(place, pair->key), depth));
        else if (is_empty(pair->value)) /* as good as there: nothing stores it */
            glm_map_append(&b, pair->key, 0, 0, pair->value);
    }
    return glm_map_finish(&b, NULL);
}

/* ---- a Service's ports ---- */

static bool same_port(const struct glm_value *a, const struct glm_value *b)
{
    return glm_equal(glm_get(a, "port"), glm_get(b, "port")) &&
           strcmp(glm_string_or(glm_get(a, "protocol"), "TCP"),
                  glm_string_or(glm_get(b, "protocol"), "TCP")) == 0;
}

static const struct glm_value *project_ports(struct glm_arena *arena, const struct glm_value *live,
                                             const struct glm_value *owned)
{
    struct glm_list_builder b;
    glm_list_init(&b, arena);
    for (size_t i = 0; i < owned->len; i++)
        for (size_t k = 0; k < live->len; k++)
            if (same_port(owned->as.list[i], live->as.list[k])) {
                glm_list_add(&b, project(arena, live->as.list[k], owned->as.list[i], PLACE_PLAIN,
                                         GLM_VALUE_DEPTH / 2));
                break;
            }
    return glm_list_finish(&b);
}

static const struct glm_value *project(struct glm_arena *arena, const struct glm_value *live,
                                       const struct glm_value *owned, enum place place,
                                       unsigned depth)
{
    if (depth == 0 || glm_equal(live, owned))
        return depth == 0 ? live : owned;
    if (live->kind == GLM_MAP && owned->kind == GLM_MAP)
        return project_map(arena, live, owned, place, depth - 1);
    if (place == PLACE_PORTS && live->kind == GLM_LIST && owned->kind == GLM_LIST)
        return project_ports(arena, live, owned);
    if ((place == PLACE_COMPONENTS && alike(live, owned, depth)) ||
        (is_empty(live) && is_empty(owned)))
        return owned;
    return live;
}

const struct glm_value *glm_project(struct glm_arena *arena, const struct glm_value *live,
                                    const struct glm_value *owned)
{
    if (!glm_is_map(live) || !glm_is_map(owned))
        return live;
    bool service = glm_string_is(glm_get(owned, "kind"), "Service");
    bool istio_operator = glm_string_is(glm_get(owned, "kind"), "IstioOperator");
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    for (size_t i = 0; i < owned->len; i++) {
        const struct glm_pair *pair = &owned->as.map[i];
        const struct glm_pair *is = glm_get_pair(live, pair->key);
        bool spec = strcmp(pair->key, "spec") == 0;
        enum place place = !spec            ? PLACE_PLAIN
                           : service        ? PLACE_SPEC_OF_SERVICE
                           : istio_operator ? PLACE_SPEC_OF_OPERATOR
                                            : PLACE_PLAIN;
        if (is)
            glm_map_append(&b, pair->key, 0, 0,
                           project(arena, is->value, pair->value, place, GLM_VALUE_DEPTH));
        else if (is_empty(pair->value))
            glm_map_append(&b, pair->key, 0, 0, pair->value);
    }
    return glm_map_finish(&b, NULL);
}

const struct glm_value *glm_owned_union(struct glm_arena *arena, const struct glm_value *a,
                                        const struct glm_value *b)
{
    if (!glm_is_map(a) || !glm_is_map(b))
        return glm_is_null(a) ? b : a;
    struct glm_map_builder all;
    glm_map_init_from(&all, arena, a);
    for (size_t i = 0; i < b->len; i++) {
        const struct glm_pair *pair = &b->as.map[i];
        const struct glm_pair *has = glm_get_pair(a, pair->key);
        glm_map_set(&all, pair->key,
                    has ? glm_owned_union(arena, has->value, pair->value) : pair->value);
    }
    return glm_map_finish(&all, NULL);
}
