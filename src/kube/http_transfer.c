/* SPDX-License-Identifier: Apache-2.0
 *
 * One transfer: how it is set up, in the thread of whoever wants it, and what libcurl tells of it
 * meanwhile, in the engine's.
 */
#include "http_transfer.h"

#include "glm/shown.h"

#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>

/* A server that does not finish TCP and TLS in this time will hardly answer either. */
#define CONNECT_MS 15000L
/* Load balancers forget idle connections, some without a word, after a minute at the earliest. */
#define IDLE_CONNECTION_S 50L
#define KEEPALIVE_IDLE_S 30L
#define KEEPALIVE_INTERVAL_S 10L
#define SCRATCH_BASE ((size_t)64 << 10)
#define AUDIT_ID_MAX 256
#define RETRY_AFTER_MAX_S ((int64_t)24 * 3600)

long transfer_status(const struct transfer *t)
{
    long status = 0;
    curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
    return status;
}

/* ---- callbacks: in the engine's thread ---- */

/* In milliseconds, from seconds or a date; -1: neither. */
static int64_t retry_after(const char *value)
{
    int64_t seconds = http_seconds(value);
    if (seconds < 0) {
        time_t at = curl_getdate(value, NULL), now = time(NULL);
        if (at == -1)
            return -1;
        seconds = at > now ? (int64_t)(at - now) : 0;
    }
    return (seconds < RETRY_AFTER_MAX_S ? seconds : RETRY_AFTER_MAX_S) * 1000;
}

static void add_warnings(struct transfer *t, const char *value, size_t len)
{
    struct http_response *r = t->response;
    if (!r->warnings)
        r->warnings = GLM_NEW_ARRAY(t->arena, HTTP_WARNINGS_MAX, const char *);
    const char *at = value, *text;
    while (r->warning_count < HTTP_WARNINGS_MAX && http_warning(t->arena, &at, value + len, &text))
        if (text)
            r->warnings[r->warning_count++] = text;
}

static size_t on_header(char *line, size_t size, size_t count, void *context)
{
    struct transfer *t = context;
    size_t len = size * count, value_len;
    const char *value;
    t->job.heard_ms = http_clock();
    bool end = len == 2 && line[0] == '\r';
    if (end && t->request->begun && transfer_status(t) / 100 == 2)
        atomic_store(t->request->begun, true);
    if (t->streaming) /* a trailer: the arena is not ours any more */
        return len;
    if (len > 5 && strncmp(line, "HTTP/", 5) == 0) { /* a new beginning, after a 1xx */
        t->response->retry_after_ms = -1;
        t->response->audit_id = NULL;
        t->response->warning_count = 0;
    } else if (http_header(line, len, "Retry-After", &value, &value_len)) {
        t->response->retry_after_ms = retry_after(glm_strndup(t->arena, value, value_len));
    } else if (http_header(line, len, "Audit-Id", &value, &value_len) && value_len &&
               value_len <= AUDIT_ID_MAX) {
        t->response->audit_id = glm_shown_n(t->arena, value, value_len, GLM_SHOWN_MAX);
    } else if (http_header(line, len, "Warning", &value, &value_len)) {
        add_warnings(t, value, value_len);
    }
    return len;
}

static size_t on_body(char *data, size_t size, size_t count, void *context)
{
    struct transfer *t = context;
    size_t len = size * count;
    t->job.heard_ms = http_clock();
    if (t->request->piece && transfer_status(t) / 100 == 2) {
        t->streaming = true;
        return http_hand_over(&t->job, data, len) ? len : CURL_WRITEFUNC_PAUSE;
    }
    curl_off_t announced = -1;
    curl_easy_getinfo(t->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &announced);
    if (announced > 0 && (uint64_t)announced > t->request->response_max)
        t->too_large = true;
    else
        glm_text_add(&t->body, data, len);
    t->too_large |= t->body.overflow;
    return t->too_large ? CURL_WRITEFUNC_ERROR : len;
}

/* Called when a connection is ready and the request is about to go out. libcurl would give it to a
 * second one when the first, a kept one, ends without an answer; but the server may have acted. */
