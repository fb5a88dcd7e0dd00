/* SPDX-License-Identifier: Apache-2.0
 *
 * Projection: a live object reduced to what is owned, so that what differs is drift.
 *
 * What:   of maps the owned keys; of lists the whole, since server-side apply owns the lists of an
 *         IstioOperator whole (its CRD has no schema); of a Service's ports the owned ones, and its
 *         selector whole (`x-kubernetes-map-type: atomic`). Where two values only differ in
 *         spelling, the owned one is returned.
 * Source: recordings of the Istio operator 1.22: when it adds its finalizer it writes the whole
 *         object back as its types have it: 64-bit numbers as texts, and without null, "", 0,
 *         false, empty lists and empty maps. What is free-form (values, meshConfig, the values of
 *         patches, tags) and `enabled` stays as it is.
 * Depth:  bounded by the depth of the values, which is bounded by the codecs.
 */
#include "internal.h"
#include "observed.h"

#include <string.h>

/* Who may have written a value in another way than we did. */
enum spelling {
    EXACT,    /* nobody */
    BUILT_IN, /* an API server with its own types: Service, Namespace */
    OPERATOR, /* the Istio operator with its own types: anywhere below the spec, */
    OBJECT,   /* the IstioOperator itself, */
    SPEC,     /* its spec, */
    PATCHES,  /* the patches of an overlay */
};

struct projection {
    struct glm_arena *arena;
    bool service;
};

/* ---- spelling ---- */

/* "", 0, false, null, {} and []: what is not there after types wrote it back. */
static bool is_zero(const struct glm_value *v)
{
    static const struct glm_value zero = {.kind = GLM_NUMBER, .len = 1, .as.text = "0"};
    switch (v->kind) {
    case GLM_NULL:
        return true;
    case GLM_BOOL:
        return !v->as.boolean;
    case GLM_NUMBER:
        return glm_number_equal(v, &zero);
    case GLM_STRING:
    case GLM_LIST:
    case GLM_MAP:
        return v->len == 0;
    case GLM_UNKNOWN:
    default:
        return false;
    }
}

static bool is_one_of(const char *key, const char *const *keys, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(keys[i], key) == 0)
            return true;
    return false;
}
#define IS_ONE_OF(key, keys) is_one_of((key), (keys), sizeof(keys) / sizeof *(keys))

/* Who writes what is at this key of a map, knowing who writes the map. */
static enum spelling below(enum spelling spelling, const char *key)
{
    static const char *const free_form[] = {"meshConfig", "tag", "unvalidatedValues", "values"};
    switch (spelling) {
    case OBJECT:
        return strcmp(key, "spec") == 0 ? SPEC : EXACT;
    case SPEC:
        return IS_ONE_OF(key, free_form) ? EXACT : OPERATOR;
    case PATCHES:
        return strcmp(key, "value") == 0 ? EXACT : OPERATOR;
    case OPERATOR:
        if (strcmp(key, "patches") == 0)
            return PATCHES;
        return strcmp(key, "tag") == 0 ? EXACT : OPERATOR;
    case EXACT:
    case BUILT_IN:
    default:
        return spelling;
    }
}

/* True when an owned value that the live object lacks is as good as there. */
static bool may_be_absent(const struct glm_pair *owned, enum spelling spelling)
{
    if (glm_is_null(owned->value))
        return true;
    spelling = below(spelling, owned->key);
    if (spelling == OPERATOR && strcmp(owned->key, "enabled") == 0)
        return false;
    return spelling != EXACT && spelling != SPEC && is_zero(owned->value);
}

/* Fields of a Service that an API server fills in where they are left open. */
static bool is_filled_in(const char *key, const struct glm_value *owned)
{
    static const char *const keys[] = {
        "clusterIP",
        "externalTrafficPolicy",
        "healthCheckNodePort",
        "internalTrafficPolicy",
        "nodePort",
        "protocol",
        "sessionAffinity",
        "targetPort",
        "type",
    };
    return IS_ONE_OF(key, keys) && is_zero(owned);
}

static bool same_scalar(const struct glm_value *live, const struct glm_value *owned,
                        enum spelling spelling)
{
    if (glm_equal(live, owned))
        return true;
    if ((spelling != OPERATOR && spelling != PATCHES) || owned->kind != GLM_NUMBER ||
        live->kind != GLM_STRING)
        return false;
    size_t sign = live->len && live->as.text[0] == '-';
    if (live->len == sign || live->len - sign > 19 ||
        strspn(live->as.text + sign, "0123456789") != live->len - sign)
        return false;
    struct glm_value number = {.kind = GLM_NUMBER, .len = live->len, .as.text = live->as.text};
    return glm_number_equal(&number, owned);
}

/* ---- lists: whole ---- */

static const struct glm_value *respell(struct projection *p, const struct glm_value *live,
                                       const struct glm_value *owned, enum spelling spelling,
                                       unsigned depth);

