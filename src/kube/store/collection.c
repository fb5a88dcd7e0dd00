/* SPDX-License-Identifier: Apache-2.0
 *
 * Collections: what is remembered of one selection of a kind, and for how long that is good.
 *
 * Owner:  a collection has an arena of its own; it lives while somebody uses it or may again.
 * Errors: none.
 * Thread: everything with the store's lock held.
 */
#include "internal.h"

#include <string.h>

#define MEMORY_FOLLOWED_MS 2000 /* where somebody waits, and the watch does not work */

bool store_collection_usual(const struct glm_object_kind *kind, const struct glm_value *object)
{
    if (!kind->label)
        return true;
    const struct glm_value *label = glm_get_path(object, "metadata", "labels", kind->label, NULL);
    return kind->value ? glm_string_is(label, kind->value) : glm_is_string(label);
}

/* Of a selector only equalities and names of labels are understood; whatever else it says may be so. */
static bool may_select(const char *selector, const struct glm_value *labels)
{
    if (strpbrk(selector, "!()~ "))
        return true;
    while (*selector) {
        size_t len = strcspn(selector, ","), key = strcspn(selector, "=,");
        const char *value = selector + key + (selector[key] == '=');
        value += selector[key] == '=' && *value == '=';
        const struct glm_value *label = &glm_null;
        for (size_t i = 0; glm_is_map(labels) && i < labels->len; i++)
            if (strncmp(labels->as.map[i].key, selector, key) == 0 && !labels->as.map[i].key[key])
                label = labels->as.map[i].value;
        size_t left = len - (size_t)(value - selector);
        if (!glm_is_string(label) ||
            (key < len && (label->len != left || memcmp(label->as.text, value, left) != 0)))
            return false;
        selector += len + (selector[len] == ',');
    }
    return true;
}

bool store_collection_may_have(const struct collection *c, const struct glm_value *object)
{
    const struct glm_value *metadata = glm_get(object, "metadata");
    const char *in = glm_string_or(glm_get(metadata, "namespace"), "");
    return (!c->selection.namespace_ || strcmp(c->selection.namespace_, in) == 0) &&
           (!c->selection.labels || may_select(c->selection.labels, glm_get(metadata, "labels")));
}

/* As `kubectl -l` takes it; NULL: all. */
static const char *usual_labels(struct glm_arena *arena, const struct glm_object_kind *kind)
{
    return kind->label && kind->value ? glm_sprintf(arena, "%s=%s", kind->label, kind->value)
                                      : kind->label;
}

void store_collection_destroy(struct collection *c)
{
    store_snapshot_drop(c->memory);
    store_held_drop(c->position);
    store_held_drop(c->last);
    glm_arena_destroy(c->arena);
}

static bool same(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool expired(const struct collection *c)
{
    return !c->usual && !c->users && !c->listing &&
           (!c->as_of_ms || glm_clock_ms() - c->as_of_ms > MEMORY_MS);
}

/* Gives back what nobody is going to ask for again. */
static void tidy(struct store *s)
{
    for (struct collection **at = &s->collections; *at;) {
        struct collection *c = *at;
        if (!expired(c)) {
            at = &c->next;
            continue;
        }
        *at = c->next;
        store_collection_destroy(c);
    }
}

static bool is_of(const struct collection *c, const struct glm_object_kind *kind,
                  const struct glm_selection *selection, bool usual)
{
    return c->kind == kind && c->usual == usual &&
           (usual || (same(c->selection.namespace_, selection->namespace_) &&
                      same(c->selection.labels, selection->labels) &&
                      same(c->selection.fields, selection->fields)));
}

static const char *copy(struct glm_arena *arena, const char *text)
{
    return text ? glm_strdup(arena, text) : NULL;
}

struct collection *store_collection_of(struct store *s, const struct glm_object_kind *kind,
                                       const struct glm_selection *selection)
{
    bool usual = !selection || (!selection->namespace_ && !selection->labels && !selection->fields);
    for (struct collection *c = s->collections; c; c = c->next)
        if (is_of(c, kind, selection, usual))
            return c;
    tidy(s);
    struct glm_arena *arena = glm_arena_create(GLM_ARENA_RPC_LIMIT);
    struct collection *c = GLM_NEW(arena, struct collection);
    c->arena = arena;
    c->store = s;
    c->kind = kind;
    c->usual = usual;
    if (usual)
        c->selection.labels = usual_labels(arena, kind);
    else
        c->selection = (struct glm_selection){
            .namespace_ = copy(arena, selection->namespace_),
            .labels = copy(arena, selection->labels),
            .fields = copy(arena, selection->fields),
        };
    c->next = s->collections;
    s->collections = c;
    return c;
}

void store_collection_remember(struct collection *c, struct snapshot *snapshot)
{
    store_snapshot_drop(c->memory);
    c->memory = snapshot;
}

/* Those who wait for something that is followed look again. */
void store_collection_announce(struct collection *c)
{
    if (!c->followers)
        return;
    c->store->version++;
    pthread_cond_broadcast(&c->store->changed);
}

bool store_collection_in_sync(const struct collection *c)
{
    int64_t known_ms = c->heard_ms > c->as_of_ms ? c->heard_ms : c->as_of_ms;
    return c->watching && c->complete && atomic_load(&c->begun) &&
           glm_clock_ms() - known_ms < c->store->doubt_ms;
}

bool store_collection_fresh(const struct collection *c)
{
    int64_t most = c->followers ? MEMORY_FOLLOWED_MS : MEMORY_MS;
    return store_collection_in_sync(c) ||
           (c->complete && c->as_of_ms && glm_clock_ms() - c->as_of_ms <= most);
}

/* ---- removals ---- */

uint64_t store_collection_hash(const char *text)
{
    uint64_t h = 14695981039346656037u; /* FNV-1a */
    for (; *text; text++)
        h = (h ^ (unsigned char)*text) * 1099511628211u;
    return h;
}

const char *store_collection_uid(const struct glm_value *object)
{
    return glm_string_or(glm_get_path(object, "metadata", "uid", NULL), "");
}

void store_collection_bury(struct collection *c, const char *uid, uint64_t version)
{
    if (!*uid)
        return;
    if (!c->tombs)
        c->tombs = GLM_NEW_ARRAY(c->arena, STORE_TOMBS, struct tomb);
    c->tombs[c->next_tomb++ % STORE_TOMBS] = (struct tomb){store_collection_hash(uid), version};
}

/* The object as it was before a removal that is known. */
bool store_collection_buried(const struct collection *c, const struct item *item)
{
    uint64_t uid = c->tombs ? store_collection_hash(store_collection_uid(item->object)) : 0;
    for (size_t i = 0; c->tombs && i < STORE_TOMBS; i++)
        if (c->tombs[i].uid == uid && c->tombs[i].version >= item->version)
            return true;
    return false;
}

/* Puts an object into memory unless something newer is known. */
void store_collection_put(struct collection *c, const struct item *item)
{
    const struct item *old = store_snapshot_find(c->memory, item->namespace_, item->name);
    bool newer = old && old->version && item->version && old->version >= item->version;
    if (newer || store_collection_buried(c, item))
        return;
    if (!store_snapshot_replace(c->memory, item))
        store_collection_remember(c, store_snapshot_with(c->memory, item));
    store_collection_announce(c);
}

void store_collection_forget(struct collection *c, const char *namespace_, const char *name)
{
    if (!store_snapshot_find(c->memory, namespace_, name))
        return;
    store_collection_remember(c, store_snapshot_without(c->memory, namespace_, name));
    store_collection_announce(c);
}
