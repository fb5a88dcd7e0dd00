/* SPDX-License-Identifier: Apache-2.0
 *
 * Paths and queries of the Kubernetes API.
 */
#include "../../src/kube/api/api.h"
#include "test.h"

#include <string.h>

#define SERVER "https://10.0.0.1:6443"

static void every_kind_has_its_place(void **state)
{
    static const struct {
        const struct glm_object_kind *kind;
        const char *path;
    } cases[] = {
        {GLM_KIND_NAMESPACE, "/api/v1/namespaces"},
        {GLM_KIND_ISTIO_OPERATOR, "/apis/install.istio.io/v1alpha1/istiooperators"},
        {GLM_KIND_SERVICE, "/api/v1/services"},
        {GLM_KIND_DEPLOYMENT, "/apis/apps/v1/deployments"},
        {GLM_KIND_SERVICE_ACCOUNT, "/api/v1/serviceaccounts"},
        {GLM_KIND_ROLE, "/apis/rbac.authorization.k8s.io/v1/roles"},
        {GLM_KIND_ROLE_BINDING, "/apis/rbac.authorization.k8s.io/v1/rolebindings"},
        {GLM_KIND_AUTOSCALER, "/apis/autoscaling/v2/horizontalpodautoscalers"},
        {GLM_KIND_BUDGET, "/apis/policy/v1/poddisruptionbudgets"},
        {GLM_KIND_NETWORK_POLICY, "/apis/networking.k8s.io/v1/networkpolicies"},
        {GLM_KIND_POD, "/api/v1/pods"},
        {GLM_KIND_EVENT, "/api/v1/events"},
        {GLM_KIND_ENDPOINT_SLICE, "/apis/discovery.k8s.io/v1/endpointslices"},
        {GLM_KIND_MUTATING_WEBHOOK,
         "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations"},
    };
    assert_int_equal(sizeof cases / sizeof *cases, GLM_ROWS);
    for (size_t i = 0; i < GLM_ROWS; i++)
        assert_string_equal(api_url_of(*state, SERVER, cases[i].kind, NULL, NULL, NULL),
                            glm_sprintf(*state, SERVER "%s", cases[i].path));
}

static void objects_are_in_namespaces_or_not(void **state)
{
    assert_string_equal(
        api_url_of(*state, SERVER, GLM_KIND_ISTIO_OPERATOR, "istio-system", "gw", "a=b"),
        SERVER "/apis/install.istio.io/v1alpha1/namespaces/istio-system/istiooperators/gw?a=b");
    assert_string_equal(api_url_of(*state, SERVER, GLM_KIND_SERVICE, "a", NULL, ""),
                        SERVER "/api/v1/namespaces/a/services");
    assert_string_equal(api_url_of(*state, SERVER, GLM_KIND_NAMESPACE, NULL, "a", NULL),
                        SERVER "/api/v1/namespaces/a");
}

static void the_path_of_the_server_is_kept(void **state)
{
    static const char *const servers[] = {"https://rancher/k8s/clusters/c-x",
                                          "https://rancher/k8s/clusters/c-x/",
                                          "https://rancher/k8s/clusters/c-x//"};
    for (size_t i = 0; i < 3; i++)
        assert_string_equal(api_url_of(*state, servers[i], GLM_KIND_POD, NULL, NULL, NULL),
                            "https://rancher/k8s/clusters/c-x/api/v1/pods");
}

static void nothing_in_a_name_can_leave_its_part(void **state)
{
    static const struct {
        const char *name, *encoded;
    } cases[] = {
        {"a/b", "a%2Fb"},       {"a?b#c", "a%3Fb%23c"},
        {"..", "%2E%2E"},       {".", "%2E"},
        {"a..b", "a..b"},       {"a b%41", "a%20b%2541"},
        {"\xc3\xa4", "%C3%A4"}, {"x-._~", "x-._~"},
        {"\r\n", "%0D%0A"},     {"", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_string_equal(
            api_url_of(*state, SERVER, GLM_KIND_SERVICE, "n", cases[i].name, NULL),
            glm_sprintf(*state, SERVER "/api/v1/namespaces/n/services/%s", cases[i].encoded));
        assert_string_equal(
            api_url_of(*state, SERVER, GLM_KIND_SERVICE, cases[i].name, "n", NULL),
            glm_sprintf(*state, SERVER "/api/v1/namespaces/%s/services/n", cases[i].encoded));
    }
}

static void names_may_be_of_any_length(void **state)
{
    size_t len = 100000;
    char *name = glm_alloc(*state, len + 1);
    memset(name, '/', len);
    const char *url = api_url_of(*state, SERVER, GLM_KIND_SERVICE, "n", name, NULL);
    assert_int_equal(strlen(url),
                     strlen(SERVER) + strlen("/api/v1/namespaces/n/services/") + 3 * len);
}

static void queries_are_encoded_and_joined(void **state)
{
    struct glm_text query;
    glm_text_init(&query, *state, 1000);
    api_url_query(&query, "labelSelector", "app=istiod,istio.io/rev in (a, b)");
    api_url_query(&query, "a&b", "c=d&e");
    api_url_query(&query, "empty", "");
    assert_string_equal(query.data,
                        "labelSelector=app%3Distiod%2Cistio.io%2Frev%20in%20%28a%2C%20b%29"
                        "&a%26b=c%3Dd%26e&empty=");
}

static void groups_are_those_of_rules(void **state)
{
    assert_string_equal(api_url_group(*state, GLM_KIND_SERVICE), "");
    assert_string_equal(api_url_group(*state, GLM_KIND_DEPLOYMENT), "apps");
    assert_string_equal(api_url_group(*state, GLM_KIND_ISTIO_OPERATOR), "install.istio.io");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_has_its_place),
        cmocka_unit_test(objects_are_in_namespaces_or_not),
        cmocka_unit_test(the_path_of_the_server_is_kept),
        cmocka_unit_test(nothing_in_a_name_can_leave_its_part),
        cmocka_unit_test(names_may_be_of_any_length),
        cmocka_unit_test(queries_are_encoded_and_joined),
        cmocka_unit_test(groups_are_those_of_rules),
    };
    return cmocka_run_group_tests(tests, glm_test_arena_setup, glm_test_arena_teardown);
}
