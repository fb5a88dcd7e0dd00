/* SPDX-License-Identifier: Apache-2.0
 *
 * Rules on an installation that is described by values of the gateway chart: what the chart itself refuses, and what
 * does not go together with the installation's other attributes.
 *
 * Errors: at installations[key].gateway_chart_values, with line and column in the text, or at the attribute of a
 *         cluster.
 */
#include "chart_values.h"
#include "document.h"

#include "glm/codec.h"
#include "glm/render.h"
#include "glm/version.h"

#include <string.h>

static bool refuse_no_map(struct glm_spec_report *r, const struct glm_value *v)
{
    return glm_spec_error(r, v->line, v->column, GLM_FORM_CHART, "Not values of a chart",
                          "must be a map of values such as service and autoscaling, but is %s.%s",
                          glm_kind_name(v->kind),
                          mesh_document_hint(r->arena, glm_string_or(v, "")));
}

static struct glm_gateway_chart_place said_revision(struct glm_arena *arena,
                                                    const struct glm_installation *in)
{
    const struct glm_gateway_chart_request request = {.values = in->values};
    return glm_gateway_chart_place(arena, &request, "revision");
}

bool mesh_chart_read(struct glm_spec_report *r, struct glm_installation *in)
{
    const struct glm_value *v = &glm_null;
    if (glm_is_unknown(in->values_text)) {
        in->values = &glm_unknown;
        return true;
    }
    if (!glm_yaml_decode(r->arena, in->values_text->as.text, in->values_text->len, GLM_FORM_CHART,
                         r->at, &v, r->d))
        return false;
    if (glm_is_null(v)) /* the chart's own values are enough */
        v = &glm_empty_map;
    if (!glm_is_map(v))
        return refuse_no_map(r, v);
    r->document = v;
    if (!mesh_spec_depth_check(r, v, GLM_FORM_CHART))
        return false;
    in->values = v;
    /* A release that is taken over says it there; and a tag may stand there, too. */
    const char *said = glm_string_or(said_revision(r->arena, in).value, "");
    if (!in->control_plane_written && in->revision && !*in->revision && *said)
        in->control_plane = said;
    return true;
}

/* ---- beside the attributes ---- */

static void check_revision(const struct glm_rules *rules, const struct glm_installation *in,
                           struct glm_spec_report *r)
{
    struct glm_gateway_chart_place said = said_revision(rules->arena, in);
    const char *is = in->control_plane;
    if (!is || glm_is_null(said.value) || glm_string_is(said.value, "") ||
        glm_string_is(said.value, is))
        return;
    glm_spec_error(
        r, said.line, said.column, said.where, "Two control planes",
        "says which control plane injects the gateway, and the installation says \"%s\": %s. "
        "Remove it from the values: the installation's is written there.",
        glm_revision_key(is),
        in->control_plane_written ? "its control_plane_revision"
                                  : "its gateway revision, as it has no "
                                    "control_plane_revision");
}

static void check_kind(const struct glm_rules *rules, const struct glm_installation *in,
                       struct glm_spec_report *r)
{
    const struct glm_gateway_chart_request request = {.values = in->values};
    struct glm_gateway_chart_place said = glm_gateway_chart_place(rules->arena, &request, "kind");
    if (glm_string_is(said.value, "DaemonSet"))
        glm_spec_error(r, said.line, said.column, said.where, "A DaemonSet is not installed",
                       "is DaemonSet, and this provider follows, switches and removes Deployments "
                       "only. Remove it, or leave this release with helm.");
}

static bool says_network(const struct glm_value *values)
{
    bool says = false;
    for (size_t i = 0; i < MESH_CHART_NETWORKS; i++) {
        const struct glm_value *said =
            glm_get_path(values, mesh_chart_networks[i][0], mesh_chart_networks[i][1], NULL);
        says |= !glm_is_null(said) && !glm_string_is(said, "");
    }
    return says;
}

