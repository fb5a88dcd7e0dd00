/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files of an apply share: the work in one cluster, which looks first, then does what there is
 * to do, and tells what was reached. One thread per cluster; nothing here is shared but const data.
 *
 *   hold.c       directories held against other processes; two names of one cluster
 *   guard.c      what may be overwritten
 *   rivals.c     which gateways somebody else renders
 *   preflight.c  whether gateways can be installed at all
 *   write.c      one object: compared, written, conflicts settled
 *   wait.c       until gateways are healthy, and until what was removed is gone
 *   endpoints.c  whether traffic can be switched over, and has been
 *   remove.c     what is not wanted any more
 *   report.c     what is said of errors
 *   applied.c    what there was before
 *   outcome.c    what it comes to, for the state and the record
 *   work.c       the order of all this
 */
#ifndef GLM_LIFECYCLE_PARTS_H
#define GLM_LIFECYCLE_PARTS_H

#include "lifecycle_internal.h"

/* One pair's way through an apply. */
struct pair_work {
    struct glm_read operator_;
    struct glm_read *services;      /* beside the pair's services */
    bool same, *same_services;      /* files: what was looked at is as wanted */
    bool blocked;                   /* preflight: no IstioOperator may be made; status is set */
    bool installed;                 /* the IstioOperator is as wanted */
    bool await;                     /* its state is to be found out: the plan does not know it */
    bool served;                    /* an operator is known that will take it up */
    bool ready;                     /* HEALTHY, or nothing that one waits for */
    const char *written;            /* see struct written.version */
    const char *found;              /* the text of what an import found, when it stays as that */
    const struct glm_value *status; /* its entry of the status, once there is one */
    bool seen_healthy;
    const char *healthy; /* glm_generation, when it was seen HEALTHY now; NULL: it has none */
};

/* Bytes that the record may have of what clusters made of all that was written. */
#define WORK_ALTERED_MAX ((size_t)16 << 20)

struct work {
    const struct glm_estate *estate;
    const struct glm_change *change;
    const char *name, *namespace_; /* of the resource */
    const char *cluster_name;
    struct glm_cluster *cluster; /* for as long as the operation has */
    struct glm_cluster
        *closing;             /* a moment longer: for the last look, and for what is to be said */
    const char *label;        /* the cluster, for people */
    const char *place;        /* NULL: not known */
    const struct wanted *all; /* of what wanted is a part; NULL: nothing is wanted */
    const struct wanted_cluster *wanted;  /* in a step: translated; NULL: nothing is wanted here */
    const struct wanted_cluster *planned; /* between steps: not translated */
    const struct wanted *before;          /* prior; NULL: there is none */
    const struct glm_value *record;       /* of this cluster, empty when it has moved */
    bool creating, adopt, force, patient; /* patient: wait_for_healthy */
    struct time_limit limit;              /* of the look, then of the whole operation */

    /* filled by work_look */
    struct pair_work *pairs;     /* beside wanted->pairs */
    bool opened;                 /* the cluster was reached */
    bool listed;                 /* its IstioOperators were listed for this work */
    bool looked;                 /* everything wanted was looked at */
    bool refused;                /* something is in the way: nothing may be written anywhere */
    bool held;                   /* files: no other process writes there until hold_release */
    bool outrun;                 /* files: somebody else made what was to be created */
    bool failed;                 /* this cluster has an error */
    bool late;                   /* ... that says that the time is over */
    const char *why;             /* ... the last one's text; NULL: none yet */
    size_t altered_more;         /* bytes in `altered` beyond what was written */
    atomic_size_t *altered_left; /* of WORK_ALTERED_MAX, for all clusters of the resource */

    struct glm_arena *kept; /* of the results, and of what one step leaves to the next */

    /* filled by work_applied */
    const struct wanted_cluster *applied; /* of before, what this cluster got */
    bool rendered;

    /* results, from outcome_begin on */
    struct glm_map_builder shown_operators, shown_services, status;
    struct glm_map_builder record_operators, healthy, altered;
    struct glm_list_builder record_services, unsettled, unwaited;
};

/* ---- applied.c ---- */

/* The object as prior's configuration made it; NULL: it did not. */
const struct wanted_object *work_applied(struct work *w, struct glm_arena *arena,
                                         const struct glm_object_ref *ref);

/* ---- report.c ---- */

/* "Cluster \"east\": summary", the detail and what happens next. Marks the work as failed. */
void work_fail(struct work *w, struct glm_arena *arena, const struct glm_path *at,
               const struct glm_diags *from, struct glm_diags *d);
/* The same of one error of our own. */
void work_error(struct work *w, struct glm_arena *arena, const struct glm_path *at,
                struct glm_diags *d, const char *summary, const char *format, ...)
    __attribute__((format(printf, 6, 7)));
/* True when the provider is to stop. */
bool work_stop_asked(const struct work *w);
/* The same, with an error that says so. */
bool work_interrupted(struct work *w, struct glm_arena *arena, const struct glm_path *at,
                      struct glm_diags *d);
/* The same, also when the time of the operation is over: nothing more may be begun. */
bool work_stopped(struct work *w, struct glm_arena *arena, const struct glm_path *at,
                  struct glm_diags *d);
/* True when the write of this Service changes which Pods it selects. */
bool work_moves_traffic(const struct wanted_object *service, const struct glm_read *look);

/* ---- outcome.c: the results ---- */

