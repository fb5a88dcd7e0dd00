/* SPDX-License-Identifier: Apache-2.0
 *
 * A transfer: an easy handle of libcurl and all that belongs to it. The one file that includes
 * libcurl, for http.c and http_transfer.c.
 */
#ifndef GLM_KUBE_HTTP_TRANSFER_H
#define GLM_KUBE_HTTP_TRANSFER_H

#include "http_engine.h"

#include "glm/text.h"

#include <curl/curl.h>

struct transfer {
    struct http_job job; /* first: one is the other */
    const struct http_request *request;
    struct http_response *response;
    struct glm_arena *arena;
    CURL *easy;
    struct curl_slist *headers, *connect_to;
    struct http_target target; /* the server itself, whatever name it is verified by */
    const char *proxy;         /* without its user; "": none */
    char error[CURL_ERROR_SIZE];
    struct glm_arena *scratch; /* of a body that grows */
    struct glm_text body;
    unsigned attempts; /* how often the request was given to a connection */
    bool streaming;    /* the arena is the reader's alone */
    bool too_large, repeat_refused, nobody_trusted, proxy_tls;
};

/* Sets it up, in the caller's thread. False: response has the outcome HTTP_UNUSABLE, and why. */
bool transfer_prepare(struct transfer *t);
/* What belongs to it, whether it was set up or not. */
void transfer_release(struct transfer *t);
/* The status of the answer so far; 0: none yet. */
long transfer_status(const struct transfer *t);

#endif
