/* SPDX-License-Identifier: Apache-2.0
 *
 * msgpack to values, guided by a type, as go-cty reads it.
 *
 * Owner:  values live in the arena given and point at nothing else.
 * Errors: diagnostics at the attribute path. Terraform has checked the value against the schema,
 *         so each of them means that Terraform and this provider disagree about the schema.
 * Thread: no shared state.
 */
#include "internal.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* go-cty's extension for an unknown value with refinements, and its ceiling for them. */
#define REFINED_EXT 12
#define REFINEMENTS_MAX ((size_t)1024)

/* A state says the same of each of many clusters: texts and maps that were there already are lent again.
 * Of each hash the last one is remembered. Equal maps have the same keys and values in memory then, but
 * for texts of more bytes, and numbers. */
#define SHARED_BYTES ((size_t)128)
#define SHARED_BITS 12
#define SHARED_VALUES ((size_t)1 << SHARED_BITS)

struct msgpack_decoder {
    struct glm_arena *arena;
    struct glm_diags *d;
    struct glm_reader reader;
    size_t nodes;
    char *digits;           /* for numbers that are doubles; NULL: there was none yet */
    unsigned dynamics;      /* dynamic values around this one */
    struct glm_pair *pairs; /* of the maps that are being read, one inside the other */
    size_t pair_count, pair_capacity;
    const struct glm_value *texts[SHARED_VALUES], *maps[SHARED_VALUES]; /* NULL: none yet */
};

static bool bad(struct msgpack_decoder *dec, const struct glm_path *at, const char *expected)
{
    return glm_error(dec->d, at, "The value from Terraform cannot be read",
                     "%s is expected here (byte %zu of %zu). This is a bug in the provider or in "
                     "Terraform; please report it.",
                     expected, dec->reader.offset, dec->reader.len);
}

static bool decode(struct msgpack_decoder *dec, const struct glm_type *type, unsigned depth,
                   const struct glm_path *at, const struct glm_value **ret_value);

static bool too_large(struct msgpack_decoder *dec, const char *detail)
{
    return glm_error(dec->d, NULL, "The value from Terraform is too large", "%s", detail);
}

/* A list or a map that grows takes what all its elements have taken once more. */
static bool next(struct msgpack_decoder *dec, const struct glm_path *at, struct glm_item *item)
{
    if (!codec_reader_next(&dec->reader, item))
        return bad(dec, at, "A complete, well-formed value");
    if (++dec->nodes > GLM_MSGPACK_MAX_NODES)
        return too_large(dec, glm_sprintf(dec->arena, "At most %zu values are read.",
                                          (size_t)GLM_MSGPACK_MAX_NODES));
    size_t own = item->bytes ? item->len * GLM_TEXT_COPIES : 0;
    if ((dec->nodes + 64) * (GLM_MSGPACK_NODE_BYTES / 2) + own > glm_arena_room(dec->arena))
        return too_large(dec, "There is no room left for all of its values.");
    return true;
}

static bool decode_unknown(struct msgpack_decoder *dec, const struct glm_item *item,
                           const struct glm_path *at, const struct glm_value **ret_value)
{
    *ret_value = &glm_unknown;
    /* In a dynamic value an unknown has no type of its own once it is sent back, and refinements
     * without a type are refused. */
    if (item->ext != REFINED_EXT || item->len <= 1 || dec->dynamics)
        return true;
    if (item->len > REFINEMENTS_MAX)
        return bad(dec, at, "An unknown value with at most 1024 bytes of refinements");
    struct glm_value *v = GLM_NEW(dec->arena, struct glm_value);
    v->kind = GLM_UNKNOWN;
    v->as.text = glm_strndup(dec->arena, item->bytes, item->len);
    v->len = item->len;
    *ret_value = v;
    return true;
}

/* The longest are the smallest: -4.9e-324 has 1074 decimals, the largest has 309 digits. */
#define DOUBLE_DIGITS ((size_t)1400)

const char *codec_double_text(struct glm_arena *arena, char **digits, double real, size_t *ret_len)
{
    if (!*digits)
        *digits = glm_alloc(arena, DOUBLE_DIGITS);
    size_t len = (size_t)snprintf(*digits, DOUBLE_DIGITS, "%.1074f", real);
    while ((*digits)[len - 1] == '0')
        len--;
    if ((*digits)[len - 1] == '.')
        len--;
    *ret_len = len;
    return *digits;
}

