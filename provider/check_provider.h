/* SPDX-License-Identifier: Apache-2.0
 *
 * Checks of the provider's configuration that look at several attributes at once.
 */
#ifndef GLM_CHECK_PROVIDER_H
#define GLM_CHECK_PROVIDER_H

#include "glm/diag.h"
#include "glm/value.h"

/* config: an object of the provider's type, parts of it unknown or all of it. warn: also the
 * warnings, which is for whoever configures: Terraform validates a configuration once more for each
 * thing that it does, and would count the same warning several times ("and 2 more similar"). */
bool glm_check_provider(struct glm_arena *arena, const struct glm_value *config, bool warn,
                        struct glm_diags *d);

#endif
