/* SPDX-License-Identifier: Apache-2.0
 *
 * Guard: the look before the first write. A create takes over nothing, not even our own objects;
 * an update overwrites what the state or the owner labels say is ours, and nothing else.
 */
#include "parts.h"

#include "glm/shown.h"

#include <string.h>

/* So many objects are looked up in a list as it is. */
#define LOOKUPS_BEFORE_INDEX 4

enum glm_owner guard_owner(const struct work *work, struct glm_arena *arena,
                           const struct glm_value *object, const char **ret_owner)
{
    const char *cluster =
        glm_string_or(glm_get_path(object, "metadata", "labels", GLM_LABEL_CLUSTER, NULL), "");
    return glm_owner_of(arena, object, work->name, work->namespace_,
                        glm_has(work->members, cluster) ? cluster : work->cluster_name, ret_owner);
}

/* What of somebody else's no setting takes over. */
static const char *never_ours(const struct work *work, struct glm_arena *arena,
                              const struct glm_read *look)
{
    const struct glm_installer_call call = work_call(work, arena, NULL);
    return look->found == GLM_FOUND &&
                   guard_owner(work, arena, look->object, NULL) == GLM_OWNER_FOREIGN
               ? seam_refuses(&call, look->object)
               : NULL;
}

const char *guard_in_the_way(struct work *work, struct glm_arena *arena,
                             const struct glm_object_ref *ref, const struct glm_read *look)
{
    if (look->found == GLM_FOUND_NOTHING || look->found == GLM_FOUND_NO_API)
        return NULL;
    bool recorded = !work->creating && record_has(arena, work->record, ref);
    if (look->found == GLM_FOUND_UNREADABLE)
        return recorded ? NULL
                        : glm_sprintf(arena, "what is there is not that object (%s)", look->why);
    const char *owner = NULL;
    enum glm_owner whose = guard_owner(work, arena, look->object, &owner);
    const char *never = recorded ? NULL : never_ours(work, arena, look);
    if (never || work->adopt)
        return never;
    if (whose == GLM_OWNER_OTHER_RESOURCE)
        return glm_sprintf(arena, "it belongs to the gateway lifecycle manager %s",
                           owner ? glm_shown(arena, owner) : "of somebody else");
    if (!work->creating &&
        (recorded || whose == GLM_OWNER_US || hands_inherits(work, arena, ref, look)))
        return NULL;
    return whose == GLM_OWNER_US ? "it was made for this resource before"
                                 : "it was not made by this provider";
}

/* The listing of a kind in this look, one that is not remembered from before where fresh asks for it.
 * NULL: the cluster cannot be asked. */
static struct guard_listing *listing_of(struct work *work, struct glm_arena *arena,
                                        const struct glm_object_kind *kind, bool fresh,
                                        struct glm_diags *errors)
{
    const struct glm_selection selection = {.fresh = fresh};
    for (struct guard_listing *l = work->listings; l; l = l->next)
        if (l->kind == kind && (l->fresh || !fresh))
            return l;
    struct guard_listing *listing = GLM_NEW(arena, struct guard_listing);
    *listing = (struct guard_listing){.kind = kind, .fresh = fresh, .next = work->listings};
    if (!glm_cluster_list(work->cluster, arena, kind, &selection, &listing->list, &listing->served,
                          errors))
        return NULL;
    work->listings = listing;
    return listing;
}

bool guard_list(struct work *work, struct glm_arena *arena, const struct glm_object_kind *kind,
                bool fresh, const struct glm_value **ret_list, bool *ret_served,
                struct glm_diags *errors)
{
    const struct guard_listing *listing = listing_of(work, arena, kind, fresh, errors);
    if (!listing)
        return false;
    *ret_list = listing->list;
    if (ret_served)
        *ret_served = listing->served;
    return true;
}

static void make_index(struct guard_listing *listing, struct glm_arena *arena)
{
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    for (size_t i = 0; i < listing->list->len; i++) {
        struct glm_object_ref ref;
        if (glm_object_ref_as(listing->list->as.list[i], listing->kind, &ref))
            glm_map_append(&b, record_ref_text(arena, &ref), 0, 0, listing->list->as.list[i]);
    }
    listing->index = glm_map_finish(&b, NULL);
}

