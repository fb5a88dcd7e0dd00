/* SPDX-License-Identifier: Apache-2.0
 *
 * The work in one cluster: install new revisions, switch the active Service, remove old revisions,
 * in this order, writing only what differs. What could not be done stays in the result as it is.
 */
#include "work.h"

#include <string.h>

void work_fail(struct work *w, struct glm_arena *arena, const struct glm_path *at,
               const struct glm_diags *from, struct glm_diags *d)
{
    w->failed = true;
    const char *next =
        w->change->creating
            ? "What was done in other clusters is in the state. Terraform marks the resource as "
              "tainted: run `terraform untaint ADDRESS` with its address, then apply: only what "
              "is missing is touched. Without untaint the plan announces a replacement, which "
              "removes nothing that is healthy."
            : "What was done is in the state; the next apply touches only what is left.";
    for (const struct glm_diag *e = from->first; e; e = e->next) {
        if (e->severity == GLM_WARNING)
            glm_warn(d, at, e->summary, "Cluster \"%s\": %s", w->cluster_name, e->detail);
        else
            glm_error(d, at, glm_sprintf(arena, "Cluster \"%s\": %s", w->cluster_name, e->summary),
                      "%s\n\n%s", e->detail, next);
    }
}

static bool stopped(struct work *w, struct glm_arena *arena, const struct glm_path *at,
                    struct glm_diags *d)
{
    if (!w->estate->stop || !atomic_load(w->estate->stop))
        return false;
    struct glm_diags why;
    glm_diags_init(&why, arena);
    glm_error(&why, NULL, "Stopped before it was finished",
              "Terraform asked to stop. Nothing more was written in %s.", w->place);
    work_fail(w, arena, at, &why, d);
    return true;
}

/* ---- writing ---- */

static bool write_namespace(struct work *w, struct glm_arena *arena, const char *name,
                            const struct glm_path *at, struct glm_diags *d)
{
    const struct glm_object_ref ref = {.kind = GLM_KIND_NAMESPACE, .name = name};
    struct look look;
    struct glm_diags errors;
    glm_diags_init(&errors, arena);
    bool ok = w->cluster->ops->read(w->cluster, arena, &ref, &look.found, &look.object, &look.why,
                                    &errors);
    if (ok && look.found == GLM_FOUND)
        return true; /* shared with others: never changed */
    if (ok && look.found == GLM_FOUND_UNREADABLE)
        ok = glm_error(&errors, NULL, "Something is in the way of a Namespace",
                       "%s is needed, but what is there is not that object (%s). Move it away.",
                       glm_object_ref_text(arena, &ref), look.why);
    if (ok) {
        struct glm_map_builder b;
        glm_map_init(&b, arena);
        glm_map_set(&b, "apiVersion", glm_string(arena, glm_object_api_version(ref.kind)));
        glm_map_set(&b, "kind", glm_string(arena, glm_object_kind_name(ref.kind)));
        glm_map_set(&b, "metadata",
                    glm_with(arena, &glm_empty_map, "name", glm_string(arena, name)));
        struct glm_write write = {.object = glm_map_finish(&b, NULL)};
        enum glm_written written;
        ok = w->cluster->ops->write(w->cluster, arena, &write, &written, &errors);
    }
    if (!ok)
        work_fail(w, arena, at, &errors, d);
    return ok;
}

/* Zero writes for what is as wanted already. */
static bool write_object(struct work *w, struct glm_arena *arena,
                         const struct wanted_object *object, const struct look *look,
                         const struct glm_path *at, struct glm_diags *d)
{
    if (look->found == GLM_FOUND && glm_equal(look->object, object->object))
        return true;
    if (stopped(w, arena, at, d))
        return false;
    struct glm_diags errors;
    glm_diags_init(&errors, arena);
    struct glm_write write = {.object = object->object};
    enum glm_written written;
    if (w->cluster->ops->write(w->cluster, arena, &write, &written, &errors))
        return true;
    work_fail(w, arena, at, &errors, d);
    return false;
}

static const char *ref_key(struct glm_arena *arena, const struct glm_object_ref *ref)
{
    return glm_sprintf(arena, "%s/%s", ref->namespace_, ref->name);
}

/* The first error's text, for the status of a pair that failed. */
static const char *first_error(const struct glm_diags *d, size_t errors_before)
{
    size_t seen = 0;
    for (const struct glm_diag *e = d->first; e; e = e->next)
        if (e->severity == GLM_ERROR && seen++ == errors_before)
            return e->detail;
    return "see the error of the apply";
}

