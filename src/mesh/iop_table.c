/* SPDX-License-Identifier: Apache-2.0
 *
 * The IstioOperator API of Istio 1.23 as const tables.
 *
 * What:   one table for each message; the operator's decoder is as strict as these are. What is
 *         dropped from a gateway's IstioOperator anyway (control-plane components) is not looked
 *         into. values and meshConfig are known at the levels people write most.
 * Source: operator/v1alpha1 and mesh/v1alpha1 of the Istio API 1.23.6, and the operator's values.
 */
#include "internal.h"

#define ANY(n)                                                                                     \
    {                                                                                              \
        .name = (n), .shape = GLM_SHAPE_ANY                                                        \
    }
#define STR(n)                                                                                     \
    {                                                                                              \
        .name = (n), .shape = GLM_SHAPE_STRING                                                     \
    }
#define BOOL(n)                                                                                    \
    {                                                                                              \
        .name = (n), .shape = GLM_SHAPE_BOOL                                                       \
    }
#define INT(n)                                                                                     \
    {                                                                                              \
        .name = (n), .shape = GLM_SHAPE_INT                                                        \
    }
#define UINT(n)                                                                                    \
    {                                                                                              \
        .name = (n), .shape = GLM_SHAPE_UINT                                                       \
    }
#define INT64(n)                                                                                   \
    {                                                                                              \
        .name = (n), .shape = GLM_SHAPE_INT64                                                      \
    }
#define INTSTR(n)                                                                                  \
    {                                                                                              \
        .name = (n), .shape = GLM_SHAPE_INT_OR_STRING                                              \
    }
#define FREE(n)                                                                                    \
    {                                                                                              \
        .name = (n), .shape = GLM_SHAPE_FREE                                                       \
    }
#define STRMAP(n)                                                                                  \
    {                                                                                              \
        .name = (n), .shape = GLM_SHAPE_STRINGS                                                    \
    }
#define OBJ(n, f)                                                                                  \
    {                                                                                              \
        .name = (n), .shape = GLM_SHAPE_OBJECT, .fields = (f)                                      \
    }
#define NOTED(n, f, t)                                                                             \
    {                                                                                              \
        .name = (n), .shape = GLM_SHAPE_OBJECT, .fields = (f), .note = (t)                         \
    }
#define SOFT(n, f, t)                                                                              \
    {                                                                                              \
        .name = (n), .shape = GLM_SHAPE_SOFT, .fields = (f), .note = (t)                           \
    }
#define STRS(n)                                                                                    \
    {                                                                                              \
        .name = (n), .shape = GLM_SHAPE_STRING, .list = true                                       \
    }
#define INT64S(n)                                                                                  \
    {                                                                                              \
        .name = (n), .shape = GLM_SHAPE_INT64, .list = true                                        \
    }
#define OBJS(n, f)                                                                                 \
    {                                                                                              \
        .name = (n), .shape = GLM_SHAPE_OBJECT, .list = true, .fields = (f)                        \
    }
#define NOTEDS(n, f, t)                                                                            \
    {                                                                                              \
        .name = (n), .shape = GLM_SHAPE_OBJECT, .list = true, .fields = (f), .note = (t)           \
    }
#define END                                                                                        \
    {                                                                                              \
        .name = NULL                                                                               \
    }
#define TABLE static const struct glm_iop_field

/* ---- Kubernetes' own ---- */

TABLE label_requirement[] = {STR("key"), STR("operator"), STRS("values"), END};
TABLE label_selector[] = {STRMAP("matchLabels"), OBJS("matchExpressions", label_requirement), END};

TABLE node_term[] = {
    OBJS("matchExpressions", label_requirement),
    OBJS("matchFields", label_requirement),
    END,
};
TABLE node_selector[] = {OBJS("nodeSelectorTerms", node_term), END};
TABLE preferred_node[] = {INT("weight"), OBJ("preference", node_term), END};
TABLE node_affinity[] = {
    OBJ("requiredDuringSchedulingIgnoredDuringExecution", node_selector),
    OBJS("preferredDuringSchedulingIgnoredDuringExecution", preferred_node),
    END,
};
TABLE pod_term[] = {
    OBJ("labelSelector", label_selector),
    STRS("namespaces"),
    STR("topologyKey"),
    END,
};
TABLE weighted_pod_term[] = {INT("weight"), OBJ("podAffinityTerm", pod_term), END};
TABLE pod_affinity[] = {
    OBJS("requiredDuringSchedulingIgnoredDuringExecution", pod_term),
    OBJS("preferredDuringSchedulingIgnoredDuringExecution", weighted_pod_term),
    END,
};
TABLE affinity[] = {
    OBJ("nodeAffinity", node_affinity),
    OBJ("podAffinity", pod_affinity),
    OBJ("podAntiAffinity", pod_affinity),
    END,
};

