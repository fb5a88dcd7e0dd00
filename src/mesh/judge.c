/* SPDX-License-Identifier: Apache-2.0
 *
 * The state of a gateway, judged from what its cluster has: the first row that fits, in the order
 * of the API's states. Neither HEALTHY nor ERROR of the operator is believed without the
 * Deployment: both may be of another time.
 */
#include "judge.h"

#include <string.h>

#define ERROR_TEXT_MAX ((size_t)2000)

struct facts {
    struct glm_arena *arena;
    const struct glm_observed *observed;
    const struct glm_value *object, *metadata;
    const char *name;   /* "IstioOperator ns/name" */
    const char *status; /* "" when there is none */
    const char *error;  /* of its components, cleaned; "" */
    const char *lacks;  /* of the first Deployment that is not available; NULL: all are */
    bool was_healthy;
    bool stale; /* the status is from before our own last write */
    enum glm_reconciler_kind reconciler;
};

/* ---- facts ---- */

static const char *cleaned(struct glm_arena *arena, const char *text)
{
    size_t len = strlen(text);
    while (len > 0 && strchr(" \n\r\t", text[len - 1]))
        len--;
    bool cut = len > ERROR_TEXT_MAX;
    const char *short_text = glm_utf8_clean(arena, text, cut ? ERROR_TEXT_MAX : len);
    return cut ? glm_sprintf(arena, "%s...", short_text) : short_text;
}

static const char *errors_of(struct glm_arena *arena, const struct glm_value *status)
{
    const struct glm_value *components = glm_get(status, "componentStatus");
    struct glm_text text;
    glm_text_init(&text, arena, (size_t)64 << 10);
    for (size_t i = 0; glm_is_map(components) && i < components->len; i++) {
        const char *error = glm_string_or(glm_get(components->as.map[i].value, "error"), "");
        if (*error)
            glm_text_addf(&text, "%s%s: %s", text.len ? "; " : "", components->as.map[i].key,
                          cleaned(arena, error));
    }
    const char *message = glm_string_or(glm_get(status, "message"), "");
    if (*message)
        glm_text_addf(&text, "%s%s", text.len ? "; " : "", cleaned(arena, message));
    return text.data;
}

static void gather_deployments(struct facts *f)
{
    const struct glm_observed *o = f->observed;
    f->was_healthy = o->healthy != NULL;
    if (f->reconciler == GLM_RECONCILER_PLUMA)
        return; /* it may be in another namespace, under another name */
    for (size_t i = 0; i < o->target_count; i++) {
        const char *lacks = availability_lacks(f->arena, &o->targets[i], o->deployments[i]);
        if (lacks && !f->lacks)
            f->lacks = lacks;
        f->was_healthy = f->was_healthy || availability_was(o->deployments[i]);
    }
}

static struct facts gather(struct glm_arena *arena, const struct glm_observed *o)
{
    const struct glm_value *object = o->istio_operator;
    struct facts f = {.arena = arena, .observed = o, .object = object};
    f.metadata = glm_get(object, "metadata");
    f.name = glm_sprintf(arena, "IstioOperator %s/%s",
                         glm_string_or(glm_get(f.metadata, "namespace"), ""),
                         glm_string_or(glm_get(f.metadata, "name"), ""));
    f.status = glm_string_or(glm_get_path(object, "status", "status", NULL), "");
    f.error = errors_of(arena, glm_get(object, "status"));
    f.reconciler = glm_reconciler_of(object);
    f.stale = o->written && glm_string_is(glm_get(f.metadata, "resourceVersion"), o->written);
    gather_deployments(&f);
    return f;
}

/* ---- rows ---- */

static void is(struct glm_judgement *j, enum glm_state state, const char *message)
{
    j->state = state;
    j->message = message;
    j->settled = state == GLM_STATE_HEALTHY || state == GLM_STATE_FAILED ||
                 state == GLM_STATE_ACTION_REQUIRED;
}

