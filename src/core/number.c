/* SPDX-License-Identifier: Apache-2.0
 *
 * Exact decimals: a number is the text it was written as; comparing looks at what it means.
 */
#include "glm/value.h"

#include <string.h>

/* A decimal without leading or trailing zeros: digits * 10^exponent. */
struct decimal {
    bool negative;
    const char *text;   /* holds the digits, with at most one '.' between them */
    size_t first, last; /* the significant digits are in [first, last) of text */
    size_t digits;      /* how many there are; 0 for zero */
    int64_t exponent;   /* of the last one */
};

/* Exponents beyond this are taken as this: no text within a codec's ceiling has as many digits. */
#define EXPONENT_MAX ((int64_t)1 << 40)

static int64_t read_exponent(const char *s, size_t len)
{
    bool negative = len && *s == '-';
    int64_t e = 0;
    for (size_t i = (len && (*s == '-' || *s == '+')) ? 1 : 0; i < len; i++)
        e = e < EXPONENT_MAX ? e * 10 + (s[i] - '0') : EXPONENT_MAX;
    return negative ? -e : e;
}

static struct decimal decimal_of(const struct glm_value *v)
{
    struct decimal d = {.text = v->as.text};
    size_t i = 0, end = v->len;
    if (i < end && d.text[i] == '-') {
        d.negative = true;
        i++;
    }
    const char *e = memchr(d.text, 'e', v->len);
    if (!e)
        e = memchr(d.text, 'E', v->len);
    if (e) {
        end = (size_t)(e - d.text);
        d.exponent = read_exponent(e + 1, v->len - end - 1);
    }
    const char *dot = memchr(d.text, '.', end);
    if (dot)
        d.exponent -= (int64_t)(end - (size_t)(dot - d.text) - 1);

    d.first = i;
    d.last = end;
    while (d.first < d.last && (d.text[d.first] == '0' || d.text[d.first] == '.'))
        d.first++;
    while (d.last > d.first && (d.text[d.last - 1] == '0' || d.text[d.last - 1] == '.')) {
        if (d.text[d.last - 1] == '0')
            d.exponent++;
        d.last--;
    }
    d.digits = d.last - d.first;
    if (dot && (size_t)(dot - d.text) > d.first && (size_t)(dot - d.text) < d.last)
        d.digits--;
    if (d.digits == 0) {
        d.negative = false; /* -0 is 0 */
        d.exponent = 0;
    }
    return d;
}

bool glm_number_equal(const struct glm_value *a, const struct glm_value *b)
{
    struct decimal x = decimal_of(a), y = decimal_of(b);
    if (x.negative != y.negative || x.digits != y.digits || x.exponent != y.exponent)
        return false;
    for (size_t i = x.first, j = y.first; i < x.last && j < y.last; i++, j++) {
        if (x.text[i] == '.')
            i++;
        if (y.text[j] == '.')
            j++;
        if (x.text[i] != y.text[j])
            return false;
    }
    return true;
}

bool glm_number_is_integer(const struct glm_value *v)
{
    return v->kind == GLM_NUMBER && decimal_of(v).exponent >= 0;
}

bool glm_number_int64(const struct glm_value *v, int64_t *ret_number)
{
    if (!glm_number_is_integer(v))
        return false;
    struct decimal d = decimal_of(v);
    if (d.exponent > 18 || d.digits > 19)
        return false;
    /* Gathered as a negative number: that range is the larger one by one. */
    int64_t n = 0;
    for (size_t i = d.first; i < d.last; i++) {
        if (d.text[i] == '.')
            continue;
        if (__builtin_mul_overflow(n, 10, &n) || __builtin_sub_overflow(n, d.text[i] - '0', &n))
            return false;
    }
    for (int64_t i = 0; i < d.exponent; i++)
        if (__builtin_mul_overflow(n, 10, &n))
            return false;
    if (!d.negative && __builtin_sub_overflow((int64_t)0, n, &n))
        return false;
    *ret_number = n;
    return true;
}
