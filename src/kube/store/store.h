/* SPDX-License-Identifier: Apache-2.0
 *
 * What is remembered of one cluster's objects: lists, our own writes since, and what watches bring.
 *
 * Owner:  what is given out lives as long as the arena given, by count.
 * Errors: those of the list, the same to all who waited for it.
 * Thread: any number of calls at once; no lock is held while somebody is asked.
 *
 *   store.c       who looks and lists, and what is told
 *   follow.c      the threads that follow a kind, each by one watch
 *   collection.c  what is remembered of one selection of a kind
 *   snapshot.c    objects as they were at one moment, shared by count, never changed
 *   list.c        one LIST, page by page
 *   watch.c       the lines of a watch
 *   held.c        values shared by count
 */
#ifndef GLM_KUBE_STORE_H
#define GLM_KUBE_STORE_H

#include "../api/api.h"

#include "glm/cluster.h"

struct store; /* of one cluster */

/* ---- held.c ---- */

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
    struct http_kept kept;         /* as it counts among all that is kept */
};

struct held *store_held_create(void);
struct held *store_held_take(struct held *held);
void store_held_drop(struct held *held);
/* Counts it, as large as it is now, among all that is kept. False: that is too much; it counts as before. */
bool store_held_keep(struct held *held, struct kube_api *api);
/* The values live as long as the arena. */
void store_held_lend(struct held *held, struct glm_arena *arena);

/* ---- store.c ---- */

struct store *store_create(struct kube_api *api);
/* After every call has returned, and store_close. */
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
/* Objects of a kind, remembered or asked for. ret_served: false: the kind is not, and has none. */
bool store_list(struct store *store, struct glm_arena *arena, const struct glm_object_kind *kind,
                const struct glm_selection *selection, int64_t until_ms, bool *ret_served,
                const struct glm_value **ret_list, struct glm_diags *d);
/* What an answer has told about one object. own: it was our own write. Takes the count of held. */
void store_saw(struct store *store, const struct glm_object_kind *kind, struct held *held,
               bool own);
/* Our own removal is done: uid (may be NULL: not known) is gone. */
void store_removed(struct store *store, const struct glm_object_ref *ref, const char *uid);
/* A GET that began at this count of own writes has found nothing. */
void store_saw_nothing(struct store *store, const struct glm_object_ref *ref, uint64_t writes);
uint64_t store_writes(struct store *store);

/* ---- follow.c: see the interface's follow, unfollow and await ---- */

void store_follow(struct store *store, const struct glm_object_kind *const *kinds);
void store_unfollow(struct store *store, const struct glm_object_kind *const *kinds);
bool store_await(struct store *store, uint64_t *version, int64_t milliseconds);
/* Ends what follows. */
void store_close(struct store *store);

#endif
