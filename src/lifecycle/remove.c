/* SPDX-License-Identifier: Apache-2.0
 *
 * Removing what the record has and nobody wants any more, in the reverse order of writing, all of it
 * at once, and then waiting for all of it. What is not ours any more is left alone.
 */
#include "parts.h"

#include "glm/shown.h"
#include "write.h"

#include <stdlib.h>
#include <string.h>

static bool says_the_same(const struct work *work, struct glm_arena *arena,
                          const struct glm_value *object, const struct glm_value *was)
{
    const struct glm_installer_call call = work_call(work, arena, NULL);
    if (!glm_is_map(was))
        return false;
    const struct glm_value *is =
        work->cluster->ops->files ? glm_disown(arena, object) : seam_project(&call, object, was);
    return glm_equal(was, glm_is_map(is) ? is : glm_project(arena, object, was));
}

/* An object that had to go. */
struct leaver {
    const struct record_object *recorded;
    struct glm_object_ref ref;
};

/* True when a found object without our labels still is as it was applied: ours, stripped of them.
 * Anything else at its place is somebody's own by now. The state is no witness, because a refresh
 * has put into it whatever is there; of what was imported from somebody else the record is one. */
static bool as_applied(struct work *work, struct glm_arena *arena, const struct leaver *leaver,
                       const struct glm_value *object)
{
    const struct wanted_object *applied = work_applied(work, arena, &leaver->ref);
    const char *found = leaver->recorded->found;
    return (applied && says_the_same(work, arena, object, applied->bare)) ||
           (found &&
            says_the_same(work, arena, object, shown_document(arena, glm_string(arena, found))));
}

#define BY_HAND "this resource has forgotten it: remove it by hand if nobody needs it"

/* Why an object is not ours to remove, and what is to be done; NULL: it is. */
static const char *not_ours(struct work *work, struct glm_arena *arena, const struct leaver *leaver,
                            const struct glm_read *look)
{
    if (look->found == GLM_FOUND_UNREADABLE)
        return glm_sprintf(arena, "%s; " BY_HAND, look->why);
    const char *owner = NULL;
    enum glm_owner whose = guard_owner(work, arena, look->object, &owner);
    if (whose == GLM_OWNER_OTHER_RESOURCE)
        return glm_sprintf(arena, "it now belongs to %s",
                           owner ? glm_shown(arena, owner) : "another resource");
    if (whose == GLM_OWNER_FOREIGN && !as_applied(work, arena, leaver, look->object))
        return "somebody replaced it: it does not carry our labels and is not what was "
               "applied; " BY_HAND;
    return NULL;
}

/* A Service that nobody switches here loses its Pods with the revision: that has to be said. */
static void warn_selected(struct work *work, struct glm_arena *arena,
                          const struct glm_object_ref *ref, const struct glm_value *object,
                          struct glm_diags *d)
{
    if (work->cluster->ops->files)
        return;
    const struct glm_installer_call call = work_call(work, arena, work->cluster);
    const char *names = selected_text(arena, selected_by(&call, object, false));
    if (*names)
        glm_warn(d, GLM_AT_ATTR(NULL, "installations"), "A Service selects what was removed",
                 "Cluster \"%s\": %s is removed, and its gateway's Pods are still selected by %s, "
                 "which is not managed here and was not touched. Point its selector at a revision "
                 "that is there, before the next removal: until then it has no endpoints.",
                 work->cluster_name, glm_object_ref_text(arena, ref), names);
}

/* Begins to remove it. false: it could not be, and stays. */
static bool remove_object(struct work *work, struct glm_arena *arena, const struct leaver *leaver,
                          bool *ret_gone, struct glm_diags *d)
{
    const struct glm_object_ref *ref = &leaver->ref;
    const struct glm_path *at = GLM_AT_ATTR(NULL, "installations");
    struct glm_read look = {.found = GLM_FOUND_NOTHING};
    struct glm_diags errors;
    glm_diags_init(&errors, arena);
    *ret_gone = true;
    if (work_stopped(work, arena, at, d))
        return false;
    bool ok = work->cluster->ops->read(work->cluster, arena, ref, &look, &errors);
    if (ok && look.found == GLM_FOUND_NOTHING)
        return true;
    work->found++;
    if (ok && look.found == GLM_FOUND_NO_API &&
        kind_is_gone(work->cluster, arena, ref, look.why, &errors)) {
        /* With a CustomResourceDefinition Kubernetes removes every object of it. */
        glm_warn(d, at, "The kind of an object is gone",
                 "Cluster \"%s\": %s was to be removed, and the cluster does not serve that kind "
                 "any more (%s), so it counts as removed.",
                 work->cluster_name, glm_object_ref_text(arena, ref), look.why);
        return true;
    }
    ok = ok && errors.errors == 0;
    const char *left = ok ? not_ours(work, arena, leaver, &look) : NULL;
    if (left) {
        glm_warn(d, at, "An object was left alone", "Cluster \"%s\": %s was to be removed, but %s.",
                 work->cluster_name, glm_object_ref_text(arena, ref), left);
        return true;
    }
    enum hands_left hands = HANDS_NOT_ITS;
    if (ok)
        ok = hands_remove(work, arena, leaver->recorded, ref, &look, &hands, ret_gone, &errors);
    bool returns = ok && hands == HANDS_RETURNS;
    if (ok && hands != HANDS_NOT_ITS && !returns) {
        glm_diags_append(d, at, &errors); /* warnings */
        return hands == HANDS_DONE;
    }
    const struct glm_value *seen = look.found == GLM_FOUND ? look.object : NULL;
    if (ok && seen && leaver->recorded->main)
        warn_selected(work, arena, ref, seen, d);
    if (ok && work->cluster->ops->remove(work->cluster, arena, ref, seen, ret_gone, &errors) &&
        (!returns || *ret_gone || hands_return(work, arena, ref, &errors))) {
        glm_diags_append(d, at, &errors); /* warnings */
        return true;
    }
    work_fail(work, arena, at, &errors, d);
    return false;
}

