/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files that are the live cluster share: requests as objects and lists, remembered.
 *
 *   clock.c          time, and waits
 *   request.c        one request to an API server, to its end
 *   refusal_rule.c   the Role that would have allowed a request
 *   store_held.c     values shared by count
 *   store_list.c     one LIST, page by page
 *   store_snapshot.c objects that are remembered, shared by count, never changed
 *   store_collection.c what is remembered of one selection of a kind
 *   store.c          who asks for more of it, and what is told
 *   watch.c          the lines of a watch: pure
 *   watch_follow.c   the threads that follow a kind
 *   live.c           the functions of the cluster that look
 *   live_write.c     those that change something
 *   live_warning.c   what the API server warns of
 *   live_conflict.c  which fields of an apply belong to others: pure
 */
#ifndef GLM_KUBE_STORE_H
#define GLM_KUBE_STORE_H

#include "internal.h"

#include <pthread.h>

/* ---- url.c ---- */

/* "istiooperators" */
const char *url_resource(enum glm_object_kind kind);
/* "install.istio.io"; "" for the core group */
const char *url_group(struct glm_arena *arena, enum glm_object_kind kind);

/* ---- request.c ---- */

/* config: copied. Resolves its way in at the first request, and again at the next one as long as
 * that fails. */
struct kube_api *kube_api_create(const struct glm_live_config *config);
void kube_api_destroy(struct kube_api *api);
/* NULL before the first request. */
const struct access *kube_api_access(struct kube_api *api);
bool kube_api_stopped(const struct kube_api *api);
/* What it has answered, with stars for the credentials that it was sent (secrets_starred_answer). */
const struct glm_value *kube_api_starred(struct kube_api *api, struct glm_arena *arena,
                                         const struct glm_value *answer);
const struct glm_live_config *kube_api_config(const struct kube_api *api);

/* ---- clock.c ---- */

/* Its time is over; 0: never. */
bool kube_late(int64_t until_ms);
/* Between half of it and one and a half. */
int64_t kube_jitter(int64_t milliseconds);
/* Waits for the condition until then, or until it is time to look at the stop flag again. */
void kube_cond_wait(pthread_cond_t *cond, pthread_mutex_t *lock, int64_t until_ms);

/* ---- refusal_rule.c: pure ---- */

/* "kind: ClusterRole ..." as YAML that allows what this provider does, and the command that binds it.
 * message: the API server's, which names the user. */
const char *refusal_rule(struct glm_arena *arena, const char *message);
/* The same for what a refused impersonation lacks. status: what the API server answered. */
const char *refusal_impersonation(struct glm_arena *arena, const char *message,
                                  const struct glm_value *status);

/* ---- store_held.c, store_list.c ---- */

enum listed {
    LISTED,
    LISTED_NO_API,
    LISTED_FORBIDDEN,
    LISTED_FAILED,
    LISTED_LATE, /* of store_refresh: another caller's list did not come in time */
};

/* Values that outlive the call that made them, with their arena; shared by count. */
struct held {
    atomic_uint users;
    struct glm_arena *arena;
    const struct glm_value *value; /* an object, or a list of objects */
    enum listed outcome;           /* of a list */
    bool late;                     /* it FAILED when the time of whoever asked was over */
    const char *version;           /* a resourceVersion to go on from; "" when it has none */
    struct glm_diags diags;        /* why it is not LISTED */
};

struct held *held_create(void);
struct held *held_take(struct held *held);
void held_drop(struct held *held);
/* The values live as long as the arena. */
void held_lend(struct held *held, struct glm_arena *arena);

/* Asks for all of it. Every object has its apiVersion and kind. cancel: may be NULL. until_ms: as
 * in struct kube_request. */
struct held *list_fetch(struct kube_api *api, enum glm_object_kind kind,
                        const struct glm_selection *selection, const atomic_bool *cancel,
                        int64_t until_ms);

/* ---- store_snapshot.c ---- */

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
    const struct item *items;
    size_t count;
    const struct glm_value *list; /* the objects */
};

/* All of these give back a new snapshot that the caller drops; old may be NULL: empty. */
struct snapshot *snapshot_of_list(struct held *listed);
struct snapshot *snapshot_with(const struct snapshot *old, const struct item *item);
struct snapshot *snapshot_without(const struct snapshot *old, const char *namespace_,
                                  const char *name);
