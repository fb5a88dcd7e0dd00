/* SPDX-License-Identifier: Apache-2.0
 *
 * Rules on all overlays of one object: which those are, which of them count, and what the other objects
 * of the gateway have to say to it.
 *
 * Errors: at the overlay, with line and column in the text.
 */
#include "rules_overlay.h"

#include <string.h>

static struct glm_overlaid gather(struct glm_overlay_rules *r, const struct mesh_overlay_kind *kind)
{
    struct glm_overlaid o = {.judge = mesh_overlay_judge_rendered};
    o.overlays = GLM_NEW_ARRAY(r->arena, r->list->len, const struct glm_value *);
    o.numbers = GLM_NEW_ARRAY(r->arena, r->list->len, size_t);
    for (size_t i = 0; i < r->list->len; i++) {
        const struct glm_value *overlay = glm_at(r->list, i);
        if (!glm_string_is(glm_get(overlay, "kind"), kind->kind) ||
            !mesh_overlay_names(r->arena, kind, glm_string_or(glm_get(overlay, "name"), ""), r->g,
                                r->revision))
            continue;
        o.numbers[o.count] = i;
        o.overlays[o.count++] = mesh_overlay_references(r->arena, overlay, r->g, r->revision);
    }
    return o;
}

/* The pods do not carry what an overlay of the Service asks for. */
static void warn_selector(struct glm_overlay_rules *r, const struct glm_overlaid *o)
{
    const struct glm_value *base = glm_get_path(o->base, "spec", "selector", NULL);
    const struct glm_value *labels = mesh_pod_labels(r->arena, r->installation, r->g);
    struct glm_overlay_result result;
    glm_overlay_apply(r->arena, o->base, o->overlays, o->count, SIZE_MAX, r->dialect, &result);
    const struct glm_value *selector = glm_get_path(result.object, "spec", "selector", NULL);
    for (size_t i = 0; glm_is_map(selector) && i < selector->len; i++) {
        const struct glm_pair *pair = &selector->as.map[i];
        const struct glm_value *label = glm_get(labels, pair->key);
        if (!glm_is_string(pair->value) || glm_equal(pair->value, label) ||
            glm_equal(pair->value, glm_get(base, pair->key)) || glm_is_unknown(label))
            continue;
        glm_spec_warn(
            r->report, o->overlays[0]->line, o->overlays[0]->column,
            mesh_overlay_where(r, o->numbers[0]), "The Service selects no pods of this gateway",
            "makes it ask for %s=%s, but the pods of this gateway carry %s%s%s. Set the "
            "same label under label, or remove it from the selector.",
            pair->key, pair->value->as.text, glm_is_string(label) ? pair->key : "no such label",
            glm_is_string(label) ? "=" : "", glm_string_or(label, ""));
    }
}

void mesh_overlay_rules_service(struct glm_overlay_rules *r, const struct mesh_overlay_kind *kind)
{
    struct glm_overlaid o = gather(r, kind);
    const char *theirs = r->gateways->user_service[r->g->type];
    for (size_t i = 0; theirs && i < o.count; i++)
        glm_spec_error(r->report, o.overlays[i]->line, o.overlays[i]->column,
                       mesh_overlay_where(r, o.numbers[i]),
                       "An overlay for a Service that is not rendered",
                       ": with %s.gateways.%s.customService: true the Service is yours, and an "
                       "overlay for it %s. Change your Service instead, and remove "
                       "the overlay.",
                       theirs, mesh_gateway_values(r->g->type), mesh_overlay_and_then(r));
    if (theirs || o.count == 0)
        return;
    bool ours = r->gateways->our_service[r->g->type];
    o.base = ours ? mesh_service_build(r->arena, r->spec, r->g, r->revision)
                  : mesh_overlay_object(r->arena, kind, r->spec, r->g, r->revision);
    if (ours)
        o.judge = mesh_overlay_judge_service;
    mesh_overlaid_check(r, &o, true);
    if (mesh_makes_service(r->installation, r->gateways, r->g->type))
        warn_selector(r, &o);
}

/* Istio up to 1.23 begins each overlay with the object as rendered. */
static void warn_several(struct glm_overlay_rules *r, const struct glm_overlaid *o,
                         const char *kind)
{
    if (o->count > 1 && r->dialect == GLM_OVERLAY_OPERATOR)
        glm_spec_warn(r->report, o->overlays[0]->line, o->overlays[0]->column,
                      mesh_overlay_where(r, o->numbers[0]),
                      "Only the last overlay of an object counts",
                      "changes nothing: there are %zu overlays for the %s of this gateway, and "
                      "Istio up to 1.23 begins each with the object as it was rendered. Put "
                      "all patches into one overlay.",
                      o->count, kind);
}

