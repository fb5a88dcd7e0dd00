/* SPDX-License-Identifier: Apache-2.0
 *
 * What every cluster is to have: all installations translated, grouped by cluster. Pure.
 */
#include "lifecycle_internal.h"

#include <stdlib.h>
#include <string.h>

bool estate_find(const struct glm_estate *estate, const char *name,
                 const struct glm_cluster_config **ret_config, struct glm_cluster **ret_cluster,
                 bool *ret_tolerate)
{
    const struct glm_cluster_config *config = glm_mesh_cluster(&estate->mesh, name);
    *ret_config = config;
    *ret_cluster = NULL;
    *ret_tolerate = true;
    if (!config)
        return false;
    size_t index = (size_t)(config - estate->mesh.clusters);
    if (!config->decommissioned && estate->clusters)
        *ret_cluster = estate->clusters[index];
    if (estate->must_answer)
        *ret_tolerate = !estate->must_answer[index];
    return true;
}

const char *estate_label(struct glm_arena *arena, const struct glm_cluster *cluster)
{
    return cluster ? cluster->ops->label(cluster, arena) : NULL;
}

static int by_name(const void *a, const void *b)
{
    const struct wanted_cluster *x = a, *y = b;
    return strcmp(x->name, y->name);
}

struct wanted_cluster *wanted_find(const struct wanted *wanted, const char *name)
{
    const struct wanted_cluster key = {.name = name};
    if (wanted->cluster_count == 0)
        return NULL;
    return bsearch(&key, wanted->clusters, wanted->cluster_count, sizeof key, by_name);
}

/* One entry for every cluster named anywhere in the installations. */
static void gather_clusters(struct glm_arena *arena, const struct glm_estate *estate,
                            struct wanted *wanted)
{
    const struct glm_manager *manager = wanted->manager;
    size_t most = 0;
    for (size_t i = 0; i < manager->installation_count; i++)
        most += manager->installations[i].placement_count;
    struct wanted_cluster *all = GLM_NEW_ARRAY(arena, most, struct wanted_cluster);
    size_t count = 0;
    for (size_t i = 0; i < manager->installation_count; i++)
        for (size_t p = 0; p < manager->installations[i].placement_count; p++)
            all[count++].name = manager->installations[i].placements[p].cluster;
    if (count > 1)
        qsort(all, count, sizeof *all, by_name);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || strcmp(all[kept - 1].name, all[i].name) != 0)
            all[kept++].name = all[i].name;
    for (size_t i = 0; i < kept; i++) {
        struct wanted_cluster *c = &all[i];
        estate_find(estate, c->name, &c->config, &c->cluster, &c->tolerate);
    }
    wanted->clusters = all;
    wanted->cluster_count = kept;
}

const struct wanted_type wanted_types[WANTED_TYPES] = {
    {"ingressGateways", "istio-ingressgateway"},
    {"egressGateways", "istio-egressgateway"},
};

static struct wanted_pair *add_pair(struct glm_arena *arena, struct wanted_cluster *cluster)
{
    if (cluster->pair_count == cluster->pair_capacity) {
        size_t capacity = cluster->pair_capacity ? cluster->pair_capacity * 2 : 2;
        struct wanted_pair *pairs = GLM_NEW_ARRAY(arena, capacity, struct wanted_pair);
        for (size_t i = 0; i < cluster->pair_count; i++)
            pairs[i] = cluster->pairs[i];
        cluster->pairs = pairs;
        cluster->pair_capacity = capacity;
    }
    return &cluster->pairs[cluster->pair_count++];
}

struct rendering {
    const struct glm_estate *estate;
    const struct glm_manager *manager;
    bool texts; /* of what was before nobody asks for them */
};

