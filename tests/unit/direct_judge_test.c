/* SPDX-License-Identifier: Apache-2.0
 *
 * The judge of the installer "direct": states from Deployments alone, as their controller writes them.
 */
#include "../../src/installer/direct/direct.h"
#include "../../src/installer/istio/istio.h"
#include "glm/installer_direct.h"
#include "test.h"

#include <string.h>

#define AVAILABLE                                                                                  \
    "{'type':'Available','status':'True','reason':'MinimumReplicasAvailable'},"                    \
    "{'type':'Progressing','status':'True','reason':'NewReplicaSetAvailable'}"
#define UNAVAILABLE                                                                                \
    "{'type':'Available','status':'False','reason':'MinimumReplicasUnavailable',"                  \
    "'lastTransitionTime':'2026-01-01T00:00:00Z'}"
#define PROGRESSING "{'type':'Progressing','status':'True','reason':'ReplicaSetUpdated'}"
#define LATE                                                                                       \
    "{'type':'Progressing','status':'False','reason':'ProgressDeadlineExceeded',"                  \
    "'message':'ReplicaSet \\\"gw-1\\\" has timed out progressing.'}"
#define REFUSED                                                                                    \
    "{'type':'ReplicaFailure','status':'True','reason':'FailedCreate',"                            \
    "'message':'exceeded quota: pods'}"
#define STATUS(generation, replicas, updated, ready, conditions)                                   \
    "{'observedGeneration':" #generation ",'replicas':" #replicas ",'updatedReplicas':" #updated   \
    ",'readyReplicas':" #ready ",'availableReplicas':" #ready ",'conditions':[" conditions "]}"

struct judged {
    struct glm_arena *arena;
    bool wanted, paused;
    const char *healthy;
    const char *image;
    const char *autoscaler; /* of the second one, without its name; NULL: none */
    struct glm_installer_judgement j;
};

/* What the judge asked for besides: no autoscaler is there but the one of the case. */
static void look_at_targets(const struct judged *c, const struct glm_installer_call *call,
                            struct glm_installer_sight *sight)
{
    const struct glm_object_ref *refs;
    size_t count = direct_targets(call, sight, &refs);
    struct glm_installer_look *targets = GLM_NEW_ARRAY(c->arena, count, struct glm_installer_look);
    for (size_t i = 0; i < count; i++) {
        bool is = c->autoscaler && strcmp(refs[i].name, "b") == 0;
        assert_ptr_equal(refs[i].kind, GLM_KIND_AUTOSCALER);
        targets[i] = (struct glm_installer_look){
            .ref = refs[i],
            .read = {.found = is ? GLM_FOUND : GLM_FOUND_NOTHING,
                     .object = is ? glm_test_value(c->arena, c->autoscaler) : &glm_null}};
    }
    sight->targets = targets;
    sight->target_count = count;
}

/* Two gateways; NULL: it is not there. Each: the status of a Deployment of generation 2 with so many pods. */
static void judge(struct judged *c, int replicas, const char *one, const char *other)
{
    const char *const statuses[] = {one, other};
    struct glm_installer_look looks[2];
    for (size_t i = 0; i < 2; i++) {
        const char *name = i ? "b" : "a";
        looks[i] = (struct glm_installer_look){
            .ref = {.kind = GLM_KIND_DEPLOYMENT, .namespace_ = "ns", .name = name},
            .role = GLM_ROLE_WORKLOAD,
            .main = true,
            .read = {.found = statuses[i] ? GLM_FOUND : GLM_FOUND_NOTHING, .object = &glm_null}};
        if (statuses[i])
            looks[i].read.object = glm_test_value(
                c->arena,
                glm_sprintf(c->arena,
                            "{'kind':'Deployment','metadata':{'name':'%s','namespace':'ns',"
                            "'generation':2},'spec':{'replicas':%d,'paused':%s,'template':{"
                            "'spec':{'containers':[{'name':'istio-proxy','image':'%s'}]}}},"
                            "'status':%s}",
                            name, replicas, c->paused ? "true" : "false",
                            c->image ? c->image : "h/proxyv2:1.30.3", statuses[i]));
    }
    const struct glm_installer_call call = {.self = &glm_installer_direct, .arena = c->arena};
    struct glm_installer_sight sight = {
        .wanted = c->wanted, .looks = looks, .look_count = 2, .healthy = c->healthy};
    look_at_targets(c, &call, &sight);
    direct_judge(&call, &sight, NULL, &c->j);
    assert_true(c->j.message && *c->j.message);
}

