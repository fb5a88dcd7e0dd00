/* SPDX-License-Identifier: Apache-2.0
 *
 * Endings: which traffic a plan ends: active Services that go, last active revisions whose Service
 * is not ours, and Services of the gateway chart that it is told to make no more. Pure; said by
 * plans only.
 */
#include "glm/text.h"
#include "lifecycle_internal.h"

#include <string.h>

#define TEXT_MAX_BYTES ((size_t)64 << 10)

struct endings {
    struct glm_arena *arena;
    const struct glm_estate *estate;
    const struct glm_manager *before;
    const struct glm_value *prior, *record;
};

static struct endings endings_of(struct glm_arena *arena, const struct glm_estate *estate,
                                 const struct glm_value *prior, const struct glm_value *record)
{
    struct endings e = {.arena = arena, .estate = estate, .prior = prior, .record = record};
    struct glm_manager *before;
    struct glm_diags ignored;
    glm_diags_init(&ignored, arena);
    glm_manager_read(arena, prior, &estate->mesh, false, &before, &ignored);
    e.before = before;
    return e;
}

/* "Service ns/name (LoadBalancer, 203.0.113.7, revision 1-24)" */
static void add_service(const struct endings *e, struct glm_text *text, const char *key,
                        const struct glm_value *shown)
{
    const struct glm_value *spec =
        glm_get(shown_document(e->arena, glm_get(shown, "manifest")), "spec");
    const struct glm_value *addresses = glm_get(shown, "addresses");
    glm_text_addf(text, "%sService %s (%s", text->len ? ", " : "", key,
                  glm_string_or(glm_get(spec, "type"), "ClusterIP"));
    for (size_t i = 0; glm_is_list(addresses) && i < addresses->len; i++)
        glm_text_addf(text, ", %s", glm_string_or(addresses->as.list[i], "?"));
    const char *revision =
        glm_string_or(glm_get_path(spec, "selector", "revision", NULL), "default");
    glm_text_addf(text, ", revision \"%s\")", revision);
}

static bool keeps_service(const struct wanted_cluster *after, const char *key)
{
    for (size_t i = 0; after && i < after->pair_count; i++)
        for (size_t s = 0; s < after->pairs[i].service_count; s++)
            if (strcmp(after->pairs[i].service_keys[s], key) == 0)
                return true;
    return false;
}

/* True when something is or may become active. */
static bool stays_active(const struct wanted_cluster *after)
{
    for (size_t i = 0; after && i < after->pair_count; i++)
        if (!glm_is_false(after->pairs[i].placement->active))
            return true;
    return false;
}

static void add_active(const struct endings *e, struct glm_text *text, const char *cluster)
{
    for (size_t i = 0; i < e->before->installation_count; i++) {
        const struct glm_installation *in = &e->before->installations[i];
        for (size_t p = 0; p < in->placement_count; p++)
            if (strcmp(in->placements[p].cluster, cluster) == 0 &&
                glm_is_true(in->placements[p].active))
                glm_text_addf(text,
                              "%sinstallation \"%s\" (active, with a Service that is not of "
                              "this resource)",
                              text->len ? ", " : "", in->key);
    }
}

/* What ends in one cluster; "" when nothing does. after: NULL when everything goes. */
static const char *ending(const struct endings *e, const char *cluster,
                          const struct wanted_cluster *after)
{
    const struct glm_value *r = record_cluster(e->arena, e->record, e->prior, cluster);
    const struct glm_value *services = glm_get(glm_get(e->prior, "services"), cluster);
    const struct glm_cluster_config *config;
    struct glm_cluster *reached;
    bool tolerate;
    struct glm_text text;
    glm_text_init(&text, e->arena, TEXT_MAX_BYTES);
    if (!estate_find(e->estate, cluster, &config, &reached, &tolerate) || config->decommissioned ||
        record_moved(r, place_of_files(e->arena, reached)))
        return ""; /* nothing is removed there */
    for (size_t i = 0; after && i < after->pair_count; i++)
        if (!after->pairs[i].services_known)
            return "";
    for (size_t i = 0; glm_is_map(services) && i < services->len; i++)
        if (!keeps_service(after, services->as.map[i].key))
            add_service(e, &text, services->as.map[i].key, services->as.map[i].value);
    bool installed = glm_get(r, "istio_operators")->len > 0;
    if (!text.len && installed && !stays_active(after) && glm_is_map(services) && !services->len)
        add_active(e, &text, cluster);
    return text.data;
}

/* ---- Services of the chart ---- */

static const struct {
    const char *list, *values;
} types[] = {
    {"ingressGateways", "istio-ingressgateway"},
    {"egressGateways", "istio-egressgateway"},
};

