/* SPDX-License-Identifier: Apache-2.0
 *
 * The fake cluster. See fake_cluster.h.
 */
#include "fake_cluster.h"

#include "glm/value.h"

#include <pthread.h>
#include <string.h>

#define MOST_OBJECTS 4096

struct entry {
    struct glm_object_ref ref;
    const struct glm_value *object; /* NULL: garbage */
    bool used, fixed;
};

struct glm_fake_cluster {
    struct glm_cluster base;
    struct glm_arena *arena;
    pthread_mutex_t lock;
    struct entry entries[MOST_OBJECTS];
    size_t top; /* beyond it nothing was ever used */
    unsigned operations, writes, removals;
    unsigned fail_at, stop_after, lose_at;
    int64_t given, listed_within, wrote_within; /* milliseconds */
    const struct glm_object_kind *lost;
    const char *why;
    const char *refused[GLM_ROWS + 1]; /* why; beside glm_object_kinds, and of all others */
    const char *denied[GLM_ROWS + 1];
    bool unserved[GLM_ROWS + 1];
    bool broken;
    const struct glm_conflict *conflicts;
    size_t conflict_count;
    atomic_bool *stop;
    void (*round)(void *context);
    void *context;
};

static struct glm_fake_cluster *fake(const struct glm_cluster *cluster)
{
    return (struct glm_fake_cluster *)(uintptr_t)cluster;
}

static size_t row(const struct glm_object_kind *kind)
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

static struct entry *find(struct glm_fake_cluster *f, const struct glm_object_ref *ref)
{
    for (size_t i = 0; i < f->top; i++) {
        struct entry *e = &f->entries[i];
        if (e->used && e->ref.kind == ref->kind && same(e->ref.namespace_, ref->namespace_) &&
            same(e->ref.name, ref->name))
            return e;
    }
    return NULL;
}

