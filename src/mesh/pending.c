/* SPDX-License-Identifier: Apache-2.0
 *
 * Pending: why an IstioOperator has no status. Nobody says so in the object; what it has and lacks
 * narrows it down.
 *
 * Source: the operator of Istio 1.23 takes an object up by adding its finalizer, and writes no
 *         status for one that is not for it, that it cannot read, or that it cannot render.
 */
#include "internal.h"
#include "glm/look.h"
#include "glm/observe.h"
#include "glm/text.h"

#include <string.h>

/* An overlay for an object that none of the gateways has: the operator stops at it. */
static const char *lost_overlay(struct glm_arena *arena, const struct glm_value *istio_operator)
{
    struct glm_gateways gateways;
    mesh_gateways_read(arena, glm_get(istio_operator, "spec"), false, &gateways);
    for (size_t i = 0; i < gateways.count; i++) {
        const struct glm_gateway *g = &gateways.items[i];
        const struct glm_value *overlays = glm_get(g->k8s, "overlays");
        for (size_t o = 0; g->enabled && g->name && o < glm_live_count(overlays); o++) {
            const char *kind = glm_string_or(glm_get(glm_at(overlays, o), "kind"), "");
            const char *name = glm_string_or(glm_get(glm_at(overlays, o), "name"), "");
            size_t len = strlen(g->name);
            /* istio-ingressgateway-1-24, istio-ingressgateway-1-24-service-account, ...-sds */
            bool own = strncmp(name, g->name, len) == 0 &&
                       (name[len] == 0 || strcmp(name + len, "-service-account") == 0 ||
                        strcmp(name + len, "-sds") == 0);
            if (!own)
                return glm_sprintf(arena,
                                   " Its overlay for %s \"%s\" (%s) is for no object of gateway "
                                   "\"%s\".",
                                   glm_said(arena, kind), glm_said(arena, name),
                                   mesh_gateway_where(arena, g), g->name);
        }
    }
    return "";
}

static const char *picked_up(struct glm_arena *arena, const struct glm_value *istio_operator)
{
    return glm_sprintf(
        arena,
        "The Istio operator has taken up IstioOperator %s but shows no status. If this lasts, it "
        "cannot render it: a path or an object of an overlay that is not there, or content that "
        "its charts refuse.%s Only the operator's own log tells which: kubectl logs of its "
        "Deployment in this cluster.",
        glm_live_place(arena, istio_operator), lost_overlay(arena, istio_operator));
}

static const char *nobody(struct glm_arena *arena, const struct glm_value *istio_operator)
{
    const char *revision =
        glm_string_or(glm_get_path(istio_operator, "spec", "revision", NULL), "");
    const char *created =
        glm_string_or(glm_get_path(istio_operator, "metadata", "creationTimestamp", NULL), "");
    const char *for_revision =
        *revision ? glm_sprintf(arena, "its REVISION is not \"%s\"", glm_said(arena, revision))
                  : "its REVISION is set while this object has no spec.revision";
    return glm_sprintf(
        arena,
        "No operator has taken up IstioOperator %s%s. Possible reasons: no Istio operator runs in "
        "this cluster (Istio 1.24 and later have none); %s; its WATCH_NAMESPACE does not hold "
        "\"%s\"; another IstioOperator in the cluster is malformed, which blocks the operator for "
        "all of them; or the operator refuses the content of this one, which only its log tells.",
        glm_live_place(arena, istio_operator),
        *created ? glm_sprintf(arena, ", which is there since %s", glm_said(arena, created)) : "",
        for_revision, glm_live_namespace(istio_operator));
}

const char *glm_why_pending(struct glm_arena *arena, const struct glm_value *istio_operator)
{
    const struct glm_value *ignore = glm_get_path(istio_operator, "metadata", "annotations",
                                                  "install.istio.io/ignoreReconcile", NULL);
    const struct glm_value *profile = glm_get_path(istio_operator, "spec", "profile", NULL);
    if (glm_string_is(ignore, "true"))
        return glm_sprintf(arena,
                           "The Istio operator leaves IstioOperator %s alone because of its "
                           "annotation install.istio.io/ignoreReconcile: \"true\". Remove the "
                           "annotation and change the spec, since removing it alone starts "
                           "nothing.",
                           glm_live_place(arena, istio_operator));
    if (glm_string_is(profile, "ambient"))
        return glm_sprintf(arena,
                           "The Istio operator leaves IstioOperator %s alone because its "
                           "spec.profile is ambient, which it does not install.",
                           glm_live_place(arena, istio_operator));
    if (glm_reconciler_of(istio_operator) == GLM_RECONCILER_PLUMA)
        return glm_sprintf(arena,
                           "pluma-operator has taken up IstioOperator %s and shows no status yet.",
                           glm_live_place(arena, istio_operator));
    return glm_reconciler_of(istio_operator) == GLM_RECONCILER_ISTIO
               ? picked_up(arena, istio_operator)
               : nobody(arena, istio_operator);
}
