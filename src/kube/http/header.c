/* SPDX-License-Identifier: Apache-2.0
 *
 * The few headers of an answer that matter.
 *
 * Source: RFC 7234, 5.5 (Warning).
 */
#include "parts.h"

#include "glm/shown.h"

#include <string.h>
#include <strings.h>

bool http_header(const char *line, size_t len, const char *name, const char **ret_value,
                 size_t *ret_len)
{
    size_t from = strlen(name);
    if (len <= from || line[from] != ':' || strncasecmp(line, name, from) != 0)
        return false;
    from++;
    while (from < len && (line[from] == ' ' || line[from] == '\t'))
        from++;
    while (len > from && strchr(" \t\r\n", line[len - 1]))
        len--;
    *ret_value = line + from;
    *ret_len = len - from;
    return true;
}

/* "text" with \ before what stands for itself. True when it ends. */
static bool quoted(struct glm_text *text, const char **at, const char *end)
{
    const char *p = *at;
    if (p == end || *p++ != '"')
        return false;
    for (; p < end && *p != '"'; p++) {
        p += *p == '\\' && p + 1 < end;
        glm_text_addc(text, *p == '\t' ? ' ' : *p);
    }
    *at = p + 1;
    return p < end;
}

bool http_warning(struct glm_arena *arena, const char **at, const char *end, const char **ret_text)
{
    static const char code[] = "299 ";
    const char *p = *at;
    struct glm_text text, date;
    glm_text_init(&text, arena, (size_t)64 << 10);
    glm_text_init(&date, arena, 64);
    while (p < end && (*p == ',' || *p == ' ' || *p == '\t'))
        p++;
    bool known = (size_t)(end - p) > sizeof code && memcmp(p, code, sizeof code - 1) == 0;
    for (int spaces = 0; p < end && spaces < 2; p++) /* the code, and whose warning it is */
        spaces += *p == ' ';
    if (!quoted(&text, &p, end))
        return false;
    if (end - p > 1 && p[0] == ' ' && p[1] == '"' && (p++, !quoted(&date, &p, end)))
        return false;
    *at = p;
    *ret_text =
        known && text.len ? glm_shown_n(arena, text.data, text.len, HTTP_WARNING_MAX) : NULL;
    return true;
}

int64_t http_seconds(const char *text)
{
    uint64_t seconds;
    size_t digits = glm_digits(text, SIZE_MAX, &seconds);
    if (!digits || text[digits])
        return -1;
    return seconds < INT64_MAX / 20 ? (int64_t)seconds : INT64_MAX / 20;
}
