/* SPDX-License-Identifier: Apache-2.0
 *
 * Observe: gathers what a live cluster has of one installation, for the judgement, which is pure.
 */
#include "lifecycle_internal.h"

#include <string.h>

static bool read_deployments(struct glm_cluster *cluster, struct glm_arena *arena,
                             struct sight *sight, struct glm_diags *d)
{
    sight->deployments = GLM_NEW_ARRAY(arena, sight->target_count, const struct glm_value *);
    for (size_t i = 0; i < sight->target_count; i++) {
        const struct glm_target *target = &sight->targets[i];
        const struct glm_object_ref ref = {
            .kind = GLM_KIND_DEPLOYMENT, .namespace_ = target->namespace_, .name = target->name};
        struct glm_read read;
        if (!cluster->ops->read(cluster, arena, &ref, &read, d))
            return false;
        sight->deployments[i] = read.found == GLM_FOUND ? read.object : &glm_null;
    }
    return true;
}

bool observe_object(struct glm_cluster *cluster, struct glm_arena *arena,
                    const struct glm_value *object, const struct sight_of *of,
                    struct sight *ret_sight, struct glm_diags *d)
{
    *ret_sight = (struct sight){.found = glm_is_null(object) ? GLM_FOUND_NOTHING : GLM_FOUND,
                                .object = object};
    ret_sight->target_count = glm_targets(arena, object, &ret_sight->targets);
    if (!read_deployments(cluster, arena, ret_sight, d))
        return false;
    const struct glm_observed observed = {
        .wanted = of->wanted,
        .istio_operator = object,
        .targets = ret_sight->targets,
        .target_count = ret_sight->target_count,
        .deployments = ret_sight->deployments,
        .healthy = of->healthy,
        .written = of->written,
    };
    glm_judge(arena, &observed, &ret_sight->judgement);
    return true;
}

bool observe(struct glm_cluster *cluster, struct glm_arena *arena, const struct sight_of *of,
             struct sight *ret_sight, struct glm_diags *d)
{
    struct glm_read read;
    if (!cluster->ops->read(cluster, arena, &of->ref, &read, d))
        return false;
    const struct glm_value *object = read.found == GLM_FOUND ? read.object : &glm_null;
    if (!observe_object(cluster, arena, object, of, ret_sight, d))
        return false;
    if (read.found == GLM_FOUND_NO_API) {
        ret_sight->found = read.found;
        ret_sight->judgement = (struct glm_judgement){
            .state = of->wanted ? GLM_STATE_FAILED : GLM_STATE_UNINSTALLED_GATEWAY,
            .message =
                glm_sprintf(arena, "The cluster does not serve IstioOperators: %s.", read.why),
            .settled = true};
    }
    return true;
}

/* ---- why ---- */

const char *observe_labels(struct glm_arena *arena, const struct glm_value *labels)
{
    struct glm_text text;
    glm_text_init(&text, arena, (size_t)64 << 10);
    for (size_t i = 0; glm_is_map(labels) && i < labels->len; i++)
        glm_text_addf(&text, "%s%s=%s", i ? "," : "", labels->as.map[i].key,
                      glm_string_or(labels->as.map[i].value, ""));
    return text.data;
}

const char *observe_why(struct glm_cluster *cluster, struct glm_arena *arena,
                        const struct sight *sight)
{
    struct glm_text text;
    glm_text_init(&text, arena, (size_t)64 << 10);
    for (size_t i = 0; i < sight->target_count; i++) {
        const struct glm_value *deployment = sight->deployments[i];
        const struct glm_target *target = &sight->targets[i];
        const char *selector = observe_labels(
            arena, glm_get_path(deployment, "spec", "selector", "matchLabels", NULL));
        if (!*selector)
            continue;
        const struct glm_selection pods = {
            .namespace_ = target->namespace_, .labels = selector, .fresh = true};
        const struct glm_selection warnings = {
            .namespace_ = target->namespace_, .fields = "type=Warning", .fresh = true};
        const char *why = glm_why_not_ready(
            arena, deployment, list_if_allowed(cluster, arena, GLM_KIND_POD, &pods),
            list_if_allowed(cluster, arena, GLM_KIND_EVENT, &warnings));
        if (*why)
            glm_text_addf(&text, "%s%s", text.len ? "\n" : "", why);
    }
    return text.data;
}
