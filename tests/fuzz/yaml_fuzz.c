/* SPDX-License-Identifier: Apache-2.0
 *
 * Fuzz target: any bytes as YAML.
 *
 * Holds:  no crash; errors exactly when decoding says so; every result is within the depth, has
 *         valid UTF-8 and JSON's own numbers, and comes back the same from YAML, of lines or of one
 *         that needs nothing done to be shown, and from JSON; what is cut out of the text means what it meant there.
 */
#include "glm/codec.h"
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

static void check_line(struct glm_arena *arena, const struct glm_value *v)
{
    const struct glm_value *back = NULL;
    struct glm_diags d;
    struct glm_text line;
    glm_diags_init(&d, arena);
    glm_text_init(&line, arena, GLM_YAML_MAX_BYTES);
    glm_yaml_line(v, &line);
    if (line.overflow) /* more characters are escaped than in block style */
        return;
    require(glm_yaml_decode(arena, line.data, line.len, "line", NULL, &back, &d));
    require(glm_equal(back, v) && !strpbrk(line.data, "\r\n\t"));
    require(glm_shown_n(arena, line.data, line.len, SIZE_MAX / 4)[line.len] == '\0');
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
    check_line(arena, v);
}

/* Few, since each is decoded again. */
#define EXCERPTS ((size_t)20)

static void check_excerpts(struct glm_arena *arena, const char *text, size_t len,
                           const struct glm_value *v)
{
    struct glm_yaml_source source = {.text = text, .len = len};
    struct glm_diags d;
    glm_diags_init(&d, arena);
    for (size_t i = 0; glm_is_map(v) && i < v->len && i < EXCERPTS; i++) {
        const struct glm_value *back = NULL, *part = v->as.map[i].value;
        size_t part_len;
        const char *excerpt = glm_yaml_excerpt(arena, &source, part, &part_len);
        require(!excerpt ||
                (glm_yaml_decode(arena, excerpt, part_len, "excerpt", NULL, &back, &d) &&
                 glm_equal(back, part)));
    }
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
        check_excerpts(arena, (const char *)data, size, v);
    }
    return 0;
}