#define SELECTOR_NOTE                                                                              \
    "This API has no way to name the object that Kubernetes would accept: add the variable with "  \
    "an entry under overlays instead (path spec.template.spec.containers.[name:istio-proxy].env."  \
    "[-1])."
TABLE local_reference[] = {STR("name"), END};
TABLE key_selector[] = {
    OBJ("localObjectReference", local_reference),
    STR("key"),
    BOOL("optional"),
    END,
};
TABLE field_ref[] = {STR("apiVersion"), STR("fieldPath"), END};
TABLE resource_ref[] = {STR("containerName"), STR("resource"), INTSTR("divisor"), END};
TABLE env_source[] = {
    OBJ("fieldRef", field_ref),
    OBJ("resourceFieldRef", resource_ref),
    NOTED("configMapKeyRef", key_selector, SELECTOR_NOTE),
    NOTED("secretKeyRef", key_selector, SELECTOR_NOTE),
    END,
};
TABLE env[] = {STR("name"), STR("value"), OBJ("valueFrom", env_source), END};

TABLE object_reference[] = {STR("kind"), STR("name"), STR("apiVersion"), END};
TABLE metric_identifier[] = {STR("name"), OBJ("selector", label_selector), END};
TABLE metric_target[] = {
    STR("type"), INTSTR("value"), INTSTR("averageValue"), INT("averageUtilization"), END,
};
TABLE metric_object[] = {
    STR("metricName"),
    INTSTR("targetValue"),
    OBJ("selector", label_selector),
    INTSTR("averageValue"),
    ANY("target"),
    OBJ("describedObject", object_reference),
    OBJ("metric", metric_identifier),
    END,
};
TABLE metric_pods[] = {
    STR("metricName"),
    INTSTR("targetAverageValue"),
    OBJ("selector", label_selector),
    OBJ("metric", metric_identifier),
    OBJ("target", metric_target),
    END,
};
TABLE metric_resource[] = {
    STR("name"),
    INT("targetAverageUtilization"),
    INTSTR("targetAverageValue"),
    OBJ("target", metric_target),
    END,
};
TABLE metric_container[] = {STR("name"), OBJ("target", metric_target), STR("container"), END};
TABLE metric_external[] = {
    STR("metricName"),
    OBJ("metricSelector", label_selector),
    INTSTR("targetValue"),
    INTSTR("targetAverageValue"),
    OBJ("metric", metric_identifier),
    OBJ("target", metric_target),
    END,
};
TABLE metric[] = {
    STR("type"),
    OBJ("object", metric_object),
    OBJ("pods", metric_pods),
    OBJ("resource", metric_resource),
    OBJ("containerResource", metric_container),
    OBJ("external", metric_external),
    END,
};
TABLE scaling_policy[] = {STR("type"), INT("value"), INT("periodSeconds"), END};
TABLE scaling_rules[] = {
    INT("stabilizationWindowSeconds"),
    STR("selectPolicy"),
    OBJS("policies", scaling_policy),
    END,
};
TABLE hpa_behavior[] = {OBJ("scaleUp", scaling_rules), OBJ("scaleDown", scaling_rules), END};
TABLE hpa[] = {
    OBJ("scaleTargetRef", object_reference),
    INT("minReplicas"),
    INT("maxReplicas"),
    OBJS("metrics", metric),
    OBJ("behavior", hpa_behavior),
    END,
};

TABLE disruption_budget[] = {
    INTSTR("minAvailable"),
    OBJ("selector", label_selector),
    INTSTR("maxUnavailable"),
    END,
};
TABLE exec_action[] = {STRS("command"), END};
TABLE http_header[] = {STR("name"), STR("value"), END};
TABLE http_get[] = {
    STR("path"), INTSTR("port"), STR("host"), STR("scheme"), OBJS("httpHeaders", http_header), END,
};
TABLE tcp_socket[] = {INTSTR("port"), STR("host"), END};
TABLE probe[] = {
    OBJ("exec", exec_action),   OBJ("httpGet", http_get), OBJ("tcpSocket", tcp_socket),
    INT("initialDelaySeconds"), INT("timeoutSeconds"),    INT("periodSeconds"),
    INT("successThreshold"),    INT("failureThreshold"),  END,
};
TABLE resources[] = {STRMAP("limits"), STRMAP("requests"), END};

