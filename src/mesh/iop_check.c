/* SPDX-License-Identifier: Apache-2.0
 *
 * The check of a spec against the tables of iop_table.c.
 *
 * What:   names every unknown key and wrong type with line, column, path inside the spec and the
 *         nearest field. The API server validates nothing and one malformed IstioOperator stops
 *         the operator for every other one in the cluster, so this is all the protection there is.
 * Owner:  nothing is kept but the diagnostics.
 * Depth:  bounded by the depth of the tables.
 */
#include "internal.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

struct check {
    struct glm_arena *arena;
    const struct glm_path *at;
    bool warn;
    bool ok;
    struct glm_diags *d;
};

static const char *place(struct check *c, uint32_t line, uint32_t column,
                         const struct glm_path *where)
{
    return glm_spec_place(c->arena, line, column, glm_path_text(c->arena, where));
}

static const char *shape_name(enum glm_shape shape)
{
    switch (shape) {
    case GLM_SHAPE_STRING:
        return "a string";
    case GLM_SHAPE_BOOL:
        return "true or false";
    case GLM_SHAPE_INT:
    case GLM_SHAPE_UINT:
    case GLM_SHAPE_INT64:
        return "a whole number";
    case GLM_SHAPE_INT_OR_STRING:
        return "a whole number or a string";
    case GLM_SHAPE_ANY:
        return "a value";
    case GLM_SHAPE_FREE:
    case GLM_SHAPE_STRINGS:
    case GLM_SHAPE_OBJECT:
    case GLM_SHAPE_SOFT:
    default:
        return "a map";
    }
}

/* `the string "true"`, `the number 5`, `a list`: short enough for a message. */
static const char *describe(struct glm_arena *arena, const struct glm_value *v)
{
    switch (v->kind) {
    case GLM_STRING:
        return glm_sprintf(arena, "the string \"%.60s%s\"", v->as.text, v->len > 60 ? "..." : "");
    case GLM_NUMBER:
        return glm_sprintf(arena, "the number %.60s", v->as.text);
    case GLM_BOOL:
        return v->as.boolean ? "the boolean true" : "the boolean false";
    case GLM_NULL:
    case GLM_UNKNOWN:
    case GLM_LIST:
    case GLM_MAP:
    default:
        return glm_kind_name(v->kind);
    }
}

static const char *remedy(struct glm_arena *arena, enum glm_shape shape, const struct glm_value *v)
{
    bool scalar = v->kind == GLM_NUMBER || v->kind == GLM_BOOL;
    if (shape == GLM_SHAPE_STRING && scalar)
        return glm_sprintf(arena, " Put it in quotes: \"%s\".",
                           v->kind == GLM_NUMBER ? v->as.text
                           : v->as.boolean       ? "true"
                                                 : "false");
    if (shape == GLM_SHAPE_BOOL && (glm_string_is(v, "true") || glm_string_is(v, "false")))
        return " Remove the quotes.";
    bool number = shape == GLM_SHAPE_INT || shape == GLM_SHAPE_UINT || shape == GLM_SHAPE_INT64;
    if (number && v->kind == GLM_STRING && v->len && strspn(v->as.text, "0123456789") == v->len)
        return " Remove the quotes.";
    return "";
}

static void wrong(struct check *c, const char *expected, const struct glm_value *v,
                  const struct glm_path *where, const char *what_to_do)
{
    c->ok = glm_error(c->d, c->at, "Wrong type in the IstioOperator spec",
                      "%s must be %s, but is %s.%s", place(c, v->line, v->column, where), expected,
                      describe(c->arena, v), what_to_do);
}

static bool integer_fits(const struct glm_value *v, enum glm_shape shape)
{
    int64_t number;
    if (v->kind == GLM_STRING && shape == GLM_SHAPE_INT64) {
        /* The operator itself writes such numbers back as strings. */
        size_t sign = v->as.text[0] == '-';
        return v->len > sign && v->len < 20 &&
               strspn(v->as.text + sign, "0123456789") == v->len - sign;
    }
    if (v->kind != GLM_NUMBER || !glm_number_int64(v, &number))
        return false;
    if (shape == GLM_SHAPE_INT)
        return number >= INT32_MIN && number <= INT32_MAX;
    return shape != GLM_SHAPE_UINT || (number >= 0 && number <= UINT32_MAX);
}

