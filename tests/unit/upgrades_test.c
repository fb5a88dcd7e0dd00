/* SPDX-License-Identifier: Apache-2.0
 *
 * Upgrades through the lifecycle, in a fake of a live cluster on which nobody acts: what the plan could
 * not know, and what a plan says of traffic that ends.
 */
#include "upgrade_case.h"

#include "../../src/lifecycle/lifecycle_internal.h"

#include <string.h>

static void what_the_plan_could_not_know_is_refused_by_the_apply_before_it_writes(void **state)
{
    struct world *w = new_world(*state);
    put_istiod(w, "1.25.0");
    struct glm_change made = apply(w, NULL, attributes(w, "1.24.1", false));
    const struct glm_value *hidden =
        glm_with_path(w->arena, attributes(w, "1.24.1", false), &glm_unknown, "installations",
                      "1-24", "istio_operator_spec", NULL);
    plan(w, &made, hidden);
    assert_int_equal(w->d.errors, 0);
    struct glm_change change = {.prior = made.result,
                                .record = made.result_record,
                                .attributes = attributes(w, "1.25.0", false)};
    /* Healthy once: without, there would be nothing to lose. */
    change.record =
        glm_with_path(w->arena, change.record, glm_test_value(w->arena, "{'1-24': 'uid/1'}"),
                      "clusters", "east", "healthy", NULL);
    assert_false(glm_lifecycle_apply(w->arena, &w->estate, &change, &w->d));
    glm_assert_error(&w->d, "installations[\"1-24\"].istio_operator_spec", "minor version");
    assert_string_equal(tag_in_cluster(w), "1.24.1");
    glm_assert_value_equal(change.result, made.result);
    glm_assert_value_equal(change.result_record, change.record);
    end_world(w);
}

static void a_plan_that_ends_traffic_names_service_type_and_addresses(void **state)
{
    struct world *w = new_world(*state);
    put_istiod(w, "1.24.1");
    struct glm_change made = apply(w, NULL, attributes(w, "1.24.1", false));
    made.result = glm_with_path(w->arena, made.result,
                                glm_test_value(w->arena, "['203.0.113.7', 'lb.example.com']"),
                                "addresses", "gateways/ingress", "east", NULL);
    assert_true(
        glm_lifecycle_plan_remove(w->arena, &w->estate, made.result, made.result_record, &w->d));
    glm_assert_warning(&w->d, "installations[\"1-24\"]",
                       "Service gateways/ingress (LoadBalancer, 203.0.113.7, lb.example.com, "
                       "revision \"1-24\")");
    assert_int_equal(w->d.warnings, 1);
    end_world(w);
}

/* ---- an upgrade that was refused ---- */

/* What an operator has made of what is there: a Deployment of this tag, and HEALTHY. */
static void reconcile(struct world *w, const char *tag)
{
    const struct glm_value *object =
        glm_test_main_get(w->arena, w->east, "istio-system", "ingress-1-24");
    object = glm_with(w->arena, object, "status",
                      glm_test_value(w->arena, "{'status':'HEALTHY','componentStatus':{"
                                               "'IngressGateways':{'status':'HEALTHY'}}}"));
    object = glm_with_path(w->arena, object,
                           glm_test_value(w->arena, "['istio-finalizer.install.istio.io']"),
                           "metadata", "finalizers", NULL);
    glm_test_main_put(w->arena, w->east, object);
    glm_fake_put(
        w->east,
        glm_test_value(
            w->arena,
            glm_sprintf(
                w->arena,
                "{'apiVersion':'apps/v1','kind':'Deployment','metadata':{'name':'ingress-1-24',"
                "'namespace':'gateways','generation':1,'labels':{"
                "'install.operator.istio.io/owning-resource':'ingress-1-24',"
                "'install.operator.istio.io/owning-resource-namespace':'istio-system'}},"
                "'spec':{'replicas':1,'template':{'spec':{'containers':[{'name':"
                "'istio-proxy','image':'docker.io/istio/proxyv2:%s'}]}}},'status':{"
                "'observedGeneration':1,'replicas':1,'updatedReplicas':1,'readyReplicas':1,"
                "'availableReplicas':1,'conditions':[{'type':'Available','status':'True',"
                "'lastTransitionTime':'2026-11-25T23:02:04Z'}]}}",
                tag)));
}

static struct glm_change read_again(struct world *w, const struct glm_change *made)
{
    struct glm_change change = {
        .prior = made->result, .record = made->result_record, .attributes = made->result};
    assert_true(glm_lifecycle_read(w->arena, &w->estate, &change, &w->d));
    return change;
}