static bool decode_real(struct msgpack_decoder *dec, double real, const struct glm_path *at,
                        const struct glm_value **ret_value)
{
    if (!isfinite(real))
        return glm_error(dec->d, at, "The number is not finite",
                         "A finite number is expected here; infinity and NaN have no meaning in "
                         "a Kubernetes object.");
    size_t len;
    const char *text = codec_double_text(dec->arena, &dec->digits, real, &len);
    *ret_value = glm_number(dec->arena, text, len);
    dec->nodes += len / (GLM_MSGPACK_NODE_BYTES / 4); /* nine bytes can be a thousand digits */
    return true;
}

static size_t skip_digits(const char *text, size_t len, size_t i)
{
    while (i < len && text[i] >= '0' && text[i] <= '9')
        i++;
    return i;
}

/* What cty writes and reads as a decimal, brought to JSON's spelling. */
static bool decode_decimal(struct msgpack_decoder *dec, const struct glm_item *item,
                           const struct glm_path *at, const struct glm_value **ret_value)
{
    const char *text = item->bytes;
    size_t len = item->len, i = len && (*text == '-' || *text == '+');
    struct glm_text out;
    glm_text_init(&out, dec->arena, len + 2);
    if (i && *text == '-')
        glm_text_addc(&out, '-');
    size_t whole = i;
    i = skip_digits(text, len, i);
    size_t begin = whole;
    while (begin + 1 < i && text[begin] == '0')
        begin++;
    if (begin == i)
        glm_text_addc(&out, '0');
    glm_text_add(&out, text + begin, i - begin);
    size_t digits = i - whole;
    if (i < len && text[i] == '.') {
        size_t end = skip_digits(text, len, i + 1);
        digits += end - i - 1;
        if (end > i + 1)
            glm_text_add(&out, text + i, end - i);
        i = end;
    }
    bool good = digits > 0;
    if (good && i < len && (text[i] == 'e' || text[i] == 'E')) {
        size_t e = i + 1;
        e += e < len && (text[e] == '-' || text[e] == '+');
        size_t end = skip_digits(text, len, e);
        good = end > e;
        glm_text_add(&out, text + i, end - i);
        i = end;
    }
    if (!good || i != len)
        return bad(dec, at, "A decimal number");
    *ret_value = glm_number(dec->arena, out.data, out.len);
    return true;
}

static bool decode_number(struct msgpack_decoder *dec, const struct glm_item *item,
                          const struct glm_path *at, const struct glm_value **ret_value)
{
    switch (item->kind) {
    case GLM_ITEM_INT:
        *ret_value = glm_integer(dec->arena, item->integer);
        return true;
    case GLM_ITEM_UINT: {
        const char *text = glm_sprintf(dec->arena, "%llu", (unsigned long long)item->natural);
        *ret_value = glm_number(dec->arena, text, strlen(text));
        return true;
    }
    case GLM_ITEM_FLOAT:
        return decode_real(dec, item->real, at, ret_value);
    case GLM_ITEM_STR:
    case GLM_ITEM_BIN:
        return decode_decimal(dec, item, at, ret_value);
    default:
        return bad(dec, at, "A number");
    }
}

static uint64_t add_to_hash(uint64_t hash, uint64_t number)
{
    return (hash ^ number) * 0x9E3779B97F4A7C15U; /* the high bits are the good ones */
}

static const struct glm_value *text_value(struct msgpack_decoder *dec, const char *text, size_t len)
{
    if (len > SHARED_BYTES)
        return glm_stringn(dec->arena, text, len);
    uint64_t hash = len;
    for (size_t i = 0; i < len; i++)
        hash = add_to_hash(hash, (unsigned char)text[i]);
    const struct glm_value **at = &dec->texts[hash >> (64 - SHARED_BITS)];
    if (!*at || (*at)->len != len || memcmp((*at)->as.text, text, len) != 0)
        *at = glm_stringn(dec->arena, text, len);
    return *at;
}

static bool decode_string(struct msgpack_decoder *dec, const struct glm_item *item,
                          const struct glm_path *at, const struct glm_value **ret_value)
{
    if (item->kind != GLM_ITEM_STR && item->kind != GLM_ITEM_BIN)
        return bad(dec, at, "A string");
    if (!glm_utf8_valid(item->bytes, item->len))
        return bad(dec, at, "UTF-8 text");
    if (item->len && memchr(item->bytes, '\0', item->len))
        return glm_error(dec->d, at, "A text has a NUL character in it",
                         "Whatever reads it would stop there. Remove the \\u0000.");
    *ret_value = text_value(dec, item->bytes, item->len);
    return true;
}

