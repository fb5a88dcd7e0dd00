/* SPDX-License-Identifier: Apache-2.0
 *
 * Common: what an installation makes of every cluster is what it makes for nobody, once for each installer
 * that some of its clusters have. Pure.
 */
#include "lifecycle_internal.h"

#include <stdlib.h>
#include <string.h>

static size_t installer_count(const struct glm_estate *estate)
{
    size_t count = 0;
    while (estate->installers[count])
        count++;
    return count;
}

/* By installation, then by installer: whether some of its clusters have that. */
static const bool *installers_in_use(struct glm_arena *arena, const struct glm_estate *estate,
                                     const struct wanted *wanted)
{
    const size_t count = installer_count(estate);
    bool *used = glm_alloc_array(arena, wanted->manager->installation_count, count * sizeof *used);
    for (size_t i = 0; i < wanted->seat_count; i++) {
        const struct wanted_seat *seat = &wanted->seats[i];
        for (size_t k = 0; k < seat->pair_count; k++) {
            const struct wanted_pair *pair = &seat->pairs[k];
            const struct glm_installer *maker = pair->maker ? pair->maker : seat->installer;
            size_t own = 0, in = (size_t)(pair->installation - wanted->manager->installations);
            while (own < count && estate->installers[own] != maker)
                own++;
            if (own < count)
                used[in * count + own] = true;
        }
    }
    return used;
}

/* The name that attributes have for it. */
static const char *text_of(struct glm_arena *arena, const struct glm_object_ref *ref,
                           enum glm_role role)
{
    if (!ref->name)
        return NULL;
    return role == GLM_ROLE_TRAFFIC ? record_ref_text(arena, ref) : record_text(arena, ref);
}

static struct wanted_common common(struct glm_arena *arena, const char *key,
                                   const struct glm_installer *installer,
                                   const struct glm_installer_object *from)
{
    return (struct wanted_common){
        .key = key,
        .installer = installer,
        .ref = from->ref,
        .role = from->role,
        .text = text_of(arena, &from->ref, from->role),
        .bare = from->object,
        .manifest = glm_is_wholly_known(from->object) ? glm_json_text(arena, from->object) : NULL};
}

static const struct wanted_common *find(const struct wanted_common *all, size_t count,
                                        const struct glm_object_ref *ref)
{
    for (size_t i = 0; i < count; i++)
        if (ref->name && all[i].ref.name && glm_object_ref_same(&all[i].ref, ref))
            return &all[i];
    return NULL;
}

/* Adds what one installer makes of it. What another one makes as well is that one's. */
static bool add_installer(struct glm_arena *arena, const struct glm_estate *estate,
                          const struct wanted *wanted, const struct glm_installation *in,
                          const struct glm_installer *installer, struct wanted_commons *commons,
                          struct glm_diags *d)
{
    struct glm_installer_call call = seam_call(arena, estate, installer, NULL);
    struct glm_installer_rendering r = {0};
    const struct glm_installer_pair nobody = {
        .key = glm_revision_key(in->revision), .installation = in, .placement = &glm_nobody};
    call.manager = wanted->manager;
    if (!seam_render(&call, &nobody, 1, false, &r, d))
        return false;
    commons->traffic_known = commons->traffic_known && r.pairs[0].traffic_known;
    struct wanted_common *all =
        GLM_NEW_ARRAY(arena, commons->count + r.count, struct wanted_common);
    size_t count = commons->count;
    for (size_t i = 0; i < count; i++)
        all[i] = commons->objects[i];
    for (int role = GLM_ROLE_NAMESPACE + 1; role < GLM_ROLES; role++)
        for (size_t i = 0; i < r.count; i++) {
            const struct glm_installer_object *o = &r.objects[i];
            if ((int)o->role != role || o->pair == GLM_PAIR_ALL ||
                find(commons->objects, commons->count, &o->ref))
                continue;
            all[count] = common(arena, in->key, installer, o);
            all[count++].listed = true;
            commons->known = commons->known && o->ref.name;
        }
    commons->objects = all;
    commons->count = count;
    return true;
}

bool common_build(struct glm_arena *arena, const struct glm_estate *estate, struct wanted *wanted,
                  struct glm_diags *d)
{
    const size_t count = wanted->manager->installation_count, installers = installer_count(estate);
    struct wanted_commons *all = GLM_NEW_ARRAY(arena, count, struct wanted_commons);
    const bool *used = installers_in_use(arena, estate, wanted);
    bool ok = true;
    for (size_t i = 0; i < count; i++) {
        const struct glm_installation *in = &wanted->manager->installations[i];
        all[i].known = all[i].traffic_known = in->revision && in->control_plane;
        for (size_t k = 0; k < installers && in->revision && in->control_plane; k++)
            if (used[i * installers + k])
                ok = add_installer(arena, estate, wanted, in, estate->installers[k], &all[i], d) &&
                     ok;
    }
    if (ok)
        wanted->commons = all;
    return ok;
}

/* ---- of an object ---- */

static const struct wanted_common *find_nth(const struct wanted_commons *commons,
                                            const struct glm_installer *installer,
                                            const struct glm_installer_object *object, size_t nth)
{
    for (size_t i = 0; i < commons->count; i++) {
        const struct wanted_common *c = &commons->objects[i];
        if (c->installer == installer && c->role == object->role &&
            c->ref.kind == object->ref.kind && nth-- == 0)
            return c;
    }
    return NULL;
}

