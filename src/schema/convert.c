/* SPDX-License-Identifier: Apache-2.0
 *
 * Schema walker: a value that came without a type, as an object of a table's type.
 *
 * What:   the conversions Terraform itself would make had it known the type. Used where an
 *         argument is dynamic, so that users may leave out what is optional.
 * Errors: all at once, each at its path: what is missing, unknown (with the nearest name) or of
 *         the wrong kind.
 */
#include "glm/schema.h"

#include <string.h>

static bool wrong_kind(const struct glm_value *v, const char *wanted, const struct glm_path *at,
                       struct glm_diags *d)
{
    return glm_error(d, at, "Wrong kind of value", "This is %s; it must be %s.",
                     glm_kind_name(v->kind), wanted);
}

static bool convert_scalar(struct glm_arena *arena, const struct glm_type *type,
                           const struct glm_value *v, const struct glm_path *at,
                           const struct glm_value **ret_value, struct glm_diags *d)
{
    *ret_value = v;
    switch (type->kind) {
    case GLM_TYPE_STRING:
        if (v->kind == GLM_NUMBER)
            *ret_value = glm_stringn(arena, v->as.text, v->len);
        else if (v->kind == GLM_BOOL)
            *ret_value = glm_string(arena, glm_is_true(v) ? "true" : "false");
        return glm_is_string(*ret_value) || wrong_kind(v, "a string", at, d);
    case GLM_TYPE_BOOL:
        if (glm_string_is(v, "true") || glm_string_is(v, "false"))
            *ret_value = glm_bool(glm_string_is(v, "true"));
        return (*ret_value)->kind == GLM_BOOL || wrong_kind(v, "true or false", at, d);
    case GLM_TYPE_NUMBER:
        return v->kind == GLM_NUMBER || wrong_kind(v, "a number", at, d);
    default:
        return true;
    }
}

static bool convert_type(struct glm_arena *arena, const struct glm_type *type,
                         const struct glm_value *v, const struct glm_path *at,
                         const struct glm_value **ret_value, struct glm_diags *d);

static bool convert_list(struct glm_arena *arena, const struct glm_type *element,
                         const struct glm_value *v, const struct glm_path *at,
                         const struct glm_value **ret_value, struct glm_diags *d)
{
    if (!glm_is_list(v))
        return wrong_kind(v, "a list", at, d);
    bool ok = true;
    struct glm_list_builder b;
    glm_list_init(&b, arena);
    for (size_t i = 0; i < v->len; i++) {
        const struct glm_value *item = &glm_null;
        ok &= convert_type(arena, element, v->as.list[i], GLM_AT_INDEX(at, i), &item, d);
        glm_list_add(&b, item);
    }
    *ret_value = glm_list_finish(&b);
    return ok;
}

static bool convert_map(struct glm_arena *arena, const struct glm_type *element,
                        const struct glm_value *v, const struct glm_path *at,
                        const struct glm_value **ret_value, struct glm_diags *d)
{
    if (!glm_is_map(v))
        return wrong_kind(v, "a map", at, d);
    bool ok = true;
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    for (size_t i = 0; i < v->len; i++) {
        const struct glm_pair *pair = &v->as.map[i];
        const struct glm_value *item = &glm_null;
        ok &= convert_type(arena, element, pair->value, GLM_AT_KEY(at, pair->key), &item, d);
        glm_map_append(&b, pair->key, pair->line, pair->column, item);
    }
    *ret_value = glm_map_finish(&b, NULL);
    return ok;
}

/* Recursion ends with the type, which a table holds. */
static bool convert_type(struct glm_arena *arena, const struct glm_type *type,
                         const struct glm_value *v, const struct glm_path *at,
                         const struct glm_value **ret_value, struct glm_diags *d)
{
    *ret_value = v;
    if (glm_is_null(v) || glm_is_unknown(v))
        return true;
    if (type->kind == GLM_TYPE_LIST || type->kind == GLM_TYPE_SET)
        return convert_list(arena, type->element, v, at, ret_value, d);
    if (type->kind == GLM_TYPE_MAP)
        return convert_map(arena, type->element, v, at, ret_value, d);
    return convert_scalar(arena, type, v, at, ret_value, d);
}

