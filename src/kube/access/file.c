/* SPDX-License-Identifier: Apache-2.0
 *
 * The files that kubeconfigs and entries name: found, read whole, and looked at.
 *
 * Owner:  what is read lives in the arena of the draft.
 * Errors: the path and the reason; never the content.
 */
#include "../../away/away.h"
#include "internal.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

/* Of the kernel's table of mounts, and what is made of it. */
#define MOUNTS_LIMIT ((size_t)64 << 20)

static const char *errno_text(struct glm_arena *arena, int error)
{
    char buffer[256] = "";
    return glm_strdup(arena, strerror_r(error, buffer, sizeof buffer));
}

/* A credential where its file should be named is not repeated as if it were a path: none has line
 * breaks, and no system has names as long as a token. */
static bool is_path(const char *path)
{
    for (const char *p = path; *p; p++)
        if ((unsigned char)*p < 0x20 || *p == 0x7f)
            return false;
    for (const char *p = path; *p; p += strspn(p, "/")) {
        size_t len = strcspn(p, "/");
        if (len > NAME_MAX)
            return false;
        p += len;
    }
    return true;
}

bool access_check_path(struct glm_diags *d, const char *path, const char *what)
{
    return is_path(path) ||
           glm_error(d, NULL, "Not a path",
                     "%s must be the path of a file, and has a line break, a control character or "
                     "a name longer than %d bytes. Is it the content of the file?",
                     what, NAME_MAX);
}

bool access_path(struct access_draft *a, const char *path, const char *directory,
                 const char **ret_path)
{
    const char *whole = glm_path_home(a->arena, path, a->around->home);
    if (!whole)
        return glm_error(a->d, NULL, "Unknown home directory",
                         "\"%s\" begins with the home directory, and HOME is not set in the "
                         "environment. Set it, or write the whole path.",
                         path);
    bool relative = whole == path && path[0] != '/';
    *ret_path = relative && directory ? glm_sprintf(a->arena, "%s/%s", directory, path) : whole;
    return true;
}

/* Why what is there is not read, as a clause. A pipe gives what it has once, and a file
 * is read for every cluster, each time that Terraform starts the provider; to read a device is to do
 * something to it. */
static const char *not_a_file(const struct stat *st)
{
    if (S_ISDIR(st->st_mode))
        return "it is a directory";
    if (S_ISFIFO(st->st_mode))
        return "it is a pipe, which gives what it has only once, and it is read for every cluster "
               "each time that Terraform starts the provider";
    return S_ISSOCK(st->st_mode) ? "it is a socket" : "it is a device";
}

bool access_may_hang(const char *path)
{
    struct glm_arena *GLM_AUTO_ARENA scratch = glm_arena_create(MOUNTS_LIMIT);
    const struct away_mounts mounts = away_mounts_now(scratch);
    struct away_mount mount;
    return away_may_hang(scratch, &mounts, path, &mount);
}

bool access_file(struct glm_arena *arena, const char *path, size_t max, const char *what,
                 const char **ret_text, size_t *ret_len, bool *absent, struct glm_diags *d)
{
    struct away_file file;
    const struct away_ask ask = {
        .path = path, .question = AWAY_READ, .max = max, .may_hang = access_may_hang(path)};
    away_file(arena, &ask, &file);
    if (absent)
        *absent = file.error == ENOENT || file.error == ENOTDIR;
    if (file.text || (absent && *absent)) {
        *ret_text = file.text;
        *ret_len = file.len;
        return true;
    }
    if (file.error == 0)
        return glm_error(
            d, NULL, "Not a regular file",
            "%s, \"%s\", is not a regular file: %s. Put what it holds into a file, and "
            "name that.",
            what, path, not_a_file(&file.stat));
    if (file.error == EFBIG)
        return glm_error(d, NULL, "File too large",
                         "%s, \"%s\", is larger than the %zu bytes that are read.", what, path,
                         max);
    return glm_error(d, NULL, "File cannot be read", "%s, \"%s\", cannot be read: %s.", what, path,
                     errno_text(arena, file.error));
}

/* ---- PEM ---- */

static bool check_certificate(struct glm_diags *d, const char *text, const char *what)
{
    if (strstr(text, "-----BEGIN CERTIFICATE-----") ||
        strstr(text, "-----BEGIN TRUSTED CERTIFICATE-----") ||
        strstr(text, "-----BEGIN X509 CERTIFICATE-----"))
        return true;
    if (strstr(text, "PRIVATE KEY-----"))
        return glm_error(d, NULL, "Not a certificate",
                         "%s must be a certificate, and a private key is there. Are the two "
                         "exchanged?",
                         what);
    return glm_error(d, NULL, "Not a certificate",
                     "%s must be PEM text with a line \"-----BEGIN CERTIFICATE-----\", and has "
                     "none.",
                     what);
}

static bool check_key(struct glm_diags *d, const char *text, const char *what)
{
    if (strstr(text, "-----BEGIN ENCRYPTED PRIVATE KEY-----") ||
        strstr(text, "Proc-Type: 4,ENCRYPTED"))
        return glm_error(d, NULL, "Encrypted private key",
                         "%s is encrypted with a passphrase, and nobody can be asked for it here. "
                         "Decrypt it: openssl pkey -in KEY -out PLAIN-KEY.",
                         what);
    if (strstr(text, "PRIVATE KEY-----"))
        return true;
    if (strstr(text, "-----BEGIN CERTIFICATE-----"))
        return glm_error(d, NULL, "Not a private key",
                         "%s must be a private key, and a certificate is there. Are the two "
                         "exchanged?",
                         what);
    return glm_error(d, NULL, "Not a private key",
                     "%s must be PEM text with a line such as \"-----BEGIN PRIVATE KEY-----\", "
                     "and has none.",
                     what);
}

bool access_check_pem(struct glm_diags *d, enum access_pem_kind kind, const char *text, size_t len,
                      const char *what)
{
    if (strlen(text) != len)
        return glm_error(d, NULL, "Not a PEM text",
                         "%s has a NUL byte: it may be a certificate or key in DER. Convert it to "
                         "PEM with openssl.",
                         what);
    if (len > KUBE_FILE_MAX)
        return glm_error(d, NULL, "Too long for a PEM text",
                         "%s has %zu bytes, and at most %zu are taken. Is it the content of "
                         "another file?",
                         what, len, KUBE_FILE_MAX);
    return kind == ACCESS_KEY ? check_key(d, text, what) : check_certificate(d, text, what);
}
