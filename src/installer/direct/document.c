/* SPDX-License-Identifier: Apache-2.0
 *
 * What a pair is rendered from: its IstioOperator, which nobody gets to see, and the version of Istio; and
 * the objects that come of it.
 */
#include "direct.h"

#include "glm/version.h"

#include <string.h>

/* ---- the version ---- */

static bool no_version(const struct glm_installer_pair *pair, struct glm_diags *d)
{
    if (pair->installation->values_text)
        return glm_error(
            d, GLM_AT_ATTR(GLM_AT_INSTALLATION(pair->installation->key), "istio_version"),
            "No version of Istio",
            "What comes of gateway_chart_values depends on the release of Istio whose chart it is, "
            "and nothing says which. Write it, such as istio_version = \"" GLM_RENDER_NEWEST
            ".0\".");
    return glm_error(
        d, GLM_AT_ATTR(GLM_AT_INSTALLATION(pair->installation->key), "istio_version"),
        "No version of Istio",
        "Installer \"direct\" renders what a release of Istio makes of a gateway, and nothing says "
        "which: the tag begins with no version, or there is none. Write the version of the images, "
        "such as istio_version = \"" GLM_RENDER_NEWEST ".0\".");
}

/* The renderer knows which versions there are; here it is said what to write instead. */
static bool is_rendered(const struct glm_installer_pair *pair, const char *version,
                        struct glm_diags *d)
{
    const struct glm_path *at =
        GLM_AT_ATTR(GLM_AT_INSTALLATION(pair->installation->key), "istio_version");
    struct glm_version is, oldest, newest;
    if (!glm_version_parse(version, &is))
        return glm_error(d, at, "Not a version of Istio",
                         "\"%s\" is no version of Istio. Write one such as \"" GLM_RENDER_NEWEST
                         ".0\".",
                         version);
    glm_version_parse(GLM_RENDER_OLDEST, &oldest);
    glm_version_parse(GLM_RENDER_NEWEST, &newest);
    if (glm_version_minor_order(&is, &oldest) < 0)
        return glm_error(d, at, "A version of Istio that is too old",
                         "Istio %s is older than what installer \"direct\" renders: "
                         "" GLM_RENDER_OLDEST " to " GLM_RENDER_NEWEST
                         ". Older ones have an operator in the cluster: leave the cluster's "
                         "`installer` at \"istio_operator\".",
                         version);
    if (glm_version_minor_order(&is, &newest) > 0)
        return glm_error(d, at, "A version of Istio that is not known yet",
                         "Istio %s is newer than what this release of the provider renders: "
                         "" GLM_RENDER_OLDEST " to " GLM_RENDER_NEWEST
                         ". Its gateways may well be made the same way: "
                         "istio_version = \"" GLM_RENDER_NEWEST
                         "\" renders them so, whatever the tag. Or use a newer release.",
                         version);
    return true;
}

bool direct_version(const struct glm_installer_call *call, const struct glm_installer_pair *pair,
                    const char **ret, struct glm_diags *d)
{
    const struct glm_value *version =
        glm_installation_version(call->arena, call->mesh, pair->installation);
    *ret = glm_string_or(version, NULL);
    if (glm_is_null(version))
        return no_version(pair, d);
    return !*ret || is_rendered(pair, *ret, d);
}

/* ---- the objects ---- */

static bool is_written(const struct glm_installer *row, const struct glm_object_kind *kind)
{
    for (size_t i = 0; row->kinds[i].kind; i++)
        if (row->kinds[i].kind == kind)
            return true;
    return false;
}

/* Whether a pair's gateway, by its place in the document, has an object of that kind. */
static bool has_kind(const struct glm_render_result *all, const char *gateway,
                     const struct glm_object_kind *kind)
{
    for (size_t i = 0; i < all->count; i++)
        if (strcmp(all->objects[i].gateway, gateway) == 0 &&
            glm_string_is(glm_get(all->objects[i].object, "kind"), kind->name))
            return true;
    return false;
}

