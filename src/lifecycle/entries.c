/* SPDX-License-Identifier: Apache-2.0
 *
 * Entries: what pairs of many clusters have, in one map by cluster and key, because what is written to one
 * entry of `clusters` may be for the pairs of others.
 */
#include "lifecycle_internal.h"

#include <string.h>

const char *entries_key(struct glm_arena *arena, const char *cluster, const char *key)
{
    return glm_sprintf(arena, "%s/%s", cluster, key); /* no name of a cluster has a slash */
}

void entries_clusters(struct glm_map_builder *names, const struct glm_map_builder *entries)
{
    for (size_t i = 0; i < entries->len; i++) {
        const char *key = entries->pairs[i].key;
        glm_map_set(names, glm_strndup(names->arena, key, strcspn(key, "/")), &glm_empty_map);
    }
}

void entries_sort(struct glm_map_builder *to, const struct glm_value *entries)
{
    for (size_t i = 0; i < entries->len;) { /* those of one cluster stand together */
        const char *first = entries->as.map[i].key;
        size_t len = strcspn(first, "/") + 1;
        const char *cluster = glm_strndup(to->arena, first, len - 1);
        struct glm_map_builder b;
        glm_map_init_from(&b, to->arena, glm_map_peek(to, cluster));
        for (; i < entries->len && strncmp(entries->as.map[i].key, first, len) == 0; i++)
            glm_map_set(&b, entries->as.map[i].key + len, entries->as.map[i].value);
        glm_map_set(to, cluster, glm_map_finish(&b, NULL));
    }
}
