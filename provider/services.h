/* SPDX-License-Identifier: Apache-2.0
 *
 * Services: what go-plugin's client calls besides the provider: shutdown, stdio, broker, health.
 *
 * Owner:  static bytes.
 * Thread: no state.
 */
#ifndef GLM_SERVICES_H
#define GLM_SERVICES_H

#include "dispatch.h"

enum glm_rpc_service {
    GLM_SERVICE_NONE,     /* not one of these: for glm_dispatch */
    GLM_SERVICE_REPLY,    /* answered */
    GLM_SERVICE_HOLD,     /* a stream that stays open and says nothing */
    GLM_SERVICE_SHUTDOWN, /* answered, and then the process ends */
};

/* ret_reply is set for REPLY and SHUTDOWN. */
enum glm_rpc_service glm_service_answer(const char *method, const uint8_t *request, size_t len,
                                        struct glm_rpc_reply *ret_reply);
/* True for a stream that is held open, to which a request is never awaited. */
bool glm_service_holds(const char *method);

#endif
