/* SPDX-License-Identifier: Apache-2.0
 *
 * Targets: the Deployments that an IstioOperator is to become, whoever wrote it; whose finalizer it
 * carries; which of its desired states it is in.
 */
#include "glm/observe.h"
#include "internal.h"

#include <string.h>

/* The text of a tag or hub: a tag may be a number in YAML. */
static const char *text_of(const struct glm_value *v)
{
    bool text = v->kind == GLM_STRING || v->kind == GLM_NUMBER;
    return text && v->len > 0 ? v->as.text : NULL;
}

static const char *first_text(const struct glm_value *a, const struct glm_value *b)
{
    const char *text = text_of(a);
    return text ? text : text_of(b);
}

size_t glm_targets(struct glm_arena *arena, const struct glm_value *istio_operator,
                   const struct glm_target **ret_targets)
{
    const struct glm_rendered_gateway *rendered;
    size_t count = glm_rendered_gateways(arena, istio_operator, &rendered);
    struct glm_target *targets = GLM_NEW_ARRAY(arena, count, struct glm_target);
    const struct glm_value *spec = glm_get(istio_operator, "spec");
    struct glm_gateways gateways;
    glm_gateways_read(arena, spec, &gateways);
    for (size_t i = 0; i < count; i++) {
        struct glm_target *t = &targets[i];
        *t = (struct glm_target){.namespace_ = rendered[i].namespace_,
                                 .name = rendered[i].name,
                                 .tag = text_of(glm_get(spec, "tag")),
                                 .hub = text_of(glm_get(spec, "hub"))};
        for (size_t g = 0; g < gateways.count; g++) {
            const struct glm_gateway *gateway = &gateways.items[g];
            if (!gateway->name || strcmp(gateway->name, t->name) != 0)
                continue;
            t->egress = gateway->type == GLM_EGRESS;
            t->tag = first_text(glm_get(gateway->value, "tag"), glm_get(spec, "tag"));
            t->hub = first_text(glm_get(gateway->value, "hub"), glm_get(spec, "hub"));
        }
    }
    *ret_targets = targets;
    return count;
}

static bool has_finalizer(const struct glm_value *object, const char *name)
{
    const struct glm_value *list = glm_get_path(object, "metadata", "finalizers", NULL);
    for (size_t i = 0; glm_is_list(list) && i < list->len; i++)
        if (glm_string_is(list->as.list[i], name))
            return true;
    return false;
}

enum glm_reconciler_kind glm_reconciler_of(const struct glm_value *istio_operator)
{
    if (has_finalizer(istio_operator, "istio-finalizer.install.istio.io"))
        return GLM_RECONCILER_ISTIO;
    return has_finalizer(istio_operator, "iop.pluma.io/finalizer") ? GLM_RECONCILER_PLUMA
                                                                   : GLM_RECONCILER_NONE;
}

const char *glm_generation(struct glm_arena *arena, const struct glm_value *object)
{
    const char *uid = glm_string_or(glm_get_path(object, "metadata", "uid", NULL), "");
    const struct glm_value *generation = glm_get_path(object, "metadata", "generation", NULL);
    if (!*uid || generation->kind != GLM_NUMBER)
        return NULL;
    return glm_sprintf(arena, "%s/%s", uid, generation->as.text);
}
