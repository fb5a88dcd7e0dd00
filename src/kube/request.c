/* SPDX-License-Identifier: Apache-2.0
 *
 * One request to an API server, to its end: who we are, how often it is tried, what was answered.
 *
 * Owner:  the api has an arena of its own; answers live in the caller's.
 * Errors: refusal.c's.
 * Thread: any number at once; at most REQUESTS_AT_ONCE of them are under way, watches not counted.
 */
#include "aside.h"
#include "secrets.h"
#include "store.h"

#include <string.h>

#define REQUESTS_AT_ONCE 32
#define ACCESS_LIMIT GLM_ARENA_RPC_LIMIT
#define SECRETS_LIMIT ((size_t)1 << 30) /* what is looked for in answers, several forms of each */
#define ATTEMPT_LIMIT ((size_t)2 << 30) /* far more than the largest answer takes in memory */
#define RESOLVE_MS 30000                /* how long the files that an entry names are waited for */
#define BODY_SHOWN ((size_t)4 << 10)

/* A connection that cannot be made, or broke, is tried again a few times, for a short time. */
#define CONNECT_TRIES 4
#define CONNECT_BACKOFF_MS 250
#define CONNECT_BUDGET_MS 5000
/* A server that is busy says so fast and is asked again for longer. */
#define BUSY_TRIES 8
#define BUSY_BACKOFF_MS 400
#define BUSY_BUDGET_MS 60000
#define BUSY_WAIT_MAX_MS 20000
/* For so long a server that could not be reached is not waited for again. */
#define DOWN_MS 15000
#define WATCH_SILENCE_MS 90000 /* bookmarks come every minute */

struct kube_api {
    struct glm_arena *arena;
    struct glm_live_config config;
    const char *user_agent; /* the header */

    pthread_mutex_t lock;
    pthread_cond_t changed;
    /* under the lock */
    struct aside *way; /* the way in, being found or found; NULL: not asked for yet */
    bool resolved;
    unsigned running;
    int64_t answered_ms;          /* when the server last answered anybody; 0: never */
    int64_t down_since_ms;        /* 0: it is not */
    struct glm_arena *down_arena; /* of the answer */
    struct http_response down;
    const struct secrets *secrets; /* of what was last sent; NULL: nothing was yet */
    const char *sent, *sent_key;

    /* once resolved, constant */
    struct access access; /* in the arena of `way` */
    struct credentials *credentials;
};

/* ---- the api ---- */

static void release_arena(void *arena)
{
    glm_arena_destroy(arena);
}

struct kube_api *kube_api_create(const struct glm_live_config *config)
{
    struct glm_arena *arena = glm_arena_create(ACCESS_LIMIT);
    struct kube_api *api = GLM_NEW(arena, struct kube_api);
    glm_arena_wipe(arena);
    api->arena = arena;
    api->config = (struct glm_live_config){
        .name = glm_strdup(arena, config->name),
        .entry = glm_copy(arena, config->entry),
        .config_paths = config->config_paths ? glm_copy(arena, config->config_paths) : &glm_null,
        .field_manager = glm_strdup(arena, config->field_manager),
        .user_agent = glm_strdup(arena, config->user_agent),
        .stop = config->stop,
        .http = config->http,
        .exec_cache = config->exec_cache,
    };
    api->user_agent = glm_sprintf(arena, "User-Agent: %s", config->user_agent);
    pthread_mutex_init(&api->lock, NULL);
    kube_cond_init(&api->changed);
    return api;
}

void kube_api_destroy(struct kube_api *api)
{
    if (!api)
        return;
    if (api->resolved)
        credentials_destroy(api->credentials);
    aside_drop(api->way);
    glm_arena_destroy(api->down_arena);
    pthread_cond_destroy(&api->changed);
    pthread_mutex_destroy(&api->lock);
    glm_arena_destroy(api->arena);
}

