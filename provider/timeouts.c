/* SPDX-License-Identifier: Apache-2.0
 *
 * The attribute `timeouts`, which resources and data sources have.
 */
#include "timeouts.h"

#include "glm/schema.h"

#include <string.h>

int64_t glm_timeout_of(const struct glm_value *attributes, const char *operation)
{
    static const struct {
        const char *operation;
        int64_t minutes;
    } defaults[] = {{"create", 20}, {"update", 20}, {"delete", 15}, {"read", 2}};
    int64_t milliseconds = 0;
    const char *text = glm_string_or(glm_get_path(attributes, "timeouts", operation, NULL), "");
    if (glm_duration_parse(text, &milliseconds))
        return milliseconds;
    for (size_t i = 0; i < sizeof defaults / sizeof *defaults; i++)
        if (strcmp(defaults[i].operation, operation) == 0)
            return defaults[i].minutes * 60000;
    return 0;
}