/* Injected proxies have both from their control plane, unless the values say more. */
static void check_cluster(const struct glm_rules *rules, const struct glm_installation *in,
                          const struct glm_placement *p)
{
    const struct glm_path *at = GLM_AT_PLACEMENT(in->key, p->cluster);
    if (glm_is_string(p->trust_domain))
        glm_error(rules->d, GLM_AT_ATTR(at, "trust_domain"), "A trust domain without effect",
                  "The proxies of " GLM_FORM_CHART " are injected: their trust domain is that of "
                  "the control plane which injects them. Leave trust_domain out here.");
    if (!glm_is_string(p->network))
        return;
    mesh_network_check(p, GLM_AT_ATTR(GLM_AT_INSTALLATION(in->key), "clusters"), rules->d);
    if (!says_network(in->values))
        glm_error(rules->d, GLM_AT_ATTR(at, "network"), "A network without effect",
                  "The proxies of " GLM_FORM_CHART " are injected: their network is what the "
                  "control plane says. Where the values say networkGateway, "
                  "labels[\"topology.istio.io/network\"] or env.ISTIO_META_NETWORK, this network "
                  "takes its place in this cluster; they say none of them. Add the one that is "
                  "meant to the values, or leave network out here.");
}

/* ---- what comes of it ---- */

/* Which versions there are the installer says, at its own attribute. */
static const char *version_of(const struct glm_rules *rules, const struct glm_installation *in)
{
    const struct glm_value *said = glm_installation_version(rules->arena, rules->config, in);
    struct glm_version v, oldest, newest;
    glm_version_parse(GLM_RENDER_OLDEST, &oldest);
    glm_version_parse(GLM_RENDER_NEWEST, &newest);
    return glm_is_string(said) && glm_version_parse(said->as.text, &v) &&
                   glm_version_minor_order(&v, &oldest) >= 0 &&
                   glm_version_minor_order(&v, &newest) <= 0
               ? said->as.text
               : NULL;
}

static void check_made(struct glm_arena *arena, const struct glm_rules *rules,
                       const struct glm_manager *manager, struct glm_installation *in)
{
    const char *version = version_of(rules, in);
    struct glm_gateway_chart_request request;
    struct glm_gateway_chart made;
    if (!version || !manager->name || !manager->namespace_)
        return;
    mesh_chart_request(rules->arena, manager, in, version, &request);
    request.warn = rules->warn;
    if (!glm_gateway_chart(rules->arena, &request, &made, rules->d))
        return;
    in->gateway = glm_strdup(arena, made.base);
    in->account = glm_strdup(arena, made.account);
    in->selector = glm_copy(arena, made.selector);
}

void mesh_rules_chart(struct glm_arena *arena, const struct glm_rules *rules,
                      const struct glm_manager *manager, struct glm_installation *in,
                      struct glm_spec_report *report)
{
    if (!in->values_text || !in->values || !glm_is_map(in->values))
        return;
    check_revision(rules, in, report);
    check_kind(rules, in, report);
    for (size_t i = 0; i < in->placement_count; i++)
        check_cluster(rules, in, &in->placements[i]);
    if (in->revision)
        check_made(arena, rules, manager, in);
}

/* ---- both forms ---- */

static bool has_spec_in(const struct glm_installation *in, const char *cluster)
{
    bool there = false;
    for (size_t i = 0; i < in->placement_count; i++)
        there |= strcmp(in->placements[i].cluster, cluster) == 0;
    return there && !in->values_text && glm_is_string(in->spec_text);
}

/* A gateway of the one form selects the pods of the other where both have one name: their labels have app and istio in
 * common. */
void mesh_rules_forms(const struct glm_rules *rules, const struct glm_manager *m)
{
    for (size_t i = 0; i < m->installation_count; i++) {
        const struct glm_installation *in = &m->installations[i];
        for (size_t p = 0; in->values_text && p < in->placement_count; p++) {
            const char *cluster = in->placements[p].cluster;
            const struct glm_installation *other = NULL;
            for (size_t k = 0; k < m->installation_count && !other; k++)
                if (has_spec_in(&m->installations[k], cluster))
                    other = &m->installations[k];
            if (other)
                glm_error(rules->d, GLM_AT_PLACEMENT(in->key, cluster),
                          "Two forms of a gateway in one cluster",
                          "In cluster \"%s\" installations[\"%s\"] has " GLM_FORM_SPEC
                          ", and this one has " GLM_FORM_CHART ". What comes of the two selects "
                          "pods by the same labels, app and istio, and would mix up. Write all "
                          "installations of a resource in a cluster in one form; make another "
                          "resource, with another name, for gateways of the other.",
                          cluster, other->key);
        }
    }
}
