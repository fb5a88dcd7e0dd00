/* SPDX-License-Identifier: Apache-2.0
 *
 * Written by `make tables` (tests/peers/tables): the spec of IstioOperator as istioctl has it, since Istio 1.24.
 */
/* clang-format off */
#include "table.h"

const struct glm_spec_field glm_spec_installer_fields[] = {
    /* ---- GatewayComponentSpec ---- */
    FIELD("enabled", BOOL, ONE, 0, 0, 0),
    FIELD("hub", STRING, ONE, 8, 0, 0), /* hub */
    FIELD_OF("k8s", OBJECT, ONE, T_installer_KubernetesResources, 0, 0, 0),
    FIELD("label", STRING, MAP, 9, 0, 0), /* labels */
    FIELD("name", STRING, ONE, 0, 0, 0),
    FIELD("namespace", STRING, ONE, 0, 0, 0),
    FIELD("tag", ANY, ONE, 10, 0, 0), /* tag */
    /* ---- IstioComponentSpec ---- */
    FIELD("base", FREE, ONE, 0, 0, 0),
    FIELD("cni", FREE, ONE, 0, 0, 0),
    FIELD_OF("egressGateways", OBJECT, LIST, T_installer_GatewayComponentSpec, 0, 0, 0),
    FIELD_OF("ingressGateways", OBJECT, LIST, T_installer_GatewayComponentSpec, 0, 0, 0),
    FIELD("istiodRemote", FREE, ONE, 0, 0, 0),
    FIELD("pilot", FREE, ONE, 0, 0, 0),
    FIELD("ztunnel", FREE, ONE, 0, 0, 0),
    /* ---- IstioOperatorSpec ---- */
    FIELD("addonComponents", ANY, ONE, 17, 0, 0), /* dropped */
    FIELD("compatibilityVersion", STRING, ONE, 0, 0, 0),
    FIELD_OF("components", OBJECT, ONE, T_installer_IstioComponentSpec, 0, 0, 0),
    FIELD("defaultRevision", ANY, ONE, 17, 0, 0), /* dropped */
    FIELD("hub", STRING, ONE, 8, 0, 0), /* hub */
    FIELD("installPackagePath", STRING, ONE, 0, 0, 0),
    FIELD_OF("meshConfig", OBJECT, ONE, T_mesh_MeshConfig, 0, 0, 0),
    FIELD("namespace", STRING, ONE, 0, 0, 0),
    FIELD("profile", STRING, ONE, 0, 0, 0),
    FIELD("resourceSuffix", ANY, ONE, 17, 0, 0), /* dropped */
    FIELD("revision", STRING, ONE, 0, 0, 0),
    FIELD("tag", ANY, ONE, 10, 0, 0), /* tag */
    FIELD("unvalidatedValues", FREE, ONE, 0, 0, 0),
    FIELD_OF("values", OBJECT, ONE, T_values_Values, 0, 0, 0),
    /* ---- KubernetesOverlay ---- */
    FIELD("apiVersion", STRING, ONE, 0, 0, 0),
    FIELD("kind", STRING, ONE, 0, 0, 0),
    FIELD("name", STRING, ONE, 0, 0, 0),
    FIELD_OF("patches", OBJECT, LIST, T_installer_Patch, 0, 0, 0),
    /* ---- KubernetesResources ---- */
    FIELD_OF("affinity", OBJECT, ONE, T_core_Affinity, 0, 0, 0),
    FIELD_OF("env", OBJECT, LIST, T_core_EnvVar, 18, 0, 0), /* by name */
    FIELD_OF("hpaSpec", OBJECT, ONE, T_autoscaling_HorizontalPodAutoscalerSpec, 0, 0, 0),
    FIELD_OF("imagePullPolicy", ENUM, ONE, E_core_PullPolicy, 0, 0, 0),
    FIELD("nodeSelector", STRING, MAP, 9, 0, 0), /* labels */
    FIELD_OF("overlays", OBJECT, LIST, T_installer_KubernetesOverlay, 0, 0, 0),
    FIELD("podAnnotations", STRING, MAP, 19, 0, 0), /* annotations */
    FIELD_OF("podDisruptionBudget", OBJECT, ONE, T_policy_PodDisruptionBudgetSpec, 0, 0, 0),
    FIELD("priorityClassName", STRING, ONE, 20, 0, 0), /* dns subdomain */
    FIELD_OF("readinessProbe", OBJECT, ONE, T_core_Probe, 0, 0, 0),
    FIELD("replicaCount", UINT32, ONE, 21, 0, 0), /* 0 to 2147483647 */
    FIELD_OF("resources", OBJECT, ONE, T_core_ResourceRequirements, 0, 0, 0),
    FIELD_OF("securityContext", OBJECT, ONE, T_core_PodSecurityContext, 0, 0, 0),
    FIELD_OF("service", OBJECT, ONE, T_core_ServiceSpec, 0, 0, 0),
    FIELD("serviceAnnotations", STRING, MAP, 19, 0, 0), /* annotations */
    FIELD_OF("strategy", OBJECT, ONE, T_apps_DeploymentStrategy, 0, 0, 0),
    FIELD_OF("tolerations", OBJECT, LIST, T_core_Toleration, 0, 0, 0),
    FIELD_OF("volumeMounts", OBJECT, LIST, T_core_VolumeMount, 22, 0, 0), /* by mountPath */
    FIELD_OF("volumes", OBJECT, LIST, T_core_Volume, 18, 0, 0), /* by name */
    /* ---- Patch ---- */
    FIELD("path", STRING, ONE, 0, 0, 0),
    FIELD("value", ANY, ONE, 0, 0, 0),
};
