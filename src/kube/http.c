/* SPDX-License-Identifier: Apache-2.0
 *
 * Transfers, by libcurl: one multi handle, driven by one thread that the first request starts.
 *
 * A request is a struct transfer on the stack of the thread that makes it. That thread sets an easy
 * handle up, hands it to the engine and waits; afterwards it reads the result off the handle and
 * gives it back. In between only the engine's thread touches it. What both touch is under the
 * lock: the list of what was submitted, a stream's queue and the flags beside it.
 *
 * The engine never waits for anything but its sockets, and for no longer than BUSY_MS while there
 * are transfers: so it sees a stop, and streams that have fallen silent.
 */
#include "http_parts.h"

#include "glm/text.h"

#include <curl/curl.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define ENGINE_ARENA ((size_t)64 << 10)
#define BUSY_MS 100
#define IDLE_MS 60000
/* A server that does not finish TCP and TLS in this time will hardly answer either. */
#define CONNECT_MS 15000L
/* Load balancers forget idle connections, some without a word, after a minute at the earliest. */
#define IDLE_CONNECTION_S 50L
#define KEPT_CONNECTIONS 256L /* idle or not; beyond that the oldest idle one is closed */
#define KEEPALIVE_IDLE_S 30L
#define KEEPALIVE_INTERVAL_S 10L
#define AUDIT_ID_MAX 256
#define RETRY_AFTER_MAX_S ((int64_t)24 * 3600)

/* Requests and streams have an engine each, so that they never share a connection: a stream whose
 * reader is slow is paused, and libcurl then reads nothing more of an HTTP/2 connection. */
struct engine {
    struct glm_http *http;
    CURLM *multi;
    pthread_t thread;
    struct transfer *active; /* its own */
    /* under the lock */
    struct transfer *submitted; /* newest first */
    bool started;
};

enum { ENGINE_REQUESTS, ENGINE_STREAMS, ENGINES };

struct glm_http {
    struct glm_arena *arena;
    const atomic_bool *stop;
    struct engine engines[ENGINES];
    pthread_mutex_t lock;
    pthread_cond_t left; /* a caller has left */
    size_t callers;      /* in http_perform, past its beginning */
    bool ending;
};

enum ending { ENDED_BY_ITSELF, ENDED_STOPPED, ENDED_SILENT, ENDED_ENOUGH };

struct transfer {
    struct transfer *next;
    struct glm_http *http;
    struct engine *engine;
    const struct http_request *request;
    struct http_response *response;
    struct glm_arena *arena;
    CURL *easy;
    struct curl_slist *headers, *connect_to;
    struct http_target target; /* the server itself, whatever name it is verified by */
    const char *proxy;         /* without its user; "": none */
    char error[CURL_ERROR_SIZE];

    /* the engine's until `done` */
    struct glm_text body;
    int64_t heard_ms;  /* when something came last, by now_ms */
    unsigned attempts; /* how often the request was given to a connection */
    bool too_large, repeat_refused;
    CURLcode code;
    enum ending ended;

    /* under the lock */
    pthread_cond_t changed;
    struct http_queue queue;
    bool streaming; /* a piece was queued: from now on the arena is the reader's alone */
    bool paused, resume, enough, done;
};

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool is_halted(const struct transfer *t)
{
    return atomic_load(t->http->stop) || (t->request->cancel && atomic_load(t->request->cancel));
}

static long status_of(const struct transfer *t)
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

static size_t on_header(char *line, size_t size, size_t count, void *context)
{
    struct transfer *t = context;
    size_t len = size * count, value_len;
    const char *value;
    t->heard_ms = now_ms();
    if (t->streaming) /* a trailer: the arena is not ours any more */
        return len;
    if (len > 5 && strncmp(line, "HTTP/", 5) == 0) { /* a new beginning, after a 1xx */
        t->response->retry_after_ms = -1;
        t->response->audit_id = NULL;
    } else if (http_header(line, len, "Retry-After", &value, &value_len)) {
        t->response->retry_after_ms = retry_after(glm_strndup(t->arena, value, value_len));
    } else if (http_header(line, len, "Audit-Id", &value, &value_len) && value_len &&
               value_len <= AUDIT_ID_MAX) {
        t->response->audit_id = glm_utf8_clean(t->arena, value, value_len);
    }
    return len;
}

static size_t queue_piece(struct transfer *t, const char *data, size_t len)
{
    pthread_mutex_lock(&t->http->lock);
    t->streaming = true;
    t->paused = !http_queue_put(&t->queue, data, len);
    bool paused = t->paused;
    pthread_cond_signal(&t->changed);
    pthread_mutex_unlock(&t->http->lock);
    return paused ? CURL_WRITEFUNC_PAUSE : len;
}

