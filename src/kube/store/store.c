/* SPDX-License-Identifier: Apache-2.0
 *
 * What is remembered of a cluster's objects, so that many resources ask for a kind once.
 *
 * What:   one collection for each selection of a kind: the last list, our own writes since, and
 *         while it is followed what the watch brings. A list that began before a write of ours was
 *         done does not undo it; nor does an event from before it.
 * Owner:  what is given out lives as long as the caller's arena, by count.
 * Errors: those of the list, the same to all who waited for it.
 * Thread: one lock, which is never held while somebody is asked.
 */
#include "internal.h"

#include <string.h>

#define NO_API_MS 2000
/* A list in so many seconds of silence costs little, and bounds what a dead connection can hide. A
 * watch that nobody has heard of for as long as bookmarks take (api/request.c) is begun again. */
#define DOUBT_MS 20000
/* The next wave of resources takes up the watch that the last one left. Meanwhile nobody waits for
 * what it brings, so that it is no staler than what is remembered anyway. */
#define LINGER_MS MEMORY_MS

struct store *store_create(struct kube_api *api)
{
    struct glm_arena *arena = glm_arena_create(GLM_ARENA_RPC_LIMIT);
    struct store *s = GLM_NEW(arena, struct store);
    s->arena = arena;
    s->api = api;
    s->linger_ms = LINGER_MS;
    s->doubt_ms = DOUBT_MS;
    pthread_mutex_init(&s->lock, NULL);
    kube_cond_init(&s->changed);
    return s;
}

void store_destroy(struct store *s)
{
    if (!s)
        return;
    for (struct collection *c = s->collections, *next; c; c = next) {
        next = c->next;
        store_collection_destroy(c);
    }
    pthread_cond_destroy(&s->changed);
    pthread_mutex_destroy(&s->lock);
    glm_arena_destroy(s->arena);
}

/* ---- lists ---- */

struct merging {
    const struct collection *c;
    uint64_t version, writes; /* the list's resourceVersion; own writes when it was asked for */
};

static const struct item *choose(void *context, const struct item *fresh, const struct item *old)
{
    const struct merging *m = context;
    if (fresh && store_collection_buried(m->c, fresh))
        fresh = NULL;
    bool newer = m->version && old && old->version > m->version && !m->c->flooded;
    bool since = old && (old->written > m->writes || newer);
    if (!since)
        return fresh;
    return fresh && fresh->version > old->version ? fresh : old;
}

/* Takes over what a list has brought. writes: as it was asked for. */
static void accept(struct collection *c, struct held *held, int64_t asked_ms, uint64_t writes)
{
    if (held->outcome == LISTED || held->outcome == LISTED_FORBIDDEN)
        c->forbidden = held->outcome == LISTED_FORBIDDEN;
    if (held->outcome == LISTED || held->outcome == LISTED_NO_API)
        c->no_api_ms = held->outcome == LISTED_NO_API ? glm_clock_ms() : 0;
    if (held->outcome != LISTED) {
        if (held->outcome == LISTED_NO_API)
            c->as_of_ms = 0;
        return;
    }
    uint64_t version = store_item_version(held->version);
    if (c->complete && version && version < c->floor)
        return; /* another list, asked for later, was faster */
    struct snapshot *fresh = store_snapshot_of_list(held);
    if (c->usual) {
        struct merging m = {c, version, writes};
        struct snapshot *merged = store_snapshot_merge(fresh, c->memory, choose, &m);
        store_snapshot_drop(fresh);
        fresh = merged;
    }
    store_collection_remember(c, fresh);
    c->complete = true;
    c->flooded = false;
    c->floor = version;
    c->as_of_ms = c->usual || c->written_at <= writes ? asked_ms : 0;
    if (!c->watching) { /* else it goes on from where it is */
        store_held_drop(c->position);
        c->position = store_held_take(held);
    }
    store_collection_announce(c);
}

static enum listed fly(struct collection *c, int64_t until_ms)
{
    struct store *s = c->store;
    c->listing = true;
    c->users++;
    c->flight_writes = s->writes;
    int64_t asked_ms = glm_clock_ms();
    pthread_mutex_unlock(&s->lock);
    struct held *held = store_list_fetch(s->api, c->kind, &c->selection, &s->closing, until_ms);
    pthread_mutex_lock(&s->lock);
    accept(c, held, asked_ms, c->flight_writes);
    store_held_drop(c->last);
    c->last = held;
    c->users--;
    c->listing = false;
    c->flights++;
    pthread_cond_broadcast(&s->changed);
    return held->outcome;
}

enum listed store_refresh(struct collection *c, int64_t until_ms)
{
    struct store *s = c->store;
    for (;;) {
        if (!c->listing)
            return fly(c, until_ms);
        /* What was asked for before our own last write is of no use, unless that is put into it. */
        bool useful = c->usual || c->flight_writes >= c->written_at;
        uint64_t flights = c->flights;
        c->users++;
        while (c->listing && c->flights == flights && !kube_late(until_ms))
            kube_cond_wait(&s->changed, &s->lock, until_ms ? until_ms : INT64_MAX);
        c->users--;
        if (c->flights == flights)
            return LISTED_LATE;
        if (useful && !c->last->late) /* else it was who asked that had no more time */
            return c->last->outcome;
    }
}

