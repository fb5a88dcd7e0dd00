/* SPDX-License-Identifier: Apache-2.0
 *
 * What a credential plugin complained about, made fit to be shown in a diagnostic.
 *
 * Rule:   a complaint helps, a credential in it must not be shown: the values of the variables that
 *         the plugin was given are starred, and lines that look like an answer, a token or a key
 *         are left out. Terminal escapes and control characters go.
 */
#include "exec_parts.h"

#include <string.h>

#define SHOWN_MAX ((size_t)1500)
#define LINES_MAX 12
#define SECRET_MIN 6 /* shorter values ("json", "1") are words that a complaint may well have */

/* Beginnings of what no log should have: an answer, a JSON web token, an EKS token, a key. */
static bool looks_like_credential(const char *line, size_t len)
{
    static const char *const marks[] = {"ExecCredential", "eyJ",           "k8s-aws-v1.",
                                        "PRIVATE KEY",    "clientKeyData", "\"token\""};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (memmem(line, len, marks[i], strlen(marks[i])))
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

static size_t secret_len(const struct exec_config *exec, const char *text, size_t len)
{
    size_t longest = 0;
    for (size_t i = 0; i < exec->environment_count; i++) {
        const struct glm_value *v = exec->environment[i].value;
        if (v->len >= SECRET_MIN && v->len <= len && v->len > longest &&
            memcmp(v->as.text, text, v->len) == 0)
            longest = v->len;
    }
    return longest;
}

static const char *clean(struct glm_arena *arena, const struct exec_config *exec, const char *text,
                         size_t len)
{
    struct glm_text out;
    glm_text_init(&out, arena, len * 4 + 64);
    while (len > 0) {
        size_t escape = escape_len(text, len), secret = secret_len(exec, text, len);
        size_t step = secret ? secret : escape ? escape : 1;
        if (secret)
            glm_text_adds(&out, "***");
        else if (!escape && (*text == '\n' || ((unsigned char)*text >= 0x20 && *text != 0x7f)))
            glm_text_addc(&out, *text);
        else if (*text == '\t')
            glm_text_addc(&out, ' ');
        text += step;
        len -= step;
    }
    return glm_utf8_clean(arena, out.data, out.len);
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

const char *exec_complaint(struct glm_arena *arena, const struct exec_config *exec,
                           const struct exec_result *result)
{
    if (!result->complaint || result->complaint_len == 0)
        return "";
    const char *text = clean(arena, exec, result->complaint, result->complaint_len);
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
