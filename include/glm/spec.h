/* SPDX-License-Identifier: Apache-2.0
 *
 * Spec: the input language of IstioOperator documents as const tables, and the walker that holds a
 * document against them.
 *
 * What:   every field of the spec, of k8s.*, of values and of meshConfig to its leaves: type,
 *         enum, range, format, list key, and the versions that have it. One forest of types with
 *         two roots: the operator's (Istio 1.23 and older, protobuf's decoder, Kubernetes types as
 *         operator.proto has them) and Istio's since 1.24 (the real Kubernetes types).
 * Owner:  the tables are constant; diagnostics live in the arena of the report.
 * Errors: every mistake at once, each with line, column, the path inside the document, the line
 *         itself, what was expected, the nearest valid key or value, and what to do.
 * Thread: no shared state.
 * Source: the tables are generated (make tables) from the descriptors and Kubernetes types of the
 *         modules that tests/peers/tables fixes, and from the hand-kept rows beside it.
 */
#ifndef GLM_SPEC_H
#define GLM_SPEC_H

#include "glm/diag.h"
#include "glm/value.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- which language: a minor version of Istio ---- */

#define GLM_SPEC_OPERATOR 23 /* the in-cluster operator's: the last minor that had one */
#define GLM_SPEC_OLDEST 22
#define GLM_SPEC_NEWEST 31

/* ---- the tables ---- */

enum glm_spec_kind {
    GLM_SPEC_ANY,  /* anything; not looked into */
    GLM_SPEC_FREE, /* a map of anything */
    GLM_SPEC_STRING,
    GLM_SPEC_BOOL,
    GLM_SPEC_INT32,
    GLM_SPEC_UINT32,
    GLM_SPEC_INT64,
    GLM_SPEC_UINT64,
    GLM_SPEC_DOUBLE,
    GLM_SPEC_INT_OR_STRING, /* Kubernetes' IntOrString */
    GLM_SPEC_QUANTITY,      /* Kubernetes' resource.Quantity: number or string */
    GLM_SPEC_DURATION,      /* a protobuf Duration: "5s" */
    GLM_SPEC_BYTES,         /* base64 */
    GLM_SPEC_TIME,          /* RFC 3339 */
    GLM_SPEC_ENUM,          /* a string out of glm_spec_enums[index]; protobuf takes numbers too */
    GLM_SPEC_OBJECT,        /* a map of the fields of glm_spec_types[index] */
};

enum glm_spec_shape {
    GLM_SPEC_ONE,
    GLM_SPEC_LIST, /* a list of the kind */
    GLM_SPEC_MAP,  /* a map from any key to the kind */
};

/* How a text or number is limited beyond its type. */
enum glm_spec_format {
    GLM_SPEC_NO_FORMAT,
    GLM_SPEC_RANGE,            /* min <= number <= max; of a duration in milliseconds */
    GLM_SPEC_DNS_LABEL,        /* DNS-1123 label */
    GLM_SPEC_DNS_SUBDOMAIN,    /* DNS-1123 subdomain */
    GLM_SPEC_DNS_SERVICE,      /* DNS-1035 label */
    GLM_SPEC_PORT_NAME,        /* IANA service name: 15 characters, a letter in it */
    GLM_SPEC_PORT_OR_NAME,     /* min to max, or such a name; with min 0 also "" */
    GLM_SPEC_LABEL_KEY,        /* qualified name */
    GLM_SPEC_LABEL_VALUE,      /* at most 63 */
    GLM_SPEC_LABELS,           /* a map of label keys to label values */
    GLM_SPEC_ANNOTATIONS,      /* a map of qualified names to texts */
    GLM_SPEC_ENV_NAME,         /* name of a variable */
    GLM_SPEC_COUNT_OR_PERCENT, /* a number not below min, or a percentage up to max; 0: to any */
    GLM_SPEC_IP,
    GLM_SPEC_CIDR,
    GLM_SPEC_CIDR_OR_IP,
    GLM_SPEC_CIDRS,      /* "10.0.0.0/8,192.168.0.0/16", "*" or "" */
    GLM_SPEC_IP_OR_NONE, /* "" and "None" too */
    GLM_SPEC_PORTS,      /* "80,443", "*" or "" */
    GLM_SPEC_HOST_PORT,  /* "zipkin.istio-system:9411" */
    GLM_SPEC_PATH_ABSOLUTE,
    GLM_SPEC_FIELD_PATH, /* what the downward API gives as a variable: "metadata.labels['app']" */
    GLM_SPEC_CONFIG_KEY, /* key of a ConfigMap or Secret */
    GLM_SPEC_QUANTITY_TEXT, /* a quantity in a field of another type */
    GLM_SPEC_NOT_EMPTY,
    GLM_SPEC_REFUSED, /* decoded, but no cluster takes it: the note says what to write instead */
    GLM_SPEC_DROPPED, /* of the GatewayLifecycleManager API only: no operator ever sees it */
};

