/* SPDX-License-Identifier: Apache-2.0
 *
 * The estate that the provider makes of its configuration: who installs into which cluster.
 */
#include "test.h"

#include "checks.h"
#include "glm/lifecycle.h"
#include "installers.h"
#include "state.h"

static const struct glm_estate *estate_of(struct glm_arena *arena, const char *config)
{
    const struct glm_surroundings nobody = {0};
    return glm_estate_from_config(arena, glm_test_value(arena, config), &nobody);
}

static const char *installer_of(const struct glm_estate *estate, const char *cluster)
{
    const struct glm_cluster_config *config = glm_mesh_cluster(&estate->mesh, cluster);
    assert_non_null(config);
    return config->installer;
}

static void a_cluster_has_its_own_installer_else_the_providers(void **state)
{
    const struct glm_estate *estate =
        estate_of(*state, "{'installer': 'gloo', 'clusters': {"
                          "'own': {'directory': 'a', 'installer': 'istio_operator'},"
                          "'files': {'directory': 'b', 'installer': 'directory'},"
                          "'other': {'directory': 'c'}}}");
    assert_ptr_equal(estate->installers, glm_provider_installers);
    assert_string_equal(installer_of(estate, "own"), "istio_operator");
    assert_string_equal(installer_of(estate, "other"), "gloo");
    assert_null(installer_of(estate, "files"));
}

static void without_a_word_it_is_the_default(void **state)
{
    const struct glm_estate *estate =
        estate_of(*state, "{'clusters': {'east': {'directory': 'a'}}}");
    assert_null(installer_of(estate, "east"));
    assert_ptr_equal(glm_installer_find(estate->installers, NULL), glm_provider_installers[0]);
}

/* A new one is a line in the list, and nothing else in the provider. */
static void every_installer_of_the_list_may_be_named_and_none_twice(void **state)
{
    const char *const *words;
    size_t count = glm_provider_installer_words(*state, &words);
    struct glm_diags d;
    glm_diags_init(&d, *state);
    for (size_t i = 0; glm_provider_installers[i]; i++) {
        assert_string_equal(words[i], glm_provider_installers[i]->name);
        assert_true(
            glm_check_installer(*state, glm_string(*state, words[i]), GLM_AT_ATTR(NULL, "x"), &d));
    }
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(words[i], words[k]);
    assert_false(
        glm_check_installer(*state, glm_string(*state, "helm"), GLM_AT_ATTR(NULL, "x"), &d));
    glm_assert_error(&d, "x", glm_provider_installers[0]->name);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cluster_has_its_own_installer_else_the_providers),
        cmocka_unit_test(without_a_word_it_is_the_default),
        cmocka_unit_test(every_installer_of_the_list_may_be_named_and_none_twice),
    };
    return cmocka_run_group_tests(tests, glm_test_arena_setup, glm_test_arena_teardown);
}
