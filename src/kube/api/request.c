/* SPDX-License-Identifier: Apache-2.0
 *
 * One request to an API server, to its end: how often it is tried, and what was answered.
 *
 * Owner:  answers live in the caller's arena.
 * Errors: refusal.c's.
 * Thread: any number at once; at most REQUESTS_AT_ONCE of them are under way, watches not counted.
 */
#include "internal.h"

#include <string.h>

#define REQUESTS_AT_ONCE 32
#define ATTEMPT_LIMIT ((size_t)2 << 30) /* far more than the largest answer takes in memory */
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
#define WATCH_SILENCE_MS 90000 /* bookmarks come every minute */

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
        .url = api_url_of(t->arena, access->server, r->kind, r->namespace_, r->name, r->query),
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
    return api_stopped(t->api) || late(t) ||
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
    struct kube_reach reach;
    api_reach(t->api, t->arena, &reach);
    t->patient = !reach.down;
    if (!reach.silent)
        return true;
    t->answer->http = (struct http_response){
        .outcome = HTTP_TIMEOUT, .body = "", .retry_after_ms = -1, .why = reach.why};
    t->answer->known_ms = reach.known_ms;
    return false;
}

static void remember_reach(struct trying *t)
{
    const struct http_response *http = &t->answer->http;
    bool stream = t->request->piece != NULL;
    if (http->outcome == HTTP_TIMEOUT && !stream && t->cut)
        return; /* with more time there might have been an answer */
    api_reached(t->api, http, stream, t->began_ms);
}

/* What an attempt may take: no longer than the caller has. */
static int64_t time_left(const struct trying *t)
{
    int64_t most = t->api->access.timeout_ms, until_ms = t->request->until_ms;
    int64_t left = until_ms - glm_clock_ms();
    return !until_ms || left >= most ? most : left > 1 ? left : 1;
}

/* All attempts. False when a credential cannot be got; a diagnostic says why. */
static bool try_all(struct trying *t, struct glm_diags *d)
{
    uint64_t refused = 0;
    for (;;) {
        if (!exec_credentials_get(t->api->credentials, t->arena, refused, t->request->until_ms,
                                  &t->credential, d))
            return false;
        api_learn(t->api, &t->credential);
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

static const char *starred(struct trying *t, struct glm_arena *arena, const char *text)
{
    const struct secrets *secrets;
    if (!text)
        return NULL;
    struct kube_learned *learned = api_learned(t->api, &secrets);
    const char *clean = glm_strdup(
        arena, secrets ? exec_secrets_starred(secrets, t->arena, text, strlen(text)) : text);
    api_forget(t->api, learned);
    return clean;
}

#define WHAT "the answer"

/* "It has ... are read." of the answer, in a sentence about the server. */
static const char *clause(struct glm_arena *arena, const char *sentence)
{
    size_t it = strncmp(sentence, "It ", 3) == 0 ? 2 : 0, end = strlen(sentence);
    end -= end > it && sentence[end - 1] == '.';
    return glm_sprintf(arena, "%s%.*s", it ? WHAT : "", (int)(end - it), sentence + it);
}

static void decode(struct trying *t, struct glm_arena *arena)
{
    struct http_response *http = &t->answer->http;
    const struct kube_text text = {
        .data = http->body,
        .len = http->len,
        .what = WHAT,
        .cancel = t->request->cancel,
        .until_ms = t->request->until_ms,
        .page = !t->request->name,
    };
    struct glm_diags said;
    glm_diags_init(&said, t->arena);
    const struct glm_value *v = &glm_null;
    if (!http->len)
        return;
    switch (api_read(t->api, arena, &text, &v, &said)) {
    case KUBE_READ:
        t->answer->object = glm_is_map(v) ? v : &glm_null;
        return;
    case KUBE_READ_ENDED:
        t->answer->unread = http->len;
        t->answer->late = late(t) && !api_stopped(t->api);
        http->outcome = t->answer->late ? HTTP_TIMEOUT : HTTP_STOPPED;
        break;
    case KUBE_READ_NOT:
        if (strcmp(said.first->summary, WHAT " is too large") != 0)
            return;
        http->outcome = HTTP_TOO_LARGE;
        http->why = clause(arena, said.first->detail);
        break;
    }
    t->answer->status = 0;
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

bool api_perform(struct kube_api *api, struct glm_arena *arena, const struct kube_request *request,
                 struct kube_answer *ret_answer, struct glm_diags *d)
{
    *ret_answer = (struct kube_answer){
        .object = &glm_null,
        .rights = api->config.rights,
        .http = {.outcome = HTTP_STOPPED, .body = "", .retry_after_ms = -1},
    };
    if (!api_stopped(api) && !api_resolve(api, request, &ret_answer->late, d))
        return false;
    struct glm_arena *GLM_AUTO_ARENA scratch = glm_arena_create(ATTEMPT_LIMIT);
    glm_arena_wipe(scratch); /* headers */
    struct trying t = {.api = api, .request = request, .answer = ret_answer, .arena = scratch};
    if (api_stopped(api) || !enter(&t)) {
        ret_answer->late = late(&t);
        return api_refusal_error(d, api_access(api), request, ret_answer);
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
    return useful(request, ret_answer) || api_refusal_error(d, &api->access, request, ret_answer);
}
