/* SPDX-License-Identifier: Apache-2.0
 *
 * Fuzz target: any YAML as {object, overlays}, applied in both dialects.
 *
 * Holds:  no crash, no time out; one outcome for each patch; words wherever a patch does not fit;
 *         the result is a map no deeper than a value may be; both dialects make the same of it;
 *         the first n patches do what they do among all.
 */
#include "glm/codec.h"
#include "glm/overlay.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool ok)
{
    if (!ok)
        abort();
}

static void check(struct glm_arena *arena, const struct glm_overlay_result *r)
{
    size_t failed = 0;
    for (size_t i = 0; i < r->count; i++) {
        const struct glm_overlay_outcome *out = &r->outcomes[i];
        bool fits = out->effect < GLM_OVERLAY_MISFIT;
        failed += !fits;
        require(out->step && out->why && out->reason);
        require(fits == !*out->why);
        require((out->effect == GLM_OVERLAY_MISFIT) == (*out->reason != 0));
    }
    require(failed == r->failed);
    require(glm_is_map(r->object) && glm_equal(r->object, glm_copy(arena, r->object)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create((size_t)2 << 30);
    const struct glm_value *v = NULL;
    struct glm_overlay_result operator_, istioctl, some;
    struct glm_diags d;
    glm_diags_init(&d, arena);
    if (!glm_yaml_decode(arena, (const char *)data, size, "case", NULL, &v, &d))
        return 0;
    const struct glm_value *object = glm_get(v, "object"), *list = glm_get(v, "overlays");
    if (!glm_is_map(object) || !glm_is_list(list))
        return 0;
    glm_overlay_apply(arena, object, list->as.list, list->len, SIZE_MAX, GLM_OVERLAY_OPERATOR,
                      &operator_);
    glm_overlay_apply(arena, object, list->as.list, list->len, SIZE_MAX, GLM_OVERLAY_ISTIOCTL,
                      &istioctl);
    glm_overlay_apply(arena, object, list->as.list, list->len, operator_.count / 2,
                      GLM_OVERLAY_OPERATOR, &some);
    check(arena, &operator_);
    check(arena, &istioctl);
    check(arena, &some);
    require(istioctl.count == operator_.count && some.count == operator_.count / 2);
    for (size_t i = 0; i < some.count; i++)
        require(some.outcomes[i].effect == operator_.outcomes[i].effect);
    for (size_t i = 0; i < operator_.count; i++) {
        const struct glm_value *patches =
            glm_get(list->as.list[operator_.outcomes[i].overlay], "patches");
        struct glm_overlay_path path;
        if (glm_overlay_path_read(
                arena, glm_get(glm_at(patches, operator_.outcomes[i].patch), "path"), &path))
            glm_overlay_path_mistake(arena, &path);
    }
    return 0;
}
