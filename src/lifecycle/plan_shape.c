/* SPDX-License-Identifier: Apache-2.0
 *
 * What a plan shows of objects, Services and addresses. Which there are depends on the keys of the
 * configuration and on what an installation makes of every cluster, never on what one cluster's entry says: so
 * what is not known yet is a value, and no key comes or goes when it is. Of addresses there may be none: where
 * that is not known, those of all clusters are not.
 */
#include "lifecycle_internal.h"

#include "glm/difference.h"

#include <string.h>

struct showing {
    struct glm_arena *arena;
    const struct wanted *wanted;
    const struct glm_value *prior, *taken;
    struct shape_builder shape;
    struct glm_map_builder
        shared; /* what is for all pairs of a seat, by its text: the first seat's */
};

/* ---- objects ---- */

/* True when one of the installation's clusters gets it; common NULL: gets anything. */
static bool is_placed(const struct wanted *wanted, const struct glm_installation *in,
                      const struct wanted_common *common)
{
    for (size_t p = 0; p < in->placement_count; p++) {
        const struct wanted_cluster *c = wanted_find(wanted, in->placements[p].cluster);
        for (size_t i = 0; c && i < c->place_count; i++) {
            const struct wanted_pair *pair = wanted_pair_at(c, i);
            if (pair->installation == in && !common)
                return true;
            for (size_t k = 0; pair->installation == in && k < pair->object_count; k++)
                if (pair->objects[k].common == common)
                    return true;
        }
    }
    return false;
}

/* What every cluster of an installation gets. What no cluster gets is nothing, and known to be. */
static void show_commons(struct showing *s, const struct glm_installation *in,
                         const struct wanted_commons *commons)
{
    if (!is_placed(s->wanted, in, NULL))
        return;
    if (!commons->known)
        shape_put_unknown_objects(&s->shape, in->key);
    if (!commons->known || !commons->traffic_known)
        shape_put_unknown_services(&s->shape);
    for (size_t i = 0; i < commons->count; i++) {
        const struct wanted_common *c = &commons->objects[i];
        if (c->text && c->role != GLM_ROLE_TRAFFIC && is_placed(s->wanted, in, c))
            common_put(&s->shape, s->prior, c);
    }
}

/* Its lines: of what somebody else has taken, those that it has. */
static const struct glm_value *lines_of(const struct showing *s, const char *seat,
                                        const char *cluster, const struct wanted_object *o)
{
    const struct glm_value *was =
        taken_has(s->arena, s->taken, seat, o)
            ? shape_entries(s->prior, o->common->key, o->common->text, cluster)
            : &glm_null;
    return glm_is_map(was) ? was : o->own;
}

static void show_objects(struct showing *s, const char *seat, const struct wanted_pair *pair)
{
    for (size_t i = 0; i < pair->object_count; i++) {
        const struct wanted_object *o = &pair->objects[i];
        if (o->role == GLM_ROLE_NAMESPACE || !o->common->text)
            continue;
        if (!o->common->listed)
            common_put(&s->shape, s->prior, o->common);
        if (o->role != GLM_ROLE_TRAFFIC)
            shape_put_entries(&s->shape, o->common->key, o->common->text, pair->cluster,
                              lines_of(s, seat, pair->cluster, o));
    }
}

/* What is for all pairs of a seat; of several seats, where it is not as in the first. */
static void show_shared(struct showing *s, const struct wanted_pair *shared)
{
    for (size_t i = 0; i < shared->object_count; i++) {
        const struct wanted_object *o = &shared->objects[i];
        const char *text = o->common->text;
        if (!text) {
            shape_put_unknown_objects(&s->shape, SHAPE_KEY_ALL);
            continue;
        }
        const struct glm_value *first = glm_map_peek(&s->shared, text);
        const struct glm_value *own = lines_of(s, shared->cluster, shared->cluster, o);
        if (glm_is_null(first)) {
            glm_map_set(&s->shared, text, o->common->bare);
            common_put(&s->shape, s->prior, o->common);
        } else if (own == o->own) {
            own = glm_differences(s->arena, first, o->common->bare, NULL);
        }
        shape_put_entries(&s->shape, SHAPE_KEY_ALL, text, shared->cluster, own);
    }
}

/* ---- Services ---- */

/* What a cluster has of a Service. */
struct traffic {
    const struct wanted_seat *seat;
    const struct wanted_pair *pair; /* that makes it; NULL: none, or it is not known which */
    const struct wanted_object *object;
    bool unknown;
    bool balancer; /* a pair makes it with a load balancer, or it is not known */
};

static bool is_service(const struct wanted_common *c, const char *service)
{
    return c->role == GLM_ROLE_TRAFFIC && c->text && strcmp(c->text, service) == 0;
}

