/* SPDX-License-Identifier: Apache-2.0
 *
 * The kinds of objects that this provider writes and looks at, a row each.
 */
#include "glm/object.h"

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
                                    "is not installed. Install the in-cluster Istio operator "
                                    "(Istio 1.23 or earlier), or another installer that serves "
                                    "it."},
    [GLM_ROW_SERVICE] = {.api_version = "v1",
                         .name = "Service",
                         .plural = "services",
                         .namespaced = true,
                         .order = 3,
                         .many = true,
                         .label = "app.kubernetes.io/managed-by",
                         .value = "terraform-provider-glm"},
    /* The Istio operator labels its own, and nobody looks for another's by its name. */
    [GLM_ROW_DEPLOYMENT] = {.api_version = "apps/v1",
                            .name = "Deployment",
                            .plural = "deployments",
                            .namespaced = true,
                            .many = true,
                            .label = "install.operator.istio.io/owning-resource",
                            .all_labelled = true},
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
