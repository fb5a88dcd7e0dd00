/* SPDX-License-Identifier: Apache-2.0
 *
 * What the two charts have as values of their own, as far as it reaches an object. Everything that is not
 * here is empty there. No release since 1.22 has changed any of it.
 */
#include "internal.h"

/* ---- of both ---- */

static const struct glm_pair cpu_pairs[] = {
    LITERAL_PAIR("targetAverageUtilization", LITERAL_NUMBER("80")),
};
static const struct glm_pair limits_pairs[] = {
    LITERAL_PAIR("cpu", LITERAL_TEXT("2000m")),
    LITERAL_PAIR("memory", LITERAL_TEXT("1024Mi")),
};
static const struct glm_pair requests_pairs[] = {
    LITERAL_PAIR("cpu", LITERAL_TEXT("100m")),
    LITERAL_PAIR("memory", LITERAL_TEXT("128Mi")),
};
static const struct glm_value cpu = LITERAL_MAP(cpu_pairs);
static const struct glm_value limits = LITERAL_MAP(limits_pairs);
static const struct glm_value requests = LITERAL_MAP(requests_pairs);
static const struct glm_pair resources_pairs[] = {
    LITERAL_PAIR("limits", &limits),
    LITERAL_PAIR("requests", &requests),
};
static const struct glm_value resources = LITERAL_MAP(resources_pairs);

static const struct glm_pair budget_pairs[] = {LITERAL_PAIR("enabled", &glm_true)};
static const struct glm_value budget = LITERAL_MAP(budget_pairs);
static const struct glm_pair least_pairs[] = {LITERAL_PAIR("cpu", LITERAL_TEXT("10m"))};
static const struct glm_value least = LITERAL_MAP(least_pairs);
static const struct glm_pair least_resources_pairs[] = {LITERAL_PAIR("requests", &least)};
static const struct glm_value least_resources = LITERAL_MAP(least_resources_pairs);
static const struct glm_pair logging_pairs[] = {
    LITERAL_PAIR("level", LITERAL_TEXT("default:info")),
};
static const struct glm_value logging = LITERAL_MAP(logging_pairs);
static const struct glm_pair proxy_pairs[] = {
    LITERAL_PAIR("clusterDomain", LITERAL_TEXT("cluster.local")),
    LITERAL_PAIR("componentLogLevel", LITERAL_TEXT("misc:error")),
    LITERAL_PAIR("image", LITERAL_TEXT("proxyv2")),
    LITERAL_PAIR("logLevel", LITERAL_TEXT("warning")),
};
static const struct glm_value proxy = LITERAL_MAP(proxy_pairs);
static const struct glm_pair token_pairs[] = {LITERAL_PAIR("aud", LITERAL_TEXT("istio-ca"))};
static const struct glm_value token = LITERAL_MAP(token_pairs);
static const struct glm_pair sds_pairs[] = {LITERAL_PAIR("token", &token)};
static const struct glm_value sds = LITERAL_MAP(sds_pairs);
static const struct glm_pair global_pairs[] = {
    LITERAL_PAIR("defaultPodDisruptionBudget", &budget),
    LITERAL_PAIR("defaultResources", &least_resources),
    LITERAL_PAIR("istioNamespace", LITERAL_TEXT("istio-system")),
    LITERAL_PAIR("logging", &logging),
    LITERAL_PAIR("pilotCertProvider", LITERAL_TEXT("istiod")),
    LITERAL_PAIR("proxy", &proxy),
    LITERAL_PAIR("sds", &sds),
};
static const struct glm_value global = LITERAL_MAP(global_pairs);

static const struct glm_pair mesh_pairs[] = {
    LITERAL_PAIR("enablePrometheusMerge", &glm_true),
    LITERAL_PAIR("trustDomain", LITERAL_TEXT("cluster.local")),
};
static const struct glm_value mesh = LITERAL_MAP(mesh_pairs);

