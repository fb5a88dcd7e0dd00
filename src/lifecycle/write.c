/* SPDX-License-Identifier: Apache-2.0
 *
 * Writing one object: zero writes for what is as wanted already. Of a live object only what is
 * owned counts: what we write now and what we wrote before. A conflict with another field manager
 * is settled with force where the plan showed what is overwritten, and refused everywhere else.
 */
#include "write.h"

#include "glm/observe.h"
#include "glm/shown.h"

#include <string.h>

/* How often an object that changes between our look and our write is looked at again: its operator
 * touches it several times within the second after a change. */
#define STALE_LIMIT 20
#define STALE_PAUSE_MS 50
/* Fields of other managers that are looked up in what the state shows: more than a person reads. */
#define CONFLICTS_MAX 1000
/* What of a cluster is remembered beyond what was written there: as long as WORK_ALTERED_MAX of all
 * clusters is not used up. */
#define ALTERED_MAX ((size_t)4 << 20)

/* The object as the state shows it: what the user has seen. */
static const struct glm_value *seen_before(const struct work *w, struct glm_arena *arena,
                                           const struct glm_object_ref *ref)
{
    bool service = ref->kind == GLM_KIND_SERVICE;
    const struct glm_value *shown = glm_get_path(
        w->change->prior, service ? "services" : "istio_operators", w->cluster_name, NULL);
    for (size_t i = 0; glm_is_map(shown) && i < shown->len; i++) {
        const struct glm_value *entry = shown->as.map[i].value;
        const struct glm_value *object =
            shown_document(arena, service ? glm_get(entry, "manifest") : entry);
        if (glm_object_is(object, ref))
            return object;
    }
    return &glm_null;
}

/* The object as prior's configuration made it, with owner labels; the null value: it did not. */
static const struct glm_value *applied_before(struct work *w, struct glm_arena *arena,
                                              const struct glm_object_ref *ref)
{
    const struct wanted_object *o = work_applied(w, arena, ref);
    return o ? o->object : &glm_null;
}

/* ---- what something in the cluster makes of what we write ---- */

static const char *altered_key(struct glm_arena *arena, const struct glm_object_ref *ref)
{
    return glm_object_ref_text(arena, ref);
}

static const struct glm_value *altered_before(const struct work *w, struct glm_arena *arena,
                                              const struct glm_object_ref *ref)
{
    return glm_get_path(w->record, "altered", altered_key(arena, ref), NULL);
}

/* The first place where two documents differ, as a path; "" when they do not. Maps only: a list
 * is one thing. */
static const char *first_difference(struct glm_arena *arena, const struct glm_value *a,
                                    const struct glm_value *b, const char *path, int depth)
{
    if (glm_equal(a, b))
        return "";
    if (!glm_is_map(a) || !glm_is_map(b) || depth == 0)
        return path;
    for (size_t i = 0; i < a->len; i++) {
        const char *key = a->as.map[i].key;
        const char *found =
            first_difference(arena, a->as.map[i].value, glm_get(b, key),
                             glm_sprintf(arena, "%s%s%s", path, *path ? "." : "", key), depth - 1);
        if (*found)
            return found;
    }
    return path; /* b has more */
}

/* Takes bytes of what may be remembered. false: that is too much. */
static bool remember(struct work *w, size_t bytes)
{
    size_t left = atomic_load(w->altered_left);
    if (bytes > ALTERED_MAX - w->altered_more)
        return false;
    do {
        if (bytes > left)
            return false;
    } while (!atomic_compare_exchange_weak(w->altered_left, &left, left - bytes));
    w->altered_more += bytes;
    return true;
}

