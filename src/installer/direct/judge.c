/* SPDX-License-Identifier: Apache-2.0
 *
 * The judge: from a pair's Deployments to one of the API's states, first match wins. Pure.
 *
 * What:   a Deployment's controller says of which generation its status is, so nothing is ever out of
 *         date. A pair is HEALTHY when every pod of each of its gateways is new, ready and available, and
 *         they are as many as its autoscaler wants at least.
 * Source: the state table of the GatewayLifecycleManager API; Kubernetes' apps/v1.
 */
#include "direct.h"

#include "../istio/istio.h"
#include "glm/look.h"
#include "glm/shown.h"
#include "glm/text.h"

/* Pods that cannot be created: a webhook or a quota may come round. */
#define REFUSED_HOLD_MS INT64_C(30000)
/* A pod that nobody has injected is not seen in its Deployment: somebody has to look. */
#define INJECTION_HOLD_MS INT64_C(10000)
/* Nothing has acted on an autoscaler: its controller comes round every 15 seconds, if there is one. */
#define SCALING_HOLD_MS INT64_C(30000)
#define NAMES_MAX ((size_t)4000)

struct judge {
    const struct glm_installer_call *call;
    const struct glm_installer_sight *sight;
    struct istio_rollout *rollouts;  /* beside the looks */
    const struct istio_rollout *bad; /* the first that is in trouble, or NULL */
    const char *unscaled; /* the first that nobody scales as its autoscaler says; NULL: none */
    size_t found;
    bool was_healthy;
    struct glm_installer_judgement *ret;
};

static void say(struct judge *j, enum glm_state state, bool settled, int64_t hold_ms,
                const char *message)
{
    *j->ret = (struct glm_installer_judgement){
        .state = state,
        .settled = settled,
        .hold_ms = hold_ms,
        .message = glm_shown_lines(j->call->arena, message, GLM_SHOWN_LINES_MAX)};
}

/* "Deployment gloo-mesh-gateways/a, gloo-mesh-gateways/b", those that are found or those that are not. */
static const char *deployments(const struct judge *j, bool found)
{
    struct glm_text text;
    glm_text_init(&text, j->call->arena, NAMES_MAX);
    for (size_t i = 0; i < j->sight->look_count; i++) {
        const struct glm_installer_look *look = &j->sight->looks[i];
        if ((look->read.found == GLM_FOUND) == found)
            glm_text_addf(&text, "%s%s/%s", text.len ? ", " : "Deployment ", look->ref.namespace_,
                          look->ref.name);
    }
    return text.data;
}

/* ---- going and gone ---- */

/* The first that is on its way out; NULL: none is. */
static const struct glm_value *leaving(const struct judge *j)
{
    for (size_t i = 0; i < j->sight->look_count; i++) {
        const struct glm_value *is = j->sight->looks[i].read.object;
        if (glm_has(glm_get(is, "metadata"), "deletionTimestamp"))
            return is;
    }
    return NULL;
}

static const char *finalizers_of(struct glm_arena *arena, const struct glm_value *object)
{
    const struct glm_value *all = glm_get_path(object, "metadata", "finalizers", NULL);
    struct glm_text text;
    glm_text_init(&text, arena, NAMES_MAX);
    for (size_t i = 0; i < glm_live_count(all); i++)
        glm_text_adds(&text, glm_sprintf(arena, "%s%s", text.len ? ", " : " It waits for ",
                                         glm_said(arena, glm_string_or(glm_at(all, i), "?"))));
    return text.len
               ? glm_sprintf(arena, "%s, which whoever put it there takes away when it is done.",
                             text.data)
               : "";
}

static void uninstalling(struct judge *j, const struct glm_value *is)
{
    struct glm_arena *arena = j->call->arena;
    const char *since = glm_string_or(glm_get_path(is, "metadata", "deletionTimestamp", NULL), "");
    say(j, GLM_STATE_UNINSTALLING_GATEWAY, false, -1,
        glm_sprintf(arena, "Deployment %s is being deleted%s%s.%s", glm_live_place(arena, is),
                    glm_since(arena, since),
                    j->sight->wanted
                        ? " although it is wanted: the next apply after that makes it again"
                        : "",
                    finalizers_of(arena, is)));
}

