/* SPDX-License-Identifier: Apache-2.0
 *
 * The directory cluster: Kubernetes objects as files, one each, in a tree that GitOps tools and
 * `kubectl apply -R -f` take.
 *
 *   cluster/<kind>-<name>.yaml                 cluster/namespace-gateways.yaml
 *   namespaces/<namespace>/<kind>-<name>.yaml  namespaces/gateways/service-ingress.yaml
 *
 * Owner:  the cluster has an arena of its own; objects live in the caller's.
 * Errors: one diagnostic that names the file and what to do.
 * Thread: every call opens what it needs by itself; the cluster is only read after its creation.
 */
#include "glm/codec.h"
#include "glm/shown.h"
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* How often a write begins again because another removed the directory it had just made. */
#define ATTEMPTS 32
/* Ceiling of a path in the record. Longer ones are none that the system takes. */
#define ABSOLUTE_MAX ((size_t)32 << 10)

static const char header[] = "# Written by terraform-provider-glm; changes are overwritten.\n";

static const char *directory_label(const struct glm_cluster *cluster, struct glm_arena *arena)
{
    return glm_sprintf(arena, "directory %s", ((const struct directory *)cluster)->root);
}

static bool directory_identify(struct glm_cluster *cluster, struct glm_arena *arena,
                               const char **ret_place, struct glm_diags *d)
{
    (void)d;
    *ret_place = glm_sprintf(arena, "directory %s", ((const struct directory *)cluster)->absolute);
    return true;
}

/* Checks that the names of the reference may become names of files. */
static bool check_ref(struct glm_arena *arena, const struct glm_object_ref *ref, const char *doing,
                      struct glm_diags *d)
{
    const char *why = NULL;
    if (directory_ref_valid(arena, ref, &why))
        return true;
    return glm_error(d, NULL, glm_sprintf(arena, "Cannot %s", doing),
                     "It cannot have a file: %s. Change that name.", why);
}

/* Reading ----------------------------------------------------------------------------------- */

static bool directory_read(struct glm_cluster *cluster, struct glm_arena *arena,
                           const struct glm_object_ref *ref, struct glm_read *ret_read,
                           struct glm_diags *d)
{
    const struct directory *dir = (const struct directory *)cluster;
    const char *doing = glm_sprintf(arena, "read %s", glm_object_ref_text(arena, ref));
    if (!check_ref(arena, ref, doing, d))
        return false;
    struct directory_way way = directory_way_to(ref->kind->namespaced, ref->namespace_);
    struct trouble t;
    int AUTO_CLOSE at = directory_open(dir, arena, &way, DIRECTORY_LOOK, &t);
    if (at >= 0) {
        size_t bytes;
        if (directory_load(dir, arena, at, ref, directory_file_name(arena, ref), ret_read, &bytes,
                           &t))
            return true;
        return trouble_error(d, doing, &t);
    }
    if (!t.why && (t.error == ENOENT || t.error == ENOTDIR || t.error == ENAMETOOLONG)) {
        *ret_read = (struct glm_read){.found = GLM_FOUND_NOTHING, .object = &glm_null};
        return true;
    }
    if (t.below && (t.why || t.error == ELOOP)) { /* a link where a directory of ours belongs */
        t.why = NULL;
        t.error = ELOOP;
        *ret_read = (struct glm_read){
            .found = GLM_FOUND_UNREADABLE, .object = &glm_null, .why = trouble_text(arena, &t)};
        return true;
    }
    return trouble_error(d, doing, &t);
}

/* Writing ----------------------------------------------------------------------------------- */

static bool nested_within(const struct glm_value *v, unsigned depth)
{
    if (v->kind != GLM_LIST && v->kind != GLM_MAP)
        return true;
    if (depth == 0)
        return false;
    for (size_t i = 0; i < v->len; i++)
        if (!nested_within(v->kind == GLM_MAP ? v->as.map[i].value : v->as.list[i], depth - 1))
            return false;
    return true;
}

/* The file's text; refused when it could not be read back. */
static bool compose(struct glm_arena *arena, const struct glm_value *object, const char *doing,
                    struct glm_text *text, struct glm_diags *d)
{
    if (!nested_within(object, GLM_VALUE_DEPTH))
        return glm_error(d, NULL, glm_sprintf(arena, "Cannot %s", doing),
                         "It is nested deeper than %d levels. Flatten its spec.", GLM_VALUE_DEPTH);
    glm_text_init(text, arena, DIRECTORY_FILE_MAX);
    glm_text_adds(text, header);
    glm_yaml_encode(object, text);
    if (text->overflow)
        return glm_error(d, NULL, glm_sprintf(arena, "Cannot %s", doing),
                         "As YAML it has more than %zu bytes. Make its spec smaller.",
                         DIRECTORY_FILE_MAX);
    return true;
}