static const struct glm_value *respell_map(struct projection *p, const struct glm_value *live,
                                           const struct glm_value *owned, enum spelling spelling,
                                           unsigned depth)
{
    struct glm_map_builder b;
    glm_map_init_from(&b, p->arena, live);
    for (size_t i = 0; i < owned->len; i++) {
        const struct glm_pair *pair = &owned->as.map[i];
        const struct glm_pair *found = glm_get_pair(live, pair->key);
        if (found)
            glm_map_set(
                &b, pair->key,
                respell(p, found->value, pair->value, below(spelling, pair->key), depth + 1));
        else if (may_be_absent(pair, spelling))
            glm_map_set(&b, pair->key, pair->value);
    }
    return glm_map_finish(&b, NULL);
}

/* Everything of live, in the spelling of owned where that is all that differs. */
static const struct glm_value *respell(struct projection *p, const struct glm_value *live,
                                       const struct glm_value *owned, enum spelling spelling,
                                       unsigned depth)
{
    if (depth > GLM_VALUE_DEPTH)
        return live;
    if (glm_is_map(live) && glm_is_map(owned))
        return respell_map(p, live, owned, spelling, depth);
    if (!glm_is_list(live) || !glm_is_list(owned))
        return same_scalar(live, owned, spelling) ? owned : live;
    struct glm_list_builder b;
    glm_list_init(&b, p->arena);
    for (size_t i = 0; i < live->len; i++)
        glm_list_add(&b, i < owned->len
                             ? respell(p, glm_at(live, i), glm_at(owned, i), spelling, depth + 1)
                             : glm_at(live, i));
    return glm_list_finish(&b);
}

/* ---- maps: what is owned ---- */

static const struct glm_value *project(struct projection *p, const struct glm_value *live,
                                       const struct glm_value *owned, enum spelling spelling,
                                       unsigned depth);

/* What ports are told apart by, "443/TCP"; NULL: this one is no port. */
static const char *port_key(struct glm_arena *arena, const struct glm_value *port)
{
    const char *protocol = glm_string_or(glm_get(port, "protocol"), "");
    int64_t number;
    if (!glm_number_int64(glm_get(port, "port"), &number))
        return NULL;
    return glm_sprintf(arena, "%lld/%s", (long long)number, *protocol ? protocol : "TCP");
}

/* The ports of a list by their keys; NULL where one has none, or one that another has too. */
static const struct glm_value *by_port(struct glm_arena *arena, const struct glm_value *ports)
{
    const struct glm_pair *twice = NULL;
    struct glm_map_builder b;
    if (!glm_is_list(ports))
        return NULL;
    glm_map_init(&b, arena);
    for (size_t i = 0; i < ports->len; i++) {
        const char *key = port_key(arena, glm_at(ports, i));
        if (!key)
            return NULL;
        glm_map_append(&b, key, 0, 0, glm_at(ports, i));
    }
    const struct glm_value *map = glm_map_finish(&b, &twice);
    return twice ? NULL : map;
}

/* live: by its keys. */
static const struct glm_value *project_ports(struct projection *p, const struct glm_value *live,
                                             const struct glm_value *owned, unsigned depth)
{
    struct glm_list_builder b;
    glm_list_init(&b, p->arena);
    for (size_t i = 0; i < owned->len; i++) {
        const struct glm_pair *port = glm_get_pair(live, port_key(p->arena, glm_at(owned, i)));
        if (port)
            glm_list_add(&b, project(p, port->value, glm_at(owned, i), BUILT_IN, depth + 1));
    }
    return glm_list_finish(&b);
}

static const struct glm_value *project_pair(struct projection *p, const struct glm_value *live,
                                            const struct glm_pair *owned, enum spelling spelling,
                                            unsigned depth)
{
    if (glm_is_null(owned->value)) /* claims nothing */
        return owned->value;
    if (p->service && spelling == BUILT_IN && is_filled_in(owned->key, owned->value))
        return owned->value;
    if (p->service && depth == 2 && strcmp(owned->key, "ports") == 0) {
        const struct glm_value *ports = by_port(p->arena, live);
        if (ports && by_port(p->arena, owned->value))
            return project_ports(p, ports, owned->value, depth);
    }
    if (p->service && depth == 2 && strcmp(owned->key, "selector") == 0)
        return respell(p, live, owned->value, spelling,
                       depth); /* one more key turns traffic away */
    return project(p, live, owned->value, below(spelling, owned->key), depth);
}