static bool scalar_fits(const struct glm_value *v, enum glm_shape shape)
{
    switch (shape) {
    case GLM_SHAPE_STRING:
        return v->kind == GLM_STRING;
    case GLM_SHAPE_BOOL:
        return v->kind == GLM_BOOL;
    case GLM_SHAPE_INT:
    case GLM_SHAPE_UINT:
    case GLM_SHAPE_INT64:
        return integer_fits(v, shape);
    case GLM_SHAPE_INT_OR_STRING:
        return v->kind == GLM_STRING || integer_fits(v, GLM_SHAPE_INT);
    case GLM_SHAPE_FREE:
    case GLM_SHAPE_STRINGS:
    case GLM_SHAPE_OBJECT:
    case GLM_SHAPE_SOFT:
        return v->kind == GLM_MAP;
    case GLM_SHAPE_ANY:
    default:
        return true;
    }
}

static void wrong_shape(struct check *c, enum glm_shape shape, const struct glm_value *v,
                        const struct glm_path *where)
{
    int64_t number;
    bool whole = v->kind == GLM_NUMBER && glm_number_is_integer(v);
    if (whole && shape == GLM_SHAPE_UINT && glm_number_int64(v, &number) && number < 0)
        wrong(c, "a whole number that is not negative", v, where, "");
    else if (whole && shape != GLM_SHAPE_BOOL && shape != GLM_SHAPE_STRING &&
             (shape == GLM_SHAPE_INT || shape == GLM_SHAPE_UINT || shape == GLM_SHAPE_INT64 ||
              shape == GLM_SHAPE_INT_OR_STRING))
        wrong(c, "a number that fits into 32 bits", v, where, "");
    else
        wrong(c, shape_name(shape), v, where, remedy(c->arena, shape, v));
}

/* snake_case as camelCase: Istio's decoder takes either. */
static const char *camel(struct glm_arena *arena, const char *key)
{
    char *copy = glm_strdup(arena, key), *to = copy;
    for (const char *from = key; *from; from++) {
        if (*from == '_' && from != key && islower((unsigned char)from[1]))
            *to++ = (char)toupper((unsigned char)*++from);
        else
            *to++ = *from;
    }
    *to = 0;
    return copy;
}

static const struct glm_iop_field *find(struct check *c, const struct glm_iop_field *object,
                                        const char *key)
{
    for (const struct glm_iop_field *f = object->fields; f->name; f++)
        if (strcmp(f->name, key) == 0)
            return f;
    if (object->shape != GLM_SHAPE_SOFT || !strchr(key, '_'))
        return NULL;
    key = camel(c->arena, key);
    for (const struct glm_iop_field *f = object->fields; f->name; f++)
        if (strcmp(f->name, key) == 0)
            return f;
    return NULL;
}

/* Where a key that is not of this object is a field: `k8s.service`, one or two levels down. */
static const char *deeper(struct glm_arena *arena, const struct glm_iop_field *object,
                          const char *key, unsigned levels)
{
    for (const struct glm_iop_field *f = object->fields; f->name; f++) {
        if (f->shape != GLM_SHAPE_OBJECT || f->list)
            continue;
        for (const struct glm_iop_field *g = f->fields; g->name; g++)
            if (strcmp(g->name, key) == 0)
                return glm_sprintf(arena, "%s.%s", f->name, key);
        const char *below = levels > 1 ? deeper(arena, f, key, levels - 1) : NULL;
        if (below)
            return glm_sprintf(arena, "%s.%s", f->name, below);
    }
    return NULL;
}

static const char *suggestion(struct check *c, const struct glm_iop_field *object, const char *key)
{
    size_t fields = 0, count = 0, len = 0;
    while (object->fields[fields].name)
        fields++;
    const char **names = GLM_NEW_ARRAY(c->arena, fields, const char *);
    for (const struct glm_iop_field *f = object->fields; f->name; f++) {
        if (f->dropped)
            continue;
        names[count++] = f->name;
        len += strlen(f->name) + 2;
    }
    const char *under = object->note ? NULL : deeper(c->arena, object, key, 2);
    if (under)
        return glm_sprintf(c->arena, " Did you mean %s?", under);
    const char *nearest = glm_nearest(key, names, count);
    if (nearest)
        return glm_sprintf(c->arena, " Did you mean %s?", nearest);
    if (object->shape == GLM_SHAPE_SOFT || object->note)
        return "";
    struct glm_text text;
    glm_text_init(&text, c->arena, len + 64);
    for (size_t i = 0; i < count; i++)
        glm_text_addf(&text, "%s%s", i ? ", " : " The fields here are ", names[i]);
    glm_text_addc(&text, '.');
    return text.data;
}

