/* SPDX-License-Identifier: Apache-2.0
 *
 * The identity of this process for go-plugin's AutoMTLS: a key and a certificate made afresh.
 *
 * Owner:  texts live in the arena given.
 * Thread: one, at start.
 */
#ifndef GLM_MTLS_H
#define GLM_MTLS_H

#include "glm/arena.h"

#include <stdbool.h>

struct glm_identity {
    const char *certificate_pem;
    const char *key_pem;
    const char *certificate_line; /* DER in base64 without padding, as the handshake line has it */
};

/* false: ret_why says what OpenSSL did not do. */
bool glm_identity_make(struct glm_arena *arena, struct glm_identity *ret_identity,
                       const char **ret_why);

#endif
