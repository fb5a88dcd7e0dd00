/* SPDX-License-Identifier: Apache-2.0
 *
 * News: of what the configuration gives reason to warn of, what nobody has read yet. It is said when
 * what it speaks of is created or changed: not with a plan that changes nothing of it, not when
 * drift is repaired, and not when traffic is switched.
 *
 * How: a warning is old when the state's own attributes give reason for it too, in the same words,
 *      unless its installation is written of another spec or to another place.
 */
#include "lifecycle_internal.h"

#include <string.h>

struct news {
    struct glm_arena *arena;
    const struct glm_estate *estate;
    const struct wanted *wanted;
    const struct glm_change *change; /* its result is planned */
    struct glm_diags heard;
    bool listened; /* heard is there */
};

/* ---- what changes at all ---- */

static bool is_other(const struct news *n, const char *cluster, const struct wanted_object *o)
{
    const struct glm_value *is = n->change->result, *was = n->change->prior;
    const char *key = o->common->key, *text = o->common->text;
    if (!text)
        return true;
    if (o->role == GLM_ROLE_TRAFFIC)
        return !glm_equal(shape_active(is, text, cluster), shape_active(was, text, cluster)) ||
               !glm_equal(shape_service_manifest(is, text, key),
                          shape_service_manifest(was, text, key)) ||
               !glm_equal(shape_service_entries(is, text, cluster),
                          shape_service_entries(was, text, cluster));
    return !glm_equal(shape_manifest(is, key, text), shape_manifest(was, key, text)) ||
           !glm_equal(shape_entries(is, key, text, cluster),
                      shape_entries(was, key, text, cluster));
}

/* Its own objects, and those that are for all pairs of its seat. */
static bool pair_changes(const struct news *n, const struct wanted_pair *pair)
{
    for (const struct wanted_pair *p = pair; p; p = p->shared)
        for (size_t o = 0; o < p->object_count; o++)
            if (p->objects[o].common && is_other(n, p->cluster, &p->objects[o]))
                return true;
    return !pair->key || !pair->traffic_known;
}

/* Whether the plan changes anything of an installation: what is said of it, or what comes of that. */
static bool installation_changes(const struct news *n, const char *key)
{
    if (!n->wanted->known || !glm_equal(glm_get_path(n->change->result, "installations", key, NULL),
                                        glm_get_path(n->change->prior, "installations", key, NULL)))
        return true;
    for (size_t i = 0; i < n->wanted->cluster_count; i++) {
        const struct wanted_cluster *c = &n->wanted->clusters[i];
        for (size_t k = 0; k < c->place_count; k++) {
            const struct wanted_pair *pair = wanted_pair_at(c, k);
            if (strcmp(pair->installation->key, key) == 0 && pair_changes(n, pair))
                return true;
        }
    }
    return false;
}

/* ---- what is installed anew ---- */

/* The clusters and what is said of each, but for where the traffic goes. */
static bool same_clusters(const struct news *n, const struct glm_value *is,
                          const struct glm_value *was)
{
    if (!glm_is_map(is) || !glm_is_map(was) || is->len != was->len)
        return false;
    for (size_t i = 0; i < is->len; i++) {
        const struct glm_pair *pair = &is->as.map[i];
        if (!glm_has(was, pair->key) ||
            !glm_equal(glm_without(n->arena, pair->value, "active_gateway"),
                       glm_without(n->arena, glm_get(was, pair->key), "active_gateway")))
            return false;
    }
    return true;
}

static bool same_words(const struct news *n, const struct glm_installation *in)
{
    const char *const same[] = {"gateway_revision", "control_plane_revision", shown_version};
    const struct glm_value *is =
        glm_get_path(n->change->attributes, "installations", in->key, NULL);
    const struct glm_value *was = glm_get_path(n->change->prior, "installations", in->key, NULL);
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        if (!glm_equal(glm_get(is, same[i]), glm_get(was, same[i])))
            return false;
    return glm_is_map(glm_installation_input(in)) && glm_is_map(was) &&
           same_clusters(n, glm_get(is, "clusters"), glm_get(was, "clusters")) &&
           wanted_spec_is(n->arena, in, glm_get(was, glm_installation_form(in)));
}

