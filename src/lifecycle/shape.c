/* SPDX-License-Identifier: Apache-2.0
 *
 * Shape: see shape.h. What is to be shown is put down part by part, each under its path, and sorted in the end.
 */
#include "shape.h"

#include "glm/codec.h"

#include <stdlib.h>
#include <string.h>

static const char objects_name[] = "objects", services_name[] = "services",
                  addresses_name[] = "addresses", manifest_name[] = "manifest",
                  manifests_name[] = "manifests", active_name[] = "active",
                  per_cluster_name[] = "per_cluster";

/* ---- what attributes show ---- */

static const struct glm_value *objects_of(const struct glm_value *attributes)
{
    return glm_get(attributes, objects_name);
}

static const struct glm_value *services_of(const struct glm_value *attributes)
{
    return glm_get(attributes, services_name);
}

/* The value along a path that ends with NULL; UNKNOWN as soon as something on the way is. */
static const struct glm_value *along(const struct glm_value *v, const char *const *path)
{
    for (; *path && !glm_is_unknown(v); path++)
        v = glm_get(v, *path);
    return v;
}
#define ALONG(v, ...) along((v), (const char *const[]){__VA_ARGS__, NULL})

const struct glm_value *shape_manifest(const struct glm_value *attributes, const char *key,
                                       const char *object)
{
    return ALONG(attributes, objects_name, key, object, manifest_name);
}

const struct glm_value *shape_entries(const struct glm_value *attributes, const char *key,
                                      const char *object, const char *cluster)
{
    return ALONG(attributes, objects_name, key, object, per_cluster_name, cluster);
}

const struct glm_value *shape_service_manifest(const struct glm_value *attributes,
                                               const char *service, const char *key)
{
    return ALONG(attributes, services_name, service, manifests_name, key);
}

const struct glm_value *shape_service_entries(const struct glm_value *attributes,
                                              const char *service, const char *cluster)
{
    const struct glm_value *active = shape_active(attributes, service, cluster);
    if (glm_is_unknown(active))
        return active;
    const struct glm_value *entries =
        ALONG(attributes, services_name, service, per_cluster_name, cluster);
    return glm_is_null(entries) && glm_is_string(active) ? &glm_empty_map : entries;
}

const struct glm_value *shape_active(const struct glm_value *attributes, const char *service,
                                     const char *cluster)
{
    return ALONG(attributes, services_name, service, active_name, cluster);
}

const struct glm_value *shape_addresses(const struct glm_value *attributes, const char *service,
                                        const char *cluster)
{
    return ALONG(attributes, addresses_name, service, cluster);
}

/* "Kind ns/name" in the namespace that the entries say, where they say one. */
static const char *own_text(struct glm_arena *arena, const char *object,
                            const struct glm_value *entries)
{
    const char *namespace_ = glm_string_or(glm_get(entries, "metadata.namespace"), NULL);
    const char *name = strrchr(object, '/'), *kind = strchr(object, ' ');
    if (!namespace_ || !name || !kind)
        return object;
    namespace_ += *namespace_ == '"'; /* a name that YAML would take for something else */
    return glm_sprintf(arena, "%.*s %.*s%s", (int)(kind - object), object,
                       (int)strcspn(namespace_, "\" "), namespace_, name);
}

struct shape_list {
    struct glm_arena *arena;
    struct shape_object *all;
    size_t count, capacity;
};

static void collect(struct shape_list *c, const struct shape_object *object)
{
    if (c->count == c->capacity) {
        size_t capacity = c->capacity ? c->capacity * 2 : 8;
        c->all =
            glm_regrow(c->arena, c->all, c->capacity * sizeof *c->all, capacity * sizeof *c->all);
        c->capacity = capacity;
    }
    c->all[c->count++] = *object;
}

static size_t pairs_in(const struct glm_value *v)
{
    return glm_is_map(v) ? v->len : 0;
}

/* Of whose manifest a cluster's Service is shown. NULL: the cluster does not have it. */
static const char *key_of_service(const struct glm_value *attributes, const char *service,
                                  const char *cluster)
{
    const struct glm_value *active = shape_active(attributes, service, cluster);
    const struct glm_value *manifests = ALONG(attributes, services_name, service, manifests_name);
    if (glm_is_string(active))
        return active->as.text;
    if (!glm_is_map(shape_service_entries(attributes, service, cluster)))
        return NULL;
    for (size_t i = 0; i < pairs_in(manifests); i++)
        if (glm_is_true(ALONG(attributes, "installations", manifests->as.map[i].key, "clusters",
                              cluster, "active_gateway")))
            return manifests->as.map[i].key;
    return pairs_in(manifests) > 0 ? manifests->as.map[0].key : NULL;
}

