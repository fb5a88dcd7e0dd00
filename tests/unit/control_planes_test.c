/* SPDX-License-Identifier: Apache-2.0
 *
 * Control planes: what is asked of which cluster, and what becomes of the answers. Against fake
 * clusters, for the answers that a real one cannot be made to give.
 */
#include "test.h"

#include "fake_cluster.h"
#include "glm/control_planes.h"

#include <string.h>

struct world {
    struct glm_arena *arena;
    struct glm_cluster_config configs[3];
    struct glm_cluster *clusters[3];
    bool must_answer[3];
    struct glm_estate estate;
    struct glm_diags d;
};

/* east and west are API servers, files is not. */
static struct world *new_world(struct glm_arena *arena)
{
    static const char *const names[] = {"east", "files", "west"};
    struct world *w = GLM_NEW(arena, struct world);
    w->arena = arena;
    for (size_t i = 0; i < 3; i++) {
        bool files = strcmp(names[i], "files") == 0;
        w->configs[i] = (struct glm_cluster_config){
            .name = names[i],
            .place = files ? GLM_PLACE_DIRECTORY : GLM_PLACE_LIVE,
            .operator_namespace = "istio-system",
        };
        w->clusters[i] = files ? glm_fake_create(names[i]) : glm_fake_create_live(names[i]);
    }
    w->estate = (struct glm_estate){
        .installers = glm_test_installers(),
        .mesh = {.known = true,
                 .operator_namespace = "istio-system",
                 .clusters = w->configs,
                 .cluster_count = 3},
        .clusters = w->clusters,
        .must_answer = w->must_answer,
        .max_parallel = 4,
    };
    glm_diags_init(&w->d, arena);
    return w;
}

static void end_world(struct world *w)
{
    for (size_t i = 0; i < 3; i++)
        w->clusters[i]->ops->destroy(w->clusters[i]);
}

static struct glm_cluster *east(struct world *w)
{
    return w->clusters[0];
}

static void put(struct world *w, struct glm_cluster *cluster, const char *quoted_json)
{
    glm_fake_put(cluster, glm_test_value(w->arena, quoted_json));
}

/* istiod of a revision, available. */
static void put_istiod(struct world *w, struct glm_cluster *cluster, const char *revision,
                       const char *tag)
{
    put(w, cluster,
        glm_sprintf(w->arena,
                    "{'apiVersion': 'apps/v1', 'kind': 'Deployment', 'metadata': {"
                    "  'name': 'istiod-%s', 'namespace': 'istio-system', 'generation': 1,"
                    "  'labels': {'app': 'istiod', 'istio.io/rev': '%s'}},"
                    " 'spec': {'replicas': 1, 'template': {'spec': {'containers': [{"
                    "  'name': 'discovery', 'image': 'docker.io/istio/pilot:%s'}]}}},"
                    " 'status': {'observedGeneration': 1, 'replicas': 1, 'updatedReplicas': 1,"
                    "  'readyReplicas': 1, 'availableReplicas': 1, 'conditions': [{"
                    "  'type': 'Available', 'status': 'True'}]}}",
                    revision, revision, tag));
}

static void put_operator(struct world *w, struct glm_cluster *cluster, const char *name,
                         const char *revision, const char *watched)
{
    put(w, cluster,
        glm_sprintf(w->arena,
                    "{'apiVersion': 'apps/v1', 'kind': 'Deployment', 'metadata': {"
                    "  'name': '%s', 'namespace': 'istio-operator', 'generation': 1},"
                    " 'spec': {'replicas': 1, 'template': {'spec': {'containers': [{"
                    "  'name': 'istio-operator', 'image': 'docker.io/istio/operator:1.23.6',"
                    "  'command': ['operator', 'server'], 'env': ["
                    "   {'name': 'WATCH_NAMESPACE', 'value': '%s'},"
                    "   {'name': 'REVISION', 'value': '%s'}]}]}}},"
                    " 'status': {'observedGeneration': 1, 'replicas': 1, 'updatedReplicas': 1,"
                    "  'readyReplicas': 1, 'availableReplicas': 1, 'conditions': [{"
                    "  'type': 'Available', 'status': 'True'}]}}",
                    name, watched, revision));
}

