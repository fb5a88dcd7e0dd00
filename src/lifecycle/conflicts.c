/* SPDX-License-Identifier: Apache-2.0
 *
 * Conflicts with other field managers: settled with force where the plan showed what is overwritten, or where
 * the installer writes as that manager too; refused everywhere else.
 */
#include "write.h"

#include "glm/difference.h"
#include "glm/observe.h"
#include "glm/shown.h"

#include <string.h>

/* Fields of other managers that are looked up in what the state shows: more than a person reads. */
#define CONFLICTS_MAX 1000

/* A copy in which each value says which those within it are: its line is its number, its column that of the
 * last one within it. */
static const struct glm_value *numbered(struct glm_arena *arena, const struct glm_value *v,
                                        uint32_t *count)
{
    uint32_t own = (*count)++;
    struct glm_map_builder map;
    struct glm_list_builder list;
    if (glm_is_map(v)) {
        glm_map_init(&map, arena);
        for (size_t i = 0; i < v->len; i++)
            glm_map_append(&map, v->as.map[i].key, 0, 0,
                           numbered(arena, v->as.map[i].value, count));
        v = glm_map_finish(&map, NULL);
    } else if (glm_is_list(v)) {
        glm_list_init(&list, arena);
        for (size_t i = 0; i < v->len; i++)
            glm_list_add(&list, numbered(arena, v->as.list[i], count));
        v = glm_list_finish(&list);
    }
    return glm_positioned(arena, v, own, *count - 1);
}

/* True when one of two numbered values is within the other, or they are the same. */
static bool touches(const struct glm_value *a, const struct glm_value *b)
{
    return (a->line <= b->line && b->line <= a->column) ||
           (b->line <= a->line && a->line <= b->column);
}

/* The differences that the state does not have in the same words. */
static size_t not_seen(struct glm_difference *all, size_t count, const struct glm_value *entries)
{
    size_t left = 0;
    for (size_t i = 0; i < count; i++)
        if (!glm_is_null(all[i].is) &&
            (!all[i].path || !glm_string_is(glm_get(entries, all[i].path), all[i].text)))
            all[left++] = all[i];
    return left;
}

/* True when the live values at the fields are what the state shows there, so that whoever approved
 * the plan has seen that they are overwritten: nothing there, around it or within it differs that the state
 * does not say. Our own labels and annotation are in no manifest; the guard has looked at them. */
static bool were_shown(struct work *work, struct glm_arena *arena, const struct wanted_object *o,
                       const struct glm_value *found, const struct glm_write *write)
{
    if (write->conflict_count > CONFLICTS_MAX)
        return false;
    const struct compare_seen seen = compare_seen(work, arena, o);
    const struct glm_difference *list;
    uint32_t values = 1;
    const struct glm_value *live = numbered(
        arena, compare_project(work, arena, found, glm_owned_union(arena, o->bare, seen.whole)),
        &values);
    size_t count = glm_difference_list(arena, seen.manifest, live, seen.whole, &list);
    struct glm_difference *unseen = GLM_NEW_ARRAY(arena, count, struct glm_difference);
    for (size_t i = 0; i < count; i++)
        unseen[i] = list[i];
    count = not_seen(unseen, count, seen.entries);
    for (size_t i = 0; i < write->conflict_count; i++) {
        const struct glm_value *at = glm_value_at_field(live, write->conflicts[i].field);
        for (size_t k = 0; !glm_is_null(at) && k < count; k++)
            if (touches(at, unseen[k].is))
                return false;
    }
    return true;
}

static const char *list_conflicts(struct glm_arena *arena, const struct glm_write *write)
{
    struct glm_text text;
    glm_text_init(&text, arena, (size_t)64 << 10);
    for (size_t i = 0; i < write->conflict_count; i++)
        glm_text_addf(&text, "  %s, owned by \"%s\"\n", glm_shown(arena, write->conflicts[i].field),
                      glm_shown(arena, write->conflicts[i].manager));
    return text.data;
}

/* All of them are with managers that the installer writes the object as, too. */
static bool are_named(const struct glm_write *write, const struct glm_installer_step *steps,
                      size_t count)
{
    for (size_t i = 0; i < write->conflict_count; i++) {
        size_t k = 0;
        while (k < count &&
               !(steps[k].manager && strcmp(steps[k].manager, write->conflicts[i].manager) == 0))
            k++;
        if (k == count)
            return false;
    }
    return true;
}

bool conflicts_may_force(struct work *work, struct glm_arena *arena, const struct wanted_object *o,
                         const struct glm_read *look, const struct glm_write *write,
                         const struct glm_installer_step *steps, size_t count,
                         struct glm_diags *errors)
{
    if (work->force || work->adopt || are_named(write, steps, count) ||
        (look->found == GLM_FOUND && were_shown(work, arena, o, look->object, write)))
        return true;
    return glm_error(errors, NULL, "Somebody else owns fields of an object",
                     "%s was not changed, because other field managers have set these fields to "
                     "other values, and the plan did not show that:\n\n%s\nPlan again to see what "
                     "would be overwritten, take these fields out of the configuration to leave "
                     "them to the other manager, or set force_conflicts = true.",
                     glm_object_ref_text(arena, &o->ref), list_conflicts(arena, write));
}
