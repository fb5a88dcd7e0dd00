/* SPDX-License-Identifier: Apache-2.0
 *
 * Rules on identity: which trust domain, mesh, cluster and revision a gateway says it is of, whoever
 * says it: attributes, the spec's own fields, values.
 *
 * Errors: at the attribute, or at installations[key].istio_operator_spec.
 */
#include "internal.h"

#include <string.h>

#define LISTED_CLUSTERS 20
#define OVERRIDDEN "A field that values override"
#define OVERRIDDEN_NOTE                                                                            \
    "Istio's operator puts values over the fields of the spec, and unvalidatedValues over both. "  \
    "Say it in one place."

struct identity_rules {
    struct glm_arena *arena;
    const struct glm_rules *rules;
    const struct glm_installation *installation;
    const struct glm_value *spec;
    struct glm_spec_report *report;
};

/* "c1", "c2" and 3 more: of the placements that `counts` holds for. */
static const char *clusters_of(struct identity_rules *r,
                               bool (*counts)(const struct glm_placement *, const void *),
                               const void *with)
{
    struct glm_text text;
    size_t listed = 0, more = 0;
    glm_text_init(&text, r->arena, 8192);
    for (size_t i = 0; i < r->installation->placement_count; i++) {
        const struct glm_placement *p = &r->installation->placements[i];
        if (!counts(p, with))
            continue;
        if (listed < LISTED_CLUSTERS)
            glm_text_addf(&text, "%s\"%s\"", listed ? ", " : "", p->cluster);
        more += listed == LISTED_CLUSTERS;
        listed += listed < LISTED_CLUSTERS;
    }
    if (more)
        glm_text_addf(&text, " and %zu more", more);
    return text.data;
}

static bool any(const struct glm_placement *p, const void *with)
{
    (void)p;
    (void)with;
    return true;
}

/* ---- trust domains ---- */

static void check_domain(struct identity_rules *r, const struct glm_value *v, const char *where,
                         bool typed, bool may_be_empty)
{
    if (glm_is_null(v) || glm_is_unknown(v))
        return;
    if (!glm_is_string(v)) {
        if (!typed)
            glm_spec_error(r->report, v->line, v->column, where, "Not a trust domain",
                           "must be a string such as \"cluster.local\", but is %s.",
                           glm_kind_name(v->kind));
        return;
    }
    const char *fault =
        v->len || !may_be_empty ? glm_trust_domain_fault(r->arena, v->as.text) : NULL;
    if (fault)
        glm_spec_error(r->report, v->line, v->column, where, "Not a trust domain", "%s", fault);
}

static void check_domains(struct identity_rules *r)
{
    for (int l = GLM_LAYER_SPEC; l <= GLM_LAYER_UNVALIDATED; l++) {
        enum glm_layer layer = (enum glm_layer)l;
        bool typed = layer != GLM_LAYER_UNVALIDATED;
        struct mesh_setting domain =
            mesh_setting_in(r->arena, r->spec, layer, "meshConfig", "trustDomain", NULL);
        struct mesh_setting aliases =
            mesh_setting_in(r->arena, r->spec, layer, "meshConfig", "trustDomainAliases", NULL);
        /* An empty one of the field is none; one of values would go to the operator. */
        check_domain(r, domain.value, domain.where, typed, layer == GLM_LAYER_SPEC);
        for (size_t i = 0; glm_is_list(aliases.value) && i < aliases.value->len; i++)
            check_domain(r, glm_at(aliases.value, i),
                         glm_sprintf(r->arena, "%s[%zu]", aliases.where, i), typed, !typed);
    }
    const struct glm_path *clusters = GLM_AT_ATTR(r->report->at->up, "clusters");
    for (size_t i = 0; i < r->installation->placement_count; i++) {
        const struct glm_placement *p = &r->installation->placements[i];
        const char *fault = glm_is_string(p->trust_domain)
                                ? glm_trust_domain_fault(r->arena, p->trust_domain->as.text)
                                : NULL;
        if (fault)
            glm_error(r->rules->d, GLM_AT_ATTR(GLM_AT_KEY(clusters, p->cluster), "trust_domain"),
                      "Not a trust domain", "trust_domain %s", fault);
    }
}

static bool has_another_domain(const struct glm_placement *p, const void *with)
{
    return glm_is_string(p->trust_domain) && !glm_equal(p->trust_domain, with);
}

