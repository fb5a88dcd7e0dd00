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
 * Thread: one lock for each cluster. It is not held while its file is looked at, which happens in a
 *         thread of its own, and where it may hang in a process: a file system that has gone away must
 *         hold nobody, and not keep this process from its end.
 */
#include "../../away/away.h"
#include "../wait/wait.h"
#include "internal.h"

#include <pthread.h>
#include <string.h>
#include <sys/stat.h>

#define SELF_LIMIT ((size_t)1 << 10)
#define FILE_LIMIT GLM_ARENA_RPC_LIMIT
#define FILE_AGE_MS INT64_C(60000)
#define LOOK_MS 30000      /* how long one is waited for, where no request says */
#define PATIENCE_MS 250    /* how long a look is waited for where a token is known */
#define MOUNTS_AGE_MS 5000 /* how old what is known of the mounts may be */

struct credentials {
    struct glm_arena *arena;
    const struct access *access;
    const atomic_bool *stop;
    struct glm_exec_cache *cache, *own_cache; /* own_cache NULL: somebody else's is used */
    pthread_mutex_t lock;
    /* under the lock: the token file as it was last read */
    struct aside *file; /* that `token` is in; NULL: never read */
    const char *token;
    uint64_t generation;
    int64_t read_ms;
    struct stat seen;  /* the file just before it was read */
    int64_t mounts_ms; /* when it was found out whether it may hang; 0: never */
    bool may_hang;
    struct aside *look; /* at the file, under way; NULL: none */
    int64_t look_ms;    /* when it began */
};

struct credentials *exec_credentials_create(const struct access *access,
                                            struct glm_exec_cache *cache, const atomic_bool *stop)
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

void exec_credentials_destroy(struct credentials *credentials)
{
    if (!credentials)
        return;
    glm_exec_cache_destroy(credentials->own_cache);
    pthread_mutex_destroy(&credentials->lock);
    kube_aside_drop(credentials->file);
    kube_aside_drop(credentials->look);
    glm_arena_destroy(credentials->arena);
}

void exec_credentials_age(struct credentials *credentials, int64_t milliseconds)
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
    const char *text;
    size_t len;
    if (!access_file(arena, path, KUBE_FILE_MAX, "The file with the token", &text, &len, NULL, d))
        return false;
    *ret_token = trimmed(arena, text, &len);
    const char *problem = exec_credential_token_problem(*ret_token, len);
    if (problem)
        return glm_error(d, NULL, "Token file that cannot be used",
                         "The file \"%s\" must hold a token and nothing else, but %s. Look at "
                         "what writes it.",
                         path, problem);
    return true;
}

/* One look at the file, in an arena and a thread of its own. */
struct file_look {
    /* what it is told */
    const char *path;
    bool must; /* the file is to be read, changed or not */
    struct stat known;
    bool mounts_known, may_hang; /* may_hang is found out where it is not known */
    /* what it finds */
    bool read; /* the file was, and ok says whether it could be */
    bool ok;
    struct stat seen;
    const char *token;
    struct glm_diags said;
};

/* A file that is not there is no change: whoever renews it may have it away. */
static bool has_changed(const struct stat *then, const struct stat *now)
{
    return now->st_dev != then->st_dev || now->st_ino != then->st_ino ||
           now->st_size != then->st_size || now->st_mtim.tv_sec != then->st_mtim.tv_sec ||
           now->st_mtim.tv_nsec != then->st_mtim.tv_nsec;
}

static void look_at(struct glm_arena *arena, void *context, const atomic_bool *left)
{
    struct file_look *look = context;
    if (!look->mounts_known)
        look->may_hang = access_may_hang(look->path);
    /* Before it is read: what changes meanwhile is then seen at the next use. */
    const struct away_ask ask = {.path = look->path, .may_hang = look->may_hang, .left = left};
    struct away_file file;
    away_file(arena, &ask, &file);
    look->seen = file.stat;
    look->read = look->must || (!file.error && has_changed(&look->known, &file.stat));
    if (look->read)
        look->ok = read_token(look->path, arena, &look->token, &look->said);
}

