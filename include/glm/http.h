/* SPDX-License-Identifier: Apache-2.0
 *
 * HTTP: the transfers of a process, which the live clusters of one configuration share.
 *
 * Owner:  whoever created them.
 * Errors: none here: requests have their own.
 * Thread: any.
 */
#ifndef GLM_HTTP_H
#define GLM_HTTP_H

#include <stdatomic.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The transfers of a process, with threads for each server, started by the first request to it. */
struct glm_http;

/* stop: when it becomes true every transfer ends within a second. */
struct glm_http *glm_http_create(const atomic_bool *stop);
/* After every cluster that uses it. Its threads are over then. Takes a second at most: a thread that a
 * server or a file system holds is left, and the process has to end by _exit then. */
void glm_http_destroy(struct glm_http *http);

#ifdef __cplusplus
}
#endif
#endif
