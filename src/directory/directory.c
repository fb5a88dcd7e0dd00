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
 * Thread: every call opens what it needs by itself; what handles share has a lock.
 */
#include "glm/clock.h"
#include "glm/shown.h"
#include "internal.h"

#include <stdlib.h>
#include <string.h>

/* Ceiling of a path in the record. Longer ones are none that the system takes. */
#define ABSOLUTE_MAX ((size_t)32 << 10)

/* Of what is recorded. */
static const char place_prefix[] = "directory ";

static const struct directory *of(const struct glm_cluster *cluster)
{
    return (const struct directory *)cluster;
}

static const char *label(const struct glm_cluster *cluster, struct glm_arena *arena)
{
    return glm_sprintf(arena, "directory %s", of(cluster)->root);
}

static bool identify(struct glm_cluster *cluster, struct glm_arena *arena, const char **ret_place,
                     struct glm_diags *d)
{
    (void)d;
    *ret_place = glm_sprintf(arena, "%s%s", place_prefix, of(cluster)->absolute);
    return true;
}

static enum glm_leads leads(struct glm_cluster *cluster, struct glm_arena *arena, const char *place)
{
    const size_t prefix = sizeof place_prefix - 1;
    if (strncmp(place, place_prefix, prefix) != 0 || place[prefix] != '/')
        return GLM_LEADS_ELSEWHERE;
    return directory_leads(of(cluster)->shared, of(cluster), arena, place + prefix);
}

static bool read_object(struct glm_cluster *cluster, struct glm_arena *arena,
                        const struct glm_object_ref *ref, struct glm_read *ret_read,
                        struct glm_diags *d)
{
    struct directory_job job = {.verb = DIRECTORY_READ, .ref = ref};
    if (!directory_do(of(cluster), arena, &job, DIRECTORY_PATIENCE_MS, d))
        return false;
    *ret_read = job.read;
    return true;
}

/* Of a directory the usual objects are all; nothing selects among them. */
static bool list_objects(struct glm_cluster *cluster, struct glm_arena *arena,
                         const struct glm_object_kind *kind, const struct glm_selection *selection,
                         struct glm_read *ret_read, struct glm_diags *d)
{
    (void)selection;
    struct directory_job job = {.verb = DIRECTORY_ALL, .kind = kind};
    if (!directory_do(of(cluster), arena, &job, DIRECTORY_PATIENCE_MS, d))
        return false;
    *ret_read = job.read;
    return true;
}

static bool write_object(struct glm_cluster *cluster, struct glm_arena *arena, struct glm_write *w,
                         enum glm_written *ret_written, struct glm_diags *d)
{
    struct directory_job job = {.verb = DIRECTORY_PUT, .write = w};
    bool ok = directory_do(of(cluster), arena, &job, DIRECTORY_PATIENCE_MS, d);
    w->unsure = job.unsure;
    if (!ok)
        return false;
    *ret_written = job.written;
    w->stored = w->object;
    return true;
}

static bool remove_object(struct glm_cluster *cluster, struct glm_arena *arena,
                          const struct glm_object_ref *ref, const struct glm_value *seen,
                          bool *ret_gone, struct glm_diags *d)
{
    (void)seen;
    *ret_gone = true;
    struct directory_job job = {.verb = DIRECTORY_REMOVE, .ref = ref};
    return directory_do(of(cluster), arena, &job, DIRECTORY_PATIENCE_MS, d);
}

/* Housekeeping: nobody is told. */
static void tidy(struct glm_cluster *cluster, struct glm_arena *arena)
{
    struct directory_job job = {.verb = DIRECTORY_TIDY};
    struct glm_diags ignored;
    glm_diags_init(&ignored, arena);
    if (!atomic_exchange(&of(cluster)->shared->tidied, true))
        directory_do(of(cluster), arena, &job, DIRECTORY_HASTE_MS, &ignored);
}

static const char *key(struct glm_cluster *cluster, struct glm_arena *arena)
{
    struct directory_job job = {.verb = DIRECTORY_KEY};
    struct glm_diags ignored;
    glm_diags_init(&ignored, arena);
    return directory_do(of(cluster), arena, &job, DIRECTORY_PATIENCE_MS, &ignored) ? job.key : NULL;
}

static bool has(struct glm_cluster *cluster, const struct glm_object_ref *ref,
                const struct glm_value *object)
{
    return !directory_hangs(of(cluster)) && directory_has(of(cluster), ref, object);
}

static struct glm_cluster *within(struct glm_cluster *cluster, struct glm_arena *arena,
                                  int64_t milliseconds)
{
    struct directory *dir = GLM_NEW(arena, struct directory);
    *dir = *of(cluster);
    dir->until_ms = glm_clock_ms() + milliseconds;
    return &dir->cluster;
}

static void destroy(struct glm_cluster *cluster)
{
    struct directory *dir = (struct directory *)cluster;
    if (!dir)
        return;
    if (dir->shared->holder.pid)
        away_child_end(&dir->shared->holder, glm_clock_ms() + AWAY_DEATH_MS);
    directory_unmake_left(dir);
    directory_close(&dir->shared->held);
    free(dir->shared->asked);
    glm_directory_turns_destroy(dir->shared->turns);
    pthread_mutex_destroy(&dir->shared->place_lock);
    pthread_mutex_destroy(&dir->shared->lock);
    glm_arena_destroy(dir->arena);
}

static const struct glm_cluster_ops ops = {
    .kind = "directory",
    .files = true,
    .label = label,
    .identify = identify,
    .read = read_object,
    .list = list_objects,
    .write = write_object,
    .remove = remove_object,
    .tidy = tidy,
    .has = has,
    .key = key,
    .leads = leads,
    .hold = directory_hold,
    .release = directory_release,
    .within = within,
    .destroy = destroy,
};

void glm_directory_share(struct glm_cluster *cluster, struct glm_directory_turns *turns)
{
    of(cluster)->shared->turns = directory_turns_take(turns);
}

struct glm_cluster *glm_directory_create(const char *name, const char *path,
                                         const atomic_bool *stop)
{
    /* Room for the texts and for what cleaning a path of any length takes, twice: the second one
     * with the working directory before it, which the kernel keeps below a page or so. */
    size_t room = ((size_t)1 << 20) + 100 * (strlen(name) + strlen(path));
    struct glm_arena *GLM_AUTO_ARENA scratch = glm_arena_create(room);
    struct glm_arena *arena = glm_arena_create(room);
    const char *root = glm_directory_clean(scratch, path),
               *whole = directory_absolute(scratch, root);
    struct directory *dir = GLM_NEW(arena, struct directory);
    dir->cluster = (struct glm_cluster){.ops = &ops, .name = glm_strdup(arena, name)};
    dir->arena = arena;
    dir->stop = stop;
    dir->root = glm_strdup(arena, root);
    dir->path = glm_strdup(arena, whole);
    /* As it is recorded, whatever bytes the names of the working directory have. */
    dir->absolute = glm_shown_n(arena, dir->path, strlen(dir->path), ABSOLUTE_MAX);
    dir->shared = GLM_NEW(arena, struct directory_shared);
    dir->shared->held = -1;
    pthread_mutex_init(&dir->shared->lock, NULL);
    pthread_mutex_init(&dir->shared->place_lock, NULL);
    return &dir->cluster;
}
