/* SPDX-License-Identifier: Apache-2.0
 *
 * Fuzz target: any YAML as {common, is, should}, held against each other.
 *
 * Holds:  no crash, no time out; the same lines twice; none between a value and itself, and some where
 *         values differ in more than nulls; no more lines, no longer paths and texts than there is room for,
 *         and nothing in them that is not fit to be shown. What makes one of the other makes the same of a
 *         copy, and where nothing is to be made anything stays as it is.
 */
#include "glm/codec.h"
#include "glm/difference.h"
#include "glm/shown.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool ok)
{
    if (!ok)
        abort();
}

static bool has_nulls(const struct glm_value *v)
{
    if (glm_is_null(v))
        return true;
    bool found = false;
    for (size_t i = 0; glm_is_list(v) && i < v->len && !found; i++)
        found = has_nulls(v->as.list[i]);
    for (size_t i = 0; glm_is_map(v) && i < v->len && !found; i++)
        found = has_nulls(v->as.map[i].value);
    return found;
}

static void check_shown(struct glm_arena *arena, const char *text, size_t most)
{
    require(strlen(text) <= most);
    require(strcmp(glm_shown_n(arena, text, strlen(text), SIZE_MAX / 4), text) == 0);
}

/* What follows the text of a value: its checksum, and what should be there. */
#define TAIL_MAX (sizeof " (checksum 00000000) (should be )" + GLM_DIFFERENCE_SHOULD)

static const struct glm_value *check(struct glm_arena *arena, const struct glm_value *common,
                                     const struct glm_value *is, const struct glm_value *should)
{
    const struct glm_value *found = glm_differences(arena, common, is, should);
    require(glm_is_map(found) && found->len <= GLM_DIFFERENCES_MAX + 1);
    require(glm_equal(found, glm_differences(arena, common, is, should)));
    for (size_t i = 0; i < found->len; i++) {
        check_shown(arena, found->as.map[i].key, GLM_DIFFERENCE_PATH);
        check_shown(arena, found->as.map[i].value->as.text, GLM_DIFFERENCE_LINE + TAIL_MAX);
    }
    return found;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create((size_t)2 << 30);
    const struct glm_value *v = NULL;
    struct glm_diags d;
    glm_diags_init(&d, arena);
    if (!glm_yaml_decode(arena, (const char *)data, size, "case", NULL, &v, &d))
        return 0;
    const struct glm_value *common = glm_get(v, "common"), *is = glm_get(v, "is");
    check(arena, common, is, glm_get(v, "should"));
    require(check(arena, is, glm_copy(arena, is), NULL)->len == 0);
    bool differ = check(arena, common, is, NULL)->len > 0;
    require(!differ || !glm_equal(common, is));
    require(differ || glm_equal(common, is) || has_nulls(common) || has_nulls(is));
    require(glm_equal(glm_overlaid(arena, glm_copy(arena, common), common, is), is));
    const struct glm_value *should = glm_get(v, "should");
    glm_overlaid(arena, should, common, is);
    require(glm_equal(should, common) ||
            glm_overlaid(arena, should, common, glm_copy(arena, common)) == should);
    return 0;
}
