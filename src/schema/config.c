/* SPDX-License-Identifier: Apache-2.0
 *
 * Schema walker: from a state back to the configuration that a person would have written.
 *
 * What:   the reverse of the defaults: filled in again, the result is the state.
 * Owner:  the result lives in the arena and shares what did not change with the input.
 * Errors: none; a document that cannot be read stays as it is.
 */
#include "rewrite.h"

#include "glm/codec.h"

#include <string.h>

static bool is_default(struct glm_arena *arena, const struct glm_attr *attr,
                       const struct glm_value *v, const char *key)
{
    if (!attr->fallback)
        return false;
    if (strcmp(attr->fallback, GLM_FALLBACK_KEY) == 0)
        return key && glm_string_is(v, key);
    struct glm_diags ignored;
    glm_diags_init(&ignored, arena);
    const struct glm_value *fallback = &glm_null;
    return glm_json_decode(arena, attr->fallback, strlen(attr->fallback), attr->name, NULL,
                           &fallback, &ignored) &&
           glm_equal(fallback, v);
}

/* Terraform writes text that is JSON as jsonencode({...}), and any other text in one line. */
static const struct glm_value *document_as_json(struct glm_arena *arena, const struct glm_value *v)
{
    struct glm_diags ignored;
    glm_diags_init(&ignored, arena);
    const struct glm_value *document = &glm_null;
    if (!glm_is_string(v) ||
        !glm_yaml_decode(arena, v->as.text, v->len, "state", NULL, &document, &ignored) ||
        !glm_is_map(document))
        return v;
    return glm_string(arena, glm_json_text(arena, document));
}

static const struct glm_value *as_written(struct glm_arena *arena, const struct glm_attr *attr,
                                          const struct glm_value *v, const char *key)
{
    if ((attr->use & (GLM_OPTIONAL | GLM_REQUIRED | GLM_COMPUTED)) == GLM_COMPUTED ||
        is_default(arena, attr, v, key))
        return &glm_null;
    return attr->crd_document ? document_as_json(arena, v) : NULL;
}

const struct glm_value *glm_schema_config(struct glm_arena *arena, const struct glm_attr *attrs,
                                          const struct glm_value *state)
{
    return schema_rewrite(arena, attrs, state, as_written);
}
