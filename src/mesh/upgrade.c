/* SPDX-License-Identifier: Apache-2.0
 *
 * Upgrade: an installation as it was last applied against the planned one, cluster by cluster.
 * The same mistake in several clusters is said once, with all of them.
 */
#include "upgrade.h"

#include <string.h>

struct check {
    struct glm_arena *arena;
    const struct glm_installation *after;
    const struct glm_mesh_config *config;
    const struct glm_upgrade *change; /* the one at hand, with its specs as that cluster has them */
    const struct glm_value *before_spec, *after_spec;
    struct glm_gateways before_gateways, after_gateways;
    struct upgrade_problem *first, **last;
};

/* ---- mistakes ---- */

static void problem(struct check *c, const struct upgrade_problem *found)
{
    const char *cluster = c->change->cluster;
    for (struct upgrade_problem *p = c->first; p; p = p->next) {
        if (strcmp(p->what, found->what) != 0 || p->before != found->before)
            continue;
        if (strcmp(p->last_cluster, cluster) != 0 && p->cluster_count++ < UPGRADE_CLUSTERS_SHOWN)
            p->clusters = glm_sprintf(c->arena, "%s, \"%s\"", p->clusters, cluster);
        p->last_cluster = cluster;
        return;
    }
    struct upgrade_problem *p = GLM_NEW(c->arena, struct upgrade_problem);
    *p = *found;
    p->last_cluster = cluster;
    p->cluster_count = 1;
    p->clusters = glm_sprintf(c->arena, "\"%s\"", cluster);
    *c->last = p;
    c->last = &p->next;
}

static void refuse(struct check *c, const char *summary, const char *what)
{
    problem(c, &(const struct upgrade_problem){
                   .summary = summary, .what = what, .before = c->change->before});
}

/* ---- versions ---- */

/* What a gateway is said to be of. */
struct said {
    const char *tag;  /* NULL: none */
    bool known;       /* false: whether it has one is not to be told from the configuration */
    const char *text; /* what says the version: the tag, or istio_version; NULL: nothing */
    bool attribute;   /* it is istio_version */
    bool is_version;  /* by it: */
    struct glm_version version;
};

static struct said said_of(struct check *c, const struct glm_installation *in,
                           const struct glm_gateway *g, const char *auto_tag)
{
    struct said s = {.tag = NULL};
    const char *attribute = glm_string_or(in->istio_version, NULL);
    struct glm_version exact;
    s.tag = mesh_gateway_tag(c->arena, in, g, auto_tag, &s.known);
    s.text = s.tag;
    s.is_version = s.tag && mesh_version_parse(c->arena, s.tag, &s.version);
    if (!attribute || !glm_version_parse(attribute, &exact))
        return s;
    /* A tag that begins with it says more: a release candidate, a rebuild. */
    if (s.is_version && mesh_version_agrees(&s.version, &exact) && s.version.patch >= 0)
        return s;
    s.text = attribute;
    s.attribute = s.is_version = true;
    s.version = exact;
    return s;
}

static const char *change_of(struct check *c, const struct said *from, const struct said *to)
{
    const char *what = from->attribute && to->attribute     ? "istio_version"
                       : !from->attribute && !to->attribute ? "The tag"
                                                            : "The version";
    return glm_sprintf(c->arena, "%s changes from \"%s\" to \"%s\"", what, from->text, to->text);
}

static void compare_versions(struct check *c, const struct said *from, const struct said *to)
{
    const struct glm_version *was = &from->version, *is = &to->version;
    const char *change = change_of(c, from, to);
    bool comparable = from->is_version && to->is_version;
    if (!comparable && from->tag && to->tag && strcmp(from->tag, to->tag) == 0)
        return; /* the same image, of which more is said, or less */
    if (!comparable) {
        problem(c, &(const struct upgrade_problem){
                       .warning = true,
                       .summary = "Versions that cannot be compared",
                       .what = glm_sprintf(c->arena,
                                           "%s, and at least one of the two says no version. "
                                           "Whether this is an upgrade that may be made in place "
                                           "was not checked. Say it in istio_version.",
                                           change),
                       .said = to->attribute,
                       .before = c->change->before});
        return;
    }
    int minor = glm_version_minor_order(is, was);
    struct upgrade_problem p = {
        .before = c->change->before, .said = to->attribute, .from = *was, .to = *is};
    if (minor > 0) {
        p.versions = true;
        p.summary = "A new minor version needs a canary upgrade";
        p.what = glm_sprintf(c->arena,
                             "%s: another minor version. In place, only the patch version may be "
                             "raised, because gateways of another minor version need another "
                             "control plane.",
                             change);
    } else if (glm_version_order(is, was) < 0 && !c->change->unsettled) {
        p.versions = minor != 0;
        p.summary = "A downgrade needs a canary upgrade";
        p.what = glm_sprintf(c->arena,
                             "%s: an older version. In place, only the patch version may be "
                             "raised.",
                             change);
    }
    if (p.what)
        problem(c, &p);
}

