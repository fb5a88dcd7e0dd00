/* SPDX-License-Identifier: Apache-2.0
 *
 * Projection: a live object reduced to what is owned, so that what differs is drift.
 *
 * What:   of maps the owned keys; of lists the whole, since server-side apply owns the lists of an
 *         IstioOperator whole (its CRD has no schema); of built-in kinds the elements that are owned where
 *         server-side apply knows them apart (containers, ports, variables), and what it takes for one
 *         value (a selector) whole. Where two values only differ in spelling, the owned one is
 *         returned.
 * Source: recordings of the Istio operator 1.22: when it adds its finalizer it writes the whole
 *         object back as its types have it: 64-bit numbers as texts, and without null, "", 0,
 *         false, empty lists and empty maps. What is free-form (values, meshConfig, the values of
 *         patches, tags) and `enabled` stays as it is.
 * Depth:  bounded by the depth of the values, which is bounded by the codecs.
 */
#include "built_in.h"
#include "glm/look.h"
#include "glm/observe.h"
#include "internal.h"

#include <string.h>

/* Who may have written a value in another way than we did. */
enum spelling {
    EXACT,    /* nobody */
    BUILT_IN, /* an API server with its own types: Service, Deployment */
    OPERATOR, /* the Istio operator with its own types: anywhere below the spec, */
    OBJECT,   /* the IstioOperator itself, */
    SPEC,     /* its spec, */
    PATCHES,  /* the patches of an overlay */
};

struct projection {
    struct glm_arena *arena;
    bool service, built_in;
};

/* Where a value is: its field, or that of the list that it is an element of, and the field around that. */
struct place {
    const char *parent, *key;
    unsigned depth;
};

static const struct place *within(struct place *place, const struct place *at, const char *key)
{
    *place = (struct place){.parent = at->key, .key = key, .depth = at->depth + 1};
    return place;
}

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

/* Who writes what is at this key of a map, knowing who writes the map. */
static enum spelling below(enum spelling spelling, const char *key)
{
    static const char *const free_form[] = {"meshConfig", "tag", "unvalidatedValues", "values"};
    switch (spelling) {
    case OBJECT:
        return strcmp(key, "spec") == 0 ? SPEC : EXACT;
    case SPEC:
        return MESH_IS_ONE_OF(key, free_form) ? EXACT : OPERATOR;
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
    return MESH_IS_ONE_OF(key, keys) && is_zero(owned);
}

static bool same_scalar(const struct glm_value *live, const struct glm_value *owned,
                        enum spelling spelling, const struct place *at)
{
    if (glm_equal(live, owned))
        return true;
    if (spelling == BUILT_IN)
        return mesh_built_in_same_quantity(at->parent, at->key, live, owned);
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
                                       const struct place *at);

/* What was not said and is filled in. */
static bool is_filled(const struct glm_pair *live, const struct glm_value *owned,
                      enum spelling spelling)
{
    return spelling == BUILT_IN && !glm_has(owned, live->key) &&
           mesh_built_in_is_default(live->key, live->value);
}

static const struct glm_value *respell_map(struct projection *p, const struct glm_value *live,
                                           const struct glm_value *owned, enum spelling spelling,
                                           const struct place *at)
{
    struct glm_map_builder b;
    struct place place;
    glm_map_init(&b, p->arena);
    for (size_t i = 0; i < live->len; i++) {
        const struct glm_pair *pair = &live->as.map[i];
        const struct glm_pair *mine = glm_get_pair(owned, pair->key);
        if (mine)
            glm_map_set(&b, pair->key,
                        respell(p, pair->value, mine->value, below(spelling, pair->key),
                                within(&place, at, pair->key)));
        else if (!is_filled(pair, owned, spelling))
            glm_map_set(&b, pair->key, pair->value);
    }
    for (size_t i = 0; i < owned->len; i++) {
        const struct glm_pair *pair = &owned->as.map[i];
        if (!glm_has(live, pair->key) && may_be_absent(pair, spelling))
            glm_map_set(&b, pair->key, pair->value);
    }
    return glm_map_finish(&b, NULL);
}

/* Everything of live, in the spelling of owned where that is all that differs. */
static const struct glm_value *respell(struct projection *p, const struct glm_value *live,
                                       const struct glm_value *owned, enum spelling spelling,
                                       const struct place *at)
{
    struct place place;
    if (at->depth > GLM_VALUE_DEPTH)
        return live;
    if (glm_is_map(live) && glm_is_map(owned))
        return respell_map(p, live, owned, spelling, at);
    if (!glm_is_list(live) || !glm_is_list(owned))
        return same_scalar(live, owned, spelling, at) ? owned : live;
    struct glm_list_builder b;
    glm_list_init(&b, p->arena);
    for (size_t i = 0; i < live->len; i++)
        glm_list_add(&b, i < owned->len ? respell(p, glm_at(live, i), glm_at(owned, i), spelling,
                                                  within(&place, at, at->key))
                                        : glm_at(live, i));
    return glm_list_finish(&b);
}

/* ---- maps: what is owned ---- */

static const struct glm_value *project(struct projection *p, const struct glm_value *live,
                                       const struct glm_value *owned, enum spelling spelling,
                                       const struct place *at);

/* Those of live's elements that are owned, and what those that are not there have become, in the order of owned;
 * where the order says something, in that of live. NULL where they cannot be told apart. */
static const struct glm_value *project_elements(struct projection *p, const struct glm_value *live,
                                                const struct glm_value *owned,
                                                const struct place *at)
{
    const struct glm_value *mine = mesh_built_in_elements(p->arena, at->key, owned);
    const struct glm_value *theirs = mesh_built_in_elements(p->arena, at->key, live);
    const struct glm_value *order = mesh_built_in_is_ordered(at->key) ? live : owned;
    struct glm_list_builder b;
    struct place place;
    if (!mine || !theirs)
        return NULL;
    glm_list_init(&b, p->arena);
    for (size_t i = 0; i < order->len; i++) {
        const char *key = mesh_built_in_key(p->arena, at->key, glm_at(order, i));
        const struct glm_pair *found = glm_get_pair(theirs, key), *wanted = glm_get_pair(mine, key);
        const struct glm_value *is = found ? found->value : &glm_null;
        if (wanted && !found)
            is = mesh_built_in_renumbered(p->arena, at->key, mine, live, wanted->value);
        if (wanted && !glm_is_null(is))
            glm_list_add(&b, project(p, is, wanted->value, BUILT_IN, within(&place, at, at->key)));
    }
    return glm_list_finish(&b);
}

static const struct glm_value *project_pair(struct projection *p, const struct glm_value *live,
                                            const struct glm_pair *owned, enum spelling spelling,
                                            const struct place *at)
{
    if (glm_is_null(owned->value)) /* claims nothing */
        return owned->value;
    if (p->service && spelling == BUILT_IN && is_filled_in(owned->key, owned->value))
        return owned->value;
    if (spelling == BUILT_IN && glm_is_list(live)) {
        const struct glm_value *elements = project_elements(p, live, owned->value, at);
        if (elements)
            return elements;
    }
    if (spelling == BUILT_IN && mesh_built_in_is_whole(owned->key))
        return respell(p, live, owned->value, spelling, at); /* a key more is another value */
    return project(p, live, owned->value, below(spelling, owned->key), at);
}

static const struct glm_value *project_map(struct projection *p, const struct glm_value *live,
                                           const struct glm_value *owned, enum spelling spelling,
                                           const struct place *at)
{
    struct glm_map_builder b;
    struct place place;
    glm_map_init(&b, p->arena);
    for (size_t i = 0; i < owned->len; i++) {
        const struct glm_pair *pair = &owned->as.map[i];
        const struct glm_pair *found = glm_get_pair(live, pair->key);
        if (found)
            glm_map_append(
                &b, pair->key, 0, 0,
                project_pair(p, found->value, pair, spelling, within(&place, at, pair->key)));
        else if (may_be_absent(pair, spelling))
            glm_map_append(&b, pair->key, 0, 0, pair->value);
    }
    return glm_map_finish(&b, NULL);
}

static const struct glm_value *project(struct projection *p, const struct glm_value *live,
                                       const struct glm_value *owned, enum spelling spelling,
                                       const struct place *at)
{
    if (at->depth > GLM_VALUE_DEPTH)
        return live;
    if (glm_is_map(live) && glm_is_map(owned))
        return project_map(p, live, owned, spelling, at);
    return respell(p, live, owned, spelling, at);
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
    return MESH_IS_ONE_OF(key, keys);
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
                       glm_string_is(kind, "IstioOperator") ? OBJECT : BUILT_IN,
                       &(const struct place){.parent = "", .key = ""});
}

