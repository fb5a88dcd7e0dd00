/* SPDX-License-Identifier: Apache-2.0
 *
 * One cluster's API server: its way in, its credentials, and whether it can be reached.
 *
 * Owner:  the api has an arena of its own.
 * Errors: those of the way in.
 * Thread: any; one lock, which is not held while files are read.
 */
#include "internal.h"

#include <string.h>

#define ACCESS_LIMIT GLM_ARENA_RPC_LIMIT
#define SECRETS_LIMIT ((size_t)1 << 30) /* what is looked for in answers, several forms of each */
#define RESOLVE_MS 30000                /* how long the files that an entry names are waited for */
/* For so long a server that could not be reached is not waited for again. */
#define DOWN_MS 15000

static void release_arena(void *arena)
{
    glm_arena_destroy(arena);
}

struct kube_api *kube_api_create(const struct kube_config *config)
{
    struct glm_arena *arena = glm_arena_create(ACCESS_LIMIT);
    struct kube_api *api = GLM_NEW(arena, struct kube_api);
    glm_arena_wipe(arena);
    api->arena = arena;
    api->config = (struct kube_config){
        .entry = glm_copy(arena, config->entry),
        .config_paths = config->config_paths ? glm_copy(arena, config->config_paths) : &glm_null,
        .user_agent = glm_strdup(arena, config->user_agent),
        .kinds = config->kinds,
        .stop = config->stop,
        .http = config->http,
        .exec_cache = config->exec_cache,
    };
    api->user_agent = glm_sprintf(arena, "User-Agent: %s", config->user_agent);
    pthread_mutex_init(&api->lock, NULL);
    kube_cond_init(&api->changed);
    return api;
}

void kube_api_destroy(struct kube_api *api)
{
    if (!api)
        return;
    if (api->resolved)
        credentials_destroy(api->credentials);
    aside_drop(api->way);
    glm_arena_destroy(api->down_arena);
    pthread_cond_destroy(&api->changed);
    pthread_mutex_destroy(&api->lock);
    glm_arena_destroy(api->arena);
}

const struct access *kube_api_access(struct kube_api *api)
{
    pthread_mutex_lock(&api->lock);
    bool resolved = api->resolved;
    pthread_mutex_unlock(&api->lock);
    return resolved ? &api->access : NULL;
}

const struct glm_value *kube_api_entry(const struct kube_api *api)
{
    return api->config.entry;
}

bool kube_api_stopped(const struct kube_api *api)
{
    return atomic_load(api->config.stop);
}

/* The way in, found for all in a thread of its own: files are read on the way, and a file system that
 * has gone away must hold nobody. */
struct resolving {
    const struct glm_value *entry, *config_paths;
    bool ok;
    struct access access;
    struct glm_diags said;
};

static void find_way(struct glm_arena *arena, void *context, const atomic_bool *left)
{
    struct resolving *r = context;
    (void)left;
    r->ok = access_resolve(arena, r->entry, r->config_paths, &r->access, &r->said);
}

/* With the lock held. NULL: *ret_error is an errno. */
static struct aside *way_of(struct kube_api *api, int *ret_error)
{
    if (api->way)
        return aside_take(api->way);
    struct glm_arena *arena = glm_arena_create(ACCESS_LIMIT);
    struct resolving *r = GLM_NEW(arena, struct resolving);
    glm_arena_wipe(arena);
    r->entry = glm_copy(arena, api->config.entry);
    r->config_paths = glm_copy(arena, api->config.config_paths);
    glm_diags_init(&r->said, arena);
    api->way = aside_begin(arena, find_way, r, ret_error);
    if (!api->way)
        glm_arena_destroy(arena);
    return aside_take(api->way);
}

/* With the lock held. Takes over what was found, once; what was not is looked for again. */
static bool take_way(struct kube_api *api, struct aside *way)
{
    const struct resolving *r = aside_context(way);
    if (api->way == way && !r->ok) {
        api->way = NULL;
        aside_drop(way);
    } else if (api->way == way && !api->resolved) {
        api->access = r->access;
        api->access.owner = way;
        api->credentials =
            credentials_create(&api->access, api->config.exec_cache, api->config.stop);
        api->resolved = true;
    }
    return r->ok;
}

static bool no_way(enum aside_end end, int error, struct glm_diags *d)
{
    if (end == ASIDE_STOPPED)
        return glm_error(d, NULL, "Interrupted",
                         "Terraform is stopping: the files that the cluster's entry names had not "
                         "been read yet.");
    if (error)
        return glm_error(
            d, NULL, "The cluster's entry cannot be read",
            "The thread that reads the cluster's entry, and the files that it may name, %s.",
            aside_why_not(d->arena, error));
    return glm_error(d, NULL, "The cluster's files cannot be read",
                     "The files that the cluster's entry names (a kubeconfig, certificates, keys) "
                     "could not be read when the time was over: a file system that one of them is "
                     "on does not answer.");
}