/* Whether the last apply wrote the pair there, and with the distribution that `auto` stands for. */
static bool same_place(const struct news *n, const struct wanted_seat *seat,
                       const struct wanted_pair *pair)
{
    const struct glm_value *record = n->change->record, *prior = n->change->prior;
    const struct glm_value *r = record_cluster(n->arena, record, prior, seat->name);
    const struct glm_value *noted = record_cluster(n->arena, record, prior, pair->cluster);
    const struct glm_object_ref *ref = &wanted_main(pair)->ref;
    if (!pair->key || !ref->name || place_known(n->arena, r, seat->cluster) == PLACE_OTHER)
        return false;
    const char *tag = record_automatic(noted, pair->key);
    struct record_object o;
    if (!record_object_find(r, record_text(n->arena, ref), &o) || !o.main || o.leaves ||
        (o.pair && strcmp(o.pair, pair->key) != 0))
        return false;
    return !tag || glm_string_is(glm_get(n->estate->mesh.default_distribution, "tag"), tag);
}

static bool is_installed_anew(const struct news *n, const char *key)
{
    const struct glm_manager *m = n->wanted->manager;
    for (size_t i = 0; i < m->installation_count; i++)
        if (strcmp(m->installations[i].key, key) == 0 && !same_words(n, &m->installations[i]))
            return true;
    for (size_t i = 0; i < n->wanted->cluster_count; i++) {
        const struct wanted_cluster *c = &n->wanted->clusters[i];
        for (size_t k = 0; k < c->place_count; k++)
            if (strcmp(wanted_pair_at(c, k)->installation->key, key) == 0 &&
                !same_place(n, c->places[k].seat, wanted_pair_at(c, k)))
                return true;
    }
    return false;
}

/* ---- what has been heard ---- */

/* The state's attributes, with specs spelled as they are now where they mean the same: what is said
 * of them quotes the same lines. */
static const struct glm_value *attributes_before(const struct news *n)
{
    const struct glm_value *prior = n->change->prior;
    const struct glm_value *installations = glm_get(prior, "installations");
    struct glm_map_builder b;
    glm_map_init_from(&b, n->arena, installations);
    for (size_t i = 0; i < n->wanted->manager->installation_count; i++) {
        const struct glm_installation *in = &n->wanted->manager->installations[i];
        const struct glm_value *was = glm_get(installations, in->key);
        const char *form = glm_installation_form(in);
        if (glm_is_map(glm_installation_input(in)) &&
            wanted_spec_is(n->arena, in, glm_get(was, form)))
            glm_map_set(&b, in->key, glm_with(n->arena, was, form, glm_installation_text(in)));
    }
    return glm_with(n->arena, prior, "installations", glm_map_finish(&b, NULL));
}

void news_of_retired(const struct glm_estate *estate, const struct glm_manager *m,
                     struct glm_diags *d)
{
    for (size_t i = 0; i < m->installation_count; i++)
        for (size_t k = 0; k < m->installations[i].placement_count; k++) {
            const char *name = m->installations[i].placements[k].cluster;
            const struct glm_cluster_config *config = glm_mesh_cluster(&estate->mesh, name);
            if (config && config->decommissioned)
                glm_warn(d, GLM_AT_INSTALLATION(m->installations[i].key),
                         "Decommissioned cluster is still listed",
                         "Cluster \"%s\" is decommissioned, so nothing is installed there. Remove "
                         "it from the clusters of this installation.",
                         name);
        }
}

