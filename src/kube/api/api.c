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

/* In an arena of its own, which goes with the last of its users: plugins may have a new token each time. */
struct kube_learned {
    struct glm_arena *arena;
    const struct secrets *secrets;
    const char *sent, *sent_key;
    unsigned users; /* the api, while it is the last one, and who looks for them */
};

/* With the lock held. */
static void forget(struct kube_learned *learned)
{
    if (learned && --learned->users == 0)
        glm_arena_destroy(learned->arena);
}

/* Of all that an entry may say most is null. */
static const struct glm_value *copy_entry(struct glm_arena *arena, const struct glm_value *entry)
{
    struct glm_map_builder b;
    size_t said = 0;
    for (size_t i = 0; i < entry->len; i++)
        said += !glm_is_null(entry->as.map[i].value);
    glm_map_init(&b, arena);
    glm_map_reserve(&b, said);
    for (size_t i = 0; i < entry->len; i++)
        if (!glm_is_null(entry->as.map[i].value))
            glm_map_append(&b, glm_strdup(arena, entry->as.map[i].key), entry->as.map[i].line,
                           entry->as.map[i].column, glm_copy(arena, entry->as.map[i].value));
    return glm_map_finish(&b, NULL);
}

struct kube_api *api_create(const struct kube_config *config)
{
    struct glm_arena *arena = glm_arena_create(ACCESS_LIMIT);
    struct kube_api *api = GLM_NEW(arena, struct kube_api);
    glm_arena_wipe(arena);
    api->arena = arena;
    api->config = (struct kube_config){
        .entry = copy_entry(arena, config->entry),
        .config_paths = config->config_paths ? glm_copy(arena, config->config_paths) : &glm_null,
        .user_agent = glm_strdup(arena, config->user_agent),
        .rights = config->rights,
        .stop = config->stop,
        .http = config->http,
        .exec_cache = config->exec_cache,
    };
    api->user_agent = glm_sprintf(arena, "User-Agent: %s", config->user_agent);
    pthread_mutex_init(&api->lock, NULL);
    kube_cond_init(&api->changed);
    return api;
}

void api_destroy(struct kube_api *api)
{
    if (!api)
        return;
    if (api->resolved)
        exec_credentials_destroy(api->credentials);
    kube_aside_drop(api->way);
    glm_arena_destroy(api->down_arena);
    forget(api->learned);
    pthread_cond_destroy(&api->changed);
    pthread_mutex_destroy(&api->lock);
    glm_arena_destroy(api->arena);
}

const struct access *api_access(struct kube_api *api)
{
    pthread_mutex_lock(&api->lock);
    bool resolved = api->resolved;
    pthread_mutex_unlock(&api->lock);
    return resolved ? &api->access : NULL;
}

const struct glm_value *api_entry(const struct kube_api *api)
{
    return api->config.entry;
}

bool api_stopped(const struct kube_api *api)
{
    return atomic_load(api->config.stop);
}

struct glm_http *api_http(const struct kube_api *api)
{
    return api->config.http;
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
        return kube_aside_take(api->way);
    struct glm_arena *arena = glm_arena_create(ACCESS_LIMIT);
    struct resolving *r = GLM_NEW(arena, struct resolving);
    glm_arena_wipe(arena);
    r->entry = glm_copy(arena, api->config.entry);
    r->config_paths = glm_copy(arena, api->config.config_paths);
    glm_diags_init(&r->said, arena);
    api->way = kube_aside_begin(arena, find_way, r, ret_error);
    if (!api->way)
        glm_arena_destroy(arena);
    return kube_aside_take(api->way);
}

/* With the lock held. Takes over what was found, once; what was not is looked for again. */
static bool take_way(struct kube_api *api, struct aside *way)
{
    const struct resolving *r = kube_aside_context(way);
    if (api->way == way && !r->ok) {
        api->way = NULL;
        kube_aside_drop(way);
    } else if (api->way == way && !api->resolved) {
        api->access = r->access;
        api->access.owner = way;
        api->credentials =
            exec_credentials_create(&api->access, api->config.exec_cache, api->config.stop);
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
            kube_aside_why_not(d->arena, error));
    return glm_error(d, NULL, "The cluster's files cannot be read",
                     "The files that the cluster's entry names (a kubeconfig, certificates, keys) "
                     "could not be read when the time was over: a file system that one of them is "
                     "on does not answer.");
}

bool api_resolve(struct kube_api *api, const struct kube_request *request, bool *ret_late,
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
    enum aside_end end = way ? kube_aside_wait(way, api->config.stop, request->cancel,
                                               until && until < limit ? until : limit)
                             : ASIDE_LATE;
    *ret_late = end == ASIDE_LATE && kube_late(until);
    if (end != ASIDE_DONE) {
        kube_aside_drop(way);
        return no_way(end, error, d);
    }
    pthread_mutex_lock(&api->lock);
    bool first = !api->resolved;
    resolved = take_way(api, way);
    pthread_mutex_unlock(&api->lock);
    if (!resolved || first) /* why not, or what it warns of */
        glm_diags_append(d, NULL, &((const struct resolving *)kube_aside_context(way))->said);
    kube_aside_drop(way);
    return resolved;
}

/* ---- what must not be repeated ---- */

static struct kube_learned *learn(struct kube_api *api, const struct credential *c,
                                  const char *sent, const char *key)
{
    struct glm_arena *arena = glm_arena_create(SECRETS_LIMIT);
    struct kube_learned *learned = GLM_NEW(arena, struct kube_learned);
    glm_arena_wipe(arena);
    *learned = (struct kube_learned){
        .arena = arena,
        .secrets = exec_secrets_of(arena, &api->access, c),
        .sent = glm_strdup(arena, sent),
        .sent_key = glm_strdup(arena, key),
        .users = 1,
    };
    return learned;
}

void api_learn(struct kube_api *api, const struct credential *c)
{
    pthread_mutex_lock(&api->lock);
    const char *sent = c->authorization ? c->authorization : "", *key = c->key ? c->key : "";
    struct kube_learned *last = api->learned;
    if (!last || strcmp(last->sent, sent) != 0 || strcmp(last->sent_key, key) != 0) {
        api->learned = learn(api, c, sent, key);
        forget(last);
    }
    pthread_mutex_unlock(&api->lock);
}

struct kube_learned *api_learned(struct kube_api *api, const struct secrets **ret_secrets)
{
    pthread_mutex_lock(&api->lock);
    struct kube_learned *learned = api->learned;
    if (learned)
        learned->users++;
    *ret_secrets = learned ? learned->secrets : NULL;
    pthread_mutex_unlock(&api->lock);
    return learned;
}

void api_forget(struct kube_api *api, struct kube_learned *learned)
{
    pthread_mutex_lock(&api->lock);
    forget(learned);
    pthread_mutex_unlock(&api->lock);
}

/* ---- whether it can be reached ---- */

void api_reach(struct kube_api *api, struct glm_arena *arena, struct kube_reach *ret_reach)
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

void api_reached(struct kube_api *api, const struct http_response *http, bool stream,
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
