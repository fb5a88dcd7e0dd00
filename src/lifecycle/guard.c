/* SPDX-License-Identifier: Apache-2.0
 *
 * Guard: the look before the first write. A create takes over nothing, not even our own objects;
 * an update overwrites what the state or the owner labels say is ours, and nothing else.
 */
#include "work.h"

#include <string.h>

bool work_recorded(const struct work *w, struct glm_arena *arena, const struct glm_object_ref *ref)
{
    const char *key = glm_sprintf(arena, "%s/%s", ref->namespace_, ref->name);
    const struct glm_value *operators = glm_get(w->record, "istio_operators");
    const struct glm_value *services = glm_get(w->record, "services");
    if (ref->kind == GLM_KIND_ISTIO_OPERATOR) {
        for (size_t i = 0; glm_is_map(operators) && i < operators->len; i++)
            if (glm_string_is(operators->as.map[i].value, key))
                return true;
        return false;
    }
    for (size_t i = 0; glm_is_list(services) && i < services->len; i++)
        if (glm_string_is(services->as.list[i], key))
            return true;
    return false;
}

/* NULL when the object may be written over what was found, else why not. */
static const char *in_the_way(const struct work *w, struct glm_arena *arena,
                              const struct glm_object_ref *ref, const struct look *look)
{
    if (look->found == GLM_FOUND_NOTHING)
        return NULL;
    bool recorded = !w->creating && work_recorded(w, arena, ref);
    if (look->found == GLM_FOUND_UNREADABLE)
        return recorded ? NULL
                        : glm_sprintf(arena, "what is there is not that object (%s)", look->why);
    const char *owner = NULL;
    enum glm_owner whose =
        glm_owner_of(arena, look->object, w->name, w->namespace_, w->cluster_name, &owner);
    if (w->adopt)
        return NULL;
    if (whose == GLM_OWNER_OTHER_RESOURCE)
        return glm_sprintf(arena, "it belongs to the gateway lifecycle manager %s",
                           owner ? owner : "of somebody else");
    if (!w->creating && (recorded || whose == GLM_OWNER_US))
        return NULL;
    return whose == GLM_OWNER_US ? "it was made for this resource, but is not in the state"
                                 : "it was not made by this provider";
}

static void look_at(struct work *w, struct glm_arena *arena, const struct glm_path *at,
                    const struct glm_object_ref *ref, struct look *look, struct glm_text *refusals,
                    struct glm_diags *d)
{
    struct glm_diags errors;
    glm_diags_init(&errors, arena);
    if (!w->cluster->ops->read(w->cluster, arena, ref, &look->found, &look->object, &look->why,
                               &errors)) {
        work_fail(w, arena, at, &errors, d);
        return;
    }
    const char *why = in_the_way(w, arena, ref, look);
    if (why)
        glm_text_addf(refusals, "  %s: %s\n", glm_object_ref_text(arena, ref), why);
}

static void refuse(struct work *w, const struct glm_path *at, const char *objects,
                   struct glm_diags *d)
{
    w->refused = w->failed = true;
    glm_error(d, at, "Objects are already there",
              "Cluster \"%s\" (%s) already has\n%s\n%s\n\n"
              "To take them into the state as they are, add this block with the address of this "
              "resource, and apply again:\n\n"
              "  import {\n"
              "    to = glm_gateway_lifecycle_manager.NAME\n"
              "    id = \"%s/%s\"\n"
              "  }\n\n"
              "Or set adopt_existing = true to take over IstioOperators and Services of these "
              "names, or remove what is in the way.",
              w->cluster_name, w->place, objects,
              w->creating ? "A create takes over nothing, so nothing was written in any cluster."
                          : "Nothing was written in any cluster.",
              w->namespace_, w->name);
}

void work_look(struct work *w, struct glm_arena *arena, struct glm_diags *d)
{
    if (!w->wanted || w->failed)
        return;
    const struct wanted_cluster *c = w->wanted;
    w->operators = GLM_NEW_ARRAY(arena, c->pair_count, struct look);
    w->services = GLM_NEW_ARRAY(arena, c->pair_count, struct look *);
    struct glm_text refusals;
    glm_text_init(&refusals, arena, (size_t)1 << 20);
    for (size_t i = 0; i < c->pair_count && !w->failed; i++) {
        const struct wanted_pair *pair = &c->pairs[i];
        const struct glm_path *at = AT_PLACEMENT(pair->installation->key, c->name);
        look_at(w, arena, at, &pair->operator_.ref, &w->operators[i], &refusals, d);
        w->services[i] = GLM_NEW_ARRAY(arena, pair->service_count, struct look);
        for (size_t s = 0; s < pair->service_count && !w->failed; s++)
            look_at(w, arena, at, &pair->services[s].ref, &w->services[i][s], &refusals, d);
    }
    if (refusals.len > 0)
        refuse(w, AT_PLACEMENT(c->pairs[0].installation->key, c->name), refusals.data, d);
    if (!w->failed && c->pair_count > 0)
        rivals_look(w, arena, d);
}