static size_t on_body(char *data, size_t size, size_t count, void *context)
{
    struct transfer *t = context;
    size_t len = size * count;
    t->heard_ms = now_ms();
    if (t->request->piece && status_of(t) / 100 == 2)
        return queue_piece(t, data, len);
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

/* ---- an engine's thread ---- */

static void finish(struct transfer **link, CURLcode code, enum ending ended)
{
    struct transfer *t = *link;
    *link = t->next;
    curl_multi_remove_handle(t->engine->multi, t->easy);
    pthread_mutex_t *lock = &t->http->lock;
    pthread_mutex_lock(lock);
    t->code = code;
    t->ended = ended;
    t->done = true;
    pthread_cond_signal(&t->changed);
    pthread_mutex_unlock(lock); /* from here on it is gone */
}

/* Takes over what was submitted; true while the engine shall go on. */
static bool admit(struct engine *engine)
{
    pthread_mutex_lock(&engine->http->lock);
    struct transfer *fresh = engine->submitted;
    engine->submitted = NULL;
    bool ending = engine->http->ending;
    pthread_mutex_unlock(&engine->http->lock);
    while (fresh) {
        struct transfer *t = fresh;
        fresh = t->next;
        t->next = engine->active;
        engine->active = t;
        t->heard_ms = now_ms();
        if (curl_multi_add_handle(engine->multi, t->easy) != CURLM_OK)
            finish(&engine->active, CURLE_FAILED_INIT, ENDED_BY_ITSELF);
    }
    return !ending;
}

/* Ends what has to end, lets go on what may go on. */
static void review(struct engine *engine, bool ending)
{
    int64_t now = now_ms();
    for (struct transfer **link = &engine->active, *t; (t = *link);) {
        pthread_mutex_lock(&t->http->lock);
        bool resume = t->resume, paused = t->paused, enough = t->enough;
        t->resume = false;
        pthread_mutex_unlock(&t->http->lock);
        if (resume || paused) /* the silence is ours */
            t->heard_ms = now;
        if (ending || is_halted(t)) {
            finish(link, CURLE_OK, ENDED_STOPPED);
        } else if (enough) {
            finish(link, CURLE_OK, ENDED_ENOUGH);
        } else if (t->request->piece && t->request->timeout_ms > 0 &&
                   now - t->heard_ms >= t->request->timeout_ms) {
            finish(link, CURLE_OPERATION_TIMEDOUT, ENDED_SILENT);
        } else {
            if (resume)
                curl_easy_pause(t->easy, CURLPAUSE_CONT);
            link = &t->next;
        }
    }
}

static void collect(struct engine *engine)
{
    int left;
    for (CURLMsg *message; (message = curl_multi_info_read(engine->multi, &left));) {
        if (message->msg != CURLMSG_DONE)
            continue;
        CURLcode code = message->data.result;
        struct transfer **link = &engine->active;
        while ((*link)->easy != message->easy_handle)
            link = &(*link)->next;
        finish(link, code, ENDED_BY_ITSELF);
    }
}

static void *drive(void *context)
{
    struct engine *engine = context;
    for (bool going = true; going;) {
        going = admit(engine);
        review(engine, !going);
        int running;
        curl_multi_perform(engine->multi, &running);
        collect(engine);
        if (going)
            curl_multi_poll(engine->multi, NULL, 0, engine->active ? BUSY_MS : IDLE_MS, NULL);
    }
    return NULL;
}

/* Under the lock. 0, or an errno. */
static int start(struct engine *engine)
{
    if (engine->started)
        return 0;
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return ENOMEM;
    engine->multi = curl_multi_init();
    int error = engine->multi ? 0 : ENOMEM;
    if (!error) {
        bool streams = engine == &engine->http->engines[ENGINE_STREAMS];
        curl_multi_setopt(engine->multi, CURLMOPT_PIPELINING,
                          streams ? CURLPIPE_NOTHING : CURLPIPE_MULTIPLEX);
        curl_multi_setopt(engine->multi, CURLMOPT_MAXCONNECTS, KEPT_CONNECTIONS);
        /* Signals are for the program's own threads. */
        sigset_t all, before;
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &before);
        error = pthread_create(&engine->thread, NULL, drive, engine);
        pthread_sigmask(SIG_SETMASK, &before, NULL);
    }
    engine->started = error == 0;
    if (error) {
        curl_multi_cleanup(engine->multi);
        curl_global_cleanup();
    }
    return error;
}

struct glm_http *glm_http_create(const atomic_bool *stop)
{
    struct glm_arena *arena = glm_arena_create(ENGINE_ARENA);
    struct glm_http *http = GLM_NEW(arena, struct glm_http);
    http->arena = arena;
    http->stop = stop;
    for (size_t i = 0; i < ENGINES; i++)
        http->engines[i].http = http;
    pthread_mutex_init(&http->lock, NULL);
    pthread_cond_init(&http->left, NULL);
    return http;
}

