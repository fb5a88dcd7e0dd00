/* SPDX-License-Identifier: Apache-2.0
 *
 * Snapshots: the objects of a kind as they were at one moment. A change makes a new one, which
 * shares the objects, unless nobody else has the old one; so whoever reads needs no lock and copies nothing.
 *
 * Owner:  a snapshot and every object in it are counted; the last user gives them back.
 * Errors: none.
 * Thread: any; a snapshot that several have does not change.
 */
#include "internal.h"

#include <stdlib.h>
#include <string.h>

/* A snapshot that is being made: room for count items. */
struct making {
    struct snapshot *snapshot;
    struct item *items;
    const struct glm_value **objects;
    size_t count;
};

static struct making begin(size_t count)
{
    struct glm_arena *arena = glm_arena_create(GLM_ARENA_RPC_LIMIT);
    struct making m = {.snapshot = GLM_NEW(arena, struct snapshot)};
    m.snapshot->arena = arena;
    atomic_init(&m.snapshot->users, 1);
    m.items = GLM_NEW_ARRAY(arena, count, struct item);
    m.objects = GLM_NEW_ARRAY(arena, count, const struct glm_value *);
    return m;
}

static void add(struct making *m, const struct item *item)
{
    m->items[m->count] = *item;
    m->objects[m->count++] = item->object;
    store_held_take(item->held);
}

static struct snapshot *finish(struct making *m)
{
    struct glm_value *list = GLM_NEW(m->snapshot->arena, struct glm_value);
    *list = (struct glm_value){.kind = GLM_LIST, .len = m->count, .as.list = m->objects};
    m->snapshot->items = m->items;
    m->snapshot->objects = m->objects;
    m->snapshot->count = m->count;
    m->snapshot->list = list;
    return m->snapshot;
}

static struct snapshot *take(struct snapshot *snapshot)
{
    atomic_fetch_add_explicit(&snapshot->users, 1, memory_order_relaxed);
    return snapshot;
}

void store_snapshot_drop(struct snapshot *snapshot)
{
    if (!snapshot || atomic_fetch_sub_explicit(&snapshot->users, 1, memory_order_acq_rel) != 1)
        return;
    for (size_t i = 0; i < snapshot->count; i++)
        store_held_drop(snapshot->items[i].held);
    glm_arena_destroy(snapshot->arena);
}

static void drop(void *snapshot)
{
    store_snapshot_drop(snapshot);
}

void store_snapshot_lend(struct snapshot *snapshot, struct glm_arena *arena)
{
    glm_arena_defer(arena, drop, take(snapshot));
}

uint64_t store_item_version(const char *text)
{
    uint64_t version = 0;
    size_t digits = glm_digits(text, SIZE_MAX, &version);
    return text[digits] || version == UINT64_MAX ? 0 : version;
}

bool store_item_of(const struct glm_value *object, struct held *held, struct item *ret_item)
{
    const struct glm_value *metadata = glm_get(object, "metadata");
    const char *name = glm_string_or(glm_get(metadata, "name"), "");
    if (!*name)
        return false;
    *ret_item = (struct item){
        .object = object,
        .held = held,
        .name = name,
        .namespace_ = glm_string_or(glm_get(metadata, "namespace"), ""),
        .version = store_item_version(glm_string_or(glm_get(metadata, "resourceVersion"), "")),
    };
    return true;
}

static int compare_names(const struct item *item, const char *namespace_, const char *name)
{
    int order = strcmp(item->namespace_, namespace_ ? namespace_ : "");
    return order ? order : strcmp(item->name, name);
}

static int by_name(const void *a, const void *b)
{
    const struct item *y = b;
    return compare_names(a, y->namespace_, y->name);
}

/* The first item that does not come before the name. */
static size_t place_of(const struct snapshot *s, const char *namespace_, const char *name)
{
    size_t low = 0, high = s ? s->count : 0;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_names(&s->items[middle], namespace_, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const struct item *store_snapshot_find(const struct snapshot *snapshot, const char *namespace_,
                                       const char *name)
{
    size_t at = place_of(snapshot, namespace_, name);
    bool found = snapshot && at < snapshot->count &&
                 compare_names(&snapshot->items[at], namespace_, name) == 0;
    return found ? &snapshot->items[at] : NULL;
}

struct snapshot *store_snapshot_of_list(struct held *listed)
{
    const struct glm_value *list = listed->value;
    size_t count = glm_is_list(list) ? list->len : 0, kept = 0;
    struct glm_arena *GLM_AUTO_ARENA scratch = glm_arena_create(GLM_ARENA_RPC_LIMIT);
    struct item *items = GLM_NEW_ARRAY(scratch, count, struct item);
    for (size_t i = 0; i < count; i++)
        kept += store_item_of(list->as.list[i], listed, &items[kept]);
    if (kept > 1)
        qsort(items, kept, sizeof *items, by_name);
    struct making m = begin(kept);
    for (size_t i = 0; i < kept; i++)
        if (i == 0 || by_name(&items[i - 1], &items[i]) != 0)
            add(&m, &items[i]);
    return finish(&m);
}

/* old without what is at the name, with item there instead when it is not NULL. */
static struct snapshot *replaced(const struct snapshot *old, const char *namespace_,
                                 const char *name, const struct item *item)
{
    size_t count = old ? old->count : 0, at = place_of(old, namespace_, name);
    struct making m = begin(count + 1);
    for (size_t i = 0; i < at; i++)
        add(&m, &old->items[i]);
    if (item)
        add(&m, item);
    for (size_t i = at; i < count; i++)
        if (i > at || compare_names(&old->items[i], namespace_, name) != 0)
            add(&m, &old->items[i]);
    return finish(&m);
}

struct snapshot *store_snapshot_with(const struct snapshot *old, const struct item *item)
{
    return replaced(old, item->namespace_, item->name, item);
}

bool store_snapshot_replace(struct snapshot *own, const struct item *item)
{
    const struct item *old = own ? store_snapshot_find(own, item->namespace_, item->name) : NULL;
    if (!old || atomic_load_explicit(&own->users, memory_order_acquire) != 1)
        return false;
    size_t at = (size_t)(old - own->items);
    store_held_take(item->held);
    store_held_drop(old->held);
    own->items[at] = *item;
    own->objects[at] = item->object;
    return true;
}

struct snapshot *store_snapshot_without(const struct snapshot *old, const char *namespace_,
                                        const char *name)
{
    return replaced(old, namespace_, name, NULL);
}

struct snapshot *store_snapshot_merge(const struct snapshot *fresh, const struct snapshot *old,
                                      const struct item *(*choose)(void *context,
                                                                   const struct item *fresh,
                                                                   const struct item *old),
                                      void *context)
{
    size_t f = 0, o = 0, fresh_count = fresh ? fresh->count : 0, old_count = old ? old->count : 0;
    struct making m = begin(fresh_count + old_count);
    while (f < fresh_count || o < old_count) {
        int order = f == fresh_count ? 1
                    : o == old_count ? -1
                                     : by_name(&fresh->items[f], &old->items[o]);
        const struct item *one = order <= 0 ? &fresh->items[f++] : NULL;
        const struct item *other = order >= 0 ? &old->items[o++] : NULL;
        const struct item *kept = choose(context, one, other);
        if (kept)
            add(&m, kept);
    }
    return finish(&m);
}
