/* SPDX-License-Identifier: Apache-2.0
 *
 * Leaves: types, values of enums, ranges and formats, and what to do about each mistake.
 *
 * Source: golang/protobuf's JSON (numbers in quotes, durations as Go writes them, enums by number),
 *         Go's encoding/json with the types of Kubernetes, and the API server's validation.
 */
#include "internal.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define VALUES_SAID ((size_t)12)

struct leaf {
    struct glm_spec_walk *w;
    const struct glm_spec_field *field;
    const struct glm_spec_limit *limit;
    enum glm_spec_decoder decoder;
    const struct glm_value *v;
    const struct glm_path *where;
    bool element;
};

static const char *noted(const struct leaf *l, const char **ret_space)
{
    *ret_space = l->limit->note ? " " : "";
    return l->limit->note ? l->limit->note : "";
}

/* What is no value at all cannot be put right by halves. */
static const char *remedy_for(const struct leaf *l, const char *remedy)
{
    const char *filled = glm_placeholder_said(glm_string_or(l->v, ""));
    return *filled ? filled : remedy;
}

static void wrong_type(const struct leaf *l, const char *expected, const char *remedy)
{
    const char *space, *note = noted(l, &space);
    glm_spec_find_error(l->w, GLM_SPEC_WRONG_TYPE, l->v->line, l->v->column, l->where,
                        "must be %s, but is %s.%s%s%s", expected,
                        glm_spec_described(l->w->r->arena, l->v), remedy_for(l, remedy), space,
                        note);
}

/* sentence: without the full stop. */
static void wrong_value(const struct leaf *l, const char *expected, const char *remedy)
{
    const char *space, *note = noted(l, &space);
    struct glm_arena *arena = l->w->r->arena;
    const char *text = l->v->kind == GLM_STRING || l->v->kind == GLM_NUMBER
                           ? glm_spec_said(arena, l->v->as.text, l->v->len, 80)
                           : "";
    const char *quote = l->v->kind == GLM_STRING ? "\"" : "";
    glm_spec_find_error(l->w, GLM_SPEC_WRONG_VALUE, l->v->line, l->v->column, l->where,
                        "is %s%s%s, but must be %s.%s%s%s", quote, text, quote, expected,
                        remedy_for(l, remedy), space, note);
}

/* ---- numbers ---- */

struct whole {
    bool negative, large; /* large: beyond 64 bits, signed */
    int64_t number;
};

static bool is_decimal(const char *text, size_t len)
{
    size_t sign = len && text[0] == '-';
    return len > sign && strspn(text + sign, "0123456789") == len - sign;
}

/* A whole number; quoted: one in quotes counts too. */
static bool read_whole(const struct glm_value *v, bool quoted, struct whole *ret)
{
    struct glm_value number = {.kind = GLM_NUMBER, .len = v->len, .as.text = v->as.text};
    if (v->kind == GLM_STRING && (!quoted || !is_decimal(v->as.text, v->len)))
        return false;
    if ((v->kind != GLM_STRING && v->kind != GLM_NUMBER) || !glm_number_is_integer(&number))
        return false;
    *ret = (struct whole){.negative = v->as.text[0] == '-'};
    ret->large = !glm_number_int64(&number, &ret->number);
    return true;
}

static bool in_width(enum glm_spec_kind kind, const struct glm_value *v, const struct whole *n)
{
    switch (kind) {
    case GLM_SPEC_INT32:
    case GLM_SPEC_INT_OR_STRING:
        return !n->large && n->number >= INT32_MIN && n->number <= INT32_MAX;
    case GLM_SPEC_UINT32:
        return !n->large && n->number >= 0 && n->number <= UINT32_MAX;
    case GLM_SPEC_UINT64:
        return !n->negative &&
               (!n->large ||
                (v->len < 20 || (v->len == 20 && strcmp(v->as.text, "18446744073709551615") <= 0)));
    case GLM_SPEC_INT64:
    default:
        return !n->large;
    }
}

static const char *number_remedy(const struct leaf *l)
{
    struct whole n;
    return l->v->kind == GLM_STRING && read_whole(l->v, true, &n) ? " Remove the quotes." : "";
}

