/* SPDX-License-Identifier: Apache-2.0
 *
 * Rules across installations: which clusters there are, who is active, who renders what, sizes.
 *
 * What:   every pair of (installation, cluster) says what it claims there; two claims to the same
 *         thing are an error at the later one, by installation key.
 * Errors: at the cluster's entry, or at the attribute that is too large.
 */
#include "chart_values.h"
#include "glm/codec.h"

#include <stdlib.h>
#include <string.h>

#define NAME_MAX_LABEL 63
#define LIVE_OBJECT_MAX ((size_t)1 << 20)
/* Owner labels, names and what the translation adds. */
#define OBJECT_OVERHEAD ((size_t)8 << 10)
#define LISTED_CLUSTERS 20

/* ---- cluster names ---- */

static const char *known_clusters(const struct glm_rules *r)
{
    struct glm_text text;
    glm_text_init(&text, r->arena, 8192);
    for (size_t i = 0; i < r->config->cluster_count && i < LISTED_CLUSTERS; i++)
        glm_text_addf(&text, "%s\"%s\"", i ? ", " : "", r->config->clusters[i].name);
    if (r->config->cluster_count > LISTED_CLUSTERS)
        glm_text_addf(&text, " and %zu more", r->config->cluster_count - LISTED_CLUSTERS);
    return text.len ? text.data : "none";
}

#define LABEL_RULE                                                                                 \
    "must be a DNS-1123 label: lower-case letters, digits and \"-\", starting and ending with a "  \
    "letter or digit, at most 63 characters."

/* A name that the provider has is the provider's to refuse. */
static void check_cluster(const struct glm_rules *r, const struct glm_installation *in,
                          const struct glm_placement *p)
{
    bool label = glm_name_is_label(p->cluster);
    if (r->config->known ? glm_mesh_cluster(r->config, p->cluster) != NULL : label)
        return;
    const char *filled = glm_placeholder_said(p->cluster);
    if (!r->config->known) {
        glm_error(r->d, GLM_AT_PLACEMENT(in->key, p->cluster), "Not a cluster name",
                  "\"%s\" " LABEL_RULE "%s", p->cluster, filled);
        return;
    }
    const char **names = GLM_NEW_ARRAY(r->arena, r->config->cluster_count, const char *);
    for (size_t i = 0; i < r->config->cluster_count; i++)
        names[i] = r->config->clusters[i].name;
    const char *nearest = *filled ? NULL : glm_nearest(p->cluster, names, r->config->cluster_count);
    glm_error(r->d, GLM_AT_PLACEMENT(in->key, p->cluster), "Unknown cluster",
              "\"%s\" is not in clusters of the provider \"glm\".%s%s%s It has: %s. Add an entry "
              "there, or correct the name here.%s%s",
              p->cluster, nearest ? " Did you mean \"" : filled, nearest ? nearest : "",
              nearest ? "\"?" : "", known_clusters(r), label ? "" : " A name of a cluster ",
              label ? "" : LABEL_RULE);
}

static void check_operator_namespace(const struct glm_rules *r, const struct glm_installation *in,
                                     const struct glm_placement *p)
{
    const struct glm_cluster_config *c = glm_mesh_cluster(r->config, p->cluster);
    if (!c || !c->operator_namespace || !in->control_plane)
        return;
    const char *name = glm_operator_namespace(r->arena, c->operator_namespace, in->control_plane);
    if (!glm_name_is_label(name))
        glm_error(
            r->d, GLM_AT_PLACEMENT(in->key, p->cluster), "Not a Kubernetes namespace",
            "With the control-plane revision \"%s\", the provider's operator_namespace "
            "\"%s\" for this cluster becomes \"%s\", which is no name of a namespace: lower-case "
            "letters, digits and \"-\", at most 63 characters.",
            glm_revision_key(in->control_plane), c->operator_namespace, name);
}

