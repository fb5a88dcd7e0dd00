/* SPDX-License-Identifier: Apache-2.0
 *
 * What credential plugins answered, shared by the clusters of a process: equal plugins are one, and
 * one run serves everybody who waits for it.
 *
 * Owner:  a table owns its plugins and what they answered; a caller gets copies.
 * Errors: those of the run; who waited for it gets the same ones.
 * Thread: any. The lock is not held while a plugin runs.
 */
#include "exec_parts.h"

#include <pthread.h>
#include <string.h>
#include <time.h>

#define TABLE_MAX ((size_t)64 << 20)
#define RUN_MAX ((size_t)256 << 20) /* of memory, for one run and the decoding of its answer */
#define ANSWER_MAX ((size_t)32 << 20)
#define EARLY_S INT64_C(10)    /* so long before it expires, a credential is not used any more */
#define VAIN_MS INT64_C(10000) /* a plugin that had nothing newer is not asked again so soon */
#define LOOK_MS INT64_C(100)   /* how soon a waiting caller notices a stop */

struct plugin {
    struct plugin *next;
    const char *key; /* what makes it equal to another */
    bool running;
    uint64_t runs; /* that have ended */
    /* the last run's failure; NULL: it was none */
    struct glm_arena *failure_arena;
    struct glm_diags failure;
    /* the last answer; generation 0: none yet */
    struct glm_arena *arena;
    struct credential answer;
    int64_t expires; /* seconds since 1970; INT64_MAX: not known */
    uint64_t vain_generation;
    int64_t vain_ms;
};

struct glm_plugins {
    struct glm_arena *arena;
    pthread_mutex_t lock;
    pthread_cond_t ended; /* of any run */
    struct plugin *first;
};

struct glm_plugins *glm_plugins_create(void)
{
    struct glm_arena *arena = glm_arena_create(TABLE_MAX);
    struct glm_plugins *plugins = GLM_NEW(arena, struct glm_plugins);
    plugins->arena = arena;
    pthread_mutex_init(&plugins->lock, NULL);
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&plugins->ended, &attr);
    pthread_condattr_destroy(&attr);
    return plugins;
}

static void release(struct glm_arena **arena)
{
    if (*arena)
        glm_arena_destroy(*arena);
    *arena = NULL;
}

void glm_plugins_destroy(struct glm_plugins *plugins)
{
    for (struct plugin *p = plugins->first; p; p = p->next) {
        release(&p->arena);
        release(&p->failure_arena);
    }
    pthread_cond_destroy(&plugins->ended);
    pthread_mutex_destroy(&plugins->lock);
    glm_arena_destroy(plugins->arena);
}

/* Everything that a run depends on, as one text. */
static const char *key_of(struct glm_arena *arena, const struct access *access)
{
    const struct exec_config *exec = access->exec;
    struct glm_list_builder args;
    struct glm_map_builder variables, whole;
    glm_list_init(&args, arena);
    for (size_t i = 0; exec->args && exec->args[i]; i++)
        glm_list_add(&args, glm_string(arena, exec->args[i]));
    glm_map_init(&variables, arena);
    for (size_t i = 0; i < exec->environment_count; i++)
        glm_map_set(&variables, exec->environment[i].key, exec->environment[i].value);
    glm_map_init(&whole, arena);
    glm_map_set(&whole, "command", glm_string(arena, exec->command));
    if (exec->directory && strchr(exec->command, '/'))
        glm_map_set(&whole, "directory", glm_string(arena, exec->directory));
    glm_map_set(&whole, "args", glm_list_finish(&args));
    glm_map_set(&whole, "variables", glm_map_finish(&variables, NULL));
    glm_map_set(&whole, "info", glm_string(arena, exec_info(arena, access)));
    return glm_json_text(arena, glm_map_finish(&whole, NULL));
}

struct plugin *plugin_of(struct glm_plugins *plugins, const struct access *access)
{
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create(RUN_MAX);
    const char *key = key_of(arena, access);
    pthread_mutex_lock(&plugins->lock);
    struct plugin *p = plugins->first;
    while (p && strcmp(p->key, key) != 0)
        p = p->next;
    if (!p) {
        p = GLM_NEW(plugins->arena, struct plugin);
        p->key = glm_strdup(plugins->arena, key);
        p->next = plugins->first;
        plugins->first = p;
    }
    pthread_mutex_unlock(&plugins->lock);
    return p;
}

/* ---- answers; with the lock held ---- */

static const char *copied(struct glm_arena *arena, const char *text)
{
    return text ? glm_strdup(arena, text) : NULL;
}

