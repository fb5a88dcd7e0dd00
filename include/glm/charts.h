/* SPDX-License-Identifier: Apache-2.0
 *
 * Charts: what is the same for all of Istio's charts: the releases that are known here, and how templates
 * see and print values.
 *
 * Owner:  texts live in the arena given.
 * Errors: none.
 * Thread: no shared state.
 */
#ifndef GLM_CHARTS_H
#define GLM_CHARTS_H

#include "glm/value.h"

#ifdef __cplusplus
extern "C" {
#endif

#define GLM_RENDER_OLDEST "1.22"
#define GLM_RENDER_NEWEST "1.31"

/* As `if` has it: not null, false, 0, "", [] or {}. Unknown is. */
bool glm_chart_truthy(const struct glm_value *v);
/* As it is printed: true, 600, 1e+06, [a b]; "" for null; NULL for what is not known. */
const char *glm_chart_text(struct glm_arena *arena, const struct glm_value *v);

#ifdef __cplusplus
}
#endif
#endif
