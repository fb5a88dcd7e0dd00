/* SPDX-License-Identifier: Apache-2.0
 *
 * Function istio_operators: what each cluster would get, without a provider configuration.
 */
#include "manifest.h"

#include "glm/chart_values.h"
#include "glm/codec.h"
#include "glm/mesh.h"

#include <stdlib.h>
#include <string.h>

#define OPERATOR_NAMESPACE "istio-system"

struct named {
    const char *name;
    size_t index; /* in the list that was given */
};

static int compare_named(const void *a, const void *b)
{
    const struct named *x = a, *y = b;
    int order = strcmp(x->name, y->name);
    return order ? order : (x->index > y->index) - (x->index < y->index);
}

/* The names, sorted. */
static bool read_names(struct glm_arena *arena, const struct glm_value *names,
                       const struct named **ret_sorted, struct glm_diags *d)
{
    bool ok = true;
    const struct glm_path *list = GLM_AT_INDEX(NULL, 1);
    struct named *sorted = GLM_NEW_ARRAY(arena, names->len, struct named);
    for (size_t i = 0; i < names->len; i++) {
        ok &= glm_check_dns_label(arena, glm_at(names, i), GLM_AT_INDEX(list, i), d);
        sorted[i] = (struct named){glm_string_or(glm_at(names, i), ""), i};
    }
    if (names->len > 1)
        qsort(sorted, names->len, sizeof *sorted, compare_named);
    for (size_t i = 1; i < names->len; i++)
        if (strcmp(sorted[i - 1].name, sorted[i].name) == 0)
            ok = glm_error(d, GLM_AT_INDEX(list, sorted[i].index), "Same cluster twice",
                           "\"%s\" is in the list already.", sorted[i].name);
    *ret_sorted = sorted;
    return ok;
}

/* Every cluster is taken for a directory: nothing is asked of it. */
static bool read_clusters(struct glm_arena *arena, const struct glm_value *names,
                          struct glm_mesh_config *ret_config, struct glm_diags *d)
{
    const struct named *sorted;
    if (!read_names(arena, names, &sorted, d))
        return false;
    struct glm_cluster_config *clusters =
        GLM_NEW_ARRAY(arena, names->len, struct glm_cluster_config);
    for (size_t i = 0; i < names->len; i++)
        clusters[i] = (struct glm_cluster_config){
            .name = sorted[i].name,
            .place = GLM_PLACE_DIRECTORY,
            .operator_namespace = OPERATOR_NAMESPACE,
            .any_installer = true,
        };
    *ret_config = (struct glm_mesh_config){
        .known = true,
        .clusters = clusters,
        .cluster_count = names->len,
        .operator_namespace = OPERATOR_NAMESPACE,
        .default_distribution = &glm_null,
    };
    return true;
}

/* What goes into a cluster, in the order of the installations. */
struct render_placed {
    const struct glm_cluster_config *cluster;
    size_t order;
    const struct glm_installation *installation;
    const struct glm_placement *placement;
};

static int compare_placed(const void *a, const void *b)
{
    const struct render_placed *x = a, *y = b;
    int order = (x->cluster > y->cluster) - (x->cluster < y->cluster);
    return order ? order : (x->order > y->order) - (x->order < y->order);
}

/* By cluster. Those that there are not have been refused. */
static struct render_placed *place(struct glm_arena *arena, const struct glm_manager *manager,
                                   const struct glm_mesh_config *config, size_t *ret_count)
{
    size_t room = 0, count = 0;
    for (size_t i = 0; i < manager->installation_count; i++)
        room += manager->installations[i].placement_count;
    struct render_placed *placed = GLM_NEW_ARRAY(arena, room, struct render_placed);
    for (size_t i = 0; i < manager->installation_count; i++) {
        const struct glm_installation *in = &manager->installations[i];
        for (size_t p = 0; p < in->placement_count; p++) {
            const struct glm_cluster_config *cluster =
                glm_mesh_cluster(config, in->placements[p].cluster);
            if (cluster)
                placed[count] = (struct render_placed){cluster, count, in, &in->placements[p]};
            count += cluster != NULL;
        }
    }
    if (count > 1)
        qsort(placed, count, sizeof *placed, compare_placed);
    *ret_count = count;
    return placed;
}

/* NULL after an error. */
static const struct glm_value *render(struct glm_arena *arena, const struct glm_value *object,
                                      const struct glm_mesh_config *config, struct glm_diags *d)
{
    const struct glm_value *attributes;
    struct glm_manager *manager;
    size_t count, at = 0;
    if (!glm_schema_convert(arena, glm_resource_schema.attrs, object, NULL, &attributes, d) ||
        !glm_manager_read(arena, glm_schema_defaults(arena, glm_resource_schema.attrs, attributes),
                          config, false, &manager, d))
        return NULL;
    for (size_t i = 0; i < manager->installation_count; i++)
        if (manager->installations[i].values_text)
            glm_error(
                d, GLM_AT_ATTR(GLM_AT_INSTALLATION(manager->installations[i].key), GLM_FORM_CHART),
                "No IstioOperator comes of it",
                "installations[\"%s\"] has gateway_chart_values, and an IstioOperator comes "
                "of istio_operator_spec only. `terraform-provider-glm render "
                "--gateway-chart` prints what comes of values.",
                manager->installations[i].key);
    if (d->errors > 0)
        return NULL;
    const struct render_placed *placed = place(arena, manager, config, &count);
    struct glm_map_builder all;
    glm_map_init(&all, arena);
    for (size_t i = 0; i < config->cluster_count; i++) {
        struct glm_map_builder b;
        glm_map_init(&b, arena);
        for (; at < count && placed[at].cluster == &config->clusters[i]; at++) {
            struct glm_rendering *rendering;
            if (glm_translate(arena, manager, placed[at].installation, placed[at].placement, config,
                              &rendering, d))
                glm_map_set(&b, glm_revision_key(rendering->revision),
                            glm_string(arena, glm_json_text(arena, rendering->istio_operator)));
        }
        glm_map_set(&all, config->clusters[i].name, glm_map_finish(&b, NULL));
    }
    return d->errors > 0 ? NULL : glm_map_finish(&all, NULL);
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
    .doc =
        "Whole IstioOperators as JSON, by cluster and revision (`default` when it has none): what "
        "a plan shows once for all clusters, with what is each cluster's own in it. It takes "
        "the resource itself, too. No cluster and no "
        "provider configuration is needed, so it suits tests and reviews; the IstioOperators "
        "are in the namespace `istio-system`, and the revision `auto` is refused because "
        "nothing says what it stands for. All the checks of the resource apply; a spec may be in "
        "the "
        "language of the last operator, Istio 1.23's, or of the version that its tag or "
        "`istio_version` says, for installer `direct`.",
    .run = run,
};