static void set(struct glm_fake_cluster *f, const struct glm_object_ref *ref,
                const struct glm_value *object)
{
    struct entry *e = find(f, ref);
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
    struct entry *e = find(f, ref);
    bool served = !f->unserved[row(ref->kind)];
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

/* What `kubectl -l` would do with "KEY" or "KEY=VALUE". */
static bool has_label(const struct glm_value *object, const char *selector)
{
    const struct glm_value *labels = glm_get_path(object, "metadata", "labels", NULL);
    const char *end = strchrnul(selector, '=');
    for (size_t i = 0; glm_is_map(labels) && i < labels->len; i++) {
        const struct glm_pair *pair = &labels->as.map[i];
        if (strlen(pair->key) == (size_t)(end - selector) &&
            strncmp(pair->key, selector, strlen(pair->key)) == 0)
            return !*end || glm_string_is(pair->value, end + 1);
    }
    return false;
}

static bool is_selected(const struct entry *e, const struct glm_selection *selection)
{
    static const char by_name[] = "metadata.name=";
    if (!selection)
        return true;
    return (!selection->namespace_ || same(selection->namespace_, e->ref.namespace_)) &&
           (!selection->labels || has_label(e->object, selection->labels)) &&
           (!selection->fields || (strncmp(selection->fields, by_name, sizeof by_name - 1) == 0 &&
                                   same(selection->fields + sizeof by_name - 1, e->ref.name)));
}

static bool fake_list(struct glm_cluster *cluster, struct glm_arena *arena,
                      const struct glm_object_kind *kind, const struct glm_selection *selection,
                      struct glm_read *ret_read, struct glm_diags *d)
{
    struct glm_fake_cluster *f = fake(cluster);
    struct glm_list_builder list;
    glm_list_init(&list, arena);
    pthread_mutex_lock(&f->lock);
    f->listed_within = f->given;
    bool ok = operate(f, d);
    if (ok && f->refused[row(kind)])
        ok = glm_error(d, NULL, "The fake cluster refuses", "%s", f->refused[row(kind)]);
    if (ok && f->denied[row(kind)])
        ok = glm_error_denied(d, NULL, "The fake cluster forbids", "%s", f->denied[row(kind)]);
    for (size_t i = 0; i < f->top; i++)
        if (f->entries[i].used && f->entries[i].ref.kind == kind && f->entries[i].object &&
            is_selected(&f->entries[i], selection))
            glm_list_add(&list, glm_copy(arena, f->entries[i].object));
    pthread_mutex_unlock(&f->lock);
    if (ok)
        *ret_read =
            (struct glm_read){.found = f->unserved[row(kind)] ? GLM_FOUND_NO_API : GLM_FOUND,
                              .object = glm_list_finish(&list),
                              .why = f->unserved[row(kind)] ? "the fake does not serve it" : NULL};
    return ok;
}

static bool fake_write(struct glm_cluster *cluster, struct glm_arena *arena, struct glm_write *w,
                       enum glm_written *ret_written, struct glm_diags *d)
{
    struct glm_fake_cluster *f = fake(cluster);
    struct glm_object_ref ref;
    pthread_mutex_lock(&f->lock);
    bool ok = operate(f, d) && (glm_object_ref_as(w->object, w->kind, &ref) ||
                                glm_error(d, NULL, "No object", "The fake wants objects."));
    w->conflicts = f->conflicts;
    w->conflict_count = ok && !w->force ? f->conflict_count : 0;
    if (w->conflict_count)
        *ret_written = GLM_WRITE_CONFLICT;
    if (ok && !w->conflict_count) {
        set(f, &ref, w->object);
        w->stored = glm_copy(arena, find(f, &ref)->object);
        *ret_written = GLM_WRITE_DONE;
        f->writes++;
        f->wrote_within = f->given;
        if (f->stop_after > 0 && --f->stop_after == 0)
            atomic_store(f->stop, true);
        w->unsure = f->lose_at > 0 && ref.kind == f->lost && --f->lose_at == 0;
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
    struct entry *e = find(f, ref);
    if (ok && e) {
        e->used = e->fixed = false;
        f->removals++;
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

static const struct glm_cluster_ops ops = {
    .kind = "fake",
    .files = true,
    .label = label,
    .identify = identify,
    .read = fake_read,
    .list = fake_list,
    .write = fake_write,
    .remove = fake_remove,
    .destroy = destroy,
};

static const struct glm_cluster_ops live_ops = {
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
    .destroy = destroy,
};

static struct glm_cluster *create(const char *name, const struct glm_cluster_ops *with)
{
    struct glm_arena *arena = glm_arena_create((size_t)1 << 30);
    struct glm_fake_cluster *f = GLM_NEW(arena, struct glm_fake_cluster);
    f->base.ops = with;
    f->base.name = glm_strdup(arena, name);
    f->arena = arena;
    pthread_mutex_init(&f->lock, NULL);
    return &f->base;
}

struct glm_cluster *glm_fake_create(const char *name)
{
    return create(name, &ops);
}

struct glm_cluster *glm_fake_create_live(const char *name)
{
    return create(name, &live_ops);
}

void glm_fake_refuse(struct glm_cluster *cluster, const struct glm_object_kind *kind,
                     const char *why)
{
    fake(cluster)->refused[row(kind)] = why;
}

void glm_fake_deny(struct glm_cluster *cluster, const struct glm_object_kind *kind, const char *why)
{
    fake(cluster)->denied[row(kind)] = why;
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
    fake(cluster)->unserved[row(kind)] = unserved;
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

void glm_fake_put(struct glm_cluster *cluster, const struct glm_value *object)
{
    struct glm_object_ref ref;
    if (glm_object_ref_of(object, &ref))
        set(fake(cluster), &ref, object);
}

void glm_fake_fix(struct glm_cluster *cluster, const struct glm_object_ref *ref,
                  const struct glm_value *object)
{
    struct entry *e = find(fake(cluster), ref);
    if (e)
        e->fixed = false;
    set(fake(cluster), ref, object);
    find(fake(cluster), ref)->fixed = true;
}

void glm_fake_each_round(struct glm_cluster *cluster, void (*round)(void *context), void *context)
{
    fake(cluster)->round = round;
    fake(cluster)->context = context;
}

void glm_fake_delete(struct glm_cluster *cluster, const struct glm_object_kind *kind,
                     const char *ns, const char *name)
{
    struct entry *e =
        find(fake(cluster), &(struct glm_object_ref){.kind = kind, .namespace_ = ns, .name = name});
    if (e)
        e->used = e->fixed = false;
}

void glm_fake_garble(struct glm_cluster *cluster, const struct glm_object_kind *kind,
                     const char *ns, const char *name)
{
    set(fake(cluster), &(struct glm_object_ref){.kind = kind, .namespace_ = ns, .name = name},
        NULL);
}

const struct glm_value *glm_fake_get(struct glm_cluster *cluster,
                                     const struct glm_object_kind *kind, const char *ns,
                                     const char *name)
{
    struct entry *e =
        find(fake(cluster), &(struct glm_object_ref){.kind = kind, .namespace_ = ns, .name = name});
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