static void copy_credential(struct glm_arena *arena, const struct credential *from,
                            struct credential *ret_credential)
{
    *ret_credential = (struct credential){
        .authorization = copied(arena, from->authorization),
        .certificate = copied(arena, from->certificate),
        .key = copied(arena, from->key),
        .generation = from->generation,
    };
}

static bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static bool same_credential(const struct credential *a, const struct credential *b)
{
    return same_text(a->authorization, b->authorization) &&
           same_text(a->certificate, b->certificate) && same_text(a->key, b->key);
}

static const char *text_at(const struct glm_value *status, const char *key)
{
    const char *text = glm_string_or(glm_get(status, key), "");
    return *text ? text : NULL;
}

static void keep_answer(struct plugin *p, const struct glm_value *status)
{
    struct glm_arena *arena = glm_arena_create(ANSWER_MAX);
    const char *token = text_at(status, "token");
    struct credential answer = {
        .authorization = token ? glm_sprintf(arena, "Bearer %s", token) : NULL,
        .certificate = copied(arena, text_at(status, "clientCertificateData")),
        .key = copied(arena, text_at(status, "clientKeyData")),
    };
    const char *expires = text_at(status, "expirationTimestamp");
    if (!expires || !credential_time(expires, &p->expires))
        p->expires = INT64_MAX;
    bool same = p->arena && same_credential(&answer, &p->answer);
    answer.generation = p->answer.generation + !same;
    if (same) {
        p->vain_generation = answer.generation;
        p->vain_ms = credential_monotonic_ms();
    }
    release(&p->arena);
    p->arena = arena;
    p->answer = answer;
}

static void keep_failure(struct plugin *p, const struct glm_diags *d)
{
    release(&p->failure_arena);
    p->failure_arena = glm_arena_create(ANSWER_MAX);
    glm_diags_init(&p->failure, p->failure_arena);
    glm_diags_append(&p->failure, NULL, d);
}

static bool is_usable(const struct plugin *p, uint64_t refused)
{
    if (p->answer.generation == 0)
        return false;
    if (refused == p->answer.generation)
        return p->vain_generation == refused && credential_monotonic_ms() - p->vain_ms < VAIN_MS;
    return p->expires == INT64_MAX || credential_now() < p->expires - EARLY_S;
}

/* ---- getting one ---- */

static void wait_a_little(struct glm_plugins *plugins)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += (long)LOOK_MS * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_nsec -= 1000000000;
        until.tv_sec++;
    }
    pthread_cond_timedwait(&plugins->ended, &plugins->lock, &until);
}

/* Another caller's run, until it has ended. */
static bool wait_for_run(struct glm_plugins *plugins, const struct plugin *p,
                         const atomic_bool *stop, struct glm_diags *d)
{
    uint64_t before = p->runs;
    while (p->runs == before) {
        if (stop && atomic_load(stop))
            return glm_error(d, NULL, "Interrupted",
                             "Terraform is stopping: the credential plugin that another cluster "
                             "has started too is not waited for.");
        wait_a_little(plugins);
    }
    return true;
}

static void run(struct glm_plugins *plugins, struct plugin *p, const struct access *access,
                const atomic_bool *stop)
{
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create(RUN_MAX);
    const struct glm_value *status = &glm_null;
    struct glm_diags d;
    glm_diags_init(&d, arena);
    p->running = true;
    pthread_mutex_unlock(&plugins->lock);
    bool ok = exec_run(arena, access, stop, &status, &d);
    pthread_mutex_lock(&plugins->lock);
    release(&p->failure_arena);
    if (ok)
        keep_answer(p, status);
    else
        keep_failure(p, &d);
    p->running = false;
    p->runs++;
    pthread_cond_broadcast(&plugins->ended);
}

/* With the lock held. */
static bool get(struct glm_plugins *plugins, struct plugin *p, const struct access *access,
                const atomic_bool *stop, uint64_t refused, struct glm_diags *d)
{
    if (is_usable(p, refused))
        return true;
    if (!p->running)
        run(plugins, p, access, stop);
    else if (!wait_for_run(plugins, p, stop, d))
        return false;
    /* Whatever came of it: a credential that is to expire at once is still the newest. */
    if (p->failure_arena)
        glm_diags_append(d, NULL, &p->failure);
    return !p->failure_arena;
}

bool plugin_get(struct glm_plugins *plugins, struct plugin *plugin, const struct access *access,
                const atomic_bool *stop, struct glm_arena *arena, uint64_t refused,
                struct credential *ret_credential, struct glm_diags *d)
{
    pthread_mutex_lock(&plugins->lock);
    bool ok = get(plugins, plugin, access, stop, refused, d);
    if (ok)
        copy_credential(arena, &plugin->answer, ret_credential);
    pthread_mutex_unlock(&plugins->lock);
    return ok;
}