static const struct glm_value *project_map(struct projection *p, const struct glm_value *live,
                                           const struct glm_value *owned, enum spelling spelling,
                                           unsigned depth)
{
    struct glm_map_builder b;
    glm_map_init(&b, p->arena);
    for (size_t i = 0; i < owned->len; i++) {
        const struct glm_pair *pair = &owned->as.map[i];
        const struct glm_pair *found = glm_get_pair(live, pair->key);
        if (found)
            glm_map_append(&b, pair->key, 0, 0,
                           project_pair(p, found->value, pair, spelling, depth + 1));
        else if (may_be_absent(pair, spelling))
            glm_map_append(&b, pair->key, 0, 0, pair->value);
    }
    return glm_map_finish(&b, NULL);
}

static const struct glm_value *project(struct projection *p, const struct glm_value *live,
                                       const struct glm_value *owned, enum spelling spelling,
                                       unsigned depth)
{
    if (depth > GLM_VALUE_DEPTH)
        return live;
    if (glm_is_map(live) && glm_is_map(owned))
        return project_map(p, live, owned, spelling, depth);
    return respell(p, live, owned, spelling, depth);
}

/* The values of metadata that are the API server's own, whoever wrote them. */
static bool is_servers_own(const char *key)
{
    static const char *const keys[] = {
        "creationTimestamp", "deletionGracePeriodSeconds",
        "deletionTimestamp", "finalizers",
        "generation",        "managedFields",
        "ownerReferences",   "resourceVersion",
        "selfLink",          "uid",
    };
    return IS_ONE_OF(key, keys);
}

static const struct glm_value *without_servers_own(struct glm_arena *arena,
                                                   const struct glm_value *owned)
{
    const struct glm_value *metadata = glm_get(owned, "metadata");
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    for (size_t i = 0; glm_is_map(metadata) && i < metadata->len; i++)
        if (!is_servers_own(metadata->as.map[i].key))
            glm_map_append(&b, metadata->as.map[i].key, 0, 0, metadata->as.map[i].value);
    if (glm_has(owned, "status"))
        owned = glm_without(arena, owned, "status");
    if (!glm_is_map(metadata) || b.len == metadata->len)
        return owned;
    return glm_with(arena, owned, "metadata", glm_map_finish(&b, NULL));
}

const struct glm_value *glm_project(struct glm_arena *arena, const struct glm_value *live,
                                    const struct glm_value *owned)
{
    const struct glm_value *kind = glm_get(owned, "kind");
    struct projection p = {.arena = arena, .service = glm_string_is(kind, "Service")};
    if (!glm_is_map(live) || !glm_is_map(owned))
        return live;
    return project_map(&p, live, without_servers_own(arena, owned),
                       glm_string_is(kind, "IstioOperator") ? OBJECT : BUILT_IN, 0);
}

/* ---- both shapes in one ---- */

static const struct glm_value *both(struct projection *p, const struct glm_value *a,
                                    const struct glm_value *b, unsigned depth);

/* NULL where the ports of a list cannot be told apart. */
static const struct glm_value *both_ports(struct projection *p, const struct glm_value *a,
                                          const struct glm_value *b, unsigned depth)
{
    const struct glm_value *of_a = by_port(p->arena, a), *of_b = by_port(p->arena, b);
    struct glm_list_builder ports;
    if (!of_a || !of_b)
        return NULL;
    glm_list_init(&ports, p->arena);
    for (size_t i = 0; i < a->len; i++) {
        const struct glm_pair *other = glm_get_pair(of_b, port_key(p->arena, glm_at(a, i)));
        glm_list_add(&ports, other ? both(p, glm_at(a, i), other->value, depth + 1) : glm_at(a, i));
    }
    for (size_t i = 0; i < b->len; i++)
        if (!glm_has(of_a, port_key(p->arena, glm_at(b, i))))
            glm_list_add(&ports, glm_at(b, i));
    return glm_list_finish(&ports);
}

static const struct glm_value *both(struct projection *p, const struct glm_value *a,
                                    const struct glm_value *b, unsigned depth)
{
    if (glm_is_null(a) || depth > GLM_VALUE_DEPTH)
        return glm_is_null(a) ? b : a;
    if (!glm_is_map(a) || !glm_is_map(b))
        return a;
    struct glm_map_builder map;
    glm_map_init_from(&map, p->arena, a);
    for (size_t i = 0; i < b->len; i++) {
        const struct glm_pair *pair = &b->as.map[i];
        const struct glm_value *mine = glm_get(a, pair->key);
        const struct glm_value *ports = NULL;
        if (p->service && depth == 1 && strcmp(pair->key, "ports") == 0)
            ports = both_ports(p, mine, pair->value, depth);
        glm_map_set(&map, pair->key, ports ? ports : both(p, mine, pair->value, depth + 1));
    }
    return glm_map_finish(&map, NULL);
}

const struct glm_value *glm_owned_union(struct glm_arena *arena, const struct glm_value *a,
                                        const struct glm_value *b)
{
    struct projection p = {
        .arena = arena,
        .service = glm_string_is(glm_get(glm_is_map(a) ? a : b, "kind"), "Service"),
    };
    return both(&p, a, b, 0);
}
