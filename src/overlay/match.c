/* SPDX-License-Identifier: Apache-2.0
 *
 * Regular expressions: the part of Go's RE2 that paths use, in linear time.
 *
 * What:   an alternative is a row of items, each a set of characters with a count of one, none or
 *         one, or any; all places where the row can have come to are followed at once, so that no
 *         expression takes more than length times length.
 */
#include "internal.h"

#include <string.h>

struct range {
    uint32_t first, last;
};

enum item_kind { ITEM_SET, ITEM_BEGIN, ITEM_END };

struct class_item {
    enum item_kind kind;
    bool skip, again; /* may be left out; may come again */
    bool negated;
    size_t first, count; /* ranges */
};

struct parser {
    const uint32_t *at, *end;
    struct class_item *items;
    struct range *ranges;
    size_t item_count, range_count;
    enum glm_match verdict; /* NO: wrong, UNSURE: not understood, YES: so far so good */
};

struct alternative {
    size_t first, count; /* items */
};

struct glm_expression {
    struct class_item *items;
    struct range *ranges;
    struct alternative *alternatives;
    size_t alternative_count, size;
    bool *now, *next; /* where a row can have come to: of the longest alternative */
};

/* ---- characters ---- */

/* The character at s, which is UTF-8; how long it is. */
static size_t character(const char *s, size_t left, uint32_t *ret_c)
{
    const unsigned char *u = (const unsigned char *)s;
    size_t more = *u < 0xc0 ? 0 : *u < 0xe0 ? 1 : *u < 0xf0 ? 2 : 3, i = 1;
    uint32_t c = more == 0 ? *u : *u & (0x3fU >> more);
    for (; i <= more && i < left; i++)
        c = c << 6 | (u[i] & 0x3f);
    *ret_c = c;
    return i;
}

static uint32_t *characters(struct glm_arena *arena, const char *text, size_t len,
                            size_t *ret_count)
{
    uint32_t *out = GLM_NEW_ARRAY(arena, len + 1, uint32_t);
    size_t count = 0;
    for (size_t i = 0; i < len;)
        i += character(text + i, len - i, &out[count++]);
    *ret_count = count;
    return out;
}

