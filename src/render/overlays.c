/* SPDX-License-Identifier: Apache-2.0
 *
 * k8s.overlays of a gateway, over its objects. How one is applied is glm/overlay.h; here is what each is for,
 * and what is said about those that have no effect.
 */
#include "internal.h"

#include "glm/overlay.h"

#include <string.h>

struct overlaying {
    struct render_call *call;
    const struct render_gateway *g;
    const struct glm_value *all; /* the overlays */
    bool *hit;                   /* of each: there is an object for it */
    bool ok;
};

static const char *where_of(const struct overlaying *o, size_t overlay,
                            const struct glm_overlay_outcome *outcome)
{
    const char *where = glm_sprintf(o->g->arena, "%s.k8s.overlays[%zu]", o->g->where, overlay);
    return outcome ? glm_sprintf(o->g->arena, "%s.patches[%zu]", where, outcome->patch) : where;
}

/* Without effect since 1.24, the end of everything before. */
static void say_idle(struct overlaying *o, const struct glm_value *at, const char *where,
                     const char *why)
{
    if (render_has(&o->call->release, RENDER_LENIENT_OVERLAYS))
        glm_spec_warn(o->call->report, at->line, at->column, where, "An overlay has no effect",
                      ": %s. Istio passes over it without a word.", why);
    else
        o->ok =
            glm_spec_error(o->call->report, at->line, at->column, where, "An overlay does not fit",
                           ": %s, and Istio %s renders nothing at all then. Correct or remove "
                           "it.",
                           why, o->call->release.text);
}

static void judge(struct overlaying *o, size_t overlay, const struct glm_overlay_outcome *outcome)
{
    const struct glm_value *patches = glm_get(glm_at(o->all, overlay), "patches");
    const struct glm_value *patch = glm_at(patches, outcome->patch);
    switch (outcome->effect) {
    case GLM_OVERLAY_MISFIT:
        say_idle(o, patch, where_of(o, overlay, outcome), outcome->why);
        return;
    case GLM_OVERLAY_CRASH:
    case GLM_OVERLAY_CHANCE:
    case GLM_OVERLAY_REFUSED:
        o->ok = glm_spec_error(o->call->report, patch->line, patch->column,
                               where_of(o, overlay, outcome), "An overlay that cannot be applied",
                               ": %s. Correct or remove it.", outcome->why);
        return;
    case GLM_OVERLAY_APPLIED:
    case GLM_OVERLAY_IDLE:
    case GLM_OVERLAY_UNSEEN:
    default:
        return;
    }
}

static bool is_for(const struct glm_value *overlay, const struct glm_value *object)
{
    const struct glm_value *name = glm_get_path(object, "metadata", "name", NULL);
    return glm_equal(glm_get(overlay, "kind"), glm_get(object, "kind")) &&
           glm_equal(glm_get(overlay, "name"), name);
}

static void apply(const struct overlaying *o, const struct glm_value *object,
                  const struct glm_value *const *overlays, size_t count,
                  struct glm_overlay_result *ret)
{
    bool lenient = render_has(&o->call->release, RENDER_LENIENT_OVERLAYS);
    glm_overlay_apply(o->g->arena, object, overlays, count, SIZE_MAX,
                      lenient ? GLM_OVERLAY_ISTIOCTL : GLM_OVERLAY_OPERATOR, ret);
}

/* One after the other: which are for the object depends on those before. */
static const struct glm_value *overlaid_by_each(struct overlaying *o,
                                                const struct glm_value *object)
{
    for (size_t i = 0; i < o->all->len; i++) {
        struct glm_overlay_result result;
        if (!is_for(o->all->as.list[i], object))
            continue;
        apply(o, object, &o->all->as.list[i], 1, &result);
        for (size_t k = 0; k < result.count; k++)
            judge(o, i, &result.outcomes[k]);
        object = result.object;
        o->hit[i] = true;
    }
    return object;
}

static const struct glm_value *overlaid(struct overlaying *o, const struct glm_value *object)
{
    const struct glm_value **own =
        GLM_NEW_ARRAY(o->g->arena, o->all->len, const struct glm_value *);
    size_t *places = GLM_NEW_ARRAY(o->g->arena, o->all->len, size_t), count = 0;
    struct glm_overlay_result result;
    for (size_t i = 0; i < o->all->len; i++)
        if (is_for(o->all->as.list[i], object)) {
            places[count] = i;
            own[count++] = o->all->as.list[i];
        }
    if (!count)
        return object;
    apply(o, object, own, count, &result);
    if (!is_for(own[0], result.object)) /* one of them has given it another name */
        return overlaid_by_each(o, object);
    for (size_t k = 0; k < result.count; k++)
        judge(o, places[result.outcomes[k].overlay], &result.outcomes[k]);
    for (size_t i = 0; i < count; i++)
        o->hit[places[i]] = true;
    return result.object;
}

bool render_overlaid(struct render_call *call, const struct render_gateway *g,
                     const struct glm_value **objects, size_t count)
{
    const struct glm_value *all = glm_get(g->k8s, "overlays");
    if (!glm_is_list(all))
        return true;
    if (all->len > GLM_OVERLAY_PATCHES_MAX)
        return glm_spec_error(call->report, all->line, all->column,
                              glm_sprintf(g->arena, "%s.k8s.overlays", g->where),
                              "Too many overlays", "are more than %zu. Put their patches together.",
                              GLM_OVERLAY_PATCHES_MAX);
    struct overlaying o = {.call = call,
                           .g = g,
                           .all = all,
                           .hit = GLM_NEW_ARRAY(g->arena, all->len, bool),
                           .ok = true};
    for (size_t i = 0; i < count; i++)
        if (objects[i])
            objects[i] = overlaid(&o, objects[i]);
    for (size_t i = 0; i < all->len; i++) {
        const struct glm_value *overlay = all->as.list[i];
        if (!o.hit[i])
            say_idle(&o, overlay, where_of(&o, i, NULL),
                     glm_sprintf(g->arena, "there is no %s \"%s\" among the gateway's objects",
                                 glm_string_or(glm_get(overlay, "kind"), "object"),
                                 glm_string_or(glm_get(overlay, "name"), "")));
    }
    return o.ok;
}
