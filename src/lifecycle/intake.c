/* SPDX-License-Identifier: Apache-2.0
 *
 * Intake: what all clusters of one resource may bring into its state together. Each answer of a
 * cluster has a ceiling, but a resource has many clusters, and they many objects.
 *
 * What:   a cluster that has what the state has of it takes nothing: only what is more does, from what
 *         the whole state leaves of GLM_EXTENT_MAX. So a cluster that has not changed can always be
 *         read, whatever another one brings, and a state stays one that fits into Terraform's messages.
 * Thread: any, of an intake; a share belongs to the thread of its cluster.
 */
#include "lifecycle_internal.h"

#include <string.h>

void intake_begin(struct intake *intake, size_t had)
{
    atomic_init(&intake->left, had < GLM_EXTENT_MAX ? GLM_EXTENT_MAX - had : 0);
}

static bool take(struct intake *intake, size_t bytes)
{
    size_t left = atomic_load(&intake->left);
    do {
        if (bytes > left)
            return false;
    } while (!atomic_compare_exchange_weak(&intake->left, &left, left - bytes));
    return true;
}

bool share_add(struct share *share, size_t bytes)
{
    share->brought += bytes;
    size_t more = share->brought > share->had ? share->brought - share->had : 0;
    if (more <= share->taken)
        return true;
    if (!take(share->intake, more - share->taken))
        return false;
    share->taken = more;
    return true;
}

void share_give_back(struct share *share)
{
    atomic_fetch_add(&share->intake->left, share->taken);
    share->taken = 0;
}

size_t intake_of_text(const struct glm_value *text)
{
    return glm_is_string(text) ? glm_extent_of_text(text->as.text, text->len) : 0;
}

size_t intake_of_entries(const struct glm_value *entries)
{
    size_t bytes = 0;
    for (size_t i = 0; glm_is_map(entries) && i < entries->len; i++)
        bytes += strlen(entries->as.map[i].key) + intake_of_text(entries->as.map[i].value);
    return bytes;
}

size_t intake_of_addresses(const struct glm_value *addresses)
{
    size_t bytes = 0;
    for (size_t i = 0; glm_is_list(addresses) && i < addresses->len; i++)
        bytes += intake_of_text(addresses->as.list[i]);
    return bytes;
}

size_t intake_of_cluster(const struct glm_value *attributes, const char *cluster)
{
    struct glm_arena *GLM_AUTO_ARENA scratch = glm_arena_create(GLM_ARENA_RPC_LIMIT);
    const struct shape_object *all;
    size_t count = shape_of_cluster(scratch, attributes, cluster, &all);
    size_t bytes = 0;
    for (size_t i = 0; i < count; i++) {
        bytes += intake_of_entries(all[i].entries);
        if (all[i].service)
            bytes += intake_of_addresses(shape_addresses(attributes, all[i].object, cluster));
    }
    return bytes;
}

const char *intake_where(struct glm_arena *arena, const struct glm_estate *estate,
                         const struct glm_cluster *cluster)
{
    return cluster->ops->files
               ? glm_sprintf(arena, "the files of %s", estate_label(arena, cluster))
               : glm_sprintf(arena, "`kubectl get %s -A -o yaml`",
                             glm_installer_plurals(arena, estate_installer(estate, cluster->name)));
}