/* After our own write: whether the object is what was written. */
static void note_altered(struct work *w, struct glm_arena *arena, const struct wanted_object *o,
                         const struct glm_value *stored, const struct glm_path *at,
                         struct glm_diags *d)
{
    const struct glm_value *is = glm_project(arena, stored, o->bare);
    if (glm_equal(is, o->bare) || w->cluster->ops->files)
        return;
    const char *text = glm_json_text(arena, is);
    size_t len = strlen(text), own = strlen(o->text), more = len > own ? len - own : 0;
    if (!remember(w, more)) {
        glm_warn(d, at, "Something in the cluster changes what is written",
                 "Cluster \"%s\": %s was written, and what the cluster made of it at once has %zu "
                 "bytes more, which is too much to be remembered: every plan will show that as a "
                 "change.",
                 w->cluster_name, glm_object_ref_text(arena, &o->ref), more);
        return;
    }
    glm_map_set(&w->altered, altered_key(arena, &o->ref), glm_string(w->kept, text));
    if (glm_string_is(altered_before(w, arena, &o->ref), text))
        return; /* has been said */
    glm_warn(d, at, "Something in the cluster changes what is written",
             "Cluster \"%s\": %s was written, and the cluster made something else of it at once, "
             "at %s: a mutating webhook or a policy engine. That is taken as it is from now on and "
             "shows no change; any other change of this object does. To have it as configured, "
             "exempt the object there.",
             w->cluster_name, glm_object_ref_text(arena, &o->ref),
             glm_shown(arena, first_difference(arena, o->bare, is, "", 12)));
}

/* ---- comparing ---- */

static bool is_as_wanted(struct work *w, struct glm_arena *arena, const struct wanted_object *o,
                         const struct glm_value *found)
{
    /* What was ours before and is not wanted any more has to go, so it counts too. */
    const struct glm_value *owned =
        glm_owned_union(arena, o->object, seen_before(w, arena, &o->ref));
    owned = glm_owned_union(arena, owned, applied_before(w, arena, &o->ref));
    const struct glm_value *is = glm_project(arena, found, owned);
    if (glm_equal(is, o->object))
        return true;
    const struct glm_value *altered = altered_before(w, arena, &o->ref);
    if (!glm_is_string(altered))
        return false;
    /* Altered as before, with our labels and annotation in place. */
    const struct glm_value *bare = glm_disown(arena, is);
    return glm_string_is(altered, glm_json_text(arena, bare)) &&
           glm_equal(glm_get(is, "metadata"), glm_get(o->object, "metadata"));
}

/* ---- conflicts ---- */

/* True when the live values at the fields are what the state shows there, so that whoever approved
 * the plan has seen that they are overwritten. Our own labels and annotation are in no plan; the
 * guard has looked at them. */
static bool were_shown(const struct work *w, struct glm_arena *arena, const struct wanted_object *o,
                       const struct glm_value *found, const struct glm_write *write)
{
    if (write->conflict_count > CONFLICTS_MAX)
        return false;
    const struct glm_value *shown = seen_before(w, arena, &o->ref);
    const struct glm_value *live =
        glm_project(arena, found, glm_owned_union(arena, o->bare, shown));
    live = shown_tame(arena, live, shown);
    for (size_t i = 0; i < write->conflict_count; i++) {
        const char *field = write->conflicts[i].field;
        if (!glm_equal(glm_value_at_field(live, field), glm_value_at_field(shown, field)))
            return false;
    }
    return true;
}

static const char *list_conflicts(struct glm_arena *arena, const struct glm_write *write)
{
    struct glm_text text;
    glm_text_init(&text, arena, (size_t)64 << 10);
    for (size_t i = 0; i < write->conflict_count; i++)
        glm_text_addf(&text, "  %s, owned by \"%s\"\n", glm_shown(arena, write->conflicts[i].field),
                      glm_shown(arena, write->conflicts[i].manager));
    return text.data;
}

/* May the conflicts be settled with force? Otherwise an error. */
static bool may_force(struct work *w, struct glm_arena *arena, const struct wanted_object *o,
                      const struct glm_read *look, const struct glm_write *write,
                      struct glm_diags *errors)
{
    if (w->force || w->adopt ||
        (look->found == GLM_FOUND && were_shown(w, arena, o, look->object, write)))
        return true;
    return glm_error(errors, NULL, "Somebody else owns fields of an object",
                     "%s was not changed, because other field managers have set these fields to "
                     "other values, and the plan did not show that:\n\n%s\nPlan again to see what "
                     "would be overwritten, take these fields out of the configuration to leave "
                     "them to the other manager, or set force_conflicts = true.",
                     glm_object_ref_text(arena, &o->ref), list_conflicts(arena, write));
}

