/* SPDX-License-Identifier: Apache-2.0
 *
 * Which gateways an IstioOperator renders.
 */
#include "glm/observe.h"
#include "glm/text.h"
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
    assert_string_equal(t[1].tag, "1.23"); /* the gateway's own have no effect */
    assert_string_equal(t[1].hub, "h");
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

static const char *rendered(struct glm_arena *arena, const char *json)
{
    const struct glm_target *all;
    size_t count = glm_targets(arena, glm_test_value(arena, json), &all);
    struct glm_text text;
    glm_text_init(&text, arena, 4096);
    for (size_t i = 0; i < count; i++)
        glm_text_addf(&text, "%s%s/%s", i ? " " : "", all[i].namespace_, all[i].name);
    return text.data;
}

static void what_istios_operator_renders_is_known_for_anybodys_object(void **state)
{
    static const struct {
        const char *object, *gateways;
    } cases[] = {
        {"{'spec':{'profile':'empty','components':{'ingressGateways':[{'name':'a','enabled':true},"
         "{'name':'b','enabled':false},{'name':'c'},{'enabled':true},7]}}}",
         "istio-system/a istio-system/istio-ingressgateway"},
        {"{'spec':{'profile':'empty','namespace':'mesh','components':{'egressGateways':["
         "{'name':'a','namespace':'own','enabled':true},{'name':'b','enabled':true}]}}}",
         "own/a mesh/b"},
        {"{'spec':{'profile':'empty','values':{'global':{'istioNamespace':'v'}},'components':{"
         "'ingressGateways':[{'name':'a','enabled':true}]}}}",
         "v/a"},
        /* Profiles bring gateways of their own; no profile is the profile default. */
        {"{'spec':{}}", "istio-system/istio-ingressgateway"},
        {"{}", "istio-system/istio-ingressgateway"},
        {"{'spec':{'profile':'minimal'}}", ""},
        {"{'spec':{'profile':'of-my-own'}}", ""},
        {"{'spec':{'profile':'demo','components':{'ingressGateways':[{'name':'a','enabled':true}]}}"
         "}",
         "istio-system/a istio-system/istio-ingressgateway istio-system/istio-egressgateway"},
        {"{'spec':{'profile':'demo','components':{'ingressGateways':[{'name':"
         "'istio-ingressgateway','namespace':'gateways'}],'egressGateways':[{'name':"
         "'istio-egressgateway','enabled':false}]}}}",
         "gateways/istio-ingressgateway"},
        {"{'spec':{'profile':'empty','components':{'ingressGateways':'none'}}}", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(rendered(*state, cases[i].object), cases[i].gateways);
}

static void what_the_operator_leaves_alone_is_known(void **state)
{
    struct glm_arena *arena = *state;
    assert_true(glm_left_alone(glm_test_value(arena, "{'metadata':{'name':'installed-state'}}")));
    assert_true(glm_left_alone(glm_test_value(
        arena, "{'metadata':{'annotations':{'install.istio.io/ignoreReconcile':'true'}}}")));
    assert_false(glm_left_alone(glm_test_value(
        arena, "{'metadata':{'annotations':{'install.istio.io/ignoreReconcile':'false'}}}")));
    assert_false(glm_left_alone(glm_test_value(arena, "{'metadata':{'name':'mine'}}")));
    assert_false(glm_left_alone(&glm_null));
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

static void targets_have_the_image_that_counts(void **state)
{
    struct glm_arena *arena = *state;
    static const struct {
        const char *spec, *hub, *tag;
    } cases[] = {
        {"'hub':'a','tag':'1','values':{'global':{'hub':'b','tag':'2'}}", "b", "2"},
        {"'hub':'a','tag':'1','values':{'global':{'hub':'b'}},"
         "'unvalidatedValues':{'global':{'hub':'c','tag':'3','variant':'distroless'}}",
         "c", "3-distroless"},
        {"'tag':'1','values':{'global':{'tag':null,'proxy':{'variant':'debug'}}}", NULL, "1-debug"},
    };
    const struct glm_target *t;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *spec = glm_sprintf(arena,
                                       "{'profile':'empty',%s,'components':{'ingressGateways':"
                                       "[{'enabled':true}]}}",
                                       cases[i].spec);
        assert_int_equal(targets(arena, spec, &t), 1);
        assert_string_equal(t[0].tag, cases[i].tag);
        if (cases[i].hub)
            assert_string_equal(t[0].hub, cases[i].hub);
        else
            assert_null(t[0].hub);
    }
}

#define TEST(name)                                                                                 \
    cmocka_unit_test_setup_teardown(name, glm_test_arena_setup, glm_test_arena_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(targets_are_named_and_placed_as_the_operator_does),
        TEST(what_istios_operator_renders_is_known_for_anybodys_object),
        TEST(what_the_operator_leaves_alone_is_known),
        TEST(targets_have_the_gateways_of_the_profile),
        TEST(targets_claim_no_tag_that_something_else_decides),
        TEST(targets_have_the_image_that_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
