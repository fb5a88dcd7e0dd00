/* SPDX-License-Identifier: Apache-2.0
 *
 * What the two files of a read share: read.c has all clusters, read_cluster.c has one.
 */
#ifndef GLM_LIFECYCLE_READ_H
#define GLM_LIFECYCLE_READ_H

#include "lifecycle_internal.h"

struct reading {
    const struct glm_estate *estate;
    const struct glm_change *change;
    const struct wanted *before;          /* prior, for what is owned; NULL: not possible */
    const struct wanted_cluster *applied; /* of that, what this cluster got; NULL: not possible */
    const char *name, *namespace_;
    const char *cluster_name;
    struct glm_cluster *cluster;
    const char *label, *place;
    bool tolerate, moved;
    bool settled; /* files: the record's place may be what it is now */
    const struct time_limit *limit;
    const struct glm_value *record; /* of this cluster */
    struct share share;
    struct glm_arena *said; /* what lives as long as the read, whatever comes of it */
    struct glm_arena *kept; /* the results; everything else is scratch, and goes with its object */

    /* results */
    bool answered;
    size_t recorded, found;
    const struct glm_value *operators, *services, *status;
    struct glm_map_builder healthy, selected;
    struct glm_list_builder unsettled, unwaited;
};
/* read_cluster.c: one cluster, into the results. */
void read_one_cluster(struct fanout_job *job);

#endif
