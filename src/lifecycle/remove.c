/* SPDX-License-Identifier: Apache-2.0
 *
 * Removing what the record has and nobody wants any more: Services first, then IstioOperators,
 * all at once, and then waiting for all of them. What is not ours any more is left alone.
 */
#include "parts.h"

#include "glm/shown.h"
#include "write.h"

#include <string.h>

static bool says_the_same(const struct work *w, struct glm_arena *arena,
                          const struct glm_value *object, const struct glm_value *was)
{
    const struct glm_value *is =
        w->cluster->ops->files ? glm_disown(arena, object) : glm_project(arena, object, was);
    return glm_is_map(was) && glm_equal(was, is);
}

/* True when a found object without our labels still is as it was applied: ours, stripped of them.
 * Anything else at its place is somebody's own by now. The state is no witness, because a refresh
 * has put into it whatever is there; only of what was imported from somebody else there is no other. */
static bool as_applied(struct work *w, struct glm_arena *arena, const struct glm_object_ref *ref,
                       const struct glm_value *object)
{
    const struct wanted_object *applied = work_applied(w, arena, ref);
    if (applied && says_the_same(w, arena, object, applied->bare))
        return true;
    if (applied && !glm_is_true(glm_get(w->record, "foreign")))
        return false;
    bool service = ref->kind == GLM_KIND_SERVICE;
    const struct glm_value *shown = glm_get_path(
        w->change->prior, service ? "services" : "istio_operators", w->cluster_name, NULL);
    for (size_t i = 0; glm_is_map(shown) && i < shown->len; i++) {
        const struct glm_value *entry = shown->as.map[i].value;
        if (says_the_same(w, arena, object,
                          shown_document(arena, service ? glm_get(entry, "manifest") : entry)))
            return true;
    }
    return false;
}

/* Why an object is not ours to remove; NULL: it is. */
static const char *not_ours(struct work *w, struct glm_arena *arena,
                            const struct glm_object_ref *ref, const struct glm_read *look)
{
    if (look->found == GLM_FOUND_UNREADABLE)
        return look->why;
    const char *owner = NULL;
    enum glm_owner whose =
        glm_owner_of(arena, look->object, w->name, w->namespace_, w->cluster_name, &owner);
    if (whose == GLM_OWNER_OTHER_RESOURCE)
        return glm_sprintf(arena, "it now belongs to %s",
                           owner ? glm_shown(arena, owner) : "another resource");
    if (whose == GLM_OWNER_FOREIGN && !as_applied(w, arena, ref, look->object))
        return "somebody replaced it: it carries none of our labels and is not what was applied";
    return NULL;
}

/* A Service that nobody switches here loses its Pods with the revision: that has to be said. */
static void warn_selected(struct work *w, struct glm_arena *arena, const struct glm_object_ref *ref,
                          const struct glm_value *object, struct glm_diags *d)
{
    if (w->cluster->ops->files || ref->kind != GLM_KIND_ISTIO_OPERATOR)
        return;
    const char *names = selected_text(arena, selected_by(w->cluster, arena, object));
    if (*names)
        glm_warn(d, GLM_AT_ATTR(NULL, "installations"), "A Service selects what was removed",
                 "Cluster \"%s\": %s is removed, and its gateway's Pods are still selected by %s, "
                 "which is not managed here and was not touched. Point its selector at a revision "
                 "that is there, before the next removal: until then it has no endpoints.",
                 w->cluster_name, glm_object_ref_text(arena, ref), names);
}

/* Begins to remove an object. false: it could not be, and stays. */
static bool remove_object(struct work *w, struct glm_arena *arena, const struct glm_object_ref *ref,
                          bool *ret_gone, struct glm_diags *d)
{
    const struct glm_path *at = GLM_AT_ATTR(NULL, "installations");
    struct glm_read look = {.found = GLM_FOUND_NOTHING};
    struct glm_diags errors;
    glm_diags_init(&errors, arena);
    *ret_gone = true;
    if (work_stopped(w, arena, at, d))
        return false;
    bool ok = w->cluster->ops->read(w->cluster, arena, ref, &look, &errors);
    if (ok && look.found == GLM_FOUND_NOTHING)
        return true;
    if (ok && look.found == GLM_FOUND_NO_API &&
        kind_is_gone(w->cluster, arena, ref, look.why, &errors)) {
        /* With a CustomResourceDefinition Kubernetes removes every object of it. */
        glm_warn(d, at, "The kind of an object is gone",
                 "Cluster \"%s\": %s was to be removed, and the cluster does not serve that kind "
                 "any more (%s), so it counts as removed.",
                 w->cluster_name, glm_object_ref_text(arena, ref), look.why);
        return true;
    }
    ok = ok && errors.errors == 0;
    const char *left = ok ? not_ours(w, arena, ref, &look) : NULL;
    if (left) {
        glm_warn(d, at, "An object was left alone", "Cluster \"%s\": %s was to be removed, but %s.",
                 w->cluster_name, glm_object_ref_text(arena, ref), left);
        return true;
    }
    const struct glm_value *seen = look.found == GLM_FOUND ? look.object : NULL;
    if (ok && seen)
        warn_selected(w, arena, ref, seen, d);
    if (ok && w->cluster->ops->remove(w->cluster, arena, ref, seen, ret_gone, &errors)) {
        glm_diags_append(d, at, &errors); /* warnings */
        return true;
    }
    work_fail(w, arena, at, &errors, d);
    return false;
}

