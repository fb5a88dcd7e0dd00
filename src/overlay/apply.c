/* SPDX-License-Identifier: Apache-2.0
 *
 * Applying patches: the walk along a path, and what is done at its end.
 *
 * What:   Istio walks two kinds of maps. Those of the object as rendered, and maps made inside them,
 *         take whatever is put in; those that a patch of the same overlay brought (`born`) do not:
 *         in them a set at a list appends, and text that reads as a map replaces the key.
 * Words:  a place is a node with the way to its child: the key or the index.
 */
#include "internal.h"

#include <stdlib.h>
#include <string.h>

/* Ceiling of what is printed to be searched, and what printing counts for: it takes memory. */
#define PRINTED_MAX ((size_t)1 << 20)
#define PRINT_WORK ((size_t)64)
#define NUMBER_WORK ((size_t)4) /* digits of a number for each unit */

#define TOO_LARGE "the overlays of this object are too many and too large to be applied"

struct overlay_place {
    struct glm_node *node;
    const char *key;
    size_t index;
    bool raw; /* a list that Istio cannot write to: one in a list, or one in place of a null */
};

struct overlay_walk {
    struct glm_arena *arena;
    enum glm_overlay_dialect dialect;
    unsigned overlay; /* from 1 */
    struct glm_overlay_path path;
    struct overlay_place *places; /* places[n] is behind n steps */
    size_t capacity;              /* of places */
    bool created;                 /* the last step made what it leads to */
    const struct glm_expression *expression;
    enum glm_match expression_is;
    size_t work;
    struct glm_overlay_outcome *out;
};

/* ---- what went wrong ---- */

static bool fail(struct overlay_walk *w, enum glm_overlay_effect effect, size_t step,
                 const char *why, const char *reason)
{
    w->out->effect = effect;
    w->out->step = step < w->path.count ? w->path.steps[step].text : "";
    w->out->why = why;
    w->out->reason = reason ? reason : "";
    return false;
}

static const char *rest_of(struct overlay_walk *w, size_t step)
{
    const struct glm_overlay_path rest = {w->path.steps + step, w->path.count - step};
    return glm_overlay_path_text(w->arena, &rest);
}

static bool leaf(struct overlay_walk *w, size_t step)
{
    const struct glm_node *node = w->places[step].node;
    return fail(
        w, GLM_OVERLAY_MISFIT, step,
        glm_sprintf(w->arena, "there is %s here, which has no fields", glm_kind_name(node->kind)),
        glm_sprintf(w->arena, "leaf type %s in non-leaf Node %s",
                    overlay_type_text(w->arena, node, w->overlay), rest_of(w, step)));
}

static bool not_for_maps(struct overlay_walk *w, size_t step)
{
    const struct glm_overlay_step *s = &w->path.steps[step];
    const char *why =
        s->kind == GLM_OVERLAY_KEY
            ? "there is a list here: choose an element, as in [name:NAME] or [0]"
        : strchr(s->text, ':')
            ? "an element of this list is chosen by one key and one value, as in [name:NAME], and "
              "a value with \":\" in it can never match; choose by another key, or by place, as in "
              "[0]"
            : "an element of this list is chosen by a key and a value, as in [name:NAME], or by "
              "place, as in [0]";
    return fail(w, GLM_OVERLAY_MISFIT, step, why,
                glm_sprintf(w->arena, "path %s: %s is not a valid key:value path element",
                            glm_overlay_path_text(w->arena, &w->path), s->text));
}

static bool not_for_scalars(struct overlay_walk *w, size_t step)
{
    const struct glm_overlay_step *s = &w->path.steps[step];
    return fail(w, GLM_OVERLAY_MISFIT, step,
                "there is a list here: choose an element, as in [:TEXT] or [0]",
                glm_sprintf(w->arena, "path %s: %s is not a valid value path element",
                            glm_overlay_path_text(w->arena, &w->path), s->text));
}

static bool read_only(struct overlay_walk *w, size_t step, const char *reason)
{
    return fail(w, GLM_OVERLAY_MISFIT, step,
                "Istio cannot change what stands in a list directly inside a list, or in a list in "
                "place of a null",
                reason);
}

