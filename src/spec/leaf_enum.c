/* SPDX-License-Identifier: Apache-2.0
 *
 * Leaves that are one of some values.
 *
 * Source: golang/protobuf's JSON (enums by number), the API server's validation.
 */
#include "leaf.h"

#include <strings.h>

#define VALUES_SAID ((size_t)12)

static const char *list_of(const struct glm_spec_leaf *l, const struct glm_spec_enum *e)
{
    struct glm_text text;
    size_t count = 0, said = 0;
    while (e->values[count])
        count++;
    glm_text_init(&text, l->w->r->arena, 4096);
    for (size_t i = 0; i < count && said < VALUES_SAID; i++) {
        if (!*e->values[i])
            continue;
        bool last = i + 1 == count;
        glm_text_addf(&text, "%s%s", said == 0 ? "" : last ? " or " : ", ", e->values[i]);
        said++;
    }
    if (said < count && said == VALUES_SAID)
        glm_text_adds(&text, ", ...");
    return text.data;
}

void spec_leaf_enum(const struct glm_spec_leaf *l)
{
    const struct glm_spec_enum *e = &glm_spec_enums[l->field->index];
    const struct glm_value *v = l->v;
    const char *one_of = e->values[0] && e->values[1] && e->values[2] ? "one of " : "";
    size_t count = 0;
    if (e->numbers && v->kind == GLM_NUMBER && spec_leaf_is_int32(l))
        return;
    if (v->kind != GLM_STRING) {
        spec_leaf_wrong_type(l, glm_sprintf(l->w->r->arena, "%s%s", one_of, list_of(l, e)), "");
        return;
    }
    if (v->len == 0 && !e->numbers && !l->element && !l->limit->required)
        return; /* as good as absent */
    for (; e->values[count]; count++)
        if (glm_string_is(v, e->values[count]))
            return;
    const char *meant = NULL;
    for (size_t i = 0; i < count && !meant; i++)
        if (strcasecmp(e->values[i], v->as.text) == 0)
            meant = e->values[i];
    if (!meant)
        meant = glm_nearest(v->as.text, e->values, count);
    spec_leaf_wrong_value(l, glm_sprintf(l->w->r->arena, "%s%s", one_of, list_of(l, e)),
                          meant && *meant ? glm_sprintf(l->w->r->arena, " Did you mean %s?", meant)
                                          : "");
}
