/* SPDX-License-Identifier: Apache-2.0
 *
 * How long operations may take, by the attribute `timeouts`: the one place that has the defaults.
 */
#ifndef GLM_TIMEOUTS_H
#define GLM_TIMEOUTS_H

#include "glm/value.h"

/* operation: "create", "update", "delete" or "read". In milliseconds: what the attributes say, or
 * the default. */
int64_t glm_timeout_of(const struct glm_value *attributes, const char *operation);

#endif
