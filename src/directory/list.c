/* SPDX-License-Identifier: Apache-2.0
 *
 * All objects of a kind in the directory cluster.
 *
 * Owner:  the list lives in the arena given.
 * Errors: only a place that cannot be looked into at all is one; a file or a namespace's directory
 *         that cannot be read is a warning that names it.
 * Thread: no shared state.
 */
#include "internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct entry {
    const char *name;
    const char *file;
};

struct listing {
    const struct directory *dir;
    struct glm_arena *arena;
    enum glm_object_kind kind;
    struct glm_list_builder list;
    struct glm_diags *d;
};

/* By the objects' names: those of the files end in ".yaml", which sorts "a-b" before "a". */
static int by_name(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    return strcmp(x->name, y->name);
}

static void skip(struct listing *l, const char *text)
{
    glm_warn_shared(
        l->d, NULL,
        glm_sprintf(l->arena, "Cannot read a file of cluster \"%s\"", l->dir->cluster.name),
        "%s. It is left out.", text);
}

static void add_object(struct listing *l, int at, const struct directory_way *way,
                       const struct entry *entry)
{
    const struct glm_object_ref ref = {.kind = l->kind,
                                       .namespace_ =
                                           l->kind == GLM_KIND_NAMESPACE ? NULL : way->names[1],
                                       .name = entry->name};
    enum glm_found found = GLM_FOUND_NOTHING;
    const struct glm_value *object = &glm_null;
    const char *why = NULL;
    struct trouble t = {0};
    if (!directory_load(l->dir, l->arena, at, &ref, entry->file, &found, &object, &why, &t))
        skip(l, trouble_text(l->arena, &t));
    else if (found == GLM_FOUND_UNREADABLE)
        skip(l, why);
    else if (found == GLM_FOUND)
        glm_list_add(&l->list, object);
}

/* The objects in one directory. false with errno when its names cannot be read. */
static bool add_objects(struct listing *l, int at, const struct directory_way *way)
{
    size_t count = 0, kept = 0;
    const char **files = directory_names(at, l->arena, &count);
    if (!files)
        return false;
    struct entry *entries = GLM_NEW_ARRAY(l->arena, count, struct entry);
    for (size_t i = 0; i < count; i++) {
        const char *name = directory_object_name(l->arena, l->kind, files[i]);
        if (name)
            entries[kept++] = (struct entry){.name = name, .file = files[i]};
    }
    if (kept > 1)
        qsort(entries, kept, sizeof *entries, by_name);
    for (size_t i = 0; i < kept; i++)
        add_object(l, at, way, &entries[i]);
    return true;
}

static bool absent(const struct trouble *t)
{
    return !t->why && (t->error == ENOENT || t->error == ENOTDIR || t->error == ENAMETOOLONG);
}

static void add_namespace(struct listing *l, const char *namespace_)
{
    struct directory_way way = directory_way_to(l->kind, namespace_);
    struct trouble t;
    int AUTO_CLOSE at = directory_open(l->dir, l->arena, &way, DIRECTORY_LIST, &t);
    if (at >= 0 && !add_objects(l, at, &way))
        t = (struct trouble){.error = errno,
                             .path = directory_path_text(l->arena, l->dir, &way, NULL)};
    if (t.error && !absent(&t)) /* a file beside the namespaces, or one just removed */
        skip(l, trouble_text(l->arena, &t));
}

/* Of a directory the usual objects are all; nothing selects among them. */
bool directory_list(struct glm_cluster *cluster, struct glm_arena *arena, enum glm_object_kind kind,
                    const struct glm_selection *selection, enum glm_found *ret_found,
                    const struct glm_value **ret_list, struct glm_diags *d)
{
    (void)selection;
    *ret_found = GLM_FOUND;
    struct listing l = {
        .dir = (const struct directory *)cluster, .arena = arena, .kind = kind, .d = d};
    glm_list_init(&l.list, arena);
    struct directory_way way = directory_way_to(kind, NULL);
    struct trouble t;
    int AUTO_CLOSE at = directory_open(l.dir, arena, &way, DIRECTORY_LIST, &t);
    if (at >= 0 && kind == GLM_KIND_NAMESPACE) {
        if (!add_objects(&l, at, &way))
            t.error = errno;
    } else if (at >= 0) {
        size_t count = 0;
        const char **namespaces = directory_names(at, arena, &count);
        if (!namespaces)
            t.error = errno;
        for (size_t i = 0; namespaces && i < count; i++)
            if (*namespaces[i] != '.')
                add_namespace(&l, namespaces[i]);
    }
    if (t.error && !absent(&t)) {
        t.path = t.path ? t.path : directory_path_text(arena, l.dir, &way, NULL);
        return trouble_error(d,
                             glm_sprintf(arena, "list the %ss of cluster \"%s\"",
                                         glm_object_kind_name(kind), cluster->name),
                             &t);
    }
    *ret_list = glm_list_finish(&l.list);
    return true;
}