static void check_range(const struct leaf *l, const struct whole *n)
{
    const struct glm_spec_limit *limit = l->limit;
    struct glm_arena *arena = l->w->r->arena;
    int64_t min = limit->min, max = limit->max;
    if (limit->format == GLM_SPEC_COUNT_OR_PERCENT) {
        max = INT64_MAX;
    } else if (limit->format != GLM_SPEC_RANGE && limit->format != GLM_SPEC_PORT_OR_NAME) {
        return;
    }
    if (!n->large && n->number >= min && n->number <= max)
        return;
    /* A port of 0 is as good as none: nobody writes it on purpose. */
    if (limit->format == GLM_SPEC_PORT_OR_NAME)
        min = 1;
    const char *low = glm_sprintf(arena, "%lld", (long long)min);
    const char *high = glm_sprintf(arena, "%lld", (long long)max);
    bool below = n->large ? n->negative : n->number < min;
    wrong_value(l,
                below && (max == INT64_MAX || max == INT32_MAX)
                    ? glm_sprintf(arena, "at least %s", low)
                : !below && (min == INT64_MIN || min == INT32_MIN)
                    ? glm_sprintf(arena, "at most %s", high)
                    : glm_sprintf(arena, "from %s to %s", low, high),
                "");
}

static void check_number(const struct leaf *l)
{
    enum glm_spec_kind kind = (enum glm_spec_kind)l->field->kind;
    bool wide = kind == GLM_SPEC_INT64 || kind == GLM_SPEC_UINT64;
    /* Of the operator's own messages it reads small numbers in quotes too, but nobody else does
     * who gets to see them: the Service is made from them. */
    bool quoted = l->decoder == GLM_SPEC_VALUES || l->decoder == GLM_SPEC_LENIENT ||
                  (l->decoder == GLM_SPEC_PROTO && wide);
    bool without_sign = kind == GLM_SPEC_UINT32 || kind == GLM_SPEC_UINT64;
    struct whole n;
    if (!read_whole(l->v, quoted, &n))
        wrong_type(l, "a whole number", number_remedy(l));
    else if (!in_width(kind, l->v, &n) && n.negative && without_sign)
        wrong_type(l, "a whole number that is not negative", "");
    else if (!in_width(kind, l->v, &n))
        wrong_type(l, wide ? "a number that fits into 64 bits" : "a number that fits into 32 bits",
                   "");
    else
        check_range(l, &n);
}

static void check_double(const struct leaf *l)
{
    const struct glm_value *v = l->v;
    bool proto = l->decoder != GLM_SPEC_GO;
    bool named =
        glm_string_is(v, "NaN") || glm_string_is(v, "Infinity") || glm_string_is(v, "-Infinity");
    char *end = NULL;
    bool digits =
        v->kind == GLM_STRING && v->len && strspn(v->as.text, "0123456789+-.eE") == v->len;
    if (digits)
        (void)strtod(v->as.text, &end);
    if (v->kind != GLM_NUMBER && !(proto && (named || (end && !*end))))
        wrong_type(l, "a number", digits && end && !*end ? " Remove the quotes." : "");
}

/* ---- texts ---- */

/* "50%": up to max, 0: as much as you like. */
static bool is_percentage(const struct glm_value *v, int64_t max)
{
    size_t digits = strspn(v->as.text, "0123456789");
    if (digits == 0 || digits + 1 != v->len || v->as.text[digits] != '%')
        return false;
    return max == 0 || digits < 3 || (digits == 3 && strtoll(v->as.text, NULL, 10) <= max);
}

static void check_percentage(const struct leaf *l)
{
    struct glm_arena *arena = l->w->r->arena;
    const struct glm_spec_limit *limit = l->limit;
    const char *most = limit->max ? glm_sprintf(arena, " from 0%% to %lld%%", (long long)limit->max)
                                  : ", such as 25%";
    /* Charts write it without quotes, so that a text of digits is a number in the end. */
    if (l->decoder == GLM_SPEC_VALUES && l->v->len < 10 &&
        strspn(l->v->as.text, "0123456789") == l->v->len)
        return;
    if (!is_percentage(l->v, limit->max))
        wrong_value(l,
                    glm_sprintf(arena, "a number that is at least %lld, or a percentage%s",
                                (long long)limit->min, most),
                    number_remedy(l));
}

/* "For instance x": the name made from what was written. */
static const char *better_name(const struct leaf *l)
{
    struct glm_arena *arena = l->w->r->arena;
    enum glm_spec_format format = (enum glm_spec_format)l->limit->format;
    bool name = format == GLM_SPEC_DNS_LABEL || format == GLM_SPEC_DNS_SERVICE ||
                format == GLM_SPEC_PORT_NAME || format == GLM_SPEC_PORT_OR_NAME ||
                format == GLM_SPEC_DNS_SUBDOMAIN;
    const char *better = name ? glm_name_suggest(arena, l->v->as.text) : NULL;
    if (better && !glm_spec_misfit(format, better))
        return glm_sprintf(arena, " For instance \"%s\".", better);
    return number_remedy(l);
}