static const struct wanted_object *service_in(const struct wanted_pair *pair, const char *service)
{
    for (size_t i = 0; i < pair->object_count; i++)
        if (pair->objects[i].role == GLM_ROLE_TRAFFIC &&
            is_service(pair->objects[i].common, service))
            return &pair->objects[i];
    return NULL;
}

static const struct wanted_common *common_service(const struct wanted_commons *commons,
                                                  const char *service)
{
    for (size_t i = 0; i < commons->count; i++)
        if (is_service(&commons->objects[i], service))
            return &commons->objects[i];
    return NULL;
}

static struct traffic traffic_of(const struct showing *s, const struct wanted_cluster *c,
                                 const char *service)
{
    struct traffic t = {0};
    for (size_t i = 0; i < c->place_count && !t.pair; i++) {
        const struct wanted_pair *pair = wanted_pair_at(c, i);
        const struct wanted_object *o = service_in(pair, service);
        const struct wanted_common *made = common_service(commons_of(s->wanted, pair), service);
        if (!made && !o)
            continue;
        t.balancer = t.balancer || !made || !glm_is_wholly_known(made->bare) ||
                     shown_has_balancer(made->bare);
        t.seat = c->places[i].seat;
        t.unknown = t.unknown || !pair->traffic_known;
        t.object = o;
        t.pair = o ? pair : NULL;
    }
    return t;
}

/* What a load balancer's address depends on, in a manifest and in what is not as there. */
static const char *const balancer[] = {"type", "loadBalancerIP", "loadBalancerClass",
                                       "externalIPs"};

static bool is_same_in(struct glm_arena *arena, const struct glm_value *text,
                       const struct wanted_common *common)
{
    if (glm_string_is(text, common->manifest))
        return true;
    struct glm_arena *GLM_AUTO_ARENA scratch = glm_arena_create(glm_arena_room(arena));
    const struct glm_value *was = shown_document(scratch, text), *is = common->bare;
    for (size_t i = 0; i < sizeof balancer / sizeof *balancer; i++)
        if (!glm_equal(glm_get_path(was, "spec", balancer[i], NULL),
                       glm_get_path(is, "spec", balancer[i], NULL)))
            return false;
    return glm_equal(glm_get_path(was, "metadata", "annotations", NULL),
                     glm_get_path(is, "metadata", "annotations", NULL));
}

static bool is_of_balancer(const char *path)
{
    static const char annotations[] = "metadata.annotations";
    for (size_t i = 0; i < sizeof balancer / sizeof *balancer; i++)
        if (strncmp(path, "spec.", 5) == 0 &&
            strncmp(path + 5, balancer[i], strlen(balancer[i])) == 0)
            return true;
    return strncmp(path, annotations, sizeof annotations - 1) == 0;
}

/* True when each entry of one that matters is in the other one as well. */
static bool has_all(const struct glm_value *entries, const struct glm_value *of)
{
    for (size_t i = 0; glm_is_map(of) && i < of->len; i++)
        if (is_of_balancer(of->as.map[i].key) &&
            !glm_equal(of->as.map[i].value, glm_get(entries, of->as.map[i].key)))
            return false;
    return true;
}

/* What is the cluster's own counts before what it has of the manifest. */
static bool has_balancer(const struct wanted_object *service)
{
    const struct glm_value *own = glm_get(service->own, "spec.type");
    return glm_is_string(own) ? glm_string_is(own, "LoadBalancer")
                              : shown_has_balancer(service->common->bare);
}

/* True when what its addresses depend on is as it was. */
static bool is_same(const struct showing *s, const struct wanted_object *o, const char *cluster,
                    const char *service)
{
    const struct glm_value *active = shape_active(s->prior, service, cluster);
    const struct glm_value *entries = shape_service_entries(s->prior, service, cluster);
    if (!glm_is_map(entries) || !glm_is_map(o->own))
        return false;
    /* Of nobody's the entries are of who is to be active. */
    const char *key = glm_string_or(active, o->common->key);
    if (!o->common->listed) /* its type is one of many things of its own */
        return strcmp(key, o->common->key) == 0 && glm_equal(entries, o->own);
    return is_same_in(s->arena, shape_service_manifest(s->prior, service, key), o->common) &&
           has_all(entries, o->own) && has_all(o->own, entries);
}

/* What a plan says of the addresses that a cluster has of a Service. A load balancer has a key, whether there
 * are any or not, so that a cluster that comes or goes makes nobody else's unknown. */
enum addressed {
    ADDRESSED_NOT,
    ADDRESSED_AS_BEFORE,
    ADDRESSED_ANEW,  /* which are to be found out */
    ADDRESSED_MAYBE, /* and whether there is a load balancer */
};

