/* SPDX-License-Identifier: Apache-2.0
 *
 * Fields among each other: what must be there, what excludes what, elements that are there twice.
 */
#include "internal.h"

#include <stdlib.h>
#include <string.h>

static bool is_set(const struct glm_value *v)
{
    return !glm_is_null(v) && !glm_string_is(v, "") && !(glm_is_list(v) && v->len == 0);
}

/* ---- elements with the same key ---- */

struct keyed {
    const char *key; /* "port\x1fprotocol" */
    size_t index;
};

static int by_key(const void *a, const void *b)
{
    const struct keyed *x = a, *y = b;
    int order = strcmp(x->key, y->key);
    if (order)
        return order;
    return x->index < y->index ? -1 : x->index > y->index;
}

/* The next part of "port,protocol=TCP": its name, and what an absent field counts as (NULL: the
 * element has no key then). Moves *s; false at the end. */
static bool next_part(struct glm_arena *arena, const char **s, const char **ret_name,
                      const char **ret_default)
{
    size_t len = strcspn(*s, ","), name = strcspn(*s, "=,");
    if (!len)
        return false;
    *ret_name = glm_strndup(arena, *s, name);
    *ret_default = name < len ? glm_strndup(arena, *s + name + 1, len - name - 1) : NULL;
    *s += len + ((*s)[len] == ',');
    return true;
}

/* NULL: this element cannot be told from others. */
static const char *key_of(struct glm_arena *arena, const char *list_key, const struct glm_value *e)
{
    struct glm_text key;
    const char *name, *fallback;
    glm_text_init(&key, arena, SIZE_MAX / 4);
    while (glm_is_map(e) && next_part(arena, &list_key, &name, &fallback)) {
        const struct glm_value *v = glm_get(e, name);
        const char *text = is_set(v) ? NULL : fallback;
        if (v->kind == GLM_STRING || v->kind == GLM_NUMBER)
            text = v->len ? v->as.text : text;
        if (!text)
            return NULL;
        glm_text_addf(&key, "%s%s", key.len ? "\x1f" : "", text);
    }
    return key.len ? key.data : NULL;
}

/* `name "https"`, `port 443, protocol TCP`. */
static const char *words_of(struct glm_arena *arena, const char *list_key,
                            const struct glm_value *e)
{
    struct glm_text words;
    const char *name, *fallback;
    glm_text_init(&words, arena, 4096);
    while (next_part(arena, &list_key, &name, &fallback)) {
        const struct glm_value *v = glm_get(e, name);
        const char *quote = v->kind == GLM_STRING ? "\"" : "";
        const char *text = v->kind == GLM_STRING || v->kind == GLM_NUMBER
                               ? spec_said(arena, v->as.text, v->len, 80)
                               : fallback;
        glm_text_addf(&words, "%s%s %s%s%s", words.len ? " and " : "", name, quote,
                      text ? text : "", quote);
    }
    return words.data;
}

/* " (line 4, column 9)", "" without one. */
static const char *at_line(struct glm_spec_walk *w, uint32_t line, uint32_t column)
{
    return line ? glm_sprintf(w->r->arena, " (line %u, column %u)", line, column) : "";
}

/* The other line, when it is another one. */
static const char *quoted_too(struct glm_spec_walk *w, uint32_t line, uint32_t column,
                              uint32_t than)
{
    return line != than ? glm_spec_quote(w->r, line, column) : "";
}

static void twice(struct glm_spec_walk *w, const char *list_key, const char *note,
                  const struct glm_value *list, size_t first, size_t second,
                  const struct glm_path *where)
{
    const struct glm_value *a = list->as.list[first], *b = list->as.list[second];
    const char *name = "", *fallback, *rest = list_key;
    struct glm_arena *arena = w->r->arena;
    next_part(arena, &rest, &name, &fallback);
    const struct glm_pair *one = glm_get_pair(a, name), *two = glm_get_pair(b, name);
    uint32_t line = two ? two->line : b->line, column = two ? two->column : b->column;
    uint32_t other_line = one ? one->line : a->line, other_column = one ? one->column : a->column;
    spec_find_error(
        w, GLM_SPEC_TWICE, line, column, GLM_AT_INDEX(where, second),
        "has %s, and so has %s%s. No two elements of this list may have the same: change one of "
        "them, or remove it.%s%s%s",
        words_of(arena, list_key, b), spec_path_text(arena, GLM_AT_INDEX(where, first)),
        at_line(w, other_line, other_column), note ? " " : "", note ? note : "",
        quoted_too(w, other_line, other_column, line));
}

static void check_key(struct glm_spec_walk *w, const struct glm_spec_limit *limit,
                      const char *list_key, const struct glm_value *list,
                      const struct glm_path *where)
{
    size_t count = 0;
    struct keyed *keys = GLM_NEW_ARRAY(w->r->arena, list->len, struct keyed);
    for (size_t i = 0; i < list->len; i++) {
        const char *key = key_of(w->r->arena, list_key, list->as.list[i]);
        if (key)
            keys[count++] = (struct keyed){key, i};
    }
    if (count > 1)
        qsort(keys, count, sizeof *keys, by_key);
    for (size_t i = 1, first = 0; i < count; i++) {
        if (strcmp(keys[first].key, keys[i].key) != 0)
            first = i;
        else if (spec_listening(w))
            twice(w, list_key, limit->note, list, keys[first].index, keys[i].index, where);
        else
            spec_find_error(w, GLM_SPEC_TWICE, 0, 0, where, "%s", "");
    }
}

