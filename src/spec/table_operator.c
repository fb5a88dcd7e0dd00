/* SPDX-License-Identifier: Apache-2.0
 *
 * Written by `make tables` (tests/peers/tables): the spec of IstioOperator as operator.proto has it, until Istio 1.23.
 */
/* clang-format off */
#include "table.h"

const struct glm_spec_field glm_spec_operator_fields[] = {
    /* ---- Affinity ---- */
    FIELD_OF("nodeAffinity", OBJECT, ONE, T_operator_NodeAffinity, 0, 0, 0),
    FIELD_OF("podAffinity", OBJECT, ONE, T_operator_PodAffinity, 0, 0, 0),
    FIELD_OF("podAntiAffinity", OBJECT, ONE, T_operator_PodAntiAffinity, 0, 0, 0),
    /* ---- ClientIPConfig ---- */
    FIELD("timeoutSeconds", INT32, ONE, 1, 0, 0), /* 1 to 86400 */
    /* ---- ConfigMapKeySelector ---- */
    FIELD("key", STRING, ONE, 0, 0, 0),
    FIELD_OF("localObjectReference", OBJECT, ONE, T_operator_LocalObjectReference, 0, 0, 0),
    FIELD("optional", BOOL, ONE, 0, 0, 0),
    /* ---- ContainerResourceMetricSource ---- */
    FIELD("container", STRING, ONE, 2, 0, 0), /* required */
    FIELD("name", STRING, ONE, 2, 0, 0), /* required */
    FIELD_OF("target", OBJECT, ONE, T_operator_MetricTarget, 2, 0, 0), /* required */
    /* ---- CrossVersionObjectReference ---- */
    FIELD("apiVersion", STRING, ONE, 0, 0, 0),
    FIELD("kind", STRING, ONE, 3, 0, 0), /* required in whole objects */
    FIELD("name", STRING, ONE, 3, 0, 0), /* required in whole objects */
    /* ---- DeploymentStrategy ---- */
    FIELD_OF("rollingUpdate", OBJECT, ONE, T_operator_RollingUpdateDeployment, 0, 0, 0),
    FIELD_OF("type", ENUM, ONE, E_apps_DeploymentStrategyType, 0, 0, 0),
    /* ---- EnvVar ---- */
    FIELD("name", STRING, ONE, 4, 0, 0), /* required, env name */
    FIELD("value", STRING, ONE, 0, 0, 0),
    FIELD_OF("valueFrom", OBJECT, ONE, T_operator_EnvVarSource, 0, 0, 0),
    /* ---- EnvVarSource ---- */
    FIELD_OF("configMapKeyRef", OBJECT, ONE, T_operator_ConfigMapKeySelector, 5, 0, 0), /* refused */
    FIELD_OF("fieldRef", OBJECT, ONE, T_operator_ObjectFieldSelector, 0, 0, 0),
    FIELD_OF("resourceFieldRef", OBJECT, ONE, T_operator_ResourceFieldSelector, 0, 0, 0),
    FIELD_OF("secretKeyRef", OBJECT, ONE, T_operator_SecretKeySelector, 5, 0, 0), /* refused */
    /* ---- ExecAction ---- */
    FIELD("command", STRING, LIST, 2, 0, 0), /* required */
    /* ---- ExternalMetricSource ---- */
    FIELD_OF("metric", OBJECT, ONE, T_operator_MetricIdentifier, 2, 0, 0), /* required */
    FIELD("metricName", STRING, ONE, 6, 0, 0), /* refused */
    FIELD_OF("metricSelector", OBJECT, ONE, T_meta_LabelSelector, 6, 0, 0), /* refused */
    FIELD_OF("target", OBJECT, ONE, T_operator_MetricTarget, 2, 0, 0), /* required */
    FIELD("targetAverageValue", INT_OR_STRING, ONE, 7, 0, 0), /* refused */
    FIELD("targetValue", INT_OR_STRING, ONE, 7, 0, 0), /* refused */
    /* ---- GatewaySpec ---- */
    FIELD("enabled", BOOL, ONE, 0, 0, 0),
    FIELD("hub", STRING, ONE, 8, 0, 0), /* hub */
    FIELD_OF("k8s", OBJECT, ONE, T_operator_KubernetesResourcesSpec, 0, 0, 0),
    FIELD("label", STRING, MAP, 9, 0, 0), /* labels */
    FIELD("name", STRING, ONE, 0, 0, 0),
    FIELD("namespace", STRING, ONE, 0, 0, 0),
    FIELD("tag", ANY, ONE, 10, 0, 0), /* tag */
    /* ---- HPAScalingPolicy ---- */
    FIELD("periodSeconds", INT32, ONE, 11, 0, 0), /* required, 1 to 1800 */
    FIELD_OF("type", ENUM, ONE, E_autoscaling_HPAScalingPolicyType, 2, 0, 0), /* required */
    FIELD("value", INT32, ONE, 12, 0, 0), /* required, 1 to 2147483647 */
    /* ---- HPAScalingRules ---- */
    FIELD_OF("policies", OBJECT, LIST, T_operator_HPAScalingPolicy, 0, 0, 0),
    FIELD_OF("selectPolicy", ENUM, ONE, E_autoscaling_ScalingPolicySelect, 0, 0, 0),
    FIELD("stabilizationWindowSeconds", INT32, ONE, 13, 0, 0), /* 0 to 3600 */
    /* ---- HTTPGetAction ---- */
    FIELD("host", STRING, ONE, 0, 0, 0),
    FIELD_OF("httpHeaders", OBJECT, LIST, T_operator_HTTPHeader, 0, 0, 0),
    FIELD("path", STRING, ONE, 0, 0, 0),
    FIELD("port", INT_OR_STRING, ONE, 14, 0, 0), /* required in whole objects, port or name */
    FIELD_OF("scheme", ENUM, ONE, E_core_URIScheme, 0, 0, 0),
    /* ---- HTTPHeader ---- */
    FIELD("name", STRING, ONE, 2, 0, 0), /* required */
    FIELD("value", STRING, ONE, 0, 0, 0),
    /* ---- HorizontalPodAutoScalerBehavior ---- */
    FIELD_OF("scaleDown", OBJECT, ONE, T_operator_HPAScalingRules, 0, 0, 0),
    FIELD_OF("scaleUp", OBJECT, ONE, T_operator_HPAScalingRules, 0, 0, 0),
    /* ---- HorizontalPodAutoscalerSpec ---- */
    FIELD_OF("behavior", OBJECT, ONE, T_operator_HorizontalPodAutoScalerBehavior, 0, 0, 0),
    FIELD("maxReplicas", INT32, ONE, 15, 0, 0), /* required in whole objects, 1 to 2147483647 */
    FIELD_OF("metrics", OBJECT, LIST, T_operator_MetricSpec, 0, 0, 0),
    FIELD("minReplicas", INT32, ONE, 16, 0, 0), /* 1 to 2147483647 */
    FIELD_OF("scaleTargetRef", OBJECT, ONE, T_operator_CrossVersionObjectReference, 3, 0, 0), /* required in whole objects */
    /* ---- IstioComponentSetSpec ---- */
    FIELD("base", FREE, ONE, 0, 0, 0),
    FIELD("cni", FREE, ONE, 0, 0, 0),
    FIELD_OF("egressGateways", OBJECT, LIST, T_operator_GatewaySpec, 0, 0, 0),
    FIELD_OF("ingressGateways", OBJECT, LIST, T_operator_GatewaySpec, 0, 0, 0),
    FIELD("istiodRemote", FREE, ONE, 0, 0, 0),
    FIELD("pilot", FREE, ONE, 0, 0, 0),
    FIELD("ztunnel", FREE, ONE, 0, 0, 0),
    /* ---- IstioOperatorSpec ---- */
    FIELD("addonComponents", ANY, ONE, 17, 0, 0), /* dropped */
    FIELD("compatibilityVersion", STRING, ONE, 0, 0, 0),
    FIELD_OF("components", OBJECT, ONE, T_operator_IstioComponentSetSpec, 0, 0, 0),
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
    /* ---- K8SObjectOverlay ---- */
    FIELD("apiVersion", STRING, ONE, 0, 0, 0),
    FIELD("kind", STRING, ONE, 0, 0, 0),
    FIELD("name", STRING, ONE, 0, 0, 0),
    FIELD_OF("patches", OBJECT, LIST, T_operator_K8SObjectOverlay_PathValue, 0, 0, 0),
    /* ---- K8SObjectOverlay.PathValue ---- */
    FIELD("path", STRING, ONE, 0, 0, 0),
    FIELD("value", ANY, ONE, 0, 0, 0),
    /* ---- KubernetesResourcesSpec ---- */
    FIELD_OF("affinity", OBJECT, ONE, T_operator_Affinity, 0, 0, 0),
    FIELD_OF("env", OBJECT, LIST, T_operator_EnvVar, 18, 0, 0), /* by name */
    FIELD_OF("hpaSpec", OBJECT, ONE, T_operator_HorizontalPodAutoscalerSpec, 0, 0, 0),
    FIELD_OF("imagePullPolicy", ENUM, ONE, E_core_PullPolicy, 0, 0, 0),
    FIELD("nodeSelector", STRING, MAP, 9, 0, 0), /* labels */
    FIELD_OF("overlays", OBJECT, LIST, T_operator_K8SObjectOverlay, 0, 0, 0),
    FIELD("podAnnotations", STRING, MAP, 19, 0, 0), /* annotations */
    FIELD_OF("podDisruptionBudget", OBJECT, ONE, T_operator_PodDisruptionBudgetSpec, 0, 0, 0),
    FIELD("priorityClassName", STRING, ONE, 20, 0, 0), /* dns subdomain */
    FIELD_OF("readinessProbe", OBJECT, ONE, T_operator_ReadinessProbe, 0, 0, 0),
    FIELD("replicaCount", UINT32, ONE, 21, 0, 0), /* 0 to 2147483647 */
    FIELD_OF("resources", OBJECT, ONE, T_operator_Resources, 0, 0, 0),
    FIELD_OF("securityContext", OBJECT, ONE, T_operator_PodSecurityContext, 0, 0, 0),
    FIELD_OF("service", OBJECT, ONE, T_operator_ServiceSpec, 0, 0, 0),
    FIELD("serviceAnnotations", STRING, MAP, 19, 0, 0), /* annotations */
    FIELD_OF("strategy", OBJECT, ONE, T_operator_DeploymentStrategy, 0, 0, 0),
    FIELD_OF("tolerations", OBJECT, LIST, T_operator_Toleration, 0, 0, 0),
    FIELD_OF("volumeMounts", OBJECT, LIST, T_core_VolumeMount, 22, 0, 0), /* by mountPath */
    FIELD_OF("volumes", OBJECT, LIST, T_operator_Volume, 18, 0, 0), /* by name */
    /* ---- LocalObjectReference ---- */
    FIELD("name", STRING, ONE, 0, 0, 0),
    /* ---- MetricIdentifier ---- */
    FIELD("name", STRING, ONE, 2, 0, 0), /* required */
    FIELD_OF("selector", OBJECT, ONE, T_meta_LabelSelector, 0, 0, 0),
    /* ---- MetricSpec ---- */
    FIELD_OF("containerResource", OBJECT, ONE, T_operator_ContainerResourceMetricSource, 0, 0, 0),
    FIELD_OF("external", OBJECT, ONE, T_operator_ExternalMetricSource, 0, 0, 0),
    FIELD_OF("object", OBJECT, ONE, T_operator_ObjectMetricSource, 0, 0, 0),
    FIELD_OF("pods", OBJECT, ONE, T_operator_PodsMetricSource, 0, 0, 0),
    FIELD_OF("resource", OBJECT, ONE, T_operator_ResourceMetricSource, 0, 0, 0),
    FIELD_OF("type", ENUM, ONE, E_autoscaling_MetricSourceType, 2, 0, 0), /* required */
    /* ---- MetricTarget ---- */
    FIELD("averageUtilization", INT32, ONE, 16, 0, 0), /* 1 to 2147483647 */
    FIELD("averageValue", INT_OR_STRING, ONE, 23, 0, 0), /* quantity text */
    FIELD_OF("type", ENUM, ONE, E_autoscaling_MetricTargetType, 2, 0, 0), /* required */
    FIELD("value", INT_OR_STRING, ONE, 23, 0, 0), /* quantity text */
    /* ---- NodeAffinity ---- */
    FIELD_OF("preferredDuringSchedulingIgnoredDuringExecution", OBJECT, LIST, T_operator_PreferredSchedulingTerm, 0, 0, 0),
    FIELD_OF("requiredDuringSchedulingIgnoredDuringExecution", OBJECT, ONE, T_operator_NodeSelector, 0, 0, 0),
    /* ---- NodeSelector ---- */
    FIELD_OF("nodeSelectorTerms", OBJECT, LIST, T_operator_NodeSelectorTerm, 2, 0, 0), /* required */
    /* ---- NodeSelectorRequirement ---- */
    FIELD("key", STRING, ONE, 24, 0, 0), /* required, label key */
    FIELD_OF("operator", ENUM, ONE, E_core_NodeSelectorOperator, 2, 0, 0), /* required */
    FIELD("values", STRING, LIST, 0, 0, 0),
    /* ---- NodeSelectorTerm ---- */
    FIELD_OF("matchExpressions", OBJECT, LIST, T_operator_NodeSelectorRequirement, 0, 0, 0),
    FIELD_OF("matchFields", OBJECT, LIST, T_operator_NodeSelectorRequirement, 0, 0, 0),
    /* ---- ObjectFieldSelector ---- */
    FIELD("apiVersion", STRING, ONE, 0, 0, 0),
    FIELD("fieldPath", STRING, ONE, 25, 0, 0), /* required, field path */
    /* ---- ObjectMetricSource ---- */
    FIELD("averageValue", INT_OR_STRING, ONE, 7, 0, 0), /* refused */
    FIELD_OF("describedObject", OBJECT, ONE, T_operator_CrossVersionObjectReference, 2, 0, 0), /* required */
    FIELD_OF("metric", OBJECT, ONE, T_operator_MetricIdentifier, 2, 0, 0), /* required */
    FIELD("metricName", STRING, ONE, 6, 0, 0), /* refused */
    FIELD_OF("selector", OBJECT, ONE, T_meta_LabelSelector, 6, 0, 0), /* refused */
    FIELD("target", ANY, ONE, 2, 0, 0), /* required */
    FIELD("targetValue", INT_OR_STRING, ONE, 7, 0, 0), /* refused */
    /* ---- PodAffinity ---- */
    FIELD_OF("preferredDuringSchedulingIgnoredDuringExecution", OBJECT, LIST, T_operator_WeightedPodAffinityTerm, 0, 0, 0),
    FIELD_OF("requiredDuringSchedulingIgnoredDuringExecution", OBJECT, LIST, T_operator_PodAffinityTerm, 0, 0, 0),
    /* ---- PodAffinityTerm ---- */
    FIELD_OF("labelSelector", OBJECT, ONE, T_meta_LabelSelector, 0, 0, 0),
    FIELD("namespaces", STRING, LIST, 26, 0, 0), /* dns label */
    FIELD("topologyKey", STRING, ONE, 24, 0, 0), /* required, label key */
    /* ---- PodAntiAffinity ---- */
    FIELD_OF("preferredDuringSchedulingIgnoredDuringExecution", OBJECT, LIST, T_operator_WeightedPodAffinityTerm, 0, 0, 0),
    FIELD_OF("requiredDuringSchedulingIgnoredDuringExecution", OBJECT, LIST, T_operator_PodAffinityTerm, 0, 0, 0),
    /* ---- PodDisruptionBudgetSpec ---- */
    FIELD("maxUnavailable", INT_OR_STRING, ONE, 27, 0, 0), /* count or percent */
    FIELD("minAvailable", INT_OR_STRING, ONE, 27, 0, 0), /* count or percent */
    FIELD_OF("selector", OBJECT, ONE, T_meta_LabelSelector, 0, 0, 0),
    /* ---- PodSecurityContext ---- */
    FIELD("fsGroup", INT64, ONE, 21, 0, 0), /* 0 to 2147483647 */
    FIELD_OF("fsGroupChangePolicy", ENUM, ONE, E_core_PodFSGroupChangePolicy, 0, 0, 0),
    FIELD("runAsGroup", INT64, ONE, 21, 0, 0), /* 0 to 2147483647 */
    FIELD("runAsNonRoot", BOOL, ONE, 0, 0, 0),
    FIELD("runAsUser", INT64, ONE, 21, 0, 0), /* 0 to 2147483647 */
    FIELD_OF("seLinuxOptions", OBJECT, ONE, T_operator_SELinuxOptions, 0, 0, 0),
    FIELD_OF("seccompProfile", OBJECT, ONE, T_operator_SeccompProfile, 0, 0, 0),
    FIELD("supplementalGroups", INT64, LIST, 21, 0, 0), /* 0 to 2147483647 */
    FIELD_OF("sysctls", OBJECT, LIST, T_operator_Sysctl, 0, 0, 0),
    FIELD_OF("windowsOptions", OBJECT, ONE, T_operator_WindowsSecurityContextOptions, 0, 0, 0),
    /* ---- PodsMetricSource ---- */
    FIELD_OF("metric", OBJECT, ONE, T_operator_MetricIdentifier, 2, 0, 0), /* required */
    FIELD("metricName", STRING, ONE, 6, 0, 0), /* refused */
    FIELD_OF("selector", OBJECT, ONE, T_meta_LabelSelector, 6, 0, 0), /* refused */
    FIELD_OF("target", OBJECT, ONE, T_operator_MetricTarget, 2, 0, 0), /* required */
    FIELD("targetAverageValue", INT_OR_STRING, ONE, 28, 0, 0), /* refused */
    /* ---- PreferredSchedulingTerm ---- */
    FIELD_OF("preference", OBJECT, ONE, T_operator_NodeSelectorTerm, 2, 0, 0), /* required */
    FIELD("weight", INT32, ONE, 29, 0, 0), /* required, 1 to 100 */
    /* ---- ReadinessProbe ---- */
    FIELD_OF("exec", OBJECT, ONE, T_operator_ExecAction, 0, 0, 0),
    FIELD("failureThreshold", INT32, ONE, 21, 0, 0), /* 0 to 2147483647 */
    FIELD_OF("httpGet", OBJECT, ONE, T_operator_HTTPGetAction, 0, 0, 0),
    FIELD("initialDelaySeconds", INT32, ONE, 21, 0, 0), /* 0 to 2147483647 */
    FIELD("periodSeconds", INT32, ONE, 21, 0, 0), /* 0 to 2147483647 */
    FIELD("successThreshold", INT32, ONE, 21, 0, 0), /* 0 to 2147483647 */
    FIELD_OF("tcpSocket", OBJECT, ONE, T_operator_TCPSocketAction, 0, 0, 0),
    FIELD("timeoutSeconds", INT32, ONE, 21, 0, 0), /* 0 to 2147483647 */
    /* ---- ResourceFieldSelector ---- */
    FIELD("containerName", STRING, ONE, 0, 0, 0),
    FIELD("divisor", INT_OR_STRING, ONE, 23, 0, 0), /* quantity text */
    FIELD("resource", STRING, ONE, 2, 0, 0), /* required */
    /* ---- ResourceMetricSource ---- */
    FIELD("name", STRING, ONE, 2, 0, 0), /* required */
    FIELD_OF("target", OBJECT, ONE, T_operator_MetricTarget, 2, 0, 0), /* required */
    FIELD("targetAverageUtilization", INT32, ONE, 30, 0, 0), /* refused */
    FIELD("targetAverageValue", INT_OR_STRING, ONE, 31, 0, 0), /* refused */
    /* ---- Resources ---- */
    FIELD("limits", STRING, MAP, 23, 0, 0), /* quantity text */
    FIELD("requests", STRING, MAP, 23, 0, 0), /* quantity text */
    /* ---- RollingUpdateDeployment ---- */
    FIELD("maxSurge", INT_OR_STRING, ONE, 32, 0, 0), /* count or percent */
    FIELD("maxUnavailable", INT_OR_STRING, ONE, 27, 0, 0), /* count or percent */
    /* ---- SELinuxOptions ---- */
    FIELD("level", STRING, ONE, 0, 0, 0),
    FIELD("role", STRING, ONE, 0, 0, 0),
    FIELD("type", STRING, ONE, 0, 0, 0),
    FIELD("user", STRING, ONE, 0, 0, 0),
    /* ---- SeccompProfile ---- */
    FIELD("localhostProfile", STRING, ONE, 0, 0, 0),
    FIELD_OF("type", ENUM, ONE, E_core_SeccompProfileType, 2, 0, 0), /* required */
    /* ---- SecretKeySelector ---- */
    FIELD("key", STRING, ONE, 0, 0, 0),
    FIELD_OF("localObjectReference", OBJECT, ONE, T_operator_LocalObjectReference, 0, 0, 0),
    FIELD("optional", BOOL, ONE, 0, 0, 0),
    /* ---- ServicePort ---- */
    FIELD("appProtocol", STRING, ONE, 33, 0, 0), /* label key */
    FIELD("name", STRING, ONE, 26, 0, 0), /* dns label */
    FIELD("nodePort", INT32, ONE, 34, 0, 0), /* 0 to 65535 */
    FIELD("port", INT32, ONE, 35, 0, 0), /* required, 1 to 65535 */
    FIELD_OF("protocol", ENUM, ONE, E_core_Protocol, 0, 0, 0),
    FIELD("targetPort", INT_OR_STRING, ONE, 36, 0, 0), /* port or name */
    /* ---- ServiceSpec ---- */
    FIELD("clusterIP", STRING, ONE, 37, 0, 0), /* ip or none */
    FIELD("externalIPs", STRING, LIST, 38, 0, 0), /* ip */
    FIELD("externalName", STRING, ONE, 0, 0, 0),
    FIELD_OF("externalTrafficPolicy", ENUM, ONE, E_core_ServiceExternalTrafficPolicy, 0, 0, 0),
    FIELD("healthCheckNodePort", INT32, ONE, 34, 0, 0), /* 0 to 65535 */
    FIELD("loadBalancerClass", STRING, ONE, 33, 0, 0), /* label key */
    FIELD("loadBalancerIP", STRING, ONE, 0, 0, 0),
    FIELD("loadBalancerSourceRanges", STRING, LIST, 39, 0, 0), /* cidr */
    FIELD_OF("ports", OBJECT, LIST, T_operator_ServicePort, 40, 0, 0), /* by port,protocol=TCP;name */
    FIELD("publishNotReadyAddresses", BOOL, ONE, 0, 0, 0),
    FIELD("selector", STRING, MAP, 9, 0, 0), /* labels */
    FIELD_OF("sessionAffinity", ENUM, ONE, E_core_ServiceAffinity, 0, 0, 0),
    FIELD_OF("sessionAffinityConfig", OBJECT, ONE, T_operator_SessionAffinityConfig, 0, 0, 0),
    FIELD_OF("type", ENUM, ONE, E_core_ServiceType, 0, 0, 0),
    /* ---- SessionAffinityConfig ---- */
    FIELD_OF("clientIP", OBJECT, ONE, T_operator_ClientIPConfig, 0, 0, 0),
    /* ---- Sysctl ---- */
    FIELD("name", STRING, ONE, 2, 0, 0), /* required */
    FIELD("value", STRING, ONE, 0, 0, 0),
    /* ---- TCPSocketAction ---- */
    FIELD("host", STRING, ONE, 0, 0, 0),
    FIELD("port", INT_OR_STRING, ONE, 14, 0, 0), /* required in whole objects, port or name */
    /* ---- Toleration ---- */
    FIELD_OF("effect", ENUM, ONE, E_core_TaintEffect, 0, 0, 0),
    FIELD("key", STRING, ONE, 33, 0, 0), /* label key */
    FIELD_OF("operator", ENUM, ONE, E_core_TolerationOperator, 0, 0, 0),
    FIELD("tolerationSeconds", INT64, ONE, 0, 0, 0),
    FIELD("value", STRING, ONE, 41, 0, 0), /* label value */
    /* ---- Volume ---- */
    FIELD("name", STRING, ONE, 42, 0, 0), /* required, dns label */
    FIELD("volumeSource", FREE, ONE, 0, 0, 0),
    /* ---- WeightedPodAffinityTerm ---- */
    FIELD_OF("podAffinityTerm", OBJECT, ONE, T_operator_PodAffinityTerm, 2, 0, 0), /* required */
    FIELD("weight", INT32, ONE, 29, 0, 0), /* required, 1 to 100 */
    /* ---- WindowsSecurityContextOptions ---- */
    FIELD("gmsaCredentialSpec", STRING, ONE, 0, 0, 0),
    FIELD("gmsaCredentialSpecName", STRING, ONE, 0, 0, 0),
    FIELD("runAsUserName", STRING, ONE, 0, 0, 0),
};
