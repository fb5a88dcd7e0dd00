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

/* Letters, digits, "_", "." and "-" that cannot be anything else: a word that is longer than any with a
 * meaning of its own, or one with a "-" where no number has one ("1-24"). */
static bool is_plainly_text(const char *text)
{
    bool word = isalpha((unsigned char)*text), told = false;
    size_t len = 0;
    for (; text[len]; len++) {
        bool joint = text[len] == '-' || text[len] == '.';
        if (!isalnum((unsigned char)text[len]) && text[len] != '_' && !joint)
            return false;
        word = word && !joint;
        told = told || (text[len] == '-' && len && !strchr("eE", text[len - 1]));
    }
    return (word && len > sizeof "false") || (told && *text != '-');
}

/* Nothing that means something between double quotes. */
static bool is_quotable(const char *text)
{
    for (; *text; text++)
        if (*text < ' ' || *text == '"' || *text == '\\' || *text == 0x7f)
            return false;
    return true;
}

/* What YAML reads there; NULL: nothing can be read, or the line is too long to be looked at, which
 * ret_long says. */
static const struct glm_value *read_back(struct glm_arena *arena, const char *before,
                                         const char *text, const char *after, bool *ret_long)
{
    const struct glm_value *read;
    struct glm_diags ignored;
    glm_diags_init(&ignored, arena);
    const char *line = glm_sprintf(arena, "%s%s%s\n", before, text, after);
    *ret_long = strlen(line) > WRITTEN_MAX;
    if (*ret_long || !glm_yaml_decode(arena, line, strlen(line), "line", NULL, &read, &ignored))
        return NULL;
    return glm_is_list(read) ? glm_at(read, 0) : glm_get(read, "x");
}

const char *glm_chart_misread(struct glm_arena *arena, const char *before, const char *text,
                              const char *after)
{
    bool is_long;
    /* What most texts are needs no reading. */
    if (*after == '"' ? is_quotable(text) : !*after && is_plainly_text(text))
        return NULL;
    const struct glm_value *x = read_back(arena, before, text, after, &is_long);
    if (!x)
        return is_long ? NULL : GLM_UNREADABLE;
    return glm_is_string(x) || (glm_is_null(x) && !*text) ? NULL : glm_kind_name(x->kind);
}

const char *glm_chart_misread_label(struct glm_arena *arena, const char *text)
{
    bool is_long;
    const struct glm_value *x =
        is_plainly_text(text) ? NULL : read_back(arena, "x: ", text, "", &is_long);
    return x && (x->kind == GLM_NUMBER || x->kind == GLM_BOOL) ? glm_kind_name(x->kind) : NULL;
}
