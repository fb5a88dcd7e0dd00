/* SPDX-License-Identifier: Apache-2.0
 *
 * Excerpts: a block mapping as it stands in the text that it was decoded from, with its comments,
 * its order and its spelling, moved to the left margin so that it is a text of its own.
 *
 * Owner:  the excerpt lives in the arena.
 * Errors: none; what cannot stand alone is no excerpt. That is found out by decoding it again.
 * Time:   linear in the excerpt, when those of one text are asked for in its order.
 */
#include "internal.h"

#include <string.h>

/* ---- lines ---- */

struct excerpt_line {
    size_t start, len; /* without the line break */
    size_t next;       /* start of the next one */
    size_t spaces;     /* leading */
    bool blank, comment;
};

static struct excerpt_line line_at(const struct glm_yaml_source *s, size_t start)
{
    const char *end = memchr(s->text + start, '\n', s->len - start);
    struct excerpt_line l = {.start = start};
    l.len = end ? (size_t)(end - s->text) - start : s->len - start;
    l.next = start + l.len + (end != NULL);
    while (l.spaces < l.len && s->text[start + l.spaces] == ' ')
        l.spaces++;
    size_t white = l.spaces;
    while (white < l.len && strchr(" \t\r", s->text[start + white]))
        white++;
    l.blank = white == l.len;
    l.comment = !l.blank && s->text[start + white] == '#';
    return l;
}

/* Where a line begins, from 1; false when there is no such line. */
static bool find_line(struct glm_yaml_source *s, uint32_t line, size_t *ret_start)
{
    if (s->line == 0 || s->line > line) {
        s->line = 1;
        s->offset = 0;
    }
    for (; s->line < line; s->line++) {
        const char *end = memchr(s->text + s->offset, '\n', s->len - s->offset);
        if (!end)
            return false;
        s->offset = (size_t)(end - s->text) + 1;
    }
    *ret_start = s->offset;
    return true;
}

/* ---- where it begins and ends ---- */

/* The first key: the position of a map with an anchor is that of the anchor. */
static const struct glm_pair *first_pair(const struct glm_value *map)
{
    const struct glm_pair *first = NULL;
    for (size_t i = 0; i < map->len; i++) {
        const struct glm_pair *pair = &map->as.map[i];
        if (!first || pair->line < first->line ||
            (pair->line == first->line && pair->column < first->column))
            first = pair;
    }
    return first;
}

/* Comments right above belong to it when they are as far in. */
static size_t with_comments(const struct glm_yaml_source *s, size_t start, size_t indent)
{
    while (start > 0) {
        size_t before = start - 1;
        while (before > 0 && s->text[before - 1] != '\n')
            before--;
        struct excerpt_line l = line_at(s, before);
        if (!l.comment || l.spaces < indent)
            return start;
        start = before;
    }
    return start;
}

/* ret_trimmed: without blank lines and comments at the end that are further out; ret_whole: with
 * the blank lines, which a text block may be about. */
static void find_end(const struct glm_yaml_source *s, size_t start, size_t indent,
                     size_t *ret_trimmed, size_t *ret_whole)
{
    *ret_trimmed = *ret_whole = start;
    bool blanks = true; /* nothing but blank lines since the last of its own */
    for (size_t at = start; at < s->len;) {
        struct excerpt_line l = line_at(s, at);
        bool own = !l.blank && l.spaces >= indent;
        if (!own && !l.blank && !l.comment)
            return;
        at = l.next;
        blanks = own || (blanks && l.blank);
        if (own)
            *ret_trimmed = at;
        if (own || blanks)
            *ret_whole = at;
    }
}

static const char *moved(struct glm_arena *arena, const struct glm_yaml_source *s, size_t start,
                         size_t end, size_t indent, size_t *ret_len)
{
    struct glm_text text;
    glm_text_init(&text, arena, end - start + 1);
    for (size_t at = start; at < end;) {
        struct excerpt_line l = line_at(s, at);
        size_t drop = l.spaces < indent ? l.spaces : indent;
        glm_text_add(&text, s->text + at + drop, l.next - at - drop);
        at = l.next;
    }
    *ret_len = text.len;
    return text.data;
}

static bool means(struct glm_arena *arena, const char *text, size_t len, const struct glm_value *v)
{
    const struct glm_value *decoded;
    struct glm_diags ignored;
    glm_diags_init(&ignored, arena);
    return glm_yaml_decode(arena, text, len, "the excerpt", NULL, &decoded, &ignored) &&
           glm_equal(decoded, v);
}

const char *glm_yaml_excerpt(struct glm_arena *arena, struct glm_yaml_source *source,
                             const struct glm_value *map, size_t *ret_len)
{
    const struct glm_pair *first = map->kind == GLM_MAP ? first_pair(map) : NULL;
    size_t start, trimmed, whole, len;
    if (!source || !source->text || !first || first->column < 2 ||
        !find_line(source, first->line, &start))
        return NULL;
    size_t indent = first->column - 1;
    if (line_at(source, start).spaces != indent)
        return NULL; /* on the line of something else, in flow style for one */
    find_end(source, start, indent, &trimmed, &whole);
    start = with_comments(source, start, indent);
    const char *text = moved(arena, source, start, trimmed, indent, &len);
    if (!means(arena, text, len, map)) {
        text = moved(arena, source, start, whole, indent, &len);
        if (whole == trimmed || !means(arena, text, len, map))
            return NULL;
    }
    *ret_len = len;
    return text;
}