const struct access *kube_api_access(struct kube_api *api)
{
    pthread_mutex_lock(&api->lock);
    bool resolved = api->resolved;
    pthread_mutex_unlock(&api->lock);
    return resolved ? &api->access : NULL;
}

bool kube_api_stopped(const struct kube_api *api)
{
    return atomic_load(api->config.stop);
}

const struct glm_live_config *kube_api_config(const struct kube_api *api)
{
    return &api->config;
}

/* The way in, found for all in a thread of its own: files are read on the way, and a file system that
 * has gone away must hold nobody. */
struct resolving {
    struct glm_live_config config;
    bool ok;
    struct access access;
    struct glm_diags said;
};

static void find_way(struct glm_arena *arena, void *context, const atomic_bool *left)
{
    struct resolving *r = context;
    (void)left;
    r->ok = access_resolve(arena, &r->config, &r->access, &r->said);
}

/* With the lock held. NULL: *ret_error is an errno. */
static struct aside *way_of(struct kube_api *api, int *ret_error)
{
    if (api->way)
        return aside_take(api->way);
    struct glm_arena *arena = glm_arena_create(ACCESS_LIMIT);
    struct resolving *r = GLM_NEW(arena, struct resolving);
    glm_arena_wipe(arena);
    r->config.name = glm_strdup(arena, api->config.name);
    r->config.entry = glm_copy(arena, api->config.entry);
    r->config.config_paths = glm_copy(arena, api->config.config_paths);
    glm_diags_init(&r->said, arena);
    api->way = aside_begin(arena, find_way, r, ret_error);
    if (!api->way)
        glm_arena_destroy(arena);
    return aside_take(api->way);
}

/* With the lock held. Takes over what was found, once; what was not is looked for again. */
static bool take_way(struct kube_api *api, struct aside *way)
{
    const struct resolving *r = aside_context(way);
    if (api->way == way && !r->ok) {
        api->way = NULL;
        aside_drop(way);
    } else if (api->way == way && !api->resolved) {
        api->access = r->access;
        api->access.owner = way;
        api->credentials =
            credentials_create(&api->access, api->config.exec_cache, api->config.stop);
        api->resolved = true;
    }
    return r->ok;
}

static bool no_way(enum aside_end end, int error, struct glm_diags *d)
{
    if (end == ASIDE_STOPPED)
        return glm_error(d, NULL, "Interrupted",
                         "Terraform is stopping: the files that the cluster's entry names had not "
                         "been read yet.");
    if (error)
        return glm_error(
            d, NULL, "The cluster's files cannot be read",
            "The files that the cluster's entry names are read in a thread of its own, "
            "which cannot be started: this system lets the process have no more (%d).",
            error);
    return glm_error(d, NULL, "The cluster's files cannot be read",
                     "The files that the cluster's entry names (a kubeconfig, certificates, keys) "
                     "could not be read when the time was over: a file system that one of them is "
                     "on does not answer.");
}

static bool resolve(struct kube_api *api, const struct kube_request *request, bool *ret_late,
                    struct glm_diags *d)
{
    int64_t limit = glm_clock_ms() + RESOLVE_MS, until = request->until_ms;
    int error = 0;
    pthread_mutex_lock(&api->lock);
    bool resolved = api->resolved;
    struct aside *way = resolved ? NULL : way_of(api, &error);
    pthread_mutex_unlock(&api->lock);
    if (resolved)
        return true;
    enum aside_end end = way ? aside_wait(way, api->config.stop, request->cancel,
                                          until && until < limit ? until : limit)
                             : ASIDE_LATE;
    *ret_late = end == ASIDE_LATE && kube_late(until);
    if (end != ASIDE_DONE) {
        aside_drop(way);
        return no_way(end, error, d);
    }
    pthread_mutex_lock(&api->lock);
    bool first = !api->resolved;
    resolved = take_way(api, way);
    pthread_mutex_unlock(&api->lock);
    if (!resolved || first) /* why not, or what it warns of */
        glm_diags_append(d, NULL, &((const struct resolving *)aside_context(way))->said);
    aside_drop(way);
    return resolved;
}

