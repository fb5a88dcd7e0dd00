/* SPDX-License-Identifier: Apache-2.0
 *
 * What an apply has to find out of a pair, and what a plan can say of it before. Where a successful apply can
 * only end in one way, the plan says so.
 */
#include "lifecycle_internal.h"

#include <string.h>

/* True when an apply has to find the status out although nothing else changes: the last one failed,
 * or did not wait where this one does, or left something that is to go. */
static bool is_to_settle(const struct settling *s, const struct wanted_pair *pair)
{
    const struct glm_value *own = record_cluster(s->arena, s->record, s->prior, pair->cluster);
    const struct glm_value *seat = record_cluster(s->arena, s->record, s->prior, s->seat->name);
    return record_is_unsettled(own, pair->key) || record_pair(own, pair->key).from ||
           record_has_leaver_of(seat, record_pair_cluster(s->seat->name, pair->cluster),
                                pair->key) ||
           (record_is_unwaited(own, pair->key) &&
            !glm_is_false(glm_get(s->planned, "wait_for_healthy")));
}

bool settled_untouched(const struct settling *s, const struct wanted_pair *pair)
{
    enum shape_same own = shape_same(s->prior, s->planned, pair->installation->key, pair->cluster);
    enum shape_same shared = shape_same(s->prior, s->planned, SHAPE_KEY_ALL, s->seat->name);
    return own != SHAPE_OTHER && shared != SHAPE_OTHER &&
           (own == SHAPE_SAME || shared == SHAPE_SAME) && !is_to_settle(s, pair);
}

/* HEALTHY: what is said besides, of what was so before, stays until a read finds out. */
static const struct glm_value *healthy(const struct settling *s, const struct wanted_pair *pair,
                                       const struct glm_value *was)
{
    const char *revision = pair->installation->revision;
    bool is = glm_string_is(glm_get(was, "state"), glm_state_name(GLM_STATE_HEALTHY)) &&
              glm_string_is(glm_get(was, "observed_revision"), revision);
    if (is && is_to_settle(s, pair))
        return &glm_unknown; /* else nothing would be planned, and nothing settled */
    return is ? was : status_entry(s->arena, GLM_STATE_HEALTHY, revision, NULL);
}

const struct glm_value *settled_status(const struct settling *s, const struct wanted_pair *pair)
{
    const struct wanted_seat *seat = s->seat;
    const struct glm_value *was = status_get(s->prior, pair->cluster, pair->key);
    const enum place_change place = place_known(
        s->arena, record_cluster(s->arena, s->record, s->prior, seat->name), seat->cluster);
    if (seat->cluster && seat->cluster->ops->files)
        return place == PLACE_OTHER ? &glm_unknown
                                    : status_written(s->arena, pair->installation->revision);
    if (settled_untouched(s, pair)) {
        /* A place that is not known now may turn out to be another one. */
        bool known = seat->cluster && place == PLACE_SAME && glm_is_map(was);
        return known ? was : &glm_unknown;
    }
    const struct glm_value *wait = glm_get(s->planned, "wait_for_healthy");
    bool live = seat->config && seat->config->place == GLM_PLACE_LIVE;
    return live && !glm_is_unknown(wait) && !glm_is_false(wait) ? healthy(s, pair, was)
                                                                : &glm_unknown;
}
