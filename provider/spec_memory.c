/* SPDX-License-Identifier: Apache-2.0
 *
 * The memory of specs: a table by their text, filled until it is full.
 */
#include "spec_memory.h"

#include <pthread.h>
#include <string.h>

#define SLOTS ((size_t)512)
/* Larger specs, and those that aliases make large, are read again: they are few. */
#define SPEC_MAX ((size_t)256 << 10)
#define ALL_MAX ((size_t)16 << 20)

struct entry {
    const char *text;
    size_t len;
    const struct glm_value *spec;
    struct glm_spec_use quiet;
};

struct memory {
    struct glm_spec_memory base;
    pthread_mutex_t lock;
    struct glm_arena *arena;
    struct entry slots[SLOTS];
    size_t kept;
};

/* FNV-1a: spreads, no more; texts are compared. */
static size_t slot_of(const char *text, size_t len)
{
    uint64_t hash = 0xcbf29ce484222325U;
    for (size_t i = 0; i < len; i++)
        hash = (hash ^ (unsigned char)text[i]) * 0x100000001b3U;
    return (size_t)(hash % SLOTS);
}

/* The entry of the text, or the empty one where it belongs. There always is an empty one. */
static struct entry *find(struct memory *m, const char *text, size_t len)
{
    size_t i = slot_of(text, len);
    while (m->slots[i].text && (m->slots[i].len != len || memcmp(m->slots[i].text, text, len) != 0))
        i = (i + 1) % SLOTS;
    return &m->slots[i];
}

static const struct glm_value *recall(struct glm_spec_memory *base, const char *text, size_t len,
                                      struct glm_spec_use *ret_quiet)
{
    struct memory *m = (struct memory *)base;
    if (len > SPEC_MAX)
        return NULL;
    pthread_mutex_lock(&m->lock);
    const struct entry *entry = find(m, text, len);
    const struct glm_value *spec = entry->spec;
    *ret_quiet = entry->quiet;
    pthread_mutex_unlock(&m->lock);
    return spec;
}

/* Takes what a copy of v needs from the budget; false when it does not suffice. */
static bool afford(const struct glm_value *v, size_t *budget)
{
    size_t own = sizeof *v + (v->kind == GLM_STRING || v->kind == GLM_NUMBER ? v->len + 1 : 0);
    for (size_t i = 0; v->kind == GLM_MAP && i < v->len; i++) {
        own += sizeof(struct glm_pair) + strlen(v->as.map[i].key) + 1;
        if (own > *budget || !afford(v->as.map[i].value, budget))
            return false;
    }
    for (size_t i = 0; v->kind == GLM_LIST && i < v->len; i++)
        if (!afford(v->as.list[i], budget))
            return false;
    if (own > *budget)
        return false;
    *budget -= own;
    return true;
}

static void keep(struct glm_spec_memory *base, const char *text, size_t len,
                 const struct glm_value *spec, const struct glm_spec_use *quiet)
{
    struct memory *m = (struct memory *)base;
    size_t budget = SPEC_MAX;
    if (len > SPEC_MAX || !afford(spec, &budget))
        return;
    pthread_mutex_lock(&m->lock);
    struct entry *entry = find(m, text, len);
    if (!entry->text && m->kept < SLOTS / 2 && glm_arena_used(m->arena) < ALL_MAX) {
        entry->spec = glm_copy(m->arena, spec);
        entry->text = glm_strndup(m->arena, text, len);
        entry->len = len;
        entry->quiet.languages = quiet->languages;
        if (quiet->revision)
            entry->quiet = (struct glm_spec_use){
                .revision = glm_strdup(m->arena, quiet->revision),
                .control_plane = glm_strdup(m->arena, quiet->control_plane),
                .active = quiet->active,
                .on_by_default = quiet->on_by_default,
                .network = quiet->network,
                .languages = quiet->languages,
            };
        m->kept++;
    }
    pthread_mutex_unlock(&m->lock);
}

static void release(void *ptr)
{
    struct memory *m = ptr;
    pthread_mutex_destroy(&m->lock);
    glm_arena_destroy(m->arena);
}

struct glm_spec_memory *glm_spec_memory_create(struct glm_arena *arena)
{
    struct memory *m = GLM_NEW(arena, struct memory);
    m->base = (struct glm_spec_memory){.recall = recall, .keep = keep};
    m->arena = glm_arena_create(ALL_MAX + 4 * SPEC_MAX);
    pthread_mutex_init(&m->lock, NULL);
    glm_arena_defer(arena, release, m);
    return &m->base;
}
