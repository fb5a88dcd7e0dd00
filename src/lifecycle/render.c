/* SPDX-License-Identifier: Apache-2.0
 *
 * The objects of a seat: what the installer makes of the pairs that are written there, with the labels of
 * their owner. Pure.
 */
#include "lifecycle_internal.h"
#include "maker.h"

#include "glm/difference.h"

#include <string.h>

struct rendering {
    const struct glm_estate *estate;
    const struct wanted *wanted;
    bool traits; /* of what was before nobody asks for them */
    bool whole;  /* it is to be written: nothing may be unknown */
    bool check;  /* by the installer's own rules too, */
    bool warn;   /* ... with their warnings */
};

/* What is common to it and those of other clusters, and what is its own. */
static void set_own(struct glm_arena *arena, const struct rendering *how,
                    const struct glm_installer *installer, const struct wanted_pair *pair,
                    const struct glm_installer_object *from, struct wanted_object *o)
{
    size_t nth = 0;
    for (const struct wanted_object *other = pair->objects; other < o; other++)
        nth += other->role == o->role && other->ref.kind == o->ref.kind;
    o->common = common_of(arena, how->wanted, pair, installer, from, nth);
    o->own = glm_differences(arena, o->common->bare, from->object, NULL);
}

/* One object with its owner's labels, as the pair's list has it. */
static void own_object(struct glm_arena *arena, const struct rendering *how,
                       const struct glm_installer *installer, const struct wanted_pair *pair,
                       const struct glm_installer_object *from, struct wanted_object *o)
{
    const struct glm_manager *m = how->wanted->manager;
    bool known = glm_is_wholly_known(from->object);
    *o = (struct wanted_object){.ref = {.kind = from->ref.kind},
                                .role = from->role,
                                .cluster = pair->cluster,
                                .main = from->main,
                                .view = from->view};
    if (known || from->role == GLM_ROLE_TRAFFIC)
        o->ref = from->ref;
    if (o->ref.name)
        o->key = record_ref_text(arena, &o->ref);
    if (how->wanted->commons && o->role != GLM_ROLE_NAMESPACE)
        set_own(arena, how, installer, pair, from, o);
    if (!known || o->role == GLM_ROLE_NAMESPACE)
        return;
    o->bare = from->object;
    if (m->name && m->namespace_)
        o->object = glm_own(arena, o->bare, m->name, m->namespace_, pair->cluster,
                            pair->installation ? pair->installation->revision : NULL,
                            o->view ? pair->view : NULL);
}

/* The text from which an import rebuilds the pair, where one of its objects is to carry it. */
static bool make_views(struct glm_arena *arena, const struct rendering *how,
                       const struct glm_installer_rendering *r, struct wanted_pair *const *pairs,
                       struct glm_diags *d)
{
    bool ok = true;
    for (size_t i = 0; i < r->count; i++) {
        const struct glm_installer_object *o = &r->objects[i];
        struct wanted_pair *pair = o->view && o->pair != GLM_PAIR_ALL ? pairs[o->pair] : NULL;
        if (pair && !pair->view && glm_is_wholly_known(o->object))
            ok = glm_view_text(arena, how->wanted->manager, pair->installation, pair->placement,
                               &pair->view, d) &&
                 ok;
    }
    return ok;
}

/* The pair that an object is for, or what is for all of them. */
static struct wanted_pair *pair_of(const struct glm_installer_object *o,
                                   struct wanted_pair *const *pairs, struct wanted_seat *seat)
{
    return o->pair == GLM_PAIR_ALL ? &seat->shared : pairs[o->pair];
}

static void make_room(struct glm_arena *arena, struct wanted_pair *pair)
{
    pair->objects = GLM_NEW_ARRAY(arena, pair->object_count, struct wanted_object);
    pair->object_count = 0;
}

