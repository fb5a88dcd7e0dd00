/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files of the lifecycle share: the wanted objects, the work per cluster, the record.
 */
#ifndef GLM_LIFECYCLE_INTERNAL_H
#define GLM_LIFECYCLE_INTERNAL_H

#include "glm/codec.h"
#include "glm/lifecycle.h"

/* One object as a cluster is to have it. */
struct wanted_object {
    struct glm_object_ref ref;
    const struct glm_value *object; /* with owner labels and view; NULL while unknown */
    const char *text;               /* JSON without those, as the attributes show it */
};

/* One installation in one cluster. */
struct wanted_pair {
    const struct glm_installation *installation;
    const struct glm_placement *placement;
    const char *key;                /* the key in istio_operators and status; NULL: unknown */
    struct wanted_object operator_; /* text NULL: unknown */
    bool services_known;
    struct wanted_object *services; /* the active ones */
    const char *const *service_keys;
    size_t service_count;
    const char *const *namespaces;
    size_t namespace_count;
};

/* Everything one cluster is to have. */
struct wanted_cluster {
    const char *name;
    const struct glm_cluster_config *config; /* NULL: not in the provider's configuration */
    struct glm_cluster *cluster;             /* NULL: never to be reached */
    bool tolerate;                           /* unreachable is a warning on read */
    struct wanted_pair *pairs;
    size_t pair_count, pair_capacity;
};

struct wanted {
    const struct glm_manager *manager;
    bool known;                      /* false: which clusters there are is not known */
    struct wanted_cluster *clusters; /* sorted by name */
    size_t cluster_count;
};

/* wanted.c: translates every installation for every cluster. */
bool wanted_build(struct glm_arena *arena, const struct glm_estate *estate,
                  const struct glm_value *attributes, bool warn, struct wanted **ret_wanted,
                  struct glm_diags *d);
struct wanted_cluster *wanted_find(const struct wanted *wanted, const char *name);

/* The cluster of this name in the estate; false when the estate does not have it. */
bool estate_find(const struct glm_estate *estate, const char *name,
                 const struct glm_cluster_config **ret_config, struct glm_cluster **ret_cluster,
                 bool *ret_tolerate);
/* Where a cluster's objects are; NULL when that is not known. */
const char *place_of(struct glm_arena *arena, struct glm_cluster *cluster);

/* record.c */
/* The record of one cluster: {place, istio_operators = {R: "ns/name"}, services = ["ns/name"]};
 * from what prior shows when the record does not have it. */
const struct glm_value *record_cluster(struct glm_arena *arena, const struct glm_value *record,
                                       const struct glm_value *prior, const char *cluster);
/* The names of all clusters that the record or prior mention, as a sorted list of strings. */
const struct glm_value *record_clusters(struct glm_arena *arena, const struct glm_value *record,
                                        const struct glm_value *prior);
const struct glm_value *record_make_cluster(struct glm_arena *arena, const char *place,
                                            const struct glm_value *operators,
                                            const struct glm_value *services);
const struct glm_value *record_make(struct glm_arena *arena, const struct glm_value *clusters);
/* True when the record knows a place for the cluster and it is another one. */
bool record_moved(const struct glm_value *cluster_record, const char *place);
/* In a record, an object that had to go but is still there, beside the one that has its revision
 * key now; and the revision key of any recorded key. */
const char *record_leaver_key(struct glm_arena *arena, const char *key, const char *ref);
const char *record_key(struct glm_arena *arena, const char *recorded_key);
/* "ns/name" into a reference. */
bool record_ref(struct glm_arena *arena, enum glm_object_kind kind, const char *text,
                struct glm_object_ref *ret_ref);

/* plan.c: clusters that the state has objects in and the provider no longer serves as before. */
bool plan_check_clusters(struct glm_arena *arena, const struct glm_estate *estate,
                         const struct glm_value *prior, const struct glm_value *record,
                         struct glm_diags *d);

/* find.c: true when a list of clusters, null for all, has this one. */
bool cluster_chosen(const struct glm_value *only, const char *name);

/* fanout.c: runs work(job) for every job, at most max_parallel at once, each in a thread with an
 * arena of its own that lives as long as `arena`; then appends their diagnostics in order. */
struct fanout_job {
    struct glm_arena *arena;
    struct glm_diags diags;
    void *work;
};
void fanout(struct glm_arena *arena, size_t max_parallel, struct fanout_job *jobs, size_t count,
            void (*run)(struct fanout_job *job), struct glm_diags *d);

/* claims.c */
/* Claims `what` ("Service ns/name") in a cluster for one apply (taker). NULL, or the resource
 * "ns/name" of the apply that has it; claims may be NULL. */
const char *claims_take(struct glm_claims *claims, struct glm_arena *arena, const void *taker,
                        const char *cluster, const char *what, const char *resource);
/* Before the arenas of the claims are destroyed. */
void claims_release(struct glm_claims *claims, const void *taker);

/* shown.c: objects as the attributes show them, JSON text. */
/* text as a value; prior itself when it says the same, so that nothing differs by spelling. */
const struct glm_value *shown_text(struct glm_arena *arena, const struct glm_value *prior,
                                   const char *text);
/* True when the two texts hold the same document. */
bool shown_equal(struct glm_arena *arena, const struct glm_value *a, const struct glm_value *b);
/* {manifest, addresses} */
const struct glm_value *shown_service(struct glm_arena *arena, const struct glm_value *manifest,
                                      const struct glm_value *addresses);
/* A found object as it is shown: without owner labels and view while those are as we write them
 * (expected), with all its labels and annotations when they are not, so that the drift shows. */
const struct glm_value *shown_object(struct glm_arena *arena, const struct glm_value *found,
                                     const struct glm_value *expected);

/* status.c: one entry of status.clusters[c].installations. */
const struct glm_value *status_entry(struct glm_arena *arena, enum glm_state state,
                                     const char *revision, const char *message);
/* The entry of a pair that was written to its place without a fault. */
const struct glm_value *status_written(struct glm_arena *arena, const char *revision,
                                       const char *place);
const struct glm_value *status_get(const struct glm_value *attributes, const char *cluster,
                                   const char *revision_key);
/* {clusters = {c = {installations = ...}}} from a map of maps of entries; unknown stays. */
const struct glm_value *status_wrap(struct glm_arena *arena, const struct glm_value *by_cluster);

/* The shared paths of diagnostics. */
#define AT_INSTALLATION(key_) GLM_AT_KEY(GLM_AT_ATTR(NULL, "installations"), (key_))
#define AT_PLACEMENT(key_, cluster_)                                                               \
    GLM_AT_KEY(GLM_AT_ATTR(AT_INSTALLATION(key_), "clusters"), (cluster_))

#endif
