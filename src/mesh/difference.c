/* SPDX-License-Identifier: Apache-2.0
 *
 * Differences: three trees walked side by side: what is common, what is there, what should be there.
 *
 * Depth:  bounded by GLM_VALUE_DEPTH.
 * Time:   nothing is compared or written as a text more than a few times, however deep it lies: who goes into
 *         a value does not compare it before, and asks whether it fits into a line of such a length only.
 */
#include "glm/difference.h"

#include "internal.h"

#include "glm/codec.h"
#include "glm/shown.h"
#include "glm/text.h"

#include <string.h>

/* The same place in each of them; null: nothing is there. */
struct at {
    const struct glm_value *common, *is, *should;
    bool reordered; /* lists, in which nothing but the order of their elements differs */
};

/* How a place is called in what is above it: a key of a map, or an element of a list, by whatever elements
 * are told apart by, else by its index. */
enum step_kind { STEP_KEY, STEP_NAME, STEP_PORT, STEP_INDEX };
struct step {
    const struct step *above; /* NULL: it is in the object itself */
    size_t depth;             /* from 1 */
    enum step_kind kind;
    const char *key;
    size_t index; /* of STEP_INDEX */
};

struct differences {
    struct glm_difference *all;
    size_t count, capacity;
};

struct walk {
    struct glm_arena *arena;
    struct glm_map_builder found;
    size_t more;              /* that differ and are not in it */
    struct differences *list; /* NULL: nobody asks where they are */
};

static void walk(struct walk *w, const struct step *step, const struct at *at);

/* ---- paths ---- */

#define DIGITS "0123456789"
#define BARE "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ" DIGITS "_-"

static bool is_bare(const struct step *step)
{
    size_t digits = strspn(step->key, DIGITS);
    if (step->kind == STEP_KEY)
        return *step->key && !step->key[strspn(step->key, BARE)];
    if (step->kind == STEP_NAME && digits && (!step->key[digits] || step->key[digits] == '/'))
        return false;
    return !strpbrk(step->key, "[]' ");
}

static void add_step(struct glm_text *path, const struct step *step)
{
    if (step->kind == STEP_INDEX) {
        glm_text_addf(path, "[%zu]", step->index);
        return;
    }
    const char *key = glm_shown_n(path->arena, step->key, strlen(step->key), GLM_SHOWN_KEY_MAX);
    bool bare = is_bare(step), dot = bare && step->kind == STEP_KEY;
    if (dot) {
        glm_text_adds(path, path->len ? "." : "");
        glm_text_adds(path, key);
        return;
    }
    glm_text_adds(path, bare ? "[" : "['");
    for (; *key; key++) {
        glm_text_addc(path, *key);
        if (*key == '\'')
            glm_text_addc(path, '\'');
    }
    glm_text_adds(path, bare ? "]" : "']");
}

/* NULL: it is too long. */
static const char *path_of(struct glm_arena *arena, const struct step *step)
{
    struct glm_text path;
    if (!step)
        return ".";
    size_t count = step->depth;
    const struct step **steps = GLM_NEW_ARRAY(arena, count, const struct step *);
    for (size_t i = count; i > 0; i--, step = step->above)
        steps[i - 1] = step;
    glm_text_init(&path, arena, GLM_DIFFERENCE_PATH);
    for (size_t i = 0; i < count; i++)
        add_step(&path, steps[i]);
    return path.overflow ? NULL : path.data;
}

/* ---- texts ---- */

static bool fits_in(struct walk *w, const struct glm_value *v, size_t most)
{
    struct glm_text line;
    glm_text_init(&line, w->arena, most);
    glm_yaml_line(v, &line);
    return !line.overflow;
}

static bool fits(struct walk *w, const struct glm_value *v)
{
    return fits_in(w, v, GLM_DIFFERENCE_LINE);
}

/* FNV-1a, 32 bits. */
static uint32_t checksum(const struct glm_text *text)
{
    uint32_t sum = 0x811c9dc5U;
    for (size_t i = 0; i < text->len; i++)
        sum = (sum ^ (unsigned char)text->data[i]) * 0x01000193U;
    return sum;
}