static void check_name(const struct glm_rules *r, const struct glm_manager *manager,
                       const struct glm_installation *in)
{
    if (!manager->name || !in->revision || in->values_text)
        return;
    const char *name = mesh_suffixed(r->arena, manager->name, in->revision);
    if (strlen(name) > NAME_MAX_LABEL)
        glm_error(r->d, GLM_AT_INSTALLATION(in->key), "The name is too long",
                  "With its revision the IstioOperator is called \"%s\", which has %zu characters. "
                  "It becomes a label on everything that is installed, and those hold %d. "
                  "Shorten name by %zu, or the revision.",
                  name, strlen(name), NAME_MAX_LABEL, strlen(name) - NAME_MAX_LABEL);
}

/* ---- claims ---- */

enum claim_kind { CLAIM_REVISION, CLAIM_ACTIVE, CLAIM_GATEWAY, CLAIM_SERVICE };

struct claim {
    enum claim_kind kind;
    const char *cluster, *namespace_, *name; /* namespace_ "" where it does not matter */
    const struct glm_installation *installation;
    const struct glm_placement *placement;
    const struct glm_gateway *gateway;
};

struct claims {
    struct glm_arena *arena;
    struct claim *items;
    size_t count, capacity;
};

static void claim(struct claims *c, struct claim one)
{
    if (c->count == c->capacity) {
        c->capacity = c->capacity ? c->capacity * 2 : 64;
        struct claim *items = GLM_NEW_ARRAY(c->arena, c->capacity, struct claim);
        if (c->count)
            memcpy(items, c->items, c->count * sizeof *items);
        c->items = items;
    }
    c->items[c->count++] = one;
}

static void claim_gateway(struct claims *c, const struct glm_installation *in,
                          const struct glm_placement *p, const struct glm_gateways *gateways,
                          const struct glm_gateway *g)
{
    struct claim one = {.cluster = p->cluster,
                        .namespace_ = g->namespace_,
                        .name = g->name,
                        .installation = in,
                        .placement = p,
                        .gateway = g};
    if (!g->enabled || !g->name)
        return;
    if (glm_is_true(p->active)) {
        one.kind = CLAIM_ACTIVE;
        claim(c, one);
        if (gateways->our_service[g->type] && glm_is_map(g->service)) {
            one.kind = CLAIM_SERVICE;
            claim(c, one);
        }
    }
    if (!in->revision)
        return;
    one.name = mesh_suffixed(c->arena, g->name, in->revision);
    one.kind = CLAIM_GATEWAY;
    claim(c, one);
    if (mesh_gateway_chart_service(gateways, g)) {
        one.kind = CLAIM_SERVICE;
        claim(c, one);
    }
}

/* What comes of values of the chart is one gateway, whose Service is the release's. */
static void gateway_of_chart(struct claims *c, const struct glm_manager *m,
                             const struct glm_installation *in, struct glm_gateways *ret)
{
    if (!in->gateway || !m->namespace_)
        return;
    struct glm_gateway *g = GLM_NEW(c->arena, struct glm_gateway);
    *g = (struct glm_gateway){.type = GLM_INGRESS,
                              .name = in->gateway,
                              .namespace_ = m->namespace_,
                              .enabled = true,
                              .value = &glm_null,
                              .k8s = &glm_null,
                              .service = &glm_empty_map};
    *ret = (struct glm_gateways){.items = g, .count = 1, .enabled = 1};
    ret->our_service[GLM_INGRESS] = true;
}

static void claim_all(struct claims *c, const struct glm_manager *m,
                      const struct glm_installation *in)
{
    struct glm_gateways gateways = {0};
    gateway_of_chart(c, m, in, &gateways);
    if (in->spec && glm_is_map(in->spec))
        mesh_gateways_of(c->arena, in, &gateways);
    for (size_t i = 0; i < in->placement_count; i++) {
        const struct glm_placement *p = &in->placements[i];
        if (in->revision)
            claim(c, (struct claim){.kind = CLAIM_REVISION,
                                    .cluster = p->cluster,
                                    .namespace_ = "",
                                    .name = in->revision,
                                    .installation = in,
                                    .placement = p});
        for (size_t g = 0; g < gateways.count; g++)
            claim_gateway(c, in, p, &gateways, &gateways.items[g]);
    }
}

