/* SPDX-License-Identifier: Apache-2.0
 *
 * Rivals: one gateway has one owner in a cluster. Two objects of different names that make the same
 * gateway overwrite each other, and removing one removes it under the other; no API server refuses
 * that, so we do, before the first write anywhere. What an object makes its installer tells.
 */
#include "parts.h"

#include "glm/shown.h"
#include "seam.h"

#include <string.h>

#define REPORT_MAX ((size_t)1 << 20)

/* The rivals of a work, and what it makes itself. */
struct comparison {
    struct work *work;
    const struct glm_installer_call *call;
    const struct glm_value *own; /* {what it makes: true} */
    struct glm_text report;
    bool owned; /* a rival belongs to a gateway lifecycle manager */
};

static bool is_among(const char *const *all, size_t count, const char *what)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(all[i], what) == 0)
            return true;
    return false;
}

/* Claims one thing for this apply, of the resource `own`; what stands against it goes into the report. */
static void claim(struct work *work, const char *own, const char *what, struct glm_text *report)
{
    const char *where =
        work->place ? work->place : work->cluster_name; /* whatever name leads there */
    const char *other =
        claims_take(work->estate->claims, work->kept, work->change, where, what, own);
    if (other && strcmp(other, own) == 0)
        glm_text_addf(report,
                      "  %s: a second resource with the name and namespace %s makes it in "
                      "this same run\n",
                      what, own);
    else if (other)
        glm_text_addf(report, "  %s: %s makes it in this same run\n", what, other);
}

static void claim_pair(struct work *work, const struct glm_installer_call *call, const char *own,
                       const struct wanted_pair *pair, struct glm_text *report)
{
    for (size_t o = 0; o < pair->object_count; o++) {
        const struct wanted_object *object = &pair->objects[o];
        const char *const *makes;
        size_t count = object->main ? seam_makes(call, object->object, &makes) : 0;
        for (size_t m = 0; m < count; m++)
            claim(work, own, makes[m], report);
    }
    for (size_t o = 0; o < pair->object_count; o++)
        if (pair->objects[o].role != GLM_ROLE_NAMESPACE)
            claim(work, own, glm_object_ref_text(call->arena, &pair->objects[o].ref), report);
}

/* True when the object makes something that what was found of it does not make. */
static bool makes_more(const struct glm_installer_call *call, const struct wanted_object *object,
                       const struct glm_read *look)
{
    const char *const *makes, *const *made;
    size_t count = seam_makes(call, object->object, &makes);
    size_t known = look->found == GLM_FOUND ? seam_makes(call, look->object, &made) : 0;
    for (size_t i = 0; i < count; i++)
        if (!known || !is_among(made, known, makes[i]))
            return true;
    return false;
}

/* True when the cluster's objects have to be looked through: one that already makes what it is to
 * make has been compared when that was new. */
static bool anything_new(const struct work *work, const struct glm_installer_call *call)
{
    for (size_t i = 0; i <= work->wanted->pair_count; i++) {
        const struct wanted_pair *pair = work_pair(work, i);
        const struct glm_read *looks =
            i < work->wanted->pair_count ? work->pairs[i].looks : work->shared.looks;
        for (size_t o = 0; o < pair->object_count; o++)
            if (pair->objects[o].main && makes_more(call, &pair->objects[o], &looks[o]))
                return true;
    }
    return false;
}

static bool is_wanted(const struct work *work, const struct glm_object_ref *ref)
{
    return wanted_object_find(work->wanted, ref) != NULL;
}

/* What stands behind a rival's name in the report; NULL: it is none. */
static const char *whose(const struct work *work, struct glm_arena *arena,
                         const struct glm_object_ref *ref, const struct glm_value *object)
{
    const char *owner = NULL;
    if (is_wanted(work, ref) || hands_lets_go(work, ref))
        return NULL;
    bool ours = guard_owner(work, arena, object, &owner) == GLM_OWNER_US;
    /* The gateway is removed with the old object, whatever the new one says. */
    if (record_has(arena, work->record, ref))
        return work->cluster->ops->files
                   ? NULL
                   : ", which this apply would remove, and the gateway with it: "
                     "install a second revision, switch to that, and then "
                     "remove this one";
    if (ours)
        return NULL;
    return owner ? glm_sprintf(arena, ", of the gateway lifecycle manager %s",
                               glm_shown(arena, owner))
                 : "";
}