/* What is for all of them, beside what another installer has made of it. */
static void make_room_shared(struct glm_arena *arena, const struct glm_installer_rendering *r,
                             struct wanted_pair *shared)
{
    size_t more = 0;
    for (size_t i = 0; i < r->count; i++)
        more += r->objects[i].pair == GLM_PAIR_ALL;
    struct wanted_object *all =
        GLM_NEW_ARRAY(arena, shared->object_count + more, struct wanted_object);
    for (size_t i = 0; i < shared->object_count; i++)
        all[i] = shared->objects[i];
    shared->objects = all;
}

/* Every object to its pair, in the order of writing. */
static void deal_objects(struct glm_arena *arena, const struct rendering *how,
                         const struct glm_installer *installer,
                         const struct glm_installer_rendering *r, struct wanted_pair *const *pairs,
                         size_t count, struct wanted_seat *seat)
{
    for (size_t i = 0; i < count; i++)
        pairs[i]->object_count = 0;
    for (size_t i = 0; i < r->count; i++)
        if (r->objects[i].pair != GLM_PAIR_ALL)
            pairs[r->objects[i].pair]->object_count++;
    make_room_shared(arena, r, &seat->shared);
    for (size_t i = 0; i < count; i++) {
        make_room(arena, pairs[i]);
        pairs[i]->shared = &seat->shared;
    }
    for (int role = 0; role < GLM_ROLES; role++)
        for (size_t i = 0; i < r->count; i++) {
            const struct glm_installer_object *o = &r->objects[i];
            if ((int)o->role != role)
                continue;
            struct wanted_pair *pair = pair_of(o, pairs, seat);
            own_object(arena, how, installer, pair, o, &pair->objects[pair->object_count++]);
        }
}

/* What its installer notes of the first object that stands for it. */
static void note_traits(const struct glm_installer_call *call, struct wanted_pair *pair)
{
    for (size_t i = 0; i < pair->object_count; i++)
        if (pair->objects[i].main) {
            if (pair->objects[i].bare)
                pair->traits = seam_traits(call, pair->objects[i].bare);
            return;
        }
}

static bool no_installer(const struct glm_estate *estate, struct glm_arena *arena,
                         const struct wanted_seat *seat, struct glm_diags *d)
{
    return glm_error(d, GLM_AT_ATTR(NULL, "installations"), "There is no such installer",
                     "Cluster \"%s\" is to be installed into by \"%s\", and the installers that "
                     "there are: %s. Correct `installer` in the provider's configuration.",
                     seat->name, seat->config->installer,
                     glm_installer_names(arena, estate->installers));
}

/* The pairs of one installer. */
static bool render_pairs(struct glm_arena *arena, const struct rendering *how,
                         const struct glm_installer *installer,
                         const struct glm_installer_pair *asked, struct wanted_pair *const *pairs,
                         size_t count, struct wanted_seat *ret, struct glm_diags *d)
{
    struct glm_installer_call call = seam_call(arena, how->estate, installer, ret->name);
    struct glm_installer_rendering r = {0};
    call.manager = how->wanted->manager;
    if ((how->check && !seam_check(&call, asked, count, how->warn, d)) ||
        !seam_render(&call, asked, count, how->whole, &r, d) ||
        !make_views(arena, how, &r, pairs, d))
        return false;
    deal_objects(arena, how, installer, &r, pairs, count, ret);
    for (size_t i = 0; i < count; i++) {
        pairs[i]->traffic_known = r.pairs[i].traffic_known;
        if (how->traits)
            note_traits(&call, pairs[i]);
    }
    return true;
}

static const struct glm_installer *maker_in(const struct wanted_seat *seat, size_t index)
{
    const struct wanted_pair *pair = &seat->pairs[index];
    return pair->maker ? pair->maker : seat->installer;
}

/* True when a pair before this one has its installer. */
static bool was_asked(const struct wanted_seat *seat, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (maker_in(seat, i) == maker_in(seat, index))
            return true;
    return false;
}

