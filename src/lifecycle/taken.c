/* SPDX-License-Identifier: Apache-2.0
 *
 * Taken: objects of the state that carry the labels of another resource by now, as the last read has found
 * out. An apply writes nothing anywhere as long as one of them is wanted, so a plan promises neither that they
 * are repaired nor anything else.
 */
#include "lifecycle_internal.h"

#include "glm/text.h"

#define TEXT_MAX_BYTES ((size_t)256 << 10)

static const char way_out[] = "If it is to have them, take these clusters out of `installations` "
                              "here: nothing of them is removed "
                              "then. If they are to be this resource's, set adopt_existing = true: "
                              "the next apply takes them back.";

/* ---- at read ---- */

void taken_warn(struct glm_arena *arena, const struct glm_value *prior,
                const struct glm_value *taken, struct glm_diags *d)
{
    struct glm_text text;
    if (taken->len == 0)
        return;
    const char *first = taken->as.map[0].key;
    glm_text_init(&text, arena, TEXT_MAX_BYTES);
    for (size_t i = 0; i < taken->len; i++) {
        const struct glm_value *owners = taken->as.map[i].value;
        for (size_t k = 0; k < owners->len; k++)
            glm_text_addf(&text, "  %s: %s belongs to %s\n", taken->as.map[i].key,
                          owners->as.map[k].key, owners->as.map[k].value->as.text);
    }
    glm_warn_shared(
        d, spoken_at(arena, prior, first),
        spoken_title(arena, "Objects belong to another resource", prior, first, taken->len),
        "Their labels say so:\n\n%s\nThis resource leaves them as they are, and as long as it is "
        "to have "
        "them nothing of it can be applied. %s",
        text.data, way_out);
}

/* ---- at plan ---- */

const struct glm_value *taken_of(struct glm_arena *arena, const struct glm_change *change)
{
    const struct glm_value *adopt = glm_get(change->attributes, "adopt_existing");
    const struct glm_value *clusters = glm_get(change->record, "clusters");
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    if (glm_is_true(adopt) || glm_is_unknown(adopt))
        return &glm_empty_map;
    for (size_t i = 0; glm_is_map(clusters) && i < clusters->len; i++) {
        const struct glm_value *owners = record_owners(arena, clusters->as.map[i].value);
        if (owners->len > 0)
            glm_map_append(&b, clusters->as.map[i].key, 0, 0, owners);
    }
    return glm_map_finish(&b, NULL);
}

static const char *owner_of(struct glm_arena *arena, const struct glm_value *taken,
                            const char *seat, const struct wanted_object *o)
{
    const struct glm_value *owners = glm_get(taken, seat);
    return glm_is_map(owners) && o->ref.name
               ? glm_string_or(glm_get(owners, record_text(arena, &o->ref)), NULL)
               : NULL;
}

bool taken_has(struct glm_arena *arena, const struct glm_value *taken, const char *seat,
               const struct wanted_object *o)
{
    return owner_of(arena, taken, seat, o) != NULL;
}

bool taken_has_of(struct glm_arena *arena, const struct glm_value *taken, const char *seat,
                  const struct wanted_pair *pair)
{
    for (const struct wanted_pair *p = pair; p && glm_has(taken, seat); p = p->shared)
        for (size_t k = 0; k < p->object_count; k++)
            if (owner_of(arena, taken, seat, &p->objects[k]))
                return true;
    return false;
}

static void add_wanted(struct glm_text *text, struct glm_arena *arena,
                       const struct glm_value *taken, const struct wanted_seat *seat)
{
    for (size_t i = 0; i <= seat->pair_count; i++) {
        const struct wanted_pair *pair = i < seat->pair_count ? &seat->pairs[i] : &seat->shared;
        for (size_t k = 0; k < pair->object_count; k++) {
            const struct wanted_object *o = &pair->objects[k];
            const char *owner = owner_of(arena, taken, seat->name, o);
            if (owner)
                glm_text_addf(text, "  %s: %s belongs to %s\n", seat->name,
                              record_text(arena, &o->ref), owner);
        }
    }
}

bool taken_check(struct glm_arena *arena, const struct glm_value *taken,
                 const struct wanted *wanted, const struct glm_change *change, struct glm_diags *d)
{
    struct glm_text text;
    if (taken->len == 0 || glm_equal(change->result, change->prior))
        return true;
    glm_text_init(&text, arena, TEXT_MAX_BYTES);
    for (size_t i = 0; i < wanted->seat_count; i++)
        if (glm_has(taken, wanted->seats[i].name))
            add_wanted(&text, arena, taken, &wanted->seats[i]);
    return text.len == 0 ||
           glm_error(
               d, GLM_AT_ATTR(NULL, "installations"), "Objects belong to another resource",
               "This plan cannot be applied: nothing is written in any cluster as long as one of "
               "the objects that this resource is to have carries the labels of another:\n\n%s\n%s "
               "If they have been given back since the last refresh, plan with a refresh.\n\n"
               "Before a destroy, which would leave them as they are, Terraform makes this plan "
               "too: `terraform destroy -refresh=false` does not.",
               text.data, way_out);
}
