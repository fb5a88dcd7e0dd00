/* SPDX-License-Identifier: Apache-2.0
 *
 * A scripted server for tests of transfers: HTTP/1.1 over TLS or plain, with certificates made for
 * the occasion. What it answers is in the path (see fake_https.c). It stands for what a real API
 * server does not do on demand: hang, break, lie, and count.
 */
#ifndef GLM_TEST_FAKE_HTTPS_H
#define GLM_TEST_FAKE_HTTPS_H

#include "glm/arena.h"

#include <stdatomic.h>
#include <stdbool.h>

/* A certificate and its key, PEM. */
struct fake_identity {
    const char *certificate, *key;
};

/* names: as openssl's subjectAltName, "DNS:localhost,IP:127.0.0.1"; NULL: an authority.
 * issuer NULL: self-signed. Valid from so many hours from now on for so many. */
struct fake_identity fake_identity(struct glm_arena *arena, const char *common_name,
                                   const char *names, const struct fake_identity *issuer,
                                   int from_hours, int for_hours);
/* The same key, encrypted. */
const char *fake_encrypted_key(struct glm_arena *arena, const char *key);

enum fake_kind {
    FAKE_HTTPS,
    FAKE_HTTP,
    FAKE_HTTP_PROXY,
    FAKE_HTTPS_PROXY,
    FAKE_SOCKS_PROXY,
    FAKE_SILENT
};

struct fake_server {
    enum fake_kind kind;
    struct fake_identity identity;
    const char *client_ca; /* wanted of clients; NULL: they need none */
    int tls_max;           /* 12: TLS 1.2 at most */
    unsigned refuse;       /* a proxy's answer to everybody; 0: it connects */

    /* set by start */
    unsigned port;
    atomic_uint connections, requests, alive;
    atomic_uint taken; /* pieces of a /turns that its reader has had: the next one comes then */

    struct fake_server_inside *inside;
};

void fake_server_start(struct fake_server *server);
void fake_server_stop(struct fake_server *server);

#endif