static int same_thing(const struct claim *a, const struct claim *b)
{
    int order = strcmp(a->cluster, b->cluster);
    if (order == 0 && a->kind != b->kind)
        order = a->kind < b->kind ? -1 : 1;
    if (order == 0)
        order = strcmp(a->namespace_, b->namespace_);
    return order ? order : strcmp(a->name, b->name);
}

static int by_claim(const void *a, const void *b)
{
    const struct claim *x = a, *y = b;
    int order = same_thing(x, y);
    if (order == 0)
        order = strcmp(x->installation->key, y->installation->key);
    if (order == 0 && x->gateway && y->gateway && x->gateway->index != y->gateway->index)
        order = x->gateway->index < y->gateway->index ? -1 : 1;
    return order;
}

static void refuse_duplicate(struct glm_spec_report *report, const struct claim *a,
                             const struct claim *b)
{
    const struct glm_value *v = b->gateway->value;
    glm_spec_error(report, v->line, v->column, mesh_gateway_where(report->arena, b->gateway),
                   "The same gateway twice",
                   ": the gateway \"%s\" in namespace \"%s\" is described by %s already. Remove "
                   "one of them, or give it another name.",
                   b->gateway->name, b->namespace_, mesh_gateway_where(report->arena, a->gateway));
}

static void refuse(const struct glm_rules *r, const struct glm_manager *manager,
                   const struct claim *a, const struct claim *b)
{
    const char *first = a->installation->key;
    const struct glm_path *at = GLM_AT_PLACEMENT(b->installation->key, b->placement->cluster);
    if (a->installation == b->installation) {
        /* Two of one type are refused by their names alone. */
        if (b->kind == CLAIM_GATEWAY && a->gateway->type != b->gateway->type)
            refuse_duplicate(&r->reports[b->installation - manager->installations], a, b);
        return;
    }
    switch (b->kind) {
    case CLAIM_REVISION:
        glm_error(r->d, at, "The same revision twice in a cluster",
                  "Revision \"%s\" is installed into cluster \"%s\" by installations[\"%s\"] "
                  "already. Remove the cluster from one of the two installations, or give one of "
                  "them another gateway_revision.",
                  glm_revision_key(b->name), b->cluster, first);
        break;
    case CLAIM_ACTIVE:
        glm_error(r->d, GLM_AT_ATTR(at, "active_gateway"), "Two active revisions",
                  "In cluster \"%s\" the gateway %s/%s is active in installations[\"%s\"] already, "
                  "and traffic goes to one revision only. Set active_gateway = true in one of "
                  "them, and false in the other.",
                  b->cluster, b->namespace_, b->name, first);
        break;
    case CLAIM_GATEWAY:
        glm_error(r->d, at, "Two installations render the same gateway",
                  "In cluster \"%s\" the gateway %s/%s is rendered by installations[\"%s\"] "
                  "already. Two IstioOperators that render the same gateway destroy each other: "
                  "give one of them another name or namespace.",
                  b->cluster, b->namespace_, b->name, first);
        break;
    case CLAIM_SERVICE:
    default:
        glm_error(r->d, at, "Two installations make the same Service",
                  "In cluster \"%s\" the Service %s/%s is made by installations[\"%s\"] already. "
                  "Give both gateways a k8s.service, so that active_gateway decides whose it is, "
                  "or give one of them another name.",
                  b->cluster, b->namespace_, b->name, first);
        break;
    }
}

/* The same revision in the same cluster, or two active ones, is said once, not again for each
 * gateway and Service. */
static bool is_said(const struct claim *a, const struct claim *b)
{
    const char *x = a->installation->revision, *y = b->installation->revision;
    if (a->kind <= CLAIM_ACTIVE || a->installation == b->installation)
        return false;
    return (x && y && strcmp(x, y) == 0) ||
           (a->kind == CLAIM_SERVICE && glm_is_true(a->placement->active) &&
            glm_is_true(b->placement->active) && strcmp(a->gateway->name, b->gateway->name) == 0);
}

static void check_claims(const struct glm_rules *r, const struct glm_manager *manager)
{
    struct claims c = {.arena = r->arena};
    for (size_t i = 0; i < manager->installation_count; i++)
        claim_all(&c, manager, &manager->installations[i]);
    if (c.count > 1)
        qsort(c.items, c.count, sizeof *c.items, by_claim);
    for (size_t i = 1, first = 0; i < c.count; i++) {
        if (same_thing(&c.items[first], &c.items[i]) != 0)
            first = i;
        else if (!is_said(&c.items[first], &c.items[i]))
            refuse(r, manager, &c.items[first], &c.items[i]);
    }
}

