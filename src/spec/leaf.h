/* SPDX-License-Identifier: Apache-2.0
 *
 * Leaves: one value that is no map of fields, held against its field.
 */
#ifndef GLM_SPEC_LEAF_H
#define GLM_SPEC_LEAF_H

#include "internal.h"

struct glm_spec_leaf {
    struct glm_spec_walk *w;
    const struct glm_spec_field *field;
    const struct glm_spec_limit *limit;
    enum glm_spec_decoder decoder;
    const struct glm_value *v;
    const struct glm_path *where;
    bool element;
};

/* ---- leaf_fault.c: what is said of a wrong one ---- */

/* expected: "a whole number". remedy: "" or a sentence with a space before it. */
void spec_leaf_wrong_type(const struct glm_spec_leaf *l, const char *expected, const char *remedy);
void spec_leaf_wrong_value(const struct glm_spec_leaf *l, const char *expected, const char *remedy);

/* ---- leaf_number.c ---- */

/* " Remove the quotes." where that makes a number of it. */
const char *spec_leaf_number_remedy(const struct glm_spec_leaf *l);
/* True when it is a whole number, without quotes, that fits into 32 bits. */
bool spec_leaf_is_int32(const struct glm_spec_leaf *l);
/* Holds a whole number without quotes against 32 bits and its range. False: it is none, which the caller
 * says. */
bool spec_leaf_int32(const struct glm_spec_leaf *l);
void spec_leaf_number(const struct glm_spec_leaf *l);
void spec_leaf_double(const struct glm_spec_leaf *l);
/* A text: "25%". */
void spec_leaf_percentage(const struct glm_spec_leaf *l);

/* ---- leaf_text.c: strings, and what is written as one ---- */

void spec_leaf_string(const struct glm_spec_leaf *l);
void spec_leaf_int_or_string(const struct glm_spec_leaf *l);
void spec_leaf_quantity(const struct glm_spec_leaf *l);
void spec_leaf_duration(const struct glm_spec_leaf *l);
/* base64 and times. */
void spec_leaf_encoded(const struct glm_spec_leaf *l);

/* ---- leaf_enum.c ---- */

void spec_leaf_enum(const struct glm_spec_leaf *l);

#endif
