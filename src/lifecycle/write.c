/* SPDX-License-Identifier: Apache-2.0
 *
 * Writing one object, with what its installer wants to be written beside it: zero writes for what is as wanted
 * already.
 */
#include "seam.h"
#include "write.h"

#include "glm/difference.h"
#include "glm/observe.h"
#include "glm/shown.h"

#include <string.h>

/* How often an object that changes between our look and our write is looked at again: its controller
 * touches it several times within the second after a change. */
#define STALE_LIMIT 20
#define STALE_PAUSE_MS 50
/* What of a cluster is remembered beyond what was written there: as long as WORK_ALTERED_MAX of all
 * clusters is not used up. */
#define ALTERED_MAX ((size_t)4 << 20)

/* ---- what something in the cluster makes of what we write ---- */

/* Takes bytes of what may be remembered. false: that is too much. */
static bool remember(struct work *work, size_t bytes)
{
    size_t left = atomic_load(work->altered_left);
    if (bytes > ALTERED_MAX - work->altered_more)
        return false;
    do {
        if (bytes > left)
            return false;
    } while (!atomic_compare_exchange_weak(work->altered_left, &left, left - bytes));
    work->altered_more += bytes;
    return true;
}

/* Whether what was made of a write can be told from anything else that might be made of it. */
static bool is_said_whole(const struct glm_value *altered)
{
    return !glm_has(altered, "...");
}

/* After our own write: where the object is not what was written, when that is to be remembered, else NULL. */
static const struct glm_value *note_altered(struct work *work, struct glm_arena *arena,
                                            const struct wanted_object *o,
                                            const struct glm_value *stored,
                                            const struct glm_path *at, struct glm_diags *d)
{
    if (work->cluster->ops->files)
        return NULL;
    const struct glm_installer_call call = work_call(work, arena, NULL);
    if (!glm_is_map(seam_project(&call, stored, o->bare)))
        seam_warn_broken(&call, "project gave no object: it is compared as any other", d);
    const struct glm_value *altered =
        glm_differences(arena, o->bare, compare_project(work, arena, stored, o->bare), NULL);
    if (altered->len == 0)
        return NULL;
    if (!is_said_whole(altered) || !remember(work, intake_of_entries(altered))) {
        glm_warn(d, at, "Something in the cluster changes what is written",
                 "Cluster \"%s\": %s was written, and the cluster made something else of it at "
                 "once, in so many fields, or with so long names, that it is too much to be "
                 "remembered: every plan will show that as a change.",
                 work->cluster_name, glm_object_ref_text(arena, &o->ref));
        return NULL;
    }
    const struct glm_value *before = record_altered(arena, work->record, &o->ref);
    if (before && glm_equal(before, altered))
        return before; /* has been said */
    glm_warn(
        d, at, "Something in the cluster changes what is written",
        "Cluster \"%s\": %s was written, and the cluster made something else of it at once, at "
        "%s: a mutating webhook or a policy engine. That is taken as it is from now on and "
        "shows no change; any other change of this object does. To have it as configured, "
        "exempt the object there.",
        work->cluster_name, glm_object_ref_text(arena, &o->ref), altered->as.map[0].key);
    return glm_copy(work->kept, altered);
}

/* ---- writing ---- */

/* What is written of an object, in its place or beside it. */
struct attempt {
    const struct glm_value *object;
    const char *manager; /* see struct glm_write */
    bool force, rehearse;
};

/* What is to be written, and what its installer wants beside it. */
struct course {
    bool same; /* it is as wanted, and there is nothing to be written */
    const struct glm_installer_step *steps, *instead;
    size_t count;
    bool kept_away; /* whoever acts on it is kept away from it, by us */
};

static void await_a_little(struct work *work)
{
    uint64_t version = 0;
    if (!work->cluster->ops->await)
        return;
    work->cluster->ops->await(work->cluster, &version, 0); /* from now on */
    work->cluster->ops->await(work->cluster, &version, STALE_PAUSE_MS);
}