struct glm_spec_limit {
    uint8_t format;       /* enum glm_spec_format */
    bool required;        /* must be there */
    bool whole;           /* must be there in a whole object; k8s.* is merged over a chart's */
    int64_t min, max;     /* RANGE, COUNT_OR_PERCENT, PORT_OR_NAME */
    const char *list_key; /* LIST of OBJECT: what elements differ in: "port,protocol=TCP;name" */
    const char *note;     /* what to do about a mistake here; NULL: nothing beyond the message */
};

struct glm_spec_field {
    const char *name;     /* as JSON has it: camelCase */
    uint16_t index;       /* ENUM: in glm_spec_enums; OBJECT: in glm_spec_types */
    uint16_t limit;       /* in glm_spec_limits; 0: none */
    uint8_t since, until; /* minor of Istio that has it first and last; 0: always had, still has */
    uint8_t kind;         /* enum glm_spec_kind */
    uint8_t shape;        /* enum glm_spec_shape */
};

/* How strict the decoder of a type is. */
enum glm_spec_decoder {
    GLM_SPEC_PROTO,  /* protobuf JSON: snake_case too, enums and numbers as either */
    GLM_SPEC_GO,     /* Go's strict JSON with Kubernetes' types */
    GLM_SPEC_VALUES, /* protobuf JSON, but charts read the names of the table only */
    GLM_SPEC_LENIENT, /* protobuf JSON that passes over unknown keys: meshConfig; strict until 1.23 */
};

struct glm_spec_type {
    const char *name;                    /* the API's own: "ServicePort", "MeshConfig" */
    const struct glm_spec_field *fields; /* sorted by the bytes of the name; a field whose type */
    uint16_t count;                      /* changed is there more than once, for other minors */
    uint8_t decoder;                     /* enum glm_spec_decoder */
    bool soft;                           /* unknown keys warn; elsewhere they are refused */
    const char *const *choices; /* fields that exclude each other: "exec,httpGet"; with a "+" */
                                /* before, one must be there; "~" and "*": the same, in whole */
                                /* objects only; NULL ends; NULL: none */
    const char *note; /* what to do about a key that is not known here; NULL: nothing more */
};

struct glm_spec_enum {
    const char *name;
    const char *const *values; /* in the order of the API; NULL ends them */
    bool numbers;              /* protobuf's: a number is taken too */
};

extern const struct glm_spec_type glm_spec_types[];
extern const struct glm_spec_enum glm_spec_enums[];
extern const struct glm_spec_limit glm_spec_limits[];
extern const size_t glm_spec_type_count;

/* The type of the whole spec in the language of that minor. */
const struct glm_spec_type *glm_spec_root(unsigned minor);
/* A type of the Kubernetes or Istio API by its name ("ServiceSpec"), as that minor has it; NULL
 * when there is none: for documents that are not specs, such as an object after its overlays. */
const struct glm_spec_type *glm_spec_type(const char *name, unsigned minor);

/* ---- the report: where diagnostics about a document go ---- */

/* One document's diagnostics. Warnings of one summary are gathered and given as one diagnostic that
 * lists them all, in the order of the text: of several warnings with one summary Terraform shows
 * only the first. It folds those of other documents in the same way, so `of` names this one. */
struct glm_spec_report {
    struct glm_arena *arena;
    const struct glm_path *at; /* the attribute that holds the document */
    const char *of;            /* ends the summaries of warnings: "edge, installation 1-24" */
    const char *what;          /* what the document is: "the IstioOperator spec" */
    const char *root;          /* what says that all of it is meant: "the spec" */
    const char *text;          /* as written, for quoting lines; NULL: nobody can look it up */
    size_t len;
    const struct glm_value *document; /* its credentials are starred; NULL: not decoded */
    bool warn;                        /* false: warnings are dropped */
    bool part;                        /* a part of a document: what is not there is not missed */
    bool decoded; /* only what Istio itself refuses is an error; what an API server refuses is a
                     warning */
    bool
        rendered; /* no operator reads it: whoever makes the objects does, as istioctl would, and refuses
                      keys of values that Istio does not know */
    bool ok;      /* false once an error was recorded */
    bool warned; /* a warning was found, given or dropped */
    struct glm_diags *d;
    struct glm_spec_gathered *gathered; /* private */
};

/* at and text are borrowed until the end. `of` and `document` are NULL, `what` and `root` are the
 * spec; all may be set before the first diagnostic. */
