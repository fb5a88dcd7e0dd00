/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files of the codec room share and nobody else sees.
 */
#ifndef GLM_CODEC_INTERNAL_H
#define GLM_CODEC_INTERNAL_H

#include "glm/codec.h"

/* What a YAML scalar means. INFINITE is .inf, -.inf or .nan, which JSON has no number for. */
enum glm_yaml_class {
    GLM_YAML_NULL,
    GLM_YAML_BOOL,
    GLM_YAML_INTEGER,
    GLM_YAML_FLOAT,
    GLM_YAML_INFINITE,
    GLM_YAML_STRING
};

struct glm_yaml_scalar {
    enum glm_yaml_class class;
    struct glm_value value; /* without position; INFINITE: its canonical spelling as a string */
};

/* yaml_scalar.c. tag: the long form ("tag:yaml.org,2002:int"), NULL for none. plain: written without quotes and
 * without a tag. text has a NUL after len. On false ret_problem is a clause: "cannot be read as
 * a whole number". */
bool codec_yaml_resolve(struct glm_arena *arena, const char *tag, bool plain, const char *text,
                        size_t len, struct glm_yaml_scalar *ret_scalar, const char **ret_problem);
/* The map key a scalar makes: 1 gives "1", 0x10 gives "16". NULL and ret_problem when none. */
const char *codec_yaml_key(struct glm_arena *arena, const struct glm_yaml_scalar *scalar,
                           const char **ret_problem);
/* yaml_number.c: an integer of 64 bits or a float. tagged: an explicit number tag, which keeps a decimal
 * of any size a number. False: it is none. */
bool codec_yaml_number(struct glm_arena *arena, const char *text, size_t len, bool tagged,
                       struct glm_yaml_scalar *ret_scalar);
/* yaml_time.c: the forms that pass under an explicit !!timestamp. */
bool codec_yaml_is_timestamp(const char *text, size_t len);
/* 2024-01-31, alone or before a time. */
bool codec_yaml_looks_like_date(const char *text, size_t len);
/* yaml_ambiguous.c: true when some YAML reader, 1.1 or 1.2, takes the unquoted text for anything but a string. */
bool codec_yaml_ambiguous(const char *text, size_t len);
/* yaml_number.c: true when the decimal is beyond a double: unquoted and untagged it reads as a string. */
bool codec_yaml_beyond_double(const char *text, size_t len);

/* A map that `<<` brings into another. All of one map have the position of its one `<<`. */
struct glm_yaml_merge {
    uint32_t line, column;
    const struct glm_value *map;
    struct glm_yaml_merge *next; /* one that gives way to it */
};
const struct glm_value *codec_yaml_merged(struct glm_arena *arena, const struct glm_value *own,
                                          const struct glm_yaml_merge *merges);

/* Line and column, in characters and from 1, of a byte of the text. */
void codec_text_position(const char *text, size_t len, size_t offset, uint32_t *ret_line,
                         uint32_t *ret_column);

/* A place behind the last line that has anything in it becomes the end of that line: nobody could
 * look the other one up. */
void codec_yaml_last_place(const char *text, size_t len, uint32_t *line, uint32_t *column);

/* What the parser's own message means, and what to do. line: the text of the line, len bytes;
 * column: where in it, in characters from 1. */
const char *codec_yaml_explain(struct glm_arena *arena, const char *problem, const char *context,
                               const char *line, size_t len, size_t column);

/* glm_json_decode with another ceiling of depth, for type constraints, which nest twice as deep
 * as their values. */
bool codec_json_decode_deep(struct glm_arena *arena, const char *text, size_t len, unsigned depth,
                            const char *what, const struct glm_path *at,
                            const struct glm_value **ret_value, struct glm_diags *d);

/* One msgpack item without what it contains. */
enum glm_item_kind {
    GLM_ITEM_NIL,
    GLM_ITEM_BOOL,
    GLM_ITEM_INT,
    GLM_ITEM_UINT,
    GLM_ITEM_FLOAT,
    GLM_ITEM_STR,
    GLM_ITEM_BIN,
    GLM_ITEM_EXT,
    GLM_ITEM_ARRAY,
    GLM_ITEM_MAP
};

struct glm_item {
    enum glm_item_kind kind;
    size_t len;        /* STR, BIN, EXT: bytes; ARRAY, MAP: elements, never more than bytes left */
    const char *bytes; /* STR, BIN, EXT: the body, borrowed from the input */
    int8_t ext;
    bool boolean;
    int64_t integer;
    uint64_t natural;
    double real;
};

struct glm_reader {
    const unsigned char *bytes;
    size_t len, offset;
};

/* Reads one item and moves on; false when the input ends within it or it is malformed. */
bool codec_reader_next(struct glm_reader *r, struct glm_item *ret_item);

/* The exact decimal of a finite double, of up to 1400 characters; only len of them are it. They stand
 * in *digits until the next call with it; NULL in it: made by this one. */
const char *codec_double_text(struct glm_arena *arena, char **digits, double real, size_t *ret_len);

#endif
