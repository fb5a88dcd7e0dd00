/* SPDX-License-Identifier: Apache-2.0
 *
 * What is said of a gateway that does not become ready. Recorded ones: tests/golden/judge.
 */
#include "glm/observe.h"
#include "../../src/installer/istio/istio.h"
#include "test.h"

#include <string.h>

static void why_tells_of_crashes_and_old_events(void **state)
{
    struct glm_arena *arena = *state;
    const struct glm_value *pods = glm_test_value(
        arena, "[{'metadata':{'name':'p','namespace':'n'},'status':{'containerStatuses':[{'name':"
               "'istio-proxy','state':{'waiting':{'reason':'CrashLoopBackOff'}},'lastState':{"
               "'terminated':{'exitCode':255,'reason':'Error','finishedAt':'T'}}}]}},"
               "{'metadata':{'name':'fine'},'status':{'conditions':[{'type':'Ready','status':"
               "'True'}]}},{'metadata':{'name':'going','deletionTimestamp':'T'}}]");
    const struct glm_value *events = glm_test_value(
        arena, "[{'type':'Warning','reason':'Old','lastTimestamp':'2026-01-01T00:00:00Z',"
               "'involvedObject':{'kind':'ReplicaSet','name':'r'}},"
               "{'type':'Normal','reason':'Pulled','lastTimestamp':'2026-01-03T00:00:00Z'},"
               "{'type':'Warning','reason':'New','message':'m','count':12,'involvedObject':{'kind':"
               "'Pod','name':'p'},'firstTimestamp':'2026-01-01T00:00:00Z',"
               "'lastTimestamp':'2026-01-02T00:00:00Z'},"
               "{'type':'Warning','reason':'Gone','involvedObject':{'kind':'Pod','name':'q'},"
               "'lastTimestamp':'2026-01-04T00:00:00Z'}]");
    assert_string_equal(
        istio_why_not_ready(arena, &glm_null, pods, events),
        "Pod n/p: container istio-proxy waits: CrashLoopBackOff; it last ended with exit code 255 "
        "(Error) at T\n"
        "2026-01-02T00:00:00Z Pod p: New (12 times since 2026-01-01T00:00:00Z): m\n"
        "2026-01-01T00:00:00Z ReplicaSet r: Old");
    assert_string_equal(istio_why_not_ready(arena, &glm_null, &glm_null, &glm_null), "");
}

static void why_tells_of_the_deployments_conditions(void **state)
{
    struct glm_arena *arena = *state;
    const struct glm_value *deployment = glm_test_value(
        arena, "{'metadata':{'name':'d','namespace':'n'},'status':{'conditions':["
               "{'type':'Progressing','status':'False','reason':'ProgressDeadlineExceeded',"
               "'message':'timed out','lastTransitionTime':'T'},"
               "{'type':'ReplicaFailure','status':'True','reason':'FailedCreate',"
               "'message':'exceeded quota'},{'type':'Available','status':'True'}]}}");
    assert_string_equal(istio_why_not_ready(arena, deployment, &glm_empty_list, &glm_empty_list),
                        "Deployment n/d: Progressing=False since T, ProgressDeadlineExceeded: "
                        "timed out\nDeployment n/d: ReplicaFailure=True, FailedCreate: exceeded "
                        "quota");
}

static const char *event(struct glm_arena *arena, int64_t second, const char *kind,
                         const char *name, const char *reason)
{
    return glm_sprintf(arena,
                       "{'type':'Warning','reason':'%s','message':'%s %s','lastTimestamp':"
                       "'2026-01-01T00:00:%02dZ','involvedObject':{'kind':'%s','name':'%s'}}",
                       reason, reason, name, (int)second, kind, name);
}

static void metrics_are_only_told_when_there_is_nothing_else_to_tell(void **state)
{
    struct glm_arena *arena = *state;
    const char *metrics = glm_sprintf(
        arena, "%s,%s", event(arena, 58, "HorizontalPodAutoscaler", "d", "FailedGetResourceMetric"),
        event(arena, 59, "HorizontalPodAutoscaler", "d", "FailedComputeMetricsReplicas"));
    const struct glm_value *deployment =
        glm_test_value(arena, "{'metadata':{'name':'d','namespace':'n'},'status':{'conditions':["
                              "{'type':'Available','status':'False','reason':'Minimum'}]}}");
    const char *quota = event(arena, 1, "ReplicaSet", "d-7f9", "FailedCreate");
    assert_string_equal(
        istio_why_not_ready(arena, deployment, &glm_empty_list,
                            glm_test_value(arena, glm_sprintf(arena, "[%s,%s]", metrics, quota))),
        "Deployment n/d: Available=False, Minimum\n"
        "2026-01-01T00:00:01Z ReplicaSet d-7f9: FailedCreate: FailedCreate d-7f9");
    assert_string_equal(
        istio_why_not_ready(arena, deployment, &glm_empty_list,
                            glm_test_value(arena, glm_sprintf(arena, "[%s]", metrics))),
        "Deployment n/d: Available=False, Minimum\n"
        "2026-01-01T00:00:59Z HorizontalPodAutoscaler d: FailedComputeMetricsReplicas: "
        "FailedComputeMetricsReplicas d\n"
        "2026-01-01T00:00:58Z HorizontalPodAutoscaler d: FailedGetResourceMetric: "
        "FailedGetResourceMetric d");
}

static void events_of_other_gateways_are_not_told(void **state)
{
    struct glm_arena *arena = *state;
    const struct glm_value *deployment =
        glm_test_value(arena, "{'metadata':{'name':'gw','namespace':'n'}}");
    const char *events = glm_sprintf(
        arena, "[%s,%s,%s,%s,%s]", event(arena, 1, "ReplicaSet", "gw-1-24-7f9", "FailedCreate"),
        event(arena, 2, "Pod", "gw-1-24-7f9-abc", "FailedScheduling"),
        event(arena, 3, "Deployment", "gw-1-24", "Other"),
        event(arena, 4, "Pod", "gw-7f9-abc", "FailedMount"), event(arena, 5, "Node", "x", "Full"));
    assert_string_equal(
        istio_why_not_ready(arena, deployment, &glm_empty_list, glm_test_value(arena, events)),
        "2026-01-01T00:00:05Z Node x: Full: Full x\n"
        "2026-01-01T00:00:04Z Pod gw-7f9-abc: FailedMount: FailedMount gw-7f9-abc");
}

static void why_does_not_grow_without_end(void **state)
{
    struct glm_arena *arena = *state;
    struct glm_list_builder pods;
    glm_list_init(&pods, arena);
    for (size_t i = 0; i < 1000; i++)
        glm_list_add(&pods, glm_test_value(arena, "{'metadata':{'name':'p'}}"));
    const char *why = istio_why_not_ready(arena, &glm_null, glm_list_finish(&pods), &glm_null);
    assert_non_null(strstr(why, "995 more pods are not ready"));
    assert_true(strlen(why) < 1000);
}

#define TEST(name)                                                                                 \
    cmocka_unit_test_setup_teardown(name, glm_test_arena_setup, glm_test_arena_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(why_tells_of_crashes_and_old_events),
        TEST(why_tells_of_the_deployments_conditions),
        TEST(metrics_are_only_told_when_there_is_nothing_else_to_tell),
        TEST(events_of_other_gateways_are_not_told),
        TEST(why_does_not_grow_without_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
