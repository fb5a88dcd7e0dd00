/* SPDX-License-Identifier: Apache-2.0
 *
 * Values to YAML: in the block style that kubectl prints, and on one line.
 *
 * Owner:  the text and its arena.
 * Errors: past its ceiling the text says so itself (overflow).
 * Thread: no shared state.
 */
#include "internal.h"
#include "glm/shown.h"

#include <string.h>

/* A parser takes a key on the line of its value up to 1024 characters only. */
#define SIMPLE_KEY_MAX ((size_t)1000)

enum place {
    BLOCK, /* for programs: block style */
    LINE,  /* for people: all that there is on the line, */
    FLOW,  /* between the brackets of a flow collection */
};

/* Characters that some reader would refuse, drop or take for a line break when written as they
 * are; for people also those that are not seen. s is valid UTF-8; ret_len gets the bytes of the
 * character. */
static bool needs_escape(enum place place, const unsigned char *s, size_t left, unsigned *ret_code,
                         size_t *ret_len)
{
    unsigned code = s[0];
    if (place != BLOCK) {
        bool plain;
        *ret_len = glm_shown_character((const char *)s, left, &plain, ret_code);
        return !plain;
    }
    size_t len = code < 0x80 ? 1 : code < 0xE0 ? 2 : code < 0xF0 ? 3 : 4;
    if (len > left)
        len = 1;
    if (len > 1) {
        code &= 0xFFu >> (len + 1);
        for (size_t i = 1; i < len; i++)
            code = code << 6 | (s[i] & 0x3F);
    }
    *ret_code = code;
    *ret_len = len;
    return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0x2028 || code == 0x2029 ||
           code == 0xFEFF || (code & 0xFFFE) == 0xFFFE;
}

/* How many bytes at the beginning are such that nobody would write them in another way. */
static size_t plain_bytes(const char *s, size_t len)
{
    size_t i = 0;
    while (i < len && s[i] >= ' ' && s[i] <= '~')
        i++;
    return i;
}

static bool is_printable(enum place place, const char *s, size_t len, bool lines)
{
    for (size_t i = 0, step; (i += plain_bytes(s + i, len - i)) < len; i += step) {
        unsigned code;
        bool escape = needs_escape(place, (const unsigned char *)s + i, len - i, &code, &step);
        if (escape && !(lines && (code == '\n' || code == '\t')))
            return false;
    }
    return true;
}

/* On one line. */
static bool is_plain(enum place place, const char *s, size_t len)
{
    if (codec_yaml_ambiguous(s, len) || s[0] == ' ' || s[len - 1] == ' ' || s[len - 1] == ':' ||
        strchr("?:,[]{}#&*!|>'\"%@`", s[0]) || !is_printable(place, s, len, false))
        return false;
    if (s[0] == '-' && (len == 1 || s[1] == ' ' || (len >= 3 && memcmp(s, "---", 3) == 0)))
        return false;
    if (len >= 3 && memcmp(s, "...", 3) == 0)
        return false;
    for (size_t i = 0; i + 1 < len; i++)
        if ((s[i] == ':' && s[i + 1] == ' ') || (s[i] == ' ' && s[i + 1] == '#'))
            return false;
    /* libyaml takes ":?" between brackets for the end of a key. */
    for (size_t i = 0; place == FLOW && i < len; i++)
        if (strchr(",[]{}", s[i]) || (s[i] == ':' && i + 1 < len && s[i + 1] == '?'))
            return false;
    return true;
}