static int write_once(const struct directory *dir, struct glm_arena *arena,
                      const struct glm_object_ref *ref, const struct glm_text *text, bool create,
                      struct trouble *t)
{
    struct directory_way way = directory_way_to(ref->kind->namespaced, ref->namespace_);
    int AUTO_CLOSE at = directory_open(dir, arena, &way, DIRECTORY_WRITE, t);
    if (at < 0)
        return t->why || t->gone ? -1 : t->error;
    const char *file = directory_file_name(arena, ref);
    int error = directory_file_write(at, arena, file, text->data, text->len, create);
    *t = (struct trouble){.error = error, .path = directory_path_text(arena, dir, &way, file)};
    return error;
}

/* A file that was there when it was looked at is ours, whoever changed it; one that was not may be
 * somebody else's by now. */
static bool directory_write(struct glm_cluster *cluster, struct glm_arena *arena,
                            struct glm_write *w, enum glm_written *ret_written, struct glm_diags *d)
{
    struct glm_object_ref ref;
    if (!glm_object_ref_as(w->object, w->kind, &ref))
        return glm_error(d, NULL, "Cannot write an object",
                         "It is of no kind that is written here, or it has no name or namespace. "
                         "This is a bug of the provider: please report it.");
    const char *doing = glm_sprintf(arena, "write %s", glm_object_ref_text(arena, &ref));
    struct glm_text text = {0};
    if (!check_ref(arena, &ref, doing, d) || !compose(arena, w->object, doing, &text, d))
        return false;
    struct trouble t = {0};
    int error = ENOENT;
    /* ENOENT: the directory was empty when another call removed the last object in it. */
    for (int i = 0; i < ATTEMPTS && error == ENOENT; i++)
        error = write_once((const struct directory *)cluster, arena, &ref, &text, w->create, &t);
    if (error == EEXIST) {
        *ret_written = GLM_WRITE_STALE;
        return true;
    }
    if (error)
        return trouble_error(d, doing, &t);
    w->stored = w->object;
    *ret_written = GLM_WRITE_DONE;
    return true;
}

/* Removing ---------------------------------------------------------------------------------- */

static bool directory_remove(struct glm_cluster *cluster, struct glm_arena *arena,
                             const struct glm_object_ref *ref, const struct glm_value *seen,
                             bool *ret_gone, struct glm_diags *d)
{
    (void)seen;
    *ret_gone = true;
    const struct directory *dir = (const struct directory *)cluster;
    const char *doing = glm_sprintf(arena, "remove %s", glm_object_ref_text(arena, ref));
    if (!check_ref(arena, ref, doing, d))
        return false;
    struct directory_way way = directory_way_to(ref->kind->namespaced, ref->namespace_);
    struct trouble t;
    int AUTO_CLOSE at = directory_open(dir, arena, &way, DIRECTORY_LIST, &t);
    if (at < 0 && !t.why && (t.error == ENOENT || t.error == ENOTDIR || t.error == ENAMETOOLONG))
        return true;
    if (at < 0)
        return trouble_error(d, doing, &t);
    const char *file = directory_file_name(arena, ref);
    t.path = directory_path_text(arena, dir, &way, file);
    t.error = unlinkat(at, file, 0) < 0 ? errno : 0;
    if (t.error && t.error != ENOENT && t.error != ENAMETOOLONG)
        return trouble_error(d, doing, &t);
    if (!t.error && !directory_sync(at)) {
        t.error = errno;
        return trouble_error(d, doing, &t);
    }
    if (ref->kind->namespaced)
        directory_remove_empty(dir, arena, ref->namespace_);
    return true;
}

static void directory_destroy(struct glm_cluster *cluster)
{
    struct directory *dir = (struct directory *)cluster;
    if (!dir)
        return;
    directory_close(&dir->held);
    pthread_mutex_destroy(&dir->lock);
    glm_arena_destroy(dir->arena);
}

static const struct glm_cluster_ops ops = {
    .kind = "directory",
    .files = true,
    .label = directory_label,
    .identify = directory_identify,
    .read = directory_read,
    .list = directory_list,
    .write = directory_write,
    .remove = directory_remove,
    .tidy = directory_tidy,
    .key = directory_key,
    .hold = directory_hold,
    .release = directory_release,
    .destroy = directory_destroy,
};

struct glm_cluster *glm_directory_create(const char *name, const char *path)
{
    /* Room for the texts and for what cleaning a path of any length takes, twice: the second one
     * with the working directory before it, which the kernel keeps below a page or so. */
    size_t room = ((size_t)1 << 20) + 100 * (strlen(name) + strlen(path));
    struct glm_arena *arena = glm_arena_create(room);
    struct directory *dir = GLM_NEW(arena, struct directory);
    dir->cluster = (struct glm_cluster){.ops = &ops, .name = glm_strdup(arena, name)};
    dir->arena = arena;
    dir->root = glm_directory_clean(arena, path);
    /* As it is recorded, whatever bytes the names of the working directory have. */
    const char *absolute = directory_absolute(arena, dir->root);
    dir->absolute = glm_shown_n(arena, absolute, strlen(absolute), ABSOLUTE_MAX);
    dir->held = -1;
    pthread_mutex_init(&dir->lock, NULL);
    return &dir->cluster;
}
