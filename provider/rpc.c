/* SPDX-License-Identifier: Apache-2.0
 *
 * The gRPC server: generic calls on one completion queue. The only file that includes gRPC, whose
 * C core its makers call unstable.
 *
 * A call's way: REQUESTED (its name is known) -> RECEIVED (its message is here) -> dispatched, on a
 * poller or a worker -> SENT (reply and status are out, the call is closed). A held stream goes
 * from REQUESTED to SENT when the client leaves.
 * The reply is sent from the call's arena without a copy; the arena goes with gRPC's last
 * reference to it.
 */
#include "rpc.h"

#include "dispatch.h"
#include "log.h"
#include "services.h"
#include "workers.h"

#include <grpc/byte_buffer_reader.h>
#include <grpc/grpc.h>
#include <grpc/grpc_security.h>
#include <grpc/support/log.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MESSAGE_MAX_BYTES (256 << 20) /* as Terraform's own plugin SDK has it, both ways */
#define ARMED_CALLS 8                 /* calls that may arrive before one is looked at */
#define TICK_SECONDS 1

/* gRPC hands calls and arenas from thread to thread, with locks that ThreadSanitizer cannot see. */
#ifdef __SANITIZE_THREAD__
#include <sanitizer/tsan_interface.h>
#define HAND_OVER(object) __tsan_release(object)
#define TAKE_OVER(object) __tsan_acquire(object)
#else
#define HAND_OVER(object) ((void)(object))
#define TAKE_OVER(object) ((void)(object))
#endif

enum stage { STAGE_REQUESTED, STAGE_RECEIVED, STAGE_SENT };

struct glm_rpc_server {
    struct glm_rpc_options options;
    grpc_server *server;
    grpc_completion_queue *queue;
    struct glm_workers *workers;
    atomic_size_t calls;   /* under way, without held streams */
    atomic_size_t streams; /* held */
    atomic_size_t unarmed; /* of ARMED_CALLS: without any the server is deaf */
};

struct call {
    struct glm_job job; /* first */
    struct glm_rpc_server *server;
    enum stage stage;
    atomic_size_t *counted; /* where it counts as under way; NULL: nowhere yet */
    bool shutdown;
    grpc_call *call;
    grpc_call_details details;
    grpc_metadata_array metadata;
    grpc_byte_buffer *request;
    struct glm_arena *arena; /* of the reply, until it is handed to that */
    const char *method;
    int cancelled;
};

/* ---- calls: free, arm ---- */

static void free_call(struct call *c)
{
    if (c->counted)
        atomic_fetch_sub(c->counted, 1);
    if (c->request)
        grpc_byte_buffer_destroy(c->request);
    if (c->call)
        grpc_call_unref(c->call);
    grpc_metadata_array_destroy(&c->metadata);
    grpc_call_details_destroy(&c->details);
    glm_arena_destroy(c->arena);
    free(c);
}

static bool arm_one(struct glm_rpc_server *s)
{
    struct call *c = calloc(1, sizeof *c);
    if (!c)
        return false;
    c->server = s;
    grpc_call_details_init(&c->details);
    grpc_metadata_array_init(&c->metadata);
    HAND_OVER(c);
    if (grpc_server_request_call(s->server, &c->call, &c->details, &c->metadata, s->queue, s->queue,
                                 c) == GRPC_CALL_OK)
        return true;
    free_call(c); /* nobody else has it */
    return false;
}

/* As many as are missing. What cannot be had now is tried again with the next call, and each tick. */
static void arm(struct glm_rpc_server *s)
{
    size_t failed = 0;
    for (size_t missing = atomic_exchange(&s->unarmed, 0); missing > 0; missing--)
        failed += !arm_one(s);
    if (failed == 0)
        return;
    atomic_fetch_add(&s->unarmed, failed);
    glm_log(GLM_LOG_WARN, "rpc", "%zu of %d calls cannot be awaited for now", failed, ARMED_CALLS);
}

static void count_in(struct call *c, atomic_size_t *where)
{
    c->counted = where;
    atomic_fetch_add(where, 1);
}

static void start(struct call *c, enum stage next, const grpc_op *ops, size_t count)
{
    grpc_call *call = c->call;
    c->stage = next;
    HAND_OVER(c); /* from here on it may be over and freed */
    if (grpc_call_start_batch(call, ops, count, c, NULL) != GRPC_CALL_OK) {
        glm_log(GLM_LOG_ERROR, "rpc", "gRPC refused to go on with a call of %s", c->method);
        free_call(c);
    }
}

/* ---- replies ---- */

static void release_arena(void *arena)
{
    TAKE_OVER(arena);
    glm_arena_destroy(arena);
}

