/* SPDX-License-Identifier: Apache-2.0
 *
 * What credential plugins have answered. Fifty clusters of one account have one plugin with equal
 * arguments: it runs once, and while it runs all wait for that run and share its end, good or bad.
 *
 * Owner:  the cache; what is handed out is copied into the arena of whoever asks.
 * Thread: one lock. It is not held while a plugin runs, which happens in a thread of its own: what
 *         a plugin is on, or starts, may hang where nobody can end it, and must hold nobody.
 */
#include "../wait/wait.h"
#include "internal.h"

#include <pthread.h>
#include <string.h>
#include <time.h>

#define END_MS INT64_C(900)        /* how long a run that is to end is waited for */
#define REPEATED_MS INT64_C(60000) /* how long a plugin that has nothing newer is left alone */
#define EARLY_S 10 /* before it expires a credential counts as expired: requests take time */

/* One run, in an arena and a thread of its own. */
struct cache_run {
    const struct access *access;
    struct aside *owner; /* of what access is in */
    uint64_t refused;
    int64_t until_ms;
    bool ok;
    const struct glm_value *status;
    struct glm_diags said;
};

/* Of one plugin. */
struct answer {
    struct answer *next;
    const char *key;   /* everything that its run depends on */
    struct aside *run; /* that is under way; NULL: none */
    /* the last good one; it stays when the next one fails: not all refuse it */
    struct aside *good;             /* the run that it is of */
    const struct glm_value *status; /* NULL: none yet */
    uint64_t generation;
    int64_t expires_s; /* INT64_MAX: never */
    bool repeated;     /* it was refused, and the plugin had nothing newer at repeated_ms */
    int64_t repeated_ms;
    bool cut;              /* the last one failed when its caller had no more time */
    struct aside *failure; /* the last one, where it failed; NULL: it did not */
};

struct glm_exec_cache {
    struct glm_arena *arena;
    pthread_mutex_t lock;
    struct answer *answers;
};

struct glm_exec_cache *glm_exec_cache_create(void)
{
    struct glm_arena *arena = glm_arena_create(GLM_ARENA_RPC_LIMIT);
    struct glm_exec_cache *cache = GLM_NEW(arena, struct glm_exec_cache);
    glm_arena_wipe(arena); /* arguments and variables of plugins */
    cache->arena = arena;
    pthread_mutex_init(&cache->lock, NULL);
    return cache;
}

void glm_exec_cache_destroy(struct glm_exec_cache *cache)
{
    if (!cache)
        return;
    for (struct answer *a = cache->answers; a; a = a->next) {
        kube_aside_drop(a->run);
        kube_aside_drop(a->good);
        kube_aside_drop(a->failure);
    }
    pthread_mutex_destroy(&cache->lock);
    glm_arena_destroy(cache->arena);
}

void exec_cache_age(struct glm_exec_cache *cache, int64_t milliseconds)
{
    pthread_mutex_lock(&cache->lock);
    for (struct answer *a = cache->answers; a; a = a->next)
        a->repeated_ms -= milliseconds;
    pthread_mutex_unlock(&cache->lock);
}

/* ---- which plugins are equal ---- */

static const char *key_of(struct glm_arena *arena, const struct access *access)
{
    const struct exec_config *exec = access->exec;
    struct glm_list_builder args;
    struct glm_map_builder environment, key;
    glm_list_init(&args, arena);
    for (size_t i = 0; exec->args && exec->args[i]; i++)
        glm_list_add(&args, glm_string(arena, exec->args[i]));
    glm_map_init(&environment, arena);
    for (size_t i = 0; i < exec->environment_count; i++)
        glm_map_set(&environment, exec->environment[i].key, exec->environment[i].value);
    glm_map_init(&key, arena);
    glm_map_set(&key, "command", glm_string(arena, exec->command));
    /* The directory matters to what is looked for in it only. */
    if (exec->directory && strchr(exec->command, '/') && exec->command[0] != '/')
        glm_map_set(&key, "directory", glm_string(arena, exec->directory));
    glm_map_set(&key, "args", glm_list_finish(&args));
    glm_map_set(&key, "environment", glm_map_finish(&environment, NULL));
    /* Nobody waits for a run that may take longer than he would wait, nor shares its end before. */
    glm_map_set(&key, "timeout", glm_integer(arena, exec->timeout_ms));
    glm_map_set(&key, "info", glm_string(arena, exec_info(arena, access)));
    return glm_json_text(arena, glm_map_finish(&key, NULL));
}

