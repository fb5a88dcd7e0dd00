/* SPDX-License-Identifier: Apache-2.0
 *
 * Lifecycle: plan, apply, read, remove and find a gateway lifecycle manager over many clusters.
 *
 * What:   joins the pure translation (mesh.h) with the places that hold objects (cluster.h).
 *         glm_lifecycle_plan is pure; the others talk to the clusters, in parallel.
 * Owner:  results live in the arena given.
 * Errors: one diagnostic per cluster and problem; what was reached is always in the result.
 * Thread: any number of calls at once, each with its own arena.
 * Words:  "attributes" is the resource as Terraform has it, an object value. "record" is what the
 *         resource's private state remembers: where the objects of each cluster are, and which.
 */
#ifndef GLM_LIFECYCLE_H
#define GLM_LIFECYCLE_H

#include "glm/cluster.h"
#include "glm/installer.h"
#include "glm/mesh.h"

#include <stdatomic.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What the applies under way are about to make, so that two of one run do not make the same. */
struct glm_claims;
struct glm_claims *glm_claims_create(struct glm_arena *arena);

/* The clusters of the provider's configuration, ready for use. */
struct glm_estate {
    struct glm_mesh_config mesh;
    struct glm_cluster *const *clusters; /* beside mesh.clusters; NULL: never to be reached */
    const bool *must_answer;             /* beside mesh.clusters; on_unreachable = "error" */
    const struct glm_installer *const *installers; /* ended by NULL; the first one: the default */
    size_t max_parallel;
    struct glm_claims *claims; /* NULL: nothing else is applied at the same time */
    const atomic_bool *stop;   /* true: finish soon with what there is */
};

/* ---- the record ---- */

/* An empty record: the null value. Anything that is no record of ours counts as empty. prior: the state
 * that it belongs to, or the null value; an object that this shows is in the record, whatever it said. installers: those of the estate.
 * false: a newer release has written it, and nothing may be done with it. */
bool glm_record_decode(struct glm_arena *arena, const struct glm_installer *const *installers,
                       const void *bytes, size_t len, const struct glm_value *prior,
                       const struct glm_value **ret_record, struct glm_diags *d);
/* attributes: those that it is decoded with: what they show is not written. */
const char *glm_record_encode(struct glm_arena *arena,
                              const struct glm_installer *const *installers,
                              const struct glm_value *record, const struct glm_value *attributes);

/* What a plan was made for, so that apply knows a replacement's delete from a destroy. */
#define GLM_INTENT_APPLY "apply"
#define GLM_INTENT_DESTROY "destroy"
const struct glm_value *glm_record_with_intent(struct glm_arena *arena,
                                               const struct glm_value *record, const char *intent,
                                               const char *id);
bool glm_record_intends(const struct glm_value *record, const char *intent, const char *id);

/* ---- states of earlier releases ---- */

/* A state of schema version 0, decoded from its JSON without a type, as one of version 1 that says the same.
 * Pure: no configuration is asked, and no cluster. false: it is not as it was written, with an error. */
bool glm_lifecycle_upgrade_state(struct glm_arena *arena,
                                 const struct glm_installer *const *installers,
                                 const struct glm_value *state, const struct glm_value **ret_state,
                                 struct glm_diags *d);

/* ---- the verbs ---- */

struct glm_change {
    const struct glm_value *prior;      /* attributes before; the null value: none */
    const struct glm_value *record;     /* of prior */
    const struct glm_value *attributes; /* wanted: configuration with defaults; planned, on apply */
    bool creating; /* Terraform sees a create: what fails taints the resource */
    /* For all of it, in every cluster: looks, writes and waiting. 0: none. */
    int64_t timeout_ms;
    bool importing; /* glm_lifecycle_find for an import: no attribute says how long it may take */
    bool
        everywhere; /* ... a cluster that cannot be searched is an error, whatever on_unreachable says */
    /* results */
    const struct glm_value *result;
    const struct glm_value *result_record;
    /* ... of a find: what stands for each pair, whole: {cluster: {revision key: JSON}} */
    const struct glm_value *documents;
};

/* result: attributes with all that is computed: known, or unknown where it cannot be known yet.
 * Same answer twice: looks at nothing but its arguments. */
bool glm_lifecycle_plan(struct glm_arena *arena, const struct glm_estate *estate,
                        struct glm_change *change, struct glm_diags *d);

/* What a plan to destroy has to say. Pure. */
bool glm_lifecycle_plan_remove(struct glm_arena *arena, const struct glm_estate *estate,
                               const struct glm_value *prior, const struct glm_value *record,
                               struct glm_diags *d);

/* What carries traffic now, a line for every cluster, for a warning; "" when nothing does. Pure. */
const char *glm_lifecycle_active(struct glm_arena *arena, const struct glm_estate *estate,
                                 const struct glm_value *prior, const struct glm_value *record);

/* Makes the clusters what change->attributes says. The result is what was reached; the null value
 * when there was no prior and nothing was reached. */
bool glm_lifecycle_apply(struct glm_arena *arena, const struct glm_estate *estate,
                         struct glm_change *change, struct glm_diags *d);

/* Removes every object of prior. result: the null value, or what is left. */
bool glm_lifecycle_remove(struct glm_arena *arena, const struct glm_estate *estate,
                          struct glm_change *change, struct glm_diags *d);

/* Reads what the clusters have now into result; the null value when certainly all of it is gone.
 * Unreachable clusters, and those that had not answered when the time was over, keep what prior
 * says, with a warning. Live objects are reduced to what is
 * owned. result_record: what the next plan has to know. */
bool glm_lifecycle_read(struct glm_arena *arena, const struct glm_estate *estate,
                        struct glm_change *change, struct glm_diags *d);

/* Looks in every cluster for the objects of namespace/name and rebuilds the attributes they came
 * from (name, namespace, installations, helm_global, and all that is computed).
 * result: the null value when nothing was found. */
bool glm_lifecycle_find(struct glm_arena *arena, const struct glm_estate *estate, const char *name,
                        const char *namespace_, const struct glm_value *only_clusters,
                        struct glm_change *change, struct glm_diags *d);

#ifdef __cplusplus
}
#endif
#endif
