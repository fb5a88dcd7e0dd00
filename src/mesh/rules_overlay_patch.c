/* SPDX-License-Identifier: Apache-2.0
 *
 * Rules on patches: that each fits, and that what they make of an object is still a gateway.
 *
 * What:   the patch to blame is the first after which the object is not as it must be; it is set
 *         aside, and the rest judged again.
 * Errors: at the patch, with line and column in the text.
 */
#include "rules_overlay.h"

#include <string.h>

#define DOES_NOT_FIT "A patch that does not fit"
/* Faults of one object that are reported. */
#define FAULTS_MAX 20

const char *mesh_overlay_where(struct glm_overlay_rules *r, size_t overlay)
{
    return glm_sprintf(r->arena, "%s.k8s.overlays[%zu]", mesh_gateway_where(r->arena, r->g),
                       overlay);
}

void mesh_overlay_complain(struct glm_overlay_rules *r, const struct glm_value *at,
                           const char *where, const char *summary, const char *text)
{
    if (r->dialect == GLM_OVERLAY_OPERATOR)
        glm_spec_error(r->report, at->line, at->column, where, summary, "%s", text);
    else
        glm_spec_warn(r->report, at->line, at->column, where, summary, "%s", text);
}

const char *mesh_overlay_and_then(struct glm_overlay_rules *r)
{
    if (r->dialect != GLM_OVERLAY_OPERATOR)
        return "is passed over by Istio without a word";
    return r->report->rendered ? "stops the rendering" : "stops the operator";
}

static void report_misfit(struct glm_overlay_rules *r, const struct glm_overlaid *o,
                          const struct glm_overlay_outcome *out)
{
    bool ours = o->judge == mesh_overlay_judge_service;
    const struct glm_value *patches = glm_get(o->overlays[out->overlay], "patches");
    const struct glm_value *path = glm_get(glm_at(patches, out->patch), "path");
    const char *where = glm_sprintf(r->arena, "%s.patches[%zu].path",
                                    mesh_overlay_where(r, o->numbers[out->overlay]), out->patch);
    const char *text =
        glm_sprintf(r->arena, ": it does not fit the %s%s%s%s: %s.",
                    glm_string_or(glm_get(o->base, "kind"), "object"), *out->step ? " at \"" : "",
                    out->step, *out->step ? "\"" : "", out->why);
    struct glm_overlay_path steps;
    if (glm_overlay_path_read(r->arena, path, &steps) && glm_overlay_path_mistake(r->arena, &steps))
        return; /* said already */
    if (!ours && out->effect == GLM_OVERLAY_REFUSED)
        return; /* Istio understands more than is understood here */
    if (!ours && out->effect == GLM_OVERLAY_MISFIT)
        mesh_overlay_complain(
            r, path, where, DOES_NOT_FIT,
            glm_sprintf(r->arena, "%s Such a patch %s.", text, mesh_overlay_and_then(r)));
    else
        glm_spec_error(r->report, path->line, path->column, where, DOES_NOT_FIT, "%s%s", text,
                       !ours && out->effect == GLM_OVERLAY_CRASH
                           ? " Istio itself ends with a panic when it tries."
                           : "");
}

static const struct glm_overlay_fault *fault_after(struct glm_overlay_rules *r,
                                                   const struct glm_overlaid *o, size_t patches)
{
    struct glm_overlay_result result;
    glm_overlay_apply(r->arena, o->base, o->overlays, o->count, patches, r->dialect, &result);
    return o->judge(r->arena, o->base, result.object);
}

/* Which patch first brings a fault about: between `good` patches and `bad` ones lies one step. */
static size_t first_to_blame(struct glm_overlay_rules *r, const struct glm_overlaid *o, size_t bad,
                             const struct glm_overlay_fault **ret_fault)
{
    size_t good = 0;
    while (bad - good > 1) {
        size_t middle = good + (bad - good) / 2;
        const struct glm_overlay_fault *fault = fault_after(r, o, middle);
        if (!fault) {
            good = middle;
            continue;
        }
        bad = middle;
        *ret_fault = fault;
    }
    return bad - 1;
}

/* The overlay with a patch that does nothing in place of this one. */
static const struct glm_value *set_aside(struct glm_arena *arena, const struct glm_value *overlay,
                                         size_t patch)
{
    const struct glm_value *patches = glm_get(overlay, "patches");
    struct glm_list_builder b;
    glm_list_init(&b, arena);
    for (size_t i = 0; i < patches->len; i++)
        glm_list_add(&b, i == patch ? &glm_empty_map : glm_at(patches, i));
    return glm_with(arena, overlay, "patches", glm_list_finish(&b));
}

