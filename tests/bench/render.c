/* SPDX-License-Identifier: Apache-2.0
 *
 * What rendering takes here: `render FILE...`, an IstioOperator each, prints the milliseconds of CPU that a
 * document takes, read from YAML and printed as YAML, and the most KiB that one rendering takes of an arena.
 * `render chart FILE...`: the same of values of Istio's gateway chart.
 */
#include "glm/codec.h"
#include "glm/gateway_chart.h"
#include "glm/render.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define TURNS 20
#define FILE_MAX ((size_t)1 << 20)
#define VERSION "1.31.0"

/* One document: its objects are printed into out. */
typedef bool render_fn(struct glm_arena *arena, const struct glm_value *v, const char *text,
                       size_t len, struct glm_text *out, struct glm_diags *d);

static bool render_operator(struct glm_arena *arena, const struct glm_value *v, const char *text,
                            size_t len, struct glm_text *out, struct glm_diags *d)
{
    const struct glm_render_request request = {
        .istio_version = VERSION, .text = text, .len = len, .document = v};
    struct glm_render_result result;
    if (!glm_render(arena, &request, &result, d))
        return false;
    for (size_t i = 0; i < result.count; i++)
        glm_yaml_encode(result.objects[i].object, out);
    return true;
}

static bool render_chart(struct glm_arena *arena, const struct glm_value *v, const char *text,
                         size_t len, struct glm_text *out, struct glm_diags *d)
{
    const struct glm_gateway_chart_request request = {.istio_version = VERSION,
                                                      .text = text,
                                                      .len = len,
                                                      .values = v,
                                                      .release = "edge",
                                                      .namespace_ = "edge",
                                                      .warn = true};
    struct glm_gateway_chart result;
    if (!glm_gateway_chart(arena, &request, &result, d))
        return false;
    for (size_t i = 0; i < result.count; i++)
        glm_yaml_encode(result.objects[i], out);
    return true;
}

static size_t render_file(const char *path, render_fn *render)
{
    static char text[FILE_MAX];
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create((size_t)256 << 20);
    struct glm_arena *GLM_AUTO_ARENA printed = glm_arena_create((size_t)256 << 20);
    const struct glm_value *v;
    struct glm_text out;
    struct glm_diags d;
    FILE *file = fopen(path, "re");
    size_t len = file ? fread(text, 1, sizeof text, file) : 0;
    if (file)
        fclose(file);
    glm_diags_init(&d, arena);
    glm_text_init(&out, printed, (size_t)64 << 20);
    bool ok = glm_yaml_decode(arena, text, len, path, NULL, &v, &d);
    size_t before = glm_arena_used(arena);
    if (!ok || !render(arena, v, text, len, &out, &d)) {
        fprintf(stderr, "%s: %s\n", path, d.first ? d.first->detail : "cannot be read");
        exit(1);
    }
    return glm_arena_used(arena) - before;
}

int main(int argc, char **argv)
{
    struct timespec began, ended;
    bool chart = argc > 1 && strcmp(argv[1], "chart") == 0;
    int first = chart ? 2 : 1;
    size_t most = 0;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &began);
    for (int turn = 0; turn < TURNS; turn++)
        for (int i = first; i < argc; i++) {
            size_t used = render_file(argv[i], chart ? render_chart : render_operator);
            most = used > most ? used : most;
        }
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ended);
    double spent =
        (double)(ended.tv_sec - began.tv_sec) * 1e3 + (double)(ended.tv_nsec - began.tv_nsec) / 1e6;
    printf("%.4f %zu\n", spent / TURNS / (argc > first ? argc - first : 1), most >> 10);
    return 0;
}
