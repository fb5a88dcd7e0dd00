/* SPDX-License-Identifier: Apache-2.0
 *
 * Scale: how many pods the autoscaler of a gateway wants at least. How many there are is its controller's to
 * write, and until that has acted a Deployment that is new has one pod, ready or not. Pure.
 *
 * Source: autoscaling/v2. Its controller raises to minReplicas without metrics, too: at its next round, every
 *         15 seconds unless somebody has set it otherwise.
 */
#include "direct.h"

#include "glm/look.h"
#include "glm/shown.h"
#include "glm/text.h"

#include <inttypes.h>

size_t direct_targets(const struct glm_installer_call *call,
                      const struct glm_installer_sight *sight, const struct glm_object_ref **ret)
{
    struct glm_object_ref *refs =
        GLM_NEW_ARRAY(call->arena, sight->look_count, struct glm_object_ref);
    size_t count = 0;
    for (size_t i = 0; i < sight->look_count; i++) {
        const struct glm_installer_look *look = &sight->looks[i];
        bool fixed =
            call->field_manager && direct_owns_replicas(look->read.object, call->field_manager);
        if (look->read.found == GLM_FOUND && !fixed)
            refs[count++] = (struct glm_object_ref){.kind = GLM_KIND_AUTOSCALER,
                                                    .namespace_ = look->ref.namespace_,
                                                    .name = look->ref.name,
                                                    .labelled = true};
    }
    *ret = refs;
    return count;
}

/* That of a gateway, which has its name; NULL: there is none that scales it. */
static const struct glm_value *autoscaler_of(const struct glm_installer_sight *sight,
                                             const struct glm_object_ref *gateway)
{
    const struct glm_object_ref ref = {
        .kind = GLM_KIND_AUTOSCALER, .namespace_ = gateway->namespace_, .name = gateway->name};
    for (size_t i = 0; i < sight->target_count; i++) {
        const struct glm_installer_look *look = &sight->targets[i];
        const struct glm_value *of =
            glm_get_path(look->read.object, "spec", "scaleTargetRef", NULL);
        if (look->read.found == GLM_FOUND && glm_object_ref_same(&look->ref, &ref) &&
            glm_string_is(glm_get(of, "kind"), gateway->kind->name) &&
            glm_string_is(glm_get(of, "name"), gateway->name))
            return look->read.object;
    }
    return NULL;
}

/* Where no controller of autoscalers runs, nothing of this is ever there. */
static bool has_acted(const struct glm_value *autoscaler)
{
    const struct glm_value *status = glm_get(autoscaler, "status");
    return glm_live_count(glm_get(status, "conditions")) > 0 ||
           glm_live_integer(status, "currentReplicas", 0) > 0 ||
           glm_live_integer(status, "desiredReplicas", 0) > 0;
}

/* " (AbleToScale is False: FailedGetScale: ...)"; "": nothing keeps it from scaling. */
static const char *hindrance(struct glm_arena *arena, const struct glm_value *autoscaler)
{
    const struct glm_value *c = glm_live_condition(autoscaler, "AbleToScale");
    if (!glm_string_is(glm_get(c, "status"), "False"))
        return "";
    return glm_sprintf(arena, " (AbleToScale is False: %s: %s)",
                       glm_said(arena, glm_string_or(glm_get(c, "reason"), "no reason")),
                       glm_said(arena, glm_string_or(glm_get(c, "message"), "")));
}

bool direct_scale_read(const struct glm_installer_call *call,
                       const struct glm_installer_sight *sight,
                       const struct glm_installer_look *gateway, struct direct_scale *ret)
{
    const struct glm_value *autoscaler = autoscaler_of(sight, &gateway->ref);
    if (!autoscaler)
        return false;
    const char *place = glm_live_place(call->arena, autoscaler);
    int64_t least = glm_live_integer(glm_get(autoscaler, "spec"), "minReplicas", 1);
    int64_t has = glm_live_integer(glm_get(gateway->read.object, "spec"), "replicas", 1);
    if (has >= least)
        return false;
    ret->acts = has_acted(autoscaler);
    ret->text =
        ret->acts
            ? glm_sprintf(call->arena,
                          "Deployment %s is to have %" PRId64
                          " pods, and HorizontalPodAutoscaler %s "
                          "has not yet raised it to its minReplicas, %" PRId64 "%s",
                          place, has, place, least, hindrance(call->arena, autoscaler))
            : glm_sprintf(call->arena,
                          "HorizontalPodAutoscaler %s wants at least %" PRId64
                          " pods, and Deployment %s "
                          "is to have %" PRId64
                          ": no controller has acted on the autoscaler, so that nobody "
                          "changes the number. See whether kube-controller-manager runs it, or set "
                          "values.gateways.*.autoscaleEnabled: false and a replicaCount",
                          place, least, place, has);
    return true;
}