/* NOLINTNEXTLINE(readability-non-const-parameter): libcurl's type */
static int on_ready(void *context, char *to, char *from, int to_port, int from_port)
{
    (void)to, (void)from, (void)to_port, (void)from_port;
    struct transfer *t = context;
    if (t->attempts++ > 0 && strcmp(t->request->method, "GET") != 0) {
        t->repeat_refused = true;
        return CURL_PREREQFUNC_ABORT;
    }
    return CURL_PREREQFUNC_OK;
}

/* Programs that run as plugins shall not inherit sockets. */
static curl_socket_t on_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
    (void)context, (void)purpose;
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/* ---- setting a transfer up: in the caller's thread ---- */

static bool unusable(struct transfer *t, const char *why)
{
    t->response->outcome = HTTP_UNUSABLE;
    t->response->why = why;
    return false;
}

static const char *part_of(struct transfer *t, CURLU *url, CURLUPart part, unsigned flags)
{
    char *text = NULL;
    if (curl_url_get(url, part, &text, flags) != CURLUE_OK)
        return NULL;
    const char *copy = glm_strdup(t->arena, text);
    curl_free(text);
    return copy;
}

/* The server is asked for by another name, which decides SNI, verification and what connections
 * may be shared; the connection goes to its address, and the Host header stays. */
static bool rename_server(struct transfer *t, CURLU *url, const char *name)
{
    const struct http_target *to = &t->target;
    const char *given_port = part_of(t, url, CURLUPART_PORT, 0);
    if (curl_url_set(url, CURLUPART_HOST, name, 0) != CURLUE_OK)
        return unusable(t, glm_sprintf(t->arena, "the server name \"%s\" is not a host name",
                                       http_why_clean(t->arena, name)));
    t->connect_to = curl_slist_append(NULL, glm_sprintf(t->arena, "%s:%u:%s:%u",
                                                        part_of(t, url, CURLUPART_HOST, 0),
                                                        to->port, to->host, to->port));
    curl_easy_setopt(t->easy, CURLOPT_CONNECT_TO, t->connect_to);
    const char *host = given_port ? glm_sprintf(t->arena, "Host: %s:%s", to->host, given_port)
                                  : glm_sprintf(t->arena, "Host: %s", to->host);
    t->headers = curl_slist_append(t->headers, host);
    return true;
}

static bool set_url(struct transfer *t, CURLU *url)
{
    const struct http_route *route = t->request->route;
    CURLUcode code = curl_url_set(url, CURLUPART_URL, t->request->url, CURLU_DISALLOW_USER);
    if (code == CURLUE_USER_NOT_ALLOWED)
        return unusable(t, "the server's address holds a user or password");
    const char *scheme = code ? NULL : part_of(t, url, CURLUPART_SCHEME, 0);
    const char *host = code ? NULL : part_of(t, url, CURLUPART_HOST, 0);
    const char *port = code ? NULL : part_of(t, url, CURLUPART_PORT, CURLU_DEFAULT_PORT);
    if (!scheme || !host || !port || (strcmp(scheme, "https") != 0 && strcmp(scheme, "http") != 0))
        return unusable(t,
                        glm_sprintf(t->arena, "%s is not an address of the form https://host:port",
                                    http_why_clean(t->arena, t->request->url)));
    unsigned number = 0;
    for (const char *digit = port; *digit; digit++) /* libcurl has checked that they are */
        number = number * 10 + (unsigned)(*digit - '0');
    t->target = (struct http_target){scheme, host, number};
    if (route->server_name && *route->server_name && strcasecmp(route->server_name, host) != 0 &&
        !rename_server(t, url, route->server_name))
        return false;
    curl_easy_setopt(t->easy, CURLOPT_URL, part_of(t, url, CURLUPART_URL, 0));
    return true;
}

