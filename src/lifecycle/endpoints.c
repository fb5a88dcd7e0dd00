/* SPDX-License-Identifier: Apache-2.0
 *
 * Endpoints: the two questions about a switch of an active Service that keep traffic flowing. Before
 * it: are there ready Pods that the new selector matches? After it: has the Service got one of them
 * as a ready endpoint? Only then may what served before be removed.
 *
 * Rights: where Pods or EndpointSlices may not be listed, the health of the Deployment has to do,
 *         and a warning says so. Any other trouble may pass: it is asked again until the time is
 *         over, and then the Service is left as it is.
 */
#include "parts.h"

#include "glm/shown.h"

#include <string.h>

#define ROUND_MS 500

enum answer {
    ANSWER_NO,
    ANSWER_YES,
    ANSWER_DENIED, /* one may not look */
    ANSWER_NONE,   /* trouble */
};

/* The error of a look that was in vain. */
static enum answer no_answer(const struct glm_diags *errors)
{
    for (const struct glm_diag *e = errors->first; e; e = e->next)
        if (e->denied)
            return ANSWER_DENIED;
    return ANSWER_NONE;
}

static bool list(struct work *work, struct glm_arena *arena, const struct glm_object_kind *kind,
                 const char *namespace_, const char *labels, const struct glm_value **ret_list,
                 struct glm_diags *d)
{
    const struct glm_selection selection = {
        .namespace_ = namespace_, .labels = labels, .fresh = true};
    return glm_cluster_list(work->cluster, arena, kind, &selection, ret_list, NULL, d);
}

/* What a Service selects. */
static const char *selector_text(struct glm_arena *arena, const struct glm_value *service)
{
    return glm_live_selector(arena, glm_get_path(service, "spec", "selector", NULL));
}

static bool is_ready_pod(const struct glm_value *pod)
{
    const struct glm_value *conditions = glm_get_path(pod, "status", "conditions", NULL);
    if (!glm_is_null(glm_get_path(pod, "metadata", "deletionTimestamp", NULL)))
        return false;
    for (size_t i = 0; glm_is_list(conditions) && i < conditions->len; i++)
        if (glm_string_is(glm_get(conditions->as.list[i], "type"), "Ready"))
            return glm_string_is(glm_get(conditions->as.list[i], "status"), "True");
    return false;
}

/* The names of the ready Pods that the Service is to select, as the keys of a map. */
static enum answer ready_pods(struct work *work, struct glm_arena *arena,
                              const struct wanted_object *service,
                              const struct glm_value **ret_names, struct glm_diags *d)
{
    const struct glm_value *pods;
    struct glm_map_builder names;
    glm_map_init(&names, arena);
    if (!list(work, arena, GLM_KIND_POD, service->ref.namespace_,
              selector_text(arena, service->bare), &pods, d))
        return no_answer(d);
    for (size_t i = 0; i < pods->len; i++) {
        const struct glm_value *name = glm_get_path(pods->as.list[i], "metadata", "name", NULL);
        if (glm_is_string(name) && is_ready_pod(pods->as.list[i]))
            glm_map_append(&names, name->as.text, 0, 0, &glm_true);
    }
    *ret_names = glm_map_finish(&names, NULL);
    return (*ret_names)->len > 0 ? ANSWER_YES : ANSWER_NO;
}

static bool has_endpoint(const struct glm_value *slice, const struct glm_value *pods)
{
    const struct glm_value *endpoints = glm_get(slice, "endpoints");
    for (size_t i = 0; glm_is_list(endpoints) && i < endpoints->len; i++) {
        const struct glm_value *e = endpoints->as.list[i];
        /* A missing condition means ready. */
        if (!glm_is_false(glm_get_path(e, "conditions", "ready", NULL)) &&
            glm_has(pods, glm_string_or(glm_get_path(e, "targetRef", "name", NULL), "")))
            return true;
    }
    return false;
}

static enum answer ask_pods(struct work *work, struct glm_arena *arena,
                            const struct wanted_object *service, struct glm_diags *d)
{
    const struct glm_value *names;
    return ready_pods(work, arena, service, &names, d);
}

