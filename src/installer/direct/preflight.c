/* SPDX-License-Identifier: Apache-2.0
 *
 * Preflight: what a gateway needs in its cluster, looked at before it is written: when it is not there yet, the
 * control plane that it names and, where its pods are injected, an injector that takes them up; whenever its
 * version changes, a control plane of a version that goes with it.
 *
 * Rights: a look that is forbidden is no reason not to install; it is said in a warning.
 */
#include "../istio/istio.h"
#include "direct.h"
#include "glm/look.h"
#include "glm/shown.h"
#include "glm/version.h"

#include <string.h>

/* ---- gateways, as they are to be and as they are ---- */

/* What its image says of its version; one that is injected has the version of the control plane. */
static const char *tag_of(struct glm_arena *arena, const struct glm_value *deployment,
                          const char *version)
{
    struct glm_version v;
    const char *image =
        glm_string_or(glm_get(glm_live_container(deployment, "istio-proxy"), "image"), "");
    const char *tag = glm_image_tag(arena, image);
    if (!*image || strcmp(image, "auto") == 0)
        return NULL;
    return glm_version_parse(tag, &v) ? tag : version;
}

static struct glm_target gateway_of(struct glm_arena *arena, const struct glm_object_ref *ref,
                                    const struct glm_value *deployment, const char *version)
{
    return (struct glm_target){.namespace_ = ref->namespace_,
                               .name = ref->name,
                               .tag = tag_of(arena, deployment, version)};
}

static size_t wanted_gateways(const struct glm_installer_call *call,
                              const struct glm_installer_sight *sight,
                              const struct glm_target **ret)
{
    const struct glm_value *version =
        glm_installation_version(call->arena, call->mesh, sight->pair->installation);
    struct glm_target *all = GLM_NEW_ARRAY(call->arena, sight->own_count, struct glm_target);
    size_t count = 0;
    for (size_t i = 0; i < sight->own_count; i++)
        if (sight->own[i].main)
            all[count++] = gateway_of(call->arena, &sight->own[i].ref, sight->own[i].object,
                                      glm_string_or(version, NULL));
    *ret = all;
    return count;
}

static size_t found_gateways(const struct glm_installer_call *call,
                             const struct glm_installer_sight *sight, const struct glm_target **ret)
{
    struct glm_target *all = GLM_NEW_ARRAY(call->arena, sight->look_count, struct glm_target);
    size_t count = 0;
    for (size_t i = 0; i < sight->look_count; i++) {
        const struct glm_installer_look *look = &sight->looks[i];
        const char *version = glm_live_label(look->read.object, "app.kubernetes.io/version");
        if (look->read.found == GLM_FOUND)
            all[count++] =
                gateway_of(call->arena, &look->ref, look->read.object, *version ? version : NULL);
    }
    *ret = all;
    return count;
}

static const struct glm_installer_object *own_of(const struct glm_installer_sight *sight,
                                                 const struct glm_object_ref *ref)
{
    for (size_t i = 0; i < sight->own_count; i++)
        if (glm_object_ref_same(&sight->own[i].ref, ref))
            return &sight->own[i];
    return NULL;
}

static const char *revision_of(const struct glm_value *deployment)
{
    return glm_live_label(deployment, "istio.io/rev");
}

/* Some gateway is not there, or is for another control plane. */
static bool is_new(const struct glm_installer_sight *sight)
{
    for (size_t i = 0; i < sight->look_count; i++) {
        const struct glm_installer_look *look = &sight->looks[i];
        const struct glm_installer_object *own = own_of(sight, &look->ref);
        if (look->read.found != GLM_FOUND ||
            (own && strcmp(revision_of(look->read.object), revision_of(own->object)) != 0))
            return true;
    }
    return false;
}

/* ---- what stands in the way ---- */

static void block(struct glm_installer_verdict *ret, const char *summary, const char *message)
{
    *ret = (struct glm_installer_verdict){
        .blocked = true, .state = GLM_STATE_FAILED, .summary = summary, .message = message};
}

/* false: blocked. */
static bool is_injected(const struct glm_installer_call *call,
                        const struct glm_installer_sight *sight, struct glm_installer_verdict *ret)
{
    for (size_t i = 0; i < sight->own_count; i++) {
        const char *why =
            sight->own[i].main ? istio_not_injected(call, sight->own[i].object) : NULL;
        if (!why)
            continue;
        block(ret, "No injector takes the gateway's pods up", why);
        return false;
    }
    return true;
}

/* Whoever is injected asks webhooks, not the control plane itself: a tag has one, too, and without a revision it is
 * up to the namespace. */
static bool has_plane(const struct glm_installer_call *call, const struct istio_planes *planes,
                      const struct glm_installer_pair *pair, struct glm_installer_verdict *ret)
{
    const char *revision = pair->installation->control_plane;
    const struct glm_control_plane *tag_of = NULL;
    if (pair->installation->values_text &&
        (!*revision ||
         (planes->known &&
          !glm_control_plane_find(planes->planes, planes->count, revision, &tag_of) && tag_of)))
        return true;
    return istio_plane_is_there(call, planes, pair, ret);
}

bool direct_preflight(const struct glm_installer_call *call,
                      const struct glm_installer_sight *sights, size_t count, void *const *notes,
                      struct glm_installer_verdict *ret, struct glm_diags *d)
{
    struct istio_planes planes;
    bool surveyed = false;
    (void)notes;
    for (size_t i = 0; i < count; i++) {
        const struct glm_installer_sight *sight = &sights[i];
        const struct glm_target *is, *wanted;
        size_t found = found_gateways(call, sight, &is);
        size_t all = wanted_gateways(call, sight, &wanted);
        bool new = is_new(sight);
        if (!new && !istio_version_changes(is, found, wanted, all))
            continue;
        if (!surveyed)
            istio_planes_survey(call, &planes, d);
        surveyed = true;
        if ((!new || has_plane(call, &planes, sight->pair, &ret[i])) &&
            istio_version_fits(call, &planes, sight->pair, wanted, all, &ret[i], d) && new)
            is_injected(call, sight, &ret[i]);
    }
    return true;
}
