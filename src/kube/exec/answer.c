/* SPDX-License-Identifier: Apache-2.0
 *
 * What a credential plugin must print: an ExecCredential of the version that was asked for.
 *
 * Source: Kubernetes, "client-go credential plugins", input and output formats.
 * Errors: what is wrong with the answer; nothing that is in it, for it may be a credential.
 */
#include "internal.h"

#include <ctype.h>
#include <string.h>

static const char key_token[] = "token";
static const char key_certificate[] = "clientCertificateData";
static const char key_key[] = "clientKeyData";
static const char key_expiration[] = "expirationTimestamp";

static bool has(const struct glm_value *status, const char *key)
{
    return glm_string_or(glm_get(status, key), "")[0] != '\0';
}

/* Shown only when it cannot be anything but what it should be: letters, and a version. */
static const char *shown_version(const struct glm_value *v)
{
    static const char group[] = "client.authentication.k8s.io/";
    const char *text = glm_string_or(v, "");
    if (strncmp(text, group, sizeof group - 1) != 0 || v->len > sizeof group + 16)
        return NULL;
    for (const char *p = text + sizeof group - 1; *p; p++)
        if (!isalnum((unsigned char)*p))
            return NULL;
    return text;
}

static const char *version_problem(struct glm_arena *arena, const struct glm_value *answer,
                                   const char *wanted)
{
    const struct glm_value *version = glm_get(answer, "apiVersion");
    if (glm_string_is(version, wanted))
        return NULL;
    const char *shown = shown_version(version);
    if (shown)
        return glm_sprintf(arena, "it printed one of %s: set the API version of the plugin to that",
                           shown);
    return glm_is_null(version) ? "what it printed has no `apiVersion`"
                                : "the `apiVersion` of what it printed is another one";
}

static const char *text_problem(struct glm_arena *arena, const struct glm_value *status,
                                const char *key)
{
    const struct glm_value *v = glm_get(status, key);
    if (glm_is_null(v) || glm_is_string(v))
        return NULL;
    return glm_sprintf(arena, "its status.%s is not a text", key);
}

static const char *token_problem(struct glm_arena *arena, const struct glm_value *status)
{
    const struct glm_value *token = glm_get(status, key_token);
    const char *problem =
        has(status, key_token) ? exec_credential_token_problem(token->as.text, token->len) : NULL;
    return problem ? glm_sprintf(arena, "its status.token cannot be sent: %s", problem) : NULL;
}

static const char *pair_problem(struct glm_arena *arena, const struct glm_value *status)
{
    bool certificate = has(status, key_certificate), key = has(status, key_key);
    if (certificate != key)
        return glm_sprintf(arena, "its status has %s without %s",
                           certificate ? key_certificate : key_key,
                           certificate ? key_key : key_certificate);
    if (!certificate)
        return NULL;
    const struct glm_value *chain = glm_get(status, key_certificate);
    const struct glm_value *secret = glm_get(status, key_key);
    struct glm_diags said; /* says whose mistake it is in words of configuration */
    glm_diags_init(&said, arena);
    if (!access_check_pem(&said, ACCESS_CERTIFICATE, chain->as.text, chain->len, key_certificate))
        return glm_sprintf(arena, "its status.%s is no certificate in PEM", key_certificate);
    if (!access_check_pem(&said, ACCESS_KEY, secret->as.text, secret->len, key_key))
        return glm_sprintf(arena, "its status.%s is no unencrypted private key in PEM", key_key);
    return NULL;
}

static const char *status_problem(struct glm_arena *arena, const struct glm_value *status)
{
    static const char *const keys[] = {key_token, key_certificate, key_key, key_expiration};
    const char *problem = NULL;
    int64_t seconds;
    if (!glm_is_map(status))
        return "what it printed has no `status`";
    for (size_t i = 0; !problem && i < sizeof keys / sizeof *keys; i++)
        problem = text_problem(arena, status, keys[i]);
    problem = problem ? problem : pair_problem(arena, status);
    problem = problem ? problem : token_problem(arena, status);
    if (problem)
        return problem;
    if (!has(status, key_token) && !has(status, key_key))
        return "its status has neither a token nor a client certificate: the login may be over";
    if (has(status, key_expiration) &&
        !exec_credential_time(glm_get(status, key_expiration)->as.text, &seconds))
        return "its status.expirationTimestamp is no time as RFC 3339 has it "
               "(2026-01-02T03:04:05Z)";
    return NULL;
}

static const char *answer_problem(struct glm_arena *arena, const char *wanted,
                                  const struct glm_value *answer)
{
    if (!glm_is_map(answer))
        return "what it printed is no JSON object";
    if (!glm_string_is(glm_get(answer, "kind"), "ExecCredential"))
        return glm_is_null(glm_get(answer, "kind"))
                   ? "what it printed has no `kind`"
                   : "the `kind` of what it printed is another one";
    const char *problem = version_problem(arena, answer, wanted);
    return problem ? problem : status_problem(arena, glm_get(answer, "status"));
}

/* In words that quote nothing of it. */
static const char *decoding_problem(struct glm_arena *arena, const struct exec_result *result,
                                    const struct glm_diags *said)
{
    if (memmem(result->output, result->output_len, "\\u0000", strlen("\\u0000")))
        return "a text in what it printed has a NUL character";
    if (strcmp(said->first->summary, "answer is too large") == 0)
        return glm_sprintf(arena, "no credential is as long as the %zu bytes that it printed",
                           result->output_len);
    return glm_sprintf(arena, "the %zu bytes that it printed are not JSON", result->output_len);
}

bool exec_answer(struct glm_arena *arena, const struct access *access,
                 const struct exec_result *result, const struct glm_value **ret_status,
                 struct glm_diags *d)
{
    const struct glm_value *answer = &glm_null;
    const char *wanted = access->exec->api_version, *problem;
    struct glm_diags said; /* a decoder's own words may quote the text */
    glm_diags_init(&said, arena);
    if (strspn(result->output, " \t\r\n") == result->output_len)
        problem = "it printed nothing";
    else if (!exec_decode(arena, result, &answer, &said))
        problem = decoding_problem(arena, result, &said);
    else
        problem = answer_problem(arena, wanted, answer);
    if (!problem) {
        *ret_status = glm_get(answer, "status");
        return true;
    }
    const char *words = exec_words(arena, access, result);
    return glm_error(d, NULL, "Credential plugin's answer cannot be used",
                     "Credentials come from %s, which must print an ExecCredential of %s, but %s. "
                     "The answer itself is not shown, for it may hold a credential.%s%s",
                     exec_label(arena, access), wanted, problem,
                     *words ? " It wrote to stderr:\n\n" : "", words);
}
