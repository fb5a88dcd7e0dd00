/* SPDX-License-Identifier: Apache-2.0
 *
 * The ServiceAccount that a gateway's pods run as, and what it may read: secrets of its namespace, for TLS.
 */
#include "internal.h"

#define RBAC "rbac.authorization.k8s.io/v1"

const struct glm_value *chart_account(const struct chart_gateway *g)
{
    if (!glm_chart_truthy(chart_at(g, "serviceAccount", "create")))
        return NULL;
    const struct glm_value *metadata = chart_metadata(g, g->account, false);
    const struct glm_value *annotations = chart_at(g, "serviceAccount", "annotations");
    if (glm_chart_truthy(annotations))
        metadata = glm_with(g->arena, metadata, "annotations", annotations);
    return PART_MAP(g->arena, {"apiVersion", chart_str(g, "v1")},
                    {"kind", chart_str(g, "ServiceAccount")}, {"metadata", metadata});
}

const struct glm_value *chart_role(const struct chart_gateway *g)
{
    if (!glm_chart_truthy(chart_at(g, "rbac", "enabled")))
        return NULL;
    return PART_MAP(g->arena, {"apiVersion", chart_str(g, RBAC)}, {"kind", chart_str(g, "Role")},
                    {"metadata", chart_metadata(g, g->account, true)},
                    {"rules", &part_secret_rules});
}

const struct glm_value *chart_binding(const struct chart_gateway *g)
{
    if (!glm_chart_truthy(chart_at(g, "rbac", "enabled")))
        return NULL;
    return PART_MAP(g->arena, {"apiVersion", chart_str(g, RBAC)},
                    {"kind", chart_str(g, "RoleBinding")},
                    {"metadata", chart_metadata(g, g->account, true)},
                    {"roleRef", part_role_ref(g->arena, g->account)},
                    {"subjects", part_subjects(g->arena, g->account)});
}