static const char *finalizers(const struct facts *f)
{
    const struct glm_value *list = glm_get(f->metadata, "finalizers");
    struct glm_text text;
    glm_text_init(&text, f->arena, (size_t)4 << 10);
    for (size_t i = 0; glm_is_list(list) && i < list->len; i++)
        glm_text_addf(&text, "%s%s", i ? ", " : "", glm_string_or(list->as.list[i], "?"));
    return text.data;
}

static void judge_leaving(const struct facts *f, struct glm_judgement *j)
{
    const char *since = glm_string_or(glm_get(f->metadata, "deletionTimestamp"), "");
    const char *names = finalizers(f);
    if (!*since)
        is(j, GLM_STATE_UNINSTALLING_GATEWAY,
           glm_sprintf(f->arena, "%s is to be removed.", f->name));
    else
        is(j, GLM_STATE_UNINSTALLING_GATEWAY,
           glm_sprintf(f->arena, "%s is being deleted since %s%s%s.", f->name, since,
                       *names ? " and waits for its finalizers: " : "", names));
}

static void judge_untouched(const struct facts *f, struct glm_judgement *j)
{
    const struct glm_value *ignore =
        glm_get_path(f->metadata, "annotations", "install.istio.io/ignoreReconcile", NULL);
    const char *revision = glm_string_or(glm_get_path(f->object, "spec", "revision", NULL), "");
    if (glm_string_is(ignore, "true"))
        is(j, GLM_STATE_PENDING,
           glm_sprintf(f->arena,
                       "%s has the annotation install.istio.io/ignoreReconcile: \"true\", so no "
                       "operator touches it. Remove the annotation.",
                       f->name));
    else if (f->reconciler != GLM_RECONCILER_NONE)
        is(j, GLM_STATE_PENDING,
           glm_sprintf(f->arena,
                       "%s was taken up by the operator, which reports no status: either it has "
                       "just begun, or it cannot render the spec (an overlay that matches no "
                       "object, for example), which only its log tells.",
                       f->name));
    else
        is(j, GLM_STATE_PENDING,
           glm_sprintf(f->arena,
                       "No operator has taken up %s yet. If it stays so: no Istio operator runs, "
                       "or its REVISION is not \"%s\", or its WATCH_NAMESPACE does not have this "
                       "namespace, or it refuses the content of the spec (see its log), or "
                       "another malformed IstioOperator in the cluster blocks it.",
                       f->name, revision));
}

/* After our own write, before the operator has said anything about it. */
static void judge_stale(const struct facts *f, struct glm_judgement *j)
{
    is(j, f->was_healthy ? GLM_STATE_UPDATING_GATEWAY : GLM_STATE_PENDING,
       glm_sprintf(f->arena,
                   "%s has been written; the operator has not reported on it yet. If it stays so, "
                   "see whether the operator runs and what its log says.",
                   f->name));
}

static void judge_working(const struct facts *f, struct glm_judgement *j)
{
    const char *now = glm_generation(f->arena, f->object), *then = f->observed->healthy;
    bool same = then && now && strcmp(then, now) == 0;
    bool updating = strcmp(f->status, "UPDATING") == 0 || (then && !same);
    j->reconciling_seen = true;
    enum glm_state state = updating         ? GLM_STATE_UPDATING_GATEWAY
                           : f->was_healthy ? GLM_STATE_RECONCILING_GATEWAY
                                            : GLM_STATE_INSTALLING_GATEWAY;
    is(j, state,
       f->lacks ? glm_sprintf(f->arena, "The operator is at work; %s.", f->lacks)
                : "The operator is at work.");
}

