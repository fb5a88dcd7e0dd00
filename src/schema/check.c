/* SPDX-License-Identifier: Apache-2.0
 *
 * Schema walker: runs the checks of a table on what is known of a configuration.
 *
 * What:   every check of every attribute runs, so that all mistakes show at once. What is null or
 *         unknown is passed over: Terraform itself asks for what is required.
 * Errors: those of the checks; elements that are null where an object is wanted.
 */
#include "glm/schema.h"

static bool check_element(struct glm_arena *arena, const struct glm_attr *attr,
                          const struct glm_value *element, const struct glm_path *at,
                          struct glm_diags *d)
{
    if (glm_is_null(element))
        return glm_error(d, at, "Element without a value",
                         "This element of %s is null, which does not leave it out. %s", attr->name,
                         attr->nesting == GLM_NEST_MAP
                             ? "Give it its attributes, {} for the defaults, or leave it out of "
                               "the map: { for k, v in ... : k => v if v != null }."
                             : "Give it its attributes, or leave it out of the list: [for v in "
                               "... : v if v != null].");
    return glm_schema_check(arena, attr->nested, element, at, d);
}

static bool check_map(struct glm_arena *arena, const struct glm_attr *attr,
                      const struct glm_value *map, const struct glm_path *at, struct glm_diags *d)
{
    bool ok = true;
    for (size_t i = 0; glm_is_map(map) && i < map->len; i++) {
        const struct glm_pair *pair = &map->as.map[i];
        const struct glm_path *here = GLM_AT_KEY(at, pair->key);
        if (attr->check_key)
            ok &= attr->check_key(arena, glm_string(arena, pair->key), here, d);
        ok &= check_element(arena, attr, pair->value, here, d);
    }
    return ok;
}

static bool check_attr(struct glm_arena *arena, const struct glm_attr *attr,
                       const struct glm_value *v, const struct glm_path *at, struct glm_diags *d)
{
    if (glm_is_null(v) || glm_is_unknown(v))
        return true;
    bool ok = !attr->check || attr->check(arena, v, at, d);
    switch (attr->nesting) {
    case GLM_NEST_NONE:
        break;
    case GLM_NEST_SINGLE:
        ok &= glm_schema_check(arena, attr->nested, v, at, d);
        break;
    case GLM_NEST_LIST:
        for (size_t i = 0; glm_is_list(v) && i < v->len; i++)
            ok &= check_element(arena, attr, v->as.list[i], GLM_AT_INDEX(at, i), d);
        break;
    case GLM_NEST_MAP:
        ok &= check_map(arena, attr, v, at, d);
        break;
    }
    return ok;
}

bool glm_schema_check(struct glm_arena *arena, const struct glm_attr *attrs,
                      const struct glm_value *config, const struct glm_path *at,
                      struct glm_diags *d)
{
    bool ok = true;
    if (!glm_is_map(config))
        return true;
    for (; attrs->name; attrs++)
        ok &=
            check_attr(arena, attrs, glm_get(config, attrs->name), GLM_AT_ATTR(at, attrs->name), d);
    return ok;
}
