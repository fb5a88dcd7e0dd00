/* SPDX-License-Identifier: Apache-2.0
 *
 * Upgrades: which installation every planned one takes over from, cluster by cluster, by revision
 * and not by map key; whether that may be done in place is decided by glm_upgrade_check.
 *
 * A cluster that has moved, or that never got the installation, has nothing to upgrade.
 */
#include "lifecycle_internal.h"

#include "glm/upgrade.h"

#include <string.h>

struct upgrades {
    struct glm_arena *arena;
    const struct glm_estate *estate;
    const struct glm_manager *before;
    const struct glm_value *prior, *record;
};

static bool is_in(const struct glm_installation *in, const char *cluster)
{
    for (size_t i = 0; i < in->placement_count; i++)
        if (strcmp(in->placements[i].cluster, cluster) == 0)
            return true;
    return false;
}

/* The prior installation behind a revision in a cluster. What `auto` stood for then, the record
 * says; the state's own configuration could only tell what it stands for now. */
static const struct glm_installation *find_before(const struct upgrades *u, const char *cluster,
                                                  const char *revision, bool automatic)
{
    for (size_t i = 0; i < u->before->installation_count; i++) {
        const struct glm_installation *in = &u->before->installations[i];
        bool is_auto = glm_installation_is_auto(in);
        if (!is_in(in, cluster) || is_auto != automatic)
            continue;
        if (is_auto || (in->revision && strcmp(in->revision, revision) == 0))
            return in;
    }
    return NULL;
}

/* True when something of the revision was installed into the cluster, wherever that was written to. */
static bool was_installed(const struct upgrades *u, const char *cluster, const char *key,
                          const struct glm_value *cluster_record)
{
    const char *seat = record_pair(cluster_record, key).seat;
    const struct glm_value *there =
        seat ? record_cluster(u->arena, u->record, u->prior, seat) : &glm_null;
    return record_main(cluster_record, key) || record_main_of(there, cluster, key) ||
           record_has_shared(there) || record_shows_pair(u->arena, u->prior, cluster, key);
}

/* false: there is nothing to upgrade. */
static bool find_change(const struct upgrades *u, const struct glm_installation *after,
                        const char *cluster, struct glm_upgrade *ret)
{
    const char *key = glm_revision_key(after->revision);
    const struct glm_value *r = record_cluster(u->arena, u->record, u->prior, cluster);
    const struct glm_cluster_config *config;
    struct glm_cluster *reached;
    bool tolerate;
    if (!estate_find(u->estate, cluster, &config, &reached, &tolerate) || config->decommissioned ||
        place_known(u->arena, r, reached) == PLACE_OTHER || !was_installed(u, cluster, key, r))
        return false;
    const char *tag = record_automatic(r, key);
    *ret = (struct glm_upgrade){
        .cluster = cluster,
        .before = find_before(u, cluster, after->revision, tag != NULL),
        .auto_tag = tag,
        .unsettled = record_is_unsettled(r, key),
        .was_healthy = record_generation(r, key) != NULL,
    };
    return ret->before != NULL;
}

/* Another name or namespace is another resource: everything is installed anew. */
static bool is_same(const struct glm_manager *before, const struct glm_manager *after)
{
    return before->name && after->name && strcmp(before->name, after->name) == 0 &&
           before->namespace_ && after->namespace_ &&
           strcmp(before->namespace_, after->namespace_) == 0;
}

bool upgrades_check(const struct glm_estate *estate, const struct glm_manager *after,
                    const struct glm_value *prior, const struct glm_value *record,
                    struct glm_diags *d)
{
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create(GLM_ARENA_RPC_LIMIT);
    struct upgrades u = {.arena = arena, .estate = estate, .prior = prior, .record = record};
    struct glm_manager *before;
    struct glm_diags ignored; /* rules that the state breaks by now: the plan is held to them */
    glm_diags_init(&ignored, arena);
    if (!glm_is_map(prior))
        return true;
    glm_manager_read(arena, prior, &estate->mesh, false, &before, &ignored);
    if (!is_same(before, after))
        return true;
    u.before = before;
    bool ok = true;
    for (size_t i = 0; i < after->installation_count; i++) {
        const struct glm_installation *in = &after->installations[i];
        struct glm_upgrade *changes = GLM_NEW_ARRAY(arena, in->placement_count, struct glm_upgrade);
        size_t count = 0;
        for (size_t p = 0; in->revision && p < in->placement_count; p++)
            count += find_change(&u, in, in->placements[p].cluster, &changes[count]);
        ok = glm_upgrade_check(arena, after, in, &estate->mesh, changes, count, d) && ok;
    }
    return ok;
}
