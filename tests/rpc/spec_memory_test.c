/* SPDX-License-Identifier: Apache-2.0
 *
 * The memory of specs: the same text gives the same spec again, and nothing is kept that says
 * something, or that is large.
 */
#include "spec_memory.h"
#include "test.h"

#include <string.h>

#define GATEWAY                                                                                    \
    "components:\n  ingressGateways:\n  - name: edge\n    enabled: true\n    namespace: gw\n"

static struct glm_mesh_config config_of(struct glm_arena *arena)
{
    static const struct glm_cluster_config east = {
        .name = "east", .place = GLM_PLACE_DIRECTORY, .operator_namespace = "istio-system"};
    return (struct glm_mesh_config){.known = true,
                                    .clusters = &east,
                                    .cluster_count = 1,
                                    .default_distribution = &glm_null,
                                    .memory = glm_spec_memory_create(arena)};
}

static const struct glm_value *attributes_of(struct glm_arena *arena, const char *spec)
{
    const struct glm_value *v = glm_test_value(
        arena, "{'name': 'edge', 'installations': {'1-23': {'clusters': {'east': {}}}}}");
    const struct glm_value *installations = glm_get(v, "installations");
    const struct glm_value *in = glm_with(arena, glm_get(installations, "1-23"),
                                          "istio_operator_spec", glm_string(arena, spec));
    return glm_with(arena, v, "installations", glm_with(arena, installations, "1-23", in));
}

/* Reads the resource as validation does, then as a plan does; the plan's diagnostics. */
static const char *said_by_plan(struct glm_arena *arena, const struct glm_mesh_config *config,
                                const char *spec, const struct glm_installation **ret_installation)
{
    struct glm_manager *manager;
    struct glm_diags d;
    for (int warn = 0; warn < 2; warn++) {
        glm_diags_init(&d, arena);
        glm_manager_read(arena, attributes_of(arena, spec), config, warn, &manager, &d);
    }
    *ret_installation = &manager->installations[0];
    return glm_test_diags_text(arena, &d);
}

static void a_plan_reads_the_spec_that_validation_has_read(void **state)
{
    struct glm_mesh_config config = config_of(*state);
    const struct glm_installation *in;
    said_by_plan(*state, &config, GATEWAY, &in);
    assert_true(in->spec_remembered);
    const struct glm_value *list = glm_get_path(in->spec, "components", "ingressGateways", NULL);
    assert_true(glm_string_is(glm_get(glm_at(list, 0), "name"), "edge"));
    assert_int_equal(glm_get(glm_at(list, 0), "name")->line, 3);
}

static void a_plan_says_what_is_to_be_said_although_validation_has_read_it(void **state)
{
    struct glm_mesh_config config = config_of(*state);
    const struct glm_installation *in;
    const char *warned =
        said_by_plan(*state, &config, "values: {global: {nonsense: 1}}\n" GATEWAY, &in);
    assert_non_null(strstr(warned, "nonsense"));
    assert_false(in->spec_remembered);
    const char *refused = said_by_plan(*state, &config, "profil: empty\n" GATEWAY, &in);
    assert_non_null(strstr(refused, "profil"));
    assert_false(in->spec_remembered);
}

static void rules_hold_for_what_is_remembered(void **state)
{
    struct glm_mesh_config config = config_of(*state);
    const struct glm_installation *in;
    const char *refused = said_by_plan(*state, &config, "hub: $HUB\n" GATEWAY, &in);
    assert_true(in->spec_remembered);
    assert_non_null(strstr(refused, "hub: $HUB"));
}

static void a_whole_object_is_read_each_time(void **state)
{
    struct glm_mesh_config config = config_of(*state);
    const struct glm_installation *in;
    const char *warned = said_by_plan(
        *state, &config,
        "{apiVersion: install.istio.io/v1alpha1, kind: IstioOperator, metadata: {name: x, labels: "
        "{a: b}}, spec: {components: {ingressGateways: [{name: edge, enabled: true}]}}}",
        &in);
    assert_false(in->spec_remembered);
    assert_non_null(strstr(warned, "metadata"));
}

static void what_aliases_make_large_is_not_kept(void **state)
{
    struct glm_mesh_config config = config_of(*state);
    const struct glm_installation *in;
    said_by_plan(*state, &config,
                 "unvalidatedValues:\n  a: &a [x, x, x, x, x, x, x, x, x, x]\n"
                 "  b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]\n"
                 "  c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]\n"
                 "  d: [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c]\n" GATEWAY,
                 &in);
    assert_false(in->spec_remembered);
}

static void other_texts_are_not_taken_for_it_and_a_full_memory_takes_no_more(void **state)
{
    struct glm_arena *arena = *state;
    struct glm_spec_memory *memory = glm_spec_memory_create(arena);
    for (int i = 0; i < 2000; i++) {
        const struct glm_value *text = glm_stringf(arena, "a: %d", i);
        assert_null(memory->recall(memory, text->as.text, text->len));
        memory->keep(memory, text->as.text, text->len, glm_integer(arena, i));
    }
    size_t kept = 0;
    for (int i = 0; i < 2000; i++) {
        const struct glm_value *text = glm_stringf(arena, "a: %d", i);
        const struct glm_value *v = memory->recall(memory, text->as.text, text->len);
        kept += v != NULL;
        if (v)
            glm_assert_value_equal(v, glm_integer(arena, i));
    }
    assert_in_range(kept, 100, 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define T(test) cmocka_unit_test_setup_teardown(test, glm_test_arena_setup, glm_test_arena_teardown)
        T(a_plan_reads_the_spec_that_validation_has_read),
        T(a_plan_says_what_is_to_be_said_although_validation_has_read_it),
        T(rules_hold_for_what_is_remembered),
        T(a_whole_object_is_read_each_time),
        T(what_aliases_make_large_is_not_kept),
        T(other_texts_are_not_taken_for_it_and_a_full_memory_takes_no_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
