/* SPDX-License-Identifier: Apache-2.0
 *
 * Fuzz target: any JSON as {"state", "private"}: attributes of schema version 0, and the private state beside
 * them.
 *
 * Holds:  no crash, no time out. What is refused says why; what is not is the same twice, has nothing left
 *         of the old form, and shows no more clusters than there were. The record beside it, and beside the
 *         state as it was given, is found again as it was in what is written of it.
 */
#include "glm/codec.h"
#include "glm/installer_operator.h"
#include "glm/lifecycle.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct glm_installer *const installers[] = {&glm_installer_operator, NULL};

static void require(bool ok)
{
    if (!ok)
        abort();
}

static const struct glm_value *upgraded(struct glm_arena *arena, const struct glm_value *state)
{
    const struct glm_value *is = NULL;
    struct glm_diags d;
    glm_diags_init(&d, arena);
    bool ok = glm_lifecycle_upgrade_state(arena, installers, state, &is, &d);
    require(ok == (d.errors == 0) && ok == (is != NULL));
    return is;
}

static void check_record(struct glm_arena *arena, const char *text, const struct glm_value *state)
{
    const struct glm_value *record = NULL, *again = NULL;
    struct glm_diags d;
    glm_diags_init(&d, arena);
    bool ok = glm_record_decode(arena, installers, text, strlen(text), state, &record, &d);
    require(ok == (d.errors == 0) && ok == (record != NULL));
    if (!ok)
        return;
    text = glm_record_encode(arena, installers, record, state);
    require(glm_record_decode(arena, installers, text, strlen(text), state, &again, &d));
    require(glm_equal(record, again) || (glm_is_null(record) && d.errors == 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create((size_t)1 << 30);
    const struct glm_value *v = NULL;
    struct glm_diags ignored;
    glm_diags_init(&ignored, arena);
    if (!glm_json_decode(arena, (const char *)data, size, "input", NULL, &v, &ignored))
        return 0;
    const struct glm_value *state = glm_get(v, "state"), *is = upgraded(arena, state);
    const char *private = glm_json_text(arena, glm_get(v, "private"));
    check_record(arena, private, state);
    if (!is)
        return 0;
    require(glm_equal(is, upgraded(arena, state)) && !glm_has(is, "istio_operators"));
    require(glm_is_map(glm_get(is, "objects")) && glm_is_map(glm_get(is, "services")) &&
            glm_is_map(glm_get(is, "addresses")));
    check_record(arena, private, is);
    return 0;
}
