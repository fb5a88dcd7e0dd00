/* SPDX-License-Identifier: Apache-2.0
 *
 * RPC: a gRPC server on a unix socket, in front of glm_dispatch.
 *
 * Owner:  glm_rpc_listen's caller; the server lives until the process ends.
 * Thread: glm_rpc_serve runs in the caller and in one more poller; calls that block run on workers.
 */
#ifndef GLM_RPC_H
#define GLM_RPC_H

#include "mtls.h"
#include "provider.h"

struct glm_rpc_server;

struct glm_rpc_options {
    struct glm_provider *provider;
    const char *socket_path;
    const struct glm_identity *identity; /* NULL: no TLS */
    const char *client_certificate;      /* PEM: the only client that may connect */
    void (*on_shutdown)(void);           /* after the reply to Shutdown; does not return */
    /* Called every few seconds, in a poller, with the number of calls under way. */
    void (*on_tick)(struct glm_provider *provider, size_t calls);
};

/* Binds the socket, readable by its owner alone, and serves. NULL: ret_why says why not. */
struct glm_rpc_server *glm_rpc_listen(const struct glm_rpc_options *options, const char **ret_why);
/* Never returns. */
_Noreturn void glm_rpc_serve(struct glm_rpc_server *server);

#endif