size_t shape_of_cluster(struct glm_arena *arena, const struct glm_value *attributes,
                        const char *cluster, const struct shape_object **ret)
{
    const struct glm_value *all = objects_of(attributes), *services = services_of(attributes);
    struct shape_list c = {.arena = arena};
    for (size_t i = 0; i < pairs_in(all); i++) {
        const struct glm_pair *of = &all->as.map[i];
        for (size_t k = 0; k < pairs_in(of->value); k++) {
            const struct glm_pair *o = &of->value->as.map[k];
            const struct glm_value *entries = ALONG(o->value, per_cluster_name, cluster);
            if (glm_is_map(entries))
                collect(&c, &(struct shape_object){.key = of->key,
                                                   .object = o->key,
                                                   .text = own_text(arena, o->key, entries),
                                                   .manifest = glm_get(o->value, manifest_name),
                                                   .entries = entries});
        }
    }
    for (size_t i = 0; i < pairs_in(services); i++) {
        const char *service = services->as.map[i].key;
        const char *key = key_of_service(attributes, service, cluster);
        const struct glm_value *entries = shape_service_entries(attributes, service, cluster);
        if (!key)
            continue;
        collect(&c,
                &(struct shape_object){.key = key,
                                       .object = service,
                                       .text = glm_sprintf(arena, "Service %s", service),
                                       .service = true,
                                       .manifest = shape_service_manifest(attributes, service, key),
                                       .entries = glm_is_map(entries) ? entries : &glm_empty_map});
    }
    *ret = c.all;
    return c.count;
}

bool shape_has_addresses(const struct glm_value *attributes, const char *service)
{
    return pairs_in(ALONG(attributes, addresses_name, service)) > 0;
}

static bool same_services(const struct glm_value *prior, const struct glm_value *planned,
                          const char *key, const char *cluster)
{
    const struct glm_value *services = services_of(planned);
    for (size_t i = 0; i < pairs_in(services); i++) {
        const char *s = services->as.map[i].key;
        const struct glm_value *manifest = shape_service_manifest(planned, s, key);
        const struct glm_value *active = shape_active(planned, s, cluster);
        if (!glm_is_null(manifest) && glm_is_unknown(active))
            return false;
        if (glm_string_is(active, key) &&
            (!glm_equal(active, shape_active(prior, s, cluster)) ||
             !glm_equal(manifest, shape_service_manifest(prior, s, key)) ||
             !glm_equal(shape_service_entries(planned, s, cluster),
                        shape_service_entries(prior, s, cluster))))
            return false;
    }
    return !glm_is_unknown(services);
}

enum shape_same shape_same(const struct glm_value *prior, const struct glm_value *planned,
                           const char *key, const char *cluster)
{
    const struct glm_value *of = ALONG(planned, objects_name, key);
    enum shape_same same = SHAPE_NOTHING;
    for (size_t i = 0; i < pairs_in(of); i++) {
        const char *o = of->as.map[i].key;
        const struct glm_value *entries = shape_entries(planned, key, o, cluster);
        if (glm_is_null(entries))
            continue;
        if (!glm_is_map(entries) || !glm_equal(entries, shape_entries(prior, key, o, cluster)) ||
            !glm_equal(shape_manifest(planned, key, o), shape_manifest(prior, key, o)))
            return SHAPE_OTHER;
        same = SHAPE_SAME;
    }
    if (glm_is_unknown(of) || !same_services(prior, planned, key, cluster))
        return SHAPE_OTHER;
    return same;
}

static void add_keys(struct glm_map_builder *names, const struct glm_value *map)
{
    for (size_t i = 0; i < pairs_in(map); i++)
        if (!glm_is_null(map->as.map[i].value))
            glm_map_set(names, map->as.map[i].key, &glm_null);
}

void shape_clusters(struct glm_map_builder *names, const struct glm_value *attributes)
{
    const struct glm_value *all = objects_of(attributes), *services = services_of(attributes);
    for (size_t i = 0; i < pairs_in(all); i++) {
        const struct glm_value *of = all->as.map[i].value;
        for (size_t k = 0; k < pairs_in(of); k++)
            add_keys(names, glm_get(of->as.map[k].value, per_cluster_name));
    }
    for (size_t i = 0; i < pairs_in(services); i++) {
        add_keys(names, glm_get(services->as.map[i].value, active_name));
        add_keys(names, glm_get(services->as.map[i].value, per_cluster_name));
    }
}

/* ---- manifests, decoded ---- */

/* {key: object} of {key: text}, or of {key: {field: text}}. */
static const struct glm_value *decoded(struct glm_arena *arena, const struct glm_value *texts,
                                       const char *field)
{
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    for (size_t i = 0; i < pairs_in(texts); i++) {
        const struct glm_value *v = texts->as.map[i].value, *object = &glm_null;
        const struct glm_value *text = field ? glm_get(v, field) : v;
        struct glm_diags ignored;
        glm_diags_init(&ignored, arena);
        if (glm_is_string(text) &&
            glm_json_decode(arena, text->as.text, text->len, "state", NULL, &object, &ignored) &&
            glm_is_map(object))
            glm_map_set(&b, texts->as.map[i].key, object);
    }
    return glm_map_finish(&b, NULL);
}

