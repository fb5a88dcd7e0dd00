/* SPDX-License-Identifier: Apache-2.0
 *
 * Paths: cleaned like the path of a file, split at dots, brackets told apart.
 *
 * Source: PathFromString and the path elements of operator/pkg/util of Istio, filepath.Clean of Go.
 */
#include "internal.h"

#include <string.h>

/* ---- cleaning: `a//b`, `a/./b`, `a/x/../b`, `a/b/` ---- */

struct cleaning {
    const char *path;
    bool rooted;
    char *out;
    size_t len, kept; /* kept: what `..` cannot take back */
};

/* `..`: the element before goes, unless there is none or it is `..` too. */
static void step_back(struct cleaning *c)
{
    if (c->len > c->kept) {
        do
            c->len--;
        while (c->len > c->kept && c->out[c->len] != '/');
    } else if (!c->rooted) {
        if (c->len)
            c->out[c->len++] = '/';
        c->out[c->len++] = '.';
        c->out[c->len++] = '.';
        c->kept = c->len;
    }
}

static void clean_element(struct cleaning *c, const char *element, size_t len)
{
    if (len == 0 || (len == 1 && *element == '.'))
        return;
    if (len == 2 && memcmp(element, "..", 2) == 0) {
        step_back(c);
        return;
    }
    if (c->len > (c->rooted ? 1 : 0))
        c->out[c->len++] = '/';
    memcpy(c->out + c->len, element, len);
    c->len += len;
}

static char *clean(struct glm_arena *arena, const char *path)
{
    struct cleaning c = {.path = path, .rooted = *path == '/'};
    c.out = glm_alloc(arena, strlen(path) + 3);
    if (c.rooted)
        c.out[c.len++] = '/';
    c.kept = c.len;
    for (const char *at = path; *at;) {
        size_t len = strcspn(at, "/");
        clean_element(&c, at, len);
        at += len + (at[len] == '/');
    }
    if (c.len == 0)
        c.out[c.len++] = '.';
    c.out[c.len] = 0;
    return c.out;
}

/* ---- brackets ---- */

static bool is_key(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-", text[i]))
            return false;
    return true;
}

static bool is_index(const char *inner, int64_t *ret_index)
{
    const char *digits = inner + (*inner == '-' || *inner == '+');
    uint64_t n;
    size_t count = glm_digits(digits, SIZE_MAX, &n);
    if (!count || digits[count] || n > INT64_MAX || (*inner == '-' && n > 1))
        return false;
    *ret_index = *inner == '-' ? -(int64_t)n : (int64_t)n;
    return true;
}

/* The one colon that no `\` stands before; NULL when there is none or there are several. */
static const char *only_colon(const char *inner)
{
    const char *found = NULL;
    for (const char *at = strchr(inner, ':'); at; at = strchr(at + 1, ':')) {
        if (at > inner && at[-1] == '\\')
            continue;
        if (found)
            return NULL;
        found = at;
    }
    return found;
}

static struct glm_overlay_step read_step(struct glm_arena *arena, const char *text)
{
    struct glm_overlay_step s = {.kind = GLM_OVERLAY_KEY, .text = text};
    size_t len = strlen(text);
    if (len < 2 || text[0] != '[' || text[len - 1] != ']')
        return s;
    const char *inner = glm_strndup(arena, text + 1, len - 2);
    const char *colon = only_colon(inner);
    s.expression = *inner == ':' && inner[1] ? inner + 1 : inner;
    if (is_index(inner, &s.index)) {
        s.kind = GLM_OVERLAY_INDEX;
    } else if (colon && colon != inner && colon[1] && is_key(inner, (size_t)(colon - inner))) {
        s.kind = GLM_OVERLAY_PAIR;
        s.key = glm_strndup(arena, inner, (size_t)(colon - inner));
        s.value = colon + 1;
    } else {
        s.kind = GLM_OVERLAY_TEXT;
    }
    return s;
}

/* ---- splitting ---- */

struct splitting {
    struct glm_arena *arena;
    struct glm_overlay_step *steps;
    size_t count;
};

/* Removes the backslash before escaped dots, in place. */
static void unescape(char *text)
{
    char *to = text;
    for (const char *from = text; *from; from++) {
        if (*from == '\\' && from[1] == '.')
            from++;
        *to++ = *from;
    }
    *to = 0;
}

