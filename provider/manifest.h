/* SPDX-License-Identifier: Apache-2.0
 *
 * GatewayLifecycleManager documents and this resource's attributes, and what the provider's
 * functions share.
 */
#ifndef GLM_MANIFEST_H
#define GLM_MANIFEST_H

#include "schemas.h"

/* What a manifest can say of the resource: name, namespace, installations, helm_global. It is the
 * part of the resource's type that the API's documents have too. */
extern const struct glm_type glm_manifest_type;

/* The only GatewayLifecycleManager in a YAML text. */
bool glm_manifest_decode(struct glm_arena *arena, const char *text, size_t len,
                         const struct glm_path *at, const struct glm_value **ret_attributes,
                         struct glm_diags *d);
/* attributes: an object of the resource's type. */
bool glm_manifest_encode(struct glm_arena *arena, const struct glm_value *attributes,
                         const struct glm_path *at, const char **ret_text, struct glm_diags *d);

/* Adds what was found in an argument to the diagnostics of the call. A function has no attribute
 * to point at, only arguments: where in the argument it is goes into the text. */
void glm_manifest_report(struct glm_call *call, size_t argument, const struct glm_diags *found);

#endif
