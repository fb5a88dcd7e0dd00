/* SPDX-License-Identifier: Apache-2.0
 *
 * Printing as Go's fmt does: [key:value] compares what an element's field prints as.
 *
 * What:   numbers of the object as rendered are integers where they look like it; numbers that an
 *         overlay brought are doubles, which print with an exponent from a million on.
 */
#include "internal.h"

#include <stdlib.h>
#include <string.h>

/* No double prints longer. */
#define PRINTED_NUMBER_MAX ((size_t)64)

static bool is_integer(const struct glm_node *node)
{
    return node->born == 0 && !strpbrk(node->value->as.text, ".eE");
}

/* The shortest decimal that reads as the same double; with an exponent below 0.0001 and from a
 * million on. */
static void print_double(const char *number, struct glm_text *text)
{
    double d = strtod(number, NULL);
    const char *shortest = "";
    for (int digits = 1; digits <= 17; digits++) {
        shortest = glm_sprintf(text->arena, "%.*e", digits - 1, d);
        if (strtod(shortest, NULL) == d)
            break;
    }
    const char *e = strchr(shortest, 'e');
    long exponent = e ? strtol(e + 1, NULL, 10) : 0;
    size_t mantissa = e ? (size_t)(e - shortest) : strlen(shortest);
    if (exponent < -4 || exponent >= 6) {
        glm_text_add(text, shortest, mantissa);
        glm_text_addf(text, "e%c%02ld", exponent < 0 ? '-' : '+', labs(exponent));
        return;
    }
    long decimals = (long)(mantissa > 2 ? mantissa - 2 - (*shortest == '-') : 0) - exponent;
    glm_text_addf(text, "%.*f", decimals > 0 ? (int)decimals : 0, d);
}

static void print_scalar(const struct glm_node *node, struct glm_text *text)
{
    const struct glm_value *v = node->value;
    switch (node->kind) {
    case GLM_STRING:
        glm_text_add(text, v->as.text, v->len);
        break;
    case GLM_NUMBER:
        if (is_integer(node))
            glm_text_add(text, v->as.text, v->len);
        else
            print_double(v->as.text, text);
        break;
    case GLM_BOOL:
        glm_text_adds(text, v->as.boolean ? "true" : "false");
        break;
    case GLM_NULL:
        glm_text_adds(text, "<nil>");
        break;
    case GLM_UNKNOWN:
    case GLM_LIST:
    case GLM_MAP:
    default:
        break;
    }
}

/* A key that does not fit is not looked at to its end: it may be as long as the whole document. */
static void print_key(const char *key, struct glm_text *text)
{
    glm_text_add(text, key, strnlen(key, text->limit - text->len + 1));
    glm_text_addc(text, ':');
}

static void print_opened(const struct glm_node *node, struct glm_text *text)
{
    glm_text_adds(text, node->kind == GLM_MAP ? "map[" : "[");
    for (size_t i = 0; i < node->len && !text->overflow; i++) {
        if (i)
            glm_text_addc(text, ' ');
        if (node->kind == GLM_MAP)
            print_key(node->entries[i].key, text);
        overlay_print(node->kind == GLM_MAP ? node->entries[i].node : node->items[i], text);
    }
    glm_text_addc(text, ']');
}

static void print_closed(const struct glm_value *v, unsigned born, struct glm_text *text)
{
    glm_text_adds(text, v->kind == GLM_MAP ? "map[" : "[");
    for (size_t i = 0; i < v->len && !text->overflow; i++) {
        struct glm_node child = {.born = born};
        child.value = v->kind == GLM_MAP ? v->as.map[i].value : v->as.list[i];
        child.kind = child.value->kind;
        if (i)
            glm_text_addc(text, ' ');
        if (v->kind == GLM_MAP)
            print_key(v->as.map[i].key, text);
        overlay_print(&child, text);
    }
    glm_text_addc(text, ']');
}

void overlay_print(const struct glm_node *node, struct glm_text *text)
{
    if (node->kind != GLM_MAP && node->kind != GLM_LIST)
        print_scalar(node, text);
    else if (node->opened)
        print_opened(node, text);
    else
        print_closed(node->value, node->born, text);
}

/* Between two overlays the object is written and read again: a double that prints like an integer
 * is one then. */
static const char *number_type(struct glm_arena *arena, const struct glm_node *node,
                               unsigned overlay)
{
    struct glm_text text;
    if (is_integer(node))
        return "int";
    glm_text_init(&text, arena, PRINTED_NUMBER_MAX);
    print_scalar(node, &text);
    return node->born < overlay && !strpbrk(text.data, ".e") ? "int" : "float64";
}

const char *overlay_type_text(struct glm_arena *arena, const struct glm_node *node,
                              unsigned overlay)
{
    switch (node->kind) {
    case GLM_STRING:
        return "string";
    case GLM_NUMBER:
        return number_type(arena, node, overlay);
    case GLM_BOOL:
        return "bool";
    case GLM_NULL:
    case GLM_UNKNOWN:
    case GLM_LIST:
    case GLM_MAP:
    default:
        return "<nil>";
    }
}
