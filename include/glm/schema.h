/* SPDX-License-Identifier: Apache-2.0
 *
 * Schema: the attributes of the provider as const data, and one walker for each use of it.
 *
 * What:   a row says everything about an attribute once: the wire schema, the type of the value,
 *         the checks, defaults, replacement, the name in the API's own documents and the
 *         documentation all come from it.
 * Owner:  tables are static; results live in the arena given.
 * Thread: no shared state.
 */
#ifndef GLM_SCHEMA_H
#define GLM_SCHEMA_H

#include "glm/diag.h"
#include "glm/text.h"
#include "glm/type.h"
#include "glm/value.h"

#ifdef __cplusplus
extern "C" {
#endif

enum glm_nesting { GLM_NEST_NONE, GLM_NEST_SINGLE, GLM_NEST_LIST, GLM_NEST_MAP };

enum glm_use {
    GLM_REQUIRED = 1 << 0,
    GLM_OPTIONAL = 1 << 1,
    GLM_COMPUTED = 1 << 2,  /* with OPTIONAL: has a default */
    GLM_REPLACE = 1 << 3,   /* a change replaces the resource */
    GLM_SENSITIVE = 1 << 4, /* Terraform hides it, and so do our diagnostics */
};

/* As fallback of an attribute nested in a map: the key of the element it is in. */
#define GLM_FALLBACK_KEY "=key"

/* Checks a known value that is not null. */
typedef bool glm_check_fn(struct glm_arena *arena, const struct glm_value *v,
                          const struct glm_path *at, struct glm_diags *d);

struct glm_attr {
    const char *name;            /* in Terraform; NULL ends a table */
    const struct glm_type *type; /* NEST_NONE only */
    enum glm_nesting nesting;
    const struct glm_attr *nested; /* the attributes of the object nested */
    unsigned use;                  /* enum glm_use */
    const char *fallback;          /* default as JSON text, or GLM_FALLBACK_KEY; NULL: none */
    glm_check_fn *check;           /* NULL: the type says enough */
    glm_check_fn *check_key;       /* NEST_MAP: of every key, as a string; NULL: any key */
    const char *crd;               /* name in GatewayLifecycleManager YAML; NULL: not part of it */
    const char *crd_key;           /* NEST_MAP that is a list there: the field the key comes from */
    const char *crd_key_empty;     /* the key of an element without that field; NULL: refused */
    bool crd_document;             /* a YAML text here, an object there */
    bool crd_required;             /* has to be there, though not here */
    const char *doc;               /* Markdown, whole sentences */
};

struct glm_schema {
    const char *name; /* "glm_gateway_lifecycle_manager"; "" for the provider */
    int64_t version;
    const struct glm_attr *attrs;
    const char *doc;
};

const struct glm_attr *glm_schema_attr(const struct glm_attr *attrs, const char *name);

/* The object type of a table. */
const struct glm_type *glm_schema_type(struct glm_arena *arena, const struct glm_attr *attrs);

/* Runs every check on what is known of config (an object of the table's type). */
bool glm_schema_check(struct glm_arena *arena, const struct glm_attr *attrs,
                      const struct glm_value *config, const struct glm_path *at,
                      struct glm_diags *d);

/* config with the fallback of every attribute that has one where config is null, all the way down.
 * In a resource only OPTIONAL|COMPUTED attributes have a fallback: Terraform allows no other.
 * Unknown stays unknown. COMPUTED-only attributes are null in the result. */
const struct glm_value *glm_schema_defaults(struct glm_arena *arena, const struct glm_attr *attrs,
                                            const struct glm_value *config);

/* The reverse: what of a state is to be written into a configuration. COMPUTED-only attributes and
 * those equal to their fallback are null, and a crd_document is JSON text, which Terraform writes
 * readably. */
const struct glm_value *glm_schema_config(struct glm_arena *arena, const struct glm_attr *attrs,
                                          const struct glm_value *state);

/* v as an object of the table's type: attributes left out become null, a number or a boolean
 * where a string is wanted becomes one as Terraform does it (and the reverse). For values that
 * come without a type. Missing REQUIRED attributes, unknown ones (with the nearest name) and wrong
 * kinds are reported; COMPUTED-only attributes are taken as they are. */
bool glm_schema_convert(struct glm_arena *arena, const struct glm_attr *attrs,
                        const struct glm_value *v, const struct glm_path *at,
                        const struct glm_value **ret_value, struct glm_diags *d);

/* The REPLACE attributes whose values differ, or may differ because planned is unknown.
 * Returns their count; ret_names is an array in the arena. Top level only. */
size_t glm_schema_replaced(struct glm_arena *arena, const struct glm_attr *attrs,
                           const struct glm_value *prior, const struct glm_value *planned,
                           const char *const **ret_names);

/* Renaming between the resource's attributes and the spec of the API's own documents (list form,
 * camelCase); attributes without `crd` take no part. Unknown keys and wrong kinds are reported
 * with their position.
 * A list becomes a map by its crd_key. Where that field is an attribute of the element too, the
 * key is a label only: a second element with the same one gets "-2" behind it, and to_crd writes
 * the field from the attribute. Where it is not, a second element is an error.
 * source: the text that spec was decoded from: a crd_document is then what stands there, as far as
 * it can stand alone. NULL: it is written anew. */
struct glm_yaml_source; /* codec.h */
bool glm_schema_from_crd(struct glm_arena *arena, const struct glm_attr *attrs,
                         const struct glm_value *spec, struct glm_yaml_source *source,
                         const struct glm_path *at, const struct glm_value **ret_attrs,
                         struct glm_diags *d);
/* The reverse: values must be wholly known and of the table's type. Null attributes are left out.
 * The only error is a crd_document that is no YAML. */
bool glm_schema_to_crd(struct glm_arena *arena, const struct glm_attr *attrs,
                       const struct glm_value *values, const struct glm_path *at,
                       const struct glm_value **ret_spec, struct glm_diags *d);

/* The registry's Markdown sections "### Required", "### Optional", "### Read-Only" and nested. */
void glm_schema_markdown(const struct glm_attr *attrs, struct glm_text *text);
/* A type as the registry writes it: "String", "Map of List of String", "Object". */
void glm_schema_type_name(const struct glm_type *type, struct glm_text *text);

/* ---- what checks are made of ---- */

/* Go's notation: "20m", "1h30m", "1.5s", "250ms"; no sign. Rounded down to milliseconds. */
bool glm_duration_parse(const char *text, int64_t *ret_milliseconds);

/* What Kubernetes calls an RFC 1123 label (1 to 63 of a-z, 0-9 and "-", not at the ends) and
 * subdomain (labels joined by ".", 253 in all). */
bool glm_dns_label_valid(const char *text);
bool glm_dns_subdomain_valid(const char *text);
/* text made a label: lower case, everything else "-"; NULL when nothing is left of it. */
const char *glm_dns_label_suggest(struct glm_arena *arena, const char *text);

glm_check_fn glm_check_dns_label;
glm_check_fn glm_check_dns_subdomain;
glm_check_fn glm_check_duration; /* longer than zero */

#ifdef __cplusplus
}
#endif
#endif