static bool has_name_of(const struct wanted_common *c, const struct glm_object_ref *ref)
{
    return c && (!c->ref.name || !ref->name || strcmp(c->ref.name, ref->name) == 0);
}

const struct wanted_common *common_of(struct glm_arena *arena, const struct wanted *wanted,
                                      const struct wanted_pair *pair,
                                      const struct glm_installer *installer,
                                      const struct glm_installer_object *object, size_t nth)
{
    static const struct wanted_commons none;
    const struct wanted_commons *commons = &none;
    struct glm_installer_object from = *object;
    if (pair->installation) {
        commons = &wanted->commons[pair->installation - wanted->manager->installations];
        const struct wanted_common *same = find(commons->objects, commons->count, &object->ref);
        if (!same)
            same = find_nth(commons, installer, object, nth);
        if (has_name_of(same, &object->ref))
            return same;
        from.object = object->ref.name ? glm_object_bare(arena, &object->ref) : &glm_unknown;
    }
    struct wanted_common *own = GLM_NEW(arena, struct wanted_common);
    *own = common(arena, pair->installation ? pair->installation->key : SHAPE_KEY_ALL, installer,
                  &from);
    return own;
}

const struct wanted_common *common_kept(struct glm_arena *arena, const struct wanted_common *of)
{
    if (!of || of->listed)
        return of;
    struct glm_installer_object from = {
        .role = of->role, .ref = of->ref, .object = glm_copy(arena, of->bare)};
    from.ref.name = of->ref.name ? glm_strdup(arena, of->ref.name) : NULL;
    from.ref.namespace_ = of->ref.namespace_ ? glm_strdup(arena, of->ref.namespace_) : NULL;
    struct wanted_common *kept = GLM_NEW(arena, struct wanted_common);
    *kept = common(arena, of->key, of->installer, &from);
    return kept;
}

/* ---- in the attributes ---- */

const struct wanted_commons *commons_of(const struct wanted *wanted, const struct wanted_pair *pair)
{
    return &wanted->commons[pair->installation - wanted->manager->installations];
}

void common_put(struct shape_builder *b, const struct glm_value *spelling,
                const struct wanted_common *c)
{
    bool service = c->role == GLM_ROLE_TRAFFIC;
    const struct glm_value *manifest = &glm_unknown;
    if (c->manifest)
        manifest = shown_text(b->arena,
                              service ? shape_service_manifest(spelling, c->text, c->key)
                                      : shape_manifest(spelling, c->key, c->text),
                              c->manifest);
    if (service)
        shape_put_service_manifest(b, c->text, c->key, manifest);
    else
        shape_put_manifest(b, c->key, c->text, manifest);
}

static size_t services_of(const struct wanted *wanted, const struct wanted_pair *pair,
                          const char **names)
{
    const struct wanted_commons *commons = commons_of(wanted, pair);
    size_t count = 0;
    for (size_t k = 0; k < commons->count; k++)
        if (commons->objects[k].role == GLM_ROLE_TRAFFIC && commons->objects[k].text)
            names[count++] = commons->objects[k].text;
    for (size_t k = 0; k < pair->object_count; k++)
        if (pair->objects[k].role == GLM_ROLE_TRAFFIC && pair->objects[k].common->text)
            names[count++] = pair->objects[k].common->text;
    return count;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

size_t common_services(struct glm_arena *arena, const struct wanted *wanted,
                       const struct wanted_cluster *cluster, const char *const **ret)
{
    size_t most = 0, count = 0, kept = 0;
    for (size_t i = 0; i < cluster->place_count; i++) {
        const struct wanted_pair *pair = wanted_pair_at(cluster, i);
        most += commons_of(wanted, pair)->count + pair->object_count;
    }
    const char **names = GLM_NEW_ARRAY(arena, most, const char *);
    for (size_t i = 0; i < cluster->place_count; i++)
        count += services_of(wanted, wanted_pair_at(cluster, i), names + count);
    if (count > 1)
        qsort(names, count, sizeof *names, by_name);
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || strcmp(names[kept - 1], names[i]) != 0)
            names[kept++] = names[i];
    *ret = names;
    return kept;
}

void common_put_services(struct shape_builder *b, const struct wanted *wanted,
                         const struct glm_value *spelling)
{
    for (size_t i = 0; i < wanted->manager->installation_count; i++)
        for (size_t k = 0; k < wanted->commons[i].count; k++)
            if (wanted->commons[i].objects[k].role == GLM_ROLE_TRAFFIC &&
                wanted->commons[i].objects[k].text)
                common_put(b, spelling, &wanted->commons[i].objects[k]);
    for (size_t i = 0; i < wanted->cluster_count; i++) {
        struct glm_arena *GLM_AUTO_ARENA scratch = glm_arena_create(glm_arena_room(b->arena));
        const char *const *services;
        size_t count = common_services(scratch, wanted, &wanted->clusters[i], &services);
        for (size_t k = 0; k < count; k++)
            shape_put_active(b, services[k], wanted->clusters[i].name, &glm_null);
    }
}
