/* SPDX-License-Identifier: Apache-2.0
 *
 * Leaves that are numbers: which count as one, how many bits they have, and their ranges.
 *
 * Source: golang/protobuf's JSON (numbers in quotes), Go's encoding/json with the types of Kubernetes.
 */
#include "leaf.h"

#include <stdlib.h>
#include <string.h>

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

const char *spec_leaf_number_remedy(const struct glm_spec_leaf *l)
{
    struct whole n;
    return l->v->kind == GLM_STRING && read_whole(l->v, true, &n) ? " Remove the quotes." : "";
}

static void check_range(const struct glm_spec_leaf *l, const struct whole *n)
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
    spec_leaf_wrong_value(l,
                          below && (max == INT64_MAX || max == INT32_MAX)
                              ? glm_sprintf(arena, "at least %s", low)
                          : !below && (min == INT64_MIN || min == INT32_MIN)
                              ? glm_sprintf(arena, "at most %s", high)
                              : glm_sprintf(arena, "from %s to %s", low, high),
                          "");
}

bool spec_leaf_is_int32(const struct glm_spec_leaf *l)
{
    struct whole n;
    return read_whole(l->v, false, &n) && in_width(GLM_SPEC_INT32, l->v, &n);
}

bool spec_leaf_int32(const struct glm_spec_leaf *l)
{
    struct whole n;
    if (!read_whole(l->v, false, &n))
        return false;
    if (!in_width(GLM_SPEC_INT32, l->v, &n))
        spec_leaf_wrong_type(l, "a number that fits into 32 bits", "");
    else
        check_range(l, &n);
    return true;
}

void spec_leaf_number(const struct glm_spec_leaf *l)
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
        spec_leaf_wrong_type(l, "a whole number", spec_leaf_number_remedy(l));
    else if (!in_width(kind, l->v, &n) && n.negative && without_sign)
        spec_leaf_wrong_type(l, "a whole number that is not negative", "");
    else if (!in_width(kind, l->v, &n))
        spec_leaf_wrong_type(
            l, wide ? "a number that fits into 64 bits" : "a number that fits into 32 bits", "");
    else
        check_range(l, &n);
}

void spec_leaf_double(const struct glm_spec_leaf *l)
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
        spec_leaf_wrong_type(l, "a number", digits && end && !*end ? " Remove the quotes." : "");
}

/* "50%": up to max, 0: as much as you like. */
static bool is_percentage(const struct glm_value *v, int64_t max)
{
    uint64_t number;
    size_t digits = glm_digits(v->as.text, v->len, &number);
    if (digits == 0 || digits + 1 != v->len || v->as.text[digits] != '%')
        return false;
    return max == 0 || digits < 3 || (digits == 3 && number <= (uint64_t)max);
}

void spec_leaf_percentage(const struct glm_spec_leaf *l)
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
        spec_leaf_wrong_value(l,
                              glm_sprintf(arena,
                                          "a number that is at least %lld, or a percentage%s",
                                          (long long)limit->min, most),
                              spec_leaf_number_remedy(l));
}
