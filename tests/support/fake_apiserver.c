/* SPDX-License-Identifier: Apache-2.0
 *
 * The fake API server. See fake_apiserver.h.
 */
#include "fake_apiserver.h"
#include "fake_socket.h"

#include "glm/text.h"

#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#define HEAD_MAX ((size_t)1 << 20)
#define BODY_MAX ((size_t)8 << 20)
#define CONNECTIONS_MAX 256
#define CALLS_MAX 4096

struct connection {
    struct fake_apiserver *server;
    pthread_t thread;
    int socket;
};

struct fake_apiserver_inside {
    struct glm_arena *arena; /* under the lock */
    pthread_mutex_t lock;
    pthread_t thread;
    int socket;
    atomic_bool stop;
    struct connection connections[CONNECTIONS_MAX];
    size_t connection_count;
    const char *calls[CALLS_MAX]; /* "METHOD path" */
    size_t call_count;
};

static void say(struct fake_call *call, const char *text, size_t len)
{
    while (len > 0 && !call->ended) {
        ssize_t n = send(call->socket, text, len, MSG_NOSIGNAL);
        if (n <= 0) {
            call->ended = true;
            return;
        }
        text += n;
        len -= (size_t)n;
    }
}

void fake_answer(struct fake_call *call, int status, const char *headers, const char *body)
{
    struct glm_text text; /* sent as one: in two, the client would wait for the second */
    glm_text_init(&text, call->arena, SIZE_MAX / 4);
    glm_text_addf(&text,
                  "HTTP/1.1 %d Fake\r\nContent-Type: application/json\r\n"
                  "Content-Length: %zu\r\n%s\r\n",
                  status, strlen(body), headers);
    glm_text_adds(&text, body);
    say(call, text.data, text.len);
}

void fake_status(struct fake_call *call, int status, const char *reason, const char *message,
                 const char *details)
{
    char *json = glm_strdup(call->arena, *details ? details : "{}");
    for (char *c = json; *c; c++)
        if (*c == '\'')
            *c = '"';
    fake_answer(call, status, "",
                glm_sprintf(call->arena,
                            "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\","
                            "\"reason\":\"%s\",\"message\":\"%s\",\"code\":%d,\"details\":%s}",
                            reason, message, status, json));
}

