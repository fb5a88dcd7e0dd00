/* SPDX-License-Identifier: Apache-2.0
 *
 * Values: looking at them and making them. Building maps and lists is in build.c.
 */
#include "glm/value.h"

#include "glm/text.h"

#include <string.h>

const struct glm_value glm_null = {.kind = GLM_NULL};
const struct glm_value glm_unknown = {.kind = GLM_UNKNOWN};
const struct glm_value glm_true = {.kind = GLM_BOOL, .as.boolean = true};
const struct glm_value glm_false = {.kind = GLM_BOOL, .as.boolean = false};
const struct glm_value glm_empty_list = {.kind = GLM_LIST};
const struct glm_value glm_empty_map = {.kind = GLM_MAP};

bool glm_is_true(const struct glm_value *v)
{
    return v->kind == GLM_BOOL && v->as.boolean;
}

bool glm_is_false(const struct glm_value *v)
{
    return v->kind == GLM_BOOL && !v->as.boolean;
}

static bool wholly_known(const struct glm_value *v, unsigned depth)
{
    if (v->kind == GLM_UNKNOWN)
        return false;
    /* Nothing is that deep; if it were, it would not be unknown. */
    if ((v->kind != GLM_LIST && v->kind != GLM_MAP) || depth > 2 * GLM_VALUE_DEPTH)
        return true;
    for (size_t i = 0; i < v->len; i++)
        if (!wholly_known(v->kind == GLM_MAP ? v->as.map[i].value : v->as.list[i], depth + 1))
            return false;
    return true;
}

bool glm_is_wholly_known(const struct glm_value *v)
{
    return wholly_known(v, 0);
}

bool glm_string_is(const struct glm_value *v, const char *text)
{
    return v->kind == GLM_STRING && v->len == strlen(text) && memcmp(v->as.text, text, v->len) == 0;
}

const char *glm_string_or(const struct glm_value *v, const char *fallback)
{
    return v->kind == GLM_STRING ? v->as.text : fallback;
}

const char *glm_kind_name(enum glm_kind kind)
{
    switch (kind) {
    case GLM_NULL:
        return "null";
    case GLM_UNKNOWN:
        return "an unknown value";
    case GLM_BOOL:
        return "a boolean";
    case GLM_NUMBER:
        return "a number";
    case GLM_STRING:
        return "a string";
    case GLM_LIST:
        return "a list";
    case GLM_MAP:
        return "a map";
    default:
        return "nothing";
    }
}

const struct glm_pair *glm_get_pair(const struct glm_value *v, const char *key)
{
    size_t low = 0, high = v->kind == GLM_MAP ? v->len : 0;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = glm_name_order(key, v->as.map[middle].key);
        if (order == 0)
            return &v->as.map[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

const struct glm_value *glm_get(const struct glm_value *v, const char *key)
{
    const struct glm_pair *pair = glm_get_pair(v, key);
    return pair ? pair->value : &glm_null;
}

bool glm_has(const struct glm_value *v, const char *key)
{
    return glm_get_pair(v, key) != NULL;
}

const struct glm_value *glm_get_path(const struct glm_value *v, ...)
{
    va_list keys;
    va_start(keys, v);
    for (const char *key; (key = va_arg(keys, const char *)) != NULL;)
        v = glm_get(v, key);
    va_end(keys);
    return v;
}

const struct glm_value *glm_at(const struct glm_value *v, size_t index)
{
    return v->kind == GLM_LIST && index < v->len ? v->as.list[index] : &glm_null;
}

static struct glm_value *new_value(struct glm_arena *arena, enum glm_kind kind, size_t len)
{
    struct glm_value *v = GLM_NEW(arena, struct glm_value);
    v->kind = kind;
    v->len = len;
    return v;
}

const struct glm_value *glm_bool(bool boolean)
{
    return boolean ? &glm_true : &glm_false;
}

const struct glm_value *glm_stringn(struct glm_arena *arena, const char *text, size_t len)
{
    struct glm_value *v = new_value(arena, GLM_STRING, len);
    v->as.text = glm_strndup(arena, text, len);
    return v;
}

const struct glm_value *glm_string(struct glm_arena *arena, const char *text)
{
    return glm_stringn(arena, text, strlen(text));
}

const struct glm_value *glm_stringf(struct glm_arena *arena, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const char *text = glm_vsprintf(arena, format, args);
    va_end(args);
    struct glm_value *v = new_value(arena, GLM_STRING, strlen(text));
    v->as.text = text;
    return v;
}

const struct glm_value *glm_number(struct glm_arena *arena, const char *text, size_t len)
{
    struct glm_value *v = new_value(arena, GLM_NUMBER, len);
    v->as.text = glm_strndup(arena, text, len);
    return v;
}

const struct glm_value *glm_integer(struct glm_arena *arena, int64_t number)
{
    const char *text = glm_sprintf(arena, "%lld", (long long)number);
    struct glm_value *v = new_value(arena, GLM_NUMBER, strlen(text));
    v->as.text = text;
    return v;
}

const struct glm_value *glm_list(struct glm_arena *arena, const struct glm_value *const *items,
                                 size_t count)
{
    struct glm_value *v = new_value(arena, GLM_LIST, count);
    const struct glm_value **copy = GLM_NEW_ARRAY(arena, count, const struct glm_value *);
    for (size_t i = 0; i < count; i++)
        copy[i] = items[i];
    v->as.list = copy;
    return v;
}

const struct glm_value *glm_positioned(struct glm_arena *arena, const struct glm_value *v,
                                       uint32_t line, uint32_t column)
{
    struct glm_value *copy = GLM_NEW(arena, struct glm_value);
    *copy = *v;
    copy->line = line;
    copy->column = column;
    return copy;
}

static bool equal(const struct glm_value *a, const struct glm_value *b, unsigned depth)
{
    if (a == b)
        return true;
    if (a->kind != b->kind || depth > GLM_VALUE_DEPTH)
        return false;
    switch (a->kind) {
    case GLM_NULL:
        return true;
    case GLM_BOOL:
        return a->as.boolean == b->as.boolean;
    case GLM_NUMBER:
        return glm_number_equal(a, b);
    case GLM_UNKNOWN:
    case GLM_STRING:
        return a->len == b->len && (a->len == 0 || memcmp(a->as.text, b->as.text, a->len) == 0);
    case GLM_LIST:
        for (size_t i = 0; a->len == b->len && i < a->len; i++)
            if (!equal(a->as.list[i], b->as.list[i], depth + 1))
                return false;
        return a->len == b->len;
    case GLM_MAP:
        for (size_t i = 0; a->len == b->len && i < a->len; i++)
            if (strcmp(a->as.map[i].key, b->as.map[i].key) != 0 ||
                !equal(a->as.map[i].value, b->as.map[i].value, depth + 1))
                return false;
        return a->len == b->len;
    default:
        return false;
    }
}

bool glm_equal(const struct glm_value *a, const struct glm_value *b)
{
    return equal(a, b, 0);
}
