/* SPDX-License-Identifier: Apache-2.0
 *
 * What a YAML scalar means, by the rules of sigs.k8s.io/yaml: YAML 1.1 booleans, integers of
 * every base with underscores, floats, and everything else a string.
 *
 * Owner:  results live in the arena given.
 * Errors: a clause that the caller puts into a sentence.
 * Thread: no shared state.
 * The rules, odd ones included, are held against the Go module by tests/peers/run-codec. Where it
 * rounds we keep the decimal; a decimal beyond a double is a string there, and here too, unless
 * it is tagged as a number.
 */
#include "internal.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LONG_TAG "tag:yaml.org,2002:"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* set: ASCII, as a string. */
static bool one_of(char c, const char *set)
{
    return c != '\0' && strchr(set, c);
}

static char lower(char c)
{
    if (c < 'A' || c > 'Z')
        return c;
    return (char)(c - 'A' + 'a');
}

static bool is_word(const char *text, size_t len, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strlen(words[i]) == len && memcmp(words[i], text, len) == 0)
            return true;
    return false;
}
#define IS_WORD(text, len, words) is_word((text), (len), (words), sizeof(words) / sizeof *(words))

static const char *const true_words[] = {"y",    "Y",    "yes", "Yes", "YES", "true",
                                         "True", "TRUE", "on",  "On",  "ON"};
static const char *const false_words[] = {"n",     "N",     "no",  "No",  "NO", "false",
                                          "False", "FALSE", "off", "Off", "OFF"};
static const char *const null_words[] = {"", "~", "null", "Null", "NULL"};
static const char *const nan_words[] = {".nan", ".NaN", ".NAN"};
static const char *const positive_infinity_words[] = {".inf",  ".Inf",  ".INF",
                                                      "+.inf", "+.Inf", "+.INF"};
static const char *const negative_infinity_words[] = {"-.inf", "-.Inf", "-.INF"};

static void set_text(struct glm_yaml_scalar *s, enum glm_yaml_class class, const char *text,
                     size_t len)
{
    s->class = class;
    s->value.kind = class == GLM_YAML_INTEGER || class == GLM_YAML_FLOAT ? GLM_NUMBER : GLM_STRING;
    s->value.as.text = text;
    s->value.len = len;
}

static bool resolve_word(const char *text, size_t len, struct glm_yaml_scalar *s)
{
    if (len > 5)
        return false;
    if (IS_WORD(text, len, null_words)) {
        s->class = GLM_YAML_NULL;
        s->value.kind = GLM_NULL;
    } else if (IS_WORD(text, len, true_words) || IS_WORD(text, len, false_words)) {
        s->class = GLM_YAML_BOOL;
        s->value.kind = GLM_BOOL;
        s->value.as.boolean = IS_WORD(text, len, true_words);
    } else if (IS_WORD(text, len, nan_words)) {
        set_text(s, GLM_YAML_INFINITE, ".nan", 4);
    } else if (IS_WORD(text, len, positive_infinity_words)) {
        set_text(s, GLM_YAML_INFINITE, ".inf", 4);
    } else if (IS_WORD(text, len, negative_infinity_words)) {
        set_text(s, GLM_YAML_INFINITE, "-.inf", 5);
    } else {
        return false;
    }
    return true;
}

static unsigned digit_value(char c)
{
    if (is_digit(c))
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
        char letter = lower(digits[1]);
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
    set_text(s, GLM_YAML_INTEGER, decimal, strlen(decimal));
    return true;
}

/* [-+]? (.digits | digits[.digits*]) ([eE][-+]?digits)? */
static bool is_decimal(const char *text, size_t len)
{
    size_t i = len && (*text == '-' || *text == '+');
    size_t whole = 0, fraction = 0;
    for (; i < len && is_digit(text[i]); i++)
        whole++;
    if (i < len && text[i] == '.')
        for (i++; i < len && is_digit(text[i]); i++)
            fraction++;
    if (whole + fraction == 0)
        return false;
    if (i < len && (text[i] | 0x20) == 'e') {
        i++;
        if (i < len && (text[i] == '-' || text[i] == '+'))
            i++;
        if (i == len)
            return false;
        for (; i < len && is_digit(text[i]);)
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
    while (i + 1 < len && text[i] == '0' && is_digit(text[i + 1]))
        i++;
    size_t whole = i;
    while (i < len && is_digit(text[i]))
        i++;
    if (i == whole)
        glm_text_addc(&out, '0');
    glm_text_add(&out, text + whole, i - whole);
    if (i + 1 < len && text[i] == '.' && is_digit(text[i + 1])) {
        size_t dot = i++;
        while (i < len && is_digit(text[i]))
            i++;
        glm_text_add(&out, text + dot, i - dot);
    } else if (i < len && text[i] == '.') {
        i++;
    }
    glm_text_add(&out, text + i, len - i);
    *ret_len = out.len;
    return out.data;
}

bool glm_yaml_beyond_double(const char *text, size_t len)
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
            (i == 0 || i + 1 == len || !is_digit(text[i - 1]) || !is_digit(text[i + 1])))
            return false;
    return true;
}

