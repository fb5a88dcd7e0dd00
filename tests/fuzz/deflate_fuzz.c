/* SPDX-License-Identifier: Apache-2.0
 *
 * Fuzz target: any bytes as base64, as deflate in base64, and as what is to be packed.
 *
 * Holds:  no crash; what was decoded is encoded and decoded to the same; what was packed is unpacked
 *         to the same; nothing is larger than its limit.
 */
#include "glm/codec.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define LIMIT ((size_t)1 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool ok)
{
    if (!ok)
        abort();
}

static void check_same(const char *a, size_t a_len, const void *b, size_t b_len)
{
    require(a_len == b_len && (a_len == 0 || memcmp(a, b, a_len) == 0));
}

static void base64_comes_back(struct glm_arena *arena, const void *bytes, size_t len)
{
    size_t back_len;
    const char *text = glm_base64_encode(arena, bytes, len);
    require(strlen(text) == (len + 2) / 3 * 4);
    const char *back = glm_base64_decode(arena, text, strlen(text), &back_len);
    require(back && back[back_len] == '\0');
    check_same(back, back_len, bytes, len);
}

static void packed_comes_back(struct glm_arena *arena, const char *bytes, size_t len)
{
    const char *back;
    size_t back_len;
    const char *packed = glm_deflate_base64(arena, bytes, len);
    require(*packed && glm_inflate_base64(arena, packed, len, &back, &back_len));
    check_same(back, back_len, bytes, len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create((size_t)1 << 30);
    const char *text = glm_strndup(arena, (const char *)data, size), *out;
    size_t len;
    const char *bytes = glm_base64_decode(arena, (const char *)data, size, &len);
    if (bytes)
        base64_comes_back(arena, bytes, len);
    if (glm_inflate_base64(arena, text, LIMIT, &out, &len)) {
        require(len <= LIMIT);
        packed_comes_back(arena, out, len);
    }
    base64_comes_back(arena, data, size);
    packed_comes_back(arena, (const char *)data, size);
    /* Deflate itself, whose checksum no fuzzer guesses when it is behind base64. */
    const char *packed = glm_base64_encode(arena, data, size);
    if (glm_inflate_base64(arena, packed, LIMIT, &out, &len))
        packed_comes_back(arena, out, len);
    return 0;
}
