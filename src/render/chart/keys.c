/* SPDX-License-Identifier: Apache-2.0
 *
 * Keys: the chart's values, a row each.
 *
 * Source: values.schema.json of the chart of every release from 1.22.0 on.
 */
#include "keys.h"

#define KEYS(variable, ...)                                                                        \
    static const struct chart_key variable##_rows[] = {__VA_ARGS__};                               \
    static const struct chart_keys variable = {variable##_rows,                                    \
                                               sizeof variable##_rows / sizeof *variable##_rows}
#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

static const struct chart_key any_map = {.types = CHART_MAP};

/* ---- below the root ---- */

KEYS(account, {.name = "annotations", .types = CHART_MAP}, {.name = "create", .types = CHART_BOOL},
     {.name = "name", .types = CHART_TEXT});
KEYS(annotations, {.types = CHART_TEXT | CHART_WHOLE});
KEYS(autoscaling, {.name = "autoscaleBehavior", .kubernetes = "HorizontalPodAutoscalerBehavior"},
     {.name = "enabled", .types = CHART_BOOL}, {.name = "maxReplicas", .types = CHART_WHOLE},
     {.name = "minReplicas", .types = CHART_WHOLE},
     {.name = "targetCPUUtilizationPercentage", .types = CHART_WHOLE},
     {.name = "targetMemoryUtilizationPercentage"});
KEYS(budget, {.name = "maxUnavailable", .types = CHART_WHOLE | CHART_TEXT},
     {.name = "minAvailable", .types = CHART_WHOLE | CHART_TEXT},
     {.name = "unhealthyPodEvictionPolicy",
      .types = CHART_TEXT,
      .words = WORDS("", "IfHealthyBudget", "AlwaysAllow")});
KEYS(from, {.name = "name", .types = CHART_TEXT}, {.name = "valueFrom", .types = CHART_MAP});
static const struct chart_key each_from = {.types = CHART_MAP, .keys = &from};
KEYS(lifecycle, {.name = "postStart", .types = CHART_MAP}, {.name = "preStop", .types = CHART_MAP});
KEYS(network_port, {.name = "port", .types = CHART_WHOLE, .required = true},
     {.name = "protocol", .types = CHART_TEXT}, {.name = "targetPort", .types = CHART_WHOLE});
KEYS(network_ports, {.types = CHART_MAP, .keys = &network_port});
KEYS(pod_annotations, {.name = "inject.istio.io/templates", .types = CHART_TEXT},
     {.name = "prometheus.io/path", .types = CHART_TEXT},
     {.name = "prometheus.io/port", .types = CHART_TEXT},
     {.name = "prometheus.io/scrape", .types = CHART_TEXT});
KEYS(rbac, {.name = "enabled", .types = CHART_BOOL});
KEYS(quantities, {.name = "cpu", .types = CHART_TEXT, .nullable = {22, 4}},
     {.name = "memory", .types = CHART_TEXT, .nullable = {22, 4}});
KEYS(resources, {.name = "limits", .types = CHART_MAP, .nullable = {28, 0}, .keys = &quantities},
     {.name = "requests", .types = CHART_MAP, .nullable = {28, 0}, .keys = &quantities});
KEYS(pull_secret, {.name = "name", .types = CHART_TEXT});
static const struct chart_key each_pull_secret = {.types = CHART_MAP, .keys = &pull_secret};

KEYS(port, {.name = "name", .types = CHART_TEXT}, {.name = "nodePort"}, {.name = "appProtocol"},
     {.name = "port", .types = CHART_WHOLE}, {.name = "protocol", .types = CHART_TEXT},
     {.name = "targetPort", .types = CHART_WHOLE});
static const struct chart_key each_port = {.types = CHART_MAP, .keys = &port};
static const struct chart_key each_family = {.types = CHART_TEXT, .words = WORDS("IPv4", "IPv6")};
KEYS(selector_labels, {.types = CHART_TEXT});
KEYS(service, {.name = "allocateLoadBalancerNodePorts"},
     {.name = "annotations", .types = CHART_MAP}, {.name = "clusterIP", .read = 28},
     {.name = "externalIPs"}, {.name = "externalTrafficPolicy", .types = CHART_TEXT},
     {.name = "healthCheckNodePort", .types = CHART_WHOLE, .since = 31, .read = 31},
     {.name = "internalTrafficPolicy", .read = 28}, {.name = "ipFamilies", .each = &each_family},
     {.name = "ipFamilyPolicy",
      .types = CHART_TEXT,
      .words = WORDS("", "SingleStack", "PreferDualStack", "RequireDualStack")},
     {.name = "loadBalancerClass", .read = 26}, {.name = "loadBalancerIP", .types = CHART_TEXT},
     {.name = "loadBalancerSourceRanges", .types = CHART_LIST},
     {.name = "ports", .types = CHART_LIST, .each = &each_port, .kubernetes = "ServicePort"},
     {.name = "selectorLabels",
      .types = CHART_MAP,
      .since = 27,
      .read = 27,
      .keys = &selector_labels},
     {.name = "type", .types = CHART_TEXT});

/* ---- the root ---- */

static const struct chart_key rows[] = {
    {.name = "_internal_defaults_do_not_set", .types = CHART_MAP, .since = 24},
    {.name = "additionalContainers",
     .types = CHART_LIST,
     .each = &any_map,
     .read = 27,
     .kubernetes = "Container"},
    {.name = "affinity", .types = CHART_MAP, .kubernetes = "Affinity"},
    {.name = "annotations", .types = CHART_MAP, .keys = &annotations},
    {.name = "autoscaling", .types = CHART_MAP, .keys = &autoscaling},
    {.name = "compatibilityVersion", .types = CHART_TEXT},
    {.name = "containerSecurityContext",
     .types = CHART_MAP | CHART_NULL,
     .kubernetes = "SecurityContext"},
    {.name = "defaultRevision", .types = CHART_TEXT, .idle = true},
    {.name = "dnsConfig",
     .types = CHART_MAP,
     .since = 31,
     .read = 31,
     .kubernetes = "PodDNSConfig"},
    {.name = "dnsPolicy", .types = CHART_TEXT, .since = 31, .read = 31},
    {.name = "enabled", .types = CHART_BOOL, .since = 29, .idle = true},
    {.name = "env", .types = CHART_MAP},
    {.name = "envVarFrom",
     .types = CHART_LIST,
     .each = &each_from,
     .read = 27,
     .kubernetes = "EnvVar"},
    {.name = "global", .types = CHART_MAP},
    {.name = "imagePullPolicy",
     .types = CHART_TEXT,
     .words = WORDS("", "Always", "IfNotPresent", "Never")},
    {.name = "imagePullSecrets", .types = CHART_LIST, .each = &each_pull_secret},
    {.name = "initContainers",
     .types = CHART_LIST,
     .each = &any_map,
     .read = 27,
     .kubernetes = "Container"},
    {.name = "kind", .types = CHART_TEXT, .words = WORDS("Deployment", "DaemonSet")},
    {.name = "labels", .types = CHART_MAP},
    {.name = "lifecycle",
     .types = CHART_MAP,
     .since = 27,
     .read = 27,
     .keys = &lifecycle,
     .kubernetes = "Lifecycle"},
    {.name = "minReadySeconds", .types = CHART_WHOLE | CHART_NULL, .read = 24},
    {.name = "name", .types = CHART_TEXT},
    {.name = "networkGateway", .types = CHART_TEXT},
    {.name = "networkGatewayPorts",
     .types = CHART_MAP,
     .since = 30,
     .read = 30,
     .keys = &network_ports},
    {.name = "nodeSelector", .types = CHART_MAP},
    {.name = "pilot", .types = CHART_MAP, .idle = true},
    {.name = "platform", .types = CHART_TEXT},
    {.name = "podAnnotations", .types = CHART_MAP, .keys = &pod_annotations},
    {.name = "podDisruptionBudget", .types = CHART_MAP, .keys = &budget},
    {.name = "priorityClassName", .types = CHART_TEXT},
    {.name = "profile", .types = CHART_TEXT},
    {.name = "rbac", .types = CHART_MAP, .keys = &rbac},
    {.name = "readinessProbe", .types = CHART_MAP | CHART_NULL, .read = 24, .kubernetes = "Probe"},
    {.name = "replicaCount", .types = CHART_WHOLE | CHART_NULL},
    {.name = "resources", .types = CHART_MAP, .keys = &resources},
    {.name = "revision", .types = CHART_TEXT},
    {.name = "runAsRoot", .types = CHART_BOOL, .idle = true},
    {.name = "securityContext",
     .types = CHART_MAP | CHART_NULL,
     .kubernetes = "PodSecurityContext"},
    {.name = "service", .types = CHART_MAP, .keys = &service},
    {.name = "serviceAccount", .types = CHART_MAP, .keys = &account},
    {.name = "strategy", .types = CHART_MAP, .read = 24, .kubernetes = "DeploymentStrategy"},
    {.name = "terminationGracePeriodSeconds", .types = CHART_NUMBER},
    {.name = "tolerations", .types = CHART_LIST, .kubernetes = "Toleration"},
    {.name = "topologySpreadConstraints",
     .types = CHART_LIST,
     .kubernetes = "TopologySpreadConstraint"},
    {.name = "unprivilegedPort",
     .types = CHART_TEXT | CHART_BOOL,
     .idle = true,
     .words = WORDS("auto")},
    {.name = "volumeMounts", .types = CHART_LIST, .each = &any_map, .kubernetes = "VolumeMount"},
    {.name = "volumes", .types = CHART_LIST, .each = &any_map, .kubernetes = "Volume"},
};
const struct chart_keys chart_root = {rows, sizeof rows / sizeof *rows};
