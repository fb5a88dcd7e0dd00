/* SPDX-License-Identifier: Apache-2.0
 *
 * Plan: the attributes as they will be, computed from nothing but the configuration and the state.
 * Unknown is only what will change in a way that cannot be known yet. One warning alone asks what is
 * there: whether the files of a relative directory came along to another working directory.
 */
#include "lifecycle_internal.h"

#include <string.h>

struct plan {
    struct glm_arena *arena;
    const struct glm_estate *estate;
    const struct wanted *wanted;
    const struct glm_value *attributes; /* as configured */
    const struct glm_value *prior;
    const struct glm_value *record;
};

/* ---- istio_operators ---- */

static const struct glm_value *plan_operators(const struct plan *p, const struct wanted_cluster *c)
{
    const struct glm_value *before = glm_get(glm_get(p->prior, "istio_operators"), c->name);
    struct glm_map_builder b;
    glm_map_init(&b, p->arena);
    for (size_t i = 0; i < c->pair_count; i++) {
        const struct wanted_pair *pair = &c->pairs[i];
        if (!pair->key)
            return &glm_unknown;
        const struct glm_value *shown = &glm_unknown;
        if (pair->operator_.text)
            shown = shown_text(p->arena, glm_get(before, pair->key), pair->operator_.text);
        glm_map_append(&b, pair->key, 0, 0, shown);
    }
    return glm_map_finish(&b, NULL);
}

/* ---- services ---- */

/* What a load balancer's address depends on. */
static bool same_balancer(struct glm_arena *arena, const struct glm_value *was,
                          const struct glm_value *object)
{
    static const char *const fields[] = {"type", "loadBalancerIP", "loadBalancerClass",
                                         "externalIPs"};
    const struct glm_value *before = shown_document(arena, was);
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (!glm_equal(glm_get_path(before, "spec", fields[i], NULL),
                       glm_get_path(object, "spec", fields[i], NULL)))
            return false;
    return glm_equal(glm_get_path(before, "metadata", "annotations", NULL),
                     glm_get_path(object, "metadata", "annotations", NULL));
}

static const struct glm_value *plan_addresses(const struct plan *p, const struct wanted_cluster *c,
                                              const struct glm_value *before,
                                              const struct wanted_object *service)
{
    if (c->config && c->config->place == GLM_PLACE_DIRECTORY)
        return &glm_empty_list; /* files have no load balancer */
    const struct glm_value *addresses = glm_get(before, "addresses");
    bool same = glm_is_list(addresses) && service->bare &&
                same_balancer(p->arena, glm_get(before, "manifest"), service->bare);
    return same ? addresses : &glm_unknown;
}

static const struct glm_value *plan_services(const struct plan *p, const struct wanted_cluster *c)
{
    const struct glm_value *before = glm_get(glm_get(p->prior, "services"), c->name);
    struct glm_map_builder b;
    glm_map_init(&b, p->arena);
    for (size_t i = 0; i < c->pair_count; i++) {
        const struct wanted_pair *pair = &c->pairs[i];
        if (!pair->services_known)
            return &glm_unknown;
        for (size_t s = 0; s < pair->service_count; s++) {
            const char *key = pair->service_keys[s];
            const struct glm_value *was = glm_get(before, key);
            const struct glm_value *shown = &glm_unknown;
            if (pair->services[s].text)
                shown = shown_text(p->arena, glm_get(was, "manifest"), pair->services[s].text);
            glm_map_append(
                &b, key, 0, 0,
                shown_service(p->arena, shown, plan_addresses(p, c, was, &pair->services[s])));
        }
    }
    return glm_map_finish(&b, NULL);
}

/* ---- status ---- */

/* True when an apply has to find the status out although nothing else changes: the last one failed,
 * or did not wait where this one does. */
static bool is_to_settle(const struct plan *p, const struct wanted_pair *pair,
                         const struct glm_value *record)
{
    return record_is_unsettled(record, pair->key) ||
           (record_is_unwaited(record, pair->key) &&
            !glm_is_false(glm_get(p->attributes, "wait_for_healthy")));
}

/* True when an apply has nothing to do for the pair, so that its status stays as it is. */
static bool is_untouched(const struct plan *p, const struct wanted_cluster *c,
                         const struct wanted_pair *pair, const struct glm_value *record)
{
    const struct glm_value *operators = glm_get(glm_get(p->prior, "istio_operators"), c->name);
    const struct glm_value *services = glm_get(glm_get(p->prior, "services"), c->name);
    const struct glm_value *was = glm_get(operators, pair->key);
    if (is_to_settle(p, pair, record) || !pair->operator_.text || !pair->services_known ||
        !glm_is_string(was) || shown_text(p->arena, was, pair->operator_.text) != was)
        return false;
    for (size_t s = 0; s < pair->service_count; s++) {
        was = glm_get_path(services, pair->service_keys[s], "manifest", NULL);
        if (!pair->services[s].text || !glm_is_string(was) ||
            shown_text(p->arena, was, pair->services[s].text) != was)
            return false;
    }
    return true;
}