static void expect(const struct judged *c, enum glm_state state, bool settled, const char *words)
{
    assert_string_equal(glm_state_name(c->j.state), glm_state_name(state));
    assert_int_equal(c->j.settled, settled);
    assert_true(!c->j.quiet || c->j.state == GLM_STATE_HEALTHY);
    if (!strstr(c->j.message, words))
        fail_msg("no \"%s\" in \"%s\"", words, c->j.message);
}

#define WELL STATUS(2, 2, 2, 2, AVAILABLE)

static void every_pod_of_every_gateway_makes_it_healthy(void **state)
{
    struct judged c = {.arena = *state, .wanted = true};
    judge(&c, 2, WELL, WELL);
    expect(&c, GLM_STATE_HEALTHY, true, "ns/a, ns/b");
    assert_true(c.j.quiet);
    assert_int_equal(c.j.hold_ms, 0);
    judge(&c, 2, WELL, STATUS(2, 2, 2, 1, UNAVAILABLE));
    expect(&c, GLM_STATE_INSTALLING_GATEWAY, false, "ns/b has 1 of 2 pods ready since");
}

static void what_is_not_there_is_pending_and_gone_when_it_is_not_wanted(void **state)
{
    struct judged c = {.arena = *state, .wanted = true};
    judge(&c, 2, NULL, NULL);
    expect(&c, GLM_STATE_INSTALL_PENDING, false, "Deployment ns/a, ns/b");
    judge(&c, 2, WELL, NULL);
    expect(&c, GLM_STATE_INSTALLING_GATEWAY, false, "ns/b does not exist");
    c.healthy = "u/1";
    judge(&c, 2, WELL, NULL);
    expect(&c, GLM_STATE_UNHEALTHY, false, "ns/b does not exist");
    c.wanted = false;
    judge(&c, 2, WELL, NULL);
    expect(&c, GLM_STATE_UNINSTALLING_GATEWAY, false, "ns/a");
    judge(&c, 2, NULL, NULL);
    expect(&c, GLM_STATE_UNINSTALLED_GATEWAY, true, "gone");
}

static void what_is_on_its_way_out_names_who_holds_it(void **state)
{
    struct glm_arena *arena = *state;
    const struct glm_installer_call call = {.self = &glm_installer_direct, .arena = arena};
    struct glm_installer_look look = {
        .ref = {.kind = GLM_KIND_DEPLOYMENT, .namespace_ = "ns", .name = "a"},
        .main = true,
        .read = {.found = GLM_FOUND,
                 .object = glm_test_value(
                     arena, "{'metadata':{'name':'a','namespace':'ns','finalizers':['x.io/keep'],"
                            "'deletionTimestamp':'2026-01-01T00:00:00Z'},'status':" WELL "}")}};
    struct glm_installer_sight sight = {.wanted = true, .looks = &look, .look_count = 1};
    struct judged c = {.arena = arena};
    direct_judge(&call, &sight, NULL, &c.j);
    expect(&c, GLM_STATE_UNINSTALLING_GATEWAY, false, "although it is wanted");
    expect(&c, GLM_STATE_UNINSTALLING_GATEWAY, false, "x.io/keep");
    sight.wanted = false;
    direct_judge(&call, &sight, NULL, &c.j);
    expect(&c, GLM_STATE_UNINSTALLING_GATEWAY, false, "since 2026-01-01T00:00:00Z");
}

static void what_no_controller_has_seen_is_pending_until_it_was_healthy_once(void **state)
{
    struct judged c = {.arena = *state, .wanted = true};
    judge(&c, 2, "{}", "{}");
    expect(&c, GLM_STATE_PENDING, false, "no controller");
    c.healthy = "u/1";
    judge(&c, 2, "{}", "{}");
    expect(&c, GLM_STATE_UPDATING_GATEWAY, false, "no controller");
}

