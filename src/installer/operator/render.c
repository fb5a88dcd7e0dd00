/* SPDX-License-Identifier: Apache-2.0
 *
 * What Istio's operator gets: for each pair the Namespaces, an IstioOperator, which is its description
 * as well, and the Services of the active gateways.
 */
#include "operator.h"

/* The objects of one pair, in the order of writing, from *next on. */
static void add_objects(struct glm_arena *arena, size_t pair, const struct glm_rendering *r,
                        struct glm_installer_object **next)
{
    struct glm_installer_object *o = *next;
    for (size_t i = 0; i < r->namespace_count; i++) {
        const struct glm_object_ref ref = {.kind = GLM_KIND_NAMESPACE, .name = r->namespaces[i]};
        *o++ = (struct glm_installer_object){.pair = pair,
                                             .role = GLM_ROLE_NAMESPACE,
                                             .ref = ref,
                                             .object = glm_object_bare(arena, &ref)};
    }
    *o = (struct glm_installer_object){.pair = pair,
                                       .role = GLM_ROLE_WORKLOAD,
                                       .ref = {.kind = GLM_KIND_ISTIO_OPERATOR},
                                       .object = r->istio_operator,
                                       .main = true,
                                       .view = true};
    glm_object_ref_as(r->istio_operator, GLM_KIND_ISTIO_OPERATOR, &o->ref);
    o++;
    for (size_t i = 0; i < r->service_count; i++, o++) {
        *o = (struct glm_installer_object){.pair = pair,
                                           .role = GLM_ROLE_TRAFFIC,
                                           .ref = {.kind = GLM_KIND_SERVICE},
                                           .object = r->services[i].object};
        glm_object_ref_as(r->services[i].object, GLM_KIND_SERVICE, &o->ref);
    }
    *next = o;
}

bool operator_render(const struct glm_installer_call *call, const struct glm_installer_pair *pairs,
                     size_t count, struct glm_installer_rendering *ret, struct glm_diags *d)
{
    struct glm_rendering **all = GLM_NEW_ARRAY(call->arena, count, struct glm_rendering *);
    size_t most = 0;
    bool ok = true;
    for (size_t i = 0; i < count; i++) {
        ok = glm_translate(call->arena, call->manager, pairs[i].installation, pairs[i].placement,
                           call->mesh, &all[i], d) &&
             ok;
        most += all[i]->namespace_count + 1 + all[i]->service_count;
    }
    if (!ok)
        return false;
    struct glm_installer_object *objects =
        GLM_NEW_ARRAY(call->arena, most, struct glm_installer_object);
    struct glm_installer_object *next = objects;
    for (size_t i = 0; i < count; i++) {
        add_objects(call->arena, i, all[i], &next);
        ret->pairs[i].traffic_known = all[i]->services_known;
    }
    ret->objects = objects;
    ret->count = most;
    return true;
}