/* The object of this reference; NULL: it is not listed. One or two are found by going through all. */
static const struct glm_value *find_listed(struct guard_listing *listing, struct glm_arena *arena,
                                           const struct glm_object_ref *ref)
{
    if (++listing->lookups > LOOKUPS_BEFORE_INDEX && !listing->index)
        make_index(listing, arena);
    if (listing->index) {
        const struct glm_value *object = glm_get(listing->index, record_ref_text(arena, ref));
        return glm_object_is(object, ref) ? object : NULL;
    }
    for (size_t i = 0; i < listing->list->len; i++)
        if (glm_object_is(listing->list->as.list[i], ref))
            return listing->list->as.list[i];
    return NULL;
}

/* True when a list tells whether the object is there. One of only some says nothing of others: what is in the
 * way then is found by the rehearsal, unless it is to be taken over. */
static bool is_listed(const struct work *work, const struct pair_work *p,
                      const struct glm_object_ref *ref)
{
    if (work->cluster->ops->files || !ref->kind->many)
        return false;
    return !ref->kind->label ||
           (work->installer->rehearse && !work->adopt && !p->from && !p->imported);
}

/* What a list says of an object, NULL: that it does not have it. */
static void tell_listed(struct work *work, const struct guard_listing *listing,
                        const struct glm_value *object, struct glm_read *look)
{
    *look = (struct glm_read){.found = object ? GLM_FOUND : GLM_FOUND_NOTHING, .object = object};
    if (listing->served)
        return;
    look->found = GLM_FOUND_NO_API;
    look->why = glm_sprintf(work->kept, "the cluster does not serve %ss", listing->kind->name);
}

static bool look_afresh(struct work *work, struct glm_arena *arena,
                        const struct glm_object_ref *ref, struct glm_read *look,
                        struct glm_diags *errors)
{
    struct guard_listing *listing = listing_of(work, arena, ref->kind, true, errors);
    if (listing)
        tell_listed(work, listing, find_listed(listing, arena, ref), look);
    return listing != NULL;
}

bool guard_look_afresh(struct work *work, struct glm_arena *arena, const struct pair_work *p,
                       const struct glm_object_ref *ref, struct glm_read *look,
                       struct glm_diags *errors)
{
    return !is_listed(work, p, ref) || record_has(arena, work->record, ref) ||
           look_afresh(work, arena, ref, look, errors);
}

/* What many read, of an API server, is looked up in the list of all, which other looks share; what is
 * to be created in one that is not older than this look. But where that is rehearsed, which tells better than
 * any list that it is not there, a list only has to say that it is. */
static bool look_up(struct work *work, struct glm_arena *arena, const struct pair_work *p,
                    const struct glm_object_ref *ref, struct glm_read *look,
                    struct glm_diags *errors)
{
    if (!is_listed(work, p, ref))
        return work->cluster->ops->read(work->cluster, arena, ref, look, errors);
    bool recorded = record_has(arena, work->record, ref);
    bool fresh = !recorded && !work->installer->rehearse;
    struct guard_listing *listing = listing_of(work, arena, ref->kind, fresh, errors);
    if (!listing)
        return false;
    const struct glm_value *object = find_listed(listing, arena, ref);
    if (object && !recorded && !fresh)
        return look_afresh(work, arena, ref, look, errors);
    if (!object && recorded && ref->kind->label && listing->served) /* it may have lost the label */
        return work->cluster->ops->read(work->cluster, arena, ref, look, errors);
    tell_listed(work, listing, object, look);
    return true;
}

static void no_api(struct work *work, struct glm_arena *arena, const struct glm_path *at,
                   const struct glm_object_kind *kind, struct glm_diags *d)
{
    work_error(work, arena, at, d, glm_sprintf(arena, "The cluster does not serve %ss", kind->name),
               "%s: %s", work->label,
               kind->absent ? kind->absent : "it does not know this kind at all.");
}

static bool is_of(const struct work *work, struct glm_arena *arena, const struct glm_read *look,
                  enum glm_owner whose)
{
    return look->found == GLM_FOUND && guard_owner(work, arena, look->object, NULL) == whose;
}

void guard_obstacles_begin(struct guard_obstacles *obstacles, struct glm_arena *arena)
{
    *obstacles = (struct guard_obstacles){.of_another = true};
    glm_text_init(&obstacles->lines, arena, (size_t)1 << 20);
}

void guard_add_obstacle(struct work *work, struct glm_arena *arena, const struct wanted_object *o,
                        const struct glm_read *look, struct guard_obstacles *obstacles)
{
    const char *why = guard_in_the_way(work, arena, &o->ref, look);
    if (!why)
        return;
    glm_text_addf(&obstacles->lines, "  %s: %s\n", glm_object_ref_text(arena, &o->ref), why);
    bool of_another = is_of(work, arena, look, GLM_OWNER_OTHER_RESOURCE);
    obstacles->of_another = obstacles->of_another && of_another;
    obstacles->never = obstacles->never || never_ours(work, arena, look);
    obstacles->importable |= work->creating && o->main && !of_another;
    obstacles->own |= work->creating && is_of(work, arena, look, GLM_OWNER_US);
}

