/* SPDX-License-Identifier: Apache-2.0
 *
 * Texts in a message that has not been unpacked yet. protobuf-c makes C strings of them, in which the
 * rest after a NUL is lost without a word: a name would be another one.
 */
#include "wire.h"

#include <string.h>

#define DEPTH_MAX 16 /* Terraform's requests nest a few levels deep */

struct bytes {
    const uint8_t *at, *end;
};

static bool number(struct bytes *b, uint64_t *ret_n)
{
    *ret_n = 0;
    for (unsigned shift = 0; shift < 64 && b->at < b->end; shift += 7) {
        uint8_t byte = *b->at++;
        *ret_n |= (uint64_t)(byte & 0x7F) << shift;
        if (byte < 0x80)
            return true;
    }
    return false;
}

/* The body of the next field; empty for one that has none. False at the end, or where the message is
 * malformed, which unpacking finds as well. */
static bool next(struct bytes *b, uint32_t *ret_field, struct bytes *ret_body)
{
    uint64_t tag, n;
    if (!number(b, &tag))
        return false;
    *ret_field = (uint32_t)(tag >> 3);
    *ret_body = (struct bytes){b->at, b->at};
    size_t left = (size_t)(b->end - b->at), width = 0;
    switch (tag & 7) {
    case 0:
        return number(b, &n);
    case 1:
        width = 8;
        break;
    case 5:
        width = 4;
        break;
    case 2:
        if (!number(b, &n))
            return false;
        left = (size_t)(b->end - b->at);
        if (n > left)
            return false;
        *ret_body = (struct bytes){b->at, b->at + n};
        width = (size_t)n;
        break;
    default:
        return false;
    }
    b->at += width < left ? width : left;
    return true;
}

static bool whole(const ProtobufCMessageDescriptor *type, struct bytes b, unsigned depth)
{
    uint32_t number_of_field;
    struct bytes body;
    while (depth < DEPTH_MAX && next(&b, &number_of_field, &body)) {
        const ProtobufCFieldDescriptor *field =
            protobuf_c_message_descriptor_get_field(type, number_of_field);
        size_t len = (size_t)(body.end - body.at);
        if (!field || len == 0)
            continue;
        if (field->type == PROTOBUF_C_TYPE_STRING && memchr(body.at, 0, len))
            return false;
        if (field->type == PROTOBUF_C_TYPE_MESSAGE && !whole(field->descriptor, body, depth + 1))
            return false;
    }
    return true;
}

bool glm_wire_texts_whole(const ProtobufCMessageDescriptor *type, const uint8_t *bytes, size_t len)
{
    return whole(type, (struct bytes){bytes, bytes + len}, 0);
}
