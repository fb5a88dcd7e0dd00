/* SPDX-License-Identifier: Apache-2.0
 *
 * The go-plugin handshake.
 */
#include "handshake.h"

#include "../src/away/away.h"

#include "glm/codec.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/un.h>
#include <unistd.h>

#define COOKIE_NAME "TF_PLUGIN_MAGIC_COOKIE"
#define COOKIE "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2"

bool glm_handshake_invited(void)
{
    const char *cookie = getenv(COOKIE_NAME);
    return cookie && strcmp(cookie, COOKIE) == 0;
}

bool glm_handshake_speaks(const char *versions)
{
    if (!versions || !*versions)
        return true;
    for (const char *v = versions; *v;) {
        size_t len = strcspn(v, ",");
        if (len == 1 && *v == '0' + GLM_PROTOCOL_VERSION)
            return true;
        v += len;
        v += *v == ',';
    }
    return false;
}

const char *glm_handshake_client_certificate(void)
{
    const char *pem = getenv("PLUGIN_CLIENT_CERT");
    return pem && *pem ? pem : NULL;
}

/* ---- where the socket may be ---- */

#define PATH_BYTES (sizeof((struct sockaddr_un *)NULL)->sun_path - 1)

/* The line's fields end at a bar and the line at a line break; --debug prints the path as JSON. */
static bool speakable(struct glm_arena *arena, const char *path)
{
    for (const char *p = path; *p; p++)
        if ((unsigned char)*p < ' ' || *p == 0x7f || *p == '|')
            return false;
    return strcmp(glm_utf8_clean(arena, path, strlen(path)), path) == 0;
}

static const char *words_of(struct glm_arena *arena, int error)
{
    char *words = glm_alloc(arena, 256);
    return strerror_r(error, words, 256);
}

/* Why a socket cannot be in the folder, as the end of a sentence; NULL: nothing is known. */
static const char *unusable(struct glm_arena *arena, const char *folder)
{
    struct stat info;
    if (*folder != '/')
        return "is no absolute path";
    if (strlen(folder) + sizeof "/plugin-glm-0123456789abcdef" - 1 > PATH_BYTES)
        return glm_sprintf(arena, "is too long: a socket's whole path has %zu bytes at most",
                           PATH_BYTES);
    if (!speakable(arena, folder))
        return "has characters that cannot be told to Terraform";
    if (stat(folder, &info) != 0)
        return glm_sprintf(arena, "cannot be used: %s", words_of(arena, errno));
    if (!S_ISDIR(info.st_mode))
        return "is no folder";
    if (access(folder, W_OK | X_OK) != 0)
        return glm_sprintf(arena, "cannot be written to: %s", words_of(arena, errno));
    return NULL;
}

/* On a file system of another machine, which may have gone away: to look at it there is to wait for it, and
 * so is the end of this process, which takes its socket along. */
static bool may_hang(struct glm_arena *arena, const char *folder)
{
    if (!folder || !*folder)
        return false; /* and the table of mounts is not read at each start */
    const struct away_mounts mounts = away_mounts_now(arena);
    struct away_mount mount;
    return away_may_hang(arena, &mounts, folder, &mount);
}

bool glm_handshake_places(struct glm_arena *arena, struct glm_socket_places *ret_places,
                          const char **ret_why)
{
    const char *named = getenv("TMPDIR");
    bool far = may_hang(arena, named);
    const char *const names[] = {far ? "/tmp" : "TMPDIR", far ? "TMPDIR" : "/tmp"};
    const char *const folders[] = {far ? "/tmp" : named, far ? named : "/tmp"};
    struct glm_socket_places places = {.trouble = ""};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        uint64_t random;
        if (!folders[i] || !*folders[i] || (far && places.count > 0))
            continue;
        const char *trouble = unusable(arena, folders[i]);
        if (trouble) {
            places.trouble = glm_sprintf(arena, "%s%s%s %s", places.trouble,
                                         *places.trouble ? "; " : "", names[i], trouble);
            continue;
        }
        if (getrandom(&random, sizeof random, 0) != (ssize_t)sizeof random) {
            *ret_why = "the system has no random numbers";
            return false;
        }
        places.names[places.count] = names[i];
        places.paths[places.count++] =
            glm_sprintf(arena, "%s/plugin-glm-%016llx", folders[i], (unsigned long long)random);
    }
    *ret_places = places;
    *ret_why =
        glm_sprintf(arena, "%s. Let TMPDIR name a folder that can be written to", places.trouble);
    return places.count > 0;
}

/* The kernel has one number for two things that run out. */
static const char *what_is_full(struct glm_arena *arena, const char *path)
{
    struct statvfs info;
    const char *name = strrchr(path, '/') + 1; /* it is absolute */
    const char *folder = glm_strndup(arena, path, (size_t)(name - path));
    bool inodes = statvfs(folder, &info) == 0 && info.f_files > 0 && info.f_favail == 0;
    return inodes ? "has no inode left for a socket" : "has no space left for a socket";
}

const char *glm_handshake_trouble(struct glm_arena *arena, const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) > PATH_BYTES)
        return "is too long for a socket";
    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int error = fd < 0 ? errno : 0;
    if (fd >= 0 && bind(fd, (const struct sockaddr *)&address, sizeof address) != 0)
        error = errno;
    else if (fd >= 0)
        unlink(path);
    if (fd >= 0)
        close(fd);
    if (error == ENOSPC)
        return what_is_full(arena, path);
    return error == 0 ? NULL
                      : glm_sprintf(arena, "cannot hold a socket: %s", words_of(arena, error));
}

/* ---- the answer ---- */

bool glm_handshake_answer(struct glm_arena *arena, const char *socket_path, const char *certificate,
                          const char **ret_why)
{
    const char *line = glm_sprintf(arena, "1|%d|unix|%s|grpc|%s\n", GLM_PROTOCOL_VERSION,
                                   socket_path, certificate ? certificate : "");
    for (size_t len = strlen(line); len > 0;) {
        ssize_t n = write(STDOUT_FILENO, line, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) {
            *ret_why = n < 0 && errno != EPIPE && errno != EBADF
                           ? glm_sprintf(arena, "the standard output cannot be written to: %s",
                                         words_of(arena, errno))
                           : "nobody reads the standard output";
            return false;
        }
        line += n;
        len -= (size_t)n;
    }
    /* Terraform reads exactly one line: whatever a library prints later goes to the log. */
    if (dup2(STDERR_FILENO, STDOUT_FILENO) >= 0)
        return true;
    *ret_why =
        glm_sprintf(arena, "the standard output cannot be closed: %s", words_of(arena, errno));
    return false;
}