static bool could_be_number(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (!is_digit(text[i]) && !one_of(text[i], "+-._xXoOabcdefABCDEF"))
            return false;
    return true;
}

/* tagged: an explicit number tag, which keeps a decimal of any size a number. */
static bool resolve_number(struct glm_arena *arena, const char *text, size_t len, bool tagged,
                           struct glm_yaml_scalar *s)
{
    if (!could_be_number(text, len) || (*text == '.' && !underscores_between_digits(text, len)))
        return false;
    size_t plain_len;
    const char *plain = without_underscores(arena, text, len, &plain_len);
    if (*text != '.' && read_integer(arena, plain, plain_len, s))
        return true;
    if (!is_decimal(plain, plain_len) || (!tagged && glm_yaml_beyond_double(plain, plain_len)))
        return false;
    size_t out_len;
    const char *out = json_decimal(arena, plain, plain_len, &out_len);
    set_text(s, GLM_YAML_FLOAT, out, out_len);
    return true;
}

static bool read_field(const char **p, const char *end, size_t most, unsigned low, unsigned high,
                       unsigned *ret_n)
{
    unsigned n = 0;
    size_t count = 0;
    for (; *p < end && count < most && is_digit(**p); count++)
        n = n * 10 + (unsigned)(*(*p)++ - '0');
    *ret_n = n;
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
    if (*p < end && (**p == '.' || **p == ',') && end - *p > 1 && is_digit((*p)[1]))
        for ((*p)++; *p < end && is_digit(**p);)
            (*p)++;
    return true;
}

/* The forms that pass under an explicit !!timestamp. */
static bool is_timestamp(const char *text, size_t len)
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

static bool resolve_binary(struct glm_arena *arena, const char *text, size_t len,
                           struct glm_yaml_scalar *s, const char **ret_problem)
{
    size_t decoded_len;
    const char *decoded = glm_base64_decode(arena, text, len, &decoded_len);
    if (!decoded) {
        *ret_problem = "is tagged !!binary but is not valid base64";
        return false;
    }
    if (!glm_utf8_valid(decoded, decoded_len)) {
        *ret_problem = "is tagged !!binary and does not decode to UTF-8 text, which a Kubernetes "
                       "object cannot hold";
        return false;
    }
    set_text(s, GLM_YAML_STRING, decoded, decoded_len);
    return true;
}

static bool fits_tag(const char *tag, struct glm_yaml_scalar *s, const char *text, size_t len,
                     const char **ret_problem)
{
    static const struct {
        const char *tag;
        enum glm_yaml_class class, other;
        const char *problem;
    } tags[] = {
        {"bool", GLM_YAML_BOOL, GLM_YAML_BOOL, "is tagged !!bool but is not true or false"},
        {"int", GLM_YAML_INTEGER, GLM_YAML_INTEGER, "is tagged !!int but is no whole number"},
        {"float", GLM_YAML_FLOAT, GLM_YAML_INFINITE, "is tagged !!float but is no number"},
        {"null", GLM_YAML_NULL, GLM_YAML_NULL, "is tagged !!null but is not null"},
    };
    if (strcmp(tag, "timestamp") == 0) {
        if (s->class == GLM_YAML_STRING && is_timestamp(text, len))
            return true;
        *ret_problem = "is tagged !!timestamp but is no date";
        return false;
    }
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
        if (strcmp(tag, tags[i].tag) != 0 || s->class == tags[i].class || s->class == tags[i].other)
            continue;
        if (i == 2 && s->class == GLM_YAML_INTEGER) {
            s->class = GLM_YAML_FLOAT;
            continue;
        }
        *ret_problem = tags[i].problem;
        return false;
    }
    return true;
}

bool glm_yaml_resolve(struct glm_arena *arena, const char *tag, bool plain, const char *text,
                      size_t len, struct glm_yaml_scalar *ret_scalar, const char **ret_problem)
{
    static const char *const resolvable[] = {"bool", "int", "float", "null", "timestamp"};
    struct glm_yaml_scalar s = {0};
    const char *name =
        tag && strncmp(tag, LONG_TAG, sizeof LONG_TAG - 1) == 0 ? tag + sizeof LONG_TAG - 1 : tag;
    if (name && name != tag && strcmp(name, "binary") == 0) {
        if (!resolve_binary(arena, text, len, &s, ret_problem))
            return false;
        *ret_scalar = s;
        return true;
    }
    bool typed = name && name != tag && IS_WORD(name, strlen(name), resolvable);
    bool number = typed && (strcmp(name, "int") == 0 || strcmp(name, "float") == 0);
    bool candidate = tag ? typed : plain;
    /* An empty text has its NUL there. */
    char first = *text;
    if (!candidate || !(resolve_word(text, len, &s) ||
                        ((is_digit(first) || first == '+' || first == '-' || first == '.') &&
                         resolve_number(arena, text, len, number, &s))))
        set_text(&s, GLM_YAML_STRING, glm_strndup(arena, text, len), len);
    if (typed && !fits_tag(name, &s, text, len, ret_problem))
        return false;
    *ret_scalar = s;
    return true;
}

