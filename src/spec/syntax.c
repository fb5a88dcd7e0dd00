/* SPDX-License-Identifier: Apache-2.0
 *
 * Syntax: texts that mean a number, a time or bytes to a decoder.
 */
#include "internal.h"

#include <stdlib.h>
#include <string.h>

/* 1, 1.5, .5, 100m, 2Gi, 1e3; signed. */
bool glm_spec_quantity(const char *s, double *ret_number)
{
    static const struct {
        const char *name;
        double factor;
    } suffixes[] = {
        {"", 1},        {"n", 1e-9},    {"u", 1e-6},    {"m", 1e-3},
        {"k", 1e3},     {"M", 1e6},     {"G", 1e9},     {"T", 1e12},
        {"P", 1e15},    {"E", 1e18},    {"Ki", 0x1p10}, {"Mi", 0x1p20},
        {"Gi", 0x1p30}, {"Ti", 0x1p40}, {"Pi", 0x1p50}, {"Ei", 0x1p60},
    };
    const char *start = s;
    s += *s == '+' || *s == '-';
    size_t before = strspn(s, "0123456789");
    s += before;
    size_t after = *s == '.' ? strspn(s + 1, "0123456789") : 0;
    s += *s == '.' ? after + 1 : 0;
    if (before + after == 0)
        return false;
    if ((*s == 'e' || *s == 'E') && s[1]) {
        s++;
        s += *s == '+' || *s == '-';
        *ret_number = strtod(start, NULL);
        return *s && !s[strspn(s, "0123456789")];
    }
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        if (strcmp(s, suffixes[i].name) != 0)
            continue;
        *ret_number = strtod(start, NULL) * suffixes[i].factor;
        return true;
    }
    return false;
}

bool spec_is_quantity(const char *s)
{
    double number;
    return glm_spec_quantity(s, &number);
}

/* As Go reads one: "1h30m", "1.5s", "300ms"; "0". */
bool spec_is_duration(const char *s, double *ret_milliseconds)
{
    static const struct {
        const char *name;
        double milliseconds;
    } units[] = {
        {"ns", 1e-6}, {"us", 1e-3}, {"\xC2\xB5s", 1e-3}, {"\xCE\xBCs", 1e-3},
        {"ms", 1},    {"s", 1e3},   {"m", 6e4},          {"h", 36e5},
    };
    double sign = *s == '-' ? -1 : 1;
    s += *s == '+' || *s == '-';
    *ret_milliseconds = 0;
    if (strcmp(s, "0") == 0)
        return true;
    do {
        const char *start = s;
        size_t digits = strspn(s, "0123456789"), more = 0, len = 0;
        s += digits;
        if (*s == '.') {
            more = strspn(s + 1, "0123456789");
            s += more + 1;
        }
        if (digits + more == 0)
            return false;
        for (size_t i = 0; i < sizeof units / sizeof *units && !len; i++) {
            if (strncmp(s, units[i].name, strlen(units[i].name)) != 0)
                continue;
            len = strlen(units[i].name);
            *ret_milliseconds += sign * strtod(start, NULL) * units[i].milliseconds;
        }
        if (!len)
            return false;
        s += len;
    } while (*s);
    return true;
}

bool spec_is_base64(const char *s, size_t len)
{
    size_t letters =
        strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_");
    return letters + strspn(s + letters, "=") == len && len - letters <= 2;
}

bool spec_is_time(const char *s)
{
    static const char shape[] = "dddd-dd-ddTdd:dd:dd";
    for (size_t i = 0; shape[i]; i++) {
        bool digit = s[i] >= '0' && s[i] <= '9';
        if (shape[i] == 'd' ? !digit : s[i] != shape[i])
            return false;
    }
    s += sizeof shape - 1;
    if (*s == '.')
        s += 1 + strspn(s + 1, "0123456789");
    if (*s == 'Z')
        return !s[1];
    return (*s == '+' || *s == '-') && strlen(s) == 6 && s[3] == ':' &&
           strspn(s + 1, "0123456789") == 2 && strspn(s + 4, "0123456789") == 2;
}