/* Under the lock. */
static struct answer *find(struct glm_exec_cache *cache, const char *key)
{
    for (struct answer *a = cache->answers; a; a = a->next)
        if (strcmp(a->key, key) == 0)
            return a;
    struct answer *a = GLM_NEW(cache->arena, struct answer);
    a->key = glm_strdup(cache->arena, key);
    a->next = cache->answers;
    cache->answers = a;
    return a;
}

/* ---- runs ---- */

static int64_t expiry_of(const struct glm_value *status)
{
    int64_t seconds;
    const char *text = glm_string_or(glm_get(status, "expirationTimestamp"), "");
    return exec_credential_time(text, &seconds) ? seconds : INT64_MAX;
}

/* Under the lock. A generation is what a server may refuse: an answer that says the same again, be
 * it good for longer, is the same one. */
static void take(struct answer *a, const struct glm_value *status, uint64_t refused)
{
    static const char *const keys[] = {"token", "clientCertificateData", "clientKeyData"};
    bool same = a->status != NULL;
    for (size_t i = 0; same && i < sizeof keys / sizeof *keys; i++)
        same = strcmp(glm_string_or(glm_get(a->status, keys[i]), ""),
                      glm_string_or(glm_get(status, keys[i]), "")) == 0;
    a->repeated = same && refused == a->generation;
    a->repeated_ms = glm_clock_ms();
    a->generation += !same;
    a->status = status;
    a->expires_s = expiry_of(status);
}

static bool is_over(int64_t until_ms)
{
    return until_ms && glm_clock_ms() >= until_ms;
}

static void run(struct glm_arena *arena, void *context, const atomic_bool *left)
{
    struct cache_run *r = context;
    r->ok = exec_run(arena, r->access, left, r->until_ms, &r->status, &r->said);
    kube_aside_drop(r->owner);
}

/* Under the lock. NULL: *ret_error is an errno. */
static struct aside *begin(struct answer *a, const struct access *access, uint64_t refused,
                           int64_t until_ms, int *ret_error)
{
    struct glm_arena *arena = glm_arena_create(GLM_ARENA_RPC_LIMIT);
    struct cache_run *r = GLM_NEW(arena, struct cache_run);
    glm_arena_wipe(arena);
    *r = (struct cache_run){access, kube_aside_take(access->owner), refused, until_ms,
                            .status = NULL};
    glm_diags_init(&r->said, arena);
    a->run = kube_aside_begin(arena, run, r, ret_error);
    if (!a->run) {
        kube_aside_drop(access->owner);
        glm_arena_destroy(arena);
    }
    return a->run;
}

/* Under the lock. Takes over what has come of a run, once. */
static void conclude(struct answer *a, struct aside *run)
{
    const struct cache_run *r = kube_aside_context(run);
    if (a->run != run)
        return;
    a->run = NULL;
    kube_aside_drop(a->failure);
    a->failure = NULL;
    if (r->ok) {
        take(a, r->status, r->refused);
        kube_aside_drop(a->good);
        a->good = run;
    } else {
        a->failure = run;
    }
    a->cut = !r->ok && is_over(r->until_ms);
}

enum waited { WAITED, WAITED_STOPPED, WAITED_LATE, WAITED_NO_THREAD };

/* Under the lock, which is given up meanwhile. One that is to stop, or has had its time, is given the
 * moment that it needs to end what it has started. */