/* Why a list did not come. */
static void explain(const struct collection *c, enum listed outcome, struct glm_diags *d)
{
    if (outcome != LISTED_LATE)
        glm_diags_append(d, NULL, &c->last->diags);
    else
        glm_error(d, NULL, glm_sprintf(d->arena, "Cannot list %ss", c->kind->name),
                  "The API server had not answered yet when the time was over.");
}

/* What is remembered, renewed where it is not new enough. fresh: by a list that is asked for from
 * now on, which all share who came before it; one that is under way is none. */
static enum listed renew(struct collection *c, bool fresh, int64_t until_ms)
{
    enum listed outcome = LISTED;
    if (!fresh)
        return store_collection_fresh(c) ? LISTED : store_refresh(c, until_ms);
    uint64_t wanted = c->flights + (c->listing ? 2 : 1);
    while (outcome == LISTED && c->flights < wanted)
        outcome = store_refresh(c, until_ms);
    return outcome;
}

/* A list of its own, whatever is remembered or under way. */
static bool list_now(struct store *s, struct glm_arena *arena, struct collection *c,
                     int64_t until_ms, bool *ret_served, const struct glm_value **ret_list,
                     struct glm_diags *d)
{
    int64_t asked_ms = glm_clock_ms();
    uint64_t writes = s->writes;
    c->users++;
    pthread_mutex_unlock(&s->lock);
    struct held *held = store_list_fetch(s->api, c->kind, &c->selection, &s->closing, until_ms);
    pthread_mutex_lock(&s->lock);
    c->users--;
    accept(c, held, asked_ms, writes);
    if (held->outcome == LISTED) {
        struct snapshot *snapshot = store_snapshot_of_list(held);
        store_snapshot_lend(snapshot, arena);
        *ret_list = snapshot->list;
        store_snapshot_drop(snapshot);
    }
    enum listed outcome = held->outcome;
    *ret_served = outcome != LISTED_NO_API;
    if (outcome == LISTED_FORBIDDEN || outcome == LISTED_FAILED)
        glm_diags_append(d, NULL, &held->diags);
    store_held_drop(held);
    return outcome == LISTED || outcome == LISTED_NO_API;
}

bool store_list(struct store *s, struct glm_arena *arena, const struct glm_object_kind *kind,
                const struct glm_selection *selection, int64_t until_ms, bool *ret_served,
                const struct glm_value **ret_list, struct glm_diags *d)
{
    pthread_mutex_lock(&s->lock);
    struct collection *c = store_collection_of(s, kind, selection);
    bool ok = true;
    bool fresh = selection && selection->fresh;
    if (fresh && !c->usual) {
        ok = list_now(s, arena, c, until_ms, ret_served, ret_list, d);
    } else {
        enum listed outcome = renew(c, fresh, until_ms);
        *ret_served = outcome != LISTED_NO_API;
        if (outcome == LISTED) {
            store_snapshot_lend(c->memory, arena);
            *ret_list = c->memory->list;
        } else if (outcome != LISTED_NO_API) {
            explain(c, outcome, d);
            ok = false;
        }
    }
    pthread_mutex_unlock(&s->lock);
    return ok;
}

/* ---- single objects ---- */

static enum look found_item(struct collection *c, struct glm_arena *arena, const struct item *item,
                            const struct glm_value **ret_object)
{
    (void)c;
    store_held_lend(item->held, arena);
    *ret_object = item->object;
    return LOOK_FOUND;
}

/* Whether what memory does not have is not there, without another question: it may be there without
 * the label that is listed and followed. */
static bool is_absence(const struct collection *c, const struct glm_object_ref *ref)
{
    if (ref->labelled)
        return store_collection_fresh(c);
    return store_collection_in_sync(c) && !c->kind->label;
}

/* By what is in memory, when that is new enough. */
static enum look recall(struct collection *c, struct glm_arena *arena,
                        const struct glm_object_ref *ref, const struct glm_value **ret_object)
{
    const struct item *item = store_snapshot_find(c->memory, ref->namespace_, ref->name);
    bool known = store_collection_fresh(c);
    bool seen = item && item->seen_ms && glm_clock_ms() - item->seen_ms <= MEMORY_MS;
    if (item && (known || (seen && c->kind->shared))) {
        /* Something that is on its way out is gone any moment, and somebody waits for that. */
        bool leaving =
            !glm_is_null(glm_get_path(item->object, "metadata", "deletionTimestamp", NULL));
        return leaving && !store_collection_in_sync(c) ? LOOK_ASK
                                                       : found_item(c, arena, item, ret_object);
    }
    return is_absence(c, ref) ? LOOK_ABSENT : LOOK_ASK;
}

