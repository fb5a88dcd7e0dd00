/* SPDX-License-Identifier: Apache-2.0
 *
 * Sight: what is found of a pair, taken apart for the judge: its IstioOperator, and the Deployments
 * of the gateways that this makes. Pure.
 */
#include "operator.h"

size_t operator_targets(const struct glm_installer_call *call,
                        const struct glm_installer_sight *sight, const struct glm_object_ref **ret)
{
    const struct glm_target *targets;
    size_t count = glm_targets(call->arena, operator_found(sight), &targets);
    struct glm_object_ref *refs = GLM_NEW_ARRAY(call->arena, count, struct glm_object_ref);
    for (size_t i = 0; i < count; i++)
        refs[i] = (struct glm_object_ref){.kind = GLM_KIND_DEPLOYMENT,
                                          .namespace_ = targets[i].namespace_,
                                          .name = targets[i].name,
                                          .labelled = true};
    *ret = refs;
    return count;
}

/* The Deployments beside the targets. Of very many gateways only the first ones are looked at; they
 * come in the order of operator_targets. */
static size_t deployments_of(const struct glm_installer_call *call,
                             const struct glm_installer_sight *sight,
                             const struct glm_target **ret_targets,
                             const struct glm_value *const **ret_deployments)
{
    size_t count = glm_targets(call->arena, operator_found(sight), ret_targets);
    count = count < sight->target_count ? count : sight->target_count;
    const struct glm_value **deployments =
        GLM_NEW_ARRAY(call->arena, count, const struct glm_value *);
    for (size_t i = 0; i < count; i++)
        deployments[i] = sight->targets[i].read.object;
    *ret_deployments = deployments;
    return count;
}

void operator_judge_sight(const struct glm_installer_call *call,
                          const struct glm_installer_sight *sight, void *notes,
                          struct glm_installer_judgement *ret)
{
    struct operator_judgement judgement;
    struct operator_notes none = {0};
    struct operator_observed observed = {
        .wanted = sight->wanted,
        .istio_operator = operator_found(sight),
        .healthy = sight->healthy,
        .written = sight->written,
    };
    observed.target_count = deployments_of(call, sight, &observed.targets, &observed.deployments);
    operator_judge(call->arena, &observed, &judgement);
    *ret = (struct glm_installer_judgement){
        .state = judgement.state,
        .message = judgement.message,
        .quiet = judgement.quiet,
        .settled = judgement.settled,
        .hold_ms = operator_hold_ms(call, sight, &judgement, notes ? notes : &none),
    };
}