static void keep_pair(struct work *w, const char *key)
{
    const struct glm_value *was =
        glm_get_path(w->change->prior, "istio_operators", w->cluster_name, key, NULL);
    const struct glm_value *ref = glm_get_path(w->record, "istio_operators", key, NULL);
    if (glm_is_string(was))
        glm_map_set(&w->shown_operators, key, was);
    if (glm_is_string(ref))
        glm_map_set(&w->record_operators, key, ref);
}

static bool install_pair(struct work *w, struct glm_arena *arena, size_t index, struct glm_diags *d)
{
    const struct wanted_pair *pair = &w->wanted->pairs[index];
    const struct glm_path *at = AT_PLACEMENT(pair->installation->key, w->cluster_name);
    size_t errors = d->errors;
    bool ok = true;
    for (size_t i = 0; i < pair->namespace_count && ok; i++)
        ok = !stopped(w, arena, at, d) && write_namespace(w, arena, pair->namespaces[i], at, d);
    ok = ok && write_object(w, arena, &pair->operator_, &w->operators[index], at, d);
    if (!ok) {
        keep_pair(w, pair->key);
        glm_map_set(&w->status, pair->key,
                    status_entry(arena, GLM_STATE_FAILED, pair->installation->revision,
                                 first_error(d, errors)));
        return false;
    }
    const struct glm_value *planned =
        glm_get_path(w->change->attributes, "istio_operators", w->cluster_name, pair->key, NULL);
    glm_map_set(&w->shown_operators, pair->key, shown_text(arena, planned, pair->operator_.text));
    glm_map_set(&w->record_operators, pair->key,
                glm_string(arena, ref_key(arena, &pair->operator_.ref)));
    glm_map_set(&w->status, pair->key,
                status_written(arena, pair->installation->revision, w->place));
    return true;
}

static void keep_service(struct work *w, struct glm_arena *arena, const char *key)
{
    const struct glm_value *was =
        glm_get_path(w->change->prior, "services", w->cluster_name, key, NULL);
    if (glm_is_map(was))
        glm_map_set(&w->shown_services, key, was);
    struct glm_object_ref ref;
    if (record_ref(arena, GLM_KIND_SERVICE, key, &ref) && work_recorded(w, arena, &ref))
        glm_list_add(&w->record_services, glm_string(arena, key));
}

static void switch_services(struct work *w, struct glm_arena *arena, size_t index, bool installed,
                            struct glm_diags *d)
{
    const struct wanted_pair *pair = &w->wanted->pairs[index];
    const struct glm_path *at = AT_PLACEMENT(pair->installation->key, w->cluster_name);
    for (size_t s = 0; s < pair->service_count; s++) {
        const char *key = pair->service_keys[s];
        size_t errors = d->errors;
        if (!installed ||
            !write_object(w, arena, &pair->services[s], &w->services[index][s], at, d)) {
            keep_service(w, arena, key);
            if (installed)
                glm_map_set(&w->status, pair->key,
                            status_entry(arena, GLM_STATE_FAILED, pair->installation->revision,
                                         first_error(d, errors)));
            continue;
        }
        const struct glm_value *planned =
            glm_get_path(w->change->attributes, "services", w->cluster_name, key, NULL);
        const struct glm_value *addresses = glm_get(planned, "addresses");
        glm_map_set(
            &w->shown_services, key,
            shown_service(arena,
                          shown_text(arena, glm_get(planned, "manifest"), pair->services[s].text),
                          glm_is_list(addresses) ? addresses : &glm_empty_list));
        glm_list_add(&w->record_services, glm_string(arena, key));
    }
}

/* ---- removing ---- */

/* True when a found object without our labels still is what the state shows: ours, stripped of
 * them. Anything else at its place is somebody's own by now. */
static bool as_in_state(const struct work *w, struct glm_arena *arena,
                        const struct glm_object_ref *ref, const struct glm_value *object)
{
    bool service = ref->kind == GLM_KIND_SERVICE;
    const struct glm_value *shown = glm_get_path(
        w->change->prior, service ? "services" : "istio_operators", w->cluster_name, NULL);
    const struct glm_value *found =
        glm_string(arena, glm_json_text(arena, glm_disown(arena, object)));
    for (size_t i = 0; glm_is_map(shown) && i < shown->len; i++) {
        const struct glm_value *entry = shown->as.map[i].value;
        if (shown_equal(arena, service ? glm_get(entry, "manifest") : entry, found))
            return true;
    }
    return false;
}

