/* SPDX-License-Identifier: Apache-2.0
 *
 * One thread for each connection; blocking, with a look at `stopping` in between. Paths:
 *
 *   /status/N          that status and {"status":N}
 *   /long/N            N bytes of 'x', with their length
 *   /chunked/N         the same in chunks of up to 4000
 *   /gzip/N            the same, compressed
 *   /echo              the request as it came
 *   /retry/TEXT        429, Retry-After: TEXT with '_' for a space, Audit-Id: audit-1
 *   /interim           a 103 with headers of its own before the answer
 *   /redirect          302 to /status/200
 *   /hang              never an answer
 *   /half              the headers and 10 bytes of 100, and then nothing
 *   /reset             the same, and then the connection is reset
 *   /junk              no HTTP
 *   /drip              "tick\n" every 20 ms, for ever
 *   /drip/N            that N times, and then the end
 *   /turns/N           the same, but each after the one before it was taken
 *   /once              an answer after which the next request ends the connection unanswered
 */
#include "fake_https.h"
#include "fake_socket.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

#define CONNECTIONS_MAX 512
#define REQUEST_MAX ((size_t)4 << 20)
#define LOOK_MS 20

struct fake_server_inside {
    int listener;
    SSL_CTX *tls;
    pthread_t acceptor;
    pthread_t threads[CONNECTIONS_MAX];
    size_t count;
    atomic_bool stopping;
};

struct connection {
    struct fake_server *server;
    int fd;
    SSL *ssl;
    bool broken;
};

/* ---- bytes ---- */

/* Waits for the socket; false when the server stops. */
static bool ready(struct connection *c, short events)
{
    struct pollfd poller = {.fd = c->fd, .events = events};
    while (!atomic_load(&c->server->inside->stopping))
        if (poll(&poller, 1, LOOK_MS) > 0)
            return true;
    return false;
}

static size_t get(struct connection *c, char *data, size_t size)
{
    if (!(c->ssl && SSL_pending(c->ssl)) && !ready(c, POLLIN))
        return 0;
    ssize_t got = c->ssl ? SSL_read(c->ssl, data, (int)size) : recv(c->fd, data, size, 0);
    return got > 0 ? (size_t)got : 0;
}

static bool put(struct connection *c, const char *data, size_t len)
{
    while (len && !c->broken) {
        if (!ready(c, POLLOUT))
            c->broken = true;
        size_t part = len < 16000 ? len : 16000;
        ssize_t sent = c->broken ? -1
                       : c->ssl  ? SSL_write(c->ssl, data, (int)part)
                                 : send(c->fd, data, part, MSG_NOSIGNAL);
        if (sent <= 0) {
            c->broken = true;
            break;
        }
        data += sent;
        len -= (size_t)sent;
    }
    return !c->broken;
}

static bool puts_(struct connection *c, const char *text)
{
    return put(c, text, strlen(text));
}

static void pause_ms(long ms)
{
    nanosleep(&(struct timespec){.tv_nsec = ms * 1000000}, NULL);
}

static void hang(struct connection *c)
{
    char byte;
    while (get(c, &byte, 1))
        ;
    c->broken = true;
}

/* ---- answers ---- */

static void head(struct connection *c, int status, const char *more)
{
    struct glm_arena *a = glm_arena_create(1 << 20);
    puts_(c, glm_sprintf(a, "HTTP/1.1 %d Whatever\r\nContent-Type: application/json\r\n%s\r\n",
                         status, more));
    glm_arena_destroy(a);
}

static void body(struct connection *c, int status, const char *more, const char *data, size_t len)
{
    struct glm_arena *a = glm_arena_create(1 << 20);
    head(c, status, glm_sprintf(a, "%sContent-Length: %zu\r\n", more, len));
    put(c, data, len);
    glm_arena_destroy(a);
}

static void chunk(struct connection *c, const char *data, size_t len)
{
    struct glm_arena *a = glm_arena_create(1 << 20);
    puts_(c, glm_sprintf(a, "%zx\r\n", len));
    put(c, data, len);
    puts_(c, "\r\n");
    glm_arena_destroy(a);
}

