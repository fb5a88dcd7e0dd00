/* SPDX-License-Identifier: Apache-2.0
 *
 * What the environment says about proxies and authorities, and where a system keeps the latter.
 */
#include "../wait/wait.h"
#include "parts.h"

#include "glm/text.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define READ_MS 700 /* how long the system's file is waited for: it is there, or it is not */
#define AUTHORITIES_MAX ((size_t)16 << 20) /* the largest systems have half of one */

static const char *first_set(const char *a, const char *b)
{
    const char *value = getenv(a);
    if (!value || !*value)
        value = b ? getenv(b) : NULL;
    return value && *value ? value : NULL;
}

void http_environment(struct http_environment *ret_environment)
{
    *ret_environment = (struct http_environment){
        .http_proxy = first_set("HTTP_PROXY", "http_proxy"),
        .https_proxy = first_set("HTTPS_PROXY", "https_proxy"),
        .no_proxy = first_set("NO_PROXY", "no_proxy"),
        .ssl_cert_file = first_set("SSL_CERT_FILE", NULL),
        .ssl_cert_dir = first_set("SSL_CERT_DIR", NULL),
    };
}

void http_authorities(const struct http_environment *environment,
                      struct http_authorities *ret_authorities)
{
    static const char *const files[] = {
        "/etc/ssl/certs/ca-certificates.crt",                /* Debian, Ubuntu, Alpine, Arch */
        "/etc/pki/tls/certs/ca-bundle.crt",                  /* Fedora, RHEL and its relatives */
        "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", /* the same, newer */
        "/etc/ssl/ca-bundle.pem",                            /* SUSE */
        "/etc/ssl/cert.pem",                                 /* Alpine without ca-certificates */
        "/var/lib/ca-certificates/ca-bundle.pem",            /* SUSE's source of the above */
    };
    static const char *const directories[] = {"/etc/ssl/certs", "/etc/pki/tls/certs"};

    /* As OpenSSL and Go have it: whoever names either of them means it. */
    if (environment->ssl_cert_file || environment->ssl_cert_dir) {
        *ret_authorities =
            (struct http_authorities){environment->ssl_cert_file, environment->ssl_cert_dir};
        return;
    }
    *ret_authorities = (struct http_authorities){NULL, NULL};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        if (faccessat(AT_FDCWD, files[i], R_OK, 0) == 0) {
            ret_authorities->file = files[i];
            return;
        }
    for (size_t i = 0; i < sizeof directories / sizeof *directories; i++)
        if (faccessat(AT_FDCWD, directories[i], R_OK | X_OK, 0) == 0) {
            ret_authorities->directory = directories[i];
            return;
        }
}

/* The system's file, read aside: it may be on a file system that has gone away. */
struct reading {
    const char *file;
    struct glm_text text;
};

static void read_file(struct glm_arena *arena, void *context, const atomic_bool *left)
{
    struct reading *r = context;
    struct stat st;
    int fd = open(r->file, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd < 0)
        return;
    char *piece = glm_alloc(arena, BUFSIZ);
    bool regular = fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
    for (ssize_t len;
         regular && !r->text.overflow && !atomic_load(left) && (len = read(fd, piece, BUFSIZ)) > 0;)
        glm_text_add(&r->text, piece, (size_t)len);
    close(fd);
}

static void add_file(struct glm_text *text, const char *file)
{
    int error;
    struct glm_arena *arena = glm_arena_create(8 * AUTHORITIES_MAX);
    struct reading *r = GLM_NEW(arena, struct reading);
    r->file = glm_strdup(arena, file);
    glm_text_init(&r->text, arena, AUTHORITIES_MAX);
    struct aside *aside = aside_begin(arena, read_file, r, &error);
    if (!aside)
        glm_arena_destroy(arena);
    else if (aside_wait(aside, NULL, NULL, glm_clock_ms() + READ_MS) == ASIDE_DONE)
        glm_text_add(text, r->text.data, r->text.len);
    aside_drop(aside);
}

const char *http_proxy_authorities(struct glm_arena *arena, const char *ca,
                                   const struct http_authorities *system)
{
    struct glm_text text;
    glm_text_init(&text, arena, 2 * AUTHORITIES_MAX);
    if (ca)
        glm_text_addf(&text, "%s\n", ca);
    if (system->file)
        add_file(&text, system->file);
    return text.len && !text.overflow ? text.data : NULL;
}
