/* SPDX-License-Identifier: Apache-2.0
 *
 * What the system trusts: the authorities that a server is held against where none are given.
 *
 * They are the system's files, or what SSL_CERT_FILE and SSL_CERT_DIR name, and may be on a file system
 * of another machine. libcurl would read them in an engine's thread, which nobody can end when that file
 * system answers no more. So there they are read here, by a process that can be left behind, once for all
 * who ask, and libcurl gets what is in them. On this machine's own disks libcurl reads them itself, and
 * remembers them.
 *
 * Owner:  what was found lives with the look that found it; a copy of what is in it is the caller's.
 * Thread: any; a lock of its own, which is not held while somebody waits.
 */
#include "../../away/away.h"
#include "engine.h"

#include "glm/shown.h"

#include <fcntl.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#define AUTHORITIES_MAX ((size_t)16 << 20) /* the largest systems have half of one */
#define LOOK_LIMIT (8 * AUTHORITIES_MAX)   /* with the kernel's table of mounts */
#define MOUNTS_AGE_MS 5000                 /* how old what is known of the mounts may be */
#define READ_AGE_MS 60000                  /* and what was read */

/* One look, in an arena of its own. */
struct trust_look {
    const char *file, *directory; /* that somebody named; NULL: he did not */
    bool steady;                  /* nothing that is mounted may hang */
    /* what it finds */
    struct http_authorities found;
};

/* Where distributions have them. */
static const char *const files[] = {
    "/etc/ssl/certs/ca-certificates.crt",                /* Debian, Ubuntu, Alpine, Arch */
    "/etc/pki/tls/certs/ca-bundle.crt",                  /* Fedora, RHEL and its relatives */
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", /* the same, newer */
    "/etc/ssl/ca-bundle.pem",                            /* SUSE */
    "/etc/ssl/cert.pem",                                 /* Alpine without ca-certificates */
    "/var/lib/ca-certificates/ca-bundle.pem",            /* SUSE's source of the above */
};
static const char *const directories[] = {"/etc/ssl/certs", "/etc/pki/tls/certs"};

/* ---- one look ---- */

struct looking {
    struct glm_arena *arena;
    struct trust_look *look;
    struct away_mounts mounts;
    const atomic_bool *left;
    struct glm_text read; /* what is in those that libcurl must not read */
};

/* What OpenSSL looks for in a directory: "4f06f81d.0". */
static bool is_hashed(const char *name)
{
    size_t digits = strspn(name, "0123456789abcdef");
    return digits == 8 && name[8] == '.' && name[9] && !name[9 + strspn(name + 9, "0123456789")];
}

/* What may hang is read here. named: by somebody, and so libcurl says what is wrong with it. False:
 * there is no such file or directory that can be read. */
static bool take(struct looking *l, const char *path, bool directory, bool named)
{
    struct away_mount mount;
    if (!away_may_hang(l->arena, &l->mounts, path, &mount)) {
        if (!named && faccessat(AT_FDCWD, path, directory ? R_OK | X_OK : R_OK, 0) != 0)
            return false;
        *(directory ? &l->look->found.directory : &l->look->found.file) = path;
        return true;
    }
    const struct away_ask ask = {.path = path,
                                 .question = directory ? AWAY_READ_ALL : AWAY_READ,
                                 .max = AUTHORITIES_MAX,
                                 .wanted = is_hashed,
                                 .may_hang = true,
                                 .left = l->left};
    struct away_file file;
    away_file(l->arena, &ask, &file);
    if (!file.text)
        return false;
    glm_text_add(&l->read, file.text, file.len);
    glm_text_addc(&l->read, '\n');
    return true;
}

/* What does not hang, and is no device or pipe. */
static void add_file(struct glm_text *text, const char *path)
{
    struct away_file file;
    away_file(text->arena,
              &(struct away_ask){.path = path, .question = AWAY_READ, .max = AUTHORITIES_MAX},
              &file);
    if (file.text)
        glm_text_add(text, file.text, file.len);
}

/* As OpenSSL and Go have it: whoever names a file or a directory means it. */
static void look_for(struct glm_arena *arena, void *context, const atomic_bool *left)
{
    struct trust_look *look = context;
    struct looking l = {.arena = arena, .look = look, .left = left};
    bool found = look->file || look->directory;
    l.mounts = look->steady ? (struct away_mounts){"", true} : away_mounts_now(arena);
    glm_text_init(&l.read, arena, 4 * AUTHORITIES_MAX);
    if (look->file)
        take(&l, look->file, false, true);
    if (look->directory)
        take(&l, look->directory, true, true);
    for (size_t i = 0; !found && i < sizeof files / sizeof *files; i++)
        found = take(&l, files[i], false, false);
    for (size_t i = 0; !found && i < sizeof directories / sizeof *directories; i++)
        found = take(&l, directories[i], true, false);
    if (!l.read.len)
        return;
    if (look->found.file) { /* libcurl takes one of the two */
        add_file(&l.read, look->found.file);
        look->found.file = NULL;
    }
    look->found.text = l.read.overflow ? NULL : l.read.data;
}

/* ---- for all who ask ---- */

