/* SPDX-License-Identifier: Apache-2.0
 *
 * Elements of lists: by their names, or by their ports and protocols, where each has one of its own.
 */
#include "internal.h"

/* What an element is told apart by; NULL: nothing. */
static const char *key_of(struct glm_arena *arena, enum mesh_element by, const struct glm_value *v)
{
    const struct glm_value *protocol = glm_get(v, "protocol");
    int64_t port;
    if (by == MESH_BY_NAME)
        return glm_string_or(glm_get(v, "name"), NULL);
    if (!glm_number_int64(glm_get(v, "port"), &port))
        return NULL;
    if (glm_is_null(protocol))
        return glm_sprintf(arena, "%lld", (long long)port);
    return glm_is_string(protocol)
               ? glm_sprintf(arena, "%lld/%s", (long long)port, protocol->as.text)
               : NULL;
}

const struct glm_value *mesh_elements(struct glm_arena *arena, enum mesh_element by,
                                      const struct glm_value *list)
{
    struct glm_map_builder b;
    const struct glm_pair *twice = NULL;
    glm_map_init(&b, arena);
    for (size_t i = 0; glm_is_list(list) && i < list->len; i++) {
        const char *key = key_of(arena, by, list->as.list[i]);
        if (!key || !*key)
            return NULL;
        glm_map_append(&b, key, (uint32_t)i, 0, list->as.list[i]);
    }
    const struct glm_value *map = glm_map_finish(&b, &twice);
    return twice ? NULL : map;
}
