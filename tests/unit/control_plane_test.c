/* SPDX-License-Identifier: Apache-2.0
 *
 * Control planes and operators, found by what their Deployments and webhooks look like.
 */
#include "glm/observe.h"
#include "test.h"

#include <string.h>

/* An istiod. */
#define ISTIOD(ns, name, rev, image, available)                                                    \
    "{'metadata':{'name':'" name "','namespace':'" ns "','labels':{'app':'istiod','istio.io/rev':" \
    "'" rev "'}},'spec':{'template':{'spec':{'containers':[{'name':'sidecar','image':'x:9.9.9'},"  \
    "{'name':'discovery','image':'" image "'}]}}},'status':{'availableReplicas':" available "}}"
/* A sidecar injector of a revision; with a tag, of the tag. */
#define INJECTOR(rev) "{'metadata':{'labels':{'app':'sidecar-injector','istio.io/rev':'" rev "'}}}"
#define TAG(tag, rev)                                                                              \
    "{'metadata':{'labels':{'app':'sidecar-injector','istio.io/rev':'" rev                         \
    "','istio.io/tag':'" tag "'}}}"

static size_t planes(struct glm_arena *arena, const char *deployments, const char *webhooks,
                     const struct glm_control_plane **ret)
{
    return glm_control_planes(arena, glm_test_value(arena, deployments),
                              glm_test_value(arena, webhooks), ret);
}

static void revisions_are_found_with_their_tags(void **state)
{
    struct glm_arena *arena = *state;
    const struct glm_control_plane *p, *tag_of;
    size_t count = planes(
        arena,
        "[" ISTIOD("istio-system", "istiod-1-24", "1-24", "docker.io/istio/pilot:1.24.2-distroless",
                   "2") "," ISTIOD("mesh", "istiod", "default", "localhost:5000/pilot", "0") "]",
        "[" INJECTOR("default") "," INJECTOR("1-24") "," TAG("stable", "1-24") "," TAG(
            "prod", "1-24") "," TAG("prod", "1-24") "," TAG("gone", "1-20") "]",
        &p);
    assert_int_equal(count, 2);
    assert_string_equal(p[0].revision, "");
    assert_string_equal(p[0].namespace_, "mesh");
    assert_string_equal(p[0].tag, "");
    assert_string_equal(p[0].version, "");
    assert_false(p[0].ready);
    assert_string_equal(p[1].revision, "1-24");
    assert_string_equal(p[1].name, "istiod-1-24");
    assert_string_equal(p[1].tag, "1.24.2-distroless");
    assert_string_equal(p[1].version, "1.24.2");
    assert_true(p[1].ready);
    assert_false(p[1].external);
    assert_int_equal(p[1].tag_count, 2);
    assert_string_equal(p[1].tags[0], "prod");
    assert_string_equal(p[1].tags[1], "stable");

    assert_ptr_equal(glm_control_plane_find(p, count, "1-24", &tag_of), &p[1]);
    assert_null(tag_of);
    assert_ptr_equal(glm_control_plane_find(p, count, "", NULL), &p[0]);
    assert_ptr_equal(glm_control_plane_find(p, count, "default", NULL), &p[0]);
    assert_null(glm_control_plane_find(p, count, "stable", &tag_of));
    assert_ptr_equal(tag_of, &p[1]);
    assert_null(glm_control_plane_find(p, count, "gone", &tag_of));
    assert_null(tag_of);
    assert_null(glm_control_plane_find(p, count, "1-20", &tag_of));
    assert_null(tag_of);
}

static void an_injector_without_istiod_is_an_external_control_plane(void **state)
{
    struct glm_arena *arena = *state;
    const struct glm_control_plane *p;
    assert_int_equal(planes(arena, "[]", "[" INJECTOR("1-25") "," INJECTOR("1-25") "]", &p), 1);
    assert_true(p[0].external);
    assert_true(p[0].ready);
    assert_string_equal(p[0].revision, "1-25");
    assert_string_equal(p[0].name, "");
    assert_int_equal(planes(arena, "[]", "[{'metadata':{'labels':{'app':'x'}}}]", &p), 0);
    assert_int_equal(glm_control_planes(arena, &glm_null, &glm_null, &p), 0);
}

