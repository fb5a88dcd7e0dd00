/* SPDX-License-Identifier: Apache-2.0
 *
 * Growing text, UTF-8, and the search for the word that was meant.
 */
#include "glm/text.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define FIRST_CAPACITY ((size_t)64)
/* Words longer than this are not compared: edit distance is quadratic. */
#define NEAREST_MAX ((size_t)64)

void glm_text_init(struct glm_text *text, struct glm_arena *arena, size_t limit)
{
    *text = (struct glm_text){.arena = arena, .limit = limit, .capacity = FIRST_CAPACITY};
    text->data = glm_alloc(arena, text->capacity);
}

/* Moves the text to where there is room for len more bytes and the NUL. */
static void grow(struct glm_text *text, size_t len)
{
    size_t capacity = text->capacity * 2;
    if (capacity < text->len + len + 1)
        capacity = text->len + len + 1;
    text->data = glm_regrow(text->arena, text->data, text->capacity, capacity);
    text->capacity = capacity;
}

/* Makes room for len more bytes and the NUL; false past the ceiling. */
static inline bool reserve(struct glm_text *text, size_t len)
{
    if (text->overflow || len > text->limit - text->len) {
        text->overflow = true;
        return false;
    }
    if (text->len + len + 1 > text->capacity)
        grow(text, len);
    return true;
}

void glm_text_add(struct glm_text *text, const char *data, size_t len)
{
    if (!reserve(text, len))
        return;
    if (len)
        memcpy(text->data + text->len, data, len);
    text->len += len;
    text->data[text->len] = '\0';
}

void glm_text_adds(struct glm_text *text, const char *string)
{
    glm_text_add(text, string, strlen(string));
}

void glm_text_addc(struct glm_text *text, char c)
{
    if (!reserve(text, 1))
        return;
    text->data[text->len++] = c;
    text->data[text->len] = '\0';
}

void glm_text_addf(struct glm_text *text, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    /* Most fit into what there is room for. */
    size_t room = text->capacity - text->len;
    int len = vsnprintf(text->data + text->len, room, format, args);
    va_end(args);
    bool fits = len >= 0 && reserve(text, (size_t)len);
    if (fits && (size_t)len >= room)
        vsnprintf(text->data + text->len, (size_t)len + 1, format, again);
    if (fits)
        text->len += (size_t)len;
    text->data[text->len] = '\0'; /* also when it did not fit, and a part of it stands there */
    va_end(again);
}

void glm_text_add_percent(struct glm_text *text, const char *string, const char *plain)
{
    static const char digits[] = "0123456789ABCDEF";
    for (; *string; string++) {
        unsigned char byte = (unsigned char)*string;
        bool letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
        const char encoded[] = {'%', digits[byte >> 4], digits[byte & 15]};
        if (letter || glm_is_digit(*string) || strchr(plain, byte))
            glm_text_addc(text, *string);
        else
            glm_text_add(text, encoded, sizeof encoded);
    }
}

size_t glm_digits(const char *text, size_t len, uint64_t *ret_number)
{
    uint64_t number = 0;
    size_t count = 0;
    for (; count < len && glm_is_digit(text[count]); count++)
        if (__builtin_mul_overflow(number, UINT64_C(10), &number) ||
            __builtin_add_overflow(number, (uint64_t)(text[count] - '0'), &number))
            number = UINT64_MAX;
    if (count)
        *ret_number = number;
    return count;
}

size_t glm_line_break(const char *s, size_t left)
{
    if (*s == '\r')
        return left > 1 && s[1] == '\n' ? 2 : 1;
    if (*s == '\n')
        return 1;
    if (left > 1 && memcmp(s, "\xC2\x85", 2) == 0)
        return 2;
    bool separator =
        left > 2 && (memcmp(s, "\xE2\x80\xA8", 3) == 0 || memcmp(s, "\xE2\x80\xA9", 3) == 0);
    return separator ? 3 : 0;
}

