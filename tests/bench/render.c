/* SPDX-License-Identifier: Apache-2.0
 *
 * What rendering takes here: `render FILE...`, an IstioOperator each, prints the milliseconds of CPU that a
 * document takes, read from YAML and printed as YAML, and the most KiB that one rendering takes of an arena.
 */
#include "glm/codec.h"
#include "glm/render.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define TURNS 20
#define FILE_MAX ((size_t)1 << 20)
#define VERSION "1.31.0"

static size_t render_file(const char *path)
{
    static char text[FILE_MAX];
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create((size_t)256 << 20);
    struct glm_render_request request = {.istio_version = VERSION, .text = text};
    struct glm_render_result result;
    struct glm_text out;
    struct glm_diags d;
    FILE *file = fopen(path, "re");
    request.len = file ? fread(text, 1, sizeof text, file) : 0;
    if (file)
        fclose(file);
    glm_diags_init(&d, arena);
    bool ok = glm_yaml_decode(arena, text, request.len, path, NULL, &request.document, &d);
    size_t before = glm_arena_used(arena);
    if (!ok || !glm_render(arena, &request, &result, &d)) {
        fprintf(stderr, "%s: %s\n", path, d.first ? d.first->detail : "cannot be read");
        exit(1);
    }
    size_t used = glm_arena_used(arena) - before;
    glm_text_init(&out, arena, (size_t)64 << 20);
    for (size_t i = 0; i < result.count; i++)
        glm_yaml_encode(result.objects[i].object, &out);
    return used;
}

int main(int argc, char **argv)
{
    struct timespec began, ended;
    size_t most = 0;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &began);
    for (int turn = 0; turn < TURNS; turn++)
        for (int i = 1; i < argc; i++) {
            size_t used = render_file(argv[i]);
            most = used > most ? used : most;
        }
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ended);
    double spent =
        (double)(ended.tv_sec - began.tv_sec) * 1e3 + (double)(ended.tv_nsec - began.tv_nsec) / 1e6;
    printf("%.4f %zu\n", spent / TURNS / (argc > 1 ? argc - 1 : 1), most >> 10);
    return 0;
}
