/* SPDX-License-Identifier: Apache-2.0
 *
 * Owners: which field manager owns what of an object, as the API server keeps it in metadata.managedFields.
 *
 * Source: Kubernetes' server-side apply; FieldsV1 has "f:NAME" for each field.
 */
#include "direct.h"

#include "glm/look.h"
#include "glm/text.h"

#include <string.h>

static const struct glm_value *managers_of(const struct glm_value *live)
{
    return glm_get_path(live, "metadata", "managedFields", NULL);
}

static bool is_of(const struct glm_value *entry, const char *manager)
{
    return glm_string_is(glm_get(entry, "manager"), manager);
}

/* True when a manager has the field spec.replicas. */
static bool has_replicas(const struct glm_value *entry)
{
    return glm_has(glm_get_path(entry, "fieldsV1", "f:spec", NULL), "f:replicas");
}

bool direct_applies(const struct glm_value *live, const char *manager)
{
    const struct glm_value *all = managers_of(live);
    for (size_t i = 0; i < glm_live_count(all); i++) {
        const struct glm_value *entry = glm_at(all, i);
        const struct glm_value *fields = glm_get(entry, "fieldsV1");
        if (is_of(entry, manager) && glm_string_is(glm_get(entry, "operation"), "Apply") &&
            glm_is_map(fields) && fields->len > 0)
            return true;
    }
    return false;
}

bool direct_owns_replicas(const struct glm_value *live, const char *manager)
{
    const struct glm_value *all = managers_of(live);
    for (size_t i = 0; i < glm_live_count(all); i++)
        if (is_of(glm_at(all, i), manager) && has_replicas(glm_at(all, i)))
            return true;
    return false;
}