static void unknown_key(struct check *c, const struct glm_iop_field *object,
                        const struct glm_pair *pair, const struct glm_path *where)
{
    const char *here = place(c, pair->line, pair->column, where);
    const char *meant = suggestion(c, object, pair->key);
    if (object->shape == GLM_SHAPE_SOFT) {
        if (c->warn)
            glm_warn(c->d, c->at, "Unknown key in the IstioOperator spec", "%s is not known.%s %s",
                     here, meant, object->note);
        return;
    }
    c->ok = glm_error(c->d, c->at, "Unknown field in the IstioOperator spec",
                      "%s is not a field of the IstioOperator API (Istio 1.23).%s%s%s", here, meant,
                      object->note ? " " : "", object->note ? object->note : "");
}

static void check_one(struct check *c, const struct glm_iop_field *f, const struct glm_value *v,
                      const struct glm_path *where);

static int by_position(const void *a, const void *b)
{
    const struct glm_pair *x = *(const struct glm_pair *const *)a;
    const struct glm_pair *y = *(const struct glm_pair *const *)b;
    if (x->line != y->line)
        return x->line < y->line ? -1 : 1;
    return x->column < y->column ? -1 : x->column > y->column;
}

/* The pairs in the order of the text, so that mistakes are listed as they are met when reading. */
static const struct glm_pair **in_order(struct glm_arena *arena, const struct glm_value *map)
{
    const struct glm_pair **pairs = GLM_NEW_ARRAY(arena, map->len, const struct glm_pair *);
    for (size_t i = 0; i < map->len; i++)
        pairs[i] = &map->as.map[i];
    if (map->len > 1)
        qsort(pairs, map->len, sizeof *pairs, by_position);
    return pairs;
}

static void check_map(struct check *c, const struct glm_iop_field *f, const struct glm_value *v,
                      const struct glm_path *where)
{
    const struct glm_pair **pairs = in_order(c->arena, v);
    for (size_t i = 0; i < v->len; i++) {
        const struct glm_pair *pair = pairs[i];
        const struct glm_path *under = GLM_AT_ATTR(where, pair->key);
        if (f->shape == GLM_SHAPE_STRINGS) {
            if (pair->value->kind != GLM_STRING)
                wrong(c, "a string", pair->value, under,
                      remedy(c->arena, GLM_SHAPE_STRING, pair->value));
            continue;
        }
        const struct glm_iop_field *field = find(c, f, pair->key);
        if (!field) {
            unknown_key(c, f, pair, under);
        } else if (!field->list || glm_is_null(pair->value)) {
            if (!glm_is_null(pair->value)) /* null is as good as absent */
                check_one(c, field, pair->value, under);
        } else if (!glm_is_list(pair->value)) {
            wrong(c, "a list", pair->value, under,
                  glm_is_map(pair->value) ? " Start each element with \"- \"." : "");
        } else {
            for (size_t e = 0; e < pair->value->len; e++)
                check_one(c, field, glm_at(pair->value, e), GLM_AT_INDEX(under, e));
        }
    }
}

static void check_one(struct check *c, const struct glm_iop_field *f, const struct glm_value *v,
                      const struct glm_path *where)
{
    if (!scalar_fits(v, f->shape))
        wrong_shape(c, f->shape, v, where);
    else if (v->kind == GLM_MAP && f->shape != GLM_SHAPE_FREE && f->shape != GLM_SHAPE_ANY)
        check_map(c, f, v, where);
}

bool glm_iop_check(struct glm_arena *arena, const struct glm_value *spec, const struct glm_path *at,
                   bool warn, struct glm_diags *d)
{
    struct check c = {.arena = arena, .at = at, .warn = warn, .ok = true, .d = d};
    check_one(&c, &glm_iop_spec, spec, NULL);
    return c.ok;
}
