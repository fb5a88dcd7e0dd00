/* SPDX-License-Identifier: Apache-2.0
 *
 * The value at a field as API servers name it in conflicts: ".spec.ports[port=80].targetPort".
 *
 * Source: structured-merge-diff, which writes names as they are: one with dots in it, such as
 *         ".metadata.labels.app.kubernetes.io/name", is told apart by what the object has.
 */
#include "glm/codec.h"
#include "glm/observe.h"
#include "internal.h"

#include <string.h>

/* The longest key of the map that the text begins with, followed by the end or another step. */
static const struct glm_pair *longest_key(const struct glm_value *map, const char *text)
{
    const struct glm_pair *best = NULL;
    for (size_t i = 0; glm_is_map(map) && i < map->len; i++) {
        const struct glm_pair *pair = &map->as.map[i];
        size_t len = strlen(pair->key);
        bool fits = strncmp(pair->key, text, len) == 0 &&
                    (text[len] == '\0' || text[len] == '.' || text[len] == '[');
        if (fits && (!best || len > strlen(best->key)))
            best = pair;
    }
    return best;
}

/* The end of "[...]", beyond the bracket; NULL when there is none. Quotes hide brackets. */
static const char *bracket_end(const char *open)
{
    bool quoted = false;
    for (const char *p = open + 1; *p; p++) {
        if (*p == '\\' && quoted && p[1])
            p++;
        else if (*p == '"')
            quoted = !quoted;
        else if (*p == ']' && !quoted)
            return p + 1;
    }
    return NULL;
}

static const struct glm_value *decode(struct glm_arena *arena, const char *text, size_t len)
{
    struct glm_diags ignored;
    const struct glm_value *v = &glm_null;
    glm_diags_init(&ignored, arena);
    glm_json_decode(arena, text, len, "field", NULL, &v, &ignored);
    return v;
}

/* The length of one "key=value" up to a comma outside of quotes. */
static size_t condition_length(const char *text, const char *end)
{
    bool quoted = false;
    for (const char *p = text; p < end; p++) {
        if (*p == '\\' && quoted)
            p++;
        else if (*p == '"')
            quoted = !quoted;
        else if (*p == ',' && !quoted)
            return (size_t)(p - text);
    }
    return (size_t)(end - text);
}

static bool element_fits(struct glm_arena *arena, const struct glm_value *element, const char *text,
                         const char *end)
{
    if (*text == '=') /* an element of a set, by its value */
        return glm_equal(element, decode(arena, text + 1, (size_t)(end - text - 1)));
    while (text < end) {
        size_t len = condition_length(text, end);
        const char *equals = memchr(text, '=', len);
        if (!equals)
            return false;
        const char *key = glm_strndup(arena, text, (size_t)(equals - text));
        const struct glm_value *wanted =
            decode(arena, equals + 1, len - (size_t)(equals - text) - 1);
        if (!glm_equal(glm_get(element, key), wanted))
            return false;
        text += len + (text + len < end);
    }
    return true;
}

static const struct glm_value *element_at(struct glm_arena *arena, const struct glm_value *list,
                                          const char *open, const char *end)
{
    const char *text = open + 1, *last = end - 1;
    if (!glm_is_list(list))
        return &glm_null;
    size_t index = 0, digits = 0;
    while (text + digits < last && text[digits] >= '0' && text[digits] <= '9' && digits < 9)
        index = index * 10 + (size_t)(text[digits++] - '0');
    if (digits > 0 && text + digits == last)
        return glm_at(list, index);
    for (size_t i = 0; i < list->len; i++)
        if (element_fits(arena, list->as.list[i], text, last))
            return list->as.list[i];
    return &glm_null;
}

const struct glm_value *glm_value_at_field(const struct glm_value *object, const char *field)
{
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create((size_t)64 << 20);
    const struct glm_value *v = object;
    while (*field) {
        if (*field == '[') {
            const char *end = bracket_end(field);
            if (!end)
                return &glm_null;
            v = element_at(arena, v, field, end);
            field = end;
            continue;
        }
        field += *field == '.';
        const struct glm_pair *pair = longest_key(v, field);
        if (!pair)
            return &glm_null;
        v = pair->value;
        field += strlen(pair->key);
    }
    return v;
}