static bool too_much(struct overlay_walk *w, const char *why)
{
    return fail(w, GLM_OVERLAY_REFUSED, w->path.count, why, NULL);
}

/* ---- lists: which element ---- */

enum found { FOUND_NO, FOUND_YES, FOUND_STOP };

static enum found unseen(struct overlay_walk *w, size_t step)
{
    fail(w, GLM_OVERLAY_UNSEEN, step, "", NULL);
    return FOUND_STOP;
}

/* The field of a map that may not be opened; a null where it has none. */
static struct glm_node field_of(const struct glm_node *map, const char *key)
{
    if (map->opened) {
        const struct glm_node *child = overlay_node_get(map, key);
        return child ? *child : (struct glm_node){.value = &glm_null, .kind = GLM_NULL};
    }
    const struct glm_value *v = glm_get(map->value, key);
    return (struct glm_node){.value = v, .kind = v->kind, .born = map->born};
}

static enum found prints_as(struct overlay_walk *w, size_t step, const struct glm_node *node,
                            const char *value)
{
    struct glm_text text;
    size_t len = strlen(value);
    bool map = node->kind == GLM_MAP, list = node->kind == GLM_LIST;
    if (node->kind == GLM_STRING) {
        const struct glm_value *v = node->value;
        return v->len == len && memcmp(v->as.text, value, len) == 0 ? FOUND_YES : FOUND_NO;
    }
    /* So it begins whatever is in it. */
    if ((map && strncmp(value, "map[", 4) != 0) || (list && *value != '['))
        return FOUND_NO;
    if (!overlay_node_is_known(node))
        return unseen(w, step);
    w->work += PRINT_WORK + (node->kind == GLM_NUMBER ? node->value->len / NUMBER_WORK : 0);
    glm_text_init(&text, w->arena, len);
    overlay_print(node, &text);
    bool same = !text.overflow && text.len == len && memcmp(text.data, value, len) == 0;
    return same ? FOUND_YES : FOUND_NO;
}

/* `there is no element whose name is "x"; there are "a", "b"` */
static bool not_found(struct overlay_walk *w, size_t step, const struct glm_node *list)
{
    const struct glm_overlay_step *s = &w->path.steps[step];
    struct glm_text text;
    glm_text_init(&text, w->arena, 2000);
    if (s->kind == GLM_OVERLAY_PAIR)
        glm_text_addf(&text, "there is no element whose %s is \"%s\"", s->key, s->value);
    else if (list->len == 0)
        glm_text_adds(&text, "the list is empty");
    else
        glm_text_addf(&text, "\"%s\" is found in no element", s->expression);
    for (size_t i = 0, named = 0; s->kind == GLM_OVERLAY_PAIR && i < list->len && named < 20; i++) {
        struct glm_node field = list->items[i]->kind == GLM_MAP ? field_of(list->items[i], s->key)
                                                                : (struct glm_node){0};
        if (field.kind != GLM_STRING && field.kind != GLM_NUMBER)
            continue;
        glm_text_addf(&text, "%s\"%.100s\"", named++ ? ", " : "; there are ", field.value->as.text);
    }
    return fail(w, GLM_OVERLAY_MISFIT, step, text.data,
                glm_sprintf(w->arena, "path %s: element %s not found",
                            glm_overlay_path_text(w->arena, &w->path), s->text));
}

static enum found is_meant_map(struct overlay_walk *w, size_t step, const struct glm_node *element)
{
    const struct glm_overlay_step *s = &w->path.steps[step];
    if (s->kind != GLM_OVERLAY_PAIR) {
        not_for_maps(w, step);
        return FOUND_STOP;
    }
    struct glm_node field = field_of(element, s->key);
    return prints_as(w, step, &field, s->value);
}

/* The expression of this step, read when it is first needed. */
static bool read_expression(struct overlay_walk *w, size_t step)
{
    if (w->expression)
        return true;
    w->expression =
        overlay_expression_read(w->arena, w->path.steps[step].expression, &w->expression_is);
    if (w->expression_is != GLM_MATCH_UNSURE)
        return true;
    return fail(w, GLM_OVERLAY_REFUSED, step,
                "this regular expression is more than is understood here: literal text, . ^ $ * + "
                "? | and classes such as [a-z] outside of groups; choose the element by place, as "
                "in [0]",
                NULL);
}