/* What counts of the overlays makes this of the object: the last one, or since Istio 1.24 all. */
static const struct glm_value *result_of(struct glm_overlay_rules *r, const struct glm_overlaid *o)
{
    struct glm_overlay_result result;
    size_t first = r->dialect == GLM_OVERLAY_OPERATOR && o->count ? o->count - 1 : 0;
    if (o->count == 0)
        return o->base;
    glm_overlay_apply(r->arena, o->base, o->overlays + first, o->count - first, SIZE_MAX,
                      r->dialect, &result);
    return result.object;
}

/* The overlays of a kind, and the object as it is rendered where there are some or it is wanted. */
static struct glm_overlaid overlaid_of(struct glm_overlay_rules *r, const char *kind, bool wanted)
{
    const struct mesh_overlay_kind *known = mesh_overlay_kind(kind);
    struct glm_overlaid o = gather(r, known);
    if (o.count || wanted)
        o.base = mesh_overlay_object(r->arena, known, r->spec, r->g, r->revision);
    return o;
}

void mesh_overlay_rules_account(struct glm_overlay_rules *r)
{
    struct glm_overlaid accounts = overlaid_of(r, "ServiceAccount", false);
    if (accounts.count == 0)
        return;
    const struct glm_value *was = glm_get_path(accounts.base, "metadata", "name", NULL);
    const struct glm_value *account =
        glm_get_path(result_of(r, &accounts), "metadata", "name", NULL);
    if (glm_equal(account, was))
        return;
    struct glm_overlaid deployments = overlaid_of(r, "Deployment", true);
    const struct glm_value *used = glm_get_path(result_of(r, &deployments), "spec", "template",
                                                "spec", "serviceAccountName", NULL);
    if (!glm_equal(used, was))
        return;
    size_t number = accounts.numbers[accounts.count - 1];
    const struct glm_value *overlay = glm_at(r->list, number);
    glm_spec_error(r->report, overlay->line, overlay->column, mesh_overlay_where(r, number),
                   "An overlay after which the gateway is never healthy",
                   ": it gives the ServiceAccount another name, but the pods still use \"%s\", and "
                   "none could be made. Set spec.template.spec.serviceAccountName to the new name "
                   "in an overlay of the Deployment.",
                   glm_string_or(was, ""));
}

/* Another name for an object is the same one in every revision. */
static void warn_shared(struct glm_overlay_rules *r, const struct glm_overlaid *o, const char *kind)
{
    static const char *const fields[] = {"name", "namespace"};
    bool same = true;
    if (!*r->revision || strcmp(kind, "Deployment") == 0)
        return;
    const struct glm_value *base = o->base, *object = result_of(r, o);
    for (size_t i = 0; i < 2; i++)
        same &= glm_equal(glm_get_path(base, "metadata", fields[i], NULL),
                          glm_get_path(object, "metadata", fields[i], NULL));
    /* One without a name is nobody's object at all, which is refused. */
    if (same || !glm_is_string(glm_get_path(object, "metadata", "name", NULL)))
        return;
    size_t number = o->numbers[o->count - 1];
    const struct glm_value *overlay = glm_at(r->list, number);
    glm_spec_warn(r->report, overlay->line, overlay->column, mesh_overlay_where(r, number),
                  "An object that every revision writes",
                  "gives the %s a place of its own instead of \"%s\", so every revision of this "
                  "gateway writes the same one, and removing a revision removes it under the "
                  "others.",
                  kind, glm_string_or(glm_get_path(base, "metadata", "name", NULL), ""));
}

/* All overlays of an object together where they add up; where each begins with the object as
 * rendered, each alone, and only the last one counts. */
void mesh_overlay_rules_rendered(struct glm_overlay_rules *r, const struct mesh_overlay_kind *kind)
{
    struct glm_overlaid all = gather(r, kind);
    bool alone = r->dialect == GLM_OVERLAY_OPERATOR;
    if (all.count == 0)
        return;
    all.base = mesh_overlay_object(r->arena, kind, r->spec, r->g, r->revision);
    warn_several(r, &all, kind->kind);
    warn_shared(r, &all, kind->kind);
    for (size_t i = 0; i < all.count; i += alone ? 1 : all.count) {
        struct glm_overlaid some = all;
        some.overlays += i;
        some.numbers += i;
        some.count = alone ? 1 : all.count;
        mesh_overlaid_check(r, &some, !alone || i + 1 == all.count);
    }
}
