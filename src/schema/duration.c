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

struct duration_decimal {
    uint64_t whole, fraction, scale; /* whole + fraction / scale */
};

static bool parse_decimal(const char **cursor, struct duration_decimal *ret_decimal)
{
    const char *p = *cursor;
    struct duration_decimal n = {0, 0, 1};
    size_t digits = glm_digits(p, SIZE_MAX, &n.whole);
    if (n.whole == UINT64_MAX)
        return false;
    p += digits;
    if (*p == '.') {
        size_t kept = glm_digits(++p, FRACTION_DIGITS, &n.fraction);
        for (size_t i = 0; i < kept; i++)
            n.scale *= 10;
        size_t more = strspn(p, "0123456789");
        digits += more;
        p += more;
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
        struct duration_decimal n;
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