static void put_webhook(struct world *w, struct glm_cluster *cluster, const char *name,
                        const char *labels)
{
    put(w, cluster,
        glm_sprintf(w->arena,
                    "{'apiVersion': 'admissionregistration.k8s.io/v1', 'kind': "
                    "'MutatingWebhookConfiguration', 'metadata': {'name': '%s', 'labels': %s}}",
                    name, labels));
}

static const struct glm_value *must_look(struct world *w)
{
    const struct glm_value *result = NULL;
    if (!glm_lifecycle_control_planes(w->arena, &w->estate, &glm_null, 0, &result, &w->d))
        fail_msg("%s", glm_test_diags_text(w->arena, &w->d));
    return result;
}

static void revisions_have_versions_tags_and_readiness(void **state)
{
    struct world *w = new_world(*state);
    put_istiod(w, east(w), "1-24", "1.24.2-distroless");
    put_istiod(w, east(w), "default", "1.23.6");
    put_webhook(w, east(w), "prod", "{'istio.io/rev': '1-24', 'istio.io/tag': 'prod'}");
    put_webhook(w, east(w), "away", "{'istio.io/rev': '1-22'}");
    const struct glm_value *revisions = glm_get_path(must_look(w), "east", "revisions", NULL);
    assert_int_equal(revisions->len, 3);
    glm_assert_value_equal(
        glm_get(revisions, "1-24"),
        glm_test_value(*state, "{'namespace': 'istio-system', 'name': 'istiod-1-24',"
                               " 'tag': '1.24.2-distroless', 'version': '1.24.2', 'ready': true,"
                               " 'external': false, 'tags': ['prod'], 'operator_ready': false}"));
    assert_true(glm_string_is(glm_get_path(revisions, "default", "version", NULL), "1.23.6"));
    const struct glm_value *away = glm_get(revisions, "1-22");
    assert_true(glm_is_true(glm_get(away, "external")));
    assert_true(glm_is_true(glm_get(away, "ready")));
    assert_true(glm_is_null(glm_get(away, "name")) && glm_is_null(glm_get(away, "version")));
    assert_int_equal(w->d.warnings, 0);
    end_world(w);
}

static void operators_are_found_by_their_names_and_say_whom_they_serve(void **state)
{
    struct world *w = new_world(*state);
    put_istiod(w, east(w), "1-23", "1.23.6");
    put_istiod(w, east(w), "1-24", "1.24.2");
    put_operator(w, east(w), "istio-operator-1-23", "1-23", "istio-system");
    put_operator(w, east(w), "somebody-else", "1-24", "");
    const struct glm_value *look = glm_get(must_look(w), "east");
    glm_assert_value_equal(
        glm_get(look, "operators"),
        glm_test_value(*state, "[{'namespace': 'istio-operator', 'name': 'istio-operator-1-23',"
                               " 'revision': '1-23', 'watched_namespaces': ['istio-system'],"
                               " 'ready': true}]"));
    assert_true(glm_is_true(glm_get_path(look, "revisions", "1-23", "operator_ready", NULL)));
    assert_true(glm_is_false(glm_get_path(look, "revisions", "1-24", "operator_ready", NULL)));
    assert_true(glm_is_true(glm_get(look, "istio_operator_api")));
    end_world(w);
}

static void an_operator_of_all_revisions_and_namespaces_says_so(void **state)
{
    struct world *w = new_world(*state);
    put_istiod(w, east(w), "1-24", "1.24.2");
    put_operator(w, east(w), "istio-operator", "", "");
    const struct glm_value *look = glm_get(must_look(w), "east");
    const struct glm_value *op = glm_at(glm_get(look, "operators"), 0);
    assert_true(glm_is_null(glm_get(op, "revision")));
    assert_int_equal(glm_get(op, "watched_namespaces")->len, 0);
    assert_true(glm_is_true(glm_get_path(look, "revisions", "1-24", "operator_ready", NULL)));
    end_world(w);
}