/* Pairs whose revisions are not known have no objects. */
static bool render(struct glm_arena *arena, const struct rendering *how,
                   const struct wanted_seat *of, struct wanted_seat *ret, struct glm_diags *d)
{
    struct glm_installer_pair *asked =
        GLM_NEW_ARRAY(arena, of->pair_count, struct glm_installer_pair);
    struct wanted_pair **pairs = GLM_NEW_ARRAY(arena, of->pair_count, struct wanted_pair *);
    *ret = *of;
    ret->shared = (struct wanted_pair){.cluster = of->name};
    ret->pairs = GLM_NEW_ARRAY(arena, of->pair_count, struct wanted_pair);
    for (size_t i = 0; i < of->pair_count; i++) {
        ret->pairs[i] = of->pairs[i];
        ret->pairs[i].shared = &ret->shared;
    }
    for (size_t first = 0; first < of->pair_count; first++) {
        const struct glm_installer *installer = maker_in(of, first);
        size_t count = 0;
        for (size_t i = first; !was_asked(of, first) && i < of->pair_count; i++) {
            struct wanted_pair *pair = &ret->pairs[i];
            if (maker_in(of, i) != installer || !pair->installation->revision ||
                !pair->installation->control_plane)
                continue;
            pairs[count] = pair;
            asked[count++] = (struct glm_installer_pair){.cluster = pair->cluster,
                                                         .key = pair->key,
                                                         .installation = pair->installation,
                                                         .placement = pair->placement};
        }
        if (count > 0 && !installer)
            return no_installer(how->estate, arena, of, d);
        if (count > 0 && !render_pairs(arena, how, installer, asked, pairs, count, ret, d))
            return false;
    }
    return true;
}

bool wanted_render(struct glm_arena *arena, const struct glm_estate *estate,
                   const struct wanted *wanted, const struct wanted_seat *of,
                   struct wanted_seat **ret_seat, struct glm_diags *d)
{
    const struct rendering how = {
        .estate = estate, .wanted = wanted, .traits = true, .whole = true};
    struct wanted_seat *c = GLM_NEW(arena, struct wanted_seat);
    if (!render(arena, &how, of, c, d))
        return false;
    *ret_seat = c;
    return true;
}

/* ---- what a plan needs of it ---- */

/* same: a text that stays, and is most often the same. */
static const char *keep_text(struct glm_arena *arena, const char *text, const char *same)
{
    if (text && same && strcmp(text, same) == 0)
        return same;
    return text ? glm_strdup(arena, text) : NULL;
}

/* "ns/name" in the name that attributes have for it; NULL while that is unknown. */
static const char *ref_in(const struct wanted_common *c)
{
    const char *kind = c->text && c->role != GLM_ROLE_TRAFFIC ? strchr(c->text, ' ') : NULL;
    return kind ? kind + 1 : c->text;
}

/* last: what was own before, which is the same in most pairs of a cluster. */
static void keep_object(struct glm_arena *arena, struct wanted_object *o,
                        const struct glm_value **last)
{
    static const struct wanted_common none;
    o->common = common_kept(arena, o->common);
    const struct wanted_common *c = o->common ? o->common : &none;
    o->ref.namespace_ = keep_text(arena, o->ref.namespace_, c->ref.namespace_);
    o->ref.name = keep_text(arena, o->ref.name, c->ref.name);
    o->key = keep_text(arena, o->key, ref_in(c));
    o->object = NULL;
    o->bare = NULL;
    if (o->own && !glm_equal(o->own, *last))
        *last = glm_copy(arena, o->own);
    if (o->own)
        o->own = *last;
}

static void keep_own(struct glm_arena *arena, struct wanted_pair *pair,
                     const struct glm_value **last)
{
    const struct wanted_object *all = pair->objects;
    size_t count = 0, namespaces = 0;
    for (size_t i = 0; i < pair->object_count; i++)
        namespaces += all[i].role == GLM_ROLE_NAMESPACE;
    pair->view = NULL;
    pair->objects = GLM_NEW_ARRAY(arena, pair->object_count - namespaces, struct wanted_object);
    for (size_t i = 0; i < pair->object_count; i++) {
        if (all[i].role == GLM_ROLE_NAMESPACE)
            continue;
        struct wanted_object *o = &pair->objects[count++];
        *o = all[i];
        keep_object(arena, o, last);
    }
    pair->object_count = count;
}

