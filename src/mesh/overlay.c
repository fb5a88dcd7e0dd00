/* SPDX-License-Identifier: Apache-2.0
 *
 * Overlays: k8s.overlays of a gateway on their way into the IstioOperator, or onto our Service.
 *
 * What:   an overlay that names no rendered object stops the operator's render, so names of the
 *         gateway's own objects get the revision's suffix. The Service is ours when customService
 *         is, and then its overlays are applied here, with the operator's own path language.
 * Errors: a patch that cannot be applied is explained to the caller, who knows the attribute.
 */
#include "internal.h"

#include <stdlib.h>
#include <string.h>

#define MAX_STEPS 64

bool glm_overlay_is_service(const struct glm_value *overlay)
{
    return glm_string_is(glm_get(overlay, "kind"), "Service");
}

/* The suffixed name when name is the gateway's or one derived from it; NULL when it is not. */
static const char *renamed(struct glm_arena *arena, const char *name, const char *gateway,
                           const char *revision)
{
    static const char *const derived[] = {"", "-service-account", "-sds"};
    size_t len = strlen(gateway);
    if (strncmp(name, gateway, len) != 0)
        return NULL;
    for (size_t i = 0; i < sizeof derived / sizeof *derived; i++)
        if (strcmp(name + len, derived[i]) == 0)
            return glm_sprintf(arena, "%s%s", glm_suffixed(arena, gateway, revision), derived[i]);
    return NULL;
}

const struct glm_value *glm_overlays(struct glm_arena *arena, const struct glm_gateway *gateway,
                                     const char *revision, bool our_service)
{
    const struct glm_value *overlays = glm_get(gateway->k8s, "overlays");
    struct glm_list_builder b;
    if (!glm_is_list(overlays))
        return &glm_null;
    glm_list_init(&b, arena);
    for (size_t i = 0; i < overlays->len; i++) {
        const struct glm_value *overlay = glm_at(overlays, i);
        const char *name = glm_string_or(glm_get(overlay, "name"), "");
        if (our_service && glm_overlay_is_service(overlay))
            continue;
        name = gateway->name ? renamed(arena, name, gateway->name, revision) : NULL;
        glm_list_add(&b,
                     name ? glm_with(arena, overlay, "name", glm_string(arena, name)) : overlay);
    }
    return b.len ? glm_list_finish(&b) : &glm_null;
}

/* ---- the path language: a.b\.c, list[key:value], [:value], [3], [-1] ---- */

struct steps {
    char *items[MAX_STEPS];
    size_t count;
};

static bool add_step(struct steps *steps, char *text)
{
    if (!*text)
        return true;
    if (steps->count == MAX_STEPS)
        return false;
    steps->items[steps->count++] = text;
    return true;
}

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

static bool split(struct glm_arena *arena, const char *path, struct steps *ret)
{
    *ret = (struct steps){0};
    char *copy = glm_strdup(arena, path);
    for (char *start = copy, *at = copy;; at++) {
        bool end = !*at;
        if (!end && !(*at == '.' && (at == copy || at[-1] != '\\')))
            continue;
        *at = 0;
        unescape(start);
        char *bracket = strchr(start, '[');
        if (bracket && bracket != start) {
            char *index = glm_strdup(arena, bracket);
            *bracket = 0;
            if (!add_step(ret, start) || !add_step(ret, index))
                return false;
        } else if (!add_step(ret, start)) {
            return false;
        }
        if (end)
            return ret->count > 0;
        start = at + 1;
    }
}

struct patch {
    struct glm_arena *arena;
    struct steps steps;
    const struct glm_value *value; /* null: delete */
    const char *why;
};

static const struct glm_value *fail(struct patch *p, size_t step, const char *why)
{
    p->why = glm_sprintf(p->arena, "at \"%s\": %s", p->steps.items[step], why);
    return NULL;
}

static const struct glm_value *apply_at(struct patch *p, const struct glm_value *node, size_t step);

