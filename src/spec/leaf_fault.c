/* SPDX-License-Identifier: Apache-2.0
 *
 * What is said of a value that is wrong: what it must be, what it is, and what to do.
 */
#include "leaf.h"

#include <string.h>

static const char *noted(const struct glm_spec_leaf *l, const char **ret_space)
{
    *ret_space = l->limit->note ? " " : "";
    return l->limit->note ? l->limit->note : "";
}

/* What is no value at all cannot be put right by halves. */
static const char *remedy_for(const struct glm_spec_leaf *l, const char *remedy)
{
    const char *filled = glm_placeholder_said(glm_string_or(l->v, ""));
    return *filled ? filled : remedy;
}

void spec_leaf_wrong_type(const struct glm_spec_leaf *l, const char *expected, const char *remedy)
{
    const char *space, *note = noted(l, &space);
    spec_find_error(l->w, GLM_SPEC_WRONG_TYPE, l->v->line, l->v->column, l->where,
                    "must be %s, but is %s.%s%s%s", expected, spec_described(l->w->r->arena, l->v),
                    remedy_for(l, remedy), space, note);
}

/* What it is about is no matter of ranges and names, but of what can be read at all. */
static enum glm_spec_fault fault_of(const struct glm_spec_leaf *l)
{
    if (l->limit->format == GLM_SPEC_CIDRS || l->limit->format == GLM_SPEC_PORTS)
        return GLM_SPEC_UNDECODABLE; /* Istio looks into these itself */
    switch ((enum glm_spec_kind)l->field->kind) {
    case GLM_SPEC_QUANTITY:
    case GLM_SPEC_BYTES:
    case GLM_SPEC_TIME:
        return *glm_string_or(l->v, "") == '-' ? GLM_SPEC_WRONG_VALUE : GLM_SPEC_UNDECODABLE;
    case GLM_SPEC_DURATION:
        return spec_is_duration(glm_string_or(l->v, ""), &(double){0}) ? GLM_SPEC_WRONG_VALUE
                                                                       : GLM_SPEC_UNDECODABLE;
    case GLM_SPEC_ENUM: /* but protobuf's own they are texts like any other */
        return glm_spec_enums[l->field->index].numbers ? GLM_SPEC_UNDECODABLE
                                                       : GLM_SPEC_WRONG_VALUE;
    default:
        return GLM_SPEC_WRONG_VALUE;
    }
}

/* sentence: without the full stop. */
void spec_leaf_wrong_value(const struct glm_spec_leaf *l, const char *expected, const char *remedy)
{
    const char *space, *note = noted(l, &space);
    struct glm_arena *arena = l->w->r->arena;
    const char *text = l->v->kind == GLM_STRING || l->v->kind == GLM_NUMBER
                           ? spec_said(arena, l->v->as.text, l->v->len, 80)
                           : "";
    const char *quote = l->v->kind == GLM_STRING ? "\"" : "";
    spec_find_error(l->w, fault_of(l), l->v->line, l->v->column, l->where,
                    "is %s%s%s, but must be %s.%s%s%s", quote, text, quote, expected,
                    remedy_for(l, remedy), space, note);
}

static const char *shape_remedy(struct glm_spec_walk *w, const struct glm_spec_field *field,
                                bool list, const struct glm_value *v)
{
    if (list && glm_is_map(v))
        return " Start each element with \"- \".";
    if (list && glm_is_string(v) && field->kind == GLM_SPEC_STRING)
        return glm_sprintf(w->r->arena, " Write it as a list: [\"%s\"].",
                           spec_said(w->r->arena, v->as.text, v->len, 60));
    if (!list && glm_is_list(v) && v->len == 1 && glm_is_map(v->as.list[0]))
        return " Remove the \"- \": it is one map, not a list of them.";
    return "";
}

void spec_wrong_shape(struct glm_spec_walk *w, const struct glm_spec_field *field,
                      const char *expected, const struct glm_value *v, const struct glm_path *where)
{
    const char *note = glm_spec_limits[field->limit].note;
    spec_find_error(w, GLM_SPEC_WRONG_TYPE, v->line, v->column, where,
                    "must be %s, but is %s.%s%s%s", expected, spec_described(w->r->arena, v),
                    shape_remedy(w, field, strcmp(expected, "a list") == 0, v), note ? " " : "",
                    note ? note : "");
}
