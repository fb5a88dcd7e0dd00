/* SPDX-License-Identifier: Apache-2.0
 *
 * Our side of tests/peers/run-render.
 *
 * driver                 lines of JSON {"document": the IstioOperator, "istio": "1.31", "chart":
 *                        "1.0.0"} to lines {"objects": [...]}, or {"refused": the diagnostics};
 *                        "pipeline": what that istioctl makes of the charts of another one
 *                        {"values": those of the chart `gateway`, "release", "namespace", "istio",
 *                        "chart", "canary": its suffix, if it is one, "applied"} likewise, to the objects
 *                        of that and to "name", "account", "selector" and "service"
 * driver yaml FILE ...   a line for each file: a list of its documents, as JSON
 */
#include "glm/codec.h"
#include "glm/gateway_chart.h"
#include "glm/render.h"
#include "render/internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ARENA_LIMIT ((size_t)4 << 30)
#define FILE_LIMIT ((size_t)16 << 20)

static void die(const struct glm_diags *d)
{
    fprintf(stderr, "driver: %s\n", d->first->detail);
    exit(2);
}

static const struct glm_value *refused(struct glm_arena *arena, const struct glm_diags *d)
{
    struct glm_text text;
    glm_text_init(&text, arena, (size_t)1 << 20);
    for (const struct glm_diag *one = d->first; one; one = one->next)
        if (one->severity == GLM_ERROR)
            glm_text_addf(&text, "%s: %s\n", one->summary, one->detail);
    return glm_with(arena, &glm_empty_map, "refused", glm_string(arena, text.data));
}

static const struct glm_value *answer_chart(struct glm_arena *arena,
                                            const struct glm_value *question)
{
    const struct glm_gateway_chart_canary canary = {
        .suffix = glm_string_or(glm_get(question, "canary"), "")};
    const struct glm_gateway_chart_request request = {
        .values = glm_get(question, "values"),
        .release = glm_get(question, "release")->as.text,
        .namespace_ = glm_get(question, "namespace")->as.text,
        .istio_version = glm_get(question, "istio")->as.text,
        .chart_version = glm_get(question, "chart")->as.text,
        .canary = *canary.suffix ? &canary : NULL,
        .applied = glm_is_true(glm_get(question, "applied")),
    };
    struct glm_gateway_chart chart;
    struct glm_diags d;
    glm_diags_init(&d, arena);
    if (!glm_gateway_chart(arena, &request, &chart, &d))
        return refused(arena, &d);
    const struct glm_value *ret = glm_with(arena, &glm_empty_map, "objects",
                                           glm_list(arena, chart.objects, chart.count));
    ret = glm_with(arena, ret, "name", glm_string(arena, chart.name));
    ret = glm_with(arena, ret, "account", glm_string(arena, chart.account));
    ret = glm_with(arena, ret, "selector", chart.selector);
    return chart.service ? glm_with(arena, ret, "service", chart.service) : ret;
}

static const struct glm_value *answer(struct glm_arena *arena, const struct glm_value *question)
{
    if (glm_has(question, "values"))
        return answer_chart(arena, question);
    const struct glm_render_request request = {
        .document = glm_get(question, "document"),
        .istio_version = glm_get(question, "istio")->as.text,
        .chart_version = glm_get(question, "chart")->as.text,
    };
    const struct glm_value *pipeline = glm_get(question, "pipeline");
    struct glm_render_request other = request;
    struct render_release release, of_pipeline;
    struct glm_render_result result;
    struct glm_list_builder objects;
    struct glm_diags d;
    bool ok;
    glm_diags_init(&d, arena);
    if (pipeline->kind == GLM_STRING) {
        other.istio_version = pipeline->as.text;
        if (!render_release_read(arena, &request, &release, &d) ||
            !render_release_read(arena, &other, &of_pipeline, &d))
            die(&d);
        release.pipeline = of_pipeline.pipeline;
        ok = render_with(arena, &request, &release, &result, &d);
    } else {
        ok = glm_render(arena, &request, &result, &d);
    }
    if (!ok)
        return refused(arena, &d);
    glm_list_init(&objects, arena);
    for (size_t i = 0; i < result.count; i++)
        glm_list_add(&objects, result.objects[i].object);
    return glm_with(arena, &glm_empty_map, "objects", glm_list_finish(&objects));
}

static int answer_lines(void)
{
    char *line = NULL;
    size_t capacity = 0;
    ssize_t len;
    while ((len = getline(&line, &capacity, stdin)) > 0) {
        struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create(ARENA_LIMIT);
        const struct glm_value *question = NULL;
        struct glm_diags d;
        glm_diags_init(&d, arena);
        if (!glm_json_decode(arena, line, (size_t)len, "question", NULL, &question, &d))
            die(&d);
        printf("%s\n", glm_json_text(arena, answer(arena, question)));
        fflush(stdout);
    }
    free(line);
    return 0;
}

static int print_yaml(const char *path)
{
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create(ARENA_LIMIT);
    char *text = glm_alloc(arena, FILE_LIMIT);
    const struct glm_value *documents;
    struct glm_diags d;
    FILE *file = fopen(path, "rb");
    if (!file) {
        perror(path);
        return 2;
    }
    size_t len = fread(text, 1, FILE_LIMIT, file);
    fclose(file);
    glm_diags_init(&d, arena);
    if (!glm_yaml_decode_all(arena, text, len, path, NULL, &documents, &d))
        die(&d);
    printf("%s\n", glm_json_text(arena, documents));
    return 0;
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "yaml") == 0) {
        int status = 0;
        for (int i = 2; i < argc && !status; i++)
            status = print_yaml(argv[i]);
        return status;
    }
    return answer_lines();
}
