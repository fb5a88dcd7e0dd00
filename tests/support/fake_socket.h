/* SPDX-License-Identifier: Apache-2.0
 *
 * What every fake server begins with: a socket on 127.0.0.1, an identity for TLS, a thread that no
 * broken pipe ends. What fails ends the program.
 */
#ifndef GLM_TEST_FAKE_SOCKET_H
#define GLM_TEST_FAKE_SOCKET_H

#include "fake_https.h"

#include <openssl/ssl.h>
#include <pthread.h>

void fake_must(bool ok, const char *what);
/* A socket that listens, which the caller closes, and the port that the system chose. */
int fake_listen(int backlog, unsigned *ret_port);
/* The caller's; ends with SSL_CTX_free. */
SSL_CTX *fake_tls(const struct fake_identity *identity);
/* Peers that go away are none of the program's business. */
pthread_t fake_thread(void *(*run)(void *context), void *context);

#endif
