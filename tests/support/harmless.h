/* SPDX-License-Identifier: Apache-2.0
 *
 * Whether a text can do no harm on a terminal: judged by ranges of its own, as whoever attacks knows
 * them, and not by the table of the code.
 */
#ifndef GLM_TEST_HARMLESS_H
#define GLM_TEST_HARMLESS_H

#include "glm/shown.h"

#include <string.h>

/* lines: line breaks and tabs may be in it. max: bytes. */
static inline bool is_harmless(const char *text, bool lines, size_t max)
{
    size_t len = strlen(text);
    if (len > max || !glm_utf8_valid(text, len))
        return false;
    for (size_t i = 0; i < len;) {
        bool plain;
        uint32_t c;
        i += glm_shown_character(text + i, len - i, &plain, &c);
        if (lines && (c == '\n' || c == '\t'))
            continue;
        if (c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0xAD || c == 0x61C || c == 0x180E ||
            (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) ||
            (c >= 0x2060 && c <= 0x206F) || (c >= 0xFDD0 && c <= 0xFDEF) || c == 0xFEFF ||
            (c >= 0xE0000 && c <= 0xE0FFF) || (c & 0xFFFE) == 0xFFFE)
            return false;
    }
    return true;
}

#endif
