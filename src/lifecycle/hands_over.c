/* SPDX-License-Identifier: Apache-2.0
 *
 * Handing over, in the order in which it is done: whoever acts for the installer before is kept away; then the
 * new one's objects are written (write.c), those that it inherits as they are; when all is HEALTHY and taken up,
 * what is left of the other one goes without harm to what it has made. Every step is decided by what is there, so
 * that an apply goes on where another one has ended.
 */
#include "maker.h"
#include "seam.h"
#include "write.h"

#include <string.h>

#define ROUND_MS 1000
#define STALE_LIMIT 20

/* ---- before anything is written ---- */

static struct glm_installer_call call_of(const struct work *work, struct glm_arena *arena,
                                         const struct glm_installer *maker)
{
    struct glm_installer_call call = work_call(work, arena, NULL);
    call.self = maker;
    return call;
}

/* Everything that an object says is there. */
static bool is_there(struct glm_arena *arena, const struct glm_value *live,
                     const struct glm_value *object)
{
    return !object || glm_equal(glm_project(arena, live, object), object);
}

/* true: it has let go, or there is nothing of it; else *ret_busy says why not yet, or there is an error. */
static bool yield_one(struct work *work, struct glm_arena *arena, size_t index,
                      const struct glm_object_ref *ref, const char **ret_busy,
                      struct glm_diags *errors)
{
    const struct pair_work *p = &work->pairs[index];
    const struct glm_installer_call call = call_of(work, arena, p->from);
    struct glm_installer_yield yield;
    struct glm_read read;
    *ret_busy = NULL;
    if (!work->cluster->ops->read(work->cluster, arena, ref, &read, errors))
        return false;
    if (read.found != GLM_FOUND)
        return true;
    if (!seam_yields(&call, WORK_AT(work, index), ref, read.object, &yield, errors))
        return false;
    *ret_busy = yield.busy;
    if (!yield.object || (hands_is_kept_away(work, arena, read.object) &&
                          is_there(arena, read.object, yield.object)))
        return !yield.busy;
    struct glm_write write = {.object = yield.object,
                              .kind = ref->kind,
                              .seen = read.object,
                              .manager = hands_manager(work, arena)};
    enum glm_written written;
    if (!work->cluster->ops->write(work->cluster, arena, &write, &written, errors))
        return false;
    /* Whoever has looked at it before may begin only now. */
    *ret_busy = written == GLM_WRITE_DONE    ? "it was told to keep away just now"
                : written == GLM_WRITE_STALE ? "it changes all the time"
                                             : "somebody else has set the same fields";
    return false;
}

static bool yield_until(struct work *work, struct glm_arena *arena, size_t index,
                        const struct glm_object_ref *ref, struct glm_diags *d)
{
    const struct glm_path *at = WORK_AT(work, index);
    for (;;) {
        struct glm_arena *GLM_AUTO_ARENA scratch = glm_arena_create(GLM_ARENA_RPC_LIMIT);
        struct glm_diags errors;
        const char *busy;
        uint64_t version = 0;
        glm_diags_init(&errors, scratch);
        if (yield_one(work, scratch, index, ref, &busy, &errors))
            return true;
        int64_t left = time_limit_left(&work->limit, ROUND_MS);
        if (!busy)
            work_fail(work, arena, at, &errors, d);
        else if (left <= 0)
            work_error(work, arena, at, d, "A gateway is not let go",
                       "%s is at work for \"%s\": %s. \"%s\" takes it over when that has come to "
                       "an end. The next apply tries again.",
                       glm_object_ref_text(arena, ref), work->pairs[index].from->name, busy,
                       work->installer->name);
        if (!busy || left <= 0 || work_interrupted(work, arena, at, d))
            return false;
        work->cluster->ops->await(work->cluster, &version, 0);
        work->cluster->ops->await(work->cluster, &version, left);
    }
}

void hands_yield(struct work *work, struct glm_arena *arena, struct glm_diags *d)
{
    for (size_t i = 0; i < work->wanted->pair_count; i++) {
        struct pair_work *p = &work->pairs[i];
        if (!p->from || p->blocked)
            continue;
        for (size_t k = 0; k < p->left_count && !p->blocked; k++) {
            if (work_stopped(work, arena, WORK_AT(work, i), d)) {
                p->blocked = true;
                break;
            }
            p->handed = true;
            p->blocked = !yield_until(work, arena, i, &p->left[k].ref, d);
        }
        p->handed = p->handed || !p->blocked;
    }
}

/* ---- until all is taken up ---- */

