/* SPDX-License-Identifier: Apache-2.0
 *
 * The chart `gateway`, where a golden case would not do: a second revision, places, what is not known, how much it
 * takes.
 */
#include "glm/gateway_chart.h"
#include "growth.h"
#include "rendered.h"
#include "test.h"

#include <string.h>

#define MEMORY_MAX ((size_t)1 << 20)
#define TEXT_MAX ((size_t)1 << 30)
#define ARENA_MAX ((size_t)4 << 30)

static struct glm_gateway_chart_request request_of(const struct glm_value *values,
                                                   const char *version)
{
    return (struct glm_gateway_chart_request){.values = values,
                                              .release = "istio-edge",
                                              .namespace_ = "gateways",
                                              .istio_version = version,
                                              .warn = true};
}

static struct glm_gateway_chart made(struct glm_arena *arena,
                                     const struct glm_gateway_chart_request *request)
{
    struct glm_gateway_chart chart = {.count = 0};
    struct glm_diags d;
    glm_diags_init(&d, arena);
    if (!glm_gateway_chart(arena, request, &chart, &d))
        fail_msg("%s", glm_test_diags_text(arena, &d));
    return chart;
}

static const struct glm_value *of_kind(const struct glm_gateway_chart *chart, const char *kind)
{
    for (size_t i = 0; i < chart->count; i++)
        if (glm_string_is(glm_get(chart->objects[i], "kind"), kind))
            return chart->objects[i];
    return &glm_null;
}

/* ---- a second revision ---- */

static void a_canary_runs_as_the_first_one_and_takes_its_service(void **state)
{
    struct glm_arena *arena = *state;
    const struct glm_gateway_chart_canary canary = {.suffix = "-1-31"};
    struct glm_gateway_chart_request request = request_of(
        glm_test_value(arena, "{'revision': '1-31', 'service': {'selectorLabels': {'c': 'd'}}}"),
        "1.31.0");
    struct glm_gateway_chart first = made(arena, &request);
    assert_ptr_equal(first.service, of_kind(&first, "Service"));
    request.canary = &canary;
    struct glm_gateway_chart second = made(arena, &request);
    assert_string_equal(second.name, "istio-edge-1-31");
    assert_string_equal(second.base, "istio-edge");
    assert_string_equal(second.account, "istio-edge");
    assert_string_equal(second.revision, "1-31");
    glm_assert_value_equal(second.selector,
                           glm_test_value(arena, "{'app': 'istio-edge-1-31', 'istio': 'edge'}"));
    assert_true(glm_is_null(of_kind(&second, "Service")));
    assert_true(glm_is_null(of_kind(&second, "ServiceAccount")));
    assert_true(glm_is_null(of_kind(&second, "Role")));
    glm_assert_value_equal(glm_get(second.service, "metadata"), glm_get(first.service, "metadata"));
    glm_assert_value_equal(
        glm_get_path(second.service, "spec", "selector", NULL),
        glm_test_value(arena, "{'app': 'istio-edge-1-31', 'istio': 'edge', 'c': 'd'}"));
}

static void a_canary_takes_the_account_over_when_the_first_one_goes(void **state)
{
    struct glm_arena *arena = *state;
    const struct glm_gateway_chart_canary canary = {.suffix = "-1-31", .has_account = true};
    struct glm_gateway_chart_request request = request_of(&glm_empty_map, "1.31.0");
    request.canary = &canary;
    struct glm_gateway_chart second = made(arena, &request);
    static const char *const kinds[] = {"ServiceAccount", "Role", "RoleBinding"};
    for (size_t i = 0; i < 3; i++)
        assert_true(glm_string_is(
            glm_get_path(of_kind(&second, kinds[i]), "metadata", "name", NULL), "istio-edge"));
    const struct glm_value *pod =
        glm_get_path(of_kind(&second, "Deployment"), "spec", "template", "spec", NULL);
    assert_true(glm_string_is(glm_get(pod, "serviceAccountName"), "istio-edge"));
}

static void values_that_want_no_service_have_none(void **state)
{
    struct glm_arena *arena = *state;
    struct glm_gateway_chart_request request =
        request_of(glm_test_value(arena, "{'service': {'type': 'None'}}"), "1.31.0");
    struct glm_gateway_chart chart = made(arena, &request);
    assert_null(chart.service);
    assert_true(glm_is_null(of_kind(&chart, "Service")));
}

/* ---- versions ---- */

