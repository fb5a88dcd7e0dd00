/* SPDX-License-Identifier: Apache-2.0
 *
 * Version: what an image tag says of its version, and which of two is older.
 *
 * Owner:  nothing is allocated.
 * Errors: none; false for what is no version.
 * Thread: no shared state.
 */
#ifndef GLM_VERSION_H
#define GLM_VERSION_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What an image tag says of its version: "1.24.3-solo-distroless", "1.24.0-rc.1",
 * "1.24.3-patch1-solo". Words that name a build (solo, distroless, fips, debug) do not count. */
struct glm_version {
    int64_t major, minor;
    int64_t patch;   /* -1: the tag does not say, like "1.24" */
    int stage;       /* 0 alpha, 1 beta, 2 rc, 3 released */
    int64_t build;   /* the number behind alpha, beta and rc; 0: none */
    int64_t rebuild; /* the number behind "patch" */
};
/* False for what is no version: "latest", a digest, a number alone. */
bool glm_version_parse(const char *tag, struct glm_version *ret_version);
/* Less than, equal to or greater than 0 as a is older than, as old as or newer than b. A patch
 * that is not known is as old as any other. */
int glm_version_order(const struct glm_version *a, const struct glm_version *b);
/* The same of major and minor only. */
int glm_version_minor_order(const struct glm_version *a, const struct glm_version *b);

#ifdef __cplusplus
}
#endif
#endif