/* Adds what the new one has not taken up yet to lines. false: that cannot be asked. */
static bool find_waiting(struct work *work, struct glm_arena *arena, size_t index,
                         struct glm_text *lines, struct glm_diags *errors)
{
    const struct record_object *objects;
    size_t count = record_objects(arena, work->record, &objects);
    for (size_t i = 0; i < count; i++) {
        struct glm_object_ref ref;
        struct glm_read read;
        if (!hands_is_left(work, arena, &objects[i], &work->wanted->pairs[index], &ref))
            continue;
        if (!work->cluster->ops->read(work->cluster, arena, &ref, &read, errors))
            return false;
        if (read.found == GLM_FOUND &&
            hands_heir(work, arena, index, &ref, objects[i].role, &read) == GLM_INSTALLER_WAIT)
            glm_text_addf(lines, "\n  %s", glm_object_ref_text(arena, &ref));
    }
    return true;
}

static bool is_taken_up(struct work *work, struct glm_arena *arena, size_t index,
                        struct glm_diags *d)
{
    const struct glm_path *at = WORK_AT(work, index);
    for (;;) {
        struct glm_arena *GLM_AUTO_ARENA scratch = glm_arena_create(GLM_ARENA_RPC_LIMIT);
        struct glm_diags errors;
        struct glm_text lines;
        uint64_t version = 0;
        glm_diags_init(&errors, scratch);
        glm_text_init(&lines, scratch, (size_t)64 << 10);
        if (!find_waiting(work, scratch, index, &lines, &errors)) {
            work_fail(work, arena, at, &errors, d);
            return false;
        }
        if (lines.len == 0 || !work->patient)
            return lines.len == 0;
        int64_t left = time_limit_left(&work->limit, ROUND_MS);
        if (left <= 0)
            work_error(work, arena, at, d, "A gateway was not taken up",
                       "\"%s\" says that the gateway is HEALTHY, and has not made its own what "
                       "\"%s\" has made of it:\n%s\n\nNothing of that was removed, and traffic "
                       "goes on. Whatever acts for \"%s\" in this cluster may remember an earlier "
                       "time: restart it, and apply again.",
                       work->installer->name, work->pairs[index].from->name, lines.data,
                       work->installer->name);
        if (left <= 0 || work_interrupted(work, arena, at, d))
            return false;
        work->cluster->ops->await(work->cluster, &version, 0);
        work->cluster->ops->await(work->cluster, &version, left);
    }
}

/* What was written instead of an object gives way to that. */
static bool finish_object(struct work *work, struct glm_arena *arena, size_t index, size_t o,
                          struct glm_diags *d)
{
    const struct wanted_pair *pair = &work->wanted->pairs[index];
    const struct wanted_object *object = &pair->objects[o];
    struct pair_work *p = &work->pairs[index];
    const struct write_for purpose = {
        .at = WORK_AT(work, index), .pair = pair, .from = p->from, .finish = true};
    struct written written = {0};
    struct glm_diags errors;
    glm_diags_init(&errors, arena);
    if (!work->cluster->ops->read(work->cluster, arena, &object->ref, &p->looks[o], &errors)) {
        work_fail(work, arena, WORK_AT(work, index), &errors, d);
        return false;
    }
    if (!write_object(work, arena, object, &p->looks[o], &purpose, &written, d))
        return false;
    if (object->main && written.version)
        p->written = written.version;
    outcome_object(work, pair, object, written.stored, written.altered);
    return true;
}

static bool finish(struct work *work, struct glm_arena *arena, size_t index, struct glm_diags *d)
{
    const struct wanted_pair *pair = &work->wanted->pairs[index];
    for (size_t o = 0; o < pair->object_count; o++)
        if (pair->objects[o].role != GLM_ROLE_NAMESPACE &&
            pair->objects[o].role != GLM_ROLE_TRAFFIC && !finish_object(work, arena, index, o, d))
            return false;
    return true;
}

/* The end of those that were finished just now: others have come to theirs. */
static void wait_again(struct work *work, struct glm_arena *arena, const bool *finished,
                       struct glm_diags *d)
{
    const size_t count = work->wanted->pair_count;
    bool *await = GLM_NEW_ARRAY(arena, count, bool);
    for (size_t i = 0; i < count; i++) {
        await[i] = work->pairs[i].await;
        work->pairs[i].await = finished[i];
    }
    wait_until_ready(work, arena, d);
    for (size_t i = 0; i < count; i++)
        work->pairs[i].await = await[i];
}

