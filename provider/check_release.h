/* SPDX-License-Identifier: Apache-2.0
 *
 * What the schema has and this release has not.
 */
#ifndef GLM_CHECK_RELEASE_H
#define GLM_CHECK_RELEASE_H

#include "glm/diag.h"
#include "glm/value.h"

/* Refuses by name what is not there yet in the provider's configuration. */
bool glm_check_release(const struct glm_value *config, struct glm_diags *d);

#endif