static void check_text(const struct leaf *l)
{
    enum glm_spec_format format = (enum glm_spec_format)l->limit->format;
    bool empty_is_absent = !l->element && format != GLM_SPEC_NOT_EMPTY && !l->limit->required;
    if (l->v->len == 0 && empty_is_absent)
        return;
    const char *expected = glm_spec_misfit(format, l->v->as.text);
    if (expected)
        wrong_value(l, expected, better_name(l));
    else if (format == GLM_SPEC_COUNT_OR_PERCENT)
        check_percentage(l);
    else if (format == GLM_SPEC_QUANTITY_TEXT && l->v->as.text[0] == '-')
        wrong_value(l, "a quantity that is not negative", "");
}

/* Whether the field takes the text. */
static bool is_taken(const struct leaf *l, const char *text)
{
    switch ((enum glm_spec_kind)l->field->kind) {
    case GLM_SPEC_QUANTITY:
        return glm_spec_is_quantity(text);
    case GLM_SPEC_BYTES:
        return glm_spec_is_base64(text, strlen(text));
    case GLM_SPEC_TIME:
        return glm_spec_is_time(text);
    default:
        return !glm_spec_misfit((enum glm_spec_format)l->limit->format, text);
    }
}

static const char *string_remedy(const struct leaf *l)
{
    const struct glm_value *v = l->v;
    if (v->kind != GLM_NUMBER && v->kind != GLM_BOOL)
        return "";
    const char *text = v->kind == GLM_NUMBER ? glm_spec_said(l->w->r->arena, v->as.text, v->len, 60)
                       : v->as.boolean       ? "true"
                                             : "false";
    if (!is_taken(l, text))
        return "";
    return glm_sprintf(l->w->r->arena, " Put it in quotes: \"%s\".", text);
}

static void check_string(const struct leaf *l)
{
    if (l->v->kind == GLM_STRING)
        check_text(l);
    else
        wrong_type(l, "a string", string_remedy(l));
}

static void check_bool(const struct leaf *l)
{
    const struct glm_value *v = l->v;
    static const char *const truths[] = {"true", "yes", "on", "y", "1"};
    static const char *const lies[] = {"false", "no", "off", "n", "0"};
    const char *remedy = "";
    if (v->kind == GLM_BOOL)
        return;
    for (size_t i = 0; v->kind == GLM_STRING && i < sizeof truths / sizeof *truths; i++) {
        if (strcasecmp(v->as.text, truths[i]) == 0)
            remedy = i == 0 ? " Remove the quotes." : " Write true.";
        else if (strcasecmp(v->as.text, lies[i]) == 0)
            remedy = i == 0 ? " Remove the quotes." : " Write false.";
    }
    wrong_type(l, "true or false", remedy);
}

static void check_int_or_string(const struct leaf *l)
{
    struct whole n;
    if (l->v->kind == GLM_STRING)
        check_text(l);
    else if (!read_whole(l->v, false, &n))
        wrong_type(l, "a whole number or a string", string_remedy(l));
    else if (!in_width(GLM_SPEC_INT_OR_STRING, l->v, &n))
        wrong_type(l, "a number that fits into 32 bits", "");
    else
        check_range(l, &n);
}

/* ---- quantities, durations, and other texts of their own kind ---- */

static void check_quantity(const struct leaf *l)
{
    /* The operator's own messages have these as texts. */
    bool number = l->v->kind == GLM_NUMBER && l->decoder != GLM_SPEC_PROTO;
    if (l->v->kind != GLM_STRING && !number)
        wrong_type(l, "a quantity such as \"500m\" or \"2Gi\"", string_remedy(l));
    else if (!glm_spec_is_quantity(l->v->as.text))
        wrong_value(l, "a quantity such as \"500m\" or \"2Gi\"", "");
    else if (l->v->as.text[0] == '-')
        wrong_value(l, "a quantity that is not negative", "");
}

