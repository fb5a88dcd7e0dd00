/* SPDX-License-Identifier: Apache-2.0
 *
 * Observe: reads what a live cluster has of one pair, for the judgement of its installer, which is
 * pure.
 */
#include "lifecycle_internal.h"
#include "seam.h"

const struct glm_installer *estate_installer(const struct glm_estate *estate, const char *cluster)
{
    const struct glm_installer *installer =
        seam_installer(estate, glm_mesh_cluster(&estate->mesh, cluster));
    return installer ? installer : estate->installers[0];
}

const char *estate_installer_note(const struct glm_estate *estate,
                                  const struct glm_installer *installer)
{
    return installer == estate->installers[0] ? NULL : installer->name;
}

struct glm_installer_call estate_call(const struct glm_estate *estate, struct glm_arena *arena,
                                      const char *cluster)
{
    return seam_call(arena, estate, estate_installer(estate, cluster), cluster);
}

void sight_of_found(const struct glm_estate *estate, struct glm_arena *arena, const char *cluster,
                    const char *key, const char *healthy, struct sight_of *ret_of)
{
    struct glm_installer_pair *pair = GLM_NEW(arena, struct glm_installer_pair);
    *pair = (struct glm_installer_pair){.cluster = cluster, .key = key};
    *ret_of = (struct sight_of){
        .call = estate_call(estate, arena, cluster),
        .wanted = {.pair = pair, .wanted = true, .healthy = healthy},
    };
}

static bool read_looks(struct glm_cluster *cluster, struct glm_arena *arena,
                       struct glm_installer_look *looks, size_t count, struct glm_diags *d)
{
    for (size_t i = 0; i < count; i++)
        if (!cluster->ops->read(cluster, arena, &looks[i].ref, &looks[i].read, d))
            return false;
    return true;
}

/* What is not there, for whoever only looks at the object. */
static void empty_looks(struct glm_installer_look *looks, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (looks[i].read.found != GLM_FOUND)
            looks[i].read.object = &glm_null;
}

/* What the installer wants to see besides. */
static bool read_targets(const struct glm_installer_call *call, struct glm_cluster *cluster,
                         struct glm_installer_sight *seen, struct glm_diags *d)
{
    const struct glm_object_ref *refs;
    size_t count = seam_targets(call, seen, &refs);
    struct glm_installer_look *targets =
        GLM_NEW_ARRAY(call->arena, count, struct glm_installer_look);
    for (size_t i = 0; i < count; i++)
        targets[i].ref = refs[i];
    if (!read_looks(cluster, call->arena, targets, count, d))
        return false;
    empty_looks(targets, count);
    seen->targets = targets;
    seen->target_count = count;
    return true;
}

/* The installer has no say in what a cluster does not serve at all. */
static void not_served(struct glm_arena *arena, const struct glm_installer_look *look, bool wanted,
                       struct glm_installer_judgement *ret_judgement)
{
    *ret_judgement = (struct glm_installer_judgement){
        .state = wanted ? GLM_STATE_FAILED : GLM_STATE_UNINSTALLED_GATEWAY,
        .message = glm_sprintf(arena, "The cluster does not serve %ss: %s.", look->ref.kind->name,
                               look->read.why),
        .settled = true,
        .hold_ms = GLM_INSTALLER_GRACE_MS};
}

bool observe_looks(struct glm_cluster *cluster, struct glm_arena *arena, const struct sight_of *of,
                   const struct glm_installer_look *looks, size_t count, struct sight *ret_sight,
                   struct glm_diags *d)
{
    struct glm_installer_call call = of->call;
    struct glm_installer_look *copies = GLM_NEW_ARRAY(arena, count, struct glm_installer_look);
    *ret_sight = (struct sight){.found = GLM_FOUND_NOTHING, .seen = of->wanted};
    call.arena = arena;
    for (size_t i = 0; i < count; i++)
        copies[i] = looks[i];
    empty_looks(copies, count);
    ret_sight->seen.looks = copies;
    ret_sight->seen.look_count = count;
    for (size_t i = 0; i < count; i++) {
        if (copies[i].read.found == GLM_FOUND)
            ret_sight->found = GLM_FOUND;
        if (copies[i].read.found != GLM_FOUND_NO_API)
            continue;
        ret_sight->found = GLM_FOUND_NO_API;
        not_served(arena, &copies[i], of->wanted.wanted, &ret_sight->judgement);
        return true;
    }
    if (!read_targets(&call, cluster, &ret_sight->seen, d))
        return false;
    seam_judge(&call, &ret_sight->seen, of->notes, &ret_sight->judgement);
    return true;
}

bool observe(struct glm_cluster *cluster, struct glm_arena *arena, const struct sight_of *of,
             struct sight *ret_sight, struct glm_diags *d)
{
    size_t count = of->wanted.look_count;
    struct glm_installer_look *looks = GLM_NEW_ARRAY(arena, count, struct glm_installer_look);
    for (size_t i = 0; i < count; i++)
        looks[i] = of->wanted.looks[i];
    return read_looks(cluster, arena, looks, count, d) &&
           observe_looks(cluster, arena, of, looks, count, ret_sight, d);
}

const char *sight_generation(struct glm_arena *arena, const struct sight *sight)
{
    const char *all = NULL;
    for (size_t i = 0; i < sight->seen.look_count; i++) {
        const char *one = glm_object_generation(arena, sight->seen.looks[i].read.object);
        if (!one)
            return NULL;
        all = all ? glm_sprintf(arena, "%s,%s", all, one) : one;
    }
    return all;
}
