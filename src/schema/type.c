/* SPDX-License-Identifier: Apache-2.0
 *
 * Schema walker: lookup, and the object type of a table of attributes.
 *
 * Owner:  types live in the arena; names are those of the table.
 * Errors: none.
 */
#include "glm/schema.h"

#include <stdlib.h>
#include <string.h>

const struct glm_attr *glm_schema_attr(const struct glm_attr *attrs, const char *name)
{
    for (; attrs->name; attrs++)
        if (!strcmp(attrs->name, name))
            return attrs;
    return NULL;
}

static int compare_fields(const void *a, const void *b)
{
    return strcmp(((const struct glm_field *)a)->name, ((const struct glm_field *)b)->name);
}

static const struct glm_type *wrap(struct glm_arena *arena, enum glm_type_kind kind,
                                   const struct glm_type *element)
{
    struct glm_type *type = GLM_NEW(arena, struct glm_type);
    type->kind = kind;
    type->element = element;
    return type;
}

static const struct glm_type *attr_type(struct glm_arena *arena, const struct glm_attr *attr)
{
    if (attr->nesting == GLM_NEST_NONE)
        return attr->type;
    const struct glm_type *object = glm_schema_type(arena, attr->nested);
    if (attr->nesting == GLM_NEST_LIST)
        return wrap(arena, GLM_TYPE_LIST, object);
    return attr->nesting == GLM_NEST_MAP ? wrap(arena, GLM_TYPE_MAP, object) : object;
}

const struct glm_type *glm_schema_type(struct glm_arena *arena, const struct glm_attr *attrs)
{
    size_t count = 0;
    while (attrs[count].name)
        count++;
    struct glm_field *fields = GLM_NEW_ARRAY(arena, count, struct glm_field);
    for (size_t i = 0; i < count; i++)
        fields[i] = (struct glm_field){attrs[i].name, attr_type(arena, &attrs[i])};
    qsort(fields, count, sizeof *fields, compare_fields);
    struct glm_type *type = GLM_NEW(arena, struct glm_type);
    type->kind = GLM_TYPE_OBJECT;
    type->fields = fields;
    type->len = count;
    return type;
}
