/* SPDX-License-Identifier: Apache-2.0
 *
 * What a document says, short and harmless enough for a terminal.
 */
#include "internal.h"

#include <string.h>

/* Nothing to see on a terminal, or worse: moves the cursor, turns the writing direction. */
static bool is_hidden(unsigned long code)
{
    return code < 0x20 || (code >= 0x7F && code < 0xA0) || (code >= 0x200B && code <= 0x200F) ||
           (code >= 0x2028 && code <= 0x202E) || (code >= 0x2060 && code <= 0x206F) ||
           code == 0xFEFF || (code & 0xFFFE) == 0xFFFE;
}

size_t glm_spec_character(const char *s, size_t left, bool *ret_shown)
{
    unsigned char first = (unsigned char)*s;
    size_t len = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    *ret_shown = false;
    if (len > left || !glm_utf8_valid(s, len))
        return 1;
    unsigned long code = len == 1 ? first : first & (0xFFu >> (len + 1));
    for (size_t i = 1; i < len; i++)
        code = code << 6 | ((unsigned char)s[i] & 0x3F);
    *ret_shown = !is_hidden(code);
    return len;
}

size_t glm_spec_say(struct glm_text *text, const char *s, size_t len, size_t max)
{
    size_t at = 0;
    for (size_t count = 0; at < len && count < max; count++) {
        bool shown;
        size_t step = glm_spec_character(s + at, len - at, &shown);
        if (shown)
            glm_text_add(text, s + at, step);
        else
            glm_text_adds(text, s[at] == '\t' ? " " : "\xEF\xBF\xBD");
        at += step;
    }
    return at;
}

const char *glm_spec_said(struct glm_arena *arena, const char *s, size_t len, size_t max)
{
    struct glm_text text;
    glm_text_init(&text, arena, max * 4 + sizeof "...");
    if (glm_spec_say(&text, s, len, max) < len)
        glm_text_adds(&text, "...");
    return text.data;
}