#define PORT(variable, number, target, title)                                                      \
    static const struct glm_pair variable##_pairs[] = {                                            \
        LITERAL_PAIR("name", LITERAL_TEXT(title)),                                                 \
        LITERAL_PAIR("port", LITERAL_NUMBER(number)),                                              \
        LITERAL_PAIR("protocol", LITERAL_TEXT("TCP")),                                             \
        LITERAL_PAIR("targetPort", LITERAL_NUMBER(target)),                                        \
    };                                                                                             \
    static const struct glm_value variable = LITERAL_MAP(variable##_pairs)

PORT(status_port, "15021", "15021", "status-port");
PORT(http2_port, "80", "8080", "http2");
PORT(https_port, "443", "8443", "https");

/* ---- of each ---- */

#define CERTIFICATES(variable, title)                                                              \
    static const struct glm_pair variable##_pairs[] = {                                            \
        LITERAL_PAIR("mountPath", LITERAL_TEXT("/etc/istio/" title)),                              \
        LITERAL_PAIR("name", LITERAL_TEXT(title)),                                                 \
        LITERAL_PAIR("secretName", LITERAL_TEXT("istio-" title)),                                  \
    };                                                                                             \
    static const struct glm_value variable = LITERAL_MAP(variable##_pairs)

/* what: ingress or egress; type: of its Service */
#define CHART(what, type)                                                                          \
    CERTIFICATES(what##_certs, #what "gateway-certs");                                             \
    CERTIFICATES(what##_ca_certs, #what "gateway-ca-certs");                                       \
    static const struct glm_value *const what##_secrets[] = {&what##_certs, &what##_ca_certs};     \
    static const struct glm_value what##_secret_list = LITERAL_LIST(what##_secrets);               \
    static const struct glm_value what##_port_list = LITERAL_LIST(what##_ports);                   \
    static const struct glm_pair what##_labels_pairs[] = {                                         \
        LITERAL_PAIR("app", LITERAL_TEXT("istio-" #what "gateway")),                               \
        LITERAL_PAIR("istio", LITERAL_TEXT(#what "gateway")),                                      \
    };                                                                                             \
    static const struct glm_value what##_labels = LITERAL_MAP(what##_labels_pairs);                \
    static const struct glm_pair what##_own_pairs[] = {                                            \
        LITERAL_PAIR("autoscaleEnabled", &glm_true),                                               \
        LITERAL_PAIR("autoscaleMax", LITERAL_NUMBER("5")),                                         \
        LITERAL_PAIR("autoscaleMin", LITERAL_NUMBER("1")),                                         \
        LITERAL_PAIR("cpu", &cpu),                                                                 \
        LITERAL_PAIR("injectionTemplate", LITERAL_TEXT("")),                                       \
        LITERAL_PAIR("labels", &what##_labels),                                                    \
        LITERAL_PAIR("ports", &what##_port_list),                                                  \
        LITERAL_PAIR("resources", &resources),                                                     \
        LITERAL_PAIR("rollingMaxSurge", LITERAL_TEXT("100%")),                                     \
        LITERAL_PAIR("rollingMaxUnavailable", LITERAL_TEXT("25%")),                                \
        LITERAL_PAIR("secretVolumes", &what##_secret_list),                                        \
        LITERAL_PAIR("type", LITERAL_TEXT(type)),                                                  \
    };                                                                                             \
    static const struct glm_value what##_own = LITERAL_MAP(what##_own_pairs);                      \
    static const struct glm_pair what##_gateways_pairs[] = {                                       \
        LITERAL_PAIR("istio-" #what "gateway", &what##_own),                                       \
    };                                                                                             \
    static const struct glm_value what##_gateways = LITERAL_MAP(what##_gateways_pairs);            \
    static const struct glm_pair what##_chart_pairs[] = {                                          \
        LITERAL_PAIR("gateways", &what##_gateways), LITERAL_PAIR("global", &global),               \
        LITERAL_PAIR("meshConfig", &mesh),          LITERAL_PAIR("ownerName", LITERAL_TEXT("")),   \
        LITERAL_PAIR("revision", LITERAL_TEXT("")),                                                \
    };                                                                                             \
    static const struct glm_value what##_chart = LITERAL_MAP(what##_chart_pairs)

static const struct glm_value *const ingress_ports[] = {&status_port, &http2_port, &https_port};
static const struct glm_value *const egress_ports[] = {&http2_port, &https_port};

CHART(ingress, "LoadBalancer");
CHART(egress, "ClusterIP");

const struct render_type render_types[RENDER_TYPES] = {
    [RENDER_INGRESS] = {.list = "ingressGateways",
                        .app = "istio-ingressgateway",
                        .istio = "ingressgateway",
                        .component = "IngressGateways",
                        .chart = "istio-ingress",
                        .more_ports = "ingressPorts",
                        .defaults = &ingress_chart},
    [RENDER_EGRESS] = {.list = "egressGateways",
                       .app = "istio-egressgateway",
                       .istio = "egressgateway",
                       .component = "EgressGateways",
                       .chart = "istio-egress",
                       .more_ports = "egressPorts",
                       .defaults = &egress_chart},
};
