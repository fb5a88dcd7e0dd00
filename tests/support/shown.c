/* SPDX-License-Identifier: Apache-2.0
 *
 * What attributes show. See shown.h.
 */
#include "shown.h"

#include "glm/arena.h"
#include "glm/text.h"

#define TEXT_MAX ((size_t)16 << 20)

const struct glm_value *glm_test_objects(const struct glm_value *attributes)
{
    return glm_get(attributes, "objects");
}

const struct glm_value *glm_test_services(const struct glm_value *attributes)
{
    return glm_get(attributes, "services");
}

static size_t length(const struct glm_value *map)
{
    return glm_is_map(map) ? map->len : 0;
}

/* The manifest, and the cluster's own lines below it. */
static void add_object(struct glm_text *text, const char *name, const struct glm_value *manifest,
                       const struct glm_value *lines)
{
    glm_text_addf(text, "%s: %s\n", name, glm_string_or(manifest, "(not known)"));
    for (size_t i = 0; i < length(lines); i++)
        glm_text_addf(text, "%s = %s\n", lines->as.map[i].key,
                      glm_string_or(lines->as.map[i].value, "(not known)"));
}

/* What the objects of an installation are in a cluster: "" where it has none of them. */
static const char *objects_text(struct glm_arena *arena, const struct glm_value *objects,
                                const char *cluster)
{
    struct glm_text text;
    glm_text_init(&text, arena, TEXT_MAX);
    for (size_t i = 0; i < length(objects); i++) {
        const struct glm_value *object = objects->as.map[i].value;
        const struct glm_value *lines = glm_get_path(object, "per_cluster", cluster, NULL);
        if (!glm_is_null(lines))
            add_object(&text, objects->as.map[i].key, glm_get(object, "manifest"), lines);
    }
    return text.data;
}

const struct glm_value *glm_test_objects_of(struct glm_arena *arena,
                                            const struct glm_value *attributes, const char *cluster)
{
    if (!glm_has(glm_get_path(attributes, "status", "clusters", NULL), cluster))
        return &glm_null;
    struct glm_map_builder found;
    glm_map_init(&found, arena);
    const struct glm_value *all = glm_get(attributes, "objects");
    for (size_t i = 0; i < length(all); i++) {
        const char *text = objects_text(arena, all->as.map[i].value, cluster);
        if (*text)
            glm_map_set(&found, all->as.map[i].key, glm_string(arena, text));
    }
    return glm_map_finish(&found, NULL);
}

const struct glm_value *glm_test_services_of(struct glm_arena *arena,
                                             const struct glm_value *attributes,
                                             const char *cluster)
{
    if (!glm_has(glm_get_path(attributes, "status", "clusters", NULL), cluster))
        return &glm_null;
    struct glm_map_builder found;
    glm_map_init(&found, arena);
    const struct glm_value *all = glm_get(attributes, "services");
    for (size_t i = 0; i < length(all); i++) {
        const struct glm_value *service = all->as.map[i].value;
        const struct glm_value *active = glm_get_path(service, "active", cluster, NULL);
        if (!glm_is_string(active))
            continue;
        struct glm_text text;
        glm_text_init(&text, arena, TEXT_MAX);
        add_object(&text, all->as.map[i].key,
                   glm_get_path(service, "manifests", active->as.text, NULL),
                   glm_get_path(service, "per_cluster", cluster, NULL));
        glm_map_set(&found, all->as.map[i].key, glm_string(arena, text.data));
    }
    return glm_map_finish(&found, NULL);
}