static enum found is_meant_scalar(struct overlay_walk *w, size_t step,
                                  const struct glm_node *element)
{
    const struct glm_overlay_step *s = &w->path.steps[step];
    if (!overlay_node_is_known(element))
        return unseen(w, step);
    if (s->kind == GLM_OVERLAY_KEY || !*s->expression) {
        not_for_scalars(w, step);
        return FOUND_STOP;
    }
    if (!read_expression(w, step))
        return FOUND_STOP;
    struct glm_text text = {0};
    const char *printed = glm_string_or(element->value, NULL);
    size_t len = element->value->len;
    if (!printed) {
        glm_text_init(&text, w->arena, PRINTED_MAX);
        overlay_print(element, &text);
        w->work += PRINT_WORK + text.len;
        printed = text.data;
        len = text.len;
    }
    if (text.overflow) {
        too_much(w, "an element of this list is too large to be searched");
        return FOUND_STOP;
    }
    bool found = w->expression_is == GLM_MATCH_YES &&
                 overlay_expression_find(w->expression, printed, len, &w->work);
    return found ? FOUND_YES : FOUND_NO;
}

static bool into_list(struct overlay_walk *w, size_t step)
{
    const struct glm_overlay_step *s = &w->path.steps[step];
    struct overlay_place *at = &w->places[step], *to = &w->places[step + 1];
    enum found found = FOUND_NO;
    size_t len = overlay_node_open(w->arena, at->node), i = 0;
    w->created = false;
    w->expression = NULL;
    if (s->kind == GLM_OVERLAY_INDEX) {
        bool outside = s->index < 0 || (uint64_t)s->index >= len;
        at->index = outside ? len : (size_t)s->index;
        *to =
            (struct overlay_place){outside ? overlay_node_new(w->arena, &glm_empty_map, w->overlay)
                                           : at->node->items[at->index],
                                   NULL, 0, false};
        to->raw = to->node->kind == GLM_LIST;
        return true;
    }
    for (; i < len && found == FOUND_NO && w->work <= GLM_OVERLAY_WORK_MAX; i++) {
        const struct glm_node *element = at->node->items[i];
        found = element->kind == GLM_MAP ? is_meant_map(w, step, element)
                                         : is_meant_scalar(w, step, element);
        w->work++;
    }
    if (w->work > GLM_OVERLAY_WORK_MAX)
        return too_much(w, TOO_LARGE);
    if (found != FOUND_YES)
        return found == FOUND_STOP ? false : not_found(w, step, at->node);
    at->index = i - 1;
    *to = (struct overlay_place){at->node->items[at->index], NULL, 0, false};
    to->raw = to->node->kind == GLM_LIST;
    return true;
}

/* ---- maps ---- */

static bool of_this_overlay(struct overlay_walk *w, const struct glm_node *node)
{
    return node->born == w->overlay;
}

static bool into_map(struct overlay_walk *w, size_t step)
{
    const struct glm_overlay_step *s = &w->path.steps[step];
    struct overlay_place *at = &w->places[step];
    w->work += overlay_node_open(w->arena, at->node) / 64 + 1;
    struct glm_node *child = overlay_node_get(at->node, s->text);
    w->created = !child;
    if (!child) {
        bool ours = of_this_overlay(w, at->node);
        bool list = ours && step + 1 < w->path.count && s[1].kind == GLM_OVERLAY_INDEX;
        child = overlay_node_new(w->arena, list ? &glm_empty_list : &glm_empty_map,
                                 ours ? w->overlay : 0);
        overlay_node_set(w->arena, at->node, s->text, child);
    }
    at->key = s->text;
    w->places[step + 1] = (struct overlay_place){child, NULL, 0, false};
    return true;
}

