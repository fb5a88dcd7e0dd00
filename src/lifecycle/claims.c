/* SPDX-License-Identifier: Apache-2.0
 *
 * Claims: what the applies under way are about to make. Two resources of one run are applied at the
 * same time; each looks before it writes, so both would find the place empty. Whoever comes second
 * finds the claim of the first.
 *
 * Owner:  a claim lives in the arena of its apply, until that releases it.
 * Thread: any; the list is behind a lock that is held for the length of one comparison of texts.
 */
#include "lifecycle_internal.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct claim {
    const void *taker; /* one apply */
    const char *where, *what, *resource;
    struct claim *next;
};

struct glm_claims {
    pthread_mutex_t lock;
    struct claim *first;
};

struct glm_claims *glm_claims_create(struct glm_arena *arena)
{
    struct glm_claims *claims = GLM_NEW(arena, struct glm_claims);
    pthread_mutex_init(&claims->lock, NULL);
    return claims;
}

const char *claims_take(struct glm_claims *claims, struct glm_arena *arena, const void *taker,
                        const char *where, const char *what, const char *resource)
{
    if (!claims)
        return NULL;
    struct claim *mine = GLM_NEW(arena, struct claim);
    *mine = (struct claim){.taker = taker,
                           .where = glm_strdup(arena, where),
                           .what = glm_strdup(arena, what),
                           .resource = glm_strdup(arena, resource)};
    const char *other = NULL;
    pthread_mutex_lock(&claims->lock);
    for (const struct claim *c = claims->first; c && !other; c = c->next)
        if (c->taker != taker && strcmp(c->where, where) == 0 && strcmp(c->what, what) == 0)
            other = glm_strdup(arena, c->resource);
    if (!other) {
        mine->next = claims->first;
        claims->first = mine;
    }
    pthread_mutex_unlock(&claims->lock);
    return other;
}

void claims_release(struct glm_claims *claims, const void *taker)
{
    if (!claims)
        return;
    pthread_mutex_lock(&claims->lock);
    for (struct claim **at = &claims->first; *at;)
        if ((*at)->taker == taker)
            *at = (*at)->next;
        else
            at = &(*at)->next;
    pthread_mutex_unlock(&claims->lock);
}