/* Values would lie over what the attribute says. */
static void check_contradiction(struct identity_rules *r)
{
    struct mesh_setting said = mesh_setting(r->arena, r->spec, "meshConfig", "trustDomain", NULL);
    if (said.layer == GLM_LAYER_SPEC || !glm_is_string(said.value) || !said.value->len)
        return;
    const char *clusters = clusters_of(r, has_another_domain, said.value);
    if (*clusters)
        glm_spec_error(r->report, said.value->line, said.value->column, said.where,
                       "Two trust domains for one cluster",
                       "\"%s\" contradicts trust_domain of %s: Istio's operator puts values over "
                       "everything else, so the attribute would have no effect. Remove one of "
                       "the two.",
                       said.value->as.text, clusters);
}

/* ---- what values override ---- */

static void gather_overridden(struct identity_rules *r, const struct glm_value *field,
                              const struct glm_value *over, const struct glm_path *path,
                              const char *by)
{
    for (size_t i = 0; glm_is_map(field) && glm_is_map(over) && i < field->len; i++) {
        const struct glm_pair *pair = &field->as.map[i];
        const struct glm_value *counts = glm_get(over, pair->key);
        const struct glm_path *here = GLM_AT_ATTR(path, pair->key);
        if (glm_is_null(counts) || glm_is_null(pair->value) || glm_equal(counts, pair->value))
            continue;
        if (glm_is_map(counts) && glm_is_map(pair->value))
            gather_overridden(r, pair->value, counts, here, by);
        else
            glm_spec_warn_noted(r->report, pair->line, pair->column, glm_path_text(r->arena, here),
                                OVERRIDDEN, OVERRIDDEN_NOTE,
                                "has no effect: %s.meshConfig says something else.", by);
    }
}

static void warn_overridden(struct identity_rules *r)
{
    const struct glm_pair *version = glm_get_pair(r->spec, "compatibilityVersion");
    struct mesh_setting counts = mesh_setting(r->arena, r->spec, "compatibilityVersion", NULL);
    if (version && glm_is_string(version->value) && version->value->len &&
        !glm_equal(version->value, counts.value))
        glm_spec_warn_noted(r->report, version->line, version->column, "compatibilityVersion",
                            OVERRIDDEN, OVERRIDDEN_NOTE, "has no effect: %s says something else.",
                            counts.where);
    const struct glm_value *field = glm_get(r->spec, "meshConfig");
    const struct glm_path *at = GLM_AT_ATTR(NULL, "meshConfig");
    gather_overridden(r, field, glm_get_path(r->spec, "values", "meshConfig", NULL), at, "values");
    gather_overridden(r, field, glm_get_path(r->spec, "unvalidatedValues", "meshConfig", NULL), at,
                      "unvalidatedValues");
}

/* ---- the mesh ---- */

/* Without a mesh ID, the trust domain is the mesh ID: different ones make different meshes. */
static void warn_mesh_id(struct identity_rules *r)
{
    const struct glm_installation *in = r->installation;
    const struct glm_value *id = mesh_setting(r->arena, r->spec, "global", "meshID", NULL).value;
    const char *shared =
        glm_string_or(mesh_setting(r->arena, r->spec, "meshConfig", "trustDomain", NULL).value, "");
    const char *first = NULL;
    bool differ = false;
    if (glm_is_string(id) && id->len)
        return;
    for (size_t i = 0; i < in->placement_count; i++) {
        const struct glm_placement *p = &in->placements[i];
        const char *domain = glm_string_or(p->trust_domain, *shared ? shared : p->cluster);
        if (glm_is_unknown(p->trust_domain))
            continue;
        differ |= first && strcmp(first, domain) != 0;
        first = first ? first : domain;
    }
    if (differ && r->rules->warn)
        glm_warn(r->rules->d, r->report->at, "Each cluster becomes a mesh of its own",
                 "values.global.meshID is not set, so each gateway reports its cluster's trust "
                 "domain as the mesh ID, and they differ. Set values.global.meshID to the same "
                 "name for clusters of one mesh.");
}

/* ---- the cluster ---- */

