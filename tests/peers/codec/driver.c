/* SPDX-License-Identifier: Apache-2.0
 *
 * The C side of tests/peers/run-codec: feeds the codecs what it reads from stdin.
 *
 * driver yaml-decode | json-decode   frames (a decimal length, a newline, the bytes) to lines:
 *                                    "= " and the JSON, or "! " and the first diagnostic
 * driver yaml-encode                 frames of JSON to frames of YAML
 * driver cty                         lines "TYPE-JSON<tab>HEX" to lines "HEX" of the value decoded
 *                                    and encoded again, or "! " and the first diagnostic
 */
#include "glm/codec.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ARENA_LIMIT ((size_t)4 << 30)

static void die(const char *why)
{
    fprintf(stderr, "driver: %s\n", why);
    exit(2);
}

static char *read_frame(struct glm_arena *arena, size_t *ret_len)
{
    char line[32];
    if (!fgets(line, sizeof line, stdin))
        return NULL;
    size_t len = strtoul(line, NULL, 10);
    char *bytes = glm_alloc(arena, len + 1);
    if (fread(bytes, 1, len, stdin) != len)
        die("a frame is cut off");
    *ret_len = len;
    return bytes;
}

static void print_refusal(const struct glm_diags *d)
{
    fputs("! ", stdout);
    for (const char *p = d->first->detail; *p; p++)
        putchar(*p == '\n' ? ' ' : *p);
    putchar('\n');
}

static bool decode_frame(struct glm_arena *arena, bool yaml)
{
    struct glm_diags d;
    const struct glm_value *v = NULL;
    size_t len;
    const char *text = read_frame(arena, &len);
    if (!text)
        return false;
    glm_diags_init(&d, arena);
    bool good = yaml ? glm_yaml_decode(arena, text, len, "document", NULL, &v, &d)
                     : glm_json_decode(arena, text, len, "document", NULL, &v, &d);
    if (good != (d.errors == 0))
        die("the result and the diagnostics disagree");
    if (good)
        printf("= %s\n", glm_json_text(arena, v));
    else
        print_refusal(&d);
    return true;
}

static bool encode_frame(struct glm_arena *arena)
{
    struct glm_diags d;
    struct glm_text text;
    const struct glm_value *v = NULL, *back = NULL;
    size_t len;
    const char *json = read_frame(arena, &len);
    if (!json)
        return false;
    glm_diags_init(&d, arena);
    if (!glm_json_decode(arena, json, len, "document", NULL, &v, &d))
        die("the JSON to encode is not valid");
    glm_text_init(&text, arena, ARENA_LIMIT);
    glm_yaml_encode(v, &text);
    if (!glm_yaml_decode(arena, text.data, text.len, "document", NULL, &back, &d) ||
        !glm_equal(v, back)) {
        fprintf(stderr, "%s\n%s\n", json, text.data);
        die("the YAML does not come back as the value it was made of");
    }
    printf("%zu\n", text.len);
    fwrite(text.data, 1, text.len, stdout);
    return true;
}

static size_t unhex(char *text)
{
    size_t len = 0;
    for (; text[2 * len] && text[2 * len] != '\n'; len++) {
        char pair[3] = {text[2 * len], text[2 * len + 1], '\0'};
        text[len] = (char)strtoul(pair, NULL, 16);
    }
    return len;
}

static bool cty_line(struct glm_arena *arena)
{
    static char *line;
    static size_t capacity;
    struct glm_diags d;
    const struct glm_value *json = NULL, *v = NULL;
    const struct glm_type *type = NULL;
    const void *bytes = NULL;
    size_t len;
    if (getline(&line, &capacity, stdin) < 0) {
        free(line);
        return false;
    }
    char *tab = strchr(line, '\t');
    glm_diags_init(&d, arena);
    if (!tab || !glm_json_decode(arena, line, (size_t)(tab - line), "type", NULL, &json, &d) ||
        !glm_type_from_value(arena, json, &type))
        die("no type");
    len = unhex(tab + 1);
    if (!glm_msgpack_decode(arena, type, tab + 1, len, &v, &d) ||
        !glm_msgpack_encode(arena, type, v, &bytes, &len, &d)) {
        print_refusal(&d);
        return true;
    }
    for (size_t i = 0; i < len; i++)
        printf("%02x", ((const unsigned char *)bytes)[i]);
    putchar('\n');
    return true;
}

int main(int argc, char **argv)
{
    const char *mode = argc == 2 ? argv[1] : "";
    for (bool more = true; more;) {
        struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create(ARENA_LIMIT);
        if (strcmp(mode, "yaml-decode") == 0 || strcmp(mode, "json-decode") == 0)
            more = decode_frame(arena, *mode == 'y');
        else if (strcmp(mode, "yaml-encode") == 0)
            more = encode_frame(arena);
        else if (strcmp(mode, "cty") == 0)
            more = cty_line(arena);
        else
            die("which mode?");
    }
    return 0;
}
