/* SPDX-License-Identifier: Apache-2.0
 *
 * What an import found: an object that was somebody else's stays as it was, whatever its installer would
 * make of the configuration, until that says something else.
 */
#include "lifecycle_internal.h"

#include "glm/chart_values.h"
#include "glm/difference.h"

/* The control plane's, which the installation says: in a spec it comes to nothing. */
static const struct glm_value *without_revision(struct glm_arena *arena,
                                                const struct glm_value *spec)
{
    return glm_has(spec, "revision") ? glm_without(arena, spec, "revision") : spec;
}

bool wanted_spec_is(struct glm_arena *arena, const struct glm_installation *installation,
                    const struct glm_value *text)
{
    const struct glm_value *spec;
    if (installation->values_text)
        return glm_is_string(text) &&
               glm_chart_values_decode(arena, text->as.text, text->len, &spec) &&
               glm_equal(spec, installation->values);
    return glm_is_string(text) && glm_spec_decode(arena, text->as.text, text->len, &spec) &&
           glm_equal(without_revision(arena, spec), without_revision(arena, installation->spec));
}

/* True when the configuration says of a pair what the state says of it. */
static bool is_as_before(struct glm_arena *arena, const struct wanted_pair *pair,
                         const struct glm_value *attributes, const struct glm_value *prior)
{
    const char *const same[] = {"gateway_revision", "control_plane_revision", shown_version};
    const struct glm_value *is =
        glm_get_path(attributes, "installations", pair->installation->key, NULL);
    const struct glm_value *was =
        glm_get_path(prior, "installations", pair->installation->key, NULL);
    const char *cluster = pair->cluster;
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        if (!glm_equal(glm_get(is, same[i]), glm_get(was, same[i])))
            return false;
    return glm_equal(glm_get_path(is, "clusters", cluster, NULL),
                     glm_get_path(was, "clusters", cluster, NULL)) &&
           wanted_spec_is(arena, pair->installation,
                          glm_get(was, glm_installation_form(pair->installation)));
}

/* The object as it was found, in the pair's list. found: its text. */
static void keep_found(struct glm_arena *arena, const struct glm_estate *estate,
                       const struct glm_manager *m, const struct wanted_seat *seat,
                       struct wanted_pair *pair, struct wanted_object *o, const char *found)
{
    const struct glm_value *bare = shown_document(arena, glm_string(arena, found));
    if (!glm_object_is(bare, &o->ref))
        return;
    o->found = found;
    o->own = glm_differences(arena, o->common->bare, bare, NULL);
    if (o->main) {
        const struct glm_installer_call call =
            seam_call(arena, estate, seat->installer, seat->name);
        pair->traits = seam_traits(&call, bare);
    }
    if (!o->object) /* a plan asks for no more */
        return;
    o->bare = bare;
    o->object = glm_own(arena, bare, m->name, m->namespace_, pair->cluster,
                        pair->installation->revision, o->view ? pair->view : NULL);
}

void wanted_keep_found(struct glm_arena *arena, const struct glm_estate *estate,
                       const struct glm_manager *manager, struct wanted_seat *seat,
                       const struct glm_change *change)
{
    struct glm_arena *GLM_AUTO_ARENA scratch = glm_arena_create(GLM_ARENA_RPC_LIMIT);
    const struct glm_value *r = record_cluster(scratch, change->record, change->prior, seat->name);
    if (record_leads_to(r)) /* it was found elsewhere */
        return;
    for (size_t i = 0; i < seat->pair_count; i++) {
        struct wanted_pair *pair = &seat->pairs[i];
        for (size_t k = 0; k < pair->object_count; k++) {
            struct wanted_object *o = &pair->objects[k];
            const char *found = o->common && o->ref.name ? record_found(scratch, r, &o->ref) : NULL;
            if (found && is_as_before(arena, pair, change->attributes, change->prior))
                keep_found(arena, estate, manager, seat, pair, o, found);
        }
    }
}
