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
    const char *name;                /* in Terraform; NULL ends a table */
    const struct glm_type *type;     /* NEST_NONE only */
    enum glm_nesting nesting;
    const struct glm_attr *nested;   /* the attributes of the object nested */
    unsigned use;                    /* enum glm_use */
    const char *fallback;            /* default as JSON text, or GLM_FALLBACK_KEY; NULL: none */
    glm_check_fn *check;             /* NULL: the type says enough */
    const char *crd;                 /* name in GatewayLifecycleManager YAML; NULL: not part of it */
    const char *crd_key;             /* NEST_MAP that is a list there: the field the key comes from */
    bool crd_document;               /* a YAML text here, an object there */
    const char *doc;                 /* Markdown, whole sentences */
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

/* config with the defaults of OPTIONAL|COMPUTED attributes where it is null, all the way down.
 * Unknown stays unknown. COMPUTED-only attributes are null in the result. */
const struct glm_value *glm_schema_defaults(struct glm_arena *arena, const struct glm_attr *attrs,
                                            const struct glm_value *config);

/* The REPLACE attributes whose values differ, or may differ because planned is unknown.
 * Returns their count; ret_names is an array in the arena. Top level only. */
size_t glm_schema_replaced(struct glm_arena *arena, const struct glm_attr *attrs,
                           const struct glm_value *prior, const struct glm_value *planned,
                           const char *const **ret_names);

/* Renaming between the resource's attributes and the spec of the API's own documents (list form,
 * camelCase). Unknown keys and wrong kinds are reported with their position. */
bool glm_schema_from_crd(struct glm_arena *arena, const struct glm_attr *attrs,
                         const struct glm_value *spec, const struct glm_path *at,
                         const struct glm_value **ret_attrs, struct glm_diags *d);
const struct glm_value *glm_schema_to_crd(struct glm_arena *arena, const struct glm_attr *attrs,
                                          const struct glm_value *values);

/* The registry's Markdown sections "### Required", "### Optional", "### Read-Only" and nested. */
void glm_schema_markdown(const struct glm_attr *attrs, struct glm_text *text);

#ifdef __cplusplus
}
#endif
#endif