/* That the old version is HEALTHY says nothing of the new one, which was never written. */
static void what_a_refused_upgrade_has_left_may_be_gone_back_to_after_a_read(void **state)
{
    struct world *w = new_world(*state);
    glm_fake_own_fields(w->east);
    put_istiod(w, "1.24.3");
    struct glm_change made = apply(w, NULL, attributes(w, "1.24.1", false));
    reconcile(w, "1.24.1");
    struct glm_change seen = read_again(w, &made);
    struct glm_change planned = plan(w, &seen, attributes(w, "1.24.2", false));
    struct glm_change failed = {
        .prior = planned.prior, .record = planned.result_record, .attributes = planned.result};
    glm_fake_refuse_writes(w->east, glm_test_main_kind(), "not today");
    assert_false(glm_lifecycle_apply(w->arena, &w->estate, &failed, &w->d));
    assert_string_equal(tag_in_cluster(w), "1.24.1");
    glm_fake_refuse_writes(w->east, NULL, NULL);
    glm_diags_init(&w->d, w->arena);
    seen = read_again(w, &failed);
    const struct glm_value *status = glm_get_path(seen.result, "status", "clusters", "east",
                                                  "installations", "1-24", "state", NULL);
    assert_string_equal(glm_string_or(status, ""), "HEALTHY");
    plan(w, &seen, attributes(w, "1.24.1", false));
    assert_int_equal(w->d.errors, 0);
    end_world(w);
}

/* The record of a plan in which somebody selects the revision, by the last read. */
static const struct glm_value *record_selected(struct world *w, const struct glm_change *made,
                                               const char *selected)
{
    return glm_with_path(w->arena, made->result_record, glm_test_value(w->arena, selected),
                         "clusters", "east", "pairs", "1-24", "selected", NULL);
}

static void a_plan_that_removes_what_services_of_others_select_names_them(void **state)
{
    struct world *w = new_world(*state);
    put_istiod(w, "1.24.1");
    struct glm_change made = apply(w, NULL, attributes(w, "1.24.1", false));
    const struct glm_value *record = record_selected(
        w, &made, "[{'service':'gateways/mine','selector':{'app':'x','revision':'1-24'}}]");
    assert_true(glm_lifecycle_plan_remove(w->arena, &w->estate, made.result, record, &w->d));
    glm_assert_warning(&w->d, "installations[\"1-24\"]",
                       "east, 1-24: Service gateways/mine (selector app=x,revision=1-24)\n");
    end_world(w);
}

/* What a message says is for people: whoever can write into a status must not make up Services. */
static void no_plan_takes_a_message_at_its_word(void **state)
{
    struct world *w = new_world(*state);
    put_istiod(w, "1.24.1");
    struct glm_change made = apply(w, NULL, attributes(w, "1.24.1", false));
    made.result = glm_with_path(
        w->arena, made.result,
        glm_string(w->arena, "Selected by Service a/b (selector x=y), which is not managed here."),
        "status", "clusters", "east", "installations", "1-24", "message", NULL);
    assert_true(
        glm_lifecycle_plan_remove(w->arena, &w->estate, made.result, made.result_record, &w->d));
    assert_null(strstr(glm_test_diags_text(w->arena, &w->d), "a/b"));
    end_world(w);
}

static void a_record_that_says_nothing_of_services_is_read_all_the_same(void **state)
{
    struct world *w = new_world(*state);
    put_istiod(w, "1.24.1");
    struct glm_change made = apply(w, NULL, attributes(w, "1.24.1", false));
    static const char *const odd[] = {"null",
                                      "'Service a/b'",
                                      "[null]",
                                      "[{}]",
                                      "[{'service':5},{'more':3}]",
                                      "{'service':'a/b'}"};
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        glm_diags_init(&w->d, w->arena);
        assert_true(glm_lifecycle_plan_remove(w->arena, &w->estate, made.result,
                                              record_selected(w, &made, odd[i]), &w->d));
        assert_null(strstr(glm_test_diags_text(w->arena, &w->d), "selects"));
    }
    end_world(w);
}

static void a_status_names_the_services_of_others(void **state)
{
    struct glm_arena *arena = *state;
    const struct glm_value *selected = glm_test_value(
        arena, "[{'service':'a/b','selector':{'x':'y'}},{'service':'a/c','selector':{}}]");
    assert_string_equal(selected_message(arena, "Fine.", selected),
                        "Fine. Selected by Service a/b (selector x=y), Service a/c (selector ), "
                        "which is not managed here.");
    assert_string_equal(selected_message(arena, "Fine.", &glm_empty_list), "Fine.");
}

int main(void)
{
#define TEST(name)                                                                                 \
    cmocka_unit_test_setup_teardown(name, glm_test_arena_setup, glm_test_arena_teardown)
    const struct CMUnitTest tests[] = {
        TEST(what_the_plan_could_not_know_is_refused_by_the_apply_before_it_writes),
        TEST(a_plan_that_ends_traffic_names_service_type_and_addresses),
        TEST(a_plan_that_removes_what_services_of_others_select_names_them),
        TEST(no_plan_takes_a_message_at_its_word),
        TEST(what_a_refused_upgrade_has_left_may_be_gone_back_to_after_a_read),
        TEST(a_record_that_says_nothing_of_services_is_read_all_the_same),
        TEST(a_status_names_the_services_of_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
