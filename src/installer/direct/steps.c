/* SPDX-License-Identifier: Apache-2.0
 *
 * Steps: what is written beside an object so that nothing restarts and no pod is lost while fields go from one
 * owner to another. Decided by who owns what now, so that an apply that was cut off is gone on with.
 *
 * What:   whoever takes a gateway over from Istio's operator or istioctl writes the whole object as their
 *         field manager first: what only they had goes in that one write, and the pods' template changes
 *         once at the most. Then as our own, and then theirs is released, without a field. And the number
 *         of pods, when it becomes an autoscaler's, is held by a manager of its own until that acts:
 *         otherwise it falls to one.
 * Source: measured with Kubernetes 1.34 and Istio's operator 1.23.
 */
#include "direct.h"

#include "glm/look.h"
#include "glm/text.h"

#include <string.h>

#define ISTIO_MANAGER "istio-operator"               /* istioctl's, too */
#define AUTOSCALER_MANAGER "kube-controller-manager" /* which has the autoscaler in it */
#define REPLICAS "-replicas"
#define STEPS_MAX 4

struct steps {
    const struct glm_installer_call *call;
    const struct glm_installer_object *o;
    const struct glm_value *live;
    struct glm_installer_step *all;
    size_t count;
};

static const struct glm_value *bare(const struct steps *s)
{
    return glm_object_bare(s->call->arena, &s->o->ref);
}

static void add(struct steps *s, const struct glm_installer_step *step)
{
    s->all[s->count++] = *step;
}

/* ---- from Istio's tools to us ---- */

/* Somebody has installed over what is ours: that is a conflict like any other, and not ours to settle. */
static bool is_claimed_again(const struct steps *s)
{
    const char *claim = glm_live_label(s->live, DIRECT_OWNER_NAMESPACE);
    return *claim && !s->call->predecessor &&
           strcmp(glm_live_label(s->live, GLM_LABEL_MANAGED_BY), GLM_MANAGED_BY) == 0;
}

static void add_taking_over(struct steps *s)
{
    if (!direct_applies(s->live, ISTIO_MANAGER) || is_claimed_again(s))
        return;
    add(s, &(const struct glm_installer_step){.when = GLM_INSTALLER_BEFORE,
                                              .object = s->o->object,
                                              .manager = ISTIO_MANAGER,
                                              .force = true});
    add(s, &(const struct glm_installer_step){.when = GLM_INSTALLER_AFTER,
                                              .object = bare(s),
                                              .manager = ISTIO_MANAGER,
                                              .bare = true});
}

/* ---- how many pods there are ---- */

static const struct glm_value *only_replicas(const struct steps *s, const struct glm_value *count)
{
    return glm_with_path(s->call->arena, bare(s), count, "spec", "replicas", NULL);
}

static void add_replicas(struct steps *s)
{
    const char *ours = s->call->field_manager;
    const struct glm_value *is = glm_get_path(s->live, "spec", "replicas", NULL);
    const struct glm_value *wanted = glm_get_path(s->o->object, "spec", "replicas", NULL);
    if (!ours || s->o->ref.kind != GLM_KIND_DEPLOYMENT || glm_is_null(is))
        return;
    const char *holder = glm_sprintf(s->call->arena, "%s%s", ours, REPLICAS);
    bool held = direct_owns_replicas(s->live, holder);
    bool falls =
        direct_owns_replicas(s->live, ours) || direct_owns_replicas(s->live, ISTIO_MANAGER);
    if (glm_is_null(wanted)) {
        if (falls && !held)
            add(s, &(const struct glm_installer_step){.when = GLM_INSTALLER_BEFORE,
                                                      .object = only_replicas(s, is),
                                                      .manager = holder,
                                                      .bare = true});
        return;
    }
    /* An autoscaler that goes has no say in the number any more. */
    if (!glm_equal(is, wanted) && direct_owns_replicas(s->live, AUTOSCALER_MANAGER))
        add(s, &(const struct glm_installer_step){.when = GLM_INSTALLER_BEFORE,
                                                  .manager = AUTOSCALER_MANAGER});
    if (held)
        add(s,
            &(const struct glm_installer_step){
                .when = GLM_INSTALLER_AFTER, .object = bare(s), .manager = holder, .bare = true});
}

size_t direct_steps(const struct glm_installer_call *call, const struct glm_installer_object *o,
                    const struct glm_value *live, enum glm_installer_write why,
                    const struct glm_installer_step **ret)
{
    struct steps s = {.call = call,
                      .o = o,
                      .live = live,
                      .all = GLM_NEW_ARRAY(call->arena, STEPS_MAX, struct glm_installer_step)};
    (void)why;
    if (glm_is_map(live)) {
        add_replicas(&s);
        add_taking_over(&s);
    }
    *ret = s.all;
    return s.count;
}

/* ---- changing hands ---- */

/* Nobody acts on what is ours but us. */
void direct_yields(const struct glm_installer_call *call, const struct glm_value *live,
                   struct glm_installer_yield *ret)
{
    (void)call;
    (void)live;
    *ret = (struct glm_installer_yield){.busy = NULL};
}

/* What the operator has made of one of the IstioOperators that go says so; and what came with a Deployment that
 * was imported names the same one. */
enum glm_installer_heir direct_inherits(const struct glm_installer_call *call,
                                        const struct glm_installer_sight *sight,
                                        const struct glm_installer_look *found)
{
    (void)call;
    const char *owner = glm_live_label(found->read.object, DIRECT_OWNER);
    const char *namespace_ = glm_live_label(found->read.object, DIRECT_OWNER_NAMESPACE);
    for (size_t i = 0; *owner && *namespace_ && i < sight->look_count; i++) {
        const struct glm_installer_look *main = &sight->looks[i];
        const struct glm_value *is = main->read.object;
        bool deployment = main->ref.kind == GLM_KIND_DEPLOYMENT;
        const char *of = deployment ? glm_live_label(is, DIRECT_OWNER) : main->ref.name;
        const char *in =
            deployment ? glm_live_label(is, DIRECT_OWNER_NAMESPACE) : main->ref.namespace_;
        if (strcmp(owner, of) == 0 && in && strcmp(namespace_, in) == 0)
            return GLM_INSTALLER_TAKES;
    }
    return GLM_INSTALLER_NOT;
}