static void an_operator_of_a_revision_that_only_an_istio_operator_names_is_found(void **state)
{
    struct world *w = new_world(*state);
    put(w, east(w),
        "{'apiVersion': 'install.istio.io/v1alpha1', 'kind': 'IstioOperator', 'metadata': {"
        "'name': 'gateway', 'namespace': 'istio-system'}, 'spec': {'revision': '1-21'}}");
    put_operator(w, east(w), "istio-operator-1-21", "1-21", "istio-system");
    assert_int_equal(glm_get_path(must_look(w), "east", "operators", NULL)->len, 1);
    end_world(w);
}

static void an_operator_that_watches_another_namespace_serves_no_gateway_of_ours(void **state)
{
    struct world *w = new_world(*state);
    put_istiod(w, east(w), "1-23", "1.23.6");
    put_operator(w, east(w), "istio-operator-1-23", "1-23", "gm-iop-1-23");
    assert_true(glm_is_false(
        glm_get_path(must_look(w), "east", "revisions", "1-23", "operator_ready", NULL)));
    w->configs[0].operator_namespace = "gm-iop-{revision}";
    assert_true(glm_is_true(
        glm_get_path(must_look(w), "east", "revisions", "1-23", "operator_ready", NULL)));
    end_world(w);
}

static void a_cluster_without_anything_says_so(void **state)
{
    struct world *w = new_world(*state);
    glm_fake_unserve(east(w), GLM_KIND_ISTIO_OPERATOR, true);
    const struct glm_value *look = glm_get(must_look(w), "east");
    assert_true(glm_is_true(glm_get(look, "reachable")));
    assert_true(glm_is_false(glm_get(look, "istio_operator_api")));
    assert_int_equal(glm_get(look, "revisions")->len, 0);
    assert_non_null(strstr(glm_get(look, "message")->as.text, "no control plane"));
    assert_int_equal(w->d.warnings, 0);
    end_world(w);
}

static void a_directory_is_not_asked(void **state)
{
    struct world *w = new_world(*state);
    const struct glm_value *look = glm_get(must_look(w), "files");
    assert_true(glm_is_false(glm_get(look, "reachable")));
    assert_non_null(strstr(glm_get(look, "message")->as.text, "directory"));
    assert_int_equal(glm_fake_operations(w->clusters[1]), 0);
    end_world(w);
}

static void decommissioned_and_unknown_clusters_are_never_dialled(void **state)
{
    struct world *w = new_world(*state);
    struct glm_cluster *kept = w->clusters[2];
    w->configs[0].decommissioned = true;
    w->configs[2].place = GLM_PLACE_UNKNOWN;
    w->clusters[2] = NULL;
    const struct glm_value *result = must_look(w);
    w->clusters[2] = kept;
    assert_non_null(
        strstr(glm_get_path(result, "east", "message", NULL)->as.text, "decommissioned"));
    assert_non_null(strstr(glm_get_path(result, "west", "message", NULL)->as.text, "after apply"));
    assert_int_equal(glm_fake_operations(east(w)), 0);
    assert_int_equal(w->d.warnings + w->d.errors, 0);
    end_world(w);
}

static void a_cluster_that_does_not_answer_is_a_warning_and_hides_no_other(void **state)
{
    struct world *w = new_world(*state);
    put_istiod(w, w->clusters[2], "1-24", "1.24.2");
    glm_fake_break(east(w), true);
    const struct glm_value *result = must_look(w);
    assert_true(glm_is_false(glm_get_path(result, "east", "reachable", NULL)));
    assert_non_null(strstr(glm_get_path(result, "east", "message", NULL)->as.text, "broken"));
    assert_true(glm_is_true(glm_get_path(result, "west", "revisions", "1-24", "ready", NULL)));
    assert_int_equal(w->d.warnings, 1);
    assert_non_null(strstr(w->d.first->summary, "Cluster \"east\""));
    end_world(w);
}

