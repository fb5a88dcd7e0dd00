/* SPDX-License-Identifier: Apache-2.0
 *
 * What a cluster gets for a pair: the Namespaces, what Istio's charts make of each gateway, each object on its
 * own, and the Services of the active gateways.
 */
#include "direct.h"

#include <stdlib.h>
#include <string.h>

/* What is rendered of one pair. */
struct rendered {
    struct direct_made made;
    const char **namespaces;
    size_t namespace_count;
};

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static const char *namespace_of(const struct glm_value *object)
{
    return glm_string_or(glm_get_path(object, "metadata", "namespace", NULL), NULL);
}

/* Those of the objects, each once; not that of the IstioOperator, which is written nowhere. */
static void set_namespaces(struct glm_arena *arena, struct rendered *r)
{
    const struct glm_render_result *own = &r->made.own;
    const size_t all = own->count + r->made.service_count;
    size_t count = 0;
    r->namespaces = GLM_NEW_ARRAY(arena, all, const char *);
    for (size_t i = 0; i < all; i++) {
        const char *name = namespace_of(i < own->count ? own->objects[i].object
                                                       : r->made.services[i - own->count].object);
        if (name)
            r->namespaces[count++] = name;
    }
    if (count > 1)
        qsort(r->namespaces, count, sizeof *r->namespaces, by_text);
    for (size_t i = 0; i < count; i++)
        if (r->namespace_count == 0 ||
            strcmp(r->namespaces[r->namespace_count - 1], r->namespaces[i]) != 0)
            r->namespaces[r->namespace_count++] = r->namespaces[i];
}

static bool render_pair(const struct glm_installer_call *call,
                        const struct glm_installer_pair *pair, struct rendered *ret,
                        struct glm_diags *d)
{
    *ret = (struct rendered){0};
    if (!(pair->installation->values_text ? direct_of_chart : direct_of_spec)(call, pair,
                                                                              &ret->made, d))
        return false;
    set_namespaces(call->arena, ret);
    return true;
}

/* ---- as the lifecycle takes them ---- */

static enum glm_role role_of(const struct glm_object_kind *kind)
{
    return kind == GLM_KIND_SERVICE_ACCOUNT || kind == GLM_KIND_ROLE ||
                   kind == GLM_KIND_ROLE_BINDING
               ? GLM_ROLE_ACCESS
               : GLM_ROLE_WORKLOAD;
}

static struct glm_installer_object own_object(size_t pair, const struct glm_value *object,
                                              bool view_on_main)
{
    struct glm_installer_object o = {.pair = pair, .object = object};
    glm_object_ref_of(object, &o.ref);
    o.role = role_of(o.ref.kind);
    o.main = o.ref.kind == GLM_KIND_DEPLOYMENT;
    /* Not the Deployment: its annotations count into its generation, which is to stay when a gateway changes
     * hands. Else each gateway has an account. */
    o.view = view_on_main ? o.main : o.ref.kind == GLM_KIND_SERVICE_ACCOUNT;
    return o;
}

/* What stands for a pair of which it is not known yet what there will be. */
static const struct glm_installer_object not_known = {.role = GLM_ROLE_WORKLOAD,
                                                      .ref = {.kind = GLM_KIND_DEPLOYMENT},
                                                      .object = &glm_unknown,
                                                      .main = true};

static void add_objects(struct glm_arena *arena, size_t pair, const struct rendered *r,
                        struct glm_installer_object **next)
{
    const struct direct_made *m = &r->made;
    struct glm_installer_object *o = *next;
    for (size_t i = 0; i < r->namespace_count; i++) {
        const struct glm_object_ref ref = {.kind = GLM_KIND_NAMESPACE, .name = r->namespaces[i]};
        *o++ = (struct glm_installer_object){.pair = pair,
                                             .role = GLM_ROLE_NAMESPACE,
                                             .ref = ref,
                                             .object = glm_object_bare(arena, &ref)};
    }
    for (size_t i = 0; i < m->own.count; i++)
        *o++ = own_object(pair, m->own.objects[i].object, m->view_on_main);
    if (!m->known) {
        *o = not_known;
        (o++)->pair = pair;
    }
    for (size_t i = 0; i < m->service_count; i++, o++) {
        *o = (struct glm_installer_object){.pair = pair,
                                           .role = GLM_ROLE_TRAFFIC,
                                           .ref = {.kind = GLM_KIND_SERVICE},
                                           .object = m->services[i].object};
        glm_object_ref_as(o->object, GLM_KIND_SERVICE, &o->ref);
    }
    *next = o;
}

bool direct_render(const struct glm_installer_call *call, const struct glm_installer_pair *pairs,
                   size_t count, struct glm_installer_rendering *ret, struct glm_diags *d)
{
    struct rendered *all = GLM_NEW_ARRAY(call->arena, count, struct rendered);
    size_t most = 0;
    bool ok = true;
    for (size_t i = 0; i < count; i++) {
        ok = render_pair(call, &pairs[i], &all[i], d) && ok;
        if (ok)
            most += all[i].namespace_count + all[i].made.own.count + 1 + all[i].made.service_count;
    }
    if (!ok)
        return false;
    struct glm_installer_object *objects =
        GLM_NEW_ARRAY(call->arena, most, struct glm_installer_object);
    struct glm_installer_object *next = objects;
    for (size_t i = 0; i < count; i++) {
        add_objects(call->arena, i, &all[i], &next);
        ret->pairs[i].traffic_known = all[i].made.services_known;
    }
    ret->objects = objects;
    ret->count = (size_t)(next - objects);
    return true;
}
