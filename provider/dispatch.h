/* SPDX-License-Identifier: Apache-2.0
 *
 * Dispatch: bytes in, bytes out: the whole provider without a socket.
 *
 * Owner:  the reply lives in the arena given.
 * Thread: any number of calls at once, each with its own arena.
 */
#ifndef GLM_DISPATCH_H
#define GLM_DISPATCH_H

#include "glm/arena.h"
#include "provider.h"

#include <stddef.h>
#include <stdint.h>

/* gRPC's own status numbers. */
enum glm_rpc_status {
    GLM_RPC_OK = 0,
    GLM_RPC_INVALID_ARGUMENT = 3,
    GLM_RPC_NOT_FOUND = 5,
    GLM_RPC_UNIMPLEMENTED = 12,
    GLM_RPC_INTERNAL = 13,
};

struct glm_rpc_reply {
    enum glm_rpc_status status;
    const char *message; /* why, when status is not OK */
    const uint8_t *bytes;
    size_t len;
};

/* A request that was read. */
struct glm_request {
    const struct glm_method *method;
    const void *message;
};

/* Reads a request into the arena: its bytes are not needed any more then. An arena that credentials
 * come into with it is one that is wiped (glm_arena_is_wiped). false: the reply says why not.
 * method: the full name, "/tfplugin6.Provider/PlanResourceChange". */
bool glm_dispatch_read(struct glm_arena *arena, const char *method, const uint8_t *bytes,
                       size_t len, struct glm_request *ret_request,
                       struct glm_rpc_reply *ret_reply);
/* work: the arena that the request was read into, which all that makes the reply takes its memory of. It is
 * given back (NULL) as soon as a large reply is packed. The reply lives in the other arena. */
void glm_dispatch_run(struct glm_provider *provider, struct glm_arena **work,
                      struct glm_arena *arena, const struct glm_request *request,
                      struct glm_rpc_reply *ret_reply);
/* Both. */
void glm_dispatch(struct glm_provider *provider, struct glm_arena *arena, const char *method,
                  const uint8_t *bytes, size_t len, struct glm_rpc_reply *ret_reply);

/* True when the method may wait (for a cluster, a disk): it must not run on a poller thread. */
bool glm_dispatch_blocks(const char *method);

#endif
