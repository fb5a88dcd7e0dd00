/* SPDX-License-Identifier: Apache-2.0
 *
 * Chart: how Istio's gateway charts see and print values. Their templates know Go's values only: a
 * number is a float64, and what is printed without quotes is read as YAML again.
 *
 * Source: text/template and sprig as helm uses them; the charts of Istio 1.22 to 1.31.
 */
#include "internal.h"

#include "glm/codec.h"

#include <ctype.h>
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

const char *glm_chart_text(struct glm_arena *arena, const struct glm_value *v)
{
    switch (v->kind) {
    case GLM_BOOL:
        return v->as.boolean ? "true" : "false";
    case GLM_NUMBER:
        return number_text(arena, v);
    case GLM_STRING:
        return v->as.text;
    case GLM_NULL:
        return "";
    case GLM_UNKNOWN:
    case GLM_LIST:
    case GLM_MAP:
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

bool glm_chart_profile_is(struct glm_arena *arena, const struct glm_value *spec,
                          const char *profile)
{
    const struct glm_value *said = glm_setting(arena, spec, "profile", NULL).value;
    if (!glm_is_string(said) || !said->len)
        said = glm_get(spec, "profile"); /* whose file sets it */
    return glm_string_is(said, profile);
}

bool glm_is_injected(struct glm_arena *arena, const struct glm_value *spec,
                     enum glm_gateway_type type)
{
    return glm_chart_truthy(
        glm_setting(arena, spec, "gateways", glm_gateway_values(type), "injectionTemplate", NULL)
            .value);
}

/* Longer texts are not written out once more; what is this long is no name. */
#define WRITTEN_MAX ((size_t)65536)

/* Letters, digits and "_", more of them than any word that means something else has. */
static bool is_plain_word(const char *text)
{
    size_t len = 0;
    if (!isalpha((unsigned char)*text))
        return false;
    while (isalnum((unsigned char)text[len]) || text[len] == '_')
        len++;
    return !text[len] && len > sizeof "false";
}

/* Nothing that means something between double quotes. */
static bool is_quotable(const char *text)
{
    for (; *text; text++)
        if (*text < ' ' || *text == '"' || *text == '\\' || *text == 0x7f)
            return false;
    return true;
}

const char *glm_chart_misread(struct glm_arena *arena, const char *before, const char *text,
                              const char *after)
{
    const struct glm_value *read;
    struct glm_diags ignored;
    /* What most texts are needs no reading. */
    if (*after == '"' ? is_quotable(text) : !*after && is_plain_word(text))
        return NULL;
    glm_diags_init(&ignored, arena);
    const char *line = glm_sprintf(arena, "%s%s%s\n", before, text, after);
    if (strlen(line) > WRITTEN_MAX)
        return NULL;
    if (!glm_yaml_decode(arena, line, strlen(line), "line", NULL, &read, &ignored))
        return GLM_UNREADABLE;
    const struct glm_value *x = glm_is_list(read) ? glm_at(read, 0) : glm_get(read, "x");
    return glm_is_string(x) || (glm_is_null(x) && !*text) ? NULL : glm_kind_name(x->kind);
}