void glm_http_destroy(struct glm_http *http)
{
    if (!http)
        return;
    pthread_mutex_lock(&http->lock);
    http->ending = true;
    for (size_t i = 0; i < ENGINES; i++)
        if (http->engines[i].started)
            curl_multi_wakeup(http->engines[i].multi);
    while (http->callers)
        pthread_cond_wait(&http->left, &http->lock);
    pthread_mutex_unlock(&http->lock);
    for (size_t i = 0; i < ENGINES; i++)
        if (http->engines[i].started) {
            pthread_join(http->engines[i].thread, NULL);
            curl_multi_cleanup(http->engines[i].multi);
            curl_global_cleanup();
        }
    pthread_cond_destroy(&http->left);
    pthread_mutex_destroy(&http->lock);
    glm_arena_destroy(http->arena);
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
                                           glm_utf8_clean(t->arena, *h, name)));
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

/* Not copied: the text lives as long as the transfer. */
static void set_blob(struct transfer *t, CURLoption option, const char *text)
{
    struct curl_blob blob = {
        .data = (void *)(uintptr_t)text, .len = strlen(text), .flags = CURL_BLOB_NOCOPY};
    curl_easy_setopt(t->easy, option, &blob);
}

static void set_tls(struct transfer *t, const struct http_environment *environment)
{
    const struct http_route *r = t->request->route;
    struct http_authorities system;
    http_authorities(environment, &system);
    curl_easy_setopt(t->easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(t->easy, CURLOPT_SSL_SESSIONID_CACHE, 0L);
    curl_easy_setopt(t->easy, CURLOPT_SSL_VERIFYPEER, r->insecure ? 0L : 1L);
    curl_easy_setopt(t->easy, CURLOPT_SSL_VERIFYHOST, r->insecure ? 0L : 2L);
    curl_easy_setopt(t->easy, CURLOPT_CERTINFO, 1L);
    /* What libcurl was built with is another system's, and would be trusted besides. */
    curl_easy_setopt(t->easy, CURLOPT_CAINFO, r->ca ? NULL : system.file);
    curl_easy_setopt(t->easy, CURLOPT_CAPATH, r->ca ? NULL : system.directory);
    curl_easy_setopt(t->easy, CURLOPT_PROXY_CAINFO, system.file);
    curl_easy_setopt(t->easy, CURLOPT_PROXY_CAPATH, system.directory);
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

static bool set_proxy(struct transfer *t, const struct http_environment *environment)
{
    const char *proxy, *why;
    if (!http_proxy(t->arena, t->request->route->proxy, environment, &t->target, &proxy, &why))
        return unusable(t, why);
    curl_easy_setopt(t->easy, CURLOPT_PROXY, proxy);
    curl_easy_setopt(t->easy, CURLOPT_NOPROXY, "");
    curl_easy_setopt(t->easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    t->proxy = http_without_user(t->arena, proxy);
    return true;
}

static void set_transfer(struct transfer *t)
{
    const struct http_request *r = t->request;
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
        http_queue_init(&t->queue, t->arena);
        return;
    }
    curl_easy_setopt(t->easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
    curl_easy_setopt(t->easy, CURLOPT_ACCEPT_ENCODING, "gzip");
    if (r->timeout_ms > 0)
        curl_easy_setopt(t->easy, CURLOPT_TIMEOUT_MS, (long)r->timeout_ms);
}

static bool prepare(struct transfer *t)
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
    glm_text_init(&t->body, t->arena, t->request->response_max);
    set_method(t);
    set_tls(t, &environment);
    set_transfer(t);
    return true;
}

/* ---- what came of it: in the caller's thread ---- */

static enum http_failed kind_of(const struct transfer *t)
{
    if (t->ended == ENDED_STOPPED)
        return HTTP_FAILED_STOPPED;
    if (t->too_large)
        return HTTP_FAILED_SIZE;
    if (t->repeat_refused)
        return HTTP_FAILED_BROKEN;
    switch (t->code) {
    case CURLE_OK:
        return HTTP_FAILED_NOT;
    case CURLE_COULDNT_RESOLVE_HOST:
        return HTTP_FAILED_NAME;
    case CURLE_COULDNT_RESOLVE_PROXY:
        return HTTP_FAILED_PROXY_NAME;
    case CURLE_PROXY:
        return HTTP_FAILED_PROXY;
    case CURLE_COULDNT_CONNECT:
        return HTTP_FAILED_CONNECT;
    case CURLE_OPERATION_TIMEDOUT:
        return HTTP_FAILED_TIME;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_ISSUER_ERROR:
        return HTTP_FAILED_VERIFY;
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
        return status_of(t) ? HTTP_STEP_BODY : HTTP_STEP_ANSWER;
    return !found ? HTTP_STEP_NAME : !connected ? HTTP_STEP_CONNECT : HTTP_STEP_TLS;
}

static void explain(struct transfer *t, enum http_failed kind)
{
    long os_error = 0, verified = 0, proxy_status = 0, proxy_error = 0;
    curl_off_t spent = 0;
    curl_easy_getinfo(t->easy, CURLINFO_OS_ERRNO, &os_error);
    curl_easy_getinfo(t->easy, CURLINFO_SSL_VERIFYRESULT, &verified);
    curl_easy_getinfo(t->easy, CURLINFO_HTTP_CONNECTCODE, &proxy_status);
    curl_easy_getinfo(t->easy, CURLINFO_PROXY_ERROR, &proxy_error);
    curl_easy_getinfo(t->easy, CURLINFO_TOTAL_TIME_T, &spent);
    const struct http_route *route = t->request->route;
    const struct http_failure failure = {
        .kind = kind,
        .step = step_of(t),
        .text = t->error[0] ? t->error : curl_easy_strerror(t->code),
        .target = &t->target,
        .name = route->server_name && *route->server_name ? route->server_name : t->target.host,
        .proxy = t->proxy,
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
        .with_certificate = route->certificate != NULL,
        .silent = t->ended == ENDED_SILENT,
        .spent_ms = t->ended == ENDED_SILENT ? t->request->timeout_ms : spent / 1000,
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
    t->response->status = (int)status_of(t);
    t->response->body = t->body.data;
    t->response->len = t->body.len;
}

/* Waits for the end; until then gives the pieces of a stream to its reader. */
static void attend(struct transfer *t)
{
    pthread_mutex_t *lock = &t->http->lock;
    pthread_mutex_lock(lock);
    for (;;) {
        while (!t->done && (!t->queue.len || t->enough))
            pthread_cond_wait(&t->changed, lock);
        if (t->done && (!t->queue.len || t->enough || t->ended == ENDED_STOPPED))
            break;
        size_t len;
        const char *data = http_queue_front(&t->queue, &len);
        pthread_mutex_unlock(lock);
        bool more = !is_halted(t) && t->request->piece(t->request->context, data, len);
        pthread_mutex_lock(lock);
        http_queue_drop(&t->queue, len);
        t->enough = !more;
        t->resume = t->paused && t->queue.len <= HTTP_QUEUE_SIZE / 2;
        t->paused &= !t->resume;
        if (!t->done && (t->enough || t->resume))
            curl_multi_wakeup(t->engine->multi);
    }
    pthread_mutex_unlock(lock);
}

static void submit(struct transfer *t)
{
    pthread_mutex_lock(&t->http->lock);
    t->next = t->engine->submitted;
    t->engine->submitted = t;
    curl_multi_wakeup(t->engine->multi);
    pthread_mutex_unlock(&t->http->lock);
}

/* Counts the caller in; false when there is no engine, or will be none. */
static bool enter(struct transfer *t)
{
    struct http_response *response = t->response;
    pthread_mutex_lock(&t->http->lock);
    bool halted = t->http->ending || is_halted(t);
    int error = halted ? 0 : start(t->engine);
    bool ok = !halted && !error;
    t->http->callers += ok;
    pthread_mutex_unlock(&t->http->lock);
    if (halted) {
        response->outcome = HTTP_STOPPED;
        response->why = "stopped before it began";
    } else if (error) {
        unusable(t, glm_sprintf(t->arena, "no thread for it can be started (errno %d)", error));
    }
    return ok;
}

static void leave(struct glm_http *http)
{
    pthread_mutex_lock(&http->lock);
    http->callers--;
    pthread_cond_broadcast(&http->left);
    pthread_mutex_unlock(&http->lock);
}

void http_perform(struct glm_http *http, struct glm_arena *arena,
                  const struct http_request *request, struct http_response *ret_response)
{
    *ret_response = (struct http_response){.body = "", .retry_after_ms = -1};
    struct transfer t = {
        .http = http,
        .engine = &http->engines[request->piece ? ENGINE_STREAMS : ENGINE_REQUESTS],
        .request = request,
        .response = ret_response,
        .arena = arena,
    };
    if (!enter(&t))
        return;
    if (prepare(&t)) {
        pthread_cond_init(&t.changed, NULL);
        submit(&t);
        attend(&t);
        pthread_cond_destroy(&t.changed);
        conclude(&t);
    }
    curl_easy_cleanup(t.easy);
    curl_slist_free_all(t.headers);
    curl_slist_free_all(t.connect_to);
    leave(http);
}
