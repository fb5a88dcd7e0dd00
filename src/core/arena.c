/* SPDX-License-Identifier: Apache-2.0
 *
 * The arena. With GLM_ARENA_DEBUG every allocation is a block of its own and of exact size, so
 * that AddressSanitizer and valgrind see an overrun that a shared chunk would hide.
 */
#include "glm/arena.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_CHUNK ((size_t)1 << 8)
#define LARGEST_CHUNK ((size_t)1 << 20)
#define ALIGNMENT ((size_t)16)

struct chunk {
    struct chunk *next;
    size_t size, used; /* of data */
    size_t unused_alignment;
    unsigned char data[];
};

struct deferred {
    struct deferred *next;
    void (*release)(void *);
    void *ptr;
};

struct glm_arena {
    struct chunk *chunks; /* the one being filled first */
    struct deferred *deferred;
    size_t limit, used, next_chunk;
    bool wipe;
};

static void die(const char *why)
{
    fprintf(stderr, "terraform-provider-glm: %s\n", why);
    abort();
}

/* What is handed out is zeroed then, not all of the chunk: pages that nobody needs stay untouched. */
static struct chunk *new_chunk(size_t size)
{
    struct chunk *chunk = malloc(sizeof *chunk + size);
    if (!chunk)
        die("out of memory");
    *chunk = (struct chunk){.size = size};
    return chunk;
}

struct glm_arena *glm_arena_create(size_t limit)
{
    struct glm_arena *arena = calloc(1, sizeof *arena);
    if (!arena)
        die("out of memory");
    arena->limit = limit;
    arena->next_chunk = FIRST_CHUNK;
    return arena;
}

void glm_arena_destroy(struct glm_arena *arena)
{
    if (!arena)
        return;
    /* The list nodes are in the chunks, so they are read before those go. */
    for (struct deferred *d = arena->deferred; d; d = d->next)
        d->release(d->ptr);
    for (struct chunk *chunk = arena->chunks, *next; chunk; chunk = next) {
        next = chunk->next;
        if (arena->wipe)
            explicit_bzero(chunk->data, chunk->used);
        free(chunk);
    }
    free(arena);
}

#ifdef GLM_ARENA_DEBUG
static void *take(struct glm_arena *arena, size_t size)
{
    struct chunk *chunk = new_chunk(size);
    chunk->used = size;
    chunk->next = arena->chunks;
    arena->chunks = chunk;
    return chunk->data;
}
#else
static size_t round_up(size_t size)
{
    return (size + ALIGNMENT - 1) & ~(ALIGNMENT - 1);
}

static void *take(struct glm_arena *arena, size_t size)
{
    size_t rounded = round_up(size);
    struct chunk *chunk = arena->chunks;
    if (!chunk || chunk->size - chunk->used < rounded) {
        bool own = rounded > arena->next_chunk / 4;
        struct chunk *fresh = new_chunk(own ? rounded : arena->next_chunk);
        if (own && chunk) { /* keep filling the current one */
            fresh->next = chunk->next;
            chunk->next = fresh;
        } else {
            fresh->next = chunk;
            arena->chunks = fresh;
        }
        if (!own && arena->next_chunk < LARGEST_CHUNK)
            arena->next_chunk += arena->next_chunk / 2;
        chunk = fresh;
    }
    void *ptr = chunk->data + chunk->used;
    chunk->used += rounded;
    return ptr;
}
#endif

/* Not zeroed: for who writes all of it. */
static void *alloc_raw(struct glm_arena *arena, size_t size)
{
    if (size == 0)
        size = 1;
    if (size > arena->limit - arena->used || size > SIZE_MAX / 2)
        die("the memory ceiling of a request is reached");
    arena->used += size;
    return take(arena, size);
}

void *glm_alloc(struct glm_arena *arena, size_t size)
{
    return memset(alloc_raw(arena, size), 0, size);
}

void *glm_alloc_array(struct glm_arena *arena, size_t count, size_t size)
{
    if (size != 0 && count > SIZE_MAX / size)
        die("the memory ceiling of a request is reached");
    return glm_alloc(arena, count * size);
}

