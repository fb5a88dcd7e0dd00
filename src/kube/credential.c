/* SPDX-License-Identifier: Apache-2.0
 *
 * Who we say we are: the Authorization header of a cluster's requests, got anew when it has to be.
 *
 * A token in a file is one that somebody renews (a kubelet, an agent): the file is read again when
 * it is another one than it was, which each use looks at; once what is known of it is a minute old,
 * as client-go does, for a file system may keep what it says about a file; and when a server has
 * refused the token.
 *
 * Errors: what is wrong with a file, by its path; never what is in it.
 * Thread: one lock for each cluster, held while its file is read.
 */
#include "access_parts.h"
#include "exec_parts.h"

#include <pthread.h>
#include <string.h>
#include <sys/stat.h>

#define SELF_LIMIT ((size_t)1 << 10)
#define FILE_LIMIT (8 * KUBE_FILE_MAX)
#define FILE_AGE_MS INT64_C(60000)

struct credentials {
    struct glm_arena *arena;
    const struct access *access;
    const atomic_bool *stop;
    struct glm_exec_cache *cache, *own_cache; /* own_cache NULL: somebody else's is used */
    pthread_mutex_t lock;
    /* under the lock: the token file as it was last read */
    struct glm_arena *file; /* that `token` is in; NULL: never read */
    const char *token;
    uint64_t generation;
    int64_t read_ms;
    struct stat seen; /* the file just before it was read */
};

struct credentials *credentials_create(const struct access *access, struct glm_exec_cache *cache,
                                       const atomic_bool *stop)
{
    struct glm_arena *arena = glm_arena_create(SELF_LIMIT);
    struct credentials *c = GLM_NEW(arena, struct credentials);
    c->arena = arena;
    c->access = access;
    c->stop = stop;
    c->own_cache = access->exec && !cache ? glm_exec_cache_create() : NULL;
    c->cache = cache ? cache : c->own_cache;
    pthread_mutex_init(&c->lock, NULL);
    return c;
}

void credentials_destroy(struct credentials *credentials)
{
    if (!credentials)
        return;
    glm_exec_cache_destroy(credentials->own_cache);
    pthread_mutex_destroy(&credentials->lock);
    if (credentials->file)
        glm_arena_destroy(credentials->file);
    glm_arena_destroy(credentials->arena);
}

void credentials_age(struct credentials *credentials, int64_t milliseconds)
{
    pthread_mutex_lock(&credentials->lock);
    credentials->read_ms -= milliseconds;
    pthread_mutex_unlock(&credentials->lock);
}

/* ---- a token in a file ---- */

/* The file ends in a line break, as files do. */
static const char *trimmed(struct glm_arena *arena, const char *text, size_t *len)
{
    static const char blank[] = {' ', '\t', '\r', '\n'};
    while (*len > 0 && memchr(blank, text[*len - 1], sizeof blank))
        --*len;
    for (; *len > 0 && memchr(blank, *text, sizeof blank); text++)
        --*len;
    return glm_strndup(arena, text, *len);
}

static bool read_token(const char *path, struct glm_arena *arena, const char **ret_token,
                       struct glm_diags *d)
{
    struct access_draft draft = {.arena = arena, .d = d};
    const char *text;
    size_t len;
    if (!access_file(&draft, path, KUBE_FILE_MAX, "The file with the token", &text, &len, NULL))
        return false;
    *ret_token = trimmed(arena, text, &len);
    const char *problem = credential_token_problem(*ret_token, len);
    if (problem)
        return glm_error(d, NULL, "Token file that cannot be used",
                         "The file \"%s\" must hold a token and nothing else, but %s. Look at "
                         "what writes it.",
                         path, problem);
    return true;
}

/* Under the lock. A file that is not there is no change: whoever renews it may have it away. */
static bool has_changed(const struct credentials *c)
{
    struct stat now;
    if (stat(c->access->token_file, &now) < 0)
        return false;
    return now.st_dev != c->seen.st_dev || now.st_ino != c->seen.st_ino ||
           now.st_size != c->seen.st_size || now.st_mtim.tv_sec != c->seen.st_mtim.tv_sec ||
           now.st_mtim.tv_nsec != c->seen.st_mtim.tv_nsec;
}

/* Under the lock. Takes over what is in the file now. d NULL: whatever is wrong is of no interest. */
static bool renew(struct credentials *c, struct glm_diags *d)
{
    struct glm_arena *arena = glm_arena_create(FILE_LIMIT);
    struct glm_diags said;
    struct stat seen = {0};
    const char *token;
    glm_diags_init(&said, arena);
    /* Before it is read: what changes meanwhile is then seen at the next use. */
    (void)stat(c->access->token_file, &seen);
    if (!read_token(c->access->token_file, arena, &token, &said)) {
        if (d)
            glm_diags_append(d, NULL, &said);
        glm_arena_destroy(arena);
        return false;
    }
    c->read_ms = credential_clock();
    c->seen = seen;
    if (c->file && strcmp(c->token, token) == 0) {
        glm_arena_destroy(arena);
        return true;
    }
    if (c->file)
        glm_arena_destroy(c->file);
    c->file = arena;
    c->token = token;
    c->generation++;
    return true;
}

static bool from_file(struct credentials *c, struct glm_arena *arena, uint64_t refused,
                      struct credential *ret_credential, struct glm_diags *d)
{
    pthread_mutex_lock(&c->lock);
    /* Whoever renews the file may have it away for a moment: what is known is good until refused. */
    bool ok = c->file && c->generation != refused;
    if (!ok)
        ok = renew(c, d);
    else if (has_changed(c) || credential_clock() - c->read_ms >= FILE_AGE_MS)
        renew(c, NULL);
    if (ok) {
        ret_credential->authorization = glm_sprintf(arena, "Bearer %s", c->token);
        ret_credential->generation = c->generation;
    }
    pthread_mutex_unlock(&c->lock);
    return ok;
}

/* ---- all of them ---- */

/* RFC 7617. */
static const char *basic(struct glm_arena *arena, const struct access *access)
{
    const char *pair =
        glm_sprintf(arena, "%s:%s", access->username, access->password ? access->password : "");
    return glm_sprintf(arena, "Basic %s",
                       glm_base64_encode(arena, (const unsigned char *)pair, strlen(pair)));
}

bool credentials_get(struct credentials *credentials, struct glm_arena *arena, uint64_t refused,
                     int64_t until_ms, struct credential *ret_credential, struct glm_diags *d)
{
    const struct access *access = credentials->access;
    *ret_credential = (struct credential){.generation = 1};
    if (access->exec)
        return exec_cache_get(credentials->cache, access, credentials->stop, arena, refused,
                              until_ms, ret_credential, d);
    if (access->token_file)
        return from_file(credentials, arena, refused, ret_credential, d);
    if (access->token)
        ret_credential->authorization = glm_sprintf(arena, "Bearer %s", access->token);
    else if (access->username)
        ret_credential->authorization = basic(arena, access);
    return true;
}