void glm_spec_report_begin(struct glm_spec_report *r, struct glm_arena *arena,
                           const struct glm_path *at, const char *text, size_t len, bool warn,
                           struct glm_diags *d);
/* Records what was gathered. Returns ok. */
bool glm_spec_report_end(struct glm_spec_report *r);

/* Line, column: 0 when the place has no source. where: the path inside the document, "" for the
 * whole. The detail reads "Line 4, column 9: components.x MESSAGE" and quotes the line; no space
 * comes before a message that starts with ':'. */
bool glm_spec_error(struct glm_spec_report *r, uint32_t line, uint32_t column, const char *where,
                    const char *summary, const char *format, ...)
    __attribute__((format(printf, 6, 7)));
void glm_spec_warn(struct glm_spec_report *r, uint32_t line, uint32_t column, const char *where,
                   const char *summary, const char *format, ...)
    __attribute__((format(printf, 6, 7)));
/* note: what holds for all warnings of this kind alike, said once after them. NULL: nothing. */
void glm_spec_warn_noted(struct glm_spec_report *r, uint32_t line, uint32_t column,
                         const char *where, const char *summary, const char *note,
                         const char *format, ...) __attribute__((format(printf, 7, 8)));

/* Records the errors that a decoder has made of the document, each with the line that its detail
 * names at the beginning: "Line 4, column 9: ...". They stay at their paths, where they have one.
 * Returns false. */
bool glm_spec_pass_on(struct glm_spec_report *r, const struct glm_diags *from);

/* "Line 4, column 9: components.x", "components.x" without a line; "the spec" for "". */
const char *glm_spec_place(struct glm_arena *arena, uint32_t line, uint32_t column,
                           const char *where);
/* The line of the text as a paragraph of its own, "\n\n    4 | enabled: tru": a window around the
 * column where it is long. "" when there is no such line. */
const char *glm_spec_quote(struct glm_spec_report *r, uint32_t line, uint32_t column);

/* ---- the walker ---- */

/* Holds v against type in the language of that minor of Istio: names, types, enums, ranges,
 * formats, required fields, list keys. where: the path of v inside the document, NULL for the root.
 * Unknown values count as right. Returns false when it has reported an error. */
bool glm_spec_check(struct glm_spec_report *r, const struct glm_spec_type *type, unsigned minor,
                    const struct glm_value *v, const struct glm_path *where);

/* The field of that name as the minor has it; NULL when there is none. */
const struct glm_spec_field *glm_spec_field(const struct glm_spec_type *type, const char *name,
                                            unsigned minor);

/* True when one of a gateway's overlays has a patch to a path with the word in it. overlays: as written,
 * a list or anything else. */
bool glm_spec_is_patched(const struct glm_value *overlays, const char *word);

/* ---- formats ---- */

bool glm_name_is_label(const char *name);        /* DNS-1123 label, 63 */
bool glm_name_is_subdomain(const char *name);    /* DNS-1123 subdomain, 253 */
bool glm_name_is_service(const char *name);      /* DNS-1035 label, 63: starts with a letter */
bool glm_name_is_label_value(const char *value); /* value of a Kubernetes label */
bool glm_name_is_label_key(const char *key);     /* key of a Kubernetes label or annotation */
/* The DNS-1123 label nearest to name, NULL when nothing is left of it. */
const char *glm_name_suggest(struct glm_arena *arena, const char *name);

/* True for the name of a key or variable that looks like a credential's. */
bool glm_spec_names_secret(struct glm_arena *arena, const char *name);

/* The number that a quantity of Kubernetes stands for: "100m" is 0.1. False: it is none. */
bool glm_spec_quantity(const char *s, double *ret_number);

/* NULL when the text has the format, or the format is none of a text. Else what it must be, to
 * follow a "must be": `a DNS-1123 label: lower-case letters ...`, without a full stop. */
const char *glm_spec_misfit(enum glm_spec_format format, const char *text);

/* What is wrong with such a text and what to write instead, to be read after the name of its field:
 * "\"x/\" ends with a slash. Write \"x\"."; NULL: nothing is. digest: a tag may be followed by one, as
 * in "1.23.6@sha256:...". */
const char *glm_hub_fault(struct glm_arena *arena, const char *hub);
const char *glm_tag_fault(struct glm_arena *arena, const char *tag, bool digest);
const char *glm_image_fault(struct glm_arena *arena, const char *image);
const char *glm_variant_fault(struct glm_arena *arena, const char *variant);
const char *glm_trust_domain_fault(struct glm_arena *arena, const char *domain);

#ifdef __cplusplus
}
#endif
#endif