TABLE service_port[] = {
    STR("name"),     STR("protocol"),    INT("port"), INTSTR("targetPort"),
    INT("nodePort"), STR("appProtocol"), END,
};
TABLE client_ip[] = {INT("timeoutSeconds"), END};
TABLE session_affinity[] = {OBJ("clientIP", client_ip), END};
TABLE service[] = {
    OBJS("ports", service_port),
    STRMAP("selector"),
    STR("clusterIP"),
    STR("type"),
    STRS("externalIPs"),
    STR("sessionAffinity"),
    STR("loadBalancerIP"),
    STRS("loadBalancerSourceRanges"),
    STR("externalName"),
    STR("externalTrafficPolicy"),
    INT("healthCheckNodePort"),
    BOOL("publishNotReadyAddresses"),
    OBJ("sessionAffinityConfig", session_affinity),
    STR("loadBalancerClass"),
    END,
};
TABLE rolling_update[] = {INTSTR("maxUnavailable"), INTSTR("maxSurge"), END};
TABLE strategy[] = {STR("type"), OBJ("rollingUpdate", rolling_update), END};
TABLE toleration[] = {
    STR("key"), STR("operator"), STR("value"), STR("effect"), INT64("tolerationSeconds"), END,
};

TABLE selinux[] = {STR("user"), STR("role"), STR("type"), STR("level"), END};
TABLE sysctl[] = {STR("name"), STR("value"), END};
TABLE windows[] = {
    STR("gmsaCredentialSpecName"),
    STR("gmsaCredentialSpec"),
    STR("runAsUserName"),
    END,
};
TABLE seccomp[] = {STR("type"), STR("localhostProfile"), END};
TABLE security_context[] = {
    OBJ("seLinuxOptions", selinux),
    INT64("runAsUser"),
    BOOL("runAsNonRoot"),
    INT64S("supplementalGroups"),
    INT64("fsGroup"),
    INT64("runAsGroup"),
    OBJS("sysctls", sysctl),
    OBJ("windowsOptions", windows),
    STR("fsGroupChangePolicy"),
    OBJ("seccompProfile", seccomp),
    END,
};

#define VOLUME_NOTE                                                                                \
    "The operator cannot read the sources of volumes here: add the volume with an entry under "    \
    "overlays instead (path spec.template.spec.volumes.[-1])."
TABLE volume[] = {STR("name"), FREE("volumeSource"), END};
TABLE volume_mount[] = {
    STR("name"),    BOOL("readOnly"),        STR("recursiveReadOnly"), STR("mountPath"),
    STR("subPath"), STR("mountPropagation"), STR("subPathExpr"),       END,
};
TABLE patch[] = {STR("path"), ANY("value"), END};
TABLE overlay[] = {STR("apiVersion"), STR("kind"), STR("name"), OBJS("patches", patch), END};

/* ---- Istio's ---- */

TABLE k8s[] = {
    OBJ("affinity", affinity),
    OBJS("env", env),
    OBJ("hpaSpec", hpa),
    STR("imagePullPolicy"),
    STRMAP("nodeSelector"),
    OBJ("podDisruptionBudget", disruption_budget),
    STRMAP("podAnnotations"),
    STR("priorityClassName"),
    OBJ("readinessProbe", probe),
    UINT("replicaCount"),
    OBJ("resources", resources),
    OBJ("service", service),
    OBJ("strategy", strategy),
    OBJS("tolerations", toleration),
    STRMAP("serviceAnnotations"),
    OBJ("securityContext", security_context),
    NOTEDS("volumes", volume, VOLUME_NOTE),
    OBJS("volumeMounts", volume_mount),
    OBJS("overlays", overlay),
    END,
};
TABLE gateway[] = {
    BOOL("enabled"), STR("namespace"), STR("name"),     STRMAP("label"),
    STR("hub"),      ANY("tag"),       OBJ("k8s", k8s), END,
};
TABLE components[] = {
    FREE("base"),
    FREE("pilot"),
    FREE("cni"),
    FREE("ztunnel"),
    FREE("istiodRemote"),
    OBJS("ingressGateways", gateway),
    OBJS("egressGateways", gateway),
    END,
};

