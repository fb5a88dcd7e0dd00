/* SPDX-License-Identifier: Apache-2.0
 *
 * Rules on labels and annotations: of a gateway, of its Service, and those that values give to all
 * gateways of a type: their syntax, names that are not the user's, gateways that cannot be told
 * apart by them.
 *
 * Errors: at installations[key].istio_operator_spec, with line and column in the text.
 */
#include "internal.h"

#include <string.h>

#define OWN_PREFIX "terraform-provider-glm/"

struct label_rules {
    struct glm_arena *arena;
    const struct glm_installation *installation;
    const struct glm_gateways *gateways;
    struct glm_spec_report *report;
};

static const char *entry(struct label_rules *r, const char *where, const struct glm_pair *pair)
{
    return glm_sprintf(r->arena, "%s[\"%s\"]", where, pair->key);
}

/* ---- one map ---- */

/* Objects are found by these: of one that carries another's, the plan would never settle. */
static void check_own(struct label_rules *r, const struct glm_value *map, const char *where)
{
    for (size_t i = 0; glm_is_map(map) && i < map->len; i++) {
        const struct glm_pair *pair = &map->as.map[i];
        if (strncmp(pair->key, OWN_PREFIX, strlen(OWN_PREFIX)) == 0)
            glm_spec_error(r->report, pair->line, pair->column, entry(r, where, pair),
                           "A name of this provider's own",
                           ": what begins with \"" OWN_PREFIX "\" says which resource an object "
                           "belongs to, and is written by this provider alone. Remove it, or give "
                           "it another name.");
    }
}

/* Where the tables of the spec do not look. */
static void check_map(struct label_rules *r, const struct glm_value *labels, const char *where)
{
    for (size_t i = 0; glm_is_map(labels) && i < labels->len; i++) {
        const struct glm_pair *pair = &labels->as.map[i];
        const struct glm_value *v = pair->value;
        if (!glm_name_is_label_key(pair->key))
            glm_spec_error(r->report, pair->line, pair->column, entry(r, where, pair),
                           "Not a label",
                           ": the key of a Kubernetes label has at most 63 letters, digits, \"-\", "
                           "\"_\" and \".\", starts and ends with a letter or digit, and may have "
                           "a DNS prefix before a \"/\".%s",
                           glm_placeholder_said(pair->key));
        if (glm_is_string(v) && !glm_name_is_label_value(v->as.text))
            glm_spec_error(r->report, v->line, v->column, entry(r, where, pair), "Not a label",
                           "\"%s\": the value of a Kubernetes label has at most 63 letters, "
                           "digits, \"-\", \"_\" and \".\", and starts and ends with a letter or "
                           "digit.%s",
                           v->as.text, glm_placeholder_said(v->as.text));
        else if (!glm_is_string(v) && !glm_is_null(v))
            glm_spec_error(r->report, v->line, v->column, entry(r, where, pair), "Not a label",
                           "must be a string, but is %s. Put it in quotes.",
                           glm_kind_name(v->kind));
    }
}

static void warn_revision(struct label_rules *r, const struct glm_value *labels, const char *where)
{
    const struct glm_pair *pair = glm_get_pair(labels, "revision");
    const char *revision = r->installation->revision;
    if (pair && revision && *revision && !glm_is_null(pair->value) &&
        !glm_string_is(pair->value, revision))
        glm_spec_warn(
            r->report, pair->line, pair->column, glm_sprintf(r->arena, "%s.revision", where),
            "The label revision is overwritten",
            "is overwritten with \"%s\": active_gateway selects the pods by it.", revision);
}

static void warn_managed_by(struct label_rules *r, const struct glm_value *labels,
                            const char *where, enum glm_gateway_type type)
{
    const struct glm_pair *pair = glm_get_pair(labels, GLM_LABEL_MANAGED_BY);
    if (pair && glm_is_string(pair->value) &&
        mesh_makes_service(r->installation, r->gateways, type) &&
        !glm_string_is(pair->value, GLM_MANAGED_BY))
        glm_spec_warn(r->report, pair->line, pair->column, entry(r, where, pair),
                      "A label that the Service does not take",
                      "\"%s\" is on the pods and in the selector, but on the Service itself it is "
                      "\"" GLM_MANAGED_BY "\": by that label this provider knows its own objects.",
                      pair->value->as.text);
}

