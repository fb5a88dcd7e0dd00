/* SPDX-License-Identifier: Apache-2.0
 *
 * Turns: a large file takes a multiple of its bytes while its object is looked at, and those of many
 * directories must not add up. What is read counts until the arena goes that it was read into, for all
 * directories of the process. A thread that has a turn gets more at once, so that nobody who waits keeps
 * others waiting; where none is taken or given back for half a minute, nobody waits any longer.
 *
 * Owner:  a turn is in the arena given, and goes with it; the turns of all go with the last who uses them.
 * Errors: none.
 * Thread: any; a lock of its own.
 */
#include "internal.h"

#include "glm/clock.h"

/* A stop sets no condition off. */
#define LOOK_MS 50
/* So many bytes of files are in memory at once, or one file. */
#define TURN_BYTES ((size_t)16 << 20)

struct turn {
    struct turn *next;
    struct glm_directory_turns *of;
    pthread_t owner;
    size_t bytes;
};

struct glm_directory_turns {
    struct glm_arena *arena;
    pthread_mutex_t lock;
    pthread_cond_t over;
    /* under the lock */
    size_t users; /* the owner, directories, turns */
    struct turn *turns;
    size_t bytes;
    int64_t changed_ms; /* when one was taken or given back, by glm_clock_ms */
};

struct glm_directory_turns *glm_directory_turns_create(void)
{
    struct glm_arena *arena = glm_arena_create((size_t)1 << 16);
    struct glm_directory_turns *turns = GLM_NEW(arena, struct glm_directory_turns);
    *turns = (struct glm_directory_turns){.arena = arena, .users = 1};
    pthread_mutex_init(&turns->lock, NULL);
    pthread_cond_init(&turns->over, NULL);
    return turns;
}

void glm_directory_turns_destroy(struct glm_directory_turns *turns)
{
    if (!turns)
        return;
    pthread_mutex_lock(&turns->lock);
    bool last = --turns->users == 0;
    pthread_mutex_unlock(&turns->lock);
    if (!last)
        return;
    pthread_cond_destroy(&turns->over);
    pthread_mutex_destroy(&turns->lock);
    glm_arena_destroy(turns->arena);
}

struct glm_directory_turns *directory_turns_take(struct glm_directory_turns *turns)
{
    pthread_mutex_lock(&turns->lock);
    turns->users++;
    pthread_mutex_unlock(&turns->lock);
    return turns;
}

static void end_turn(void *ptr)
{
    struct turn *turn = ptr;
    struct glm_directory_turns *of = turn->of;
    pthread_mutex_lock(&of->lock);
    struct turn **at = &of->turns;
    while (*at != turn)
        at = &(*at)->next;
    *at = turn->next;
    of->bytes -= turn->bytes;
    of->changed_ms = glm_clock_ms();
    pthread_cond_broadcast(&of->over);
    pthread_mutex_unlock(&of->lock);
    glm_directory_turns_destroy(of);
}

/* With the lock held. */
static bool has_room(const struct glm_directory_turns *of, pthread_t self, size_t bytes)
{
    for (const struct turn *t = of->turns; t; t = t->next)
        if (pthread_equal(t->owner, self))
            return true;
    return of->bytes == 0 || (of->bytes < TURN_BYTES && bytes <= TURN_BYTES - of->bytes);
}

bool directory_turn(const struct directory *dir, struct glm_arena *arena, size_t bytes)
{
    struct glm_directory_turns *of = dir->shared->turns;
    if (bytes <= DIRECTORY_LARGE || dir->aside || !of)
        return true;
    struct turn *turn = GLM_NEW(arena, struct turn);
    *turn = (struct turn){.of = of, .owner = pthread_self(), .bytes = bytes};
    bool over = false;
    pthread_mutex_lock(&of->lock);
    while (!has_room(of, turn->owner, bytes) &&
           glm_clock_ms() - of->changed_ms < DIRECTORY_PATIENCE_MS &&
           !(over = directory_trouble_is_over(dir))) {
        struct timespec look = glm_clock_at(glm_clock_ms() + LOOK_MS);
        pthread_cond_clockwait(&of->over, &of->lock, CLOCK_MONOTONIC, &look);
    }
    if (!over) {
        turn->next = of->turns;
        of->turns = turn;
        of->bytes += bytes;
        of->changed_ms = glm_clock_ms();
        of->users++;
    }
    pthread_mutex_unlock(&of->lock);
    if (!over)
        glm_arena_defer(arena, end_turn, turn);
    return !over;
}