/* ---- one request ---- */

struct trying {
    struct kube_api *api;
    const struct kube_request *request;
    struct kube_answer *answer;
    struct glm_arena *arena;    /* of the credentials; what is answered is copied out of both */
    struct glm_arena *transfer; /* of the last attempt: only one answer is in memory at a time */
    struct credential credential;
    int64_t began_ms;
    bool refreshed; /* a new credential was got after a 401 */
    bool patient;   /* the server was not known to be down */
    bool cut;       /* the last attempt had less time than one request may take */
};

static const char *const *headers_of(struct trying *t)
{
    size_t own = 0, count = 0;
    const char *const *extra = t->api->access.headers;
    while (extra && extra[own])
        own++;
    const char **headers = GLM_NEW_ARRAY(t->arena, own + 5, const char *);
    headers[count++] = "Accept: application/json";
    headers[count++] = t->api->user_agent;
    if (t->request->content_type)
        headers[count++] = glm_sprintf(t->arena, "Content-Type: %s", t->request->content_type);
    if (t->credential.authorization)
        headers[count++] = glm_sprintf(t->arena, "Authorization: %s", t->credential.authorization);
    for (size_t i = 0; i < own; i++)
        headers[count++] = extra[i];
    return headers;
}

static void attempt(struct trying *t, int64_t timeout_ms)
{
    const struct kube_request *r = t->request;
    const struct access *access = &t->api->access;
    struct http_route route = access->route;
    if (t->credential.certificate) {
        route.certificate = t->credential.certificate;
        route.key = t->credential.key;
    }
    const struct http_request http = {
        .route = &route,
        .method = r->method,
        .url = url_of(t->arena, access->server, r->kind, r->namespace_, r->name, r->query),
        .headers = headers_of(t),
        .body = r->body,
        .body_len = r->body_len,
        .timeout_ms = r->piece ? WATCH_SILENCE_MS : timeout_ms,
        .response_max = r->answer_max ? r->answer_max : KUBE_ANSWER_MAX,
        .piece = r->piece,
        .context = r->context,
        .cancel = r->cancel,
        .end_ms = r->end_ms,
        .begun = r->begun,
    };
    t->answer->tries++;
    t->cut = timeout_ms < access->timeout_ms;
    glm_arena_destroy(t->transfer);
    t->transfer = glm_arena_create(ATTEMPT_LIMIT);
    glm_arena_wipe(t->transfer);
    http_perform(t->api->config.http, t->transfer, &http, &t->answer->http);
    t->answer->status = t->answer->http.outcome == HTTP_ANSWERED ? t->answer->http.status : 0;
    t->answer->last_status = t->answer->status;
}

static int64_t backoff(int64_t first_ms, unsigned tries)
{
    int64_t ms = first_ms;
    for (unsigned i = 1; i < tries && ms < BUSY_WAIT_MAX_MS; i++)
        ms *= 2;
    return kube_jitter(ms < BUSY_WAIT_MAX_MS ? ms : BUSY_WAIT_MAX_MS);
}

/* Another attempt may help at once; after a timeout it would only last as long again. */
static bool unreachable(enum http_outcome outcome)
{
    return outcome == HTTP_NO_NAME || outcome == HTTP_NO_CONNECT || outcome == HTTP_NO_PROXY ||
           outcome == HTTP_NO_TLS || outcome == HTTP_BROKEN;
}

/* Attempts and waits together take no longer than one request may. */
static bool in_time(const struct trying *t, int64_t milliseconds, int64_t budget_ms)
{
    int64_t timeout_ms = t->api->access.timeout_ms;
    return milliseconds < (budget_ms < timeout_ms ? budget_ms : timeout_ms);
}

