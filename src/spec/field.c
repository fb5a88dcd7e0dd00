/* SPDX-License-Identifier: Apache-2.0
 *
 * Fields: the row of a type that has a name, in a minor.
 *
 * Time:   a binary search.
 */
#include "internal.h"

#include <string.h>

bool spec_has(const struct glm_spec_field *field, unsigned minor)
{
    return minor >= field->since && (field->until == 0 || minor <= field->until);
}

const struct glm_spec_field *spec_first_row(const struct glm_spec_type *type, const char *name)
{
    size_t low = 0, high = type->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (glm_name_order(type->fields[middle].name, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    bool found = low < type->count && strcmp(type->fields[low].name, name) == 0;
    return found ? &type->fields[low] : NULL;
}

const struct glm_spec_field *spec_next_row(const struct glm_spec_type *type,
                                           const struct glm_spec_field *row)
{
    const struct glm_spec_field *next = row + 1;
    bool same = next < type->fields + type->count && strcmp(next->name, row->name) == 0;
    return same ? next : NULL;
}

const struct glm_spec_field *glm_spec_field(const struct glm_spec_type *type, const char *name,
                                            unsigned minor)
{
    for (const struct glm_spec_field *row = spec_first_row(type, name); row;
         row = spec_next_row(type, row))
        if (spec_has(row, minor))
            return row;
    return NULL;
}
