/* SPDX-License-Identifier: Apache-2.0
 *
 * What somebody else wrote, made fit to be shown.
 */
#include "glm/shown.h"

#include <stdint.h>
#include <string.h>

/* Room for " [... 18446744073709551615 bytes more]". */
#define NOTE_MAX ((size_t)48)
#define ESCAPE_MAX ((size_t)10) /* \U000e0041 */

/* Nothing to see on a terminal, or worse. By Unicode: Cc, Cf, Zl, Zp, what is to be ignored where it
 * is not known (Default_Ignorable_Code_Point), and what never is a character. */
static const struct {
    uint32_t first, last;
} hidden[] = {
    {0x0000, 0x001F},   {0x007F, 0x009F},   {0x00AD, 0x00AD},   {0x034F, 0x034F},
    {0x0600, 0x0605},   {0x061C, 0x061C},   {0x06DD, 0x06DD},   {0x070F, 0x070F},
    {0x0890, 0x0891},   {0x08E2, 0x08E2},   {0x115F, 0x1160},   {0x17B4, 0x17B5},
    {0x180B, 0x180F},   {0x200B, 0x200F},   {0x2028, 0x202E},   {0x2060, 0x206F},
    {0x3164, 0x3164},   {0xFDD0, 0xFDEF},   {0xFE00, 0xFE0F},   {0xFEFF, 0xFEFF},
    {0xFFA0, 0xFFA0},   {0xFFF0, 0xFFFB},   {0x110BD, 0x110BD}, {0x110CD, 0x110CD},
    {0x13430, 0x1343F}, {0x1BCA0, 0x1BCA3}, {0x1D173, 0x1D17A}, {0xE0000, 0xE0FFF},
};

static bool is_hidden(uint32_t code)
{
    if (code >= 0x20 && code < 0x7F)
        return false;
    size_t low = 0, high = sizeof hidden / sizeof *hidden;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (code > hidden[middle].last)
            low = middle + 1;
        else
            high = middle;
    }
    bool among = low < sizeof hidden / sizeof *hidden && code >= hidden[low].first;
    return among || (code & 0xFFFE) == 0xFFFE;
}

size_t glm_shown_character(const char *s, size_t left, bool *ret_plain, uint32_t *ret_code)
{
    unsigned char first = (unsigned char)*s;
    size_t len = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    uint32_t code = len == 1 ? first : first & (0xFFU >> (len + 1));
    *ret_plain = false;
    *ret_code = first;
    if (len > left || !glm_utf8_valid(s, len))
        return 1;
    for (size_t i = 1; i < len; i++)
        code = code << 6 | ((unsigned char)s[i] & 0x3F);
    *ret_code = code;
    *ret_plain = !is_hidden(code);
    return len;
}

static void add_escaped(struct glm_text *out, size_t step, unsigned char first, uint32_t code)
{
    if (code == '\n' || code == '\t' || code == '\r')
        glm_text_adds(out, code == '\n' ? "\\n" : code == '\t' ? "\\t" : "\\r");
    else if (step == 1)
        glm_text_addf(out, "\\x%02x", (unsigned)first);
    else if (code <= 0xFFFF)
        glm_text_addf(out, "\\u%04x", (unsigned)code);
    else
        glm_text_addf(out, "\\U%08x", (unsigned)code);
}

/* lines: line breaks and tabs may stay. */
static bool is_fit(const char *text, size_t len, bool lines)
{
    for (size_t i = 0; i < len;) {
        unsigned char c = (unsigned char)text[i];
        bool plain = (c >= 0x20 && c < 0x7F) || (lines && (c == '\n' || c == '\t'));
        size_t step = 1;
        if (!plain) {
            uint32_t code;
            step = glm_shown_character(text + i, len - i, &plain, &code);
        }
        if (!plain)
            return false;
        i += step;
    }
    return true;
}

