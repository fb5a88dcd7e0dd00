/* SPDX-License-Identifier: Apache-2.0
 *
 * Leaves: each value that is no map of fields, by the kind of its field.
 */
#include "leaf.h"

#include <strings.h>

static void check_bool(const struct glm_spec_leaf *l)
{
    const struct glm_value *v = l->v;
    static const char *const truths[] = {"true", "yes", "on", "y", "1"};
    static const char *const lies[] = {"false", "no", "off", "n", "0"};
    const char *remedy = "";
    if (v->kind == GLM_BOOL)
        return;
    for (size_t i = 0; v->kind == GLM_STRING && i < sizeof truths / sizeof *truths; i++) {
        if (strcasecmp(v->as.text, truths[i]) == 0)
            remedy = i == 0 ? " Remove the quotes." : " Write true.";
        else if (strcasecmp(v->as.text, lies[i]) == 0)
            remedy = i == 0 ? " Remove the quotes." : " Write false.";
    }
    spec_leaf_wrong_type(l, "true or false", remedy);
}

void spec_check_leaf(struct glm_spec_walk *w, const struct glm_spec_field *field,
                     enum glm_spec_decoder decoder, const struct glm_value *v,
                     const struct glm_path *where, bool element)
{
    const struct glm_spec_leaf leaf = {w,     field,  &glm_spec_limits[field->limit], decoder, v,
                                       where, element};
    switch ((enum glm_spec_kind)field->kind) {
    case GLM_SPEC_STRING:
        spec_leaf_string(&leaf);
        break;
    case GLM_SPEC_BOOL:
        check_bool(&leaf);
        break;
    case GLM_SPEC_INT32:
    case GLM_SPEC_UINT32:
    case GLM_SPEC_INT64:
    case GLM_SPEC_UINT64:
        spec_leaf_number(&leaf);
        break;
    case GLM_SPEC_DOUBLE:
        spec_leaf_double(&leaf);
        break;
    case GLM_SPEC_INT_OR_STRING:
        spec_leaf_int_or_string(&leaf);
        break;
    case GLM_SPEC_QUANTITY:
        spec_leaf_quantity(&leaf);
        break;
    case GLM_SPEC_DURATION:
        spec_leaf_duration(&leaf);
        break;
    case GLM_SPEC_BYTES:
    case GLM_SPEC_TIME:
        spec_leaf_encoded(&leaf);
        break;
    case GLM_SPEC_ENUM:
        spec_leaf_enum(&leaf);
        break;
    case GLM_SPEC_FREE:
    case GLM_SPEC_OBJECT:
        if (!glm_is_map(v))
            spec_wrong_shape(w, field, "a map", v, where);
        else
            spec_check_labels(w, field, v, where);
        break;
    case GLM_SPEC_ANY:
    default:
        break;
    }
}
