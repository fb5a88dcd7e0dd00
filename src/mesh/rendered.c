/* SPDX-License-Identifier: Apache-2.0
 *
 * Rendered gateways: what any IstioOperator, ours or somebody else's, makes Istio's operator render.
 *
 * What:   pure and tolerant: whatever has the wrong type counts as absent.
 * Source: the operator of Istio 1.23: profiles, the merge of a gateway list with the profile's by
 *         name, where a gateway without a namespace goes, and which objects it leaves alone.
 */
#include "internal.h"

#include <string.h>

#define DEFAULT_PROFILE "default"
#define DEFAULT_NAMESPACE "istio-system"
#define IGNORED_PREFIX "installed-state" /* istioctl's own note of what it installed */
#define IGNORED_ANNOTATION "install.istio.io/ignoreReconcile"

static bool left_alone(const struct glm_value *istio_operator)
{
    const char *name = glm_string_or(glm_get_path(istio_operator, "metadata", "name", NULL), "");
    return strncmp(name, IGNORED_PREFIX, sizeof IGNORED_PREFIX - 1) == 0 ||
           glm_string_is(
               glm_get_path(istio_operator, "metadata", "annotations", IGNORED_ANNOTATION, NULL),
               "true");
}

static const char *fallback_namespace(const struct glm_value *spec)
{
    const char *own = glm_string_or(glm_get(spec, "namespace"), "");
    const char *values =
        glm_string_or(glm_get_path(spec, "values", "global", "istioNamespace", NULL), "");
    return *own ? own : *values ? values : DEFAULT_NAMESPACE;
}

/* True when the profile renders this gateway unless it is told not to. */
static bool of_profile(const struct glm_value *spec, enum glm_gateway_type type, const char *name)
{
    bool known;
    const char *profile = glm_string_or(glm_get(spec, "profile"), "");
    unsigned parts = glm_profile_parts(*profile ? profile : DEFAULT_PROFILE, &known);
    unsigned part = type == GLM_INGRESS ? GLM_PROFILE_INGRESS : GLM_PROFILE_EGRESS;
    return known && (parts & part) && strcmp(name, glm_gateway_values(type)) == 0;
}

static void add(struct glm_rendered_gateway *all, size_t *count, const char *namespace_,
                const char *name)
{
    all[(*count)++] = (struct glm_rendered_gateway){.namespace_ = namespace_, .name = name};
}

size_t glm_rendered_gateways(struct glm_arena *arena, const struct glm_value *istio_operator,
                             const struct glm_rendered_gateway **ret_gateways)
{
    const struct glm_value *spec = glm_get(istio_operator, "spec");
    const char *fallback = fallback_namespace(spec);
    struct glm_gateways gateways;
    glm_gateways_read(arena, spec, &gateways);
    struct glm_rendered_gateway *all =
        GLM_NEW_ARRAY(arena, gateways.count + 2, struct glm_rendered_gateway);
    size_t count = 0;
    *ret_gateways = all;
    if (left_alone(istio_operator))
        return 0;
    bool named[2] = {false, false}; /* the profile's own one is in the list */
    for (size_t i = 0; i < gateways.count; i++) {
        const struct glm_gateway *g = &gateways.items[i];
        const char *namespace_ = glm_string_or(glm_get(g->value, "namespace"), "");
        bool own = g->name && of_profile(spec, g->type, g->name);
        named[g->type] = named[g->type] || own;
        if (g->name && (g->enabled || (own && !glm_is_false(glm_get(g->value, "enabled")))))
            add(all, &count, *namespace_ ? namespace_ : fallback, g->name);
    }
    for (int t = 0; t < 2; t++) {
        const char *name = glm_gateway_values((enum glm_gateway_type)t);
        if (!named[t] && of_profile(spec, (enum glm_gateway_type)t, name))
            add(all, &count, fallback, name);
    }
    return count;
}