/* What is own, and whose it is, out of the scratch memory of a rendering. */
static void keep_seat(struct glm_arena *arena, const struct wanted_seat *rendered,
                      struct wanted_seat *seat)
{
    const struct glm_value *last = &glm_null;
    seat->shared = rendered->shared;
    keep_own(arena, &seat->shared, &last);
    for (size_t i = 0; i < seat->pair_count; i++) {
        seat->pairs[i] = rendered->pairs[i];
        keep_own(arena, &seat->pairs[i], &last);
        seat->pairs[i].shared = &seat->shared;
    }
}

bool wanted_build(struct glm_arena *arena, const struct glm_estate *estate,
                  const struct glm_value *attributes, bool warn, struct wanted **ret_wanted,
                  struct glm_diags *d)
{
    struct wanted *wanted;
    if (!wanted_read(arena, estate, attributes, warn, &wanted, d))
        return false;
    const struct rendering how = {
        .estate = estate, .wanted = wanted, .traits = true, .check = true, .warn = warn};
    struct glm_diags of_nobody;
    glm_diags_init(&of_nobody, arena);
    bool ok = true, common = common_build(arena, estate, wanted, &of_nobody);
    for (size_t i = 0; i < wanted->seat_count; i++) {
        struct glm_arena *GLM_AUTO_ARENA scratch = glm_arena_create(GLM_ARENA_RPC_LIMIT);
        struct wanted_seat rendered;
        ok = render(scratch, &how, &wanted->seats[i], &rendered, d) && ok;
        keep_seat(arena, &rendered, &wanted->seats[i]);
    }
    if (ok && !common) /* else each cluster has said it, at its own attribute */
        glm_diags_append(d, NULL, &of_nobody);
    if (ok && common)
        *ret_wanted = wanted;
    return ok && common;
}

/* ---- what was before ---- */

/* Each pair is of the installer that has made it. */
static void set_makers(struct glm_arena *arena, const struct glm_estate *estate,
                       const struct glm_value *prior, const struct glm_value *record,
                       struct wanted *before)
{
    for (size_t i = 0; i < before->seat_count; i++) {
        const struct wanted_seat *seat = &before->seats[i];
        struct maker_asked asked = {
            .seat = seat, .seat_record = record_cluster(arena, record, prior, seat->name)};
        for (size_t k = 0; k < seat->pair_count; k++) {
            struct wanted_pair *pair = &seat->pairs[k];
            asked.cluster = pair->cluster;
            asked.key = pair->key;
            asked.record = strcmp(pair->cluster, seat->name) == 0
                               ? asked.seat_record
                               : record_cluster(arena, record, prior, pair->cluster);
            if (pair->key)
                pair->maker = maker_of_pair(arena, estate, &asked);
        }
    }
}

const struct wanted *wanted_before(struct glm_arena *arena, const struct glm_estate *estate,
                                   const struct glm_value *prior, const struct glm_value *record)
{
    struct glm_diags ignored;
    struct wanted *before = NULL;
    glm_diags_init(&ignored, arena);
    if (!glm_is_map(prior) || !wanted_read(arena, estate, prior, false, &before, &ignored))
        return NULL;
    set_makers(arena, estate, prior, record, before);
    common_build(arena, estate, before, &ignored);
    return before;
}

const struct wanted_seat *wanted_render_before(struct glm_arena *arena,
                                               const struct glm_estate *estate,
                                               const struct wanted *before, const char *seat)
{
    const struct wanted_seat *of = before ? wanted_seat_find(before, seat) : NULL;
    if (!of)
        return NULL;
    const struct rendering how = {.estate = estate, .wanted = before};
    struct glm_diags ignored;
    glm_diags_init(&ignored, arena);
    struct wanted_seat *c = GLM_NEW(arena, struct wanted_seat);
    return render(arena, &how, of, c, &ignored) ? c : NULL;
}