static void add_double_quoted(struct glm_text *out, enum place place, const char *s, size_t len)
{
    glm_text_addc(out, '"');
    size_t start = 0, step;
    for (size_t i = 0; i < len; i += step) {
        unsigned code;
        bool escape = needs_escape(place, (const unsigned char *)s + i, len - i, &code, &step);
        if (!escape && code != '"' && code != '\\')
            continue;
        glm_text_add(out, s + start, i - start);
        start = i + step;
        switch (code) {
        case '"':
        case '\\':
            glm_text_addf(out, "\\%c", (int)code);
            break;
        case '\n':
            glm_text_adds(out, "\\n");
            break;
        case '\t':
            glm_text_adds(out, "\\t");
            break;
        case '\r':
            glm_text_adds(out, "\\r");
            break;
        default:
            glm_text_addf(out,
                          code < 0x100     ? "\\x%02X"
                          : code < 0x10000 ? "\\u%04X"
                                           : "\\U%08X",
                          code);
        }
    }
    glm_text_add(out, s + start, len - start);
    glm_text_addc(out, '"');
}

static void add_single_quoted(struct glm_text *out, const char *s, size_t len)
{
    glm_text_addc(out, '\'');
    for (const char *quote; (quote = memchr(s, '\'', len)) != NULL;) {
        size_t run = (size_t)(quote - s) + 1;
        glm_text_add(out, s, run);
        glm_text_addc(out, '\'');
        s += run;
        len -= run;
    }
    glm_text_add(out, s, len);
    glm_text_addc(out, '\'');
}

/* No spelling is shorter, so that who has room for a line only does not have all looked through. */
static bool is_too_long(const struct glm_text *out, size_t len)
{
    return len > out->limit - out->len;
}

/* On one line: plain, or in the quotes that need fewer escapes. */
static void add_line(struct glm_text *out, enum place place, const char *s, size_t len)
{
    if (is_too_long(out, len))
        out->overflow = true;
    else if (is_plain(place, s, len))
        glm_text_add(out, s, len);
    else if ((memchr(s, '"', len) || memchr(s, '\\', len)) && is_printable(place, s, len, false))
        add_single_quoted(out, s, len);
    else
        add_double_quoted(out, place, s, len);
}

static void add_indent(struct glm_text *out, size_t indent)
{
    for (; indent > 0; indent--)
        glm_text_adds(out, "  ");
}

/* Exact as a literal block whatever the reader: it has lines, begins with something visible, and
 * no line is made of blanks. */
static bool is_literal(const char *s, size_t len)
{
    if (!memchr(s, '\n', len) || strchr(" \t\n", s[0]) || !is_printable(BLOCK, s, len, true))
        return false;
    bool visible = false, blank = false;
    for (size_t i = 0; i <= len; i++) {
        if (i == len || s[i] == '\n') {
            if (blank && !visible)
                return false;
            visible = blank = false;
        } else if (s[i] == ' ' || s[i] == '\t') {
            blank = true;
        } else {
            visible = true;
        }
    }
    return true;
}

static void add_literal(struct glm_text *out, const char *s, size_t len, size_t indent)
{
    glm_text_addc(out, '|');
    if (s[len - 1] != '\n')
        glm_text_addc(out, '-');
    else if (s[len - 2] == '\n')
        glm_text_addc(out, '+');
    for (size_t i = 0; i < len;) {
        const char *end = memchr(s + i, '\n', len - i);
        size_t line = end ? (size_t)(end - s) - i : len - i;
        glm_text_addc(out, '\n');
        if (line)
            add_indent(out, indent);
        glm_text_add(out, s + i, line);
        i += line + 1;
    }
    glm_text_addc(out, '\n');
}

/* On the line where the cursor is; of lists and maps what empty ones are. */
static void add_scalar(struct glm_text *out, enum place place, const struct glm_value *v)
{
    switch (v->kind) {
    case GLM_BOOL:
        glm_text_adds(out, v->as.boolean ? "true" : "false");
        break;
    case GLM_NUMBER:
        if (!is_too_long(out, v->len) && codec_yaml_beyond_double(v->as.text, v->len))
            glm_text_adds(out, "!!float ");
        glm_text_add(out, v->as.text, v->len);
        break;
    case GLM_STRING:
        add_line(out, place, v->as.text, v->len);
        break;
    case GLM_LIST:
        glm_text_adds(out, "[]");
        break;
    case GLM_MAP:
        glm_text_adds(out, "{}");
        break;
    default:
        glm_text_adds(out, "null");
    }
}