static void listen(struct news *n)
{
    struct glm_manager *before;
    if (n->listened)
        return;
    n->listened = true;
    glm_diags_init(&n->heard, n->arena);
    glm_manager_read(n->arena, attributes_before(n), &n->estate->mesh, true, &before, &n->heard);
    upgrades_check(n->estate, before, n->change->prior, n->change->record, &n->heard);
    news_of_retired(n->estate, before, &n->heard);
}

/* Summaries name the installation only where there are several, so they may differ. */
static bool is_heard(struct news *n, const struct glm_diag *diag)
{
    listen(n);
    for (const struct glm_diag *other = n->heard.first; other; other = other->next)
        if (other->severity == diag->severity && strcmp(other->detail, diag->detail) == 0 &&
            glm_path_equal(other->path, diag->path))
            return true;
    return false;
}

static bool is_news(struct news *n, const struct glm_diag *diag)
{
    const struct glm_path *first = diag->path, *second = NULL;
    const struct glm_value *prior = n->change->prior;
    for (; first && first->up; first = first->up)
        second = first;
    if (!first || !glm_is_map(prior))
        return true;
    bool installations = strcmp(first->name, "installations") == 0;
    if (installations && second && second->step == GLM_STEP_KEY)
        return installation_changes(n, second->name) &&
               (is_installed_anew(n, second->name) || !is_heard(n, diag));
    return !glm_equal(glm_get(n->change->result, first->name), glm_get(prior, first->name)) &&
           !(installations && is_heard(n, diag));
}

/* ---- another key ---- */

/* The installation of the state that a new one is, by revision and clusters; NULL: it is none of them. */
static const struct glm_installation *same_before(const struct news *n,
                                                  const struct glm_manager *before,
                                                  const struct glm_installation *in)
{
    const struct glm_value *is = glm_get(n->change->attributes, "installations");
    const struct glm_value *was = glm_get(n->change->prior, "installations");
    for (size_t i = 0; in->revision && i < before->installation_count; i++) {
        const struct glm_installation *other = &before->installations[i];
        if (!glm_has(is, other->key) && other->revision &&
            strcmp(other->revision, in->revision) == 0 &&
            same_clusters(n, glm_get_path(is, in->key, "clusters", NULL),
                          glm_get_path(was, other->key, "clusters", NULL)))
            return other;
    }
    return NULL;
}

/* All that is shown of it goes from one key to another, as if it went and came. */
static void tell_renamed(const struct news *n, struct glm_diags *d)
{
    const struct glm_manager *m = n->wanted->manager;
    const struct glm_value *was = glm_get(n->change->prior, "installations");
    struct glm_manager *before = NULL;
    struct glm_diags ignored;
    glm_diags_init(&ignored, n->arena);
    for (size_t i = 0; glm_is_map(was) && i < m->installation_count; i++) {
        const struct glm_installation *in = &m->installations[i];
        if (glm_has(was, in->key))
            continue;
        if (!before)
            glm_manager_read(n->arena, n->change->prior, &n->estate->mesh, false, &before,
                             &ignored);
        const struct glm_installation *same = same_before(n, before, in);
        if (same)
            glm_warn(
                d, GLM_AT_INSTALLATION(in->key), "An installation has another key",
                "\"%s\" is the same installation as \"%s\" was: it has the same revision in "
                "the same clusters. Nothing is removed and installed again; what the plan shows "
                "of it goes from one key to the other, and the annotation that an import reads "
                "is written anew.",
                in->key, same->key);
    }
}

void news_tell(struct glm_arena *arena, const struct glm_estate *estate,
               const struct wanted *wanted, const struct glm_change *change,
               const struct glm_diags *said, struct glm_diags *d)
{
    struct news n = {.arena = arena, .estate = estate, .wanted = wanted, .change = change};
    for (const struct glm_diag *diag = said->first; diag; diag = diag->next)
        if (is_news(&n, diag))
            glm_diags_add(d, diag);
    tell_renamed(&n, d);
}