bool kube_api_resolve(struct kube_api *api, const struct kube_request *request, bool *ret_late,
                      struct glm_diags *d)
{
    int64_t limit = glm_clock_ms() + RESOLVE_MS, until = request->until_ms;
    int error = 0;
    pthread_mutex_lock(&api->lock);
    bool resolved = api->resolved;
    struct aside *way = resolved ? NULL : way_of(api, &error);
    pthread_mutex_unlock(&api->lock);
    if (resolved)
        return true;
    enum aside_end end = way ? aside_wait(way, api->config.stop, request->cancel,
                                          until && until < limit ? until : limit)
                             : ASIDE_LATE;
    *ret_late = end == ASIDE_LATE && kube_late(until);
    if (end != ASIDE_DONE) {
        aside_drop(way);
        return no_way(end, error, d);
    }
    pthread_mutex_lock(&api->lock);
    bool first = !api->resolved;
    resolved = take_way(api, way);
    pthread_mutex_unlock(&api->lock);
    if (!resolved || first) /* why not, or what it warns of */
        glm_diags_append(d, NULL, &((const struct resolving *)aside_context(way))->said);
    aside_drop(way);
    return resolved;
}

/* ---- what must not be repeated ---- */

void kube_api_learn(struct kube_api *api, const struct credential *c)
{
    pthread_mutex_lock(&api->lock);
    const char *sent = c->authorization ? c->authorization : "", *key = c->key ? c->key : "";
    if (!api->secrets || strcmp(api->sent, sent) != 0 || strcmp(api->sent_key, key) != 0) {
        /* The ones before go on being looked at by others. */
        struct glm_arena *arena = glm_arena_create(SECRETS_LIMIT);
        glm_arena_wipe(arena);
        glm_arena_defer(api->arena, release_arena, arena);
        api->secrets = secrets_of(arena, &api->access, c);
        api->sent = glm_strdup(arena, sent);
        api->sent_key = glm_strdup(arena, key);
    }
    pthread_mutex_unlock(&api->lock);
}

const struct secrets *kube_api_secrets(struct kube_api *api)
{
    pthread_mutex_lock(&api->lock);
    const struct secrets *secrets = api->secrets;
    pthread_mutex_unlock(&api->lock);
    return secrets;
}

const struct glm_value *kube_api_starred(struct kube_api *api, struct glm_arena *arena,
                                         const struct glm_value *answer)
{
    const struct secrets *secrets = kube_api_secrets(api);
    return secrets ? secrets_starred_answer(secrets, arena, answer) : answer;
}

/* ---- whether it can be reached ---- */

void kube_api_reach(struct kube_api *api, struct glm_arena *arena, struct kube_reach *ret_reach)
{
    pthread_mutex_lock(&api->lock);
    int64_t for_ms = glm_clock_ms() - api->down_since_ms;
    bool down = api->down_since_ms && for_ms < DOWN_MS;
    bool silent = down && api->down_outcome == HTTP_TIMEOUT;
    *ret_reach = (struct kube_reach){
        .down = down,
        .silent = silent,
        .why = silent ? glm_strdup(arena, api->down_why) : NULL,
        .known_ms = silent ? for_ms + 1 : 0,
    };
    pthread_mutex_unlock(&api->lock);
}

void kube_api_reached(struct kube_api *api, const struct http_response *http, bool stream,
                      int64_t began_ms)
{
    bool silent = http->outcome == HTTP_TIMEOUT && !stream;
    bool down = silent || http->outcome == HTTP_NO_NAME || http->outcome == HTTP_NO_CONNECT ||
                http->outcome == HTTP_NO_PROXY;
    if (!down && http->outcome != HTTP_ANSWERED)
        return;
    pthread_mutex_lock(&api->lock);
    if (!down)
        api->answered_ms = glm_clock_ms();
    else if (silent && api->answered_ms >= began_ms)
        down = false; /* it only took long */
    api->down_since_ms = down ? glm_clock_ms() : 0;
    if (down) {
        struct glm_arena *arena = glm_arena_create(GLM_ARENA_RPC_LIMIT);
        const char *why = glm_strdup(arena, http->why ? http->why : "");
        glm_arena_destroy(api->down_arena);
        api->down_outcome = http->outcome;
        api->down_why = why;
        api->down_arena = arena;
    }
    pthread_mutex_unlock(&api->lock);
}
