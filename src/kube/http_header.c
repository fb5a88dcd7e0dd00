/* SPDX-License-Identifier: Apache-2.0
 *
 * The few headers of an answer that matter.
 */
#include "http_parts.h"

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

int64_t http_seconds(const char *text)
{
    int64_t seconds = 0;
    if (!*text)
        return -1;
    for (; *text; text++) {
        if (*text < '0' || *text > '9')
            return -1;
        if (seconds < INT64_MAX / 20)
            seconds = seconds * 10 + (*text - '0');
    }
    return seconds;
}
