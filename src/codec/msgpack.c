/* SPDX-License-Identifier: Apache-2.0
 *
 * Values to msgpack, guided by a type, as go-cty writes it; the only file that includes
 * <msgpack.h>.
 *
 * Owner:  the bytes live in the arena given.
 * Errors: a value that is not of the type is a bug of the caller, reported with its path.
 * Thread: no shared state.
 */
#include "internal.h"

#include <math.h>
#include <msgpack.h>
#include <stdlib.h>
#include <string.h>

#define REFINED_EXT 12

struct encoder {
    struct glm_arena *arena;
    struct glm_diags *d;
    msgpack_packer packer;
    char *out; /* NULL: it is only counted how many bytes there are */
    size_t len;
    char *digits; /* for numbers that may be doubles; NULL: there was none yet */
};

static int write_bytes(void *data, const char *bytes, size_t len)
{
    struct encoder *enc = data;
    if (enc->out && len)
        memcpy(enc->out + enc->len, bytes, len);
    enc->len += len;
    return 0;
}

static bool mismatch(struct encoder *enc, const struct glm_value *v, const struct glm_path *at,
                     const char *expected)
{
    return glm_error(enc->d, at, "The provider made a value of the wrong type",
                     "%s is expected here, not %s. This is a bug in the provider; please report "
                     "it.",
                     expected, glm_kind_name(v->kind));
}

static bool encode(struct encoder *enc, const struct glm_type *type, const struct glm_value *v,
                   unsigned depth, const struct glm_path *at);

static void encode_unknown(struct encoder *enc, const struct glm_value *v, bool dynamic)
{
    /* go-cty has no refinements where the type is not known. */
    if (v->as.text && v->len && !dynamic)
        msgpack_pack_ext_with_body(&enc->packer, v->as.text, v->len, REFINED_EXT);
    else
        msgpack_pack_ext_with_body(&enc->packer, "", 1, 0);
}

/* True for a fraction that a double holds exactly, such as 0.5. */
static bool exact_double(struct encoder *enc, const struct glm_value *v, double *ret_real)
{
    double real = strtod(v->as.text, NULL);
    *ret_real = real;
    if (glm_number_is_integer(v) || !isfinite(real))
        return false;
    size_t len;
    const char *text = codec_double_text(enc->arena, &enc->digits, real, &len);
    return glm_number_equal(
        v, &(const struct glm_value){.kind = GLM_NUMBER, .as.text = text, .len = len});
}

/* In go-cty's own forms: it takes a fraction sent as a decimal for another number than the same
 * one sent as a double. */
static bool encode_number(struct encoder *enc, const struct glm_value *v)
{
    int64_t n;
    double real;
    if (glm_number_int64(v, &n))
        msgpack_pack_int64(&enc->packer, n);
    else if (exact_double(enc, v, &real))
        msgpack_pack_double(&enc->packer, real);
    else
        msgpack_pack_str_with_body(&enc->packer, v->as.text, v->len);
    return true;
}

static bool encode_array(struct encoder *enc, const struct glm_type *type,
                         const struct glm_value *v, unsigned depth, const struct glm_path *at)
{
    bool tuple = type->kind == GLM_TYPE_TUPLE;
    if (v->kind != GLM_LIST || (tuple && v->len != type->len))
        return mismatch(enc, v, at,
                        tuple ? glm_sprintf(enc->arena, "a tuple of %zu elements", type->len)
                              : "a list");
    msgpack_pack_array(&enc->packer, v->len);
    for (size_t i = 0; i < v->len; i++)
        if (!encode(enc, tuple ? type->fields[i].type : type->element, v->as.list[i], depth + 1,
                    GLM_AT_INDEX(at, i)))
            return false;
    return true;
}

static void encode_key(struct encoder *enc, const char *key)
{
    msgpack_pack_str_with_body(&enc->packer, key, strlen(key));
}

static bool encode_map(struct encoder *enc, const struct glm_type *type, const struct glm_value *v,
                       unsigned depth, const struct glm_path *at)
{
    if (v->kind != GLM_MAP)
        return mismatch(enc, v, at, "a map");
    msgpack_pack_map(&enc->packer, v->len);
    for (size_t i = 0; i < v->len; i++) {
        encode_key(enc, v->as.map[i].key);
        if (!encode(enc, type->element, v->as.map[i].value, depth + 1,
                    GLM_AT_KEY(at, v->as.map[i].key)))
            return false;
    }
    return true;
}

