/* SPDX-License-Identifier: Apache-2.0
 *
 * The fake cluster. See fake_cluster.h.
 */
#include "fake_cluster.h"

#include "fake_internal.h"
#include "fake_owned.h"
#include "glm/text.h"
#include "glm/value.h"

#include <pthread.h>
#include <string.h>

size_t fake_row(const struct glm_object_kind *kind)
{
    size_t i = 0;
    while (i < GLM_ROWS && &glm_object_kinds[i] != kind)
        i++;
    return i;
}

static bool same(const char *a, const char *b)
{
    return (!a && !b) || (a && b && strcmp(a, b) == 0);
}

struct fake_entry *fake_find(struct glm_fake_cluster *f, const struct glm_object_ref *ref)
{
    for (size_t i = 0; i < f->top; i++) {
        struct fake_entry *e = &f->entries[i];
        if (e->used && e->ref.kind == ref->kind && same(e->ref.namespace_, ref->namespace_) &&
            same(e->ref.name, ref->name))
            return e;
    }
    return NULL;
}

void fake_set(struct glm_fake_cluster *f, const struct glm_object_ref *ref,
              const struct glm_value *object)
{
    struct fake_entry *e = fake_find(f, ref);
    for (size_t i = 0; i < MOST_OBJECTS && !e; i++) {
        if (!f->entries[i].used)
            e = &f->entries[i];
        f->top = e && i >= f->top ? i + 1 : f->top;
    }
    if (!e)
        return; /* full: a test that needs more raises the number */
    e->used = true;
    if (e->fixed)
        return;
    e->ref.kind = ref->kind;
    e->ref.namespace_ = ref->namespace_ ? glm_strdup(f->arena, ref->namespace_) : NULL;
    e->ref.name = glm_strdup(f->arena, ref->name);
    e->object = object ? glm_copy(f->arena, object) : NULL;
}

/* Counts the operation; false when it is to fail. Called with the lock held. */
static bool operate(struct glm_fake_cluster *f, struct glm_diags *d)
{
    f->operations++;
    bool fail = f->broken || (f->fail_at > 0 && --f->fail_at == 0);
    if (fail)
        glm_error(d, NULL, "The fake cluster fails", "%s", f->why ? f->why : "It is broken.");
    return !fail;
}

static const char *label(const struct glm_cluster *cluster, struct glm_arena *arena)
{
    return glm_sprintf(arena, "fake %s", cluster->name);
}

static bool identify(struct glm_cluster *cluster, struct glm_arena *arena, const char **ret_place,
                     struct glm_diags *d)
{
    (void)d;
    *ret_place = label(cluster, arena);
    return true;
}

static bool fake_read(struct glm_cluster *cluster, struct glm_arena *arena,
                      const struct glm_object_ref *ref, struct glm_read *ret_read,
                      struct glm_diags *d)
{
    struct glm_fake_cluster *f = fake(cluster);
    pthread_mutex_lock(&f->lock);
    bool ok = operate(f, d);
    struct fake_entry *e = fake_find(f, ref);
    bool served = !f->unserved[fake_row(ref->kind)];
    if (ok)
        *ret_read = (struct glm_read){
            .found = !served      ? GLM_FOUND_NO_API
                     : !e         ? GLM_FOUND_NOTHING
                     : !e->object ? GLM_FOUND_UNREADABLE
                                  : GLM_FOUND,
            .object = e && e->object ? glm_copy(arena, e->object) : &glm_null,
            .why = !served           ? "the fake does not serve it"
                   : e && !e->object ? "it is garbage"
                                     : NULL,
        };
    pthread_mutex_unlock(&f->lock);
    return ok;
}

/* No operation: it fails where the next one would, so that that does. */
static bool fake_has(struct glm_cluster *cluster, const struct glm_object_ref *ref,
                     const struct glm_value *object)
{
    struct glm_fake_cluster *f = fake(cluster);
    pthread_mutex_lock(&f->lock);
    struct fake_entry *e = fake_find(f, ref);
    bool has = !f->broken && !f->fail_at && !f->unserved[fake_row(ref->kind)] && e && e->object &&
               glm_equal(e->object, object);
    pthread_mutex_unlock(&f->lock);
    return has;
}

/* Of an API server the usual ones are those with the kind's label. */
static const struct glm_selection *usual(const struct glm_object_kind *kind,
                                         const struct glm_selection *selection,
                                         struct glm_selection *ret, struct glm_arena *arena)
{
    if (!kind->label ||
        (selection && (selection->namespace_ || selection->labels || selection->fields)))
        return selection;
    *ret = (struct glm_selection){
        .labels =
            kind->value ? glm_sprintf(arena, "%s=%s", kind->label, kind->value) : kind->label};
    return ret;
}

