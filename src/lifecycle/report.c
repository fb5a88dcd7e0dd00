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

/* " Service ns/name selects revision "1-24".", by the label that parts revisions, else the selector. */
static void add_service(struct glm_text *text, const struct glm_object_ref *ref,
                        const struct glm_value *service, const char *label)
{
    const struct glm_value *selector = glm_get_path(service, "spec", "selector", NULL);
    const char *revision = label ? glm_string_or(glm_get(selector, label), NULL) : NULL;
    glm_text_addf(text, " %s selects %s%s%s.", glm_object_ref_text(text->arena, ref),
                  revision ? "revision \"" : "",
                  revision ? revision : glm_live_selector(text->arena, selector),
                  revision ? "\"" : "");
}

/* Where the traffic of Services stays that are not switched, because their gateways are not ready;
 * "" when there is none. After an error nothing is removed either. */
static const char *traffic_stays(const struct work *work, struct glm_arena *arena)
{
    struct glm_text text;
    glm_text_init(&text, arena, (size_t)64 << 10);
    bool live = work->cluster && !work->cluster->ops->files;
    const char *label = estate_installer(work->estate, work->cluster_name)->revision_label;
    for (size_t i = 0; live && work->wanted && work->pairs && i < work->wanted->pair_count; i++) {
        const struct wanted_pair *pair = &work->wanted->pairs[i];
        const struct pair_work *p = &work->pairs[i];
        for (size_t o = 0; !p->ready && p->looks && o < pair->object_count; o++) {
            const struct wanted_object *service = &pair->objects[o];
            const struct glm_read *look = &p->looks[o];
            if (service->role != GLM_ROLE_TRAFFIC || !work_moves_traffic(service, look))
                continue;
            glm_text_adds(&text, text.len ? "" : "The traffic stays where it is:");
            add_service(&text, &service->ref, look->object, label);
        }
    }
    if (text.len)
        glm_text_adds(&text, " Nothing is removed in this cluster.\n\n");
    return text.data;
}

/* It is not known yet then whether the others have done anything: see report_nothing_made. */
static const char tainted[] =
    "What was done elsewhere, if anything, is in the state, and Terraform marks the "
    "resource as tainted then: run `terraform untaint ADDRESS` with its address, and "
    "apply: only what is missing is touched. Without untaint the plan announces a "
    "replacement, which removes nothing that is healthy.";

/* What to do next. Terraform puts no address to the errors of a destroy. */
static const char *what_next(const struct work *work, struct glm_arena *arena)
{
    if (work->change->creating)
        return tainted;
    if (!work->change->attributes || glm_is_null(work->change->attributes))
        return glm_sprintf(
            arena,
            "The gateway lifecycle manager %s/%s stays in the state with what is left of it; the "
            "next destroy goes on there. If the cluster is gone for good, set `decommissioned = "
            "true` in its entry of the provider's `clusters` first.",
            work->namespace_, work->name);
    return "What was done is in the state; the next apply touches only what is left.";
}

static void fail(struct work *work, struct glm_arena *arena, const struct glm_path *at,
                 const struct glm_diags *from, struct glm_diags *d)
{
    work->failed = true;
    const char *next = what_next(work, arena);
    work->why = NULL;
    for (const struct glm_diag *e = from->first; e; e = e->next) {
        if (e->severity == GLM_WARNING) {
            glm_warn(d, at, e->summary, "Cluster \"%s\": %s", work->cluster_name, e->detail);
            continue;
        }
        if (!work->why)
            work->why = glm_strdup(work->kept, e->detail);
        glm_error(d, at, glm_sprintf(arena, "Cluster \"%s\": %s", work->cluster_name, e->summary),
                  "%s\n\n%s%s", e->detail, traffic_stays(work, arena), next);
    }
}

void report_nothing_made(struct glm_diags *d)
{
    struct glm_diags told;
    glm_diags_init(&told, d->arena);
    for (const struct glm_diag *e = d->first; e; e = e->next) {
        struct glm_diag one = *e;
        const char *next = strstr(e->detail, tainted);
        if (next)
            one.detail = glm_sprintf(
                d->arena, "%.*sNothing is in the state: apply again when that is mended.",
                (int)(next - e->detail), e->detail);
        glm_diags_add(&told, &one);
    }
    *d = told;
}

/* What was asked of a cluster in vain ended with the operation's time, when that is over. */
void work_fail(struct work *work, struct glm_arena *arena, const struct glm_path *at,
               const struct glm_diags *from, struct glm_diags *d)
{
    struct glm_diags why;
    glm_diags_init(&why, arena);
    for (const struct glm_diag *e = from->first; e; e = e->next)
        if (e->severity == GLM_WARNING)
            glm_warn(&why, NULL, e->summary, "%s", e->detail);
        else
            glm_error(&why, NULL, e->summary, "%s", time_limit_why(&work->limit, arena, e->detail));
    work->late = work->late || (from->errors > 0 && time_limit_over(&work->limit));
    fail(work, arena, at, &why, d);
}

void work_error(struct work *work, struct glm_arena *arena, const struct glm_path *at,
                struct glm_diags *d, const char *summary, const char *format, ...)
{
    struct glm_diags why;
    glm_diags_init(&why, arena);
    va_list args;
    va_start(args, format);
    glm_error(&why, NULL, summary, "%s", glm_shown_vsprintf(arena, format, args));
    va_end(args);
    fail(work, arena, at, &why, d);
}

bool work_stop_asked(const struct work *work)
{
    return work->estate->stop && atomic_load(work->estate->stop);
}

bool work_interrupted(struct work *work, struct glm_arena *arena, const struct glm_path *at,
                      struct glm_diags *d)
{
    if (!work_stop_asked(work))
        return false;
    work_error(work, arena, at, d, "Stopped before it was finished",
               "Terraform asked to stop. Nothing more was written in %s.", work->label);
    return true;
}

bool work_stopped(struct work *work, struct glm_arena *arena, const struct glm_path *at,
                  struct glm_diags *d)
{
    if (work_interrupted(work, arena, at, d))
        return true;
    if (!time_limit_over(&work->limit))
        return false;
    if (!work->late) /* said once */
        work_error(
            work, arena, at, d, "The time is over before it was finished", "%s",
            time_limit_why(&work->limit, arena,
                           glm_sprintf(arena, "Nothing more was written in %s.", work->label)));
    work->late = true;
    return true;
}
