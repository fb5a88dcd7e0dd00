/* SPDX-License-Identifier: Apache-2.0
 *
 * Values that outlive the call that made them, shared by count, each with its arena.
 *
 * Owner:  the last who drops it gives it back.
 * Errors: none.
 * Thread: any, once it is made; what is held does not change.
 */
#include "internal.h"

struct held *store_held_create(void)
{
    struct glm_arena *arena = glm_arena_create(GLM_ARENA_RPC_LIMIT);
    struct held *held = GLM_NEW(arena, struct held);
    held->arena = arena;
    held->value = &glm_null;
    held->version = "";
    atomic_init(&held->users, 1);
    glm_diags_init(&held->diags, arena);
    return held;
}

struct held *store_held_take(struct held *held)
{
    atomic_fetch_add_explicit(&held->users, 1, memory_order_relaxed);
    return held;
}

void store_held_drop(struct held *held)
{
    if (!held || atomic_fetch_sub_explicit(&held->users, 1, memory_order_acq_rel) != 1)
        return;
    http_keep_nothing(&held->kept);
    glm_arena_destroy(held->arena);
}

bool store_held_keep(struct held *held, struct kube_api *api)
{
    held->kept.http = api_http(api); /* NULL: tests without transfers */
    return !held->kept.http || http_keep(&held->kept, glm_arena_used(held->arena));
}

static void drop(void *held)
{
    store_held_drop(held);
}

void store_held_lend(struct held *held, struct glm_arena *arena)
{
    glm_arena_defer(arena, drop, store_held_take(held));
}
