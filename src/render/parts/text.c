/* SPDX-License-Identifier: Apache-2.0
 *
 * Text: how the templates of Istio's charts see and print values. They know Go's values only: a number is a
 * float64.
 *
 * Source: text/template and sprig as helm uses them.
 * Depth: that of values, GLM_VALUE_DEPTH.
 */
#include "parts.h"

#include <stdlib.h>
#include <string.h>

#define FLOAT_DIGITS 17     /* more never tell two float64 apart */
#define EXPONENT_FROM 6     /* Go's %v writes 1000000 as 1e+06 */
#define EXPONENT_BELOW (-4) /* and 0.00001 as 1e-05 */

/* As Go's %v prints a float64: the fewest digits that are the same number again. */
static const char *number_text(struct glm_arena *arena, const struct glm_value *v)
{
    /* A short whole number, as most are, is written as it is. */
    if (v->len <= EXPONENT_FROM && strspn(v->as.text, "0123456789") == v->len &&
        (v->as.text[0] != '0' || v->len == 1))
        return v->as.text;
    double number = strtod(v->as.text, NULL);
    const char *text = "";
    int digits = 0;
    while (digits < FLOAT_DIGITS) {
        text = glm_sprintf(arena, "%.*e", digits++, number);
        if (!(strtod(text, NULL) < number) && !(strtod(text, NULL) > number))
            break;
    }
    const char *e = strchr(text, 'e');
    long exponent = e ? strtol(e + 1, NULL, 10) : 0;
    if (!e || exponent < EXPONENT_BELOW || exponent >= EXPONENT_FROM)
        return text;
    long decimals = digits - 1 - exponent;
    return glm_sprintf(arena, "%.*f", decimals > 0 ? (int)decimals : 0, number);
}

/* Lists and maps as Go prints them: [a b], map[k:v]. */
static bool print(struct glm_text *text, const struct glm_value *v)
{
    bool list = glm_is_list(v), map = glm_is_map(v);
    if (!list && !map) {
        const char *scalar = glm_is_null(v) ? "<nil>" : glm_chart_text(text->arena, v);
        glm_text_adds(text, scalar ? scalar : "");
        return scalar != NULL;
    }
    glm_text_adds(text, map ? "map[" : "[");
    for (size_t i = 0; i < v->len; i++) {
        if (i)
            glm_text_addc(text, ' ');
        if (map)
            glm_text_addf(text, "%s:", v->as.map[i].key);
        if (!print(text, list ? v->as.list[i] : v->as.map[i].value))
            return false;
    }
    glm_text_addc(text, ']');
    return true;
}

const char *glm_chart_text(struct glm_arena *arena, const struct glm_value *v)
{
    struct glm_text text;
    switch (v->kind) {
    case GLM_BOOL:
        return v->as.boolean ? "true" : "false";
    case GLM_NUMBER:
        return number_text(arena, v);
    case GLM_STRING:
        return v->as.text;
    case GLM_NULL:
        return "";
    case GLM_LIST:
    case GLM_MAP:
        glm_text_init(&text, arena, SIZE_MAX / 4);
        return print(&text, v) ? text.data : NULL;
    case GLM_UNKNOWN:
    default:
        return NULL;
    }
}

bool glm_chart_truthy(const struct glm_value *v)
{
    int64_t number;
    switch (v->kind) {
    case GLM_BOOL:
        return v->as.boolean;
    case GLM_NUMBER:
        return !glm_number_int64(v, &number) || number != 0;
    case GLM_STRING:
    case GLM_LIST:
    case GLM_MAP:
        return v->len > 0;
    case GLM_NULL:
        return false;
    case GLM_UNKNOWN:
    default:
        return true;
    }
}

const struct glm_value *part_string(struct glm_arena *arena, const struct glm_value *v)
{
    if (glm_is_string(v))
        return v;
    const char *text = glm_chart_text(arena, v);
    return text ? glm_string(arena, text) : &glm_unknown;
}

const struct glm_value *part_around(struct glm_arena *arena, const char *before,
                                    const struct glm_value *v, const char *after)
{
    const char *text = glm_chart_text(arena, v);
    return text ? glm_stringf(arena, "%s%s%s", before, text, after) : &glm_unknown;
}

const struct glm_value *part_word(struct glm_arena *arena, const struct glm_value *v)
{
    const struct glm_value *text = part_string(arena, v);
    return glm_string_is(text, "") ? &glm_null : text;
}

const struct glm_value *part_quoted(struct glm_arena *arena, const struct glm_value *v)
{
    return glm_is_null(v) ? v : part_string(arena, v);
}

/* True for what YAML and JSON both read as the same number: -1, 0.5, 1e+06. */
static bool is_number(const char *s)
{
    s += *s == '-';
    size_t digits = strspn(s, "0123456789");
    if (digits == 0 || (digits > 1 && *s == '0'))
        return false;
    s += digits;
    if (*s == '.') {
        digits = strspn(++s, "0123456789");
        s += digits;
        if (digits == 0)
            return false;
    }
    if (*s == 'e') {
        s++;
        s += *s == '+' || *s == '-';
        digits = strspn(s, "0123456789");
        s += digits;
        if (digits == 0)
            return false;
    }
    return !*s;
}

const struct glm_value *part_plain(struct glm_arena *arena, const struct glm_value *v)
{
    if (glm_is_string(v) && is_number(v->as.text))
        return glm_number(arena, v->as.text, v->len);
    if (glm_is_string(v) && !v->len)
        return &glm_null;
    return v;
}

int64_t part_int(const struct glm_value *v)
{
    int64_t number = 0;
    if (v->kind == GLM_NUMBER)
        return glm_number_int64(v, &number) ? number : (int64_t)strtod(v->as.text, NULL);
    if (v->kind == GLM_BOOL)
        return v->as.boolean;
    if (glm_is_string(v) && is_number(v->as.text))
        return strtoll(v->as.text, NULL, 10);
    return 0;
}