/* A header's count is believed as far as this; what comes beyond it makes the rest of the room. */
#define EXPECTED ((size_t)64)

/* Lists, sets and tuples. */
static bool decode_array(struct msgpack_decoder *dec, const struct glm_type *type,
                         const struct glm_item *item, unsigned depth, const struct glm_path *at,
                         const struct glm_value **ret_value)
{
    bool tuple = type->kind == GLM_TYPE_TUPLE;
    if (item->kind != GLM_ITEM_ARRAY || (tuple && item->len != type->len))
        return bad(dec, at,
                   tuple ? glm_sprintf(dec->arena, "A tuple of %zu elements", type->len)
                         : "A list");
    struct glm_list_builder b;
    glm_list_init(&b, dec->arena);
    glm_list_reserve(&b, item->len < EXPECTED ? item->len : EXPECTED);
    for (size_t i = 0; i < item->len; i++) {
        const struct glm_value *v = &glm_null;
        if (!decode(dec, tuple ? type->fields[i].type : type->element, depth + 1,
                    GLM_AT_INDEX(at, i), &v))
            return false;
        glm_list_add(&b, v);
    }
    *ret_value = glm_list_finish(&b);
    return true;
}

static bool decode_key(struct msgpack_decoder *dec, const struct glm_path *at, const char **ret_key)
{
    struct glm_item item;
    if (!next(dec, at, &item))
        return false;
    if ((item.kind != GLM_ITEM_STR && item.kind != GLM_ITEM_BIN) ||
        !glm_utf8_valid(item.bytes, item.len))
        return bad(dec, at, "A key that is UTF-8 text");
    if (memchr(item.bytes, '\0', item.len))
        return glm_error(dec->d, at, "A key has a NUL character in it",
                         "Keys are names of clusters and fields, which cannot have NUL "
                         "characters. Remove it.");
    *ret_key = text_value(dec, item.bytes, item.len)->as.text;
    return true;
}

static void push_pair(struct msgpack_decoder *dec, const char *key, const struct glm_value *v)
{
    if (dec->pair_count == dec->pair_capacity) {
        size_t was = dec->pair_capacity * sizeof *dec->pairs;
        dec->pair_capacity = was ? 2 * dec->pair_capacity : 64;
        dec->pairs =
            glm_regrow(dec->arena, dec->pairs, was, dec->pair_capacity * sizeof *dec->pairs);
    }
    dec->pairs[dec->pair_count++] = (struct glm_pair){.key = key, .value = v};
}

/* The map of what was pushed from `begin` on. */
static const struct glm_value *pop_map(struct msgpack_decoder *dec, size_t begin,
                                       const struct glm_pair **ret_duplicate)
{
    size_t count = dec->pair_count - begin;
    if (count == 0)
        return &glm_empty_map;
    const struct glm_pair *pairs = dec->pairs + begin;
    uint64_t hash = count;
    dec->pair_count = begin;
    for (size_t i = 0; i < count; i++)
        hash = add_to_hash(add_to_hash(hash, (uintptr_t)pairs[i].key), (uintptr_t)pairs[i].value);
    const struct glm_value **at = &dec->maps[hash >> (64 - SHARED_BITS)];
    if (*at && (*at)->len == count && memcmp((*at)->as.map, pairs, count * sizeof *pairs) == 0)
        return *at;
    struct glm_map_builder b;
    glm_map_init(&b, dec->arena);
    glm_map_reserve(&b, count);
    for (size_t i = 0; i < count; i++)
        glm_map_append(&b, pairs[i].key, 0, 0, pairs[i].value);
    return *at = glm_map_finish(&b, ret_duplicate);
}

/* Maps and objects. */
static bool decode_pairs(struct msgpack_decoder *dec, const struct glm_type *type,
                         const struct glm_item *item, unsigned depth, const struct glm_path *at,
                         const struct glm_value **ret_value)
{
    bool object = type->kind == GLM_TYPE_OBJECT;
    if (item->kind != GLM_ITEM_MAP || (object && item->len != type->len))
        return bad(dec, at,
                   object ? glm_sprintf(dec->arena, "An object of %zu attributes", type->len)
                          : "A map");
    size_t begin = dec->pair_count;
    for (size_t i = 0; i < item->len; i++) {
        const char *key = "";
        const struct glm_value *v = &glm_null;
        if (!decode_key(dec, at, &key))
            return false;
        const struct glm_field *field = object ? glm_type_field(type, key) : NULL;
        if (object && !field)
            return bad(dec, GLM_AT_ATTR(at, key), "An attribute of the schema");
        if (!decode(dec, object ? field->type : type->element, depth + 1,
                    object ? GLM_AT_ATTR(at, key) : GLM_AT_KEY(at, key), &v))
            return false;
        push_pair(dec, key, v);
    }
    const struct glm_pair *duplicate = NULL;
    *ret_value = pop_map(dec, begin, &duplicate);
    if (duplicate)
        return bad(dec, at, glm_sprintf(dec->arena, "The key \"%s\" only once", duplicate->key));
    return true;
}

