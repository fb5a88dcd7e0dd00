/* SPDX-License-Identifier: Apache-2.0
 *
 * Hold: directories are held from the look until everything is written there, so that of two applies
 * that make the same files, from two workspaces, one finds those of the other. API servers see to
 * that by themselves.
 *
 * Whoever wants several and finds one taken lets go of the others, waits for that one, and then
 * tries for the others again: so no two ever wait for each other, whatever the order. They are held
 * for the time of some files' writing, never while an API server is waited for.
 */
#include "parts.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

/* A lock of the file system tells nobody when it is free, so it is tried again. */
#define FIRST_PAUSE_MS 1
#define LAST_PAUSE_MS 50

static bool is_to_hold(const struct work *work)
{
    return !work->failed && !work->held && work->cluster && work->cluster->ops->hold;
}

/* By ourselves, under another name: the lock would wait for itself. */
static bool is_held_already(const struct work *work, const struct work *works, size_t count)
{
    for (size_t i = 0; i < count && work->key; i++)
        if (works[i].held && works[i].key && strcmp(works[i].key, work->key) == 0)
            return true;
    return false;
}

static bool try_to_hold(struct work *work)
{
    work->held =
        work->cluster->ops->hold(work->cluster, work->wanted && work->wanted->pair_count > 0);
    return work->held;
}

static void give_up(struct work *work, struct glm_arena *arena, struct glm_diags *d)
{
    const struct glm_path *at = GLM_AT_ATTR(NULL, "installations");
    if (!work_interrupted(work, arena, at, d))
        work_error(work, arena, at, d, "Another Terraform run is writing there",
                   "Another process held %s until the time of this one was over (`timeouts`), so "
                   "nothing was written there. `fuser -v` says which process it is; when it has "
                   "ended, apply again.",
                   work->label);
}

/* Waits until nobody else holds it. */
static bool wait_to_hold(struct work *work, struct glm_arena *arena, struct glm_diags *d)
{
    for (int pause = FIRST_PAUSE_MS; !try_to_hold(work); pause *= 2) {
        if (work_stop_asked(work) || time_limit_over(&work->limit)) {
            give_up(work, arena, d);
            return false;
        }
        pause = pause < LAST_PAUSE_MS ? pause : LAST_PAUSE_MS;
        poll(NULL, 0, pause);
    }
    return true;
}

static void run_try(struct fanout_job *job)
{
    try_to_hold(job->work);
}

static void run_name(struct fanout_job *job)
{
    struct work *work = job->work;
    work->key = work->cluster->ops->key(work->cluster, job->arena);
}

/* All that are to be held, or are, at once: one that does not answer keeps no other waiting. */
static void run_files(struct work *works, size_t count, struct glm_arena *arena,
                      void (*step)(struct fanout_job *), struct glm_diags *d)
{
    struct fanout_job *jobs = GLM_NEW_ARRAY(arena, count, struct fanout_job);
    size_t some = 0;
    for (size_t i = 0; i < count; i++)
        if (is_to_hold(&works[i]) || works[i].held)
            if (step == run_name || !works[i].held)
                jobs[some++].work = &works[i];
    if (some > 0)
        fanout(arena, works[0].estate->max_parallel, jobs, some, step, d);
}

/* The first that another process has, after holding as many as can be had; NULL: all are held. */
static struct work *hold_free_ones(struct work *works, size_t count, struct glm_arena *arena,
                                   struct glm_diags *d)
{
    bool named = false;
    run_files(works, count, arena, run_try, d);
    for (size_t i = 0; i < count; i++) {
        if (!is_to_hold(&works[i]))
            continue;
        if (!named)
            run_files(works, count, arena, run_name, d);
        named = true;
        if (!is_held_already(&works[i], works, count))
            return &works[i];
    }
    return NULL;
}

bool hold_files(struct work *works, size_t count, struct glm_arena *arena, struct glm_diags *d)
{
    for (struct work *taken; (taken = hold_free_ones(works, count, arena, d));) {
        for (size_t i = 0; i < count; i++)
            hold_release(&works[i]);
        if (!wait_to_hold(taken, arena, d))
            return false;
    }
    return true;
}

void hold_release(struct work *work)
{
    if (work->held)
        work->cluster->ops->release(work->cluster);
    work->held = false;
}

struct hold_named {
    struct work *work;
    const char *key;
};

static int by_key(const void *a, const void *b)
{
    const struct hold_named *x = a, *y = b;
    int order = strcmp(x->key, y->key);
    return order ? order : (x->work > y->work) - (x->work < y->work);
}

void hold_find_key(struct work *work, struct glm_arena *arena, struct glm_diags *d)
{
    if (work->failed || !work->cluster->ops->key || !work->wanted || work->wanted->pair_count == 0)
        return;
    work->key = work->cluster->ops->key(work->cluster, work->kept);
    const struct glm_path *at = GLM_AT_ATTR(NULL, "installations");
    if (work->key)
        return;
    work->looked = false;
    if (!work_stopped(work, arena, at, d))
        work_error(work, arena, at, d, "It is not known which directory that is",
                   "%s did not say in time whether another cluster leads there, too, so nothing "
                   "was written there. Apply again when its file system answers.",
                   work->label);
}

/* Those that get something, by what is the same under all names. */
static struct hold_named *name_all(struct work *works, size_t count, struct glm_arena *arena,
                                   size_t *ret_count)
{
    struct hold_named *all = GLM_NEW_ARRAY(arena, count, struct hold_named);
    *ret_count = 0;
    for (size_t i = 0; i < count; i++) {
        struct work *work = &works[i];
        if (!work->place || !work->wanted || work->wanted->pair_count == 0)
            continue;
        const char *key = work->cluster->ops->key ? work->key : work->place;
        if (key)
            all[(*ret_count)++] = (struct hold_named){work, key};
    }
    if (*ret_count > 1)
        qsort(all, *ret_count, sizeof *all, by_key);
    return all;
}

/* Keys were asked for at different moments. A directory that somebody else has removed meanwhile may have
 * left its number to the next one: so both are asked again. */
static bool are_one(const struct hold_named *a, const struct hold_named *b, struct glm_arena *arena)
{
    struct glm_cluster *first = a->work->cluster, *second = b->work->cluster;
    if (strcmp(a->key, b->key) != 0)
        return false;
    if (!first->ops->key || !second->ops->key)
        return true;
    const char *one = first->ops->key(first, arena), *other = second->ops->key(second, arena);
    return !one || !other || strcmp(one, other) == 0;
}

/* Under two names a cluster would get everything twice, each time labelled for one of them, and
 * both would call the other's objects somebody else's. The names alone do not tell. */
bool hold_refuse_twins(struct work *works, size_t count, struct glm_arena *arena,
                       struct glm_diags *d)
{
    size_t known;
    const struct hold_named *all = name_all(works, count, arena, &known);
    bool ok = true;
    for (size_t i = 1; i < known; i++) {
        struct work *a = all[i - 1].work, *b = all[i].work;
        if (!are_one(&all[i - 1], &all[i], arena))
            continue;
        b->refused = true;
        ok = glm_error(d, GLM_AT_ATTR(NULL, "installations"), "Two names for one cluster",
                       "\"%s\" (%s) and \"%s\" (%s) are the same cluster (%s). Each would get "
                       "objects of the same names, so nothing was written in any cluster.\n\n"
                       "Leave one of the two out of `installations`, or correct its entry in the "
                       "provider's `clusters`.",
                       a->cluster_name, a->label, b->cluster_name, b->label, b->place);
    }
    return ok;
}
