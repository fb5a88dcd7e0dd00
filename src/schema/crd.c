/* SPDX-License-Identifier: Apache-2.0
 *
 * Schema walkers: the spec of the API's own documents to the resource's attributes, and back.
 *
 * What:   camelCase to snake_case, lists to maps by their key field, objects to YAML texts.
 * Owner:  results live in the arena and may point into the inputs.
 * Errors: everything that has no place in the attributes, with line and column of the document.
 */
#include "glm/codec.h"
#include "glm/schema.h"
#include "glm/shown.h"

#include <ctype.h>
#include <stdarg.h>
#include <string.h>

/* Room for a document written as text: more than any document that can be read. */
#define DOCUMENT_LIMIT (GLM_YAML_MAX_BYTES * 8)

static const struct glm_attr *attr_of_crd(const struct glm_attr *attrs, const char *crd)
{
    for (; attrs->name; attrs++)
        if (attrs->crd && !strcmp(attrs->crd, crd))
            return attrs;
    return NULL;
}

/* A sentence that begins with a word of its own has a capital letter there; behind a place it does
 * not. */
static bool refuse(struct glm_arena *arena, uint32_t line, uint32_t column,
                   const struct glm_path *at, const char *summary, struct glm_diags *d,
                   const char *format, ...) __attribute__((format(printf, 7, 8)));

static bool refuse(struct glm_arena *arena, uint32_t line, uint32_t column,
                   const struct glm_path *at, const char *summary, struct glm_diags *d,
                   const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = glm_strdup(arena, glm_shown_vsprintf(arena, format, args));
    va_end(args);
    if (line == 0)
        return glm_error(d, at, summary, "%s", text);
    *text = (char)tolower((unsigned char)*text);
    return glm_error(d, at, summary, "Line %u, column %u: %s", line, column, text);
}

static const char *quoted(struct glm_arena *arena, const char *name)
{
    return glm_sprintf(arena, "\"%s\"", name);
}

static const char *element_of(struct glm_arena *arena, const struct glm_attr *attr)
{
    return glm_sprintf(arena, "An element of \"%s\"", attr->crd);
}

/* name: how a sentence about v begins. */
static bool wrong_kind(struct glm_arena *arena, const struct glm_value *v, const char *name,
                       const char *wanted, const struct glm_path *at, struct glm_diags *d)
{
    return refuse(arena, v->line, v->column, at, "Wrong kind of value in the manifest", d,
                  "%s is %s; it must be %s.", name, glm_kind_name(v->kind), wanted);
}

/* ---- from the document ---- */

static bool read_scalar(struct glm_arena *arena, struct glm_yaml_source *source,
                        const struct glm_attr *attr, const struct glm_value *v,
                        const struct glm_path *at, const struct glm_value **ret_value,
                        struct glm_diags *d)
{
    if (attr->crd_document) {
        if (!glm_is_map(v))
            return wrong_kind(arena, v, quoted(arena, attr->crd), "an object", at, d);
        size_t len;
        const char *excerpt = glm_yaml_excerpt(arena, source, v, &len);
        if (excerpt) {
            *ret_value = glm_stringn(arena, excerpt, len);
            return true;
        }
        struct glm_text text;
        glm_text_init(&text, arena, DOCUMENT_LIMIT);
        glm_yaml_encode(v, &text);
        if (text.overflow)
            return refuse(arena, v->line, v->column, at, "Document too large", d,
                          "\"%s\" is larger than %zu MiB when written out.", attr->crd,
                          DOCUMENT_LIMIT >> 20);
        *ret_value = glm_stringn(arena, text.data, text.len);
        return true;
    }
    /* In the API an empty string is the same as none; in the attributes it is not. */
    *ret_value = glm_string_is(v, "") && (attr->use & GLM_OPTIONAL) ? &glm_null : v;
    if (attr->type->kind == GLM_TYPE_STRING)
        return glm_is_string(v) || wrong_kind(arena, v, quoted(arena, attr->crd),
                                              v->kind == GLM_NUMBER || v->kind == GLM_BOOL
                                                  ? "a string: put it in quotes"
                                                  : "a string",
                                              at, d);
    if (attr->type->kind == GLM_TYPE_BOOL)
        return v->kind == GLM_BOOL ||
               wrong_kind(arena, v, quoted(arena, attr->crd), "true or false", at, d);
    return v->kind == GLM_NUMBER ||
           wrong_kind(arena, v, quoted(arena, attr->crd), "a number", at, d);
}

