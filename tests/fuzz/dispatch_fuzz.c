/* SPDX-License-Identifier: Apache-2.0
 *
 * Fuzz target: any bytes as a request of any RPC. The first byte chooses the method, the rest is
 * the request. Behind it are the fake types: the real ones would write files where the bytes say.
 *
 * Holds:  no crash; the status is one of the three there are; an answer can be unpacked, and every
 *         text in it is UTF-8, or Terraform would refuse the whole answer.
 */
#include "dispatch.h"

#include <protobuf-c/protobuf-c.h>
#include <stdlib.h>
#include <string.h>
#include <tfplugin6.pb-c.h>

#include "../rpc/fake_types.c"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define METHOD(Name_, name_)                                                                       \
    {                                                                                              \
        "/tfplugin6.Provider/" Name_, &tfplugin6__##name_##__response__descriptor                  \
    }
static const struct {
    const char *name;
    const ProtobufCMessageDescriptor *response;
} methods[] = {
    METHOD("ApplyResourceChange", apply_resource_change),
    METHOD("CallFunction", call_function),
    METHOD("ConfigureProvider", configure_provider),
    METHOD("GetFunctions", get_functions),
    METHOD("GetMetadata", get_metadata),
    METHOD("GetProviderSchema", get_provider_schema),
    METHOD("GetResourceIdentitySchemas", get_resource_identity_schemas),
    METHOD("ImportResourceState", import_resource_state),
    METHOD("PlanResourceChange", plan_resource_change),
    METHOD("ReadDataSource", read_data_source),
    METHOD("ReadResource", read_resource),
    METHOD("StopProvider", stop_provider),
    METHOD("UpgradeResourceState", upgrade_resource_state),
    METHOD("ValidateDataResourceConfig", validate_data_resource_config),
    METHOD("ValidateProviderConfig", validate_provider_config),
    METHOD("ValidateResourceConfig", validate_resource_config),
    METHOD("UpgradeResourceIdentity", upgrade_resource_identity),
    METHOD("GenerateResourceConfig", generate_resource_config),
};

static void require(bool ok)
{
    if (!ok)
        abort();
}

static void *allocate(void *arena, size_t size)
{
    return glm_alloc(arena, size);
}

static void release(void *arena, void *memory)
{
    (void)arena;
    (void)memory;
}

/* Every diagnostic of a response, wherever its type has them. */
static void check_diagnostics(const ProtobufCMessage *message)
{
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field_by_name(message->descriptor, "diagnostics");
    if (!field)
        return;
    const char *base = (const char *)message;
    size_t count;
    Tfplugin6__Diagnostic **diagnostics;
    memcpy(&count, base + field->quantifier_offset, sizeof count);
    memcpy(&diagnostics, base + field->offset, sizeof diagnostics);
    for (size_t i = 0; i < count; i++) {
        const Tfplugin6__Diagnostic *d = diagnostics[i];
        require(*d->summary && glm_utf8_valid(d->summary, strlen(d->summary)));
        require(glm_utf8_valid(d->detail, strlen(d->detail)));
        require(!d->attribute || (d->attribute->n_steps > 0 && d->attribute->n_steps <= 2));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    size_t m = data[0] % (sizeof methods / sizeof *methods);
    struct glm_arena *arena = glm_arena_create((size_t)1 << 30);
    struct glm_provider *provider = glm_provider_create();
    struct glm_rpc_reply reply;
    glm_provider_stop(provider); /* nothing waits */
    glm_dispatch(provider, arena, methods[m].name, data + 1, size - 1, &reply);
    require(reply.status == GLM_RPC_OK || reply.status == GLM_RPC_INVALID_ARGUMENT);
    if (reply.status == GLM_RPC_OK) {
        ProtobufCAllocator allocator = {
            .alloc = allocate, .free = release, .allocator_data = arena};
        const ProtobufCMessage *message =
            protobuf_c_message_unpack(methods[m].response, &allocator, reply.len, reply.bytes);
        require(message != NULL);
        check_diagnostics(message);
    }
    glm_provider_destroy(provider);
    glm_arena_destroy(arena);
    return 0;
}