static bool convert_elements(struct glm_arena *arena, const struct glm_attr *attr,
                             const struct glm_value *v, const struct glm_path *at,
                             const struct glm_value **ret_value, struct glm_diags *d)
{
    bool ok = true, is_map = attr->nesting == GLM_NEST_MAP;
    if (is_map ? !glm_is_map(v) : !glm_is_list(v))
        return wrong_kind(v, is_map ? "a map of objects" : "a list of objects", at, d);
    struct glm_list_builder list;
    struct glm_map_builder map;
    glm_list_init(&list, arena);
    glm_map_init(&map, arena);
    for (size_t i = 0; i < v->len; i++) {
        const struct glm_value *item = &glm_null;
        const char *key = is_map ? v->as.map[i].key : NULL;
        const struct glm_path *here = is_map ? GLM_AT_KEY(at, key) : GLM_AT_INDEX(at, i);
        ok &= glm_schema_convert(arena, attr->nested, is_map ? v->as.map[i].value : v->as.list[i],
                                 here, &item, d);
        if (is_map)
            glm_map_append(&map, key, 0, 0, item);
        else
            glm_list_add(&list, item);
    }
    *ret_value = is_map ? glm_map_finish(&map, NULL) : glm_list_finish(&list);
    return ok;
}

static bool convert_attr(struct glm_arena *arena, const struct glm_attr *attr,
                         const struct glm_value *v, const struct glm_path *at,
                         const struct glm_value **ret_value, struct glm_diags *d)
{
    *ret_value = v;
    if ((attr->use & (GLM_OPTIONAL | GLM_REQUIRED | GLM_COMPUTED)) == GLM_COMPUTED)
        return true;
    if (glm_is_null(v)) {
        if (attr->use & GLM_REQUIRED)
            return glm_error(d, at, "Attribute missing", "\"%s\" is required here.", attr->name);
        return true;
    }
    if (glm_is_unknown(v))
        return true;
    if (attr->nesting == GLM_NEST_NONE)
        return convert_type(arena, attr->type, v, at, ret_value, d);
    if (attr->nesting == GLM_NEST_SINGLE)
        return glm_schema_convert(arena, attr->nested, v, at, ret_value, d);
    return convert_elements(arena, attr, v, at, ret_value, d);
}

static bool refuse_attribute(struct glm_arena *arena, const struct glm_attr *attrs,
                             const char *name, const struct glm_path *at, struct glm_diags *d)
{
    struct glm_text list;
    glm_text_init(&list, arena, SIZE_MAX / 2);
    size_t count = 0;
    while (attrs[count].name)
        count++;
    const char **names = GLM_NEW_ARRAY(arena, count, const char *);
    for (size_t i = 0; i < count; i++) {
        names[i] = attrs[i].name;
        glm_text_addf(&list, "%s%s", i > 0 ? ", " : "", names[i]);
    }
    const char *nearest = glm_nearest(name, names, count);
    if (nearest)
        return glm_error(d, at, "Unknown attribute",
                         "There is no attribute \"%s\" here. Did you mean \"%s\"?", name, nearest);
    return glm_error(d, at, "Unknown attribute",
                     "There is no attribute \"%s\" here. The attributes are: %s.", name, list.data);
}

bool glm_schema_convert(struct glm_arena *arena, const struct glm_attr *attrs,
                        const struct glm_value *v, const struct glm_path *at,
                        const struct glm_value **ret_value, struct glm_diags *d)
{
    if (!glm_is_map(v))
        return wrong_kind(v, "an object", at, d);
    bool ok = true;
    for (size_t i = 0; i < v->len; i++)
        if (!glm_schema_attr(attrs, v->as.map[i].key))
            ok = refuse_attribute(arena, attrs, v->as.map[i].key, GLM_AT_ATTR(at, v->as.map[i].key),
                                  d);
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    for (; attrs->name; attrs++) {
        const struct glm_value *item = &glm_null;
        ok &= convert_attr(arena, attrs, glm_get(v, attrs->name), GLM_AT_ATTR(at, attrs->name),
                           &item, d);
        glm_map_append(&b, attrs->name, 0, 0, item);
    }
    if (ok)
        *ret_value = glm_map_finish(&b, NULL);
    return ok;
}