static bool is_ascii_word(uint32_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* ---- reading an expression ---- */

static void add_range(struct parser *p, uint32_t first, uint32_t last)
{
    p->ranges[p->range_count++] = (struct range){first, last};
}

/* The character after a backslash, where it stands for itself. */
static bool escaped(struct parser *p, uint32_t *ret_c)
{
    if (p->at == p->end) {
        p->verdict = GLM_MATCH_NO;
        return false;
    }
    uint32_t c = *p->at++;
    if (c >= 0x80 || is_ascii_word(c) || c < 0x20) {
        p->verdict = GLM_MATCH_UNSURE;
        return false;
    }
    *ret_c = c;
    return true;
}

/* \d, \w, \s: true when it was one of these. */
static bool perl_class(struct parser *p)
{
    uint32_t c = p->at < p->end ? *p->at : 0;
    if (c == 'd') {
        add_range(p, '0', '9');
    } else if (c == 'w') {
        add_range(p, '0', '9');
        add_range(p, 'A', 'Z');
        add_range(p, '_', '_');
        add_range(p, 'a', 'z');
    } else if (c == 's') {
        add_range(p, '\t', '\n');
        add_range(p, '\f', '\r');
        add_range(p, ' ', ' ');
    } else {
        return false;
    }
    p->at++;
    return true;
}

/* One end of a range in a class; false at an error. */
static bool class_character(struct parser *p, uint32_t *ret_c)
{
    uint32_t c = *p->at++;
    if (c == '\\')
        return escaped(p, ret_c);
    if (c == '[' && p->at < p->end && *p->at == ':')
        p->verdict = GLM_MATCH_UNSURE;
    *ret_c = c;
    return p->verdict == GLM_MATCH_YES;
}

/* Behind the opening bracket of [a-z0-9_]. */
static void read_class(struct parser *p, struct class_item *item)
{
    if (p->at < p->end && *p->at == '^') {
        item->negated = true;
        p->at++;
    }
    for (bool first = true; p->at < p->end && (first || *p->at != ']'); first = false) {
        uint32_t low, high;
        if (*p->at == '\\') {
            p->at++;
            if (perl_class(p))
                continue;
            p->at--;
        }
        if (*p->at == '-' && !first && !(p->at + 1 < p->end && p->at[1] == ']'))
            p->verdict = GLM_MATCH_UNSURE;
        if (!class_character(p, &low))
            return;
        high = low;
        if (p->at + 1 < p->end && *p->at == '-' && p->at[1] != ']') {
            p->at++;
            if (!class_character(p, &high))
                return;
        }
        if (high < low) {
            p->verdict = GLM_MATCH_NO;
            return;
        }
        add_range(p, low, high);
    }
    if (p->at == p->end)
        p->verdict = GLM_MATCH_NO; /* not closed */
    else
        p->at++;
}

static void read_atom(struct parser *p, struct class_item *item)
{
    uint32_t c = *p->at++;
    item->first = p->range_count;
    switch (c) {
    case '^':
        item->kind = ITEM_BEGIN;
        return;
    case '$':
        item->kind = ITEM_END;
        return;
    case '.':
        item->negated = true;
        add_range(p, '\n', '\n');
        break;
    case '[':
        read_class(p, item);
        break;
    case '\\':
        if (!perl_class(p) && escaped(p, &c))
            add_range(p, c, c);
        break;
    case '(':
    case ')':
    case '{':
        p->verdict = GLM_MATCH_UNSURE;
        break;
    case '*':
    case '+':
    case '?':
        p->verdict = GLM_MATCH_NO; /* nothing to repeat */
        break;
    default:
        add_range(p, c, c);
    }
    item->count = p->range_count - item->first;
}

static bool is_count(const struct parser *p)
{
    return p->at < p->end && (*p->at == '*' || *p->at == '+' || *p->at == '?');
}

/* An atom and how often. `x+` is x and x*. */
static void read_item(struct parser *p)
{
    struct class_item item = {.kind = ITEM_SET};
    read_atom(p, &item);
    if (p->verdict != GLM_MATCH_YES || !is_count(p)) {
        p->items[p->item_count++] = item;
        return;
    }
    uint32_t count = *p->at++;
    if (item.kind != ITEM_SET)
        p->verdict = GLM_MATCH_UNSURE;
    if (is_count(p) && *p->at == '?')
        p->at++; /* lazy: what is found differs, whether it is found does not */
    if (is_count(p))
        p->verdict = GLM_MATCH_NO;
    if (count == '+')
        p->items[p->item_count++] = item;
    item.skip = true;
    item.again = count != '?';
    p->items[p->item_count++] = item;
}

const struct glm_expression *overlay_expression_read(struct glm_arena *arena, const char *text,
                                                     enum glm_match *ret_verdict)
{
    size_t len;
    const uint32_t *e = characters(arena, text, strlen(text), &len);
    struct parser p = {.at = e, .end = e + len, .verdict = GLM_MATCH_YES};
    struct glm_expression *x = GLM_NEW(arena, struct glm_expression);
    x->items = p.items = GLM_NEW_ARRAY(arena, len * 2 + 1, struct class_item);
    x->ranges = p.ranges = GLM_NEW_ARRAY(arena, len * 4 + 4, struct range);
    x->alternatives = GLM_NEW_ARRAY(arena, len + 1, struct alternative);
    for (size_t first = 0; p.verdict == GLM_MATCH_YES;) {
        if (p.at < p.end && *p.at != '|') {
            read_item(&p);
            continue;
        }
        x->alternatives[x->alternative_count++] = (struct alternative){first, p.item_count - first};
        first = p.item_count;
        if (p.at == p.end)
            break;
        p.at++;
    }
    x->size = len + 1;
    x->now = GLM_NEW_ARRAY(arena, p.item_count + 1, bool);
    x->next = GLM_NEW_ARRAY(arena, p.item_count + 1, bool);
    *ret_verdict = p.verdict;
    return x;
}

/* ---- matching ---- */

static bool in_set(const struct glm_expression *x, const struct class_item *item, uint32_t c)
{
    bool found = false;
    for (size_t i = item->first; i < item->first + item->count; i++)
        found |= c >= x->ranges[i].first && c <= x->ranges[i].last;
    return found != item->negated;
}

/* Goes on over what needs no character. */
static void close_states(const struct class_item *items, size_t count, bool *states, bool begin,
                         bool end)
{
    for (size_t i = 0; i < count; i++) {
        bool free = items[i].kind == ITEM_BEGIN ? begin
                    : items[i].kind == ITEM_END ? end
                                                : items[i].skip;
        states[i + 1] |= states[i] && free;
    }
}

static bool find_alternative(const struct glm_expression *x, const struct alternative *a,
                             const char *text, size_t len)
{
    const struct class_item *items = x->items + a->first;
    bool *now = x->now, *next = x->next;
    memset(now, 0, (a->count + 1) * sizeof *now);
    for (size_t at = 0;;) {
        uint32_t c;
        now[0] = true;
        close_states(items, a->count, now, at == 0, at == len);
        if (now[a->count])
            return true;
        if (at == len)
            return false;
        at += character(text + at, len - at, &c);
        memset(next, 0, (a->count + 1) * sizeof *next);
        for (size_t i = 0; i < a->count; i++)
            if (now[i] && items[i].kind == ITEM_SET && in_set(x, &items[i], c)) {
                next[i] |= items[i].again;
                next[i + 1] = true;
            }
        bool *spare = now;
        now = next;
        next = spare;
    }
}

bool overlay_expression_find(const struct glm_expression *x, const char *text, size_t len,
                             size_t *work)
{
    bool found = false;
    *work += x->size * (len + 1);
    for (size_t i = 0; i < x->alternative_count && !found; i++)
        found = find_alternative(x, &x->alternatives[i], text, len);
    return found;
}