struct shape_documents shape_documents(struct glm_arena *arena, const struct glm_value *attributes)
{
    const struct glm_value *all = objects_of(attributes), *services = services_of(attributes);
    struct glm_map_builder by_key, by_service;
    glm_map_init(&by_key, arena);
    glm_map_init(&by_service, arena);
    for (size_t i = 0; i < pairs_in(all); i++)
        glm_map_set(&by_key, all->as.map[i].key,
                    decoded(arena, all->as.map[i].value, manifest_name));
    for (size_t i = 0; i < pairs_in(services); i++)
        glm_map_set(&by_service, services->as.map[i].key,
                    decoded(arena, glm_get(services->as.map[i].value, manifests_name), NULL));
    return (struct shape_documents){glm_map_finish(&by_key, NULL),
                                    glm_map_finish(&by_service, NULL)};
}

const struct glm_value *shape_document(const struct shape_documents *documents,
                                       const struct shape_object *of)
{
    return of->service ? glm_get(glm_get(documents->services, of->object), of->key)
                       : glm_get(glm_get(documents->objects, of->key), of->object);
}

/* ---- what attributes are to show ---- */

#define PART_DEPTH 5

/* A value under a path. Of something that others are put below it is a first word, which an unknown one
 * makes the last. */
struct shape_part {
    const char *path[PART_DEPTH]; /* NULL after the last */
    size_t order;                 /* in which it was put */
    const struct glm_value *value;
};

static void release(void *scratch)
{
    glm_arena_destroyp(scratch);
}

void shape_begin(struct shape_builder *b, struct glm_arena *arena)
{
    *b = (struct shape_builder){.arena = arena, .scratch = GLM_NEW(arena, struct glm_arena *)};
    *b->scratch = glm_arena_create(glm_arena_room(arena));
    glm_arena_defer(arena, release, b->scratch);
}

static void put(struct shape_builder *b, const struct glm_value *value, const char *const *path)
{
    if (b->len == b->capacity) {
        size_t capacity = b->capacity ? b->capacity * 2 : 64;
        b->parts = glm_regrow(*b->scratch, b->parts, b->capacity * sizeof *b->parts,
                              capacity * sizeof *b->parts);
        b->capacity = capacity;
    }
    struct shape_part *part = &b->parts[b->len];
    *part = (struct shape_part){.order = b->len++, .value = value};
    for (size_t i = 0; i < PART_DEPTH && path[i]; i++)
        part->path[i] = path[i];
}
#define PUT(b, value, ...) put((b), (value), (const char *const[]){__VA_ARGS__, NULL})

void shape_put_manifest(struct shape_builder *b, const char *key, const char *object,
                        const struct glm_value *manifest)
{
    PUT(b, manifest, objects_name, key, object, manifest_name);
    PUT(b, &glm_empty_map, objects_name, key, object, per_cluster_name);
}

void shape_put_entries(struct shape_builder *b, const char *key, const char *object,
                       const char *cluster, const struct glm_value *entries)
{
    PUT(b, entries, objects_name, key, object, per_cluster_name, cluster);
}

static void put_service(struct shape_builder *b, const char *service)
{
    PUT(b, &glm_empty_map, services_name, service, active_name);
    PUT(b, &glm_empty_map, services_name, service, manifests_name);
    PUT(b, &glm_empty_map, services_name, service, per_cluster_name);
    PUT(b, &glm_empty_map, addresses_name, service);
}

void shape_put_service_manifest(struct shape_builder *b, const char *service, const char *key,
                                const struct glm_value *manifest)
{
    put_service(b, service);
    PUT(b, manifest, services_name, service, manifests_name, key);
}

void shape_put_service_entries(struct shape_builder *b, const char *service, const char *cluster,
                               const struct glm_value *entries)
{
    if (glm_is_unknown(entries))
        PUT(b, entries, services_name, service, per_cluster_name);
    else if (pairs_in(entries) > 0)
        PUT(b, entries, services_name, service, per_cluster_name, cluster);
}

void shape_put_active(struct shape_builder *b, const char *service, const char *cluster,
                      const struct glm_value *key)
{
    PUT(b, key, services_name, service, active_name, cluster);
}

void shape_put_addresses(struct shape_builder *b, const char *service, const char *cluster,
                         const struct glm_value *addresses)
{
    if (!glm_is_null(addresses))
        PUT(b, addresses, addresses_name, service, cluster);
}