/* ret_in_the_way: for one who asks, no error. */
static bool look_again(struct work *work, struct glm_arena *arena, const struct wanted_object *o,
                       struct glm_read *look, bool *ret_in_the_way, struct glm_diags *errors)
{
    await_a_little(work);
    if (!work->cluster->ops->read(work->cluster, arena, &o->ref, look, errors))
        return false;
    const char *why = guard_in_the_way(work, arena, &o->ref, look);
    if (!why)
        return true;
    if (ret_in_the_way) {
        *ret_in_the_way = true;
        return false;
    }
    work->outrun = work->cluster->ops->files;
    return glm_error(errors, NULL, "An object has changed hands",
                     "%s cannot be written: %s. It was not so when this apply began. Plan again.",
                     glm_object_ref_text(arena, &o->ref), why);
}

static bool no_time_left(struct work *work, struct glm_arena *arena, const struct wanted_object *o,
                         struct glm_diags *errors)
{
    if (!work_stop_asked(work) && !time_limit_over(&work->limit))
        return false;
    glm_error(
        errors, NULL, "An object was not written",
        "%s changed between the look at it and the write, and there was no time to look at it "
        "again.",
        glm_object_ref_text(arena, &o->ref));
    return true;
}

static bool keeps_changing(struct glm_arena *arena, const struct wanted_object *o,
                           struct glm_diags *errors)
{
    return glm_error(errors, NULL, "An object keeps changing",
                     "%s changed each time between the look at it and the write, %d times in a "
                     "row, so it was not written. Something in the cluster changes it all the "
                     "time; find out what with `kubectl get -w`.",
                     glm_object_ref_text(arena, &o->ref), STALE_LIMIT);
}

/* After a write of what was not as it was seen: what is there now. false: it cannot be written; with an error,
 * unless it is a rehearsal and somebody's object is there. */
static bool renew(struct work *work, struct glm_arena *arena, const struct wanted_object *o,
                  const struct glm_write *write, struct glm_read *look, struct written *ret_written,
                  enum write_rehearsal *ret_rehearsal, struct glm_diags *errors)
{
    bool in_the_way = false;
    /* An API server may have carried out an attempt before the one that it answered so: as long as nobody has
     * looked, what was to be created may be there. */
    ret_written->unsure = write->create && !work->cluster->ops->files && !write->rehearse;
    if (no_time_left(work, arena, o, errors))
        return false;
    bool looked = look_again(work, arena, o, look, ret_rehearsal ? &in_the_way : NULL, errors);
    if (looked || look->found == GLM_FOUND)
        ret_written->unsure = false;
    if (in_the_way)
        *ret_rehearsal = WRITE_IN_THE_WAY;
    return looked;
}

/* One object until it is written or cannot be. ret_rehearsal: of a rehearsal, else NULL. */
static bool write_until(struct work *work, struct glm_arena *arena, const struct wanted_object *o,
                        const struct attempt *attempt, const struct course *course,
                        struct glm_read *look, struct written *ret_written,
                        enum write_rehearsal *ret_rehearsal, struct glm_diags *errors)
{
    bool force = attempt->force;
    for (int stale = 0; stale < STALE_LIMIT;) {
        struct glm_write write = {.object = attempt->object,
                                  .kind = o->ref.kind,
                                  .seen = look->found == GLM_FOUND ? look->object : NULL,
                                  .force = force,
                                  .create = look->found == GLM_FOUND_NOTHING,
                                  .manager = attempt->manager,
                                  .rehearse = attempt->rehearse};
        enum glm_written written;
        if (!work->cluster->ops->write(work->cluster, arena, &write, &written, errors)) {
            ret_written->unsure = write.unsure;
            return false;
        }
        if (written == GLM_WRITE_DONE) {
            ret_written->touched = !attempt->rehearse;
            ret_written->stored = write.stored;
            if (write.untold)
                *ret_rehearsal = WRITE_UNTOLD;
            return true;
        }
        /* Fields of what was not there: somebody's object is, and whose it is has to be looked at first. */
        bool appeared = write.create && stale == 0;
        if (written == GLM_WRITE_CONFLICT && !force && !appeared) {
            if (!conflicts_may_force(work, arena, o, look, &write, course->steps, course->count,
                                     errors))
                return false;
            force = true;
            continue;
        }
        stale++;
        force = attempt->force; /* it was for the conflicts with the object as it was */
        if (!renew(work, arena, o, &write, look, ret_written, ret_rehearsal, errors))
            return ret_rehearsal && *ret_rehearsal == WRITE_IN_THE_WAY;
    }
    return keeps_changing(arena, o, errors);
}

/* True when an object that is as wanted may be stuck: the last apply did not see its pair HEALTHY, and
 * this one is to find out. */