/* How many pods there are is the autoscaler's to say, where there is one. */
static const struct glm_value *without_replicas(struct glm_arena *arena,
                                                const struct glm_value *deployment)
{
    const struct glm_value *spec = glm_get(deployment, "spec");
    return glm_has(spec, "replicas")
               ? glm_with(arena, deployment, "spec", glm_without(arena, spec, "replicas"))
               : deployment;
}

/* Overlays may turn an object into one of another kind, or into one that is there already. */
static bool check_refs(const struct glm_installer_call *call, const struct glm_path *at,
                       const struct glm_render_result *all, struct glm_diags *d)
{
    struct glm_map_builder seen;
    glm_map_init(&seen, call->arena);
    for (size_t i = 0; i < all->count; i++) {
        const struct glm_render_object *o = &all->objects[i];
        struct glm_object_ref ref;
        if (!glm_object_ref_of(o->object, &ref) || !is_written(call->self, ref.kind) ||
            !ref.namespace_)
            return glm_error(d, at, "An object of another kind",
                             "%s: an overlay makes of an object of the gateway what is none of its "
                             "own any more: \"%s\" of \"%s\". Overlays may change fields of an "
                             "object, but not what it is.",
                             o->gateway, glm_string_or(glm_get(o->object, "kind"), ""),
                             glm_string_or(glm_get(o->object, "apiVersion"), ""));
        const char *text = glm_object_ref_text(call->arena, &ref);
        const char *other = glm_string_or(glm_map_peek(&seen, text), NULL);
        if (other)
            return glm_error(d, at, "Two objects of one name",
                             "%s and %s both make %s. Give one of the gateways another name, or "
                             "another namespace.",
                             other, o->gateway, text);
        glm_map_set(&seen, text, glm_string(call->arena, o->gateway));
    }
    return true;
}

static bool render_objects(const struct glm_installer_call *call,
                           const struct glm_installer_pair *pair, const struct glm_value *document,
                           const char *version, struct glm_render_result *ret, struct glm_diags *d)
{
    const struct glm_installation *in = pair->installation;
    const struct glm_path *at = GLM_AT_ATTR(GLM_AT_INSTALLATION(in->key), call->self->forms[0]);
    const bool text = glm_is_string(in->spec_text);
    const struct glm_render_request request = {
        .document = document,
        .text = text ? in->spec_text->as.text : NULL,
        .len = text ? in->spec_text->len : 0,
        .at = at,
        .istio_version = version,
        .warn = false, /* the rules of the mesh have: this is not what somebody has written */
    };
    struct glm_render_result all;
    if (!glm_render(call->arena, &request, &all, d) || !check_refs(call, at, &all, d))
        return false;
    struct glm_render_object *objects =
        GLM_NEW_ARRAY(call->arena, all.count, struct glm_render_object);
    bool ok = true;
    for (size_t i = 0; i < all.count; i++) {
        ok = direct_is_sound(call->arena, at, &all.objects[i], d) && ok;
        objects[i] = all.objects[i];
        objects[i].object = direct_identity(call->arena, objects[i].object);
        if (glm_string_is(glm_get(objects[i].object, "kind"), GLM_KIND_DEPLOYMENT->name) &&
            has_kind(&all, objects[i].gateway, GLM_KIND_AUTOSCALER))
            objects[i].object = without_replicas(call->arena, objects[i].object);
    }
    *ret = (struct glm_render_result){.objects = objects, .count = all.count};
    return ok;
}

bool direct_of_spec(const struct glm_installer_call *call, const struct glm_installer_pair *pair,
                    struct direct_made *ret, struct glm_diags *d)
{
    struct glm_rendering *translated;
    const char *version;
    bool ok = direct_version(call, pair, &version, d);
    ok = glm_translate(call->arena, call->manager, pair->installation, pair->placement, call->mesh,
                       &translated, d) &&
         ok;
    *ret = (struct direct_made){.known = ok && version && glm_is_map(translated->istio_operator),
                                .services_known = translated->services_known,
                                .services = translated->services,
                                .service_count = translated->service_count};
    return ok && (!ret->known ||
                  render_objects(call, pair, translated->istio_operator, version, &ret->own, d));
}
