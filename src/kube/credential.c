/* SPDX-License-Identifier: Apache-2.0
 *
 * What says who we are in each request, renewed when it has to be: a token, a token file, a user
 * name and password, or a plugin's answer.
 *
 * Source: client-go, transport/token_source.go (files are read again), plugin/pkg/client/auth/exec.
 * Owner:  the struct owns what it keeps; a caller gets copies in its arena.
 * Thread: any.
 */
#include "exec_parts.h"

#include <pthread.h>
#include <string.h>
#include <sys/stat.h>

#define OWN_MAX ((size_t)16 << 20)
#define FILE_AGE_MS INT64_C(60000) /* a token file is read again after so long, changed or not */

struct credentials {
    struct glm_arena *arena;
    const struct access *access;
    const atomic_bool *stop;
    /* exec */
    struct glm_plugins *plugins, *own_plugins;
    struct plugin *plugin;
    /* token_file */
    pthread_mutex_t lock;
    struct glm_arena *file_arena; /* of `token`; NULL: not read yet */
    const char *token;
    uint64_t generation;
    struct stat seen;
    int64_t read_ms;
};

struct credentials *credentials_create(const struct access *access, const atomic_bool *stop)
{
    struct glm_arena *arena = glm_arena_create(OWN_MAX);
    struct credentials *c = GLM_NEW(arena, struct credentials);
    c->arena = arena;
    c->access = access;
    c->stop = stop;
    pthread_mutex_init(&c->lock, NULL);
    if (access->exec) {
        c->own_plugins = access->plugins ? NULL : glm_plugins_create();
        c->plugins = access->plugins ? access->plugins : c->own_plugins;
        c->plugin = plugin_of(c->plugins, access);
    }
    return c;
}

void credentials_destroy(struct credentials *credentials)
{
    if (credentials->own_plugins)
        glm_plugins_destroy(credentials->own_plugins);
    if (credentials->file_arena)
        glm_arena_destroy(credentials->file_arena);
    pthread_mutex_destroy(&credentials->lock);
    glm_arena_destroy(credentials->arena);
}

/* ---- a token file; with the lock held ---- */

static bool is_same_file(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
           a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

static bool is_current(const struct credentials *c, const struct stat *now, uint64_t refused)
{
    return c->file_arena && refused != c->generation && is_same_file(now, &c->seen) &&
           credential_monotonic_ms() - c->read_ms < FILE_AGE_MS;
}

/* The token in the file, or a clause. */
static const char *read_token(struct glm_arena *arena, const char *path, const char **ret_token)
{
    const char *text = "", *why = "";
    size_t len = 0;
    if (access_read(arena, path, KUBE_TOKEN_MAX, &text, &len, &why) != 0)
        return why;
    /* What writes such files ends them with a line break, or not. */
    while (len > 0 && strchr(" \t\r\n", text[len - 1]))
        len--;
    size_t skip = strspn(text, " \t\r\n");
    if (skip >= len)
        return "it is empty";
    const char *problem = access_header_problem(text + skip, len - skip);
    if (problem)
        return glm_sprintf(arena, "what is in it is no token: %s", problem);
    *ret_token = glm_strndup(arena, text + skip, len - skip);
    return NULL;
}

static bool renew_token(struct credentials *c, uint64_t refused, struct glm_diags *d)
{
    const char *path = c->access->token_file, *token = NULL;
    struct stat now = {0};
    int gone = stat(path, &now);
    if (!gone && is_current(c, &now, refused))
        return true;
    struct glm_arena *arena = glm_arena_create(OWN_MAX);
    const char *why = read_token(arena, path, &token);
    if (why && c->file_arena) {
        /* It may be between two versions just now: what was in it is still the best there is. */
        glm_arena_destroy(arena);
        return true;
    }
    if (why) {
        glm_error(d, NULL, "Token file that cannot be used", "%s: %s.",
                  c->access->credential_label ? c->access->credential_label : path, why);
        glm_arena_destroy(arena);
        return false;
    }
    if (!c->file_arena || strcmp(token, c->token) != 0)
        c->generation++;
    if (c->file_arena)
        glm_arena_destroy(c->file_arena);
    c->file_arena = arena;
    c->token = token;
    c->seen = now;
    c->read_ms = credential_monotonic_ms();
    return true;
}

static bool get_from_file(struct credentials *c, struct glm_arena *arena, uint64_t refused,
                          struct credential *ret_credential, struct glm_diags *d)
{
    pthread_mutex_lock(&c->lock);
    bool ok = renew_token(c, refused, d);
    if (ok)
        *ret_credential = (struct credential){
            .authorization = glm_sprintf(arena, "Bearer %s", c->token),
            .generation = c->generation,
        };
    pthread_mutex_unlock(&c->lock);
    return ok;
}

/* ---- all of them ---- */

static const char *basic(struct glm_arena *arena, const struct access *access)
{
    const char *pair =
        glm_sprintf(arena, "%s:%s", access->username, access->password ? access->password : "");
    return glm_sprintf(arena, "Basic %s",
                       glm_base64_encode(arena, (const unsigned char *)pair, strlen(pair)));
}

bool credentials_get(struct credentials *credentials, struct glm_arena *arena, uint64_t refused,
                     struct credential *ret_credential, struct glm_diags *d)
{
    struct credentials *c = credentials;
    const struct access *access = c->access;
    if (access->token_file)
        return get_from_file(c, arena, refused, ret_credential, d);
    if (c->plugin)
        return plugin_get(c->plugins, c->plugin, access, c->stop, arena, refused, ret_credential,
                          d);
    *ret_credential = (struct credential){.generation = 1};
    if (access->token)
        ret_credential->authorization = glm_sprintf(arena, "Bearer %s", access->token);
    else if (access->username)
        ret_credential->authorization = basic(arena, access);
    return true;
}