static void default_may_be_only_a_tag(void **state)
{
    struct glm_arena *arena = *state;
    const struct glm_control_plane *p, *tag_of;
    size_t count =
        planes(arena, "[" ISTIOD("istio-system", "istiod-1-24", "1-24", "p:1.24.2", "1") "]",
               "[" TAG("default", "1-24") "]", &p);
    assert_int_equal(count, 1);
    assert_null(glm_control_plane_find(p, count, "", &tag_of));
    assert_ptr_equal(tag_of, &p[0]);
}

static void the_one_that_works_is_found_first(void **state)
{
    struct glm_arena *arena = *state;
    const struct glm_control_plane *p;
    size_t count = planes(arena,
                          "[" ISTIOD("a", "istiod", "1-24", "p:1",
                                     "0") "," ISTIOD("b", "istiod", "1-24", "p:1.24", "1") "]",
                          "[]", &p);
    assert_int_equal(count, 2);
    assert_string_equal(glm_control_plane_find(p, count, "1-24", NULL)->namespace_, "b");
    assert_string_equal(p[0].version, "1.24");
    assert_string_equal(p[1].version, "");
}

/* ---- operators ---- */

static size_t operators(struct glm_arena *arena, const char *container,
                        const struct glm_operator **ret)
{
    return glm_operators(
        arena,
        glm_test_value(arena,
                       glm_sprintf(arena,
                                   "[{'metadata':{'name':'n','namespace':'ns'},'spec':{'template':"
                                   "{'spec':{'containers':[{'name':'sidecar'},%s]}}},"
                                   "'status':{'availableReplicas':1}}]",
                                   container)),
        ret);
}

static void operators_are_known_by_what_they_run(void **state)
{
    struct glm_arena *arena = *state;
    static const char *const istios[] = {
        "{'command':['operator','server']}",
        "{'command':['/usr/local/bin/operator'],'args':['server','--monitoring-port=1']}",
        "{'args':['operator','server']}",
        "{'image':'docker.io/istio/operator:1.22.8'}",
        "{'image':'example.com/pluma-operator:1'}",
        "{'image':'mirror/x/operator@sha256:00','env':[{'name':'WATCH_NAMESPACE'},"
        "{'name':'REVISION','value':'1-22'}]}",
        "{'env':[{'name':'WATCH_NAMESPACE'},{'name':'OPERATOR_NAME'},"
        "{'name':'LEADER_ELECTION_NAMESPACE'}]}",
    };
    static const char *const others[] = {
        "{'image':'quay.io/tigera/operator:v1.30','command':['operator'],'env':[{'name':"
        "'WATCH_NAMESPACE','value':''},{'name':'OPERATOR_NAME','value':'tigera-operator'}]}",
        "{'image':'docker.io/istio/pilot:1.22.8','args':['discovery']}",
        "{'command':['server','operator']}",
        "{'image':''}",
        "5",
    };
    const struct glm_operator *op;
    for (size_t i = 0; i < sizeof istios / sizeof *istios; i++)
        assert_int_equal(operators(arena, istios[i], &op), 1);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_int_equal(operators(arena, others[i], &op), 0);
}

static void an_operator_serves_what_its_settings_say(void **state)
{
    struct glm_arena *arena = *state;
    const struct glm_operator *op;
    assert_int_equal(operators(arena,
                               "{'args':['operator','server'],'env':[{'name':'WATCH_NAMESPACE',"
                               "'value':'istio-system, gm-iop'},{'name':'REVISION','value':"
                               "'1-23'}]}",
                               &op),
                     1);
    assert_string_equal(op->namespace_, "ns");
    assert_string_equal(op->name, "n");
    assert_true(op->ready);
    assert_int_equal(op->watched_count, 2);
    assert_true(glm_operator_serves(op, "1-23", "gm-iop"));
    assert_true(glm_operator_serves(op, "1-23", "istio-system"));
    assert_false(glm_operator_serves(op, "1-23", "gm"));
    assert_false(glm_operator_serves(op, "1-24", "gm-iop"));
    assert_false(glm_operator_serves(op, "", "gm-iop"));
    operators(arena, "{'args':['operator','server'],'env':[{'name':'WATCH_NAMESPACE','value':''}]}",
              &op);
    assert_true(glm_operator_serves(op, "1-23", "anywhere"));
    assert_true(glm_operator_serves(op, "", "anywhere"));
    operators(arena,
              "{'args':['operator','server'],'env':[{'name':'WATCH_NAMESPACE','valueFrom':{"
              "'fieldRef':{'fieldPath':'metadata.namespace'}}}]}",
              &op);
    assert_true(glm_operator_serves(op, "1-23", "ns"));
    assert_false(glm_operator_serves(op, "1-23", "other"));
}