static const struct glm_value *plan_pair(const struct plan *p, const struct wanted_cluster *c,
                                         const struct wanted_pair *pair,
                                         const struct glm_value *record)
{
    bool files = c->cluster && c->cluster->ops->files;
    if (files && place_of_files(p->arena, record, c->cluster) != PLACE_OTHER)
        return status_written(p->arena, pair->installation->revision,
                              estate_label(p->arena, c->cluster));
    const struct glm_value *was = status_get(p->prior, c->name, pair->key);
    /* A place that is not known now may turn out to be another one. */
    bool same = c->cluster && !files && glm_is_map(was) && is_untouched(p, c, pair, record);
    return same ? was : &glm_unknown;
}

static const struct glm_value *plan_status(const struct plan *p, const struct wanted_cluster *c)
{
    const struct glm_value *record = record_cluster(p->arena, p->record, p->prior, c->name);
    struct glm_map_builder b;
    glm_map_init(&b, p->arena);
    for (size_t i = 0; i < c->pair_count; i++) {
        const struct wanted_pair *pair = &c->pairs[i];
        if (!pair->key)
            return &glm_unknown;
        glm_map_append(&b, pair->key, 0, 0, plan_pair(p, c, pair, record));
    }
    return glm_map_finish(&b, NULL);
}

/* ---- what has to be said ---- */

static bool has_objects(const struct glm_value *cluster_record)
{
    return glm_get(cluster_record, "istio_operators")->len > 0 ||
           glm_get(cluster_record, "services")->len > 0;
}

static const char *names_of(struct glm_arena *arena, const struct glm_value *cluster_record)
{
    struct glm_text text;
    glm_text_init(&text, arena, (size_t)1 << 20);
    const struct glm_value *operators = glm_get(cluster_record, "istio_operators");
    for (size_t i = 0; glm_is_map(operators) && i < operators->len; i++)
        glm_text_addf(&text, "%sIstioOperator %s", text.len ? ", " : "",
                      glm_string_or(operators->as.map[i].value, "?"));
    const struct glm_value *services = glm_get(cluster_record, "services");
    for (size_t i = 0; glm_is_list(services) && i < services->len; i++)
        glm_text_addf(&text, "%sService %s", text.len ? ", " : "",
                      glm_string_or(services->as.list[i], "?"));
    return text.data;
}

static bool leaves_map(const struct glm_estate *estate, const char *name)
{
    return estate->mesh.known && !glm_mesh_cluster(&estate->mesh, name);
}

/* Of files; who an API server is, is not known before it was asked. */
static void warn_moved(struct glm_arena *arena, struct glm_cluster *cluster, const char *name,
                       const struct glm_value *r, const struct glm_value *prior,
                       struct glm_diags *d)
{
    enum place_change place = place_of_files(arena, r, cluster);
    if (place == PLACE_SAME ||
        (place == PLACE_CARRIED &&
         place_has_ours(cluster, arena, r, glm_string_or(glm_get(prior, "name"), ""),
                        glm_string_or(glm_get(prior, "namespace"), ""))))
        return;
    const char *why = "", *remedy = "";
    if (place == PLACE_CARRIED) {
        why = ": `directory` is a relative path, and Terraform runs in another working directory, "
              "where none of these objects is";
        remedy = " If the old place is meant, run Terraform where it ran before, or write the "
                 "whole path.";
    }
    glm_warn(d, GLM_AT_ATTR(NULL, "installations"), "Cluster has moved",
             "Cluster \"%s\" was %s and is now %s%s. It counts as new there: everything is "
             "written to the new place, and what is in the old one is left alone (%s).%s",
             name, glm_get(r, "place")->as.text, place_text(arena, cluster), why,
             names_of(arena, r), remedy);
}

/* Clusters that the state has objects in: gone from the provider, retired, or moved. */
bool plan_check_clusters(struct glm_arena *arena, const struct glm_estate *estate,
                         const struct glm_value *prior, const struct glm_value *record,
                         struct glm_diags *d)
{
    const struct glm_value *names = record_clusters(arena, record, prior);
    bool ok = true;
    for (size_t i = 0; i < names->len; i++) {
        const char *name = names->as.list[i]->as.text;
        const struct glm_value *r = record_cluster(arena, record, prior, name);
        const struct glm_cluster_config *config;
        struct glm_cluster *cluster;
        bool tolerate;
        if (!has_objects(r))
            continue;
        if (leaves_map(estate, name)) {
            ok = glm_error(d, GLM_AT_ATTR(NULL, "installations"),
                           "Cluster is gone from the provider but still has installations",
                           "The state has objects in cluster \"%s\" (%s), and the provider's "
                           "`clusters` no longer has an entry \"%s\", so they can neither be kept "
                           "up nor removed. Put the entry back, remove the cluster from "
                           "installations, apply, and then remove the entry; or, if the cluster "
                           "itself is gone for good, set decommissioned = true in its entry.",
                           name, names_of(arena, r), name);
            continue;
        }
        if (!estate_find(estate, name, &config, &cluster, &tolerate))
            continue;
        if (config->decommissioned)
            glm_warn(d, GLM_AT_ATTR(NULL, "installations"),
                     "Decommissioned cluster leaves the state",
                     "Cluster \"%s\" is decommissioned: %s leave the state and are not removed "
                     "from wherever the cluster was.",
                     name, names_of(arena, r));
        else
            warn_moved(arena, cluster, name, r, prior, d);
    }
    return ok;
}