/* ---- sizes ---- */

static void check_sizes(const struct glm_rules *r, const struct glm_manager *manager,
                        const struct glm_installation *in)
{
    bool large = false;
    const char *view;
    const struct glm_value *text = glm_installation_text(in), *input = glm_installation_input(in);
    if (!glm_is_string(text) || !input || in->placement_count == 0)
        return;
    /* Only the cluster's own entry differs: one cluster stands for all of them. */
    if (!glm_view_text(r->arena, manager, in, &in->placements[0], &view, r->d))
        return;
    if (in->values_text || text->len < LIVE_OBJECT_MAX / 8)
        return;
    size_t size = strlen(glm_json_text(r->arena, input)) + strlen(view) + OBJECT_OVERHEAD;
    for (size_t i = 0; i < in->placement_count && !large; i++) {
        const struct glm_cluster_config *c = glm_mesh_cluster(r->config, in->placements[i].cluster);
        large = c && c->place == GLM_PLACE_LIVE && size > LIVE_OBJECT_MAX;
    }
    if (large)
        glm_error(r->d, GLM_AT_ATTR(GLM_AT_INSTALLATION(in->key), "istio_operator_spec"),
                  "The IstioOperator is too large for an API server",
                  "The object would have about %zu bytes, and a cluster stores at most %zu. Make "
                  "the spec smaller, or split its gateways into several resources.",
                  size, LIVE_OBJECT_MAX);
}

/* ---- helm_global ---- */

static void check_helm_global(const struct glm_rules *r, const struct glm_manager *manager)
{
    const struct glm_path *at = GLM_AT_ATTR(NULL, "helm_global");
    const struct glm_value *repo = glm_get(manager->helm_global, "repo");
    const struct glm_value *secrets = glm_get(manager->helm_global, "repo_secrets");
    if (!glm_is_map(manager->helm_global))
        return;
    if (glm_is_string(repo) && strncmp(repo->as.text, "oci://", strlen("oci://")) != 0)
        glm_error(r->d, GLM_AT_ATTR(at, "repo"), "Not an OCI repository",
                  "repo \"%s\" must start with oci://, for instance "
                  "oci://registry.example.com/istio-charts.",
                  repo->as.text);
    for (size_t i = 0; glm_is_list(secrets) && i < secrets->len; i++) {
        const struct glm_value *name = glm_get(glm_at(secrets, i), "name");
        if (glm_is_string(name) && !glm_name_is_subdomain(name->as.text))
            glm_error(r->d, GLM_AT_ATTR(GLM_AT_INDEX(GLM_AT_ATTR(at, "repo_secrets"), i), "name"),
                      "Not a Kubernetes name",
                      "\"%s\" is no name of a Secret: use lower-case letters, digits, \"-\" and "
                      "\".\".",
                      name->as.text);
    }
    if (r->warn)
        glm_warn(r->d, at, "helm_global has no effect",
                 "helm_global configures installations with Helm charts. The IstioOperators that "
                 "this resource writes are installed without it; it is kept and shown, nothing "
                 "more.");
}

void mesh_rules_manager(const struct glm_rules *rules, const struct glm_manager *manager)
{
    for (size_t i = 0; i < manager->installation_count; i++) {
        const struct glm_installation *in = &manager->installations[i];
        check_name(rules, manager, in);
        for (size_t p = 0; p < in->placement_count; p++) {
            check_cluster(rules, in, &in->placements[p]);
            if (!in->values_text)
                check_operator_namespace(rules, in, &in->placements[p]);
        }
        check_sizes(rules, manager, in);
    }
    check_claims(rules, manager);
    mesh_rules_forms(rules, manager);
    mesh_rules_shared_pods(rules, manager);
    mesh_rules_reader(rules, manager);
    mesh_rules_shared_identity(rules, manager);
    check_helm_global(rules, manager);
}