static void a_status_of_another_generation_is_none(void **state)
{
    struct judged c = {.arena = *state, .wanted = true};
    judge(&c, 2, STATUS(1, 2, 2, 2, AVAILABLE), WELL);
    expect(&c, GLM_STATE_UPDATING_GATEWAY, false, "rollout has not begun");
    judge(&c, 2, STATUS(1, 2, 2, 2, LATE "," REFUSED), WELL);
    expect(&c, GLM_STATE_INSTALLING_GATEWAY, false, "rollout has not begun");
}

static void a_rollout_is_installing_or_updating(void **state)
{
    struct judged c = {.arena = *state, .wanted = true};
    judge(&c, 2, STATUS(2, 2, 2, 0, UNAVAILABLE "," PROGRESSING), WELL);
    expect(&c, GLM_STATE_INSTALLING_GATEWAY, false, "0 of 2");
    c.healthy = "u/1";
    judge(&c, 2, STATUS(2, 3, 1, 2, PROGRESSING), WELL);
    expect(&c, GLM_STATE_UPDATING_GATEWAY, false, "new pods 1 of 2, old pods left 2");
}

static void a_rollout_that_is_paused_says_who_can_end_that(void **state)
{
    struct judged c = {.arena = *state, .wanted = true, .paused = true, .healthy = "u/1"};
    judge(&c, 2, STATUS(2, 2, 0, 2, AVAILABLE), WELL);
    expect(&c, GLM_STATE_UPDATING_GATEWAY, false, "kubectl rollout resume deployment/a -n ns");
    judge(&c, 2, STATUS(2, 2, 2, 1, UNAVAILABLE), WELL);
    expect(&c, GLM_STATE_UNHEALTHY, false, "1 of 2");
}

static void what_breaks_later_is_unhealthy_and_what_is_scaled_up_is_reconciling(void **state)
{
    struct judged c = {.arena = *state, .wanted = true, .healthy = "u/1"};
    judge(&c, 2, STATUS(2, 2, 2, 1, UNAVAILABLE), WELL);
    expect(&c, GLM_STATE_UNHEALTHY, false, "1 of 2");
    judge(&c, 4, STATUS(2, 4, 4, 3, AVAILABLE), STATUS(2, 4, 4, 4, AVAILABLE));
    expect(&c, GLM_STATE_RECONCILING_GATEWAY, false, "3 of 4");
}

static void no_progress_is_the_end_of_a_wait(void **state)
{
    struct judged c = {.arena = *state, .wanted = true};
    judge(&c, 2, STATUS(2, 2, 2, 0, UNAVAILABLE "," LATE), WELL);
    expect(&c, GLM_STATE_FAILED, true, "has timed out progressing");
    assert_int_equal(c.j.hold_ms, GLM_INSTALLER_GRACE_MS);
    c.healthy = "u/1";
    judge(&c, 2, STATUS(2, 2, 2, 0, UNAVAILABLE "," LATE), WELL);
    expect(&c, GLM_STATE_UNHEALTHY, true, "has timed out progressing");
}

static void pods_that_cannot_be_created_are_said_with_the_reason(void **state)
{
    struct judged c = {.arena = *state, .wanted = true};
    judge(&c, 2, STATUS(2, 0, 0, 0, UNAVAILABLE "," REFUSED), WELL);
    expect(&c, GLM_STATE_FAILED, true, "FailedCreate: exceeded quota: pods");
    assert_true(c.j.hold_ms > GLM_INSTALLER_GRACE_MS); /* a quota or a webhook may come round */
}

static void no_pods_at_all_is_no_gateway(void **state)
{
    struct judged c = {.arena = *state, .wanted = true};
    judge(&c, 0, STATUS(2, 0, 0, 0, AVAILABLE), STATUS(2, 0, 0, 0, AVAILABLE));
    expect(&c, GLM_STATE_UNHEALTHY, true, "scaled to zero");
}

/* ---- how many pods there are is an autoscaler's ---- */

#define AUTOSCALER(of, least, status)                                                              \
    "{'metadata':{'name':'b','namespace':'ns'},'spec':{'scaleTargetRef':{'kind':'Deployment',"     \
    "'name':'" of "'},'minReplicas':" #least ",'maxReplicas':5},'status':" status "}"