void spec_check_twice(struct glm_spec_walk *w, const struct glm_spec_field *field,
                      const struct glm_value *list, const struct glm_path *where)
{
    const struct glm_spec_limit *limit = &glm_spec_limits[field->limit];
    const char *s = limit->list_key;
    while (s && *s && list->len > 1) {
        size_t len = strcspn(s, ";");
        check_key(w, limit, glm_strndup(w->r->arena, s, len), list, where);
        s += len + (s[len] == ';');
    }
}

/* ---- fields of one map ---- */

/* A form that is refused stands for what should be there instead: one message is enough. */
static bool has_forsaken(struct glm_spec_walk *w, const struct glm_spec_type *type,
                         const struct glm_value *map)
{
    for (size_t i = 0; i < type->count; i++) {
        const struct glm_spec_field *f = &type->fields[i];
        if (glm_spec_limits[f->limit].format == GLM_SPEC_REFUSED && spec_has(f, w->minor) &&
            !glm_is_null(glm_get(map, f->name)))
            return true;
    }
    return false;
}

/* A key that was refused as unknown may well be the missing one, misspelt. */
static bool has_stranger(struct glm_spec_walk *w, const struct glm_spec_type *type,
                         const struct glm_value *map)
{
    for (size_t i = 0; i < map->len; i++)
        if (!spec_meant(w->r->arena, type, map->as.map[i].key, w->minor))
            return true;
    return false;
}

static void check_required(struct glm_spec_walk *w, const struct glm_spec_type *type,
                           const struct glm_value *map, const struct glm_path *where)
{
    for (size_t i = 0; i < type->count; i++) {
        const struct glm_spec_field *f = &type->fields[i];
        const struct glm_spec_limit *limit = &glm_spec_limits[f->limit];
        if ((!limit->required && !(limit->whole && w->whole)) || !spec_has(f, w->minor))
            continue;
        const struct glm_pair *pair = glm_get_pair(map, f->name);
        bool empty = pair && glm_is_list(pair->value) && pair->value->len == 0;
        if (pair && is_set(pair->value) && !empty)
            continue;
        spec_find_error(w, GLM_SPEC_MISSING, pair ? pair->line : map->line,
                        pair ? pair->column : map->column, where, "needs %s.%s%s", f->name,
                        limit->note ? " " : "", limit->note ? limit->note : "");
    }
}

/* "a,b" as "a, b". */
static const char *spaced(struct glm_arena *arena, const char *list)
{
    struct glm_text text;
    glm_text_init(&text, arena, SIZE_MAX / 4);
    for (; *list; list++)
        glm_text_addf(&text, *list == ',' ? "%c " : "%c", *list);
    return text.data;
}

/* One group of type->choices: at most one of these fields, with a '+' before exactly one; '~' and
 * '*' are the same, in a whole object. complete: what is not there is missing. */
static void check_choice(struct glm_spec_walk *w, const char *choice, bool complete,
                         const struct glm_value *map, const struct glm_path *where)
{
    struct glm_arena *arena = w->r->arena;
    const struct glm_pair *set = NULL;
    const char *name, *fallback;
    bool needed = complete && (*choice == '+' || *choice == '*');
    if ((*choice == '~' || *choice == '*') && !w->whole)
        return;
    choice += strspn(choice, "+~*");
    for (const char *rest = choice; next_part(arena, &rest, &name, &fallback);) {
        const struct glm_pair *pair = glm_get_pair(map, name);
        if (!pair || !is_set(pair->value))
            continue;
        if (!set) {
            set = pair;
            continue;
        }
        const struct glm_pair *one = set->line <= pair->line ? set : pair;
        const struct glm_pair *two = one == set ? pair : set;
        spec_find_error(w, GLM_SPEC_EXCLUDED, two->line, two->column, GLM_AT_KEY(where, two->key),
                        "stands beside %s%s, and there may be one of the two only. Remove one "
                        "of them.%s",
                        one->key, at_line(w, one->line, one->column),
                        quoted_too(w, one->line, one->column, two->line));
    }
    if (needed && !set)
        spec_find_error(w, GLM_SPEC_MISSING, map->line, map->column, where, "needs one of %s.",
                        spaced(arena, choice));
}

void spec_check_together(struct glm_spec_walk *w, const struct glm_spec_type *type, bool soft,
                         const struct glm_value *map, const struct glm_path *where)
{
    if (has_forsaken(w, type, map))
        return;
    bool complete = !w->r->part && (soft || !has_stranger(w, type, map));
    if (complete)
        check_required(w, type, map, where);
    for (size_t i = 0; type->choices && type->choices[i]; i++)
        check_choice(w, type->choices[i], complete, map, where);
}
