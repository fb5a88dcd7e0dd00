/* SPDX-License-Identifier: Apache-2.0
 *
 * What a provider's configuration comes to for the mesh.
 */
#include "../../provider/state.h"
#include "test.h"

#include <string.h>

static void expect(struct glm_arena *arena, const struct glm_value *config, const char *own,
                   const char *clusters)
{
    const struct glm_surroundings around = {.user_agent = "test"};
    const struct glm_mesh_config *mesh = &glm_estate_from_config(arena, config, &around)->mesh;
    assert_true(own ? mesh->operator_namespace && strcmp(mesh->operator_namespace, own) == 0
                    : !mesh->operator_namespace);
    for (size_t i = 0; i < mesh->cluster_count; i++) {
        const char *found = mesh->clusters[i].operator_namespace;
        assert_true(clusters ? found && strcmp(found, clusters) == 0 : !found);
    }
}

static void the_operator_namespace_is_that_of_clusters_without_one_and_of_nobody(void **state)
{
    struct glm_arena *a = *state;
    const struct glm_value *plain = glm_test_value(a, "{'clusters': {'east': {}, 'west': {}}}");
    const struct glm_value *with =
        glm_with(a, plain, "operator_namespace", glm_string(a, "iop-{revision}"));
    const struct glm_value *unknown = glm_with(a, plain, "operator_namespace", &glm_unknown);
    const struct glm_value *entries = glm_test_value(
        a, "{'east': {'operator_namespace': 'of-one'}, 'west': {'operator_namespace': 'of-one'}}");
    expect(a, plain, "istio-system", "istio-system");
    expect(a, with, "iop-{revision}", "iop-{revision}");
    expect(a, unknown, NULL, NULL);
    expect(a, glm_with(a, with, "clusters", entries), "iop-{revision}", "of-one");
    expect(a, glm_with(a, unknown, "clusters", entries), NULL, "of-one");
    expect(a, glm_with(a, with, "clusters", &glm_unknown), "iop-{revision}", NULL);
    expect(a, &glm_unknown, NULL, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            the_operator_namespace_is_that_of_clusters_without_one_and_of_nobody,
            glm_test_arena_setup, glm_test_arena_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
