/* SPDX-License-Identifier: Apache-2.0
 *
 * Doubles: elements of lists that stand beside ours where only one can be.
 *
 * What:   server-side apply knows the elements of a list by their keys, ports by number and protocol. Where
 *         somebody has changed the key of one of ours (kubectl edit), ours is put beside it, and both have the
 *         name that only one may have: the API server refuses the whole object, whatever is forced. An element
 *         goes with its last owner alone; so it becomes ours first, which changes nothing of the object, and
 *         then the same apply takes it out and puts ours in, at once.
 * Owner:  what is returned lives in the arena given, or is borrowed from the object that was seen.
 * Errors: none; a refusal that cannot be read is about something else.
 * Thread: no shared state.
 * Source: Kubernetes' validation (causes FieldValueDuplicate, and FieldValueRequired of names that a single
 *         port may lack) and fieldsV1 of managedFields: f:NAME a field, k:{...} an element by its keys.
 */
#include "internal.h"

#include "glm/codec.h"

#include <stdlib.h>
#include <string.h>

#define STEPS_MAX 32    /* of a field that is named in a refusal */
#define DOUBLES_MAX 100 /* of one object */

/* ---- fieldsV1 ---- */

static const struct glm_value *fields_in(const struct glm_value *fields, const char *const *steps,
                                         size_t depth)
{
    for (size_t i = 0; i < depth; i++)
        fields = glm_get(fields, steps[i]);
    return fields;
}

static const struct glm_value *fields_at(const struct glm_value *entry, const char *const *steps,
                                         size_t depth)
{
    return fields_in(glm_get(entry, "fieldsV1"), steps, depth);
}

/* The keys of "k:{...}"; the null value: it is none. */
static const struct glm_value *keys_of(struct glm_arena *arena, const char *step)
{
    const struct glm_value *keys = &glm_null;
    struct glm_diags ignored;
    glm_diags_init(&ignored, arena);
    if (strncmp(step, "k:", 2) != 0 ||
        !glm_json_decode(arena, step + 2, strlen(step + 2), "managedFields", NULL, &keys,
                         &ignored) ||
        !glm_is_map(keys) || keys->len == 0)
        return &glm_null;
    return keys;
}

/* A key that was not said has its default, of which protocols alone have one. */
static bool has_keys(const struct glm_value *element, const struct glm_value *keys)
{
    for (size_t i = 0; i < keys->len; i++) {
        const struct glm_pair *key = &keys->as.map[i];
        const struct glm_value *is = glm_get(element, key->key);
        bool open = glm_is_null(is) && strcmp(key->key, "protocol") == 0 &&
                    glm_string_is(key->value, "TCP");
        if (!open && !glm_equal(is, key->value))
            return false;
    }
    return true;
}

/* The step to an element of a list, as whoever owns it has it; NULL: nobody does. */
static const char *step_to(struct glm_arena *arena, const struct glm_value *managed,
                           const char *const *steps, size_t depth, const struct glm_value *element)
{
    for (size_t i = 0; glm_is_list(managed) && i < managed->len; i++) {
        const struct glm_value *list = fields_at(managed->as.list[i], steps, depth);
        for (size_t k = 0; glm_is_map(list) && k < list->len; k++) {
            const struct glm_value *keys = keys_of(arena, list->as.map[k].key);
            if (glm_is_map(keys) && has_keys(element, keys))
                return list->as.map[k].key;
        }
    }
    return NULL;
}

/* ---- finding them ---- */

struct double_search {
    struct glm_arena *arena;
    const struct glm_value *managed, *live, *ours;
    const char *steps[STEPS_MAX];
    size_t depth;
    struct live_double *all;
    size_t count;
};

/* The element of a list that has the keys of a step. */
static const struct glm_value *element_with(const struct glm_value *list,
                                            const struct glm_value *keys)
{
    for (size_t i = 0; glm_is_list(list) && i < list->len; i++)
        if (has_keys(list->as.list[i], keys))
            return list->as.list[i];
    return &glm_null;
}

static bool enter_field(struct double_search *s, const char *name, size_t len)
{
    if (len == 0 || s->depth == STEPS_MAX)
        return false;
    const char *key = glm_strndup(s->arena, name, len);
    s->live = glm_get(s->live, key);
    s->ours = glm_get(s->ours, key);
    s->steps[s->depth++] = glm_sprintf(s->arena, "f:%s", key);
    return true;
}

/* Into an element that both have. */
static bool enter_element(struct double_search *s, size_t index)
{
    const struct glm_value *element = glm_at(s->live, index);
    const char *step = step_to(s->arena, s->managed, s->steps, s->depth, element);
    if (!step || s->depth == STEPS_MAX)
        return false;
    s->ours = element_with(s->ours, keys_of(s->arena, step));
    s->live = element;
    s->steps[s->depth++] = step;
    return true;
}

static bool is_named(const struct glm_value *v)
{
    return !glm_is_null(v) && !glm_string_is(v, "");
}

