/* SPDX-License-Identifier: Apache-2.0
 *
 * The memory of specs: the same text gives the same spec again, and nothing is kept that says
 * something, or that is large.
 */
#include "spec_memory.h"
#include "mesh_case.h"
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

/* Of two uses only the first is remembered: the rules hold in every other one. */
static void rules_hold_in_each_use_of_what_is_remembered(void **state)
{
    static const struct {
        const char *revision, *active, *said;
    } uses[] = {
        {"1-23", "false", ""},
        {"1-23", "true", "selects no pods"},
        {"that-makes-a-name-of-more-than-63-letters-beside-the-gateways", "false", "too long"},
        {"1-23", "false", ""},
    };
    struct glm_mesh_config config = config_of(*state);
    const char *spec = GATEWAY "    k8s: {service: {selector: {app: other}}}\n";
    for (size_t i = 0; i < sizeof uses / sizeof *uses; i++) {
        struct glm_manager *manager;
        struct glm_diags d;
        const struct glm_value *v = glm_test_value(
            *state, glm_sprintf(*state,
                                "{'name': 'edge', 'installations': {'%s': {'clusters': {'east': "
                                "{'active_gateway': %s}}}}}",
                                uses[i].revision, uses[i].active));
        v = glm_with_path(*state, v, glm_string(*state, spec), "installations", uses[i].revision,
                          "istio_operator_spec", NULL);
        glm_diags_init(&d, *state);
        glm_manager_read(*state, v, &config, true, &manager, &d);
        assert_non_null(strstr(glm_test_diags_text(*state, &d), uses[i].said));
        assert_int_equal(d.first == NULL, !*uses[i].said);
    }
}

/* ---- all golden cases, with one memory ---- */

static struct glm_spec_memory *shared;

static const char *said_of(struct glm_arena *arena, const char *folder,
                           struct glm_spec_memory *memory, bool warn)
{
    const struct glm_value *attributes =
        glm_case_yaml(arena, glm_sprintf(arena, "%s/attributes.yaml", folder));
    struct glm_mesh_config config = *glm_case_config(
        arena, glm_case_yaml(arena, glm_sprintf(arena, "%s/provider.yaml", folder)));
    struct glm_manager *manager;
    struct glm_diags d;
    config.memory = memory;
    glm_diags_init(&d, arena);
    glm_manager_read(arena, attributes, &config, warn, &manager, &d);
    return glm_test_diags_text(arena, &d);
}

static void read_it_twice(const char *name)
{
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create((size_t)1 << 30);
    const char *folder = glm_sprintf(arena, "tests/golden/translate/%s", name);
    const char *said = said_of(arena, folder, NULL, true);
    said_of(arena, folder, shared, false);
    assert_string_equal(said_of(arena, folder, shared, true), said);
}

static void what_is_remembered_says_no_less(void **state)
{
    shared = glm_spec_memory_create(*state);
    glm_test_each_folder(*state, "tests/golden/translate", read_it_twice);
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
    struct glm_spec_use quiet;
    for (int i = 0; i < 2000; i++) {
        const struct glm_value *text = glm_stringf(arena, "a: %d", i);
        assert_null(memory->recall(memory, text->as.text, text->len, &quiet));
        quiet = (struct glm_spec_use){.revision = glm_sprintf(arena, "r%d", i),
                                      .control_plane = "1-23"};
        memory->keep(memory, text->as.text, text->len, glm_integer(arena, i), &quiet);
    }
    size_t kept = 0;
    for (int i = 0; i < 2000; i++) {
        const struct glm_value *text = glm_stringf(arena, "a: %d", i);
        const struct glm_value *v = memory->recall(memory, text->as.text, text->len, &quiet);
        kept += v != NULL;
        if (v) {
            glm_assert_value_equal(v, glm_integer(arena, i));
            assert_string_equal(quiet.revision, glm_sprintf(arena, "r%d", i));
        }
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
        T(rules_hold_in_each_use_of_what_is_remembered),
        T(what_is_remembered_says_no_less),
        T(a_whole_object_is_read_each_time),
        T(what_aliases_make_large_is_not_kept),
        T(other_texts_are_not_taken_for_it_and_a_full_memory_takes_no_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
