/* SPDX-License-Identifier: Apache-2.0
 *
 * Plan: the attributes as they will be, computed from nothing but the configuration and the state.
 * Unknown is only what will change in a way that cannot be known yet. One warning alone asks what is
 * there: what a directory has that is another one than it was.
 */
#include "fixed.h"

#include <string.h>

struct plan {
    struct glm_arena *arena;
    const struct glm_estate *estate;
    const struct wanted *wanted;
    const struct glm_value *attributes; /* as configured */
    const struct glm_value *prior;
    const struct glm_value *record;
    const struct glm_value *taken;
};

/* ---- status ---- */

/* Out of scratch memory; said: what has been said of the installation, which is most often the same. */
static const struct glm_value *keep_status(const struct plan *p, const struct wanted_pair *pair,
                                           const struct glm_value *status,
                                           const struct glm_value **said)
{
    const struct glm_value *was = status_get(p->prior, pair->cluster, pair->key);
    if (!glm_is_map(status) || glm_equal(status, was))
        return glm_is_map(status) ? was : &glm_unknown;
    if (!*said || !glm_equal(status, *said))
        *said = glm_copy(p->arena, status);
    return *said;
}

/* planned: with all that is shown but the status. said: beside the installations. */
static const struct glm_value *plan_status(const struct plan *p, const struct wanted_cluster *c,
                                           const struct glm_value *planned,
                                           const struct glm_value **said)
{
    struct glm_arena *GLM_AUTO_ARENA scratch = glm_arena_create(glm_arena_room(p->arena));
    struct glm_map_builder b;
    glm_map_init(&b, p->arena);
    glm_map_reserve(&b, c->place_count);
    for (size_t i = 0; i < c->place_count; i++) {
        const struct wanted_pair *pair = wanted_pair_at(c, i);
        const struct settling s = {scratch, p->prior, planned, p->record, c->places[i].seat};
        const struct glm_value *status = &glm_null;
        if (!pair->key)
            return &glm_unknown;
        if (taken_has_of(scratch, p->taken, s.seat->name, pair))
            status = status_get(p->prior, pair->cluster, pair->key); /* nothing is done for it */
        if (!glm_is_map(status))
            status = settled_status(&s, pair);
        glm_map_append(&b, pair->key, 0, 0,
                       keep_status(p, pair, status,
                                   &said[pair->installation - p->wanted->manager->installations]));
    }
    return glm_map_finish(&b, NULL);
}

static const struct glm_value *plan_statuses(const struct plan *p, const struct glm_value *planned)
{
    struct glm_map_builder b;
    if (!p->wanted->known)
        return &glm_unknown;
    const struct glm_value **said =
        GLM_NEW_ARRAY(p->arena, p->wanted->manager->installation_count, const struct glm_value *);
    glm_map_init(&b, p->arena);
    glm_map_reserve(&b, p->wanted->cluster_count);
    for (size_t i = 0; i < p->wanted->cluster_count; i++)
        glm_map_append(&b, p->wanted->clusters[i].name, 0, 0,
                       plan_status(p, &p->wanted->clusters[i], planned, said));
    return status_wrap(p->arena, glm_map_finish(&b, NULL));
}

/* ---- what has to be said ---- */

static bool leaves_map(const struct glm_estate *estate, const char *name)
{
    return estate->mesh.known && !glm_mesh_cluster(&estate->mesh, name);
}

/* Which API server it is was found out by a read, if at all. */
static void warn_moved(struct glm_arena *arena, const struct glm_estate *estate,
                       struct glm_cluster *cluster, const char *name, const struct glm_value *r,
                       const struct glm_value *prior, struct glm_diags *d)
{
    enum place_change place = place_known(arena, r, cluster);
    if (place == PLACE_SAME ||
        (place == PLACE_CARRIED && place_has_ours(estate, cluster, r, prior)))
        return;
    const char *found = record_leads_to(r);
    bool files = cluster->ops->files;
    struct place_move move = {.estate = estate,
                              .prior = prior,
                              .name = name,
                              .record = r,
                              .is = files   ? place_text(arena, cluster)
                                    : found ? found
                                            : estate_label(arena, cluster),
                              .why = !files && found ? " (by the last look)" : NULL,
                              .look_in = files ? cluster : NULL};
    if (place == PLACE_CARRIED) {
        move.why = ": `directory` is a relative path, and Terraform runs in another working "
                   "directory, where none of these objects is";
        move.remedy = " If the old place is meant, run Terraform where it ran before, or write the "
                      "whole path.";
    }
    place_warn(arena, &move, d);
}

/* All directories together are looked at for no longer than this, for a warning. */
#define LOOK_MS 10000

static struct time_limit look_limit(const struct time_limit *whole)
{
    struct time_limit look = time_limit("look", LOOK_MS);
    if (whole && whole->total_ms) {
        const struct time_limit half = time_limit_half(whole);
        look.until_ms = half.until_ms < look.until_ms ? half.until_ms : look.until_ms;
    }
    return look;
}