static void check_labels(struct label_rules *r, const struct glm_value *labels, const char *where,
                         enum glm_gateway_type type, bool typed)
{
    if (!typed)
        check_map(r, labels, where);
    check_own(r, labels, where);
    warn_revision(r, labels, where);
    warn_managed_by(r, labels, where, type);
}

/* ---- labels that the chart writes over ---- */

/* The map that has the label of the gateway: its own, or that of the values. */
static const char *labels_where(struct label_rules *r, const struct glm_gateway *g, const char *key)
{
    const char *where = glm_sprintf(r->arena, "%s.label", mesh_gateway_where(r->arena, g));
    if (!glm_is_null(glm_get(glm_get(g->value, "label"), key)))
        return where;
    for (int l = GLM_LAYER_VALUES; l <= GLM_LAYER_UNVALIDATED; l++) {
        struct mesh_setting labels =
            mesh_setting_in(r->arena, r->installation->spec, (enum glm_layer)l, "gateways",
                            mesh_gateway_values(g->type), "labels", NULL);
        if (!glm_is_null(glm_get(labels.value, key)))
            where = labels.where; /* the last one counts */
    }
    return where;
}

static void check_chart_labels(struct label_rules *r, const struct glm_gateway *g)
{
    const struct glm_value *labels = mesh_gateway_own_labels(r->arena, r->installation->spec, g);
    for (size_t i = 0; g->enabled && i < labels->len; i++) {
        const struct glm_pair *pair = &labels->as.map[i];
        const char *written = mesh_chart_label(r->arena, r->installation, g, pair->key);
        if (!written || !glm_is_string(pair->value) || glm_string_is(pair->value, written) ||
            mesh_names_the_gateway(g, pair))
            continue;
        glm_spec_error(r->report, pair->value->line, pair->value->column,
                       entry(r, labels_where(r, g, pair->key), pair),
                       "A label that the chart writes itself",
                       "\"%s\": on the pods the gateway chart overwrites it with \"%s\", so the "
                       "Deployment would select pods that it does not make, and the API server "
                       "refuses it. Remove the label.",
                       pair->value->as.text, written);
    }
}

/* ---- gateways that cannot be told apart ---- */

/* True when whoever selects a selects b too. */
static bool is_within(const struct glm_value *a, const struct glm_value *b)
{
    for (size_t i = 0; i < a->len; i++)
        if (!glm_equal(glm_get(b, a->as.map[i].key), a->as.map[i].value))
            return false;
    return true;
}

#define SHARED_NOTE                                                                                \
    "Deployments, Services, autoscalers and disruption budgets know their pods by labels alone. "  \
    "Give each gateway a label of its own, such as istio: NAME."

/* More gateways than these are not held against each other. */
#define COMPARED_MAX ((size_t)200)

static bool may_share(const struct glm_gateway *a, const struct glm_gateway *b)
{
    return a->enabled && b->enabled && a->name && b->name &&
           strcmp(a->namespace_, b->namespace_) == 0;
}

static void warn_two(struct label_rules *r, const struct glm_gateway *g,
                     const struct glm_gateway *other, const struct glm_value *labels,
                     const struct glm_value *others)
{
    bool wide = is_within(labels, others), narrow = is_within(others, labels);
    const char *where = mesh_gateway_where(r->arena, g);
    if (wide && narrow)
        glm_spec_warn_noted(r->report, g->value->line, g->value->column, where,
                            "Gateways that share their pods", SHARED_NOTE,
                            "has the labels of \"%s\": in namespace \"%s\" each of the two selects "
                            "the pods of both.",
                            other->name, g->namespace_);
    else if (wide || narrow)
        glm_spec_warn_noted(r->report, g->value->line, g->value->column, where,
                            "Gateways that share their pods", SHARED_NOTE,
                            ": in namespace \"%s\", \"%s\" selects the pods of \"%s\" too, for its "
                            "labels are all on them.",
                            g->namespace_, wide ? g->name : other->name,
                            wide ? other->name : g->name);
}

static void warn_shared(struct label_rules *r)
{
    size_t count = r->gateways->count < COMPARED_MAX ? r->gateways->count : COMPARED_MAX;
    const struct glm_value **labels = GLM_NEW_ARRAY(r->arena, count, const struct glm_value *);
    for (size_t i = 0; i < count; i++) {
        const struct glm_gateway *g = &r->gateways->items[i];
        labels[i] = mesh_gateway_labels(r->arena, r->installation->spec, g);
        for (size_t k = 0; k < i; k++)
            if (may_share(g, &r->gateways->items[k]) &&
                strcmp(g->name, r->gateways->items[k].name) != 0)
                warn_two(r, g, &r->gateways->items[k], labels[i], labels[k]);
    }
}

