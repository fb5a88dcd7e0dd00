/* SPDX-License-Identifier: Apache-2.0
 *
 * Names: what Kubernetes takes as names, labels and label values.
 *
 * Owner:  no memory but the suggestion's.
 * Errors: none; the caller knows what the name is of.
 */
#include "internal.h"

#include <string.h>

#define LABEL_MAX 63
#define SUBDOMAIN_MAX 253

static bool is_lower_alnum(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static bool is_alnum(char c)
{
    return is_lower_alnum(c) || (c >= 'A' && c <= 'Z');
}

static bool label_of(const char *name, size_t len)
{
    if (len == 0 || len > LABEL_MAX || !is_lower_alnum(name[0]) || !is_lower_alnum(name[len - 1]))
        return false;
    for (size_t i = 0; i < len; i++)
        if (!is_lower_alnum(name[i]) && name[i] != '-')
            return false;
    return true;
}

bool glm_name_is_label(const char *name)
{
    return label_of(name, strlen(name));
}

bool glm_name_is_service(const char *name)
{
    return name[0] >= 'a' && name[0] <= 'z' && glm_name_is_label(name);
}

bool glm_name_is_subdomain(const char *name)
{
    if (strlen(name) > SUBDOMAIN_MAX)
        return false;
    for (const char *part = name;;) {
        size_t len = strcspn(part, ".");
        /* A part may be as long as the whole: only the whole is limited. */
        if (len == 0 || !is_lower_alnum(part[0]) || !is_lower_alnum(part[len - 1]))
            return false;
        for (size_t i = 0; i < len; i++)
            if (!is_lower_alnum(part[i]) && part[i] != '-')
                return false;
        if (!part[len])
            return true;
        part += len + 1;
    }
}

static bool qualified(const char *text, size_t len)
{
    if (len == 0 || len > LABEL_MAX || !is_alnum(text[0]) || !is_alnum(text[len - 1]))
        return false;
    for (size_t i = 0; i < len; i++)
        if (!is_alnum(text[i]) && !strchr("-_.", text[i]))
            return false;
    return true;
}

bool glm_name_is_label_value(const char *value)
{
    return !*value || qualified(value, strlen(value));
}

bool glm_name_is_label_key(const char *key)
{
    const char *slash = strchr(key, '/');
    if (!slash)
        return qualified(key, strlen(key));
    size_t prefix = (size_t)(slash - key);
    if (prefix == 0 || prefix > SUBDOMAIN_MAX)
        return false;
    for (size_t i = 0; i < prefix; i++)
        if (!is_lower_alnum(key[i]) && !(strchr("-.", key[i]) && i > 0 && i + 1 < prefix))
            return false;
    return qualified(slash + 1, strlen(slash + 1));
}

const char *glm_name_suggest(struct glm_arena *arena, const char *name)
{
    struct glm_text text;
    if (*glm_placeholder_said(name))
        return NULL;
    glm_text_init(&text, arena, LABEL_MAX);
    for (; *name && !text.overflow; name++) {
        char c = *name;
        if (c >= 'A' && c <= 'Z')
            c = (char)(c - 'A' + 'a');
        if (is_lower_alnum(c))
            glm_text_addc(&text, c);
        else if (text.len && text.data[text.len - 1] != '-')
            glm_text_addc(&text, '-');
    }
    while (text.len && text.data[text.len - 1] == '-')
        text.data[--text.len] = 0;
    return text.len ? text.data : NULL;
}
