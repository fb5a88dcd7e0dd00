/* SPDX-License-Identifier: Apache-2.0
 *
 * What transfers are made of besides libcurl and threads: tested without a server.
 */
#ifndef GLM_KUBE_HTTP_PARTS_H
#define GLM_KUBE_HTTP_PARTS_H

#include "http.h"

/* ---- trust.c ---- */

/* The system's authorities, wherever this distribution keeps them: a file and a directory that libcurl
 * reads itself, and what is in those that it must not. NULL: none. */
struct http_authorities {
    const char *file, *directory;
    const char *text;
};

/* Finds them for a request that may need them. Waits no longer than until then, nor than somebody
 * wants to go on; texts live in the arena, or are the environment's. Not HTTP_ANSWERED: *ret_why. */
enum http_outcome http_trust(struct glm_http *http, struct glm_arena *arena,
                             const struct http_request *request, int64_t until_ms,
                             struct http_authorities *ret_system, const char **ret_why);

/* All ends: nobody waits for them any more. */
void http_trust_leave(struct glm_http *http);

/* Those that an https:// proxy is verified with: ca (NULL: none) and those of the system; NULL:
 * neither can be read. */
const char *http_trust_of_proxy(struct glm_arena *arena, const char *ca,
                                const struct http_authorities *system);

/* ---- proxy.c ---- */

struct http_target {
    const char *scheme; /* "https", "http" */
    const char *host;   /* as in the URL: an IPv6 address has its brackets */
    unsigned port;
};

/* The proxy on the way to a target, with the scheme it was given or "http://"; "": none.
 * wanted: as http_route.proxy. From the environment the rules are those of kubectl: a loopback
 * address is never asked for through a proxy, NO_PROXY knows domains, addresses, networks, ports.
 * false with ret_why when it is of no kind that can be used. */
bool http_proxy(struct glm_arena *arena, const char *wanted,
                const struct http_environment *environment, const struct http_target *target,
                const char **ret_proxy, const char **ret_why);

/* ---- queue.c: the bounded way from the engine's thread to a stream's reader ---- */

#define HTTP_QUEUE_SIZE ((size_t)256 << 10)

struct http_queue {
    char *data; /* HTTP_QUEUE_SIZE, used as a ring */
    size_t begin, len;
};

void http_queue_init(struct http_queue *queue, struct glm_arena *arena);
/* All or nothing: false when there is not enough room. */
bool http_queue_put(struct http_queue *queue, const char *data, size_t len);
/* The bytes that came first, as many as lie in one row. They stay until they are dropped, so they
 * may be read while more is put. */
const char *http_queue_front(const struct http_queue *queue, size_t *ret_len);
void http_queue_drop(struct http_queue *queue, size_t len);

/* ---- header.c ---- */

/* A header line of this name, whatever its case; ret_value without white space around it. */
bool http_header(const char *line, size_t len, const char *name, const char **ret_value,
                 size_t *ret_len);
/* One warning of the value of a Warning header, from *at on, which becomes the place of the next.
 * *ret_text: its text, fit to be shown; NULL when it has another code than 299. False: there is no
 * more, or it makes no sense. */
bool http_warning(struct glm_arena *arena, const char **at, const char *end, const char **ret_text);
/* A text that is nothing but a number of seconds; -1: it is not. Saturates. */
int64_t http_seconds(const char *text);

/* ---- why.c: clauses for people; they never hold a credential ---- */

enum http_failed {
    HTTP_FAILED_NOT,
    HTTP_FAILED_STOPPED,
    HTTP_FAILED_NAME,
    HTTP_FAILED_PROXY_NAME,
    HTTP_FAILED_PROXY,
    HTTP_FAILED_CONNECT,
    HTTP_FAILED_TIME,
    HTTP_FAILED_VERIFY,
    HTTP_FAILED_CERTIFICATE,
    HTTP_FAILED_AUTHORITIES,
    HTTP_FAILED_TLS,
    HTTP_FAILED_URL,
    HTTP_FAILED_SIZE,
    HTTP_FAILED_HEAD,
    HTTP_FAILED_MEMORY, /* here */
    HTTP_FAILED_SOCKET, /* here: none can be made */
    HTTP_FAILED_CUT,
    HTTP_FAILED_SPEECH, /* what came is no HTTP */
    HTTP_FAILED_BROKEN,
};

/* What a transfer was at when it failed. */
enum http_step {
    HTTP_STEP_NAME,
    HTTP_STEP_CONNECT,
    HTTP_STEP_PROXY, /* it took the connection */
    HTTP_STEP_TLS,
    HTTP_STEP_ANSWER,
    HTTP_STEP_BODY
};

struct http_failure {
    enum http_failed kind;
    enum http_step step;
    const char *text; /* libcurl's own */
    const struct http_target *target;
    const char *name;  /* that the server was to prove */
    const char *proxy; /* without its user; "": none */
    bool at_proxy;     /* it is the TLS session with an https:// proxy that failed */
    long proxy_status; /* of a proxy's answer to CONNECT; 0: none */
    bool proxy_could_not;
    int os_error;
    long verify_result; /* OpenSSL's X509_V_ERR_...; 0: the chain is good */
    const char *names;  /* of the certificate, "DNS:a, IP Address:10.0.0.1", or NULL */
    bool own_ca;        /* the authorities were given, not the system's */
    bool with_certificate;
    bool silent; /* a stream without a byte */
    int64_t spent_ms;
    size_t response_max;
};

enum http_outcome http_why(struct glm_arena *arena, const struct http_failure *failure,
                           const char **ret_why);

/* libcurl's text with the user information of every URL in it gone. */
const char *http_why_clean(struct glm_arena *arena, const char *text);
/* "what (No such file or directory)" */
const char *http_why_errno(struct glm_arena *arena, const char *what, int error);
/* What is wrong with a client certificate and key, or with authorities, that can be seen before
 * they are used; NULL: nothing. */
const char *http_why_pem(const struct http_route *route);

#endif
