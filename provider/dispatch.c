/* SPDX-License-Identifier: Apache-2.0
 *
 * Dispatch: a table from method to request type and handler. What is not in it is UNIMPLEMENTED.
 */
#include "dispatch.h"

#include "glm/shown.h"
#include "handlers.h"

#include <string.h>

#define SERVICE "/tfplugin6.Provider/"
#define UNPACK_BYTES ((size_t)1 << 20) /* beside twice the message's own size */

#define AT_ONCE 0U
#define BLOCKS 1U /* waits, or computes for long: never on a poller thread */
#define SECRET 2U /* credentials of clusters come with it */

struct glm_method {
    const char *name;
    const ProtobufCMessageDescriptor *request;
    glm_handler_fn *handle;
    unsigned ways;
};

/* What answers at once stays on the poller: above all StopProvider, which must get through while
 * every worker waits for a cluster. */
static const struct glm_method methods[] = {
    {"ApplyResourceChange", &tfplugin6__apply_resource_change__request__descriptor,
     glm_handle_apply_resource_change, BLOCKS},
    {"CallFunction", &tfplugin6__call_function__request__descriptor, glm_handle_call_function,
     BLOCKS},
    {"ConfigureProvider", &tfplugin6__configure_provider__request__descriptor,
     glm_handle_configure_provider, BLOCKS | SECRET},
    {"GenerateResourceConfig", &tfplugin6__generate_resource_config__request__descriptor,
     glm_handle_generate_resource_config, BLOCKS},
    {"GetFunctions", &tfplugin6__get_functions__request__descriptor, glm_handle_get_functions,
     AT_ONCE},
    {"GetMetadata", &tfplugin6__get_metadata__request__descriptor, glm_handle_get_metadata,
     AT_ONCE},
    {"GetProviderSchema", &tfplugin6__get_provider_schema__request__descriptor,
     glm_handle_get_provider_schema, AT_ONCE},
    {"GetResourceIdentitySchemas", &tfplugin6__get_resource_identity_schemas__request__descriptor,
     glm_handle_get_resource_identity_schemas, AT_ONCE},
    {"ImportResourceState", &tfplugin6__import_resource_state__request__descriptor,
     glm_handle_import_resource_state, BLOCKS},
    {"MoveResourceState", &tfplugin6__move_resource_state__request__descriptor,
     glm_handle_move_resource_state, BLOCKS},
    {"PlanResourceChange", &tfplugin6__plan_resource_change__request__descriptor,
     glm_handle_plan_resource_change, BLOCKS},
    {"ReadDataSource", &tfplugin6__read_data_source__request__descriptor,
     glm_handle_read_data_source, BLOCKS},
    {"ReadResource", &tfplugin6__read_resource__request__descriptor, glm_handle_read_resource,
     BLOCKS},
    {"StopProvider", &tfplugin6__stop_provider__request__descriptor, glm_handle_stop_provider,
     AT_ONCE},
    {"UpgradeResourceIdentity", &tfplugin6__upgrade_resource_identity__request__descriptor,
     glm_handle_upgrade_resource_identity, BLOCKS},
    {"UpgradeResourceState", &tfplugin6__upgrade_resource_state__request__descriptor,
     glm_handle_upgrade_resource_state, BLOCKS},
    {"ValidateDataResourceConfig", &tfplugin6__validate_data_resource_config__request__descriptor,
     glm_handle_validate_data_resource_config, BLOCKS},
    {"ValidateProviderConfig", &tfplugin6__validate_provider_config__request__descriptor,
     glm_handle_validate_provider_config, BLOCKS | SECRET},
    {"ValidateResourceConfig", &tfplugin6__validate_resource_config__request__descriptor,
     glm_handle_validate_resource_config, BLOCKS},
};

static const struct glm_method *find_method(const char *name)
{
    if (strncmp(name, SERVICE, sizeof SERVICE - 1) != 0)
        return NULL;
    name += sizeof SERVICE - 1;
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
        if (strcmp(methods[i].name, name) == 0)
            return &methods[i];
    return NULL;
}

/* A message of many tiny parts would take far more memory than it has bytes: it is refused. */
struct budget {
    struct glm_arena *arena;
    size_t left;
};

static void *allocate(void *budget, size_t size)
{
    struct budget *b = budget;
    if (size > b->left)
        return NULL;
    b->left -= size;
    return glm_alloc(b->arena, size);
}

/* The arena gives everything back at once. */
static void release(void *budget, void *memory)
{
    (void)budget;
    (void)memory;
}

static struct glm_rpc_reply refuse(enum glm_rpc_status status, const char *message)
{
    return (struct glm_rpc_reply){.status = status, .message = message};
}

/* ---- replies ---- */

static struct glm_rpc_reply pack(struct glm_arena *arena, const ProtobufCMessage *response)
{
    size_t len = protobuf_c_message_get_packed_size(response);
    uint8_t *bytes = glm_alloc(arena, len);
    protobuf_c_message_pack(response, bytes);
    return (struct glm_rpc_reply){.status = GLM_RPC_OK, .bytes = bytes, .len = len};
}

