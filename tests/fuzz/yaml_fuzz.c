/* SPDX-License-Identifier: Apache-2.0
 *
 * Fuzz target: any bytes as YAML.
 *
 * Holds:  no crash; errors exactly when decoding says so; every result is within the depth, has
 *         valid UTF-8 and JSON's own numbers, and comes back the same from YAML and from JSON.
 */
#include "glm/codec.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool ok)
{
    if (!ok)
        abort();
}

static void check_value(struct glm_arena *arena, const struct glm_value *v)
{
    const struct glm_value *back = NULL;
    struct glm_diags d;
    struct glm_text text;
    glm_diags_init(&d, arena);
    const char *json = glm_json_text(arena, v);
    require(glm_json_decode(arena, json, strlen(json), "json", NULL, &back, &d));
    require(glm_equal(back, v));
    glm_text_init(&text, arena, SIZE_MAX / 4);
    glm_yaml_encode(v, &text);
    require(!text.overflow);
    /* Aliases may be shared in the value, not in what is written. */
    if (text.len > GLM_YAML_MAX_BYTES)
        return;
    require(glm_yaml_decode(arena, text.data, text.len, "yaml", NULL, &back, &d));
    require(glm_equal(back, v));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create((size_t)3 << 30);
    struct glm_diags d, all;
    const struct glm_value *v = NULL, *list = NULL;
    glm_diags_init(&d, arena);
    glm_diags_init(&all, arena);
    bool ok = glm_yaml_decode(arena, (const char *)data, size, "input", NULL, &v, &d);
    bool all_ok = glm_yaml_decode_all(arena, (const char *)data, size, "input", NULL, &list, &all);
    require(ok == (d.errors == 0) && all_ok == (all.errors == 0));
    require(!ok || all_ok);
    if (ok) {
        require(list->len <= 1 && glm_equal(glm_at(list, 0), v));
        check_value(arena, v);
    }
    return 0;
}
