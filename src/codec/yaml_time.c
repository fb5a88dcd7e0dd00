/* SPDX-License-Identifier: Apache-2.0
 *
 * YAML's dates and times.
 *
 * Thread: no shared state.
 */
#include "internal.h"

static bool read_field(const char **p, const char *end, size_t most, unsigned low, unsigned high,
                       unsigned *ret_n)
{
    uint64_t n = 0;
    size_t left = (size_t)(end - *p), count = glm_digits(*p, left < most ? left : most, &n);
    *p += count;
    *ret_n = (unsigned)n;
    return count > 0 && n >= low && n <= high;
}

static bool read_char(const char **p, const char *end, char c)
{
    if (*p == end || **p != c)
        return false;
    (*p)++;
    return true;
}

static bool read_clock(const char **p, const char *end)
{
    unsigned n;
    if (!read_field(p, end, 2, 0, 23, &n) || !read_char(p, end, ':') ||
        !read_field(p, end, 2, 0, 59, &n) || !read_char(p, end, ':') ||
        !read_field(p, end, 2, 0, 59, &n))
        return false;
    if (*p < end && (**p == '.' || **p == ',') && end - *p > 1 && glm_is_digit((*p)[1]))
        for ((*p)++; *p < end && glm_is_digit(**p);)
            (*p)++;
    return true;
}

bool codec_yaml_is_timestamp(const char *text, size_t len)
{
    static const unsigned days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const char *p = text, *end = text + len;
    unsigned year, month, day, n;
    if (len < 5 || text[4] != '-' || !read_field(&p, end, 4, 0, 9999, &year) || p - text != 4 ||
        !read_char(&p, end, '-') || !read_field(&p, end, 2, 1, 12, &month) ||
        !read_char(&p, end, '-') || !read_field(&p, end, 2, 1, 31, &day))
        return false;
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    if (day > days[month - 1] + (month == 2 && leap))
        return false;
    if (p == end)
        return true;
    char separator = *p++;
    if ((separator != 'T' && separator != 't' && separator != ' ') || !read_clock(&p, end))
        return false;
    if (separator == ' ')
        return p == end;
    if (read_char(&p, end, 'Z'))
        return p == end;
    if (!read_char(&p, end, '+') && !read_char(&p, end, '-'))
        return false;
    const char *hours = p;
    return read_field(&p, end, 2, 0, 24, &n) && p - hours == 2 && read_char(&p, end, ':') &&
           read_field(&p, end, 2, 0, 60, &n) && p == end && p - hours == 5;
}

bool codec_yaml_looks_like_date(const char *text, size_t len)
{
    const char *p = text, *end = text + len;
    unsigned n;
    return read_field(&p, end, 4, 0, 9999, &n) && p - text == 4 && read_char(&p, end, '-') &&
           read_field(&p, end, 2, 0, 99, &n) && read_char(&p, end, '-') &&
           read_field(&p, end, 2, 0, 99, &n) &&
           (p == end || *p == 'T' || *p == 't' || *p == ' ' || *p == '\t');
}
