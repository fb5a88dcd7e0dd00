/* SPDX-License-Identifier: Apache-2.0
 *
 * Rebuild: the objects that were found, as the attributes show them.
 */
#include "rebuild.h"

#include "glm/difference.h"

#include <string.h>

/* Counts what goes into the state of what a cluster has. */
void rebuild_take_in(struct rebuilt *r, const struct search *s, size_t bytes)
{
    struct share share = {.intake = &r->intake};
    if (!r->too_much && !share_add(&share, bytes))
        r->too_much = s;
}

/* ---- objects ---- */

/* An object as the attributes show it: of a live one what the installations make of it. Somebody
 * else's is imported as it is, to the character: that is what the next apply writes. */
const struct glm_value *rebuild_shown(const struct rebuilt *r, const struct search *s,
                                      const struct find_object *o,
                                      const struct wanted_object *applied, struct glm_diags *d)
{
    const struct glm_installer_call call =
        seam_call(r->arena, s->estate, o->installer, s->cluster_name);
    const struct glm_value *shown = &glm_null;
    if (s->cluster->ops->files)
        shown = glm_disown(r->arena, o->object);
    else if (applied)
        shown = seam_project(&call, o->object, applied->bare);
    if (applied && !glm_is_map(shown))
        seam_warn_broken(&call, "project gave nothing: the object is shown as it is", d);
    if (!glm_is_map(shown))
        shown = shown_bare(r->arena, o->object);
    if (s->labelled || !s->importing)
        shown = shown_tame(r->arena, shown, applied ? applied->bare : &glm_null);
    return shown;
}

/* True for an object that is for several pairs, and none's own. */
bool rebuild_is_shared(const struct search *s, const struct find_object *o)
{
    const struct glm_value *label =
        glm_get_path(o->object, "metadata", "labels", GLM_LABEL_REVISION, NULL);
    return o->main && (o->view_count > 1 || (s->labelled && !glm_is_string(label)));
}

/* ---- as the attributes have it ---- */

/* The key of the installation that an object was made for; what stays of one that is not there any more is
 * called by its revision. */
static const char *key_of(const struct rebuilt *r, const struct search *s,
                          const struct find_object *o)
{
    const char *label = glm_string_or(
        glm_get_path(o->object, "metadata", "labels", GLM_LABEL_REVISION, NULL), NULL);
    if (rebuild_is_shared(s, o))
        return SHAPE_KEY_ALL;
    const char *revision = label           ? label
                           : o->view_count ? find_revision(o->object, o->views[0])
                                           : "";
    revision = glm_revision_key(revision);
    return glm_string_or(glm_map_peek(&r->keys, entries_key(r->arena, o->cluster, revision)),
                         revision);
}

static void put_traffic(struct rebuilt *r, const struct search *s, const struct find_object *o,
                        const char *service, const char *key, const struct glm_value *bare,
                        const struct glm_value *entries, const struct glm_value *manifest)
{
    const struct glm_value *addresses = &glm_null;
    if (!s->cluster->ops->files)
        addresses = shown_balancer(r->arena, bare, entries, o->object);
    shape_put_service_manifest(&r->shape, service, key, manifest);
    shape_put_service_entries(&r->shape, service, o->cluster, entries);
    shape_put_active(&r->shape, service, o->cluster, glm_string(r->arena, key));
    shape_put_addresses(&r->shape, service, o->cluster, addresses);
}

/* Where it is not what its installation makes of every cluster: of what none makes, all of it. */
void rebuild_put(struct rebuilt *r, const struct search *s, const struct find_object *o,
                 const struct wanted_object *applied, const struct glm_value *shown)
{
    struct glm_arena *GLM_AUTO_ARENA scratch = glm_arena_create(glm_arena_room(r->arena));
    const struct wanted_common *common = common_kept(r->arena, applied ? applied->common : NULL);
    const struct glm_value *bare = common ? common->bare : glm_object_bare(scratch, &o->ref);
    const struct glm_value *manifest =
        glm_string(r->arena, common ? common->manifest : glm_json_text(scratch, bare));
    const struct glm_value *entries =
        glm_copy(r->arena, glm_differences(scratch, bare, shown,
                                           applied && s->labelled ? applied->bare : NULL));
    const char *key = common ? common->key : key_of(r, s, o);
    rebuild_take_in(r, s, intake_of_entries(entries));
    if ((applied ? applied->role : o->role) == GLM_ROLE_TRAFFIC)
        put_traffic(r, s, o, record_ref_text(r->arena, common ? &common->ref : &o->ref), key, bare,
                    entries, manifest);
    else {
        const char *object = record_text(r->arena, common ? &common->ref : &o->ref);
        bool all = strcmp(key, SHAPE_KEY_ALL) == 0;
        shape_put_manifest(&r->shape, key, object, manifest);
        shape_put_entries(&r->shape, key, object, all ? s->cluster_name : o->cluster, entries);
    }
}

/* Of a Service, that nobody is active in the installation's clusters. */
static void put_common(struct rebuilt *r, const struct glm_installation *in,
                       const struct wanted_common *common)
{
    if (!common->manifest || !common->text)
        return;
    const struct glm_value *manifest = glm_string(r->arena, common->manifest);
    if (common->role != GLM_ROLE_TRAFFIC) {
        shape_put_manifest(&r->shape, in->key, common->text, manifest);
        return;
    }
    shape_put_service_manifest(&r->shape, common->text, in->key, manifest);
    for (size_t i = 0; i < in->placement_count; i++) {
        const char *cluster = in->placements[i].cluster;
        if (wanted_find(r->wanted, cluster))
            shape_put_active(&r->shape, common->text, cluster, &glm_null);
    }
}

/* What the installations make, whether it was found or not. */
void rebuild_put_commons(struct rebuilt *r)
{
    const struct glm_manager *m = r->wanted ? r->wanted->manager : NULL;
    for (size_t i = 0; m && r->wanted->commons && i < m->installation_count; i++)
        for (size_t k = 0; k < r->wanted->commons[i].count; k++)
            put_common(r, &m->installations[i], &r->wanted->commons[i].objects[k]);
}