static void own_object(struct glm_arena *arena, const struct rendering *how,
                       const struct glm_rendering *rendering, const struct glm_value *object,
                       const char *view, struct wanted_object *ret_object)
{
    const struct glm_manager *m = how->manager;
    if (!glm_is_wholly_known(object))
        return;
    glm_object_ref_of(object, &ret_object->ref);
    ret_object->bare = object;
    if (how->texts)
        ret_object->text = glm_json_text(arena, object);
    if (m->name && m->namespace_)
        ret_object->object = glm_own(arena, object, m->name, m->namespace_, rendering->cluster,
                                     rendering->revision, view);
}

static void note_custom_services(struct glm_arena *arena, struct wanted_pair *pair,
                                 const struct glm_value *istio_operator)
{
    const struct glm_value *spec = glm_get(istio_operator, "spec");
    for (size_t t = 0; t < WANTED_TYPES; t++)
        pair->custom_service[t] = glm_custom_service(arena, spec, wanted_types[t].values);
}

/* The IstioOperator, the active Services and the namespaces of one pair. */
static bool render_pair(struct glm_arena *arena, const struct rendering *how,
                        struct wanted_pair *pair, struct glm_diags *d)
{
    struct glm_rendering *r;
    if (!glm_translate(arena, how->manager, pair->installation, pair->placement, &how->estate->mesh,
                       &r, d))
        return false;
    if (glm_is_wholly_known(r->istio_operator) &&
        !glm_view_text(arena, how->manager, pair->installation, pair->placement, &pair->view, d))
        return false;
    own_object(arena, how, r, r->istio_operator, pair->view, &pair->operator_);
    note_custom_services(arena, pair, r->istio_operator);

    pair->services_known = r->services_known;
    pair->services = GLM_NEW_ARRAY(arena, r->service_count, struct wanted_object);
    const char **keys = GLM_NEW_ARRAY(arena, r->service_count, const char *);
    for (size_t i = 0; i < r->service_count; i++) {
        keys[i] = r->services[i].key;
        own_object(arena, how, r, r->services[i].object, NULL, &pair->services[i]);
    }
    pair->service_keys = keys;
    pair->service_count = r->service_count;
    pair->namespaces = r->namespaces;
    pair->namespace_count = r->namespace_count;
    return true;
}

/* Of an installation whose revisions are known. */
static bool is_rendered(const struct wanted_pair *pair)
{
    return pair->installation->revision && pair->installation->control_plane;
}

static void add_installation(struct glm_arena *arena, struct wanted *wanted,
                             const struct glm_installation *installation)
{
    for (size_t p = 0; p < installation->placement_count; p++) {
        const struct glm_placement *placement = &installation->placements[p];
        struct wanted_cluster *cluster = wanted_find(wanted, placement->cluster);
        if (!cluster || (cluster->config && cluster->config->decommissioned))
            continue;
        struct wanted_pair *pair = add_pair(arena, cluster);
        pair->installation = installation;
        pair->placement = placement;
        if (installation->revision)
            pair->key = glm_revision_key(installation->revision);
    }
}

bool wanted_read(struct glm_arena *arena, const struct glm_estate *estate,
                 const struct glm_value *attributes, bool warn, struct wanted **ret_wanted,
                 struct glm_diags *d)
{
    struct glm_manager *manager;
    if (!glm_manager_read(arena, attributes, &estate->mesh, warn, &manager, d))
        return false;
    struct wanted *wanted = GLM_NEW(arena, struct wanted);
    wanted->manager = manager;
    wanted->known = manager->installations_known;
    for (size_t i = 0; i < manager->installation_count; i++)
        wanted->known = wanted->known && manager->installations[i].clusters_known;
    gather_clusters(arena, estate, wanted);
    for (size_t i = 0; i < manager->installation_count; i++)
        add_installation(arena, wanted, &manager->installations[i]);
    *ret_wanted = wanted;
    return true;
}

