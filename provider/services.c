/* SPDX-License-Identifier: Apache-2.0
 *
 * go-plugin's own services and the health check. Their messages are so small that their bytes
 * stand here; proto/ has their definitions.
 */
#include "services.h"

#include <string.h>

static const uint8_t nothing[1];
static const uint8_t serving[] = {0x08, 0x01}; /* HealthCheckResponse{status: SERVING} */

bool glm_service_holds(const char *method)
{
    return strcmp(method, "/plugin.GRPCStdio/StreamStdio") == 0 ||
           strcmp(method, "/plugin.GRPCBroker/StartStream") == 0;
}

/* HealthCheckRequest{service: "" or "plugin"}; empty is the server as a whole. */
static bool is_known_service(const uint8_t *request, size_t len)
{
    static const char plugin[] = "\x0a\x06plugin";
    return len == 0 || (len == 2 && memcmp(request, "\x0a\x00", 2) == 0) ||
           (len == sizeof plugin - 1 && memcmp(request, plugin, len) == 0);
}

enum glm_rpc_service glm_service_answer(const char *method, const uint8_t *request, size_t len,
                                        struct glm_rpc_reply *ret_reply)
{
    if (glm_service_holds(method))
        return GLM_SERVICE_HOLD;
    if (strcmp(method, "/plugin.GRPCController/Shutdown") == 0) {
        *ret_reply = (struct glm_rpc_reply){.status = GLM_RPC_OK, .bytes = nothing};
        return GLM_SERVICE_SHUTDOWN;
    }
    if (strcmp(method, "/grpc.health.v1.Health/Check") == 0) {
        *ret_reply =
            is_known_service(request, len)
                ? (struct glm_rpc_reply){.status = GLM_RPC_OK,
                                         .bytes = serving,
                                         .len = sizeof serving}
                : (struct glm_rpc_reply){.status = GLM_RPC_NOT_FOUND, .message = "unknown service"};
        return GLM_SERVICE_REPLY;
    }
    return GLM_SERVICE_NONE;
}