static bool descend(struct overlay_walk *w, size_t step)
{
    struct overlay_place *at = &w->places[step];
    enum glm_overlay_step_kind kind = w->path.steps[step].kind;
    if (at->node->kind == GLM_NULL) {
        /* Not in the tree until something is set in it. */
        at->raw = kind == GLM_OVERLAY_INDEX || kind == GLM_OVERLAY_PAIR;
        at->node =
            overlay_node_new(w->arena, at->raw ? &glm_empty_list : &glm_empty_map, w->overlay);
    }
    switch (overlay_node_kind(at->node)) {
    case GLM_LIST:
        return into_list(w, step);
    case GLM_MAP:
        return into_map(w, step);
    case GLM_UNKNOWN:
        return fail(w, GLM_OVERLAY_UNSEEN, step, "", NULL);
    case GLM_NULL:
    case GLM_BOOL:
    case GLM_NUMBER:
    case GLM_STRING:
    default:
        return leaf(w, step);
    }
}

/* ---- at the end of the path ---- */

#define NO_TYPE "don't know about type []interface {}"
#define NO_SLICE "deleteFromSlicePtr parent type is []interface {}, must be *[]interface{}"

/* Puts what was made on the way into the tree, from the end up. */
static bool link_up(struct overlay_walk *w, size_t end)
{
    for (size_t i = end; i > 0; i--) {
        struct overlay_place *up = &w->places[i - 1];
        if (up->node->kind == GLM_MAP)
            overlay_node_set(w->arena, up->node, up->key, w->places[i].node);
        else if (up->raw)
            return read_only(w, i - 1, NO_TYPE);
        else
            overlay_node_put(w->arena, up->node, up->index, w->places[i].node);
    }
    return true;
}

/* Text that reads as a map, set in a map of this overlay: its first key takes the key's place. */
static bool set_first_key(struct overlay_walk *w, struct overlay_place *up,
                          const struct glm_value *map)
{
    if (map->len > 1)
        return fail(w, GLM_OVERLAY_CHANCE, w->path.count - 1,
                    "the text reads as a map of several keys, and inside what another patch of "
                    "this overlay put in Istio takes one of them by chance; give the map as a map",
                    NULL);
    const char *key = map->len ? map->as.map[0].key : "";
    overlay_node_drop(up->node, up->key);
    if (map->len && !glm_is_null(map->as.map[0].value))
        overlay_node_set(w->arena, up->node, key,
                         overlay_node_new(w->arena, map->as.map[0].value, w->overlay));
    else
        overlay_node_drop(up->node, key);
    return true;
}

static bool set_in_map(struct overlay_walk *w, size_t end, const struct glm_value *v)
{
    struct overlay_place *up = &w->places[end - 1], *at = &w->places[end];
    bool ours = of_this_overlay(w, up->node);
    if (ours && w->out->text_became_map)
        return set_first_key(w, up, v);
    struct glm_node *node = overlay_node_new(w->arena, v, w->overlay);
    if (ours && at->node->kind == GLM_LIST) {
        size_t len = overlay_node_open(w->arena, at->node);
        overlay_node_put(w->arena, at->node, len, node);
    } else {
        overlay_node_set(w->arena, up->node, up->key, node);
    }
    return link_up(w, end - 1);
}

static bool set(struct overlay_walk *w, const struct glm_value *v)
{
    size_t end = w->path.count;
    if (end == 0) {
        w->out->effect = GLM_OVERLAY_IDLE;
        return true;
    }
    struct overlay_place *up = &w->places[end - 1];
    if (v->kind == GLM_STRING) {
        enum glm_reads_as as = overlay_read_text(w->arena, v, &v);
        w->work += v->len / 16;
        if (as == GLM_READS_AS_CHANCE)
            return fail(w, GLM_OVERLAY_CHANCE, end - 1,
                        "the text reads as a map, and Istio takes it for one, but a key is there "
                        "twice; give the map as a map",
                        NULL);
        w->out->text_became_map = as == GLM_READS_AS_MAP;
    }
    if (end + overlay_value_depth(v) > GLM_VALUE_DEPTH)
        return too_much(w, "the value would be nested too deep");
    if (up->node->kind == GLM_MAP)
        return set_in_map(w, end, v);
    if (up->raw)
        return read_only(w, end - 1, NO_TYPE);
    overlay_node_put(w->arena, up->node, up->index, overlay_node_new(w->arena, v, w->overlay));
    return link_up(w, end - 1);
}