static bool is_to_retry(const struct work *work, const struct write_for *purpose,
                        const struct glm_read *look)
{
    if (!purpose->pair || !purpose->pair->key || !purpose->retry || look->found != GLM_FOUND)
        return false;
    const struct glm_value *record = work_record(work, purpose->pair->cluster);
    return record_is_unsettled(record, purpose->pair->key) ||
           record_is_unwaited(record, purpose->pair->key);
}

/* What there is to be written. */
static bool set_course(struct work *work, struct glm_arena *arena, const struct wanted_object *o,
                       const struct glm_read *look, const struct write_for *purpose,
                       struct course *ret, struct glm_diags *errors)
{
    const struct glm_installer_object object = sight_object(o);
    struct glm_installer_call call = work_call(work, arena, NULL);
    const struct glm_value *live = look->found == GLM_FOUND ? look->object : &glm_null;
    *ret = (struct course){.same = purpose->same};
    if (work->cluster->ops->files)
        return true;
    ret->same = look->found == GLM_FOUND && compare_is_as_wanted(work, arena, o, look->object);
    ret->kept_away = hands_is_kept_away(work, arena, live);
    call.predecessor = purpose->from ? purpose->from->name : NULL;
    enum glm_installer_write why = ret->same ? GLM_INSTALLER_SAME : GLM_INSTALLER_CHANGED;
    if (ret->same && is_to_retry(work, purpose, look))
        why = GLM_INSTALLER_RETRY;
    if (!seam_steps(&call, purpose->at, &object, live, why, &ret->steps, &ret->count, errors))
        return false;
    for (size_t i = 0; i < ret->count; i++)
        if (ret->steps[i].when == GLM_INSTALLER_INSTEAD && !purpose->finish)
            ret->instead = &ret->steps[i];
    ret->same = ret->same && ret->count == 0 && !ret->kept_away;
    return true;
}

/* A step carries the labels of the owner and the view, as the object does. */
static const struct glm_value *owned_step(struct glm_arena *arena, const struct wanted_object *o,
                                          const struct glm_installer_step *step)
{
    return step->bare ? step->object
                      : glm_with(arena, step->object, "metadata", glm_get(o->object, "metadata"));
}

/* One write of a course, over what the one before it has left there. */
static bool take_step(struct work *work, struct glm_arena *arena, const struct wanted_object *o,
                      const struct attempt *attempt, const struct course *course,
                      struct glm_read *look, struct written *ret_written, struct glm_diags *errors)
{
    if (!write_until(work, arena, o, attempt, course, look, ret_written, NULL, errors))
        return false;
    *look = (struct glm_read){.found = GLM_FOUND, .object = ret_written->stored};
    return true;
}

static bool take_steps(struct work *work, struct glm_arena *arena, const struct wanted_object *o,
                       enum glm_installer_when when, const struct course *course,
                       struct glm_read *look, struct written *ret_written, struct glm_diags *errors)
{
    for (size_t i = 0; i < course->count; i++) {
        const struct glm_installer_step *step = &course->steps[i];
        if (step->when != when || !step->object)
            continue;
        const struct attempt attempt = {
            .object = owned_step(arena, o, step), .manager = step->manager, .force = step->force};
        if (!take_step(work, arena, o, &attempt, course, look, ret_written, errors))
            return false;
    }
    return true;
}

/* All of it. Who is kept away from the object is let at it again first. */
static bool take_course(struct work *work, struct glm_arena *arena, const struct wanted_object *o,
                        const struct course *course, struct glm_read *look,
                        struct written *ret_written, struct glm_diags *errors)
{
    const struct attempt again = {.object = glm_object_bare(arena, &o->ref),
                                  .manager = hands_manager(work, arena)};
    const struct attempt own = {.object = course->instead ? owned_step(arena, o, course->instead)
                                                          : o->object};
    return (!course->kept_away ||
            take_step(work, arena, o, &again, course, look, ret_written, errors)) &&
           take_steps(work, arena, o, GLM_INSTALLER_BEFORE, course, look, ret_written, errors) &&
           write_until(work, arena, o, &own, course, look, ret_written, NULL, errors) &&
           (course->count == 0 ||
            take_steps(work, arena, o, GLM_INSTALLER_AFTER, course,
                       &(struct glm_read){.found = GLM_FOUND, .object = ret_written->stored},
                       ret_written, errors));
}