/* How long to wait before the next attempt; -1: this answer is the last. */
static int64_t again_after(const struct trying *t)
{
    const struct http_response *http = &t->answer->http;
    int64_t spent = glm_clock_ms() - t->began_ms;
    bool repeatable = t->request->safe_to_repeat;
    if (t->request->piece)
        return -1; /* a watch is begun again by whoever follows */
    if (http->outcome != HTTP_ANSWERED) {
        if (!unreachable(http->outcome) || !t->patient || t->answer->tries >= CONNECT_TRIES ||
            (http->sent && !repeatable))
            return -1;
        int64_t wait = backoff(CONNECT_BACKOFF_MS, t->answer->tries);
        return in_time(t, spent + wait, CONNECT_BUDGET_MS) ? wait : -1;
    }
    int status = http->status;
    /* 429: not carried out. The others may come from a proxy after the request was passed on. */
    bool busy = status == 429 ||
                (repeatable && (status == 502 || status == 503 || status == 504)) ||
                (repeatable && status >= 500 && http->retry_after_ms >= 0);
    if (!busy || t->answer->tries >= BUSY_TRIES)
        return -1;
    int64_t wait = backoff(BUSY_BACKOFF_MS, t->answer->tries);
    if (http->retry_after_ms > BUSY_WAIT_MAX_MS)
        return -1;
    if (http->retry_after_ms > wait)
        wait = http->retry_after_ms + kube_jitter(BUSY_BACKOFF_MS);
    return in_time(t, spent + wait, BUSY_BUDGET_MS) ? wait : -1;
}

static bool late(const struct trying *t)
{
    return kube_late(t->request->until_ms);
}

/* Why a wait ends before its time: the provider stops, or this request is of no use any more. */
static bool stopping(const struct trying *t)
{
    return kube_api_stopped(t->api) || late(t) ||
           (t->request->cancel && atomic_load(t->request->cancel));
}

/* False when it is time to stop. */
static bool rest(struct trying *t, int64_t milliseconds)
{
    int64_t until = glm_clock_ms() + milliseconds;
    pthread_mutex_lock(&t->api->lock);
    while (glm_clock_ms() < until && !stopping(t))
        kube_cond_wait(&t->api->changed, &t->api->lock, until);
    pthread_mutex_unlock(&t->api->lock);
    return !stopping(t);
}

/* Waits for its turn. False when it is time to stop. */
static bool enter(struct trying *t)
{
    struct kube_api *api = t->api;
    if (t->request->piece)
        return true;
    pthread_mutex_lock(&api->lock);
    while (api->running >= REQUESTS_AT_ONCE && !stopping(t))
        kube_cond_wait(&api->changed, &api->lock, INT64_MAX);
    bool going = !stopping(t);
    api->running += going;
    pthread_mutex_unlock(&api->lock);
    return going;
}

static void leave(struct trying *t)
{
    struct kube_api *api = t->api;
    if (t->request->piece)
        return;
    pthread_mutex_lock(&api->lock);
    api->running--;
    pthread_cond_broadcast(&api->changed);
    pthread_mutex_unlock(&api->lock);
}

/* A server that was just waited for in vain is not waited for by every request after that. False:
 * the answer is that of the one before. */
static bool worth_trying(struct trying *t)
{
    struct kube_api *api = t->api;
    pthread_mutex_lock(&api->lock);
    bool down = api->down_since_ms && glm_clock_ms() - api->down_since_ms < DOWN_MS;
    bool known = down && api->down.outcome == HTTP_TIMEOUT;
    if (known) {
        t->answer->http = api->down;
        t->answer->http.why = glm_strdup(t->arena, api->down.why);
        t->answer->known_ms = glm_clock_ms() - api->down_since_ms + 1;
    }
    t->patient = !down;
    pthread_mutex_unlock(&api->lock);
    return !known;
}

