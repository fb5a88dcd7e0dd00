/* SPDX-License-Identifier: Apache-2.0
 *
 * Rollout: how the Deployment of a gateway stands, which tells when the operator's status is out
 * of date.
 *
 * What:   complete means what `kubectl rollout status` waits for and that every pod is available.
 * Source: apps/v1 Deployment: its controller reports the generation that its status is about.
 */
#include "istio.h"

#include "glm/look.h"
#include "glm/text.h"

#include <inttypes.h>
#include <string.h>

struct counts {
    int64_t wanted, replicas, updated, ready, available;
    bool current; /* the status is about the newest generation */
};

static struct counts count(const struct glm_value *deployment)
{
    const struct glm_value *status = glm_get(deployment, "status");
    return (struct counts){
        .wanted = glm_live_integer(glm_get(deployment, "spec"), "replicas", 1),
        .replicas = glm_live_integer(status, "replicas", 0),
        .updated = glm_live_integer(status, "updatedReplicas", 0),
        .ready = glm_live_integer(status, "readyReplicas", 0),
        .available = glm_live_integer(status, "availableReplicas", 0),
        .current = glm_live_integer(status, "observedGeneration", 0) >=
                   glm_live_integer(glm_get(deployment, "metadata"), "generation", 0),
    };
}

static bool is_rolling(const struct counts *n)
{
    return n->updated < n->wanted || n->replicas > n->updated;
}

/* Progressing: NewReplicaSetAvailable stays until the next rollout begins; with Available true,
 * pods of the last one are still there. */
static bool once_available(const struct glm_value *deployment, const struct counts *n)
{
    const struct glm_value *progressing = glm_live_condition(deployment, "Progressing");
    const struct glm_value *available = glm_live_condition(deployment, "Available");
    return glm_string_is(glm_get(progressing, "reason"), "NewReplicaSetAvailable") ||
           (n->available > 0 && glm_string_is(glm_get(available, "status"), "True"));
}

static const char *condition_since(struct glm_arena *arena, const struct glm_value *condition)
{
    return glm_since(arena, glm_string_or(glm_get(condition, "lastTransitionTime"), ""));
}

static const char *wrong_owner(struct glm_arena *arena, const char *place,
                               const struct glm_value *deployment)
{
    const char *owner = glm_live_label(deployment, "install.operator.istio.io/owning-resource");
    const char *owner_namespace =
        glm_live_label(deployment, "install.operator.istio.io/owning-resource-namespace");
    if (!*owner)
        return glm_sprintf(arena,
                           "Deployment %s was not made by this IstioOperator: it carries no label "
                           "of an Istio operator",
                           place);
    return glm_sprintf(arena,
                       "Deployment %s belongs to IstioOperator %s/%s, which renders the same "
                       "gateway: two IstioOperators of one gateway destroy each other's objects",
                       place, owner_namespace, owner);
}

static bool is_stuck(const struct glm_value *deployment)
{
    return glm_string_is(glm_get(glm_live_condition(deployment, "Progressing"), "reason"),
                         "ProgressDeadlineExceeded");
}

/* The condition that says why pods cannot be created: a quota, a policy, a webhook that does not answer;
 * NULL: they can. */
static const struct glm_value *refusal_of(const struct glm_value *deployment)
{
    const struct glm_value *c = glm_live_condition(deployment, "ReplicaFailure");
    return glm_string_is(glm_get(c, "status"), "True") ? c : NULL;
}

static const char *cannot_create(struct glm_arena *arena, const char *place,
                                 const struct glm_value *deployment)
{
    const struct glm_value *c = refusal_of(deployment);
    return glm_sprintf(arena, "Deployment %s: its pods cannot be created%s: %s: %s", place,
                       condition_since(arena, c),
                       glm_said(arena, glm_string_or(glm_get(c, "reason"), "no reason")),
                       glm_said(arena, glm_string_or(glm_get(c, "message"), "")));
}