/* The map that a list becomes, and of each key that was there again the last number given to it. */
struct crd_keyed {
    struct glm_map_builder map, numbers;
};

/* `text-2` and so on: the first that nothing has yet. */
static const char *numbered(struct glm_arena *arena, struct crd_keyed *keyed, const char *text)
{
    int64_t n = 1;
    const char *key;
    glm_number_int64(glm_map_peek(&keyed->numbers, text), &n);
    do
        key = glm_sprintf(arena, "%s-%lld", text, (long long)++n);
    while (!glm_is_null(glm_map_peek(&keyed->map, key)));
    glm_map_set(&keyed->numbers, text, glm_integer(arena, n));
    return key;
}

/* The key of an element in the map that the list becomes; NULL after an error. */
static const char *element_key(struct glm_arena *arena, const struct glm_attr *attr,
                               const struct glm_value *element, struct crd_keyed *keyed,
                               const struct glm_path *at, struct glm_diags *d)
{
    const struct glm_value *field = glm_get(element, attr->crd_key);
    const struct glm_value *key = field;
    if ((glm_is_null(field) || glm_string_is(field, "")) && attr->crd_key_empty)
        key = glm_string(arena, attr->crd_key_empty);
    if (!glm_is_string(key) && !glm_is_null(key)) {
        wrong_kind(arena, key, quoted(arena, attr->crd_key), "a string: put it in quotes", at, d);
        return NULL;
    }
    if (!glm_is_string(key) || key->len == 0 || strlen(key->as.text) != key->len) {
        refuse(arena, element->line, element->column, at, "Field missing in the manifest", d,
               "This element of \"%s\" needs \"%s\": each is told apart by it.", attr->crd,
               attr->crd_key);
        return NULL;
    }
    const char *text = key->as.text;
    if (glm_is_null(glm_map_peek(&keyed->map, text)))
        return text;
    if (!attr_of_crd(attr->nested, attr->crd_key)) {
        refuse(arena, element->line, element->column, at, "Same element twice in the manifest", d,
               "Another element of \"%s\" has %s \"%s\" already. Each may be there once.",
               attr->crd, attr->crd_key, text);
        return NULL;
    }
    return numbered(arena, keyed, text);
}

static bool read_object(struct glm_arena *arena, struct glm_yaml_source *source,
                        const struct glm_attr *attrs, const char *key_field,
                        const struct glm_value *v, const char *name, const struct glm_path *at,
                        const struct glm_value **ret_value, struct glm_diags *d);

static bool read_map(struct glm_arena *arena, struct glm_yaml_source *source,
                     const struct glm_attr *attr, const struct glm_value *v,
                     const struct glm_path *at, const struct glm_value **ret_value,
                     struct glm_diags *d)
{
    bool ok = true;
    struct crd_keyed keyed;
    glm_map_init(&keyed.map, arena);
    glm_map_init(&keyed.numbers, arena);
    for (size_t i = 0; i < v->len; i++) {
        const struct glm_value *element = v->as.list[i], *item = &glm_null;
        const struct glm_path *here = GLM_AT_INDEX(at, i);
        if (!read_object(arena, source, attr->nested, attr->crd_key, element,
                         element_of(arena, attr), here, &item, d)) {
            ok = false;
            continue;
        }
        const char *key = element_key(arena, attr, element, &keyed, here, d);
        if (!key) {
            ok = false;
            continue;
        }
        /* A key that had to be made up is no value: say what the document meant. */
        const struct glm_attr *own = attr_of_crd(attr->nested, attr->crd_key);
        const struct glm_value *written = own ? glm_get(item, own->name) : &glm_null;
        if (own && glm_is_null(written))
            item = glm_with(arena, item, own->name, glm_string(arena, attr->crd_key_empty));
        glm_map_set(&keyed.map, key, item);
    }
    if (ok)
        *ret_value = glm_map_finish(&keyed.map, NULL);
    return ok;
}