static bool set_headers(struct transfer *t)
{
    bool typed = false;
    for (const char *const *h = t->request->headers; h && *h; h++) {
        const char *value;
        size_t len, name = strcspn(*h, ":");
        /* The value may be a credential, so it is not shown. */
        if (strpbrk(*h, "\r\n"))
            return unusable(t, glm_sprintf(t->arena, "the header %s would hold a line break",
                                           glm_shown_n(t->arena, *h, name, GLM_SHOWN_KEY_MAX)));
        typed |= http_header(*h, strlen(*h), "Content-Type", &value, &len);
        t->headers = curl_slist_append(t->headers, *h);
    }
    t->headers = curl_slist_append(t->headers, "Expect:");
    if (!typed)
        t->headers = curl_slist_append(t->headers, "Content-Type:");
    curl_easy_setopt(t->easy, CURLOPT_HTTPHEADER, t->headers);
    return true;
}

static void set_method(struct transfer *t)
{
    const struct http_request *r = t->request;
    if (r->body || strcmp(r->method, "POST") == 0) {
        curl_easy_setopt(t->easy, CURLOPT_POSTFIELDSIZE_LARGE,
                         (curl_off_t)(r->body ? r->body_len : 0));
        curl_easy_setopt(t->easy, CURLOPT_POSTFIELDS, r->body ? r->body : "");
    }
    curl_easy_setopt(t->easy, CURLOPT_CUSTOMREQUEST, r->method);
}

static void set_blob(struct transfer *t, CURLoption option, const char *text)
{
    struct curl_blob blob = {glm_strdup(t->arena, text), strlen(text), CURL_BLOB_NOCOPY};
    curl_easy_setopt(t->easy, option, &blob);
}