static const char *not_complete(struct glm_arena *arena, const char *place,
                                const struct glm_value *deployment, const struct counts *n)
{
    const struct glm_value *progressing = glm_live_condition(deployment, "Progressing");
    const struct glm_value *available = glm_live_condition(deployment, "Available");
    if (!n->current)
        return glm_sprintf(arena, "Deployment %s was changed and its rollout has not begun", place);
    if (refusal_of(deployment))
        return cannot_create(arena, place, deployment);
    if (n->wanted == 0)
        return glm_sprintf(arena,
                           "Deployment %s is scaled to zero (spec.replicas is 0): it takes no "
                           "traffic",
                           place);
    if (is_rolling(n) && glm_is_true(glm_get(glm_get(deployment, "spec"), "paused")))
        return glm_sprintf(arena,
                           "Deployment %s is paused (spec.paused is true): it has %" PRId64
                           " of %" PRId64 " new pods and makes no more before somebody resumes it "
                           "(kubectl rollout resume deployment/%s -n %s)",
                           place, n->updated, n->wanted, glm_live_name(deployment),
                           glm_live_namespace(deployment));
    if (is_stuck(deployment))
        return glm_sprintf(
            arena, "Deployment %s makes no progress%s, %" PRId64 " of %" PRId64 " pods ready: %s",
            place, condition_since(arena, progressing), n->ready, n->wanted,
            glm_said(arena, glm_string_or(glm_get(progressing, "message"), "")));
    if (is_rolling(n))
        return glm_sprintf(arena,
                           "Deployment %s is rolling out: new pods %" PRId64 " of %" PRId64
                           ", old pods left %" PRId64 ", ready %" PRId64,
                           place, n->updated, n->wanted, n->replicas - n->updated, n->ready);
    return glm_sprintf(arena, "Deployment %s has %" PRId64 " of %" PRId64 " pods ready%s", place,
                       n->ready < n->available ? n->ready : n->available, n->wanted,
                       glm_string_is(glm_get(available, "status"), "False")
                           ? condition_since(arena, available)
                           : "");
}

/* "auto" is filled in when the pod is injected; a digest alone says nothing of a tag. */
static bool image_fits(struct glm_arena *arena, const char *image, const char *tag)
{
    const char *has = glm_image_tag(arena, image);
    return strcmp(has, tag) == 0 || strcmp(image, "auto") == 0 || (!*has && strchr(image, '@'));
}

static bool is_made_by(const struct glm_value *deployment, const struct glm_value *istio_operator)
{
    return strcmp(glm_live_label(deployment, "install.operator.istio.io/owning-resource"),
                  glm_live_name(istio_operator)) == 0 &&
           strcmp(glm_live_label(deployment, "install.operator.istio.io/owning-resource-namespace"),
                  glm_live_namespace(istio_operator)) == 0;
}

static void set_progress(const struct glm_value *deployment, const struct counts *n,
                         struct istio_rollout *r)
{
    const struct glm_value *status = glm_get(deployment, "status");
    r->observed = glm_has(status, "observedGeneration") || glm_has(status, "conditions");
    r->current = n->current;
    r->rolling = is_rolling(n);
    r->stuck = n->current && is_stuck(deployment);
    r->refused = n->current && refusal_of(deployment);
    r->stopped = n->wanted == 0;
    r->available =
        glm_string_is(glm_get(glm_live_condition(deployment, "Available"), "status"), "True");
    r->once_available = once_available(deployment, n);
    r->complete = n->current && n->wanted > 0 && n->replicas == n->wanted &&
                  n->updated == n->wanted && n->ready == n->wanted && n->available == n->wanted;
}

void istio_rollout_read(struct glm_arena *arena, const struct glm_value *istio_operator,
                        const struct glm_target *target, const struct glm_value *deployment,
                        struct istio_rollout *ret_rollout)
{
    const char *place = glm_sprintf(arena, "%s/%s", target->namespace_, target->name);
    struct istio_rollout *r = ret_rollout;
    *r = (struct istio_rollout){.exists = glm_is_map(deployment)};
    if (!r->exists) {
        r->trouble = glm_sprintf(arena, "Deployment %s does not exist", place);
        return;
    }
    struct counts n = count(deployment);
    const char *image =
        glm_string_or(glm_get(glm_live_container(deployment, "istio-proxy"), "image"), "");
    r->ours = !istio_operator || is_made_by(deployment, istio_operator);
    r->image = !target->tag || image_fits(arena, image, target->tag);
    set_progress(deployment, &n, r);
    const char *dying =
        glm_string_or(glm_get_path(deployment, "metadata", "deletionTimestamp", NULL), "");
    if (*dying) {
        r->complete = false;
        r->trouble =
            glm_sprintf(arena, "Deployment %s is being deleted%s", place, glm_since(arena, dying));
    } else if (!r->ours) {
        r->trouble = wrong_owner(arena, place, deployment);
    } else if (!r->image) {
        r->trouble = glm_sprintf(arena, "Deployment %s still has the image %s instead of tag %s",
                                 place, *image ? glm_said(arena, image) : "(none)", target->tag);
    } else if (!r->complete) {
        r->trouble = not_complete(arena, place, deployment, &n);
    }
}