/* The limits of a duration are milliseconds. */
static const char *span(struct glm_arena *arena, int64_t milliseconds)
{
    bool seconds = milliseconds % 1000 == 0;
    return glm_sprintf(arena, "%lld%s", (long long)(seconds ? milliseconds / 1000 : milliseconds),
                       seconds ? "s" : "ms");
}

static void check_duration(const struct leaf *l)
{
    const struct glm_spec_limit *limit = l->limit;
    struct glm_arena *arena = l->w->r->arena;
    double milliseconds;
    if (l->v->kind == GLM_NUMBER)
        wrong_type(l, "a duration such as \"10s\"",
                   glm_sprintf(arena, " Write it with a unit: \"%ss\".",
                               glm_spec_said(arena, l->v->as.text, l->v->len, 30)));
    else if (l->v->kind != GLM_STRING)
        wrong_type(l, "a duration such as \"10s\"", "");
    else if (!glm_spec_is_duration(l->v->as.text, &milliseconds))
        wrong_value(l, "a duration such as \"10s\", \"1.5s\" or \"2h\"", "");
    else if (limit->format == GLM_SPEC_RANGE && milliseconds < (double)limit->min)
        wrong_value(l, glm_sprintf(arena, "at least %s", span(arena, limit->min)), "");
    else if (limit->format == GLM_SPEC_RANGE && milliseconds > (double)limit->max)
        wrong_value(l, glm_sprintf(arena, "at most %s", span(arena, limit->max)), "");
}

static void check_special(const struct leaf *l)
{
    bool bytes = l->field->kind == GLM_SPEC_BYTES;
    const char *expected =
        bytes ? "base64" : "a time as RFC 3339 has it, such as \"2026-01-31T12:00:00Z\"";
    if (l->v->kind != GLM_STRING)
        wrong_type(l, expected, string_remedy(l));
    else if (bytes ? !glm_spec_is_base64(l->v->as.text, l->v->len)
                   : !glm_spec_is_time(l->v->as.text))
        wrong_value(l, expected, "");
}

/* ---- enums ---- */

static const char *list_of(const struct leaf *l, const struct glm_spec_enum *e)
{
    struct glm_text text;
    size_t count = 0, said = 0;
    while (e->values[count])
        count++;
    glm_text_init(&text, l->w->r->arena, 4096);
    for (size_t i = 0; i < count && said < VALUES_SAID; i++) {
        if (!*e->values[i])
            continue;
        bool last = i + 1 == count;
        glm_text_addf(&text, "%s%s", said == 0 ? "" : last ? " or " : ", ", e->values[i]);
        said++;
    }
    if (said < count && said == VALUES_SAID)
        glm_text_adds(&text, ", ...");
    return text.data;
}

static void check_enum(const struct leaf *l)
{
    const struct glm_spec_enum *e = &glm_spec_enums[l->field->index];
    const struct glm_value *v = l->v;
    const char *one_of = e->values[0] && e->values[1] && e->values[2] ? "one of " : "";
    struct whole n;
    size_t count = 0;
    if (e->numbers && v->kind == GLM_NUMBER && read_whole(v, false, &n) &&
        in_width(GLM_SPEC_INT32, v, &n))
        return;
    if (v->kind != GLM_STRING) {
        wrong_type(l, glm_sprintf(l->w->r->arena, "%s%s", one_of, list_of(l, e)), "");
        return;
    }
    if (v->len == 0 && !e->numbers && !l->element && !l->limit->required)
        return; /* as good as absent */
    for (; e->values[count]; count++)
        if (glm_string_is(v, e->values[count]))
            return;
    const char *meant = NULL;
    for (size_t i = 0; i < count && !meant; i++)
        if (strcasecmp(e->values[i], v->as.text) == 0)
            meant = e->values[i];
    if (!meant)
        meant = glm_nearest(v->as.text, e->values, count);
    wrong_value(l, glm_sprintf(l->w->r->arena, "%s%s", one_of, list_of(l, e)),
                meant && *meant ? glm_sprintf(l->w->r->arena, " Did you mean %s?", meant) : "");
}

/* ---- all of them ---- */

