/* SPDX-License-Identifier: Apache-2.0
 *
 * From one manifest to another: what is said of an object that stays as it is.
 */
#include "shape.h"

#include "glm/difference.h"

#include <string.h>

static bool begins(const char *path, const char *with)
{
    size_t len = strlen(with);
    return strncmp(path, with, len) == 0 && (!path[len] || path[len] == '.' || path[len] == '[');
}

/* True when one of the entries stands for what is at this path. */
static bool is_said(const struct glm_value *entries, const char *path)
{
    for (size_t i = 0; i < entries->len; i++) {
        const char *other = entries->as.map[i].key;
        if (strcmp(other, ".") == 0 || begins(path, other) || begins(other, path))
            return true;
    }
    return false;
}

const struct glm_value *shape_rebased(struct glm_arena *arena, const struct glm_value *new_document,
                                      const struct glm_value *old_document,
                                      const struct glm_value *entries)
{
    struct glm_map_builder b;
    if (!glm_is_map(entries) || !glm_is_map(old_document) || glm_equal(new_document, old_document))
        return entries;
    const struct glm_value *lag = glm_differences(arena, new_document, old_document, new_document);
    if (!glm_is_map(lag))
        return entries;
    glm_map_init_from(&b, arena, entries);
    for (size_t i = 0; i < lag->len; i++)
        if (!is_said(entries, lag->as.map[i].key))
            glm_map_append(&b, lag->as.map[i].key, 0, 0, lag->as.map[i].value);
    return glm_map_finish(&b, NULL);
}
