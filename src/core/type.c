/* SPDX-License-Identifier: Apache-2.0
 *
 * Types and their JSON form.
 */
#include "glm/type.h"

#include <string.h>

const struct glm_type glm_type_dynamic = {.kind = GLM_TYPE_DYNAMIC};
const struct glm_type glm_type_bool = {.kind = GLM_TYPE_BOOL};
const struct glm_type glm_type_number = {.kind = GLM_TYPE_NUMBER};
const struct glm_type glm_type_string = {.kind = GLM_TYPE_STRING};
const struct glm_type glm_type_list_of_string = {.kind = GLM_TYPE_LIST,
                                                 .element = &glm_type_string};
const struct glm_type glm_type_map_of_string = {.kind = GLM_TYPE_MAP, .element = &glm_type_string};
const struct glm_type glm_type_map_of_list_of_string = {.kind = GLM_TYPE_MAP,
                                                        .element = &glm_type_list_of_string};
const struct glm_type glm_type_map_of_map_of_string = {.kind = GLM_TYPE_MAP,
                                                       .element = &glm_type_map_of_string};

const struct glm_field *glm_type_field(const struct glm_type *object, const char *name)
{
    size_t low = 0, high = object->kind == GLM_TYPE_OBJECT ? object->len : 0;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(name, object->fields[middle].name);
        if (order == 0)
            return &object->fields[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

static bool type_equal(const struct glm_type *a, const struct glm_type *b, unsigned depth)
{
    if (a == b)
        return true;
    if (a->kind != b->kind || a->len != b->len || depth > GLM_VALUE_DEPTH)
        return false;
    if (a->element && !type_equal(a->element, b->element, depth + 1))
        return false;
    for (size_t i = 0; i < a->len; i++) {
        if (a->kind == GLM_TYPE_OBJECT && strcmp(a->fields[i].name, b->fields[i].name) != 0)
            return false;
        if (!type_equal(a->fields[i].type, b->fields[i].type, depth + 1))
            return false;
    }
    return true;
}

bool glm_type_equal(const struct glm_type *a, const struct glm_type *b)
{
    return type_equal(a, b, 0);
}

static const struct glm_type *type_of(struct glm_arena *arena, const struct glm_value *v,
                                      unsigned depth)
{
    switch (v->kind) {
    case GLM_BOOL:
        return &glm_type_bool;
    case GLM_NUMBER:
        return &glm_type_number;
    case GLM_STRING:
        return &glm_type_string;
    case GLM_LIST:
    case GLM_MAP:
        break;
    case GLM_NULL:
    case GLM_UNKNOWN:
    default:
        return &glm_type_dynamic;
    }
    if (depth > GLM_VALUE_DEPTH)
        return &glm_type_dynamic;
    struct glm_field *fields = GLM_NEW_ARRAY(arena, v->len, struct glm_field);
    for (size_t i = 0; i < v->len; i++) {
        fields[i].name = v->kind == GLM_MAP ? v->as.map[i].key : NULL;
        fields[i].type =
            type_of(arena, v->kind == GLM_MAP ? v->as.map[i].value : v->as.list[i], depth + 1);
    }
    struct glm_type *type = GLM_NEW(arena, struct glm_type);
    type->kind = v->kind == GLM_MAP ? GLM_TYPE_OBJECT : GLM_TYPE_TUPLE;
    type->fields = fields;
    type->len = v->len;
    return type;
}

const struct glm_type *glm_type_of(struct glm_arena *arena, const struct glm_value *v)
{
    return type_of(arena, v, 0);
}

static const char *const names[] = {
    [GLM_TYPE_DYNAMIC] = "dynamic", [GLM_TYPE_BOOL] = "bool",     [GLM_TYPE_NUMBER] = "number",
    [GLM_TYPE_STRING] = "string",   [GLM_TYPE_LIST] = "list",     [GLM_TYPE_SET] = "set",
    [GLM_TYPE_MAP] = "map",         [GLM_TYPE_OBJECT] = "object", [GLM_TYPE_TUPLE] = "tuple",
};

const struct glm_value *glm_type_to_value(struct glm_arena *arena, const struct glm_type *type)
{
    const struct glm_value *name = glm_string(arena, names[type->kind]);
    const struct glm_value *inner;
    if (type->kind == GLM_TYPE_OBJECT) {
        struct glm_map_builder map;
        glm_map_init(&map, arena);
        for (size_t i = 0; i < type->len; i++)
            glm_map_append(&map, type->fields[i].name, 0, 0,
                           glm_type_to_value(arena, type->fields[i].type));
        inner = glm_map_finish(&map, NULL);
    } else if (type->kind == GLM_TYPE_TUPLE) {
        struct glm_list_builder list;
        glm_list_init(&list, arena);
        for (size_t i = 0; i < type->len; i++)
            glm_list_add(&list, glm_type_to_value(arena, type->fields[i].type));
        inner = glm_list_finish(&list);
    } else if (type->element) {
        inner = glm_type_to_value(arena, type->element);
    } else {
        return name;
    }
    const struct glm_value *pair[] = {name, inner};
    return glm_list(arena, pair, 2);
}

static bool kind_from_name(const char *name, enum glm_type_kind *ret_kind)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(names[i], name) == 0) {
            *ret_kind = (enum glm_type_kind)i;
            return true;
        }
    }
    return false;
}

static bool from_value(struct glm_arena *arena, const struct glm_value *v, unsigned depth,
                       const struct glm_type **ret_type)
{
    struct glm_type *type = GLM_NEW(arena, struct glm_type);
    bool simple = glm_is_string(v);
    const struct glm_value *inner = glm_at(v, 1);
    if (depth > GLM_VALUE_DEPTH ||
        !kind_from_name(glm_string_or(simple ? v : glm_at(v, 0), ""), &type->kind))
        return false;
    if (simple != (type->kind <= GLM_TYPE_STRING))
        return false;
    if (type->kind == GLM_TYPE_LIST || type->kind == GLM_TYPE_SET || type->kind == GLM_TYPE_MAP) {
        if (!from_value(arena, inner, depth + 1, &type->element))
            return false;
    } else if (!simple) {
        bool object = type->kind == GLM_TYPE_OBJECT;
        if (inner->kind != (object ? GLM_MAP : GLM_LIST))
            return false;
        struct glm_field *fields = GLM_NEW_ARRAY(arena, inner->len, struct glm_field);
        for (size_t i = 0; i < inner->len; i++) {
            fields[i].name = object ? inner->as.map[i].key : NULL;
            if (!from_value(arena, object ? inner->as.map[i].value : inner->as.list[i], depth + 1,
                            &fields[i].type))
                return false;
        }
        type->fields = fields;
        type->len = inner->len;
    }
    *ret_type = type;
    return true;
}

bool glm_type_from_value(struct glm_arena *arena, const struct glm_value *v,
                         const struct glm_type **ret_type)
{
    return from_value(arena, v, 0, ret_type);
}
