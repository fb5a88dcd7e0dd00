/* SPDX-License-Identifier: Apache-2.0
 *
 * Written by `make tables` (tests/peers/tables): the values of fields that are one of a list.
 */
/* clang-format off */
#include "table.h"

static const char *const values_apps_DeploymentStrategyType[] = {"Recreate", "RollingUpdate", NULL};
static const char *const values_autoscaling_HPAScalingPolicyType[] = {"Pods", "Percent", NULL};
static const char *const values_autoscaling_MetricSourceType[] = {"Object", "Pods", "Resource", "ContainerResource", "External", NULL};
static const char *const values_autoscaling_MetricTargetType[] = {"Utilization", "Value", "AverageValue", NULL};
static const char *const values_autoscaling_ScalingPolicySelect[] = {"Max", "Min", "Disabled", NULL};
static const char *const values_core_AppArmorProfileType[] = {"Unconfined", "RuntimeDefault", "Localhost", NULL};
static const char *const values_core_AzureDataDiskCachingMode[] = {"None", "ReadOnly", "ReadWrite", NULL};
static const char *const values_core_AzureDataDiskKind[] = {"Shared", "Dedicated", "Managed", NULL};
static const char *const values_core_ContainerRestartPolicy[] = {"Always", "Never", "OnFailure", NULL};
static const char *const values_core_DNSPolicy[] = {"ClusterFirstWithHostNet", "ClusterFirst", "Default", "None", NULL};
static const char *const values_core_HostPathType[] = {"", "DirectoryOrCreate", "Directory", "FileOrCreate", "File", "Socket", "CharDevice", "BlockDevice", NULL};
static const char *const values_core_IPFamilyPolicy[] = {"SingleStack", "PreferDualStack", "RequireDualStack", NULL};
static const char *const values_core_MountPropagationMode[] = {"None", "HostToContainer", "Bidirectional", NULL};
static const char *const values_core_NodeInclusionPolicy[] = {"Ignore", "Honor", NULL};
static const char *const values_core_NodeSelectorOperator[] = {"In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt", NULL};
static const char *const values_core_PersistentVolumeAccessMode[] = {"ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod", NULL};
static const char *const values_core_PersistentVolumeMode[] = {"Block", "Filesystem", NULL};
static const char *const values_core_PodFSGroupChangePolicy[] = {"OnRootMismatch", "Always", NULL};
static const char *const values_core_PodSELinuxChangePolicy[] = {"Recursive", "MountOption", NULL};
static const char *const values_core_PreemptionPolicy[] = {"PreemptLowerPriority", "Never", NULL};
static const char *const values_core_ProcMountType[] = {"Default", "Unmasked", NULL};
static const char *const values_core_Protocol[] = {"TCP", "UDP", "SCTP", NULL};
static const char *const values_core_PullPolicy[] = {"Always", "Never", "IfNotPresent", NULL};
static const char *const values_core_RecursiveReadOnlyMode[] = {"Disabled", "IfPossible", "Enabled", NULL};
static const char *const values_core_RestartPolicy[] = {"Always", "OnFailure", "Never", NULL};
static const char *const values_core_SeccompProfileType[] = {"Unconfined", "RuntimeDefault", "Localhost", NULL};
static const char *const values_core_ServiceAffinity[] = {"ClientIP", "None", NULL};
static const char *const values_core_ServiceExternalTrafficPolicy[] = {"Cluster", "Local", NULL};
static const char *const values_core_ServiceInternalTrafficPolicy[] = {"Cluster", "Local", NULL};
static const char *const values_core_ServiceType[] = {"ClusterIP", "NodePort", "LoadBalancer", "ExternalName", NULL};
static const char *const values_core_Signal[] = {"SIGABRT", "SIGALRM", "SIGBUS", "SIGCHLD", "SIGCLD", "SIGCONT", "SIGFPE", "SIGHUP", "SIGILL", "SIGINT", "SIGIO", "SIGIOT", "SIGKILL", "SIGPIPE", "SIGPOLL", "SIGPROF", "SIGPWR", "SIGQUIT", "SIGSEGV", "SIGSTKFLT", "SIGSTOP", "SIGSYS", "SIGTERM", "SIGTRAP", "SIGTSTP", "SIGTTIN", "SIGTTOU", "SIGURG", "SIGUSR1", "SIGUSR2", "SIGVTALRM", "SIGWINCH", "SIGXCPU", "SIGXFSZ", "SIGRTMIN", "SIGRTMIN+1", "SIGRTMIN+2", "SIGRTMIN+3", "SIGRTMIN+4", "SIGRTMIN+5", "SIGRTMIN+6", "SIGRTMIN+7", "SIGRTMIN+8", "SIGRTMIN+9", "SIGRTMIN+10", "SIGRTMIN+11", "SIGRTMIN+12", "SIGRTMIN+13", "SIGRTMIN+14", "SIGRTMIN+15", "SIGRTMAX-14", "SIGRTMAX-13", "SIGRTMAX-12", "SIGRTMAX-11", "SIGRTMAX-10", "SIGRTMAX-9", "SIGRTMAX-8", "SIGRTMAX-7", "SIGRTMAX-6", "SIGRTMAX-5", "SIGRTMAX-4", "SIGRTMAX-3", "SIGRTMAX-2", "SIGRTMAX-1", "SIGRTMAX", NULL};
static const char *const values_core_SupplementalGroupsPolicy[] = {"Merge", "Strict", NULL};
static const char *const values_core_TaintEffect[] = {"NoSchedule", "PreferNoSchedule", "NoExecute", NULL};
static const char *const values_core_TerminationMessagePolicy[] = {"File", "FallbackToLogsOnError", NULL};
static const char *const values_core_TolerationOperator[] = {"Exists", "Equal", "Lt", "Gt", NULL};
static const char *const values_core_URIScheme[] = {"HTTP", "HTTPS", NULL};
static const char *const values_core_UnsatisfiableConstraintAction[] = {"DoNotSchedule", "ScheduleAnyway", NULL};
static const char *const values_given_ipFamilies[] = {"IPv4", "IPv6", NULL};
static const char *const values_given_name[] = {"linux", "windows", NULL};
static const char *const values_given_trafficDistribution[] = {"PreferClose", "PreferSameZone", "PreferSameNode", NULL};
static const char *const values_mesh_AuthenticationPolicy[] = {"NONE", "MUTUAL_TLS", "INHERIT", NULL};
static const char *const values_mesh_ForwardClientCertDetails[] = {"UNDEFINED", "SANITIZE", "FORWARD_ONLY", "APPEND_FORWARD", "SANITIZE_SET", "ALWAYS_FORWARD_ONLY", NULL};
static const char *const values_mesh_MeshConfig_AccessLogEncoding[] = {"TEXT", "JSON", NULL};
static const char *const values_mesh_MeshConfig_ExtensionProvider_OpenCensusAgentTracingProvider_TraceContext[] = {"UNSPECIFIED", "W3C_TRACE_CONTEXT", "GRPC_BIN", "CLOUD_TRACE_CONTEXT", "B3", NULL};
static const char *const values_mesh_MeshConfig_ExtensionProvider_ServiceAttributeEnrichment[] = {"ISTIO_CANONICAL", "OTEL_SEMANTIC_CONVENTIONS", NULL};
static const char *const values_mesh_MeshConfig_ExtensionProvider_ZipkinTracingProvider_TraceContextOption[] = {"USE_B3", "USE_B3_WITH_W3C_PROPAGATION", NULL};
static const char *const values_mesh_MeshConfig_H2UpgradePolicy[] = {"DO_NOT_UPGRADE", "UPGRADE", NULL};
static const char *const values_mesh_MeshConfig_InboundTrafficPolicy_Mode[] = {"PASSTHROUGH", "LOCALHOST", NULL};
static const char *const values_mesh_MeshConfig_IngressControllerMode[] = {"UNSPECIFIED", "OFF", "DEFAULT", "STRICT", NULL};
static const char *const values_mesh_MeshConfig_OutboundTrafficPolicy_Mode[] = {"REGISTRY_ONLY", "ALLOW_ANY", NULL};
static const char *const values_mesh_MeshConfig_OutboundTrafficPolicy_Mode_2[] = {"REGISTRY_ONLY", "ALLOW_ANY", "ALLOW_ANY_DYNAMIC_DNS", NULL};
static const char *const values_mesh_MeshConfig_ProxyPathNormalization_NormalizationType[] = {"DEFAULT", "NONE", "BASE", "MERGE_SLASHES", "DECODE_AND_MERGE_SLASHES", NULL};
static const char *const values_mesh_MeshConfig_ServiceScopeConfigs_Scope[] = {"LOCAL", "GLOBAL", NULL};
static const char *const values_mesh_MeshConfig_TLSConfig_TLSProtocol[] = {"TLS_AUTO", "TLSV1_2", "TLSV1_3", NULL};
static const char *const values_mesh_ProxyConfig_ConnectionSettings_HeadersWithUnderscoresAction[] = {"HEADERS_WITH_UNDERSCORES_UNSPECIFIED", "HEADERS_WITH_UNDERSCORES_ALLOW", "HEADERS_WITH_UNDERSCORES_REJECT_REQUEST", "HEADERS_WITH_UNDERSCORES_DROP_HEADER", NULL};
static const char *const values_mesh_ProxyConfig_ConnectionSettings_PathWithEscapedSlashesAction[] = {"PATH_WITH_ESCAPED_SLASHES_UNSPECIFIED", "KEEP_UNCHANGED", "REJECT_REQUEST", "UNESCAPE_AND_REDIRECT", "UNESCAPE_AND_FORWARD", NULL};
static const char *const values_mesh_ProxyConfig_ConnectionSettings_Profile[] = {"SIDECAR", "EDGE", NULL};
static const char *const values_mesh_ProxyConfig_InboundInterceptionMode[] = {"REDIRECT", "TPROXY", "NONE", NULL};
static const char *const values_mesh_ProxyConfig_ProxyHeaders_MetadataExchangeMode[] = {"UNDEFINED", "IN_MESH", NULL};
static const char *const values_mesh_ProxyConfig_TracingServiceName[] = {"APP_LABEL_AND_NAMESPACE", "CANONICAL_NAME_ONLY", "CANONICAL_NAME_AND_NAMESPACE", NULL};
static const char *const values_mesh_Resource[] = {"SERVICE_REGISTRY", NULL};
static const char *const values_mesh_ServiceEntryVisibility_Visibility[] = {"VISIBILITY_UNSPECIFIED", "NONE", "NAMESPACE", "PUBLIC", NULL};
static const char *const values_mesh_Tracing_OpenCensusAgent_TraceContext[] = {"UNSPECIFIED", "W3C_TRACE_CONTEXT", "GRPC_BIN", "CLOUD_TRACE_CONTEXT", "B3", NULL};
static const char *const values_meta_LabelSelectorOperator[] = {"In", "NotIn", "Exists", "DoesNotExist", NULL};
static const char *const values_networking_ClientTLSSettings_TLSmode[] = {"DISABLE", "SIMPLE", "MUTUAL", "ISTIO_MUTUAL", NULL};
static const char *const values_networking_ConnectionPoolSettings_HTTPSettings_H2UpgradePolicy[] = {"DEFAULT", "DO_NOT_UPGRADE", "UPGRADE", NULL};
static const char *const values_networking_PolicyType[] = {"Ingress", "Egress", NULL};
static const char *const values_policy_UnhealthyPodEvictionPolicyType[] = {"IfHealthyBudget", "AlwaysAllow", NULL};
static const char *const values_values_ResourceScope[] = {"undefined", "all", "cluster", "namespace", NULL};
static const char *const values_values_Tracer[] = {"zipkin", "lightstep", "datadog", "stackdriver", "openCensusAgent", "none", NULL};

