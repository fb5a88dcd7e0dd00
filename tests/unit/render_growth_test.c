/* SPDX-License-Identifier: Apache-2.0
 *
 * Rendering in proportion to the document: what a document can have much of, and where it has too much.
 */
#include "glm/render.h"
#include "growth.h"
#include "test.h"

#include <stdio.h>
#include <string.h>

#define TEXT_MAX ((size_t)1 << 30)
#define ARENA_MAX ((size_t)4 << 30)
#define HEAD "spec:\n  profile: empty\n  components:\n    ingressGateways:\n"
#define GATEWAY "    - name: gw\n      enabled: true\n"

typedef void writer(struct glm_text *text, size_t n);

static bool render_text(struct glm_arena *arena, const struct glm_text *text, const char *version,
                        struct glm_diags *d)
{
    struct glm_render_result result;
    struct glm_render_request request = {
        .text = text->data, .len = text->len, .istio_version = version, .warn = true};
    glm_diags_init(d, arena);
    return glm_yaml_decode(arena, text->data, text->len, "document", NULL, &request.document, d) &&
           glm_render(arena, &request, &result, d);
}

static void gateways(struct glm_text *text, size_t n)
{
    glm_text_adds(text, HEAD);
    for (size_t i = 0; i < n; i++)
        glm_text_addf(text, "    - {name: gw%zu, enabled: true}\n", i);
}

static void variables_of_values(struct glm_text *text, size_t n)
{
    glm_text_adds(text, HEAD GATEWAY
                  "  values:\n    gateways:\n      istio-ingressgateway:\n        env:\n");
    for (size_t i = 0; i < n; i++)
        glm_text_addf(text, "          V%zu: x\n", i);
}

/* Each of them is there already, in another order. */
static void variables_patched(struct glm_text *text, size_t n)
{
    glm_text_adds(text, HEAD GATEWAY "      k8s:\n        env:\n");
    for (size_t i = 0; i < n; i++)
        glm_text_addf(text, "        - {name: V%zu, value: z}\n", n - i);
    glm_text_adds(text, "  values:\n    gateways:\n      istio-ingressgateway:\n        env:\n");
    for (size_t i = 0; i < n; i++)
        glm_text_addf(text, "          V%zu: x\n", i);
}

static void ports(struct glm_text *text, size_t n)
{
    glm_text_adds(text, HEAD GATEWAY "      k8s:\n        service:\n          ports:\n");
    for (size_t i = 0; i < n; i++)
        glm_text_addf(text, "          - {name: p%zu, port: %zu}\n", i, i + 2000);
}

static void overlays(struct glm_text *text, size_t n)
{
    glm_text_adds(text, HEAD GATEWAY "      k8s:\n        overlays:\n");
    for (size_t i = 0; i < n; i++)
        glm_text_addf(text,
                      "        - kind: Deployment\n          name: gw\n          patches:\n"
                      "          - {path: metadata.annotations.a%zu, value: x}\n",
                      i);
}

static void run(const void *context, size_t n, double seconds[GROWTH_STAGES])
{
    /* Until 1.23 more is done with ports. */
    static const char *const versions[] = {"1.31.0", "1.23.6"};
    for (size_t i = 0; i < 2; i++) {
        struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create(ARENA_MAX);
        struct glm_text text;
        struct glm_diags d;
        glm_text_init(&text, arena, TEXT_MAX);
        (*(writer *const *)context)(&text, n);
        double began = growth_clock();
        if (!render_text(arena, &text, versions[i], &d))
            fail_msg("%s", glm_test_diags_text(arena, &d));
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
        {"gateways", gateways, 100, 6000},
        {"variables of values", variables_of_values, 1000, 100000},
        {"variables patched", variables_patched, 1000, 100000},
        {"ports", ports, 1000, 60000},
        {"overlays", overlays, 200, 6000},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        growth_assert(&(struct growth){.name = rows[i].name,
                                       .run = run,
                                       .context = &rows[i].write,
                                       .least = rows[i].least,
                                       .most = rows[i].most,
                                       .stages = {"1.31", "1.23"}});
}

/* 3000 gateways with 1000 variables each are 3 million objects' values out of a small text. */
static void what_would_be_written_out_too_often_is_refused(void **state)
{
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create(ARENA_MAX);
    struct glm_text text;
    struct glm_diags d;
    (void)state;
    glm_text_init(&text, arena, TEXT_MAX);
    gateways(&text, 3000);
    glm_text_adds(&text, "  values:\n    gateways:\n      istio-ingressgateway:\n        env:\n");
    for (size_t i = 0; i < 1000; i++)
        glm_text_addf(&text, "          V%zu: x\n", i);
    assert_false(render_text(arena, &text, "1.31.0", &d));
    glm_assert_error(&d, "", "Too much to render");
    assert_true(glm_arena_used(arena) < (size_t)1 << 30);
}

static void too_many_overlays_are_refused(void **state)
{
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create(ARENA_MAX);
    struct glm_text text;
    struct glm_diags d;
    (void)state;
    glm_text_init(&text, arena, TEXT_MAX);
    overlays(&text, 10001);
    assert_false(render_text(arena, &text, "1.31.0", &d));
    glm_assert_error(&d, "", "Too many overlays");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_there_is_much_of_takes_time_in_proportion),
        cmocka_unit_test(what_would_be_written_out_too_often_is_refused),
        cmocka_unit_test(too_many_overlays_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