/* True when the object is gone, or was never ours to remove. */
static bool remove_object(struct work *w, struct glm_arena *arena, const struct glm_object_ref *ref,
                          struct glm_diags *d)
{
    const struct glm_path *at = GLM_AT_ATTR(NULL, "installations");
    struct look look = {.found = GLM_FOUND_NOTHING};
    struct glm_diags errors;
    glm_diags_init(&errors, arena);
    if (stopped(w, arena, at, d))
        return false;
    bool ok = w->cluster->ops->read(w->cluster, arena, ref, &look.found, &look.object, &look.why,
                                    &errors);
    if (ok && look.found == GLM_FOUND_NOTHING)
        return true;
    const char *left = NULL, *owner = NULL;
    enum glm_owner whose = GLM_OWNER_US;
    if (ok && look.found == GLM_FOUND)
        whose = glm_owner_of(arena, look.object, w->name, w->namespace_, w->cluster_name, &owner);
    if (ok && look.found == GLM_FOUND_UNREADABLE)
        left = look.why;
    else if (whose == GLM_OWNER_OTHER_RESOURCE)
        left = glm_sprintf(arena, "it now belongs to %s", owner ? owner : "another resource");
    else if (whose == GLM_OWNER_FOREIGN && !as_in_state(w, arena, ref, look.object))
        left = "somebody replaced it: it carries none of our labels and is not what the state has";
    if (left) {
        glm_warn(d, at, "An object was left alone", "Cluster \"%s\": %s was to be removed, but %s.",
                 w->cluster_name, glm_object_ref_text(arena, ref), left);
        return true;
    }
    bool gone;
    if (ok && w->cluster->ops->remove(w->cluster, arena, ref, NULL, &gone, &errors))
        return true;
    work_fail(w, arena, at, &errors, d);
    return false;
}

static bool wants_operator(const struct work *w, struct glm_arena *arena, const char *ref)
{
    for (size_t i = 0; w->wanted && i < w->wanted->pair_count; i++)
        if (strcmp(ref_key(arena, &w->wanted->pairs[i].operator_.ref), ref) == 0)
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
    if (glm_is_string(glm_map_peek(&w->record_operators, shown))) /* a new object has the key */
        glm_map_set(&w->record_operators, record_leaver_key(arena, shown, ref),
                    glm_string(arena, ref));
    else
        keep_pair(w, shown);
    glm_map_set(&w->status, shown,
                status_entry(arena, GLM_STATE_UNINSTALLING_GATEWAY,
                             strcmp(shown, "default") == 0 ? "" : shown,
                             glm_sprintf(arena,
                                         "IstioOperator %s is to be removed; the next apply tries "
                                         "again.",
                                         ref)));
}

static void remove_leavers(struct work *w, struct glm_arena *arena, struct glm_diags *d)
{
    const struct glm_value *services = glm_get(w->record, "services");
    for (size_t i = 0; glm_is_list(services) && i < services->len; i++) {
        const char *key = glm_string_or(services->as.list[i], "");
        struct glm_object_ref ref;
        if (wants_service(w, key) || !record_ref(arena, GLM_KIND_SERVICE, key, &ref))
            continue;
        if (w->failed || !remove_object(w, arena, &ref, d))
            keep_service(w, arena, key);
    }
    const struct glm_value *operators = glm_get(w->record, "istio_operators");
    for (size_t i = 0; glm_is_map(operators) && i < operators->len; i++) {
        const char *key = operators->as.map[i].key;
        const char *name = glm_string_or(operators->as.map[i].value, "");
        struct glm_object_ref ref;
        if (wants_operator(w, arena, name) ||
            !record_ref(arena, GLM_KIND_ISTIO_OPERATOR, name, &ref))
            continue;
        if (!w->failed && remove_object(w, arena, &ref, d))
            continue;
        keep_leaver(w, arena, key, name);
    }
}

void work_do(struct work *w, struct glm_arena *arena, struct glm_diags *d)
{
    glm_map_init(&w->shown_operators, arena);
    glm_map_init(&w->shown_services, arena);
    glm_map_init(&w->status, arena);
    glm_map_init(&w->record_operators, arena);
    glm_list_init(&w->record_services, arena);
    size_t pairs = w->wanted ? w->wanted->pair_count : 0;
    bool *installed = GLM_NEW_ARRAY(arena, pairs, bool);
    bool looked = !w->failed; /* a cluster that could not even be read is left as it is */
    if (looked && w->cluster->ops->tidy)
        w->cluster->ops->tidy(w->cluster, arena);
    for (size_t i = 0; i < pairs; i++) {
        if (looked) {
            installed[i] = install_pair(w, arena, i, d);
            continue;
        }
        const struct wanted_pair *pair = &w->wanted->pairs[i];
        keep_pair(w, pair->key);
        glm_map_set(
            &w->status, pair->key,
            status_entry(arena, GLM_STATE_FAILED, pair->installation->revision, first_error(d, 0)));
    }
    for (size_t i = 0; i < pairs; i++)
        switch_services(w, arena, i, installed[i], d);
    remove_leavers(w, arena, d);
}
