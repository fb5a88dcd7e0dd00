/* SPDX-License-Identifier: Apache-2.0
 *
 * What tests tell a fake cluster, and ask it.
 */
#include "fake_internal.h"
#include "fake_owned.h"
#include "glm/value.h"

#include <string.h>

struct glm_cluster *glm_fake_create(const char *name)
{
    return fake_create(name, &fake_ops);
}

struct glm_cluster *glm_fake_create_live(const char *name)
{
    struct glm_cluster *cluster = fake_create(name, &fake_live_ops);
    cluster->field_manager = "the manager";
    return cluster;
}

void glm_fake_own_fields(struct glm_cluster *cluster)
{
    fake(cluster)->owns = true;
}

void glm_fake_apply_as(struct glm_cluster *cluster, const struct glm_object_kind *kind,
                       const struct glm_value *object, const char *manager)
{
    struct glm_fake_cluster *f = fake(cluster);
    struct glm_object_ref ref;
    struct glm_owned was = {&glm_null, &glm_null}, is;
    struct glm_conflict ignored;
    if (!glm_object_ref_as(object, kind, &ref))
        return;
    pthread_mutex_lock(&f->lock);
    const struct fake_entry *e = fake_find(f, &ref);
    if (e && e->object)
        was = (struct glm_owned){e->object, e->applied ? e->applied : &glm_null};
    glm_owned_apply(f->arena, &was, object, manager, true, &is, &ignored);
    fake_set(f, &ref, is.live);
    fake_find(f, &ref)->applied = glm_copy(f->arena, is.applied);
    pthread_mutex_unlock(&f->lock);
}

void glm_fake_refuse_writes(struct glm_cluster *cluster, const struct glm_object_kind *kind,
                            const char *why)
{
    fake(cluster)->unwritable = kind;
    fake(cluster)->unwritable_why = why;
}

void glm_fake_remember(struct glm_cluster *cluster, const struct glm_object_kind *kind)
{
    struct glm_fake_cluster *f = fake(cluster);
    struct glm_read read;
    struct glm_diags ignored;
    glm_diags_init(&ignored, f->arena);
    f->remembered = NULL;
    if (kind && cluster->ops->list(cluster, f->arena, kind, NULL, &read, &ignored)) {
        f->remembers = read.object;
        f->remembered = kind;
    }
}

unsigned glm_fake_fresh_lists(const struct glm_cluster *cluster)
{
    return fake(cluster)->fresh_lists;
}

void glm_fake_untell(struct glm_cluster *cluster, const struct glm_object_kind *kind)
{
    fake(cluster)->untold = kind;
}

void glm_fake_die_after(struct glm_cluster *cluster, unsigned nth, atomic_bool *stop)
{
    fake(cluster)->die_after = nth;
    fake(cluster)->stop = stop;
}

void glm_fake_refuse(struct glm_cluster *cluster, const struct glm_object_kind *kind,
                     const char *why)
{
    fake(cluster)->refused[fake_row(kind)] = why;
}

void glm_fake_deny(struct glm_cluster *cluster, const struct glm_object_kind *kind, const char *why)
{
    fake(cluster)->denied[fake_row(kind)] = why;
}

void glm_fake_conflict(struct glm_cluster *cluster, const struct glm_conflict *conflicts,
                       size_t count)
{
    fake(cluster)->conflicts = conflicts;
    fake(cluster)->conflict_count = count;
}

void glm_fake_unserve(struct glm_cluster *cluster, const struct glm_object_kind *kind,
                      bool unserved)
{
    fake(cluster)->unserved[fake_row(kind)] = unserved;
}

void glm_fake_fail_at(struct glm_cluster *cluster, unsigned nth, const char *why)
{
    fake(cluster)->fail_at = nth;
    fake(cluster)->why = why;
}

void glm_fake_lose_at(struct glm_cluster *cluster, const struct glm_object_kind *kind, unsigned nth)
{
    fake(cluster)->lost = kind;
    fake(cluster)->lose_at = nth;
    fake(cluster)->stale = false;
}

