/* SPDX-License-Identifier: Apache-2.0
 *
 * The Service of a gateway as a whole: what values, unvalidatedValues and k8s.service make together
 * is held against Kubernetes, for each of them may be right alone.
 *
 * Errors: at installations[key].istio_operator_spec, with the line of what is wrong.
 */
#include "glm/spec.h"
#include "internal.h"

static bool has_service(const struct glm_gateways *gateways, const struct glm_gateway *g)
{
    bool ours = gateways->our_service[g->type] && glm_is_map(g->service);
    return g->enabled && g->name && (ours || mesh_gateway_chart_service(gateways, g));
}

void mesh_rules_service(const struct glm_rules *rules, const struct glm_installation *installation,
                        const struct glm_gateways *gateways, struct glm_spec_report *report)
{
    struct glm_arena *arena = rules->arena;
    const struct glm_spec_type *type = glm_spec_type("Service", GLM_SPEC_NEWEST);
    const char *what = report->what, *revision = installation->revision;
    for (size_t i = 0; i < gateways->count && report->ok; i++) {
        const struct glm_gateway *g = &gateways->items[i];
        if (!has_service(gateways, g))
            continue;
        report->what = glm_sprintf(arena, "the Service of \"%s\"", g->name);
        glm_spec_check(report, type, GLM_SPEC_NEWEST,
                       mesh_service_build(arena, installation->spec, g, revision ? revision : ""),
                       GLM_AT_ATTR(NULL, "Service"));
    }
    report->what = what;
}
