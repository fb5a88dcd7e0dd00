/* SPDX-License-Identifier: Apache-2.0
 *
 * Defaults: values.yaml of the chart. What only some releases have is here for all: the others do not read it.
 */
#include "internal.h"

#define MAP(name, ...)                                                                             \
    static const struct glm_pair name##_pairs[] = {__VA_ARGS__};                                   \
    static const struct glm_value name = LITERAL_MAP(name##_pairs)

MAP(autoscaling, LITERAL_PAIR("autoscaleBehavior", &glm_empty_map),
    LITERAL_PAIR("enabled", &glm_true), LITERAL_PAIR("maxReplicas", LITERAL_NUMBER("5")),
    LITERAL_PAIR("minReplicas", LITERAL_NUMBER("1")),
    LITERAL_PAIR("targetCPUUtilizationPercentage", LITERAL_NUMBER("80")),
    LITERAL_PAIR("targetMemoryUtilizationPercentage", &glm_empty_map));

MAP(policy, LITERAL_PAIR("enabled", &glm_false));
MAP(global, LITERAL_PAIR("networkPolicy", &policy));
MAP(labels, LITERAL_PAIR("istio.io/dataplane-mode", LITERAL_TEXT("none")));

#define NETWORK_PORT(name, number)                                                                 \
    MAP(name, LITERAL_PAIR("port", LITERAL_NUMBER(number)),                                        \
        LITERAL_PAIR("targetPort", LITERAL_NUMBER(number)))
NETWORK_PORT(network_status, "15021");
NETWORK_PORT(network_tls, "15443");
NETWORK_PORT(network_istiod, "15012");
NETWORK_PORT(network_webhook, "15017");
MAP(network_ports, LITERAL_PAIR("status-port", &network_status), LITERAL_PAIR("tls", &network_tls),
    LITERAL_PAIR("tls-istiod", &network_istiod), LITERAL_PAIR("tls-webhook", &network_webhook));

MAP(pod_annotations, LITERAL_PAIR("inject.istio.io/templates", LITERAL_TEXT("gateway")),
    LITERAL_PAIR("prometheus.io/path", LITERAL_TEXT("/stats/prometheus")),
    LITERAL_PAIR("prometheus.io/port", LITERAL_TEXT("15020")),
    LITERAL_PAIR("prometheus.io/scrape", LITERAL_TEXT("true")),
    LITERAL_PAIR("sidecar.istio.io/inject", LITERAL_TEXT("true")));

MAP(limits, LITERAL_PAIR("cpu", LITERAL_TEXT("2000m")),
    LITERAL_PAIR("memory", LITERAL_TEXT("1024Mi")));
MAP(requests, LITERAL_PAIR("cpu", LITERAL_TEXT("100m")),
    LITERAL_PAIR("memory", LITERAL_TEXT("128Mi")));
MAP(resources, LITERAL_PAIR("limits", &limits), LITERAL_PAIR("requests", &requests));
MAP(rbac, LITERAL_PAIR("enabled", &glm_true));

#define SERVICE_PORT(variable, number, title)                                                      \
    MAP(variable, LITERAL_PAIR("name", LITERAL_TEXT(title)),                                       \
        LITERAL_PAIR("port", LITERAL_NUMBER(number)),                                              \
        LITERAL_PAIR("protocol", LITERAL_TEXT("TCP")),                                             \
        LITERAL_PAIR("targetPort", LITERAL_NUMBER(number)))
SERVICE_PORT(status_port, "15021", "status-port");
SERVICE_PORT(http2_port, "80", "http2");
SERVICE_PORT(https_port, "443", "https");
static const struct glm_value *const ports[] = {&status_port, &http2_port, &https_port};
static const struct glm_value port_list = LITERAL_LIST(ports);

MAP(service, LITERAL_PAIR("annotations", &glm_empty_map),
    LITERAL_PAIR("clusterIP", LITERAL_TEXT("")), LITERAL_PAIR("externalIPs", &glm_empty_list),
    LITERAL_PAIR("externalTrafficPolicy", LITERAL_TEXT("")),
    LITERAL_PAIR("healthCheckNodePort", &glm_null), LITERAL_PAIR("ipFamilies", &glm_empty_list),
    LITERAL_PAIR("ipFamilyPolicy", LITERAL_TEXT("")),
    LITERAL_PAIR("loadBalancerIP", LITERAL_TEXT("")),
    LITERAL_PAIR("loadBalancerSourceRanges", &glm_empty_list), LITERAL_PAIR("ports", &port_list),
    LITERAL_PAIR("selectorLabels", &glm_empty_map),
    LITERAL_PAIR("type", LITERAL_TEXT("LoadBalancer")));

MAP(account, LITERAL_PAIR("annotations", &glm_empty_map), LITERAL_PAIR("create", &glm_true),
    LITERAL_PAIR("name", LITERAL_TEXT("")));

#define ALL(with_labels)                                                                           \
    LITERAL_PAIR("additionalContainers", &glm_empty_list),                                         \
        LITERAL_PAIR("affinity", &glm_empty_map), LITERAL_PAIR("annotations", &glm_empty_map),     \
        LITERAL_PAIR("autoscaling", &autoscaling),                                                 \
        LITERAL_PAIR("containerSecurityContext", &glm_empty_map),                                  \
        LITERAL_PAIR("dnsConfig", &glm_empty_map), LITERAL_PAIR("dnsPolicy", LITERAL_TEXT("")),    \
        LITERAL_PAIR("env", &glm_empty_map), LITERAL_PAIR("envVarFrom", &glm_empty_list),          \
        LITERAL_PAIR("global", &global), LITERAL_PAIR("imagePullPolicy", LITERAL_TEXT("")),        \
        LITERAL_PAIR("imagePullSecrets", &glm_empty_list),                                         \
        LITERAL_PAIR("initContainers", &glm_empty_list),                                           \
        LITERAL_PAIR("kind", LITERAL_TEXT("Deployment")), LITERAL_PAIR("labels", (with_labels)),   \
        LITERAL_PAIR("lifecycle", &glm_empty_map), LITERAL_PAIR("minReadySeconds", &glm_null),     \
        LITERAL_PAIR("name", LITERAL_TEXT("")), LITERAL_PAIR("networkGateway", LITERAL_TEXT("")),  \
        LITERAL_PAIR("networkGatewayPorts", &network_ports),                                       \
        LITERAL_PAIR("nodeSelector", &glm_empty_map),                                              \
        LITERAL_PAIR("podAnnotations", &pod_annotations),                                          \
        LITERAL_PAIR("podDisruptionBudget", &glm_empty_map),                                       \
        LITERAL_PAIR("priorityClassName", LITERAL_TEXT("")), LITERAL_PAIR("rbac", &rbac),          \
        LITERAL_PAIR("readinessProbe", &glm_empty_map), LITERAL_PAIR("replicaCount", &glm_null),   \
        LITERAL_PAIR("resources", &resources), LITERAL_PAIR("revision", LITERAL_TEXT("")),         \
        LITERAL_PAIR("securityContext", &glm_empty_map), LITERAL_PAIR("service", &service),        \
        LITERAL_PAIR("serviceAccount", &account), LITERAL_PAIR("strategy", &glm_empty_map),        \
        LITERAL_PAIR("terminationGracePeriodSeconds", LITERAL_NUMBER("30")),                       \
        LITERAL_PAIR("tolerations", &glm_empty_list),                                              \
        LITERAL_PAIR("topologySpreadConstraints", &glm_empty_list),                                \
        LITERAL_PAIR("volumeMounts", &glm_empty_list), LITERAL_PAIR("volumes", &glm_empty_list)

MAP(since_dataplane_mode, ALL(&labels));
MAP(before, ALL(&glm_empty_map));

const struct glm_value *chart_defaults(const struct chart_release *release)
{
    return chart_has(release, CHART_DATAPLANE_MODE) ? &since_dataplane_mode : &before;
}