void outcome_begin(struct work *w);
/* Of a cluster in which nothing was begun: all that the state and the record have. */
void outcome_keep(struct work *w);
/* The status of a pair that failed just now. */
const struct glm_value *outcome_failed(const struct work *w, struct glm_arena *arena, size_t index);
/* The IstioOperator is there, or may be: the state has it. The next refresh finds out. */
void outcome_pair(struct work *w, struct glm_arena *arena, const struct wanted_pair *pair);
/* The same of a Service. stored: as the cluster has it; null: not known. */
void outcome_service(struct work *w, const struct wanted_pair *pair, size_t s,
                     const struct glm_value *stored);
/* Keep in the result what the state and the record have of a pair, of a Service. */
void keep_pair(struct work *w, const char *key);
void keep_service(struct work *w, struct glm_arena *arena, const char *key);
/* A cluster that could not even be looked at is left as it is. */
void outcome_leave(struct work *w, struct glm_arena *arena);
/* What is known of every pair in the end. */
void outcome_tell(struct work *w, struct glm_arena *arena);

/* ---- work.c ---- */

/* Reads every wanted object and decides what may be overwritten. */
void work_look(struct work *w, struct glm_arena *arena, struct glm_diags *d);
/* Of the files that were looked at keeps whether they are as wanted, and what they select. */
void work_forget(struct work *w);
/* Installs, waits, switches, removes. Not called when any cluster refused. */
void work_do(struct work *w, struct glm_arena *arena, struct glm_diags *d);

/* The attribute that speaks of a pair. */
#define WORK_AT(w, index)                                                                          \
    GLM_AT_PLACEMENT((w)->wanted->pairs[index].installation->key, (w)->cluster_name)

/* ---- hold.c ---- */

/* Holds all directories of the works. false: one could not be had, with an error. */
bool hold_files(struct work *works, size_t count, struct glm_arena *arena, struct glm_diags *d);
/* Nothing when it is not held. */
void hold_release(struct work *w);
/* false: two works are of one and the same place; the second one of each is refused. */
bool refuse_twins(struct work *works, size_t count, struct glm_arena *arena, struct glm_diags *d);

/* ---- preflight.c: of clusters with an API server ---- */

/* Whether what is missing can be installed at all: control planes, operators. Pairs that cannot
 * be are blocked, with their status and an error. */
void preflight(struct work *w, struct glm_arena *arena, struct glm_diags *d);
/* True when by now an operator is known that serves the pair: it is deployed in the cluster, or has
 * taken up something in the same namespace and of the same revision, and may be busy with that for
 * minutes before it comes to the next one. */
bool preflight_served(struct work *w, struct glm_arena *arena, size_t index);

/* ---- kept.c ---- */

struct kept {
    struct glm_arena *arena;
    const char *text; /* NULL: none */
};
/* text: copied; NULL gives back what there is. */
void kept_set(struct kept *kept, const char *text);
bool kept_is(const struct kept *kept, const char *text);

/* ---- wait.c ---- */

/* Finds out the state of every installed pair that the plan does not know: at once, or, when the
 * work is patient, after waiting until all are healthy. In files there is nothing to wait for. */
void wait_until_ready(struct work *w, struct glm_arena *arena, struct glm_diags *d);
/* For how many milliseconds of a wait of `given` nobody may take up an IstioOperator when no
 * operator is known that would. given 0: without an end. */
int64_t wait_untouched(int64_t given);
/* Waits until objects that were deleted are gone; sets gone[i]. An error names what holds them. */
void wait_until_gone(struct work *w, struct glm_arena *arena, const struct glm_object_ref *refs,
                     bool *gone, size_t count, struct glm_diags *d);

/* ---- endpoints.c: of a live Service whose selector changes ---- */

/* Waits until a ready Pod matches what the Service is to select. false: an error says so. */
bool endpoints_before(struct work *w, struct glm_arena *arena, size_t index,
                      const struct wanted_object *service, struct glm_diags *d);
/* Waits until the Service, switched, has a ready endpoint of the new revision. */
bool endpoints_after(struct work *w, struct glm_arena *arena, size_t index,
                     const struct wanted_object *service, struct glm_diags *d);

/* ---- remove.c ---- */

/* Removes what the record has and nobody wants; what cannot be removed stays in the result. */
void remove_leavers(struct work *w, struct glm_arena *arena, struct glm_diags *d);

/* ---- guard.c ---- */

void guard_look(struct work *w, struct glm_arena *arena, struct glm_diags *d);
/* rivals.c: refuses gateways that another owner renders in the cluster. */
void rivals_look(struct work *w, struct glm_arena *arena, struct glm_diags *d);
/* The IstioOperators of the cluster. fresh: not remembered from before this work. */
bool guard_list(struct work *w, struct glm_arena *arena, bool fresh,
                const struct glm_value **ret_list, bool *ret_served, struct glm_diags *errors);
/* NULL when the object may be written over what was found, else why not. */
const char *guard_in_the_way(const struct work *w, struct glm_arena *arena,
                             const struct glm_object_ref *ref, const struct glm_read *look);
/* What a create has to say that meets objects of this provider: they may be those of the resource
 * that it replaces. Nothing that Terraform sends tells a create whether it is half of that. */
#define GUARD_CREATE_BEFORE_DESTROY                                                                \
    "If the plan says that this resource is replaced, create_before_destroy is why: with it the "  \
    "new gateways would come before the old ones go, and one cannot be there twice. Remove "       \
    "create_before_destroy from the lifecycle of this resource, and of what depends on it, and "   \
    "apply again: a replacement under the same name then touches nothing, and a change of name "   \
    "removes the old gateways first.\n\n"

#endif
