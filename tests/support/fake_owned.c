/* SPDX-License-Identifier: Apache-2.0
 *
 * Owned fields. See fake_owned.h.
 */
#include "fake_owned.h"

#include "glm/text.h"
#include "glm/value.h"

#include <stdlib.h>
#include <string.h>

/* ---- trees of fields: maps are gone into, everything else is a leaf ---- */

/* onto with all that over has. */
static const struct glm_value *merged(struct glm_arena *arena, const struct glm_value *onto,
                                      const struct glm_value *over)
{
    struct glm_map_builder b;
    if (!glm_is_map(onto) || !glm_is_map(over))
        return over;
    glm_map_init_from(&b, arena, onto);
    for (size_t i = 0; i < over->len; i++)
        glm_map_set(&b, over->as.map[i].key,
                    glm_has(onto, over->as.map[i].key)
                        ? merged(arena, glm_get(onto, over->as.map[i].key), over->as.map[i].value)
                        : over->as.map[i].value);
    return glm_map_finish(&b, NULL);
}

/* from without what `was` has, and neither `now` nor others have. */
static const struct glm_value *given_up(struct glm_arena *arena, const struct glm_value *from,
                                        const struct glm_value *was, const struct glm_value *now,
                                        const struct glm_value *others)
{
    struct glm_map_builder b;
    if (!glm_is_map(from) || !glm_is_map(was))
        return from;
    glm_map_init_from(&b, arena, from);
    for (size_t i = 0; i < was->len; i++) {
        const char *key = was->as.map[i].key;
        const struct glm_value *is = glm_get(from, key), *below = was->as.map[i].value;
        if (glm_is_map(is) && glm_is_map(below)) {
            is = given_up(arena, is, below, glm_get(now, key), glm_get(others, key));
            glm_map_set(&b, key, is);
            if (is->len > 0)
                continue;
        }
        if (!glm_has(now, key) && !glm_has(others, key))
            glm_map_remove(&b, key);
    }
    return glm_map_finish(&b, NULL);
}

/* The path of the first leaf of ours that the other owns and that is another value there; NULL: none. */
static const char *conflict(struct glm_arena *arena, const char *path, const struct glm_value *live,
                            const struct glm_value *ours, const struct glm_value *other)
{
    for (size_t i = 0; glm_is_map(ours) && glm_is_map(other) && i < ours->len; i++) {
        const char *key = ours->as.map[i].key;
        const struct glm_value *mine = ours->as.map[i].value, *is = glm_get(live, key);
        if (!glm_has(other, key))
            continue;
        const char *at = glm_sprintf(arena, "%s.%s", path, key), *found = NULL;
        if (glm_is_map(mine) && glm_is_map(is))
            found = conflict(arena, at, is, mine, glm_get(other, key));
        else if (!glm_equal(mine, is))
            found = at;
        if (found)
            return found;
    }
    return NULL;
}

/* other without the leaves that are set to something else. */
static const struct glm_value *robbed(struct glm_arena *arena, const struct glm_value *other,
                                      const struct glm_value *live, const struct glm_value *ours)
{
    struct glm_map_builder b;
    if (!glm_is_map(other) || !glm_is_map(ours))
        return other;
    glm_map_init_from(&b, arena, other);
    for (size_t i = 0; i < ours->len; i++) {
        const char *key = ours->as.map[i].key;
        const struct glm_value *mine = ours->as.map[i].value, *is = glm_get(live, key);
        if (!glm_has(other, key))
            continue;
        if (glm_is_map(mine) && glm_is_map(is))
            glm_map_set(&b, key, robbed(arena, glm_get(other, key), is, mine));
        else if (!glm_equal(mine, is))
            glm_map_remove(&b, key);
    }
    return glm_map_finish(&b, NULL);
}

/* ---- what nobody owns ---- */

/* What a manager owns of what it applies. */
static const struct glm_value *ownable(struct glm_arena *arena, const struct glm_value *object)
{
    static const char *const system[] = {"name", "namespace",  "resourceVersion",
                                         "uid",  "generation", "managedFields"};
    const struct glm_value *metadata = glm_get(object, "metadata");
    for (size_t i = 0; i < sizeof system / sizeof *system; i++)
        metadata = glm_without(arena, metadata, system[i]);
    object = glm_without(arena, glm_without(arena, object, "apiVersion"), "kind");
    return glm_is_map(metadata) && metadata->len > 0 ? glm_with(arena, object, "metadata", metadata)
                                                     : glm_without(arena, object, "metadata");
}

static const struct glm_value *managed_fields(struct glm_arena *arena,
                                              const struct glm_value *applied)
{
    struct glm_list_builder all;
    glm_list_init(&all, arena);
    for (size_t i = 0; i < applied->len; i++) {
        struct glm_map_builder b;
        glm_map_init(&b, arena);
        glm_map_set(&b, "manager", glm_string(arena, applied->as.map[i].key));
        glm_map_set(&b, "operation", glm_string(arena, "Apply"));
        glm_list_add(&all, glm_map_finish(&b, NULL));
    }
    return glm_list_finish(&all);
}