static const struct glm_value *own_makes(const struct work *work,
                                         const struct glm_installer_call *call)
{
    struct glm_map_builder b;
    glm_map_init(&b, call->arena);
    for (size_t i = 0; i <= work->wanted->pair_count; i++) {
        const struct wanted_pair *pair = work_pair(work, i);
        for (size_t o = 0; o < pair->object_count; o++) {
            const char *const *makes;
            size_t count =
                pair->objects[o].main ? seam_makes(call, pair->objects[o].object, &makes) : 0;
            for (size_t m = 0; m < count; m++)
                glm_map_set(&b, makes[m], &glm_true);
        }
    }
    return glm_map_finish(&b, NULL);
}

/* Others' objects may be many, and large: nothing of them is kept. */
static void compare(struct comparison *c, const struct glm_object_kind *kind,
                    const struct glm_value *object)
{
    struct glm_arena *GLM_AUTO_ARENA scratch = glm_arena_create(GLM_ARENA_RPC_LIMIT);
    struct glm_installer_call call = *c->call;
    struct glm_object_ref ref;
    const char *const *makes;
    const char *more = NULL;
    call.arena = scratch;
    size_t count = seam_makes(&call, object, &makes);
    for (size_t m = 0; m < count; m++) {
        if (!glm_has(c->own, makes[m]))
            continue;
        if (!more && glm_object_ref_as(object, kind, &ref))
            more = whose(c->work, scratch, &ref, object);
        if (!more)
            return;
        glm_text_addf(&c->report, "  %s: rendered by %s%s\n", makes[m],
                      glm_object_ref_text(scratch, &ref), more);
        c->owned = c->owned || *more;
    }
}

/* false: the cluster cannot be asked. */
static bool compare_all(struct comparison *c, const struct glm_path *at, struct glm_diags *d)
{
    const struct glm_object_kind *const *kinds = c->call->self->rivals;
    for (size_t k = 0; kinds && kinds[k]; k++) {
        struct glm_diags errors; /* its warnings are about files of others */
        const struct glm_value *list;
        glm_diags_init(&errors, c->call->arena);
        if (!guard_list(c->work, c->call->arena, kinds[k], true, &list, NULL, &errors)) {
            work_fail(c->work, c->call->arena, at, &errors, d);
            return false;
        }
        for (size_t i = 0; i < list->len; i++)
            compare(c, kinds[k], list->as.list[i]);
    }
    return true;
}

void rivals_look(struct work *work, struct glm_arena *arena, struct glm_diags *d)
{
    const struct glm_path *at = WORK_AT(work, 0);
    const struct glm_installer_call call = work_call(work, arena, NULL);
    const char *own = glm_sprintf(work->kept, "%s/%s", work->namespace_, work->name);
    struct comparison c = {.work = work, .call = &call};
    glm_text_init(&c.report, arena, REPORT_MAX);
    for (size_t i = 0; i <= work->wanted->pair_count; i++)
        claim_pair(work, &call, own, work_pair(work, i), &c.report);
    if (anything_new(work, &call)) {
        c.own = own_makes(work, &call);
        if (!compare_all(&c, at, d))
            return;
    }
    if (c.report.len == 0 && !c.report.overflow)
        return;
    work->refused = work->failed = true;
    glm_error(
        d, at, "A gateway has an owner already",
        "Cluster \"%s\" (%s) would get this a second time:\n%s\n%s%sNothing was written in any "
        "cluster.\n\n%sGive the gateway another name in %s, or remove it from its owner "
        "first. When the owner gives it up in this same run, apply again.",
        work->cluster_name, work->label,
        c.report.len > 0 ? c.report.data : "  more than can be shown\n",
        call.self->rival_why ? call.self->rival_why : "", call.self->rival_why ? " " : "",
        c.owned && work->creating ? GUARD_CREATE_BEFORE_DESTROY : "", work_form(work));
}