/* fresh, but for what is told by `choose`: of two items of the same name (either may be NULL) the
 * one to keep, or NULL. */
struct snapshot *snapshot_merge(const struct snapshot *fresh, const struct snapshot *old,
                                const struct item *(*choose)(void *context,
                                                             const struct item *fresh,
                                                             const struct item *old),
                                void *context);
struct snapshot *snapshot_take(struct snapshot *snapshot);
void snapshot_drop(struct snapshot *snapshot);
void snapshot_lend(struct snapshot *snapshot, struct glm_arena *arena);
const struct item *snapshot_find(const struct snapshot *snapshot, const char *namespace_,
                                 const char *name);
/* The item of an object; false when it has no name. held: borrowed. */
bool item_of(const struct glm_value *object, struct held *held, struct item *ret_item);
/* A resourceVersion as a number; 0 when it is none. */
uint64_t item_version(const char *text);

/* ---- store.c ---- */

struct store; /* of one cluster */

struct store *store_create(struct kube_api *api);
/* After every call has returned; ends what follows. */
void store_destroy(struct store *store);

enum look {
    LOOK_FOUND,
    LOOK_ABSENT, /* for certain */
    LOOK_ASK,    /* nothing that is remembered says */
    LOOK_NO_API,
    LOOK_FAILED, /* a diagnostic says why */
};

/* What is remembered of an object; asks for a list of its kind where that may serve others. */
enum look store_look(struct store *store, struct glm_arena *arena, const struct glm_object_ref *ref,
                     int64_t until_ms, const struct glm_value **ret_object, struct glm_diags *d);
/* Objects of a kind, remembered or asked for. */
bool store_list(struct store *store, struct glm_arena *arena, enum glm_object_kind kind,
                const struct glm_selection *selection, int64_t until_ms, enum glm_found *ret_found,
                const struct glm_value **ret_list, struct glm_diags *d);
/* What an answer has told about one object. own: it was our own write. Takes the count of held. */
void store_saw(struct store *store, enum glm_object_kind kind, struct held *held, bool own);
/* Our own removal is done: uid (may be NULL: not known) is gone. */
void store_removed(struct store *store, const struct glm_object_ref *ref, const char *uid);
/* A GET that began at this count of own writes has found nothing. */
void store_saw_nothing(struct store *store, const struct glm_object_ref *ref, uint64_t writes);
uint64_t store_writes(struct store *store);

void store_follow(struct store *store, unsigned kinds);
void store_unfollow(struct store *store, unsigned kinds);
bool store_await(struct store *store, uint64_t *version, int64_t milliseconds);

/* ---- watch.c: pure ---- */

#define WATCH_LINE_MAX ((size_t)8 << 20) /* one object; stores of clusters take 1.5 MiB */

enum watch_event { WATCH_PUT, WATCH_GONE, WATCH_BOOKMARK, WATCH_EXPIRED, WATCH_BROKEN };

/* Bytes of a watch, in any pieces, to events. */
struct watch_lines {
    enum glm_object_kind kind;
    /* Takes the count of held, which is an object; NULL for EXPIRED and BROKEN. False: enough. */
    bool (*event)(void *context, enum watch_event event, struct held *held);
    void *context;
    struct kube_api *api;    /* whose objects they are; NULL: of nobody, in tests */
    struct glm_arena *arena; /* of the line that is not whole yet; NULL: none */
    struct glm_text line;
};

/* False when the reader has had enough or the line is no event. */
bool watch_feed(struct watch_lines *lines, const char *data, size_t len);
void watch_lines_done(struct watch_lines *lines);

/* ---- what they share ---- */

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
    enum glm_object_kind kind;
    struct glm_selection selection; /* its texts are the arena's */
    bool usual;

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
    uint64_t writes;                /* own ones, counted */
    uint64_t written_at[GLM_KINDS]; /* the count at the last one of each kind */
    uint64_t version;               /* of what is followed */
    int64_t doubt_ms;               /* how long a watch is believed without a word */
    int64_t linger_ms;              /* how long a watch goes on when nobody follows any more */
    atomic_bool closing;            /* any thread */
};

