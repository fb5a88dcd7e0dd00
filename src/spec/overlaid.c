/* SPDX-License-Identifier: Apache-2.0
 *
 * Overlays: the one that sets what Kubernetes has and the operator's types have not, and what those
 * change that are there.
 *
 * Depth: a path has no more steps than a document is deep.
 */
#include "internal.h"

#include <string.h>

/* Where a field of k8s.* ends up, and the path to it there. */
static const struct {
    const char *field, *kind, *path;
} targets[] = {
    {"affinity", "Deployment", "spec.template.spec.affinity"},
    {"env", "Deployment", "spec.template.spec.containers.[name:istio-proxy].env"},
    {"hpaSpec", "HorizontalPodAutoscaler", "spec"},
    {"podDisruptionBudget", "PodDisruptionBudget", "spec"},
    {"resources", "Deployment", "spec.template.spec.containers.[name:istio-proxy].resources"},
    {"securityContext", "Deployment", "spec.template.spec.securityContext"},
    {"service", "Service", "spec"},
    {"strategy", "Deployment", "spec.strategy"},
    {"tolerations", "Deployment", "spec.template.spec.tolerations"},
};

/* Kubernetes' type for one of the operator's. */
static const struct glm_spec_type *real_type(const struct glm_spec_type *type)
{
    const char *name = type->name;
    if (type->decoder != GLM_SPEC_PROTO)
        return NULL;
    if (strcmp(name, "Resources") == 0)
        name = "ResourceRequirements";
    return glm_spec_type(name, GLM_SPEC_NEWEST);
}

/* The steps from k8s on, first to last. NULL: it does not stand below one. */
static const struct glm_path **steps_of(struct glm_arena *arena, const struct glm_path *where,
                                        size_t *ret_count)
{
    size_t count = 0;
    const struct glm_path *at = where;
    for (; at && (at->step == GLM_STEP_INDEX || strcmp(at->name, "k8s") != 0); at = at->up)
        count++;
    if (!at || count == 0)
        return NULL;
    const struct glm_path **steps = GLM_NEW_ARRAY(arena, count, const struct glm_path *);
    at = where;
    for (size_t i = count; i-- > 0; at = at->up)
        steps[i] = at;
    *ret_count = count;
    return steps;
}

bool glm_spec_is_patched(const struct glm_value *overlays, const char *word)
{
    for (size_t i = 0; glm_is_list(overlays) && i < overlays->len; i++) {
        const struct glm_value *patches = glm_get(glm_at(overlays, i), "patches");
        for (size_t k = 0; glm_is_list(patches) && k < patches->len; k++)
            if (strstr(glm_string_or(glm_get(glm_at(patches, k), "path"), ""), word))
                return true;
    }
    return false;
}

const char *spec_overlaid(struct glm_spec_walk *w, const struct glm_spec_type *type,
                          const char *key, const struct glm_path *where)
{
    const struct glm_spec_type *real = w->whole ? NULL : real_type(type);
    size_t count = 0, target = 0;
    if (!real || !glm_spec_field(real, key, GLM_SPEC_NEWEST))
        return NULL;
    const struct glm_path **steps = steps_of(w->r->arena, where, &count);
    while (steps && target < sizeof targets / sizeof *targets &&
           strcmp(targets[target].field, steps[0]->name) != 0)
        target++;
    if (!steps || target == sizeof targets / sizeof *targets)
        return NULL;
    struct glm_text path;
    glm_text_init(&path, w->r->arena, SIZE_MAX / 4);
    glm_text_adds(&path, targets[target].path);
    for (size_t i = 1; i < count; i++) {
        if (steps[i]->step != GLM_STEP_INDEX)
            glm_text_addf(&path, ".%s", steps[i]->name);
        else if (strcmp(steps[0]->name, "env") == 0)
            glm_text_adds(&path, ".[name:VARIABLE]"); /* the chart has others before it */
        else
            glm_text_addf(&path, ".[%zu]", steps[i]->index);
    }
    return glm_sprintf(w->r->arena,
                       " Kubernetes has it: set it with an entry under overlays instead (kind %s, "
                       "path %s).",
                       targets[target].kind, path.data);
}