static bool decode_dynamic(struct msgpack_decoder *dec, const struct glm_item *item, unsigned depth,
                           const struct glm_path *at, const struct glm_value **ret_value)
{
    struct glm_item name;
    const struct glm_value *json;
    const struct glm_type *type;
    if (item->kind != GLM_ITEM_ARRAY || item->len != 2)
        return bad(dec, at, "A pair of a type and a value");
    if (!next(dec, at, &name))
        return false;
    if (name.kind != GLM_ITEM_BIN && name.kind != GLM_ITEM_STR)
        return bad(dec, at, "A type");
    /* The shortest part of a type, as of ["tuple",["number",...]], has eight characters. */
    dec->nodes += name.len / 8;
    if (!codec_json_decode_deep(dec->arena, name.bytes, name.len, 2 * GLM_VALUE_DEPTH + 2,
                                "the type of a dynamic value", at, &json, dec->d))
        return false;
    if (!glm_type_from_value(dec->arena, json, &type))
        return bad(dec, at, "A type");
    /* A dynamic in a dynamic is one level deeper though the value is not: it must end as well. */
    dec->dynamics++;
    bool good = decode(dec, type, depth + (type->kind == GLM_TYPE_DYNAMIC), at, ret_value);
    dec->dynamics--;
    return good;
}

static bool decode(struct msgpack_decoder *dec, const struct glm_type *type, unsigned depth,
                   const struct glm_path *at, const struct glm_value **ret_value)
{
    struct glm_item item;
    if (depth > GLM_VALUE_DEPTH)
        return glm_error(dec->d, NULL, "The value is nested too deep",
                         "At most %d levels of maps and lists can be read.", GLM_VALUE_DEPTH);
    if (!next(dec, at, &item))
        return false;
    if (item.kind == GLM_ITEM_EXT && type->kind == GLM_TYPE_DYNAMIC) {
        *ret_value = &glm_unknown;
        return true;
    }
    if (item.kind == GLM_ITEM_EXT)
        return decode_unknown(dec, &item, at, ret_value);
    if (item.kind == GLM_ITEM_NIL) {
        *ret_value = &glm_null;
        return true;
    }
    switch (type->kind) {
    case GLM_TYPE_DYNAMIC:
        return decode_dynamic(dec, &item, depth, at, ret_value);
    case GLM_TYPE_BOOL:
        *ret_value = glm_bool(item.boolean);
        return item.kind == GLM_ITEM_BOOL || bad(dec, at, "A bool");
    case GLM_TYPE_NUMBER:
        return decode_number(dec, &item, at, ret_value);
    case GLM_TYPE_STRING:
        return decode_string(dec, &item, at, ret_value);
    case GLM_TYPE_LIST:
    case GLM_TYPE_SET:
    case GLM_TYPE_TUPLE:
        return decode_array(dec, type, &item, depth, at, ret_value);
    case GLM_TYPE_MAP:
    case GLM_TYPE_OBJECT:
        return decode_pairs(dec, type, &item, depth, at, ret_value);
    }
    return bad(dec, at, "A value of a known type");
}

bool glm_msgpack_decode(struct glm_arena *arena, const struct glm_type *type, const void *bytes,
                        size_t len, const struct glm_value **ret_value, struct glm_diags *d)
{
    struct msgpack_decoder dec = {.arena = arena, .d = d, .reader = {bytes, len, 0}};
    if (len > GLM_MSGPACK_MAX_BYTES)
        return glm_error(d, NULL, "The value from Terraform is too large",
                         "It has %zu bytes; at most %zu are read.", len,
                         (size_t)GLM_MSGPACK_MAX_BYTES);
    const struct glm_value *v = &glm_null;
    if (!decode(&dec, type, 0, NULL, &v))
        return false;
    if (dec.reader.offset != len)
        return bad(&dec, NULL, "The end of the value");
    *ret_value = v;
    return true;
}