/* ---- writing ---- */

static bool look_again(struct work *w, struct glm_arena *arena, const struct wanted_object *o,
                       struct glm_read *look, struct glm_diags *errors)
{
    uint64_t version = 0;
    if (w->cluster->ops->await) {
        w->cluster->ops->await(w->cluster, &version, 0); /* from now on */
        w->cluster->ops->await(w->cluster, &version, STALE_PAUSE_MS);
    }
    if (!w->cluster->ops->read(w->cluster, arena, &o->ref, look, errors))
        return false;
    const char *why = guard_in_the_way(w, arena, &o->ref, look);
    if (!why)
        return true;
    w->outrun = w->cluster->ops->files;
    return glm_error(errors, NULL, "An object has changed hands",
                     "%s cannot be written: %s. It was not so when this apply began. Plan again.",
                     glm_object_ref_text(arena, &o->ref), why);
}

/* One object until it is written or cannot be. object: what to write, o->object or a variant. */
static bool write_until(struct work *w, struct glm_arena *arena, const struct wanted_object *o,
                        const struct glm_value *object, struct glm_read *look,
                        struct written *ret_written, struct glm_diags *errors)
{
    bool force = false;
    for (int stale = 0; stale < STALE_LIMIT;) {
        struct glm_write write = {.object = object,
                                  .seen = look->found == GLM_FOUND ? look->object : NULL,
                                  .force = force,
                                  .create = look->found == GLM_FOUND_NOTHING};
        enum glm_written written;
        if (!w->cluster->ops->write(w->cluster, arena, &write, &written, errors)) {
            ret_written->unsure = write.unsure;
            return false;
        }
        if (written == GLM_WRITE_DONE) {
            ret_written->stored = write.stored;
            return true;
        }
        if (written == GLM_WRITE_CONFLICT && !force) {
            if (!may_force(w, arena, o, look, &write, errors))
                return false;
            force = true;
            continue;
        }
        stale++;
        force = false; /* it was for the conflicts with the object as it was */
        if (work_stop_asked(w) || time_limit_over(&w->limit))
            return glm_error(errors, NULL, "An object was not written",
                             "%s changed between the look at it and the write, and there was no "
                             "time to look at it again.",
                             glm_object_ref_text(arena, &o->ref));
        if (!look_again(w, arena, o, look, errors))
            return false;
    }
    return glm_error(errors, NULL, "An object keeps changing",
                     "%s changed each time between the look at it and the write, %d times in a "
                     "row, so it was not written. Something in the cluster changes it all the "
                     "time; find out what with `kubectl get -w`.",
                     glm_object_ref_text(arena, &o->ref), STALE_LIMIT);
}

/* The spec with something in it that has no effect, to make the operator look again: it retries
 * an error for a new generation only, and an annotation does not make one. */
static const struct glm_value *nudged(struct glm_arena *arena, const struct glm_value *object)
{
    return glm_with_path(arena, object, &glm_true, "spec", "unvalidatedValues",
                         "terraformProviderGlmRetry", NULL);
}

static bool is_stuck(const struct work *w, const struct pair_work *p, const char *key,
                     const struct glm_read *look)
{
    return p && p->await && key &&
           (record_is_unsettled(w->record, key) || record_is_unwaited(w->record, key)) &&
           look->found == GLM_FOUND &&
           glm_string_is(glm_get_path(look->object, "status", "status", NULL), "ERROR");
}