#define ONE STATUS(2, 1, 1, 1, AVAILABLE)
#define ACTS "{'desiredReplicas':0,'conditions':[{'type':'AbleToScale','status':'True'}]}"

static void fewer_pods_than_the_autoscaler_wants_at_least_are_not_healthy(void **state)
{
    struct judged c = {.arena = *state, .wanted = true};
    c.autoscaler = AUTOSCALER("b", 2, ACTS);
    judge(&c, 1, ONE, ONE);
    expect(&c, GLM_STATE_RECONCILING_GATEWAY, false,
           "Deployment ns/b is to have 1 pods, and HorizontalPodAutoscaler ns/b has not yet raised "
           "it to its minReplicas, 2");
    c.autoscaler = AUTOSCALER("b", 2, "{'currentReplicas':1,'desiredReplicas':2}");
    judge(&c, 1, ONE, ONE);
    expect(&c, GLM_STATE_RECONCILING_GATEWAY, false, "minReplicas, 2");
    judge(&c, 2, WELL, STATUS(2, 2, 2, 1, AVAILABLE));
    expect(&c, GLM_STATE_RECONCILING_GATEWAY, false, "1 of 2");
    judge(&c, 2, WELL, WELL);
    expect(&c, GLM_STATE_HEALTHY, true, "available");
    assert_true(c.j.quiet);
    assert_int_equal(c.j.hold_ms, 0);
}

static void what_keeps_the_autoscaler_from_scaling_is_said(void **state)
{
    struct judged c = {.arena = *state, .wanted = true};
    c.autoscaler = AUTOSCALER("b", 2,
                              "{'conditions':[{'type':'AbleToScale','status':'False','reason':"
                              "'FailedGetScale','message':'no matches for kind'}]}");
    judge(&c, 1, ONE, ONE);
    expect(&c, GLM_STATE_RECONCILING_GATEWAY, false, "FailedGetScale: no matches for kind");
}

/* Its controller may still come; where there is none, nobody waits for ever. */
static void an_autoscaler_that_nothing_acts_on_is_waited_for_and_told(void **state)
{
    struct judged c = {.arena = *state, .wanted = true};
    c.autoscaler = AUTOSCALER("b", 2, "{'currentMetrics':null,'desiredReplicas':0}");
    judge(&c, 1, ONE, ONE);
    expect(&c, GLM_STATE_HEALTHY, true, "no controller has acted on the autoscaler");
    assert_false(c.j.quiet);
    assert_true(c.j.hold_ms > 15000); /* a round of the controller */
}

static void an_autoscaler_that_wants_no_more_or_scales_something_else_changes_nothing(void **state)
{
    struct judged c = {.arena = *state, .wanted = true};
    c.autoscaler = AUTOSCALER("b", 1, ACTS);
    judge(&c, 1, ONE, ONE);
    expect(&c, GLM_STATE_HEALTHY, true, "available");
    assert_true(c.j.quiet);
    c.autoscaler = AUTOSCALER("other", 2, ACTS);
    judge(&c, 1, ONE, ONE);
    expect(&c, GLM_STATE_HEALTHY, true, "available");
    assert_true(c.j.quiet);
}

static void a_number_of_pods_that_is_ours_has_no_autoscaler(void **state)
{
    struct glm_arena *arena = *state;
    const struct glm_installer_call call = {
        .self = &glm_installer_direct, .arena = arena, .field_manager = "us"};
    const struct glm_installer_look looks[] = {
        {.ref = {.kind = GLM_KIND_DEPLOYMENT, .namespace_ = "ns", .name = "a"},
         .read = {.found = GLM_FOUND,
                  .object = glm_test_value(
                      arena, "{'metadata':{'managedFields':[{'manager':'us','operation':'Apply',"
                             "'fieldsV1':{'f:spec':{'f:replicas':{}}}}]}}")}},
        {.ref = {.kind = GLM_KIND_DEPLOYMENT, .namespace_ = "ns", .name = "b"},
         .read = {.found = GLM_FOUND_NOTHING, .object = &glm_null}}};
    const struct glm_installer_sight sight = {.looks = looks, .look_count = 2};
    const struct glm_object_ref *refs;
    assert_int_equal(direct_targets(&call, &sight, &refs), 0);
}