/* Length of the well-formed sequence at s (left bytes remain), 0 when it is malformed. */
static size_t utf8_sequence(const unsigned char *s, size_t left)
{
    unsigned char c = s[0];
    if (c < 0x80)
        return 1;
    size_t len = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : 2;
    if (c < 0xc2 || c > 0xf4 || len > left)
        return 0;
    for (size_t i = 1; i < len; i++)
        if ((s[i] & 0xc0) != 0x80)
            return 0;
    bool overlong = (c == 0xe0 && s[1] < 0xa0) || (c == 0xf0 && s[1] < 0x90);
    bool surrogate = c == 0xed && s[1] > 0x9f;
    bool beyond = c == 0xf4 && s[1] > 0x8f;
    return overlong || surrogate || beyond ? 0 : len;
}

bool glm_utf8_valid(const char *data, size_t len)
{
    const unsigned char *s = (const unsigned char *)data;
    for (size_t i = 0, step; i < len; i += step) {
        step = s[i] < 0x80 ? 1 : utf8_sequence(s + i, len - i);
        if (!step)
            return false;
    }
    return true;
}

const char *glm_utf8_clean(struct glm_arena *arena, const char *data, size_t len)
{
    if (glm_utf8_valid(data, len))
        return glm_strndup(arena, data, len);
    struct glm_text text;
    glm_text_init(&text, arena, SIZE_MAX / 4);
    for (size_t i = 0; i < len;) {
        size_t step = utf8_sequence((const unsigned char *)data + i, len - i);
        if (step)
            glm_text_add(&text, data + i, step);
        else
            glm_text_adds(&text, "\xef\xbf\xbd");
        i += step ? step : 1;
    }
    return text.data;
}

static size_t min3(size_t a, size_t b, size_t c)
{
    size_t m = a < b ? a : b;
    return m < c ? m : c;
}

/* Edit distance with transpositions, letters compared without case. Both shorter than
 * NEAREST_MAX. */
static size_t distance(const char *a, const char *b)
{
    size_t rows[3][NEAREST_MAX + 1];
    size_t *before = rows[0], *above = rows[1], *row = rows[2];
    size_t la = strlen(a), lb = strlen(b);
    for (size_t j = 0; j <= lb; j++)
        above[j] = j;
    for (size_t i = 1; i <= la; i++) {
        row[0] = i;
        for (size_t j = 1; j <= lb; j++) {
            int x = tolower((unsigned char)a[i - 1]), y = tolower((unsigned char)b[j - 1]);
            row[j] = min3(above[j] + 1, row[j - 1] + 1, above[j - 1] + (x != y));
            bool swapped = i > 1 && j > 1 && x == tolower((unsigned char)b[j - 2]) &&
                           y == tolower((unsigned char)a[i - 2]);
            if (swapped && before[j - 2] + 1 < row[j])
                row[j] = before[j - 2] + 1;
        }
        size_t *spare = before;
        before = above;
        above = row;
        row = spare;
    }
    return above[lb];
}

const char *glm_placeholder_said(const char *text)
{
    const char *open = strchr(text, '<');
    return strchr(text, '$') || strstr(text, "{{") || (open && strchr(open, '>'))
               ? " It has a placeholder that nothing has filled in: write the value itself."
               : "";
}

const char *glm_nearest(const char *word, const char *const *candidates, size_t count)
{
    size_t len = strlen(word);
    if (len == 0 || len >= NEAREST_MAX)
        return NULL;
    const char *nearest = NULL;
    size_t least = (len + 2) / 3; /* a third of the letters may be wrong, at least one */
    for (size_t i = 0; i < count; i++) {
        if (strlen(candidates[i]) >= NEAREST_MAX)
            continue;
        size_t d = distance(word, candidates[i]);
        if (d < least || (d == least && !nearest)) {
            least = d;
            nearest = candidates[i];
        }
    }
    return nearest;
}
