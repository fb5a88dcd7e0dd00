/* SPDX-License-Identifier: Apache-2.0
 *
 * What every cluster is to have, grouped by cluster; render.c has the objects. Pure.
 */
#include "lifecycle_internal.h"

#include <stdlib.h>
#include <string.h>

bool estate_find(const struct glm_estate *estate, const char *name,
                 const struct glm_cluster_config **ret_config, struct glm_cluster **ret_cluster,
                 bool *ret_tolerate)
{
    const struct glm_cluster_config *config = glm_mesh_cluster(&estate->mesh, name);
    *ret_config = config;
    *ret_cluster = NULL;
    *ret_tolerate = true;
    if (!config)
        return false;
    size_t index = (size_t)(config - estate->mesh.clusters);
    if (!config->decommissioned && estate->clusters)
        *ret_cluster = estate->clusters[index];
    if (estate->must_answer)
        *ret_tolerate = !estate->must_answer[index];
    return true;
}

const char *estate_label(struct glm_arena *arena, const struct glm_cluster *cluster)
{
    return cluster ? cluster->ops->label(cluster, arena) : NULL;
}

static int by_cluster_name(const void *a, const void *b)
{
    const struct wanted_cluster *x = a, *y = b;
    return strcmp(x->name, y->name);
}

static int by_seat_name(const void *a, const void *b)
{
    const struct wanted_seat *x = a, *y = b;
    return strcmp(x->name, y->name);
}

struct wanted_cluster *wanted_find(const struct wanted *wanted, const char *name)
{
    const struct wanted_cluster key = {.name = name};
    if (wanted->cluster_count == 0)
        return NULL;
    return bsearch(&key, wanted->clusters, wanted->cluster_count, sizeof key, by_cluster_name);
}

struct wanted_seat *wanted_seat_find(const struct wanted *wanted, const char *name)
{
    const struct wanted_seat key = {.name = name};
    if (wanted->seat_count == 0)
        return NULL;
    return bsearch(&key, wanted->seats, wanted->seat_count, sizeof key, by_seat_name);
}

const struct wanted_object *wanted_main(const struct wanted_pair *pair)
{
    static const struct wanted_object unknown;
    for (const struct wanted_pair *p = pair; p; p = p->shared)
        for (size_t o = 0; o < p->object_count; o++)
            if (p->objects[o].main)
                return &p->objects[o];
    return &unknown;
}

bool wanted_has_traffic(const struct wanted_cluster *cluster, const char *key)
{
    for (size_t i = 0; cluster && i < cluster->place_count; i++) {
        const struct wanted_pair *pair = wanted_pair_at(cluster, i);
        for (size_t o = 0; o < pair->object_count; o++)
            if (pair->objects[o].role == GLM_ROLE_TRAFFIC && strcmp(pair->objects[o].key, key) == 0)
                return true;
    }
    return false;
}

/* One entry for every cluster named anywhere in the installations. */
static void gather_clusters(struct glm_arena *arena, struct wanted *wanted)
{
    const struct glm_manager *manager = wanted->manager;
    size_t most = 0;
    for (size_t i = 0; i < manager->installation_count; i++)
        most += manager->installations[i].placement_count;
    struct wanted_cluster *all = GLM_NEW_ARRAY(arena, most, struct wanted_cluster);
    size_t count = 0;
    for (size_t i = 0; i < manager->installation_count; i++)
        for (size_t p = 0; p < manager->installations[i].placement_count; p++)
            all[count++].name = manager->installations[i].placements[p].cluster;
    if (count > 1)
        qsort(all, count, sizeof *all, by_cluster_name);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || strcmp(all[kept - 1].name, all[i].name) != 0)
            all[kept++].name = all[i].name;
    wanted->clusters = all;
    wanted->cluster_count = kept;
}

static bool is_retired(const struct glm_cluster_config *config)
{
    return config && config->decommissioned;
}

/* Where the pairs of a cluster are written to, by its installer; name NULL: there is no such place, with
 * an error. */
