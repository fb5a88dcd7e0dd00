/* SPDX-License-Identifier: Apache-2.0
 *
 * The walker: what no golden case can show. The cases are in tests/golden/spec.
 */
#include "test.h"

#include "glm/spec.h"
#include "glm/text.h"

#include <string.h>
#include <time.h>

static bool check_as(struct glm_arena *a, const struct glm_spec_type *type, unsigned minor,
                     const struct glm_value *v, const struct glm_path *where, struct glm_diags *d)
{
    struct glm_spec_report r;
    glm_diags_init(d, a);
    glm_spec_report_begin(&r, a, NULL, NULL, 0, true, d);
    bool right = glm_spec_check(&r, type, minor, v, where);
    glm_spec_report_end(&r);
    return right;
}

static bool check(struct glm_arena *a, unsigned minor, const struct glm_value *v,
                  struct glm_diags *d)
{
    return check_as(a, glm_spec_root(minor), minor, v, NULL, d);
}

static void null_and_unknown_are_right_wherever_they_stand(void **state)
{
    struct glm_arena *a = *state;
    struct glm_diags d;
    const struct glm_value *v = glm_test_value(
        a, "{'profile': null, 'values': null, 'meshConfig': {'defaultConfig': {'proxyMetadata': "
           "{'A': null}}}, 'components': {'ingressGateways': [null, {'label': {'a': null}, 'k8s': "
           "{'env': [null], 'service': {'type': null, 'ports': [{'port': 80, 'targetPort': null}]}"
           "}}]}}");
    assert_true(check(a, GLM_SPEC_OPERATOR, v, &d));
    assert_true(check(a, GLM_SPEC_NEWEST, v, &d));
    assert_int_equal(d.warnings, 0);
    v = glm_with_path(a, &glm_empty_map, &glm_unknown, "components", "ingressGateways", NULL);
    v = glm_with_path(a, v, &glm_unknown, "values", "global", "hub", NULL);
    assert_true(check(a, GLM_SPEC_OPERATOR, v, &d));
    assert_true(check(a, GLM_SPEC_OPERATOR, &glm_unknown, &d));
    assert_true(check(a, GLM_SPEC_OPERATOR, &glm_null, &d));
    assert_false(check(a, GLM_SPEC_OPERATOR, &glm_empty_list, &d));
    glm_assert_error(&d, "", "the spec must be a map, but is a list.");
}

static void required_fields_may_come_from_the_chart_but_not_into_a_whole_object(void **state)
{
    struct glm_arena *a = *state;
    struct glm_diags d;
    const struct glm_value *hpa = glm_test_value(a, "{'minReplicas': 2}");
    const struct glm_value *spec = glm_test_value(
        a, "{'components': {'ingressGateways': [{'k8s': {'hpaSpec': {'minReplicas': 2}}}]}}");
    assert_true(check(a, GLM_SPEC_OPERATOR, spec, &d));
    assert_true(check(a, GLM_SPEC_NEWEST, spec, &d));
    assert_false(check_as(a, glm_spec_type("HorizontalPodAutoscalerSpec", GLM_SPEC_NEWEST),
                          GLM_SPEC_NEWEST, hpa, NULL, &d));
    glm_assert_error(&d, "", "needs maxReplicas");
}

static void the_path_goes_on_from_where_the_value_is(void **state)
{
    struct glm_arena *a = *state;
    struct glm_diags d;
    const struct glm_path *where = GLM_AT_KEY(GLM_AT_ATTR(NULL, "services"), "gw/edge");
    const struct glm_value *v = glm_test_value(a, "{'spec': {'ports': [{'prot': 1}]}}");
    assert_false(
        check_as(a, glm_spec_type("Service", GLM_SPEC_OPERATOR), GLM_SPEC_OPERATOR, v, where, &d));
    glm_assert_error(&d, "",
                     "services[\"gw/edge\"].spec.ports[0].prot is not a field of a "
                     "ServicePort of Kubernetes. Did you mean port?");
}

