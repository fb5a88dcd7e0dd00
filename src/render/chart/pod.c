/* SPDX-License-Identifier: Apache-2.0
 *
 * The pod, but its containers.
 */
#include "internal.h"

/* Ports below 1024 without root. */
static const struct glm_pair port_start_pairs[] = {
    LITERAL_PAIR("name", LITERAL_TEXT("net.ipv4.ip_unprivileged_port_start")),
    LITERAL_PAIR("value", LITERAL_TEXT("0")),
};
static const struct glm_value port_start = LITERAL_MAP(port_start_pairs);
static const struct glm_value *const sysctls[] = {&port_start};
static const struct glm_value sysctl_list = LITERAL_LIST(sysctls);
static const struct glm_pair unprivileged_pairs[] = {LITERAL_PAIR("sysctls", &sysctl_list)};
static const struct glm_value unprivileged = LITERAL_MAP(unprivileged_pairs);

static const struct glm_value *taken(const struct chart_gateway *g, const char *key)
{
    return chart_any(glm_get(g->values, key));
}

const struct glm_value *chart_pod(const struct chart_gateway *g)
{
    const struct glm_value *security = taken(g, "securityContext");
    bool more = chart_has(g->release, CHART_MORE_CONTAINERS);
    bool dns = chart_has(g->release, CHART_DNS);
    const struct glm_value *policy = chart_plain_if(g->arena, glm_get(g->values, "dnsPolicy"));
    const struct glm_value *grace = glm_get(g->values, "terminationGracePeriodSeconds");
    return PART_MAP(
        g->arena, {"affinity", taken(g, "affinity")}, {"containers", chart_containers(g)},
        {"dnsConfig", dns ? taken(g, "dnsConfig") : NULL}, {"dnsPolicy", dns ? policy : NULL},
        {"imagePullSecrets", taken(g, "imagePullSecrets")},
        {"initContainers", more ? taken(g, "initContainers") : NULL},
        {"nodeSelector", taken(g, "nodeSelector")},
        {"priorityClassName", chart_plain_if(g->arena, glm_get(g->values, "priorityClassName"))},
        {"securityContext", security ? security : &unprivileged},
        {"serviceAccountName", g->account},
        {"terminationGracePeriodSeconds", chart_plain(g->arena, grace)},
        {"tolerations", taken(g, "tolerations")},
        {"topologySpreadConstraints", taken(g, "topologySpreadConstraints")},
        {"volumes", taken(g, "volumes")});
}