static void long_body(struct connection *c, const char *kind, size_t len)
{
    struct glm_arena *a = glm_arena_create((size_t)1 << 30);
    char *data = glm_alloc(a, len);
    memset(data, 'x', len);
    if (strcmp(kind, "long") == 0) {
        body(c, 200, "", data, len);
    } else if (strcmp(kind, "chunked") == 0) {
        head(c, 200, "Transfer-Encoding: chunked\r\n");
        for (size_t at = 0; at < len && !c->broken; at += 4000)
            chunk(c, data, len - at < 4000 ? len - at : 4000);
        puts_(c, "0\r\n\r\n");
    } else {
        z_stream z = {0};
        size_t bound = len / 100 + 1000;
        char *packed = glm_alloc(a, bound);
        z.next_in = (unsigned char *)data;
        z.avail_in = (unsigned)len;
        z.next_out = (unsigned char *)packed;
        z.avail_out = (unsigned)bound;
        deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY);
        fake_must(deflate(&z, Z_FINISH) == Z_STREAM_END, "deflate");
        body(c, 200, "Content-Encoding: gzip\r\n", packed, z.total_out);
        deflateEnd(&z);
    }
    glm_arena_destroy(a);
}

static void drip(struct connection *c, long count)
{
    head(c, 200, "Transfer-Encoding: chunked\r\n");
    for (long i = 0; (count == 0 || i < count) && !c->broken; i++) {
        if (i)
            pause_ms(20);
        chunk(c, "tick\n", 5);
    }
    puts_(c, "0\r\n\r\n");
}

static void turns(struct connection *c, unsigned count)
{
    head(c, 200, "Transfer-Encoding: chunked\r\n");
    for (unsigned i = 0; i < count && !c->broken; i++) {
        while (atomic_load(&c->server->taken) < i && !atomic_load(&c->server->inside->stopping))
            pause_ms(1);
        chunk(c, "tick\n", 5);
    }
    puts_(c, "0\r\n\r\n");
}

static void reset(struct connection *c)
{
    struct linger now = {.l_onoff = 1};
    setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    c->broken = true;
}

static void retry(struct connection *c, const char *value)
{
    struct glm_arena *a = glm_arena_create(1 << 20);
    char *more = glm_sprintf(a, "Retry-After: %s\r\nAudit-Id: audit-1\r\n", value);
    for (char *at = strstr(more, ": ") + 2; *at != '\r'; at++)
        if (*at == '_')
            *at = ' ';
    body(c, 429, more, "{}", 2);
    glm_arena_destroy(a);
}

/* path: "/kind/value"; true when the connection stays. */
static bool answer(struct connection *c, char *path, const char *request, size_t len)
{
    char *kind = path + 1, *value = strchr(kind, '/');
    if (value)
        *value++ = '\0';
    else
        value = kind + strlen(kind);
    long number = strtol(value, NULL, 10);
    if (strcmp(kind, "status") == 0) {
        struct glm_arena *a = glm_arena_create(1 << 20);
        char *json = glm_sprintf(a, "{\"status\":%ld}", number);
        body(c, (int)number, "", json, strlen(json));
        glm_arena_destroy(a);
    } else if (strcmp(kind, "long") == 0 || strcmp(kind, "chunked") == 0 ||
               strcmp(kind, "gzip") == 0) {
        long_body(c, kind, (size_t)number);
    } else if (strcmp(kind, "echo") == 0) {
        body(c, 200, "", request, len);
    } else if (strcmp(kind, "retry") == 0) {
        retry(c, value);
    } else if (strcmp(kind, "interim") == 0) {
        head(c, 103, "Audit-Id: of-the-hint\r\nRetry-After: 9\r\n");
        body(c, 200, "", "{}", 2);
    } else if (strcmp(kind, "redirect") == 0) {
        body(c, 302, "Location: /status/200\r\n", "", 0);
    } else if (strcmp(kind, "drip") == 0) {
        drip(c, number);
    } else if (strcmp(kind, "turns") == 0) {
        turns(c, (unsigned)number);
    } else if (strcmp(kind, "junk") == 0) {
        puts_(c, "SSH-2.0-OpenSSH_9.2p1\r\n");
        c->broken = true;
    } else if (strcmp(kind, "half") == 0 || strcmp(kind, "reset") == 0) {
        head(c, 200, "Content-Length: 100\r\n");
        puts_(c, "0123456789");
        if (strcmp(kind, "half") == 0)
            hang(c);
        else
            reset(c);
    } else if (strcmp(kind, "once") == 0) {
        body(c, 200, "", "{}", 2);
        char byte;
        if (get(c, &byte, 1))
            atomic_fetch_add(&c->server->requests, 1);
        return false;
    } else {
        hang(c);
    }
    return !c->broken;
}