static bool read_list(struct glm_arena *arena, struct glm_yaml_source *source,
                      const struct glm_attr *attr, const struct glm_value *v,
                      const struct glm_path *at, const struct glm_value **ret_value,
                      struct glm_diags *d)
{
    bool ok = true;
    struct glm_list_builder b;
    glm_list_init(&b, arena);
    for (size_t i = 0; i < v->len; i++) {
        const struct glm_value *item = &glm_null;
        ok &= read_object(arena, source, attr->nested, NULL, v->as.list[i], element_of(arena, attr),
                          GLM_AT_INDEX(at, i), &item, d);
        glm_list_add(&b, item);
    }
    if (ok)
        *ret_value = glm_list_finish(&b);
    return ok;
}

static bool read_attr(struct glm_arena *arena, struct glm_yaml_source *source,
                      const struct glm_attr *attr, const struct glm_value *v,
                      const struct glm_path *at, const struct glm_value **ret_value,
                      struct glm_diags *d)
{
    *ret_value = &glm_null;
    if (glm_is_null(v))
        return true;
    switch (attr->nesting) {
    case GLM_NEST_NONE:
        return read_scalar(arena, source, attr, v, at, ret_value, d);
    case GLM_NEST_SINGLE:
        return read_object(arena, source, attr->nested, NULL, v, quoted(arena, attr->crd), at,
                           ret_value, d);
    case GLM_NEST_MAP:
    case GLM_NEST_LIST:
        if (!glm_is_list(v))
            return wrong_kind(arena, v, quoted(arena, attr->crd), "a list", at, d);
        return attr->nesting == GLM_NEST_MAP ? read_map(arena, source, attr, v, at, ret_value, d)
                                             : read_list(arena, source, attr, v, at, ret_value, d);
    }
    return true;
}

static bool refuse_key(struct glm_arena *arena, const struct glm_attr *attrs, const char *key_field,
                       const struct glm_pair *pair, const struct glm_path *at, struct glm_diags *d)
{
    size_t count = 0, known = 0;
    while (attrs[count].name)
        count++;
    const char **names = GLM_NEW_ARRAY(arena, count + 1, const char *);
    for (size_t i = 0; i < count; i++)
        if (attrs[i].crd)
            names[known++] = attrs[i].crd;
    if (key_field && !attr_of_crd(attrs, key_field))
        names[known++] = key_field;
    struct glm_text list;
    glm_text_init(&list, arena, DOCUMENT_LIMIT);
    for (size_t i = 0; i < known; i++)
        glm_text_addf(&list, "%s%s", i > 0 ? ", " : "", names[i]);
    const char *nearest = glm_nearest(pair->key, names, known);
    const char *remedy = nearest ? glm_sprintf(arena, "Did you mean \"%s\"?", nearest)
                                 : glm_sprintf(arena, "The fields are: %s.", list.data);
    return refuse(arena, pair->line, pair->column, at, "Unknown field in the manifest", d,
                  "There is no field \"%s\" here. %s", pair->key, remedy);
}

static bool read_object(struct glm_arena *arena, struct glm_yaml_source *source,
                        const struct glm_attr *attrs, const char *key_field,
                        const struct glm_value *v, const char *name, const struct glm_path *at,
                        const struct glm_value **ret_value, struct glm_diags *d)
{
    if (!glm_is_map(v))
        return wrong_kind(arena, v, name, "an object", at, d);
    bool ok = true;
    for (size_t i = 0; i < v->len; i++) {
        const char *key = v->as.map[i].key;
        if (!attr_of_crd(attrs, key) && !(key_field && !strcmp(key, key_field)))
            ok = refuse_key(arena, attrs, key_field, &v->as.map[i], GLM_AT_ATTR(at, key), d);
    }
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    for (; attrs->name; attrs++) {
        if (!attrs->crd)
            continue;
        const struct glm_value *field = glm_get(v, attrs->crd), *item = &glm_null;
        const struct glm_path *here = GLM_AT_ATTR(at, attrs->crd);
        if (glm_is_null(field) && ((attrs->use & GLM_REQUIRED) || attrs->crd_required))
            ok = refuse(arena, v->line, v->column, here, "Field missing in the manifest", d,
                        "%s needs \"%s\".", name, attrs->crd);
        ok &= read_attr(arena, source, attrs, field, here, &item, d);
        glm_map_append(&b, attrs->name, 0, 0, item);
    }
    if (ok)
        *ret_value = glm_map_finish(&b, NULL);
    return ok;
}

