/* SPDX-License-Identifier: Apache-2.0
 *
 * Our side of tests/peers/run-service: reads specs as JSON, one in a line, and answers each with
 * {"operator": the IstioOperator, "services": [...]}, or {"refused": the diagnostics}.
 */
#include "glm/codec.h"
#include "glm/mesh.h"
#include "glm/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ARENA_LIMIT ((size_t)4 << 30)
#define CLUSTER "east"

static const struct glm_value *attributes(struct glm_arena *arena, const char *spec)
{
    const struct glm_value *v = glm_with_path(arena, &glm_empty_map, &glm_true, "edges", "clusters",
                                              CLUSTER, "active_gateway", NULL);
    v = glm_with_path(arena, v, glm_string(arena, spec), "edges", "istio_operator_spec", NULL);
    v = glm_with_path(arena, v, glm_string(arena, "1-22"), "edges", "gateway_revision", NULL);
    return glm_with(arena, glm_with(arena, &glm_empty_map, "name", glm_string(arena, "resource")),
                    "installations", v);
}

static const struct glm_value *refused(struct glm_arena *arena, const struct glm_diags *d)
{
    struct glm_text text;
    glm_text_init(&text, arena, (size_t)1 << 20);
    for (const struct glm_diag *one = d->first; one; one = one->next)
        if (one->severity == GLM_ERROR)
            glm_text_addf(&text, "%s: %s\n", one->summary, one->detail);
    return glm_with(arena, &glm_empty_map, "refused", glm_string(arena, text.data));
}

static const struct glm_value *answer(struct glm_arena *arena, const char *spec)
{
    static const struct glm_cluster_config cluster = {
        .name = CLUSTER, .place = GLM_PLACE_DIRECTORY, .operator_namespace = "istio-system"};
    const struct glm_mesh_config config = {
        .known = true, .clusters = &cluster, .cluster_count = 1, .default_distribution = &glm_null};
    struct glm_manager *manager;
    struct glm_rendering *rendering;
    struct glm_diags d;
    struct glm_list_builder services;
    glm_diags_init(&d, arena);
    if (!glm_manager_read(arena, attributes(arena, spec), &config, false, &manager, &d))
        return refused(arena, &d);
    const struct glm_installation *in = &manager->installations[0];
    if (!glm_translate(arena, manager, in, &in->placements[0], &config, &rendering, &d))
        return refused(arena, &d);
    glm_list_init(&services, arena);
    for (size_t i = 0; i < rendering->service_count; i++)
        glm_list_add(&services, rendering->services[i].object);
    return glm_with(arena, glm_with(arena, &glm_empty_map, "operator", rendering->istio_operator),
                    "services", glm_list_finish(&services));
}

int main(void)
{
    char *line = NULL;
    size_t capacity = 0;
    while (getline(&line, &capacity, stdin) > 0) {
        struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create(ARENA_LIMIT);
        printf("%s\n", glm_json_text(arena, answer(arena, line)));
    }
    free(line);
    return 0;
}
