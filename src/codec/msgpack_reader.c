/* SPDX-License-Identifier: Apache-2.0
 *
 * msgpack items, one at a time, straight from the input.
 *
 * Owner:  an item borrows from the input.
 * Errors: false at the first malformed or cut-off item.
 * Thread: no shared state.
 * msgpack-c's own unpacker is not used for this: it stops at 32 levels (a constant compiled into
 * the library, where Terraform nests deeper), and it allocates an array for as many elements as a
 * header claims before a single one is there. Here nothing is allocated at all.
 */
#include "internal.h"

#include <string.h>

static bool take(struct glm_reader *r, size_t count, const unsigned char **ret_bytes)
{
    if (count > r->len - r->offset)
        return false;
    *ret_bytes = r->bytes + r->offset;
    r->offset += count;
    return true;
}

static bool take_number(struct glm_reader *r, size_t width, uint64_t *ret_n)
{
    const unsigned char *bytes;
    if (!take(r, width, &bytes))
        return false;
    uint64_t n = 0;
    for (size_t i = 0; i < width; i++)
        n = n << 8 | bytes[i];
    *ret_n = n;
    return true;
}

static bool take_natural(struct glm_reader *r, size_t width, struct glm_item *item)
{
    item->kind = GLM_ITEM_UINT;
    return take_number(r, width, &item->natural);
}

static bool take_integer(struct glm_reader *r, size_t width, struct glm_item *item)
{
    uint64_t n;
    item->kind = GLM_ITEM_INT;
    if (!take_number(r, width, &n))
        return false;
    unsigned spare = 64 - 8 * (unsigned)width;
    item->integer = (int64_t)(n << spare) >> spare;
    return true;
}

static bool take_real(struct glm_reader *r, size_t width, struct glm_item *item)
{
    uint64_t n;
    item->kind = GLM_ITEM_FLOAT;
    if (!take_number(r, width, &n))
        return false;
    if (width == 4) {
        uint32_t half = (uint32_t)n;
        float f;
        memcpy(&f, &half, sizeof f);
        item->real = (double)f;
    } else {
        memcpy(&item->real, &n, sizeof item->real);
    }
    return true;
}

static bool take_body(struct glm_reader *r, enum glm_item_kind kind, size_t len,
                      struct glm_item *item)
{
    const unsigned char *bytes;
    item->kind = kind;
    item->len = len;
    if (kind == GLM_ITEM_EXT) {
        if (!take(r, 1, &bytes))
            return false;
        item->ext = (int8_t)bytes[0];
    }
    if (!take(r, len, &bytes))
        return false;
    item->bytes = (const char *)bytes;
    return true;
}

static bool take_sized_body(struct glm_reader *r, enum glm_item_kind kind, size_t width,
                            struct glm_item *item)
{
    uint64_t len;
    return take_number(r, width, &len) && take_body(r, kind, len, item);
}

/* Every element takes a byte at least, every entry of a map two. */
static bool set_count(struct glm_reader *r, enum glm_item_kind kind, uint64_t count,
                      struct glm_item *item)
{
    item->kind = kind;
    item->len = count;
    return count <= (r->len - r->offset) / (kind == GLM_ITEM_MAP ? 2 : 1);
}

static bool take_count(struct glm_reader *r, enum glm_item_kind kind, size_t width,
                       struct glm_item *item)
{
    uint64_t count;
    return take_number(r, width, &count) && set_count(r, kind, count, item);
}

static bool set_bool(struct glm_item *item, bool boolean)
{
    item->kind = GLM_ITEM_BOOL;
    item->boolean = boolean;
    return true;
}

static bool read_rest(struct glm_reader *r, unsigned char code, struct glm_item *item)
{
    switch (code) {
    case 0xC0:
        item->kind = GLM_ITEM_NIL;
        return true;
    case 0xC2:
    case 0xC3:
        return set_bool(item, code == 0xC3);
    case 0xC4:
    case 0xC5:
    case 0xC6:
        return take_sized_body(r, GLM_ITEM_BIN, (size_t)1 << (code - 0xC4), item);
    case 0xC7:
    case 0xC8:
    case 0xC9:
        return take_sized_body(r, GLM_ITEM_EXT, (size_t)1 << (code - 0xC7), item);
    case 0xCA:
    case 0xCB:
        return take_real(r, code == 0xCA ? 4 : 8, item);
    case 0xCC:
    case 0xCD:
    case 0xCE:
    case 0xCF:
        return take_natural(r, (size_t)1 << (code - 0xCC), item);
    case 0xD0:
    case 0xD1:
    case 0xD2:
    case 0xD3:
        return take_integer(r, (size_t)1 << (code - 0xD0), item);
    case 0xD4:
    case 0xD5:
    case 0xD6:
    case 0xD7:
    case 0xD8:
        return take_body(r, GLM_ITEM_EXT, (size_t)1 << (code - 0xD4), item);
    case 0xD9:
    case 0xDA:
    case 0xDB:
        return take_sized_body(r, GLM_ITEM_STR, (size_t)1 << (code - 0xD9), item);
    case 0xDC:
    case 0xDD:
        return take_count(r, GLM_ITEM_ARRAY, code == 0xDC ? 2 : 4, item);
    case 0xDE:
    case 0xDF:
        return take_count(r, GLM_ITEM_MAP, code == 0xDE ? 2 : 4, item);
    default: /* 0xC1 */
        return false;
    }
}

bool codec_reader_next(struct glm_reader *r, struct glm_item *ret_item)
{
    const unsigned char *first;
    if (!take(r, 1, &first))
        return false;
    unsigned char code = *first;
    *ret_item = (struct glm_item){0};
    if (code < 0x80) {
        ret_item->kind = GLM_ITEM_INT;
        ret_item->integer = code;
        return true;
    }
    if (code >= 0xE0) {
        ret_item->kind = GLM_ITEM_INT;
        ret_item->integer = (int64_t)code - 0x100;
        return true;
    }
    if (code < 0x90)
        return set_count(r, GLM_ITEM_MAP, code & 0x0F, ret_item);
    if (code < 0xA0)
        return set_count(r, GLM_ITEM_ARRAY, code & 0x0F, ret_item);
    if (code < 0xC0)
        return take_body(r, GLM_ITEM_STR, code & 0x1F, ret_item);
    return read_rest(r, code, ret_item);
}