/* True when it need not be looked at how they run. */
static bool judge_presence(struct judge *j)
{
    struct glm_arena *arena = j->call->arena;
    if (!j->sight->wanted && j->found == 0)
        say(j, GLM_STATE_UNINSTALLED_GATEWAY, true, 0, "The gateway is gone.");
    else if (leaving(j))
        uninstalling(j, leaving(j));
    else if (!j->sight->wanted)
        say(j, GLM_STATE_UNINSTALLING_GATEWAY, false, -1,
            glm_sprintf(arena, "%s: still there; to be removed.", deployments(j, true)));
    else if (j->found == 0)
        say(j, GLM_STATE_INSTALL_PENDING, false, -1,
            glm_sprintf(arena,
                        "%s: missing from the cluster. Nothing is installed until it is applied.",
                        deployments(j, false)));
    else
        return false;
    return true;
}

/* ---- in trouble ---- */

static bool any_injected(const struct judge *j)
{
    for (size_t i = 0; i < j->sight->look_count; i++)
        if (istio_is_injected(j->sight->looks[i].read.object))
            return true;
    return false;
}

/* What is given up is FAILED when it has never worked. */
static void failed(struct judge *j, int64_t hold_ms, const char *message)
{
    say(j, j->was_healthy ? GLM_STATE_UNHEALTHY : GLM_STATE_FAILED, true, hold_ms, message);
}

static void judge_trouble(struct judge *j)
{
    const struct istio_rollout *bad = j->bad;
    const char *message = glm_sprintf(j->call->arena, "%s.", bad->trouble);
    int64_t hold_ms = any_injected(j) ? INJECTION_HOLD_MS : -1;
    enum glm_state going =
        j->was_healthy ? GLM_STATE_UPDATING_GATEWAY : GLM_STATE_INSTALLING_GATEWAY;
    if (!bad->exists)
        say(j, j->was_healthy ? GLM_STATE_UNHEALTHY : GLM_STATE_INSTALLING_GATEWAY, false, -1,
            message);
    else if (!bad->observed)
        say(j, j->was_healthy ? GLM_STATE_UPDATING_GATEWAY : GLM_STATE_PENDING, false, -1,
            glm_sprintf(j->call->arena, "%s, and no controller has taken it up yet.",
                        bad->trouble));
    else if (bad->refused)
        failed(j, REFUSED_HOLD_MS, message);
    else if (bad->stuck || (bad->current && bad->stopped))
        failed(j, GLM_INSTALLER_GRACE_MS, message);
    else if (!bad->current || bad->rolling || !j->was_healthy)
        say(j, going, false, hold_ms, message);
    else
        say(j, bad->available ? GLM_STATE_RECONCILING_GATEWAY : GLM_STATE_UNHEALTHY, false, hold_ms,
            message);
}

static void judge_healthy(struct judge *j)
{
    const char *names = deployments(j, true);
    if (j->unscaled)
        say(j, GLM_STATE_HEALTHY, true, SCALING_HOLD_MS,
            glm_sprintf(j->call->arena, "%s: available. %s.", names, j->unscaled));
    else
        say(j, GLM_STATE_HEALTHY, true, 0, glm_sprintf(j->call->arena, "%s: available.", names));
    j->ret->quiet = !j->unscaled;
}

/* ---- all of it ---- */

/* All the pods that its Deployment is to have are ready; whether they are as many as its autoscaler wants. */
static void read_scale(struct judge *j, const struct glm_installer_look *look,
                       struct istio_rollout *r)
{
    struct direct_scale scale;
    if (r->trouble || !direct_scale_read(j->call, j->sight, look, &scale))
        return;
    if (scale.acts)
        r->trouble = scale.text;
    else if (!j->unscaled)
        j->unscaled = scale.text;
}

static void read_rollouts(struct judge *j)
{
    bool all_once = j->sight->look_count > 0;
    for (size_t i = 0; i < j->sight->look_count; i++) {
        const struct glm_installer_look *look = &j->sight->looks[i];
        const struct glm_target gateway = {.namespace_ = look->ref.namespace_,
                                           .name = look->ref.name};
        struct istio_rollout *r = &j->rollouts[i];
        istio_rollout_read(j->call->arena, NULL, &gateway, look->read.object, r);
        read_scale(j, look, r);
        j->found += r->exists;
        all_once &= r->once_available;
        if (r->trouble && !j->bad)
            j->bad = r;
    }
    j->was_healthy = j->sight->healthy || all_once;
}

void direct_judge(const struct glm_installer_call *call, const struct glm_installer_sight *sight,
                  void *notes, struct glm_installer_judgement *ret)
{
    (void)notes;
    struct judge j = {
        .call = call,
        .sight = sight,
        .rollouts = GLM_NEW_ARRAY(call->arena, sight->look_count, struct istio_rollout),
        .ret = ret,
    };
    read_rollouts(&j);
    if (judge_presence(&j))
        return;
    if (j.bad)
        judge_trouble(&j);
    else
        judge_healthy(&j);
}
