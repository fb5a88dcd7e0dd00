/* SPDX-License-Identifier: Apache-2.0
 *
 * Text: a string that grows in an arena, up to a ceiling it is born with.
 *
 * Owner:  the arena. The finished string is NUL-terminated and stays valid as long as the arena.
 * Errors: past the ceiling nothing more is added and `overflow` stays true; the caller looks once,
 *         at the end.
 * Thread: one thread at a time.
 */
#ifndef GLM_TEXT_H
#define GLM_TEXT_H

#include "glm/arena.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

struct glm_text {
    struct glm_arena *arena;
    char *data; /* never NULL after init; NUL-terminated */
    size_t len;
    size_t capacity;
    size_t limit; /* bytes, without the NUL */
    bool overflow;
};

void glm_text_init(struct glm_text *text, struct glm_arena *arena, size_t limit);
void glm_text_add(struct glm_text *text, const char *data, size_t len);
void glm_text_adds(struct glm_text *text, const char *string);
void glm_text_addc(struct glm_text *text, char c);
void glm_text_addf(struct glm_text *text, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Percent-encoded as in a URI: every byte but letters, digits and those of `plain` as %XX. */
void glm_text_add_percent(struct glm_text *text, const char *string, const char *plain);

static inline bool glm_is_digit(char c)
{
    return c >= '0' && c <= '9';
}
/* The number that the decimal digits at text are, up to the first other byte or len bytes, whichever
 * comes first (SIZE_MAX: a text that ends with NUL). Returns how many digits they are, 0: there is no
 * number. UINT64_MAX stands for any that is larger. */
size_t glm_digits(const char *text, size_t len, uint64_t *ret_number);

/* Bytes of the line break at s (left bytes remain, at least one), as YAML counts lines: CR, LF, CR LF,
 * NEL, LS or PS; 0 when there is none. */
size_t glm_line_break(const char *s, size_t left);

/* strcmp for names: most differ in the first byte already, and need no call. */
static inline int glm_name_order(const char *a, const char *b)
{
    int first = (unsigned char)*a - (unsigned char)*b;
    return first ? first : strcmp(a, b);
}

/* True when len bytes at data are well-formed UTF-8 (no surrogates, no overlong forms). */
bool glm_utf8_valid(const char *data, size_t len);
/* The same text with every malformed byte replaced by U+FFFD. */
const char *glm_utf8_clean(struct glm_arena *arena, const char *data, size_t len);

/* " It has a placeholder ...", the remedy for a text such as $REVISION, ${TAG}, {{ .name }} or <name>
 * that a shell, a template or a person would have filled in; "" for every other text. */
const char *glm_placeholder_said(const char *text);
/* The candidate nearest to word by edit distance, NULL when none is near enough to be a typo. */
const char *glm_nearest(const char *word, const char *const *candidates, size_t count);

#ifdef __cplusplus
}
#endif
#endif
