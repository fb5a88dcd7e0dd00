/* SPDX-License-Identifier: Apache-2.0
 *
 * Print: what YAML reads of values that the templates print without quotes.
 */
#include "internal.h"

#include "glm/codec.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define WORD_MAX 5      /* letters of the longest word that means something in YAML: false */
#define EXACT_DIGITS 15 /* a whole number of so many digits is a float64 as it is */
#define FLOAT_DIGITS 17

/* True for what every YAML reader takes for a text. */
static bool is_word(const char *text)
{
    size_t len = strlen(text);
    return len > WORD_MAX && isalpha((unsigned char)*text) && !strpbrk(text, ":#\n") &&
           text[len - 1] != ' ';
}

const struct glm_value *chart_read(struct glm_arena *arena, const char *text)
{
    const struct glm_value *v;
    struct glm_diags d;
    if (is_word(text))
        return glm_string(arena, text);
    glm_diags_init(&d, arena);
    if (!glm_yaml_decode(arena, text, strlen(text), "the text", NULL, &v, &d) || glm_is_map(v))
        return glm_string(arena, text);
    return chart_numbers(arena, v);
}

const char *chart_text(struct glm_arena *arena, const struct glm_value *v)
{
    const char *text = glm_chart_text(arena, v);
    return text ? text : "";
}

const struct glm_value *chart_plain(struct glm_arena *arena, const struct glm_value *v)
{
    if (glm_is_unknown(v) || v->kind == GLM_BOOL || glm_is_null(v))
        return v;
    if (glm_is_string(v) && is_word(v->as.text))
        return v;
    const char *text = chart_text(arena, v);
    if (v->kind == GLM_NUMBER && strcmp(text, v->as.text) == 0)
        return v;
    return glm_positioned(arena, chart_read(arena, text), v->line, v->column);
}

const struct glm_value *chart_plain_if(struct glm_arena *arena, const struct glm_value *v)
{
    return glm_chart_truthy(v) ? chart_plain(arena, v) : NULL;
}

const struct glm_value *chart_text_if(struct glm_arena *arena, const struct glm_value *v)
{
    return glm_chart_truthy(v) ? part_string(arena, v) : NULL;
}

/* As JSON has a float64: the fewest digits that are the same number again. */
static const struct glm_value *number(struct glm_arena *arena, const struct glm_value *v)
{
    const char *digits = v->as.text + (*v->as.text == '-');
    size_t len = strlen(digits);
    int64_t whole;
    if (len <= EXACT_DIGITS && strspn(digits, "0123456789") == len)
        return v;
    const char *text;
    double d = strtod(v->as.text, NULL);
    if (glm_number_int64(v, &whole) && d >= -1e15 && d <= 1e15) {
        text = glm_sprintf(arena, "%lld", (long long)whole);
    } else if (glm_number_is_integer(v) && d > -1e21 && d < 1e21) {
        /* Beyond 2^53 the shortest digits, and zeros after them. */
        text = "";
        for (int precision = 0; precision < FLOAT_DIGITS; precision++) {
            text = glm_sprintf(arena, "%.*e", precision, d);
            if (!(strtod(text, NULL) < d) && !(strtod(text, NULL) > d))
                break;
        }
    } else {
        return v;
    }
    return glm_positioned(arena, glm_number(arena, text, strlen(text)), v->line, v->column);
}

/* The map itself, as long as nothing in it changes. */
static const struct glm_value *map_of(struct glm_arena *arena, const struct glm_value *v)
{
    struct glm_pair *pairs = NULL;
    for (size_t i = 0; i < v->len; i++) {
        const struct glm_value *is = chart_numbers(arena, v->as.map[i].value);
        if (is == v->as.map[i].value)
            continue;
        if (!pairs) {
            pairs = GLM_NEW_ARRAY(arena, v->len, struct glm_pair);
            memcpy(pairs, v->as.map, v->len * sizeof *pairs);
        }
        pairs[i].value = is;
    }
    if (!pairs)
        return v;
    struct glm_value *ret = GLM_NEW(arena, struct glm_value);
    *ret = *v;
    ret->as.map = pairs;
    return ret;
}

/* Depth: that of values, GLM_VALUE_DEPTH. */
const struct glm_value *chart_numbers(struct glm_arena *arena, const struct glm_value *v)
{
    if (v->kind == GLM_NUMBER)
        return number(arena, v);
    if (glm_is_map(v))
        return map_of(arena, v);
    if (!glm_is_list(v))
        return v;
    const struct glm_value **items = NULL;
    for (size_t i = 0; i < v->len; i++) {
        const struct glm_value *is = chart_numbers(arena, v->as.list[i]);
        if (is == v->as.list[i])
            continue;
        if (!items) {
            items = GLM_NEW_ARRAY(arena, v->len, const struct glm_value *);
            memcpy(items, v->as.list, v->len * sizeof *items);
        }
        items[i] = is;
    }
    return items ? glm_positioned(arena, glm_list(arena, items, v->len), v->line, v->column) : v;
}