static enum answer ask_slices(struct work *work, struct glm_arena *arena,
                              const struct wanted_object *service, struct glm_diags *d)
{
    const struct glm_value *pods = &glm_empty_map, *slices;
    const char *labels = glm_sprintf(arena, "kubernetes.io/service-name=%s", service->ref.name);
    enum answer ready = ready_pods(work, arena, service, &pods, d);
    if (ready != ANSWER_YES)
        return ready;
    if (!list(work, arena, GLM_KIND_ENDPOINT_SLICE, service->ref.namespace_, labels, &slices, d))
        return no_answer(d);
    for (size_t i = 0; i < slices->len; i++)
        if (has_endpoint(slices->as.list[i], pods))
            return ANSWER_YES;
    return ANSWER_NO;
}

/* Asks until the answer is "yes", or that one may not ask, the time is over or the provider is to
 * stop. ret_why: of DENIED, and of NONE: the trouble of the last look that had the time to end. */
static enum answer ask_until(struct work *work, const struct wanted_object *service,
                             enum answer (*ask)(struct work *, struct glm_arena *,
                                                const struct wanted_object *, struct glm_diags *),
                             const char **ret_why, struct glm_arena *arena)
{
    uint64_t version = 0;
    enum answer last = ANSWER_NONE;
    struct kept why = {NULL, NULL};
    for (bool first = true;; first = false) {
        struct glm_arena *GLM_AUTO_ARENA scratch = glm_arena_create(GLM_ARENA_RPC_LIMIT);
        struct glm_diags errors;
        glm_diags_init(&errors, scratch);
        enum answer answer = ask(work, scratch, service, &errors);
        bool over = time_limit_over(&work->limit) || work_stop_asked(work);
        if (first || answer != ANSWER_NONE || !over) {
            last = answer;
            kept_set(&why, errors.first ? errors.first->detail : "");
        }
        if (over || answer == ANSWER_YES || answer == ANSWER_DENIED)
            break;
        work->cluster->ops->await(work->cluster, &version, time_limit_left(&work->limit, ROUND_MS));
    }
    *ret_why = glm_strdup(arena, why.text);
    kept_set(&why, NULL);
    return last;
}

/* What is said of a switch that was not made, or not seen to its end. */
struct settlement {
    const char *summary;
    const char *no;   /* what was looked for was not there */
    const char *none; /* whether it is there was not found out */
};

static bool settle(struct work *work, struct glm_arena *arena, size_t index,
                   const struct wanted_object *service, enum answer answer, const char *why,
                   const struct settlement *settlement, struct glm_diags *d)
{
    const struct glm_path *at = WORK_AT(work, index);
    const char *name = glm_object_ref_text(arena, &service->ref);
    if (answer == ANSWER_YES)
        return true;
    if (answer == ANSWER_DENIED) {
        glm_warn(d, at, "The endpoints of a switch cannot be looked at",
                 "Cluster \"%s\": %s was switched by the health of the Deployment alone. %s",
                 work->cluster_name, name, why);
        return true;
    }
    const char *selector = glm_shown(arena, selector_text(arena, service->bare));
    if (work_interrupted(work, arena, at, d))
        return false;
    if (answer == ANSWER_NONE)
        work_error(work, arena, at, d, settlement->summary, "%s: %s (its selector: %s). %s", name,
                   settlement->none, selector, why);
    else
        work_error(work, arena, at, d, settlement->summary, "%s: %s (its selector: %s).", name,
                   settlement->no, selector);
    return false;
}

bool endpoints_before(struct work *work, struct glm_arena *arena, size_t index,
                      const struct wanted_object *service, struct glm_diags *d)
{
    static const struct settlement settlement = {
        "Traffic was not switched over",
        "it was left as it is, because no ready Pod matches what it is to select",
        "it was left as it is, because whether a ready Pod matches what it is to select could not "
        "be found out in all the time that there was"};
    const char *why = "";
    enum answer answer = ask_until(work, service, ask_pods, &why, arena);
    return settle(work, arena, index, service, answer, why, &settlement, d);
}

bool endpoints_after(struct work *work, struct glm_arena *arena, size_t index,
                     const struct wanted_object *service, struct glm_diags *d)
{
    static const struct settlement settlement = {
        "The switch was not seen to its end",
        "it selects the new revision now, but has got no ready endpoint of it",
        "it selects the new revision now, but whether it has got a ready endpoint of it could not "
        "be found out in all the time that there was"};
    const char *why = "";
    enum answer answer = ask_until(work, service, ask_slices, &why, arena);
    return settle(work, arena, index, service, answer, why, &settlement, d);
}