/* A slice over bytes in the arena, which it takes over. */
static grpc_byte_buffer *take_reply(struct call *c, const struct glm_rpc_reply *reply)
{
    union {
        const uint8_t *in;
        void *out;
    } bytes = {.in = reply->bytes};
    grpc_slice slice = grpc_empty_slice();
    if (reply->len > 0) {
        HAND_OVER(c->arena);
        slice = grpc_slice_new_with_user_data(bytes.out, reply->len, release_arena, c->arena);
        c->arena = NULL;
    }
    grpc_byte_buffer *buffer = grpc_raw_byte_buffer_create(&slice, 1);
    grpc_slice_unref(slice);
    return buffer;
}

static void send_reply(struct call *c, const struct glm_rpc_reply *reply)
{
    bool ok = reply->status == GLM_RPC_OK;
    grpc_byte_buffer *buffer = ok ? take_reply(c, reply) : NULL;
    grpc_slice why = grpc_slice_from_copied_string(ok ? "" : reply->message);
    grpc_op ops[4] = {
        {.op = GRPC_OP_SEND_INITIAL_METADATA},
        {.op = GRPC_OP_RECV_CLOSE_ON_SERVER},
        {.op = GRPC_OP_SEND_STATUS_FROM_SERVER},
        {.op = GRPC_OP_SEND_MESSAGE},
    };
    ops[1].data.recv_close_on_server.cancelled = &c->cancelled;
    ops[2].data.send_status_from_server.status = (grpc_status_code)reply->status;
    ops[2].data.send_status_from_server.status_details = ok ? NULL : &why;
    ops[3].data.send_message.send_message = buffer;
    start(c, STAGE_SENT, ops, ok ? 4 : 3);
    grpc_slice_unref(why);
    if (buffer)
        grpc_byte_buffer_destroy(buffer);
}

/* ---- the stages ---- */

/* The request's bytes, in place when they are in one piece. */
static bool request_bytes(struct call *c, grpc_slice *ret_slice)
{
    grpc_slice_buffer *raw = &c->request->data.raw.slice_buffer;
    if (c->request->data.raw.compression == GRPC_COMPRESS_NONE && raw->count == 1) {
        *ret_slice = grpc_slice_ref(raw->slices[0]);
        return true;
    }
    grpc_byte_buffer_reader reader;
    if (!grpc_byte_buffer_reader_init(&reader, c->request))
        return false;
    *ret_slice = grpc_byte_buffer_reader_readall(&reader);
    grpc_byte_buffer_reader_destroy(&reader);
    return true;
}

/* What was read of it stays; credentials of clusters are overwritten. */
static void drop_request(struct call *c, grpc_slice slice, bool secret)
{
    grpc_slice_buffer *raw = &c->request->data.raw.slice_buffer;
    for (size_t i = 0; i <= raw->count && secret; i++) {
        grpc_slice part = i < raw->count ? raw->slices[i] : slice; /* which may be a copy */
        explicit_bzero(GRPC_SLICE_START_PTR(part), GRPC_SLICE_LENGTH(part));
    }
    grpc_slice_unref(slice);
    grpc_byte_buffer_destroy(c->request);
    c->request = NULL;
}

/* ret_request: of the provider, to be run; in the arena given. */
static enum glm_rpc_service read_request(struct call *c, struct glm_arena *arena,
                                         struct glm_request *ret_request,
                                         struct glm_rpc_reply *ret_reply)
{
    grpc_slice slice;
    *ret_reply = (struct glm_rpc_reply){.status = GLM_RPC_INVALID_ARGUMENT,
                                        .message = "The request cannot be decompressed"};
    if (!request_bytes(c, &slice))
        return GLM_SERVICE_REPLY;
    const uint8_t *bytes = GRPC_SLICE_START_PTR(slice);
    size_t len = GRPC_SLICE_LENGTH(slice);
    enum glm_rpc_service answer = glm_service_answer(c->method, bytes, len, ret_reply);
    if (answer == GLM_SERVICE_NONE &&
        !glm_dispatch_read(arena, c->method, bytes, len, ret_request, ret_reply))
        answer = GLM_SERVICE_REPLY;
    drop_request(c, slice, glm_arena_is_wiped(arena));
    return answer;
}

static void dispatch(struct glm_job *job)
{
    struct call *c = (struct call *)job;
    struct glm_arena *GLM_AUTO_ARENA work = glm_arena_create(GLM_ARENA_RPC_LIMIT);
    struct glm_rpc_reply reply;
    struct glm_request request;
    enum glm_rpc_service answer = read_request(c, work, &request, &reply);
    c->shutdown = answer == GLM_SERVICE_SHUTDOWN;
    if (answer == GLM_SERVICE_NONE)
        glm_dispatch_run(c->server->options.provider, &work, c->arena, &request, &reply);
    if (reply.status == GLM_RPC_OK && reply.len > MESSAGE_MAX_BYTES)
        reply = (struct glm_rpc_reply){.status = GLM_RPC_INTERNAL,
                                       .message = "The answer is larger than 256 MiB"};
    send_reply(c, &reply);
}

