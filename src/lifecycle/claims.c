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

struct rival_claim {
    const char *where, *what;
    struct rival_claim *next;
};

/* One apply, which claims thousands of things and is in its own way with none of them. */
struct rival_taker {
    const void *taker;
    const char *resource;
    struct rival_claim *claims;
    struct rival_taker *next;
};

struct glm_claims {
    pthread_mutex_t lock;
    struct rival_taker *first;
};

struct glm_claims *glm_claims_create(struct glm_arena *arena)
{
    struct glm_claims *claims = GLM_NEW(arena, struct glm_claims);
    pthread_mutex_init(&claims->lock, NULL);
    return claims;
}

static bool has(const struct rival_taker *t, const struct rival_claim *claim)
{
    for (const struct rival_claim *c = t->claims; c; c = c->next)
        if (strcmp(c->where, claim->where) == 0 && strcmp(c->what, claim->what) == 0)
            return true;
    return false;
}

static void add(struct glm_claims *claims, struct glm_arena *arena, const void *taker,
                const char *resource, struct rival_claim *claim)
{
    struct rival_taker *t = claims->first;
    while (t && t->taker != taker)
        t = t->next;
    if (!t) {
        t = GLM_NEW(arena, struct rival_taker);
        *t = (struct rival_taker){.taker = taker, .resource = resource, .next = claims->first};
        claims->first = t;
    }
    claim->next = t->claims;
    t->claims = claim;
}

const char *claims_take(struct glm_claims *claims, struct glm_arena *arena, const void *taker,
                        const char *where, const char *what, const char *resource)
{
    if (!claims)
        return NULL;
    struct rival_claim *mine = GLM_NEW(arena, struct rival_claim);
    *mine = (struct rival_claim){.where = where, .what = glm_strdup(arena, what)};
    const char *other = NULL;
    pthread_mutex_lock(&claims->lock);
    for (const struct rival_taker *t = claims->first; t && !other; t = t->next)
        if (t->taker != taker && has(t, mine))
            other = glm_strdup(arena, t->resource);
    if (!other)
        add(claims, arena, taker, resource, mine);
    pthread_mutex_unlock(&claims->lock);
    return other;
}

void claims_release(struct glm_claims *claims, const void *taker)
{
    if (!claims)
        return;
    pthread_mutex_lock(&claims->lock);
    for (struct rival_taker **at = &claims->first; *at;)
        if ((*at)->taker == taker)
            *at = (*at)->next;
        else
            at = &(*at)->next;
    pthread_mutex_unlock(&claims->lock);
}
