/* SPDX-License-Identifier: Apache-2.0
 *
 * Labels and annotations: the keys and values of a whole map.
 *
 * Source: the API server's validation.
 */
#include "internal.h"

#include <ctype.h>
#include <string.h>

static const char *lower_case(struct glm_arena *arena, const char *text)
{
    char *copy = glm_strdup(arena, text);
    for (char *c = copy; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    return copy;
}

void spec_check_labels(struct glm_spec_walk *w, const struct glm_spec_field *field,
                       const struct glm_value *v, const struct glm_path *where)
{
    enum glm_spec_format format = (enum glm_spec_format)glm_spec_limits[field->limit].format;
    if (format != GLM_SPEC_LABELS && format != GLM_SPEC_ANNOTATIONS)
        return;
    for (size_t i = 0; i < v->len; i++) {
        const struct glm_pair *pair = &v->as.map[i];
        const struct glm_path *at = GLM_AT_KEY(where, pair->key);
        if (!w->whole && strcmp(pair->key, "$patch") == 0)
            continue; /* how the map is merged over the chart's */
        /* Keys of annotations are made small before they are looked at. */
        const char *key = pair->key;
        if (format == GLM_SPEC_ANNOTATIONS)
            key = lower_case(w->r->arena, key);
        const char *expected = glm_spec_misfit(GLM_SPEC_LABEL_KEY, key);
        if (expected)
            spec_find_error(w, GLM_SPEC_WRONG_VALUE, pair->line, pair->column, at,
                            "is the key of %s, and must be %s.%s",
                            format == GLM_SPEC_LABELS ? "a label" : "an annotation", expected,
                            glm_placeholder_said(key));
        if (format != GLM_SPEC_LABELS || !glm_is_string(pair->value))
            continue;
        expected = glm_spec_misfit(GLM_SPEC_LABEL_VALUE, pair->value->as.text);
        if (expected)
            spec_find_error(w, GLM_SPEC_WRONG_VALUE, pair->value->line, pair->value->column, at,
                            "is \"%s\", but must be %s.%s",
                            spec_said(w->r->arena, pair->value->as.text, pair->value->len, 80),
                            expected, glm_placeholder_said(pair->value->as.text));
    }
}