void hands_take(struct work *work, struct glm_arena *arena, struct glm_diags *d)
{
    bool *finished = GLM_NEW_ARRAY(arena, work->wanted->pair_count, bool), any = false;
    for (size_t i = 0; i < work->wanted->pair_count && !work->failed; i++) {
        struct pair_work *p = &work->pairs[i];
        if (!p->from || !p->ready || !p->seen_healthy)
            continue;
        p->takes = is_taken_up(work, arena, i, d);
        finished[i] = p->takes && p->instead;
        p->takes = p->takes && (!p->instead || finish(work, arena, i, d));
        any = any || finished[i];
    }
    if (any && !work->failed)
        wait_again(work, arena, finished, d);
}

/* ---- what is left ---- */

/* Among the pairs that change hands; pair_count: it is of none of them. */
static size_t find_pair(const struct work *work, const struct record_object *o)
{
    size_t i = 0;
    while (work->wanted && i < work->wanted->pair_count &&
           !(work->pairs[i].from && hands_is_of_pair(work, o, &work->wanted->pairs[i])))
        i++;
    return work->wanted && i < work->wanted->pair_count ? i : SIZE_MAX;
}

/* false: with an error. */
static bool release(struct work *work, struct glm_arena *arena, const struct glm_object_ref *ref,
                    struct glm_read *look, struct glm_diags *errors)
{
    for (int stale = 0; stale < STALE_LIMIT && look->found == GLM_FOUND; stale++) {
        struct glm_write write = {.object = glm_object_bare(arena, ref),
                                  .kind = ref->kind,
                                  .seen = look->object,
                                  .force = true};
        enum glm_written written;
        if (!work->cluster->ops->write(work->cluster, arena, &write, &written, errors))
            return false;
        if (written == GLM_WRITE_DONE)
            return true;
        if (work_stop_asked(work) ||
            !work->cluster->ops->read(work->cluster, arena, ref, look, errors))
            return false;
    }
    return look->found != GLM_FOUND ||
           glm_error(errors, NULL, "An object was not released",
                     "%s changed each time while it was being released to who has it now. The next "
                     "apply tries again.",
                     glm_object_ref_text(arena, ref));
}

/* The installer that has made a main object, if that knows how it leaves without harm. */
static const struct glm_installer *yielder(struct work *work, const struct record_object *o,
                                           const struct glm_object_ref *ref)
{
    const char *cluster = o->cluster ? o->cluster : work->cluster_name;
    if (!o->main || !o->pair)
        return NULL;
    const struct record_pair noted = record_pair(work_record(work, cluster), o->pair);
    const struct glm_installer *maker =
        maker_of_kind(work->estate, &noted, ref->kind, work->installer);
    return maker && maker->yields ? maker : NULL;
}

/* One whose actor is kept away by us would wait for it in vain, or be cleaned up after. */
static bool let_go(struct work *work, struct glm_arena *arena, const struct glm_installer *maker,
                   const struct glm_object_ref *ref, struct glm_read *look, bool *ret_gone,
                   struct glm_diags *errors)
{
    const struct glm_installer_call call = call_of(work, arena, maker);
    for (int stale = 0; stale < STALE_LIMIT && !work_stop_asked(work); stale++) {
        struct glm_installer_yield yield;
        enum glm_written written;
        if (look->found != GLM_FOUND) {
            *ret_gone = true;
            return true;
        }
        if (!seam_yields(&call, NULL, ref, look->object, &yield, errors))
            return false;
        if (!is_there(arena, look->object, yield.object))
            return glm_error(errors, NULL, "An object is acted on again",
                             "%s was to be let go, and somebody has taken away what keeps others "
                             "from acting on it. It was not removed; the next apply begins anew.",
                             glm_object_ref_text(arena, ref));
        if (!work->cluster->ops->let_go(work->cluster, arena, ref, look->object, yield.finalizer,
                                        &written, ret_gone, errors))
            return false;
        if (written == GLM_WRITE_DONE)
            return true;
        if (!work->cluster->ops->read(work->cluster, arena, ref, look, errors))
            return false;
    }
    return glm_error(errors, NULL, "An object keeps changing",
                     "%s changed each time between the look at it and its removal.",
                     glm_object_ref_text(arena, ref));
}

bool hands_return(struct work *work, struct glm_arena *arena, const struct glm_object_ref *ref,
                  struct glm_diags *errors)
{
    struct glm_read look;
    for (int stale = 0; stale < STALE_LIMIT; stale++) {
        if (!work->cluster->ops->read(work->cluster, arena, ref, &look, errors))
            return false;
        if (look.found != GLM_FOUND || !hands_is_kept_away(work, arena, look.object))
            return true;
        struct glm_write write = {.object = glm_object_bare(arena, ref),
                                  .kind = ref->kind,
                                  .seen = look.object,
                                  .manager = hands_manager(work, arena)};
        enum glm_written written;
        if (!work->cluster->ops->write(work->cluster, arena, &write, &written, errors))
            return false;
    }
    return glm_error(errors, NULL, "An object keeps changing",
                     "%s is being removed, and changed each time before who acts on it could be "
                     "let come back to clean up. The next apply tries again.",
                     glm_object_ref_text(arena, ref));
}

