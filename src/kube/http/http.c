/* SPDX-License-Identifier: Apache-2.0
 *
 * A request from its beginning to its end: a transfer is set up, run by an engine, and what came of
 * it becomes a response.
 */
#include "pool.h"

#include <errno.h>
#include <string.h>

#define TRUST_MS 30000 /* how long the system's authorities are waited for where no limit is set */

/* What is asked about a transfer that has ended. Of one that was left, which libcurl still has, only
 * what was written down is known. */
struct ended {
    struct transfer *t;
    const struct http_request *request;
    struct glm_arena *arena; /* the caller's */
    bool left;
    /* copies, made under the job's lock */
    enum http_ended how;
    unsigned attempts;
    bool tried, connected, answered;
    int no_socket;
    int64_t spent_ms;
};

static long proxy_error_of(const struct ended *e)
{
    long error = CURLPX_OK;
    if (!e->left)
        curl_easy_getinfo(e->t->easy, CURLINFO_PROXY_ERROR, &error);
    return error;
}

/* Of an answer of a proxy to CONNECT; 0: none. */
static long proxy_status_of(const struct ended *e)
{
    long status = 0;
    if (!e->left)
        curl_easy_getinfo(e->t->easy, CURLINFO_HTTP_CONNECTCODE, &status);
    return status;
}

static enum http_failed kind_of_result(const struct ended *e)
{
    switch (e->t->job.result) {
    case CURLE_OK:
        return HTTP_FAILED_NOT;
    case CURLE_COULDNT_RESOLVE_HOST:
        return HTTP_FAILED_NAME;
    case CURLE_COULDNT_RESOLVE_PROXY:
        return HTTP_FAILED_PROXY_NAME;
    case CURLE_PROXY:
        return proxy_error_of(e) == CURLPX_RESOLVE_HOST ? HTTP_FAILED_NAME : HTTP_FAILED_PROXY;
    case CURLE_COULDNT_CONNECT:
        return HTTP_FAILED_CONNECT;
    case CURLE_OPERATION_TIMEDOUT:
        return HTTP_FAILED_TIME;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_ISSUER_ERROR:
        return e->t->nobody_trusted ? HTTP_FAILED_AUTHORITIES : HTTP_FAILED_VERIFY;
    case CURLE_SSL_CERTPROBLEM:
        return HTTP_FAILED_CERTIFICATE;
    case CURLE_SSL_CACERT_BADFILE:
        return HTTP_FAILED_AUTHORITIES;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CIPHER:
    case CURLE_USE_SSL_FAILED:
        return HTTP_FAILED_TLS;
    case CURLE_URL_MALFORMAT:
        return HTTP_FAILED_URL;
    case CURLE_OUT_OF_MEMORY:
    case CURLE_FAILED_INIT:
        return HTTP_FAILED_MEMORY;
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_BAD_CONTENT_ENCODING:
    case CURLE_WRITE_ERROR: /* not by our callbacks, which say why: by what unpacks for them */
    case CURLE_HTTP2:
        return HTTP_FAILED_SPEECH;
    default:
        return HTTP_FAILED_BROKEN;
    }
}

