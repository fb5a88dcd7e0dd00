/* SPDX-License-Identifier: Apache-2.0
 *
 * Reports of the work in one cluster: its errors, where the traffic stays then and what to do next, and
 * the errors that end it, of a stop and of the operation's time.
 */
#include "parts.h"

#include "glm/shown.h"

#include <string.h>

bool work_moves_traffic(const struct wanted_object *o, const struct glm_read *look)
{
    return look->found == GLM_FOUND && look->object && /* not looked at before the cluster failed */
           !glm_equal(glm_get_path(look->object, "spec", "selector", NULL),
                      glm_get_path(o->bare, "spec", "selector", NULL));
}

/* Where the traffic of Services stays that are not switched, because their gateways are not ready;
 * "" when there is none. After an error nothing is removed either. */
static const char *traffic_stays(const struct work *w, struct glm_arena *arena)
{
    struct glm_text text;
    glm_text_init(&text, arena, (size_t)64 << 10);
    bool live = w->cluster && !w->cluster->ops->files;
    for (size_t i = 0; live && w->wanted && w->pairs && i < w->wanted->pair_count; i++) {
        const struct wanted_pair *pair = &w->wanted->pairs[i];
        const struct pair_work *p = &w->pairs[i];
        for (size_t s = 0; !p->ready && p->services && s < pair->service_count; s++) {
            const struct glm_read *look = &p->services[s];
            if (!work_moves_traffic(&pair->services[s], look))
                continue;
            const struct glm_value *selector = glm_get_path(look->object, "spec", "selector", NULL);
            const char *revision = glm_string_or(glm_get(selector, "revision"), NULL);
            glm_text_addf(
                &text, "%s %s selects %s%s%s.", text.len ? "" : "The traffic stays where it is:",
                glm_object_ref_text(arena, &pair->services[s].ref), revision ? "revision \"" : "",
                revision ? revision : observe_labels(arena, selector), revision ? "\"" : "");
        }
    }
    if (text.len)
        glm_text_adds(&text, " Nothing is removed in this cluster.\n\n");
    return text.data;
}

/* What to do next. Terraform puts no address to the errors of a destroy. */
static const char *what_next(const struct work *w, struct glm_arena *arena)
{
    if (w->change->creating)
        return "What was done elsewhere, if anything, is in the state, and Terraform marks the "
               "resource as tainted then: run `terraform untaint ADDRESS` with its address, and "
               "apply: only what is missing is touched. Without untaint the plan announces a "
               "replacement, which removes nothing that is healthy.";
    if (!w->change->attributes || glm_is_null(w->change->attributes))
        return glm_sprintf(
            arena,
            "The gateway lifecycle manager %s/%s stays in the state with what is left of it; the "
            "next destroy goes on there. If the cluster is gone for good, set `decommissioned = "
            "true` in its entry of the provider's `clusters` first.",
            w->namespace_, w->name);
    return "What was done is in the state; the next apply touches only what is left.";
}

static void fail(struct work *w, struct glm_arena *arena, const struct glm_path *at,
                 const struct glm_diags *from, struct glm_diags *d)
{
    w->failed = true;
    const char *next = what_next(w, arena);
    w->why = NULL;
    for (const struct glm_diag *e = from->first; e; e = e->next) {
        if (e->severity == GLM_WARNING) {
            glm_warn(d, at, e->summary, "Cluster \"%s\": %s", w->cluster_name, e->detail);
            continue;
        }
        if (!w->why)
            w->why = glm_strdup(w->kept, e->detail);
        glm_error(d, at, glm_sprintf(arena, "Cluster \"%s\": %s", w->cluster_name, e->summary),
                  "%s\n\n%s%s", e->detail, traffic_stays(w, arena), next);
    }
}

/* What was asked of a cluster in vain ended with the operation's time, when that is over. */
void work_fail(struct work *w, struct glm_arena *arena, const struct glm_path *at,
               const struct glm_diags *from, struct glm_diags *d)
{
    struct glm_diags why;
    glm_diags_init(&why, arena);
    for (const struct glm_diag *e = from->first; e; e = e->next)
        if (e->severity == GLM_WARNING)
            glm_warn(&why, NULL, e->summary, "%s", e->detail);
        else
            glm_error(&why, NULL, e->summary, "%s", time_limit_why(&w->limit, arena, e->detail));
    w->late = w->late || (from->errors > 0 && time_limit_over(&w->limit));
    fail(w, arena, at, &why, d);
}

void work_error(struct work *w, struct glm_arena *arena, const struct glm_path *at,
                struct glm_diags *d, const char *summary, const char *format, ...)
{
    struct glm_diags why;
    glm_diags_init(&why, arena);
    va_list args;
    va_start(args, format);
    glm_error(&why, NULL, summary, "%s", glm_shown_vsprintf(arena, format, args));
    va_end(args);
    fail(w, arena, at, &why, d);
}

bool work_stop_asked(const struct work *w)
{
    return w->estate->stop && atomic_load(w->estate->stop);
}

bool work_interrupted(struct work *w, struct glm_arena *arena, const struct glm_path *at,
                      struct glm_diags *d)
{
    if (!work_stop_asked(w))
        return false;
    work_error(w, arena, at, d, "Stopped before it was finished",
               "Terraform asked to stop. Nothing more was written in %s.", w->label);
    return true;
}

bool work_stopped(struct work *w, struct glm_arena *arena, const struct glm_path *at,
                  struct glm_diags *d)
{
    if (work_interrupted(w, arena, at, d))
        return true;
    if (!time_limit_over(&w->limit))
        return false;
    if (!w->late) /* said once */
        work_error(w, arena, at, d, "The time is over before it was finished", "%s",
                   time_limit_why(&w->limit, arena,
                                  glm_sprintf(arena, "Nothing more was written in %s.", w->label)));
    w->late = true;
    return true;
}
