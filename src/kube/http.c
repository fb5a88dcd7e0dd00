/* SPDX-License-Identifier: Apache-2.0
 *
 * Transfers, by libcurl: an easy handle for each, set up and read by the thread that wants it, and
 * in between driven by the engine's. http_transfer.c sets them up; here is what drives them, and what
 * came of them.
 */
#include "http_transfer.h"

#include <string.h>

#define KEPT_CONNECTIONS 256L /* idle or not; beyond that the oldest idle one is closed */

static struct transfer *transfer_of(struct http_job *job)
{
    return (struct transfer *)job;
}

/* ---- for the engine ---- */

void *http_multi_open(bool shared)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return NULL;
    CURLM *multi = curl_multi_init();
    if (!multi) {
        curl_global_cleanup();
        return NULL;
    }
    curl_multi_setopt(multi, CURLMOPT_PIPELINING, shared ? CURLPIPE_MULTIPLEX : CURLPIPE_NOTHING);
    curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, KEPT_CONNECTIONS);
    return multi;
}

void http_multi_close(void *multi)
{
    curl_multi_cleanup(multi);
    curl_global_cleanup();
}

bool http_multi_add(void *multi, struct http_job *job)
{
    job->result = CURLE_FAILED_INIT;
    return curl_multi_add_handle(multi, transfer_of(job)->easy) == CURLM_OK;
}

void http_multi_remove(void *multi, struct http_job *job)
{
    curl_multi_remove_handle(multi, transfer_of(job)->easy);
}

void http_multi_resume(struct http_job *job)
{
    curl_easy_pause(transfer_of(job)->easy, CURLPAUSE_CONT);
}

void http_multi_turn(void *multi)
{
    int running;
    curl_multi_perform(multi, &running);
}

struct http_job *http_multi_ended(void *multi)
{
    int left;
    for (CURLMsg *message; (message = curl_multi_info_read(multi, &left));) {
        if (message->msg != CURLMSG_DONE)
            continue;
        struct transfer *t = NULL;
        int result = (int)message->data.result;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &t);
        t->job.result = result;
        return &t->job;
    }
    return NULL;
}

void http_multi_wait(void *multi, int milliseconds)
{
    curl_multi_poll(multi, NULL, 0, milliseconds, NULL);
}

void http_multi_wake(void *multi)
{
    curl_multi_wakeup(multi);
}

/* ---- what came of it: in the caller's thread ---- */

static long proxy_error_of(const struct transfer *t)
{
    long error = CURLPX_OK;
    curl_easy_getinfo(t->easy, CURLINFO_PROXY_ERROR, &error);
    return error;
}

static enum http_failed kind_of(const struct transfer *t)
{
    if (t->job.ended == HTTP_ENDED_STOPPED)
        return HTTP_FAILED_STOPPED;
    if (t->job.ended == HTTP_ENDED_SILENT)
        return HTTP_FAILED_TIME;
    if (t->job.ended == HTTP_ENDED_ENOUGH)
        return HTTP_FAILED_NOT;
    if (t->too_large)
        return HTTP_FAILED_SIZE;
    if (t->repeat_refused)
        return HTTP_FAILED_BROKEN;
    switch (t->job.result) {
    case CURLE_OK:
        return HTTP_FAILED_NOT;
    case CURLE_COULDNT_RESOLVE_HOST:
        return HTTP_FAILED_NAME;
    case CURLE_COULDNT_RESOLVE_PROXY:
        return HTTP_FAILED_PROXY_NAME;
    case CURLE_PROXY:
        return proxy_error_of(t) == CURLPX_RESOLVE_HOST ? HTTP_FAILED_NAME : HTTP_FAILED_PROXY;
    case CURLE_COULDNT_CONNECT:
        return HTTP_FAILED_CONNECT;
    case CURLE_OPERATION_TIMEDOUT:
        return HTTP_FAILED_TIME;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_ISSUER_ERROR:
        return t->nobody_trusted ? HTTP_FAILED_AUTHORITIES : HTTP_FAILED_VERIFY;
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
    default:
        return HTTP_FAILED_BROKEN;
    }
}

static const char *names_of(struct transfer *t)
{
    struct curl_certinfo *info = NULL;
    static const char key[] = "X509v3 Subject Alternative Name:";
    if (curl_easy_getinfo(t->easy, CURLINFO_CERTINFO, &info) != CURLE_OK || !info ||
        info->num_of_certs < 1)
        return NULL;
    for (struct curl_slist *line = info->certinfo[0]; line; line = line->next)
        if (strncmp(line->data, key, strlen(key)) == 0)
            return glm_strdup(t->arena, line->data + strlen(key));
    return NULL;
}