/* A key that a reader takes one for at its place. False: only after "? ", which stands there. */
static bool add_key(struct glm_text *out, enum place place, const char *key)
{
    size_t len = strlen(key), start = out->len;
    if (len <= SIMPLE_KEY_MAX / 6) {
        add_line(out, place, key, len);
        return true;
    }
    /* Too long perhaps: measured as it is written. */
    glm_text_adds(out, "? ");
    add_line(out, place, key, len);
    if (out->len - start > SIMPLE_KEY_MAX)
        return false;
    out->len = start;
    out->data[start] = '\0';
    add_line(out, place, key, len);
    return true;
}

/* ---- in block style ---- */

static bool has_items(const struct glm_value *v)
{
    return (v->kind == GLM_LIST || v->kind == GLM_MAP) && v->len > 0;
}

/* With the end of the line. */
static void end_line(struct glm_text *out, const struct glm_value *v, size_t indent)
{
    if (v->kind == GLM_STRING && v->len && is_literal(v->as.text, v->len)) {
        add_literal(out, v->as.text, v->len, indent);
        return;
    }
    add_scalar(out, BLOCK, v);
    glm_text_addc(out, '\n');
}

/* The cursor is at the start of the first item: at its indentation, or after "- ". */
static void add_block(struct glm_text *out, const struct glm_value *v, size_t indent,
                      unsigned depth)
{
    if (depth > GLM_VALUE_DEPTH || out->overflow) {
        out->overflow = true;
        return;
    }
    for (size_t i = 0; i < v->len; i++) {
        if (i > 0)
            add_indent(out, indent);
        const struct glm_value *item = v->kind == GLM_MAP ? v->as.map[i].value : v->as.list[i];
        if (v->kind == GLM_LIST) {
            glm_text_adds(out, "- ");
            if (has_items(item))
                add_block(out, item, indent + 1, depth + 1);
            else
                end_line(out, item, indent + 1);
            continue;
        }
        if (!add_key(out, BLOCK, v->as.map[i].key)) {
            glm_text_addc(out, '\n');
            add_indent(out, indent);
        }
        glm_text_addc(out, ':');
        if (has_items(item)) {
            size_t inner = indent + (item->kind == GLM_MAP);
            glm_text_addc(out, '\n');
            add_indent(out, inner);
            add_block(out, item, inner, depth + 1);
        } else {
            glm_text_addc(out, ' ');
            end_line(out, item, indent + 1);
        }
    }
}

void glm_yaml_encode(const struct glm_value *v, struct glm_text *text)
{
    if (has_items(v))
        add_block(text, v, 0, 0);
    else
        end_line(text, v, 1);
}

/* ---- on one line ---- */

static void add_flow(struct glm_text *out, const struct glm_value *v, unsigned depth)
{
    if (depth > GLM_VALUE_DEPTH || out->overflow) {
        out->overflow = true;
        return;
    }
    bool map = v->kind == GLM_MAP;
    if (!has_items(v)) {
        add_scalar(out, FLOW, v);
        return;
    }
    glm_text_addc(out, map ? '{' : '[');
    for (size_t i = 0; i < v->len && !out->overflow; i++) {
        if (i > 0)
            glm_text_adds(out, ", ");
        if (map) {
            add_key(out, FLOW, v->as.map[i].key);
            glm_text_adds(out, ": ");
        }
        add_flow(out, map ? v->as.map[i].value : v->as.list[i], depth + 1);
    }
    glm_text_addc(out, map ? '}' : ']');
}

void glm_yaml_line(const struct glm_value *v, struct glm_text *text)
{
    if (has_items(v))
        add_flow(text, v, 0);
    else
        add_scalar(text, LINE, v);
}