static void a_chart_of_a_vendor_has_two_versions(void **state)
{
    struct glm_arena *arena = *state;
    struct glm_gateway_chart_request request = request_of(&glm_null, "1.30.3");
    request.chart_version = "2.0.0+build.1";
    request.app_version = "1.30.3-vendor";
    struct glm_gateway_chart chart = made(arena, &request);
    const struct glm_value *labels =
        glm_get_path(of_kind(&chart, "Role"), "metadata", "labels", NULL);
    assert_true(glm_string_is(glm_get(labels, "helm.sh/chart"), "gateway-2.0.0_build.1"));
    assert_true(glm_string_is(glm_get(labels, "app.kubernetes.io/version"), "1.30.3-vendor"));
}

/* ---- places ---- */

static void a_place_is_where_the_value_that_counts_is_said(void **state)
{
    static const struct {
        const char *path, *where;
        uint32_t line, column;
    } rows[] = {
        {"service.type", "service.type", 2, 9},
        {"imagePullSecrets", "global.imagePullSecrets", 4, 21},
        {"replicaCount", "_internal_defaults_do_not_set.replicaCount", 6, 17},
        {"labels.istio", "labels.istio", 0, 0},
        {"service.type.more", "service.type.more", 0, 0},
    };
    static const char text[] = "service:\n  type: ClusterIP\nglobal:\n  imagePullSecrets: []\n"
                               "_internal_defaults_do_not_set:\n  replicaCount: 2\n";
    struct glm_arena *arena = *state;
    const struct glm_value *values;
    struct glm_diags d;
    glm_diags_init(&d, arena);
    assert_true(glm_yaml_decode(arena, text, sizeof text - 1, "values", NULL, &values, &d));
    struct glm_gateway_chart_request request = request_of(values, "1.31.0");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct glm_gateway_chart_place place =
            glm_gateway_chart_place(arena, &request, rows[i].path);
        assert_string_equal(place.where, rows[i].where);
        assert_int_equal(place.line, rows[i].line);
        assert_int_equal(place.column, rows[i].column);
        assert_true(glm_is_null(place.value) == (rows[i].line == 0));
    }
}

/* ---- whatever it is given ---- */

static const struct glm_value *golden_values(struct glm_arena *arena, const char *name)
{
    size_t len;
    const struct glm_value *values;
    struct glm_diags d;
    const char *path = glm_sprintf(arena, "tests/golden/gateway_chart/%s/values.yaml", name);
    const char *text = glm_test_file(arena, path, &len);
    glm_diags_init(&d, arena);
    assert_true(glm_yaml_decode(arena, text, len, path, NULL, &values, &d));
    return values;
}

static void one_rendering_takes_less_than_a_mebibyte(void **state)
{
    struct glm_arena *arena = *state;
    struct glm_gateway_chart_request request = request_of(golden_values(arena, "whole"), "1.31.0");
    request.applied = true;
    size_t before = glm_arena_used(arena);
    made(arena, &request);
    assert_true(glm_arena_used(arena) - before < MEMORY_MAX);
}

/* Renders the values once for each of them, with that one replaced. Returns how often that came to objects. */
static size_t render_with_each_replaced(const struct glm_value *values, const char *version,
                                        const struct glm_value *by)
{
    size_t count = 0;
    for (size_t place = 1, left = 0;; place++) {
        struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create((size_t)64 << 20);
        struct glm_gateway_chart chart, again;
        struct glm_diags d, e;
        left = place;
        struct glm_gateway_chart_request request =
            request_of(rendered_replaced(arena, values, &left, by), version);
        if (left) /* it has no more */
            return count;
        request.applied = place % 2;
        glm_diags_init(&d, arena);
        glm_diags_init(&e, arena);
        bool ok = glm_gateway_chart(arena, &request, &chart, &d);
        count += ok;
        assert_true(ok == (d.errors == 0));
        assert_true(ok == glm_gateway_chart(arena, &request, &again, &e));
        for (size_t i = 0; ok && i < chart.count; i++) {
            assert_true(glm_equal(chart.objects[i], again.objects[i]));
            assert_true(glm_is_unknown(by) || glm_is_wholly_known(chart.objects[i]));
        }
    }
}

static void any_value_anywhere_is_rendered_or_refused(void **state)
{
    static const char *const texts[] = {"null",  "true", "''", "'x'",          "0",
                                        "1e400", "[]",   "{}", "[[null], {}]", "'1e3'"};
    static const char *const names[] = {"whole", "applied-right", "network-gateway"};
    struct glm_arena *arena = *state;
    size_t count = 0;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const struct glm_value *values = golden_values(arena, names[i]);
        const struct glm_value *flat = glm_with(arena, &glm_empty_map, "global", values);
        for (size_t k = 0; k < sizeof texts / sizeof *texts; k++) {
            const struct glm_value *by = glm_test_value(arena, texts[k]);
            count += render_with_each_replaced(values, "1.31.0", by);
            count += render_with_each_replaced(flat, "1.29.0", by);
            count += render_with_each_replaced(values, "1.22.0", by);
        }
        count += render_with_each_replaced(flat, "1.31.0", &glm_unknown);
        count += render_with_each_replaced(values, "1.22.0", &glm_unknown);
    }
    assert_true(count > 500);
}