bool hands_remove(struct work *work, struct glm_arena *arena, const struct record_object *o,
                  const struct glm_object_ref *ref, struct glm_read *look, enum hands_left *ret,
                  bool *ret_gone, struct glm_diags *errors)
{
    const struct glm_installer *maker = yielder(work, o, ref);
    size_t index = find_pair(work, o);
    bool changes = index != SIZE_MAX;
    *ret = HANDS_NOT_ITS;
    if (work->cluster->ops->files || look->found != GLM_FOUND)
        return true;
    if (changes && !work->pairs[index].takes) {
        *ret = HANDS_KEPT;
        return true;
    }
    enum glm_installer_heir heir =
        changes ? hands_heir(work, arena, index, ref, o->role, look) : GLM_INSTALLER_NOT;
    if (heir != GLM_INSTALLER_NOT) {
        *ret = heir == GLM_INSTALLER_TAKES ? HANDS_DONE : HANDS_KEPT;
        *ret_gone = true;
        return heir != GLM_INSTALLER_TAKES || release(work, arena, ref, look, errors);
    }
    if (!maker || (!changes && !hands_is_kept_away(work, arena, look->object)))
        return true;
    /* All of the pair goes, and who knows how far it has come over. */
    if (!changes) {
        *ret = HANDS_RETURNS;
        return true;
    }
    const struct glm_installer_call call = call_of(work, arena, maker);
    struct glm_installer_yield yield;
    if (!seam_yields(&call, NULL, ref, look->object, &yield, errors))
        return false;
    if (!yield.object && !yield.finalizer)
        return true;
    *ret = HANDS_DONE;
    *ret_gone = false;
    return let_go(work, arena, maker, ref, look, ret_gone, errors);
}

/* ---- the end ---- */

static bool is_same_object(struct work *work, struct glm_arena *arena, size_t index, size_t o,
                           struct glm_text *lines, struct glm_diags *errors)
{
    const struct wanted_object *object = &work->wanted->pairs[index].objects[o];
    const char *was = work->pairs[index].uids ? work->pairs[index].uids[o] : NULL;
    struct glm_read read;
    if (object->role == GLM_ROLE_NAMESPACE || !was)
        return true;
    if (!work->cluster->ops->read(work->cluster, arena, &object->ref, &read, errors))
        return false;
    if (read.found != GLM_FOUND ||
        !glm_string_is(glm_get_path(read.object, "metadata", "uid", NULL), was))
        glm_text_addf(lines, "\n  %s", glm_object_ref_text(arena, &object->ref));
    return true;
}

/* What was taken over is there, and is what it was. */
static bool verify(struct work *work, struct glm_arena *arena, size_t index, struct glm_diags *d)
{
    const struct glm_path *at = WORK_AT(work, index);
    struct glm_diags errors;
    struct glm_text lines;
    bool ok = true;
    glm_diags_init(&errors, arena);
    glm_text_init(&lines, arena, (size_t)64 << 10);
    for (size_t o = 0; ok && o < work->wanted->pairs[index].object_count; o++)
        ok = is_same_object(work, arena, index, o, &lines, &errors);
    if (!ok)
        work_fail(work, arena, at, &errors, d);
    else if (lines.len > 0)
        work_error(
            work, arena, at, d, "Something was replaced while it changed hands",
            "These are not the objects any more that \"%s\" has made, or they are gone:%s\n\n"
            "Somebody else has removed them. The next apply makes what is missing.",
            work->pairs[index].from->name, lines.data);
    return ok && lines.len == 0;
}

/* True when the result still has something that the other one has made of a pair. */
static bool is_any_left(struct work *work, struct glm_arena *arena, size_t index)
{
    const struct record_object *objects;
    size_t count = record_objects(arena, work->record, &objects);
    struct glm_object_ref ref;
    for (size_t i = 0; i < count; i++)
        if (hands_is_left(work, arena, &objects[i], &work->wanted->pairs[index], &ref) &&
            outcome_has_object(work, objects[i].text))
            return true;
    return false;
}

void hands_end(struct work *work, struct glm_arena *arena, struct glm_diags *d)
{
    for (size_t i = 0; work->wanted && i < work->wanted->pair_count; i++) {
        struct pair_work *p = &work->pairs[i];
        if (!p->from || !p->takes || is_any_left(work, arena, i))
            continue;
        p->taken = verify(work, arena, i, d);
        outcome_note(work, i);
    }
}
