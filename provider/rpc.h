/* SPDX-License-Identifier: Apache-2.0
 *
 * RPC: a gRPC server on a unix socket, in front of glm_dispatch.
 *
 * Owner:  glm_rpc_listen's caller; the server lives until the process ends.
 * Thread: glm_rpc_serve runs in the caller and in one more poller; calls that block run on workers.
 */
#ifndef GLM_RPC_H
#define GLM_RPC_H

#include "handshake.h"
#include "mtls.h"
#include "provider.h"

struct glm_rpc_server;

struct glm_rpc_options {
    struct glm_provider *provider;
    const struct glm_socket_places *places;
    const struct glm_identity *identity; /* NULL: no TLS */
    const char *client_certificate;      /* PEM: the only client that may connect */
    void (*on_shutdown)(void);           /* after the reply to Shutdown; does not return */
    /* Called every second, in a poller, with the number of calls under way and of streams that a
     * client keeps open as long as it is there. NULL: not called. */
    void (*on_tick)(struct glm_provider *provider, size_t calls, size_t streams);
};

/* Binds the socket, readable by its owner alone, at the first place that holds one, and serves.
 * NULL: ret_why says why not. ret_path: the socket's, as options have it. */
struct glm_rpc_server *glm_rpc_listen(struct glm_arena *arena,
                                      const struct glm_rpc_options *options, const char **ret_path,
                                      const char **ret_why);
/* Never returns. */
_Noreturn void glm_rpc_serve(struct glm_rpc_server *server);

#endif