static void a_field_is_known_to_the_minors_that_have_it(void **state)
{
    struct glm_arena *a = *state;
    struct glm_diags d;
    const struct glm_value *v =
        glm_test_value(a, "{'values': {'global': {'trustBundleName': 'x'}}}");
    static const struct {
        unsigned minor;
        const char *said;
    } cases[] = {
        {GLM_SPEC_OPERATOR, "is known from Istio 1.27 on; the operator is of Istio 1.23."},
        {24, "is known from Istio 1.27 on; this is 1.24."},
        {26, "is known from Istio 1.27 on; this is 1.26."},
        {27, NULL},
        {GLM_SPEC_NEWEST, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_true(check(a, cases[i].minor, v, &d));
        assert_int_equal(d.warnings, cases[i].said != NULL);
        if (cases[i].said)
            glm_assert_warning(&d, "", cases[i].said);
    }
}

/* Each decoder takes other things for a number, an enum or a field. */
static void decoders_differ(void **state)
{
    struct glm_arena *a = *state;
    struct glm_diags d;
#define SERVICE(port)                                                                              \
    "{'components': {'ingressGateways': [{'k8s': {'service': {'ports': [" port "]}}}]}}"
    static const struct {
        const char *document;
        unsigned minor;
        bool right;
    } cases[] = {
        {"{'meshConfig': {'enable_auto_mtls': true}}", GLM_SPEC_OPERATOR, true},
        {"{'meshConfig': {'enable_auto_mtls': true, 'enableAutoMtls': true}}", GLM_SPEC_OPERATOR,
         false},
        {"{'mesh_config': {}}", GLM_SPEC_OPERATOR, false},
        {"{'meshConfig': {'defaultConfig': {'concurrency': '2'}}}", GLM_SPEC_OPERATOR, true},
        {"{'meshConfig': {'defaultConfig': {'concurrency': 'two'}}}", GLM_SPEC_OPERATOR, false},
        {"{'meshConfig': {'defaultConfig': {'concurrency': 2147483648}}}", GLM_SPEC_OPERATOR,
         false},
        {"{'meshConfig': {'accessLogEncoding': 1}}", GLM_SPEC_OPERATOR, true},
        {"{'meshConfig': {'accessLogEncoding': 2147483648}}", GLM_SPEC_OPERATOR, false},
        {"{'meshConfig': {'accessLogEncoding': 'json'}}", GLM_SPEC_OPERATOR, false},
        {SERVICE("{'port': 80}"), GLM_SPEC_OPERATOR, true},
        {SERVICE("{'port': '80'}"), GLM_SPEC_OPERATOR, false},
        {SERVICE("{'Port': 80, 'port': 80}"), GLM_SPEC_NEWEST, false},
        {SERVICE("{'port': 80, 'protocol': 1}"), GLM_SPEC_NEWEST, false},
        {SERVICE("{'port': 80, 'protocol': ''}"), GLM_SPEC_NEWEST, true},
        {"{'components': {'ingressGateways': [{'k8s': {'securityContext': {'fsGroup': '1'}}}]}}",
         GLM_SPEC_OPERATOR, true},
        {"{'components': {'ingressGateways': [{'k8s': {'securityContext': {'fsGroup': '1'}}}]}}",
         GLM_SPEC_NEWEST, false},
        {"{'components': {'ingressGateways': [{'k8s': {'resources': {'limits': {'cpu': 1}}}}]}}",
         GLM_SPEC_OPERATOR, false},
        {"{'components': {'ingressGateways': [{'k8s': {'resources': {'limits': {'cpu': 1}}}}]}}",
         GLM_SPEC_NEWEST, true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (check(a, cases[i].minor, glm_test_value(a, cases[i].document), &d) != cases[i].right)
            fail_msg("%s with 1.%u:\n%s", cases[i].document, cases[i].minor,
                     glm_test_diags_text(a, &d));
}

static void many_mistakes_are_counted_and_the_first_are_listed(void **state)
{
    struct glm_arena *a = *state;
    struct glm_diags d;
    struct glm_list_builder list;
    glm_list_init(&list, a);
    for (int i = 0; i < 5000; i++)
        glm_list_add(&list, glm_test_value(a, "{'nmae': 1}"));
    const struct glm_value *v = glm_with_path(a, &glm_empty_map, glm_list_finish(&list),
                                              "components", "ingressGateways", NULL);
    assert_false(check(a, GLM_SPEC_OPERATOR, v, &d));
    assert_true(d.errors > GLM_DIAGS_LIMIT);
    assert_string_equal(d.first->detail,
                        "components.ingressGateways[0].nmae is not a field of the IstioOperator "
                        "API (Istio 1.23). Did you mean name?");
    assert_string_equal(d.last->summary, "Too many problems to list");
}

static void keys_of_any_length_make_short_messages(void **state)
{
    struct glm_arena *a = *state;
    struct glm_diags d;
    char *key = glm_alloc(a, 200001);
    memset(key, 'k', 200000);
    const struct glm_value *v = glm_with(a, &glm_empty_map, key, &glm_true);
    v = glm_with_path(a, v, &glm_true, "meshConfig", "defaultConfig", "proxyMetadata", key, NULL);
    assert_false(check(a, GLM_SPEC_OPERATOR, v, &d));
    assert_int_equal(d.errors, 2);
    for (const struct glm_diag *said = d.first; said; said = said->next)
        assert_true(strlen(said->detail) < 1000);
}

/* ---- time and memory grow with the document ---- */

static const char *right(struct glm_arena *a, size_t size)
{
    struct glm_text t;
    glm_text_init(&t, a, (size_t)1 << 30);
    glm_text_adds(&t, "components:\n  ingressGateways:\n");
    while (t.len < size)
        glm_text_addf(&t,
                      "  - {name: gw-%zu, enabled: true, label: {app: edge}, k8s: {env: [{name: A, "
                      "value: b}], service: {ports: [{name: https, port: 443}]}}}\n",
                      t.len);
    return t.data;
}

static const char *unknown_keys(struct glm_arena *a, size_t size)
{
    struct glm_text t;
    glm_text_init(&t, a, (size_t)1 << 30);
    glm_text_adds(&t, "values:\n");
    while (t.len < size)
        glm_text_addf(&t, "  key-%zu: {a: b}\n", t.len);
    return t.data;
}

static const char *twice(struct glm_arena *a, size_t size)
{
    struct glm_text t;
    glm_text_init(&t, a, (size_t)1 << 30);
    glm_text_adds(&t, "components:\n  ingressGateways:\n  - k8s:\n      env:\n");
    while (t.len < size)
        glm_text_adds(&t, "      - {name: SAME, value: a}\n");
    return t.data;
}

/* As jsonencode writes: one line, with a mistake in every element. */
static const char *one_line(struct glm_arena *a, size_t size)
{
    struct glm_text t;
    glm_text_init(&t, a, (size_t)1 << 30);
    glm_text_adds(&t, "{\"components\":{\"ingressGateways\":[{}");
    while (t.len < size)
        glm_text_adds(&t, ",{\"name\":\"edge\",\"label\":{\"app\":true}}");
    glm_text_adds(&t, "]}}");
    return t.data;
}

struct cost {
    double seconds;
    size_t bytes;
};

static struct cost cost_of(const char *(*make)(struct glm_arena *a, size_t size), size_t size)
{
    struct glm_arena *GLM_AUTO_ARENA a = glm_arena_create((size_t)4 << 30);
    struct cost best = {.seconds = 1e9};
    const char *text = make(a, size);
    const struct glm_value *v = NULL;
    struct glm_diags d;
    glm_diags_init(&d, a);
    assert_true(glm_yaml_decode(a, text, strlen(text), "document", NULL, &v, &d));
    for (int turn = 0; turn < 3; turn++) {
        struct glm_spec_report r;
        size_t used = glm_arena_used(a);
        clock_t start = clock();
        glm_diags_init(&d, a);
        glm_spec_report_begin(&r, a, NULL, text, strlen(text), true, &d);
        glm_spec_check(&r, glm_spec_root(GLM_SPEC_OPERATOR), GLM_SPEC_OPERATOR, v, NULL);
        glm_spec_report_end(&r);
        double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
        best.seconds = seconds < best.seconds ? seconds : best.seconds;
        best.bytes = glm_arena_used(a) - used;
    }
    return best;
}

static void time_and_memory_grow_with_the_document(void **state)
{
    (void)state;
    const char *(*const documents[])(struct glm_arena * a, size_t size) = {right, unknown_keys,
                                                                           twice, one_line};
    for (size_t i = 0; i < sizeof documents / sizeof *documents; i++) {
        struct cost small = cost_of(documents[i], (size_t)1 << 17);
        struct cost large = cost_of(documents[i], (size_t)1 << 20);
        /* Eight times the text: a quadratic walk would take 64 times as long. */
        assert_true(large.seconds < 30 * small.seconds + 0.02);
        assert_true(large.bytes < 16 * small.bytes + ((size_t)1 << 20));
    }
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, glm_test_arena_setup, glm_test_arena_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(null_and_unknown_are_right_wherever_they_stand),
        TEST(required_fields_may_come_from_the_chart_but_not_into_a_whole_object),
        TEST(the_path_goes_on_from_where_the_value_is),
        TEST(a_field_is_known_to_the_minors_that_have_it),
        TEST(decoders_differ),
        TEST(many_mistakes_are_counted_and_the_first_are_listed),
        TEST(keys_of_any_length_make_short_messages),
        TEST(time_and_memory_grow_with_the_document),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
