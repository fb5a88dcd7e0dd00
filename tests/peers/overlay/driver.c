/* SPDX-License-Identifier: Apache-2.0
 *
 * Our side of tests/peers/run-overlay: the same lines as ../tpath reads, answered with lines
 * {"object": ..., "said": [[EFFECT, REASON]]}.
 */
#include "glm/codec.h"
#include "glm/overlay.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ARENA_LIMIT ((size_t)4 << 30)

static const char *const effects[] = {
    [GLM_OVERLAY_APPLIED] = "applied", [GLM_OVERLAY_IDLE] = "idle",
    [GLM_OVERLAY_UNSEEN] = "unseen",   [GLM_OVERLAY_MISFIT] = "misfit",
    [GLM_OVERLAY_CRASH] = "crash",     [GLM_OVERLAY_CHANCE] = "chance",
    [GLM_OVERLAY_REFUSED] = "refused",
};

static const struct glm_value *answer(struct glm_arena *arena, const struct glm_value *question)
{
    const struct glm_value *lists = glm_get(question, "overlays");
    const struct glm_value **overlays = GLM_NEW_ARRAY(arena, lists->len, const struct glm_value *);
    struct glm_overlay_result result;
    struct glm_list_builder said;
    for (size_t i = 0; i < lists->len; i++)
        overlays[i] = glm_with(arena, &glm_empty_map, "patches", glm_at(lists, i));
    glm_overlay_apply(arena, glm_get(question, "object"), overlays, lists->len, SIZE_MAX,
                      glm_string_is(glm_get(question, "dialect"), "operator")
                          ? GLM_OVERLAY_OPERATOR
                          : GLM_OVERLAY_ISTIOCTL,
                      &result);
    glm_list_init(&said, arena);
    for (size_t i = 0; i < result.count; i++) {
        const struct glm_value *pair[] = {glm_string(arena, effects[result.outcomes[i].effect]),
                                          glm_string(arena, result.outcomes[i].reason)};
        glm_list_add(&said, glm_list(arena, pair, 2));
    }
    return glm_with(arena, glm_with(arena, &glm_empty_map, "object", result.object), "said",
                    glm_list_finish(&said));
}

int main(void)
{
    char *line = NULL;
    size_t capacity = 0;
    ssize_t len;
    while ((len = getline(&line, &capacity, stdin)) > 0) {
        struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create(ARENA_LIMIT);
        const struct glm_value *question = NULL;
        struct glm_diags d;
        glm_diags_init(&d, arena);
        if (!glm_json_decode(arena, line, (size_t)len, "question", NULL, &question, &d)) {
            fprintf(stderr, "driver: %s\n", d.first->detail);
            return 2;
        }
        printf("%s\n", glm_json_text(arena, answer(arena, question)));
    }
    free(line);
    return 0;
}
