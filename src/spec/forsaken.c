/* SPDX-License-Identifier: Apache-2.0
 *
 * Forms that no cluster takes any more: what to write instead, with the value that was written.
 */
#include "internal.h"

#include <string.h>

/* The note with the value as written where it says $value. */
static const char *remedy(struct glm_arena *arena, const char *note, const struct glm_value *v)
{
    static const char mark[] = "$value";
    bool inlined = v->kind == GLM_STRING || v->kind == GLM_NUMBER;
    const char *value = inlined ? spec_said(arena, v->as.text, v->len, 60) : "...";
    struct glm_text said;
    glm_text_init(&said, arena, 4096);
    for (const char *at; (at = strstr(note, mark)) != NULL; note = at + strlen(mark)) {
        glm_text_add(&said, note, (size_t)(at - note));
        glm_text_adds(&said, value);
    }
    glm_text_adds(&said, note);
    return said.data;
}

void spec_forsaken(struct glm_spec_walk *w, const struct glm_spec_field *field,
                   const struct glm_pair *pair, const struct glm_path *where)
{
    const char *note = glm_spec_limits[field->limit].note;
    if (glm_is_null(pair->value) || glm_is_unknown(pair->value))
        return;
    spec_find_error(w, GLM_SPEC_FORSAKEN, pair->line, pair->column, where,
                    "would be refused by the API server. %s",
                    remedy(w->r->arena, note ? note : "", pair->value));
}

const char *spec_old_form(struct glm_spec_walk *w, const struct glm_spec_type *type,
                          const struct glm_pair *pair)
{
    struct glm_arena *arena = w->r->arena;
    if (type->decoder != GLM_SPEC_GO)
        return NULL;
    if (strcmp(pair->key, "localObjectReference") == 0)
        return remedy(arena, " Name the object beside its key: {name: $value, key: ...}.",
                      glm_get(pair->value, "name"));
    const struct glm_spec_type *old = glm_spec_type(type->name, GLM_SPEC_OPERATOR);
    const struct glm_spec_field *field =
        old ? glm_spec_field(old, pair->key, GLM_SPEC_OPERATOR) : NULL;
    const struct glm_spec_limit *limit = field ? &glm_spec_limits[field->limit] : NULL;
    if (!limit || limit->format != GLM_SPEC_REFUSED || !limit->note)
        return NULL;
    return glm_sprintf(arena, " %s", remedy(arena, limit->note, pair->value));
}