/* Both lists are sorted by name. */
static bool encode_object(struct encoder *enc, const struct glm_type *type,
                          const struct glm_value *v, unsigned depth, const struct glm_path *at)
{
    if (v->kind != GLM_MAP)
        return mismatch(enc, v, at, "an object");
    size_t next = 0;
    msgpack_pack_map(&enc->packer, type->len);
    for (size_t i = 0; i < type->len; i++) {
        const char *name = type->fields[i].name;
        const struct glm_value *attribute = &glm_null;
        if (next < v->len && strcmp(v->as.map[next].key, name) == 0)
            attribute = v->as.map[next++].value;
        encode_key(enc, name);
        if (!encode(enc, type->fields[i].type, attribute, depth + 1, GLM_AT_ATTR(at, name)))
            return false;
    }
    if (next == v->len)
        return true;
    return mismatch(enc, v->as.map[next].value, GLM_AT_ATTR(at, v->as.map[next].key), "nothing");
}

static bool encode_dynamic(struct encoder *enc, const struct glm_value *v, unsigned depth,
                           const struct glm_path *at)
{
    const struct glm_type *type = glm_type_of(enc->arena, v);
    const char *json = glm_json_text(enc->arena, glm_type_to_value(enc->arena, type));
    if (type->kind == GLM_TYPE_DYNAMIC)
        return mismatch(enc, v, at, "a value with a type");
    msgpack_pack_array(&enc->packer, 2);
    msgpack_pack_bin_with_body(&enc->packer, json, strlen(json));
    return encode(enc, type, v, depth, at);
}

static bool encode(struct encoder *enc, const struct glm_type *type, const struct glm_value *v,
                   unsigned depth, const struct glm_path *at)
{
    if (depth > GLM_VALUE_DEPTH)
        return glm_error(enc->d, NULL, "The value is nested too deep",
                         "At most %d levels of maps and lists can be written.", GLM_VALUE_DEPTH);
    if (v->kind == GLM_UNKNOWN) {
        encode_unknown(enc, v, type->kind == GLM_TYPE_DYNAMIC);
        return true;
    }
    if (v->kind == GLM_NULL) {
        msgpack_pack_nil(&enc->packer);
        return true;
    }
    switch (type->kind) {
    case GLM_TYPE_DYNAMIC:
        return encode_dynamic(enc, v, depth, at);
    case GLM_TYPE_BOOL:
        if (v->kind != GLM_BOOL)
            return mismatch(enc, v, at, "a bool");
        v->as.boolean ? msgpack_pack_true(&enc->packer) : msgpack_pack_false(&enc->packer);
        return true;
    case GLM_TYPE_NUMBER:
        return v->kind == GLM_NUMBER ? encode_number(enc, v) : mismatch(enc, v, at, "a number");
    case GLM_TYPE_STRING:
        if (v->kind != GLM_STRING)
            return mismatch(enc, v, at, "a string");
        msgpack_pack_str_with_body(&enc->packer, v->as.text, v->len);
        return true;
    case GLM_TYPE_LIST:
    case GLM_TYPE_SET:
    case GLM_TYPE_TUPLE:
        return encode_array(enc, type, v, depth, at);
    case GLM_TYPE_MAP:
        return encode_map(enc, type, v, depth, at);
    case GLM_TYPE_OBJECT:
        return encode_object(enc, type, v, depth, at);
    }
    return mismatch(enc, v, at, "a value of a known type");
}

bool glm_msgpack_encode(struct glm_arena *arena, const struct glm_type *type,
                        const struct glm_value *v, const void **ret_bytes, size_t *ret_len,
                        struct glm_diags *d)
{
    struct encoder enc = {.arena = arena, .d = d};
    msgpack_packer_init(&enc.packer, &enc, write_bytes);
    if (!encode(&enc, type, v, 0, NULL))
        return false;
    if (enc.len > GLM_MSGPACK_MAX_BYTES)
        return glm_error(d, NULL, "The result is too large for Terraform",
                         "It has more than %zu bytes.", (size_t)GLM_MSGPACK_MAX_BYTES);
    /* A state is large: it is written where there is room for it and no more. */
    enc.out = glm_alloc(arena, enc.len);
    *ret_len = enc.len;
    enc.len = 0;
    encode(&enc, type, v, 0, NULL);
    *ret_bytes = enc.out;
    return true;
}