/* True when ours would have the same in a field that only one may have, or both nothing. */
static bool stands_for_ours(const struct double_search *s, const struct glm_value *element,
                            const char *field)
{
    const struct glm_value *is = glm_get(element, field);
    for (size_t i = 0; i < s->ours->len; i++) {
        const struct glm_value *mine = glm_get(s->ours->as.list[i], field);
        if (is_named(is) ? glm_equal(is, mine) : !is_named(mine))
            return true;
    }
    return false;
}

/* The same steps to the same element. */
static bool is_at(const struct double_search *s, const struct live_double *d, const char *step)
{
    if (d->depth != s->depth + 1 || strcmp(d->steps[s->depth], step) != 0)
        return false;
    for (size_t i = 0; i < s->depth; i++)
        if (strcmp(d->steps[i], s->steps[i]) != 0)
            return false;
    return true;
}

static bool is_found(const struct double_search *s, const char *step)
{
    for (size_t i = 0; i < s->count; i++)
        if (is_at(s, &s->all[i], step))
            return true;
    return false;
}

/* In the list where the search is. */
static void add_doubles(struct double_search *s, const char *field)
{
    for (size_t i = 0; glm_is_list(s->live) && glm_is_list(s->ours) && i < s->live->len; i++) {
        const struct glm_value *element = s->live->as.list[i];
        const char *step = step_to(s->arena, s->managed, s->steps, s->depth, element);
        if (!step || s->count == DOUBLES_MAX || s->depth == STEPS_MAX ||
            !glm_is_null(element_with(s->ours, keys_of(s->arena, step))) ||
            !stands_for_ours(s, element, field) || is_found(s, step))
            continue;
        const char **steps = GLM_NEW_ARRAY(s->arena, s->depth + 1, const char *);
        for (size_t k = 0; k < s->depth; k++)
            steps[k] = s->steps[k];
        steps[s->depth] = step;
        s->all[s->count++] = (struct live_double){.steps = steps, .depth = s->depth + 1};
    }
}

/* "spec.ports[1].name": the list before the last index, and the field after it. */
static void search_at(struct double_search *s, const struct glm_write *w, const char *path)
{
    const char *last = strrchr(path, '['), *field = last ? strstr(last, "].") : NULL;
    s->live = w->seen;
    s->ours = w->object;
    s->depth = 0;
    if (!field || strpbrk(field + 2, ".["))
        return;
    while (path < last) {
        bool index = *path == '[';
        char *end;
        size_t len = strcspn(path, ".["), at = index ? strtoul(path + 1, &end, 10) : 0;
        if (index ? *end != ']' || !enter_element(s, at) : !enter_field(s, path, len))
            return;
        path = index ? end + 1 : path + len;
        path += *path == '.';
    }
    add_doubles(s, field + 2);
}

static bool may_be_double(const struct glm_value *cause)
{
    const struct glm_value *reason = glm_get(cause, "reason");
    const char *field = glm_string_or(glm_get(cause, "field"), ""), *end = strrchr(field, '.');
    return glm_string_is(reason, "FieldValueDuplicate") ||
           (glm_string_is(reason, "FieldValueRequired") && end && strcmp(end, ".name") == 0);
}

size_t live_doubles(struct glm_arena *arena, const struct glm_value *status,
                    const struct glm_write *w, const struct live_double **ret_doubles)
{
    const struct glm_value *causes = glm_get_path(status, "details", "causes", NULL);
    struct double_search s = {.arena = arena, .managed = live_metadata(w->seen, "managedFields")};
    if (!w->seen || !glm_is_list(s.managed))
        return 0;
    s.all = GLM_NEW_ARRAY(arena, DOUBLES_MAX, struct live_double);
    for (size_t i = 0; glm_is_list(causes) && i < causes->len; i++)
        if (may_be_double(causes->as.list[i]))
            search_at(&s, w, glm_string_or(glm_get(causes->as.list[i], "field"), ""));
    *ret_doubles = s.all;
    return s.count;
}

/* ---- whose they are ---- */

static bool is_ours(const struct glm_value *entry, const char *manager)
{
    return glm_string_is(glm_get(entry, "manager"), manager) &&
           glm_string_is(glm_get(entry, "operation"), "Apply") &&
           glm_is_null(glm_get(entry, "subresource"));
}

/* As API servers write fields in conflicts: .spec.ports[port=80,protocol="TCP"]. */
static const char *field_text(struct glm_arena *arena, const struct live_double *of)
{
    struct glm_text text;
    glm_text_init(&text, arena, SIZE_MAX / 4);
    for (size_t i = 0; i < of->depth; i++) {
        const struct glm_value *keys = keys_of(arena, of->steps[i]);
        if (!glm_is_map(keys))
            glm_text_addf(&text, ".%s", of->steps[i] + 2);
        for (size_t k = 0; glm_is_map(keys) && k < keys->len; k++)
            glm_text_addf(&text, "%s%s=%s%s", k ? "," : "[", keys->as.map[k].key,
                          glm_json_text(arena, keys->as.map[k].value),
                          k + 1 < keys->len ? "" : "]");
    }
    return text.data;
}

