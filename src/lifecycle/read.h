/* SPDX-License-Identifier: Apache-2.0
 *
 * What the two files of a read share: read.c has all clusters, read_cluster.c has one.
 */
#ifndef GLM_LIFECYCLE_READ_H
#define GLM_LIFECYCLE_READ_H

#include "lifecycle_internal.h"

struct reading {
    const struct glm_change *change;
    const struct wanted
        *before; /* prior, translated again, for what is owned; NULL: not possible */
    const char *name, *namespace_;
    const char *cluster_name;
    struct glm_cluster *cluster;
    const char *label, *place;
    bool tolerate, moved;
    bool settled; /* files: the record's place may be what it is now */
    const struct time_limit *limit;
    const struct glm_value *record; /* of this cluster */

    /* results */
    bool answered;
    size_t recorded, found;
    const struct glm_value *operators, *services, *status;
    struct glm_map_builder healthy, selected;
    struct glm_list_builder unsettled, unwaited;
};
/* read_cluster.c: one cluster, into the results. */
void read_cluster(struct fanout_job *job);

#endif
