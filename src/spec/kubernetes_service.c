/* SPDX-License-Identifier: Apache-2.0
 *
 * What Kubernetes refuses of a Service: fields that contradict its type or each other.
 */
#include "kubernetes.h"

#include <string.h>

static void check_load_balancer(const struct object *o, const char *type)
{
    static const char *const fields[] = {"loadBalancerClass", "loadBalancerSourceRanges",
                                         "allocateLoadBalancerNodePorts"};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (strcmp(type, "LoadBalancer") != 0 && spec_given(o->map, fields[i]))
            CONTRADICTED(o, fields[i],
                         "is for Services of type LoadBalancer only, and this one is of type %s. "
                         "Remove it, or change the type.",
                         type);
    bool outside = AMONG(type, "NodePort", "LoadBalancer") ||
                   (strcmp(type, "ClusterIP") == 0 && spec_given(o->map, "externalIPs"));
    if (!outside && spec_given(o->map, "externalTrafficPolicy"))
        CONTRADICTED(o, "externalTrafficPolicy",
                     "is for Services that are reached from outside, and this one is of type %s. "
                     "Remove it, or make the type LoadBalancer or NodePort.",
                     type);
}

static void check_cluster_ip(const struct object *o, const char *type)
{
    if (strcmp(spec_text(o->map, "clusterIP"), "None") == 0 &&
        AMONG(type, "NodePort", "LoadBalancer"))
        CONTRADICTED(o, "clusterIP",
                     "is None, which only Services of type ClusterIP can be, and this one is of "
                     "type %s. Remove it, or change the type.",
                     type);
    if (strcmp(type, "ExternalName") != 0)
        return;
    if (spec_given(o->map, "clusterIP"))
        CONTRADICTED(o, "clusterIP",
                     "cannot be set for a Service of type ExternalName. Remove it.");
    const char *name = spec_text(o->map, "externalName");
    if (!*name)
        MISSING(o, "needs externalName, as it is of type ExternalName.");
    else if (!glm_name_is_subdomain(name))
        CONTRADICTED(o, "externalName", "is \"%s\", but must be %s.",
                     spec_said(o->w->r->arena, name, strlen(name), 80),
                     glm_spec_misfit(GLM_SPEC_DNS_SUBDOMAIN, name));
}

static void check_families(const struct object *o)
{
    const struct glm_value *families = glm_get(o->map, "ipFamilies");
    if (!glm_is_list(families) || families->len < 2)
        return;
    if (glm_equal(glm_at(families, 0), glm_at(families, 1)))
        CONTRADICTED(o, "ipFamilies", "has %s twice. Remove one.",
                     glm_string_or(glm_at(families, 0), "the same"));
    if (strcmp(spec_text(o->map, "ipFamilyPolicy"), "SingleStack") == 0)
        CONTRADICTED(o, "ipFamilies",
                     "has two families, and ipFamilyPolicy is SingleStack. Make that "
                     "PreferDualStack or RequireDualStack, or keep one family.");
}

/* Addresses that mean the host or the link itself. */
static void check_external_ips(const struct object *o)
{
    static const char *const own[] = {"127.", "0.0.0.0", "169.254.", "224.0.0.",
                                      "::1",  "fe80:",   "ff02:"};
    const struct glm_value *ips = glm_get(o->map, "externalIPs");
    for (size_t i = 0; glm_is_list(ips) && i < ips->len; i++) {
        const char *ip = glm_string_or(glm_at(ips, i), "");
        bool special = strcmp(ip, "::") == 0;
        for (size_t k = 0; k < sizeof own / sizeof *own; k++)
            special |= strncmp(ip, own[k], strlen(own[k])) == 0 && strcmp(own[k], "::1") != 0;
        if (special || strcmp(ip, "::1") == 0)
            spec_find_error(o->w, GLM_SPEC_WRONG_VALUE, glm_at(ips, i)->line,
                            glm_at(ips, i)->column,
                            GLM_AT_INDEX(GLM_AT_KEY(o->where, "externalIPs"), i),
                            "is %s, which nobody can reach from elsewhere. Write an address "
                            "that is routed to the nodes.",
                            ip);
    }
}