void shape_put_unknown_addresses(struct shape_builder *b, const char *service)
{
    PUT(b, &glm_unknown, addresses_name, service);
}

static void put_bare_service(struct shape_builder *b, const char *name,
                             const struct glm_value *service)
{
    const struct glm_value *manifests = glm_get(service, manifests_name),
                           *active = glm_get(service, active_name);
    put_service(b, name);
    for (size_t i = 0; i < pairs_in(manifests); i++)
        shape_put_service_manifest(b, name, manifests->as.map[i].key, manifests->as.map[i].value);
    for (size_t i = 0; i < pairs_in(active); i++)
        shape_put_active(b, name, active->as.map[i].key, &glm_null);
}

void shape_put_bare(struct shape_builder *b, const struct glm_value *attributes)
{
    const struct glm_value *all = objects_of(attributes), *services = services_of(attributes);
    for (size_t i = 0; i < pairs_in(all); i++) {
        const struct glm_pair *of = &all->as.map[i];
        PUT(b, &glm_empty_map, objects_name, of->key);
        for (size_t k = 0; k < pairs_in(of->value); k++)
            shape_put_manifest(b, of->key, of->value->as.map[k].key,
                               glm_get(of->value->as.map[k].value, manifest_name));
    }
    for (size_t i = 0; i < pairs_in(services); i++)
        put_bare_service(b, services->as.map[i].key, services->as.map[i].value);
}

void shape_put_as_shown(struct shape_builder *b, const struct glm_value *attributes,
                        const char *cluster, const struct shape_object *object)
{
    if (!object->service) {
        shape_put_entries(b, object->key, object->object, cluster, object->entries);
        return;
    }
    shape_put_active(b, object->object, cluster, shape_active(attributes, object->object, cluster));
    shape_put_service_entries(b, object->object, cluster, object->entries);
    shape_put_addresses(b, object->object, cluster,
                        shape_addresses(attributes, object->object, cluster));
}

void shape_put_unknown_objects(struct shape_builder *b, const char *key)
{
    if (key)
        PUT(b, &glm_unknown, objects_name, key);
    else
        PUT(b, &glm_unknown, objects_name);
}

void shape_put_unknown_services(struct shape_builder *b)
{
    PUT(b, &glm_unknown, services_name);
    PUT(b, &glm_unknown, addresses_name);
}

static int by_path(const void *a, const void *b)
{
    const struct shape_part *x = a, *y = b;
    for (size_t i = 0; i < PART_DEPTH; i++) {
        if (!x->path[i] || !y->path[i]) {
            if (x->path[i] || y->path[i])
                return x->path[i] ? 1 : -1;
            break;
        }
        int order = strcmp(x->path[i], y->path[i]);
        if (order)
            return order;
    }
    return x->order < y->order ? -1 : 1;
}

/* How many steps of this depth sorted parts have, that have those before it in common. */
static size_t steps_at(const struct shape_part *parts, size_t count, size_t depth)
{
    size_t steps = count > 0;
    for (size_t i = 1; i < count; i++)
        steps += strcmp(parts[i].path[depth], parts[i - 1].path[depth]) != 0;
    return steps;
}

/* The value of sorted parts that have the first depth steps in common. */
static const struct glm_value *folded(struct glm_arena *arena, const struct shape_part *parts,
                                      size_t count, size_t depth)
{
    struct glm_map_builder b;
    const struct glm_value *said = &glm_empty_map;
    size_t i = 0;
    for (; i < count && (depth == PART_DEPTH || !parts[i].path[depth]); i++)
        if (!glm_is_unknown(said)) /* what may be anything is not said better below */
            said = parts[i].value;
    if (i == count || glm_is_unknown(said))
        return said;
    glm_map_init(&b, arena);
    glm_map_reserve(&b, steps_at(parts + i, count - i, depth));
    while (i < count) {
        const char *key = parts[i].path[depth];
        size_t first = i;
        while (i < count && strcmp(parts[i].path[depth], key) == 0)
            i++;
        glm_map_append(&b, key, 0, 0, folded(arena, parts + first, i - first, depth + 1));
    }
    return glm_map_finish(&b, NULL);
}

const struct glm_value *shape_finish(struct shape_builder *b, const struct glm_value *attributes)
{
    static const char *const names[] = {objects_name, services_name, addresses_name};
    struct glm_map_builder all;
    if (b->len > 1)
        qsort(b->parts, b->len, sizeof *b->parts, by_path);
    const struct glm_value *is = folded(b->arena, b->parts, b->len, 0);
    glm_map_init_from(&all, b->arena, attributes);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const struct glm_value *v = glm_get(is, names[i]);
        glm_map_set(&all, names[i], glm_is_null(v) ? &glm_empty_map : v);
    }
    glm_arena_destroyp(b->scratch);
    *b->scratch = NULL;
    return glm_map_finish(&all, NULL);
}
