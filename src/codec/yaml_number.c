/* SPDX-License-Identifier: Apache-2.0
 *
 * YAML's numbers, by the rules of sigs.k8s.io/yaml: integers of every base with underscores, floats.
 *
 * Owner:  results live in the arena given.
 * Thread: no shared state.
 * Where the Go module rounds we keep the decimal; a decimal beyond a double is a string there, and here
 * too, unless it is tagged as a number.
 */
#include "internal.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static void set_number(struct glm_yaml_scalar *s, enum glm_yaml_class class, const char *text,
                       size_t len)
{
    *s = (struct glm_yaml_scalar){class, {.kind = GLM_NUMBER, .len = len, .as.text = text}};
}

static unsigned digit_value(char c)
{
    if (glm_is_digit(c))
        return (unsigned)(c - '0');
    if (c >= 'a' && c <= 'f')
        return (unsigned)(c - 'a') + 10;
    if (c >= 'A' && c <= 'F')
        return (unsigned)(c - 'A') + 10;
    return 99;
}

static bool read_magnitude(const char *text, size_t len, unsigned base, uint64_t *ret_n)
{
    uint64_t n = 0;
    for (size_t i = 0; i < len; i++) {
        unsigned digit = digit_value(text[i]);
        if (digit >= base || __builtin_mul_overflow(n, (uint64_t)base, &n) ||
            __builtin_add_overflow(n, (uint64_t)digit, &n))
            return false;
    }
    *ret_n = n;
    return len > 0;
}

/* An integer of 64 bits in any of Go's bases, as a decimal. Signed text has the signed range. */
static bool read_integer(struct glm_arena *arena, const char *text, size_t len,
                         struct glm_yaml_scalar *s)
{
    bool sign = len && (*text == '-' || *text == '+');
    bool negative = len && *text == '-';
    const char *digits = text + sign;
    size_t count = len - sign;
    unsigned base = 10;
    if (count > 1 && digits[0] == '0') {
        char letter = (char)tolower((unsigned char)digits[1]);
        base = letter == 'x' ? 16 : letter == 'b' ? 2 : 8;
        size_t skip = letter == 'x' || letter == 'b' || letter == 'o' ? 2 : 1;
        digits += skip;
        count -= skip;
    }
    uint64_t n;
    /* A sign after "0b" is read by Go's second attempt at binary, which knows no "0B". */
    if (base == 2 && text[1] == 'b' && !sign && count > 1 && (*digits == '-' || *digits == '+')) {
        sign = true;
        negative = *digits == '-';
        digits++;
        count--;
    }
    if (!read_magnitude(digits, count, base, &n))
        return false;
    if (sign && n > (uint64_t)INT64_MAX + negative)
        return false;
    const char *decimal =
        glm_sprintf(arena, "%s%llu", negative && n ? "-" : "", (unsigned long long)n);
    set_number(s, GLM_YAML_INTEGER, decimal, strlen(decimal));
    return true;
}

/* [-+]? (.digits | digits[.digits*]) ([eE][-+]?digits)? */
static bool is_decimal(const char *text, size_t len)
{
    size_t i = len && (*text == '-' || *text == '+');
    size_t whole = 0, fraction = 0;
    for (; i < len && glm_is_digit(text[i]); i++)
        whole++;
    if (i < len && text[i] == '.')
        for (i++; i < len && glm_is_digit(text[i]); i++)
            fraction++;
    if (whole + fraction == 0)
        return false;
    if (i < len && (text[i] | 0x20) == 'e') {
        i++;
        if (i < len && (text[i] == '-' || text[i] == '+'))
            i++;
        if (i == len)
            return false;
        for (; i < len && glm_is_digit(text[i]);)
            i++;
    }
    return i == len;
}

/* A decimal in JSON's spelling: no plus, one digit at least before and after the dot. */
static const char *json_decimal(struct glm_arena *arena, const char *text, size_t len,
                                size_t *ret_len)
{
    struct glm_text out;
    glm_text_init(&out, arena, len + 3);
    size_t i = 0;
    if (i < len && (text[i] == '-' || text[i] == '+'))
        if (text[i++] == '-')
            glm_text_addc(&out, '-');
    while (i + 1 < len && text[i] == '0' && glm_is_digit(text[i + 1]))
        i++;
    size_t whole = i;
    while (i < len && glm_is_digit(text[i]))
        i++;
    if (i == whole)
        glm_text_addc(&out, '0');
    glm_text_add(&out, text + whole, i - whole);
    if (i + 1 < len && text[i] == '.' && glm_is_digit(text[i + 1])) {
        size_t dot = i++;
        while (i < len && glm_is_digit(text[i]))
            i++;
        glm_text_add(&out, text + dot, i - dot);
    } else if (i < len && text[i] == '.') {
        i++;
    }
    glm_text_add(&out, text + i, len - i);
    *ret_len = out.len;
    return out.data;
}

bool codec_yaml_beyond_double(const char *text, size_t len)
{
    /* Without an exponent, 300 digits are always within. */
    if (len <= 300 && !memchr(text, 'e', len) && !memchr(text, 'E', len))
        return false;
    return isinf(strtod(text, NULL));
}

static const char *without_underscores(struct glm_arena *arena, const char *text, size_t len,
                                       size_t *ret_len)
{
    *ret_len = len;
    if (!memchr(text, '_', len))
        return text;
    char *out = glm_alloc(arena, len + 1);
    size_t n = 0;
    for (size_t i = 0; i < len; i++)
        if (text[i] != '_')
            out[n++] = text[i];
    *ret_len = n;
    return out;
}

/* After a dot, Go wants every underscore between two digits. */
static bool underscores_between_digits(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (text[i] == '_' &&
            (i == 0 || i + 1 == len || !glm_is_digit(text[i - 1]) || !glm_is_digit(text[i + 1])))
            return false;
    return true;
}

static bool could_be_number(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (!glm_is_digit(text[i]) && (!text[i] || !strchr("+-._xXoOabcdefABCDEF", text[i])))
            return false;
    return true;
}

bool codec_yaml_number(struct glm_arena *arena, const char *text, size_t len, bool tagged,
                       struct glm_yaml_scalar *s)
{
    if (!could_be_number(text, len) || (*text == '.' && !underscores_between_digits(text, len)))
        return false;
    size_t plain_len;
    const char *plain = without_underscores(arena, text, len, &plain_len);
    if (*text != '.' && read_integer(arena, plain, plain_len, s))
        return true;
    if (!is_decimal(plain, plain_len) || (!tagged && codec_yaml_beyond_double(plain, plain_len)))
        return false;
    size_t out_len;
    const char *out = json_decimal(arena, plain, plain_len, &out_len);
    set_number(s, GLM_YAML_FLOAT, out, out_len);
    return true;
}
