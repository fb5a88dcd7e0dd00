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
    const struct glm_upgrade *change; /* the one at hand */
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
        if (strcmp(p->last_cluster, cluster) != 0)
            p->clusters = glm_sprintf(c->arena, "%s, \"%s\"", p->clusters, cluster);
        p->last_cluster = cluster;
        return;
    }
    struct upgrade_problem *p = GLM_NEW(c->arena, struct upgrade_problem);
    *p = *found;
    p->last_cluster = cluster;
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

/* The tag of a gateway as its installation gives it. NULL: none; *ret_known false: not to be told
 * from the configuration. */
static const char *tag_of(struct glm_arena *arena, const struct glm_installation *in,
                          const struct glm_gateway *g, const char *auto_tag, bool *ret_known)
{
    const struct glm_value *tag = glm_get(g->value, "tag");
    if (glm_installation_is_auto(in)) {
        *ret_known = auto_tag != NULL;
        return auto_tag && *auto_tag ? auto_tag : NULL;
    }
    if (glm_is_null(tag) || glm_string_is(tag, ""))
        tag = glm_setting(arena, in->spec, "global", "tag", NULL).value;
    *ret_known = !glm_is_unknown(tag) && tag->kind != GLM_NUMBER;
    return *glm_string_or(tag, "") ? tag->as.text : NULL;
}

static const char *automatic_tag(const struct glm_mesh_config *config)
{
    const struct glm_value *distribution = config->default_distribution;
    if (!distribution || glm_is_unknown(distribution) ||
        glm_is_unknown(glm_get(distribution, "tag")))
        return NULL;
    return glm_string_or(glm_get(distribution, "tag"), "");
}

static void compare_versions(struct check *c, const char *from, const char *to)
{
    struct glm_version was, is;
    const char *change = glm_sprintf(c->arena, "from \"%s\" to \"%s\"", from, to);
    if (!glm_version_parse(from, &was) || !glm_version_parse(to, &is)) {
        problem(c, &(const struct upgrade_problem){
                       .warning = true,
                       .summary = "Versions that cannot be compared",
                       .what = glm_sprintf(c->arena,
                                           "The tag changes %s, and at least one of the two says "
                                           "no version. Whether this is an upgrade that may be "
                                           "made in place was not checked.",
                                           change),
                       .before = c->change->before});
        return;
    }
    int minor = glm_version_minor_order(&is, &was);
    struct upgrade_problem p = {.before = c->change->before, .from = was, .to = is};
    if (minor > 0) {
        p.versions = true;
        p.summary = "A new minor version needs a canary upgrade";
        p.what = glm_sprintf(c->arena,
                             "The tag changes %s: another minor version. In place, only the patch "
                             "version may be raised, because gateways of another minor version "
                             "need another control plane.",
                             change);
    } else if (glm_version_order(&is, &was) < 0 && !c->change->unsettled) {
        p.versions = minor != 0;
        p.summary = "A downgrade needs a canary upgrade";
        p.what = glm_sprintf(c->arena,
                             "The tag changes %s: an older version. In place, only the patch "
                             "version may be raised.",
                             change);
    }
    if (p.what)
        problem(c, &p);
}

static void compare_tags(struct check *c, const struct glm_gateway *was,
                         const struct glm_gateway *is)
{
    const struct glm_installation *before = c->change->before;
    bool from_known, to_known;
    const char *from = tag_of(c->arena, before, was, c->change->auto_tag, &from_known);
    const char *to = tag_of(c->arena, c->after, is, automatic_tag(c->config), &to_known);
    bool to_auto = glm_installation_is_auto(c->after);
    if (glm_installation_is_auto(before) && !to_auto && to && !c->change->unsettled)
        refuse(c, "From auto to a tag of its own",
               glm_sprintf(c->arena,
                           "gateway_revision was \"auto\", so the tag came from "
                           "default_distribution, and now the spec has the tag \"%s\". The API "
                           "takes no explicit tag in place of an automatic one.",
                           to));
    else if (!from && from_known && to && !c->change->unsettled)
        refuse(c, "From no tag to a tag",
               glm_sprintf(c->arena,
                           "The spec had no tag, so the gateways run the version of the Istio "
                           "operator, and now it has the tag \"%s\". Which way that goes cannot "
                           "be told.",
                           to));
    else if (from && to && strcmp(from, to) != 0)
        compare_versions(c, from, to);
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
                                      glm_gateway_where(c->arena, is)),
                       renamed ? "name" : "namespace", was->namespace_, was->name, is->namespace_,
                       is->name, quote(c, is->value)),
                   .before = c->change->before,
                   .moved = true});
}

static void compare_labels(struct check *c, const struct glm_gateway *was,
                           const struct glm_gateway *is)
{
    const struct glm_value *from = glm_gateway_labels(c->arena, c->change->before->spec, was);
    const struct glm_value *to = glm_gateway_labels(c->arena, c->after->spec, is);
    if (glm_equal(from, to) || !glm_is_wholly_known(from) || !glm_is_wholly_known(to))
        return;
    refuse(c, "Changed labels of a gateway need a canary upgrade",
           glm_sprintf(c->arena,
                       "%s: the labels of gateway %s/%s change. They are the selector of its "
                       "Deployment, which Kubernetes does not let anybody change.%s",
                       glm_spec_place(c->arena, is->value->line, is->value->column,
                                      glm_gateway_where(c->arena, is)),
                       is->namespace_, is->name, quote(c, is->value)));
}

static void compare(struct check *c, const struct glm_upgrade *change)
{
    bool revisioned = *c->after->revision != 0;
    c->change = change;
    glm_gateways_read(c->arena, change->before->spec, &c->before_gateways);
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

static bool may_differ(const struct glm_upgrade *change)
{
    bool lost = change->unsettled && !change->served; /* there is no traffic to lose */
    return !lost && change->before && change->before->spec && glm_is_map(change->before->spec);
}

bool glm_upgrade_check(struct glm_arena *arena, const struct glm_manager *manager,
                       const struct glm_installation *after, const struct glm_mesh_config *config,
                       const struct glm_upgrade *changes, size_t count, struct glm_diags *d)
{
    struct check c = {.arena = arena, .after = after, .config = config};
    size_t errors = d->errors;
    c.last = &c.first;
    if (!glm_is_false(after->skip_upgrade_validation) || !after->spec || !glm_is_map(after->spec) ||
        !after->revision || !after->control_plane)
        return true;
    glm_gateways_read(arena, after->spec, &c.after_gateways);
    for (size_t i = 0; i < count; i++)
        if (may_differ(&changes[i]))
            compare(&c, &changes[i]);
    upgrade_report(arena, manager, after,
                   config->default_distribution ? config->default_distribution : &glm_null, c.first,
                   d);
    return d->errors == errors;
}