/* ---- store_collection.c: all with the lock held ---- */

#define STORE_OBJECTS_MAX 50000 /* of one list */

#define MEMORY_MS 10000 /* how old an answer may be */

/* The collection of a selection, made when there is none yet. */
struct collection *collection_of(struct store *store, enum glm_object_kind kind,
                                 const struct glm_selection *selection);
void collection_destroy(struct collection *c);
/* Is an object among the usual ones of its kind? */
bool collection_usual(enum glm_object_kind kind, const struct glm_value *object);
/* The watch has brought everything up to a moment ago. A connection that was lost without a word
 * looks like one on which nothing happens, so after a silence a list has to say the same first. */
bool collection_in_sync(const struct collection *c);
/* What is remembered is new enough for an answer. */
bool collection_fresh(const struct collection *c);
/* Takes the snapshot over as what is remembered. */
void collection_remember(struct collection *c, struct snapshot *snapshot);
/* Puts an object into it unless something newer is known; takes one out. */
void collection_put(struct collection *c, const struct item *item);
void collection_forget(struct collection *c, const char *namespace_, const char *name);
/* Those who wait for something that is followed look again. */
void collection_announce(struct collection *c);
/* The object of this UID was removed at this resourceVersion. */
void collection_bury(struct collection *c, const char *uid, uint64_t version);
/* The item is of before a removal that is known. */
bool collection_buried(const struct collection *c, const struct item *item);
const char *collection_uid(const struct glm_value *object);
/* Of a text; equal ones have equal hashes. */
uint64_t collection_hash(const char *text);

/* ---- store.c for watch_follow.c ---- */

/* Asks for the list, or waits for one that is under way, with the lock held before and after;
 * memory is what came of it, and c->last says why nothing did. */
enum listed store_refresh(struct collection *c, int64_t until_ms);
/* An event of a watch. Takes the count of held. */
void store_event(struct collection *c, enum watch_event event, struct held *held);

/* ---- watch_follow.c ---- */

/* Both with the lock held. */
void watch_start(struct collection *c);
void watch_join(struct collection *c);

/* ---- live_warning.c ---- */

/* What one API server has warned of; any thread. */
struct live_warnings;

struct live_warnings *live_warnings_create(void);
void live_warnings_destroy(struct live_warnings *warnings);
/* A diagnostic for every warning of the answer that was not told yet. doing: "write Service a/b". */
void live_warnings_tell(struct live_warnings *warnings, const char *cluster, const char *doing,
                        const struct http_response *response, struct glm_diags *d);

/* ---- live_write.c ---- */

struct live {
    struct glm_cluster cluster;
    struct glm_arena
        *arena; /* holds this struct and its identity; nothing else is taken of it later */
    struct kube_api *api;
    struct store *store;
    struct live_warnings *warnings;
    int64_t until_ms;    /* of every request, by glm_clock_ms; 0: none */
    struct live *parent; /* that this is a view of, with less time; NULL: it is none */

    /* not of a view */
    pthread_mutex_t identity_lock;
    pthread_cond_t identity_changed;
    bool identifying;
    const char *identity; /* the UID of kube-system; NULL: not asked yet */
};

bool live_write(struct glm_cluster *cluster, struct glm_arena *arena, struct glm_write *w,
                enum glm_written *ret_written, struct glm_diags *d);
bool live_remove(struct glm_cluster *cluster, struct glm_arena *arena,
                 const struct glm_object_ref *ref, const struct glm_value *seen, bool *ret_gone,
                 struct glm_diags *d);
/* One GET. ret_object: set when FOUND, and lives as long as the arena. */
bool live_get(struct live *live, struct glm_arena *arena, const struct glm_object_ref *ref,
              enum glm_found *ret_found, const struct glm_value **ret_object, const char **ret_why,
              struct glm_diags *d);

/* ---- live_conflict.c ---- */

/* The fields of a 409 that other field managers own. Returns how many; 0: it is about something
 * else. Pure. */
size_t live_conflicts(struct glm_arena *arena, const struct glm_value *status,
                      const struct glm_conflict **ret_conflicts);

#endif
