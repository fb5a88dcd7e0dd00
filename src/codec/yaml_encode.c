/* SPDX-License-Identifier: Apache-2.0
 *
 * Values to YAML in the block style that kubectl prints.
 *
 * Owner:  the text and its arena.
 * Errors: past its ceiling the text says so itself (overflow).
 * Thread: no shared state.
 */
#include "internal.h"

#include <string.h>

/* A parser takes a key on the line of its value up to 1024 characters only. */
#define SIMPLE_KEY_MAX ((size_t)1000)

/* Characters that some reader would refuse, drop or take for a line break when written as they
 * are. s is valid UTF-8; ret_len gets the bytes of the character. */
static bool needs_escape(const unsigned char *s, size_t left, unsigned *ret_code, size_t *ret_len)
{
    unsigned code = s[0];
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

static bool is_printable(const char *s, size_t len, bool lines)
{
    for (size_t i = 0, step; i < len; i += step) {
        unsigned code;
        bool escape = needs_escape((const unsigned char *)s + i, len - i, &code, &step);
        if (escape && !(lines && (code == '\n' || code == '\t')))
            return false;
    }
    return true;
}

/* In block style, and on one line. */
static bool is_plain(const char *s, size_t len)
{
    if (glm_yaml_ambiguous(s, len) || s[0] == ' ' || s[len - 1] == ' ' || s[len - 1] == ':' ||
        strchr("?:,[]{}#&*!|>'\"%@`", s[0]) || !is_printable(s, len, false))
        return false;
    if (s[0] == '-' && (len == 1 || s[1] == ' ' || (len >= 3 && memcmp(s, "---", 3) == 0)))
        return false;
    if (len >= 3 && memcmp(s, "...", 3) == 0)
        return false;
    for (size_t i = 0; i + 1 < len; i++)
        if ((s[i] == ':' && s[i + 1] == ' ') || (s[i] == ' ' && s[i + 1] == '#'))
            return false;
    return true;
}

static void add_double_quoted(struct glm_text *out, const char *s, size_t len)
{
    glm_text_addc(out, '"');
    size_t start = 0, step;
    for (size_t i = 0; i < len; i += step) {
        unsigned code;
        bool escape = needs_escape((const unsigned char *)s + i, len - i, &code, &step);
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
    for (size_t i = 0; i < len; i++) {
        if (s[i] == '\'')
            glm_text_addc(out, '\'');
        glm_text_addc(out, s[i]);
    }
    glm_text_addc(out, '\'');
}

/* On one line: plain, or in the quotes that need fewer escapes. */
static void add_line(struct glm_text *out, const char *s, size_t len)
{
    if (is_plain(s, len))
        glm_text_add(out, s, len);
    else if ((memchr(s, '"', len) || memchr(s, '\\', len)) && is_printable(s, len, false))
        add_single_quoted(out, s, len);
    else
        add_double_quoted(out, s, len);
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
    if (!memchr(s, '\n', len) || strchr(" \t\n", s[0]) || !is_printable(s, len, true))
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

/* On the line where the cursor is, with the end of the line. */
static void add_scalar(struct glm_text *out, const struct glm_value *v, size_t indent)
{
    switch (v->kind) {
    case GLM_BOOL:
        glm_text_adds(out, v->as.boolean ? "true" : "false");
        break;
    case GLM_NUMBER:
        if (glm_yaml_beyond_double(v->as.text, v->len))
            glm_text_adds(out, "!!float ");
        glm_text_add(out, v->as.text, v->len);
        break;
    case GLM_STRING:
        if (v->len && is_literal(v->as.text, v->len)) {
            add_literal(out, v->as.text, v->len, indent);
            return;
        }
        add_line(out, v->as.text, v->len);
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
    glm_text_addc(out, '\n');
}

static void add_key(struct glm_text *out, const char *key)
{
    size_t len = strlen(key), start = out->len;
    if (len <= SIMPLE_KEY_MAX / 6) {
        add_line(out, key, len);
    } else {
        /* Too long perhaps: measured as it is written. */
        glm_text_adds(out, "? ");
        add_line(out, key, len);
        if (out->len - start > SIMPLE_KEY_MAX) {
            glm_text_addc(out, '\n');
            return;
        }
        out->len = start;
        out->data[start] = '\0';
        add_line(out, key, len);
    }
}

static bool is_block(const struct glm_value *v)
{
    return (v->kind == GLM_LIST || v->kind == GLM_MAP) && v->len > 0;
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
            if (is_block(item))
                add_block(out, item, indent + 1, depth + 1);
            else
                add_scalar(out, item, indent + 1);
            continue;
        }
        add_key(out, v->as.map[i].key);
        if (out->len && out->data[out->len - 1] == '\n')
            add_indent(out, indent);
        glm_text_addc(out, ':');
        if (is_block(item)) {
            size_t inner = indent + (item->kind == GLM_MAP);
            glm_text_addc(out, '\n');
            add_indent(out, inner);
            add_block(out, item, inner, depth + 1);
        } else {
            glm_text_addc(out, ' ');
            add_scalar(out, item, indent + 1);
        }
    }
}

void glm_yaml_encode(const struct glm_value *v, struct glm_text *text)
{
    if (is_block(v))
        add_block(text, v, 0, 0);
    else
        add_scalar(text, v, 1);
}