size_t live_double_conflicts(struct glm_arena *arena, const struct glm_write *w,
                             const struct live_double *doubles, size_t count, const char *manager,
                             const struct glm_conflict **ret_conflicts)
{
    const struct glm_value *managed = live_metadata(w->seen, "managedFields");
    struct glm_conflict *all = GLM_NEW_ARRAY(arena, count * managed->len, struct glm_conflict);
    size_t found = 0;
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < managed->len; k++) {
            const struct glm_value *entry = managed->as.list[k];
            if (!is_ours(entry, manager) &&
                glm_is_map(fields_at(entry, doubles[i].steps, doubles[i].depth)))
                all[found++] = (struct glm_conflict){
                    .manager = glm_string_or(glm_get(entry, "manager"), "another field manager"),
                    .field = field_text(arena, &doubles[i])};
        }
    *ret_conflicts = all;
    return found;
}

/* ---- making them ours ---- */

/* Fields without what is at the steps, and without what holds nothing else. Depth: STEPS_MAX. */
static const struct glm_value *without(struct glm_arena *arena, const struct glm_value *fields,
                                       const char *const *steps, size_t depth)
{
    const struct glm_value *below = glm_get(fields, steps[0]);
    if (!glm_is_map(below))
        return fields;
    below = depth > 1 ? without(arena, below, steps + 1, depth - 1) : &glm_empty_map;
    return below->len > 0 ? glm_with(arena, fields, steps[0], below)
                          : glm_without(arena, fields, steps[0]);
}

/* Fields with more at the steps. Depth: STEPS_MAX. */
static const struct glm_value *with(struct glm_arena *arena, const struct glm_value *fields,
                                    const char *const *steps, size_t depth,
                                    const struct glm_value *more)
{
    const struct glm_value *is = glm_is_map(fields) ? fields : &glm_empty_map;
    struct glm_map_builder b;
    if (depth > 0)
        return glm_with(arena, is, steps[0],
                        with(arena, glm_get(is, steps[0]), steps + 1, depth - 1, more));
    glm_map_init_from(&b, arena, is);
    for (size_t i = 0; i < more->len; i++)
        glm_map_set(&b, more->as.map[i].key, more->as.map[i].value);
    return glm_map_finish(&b, NULL);
}

static const struct glm_value *new_entry(struct glm_arena *arena, const struct glm_write *w,
                                         const char *manager)
{
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    glm_map_set(&b, "manager", glm_string(arena, manager));
    glm_map_set(&b, "operation", glm_string(arena, "Apply"));
    glm_map_set(&b, "apiVersion", glm_get(w->object, "apiVersion"));
    glm_map_set(&b, "fieldsType", glm_string(arena, "FieldsV1"));
    return glm_map_finish(&b, NULL);
}

/* managedFields with the doubles in the apply of the manager, and in no other entry. */
static const struct glm_value *taken(struct glm_arena *arena, const struct glm_write *w,
                                     const struct live_double *doubles, size_t count,
                                     const char *manager)
{
    const struct glm_value *managed = live_metadata(w->seen, "managedFields");
    const struct glm_value *own = &glm_null, *fields;
    struct glm_list_builder b;
    glm_list_init(&b, arena);
    for (size_t k = 0; k < managed->len; k++)
        if (is_ours(managed->as.list[k], manager))
            own = managed->as.list[k];
    fields = glm_get(own, "fieldsV1");
    for (size_t k = 0; k < managed->len; k++) {
        const struct glm_value *entry = managed->as.list[k], *left = glm_get(entry, "fieldsV1");
        for (size_t i = 0; entry != own && i < count; i++) {
            const struct glm_value *theirs = fields_in(left, doubles[i].steps, doubles[i].depth);
            if (!glm_is_map(theirs))
                continue;
            fields = with(arena, fields, doubles[i].steps, doubles[i].depth, theirs);
            left = without(arena, left, doubles[i].steps, doubles[i].depth);
        }
        if (entry != own && (!glm_is_map(left) || left->len > 0))
            glm_list_add(&b, glm_with(arena, entry, "fieldsV1", left));
    }
    if (glm_is_null(own))
        own = new_entry(arena, w, manager);
    glm_list_add(&b, glm_with(arena, own, "fieldsV1", fields));
    return glm_list_finish(&b);
}

bool live_take_doubles(struct live *live, struct glm_arena *arena, const struct glm_object_ref *ref,
                       const struct glm_write *w, const struct live_double *doubles, size_t count,
                       const char *manager, const struct glm_value **ret_object,
                       enum glm_written *ret_written, struct glm_diags *d)
{
    return live_patch_metadata(live, arena, ref, w->seen, "managedFields",
                               taken(arena, w, doubles, count, manager), ret_object, ret_written,
                               d);
}
