/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files of this room share: store.h has what each is for.
 */
#ifndef GLM_KUBE_STORE_INTERNAL_H
#define GLM_KUBE_STORE_INTERNAL_H

#include "../wait/wait.h"
#include "store.h"

/* ---- list.c ---- */

/* Asks for all of it. Every object has its apiVersion and kind. cancel: may be NULL. until_ms: as
 * in struct kube_request. */
struct held *store_list_fetch(struct kube_api *api, const struct glm_object_kind *kind,
                              const struct glm_selection *selection, const atomic_bool *cancel,
                              int64_t until_ms);

/* ---- snapshot.c ---- */

struct item {
    const struct glm_value *object;
    struct held *held; /* what the object lives in */
    const char *namespace_, *name;
    uint64_t version; /* resourceVersion; 0 when it is no number */
    uint64_t written; /* the store's count of own writes when this was one; 0: it was not */
    int64_t seen_ms;  /* asked for on its own then; 0: as old as the whole */
};

/* Objects sorted by namespace and name. */
struct snapshot {
    atomic_uint users;
    struct glm_arena *arena;
    struct item *items;
    const struct glm_value **objects; /* beside the items */
    size_t count;
    const struct glm_value *list; /* the objects */
};

/* All of these give back a new snapshot that the caller drops; old may be NULL: empty. */
struct snapshot *store_snapshot_of_list(struct held *listed);
struct snapshot *store_snapshot_with(const struct snapshot *old, const struct item *item);
/* In place: the item instead of the one of its name. False, and nothing is done, where there is none, or
 * somebody else has the snapshot too; no other thread may take it meanwhile. own: may be NULL. */
bool store_snapshot_replace(struct snapshot *own, const struct item *item);
struct snapshot *store_snapshot_without(const struct snapshot *old, const char *namespace_,
                                        const char *name);
/* fresh, but for what is told by `choose`: of two items of the same name (either may be NULL) the
 * one to keep, or NULL. */
struct snapshot *store_snapshot_merge(const struct snapshot *fresh, const struct snapshot *old,
                                      const struct item *(*choose)(void *context,
                                                                   const struct item *fresh,
                                                                   const struct item *old),
                                      void *context);
void store_snapshot_drop(struct snapshot *snapshot);
void store_snapshot_lend(struct snapshot *snapshot, struct glm_arena *arena);
const struct item *store_snapshot_find(const struct snapshot *snapshot, const char *namespace_,
                                       const char *name);
/* The item of an object; false when it has no name. held: borrowed. */
bool store_item_of(const struct glm_value *object, struct held *held, struct item *ret_item);
/* A resourceVersion as a number; 0 when it is none. */
uint64_t store_item_version(const char *text);

/* ---- watch.c: pure ---- */

#define WATCH_LINE_MAX ((size_t)8 << 20) /* one object; stores of clusters take 1.5 MiB */

enum watch_event { WATCH_PUT, WATCH_GONE, WATCH_BOOKMARK, WATCH_EXPIRED, WATCH_BROKEN };

/* Bytes of a watch, in any pieces, to events. */
struct watch_lines {
    const struct glm_object_kind *kind;
    /* Takes the count of held, which is an object; NULL for EXPIRED and BROKEN. False: enough. */
    bool (*event)(void *context, enum watch_event event, struct held *held);
    void *context;
    struct kube_api *api;      /* whose objects they are; NULL: of nobody, in tests */
    const atomic_bool *cancel; /* NULL: nobody's */
    struct glm_arena *arena;   /* of the line that is not whole yet; NULL: none */
    struct glm_text line;
};

/* False when the reader has had enough or the line is no event. */
bool store_watch_feed(struct watch_lines *lines, const char *data, size_t len);
void store_watch_lines_done(struct watch_lines *lines);

/* ---- collection.c ---- */

#define STORE_TOMBS 128

/* The last own or watched removals: what is older than one must not bring the object back. */
struct tomb {
    uint64_t uid; /* its hash */
    uint64_t version;
};

