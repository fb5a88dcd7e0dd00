/* SPDX-License-Identifier: Apache-2.0
 *
 * Upgrades through the lifecycle, in a fake of a live cluster on which nobody acts: versions
 * against control planes, what the plan could not know, and what a plan says of traffic that ends.
 */
#include "test.h"

#include "fake_cluster.h"
#include "glm/lifecycle.h"
#include "../../src/lifecycle/lifecycle_internal.h"

#include <string.h>

struct world {
    struct glm_arena *arena;
    struct glm_cluster *east;
    struct glm_cluster *clusters[1];
    struct glm_cluster_config configs[1];
    struct glm_estate estate;
    struct glm_diags d;
};

static struct world *new_world(struct glm_arena *arena)
{
    struct world *w = GLM_NEW(arena, struct world);
    w->arena = arena;
    w->east = glm_fake_create_live("east");
    w->clusters[0] = w->east;
    w->configs[0] = (struct glm_cluster_config){
        .name = "east", .place = GLM_PLACE_LIVE, .operator_namespace = "istio-system"};
    w->estate = (struct glm_estate){
        .mesh = {.known = true,
                 .clusters = w->configs,
                 .cluster_count = 1,
                 .default_distribution = &glm_null},
        .clusters = w->clusters,
        .max_parallel = 1,
    };
    glm_diags_init(&w->d, arena);
    return w;
}

static void end_world(struct world *w)
{
    w->east->ops->destroy(w->east);
}

static void put_istiod(struct world *w, const char *tag)
{
    glm_fake_put(w->east,
                 glm_test_value(
                     w->arena,
                     glm_sprintf(w->arena,
                                 "{'apiVersion': 'apps/v1', 'kind': 'Deployment', 'metadata': {"
                                 "  'name': 'istiod-1-24', 'namespace': 'istio-system',"
                                 "  'labels': {'app': 'istiod', 'istio.io/rev': '1-24'}},"
                                 " 'spec': {'template': {'spec': {'containers': [{"
                                 "  'name': 'discovery', 'image': 'docker.io/istio/pilot:%s'}]}}}}",
                                 tag)));
}

/* One active installation "1-24" of this tag. */
static const struct glm_value *attributes(struct world *w, const char *tag, bool skip)
{
    const char *spec = glm_sprintf(
        w->arena,
        "tag: %s\\ncomponents:\\n  ingressGateways:\\n  - name: ingress\\n    namespace: gateways"
        "\\n    enabled: true\\n    k8s:\\n      service:\\n        type: LoadBalancer\\n",
        tag);
    return glm_test_value(
        w->arena,
        glm_sprintf(w->arena,
                    "{'name':'ingress','namespace':'gloo-mesh','wait_for_healthy':false,"
                    "'installations':{'1-24':{'gateway_revision':'1-24',"
                    "'clusters':{'east':{'active_gateway':true}},'skip_upgrade_validation':%s,"
                    "'istio_operator_spec':'%s'}},'helm_global':null}",
                    skip ? "true" : "false", spec));
}

static struct glm_change plan(struct world *w, const struct glm_change *before,
                              const struct glm_value *wanted)
{
    struct glm_change change = {.prior = before ? before->result : &glm_null,
                                .record = before ? before->result_record : &glm_null,
                                .attributes = wanted};
    if (!glm_lifecycle_plan(w->arena, &w->estate, &change, &w->d))
        fail_msg("%s", glm_test_diags_text(w->arena, &w->d));
    return change;
}

static struct glm_change apply(struct world *w, const struct glm_change *before,
                               const struct glm_value *wanted)
{
    struct glm_change planned = plan(w, before, wanted);
    struct glm_change change = {.prior = planned.prior,
                                .record = planned.result_record,
                                .attributes = planned.result,
                                .creating = !before};
    glm_lifecycle_apply(w->arena, &w->estate, &change, &w->d);
    return change;
}

static const char *tag_in_cluster(struct world *w)
{
    const struct glm_value *object =
        glm_fake_get(w->east, GLM_KIND_ISTIO_OPERATOR, "istio-system", "ingress-1-24");
    return glm_string_or(glm_get_path(object, "spec", "tag", NULL), "none");
}

#define AT "installations[\"1-24\"].clusters[\"east\"]"

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
                                "services", "east", "gateways/ingress", "addresses", NULL);
    assert_true(
        glm_lifecycle_plan_remove(w->arena, &w->estate, made.result, made.result_record, &w->d));
    glm_assert_warning(&w->d, "installations",
                       "Service gateways/ingress (LoadBalancer, 203.0.113.7, lb.example.com, "
                       "revision \"1-24\")");
    assert_int_equal(w->d.warnings, 1);
    end_world(w);
}

/* The record of a plan in which somebody selects the revision, by the last read. */
static const struct glm_value *record_selected(struct world *w, const struct glm_change *made,
                                               const char *selected)
{
    return glm_with_path(w->arena, made->result_record, glm_test_value(w->arena, selected),
                         "clusters", "east", "selected", "1-24", NULL);
}

static void a_plan_that_removes_what_services_of_others_select_names_them(void **state)
{
    struct world *w = new_world(*state);
    put_istiod(w, "1.24.1");
    struct glm_change made = apply(w, NULL, attributes(w, "1.24.1", false));
    const struct glm_value *record = record_selected(
        w, &made, "[{'service':'gateways/mine','selector':{'app':'x','revision':'1-24'}}]");
    assert_true(glm_lifecycle_plan_remove(w->arena, &w->estate, made.result, record, &w->d));
    glm_assert_warning(&w->d, "installations",
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
        TEST(a_gateway_newer_than_its_control_plane_is_not_installed),
        TEST(a_newer_patch_version_than_the_control_planes_is_installed),
        TEST(a_gateway_far_older_than_its_control_plane_is_installed_with_a_warning),
        TEST(a_forced_upgrade_past_the_control_plane_only_warns),
        TEST(what_the_plan_could_not_know_is_refused_by_the_apply_before_it_writes),
        TEST(a_plan_that_ends_traffic_names_service_type_and_addresses),
        TEST(a_plan_that_removes_what_services_of_others_select_names_them),
        TEST(no_plan_takes_a_message_at_its_word),
        TEST(a_record_that_says_nothing_of_services_is_read_all_the_same),
        TEST(a_status_names_the_services_of_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
