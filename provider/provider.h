/* SPDX-License-Identifier: Apache-2.0
 *
 * Provider: what the plugin offers, free of protobuf and gRPC: tables of types, each with its
 * schema and its functions. The RPC handlers (handle_*.c) convert messages and call these.
 *
 * Owner:  inputs and results live in call->arena. The provider object lives as long as the process.
 * Thread: the functions of one call run in one thread; several calls run at once. What the provider
 *         object shares between calls is behind its own lock.
 */
#ifndef GLM_PROVIDER_H
#define GLM_PROVIDER_H

#include "glm/diag.h"
#include "glm/schema.h"
#include "glm/value.h"

#include <stdatomic.h>
#include <stdint.h>

struct glm_provider; /* state.c: the configuration in force, the hand-over, the stop flag */

struct glm_provider *glm_provider_create(void);
void glm_provider_destroy(struct glm_provider *provider);
/* StopProvider: every call under way ends soon, with what it has. Any thread. */
void glm_provider_stop(struct glm_provider *provider);
bool glm_provider_stopped(const struct glm_provider *provider);

struct glm_bytes {
    const void *data;
    size_t len;
};

/* At most so many values of a reply are large. */
#define GLM_LARGE_VALUES 2

struct glm_call {
    struct glm_arena *arena;
    struct glm_provider *provider;
    struct glm_diags diags;
    const struct glm_value *config; /* what Terraform looks diagnostics' paths up in; NULL: none */
    const char *of; /* which resource the call is about, for people; NULL: not known */
    /* Packed values of the reply live here, beyond `arena`; NULL: in that. */
    struct glm_arena *packed;
    struct glm_bytes large[GLM_LARGE_VALUES]; /* those of them that are not to be copied with it */
    size_t large_count;
};

/* All values are objects of the type's schema, or the null value. */
struct glm_plan_call {
    const struct glm_value *prior, *config;
    struct glm_bytes prior_private;
    /* results */
    const struct glm_value *planned;
    struct glm_bytes planned_private;
    const char *const *replaced; /* names of top-level attributes */
    size_t replaced_count;
};

struct glm_apply_call {
    const struct glm_value *prior, *planned, *config;
    struct glm_bytes planned_private;
    const struct glm_value *result; /* never NULL; on errors what was reached */
    struct glm_bytes result_private;
};

struct glm_read_call {
    const struct glm_value *current;
    struct glm_bytes current_private;
    const struct glm_value *result; /* the null value: gone */
    struct glm_bytes result_private;
};

struct glm_import_call {
    const char *id;                   /* "" when imported by identity */
    const struct glm_value *identity; /* checked and whole; the null value when imported by id */
    const struct glm_value *result;   /* the null value: nothing imported (an error says why) */
    struct glm_bytes result_private;
};

/* A state of another resource type, which a `moved` block leads here from. */
struct glm_move_call {
    const char *source_type;
    const struct glm_value
        *source_state;              /* as JSON has it, in the shape of whatever version wrote it */
    const struct glm_value *result; /* the null value: an error says why */
};

struct glm_resource_type {
    const struct glm_schema *schema;
    /* Attributes of the resource that never change and together name it; see resource_identity.h. */
    const struct glm_schema *identity;
    void (*validate)(struct glm_call *call, const struct glm_value *config);
    /* state: any value decoded from JSON, written under an older or the same schema version.
     * Returns an object of today's type. */
    const struct glm_value *(*upgrade)(struct glm_call *call, int64_t version,
                                       const struct glm_value *state);
    void (*plan)(struct glm_call *call, struct glm_plan_call *plan);
    void (*apply)(struct glm_call *call, struct glm_apply_call *apply);
    void (*read)(struct glm_call *call, struct glm_read_call *read);
    void (*import)(struct glm_call *call, struct glm_import_call *import);
    /* Pure; no configuration: Terraform asks before there is one. */
    void (*move)(struct glm_call *call, struct glm_move_call *move);
};

struct glm_data_source_type {
    const struct glm_schema *schema;
    void (*validate)(struct glm_call *call, const struct glm_value *config);
    const struct glm_value *(*read)(struct glm_call *call, const struct glm_value *config);
};

struct glm_parameter {
    const char *name;
    const struct glm_type *type;
    const char *doc;
};

struct glm_function_type {
    const char *name;
    const struct glm_parameter *parameters; /* ended by a row without name */
    const struct glm_type *result;
    const char *summary, *doc;
    /* arguments: a list, one value per parameter. Errors go to call->diags; a path whose first
     * step is an index names the argument. NULL after an error. Pure; no configuration. */
    const struct glm_value *(*run)(struct glm_call *call, const struct glm_value *arguments);
};

/* The provider's own schema; validate and configure. */
extern const struct glm_schema glm_provider_schema;
void glm_provider_validate(struct glm_call *call, const struct glm_value *config);
void glm_provider_configure(struct glm_call *call, const struct glm_value *config,
                            const char *terraform_version);

/* Ended by NULL. */
extern const struct glm_resource_type *const glm_resource_types[];
extern const struct glm_data_source_type *const glm_data_source_types[];
extern const struct glm_function_type *const glm_function_types[];

#endif
