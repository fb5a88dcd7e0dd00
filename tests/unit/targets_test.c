/* SPDX-License-Identifier: Apache-2.0
 *
 * Which gateways an IstioOperator renders.
 */
#include "glm/observe.h"
#include "test.h"

#include <string.h>

static size_t targets(struct glm_arena *arena, const char *spec, const struct glm_target **ret)
{
    return glm_targets(arena, glm_with(arena, &glm_empty_map, "spec", glm_test_value(arena, spec)),
                       ret);
}

static void targets_are_named_and_placed_as_the_operator_does(void **state)
{
    struct glm_arena *arena = *state;
    const struct glm_target *t;
    assert_int_equal(targets(arena,
                             "{'profile':'empty','namespace':'mesh','tag':'1.23','hub':'h',"
                             "'components':{'ingressGateways':["
                             "{'enabled':true},{'enabled':false,'name':'off'},{'name':'unsaid'},"
                             "{'enabled':true,'name':'a','namespace':'b','tag':1.24,'hub':'g'}],"
                             "'egressGateways':[{'enabled':true}]}}",
                             &t),
                     3);
    assert_string_equal(t[0].name, "istio-ingressgateway");
    assert_string_equal(t[0].namespace_, "mesh");
    assert_string_equal(t[0].tag, "1.23");
    assert_string_equal(t[0].hub, "h");
    assert_string_equal(t[1].name, "a");
    assert_string_equal(t[1].namespace_, "b");
    assert_string_equal(t[1].tag, "1.24");
    assert_string_equal(t[1].hub, "g");
    assert_false(t[1].egress);
    assert_string_equal(t[2].name, "istio-egressgateway");
    assert_true(t[2].egress);
    assert_int_equal(
        targets(arena,
                "{'profile':'empty','components':{'egressGateways':[{'enabled':true}]},"
                "'values':{'global':{'istioNamespace':'other'}}}",
                &t),
        1);
    assert_string_equal(t[0].namespace_, "other");
    assert_null(t[0].tag);
    assert_null(t[0].hub);
    assert_int_equal(targets(arena, "{'profile':'empty'}", &t), 0);
    assert_int_equal(targets(arena, "'nonsense'", &t), 1); /* the default profile's own */
    assert_string_equal(t[0].namespace_, "istio-system");
    assert_int_equal(glm_targets(arena, &glm_null, &t), 0);
}

static void targets_have_the_gateways_of_the_profile(void **state)
{
    struct glm_arena *arena = *state;
    const struct glm_target *t;
    assert_int_equal(targets(arena, "{'profile':'demo'}", &t), 2);
    assert_int_equal(targets(arena,
                             "{'profile':'demo','components':{'ingressGateways':["
                             "{'name':'istio-ingressgateway','namespace':'x'}],'egressGateways':["
                             "{'name':'istio-egressgateway','enabled':false}]}}",
                             &t),
                     1);
    assert_string_equal(t[0].namespace_, "x");
    assert_int_equal(
        targets(arena, "{'components':{'ingressGateways':[{'name':'mine','enabled':true}]}}", &t),
        2);
    assert_int_equal(targets(arena, "{'profile':'unheard-of'}", &t), 0);
}

static void targets_claim_no_tag_that_something_else_decides(void **state)
{
    struct glm_arena *arena = *state;
    static const char *const specs[] = {
        "{'profile':'empty','tag':'1','values':{'global':{'proxy':{'image':'x/y:z'}}},"
        "'components':{'ingressGateways':[{'enabled':true}]}}",
        "{'profile':'empty','tag':'1','components':{'ingressGateways':[{'enabled':true,'k8s':"
        "{'overlays':[{'kind':'Deployment','patches':[{'value':'x',"
        "'path':'spec.template.spec.containers.[name:istio-proxy].image'}]}]}}]}}",
    };
    const struct glm_target *t;
    for (size_t i = 0; i < sizeof specs / sizeof *specs; i++) {
        assert_int_equal(targets(arena, specs[i], &t), 1);
        assert_null(t[0].tag);
    }
    assert_int_equal(
        targets(arena,
                "{'profile':'empty','tag':'1','components':{'ingressGateways':[{'enabled':true,"
                "'k8s':{'overlays':[{'kind':'Deployment','patches':[{'value':{'image':'side'},"
                "'path':'spec.template.spec.containers.[-1]'}]}]}}]}}",
                &t),
        1);
    assert_string_equal(t[0].tag, "1");
}

#define TEST(name)                                                                                 \
    cmocka_unit_test_setup_teardown(name, glm_test_arena_setup, glm_test_arena_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(targets_are_named_and_placed_as_the_operator_does),
        TEST(targets_have_the_gateways_of_the_profile),
        TEST(targets_claim_no_tag_that_something_else_decides),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
