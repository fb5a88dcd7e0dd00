/* SPDX-License-Identifier: Apache-2.0
 *
 * Import, as Terraform calls it: with a name, and with nothing that says how long it may take.
 */
#define DISPATCH_REAL_TYPES
#include "dispatch_call.h"

#include "../../provider/state.h"
#include "fake_cluster.h"

#define MINUTES(n) ((int64_t)(n)*60 * 1000)

/* The provider gets one live cluster, which the test has to destroy. */
static struct glm_cluster *configure(void)
{
    struct glm_arena *arena = glm_arena_create((size_t)1 << 20);
    struct glm_estate *estate = GLM_NEW(arena, struct glm_estate);
    struct glm_cluster **clusters = GLM_NEW_ARRAY(arena, 1, struct glm_cluster *);
    struct glm_cluster_config *configs = GLM_NEW_ARRAY(arena, 1, struct glm_cluster_config);
    clusters[0] = glm_fake_create_live("east");
    configs[0] = (struct glm_cluster_config){
        .name = "east", .place = GLM_PLACE_LIVE, .operator_namespace = "n"};
    *estate = (struct glm_estate){
        .installers = glm_test_installers(),
        .mesh = {.known = true,
                 .operator_namespace = "istio-system",
                 .clusters = configs,
                 .cluster_count = 1,
                 .default_distribution = &glm_null},
        .clusters = clusters,
        .max_parallel = 1,
    };
    glm_provider_set_estate(provider, arena, estate);
    return clusters[0];
}

static void an_import_has_the_time_that_a_read_has_by_default(void **state)
{
    struct glm_cluster *cluster = configure();
    Tfplugin6__ImportResourceState__Request request =
        TFPLUGIN6__IMPORT_RESOURCE_STATE__REQUEST__INIT;
    char type_name[] = "glm_gateway_lifecycle_manager", id[] = "gloo-mesh/ingress";
    request.type_name = type_name;
    request.id = id;
    const Tfplugin6__ImportResourceState__Response *response =
        call(*state, "ImportResourceState", &request.base,
             &tfplugin6__import_resource_state__response__descriptor);
    assert_int_equal(response->n_diagnostics, 1);
    assert_string_equal(response->diagnostics[0]->summary, "Nothing to import");
    assert_in_range(glm_fake_listed_within(cluster), MINUTES(1), MINUTES(2));
    cluster->ops->destroy(cluster);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_import_has_the_time_that_a_read_has_by_default, setup,
                                        teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
