/* SPDX-License-Identifier: Apache-2.0
 *
 * Arena: one lifetime for everything an RPC makes.
 *
 * What:   a growing region of zeroed memory, given back as a whole.
 * Owner:  whoever called glm_arena_create destroys it; everything allocated from it dies with it.
 * Errors: none. Allocation never returns NULL: past the ceiling, or out of memory, the process
 *         says so on stderr and aborts. Inputs are refused with a diagnostic long before: by the
 *         ceilings of the codecs, and because every decoder looks at the room that is left before
 *         it takes any (glm_arena_room), whatever the arena's ceiling is.
 * Thread: one thread at a time.
 */
#ifndef GLM_ARENA_H
#define GLM_ARENA_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

struct glm_arena;

/* Ceiling of the arena of one RPC, in bytes. */
#define GLM_ARENA_RPC_LIMIT ((size_t)6 << 30)

/* Tells gcc's analyser what gives a constructed thing back; clang does not know the attribute. */
#if defined(__GNUC__) && !defined(__clang__)
#define GLM_GIVEN_BACK_BY(function) __attribute__((malloc, malloc(function, 1)))
#else
#define GLM_GIVEN_BACK_BY(function)
#endif

void glm_arena_destroy(struct glm_arena *arena);
/* limit: bytes that may be handed out in total. */
struct glm_arena *glm_arena_create(size_t limit) GLM_GIVEN_BACK_BY(glm_arena_destroy)
    __attribute__((returns_nonnull));

/* Zeroed, aligned for any type. size 0 gives a valid pointer. */
void *glm_alloc(struct glm_arena *arena, size_t size) __attribute__((returns_nonnull));
/* count * size, overflow checked. */
void *glm_alloc_array(struct glm_arena *arena, size_t count, size_t size)
    __attribute__((returns_nonnull));
#define GLM_NEW(arena, type) ((type *)glm_alloc((arena), sizeof(type)))
#define GLM_NEW_ARRAY(arena, count, type) ((type *)glm_alloc_array((arena), (count), sizeof(type)))

/* The allocation of size bytes at ptr (NULL, 0: none yet) with new_size, no fewer; what is new is not
 * zeroed. Where nothing was allocated after it, and where it is large, it grows in place and leaves
 * no smaller self behind. */
void *glm_regrow(struct glm_arena *arena, void *ptr, size_t size, size_t new_size)
    __attribute__((returns_nonnull));

char *glm_strdup(struct glm_arena *arena, const char *text) __attribute__((returns_nonnull));
/* Copies len bytes (NUL bytes included) and adds a NUL. */
char *glm_strndup(struct glm_arena *arena, const char *text, size_t len)
    __attribute__((returns_nonnull));
char *glm_sprintf(struct glm_arena *arena, const char *format, ...)
    __attribute__((returns_nonnull, format(printf, 2, 3)));
char *glm_vsprintf(struct glm_arena *arena, const char *format, va_list args)
    __attribute__((returns_nonnull, format(printf, 2, 0)));

/* Calls release(ptr) when the arena is destroyed, last deferred first: how a foreign object
 * (a json_t, a worker's arena) lives as long as the arena. */
void glm_arena_defer(struct glm_arena *arena, void (*release)(void *), void *ptr);

/* Credentials are in it: all that was handed out is overwritten when the arena is destroyed. */
void glm_arena_wipe(struct glm_arena *arena);
bool glm_arena_is_wiped(const struct glm_arena *arena);

/* Bytes handed out so far. */
size_t glm_arena_used(const struct glm_arena *arena);
/* Bytes that may still be handed out. */
size_t glm_arena_room(const struct glm_arena *arena);

static inline void glm_arena_destroyp(struct glm_arena **arena)
{
    glm_arena_destroy(*arena);
}
/* struct glm_arena *GLM_AUTO_ARENA a = glm_arena_create(...): destroyed when the scope ends. */
#define GLM_AUTO_ARENA __attribute__((cleanup(glm_arena_destroyp)))

#ifdef __cplusplus
}
#endif
#endif