static bool is_same(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

/* With the lock held. */
static bool is_steady(struct glm_http *http)
{
    int64_t now = glm_clock_ms();
    if (http->mounts_ms && now - http->mounts_ms < MOUNTS_AGE_MS)
        return http->steady;
    struct glm_arena *GLM_AUTO_ARENA scratch = glm_arena_create(LOOK_LIMIT);
    http->steady = away_mounts_now(scratch).steady;
    http->mounts_ms = now;
    return http->steady;
}

/* With the lock held. One that is still good, or under way: it goes on until it is done. */
static bool is_good(const struct glm_http *http, const struct http_environment *e)
{
    if (!http->trust)
        return false;
    const struct trust_look *look = kube_aside_context(http->trust);
    if (!is_same(look->file, e->ssl_cert_file) || !is_same(look->directory, e->ssl_cert_dir))
        return false;
    return !kube_aside_is_done(http->trust) ||
           glm_clock_ms() - http->trust_ms < (look->found.text ? READ_AGE_MS : MOUNTS_AGE_MS);
}

/* With the lock held. NULL: *ret_error is an errno. */
static struct aside *look_of(struct glm_http *http, const struct http_environment *e,
                             int *ret_error)
{
    if (is_good(http, e))
        return kube_aside_take(http->trust);
    struct glm_arena *arena = glm_arena_create(LOOK_LIMIT);
    struct trust_look *look = GLM_NEW(arena, struct trust_look);
    look->file = e->ssl_cert_file ? glm_strdup(arena, e->ssl_cert_file) : NULL;
    look->directory = e->ssl_cert_dir ? glm_strdup(arena, e->ssl_cert_dir) : NULL;
    kube_aside_drop(http->trust);
    http->trust = kube_aside_begin(arena, look_for, look, ret_error);
    http->trust_ms = glm_clock_ms();
    if (!http->trust)
        glm_arena_destroy(arena);
    return kube_aside_take(http->trust);
}

static const char *copy(struct glm_arena *arena, const char *text)
{
    return text ? glm_strdup(arena, text) : NULL;
}

/* Whether its server, or its proxy, is held against them. */
static bool needs_them(const struct http_request *request, const struct http_environment *e)
{
    static const char https[] = "https://";
    const char *proxy = request->route->proxy;
    const char *const proxies[] = {proxy ? proxy : e->https_proxy, proxy ? NULL : e->http_proxy};
    if (request->route->insecure)
        return false;
    for (size_t i = 0; i < sizeof proxies / sizeof *proxies; i++)
        if (proxies[i] && strncasecmp(proxies[i], https, strlen(https)) == 0)
            return true;
    return !request->route->ca && strncasecmp(request->url, https, strlen(https)) == 0;
}

static enum http_outcome no_look(struct glm_arena *arena, const struct http_environment *e,
                                 enum aside_end end, const char **ret_why)
{
    if (end == ASIDE_STOPPED) {
        *ret_why = "stopped before it was done";
        return HTTP_STOPPED;
    }
    const char *named = e->ssl_cert_file ? e->ssl_cert_file : e->ssl_cert_dir;
    *ret_why = glm_sprintf(arena,
                           "the certificate authorities of this system%s%s could not be read when "
                           "the time was over: the file system that they are on does not answer",
                           named ? ", " : "", named ? glm_shown(arena, named) : "");
    return HTTP_TIMEOUT;
}

void http_trust_leave(struct glm_http *http)
{
    pthread_mutex_lock(&http->trust_lock);
    if (http->trust)
        kube_aside_leave(http->trust);
    pthread_mutex_unlock(&http->trust_lock);
}

enum http_outcome http_trust(struct glm_http *http, struct glm_arena *arena,
                             const struct http_request *request, int64_t until_ms,
                             struct http_authorities *ret_system, const char **ret_why)
{
    struct http_environment e;
    http_environment(&e);
    *ret_system = (struct http_authorities){NULL, NULL, NULL};
    if (!needs_them(request, &e))
        return HTTP_ANSWERED;
    int error = 0;
    pthread_mutex_lock(&http->trust_lock);
    bool steady = is_steady(http);
    struct aside *aside = steady ? NULL : look_of(http, &e, &error);
    pthread_mutex_unlock(&http->trust_lock);
    if (steady) {
        struct trust_look look = {e.ssl_cert_file, e.ssl_cert_dir, .steady = true};
        look_for(arena, &look, NULL);
        *ret_system = look.found;
        return HTTP_ANSWERED;
    }
    if (!aside) {
        *ret_why = glm_sprintf(arena, "the thread that reads the certificate authorities %s",
                               kube_aside_why_not(arena, error));
        return HTTP_NO_MEANS;
    }
    enum aside_end end = kube_aside_wait(aside, http->stop, request->cancel, until_ms);
    if (end == ASIDE_DONE) {
        const struct http_authorities *found =
            &((struct trust_look *)kube_aside_context(aside))->found;
        *ret_system = (struct http_authorities){
            copy(arena, found->file), copy(arena, found->directory), copy(arena, found->text)};
    }
    kube_aside_drop(aside);
    return end == ASIDE_DONE ? HTTP_ANSWERED : no_look(arena, &e, end, ret_why);
}

/* ---- an https:// proxy ---- */

/* What libcurl reads itself it takes for a proxy from its directory only. */
const char *http_trust_of_proxy(struct glm_arena *arena, const char *ca,
                                const struct http_authorities *system)
{
    struct glm_text text;
    glm_text_init(&text, arena, 4 * AUTHORITIES_MAX);
    if (ca)
        glm_text_addf(&text, "%s\n", ca);
    if (system->text)
        glm_text_adds(&text, system->text);
    if (system->file)
        add_file(&text, system->file);
    return text.len && !text.overflow ? text.data : NULL;
}