/* A float as Go's 'g' format writes it with the fewest digits that give the same 32-bit float:
 * that is what the Go module makes of a float used as a key. */
static const char *float_key(struct glm_arena *arena, const char *text)
{
    float f = strtof(text, NULL);
    if (isinf(f))
        return f < 0 ? "-.inf" : ".inf";
    char digits[32];
    int precision = 0;
    do
        snprintf(digits, sizeof digits, "%.*e", precision, (double)f);
    while (strtof(digits, NULL) != f && ++precision < 9);
    long exponent = strtol(strchr(digits, 'e') + 1, NULL, 10);
    if (exponent < -4 || exponent >= 6)
        return glm_strdup(arena, digits);
    int decimals = precision - (int)exponent;
    return glm_sprintf(arena, "%.*f", decimals > 0 ? decimals : 0, (double)f);
}

const char *glm_yaml_key(struct glm_arena *arena, const struct glm_yaml_scalar *scalar,
                         const char **ret_problem)
{
    const struct glm_value *v = &scalar->value;
    switch (scalar->class) {
    case GLM_YAML_NULL:
        *ret_problem = "is empty or null: give the key a name, in quotes if it is meant literally";
        return NULL;
    case GLM_YAML_BOOL:
        return v->as.boolean ? "true" : "false";
    case GLM_YAML_INTEGER: {
        int64_t n;
        if (glm_number_int64(v, &n))
            return v->as.text;
        *ret_problem = "is a number beyond 64 bits: put the key in quotes";
        return NULL;
    }
    case GLM_YAML_FLOAT:
        return float_key(arena, v->as.text);
    case GLM_YAML_INFINITE:
    case GLM_YAML_STRING:
        break;
    }
    if (strlen(v->as.text) == v->len)
        return v->as.text;
    *ret_problem = "has a NUL character in it, which no field of a Kubernetes object can have";
    return NULL;
}

/* The letters of a word, whatever their case. */
static bool same_word(const char *text, size_t len, const char *word)
{
    for (size_t i = 0; i < len; i++) {
        if (word[i] == '\0' || lower(text[i]) != word[i])
            return false;
    }
    return word[len] == '\0';
}

/* Number or time of day as some reader has it: digits, with dots, colons, commas, underscores. */
static bool looks_like_number(const char *text, size_t len)
{
    size_t i = *text == '-' || *text == '+';
    size_t dots = 0, digits = 0, colons = 0;
    if (i + 1 < len && text[i] == '0' && one_of(text[i + 1], "xXoObB")) {
        for (i += 2; i < len; i++)
            if (digit_value(text[i]) > 15 && !one_of(text[i], "_.pP+-"))
                return false;
        return true;
    }
    for (; i < len && (is_digit(text[i]) || one_of(text[i], "_.:,")); i++) {
        dots += text[i] == '.';
        colons += text[i] == ':';
        digits += is_digit(text[i]);
    }
    if (digits == 0 || (dots > 1 && colons == 0))
        return false;
    if (i < len && (text[i] | 0x20) == 'e') {
        i++;
        i += i < len && (text[i] == '-' || text[i] == '+');
        while (i < len && (is_digit(text[i]) || text[i] == '_'))
            i++;
    }
    return i == len;
}

/* 2024-01-31, alone or before a time. */
static bool looks_like_date(const char *text, size_t len)
{
    const char *p = text, *end = text + len;
    unsigned n;
    return read_field(&p, end, 4, 0, 9999, &n) && p - text == 4 && read_char(&p, end, '-') &&
           read_field(&p, end, 2, 0, 99, &n) && read_char(&p, end, '-') &&
           read_field(&p, end, 2, 0, 99, &n) &&
           (p == end || *p == 'T' || *p == 't' || *p == ' ' || *p == '\t');
}

bool glm_yaml_ambiguous(const char *text, size_t len)
{
    static const char *const words[] = {"y",    "n",    "yes", "no",    "on",   "off",
                                        "true", "null", "~",   "false", ".inf", "-.inf",
                                        ".nan", "=",    "<<",  "+.inf"};
    if (len == 0)
        return true;
    for (size_t i = 0; len <= 5 && i < sizeof words / sizeof *words; i++)
        if (same_word(text, len, words[i]))
            return true;
    if (!is_digit(*text) && *text != '-' && *text != '+' && *text != '.')
        return false;
    return looks_like_number(text, len) || looks_like_date(text, len);
}
