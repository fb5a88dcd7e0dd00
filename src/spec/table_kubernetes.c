/* SPDX-License-Identifier: Apache-2.0
 *
 * Written by `make tables` (tests/peers/tables): Kubernetes' own types.
 */
/* clang-format off */
#include "table.h"

const struct glm_spec_field glm_spec_kubernetes_fields[] = {
    /* ---- Deployment ---- */
    FIELD("apiVersion", STRING, ONE, 2, 0, 0), /* required */
    FIELD("kind", STRING, ONE, 2, 0, 0), /* required */
    FIELD_OF("metadata", OBJECT, ONE, T_meta_ObjectMeta, 2, 0, 0), /* required */
    FIELD_OF("spec", OBJECT, ONE, T_apps_DeploymentSpec, 2, 0, 0), /* required */
    FIELD("status", FREE, ONE, 0, 0, 0),
    /* ---- DeploymentSpec ---- */
    FIELD("minReadySeconds", INT32, ONE, 21, 0, 0), /* 0 to 2147483647 */
    FIELD("paused", BOOL, ONE, 0, 0, 0),
    FIELD("progressDeadlineSeconds", INT32, ONE, 21, 0, 0), /* 0 to 2147483647 */
    FIELD("replicas", INT32, ONE, 21, 0, 0), /* 0 to 2147483647 */
    FIELD("revisionHistoryLimit", INT32, ONE, 21, 0, 0), /* 0 to 2147483647 */
    FIELD_OF("selector", OBJECT, ONE, T_meta_LabelSelector, 2, 0, 0), /* required */
    FIELD_OF("strategy", OBJECT, ONE, T_apps_DeploymentStrategy, 0, 0, 0),
    FIELD_OF("template", OBJECT, ONE, T_core_PodTemplateSpec, 2, 0, 0), /* required */
    /* ---- DeploymentStrategy ---- */
    FIELD_OF("rollingUpdate", OBJECT, ONE, T_apps_RollingUpdateDeployment, 0, 0, 0),
    FIELD_OF("type", ENUM, ONE, E_apps_DeploymentStrategyType, 0, 0, 0),
    /* ---- RollingUpdateDeployment ---- */
    FIELD("maxSurge", INT_OR_STRING, ONE, 32, 0, 0), /* count or percent */
    FIELD("maxUnavailable", INT_OR_STRING, ONE, 27, 0, 0), /* count or percent */
    /* ---- ContainerResourceMetricSource ---- */
    FIELD("container", STRING, ONE, 2, 0, 0), /* required */
    FIELD("name", STRING, ONE, 2, 0, 0), /* required */
    FIELD_OF("target", OBJECT, ONE, T_autoscaling_MetricTarget, 2, 0, 0), /* required */
    /* ---- CrossVersionObjectReference ---- */
    FIELD("apiVersion", STRING, ONE, 0, 0, 0),
    FIELD("kind", STRING, ONE, 3, 0, 0), /* required in whole objects */
    FIELD("name", STRING, ONE, 3, 0, 0), /* required in whole objects */
    /* ---- ExternalMetricSource ---- */
    FIELD_OF("metric", OBJECT, ONE, T_autoscaling_MetricIdentifier, 2, 0, 0), /* required */
    FIELD_OF("target", OBJECT, ONE, T_autoscaling_MetricTarget, 2, 0, 0), /* required */
    /* ---- HPAScalingPolicy ---- */
    FIELD("periodSeconds", INT32, ONE, 11, 0, 0), /* required, 1 to 1800 */
    FIELD_OF("type", ENUM, ONE, E_autoscaling_HPAScalingPolicyType, 2, 0, 0), /* required */
    FIELD("value", INT32, ONE, 12, 0, 0), /* required, 1 to 2147483647 */
    /* ---- HPAScalingRules ---- */
    FIELD_OF("policies", OBJECT, LIST, T_autoscaling_HPAScalingPolicy, 0, 0, 0),
    FIELD_OF("selectPolicy", ENUM, ONE, E_autoscaling_ScalingPolicySelect, 0, 0, 0),
    FIELD("stabilizationWindowSeconds", INT32, ONE, 13, 0, 0), /* 0 to 3600 */
    FIELD("tolerance", QUANTITY, ONE, 0, 26, 0),
    /* ---- HorizontalPodAutoscaler ---- */
    FIELD("apiVersion", STRING, ONE, 2, 0, 0), /* required */
    FIELD("kind", STRING, ONE, 2, 0, 0), /* required */
    FIELD_OF("metadata", OBJECT, ONE, T_meta_ObjectMeta, 2, 0, 0), /* required */
    FIELD_OF("spec", OBJECT, ONE, T_autoscaling_HorizontalPodAutoscalerSpec, 2, 0, 0), /* required */
    FIELD("status", FREE, ONE, 0, 0, 0),
    /* ---- HorizontalPodAutoscalerBehavior ---- */
    FIELD_OF("scaleDown", OBJECT, ONE, T_autoscaling_HPAScalingRules, 0, 0, 0),
    FIELD_OF("scaleUp", OBJECT, ONE, T_autoscaling_HPAScalingRules, 0, 0, 0),
    /* ---- HorizontalPodAutoscalerSpec ---- */
    FIELD_OF("behavior", OBJECT, ONE, T_autoscaling_HorizontalPodAutoscalerBehavior, 0, 0, 0),
    FIELD("maxReplicas", INT32, ONE, 15, 0, 0), /* required in whole objects, 1 to 2147483647 */
    FIELD_OF("metrics", OBJECT, LIST, T_autoscaling_MetricSpec, 0, 0, 0),
    FIELD("minReplicas", INT32, ONE, 16, 0, 0), /* 1 to 2147483647 */
    FIELD_OF("scaleTargetRef", OBJECT, ONE, T_autoscaling_CrossVersionObjectReference, 3, 0, 0), /* required in whole objects */
    /* ---- MetricIdentifier ---- */
    FIELD("name", STRING, ONE, 2, 0, 0), /* required */
    FIELD_OF("selector", OBJECT, ONE, T_meta_LabelSelector, 0, 0, 0),
    /* ---- MetricSpec ---- */
    FIELD_OF("containerResource", OBJECT, ONE, T_autoscaling_ContainerResourceMetricSource, 0, 0, 0),
    FIELD_OF("external", OBJECT, ONE, T_autoscaling_ExternalMetricSource, 0, 0, 0),
    FIELD_OF("object", OBJECT, ONE, T_autoscaling_ObjectMetricSource, 0, 0, 0),
    FIELD_OF("pods", OBJECT, ONE, T_autoscaling_PodsMetricSource, 0, 0, 0),
    FIELD_OF("resource", OBJECT, ONE, T_autoscaling_ResourceMetricSource, 0, 0, 0),
    FIELD_OF("type", ENUM, ONE, E_autoscaling_MetricSourceType, 2, 0, 0), /* required */
    /* ---- MetricTarget ---- */
    FIELD("averageUtilization", INT32, ONE, 16, 0, 0), /* 1 to 2147483647 */
    FIELD("averageValue", QUANTITY, ONE, 0, 0, 0),
    FIELD_OF("type", ENUM, ONE, E_autoscaling_MetricTargetType, 2, 0, 0), /* required */
    FIELD("value", QUANTITY, ONE, 0, 0, 0),
    /* ---- ObjectMetricSource ---- */
    FIELD_OF("describedObject", OBJECT, ONE, T_autoscaling_CrossVersionObjectReference, 2, 0, 0), /* required */
    FIELD_OF("metric", OBJECT, ONE, T_autoscaling_MetricIdentifier, 2, 0, 0), /* required */
    FIELD_OF("target", OBJECT, ONE, T_autoscaling_MetricTarget, 2, 0, 0), /* required */
    /* ---- PodsMetricSource ---- */
    FIELD_OF("metric", OBJECT, ONE, T_autoscaling_MetricIdentifier, 2, 0, 0), /* required */
    FIELD_OF("target", OBJECT, ONE, T_autoscaling_MetricTarget, 2, 0, 0), /* required */
    /* ---- ResourceMetricSource ---- */
    FIELD("name", STRING, ONE, 2, 0, 0), /* required */
    FIELD_OF("target", OBJECT, ONE, T_autoscaling_MetricTarget, 2, 0, 0), /* required */
    /* ---- AWSElasticBlockStoreVolumeSource ---- */
    FIELD("fsType", STRING, ONE, 0, 0, 0),
    FIELD("partition", INT32, ONE, 0, 0, 0),
    FIELD("readOnly", BOOL, ONE, 0, 0, 0),
    FIELD("volumeID", STRING, ONE, 0, 0, 0),
    /* ---- Affinity ---- */
    FIELD_OF("nodeAffinity", OBJECT, ONE, T_core_NodeAffinity, 0, 0, 0),
    FIELD_OF("podAffinity", OBJECT, ONE, T_core_PodAffinity, 0, 0, 0),
    FIELD_OF("podAntiAffinity", OBJECT, ONE, T_core_PodAntiAffinity, 0, 0, 0),
    /* ---- AppArmorProfile ---- */
    FIELD("localhostProfile", STRING, ONE, 0, 0, 0),
    FIELD_OF("type", ENUM, ONE, E_core_AppArmorProfileType, 2, 0, 0), /* required */
    /* ---- AzureDiskVolumeSource ---- */
    FIELD_OF("cachingMode", ENUM, ONE, E_core_AzureDataDiskCachingMode, 0, 0, 0),
    FIELD("diskName", STRING, ONE, 0, 0, 0),
    FIELD("diskURI", STRING, ONE, 0, 0, 0),
    FIELD("fsType", STRING, ONE, 0, 0, 0),
    FIELD_OF("kind", ENUM, ONE, E_core_AzureDataDiskKind, 0, 0, 0),
    FIELD("readOnly", BOOL, ONE, 0, 0, 0),
    /* ---- AzureFileVolumeSource ---- */
    FIELD("readOnly", BOOL, ONE, 0, 0, 0),
    FIELD("secretName", STRING, ONE, 0, 0, 0),
    FIELD("shareName", STRING, ONE, 0, 0, 0),
    /* ---- CSIVolumeSource ---- */
    FIELD("driver", STRING, ONE, 2, 0, 0), /* required */
    FIELD("fsType", STRING, ONE, 0, 0, 0),
    FIELD_OF("nodePublishSecretRef", OBJECT, ONE, T_core_LocalObjectReference, 0, 0, 0),
    FIELD("readOnly", BOOL, ONE, 0, 0, 0),
    FIELD("volumeAttributes", STRING, MAP, 0, 0, 0),
    /* ---- Capabilities ---- */
    FIELD("add", STRING, LIST, 0, 0, 0),
    FIELD("drop", STRING, LIST, 0, 0, 0),
    /* ---- CephFSVolumeSource ---- */
    FIELD("monitors", STRING, LIST, 0, 0, 0),
    FIELD("path", STRING, ONE, 0, 0, 0),
    FIELD("readOnly", BOOL, ONE, 0, 0, 0),
    FIELD("secretFile", STRING, ONE, 0, 0, 0),
    FIELD_OF("secretRef", OBJECT, ONE, T_core_LocalObjectReference, 0, 0, 0),
    FIELD("user", STRING, ONE, 0, 0, 0),
    /* ---- CinderVolumeSource ---- */
    FIELD("fsType", STRING, ONE, 0, 0, 0),
    FIELD("readOnly", BOOL, ONE, 0, 0, 0),
    FIELD_OF("secretRef", OBJECT, ONE, T_core_LocalObjectReference, 0, 0, 0),
    FIELD("volumeID", STRING, ONE, 0, 0, 0),
    /* ---- ClientIPConfig ---- */
    FIELD("timeoutSeconds", INT32, ONE, 1, 0, 0), /* 1 to 86400 */
    /* ---- ClusterTrustBundleProjection ---- */
    FIELD_OF("labelSelector", OBJECT, ONE, T_meta_LabelSelector, 0, 0, 0),
    FIELD("name", STRING, ONE, 0, 0, 0),
    FIELD("optional", BOOL, ONE, 0, 0, 0),
    FIELD("path", STRING, ONE, 2, 0, 0), /* required */
    FIELD("signerName", STRING, ONE, 0, 0, 0),
    /* ---- ConfigMapEnvSource ---- */
    FIELD("name", STRING, ONE, 43, 0, 0), /* required, dns subdomain */
    FIELD("optional", BOOL, ONE, 0, 0, 0),
    /* ---- ConfigMapKeySelector ---- */
    FIELD("key", STRING, ONE, 44, 0, 0), /* required, config key */
    FIELD("name", STRING, ONE, 43, 0, 0), /* required, dns subdomain */
    FIELD("optional", BOOL, ONE, 0, 0, 0),
    /* ---- ConfigMapProjection ---- */
    FIELD_OF("items", OBJECT, LIST, T_core_KeyToPath, 0, 0, 0),
    FIELD("name", STRING, ONE, 43, 0, 0), /* required, dns subdomain */
    FIELD("optional", BOOL, ONE, 0, 0, 0),
    /* ---- ConfigMapVolumeSource ---- */
    FIELD("defaultMode", INT32, ONE, 45, 0, 0), /* 0 to 511 */
    FIELD_OF("items", OBJECT, LIST, T_core_KeyToPath, 0, 0, 0),
    FIELD("name", STRING, ONE, 43, 0, 0), /* required, dns subdomain */
    FIELD("optional", BOOL, ONE, 0, 0, 0),
    /* ---- Container ---- */
    FIELD("args", STRING, LIST, 0, 0, 0),
    FIELD("command", STRING, LIST, 0, 0, 0),
    FIELD_OF("env", OBJECT, LIST, T_core_EnvVar, 18, 0, 0), /* by name */
    FIELD_OF("envFrom", OBJECT, LIST, T_core_EnvFromSource, 0, 0, 0),
    FIELD("image", STRING, ONE, 0, 0, 0),
    FIELD_OF("imagePullPolicy", ENUM, ONE, E_core_PullPolicy, 0, 0, 0),
    FIELD_OF("lifecycle", OBJECT, ONE, T_core_Lifecycle, 0, 0, 0),
    FIELD_OF("livenessProbe", OBJECT, ONE, T_core_Probe, 0, 0, 0),
    FIELD("name", STRING, ONE, 42, 0, 0), /* required, dns label */
    FIELD_OF("ports", OBJECT, LIST, T_core_ContainerPort, 46, 0, 0), /* by containerPort,protocol=TCP */
    FIELD_OF("readinessProbe", OBJECT, ONE, T_core_Probe, 0, 0, 0),
    FIELD_OF("resizePolicy", OBJECT, LIST, T_core_ContainerResizePolicy, 0, 0, 0),
    FIELD_OF("resources", OBJECT, ONE, T_core_ResourceRequirements, 0, 0, 0),
    FIELD_OF("restartPolicy", ENUM, ONE, E_core_ContainerRestartPolicy, 0, 0, 0),
    FIELD_OF("restartPolicyRules", OBJECT, LIST, T_core_ContainerRestartRule, 0, 28, 0),
    FIELD_OF("securityContext", OBJECT, ONE, T_core_SecurityContext, 0, 0, 0),
    FIELD_OF("startupProbe", OBJECT, ONE, T_core_Probe, 0, 0, 0),
    FIELD("stdin", BOOL, ONE, 0, 0, 0),
    FIELD("stdinOnce", BOOL, ONE, 0, 0, 0),
    FIELD("terminationMessagePath", STRING, ONE, 0, 0, 0),
    FIELD_OF("terminationMessagePolicy", ENUM, ONE, E_core_TerminationMessagePolicy, 0, 0, 0),
    FIELD("tty", BOOL, ONE, 0, 0, 0),
    FIELD_OF("volumeDevices", OBJECT, LIST, T_core_VolumeDevice, 47, 0, 0), /* by devicePath */
    FIELD_OF("volumeMounts", OBJECT, LIST, T_core_VolumeMount, 22, 0, 0), /* by mountPath */
    FIELD("workingDir", STRING, ONE, 0, 0, 0),
    /* ---- ContainerPort ---- */
    FIELD("containerPort", INT32, ONE, 35, 0, 0), /* required, 1 to 65535 */
    FIELD("hostIP", STRING, ONE, 0, 0, 0),
    FIELD("hostPort", INT32, ONE, 34, 0, 0), /* 0 to 65535 */
    FIELD("name", STRING, ONE, 48, 0, 0), /* port name */
    FIELD_OF("protocol", ENUM, ONE, E_core_Protocol, 0, 0, 0),
    /* ---- ContainerResizePolicy ---- */
    FIELD("resourceName", STRING, ONE, 2, 0, 0), /* required */
    FIELD("restartPolicy", STRING, ONE, 2, 0, 0), /* required */
    /* ---- ContainerRestartRule ---- */
    FIELD("action", STRING, ONE, 0, 0, 0),
    FIELD_OF("exitCodes", OBJECT, ONE, T_core_ContainerRestartRuleOnExitCodes, 0, 0, 0),
    /* ---- ContainerRestartRuleOnExitCodes ---- */
    FIELD("operator", STRING, ONE, 0, 0, 0),
    FIELD("values", INT32, LIST, 0, 0, 0),
    /* ---- DownwardAPIProjection ---- */
    FIELD_OF("items", OBJECT, LIST, T_core_DownwardAPIVolumeFile, 0, 0, 0),
    /* ---- DownwardAPIVolumeFile ---- */
    FIELD_OF("fieldRef", OBJECT, ONE, T_core_ObjectFieldSelector, 0, 0, 0),
    FIELD("mode", INT32, ONE, 45, 0, 0), /* 0 to 511 */
    FIELD("path", STRING, ONE, 2, 0, 0), /* required */
    FIELD_OF("resourceFieldRef", OBJECT, ONE, T_core_ResourceFieldSelector, 0, 0, 0),
    /* ---- DownwardAPIVolumeSource ---- */
    FIELD("defaultMode", INT32, ONE, 45, 0, 0), /* 0 to 511 */
    FIELD_OF("items", OBJECT, LIST, T_core_DownwardAPIVolumeFile, 0, 0, 0),
    /* ---- EmptyDirVolumeSource ---- */
    FIELD("medium", STRING, ONE, 0, 0, 0),
    FIELD("sizeLimit", QUANTITY, ONE, 0, 0, 0),
    /* ---- EnvFromSource ---- */
    FIELD_OF("configMapRef", OBJECT, ONE, T_core_ConfigMapEnvSource, 0, 0, 0),
    FIELD("prefix", STRING, ONE, 0, 0, 0),
    FIELD_OF("secretRef", OBJECT, ONE, T_core_SecretEnvSource, 0, 0, 0),
    /* ---- EnvVar ---- */
    FIELD("name", STRING, ONE, 4, 0, 0), /* required, env name */
    FIELD("value", STRING, ONE, 0, 0, 0),
    FIELD_OF("valueFrom", OBJECT, ONE, T_core_EnvVarSource, 0, 0, 0),
    /* ---- EnvVarSource ---- */
    FIELD_OF("configMapKeyRef", OBJECT, ONE, T_core_ConfigMapKeySelector, 0, 0, 0),
    FIELD_OF("fieldRef", OBJECT, ONE, T_core_ObjectFieldSelector, 0, 0, 0),
    FIELD_OF("fileKeyRef", OBJECT, ONE, T_core_FileKeySelector, 0, 28, 0),
    FIELD_OF("resourceFieldRef", OBJECT, ONE, T_core_ResourceFieldSelector, 0, 0, 0),
    FIELD_OF("secretKeyRef", OBJECT, ONE, T_core_SecretKeySelector, 0, 0, 0),
    /* ---- EphemeralContainer ---- */
    FIELD("args", STRING, LIST, 0, 0, 0),
    FIELD("command", STRING, LIST, 0, 0, 0),
    FIELD_OF("env", OBJECT, LIST, T_core_EnvVar, 18, 0, 0), /* by name */
    FIELD_OF("envFrom", OBJECT, LIST, T_core_EnvFromSource, 0, 0, 0),
    FIELD("image", STRING, ONE, 0, 0, 0),
    FIELD_OF("imagePullPolicy", ENUM, ONE, E_core_PullPolicy, 0, 0, 0),
    FIELD_OF("lifecycle", OBJECT, ONE, T_core_Lifecycle, 0, 0, 0),
    FIELD_OF("livenessProbe", OBJECT, ONE, T_core_Probe, 0, 0, 0),
    FIELD("name", STRING, ONE, 42, 0, 0), /* required, dns label */
    FIELD_OF("ports", OBJECT, LIST, T_core_ContainerPort, 46, 0, 0), /* by containerPort,protocol=TCP */
    FIELD_OF("readinessProbe", OBJECT, ONE, T_core_Probe, 0, 0, 0),
    FIELD_OF("resizePolicy", OBJECT, LIST, T_core_ContainerResizePolicy, 0, 0, 0),
    FIELD_OF("resources", OBJECT, ONE, T_core_ResourceRequirements, 0, 0, 0),
    FIELD_OF("restartPolicy", ENUM, ONE, E_core_ContainerRestartPolicy, 0, 0, 0),
    FIELD_OF("restartPolicyRules", OBJECT, LIST, T_core_ContainerRestartRule, 0, 28, 0),
    FIELD_OF("securityContext", OBJECT, ONE, T_core_SecurityContext, 0, 0, 0),
    FIELD_OF("startupProbe", OBJECT, ONE, T_core_Probe, 0, 0, 0),
    FIELD("stdin", BOOL, ONE, 0, 0, 0),
    FIELD("stdinOnce", BOOL, ONE, 0, 0, 0),
    FIELD("targetContainerName", STRING, ONE, 0, 0, 0),
    FIELD("terminationMessagePath", STRING, ONE, 0, 0, 0),
    FIELD_OF("terminationMessagePolicy", ENUM, ONE, E_core_TerminationMessagePolicy, 0, 0, 0),
    FIELD("tty", BOOL, ONE, 0, 0, 0),
    FIELD_OF("volumeDevices", OBJECT, LIST, T_core_VolumeDevice, 47, 0, 0), /* by devicePath */
    FIELD_OF("volumeMounts", OBJECT, LIST, T_core_VolumeMount, 22, 0, 0), /* by mountPath */
    FIELD("workingDir", STRING, ONE, 0, 0, 0),
    /* ---- EphemeralVolumeSource ---- */
    FIELD_OF("volumeClaimTemplate", OBJECT, ONE, T_core_PersistentVolumeClaimTemplate, 0, 0, 0),
    /* ---- ExecAction ---- */
    FIELD("command", STRING, LIST, 2, 0, 0), /* required */
    /* ---- FCVolumeSource ---- */
    FIELD("fsType", STRING, ONE, 0, 0, 0),
    FIELD("lun", INT32, ONE, 0, 0, 0),
    FIELD("readOnly", BOOL, ONE, 0, 0, 0),
    FIELD("targetWWNs", STRING, LIST, 0, 0, 0),
    FIELD("wwids", STRING, LIST, 0, 0, 0),
    /* ---- FileKeySelector ---- */
    FIELD("key", STRING, ONE, 2, 0, 0), /* required */
    FIELD("optional", BOOL, ONE, 0, 0, 0),
    FIELD("path", STRING, ONE, 2, 0, 0), /* required */
    FIELD("volumeName", STRING, ONE, 2, 0, 0), /* required */
    /* ---- FlexVolumeSource ---- */
    FIELD("driver", STRING, ONE, 0, 0, 0),
    FIELD("fsType", STRING, ONE, 0, 0, 0),
    FIELD("options", STRING, MAP, 0, 0, 0),
    FIELD("readOnly", BOOL, ONE, 0, 0, 0),
    FIELD_OF("secretRef", OBJECT, ONE, T_core_LocalObjectReference, 0, 0, 0),
    /* ---- FlockerVolumeSource ---- */
    FIELD("datasetName", STRING, ONE, 0, 0, 0),
    FIELD("datasetUUID", STRING, ONE, 0, 0, 0),
    /* ---- GCEPersistentDiskVolumeSource ---- */
    FIELD("fsType", STRING, ONE, 0, 0, 0),
    FIELD("partition", INT32, ONE, 0, 0, 0),
    FIELD("pdName", STRING, ONE, 0, 0, 0),
    FIELD("readOnly", BOOL, ONE, 0, 0, 0),
    /* ---- GRPCAction ---- */
    FIELD("port", INT32, ONE, 49, 0, 0), /* required in whole objects, 1 to 65535 */
    FIELD("service", STRING, ONE, 0, 0, 0),
    /* ---- GitRepoVolumeSource ---- */
    FIELD("directory", STRING, ONE, 0, 0, 0),
    FIELD("repository", STRING, ONE, 0, 0, 0),
    FIELD("revision", STRING, ONE, 0, 0, 0),
    /* ---- GlusterfsVolumeSource ---- */
    FIELD("endpoints", STRING, ONE, 0, 0, 0),
    FIELD("path", STRING, ONE, 0, 0, 0),
    FIELD("readOnly", BOOL, ONE, 0, 0, 0),
    /* ---- HTTPGetAction ---- */
    FIELD("host", STRING, ONE, 0, 0, 0),
    FIELD_OF("httpHeaders", OBJECT, LIST, T_core_HTTPHeader, 0, 0, 0),
    FIELD("path", STRING, ONE, 0, 0, 0),
    FIELD("port", INT_OR_STRING, ONE, 14, 0, 0), /* required in whole objects, port or name */
    FIELD_OF("scheme", ENUM, ONE, E_core_URIScheme, 0, 0, 0),
    /* ---- HTTPHeader ---- */
    FIELD("name", STRING, ONE, 2, 0, 0), /* required */
    FIELD("value", STRING, ONE, 0, 0, 0),
    /* ---- HostAlias ---- */
    FIELD("hostnames", STRING, LIST, 20, 0, 0), /* dns subdomain */
    FIELD("ip", STRING, ONE, 50, 0, 0), /* required, ip */
    /* ---- HostPathVolumeSource ---- */
    FIELD("path", STRING, ONE, 2, 0, 0), /* required */
    FIELD_OF("type", ENUM, ONE, E_core_HostPathType, 0, 0, 0),
    /* ---- ISCSIVolumeSource ---- */
    FIELD("chapAuthDiscovery", BOOL, ONE, 0, 0, 0),
    FIELD("chapAuthSession", BOOL, ONE, 0, 0, 0),
    FIELD("fsType", STRING, ONE, 0, 0, 0),
    FIELD("initiatorName", STRING, ONE, 0, 0, 0),
    FIELD("iqn", STRING, ONE, 0, 0, 0),
    FIELD("iscsiInterface", STRING, ONE, 0, 0, 0),
    FIELD("lun", INT32, ONE, 0, 0, 0),
    FIELD("portals", STRING, LIST, 0, 0, 0),
    FIELD("readOnly", BOOL, ONE, 0, 0, 0),
    FIELD_OF("secretRef", OBJECT, ONE, T_core_LocalObjectReference, 0, 0, 0),
    FIELD("targetPortal", STRING, ONE, 0, 0, 0),
    /* ---- ImageVolumeSource ---- */
    FIELD_OF("pullPolicy", ENUM, ONE, E_core_PullPolicy, 0, 0, 0),
    FIELD("reference", STRING, ONE, 0, 0, 0),
    /* ---- KeyToPath ---- */
    FIELD("key", STRING, ONE, 2, 0, 0), /* required */
    FIELD("mode", INT32, ONE, 45, 0, 0), /* 0 to 511 */
    FIELD("path", STRING, ONE, 2, 0, 0), /* required */
    /* ---- Lifecycle ---- */
    FIELD_OF("postStart", OBJECT, ONE, T_core_LifecycleHandler, 0, 0, 0),
    FIELD_OF("preStop", OBJECT, ONE, T_core_LifecycleHandler, 0, 0, 0),
    FIELD_OF("stopSignal", ENUM, ONE, E_core_Signal, 0, 26, 0),
    /* ---- LifecycleHandler ---- */
    FIELD_OF("exec", OBJECT, ONE, T_core_ExecAction, 0, 0, 0),
    FIELD_OF("httpGet", OBJECT, ONE, T_core_HTTPGetAction, 0, 0, 0),
    FIELD_OF("sleep", OBJECT, ONE, T_core_SleepAction, 0, 0, 0),
    FIELD_OF("tcpSocket", OBJECT, ONE, T_core_TCPSocketAction, 0, 0, 0),
    /* ---- LocalObjectReference ---- */
    FIELD("name", STRING, ONE, 0, 0, 0),
    /* ---- NFSVolumeSource ---- */
    FIELD("path", STRING, ONE, 51, 0, 0), /* required, path absolute */
    FIELD("readOnly", BOOL, ONE, 0, 0, 0),
    FIELD("server", STRING, ONE, 2, 0, 0), /* required */
    /* ---- NodeAffinity ---- */
    FIELD_OF("preferredDuringSchedulingIgnoredDuringExecution", OBJECT, LIST, T_core_PreferredSchedulingTerm, 0, 0, 0),
    FIELD_OF("requiredDuringSchedulingIgnoredDuringExecution", OBJECT, ONE, T_core_NodeSelector, 0, 0, 0),
    /* ---- NodeSelector ---- */
    FIELD_OF("nodeSelectorTerms", OBJECT, LIST, T_core_NodeSelectorTerm, 2, 0, 0), /* required */
    /* ---- NodeSelectorRequirement ---- */
    FIELD("key", STRING, ONE, 24, 0, 0), /* required, label key */
    FIELD_OF("operator", ENUM, ONE, E_core_NodeSelectorOperator, 2, 0, 0), /* required */
    FIELD("values", STRING, LIST, 0, 0, 0),
    /* ---- NodeSelectorTerm ---- */
    FIELD_OF("matchExpressions", OBJECT, LIST, T_core_NodeSelectorRequirement, 0, 0, 0),
    FIELD_OF("matchFields", OBJECT, LIST, T_core_NodeSelectorRequirement, 0, 0, 0),
    /* ---- ObjectFieldSelector ---- */
    FIELD("apiVersion", STRING, ONE, 0, 0, 0),
    FIELD("fieldPath", STRING, ONE, 25, 0, 0), /* required, field path */
    /* ---- ObjectReference ---- */
    FIELD("apiVersion", STRING, ONE, 0, 0, 0),
    FIELD("fieldPath", STRING, ONE, 0, 0, 0),
    FIELD("kind", STRING, ONE, 0, 0, 0),
    FIELD("name", STRING, ONE, 0, 0, 0),
    FIELD("namespace", STRING, ONE, 0, 0, 0),
    FIELD("resourceVersion", STRING, ONE, 0, 0, 0),
    FIELD("uid", STRING, ONE, 0, 0, 0),
    /* ---- PersistentVolumeClaimSpec ---- */
    FIELD_OF("accessModes", ENUM, LIST, E_core_PersistentVolumeAccessMode, 0, 0, 0),
    FIELD_OF("dataSource", OBJECT, ONE, T_core_TypedLocalObjectReference, 0, 0, 0),
    FIELD_OF("dataSourceRef", OBJECT, ONE, T_core_TypedObjectReference, 0, 0, 0),
    FIELD_OF("resources", OBJECT, ONE, T_core_VolumeResourceRequirements, 0, 0, 0),
    FIELD_OF("selector", OBJECT, ONE, T_meta_LabelSelector, 0, 0, 0),
    FIELD("storageClassName", STRING, ONE, 0, 0, 0),
    FIELD("volumeAttributesClassName", STRING, ONE, 0, 0, 0),
    FIELD_OF("volumeMode", ENUM, ONE, E_core_PersistentVolumeMode, 0, 0, 0),
    FIELD("volumeName", STRING, ONE, 0, 0, 0),
    /* ---- PersistentVolumeClaimTemplate ---- */
    FIELD_OF("metadata", OBJECT, ONE, T_meta_ObjectMeta, 0, 0, 0),
    FIELD_OF("spec", OBJECT, ONE, T_core_PersistentVolumeClaimSpec, 0, 0, 0),
    /* ---- PersistentVolumeClaimVolumeSource ---- */
    FIELD("claimName", STRING, ONE, 43, 0, 0), /* required, dns subdomain */
    FIELD("readOnly", BOOL, ONE, 0, 0, 0),
    /* ---- PhotonPersistentDiskVolumeSource ---- */
    FIELD("fsType", STRING, ONE, 0, 0, 0),
    FIELD("pdID", STRING, ONE, 0, 0, 0),
    /* ---- PodAffinity ---- */
    FIELD_OF("preferredDuringSchedulingIgnoredDuringExecution", OBJECT, LIST, T_core_WeightedPodAffinityTerm, 0, 0, 0),
    FIELD_OF("requiredDuringSchedulingIgnoredDuringExecution", OBJECT, LIST, T_core_PodAffinityTerm, 0, 0, 0),
    /* ---- PodAffinityTerm ---- */
    FIELD_OF("labelSelector", OBJECT, ONE, T_meta_LabelSelector, 0, 0, 0),
    FIELD("matchLabelKeys", STRING, LIST, 33, 0, 0), /* label key */
    FIELD("mismatchLabelKeys", STRING, LIST, 33, 0, 0), /* label key */
    FIELD_OF("namespaceSelector", OBJECT, ONE, T_meta_LabelSelector, 0, 0, 0),
    FIELD("namespaces", STRING, LIST, 26, 0, 0), /* dns label */
    FIELD("topologyKey", STRING, ONE, 24, 0, 0), /* required, label key */
    /* ---- PodAntiAffinity ---- */
    FIELD_OF("preferredDuringSchedulingIgnoredDuringExecution", OBJECT, LIST, T_core_WeightedPodAffinityTerm, 0, 0, 0),
    FIELD_OF("requiredDuringSchedulingIgnoredDuringExecution", OBJECT, LIST, T_core_PodAffinityTerm, 0, 0, 0),
    /* ---- PodCertificateProjection ---- */
    FIELD("certificateChainPath", STRING, ONE, 0, 0, 0),
    FIELD("credentialBundlePath", STRING, ONE, 0, 0, 0),
    FIELD("keyPath", STRING, ONE, 0, 0, 0),
    FIELD("keyType", STRING, ONE, 0, 0, 0),
    FIELD("maxExpirationSeconds", INT32, ONE, 0, 0, 0),
    FIELD("signerName", STRING, ONE, 0, 0, 0),
    FIELD("userAnnotations", STRING, MAP, 0, 29, 0),
    /* ---- PodDNSConfig ---- */
    FIELD("nameservers", STRING, LIST, 38, 0, 0), /* ip */
    FIELD_OF("options", OBJECT, LIST, T_core_PodDNSConfigOption, 0, 0, 0),
    FIELD("searches", STRING, LIST, 0, 0, 0),
    /* ---- PodDNSConfigOption ---- */
    FIELD("name", STRING, ONE, 0, 0, 0),
    FIELD("value", STRING, ONE, 0, 0, 0),
    /* ---- PodOS ---- */
    FIELD_OF("name", ENUM, ONE, E_given_name, 2, 0, 0), /* required */
    /* ---- PodReadinessGate ---- */
    FIELD("conditionType", STRING, ONE, 24, 0, 0), /* required, label key */
    /* ---- PodResourceClaim ---- */
    FIELD("name", STRING, ONE, 0, 0, 0),
    FIELD("resourceClaimName", STRING, ONE, 0, 0, 0),
    FIELD("resourceClaimTemplateName", STRING, ONE, 0, 0, 0),
    /* ---- PodSchedulingGate ---- */
    FIELD("name", STRING, ONE, 0, 0, 0),
    /* ---- PodSchedulingGroup ---- */
    FIELD("podGroupName", STRING, ONE, 0, 0, 0),
    /* ---- PodSecurityContext ---- */
    FIELD_OF("appArmorProfile", OBJECT, ONE, T_core_AppArmorProfile, 0, 0, 0),
    FIELD("fsGroup", INT64, ONE, 21, 0, 0), /* 0 to 2147483647 */
    FIELD_OF("fsGroupChangePolicy", ENUM, ONE, E_core_PodFSGroupChangePolicy, 0, 0, 0),
    FIELD("runAsGroup", INT64, ONE, 21, 0, 0), /* 0 to 2147483647 */
    FIELD("runAsNonRoot", BOOL, ONE, 0, 0, 0),
    FIELD("runAsUser", INT64, ONE, 21, 0, 0), /* 0 to 2147483647 */
    FIELD_OF("seLinuxChangePolicy", ENUM, ONE, E_core_PodSELinuxChangePolicy, 0, 25, 0),
    FIELD_OF("seLinuxOptions", OBJECT, ONE, T_core_SELinuxOptions, 0, 0, 0),
    FIELD_OF("seccompProfile", OBJECT, ONE, T_core_SeccompProfile, 0, 0, 0),
    FIELD("supplementalGroups", INT64, LIST, 21, 0, 0), /* 0 to 2147483647 */
    FIELD_OF("supplementalGroupsPolicy", ENUM, ONE, E_core_SupplementalGroupsPolicy, 0, 0, 0),
    FIELD_OF("sysctls", OBJECT, LIST, T_core_Sysctl, 0, 0, 0),
    FIELD_OF("windowsOptions", OBJECT, ONE, T_core_WindowsSecurityContextOptions, 0, 0, 0),
    /* ---- PodSpec ---- */
    FIELD("activeDeadlineSeconds", INT64, ONE, 16, 0, 0), /* 1 to 2147483647 */
    FIELD_OF("affinity", OBJECT, ONE, T_core_Affinity, 0, 0, 0),
    FIELD("automountServiceAccountToken", BOOL, ONE, 0, 0, 0),
    FIELD_OF("containers", OBJECT, LIST, T_core_Container, 52, 0, 0), /* required, by name */
    FIELD_OF("dnsConfig", OBJECT, ONE, T_core_PodDNSConfig, 0, 0, 0),
    FIELD_OF("dnsPolicy", ENUM, ONE, E_core_DNSPolicy, 0, 0, 0),
    FIELD("enableServiceLinks", BOOL, ONE, 0, 0, 0),
    FIELD_OF("ephemeralContainers", OBJECT, LIST, T_core_EphemeralContainer, 18, 0, 0), /* by name */
    FIELD_OF("hostAliases", OBJECT, LIST, T_core_HostAlias, 53, 0, 0), /* by ip */
    FIELD("hostIPC", BOOL, ONE, 0, 0, 0),
    FIELD("hostNetwork", BOOL, ONE, 0, 0, 0),
    FIELD("hostPID", BOOL, ONE, 0, 0, 0),
    FIELD("hostUsers", BOOL, ONE, 0, 0, 0),
    FIELD("hostname", STRING, ONE, 26, 0, 0), /* dns label */
    FIELD("hostnameOverride", STRING, ONE, 0, 28, 0),
    FIELD_OF("imagePullSecrets", OBJECT, LIST, T_core_LocalObjectReference, 54, 0, 0), /* by name= */
    FIELD_OF("initContainers", OBJECT, LIST, T_core_Container, 18, 0, 0), /* by name */
    FIELD("nodeName", STRING, ONE, 20, 0, 0), /* dns subdomain */
    FIELD("nodeSelector", STRING, MAP, 9, 0, 0), /* labels */
    FIELD_OF("os", OBJECT, ONE, T_core_PodOS, 0, 0, 0),
    FIELD("overhead", QUANTITY, MAP, 0, 0, 0),
    FIELD_OF("preemptionPolicy", ENUM, ONE, E_core_PreemptionPolicy, 0, 0, 0),
    FIELD("priority", INT32, ONE, 0, 0, 0),
    FIELD("priorityClassName", STRING, ONE, 20, 0, 0), /* dns subdomain */
    FIELD_OF("readinessGates", OBJECT, LIST, T_core_PodReadinessGate, 0, 0, 0),
    FIELD_OF("resourceClaims", OBJECT, LIST, T_core_PodResourceClaim, 18, 0, 0), /* by name */
    FIELD_OF("resources", OBJECT, ONE, T_core_ResourceRequirements, 0, 25, 0),
    FIELD_OF("restartPolicy", ENUM, ONE, E_core_RestartPolicy, 0, 0, 0),
    FIELD("runtimeClassName", STRING, ONE, 20, 0, 0), /* dns subdomain */
    FIELD("schedulerName", STRING, ONE, 0, 0, 0),
    FIELD_OF("schedulingGates", OBJECT, LIST, T_core_PodSchedulingGate, 18, 0, 0), /* by name */
    FIELD_OF("schedulingGroup", OBJECT, ONE, T_core_PodSchedulingGroup, 0, 31, 0),
    FIELD_OF("securityContext", OBJECT, ONE, T_core_PodSecurityContext, 0, 0, 0),
    FIELD("serviceAccount", STRING, ONE, 0, 0, 0),
    FIELD("serviceAccountName", STRING, ONE, 20, 0, 0), /* dns subdomain */
    FIELD("setHostnameAsFQDN", BOOL, ONE, 0, 0, 0),
    FIELD("shareProcessNamespace", BOOL, ONE, 0, 0, 0),
    FIELD("subdomain", STRING, ONE, 26, 0, 0), /* dns label */
    FIELD("terminationGracePeriodSeconds", INT64, ONE, 55, 0, 0), /* 0 to 9223372036854775807 */
    FIELD_OF("tolerations", OBJECT, LIST, T_core_Toleration, 0, 0, 0),
    FIELD_OF("topologySpreadConstraints", OBJECT, LIST, T_core_TopologySpreadConstraint, 56, 0, 0), /* by topologyKey,whenUnsatisfiable */
    FIELD_OF("volumes", OBJECT, LIST, T_core_Volume, 18, 0, 0), /* by name */
    FIELD_OF("workloadRef", OBJECT, ONE, T_core_WorkloadReference, 0, 29, 30),
    /* ---- PodTemplateSpec ---- */
    FIELD_OF("metadata", OBJECT, ONE, T_meta_ObjectMeta, 0, 0, 0),
    FIELD_OF("spec", OBJECT, ONE, T_core_PodSpec, 0, 0, 0),
    /* ---- PortworxVolumeSource ---- */
    FIELD("fsType", STRING, ONE, 0, 0, 0),
    FIELD("readOnly", BOOL, ONE, 0, 0, 0),
    FIELD("volumeID", STRING, ONE, 0, 0, 0),
    /* ---- PreferredSchedulingTerm ---- */
    FIELD_OF("preference", OBJECT, ONE, T_core_NodeSelectorTerm, 2, 0, 0), /* required */
    FIELD("weight", INT32, ONE, 29, 0, 0), /* required, 1 to 100 */
    /* ---- Probe ---- */
    FIELD_OF("exec", OBJECT, ONE, T_core_ExecAction, 0, 0, 0),
    FIELD("failureThreshold", INT32, ONE, 21, 0, 0), /* 0 to 2147483647 */
    FIELD_OF("grpc", OBJECT, ONE, T_core_GRPCAction, 0, 0, 0),
    FIELD_OF("httpGet", OBJECT, ONE, T_core_HTTPGetAction, 0, 0, 0),
    FIELD("initialDelaySeconds", INT32, ONE, 21, 0, 0), /* 0 to 2147483647 */
    FIELD("periodSeconds", INT32, ONE, 21, 0, 0), /* 0 to 2147483647 */
    FIELD("successThreshold", INT32, ONE, 21, 0, 0), /* 0 to 2147483647 */
    FIELD_OF("tcpSocket", OBJECT, ONE, T_core_TCPSocketAction, 0, 0, 0),
    FIELD("terminationGracePeriodSeconds", INT64, ONE, 57, 0, 0), /* 1 to 9223372036854775807 */
    FIELD("timeoutSeconds", INT32, ONE, 21, 0, 0), /* 0 to 2147483647 */
    /* ---- ProjectedVolumeSource ---- */
    FIELD("defaultMode", INT32, ONE, 45, 0, 0), /* 0 to 511 */
    FIELD_OF("sources", OBJECT, LIST, T_core_VolumeProjection, 0, 0, 0),
    /* ---- QuobyteVolumeSource ---- */
    FIELD("group", STRING, ONE, 0, 0, 0),
    FIELD("readOnly", BOOL, ONE, 0, 0, 0),
    FIELD("registry", STRING, ONE, 0, 0, 0),
    FIELD("tenant", STRING, ONE, 0, 0, 0),
    FIELD("user", STRING, ONE, 0, 0, 0),
    FIELD("volume", STRING, ONE, 0, 0, 0),
    /* ---- RBDVolumeSource ---- */
    FIELD("fsType", STRING, ONE, 0, 0, 0),
    FIELD("image", STRING, ONE, 0, 0, 0),
    FIELD("keyring", STRING, ONE, 0, 0, 0),
    FIELD("monitors", STRING, LIST, 0, 0, 0),
    FIELD("pool", STRING, ONE, 0, 0, 0),
    FIELD("readOnly", BOOL, ONE, 0, 0, 0),
    FIELD_OF("secretRef", OBJECT, ONE, T_core_LocalObjectReference, 0, 0, 0),
    FIELD("user", STRING, ONE, 0, 0, 0),
    /* ---- ResourceClaim ---- */
    FIELD("name", STRING, ONE, 42, 0, 0), /* required, dns label */
    FIELD("request", STRING, ONE, 0, 0, 0),
    /* ---- ResourceFieldSelector ---- */
    FIELD("containerName", STRING, ONE, 0, 0, 0),
    FIELD("divisor", QUANTITY, ONE, 0, 0, 0),
    FIELD("resource", STRING, ONE, 2, 0, 0), /* required */
    /* ---- ResourceRequirements ---- */
    FIELD_OF("claims", OBJECT, LIST, T_core_ResourceClaim, 18, 0, 0), /* by name */
    FIELD("limits", QUANTITY, MAP, 0, 0, 0),
    FIELD("requests", QUANTITY, MAP, 0, 0, 0),
    /* ---- SELinuxOptions ---- */
    FIELD("level", STRING, ONE, 0, 0, 0),
    FIELD("role", STRING, ONE, 0, 0, 0),
    FIELD("type", STRING, ONE, 0, 0, 0),
    FIELD("user", STRING, ONE, 0, 0, 0),
    /* ---- ScaleIOVolumeSource ---- */
    FIELD("fsType", STRING, ONE, 0, 0, 0),
    FIELD("gateway", STRING, ONE, 0, 0, 0),
    FIELD("protectionDomain", STRING, ONE, 0, 0, 0),
    FIELD("readOnly", BOOL, ONE, 0, 0, 0),
    FIELD_OF("secretRef", OBJECT, ONE, T_core_LocalObjectReference, 0, 0, 0),
    FIELD("sslEnabled", BOOL, ONE, 0, 0, 0),
    FIELD("storageMode", STRING, ONE, 0, 0, 0),
    FIELD("storagePool", STRING, ONE, 0, 0, 0),
    FIELD("system", STRING, ONE, 0, 0, 0),
    FIELD("volumeName", STRING, ONE, 0, 0, 0),
    /* ---- SeccompProfile ---- */
    FIELD("localhostProfile", STRING, ONE, 0, 0, 0),
    FIELD_OF("type", ENUM, ONE, E_core_SeccompProfileType, 2, 0, 0), /* required */
    /* ---- SecretEnvSource ---- */
    FIELD("name", STRING, ONE, 43, 0, 0), /* required, dns subdomain */
    FIELD("optional", BOOL, ONE, 0, 0, 0),
    /* ---- SecretKeySelector ---- */
    FIELD("key", STRING, ONE, 44, 0, 0), /* required, config key */
    FIELD("name", STRING, ONE, 43, 0, 0), /* required, dns subdomain */
    FIELD("optional", BOOL, ONE, 0, 0, 0),
    /* ---- SecretProjection ---- */
    FIELD_OF("items", OBJECT, LIST, T_core_KeyToPath, 0, 0, 0),
    FIELD("name", STRING, ONE, 43, 0, 0), /* required, dns subdomain */
    FIELD("optional", BOOL, ONE, 0, 0, 0),
    /* ---- SecretVolumeSource ---- */
    FIELD("defaultMode", INT32, ONE, 45, 0, 0), /* 0 to 511 */
    FIELD_OF("items", OBJECT, LIST, T_core_KeyToPath, 0, 0, 0),
    FIELD("optional", BOOL, ONE, 0, 0, 0),
    FIELD("secretName", STRING, ONE, 43, 0, 0), /* required, dns subdomain */
    /* ---- SecurityContext ---- */
    FIELD("allowPrivilegeEscalation", BOOL, ONE, 0, 0, 0),
    FIELD_OF("appArmorProfile", OBJECT, ONE, T_core_AppArmorProfile, 0, 0, 0),
    FIELD_OF("capabilities", OBJECT, ONE, T_core_Capabilities, 0, 0, 0),
    FIELD("privileged", BOOL, ONE, 0, 0, 0),
    FIELD_OF("procMount", ENUM, ONE, E_core_ProcMountType, 0, 0, 0),
    FIELD("readOnlyRootFilesystem", BOOL, ONE, 0, 0, 0),
    FIELD("runAsGroup", INT64, ONE, 21, 0, 0), /* 0 to 2147483647 */
    FIELD("runAsNonRoot", BOOL, ONE, 0, 0, 0),
    FIELD("runAsUser", INT64, ONE, 21, 0, 0), /* 0 to 2147483647 */
    FIELD_OF("seLinuxOptions", OBJECT, ONE, T_core_SELinuxOptions, 0, 0, 0),
    FIELD_OF("seccompProfile", OBJECT, ONE, T_core_SeccompProfile, 0, 0, 0),
    FIELD_OF("windowsOptions", OBJECT, ONE, T_core_WindowsSecurityContextOptions, 0, 0, 0),
    /* ---- Service ---- */
    FIELD("apiVersion", STRING, ONE, 2, 0, 0), /* required */
    FIELD("kind", STRING, ONE, 2, 0, 0), /* required */
    FIELD_OF("metadata", OBJECT, ONE, T_meta_ObjectMeta, 2, 0, 0), /* required */
    FIELD_OF("spec", OBJECT, ONE, T_core_ServiceSpec, 2, 0, 0), /* required */
    FIELD("status", FREE, ONE, 0, 0, 0),
    /* ---- ServiceAccount ---- */
    FIELD("apiVersion", STRING, ONE, 2, 0, 0), /* required */
    FIELD("automountServiceAccountToken", BOOL, ONE, 0, 0, 0),
    FIELD_OF("imagePullSecrets", OBJECT, LIST, T_core_LocalObjectReference, 0, 0, 0),
    FIELD("kind", STRING, ONE, 2, 0, 0), /* required */
    FIELD_OF("metadata", OBJECT, ONE, T_meta_ObjectMeta, 2, 0, 0), /* required */
    FIELD_OF("secrets", OBJECT, LIST, T_core_ObjectReference, 18, 0, 0), /* by name */
    /* ---- ServiceAccountTokenProjection ---- */
    FIELD("audience", STRING, ONE, 0, 0, 0),
    FIELD("expirationSeconds", INT64, ONE, 58, 0, 0), /* 600 to 4294967296 */
    FIELD("path", STRING, ONE, 2, 0, 0), /* required */
    /* ---- ServicePort ---- */
    FIELD("appProtocol", STRING, ONE, 33, 0, 0), /* label key */
    FIELD("name", STRING, ONE, 26, 0, 0), /* dns label */
    FIELD("nodePort", INT32, ONE, 34, 0, 0), /* 0 to 65535 */
    FIELD("port", INT32, ONE, 35, 0, 0), /* required, 1 to 65535 */
    FIELD_OF("protocol", ENUM, ONE, E_core_Protocol, 0, 0, 0),
    FIELD("targetPort", INT_OR_STRING, ONE, 36, 0, 0), /* port or name */
    /* ---- ServiceSpec ---- */
    FIELD("allocateLoadBalancerNodePorts", BOOL, ONE, 0, 0, 0),
    FIELD("clusterIP", STRING, ONE, 37, 0, 0), /* ip or none */
    FIELD("clusterIPs", STRING, LIST, 37, 0, 0), /* ip or none */
    FIELD("externalIPs", STRING, LIST, 38, 0, 0), /* ip */
    FIELD("externalName", STRING, ONE, 0, 0, 0),
    FIELD_OF("externalTrafficPolicy", ENUM, ONE, E_core_ServiceExternalTrafficPolicy, 0, 0, 0),
    FIELD("healthCheckNodePort", INT32, ONE, 34, 0, 0), /* 0 to 65535 */
    FIELD_OF("internalTrafficPolicy", ENUM, ONE, E_core_ServiceInternalTrafficPolicy, 0, 0, 0),
    FIELD_OF("ipFamilies", ENUM, LIST, E_given_ipFamilies, 0, 0, 0),
    FIELD_OF("ipFamilyPolicy", ENUM, ONE, E_core_IPFamilyPolicy, 0, 0, 0),
    FIELD("loadBalancerClass", STRING, ONE, 33, 0, 0), /* label key */
    FIELD("loadBalancerIP", STRING, ONE, 0, 0, 0),
    FIELD("loadBalancerSourceRanges", STRING, LIST, 39, 0, 0), /* cidr */
    FIELD_OF("ports", OBJECT, LIST, T_core_ServicePort, 40, 0, 0), /* by port,protocol=TCP;name */
    FIELD("publishNotReadyAddresses", BOOL, ONE, 0, 0, 0),
    FIELD("selector", STRING, MAP, 9, 0, 0), /* labels */
    FIELD_OF("sessionAffinity", ENUM, ONE, E_core_ServiceAffinity, 0, 0, 0),
    FIELD_OF("sessionAffinityConfig", OBJECT, ONE, T_core_SessionAffinityConfig, 0, 0, 0),
    FIELD_OF("trafficDistribution", ENUM, ONE, E_given_trafficDistribution, 0, 0, 0),
    FIELD_OF("type", ENUM, ONE, E_core_ServiceType, 0, 0, 0),
    /* ---- SessionAffinityConfig ---- */
    FIELD_OF("clientIP", OBJECT, ONE, T_core_ClientIPConfig, 0, 0, 0),
    /* ---- SleepAction ---- */
    FIELD("seconds", INT64, ONE, 55, 0, 0), /* 0 to 9223372036854775807 */
    /* ---- StorageOSVolumeSource ---- */
    FIELD("fsType", STRING, ONE, 0, 0, 0),
    FIELD("readOnly", BOOL, ONE, 0, 0, 0),
    FIELD_OF("secretRef", OBJECT, ONE, T_core_LocalObjectReference, 0, 0, 0),
    FIELD("volumeName", STRING, ONE, 0, 0, 0),
    FIELD("volumeNamespace", STRING, ONE, 0, 0, 0),
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
    /* ---- TopologySpreadConstraint ---- */
    FIELD_OF("labelSelector", OBJECT, ONE, T_meta_LabelSelector, 0, 0, 0),
    FIELD("matchLabelKeys", STRING, LIST, 33, 0, 0), /* label key */
    FIELD("maxSkew", INT32, ONE, 12, 0, 0), /* required, 1 to 2147483647 */
    FIELD("minDomains", INT32, ONE, 16, 0, 0), /* 1 to 2147483647 */
    FIELD_OF("nodeAffinityPolicy", ENUM, ONE, E_core_NodeInclusionPolicy, 0, 0, 0),
    FIELD_OF("nodeTaintsPolicy", ENUM, ONE, E_core_NodeInclusionPolicy, 0, 0, 0),
    FIELD("topologyKey", STRING, ONE, 24, 0, 0), /* required, label key */
    FIELD_OF("whenUnsatisfiable", ENUM, ONE, E_core_UnsatisfiableConstraintAction, 2, 0, 0), /* required */
    /* ---- TypedLocalObjectReference ---- */
    FIELD("apiGroup", STRING, ONE, 0, 0, 0),
    FIELD("kind", STRING, ONE, 0, 0, 0),
    FIELD("name", STRING, ONE, 0, 0, 0),
    /* ---- TypedObjectReference ---- */
    FIELD("apiGroup", STRING, ONE, 0, 0, 0),
    FIELD("kind", STRING, ONE, 0, 0, 0),
    FIELD("name", STRING, ONE, 0, 0, 0),
    FIELD("namespace", STRING, ONE, 0, 0, 0),
    /* ---- Volume ---- */
    FIELD_OF("awsElasticBlockStore", OBJECT, ONE, T_core_AWSElasticBlockStoreVolumeSource, 0, 0, 0),
    FIELD_OF("azureDisk", OBJECT, ONE, T_core_AzureDiskVolumeSource, 0, 0, 0),
    FIELD_OF("azureFile", OBJECT, ONE, T_core_AzureFileVolumeSource, 0, 0, 0),
    FIELD_OF("cephfs", OBJECT, ONE, T_core_CephFSVolumeSource, 0, 0, 0),
    FIELD_OF("cinder", OBJECT, ONE, T_core_CinderVolumeSource, 0, 0, 0),
    FIELD_OF("configMap", OBJECT, ONE, T_core_ConfigMapVolumeSource, 0, 0, 0),
    FIELD_OF("csi", OBJECT, ONE, T_core_CSIVolumeSource, 0, 0, 0),
    FIELD_OF("downwardAPI", OBJECT, ONE, T_core_DownwardAPIVolumeSource, 0, 0, 0),
    FIELD_OF("emptyDir", OBJECT, ONE, T_core_EmptyDirVolumeSource, 0, 0, 0),
    FIELD_OF("ephemeral", OBJECT, ONE, T_core_EphemeralVolumeSource, 0, 0, 0),
    FIELD_OF("fc", OBJECT, ONE, T_core_FCVolumeSource, 0, 0, 0),
    FIELD_OF("flexVolume", OBJECT, ONE, T_core_FlexVolumeSource, 0, 0, 0),
    FIELD_OF("flocker", OBJECT, ONE, T_core_FlockerVolumeSource, 0, 0, 0),
    FIELD_OF("gcePersistentDisk", OBJECT, ONE, T_core_GCEPersistentDiskVolumeSource, 0, 0, 0),
    FIELD_OF("gitRepo", OBJECT, ONE, T_core_GitRepoVolumeSource, 0, 0, 0),
    FIELD_OF("glusterfs", OBJECT, ONE, T_core_GlusterfsVolumeSource, 0, 0, 0),
    FIELD_OF("hostPath", OBJECT, ONE, T_core_HostPathVolumeSource, 0, 0, 0),
    FIELD_OF("image", OBJECT, ONE, T_core_ImageVolumeSource, 0, 0, 0),
    FIELD_OF("iscsi", OBJECT, ONE, T_core_ISCSIVolumeSource, 0, 0, 0),
    FIELD("name", STRING, ONE, 42, 0, 0), /* required, dns label */
    FIELD_OF("nfs", OBJECT, ONE, T_core_NFSVolumeSource, 0, 0, 0),
    FIELD_OF("persistentVolumeClaim", OBJECT, ONE, T_core_PersistentVolumeClaimVolumeSource, 0, 0, 0),
    FIELD_OF("photonPersistentDisk", OBJECT, ONE, T_core_PhotonPersistentDiskVolumeSource, 0, 0, 0),
    FIELD_OF("portworxVolume", OBJECT, ONE, T_core_PortworxVolumeSource, 0, 0, 0),
    FIELD_OF("projected", OBJECT, ONE, T_core_ProjectedVolumeSource, 0, 0, 0),
    FIELD_OF("quobyte", OBJECT, ONE, T_core_QuobyteVolumeSource, 0, 0, 0),
    FIELD_OF("rbd", OBJECT, ONE, T_core_RBDVolumeSource, 0, 0, 0),
    FIELD_OF("scaleIO", OBJECT, ONE, T_core_ScaleIOVolumeSource, 0, 0, 0),
    FIELD_OF("secret", OBJECT, ONE, T_core_SecretVolumeSource, 0, 0, 0),
    FIELD_OF("storageos", OBJECT, ONE, T_core_StorageOSVolumeSource, 0, 0, 0),
    FIELD_OF("vsphereVolume", OBJECT, ONE, T_core_VsphereVirtualDiskVolumeSource, 0, 0, 0),
    /* ---- VolumeDevice ---- */
    FIELD("devicePath", STRING, ONE, 2, 0, 0), /* required */
    FIELD("name", STRING, ONE, 2, 0, 0), /* required */
    /* ---- VolumeMount ---- */
    FIELD("mountPath", STRING, ONE, 2, 0, 0), /* required */
    FIELD_OF("mountPropagation", ENUM, ONE, E_core_MountPropagationMode, 0, 0, 0),
    FIELD("name", STRING, ONE, 2, 0, 0), /* required */
    FIELD("readOnly", BOOL, ONE, 0, 0, 0),
    FIELD_OF("recursiveReadOnly", ENUM, ONE, E_core_RecursiveReadOnlyMode, 0, 0, 0),
    FIELD("subPath", STRING, ONE, 0, 0, 0),
    FIELD("subPathExpr", STRING, ONE, 0, 0, 0),
    /* ---- VolumeProjection ---- */
    FIELD_OF("clusterTrustBundle", OBJECT, ONE, T_core_ClusterTrustBundleProjection, 0, 0, 0),
    FIELD_OF("configMap", OBJECT, ONE, T_core_ConfigMapProjection, 0, 0, 0),
    FIELD_OF("downwardAPI", OBJECT, ONE, T_core_DownwardAPIProjection, 0, 0, 0),
    FIELD_OF("podCertificate", OBJECT, ONE, T_core_PodCertificateProjection, 0, 28, 0),
    FIELD_OF("secret", OBJECT, ONE, T_core_SecretProjection, 0, 0, 0),
    FIELD_OF("serviceAccountToken", OBJECT, ONE, T_core_ServiceAccountTokenProjection, 0, 0, 0),
    /* ---- VolumeResourceRequirements ---- */
    FIELD("limits", QUANTITY, MAP, 0, 0, 0),
    FIELD("requests", QUANTITY, MAP, 0, 0, 0),
    /* ---- VsphereVirtualDiskVolumeSource ---- */
    FIELD("fsType", STRING, ONE, 0, 0, 0),
    FIELD("storagePolicyID", STRING, ONE, 0, 0, 0),
    FIELD("storagePolicyName", STRING, ONE, 0, 0, 0),
    FIELD("volumePath", STRING, ONE, 0, 0, 0),
    /* ---- WeightedPodAffinityTerm ---- */
    FIELD_OF("podAffinityTerm", OBJECT, ONE, T_core_PodAffinityTerm, 2, 0, 0), /* required */
    FIELD("weight", INT32, ONE, 29, 0, 0), /* required, 1 to 100 */
    /* ---- WindowsSecurityContextOptions ---- */
    FIELD("gmsaCredentialSpec", STRING, ONE, 0, 0, 0),
    FIELD("gmsaCredentialSpecName", STRING, ONE, 0, 0, 0),
    FIELD("hostProcess", BOOL, ONE, 0, 0, 0),
    FIELD("runAsUserName", STRING, ONE, 0, 0, 0),
    /* ---- WorkloadReference ---- */
    FIELD("name", STRING, ONE, 0, 0, 0),
    FIELD("podGroup", STRING, ONE, 0, 0, 0),
    FIELD("podGroupReplicaKey", STRING, ONE, 0, 0, 0),
    /* ---- LabelSelector ---- */
    FIELD_OF("matchExpressions", OBJECT, LIST, T_meta_LabelSelectorRequirement, 0, 0, 0),
    FIELD("matchLabels", STRING, MAP, 9, 0, 0), /* labels */
    /* ---- LabelSelectorRequirement ---- */
    FIELD("key", STRING, ONE, 24, 0, 0), /* required, label key */
    FIELD_OF("operator", ENUM, ONE, E_meta_LabelSelectorOperator, 2, 0, 0), /* required */
    FIELD("values", STRING, LIST, 0, 0, 0),
    /* ---- ManagedFieldsEntry ---- */
    FIELD("apiVersion", STRING, ONE, 0, 0, 0),
    FIELD("fieldsType", STRING, ONE, 0, 0, 0),
    FIELD("fieldsV1", FREE, ONE, 0, 0, 0),
    FIELD("manager", STRING, ONE, 0, 0, 0),
    FIELD("operation", STRING, ONE, 0, 0, 0),
    FIELD("subresource", STRING, ONE, 0, 0, 0),
    FIELD("time", TIME, ONE, 0, 0, 0),
    /* ---- ObjectMeta ---- */
    FIELD("annotations", STRING, MAP, 19, 0, 0), /* annotations */
    FIELD("creationTimestamp", TIME, ONE, 0, 0, 0),
    FIELD("deletionGracePeriodSeconds", INT64, ONE, 0, 0, 0),
    FIELD("deletionTimestamp", TIME, ONE, 0, 0, 0),
    FIELD("finalizers", STRING, LIST, 0, 0, 0),
    FIELD("generateName", STRING, ONE, 0, 0, 0),
    FIELD("generation", INT64, ONE, 0, 0, 0),
    FIELD("labels", STRING, MAP, 9, 0, 0), /* labels */
    FIELD_OF("managedFields", OBJECT, LIST, T_meta_ManagedFieldsEntry, 0, 0, 0),
    FIELD("name", STRING, ONE, 0, 0, 0),
    FIELD("namespace", STRING, ONE, 26, 0, 0), /* dns label */
    FIELD_OF("ownerReferences", OBJECT, LIST, T_meta_OwnerReference, 59, 0, 0), /* by uid */
    FIELD("resourceVersion", STRING, ONE, 0, 0, 0),
    FIELD("selfLink", STRING, ONE, 0, 0, 0),
    FIELD("uid", STRING, ONE, 0, 0, 0),
    /* ---- OwnerReference ---- */
    FIELD("apiVersion", STRING, ONE, 0, 0, 0),
    FIELD("blockOwnerDeletion", BOOL, ONE, 0, 0, 0),
    FIELD("controller", BOOL, ONE, 0, 0, 0),
    FIELD("kind", STRING, ONE, 0, 0, 0),
    FIELD("name", STRING, ONE, 0, 0, 0),
    FIELD("uid", STRING, ONE, 0, 0, 0),
    /* ---- IPBlock ---- */
    FIELD("cidr", STRING, ONE, 60, 0, 0), /* required, cidr */
    FIELD("except", STRING, LIST, 39, 0, 0), /* cidr */
    /* ---- NetworkPolicy ---- */
    FIELD("apiVersion", STRING, ONE, 2, 0, 0), /* required */
    FIELD("kind", STRING, ONE, 2, 0, 0), /* required */
    FIELD_OF("metadata", OBJECT, ONE, T_meta_ObjectMeta, 2, 0, 0), /* required */
    FIELD_OF("spec", OBJECT, ONE, T_networking_NetworkPolicySpec, 0, 0, 0),
    /* ---- NetworkPolicyEgressRule ---- */
    FIELD_OF("ports", OBJECT, LIST, T_networking_NetworkPolicyPort, 0, 0, 0),
    FIELD_OF("to", OBJECT, LIST, T_networking_NetworkPolicyPeer, 0, 0, 0),
    /* ---- NetworkPolicyIngressRule ---- */
    FIELD_OF("from", OBJECT, LIST, T_networking_NetworkPolicyPeer, 0, 0, 0),
    FIELD_OF("ports", OBJECT, LIST, T_networking_NetworkPolicyPort, 0, 0, 0),
    /* ---- NetworkPolicyPeer ---- */
    FIELD_OF("ipBlock", OBJECT, ONE, T_networking_IPBlock, 0, 0, 0),
    FIELD_OF("namespaceSelector", OBJECT, ONE, T_meta_LabelSelector, 0, 0, 0),
    FIELD_OF("podSelector", OBJECT, ONE, T_meta_LabelSelector, 0, 0, 0),
    /* ---- NetworkPolicyPort ---- */
    FIELD("endPort", INT32, ONE, 61, 0, 0), /* 1 to 65535 */
    FIELD("port", INT_OR_STRING, ONE, 62, 0, 0), /* port or name */
    FIELD_OF("protocol", ENUM, ONE, E_core_Protocol, 0, 0, 0),
    /* ---- NetworkPolicySpec ---- */
    FIELD_OF("egress", OBJECT, LIST, T_networking_NetworkPolicyEgressRule, 0, 0, 0),
    FIELD_OF("ingress", OBJECT, LIST, T_networking_NetworkPolicyIngressRule, 0, 0, 0),
    FIELD_OF("podSelector", OBJECT, ONE, T_meta_LabelSelector, 0, 0, 0),
    FIELD_OF("policyTypes", ENUM, LIST, E_networking_PolicyType, 0, 0, 0),
    /* ---- PodDisruptionBudget ---- */
    FIELD("apiVersion", STRING, ONE, 2, 0, 0), /* required */
    FIELD("kind", STRING, ONE, 2, 0, 0), /* required */
    FIELD_OF("metadata", OBJECT, ONE, T_meta_ObjectMeta, 2, 0, 0), /* required */
    FIELD_OF("spec", OBJECT, ONE, T_policy_PodDisruptionBudgetSpec, 0, 0, 0),
    FIELD("status", FREE, ONE, 0, 0, 0),
    /* ---- PodDisruptionBudgetSpec ---- */
    FIELD("maxUnavailable", INT_OR_STRING, ONE, 27, 0, 0), /* count or percent */
    FIELD("minAvailable", INT_OR_STRING, ONE, 27, 0, 0), /* count or percent */
    FIELD_OF("selector", OBJECT, ONE, T_meta_LabelSelector, 0, 0, 0),
    FIELD_OF("unhealthyPodEvictionPolicy", ENUM, ONE, E_policy_UnhealthyPodEvictionPolicyType, 0, 0, 0),
    /* ---- PolicyRule ---- */
    FIELD("apiGroups", STRING, LIST, 0, 0, 0),
    FIELD("nonResourceURLs", STRING, LIST, 0, 0, 0),
    FIELD("resourceNames", STRING, LIST, 0, 0, 0),
    FIELD("resources", STRING, LIST, 0, 0, 0),
    FIELD("verbs", STRING, LIST, 2, 0, 0), /* required */
    /* ---- Role ---- */
    FIELD("apiVersion", STRING, ONE, 2, 0, 0), /* required */
    FIELD("kind", STRING, ONE, 2, 0, 0), /* required */
    FIELD_OF("metadata", OBJECT, ONE, T_meta_ObjectMeta, 2, 0, 0), /* required */
    FIELD_OF("rules", OBJECT, LIST, T_rbac_PolicyRule, 0, 0, 0),
    /* ---- RoleBinding ---- */
    FIELD("apiVersion", STRING, ONE, 2, 0, 0), /* required */
    FIELD("kind", STRING, ONE, 2, 0, 0), /* required */
    FIELD_OF("metadata", OBJECT, ONE, T_meta_ObjectMeta, 2, 0, 0), /* required */
    FIELD_OF("roleRef", OBJECT, ONE, T_rbac_RoleRef, 2, 0, 0), /* required */
    FIELD_OF("subjects", OBJECT, LIST, T_rbac_Subject, 0, 0, 0),
    /* ---- RoleRef ---- */
    FIELD("apiGroup", STRING, ONE, 0, 0, 0),
    FIELD("kind", STRING, ONE, 2, 0, 0), /* required */
    FIELD("name", STRING, ONE, 2, 0, 0), /* required */
    /* ---- Subject ---- */
    FIELD("apiGroup", STRING, ONE, 0, 0, 0),
    FIELD("kind", STRING, ONE, 2, 0, 0), /* required */
    FIELD("name", STRING, ONE, 2, 0, 0), /* required */
    FIELD("namespace", STRING, ONE, 0, 0, 0),
};