static const char *text_of(struct walk *w, const struct glm_value *v)
{
    struct glm_text line;
    glm_text_init(&line, w->arena, SIZE_MAX / 4);
    glm_yaml_line(v, &line);
    const char *shown = glm_shown_n(w->arena, line.data, line.len, GLM_DIFFERENCE_LINE);
    if (line.len <= GLM_DIFFERENCE_LINE)
        return shown;
    return glm_sprintf(w->arena, "%s (checksum %08x)", shown, (unsigned)checksum(&line));
}

static const char *should_of(struct walk *w, const struct at *at)
{
    struct glm_text line;
    if (glm_equal(at->is, at->should))
        return "";
    if (!glm_equal(at->common, at->should))
        return glm_is_null(at->is) ? " (should be there)" : "";
    if (glm_is_null(at->should))
        return " (should not be there)";
    glm_text_init(&line, w->arena, GLM_DIFFERENCE_SHOULD);
    glm_yaml_line(at->should, &line);
    if (!line.overflow)
        return glm_sprintf(w->arena, " (should be %s)", line.data);
    return at->reordered         ? " (should be in another order)"
           : glm_is_null(at->is) ? " (should be there)"
                                 : " (should be another)";
}

/* path: NULL, there is no room for it. */
static void list(struct walk *w, const char *path, const char *text, const struct glm_value *is)
{
    struct differences *l = w->list;
    if (l->count == l->capacity) {
        l->capacity = l->capacity ? l->capacity * 2 : 16;
        struct glm_difference *all = GLM_NEW_ARRAY(w->arena, l->capacity, struct glm_difference);
        for (size_t i = 0; i < l->count; i++)
            all[i] = l->all[i];
        l->all = all;
    }
    l->all[l->count++] = (struct glm_difference){path, text, is};
}

static void say(struct walk *w, const struct step *step, const struct at *at)
{
    const char *path = w->found.len < GLM_DIFFERENCES_MAX ? path_of(w->arena, step) : NULL;
    const char *text = NULL;
    /* Two keys may be shown alike: what is not seen, and what spells it. */
    if (path && glm_is_null(glm_map_peek(&w->found, path))) {
        const char *should = should_of(w, at);
        bool missing = glm_is_null(at->is) && *should;
        text = glm_sprintf(w->arena, "%s%s", missing ? "missing" : text_of(w, at->is), should);
        glm_map_set(&w->found, path, glm_string(w->arena, text));
    } else {
        w->more++;
    }
    if (w->list)
        list(w, text ? path : NULL, text, at->is);
}

/* How many differences there are so far. */
static size_t said(const struct walk *w)
{
    return w->found.len + w->more;
}

/* ---- maps, and lists whose elements have names ---- */

/* The element that only what is there or should be there has: in one line, and in the same one whether it
 * is as it should be or not. */
static void element(struct walk *w, const struct step *step, const struct at *at)
{
    if (glm_is_null(at->common) && fits(w, at->is) && fits(w, at->should))
        say(w, step, at);
    else
        walk(w, step, at);
}

/* The key that comes first, of three maps from next on; NULL: there is none. */
static const char *first_key(const struct glm_value *const maps[3], const size_t next[3])
{
    const char *first = NULL;
    for (size_t m = 0; m < 3; m++)
        if (glm_is_map(maps[m]) && next[m] < maps[m]->len &&
            (!first || glm_name_order(maps[m]->as.map[next[m]].key, first) < 0))
            first = maps[m]->as.map[next[m]].key;
    return first;
}

/* The value at the key, if it is the next one of the map. */
static const struct glm_value *take(const struct glm_value *map, size_t *next, const char *key)
{
    if (!glm_is_map(map) || *next >= map->len || glm_name_order(map->as.map[*next].key, key) != 0)
        return &glm_null;
    return map->as.map[(*next)++].value;
}

static void each_key(struct walk *w, const struct step *above, enum step_kind kind,
                     const struct at *at)
{
    const struct glm_value *const maps[3] = {at->common, at->is, at->should};
    size_t next[3] = {0};
    for (const char *key; (key = first_key(maps, next)) != NULL;) {
        const struct at below = {take(maps[0], &next[0], key), take(maps[1], &next[1], key),
                                 take(maps[2], &next[2], key), false};
        const struct step step = {above, above ? above->depth + 1 : 1, kind, key, 0};
        if (kind == STEP_KEY)
            walk(w, &step, &below);
        else
            element(w, &step, &below);
    }
}