/* Down is what cannot be reached, or has answered nobody for as long as a request lasts. */
static void remember_reach(struct trying *t)
{
    struct kube_api *api = t->api;
    const struct http_response *http = &t->answer->http;
    bool silent = http->outcome == HTTP_TIMEOUT && !t->request->piece;
    if (silent && t->cut)
        return; /* with more time there might have been an answer */
    bool down = silent || http->outcome == HTTP_NO_NAME || http->outcome == HTTP_NO_CONNECT ||
                http->outcome == HTTP_NO_PROXY;
    if (!down && http->outcome != HTTP_ANSWERED)
        return;
    pthread_mutex_lock(&api->lock);
    if (!down)
        api->answered_ms = glm_clock_ms();
    else if (silent && api->answered_ms >= t->began_ms)
        down = false; /* it only took long */
    api->down_since_ms = down ? glm_clock_ms() : 0;
    if (down) {
        struct glm_arena *arena = glm_arena_create(GLM_ARENA_RPC_LIMIT);
        const char *why = glm_strdup(arena, http->why ? http->why : "");
        glm_arena_destroy(api->down_arena);
        api->down = (struct http_response){
            .outcome = http->outcome, .body = "", .retry_after_ms = -1, .why = why};
        api->down_arena = arena;
    }
    pthread_mutex_unlock(&api->lock);
}

/* What an attempt may take: no longer than the caller has. */
static int64_t time_left(const struct trying *t)
{
    int64_t most = t->api->access.timeout_ms, until_ms = t->request->until_ms;
    int64_t left = until_ms - glm_clock_ms();
    return !until_ms || left >= most ? most : left > 1 ? left : 1;
}

/* A server that sends back what it was sent must not bring a credential into a message. */
static void learn(struct trying *t)
{
    struct kube_api *api = t->api;
    const struct credential *c = &t->credential;
    pthread_mutex_lock(&api->lock);
    const char *sent = c->authorization ? c->authorization : "", *key = c->key ? c->key : "";
    if (!api->secrets || strcmp(api->sent, sent) != 0 || strcmp(api->sent_key, key) != 0) {
        /* The ones before go on being looked at by others. */
        struct glm_arena *arena = glm_arena_create(SECRETS_LIMIT);
        glm_arena_wipe(arena);
        glm_arena_defer(api->arena, release_arena, arena);
        api->secrets = secrets_of(arena, &api->access, c);
        api->sent = glm_strdup(arena, sent);
        api->sent_key = glm_strdup(arena, key);
    }
    pthread_mutex_unlock(&api->lock);
}

/* All attempts. False when a credential cannot be got; a diagnostic says why. */
static bool try_all(struct trying *t, struct glm_diags *d)
{
    uint64_t refused = 0;
    for (;;) {
        if (!credentials_get(t->api->credentials, t->arena, refused, t->request->until_ms,
                             &t->credential, d))
            return false;
        learn(t);
        if (t->refreshed && t->credential.generation == refused)
            return true; /* there is no other: the 401 stands */
        attempt(t, time_left(t));
        if (t->answer->status == 401 && !t->refreshed) {
            t->refreshed = true;
            refused = t->credential.generation;
            continue;
        }
        refused = 0;
        int64_t wait = again_after(t);
        if (wait < 0)
            return true;
        t->answer->repeated |= t->answer->http.outcome != HTTP_ANSWERED && t->answer->http.sent;
        t->answer->repeated |= t->answer->status >= 500;
        if (!rest(t, wait)) {
            t->answer->http.outcome = late(t) ? HTTP_TIMEOUT : HTTP_STOPPED;
            t->answer->status = 0;
            return true;
        }
    }
}

static const struct secrets *secrets_known(struct kube_api *api)
{
    pthread_mutex_lock(&api->lock);
    const struct secrets *secrets = api->secrets;
    pthread_mutex_unlock(&api->lock);
    return secrets;
}

const struct glm_value *kube_api_starred(struct kube_api *api, struct glm_arena *arena,
                                         const struct glm_value *answer)
{
    const struct secrets *secrets = secrets_known(api);
    return secrets ? secrets_starred_answer(secrets, arena, answer) : answer;
}

