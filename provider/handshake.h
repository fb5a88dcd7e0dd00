/* SPDX-License-Identifier: Apache-2.0
 *
 * The go-plugin handshake: what Terraform put into the environment, and the one line in answer.
 *
 * Owner:  texts live in the arena given.
 * Thread: one, at start.
 * Source: go-plugin's server.go; the cookie and versions are Terraform's.
 */
#ifndef GLM_HANDSHAKE_H
#define GLM_HANDSHAKE_H

#include "glm/arena.h"

#include <stdbool.h>

#define GLM_PROTOCOL_VERSION 6

/* True when Terraform (or OpenTofu) started this process. */
bool glm_handshake_invited(void);
/* True when PLUGIN_PROTOCOL_VERSIONS names our version, or is not there. */
bool glm_handshake_speaks(const char *versions);
/* The PEM of the one client to be trusted; NULL: no TLS is wanted. */
const char *glm_handshake_client_certificate(void);
/* A path for the socket that does not exist yet and fits a socket address: in TMPDIR, else in
 * /tmp. NULL: ret_why says why. */
const char *glm_handshake_socket_path(struct glm_arena *arena, const char **ret_why);
/* The line, whole, on stdout; stdout is stderr from then on. certificate: NULL without TLS. */
bool glm_handshake_answer(struct glm_arena *arena, const char *socket_path,
                          const char *certificate);

#endif
