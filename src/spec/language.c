/* SPDX-License-Identifier: Apache-2.0
 *
 * Where the tables are entered: the language of a minor, and types by their names.
 */
#include "table.h"

#include <string.h>

const struct glm_spec_type *glm_spec_root(unsigned minor)
{
    if (minor <= GLM_SPEC_OPERATOR)
        return &glm_spec_types[T_operator_IstioOperatorSpec];
    return &glm_spec_types[T_installer_IstioOperatorSpec];
}

/* The operator's types come first in the table and have names of Kubernetes. */
const struct glm_spec_type *glm_spec_type(const char *name, unsigned minor)
{
    for (size_t i = 0; i < glm_spec_type_count; i++) {
        const struct glm_spec_type *type = &glm_spec_types[i];
        bool operators = type->decoder == GLM_SPEC_PROTO;
        if ((minor <= GLM_SPEC_OPERATOR || !operators) && strcmp(type->name, name) == 0)
            return type;
    }
    return NULL;
}