#define VALUES_NOTE                                                                                \
    "The operator refuses keys under values that it does not know; those of a chart of your own "  \
    "belong under unvalidatedValues."
#define MESH_NOTE                                                                                  \
    "The operator refuses keys under meshConfig that the mesh configuration of Istio 1.23 does "   \
    "not have."

TABLE values_multi_cluster[] = {
    ANY("enabled"), STR("clusterName"), ANY("globalDomainSuffix"), ANY("includeEnvoyFilter"), END,
};
TABLE values_global[] = {
    ANY("arch"),
    ANY("certSigners"),
    ANY("configValidation"),
    ANY("defaultNodeSelector"),
    ANY("defaultPodDisruptionBudget"),
    ANY("defaultResources"),
    ANY("defaultTolerations"),
    ANY("hub"),
    ANY("imagePullPolicy"),
    ANY("imagePullSecrets"),
    ANY("istioNamespace"),
    ANY("logAsJson"),
    ANY("logging"),
    STR("meshID"),
    ANY("meshNetworks"),
    SOFT("multiCluster", values_multi_cluster, VALUES_NOTE),
    ANY("network"),
    ANY("podDNSSearchNamespaces"),
    ANY("omitSidecarInjectorConfigMap"),
    ANY("operatorManageWebhooks"),
    ANY("priorityClassName"),
    ANY("proxy"),
    ANY("proxy_init"),
    ANY("sds"),
    ANY("tag"),
    ANY("variant"),
    ANY("tracer"),
    ANY("remotePilotAddress"),
    ANY("istiod"),
    ANY("pilotCertProvider"),
    ANY("jwtPolicy"),
    ANY("sts"),
    ANY("revision"),
    ANY("mountMtlsCerts"),
    ANY("caAddress"),
    ANY("externalIstiod"),
    ANY("configCluster"),
    ANY("caName"),
    ANY("autoscalingv2API"),
    ANY("platform"),
    ANY("ipFamilies"),
    ANY("ipFamilyPolicy"),
    END,
};
#define VALUES_GATEWAY                                                                             \
    ANY("autoscaleEnabled"), ANY("autoscaleMax"), ANY("autoscaleMin"), ANY("memory"), ANY("cpu"),  \
        BOOL("customService"), ANY("enabled"), ANY("env"), STRMAP("labels"), ANY("name"),          \
        ANY("nodeSelector"), ANY("podAnnotations"), ANY("podAntiAffinityLabelSelector"),           \
        ANY("podAntiAffinityTermLabelSelector"), ANY("ports"), ANY("resources"),                   \
        ANY("secretVolumes"), ANY("serviceAnnotations"), ANY("type"), ANY("zvpn"),                 \
        ANY("tolerations"), ANY("rollingMaxSurge"), ANY("rollingMaxUnavailable"),                  \
        ANY("configVolumes"), ANY("additionalContainers"), ANY("runAsRoot"),                       \
        ANY("injectionTemplate"), ANY("serviceAccount"), ANY("ipFamilies"), ANY("ipFamilyPolicy")
TABLE values_egress[] = {VALUES_GATEWAY, END};
TABLE values_ingress[] = {
    VALUES_GATEWAY,
    ANY("loadBalancerIP"),
    ANY("loadBalancerSourceRanges"),
    ANY("externalTrafficPolicy"),
    ANY("ingressPorts"),
    ANY("replicaCount"),
    END,
};
TABLE values_gateways[] = {
    SOFT("istio-ingressgateway", values_ingress, VALUES_NOTE),
    SOFT("istio-egressgateway", values_egress, VALUES_NOTE),
    ANY("enabled"),
    ANY("securityContext"),
    ANY("seccompProfile"),
    END,
};
TABLE values[] = {
    ANY("cni"),
    SOFT("gateways", values_gateways, VALUES_NOTE),
    SOFT("global", values_global, VALUES_NOTE),
    ANY("pilot"),
    ANY("ztunnel"),
    ANY("telemetry"),
    ANY("sidecarInjectorWebhook"),
    ANY("istio_cni"),
    ANY("revision"),
    ANY("ownerName"),
    FREE("meshConfig"),
    ANY("base"),
    ANY("istiodRemote"),
    ANY("revisionTags"),
    ANY("defaultRevision"),
    ANY("profile"),
    ANY("compatibilityVersion"),
    ANY("experimental"),
    END,
};

