/* SPDX-License-Identifier: Apache-2.0
 *
 * What installer "direct" refuses at plan beyond the rules of the mesh and of the renderer: what no API server
 * takes of what has been rendered.
 */
#include "direct.h"

/* A label that the charts of this version write themselves, over the user's, on pods but not in the selector. */
static bool check_selector(const struct glm_path *at, const struct glm_render_object *o,
                           struct glm_diags *d)
{
    const struct glm_value *selector =
        glm_get_path(o->object, "spec", "selector", "matchLabels", NULL);
    const struct glm_value *labels =
        glm_get_path(o->object, "spec", "template", "metadata", "labels", NULL);
    bool ok = true;
    for (size_t i = 0; glm_is_map(selector) && i < selector->len; i++) {
        const struct glm_pair *pair = &selector->as.map[i];
        const struct glm_value *is = glm_get(labels, pair->key);
        if (glm_is_unknown(is) || glm_is_unknown(pair->value) || glm_equal(is, pair->value))
            continue;
        ok = glm_error(
            d, at, "A gateway that would not select its own pods",
            "%s: its Deployment selects pods by the label \"%s\" with the value \"%s\", and its "
            "pods "
            "have \"%s\" there: the gateway's chart of this version of Istio, or an overlay, "
            "writes that over the gateway's own label. No API server takes it. Remove "
            "the label from `label`, or the overlay.",
            o->gateway, pair->key, glm_string_or(pair->value, ""), glm_string_or(is, ""));
    }
    return ok;
}

/* Only overlays can have put it there. */
static bool check_its_own(struct glm_arena *arena, const struct glm_path *at,
                          const struct glm_render_object *o, struct glm_diags *d)
{
    const char *field = glm_object_not_its_own(o->object);
    struct glm_object_ref ref;
    return !field || !glm_object_ref_of(o->object, &ref) ||
           glm_error(d, at, "An overlay that sets what is not the gateway's",
                     "%s: after its overlays %s has \"%s\", which only API servers and this "
                     "provider write. Remove the patch that sets it.",
                     o->gateway, glm_object_ref_text(arena, &ref), field);
}

bool direct_is_sound(struct glm_arena *arena, const struct glm_path *at,
                     const struct glm_render_object *o, struct glm_diags *d)
{
    bool ok = check_its_own(arena, at, o, d);
    return (!glm_string_is(glm_get(o->object, "kind"), GLM_KIND_DEPLOYMENT->name) ||
            check_selector(at, o, d)) &&
           ok;
}
