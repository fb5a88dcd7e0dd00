/* SPDX-License-Identifier: Apache-2.0
 *
 * The judge: from what a cluster has to one of the API's states, first match wins.
 *
 * What:   the operator's status has no observedGeneration, and both HEALTHY and ERROR may be from
 *         before the last change or from before the pods changed. So neither counts without the
 *         Deployment, and none counts in the very version of the object that our write made.
 * Source: the state table of the GatewayLifecycleManager API; recordings of the Istio operator.
 */
#include "operator.h"

#include "../istio/istio.h"
#include "glm/look.h"
#include "glm/object.h"
#include "glm/shown.h"
#include "glm/text.h"

#include <string.h>

struct judge {
    struct glm_arena *arena;
    const struct operator_observed *o;
    const struct glm_value *iop;
    const char *place; /* namespace/name of iop */
    enum glm_reconciler_kind reconciler;
    const char *generation;          /* of iop; NULL: it has none */
    const struct istio_rollout *bad; /* the first that is in trouble, or NULL */
    bool was_healthy;
    struct operator_judgement *ret;
};

/* Names of gateways are in it as their spec has them, whoever wrote that. */
static void say(struct judge *j, enum glm_state state, bool settled, const char *message)
{
    j->ret->state = state;
    j->ret->settled = settled;
    j->ret->message = glm_shown_lines(j->arena, message, GLM_SHOWN_LINES_MAX);
}

/* When the operator last wrote the status, as the API server noted it; "" when it did not. */
static const char *status_time(const struct glm_value *iop)
{
    const struct glm_value *fields = glm_get_path(iop, "metadata", "managedFields", NULL);
    for (size_t i = 0; i < glm_live_count(fields); i++)
        if (glm_string_is(glm_get(glm_at(fields, i), "subresource"), "status"))
            return glm_string_or(glm_get(glm_at(fields, i), "time"), "");
    return "";
}

/* " at TIME", "" when it is not known. */
static const char *status_at(const struct judge *j)
{
    const char *time = glm_said(j->arena, status_time(j->iop));
    return *time ? glm_sprintf(j->arena, " at %s", time) : "";
}

/* The operator waited for pods in vain, which time may heal; every other error of it means that
 * the cluster refused what it wanted to write. */
static bool is_wait_error(const char *error)
{
    return strstr(error, "failed to wait for resource") || strstr(error, "resources not ready");
}

/* What the operator says is wrong: each component's error, then its message. ret_refused (may be
 * NULL): something was refused. */
static const char *operator_error(const struct judge *j, bool *ret_refused)
{
    const struct glm_value *status = glm_get(j->iop, "status");
    const struct glm_value *components = glm_get(status, "componentStatus");
    struct glm_text text;
    bool refused = false;
    glm_text_init(&text, j->arena, 4 * (GLM_SAID_MAX + 300));
    for (size_t i = 0; glm_is_map(components) && i < components->len; i++) {
        const struct glm_pair *c = &components->as.map[i];
        const char *error = glm_said(j->arena, glm_string_or(glm_get(c->value, "error"), ""));
        if (!*error)
            continue;
        refused |= !is_wait_error(error);
        glm_text_adds(&text, glm_sprintf(j->arena, "%s%s: %s", text.len ? "; " : "",
                                         glm_said(j->arena, c->key), error));
    }
    const char *message = glm_said(j->arena, glm_string_or(glm_get(status, "message"), ""));
    if (*message)
        glm_text_adds(&text, glm_sprintf(j->arena, "%s%s", text.len ? "; " : "", message));
    if (ret_refused)
        *ret_refused = refused;
    return text.data;
}

static const char *finalizer_list(const struct judge *j)
{
    const struct glm_value *finalizers = glm_get_path(j->iop, "metadata", "finalizers", NULL);
    struct glm_text text;
    glm_text_init(&text, j->arena, 4000);
    for (size_t i = 0; i < glm_live_count(finalizers); i++)
        glm_text_adds(&text,
                      glm_sprintf(j->arena, "%s%s", i ? ", " : "",
                                  glm_said(j->arena, glm_string_or(glm_at(finalizers, i), "?"))));
    return text.data;
}

