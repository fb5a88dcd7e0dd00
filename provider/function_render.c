/* SPDX-License-Identifier: Apache-2.0
 *
 * Function istio_operators: what each cluster would get, without a provider configuration.
 */
#include "manifest.h"

#include "glm/codec.h"
#include "glm/mesh.h"

#include <stdlib.h>
#include <string.h>

#define OPERATOR_NAMESPACE "istio-system"

static int compare_clusters(const void *a, const void *b)
{
    return strcmp(((const struct glm_cluster_config *)a)->name,
                  ((const struct glm_cluster_config *)b)->name);
}

/* Every cluster is taken for a directory: nothing is asked of it. */
static bool read_clusters(struct glm_arena *arena, const struct glm_value *names,
                          struct glm_mesh_config *ret_config, struct glm_diags *d)
{
    bool ok = true;
    struct glm_cluster_config *clusters =
        GLM_NEW_ARRAY(arena, names->len, struct glm_cluster_config);
    for (size_t i = 0; i < names->len; i++) {
        const struct glm_path *at = GLM_AT_INDEX(GLM_AT_INDEX(NULL, 1), i);
        const struct glm_value *name = glm_at(names, i);
        ok &= glm_check_dns_label(arena, name, at, d);
        for (size_t j = 0; j < i; j++)
            if (strcmp(clusters[j].name, glm_string_or(name, "")) == 0)
                ok = glm_error(d, at, "Same cluster twice", "\"%s\" is in the list already.",
                               clusters[j].name);
        clusters[i] = (struct glm_cluster_config){
            .name = glm_string_or(name, ""),
            .place = GLM_PLACE_DIRECTORY,
            .operator_namespace = OPERATOR_NAMESPACE,
        };
    }
    qsort(clusters, names->len, sizeof *clusters, compare_clusters);
    *ret_config = (struct glm_mesh_config){
        .known = true,
        .clusters = clusters,
        .cluster_count = names->len,
        .default_distribution = &glm_null,
    };
    return ok;
}

static bool render_cluster(struct glm_arena *arena, const struct glm_manager *manager,
                           const struct glm_mesh_config *config, const char *cluster,
                           const struct glm_value **ret_operators, struct glm_diags *d)
{
    bool ok = true;
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    for (size_t i = 0; i < manager->installation_count; i++) {
        const struct glm_installation *installation = &manager->installations[i];
        for (size_t p = 0; p < installation->placement_count; p++) {
            struct glm_rendering *rendering;
            if (strcmp(installation->placements[p].cluster, cluster) != 0)
                continue;
            if (!glm_translate(arena, manager, installation, &installation->placements[p], config,
                               &rendering, d)) {
                ok = false;
                continue;
            }
            glm_map_set(&b, glm_revision_key(rendering->revision),
                        glm_string(arena, glm_json_text(arena, rendering->istio_operator)));
        }
    }
    *ret_operators = glm_map_finish(&b, NULL);
    return ok;
}

/* NULL after an error. */
static const struct glm_value *render(struct glm_arena *arena, const struct glm_value *object,
                                      const struct glm_mesh_config *config, struct glm_diags *d)
{
    const struct glm_value *attributes;
    struct glm_manager *manager;
    if (!glm_schema_convert(arena, glm_resource_schema.attrs, object, NULL, &attributes, d) ||
        !glm_manager_read(arena, glm_schema_defaults(arena, glm_resource_schema.attrs, attributes),
                          config, false, &manager, d))
        return NULL;
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    for (size_t i = 0; i < config->cluster_count; i++) {
        const struct glm_value *operators;
        if (render_cluster(arena, manager, config, config->clusters[i].name, &operators, d))
            glm_map_set(&b, config->clusters[i].name, operators);
    }
    return d->errors > 0 ? NULL : glm_map_finish(&b, NULL);
}

static const struct glm_value *run(struct glm_call *call, const struct glm_value *arguments)
{
    struct glm_mesh_config config;
    struct glm_diags found;
    glm_diags_init(&found, call->arena);
    if (!read_clusters(call->arena, glm_at(arguments, 1), &config, &call->diags))
        return NULL;
    const struct glm_value *result = render(call->arena, glm_at(arguments, 0), &config, &found);
    glm_manifest_report(call, 0, &found);
    return result;
}

static const struct glm_parameter parameters[] = {
    {"object", &glm_type_dynamic,
     "A resource `glm_gateway_lifecycle_manager`, the result of `manifest_decode`, or an object "
     "with `name` and `installations`; optional attributes may be left out."},
    {"clusters", &glm_type_list_of_string,
     "The names of all clusters there are. An installation that names another is an error."},
    {.name = NULL},
};

const struct glm_function_type glm_function_istio_operators = {
    .name = "istio_operators",
    .parameters = parameters,
    .result = &glm_type_map_of_map_of_string,
    .summary = "Renders the IstioOperators that each cluster would get, offline.",
    .doc = "The result is that of the resource's attribute `istio_operators`: IstioOperators as "
           "JSON, by cluster and revision (`default` when it has none). No cluster and no "
           "provider configuration is needed, so it suits tests and reviews; the IstioOperators "
           "are in the namespace `istio-system`, and the revision `auto` is refused because "
           "nothing says what it stands for. All the checks of the resource apply.",
    .run = run,
};