/* node[expression] is two steps. */
static bool add_segment(struct splitting *s, char *segment)
{
    unescape(segment);
    char *bracket = strchr(segment, '[');
    bool two = bracket && bracket != segment;
    if (!*segment)
        return true;
    if (s->count + (two ? 2 : 1) > GLM_OVERLAY_STEPS_MAX)
        return false;
    if (two) {
        const char *key = glm_strndup(s->arena, segment, (size_t)(bracket - segment));
        s->steps[s->count++] = read_step(s->arena, key);
    }
    s->steps[s->count++] = read_step(s->arena, two ? bracket : segment);
    return true;
}

bool glm_overlay_path_read(struct glm_arena *arena, const struct glm_value *path,
                           struct glm_overlay_path *ret_path)
{
    const char *text = glm_string_or(path, "");
    size_t len = strlen(text);
    if (len > GLM_OVERLAY_PATH_MAX || (path->kind == GLM_STRING && len != path->len))
        return false;
    char *at = clean(arena, text);
    len = strlen(at);
    if (*at == '.')
        at++, len--;
    if (len && at[len - 1] == '.')
        at[--len] = 0;
    struct splitting s = {.arena = arena};
    size_t most = 1;
    for (const char *c = at; *c; c++)
        most += *c == '.' || *c == '[';
    s.steps = GLM_NEW_ARRAY(arena, most, struct glm_overlay_step);
    char *start = at;
    for (size_t i = 0; i <= len; i++) {
        if (i < len && !(at[i] == '.' && (i == 0 || at[i - 1] != '\\')))
            continue;
        at[i] = 0;
        if (!add_segment(&s, start))
            return false;
        start = at + i + 1;
    }
    *ret_path = (struct glm_overlay_path){.steps = s.steps, .count = s.count};
    return true;
}

const char *glm_overlay_path_text(struct glm_arena *arena, const struct glm_overlay_path *path)
{
    struct glm_text text;
    glm_text_init(&text, arena, GLM_OVERLAY_PATH_MAX * 2);
    for (size_t i = 0; i < path->count; i++)
        glm_text_addf(&text, "%s%s", i ? "." : "", path->steps[i].text);
    return text.data;
}

/* ---- mistakes ---- */

/* `image:registry/a:1`: a key, and a value with a colon. */
static bool looks_like_pair(const char *inner)
{
    const char *colon = strchr(inner, ':');
    return colon && colon != inner && colon[1] && is_key(inner, (size_t)(colon - inner));
}

static const char *step_mistake(struct glm_arena *arena, const struct glm_overlay_path *path,
                                size_t i)
{
    const struct glm_overlay_step *s = &path->steps[i];
    size_t len = strlen(s->text);
    bool opens = s->text[0] == '[', closes = len > 0 && s->text[len - 1] == ']';
    if (opens && !closes)
        return glm_sprintf(arena,
                           "\"%s\" opens a bracket and does not close it. Inside brackets too, "
                           "\"\\.\" stands for a dot that belongs to the text",
                           s->text);
    if (opens && len == 2)
        return "\"[]\" names no element: write [0] for the first, [-1] for a new one at the end, "
               "[name:NAME] for the one of that name";
    if (!opens && closes)
        return glm_sprintf(arena,
                           "\"%s\" closes a bracket that is not open. Inside brackets too, "
                           "\"\\.\" stands for a dot that belongs to the text",
                           s->text);
    if (i == 0 && opens)
        return glm_sprintf(arena, "\"%s\" cannot come first: an object is a map", s->text);
    if (*s->text == '/' || (i == 0 && strchr(s->text, '/')))
        return glm_sprintf(arena, "\"%s\" is no field: steps are separated by dots, not by \"/\"",
                           s->text);
    return NULL;
}

const char *glm_overlay_path_mistake(struct glm_arena *arena, const struct glm_overlay_path *path)
{
    for (size_t i = 0; i < path->count; i++) {
        const char *mistake = step_mistake(arena, path, i);
        if (mistake)
            return mistake;
        const struct glm_overlay_step *s = &path->steps[i];
        if (s->kind == GLM_OVERLAY_TEXT && looks_like_pair(s->expression) && i + 1 < path->count)
            return glm_sprintf(arena,
                               "\"%s\" matches nothing: Istio's own path language has no way to "
                               "write a value with \":\" in it. Select by another key, or by "
                               "place: [0]",
                               s->text);
        if (s->kind == GLM_OVERLAY_PAIR && strchr(s->value, ':') && i + 1 < path->count)
            return glm_sprintf(arena,
                               "\"%s\" matches nothing: \"\\:\" is taken as it stands. Select by "
                               "another key, or by place: [0]",
                               s->text);
    }
    return NULL;
}