/* ---- going and gone ---- */

static void uninstalling(struct judge *j, const char *since)
{
    const char *finalizers = finalizer_list(j);
    const char *error = operator_error(j, NULL);
    const char *unwanted =
        j->o->wanted ? " although it is wanted: the next apply after that makes it again" : "";
    const char *waits =
        *finalizers ? glm_sprintf(j->arena,
                                  " It waits for %s, which whoever put it there takes away when it "
                                  "is done: if this lasts, that operator is not running or the "
                                  "object is no longer for it (spec.revision, "
                                  "install.istio.io/ignoreReconcile).",
                                  finalizers)
                    : "";
    say(j, GLM_STATE_UNINSTALLING_GATEWAY, false,
        glm_sprintf(j->arena, "IstioOperator %s is being deleted%s%s.%s%s%s", j->place,
                    glm_since(j->arena, since), unwanted, waits,
                    *error ? " The operator says: " : "", error));
}

/* True when the object need not be looked at further. */
static bool judge_presence(struct judge *j)
{
    const char *since =
        glm_string_or(glm_get_path(j->iop, "metadata", "deletionTimestamp", NULL), "");
    if (!glm_is_map(j->iop) && !j->o->wanted)
        say(j, GLM_STATE_UNINSTALLED_GATEWAY, false, "The IstioOperator is gone.");
    else if (!glm_is_map(j->iop))
        say(j, GLM_STATE_INSTALL_PENDING, false,
            "The IstioOperator is missing from the cluster: nothing is installed until it is "
            "applied.");
    else if (*since)
        uninstalling(j, since);
    else if (!j->o->wanted)
        say(j, GLM_STATE_UNINSTALLING_GATEWAY, false,
            glm_sprintf(j->arena, "IstioOperator %s is still there; it is to be removed.",
                        j->place));
    else
        return false;
    return true;
}

/* ---- at work ---- */

/* The object is as it was when it was last HEALTHY, by our own record. */
static bool is_last_healthy(const struct judge *j)
{
    return j->o->healthy && j->generation && strcmp(j->o->healthy, j->generation) == 0;
}

/* The version of the object that our own write made: its status is from before the write. Not so
 * when the write left the spec as it was last HEALTHY (labels, annotations, nothing at all): that
 * moves no status. */
static bool out_of_date(const struct judge *j)
{
    const char *version =
        glm_string_or(glm_get_path(j->iop, "metadata", "resourceVersion", NULL), "");
    return j->o->written && strcmp(j->o->written, version) == 0 && !is_last_healthy(j);
}

static enum glm_state at_work(const struct judge *j)
{
    if (!j->was_healthy)
        return GLM_STATE_INSTALLING_GATEWAY;
    bool same =
        j->o->healthy ? j->generation && strcmp(j->o->healthy, j->generation) == 0 : j->bad == NULL;
    return same ? GLM_STATE_RECONCILING_GATEWAY : GLM_STATE_UPDATING_GATEWAY;
}

static void working(struct judge *j, bool updating)
{
    enum glm_state state = updating ? GLM_STATE_UPDATING_GATEWAY : at_work(j);
    const char *what = state == GLM_STATE_INSTALLING_GATEWAY ? "is installing"
                       : state == GLM_STATE_UPDATING_GATEWAY ? "is updating"
                                                             : "is reconciling";
    /* In the version that our write made, it is still at the one before. */
    j->ret->reconciling_seen = !out_of_date(j);
    say(j, state, false,
        glm_sprintf(j->arena, "The operator %s the gateways of IstioOperator %s%s%s%s.", what,
                    j->place, glm_since(j->arena, status_time(j->iop)), j->bad ? ": " : "",
                    j->bad ? j->bad->trouble : ""));
}

/* Neither healthy nor failed: the status is about something else than what is there. */
static void not_yet(struct judge *j, const char *why)
{
    say(j, j->was_healthy ? GLM_STATE_UPDATING_GATEWAY : GLM_STATE_INSTALLING_GATEWAY, false,
        glm_sprintf(j->arena, "IstioOperator %s: %s.", j->place, why));
}

/* ---- HEALTHY and ERROR ---- */