static bool fake_list(struct glm_cluster *cluster, struct glm_arena *arena,
                      const struct glm_object_kind *kind, const struct glm_selection *selection,
                      struct glm_read *ret_read, struct glm_diags *d)
{
    struct glm_fake_cluster *f = fake(cluster);
    struct glm_list_builder list;
    struct glm_selection by_label;
    glm_list_init(&list, arena);
    pthread_mutex_lock(&f->lock);
    f->listed_within = f->given;
    bool ok = operate(f, d);
    if (ok && f->refused[fake_row(kind)])
        ok = glm_error(d, NULL, "The fake cluster refuses", "%s", f->refused[fake_row(kind)]);
    if (ok && f->denied[fake_row(kind)])
        ok = glm_error_denied(d, NULL, "The fake cluster forbids", "%s", f->denied[fake_row(kind)]);
    for (size_t i = 0; i < f->top; i++)
        if (f->entries[i].used && f->entries[i].ref.kind == kind && f->entries[i].object &&
            glm_owned_is_selected(&f->entries[i].ref, f->entries[i].object,
                                  f->owns ? usual(kind, selection, &by_label, arena) : selection))
            glm_list_add(&list, glm_copy(arena, f->entries[i].object));
    bool fresh = selection && selection->fresh;
    bool remembered = f->remembered == kind && !fresh;
    f->fresh_lists += fresh;
    pthread_mutex_unlock(&f->lock);
    if (ok)
        *ret_read = (struct glm_read){
            .found = f->unserved[fake_row(kind)] ? GLM_FOUND_NO_API : GLM_FOUND,
            .object = remembered ? f->remembers : glm_list_finish(&list),
            .why = f->unserved[fake_row(kind)] ? "the fake does not serve it" : NULL};
    return ok;
}

static bool is_at(const struct glm_value *live, const struct glm_value *seen, const char *key)
{
    return glm_equal(glm_get_path(live, "metadata", key, NULL),
                     glm_get_path(seen, "metadata", key, NULL));
}

/* After a write or a removal: it may have been the last one. */
static void die(struct glm_fake_cluster *f)
{
    if (f->die_after == 0 || --f->die_after > 0)
        return;
    f->broken = true;
    atomic_store(f->stop, true);
}

/* As an API server does it. */
static bool write_owned(struct glm_fake_cluster *f, struct glm_arena *arena, struct glm_write *w,
                        const struct glm_object_ref *ref, enum glm_written *ret_written,
                        struct glm_diags *d)
{
    struct fake_entry *e = fake_find(f, ref);
    struct glm_owned was = {&glm_null, &glm_null}, is;
    struct glm_conflict *conflict = GLM_NEW(arena, struct glm_conflict);
    if (e && e->object)
        was = (struct glm_owned){e->object, e->applied ? e->applied : &glm_null};
    w->untold = w->rehearse && f->untold == ref->kind;
    *ret_written = GLM_WRITE_DONE;
    w->stored = w->object;
    f->rehearsals += w->untold;
    if (w->untold)
        return true;
    *ret_written = GLM_WRITE_STALE;
    if (w->seen ? !is_at(was.live, w->seen, "resourceVersion") : glm_is_map(was.live))
        return true;
    *ret_written = GLM_WRITE_CONFLICT;
    w->conflicts = conflict;
    w->conflict_count = 1;
    if (!glm_owned_apply(arena, &was, w->object, w->manager ? w->manager : f->base.field_manager,
                         w->force, &is, conflict))
        return true;
    *ret_written = GLM_WRITE_DONE;
    w->conflict_count = 0;
    w->stored = is.live;
    f->rehearsals += w->rehearse;
    if (f->unwritable == ref->kind)
        return glm_error(d, NULL, "The fake cluster refuses", "%s", f->unwritable_why);
    if (w->rehearse)
        return true;
    fake_set(f, ref, is.live);
    fake_find(f, ref)->applied = glm_copy(f->arena, is.applied);
    f->writes++;
    die(f);
    w->unsure = f->broken && f->deaf;
    return !w->unsure || glm_error(d, NULL, "The fake cluster fails", "The answer is lost.");
}

/* Somebody who acts on what has changed is quick. */
static void changed(struct glm_fake_cluster *f)
{
    if (f->prompt && f->round)
        f->round(f->context);
}

static bool fake_write(struct glm_cluster *cluster, struct glm_arena *arena, struct glm_write *w,
                       enum glm_written *ret_written, struct glm_diags *d)
{
    struct glm_fake_cluster *f = fake(cluster);
    struct glm_object_ref ref;
    pthread_mutex_lock(&f->lock);
    bool ok = operate(f, d) && (glm_object_ref_as(w->object, w->kind, &ref) ||
                                glm_error(d, NULL, "No object", "The fake wants objects."));
    if (ok && f->owns) {
        ok = write_owned(f, arena, w, &ref, ret_written, d);
        pthread_mutex_unlock(&f->lock);
        changed(f);
        return ok;
    }
    w->conflicts = f->conflicts;
    w->conflict_count = ok && !w->force ? f->conflict_count : 0;
    if (w->conflict_count)
        *ret_written = GLM_WRITE_CONFLICT;
    f->rehearsals += w->rehearse;
    if (ok && !w->conflict_count && w->rehearse) {
        w->stored = w->object;
        *ret_written = GLM_WRITE_DONE;
    } else if (ok && !w->conflict_count) {
        fake_set(f, &ref, w->object);
        w->stored = glm_copy(arena, fake_find(f, &ref)->object);
        *ret_written = GLM_WRITE_DONE;
        f->writes++;
        f->wrote_within = f->given;
        if (f->stop_after > 0 && --f->stop_after == 0)
            atomic_store(f->stop, true);
        w->unsure = f->lose_at > 0 && ref.kind == f->lost && --f->lose_at == 0;
        if (w->unsure && f->stale) {
            *ret_written = GLM_WRITE_STALE;
            w->unsure = false;
            f->fail_at = 1;
            f->why = "Not now.";
        }
        if (w->unsure)
            ok = glm_error(d, NULL, "The fake cluster fails", "The answer is lost.");
    }
    pthread_mutex_unlock(&f->lock);
    return ok;
}