/* What is known of one selection of a kind. Everything under the store's lock unless it says so. */
struct collection {
    struct collection *next;
    struct glm_arena *arena;
    struct store *store;
    const struct glm_object_kind *kind;
    struct glm_selection selection; /* its texts are the arena's */
    bool usual;
    uint64_t written_at; /* the store's count at our last write of the kind, since this was made */

    struct snapshot *memory; /* NULL: nothing */
    bool complete;           /* memory is a whole list, not only single objects */
    bool flooded;            /* what a watch has brought is not believed against the next list */
    struct held *position;   /* its `version` is where a watch goes on from; NULL: list first */
    uint64_t floor;          /* the list's resourceVersion as a number: older events are known */
    int64_t as_of_ms;        /* when memory was so; 0: too long ago */
    bool forbidden;          /* listing it is */
    int64_t no_api_ms;       /* when the API was last missing; 0: it was not */

    bool listing;           /* a list is being asked for; others wait for it */
    unsigned users;         /* calls that have a pointer to this */
    uint64_t flights;       /* lists that came back */
    uint64_t flight_writes; /* the count of own writes when the last one was asked for */
    struct held *last;      /* what came of it */

    struct tomb *tombs; /* STORE_TOMBS of them, once there was one */
    size_t next_tomb;

    unsigned followers;
    bool running, joinable; /* its thread */
    bool watching;          /* a watch is under way and memory is complete */
    pthread_t thread;
    int64_t heard_ms;    /* when the watch last brought something; under way: or began */
    atomic_llong end_ms; /* any thread: when a watch that nobody follows ends; 0: it is followed */
    atomic_bool begun;   /* any thread: the watch was answered */
};

struct store {
    struct glm_arena *arena;
    struct kube_api *api;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct collection *collections;
    uint64_t writes;     /* own ones, counted */
    uint64_t version;    /* of what is followed */
    int64_t doubt_ms;    /* how long a watch is believed without a word */
    int64_t linger_ms;   /* how long a watch goes on when nobody follows any more */
    atomic_bool closing; /* any thread */
};

/* ---- all with the lock held ---- */

#define STORE_OBJECTS_MAX 50000 /* of one list */

#define MEMORY_MS 10000 /* how old an answer may be */

/* The collection of a selection, made when there is none yet. */
struct collection *store_collection_of(struct store *store, const struct glm_object_kind *kind,
                                       const struct glm_selection *selection);
void store_collection_destroy(struct collection *c);
/* Is an object among the usual ones of its kind? */
bool store_collection_usual(const struct glm_object_kind *kind, const struct glm_value *object);
/* False: the selection does not have it for certain. */
bool store_collection_may_have(const struct collection *c, const struct glm_value *object);
/* The watch has brought everything up to a moment ago. A connection that was lost without a word
 * looks like one on which nothing happens, so after a silence a list has to say the same first. */
bool store_collection_in_sync(const struct collection *c);
/* What is remembered is new enough for an answer. */
bool store_collection_fresh(const struct collection *c);
/* Takes the snapshot over as what is remembered. */
void store_collection_remember(struct collection *c, struct snapshot *snapshot);
/* Puts an object into it unless something newer is known; takes one out. */
void store_collection_put(struct collection *c, const struct item *item);
void store_collection_forget(struct collection *c, const char *namespace_, const char *name);
/* Those who wait for something that is followed look again. */
void store_collection_announce(struct collection *c);
/* The object of this UID was removed at this resourceVersion. */
void store_collection_bury(struct collection *c, const char *uid, uint64_t version);
/* The item is of before a removal that is known. */
bool store_collection_buried(const struct collection *c, const struct item *item);
const char *store_collection_uid(const struct glm_value *object);
/* Of a text; equal ones have equal hashes. */
uint64_t store_collection_hash(const char *text);

/* ---- store.c, for follow.c ---- */

/* Asks for the list, or waits for one that is under way, with the lock held before and after;
 * memory is what came of it, and c->last says why nothing did. */
enum listed store_refresh(struct collection *c, int64_t until_ms);
/* An event of a watch. Takes the count of held. */
void store_event(struct collection *c, enum watch_event event, struct held *held);

#endif