/* A component of the status that the targets need and that is not HEALTHY, or NULL. */
static const char *component_missing(const struct judge *j)
{
    static const char *const names[] = {"IngressGateways", "EgressGateways"};
    const struct glm_value *components = glm_get_path(j->iop, "status", "componentStatus", NULL);
    for (size_t i = 0; i < j->o->target_count; i++) {
        const char *name = names[j->o->targets[i].egress];
        if (!glm_string_is(glm_get_path(components, name, "status", NULL), "HEALTHY"))
            return name;
    }
    return NULL;
}

/* "gloo-mesh-gateways/a and gloo-mesh-gateways/b" */
static const char *gateway_list(const struct judge *j)
{
    struct glm_text text;
    glm_text_init(&text, j->arena, 4000);
    for (size_t i = 0; i < j->o->target_count; i++)
        glm_text_adds(&text, glm_sprintf(j->arena, "%s%s/%s",
                                         i == 0                       ? ""
                                         : i + 1 < j->o->target_count ? ", "
                                                                      : " and ",
                                         j->o->targets[i].namespace_, j->o->targets[i].name));
    return text.data;
}

static void healthy(struct judge *j, const char *error)
{
    const char *verb = j->o->target_count == 1 ? "is" : "are";
    j->ret->quiet = !*error;
    if (*error)
        say(j, GLM_STATE_HEALTHY, true,
            glm_sprintf(j->arena,
                        "%s %s available. The operator's status of IstioOperator %s is ERROR all "
                        "the same, and stays so until its spec changes: %s",
                        gateway_list(j), verb, j->place, error));
    else
        say(j, GLM_STATE_HEALTHY, true,
            glm_sprintf(j->arena, "%s %s available.", gateway_list(j), verb));
}

static void unhealthy(struct judge *j, const char *error)
{
    bool failed = *error != 0;
    enum glm_state state = j->was_healthy ? GLM_STATE_UNHEALTHY
                           : failed       ? GLM_STATE_FAILED
                                          : GLM_STATE_INSTALLING_GATEWAY;
    /* Pods that broke by themselves may come back; what the operator gave up for a new spec is not
     * tried again before the spec changes. */
    say(j, state, failed && !is_last_healthy(j),
        glm_sprintf(j->arena, "%s.%s%s%s", j->bad->trouble, failed ? " The operator gave up" : "",
                    failed ? status_at(j) : "",
                    failed ? glm_sprintf(j->arena, ": %s", error) : ""));
}

/* The cluster refused what the operator wrote for a spec that has never been HEALTHY: what runs,
 * if anything, is what was there before. */
static void refused(struct judge *j, const char *error)
{
    say(j, GLM_STATE_FAILED, true,
        glm_sprintf(j->arena,
                    "The cluster refused what the operator made of IstioOperator %s%s: %s. %s.",
                    j->place, status_at(j), error,
                    j->bad ? j->bad->trouble : "The gateway runs on as it was before"));
}

static void judge_error(struct judge *j)
{
    bool is_refused;
    const char *error = operator_error(j, &is_refused);
    if (!*error)
        error = "the operator's status is ERROR, without a reason";
    if (is_refused && !is_last_healthy(j) && !(j->bad && j->was_healthy))
        refused(j, error);
    else if (j->bad)
        unhealthy(j, error);
    else
        healthy(j, error);
}

static void judge_foreign(struct judge *j, bool is_error)
{
    const char *error = operator_error(j, NULL);
    if (is_error)
        say(j, j->o->healthy ? GLM_STATE_UNHEALTHY : GLM_STATE_FAILED, !j->o->healthy,
            glm_sprintf(j->arena, "pluma-operator reports ERROR for IstioOperator %s: %s", j->place,
                        *error ? error : "it gives no reason"));
    else
        say(j, GLM_STATE_HEALTHY, true,
            glm_sprintf(j->arena,
                        "pluma-operator reports HEALTHY for IstioOperator %s. It says so without "
                        "a look at the pods and installs where it likes, so whether the gateways "
                        "are available cannot be known from here.",
                        j->place));
}

/* True, with that for a message, when the status is from before our write. */
static bool is_from_before(struct judge *j)
{
    if (!out_of_date(j))
        return false;
    not_yet(j, "the operator has not begun with what was just written; its status is from before");
    return true;
}

