/* SPDX-License-Identifier: Apache-2.0
 *
 * Texts that some YAML reader takes for anything but a string when they stand without quotes.
 *
 * Thread: no shared state.
 */
#include "internal.h"

#include <ctype.h>
#include <string.h>

/* The letters of a word, whatever their case. */
static bool same_word(const char *text, size_t len, const char *word)
{
    for (size_t i = 0; i < len; i++) {
        if (word[i] == '\0' || tolower((unsigned char)text[i]) != word[i])
            return false;
    }
    return word[len] == '\0';
}

/* Number or time of day as some reader has it: digits, with dots, colons, commas, underscores. */
static bool looks_like_number(const char *text, size_t len)
{
    size_t i = *text == '-' || *text == '+';
    size_t dots = 0, digits = 0, colons = 0;
    if (i + 1 < len && text[i] == '0' && memchr("xXoObB", text[i + 1], 6)) {
        for (i += 2; i < len; i++)
            if (!isxdigit((unsigned char)text[i]) && !memchr("_.pP+-", text[i], 6))
                return false;
        return true;
    }
    for (; i < len && (glm_is_digit(text[i]) || memchr("_.:,", text[i], 4)); i++) {
        dots += text[i] == '.';
        colons += text[i] == ':';
        digits += glm_is_digit(text[i]);
    }
    if (digits == 0 || (dots > 1 && colons == 0))
        return false;
    if (i < len && (text[i] | 0x20) == 'e') {
        i++;
        i += i < len && (text[i] == '-' || text[i] == '+');
        while (i < len && (glm_is_digit(text[i]) || text[i] == '_'))
            i++;
    }
    return i == len;
}

bool codec_yaml_ambiguous(const char *text, size_t len)
{
    static const char *const words[] = {"y",    "n",    "yes", "no",    "on",   "off",
                                        "true", "null", "~",   "false", ".inf", "-.inf",
                                        ".nan", "=",    "<<",  "+.inf"};
    if (len == 0)
        return true;
    for (size_t i = 0; len <= 5 && i < sizeof words / sizeof *words; i++)
        if (same_word(text, len, words[i]))
            return true;
    if (!glm_is_digit(*text) && *text != '-' && *text != '+' && *text != '.')
        return false;
    return looks_like_number(text, len) || codec_yaml_looks_like_date(text, len);
}
