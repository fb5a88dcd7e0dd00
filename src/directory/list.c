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

struct directory_entry {
    const char *name;
    const char *file;
};

/* How many files that cannot be read are named one by one. */
#define SKIPPED_MAX ((size_t)20)

struct directory_listing {
    const struct directory *dir;
    struct glm_arena *arena;
    const struct glm_object_kind *kind;
    struct glm_list_builder list;
    struct glm_diags *d;
    size_t skipped; /* files and directories that cannot be read */
    size_t bytes;   /* read so far */
    bool full;      /* there are more than are read */
    bool over;      /* nobody waits any more */
};

/* By the objects' names: those of the files end in ".yaml", which sorts "a-b" before "a". */
static int by_name(const void *a, const void *b)
{
    const struct directory_entry *x = a, *y = b;
    return strcmp(x->name, y->name);
}

static void skip(struct directory_listing *l, const char *text)
{
    if (l->skipped++ >= SKIPPED_MAX)
        return;
    glm_warn_shared(
        l->d, NULL,
        glm_sprintf(l->arena, "Cannot read a file of cluster \"%s\"", l->dir->cluster.name),
        "%s. It is left out.", text);
}

static void add_object(struct directory_listing *l, int at, const struct directory_way *way,
                       const struct directory_entry *entry)
{
    const struct glm_object_ref ref = {.kind = l->kind,
                                       .namespace_ = l->kind->namespaced ? way->names[1] : NULL,
                                       .name = entry->name};
    struct glm_read read;
    const char *why = NULL;
    struct trouble t = {0};
    size_t bytes = 0;
    if (!directory_ref_valid(l->arena, &ref, &why)) { /* whatever bytes it has: it is not shown */
        skip(l, glm_sprintf(l->arena,
                            "%s: the name of a %s*.yaml in it is not one of Kubernetes: lower case "
                            "letters, digits, '-' and '.' are expected",
                            directory_path_text(l->arena, l->dir, way, NULL),
                            directory_prefix(l->arena, l->kind)));
        return;
    }
    if (!directory_load(l->dir, l->arena, at, &ref, entry->file, &read, &bytes, &t) && t.over)
        l->over = true;
    else if (t.error || t.why)
        skip(l, directory_trouble_text(l->arena, &t));
    else if (read.found == GLM_FOUND_UNREADABLE)
        skip(l, read.why);
    else if (read.found == GLM_FOUND)
        glm_list_add(&l->list, read.object);
    l->bytes += bytes;
    l->full = l->bytes > DIRECTORY_FILE_MAX;
}

static bool goes_on(struct directory_listing *l)
{
    l->over = l->over || directory_trouble_is_over(l->dir);
    return !l->over && !l->full;
}

static bool is_object_file(const void *context, const char *name)
{
    const struct directory_listing *l = context;
    return directory_is_object(l->kind, name);
}

/* The objects in one directory. false with errno when its names cannot be read. */
static bool add_objects(struct directory_listing *l, int at, const struct directory_way *way)
{
    size_t count = 0;
    const char **files = NULL;
    errno = directory_names(at, l->arena, is_object_file, l, &files, &count);
    if (errno)
        return false;
    struct directory_entry *entries = GLM_NEW_ARRAY(l->arena, count, struct directory_entry);
    for (size_t i = 0; i < count; i++)
        entries[i] = (struct directory_entry){
            .name = directory_object_name(l->arena, l->kind, files[i]), .file = files[i]};
    if (count > 1)
        qsort(entries, count, sizeof *entries, by_name);
    for (size_t i = 0; i < count && goes_on(l); i++)
        add_object(l, at, way, &entries[i]);
    return true;
}

/* Below, a file may be where a directory of ours belongs: there are no objects in it. */
static bool absent(const struct trouble *t)
{
    return !t->why &&
           (t->error == ENOENT || (t->error == ENOTDIR && t->below) || t->error == ENAMETOOLONG);
}

static void add_namespace(struct directory_listing *l, const char *namespace_)
{
    struct directory_way way = directory_way_to(true, namespace_);
    struct trouble t;
    int AUTO_CLOSE at = directory_open(l->dir, l->arena, &way, DIRECTORY_LIST, &t);
    if (at >= 0 && !add_objects(l, at, &way))
        t = (struct trouble){.error = errno,
                             .path = directory_path_text(l->arena, l->dir, &way, NULL)};
    if ((t.error || t.why) && !absent(&t)) /* a file beside the namespaces, or one just removed */
        skip(l, directory_trouble_text(l->arena, &t));
}

static bool is_namespace(const void *context, const char *name)
{
    (void)context;
    return directory_is_namespace(name);
}

static void add_namespaces(struct directory_listing *l, int at, struct trouble *t)
{
    size_t count = 0;
    const char **namespaces = NULL;
    t->error = directory_names(at, l->arena, is_namespace, NULL, &namespaces, &count);
    for (size_t i = 0; i < count && goes_on(l); i++)
        add_namespace(l, namespaces[i]);
}

static void tell_skipped(struct directory_listing *l)
{
    if (l->skipped > SKIPPED_MAX)
        glm_warn_shared(
            l->d, NULL,
            glm_sprintf(l->arena, "Cannot read a file of cluster \"%s\"", l->dir->cluster.name),
            "In %s there are %zu more that cannot be read. They are left out.", l->dir->root,
            l->skipped - SKIPPED_MAX);
}

bool directory_list(const struct directory *dir, struct glm_arena *arena,
                    const struct glm_object_kind *kind, struct glm_read *ret_read,
                    struct glm_diags *d)
{
    struct directory_listing l = {.dir = dir, .arena = arena, .kind = kind, .d = d};
    glm_list_init(&l.list, arena);
    struct directory_way way = directory_way_to(kind->namespaced, NULL);
    struct trouble t;
    int AUTO_CLOSE at = directory_open(l.dir, arena, &way, DIRECTORY_LIST, &t);
    if (at >= 0 && kind->namespaced)
        add_namespaces(&l, at, &t);
    else if (at >= 0 && !add_objects(&l, at, &way))
        t.error = errno;
    const char *doing =
        glm_sprintf(arena, "list the %ss of cluster \"%s\"", kind->name, dir->cluster.name);
    if (l.over)
        return directory_trouble_over(d, doing, dir);
    if (l.full)
        t = (struct trouble){.path = l.dir->root,
                             .why = glm_sprintf(arena,
                                                "its files have more than %zu bytes together, and "
                                                "no more are read",
                                                DIRECTORY_FILE_MAX)};
    if (l.full || (t.error && !absent(&t))) {
        t.path = t.path ? t.path : directory_path_text(arena, l.dir, &way, NULL);
        return directory_trouble_error(d, doing, &t);
    }
    tell_skipped(&l);
    *ret_read = (struct glm_read){.found = GLM_FOUND, .object = glm_list_finish(&l.list)};
    return true;
}