/* The errors of a write, which may have been carried out all the same. */
static void fail_write(struct work *w, struct glm_arena *arena, const struct glm_object_ref *ref,
                       bool unsure, const struct glm_path *at, const struct glm_diags *errors,
                       struct glm_diags *d)
{
    struct glm_diags told;
    glm_diags_init(&told, arena);
    for (const struct glm_diag *e = errors->first; e; e = e->next) {
        if (e->severity == GLM_WARNING)
            glm_warn(&told, NULL, e->summary, "%s", e->detail);
        else
            glm_error(&told, NULL, e->summary,
                      "%s\n\n%s may have been written all the same: the state has it, and the next "
                      "plan finds out.",
                      e->detail, glm_object_ref_text(arena, ref));
    }
    work_fail(w, arena, at, unsure ? &told : errors, d);
}

bool write_object(struct work *w, struct glm_arena *arena, const struct wanted_object *o,
                  struct glm_read *look, const struct write_for *purpose,
                  struct written *ret_written, struct glm_diags *d)
{
    *ret_written = (struct written){.stored = look->object};
    bool same = w->cluster->ops->files
                    ? purpose->same
                    : look->found == GLM_FOUND && is_as_wanted(w, arena, o, look->object);
    bool nudge = same && is_stuck(w, purpose->pair, purpose->key, look);
    if (same && !nudge) {
        const struct glm_value *altered = altered_before(w, arena, &o->ref);
        if (glm_is_string(altered))
            glm_map_set(&w->altered, altered_key(arena, &o->ref), altered);
        return true;
    }
    if (work_stopped(w, arena, purpose->at, d))
        return false;
    struct glm_diags errors;
    glm_diags_init(&errors, arena);
    const char *before = look->found == GLM_FOUND ? glm_generation(arena, look->object) : NULL;
    bool ok = true;
    if (nudge) {
        ok = write_until(w, arena, o, nudged(arena, o->object), look, ret_written, &errors);
        *look = (struct glm_read){.found = GLM_FOUND, .object = ret_written->stored};
    }
    ok = ok && write_until(w, arena, o, o->object, look, ret_written, &errors);
    if (!ok) {
        fail_write(w, arena, &o->ref, ret_written->unsure, purpose->at, &errors, d);
        return false;
    }
    const struct glm_value *stored = ret_written->stored;
    glm_diags_append(d, purpose->at, &errors); /* warnings */
    note_altered(w, arena, o, stored, purpose->at, d);
    ret_written->wrote = true;
    /* Of labels and annotations alone no operator takes notice: there is nothing to wait for. */
    const char *after = glm_generation(arena, stored);
    if (!before || !after || strcmp(before, after) != 0)
        ret_written->version =
            glm_string_or(glm_get_path(stored, "metadata", "resourceVersion", NULL), NULL);
    return true;
}

bool write_namespace(struct work *w, struct glm_arena *arena, const char *name,
                     const struct glm_path *at, struct glm_diags *d)
{
    const struct glm_object_ref ref = {.kind = GLM_KIND_NAMESPACE, .name = name};
    struct glm_read look;
    struct glm_diags errors;
    glm_diags_init(&errors, arena);
    bool ok = w->cluster->ops->read(w->cluster, arena, &ref, &look, &errors);
    if (ok && look.found == GLM_FOUND)
        return true; /* shared with others: never changed */
    if (ok && look.found == GLM_FOUND_UNREADABLE)
        ok = glm_error(&errors, NULL, "Something is in the way of a Namespace",
                       "%s is needed, but what is there is not that object (%s). Move it away.",
                       glm_object_ref_text(arena, &ref), look.why);
    if (ok) {
        struct glm_map_builder b;
        glm_map_init(&b, arena);
        glm_map_set(&b, "apiVersion", glm_string(arena, ref.kind->api_version));
        glm_map_set(&b, "kind", glm_string(arena, ref.kind->name));
        glm_map_set(&b, "metadata",
                    glm_with(arena, &glm_empty_map, "name", glm_string(arena, name)));
        struct glm_write write = {.object = glm_map_finish(&b, NULL), .create = true};
        enum glm_written written;
        /* Two resources may make it at the same time: then it is there, which is all we want. */
        ok = w->cluster->ops->write(w->cluster, arena, &write, &written, &errors);
    }
    if (!ok)
        work_fail(w, arena, at, &errors, d);
    else
        glm_diags_append(d, at, &errors); /* warnings */
    return ok;
}
