/* SPDX-License-Identifier: Apache-2.0
 *
 * Shown: what somebody else wrote, made fit for a terminal and a log.
 *
 * What:   a server, a certificate, a kubeconfig, a program, a file's name, a user's key may hold
 *         characters that move the cursor, turn the writing direction, are not seen, or are no
 *         characters at all, and may be of any length. Such characters are written as what they are
 *         (\x1b, \u202e), and what is too long is cut between two characters, with a note of how
 *         much was left out. All other characters, of any script, stay. Doing it twice is doing it
 *         once.
 * Where:  foreign text goes through glm_shown where it is put into a text of ours; the diagnostics
 *         (glm/diag.h), the wire and the log do it again with all of what leaves, so that what was
 *         forgotten is harmless too.
 * Owner:  the arena given; glm_shown and glm_shown_lines return a text that needs nothing done to
 *         it as it is.
 * Errors: none.
 * Thread: no shared state.
 */
#ifndef GLM_SHOWN_H
#define GLM_SHOWN_H

#include "glm/text.h"

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Ceilings in bytes of what is shown, notes of what was left out included. */
#define GLM_SHOWN_MAX ((size_t)1200)           /* a value of somebody else */
#define GLM_SHOWN_KEY_MAX ((size_t)300)        /* a key or a name in a path, a summary */
#define GLM_SHOWN_LINES_MAX ((size_t)64 << 10) /* a text of ours with all that it quotes */

/* One character at s, of which left bytes (at least 1) remain. Returns its bytes, 1 for a byte that
 * is of none. ret_plain: it may be shown as it is. ret_code: of a malformed byte, the byte. */
size_t glm_shown_character(const char *s, size_t left, bool *ret_plain, uint32_t *ret_code);

/* On one line: line breaks and tabs are written as \n and \t. */
const char *glm_shown(struct glm_arena *arena, const char *text);
/* len bytes, NUL bytes among them; at most max (64 or more) come back. */
const char *glm_shown_n(struct glm_arena *arena, const char *text, size_t len, size_t max);
/* A text of ours, laid out in lines. */
const char *glm_shown_lines(struct glm_arena *arena, const char *text, size_t max);

/* As glm_vsprintf, for people: every %s between quotation marks or backquotes in the format is a
 * value of somebody else, and goes through glm_shown; the whole goes through glm_shown_lines. */
const char *glm_shown_vsprintf(struct glm_arena *arena, const char *format, va_list args)
    __attribute__((returns_nonnull, format(printf, 2, 0)));

#ifdef __cplusplus
}
#endif
#endif
