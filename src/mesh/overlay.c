/* SPDX-License-Identifier: Apache-2.0
 *
 * Overlays: k8s.overlays of a gateway on their way into the IstioOperator, or onto our Service.
 *
 * What:   an overlay that names no rendered object stops the operator's render, so names of the
 *         gateway's own objects get the revision's suffix. The Service is ours when customService
 *         is, and then its overlays are applied here.
 */
#include "overlays.h"

#include <string.h>

static bool glm_overlay_is_service(const struct glm_value *overlay)
{
    return glm_string_is(glm_get(overlay, "kind"), "Service");
}

/* The suffixed name when name is the gateway's or one derived from it; NULL when it is not. */
static const char *renamed(struct glm_arena *arena, const char *name, const char *gateway,
                           const char *revision)
{
    size_t len = strlen(gateway);
    if (strncmp(name, gateway, len) != 0)
        return NULL;
    for (size_t i = 0; i < mesh_overlay_kind_count; i++)
        if (strcmp(name + len, mesh_overlay_kinds[i].suffix) == 0)
            return glm_sprintf(arena, "%s%s", mesh_suffixed(arena, gateway, revision), name + len);
    return NULL;
}

const struct glm_value *mesh_overlays(struct glm_arena *arena, const struct glm_gateway *gateway,
                                      const char *revision, bool our_service)
{
    const struct glm_value *overlays = glm_get(gateway->k8s, "overlays");
    struct glm_list_builder b;
    if (!glm_is_list(overlays))
        return &glm_null;
    glm_list_init(&b, arena);
    for (size_t i = 0; i < overlays->len; i++) {
        const struct glm_value *overlay = glm_at(overlays, i);
        const char *name = glm_string_or(glm_get(overlay, "name"), "");
        if (our_service && glm_overlay_is_service(overlay))
            continue;
        overlay = mesh_overlay_references(arena, overlay, gateway, revision);
        name = gateway->name ? renamed(arena, name, gateway->name, revision) : NULL;
        glm_list_add(&b,
                     name ? glm_with(arena, overlay, "name", glm_string(arena, name)) : overlay);
    }
    return b.len ? glm_list_finish(&b) : &glm_null;
}

/* The overlays of the gateway that are for its Service, references in them suffixed. */
static const struct glm_value *const *glm_service_overlays(struct glm_arena *arena,
                                                           const struct glm_gateway *gateway,
                                                           const char *revision, size_t *ret_count)
{
    const struct glm_value *overlays = glm_get(gateway->k8s, "overlays");
    struct glm_list_builder b;
    glm_list_init(&b, arena);
    for (size_t i = 0; glm_is_list(overlays) && i < overlays->len; i++)
        if (glm_overlay_is_service(glm_at(overlays, i)))
            glm_list_add(&b,
                         mesh_overlay_references(arena, glm_at(overlays, i), gateway, revision));
    *ret_count = b.len;
    return b.items;
}

/* Empty labels and annotations are none: what is read back does not tell the two apart. */
static const struct glm_value *without_empty(struct glm_arena *arena,
                                             const struct glm_value *object)
{
    static const char *const parts[] = {"labels", "annotations"};
    const struct glm_value *metadata = glm_get(object, "metadata");
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        const struct glm_value *part = glm_get(metadata, parts[i]);
        if (glm_is_map(part) && part->len == 0)
            metadata = glm_without(arena, metadata, parts[i]);
    }
    return glm_is_map(metadata) ? glm_with(arena, object, "metadata", metadata) : object;
}

bool mesh_overlay_service(struct glm_arena *arena, const struct glm_gateway *gateway,
                          const char *revision, const struct glm_value *service,
                          const struct glm_value **ret_service)
{
    struct glm_overlay_result result;
    size_t count;
    const struct glm_value *const *overlays =
        glm_service_overlays(arena, gateway, revision, &count);
    *ret_service = service;
    if (count == 0)
        return true;
    glm_overlay_apply(arena, service, overlays, count, SIZE_MAX, GLM_OVERLAY_OPERATOR, &result);
    *ret_service = without_empty(arena, glm_without_nulls(arena, result.object));
    return result.failed == 0;
}
