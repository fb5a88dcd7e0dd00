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

/* Nothing is removed there, whatever the plan leaves out. */
static bool is_left_alone(const struct endings *e, const char *cluster, const struct glm_value *r)
{
    const struct glm_cluster_config *config;
    struct glm_cluster *reached;
    bool tolerate;
    return !estate_find(e->estate, cluster, &config, &reached, &tolerate) ||
           config->decommissioned || place_of_files(e->arena, r, reached) == PLACE_OTHER;
}

/* What ends in one cluster; "" when nothing does. after: NULL when everything goes. */
static const char *ending(const struct endings *e, const char *cluster,
                          const struct wanted_cluster *after)
{
    const struct glm_value *r = record_cluster(e->arena, e->record, e->prior, cluster);
    const struct glm_value *services = glm_get(glm_get(e->prior, "services"), cluster);
    struct glm_text text;
    glm_text_init(&text, e->arena, TEXT_MAX_BYTES);
    if (is_left_alone(e, cluster, r))
        return "";
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

/* ---- Services that are not managed here ---- */

static bool keeps_pair(const struct wanted_cluster *after, const char *key)
{
    for (size_t i = 0; after && i < after->pair_count; i++)
        if (!after->pairs[i].key || strcmp(after->pairs[i].key, key) == 0)
            return true; /* of an unknown revision: it may be this one */
    return false;
}

/* Of the revisions that go in one cluster: whose Pods others select, by the last look. */
static void add_selected(const struct endings *e, struct glm_text *text, const char *cluster,
                         const struct wanted_cluster *after)
{
    const struct glm_value *r = record_cluster(e->arena, e->record, e->prior, cluster);
    const struct glm_value *was = glm_get(glm_get(e->prior, "istio_operators"), cluster);
    for (size_t i = 0; glm_is_map(was) && i < was->len; i++) {
        const char *key = was->as.map[i].key;
        const char *names = selected_text(e->arena, glm_get_path(r, "selected", key, NULL));
        if (*names && !keeps_pair(after, key))
            glm_text_addf(text, "%s  %s, %s: %s", text->len ? "\n" : "", cluster, key, names);
    }
}

static void warn_selected(const struct endings *e, const struct wanted *after, struct glm_diags *d)
{
    const struct glm_value *names = record_clusters(e->arena, e->record, e->prior);
    struct glm_text text;
    glm_text_init(&text, e->arena, TEXT_MAX_BYTES);
    for (size_t i = 0; i < names->len; i++) {
        const char *name = names->as.list[i]->as.text;
        if (!is_left_alone(e, name, record_cluster(e->arena, e->record, e->prior, name)))
            add_selected(e, &text, name, after ? wanted_find(after, name) : NULL);
    }
    if (text.len)
        glm_warn(d, GLM_AT_ATTR(NULL, "installations"), "A Service selects what is to be removed",
                 "The Pods of these revisions are still selected by Services that are not managed "
                 "here and are not touched:\n%s\n\nPoint their selectors at a revision that stays "
                 "before you apply this: without one they have no endpoints.",
                 text.data);
}

/* ---- Services of the chart ---- */

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
        if (!pair->key || !pair->operator_.text || !glm_is_string(glm_get(shown, pair->key)))
            continue;
        struct glm_arena *GLM_AUTO_ARENA scratch = glm_arena_create(GLM_ARENA_RPC_LIMIT);
        const struct glm_value *was =
            glm_get(shown_document(scratch, glm_get(shown, pair->key)), "spec");
        for (size_t t = 0; t < WANTED_TYPES; t++)
            if (pair->custom_service[t] &&
                !glm_custom_service(scratch, was, wanted_types[t].values))
                add_gateways(e, &text, glm_get_path(was, "components", wanted_types[t].list, NULL),
                             after);
    }
    return text.data;
}

static void warn_charts(const struct endings *e, const struct wanted *after, struct glm_diags *d)
{
    const struct glm_value *names = record_clusters(e->arena, e->record, e->prior);
    struct glm_text text;
    glm_text_init(&text, e->arena, TEXT_MAX_BYTES);
    for (size_t i = 0; after && i < names->len; i++) {
        const char *name = names->as.list[i]->as.text;
        const char *services = chart_services(e, name, wanted_find(after, name));
        if (*services &&
            !is_left_alone(e, name, record_cluster(e->arena, e->record, e->prior, name)))
            glm_text_addf(&text, "%s  %s: %s", text.len ? "\n" : "", name, services);
    }
    if (text.len)
        glm_warn(
            d, GLM_AT_ATTR(NULL, "installations"), "Services of the gateway chart go",
            "customService becomes true, so the operator removes what the chart made, with its "
            "address:\n%s\n\nClients will get no answer there. To keep it, say what "
            "k8s.service says (type, ports) in values.gateways.istio-ingressgateway or "
            "istio-egressgateway instead, and leave k8s.service out.",
            text.data);
}

/* ---- the whole ---- */

/* "  CLUSTER: WHAT", a line for each cluster in which something ends. after: NULL when everything
 * goes. ret_count, ret_last: of these clusters; the last is NULL when there is none. */
static const char *endings_by_cluster(const struct endings *e, const struct wanted *after,
                                      size_t *ret_count, const char **ret_last)
{
    const struct glm_value *names = record_clusters(e->arena, e->record, e->prior);
    struct glm_text text;
    glm_text_init(&text, e->arena, TEXT_MAX_BYTES);
    *ret_count = 0;
    *ret_last = NULL;
    for (size_t i = 0; i < names->len; i++) {
        const char *name = names->as.list[i]->as.text;
        const char *what = ending(e, name, after ? wanted_find(after, name) : NULL);
        if (!*what)
            continue;
        glm_text_addf(&text, "%s  %s: %s", text.len ? "\n" : "", name, what);
        *ret_last = name;
        ++*ret_count;
    }
    return text.data;
}

void endings_warn(const struct glm_estate *estate, const struct wanted *after,
                  const struct glm_value *prior, const struct glm_value *record,
                  struct glm_diags *d)
{
    if (!glm_is_map(prior) || (after && !after->known))
        return;
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create(GLM_ARENA_RPC_LIMIT);
    struct endings e = endings_of(arena, estate, prior, record);
    size_t count;
    const char *last;
    const char *text = endings_by_cluster(&e, after, &count, &last);
    warn_selected(&e, after, d);
    warn_charts(&e, after, d);
    if (count == 0)
        return;
    glm_warn(d, GLM_AT_ATTR(NULL, "installations"),
             count == 1 ? glm_sprintf(arena, "Traffic ends in cluster \"%s\"", last)
                        : glm_sprintf(arena, "Traffic ends in %zu clusters", count),
             "No active revision is left for:\n%s\n\nClients will get no answer there.%s", text,
             after ? " To move the traffic to another installation instead, set active_gateway = "
                     "true for the cluster there; it keeps the Service when its gateway has the "
                     "same name and namespace."
                   : "");
}

const char *glm_lifecycle_active(struct glm_arena *arena, const struct glm_estate *estate,
                                 const struct glm_value *prior, const struct glm_value *record)
{
    struct endings e = endings_of(arena, estate, prior, record);
    size_t count;
    const char *last;
    return endings_by_cluster(&e, NULL, &count, &last);
}