static enum look look(struct collection *c, struct glm_arena *arena,
                      const struct glm_object_ref *ref, int64_t until_ms,
                      const struct glm_value **ret_object, struct glm_diags *d)
{
    if (store_collection_fresh(c) || !c->kind->many || c->forbidden)
        return recall(c, arena, ref, ret_object);
    if (c->no_api_ms && glm_clock_ms() - c->no_api_ms <= NO_API_MS)
        return LOOK_NO_API;
    enum listed listed = store_refresh(c, until_ms);
    switch (listed) {
    case LISTED: {
        const struct item *item = store_snapshot_find(c->memory, ref->namespace_, ref->name);
        if (item)
            return found_item(c, arena, item, ret_object);
        return is_absence(c, ref) ? LOOK_ABSENT : LOOK_ASK;
    }
    case LISTED_NO_API:
        return LOOK_NO_API;
    case LISTED_FORBIDDEN:
        return LOOK_ASK;
    case LISTED_FAILED:
    case LISTED_LATE:
        break;
    }
    explain(c, listed, d);
    return LOOK_FAILED;
}

enum look store_look(struct store *s, struct glm_arena *arena, const struct glm_object_ref *ref,
                     int64_t until_ms, const struct glm_value **ret_object, struct glm_diags *d)
{
    pthread_mutex_lock(&s->lock);
    enum look seen =
        look(store_collection_of(s, ref->kind, NULL), arena, ref, until_ms, ret_object, d);
    pthread_mutex_unlock(&s->lock);
    return seen;
}

uint64_t store_writes(struct store *s)
{
    pthread_mutex_lock(&s->lock);
    uint64_t writes = s->writes;
    pthread_mutex_unlock(&s->lock);
    return writes;
}

/* Another own write, of what is an object of this name, and is this object now (NULL: it is gone): what was
 * remembered of another selection does not have it, unless it never was among those, and is not. */
static uint64_t count_write(struct store *s, const struct glm_object_kind *kind,
                            const char *namespace_, const char *name,
                            const struct glm_value *object)
{
    s->writes++;
    for (struct collection *c = s->collections; c; c = c->next) {
        if (c->kind != kind ||
            (!c->usual && !c->listing && !store_snapshot_find(c->memory, namespace_, name) &&
             !(object && store_collection_may_have(c, object))))
            continue;
        c->written_at = s->writes;
        c->as_of_ms = c->usual ? c->as_of_ms : 0;
    }
    return s->writes;
}

void store_saw(struct store *s, const struct glm_object_kind *kind, struct held *held, bool own)
{
    struct item item;
    pthread_mutex_lock(&s->lock);
    struct collection *c = store_collection_of(s, kind, NULL);
    bool kept = own || c->complete || kind->shared;
    if (kept && store_item_of(held->value, held, &item)) {
        item.written = own ? count_write(s, kind, item.namespace_, item.name, item.object) : 0;
        item.seen_ms = glm_clock_ms();
        if (store_collection_usual(kind, item.object))
            store_collection_put(c, &item);
        else
            store_collection_forget(c, item.namespace_, item.name);
    }
    pthread_mutex_unlock(&s->lock);
    store_held_drop(held);
}

void store_removed(struct store *s, const struct glm_object_ref *ref, const char *uid)
{
    pthread_mutex_lock(&s->lock);
    struct collection *c = store_collection_of(s, ref->kind, NULL);
    count_write(s, ref->kind, ref->namespace_, ref->name, NULL);
    const struct item *item = store_snapshot_find(c->memory, ref->namespace_, ref->name);
    if (uid)
        store_collection_bury(c, uid, UINT64_MAX);
    if (item && (!uid || strcmp(store_collection_uid(item->object), uid) == 0))
        store_collection_forget(c, ref->namespace_, ref->name);
    pthread_mutex_unlock(&s->lock);
}

void store_saw_nothing(struct store *s, const struct glm_object_ref *ref, uint64_t writes)
{
    pthread_mutex_lock(&s->lock);
    struct collection *c = store_collection_of(s, ref->kind, NULL);
    const struct item *item = store_snapshot_find(c->memory, ref->namespace_, ref->name);
    if (item && item->written <= writes && !store_collection_in_sync(c))
        store_collection_forget(c, ref->namespace_, ref->name);
    pthread_mutex_unlock(&s->lock);
}

/* ---- what a watch brings ---- */

void store_event(struct collection *c, enum watch_event event, struct held *held)
{
    struct store *s = c->store;
    struct item item;
    held->version =
        glm_string_or(glm_get_path(held->value, "metadata", "resourceVersion", NULL), "");
    pthread_mutex_lock(&s->lock);
    c->heard_ms = glm_clock_ms();
    if (*held->version) {
        store_held_drop(c->position);
        c->position = store_held_take(held);
    }
    if (event != WATCH_BOOKMARK && store_item_of(held->value, held, &item) &&
        (!item.version || item.version > c->floor)) {
        const struct item *old = store_snapshot_find(c->memory, item.namespace_, item.name);
        if (event == WATCH_PUT) {
            store_collection_put(c, &item);
        } else {
            store_collection_bury(c, store_collection_uid(item.object), item.version);
            if (old && old->version <= item.version)
                store_collection_forget(c, item.namespace_, item.name);
        }
    }
    pthread_mutex_unlock(&s->lock);
    store_held_drop(held);
}