/* No other limit than one of this machine or process. */
static bool is_limit(int error)
{
    return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

static enum http_failed kind_of(const struct ended *e)
{
    bool none = !e->tried && is_limit(e->no_socket);
    switch (e->how) {
    case HTTP_ENDED_STOPPED:
        return HTTP_FAILED_STOPPED;
    case HTTP_ENDED_SILENT:
    case HTTP_ENDED_LATE:
        return none ? HTTP_FAILED_SOCKET : HTTP_FAILED_TIME;
    case HTTP_ENDED_ENOUGH:
        return HTTP_FAILED_NOT;
    case HTTP_ENDED_CUT:
        return HTTP_FAILED_CUT;
    case HTTP_ENDED_BY_ITSELF:
        break;
    }
    if (none)
        return HTTP_FAILED_SOCKET;
    if (e->t->too_large)
        return HTTP_FAILED_SIZE;
    if (e->t->head_too_large)
        return HTTP_FAILED_HEAD;
    return e->t->repeat_refused ? HTTP_FAILED_BROKEN : kind_of_result(e);
}

static const char *names_of(const struct ended *e)
{
    struct curl_certinfo *info = NULL;
    static const char key[] = "X509v3 Subject Alternative Name:";
    if (e->left || curl_easy_getinfo(e->t->easy, CURLINFO_CERTINFO, &info) != CURLE_OK || !info ||
        info->num_of_certs < 1)
        return NULL;
    for (struct curl_slist *line = info->certinfo[0]; line; line = line->next)
        if (strncmp(line->data, key, strlen(key)) == 0)
            return glm_strdup(e->arena, line->data + strlen(key));
    return NULL;
}

/* How far it came. */
static enum http_step step_of(const struct ended *e)
{
    if (e->attempts)
        return e->answered ? HTTP_STEP_BODY : HTTP_STEP_ANSWER;
    if (!e->connected)
        return e->tried ? HTTP_STEP_CONNECT : HTTP_STEP_NAME;
    return *e->t->proxy && proxy_status_of(e) == 0 ? HTTP_STEP_PROXY : HTTP_STEP_TLS;
}

/* Whether it was the session with an https:// proxy that failed, not that with the server. */
static bool at_proxy(const struct ended *e)
{
    return e->t->proxy_tls && proxy_status_of(e) == 0 && e->attempts == 0;
}

/* The name that the failed session's peer was to prove. */
static const char *peer_name(const struct ended *e)
{
    const char *name = e->request->route->server_name, *proxy = e->t->proxy;
    if (!at_proxy(e))
        return name && *name ? name : e->t->target.host;
    const char *host = strstr(proxy, "://") + strlen("://");
    const char *end = *host == '[' ? strchr(host, ']') : NULL;
    return glm_strndup(e->arena, host, end ? (size_t)(end + 1 - host) : strcspn(host, ":/"));
}

static void explain(const struct ended *e, enum http_failed kind, struct http_response *ret)
{
    struct transfer *t = e->t;
    long os_error = 0, verified = 0, proxy_error = proxy_error_of(e);
    if (!e->left) {
        curl_easy_getinfo(t->easy, CURLINFO_OS_ERRNO, &os_error);
        curl_easy_getinfo(t->easy,
                          at_proxy(e) ? CURLINFO_PROXY_SSL_VERIFYRESULT : CURLINFO_SSL_VERIFYRESULT,
                          &verified);
    }
    const struct http_route *route = e->request->route;
    int64_t limit = e->request->timeout_ms;
    /* libcurl's clock and ours differ by a little. */
    bool at_limit = e->how == HTTP_ENDED_SILENT || e->how == HTTP_ENDED_LATE ||
                    (limit > 0 && e->spent_ms >= limit - limit / 20);
    const struct http_failure failure = {
        .kind = kind,
        .step = step_of(e),
        .text = e->left       ? ""
                : t->error[0] ? t->error
                              : curl_easy_strerror((CURLcode)t->job.result),
        .target = &t->target,
        .name = peer_name(e),
        .proxy = t->proxy,
        .at_proxy = at_proxy(e),
        .proxy_status = proxy_status_of(e),
        /* the connection to a target that a SOCKS proxy could not make */
        .proxy_could_not = proxy_error == CURLPX_REPLY_HOST_UNREACHABLE ||
                           proxy_error == CURLPX_REPLY_NETWORK_UNREACHABLE ||
                           proxy_error == CURLPX_REPLY_CONNECTION_REFUSED ||
                           proxy_error == CURLPX_REPLY_TTL_EXPIRED,
        .os_error = kind == HTTP_FAILED_SOCKET ? e->no_socket : (int)os_error,
        .verify_result = verified,
        .names = kind == HTTP_FAILED_VERIFY ? names_of(e) : NULL,
        .own_ca = route->ca != NULL,
        .with_certificate = route->certificate != NULL && !at_proxy(e),
        .silent = e->how == HTTP_ENDED_SILENT,
        .spent_ms = at_limit ? limit : e->spent_ms,
        .response_max = e->request->response_max,
    };
    ret->outcome = http_why(e->arena, &failure, &ret->why);
    ret->sent = e->attempts > 0 && ret->outcome != HTTP_NO_TLS;
}

static const char *copy(struct glm_arena *arena, const char *text)
{
    return text ? glm_strdup(arena, text) : NULL;
}

/* What is in the job's arena goes with it. */
static void take_over(const struct ended *e, struct http_response *ret)
{
    const struct http_response *own = &e->t->response;
    ret->retry_after_ms = own->retry_after_ms;
    ret->audit_id = copy(e->arena, own->audit_id);
    ret->warnings = GLM_NEW_ARRAY(e->arena, own->warning_count, const char *);
    ret->warning_count = own->warning_count;
    for (size_t i = 0; i < own->warning_count; i++)
        ret->warnings[i] = glm_strdup(e->arena, own->warnings[i]);
}

static void conclude(const struct ended *e, struct http_response *ret)
{
    enum http_failed kind = kind_of(e);
    if (!e->left)
        take_over(e, ret);
    if (kind != HTTP_FAILED_NOT) {
        explain(e, kind, ret);
        return;
    }
    ret->outcome = HTTP_ANSWERED;
    ret->status = (int)http_transfer_status(e->t);
    ret->body = glm_strndup(e->arena, e->t->body.data, e->t->body.len);
    ret->len = e->t->body.len;
}

/* rest: the request with what of its time is left. */
static void run(struct http_engine *engine, struct glm_arena *arena,
                const struct http_request *request, const struct http_request *rest,
                int64_t began_ms, struct transfer *t, struct http_response *ret_response)
{
    struct ended e = {.t = t, .request = request, .arena = arena};
    e.left = !http_run(engine, &t->job, rest);
    pthread_mutex_lock(&t->job.lock);
    e.how = t->job.ended;
    e.attempts = t->job.attempts;
    e.tried = t->job.tried;
    e.no_socket = t->job.no_socket;
    e.connected = t->job.connected;
    e.answered = t->job.answered;
    pthread_mutex_unlock(&t->job.lock);
    e.spent_ms = glm_clock_ms() - began_ms;
    conclude(&e, ret_response);
    /* One whose job was left has been abandoned, or stays for want of a place among those that are. */
    bool timeout = ret_response->outcome == HTTP_TIMEOUT && ret_response->sent;
    if (timeout && !e.left && !request->piece)
        http_engine_retire(engine);
}

/* As long as the request has, or as a look at files may take. */
static int64_t trust_until(const struct http_request *request, int64_t began_ms)
{
    return began_ms + (request->timeout_ms > 0 ? request->timeout_ms : TRUST_MS);
}

/* What of its time is left; a stream's is a silence, which has not begun. */
static struct http_request rest_of(const struct http_request *request, int64_t began_ms)
{
    struct http_request rest = *request;
    if (rest.timeout_ms > 0 && !rest.piece)
        rest.timeout_ms -= glm_clock_ms() - began_ms;
    if (request->timeout_ms > 0 && rest.timeout_ms <= 0)
        rest.timeout_ms = 1;
    return rest;
}

/* Sets the transfer up and runs it. */
static void carry_out(struct http_engine *engine, struct glm_arena *arena,
                      const struct http_request *request, struct transfer *t,
                      struct http_response *ret_response)
{
    int64_t began_ms = glm_clock_ms();
    const char *why;
    struct http_authorities system;
    enum http_outcome trusted = http_trust(engine->http, t->job.arena, request,
                                           trust_until(request, began_ms), &system, &why);
    if (trusted != HTTP_ANSWERED) {
        ret_response->outcome = trusted;
        ret_response->why = glm_strdup(arena, why);
        return;
    }
    const struct http_request rest = rest_of(request, began_ms);
    if (http_transfer_prepare(t, &rest, &system, &engine->sockets, &why)) {
        run(engine, arena, request, &rest, began_ms, t, ret_response);
        return;
    }
    ret_response->outcome = t->refused_setting ? HTTP_NO_MEANS : HTTP_UNUSABLE;
    ret_response->why = glm_strdup(arena, why);
}

void http_perform(struct glm_http *http, struct glm_arena *arena,
                  const struct http_request *request, struct http_response *ret_response)
{
    int error;
    *ret_response = (struct http_response){.body = "", .retry_after_ms = -1};
    struct http_engine *engine = http_enter(http, request, &error);
    if (!engine) {
        ret_response->outcome = error ? HTTP_NO_MEANS : HTTP_STOPPED;
        ret_response->why = error ? http_why_errno(arena, "no thread can be started for it", error)
                                  : "stopped before it began";
        return;
    }
    struct transfer *t = http_transfer_create(request);
    carry_out(engine, arena, request, t, ret_response);
    http_job_drop(&t->job);
    http_leave(engine);
}