bool glm_schema_from_crd(struct glm_arena *arena, const struct glm_attr *attrs,
                         const struct glm_value *spec, struct glm_yaml_source *source,
                         const struct glm_path *at, const struct glm_value **ret_attrs,
                         struct glm_diags *d)
{
    return read_object(arena, source, attrs, NULL, spec, "\"spec\"", at, ret_attrs, d);
}

/* ---- to the document ---- */

static bool write_map(struct glm_arena *arena, const struct glm_attr *attr,
                      const struct glm_value *v, const struct glm_path *at,
                      const struct glm_value **ret_value, struct glm_diags *d)
{
    bool ok = true;
    const struct glm_attr *own = attr_of_crd(attr->nested, attr->crd_key);
    struct glm_list_builder b;
    glm_list_init(&b, arena);
    for (size_t i = 0; i < v->len; i++) {
        const struct glm_pair *pair = &v->as.map[i];
        const struct glm_value *element = &glm_empty_map;
        ok &= glm_schema_to_crd(arena, attr->nested, pair->value, GLM_AT_KEY(at, pair->key),
                                &element, d);
        /* The attribute speaks where there is one, the key where it does not. */
        const struct glm_value *key = own ? glm_get(pair->value, own->name) : &glm_null;
        if (!glm_is_string(key))
            key = glm_string(arena, pair->key);
        bool empty =
            key->len == 0 || (attr->crd_key_empty && !strcmp(key->as.text, attr->crd_key_empty));
        glm_list_add(&b, empty ? glm_without(arena, element, attr->crd_key)
                               : glm_with(arena, element, attr->crd_key, key));
    }
    *ret_value = glm_list_finish(&b);
    return ok;
}

static bool write_list(struct glm_arena *arena, const struct glm_attr *attr,
                       const struct glm_value *v, const struct glm_path *at,
                       const struct glm_value **ret_value, struct glm_diags *d)
{
    bool ok = true;
    struct glm_list_builder b;
    glm_list_init(&b, arena);
    for (size_t i = 0; i < v->len; i++) {
        const struct glm_value *element = &glm_empty_map;
        ok &=
            glm_schema_to_crd(arena, attr->nested, v->as.list[i], GLM_AT_INDEX(at, i), &element, d);
        glm_list_add(&b, element);
    }
    *ret_value = glm_list_finish(&b);
    return ok;
}

static bool write_attr(struct glm_arena *arena, const struct glm_attr *attr,
                       const struct glm_value *v, const struct glm_path *at,
                       const struct glm_value **ret_value, struct glm_diags *d)
{
    *ret_value = v;
    if (attr->crd_document && glm_is_string(v))
        return glm_yaml_decode(arena, v->as.text, v->len, attr->name, at, ret_value, d);
    if (attr->nesting == GLM_NEST_SINGLE)
        return glm_schema_to_crd(arena, attr->nested, v, at, ret_value, d);
    if (attr->nesting == GLM_NEST_LIST)
        return write_list(arena, attr, v, at, ret_value, d);
    if (attr->nesting == GLM_NEST_MAP)
        return write_map(arena, attr, v, at, ret_value, d);
    return true;
}

bool glm_schema_to_crd(struct glm_arena *arena, const struct glm_attr *attrs,
                       const struct glm_value *values, const struct glm_path *at,
                       const struct glm_value **ret_spec, struct glm_diags *d)
{
    bool ok = true;
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    for (; attrs->name; attrs++) {
        const struct glm_value *v = glm_get(values, attrs->name), *item = &glm_null;
        if (!attrs->crd || glm_is_null(v))
            continue;
        ok &= write_attr(arena, attrs, v, GLM_AT_ATTR(at, attrs->name), &item, d);
        glm_map_append(&b, attrs->crd, 0, 0, item);
    }
    if (ok)
        *ret_spec = glm_map_finish(&b, NULL);
    return ok;
}