static long number_of(const struct glm_value *object, const char *key)
{
    const struct glm_value *v = glm_get_path(object, "metadata", key, NULL);
    return glm_is_string(v) || v->kind == GLM_NUMBER ? strtol(v->as.text, NULL, 10) : 0;
}

static const struct glm_value *without_system(struct glm_arena *arena,
                                              const struct glm_value *object)
{
    static const char *const system[] = {"resourceVersion", "generation", "managedFields"};
    const struct glm_value *metadata = glm_get(object, "metadata");
    for (size_t i = 0; i < sizeof system / sizeof *system; i++)
        metadata = glm_without(arena, metadata, system[i]);
    return glm_with(arena, object, "metadata", metadata);
}

/* What a controller acts on. */
static const struct glm_value *desired(struct glm_arena *arena, const struct glm_value *object)
{
    return glm_without(arena, glm_without(arena, object, "metadata"), "status");
}

/* The next version of an object, if it is another one. */
static const struct glm_value *versioned(struct glm_arena *arena, const struct glm_value *was,
                                         const struct glm_value *is, const struct glm_value *fields)
{
    static _Atomic long versions = 100;
    bool is_new = !glm_is_map(was), changed = true, more = true;
    if (!is_new) {
        changed = !glm_equal(without_system(arena, was), without_system(arena, is)) ||
                  !glm_equal(glm_get_path(was, "metadata", "managedFields", NULL), fields);
        more = !glm_equal(desired(arena, was), desired(arena, is));
    }
    if (!changed)
        return was;
    long version = ++versions;
    is = glm_with_path(arena, is, fields, "metadata", "managedFields", NULL);
    is = glm_with_path(arena, is, glm_stringf(arena, "%ld", version), "metadata", "resourceVersion",
                       NULL);
    is = glm_with_path(arena, is, glm_integer(arena, number_of(was, "generation") + more),
                       "metadata", "generation", NULL);
    return is_new ? glm_with_path(arena, is, glm_stringf(arena, "uid-%ld", version), "metadata",
                                  "uid", NULL)
                  : is;
}

/* ---- what is asked for ---- */

bool glm_owned_apply(struct glm_arena *arena, const struct glm_owned *was,
                     const struct glm_value *object, const char *manager, bool force,
                     struct glm_owned *ret, struct glm_conflict *ret_conflict)
{
    const struct glm_value *ours = ownable(arena, object), *others = &glm_empty_map;
    const struct glm_value *applied = glm_is_map(was->applied) ? was->applied : &glm_empty_map;
    struct glm_map_builder owners;
    glm_map_init(&owners, arena);
    for (size_t i = 0; i < applied->len; i++) {
        const struct glm_pair *other = &applied->as.map[i];
        if (strcmp(other->key, manager) == 0)
            continue;
        const char *field = conflict(arena, "", was->live, ours, other->value);
        if (field && !force) {
            *ret_conflict = (struct glm_conflict){.manager = other->key, .field = field};
            return false;
        }
        const struct glm_value *rest = robbed(arena, other->value, was->live, ours);
        others = merged(arena, others, rest);
        glm_map_set(&owners, other->key, rest);
    }
    if (ours->len > 0)
        glm_map_set(&owners, manager, ours);
    const struct glm_value *live = glm_is_map(was->live) ? was->live : object;
    live = given_up(arena, live, glm_get(applied, manager), ours, others);
    live = merged(arena, live, ours);
    ret->applied = glm_map_finish(&owners, NULL);
    ret->live = versioned(arena, was->live, live, managed_fields(arena, ret->applied));
    return true;
}

const struct glm_value *glm_owned_touched(struct glm_arena *arena, const struct glm_value *was,
                                          const struct glm_value *object)
{
    const struct glm_value *fields = glm_get_path(was, "metadata", "managedFields", NULL);
    return versioned(arena, was, object, glm_is_list(fields) ? fields : &glm_empty_list);
}

/* ---- selections ---- */

static bool is(const char *a, const char *b)
{
    return a && b && strcmp(a, b) == 0;
}

/* What `kubectl -l` would do with "KEY" or "KEY=VALUE". */
static bool has_label(const struct glm_value *object, const char *selector)
{
    const struct glm_value *labels = glm_get_path(object, "metadata", "labels", NULL);
    const char *end = strchrnul(selector, '=');
    for (size_t i = 0; glm_is_map(labels) && i < labels->len; i++) {
        const struct glm_pair *pair = &labels->as.map[i];
        if (strlen(pair->key) == (size_t)(end - selector) &&
            strncmp(pair->key, selector, strlen(pair->key)) == 0)
            return !*end || glm_string_is(pair->value, end + 1);
    }
    return false;
}

bool glm_owned_is_selected(const struct glm_object_ref *ref, const struct glm_value *object,
                           const struct glm_selection *selection)
{
    static const char by_name[] = "metadata.name=";
    if (!selection || (selection->labels && !*selection->labels))
        return true;
    return (!selection->namespace_ || is(selection->namespace_, ref->namespace_)) &&
           (!selection->labels || has_label(object, selection->labels)) &&
           (!selection->fields || (strncmp(selection->fields, by_name, sizeof by_name - 1) == 0 &&
                                   is(selection->fields + sizeof by_name - 1, ref->name)));
}