/* What of the overlay language is behind a type that is wrong: "" when nothing is. */
static const char *hint(const struct glm_overlay_outcome *out, const struct glm_overlay_path *path,
                        const struct glm_overlay_fault *fault)
{
    bool brackets = false;
    if (strcmp(fault->summary, GLM_OVERLAY_REFUSED_BY_TYPE) != 0)
        return "";
    if (out->text_became_map)
        return " Istio reads text with \": \" in one line, or \":\" in several, as a map, and "
               "there "
               "is no way to write it that keeps it text: change the text, or set it outside of "
               "overlays.";
    for (size_t i = 0; i < path->count; i++)
        brackets |= path->steps[i].kind != GLM_OVERLAY_KEY;
    return brackets && strstr(fault->why, "must be a list, but is a map")
               ? " Where there is no list yet, Istio takes the brackets for a key: set the whole "
                 "list, with the path up to it."
               : "";
}

/* Reports what the patch brought about, unless its path was reported. */
static void report_fault(struct glm_overlay_rules *r, const struct glm_overlaid *o,
                         const struct glm_overlay_outcome *out,
                         const struct glm_overlay_fault *fault)
{
    const struct glm_value *patches = glm_get(o->overlays[out->overlay], "patches");
    const struct glm_value *patch = glm_at(patches, out->patch);
    const struct glm_pair *path = glm_get_pair(patch, "path");
    const bool whole = !*fault->remedy;
    struct glm_overlay_path steps;
    if (!path || !glm_overlay_path_read(r->arena, path->value, &steps) ||
        glm_overlay_path_mistake(r->arena, &steps))
        return;
    glm_spec_error(r->report, path->line, path->column,
                   glm_sprintf(r->arena, "%s.patches[%zu]",
                               mesh_overlay_where(r, o->numbers[out->overlay]), out->patch),
                   fault->summary, ": after this patch %s%s%s%s", fault->why, whole ? "" : ". ",
                   fault->remedy, hint(out, &steps, fault));
}

/* Where the object is unknown, the value can still be one that no type there takes. */
static void check_unseen(struct glm_overlay_rules *r, const struct glm_overlaid *o,
                         struct glm_overlay_outcome out)
{
    const struct glm_value *patches = glm_get(o->overlays[out.overlay], "patches");
    const struct glm_overlay_fault *fault = mesh_overlay_judge_unseen(
        r->arena, o->base, glm_at(patches, out.patch), &out.text_became_map);
    if (fault)
        report_fault(r, o, &out, fault);
}

static bool has_trouble(const struct glm_overlay_result *result)
{
    for (size_t i = 0; i < result->count; i++)
        if (result->outcomes[i].effect >= GLM_OVERLAY_MISFIT ||
            result->outcomes[i].effect == GLM_OVERLAY_UNSEEN)
            return true;
    return false;
}

void mesh_overlaid_check(struct glm_overlay_rules *r, struct glm_overlaid *o, bool counts)
{
    struct glm_overlay_result result;
    glm_overlay_apply(r->arena, o->base, o->overlays, o->count, SIZE_MAX, r->dialect, &result);
    const struct glm_overlay_fault *fault =
        counts ? o->judge(r->arena, o->base, result.object) : NULL;
    if (counts && (fault || has_trouble(&result)) && o->judge(r->arena, o->base, o->base))
        return; /* wrong without any overlay: somebody else says so */
    bool same_type =
        glm_equal(glm_get(o->base, "apiVersion"), glm_get(result.object, "apiVersion")) &&
        glm_equal(glm_get(o->base, "kind"), glm_get(result.object, "kind"));
    for (size_t i = 0; i < result.count; i++) {
        if (result.outcomes[i].effect >= GLM_OVERLAY_MISFIT)
            report_misfit(r, o, &result.outcomes[i]);
        else if (counts && result.outcomes[i].effect == GLM_OVERLAY_UNSEEN && same_type)
            check_unseen(r, o, result.outcomes[i]);
    }
    for (size_t i = 0; fault && i < FAULTS_MAX; i++) {
        size_t blamed = first_to_blame(r, o, result.count, &fault);
        const struct glm_overlay_outcome *out = &result.outcomes[blamed];
        report_fault(r, o, out, fault);
        o->overlays[out->overlay] = set_aside(r->arena, o->overlays[out->overlay], out->patch);
        fault = fault_after(r, o, SIZE_MAX);
    }
}
