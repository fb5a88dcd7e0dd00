/* SPDX-License-Identifier: Apache-2.0
 *
 * Leaves that are texts, and what is written as one: names, quantities, durations, base64, times.
 *
 * Source: the API server's validation, golang/protobuf's JSON (durations as Go writes them).
 */
#include "leaf.h"

#include <string.h>

/* "For instance x": the name made from what was written. */
static const char *better_name(const struct glm_spec_leaf *l)
{
    struct glm_arena *arena = l->w->r->arena;
    enum glm_spec_format format = (enum glm_spec_format)l->limit->format;
    bool name = format == GLM_SPEC_DNS_LABEL || format == GLM_SPEC_DNS_SERVICE ||
                format == GLM_SPEC_PORT_NAME || format == GLM_SPEC_PORT_OR_NAME ||
                format == GLM_SPEC_DNS_SUBDOMAIN;
    const char *better = name ? glm_name_suggest(arena, l->v->as.text) : NULL;
    if (better && !glm_spec_misfit(format, better))
        return glm_sprintf(arena, " For instance \"%s\".", better);
    return spec_leaf_number_remedy(l);
}

static void check_text(const struct glm_spec_leaf *l)
{
    enum glm_spec_format format = (enum glm_spec_format)l->limit->format;
    bool empty_is_absent = !l->element && format != GLM_SPEC_NOT_EMPTY && !l->limit->required;
    if (l->v->len == 0 && empty_is_absent)
        return;
    const char *expected = glm_spec_misfit(format, l->v->as.text);
    if (expected)
        spec_leaf_wrong_value(l, expected, better_name(l));
    else if (format == GLM_SPEC_COUNT_OR_PERCENT)
        spec_leaf_percentage(l);
    else if (format == GLM_SPEC_QUANTITY_TEXT && l->v->as.text[0] == '-')
        spec_leaf_wrong_value(l, "a quantity that is not negative", "");
}

/* Whether the field takes the text. */
static bool is_taken(const struct glm_spec_leaf *l, const char *text)
{
    switch ((enum glm_spec_kind)l->field->kind) {
    case GLM_SPEC_QUANTITY:
        return spec_is_quantity(text);
    case GLM_SPEC_BYTES:
        return spec_is_base64(text, strlen(text));
    case GLM_SPEC_TIME:
        return spec_is_time(text);
    default:
        return !glm_spec_misfit((enum glm_spec_format)l->limit->format, text);
    }
}

static const char *string_remedy(const struct glm_spec_leaf *l)
{
    const struct glm_value *v = l->v;
    if (v->kind != GLM_NUMBER && v->kind != GLM_BOOL)
        return "";
    const char *text = v->kind == GLM_NUMBER ? spec_said(l->w->r->arena, v->as.text, v->len, 60)
                       : v->as.boolean       ? "true"
                                             : "false";
    if (!is_taken(l, text))
        return "";
    return glm_sprintf(l->w->r->arena, " Put it in quotes: \"%s\".", text);
}

void spec_leaf_string(const struct glm_spec_leaf *l)
{
    if (l->v->kind == GLM_STRING)
        check_text(l);
    else
        spec_leaf_wrong_type(l, "a string", string_remedy(l));
}

void spec_leaf_int_or_string(const struct glm_spec_leaf *l)
{
    if (l->v->kind == GLM_STRING)
        check_text(l);
    else if (!spec_leaf_int32(l))
        spec_leaf_wrong_type(l, "a whole number or a string", string_remedy(l));
}

/* ---- quantities, durations, and other texts of their own kind ---- */

void spec_leaf_quantity(const struct glm_spec_leaf *l)
{
    /* The operator's own messages have these as texts. */
    bool number = l->v->kind == GLM_NUMBER && l->decoder != GLM_SPEC_PROTO;
    if (l->v->kind != GLM_STRING && !number)
        spec_leaf_wrong_type(l, "a quantity such as \"500m\" or \"2Gi\"", string_remedy(l));
    else if (!spec_is_quantity(l->v->as.text))
        spec_leaf_wrong_value(l, "a quantity such as \"500m\" or \"2Gi\"", "");
    else if (l->v->as.text[0] == '-')
        spec_leaf_wrong_value(l, "a quantity that is not negative", "");
}

/* The limits of a duration are milliseconds. */
static const char *span(struct glm_arena *arena, int64_t milliseconds)
{
    bool seconds = milliseconds % 1000 == 0;
    return glm_sprintf(arena, "%lld%s", (long long)(seconds ? milliseconds / 1000 : milliseconds),
                       seconds ? "s" : "ms");
}

void spec_leaf_duration(const struct glm_spec_leaf *l)
{
    const struct glm_spec_limit *limit = l->limit;
    struct glm_arena *arena = l->w->r->arena;
    double milliseconds;
    if (l->v->kind == GLM_NUMBER)
        spec_leaf_wrong_type(l, "a duration such as \"10s\"",
                             glm_sprintf(arena, " Write it with a unit: \"%ss\".",
                                         spec_said(arena, l->v->as.text, l->v->len, 30)));
    else if (l->v->kind != GLM_STRING)
        spec_leaf_wrong_type(l, "a duration such as \"10s\"", "");
    else if (!spec_is_duration(l->v->as.text, &milliseconds))
        spec_leaf_wrong_value(l, "a duration such as \"10s\", \"1.5s\" or \"2h\"", "");
    else if (limit->format == GLM_SPEC_RANGE && milliseconds < (double)limit->min)
        spec_leaf_wrong_value(l, glm_sprintf(arena, "at least %s", span(arena, limit->min)), "");
    else if (limit->format == GLM_SPEC_RANGE && milliseconds > (double)limit->max)
        spec_leaf_wrong_value(l, glm_sprintf(arena, "at most %s", span(arena, limit->max)), "");
}

void spec_leaf_encoded(const struct glm_spec_leaf *l)
{
    bool bytes = l->field->kind == GLM_SPEC_BYTES;
    const char *expected =
        bytes ? "base64" : "a time as RFC 3339 has it, such as \"2026-01-31T12:00:00Z\"";
    if (l->v->kind != GLM_STRING)
        spec_leaf_wrong_type(l, expected, string_remedy(l));
    else if (bytes ? !spec_is_base64(l->v->as.text, l->v->len) : !spec_is_time(l->v->as.text))
        spec_leaf_wrong_value(l, expected, "");
}
