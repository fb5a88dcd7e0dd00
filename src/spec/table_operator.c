/* SPDX-License-Identifier: Apache-2.0
 *
 * Written by `make tables` (tests/peers/tables): the spec of IstioOperator as operator.proto has it, until Istio 1.23.
 */
/* clang-format off */
#include "table.h"

const struct glm_spec_field spec_operator_fields[] = {
    /* ---- Affinity ---- */
    FIELD_OF("nodeAffinity", OBJECT, ONE, T_operator_NodeAffinity, 0, 0, 0),
    FIELD_OF("podAffinity", OBJECT, ONE, T_operator_PodAffinity, 0, 0, 0),
    FIELD_OF("podAntiAffinity", OBJECT, ONE, T_operator_PodAntiAffinity, 0, 0, 0),
    /* ---- ClientIPConfig ---- */
    FIELD("timeoutSeconds", INT32, ONE, L_range_1_86400, 0, 0),
    /* ---- ConfigMapKeySelector ---- */
    FIELD("key", STRING, ONE, 0, 0, 0),
    FIELD_OF("localObjectReference", OBJECT, ONE, T_operator_LocalObjectReference, 0, 0, 0),
    FIELD("optional", BOOL, ONE, 0, 0, 0),
    /* ---- ContainerResourceMetricSource ---- */
    FIELD("container", STRING, ONE, L_required_dns_label, 0, 0),
    FIELD("name", STRING, ONE, L_required, 0, 0),
    FIELD_OF("target", OBJECT, ONE, T_operator_MetricTarget, L_required, 0, 0),
    /* ---- CrossVersionObjectReference ---- */
    FIELD("apiVersion", STRING, ONE, 0, 0, 0),
    FIELD("kind", STRING, ONE, L_whole, 0, 0),
    FIELD("name", STRING, ONE, L_whole, 0, 0),
    /* ---- DeploymentStrategy ---- */
    FIELD_OF("rollingUpdate", OBJECT, ONE, T_operator_RollingUpdateDeployment, 0, 0, 0),
    FIELD_OF("type", ENUM, ONE, E_apps_DeploymentStrategyType, 0, 0, 0),
    /* ---- EnvVar ---- */
    FIELD("name", STRING, ONE, L_required_env_name, 0, 0),
    FIELD("value", STRING, ONE, 0, 0, 0),
    FIELD_OF("valueFrom", OBJECT, ONE, T_operator_EnvVarSource, 0, 0, 0),
    /* ---- EnvVarSource ---- */
    FIELD_OF("configMapKeyRef", OBJECT, ONE, T_operator_ConfigMapKeySelector, L_refused, 0, 0),
    FIELD_OF("fieldRef", OBJECT, ONE, T_operator_ObjectFieldSelector, 0, 0, 0),
    FIELD_OF("resourceFieldRef", OBJECT, ONE, T_operator_ResourceFieldSelector, 0, 0, 0),
    FIELD_OF("secretKeyRef", OBJECT, ONE, T_operator_SecretKeySelector, L_refused, 0, 0),
    /* ---- ExecAction ---- */
    FIELD("command", STRING, LIST, L_required, 0, 0),
    /* ---- ExternalMetricSource ---- */
    FIELD_OF("metric", OBJECT, ONE, T_operator_MetricIdentifier, L_required, 0, 0),
    FIELD("metricName", STRING, ONE, L_refused_2, 0, 0),
    FIELD_OF("metricSelector", OBJECT, ONE, T_meta_LabelSelector, L_refused_3, 0, 0),
    FIELD_OF("target", OBJECT, ONE, T_operator_MetricTarget, L_required, 0, 0),
    FIELD("targetAverageValue", INT_OR_STRING, ONE, L_refused_4, 0, 0),
    FIELD("targetValue", INT_OR_STRING, ONE, L_refused_5, 0, 0),
    /* ---- GatewaySpec ---- */
    FIELD("enabled", BOOL, ONE, 0, 0, 0),
    FIELD("hub", STRING, ONE, 0, 0, 0),
    FIELD_OF("k8s", OBJECT, ONE, T_operator_KubernetesResourcesSpec, 0, 0, 0),
    FIELD("label", STRING, MAP, L_labels, 0, 0),
    FIELD("name", STRING, ONE, 0, 0, 0),
    FIELD("namespace", STRING, ONE, 0, 0, 0),
    FIELD("tag", ANY, ONE, 0, 0, 0),
    /* ---- HPAScalingPolicy ---- */
    FIELD("periodSeconds", INT32, ONE, L_required_range_1_1800, 0, 0),
    FIELD_OF("type", ENUM, ONE, E_autoscaling_HPAScalingPolicyType, L_required, 0, 0),
    FIELD("value", INT32, ONE, L_required_range_1_2147483647, 0, 0),
    /* ---- HPAScalingRules ---- */
    FIELD_OF("policies", OBJECT, LIST, T_operator_HPAScalingPolicy, 0, 0, 0),
    FIELD_OF("selectPolicy", ENUM, ONE, E_autoscaling_ScalingPolicySelect, 0, 0, 0),
    FIELD("stabilizationWindowSeconds", INT32, ONE, L_range_0_3600, 0, 0),
    /* ---- HTTPGetAction ---- */
    FIELD("host", STRING, ONE, 0, 0, 0),
    FIELD_OF("httpHeaders", OBJECT, LIST, T_operator_HTTPHeader, 0, 0, 0),
    FIELD("path", STRING, ONE, 0, 0, 0),
    FIELD("port", INT_OR_STRING, ONE, L_whole_port_or_name_1_65535, 0, 0),
    FIELD_OF("scheme", ENUM, ONE, E_core_URIScheme, 0, 0, 0),
    /* ---- HTTPHeader ---- */
    FIELD("name", STRING, ONE, L_required, 0, 0),
    FIELD("value", STRING, ONE, 0, 0, 0),
    /* ---- HorizontalPodAutoScalerBehavior ---- */
    FIELD_OF("scaleDown", OBJECT, ONE, T_operator_HPAScalingRules, 0, 0, 0),
    FIELD_OF("scaleUp", OBJECT, ONE, T_operator_HPAScalingRules, 0, 0, 0),
    /* ---- HorizontalPodAutoscalerSpec ---- */
    FIELD_OF("behavior", OBJECT, ONE, T_operator_HorizontalPodAutoScalerBehavior, 0, 0, 0),
    FIELD("maxReplicas", INT32, ONE, L_whole_range_1_2147483647, 0, 0),
    FIELD_OF("metrics", OBJECT, LIST, T_operator_MetricSpec, 0, 0, 0),
    FIELD("minReplicas", INT32, ONE, L_range_1_2147483647, 0, 0),
    FIELD_OF("scaleTargetRef", OBJECT, ONE, T_operator_CrossVersionObjectReference, L_whole, 0, 0),
    /* ---- IstioComponentSetSpec ---- */
    FIELD("base", FREE, ONE, 0, 0, 0),
    FIELD("cni", FREE, ONE, 0, 0, 0),
    FIELD_OF("egressGateways", OBJECT, LIST, T_operator_GatewaySpec, 0, 0, 0),
    FIELD_OF("ingressGateways", OBJECT, LIST, T_operator_GatewaySpec, 0, 0, 0),
    FIELD("istiodRemote", FREE, ONE, 0, 0, 0),
    FIELD("pilot", FREE, ONE, 0, 0, 0),
    FIELD("ztunnel", FREE, ONE, 0, 0, 0),
    /* ---- IstioOperatorSpec ---- */
    FIELD("addonComponents", ANY, ONE, L_dropped, 0, 0),
    FIELD("compatibilityVersion", STRING, ONE, 0, 0, 0),
    FIELD_OF("components", OBJECT, ONE, T_operator_IstioComponentSetSpec, 0, 0, 0),
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
    FIELD_OF("env", OBJECT, LIST, T_operator_EnvVar, L_by_name, 0, 0),
    FIELD_OF("hpaSpec", OBJECT, ONE, T_operator_HorizontalPodAutoscalerSpec, 0, 0, 0),
    FIELD_OF("imagePullPolicy", ENUM, ONE, E_core_PullPolicy, 0, 0, 0),
    FIELD("nodeSelector", STRING, MAP, L_labels, 0, 0),
    FIELD_OF("overlays", OBJECT, LIST, T_operator_K8SObjectOverlay, 0, 0, 0),
    FIELD("podAnnotations", STRING, MAP, L_annotations, 0, 0),
    FIELD_OF("podDisruptionBudget", OBJECT, ONE, T_operator_PodDisruptionBudgetSpec, 0, 0, 0),
    FIELD("priorityClassName", STRING, ONE, L_dns_subdomain, 0, 0),
    FIELD_OF("readinessProbe", OBJECT, ONE, T_operator_ReadinessProbe, 0, 0, 0),
    FIELD("replicaCount", UINT32, ONE, L_range_0_2147483647, 0, 0),
    FIELD_OF("resources", OBJECT, ONE, T_operator_Resources, 0, 0, 0),
    FIELD_OF("securityContext", OBJECT, ONE, T_operator_PodSecurityContext, 0, 0, 0),
    FIELD_OF("service", OBJECT, ONE, T_operator_ServiceSpec, 0, 0, 0),
    FIELD("serviceAnnotations", STRING, MAP, L_annotations, 0, 0),
    FIELD_OF("strategy", OBJECT, ONE, T_operator_DeploymentStrategy, 0, 0, 0),
    FIELD_OF("tolerations", OBJECT, LIST, T_operator_Toleration, 0, 0, 0),
    FIELD_OF("volumeMounts", OBJECT, LIST, T_core_VolumeMount, L_by_mountPath, 0, 0),
    FIELD_OF("volumes", OBJECT, LIST, T_operator_Volume, L_by_name, 0, 0),
    /* ---- LocalObjectReference ---- */
    FIELD("name", STRING, ONE, 0, 0, 0),
    /* ---- MetricIdentifier ---- */
    FIELD("name", STRING, ONE, L_required, 0, 0),
    FIELD_OF("selector", OBJECT, ONE, T_meta_LabelSelector, 0, 0, 0),
    /* ---- MetricSpec ---- */
    FIELD_OF("containerResource", OBJECT, ONE, T_operator_ContainerResourceMetricSource, 0, 0, 0),
    FIELD_OF("external", OBJECT, ONE, T_operator_ExternalMetricSource, 0, 0, 0),
    FIELD_OF("object", OBJECT, ONE, T_operator_ObjectMetricSource, 0, 0, 0),
    FIELD_OF("pods", OBJECT, ONE, T_operator_PodsMetricSource, 0, 0, 0),
    FIELD_OF("resource", OBJECT, ONE, T_operator_ResourceMetricSource, 0, 0, 0),
    FIELD_OF("type", ENUM, ONE, E_autoscaling_MetricSourceType, L_required, 0, 0),
    /* ---- MetricTarget ---- */
    FIELD("averageUtilization", INT32, ONE, L_range_1_2147483647, 0, 0),
    FIELD("averageValue", INT_OR_STRING, ONE, L_quantity_text, 0, 0),
    FIELD_OF("type", ENUM, ONE, E_autoscaling_MetricTargetType, L_required, 0, 0),
    FIELD("value", INT_OR_STRING, ONE, L_quantity_text, 0, 0),
    /* ---- NodeAffinity ---- */
    FIELD_OF("preferredDuringSchedulingIgnoredDuringExecution", OBJECT, LIST, T_operator_PreferredSchedulingTerm, 0, 0, 0),
    FIELD_OF("requiredDuringSchedulingIgnoredDuringExecution", OBJECT, ONE, T_operator_NodeSelector, 0, 0, 0),
    /* ---- NodeSelector ---- */
    FIELD_OF("nodeSelectorTerms", OBJECT, LIST, T_operator_NodeSelectorTerm, L_required, 0, 0),
    /* ---- NodeSelectorRequirement ---- */
    FIELD("key", STRING, ONE, L_required_label_key, 0, 0),
    FIELD_OF("operator", ENUM, ONE, E_core_NodeSelectorOperator, L_required, 0, 0),
    FIELD("values", STRING, LIST, 0, 0, 0),
    /* ---- NodeSelectorTerm ---- */
    FIELD_OF("matchExpressions", OBJECT, LIST, T_operator_NodeSelectorRequirement, 0, 0, 0),
    FIELD_OF("matchFields", OBJECT, LIST, T_operator_NodeSelectorRequirement, 0, 0, 0),
    /* ---- ObjectFieldSelector ---- */
    FIELD("apiVersion", STRING, ONE, 0, 0, 0),
    FIELD("fieldPath", STRING, ONE, L_required_field_path, 0, 0),
    /* ---- ObjectMetricSource ---- */
    FIELD("averageValue", INT_OR_STRING, ONE, L_refused_4, 0, 0),
    FIELD_OF("describedObject", OBJECT, ONE, T_operator_CrossVersionObjectReference, L_required, 0, 0),
    FIELD_OF("metric", OBJECT, ONE, T_operator_MetricIdentifier, L_required, 0, 0),
    FIELD("metricName", STRING, ONE, L_refused_2, 0, 0),
    FIELD_OF("selector", OBJECT, ONE, T_meta_LabelSelector, L_refused_3, 0, 0),
    FIELD("target", ANY, ONE, L_required, 0, 0),
    FIELD("targetValue", INT_OR_STRING, ONE, L_refused_5, 0, 0),
    /* ---- PodAffinity ---- */
    FIELD_OF("preferredDuringSchedulingIgnoredDuringExecution", OBJECT, LIST, T_operator_WeightedPodAffinityTerm, 0, 0, 0),
    FIELD_OF("requiredDuringSchedulingIgnoredDuringExecution", OBJECT, LIST, T_operator_PodAffinityTerm, 0, 0, 0),
    /* ---- PodAffinityTerm ---- */
    FIELD_OF("labelSelector", OBJECT, ONE, T_meta_LabelSelector, 0, 0, 0),
    FIELD("namespaces", STRING, LIST, L_dns_label, 0, 0),
    FIELD("topologyKey", STRING, ONE, L_required_label_key, 0, 0),
    /* ---- PodAntiAffinity ---- */
    FIELD_OF("preferredDuringSchedulingIgnoredDuringExecution", OBJECT, LIST, T_operator_WeightedPodAffinityTerm, 0, 0, 0),
    FIELD_OF("requiredDuringSchedulingIgnoredDuringExecution", OBJECT, LIST, T_operator_PodAffinityTerm, 0, 0, 0),
    /* ---- PodDisruptionBudgetSpec ---- */
    FIELD("maxUnavailable", INT_OR_STRING, ONE, L_count_or_percent_0_100, 0, 0),
    FIELD("minAvailable", INT_OR_STRING, ONE, L_count_or_percent_0_100, 0, 0),
    FIELD_OF("selector", OBJECT, ONE, T_meta_LabelSelector, 0, 0, 0),
    /* ---- PodSecurityContext ---- */
    FIELD("fsGroup", INT64, ONE, L_range_0_2147483647, 0, 0),
    FIELD_OF("fsGroupChangePolicy", ENUM, ONE, E_core_PodFSGroupChangePolicy, 0, 0, 0),
    FIELD("runAsGroup", INT64, ONE, L_range_0_2147483647, 0, 0),
    FIELD("runAsNonRoot", BOOL, ONE, 0, 0, 0),
    FIELD("runAsUser", INT64, ONE, L_range_0_2147483647, 0, 0),
    FIELD_OF("seLinuxOptions", OBJECT, ONE, T_operator_SELinuxOptions, 0, 0, 0),
    FIELD_OF("seccompProfile", OBJECT, ONE, T_operator_SeccompProfile, 0, 0, 0),
    FIELD("supplementalGroups", INT64, LIST, L_range_0_2147483647, 0, 0),
    FIELD_OF("sysctls", OBJECT, LIST, T_operator_Sysctl, L_by_name, 0, 0),
    FIELD_OF("windowsOptions", OBJECT, ONE, T_operator_WindowsSecurityContextOptions, 0, 0, 0),
    /* ---- PodsMetricSource ---- */
    FIELD_OF("metric", OBJECT, ONE, T_operator_MetricIdentifier, L_required, 0, 0),
    FIELD("metricName", STRING, ONE, L_refused_2, 0, 0),
    FIELD_OF("selector", OBJECT, ONE, T_meta_LabelSelector, L_refused_3, 0, 0),
    FIELD_OF("target", OBJECT, ONE, T_operator_MetricTarget, L_required, 0, 0),
    FIELD("targetAverageValue", INT_OR_STRING, ONE, L_refused_4, 0, 0),
    /* ---- PreferredSchedulingTerm ---- */
    FIELD_OF("preference", OBJECT, ONE, T_operator_NodeSelectorTerm, L_required, 0, 0),
    FIELD("weight", INT32, ONE, L_required_range_1_100, 0, 0),
    /* ---- ReadinessProbe ---- */
    FIELD_OF("exec", OBJECT, ONE, T_operator_ExecAction, 0, 0, 0),
    FIELD("failureThreshold", INT32, ONE, L_range_0_2147483647, 0, 0),
    FIELD_OF("httpGet", OBJECT, ONE, T_operator_HTTPGetAction, 0, 0, 0),
    FIELD("initialDelaySeconds", INT32, ONE, L_range_0_2147483647, 0, 0),
    FIELD("periodSeconds", INT32, ONE, L_range_0_2147483647, 0, 0),
    FIELD("successThreshold", INT32, ONE, L_range_0_2147483647, 0, 0),
    FIELD_OF("tcpSocket", OBJECT, ONE, T_operator_TCPSocketAction, 0, 0, 0),
    FIELD("timeoutSeconds", INT32, ONE, L_range_0_2147483647, 0, 0),
    /* ---- ResourceFieldSelector ---- */
    FIELD("containerName", STRING, ONE, 0, 0, 0),
    FIELD("divisor", INT_OR_STRING, ONE, L_quantity_text, 0, 0),
    FIELD("resource", STRING, ONE, L_required, 0, 0),
    /* ---- ResourceMetricSource ---- */
    FIELD("name", STRING, ONE, L_required, 0, 0),
    FIELD_OF("target", OBJECT, ONE, T_operator_MetricTarget, L_required, 0, 0),
    FIELD("targetAverageUtilization", INT32, ONE, L_refused_6, 0, 0),
    FIELD("targetAverageValue", INT_OR_STRING, ONE, L_refused_4, 0, 0),
    /* ---- Resources ---- */
    FIELD("limits", STRING, MAP, L_quantity_text, 0, 0),
    FIELD("requests", STRING, MAP, L_quantity_text, 0, 0),
    /* ---- RollingUpdateDeployment ---- */
    FIELD("maxSurge", INT_OR_STRING, ONE, L_count_or_percent, 0, 0),
    FIELD("maxUnavailable", INT_OR_STRING, ONE, L_count_or_percent_0_100, 0, 0),
    /* ---- SELinuxOptions ---- */
    FIELD("level", STRING, ONE, 0, 0, 0),
    FIELD("role", STRING, ONE, 0, 0, 0),
    FIELD("type", STRING, ONE, 0, 0, 0),
    FIELD("user", STRING, ONE, 0, 0, 0),
    /* ---- SeccompProfile ---- */
    FIELD("localhostProfile", STRING, ONE, 0, 0, 0),
    FIELD_OF("type", ENUM, ONE, E_core_SeccompProfileType, L_required, 0, 0),
    /* ---- SecretKeySelector ---- */
    FIELD("key", STRING, ONE, 0, 0, 0),
    FIELD_OF("localObjectReference", OBJECT, ONE, T_operator_LocalObjectReference, 0, 0, 0),
    FIELD("optional", BOOL, ONE, 0, 0, 0),
    /* ---- ServicePort ---- */
    FIELD("appProtocol", STRING, ONE, L_label_key, 0, 0),
    FIELD("name", STRING, ONE, L_dns_label, 0, 0),
    FIELD("nodePort", INT32, ONE, L_range_0_65535, 0, 0),
    FIELD("port", INT32, ONE, L_required_range_1_65535, 0, 0),
    FIELD_OF("protocol", ENUM, ONE, E_core_Protocol, 0, 0, 0),
    FIELD("targetPort", INT_OR_STRING, ONE, L_port_or_name_0_65535, 0, 0),
    /* ---- ServiceSpec ---- */
    FIELD("clusterIP", STRING, ONE, L_ip_or_none, 0, 0),
    FIELD("externalIPs", STRING, LIST, L_ip, 0, 0),
    FIELD("externalName", STRING, ONE, 0, 0, 0),
    FIELD_OF("externalTrafficPolicy", ENUM, ONE, E_core_ServiceExternalTrafficPolicy, 0, 0, 0),
    FIELD("healthCheckNodePort", INT32, ONE, L_range_0_65535, 0, 0),
    FIELD("loadBalancerClass", STRING, ONE, L_label_key, 0, 0),
    FIELD("loadBalancerIP", STRING, ONE, 0, 0, 0),
    FIELD("loadBalancerSourceRanges", STRING, LIST, L_cidr, 0, 0),
    FIELD_OF("ports", OBJECT, LIST, T_operator_ServicePort, L_by_port_protocol_is_TCP_or_name, 0, 0),
    FIELD("publishNotReadyAddresses", BOOL, ONE, 0, 0, 0),
    FIELD("selector", STRING, MAP, L_labels, 0, 0),
    FIELD_OF("sessionAffinity", ENUM, ONE, E_core_ServiceAffinity, 0, 0, 0),
    FIELD_OF("sessionAffinityConfig", OBJECT, ONE, T_operator_SessionAffinityConfig, 0, 0, 0),
    FIELD_OF("type", ENUM, ONE, E_core_ServiceType, 0, 0, 0),
    /* ---- SessionAffinityConfig ---- */
    FIELD_OF("clientIP", OBJECT, ONE, T_operator_ClientIPConfig, 0, 0, 0),
    /* ---- Sysctl ---- */
    FIELD("name", STRING, ONE, L_required, 0, 0),
    FIELD("value", STRING, ONE, 0, 0, 0),
    /* ---- TCPSocketAction ---- */
    FIELD("host", STRING, ONE, 0, 0, 0),
    FIELD("port", INT_OR_STRING, ONE, L_whole_port_or_name_1_65535, 0, 0),
    /* ---- Toleration ---- */
    FIELD_OF("effect", ENUM, ONE, E_core_TaintEffect, 0, 0, 0),
    FIELD("key", STRING, ONE, L_label_key, 0, 0),
    FIELD_OF("operator", ENUM, ONE, E_core_TolerationOperator, 0, 0, 0),
    FIELD("tolerationSeconds", INT64, ONE, 0, 0, 0),
    FIELD("value", STRING, ONE, L_label_value, 0, 0),
    /* ---- Volume ---- */
    FIELD("name", STRING, ONE, L_required_dns_label, 0, 0),
    FIELD("volumeSource", FREE, ONE, 0, 0, 0),
    /* ---- WeightedPodAffinityTerm ---- */
    FIELD_OF("podAffinityTerm", OBJECT, ONE, T_operator_PodAffinityTerm, L_required, 0, 0),
    FIELD("weight", INT32, ONE, L_required_range_1_100, 0, 0),
    /* ---- WindowsSecurityContextOptions ---- */
    FIELD("gmsaCredentialSpec", STRING, ONE, 0, 0, 0),
    FIELD("gmsaCredentialSpecName", STRING, ONE, 0, 0, 0),
    FIELD("runAsUserName", STRING, ONE, 0, 0, 0),
};