/* HEALTHY or ERROR, and the Deployments are available. */
static void judge_available(const struct facts *f, struct glm_judgement *j)
{
    if (f->reconciler == GLM_RECONCILER_PLUMA)
        is(j, GLM_STATE_HEALTHY,
           "pluma-operator reports that it is healthy; where it has put the gateway cannot be "
           "known, so that was not checked.");
    else if (*f->error)
        is(j, GLM_STATE_HEALTHY,
           glm_sprintf(f->arena,
                       "The gateway is available. The operator's last report is an error, which "
                       "it does not take back by itself: %s",
                       f->error));
    else
        is(j, GLM_STATE_HEALTHY, "The gateway is available.");
}

static void judge_unavailable(const struct facts *f, bool error, struct glm_judgement *j)
{
    enum glm_state never = error ? GLM_STATE_FAILED : GLM_STATE_INSTALLING_GATEWAY;
    is(j, f->was_healthy ? GLM_STATE_UNHEALTHY : never,
       *f->error ? glm_sprintf(f->arena, "%s. The operator: %s",
                               f->lacks ? f->lacks : "The installation failed", f->error)
                 : glm_sprintf(f->arena, "%s.", f->lacks ? f->lacks : "The operator failed"));
}

/* A component that the operator has not reported on yet; NULL: none. */
static const char *unreported(const struct facts *f)
{
    for (size_t i = 0; i < f->observed->target_count; i++) {
        const char *component =
            f->observed->targets[i].egress ? "EgressGateways" : "IngressGateways";
        const struct glm_value *state =
            glm_get_path(f->object, "status", "componentStatus", component, "status", NULL);
        if (!glm_string_is(state, "HEALTHY"))
            return component;
    }
    return NULL;
}

static void judge_reported(const struct facts *f, struct glm_judgement *j)
{
    bool error = strcmp(f->status, "ERROR") == 0;
    bool pluma = f->reconciler == GLM_RECONCILER_PLUMA;
    if (f->observed->target_count == 0 && !pluma)
        is(j, GLM_STATE_FAILED, "The IstioOperator enables no gateway, so there is nothing to "
                                "install.");
    else if (error && pluma)
        judge_unavailable(f, error, j);
    else if (f->lacks)
        judge_unavailable(f, error, j);
    else if (!error && !pluma && unreported(f)) {
        is(j, GLM_STATE_INSTALLING_GATEWAY,
           glm_sprintf(f->arena, "The operator has not reported on %s yet.", unreported(f)));
    } else
        judge_available(f, j);
}

void glm_judge(struct glm_arena *arena, const struct glm_observed *observed,
               struct glm_judgement *ret_judgement)
{
    struct glm_judgement *j = ret_judgement;
    *j = (struct glm_judgement){0};
    struct facts f = gather(arena, observed);
    bool there = glm_is_map(observed->istio_operator);
    bool leaving = glm_is_string(glm_get(f.metadata, "deletionTimestamp"));
    if (!there && !observed->wanted)
        is(j, GLM_STATE_UNINSTALLED_GATEWAY, "Removed.");
    else if (!there)
        is(j, GLM_STATE_INSTALL_PENDING,
           "The IstioOperator is not there; the next apply writes it.");
    else if (!observed->wanted || leaving)
        judge_leaving(&f, j);
    else if (f.stale && f.reconciler != GLM_RECONCILER_NONE)
        judge_stale(&f, j);
    else if (!*f.status || f.reconciler == GLM_RECONCILER_NONE)
        judge_untouched(&f, j);
    else if (strcmp(f.status, "ACTION_REQUIRED") == 0)
        is(j, GLM_STATE_ACTION_REQUIRED,
           glm_sprintf(arena, "The operator waits for somebody to act: %s",
                       *f.error ? f.error : "its log says what to do."));
    else if (strcmp(f.status, "UPDATING") == 0 || strcmp(f.status, "RECONCILING") == 0)
        judge_working(&f, j);
    else if (strcmp(f.status, "HEALTHY") == 0 || strcmp(f.status, "ERROR") == 0)
        judge_reported(&f, j);
    else
        is(j, GLM_STATE_UNKNOWN,
           glm_sprintf(arena, "The operator reports \"%s\", which is no status that is known.",
                       f.status));
}