static const char *starred(struct trying *t, struct glm_arena *arena, const char *text)
{
    const struct secrets *secrets = secrets_known(t->api);
    if (!text)
        return NULL;
    return glm_strdup(arena,
                      secrets ? secrets_starred(secrets, t->arena, text, strlen(text)) : text);
}

#define WHAT "the answer"

static void decode(struct trying *t, struct glm_arena *arena)
{
    struct http_response *http = &t->answer->http;
    struct glm_diags said;
    glm_diags_init(&said, t->arena);
    t->answer->object = &glm_null;
    const struct glm_value *v = &glm_null;
    if (!http->len)
        return;
    if (glm_json_decode_foreign(arena, http->body, http->len, WHAT, NULL, &v, &said)) {
        if (glm_is_map(v))
            t->answer->object = kube_api_starred(t->api, arena, v);
    } else if (strcmp(said.first->summary, WHAT " is too large") == 0) {
        http->outcome = HTTP_TOO_LARGE;
        http->why = said.first->detail;
        t->answer->status = 0;
    }
}

/* What outlives the attempts: little, the body has become an object. */
static void keep(struct trying *t, struct glm_arena *arena)
{
    struct http_response *http = &t->answer->http;
    bool shown = glm_is_null(t->answer->object) && http->body;
    size_t len = shown && http->len < BODY_SHOWN ? http->len : shown ? BODY_SHOWN : 0;
    http->body = shown ? starred(t, arena, glm_strndup(t->arena, http->body, len)) : "";
    http->len = strlen(http->body);
    http->why = starred(t, arena, http->why);
    const char **warnings = GLM_NEW_ARRAY(arena, http->warning_count, const char *);
    for (size_t i = 0; i < http->warning_count; i++)
        warnings[i] = starred(t, arena, http->warnings[i]);
    http->warnings = warnings;
    http->audit_id = starred(t, arena, http->audit_id);
}

/* An answer that a caller can make use of. */
static bool useful(const struct kube_request *request, const struct kube_answer *answer)
{
    if (answer->http.outcome != HTTP_ANSWERED)
        return false;
    if (answer->status / 100 == 2)
        return request->piece || !glm_is_null(answer->object);
    return answer->status / 100 == 4 && answer->status != 401 && answer->status != 407 &&
           answer->status != 429;
}

bool kube_perform(struct kube_api *api, struct glm_arena *arena, const struct kube_request *request,
                  struct kube_answer *ret_answer, struct glm_diags *d)
{
    *ret_answer = (struct kube_answer){
        .object = &glm_null,
        .http = {.outcome = HTTP_STOPPED, .body = "", .retry_after_ms = -1},
    };
    if (!kube_api_stopped(api) && !resolve(api, request, &ret_answer->late, d))
        return false;
    struct glm_arena *GLM_AUTO_ARENA scratch = glm_arena_create(ATTEMPT_LIMIT);
    glm_arena_wipe(scratch); /* headers */
    struct trying t = {.api = api, .request = request, .answer = ret_answer, .arena = scratch};
    if (kube_api_stopped(api) || !enter(&t)) {
        ret_answer->late = late(&t);
        return refusal_error(d, kube_api_access(api), request, ret_answer);
    }
    t.began_ms = glm_clock_ms();
    bool asked = !worth_trying(&t) || try_all(&t, d);
    leave(&t);
    if (!asked) {
        glm_arena_destroy(t.transfer);
        ret_answer->http =
            (struct http_response){.outcome = HTTP_STOPPED, .body = "", .retry_after_ms = -1};
        return false;
    }
    ret_answer->late = ret_answer->http.outcome == HTTP_TIMEOUT && (t.cut || late(&t));
    if (ret_answer->tries)
        remember_reach(&t);
    decode(&t, arena);
    keep(&t, arena);
    glm_arena_destroy(t.transfer);
    return useful(request, ret_answer) || refusal_error(d, &api->access, request, ret_answer);
}
