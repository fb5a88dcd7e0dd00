/* SPDX-License-Identifier: Apache-2.0
 *
 * Written by `make tables` (tests/peers/tables): the spec of IstioOperator as istioctl has it, since Istio 1.24.
 */
/* clang-format off */
#include "table.h"

const struct glm_spec_field spec_installer_fields[] = {
    /* ---- GatewayComponentSpec ---- */
    FIELD("enabled", BOOL, ONE, 0, 0, 0),
    FIELD("hub", STRING, ONE, 0, 0, 0),
    FIELD_OF("k8s", OBJECT, ONE, T_installer_KubernetesResources, 0, 0, 0),
    FIELD("label", STRING, MAP, L_labels, 0, 0),
    FIELD("name", STRING, ONE, 0, 0, 0),
    FIELD("namespace", STRING, ONE, 0, 0, 0),
    FIELD("tag", ANY, ONE, 0, 0, 0),
    /* ---- IstioComponentSpec ---- */
    FIELD("base", FREE, ONE, 0, 0, 0),
    FIELD("cni", FREE, ONE, 0, 0, 0),
    FIELD_OF("egressGateways", OBJECT, LIST, T_installer_GatewayComponentSpec, 0, 0, 0),
    FIELD_OF("ingressGateways", OBJECT, LIST, T_installer_GatewayComponentSpec, 0, 0, 0),
    FIELD("istiodRemote", FREE, ONE, 0, 0, 0),
    FIELD("pilot", FREE, ONE, 0, 0, 0),
    FIELD("ztunnel", FREE, ONE, 0, 0, 0),
    /* ---- IstioOperatorSpec ---- */
    FIELD("addonComponents", ANY, ONE, L_dropped, 0, 0),
    FIELD("compatibilityVersion", STRING, ONE, 0, 0, 0),
    FIELD_OF("components", OBJECT, ONE, T_installer_IstioComponentSpec, 0, 0, 0),
    FIELD("defaultRevision", ANY, ONE, L_dropped, 0, 0),
    FIELD("hub", STRING, ONE, 0, 0, 0),
    FIELD("installPackagePath", STRING, ONE, 0, 0, 0),
    FIELD_OF("meshConfig", OBJECT, ONE, T_mesh_MeshConfig, 0, 0, 0),
    FIELD("namespace", STRING, ONE, 0, 0, 0),
    FIELD("profile", STRING, ONE, 0, 0, 0),
    FIELD("resourceSuffix", ANY, ONE, L_dropped, 0, 0),
    FIELD("revision", STRING, ONE, 0, 0, 0),
    FIELD("tag", ANY, ONE, 0, 0, 0),
    FIELD("unvalidatedValues", FREE, ONE, 0, 0, 0),
    FIELD_OF("values", OBJECT, ONE, T_values_Values, 0, 0, 0),
    /* ---- KubernetesOverlay ---- */
    FIELD("apiVersion", STRING, ONE, 0, 0, 0),
    FIELD("kind", STRING, ONE, 0, 0, 0),
    FIELD("name", STRING, ONE, 0, 0, 0),
    FIELD_OF("patches", OBJECT, LIST, T_installer_Patch, 0, 0, 0),
    /* ---- KubernetesResources ---- */
    FIELD_OF("affinity", OBJECT, ONE, T_core_Affinity, 0, 0, 0),
    FIELD_OF("env", OBJECT, LIST, T_core_EnvVar, L_by_name, 0, 0),
    FIELD_OF("hpaSpec", OBJECT, ONE, T_autoscaling_HorizontalPodAutoscalerSpec, 0, 0, 0),
    FIELD_OF("imagePullPolicy", ENUM, ONE, E_core_PullPolicy, 0, 0, 0),
    FIELD("nodeSelector", STRING, MAP, L_labels, 0, 0),
    FIELD_OF("overlays", OBJECT, LIST, T_installer_KubernetesOverlay, 0, 0, 0),
    FIELD("podAnnotations", STRING, MAP, L_annotations, 0, 0),
    FIELD_OF("podDisruptionBudget", OBJECT, ONE, T_policy_PodDisruptionBudgetSpec, 0, 0, 0),
    FIELD("priorityClassName", STRING, ONE, L_dns_subdomain, 0, 0),
    FIELD_OF("readinessProbe", OBJECT, ONE, T_core_Probe, 0, 0, 0),
    FIELD("replicaCount", UINT32, ONE, L_range_0_2147483647, 0, 0),
    FIELD_OF("resources", OBJECT, ONE, T_core_ResourceRequirements, 0, 0, 0),
    FIELD_OF("securityContext", OBJECT, ONE, T_core_PodSecurityContext, 0, 0, 0),
    FIELD_OF("service", OBJECT, ONE, T_core_ServiceSpec, 0, 0, 0),
    FIELD("serviceAnnotations", STRING, MAP, L_annotations, 0, 0),
    FIELD_OF("strategy", OBJECT, ONE, T_apps_DeploymentStrategy, 0, 0, 0),
    FIELD_OF("tolerations", OBJECT, LIST, T_core_Toleration, 0, 0, 0),
    FIELD_OF("volumeMounts", OBJECT, LIST, T_core_VolumeMount, L_by_mountPath, 0, 0),
    FIELD_OF("volumes", OBJECT, LIST, T_core_Volume, L_by_name, 0, 0),
    /* ---- Patch ---- */
    FIELD("path", STRING, ONE, 0, 0, 0),
    FIELD("value", ANY, ONE, 0, 0, 0),
};
