/* SPDX-License-Identifier: Apache-2.0
 *
 * One transfer: how it is set up, in the thread of whoever wants it. hear.c is what libcurl
 * tells of it meanwhile.
 */
#include "transfer.h"

#include "glm/shown.h"

#include <string.h>
#include <strings.h>

/* A server that does not finish TCP and TLS in this time will hardly answer either. */
#define CONNECT_MS 15000L
/* Load balancers forget idle connections, some without a word, after a minute at the earliest. */
#define IDLE_CONNECTION_S 50L
#define KEEPALIVE_IDLE_S 30L
#define KEEPALIVE_INTERVAL_S 10L
/* HTTP/2's library sends no more than 64 KiB of headers; a list of libcurl's grows in square time. */
#define HEADERS_MAX ((size_t)60 << 10)
#define HOST_MAX ((size_t)255)

/* A setting that libcurl does not take (it copies texts, and may have no memory for it) must not be
 * missing in silence: a request without its headers would go out as somebody else's. */
#define SET(t, option, value)                                                                      \
    ((t)->refused_setting |= curl_easy_setopt((t)->easy, (option), (value)) != CURLE_OK)

static void append(struct transfer *t, struct curl_slist **list, const char *text)
{
    struct curl_slist *longer = curl_slist_append(*list, text);
    if (longer)
        *list = longer;
    t->refused_setting |= !longer;
}

static const char *part_of(struct transfer *t, CURLU *url, CURLUPart part, unsigned flags)
{
    char *text = NULL;
    CURLUcode code = curl_url_get(url, part, &text, flags);
    t->refused_setting |= code == CURLUE_OUT_OF_MEMORY;
    if (code != CURLUE_OK)
        return NULL;
    const char *copy = glm_strdup(t->job.arena, text);
    curl_free(text);
    return copy;
}

/* The server is asked for by another name, which decides SNI, verification and what connections
 * may be shared; the connection goes to its address, and the Host header stays. */
static bool rename_server(struct transfer *t, CURLU *url, const char *name, const char **ret_why)
{
    struct glm_arena *arena = t->job.arena;
    const struct http_target *to = &t->target;
    const char *given_port = part_of(t, url, CURLUPART_PORT, 0);
    if (curl_url_set(url, CURLUPART_HOST, name, 0) != CURLUE_OK) {
        *ret_why = glm_sprintf(arena, "the server name \"%s\" is not a host name",
                               http_why_clean(arena, name));
        return false;
    }
    const char *host = part_of(t, url, CURLUPART_HOST, 0);
    append(t, &t->connect_to,
           glm_sprintf(arena, "%s:%u:%s:%u", host ? host : "", to->port, to->host, to->port));
    SET(t, CURLOPT_CONNECT_TO, t->connect_to);
    append(t, &t->headers,
           given_port ? glm_sprintf(arena, "Host: %s:%s", to->host, given_port)
                      : glm_sprintf(arena, "Host: %s", to->host));
    return true;
}

static bool set_url(struct transfer *t, const struct http_request *r, CURLU *url,
                    const char **ret_why)
{
    struct glm_arena *arena = t->job.arena;
    const char *name = r->route->server_name;
    CURLUcode code = curl_url_set(url, CURLUPART_URL, r->url, CURLU_DISALLOW_USER);
    if (code == CURLUE_USER_NOT_ALLOWED) {
        *ret_why = "the server's address holds a user or password";
        return false;
    }
    const char *scheme = code ? NULL : part_of(t, url, CURLUPART_SCHEME, 0);
    const char *host = code ? NULL : part_of(t, url, CURLUPART_HOST, 0);
    const char *port = code ? NULL : part_of(t, url, CURLUPART_PORT, CURLU_DEFAULT_PORT);
    if (!scheme || !host || !port ||
        (strcmp(scheme, "https") != 0 && strcmp(scheme, "http") != 0)) {
        *ret_why = glm_sprintf(arena, "%s is not an address of the form https://host:port",
                               http_why_clean(arena, r->url));
        return false;
    }
    uint64_t number = 0; /* libcurl has checked that it is a port */
    glm_digits(port, SIZE_MAX, &number);
    t->target = (struct http_target){scheme, host, (unsigned)number};
    if (name && *name && strcasecmp(name, host) != 0 && !rename_server(t, url, name, ret_why))
        return false;
    SET(t, CURLOPT_URL, part_of(t, url, CURLUPART_URL, 0));
    return true;
}