/* Reads one request, headers and body; 0: the connection has ended. */
static size_t get_request(struct connection *c, char *data, size_t *len)
{
    while (*len < REQUEST_MAX) {
        data[*len] = '\0';
        char *end = strstr(data, "\r\n\r\n");
        if (end) {
            const char *stated = strcasestr(data, "\r\nContent-Length:");
            size_t whole = (size_t)(end + 4 - data) +
                           (stated && stated < end ? strtoul(stated + 17, NULL, 10) : 0);
            if (*len >= whole)
                return whole;
        }
        size_t got = get(c, data + *len, REQUEST_MAX - *len);
        if (got == 0)
            return 0;
        *len += got;
    }
    return 0;
}

static void serve_http(struct connection *c)
{
    struct glm_arena *arena = glm_arena_create((size_t)64 << 20);
    char *data = glm_alloc(arena, REQUEST_MAX + 1);
    size_t len = 0, whole;
    while ((whole = get_request(c, data, &len))) {
        atomic_fetch_add(&c->server->requests, 1);
        const char *from = strchr(data, ' ') + 1;
        /* through a proxy the target is a whole URL */
        if (strncmp(from, "http://", 7) == 0)
            from = strchr(from + 7, '/');
        char *path = glm_strndup(arena, from, strcspn(from, " ?"));
        if (!answer(c, path, data, whole))
            break;
        memmove(data, data + whole, len - whole);
        len -= whole;
    }
    glm_arena_destroy(arena);
}

/* ---- proxies: to a port of this machine, whatever the name ---- */

static void relay(struct connection *c, unsigned port)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    fake_must(connect(fd, (struct sockaddr *)&to, sizeof to) == 0, "relay");
    struct pollfd ends[2] = {{.fd = c->fd, .events = POLLIN}, {.fd = fd, .events = POLLIN}};
    char data[17000]; /* more than a record of TLS holds, so that none is left half read */
    for (bool going = true; going && !atomic_load(&c->server->inside->stopping);) {
        poll(ends, 2, LOOK_MS);
        for (int i = 0; i < 2 && going; i++) {
            if (!ends[i].revents)
                continue;
            ssize_t got =
                i == 0 ? (ssize_t)get(c, data, sizeof data) : recv(fd, data, sizeof data, 0);
            going = got > 0 && (i == 1 ? put(c, data, (size_t)got)
                                       : send(fd, data, (size_t)got, MSG_NOSIGNAL) == got);
        }
    }
    close(fd);
}

static void serve_http_proxy(struct connection *c)
{
    struct glm_arena *arena = glm_arena_create((size_t)64 << 20);
    char *data = glm_alloc(arena, REQUEST_MAX + 1);
    size_t len = 0;
    /* Somebody who speaks TLS gets the answer that a proxy has for nonsense. */
    if (!c->ssl && ready(c, POLLIN) && recv(c->fd, data, 1, MSG_PEEK) == 1 && *data == 0x16) {
        body(c, 400, "", "no", 2);
        shutdown(c->fd, SHUT_WR);
        while (get(c, data, REQUEST_MAX))
            ;
    } else if (get_request(c, data, &len)) {
        atomic_fetch_add(&c->server->requests, 1);
        const char *target = strchr(data, ' ') + 1;
        const char *port = memrchr(target, ':', strcspn(target, " "));
        if (c->server->refuse)
            body(c, (int)c->server->refuse, "", "no", 2);
        else if (strncmp(data, "CONNECT ", 8) == 0 &&
                 puts_(c, "HTTP/1.1 200 Connected\r\nAudit-Id: of-the-proxy\r\n\r\n"))
            relay(c, (unsigned)strtoul(port + 1, NULL, 10));
    }
    glm_arena_destroy(arena);
}

/* Only what is needed of RFC 1928: no authentication, CONNECT, a name or an IPv4 address. */
static void serve_socks(struct connection *c)
{
    unsigned char in[600];
    size_t len = get(c, (char *)in, sizeof in);
    if (len < 3 || in[0] != 5 || !put(c, "\5\0", 2))
        return;
    len = get(c, (char *)in, sizeof in);
    if (len < 10 || in[1] != 1)
        return;
    atomic_fetch_add(&c->server->requests, 1);
    size_t at = in[3] == 3 ? 5 + (size_t)in[4] : 8;
    unsigned port = (unsigned)in[at] << 8 | in[at + 1];
    char reply[10] = {5, (char)c->server->refuse, 0, 1};
    if (put(c, reply, sizeof reply) && !c->server->refuse)
        relay(c, port);
}

