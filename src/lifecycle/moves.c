/* SPDX-License-Identifier: Apache-2.0
 *
 * Moves: a pair whose objects are in one entry of `clusters` and are to be written to another, or that another
 * installer has made, because its cluster has another one now. What is left there would go before what comes
 * here is ready, and the traffic with it: refused, unless the one lets go of what the other inherits.
 */
#include "lifecycle_internal.h"
#include "maker.h"

#include <string.h>

struct moves {
    struct glm_arena *arena;
    const struct glm_estate *estate;
    const struct glm_value *prior, *record;
};

/* The entry that the objects of a pair are in, by the record; NULL: in none. */
static const char *seat_before(const struct glm_value *cluster_record, const char *cluster,
                               const char *key)
{
    const char *seat = record_pair(cluster_record, key).seat;
    if (seat)
        return seat;
    return record_main(cluster_record, key) ? cluster : NULL;
}

static bool refuse_place(const struct wanted_pair *pair, const char *before, const char *after,
                         struct glm_diags *d)
{
    return glm_error(
        d, GLM_AT_INSTALLATION(pair->installation->key), "An installation changes its place",
        "What revision \"%s\" has in cluster \"%s\" was written to \"%s\", and by the installer "
        "that this cluster has now it would be written to \"%s\". It would be removed there before "
        "it is ready here, and its traffic would end, so this release does not do it. Give the "
        "cluster its installer of before again; or take it out of `clusters` of this installation, "
        "apply (the gateway goes), change the installer, and put it back.",
        pair->key, pair->cluster, before, after);
}

static bool refuse_hands(const struct wanted_pair *pair, const struct glm_installer *before,
                         const struct glm_installer *after, struct glm_diags *d)
{
    return glm_error(
        d, GLM_AT_INSTALLATION(pair->installation->key), "An installation changes its installer",
        "Revision \"%s\" in cluster \"%s\" was installed by \"%s\", and \"%s\", which this cluster "
        "has as its installer now, cannot take it over from that: two would act on the same "
        "gateway, or none. Set `installer = \"%s\"` in the cluster's entry again; or install a new "
        "revision there with the new installer, in a resource of its own, and move the traffic to "
        "it.",
        pair->key, pair->cluster, before->name, after->name, before->name);
}

static const struct glm_value *recorded(const struct moves *m, const char *cluster)
{
    return record_cluster(m->arena, m->record, m->prior, cluster);
}

/* Who has made the pair so far, when that is another installer than the one it is to have. r: what is recorded
 * of its cluster. */
static const struct glm_installer *from_of(const struct moves *m, const struct glm_value *r,
                                           const struct wanted_seat *seat,
                                           const struct wanted_pair *pair)
{
    if (!pair->key || !seat->installer)
        return NULL;
    const struct maker_asked asked = {
        .seat = seat,
        .cluster = pair->cluster,
        .key = pair->key,
        .record = r,
        .seat_record = strcmp(seat->name, pair->cluster) == 0 ? r : recorded(m, seat->name)};
    const struct glm_installer *from = maker_before(m->arena, m->estate, &asked);
    return from && place_known(m->arena, asked.seat_record, seat->cluster) != PLACE_OTHER ? from
                                                                                          : NULL;
}

/* Of files nobody knows who acts on them, and when: each is made and removed as ever. */
static bool is_taken_over(const struct wanted_seat *seat, const struct glm_installer *from)
{
    const bool files = seat->cluster && seat->cluster->ops->files;
    return !from || files || (from->yields && seat->installer->inherits);
}

bool moves_check(const struct glm_estate *estate, const struct wanted *wanted,
                 const struct glm_value *prior, const struct glm_value *record, struct glm_diags *d)
{
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create(GLM_ARENA_RPC_LIMIT);
    const struct moves m = {arena, estate, prior, record};
    bool ok = true;
    for (size_t i = 0; i < wanted->cluster_count; i++) {
        const struct wanted_cluster *c = &wanted->clusters[i];
        const struct glm_value *r = recorded(&m, c->name);
        for (size_t k = 0; k < c->place_count; k++) {
            const struct wanted_pair *pair = wanted_pair_at(c, k);
            const struct wanted_seat *seat = c->places[k].seat;
            const char *before = pair->key ? seat_before(r, c->name, pair->key) : NULL;
            const struct glm_installer *from = from_of(&m, r, seat, pair);
            if (before && strcmp(before, seat->name) != 0)
                ok = refuse_place(pair, before, seat->name, d);
            else if (!is_taken_over(seat, from))
                ok = refuse_hands(pair, from, seat->installer, d);
        }
    }
    return ok;
}

/* The first of a cluster's pairs that changes hands; NULL: none does. */
static const struct glm_installer *first_from(const struct moves *m, const struct wanted_cluster *c,
                                              const struct wanted_seat **ret_seat)
{
    const struct glm_value *r = recorded(m, c->name);
    for (size_t k = 0; k < c->place_count; k++) {
        const struct wanted_seat *seat = c->places[k].seat;
        const struct glm_installer *from = from_of(m, r, seat, wanted_pair_at(c, k));
        *ret_seat = seat;
        if (from)
            return from;
    }
    return NULL;
}

static void warn_hands(const struct moves *m, const struct wanted_cluster *c,
                       const struct wanted_seat *seat, const struct glm_installer *from,
                       struct glm_diags *d)
{
    const struct glm_installer *to = seat->installer;
    const struct glm_path *at = spoken_at(m->arena, m->prior, c->name);
    const char *title =
        glm_sprintf(m->arena, "\"%s\" takes over from \"%s\"", to->name, from->name);
    const char *said = spoken_title(m->arena, title, m->prior, c->name, 1);
    if (seat->cluster && seat->cluster->ops->files)
        glm_warn_shared(d, at, said,
                        "Cluster \"%s\": the files of the one are made, and those of the other "
                        "removed, in one apply. Whoever applies this directory must not prune "
                        "what goes before what comes is there.",
                        c->name);
    else
        glm_warn_shared(d, at, said,
                        "Cluster \"%s\": what \"%s\" has made is taken over as it is. %s", c->name,
                        from->name, to->inherited);
}

void moves_warn(const struct glm_estate *estate, const struct wanted *wanted,
                const struct glm_value *prior, const struct glm_value *record, struct glm_diags *d)
{
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create(GLM_ARENA_RPC_LIMIT);
    const struct moves m = {arena, estate, prior, record};
    for (size_t i = 0; i < wanted->cluster_count; i++) {
        const struct wanted_seat *seat = NULL;
        const struct glm_installer *from = first_from(&m, &wanted->clusters[i], &seat);
        if (from)
            warn_hands(&m, &wanted->clusters[i], seat, from, d);
    }
}
