/* SPDX-License-Identifier: Apache-2.0
 *
 * The go-plugin handshake.
 */
#include "handshake.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
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

static bool fits(const char *path)
{
    return strlen(path) < sizeof((struct sockaddr_un *)NULL)->sun_path;
}

static bool usable(const char *folder)
{
    struct stat info;
    return folder && *folder == '/' && stat(folder, &info) == 0 && S_ISDIR(info.st_mode) &&
           access(folder, W_OK | X_OK) == 0;
}

const char *glm_handshake_socket_path(struct glm_arena *arena, const char **ret_why)
{
    const char *const folders[] = {getenv("TMPDIR"), "/tmp"};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        uint64_t random;
        if (!usable(folders[i]))
            continue;
        if (getrandom(&random, sizeof random, 0) != (ssize_t)sizeof random) {
            *ret_why = "the system has no random numbers";
            return NULL;
        }
        const char *path =
            glm_sprintf(arena, "%s/plugin-glm-%016llx", folders[i], (unsigned long long)random);
        if (fits(path))
            return path;
    }
    *ret_why = "neither TMPDIR nor /tmp is a writable folder with a path short enough";
    return NULL;
}

bool glm_handshake_answer(struct glm_arena *arena, const char *socket_path, const char *certificate)
{
    const char *line = glm_sprintf(arena, "1|%d|unix|%s|grpc|%s\n", GLM_PROTOCOL_VERSION,
                                   socket_path, certificate ? certificate : "");
    for (size_t len = strlen(line); len > 0;) {
        ssize_t n = write(STDOUT_FILENO, line, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        line += n;
        len -= (size_t)n;
    }
    /* Terraform reads exactly one line: whatever a library prints later goes to the log. */
    return dup2(STDERR_FILENO, STDOUT_FILENO) >= 0;
}