static enum addressed addressed(const struct showing *s, const struct traffic *t,
                                const char *cluster, const char *service)
{
    const struct wanted_object *o = t->object;
    const struct glm_cluster_config *config = t->seat ? t->seat->config : NULL;
    enum glm_place_kind place = config ? config->place : GLM_PLACE_UNKNOWN;
    if (place == GLM_PLACE_DIRECTORY || (!t->pair && !t->unknown))
        return ADDRESSED_NOT; /* files have no load balancer */
    if (t->unknown)
        return t->balancer ? ADDRESSED_MAYBE : ADDRESSED_NOT;
    bool same = glm_is_wholly_known(o->common->bare) && is_same(s, o, cluster, service);
    bool had = glm_is_list(shape_addresses(s->prior, service, cluster));
    if (same && (place == GLM_PLACE_UNKNOWN || !o->common->listed))
        return had ? ADDRESSED_AS_BEFORE : ADDRESSED_NOT;
    if (place == GLM_PLACE_UNKNOWN || !o->common->listed || !glm_is_wholly_known(o->common->bare))
        return ADDRESSED_MAYBE;
    if (!has_balancer(o))
        return ADDRESSED_NOT;
    return same && had ? ADDRESSED_AS_BEFORE : ADDRESSED_ANEW;
}

static void show_addresses(struct showing *s, const struct traffic *t, const char *cluster,
                           const char *service)
{
    enum addressed is = addressed(s, t, cluster, service);
    /* Where nothing is known of any cluster it is one word for all of them. */
    if (is == ADDRESSED_MAYBE || (is == ADDRESSED_ANEW && !shape_has_addresses(s->prior, service)))
        shape_put_unknown_addresses(&s->shape, service);
    else if (is != ADDRESSED_NOT)
        shape_put_addresses(&s->shape, service, cluster,
                            is == ADDRESSED_ANEW ? &glm_unknown
                                                 : shape_addresses(s->prior, service, cluster));
}

/* What it is now of a Service that somebody else has taken. false: nobody has. */
static bool show_taken(struct showing *s, const struct traffic *t, const char *cluster,
                       const char *service)
{
    const struct shape_object was = {.object = service,
                                     .service = true,
                                     .entries = shape_service_entries(s->prior, service, cluster)};
    if (!t->pair || !glm_is_map(was.entries) ||
        !taken_has(s->arena, s->taken, t->seat->name, t->object))
        return false;
    shape_put_as_shown(&s->shape, s->prior, cluster, &was);
    return true;
}

static void show_services(struct showing *s, const struct wanted_cluster *c)
{
    struct glm_arena *GLM_AUTO_ARENA scratch = glm_arena_create(glm_arena_room(s->arena));
    const char *const *services;
    size_t count = common_services(scratch, s->wanted, c, &services);
    for (size_t i = 0; i < count; i++) {
        const struct traffic t = traffic_of(s, c, services[i]);
        const struct glm_value *active = &glm_null;
        if (show_taken(s, &t, c->name, services[i]))
            continue;
        if (t.pair) {
            active = glm_string(s->arena, t.pair->installation->key);
            shape_put_service_entries(&s->shape, services[i], c->name, t.object->own);
        } else if (t.unknown) {
            active = &glm_unknown;
        }
        shape_put_active(&s->shape, services[i], c->name, active);
        show_addresses(s, &t, c->name, services[i]);
    }
}

const struct glm_value *plan_shape(struct glm_arena *arena, const struct wanted *wanted,
                                   const struct glm_value *prior, const struct glm_value *taken,
                                   const struct glm_value *attributes)
{
    struct showing s = {.arena = arena, .wanted = wanted, .prior = prior, .taken = taken};
    shape_begin(&s.shape, arena);
    glm_map_init(&s.shared, arena);
    if (!wanted->known) {
        shape_put_unknown_objects(&s.shape, NULL);
        shape_put_unknown_services(&s.shape);
        return shape_finish(&s.shape, attributes);
    }
    for (size_t i = 0; i < wanted->manager->installation_count; i++)
        show_commons(&s, &wanted->manager->installations[i], &wanted->commons[i]);
    common_put_services(&s.shape, wanted, prior);
    for (size_t i = 0; i < wanted->seat_count; i++) {
        show_shared(&s, &wanted->seats[i].shared);
        for (size_t k = 0; k < wanted->seats[i].pair_count; k++)
            show_objects(&s, wanted->seats[i].name, &wanted->seats[i].pairs[k]);
    }
    for (size_t i = 0; i < wanted->cluster_count; i++)
        show_services(&s, &wanted->clusters[i]);
    return shape_finish(&s.shape, attributes);
}
