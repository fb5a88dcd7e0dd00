/* SPDX-License-Identifier: Apache-2.0
 *
 * Whether a gateway's Deployment serves what its IstioOperator wants, by its own generation: the
 * one witness of a gateway's health that is never out of date.
 */
#include "judge.h"

#include <string.h>

static int64_t number(const struct glm_value *v, int64_t fallback)
{
    int64_t n;
    return glm_number_int64(v, &n) ? n : fallback;
}

const struct glm_value *condition_of(const struct glm_value *object, const char *type)
{
    const struct glm_value *list = glm_get_path(object, "status", "conditions", NULL);
    for (size_t i = 0; glm_is_list(list) && i < list->len; i++)
        if (glm_string_is(glm_get(list->as.list[i], "type"), type))
            return list->as.list[i];
    return &glm_null;
}

static bool is_true(const struct glm_value *condition)
{
    return glm_string_is(glm_get(condition, "status"), "True");
}

/* "hub/proxyv2:1.24.2-distroless@sha256:..." has the tag 1.24.2, with a variant. */
static bool image_has_tag(const char *image, const char *tag)
{
    size_t len = strcspn(image, "@");
    const char *slash = image;
    for (const char *p = image; p < image + len; p++)
        if (*p == '/')
            slash = p;
    const char *colon = memchr(slash, ':', len - (size_t)(slash - image));
    if (!colon)
        return false;
    size_t rest = len - (size_t)(colon + 1 - image), wanted = strlen(tag);
    return rest >= wanted && memcmp(colon + 1, tag, wanted) == 0 &&
           (rest == wanted || colon[1 + wanted] == '-');
}

static bool runs_tag(const struct glm_value *deployment, const char *tag)
{
    const struct glm_value *containers =
        glm_get_path(deployment, "spec", "template", "spec", "containers", NULL);
    for (size_t i = 0; glm_is_list(containers) && i < containers->len; i++)
        if (image_has_tag(glm_string_or(glm_get(containers->as.list[i], "image"), ""), tag))
            return true;
    return false;
}

bool availability_was(const struct glm_value *deployment)
{
    return glm_string_is(glm_get(condition_of(deployment, "Progressing"), "reason"),
                         "NewReplicaSetAvailable");
}

/* ", since TIME" of a condition. */
static const char *since(struct glm_arena *arena, const struct glm_value *condition)
{
    const char *time = glm_string_or(glm_get(condition, "lastTransitionTime"), "");
    return *time ? glm_sprintf(arena, " since %s", time) : "";
}

const char *availability_lacks(struct glm_arena *arena, const struct glm_target *target,
                               const struct glm_value *deployment)
{
    const char *name = glm_sprintf(arena, "Deployment %s/%s", target->namespace_, target->name);
    if (!glm_is_map(deployment))
        return glm_sprintf(arena, "%s is not there", name);
    const struct glm_value *status = glm_get(deployment, "status");
    int64_t wanted = number(glm_get_path(deployment, "spec", "replicas", NULL), 1);
    int64_t generation = number(glm_get_path(deployment, "metadata", "generation", NULL), 0);
    if (target->tag && !runs_tag(deployment, target->tag))
        return glm_sprintf(arena, "%s does not run the image tag %s yet", name, target->tag);
    if (number(glm_get(status, "observedGeneration"), -1) < generation)
        return glm_sprintf(arena, "%s has been changed, and that is not rolled out yet", name);
    if (wanted == 0)
        return glm_sprintf(arena, "%s is scaled to zero", name);
    int64_t updated = number(glm_get(status, "updatedReplicas"), 0);
    int64_t all = number(glm_get(status, "replicas"), 0);
    int64_t ready = number(glm_get(status, "availableReplicas"), 0);
    const struct glm_value *available = condition_of(deployment, "Available");
    if (!is_true(available))
        return glm_sprintf(arena, "%s has %lld of %lld replicas available%s", name,
                           (long long)ready, (long long)wanted, since(arena, available));
    if (updated == 0 || updated < all)
        return glm_sprintf(arena, "%s is rolling out: %lld of %lld replicas are updated", name,
                           (long long)updated, (long long)wanted);
    return NULL;
}
