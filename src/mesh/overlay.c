/* SPDX-License-Identifier: Apache-2.0
 *
 * Overlays: k8s.overlays of a gateway on their way into the IstioOperator, or onto our Service.
 *
 * What:   an overlay that names no rendered object stops the operator's render, so names of the
 *         gateway's own objects get the revision's suffix. The Service is ours when customService
 *         is, and then its overlays are applied here, with the operator's own path language.
 * Errors: a patch that cannot be applied is explained to the caller, who knows the attribute.
 */
#include "glm/overlay.h"
#include "internal.h"

#include <string.h>

bool glm_overlay_is_service(const struct glm_value *overlay)
{
    return glm_string_is(glm_get(overlay, "kind"), "Service");
}

/* The suffixed name when name is the gateway's or one derived from it; NULL when it is not. */
static const char *renamed(struct glm_arena *arena, const char *name, const char *gateway,
                           const char *revision)
{
    static const char *const derived[] = {"", "-service-account", "-sds"};
    size_t len = strlen(gateway);
    if (strncmp(name, gateway, len) != 0)
        return NULL;
    for (size_t i = 0; i < sizeof derived / sizeof *derived; i++)
        if (strcmp(name + len, derived[i]) == 0)
            return glm_sprintf(arena, "%s%s", glm_suffixed(arena, gateway, revision), derived[i]);
    return NULL;
}

const struct glm_value *glm_overlays(struct glm_arena *arena, const struct glm_gateway *gateway,
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
        name = gateway->name ? renamed(arena, name, gateway->name, revision) : NULL;
        glm_list_add(&b,
                     name ? glm_with(arena, overlay, "name", glm_string(arena, name)) : overlay);
    }
    return b.len ? glm_list_finish(&b) : &glm_null;
}

bool glm_overlay_onto_service(struct glm_arena *arena, const struct glm_value *object,
                              const struct glm_value *overlay, const struct glm_value **ret_object,
                              const char **ret_why)
{
    struct glm_overlay_result result;
    glm_overlay_apply(arena, object, &overlay, 1, SIZE_MAX, GLM_OVERLAY_OPERATOR, &result);
    for (size_t i = 0; i < result.count; i++) {
        const struct glm_overlay_outcome *out = &result.outcomes[i];
        const struct glm_value *path =
            glm_get(glm_at(glm_get(overlay, "patches"), out->patch), "path");
        if (out->effect < GLM_OVERLAY_MISFIT)
            continue;
        *ret_why = glm_sprintf(arena, "patches[%zu].path \"%s\" does not fit at \"%s\": %s",
                               out->patch, glm_string_or(path, ""), out->step, out->why);
        return false;
    }
    for (size_t i = 0; i < result.object->len; i++)
        if (!glm_has(object, result.object->as.map[i].key)) {
            *ret_why = glm_sprintf(arena, "\"%s\" is nothing that a Service has",
                                   result.object->as.map[i].key);
            return false;
        }
    *ret_object = result.object;
    return true;
}