static void a_cluster_that_must_answer_and_does_not_is_an_error(void **state)
{
    struct world *w = new_world(*state);
    const struct glm_value *result;
    w->must_answer[0] = true;
    glm_fake_break(east(w), true);
    assert_false(glm_lifecycle_control_planes(w->arena, &w->estate, &glm_null, 0, &result, &w->d));
    glm_assert_error(&w->d, "", "broken");
    end_world(w);
}

static void a_right_that_is_missing_hides_only_what_it_is_for(void **state)
{
    struct world *w = new_world(*state);
    put_istiod(w, east(w), "1-24", "1.24.2");
    glm_fake_refuse(east(w), GLM_KIND_MUTATING_WEBHOOK, "webhooks are forbidden");
    const struct glm_value *look = glm_get(must_look(w), "east");
    assert_true(glm_is_true(glm_get(look, "reachable")));
    assert_true(glm_is_true(glm_get_path(look, "revisions", "1-24", "ready", NULL)));
    assert_string_equal(glm_get(look, "message")->as.text, "webhooks are forbidden");
    assert_int_equal(w->d.warnings, 1);
    end_world(w);
}

static void only_the_clusters_that_are_asked_for_are_asked(void **state)
{
    struct world *w = new_world(*state);
    const struct glm_value *result;
    assert_true(glm_lifecycle_control_planes(
        w->arena, &w->estate, glm_test_value(*state, "['west']"), 0, &result, &w->d));
    assert_int_equal(result->len, 1);
    assert_true(glm_has(result, "west"));
    assert_int_equal(glm_fake_operations(east(w)), 0);
    end_world(w);
}

static void the_number_of_requests_does_not_grow_with_the_cluster(void **state)
{
    struct world *w = new_world(*state);
    put_istiod(w, east(w), "1-24", "1.24.2");
    for (unsigned i = 0; i < 500; i++)
        put(w, east(w),
            glm_sprintf(w->arena,
                        "{'apiVersion': 'apps/v1', 'kind': 'Deployment', 'metadata': {"
                        "'name': 'app-%u', 'namespace': 'apps'}}",
                        i));
    must_look(w);
    assert_int_equal(glm_fake_operations(east(w)), 5);
    end_world(w);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, glm_test_arena_setup, glm_test_arena_teardown)

static void what_serves_no_deployments_is_no_api_server(void **state)
{
    struct world *w = new_world(*state);
    glm_fake_unserve(east(w), GLM_KIND_DEPLOYMENT, true);
    const struct glm_value *look = glm_get(must_look(w), "east");
    assert_true(glm_is_false(glm_get(look, "reachable")));
    assert_non_null(
        strstr(glm_string_or(glm_get(look, "message"), ""), "is the path in its address"));
    assert_int_equal(w->d.warnings, 1);
    end_world(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(revisions_have_versions_tags_and_readiness),
        TEST(operators_are_found_by_their_names_and_say_whom_they_serve),
        TEST(an_operator_of_all_revisions_and_namespaces_says_so),
        TEST(an_operator_of_a_revision_that_only_an_istio_operator_names_is_found),
        TEST(an_operator_that_watches_another_namespace_serves_no_gateway_of_ours),
        TEST(a_cluster_without_anything_says_so),
        TEST(what_serves_no_deployments_is_no_api_server),
        TEST(a_directory_is_not_asked),
        TEST(decommissioned_and_unknown_clusters_are_never_dialled),
        TEST(a_cluster_that_does_not_answer_is_a_warning_and_hides_no_other),
        TEST(a_cluster_that_must_answer_and_does_not_is_an_error),
        TEST(a_right_that_is_missing_hides_only_what_it_is_for),
        TEST(only_the_clusters_that_are_asked_for_are_asked),
        TEST(the_number_of_requests_does_not_grow_with_the_cluster),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