static bool wants_operator(const struct work *w, struct glm_arena *arena, const char *ref)
{
    for (size_t i = 0; w->wanted && i < w->wanted->pair_count; i++)
        if (strcmp(record_ref_text(arena, &w->wanted->pairs[i].operator_.ref), ref) == 0)
            return true;
    return false;
}

static bool wants_service(const struct work *w, const char *key)
{
    for (size_t i = 0; w->wanted && i < w->wanted->pair_count; i++)
        for (size_t s = 0; s < w->wanted->pairs[i].service_count; s++)
            if (strcmp(w->wanted->pairs[i].service_keys[s], key) == 0)
                return true;
    return false;
}

/* Something that had to go is still there: it stays in the state, and its status differs from what
 * the next plan wants, so that the next apply tries again. */
static void keep_leaver(struct work *w, struct glm_arena *arena, const char *key, const char *ref)
{
    const char *shown = record_key(arena, key);
    bool has_key = glm_string_is(glm_get_path(w->record, "istio_operators", shown, NULL), ref) &&
                   glm_is_null(glm_map_peek(&w->record_operators, shown));
    if (has_key)
        keep_pair(w, shown);
    else /* a newer object has it, or had it and is gone before this one */
        glm_map_set(&w->record_operators, record_leaver_key(arena, shown, ref),
                    glm_string(w->kept, ref));
    glm_map_set(&w->status, shown,
                status_entry(w->kept, GLM_STATE_UNINSTALLING_GATEWAY,
                             strcmp(shown, "default") == 0 ? "" : shown,
                             glm_sprintf(arena,
                                         "IstioOperator %s is to be removed; the next apply tries "
                                         "again.",
                                         ref)));
}

struct leaver {
    const char *key; /* in the record: of the revision, or of the Service */
    const char *ref; /* "ns/name" */
};

static size_t find_leavers(struct work *w, struct glm_arena *arena, struct leaver *leavers,
                           struct glm_object_ref *refs)
{
    const struct glm_value *services = glm_get(w->record, "services");
    const struct glm_value *operators = glm_get(w->record, "istio_operators");
    size_t count = 0;
    for (size_t i = 0; glm_is_list(services) && i < services->len; i++) {
        const char *key = glm_string_or(services->as.list[i], "");
        if (!wants_service(w, key) && record_ref(arena, GLM_KIND_SERVICE, key, &refs[count]))
            leavers[count++] = (struct leaver){.key = key, .ref = key};
    }
    for (size_t i = 0; glm_is_map(operators) && i < operators->len; i++) {
        const char *ref = glm_string_or(operators->as.map[i].value, "");
        if (!wants_operator(w, arena, ref) &&
            record_ref(arena, GLM_KIND_ISTIO_OPERATOR, ref, &refs[count]))
            leavers[count++] = (struct leaver){.key = operators->as.map[i].key, .ref = ref};
    }
    return count;
}

void remove_leavers(struct work *w, struct glm_arena *arena, struct glm_diags *d)
{
    size_t most = glm_get(w->record, "services")->len + glm_get(w->record, "istio_operators")->len;
    struct leaver *leavers = GLM_NEW_ARRAY(arena, most, struct leaver);
    struct glm_object_ref *refs = GLM_NEW_ARRAY(arena, most, struct glm_object_ref);
    bool *gone = GLM_NEW_ARRAY(arena, most, bool);
    bool *begun = GLM_NEW_ARRAY(arena, most, bool);
    size_t count = find_leavers(w, arena, leavers, refs);
    for (size_t i = 0; i < count; i++) {
        begun[i] = !w->failed && remove_object(w, arena, &refs[i], &gone[i], d);
        gone[i] = gone[i] || !begun[i]; /* nothing to wait for */
    }
    wait_until_gone(w, arena, refs, gone, count, d);
    for (size_t i = 0; i < count; i++) {
        if (begun[i] && gone[i])
            continue;
        if (refs[i].kind == GLM_KIND_SERVICE)
            keep_service(w, arena, leavers[i].key);
        else
            keep_leaver(w, arena, leavers[i].key, leavers[i].ref);
    }
}
