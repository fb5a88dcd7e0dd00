/* SPDX-License-Identifier: Apache-2.0
 *
 * Fuzz target: any bytes as values of the chart `gateway`. The first byte says whose chart it is, and for what.
 *
 * Holds:  no crash; errors exactly when rendering says so; the same twice; objects are known, have a kind and a
 *         metadata, encode and come back; a canary has nothing that the first one has, and leads the Service to itself.
 */
#include "glm/codec.h"
#include "glm/gateway_chart.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool ok)
{
    if (!ok)
        abort();
}

static void check_object(struct glm_arena *arena, const struct glm_value *object)
{
    struct glm_text text;
    struct glm_diags d;
    const struct glm_value *back;
    glm_diags_init(&d, arena);
    glm_text_init(&text, arena, (size_t)64 << 20);
    require(glm_is_wholly_known(object));
    require(!glm_is_null(glm_get(object, "kind")) && glm_is_map(glm_get(object, "metadata")));
    glm_yaml_encode(object, &text);
    if (text.len < GLM_YAML_MAX_BYTES &&
        glm_yaml_decode(arena, text.data, text.len, "object", NULL, &back, &d))
        require(glm_equal(object, back));
}

static void check(struct glm_arena *arena, const struct glm_gateway_chart_request *request)
{
    struct glm_gateway_chart chart = {.count = 0}, again = {.count = 0};
    struct glm_diags d, e;
    glm_diags_init(&d, arena);
    glm_diags_init(&e, arena);
    bool ok = glm_gateway_chart(arena, request, &chart, &d);
    require(ok == (d.errors == 0));
    require(ok == glm_gateway_chart(arena, request, &again, &e));
    require(chart.count == again.count && d.errors == e.errors && d.warnings == e.warnings);
    for (size_t i = 0; i < chart.count; i++) {
        require(glm_equal(chart.objects[i], again.objects[i]));
        check_object(arena, chart.objects[i]);
    }
    for (size_t i = 0; request->canary && i < chart.count; i++)
        require(!glm_string_is(glm_get(chart.objects[i], "kind"), "Service"));
    if (ok && chart.service && request->canary)
        require(glm_equal(glm_get_path(chart.service, "spec", "selector", "app", NULL),
                          glm_get(chart.selector, "app")));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const versions[] = {"1.22.0", "1.23.6", "1.24.2", "1.25.5",
                                           "1.27.9", "1.28.3", "1.29.6", "1.31.0"};
    static const struct glm_gateway_chart_canary canary = {.suffix = "-next"};
    struct glm_arena *arena = glm_arena_create((size_t)4 << 30);
    struct glm_diags d;
    glm_diags_init(&d, arena);
    uint8_t first = size ? data[0] : 0;
    const char *text = size ? (const char *)data + 1 : "";
    struct glm_gateway_chart_request request = {
        .text = text,
        .len = size ? size - 1 : 0,
        .release = first & 16 ? "1e3" : "edge",
        .namespace_ = "gateways",
        .istio_version = versions[first % 8],
        .warn = true,
        .applied = first & 8,
        .canary = first & 32 ? &canary : NULL,
    };
    if (glm_yaml_decode(arena, text, request.len, "values", NULL, &request.values, &d))
        check(arena, &request);
    glm_arena_destroy(arena);
    return 0;
}