TABLE proxy_config[] = {
    ANY("configPath"),
    ANY("binaryPath"),
    ANY("serviceCluster"),
    ANY("tracingServiceName"),
    ANY("drainDuration"),
    ANY("discoveryAddress"),
    ANY("discoveryRefreshDelay"),
    ANY("zipkinAddress"),
    ANY("statsdUdpAddress"),
    ANY("envoyMetricsServiceAddress"),
    ANY("proxyAdminPort"),
    ANY("availabilityZone"),
    ANY("controlPlaneAuthPolicy"),
    ANY("customConfigFile"),
    ANY("statNameLength"),
    ANY("concurrency"),
    ANY("proxyBootstrapTemplatePath"),
    ANY("interceptionMode"),
    ANY("tracing"),
    ANY("sds"),
    ANY("envoyAccessLogService"),
    ANY("envoyMetricsService"),
    ANY("proxyMetadata"),
    ANY("runtimeValues"),
    ANY("statusPort"),
    ANY("extraStatTags"),
    ANY("gatewayTopology"),
    ANY("terminationDrainDuration"),
    ANY("meshId"),
    ANY("readinessProbe"),
    ANY("proxyStatsMatcher"),
    ANY("holdApplicationUntilProxyStarts"),
    ANY("caCertificatesPem"),
    ANY("image"),
    ANY("privateKeyProvider"),
    ANY("proxyHeaders"),
    END,
};
TABLE mesh_config[] = {
    ANY("proxyListenPort"),
    ANY("proxyInboundListenPort"),
    ANY("proxyHttpPort"),
    ANY("connectTimeout"),
    ANY("protocolDetectionTimeout"),
    ANY("tcpKeepalive"),
    ANY("ingressClass"),
    ANY("ingressService"),
    ANY("ingressControllerMode"),
    ANY("ingressSelector"),
    ANY("enableTracing"),
    ANY("accessLogFile"),
    ANY("accessLogFormat"),
    ANY("accessLogEncoding"),
    ANY("enableEnvoyAccessLogService"),
    ANY("disableEnvoyListenerLog"),
    SOFT("defaultConfig", proxy_config, MESH_NOTE),
    ANY("outboundTrafficPolicy"),
    ANY("inboundTrafficPolicy"),
    ANY("configSources"),
    ANY("enableAutoMtls"),
    STR("trustDomain"),
    ANY("trustDomainAliases"),
    ANY("caCertificates"),
    ANY("defaultServiceExportTo"),
    ANY("defaultVirtualServiceExportTo"),
    ANY("defaultDestinationRuleExportTo"),
    ANY("rootNamespace"),
    ANY("localityLbSetting"),
    ANY("dnsRefreshRate"),
    ANY("h2UpgradePolicy"),
    ANY("inboundClusterStatName"),
    ANY("outboundClusterStatName"),
    ANY("certificates"),
    ANY("serviceSettings"),
    ANY("enablePrometheusMerge"),
    ANY("verifyCertificateAtClient"),
    ANY("ca"),
    ANY("extensionProviders"),
    ANY("defaultProviders"),
    ANY("discoverySelectors"),
    ANY("pathNormalization"),
    ANY("defaultHttpRetryPolicy"),
    ANY("meshMTLS"),
    ANY("tlsDefaults"),
    END,
};

TABLE spec[] = {
    STR("profile"),
    STR("installPackagePath"),
    STR("hub"),
    ANY("tag"),
    STR("namespace"),
    STR("revision"),
    STR("compatibilityVersion"),
    SOFT("meshConfig", mesh_config, MESH_NOTE),
    OBJ("components", components),
    SOFT("values", values, VALUES_NOTE),
    FREE("unvalidatedValues"),
    /* Of the GatewayLifecycleManager API only: dropped with a warning. */
    {.name = "defaultRevision", .dropped = true},
    {.name = "resourceSuffix", .dropped = true},
    {.name = "addonComponents", .dropped = true},
    END,
};

const struct glm_iop_field glm_iop_spec = {.name = "", .shape = GLM_SHAPE_OBJECT, .fields = spec};
