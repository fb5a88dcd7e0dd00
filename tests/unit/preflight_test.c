/* SPDX-License-Identifier: Apache-2.0
 *
 * Versions of gateways against those of control planes, in a fake of a live cluster on which nobody acts,
 * as the installer "istio_operator" sees them.
 */
#include "upgrade_case.h"

#include <string.h>

static void a_gateway_newer_than_its_control_plane_is_not_installed(void **state)
{
    struct world *w = new_world(*state);
    put_istiod(w, "1.23.6-distroless");
    apply(w, NULL, attributes(w, "1.24.1", false));
    glm_assert_error(&w->d, AT, "would run \"1.24.1\"");
    glm_assert_error(&w->d, AT, "runs \"1.23.6-distroless\"");
    assert_string_equal(tag_in_cluster(w), "none");
    end_world(w);
}

/* Of an image whose tag says nothing, or something else. */
static void the_version_that_is_said_counts(void **state)
{
    struct world *w = new_world(*state);
    put_istiod(w, "1.23.6");
    const struct glm_value *said = glm_string(w->arena, "1.24");
    apply(w, NULL,
          glm_with_path(w->arena, attributes(w, "nightly", false), said, "installations", "1-24",
                        "istio_version", NULL));
    glm_assert_error(&w->d, AT, "would run \"1.24\"");
    end_world(w);
}

static void a_newer_patch_version_than_the_control_planes_is_installed(void **state)
{
    struct world *w = new_world(*state);
    put_istiod(w, "1.24.0");
    apply(w, NULL, attributes(w, "1.24.7", false));
    assert_int_equal(w->d.errors, 0);
    assert_string_equal(tag_in_cluster(w), "1.24.7");
    end_world(w);
}

static void a_gateway_far_older_than_its_control_plane_is_installed_with_a_warning(void **state)
{
    struct world *w = new_world(*state);
    put_istiod(w, "1.25.1");
    apply(w, NULL, attributes(w, "1.24.1", false));
    assert_int_equal(w->d.warnings, 0);
    w->east->ops->destroy(w->east);
    w->east = w->clusters[0] = glm_fake_create_live("east");
    put_istiod(w, "1.26.0");
    apply(w, NULL, attributes(w, "1.24.1", false));
    glm_assert_warning(&w->d, AT, "far older");
    assert_int_equal(w->d.errors, 0);
    assert_string_equal(tag_in_cluster(w), "1.24.1");
    end_world(w);
}

static void a_forced_upgrade_past_the_control_plane_only_warns(void **state)
{
    struct world *w = new_world(*state);
    put_istiod(w, "1.24.1");
    struct glm_change made = apply(w, NULL, attributes(w, "1.24.1", false));
    assert_int_equal(w->d.errors, 0);
    apply(w, &made, attributes(w, "1.25.0", true));
    glm_assert_warning(&w->d, AT, "newer than its control plane");
    assert_int_equal(w->d.errors, 0);
    assert_string_equal(tag_in_cluster(w), "1.25.0");
    end_world(w);
}

/* It may run outside of the cluster, where nobody can see it. */
static void a_cluster_in_which_no_operator_can_be_seen_is_installed_into(void **state)
{
    struct world *w = new_world(*state);
    put_istiod(w, "1.24.1");
    apply(w, NULL, attributes(w, "1.24.1", false));
    assert_int_equal(w->d.errors, 0);
    assert_string_equal(tag_in_cluster(w), "1.24.1");
    end_world(w);
}

/* Whatever it is called. */
static void an_operator_of_another_name_that_takes_nothing_up_is_named(void **state)
{
    struct world *w = new_world(*state);
    put_istiod(w, "1.24.1");
    put_operator(w, "pluma", "other");
    apply(w, NULL, attributes(w, "1.24.1", false));
    glm_assert_error(&w->d, AT, "istio-operator/pluma takes revision other");
    assert_string_equal(tag_in_cluster(w), "none");
    end_world(w);
}

int main(void)
{
#define TEST(name)                                                                                 \
    cmocka_unit_test_setup_teardown(name, glm_test_arena_setup, glm_test_arena_teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_gateway_newer_than_its_control_plane_is_not_installed),
        TEST(the_version_that_is_said_counts),
        TEST(a_newer_patch_version_than_the_control_planes_is_installed),
        TEST(a_gateway_far_older_than_its_control_plane_is_installed_with_a_warning),
        TEST(a_forced_upgrade_past_the_control_plane_only_warns),
        TEST(a_cluster_in_which_no_operator_can_be_seen_is_installed_into),
        TEST(an_operator_of_another_name_that_takes_nothing_up_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
