/* SPDX-License-Identifier: Apache-2.0
 *
 * Rivals: one gateway has one owner in a cluster. Two IstioOperators of different names that render
 * the same gateway overwrite each other's Deployment, and removing one removes it under the other;
 * no API server refuses that, so we do, before the first write anywhere.
 */
#include "parts.h"

#include "glm/shown.h"

#include <string.h>

#define REPORT_MAX ((size_t)1 << 20)

/* What Istio's operator makes of it: nothing where it leaves the object alone. */
static size_t gateways_of(struct glm_arena *arena, const struct glm_value *istio_operator,
                          const struct glm_target **ret_gateways)
{
    return glm_left_alone(istio_operator) ? 0 : glm_targets(arena, istio_operator, ret_gateways);
}

static const char *gateway_text(struct glm_arena *arena, const struct glm_target *g)
{
    return glm_sprintf(arena, "gateway %s/%s", g->namespace_, g->name);
}

static bool is_among(const struct glm_target *all, size_t count, const struct glm_target *wanted)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(all[i].namespace_, wanted->namespace_) == 0 &&
            strcmp(all[i].name, wanted->name) == 0)
            return true;
    return false;
}

/* Claims one thing for this apply; what stands against it goes into the report. */
static void claim(struct work *w, struct glm_arena *arena, const char *what,
                  struct glm_text *report)
{
    const char *own = glm_sprintf(arena, "%s/%s", w->namespace_, w->name);
    const char *where = w->place ? w->place : w->cluster_name; /* whatever name leads there */
    const char *other = claims_take(w->estate->claims, w->kept, w->change, where, what, own);
    if (other && strcmp(other, own) == 0)
        glm_text_addf(report,
                      "  %s: a second resource with the name and namespace %s makes it in "
                      "this same run\n",
                      what, own);
    else if (other)
        glm_text_addf(report, "  %s: %s makes it in this same run\n", what, other);
}

static void claim_all(struct work *w, struct glm_arena *arena, struct glm_text *report)
{
    for (size_t i = 0; i < w->wanted->pair_count; i++) {
        const struct wanted_pair *pair = &w->wanted->pairs[i];
        const struct glm_target *gateways;
        size_t count = gateways_of(arena, pair->operator_.object, &gateways);
        for (size_t g = 0; g < count; g++)
            claim(w, arena, gateway_text(arena, &gateways[g]), report);
        claim(w, arena, glm_object_ref_text(arena, &pair->operator_.ref), report);
        for (size_t s = 0; s < pair->service_count; s++)
            claim(w, arena, glm_object_ref_text(arena, &pair->services[s].ref), report);
    }
}

/* True when the cluster's IstioOperators have to be looked through: an object that already renders
 * the gateways it is to render has been compared when they were new. */
static bool anything_new(const struct work *w, struct glm_arena *arena)
{
    for (size_t i = 0; i < w->wanted->pair_count; i++) {
        const struct glm_read *look = &w->pairs[i].operator_;
        const struct glm_target *gateways, *rendered;
        size_t count = gateways_of(arena, w->wanted->pairs[i].operator_.object, &gateways);
        size_t known = look->found == GLM_FOUND ? gateways_of(arena, look->object, &rendered) : 0;
        for (size_t g = 0; g < count; g++)
            if (!known || !is_among(rendered, known, &gateways[g]))
                return true;
    }
    return false;
}

static bool is_wanted(const struct work *w, const struct glm_object_ref *ref)
{
    for (size_t i = 0; i < w->wanted->pair_count; i++)
        if (glm_object_ref_same(&w->wanted->pairs[i].operator_.ref, ref))
            return true;
    return false;
}

/* What stands behind a rival's name in the report; NULL: it is none. */
static const char *whose(const struct work *w, struct glm_arena *arena,
                         const struct glm_object_ref *ref, const struct glm_value *object)
{
    const char *owner = NULL;
    if (is_wanted(w, ref))
        return NULL;
    bool ours = glm_owner_of(arena, object, w->name, w->namespace_, w->cluster_name, &owner) ==
                GLM_OWNER_US;
    /* The operator removes the gateway with the old object, whatever the new one says. */
    if (record_has(arena, w->record, ref))
        return w->cluster->ops->files ? NULL
                                      : ", which this apply would remove, and the gateway with it: "
                                        "install a second revision, switch to that, and then "
                                        "remove this one";
    if (ours)
        return NULL;
    return owner ? glm_sprintf(arena, ", of the gateway lifecycle manager %s",
                               glm_shown(arena, owner))
                 : "";
}

/* What this resource renders here, by gateway_text. */
static const struct glm_value *own_gateways(const struct work *w, struct glm_arena *arena)
{
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    for (size_t i = 0; i < w->wanted->pair_count; i++) {
        const struct glm_target *gateways;
        size_t count = gateways_of(arena, w->wanted->pairs[i].operator_.object, &gateways);
        for (size_t g = 0; g < count; g++)
            glm_map_set(&b, gateway_text(arena, &gateways[g]), &glm_true);
    }
    return glm_map_finish(&b, NULL);
}

/* own: see above. ret_owned: set to true when a rival belongs to a gateway lifecycle manager. Others'
 * objects may be many, and large: nothing of them is kept. */
static void compare(const struct work *w, const struct glm_value *object,
                    const struct glm_value *own, struct glm_text *report, bool *ret_owned)
{
    struct glm_arena *GLM_AUTO_ARENA scratch = glm_arena_create(GLM_ARENA_RPC_LIMIT);
    struct glm_object_ref ref;
    const struct glm_target *gateways;
    size_t count = gateways_of(scratch, object, &gateways);
    const char *more = NULL;
    for (size_t g = 0; g < count; g++) {
        const char *text = gateway_text(scratch, &gateways[g]);
        if (!glm_has(own, text))
            continue;
        more = more || !glm_object_ref_of(object, &ref) ? more : whose(w, scratch, &ref, object);
        if (!more)
            return;
        glm_text_addf(report, "  %s: rendered by %s%s\n", text, glm_object_ref_text(scratch, &ref),
                      more);
        *ret_owned = *ret_owned || *more;
    }
}

void rivals_look(struct work *w, struct glm_arena *arena, struct glm_diags *d)
{
    const struct glm_path *at =
        GLM_AT_PLACEMENT(w->wanted->pairs[0].installation->key, w->cluster_name);
    struct glm_text report;
    bool owned = false;
    glm_text_init(&report, arena, REPORT_MAX);
    claim_all(w, arena, &report);
    if (anything_new(w, arena)) {
        struct glm_diags errors; /* its warnings are about files of others */
        glm_diags_init(&errors, arena);
        const struct glm_value *list;
        if (!guard_list(w, arena, true, &list, NULL, &errors)) {
            work_fail(w, arena, at, &errors, d);
            return;
        }
        const struct glm_value *own = own_gateways(w, arena);
        for (size_t i = 0; i < list->len; i++)
            compare(w, list->as.list[i], own, &report, &owned);
    }
    if (report.len == 0)
        return;
    w->refused = w->failed = true;
    glm_error(
        d, at, "A gateway has an owner already",
        "Cluster \"%s\" (%s) would get this a second time:\n%s\n"
        "Two IstioOperators that render the same gateway overwrite each other's Deployment, "
        "and removing one takes it away from the other. Nothing was written in any cluster.\n\n%s"
        "Give the gateway another name in istio_operator_spec, or remove it from its owner "
        "first. When the owner gives it up in this same run, apply again.",
        w->cluster_name, w->label, report.data,
        owned && w->creating ? GUARD_CREATE_BEFORE_DESTROY : "");
}