static void somebody_looks_at_pods_that_are_to_be_injected(void **state)
{
    struct judged c = {.arena = *state, .wanted = true, .image = "auto"};
    judge(&c, 1, STATUS(2, 1, 1, 0, UNAVAILABLE "," PROGRESSING), STATUS(2, 1, 1, 1, AVAILABLE));
    expect(&c, GLM_STATE_INSTALLING_GATEWAY, false, "0 of 1");
    assert_true(c.j.hold_ms > 0);
    judge(&c, 1, STATUS(2, 1, 1, 1, AVAILABLE), STATUS(2, 1, 1, 1, AVAILABLE));
    expect(&c, GLM_STATE_HEALTHY, true, "available");
}

/* ---- which injector takes a pod up ---- */

#define WEBHOOKS                                                                                   \
    "[{'webhooks':[{'namespaceSelector':{'matchExpressions':["                                     \
    "{'key':'istio.io/rev','operator':'In','values':['1-30']},"                                    \
    "{'key':'istio-injection','operator':'DoesNotExist'}]},"                                       \
    "'objectSelector':{'matchExpressions':["                                                       \
    "{'key':'sidecar.istio.io/inject','operator':'NotIn','values':['false']}]}},"                  \
    "{'namespaceSelector':{'matchLabels':{'team':'a'}},'objectSelector':{}}]}]"

static void injectors_are_asked_by_labels(void **state)
{
    static const struct {
        const char *namespace_, *pod;
        bool is;
    } cases[] = {
        {"{'istio.io/rev':'1-30'}", "{'sidecar.istio.io/inject':'true'}", true},
        {"{'istio.io/rev':'1-30'}", "{}", true},
        {"{'istio.io/rev':'1-30'}", "{'sidecar.istio.io/inject':'false'}", false},
        {"{'istio.io/rev':'1-31'}", "{}", false},
        {"{}", "{}", false},
        {"{'istio.io/rev':'1-30','istio-injection':'enabled'}", "{}", false},
        {"{'team':'a'}", "{'sidecar.istio.io/inject':'false'}", true},
        {"{'team':'b'}", "{}", false},
    };
    const struct glm_value *webhooks = glm_test_value(*state, WEBHOOKS);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(istio_is_injected_by(webhooks, glm_test_value(*state, cases[i].namespace_),
                                              glm_test_value(*state, cases[i].pod)),
                         cases[i].is);
    assert_false(istio_is_injected_by(&glm_null, &glm_empty_map, &glm_empty_map));
}

#define TEST(name)                                                                                 \
    cmocka_unit_test_setup_teardown(name, glm_test_arena_setup, glm_test_arena_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_pod_of_every_gateway_makes_it_healthy),
        TEST(what_is_not_there_is_pending_and_gone_when_it_is_not_wanted),
        TEST(what_is_on_its_way_out_names_who_holds_it),
        TEST(what_no_controller_has_seen_is_pending_until_it_was_healthy_once),
        TEST(a_status_of_another_generation_is_none),
        TEST(a_rollout_is_installing_or_updating),
        TEST(a_rollout_that_is_paused_says_who_can_end_that),
        TEST(what_breaks_later_is_unhealthy_and_what_is_scaled_up_is_reconciling),
        TEST(no_progress_is_the_end_of_a_wait),
        TEST(pods_that_cannot_be_created_are_said_with_the_reason),
        TEST(no_pods_at_all_is_no_gateway),
        TEST(fewer_pods_than_the_autoscaler_wants_at_least_are_not_healthy),
        TEST(what_keeps_the_autoscaler_from_scaling_is_said),
        TEST(an_autoscaler_that_nothing_acts_on_is_waited_for_and_told),
        TEST(an_autoscaler_that_wants_no_more_or_scales_something_else_changes_nothing),
        TEST(a_number_of_pods_that_is_ours_has_no_autoscaler),
        TEST(somebody_looks_at_pods_that_are_to_be_injected),
        TEST(injectors_are_asked_by_labels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