static bool fake_remove(struct glm_cluster *cluster, struct glm_arena *arena,
                        const struct glm_object_ref *ref, const struct glm_value *seen,
                        bool *ret_gone, struct glm_diags *d)
{
    (void)arena;
    (void)seen;
    *ret_gone = true;
    struct glm_fake_cluster *f = fake(cluster);
    pthread_mutex_lock(&f->lock);
    bool ok = operate(f, d);
    struct fake_entry *e = fake_find(f, ref);
    const struct glm_value *finalizers =
        ok && e && f->owns ? glm_get_path(e->object, "metadata", "finalizers", NULL) : &glm_null;
    if (glm_is_list(finalizers) && finalizers->len > 0) {
        *ret_gone = false;
        e->object = glm_copy(f->arena, glm_with_path(arena, e->object, glm_string(arena, "now"),
                                                     "metadata", "deletionTimestamp", NULL));
    } else if (ok && e) {
        e->used = e->fixed = false;
        e->applied = NULL;
        f->removals++;
    }
    if (ok && e)
        die(f);
    pthread_mutex_unlock(&f->lock);
    changed(f);
    return ok;
}

static bool fake_let_go(struct glm_cluster *cluster, struct glm_arena *arena,
                        const struct glm_object_ref *ref, const struct glm_value *seen,
                        const char *finalizer, enum glm_written *ret_written, bool *ret_gone,
                        struct glm_diags *d)
{
    (void)arena;
    (void)finalizer;
    struct glm_fake_cluster *f = fake(cluster);
    pthread_mutex_lock(&f->lock);
    bool ok = operate(f, d);
    struct fake_entry *e = fake_find(f, ref);
    *ret_gone = !e;
    *ret_written = GLM_WRITE_DONE;
    if (ok && e && !is_at(e->object, seen, "resourceVersion")) {
        *ret_written = GLM_WRITE_STALE;
    } else if (ok && e) {
        e->used = e->fixed = false;
        e->applied = NULL;
        f->removals++;
        *ret_gone = true;
        die(f);
    }
    pthread_mutex_unlock(&f->lock);
    return ok;
}

static struct glm_cluster *fake_within(struct glm_cluster *cluster, struct glm_arena *arena,
                                       int64_t milliseconds)
{
    (void)arena;
    fake(cluster)->given = milliseconds;
    return cluster;
}

/* Nobody acts on the objects: there is nothing to follow, and nothing to wait for but time. */
static void fake_follow(struct glm_cluster *cluster, const struct glm_object_kind *const *kinds)
{
    (void)cluster;
    (void)kinds;
}

static bool fake_await(struct glm_cluster *cluster, uint64_t *version, int64_t milliseconds)
{
    (void)version;
    struct glm_fake_cluster *f = fake(cluster);
    if (milliseconds > 0 && f->round)
        f->round(f->context);
    return false;
}

static void destroy(struct glm_cluster *cluster)
{
    struct glm_fake_cluster *f = fake(cluster);
    pthread_mutex_destroy(&f->lock);
    glm_arena_destroy(f->arena);
}

const struct glm_cluster_ops fake_ops = {
    .kind = "fake",
    .files = true,
    .label = label,
    .identify = identify,
    .has = fake_has,
    .read = fake_read,
    .list = fake_list,
    .write = fake_write,
    .remove = fake_remove,
    .destroy = destroy,
};

const struct glm_cluster_ops fake_live_ops = {
    .kind = "fake",
    .label = label,
    .identify = identify,
    .read = fake_read,
    .list = fake_list,
    .write = fake_write,
    .remove = fake_remove,
    .within = fake_within,
    .follow = fake_follow,
    .unfollow = fake_follow,
    .await = fake_await,
    .let_go = fake_let_go,
    .destroy = destroy,
};

struct glm_cluster *fake_create(const char *name, const struct glm_cluster_ops *with)
{
    struct glm_arena *arena = glm_arena_create((size_t)1 << 30);
    struct glm_fake_cluster *f = GLM_NEW(arena, struct glm_fake_cluster);
    f->base.ops = with;
    f->base.name = glm_strdup(arena, name);
    f->arena = arena;
    pthread_mutex_init(&f->lock, NULL);
    return &f->base;
}