/* The element an expression like [name:http2], [:10.0.0.1], [2] means; len: a new one. */
static bool find_element(const struct glm_value *list, const char *expression, size_t *ret_index)
{
    size_t len = strlen(expression);
    const char *colon = strchr(expression, ':');
    if (len < 3 || expression[len - 1] != ']')
        return false;
    const char *inner = expression + 1;
    size_t inner_len = len - 2;
    if (!colon) {
        char *end;
        long index = strtol(inner, &end, 10);
        if (*end != ']' || index < -1)
            return false;
        *ret_index = index == -1 ? list->len : (size_t)index;
        return *ret_index <= list->len;
    }
    const char *value = colon + 1;
    size_t key_len = (size_t)(colon - inner), value_len = inner_len - key_len - 1;
    for (size_t i = 0; i < list->len; i++) {
        const struct glm_value *e = glm_at(list, i);
        for (size_t k = 0; key_len && e->kind == GLM_MAP && k < e->len; k++)
            if (strlen(e->as.map[k].key) == key_len &&
                strncmp(e->as.map[k].key, inner, key_len) == 0)
                e = e->as.map[k].value;
        if ((e->kind == GLM_STRING || e->kind == GLM_NUMBER) && e->len == value_len &&
            memcmp(e->as.text, value, value_len) == 0) {
            *ret_index = i;
            return true;
        }
    }
    return false;
}

static const struct glm_value *apply_to_list(struct patch *p, const struct glm_value *list,
                                             size_t step)
{
    bool last = step + 1 == p->steps.count, found = false;
    size_t index = 0;
    if (list->kind != GLM_LIST && list->kind != GLM_NULL)
        return fail(p, step, "there is no list here");
    found = find_element(list, p->steps.items[step], &index);
    if (!found || (index == list->len && !last))
        return fail(p, step, "no such element");
    const struct glm_value *element = p->value;
    if (!last) {
        element = apply_at(p, glm_at(list, index), step + 1);
        if (!element)
            return NULL;
    }
    struct glm_list_builder b;
    glm_list_init(&b, p->arena);
    for (size_t i = 0; i < list->len; i++) {
        if (i != index)
            glm_list_add(&b, glm_at(list, i));
        else if (!last || !glm_is_null(element))
            glm_list_add(&b, element);
    }
    if (index == list->len && !glm_is_null(element))
        glm_list_add(&b, element);
    return glm_list_finish(&b);
}

/* node with the rest of the path applied; NULL after fail. */
static const struct glm_value *apply_at(struct patch *p, const struct glm_value *node, size_t step)
{
    const char *key = p->steps.items[step];
    bool last = step + 1 == p->steps.count;
    if (key[0] == '[')
        return apply_to_list(p, node, step);
    if (node->kind != GLM_MAP && node->kind != GLM_NULL)
        return fail(p, step, "there is no map here");
    if (last && glm_is_null(p->value))
        return glm_without(p->arena, node, key);
    const struct glm_value *below = last ? p->value : apply_at(p, glm_get(node, key), step + 1);
    return below ? glm_with(p->arena, node, key, below) : NULL;
}

bool glm_overlay_apply(struct glm_arena *arena, const struct glm_value *object,
                       const struct glm_value *overlay, const struct glm_value **ret_object,
                       const char **ret_why)
{
    const struct glm_value *patches = glm_get(overlay, "patches");
    for (size_t i = 0; glm_is_list(patches) && i < patches->len; i++) {
        const char *path = glm_string_or(glm_get(glm_at(patches, i), "path"), "");
        struct patch p = {.arena = arena, .value = glm_get(glm_at(patches, i), "value")};
        if (!split(arena, path, &p.steps)) {
            *ret_why = glm_sprintf(arena, "patches[%zu].path \"%s\" is no path", i, path);
            return false;
        }
        if (strcmp(p.steps.items[0], "spec") != 0 && strcmp(p.steps.items[0], "metadata") != 0) {
            *ret_why = glm_sprintf(arena,
                                   "patches[%zu].path \"%s\" must start with spec or "
                                   "metadata",
                                   i, path);
            return false;
        }
        const struct glm_value *patched = apply_at(&p, object, 0);
        if (!patched) {
            *ret_why =
                glm_sprintf(arena, "patches[%zu].path \"%s\" does not fit %s", i, path, p.why);
            return false;
        }
        object = patched;
    }
    *ret_object = object;
    return true;
}