/* All that goes out before the body. */
static size_t head_len(const struct http_request *r)
{
    size_t len = strlen(r->url);
    for (const char *const *h = r->headers; h && *h; h++)
        len += strlen(*h);
    return len;
}

static bool set_headers(struct transfer *t, const struct http_request *r, const char **ret_why)
{
    bool typed = false;
    size_t head = head_len(r);
    if (head > HEADERS_MAX) {
        *ret_why =
            glm_sprintf(t->job.arena,
                        "the address and headers of the request have %zu bytes, and at most %zu "
                        "can be sent: the token, the password, or whom `impersonate` names, is "
                        "that long",
                        head, HEADERS_MAX);
        return false;
    }
    for (const char *const *h = r->headers; h && *h; h++) {
        const char *value;
        size_t len, name = strcspn(*h, ":");
        /* The value may be a credential, so it is not shown. */
        if (strpbrk(*h, "\r\n")) {
            *ret_why = glm_sprintf(t->job.arena, "the header %s would hold a line break",
                                   glm_shown_n(t->job.arena, *h, name, GLM_SHOWN_KEY_MAX));
            return false;
        }
        typed |= http_header(*h, strlen(*h), "Content-Type", &value, &len);
        append(t, &t->headers, *h);
    }
    append(t, &t->headers, "Expect:");
    if (!typed)
        append(t, &t->headers, "Content-Type:");
    SET(t, CURLOPT_HTTPHEADER, t->headers);
    return true;
}

static void set_method(struct transfer *t, const struct http_request *r)
{
    if (r->body || strcmp(r->method, "POST") == 0) {
        size_t len = r->body ? r->body_len : 0;
        char *body = glm_strndup(t->job.arena, r->body ? r->body : "", len);
        SET(t, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)len);
        SET(t, CURLOPT_POSTFIELDS, body);
    }
    SET(t, CURLOPT_CUSTOMREQUEST, r->method);
}

static struct curl_blob blob_of(struct transfer *t, const char *text)
{
    return (struct curl_blob){glm_strdup(t->job.arena, text), strlen(text), CURL_BLOB_NOCOPY};
}

static void set_tls(struct transfer *t, const struct http_route *r,
                    const struct http_authorities *system)
{
    const char *authorities = r->ca ? r->ca : system->text;
    t->nobody_trusted = !authorities && !system->file && !system->directory;
    SET(t, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    SET(t, CURLOPT_SSL_SESSIONID_CACHE, 0L);
    SET(t, CURLOPT_SSL_VERIFYPEER, r->insecure ? 0L : 1L);
    SET(t, CURLOPT_SSL_VERIFYHOST, r->insecure ? 0L : 2L);
    SET(t, CURLOPT_CERTINFO, 1L);
    /* What libcurl was built with is another system's, and would be trusted besides. */
    SET(t, CURLOPT_CAINFO, r->ca ? NULL : system->file);
    SET(t, CURLOPT_CAPATH, r->ca ? NULL : system->directory);
    if (authorities) {
        struct curl_blob ca = blob_of(t, authorities);
        SET(t, CURLOPT_CAINFO_BLOB, &ca);
    }
    if (r->certificate) {
        /* libcurl shares connections of equal certificates, whatever the keys. With the key in
         * the same blob they differ when it does. */
        struct curl_blob both =
            blob_of(t, glm_sprintf(t->job.arena, "%s\n%s\n", r->certificate, r->key));
        SET(t, CURLOPT_SSLCERT_BLOB, &both);
        SET(t, CURLOPT_SSLKEY_BLOB, &both);
        SET(t, CURLOPT_KEYPASSWD, ""); /* nobody is asked on a terminal */
    }
}

/* Go's programs, kubectl among them, verify an https:// proxy as they do the server: with the
 * cluster's authorities instead of the system's, and not at all where the server is not. What works
 * there works here; a proxy that the whole system trusts does too. */
static void set_proxy_tls(struct transfer *t, const struct http_route *r,
                          const struct http_authorities *system)
{
    const char *authorities = http_trust_of_proxy(t->job.arena, r->ca, system);
    SET(t, CURLOPT_PROXY_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    SET(t, CURLOPT_PROXY_SSL_VERIFYPEER, r->insecure ? 0L : 1L);
    SET(t, CURLOPT_PROXY_SSL_VERIFYHOST, r->insecure ? 0L : 2L);
    SET(t, CURLOPT_PROXY_CAINFO, NULL);
    SET(t, CURLOPT_PROXY_CAPATH, system->directory);
    if (authorities) {
        struct curl_blob ca = blob_of(t, authorities);
        SET(t, CURLOPT_PROXY_CAINFO_BLOB, &ca);
    }
}

static bool is_ascii(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)text[i] > 0x7e)
            return false;
    return true;
}