/* Where it stands, if nothing is behind it there; a large one has a chunk of its own. */
#ifdef GLM_ARENA_DEBUG
static void *extend(struct glm_arena *arena, const void *ptr, size_t size, size_t new_size)
{
    (void)arena, (void)ptr, (void)size, (void)new_size;
    return NULL;
}
#else
static void *extend(struct glm_arena *arena, void *ptr, size_t size, size_t new_size)
{
    size_t rounded = round_up(size), new_rounded = round_up(new_size);
    struct chunk *head = arena->chunks;
    if (head && (unsigned char *)ptr + rounded == head->data + head->used &&
        new_rounded - rounded <= head->size - head->used) {
        head->used += new_rounded - rounded;
        return ptr;
    }
    for (struct chunk **at = &arena->chunks; *at; at = &(*at)->next) {
        struct chunk *own = *at;
        if (!arena->wipe && ptr == own->data && own->used == rounded && own->size == rounded &&
            new_rounded > LARGEST_CHUNK / 4) {
            struct chunk *moved = realloc(own, sizeof *own + new_rounded);
            if (!moved)
                die("out of memory");
            moved->size = moved->used = new_rounded;
            *at = moved;
            return moved->data;
        }
        if (at != &arena->chunks) /* the newest of its kind is right behind the head */
            break;
    }
    return NULL;
}
#endif

void *glm_regrow(struct glm_arena *arena, void *ptr, size_t size, size_t new_size)
{
    if (new_size - size > arena->limit - arena->used || new_size > SIZE_MAX / 2)
        die("the memory ceiling of a request is reached");
    void *grown = ptr && size ? extend(arena, ptr, size, new_size) : NULL;
    if (grown) {
        arena->used += new_size - size;
        return grown;
    }
    grown = alloc_raw(arena, new_size);
    if (size)
        memcpy(grown, ptr, size);
#ifdef GLM_ARENA_DEBUG /* whoever still reads it there reads what may be given back */
    if (size)
        memset(ptr, 0xDD, size);
#endif
    return grown;
}

char *glm_strndup(struct glm_arena *arena, const char *text, size_t len)
{
    char *copy = alloc_raw(arena, len + 1);
    if (len)
        memcpy(copy, text, len);
    copy[len] = '\0';
    return copy;
}

char *glm_strdup(struct glm_arena *arena, const char *text)
{
    return glm_strndup(arena, text, strlen(text));
}

char *glm_vsprintf(struct glm_arena *arena, const char *format, va_list args)
{
    /* Most texts fit into what is left of the chunk, and are made there at once. */
    struct chunk *chunk = arena->chunks;
    size_t room = chunk ? chunk->size - chunk->used : 0;
    char *text = room ? (char *)chunk->data + chunk->used : NULL;
    va_list again;
    va_copy(again, args);
    int len = vsnprintf(text, room, format, args);
    if (len < 0)
        die("a format string is malformed");
    if (arena->wipe && (size_t)len >= room && room)
        explicit_bzero(text, room); /* beyond what is handed out */
    char *taken = alloc_raw(arena, (size_t)len + 1);
    if (taken != text)
        vsnprintf(taken, (size_t)len + 1, format, again);
    va_end(again);
    return taken;
}

char *glm_sprintf(struct glm_arena *arena, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = glm_vsprintf(arena, format, args);
    va_end(args);
    return text;
}

void glm_arena_defer(struct glm_arena *arena, void (*release)(void *), void *ptr)
{
    struct deferred *d = GLM_NEW(arena, struct deferred);
    d->release = release;
    d->ptr = ptr;
    d->next = arena->deferred;
    arena->deferred = d;
}

void glm_arena_wipe(struct glm_arena *arena)
{
    arena->wipe = true;
}

bool glm_arena_is_wiped(const struct glm_arena *arena)
{
    return arena->wipe;
}

size_t glm_arena_used(const struct glm_arena *arena)
{
    return arena->used;
}

size_t glm_arena_room(const struct glm_arena *arena)
{
    return arena->limit - arena->used;
}
