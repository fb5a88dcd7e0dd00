/* SPDX-License-Identifier: Apache-2.0
 *
 * Entries of the attribute `status`, and the words that go into them.
 */
#include "lifecycle_internal.h"

#include "glm/shown.h"

#include <string.h>

/* A page that is to be copied, such as a ClusterRole, and the sentence before it are for whoever reads the error.
 * A status has what is wrong. */
static const char *without_page(struct glm_arena *arena, const char *message)
{
    const char *page = strstr(message, ":\n\n  "), *end = page;
    if (!page)
        return message;
    while (end > message && strncmp(end, ". ", 2) != 0)
        end--;
    return glm_sprintf(arena, "%.*s.", (int)((end > message ? end : page) - message), message);
}

const struct glm_value *status_entry(struct glm_arena *arena, enum glm_state state,
                                     const char *revision, const char *message)
{
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    glm_map_set(&b, "state", glm_string(arena, glm_state_name(state)));
    /* Words of servers are in it. */
    message =
        message ? glm_shown_lines(arena, without_page(arena, message), GLM_SHOWN_LINES_MAX) : NULL;
    glm_map_set(&b, "message", message ? glm_string(arena, message) : &glm_null);
    glm_map_set(&b, "observed_revision", glm_string(arena, glm_shown(arena, revision)));
    return glm_map_finish(&b, NULL);
}

const struct glm_value *status_written(struct glm_arena *arena, const char *revision)
{
    return status_entry(arena, GLM_STATE_INSTALL_PENDING, revision, NULL);
}

const struct glm_value *status_leaving(struct glm_arena *arena, const char *revision_key,
                                       const char *object)
{
    return status_entry(
        arena, GLM_STATE_UNINSTALLING_GATEWAY,
        strcmp(revision_key, "default") == 0 ? "" : revision_key,
        glm_sprintf(arena,
                    "%s was to be removed and is still there: the next apply or destroy tries "
                    "again, unless it is wanted by then.",
                    object));
}

const struct glm_value *status_get(const struct glm_value *attributes, const char *cluster,
                                   const char *revision_key)
{
    return glm_get_path(attributes, "status", "clusters", cluster, "installations", revision_key,
                        NULL);
}

const struct glm_value *status_wrap(struct glm_arena *arena, const struct glm_value *by_cluster)
{
    if (by_cluster->kind != GLM_MAP)
        return by_cluster;
    struct glm_map_builder clusters;
    glm_map_init(&clusters, arena);
    for (size_t i = 0; i < by_cluster->len; i++) {
        const struct glm_value *installations = by_cluster->as.map[i].value;
        glm_map_append(&clusters, by_cluster->as.map[i].key, 0, 0,
                       glm_with(arena, &glm_empty_map, "installations", installations));
    }
    return glm_with(arena, &glm_empty_map, "clusters", glm_map_finish(&clusters, NULL));
}