/* "30080/TCP", NULL without a number. */
static const char *node_port(struct glm_arena *arena, const struct glm_value *port)
{
    const char *protocol = spec_text(port, "protocol");
    int64_t number;
    if (!spec_given(port, "nodePort") || !glm_number_int64(glm_get(port, "nodePort"), &number))
        return NULL;
    return glm_sprintf(arena, "%lld/%s", (long long)number, *protocol ? protocol : "TCP");
}

/* seen: the place of the first port that has it. */
static void check_node_port(const struct object *port, struct glm_map_builder *seen)
{
    struct glm_arena *arena = port->w->r->arena;
    const char *key = node_port(arena, port->map);
    if (!key)
        return;
    const struct glm_value *first = glm_map_peek(seen, key);
    if (glm_is_string(first))
        CONTRADICTED(port, "nodePort",
                     "is that of %s too. Give it another number, or leave it to the cluster.",
                     first->as.text);
    else
        glm_map_set(seen, key, glm_string(arena, spec_path_text(arena, port->where)));
}

static void check_ports(const struct object *o, const char *type)
{
    const struct glm_value *ports = glm_get(o->map, "ports");
    const struct glm_path *at = GLM_AT_KEY(o->where, "ports");
    struct glm_map_builder node_ports;
    glm_map_init(&node_ports, o->w->r->arena);
    for (size_t i = 0; glm_is_list(ports) && i < ports->len; i++) {
        const struct glm_value *port = glm_at(ports, i);
        const struct object element = {o->w, port, GLM_AT_INDEX(at, i), NULL};
        if (!glm_is_map(port))
            continue;
        if (ports->len > 1 && !spec_given(port, "name") && !glm_is_unknown(glm_get(port, "name")))
            MISSING(&element, "needs name, because there are several ports.");
        if (type && strcmp(type, "ClusterIP") == 0 && spec_given(port, "nodePort"))
            CONTRADICTED(&element, "nodePort",
                         "is for Services of type NodePort or LoadBalancer, and this one is of "
                         "type ClusterIP. Remove it, or change the type.");
        if (!o->w->whole && !glm_spec_misfit(GLM_SPEC_PORT_NAME, spec_text(port, "targetPort")))
            CONTRADICTED(&element, "targetPort",
                         "is the name of a port, and the gateway chart makes a container port of "
                         "it, which has to be a number. Write the number, such as 8443.");
        check_node_port(&element, &node_ports);
    }
}

void spec_check_service(const struct object *o)
{
    const char *type = spec_text(o->map, "type");
    bool none = !*type && !glm_is_unknown(glm_get(o->map, "type"));
    if (none && o->w->whole)
        type = "ClusterIP";
    check_families(o);
    check_external_ips(o);
    check_ports(o, *type ? type : NULL);
    bool local = strcmp(spec_text(o->map, "externalTrafficPolicy"), "Local") == 0;
    if (spec_given(o->map, "healthCheckNodePort") &&
        (!local || (*type && strcmp(type, "LoadBalancer") != 0)))
        CONTRADICTED(o, "healthCheckNodePort",
                     "is only for type LoadBalancer with externalTrafficPolicy Local. Remove it, "
                     "or set both.");
    if (!AMONG(type, "ClusterIP", "NodePort", "LoadBalancer", "ExternalName"))
        return; /* the chart's, or none at all */
    check_load_balancer(o, type);
    check_cluster_ip(o, type);
    bool portless = strcmp(type, "ExternalName") == 0 ||
                    strcmp(spec_text(o->map, "clusterIP"), "None") == 0 ||
                    glm_is_unknown(glm_get(o->map, "ports"));
    if (o->w->whole && !portless && !spec_given(o->map, "ports"))
        MISSING(o, "needs ports, at least one.");
}
