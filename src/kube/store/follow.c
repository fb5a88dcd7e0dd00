/* SPDX-License-Identifier: Apache-2.0
 *
 * Following the usual objects of a kind: a thread that lists, watches, and begins again.
 *
 * Owner:  the thread is its collection's; when nobody follows any more its watch goes on for a
 *         little, for whoever follows next, and then both end.
 * Errors: none; what goes wrong is tried again, less and less often, and meanwhile the store asks.
 * Thread: one for each kind and cluster that is followed, with a small stack.
 */
#include "internal.h"

#include <string.h>

#define STACK ((size_t)512 << 10)
#define POSITION_MS 60000 /* older than this, a watch does not go on from it */
#define WATCH_SECONDS 300 /* that the server is asked to end a watch after, and jitter */
#define BACKOFF_MS 500
#define BACKOFF_MAX_MS 30000
#define PATIENT 7     /* a refusal that will stay for a while counts for as many troubles */
#define SHORT_MS 1000 /* a watch that ends sooner is trouble */
/* What one watch may bring: after that all is listed again, which has ceilings of its own. */
#define BYTES_MAX ((size_t)64 << 20)
#define NAMES_MAX 2000 /* more than there were when it began */
#define MEMORY_MAX ((size_t)256 << 20)

struct round {
    struct collection *c;
    struct watch_lines lines;
    int64_t heard_ms;
    size_t names; /* that were known when it began */
    size_t bytes;
    size_t memory; /* that its events have taken, kept or not */
    bool lost;     /* its position is of no use any more */
    bool flooded;  /* it brought more than it may: what it brought is not believed either */
};

static bool going(const struct collection *c)
{
    return c->followers && !atomic_load(&c->store->closing) && !api_stopped(c->store->api);
}

/* What is remembered grows by what a watch adds, be it real or not. */
static bool is_full(struct round *r)
{
    pthread_mutex_lock(&r->c->store->lock);
    bool full = r->c->memory && r->c->memory->count >= r->names + NAMES_MAX;
    pthread_mutex_unlock(&r->c->store->lock);
    return full;
}

static bool on_event(void *context, enum watch_event event, struct held *held)
{
    struct round *r = context;
    r->memory += held ? glm_arena_used(held->arena) : 0;
    r->flooded |= r->memory > MEMORY_MAX || (event == WATCH_PUT && is_full(r)) ||
                  (held && !store_held_keep(held, r->c->store->api));
    r->lost |= !held || r->flooded;
    if (held && r->lost)
        store_held_drop(held);
    else if (held)
        store_event(r->c, event, held);
    return !r->lost;
}

static bool on_piece(void *context, const char *data, size_t len)
{
    struct round *r = context;
    r->heard_ms = glm_clock_ms();
    r->bytes += len;
    r->flooded |= r->bytes > BYTES_MAX;
    r->lost |= r->flooded;
    return !r->lost && store_watch_feed(&r->lines, data, len);
}

static const char *query_of(struct glm_arena *arena, const struct collection *c)
{
    struct glm_text query;
    glm_text_init(&query, arena, SIZE_MAX / 4);
    api_url_query(&query, "watch", "true");
    api_url_query(&query, "allowWatchBookmarks", "true");
    api_url_query(&query, "resourceVersion", c->position->version);
    api_url_query(&query, "timeoutSeconds",
                  glm_sprintf(arena, "%lld", (long long)kube_jitter(WATCH_SECONDS)));
    if (c->selection.labels)
        api_url_query(&query, "labelSelector", c->selection.labels);
    return query.data;
}

/* The lock is held before and after. True when all is well and the watch may go on at once. */
static bool watch_once(struct collection *c)
{
    struct store *s = c->store;
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create(GLM_ARENA_RPC_LIMIT);
    struct glm_diags ignored;
    glm_diags_init(&ignored, arena);
    int64_t began_ms = glm_clock_ms();
    struct round round = {.c = c, .heard_ms = began_ms, .names = c->memory ? c->memory->count : 0};
    round.lines = (struct watch_lines){
        .kind = c->kind,
        .event = on_event,
        .context = &round,
        .api = c->store->api,
        .cancel = &s->closing,
    };
    struct kube_request request = {
        .method = "GET",
        .kind = c->kind,
        .query = query_of(arena, c),
        .piece = on_piece,
        .context = &round,
        .cancel = &s->closing,
        .end_ms = &c->end_ms,
        .begun = &c->begun,
    };
    struct kube_answer answer;
    atomic_store(&c->begun, false);
    c->watching = true;
    c->heard_ms = began_ms;
    pthread_mutex_unlock(&s->lock);
    bool answered = api_perform(s->api, arena, &request, &answer, &ignored);
    store_watch_lines_done(&round.lines);
    pthread_mutex_lock(&s->lock);
    bool watched = atomic_load(&c->begun);
    /* Ended by us, and well until then. */
    bool left = watched && !answered && answer.http.outcome == HTTP_STOPPED;
    bool whole = left || (answered && answer.status == 200);
    if (c->watching && watched)
        c->as_of_ms = whole ? glm_clock_ms() : round.heard_ms;
    c->watching = false;
    if (round.lost || (answer.status >= 400 && answer.status < 500)) {
        store_held_drop(c->position);
        c->position = NULL;
        c->as_of_ms = 0;
    }
    c->flooded |= round.flooded;
    if (left)
        return true;
    return whole && !round.lost && glm_clock_ms() - began_ms >= SHORT_MS;
}

