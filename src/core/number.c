/* SPDX-License-Identifier: Apache-2.0
 *
 * Exact decimals: a number is the text it was written as; comparing looks at what it means.
 */
#include "glm/value.h"

#include <string.h>

/* The exponent as written: any number of digits. */
struct exponent {
    bool negative;
    const char *digits; /* without leading zeros */
    size_t len;
};

/* A decimal without leading or trailing zeros: digits * 10^(written + shift). */
struct decimal {
    bool negative;
    const char *text;   /* holds the digits, with at most one '.' between them */
    size_t first, last; /* the significant digits are in [first, last) of text */
    size_t digits;      /* how many there are; 0 for zero */
    struct exponent written;
    int64_t shift; /* by the '.' and by zeros left out: less than the text is long */
};

/* No text within a codec's ceiling shifts an exponent as far as this. */
#define EXPONENT_FAR ((int64_t)1 << 40)

static struct exponent read_exponent(const char *s, size_t len)
{
    struct exponent e = {.negative = len && *s == '-', .digits = s, .len = len};
    if (len && (*s == '-' || *s == '+')) {
        e.digits++;
        e.len--;
    }
    while (e.len && *e.digits == '0') {
        e.digits++;
        e.len--;
    }
    return e;
}

/* The i-th of `width` digits of an exponent, with its sign. */
static int exponent_digit(const struct exponent *e, size_t i, size_t width)
{
    size_t padding = width - e->len;
    int digit = i < padding ? 0 : e->digits[i - padding] - '0';
    return e->negative ? -digit : digit;
}

/* x - y; beyond EXPONENT_FAR only its sign and that it is far are true: with every further digit
 * it grows tenfold, give or take 18, so it never comes back. */
static int64_t exponent_difference(const struct exponent *x, const struct exponent *y)
{
    size_t width = x->len > y->len ? x->len : y->len;
    int64_t difference = 0;
    for (size_t i = 0; i < width; i++) {
        difference = difference * 10 + exponent_digit(x, i, width) - exponent_digit(y, i, width);
        if (difference > EXPONENT_FAR || difference < -EXPONENT_FAR)
            return difference;
    }
    return difference;
}

/* The exponent of the last digit; where it is far, far. */
static int64_t last_exponent(const struct decimal *d)
{
    const struct exponent zero = {.digits = "", .len = 0};
    return exponent_difference(&d->written, &zero) + d->shift;
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
        d.written = read_exponent(e + 1, v->len - end - 1);
    }
    const char *dot = memchr(d.text, '.', end);
    if (dot)
        d.shift -= (int64_t)(end - (size_t)(dot - d.text) - 1);

    d.first = i;
    d.last = end;
    while (d.first < d.last && (d.text[d.first] == '0' || d.text[d.first] == '.'))
        d.first++;
    while (d.last > d.first && (d.text[d.last - 1] == '0' || d.text[d.last - 1] == '.')) {
        if (d.text[d.last - 1] == '0')
            d.shift++;
        d.last--;
    }
    d.digits = d.last - d.first;
    if (dot && (size_t)(dot - d.text) > d.first && (size_t)(dot - d.text) < d.last)
        d.digits--;
    if (d.digits == 0) {
        d.negative = false; /* -0 is 0 */
        d.written = (struct exponent){0};
        d.shift = 0;
    }
    return d;
}

bool glm_number_equal(const struct glm_value *a, const struct glm_value *b)
{
    struct decimal x = decimal_of(a), y = decimal_of(b);
    if (x.negative != y.negative || x.digits != y.digits ||
        exponent_difference(&x.written, &y.written) != y.shift - x.shift)
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
    if (v->kind != GLM_NUMBER)
        return false;
    struct decimal d = decimal_of(v);
    return last_exponent(&d) >= 0;
}

bool glm_number_int64(const struct glm_value *v, int64_t *ret_number)
{
    if (!glm_number_is_integer(v))
        return false;
    struct decimal d = decimal_of(v);
    int64_t exponent = last_exponent(&d);
    if (exponent > 18 || d.digits > 19)
        return false;
    /* Gathered as a negative number: that range is the larger one by one. */
    int64_t n = 0;
    for (size_t i = d.first; i < d.last; i++) {
        if (d.text[i] == '.')
            continue;
        if (__builtin_mul_overflow(n, 10, &n) || __builtin_sub_overflow(n, d.text[i] - '0', &n))
            return false;
    }
    for (int64_t i = 0; i < exponent; i++)
        if (__builtin_mul_overflow(n, 10, &n))
            return false;
    if (!d.negative && __builtin_sub_overflow((int64_t)0, n, &n))
        return false;
    *ret_number = n;
    return true;
}