static void warn_one_identity(struct identity_rules *r, const struct glm_value *v,
                              const char *where)
{
    if (!glm_is_string(v) || !v->len)
        return;
    glm_spec_warn_noted(r->report, v->line, v->column, where, "Several clusters with one identity",
                        glm_sprintf(r->arena,
                                    "This spec goes to %s, and each of them would say that it is "
                                    "that one: istiod tells proxies and endpoints of clusters "
                                    "apart by it. Without it, each gateway says the name of its "
                                    "own cluster here.",
                                    clusters_of(r, any, NULL)),
                        "is \"%s\".", v->as.text);
}

/* Variables by which a proxy says of which cluster it is, in a list of k8s.env. */
static void warn_env(struct identity_rules *r, const struct glm_gateway *g)
{
    const struct glm_value *env = glm_get(g->k8s, "env");
    for (size_t i = 0; glm_is_list(env) && i < env->len; i++)
        if (glm_string_is(glm_get(glm_at(env, i), "name"), "ISTIO_META_CLUSTER_ID"))
            warn_one_identity(
                r, glm_get(glm_at(env, i), "value"),
                glm_sprintf(r->arena, "%s.k8s.env[%zu].value", mesh_gateway_where(r->arena, g), i));
}

/* Where pods are not injected, the chart writes the variable itself: see rules_env.c. */
static struct mesh_setting env_of_injected(struct identity_rules *r, enum glm_gateway_type type)
{
    if (!mesh_is_injected(r->arena, r->spec, type))
        return (struct mesh_setting){.value = &glm_null, .where = ""};
    return mesh_setting(r->arena, r->spec, "gateways", mesh_gateway_values(type), "env",
                        "ISTIO_META_CLUSTER_ID", NULL);
}

static void warn_shared(struct identity_rules *r, const struct glm_gateways *gateways)
{
    static const char *const labels[] = {"topology.istio.io/cluster"};
    struct mesh_setting said[] = {
        mesh_setting(r->arena, r->spec, "global", "multiCluster", "clusterName", NULL),
        env_of_injected(r, GLM_INGRESS),
        env_of_injected(r, GLM_EGRESS),
    };
    if (r->installation->placement_count < 2)
        return;
    for (size_t i = 0; i < sizeof said / sizeof *said; i++)
        warn_one_identity(r, said[i].value, said[i].where);
    for (size_t i = 0; i < gateways->count; i++) {
        const struct glm_gateway *g = &gateways->items[i];
        const struct glm_value *label = glm_get(g->value, "label");
        warn_env(r, g);
        for (size_t k = 0; k < sizeof labels / sizeof *labels; k++)
            warn_one_identity(r, glm_get(label, labels[k]),
                              glm_sprintf(r->arena, "%s.label[\"%s\"]",
                                          mesh_gateway_where(r->arena, g), labels[k]));
    }
}

/* ---- the address ---- */

static void warn_address(struct identity_rules *r, const struct glm_value *v, const char *where,
                         size_t active)
{
    if (glm_is_string(v) && v->len && active > 1)
        glm_spec_warn_noted(
            r->report, v->line, v->column, where, "One address for several clusters",
            "An address leads into one cluster. Use an installation for each "
            "cluster, with an address of its own.",
            "is \"%s\", and this spec is active in %zu clusters.", v->as.text, active);
}

static void warn_addresses(struct identity_rules *r, const struct glm_gateways *gateways)
{
    size_t active = 0;
    for (size_t i = 0; i < r->installation->placement_count; i++)
        active += glm_is_true(r->installation->placements[i].active);
    for (int t = 0; t < 2; t++) {
        struct mesh_setting said =
            mesh_setting(r->arena, r->spec, "gateways",
                         mesh_gateway_values((enum glm_gateway_type)t), "loadBalancerIP", NULL);
        if (!gateways->user_service[t])
            warn_address(r, said.value, said.where, active);
    }
    for (size_t i = 0; i < gateways->count; i++) {
        const struct glm_gateway *g = &gateways->items[i];
        if (g->enabled && !gateways->user_service[g->type])
            warn_address(r, glm_get(g->service, "loadBalancerIP"),
                         glm_sprintf(r->arena, "%s.k8s.service.loadBalancerIP",
                                     mesh_gateway_where(r->arena, g)),
                         active);
    }
}

/* ---- the revision ---- */

