/* SPDX-License-Identifier: Apache-2.0
 *
 * A string that becomes a map: what an overlay puts in is read as YAML when it looks like a map.
 *
 * What:   one line with ": " in it, or several lines with ":" in them. JSON objects stay strings.
 */
#include "glm/codec.h"
#include "internal.h"

#include <string.h>

static bool looks_like_map(const struct glm_value *text)
{
    if (memchr(text->as.text, 0, text->len))
        return false;
    return strchr(text->as.text, '\n') ? strchr(text->as.text, ':') != NULL
                                       : strstr(text->as.text, ": ") != NULL;
}

static bool is_json_object(struct glm_arena *arena, const struct glm_value *text)
{
    const struct glm_value *v;
    struct glm_diags ignored;
    glm_diags_init(&ignored, arena);
    if (text->as.text[strspn(text->as.text, " \t\r\n")] != '{')
        return false;
    return glm_json_decode(arena, text->as.text, text->len, "value", NULL, &v, &ignored) &&
           glm_is_map(v);
}

/* Go's reader lets the last of two equal keys win, ours refuses them. */
static bool has_duplicates(const struct glm_diags *d)
{
    for (const struct glm_diag *at = d->first; at; at = at->next)
        if (strstr(at->detail, "is there twice"))
            return true;
    return false;
}

enum glm_reads_as overlay_read_text(struct glm_arena *arena, const struct glm_value *text,
                                    const struct glm_value **ret_map)
{
    const struct glm_value *v = NULL;
    struct glm_diags d;
    glm_diags_init(&d, arena);
    if (!looks_like_map(text) || is_json_object(arena, text))
        return GLM_READS_AS_TEXT;
    /* Of several documents the first counts. */
    if (!glm_yaml_decode(arena, text->as.text, text->len, "value", NULL, &v, &d)) {
        bool twice = has_duplicates(&d);
        const struct glm_value *all = NULL;
        glm_diags_init(&d, arena);
        if (!glm_yaml_decode_all(arena, text->as.text, text->len, "value", NULL, &all, &d))
            return twice ? GLM_READS_AS_CHANCE : GLM_READS_AS_TEXT;
        v = glm_at(all, 0);
    }
    if (!glm_is_map(v) && !glm_is_null(v))
        return GLM_READS_AS_TEXT;
    /* Nothing but a comment is an empty map. Positions in the text are none of the document. */
    *ret_map = glm_is_null(v) ? &glm_empty_map : v;
    return GLM_READS_AS_MAP;
}
