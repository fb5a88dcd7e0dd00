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
/* Where the socket may be, best first: in TMPDIR, in /tmp. */
struct glm_socket_places {
    const char *paths[2]; /* they do not exist yet, fit a socket's address and the line */
    const char *names[2]; /* what their folder is called, for people */
    size_t count;
    const char *trouble; /* why others were left out: clauses, "" for none */
};
/* false: there is none, and ret_why says why. */
bool glm_handshake_places(struct glm_arena *arena, struct glm_socket_places *ret_places,
                          const char **ret_why);
/* Tries to make a socket there, and takes it away: why not, as the end of a sentence; NULL: it can be
 * made. */
const char *glm_handshake_trouble(struct glm_arena *arena, const char *path);
/* The line, whole, on stdout; stdout is stderr from then on. certificate: NULL without TLS. */
bool glm_handshake_answer(struct glm_arena *arena, const char *socket_path, const char *certificate,
                          const char **ret_why);

#endif