static bool is_map_or_none(const struct glm_value *v)
{
    return glm_is_map(v) || glm_is_null(v);
}

/* False: they are not gone into: something else than a map is there, or an empty one or none instead of
 * what is common. */
static bool are_maps(const struct at *at)
{
    if (!is_map_or_none(at->common) || !is_map_or_none(at->is) || !is_map_or_none(at->should))
        return false;
    return glm_is_null(at->common) ? glm_is_null(at->is) || at->is->len > 0 : glm_is_map(at->is);
}

static void maps(struct walk *w, const struct step *step, const struct at *at)
{
    size_t before = said(w);
    each_key(w, step, STEP_KEY, at);
    /* An empty one is not none. */
    if (said(w) == before && (at->is->kind != at->common->kind || at->is->kind != at->should->kind))
        say(w, step, at);
}

/* ---- lists ---- */

/* Of two maps of mesh_elements with the same keys. */
static bool same_order(const struct glm_value *a, const struct glm_value *b)
{
    for (size_t i = 0; i < a->len && i < b->len; i++)
        if (a->as.map[i].line != b->as.map[i].line)
            return false;
    return true;
}

static bool are_scalars(const struct glm_value *list)
{
    for (size_t i = 0; glm_is_list(list) && i < list->len; i++)
        if (glm_is_list(list->as.list[i]) || glm_is_map(list->as.list[i]))
            return false;
    return true;
}

static void each_index(struct walk *w, const struct step *above, const struct at *at)
{
    const struct glm_value *const lists[3] = {at->common, at->is, at->should};
    size_t most = 0;
    for (size_t l = 0; l < 3; l++)
        if (glm_is_list(lists[l]) && lists[l]->len > most)
            most = lists[l]->len;
    for (size_t i = 0; i < most; i++) {
        const struct at below = {glm_at(at->common, i), glm_at(at->is, i), glm_at(at->should, i),
                                 false};
        const struct step step = {above, above ? above->depth + 1 : 1, STEP_INDEX, NULL, i};
        walk(w, &step, &below);
    }
}

static void whole_list(struct walk *w, const struct step *step, const struct at *at)
{
    if (fits(w, at->is))
        say(w, step, at);
    else
        each_index(w, step, at);
}

/* False: their elements cannot be told apart by such a key. */
static bool lists_by_key(struct walk *w, const struct step *step, enum step_kind kind,
                         const struct at *at)
{
    enum mesh_element by = kind == STEP_NAME ? MESH_BY_NAME : MESH_BY_PORT;
    const struct at maps = {mesh_elements(w->arena, by, at->common),
                            mesh_elements(w->arena, by, at->is),
                            mesh_elements(w->arena, by, at->should), false};
    if (!maps.common || !maps.is || !maps.should)
        return false;
    size_t before = said(w);
    each_key(w, step, kind, &maps);
    if (said(w) == before &&
        !(same_order(maps.common, maps.is) && same_order(maps.is, maps.should))) {
        const struct at reordered = {at->common, at->is, at->should, true};
        whole_list(w, step, &reordered);
    }
    return true;
}

static bool has_null(const struct glm_value *list)
{
    for (size_t i = 0; i < list->len; i++)
        if (glm_is_null(list->as.list[i]))
            return true;
    return false;
}

/* Between what both lists begin with and what they end with: how much each has that the other has not. */
static void other_elements(const struct glm_value *is, const struct glm_value *should,
                           size_t *ret_first, size_t *ret_is, size_t *ret_should)
{
    size_t first = 0, a = is->len, b = should->len;
    while (first < a && first < b && glm_equal(is->as.list[first], should->as.list[first]))
        first++;
    while (a > first && b > first && glm_equal(is->as.list[a - 1], should->as.list[b - 1])) {
        a--;
        b--;
    }
    *ret_first = first;
    *ret_is = a - first;
    *ret_should = b - first;
}

/* A long list of scalars that drifted, by those of its elements that did: changed, added or taken out. False:
 * it is short, or which these are is not to be told. */
