/* SPDX-License-Identifier: Apache-2.0
 *
 * Files, paths and variables that the way to a cluster is made of, and settings read out of maps.
 *
 * Errors: the setting by name, the file by path, what was expected; never what is in them.
 * Thread: no shared state.
 */
#include "access_parts.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- the environment and paths ---- */

const char *access_variable(const char *const *environment, const char *name)
{
    size_t len = strlen(name);
    for (; *environment; environment++)
        if (strncmp(*environment, name, len) == 0 && (*environment)[len] == '=')
            return (*environment)[len + 1] ? *environment + len + 1 : NULL;
    return NULL;
}

const char *access_path(struct resolver *r, const char *path, const char *directory)
{
    if (path[0] == '~' && (path[1] == '/' || path[1] == '\0')) {
        const char *home = access_variable(r->environment, "HOME");
        return home ? glm_sprintf(r->arena, "%s%s", home, path + 1) : path;
    }
    if (path[0] == '/' || !directory)
        return path;
    return glm_sprintf(r->arena, "%s/%s", directory, path);
}

const char *access_directory(struct glm_arena *arena, const char *path)
{
    const char *slash = strrchr(path, '/');
    if (!slash)
        return NULL;
    return slash == path ? "/" : glm_strndup(arena, path, (size_t)(slash - path));
}

/* ---- files ---- */

static void close_file(const int *fd)
{
    if (*fd >= 0)
        close(*fd);
}
#define AUTO_CLOSE __attribute__((cleanup(close_file)))

static int refuse(int error, const char *why, const char **ret_why)
{
    *ret_why = why;
    return error;
}

static const char *why_not_opened(struct glm_arena *arena, int error)
{
    switch (error) {
    case ENOENT:
    case ENOTDIR:
        return "there is no such file";
    case EACCES:
    case EPERM:
        return "permission to read it is denied";
    default: {
        char text[128]; /* strerror_r's interface: the longest text of glibc has 49 bytes */
        return glm_strdup(arena, strerror_r(error, text, sizeof text));
    }
    }
}

int access_read(struct glm_arena *arena, const char *path, size_t limit, const char **ret_text,
                size_t *ret_len, const char **ret_why)
{
    /* O_NONBLOCK: a pipe at that place must not hang us. */
    int AUTO_CLOSE fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd < 0) {
        int error = errno;
        return refuse(error, why_not_opened(arena, error), ret_why);
    }
    struct stat st;
    if (fstat(fd, &st) < 0)
        return refuse(EIO, "it cannot be looked at", ret_why);
    if (S_ISDIR(st.st_mode))
        return refuse(EISDIR, "it is a directory", ret_why);
    if (!S_ISREG(st.st_mode))
        return refuse(EINVAL, "it is not a regular file", ret_why);
    struct glm_text text;
    glm_text_init(&text, arena, limit);
    size_t room = (size_t)(st.st_size < 4096 ? 4096 : st.st_size < 65536 ? st.st_size + 1 : 65536);
    char *piece = glm_alloc(arena, room);
    for (;;) {
        ssize_t n = read(fd, piece, room);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            int error = errno;
            return refuse(error, why_not_opened(arena, error), ret_why);
        }
        if (n == 0)
            break;
        glm_text_add(&text, piece, (size_t)n);
        if (text.overflow)
            return refuse(
                EFBIG,
                glm_sprintf(arena, "it has more than the %zu KiB that are read of it", limit >> 10),
                ret_why);
    }
    *ret_text = text.data;
    *ret_len = text.len;
    return 0;
}

/* ---- settings ---- */

const char *access_name(struct resolver *r, const struct settings *from, const char *key)
{
    return from->label ? glm_sprintf(r->arena, "`%s` of %s", key, from->label)
                       : glm_sprintf(r->arena, "`%s`", key);
}

bool access_text(struct resolver *r, const struct settings *from, const char *key,
                 const char **ret_text)
{
    const struct glm_value *v = glm_get(from->map, key);
    if (glm_is_null(v) || glm_string_is(v, "")) {
        *ret_text = NULL;
        return true;
    }
    if (!glm_is_string(v))
        return glm_error(r->d, NULL, "Not a text", "%s must be a text, and is none%s.",
                         access_name(r, from, key),
                         v->kind == GLM_NUMBER || v->kind == GLM_BOOL ? ": put it in quotes" : "");
    if (strlen(v->as.text) != v->len)
        return glm_error(r->d, NULL, "Not a text", "%s has a NUL byte in it.",
                         access_name(r, from, key));
    *ret_text = v->as.text;
    return true;
}

bool access_flag(struct resolver *r, const struct settings *from, const char *key, bool *ret_flag)
{
    const struct glm_value *v = glm_get(from->map, key);
    if (glm_is_null(v) || v->kind == GLM_BOOL) {
        *ret_flag = glm_is_true(v);
        return true;
    }
    return glm_error(r->d, NULL, "Neither true nor false",
                     "%s must be true or false, without quotes.", access_name(r, from, key));
}

static bool read_data(struct resolver *r, const struct settings *from, const char *key,
                      const char *data, const char **ret_text)
{
    /* YAML makes spaces of the line breaks of a text that runs over several lines. */
    struct glm_text digits;
    glm_text_init(&digits, r->arena, KUBE_CONFIG_MAX);
    for (; *data; data++)
        if (!isspace((unsigned char)*data))
            glm_text_addc(&digits, *data);
    size_t len;
    const char *text = glm_base64_decode(r->arena, digits.data, digits.len, &len);
    if (!text)
        return glm_error(r->d, NULL, "Not base64", "%s must be base64, and is not%s.",
                         access_name(r, from, key),
                         strstr(digits.data, "-----BEGIN")
                             ? ": it is the PEM text itself. Encode it with `base64 -w0`"
                             : ". Was it cut off?");
    if (strlen(text) != len)
        return glm_error(r->d, NULL, "Not a PEM text",
                         "%s is no text once its base64 is taken off: PEM is wanted, not DER.",
                         access_name(r, from, key));
    *ret_text = text;
    return true;
}

bool access_material(struct resolver *r, const struct settings *from, const char *data_key,
                     const char *file_key, const char **ret_pem, const char **ret_label)
{
    const char *data, *file, *why = "";
    size_t len = 0;
    *ret_pem = *ret_label = NULL;
    if (!access_text(r, from, data_key, &data) || !access_text(r, from, file_key, &file))
        return false;
    if (data) {
        *ret_label = access_name(r, from, data_key);
        return read_data(r, from, data_key, data, ret_pem);
    }
    if (!file)
        return true;
    const char *path = access_path(r, file, from->directory);
    if (access_read(r->arena, path, KUBE_FILE_MAX, ret_pem, &len, &why) != 0)
        return glm_error(r->d, NULL, "File that cannot be read", "%s is the file %s: %s.%s",
                         access_name(r, from, file_key), path, why,
                         file[0] == '/' || !from->directory
                             ? ""
                             : " Its path is relative to the kubeconfig's own directory.");
    if (strlen(*ret_pem) != len)
        return glm_error(r->d, NULL, "Not a PEM text",
                         "%s is the file %s, which is no text: PEM is wanted, not DER. `openssl "
                         "x509 -inform der -in FILE` makes PEM of a certificate.",
                         access_name(r, from, file_key), path);
    *ret_label = path;
    return true;
}