/* values and unvalidatedValues alike. */
static bool chart_makes_services(const struct glm_value *spec, const char *type)
{
    return !glm_is_true(glm_get_path(spec, "values", "gateways", type, "customService", NULL)) &&
           !glm_is_true(
               glm_get_path(spec, "unvalidatedValues", "gateways", type, "customService", NULL));
}

/* The Service of the chart bears the gateway's name. */
static void add_gateways(const struct endings *e, struct glm_text *text,
                         const struct glm_value *gateways, const struct wanted_cluster *after)
{
    for (size_t i = 0; glm_is_list(gateways) && i < gateways->len; i++) {
        const struct glm_value *gateway = gateways->as.list[i];
        const char *key =
            glm_sprintf(e->arena, "%s/%s", glm_string_or(glm_get(gateway, "namespace"), ""),
                        glm_string_or(glm_get(gateway, "name"), ""));
        if (!glm_is_false(glm_get(gateway, "enabled")) && !keeps_service(after, key))
            glm_text_addf(text, "%sService %s", text->len ? ", " : "", key);
    }
}

/* What the operator removes because customService becomes true; "" when nothing. */
static const char *chart_services(const struct endings *e, const char *cluster,
                                  const struct wanted_cluster *after)
{
    const struct glm_value *shown = glm_get(glm_get(e->prior, "istio_operators"), cluster);
    struct glm_text text;
    glm_text_init(&text, e->arena, TEXT_MAX_BYTES);
    for (size_t i = 0; after && i < after->pair_count; i++) {
        const struct wanted_pair *pair = &after->pairs[i];
        if (!pair->key || !pair->operator_.bare || !glm_is_string(glm_get(shown, pair->key)))
            continue;
        const struct glm_value *was =
            glm_get(shown_document(e->arena, glm_get(shown, pair->key)), "spec");
        const struct glm_value *is = glm_get(pair->operator_.bare, "spec");
        for (size_t t = 0; t < sizeof types / sizeof *types; t++)
            if (chart_makes_services(was, types[t].values) &&
                !chart_makes_services(is, types[t].values))
                add_gateways(e, &text, glm_get_path(was, "components", types[t].list, NULL), after);
    }
    return text.data;
}

static void warn_chart_services(const struct endings *e, const char *cluster,
                                const struct wanted_cluster *after, struct glm_diags *d)
{
    const char *text = chart_services(e, cluster, after);
    if (*text)
        glm_warn(
            d, GLM_AT_ATTR(NULL, "installations"),
            glm_sprintf(e->arena, "Services of the gateway chart go in cluster \"%s\"", cluster),
            "%s: customService becomes true there, so the operator removes what the chart "
            "made, with its address. Clients that use it will get no answer. To keep it, say "
            "what k8s.service says (type, ports) in values.gateways.istio-ingressgateway or "
            "istio-egressgateway instead, and leave k8s.service out.",
            text);
}

void endings_warn(struct glm_arena *arena, const struct glm_estate *estate,
                  const struct wanted *after, const struct glm_value *prior,
                  const struct glm_value *record, struct glm_diags *d)
{
    if (!glm_is_map(prior) || (after && !after->known))
        return;
    struct endings e = endings_of(arena, estate, prior, record);
    const struct glm_value *names = record_clusters(arena, record, prior);
    for (size_t i = 0; i < names->len; i++) {
        const char *name = names->as.list[i]->as.text;
        const struct wanted_cluster *there = after ? wanted_find(after, name) : NULL;
        const char *text = ending(&e, name, there);
        warn_chart_services(&e, name, there, d);
        if (*text)
            glm_warn(d, GLM_AT_ATTR(NULL, "installations"),
                     glm_sprintf(arena, "Traffic ends in cluster \"%s\"", name),
                     "No active revision is left there for: %s. Clients that use it will get no "
                     "answer.%s",
                     text,
                     after ? " To move the traffic instead, set active_gateway = true for this "
                             "cluster in another installation."
                           : "");
    }
}

const char *glm_lifecycle_active(struct glm_arena *arena, const struct glm_estate *estate,
                                 const struct glm_value *prior, const struct glm_value *record)
{
    struct endings e = endings_of(arena, estate, prior, record);
    const struct glm_value *names = record_clusters(arena, record, prior);
    struct glm_text text;
    glm_text_init(&text, arena, TEXT_MAX_BYTES);
    for (size_t i = 0; i < names->len; i++) {
        const char *what = ending(&e, names->as.list[i]->as.text, NULL);
        if (*what)
            glm_text_addf(&text, "%s  %s: %s", text.len ? "\n" : "", names->as.list[i]->as.text,
                          what);
    }
    return text.data;
}
