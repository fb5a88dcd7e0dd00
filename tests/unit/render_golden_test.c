/* SPDX-License-Identifier: Apache-2.0
 *
 * Rendering, case by case: each folder of tests/golden/render is one (tests/support/rendered.h), of which
 * document.yaml is the IstioOperator. The charts are those of a build from source.
 *
 * GLM_UPDATE_GOLDEN=1 rewrites what is expected.
 */
#include "glm/render.h"
#include "rendered.h"
#include "test.h"

#include <string.h>

#define ROOT "tests/golden/render"
#define SOURCE_CHART "1.0.0"

static void render(struct rendered_golden *c, struct rendered *ret, struct glm_diags *d)
{
    size_t len;
    const char *text = glm_test_file(c->arena, rendered_file(c, "document.yaml"), &len);
    struct glm_render_result result = {.count = 0};
    struct glm_render_request request = {.text = text,
                                         .len = len,
                                         .istio_version = ret->version,
                                         .chart_version = SOURCE_CHART,
                                         .warn = true};
    if (!glm_yaml_decode(c->arena, text, len, "document.yaml", NULL, &request.document, d))
        fail_msg("%s", glm_test_diags_text(c->arena, d));
    ret->ok = glm_render(c->arena, &request, &result, d);
    const struct glm_value **objects =
        GLM_NEW_ARRAY(c->arena, result.count + 1, const struct glm_value *);
    for (size_t i = 0; i < result.count; i++)
        objects[i] = result.objects[i].object;
    ret->objects = objects;
    ret->count = result.count;
}

static void run_case(const char *name)
{
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create((size_t)1 << 20);
    if (strchr(name, '.')) /* differences.txt */
        return;
    print_message("          %s\n", name);
    rendered_golden_run(glm_sprintf(arena, ROOT "/%s", name), render);
}

static void every_golden_case_renders_as_recorded(void **state)
{
    glm_test_each_folder(*state, ROOT, run_case);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_golden_case_renders_as_recorded, glm_test_arena_setup,
                                        glm_test_arena_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
