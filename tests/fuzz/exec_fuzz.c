/* SPDX-License-Identifier: Apache-2.0
 *
 * Fuzz target: any bytes as what a credential plugin has written: to stderr what is before a line of
 * "---8<---", to stdout what is after it or, without one, all.
 *
 * Holds:  no crash; errors exactly when the answer says so; a good answer has something to log in with
 *         that can be sent; what is shown of stderr is limited, UTF-8, without control characters and
 *         without the secret that the plugin was given.
 */
#include "../support/harmless.h"
#include "../../src/kube/exec/internal.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define SECRET "s3cret-of-the-plugin"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool ok)
{
    if (!ok)
        abort();
}

static void check_shown(const char *text)
{
    require(is_harmless(text, true, 8192));
    require(!strstr(text, SECRET));
}

static const char *text_of(const struct glm_value *status, const char *key)
{
    return glm_string_or(glm_get(status, key), "");
}

static void check_status(const struct glm_value *status)
{
    const char *token = text_of(status, "token"), *time = text_of(status, "expirationTimestamp");
    int64_t seconds;
    require(*token ||
            (*text_of(status, "clientCertificateData") && *text_of(status, "clientKeyData")));
    require(!*token || !exec_credential_token_problem(token, strlen(token)));
    require(!*time || exec_credential_time(time, &seconds));
}

static void answer(struct glm_arena *arena, const struct exec_result *result, const char *version)
{
    const struct glm_pair environment[] = {
        {.key = "AWS_SECRET_ACCESS_KEY", .value = glm_string(arena, SECRET)}};
    static const char *const args[] = {"get-token", NULL};
    const struct exec_config exec = {
        .command = "aws",
        .args = args,
        .environment = environment,
        .environment_count = 1,
        .api_version = version,
    };
    const struct access access = {.server = "https://east", .exec = &exec};
    const struct glm_value *status = &glm_null;
    struct glm_diags d;
    glm_diags_init(&d, arena);
    check_shown(exec_words(arena, &access, result));
    bool ok = exec_answer(arena, &access, result, &status, &d);
    require(ok == (d.errors == 0));
    if (ok)
        check_status(status);
    else
        check_shown(d.first->detail);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char mark[] = "\n---8<---\n";
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create((size_t)1 << 30);
    const char *text = glm_strndup(arena, (const char *)data, size);
    const char *cut = memmem(text, size, mark, sizeof mark - 1);
    size_t words = cut ? (size_t)(cut - text) : 0, from = cut ? words + sizeof mark - 1 : 0;
    const struct exec_result result = {
        .end = EXEC_EXITED,
        .output = glm_strndup(arena, text + from, size - from),
        .output_len = size - from,
        .words = text,
        .words_len = words,
    };
    answer(arena, &result, "client.authentication.k8s.io/v1");
    answer(arena, &result, "client.authentication.k8s.io/v1beta1");
    return 0;
}