/* ---- both shapes in one ---- */

static const struct glm_value *both(struct projection *p, const struct glm_value *a,
                                    const struct glm_value *b, const char *key, unsigned depth);

/* NULL where the elements cannot be told apart. */
static const struct glm_value *both_elements(struct projection *p, const struct glm_value *a,
                                             const struct glm_value *b, const char *key,
                                             unsigned depth)
{
    const struct glm_value *of_a = mesh_built_in_elements(p->arena, key, a);
    const struct glm_value *of_b = mesh_built_in_elements(p->arena, key, b);
    struct glm_list_builder all;
    if (!of_a || !of_b)
        return NULL;
    glm_list_init(&all, p->arena);
    for (size_t i = 0; i < a->len; i++) {
        const char *which = mesh_built_in_key(p->arena, key, glm_at(a, i));
        const struct glm_pair *other = glm_get_pair(of_b, which);
        glm_list_add(&all,
                     other ? both(p, glm_at(a, i), other->value, key, depth + 1) : glm_at(a, i));
    }
    for (size_t i = 0; i < b->len; i++)
        if (!glm_has(of_a, mesh_built_in_key(p->arena, key, glm_at(b, i))))
            glm_list_add(&all, glm_at(b, i));
    return glm_list_finish(&all);
}

static const struct glm_value *both(struct projection *p, const struct glm_value *a,
                                    const struct glm_value *b, const char *key, unsigned depth)
{
    if (glm_is_null(a) || depth > GLM_VALUE_DEPTH)
        return glm_is_null(a) ? b : a;
    if (p->built_in && glm_is_list(a) && glm_is_list(b)) {
        const struct glm_value *elements = both_elements(p, a, b, key, depth);
        return elements ? elements : a;
    }
    if (!glm_is_map(a) || !glm_is_map(b))
        return a;
    struct glm_map_builder map;
    glm_map_init_from(&map, p->arena, a);
    for (size_t i = 0; i < b->len; i++) {
        const struct glm_pair *pair = &b->as.map[i];
        glm_map_set(&map, pair->key,
                    both(p, glm_get(a, pair->key), pair->value, pair->key, depth + 1));
    }
    return glm_map_finish(&map, NULL);
}

const struct glm_value *glm_owned_union(struct glm_arena *arena, const struct glm_value *a,
                                        const struct glm_value *b)
{
    struct projection p = {
        .arena = arena,
        .built_in = !glm_string_is(glm_get(glm_is_map(a) ? a : b, "kind"), "IstioOperator"),
    };
    return both(&p, a, b, "", 0);
}
