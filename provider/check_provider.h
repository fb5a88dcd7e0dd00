/* SPDX-License-Identifier: Apache-2.0
 *
 * Checks of the provider's configuration that look at several attributes at once.
 */
#ifndef GLM_CHECK_PROVIDER_H
#define GLM_CHECK_PROVIDER_H

#include "glm/diag.h"
#include "glm/value.h"

/* config: an object of the provider's type, parts of it unknown or all of it. */
bool glm_check_provider(struct glm_arena *arena, const struct glm_value *config,
                        struct glm_diags *d);

/* A warning for each `host` that credentials would go to in plain text. */
void glm_warn_plain_text(const struct glm_value *config, struct glm_diags *d);

#endif
