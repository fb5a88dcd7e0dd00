/* SPDX-License-Identifier: Apache-2.0
 *
 * The walker: a document against the tables.
 *
 * What:   goes down map by map; what is wrong is taken down on the way (findings.c).
 * Depth:  that of the types, and never more than GLM_VALUE_DEPTH.
 * Time:   a binary search for each key; after a limit findings are only counted.
 */
#include "internal.h"

#include <string.h>

static void check_map(struct glm_spec_walk *w, const struct glm_spec_level *level, bool soft,
                      const struct glm_value *map, unsigned depth);

static void check_one(struct glm_spec_walk *w, const struct glm_spec_field *field,
                      const struct glm_spec_level *in, bool soft, const struct glm_value *v,
                      const struct glm_path *where, bool element, unsigned depth)
{
    if (glm_is_null(v) || glm_is_unknown(v))
        return; /* null is as good as absent */
    if (field->kind != GLM_SPEC_OBJECT) {
        spec_check_leaf(w, field, (enum glm_spec_decoder)in->type->decoder, v, where, element);
        return;
    }
    if (!glm_is_map(v)) {
        spec_wrong_shape(w, field, "a map", v, where);
        return;
    }
    const struct glm_spec_level level = {in, &glm_spec_types[field->index], where, v};
    check_map(w, &level, soft, v, depth + 1);
}

static void check_list(struct glm_spec_walk *w, const struct glm_spec_field *field,
                       const struct glm_spec_level *in, bool soft, const struct glm_value *v,
                       const struct glm_path *where, unsigned depth)
{
    if (!glm_is_list(v)) {
        spec_wrong_shape(w, field, "a list", v, where);
        return;
    }
    for (size_t i = 0; i < v->len; i++)
        check_one(w, field, in, soft, v->as.list[i], GLM_AT_INDEX(where, i), true, depth);
    spec_check_twice(w, field, v, where);
}

static void check_entries(struct glm_spec_walk *w, const struct glm_spec_field *field,
                          const struct glm_spec_level *in, bool soft, const struct glm_value *v,
                          const struct glm_path *where, unsigned depth)
{
    if (!glm_is_map(v)) {
        spec_wrong_shape(w, field, "a map", v, where);
        return;
    }
    for (size_t i = 0; i < v->len; i++)
        check_one(w, field, in, soft, v->as.map[i].value, GLM_AT_KEY(where, v->as.map[i].key), true,
                  depth);
    spec_check_labels(w, field, v, where);
}

/* Charts read one spelling where protobuf's decoder takes two. */
static void check_spelling(struct glm_spec_walk *w, const struct glm_spec_field *field,
                           const struct glm_spec_level *level, const struct glm_value *map,
                           const struct glm_pair *pair, const struct glm_path *where)
{
    if (strcmp(field->name, pair->key) == 0)
        return;
    if (glm_has(map, field->name))
        spec_find_error(w, GLM_SPEC_TWICE, pair->line, pair->column, where,
                        "is %s in another spelling, which is there too. Remove one of them.",
                        field->name);
    else if (level->type->decoder == GLM_SPEC_VALUES)
        spec_find_warning(w, pair->line, pair->column, where, NULL,
                          "has no effect: the charts read only %s. Write it that way.",
                          field->name);
}

static void check_field(struct glm_spec_walk *w, const struct glm_spec_field *field,
                        const struct glm_spec_level *level, bool soft, const struct glm_value *v,
                        const struct glm_path *where, unsigned depth)
{
    if (glm_is_null(v) || glm_is_unknown(v) ||
        glm_spec_limits[field->limit].format == GLM_SPEC_DROPPED)
        return;
    switch ((enum glm_spec_shape)field->shape) {
    case GLM_SPEC_LIST:
        check_list(w, field, level, soft, v, where, depth);
        break;
    case GLM_SPEC_MAP:
        check_entries(w, field, level, soft, v, where, depth);
        break;
    case GLM_SPEC_ONE:
    default:
        check_one(w, field, level, soft, v, where, false, depth);
        break;
    }
}

static void check_map(struct glm_spec_walk *w, const struct glm_spec_level *level, bool soft,
                      const struct glm_value *map, unsigned depth)
{
    if (depth > GLM_VALUE_DEPTH)
        return;
    soft |= level->type->soft;
    for (size_t i = 0; i < map->len; i++) {
        const struct glm_pair *pair = &map->as.map[i];
        const struct glm_path *where = GLM_AT_KEY(level->where, pair->key);
        w->decoder = (enum glm_spec_decoder)level->type->decoder; /* maps below have had theirs */
        const struct glm_spec_field *field =
            spec_meant(w->r->arena, level->type, pair->key, w->minor);
        if (!field || (w->r->decoded && glm_spec_limits[field->limit].format == GLM_SPEC_DROPPED)) {
            spec_unknown_key(w, level, soft, pair, where);
            continue;
        }
        check_spelling(w, field, level, map, pair, where);
        if (glm_spec_limits[field->limit].format == GLM_SPEC_REFUSED)
            spec_forsaken(w, field, pair, where);
        else
            check_field(w, field, level, soft, pair->value, where, depth);
    }
    w->decoder = (enum glm_spec_decoder)level->type->decoder;
    spec_check_together(w, level->type, soft, map, level->where);
    spec_check_kubernetes(w, level);
}

bool glm_spec_check(struct glm_spec_report *r, const struct glm_spec_type *type, unsigned minor,
                    const struct glm_value *v, const struct glm_path *where)
{
    struct glm_spec_walk w = {.r = r, .minor = minor, .whole = type != glm_spec_root(minor)};
    const struct glm_spec_level level = {NULL, type, where, v};
    const struct glm_spec_field itself = {.name = type->name, .kind = GLM_SPEC_OBJECT};
    if (glm_is_map(v))
        check_map(&w, &level, false, v, 0);
    else if (!glm_is_null(v) && !glm_is_unknown(v))
        spec_wrong_shape(&w, &itself, "a map", v, where);
    spec_find_end(&w);
    return w.errors == 0;
}