/* ---- connections ---- */

static void *serve(void *context)
{
    struct connection *c = context;
    struct fake_server *server = c->server;
    if (server->kind == FAKE_HTTPS || server->kind == FAKE_HTTPS_PROXY) {
        c->ssl = SSL_new(server->inside->tls);
        SSL_set_fd(c->ssl, c->fd);
        int done;
        while ((done = SSL_accept(c->ssl)) < 0 &&
               SSL_get_error(c->ssl, done) == SSL_ERROR_WANT_READ && ready(c, POLLIN))
            ;
        if (done == 1 && server->kind == FAKE_HTTPS_PROXY) {
            serve_http_proxy(c);
        } else if (done == 1) {
            serve_http(c);
        } else { /* or the system would take the alert back with a reset */
            char byte;
            shutdown(c->fd, SHUT_WR);
            while (ready(c, POLLIN) && recv(c->fd, &byte, 1, 0) > 0)
                ;
        }
    } else if (server->kind == FAKE_HTTP) {
        serve_http(c);
    } else if (server->kind == FAKE_HTTP_PROXY) {
        serve_http_proxy(c);
    } else if (server->kind == FAKE_SOCKS_PROXY) {
        serve_socks(c);
    } else {
        hang(c);
    }
    if (c->ssl && !c->broken)
        SSL_shutdown(c->ssl);
    SSL_free(c->ssl);
    close(c->fd);
    free(c);
    atomic_fetch_sub(&server->alive, 1);
    return NULL;
}

static void *accept_all(void *context)
{
    struct fake_server *server = context;
    struct fake_server_inside *inside = server->inside;
    struct connection self = {.server = server, .fd = inside->listener};
    while (inside->count < CONNECTIONS_MAX && ready(&self, POLLIN)) {
        int fd = accept4(inside->listener, NULL, NULL, SOCK_CLOEXEC);
        if (fd < 0)
            continue;
        /* A client that is gone half-way must not hold this thread. */
        struct timeval patience = {.tv_usec = 200000};
        if (inside->tls)
            setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        int now = 1;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &now, sizeof now);
        struct connection *c = calloc(1, sizeof *c);
        c->server = server;
        c->fd = fd;
        atomic_fetch_add(&server->connections, 1);
        atomic_fetch_add(&server->alive, 1);
        fake_must(pthread_create(&inside->threads[inside->count++], NULL, serve, c) == 0, "thread");
    }
    return NULL;
}

static SSL_CTX *tls_of(const struct fake_server *server)
{
    SSL_CTX *tls = fake_tls(&server->identity);
    if (server->tls_max == 12)
        SSL_CTX_set_max_proto_version(tls, TLS1_2_VERSION);
    if (server->client_ca) {
        BIO *in = BIO_new_mem_buf(server->client_ca, -1);
        X509 *ca = PEM_read_bio_X509(in, NULL, NULL, NULL);
        X509_STORE_add_cert(SSL_CTX_get_cert_store(tls), ca);
        X509_free(ca);
        BIO_free(in);
        SSL_CTX_set_verify(tls, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
    }
    return tls;
}

void fake_server_start(struct fake_server *server)
{
    struct fake_server_inside *inside = calloc(1, sizeof *inside);
    fake_must(inside != NULL, "calloc");
    server->inside = inside;
    inside->listener = fake_listen(CONNECTIONS_MAX, &server->port);
    if (server->kind == FAKE_HTTPS || server->kind == FAKE_HTTPS_PROXY)
        inside->tls = tls_of(server);
    inside->acceptor = fake_thread(accept_all, server);
}

void fake_server_stop(struct fake_server *server)
{
    struct fake_server_inside *inside = server->inside;
    atomic_store(&inside->stopping, true);
    pthread_join(inside->acceptor, NULL);
    for (size_t i = 0; i < inside->count; i++)
        pthread_join(inside->threads[i], NULL);
    close(inside->listener);
    SSL_CTX_free(inside->tls);
    free(inside);
}
