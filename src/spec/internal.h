/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files of src/spec share and nobody else sees.
 */
#ifndef GLM_SPEC_INTERNAL_H
#define GLM_SPEC_INTERNAL_H

#include "glm/spec.h"
#include "glm/text.h"

/* ---- said.c: what a document says, in a message ---- */

/* Bytes of the character at s (left > 0). *ret_shown is false for one that is not shown as it is:
 * a control, an override of the writing direction, what is no UTF-8. */
size_t glm_spec_character(const char *s, size_t left, bool *ret_shown);
/* Adds up to max characters of s, a tab as a space, others that are not shown as U+FFFD. Returns
 * the bytes used. */
size_t glm_spec_say(struct glm_text *text, const char *s, size_t len, size_t max);
/* The same with "..." at the end when there is more. */
const char *glm_spec_said(struct glm_arena *arena, const char *s, size_t len, size_t max);

#endif
