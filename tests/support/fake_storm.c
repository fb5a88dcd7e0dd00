/* SPDX-License-Identifier: Apache-2.0
 *
 * One thread for each connection, blocking; the stop shuts their sockets.
 */
#include "fake_storm.h"
#include "fake_socket.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define CONNECTIONS_MAX 64
#define BLOCK ((size_t)256 << 10)

struct fake_storm_inside {
    int listener;
    SSL_CTX *tls;
    pthread_t acceptor, threads[CONNECTIONS_MAX];
    int fds[CONNECTIONS_MAX];
    size_t count;
};

struct connection {
    struct fake_storm *storm;
    int fd;
};

/* What comes once, and what comes for ever. */
static const struct {
    bool h2;
    const char *first;
    size_t first_len;
    const char *again;
    size_t again_len;
} storms[FAKE_STORM_KINDS] = {
#define BYTES(text) (text), sizeof(text) - 1
    [FAKE_STORM_GOAWAY] = {true, BYTES(""), BYTES("\0\0\x8\7\0\0\0\0\0\x7f\xff\xff\xff\0\0\0\0")},
    [FAKE_STORM_EMPTY_DATA] = {true, BYTES("\0\0\1\1\4\0\0\0\1\x88"), /* :status 200 */
                               BYTES("\0\0\0\0\0\0\0\0\1")},
    [FAKE_STORM_PRIORITY] = {true, BYTES(""), BYTES("\0\0\5\2\0\0\0\0\1\0\0\0\0\1")},
    [FAKE_STORM_UNKNOWN] = {true, BYTES(""), BYTES("\0\0\0\x4d\0\0\0\0\0")},
    [FAKE_STORM_SILENCE] = {true, BYTES(""), BYTES("")},
    [FAKE_STORM_INTERIM] = {false, BYTES(""), BYTES("HTTP/1.1 103 Hint\r\nA: b\r\n\r\n")},
    [FAKE_STORM_HEADERS] = {false, BYTES("HTTP/1.1 200 OK\r\n"), BYTES("A: b\r\n")},
    [FAKE_STORM_TRAILERS] = {false,
                             BYTES("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"),
                             BYTES("A: b\r\n")},
    [FAKE_STORM_EXTENSION] = {false,
                              BYTES("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;"),
                              BYTES("extension")},
    [FAKE_STORM_NOTHING] = {false,
                            BYTES("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n"
                                  "\x1f\x8b\x8\0\0\0\0\0\0\xff"),
                            BYTES("\0\0\0\xff\xff")}, /* a stored block of no bytes */
};

static int choose(SSL *ssl, const unsigned char **out, unsigned char *out_len,
                  const unsigned char *in, unsigned in_len, void *context)
{
    static const unsigned char h2[] = "\2h2", h1[] = "\10http/1.1";
    const struct fake_storm *storm = context;
    (void)ssl;
    unsigned char *chosen;
    const unsigned char *own = storms[storm->kind].h2 ? h2 : h1;
    if (SSL_select_next_proto(&chosen, out_len, own, own[0] + 1U, in, in_len) !=
        OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_NOACK;
    *out = chosen;
    return SSL_TLSEXT_ERR_OK;
}

/* Until a request is there: its headers' end, or a frame of type HEADERS. */
static bool get_request(SSL *ssl, bool h2)
{
    static const char settings[] = "\0\0\0\4\0\0\0\0\0\0\0\0\4\1\0\0\0\0";
    unsigned char in[16384];
    size_t len = 0, at = 24; /* the preface */
    for (bool greeted = false; len < sizeof in;) {
        int got = SSL_read(ssl, in + len, (int)(sizeof in - len));
        if (got <= 0)
            return false;
        len += (size_t)got;
        if (!h2 && memmem(in, len, "\r\n\r\n", 4))
            return true;
        if (h2 && !greeted && SSL_write(ssl, settings, sizeof settings - 1) <= 0)
            return false;
        greeted = true;
        for (; h2 && at + 9 <= len; at += 9 + ((size_t)in[at + 1] << 8 | in[at + 2]))
            if (in[at + 3] == 1)
                return true;
    }
    return false;
}

static void storm_on(struct fake_storm *storm, SSL *ssl)
{
    size_t len = storms[storm->kind].again_len, count = BLOCK / len;
    char *block = malloc(count * len);
    fake_must(block != NULL, "malloc");
    for (size_t i = 0; i < count; i++)
        memcpy(block + i * len, storms[storm->kind].again, len);
    int first = (int)storms[storm->kind].first_len;
    bool going = first == 0 || SSL_write(ssl, storms[storm->kind].first, first) > 0;
    atomic_fetch_add(&storm->storms, 1);
    while (going && SSL_write(ssl, block, (int)(count * len)) > 0)
        ;
    free(block);
}

static void be_silent_on(struct fake_storm *storm, SSL *ssl)
{
    char in[1024];
    atomic_fetch_add(&storm->storms, 1);
    while (SSL_read(ssl, in, sizeof in) > 0)
        ;
}

static void *serve(void *context)
{
    struct connection *c = context;
    SSL *ssl = SSL_new(c->storm->inside->tls);
    SSL_set_fd(ssl, c->fd);
    bool asked = SSL_accept(ssl) == 1 && get_request(ssl, storms[c->storm->kind].h2);
    if (asked && c->storm->kind == FAKE_STORM_SILENCE)
        be_silent_on(c->storm, ssl);
    else if (asked)
        storm_on(c->storm, ssl);
    SSL_free(ssl);
    shutdown(c->fd, SHUT_RDWR); /* closed by the stop, which has its number */
    free(c);
    return NULL;
}

static void *accept_all(void *context)
{
    struct fake_storm *storm = context;
    struct fake_storm_inside *inside = storm->inside;
    for (int fd; inside->count < CONNECTIONS_MAX &&
                 (fd = accept4(inside->listener, NULL, NULL, SOCK_CLOEXEC)) >= 0;) {
        struct connection *c = calloc(1, sizeof *c);
        fake_must(c != NULL, "calloc");
        *c = (struct connection){storm, fd};
        inside->fds[inside->count] = fd;
        fake_must(pthread_create(&inside->threads[inside->count++], NULL, serve, c) == 0, "thread");
    }
    return NULL;
}

void fake_storm_start(struct fake_storm *storm)
{
    struct fake_storm_inside *inside = calloc(1, sizeof *inside);
    fake_must(inside != NULL, "calloc");
    storm->inside = inside;
    inside->listener = fake_listen(CONNECTIONS_MAX, &storm->port);
    inside->tls = fake_tls(&storm->identity);
    SSL_CTX_set_alpn_select_cb(inside->tls, choose, storm);
    inside->acceptor = fake_thread(accept_all, storm);
}

void fake_storm_stop(struct fake_storm *storm)
{
    struct fake_storm_inside *inside = storm->inside;
    shutdown(inside->listener, SHUT_RDWR);
    pthread_join(inside->acceptor, NULL);
    for (size_t i = 0; i < inside->count; i++)
        shutdown(inside->fds[i], SHUT_RDWR);
    for (size_t i = 0; i < inside->count; i++) {
        pthread_join(inside->threads[i], NULL);
        close(inside->fds[i]);
    }
    close(inside->listener);
    SSL_CTX_free(inside->tls);
    free(inside);
}
