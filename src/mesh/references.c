/* SPDX-License-Identifier: Apache-2.0
 *
 * References: where k8s.* of a gateway can name the gateway's own objects. They bear the revision's
 * suffix, so a reference that did not would be to nothing, or to another revision.
 *
 * What:   objects by kind and name (the autoscaler's target, the object of a metric) and the label
 *         that the chart makes of the name. A reference to anything else stays as it is.
 * Source: the gateway charts of Istio 1.23.
 */
#include "internal.h"

#include <string.h>

struct own {
    struct glm_arena *arena;
    const char *name;
    const struct glm_value *suffixed;
    bool chart_service;
};

/* True when the chart makes an object of that kind which bears the gateway's name as it is. */
static bool bears_the_name(const struct own *o, const char *kind)
{
    static const char *const kinds[] = {
        "",
        "Deployment",
        "HorizontalPodAutoscaler",
        "PodDisruptionBudget",
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i], kind) == 0)
            return true;
    return o->chart_service && strcmp(kind, "Service") == 0;
}

/* v, a reference with kind and name, at key of map. */
static const struct glm_value *with_reference(const struct own *o, const struct glm_value *map,
                                              const char *key)
{
    const struct glm_value *v = glm_get(map, key);
    if (!glm_string_is(glm_get(v, "name"), o->name) ||
        !bears_the_name(o, glm_string_or(glm_get(v, "kind"), "")))
        return map;
    return glm_with(o->arena, map, key, glm_with(o->arena, v, "name", o->suffixed));
}

static const struct glm_value *autoscaler(const struct own *o, const struct glm_value *v)
{
    const struct glm_value *metrics = glm_get(v, "metrics");
    struct glm_list_builder b;
    if (!glm_is_map(v))
        return v;
    v = with_reference(o, v, "scaleTargetRef");
    if (!glm_is_list(metrics))
        return v;
    glm_list_init(&b, o->arena);
    for (size_t i = 0; i < metrics->len; i++) {
        const struct glm_value *metric = glm_at(metrics, i);
        const struct glm_value *object = glm_get(metric, "object");
        if (glm_is_map(object)) /* `target` in autoscaling/v2beta1 */
            metric =
                glm_with(o->arena, metric, "object",
                         with_reference(o, with_reference(o, object, "describedObject"), "target"));
        glm_list_add(&b, metric);
    }
    return glm_with(o->arena, v, "metrics", glm_list_finish(&b));
}

static const struct glm_value *each_name(const struct own *o, const struct glm_value *list)
{
    struct glm_list_builder b;
    glm_list_init(&b, o->arena);
    for (size_t i = 0; i < list->len; i++)
        glm_list_add(&b, glm_string_is(glm_at(list, i), o->name) ? o->suffixed : glm_at(list, i));
    return glm_list_finish(&b);
}

/* A tree with label selectors in it, at any depth. */
static const struct glm_value *selectors(const struct own *o, const struct glm_value *v,
                                         unsigned depth)
{
    if (depth > GLM_VALUE_DEPTH || (!glm_is_map(v) && !glm_is_list(v)))
        return v;
    if (glm_is_list(v)) {
        struct glm_list_builder l;
        glm_list_init(&l, o->arena);
        for (size_t i = 0; i < v->len; i++)
            glm_list_add(&l, selectors(o, glm_at(v, i), depth + 1));
        return glm_list_finish(&l);
    }
    struct glm_map_builder b;
    bool by_name = glm_string_is(glm_get(v, "key"), GLM_NAME_LABEL);
    glm_map_init(&b, o->arena);
    for (size_t i = 0; i < v->len; i++) {
        const struct glm_pair *pair = &v->as.map[i];
        bool is_name =
            strcmp(pair->key, GLM_NAME_LABEL) == 0 && glm_string_is(pair->value, o->name);
        bool are_names = by_name && strcmp(pair->key, "values") == 0 && glm_is_list(pair->value);
        glm_map_append(&b, pair->key, pair->line, pair->column,
                       is_name     ? o->suffixed
                       : are_names ? each_name(o, pair->value)
                                   : selectors(o, pair->value, depth + 1));
    }
    return glm_map_finish(&b, NULL);
}

static bool has_label(const struct glm_value *v, unsigned depth)
{
    if (depth > GLM_VALUE_DEPTH)
        return false;
    for (size_t i = 0; v->kind == GLM_MAP && i < v->len; i++)
        if (strcmp(v->as.map[i].key, GLM_NAME_LABEL) == 0 ||
            glm_string_is(v->as.map[i].value, GLM_NAME_LABEL) ||
            has_label(v->as.map[i].value, depth + 1))
            return true;
    for (size_t i = 0; v->kind == GLM_LIST && i < v->len; i++)
        if (has_label(v->as.list[i], depth + 1))
            return true;
    return false;
}

const struct glm_value *mesh_own_selectors(struct glm_arena *arena,
                                           const struct glm_gateway *gateway, const char *revision,
                                           const struct glm_value *v)
{
    struct own o = {.arena = arena, .name = gateway->name};
    if (!gateway->name || !*revision || !has_label(v, 0))
        return v;
    o.suffixed = glm_string(arena, mesh_suffixed(arena, gateway->name, revision));
    return selectors(&o, v, 0);
}

bool mesh_names_the_gateway(const struct glm_gateway *gateway, const struct glm_pair *selected)
{
    return gateway->name && strcmp(selected->key, GLM_NAME_LABEL) == 0 &&
           glm_string_is(selected->value, gateway->name);
}

const struct glm_value *mesh_own_name_label(struct glm_arena *arena, const struct glm_value *spec,
                                            const struct glm_gateway *gateway,
                                            const struct glm_value *labels, const char *revision)
{
    if (!gateway->name || !glm_string_is(glm_get(labels, GLM_NAME_LABEL), gateway->name) ||
        mesh_is_injected(arena, spec, gateway->type))
        return labels;
    return glm_with(arena, labels, GLM_NAME_LABEL,
                    glm_string(arena, mesh_suffixed(arena, gateway->name, revision)));
}

const struct glm_value *mesh_own_references(struct glm_arena *arena,
                                            const struct glm_gateway *gateway, const char *revision,
                                            bool chart_service)
{
    static const char *const selecting[] = {"affinity", "podDisruptionBudget", "service"};
    const struct glm_value *k8s = gateway->k8s;
    if (!gateway->name || !*revision)
        return k8s;
    struct own o = {.arena = arena,
                    .name = gateway->name,
                    .suffixed = glm_string(arena, mesh_suffixed(arena, gateway->name, revision)),
                    .chart_service = chart_service};
    if (glm_has(k8s, "hpaSpec"))
        k8s = glm_with(arena, k8s, "hpaSpec", autoscaler(&o, glm_get(k8s, "hpaSpec")));
    for (size_t i = 0; i < sizeof selecting / sizeof *selecting; i++)
        if (has_label(glm_get(k8s, selecting[i]), 0))
            k8s = glm_with(arena, k8s, selecting[i], selectors(&o, glm_get(k8s, selecting[i]), 0));
    return k8s;
}
