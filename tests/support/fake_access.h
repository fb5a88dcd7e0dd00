/* SPDX-License-Identifier: Apache-2.0
 *
 * A fake way into a cluster: takes the place of access.c and credential.c in the one test program
 * that includes it. An entry has `host` and may have `token`, `ca` and `timeout_ms`; a token "a,b"
 * is "a" at first and "b" once "a" was refused.
 */
#ifndef GLM_TEST_FAKE_ACCESS_H
#define GLM_TEST_FAKE_ACCESS_H

#include "../../src/kube/exec/exec.h"

#include <string.h>

struct fake_access {
    atomic_uint resolved, credentials; /* how often each was asked for */
    atomic_uint failures;              /* so many times the next resolutions fail */
};
extern struct fake_access fake_access;
struct fake_access fake_access;

struct credentials {
    struct glm_arena *arena;
    const struct access *access;
};

bool access_resolve(struct glm_arena *arena, const struct glm_value *entry,
                    const struct glm_value *config_paths, struct access *ret_access,
                    struct glm_diags *d)
{
    static const char *const no_headers[] = {NULL};
    atomic_fetch_add(&fake_access.resolved, 1);
    if (atomic_load(&fake_access.failures)) {
        atomic_fetch_sub(&fake_access.failures, 1);
        return glm_error(d, NULL, "No way in", "The fake has none.");
    }
    int64_t timeout_ms = 20000;
    glm_number_int64(glm_get(entry, "timeout_ms"), &timeout_ms);
    *ret_access = (struct access){
        .server = glm_string_or(glm_get(entry, "host"), ""),
        .route = {.ca = glm_string_or(glm_get(entry, "ca"), NULL), .proxy = ""},
        .headers = no_headers,
        .timeout_ms = timeout_ms,
        .token = glm_string_or(glm_get(entry, "token"), NULL),
        .credential_label = "the token of the test",
        .ca_label = "the authority of the test",
    };
    (void)arena;
    (void)config_paths;
    return true;
}

struct credentials *exec_credentials_create(const struct access *access,
                                            struct glm_exec_cache *cache, const atomic_bool *stop)
{
    (void)cache;
    (void)stop;
    struct glm_arena *arena = glm_arena_create((size_t)1 << 20);
    struct credentials *credentials = GLM_NEW(arena, struct credentials);
    credentials->arena = arena;
    credentials->access = access;
    return credentials;
}

void exec_credentials_destroy(struct credentials *credentials)
{
    glm_arena_destroy(credentials->arena);
}

bool exec_credentials_get(struct credentials *credentials, struct glm_arena *arena,
                          uint64_t refused, int64_t until_ms, struct credential *ret_credential,
                          struct glm_diags *d)
{
    (void)until_ms;
    (void)d;
    const char *token = credentials->access->token;
    atomic_fetch_add(&fake_access.credentials, 1);
    *ret_credential = (struct credential){.generation = 1};
    if (!token)
        return true;
    size_t len = strcspn(token, ",");
    if (refused == 1 && token[len]) {
        ret_credential->generation = 2;
        token += len + 1;
        len = strlen(token);
    }
    ret_credential->authorization = glm_sprintf(arena, "Bearer %.*s", (int)len, token);
    return true;
}

#endif
