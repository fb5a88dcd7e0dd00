/* SPDX-License-Identifier: Apache-2.0
 *
 * Durations as Go writes them, because every Terraform provider takes them so.
 *
 * What:   one or more of a decimal number and a unit (ns, us, ms, s, m, h), largest first or not.
 * Errors: false for anything else, for signs, and for more than 292 years.
 */
#include "glm/schema.h"

#include <string.h>

/* Digits of a fraction that count: the result is in milliseconds. */
#define FRACTION_DIGITS 6

static const struct {
    const char *name;
    uint64_t nanoseconds;
} units[] = {
    /* Two letters before one: "ms" is no "m". */
    {"ns", UINT64_C(1)},           {"us", UINT64_C(1000)},
    {"\xc2\xb5s", UINT64_C(1000)}, /* micro sign */
    {"\xce\xbcs", UINT64_C(1000)}, /* Greek mu */
    {"ms", UINT64_C(1000000)},     {"s", UINT64_C(1000000000)},
    {"m", UINT64_C(60000000000)},  {"h", UINT64_C(3600000000000)},
};

struct decimal {
    uint64_t whole, fraction, scale; /* whole + fraction / scale */
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool parse_decimal(const char **cursor, struct decimal *ret_decimal)
{
    const char *p = *cursor;
    struct decimal n = {0, 0, 1};
    size_t digits = 0, kept = 0;
    for (; is_digit(*p); p++, digits++)
        if (__builtin_mul_overflow(n.whole, UINT64_C(10), &n.whole) ||
            __builtin_add_overflow(n.whole, (uint64_t)(*p - '0'), &n.whole))
            return false;
    if (*p == '.') {
        for (p++; is_digit(*p); p++, digits++) {
            if (kept == FRACTION_DIGITS)
                continue;
            n.fraction = n.fraction * 10 + (uint64_t)(*p - '0');
            n.scale *= 10;
            kept++;
        }
    }
    *cursor = p;
    *ret_decimal = n;
    return digits > 0;
}

static bool parse_unit(const char **cursor, uint64_t *ret_nanoseconds)
{
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        size_t len = strlen(units[i].name);
        if (strncmp(*cursor, units[i].name, len) != 0)
            continue;
        *cursor += len;
        *ret_nanoseconds = units[i].nanoseconds;
        return true;
    }
    return false;
}

bool glm_duration_parse(const char *text, int64_t *ret_milliseconds)
{
    uint64_t total = 0;
    if (!*text)
        return false;
    if (!strcmp(text, "0")) {
        *ret_milliseconds = 0;
        return true;
    }
    while (*text) {
        struct decimal n;
        uint64_t unit, part;
        if (!parse_decimal(&text, &n) || !parse_unit(&text, &unit) ||
            __builtin_mul_overflow(n.whole, unit, &part) ||
            __builtin_add_overflow(total, part, &total) ||
            __builtin_add_overflow(total, n.fraction * unit / n.scale, &total))
            return false;
    }
    if (total > (uint64_t)INT64_MAX)
        return false;
    *ret_milliseconds = (int64_t)(total / UINT64_C(1000000));
    return true;
}