static bool by_element(struct walk *w, const struct step *above, const struct at *at)
{
    size_t first, is, should;
    if (!glm_is_list(at->should) || !glm_equal(at->common, at->should) || has_null(at->is) ||
        has_null(at->should) ||
        (fits_in(w, at->is, GLM_DIFFERENCE_LIST) && fits_in(w, at->should, GLM_DIFFERENCE_LIST)))
        return false;
    other_elements(at->is, at->should, &first, &is, &should);
    if (is != should && is > 0 && should > 0)
        return false;
    for (size_t i = first; i < first + (is > should ? is : should); i++) {
        const struct glm_value *of = i < first + should ? at->should->as.list[i] : &glm_null;
        const struct at below = {of, i < first + is ? at->is->as.list[i] : &glm_null, of, false};
        const struct step step = {above, above ? above->depth + 1 : 1, STEP_INDEX, NULL, i};
        if (!glm_equal(below.is, below.should))
            say(w, &step, &below);
    }
    return true;
}

static void scalars(struct walk *w, const struct step *step, const struct at *at)
{
    bool drifted = !glm_equal(at->is, at->should);
    if ((drifted || !glm_equal(at->common, at->is)) && !(drifted && by_element(w, step, at)))
        whole_list(w, step, at);
}

/* Lists as deep in an object as ours are, which mostly are the same: that is told faster than their elements
 * are told apart. */
#define QUICK_DEPTH 12

static bool are_same(const struct step *step, const struct at *at)
{
    return at->is == at->should && (!step || step->depth <= QUICK_DEPTH) &&
           glm_equal(at->common, at->is);
}

static void lists(struct walk *w, const struct step *step, const struct at *at)
{
    if (are_same(step, at))
        return;
    if (are_scalars(at->common) && are_scalars(at->is) && are_scalars(at->should)) {
        scalars(w, step, at);
    } else if (!lists_by_key(w, step, STEP_NAME, at) && !lists_by_key(w, step, STEP_PORT, at)) {
        each_index(w, step, at);
    }
}

static bool is_list_or_none(const struct glm_value *v)
{
    return glm_is_list(v) || glm_is_null(v);
}

/* ---- the walk ---- */

static void walk(struct walk *w, const struct step *step, const struct at *at)
{
    bool into = !step || step->depth < GLM_VALUE_DEPTH;
    if (at->common == at->is && at->is == at->should)
        return;
    if (into && are_maps(at))
        maps(w, step, at);
    else if (into && glm_is_list(at->is) && at->is->len > 0 && is_list_or_none(at->common) &&
             is_list_or_none(at->should))
        lists(w, step, at);
    else if (!glm_equal(at->common, at->is) || !glm_equal(at->is, at->should))
        say(w, step, at);
}

/* False: something is not known. */
static bool differ(struct walk *w, const struct glm_value *common, const struct glm_value *is,
                   const struct glm_value *should)
{
    const struct at at = {common, is, should ? should : is, false};
    bool same = glm_equal(common, is) && (!should || glm_equal(is, should));
    if (!glm_is_wholly_known(common) ||
        (!same && (!glm_is_wholly_known(is) || (should && !glm_is_wholly_known(should)))))
        return false;
    glm_map_init(&w->found, w->arena);
    if (!same)
        walk(w, NULL, &at);
    return true;
}

const struct glm_value *glm_differences(struct glm_arena *arena, const struct glm_value *common,
                                        const struct glm_value *is, const struct glm_value *should)
{
    struct walk w = {.arena = arena};
    if (!differ(&w, common, is, should))
        return &glm_unknown;
    if (w.more > 0)
        glm_map_set(&w.found, "...",
                    glm_stringf(arena, "%zu more %s", w.more,
                                w.more == 1 ? "field differs" : "fields differ"));
    return glm_map_finish(&w.found, NULL);
}

size_t glm_difference_list(struct glm_arena *arena, const struct glm_value *common,
                           const struct glm_value *is, const struct glm_value *should,
                           const struct glm_difference **ret_list)
{
    struct differences found = {0};
    struct walk w = {.arena = arena, .list = &found};
    differ(&w, common, is, should);
    *ret_list = found.all;
    return found.count;
}
