/* SPDX-License-Identifier: Apache-2.0
 *
 * References to Kubernetes objects: what the lifecycle and every kind of cluster agree on.
 *
 * Owner:  texts are made in the arena given; a reference borrows from the object it is of.
 * Errors: none.
 * Thread: no shared state.
 */
#include "glm/object.h"
#include "glm/shown.h"

#include <string.h>

static const struct {
    const char *api_version, *name;
    bool namespaced;
} kinds[GLM_KINDS] = {
    [GLM_KIND_NAMESPACE] = {"v1", "Namespace", false},
    [GLM_KIND_ISTIO_OPERATOR] = {"install.istio.io/v1alpha1", "IstioOperator", true},
    [GLM_KIND_SERVICE] = {"v1", "Service", true},
    [GLM_KIND_DEPLOYMENT] = {"apps/v1", "Deployment", true},
    [GLM_KIND_POD] = {"v1", "Pod", true},
    [GLM_KIND_EVENT] = {"v1", "Event", true},
    [GLM_KIND_ENDPOINT_SLICE] = {"discovery.k8s.io/v1", "EndpointSlice", true},
    [GLM_KIND_MUTATING_WEBHOOK] = {"admissionregistration.k8s.io/v1",
                                   "MutatingWebhookConfiguration", false},
};

const char *glm_object_api_version(enum glm_object_kind kind)
{
    return kinds[kind].api_version;
}

const char *glm_object_kind_name(enum glm_object_kind kind)
{
    return kinds[kind].name;
}

bool glm_object_kind_namespaced(enum glm_object_kind kind)
{
    return kinds[kind].namespaced;
}

const char *glm_object_ref_text(struct glm_arena *arena, const struct glm_object_ref *ref)
{
    const char *kind = glm_object_kind_name(ref->kind);
    const char *name = glm_shown(arena, ref->name);
    return ref->namespace_
               ? glm_sprintf(arena, "%s %s/%s", kind, glm_shown(arena, ref->namespace_), name)
               : glm_sprintf(arena, "%s %s", kind, name);
}

/* A string that C code sees whole: not empty, no NUL bytes in it. */
static const char *plain_text(const struct glm_value *v)
{
    const char *text = glm_string_or(v, "");
    return *text && strlen(text) == v->len ? text : NULL;
}

bool glm_object_ref_of(const struct glm_value *object, struct glm_object_ref *ret_ref)
{
    const char *name = plain_text(glm_get_path(object, "metadata", "name", NULL));
    const char *namespace_ = plain_text(glm_get_path(object, "metadata", "namespace", NULL));
    if (!name)
        return false;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (!glm_string_is(glm_get(object, "apiVersion"), kinds[i].api_version) ||
            !glm_string_is(glm_get(object, "kind"), kinds[i].name))
            continue;
        bool global = !kinds[i].namespaced;
        if (!global && !namespace_)
            return false;
        *ret_ref = (struct glm_object_ref){.kind = (enum glm_object_kind)i,
                                           .namespace_ = global ? NULL : namespace_,
                                           .name = name};
        return true;
    }
    return false;
}

bool glm_object_ref_same(const struct glm_object_ref *a, const struct glm_object_ref *b)
{
    return a->kind == b->kind && strcmp(a->name, b->name) == 0 &&
           strcmp(a->namespace_ ? a->namespace_ : "", b->namespace_ ? b->namespace_ : "") == 0;
}

bool glm_object_is(const struct glm_value *object, const struct glm_object_ref *ref)
{
    struct glm_object_ref is;
    return glm_object_ref_of(object, &is) && glm_object_ref_same(&is, ref);
}