/* Clusters that the state has objects in: gone from the provider, retired, or moved. */
bool plan_check_clusters(struct glm_arena *arena, const struct glm_estate *estate,
                         const struct glm_value *prior, const struct glm_value *record,
                         const struct time_limit *limit, struct glm_diags *d)
{
    const struct time_limit look = look_limit(limit);
    const struct glm_value *names = record_clusters(arena, record, prior);
    bool ok = true;
    for (size_t i = 0; i < names->len; i++) {
        const char *name = names->as.list[i]->as.text;
        const struct glm_value *r = record_cluster(arena, record, prior, name);
        const struct glm_cluster_config *config;
        struct glm_cluster *cluster;
        bool tolerate;
        if (!record_has_any(r))
            continue;
        if (leaves_map(estate, name)) {
            ok = glm_error(d, GLM_AT_ATTR(NULL, "installations"),
                           "Cluster is gone from the provider but still has installations",
                           "The state has objects in cluster \"%s\" (%s), and the provider's "
                           "`clusters` no longer has an entry \"%s\", so they can neither be kept "
                           "up nor removed. Put the entry back, remove the cluster from "
                           "installations, apply, and then remove the entry; or, if the cluster "
                           "itself is gone for good, set decommissioned = true in its entry.",
                           name, record_names(arena, r), name);
            continue;
        }
        if (!estate_find(estate, name, &config, &cluster, &tolerate))
            continue;
        if (config->decommissioned)
            glm_warn_shared(
                d, spoken_at(arena, prior, name),
                spoken_title(arena, "Decommissioned cluster leaves the state", prior, NULL, 0),
                "Cluster \"%s\" is decommissioned: %s leave the state and are not removed "
                "from wherever the cluster was.",
                name, record_names(arena, r));
        else
            warn_moved(arena, estate,
                       cluster && cluster->ops->files ? time_limit_cluster(&look, arena, cluster)
                                                      : cluster,
                       name, r, prior, d);
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
        const char *form = glm_installation_form(in);
        const struct glm_value *was = glm_get_path(before, in->key, form, NULL);
        if (!glm_is_map(glm_installation_input(in)) || !glm_is_string(was) ||
            glm_equal(was, glm_installation_text(in)))
            continue;
        if (wanted_spec_is(p->arena, in, was))
            glm_map_set(&b, in->key,
                        glm_with(p->arena, glm_get(installations, in->key), form, was));
    }
    return glm_with(p->arena, attributes, "installations", glm_map_finish(&b, NULL));
}

/* The attributes as they will be. */
static const struct glm_value *planned_attributes(const struct plan *p, const char *id)
{
    struct glm_map_builder b;
    glm_map_init_from(&b, p->arena, keep_specs(p, p->attributes));
    glm_map_set(&b, "id", id ? glm_string(p->arena, id) : &glm_unknown);
    const struct glm_value *planned =
        plan_shape(p->arena, p->wanted, p->prior, p->taken, glm_map_finish(&b, NULL));
    return glm_with(p->arena, planned, "status", plan_statuses(p, planned));
}

bool glm_lifecycle_plan(struct glm_arena *arena, const struct glm_estate *estate,
                        struct glm_change *change, struct glm_diags *d)
{
    struct wanted *wanted;
    struct glm_diags said; /* of the configuration */
    glm_diags_init(&said, arena);
    bool ok = plan_check_clusters(arena, estate, change->prior, change->record, NULL, d);
    if (!wanted_build(arena, estate, change->attributes, true, &wanted, &said) || !ok ||
        !moves_check(estate, wanted, change->prior, change->record, &said) ||
        !upgrades_check(estate, wanted->manager, change->prior, change->record, &said)) {
        glm_diags_append(d, NULL, &said);
        return false;
    }
    for (size_t i = 0; i < wanted->seat_count; i++)
        wanted_keep_found(arena, estate, wanted->manager, &wanted->seats[i], change);
    struct plan p = {.arena = arena,
                     .estate = estate,
                     .wanted = wanted,
                     .attributes = change->attributes,
                     .prior = change->prior,
                     .record = change->record,
                     .taken = taken_of(arena, change)};
    const struct glm_manager *m = wanted->manager;
    const char *id = NULL;
    if (m->name && m->namespace_)
        id = glm_sprintf(arena, "%s/%s", m->namespace_, m->name);
    change->result = planned_attributes(&p, id);
    if (!taken_check(arena, p.taken, wanted, change, d))
        return false;
    change->result_record = glm_record_with_intent(arena, change->record, GLM_INTENT_APPLY, id);
    news_of_retired(estate, m, &said);
    news_tell(arena, estate, wanted, change, &said, d);
    moves_warn(estate, wanted, change->prior, change->record, d);
    if (!is_renamed(&p)) { /* which is said as a whole, with all that it ends */
        fixed_warn(wanted, change->prior, change->record, d);
        endings_warn(estate, wanted, change->prior, change->record, d);
    }
    return true;
}

bool glm_lifecycle_plan_remove(struct glm_arena *arena, const struct glm_estate *estate,
                               const struct glm_value *prior, const struct glm_value *record,
                               struct glm_diags *d)
{
    if (!plan_check_clusters(arena, estate, prior, record, NULL, d))
        return false;
    endings_warn(estate, NULL, prior, record, d);
    return true;
}
