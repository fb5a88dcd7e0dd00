/* SPDX-License-Identifier: Apache-2.0
 *
 * What a document says, short and harmless enough for a terminal.
 */
#include "internal.h"

#include "glm/shown.h"

#include <string.h>

size_t spec_character(const char *s, size_t left, bool *ret_shown)
{
    uint32_t code;
    return glm_shown_character(s, left, ret_shown, &code);
}

size_t spec_say(struct glm_text *text, const char *s, size_t len, size_t max)
{
    size_t at = 0;
    for (size_t count = 0; at < len && count < max; count++) {
        bool shown;
        size_t step = spec_character(s + at, len - at, &shown);
        if (shown)
            glm_text_add(text, s + at, step);
        else
            glm_text_adds(text, s[at] == '\t' ? " " : "\xEF\xBF\xBD");
        at += step;
    }
    return at;
}

const char *spec_said(struct glm_arena *arena, const char *s, size_t len, size_t max)
{
    struct glm_text text;
    glm_text_init(&text, arena, max * 4 + sizeof "...");
    if (spec_say(&text, s, len, max) < len)
        glm_text_adds(&text, "...");
    return text.data;
}

/* ---- values and paths ---- */

#define STRING_SAID ((size_t)60)
#define KEY_SAID ((size_t)80)
#define STEPS_SAID ((size_t)64)

const char *spec_described(struct glm_arena *arena, const struct glm_value *v)
{
    switch (v->kind) {
    case GLM_STRING:
        return glm_sprintf(arena, "the string \"%s\"",
                           spec_said(arena, v->as.text, v->len, STRING_SAID));
    case GLM_NUMBER:
        return glm_sprintf(arena, "the number %s",
                           spec_said(arena, v->as.text, v->len, STRING_SAID));
    case GLM_BOOL:
        return v->as.boolean ? "the boolean true" : "the boolean false";
    case GLM_NULL:
    case GLM_UNKNOWN:
    case GLM_LIST:
    case GLM_MAP:
    default:
        return glm_kind_name(v->kind);
    }
}

/* Letters, digits, "_" and "-" stand as they are. */
static bool is_plain(const char *key)
{
    return *key && !key[strspn(key, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                    "0123456789_-")];
}

static void add_step(struct glm_text *text, const struct glm_path *step, bool first)
{
    if (step->step == GLM_STEP_INDEX)
        glm_text_addf(text, "[%zu]", step->index);
    else if (is_plain(step->name))
        glm_text_addf(text, "%s%s", first ? "" : ".",
                      spec_said(text->arena, step->name, strlen(step->name), KEY_SAID));
    else
        glm_text_addf(text, "[\"%s\"]",
                      spec_said(text->arena, step->name, strlen(step->name), KEY_SAID));
}

const char *spec_path_text(struct glm_arena *arena, const struct glm_path *path)
{
    const struct glm_path *steps[STEPS_SAID];
    size_t count = 0;
    struct glm_text text;
    glm_text_init(&text, arena, STEPS_SAID * (KEY_SAID * 4 + 16));
    for (; path && count < STEPS_SAID; path = path->up)
        steps[count++] = path;
    if (path)
        glm_text_adds(&text, "...");
    for (size_t i = count; i > 0; i--)
        add_step(&text, steps[i - 1], i == count && !path);
    return text.data;
}
