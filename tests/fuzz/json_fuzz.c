/* SPDX-License-Identifier: Apache-2.0
 *
 * Fuzz target: any bytes as JSON.
 *
 * Holds:  no crash; errors exactly when decoding says so; a result written as JSON comes back the
 *         same, and is then written the same.
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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create((size_t)2 << 30);
    struct glm_diags d;
    const struct glm_value *v = NULL, *back = NULL;
    glm_diags_init(&d, arena);
    bool ok = glm_json_decode(arena, (const char *)data, size, "input", NULL, &v, &d);
    require(ok == (d.errors == 0));
    if (!ok)
        return 0;
    const char *text = glm_json_text(arena, v);
    require(glm_utf8_valid(text, strlen(text)));
    require(glm_json_decode(arena, text, strlen(text), "output", NULL, &back, &d));
    require(glm_equal(v, back));
    require(strcmp(text, glm_json_text(arena, back)) == 0);
    return 0;
}