void glm_fake_stale_at(struct glm_cluster *cluster, const struct glm_object_kind *kind,
                       unsigned nth)
{
    glm_fake_lose_at(cluster, kind, nth);
    fake(cluster)->stale = true;
}

void glm_fake_break(struct glm_cluster *cluster, bool broken)
{
    fake(cluster)->broken = broken;
}

void glm_fake_stop_after(struct glm_cluster *cluster, unsigned nth_write, atomic_bool *flag)
{
    fake(cluster)->stop_after = nth_write;
    fake(cluster)->stop = flag;
}

void glm_fake_put_as(struct glm_cluster *cluster, const struct glm_object_kind *kind,
                     const struct glm_value *object)
{
    struct glm_object_ref ref;
    if (!glm_object_ref_as(object, kind, &ref))
        return;
    struct glm_fake_cluster *f = fake(cluster);
    const struct fake_entry *e = fake_find(f, &ref);
    fake_set(f, &ref,
             f->owns ? glm_owned_touched(f->arena, e && e->object ? e->object : &glm_null, object)
                     : object);
}

void glm_fake_put(struct glm_cluster *cluster, const struct glm_value *object)
{
    glm_fake_put_as(cluster, NULL, object);
}

void glm_fake_fix(struct glm_cluster *cluster, const struct glm_object_ref *ref,
                  const struct glm_value *object)
{
    struct fake_entry *e = fake_find(fake(cluster), ref);
    if (e)
        e->fixed = false;
    fake_set(fake(cluster), ref, object);
    fake_find(fake(cluster), ref)->fixed = true;
}

void glm_fake_each_round(struct glm_cluster *cluster, void (*round)(void *context), void *context)
{
    fake(cluster)->round = round;
    fake(cluster)->context = context;
}

void glm_fake_die_unheard(struct glm_cluster *cluster, bool unheard)
{
    fake(cluster)->deaf = unheard;
}

void glm_fake_each_change(struct glm_cluster *cluster)
{
    fake(cluster)->prompt = true;
}

void glm_fake_delete(struct glm_cluster *cluster, const struct glm_object_kind *kind,
                     const char *ns, const char *name)
{
    struct fake_entry *e = fake_find(
        fake(cluster), &(struct glm_object_ref){.kind = kind, .namespace_ = ns, .name = name});
    if (e)
        e->used = e->fixed = false;
}

void glm_fake_garble(struct glm_cluster *cluster, const struct glm_object_kind *kind,
                     const char *ns, const char *name)
{
    fake_set(fake(cluster), &(struct glm_object_ref){.kind = kind, .namespace_ = ns, .name = name},
             NULL);
}

const struct glm_value *glm_fake_get(struct glm_cluster *cluster,
                                     const struct glm_object_kind *kind, const char *ns,
                                     const char *name)
{
    struct fake_entry *e = fake_find(
        fake(cluster), &(struct glm_object_ref){.kind = kind, .namespace_ = ns, .name = name});
    return e && e->object ? e->object : &glm_null;
}

int64_t glm_fake_listed_within(const struct glm_cluster *cluster)
{
    return fake(cluster)->listed_within;
}

int64_t glm_fake_wrote_within(const struct glm_cluster *cluster)
{
    return fake(cluster)->wrote_within;
}

unsigned glm_fake_writes(const struct glm_cluster *cluster)
{
    return fake(cluster)->writes;
}

unsigned glm_fake_rehearsals(const struct glm_cluster *cluster)
{
    return fake(cluster)->rehearsals;
}

unsigned glm_fake_removals(const struct glm_cluster *cluster)
{
    return fake(cluster)->removals;
}

unsigned glm_fake_operations(const struct glm_cluster *cluster)
{
    return fake(cluster)->operations;
}

size_t glm_fake_count(const struct glm_cluster *cluster)
{
    size_t count = 0;
    for (size_t i = 0; i < fake(cluster)->top; i++)
        count += fake(cluster)->entries[i].used;
    return count;
}
