/* SPDX-License-Identifier: Apache-2.0
 *
 * Fuzz target: any bytes as msgpack. The first byte picks the type; with an odd one, what comes
 * after it up to a newline is the type, as cty writes it.
 *
 * Holds:  no crash; errors exactly when decoding says so; a result can be encoded, comes back the
 *         same, and memory stays in proportion to the input.
 */
#include "glm/codec.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool ok)
{
    if (!ok)
        abort();
}

static const struct glm_type *pick_type(struct glm_arena *arena, const uint8_t **data, size_t *size)
{
    static const char *const types[] = {
        "\"dynamic\"",
        "[\"map\",[\"object\",{\"a\":\"string\",\"b\":\"number\",\"c\":[\"set\",\"bool\"]}]]",
        "[\"list\",[\"map\",\"dynamic\"]]",
        "[\"object\",{\"id\":\"string\",\"installations\":[\"map\",[\"object\",{\"spec\":"
        "\"string\",\"clusters\":[\"map\",[\"object\",{\"active\":\"bool\"}]]}]]}]",
        "[\"tuple\",[\"number\",\"dynamic\",[\"list\",\"number\"]]]",
        "\"number\"",
    };
    const struct glm_value *json = NULL;
    const struct glm_type *type = NULL;
    struct glm_diags d;
    glm_diags_init(&d, arena);
    unsigned first = *size ? **data : 0;
    const char *text = types[first / 2 % (sizeof types / sizeof *types)];
    size_t len = strlen(text);
    *data += *size > 0;
    *size -= *size > 0;
    const uint8_t *end = *size ? memchr(*data, '\n', *size) : NULL;
    if (first % 2 == 1 && end) {
        text = (const char *)*data;
        len = (size_t)(end - *data);
        *data += len + 1;
        *size -= len + 1;
    }
    if (!glm_json_decode(arena, text, len, "type", NULL, &json, &d) ||
        !glm_type_from_value(arena, json, &type))
        return NULL;
    return type;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create((size_t)2 << 30);
    struct glm_diags d;
    const struct glm_value *v = NULL, *back = NULL;
    const void *bytes = NULL;
    size_t len = 0;
    glm_diags_init(&d, arena);
    const struct glm_type *type = pick_type(arena, &data, &size);
    if (!type)
        return 0;
    bool ok = glm_msgpack_decode(arena, type, data, size, &v, &d);
    require(ok == (d.errors == 0));
    if (!ok)
        return 0;
    require(glm_msgpack_encode(arena, type, v, &bytes, &len, &d));
    require(glm_msgpack_decode(arena, type, bytes, len, &back, &d));
    require(glm_equal(v, back));
    return 0;
}