static void warn_revision(struct identity_rules *r)
{
    const char *c = r->installation->control_plane;
    for (int l = GLM_LAYER_SPEC; c && l <= GLM_LAYER_UNVALIDATED; l++) {
        struct mesh_setting said =
            mesh_setting_in(r->arena, r->spec, (enum glm_layer)l, "revision", NULL);
        const char *text = mesh_chart_text(r->arena, said.value);
        if (!text || !*text || strcmp(text, c) == 0)
            continue;
        glm_spec_warn(r->report, said.value->line, said.value->column, said.where,
                      "The revision in the spec is left out",
                      "\"%s\" is replaced by the control-plane revision \"%s\". Set "
                      "control_plane_revision to use another control plane.",
                      text, glm_revision_key(c));
    }
}

void mesh_rules_identity(const struct glm_rules *rules, const struct glm_installation *installation,
                         const struct glm_gateways *gateways, struct glm_spec_report *report)
{
    struct identity_rules r = {.arena = rules->arena,
                               .rules = rules,
                               .installation = installation,
                               .spec = installation->spec,
                               .report = report};
    check_domains(&r);
    check_contradiction(&r);
    warn_revision(&r);
    if (report->ok)
        warn_overridden(&r);
    warn_mesh_id(&r);
    warn_shared(&r, gateways);
    warn_addresses(&r, gateways);
}

/* ---- across installations ---- */

/* Installations of one name that are held against each other, in all: far more than any resource has. */
#define COMPARED_MAX ((size_t)20000)

/* What an installation says that the name of its clusters is; null when it does not. */
static struct mesh_setting cluster_name(const struct glm_rules *rules,
                                        const struct glm_installation *in)
{
    const struct mesh_setting none = {.value = &glm_null, .where = ""};
    struct mesh_setting said = none;
    if (in->spec && glm_is_map(in->spec))
        said = mesh_setting(rules->arena, in->spec, "global", "multiCluster", "clusterName", NULL);
    return glm_is_string(said.value) && said.value->len ? said : none;
}

static bool has_cluster(const struct glm_installation *in, const char *cluster)
{
    for (size_t i = 0; i < in->placement_count; i++)
        if (strcmp(in->placements[i].cluster, cluster) == 0)
            return true;
    return false;
}

/* Two installations that give one name to different clusters. */
static bool warn_same_name(const struct glm_installation *in, struct mesh_setting said,
                           const struct glm_installation *other, struct glm_spec_report *report)
{
    for (size_t i = 0; i < in->placement_count && other->placement_count; i++) {
        const char *cluster = in->placements[i].cluster;
        if (has_cluster(other, cluster))
            continue;
        glm_spec_warn(report, said.value->line, said.value->column, said.where,
                      "Several clusters with one identity",
                      "is \"%s\" in cluster \"%s\", and in cluster \"%s\" of "
                      "installations[\"%s\"] too: istiod tells proxies and endpoints of clusters "
                      "apart by it. Without it, each gateway says the name of its own cluster "
                      "here.",
                      said.value->as.text, cluster, other->placements[0].cluster, other->key);
        return true;
    }
    return false;
}

void mesh_rules_shared_identity(const struct glm_rules *rules, const struct glm_manager *manager)
{
    const struct glm_installation *all = manager->installations;
    size_t left = COMPARED_MAX, count = rules->warn ? manager->installation_count : 0;
    /* By name: the first, and of each the next and (of a first) the last, as index + 1. */
    size_t *next = GLM_NEW_ARRAY(rules->arena, count, size_t);
    size_t *last = GLM_NEW_ARRAY(rules->arena, count, size_t);
    struct glm_map_builder firsts;
    glm_map_init(&firsts, rules->arena);
    for (size_t i = 0; i < count; i++) {
        struct mesh_setting said = cluster_name(rules, &all[i]);
        int64_t first;
        if (glm_is_null(said.value))
            continue;
        const char *name = said.value->as.text;
        if (!glm_number_int64(glm_map_peek(&firsts, name), &first)) {
            glm_map_set(&firsts, name, glm_integer(rules->arena, (int64_t)i));
            last[i] = i + 1;
            continue;
        }
        bool told = false;
        for (size_t k = (size_t)first + 1; k && !told && left; k = next[k - 1], left--)
            told = warn_same_name(&all[i], said, &all[k - 1], &rules->reports[i]);
        next[last[first] - 1] = i + 1;
        last[first] = i + 1;
    }
}
