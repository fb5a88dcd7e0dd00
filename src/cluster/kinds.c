/* SPDX-License-Identifier: Apache-2.0
 *
 * The kinds of objects that this provider writes and looks at, a row each.
 */
#include "glm/object.h"

/* Of a kind that clusters have many others of: the usual ones are those that carry our label. */
#define OURS                                                                                       \
    .many = true, .label = "app.kubernetes.io/managed-by", .value = "terraform-provider-glm"

const struct glm_object_kind glm_object_kinds[] = {
    [GLM_ROW_NAMESPACE] = {.api_version = "v1",
                           .name = "Namespace",
                           .plural = "namespaces",
                           .order = 1,
                           .stays = true,
                           .shared = true},
    [GLM_ROW_ISTIO_OPERATOR] = {.api_version = "install.istio.io/v1alpha1",
                                .name = "IstioOperator",
                                .plural = "istiooperators",
                                .namespaced = true,
                                .order = 2,
                                .many = true,
                                .absent =
                                    "the CustomResourceDefinition istiooperators.install.istio.io "
                                    "is not installed, so there is no Istio operator either. Istio "
                                    "1.24 and later has none: say installer = \"direct\" in this "
                                    "cluster's entry of the provider's `clusters`, and the "
                                    "provider makes the gateway itself. Istio has one up to "
                                    "version 1.23: install it with `istioctl operator init` of the "
                                    "version wanted. Gloo Mesh and pluma-operator bring one of "
                                    "their own."},
    [GLM_ROW_SERVICE] = {.api_version = "v1",
                         .name = "Service",
                         .plural = "services",
                         .namespaced = true,
                         .order = 5,
                         OURS},
    /* The label is on each that is rendered from an IstioOperator: the operator's, istioctl's and ours. */
    [GLM_ROW_DEPLOYMENT] = {.api_version = "apps/v1",
                            .name = "Deployment",
                            .plural = "deployments",
                            .namespaced = true,
                            .order = 3,
                            .many = true,
                            .label = "install.operator.istio.io/owning-resource"},
    [GLM_ROW_SERVICE_ACCOUNT] = {.api_version = "v1",
                                 .name = "ServiceAccount",
                                 .plural = "serviceaccounts",
                                 .namespaced = true,
                                 .order = 2,
                                 OURS},
    [GLM_ROW_ROLE] = {.api_version = "rbac.authorization.k8s.io/v1",
                      .name = "Role",
                      .plural = "roles",
                      .namespaced = true,
                      .order = 2,
                      .grants = "{apiGroups: [\"\"], resources: [\"secrets\"], verbs: [\"get\", "
                                "\"list\", \"watch\"]}",
                      OURS},
    [GLM_ROW_ROLE_BINDING] = {.api_version = "rbac.authorization.k8s.io/v1",
                              .name = "RoleBinding",
                              .plural = "rolebindings",
                              .namespaced = true,
                              .order = 2,
                              OURS},
    [GLM_ROW_AUTOSCALER] = {.api_version = "autoscaling/v2",
                            .name = "HorizontalPodAutoscaler",
                            .plural = "horizontalpodautoscalers",
                            .namespaced = true,
                            .order = 4,
                            OURS},
    [GLM_ROW_BUDGET] = {.api_version = "policy/v1",
                        .name = "PodDisruptionBudget",
                        .plural = "poddisruptionbudgets",
                        .namespaced = true,
                        .order = 4,
                        OURS},
    [GLM_ROW_NETWORK_POLICY] = {.api_version = "networking.k8s.io/v1",
                                .name = "NetworkPolicy",
                                .plural = "networkpolicies",
                                .namespaced = true,
                                .order = 4,
                                OURS},
    [GLM_ROW_POD] = {.api_version = "v1", .name = "Pod", .plural = "pods", .namespaced = true},
    [GLM_ROW_EVENT] = {.api_version = "v1",
                       .name = "Event",
                       .plural = "events",
                       .namespaced = true},
    [GLM_ROW_ENDPOINT_SLICE] = {.api_version = "discovery.k8s.io/v1",
                                .name = "EndpointSlice",
                                .plural = "endpointslices",
                                .namespaced = true},
    [GLM_ROW_MUTATING_WEBHOOK] = {.api_version = "admissionregistration.k8s.io/v1",
                                  .name = "MutatingWebhookConfiguration",
                                  .plural = "mutatingwebhookconfigurations",
                                  .label = "istio.io/rev"},
    [GLM_ROWS] = {.name = NULL},
};