static bool render(struct glm_arena *arena, const struct rendering *how,
                   const struct wanted_cluster *of, struct wanted_cluster *ret, struct glm_diags *d)
{
    bool ok = true;
    *ret = *of;
    ret->pairs = GLM_NEW_ARRAY(arena, of->pair_count, struct wanted_pair);
    for (size_t i = 0; i < of->pair_count; i++) {
        ret->pairs[i] = of->pairs[i];
        if (is_rendered(&ret->pairs[i]))
            ok = render_pair(arena, how, &ret->pairs[i], d) && ok;
    }
    return ok;
}

bool wanted_render(struct glm_arena *arena, const struct glm_estate *estate,
                   const struct wanted *wanted, const struct wanted_cluster *of,
                   struct wanted_cluster **ret_cluster, struct glm_diags *d)
{
    const struct rendering how = {.estate = estate, .manager = wanted->manager, .texts = true};
    struct wanted_cluster *c = GLM_NEW(arena, struct wanted_cluster);
    if (!render(arena, &how, of, c, d))
        return false;
    *ret_cluster = c;
    return true;
}

/* ---- what a plan needs of it ---- */

static void keep_object(struct glm_arena *arena, struct wanted_object *o)
{
    o->object = o->bare = NULL;
    if (!o->text)
        return;
    o->ref.namespace_ = glm_strdup(arena, o->ref.namespace_);
    o->ref.name = glm_strdup(arena, o->ref.name);
    o->text = glm_strdup(arena, o->text);
}

/* Services are few and small, and a plan asks for parts of them. */
static void keep_services(struct glm_arena *arena, struct wanted_pair *pair)
{
    struct wanted_object *services =
        GLM_NEW_ARRAY(arena, pair->service_count, struct wanted_object);
    const char **keys = GLM_NEW_ARRAY(arena, pair->service_count, const char *);
    for (size_t i = 0; i < pair->service_count; i++) {
        const struct glm_value *bare = pair->services[i].bare;
        services[i] = pair->services[i];
        keep_object(arena, &services[i]);
        services[i].bare = bare ? glm_copy(arena, bare) : NULL;
        keys[i] = glm_strdup(arena, pair->service_keys[i]);
    }
    pair->services = services;
    pair->service_keys = keys;
}

/* The texts and what they are of, out of the scratch memory of a rendering. */
static void keep_texts(struct glm_arena *arena, const struct wanted_cluster *rendered,
                       struct wanted_cluster *cluster)
{
    for (size_t i = 0; i < cluster->pair_count; i++) {
        struct wanted_pair *pair = &cluster->pairs[i];
        *pair = rendered->pairs[i];
        pair->view = NULL;
        pair->namespaces = NULL;
        pair->namespace_count = 0;
        keep_object(arena, &pair->operator_);
        keep_services(arena, pair);
    }
}

bool wanted_build(struct glm_arena *arena, const struct glm_estate *estate,
                  const struct glm_value *attributes, bool warn, struct wanted **ret_wanted,
                  struct glm_diags *d)
{
    struct wanted *wanted;
    if (!wanted_read(arena, estate, attributes, warn, &wanted, d))
        return false;
    const struct rendering how = {.estate = estate, .manager = wanted->manager, .texts = true};
    bool ok = true;
    for (size_t i = 0; i < wanted->cluster_count; i++) {
        struct glm_arena *GLM_AUTO_ARENA scratch = glm_arena_create(GLM_ARENA_RPC_LIMIT);
        struct wanted_cluster rendered;
        ok = render(scratch, &how, &wanted->clusters[i], &rendered, d) && ok;
        keep_texts(arena, &rendered, &wanted->clusters[i]);
    }
    if (ok)
        *ret_wanted = wanted;
    return ok;
}

/* ---- what an import found ---- */

bool wanted_spec_is(struct glm_arena *arena, const struct glm_installation *installation,
                    const struct glm_value *text)
{
    const struct glm_value *spec;
    return glm_is_string(text) && glm_spec_decode(arena, text->as.text, text->len, &spec) &&
           glm_equal(spec, installation->spec);
}

