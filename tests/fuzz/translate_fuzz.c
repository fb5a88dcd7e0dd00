/* SPDX-License-Identifier: Apache-2.0
 *
 * Fuzz target: any bytes as istio_operator_spec, read and translated for two clusters, and for nobody.
 *
 * Holds:  no crash; errors exactly when reading says so; a rendering has a name and a revision,
 *         encodes, comes back from its view and from its encoding; a cluster has nothing of its own
 *         but what its name and its entry say.
 */
#include "glm/codec.h"
#include "glm/difference.h"
#include "glm/mesh.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool ok)
{
    if (!ok)
        abort();
}

static const struct glm_value *attributes(struct glm_arena *arena, const uint8_t *data, size_t size)
{
    const struct glm_value *active = glm_with(arena, &glm_empty_map, "active_gateway", &glm_true);
    const struct glm_value *spec = glm_stringn(arena, (const char *)data, size);
    const struct glm_value *v = glm_with(arena, &glm_empty_map, "name", glm_string(arena, "gw"));
    v = glm_with_path(arena, v, active, "installations", "1-24", "clusters", "east", NULL);
    v = glm_with_path(arena, v, &glm_empty_map, "installations", "1-24", "clusters", "west", NULL);
    return glm_with_path(arena, v, spec, "installations", "1-24", "istio_operator_spec", NULL);
}

static void check_view(struct glm_arena *arena, const struct glm_manager *manager,
                       const struct glm_installation *in, const struct glm_placement *p,
                       struct glm_diags *d)
{
    const char *text;
    const struct glm_value *view;
    require(glm_view_text(arena, manager, in, p, &text, d));
    size_t left = GLM_EXTENT_MAX;
    require(glm_view_read(arena, text, &left, &view));
    require(glm_string_is(glm_get(view, "spec"), glm_json_text(arena, in->spec)));
}

static void check_own(struct glm_arena *arena, const struct glm_rendering *common,
                      const struct glm_rendering *r)
{
    static const char *const paths[] = {"metadata.namespace", "spec.meshConfig.trustDomain",
                                        "spec.values.global.multiCluster.clusterName"};
    const struct glm_value *own =
        glm_differences(arena, common->istio_operator, r->istio_operator, NULL);
    size_t found = 0;
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        found += glm_has(own, paths[i]);
    require(own->len == found);
    require(r->service_count == 0 || r->service_count == common->service_count);
    for (size_t i = 0; i < r->service_count; i++)
        require(glm_equal(r->services[i].object, common->services[i].object));
}

static void check_rendering(struct glm_arena *arena, const struct glm_rendering *r)
{
    struct glm_text text;
    struct glm_diags d;
    const struct glm_value *back = NULL;
    glm_diags_init(&d, arena);
    require(r->services_known && glm_is_wholly_known(r->istio_operator));
    require(glm_string_is(glm_get_path(r->istio_operator, "metadata", "name", NULL), "gw-1-24"));
    require(glm_string_is(glm_get_path(r->istio_operator, "spec", "revision", NULL), "1-24"));
    glm_text_init(&text, arena, SIZE_MAX / 4);
    glm_yaml_encode(r->istio_operator, &text);
    if (text.len < GLM_YAML_MAX_BYTES) {
        require(glm_yaml_decode(arena, text.data, text.len, "rendering", NULL, &back, &d));
        require(glm_equal(back, r->istio_operator));
    }
    for (size_t i = 0; i < r->service_count; i++)
        require(glm_is_string(glm_get_path(r->services[i].object, "metadata", "name", NULL)));
    glm_untranslate(arena, r->cluster, r->istio_operator,
                    r->service_count ? r->services[0].object : NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct glm_cluster_config clusters[] = {
        {.name = "east", .place = GLM_PLACE_DIRECTORY, .operator_namespace = "iop-{revision}"},
        {.name = "west", .place = GLM_PLACE_LIVE, .operator_namespace = "istio-system"},
    };
    const struct glm_mesh_config config = {.known = true,
                                           .clusters = clusters,
                                           .cluster_count = 2,
                                           .operator_namespace = "istio-system",
                                           .default_distribution = &glm_null};
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create((size_t)2 << 30);
    struct glm_manager *manager;
    struct glm_diags d;
    glm_diags_init(&d, arena);
    bool ok = glm_manager_read(arena, attributes(arena, data, size), &config, true, &manager, &d);
    require(ok == (d.errors == 0));
    for (size_t p = 0; ok && p < 2; p++) {
        const struct glm_installation *in = &manager->installations[0];
        struct glm_rendering *rendering, *common;
        require(glm_translate(arena, manager, in, &in->placements[p], &config, &rendering, &d));
        check_rendering(arena, rendering);
        require(glm_translate(arena, manager, in, &glm_nobody, &config, &common, &d));
        check_own(arena, common, rendering);
        check_view(arena, manager, in, &in->placements[p], &d);
    }
    return 0;
}
