/* SPDX-License-Identifier: Apache-2.0
 *
 * What killed writers left behind, in the whole tree: temporary files, and the directory of a
 * namespace that was made for the first of them.
 *
 * Done once in a process for each directory, before its first look or write there: the run after a kill
 * may have nothing to write. What is left behind later is found by the next process.
 *
 * Owner:  nothing is kept.
 * Errors: none: this is housekeeping, and a place that may only be read is no trouble.
 * Thread: any; the first does it. A file that somebody is writing is never touched.
 */
#include "internal.h"

struct tidying {
    const struct directory *dir;
    struct glm_arena *arena;
};

/* namespace_ NULL: what is of the whole cluster. */
static void tidy_one(const struct directory *dir, struct glm_arena *arena, const char *namespace_)
{
    struct directory_way way = directory_way_to(namespace_ != NULL, namespace_);
    struct trouble t;
    int AUTO_CLOSE at = directory_open(dir, arena, &way, DIRECTORY_LIST, &t);
    if (at >= 0 && directory_sweep(at) && namespace_)
        directory_remove_empty(dir, arena, namespace_);
}

static bool tidy_namespace(void *context, const char *name)
{
    const struct tidying *tidying = context;
    if (directory_is_namespace(name))
        tidy_one(tidying->dir, tidying->arena, name);
    return !directory_trouble_is_over(tidying->dir);
}

void directory_tidy(const struct directory *dir, struct glm_arena *arena)
{
    tidy_one(dir, arena, NULL);
    struct directory_way way = directory_way_to(true, NULL);
    struct trouble t;
    int AUTO_CLOSE at = directory_open(dir, arena, &way, DIRECTORY_LIST, &t);
    if (at >= 0)
        directory_each(at, tidy_namespace, &(struct tidying){dir, arena});
}
