/* SPDX-License-Identifier: Apache-2.0
 *
 * What a credential plugin wrote to stderr, made fit to be shown in a diagnostic.
 *
 * Rule:   it helps, but a credential in it must not be shown. The token of its answer is starred, and
 *         so is what of its arguments and variables is a secret, and what its own words call one. Lines
 *         that look like an answer, a token or a key are left out. Terminal escapes and control
 *         characters go.
 */
#include "internal.h"

#include "glm/shown.h"

#include <ctype.h>
#include <string.h>

#define SHOWN_MAX ((size_t)1500)
#define LINES_MAX 12
#define RUN_MIN 64 /* no word of a message is that long, with digits and both cases in it */

const char *exec_label(struct glm_arena *arena, const struct access *access)
{
    return access->credential_label ? access->credential_label
                                    : glm_sprintf(arena, "the credential plugin %s",
                                                  glm_shown(arena, access->exec->command));
}

static bool is_token_character(char c)
{
    return isalnum((unsigned char)c) || strchr("+-_=.", c);
}

/* Length of the token-like run at text, 0 where it is none. */
static size_t token_run(const char *text, size_t len)
{
    bool digit = false, upper = false, lower = false;
    size_t n = 0;
    for (; n < len && text[n] && is_token_character(text[n]); n++) {
        digit |= isdigit((unsigned char)text[n]) != 0;
        upper |= isupper((unsigned char)text[n]) != 0;
        lower |= islower((unsigned char)text[n]) != 0;
    }
    return n >= RUN_MIN && digit && upper && lower ? n : 0;
}

/* Beginnings of what no log should have: an answer, a JSON web token, an EKS token, a key. */
static bool looks_like_credential(const char *line, size_t len)
{
    static const char *const marks[] = {"ExecCredential", "eyJ",           "k8s-aws-v1.",
                                        "PRIVATE KEY",    "clientKeyData", "\"token\""};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (memmem(line, len, marks[i], strlen(marks[i])))
            return true;
    for (size_t i = 0; i < len; i++)
        if ((i == 0 || !is_token_character(line[i - 1])) && token_run(line + i, len - i))
            return true;
    return false;
}

/* Length of an escape sequence of a terminal at text (ECMA-48), 0 for none. */
static size_t escape_len(const char *text, size_t len)
{
    if (len < 2 || text[0] != '\x1b')
        return 0;
    if (text[1] != '[')
        return 2;
    size_t n = 2;
    while (n < len && (text[n] < 0x40 || text[n] > 0x7e))
        n++;
    return n < len ? n + 1 : n;
}

bool exec_decode(struct glm_arena *arena, const struct exec_result *result,
                 const struct glm_value **ret_answer, struct glm_diags *said)
{
    static const struct glm_json_limits limits = {.values = 100000}; /* a real one has ten */
    return glm_json_decode_within(arena, result->output, result->output_len, &limits, "answer",
                                  NULL, ret_answer, said);
}

/* Without what a terminal would take for a command to it, and the rest fit to be shown. */
static const char *clean(struct glm_arena *arena, const char *text, size_t len)
{
    struct glm_text out;
    glm_text_init(&out, arena, len + 64);
    while (len > 0) {
        size_t escape = escape_len(text, len), step = escape ? escape : 1;
        if (!escape && (*text == '\n' || ((unsigned char)*text >= 0x20 && *text != 0x7f)))
            glm_text_addc(&out, *text);
        else if (*text == '\t')
            glm_text_addc(&out, ' ');
        text += step;
        len -= step;
    }
    return glm_shown_lines(arena, out.data, GLM_SHOWN_LINES_MAX);
}

/* A plugin that traces itself ("set -x") repeats its answer, and what it was called with. What
 * matters most comes first: there is an end to how much is looked for. */
static struct secrets *secrets_of_run(struct glm_arena *arena, const struct access *access,
                                      const struct exec_result *result)
{
    static const char *const keys[] = {"token", "clientKeyData"};
    struct secrets *secrets = exec_secrets_create(arena);
    const struct glm_value *answer = &glm_null;
    struct glm_diags ignored;
    glm_diags_init(&ignored, arena);
    if (exec_decode(arena, result, &answer, &ignored))
        for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
            exec_secrets_add(secrets,
                             glm_string_or(glm_get_path(answer, "status", keys[i], NULL), NULL));
    exec_secrets_add_access(secrets, access);
    exec_secrets_add_environment(secrets, result->environment);
    const char *said = clean(arena, result->words, result->words_len);
    exec_secrets_add_said(secrets, said, strlen(said));
    return secrets;
}

/* Secrets are looked for as they came, and again in what is left: what goes may have parted one. */
static const char *fit_to_show(struct glm_arena *arena, const struct secrets *secrets,
                               const struct exec_result *result)
{
    const char *raw = exec_secrets_starred(secrets, arena, result->words, result->words_len);
    size_t len = raw == result->words ? result->words_len : strlen(raw);
    const char *text = clean(arena, raw, len);
    return exec_secrets_starred(secrets, arena, text, strlen(text));
}

/* Where the last lines begin. */
static const char *last_lines(const char *text)
{
    size_t len = strlen(text), lines = 0, from = len;
    while (from > 0 && len - from < SHOWN_MAX) {
        if (text[from - 1] == '\n' && ++lines == LINES_MAX)
            break;
        from--;
    }
    /* Never from the middle of a line: half a credential no longer looks like one. */
    if (from > 0 && text[from - 1] != '\n') {
        const char *next = strchr(text + from, '\n');
        return next ? next + 1 : "";
    }
    return text + from;
}

const char *exec_words(struct glm_arena *arena, const struct access *access,
                       const struct exec_result *result)
{
    if (!result->words || result->words_len == 0)
        return "";
    const struct secrets *secrets = secrets_of_run(arena, access, result);
    if (secrets->full)
        return "(words that are not shown: there are more secrets than can be looked for in them)";
    const char *text = fit_to_show(arena, secrets, result);
    size_t len = strlen(text);
    while (len > 0 && strchr("\n ", text[len - 1]))
        len--;
    text = last_lines(glm_strndup(arena, text, len));
    struct glm_text out;
    glm_text_init(&out, arena, 2 * SHOWN_MAX);
    while (*text) {
        size_t line = strcspn(text, "\n");
        if (looks_like_credential(text, line))
            glm_text_adds(&out, "(a line that looks like a credential)");
        else
            glm_text_add(&out, text, line);
        text += line + (text[line] == '\n');
        if (*text)
            glm_text_addc(&out, '\n');
    }
    return out.data;
}

/* A line break would begin another header. */
const char *exec_credential_token_problem(const char *token, size_t len)
{
    if (len == 0)
        return "it is empty";
    if (len > KUBE_TOKEN_MAX)
        return "it is too long for a token";
    for (size_t i = 0; i < len; i++) {
        if (token[i] == '\n' || token[i] == '\r')
            return "there is a line break in it";
        if ((unsigned char)token[i] < ' ' || token[i] == 0x7f)
            return "there is a control character in it";
    }
    return NULL;
}
