/* SPDX-License-Identifier: Apache-2.0
 *
 * The row of the installer "direct".
 */
#include "direct.h"
#include "glm/chart_values.h"
#include "glm/installer_direct.h"

static const struct glm_installer_kind kinds[] = {
    {.kind = GLM_KIND_SERVICE_ACCOUNT, .role = GLM_ROLE_ACCESS},
    {.kind = GLM_KIND_ROLE, .role = GLM_ROLE_ACCESS},
    {.kind = GLM_KIND_ROLE_BINDING, .role = GLM_ROLE_ACCESS},
    {.kind = GLM_KIND_DEPLOYMENT, .role = GLM_ROLE_WORKLOAD, .find = true, .main = true},
    {.kind = GLM_KIND_AUTOSCALER, .role = GLM_ROLE_WORKLOAD, .acts = true},
    {.kind = GLM_KIND_BUDGET, .role = GLM_ROLE_WORKLOAD},
    {.kind = GLM_KIND_NETWORK_POLICY, .role = GLM_ROLE_WORKLOAD},
    {.kind = GLM_KIND_SERVICE, .role = GLM_ROLE_TRAFFIC},
    {.kind = NULL},
};
static const struct glm_object_kind *const followed[] = {GLM_KIND_DEPLOYMENT, GLM_KIND_AUTOSCALER,
                                                         NULL};
static const struct glm_object_kind *const asks[] = {GLM_KIND_MUTATING_WEBHOOK, GLM_KIND_POD,
                                                     GLM_KIND_EVENT, NULL};
static const struct glm_object_kind *const rivals[] = {GLM_KIND_ISTIO_OPERATOR, NULL};
static const char *const forms[] = {GLM_FORM_SPEC, GLM_FORM_CHART, NULL};

const struct glm_installer glm_installer_direct = {
    .name = "direct",
    .what = "the gateways' own objects",
    .kinds = kinds,
    .followed = followed,
    .forms = forms,
    .asks = asks,
    .rivals = rivals,
    .rival_why =
        "An operator that takes an IstioOperator up writes over the gateway that it renders, and "
        "removing that takes the gateway away.",
    .revision_label = "revision",
    .renders = true,
    .rehearse = true,
    .inherited = "Each object is written over in its place: nothing restarts as long as the "
                 "version of Istio "
                 "stays the same.",
    .render = direct_render,
    .traits = direct_traits,
    .loses = direct_loses,
    .targets = direct_targets,
    .judge = direct_judge,
    .steps = direct_steps,
    .yields = direct_yields,
    .inherits = direct_inherits,
    .makes = direct_makes,
    .refuses = direct_refuses,
    .pods = direct_pods,
    .namesake = direct_namesake,
    .recall = direct_recall,
    .preflight = direct_preflight,
    .give_up = direct_give_up,
    .explain = direct_explain,
};
