/* SPDX-License-Identifier: Apache-2.0
 *
 * Kinds: parts of objects that all charts of gateways print alike.
 */
#include "parts.h"

#define STATUS_PORT 15021
#define METRICS_PORT 15020
#define PROXY_METRICS_PORT 15090
#define RBAC "rbac.authorization.k8s.io"

/* ---- what pods may read ---- */

static const struct glm_value *const core_group[] = {LITERAL_TEXT("")};
static const struct glm_value *const secrets[] = {LITERAL_TEXT("secrets")};
static const struct glm_value *const verbs[] = {LITERAL_TEXT("get"), LITERAL_TEXT("watch"),
                                                LITERAL_TEXT("list")};
static const struct glm_value core_group_list = LITERAL_LIST(core_group);
static const struct glm_value secrets_list = LITERAL_LIST(secrets);
static const struct glm_value verbs_list = LITERAL_LIST(verbs);
static const struct glm_pair may_read_secrets_pairs[] = {
    LITERAL_PAIR("apiGroups", &core_group_list),
    LITERAL_PAIR("resources", &secrets_list),
    LITERAL_PAIR("verbs", &verbs_list),
};
static const struct glm_value may_read_secrets = LITERAL_MAP(may_read_secrets_pairs);
static const struct glm_value *const rules[] = {&may_read_secrets};
const struct glm_value part_secret_rules = LITERAL_LIST(rules);

const struct glm_value *part_role_ref(struct glm_arena *arena, const struct glm_value *role)
{
    return PART_MAP(arena, {"apiGroup", glm_string(arena, RBAC)},
                    {"kind", glm_string(arena, "Role")}, {"name", role});
}

const struct glm_value *part_subjects(struct glm_arena *arena, const struct glm_value *account)
{
    const struct glm_value *subject =
        PART_MAP(arena, {"kind", glm_string(arena, "ServiceAccount")}, {"name", account});
    return glm_list(arena, &subject, 1);
}

/* ---- how many pods ---- */

const struct glm_value *part_utilization(struct glm_arena *arena, const char *resource,
                                         const struct glm_value *average)
{
    const struct glm_value *target = PART_MAP(arena, {"type", glm_string(arena, "Utilization")},
                                              {"averageUtilization", average});
    return PART_MAP(
        arena, {"type", glm_string(arena, "Resource")},
        {"resource", PART_MAP(arena, {"name", glm_string(arena, resource)}, {"target", target})});
}

const struct glm_value *part_scaled(struct glm_arena *arena, const struct glm_value *name)
{
    return PART_MAP(arena, {"apiVersion", glm_string(arena, "apps/v1")},
                    {"kind", glm_string(arena, "Deployment")}, {"name", name});
}

/* ---- who may reach them ---- */

const struct glm_value *part_policy_port(struct glm_arena *arena, const struct glm_value *protocol,
                                         const struct glm_value *port)
{
    return PART_MAP(arena,
                    {"protocol", glm_chart_truthy(protocol) ? part_string(arena, protocol)
                                                            : glm_string(arena, "TCP")},
                    {"port", port});
}

static const struct glm_value *fixed_port(struct glm_arena *arena, int port)
{
    return part_policy_port(arena, &glm_null, glm_integer(arena, port));
}

static const struct glm_value *rule(struct glm_arena *arena, const struct glm_value *const *ports,
                                    size_t count, bool anybody)
{
    return PART_MAP(arena, {"from", anybody ? &glm_empty_list : NULL},
                    {"ports", glm_list(arena, ports, count)});
}

static const struct glm_value *const all_types[] = {LITERAL_TEXT("Ingress"),
                                                    LITERAL_TEXT("Egress")};
static const struct glm_value all_types_list = LITERAL_LIST(all_types);
static const struct glm_value *const anywhere[] = {&glm_empty_map};
static const struct glm_value anywhere_list = LITERAL_LIST(anywhere);

const struct glm_value *part_policy_spec(struct glm_arena *arena, const struct glm_value *labels,
                                         const struct glm_value *const *ports, size_t count,
                                         bool anybody)
{
    const struct glm_value *status[] = {fixed_port(arena, STATUS_PORT)};
    const struct glm_value *metrics[] = {fixed_port(arena, METRICS_PORT),
                                         fixed_port(arena, PROXY_METRICS_PORT)};
    struct glm_list_builder b;
    glm_list_init(&b, arena);
    glm_list_add(&b, rule(arena, status, 1, anybody));
    glm_list_add(&b, rule(arena, metrics, 2, anybody));
    for (size_t i = 0; i < count; i++)
        glm_list_add(&b, rule(arena, &ports[i], 1, anybody));
    return PART_MAP(arena, {"podSelector", PART_MAP(arena, {"matchLabels", labels})},
                    {"policyTypes", &all_types_list}, {"ingress", glm_list_finish(&b)},
                    {"egress", &anywhere_list});
}