static void set_tls(struct transfer *t, const struct http_environment *environment)
{
    const struct http_route *r = t->request->route;
    struct http_authorities system;
    http_authorities(environment, &system);
    t->nobody_trusted = !r->ca && !system.file && !system.directory;
    curl_easy_setopt(t->easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(t->easy, CURLOPT_SSL_SESSIONID_CACHE, 0L);
    curl_easy_setopt(t->easy, CURLOPT_SSL_VERIFYPEER, r->insecure ? 0L : 1L);
    curl_easy_setopt(t->easy, CURLOPT_SSL_VERIFYHOST, r->insecure ? 0L : 2L);
    curl_easy_setopt(t->easy, CURLOPT_CERTINFO, 1L);
    /* What libcurl was built with is another system's, and would be trusted besides. */
    curl_easy_setopt(t->easy, CURLOPT_CAINFO, r->ca ? NULL : system.file);
    curl_easy_setopt(t->easy, CURLOPT_CAPATH, r->ca ? NULL : system.directory);
    if (r->ca)
        set_blob(t, CURLOPT_CAINFO_BLOB, r->ca);
    if (r->certificate) {
        /* libcurl shares connections of equal certificates, whatever the keys. With the key in
         * the same blob they differ when it does. */
        const char *both = glm_sprintf(t->arena, "%s\n%s\n", r->certificate, r->key);
        set_blob(t, CURLOPT_SSLCERT_BLOB, both);
        set_blob(t, CURLOPT_SSLKEY_BLOB, both);
        curl_easy_setopt(t->easy, CURLOPT_KEYPASSWD, ""); /* nobody is asked on a terminal */
    }
}

/* Go's programs, kubectl among them, verify an https:// proxy as they do the server: with the
 * cluster's authorities instead of the system's, and not at all where the server is not. What works
 * there works here; a proxy that the whole system trusts does too. */
static void set_proxy_tls(struct transfer *t, const struct http_environment *environment)
{
    const struct http_route *r = t->request->route;
    struct http_authorities system;
    http_authorities(environment, &system);
    const char *authorities = http_proxy_authorities(t->arena, r->ca, &system);
    curl_easy_setopt(t->easy, CURLOPT_PROXY_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(t->easy, CURLOPT_PROXY_SSL_VERIFYPEER, r->insecure ? 0L : 1L);
    curl_easy_setopt(t->easy, CURLOPT_PROXY_SSL_VERIFYHOST, r->insecure ? 0L : 2L);
    curl_easy_setopt(t->easy, CURLOPT_PROXY_CAINFO, NULL);
    curl_easy_setopt(t->easy, CURLOPT_PROXY_CAPATH, system.directory);
    if (authorities)
        set_blob(t, CURLOPT_PROXY_CAINFO_BLOB, authorities);
}

static bool set_proxy(struct transfer *t, const struct http_environment *environment)
{
    const char *proxy, *why;
    if (!http_proxy(t->arena, t->request->route->proxy, environment, &t->target, &proxy, &why))
        return unusable(t, why);
    curl_easy_setopt(t->easy, CURLOPT_PROXY, proxy);
    curl_easy_setopt(t->easy, CURLOPT_NOPROXY, "");
    curl_easy_setopt(t->easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    t->proxy = http_without_user(t->arena, proxy);
    t->proxy_tls = strncasecmp(proxy, "https://", strlen("https://")) == 0;
    if (t->proxy_tls)
        set_proxy_tls(t, environment);
    return true;
}

static void set_transfer(struct transfer *t)
{
    const struct http_request *r = t->request;
    curl_easy_setopt(t->easy, CURLOPT_PRIVATE, t);
    curl_easy_setopt(t->easy, CURLOPT_ERRORBUFFER, t->error);
    curl_easy_setopt(t->easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(t->easy, CURLOPT_QUICK_EXIT, 1L); /* do not wait for the resolver's thread */
    curl_easy_setopt(t->easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(t->easy, CURLOPT_FOLLOWLOCATION, (long)KUBE_REDIRECTS);
    curl_easy_setopt(t->easy, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(t->easy, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(t->easy, CURLOPT_HEADERDATA, t);
    curl_easy_setopt(t->easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(t->easy, CURLOPT_WRITEDATA, t);
    curl_easy_setopt(t->easy, CURLOPT_PREREQFUNCTION, on_ready);
    curl_easy_setopt(t->easy, CURLOPT_PREREQDATA, t);
    curl_easy_setopt(t->easy, CURLOPT_OPENSOCKETFUNCTION, on_socket);
    curl_easy_setopt(t->easy, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_MS);
    curl_easy_setopt(t->easy, CURLOPT_TCP_KEEPALIVE, 1L);
    curl_easy_setopt(t->easy, CURLOPT_TCP_KEEPIDLE, KEEPALIVE_IDLE_S);
    curl_easy_setopt(t->easy, CURLOPT_TCP_KEEPINTVL, KEEPALIVE_INTERVAL_S);
    curl_easy_setopt(t->easy, CURLOPT_MAXAGE_CONN, IDLE_CONNECTION_S);
    if (r->piece) {
        curl_easy_setopt(t->easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
        http_queue_init(&t->job.queue, t->arena);
        return;
    }
    curl_easy_setopt(t->easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
    curl_easy_setopt(t->easy, CURLOPT_ACCEPT_ENCODING, "gzip");
    if (r->timeout_ms > 0)
        curl_easy_setopt(t->easy, CURLOPT_TIMEOUT_MS, (long)r->timeout_ms);
}

bool transfer_prepare(struct transfer *t)
{
    const char *why = http_why_pem(t->request->route);
    if (why)
        return unusable(t, why);
    CURLU *url = curl_url();
    t->easy = curl_easy_init();
    bool ok = t->easy && url ? set_url(t, url) : unusable(t, "out of memory");
    curl_url_cleanup(url);
    struct http_environment environment;
    http_environment(&environment);
    if (!ok || !set_headers(t) || !set_proxy(t, &environment))
        return false;
    /* A text that grows leaves its smaller selves behind: up to four times its size. */
    t->scratch = glm_arena_create(4 * t->request->response_max + SCRATCH_BASE);
    glm_text_init(&t->body, t->scratch, t->request->response_max);
    set_method(t);
    set_tls(t, &environment);
    set_transfer(t);
    return true;
}

void transfer_release(struct transfer *t)
{
    glm_arena_destroy(t->scratch);
    curl_easy_cleanup(t->easy);
    curl_slist_free_all(t->headers);
    curl_slist_free_all(t->connect_to);
}
