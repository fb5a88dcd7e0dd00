/* SPDX-License-Identifier: Apache-2.0
 *
 * The pool of engines: threads that transfer, and those who wait for them.
 *
 * Each place that is asked (address, proxy, name) has an engine of its own, so that no server can
 * hold another's requests; requests and streams have one each, so that they never share a connection:
 * a stream whose reader is slow is paused, and libcurl then reads nothing more of an HTTP/2
 * connection. An engine starts with the first job and ends when there was none for a while.
 *
 * Limits and stops are kept by whoever waits. He asks the engine to end the job; when it does not, he
 * shuts the engine's sockets, which ends what a server can keep it in; and when that does not help
 * either, he leaves: the job is the engine's alone from then on, and so is the engine.
 */
#ifndef GLM_KUBE_HTTP_POOL_H
#define GLM_KUBE_HTTP_POOL_H

#include "engine.h"

/* Counts the caller in, and starts the engine for the request; a caller that was counted in leaves.
 * NULL: stopped, or *ret_error is an errno. */
struct http_engine *http_enter(struct glm_http *http, const struct http_request *request,
                               int *ret_error);
void http_leave(struct http_engine *engine);
/* Runs a job to its end; gives the pieces of a stream to its reader, in this thread. False: it has
 * not ended, and was left; its `ended` says why. */
bool http_run(struct http_engine *engine, struct http_job *job, const struct http_request *request);

#endif
