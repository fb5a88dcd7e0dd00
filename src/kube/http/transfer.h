/* SPDX-License-Identifier: Apache-2.0
 *
 * A transfer: a job that is an easy handle of libcurl, and all that belongs to it; and libcurl's
 * multi handles, which drive many. The one file that includes libcurl, for transfer.c, hear.c,
 * multi.c and http.c.
 */
#ifndef GLM_KUBE_HTTP_TRANSFER_H
#define GLM_KUBE_HTTP_TRANSFER_H

#include "sockets.h"

#include "glm/text.h"

#include <curl/curl.h>

struct transfer {
    struct http_job job; /* first: one is the other */
    CURL *easy;
    struct http_sockets *sockets; /* of its engine, which outlives it */
    struct curl_slist *headers, *connect_to;
    struct http_target target; /* the server itself, whatever name it is verified by */
    const char *proxy;         /* without its user; "": none */
    char error[CURL_ERROR_SIZE];
    bool stream, reads; /* pieces are handed on; it is a GET */
    size_t response_max, head_bytes;
    struct glm_text body;
    struct http_response response; /* what has come of it so far, in the job's arena */
    bool too_large, head_too_large, repeat_refused, nobody_trusted, proxy_tls;
    bool refused_setting; /* libcurl has no memory for it, or does not know it */
};

/* A transfer of its own arena; its one user is the caller. Everything of the request that it needs
 * is copied. */
struct transfer *http_transfer_create(const struct http_request *request);
/* Sets it up, in the caller's thread. False: *ret_why, in the transfer's arena, is what is wrong
 * with the request. */
bool http_transfer_prepare(struct transfer *t, const struct http_request *request,
                           const struct http_authorities *system, struct http_sockets *sockets,
                           const char **ret_why);
/* The status of the answer so far; 0: none yet. In the engine's thread, or when it is done. */
long http_transfer_status(const struct transfer *t);

/* ---- hear.c: libcurl's callbacks ---- */

size_t http_transfer_on_header(char *line, size_t size, size_t count, void *context);
size_t http_transfer_on_body(char *data, size_t size, size_t count, void *context);
int http_transfer_on_progress(void *context, curl_off_t total, curl_off_t now, curl_off_t up_total,
                              curl_off_t up);
int http_transfer_on_ready(void *context, char *to, char *from, int to_port, int from_port);
curl_socket_t http_transfer_on_socket(void *context, curlsocktype purpose,
                                      struct curl_sockaddr *address);
int http_transfer_on_close(void *context, curl_socket_t fd);

/* ---- multi.c: in an engine's thread, but for the wake; `multi` is a CURLM ---- */

bool http_library_open(void);
void http_library_close(void);
/* NULL with errno. shared: many jobs at once on one connection. */
void *http_multi_open(bool shared);
void http_multi_close(void *multi);
bool http_multi_add(void *multi, struct http_job *job);
void http_multi_remove(void *multi, struct http_job *job);
/* False: it cannot go on, and has a result. */
bool http_multi_resume(struct http_job *job);
/* Does what can be done now; a server may see to it that this takes for ever. */
void http_multi_turn(void *multi);
/* A job that has ended, with its result; NULL: no more. */
struct http_job *http_multi_ended(void *multi);
/* Until there is something to do, or somebody wakes it (from any thread). True: something came. */
bool http_multi_wait(void *multi, int milliseconds);
void http_multi_wake(void *multi);

#endif