void fake_break(struct fake_call *call)
{
    const struct linger at_once = {.l_onoff = 1};
    setsockopt(call->socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    call->ended = true;
}

void fake_stream_begin(struct fake_call *call)
{
    static const char head[] = "HTTP/1.1 200 Fake\r\nContent-Type: application/json\r\n"
                               "Connection: close\r\n\r\n";
    say(call, head, sizeof head - 1);
}

bool fake_stream(struct fake_call *call, const char *text)
{
    say(call, text, strlen(text));
    return !call->ended;
}

bool fake_wait(struct fake_call *call, int milliseconds)
{
    for (int waited = 0; waited < milliseconds && !atomic_load(&call->server->inside->stop);
         waited += 10) {
        struct pollfd fd = {.fd = call->socket, .events = POLLRDHUP};
        if (poll(&fd, 1, 10) > 0 && (fd.revents & (POLLRDHUP | POLLHUP | POLLERR)))
            return false;
    }
    return !atomic_load(&call->server->inside->stop);
}

static const char *header(struct fake_call *call, const char *name)
{
    const char *at = strcasestr(call->head, glm_sprintf(call->arena, "\r\n%s: ", name));
    if (!at)
        return "";
    at += strlen(name) + 4;
    return glm_strndup(call->arena, at, strcspn(at, "\r"));
}

/* Reads until there are `most` bytes, or what ends a head. */
static bool hear(struct fake_call *call, struct glm_text *text, size_t most)
{
    const size_t size = (size_t)64 << 10;
    char *buffer = glm_alloc(call->arena, size);
    while (text->len < most && !(most == HEAD_MAX && strstr(text->data, "\r\n\r\n"))) {
        ssize_t n = recv(call->socket, buffer, size, 0);
        if (n <= 0)
            return false;
        glm_text_add(text, buffer, (size_t)n);
    }
    return true;
}

static bool read_call(struct fake_call *call)
{
    struct glm_text text;
    glm_text_init(&text, call->arena, HEAD_MAX + BODY_MAX);
    if (!hear(call, &text, HEAD_MAX))
        return false;
    size_t head = (size_t)(strstr(text.data, "\r\n\r\n") - text.data) + 4;
    call->head = glm_strndup(call->arena, text.data, head);
    size_t body = (size_t)strtoul(header(call, "Content-Length"), NULL, 10);
    if (!hear(call, &text, head + body))
        return false;
    call->body = text.data + head;
    size_t method = strcspn(call->head, " ");
    size_t target = strcspn(call->head + method + 1, " ");
    const char *path = glm_strndup(call->arena, call->head + method + 1, target);
    size_t len = strcspn(path, "?");
    call->method = glm_strndup(call->arena, call->head, method);
    call->path = glm_strndup(call->arena, path, len);
    call->query = path[len] ? path + len + 1 : "";
    if (strstr(call->query, "watch=true"))
        call->method = "WATCH";
    call->authorization = header(call, "Authorization");
    call->content_type = header(call, "Content-Type");
    return true;
}

static void note(struct fake_apiserver_inside *in, const struct fake_call *call)
{
    pthread_mutex_lock(&in->lock);
    if (in->call_count < CALLS_MAX)
        in->calls[in->call_count++] =
            glm_sprintf(in->arena, "%s %s?%s", call->method, call->path, call->query);
    pthread_mutex_unlock(&in->lock);
}

static void *converse(void *arg)
{
    struct connection *connection = arg;
    struct fake_apiserver *server = connection->server;
    for (bool more = true; more;) {
        struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create((size_t)256 << 20);
        struct fake_call call = {.server = server, .arena = arena, .socket = connection->socket};
        more = read_call(&call);
        if (more) {
            note(server->inside, &call);
            server->answer(server->context, &call);
            more = !call.ended && strcmp(call.method, "WATCH") != 0;
        }
    }
    pthread_mutex_lock(&server->inside->lock);
    close(connection->socket);
    connection->socket = -1;
    pthread_mutex_unlock(&server->inside->lock);
    return NULL;
}

static void *listen_on(void *arg)
{
    struct fake_apiserver *server = arg;
    struct fake_apiserver_inside *in = server->inside;
    for (int socket; (socket = accept(in->socket, NULL, NULL)) >= 0;) {
        pthread_mutex_lock(&in->lock);
        if (in->connection_count == CONNECTIONS_MAX || atomic_load(&in->stop)) {
            close(socket);
        } else {
            struct connection *c = &in->connections[in->connection_count++];
            *c = (struct connection){.server = server, .socket = socket};
            if (pthread_create(&c->thread, NULL, converse, c) != 0)
                abort();
        }
        pthread_mutex_unlock(&in->lock);
    }
    return NULL;
}

void fake_apiserver_start(struct fake_apiserver *server)
{
    struct glm_arena *arena = glm_arena_create((size_t)64 << 20);
    struct fake_apiserver_inside *in = GLM_NEW(arena, struct fake_apiserver_inside);
    in->arena = arena;
    pthread_mutex_init(&in->lock, NULL);
    in->socket = fake_listen(64, &server->port);
    server->inside = in;
    in->thread = fake_thread(listen_on, server);
}

void fake_apiserver_stop(struct fake_apiserver *server)
{
    struct fake_apiserver_inside *in = server->inside;
    atomic_store(&in->stop, true);
    shutdown(in->socket, SHUT_RDWR);
    pthread_join(in->thread, NULL);
    close(in->socket);
    pthread_mutex_lock(&in->lock);
    for (size_t i = 0; i < in->connection_count; i++)
        if (in->connections[i].socket >= 0)
            shutdown(in->connections[i].socket, SHUT_RDWR);
    pthread_mutex_unlock(&in->lock);
    for (size_t i = 0; i < in->connection_count; i++)
        pthread_join(in->connections[i].thread, NULL);
    pthread_mutex_destroy(&in->lock);
    glm_arena_destroy(in->arena);
}

unsigned fake_apiserver_calls(struct fake_apiserver *server, const char *method, const char *part)
{
    struct fake_apiserver_inside *in = server->inside;
    unsigned count = 0;
    pthread_mutex_lock(&in->lock);
    for (size_t i = 0; i < in->call_count; i++) {
        size_t len = strlen(method);
        count += strncmp(in->calls[i], method, len) == 0 && in->calls[i][len] == ' ' &&
                 strstr(in->calls[i] + len + 1, part) != NULL;
    }
    pthread_mutex_unlock(&in->lock);
    return count;
}
