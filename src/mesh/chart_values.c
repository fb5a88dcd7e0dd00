/* SPDX-License-Identifier: Apache-2.0
 *
 * Chart values: what an installation makes of its values of the chart in one cluster.
 *
 * What:   the values as that cluster has them (control plane, network), and which of a gateway's revisions
 *         has the account there that all of them run as: the one that has the release's own names, else the
 *         first by key. When that one goes, the next takes the account over before it is removed.
 * Errors: those of the renderer.
 */
#include "chart_values.h"

#include "glm/codec.h"

#include <string.h>

bool glm_chart_values_decode(struct glm_arena *arena, const char *text, size_t len,
                             const struct glm_value **ret_values)
{
    struct glm_diags ignored;
    const struct glm_value *v;
    glm_diags_init(&ignored, arena);
    if (!glm_yaml_decode(arena, text, len, GLM_FORM_CHART, NULL, &v, &ignored) ||
        !(glm_is_map(v) || glm_is_null(v)))
        return false;
    *ret_values = glm_is_null(v) ? &glm_empty_map : v;
    return true;
}

/* ---- the account ---- */

static bool is_in(const struct glm_installation *in, const char *cluster)
{
    for (size_t i = 0; i < in->placement_count; i++)
        if (strcmp(in->placements[i].cluster, cluster) == 0)
            return true;
    return false;
}

/* The installation that has the account in a cluster. */
static const struct glm_installation *holder(const struct glm_manager *m,
                                             const struct glm_installation *in, const char *cluster)
{
    const struct glm_installation *first = NULL;
    for (size_t i = 0; i < m->installation_count; i++) {
        const struct glm_installation *of = &m->installations[i];
        if (!of->account || !in->account || strcmp(of->account, in->account) != 0 ||
            !is_in(of, cluster))
            continue;
        if (of->revision && !*of->revision)
            return of;
        first = first ? first : of;
    }
    return first;
}

/* For nobody it is what some cluster gets. */
static bool has_account(const struct glm_manager *m, const struct glm_installation *in,
                        const char *cluster)
{
    bool has = cluster && holder(m, in, cluster) == in;
    for (size_t i = 0; !cluster && i < in->placement_count && !has; i++)
        has = holder(m, in, in->placements[i].cluster) == in;
    return has;
}

bool glm_chart_is_known(const struct glm_manager *m, const struct glm_installation *in,
                        const struct glm_placement *placement)
{
    if (!m->name || !m->namespace_ || !m->installations_known || !in->values ||
        !glm_is_map(in->values) || glm_is_unknown(placement->network))
        return false;
    for (size_t i = 0; i < m->installation_count; i++)
        if (m->installations[i].values_text &&
            (!m->installations[i].account || !m->installations[i].clusters_known))
            return false;
    return true;
}

/* ---- the values of one cluster ---- */

const char *const mesh_chart_networks[MESH_CHART_NETWORKS][2] = {
    {"networkGateway", NULL},
    {"labels", "topology.istio.io/network"},
    {"env", "ISTIO_META_NETWORK"},
};

/* Where the values say a network, the cluster's takes its place. */
static const struct glm_value *of_network(struct glm_arena *arena, const struct glm_value *values,
                                          const struct glm_value *network)
{
    for (size_t i = 0; i < MESH_CHART_NETWORKS && glm_is_string(network); i++) {
        const char *const *at = mesh_chart_networks[i];
        const struct glm_value *said = glm_get_path(values, at[0], at[1], NULL);
        if (!glm_is_null(said) && !glm_string_is(said, ""))
            values = glm_with_path(arena, values, network, at[0], at[1], NULL);
    }
    return values;
}

/* As the installation says it; where that says nothing, the values do. */
static const struct glm_value *of_revision(struct glm_arena *arena, const struct glm_value *values,
                                           const struct glm_installation *in)
{
    return in->control_plane && *in->control_plane &&
                   !glm_string_is(glm_get(values, "revision"), in->control_plane)
               ? glm_with(arena, values, "revision", glm_string(arena, in->control_plane))
               : values;
}

void mesh_chart_request(struct glm_arena *arena, const struct glm_manager *m,
                        const struct glm_installation *in, const char *version,
                        struct glm_gateway_chart_request *ret)
{
    bool text = glm_is_string(in->values_text);
    *ret = (struct glm_gateway_chart_request){
        .values = of_revision(arena, in->values, in),
        .text = text ? in->values_text->as.text : NULL,
        .len = text ? in->values_text->len : 0,
        .at = glm_path_copy(arena, GLM_AT_ATTR(GLM_AT_INSTALLATION(in->key), GLM_FORM_CHART)),
        .what = GLM_FORM_CHART,
        .release = m->name,
        .namespace_ = m->namespace_,
        .istio_version = version,
        .applied = true,
    };
    if (!*in->revision)
        return;
    struct glm_gateway_chart_canary *canary = GLM_NEW(arena, struct glm_gateway_chart_canary);
    canary->suffix = glm_sprintf(arena, "-%s", in->revision);
    canary->has_account = true;
    ret->canary = canary;
}

bool glm_chart_render(struct glm_arena *arena, const struct glm_manager *m,
                      const struct glm_installation *in, const struct glm_placement *placement,
                      const char *version, struct glm_gateway_chart *ret, struct glm_diags *d)
{
    struct glm_gateway_chart_request request;
    mesh_chart_request(arena, m, in, version, &request);
    request.values = of_network(arena, request.values, placement->network);
    struct glm_gateway_chart_canary canary = {.has_account =
                                                  has_account(m, in, placement->cluster)};
    if (request.canary) {
        canary.suffix = request.canary->suffix;
        request.canary = &canary;
    }
    return glm_gateway_chart(arena, &request, ret, d);
}