/* libcurl says of one that it cannot read that its name cannot be resolved. A password with a "/", "#"
 * or "?" that nobody escaped makes the user's name the host. */
static bool is_proxy_address(struct transfer *t, const char *proxy)
{
    const char *rest = strstr(proxy, "://") + strlen("://");
    CURLU *url = curl_url();
    CURLUcode code = url ? curl_url_set(url, CURLUPART_URL, proxy, CURLU_NON_SUPPORT_SCHEME)
                         : CURLUE_OUT_OF_MEMORY;
    curl_url_cleanup(url);
    t->refused_setting |= code == CURLUE_OUT_OF_MEMORY;
    const char *at = strrchr(rest, '@'), *host = at ? at + 1 : rest;
    size_t host_len = strcspn(host, "/?#");
    rest += strcspn(rest, "/?#");
    return code == CURLUE_OK && !strchr(rest, '@') && host_len <= HOST_MAX &&
           is_ascii(host, host_len);
}

static bool set_proxy(struct transfer *t, const struct http_route *r,
                      const struct http_authorities *system, const char **ret_why)
{
    const char *proxy;
    struct http_environment environment;
    http_environment(&environment);
    if (!http_proxy(t->job.arena, r->proxy, &environment, &t->target, &proxy, ret_why))
        return false;
    if (*proxy && !is_proxy_address(t, proxy)) {
        *ret_why = glm_sprintf(t->job.arena,
                               "the address of the proxy %s cannot be used: it must be such as "
                               "http://user:password@proxy.example.com:3128, where of the user and "
                               "the password everything but letters and digits is percent-encoded "
                               "(%%2F for \"/\", as urlencode() of Terraform has it)",
                               http_proxy_address(t->job.arena, proxy));
        return false;
    }
    SET(t, CURLOPT_PROXY, proxy);
    SET(t, CURLOPT_NOPROXY, "");
    SET(t, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    t->proxy = http_proxy_address(t->job.arena, proxy);
    t->proxy_tls = strncasecmp(proxy, "https://", strlen("https://")) == 0;
    if (t->proxy_tls)
        set_proxy_tls(t, r, system);
    return true;
}

static void set_callbacks(struct transfer *t)
{
    SET(t, CURLOPT_PRIVATE, t);
    SET(t, CURLOPT_ERRORBUFFER, t->error);
    SET(t, CURLOPT_HEADERFUNCTION, http_transfer_on_header);
    SET(t, CURLOPT_HEADERDATA, t);
    SET(t, CURLOPT_WRITEFUNCTION, http_transfer_on_body);
    SET(t, CURLOPT_WRITEDATA, t);
    SET(t, CURLOPT_NOPROGRESS, 0L);
    SET(t, CURLOPT_XFERINFOFUNCTION, http_transfer_on_progress);
    SET(t, CURLOPT_XFERINFODATA, t);
    SET(t, CURLOPT_PREREQFUNCTION, http_transfer_on_ready);
    SET(t, CURLOPT_PREREQDATA, t);
    SET(t, CURLOPT_OPENSOCKETFUNCTION, http_transfer_on_socket);
    SET(t, CURLOPT_OPENSOCKETDATA, t);
    /* A connection keeps these two, and may outlive the transfer. */
    SET(t, CURLOPT_CLOSESOCKETFUNCTION, http_transfer_on_close);
    SET(t, CURLOPT_CLOSESOCKETDATA, t->sockets);
}

static void set_transfer(struct transfer *t, const struct http_request *r)
{
    SET(t, CURLOPT_NOSIGNAL, 1L);
    SET(t, CURLOPT_QUICK_EXIT, 1L); /* do not wait for the resolver's thread */
    SET(t, CURLOPT_PROTOCOLS_STR, "http,https");
    SET(t, CURLOPT_FOLLOWLOCATION, (long)HTTP_REDIRECTS);
    SET(t, CURLOPT_PATH_AS_IS, 1L);
    SET(t, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_MS);
    SET(t, CURLOPT_TCP_KEEPALIVE, 1L);
    SET(t, CURLOPT_TCP_KEEPIDLE, KEEPALIVE_IDLE_S);
    SET(t, CURLOPT_TCP_KEEPINTVL, KEEPALIVE_INTERVAL_S);
    SET(t, CURLOPT_MAXAGE_CONN, IDLE_CONNECTION_S);
    if (r->piece) {
        SET(t, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
        http_queue_init(&t->job.queue, t->job.arena);
        return;
    }
    SET(t, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
    SET(t, CURLOPT_ACCEPT_ENCODING, "gzip");
    if (r->timeout_ms > 0)
        SET(t, CURLOPT_TIMEOUT_MS, (long)r->timeout_ms);
}

static void release(struct http_job *job)
{
    struct transfer *t = (struct transfer *)job;
    curl_easy_cleanup(t->easy);
    curl_slist_free_all(t->headers);
    curl_slist_free_all(t->connect_to);
}

struct transfer *http_transfer_create(const struct http_request *request)
{
    /* The body has its ceiling, and what else there is, certificates and headers, has its own. */
    struct glm_arena *arena = glm_arena_create(GLM_ARENA_RPC_LIMIT);
    glm_arena_wipe(arena); /* headers, keys */
    struct transfer *t = GLM_NEW(arena, struct transfer);
    http_job_init(&t->job, arena, release);
    t->response = (struct http_response){.body = "", .retry_after_ms = -1};
    t->proxy = "";
    t->stream = request->piece != NULL;
    t->reads = strcmp(request->method, "GET") == 0;
    t->response_max = request->response_max;
    glm_text_init(&t->body, arena, request->response_max);
    return t;
}

bool http_transfer_prepare(struct transfer *t, const struct http_request *request,
                           const struct http_authorities *system, struct http_sockets *sockets,
                           const char **ret_why)
{
    static const char no_memory[] = "there is no memory for it";
    const struct http_route *route = request->route;
    t->sockets = sockets;
    *ret_why = http_why_pem(route);
    if (*ret_why)
        return false;
    CURLU *url = curl_url();
    t->easy = curl_easy_init();
    *ret_why = no_memory;
    t->refused_setting |= !t->easy || !url;
    bool ok = t->easy && url && set_url(t, request, url, ret_why);
    curl_url_cleanup(url);
    ok = ok && set_headers(t, request, ret_why) && set_proxy(t, route, system, ret_why);
    if (ok) {
        set_method(t, request);
        set_tls(t, route, system);
        set_callbacks(t);
        set_transfer(t, request);
    }
    if (t->refused_setting)
        *ret_why = no_memory;
    return ok && !t->refused_setting;
}