static struct wanted_seat seat_of(struct glm_arena *arena, const struct glm_estate *estate,
                                  const char *cluster, struct glm_diags *d)
{
    struct wanted_seat seat = {.name = cluster};
    struct glm_cluster *own;
    bool tolerate;
    estate_find(estate, cluster, &seat.config, &own, &tolerate);
    seat.installer = seam_installer(estate, seat.config);
    if (seat.installer && !is_retired(seat.config)) {
        const struct glm_installer_call call = seam_call(arena, estate, seat.installer, cluster);
        seat.name = seam_seat(&call, cluster, d);
    }
    if (seat.name)
        estate_find(estate, seat.name, &seat.config, &seat.cluster, &seat.tolerate);
    return seat;
}

static bool two_installers(const struct wanted_seat *a, const struct wanted_seat *b,
                           struct glm_diags *d)
{
    return glm_error(
        d, GLM_AT_ATTR(NULL, "installations"), "Two installers for one cluster",
        "By \"%s\" and by \"%s\" something would be written to cluster \"%s\", and one "
        "resource can do only one of the two there. Make two resources of it.",
        a->installer->name, b->installer->name, a->name);
}

/* The seats of all clusters, each once. ret_seats: beside the clusters, by name. */
static bool gather_seats(struct glm_arena *arena, const struct glm_estate *estate,
                         struct wanted *wanted, const char ***ret_seats, struct glm_diags *d)
{
    const size_t count = wanted->cluster_count;
    struct wanted_seat *all = GLM_NEW_ARRAY(arena, count, struct wanted_seat);
    const char **names = GLM_NEW_ARRAY(arena, count, const char *);
    size_t found = 0, kept = 0;
    for (size_t i = 0; i < count; i++) {
        all[found] = seat_of(arena, estate, wanted->clusters[i].name, d);
        names[i] = all[found].name;
        found += names[i] != NULL;
    }
    if (found > 1)
        qsort(all, found, sizeof *all, by_seat_name);
    bool ok = found == count;
    for (size_t i = 0; i < found; i++) {
        const struct wanted_seat *last = kept > 0 ? &all[kept - 1] : NULL;
        if (!last || strcmp(last->name, all[i].name) != 0)
            all[kept++] = all[i];
        else if (last->installer != all[i].installer && last->installer && all[i].installer)
            ok = two_installers(last, &all[i], d);
    }
    wanted->seats = all;
    wanted->seat_count = kept;
    *ret_seats = names;
    return ok;
}

/* Where an installation is written to in a cluster; NULL: it is not, or nobody knows. seats: beside the
 * clusters. */
static struct wanted_seat *find_seat(const struct glm_estate *estate, const struct wanted *wanted,
                                     const struct glm_placement *placement,
                                     const char *const *seats, struct wanted_cluster **ret_cluster)
{
    struct wanted_cluster *cluster = wanted_find(wanted, placement->cluster);
    const char *name = cluster ? seats[cluster - wanted->clusters] : NULL;
    struct wanted_seat *seat = name ? wanted_seat_find(wanted, name) : NULL;
    *ret_cluster = cluster;
    return !seat || is_retired(seat->config) ||
                   is_retired(glm_mesh_cluster(&estate->mesh, placement->cluster))
               ? NULL
               : seat;
}

static void add_pair(struct wanted_seat *seat, struct wanted_cluster *cluster,
                     const struct glm_installation *installation,
                     const struct glm_placement *placement)
{
    struct wanted_pair *pair = &seat->pairs[seat->pair_count];
    pair->installation = installation;
    pair->placement = placement;
    pair->cluster = placement->cluster;
    if (installation->revision)
        pair->key = glm_revision_key(installation->revision);
    cluster->places[cluster->place_count++] =
        (struct wanted_place){.seat = seat, .index = seat->pair_count++};
}

