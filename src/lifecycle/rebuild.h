/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files of a rebuilding share: rebuild.c makes a resource of what was found, rebuild_shown.c
 * shows its objects.
 */
#ifndef GLM_LIFECYCLE_REBUILD_H
#define GLM_LIFECYCLE_REBUILD_H

#include "find.h"

struct rebuilt {
    struct glm_arena *arena;
    struct glm_map_builder installations; /* without clusters */
    struct glm_map_builder placements;    /* installation key -> map of clusters */
    struct glm_map_builder keys;          /* of them, by entries_key of a cluster and a revision */
    struct shape_builder shape;
    /* What is shown and noted, and what stands for pairs, whole, by entries_key. */
    struct glm_map_builder status, notes, documents;
    struct glm_map_builder objects; /* of the record of the cluster at hand */
    const struct glm_value *helm_global;
    const struct glm_estate *estate;
    const struct wanted *wanted;       /* the installations; NULL: not possible */
    const struct wanted_seat *applied; /* of that, what the cluster at hand would get */
    struct intake intake;
    const struct search *too_much; /* the cluster that has; NULL: none, so far */
};

/* An object as it is to be shown, whole. applied: as the installations make it; NULL: they do not. */
const struct glm_value *rebuild_shown(const struct rebuilt *r, const struct search *s,
                                      const struct find_object *o,
                                      const struct wanted_object *applied, struct glm_diags *d);
/* Counts what goes into the state of what a cluster has. */
void rebuild_take_in(struct rebuilt *r, const struct search *s, size_t bytes);
/* True for an object that is for several pairs, and none's own. */
bool rebuild_is_shared(const struct search *s, const struct find_object *o);
/* Shows what the installations make, whether it was found or not. */
void rebuild_put_commons(struct rebuilt *r);
/* Shows where an object is not what its installation makes of every cluster: of what none makes, all of it. */
void rebuild_put(struct rebuilt *r, const struct search *s, const struct find_object *o,
                 const struct wanted_object *applied, const struct glm_value *shown);

#endif