/* ---- the whole ---- */

static void check_values(struct label_rules *r, enum glm_gateway_type type)
{
    const char *name = mesh_gateway_values(type);
    for (int l = GLM_LAYER_VALUES; l <= GLM_LAYER_UNVALIDATED; l++) {
        enum glm_layer layer = (enum glm_layer)l;
        const struct glm_value *spec = r->installation->spec;
        struct mesh_setting labels =
            mesh_setting_in(r->arena, spec, layer, "gateways", name, "labels", NULL);
        struct mesh_setting notes =
            mesh_setting_in(r->arena, spec, layer, "gateways", name, "serviceAnnotations", NULL);
        check_labels(r, labels.value, labels.where, type, layer == GLM_LAYER_VALUES);
        check_own(r, notes.value, notes.where);
    }
}

void mesh_rules_labels(const struct glm_rules *rules, const struct glm_installation *installation,
                       const struct glm_gateways *gateways, struct glm_spec_report *report)
{
    struct label_rules r = {.arena = rules->arena,
                            .installation = installation,
                            .gateways = gateways,
                            .report = report};
    check_values(&r, GLM_INGRESS);
    check_values(&r, GLM_EGRESS);
    for (size_t i = 0; i < gateways->count; i++) {
        const struct glm_gateway *g = &gateways->items[i];
        const char *where = mesh_gateway_where(r.arena, g);
        check_labels(&r, glm_get(g->value, "label"), glm_sprintf(r.arena, "%s.label", where),
                     g->type, true);
        check_own(&r, glm_get(g->k8s, "serviceAnnotations"),
                  glm_sprintf(r.arena, "%s.k8s.serviceAnnotations", where));
        check_chart_labels(&r, g);
    }
    warn_shared(&r);
}

/* ---- across installations ---- */

static const char *shared_cluster(const struct glm_installation *a,
                                  const struct glm_installation *b)
{
    for (size_t i = 0, k = 0; i < a->placement_count && k < b->placement_count;) {
        int order = strcmp(a->placements[i].cluster, b->placements[k].cluster); /* both sorted */
        if (order == 0)
            return a->placements[i].cluster;
        i += order < 0;
        k += order > 0;
    }
    return NULL;
}

/* What may be looked at for one resource: far more than any real one has. */
#define SHARED_BUDGET ((size_t)20000)

/* One without a revision has no label that keeps it from the pods of one that has. */
static void warn_revisionless(const struct glm_rules *rules, const struct glm_installation *bare,
                              const struct glm_installation *other, struct glm_spec_report *report,
                              size_t *left)
{
    struct glm_arena *arena = rules->arena;
    const char *cluster = shared_cluster(bare, other);
    struct glm_gateways gateways, others;
    if (!cluster)
        return;
    mesh_gateways_of(arena, bare, &gateways);
    mesh_gateways_of(arena, other, &others);
    for (size_t i = 0; i < gateways.count; i++)
        for (size_t k = 0; k < others.count && *left; k++, --*left) {
            const struct glm_gateway *g = &gateways.items[i], *o = &others.items[k];
            if (may_share(g, o) && is_within(mesh_gateway_labels(arena, bare->spec, g),
                                             mesh_gateway_labels(arena, other->spec, o)))
                glm_spec_warn_noted(
                    report, g->value->line, g->value->column, mesh_gateway_where(arena, g),
                    "Gateways that share their pods", SHARED_NOTE,
                    "has no revision, so in cluster \"%s\" it selects the pods of \"%s\" of "
                    "installations[\"%s\"] too, in namespace \"%s\".",
                    cluster, o->name, other->key, g->namespace_);
        }
}

void mesh_rules_shared_pods(const struct glm_rules *rules, const struct glm_manager *manager)
{
    size_t left = SHARED_BUDGET;
    for (size_t i = 0; rules->warn && i < manager->installation_count; i++) {
        const struct glm_installation *bare = &manager->installations[i];
        if (!bare->revision || *bare->revision || !bare->spec || !glm_is_map(bare->spec))
            continue;
        for (size_t k = 0; k < manager->installation_count && left; k++) {
            const struct glm_installation *other = &manager->installations[k];
            left -= left > 0;
            if (other->revision && *other->revision && other->spec && glm_is_map(other->spec))
                warn_revisionless(rules, bare, other, &rules->reports[i], &left);
        }
    }
}