/* The lock is held, and released while it waits. */
static void rest(struct collection *c, unsigned troubles)
{
    int64_t wait = BACKOFF_MS;
    for (unsigned i = 1; i < troubles && wait < BACKOFF_MAX_MS; i++)
        wait *= 2;
    int64_t until = glm_clock_ms() + kube_jitter(wait < BACKOFF_MAX_MS ? wait : BACKOFF_MAX_MS);
    while (going(c) && glm_clock_ms() < until)
        kube_cond_wait(&c->store->changed, &c->store->lock, until);
}

static bool position_good(const struct collection *c)
{
    return c->complete && c->position && *c->position->version && c->as_of_ms &&
           glm_clock_ms() - c->as_of_ms <= POSITION_MS;
}

static void *follow(void *collection)
{
    struct collection *c = collection;
    struct store *s = c->store;
    unsigned troubles = 0;
    pthread_mutex_lock(&s->lock);
    while (going(c)) {
        enum listed listed = position_good(c) ? LISTED : store_refresh(c, 0);
        bool well = position_good(c) && (!going(c) || watch_once(c));
        troubles = well ? 0 : listed == LISTED_FORBIDDEN ? PATIENT : troubles + 1;
        if (!well && going(c))
            rest(c, troubles);
    }
    c->running = false;
    pthread_mutex_unlock(&s->lock);
    return NULL;
}

static void join(struct collection *c)
{
    if (c->joinable)
        pthread_join(c->thread, NULL);
    c->joinable = false;
}

/* With the lock held. */
static void start(struct collection *c)
{
    if (c->running)
        return; /* it goes on with its watch, or begins another */
    join(c);
    pthread_attr_t attr;
    pthread_attr_init(&attr);
    pthread_attr_setstacksize(&attr, STACK);
    c->running = true;
    c->joinable = pthread_create(&c->thread, &attr, follow, c) == 0;
    c->running = c->joinable; /* without it, what is followed is asked for */
    pthread_attr_destroy(&attr);
}

/* ---- who follows ---- */

void store_follow(struct store *s, const struct glm_object_kind *const *kinds)
{
    pthread_mutex_lock(&s->lock);
    for (; *kinds; kinds++) {
        struct collection *c = store_collection_of(s, *kinds, NULL);
        atomic_store(&c->end_ms, 0);
        if (c->followers++ == 0)
            start(c);
    }
    pthread_mutex_unlock(&s->lock);
}

void store_unfollow(struct store *s, const struct glm_object_kind *const *kinds)
{
    pthread_mutex_lock(&s->lock);
    for (; *kinds; kinds++) {
        struct collection *c = store_collection_of(s, *kinds, NULL);
        if (c->followers == 0 || --c->followers > 0)
            continue;
        atomic_store(&c->end_ms, glm_clock_ms() + s->linger_ms);
        pthread_cond_broadcast(&s->changed);
    }
    pthread_mutex_unlock(&s->lock);
}

bool store_await(struct store *s, uint64_t *version, int64_t milliseconds)
{
    int64_t until = glm_clock_ms() + milliseconds;
    pthread_mutex_lock(&s->lock);
    while (s->version == *version && glm_clock_ms() < until && !api_stopped(s->api))
        kube_cond_wait(&s->changed, &s->lock, until);
    bool changed = s->version != *version;
    *version = s->version;
    pthread_mutex_unlock(&s->lock);
    return changed;
}

void store_close(struct store *s)
{
    pthread_mutex_lock(&s->lock);
    atomic_store(&s->closing, true);
    pthread_cond_broadcast(&s->changed);
    pthread_mutex_unlock(&s->lock);
    for (struct collection *c = s->collections; c; c = c->next)
        join(c);
}
