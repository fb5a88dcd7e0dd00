/* SPDX-License-Identifier: Apache-2.0
 *
 * What a pair is made of whose installation has values of the gateway chart: the same kinds of objects as of a spec,
 * with proxies that are injected. Its Service is the release's, and that of the active revision alone.
 */
#include "direct.h"
#include "glm/chart_values.h"

#include <string.h>

/* What is printed empty is nothing to an API server, which would give it back without it. */
static const struct glm_value *without_empty(struct glm_arena *arena, const struct glm_value *v,
                                             const char *key)
{
    const struct glm_value *map = glm_get(v, key);
    return glm_is_map(map) && map->len == 0 ? glm_without(arena, v, key) : v;
}

static const struct glm_value *own_object(struct glm_arena *arena, const struct glm_value *object)
{
    object = direct_identity(arena, object);
    const struct glm_value *metadata = glm_get(object, "metadata");
    object = glm_with(arena, object, "metadata", without_empty(arena, metadata, "annotations"));
    const struct glm_value *pod = glm_get_path(object, "spec", "template", "metadata", NULL);
    return glm_is_map(pod) ? glm_with_path(arena, object, without_empty(arena, pod, "annotations"),
                                           "spec", "template", "metadata", NULL)
                           : object;
}

static bool is_service(const struct glm_value *object)
{
    return glm_string_is(glm_get(object, "kind"), GLM_KIND_SERVICE->name);
}

static void set_service(struct glm_arena *arena, const struct glm_value *object,
                        struct direct_made *ret)
{
    struct glm_service *service = GLM_NEW(arena, struct glm_service);
    struct glm_object_ref ref;
    service->object = own_object(arena, object);
    glm_object_ref_as(service->object, GLM_KIND_SERVICE, &ref);
    service->key = glm_sprintf(arena, "%s/%s", ref.namespace_, ref.name);
    ret->services = service;
    ret->service_count = 1;
}

bool direct_of_chart(const struct glm_installer_call *call, const struct glm_installer_pair *pair,
                     struct direct_made *ret, struct glm_diags *d)
{
    const struct glm_value *active = pair->placement->active;
    struct glm_gateway_chart made;
    const char *version;
    *ret = (struct direct_made){.view_on_main = true};
    if (!direct_version(call, pair, &version, d))
        return false;
    if (!version || !glm_chart_is_known(call->manager, pair->installation, pair->placement))
        return true;
    if (!glm_chart_render(call->arena, call->manager, pair->installation, pair->placement, version,
                          &made, d))
        return false;
    ret->known = true;
    ret->services_known = !glm_is_unknown(active);
    struct glm_render_object *objects =
        GLM_NEW_ARRAY(call->arena, made.count, struct glm_render_object);
    size_t count = 0;
    for (size_t i = 0; i < made.count; i++) {
        if (is_service(made.objects[i]))
            continue;
        const struct glm_value *object = own_object(call->arena, made.objects[i]);
        /* A canary may have the account of another one: its Deployment says what it was made of. */
        if (!*pair->installation->revision &&
            glm_string_is(glm_get(object, "kind"), GLM_KIND_SERVICE_ACCOUNT->name))
            ret->view_on_main = false;
        objects[count++] = (struct glm_render_object){.object = object, .gateway = made.name};
    }
    ret->own = (struct glm_render_result){.objects = objects, .count = count};
    if (glm_is_true(active) && made.service)
        set_service(call->arena, made.service, ret);
    return true;
}