static void compare_tags(struct check *c, const struct glm_gateway *was,
                         const struct glm_gateway *is)
{
    const struct glm_installation *before = c->change->before;
    struct said from = said_of(c, before, was, c->change->auto_tag);
    struct said to = said_of(c, c->after, is, mesh_default_tag(c->config));
    bool to_auto = glm_installation_is_auto(c->after), settled = !c->change->unsettled;
    if (glm_installation_is_auto(before) && !to_auto && to.tag && settled)
        refuse(c, "From auto to a tag of its own",
               glm_sprintf(c->arena,
                           "gateway_revision was \"auto\", so the tag came from "
                           "default_distribution, and now the spec has the tag \"%s\". The API "
                           "takes no explicit tag in place of an automatic one.",
                           to.tag));
    else if (!from.text && from.known && to.tag && settled)
        refuse(c, "From no tag to a tag",
               glm_sprintf(c->arena,
                           "The spec had no tag, so the gateways run the version of the Istio "
                           "operator, and now it has the tag \"%s\". Which way that goes cannot "
                           "be told. With istio_version it could be.",
                           to.tag));
    else if (from.text && to.text && strcmp(from.text, to.text) != 0)
        compare_versions(c, &from, &to);
}

/* ---- gateways ---- */

static const struct glm_gateway *same_gateway(const struct glm_gateways *in,
                                              const struct glm_gateway *as)
{
    for (size_t i = 0; i < in->count; i++) {
        const struct glm_gateway *g = &in->items[i];
        if (g->enabled && g->name && g->type == as->type && strcmp(g->name, as->name) == 0 &&
            strcmp(g->namespace_, as->namespace_) == 0)
            return g;
    }
    return NULL;
}

/* The gateway that took the place of one that is no more: a new one of the same name, of the same
 * namespace, or at the same index. NULL: it was removed. */
static const struct glm_gateway *successor(const struct check *c, const struct glm_gateway *was)
{
    const struct glm_gateway *best = NULL;
    int best_rank = 0;
    for (size_t i = 0; i < c->after_gateways.count; i++) {
        const struct glm_gateway *g = &c->after_gateways.items[i];
        if (!g->enabled || !g->name || g->type != was->type || same_gateway(&c->before_gateways, g))
            continue;
        int rank = strcmp(g->name, was->name) == 0               ? 3
                   : g->index == was->index                      ? 2
                   : strcmp(g->namespace_, was->namespace_) == 0 ? 1
                                                                 : 0;
        if (rank > best_rank) {
            best = g;
            best_rank = rank;
        }
    }
    return best;
}

/* The line of the planned spec that the value stands in. */
static const char *quote(struct check *c, const struct glm_value *v)
{
    const struct glm_value *text = c->after->spec_text;
    struct glm_spec_report r;
    if (!glm_is_string(text))
        return "";
    glm_spec_report_begin(&r, c->arena, NULL, text->as.text, text->len, false, NULL);
    return glm_spec_quote(&r, v->line, v->column);
}

static void compare_place(struct check *c, const struct glm_gateway *was)
{
    const struct glm_gateway *is = successor(c, was);
    if (!is)
        return; /* removed: what that ends is said elsewhere */
    bool renamed = strcmp(was->name, is->name) != 0;
    problem(c, &(const struct upgrade_problem){
                   .summary = "A gateway that is renamed or moved needs a canary upgrade",
                   .what = glm_sprintf(
                       c->arena,
                       "%s: the %s of gateway %s/%s changes, it is %s/%s now. In place, the old "
                       "Deployment would go while the new one is not ready.%s",
                       glm_spec_place(c->arena, is->value->line, is->value->column,
                                      mesh_gateway_where(c->arena, is)),
                       renamed ? "name" : "namespace", was->namespace_, was->name, is->namespace_,
                       is->name, quote(c, is->value)),
                   .before = c->change->before,
                   .moved = true});
}

static const struct glm_value *network_in(const struct glm_installation *in, const char *cluster)
{
    for (size_t i = 0; i < in->placement_count; i++)
        if (strcmp(in->placements[i].cluster, cluster) == 0)
            return in->placements[i].network;
    return &glm_null;
}

static void compare_labels(struct check *c, const struct glm_gateway *was,
                           const struct glm_gateway *is)
{
    const struct glm_value *from = mesh_gateway_labels(c->arena, c->before_spec, was);
    const struct glm_value *to = mesh_gateway_labels(c->arena, c->after_spec, is);
    if (glm_equal(from, to) || !glm_is_wholly_known(from) || !glm_is_wholly_known(to))
        return;
    const struct glm_value *network = network_in(c->after, c->change->cluster);
    if (!glm_equal(network, network_in(c->change->before, c->change->cluster))) {
        refuse(
            c, "Changed labels of a gateway need a canary upgrade",
            glm_sprintf(c->arena,
                        "The network changes%s%s%s, and with it a label of gateway %s/%s. Labels "
                        "are the selector of its Deployment, which Kubernetes does not let "
                        "anybody change.",
                        glm_is_string(network) ? " to \"" : "", glm_string_or(network, ""),
                        glm_is_string(network) ? "\"" : "", is->namespace_, is->name));
        return;
    }
    refuse(c, "Changed labels of a gateway need a canary upgrade",
           glm_sprintf(c->arena,
                       "%s: the labels of gateway %s/%s change. They are the selector of its "
                       "Deployment, which Kubernetes does not let anybody change.%s",
                       glm_spec_place(c->arena, is->value->line, is->value->column,
                                      mesh_gateway_where(c->arena, is)),
                       is->namespace_, is->name, quote(c, is->value)));
}