static void on_requested(struct call *c)
{
    atomic_fetch_add(&c->server->unarmed, 1);
    arm(c->server);
    c->arena = glm_arena_create(GLM_ARENA_RPC_LIMIT);
    c->method = glm_strndup(c->arena, (const char *)GRPC_SLICE_START_PTR(c->details.method),
                            GRPC_SLICE_LENGTH(c->details.method));
    glm_log(GLM_LOG_TRACE, "rpc", "received %s", c->method);
    if (glm_service_holds(c->method)) {
        count_in(c, &c->server->streams);
        grpc_op ops[2] = {{.op = GRPC_OP_SEND_INITIAL_METADATA},
                          {.op = GRPC_OP_RECV_CLOSE_ON_SERVER}};
        ops[1].data.recv_close_on_server.cancelled = &c->cancelled;
        start(c, STAGE_SENT, ops, 2);
        return;
    }
    count_in(c, &c->server->calls);
    grpc_op ops[1] = {{.op = GRPC_OP_RECV_MESSAGE}};
    ops[0].data.recv_message.recv_message = &c->request;
    start(c, STAGE_RECEIVED, ops, 1);
}

static void on_received(struct call *c)
{
    static const struct glm_rpc_reply none = {.status = GLM_RPC_INVALID_ARGUMENT,
                                              .message = "The call has no request"};
    if (!c->request) {
        send_reply(c, &none);
        return;
    }
    c->job.run = dispatch;
    if (glm_dispatch_blocks(c->method))
        glm_workers_submit(c->server->workers, &c->job);
    else
        dispatch(&c->job);
}

static void on_event(struct call *c, bool ok)
{
    TAKE_OVER(c);
    switch (c->stage) {
    case STAGE_REQUESTED:
        if (ok)
            on_requested(c);
        else
            free_call(c);
        break;
    case STAGE_RECEIVED:
        on_received(c);
        break;
    case STAGE_SENT:
        if (c->shutdown)
            c->server->options.on_shutdown();
        free_call(c);
        break;
    }
}

static void tick(struct glm_rpc_server *s)
{
    if (atomic_load(&s->unarmed) > 0)
        arm(s);
    if (s->options.on_tick)
        s->options.on_tick(s->options.provider, atomic_load(&s->calls), atomic_load(&s->streams));
}

static gpr_timespec next_tick(void)
{
    return gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC),
                        gpr_time_from_seconds(TICK_SECONDS, GPR_TIMESPAN));
}

static void *poll_events(void *server)
{
    struct glm_rpc_server *s = server;
    for (;;) {
        grpc_event event =
            grpc_completion_queue_next(s->queue, gpr_inf_future(GPR_CLOCK_MONOTONIC), NULL);
        if (event.type == GRPC_OP_COMPLETE)
            on_event(event.tag, event.success != 0);
    }
    return NULL;
}

/* Ticks come in time however many events there are. */
_Noreturn static void poll_and_tick(struct glm_rpc_server *s)
{
    for (gpr_timespec due = next_tick();;) {
        grpc_event event = grpc_completion_queue_next(s->queue, due, NULL);
        if (event.type == GRPC_OP_COMPLETE)
            on_event(event.tag, event.success != 0);
        if (gpr_time_cmp(gpr_now(GPR_CLOCK_MONOTONIC), due) < 0)
            continue;
        tick(s);
        due = next_tick();
    }
}

/* ---- the server ---- */

/* gRPC's own log is plain text on stderr; Terraform wants JSON. */
static void forward_log(gpr_log_func_args *args)
{
    enum glm_log_level level = args->severity == GPR_LOG_SEVERITY_ERROR  ? GLM_LOG_WARN
                               : args->severity == GPR_LOG_SEVERITY_INFO ? GLM_LOG_DEBUG
                                                                         : GLM_LOG_TRACE;
    glm_log(level, "grpc", "%s", args->message);
}

static grpc_server_credentials *credentials(const struct glm_rpc_options *options)
{
    if (!options->identity)
        return grpc_insecure_server_credentials_create();
    grpc_ssl_pem_key_cert_pair pair = {.private_key = options->identity->key_pem,
                                       .cert_chain = options->identity->certificate_pem};
    return grpc_ssl_server_credentials_create_with_options(
        grpc_ssl_server_credentials_create_options_using_config(
            GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY,
            grpc_ssl_server_certificate_config_create(options->client_certificate, &pair, 1)));
}