static void look_at(struct work *work, struct glm_arena *arena, const struct glm_path *at,
                    const struct pair_work *p, const struct wanted_object *o, struct glm_read *look,
                    struct guard_obstacles *obstacles, struct glm_diags *d)
{
    const struct glm_object_ref *ref = &o->ref;
    struct glm_diags errors;
    glm_diags_init(&errors, arena);
    if (!look_up(work, arena, p, ref, look, &errors)) {
        work_fail(work, arena, at, &errors, d);
        return;
    }
    if (look->found == GLM_FOUND_NO_API) {
        no_api(work, arena, at, ref->kind, d);
        return;
    }
    guard_add_obstacle(work, arena, o, look, obstacles);
}

/* Importable: a create found what stands for a pair. A Service comes along with that, and what is in
 * the state already is not imported a second time. */
static const char *way_out(const struct work *work, struct glm_arena *arena,
                           const struct guard_obstacles *o)
{
    const char *what = work->installer->what;
    if (o->never)
        return glm_sprintf(arena,
                           "What another tool made in another way is not taken over, with "
                           "adopt_existing or without it. Give the gateway another name in %s, "
                           "move its traffic, and have that tool remove what it made.",
                           work_form(work));
    if (o->of_another)
        return glm_sprintf(
            arena,
            "One gateway has one owner. %sIf that resource was renamed or moved, tell Terraform so "
            "with a `moved` block or `terraform state mv`; if both are wanted, give the gateways "
            "of one of them other names. adopt_existing = true takes these objects away from it, "
            "and the next apply there would find them missing.",
            work->creating ? GUARD_CREATE_BEFORE_DESTROY : "");
    if (!o->importable)
        return glm_sprintf(arena,
                           "To take over %s of these names, which keep their addresses, set "
                           "adopt_existing = true. Or remove what is in the way.",
                           what);
    return glm_sprintf(
        arena,
        "%s%s take them into the state as they are, add this block with the "
        "address of this resource, and apply again:\n\n"
        "  import {\n"
        "    to = glm_gateway_lifecycle_manager.NAME\n"
        "    id = \"%s/%s\"\n"
        "  }\n\n"
        "Or set adopt_existing = true to take over %s of these names, or remove what "
        "is in the way.",
        o->own ? GUARD_CREATE_BEFORE_DESTROY "Otherwise the state has lost them: " : "",
        o->own ? "to" : "To", work->namespace_, work->name, what);
}

bool guard_refuse_obstacles(struct work *work, struct glm_arena *arena, const struct glm_path *at,
                            const struct guard_obstacles *obstacles, struct glm_diags *d)
{
    if (obstacles->lines.len == 0 && !obstacles->lines.overflow)
        return false;
    work->refused = work->failed = true;
    glm_error(d, at, "Objects are already there", "Cluster \"%s\" (%s) already has\n%s\n%s\n\n%s",
              work->cluster_name, work->label,
              obstacles->lines.len > 0 ? obstacles->lines.data : "  more than can be shown\n",
              work->creating ? "A create takes over nothing, so nothing was written in any cluster."
                             : "Nothing was written in any cluster.",
              way_out(work, arena, obstacles));
    return true;
}

void guard_look(struct work *work, struct glm_arena *arena, struct glm_diags *d)
{
    const struct wanted_seat *c = work->wanted;
    struct guard_obstacles obstacles;
    guard_obstacles_begin(&obstacles, arena);
    for (size_t i = 0; i <= c->pair_count && !work->failed; i++) {
        const struct wanted_pair *pair = work_pair(work, i);
        struct pair_work *p = work_of_pair(work, i);
        const struct glm_path *at = WORK_AT(work, i);
        p->looks = GLM_NEW_ARRAY(work->kept, pair->object_count, struct glm_read);
        /* What stands for it first: what came with that may be told by it. */
        for (int main = 1; main >= 0; main--)
            for (size_t o = 0; o < pair->object_count && !work->failed; o++)
                if (pair->objects[o].role != GLM_ROLE_NAMESPACE && pair->objects[o].main == main)
                    look_at(work, arena, at, p, &pair->objects[o], &p->looks[o], &obstacles, d);
    }
    guard_refuse_obstacles(work, arena, WORK_AT(work, 0), &obstacles, d);
}
