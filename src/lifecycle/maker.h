/* SPDX-License-Identifier: Apache-2.0
 *
 * Which installer has made a pair, by the record.
 */
#ifndef GLM_LIFECYCLE_MAKER_H
#define GLM_LIFECYCLE_MAKER_H

#include "lifecycle_internal.h"

struct maker_asked {
    const struct wanted_seat *seat;               /* that it is in, with the installer of now */
    const char *cluster, *key;                    /* of the pair */
    const struct glm_value *record, *seat_record; /* of the pair's cluster, of the seat */
};
/* NULL: one that this release does not know. What nobody has made is of now's. */
const struct glm_installer *maker_of_pair(struct glm_arena *arena, const struct glm_estate *estate,
                                          const struct maker_asked *asked);
/* The same of one of its objects, by its kind. */
const struct glm_installer *maker_of_kind(const struct glm_estate *estate,
                                          const struct record_pair *noted,
                                          const struct glm_object_kind *kind,
                                          const struct glm_installer *now);
/* Another installer than the seat's, whose pair it was or is in part. NULL: there is none. */
const struct glm_installer *maker_before(struct glm_arena *arena, const struct glm_estate *estate,
                                         const struct maker_asked *asked);

#endif
