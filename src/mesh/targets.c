/* SPDX-License-Identifier: Apache-2.0
 *
 * Targets: the gateways that an IstioOperator renders, as the operator would: profile, names,
 * namespaces and images.
 *
 * Source: the operator of Istio 1.23: names, the namespace of the control plane, and the image
 *         HUB/proxyv2:TAG[-VARIANT] of its gateway charts.
 */
#include "internal.h"
#include "glm/look.h"
#include "glm/observe.h"
#include "glm/text.h"

#include <string.h>

#define NOTE_PREFIX "installed-state" /* istioctl's own note of what it installed */
#define IGNORED_ANNOTATION "install.istio.io/ignoreReconcile"

static const char *text_or_null(const struct glm_value *v)
{
    const char *text = v->kind == GLM_NUMBER ? v->as.text : glm_string_or(v, "");
    return *text ? text : NULL;
}

static const char *first_of(const struct glm_value *a, const struct glm_value *b)
{
    const char *text = text_or_null(a);
    return text ? text : text_or_null(b);
}

/* Where a gateway without a namespace goes. */
static const char *home(const struct glm_value *spec)
{
    const char *namespace_ = first_of(
        glm_get(spec, "namespace"), glm_get_path(spec, "values", "global", "istioNamespace", NULL));
    return namespace_ ? namespace_ : "istio-system";
}

static bool ends_with(const char *text, const char *end)
{
    size_t a = strlen(text), b = strlen(end);
    return a >= b && strcmp(text + a - b, end) == 0;
}

static bool patches_image(const struct glm_value *overlay)
{
    const struct glm_value *patches = glm_get(overlay, "patches");
    for (size_t i = 0; i < glm_live_count(patches); i++) {
        const char *path = glm_string_or(glm_get(glm_at(patches, i), "path"), "");
        bool container = strstr(path, "containers") && !ends_with(path, "[-1]");
        if (container &&
            (ends_with(path, ".image") || glm_has(glm_get(glm_at(patches, i), "value"), "image")))
            return true;
    }
    return false;
}

/* True when something other than hub and tag decides about the image. */
static bool own_image(struct glm_arena *arena, const struct glm_value *spec,
                      const struct glm_value *gateway)
{
    const struct glm_value *overlays = glm_get_path(gateway, "k8s", "overlays", NULL);
    const char *image =
        glm_string_or(mesh_setting(arena, spec, "global", "proxy", "image", NULL).value, "");
    for (size_t i = 0; i < glm_live_count(overlays); i++)
        if (glm_string_is(glm_get(glm_at(overlays, i), "kind"), "Deployment") &&
            patches_image(glm_at(overlays, i)))
            return true;
    return strchr(image, '/') != NULL;
}

/* The operator does not look at the hub and tag of a gateway. */
static const char *image_tag(struct glm_arena *arena, const struct glm_value *spec,
                             const struct glm_value *gateway)
{
    const char *tag = text_or_null(mesh_setting(arena, spec, "global", "tag", NULL).value);
    const char *variant =
        first_of(mesh_setting(arena, spec, "global", "proxy", "variant", NULL).value,
                 mesh_setting(arena, spec, "global", "variant", NULL).value);
    if (!tag || own_image(arena, spec, gateway))
        return NULL;
    return variant ? glm_sprintf(arena, "%s-%s", tag, variant) : tag;
}

static bool profile_has(const struct glm_value *spec, enum glm_gateway_type type)
{
    bool known;
    const char *profile = text_or_null(glm_get(spec, "profile"));
    unsigned parts = mesh_profile_parts(profile ? profile : "default", &known);
    return known && (parts & (type == GLM_INGRESS ? GLM_PROFILE_INGRESS : GLM_PROFILE_EGRESS));
}

/* The gateways of one type, those of the profile merged in by name as the operator does. */
static size_t of_type(struct glm_arena *arena, const struct glm_value *spec,
                      enum glm_gateway_type type, struct glm_target *targets)
{
    const struct glm_value *list = glm_get_path(spec, "components", mesh_gateway_list(type), NULL);
    const char *usual = mesh_gateway_values(type);
    bool from_profile = profile_has(spec, type);
    size_t count = 0;
    for (size_t i = 0; i <= glm_live_count(list); i++) {
        const struct glm_value *g = glm_at(list, i); /* past the end: the profile's own */
        const struct glm_value *enabled = glm_get(g, "enabled");
        const char *name = text_or_null(glm_get(g, "name"));
        const char *namespace_ = text_or_null(glm_get(g, "namespace"));
        bool usual_name = !name || strcmp(name, usual) == 0;
        if ((i == glm_live_count(list) || usual_name) && from_profile && glm_is_null(enabled))
            enabled = &glm_true;
        if (usual_name)
            from_profile = false;
        if (!glm_is_true(enabled))
            continue;
        targets[count++] = (struct glm_target){
            .namespace_ = namespace_ ? namespace_ : home(spec),
            .name = name ? name : usual,
            .egress = type == GLM_EGRESS,
            .tag = image_tag(arena, spec, g),
            .hub = text_or_null(mesh_setting(arena, spec, "global", "hub", NULL).value),
        };
    }
    return count;
}

size_t glm_targets(struct glm_arena *arena, const struct glm_value *istio_operator,
                   const struct glm_target **ret_targets)
{
    const struct glm_value *spec = glm_get(istio_operator, "spec");
    const struct glm_value *components = glm_get(spec, "components");
    size_t limit = 2 + glm_live_count(glm_get(components, "ingressGateways")) +
                   glm_live_count(glm_get(components, "egressGateways"));
    struct glm_target *targets = GLM_NEW_ARRAY(arena, limit, struct glm_target);
    size_t count = 0;
    if (glm_is_map(istio_operator)) {
        count = of_type(arena, spec, GLM_INGRESS, targets);
        count += of_type(arena, spec, GLM_EGRESS, targets + count);
    }
    *ret_targets = targets;
    return count;
}

bool glm_left_alone(const struct glm_value *istio_operator)
{
    const struct glm_value *metadata = glm_get(istio_operator, "metadata");
    const char *name = glm_string_or(glm_get(metadata, "name"), "");
    return strncmp(name, NOTE_PREFIX, sizeof NOTE_PREFIX - 1) == 0 ||
           glm_string_is(glm_get_path(metadata, "annotations", IGNORED_ANNOTATION, NULL), "true");
}
