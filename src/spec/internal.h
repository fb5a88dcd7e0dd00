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
size_t spec_character(const char *s, size_t left, bool *ret_shown);
/* Adds up to max characters of s, a tab as a space, others that are not shown as U+FFFD. Returns
 * the bytes used. */
size_t spec_say(struct glm_text *text, const char *s, size_t len, size_t max);
/* The same with "..." at the end when there is more. */
const char *spec_said(struct glm_arena *arena, const char *s, size_t len, size_t max);
/* `the string "true"`, `the number 5`, `a list`. */
const char *spec_described(struct glm_arena *arena, const struct glm_value *v);
/* The path inside a document: long keys cut, odd ones in ["..."]. */
const char *spec_path_text(struct glm_arena *arena, const struct glm_path *path);

/* ---- secret.c: credentials in a document ---- */

struct glm_spec_secrets;
struct glm_spec_secrets *spec_secrets_of(struct glm_arena *arena, const struct glm_value *document);
/* The text with a star for each character of a secret; s may be NULL. */
const char *spec_starred(struct glm_arena *arena, const struct glm_spec_secrets *s,
                         const char *text, size_t len, size_t *ret_len);
/* The same for a text that could not be decoded, by the keys on its lines. */
const char *spec_starred_by_keys(struct glm_arena *arena, const char *text, size_t len);

/* ---- the walk ---- */

/* A map on the way down, for what depends on what is further up. */
struct glm_spec_level {
    const struct glm_spec_level *up;
    const struct glm_spec_type *type;
    const struct glm_path *where;
    const struct glm_value *map;
};

struct glm_spec_finding {
    bool warn;
    uint32_t line, column;
    size_t order;
    const char *where, *summary, *note, *message;
};

struct glm_spec_walk {
    struct glm_spec_report *r;
    unsigned minor;
    bool whole;                    /* a whole object, to which no chart adds anything */
    enum glm_spec_decoder decoder; /* of the map that is looked at */
    struct glm_spec_finding *findings;
    size_t kept, capacity, errors;
};

enum glm_spec_fault {
    GLM_SPEC_UNKNOWN_KEY,
    GLM_SPEC_WRONG_TYPE,
    GLM_SPEC_WRONG_VALUE,
    GLM_SPEC_MISSING,
    GLM_SPEC_TWICE,
    GLM_SPEC_EXCLUDED,
    GLM_SPEC_FORSAKEN,
    GLM_SPEC_UNDECODABLE, /* a wrong value that no decoder takes */
};

/* ---- findings.c: what is wrong, taken down on the way ---- */

void spec_find_error(struct glm_spec_walk *w, enum glm_spec_fault fault, uint32_t line,
                     uint32_t column, const struct glm_path *where, const char *format, ...)
    __attribute__((format(printf, 6, 7)));
void spec_find_warning(struct glm_spec_walk *w, uint32_t line, uint32_t column,
                       const struct glm_path *where, const char *note, const char *format, ...)
    __attribute__((format(printf, 6, 7)));
/* False when no more findings are kept: their words need not be made. */
bool spec_listening(const struct glm_spec_walk *w);
/* Says all of them, in the order of the text. */
void spec_find_end(struct glm_spec_walk *w);

/* ---- field.c ---- */

/* The rows of that name one after another, of whatever minor. NULL: none, no more. */
const struct glm_spec_field *spec_first_row(const struct glm_spec_type *type, const char *name);
const struct glm_spec_field *spec_next_row(const struct glm_spec_type *type,
                                           const struct glm_spec_field *row);
/* True when the field is there in the minor. */
bool spec_has(const struct glm_spec_field *field, unsigned minor);

/* ---- leaf.c: one value that is no map of fields ---- */

/* Holds v, which is neither null nor unknown, against the kind and format of the field. element:
 * of a list or map. */
void spec_check_leaf(struct glm_spec_walk *w, const struct glm_spec_field *field,
                     enum glm_spec_decoder decoder, const struct glm_value *v,
                     const struct glm_path *where, bool element);
/* leaf_fault.c: v should have been a list (or the map whose name is in expected). */
void spec_wrong_shape(struct glm_spec_walk *w, const struct glm_spec_field *field,
                      const char *expected, const struct glm_value *v,
                      const struct glm_path *where);

/* ---- labels.c ---- */

/* Labels and annotations: the keys and values of a whole map. */
void spec_check_labels(struct glm_spec_walk *w, const struct glm_spec_field *field,
                       const struct glm_value *v, const struct glm_path *where);

/* ---- forsaken.c ---- */

/* A form that its decoder knows and no cluster takes. */
void spec_forsaken(struct glm_spec_walk *w, const struct glm_spec_field *field,
                   const struct glm_pair *pair, const struct glm_path *where);
/* " Write ... instead.": about a key that older languages have. NULL: none has it. */
const char *spec_old_form(struct glm_spec_walk *w, const struct glm_spec_type *type,
                          const struct glm_pair *pair);

/* ---- syntax.c: texts that mean something else to a decoder ---- */

bool spec_is_quantity(const char *s); /* Kubernetes': 1.5, 100m, 2Gi, 1e3; signed */
/* Go's: 1h30m, 1.5s, 300ms, 0 */
bool spec_is_duration(const char *s, double *ret_milliseconds);
bool spec_is_base64(const char *s, size_t len);
bool spec_is_time(const char *s); /* RFC 3339 */

/* ---- among.c: fields and elements among each other ---- */

/* Elements of a list that have the same key as one before. */
void spec_check_twice(struct glm_spec_walk *w, const struct glm_spec_field *field,
                      const struct glm_value *list, const struct glm_path *where);
/* Required fields, and fields that exclude each other. */
void spec_check_together(struct glm_spec_walk *w, const struct glm_spec_type *type, bool soft,
                         const struct glm_value *map, const struct glm_path *where);

/* ---- kubernetes.c ---- */

/* Fields of a type of Kubernetes that contradict each other. */
void spec_check_kubernetes(struct glm_spec_walk *w, const struct glm_spec_level *level);

/* ---- meant.c: names ---- */

/* The field a key stands for: as it is written in the table, or as protobuf's decoder takes it. */
const struct glm_spec_field *spec_meant(struct glm_arena *arena, const struct glm_spec_type *type,
                                        const char *key, unsigned minor);
/* A key that is no field of the type in this minor. soft: it warns. */
void spec_unknown_key(struct glm_spec_walk *w, const struct glm_spec_level *level, bool soft,
                      const struct glm_pair *pair, const struct glm_path *where);
/* overlaid.c: " Kubernetes has it: set it with an entry under overlays ...". NULL: it has not. */
const char *spec_overlaid(struct glm_spec_walk *w, const struct glm_spec_type *type,
                          const char *key, const struct glm_path *where);

#endif
