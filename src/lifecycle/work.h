/* SPDX-License-Identifier: Apache-2.0
 *
 * The work in one cluster while applying: look first (guard.c), then do (work.c), and tell what
 * was reached. One thread per cluster; nothing here is shared but const data.
 */
#ifndef GLM_LIFECYCLE_WORK_H
#define GLM_LIFECYCLE_WORK_H

#include "lifecycle_internal.h"

/* What was found where an object is wanted. */
struct look {
    enum glm_found found;
    const struct glm_value *object; /* GLM_FOUND */
    const char *why;                /* GLM_FOUND_UNREADABLE */
};

struct work {
    const struct glm_estate *estate;
    const struct glm_change *change;
    const char *name, *namespace_; /* of the resource */
    const char *cluster_name;
    struct glm_cluster *cluster;
    const char *place;
    const struct wanted_cluster *wanted; /* NULL: nothing is wanted here any more */
    const struct glm_value *record;      /* of this cluster, empty when it has moved */
    bool creating, adopt;

    /* filled by work_look */
    struct look **services; /* beside wanted->pairs[i].services */
    struct look *operators; /* beside wanted->pairs */
    bool refused;           /* something is in the way: nothing may be written anywhere */
    bool failed;            /* this cluster has an error */

    /* results, filled by work_do */
    struct glm_map_builder shown_operators, shown_services, status;
    struct glm_map_builder record_operators;
    struct glm_list_builder record_services;
};

/* Reads every wanted object and decides what may be overwritten. */
void work_look(struct work *w, struct glm_arena *arena, struct glm_diags *d);
/* rivals.c: refuses gateways that somebody else renders, or is about to. After every wanted object
 * was looked at. */
void rivals_look(struct work *w, struct glm_arena *arena, struct glm_diags *d);
/* Installs, switches, removes. Not called when any cluster refused. */
void work_do(struct work *w, struct glm_arena *arena, struct glm_diags *d);

/* "Cluster \"east\": summary", the detail and what happens next. Marks the work as failed. */
void work_fail(struct work *w, struct glm_arena *arena, const struct glm_path *at,
               const struct glm_diags *from, struct glm_diags *d);

/* True when the record says that the object is ours. */
bool work_recorded(const struct work *w, struct glm_arena *arena, const struct glm_object_ref *ref);

#endif
