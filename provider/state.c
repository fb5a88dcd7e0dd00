/* SPDX-License-Identifier: Apache-2.0
 *
 * The provider object.
 */
#include "glm/directory.h"
#include "glm/live.h"
#include "installers.h"
#include "spec_memory.h"
#include "state.h"

#include <pthread.h>
#include <string.h>

/* In an arena of its own, which goes when it is taken: states are large, and a process may have many. */
struct hand_over {
    struct hand_over *next;
    struct glm_arena *arena;
    const char *id;
    const struct glm_value *state, *record;
};

struct adoption {
    struct adoption *next;
    const char *id;
    const char **clusters; /* names */
    size_t count;
};

struct glm_provider {
    struct glm_arena *arena; /* of the process: adoptions, the list of configurations */
    pthread_mutex_t lock;
    const struct glm_estate *estate;
    const struct glm_mesh_config *seen;
    struct hand_over *hand_overs;
    struct adoption *adoptions;
    struct glm_http *http; /* shared by all configurations; idle until a cluster is reached */
    struct glm_exec_cache *exec_cache; /* of credential plugins: shared too */
    struct glm_directory_turns *turns; /* and those of directories */
    struct glm_spec_memory *memory;
    atomic_bool stop;
};

static const struct glm_mesh_config nothing_known = {
    .known = false,
    .default_distribution = &glm_unknown,
};

struct glm_provider *glm_provider_create(void)
{
    struct glm_arena *arena = glm_arena_create(GLM_ARENA_RPC_LIMIT);
    struct glm_provider *p = GLM_NEW(arena, struct glm_provider);
    p->arena = arena;
    pthread_mutex_init(&p->lock, NULL);
    atomic_init(&p->stop, false);
    p->http = glm_http_create(&p->stop);
    p->exec_cache = glm_exec_cache_create();
    p->turns = glm_directory_turns_create();
    p->memory = glm_spec_memory_create(arena);
    struct glm_mesh_config *seen = GLM_NEW(arena, struct glm_mesh_config);
    *seen = nothing_known;
    glm_provider_set_seen(p, NULL, seen);
    struct glm_estate *none = GLM_NEW(arena, struct glm_estate);
    none->mesh = nothing_known;
    none->mesh.memory = p->memory;
    none->installers = glm_provider_installers;
    none->max_parallel = 1;
    none->stop = &p->stop;
    p->estate = none;
    return p;
}

void glm_provider_destroy(struct glm_provider *provider)
{
    if (!provider)
        return;
    struct glm_http *http = provider->http;
    struct glm_exec_cache *exec_cache = provider->exec_cache;
    struct glm_directory_turns *turns = provider->turns;
    pthread_mutex_destroy(&provider->lock);
    for (struct hand_over *h = provider->hand_overs, *next; h; h = next) {
        next = h->next;
        glm_arena_destroy(h->arena);
    }
    glm_arena_destroy(provider->arena); /* and with it every cluster */
    glm_directory_turns_destroy(turns);
    glm_exec_cache_destroy(exec_cache);
    glm_http_destroy(http);
}

void glm_provider_stop(struct glm_provider *provider)
{
    atomic_store(&provider->stop, true);
}

bool glm_provider_stopped(const struct glm_provider *provider)
{
    return atomic_load(&provider->stop);
}

struct glm_surroundings glm_provider_surroundings(struct glm_provider *provider)
{
    return (struct glm_surroundings){
        .stop = &provider->stop,
        .http = provider->http,
        .exec_cache = provider->exec_cache,
        .turns = provider->turns,
    };
}

static void release_arena(void *arena)
{
    glm_arena_destroy(arena);
}

const struct glm_estate *glm_provider_estate(struct glm_provider *provider)
{
    pthread_mutex_lock(&provider->lock);
    const struct glm_estate *estate = provider->estate;
    pthread_mutex_unlock(&provider->lock);
    return estate;
}

void glm_provider_set_estate(struct glm_provider *provider, struct glm_arena *config_arena,
                             struct glm_estate *estate)
{
    pthread_mutex_lock(&provider->lock);
    glm_arena_defer(provider->arena, release_arena, config_arena);
    estate->stop = &provider->stop;
    estate->mesh.memory = provider->memory;
    provider->estate = estate;
    pthread_mutex_unlock(&provider->lock);
}

const struct glm_mesh_config *glm_provider_seen(struct glm_provider *provider)
{
    pthread_mutex_lock(&provider->lock);
    const struct glm_mesh_config *seen = provider->seen;
    pthread_mutex_unlock(&provider->lock);
    return seen;
}

void glm_provider_set_seen(struct glm_provider *provider, struct glm_arena *config_arena,
                           struct glm_mesh_config *seen)
{
    seen->memory = provider->memory;
    pthread_mutex_lock(&provider->lock);
    if (config_arena)
        glm_arena_defer(provider->arena, release_arena, config_arena);
    provider->seen = seen;
    pthread_mutex_unlock(&provider->lock);
}

void glm_provider_adopted(struct glm_provider *provider, const char *id,
                          const struct glm_value *state)
{
    const struct glm_value *clusters = glm_get_path(state, "status", "clusters", NULL);
    size_t count = glm_is_map(clusters) ? clusters->len : 0;
    pthread_mutex_lock(&provider->lock);
    struct adoption *a = GLM_NEW(provider->arena, struct adoption);
    a->id = glm_strdup(provider->arena, id);
    a->clusters = GLM_NEW_ARRAY(provider->arena, count, const char *);
    for (; a->count < count; a->count++)
        a->clusters[a->count] = glm_strdup(provider->arena, clusters->as.map[a->count].key);
    a->next = provider->adoptions;
    provider->adoptions = a;
    pthread_mutex_unlock(&provider->lock);
}

bool glm_provider_has_adopted(struct glm_provider *provider, const char *id,
                              const struct glm_value *state)
{
    const struct glm_value *clusters = glm_get_path(state, "status", "clusters", NULL);
    bool found = false;
    pthread_mutex_lock(&provider->lock);
    for (struct adoption *a = provider->adoptions; a && !found; a = a->next)
        for (size_t i = 0; strcmp(a->id, id) == 0 && i < a->count; i++)
            found |= glm_has(clusters, a->clusters[i]);
    pthread_mutex_unlock(&provider->lock);
    return found;
}

void glm_provider_hand_over(struct glm_provider *provider, const char *id,
                            const struct glm_value *state, const struct glm_value *record)
{
    struct glm_arena *arena = glm_arena_create(GLM_ARENA_RPC_LIMIT);
    struct hand_over *h = GLM_NEW(arena, struct hand_over);
    h->arena = arena;
    h->id = glm_strdup(arena, id);
    h->state = glm_copy(arena, state);
    h->record = glm_copy(arena, record);
    pthread_mutex_lock(&provider->lock);
    h->next = provider->hand_overs;
    provider->hand_overs = h;
    pthread_mutex_unlock(&provider->lock);
}

bool glm_provider_take_over(struct glm_provider *provider, struct glm_arena *arena, const char *id,
                            const struct glm_value **ret_state, const struct glm_value **ret_record)
{
    pthread_mutex_lock(&provider->lock);
    struct hand_over **at = &provider->hand_overs;
    while (*at && strcmp((*at)->id, id) != 0)
        at = &(*at)->next;
    struct hand_over *h = *at;
    if (h)
        *at = h->next;
    pthread_mutex_unlock(&provider->lock);
    if (!h)
        return false;
    *ret_state = glm_copy(arena, h->state);
    *ret_record = glm_copy(arena, h->record);
    glm_arena_destroy(h->arena);
    return true;
}
