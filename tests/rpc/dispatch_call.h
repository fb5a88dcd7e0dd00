/* SPDX-License-Identifier: Apache-2.0
 *
 * What the dispatch tests share: a provider with the fake types, and calls of it as Terraform packs
 * them. Included once by each test program; it brings the fake types' tables along.
 */
#ifndef DISPATCH_CALL_H
#define DISPATCH_CALL_H

#include "test.h"

#include "../../provider/dispatch.h"
#include "fake_types.h"

#include <string.h>
#include <tfplugin6.pb-c.h>

#ifndef DISPATCH_REAL_TYPES /* defined before: the provider's own */
#include "fake_types.c"
#endif

#define PROVIDER "/tfplugin6.Provider/"

static struct glm_provider *provider;

__attribute__((unused)) static int setup(void **state)
{
    provider = glm_provider_create();
    return glm_test_arena_setup(state);
}

__attribute__((unused)) static int teardown(void **state)
{
    glm_provider_destroy(provider);
    return glm_test_arena_teardown(state);
}

__attribute__((unused)) static void *allocate(void *arena, size_t size)
{
    return glm_alloc(arena, size);
}

__attribute__((unused)) static void release(void *arena, void *memory)
{
    (void)arena;
    (void)memory;
}

__attribute__((unused)) static const void *unpack(struct glm_arena *arena,
                                                  const ProtobufCMessageDescriptor *type,
                                                  const struct glm_rpc_reply *reply)
{
    ProtobufCAllocator allocator = {.alloc = allocate, .free = release, .allocator_data = arena};
    assert_int_equal(reply->status, GLM_RPC_OK);
    const void *message = protobuf_c_message_unpack(type, &allocator, reply->len, reply->bytes);
    assert_non_null(message);
    return message;
}

__attribute__((unused)) static const void *call(struct glm_arena *arena, const char *name,
                                                const ProtobufCMessage *request,
                                                const ProtobufCMessageDescriptor *response)
{
    struct glm_rpc_reply reply;
    size_t len = protobuf_c_message_get_packed_size(request);
    uint8_t *bytes = glm_alloc(arena, len);
    protobuf_c_message_pack(request, bytes);
    glm_dispatch(provider, arena, glm_sprintf(arena, PROVIDER "%s", name), bytes, len, &reply);
    return unpack(arena, response, &reply);
}

__attribute__((unused)) static const struct glm_type *object(struct glm_arena *arena,
                                                             const struct glm_attr *attrs)
{
    return glm_schema_type(arena, attrs);
}

__attribute__((unused)) static Tfplugin6__DynamicValue *
packed(struct glm_arena *arena, const struct glm_type *type, const struct glm_value *v)
{
    struct glm_diags d;
    const void *bytes;
    size_t len;
    glm_diags_init(&d, arena);
    assert_true(glm_msgpack_encode(arena, type, v, &bytes, &len, &d));
    Tfplugin6__DynamicValue *message = GLM_NEW(arena, Tfplugin6__DynamicValue);
    tfplugin6__dynamic_value__init(message);
    message->msgpack.len = len;
    message->msgpack.data = glm_alloc(arena, len);
    memcpy(message->msgpack.data, bytes, len);
    return message;
}

#ifndef DISPATCH_REAL_TYPES
__attribute__((unused)) static Tfplugin6__DynamicValue *thing_of(struct glm_arena *arena,
                                                                 const char *quoted_json)
{
    return packed(arena, object(arena, thing_attrs), glm_test_value(arena, quoted_json));
}

#endif

__attribute__((unused)) static const struct glm_value *
unpacked(struct glm_arena *arena, const struct glm_type *type,
         const Tfplugin6__DynamicValue *message)
{
    struct glm_diags d;
    const struct glm_value *v;
    glm_diags_init(&d, arena);
    assert_non_null(message);
    assert_true(
        glm_msgpack_decode(arena, type, message->msgpack.data, message->msgpack.len, &v, &d));
    return v;
}

#ifndef DISPATCH_REAL_TYPES
__attribute__((unused)) static void assert_thing(struct glm_arena *arena,
                                                 const Tfplugin6__DynamicValue *message,
                                                 const char *quoted_json)
{
    const struct glm_value *v = unpacked(arena, object(arena, thing_attrs), message);
    glm_assert_value_equal(v, glm_test_value(arena, quoted_json));
}
#endif

__attribute__((unused)) static void assert_bytes(ProtobufCBinaryData data, const char *text)
{
    assert_int_equal(data.len, strlen(text));
    assert_memory_equal(data.data, text, data.len);
}

__attribute__((unused)) static void assert_one(size_t count, Tfplugin6__Diagnostic *const *messages,
                                               const char *summary)
{
    assert_int_equal(count, 1);
    assert_string_equal(messages[0]->summary, summary);
}

#define NULLS "'items': null, 'limits': null, 'tags': null"

#define TEST(name_) cmocka_unit_test_setup_teardown(name_, setup, teardown)

#endif