/* Counted first: there may be thousands. */
static void add_pairs(struct glm_arena *arena, const struct glm_estate *estate,
                      struct wanted *wanted, const char *const *seats)
{
    const struct glm_manager *m = wanted->manager;
    struct wanted_cluster *cluster;
    for (int counting = 1; counting >= 0; counting--) {
        for (size_t i = 0; i < m->installation_count; i++)
            for (size_t p = 0; p < m->installations[i].placement_count; p++) {
                const struct glm_placement *placement = &m->installations[i].placements[p];
                struct wanted_seat *seat = find_seat(estate, wanted, placement, seats, &cluster);
                if (seat && counting) {
                    seat->pair_capacity++;
                    cluster->place_capacity++;
                } else if (seat) {
                    add_pair(seat, cluster, &m->installations[i], placement);
                }
            }
        for (size_t i = 0; counting && i < wanted->seat_count; i++)
            wanted->seats[i].pairs =
                GLM_NEW_ARRAY(arena, wanted->seats[i].pair_capacity, struct wanted_pair);
        for (size_t i = 0; counting && i < wanted->cluster_count; i++)
            wanted->clusters[i].places =
                GLM_NEW_ARRAY(arena, wanted->clusters[i].place_capacity, struct wanted_place);
    }
}

static bool takes(const struct glm_installer *installer, const char *form)
{
    for (size_t i = 0; installer->forms[i]; i++)
        if (strcmp(installer->forms[i], form) == 0)
            return true;
    return false;
}

/* "direct", or "direct" or "gloo": who takes the form of an installation. */
static const char *takers(struct glm_arena *arena, const struct glm_estate *estate,
                          const char *form)
{
    const char *names = NULL;
    for (size_t i = 0; estate->installers[i]; i++)
        if (takes(estate->installers[i], form))
            names = glm_sprintf(arena, "%s%s\"%s\"", names ? names : "", names ? " or " : "",
                                estate->installers[i]->name);
    return names ? names : "none";
}

/* Each pair is in a form that its installer takes. */
static bool check_forms(struct glm_arena *arena, const struct glm_estate *estate,
                        const struct wanted *wanted, struct glm_diags *d)
{
    bool ok = true;
    for (size_t i = 0; i < wanted->seat_count; i++) {
        const struct wanted_seat *seat = &wanted->seats[i];
        for (size_t k = 0; seat->installer && k < seat->pair_count; k++) {
            const struct wanted_pair *pair = &seat->pairs[k];
            const char *form = glm_installation_form(pair->installation);
            if (takes(seat->installer, form))
                continue;
            ok = glm_error(d, GLM_AT_PLACEMENT(pair->installation->key, pair->cluster),
                           "A form that the installer does not take",
                           "Cluster \"%s\" is installed into by installer \"%s\", which does not "
                           "take %s. Set installer = %s in the cluster's entry of the provider's "
                           "`clusters`, or write %s.",
                           pair->cluster, seat->installer->name, form, takers(arena, estate, form),
                           seat->installer->forms[0]);
        }
    }
    return ok;
}

bool wanted_read(struct glm_arena *arena, const struct glm_estate *estate,
                 const struct glm_value *attributes, bool warn, struct wanted **ret_wanted,
                 struct glm_diags *d)
{
    struct glm_manager *manager;
    if (!glm_manager_read(arena, attributes, &estate->mesh, warn, &manager, d))
        return false;
    struct wanted *wanted = GLM_NEW(arena, struct wanted);
    wanted->manager = manager;
    wanted->known = manager->installations_known;
    for (size_t i = 0; i < manager->installation_count; i++)
        wanted->known = wanted->known && manager->installations[i].clusters_known;
    const char **seats;
    gather_clusters(arena, wanted);
    if (!gather_seats(arena, estate, wanted, &seats, d))
        return false;
    add_pairs(arena, estate, wanted, seats);
    if (!check_forms(arena, estate, wanted, d))
        return false;
    *ret_wanted = wanted;
    return true;
}

static bool is_of(const struct wanted_object *o, const struct glm_object_ref *ref)
{
    return o->object && glm_object_ref_same(&o->ref, ref);
}

static const struct wanted_object *find_in(const struct wanted_pair *pair,
                                           const struct glm_object_ref *ref)
{
    for (size_t o = 0; o < pair->object_count; o++)
        if (is_of(&pair->objects[o], ref))
            return &pair->objects[o];
    return NULL;
}

const struct wanted_object *wanted_object_find(const struct wanted_seat *seat,
                                               const struct glm_object_ref *ref)
{
    const struct wanted_object *found = seat ? find_in(&seat->shared, ref) : NULL;
    for (size_t i = 0; seat && i < seat->pair_count && !found; i++)
        found = find_in(&seat->pairs[i], ref);
    return found;
}
