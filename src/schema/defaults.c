/* SPDX-License-Identifier: Apache-2.0
 *
 * Schema walker: a configuration with its defaults.
 *
 * What:   defaults come from the table and the configuration alone, never from what Terraform
 *         proposes: its proposal carries values of the state the user has since removed.
 * Owner:  the result lives in the arena and shares what did not change with the input.
 * Errors: none; a fallback that is no JSON is a mistake in a table, found by the tests.
 */
#include "rewrite.h"

#include "glm/codec.h"

#include <string.h>

static const struct glm_value *fallback_value(struct glm_arena *arena, const struct glm_attr *attr,
                                              const char *key)
{
    if (!strcmp(attr->fallback, GLM_FALLBACK_KEY))
        return key ? glm_string(arena, key) : &glm_null;
    struct glm_diags ignored;
    glm_diags_init(&ignored, arena);
    const struct glm_value *v = &glm_null;
    if (!glm_json_decode(arena, attr->fallback, strlen(attr->fallback), attr->name, NULL, &v,
                         &ignored))
        return &glm_null;
    return v;
}

static const struct glm_value *filled(struct glm_arena *arena, const struct glm_attr *attr,
                                      const struct glm_value *v, const char *key)
{
    if ((attr->use & (GLM_OPTIONAL | GLM_REQUIRED | GLM_COMPUTED)) == GLM_COMPUTED)
        return &glm_null;
    return glm_is_null(v) && attr->fallback ? fallback_value(arena, attr, key) : NULL;
}

const struct glm_value *glm_schema_defaults(struct glm_arena *arena, const struct glm_attr *attrs,
                                            const struct glm_value *config)
{
    return schema_rewrite(arena, attrs, config, filled);
}
