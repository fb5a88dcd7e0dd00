/* SPDX-License-Identifier: Apache-2.0
 *
 * Values to compact JSON.
 *
 * Owner:  the text and its arena.
 * Errors: past its ceiling the text says so itself (overflow).
 * Thread: no shared state.
 */
#include "internal.h"

#include <string.h>

/* Type constraints nest twice as deep as the values they are of. */
#define DEPTH_MAX (2 * GLM_VALUE_DEPTH + 2)

static void add_string(struct glm_text *out, const char *s, size_t len)
{
    static const char letters[] = {
        ['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r'};
    size_t start = 0;
    glm_text_addc(out, '"');
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)s[i];
        if (c >= 0x20 && c != '"' && c != '\\')
            continue;
        glm_text_add(out, s + start, i - start);
        start = i + 1;
        char letter = c >= 0x20 ? s[i] : c < sizeof letters ? letters[c] : '\0';
        if (letter)
            glm_text_add(out, (const char[]){'\\', letter}, 2);
        else
            glm_text_addf(out, "\\u%04x", c);
    }
    glm_text_add(out, s + start, len - start);
    glm_text_addc(out, '"');
}

static void add_value(struct glm_text *out, const struct glm_value *v, unsigned depth)
{
    if (depth > DEPTH_MAX || out->overflow) {
        out->overflow = true;
        return;
    }
    switch (v->kind) {
    case GLM_NULL:
    case GLM_UNKNOWN:
        glm_text_adds(out, "null");
        break;
    case GLM_BOOL:
        glm_text_adds(out, v->as.boolean ? "true" : "false");
        break;
    case GLM_NUMBER:
        glm_text_add(out, v->as.text, v->len);
        break;
    case GLM_STRING:
        add_string(out, v->as.text, v->len);
        break;
    case GLM_LIST:
        glm_text_addc(out, '[');
        for (size_t i = 0; i < v->len; i++) {
            if (i > 0)
                glm_text_addc(out, ',');
            add_value(out, v->as.list[i], depth + 1);
        }
        glm_text_addc(out, ']');
        break;
    case GLM_MAP:
        glm_text_addc(out, '{');
        for (size_t i = 0; i < v->len; i++) {
            if (i > 0)
                glm_text_addc(out, ',');
            add_string(out, v->as.map[i].key, strlen(v->as.map[i].key));
            glm_text_addc(out, ':');
            add_value(out, v->as.map[i].value, depth + 1);
        }
        glm_text_addc(out, '}');
        break;
    }
}

void glm_json_encode(const struct glm_value *v, struct glm_text *text)
{
    add_value(text, v, 0);
}

const char *glm_json_text(struct glm_arena *arena, const struct glm_value *v)
{
    struct glm_text text;
    glm_text_init(&text, arena, GLM_ARENA_RPC_LIMIT);
    glm_json_encode(v, &text);
    return text.data;
}