/* As the cluster at hand has them. */
static void read_gateways(struct check *c, const struct glm_installation *in,
                          const struct glm_value **ret_spec, struct glm_gateways *ret_gateways)
{
    const struct glm_value *spec =
        glm_network_spec(c->arena, in->spec, network_in(in, c->change->cluster));
    if (*ret_spec == spec) /* read for the cluster before */
        return;
    *ret_spec = spec;
    mesh_gateways_read(c->arena, spec, glm_is_true(in->on_by_default), ret_gateways);
}

/* Of values of the chart: what comes of them is in the installations. */
static void compare_charts(struct check *c)
{
    const struct glm_installation *was = c->change->before, *is = c->after;
    bool known = was->gateway && is->gateway && !c->change->unsettled;
    if (*is->revision)
        compare_tags(c, NULL, NULL);
    if (known && strcmp(was->gateway, is->gateway) != 0)
        problem(c, &(const struct upgrade_problem){
                       .summary = "A gateway that is renamed or moved needs a canary upgrade",
                       .what = glm_sprintf(c->arena,
                                           "The name of the gateway changes from \"%s\" to \"%s\". "
                                           "In place, the old Deployment would go while the new "
                                           "one is not ready.",
                                           was->gateway, is->gateway),
                       .before = was,
                       .moved = true});
    else if (known && !glm_equal(was->selector, is->selector))
        refuse(c, "Changed labels of a gateway need a canary upgrade",
               glm_sprintf(c->arena,
                           "labels.app or labels.istio of gateway %s changes. They are the "
                           "selector of its Deployment, which Kubernetes does not let anybody "
                           "change.",
                           is->gateway));
}

static void refuse_form(struct check *c)
{
    const char *was = glm_installation_form(c->change->before);
    problem(c, &(const struct upgrade_problem){
                   .summary = "A gateway in another form is another one",
                   .what = glm_sprintf(c->arena,
                                       "The installation had %s, and now has %s: what comes of the "
                                       "two has other names, and selects other pods.",
                                       was, glm_installation_form(c->after)),
                   .before = c->change->before,
                   .apart = true});
}

static void compare(struct check *c, const struct glm_upgrade *change)
{
    bool revisioned = *c->after->revision != 0;
    c->change = change;
    if (!change->before->values_text != !c->after->values_text) {
        refuse_form(c);
        return;
    }
    if (c->after->values_text) {
        compare_charts(c);
        return;
    }
    read_gateways(c, change->before, &c->before_spec, &c->before_gateways);
    read_gateways(c, c->after, &c->after_spec, &c->after_gateways);
    for (size_t i = 0; i < c->before_gateways.count; i++) {
        const struct glm_gateway *was = &c->before_gateways.items[i];
        if (!was->enabled || !was->name)
            continue;
        const struct glm_gateway *is = same_gateway(&c->after_gateways, was);
        if (is && !change->unsettled)
            compare_labels(c, was, is);
        if (is && revisioned)
            compare_tags(c, was, is);
        else if (!is && revisioned && !change->unsettled)
            compare_place(c, was);
    }
}

/* ---- the whole ---- */

static bool is_known(const struct glm_installation *in)
{
    const struct glm_value *input = glm_installation_input(in);
    return input && glm_is_map(input);
}

static bool may_differ(const struct glm_upgrade *change)
{
    bool lost = change->unsettled && !change->was_healthy; /* there is no traffic to lose */
    return !lost && change->before && is_known(change->before);
}

bool glm_upgrade_check(struct glm_arena *arena, const struct glm_manager *manager,
                       const struct glm_installation *after, const struct glm_mesh_config *config,
                       const struct glm_upgrade *changes, size_t count, struct glm_diags *d)
{
    struct check c = {.arena = arena, .after = after, .config = config};
    size_t errors = d->errors;
    c.last = &c.first;
    if (!glm_is_false(after->skip_upgrade_validation) || !is_known(after) || !after->revision ||
        !after->control_plane)
        return true;
    for (size_t i = 0; i < count; i++)
        if (may_differ(&changes[i]))
            compare(&c, &changes[i]);
    upgrade_report(arena, manager, after,
                   config->default_distribution ? config->default_distribution : &glm_null, c.first,
                   d);
    return d->errors == errors;
}
