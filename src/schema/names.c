/* SPDX-License-Identifier: Apache-2.0
 *
 * The names Kubernetes takes, and the checks that several tables share.
 *
 * Errors: each check says what the text is, what it must be, and where it can, what to write.
 */
#include "glm/schema.h"

#include <string.h>

#define LABEL_MAX 63
#define SUBDOMAIN_MAX 253

static bool is_alphanumeric(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static bool label_valid(const char *text, size_t len)
{
    if (len == 0 || len > LABEL_MAX || text[0] == '-' || text[len - 1] == '-')
        return false;
    for (size_t i = 0; i < len; i++)
        if (!is_alphanumeric(text[i]) && text[i] != '-')
            return false;
    return true;
}

bool glm_dns_label_valid(const char *text)
{
    return label_valid(text, strlen(text));
}

/* Kubernetes limits the whole subdomain only, but a part of it becomes a label sooner or later. */
bool glm_dns_subdomain_valid(const char *text)
{
    if (strlen(text) > SUBDOMAIN_MAX)
        return false;
    for (;;) {
        size_t len = strcspn(text, ".");
        if (!label_valid(text, len))
            return false;
        if (!text[len])
            return true;
        text += len + 1;
    }
}

const char *glm_dns_label_suggest(struct glm_arena *arena, const char *text)
{
    char *label = glm_alloc(arena, LABEL_MAX + 1);
    size_t len = 0;
    if (*glm_placeholder_said(text))
        return NULL;
    for (; *text && len < LABEL_MAX; text++) {
        char c = *text >= 'A' && *text <= 'Z' ? (char)(*text - 'A' + 'a') : *text;
        if (is_alphanumeric(c))
            label[len++] = c;
        else if (len > 0 && label[len - 1] != '-')
            label[len++] = '-';
    }
    while (len > 0 && label[len - 1] == '-')
        len--;
    label[len] = '\0';
    return len > 0 ? label : NULL;
}

static const char *suggestion(struct glm_arena *arena, const char *text)
{
    const char *label = glm_dns_label_suggest(arena, text);
    return label ? glm_sprintf(arena, " For example: \"%s\".", label) : glm_placeholder_said(text);
}

bool glm_check_dns_label(struct glm_arena *arena, const struct glm_value *v,
                         const struct glm_path *at, struct glm_diags *d)
{
    const char *text = glm_string_or(v, "");
    if (strlen(text) == v->len && glm_dns_label_valid(text))
        return true;
    return glm_error(d, at, "Not a Kubernetes name",
                     "\"%s\" must be 1 to 63 lower-case letters, digits and \"-\", and must begin "
                     "and end with a letter or a digit.%s",
                     text, suggestion(arena, text));
}

bool glm_check_dns_subdomain(struct glm_arena *arena, const struct glm_value *v,
                             const struct glm_path *at, struct glm_diags *d)
{
    const char *text = glm_string_or(v, "");
    if (strlen(text) == v->len && glm_dns_subdomain_valid(text))
        return true;
    return glm_error(d, at, "Not a Kubernetes name",
                     "\"%s\" must be lower-case letters, digits, \"-\" and \".\", at most 253 in "
                     "all; every part between dots has at most 63 and begins and ends with a "
                     "letter or a digit.%s",
                     text, suggestion(arena, text));
}

bool glm_check_duration(struct glm_arena *arena, const struct glm_value *v,
                        const struct glm_path *at, struct glm_diags *d)
{
    (void)arena;
    const char *text = glm_string_or(v, "");
    int64_t milliseconds = 0;
    if (strlen(text) == v->len && glm_duration_parse(text, &milliseconds) && milliseconds > 0)
        return true;
    return glm_error(d, at, "Not a duration",
                     "\"%s\" must be a number with a unit, longer than zero: for example \"30s\", "
                     "\"20m\" or \"1h30m\". The units are ms, s, m and h.%s",
                     text, glm_placeholder_said(text));
}
