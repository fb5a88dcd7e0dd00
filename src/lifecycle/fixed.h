/* SPDX-License-Identifier: Apache-2.0
 *
 * Fixed: what API servers let nobody change of a Service that they have.
 */
#ifndef GLM_LIFECYCLE_FIXED_H
#define GLM_LIFECYCLE_FIXED_H

#include "lifecycle_internal.h"

/* Warns of changes of Services of the state that API servers will refuse. */
void fixed_warn(const struct wanted *wanted, const struct glm_value *prior,
                const struct glm_value *record, struct glm_diags *d);

#endif