/* Under the lock. Begins a look, or takes the one that is under way. NULL: *ret_error is an errno. */
static struct aside *look_of(struct credentials *c, bool must, int *ret_error)
{
    if (c->look)
        return kube_aside_take(c->look);
    struct glm_arena *arena = glm_arena_create(FILE_LIMIT);
    struct file_look *look = GLM_NEW(arena, struct file_look);
    glm_arena_wipe(arena);
    look->path = glm_strdup(arena, c->access->token_file);
    look->must = must || glm_clock_ms() - c->read_ms >= FILE_AGE_MS;
    look->known = c->seen;
    look->mounts_known = c->mounts_ms && glm_clock_ms() - c->mounts_ms < MOUNTS_AGE_MS;
    look->may_hang = c->may_hang;
    glm_diags_init(&look->said, arena);
    c->look_ms = glm_clock_ms();
    c->look = kube_aside_begin(arena, look_at, look, ret_error);
    if (!c->look)
        glm_arena_destroy(arena);
    return kube_aside_take(c->look);
}

/* Under the lock. Takes over what a look has found, once. */
static void take_over(struct credentials *c, struct aside *aside)
{
    const struct file_look *look = kube_aside_context(aside);
    if (c->look != aside)
        return;
    if (!look->mounts_known) {
        c->mounts_ms = glm_clock_ms();
        c->may_hang = look->may_hang;
    }
    if (look->read && look->ok) {
        c->read_ms = glm_clock_ms();
        c->seen = look->seen;
        if (!c->file || strcmp(c->token, look->token) != 0) {
            kube_aside_drop(c->file);
            c->file = kube_aside_take(aside);
            c->token = look->token;
            c->generation++;
        }
    }
    c->look = NULL;
    kube_aside_drop(aside);
}

static bool no_look(const struct credentials *c, enum aside_end end, int error, struct glm_diags *d)
{
    const char *path = c->access->token_file;
    if (end == ASIDE_STOPPED)
        return glm_error(
            d, NULL, "Interrupted",
            "Terraform is stopping: the file with the token, \"%s\", had not been read "
            "yet.",
            path);
    if (error)
        return glm_error(d, NULL, "Token file that cannot be used",
                         "The thread that reads the file with the token, \"%s\", %s.", path,
                         kube_aside_why_not(d->arena, error));
    return glm_error(d, NULL, "Token file that cannot be used",
                     "The file with the token, \"%s\", could not be read when the time was over: "
                     "the file system that it is on does not answer.",
                     path);
}

/* Looks at the file, with the lock held before and after. A look that was begun for others may not
 * have read it; then there is another. False: there was none to its end. */
static bool look_until(struct credentials *c, bool must, int64_t until_ms, struct glm_diags *d)
{
    for (int tries = 0; tries < 2; tries++) {
        int error = 0;
        struct aside *aside = look_of(c, must, &error);
        pthread_mutex_unlock(&c->lock);
        enum aside_end end = aside ? kube_aside_wait(aside, c->stop, NULL, until_ms) : ASIDE_LATE;
        pthread_mutex_lock(&c->lock);
        if (end != ASIDE_DONE) {
            kube_aside_drop(aside);
            return no_look(c, end, error, d);
        }
        take_over(c, aside);
        const struct file_look *look = kube_aside_context(aside);
        bool read = look->read, ok = look->ok;
        if (read && !ok)
            glm_diags_append(d, NULL, &look->said);
        kube_aside_drop(aside);
        if (read || !must)
            return ok || !read;
    }
    return true;
}

static bool from_file(struct credentials *c, struct glm_arena *arena, uint64_t refused,
                      int64_t until_ms, struct credential *ret_credential, struct glm_diags *d)
{
    int64_t most = c->access->timeout_ms > 0 ? c->access->timeout_ms : LOOK_MS;
    int64_t now = glm_clock_ms(), limit = now + most;
    struct glm_diags ignored;
    glm_diags_init(&ignored, arena);
    pthread_mutex_lock(&c->lock);
    /* Whoever renews the file may have it away for a moment: what is known is good until refused. */
    bool ok = c->file && c->generation != refused;
    if (ok)
        look_until(c, false, (c->look ? c->look_ms : now) + PATIENCE_MS, &ignored);
    else
        ok = look_until(c, true, until_ms && until_ms < limit ? until_ms : limit, d);
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

bool exec_credentials_get(struct credentials *credentials, struct glm_arena *arena,
                          uint64_t refused, int64_t until_ms, struct credential *ret_credential,
                          struct glm_diags *d)
{
    const struct access *access = credentials->access;
    *ret_credential = (struct credential){.generation = 1};
    if (access->exec)
        return exec_cache_get(credentials->cache, access, credentials->stop, arena, refused,
                              until_ms, ret_credential, d);
    if (access->token_file)
        return from_file(credentials, arena, refused, until_ms, ret_credential, d);
    if (access->token)
        ret_credential->authorization = glm_sprintf(arena, "Bearer %s", access->token);
    else if (access->username)
        ret_credential->authorization = basic(arena, access);
    return true;
}
