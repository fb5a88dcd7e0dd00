/* SPDX-License-Identifier: Apache-2.0
 *
 * Written by `make tables` (tests/peers/tables): the mesh configuration.
 */
/* clang-format off */
#include "table.h"

const struct glm_spec_field spec_mesh_fields[] = {
    /* ---- Certificate ---- */
    FIELD("dnsNames", STRING, LIST, 0, 0, 0),
    FIELD("secretName", STRING, ONE, 0, 0, 0),
    /* ---- ConfigSource ---- */
    FIELD("address", STRING, ONE, 0, 0, 0),
    FIELD_OF("subscribedResources", ENUM, LIST, E_mesh_Resource, 0, 0, 0),
    FIELD_OF("tlsSettings", OBJECT, ONE, T_networking_ClientTLSSettings, 0, 0, 0),
    /* ---- LabelSelector ---- */
    FIELD_OF("matchExpressions", OBJECT, LIST, T_mesh_LabelSelectorRequirement, 0, 0, 0),
    FIELD("matchLabels", STRING, MAP, 0, 0, 0),
    /* ---- LabelSelectorRequirement ---- */
    FIELD("key", STRING, ONE, 0, 0, 0),
    FIELD("operator", STRING, ONE, 0, 0, 0),
    FIELD("values", STRING, LIST, 0, 0, 0),
    /* ---- MeshConfig ---- */
    FIELD_OF("accessLogEncoding", ENUM, ONE, E_mesh_MeshConfig_AccessLogEncoding, 0, 0, 0),
    FIELD("accessLogFile", STRING, ONE, 0, 0, 0),
    FIELD("accessLogFormat", STRING, ONE, 0, 0, 0),
    FIELD_OF("ca", OBJECT, ONE, T_mesh_MeshConfig_CA, 0, 0, 0),
    FIELD_OF("caCertificates", OBJECT, LIST, T_mesh_MeshConfig_CertificateData, 0, 0, 0),
    FIELD_OF("certificates", OBJECT, LIST, T_mesh_Certificate, 0, 0, 0),
    FIELD_OF("configSources", OBJECT, LIST, T_mesh_ConfigSource, 0, 0, 0),
    FIELD("connectTimeout", DURATION, ONE, L_range_1_3600000, 0, 0),
    FIELD_OF("defaultConfig", OBJECT, ONE, T_mesh_ProxyConfig, 0, 0, 0),
    FIELD("defaultDestinationRuleExportTo", STRING, LIST, 0, 0, 0),
    FIELD_OF("defaultHttpRetryPolicy", OBJECT, ONE, T_networking_HTTPRetry, 0, 0, 0),
    FIELD_OF("defaultProviders", OBJECT, ONE, T_mesh_MeshConfig_DefaultProviders, 0, 0, 0),
    FIELD("defaultServiceExportTo", STRING, LIST, 0, 0, 0),
    FIELD_OF("defaultTrafficPolicy", OBJECT, ONE, T_mesh_MeshConfig_DefaultTrafficPolicy, 0, 31, 0),
    FIELD("defaultVirtualServiceExportTo", STRING, LIST, 0, 0, 0),
    FIELD("disableEnvoyListenerLog", BOOL, ONE, 0, 0, 0),
    FIELD_OF("discoverySelectors", OBJECT, LIST, T_meta_LabelSelector, 0, 0, 22),
    FIELD_OF("discoverySelectors", OBJECT, LIST, T_mesh_LabelSelector, 0, 23, 0),
    FIELD("dnsRefreshRate", DURATION, ONE, 0, 0, 0),
    FIELD("enableAutoMtls", BOOL, ONE, 0, 0, 0),
    FIELD("enableEnvoyAccessLogService", BOOL, ONE, 0, 0, 0),
    FIELD("enablePrometheusMerge", BOOL, ONE, 0, 0, 0),
    FIELD("enableTracing", BOOL, ONE, 0, 0, 0),
    FIELD_OF("extensionProviders", OBJECT, LIST, T_mesh_MeshConfig_ExtensionProvider, 0, 0, 0),
    FIELD_OF("h2UpgradePolicy", ENUM, ONE, E_mesh_MeshConfig_H2UpgradePolicy, 0, 0, 0),
    FIELD("hboneIdleTimeout", DURATION, ONE, 0, 29, 0),
    FIELD("inboundClusterStatName", STRING, ONE, 0, 0, 0),
    FIELD_OF("inboundTrafficPolicy", OBJECT, ONE, T_mesh_MeshConfig_InboundTrafficPolicy, 0, 0, 0),
    FIELD("ingressClass", STRING, ONE, 0, 0, 0),
    FIELD_OF("ingressControllerMode", ENUM, ONE, E_mesh_MeshConfig_IngressControllerMode, 0, 0, 0),
    FIELD("ingressSelector", STRING, ONE, 0, 0, 0),
    FIELD("ingressService", STRING, ONE, 0, 0, 0),
    FIELD_OF("localityLbSetting", OBJECT, ONE, T_networking_LocalityLoadBalancerSetting, 0, 0, 0),
    FIELD_OF("meshMTLS", OBJECT, ONE, T_mesh_MeshConfig_TLSConfig, 0, 0, 0),
    FIELD("outboundClusterStatName", STRING, ONE, 0, 0, 0),
    FIELD_OF("outboundTrafficPolicy", OBJECT, ONE, T_mesh_MeshConfig_OutboundTrafficPolicy, 0, 0, 0),
    FIELD_OF("pathNormalization", OBJECT, ONE, T_mesh_MeshConfig_ProxyPathNormalization, 0, 0, 0),
    FIELD("protocolDetectionTimeout", DURATION, ONE, 0, 0, 0),
    FIELD("proxyHttpPort", INT32, ONE, 0, 0, 0),
    FIELD("proxyInboundListenPort", INT32, ONE, 0, 0, 0),
    FIELD("proxyListenPort", INT32, ONE, L_range_1_65535, 0, 0),
    FIELD("rootNamespace", STRING, ONE, 0, 0, 0),
    FIELD_OF("serviceEntryVisibility", OBJECT, ONE, T_mesh_ServiceEntryVisibility, 0, 31, 0),
    FIELD_OF("serviceScopeConfigs", OBJECT, LIST, T_mesh_MeshConfig_ServiceScopeConfigs, 0, 27, 0),
    FIELD_OF("serviceSettings", OBJECT, LIST, T_mesh_MeshConfig_ServiceSettings, 0, 0, 0),
    FIELD_OF("tcpKeepalive", OBJECT, ONE, T_networking_ConnectionPoolSettings_TCPSettings_TcpKeepalive, 0, 0, 0),
    FIELD_OF("tlsDefaults", OBJECT, ONE, T_mesh_MeshConfig_TLSConfig, 0, 0, 0),
    FIELD("trustDomain", STRING, ONE, 0, 0, 0),
    FIELD("trustDomainAliases", STRING, LIST, 0, 0, 0),
    FIELD("verifyCertificateAtClient", BOOL, ONE, 0, 0, 0),
    FIELD_OF("zoneAwareLbSetting", OBJECT, ONE, T_networking_ZoneAwareLoadBalancerSetting, 0, 31, 0),
    /* ---- MeshConfig.CA ---- */
    FIELD("address", STRING, ONE, 0, 0, 0),
    FIELD("istiodSide", BOOL, ONE, 0, 0, 0),
    FIELD("requestTimeout", DURATION, ONE, 0, 0, 0),
    FIELD_OF("tlsSettings", OBJECT, ONE, T_networking_ClientTLSSettings, 0, 0, 0),
    /* ---- MeshConfig.CertificateData ---- */
    FIELD("certSigners", STRING, LIST, 0, 0, 0),
    FIELD("pem", STRING, ONE, 0, 0, 0),
    FIELD("spiffeBundleUrl", STRING, ONE, 0, 0, 0),
    FIELD("trustDomains", STRING, LIST, 0, 0, 0),
    /* ---- MeshConfig.DefaultProviders ---- */
    FIELD("accessLogging", STRING, LIST, 0, 0, 0),
    FIELD("metrics", STRING, LIST, 0, 0, 0),
    FIELD("tracing", STRING, LIST, 0, 0, 0),
    /* ---- MeshConfig.DefaultTrafficPolicy ---- */
    FIELD_OF("connectionPool", OBJECT, ONE, T_networking_ConnectionPoolSettings, 0, 0, 0),
    FIELD_OF("outlierDetection", OBJECT, ONE, T_networking_OutlierDetection, 0, 0, 0),
    /* ---- MeshConfig.ExtensionProvider ---- */
    FIELD_OF("datadog", OBJECT, ONE, T_mesh_MeshConfig_ExtensionProvider_DatadogTracingProvider, 0, 0, 0),
    FIELD_OF("envoyExtAuthzGrpc", OBJECT, ONE, T_mesh_MeshConfig_ExtensionProvider_EnvoyExternalAuthorizationGrpcProvider, 0, 0, 0),
    FIELD_OF("envoyExtAuthzHttp", OBJECT, ONE, T_mesh_MeshConfig_ExtensionProvider_EnvoyExternalAuthorizationHttpProvider, 0, 0, 0),
    FIELD_OF("envoyFileAccessLog", OBJECT, ONE, T_mesh_MeshConfig_ExtensionProvider_EnvoyFileAccessLogProvider, 0, 0, 0),
    FIELD_OF("envoyHttpAls", OBJECT, ONE, T_mesh_MeshConfig_ExtensionProvider_EnvoyHttpGrpcV3LogProvider, 0, 0, 0),
    FIELD_OF("envoyOtelAls", OBJECT, ONE, T_mesh_MeshConfig_ExtensionProvider_EnvoyOpenTelemetryLogProvider, 0, 0, 0),
    FIELD_OF("envoyTcpAls", OBJECT, ONE, T_mesh_MeshConfig_ExtensionProvider_EnvoyTcpGrpcV3LogProvider, 0, 0, 0),
    FIELD_OF("lightstep", OBJECT, ONE, T_mesh_MeshConfig_ExtensionProvider_LightstepTracingProvider, 0, 0, 0),
    FIELD("name", STRING, ONE, 0, 0, 0),
    FIELD_OF("opencensus", OBJECT, ONE, T_mesh_MeshConfig_ExtensionProvider_OpenCensusAgentTracingProvider, 0, 0, 0),
    FIELD_OF("opentelemetry", OBJECT, ONE, T_mesh_MeshConfig_ExtensionProvider_OpenTelemetryTracingProvider, 0, 0, 0),
    FIELD_OF("prometheus", OBJECT, ONE, T_mesh_MeshConfig_ExtensionProvider_PrometheusMetricsProvider, 0, 0, 0),
    FIELD_OF("sds", OBJECT, ONE, T_mesh_MeshConfig_ExtensionProvider_SDSProvider, 0, 27, 0),
    FIELD_OF("skywalking", OBJECT, ONE, T_mesh_MeshConfig_ExtensionProvider_SkyWalkingTracingProvider, 0, 0, 0),
    FIELD_OF("stackdriver", OBJECT, ONE, T_mesh_MeshConfig_ExtensionProvider_StackdriverProvider, 0, 0, 0),
    FIELD_OF("zipkin", OBJECT, ONE, T_mesh_MeshConfig_ExtensionProvider_ZipkinTracingProvider, 0, 0, 0),
    /* ---- MeshConfig.ExtensionProvider.DatadogTracingProvider ---- */
    FIELD("maxTagLength", UINT32, ONE, 0, 0, 0),
    FIELD("port", UINT32, ONE, 0, 0, 0),
    FIELD("service", STRING, ONE, 0, 0, 0),
    /* ---- MeshConfig.ExtensionProvider.EnvoyExternalAuthorizationGrpcProvider ---- */
    FIELD("clearRouteCache", BOOL, ONE, 0, 25, 0),
    FIELD("failOpen", BOOL, ONE, 0, 0, 0),
    FIELD_OF("includeRequestBodyInCheck", OBJECT, ONE, T_mesh_MeshConfig_ExtensionProvider_EnvoyExternalAuthorizationRequestBody, 0, 0, 0),
    FIELD("port", UINT32, ONE, 0, 0, 0),
    FIELD("service", STRING, ONE, 0, 0, 0),
    FIELD("statusOnError", STRING, ONE, 0, 0, 0),
    FIELD("timeout", DURATION, ONE, 0, 0, 0),
    /* ---- MeshConfig.ExtensionProvider.EnvoyExternalAuthorizationHttpProvider ---- */
    FIELD("clearRouteCache", BOOL, ONE, 0, 25, 0),
    FIELD("failOpen", BOOL, ONE, 0, 0, 0),
    FIELD("headersToDownstreamOnAllow", STRING, LIST, 0, 0, 0),
    FIELD("headersToDownstreamOnDeny", STRING, LIST, 0, 0, 0),
    FIELD("headersToUpstreamOnAllow", STRING, LIST, 0, 0, 0),
    FIELD("includeAdditionalHeadersInCheck", STRING, MAP, 0, 0, 0),
    FIELD("includeHeadersInCheck", STRING, LIST, 0, 0, 0),
    FIELD_OF("includeRequestBodyInCheck", OBJECT, ONE, T_mesh_MeshConfig_ExtensionProvider_EnvoyExternalAuthorizationRequestBody, 0, 0, 0),
    FIELD("includeRequestHeadersInCheck", STRING, LIST, 0, 0, 0),
    FIELD("pathPrefix", STRING, ONE, 0, 0, 0),
    FIELD("port", UINT32, ONE, 0, 0, 0),
    FIELD("service", STRING, ONE, 0, 0, 0),
    FIELD("statusOnError", STRING, ONE, 0, 0, 0),
    FIELD("timeout", DURATION, ONE, 0, 0, 0),
    /* ---- MeshConfig.ExtensionProvider.EnvoyExternalAuthorizationRequestBody ---- */
    FIELD("allowPartialMessage", BOOL, ONE, 0, 0, 0),
    FIELD("maxRequestBytes", UINT32, ONE, 0, 0, 0),
    FIELD("packAsBytes", BOOL, ONE, 0, 0, 0),
    /* ---- MeshConfig.ExtensionProvider.EnvoyFileAccessLogProvider ---- */
    FIELD_OF("logFormat", OBJECT, ONE, T_mesh_MeshConfig_ExtensionProvider_EnvoyFileAccessLogProvider_LogFormat, 0, 0, 0),
    FIELD("omitEmptyValues", BOOL, ONE, 0, 26, 0),
    FIELD("path", STRING, ONE, 0, 0, 0),
    /* ---- MeshConfig.ExtensionProvider.EnvoyFileAccessLogProvider.LogFormat ---- */
    FIELD("labels", FREE, ONE, 0, 0, 0),
    FIELD("text", STRING, ONE, 0, 0, 0),
    /* ---- MeshConfig.ExtensionProvider.EnvoyHttpGrpcV3LogProvider ---- */
    FIELD("additionalRequestHeadersToLog", STRING, LIST, 0, 0, 0),
    FIELD("additionalResponseHeadersToLog", STRING, LIST, 0, 0, 0),
    FIELD("additionalResponseTrailersToLog", STRING, LIST, 0, 0, 0),
    FIELD("filterStateObjectsToLog", STRING, LIST, 0, 0, 0),
    FIELD("logName", STRING, ONE, 0, 0, 0),
    FIELD("port", UINT32, ONE, 0, 0, 0),
    FIELD("service", STRING, ONE, 0, 0, 0),
    /* ---- MeshConfig.ExtensionProvider.EnvoyOpenTelemetryLogProvider ---- */
    FIELD_OF("logFormat", OBJECT, ONE, T_mesh_MeshConfig_ExtensionProvider_EnvoyOpenTelemetryLogProvider_LogFormat, 0, 0, 0),
    FIELD("logName", STRING, ONE, 0, 0, 0),
    FIELD("port", UINT32, ONE, 0, 0, 0),
    FIELD("service", STRING, ONE, 0, 0, 0),
    /* ---- MeshConfig.ExtensionProvider.EnvoyOpenTelemetryLogProvider.LogFormat ---- */
    FIELD("labels", FREE, ONE, 0, 0, 0),
    FIELD("text", STRING, ONE, 0, 0, 0),
    /* ---- MeshConfig.ExtensionProvider.EnvoyTcpGrpcV3LogProvider ---- */
    FIELD("filterStateObjectsToLog", STRING, LIST, 0, 0, 0),
    FIELD("logName", STRING, ONE, 0, 0, 0),
    FIELD("port", UINT32, ONE, 0, 0, 0),
    FIELD("service", STRING, ONE, 0, 0, 0),
    /* ---- MeshConfig.ExtensionProvider.GrpcService ---- */
    FIELD_OF("initialMetadata", OBJECT, LIST, T_mesh_MeshConfig_ExtensionProvider_HttpHeader, 0, 0, 0),
    FIELD("timeout", DURATION, ONE, 0, 0, 0),
    /* ---- MeshConfig.ExtensionProvider.HttpHeader ---- */
    FIELD("envName", STRING, ONE, 0, 26, 0),
    FIELD("name", STRING, ONE, 0, 0, 0),
    FIELD("value", STRING, ONE, 0, 0, 0),
    /* ---- MeshConfig.ExtensionProvider.HttpService ---- */
    FIELD_OF("headers", OBJECT, LIST, T_mesh_MeshConfig_ExtensionProvider_HttpHeader, 0, 0, 0),
    FIELD("path", STRING, ONE, 0, 0, 0),
    FIELD("timeout", DURATION, ONE, 0, 0, 0),
    /* ---- MeshConfig.ExtensionProvider.LightstepTracingProvider ---- */
    FIELD("accessToken", STRING, ONE, 0, 0, 0),
    FIELD("maxTagLength", UINT32, ONE, 0, 0, 0),
    FIELD("port", UINT32, ONE, 0, 0, 0),
    FIELD("service", STRING, ONE, 0, 0, 0),
    /* ---- MeshConfig.ExtensionProvider.OpenCensusAgentTracingProvider ---- */
    FIELD_OF("context", ENUM, LIST, E_mesh_MeshConfig_ExtensionProvider_OpenCensusAgentTracingProvider_TraceContext, 0, 0, 0),
    FIELD("maxTagLength", UINT32, ONE, 0, 0, 0),
    FIELD("port", UINT32, ONE, 0, 0, 0),
    FIELD("service", STRING, ONE, 0, 0, 0),
    /* ---- MeshConfig.ExtensionProvider.OpenTelemetryTracingProvider ---- */
    FIELD_OF("dynatraceSampler", OBJECT, ONE, T_mesh_MeshConfig_ExtensionProvider_OpenTelemetryTracingProvider_DynatraceSampler, 0, 0, 0),
    FIELD_OF("grpc", OBJECT, ONE, T_mesh_MeshConfig_ExtensionProvider_GrpcService, 0, 24, 0),
    FIELD_OF("http", OBJECT, ONE, T_mesh_MeshConfig_ExtensionProvider_HttpService, 0, 0, 0),
    FIELD("maxTagLength", UINT32, ONE, 0, 0, 0),
    FIELD("port", UINT32, ONE, 0, 0, 0),
    FIELD_OF("resourceDetectors", OBJECT, ONE, T_mesh_MeshConfig_ExtensionProvider_ResourceDetectors, 0, 0, 0),
    FIELD("service", STRING, ONE, 0, 0, 0),
    FIELD_OF("serviceAttributeEnrichment", ENUM, ONE, E_mesh_MeshConfig_ExtensionProvider_ServiceAttributeEnrichment, 0, 30, 0),
    /* ---- MeshConfig.ExtensionProvider.OpenTelemetryTracingProvider.DynatraceSampler ---- */
    FIELD("clusterId", INT32, ONE, 0, 0, 0),
    FIELD_OF("httpService", OBJECT, ONE, T_mesh_MeshConfig_ExtensionProvider_OpenTelemetryTracingProvider_DynatraceSampler_DynatraceApi, 0, 0, 0),
    FIELD("rootSpansPerMinute", UINT32, ONE, 0, 0, 0),
    FIELD("tenant", STRING, ONE, 0, 0, 0),
    /* ---- MeshConfig.ExtensionProvider.OpenTelemetryTracingProvider.DynatraceSampler.DynatraceApi ---- */
    FIELD_OF("http", OBJECT, ONE, T_mesh_MeshConfig_ExtensionProvider_HttpService, 0, 0, 0),
    FIELD("port", UINT32, ONE, 0, 0, 0),
    FIELD("service", STRING, ONE, 0, 0, 0),
    /* ---- MeshConfig.ExtensionProvider.PrometheusMetricsProvider ---- */
    /* ---- MeshConfig.ExtensionProvider.ResourceDetectors ---- */
    FIELD_OF("dynatrace", OBJECT, ONE, T_mesh_MeshConfig_ExtensionProvider_ResourceDetectors_DynatraceResourceDetector, 0, 0, 0),
    FIELD_OF("environment", OBJECT, ONE, T_mesh_MeshConfig_ExtensionProvider_ResourceDetectors_EnvironmentResourceDetector, 0, 0, 0),
    /* ---- MeshConfig.ExtensionProvider.ResourceDetectors.DynatraceResourceDetector ---- */
    /* ---- MeshConfig.ExtensionProvider.ResourceDetectors.EnvironmentResourceDetector ---- */
    /* ---- MeshConfig.ExtensionProvider.SDSProvider ---- */
    FIELD("name", STRING, ONE, 0, 0, 0),
    FIELD("port", UINT32, ONE, 0, 0, 0),
    FIELD("service", STRING, ONE, 0, 0, 0),
    /* ---- MeshConfig.ExtensionProvider.SkyWalkingTracingProvider ---- */
    FIELD("accessToken", STRING, ONE, 0, 0, 0),
    FIELD("port", UINT32, ONE, 0, 0, 0),
    FIELD("service", STRING, ONE, 0, 0, 0),
    /* ---- MeshConfig.ExtensionProvider.StackdriverProvider ---- */
    FIELD("debug", BOOL, ONE, 0, 0, 0),
    FIELD_OF("logging", OBJECT, ONE, T_mesh_MeshConfig_ExtensionProvider_StackdriverProvider_Logging, 0, 0, 0),
    FIELD("maxNumberOfAnnotations", INT64, ONE, 0, 0, 0),
    FIELD("maxNumberOfAttributes", INT64, ONE, 0, 0, 0),
    FIELD("maxNumberOfMessageEvents", INT64, ONE, 0, 0, 0),
    FIELD("maxTagLength", UINT32, ONE, 0, 0, 0),
    /* ---- MeshConfig.ExtensionProvider.StackdriverProvider.Logging ---- */
    FIELD("labels", STRING, MAP, 0, 0, 0),
    /* ---- MeshConfig.ExtensionProvider.ZipkinTracingProvider ---- */
    FIELD("enable64bitTraceId", BOOL, ONE, 0, 0, 0),
    FIELD_OF("headers", OBJECT, LIST, T_mesh_MeshConfig_ExtensionProvider_HttpHeader, 0, 29, 0),
    FIELD("maxTagLength", UINT32, ONE, 0, 0, 0),
    FIELD("path", STRING, ONE, 0, 24, 0),
    FIELD("port", UINT32, ONE, 0, 0, 0),
    FIELD("service", STRING, ONE, 0, 0, 0),
    FIELD("timeout", DURATION, ONE, 0, 29, 0),
    FIELD_OF("traceContextOption", ENUM, ONE, E_mesh_MeshConfig_ExtensionProvider_ZipkinTracingProvider_TraceContextOption, 0, 28, 0),
    /* ---- MeshConfig.InboundTrafficPolicy ---- */
    FIELD_OF("mode", ENUM, ONE, E_mesh_MeshConfig_InboundTrafficPolicy_Mode, 0, 0, 0),
    /* ---- MeshConfig.OutboundTrafficPolicy ---- */
    FIELD_OF("mode", ENUM, ONE, E_mesh_MeshConfig_OutboundTrafficPolicy_Mode, 0, 0, 29),
    FIELD_OF("mode", ENUM, ONE, E_mesh_MeshConfig_OutboundTrafficPolicy_Mode_2, 0, 30, 0),
    FIELD_OF("tls", OBJECT, ONE, T_networking_ClientTLSSettings, 0, 30, 0),
    /* ---- MeshConfig.ProxyPathNormalization ---- */
    FIELD_OF("normalization", ENUM, ONE, E_mesh_MeshConfig_ProxyPathNormalization_NormalizationType, 0, 0, 0),
    /* ---- MeshConfig.ServiceScopeConfigs ---- */
    FIELD_OF("namespaceSelector", OBJECT, ONE, T_mesh_LabelSelector, 0, 0, 0),
    FIELD_OF("scope", ENUM, ONE, E_mesh_MeshConfig_ServiceScopeConfigs_Scope, 0, 0, 0),
    FIELD_OF("servicesSelector", OBJECT, ONE, T_mesh_LabelSelector, 0, 0, 0),
    /* ---- MeshConfig.ServiceSettings ---- */
    FIELD("hosts", STRING, LIST, 0, 0, 0),
    FIELD_OF("settings", OBJECT, ONE, T_mesh_MeshConfig_ServiceSettings_Settings, 0, 0, 0),
    /* ---- MeshConfig.ServiceSettings.Settings ---- */
    FIELD("clusterLocal", BOOL, ONE, 0, 0, 0),
    /* ---- MeshConfig.TLSConfig ---- */
    FIELD("cipherSuites", STRING, LIST, 0, 0, 0),
    FIELD("ecdhCurves", STRING, LIST, 0, 0, 0),
    FIELD_OF("minProtocolVersion", ENUM, ONE, E_mesh_MeshConfig_TLSConfig_TLSProtocol, 0, 0, 0),
    /* ---- PrivateKeyProvider ---- */
    FIELD_OF("cryptomb", OBJECT, ONE, T_mesh_PrivateKeyProvider_CryptoMb, 0, 0, 0),
    FIELD_OF("qat", OBJECT, ONE, T_mesh_PrivateKeyProvider_QAT, 0, 0, 0),
    /* ---- PrivateKeyProvider.CryptoMb ---- */
    FIELD("fallback", BOOL, ONE, 0, 0, 0),
    FIELD("pollDelay", DURATION, ONE, L_required, 0, 0),
    /* ---- PrivateKeyProvider.QAT ---- */
    FIELD("fallback", BOOL, ONE, 0, 0, 0),
    FIELD("pollDelay", DURATION, ONE, L_required, 0, 0),
    /* ---- ProxyConfig ---- */
    FIELD("availabilityZone", STRING, ONE, 0, 0, 0),
    FIELD("binaryPath", STRING, ONE, L_not_empty, 0, 0),
    FIELD("caCertificatesPem", STRING, LIST, 0, 0, 0),
    FIELD("concurrency", INT32, ONE, 0, 0, 0),
    FIELD("configPath", STRING, ONE, L_not_empty, 0, 0),
    FIELD_OF("connectionSettings", OBJECT, ONE, T_mesh_ProxyConfig_ConnectionSettings, 0, 31, 0),
    FIELD_OF("controlPlaneAuthPolicy", ENUM, ONE, E_mesh_AuthenticationPolicy, 0, 0, 0),
    FIELD("customConfigFile", STRING, ONE, 0, 0, 0),
    FIELD("discoveryAddress", STRING, ONE, L_host_port, 0, 0),
    FIELD("discoveryRefreshDelay", DURATION, ONE, 0, 0, 0),
    FIELD("drainDuration", DURATION, ONE, L_range_1_9223372036854775807, 0, 0),
    FIELD_OF("envoyAccessLogService", OBJECT, ONE, T_mesh_RemoteService, 0, 0, 0),
    FIELD_OF("envoyMetricsService", OBJECT, ONE, T_mesh_RemoteService, 0, 0, 0),
    FIELD("envoyMetricsServiceAddress", STRING, ONE, L_host_port, 0, 0),
    FIELD("extraStatTags", STRING, LIST, 0, 0, 0),
    FIELD("fileFlushInterval", DURATION, ONE, 0, 29, 0),
    FIELD("fileFlushMinSizeKb", UINT32, ONE, 0, 29, 0),
    FIELD_OF("gatewayTopology", OBJECT, ONE, T_mesh_Topology, 0, 0, 0),
    FIELD("holdApplicationUntilProxyStarts", BOOL, ONE, 0, 0, 0),
    FIELD_OF("image", OBJECT, ONE, T_networking_ProxyImage, 0, 0, 0),
    FIELD_OF("interceptionMode", ENUM, ONE, E_mesh_ProxyConfig_InboundInterceptionMode, 0, 0, 0),
    FIELD("meshId", STRING, ONE, 0, 0, 0),
    FIELD_OF("privateKeyProvider", OBJECT, ONE, T_mesh_PrivateKeyProvider, 0, 0, 0),
    FIELD("proxyAdminPort", INT32, ONE, L_range_1_65535, 0, 0),
    FIELD("proxyBootstrapTemplatePath", STRING, ONE, 0, 0, 0),
    FIELD_OF("proxyHeaders", OBJECT, ONE, T_mesh_ProxyConfig_ProxyHeaders, 0, 0, 0),
    FIELD("proxyMetadata", STRING, MAP, 0, 0, 0),
    FIELD_OF("proxyStatsMatcher", OBJECT, ONE, T_mesh_ProxyConfig_ProxyStatsMatcher, 0, 0, 0),
    FIELD_OF("readinessProbe", OBJECT, ONE, T_networking_ReadinessProbe, 0, 0, 0),
    FIELD("runtimeValues", STRING, MAP, 0, 0, 0),
    FIELD_OF("sds", OBJECT, ONE, T_mesh_SDS, 0, 0, 0),
    FIELD("serviceCluster", STRING, ONE, L_not_empty, 0, 0),
    FIELD("statNameLength", INT32, ONE, 0, 0, 0),
    FIELD("statsCompression", BOOL, ONE, 0, 29, 0),
    FIELD("statsdUdpAddress", STRING, ONE, L_host_port, 0, 0),
    FIELD("statusPort", INT32, ONE, L_range_1_65535, 0, 0),
    FIELD("terminationDrainDuration", DURATION, ONE, 0, 0, 0),
    FIELD_OF("tracing", OBJECT, ONE, T_mesh_Tracing, 0, 0, 0),
    FIELD_OF("tracingServiceName", ENUM, ONE, E_mesh_ProxyConfig_TracingServiceName, 0, 0, 0),
    FIELD("zipkinAddress", STRING, ONE, 0, 0, 0),
    /* ---- ProxyConfig.ConnectionSettings ---- */
    FIELD("clusterPerConnectionBufferLimitBytes", INT32, ONE, L_range_0_2147483647, 0, 0),
    FIELD("globalDownstreamConnectionLimit", INT32, ONE, L_range_1_2147483647, 0, 0),
    FIELD("http2InitialConnectionWindowSize", INT32, ONE, L_range_65535_2147483647, 0, 0),
    FIELD("http2InitialStreamWindowSize", INT32, ONE, L_range_65535_2147483647, 0, 0),
    FIELD("httpDrainTimeout", DURATION, ONE, L_range_0_9223372036854775807, 0, 0),
    FIELD_OF("httpHeadersWithUnderscoresAction", ENUM, ONE, E_mesh_ProxyConfig_ConnectionSettings_HeadersWithUnderscoresAction, 0, 0, 0),
    FIELD("httpIdleTimeout", DURATION, ONE, L_range_0_9223372036854775807, 0, 0),
    FIELD("httpMaxConcurrentStreams", INT32, ONE, L_range_1_2147483647, 0, 0),
    FIELD("httpMaxConnectionDuration", DURATION, ONE, L_range_0_9223372036854775807, 0, 0),
    FIELD("httpMaxStreamDuration", DURATION, ONE, L_range_0_9223372036854775807, 0, 0),
    FIELD("httpMergeSlashes", BOOL, ONE, 0, 0, 0),
    FIELD_OF("httpPathWithEscapedSlashesAction", ENUM, ONE, E_mesh_ProxyConfig_ConnectionSettings_PathWithEscapedSlashesAction, 0, 0, 0),
    FIELD("httpRequestHeadersTimeout", DURATION, ONE, L_range_0_9223372036854775807, 0, 0),
    FIELD("httpRequestTimeout", DURATION, ONE, L_range_0_9223372036854775807, 0, 0),
    FIELD("httpStreamIdleTimeout", DURATION, ONE, L_range_0_9223372036854775807, 0, 0),
    FIELD("listenerConnectionLimit", INT32, ONE, L_range_1_2147483647, 0, 0),
    FIELD("listenerPerConnectionBufferLimitBytes", INT32, ONE, L_range_0_2147483647, 0, 0),
    FIELD_OF("profile", ENUM, ONE, E_mesh_ProxyConfig_ConnectionSettings_Profile, 0, 0, 0),
    /* ---- ProxyConfig.ProxyHeaders ---- */
    FIELD_OF("attemptCount", OBJECT, ONE, T_mesh_ProxyConfig_ProxyHeaders_AttemptCount, 0, 0, 0),
    FIELD_OF("envoyDebugHeaders", OBJECT, ONE, T_mesh_ProxyConfig_ProxyHeaders_EnvoyDebugHeaders, 0, 0, 0),
    FIELD_OF("forwardedClientCert", ENUM, ONE, E_mesh_ForwardClientCertDetails, 0, 0, 0),
    FIELD_OF("metadataExchangeHeaders", OBJECT, ONE, T_mesh_ProxyConfig_ProxyHeaders_MetadataExchangeHeaders, 0, 0, 0),
    FIELD("preserveHttp1HeaderCase", BOOL, ONE, 0, 25, 0),
    FIELD_OF("requestId", OBJECT, ONE, T_mesh_ProxyConfig_ProxyHeaders_RequestId, 0, 0, 0),
    FIELD_OF("server", OBJECT, ONE, T_mesh_ProxyConfig_ProxyHeaders_Server, 0, 0, 0),
    FIELD_OF("setCurrentClientCertDetails", OBJECT, ONE, T_mesh_ProxyConfig_ProxyHeaders_SetCurrentClientCertDetails, 0, 24, 0),
    FIELD_OF("xForwardedHost", OBJECT, ONE, T_mesh_ProxyConfig_ProxyHeaders_XForwardedHost, 0, 28, 0),
    FIELD_OF("xForwardedPort", OBJECT, ONE, T_mesh_ProxyConfig_ProxyHeaders_XForwardedPort, 0, 28, 0),
    /* ---- ProxyConfig.ProxyHeaders.AttemptCount ---- */
    FIELD("disabled", BOOL, ONE, 0, 0, 0),
    /* ---- ProxyConfig.ProxyHeaders.EnvoyDebugHeaders ---- */
    FIELD("disabled", BOOL, ONE, 0, 0, 0),
    /* ---- ProxyConfig.ProxyHeaders.MetadataExchangeHeaders ---- */
    FIELD_OF("mode", ENUM, ONE, E_mesh_ProxyConfig_ProxyHeaders_MetadataExchangeMode, 0, 0, 0),
    /* ---- ProxyConfig.ProxyHeaders.RequestId ---- */
    FIELD("disabled", BOOL, ONE, 0, 0, 0),
    /* ---- ProxyConfig.ProxyHeaders.Server ---- */
    FIELD("disabled", BOOL, ONE, 0, 0, 0),
    FIELD("value", STRING, ONE, 0, 0, 0),
    /* ---- ProxyConfig.ProxyHeaders.SetCurrentClientCertDetails ---- */
    FIELD("cert", BOOL, ONE, 0, 0, 0),
    FIELD("chain", BOOL, ONE, 0, 0, 0),
    FIELD("dns", BOOL, ONE, 0, 0, 0),
    FIELD("subject", BOOL, ONE, 0, 0, 0),
    FIELD("uri", BOOL, ONE, 0, 0, 0),
    /* ---- ProxyConfig.ProxyHeaders.XForwardedHost ---- */
    FIELD("enabled", BOOL, ONE, 0, 0, 0),
    /* ---- ProxyConfig.ProxyHeaders.XForwardedPort ---- */
    FIELD("enabled", BOOL, ONE, 0, 0, 0),
    /* ---- ProxyConfig.ProxyStatsMatcher ---- */
    FIELD("inclusionPrefixes", STRING, LIST, 0, 0, 0),
    FIELD("inclusionRegexps", STRING, LIST, 0, 0, 0),
    FIELD("inclusionSuffixes", STRING, LIST, 0, 0, 0),
    /* ---- RemoteService ---- */
    FIELD("address", STRING, ONE, L_host_port, 0, 0),
    FIELD_OF("tcpKeepalive", OBJECT, ONE, T_networking_ConnectionPoolSettings_TCPSettings_TcpKeepalive, 0, 0, 0),
    FIELD_OF("tlsSettings", OBJECT, ONE, T_networking_ClientTLSSettings, 0, 0, 0),
    /* ---- SDS ---- */
    FIELD("enabled", BOOL, ONE, 0, 0, 0),
    FIELD("k8sSaJwtPath", STRING, ONE, 0, 0, 0),
    /* ---- ServiceEntryVisibility ---- */
    FIELD("applyToSidecars", BOOL, ONE, 0, 0, 0),
    FIELD_OF("defaultVisibility", ENUM, ONE, E_mesh_ServiceEntryVisibility_Visibility, 0, 0, 0),
    FIELD_OF("policies", OBJECT, LIST, T_mesh_ServiceEntryVisibility_Policy, 0, 0, 0),
    /* ---- ServiceEntryVisibility.MatchRule ---- */
    FIELD_OF("namespaceSelector", OBJECT, ONE, T_mesh_LabelSelector, 0, 0, 0),
    /* ---- ServiceEntryVisibility.Policy ---- */
    FIELD_OF("matchingRules", OBJECT, LIST, T_mesh_ServiceEntryVisibility_MatchRule, 0, 0, 0),
    FIELD_OF("visibility", ENUM, ONE, E_mesh_ServiceEntryVisibility_Visibility, 0, 0, 0),
    /* ---- Topology ---- */
    FIELD_OF("forwardClientCertDetails", ENUM, ONE, E_mesh_ForwardClientCertDetails, 0, 0, 0),
    FIELD("numTrustedProxies", UINT32, ONE, 0, 0, 0),
    FIELD_OF("proxyProtocol", OBJECT, ONE, T_mesh_Topology_ProxyProtocolConfiguration, 0, 0, 0),
    /* ---- Topology.ProxyProtocolConfiguration ---- */
    /* ---- Tracing ---- */
    FIELD_OF("customTags", OBJECT, MAP, T_mesh_Tracing_CustomTag, 0, 0, 0),
    FIELD_OF("datadog", OBJECT, ONE, T_mesh_Tracing_Datadog, 0, 0, 0),
    FIELD("enableIstioTags", BOOL, ONE, 0, 25, 0),
    FIELD_OF("lightstep", OBJECT, ONE, T_mesh_Tracing_Lightstep, 0, 0, 0),
    FIELD("maxPathTagLength", UINT32, ONE, 0, 0, 0),
    FIELD_OF("openCensusAgent", OBJECT, ONE, T_mesh_Tracing_OpenCensusAgent, 0, 0, 0),
    FIELD("sampling", DOUBLE, ONE, 0, 0, 0),
    FIELD_OF("stackdriver", OBJECT, ONE, T_mesh_Tracing_Stackdriver, 0, 0, 0),
    FIELD_OF("tlsSettings", OBJECT, ONE, T_networking_ClientTLSSettings, 0, 0, 0),
    FIELD_OF("zipkin", OBJECT, ONE, T_mesh_Tracing_Zipkin, 0, 0, 0),
    /* ---- Tracing.CustomTag ---- */
    FIELD_OF("environment", OBJECT, ONE, T_mesh_Tracing_Environment, 0, 0, 0),
    FIELD_OF("header", OBJECT, ONE, T_mesh_Tracing_RequestHeader, 0, 0, 0),
    FIELD_OF("literal", OBJECT, ONE, T_mesh_Tracing_Literal, 0, 0, 0),
    /* ---- Tracing.Datadog ---- */
    FIELD("address", STRING, ONE, L_required_host_port, 0, 0),
    /* ---- Tracing.Environment ---- */
    FIELD("defaultValue", STRING, ONE, 0, 0, 0),
    FIELD("name", STRING, ONE, 0, 0, 0),
    /* ---- Tracing.Lightstep ---- */
    FIELD("accessToken", STRING, ONE, L_required, 0, 0),
    FIELD("address", STRING, ONE, L_required_host_port, 0, 0),
    /* ---- Tracing.Literal ---- */
    FIELD("value", STRING, ONE, 0, 0, 0),
    /* ---- Tracing.OpenCensusAgent ---- */
    FIELD("address", STRING, ONE, 0, 0, 0),
    FIELD_OF("context", ENUM, LIST, E_mesh_Tracing_OpenCensusAgent_TraceContext, 0, 0, 0),
    /* ---- Tracing.RequestHeader ---- */
    FIELD("defaultValue", STRING, ONE, 0, 0, 0),
    FIELD("name", STRING, ONE, 0, 0, 0),
    /* ---- Tracing.Stackdriver ---- */
    FIELD("debug", BOOL, ONE, 0, 0, 0),
    FIELD("maxNumberOfAnnotations", INT64, ONE, 0, 0, 0),
    FIELD("maxNumberOfAttributes", INT64, ONE, 0, 0, 0),
    FIELD("maxNumberOfMessageEvents", INT64, ONE, 0, 0, 0),
    /* ---- Tracing.Zipkin ---- */
    FIELD("address", STRING, ONE, L_required_host_port, 0, 0),
    /* ---- ClientTLSSettings ---- */
    FIELD("caCertificates", STRING, ONE, 0, 0, 0),
    FIELD("caCrl", STRING, ONE, 0, 0, 0),
    FIELD("clientCertificate", STRING, ONE, 0, 0, 0),
    FIELD("credentialName", STRING, ONE, 0, 0, 0),
    FIELD("insecureSkipVerify", BOOL, ONE, 0, 0, 0),
    FIELD_OF("mode", ENUM, ONE, E_networking_ClientTLSSettings_TLSmode, 0, 0, 0),
    FIELD("privateKey", STRING, ONE, 0, 0, 0),
    FIELD("sni", STRING, ONE, 0, 0, 0),
    FIELD("subjectAltNames", STRING, LIST, 0, 0, 0),
    /* ---- ConnectionPoolSettings ---- */
    FIELD_OF("http", OBJECT, ONE, T_networking_ConnectionPoolSettings_HTTPSettings, 0, 0, 0),
    FIELD_OF("tcp", OBJECT, ONE, T_networking_ConnectionPoolSettings_TCPSettings, 0, 0, 0),
    /* ---- ConnectionPoolSettings.HTTPSettings ---- */
    FIELD_OF("h2UpgradePolicy", ENUM, ONE, E_networking_ConnectionPoolSettings_HTTPSettings_H2UpgradePolicy, 0, 0, 0),
    FIELD("http1MaxPendingRequests", INT32, ONE, L_range_0_2147483647, 0, 0),
    FIELD_OF("http2KeepAlive", OBJECT, ONE, T_networking_ConnectionPoolSettings_HTTPSettings_ConnectionKeepalive, 0, 31, 0),
    FIELD("http2MaxRequests", INT32, ONE, L_range_0_2147483647, 0, 0),
    FIELD("idleTimeout", DURATION, ONE, 0, 0, 0),
    FIELD("maxConcurrentStreams", INT32, ONE, L_range_0_2147483647, 0, 0),
    FIELD("maxRequestsPerConnection", INT32, ONE, L_range_0_2147483647, 0, 0),
    FIELD("maxRetries", INT32, ONE, L_range_0_2147483647, 0, 0),
    FIELD("useClientProtocol", BOOL, ONE, 0, 0, 0),
    /* ---- ConnectionPoolSettings.HTTPSettings.ConnectionKeepalive ---- */
    FIELD("interval", DURATION, ONE, 0, 0, 0),
    FIELD("timeout", DURATION, ONE, 0, 0, 0),
    /* ---- ConnectionPoolSettings.TCPSettings ---- */
    FIELD("connectTimeout", DURATION, ONE, 0, 0, 0),
    FIELD("idleTimeout", DURATION, ONE, 0, 0, 0),
    FIELD("maxConnectionDuration", DURATION, ONE, 0, 0, 0),
    FIELD("maxConnections", INT32, ONE, L_range_0_2147483647, 0, 0),
    FIELD_OF("tcpKeepalive", OBJECT, ONE, T_networking_ConnectionPoolSettings_TCPSettings_TcpKeepalive, 0, 0, 0),
    /* ---- ConnectionPoolSettings.TCPSettings.TcpKeepalive ---- */
    FIELD("interval", DURATION, ONE, 0, 0, 0),
    FIELD("probes", UINT32, ONE, 0, 0, 0),
    FIELD("time", DURATION, ONE, 0, 0, 0),
    /* ---- ExecHealthCheckConfig ---- */
    FIELD("command", STRING, LIST, 0, 0, 0),
    /* ---- GrpcHealthCheckConfig ---- */
    FIELD("port", UINT32, ONE, 0, 0, 0),
    FIELD("service", STRING, ONE, 0, 0, 0),
    /* ---- HTTPHeader ---- */
    FIELD("name", STRING, ONE, 0, 0, 0),
    FIELD("value", STRING, ONE, 0, 0, 0),
    /* ---- HTTPHealthCheckConfig ---- */
    FIELD("host", STRING, ONE, 0, 0, 0),
    FIELD_OF("httpHeaders", OBJECT, LIST, T_networking_HTTPHeader, 0, 0, 0),
    FIELD("path", STRING, ONE, 0, 0, 0),
    FIELD("port", UINT32, ONE, 0, 0, 0),
    FIELD("scheme", STRING, ONE, 0, 0, 0),
    /* ---- HTTPRetry ---- */
    FIELD("attempts", INT32, ONE, 0, 0, 0),
    FIELD("backoff", DURATION, ONE, 0, 26, 0),
    FIELD("perTryTimeout", DURATION, ONE, 0, 0, 0),
    FIELD("retryIgnorePreviousHosts", BOOL, ONE, 0, 26, 0),
    FIELD("retryOn", STRING, ONE, 0, 0, 0),
    FIELD("retryRemoteLocalities", BOOL, ONE, 0, 0, 0),
    /* ---- LocalityLoadBalancerSetting ---- */
    FIELD_OF("distribute", OBJECT, LIST, T_networking_LocalityLoadBalancerSetting_Distribute, 0, 0, 0),
    FIELD("enabled", BOOL, ONE, 0, 0, 0),
    FIELD_OF("failover", OBJECT, LIST, T_networking_LocalityLoadBalancerSetting_Failover, 0, 0, 0),
    FIELD("failoverPriority", STRING, LIST, 0, 0, 0),
    /* ---- LocalityLoadBalancerSetting.Distribute ---- */
    FIELD("from", STRING, ONE, 0, 0, 0),
    FIELD("to", UINT32, MAP, L_range_1_100, 0, 0),
    /* ---- LocalityLoadBalancerSetting.Failover ---- */
    FIELD("from", STRING, ONE, 0, 0, 0),
    FIELD("to", STRING, ONE, 0, 0, 0),
    /* ---- OutlierDetection ---- */
    FIELD("baseEjectionTime", DURATION, ONE, 0, 0, 0),
    FIELD("consecutive5xxErrors", UINT32, ONE, 0, 0, 0),
    FIELD("consecutiveErrors", INT32, ONE, 0, 0, 0),
    FIELD("consecutiveGatewayErrors", UINT32, ONE, 0, 0, 0),
    FIELD("consecutiveLocalOriginFailures", UINT32, ONE, 0, 0, 0),
    FIELD("interval", DURATION, ONE, 0, 0, 0),
    FIELD("maxEjectionPercent", INT32, ONE, L_range_0_100, 0, 0),
    FIELD("minHealthPercent", INT32, ONE, L_range_0_100, 0, 0),
    FIELD("outlierDetectionHttpErrorCodes", UINT32, LIST, 0, 31, 0),
    FIELD("splitExternalLocalOriginErrors", BOOL, ONE, 0, 0, 0),
    /* ---- ReadinessProbe ---- */
    FIELD_OF("exec", OBJECT, ONE, T_networking_ExecHealthCheckConfig, 0, 0, 0),
    FIELD("failureThreshold", INT32, ONE, 0, 0, 0),
    FIELD_OF("grpc", OBJECT, ONE, T_networking_GrpcHealthCheckConfig, 0, 25, 0),
    FIELD_OF("httpGet", OBJECT, ONE, T_networking_HTTPHealthCheckConfig, 0, 0, 0),
    FIELD("initialDelaySeconds", INT32, ONE, 0, 0, 0),
    FIELD("periodSeconds", INT32, ONE, 0, 0, 0),
    FIELD("successThreshold", INT32, ONE, 0, 0, 0),
    FIELD_OF("tcpSocket", OBJECT, ONE, T_networking_TCPHealthCheckConfig, 0, 0, 0),
    FIELD("timeoutSeconds", INT32, ONE, 0, 0, 0),
    /* ---- TCPHealthCheckConfig ---- */
    FIELD("host", STRING, ONE, 0, 0, 0),
    FIELD("port", UINT32, ONE, 0, 0, 0),
    /* ---- ZoneAwareLoadBalancerSetting ---- */
    FIELD("enabled", BOOL, ONE, 0, 0, 0),
    FIELD_OF("failover", OBJECT, LIST, T_networking_ZoneAwareLoadBalancerSetting_Failover, 0, 0, 0),
    FIELD("failoverPriority", STRING, LIST, 0, 0, 0),
    FIELD("minClusterSize", UINT32, ONE, 0, 0, 0),
    /* ---- ZoneAwareLoadBalancerSetting.Failover ---- */
    FIELD("from", STRING, ONE, 0, 0, 0),
    FIELD("to", STRING, ONE, 0, 0, 0),
    /* ---- ProxyImage ---- */
    FIELD("imageType", STRING, ONE, 0, 0, 0),
};