static void judge_done(struct judge *j, bool is_error)
{
    const char *component = component_missing(j);
    if (is_from_before(j))
        return;
    if (j->reconciler == GLM_RECONCILER_PLUMA)
        judge_foreign(j, is_error);
    else if (j->reconciler == GLM_RECONCILER_NONE && is_last_healthy(j))
        say(j, GLM_STATE_UNHEALTHY, false,
            glm_sprintf(j->arena,
                        "IstioOperator %s has lost the finalizer %s: no operator looks after it, "
                        "and deleting it would leave its objects behind",
                        j->place, GLM_ISTIO_FINALIZER));
    else if (j->reconciler == GLM_RECONCILER_NONE)
        not_yet(j, "no operator has put its finalizer on it yet; its status is from an object of "
                   "the same name before it");
    else if (j->o->target_count == 0)
        say(j, GLM_STATE_FAILED, true,
            glm_sprintf(j->arena,
                        "IstioOperator %s enables no gateway, so nothing is installed: set "
                        "enabled: true on one",
                        j->place));
    else if (is_error)
        judge_error(j);
    else if (j->bad)
        unhealthy(j, "");
    else if (component)
        not_yet(j, glm_sprintf(j->arena, "the operator's status does not list %s as HEALTHY yet",
                               component));
    else
        healthy(j, "");
}

static void judge_action_required(struct judge *j)
{
    const char *error = operator_error(j, NULL);
    if (is_from_before(j))
        return;
    say(j, GLM_STATE_ACTION_REQUIRED, true,
        glm_sprintf(j->arena, "IstioOperator %s needs somebody to act%s: %s", j->place,
                    glm_since(j->arena, status_time(j->iop)),
                    *error ? error : "the operator gives no reason; its log does"));
}

static void judge_status(struct judge *j)
{
    const struct glm_value *status = glm_get(j->iop, "status");
    const struct glm_value *word = glm_get(status, "status");
    if (glm_is_null(word) || glm_string_is(word, "")) {
        say(j, GLM_STATE_PENDING, false, glm_why_pending(j->arena, j->iop));
    } else if (glm_string_is(word, "ACTION_REQUIRED")) {
        judge_action_required(j);
    } else if (glm_string_is(word, "UPDATING") || glm_string_is(word, "RECONCILING")) {
        working(j, glm_string_is(word, "UPDATING"));
    } else if (glm_string_is(word, "HEALTHY") || glm_string_is(word, "ERROR")) {
        judge_done(j, glm_string_is(word, "ERROR"));
    } else {
        say(j, GLM_STATE_UNKNOWN, false,
            glm_sprintf(j->arena,
                        "IstioOperator %s has the status \"%s\", which no known operator "
                        "writes",
                        j->place, glm_said(j->arena, glm_string_or(word, "(no text)"))));
    }
}

void operator_judge(struct glm_arena *arena, const struct operator_observed *observed,
                    struct operator_judgement *ret_judgement)
{
    size_t count = observed->target_count;
    struct istio_rollout *rollouts = GLM_NEW_ARRAY(arena, count, struct istio_rollout);
    struct judge j = {
        .arena = arena,
        .o = observed,
        .iop = observed->istio_operator,
        .place = glm_live_place(arena, observed->istio_operator),
        .reconciler = glm_reconciler_of(observed->istio_operator),
        .generation = glm_object_generation(arena, observed->istio_operator),
        .ret = ret_judgement,
    };
    bool all_once = count > 0;
    *ret_judgement = (struct operator_judgement){.state = GLM_STATE_UNKNOWN, .message = ""};
    for (size_t i = 0; i < count; i++) {
        istio_rollout_read(arena, j.iop, &observed->targets[i], observed->deployments[i],
                           &rollouts[i]);
        all_once &= rollouts[i].once_available;
        if (rollouts[i].trouble && !j.bad && j.reconciler != GLM_RECONCILER_PLUMA)
            j.bad = &rollouts[i];
    }
    j.was_healthy = observed->healthy != NULL || all_once;
    if (!judge_presence(&j))
        judge_status(&j);
}