static const char *show(struct glm_arena *arena, const char *text, size_t len, size_t max,
                        bool lines)
{
    struct glm_text out;
    size_t room = max - NOTE_MAX, fits = 0, fits_from = 0;
    glm_text_init(&out, arena, max + ESCAPE_MAX);
    for (size_t i = 0; i < len && out.len <= max;) {
        bool plain;
        uint32_t code;
        size_t step = glm_shown_character(text + i, len - i, &plain, &code);
        if (plain || (lines && (code == '\n' || code == '\t') && step == 1))
            glm_text_add(&out, text + i, step);
        else
            add_escaped(&out, step, (unsigned char)text[i], code);
        i += step;
        if (out.len <= room) { /* should there be no end, it is cut here */
            fits = out.len;
            fits_from = i;
        }
    }
    if (out.len <= max)
        return out.data;
    return glm_sprintf(arena, "%.*s [... %zu bytes more]", (int)fits, out.data, len - fits_from);
}

const char *glm_shown_n(struct glm_arena *arena, const char *text, size_t len, size_t max)
{
    if (len > max || !is_fit(text, len, false))
        return show(arena, text, len, max, false);
    return glm_strndup(arena, text, len);
}

const char *glm_shown(struct glm_arena *arena, const char *text)
{
    size_t len = strlen(text);
    return len <= GLM_SHOWN_MAX && is_fit(text, len, false)
               ? text
               : show(arena, text, len, GLM_SHOWN_MAX, false);
}

const char *glm_shown_lines(struct glm_arena *arena, const char *text, size_t max)
{
    size_t len = strlen(text);
    return len <= max && is_fit(text, len, true) ? text : show(arena, text, len, max, true);
}

/* ---- formats ---- */

/* The format with the mark around every %s that stands in quotes. */
static const char *marked(struct glm_arena *arena, const char *format, const char *mark)
{
    struct glm_text out;
    char quote = '\0';
    glm_text_init(&out, arena, SIZE_MAX / 4);
    while (*format) {
        size_t len = *format == '%' ? 1 + strspn(format + 1, "-+ #0123456789.*hlzjtL") : 0;
        if (!len && (*format == '"' || *format == '`') && (!quote || quote == *format))
            quote = quote ? '\0' : *format;
        bool foreign = len && quote && format[len] == 's';
        len += format[len] != '\0';
        glm_text_adds(&out, foreign ? mark : "");
        glm_text_add(&out, format, len);
        glm_text_adds(&out, foreign ? mark : "");
        format += len;
    }
    return out.data;
}

/* What is not in the text: bytes of no character, one more than it has in a row, and another at the
 * end, so that it is found behind any text. */
static const char *mark_for(struct glm_arena *arena, const char *text)
{
    size_t most = 0, run = 0;
    for (; *text; text++) {
        run = (unsigned char)*text == 0xFF ? run + 1 : 0;
        most = run > most ? run : most;
    }
    char *mark = glm_alloc(arena, most + 3);
    memset(mark, 0xFF, most + 1);
    mark[most + 1] = (char)0xFE;
    return mark;
}

/* Formatted with marks, taken apart at them, and put together of what may be shown. */
static const char *format_marked(struct glm_arena *arena, const char *format, const char *mark,
                                 va_list args)
{
    const char *rest = glm_vsprintf(arena, marked(arena, format, mark), args);
    struct glm_text out;
    bool foreign = false;
    glm_text_init(&out, arena, SIZE_MAX / 4);
    for (const char *end; (end = strstr(rest, mark)); rest = end + strlen(mark)) {
        size_t part = (size_t)(end - rest);
        if (foreign)
            glm_text_adds(&out, glm_shown_n(arena, rest, part, GLM_SHOWN_MAX));
        else
            glm_text_add(&out, rest, part);
        foreign = !foreign;
    }
    glm_text_adds(&out, rest);
    return out.data;
}

const char *glm_shown_vsprintf(struct glm_arena *arena, const char *format, va_list args)
{
    /* What is too long is gone again when it is cut. */
    struct glm_arena *GLM_AUTO_ARENA scratch = glm_arena_create(GLM_ARENA_RPC_LIMIT);
    va_list again;
    va_copy(again, args);
    const char *text = glm_vsprintf(scratch, format, args);
    size_t len = strlen(text);
    if (len > GLM_SHOWN_MAX || !is_fit(text, len, false))
        text = format_marked(scratch, format, mark_for(scratch, text), again);
    va_end(again);
    return glm_strdup(arena, glm_shown_lines(scratch, text, GLM_SHOWN_LINES_MAX));
}
