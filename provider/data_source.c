/* SPDX-License-Identifier: Apache-2.0
 *
 * The data source glm_gateway_lifecycle_manager: what is there, whoever made it.
 */
#include "data_sources.h"
#include "schemas.h"
#include "timeouts.h"

#include "glm/codec.h"

#include <string.h>

static void validate(struct glm_call *call, const struct glm_value *config)
{
    glm_schema_check(call->arena, glm_data_source_schema.attrs, config, NULL, &call->diags);
}

/* The spec as it is deployed, from the object shown. */
static const struct glm_value *observed_operator(struct glm_arena *arena,
                                                 const struct glm_value *shown)
{
    struct glm_diags ignored;
    glm_diags_init(&ignored, arena);
    const struct glm_value *object = &glm_null;
    if (glm_is_string(shown))
        glm_json_decode(arena, shown->as.text, shown->len, "object", NULL, &object, &ignored);
    const struct glm_value *spec = glm_get(object, "spec");
    return glm_is_null(spec) ? &glm_null : glm_string(arena, glm_json_text(arena, spec));
}

static const struct glm_value *status_of(struct glm_arena *arena, const struct glm_change *change)
{
    const struct glm_value *found = change->result;
    const struct glm_value *clusters = glm_get_path(found, "status", "clusters", NULL);
    struct glm_map_builder all;
    glm_map_init(&all, arena);
    for (size_t i = 0; glm_is_map(clusters) && i < clusters->len; i++) {
        const char *cluster = clusters->as.map[i].key;
        const struct glm_value *installations = glm_get(clusters->as.map[i].value, "installations");
        struct glm_map_builder b;
        glm_map_init(&b, arena);
        for (size_t r = 0; glm_is_map(installations) && r < installations->len; r++) {
            const char *key = installations->as.map[r].key;
            const struct glm_value *shown = glm_get_path(change->documents, cluster, key, NULL);
            glm_map_append(&b, key, 0, 0,
                           glm_with(arena, installations->as.map[r].value, "observed_operator",
                                    observed_operator(arena, shown)));
        }
        glm_map_append(&all, cluster, 0, 0,
                       glm_with(arena, &glm_empty_map, "installations", glm_map_finish(&b, NULL)));
    }
    return glm_with(arena, &glm_empty_map, "clusters", glm_map_finish(&all, NULL));
}

static const struct glm_value *read(struct glm_call *call, const struct glm_value *config)
{
    const struct glm_value *attributes =
        glm_schema_defaults(call->arena, glm_data_source_schema.attrs, config);
    const char *name = glm_string_or(glm_get(attributes, "name"), "");
    const char *namespace_ = glm_string_or(glm_get(attributes, "namespace"), "");
    const struct glm_estate *estate = glm_data_source_estate(call, glm_get(attributes, "clusters"));
    if (!estate)
        return NULL;
    call->of = glm_manager_label(call->arena, attributes);
    struct glm_change change = {
        .prior = &glm_null, .record = &glm_null, .timeout_ms = glm_timeout_of(attributes, "read")};
    if (!glm_lifecycle_find(call->arena, estate, name, namespace_, glm_get(attributes, "clusters"),
                            &change, &call->diags))
        return NULL;
    if (glm_is_null(change.result)) {
        glm_error(&call->diags, GLM_AT_ATTR(NULL, "name"), "Nothing found",
                  "No cluster that was asked has any %s made for %s/%s, nor one of that name that "
                  "nobody owns.",
                  glm_installer_finds(call->arena, estate->installers), namespace_, name);
        return NULL;
    }
    struct glm_map_builder b;
    glm_map_init_from(&b, call->arena, attributes);
    glm_map_set(&b, "id", glm_get(change.result, "id"));
    glm_map_set(&b, "installations", glm_get(change.result, "installations"));
    glm_map_set(&b, "status", status_of(call->arena, &change));
    return glm_map_finish(&b, NULL);
}

const struct glm_data_source_type glm_data_source_gateway_lifecycle_manager = {
    .schema = &glm_data_source_schema,
    .validate = validate,
    .read = read,
};
