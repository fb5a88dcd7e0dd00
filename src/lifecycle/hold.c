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

static bool is_to_hold(const struct work *w)
{
    return !w->failed && !w->held && w->cluster && w->cluster->ops->hold;
}

static const char *key_of(const struct work *w, struct glm_arena *arena)
{
    return w->cluster->ops->key(w->cluster, arena);
}

/* By ourselves, under another name: the lock would wait for itself. */
static bool is_held_already(const struct work *w, const struct work *works, size_t count,
                            struct glm_arena *arena)
{
    const char *key = key_of(w, arena);
    for (size_t i = 0; i < count; i++)
        if (works[i].held && strcmp(key_of(&works[i], arena), key) == 0)
            return true;
    return false;
}

static bool try_to_hold(struct work *w)
{
    w->held = w->cluster->ops->hold(w->cluster, w->wanted && w->wanted->pair_count > 0);
    return w->held;
}

static void give_up(struct work *w, struct glm_arena *arena, struct glm_diags *d)
{
    const struct glm_path *at = GLM_AT_ATTR(NULL, "installations");
    if (!work_interrupted(w, arena, at, d))
        work_error(w, arena, at, d, "Another Terraform run is writing there",
                   "Another process held %s until the time of this one was over (`timeouts`), so "
                   "nothing was written there. `fuser -v` says which process it is; when it has "
                   "ended, apply again.",
                   w->label);
}

/* Waits until nobody else holds it. */
static bool wait_to_hold(struct work *w, struct glm_arena *arena, struct glm_diags *d)
{
    for (int pause = FIRST_PAUSE_MS; !try_to_hold(w); pause *= 2) {
        if (work_stop_asked(w) || time_limit_over(&w->limit)) {
            give_up(w, arena, d);
            return false;
        }
        pause = pause < LAST_PAUSE_MS ? pause : LAST_PAUSE_MS;
        poll(NULL, 0, pause);
    }
    return true;
}

/* The first that another process has, after holding as many as can be had; NULL: all are held. */
static struct work *hold_free_ones(struct work *works, size_t count, struct glm_arena *arena)
{
    for (size_t i = 0; i < count; i++)
        if (is_to_hold(&works[i]) && !try_to_hold(&works[i]) &&
            !is_held_already(&works[i], works, count, arena))
            return &works[i];
    return NULL;
}

bool hold_files(struct work *works, size_t count, struct glm_arena *arena, struct glm_diags *d)
{
    for (struct work *taken; (taken = hold_free_ones(works, count, arena));) {
        for (size_t i = 0; i < count; i++)
            hold_release(&works[i]);
        if (!wait_to_hold(taken, arena, d))
            return false;
    }
    return true;
}

void hold_release(struct work *w)
{
    if (w->held)
        w->cluster->ops->release(w->cluster);
    w->held = false;
}

struct named {
    struct work *work;
    const char *key;
};

static int by_key(const void *a, const void *b)
{
    const struct named *x = a, *y = b;
    int order = strcmp(x->key, y->key);
    return order ? order : (x->work > y->work) - (x->work < y->work);
}

/* Those that get something, by what is the same under all names; of directories only once they are
 * held, and exist. */
static struct named *name_all(struct work *works, size_t count, struct glm_arena *arena,
                              size_t *ret_count)
{
    struct named *all = GLM_NEW_ARRAY(arena, count, struct named);
    *ret_count = 0;
    for (size_t i = 0; i < count; i++) {
        struct work *w = &works[i];
        if (w->place && w->wanted && w->wanted->pair_count > 0)
            all[(*ret_count)++] =
                (struct named){w, w->cluster->ops->key ? key_of(w, arena) : w->place};
    }
    if (*ret_count > 1)
        qsort(all, *ret_count, sizeof *all, by_key);
    return all;
}

/* Under two names a cluster would get everything twice, each time labelled for one of them, and
 * both would call the other's objects somebody else's. The names alone do not tell. */
bool refuse_twins(struct work *works, size_t count, struct glm_arena *arena, struct glm_diags *d)
{
    size_t known;
    const struct named *all = name_all(works, count, arena, &known);
    bool ok = true;
    for (size_t i = 1; i < known; i++) {
        struct work *a = all[i - 1].work, *b = all[i].work;
        if (strcmp(all[i - 1].key, all[i].key) != 0)
            continue;
        b->refused = true;
        ok = glm_error(d, GLM_AT_ATTR(NULL, "installations"), "Two names for one cluster",
                       "\"%s\" (%s) and \"%s\" (%s) are the same cluster (%s). Each would get an "
                       "IstioOperator of the same name, so nothing was written in any cluster.\n\n"
                       "Leave one of the two out of `installations`, or correct its entry in the "
                       "provider's `clusters`.",
                       a->cluster_name, a->label, b->cluster_name, b->label, b->place);
    }
    return ok;
}