/* The errors of a write, which may have been carried out all the same. */
static void fail_write(struct work *work, struct glm_arena *arena, const struct glm_object_ref *ref,
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
    work_fail(work, arena, at, unsure ? &told : errors, d);
}

bool write_object(struct work *work, struct glm_arena *arena, const struct wanted_object *o,
                  struct glm_read *look, const struct write_for *purpose,
                  struct written *ret_written, struct glm_diags *d)
{
    struct course course;
    struct glm_diags errors;
    *ret_written = (struct written){.stored = look->object};
    glm_diags_init(&errors, arena);
    bool ok = set_course(work, arena, o, look, purpose, &course, &errors);
    if (ok && course.same) {
        ret_written->altered = record_altered(arena, work->record, &o->ref);
        return true;
    }
    if (work_stopped(work, arena, purpose->at, d))
        return false;
    const char *before =
        look->found == GLM_FOUND ? glm_object_generation(arena, look->object) : NULL;
    ok = ok && take_course(work, arena, o, &course, look, ret_written, &errors);
    if (!ok) {
        fail_write(work, arena, &o->ref, ret_written->unsure, purpose->at, &errors, d);
        return false;
    }
    const struct glm_value *stored = ret_written->stored;
    glm_diags_append(d, purpose->at, &errors); /* warnings */
    ret_written->instead = course.instead != NULL;
    if (!course.instead)
        ret_written->altered = note_altered(work, arena, o, stored, purpose->at, d);
    ret_written->wrote = true;
    /* Of labels and annotations alone no controller takes notice: there is nothing to wait for. */
    const char *after = glm_object_generation(arena, stored);
    if (!before || !after || strcmp(before, after) != 0)
        ret_written->version =
            glm_string_or(glm_get_path(stored, "metadata", "resourceVersion", NULL), NULL);
    return true;
}

/* What follows the object can only be told when that is written. */
bool write_rehearse(struct work *work, struct glm_arena *arena, const struct wanted_object *o,
                    struct glm_read *look, const struct write_for *purpose,
                    enum write_rehearsal *ret_rehearsal, struct glm_diags *errors)
{
    struct course course;
    struct written ignored = {0};
    *ret_rehearsal = WRITE_WOULD_DO;
    if (!set_course(work, arena, o, look, purpose, &course, errors))
        return false;
    for (size_t i = 0; i < course.count && *ret_rehearsal == WRITE_WOULD_DO; i++) {
        const struct glm_installer_step *step = &course.steps[i];
        if (step->when != GLM_INSTALLER_BEFORE || !step->object)
            continue;
        const struct attempt attempt = {.object = owned_step(arena, o, step),
                                        .manager = step->manager,
                                        .force = step->force,
                                        .rehearse = true};
        if (!write_until(work, arena, o, &attempt, &course, look, &ignored, ret_rehearsal, errors))
            return false;
    }
    const struct attempt own = {.object = course.instead ? owned_step(arena, o, course.instead)
                                                         : o->object,
                                .rehearse = true};
    return course.same || *ret_rehearsal != WRITE_WOULD_DO ||
           write_until(work, arena, o, &own, &course, look, &ignored, ret_rehearsal, errors);
}

bool write_namespace(struct work *work, struct glm_arena *arena, const char *name,
                     const struct glm_path *at, struct glm_diags *d)
{
    const struct glm_object_ref ref = {.kind = GLM_KIND_NAMESPACE, .name = name};
    struct glm_read look;
    struct glm_diags errors;
    glm_diags_init(&errors, arena);
    bool ok = work->cluster->ops->read(work->cluster, arena, &ref, &look, &errors);
    if (ok && look.found == GLM_FOUND)
        return true; /* shared with others: never changed */
    if (ok && look.found == GLM_FOUND_UNREADABLE)
        ok = glm_error(&errors, NULL, "Something is in the way of a Namespace",
                       "%s is needed, but what is there is not that object (%s). Move it away.",
                       glm_object_ref_text(arena, &ref), look.why);
    if (ok) {
        struct glm_write write = {.object = glm_object_bare(arena, &ref), .create = true};
        enum glm_written written;
        /* Two resources may make it at the same time: then it is there, which is all we want. */
        ok = work->cluster->ops->write(work->cluster, arena, &write, &written, &errors);
    }
    if (!ok)
        work_fail(work, arena, at, &errors, d);
    else
        glm_diags_append(d, at, &errors); /* warnings */
    return ok;
}