static grpc_arg integer(const char *key, int value)
{
    union {
        const char *in;
        char *out;
    } name = {.in = key};
    grpc_arg arg = {.type = GRPC_ARG_INTEGER, .key = name.out};
    arg.value.integer = value;
    return arg;
}

static grpc_server *create_server(void)
{
    grpc_arg values[] = {
        integer(GRPC_ARG_MAX_RECEIVE_MESSAGE_LENGTH, MESSAGE_MAX_BYTES),
        integer(GRPC_ARG_MAX_SEND_MESSAGE_LENGTH, MESSAGE_MAX_BYTES),
        /* grpc-go pings to measure bandwidth; core would take that for an attack. */
        integer(GRPC_ARG_HTTP2_MAX_PING_STRIKES, 0),
        integer(GRPC_ARG_ENABLE_CHANNELZ, 0),
    };
    grpc_channel_args args;
    args.num_args = sizeof values / sizeof *values;
    args.args = values;
    return grpc_server_create(&args, NULL);
}

/* The path as a URI: whatever is no plain character is escaped. */
static const char *address_of(struct glm_arena *arena, const char *path)
{
    struct glm_text uri;
    glm_text_init(&uri, arena, (size_t)4 << 10);
    glm_text_adds(&uri, "unix:");
    glm_text_add_percent(&uri, path, "/._-~");
    return uri.data;
}

/* The place's index; the count: nowhere, and ret_why says why. */
static size_t bind_socket(struct glm_arena *arena, struct glm_rpc_server *s, const char **ret_why)
{
    const struct glm_socket_places *places = s->options.places;
    const char *why = places->trouble;
    grpc_server_credentials *creds = credentials(&s->options);
    *ret_why = "gRPC takes neither our certificate nor the client's";
    if (!creds)
        return places->count;
    size_t i = 0;
    for (; i < places->count; i++) {
        mode_t before = umask(0177);
        int bound =
            grpc_server_add_http2_port(s->server, address_of(arena, places->paths[i]), creds);
        umask(before);
        if (bound)
            break;
        const char *trouble = glm_handshake_trouble(arena, places->paths[i]);
        if (!trouble) {
            why = s->options.identity ? "the certificate in PLUGIN_CLIENT_CERT is none"
                                      : "gRPC cannot listen; TF_LOG=debug shows what it says";
            i = places->count;
            break;
        }
        why = glm_sprintf(arena, "%s%s%s %s", why, *why ? "; " : "", places->names[i], trouble);
    }
    *ret_why = why;
    grpc_server_credentials_release(creds);
    return i;
}

/* A server that never served. The workers have a thread each, which goes with the process. */
static struct glm_rpc_server *discard(struct glm_rpc_server *s)
{
    grpc_server_destroy(s->server);
    grpc_completion_queue_shutdown(s->queue);
    grpc_completion_queue_destroy(s->queue);
    grpc_shutdown_blocking();
    free(s);
    return NULL;
}

static bool start_poller(struct glm_rpc_server *s)
{
    pthread_t thread;
    if (pthread_create(&thread, NULL, poll_events, s) != 0)
        return false;
    pthread_detach(thread);
    return true;
}

struct glm_rpc_server *glm_rpc_listen(struct glm_arena *arena,
                                      const struct glm_rpc_options *options, const char **ret_path,
                                      const char **ret_why)
{
    static const char no_thread[] =
        "no thread can be started. Raise the limit of processes of whoever runs Terraform "
        "(`ulimit -u`, or the container's)";
    struct glm_rpc_server *s = calloc(1, sizeof *s);
    *ret_why = "there is no memory";
    if (!s)
        return NULL;
    s->workers = glm_workers_create();
    if (!s->workers) {
        free(s);
        *ret_why = no_thread;
        return NULL;
    }
    s->options = *options;
    gpr_set_log_function(forward_log);
    grpc_init();
    s->server = create_server();
    s->queue = grpc_completion_queue_create_for_next(NULL);
    grpc_server_register_completion_queue(s->server, s->queue, NULL);
    size_t place = bind_socket(arena, s, ret_why);
    if (place == options->places->count)
        return discard(s);
    *ret_path = options->places->paths[place];
    grpc_server_start(s->server);
    atomic_init(&s->unarmed, ARMED_CALLS);
    arm(s);
    /* gRPC does not say when it got none of the threads that it started, and hangs later: if there is
     * one more, there were those. */
    if (!start_poller(s)) {
        unlink(*ret_path);
        *ret_why = no_thread;
        return NULL;
    }
    return s;
}

_Noreturn void glm_rpc_serve(struct glm_rpc_server *server)
{
    poll_and_tick(server);
}