/* True when the configuration says of a pair what the state says of it. */
static bool is_as_before(struct glm_arena *arena, const struct wanted_pair *pair,
                         const struct glm_value *attributes, const struct glm_value *prior)
{
    static const char *const same[] = {"gateway_revision", "control_plane_revision"};
    const struct glm_value *is =
        glm_get_path(attributes, "installations", pair->installation->key, NULL);
    const struct glm_value *was =
        glm_get_path(prior, "installations", pair->installation->key, NULL);
    const char *cluster = pair->placement->cluster;
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        if (!glm_equal(glm_get(is, same[i]), glm_get(was, same[i])))
            return false;
    return glm_equal(glm_get_path(is, "clusters", cluster, NULL),
                     glm_get_path(was, "clusters", cluster, NULL)) &&
           wanted_spec_is(arena, pair->installation, glm_get(was, "istio_operator_spec"));
}

static void keep_found(struct glm_arena *arena, const struct glm_manager *m,
                       struct wanted_pair *pair, const struct glm_value *found)
{
    struct wanted_object *o = &pair->operator_;
    const struct glm_value *bare = shown_document(arena, found);
    if (!o->text || !glm_object_is(bare, &o->ref))
        return;
    pair->as_found = true;
    o->text = found->as.text;
    note_custom_services(arena, pair, bare);
    if (!o->object) /* only the text is of interest */
        return;
    o->bare = bare;
    o->object = glm_own(arena, bare, m->name, m->namespace_, pair->placement->cluster,
                        pair->installation->revision, pair->view);
}

void wanted_keep_found(struct glm_arena *arena, const struct glm_manager *manager,
                       struct wanted_cluster *cluster, const struct glm_change *change)
{
    const struct glm_value *r = record_cluster(arena, change->record, change->prior, cluster->name);
    for (size_t k = 0; k < cluster->pair_count; k++) {
        struct wanted_pair *pair = &cluster->pairs[k];
        const struct glm_value *found =
            pair->key ? glm_get_path(r, "found", pair->key, NULL) : &glm_null;
        if (glm_is_string(found) && is_as_before(arena, pair, change->attributes, change->prior))
            keep_found(arena, manager, pair, found);
    }
}

/* ---- what was before ---- */

const struct wanted *wanted_before(struct glm_arena *arena, const struct glm_estate *estate,
                                   const struct glm_value *prior)
{
    struct glm_diags ignored;
    struct wanted *before = NULL;
    glm_diags_init(&ignored, arena);
    if (!glm_is_map(prior) || !wanted_read(arena, estate, prior, false, &before, &ignored))
        return NULL;
    return before;
}

const struct wanted_cluster *wanted_render_before(struct glm_arena *arena,
                                                  const struct glm_estate *estate,
                                                  const struct wanted *before, const char *cluster)
{
    const struct wanted_cluster *of = before ? wanted_find(before, cluster) : NULL;
    if (!of)
        return NULL;
    const struct rendering how = {.estate = estate, .manager = before->manager};
    struct glm_diags ignored;
    glm_diags_init(&ignored, arena);
    struct wanted_cluster *c = GLM_NEW(arena, struct wanted_cluster);
    return render(arena, &how, of, c, &ignored) ? c : NULL;
}

static bool is_of(const struct wanted_object *o, const struct glm_object_ref *ref)
{
    return o->object && glm_object_ref_same(&o->ref, ref);
}

const struct wanted_object *wanted_object_find(const struct wanted_cluster *cluster,
                                               const struct glm_object_ref *ref)
{
    for (size_t i = 0; cluster && i < cluster->pair_count; i++) {
        const struct wanted_pair *pair = &cluster->pairs[i];
        if (is_of(&pair->operator_, ref))
            return &pair->operator_;
        for (size_t s = 0; s < pair->service_count; s++)
            if (is_of(&pair->services[s], ref))
                return &pair->services[s];
    }
    return NULL;
}
