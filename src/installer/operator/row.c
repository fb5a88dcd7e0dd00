/* SPDX-License-Identifier: Apache-2.0
 *
 * The row of the installer "istio_operator".
 */
#include "glm/installer_operator.h"
#include "operator.h"

static const struct glm_installer_kind kinds[] = {
    {.kind = GLM_KIND_ISTIO_OPERATOR, .role = GLM_ROLE_WORKLOAD, .find = true, .main = true},
    {.kind = GLM_KIND_SERVICE, .role = GLM_ROLE_TRAFFIC},
    {.kind = NULL},
};
static const struct glm_object_kind *const followed[] = {GLM_KIND_ISTIO_OPERATOR,
                                                         GLM_KIND_DEPLOYMENT, NULL};
static const struct glm_object_kind *const asks[] = {GLM_KIND_DEPLOYMENT, GLM_KIND_MUTATING_WEBHOOK,
                                                     GLM_KIND_POD, GLM_KIND_EVENT, NULL};
static const struct glm_object_kind *const rivals[] = {GLM_KIND_ISTIO_OPERATOR, NULL};
static const char *const forms[] = {"istio_operator_spec", NULL};

const struct glm_installer glm_installer_operator = {
    .name = "istio_operator",
    .what = "IstioOperators and Services",
    .kinds = kinds,
    .followed = followed,
    .forms = forms,
    .asks = asks,
    .rivals = rivals,
    .rival_why =
        "Two IstioOperators that render the same gateway overwrite each other's Deployment, "
        "and removing one takes it away from the other.",
    .revision_label = "revision",
    .held = "the Istio operator takes off its own when it has removed the gateway",
    .inherited =
        "Nothing is replaced, and nothing restarts when the operator is of the same Istio version.",
    .notes_size = sizeof(struct operator_notes),
    .render = operator_render,
    .traits = operator_traits,
    .loses = operator_loses,
    .makes = operator_makes,
    .targets = operator_targets,
    .judge = operator_judge_sight,
    .steps = operator_steps,
    .yields = operator_yields,
    .inherits = operator_inherits,
    .pods = operator_pods,
    .namesake = operator_namesake,
    .recall = operator_recall,
    .preflight = operator_preflight,
    .give_up = operator_give_up,
    .explain = operator_explain,
};