static enum waited wait_for(struct glm_exec_cache *cache, struct answer *a, struct aside *run,
                            const atomic_bool *stop, int64_t until_ms)
{
    kube_aside_take(run);
    pthread_mutex_unlock(&cache->lock);
    enum aside_end end = kube_aside_wait(run, stop, NULL, until_ms);
    if (end == ASIDE_STOPPED) {
        kube_aside_leave(run);
        kube_aside_wait(run, NULL, NULL, glm_clock_ms() + END_MS);
    }
    bool done = kube_aside_is_done(run);
    pthread_mutex_lock(&cache->lock);
    if (done)
        conclude(a, run);
    kube_aside_drop(run);
    return end == ASIDE_STOPPED ? WAITED_STOPPED : done ? WAITED : WAITED_LATE;
}

/* Under the lock. */
static bool is_good(const struct answer *a, uint64_t refused)
{
    bool left_alone = a->repeated && glm_clock_ms() - a->repeated_ms < REPEATED_MS;
    return a->status && (a->generation != refused || left_alone) &&
           exec_credential_now() < a->expires_s - EARLY_S;
}

static const char *text_of(struct glm_arena *arena, const struct glm_value *status, const char *key)
{
    const char *text = glm_string_or(glm_get(status, key), "");
    return *text ? glm_strdup(arena, text) : NULL;
}

/* Under the lock. */
static void hand_out(const struct answer *a, struct glm_arena *arena, struct credential *ret)
{
    const char *token = text_of(arena, a->status, "token");
    *ret = (struct credential){
        .authorization = token ? glm_sprintf(arena, "Bearer %s", token) : NULL,
        .certificate = text_of(arena, a->status, "clientCertificateData"),
        .key = text_of(arena, a->status, "clientKeyData"),
        .generation = a->generation,
    };
}

/* Under the lock: until it has a good answer, or a failure that counts for everybody. */
static enum waited obtain(struct glm_exec_cache *cache, struct answer *a,
                          const struct access *access, const atomic_bool *stop, uint64_t refused,
                          int64_t until_ms, int *ret_error)
{
    int64_t most = access->exec->timeout_ms ? access->exec->timeout_ms : KUBE_EXEC_TIMEOUT_MS;
    while (!is_good(a, refused)) {
        int64_t limit = glm_clock_ms() + most + END_MS;
        if (!a->run) {
            struct aside *own = begin(a, access, refused, until_ms, ret_error);
            if (!own)
                return WAITED_NO_THREAD;
            bool sooner = until_ms && until_ms + END_MS < limit;
            return wait_for(cache, a, own, stop, sooner ? until_ms + END_MS : limit);
        }
        bool sooner = until_ms && until_ms < limit;
        enum waited waited = wait_for(cache, a, a->run, stop, sooner ? until_ms : limit);
        if (waited != WAITED || !a->cut)
            return waited;
    }
    return WAITED;
}

bool exec_cache_get(struct glm_exec_cache *cache, const struct access *access,
                    const atomic_bool *stop, struct glm_arena *arena, uint64_t refused,
                    int64_t until_ms, struct credential *ret_credential, struct glm_diags *d)
{
    const char *key = key_of(arena, access);
    pthread_mutex_lock(&cache->lock);
    struct answer *a = find(cache, key);
    int error = 0;
    enum waited waited = obtain(cache, a, access, stop, refused, until_ms, &error);
    bool ok = waited == WAITED && (!a->failure || is_good(a, refused));
    if (ok)
        hand_out(a, arena, ret_credential);
    else if (waited == WAITED)
        glm_diags_append(d, NULL,
                         &((const struct cache_run *)kube_aside_context(a->failure))->said);
    pthread_mutex_unlock(&cache->lock);
    if (waited == WAITED_STOPPED)
        return glm_error(d, NULL, "Interrupted", "Terraform is stopping: %s had no answer yet.",
                         exec_label(arena, access));
    if (waited == WAITED_NO_THREAD)
        return glm_error(d, NULL, "Credential plugin failed",
                         "Credentials come from %s; the thread that runs it %s.",
                         exec_label(arena, access), kube_aside_why_not(arena, error));
    if (waited == WAITED_LATE)
        return glm_error(
            d, NULL, "Credential plugin too slow",
            "Credentials come from %s, which had no answer yet when the time was over.",
            exec_label(arena, access));
    return ok;
}