/* How far it came. */
static enum http_step step_of(struct transfer *t)
{
    curl_off_t found = 0, connected = 0, spoken = 0;
    curl_easy_getinfo(t->easy, CURLINFO_NAMELOOKUP_TIME_T, &found);
    curl_easy_getinfo(t->easy, CURLINFO_CONNECT_TIME_T, &connected);
    curl_easy_getinfo(t->easy, CURLINFO_APPCONNECT_TIME_T, &spoken);
    if (t->attempts)
        return transfer_status(t) ? HTTP_STEP_BODY : HTTP_STEP_ANSWER;
    return !found ? HTTP_STEP_NAME : !connected ? HTTP_STEP_CONNECT : HTTP_STEP_TLS;
}

/* Whether it was the session with an https:// proxy that failed, not that with the server. */
static bool at_proxy(const struct transfer *t)
{
    long proxy_status = 0;
    curl_easy_getinfo(t->easy, CURLINFO_HTTP_CONNECTCODE, &proxy_status);
    return t->proxy_tls && proxy_status == 0 && t->attempts == 0;
}

/* The name that the failed session's peer was to prove. */
static const char *peer_name(const struct transfer *t)
{
    const struct http_route *route = t->request->route;
    if (!at_proxy(t))
        return route->server_name && *route->server_name ? route->server_name : t->target.host;
    const char *host = strstr(t->proxy, "://") + strlen("://");
    const char *end = *host == '[' ? strchr(host, ']') : NULL;
    return glm_strndup(t->arena, host, end ? (size_t)(end + 1 - host) : strcspn(host, ":/"));
}

static void explain(struct transfer *t, enum http_failed kind)
{
    long os_error = 0, verified = 0, proxy_status = 0, proxy_error = proxy_error_of(t);
    curl_off_t spent = 0;
    curl_easy_getinfo(t->easy, CURLINFO_OS_ERRNO, &os_error);
    curl_easy_getinfo(t->easy,
                      at_proxy(t) ? CURLINFO_PROXY_SSL_VERIFYRESULT : CURLINFO_SSL_VERIFYRESULT,
                      &verified);
    curl_easy_getinfo(t->easy, CURLINFO_HTTP_CONNECTCODE, &proxy_status);
    curl_easy_getinfo(t->easy, CURLINFO_TOTAL_TIME_T, &spent);
    const struct http_route *route = t->request->route;
    bool silent = t->job.ended == HTTP_ENDED_SILENT;
    int64_t limit = t->request->timeout_ms;
    /* libcurl's clock and ours differ by a little. */
    bool at_limit = limit > 0 && (silent || spent / 1000 >= limit - limit / 20);
    const struct http_failure failure = {
        .kind = kind,
        .step = step_of(t),
        .text = t->error[0] ? t->error : curl_easy_strerror((CURLcode)t->job.result),
        .target = &t->target,
        .name = peer_name(t),
        .proxy = t->proxy,
        .at_proxy = at_proxy(t),
        .proxy_status = proxy_status,
        /* the connection to a target that a SOCKS proxy could not make */
        .proxy_could_not = proxy_error == CURLPX_REPLY_HOST_UNREACHABLE ||
                           proxy_error == CURLPX_REPLY_NETWORK_UNREACHABLE ||
                           proxy_error == CURLPX_REPLY_CONNECTION_REFUSED ||
                           proxy_error == CURLPX_REPLY_TTL_EXPIRED,
        .os_error = (int)os_error,
        .verify_result = verified,
        .names = kind == HTTP_FAILED_VERIFY ? names_of(t) : NULL,
        .own_ca = route->ca != NULL,
        .with_certificate = route->certificate != NULL && !at_proxy(t),
        .silent = silent,
        .spent_ms = at_limit ? limit : spent / 1000,
        .response_max = t->request->response_max,
    };
    t->response->outcome = http_why(t->arena, &failure, &t->response->why);
    t->response->sent = t->attempts > 0 && t->response->outcome != HTTP_NO_TLS;
}

static void conclude(struct transfer *t)
{
    enum http_failed kind = kind_of(t);
    if (kind != HTTP_FAILED_NOT) {
        explain(t, kind);
        return;
    }
    t->response->outcome = HTTP_ANSWERED;
    t->response->status = (int)transfer_status(t);
    t->response->body = glm_strndup(t->arena, t->body.data, t->body.len);
    t->response->len = t->body.len;
}

void http_perform(struct glm_http *http, struct glm_arena *arena,
                  const struct http_request *request, struct http_response *ret_response)
{
    *ret_response = (struct http_response){.body = "", .retry_after_ms = -1};
    struct transfer t = {
        .job = {.request = request, .arena = arena},
        .request = request,
        .response = ret_response,
        .arena = arena,
    };
    int error;
    if (!http_enter(http, &t.job, &error)) {
        ret_response->outcome = error ? HTTP_UNUSABLE : HTTP_STOPPED;
        ret_response->why = error ? http_why_errno(arena, "no thread can be started", error)
                                  : "stopped before it began";
        return;
    }
    if (transfer_prepare(&t)) {
        http_run(&t.job);
        conclude(&t);
    }
    transfer_release(&t);
    http_leave(http);
}
