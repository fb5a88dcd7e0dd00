/* SPDX-License-Identifier: Apache-2.0
 *
 * Codecs: YAML, JSON and msgpack to values and back; deflate for long annotations.
 *
 * Owner:  results live in the arena given.
 * Errors: decoders report what is wrong and where (line and column in YAML and JSON) at the
 *         attribute path `at`. Every input has a ceiling in bytes, values and depth, from which
 *         follows what it may take in memory (below); and what the arena has no room for is
 *         refused before it is taken. A string with a NUL character is refused everywhere: the
 *         rest of a name would be lost in silence.
 * Thread: no shared state.
 * Each third-party library is included by one file here: libyaml by yaml.c, jansson by json.c,
 * msgpack-c by msgpack.c, zlib by deflate.c.
 */
#ifndef GLM_CODEC_H
#define GLM_CODEC_H

#include "glm/diag.h"
#include "glm/text.h"
#include "glm/type.h"
#include "glm/value.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Ceilings. */
#define GLM_YAML_MAX_BYTES ((size_t)16 << 20)    /* one YAML text: 16 MiB, inclusive */
#define GLM_YAML_MAX_NODES ((size_t)4 << 20)     /* values and keys, with aliases expanded */
#define GLM_YAML_MAX_EXPANDED ((size_t)16 << 20) /* bytes that aliases such as *name add */
#define GLM_YAML_MAX_DOCUMENTS ((size_t)10000)
#define GLM_JSON_MAX_BYTES ((size_t)256 << 20)
#define GLM_JSON_MAX_NODES ((size_t)2 << 20) /* values */
#define GLM_JSON_FOREIGN_MAX_NODES ((size_t)1 << 20)
#define GLM_MSGPACK_MAX_BYTES ((size_t)256 << 20)
#define GLM_MSGPACK_MAX_NODES ((size_t)2 << 20)

/* What decoding takes of the arena at the most: so many bytes for a value (with its key), and for a
 * byte of text. tests/unit/ceilings_test.c holds the decoders to them. JSON's own tree takes up to
 * GLM_JSON_TREE_BYTES a value besides, outside of the arena and only meanwhile. */
#define GLM_JSON_NODE_BYTES ((size_t)112)
#define GLM_JSON_TREE_BYTES ((size_t)416)
#define GLM_YAML_NODE_BYTES ((size_t)384)
#define GLM_MSGPACK_NODE_BYTES ((size_t)208)
#define GLM_TEXT_COPIES ((size_t)2)

/* YAML as Kubernetes' own parser (sigs.k8s.io/yaml) reads it, with two exceptions: numbers stay
 * exact where it rounds, and duplicate keys are refused. Positions are in the values and pairs.
 * glm_yaml_decode wants exactly one document (none: the null value); more is an error.
 * `what` names the text in diagnostics, e.g. "istio_operator_spec". */
bool glm_yaml_decode(struct glm_arena *arena, const char *text, size_t len, const char *what,
                     const struct glm_path *at, const struct glm_value **ret_value,
                     struct glm_diags *d);
/* The same with another ceiling in bytes: a file that holds a spec is larger than the spec. */
bool glm_yaml_decode_sized(struct glm_arena *arena, const char *text, size_t len, size_t limit,
                           const char *what, const struct glm_path *at,
                           const struct glm_value **ret_value, struct glm_diags *d);
/* The same within other limits. `going` (NULL: to
 * the end) is asked every few milliseconds; when it says false, so does this, without a diagnostic. */
struct glm_yaml_limits {
    size_t bytes;
    bool (*going)(const void *context);
    const void *context;
};
bool glm_yaml_decode_within(struct glm_arena *arena, const char *text, size_t len,
                            const struct glm_yaml_limits *limits, const char *what,
                            const struct glm_path *at, const struct glm_value **ret_value,
                            struct glm_diags *d);
/* All documents as a list; empty documents are left out. */
bool glm_yaml_decode_all(struct glm_arena *arena, const char *text, size_t len, const char *what,
                         const struct glm_path *at, const struct glm_value **ret_list,
                         struct glm_diags *d);