/* Everything that is wanted in the cluster, by record_text. */
static const struct glm_value *wanted_texts(const struct work *work, struct glm_arena *arena)
{
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    for (size_t i = 0; work->wanted && i <= work->wanted->pair_count; i++) {
        const struct wanted_pair *pair = work_pair(work, i);
        for (size_t o = 0; o < pair->object_count; o++)
            glm_map_set(&b, record_text(arena, &pair->objects[o].ref), &glm_true);
    }
    return glm_map_finish(&b, NULL);
}

/* What is written last goes first. */
static int by_role(const void *a_, const void *b_)
{
    const struct leaver *a = a_, *b = b_;
    const struct record_object *x = a->recorded, *y = b->recorded;
    if (x->role != y->role)
        return (int)y->role - (int)x->role;
    if (a->ref.kind->order != b->ref.kind->order)
        return a->ref.kind->order < b->ref.kind->order ? 1 : -1;
    return strcmp(x->text, y->text);
}

/* Nobody here can remove it, and with a destroy it leaves the state. */
static void keep_unknown(struct work *work, const struct record_object *object, struct glm_diags *d)
{
    work->found++;    /* for all that is known */
    if (work->wanted) /* a read has said so */
        outcome_keep_unknown(work, object->text);
    else
        glm_warn(d, GLM_AT_ATTR(NULL, "installations"), "An object was left alone",
                 "Cluster \"%s\": %s was to be removed, but this release of the provider knows no "
                 "such object, by its kind or by its name. Remove it by hand.",
                 work->cluster_name, object->text);
}

/* One that acts on other objects of a pair that stays where it is. */
static bool is_actor(const struct work *work, const struct leaver *leaver)
{
    const struct glm_installer_kind *kinds = work->installer->kinds;
    const char *key = leaver->recorded->pair, *of = leaver->recorded->cluster;
    const char *cluster = of ? of : work->cluster_name;
    bool acts = false;
    for (size_t k = 0; kinds[k].kind; k++)
        acts = acts || (kinds[k].acts && kinds[k].kind == leaver->ref.kind);
    for (size_t i = 0; acts && key && i < work->wanted->pair_count; i++)
        if (strcmp(work->wanted->pairs[i].key, key) == 0 &&
            strcmp(work->wanted->pairs[i].cluster, cluster) == 0)
            return !work->pairs[i].from && !work->pairs[i].blocked;
    return false;
}

enum which { ACTORS, WHAT_IS_LEFT };

static size_t find_leavers(struct work *work, struct glm_arena *arena, enum which which,
                           struct leaver *leavers, const struct record_object *objects,
                           size_t object_count, struct glm_diags *d)
{
    const struct glm_value *wanted = wanted_texts(work, arena);
    size_t count = 0;
    for (size_t i = 0; i < object_count; i++) {
        const struct record_object *o = &objects[i];
        if (glm_has(wanted, o->text) || !glm_is_null(glm_map_peek(&work->gone, o->text)))
            continue;
        leavers[count].recorded = o;
        if (record_ref(arena, work->estate, o->text, &leavers[count].ref))
            count += which == WHAT_IS_LEFT || is_actor(work, &leavers[count]);
        else if (which == WHAT_IS_LEFT)
            keep_unknown(work, o, d);
    }
    if (count > 1)
        qsort(leavers, count, sizeof *leavers, by_role);
    return count;
}

static void remove_some(struct work *work, struct glm_arena *arena, enum which which,
                        struct glm_diags *d)
{
    const struct record_object *objects;
    size_t most = record_objects(arena, work->record, &objects);
    struct leaver *leavers = GLM_NEW_ARRAY(arena, most, struct leaver);
    struct glm_object_ref *refs = GLM_NEW_ARRAY(arena, most, struct glm_object_ref);
    bool *gone = GLM_NEW_ARRAY(arena, most, bool);
    bool *begun = GLM_NEW_ARRAY(arena, most, bool);
    size_t count = find_leavers(work, arena, which, leavers, objects, most, d);
    for (size_t i = 0; i < count; i++) {
        refs[i] = leavers[i].ref;
        begun[i] = !work->failed && remove_object(work, arena, &leavers[i], &gone[i], d);
        gone[i] = gone[i] || !begun[i]; /* nothing to wait for */
    }
    wait_until_gone(work, arena, refs, gone, count, d);
    for (size_t i = 0; i < count; i++)
        if (begun[i] && gone[i])
            glm_map_set(&work->gone, leavers[i].recorded->text, &glm_true);
        else if (which == WHAT_IS_LEFT)
            outcome_leaver(work, leavers[i].recorded);
}

bool remove_actors(struct work *work, struct glm_arena *arena, struct glm_diags *d)
{
    if (!work->cluster->ops->files)
        remove_some(work, arena, ACTORS, d);
    return !work->failed;
}

void remove_leavers(struct work *work, struct glm_arena *arena, struct glm_diags *d)
{
    remove_some(work, arena, WHAT_IS_LEFT, d);
}