static bool is_renamed(const struct plan *p)
{
    const struct glm_manager *m = p->wanted->manager;
    return !m->name || !glm_string_is(glm_get(p->prior, "name"), m->name) || !m->namespace_ ||
           !glm_string_is(glm_get(p->prior, "namespace"), m->namespace_);
}

/* ---- the whole ---- */

/* A spec that says what it said before keeps its spelling, so that comments, white space, quoting
 * and YAML against JSON are no change. */
static const struct glm_value *keep_specs(const struct plan *p, const struct glm_value *attributes)
{
    const struct glm_value *installations = glm_get(attributes, "installations");
    const struct glm_value *before = glm_get(p->prior, "installations");
    if (!glm_is_map(installations) || !glm_is_map(before))
        return attributes;
    struct glm_map_builder b;
    glm_map_init_from(&b, p->arena, installations);
    for (size_t i = 0; i < p->wanted->manager->installation_count; i++) {
        const struct glm_installation *in = &p->wanted->manager->installations[i];
        const struct glm_value *was = glm_get_path(before, in->key, "istio_operator_spec", NULL);
        if (!glm_is_map(in->spec) || !glm_is_string(was) || glm_equal(was, in->spec_text))
            continue;
        if (wanted_spec_is(p->arena, in, was))
            glm_map_set(
                &b, in->key,
                glm_with(p->arena, glm_get(installations, in->key), "istio_operator_spec", was));
    }
    return glm_with(p->arena, attributes, "installations", glm_map_finish(&b, NULL));
}

static const struct glm_value *
by_cluster(const struct plan *p,
           const struct glm_value *(*make)(const struct plan *, const struct wanted_cluster *))
{
    if (!p->wanted->known)
        return &glm_unknown;
    struct glm_map_builder b;
    glm_map_init(&b, p->arena);
    for (size_t i = 0; i < p->wanted->cluster_count; i++)
        glm_map_append(&b, p->wanted->clusters[i].name, 0, 0, make(p, &p->wanted->clusters[i]));
    return glm_map_finish(&b, NULL);
}

/* The attributes as they will be. */
static const struct glm_value *planned_attributes(const struct plan *p, const char *id)
{
    struct glm_map_builder b;
    glm_map_init_from(&b, p->arena, keep_specs(p, p->attributes));
    glm_map_set(&b, "id", id ? glm_string(p->arena, id) : &glm_unknown);
    glm_map_set(&b, "istio_operators", by_cluster(p, plan_operators));
    glm_map_set(&b, "services", by_cluster(p, plan_services));
    glm_map_set(&b, "status", status_wrap(p->arena, by_cluster(p, plan_status)));
    return glm_map_finish(&b, NULL);
}

bool glm_lifecycle_plan(struct glm_arena *arena, const struct glm_estate *estate,
                        struct glm_change *change, struct glm_diags *d)
{
    struct wanted *wanted;
    struct glm_diags said; /* of the configuration */
    glm_diags_init(&said, arena);
    bool ok = plan_check_clusters(arena, estate, change->prior, change->record, d);
    if (!wanted_build(arena, estate, change->attributes, true, &wanted, &said) || !ok ||
        !upgrades_check(estate, wanted->manager, change->prior, change->record, &said)) {
        glm_diags_append(d, NULL, &said);
        return false;
    }
    for (size_t i = 0; i < wanted->cluster_count; i++)
        wanted_keep_found(arena, wanted->manager, &wanted->clusters[i], change);
    struct plan p = {.arena = arena,
                     .estate = estate,
                     .wanted = wanted,
                     .attributes = change->attributes,
                     .prior = change->prior,
                     .record = change->record};
    const struct glm_manager *m = wanted->manager;
    const char *id = NULL;
    if (m->name && m->namespace_)
        id = glm_sprintf(arena, "%s/%s", m->namespace_, m->name);
    change->result = planned_attributes(&p, id);
    change->result_record = glm_record_with_intent(arena, change->record, GLM_INTENT_APPLY, id);
    news_of_retired(estate, m, &said);
    news_tell(arena, estate, wanted, change, &said, d);
    if (!is_renamed(&p)) /* which is said as a whole, with all that it ends */
        endings_warn(estate, wanted, change->prior, change->record, d);
    return true;
}

bool glm_lifecycle_plan_remove(struct glm_arena *arena, const struct glm_estate *estate,
                               const struct glm_value *prior, const struct glm_value *record,
                               struct glm_diags *d)
{
    if (!plan_check_clusters(arena, estate, prior, record, d))
        return false;
    endings_warn(estate, NULL, prior, record, d);
    return true;
}
