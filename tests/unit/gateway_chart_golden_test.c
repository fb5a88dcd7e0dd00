/* SPDX-License-Identifier: Apache-2.0
 *
 * The chart `gateway`, case by case: each folder of tests/golden/gateway_chart is one (tests/support/rendered.h), of
 * which values.yaml is what the chart is given, as the release "edge" in the namespace "gateways". The version of the
 * chart is that of Istio. A folder whose name begins with "applied-" is for a cluster, one that begins with
 * "canary-" a canary with the suffix "-next".
 *
 * GLM_UPDATE_GOLDEN=1 rewrites what is expected.
 */
#include "glm/gateway_chart.h"
#include "rendered.h"
#include "test.h"

#include <string.h>

#define ROOT "tests/golden/gateway_chart"

static void render(struct rendered_golden *c, struct rendered *ret, struct glm_diags *d)
{
    static const struct glm_gateway_chart_canary canary = {.suffix = "-next"};
    size_t len;
    const char *text = glm_test_file(c->arena, rendered_file(c, "values.yaml"), &len);
    struct glm_gateway_chart chart = {.count = 0};
    struct glm_gateway_chart_request request = {
        .text = text,
        .len = len,
        .release = "edge",
        .namespace_ = "gateways",
        .istio_version = ret->version,
        .warn = true,
        .applied = strstr(c->folder, "/applied-") != NULL,
        .canary = strstr(c->folder, "/canary-") ? &canary : NULL,
    };
    if (!glm_yaml_decode(c->arena, text, len, "values.yaml", NULL, &request.values, d))
        fail_msg("%s", glm_test_diags_text(c->arena, d));
    ret->ok = glm_gateway_chart(c->arena, &request, &chart, d);
    ret->objects = chart.objects;
    ret->count = chart.count;
}

static void run_case(const char *name)
{
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create((size_t)1 << 20);
    print_message("          %s\n", name);
    rendered_golden_run(glm_sprintf(arena, ROOT "/%s", name), render);
}

static void every_golden_case_is_what_helm_makes_of_it(void **state)
{
    glm_test_each_folder(*state, ROOT, run_case);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_golden_case_is_what_helm_makes_of_it,
                                        glm_test_arena_setup, glm_test_arena_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