/* ---- what stops them ---- */

static const char *blocked(struct glm_arena *arena, const char *spec)
{
    const struct glm_value *iop = glm_test_value(
        arena, glm_sprintf(arena, "{'metadata':{'name':'bad','namespace':'ns'},'spec':%s}", spec));
    return glm_operator_blocked_by(arena, iop);
}

static void what_the_decoder_cannot_read_blocks(void **state)
{
    struct glm_arena *arena = *state;
    static const struct {
        const char *spec, *part;
    } cases[] = {
        {"{'foo':1}", "spec.foo is a field that the operator does not know"},
        {"{'defaultRevision':true}", "spec.defaultRevision"},
        {"{'mesh_config':{}}", "spec.mesh_config"},
        {"{'hub':5}", "spec.hub is a number instead of a string"},
        {"{'components':{'ingressGateways':[{},{'bogus':1}]}}",
         "spec.components.ingressGateways[1].bogus"},
        {"{'components':{'ingressGateways':[{'enabled':'true'}]}}", "instead of true or false"},
        {"{'components':{'ingressGateways':[{'label':{'a':1}}]}}",
         "spec.components.ingressGateways[0].label[\"a\"] is a number instead of a string"},
        {"{'components':{'egressGateways':{'name':'x'}}}", "is a map instead of a list"},
        {"{'components':{'egressGateways':[{'k8s':{'volumes':[{'emptyDir':{}}]}}]}}", "emptyDir"},
        {"{'components':{'egressGateways':[{'k8s':{'replicaCount':1.5}}]}}", "whole number"},
        {"{'components':{'egressGateways':[{'k8s':{'replicaCount':-1}}]}}", "in its range"},
        {"{'components':{'egressGateways':[{'k8s':{'hpaSpec':{'minReplicas':99999999999}}}]}}",
         "in its range"},
        {"{'components':{'egressGateways':[{'k8s':{'service':{'ports':[{'targetPort':80.5}]}}}]}}",
         "a whole number or a string"},
        {"{'components':{'pilot':{'anything':1}}}", "spec.components.pilot.anything is a field"},
        {"{'components':{'base':{'k8s':{'bogus':1}}}}", "spec.components.base.k8s.bogus"},
        {"{'values':[]}", "spec.values is a list instead of a map"},
        {"'text'", "spec is a string instead of a map"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *why = blocked(arena, cases[i].spec);
        assert_non_null(why);
        if (!strstr(why, "IstioOperator ns/bad cannot be read: ") || !strstr(why, cases[i].part))
            fail_msg("%s: %s", cases[i].spec, why);
    }
}

static void what_the_decoder_reads_does_not_block(void **state)
{
    struct glm_arena *arena = *state;
    static const char *const specs[] = {
        "null",
        "{}",
        "{'resourceSuffix':'x','addonComponents':{}}",
        "{'values':{'unheard':1,'global':{'multiCluster':{'clusterName':5}}},'meshConfig':{'x':1}}",
        "{'tag':1.23,'hub':null,'components':{'ingressGateways':[{'tag':{},'k8s':{'replicaCount':"
        "'2','securityContext':{'runAsUser':'1337'},'service':{'ports':[{'port':80,'targetPort':"
        "'https'}]}}}],'pilot':{'enabled':false,'k8s':{'replicaCount':1}}}}",
    };
    for (size_t i = 0; i < sizeof specs / sizeof *specs; i++) {
        const char *why = blocked(arena, specs[i]);
        if (why)
            fail_msg("%s: %s", specs[i], why);
    }
    assert_null(glm_operator_blocked_by(arena, &glm_null));
}

#define TEST(name)                                                                                 \
    cmocka_unit_test_setup_teardown(name, glm_test_arena_setup, glm_test_arena_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(revisions_are_found_with_their_tags),
        TEST(an_injector_without_istiod_is_an_external_control_plane),
        TEST(default_may_be_only_a_tag),
        TEST(the_one_that_works_is_found_first),
        TEST(operators_are_known_by_what_they_run),
        TEST(an_operator_serves_what_its_settings_say),
        TEST(what_the_decoder_cannot_read_blocks),
        TEST(what_the_decoder_reads_does_not_block),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
