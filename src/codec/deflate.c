/* SPDX-License-Identifier: Apache-2.0
 *
 * zlib and base64, for annotations that would be too long.
 *
 * Owner:  results live in the arena given.
 * Errors: decoders answer false or NULL for anything but well-formed input.
 * Thread: no shared state.
 */
#include "internal.h"

#include <string.h>
#define ZLIB_CONST /* inputs are const */
#include <zlib.h>

/* Without a NUL. */
static const char alphabet[64] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

const char *glm_base64_encode(struct glm_arena *arena, const unsigned char *bytes, size_t len)
{
    char *out = glm_alloc_array(arena, len / 3 + 2, 4);
    size_t n = 0;
    for (size_t i = 0; i < len; i += 3) {
        size_t left = len - i;
        unsigned long word = (unsigned long)bytes[i] << 16;
        word |= left > 1 ? (unsigned long)bytes[i + 1] << 8 : 0;
        word |= left > 2 ? (unsigned long)bytes[i + 2] : 0;
        out[n++] = alphabet[word >> 18 & 63];
        out[n++] = alphabet[word >> 12 & 63];
        out[n] = out[n + 1] = '=';
        if (left > 1)
            out[n] = alphabet[word >> 6 & 63];
        if (left > 2)
            out[n + 1] = alphabet[word & 63];
        n += 2;
    }
    return out;
}

static unsigned sextet(char c)
{
    const char *at = c ? memchr(alphabet, c, sizeof alphabet) : NULL;
    return at ? (unsigned)(at - alphabet) : 64;
}

const char *glm_base64_decode(struct glm_arena *arena, const char *text, size_t len,
                              size_t *ret_len)
{
    char *out = glm_alloc(arena, len / 4 * 3 + 4);
    size_t n = 0, digits = 0, padding = 0;
    unsigned long word = 0;
    for (size_t i = 0; i < len; i++) {
        if (text[i] == '\n' || text[i] == '\r')
            continue;
        unsigned value = sextet(text[i]);
        if (text[i] == '=' && digits % 4 >= 2 && padding < 2) {
            padding++;
            continue;
        }
        if (value == 64 || padding)
            return NULL;
        word = (word << 6 | value) & 0xFFFFFF;
        if (++digits % 4 == 0)
            for (int shift = 16; shift >= 0; shift -= 8)
                out[n++] = (char)(word >> shift & 0xFF);
    }
    if ((digits + padding) % 4 != 0 || (padding && digits % 4 + padding != 4))
        return NULL;
    if (digits % 4 == 2) {
        out[n++] = (char)(word >> 4 & 0xFF);
    } else if (digits % 4 == 3) {
        out[n++] = (char)(word >> 10 & 0xFF);
        out[n++] = (char)(word >> 2 & 0xFF);
    }
    *ret_len = n;
    return out;
}

const char *glm_deflate_base64(struct glm_arena *arena, const char *data, size_t len)
{
    uLongf size = compressBound(len);
    unsigned char *packed = glm_alloc(arena, size);
    /* The usual level: the highest saves a few hundredths more, and takes ten times as long where
     * many lines are alike. The bound is enough and the level is valid, so only memory can run out:
     * an empty text is then refused by whoever reads it. */
    if (compress2(packed, &size, (const unsigned char *)data, len, Z_DEFAULT_COMPRESSION) != Z_OK)
        return "";
    return glm_base64_encode(arena, packed, size);
}

static bool inflate_all(z_stream *z, struct glm_text *out)
{
    unsigned char *chunk = glm_alloc(out->arena, 65536);
    for (;;) {
        z->next_out = chunk;
        z->avail_out = 65536;
        int status = inflate(z, Z_NO_FLUSH);
        glm_text_add(out, (const char *)chunk, 65536 - z->avail_out);
        if (out->overflow || (status != Z_OK && status != Z_STREAM_END))
            return false;
        if (status == Z_STREAM_END)
            return z->avail_in == 0;
        if (z->avail_in == 0 && z->avail_out > 0)
            return false;
    }
}

bool glm_inflate_base64(struct glm_arena *arena, const char *text, size_t limit,
                        const char **ret_data, size_t *ret_len)
{
    size_t packed_len, text_len = strlen(text);
    *ret_len = 0;
    /* Deflate never more than about doubles its input: more base64 than this cannot be right. */
    if (text_len / 4 > limit / 2 + 1024)
        return false;
    const char *packed = glm_base64_decode(arena, text, text_len, &packed_len);
    if (!packed || packed_len > UINT32_MAX)
        return false;
    z_stream z = {0};
    struct glm_text out;
    glm_text_init(&out, arena, limit);
    if (inflateInit(&z) != Z_OK)
        return false;
    z.next_in = (const Bytef *)packed;
    z.avail_in = (uInt)packed_len;
    bool good = inflate_all(&z, &out);
    inflateEnd(&z);
    *ret_len = out.overflow ? limit : out.len;
    if (good)
        *ret_data = out.data;
    return good;
}