static bool delete_(struct overlay_walk *w)
{
    size_t end = w->path.count;
    struct overlay_place *up = end ? &w->places[end - 1] : NULL;
    if (!up)
        return fail(w, GLM_OVERLAY_MISFIT, 0, "an object cannot be deleted by an overlay",
                    "cannot delete root element");
    if (up->node->kind == GLM_MAP) {
        overlay_node_drop(up->node, up->key);
        w->out->effect = w->created ? GLM_OVERLAY_IDLE : GLM_OVERLAY_APPLIED;
        return true;
    }
    if (up->raw)
        return read_only(w, end - 1, NO_SLICE);
    if (up->index == up->node->len)
        return fail(w, GLM_OVERLAY_CRASH, end - 1, "there is no such element to delete", NULL);
    w->work += up->node->len / 64;
    overlay_node_remove(up->node, up->index);
    return true;
}

/* ---- patches ---- */

static bool is_blank(const struct glm_value *path)
{
    const char *text = glm_string_or(path, "");
    return !text[strspn(text, " \t\n\v\f\r")];
}

static void apply_one(struct overlay_walk *w, struct glm_node *root, const struct glm_value *patch)
{
    const struct glm_value *path = glm_get(patch, "path"), *v = glm_get(patch, "value");
    w->out->effect = GLM_OVERLAY_APPLIED;
    w->out->step = w->out->why = w->out->reason = "";
    w->path = (struct glm_overlay_path){0};
    if (w->dialect == GLM_OVERLAY_OPERATOR && is_blank(path)) {
        w->out->effect = GLM_OVERLAY_IDLE;
        return;
    }
    if (w->work > GLM_OVERLAY_WORK_MAX) {
        too_much(w, TOO_LARGE);
        return;
    }
    if (!glm_overlay_path_read(w->arena, path, &w->path)) {
        too_much(w, "the path is too long");
        return;
    }
    if (w->path.count >= w->capacity) {
        w->capacity = w->path.count + 8;
        w->places = GLM_NEW_ARRAY(w->arena, w->capacity, struct overlay_place);
    }
    w->places[0] = (struct overlay_place){.node = root};
    w->created = false;
    for (size_t i = 0; i < w->path.count; i++)
        if (!descend(w, i))
            return;
    (void)(glm_is_null(v) ? delete_(w) : set(w, v));
}

static size_t count_patches(const struct glm_value *const *overlays, size_t count, size_t limit)
{
    size_t patches = 0;
    for (size_t i = 0; i < count; i++) {
        const struct glm_value *list = glm_get(overlays[i], "patches");
        patches += glm_is_list(list) ? list->len : 0;
    }
    return patches < limit ? patches : limit;
}

void glm_overlay_apply(struct glm_arena *arena, const struct glm_value *object,
                       const struct glm_value *const *overlays, size_t count, size_t limit,
                       enum glm_overlay_dialect dialect, struct glm_overlay_result *ret_result)
{
    size_t patches = count_patches(overlays, count, limit), done = 0;
    struct glm_overlay_outcome *outcomes =
        GLM_NEW_ARRAY(arena, patches, struct glm_overlay_outcome);
    struct glm_node *root = overlay_node_new(arena, object, 0);
    struct overlay_walk w = {.arena = arena, .dialect = dialect};
    *ret_result = (struct glm_overlay_result){.outcomes = outcomes, .count = patches};
    for (size_t o = 0; o < count && done < patches; o++) {
        const struct glm_value *list = glm_get(overlays[o], "patches");
        w.overlay = (unsigned)o + 1;
        for (size_t i = 0; glm_is_list(list) && i < list->len && done < patches; i++, done++) {
            outcomes[done] = (struct glm_overlay_outcome){.overlay = o, .patch = i};
            w.out = &outcomes[done];
            if (done >= GLM_OVERLAY_PATCHES_MAX) {
                w.path = (struct glm_overlay_path){0};
                too_much(&w, "there are too many patches for one object");
            } else {
                apply_one(&w, root, glm_at(list, i));
            }
            ret_result->failed += outcomes[done].effect >= GLM_OVERLAY_MISFIT;
        }
    }
    ret_result->object = overlay_node_value(arena, root);
}