void glm_spec_check_leaf(struct glm_spec_walk *w, const struct glm_spec_field *field,
                         enum glm_spec_decoder decoder, const struct glm_value *v,
                         const struct glm_path *where, bool element)
{
    const struct leaf leaf = {w, field, &glm_spec_limits[field->limit], decoder, v, where, element};
    switch ((enum glm_spec_kind)field->kind) {
    case GLM_SPEC_STRING:
        check_string(&leaf);
        break;
    case GLM_SPEC_BOOL:
        check_bool(&leaf);
        break;
    case GLM_SPEC_INT32:
    case GLM_SPEC_UINT32:
    case GLM_SPEC_INT64:
    case GLM_SPEC_UINT64:
        check_number(&leaf);
        break;
    case GLM_SPEC_DOUBLE:
        check_double(&leaf);
        break;
    case GLM_SPEC_INT_OR_STRING:
        check_int_or_string(&leaf);
        break;
    case GLM_SPEC_QUANTITY:
        check_quantity(&leaf);
        break;
    case GLM_SPEC_DURATION:
        check_duration(&leaf);
        break;
    case GLM_SPEC_BYTES:
    case GLM_SPEC_TIME:
        check_special(&leaf);
        break;
    case GLM_SPEC_ENUM:
        check_enum(&leaf);
        break;
    case GLM_SPEC_FREE:
    case GLM_SPEC_OBJECT:
        if (!glm_is_map(v))
            glm_spec_wrong_shape(w, field, "a map", v, where);
        else
            glm_spec_check_labels(w, field, v, where);
        break;
    case GLM_SPEC_ANY:
    default:
        break;
    }
}

static const char *shape_remedy(struct glm_spec_walk *w, const struct glm_spec_field *field,
                                bool list, const struct glm_value *v)
{
    if (list && glm_is_map(v))
        return " Start each element with \"- \".";
    if (list && glm_is_string(v) && field->kind == GLM_SPEC_STRING)
        return glm_sprintf(w->r->arena, " Write it as a list: [\"%s\"].",
                           glm_spec_said(w->r->arena, v->as.text, v->len, 60));
    if (!list && glm_is_list(v) && v->len == 1 && glm_is_map(v->as.list[0]))
        return " Remove the \"- \": it is one map, not a list of them.";
    return "";
}

void glm_spec_wrong_shape(struct glm_spec_walk *w, const struct glm_spec_field *field,
                          const char *expected, const struct glm_value *v,
                          const struct glm_path *where)
{
    const char *note = glm_spec_limits[field->limit].note;
    glm_spec_find_error(w, GLM_SPEC_WRONG_TYPE, v->line, v->column, where,
                        "must be %s, but is %s.%s%s%s", expected,
                        glm_spec_described(w->r->arena, v),
                        shape_remedy(w, field, strcmp(expected, "a list") == 0, v), note ? " " : "",
                        note ? note : "");
}

static const char *lower_case(struct glm_arena *arena, const char *text)
{
    char *copy = glm_strdup(arena, text);
    for (char *c = copy; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    return copy;
}

void glm_spec_check_labels(struct glm_spec_walk *w, const struct glm_spec_field *field,
                           const struct glm_value *v, const struct glm_path *where)
{
    enum glm_spec_format format = (enum glm_spec_format)glm_spec_limits[field->limit].format;
    if (format != GLM_SPEC_LABELS && format != GLM_SPEC_ANNOTATIONS)
        return;
    for (size_t i = 0; i < v->len; i++) {
        const struct glm_pair *pair = &v->as.map[i];
        const struct glm_path *at = GLM_AT_KEY(where, pair->key);
        if (!w->whole && strcmp(pair->key, "$patch") == 0)
            continue; /* how the map is merged over the chart's */
        /* Keys of annotations are made small before they are looked at. */
        const char *key = pair->key;
        if (format == GLM_SPEC_ANNOTATIONS)
            key = lower_case(w->r->arena, key);
        const char *expected = glm_spec_misfit(GLM_SPEC_LABEL_KEY, key);
        if (expected)
            glm_spec_find_error(w, GLM_SPEC_WRONG_VALUE, pair->line, pair->column, at,
                                "is the key of %s, and must be %s.%s",
                                format == GLM_SPEC_LABELS ? "a label" : "an annotation", expected,
                                glm_placeholder_said(key));
        if (format != GLM_SPEC_LABELS || !glm_is_string(pair->value))
            continue;
        expected = glm_spec_misfit(GLM_SPEC_LABEL_VALUE, pair->value->as.text);
        if (expected)
            glm_spec_find_error(
                w, GLM_SPEC_WRONG_VALUE, pair->value->line, pair->value->column, at,
                "is \"%s\", but must be %s.%s",
                glm_spec_said(w->r->arena, pair->value->as.text, pair->value->len, 80), expected,
                glm_placeholder_said(pair->value->as.text));
    }
}
