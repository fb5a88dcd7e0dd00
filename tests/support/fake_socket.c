/* SPDX-License-Identifier: Apache-2.0
 *
 * See fake_socket.h.
 */
#include "fake_socket.h"

#include <arpa/inet.h>
#include <openssl/pem.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

void fake_must(bool ok, const char *what)
{
    if (ok)
        return;
    perror(what);
    abort();
}

int fake_listen(int backlog, unsigned *ret_port)
{
    struct sockaddr_in at = {.sin_family = AF_INET};
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t len = sizeof at;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    fake_must(listener >= 0 && bind(listener, (struct sockaddr *)&at, sizeof at) == 0 &&
                  listen(listener, backlog) == 0 &&
                  getsockname(listener, (struct sockaddr *)&at, &len) == 0,
              "listen");
    *ret_port = ntohs(at.sin_port);
    return listener;
}

SSL_CTX *fake_tls(const struct fake_identity *identity)
{
    SSL_CTX *tls = SSL_CTX_new(TLS_server_method());
    BIO *in = BIO_new_mem_buf(identity->certificate, -1);
    X509 *certificate = PEM_read_bio_X509(in, NULL, NULL, NULL);
    SSL_CTX_use_certificate(tls, certificate);
    X509_free(certificate);
    BIO_free(in);
    in = BIO_new_mem_buf(identity->key, -1);
    EVP_PKEY *key = PEM_read_bio_PrivateKey(in, NULL, NULL, NULL);
    fake_must(SSL_CTX_use_PrivateKey(tls, key) == 1, "key");
    EVP_PKEY_free(key);
    BIO_free(in);
    return tls;
}

pthread_t fake_thread(void *(*run)(void *context), void *context)
{
    pthread_t thread;
    sigset_t pipe, before;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe, &before);
    fake_must(pthread_create(&thread, NULL, run, context) == 0, "thread");
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return thread;
}
