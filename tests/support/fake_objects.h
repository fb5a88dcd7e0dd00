/* SPDX-License-Identifier: Apache-2.0
 *
 * A fake API server that keeps objects, as far as the tests of a live cluster need it: lists, gets,
 * applies, deletions and watches, in one process and with a hand in everything. It does not know
 * fields, managers or types; what a real API server makes of those is tested against a real one.
 */
#ifndef GLM_TEST_FAKE_OBJECTS_H
#define GLM_TEST_FAKE_OBJECTS_H

#include "fake_apiserver.h"

#include "glm/value.h"

#include <pthread.h>

#define FAKE_OBJECTS_MAX 256
#define FAKE_EVENTS_MAX 1024

struct fake_objects {
    struct fake_apiserver server;
    /* Called first, without the lock; true: it has answered. */
    bool (*_Atomic script)(struct fake_objects *objects, struct fake_call *call);
    atomic_int mode; /* the script's */

    pthread_mutex_t lock;
    pthread_cond_t changed;
    /* under the lock */
    struct glm_arena *arena;
    struct {
        const char *path; /* "/api/v1/namespaces/a/services/b" */
        const struct glm_value *object;
    } objects[FAKE_OBJECTS_MAX];
    size_t count;
    struct {
        const char *path, *type;
        const struct glm_value *object;
        uint64_t version;
    } events[FAKE_EVENTS_MAX];
    size_t event_count;
    uint64_t version, forgotten; /* a watch from before `forgotten` is answered 410 */
    unsigned uids;
    bool hold_lists; /* a list is made, and then held back until this is false */
    unsigned held;   /* so many are */
    size_t page;     /* objects in one page of a list; 0: all */
    bool no_watches; /* those that run end, new ones are answered 503 */
};

void fake_objects_start(struct fake_objects *objects);
void fake_objects_stop(struct fake_objects *objects);

/* What another client does. json: with single quotes; metadata gets uid and resourceVersion. */
void fake_objects_put(struct fake_objects *objects, const char *json);
void fake_objects_delete(struct fake_objects *objects, const char *path);
/* Watches from now on begin again. */
void fake_objects_forget(struct fake_objects *objects);
void fake_objects_hold_lists(struct fake_objects *objects, bool hold);
/* Waits until so many lists are held back. */
void fake_objects_await_held(struct fake_objects *objects, unsigned count);
void fake_objects_no_watches(struct fake_objects *objects, bool none);

#endif