/* ---- growth ---- */

static void variables(struct glm_text *text, size_t n)
{
    glm_text_adds(text, "env:\n");
    for (size_t i = 0; i < n; i++)
        glm_text_addf(text, "  V%zu: %zu.0\n", i, i);
    glm_text_adds(text, "envVarFrom:\n");
    for (size_t i = 0; i < n; i++)
        glm_text_addf(text, "- {name: F%zu, valueFrom: {fieldRef: {fieldPath: metadata.name}}}\n",
                      i);
}

static void volumes(struct glm_text *text, size_t n)
{
    glm_text_adds(text, "volumes:\n");
    for (size_t i = 0; i < n; i++)
        glm_text_addf(text, "- {name: v%zu, emptyDir: {}}\n", i);
    glm_text_adds(text, "volumeMounts:\n");
    for (size_t i = 0; i < n; i++)
        glm_text_addf(text, "- {name: v%zu, mountPath: /v%zu}\n", i, i);
}

static void labels(struct glm_text *text, size_t n)
{
    glm_text_adds(text, "labels:\n");
    for (size_t i = 0; i < n; i++)
        glm_text_addf(text, "  l%zu: %zu\n", i, i + 1000000);
    glm_text_adds(text, "annotations:\n");
    for (size_t i = 0; i < n; i++)
        glm_text_addf(text, "  a%zu: b\n", i);
    glm_text_adds(text, "service:\n  annotations:\n");
    for (size_t i = 0; i < n; i++)
        glm_text_addf(text, "    a%zu: c\n", i + n / 2);
}

static void ports(struct glm_text *text, size_t n)
{
    glm_text_adds(text, "global: {networkPolicy: {enabled: true}}\nservice:\n  ports:\n");
    for (size_t i = 0; i < n; i++)
        glm_text_addf(text, "  - {name: p%zu, port: %zu}\n", i, i % 65000 + 1);
}

static void unknown_keys(struct glm_text *text, size_t n)
{
    for (size_t i = 0; i < n; i++)
        glm_text_addf(text, "k%zu: x\n", i);
}

typedef void writer(struct glm_text *text, size_t n);

static void run(const void *context, size_t n, double seconds[GROWTH_STAGES])
{
    static const char *const versions[] = {"1.31.0", "1.22.0"};
    for (size_t i = 0; i < 2; i++) {
        struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create(ARENA_MAX);
        struct glm_text text;
        struct glm_diags d;
        struct glm_gateway_chart chart;
        glm_text_init(&text, arena, TEXT_MAX);
        (*(writer *const *)context)(&text, n);
        struct glm_gateway_chart_request request = request_of(&glm_null, versions[i]);
        request.text = text.data;
        request.len = text.len;
        request.applied = true;
        glm_diags_init(&d, arena);
        double began = growth_clock();
        assert_true(
            glm_yaml_decode(arena, text.data, text.len, "values", NULL, &request.values, &d));
        glm_gateway_chart(arena, &request, &chart, &d);
        seconds[i] = growth_clock() - began;
    }
}

static void what_there_is_much_of_takes_time_in_proportion(void **state)
{
    static const struct {
        const char *name;
        writer *write;
        size_t least, most;
    } rows[] = {
        {"variables", variables, 1000, 50000},
        {"volumes", volumes, 1000, 50000},
        {"labels", labels, 1000, 50000},
        {"ports", ports, 1000, 50000},
        {"unknown keys", unknown_keys, 500, 20000},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        growth_assert(&(struct growth){.name = rows[i].name,
                                       .run = run,
                                       .context = &rows[i].write,
                                       .least = rows[i].least,
                                       .most = rows[i].most,
                                       .stages = {"1.31", "1.22"}});
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, glm_test_arena_setup, glm_test_arena_teardown)
    const struct CMUnitTest tests[] = {
        T(a_canary_runs_as_the_first_one_and_takes_its_service),
        T(a_canary_takes_the_account_over_when_the_first_one_goes),
        T(values_that_want_no_service_have_none),
        T(a_chart_of_a_vendor_has_two_versions),
        T(a_place_is_where_the_value_that_counts_is_said),
        T(one_rendering_takes_less_than_a_mebibyte),
        T(any_value_anywhere_is_rendered_or_refused),
        T(what_there_is_much_of_takes_time_in_proportion),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