/* Block style, keys sorted, two spaces, a final newline; strings quoted only where another YAML
 * reader (1.1 or 1.2) could take them for something else; multi-line strings as literal blocks
 * where that is exact. v must be wholly known. Decoding the result gives v back. */
void glm_yaml_encode(const struct glm_value *v, struct glm_text *text);
/* The same on one line, for people: `east`, `"1"`, `[a, b]`, `{name: debug, port: 9000}`; what is not seen
 * (glm/shown.h) is escaped. Decoding the result gives v back. */
void glm_yaml_line(const struct glm_value *v, struct glm_text *text);

/* A text that values were decoded from, and how far it has been read. */
struct glm_yaml_source {
    const char *text;
    size_t len;
    uint32_t line; /* private: a line, and where it begins */
    size_t offset;
};
/* A map of the text as it stands there, comments, order and spelling included, moved to the left
 * margin. Decoded it is the map. NULL where there is no such text: in flow style, on the line of
 * something else, with an alias of an anchor outside of it. */
const char *glm_yaml_excerpt(struct glm_arena *arena, struct glm_yaml_source *source,
                             const struct glm_value *map, size_t *ret_len);

/* JSON. Numbers exact, duplicate keys refused. Positions are not kept. */
bool glm_json_decode(struct glm_arena *arena, const char *text, size_t len, const char *what,
                     const struct glm_path *at, const struct glm_value **ret_value,
                     struct glm_diags *d);
/* The same of what others answer: one value more than GLM_JSON_FOREIGN_MAX_NODES is too much, and a
 * NUL in a string becomes U+FFFD, because one object of somebody else's must not make a whole list
 * unreadable. */
bool glm_json_decode_foreign(struct glm_arena *arena, const char *text, size_t len,
                             const char *what, const struct glm_path *at,
                             const struct glm_value **ret_value, struct glm_diags *d);
/* The same within other limits. `going` (NULL: to the end) is asked every few milliseconds; when it says
 * false, so does this, without a diagnostic. */
struct glm_json_limits {
    size_t values;
    bool foreign; /* a NUL in a string becomes U+FFFD */
    bool (*going)(const void *context);
    const void *context;
};
bool glm_json_decode_within(struct glm_arena *arena, const char *text, size_t len,
                            const struct glm_json_limits *limits, const char *what,
                            const struct glm_path *at, const struct glm_value **ret_value,
                            struct glm_diags *d);
/* Compact, keys sorted, UTF-8 as it is, <>& not escaped. Unknown is written as null. */
void glm_json_encode(const struct glm_value *v, struct glm_text *text);
/* glm_json_encode into a string of the arena. */
const char *glm_json_text(struct glm_arena *arena, const struct glm_value *v);

/* msgpack as go-cty speaks it, guided by a type. Objects get all their attributes; a missing,
 * extra or wrongly typed one is an error. Unknown keeps its refinements, byte for byte. */
bool glm_msgpack_decode(struct glm_arena *arena, const struct glm_type *type, const void *bytes,
                        size_t len, const struct glm_value **ret_value, struct glm_diags *d);
/* v must be of the type: objects may lack attributes (written as null), nothing else may be off;
 * a mismatch is a programming error, reported as an error diagnostic. */
bool glm_msgpack_encode(struct glm_arena *arena, const struct glm_type *type,
                        const struct glm_value *v, const void **ret_bytes, size_t *ret_len,
                        struct glm_diags *d);

/* Strict base64, line breaks ignored; NULL when it is none. The result has a NUL after it. */
const char *glm_base64_decode(struct glm_arena *arena, const char *text, size_t len,
                              size_t *ret_len);
/* One line. */
const char *glm_base64_encode(struct glm_arena *arena, const unsigned char *bytes, size_t len);

/* deflate (zlib format) in base64, one line. */
const char *glm_deflate_base64(struct glm_arena *arena, const char *data, size_t len);
/* The reverse; false when it is no such text or larger than limit bytes. ret_len: how much was unpacked,
 * whatever came of it. */
bool glm_inflate_base64(struct glm_arena *arena, const char *text, size_t limit,
                        const char **ret_data, size_t *ret_len);

#ifdef __cplusplus
}
#endif
#endif