const struct glm_spec_enum glm_spec_enums[] = {
    {"DeploymentStrategyType", values_apps_DeploymentStrategyType, false},
    {"HPAScalingPolicyType", values_autoscaling_HPAScalingPolicyType, false},
    {"MetricSourceType", values_autoscaling_MetricSourceType, false},
    {"MetricTargetType", values_autoscaling_MetricTargetType, false},
    {"ScalingPolicySelect", values_autoscaling_ScalingPolicySelect, false},
    {"AppArmorProfileType", values_core_AppArmorProfileType, false},
    {"AzureDataDiskCachingMode", values_core_AzureDataDiskCachingMode, false},
    {"AzureDataDiskKind", values_core_AzureDataDiskKind, false},
    {"ContainerRestartPolicy", values_core_ContainerRestartPolicy, false},
    {"DNSPolicy", values_core_DNSPolicy, false},
    {"HostPathType", values_core_HostPathType, false},
    {"IPFamilyPolicy", values_core_IPFamilyPolicy, false},
    {"MountPropagationMode", values_core_MountPropagationMode, false},
    {"NodeInclusionPolicy", values_core_NodeInclusionPolicy, false},
    {"NodeSelectorOperator", values_core_NodeSelectorOperator, false},
    {"PersistentVolumeAccessMode", values_core_PersistentVolumeAccessMode, false},
    {"PersistentVolumeMode", values_core_PersistentVolumeMode, false},
    {"PodFSGroupChangePolicy", values_core_PodFSGroupChangePolicy, false},
    {"PodSELinuxChangePolicy", values_core_PodSELinuxChangePolicy, false},
    {"PreemptionPolicy", values_core_PreemptionPolicy, false},
    {"ProcMountType", values_core_ProcMountType, false},
    {"Protocol", values_core_Protocol, false},
    {"PullPolicy", values_core_PullPolicy, false},
    {"RecursiveReadOnlyMode", values_core_RecursiveReadOnlyMode, false},
    {"RestartPolicy", values_core_RestartPolicy, false},
    {"SeccompProfileType", values_core_SeccompProfileType, false},
    {"ServiceAffinity", values_core_ServiceAffinity, false},
    {"ServiceExternalTrafficPolicy", values_core_ServiceExternalTrafficPolicy, false},
    {"ServiceInternalTrafficPolicy", values_core_ServiceInternalTrafficPolicy, false},
    {"ServiceType", values_core_ServiceType, false},
    {"Signal", values_core_Signal, false},
    {"SupplementalGroupsPolicy", values_core_SupplementalGroupsPolicy, false},
    {"TaintEffect", values_core_TaintEffect, false},
    {"TerminationMessagePolicy", values_core_TerminationMessagePolicy, false},
    {"TolerationOperator", values_core_TolerationOperator, false},
    {"URIScheme", values_core_URIScheme, false},
    {"UnsatisfiableConstraintAction", values_core_UnsatisfiableConstraintAction, false},
    {"ipFamilies", values_given_ipFamilies, false},
    {"name", values_given_name, false},
    {"trafficDistribution", values_given_trafficDistribution, false},
    {"AuthenticationPolicy", values_mesh_AuthenticationPolicy, true},
    {"ForwardClientCertDetails", values_mesh_ForwardClientCertDetails, true},
    {"MeshConfig.AccessLogEncoding", values_mesh_MeshConfig_AccessLogEncoding, true},
    {"MeshConfig.ExtensionProvider.OpenCensusAgentTracingProvider.TraceContext", values_mesh_MeshConfig_ExtensionProvider_OpenCensusAgentTracingProvider_TraceContext, true},
    {"MeshConfig.ExtensionProvider.ServiceAttributeEnrichment", values_mesh_MeshConfig_ExtensionProvider_ServiceAttributeEnrichment, true},
    {"MeshConfig.ExtensionProvider.ZipkinTracingProvider.TraceContextOption", values_mesh_MeshConfig_ExtensionProvider_ZipkinTracingProvider_TraceContextOption, true},
    {"MeshConfig.H2UpgradePolicy", values_mesh_MeshConfig_H2UpgradePolicy, true},
    {"MeshConfig.InboundTrafficPolicy.Mode", values_mesh_MeshConfig_InboundTrafficPolicy_Mode, true},
    {"MeshConfig.IngressControllerMode", values_mesh_MeshConfig_IngressControllerMode, true},
    {"MeshConfig.OutboundTrafficPolicy.Mode", values_mesh_MeshConfig_OutboundTrafficPolicy_Mode, true},
    {"MeshConfig.OutboundTrafficPolicy.Mode", values_mesh_MeshConfig_OutboundTrafficPolicy_Mode_2, true},
    {"MeshConfig.ProxyPathNormalization.NormalizationType", values_mesh_MeshConfig_ProxyPathNormalization_NormalizationType, true},
    {"MeshConfig.ServiceScopeConfigs.Scope", values_mesh_MeshConfig_ServiceScopeConfigs_Scope, true},
    {"MeshConfig.TLSConfig.TLSProtocol", values_mesh_MeshConfig_TLSConfig_TLSProtocol, true},
    {"ProxyConfig.ConnectionSettings.HeadersWithUnderscoresAction", values_mesh_ProxyConfig_ConnectionSettings_HeadersWithUnderscoresAction, true},
    {"ProxyConfig.ConnectionSettings.PathWithEscapedSlashesAction", values_mesh_ProxyConfig_ConnectionSettings_PathWithEscapedSlashesAction, true},
    {"ProxyConfig.ConnectionSettings.Profile", values_mesh_ProxyConfig_ConnectionSettings_Profile, true},
    {"ProxyConfig.InboundInterceptionMode", values_mesh_ProxyConfig_InboundInterceptionMode, true},
    {"ProxyConfig.ProxyHeaders.MetadataExchangeMode", values_mesh_ProxyConfig_ProxyHeaders_MetadataExchangeMode, true},
    {"ProxyConfig.TracingServiceName", values_mesh_ProxyConfig_TracingServiceName, true},
    {"Resource", values_mesh_Resource, true},
    {"ServiceEntryVisibility.Visibility", values_mesh_ServiceEntryVisibility_Visibility, true},
    {"Tracing.OpenCensusAgent.TraceContext", values_mesh_Tracing_OpenCensusAgent_TraceContext, true},
    {"LabelSelectorOperator", values_meta_LabelSelectorOperator, false},
    {"ClientTLSSettings.TLSmode", values_networking_ClientTLSSettings_TLSmode, true},
    {"ConnectionPoolSettings.HTTPSettings.H2UpgradePolicy", values_networking_ConnectionPoolSettings_HTTPSettings_H2UpgradePolicy, true},
    {"PolicyType", values_networking_PolicyType, false},
    {"UnhealthyPodEvictionPolicyType", values_policy_UnhealthyPodEvictionPolicyType, false},
    {"ResourceScope", values_values_ResourceScope, true},
    {"Tracer", values_values_Tracer, true},
};