/* A packed message without its large values, which are lent. */
struct packing {
    ProtobufCBuffer base; /* first */
    const struct glm_call *call;
    uint8_t *rest; /* NULL: it is only counted how many bytes there are */
    size_t len, all;
    struct gap {
        size_t at; /* in the rest */
        struct glm_bytes value;
    } gaps[GLM_LARGE_VALUES];
    size_t gap_count;
};

static bool is_large(const struct glm_call *call, const uint8_t *data, size_t len)
{
    for (size_t i = 0; i < call->large_count; i++)
        if (call->large[i].data == data && call->large[i].len == len)
            return true;
    return false;
}

static void append(ProtobufCBuffer *buffer, size_t len, const uint8_t *data)
{
    struct packing *p = (struct packing *)buffer;
    p->all += len;
    if (p->gap_count < GLM_LARGE_VALUES && is_large(p->call, data, len)) {
        p->gaps[p->gap_count++] = (struct gap){.at = p->len, .value = {data, len}};
        return;
    }
    if (p->rest && len)
        memcpy(p->rest + p->len, data, len);
    p->len += len;
}

static struct packing pack_rest(struct glm_arena *arena, const struct glm_call *call,
                                const ProtobufCMessage *response)
{
    struct packing p = {.base.append = append, .call = call};
    protobuf_c_message_pack_to_buffer(response, &p.base);
    p.rest = glm_alloc(arena, p.len);
    p.len = p.all = p.gap_count = 0;
    protobuf_c_message_pack_to_buffer(response, &p.base);
    return p;
}

static struct glm_rpc_reply join(struct glm_arena *arena, const struct packing *p)
{
    uint8_t *bytes = glm_alloc(arena, p->all), *to = bytes;
    size_t from = 0;
    for (size_t i = 0; i < p->gap_count; i++) {
        const struct gap *gap = &p->gaps[i];
        memcpy(to, p->rest + from, gap->at - from);
        to += gap->at - from;
        from = gap->at;
        memcpy(to, gap->value.data, gap->value.len);
        to += gap->value.len;
    }
    memcpy(to, p->rest + from, p->len - from);
    return (struct glm_rpc_reply){.status = GLM_RPC_OK, .bytes = bytes, .len = p->all};
}

bool glm_dispatch_read(struct glm_arena *arena, const char *method, const uint8_t *bytes,
                       size_t len, struct glm_request *ret_request, struct glm_rpc_reply *ret_reply)
{
    const struct glm_method *m = find_method(method);
    if (!m) {
        *ret_reply =
            refuse(GLM_RPC_UNIMPLEMENTED, glm_sprintf(arena, "This provider does not implement %s",
                                                      glm_shown(arena, method)));
        return false;
    }
    if (m->ways & SECRET)
        glm_arena_wipe(arena);
    struct budget budget = {.arena = arena, .left = 2 * len + UNPACK_BYTES};
    ProtobufCAllocator allocator = {.alloc = allocate, .free = release, .allocator_data = &budget};
    static const uint8_t nothing[1];
    if (len && !glm_wire_texts_whole(m->request, bytes, len)) {
        *ret_reply = refuse(GLM_RPC_INVALID_ARGUMENT,
                            glm_sprintf(arena,
                                        "A text in the request of %s has a NUL character in "
                                        "it, at which it would be cut. Remove it",
                                        m->name));
        return false;
    }
    const ProtobufCMessage *message =
        protobuf_c_message_unpack(m->request, &allocator, len, len ? bytes : nothing);
    if (!message) {
        *ret_reply =
            refuse(GLM_RPC_INVALID_ARGUMENT, glm_sprintf(arena, "The request of %s is no valid %s",
                                                         m->name, m->request->name));
        return false;
    }
    *ret_request = (struct glm_request){.method = m, .message = message};
    return true;
}

void glm_dispatch_run(struct glm_provider *provider, struct glm_arena **work,
                      struct glm_arena *arena, const struct glm_request *request,
                      struct glm_rpc_reply *ret_reply)
{
    struct glm_arena *GLM_AUTO_ARENA packed = glm_arena_create(GLM_ARENA_RPC_LIMIT);
    struct glm_call call = {.arena = *work, .provider = provider, .packed = packed};
    glm_diags_init(&call.diags, call.arena);
    const ProtobufCMessage *response = request->method->handle(&call, request->message);
    if (call.large_count == 0) {
        *ret_reply = pack(arena, response);
        return;
    }
    /* All that made it goes before there is a copy of it. */
    const struct packing p = pack_rest(packed, &call, response);
    glm_arena_destroy(*work);
    *work = NULL;
    *ret_reply = join(arena, &p);
}

void glm_dispatch(struct glm_provider *provider, struct glm_arena *arena, const char *method,
                  const uint8_t *bytes, size_t len, struct glm_rpc_reply *ret_reply)
{
    struct glm_arena *GLM_AUTO_ARENA work = glm_arena_create(GLM_ARENA_RPC_LIMIT);
    struct glm_request request;
    if (glm_dispatch_read(work, method, bytes, len, &request, ret_reply))
        glm_dispatch_run(provider, &work, arena, &request, ret_reply);
    else
        ret_reply->message = glm_strdup(arena, ret_reply->message);
}

bool glm_dispatch_blocks(const char *method)
{
    const struct glm_method *m = find_method(method);
    return m && (m->ways & BLOCKS);
}
