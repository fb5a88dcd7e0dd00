/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files of the fake cluster share.
 */
#ifndef GLM_FAKE_INTERNAL_H
#define GLM_FAKE_INTERNAL_H

#include "fake_cluster.h"

#include <pthread.h>

#define MOST_OBJECTS 4096

struct fake_entry {
    struct glm_object_ref ref;
    const struct glm_value *object;  /* NULL: garbage */
    const struct glm_value *applied; /* see struct glm_owned; NULL: nothing */
    bool used, fixed;
};

struct glm_fake_cluster {
    struct glm_cluster base;
    struct glm_arena *arena;
    pthread_mutex_t lock;
    struct fake_entry entries[MOST_OBJECTS];
    size_t top; /* beyond it nothing was ever used */
    unsigned operations, writes, removals;
    unsigned fail_at, stop_after, lose_at, die_after, rehearsals;
    bool stale;                                 /* instead of lost */
    int64_t given, listed_within, wrote_within; /* milliseconds */
    const struct glm_object_kind *lost;
    const char *why;
    const char *refused[GLM_ROWS + 1]; /* why; beside glm_object_kinds, and of all others */
    const char *denied[GLM_ROWS + 1];
    bool unserved[GLM_ROWS + 1];
    const struct glm_object_kind *unwritable, *untold;
    const struct glm_object_kind *remembered; /* lists of it that need not be fresh are these */
    const struct glm_value *remembers;
    unsigned fresh_lists;
    const char *unwritable_why;
    bool broken, owns, prompt, deaf;
    const struct glm_conflict *conflicts;
    size_t conflict_count;
    atomic_bool *stop;
    void (*round)(void *context);
    void *context;
};

static inline struct glm_fake_cluster *fake(const struct glm_cluster *cluster)
{
    return (struct glm_fake_cluster *)(uintptr_t)cluster;
}

extern const struct glm_cluster_ops fake_ops, fake_live_ops;
struct glm_cluster *fake_create(const char *name, const struct glm_cluster_ops *with);
/* Beside glm_object_kinds; of all others the number after them. */
size_t fake_row(const struct glm_object_kind *kind);
/* NULL: it is not there. */
struct fake_entry *fake_find(struct glm_fake_cluster *f, const struct glm_object_ref *ref);
void fake_set(struct glm_fake_cluster *f, const struct glm_object_ref *ref,
              const struct glm_value *object);

#endif
