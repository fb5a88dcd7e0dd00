/* SPDX-License-Identifier: Apache-2.0
 *
 * Outcome: what the work in one cluster comes to, for the state and the record. What could not be done
 * stays in it as it is.
 */
#include "parts.h"

#include <string.h>

void outcome_begin(struct work *w)
{
    struct glm_map_builder *maps[] = {&w->shown_operators,  &w->shown_services, &w->status,
                                      &w->record_operators, &w->healthy,        &w->altered};
    for (size_t i = 0; i < sizeof maps / sizeof *maps; i++)
        glm_map_init(maps[i], w->kept);
    glm_list_init(&w->record_services, w->kept);
    glm_list_init(&w->unsettled, w->kept);
    glm_list_init(&w->unwaited, w->kept);
    if (!w->pairs)
        w->pairs = GLM_NEW_ARRAY(w->kept, w->wanted ? w->wanted->pair_count : 0, struct pair_work);
}

static void add_all(struct glm_list_builder *to, const struct glm_value *list)
{
    for (size_t i = 0; glm_is_list(list) && i < list->len; i++)
        glm_list_add(to, list->as.list[i]);
}

void outcome_keep(struct work *w)
{
    const struct glm_value *prior = w->change->prior, *record = w->record;
    const char *name = w->cluster_name;
    struct glm_arena *arena = w->kept;
    glm_map_init_from(&w->shown_operators, arena,
                      glm_get_path(prior, "istio_operators", name, NULL));
    glm_map_init_from(&w->shown_services, arena, glm_get_path(prior, "services", name, NULL));
    glm_map_init_from(&w->status, arena,
                      glm_get_path(prior, "status", "clusters", name, "installations", NULL));
    glm_map_init_from(&w->record_operators, arena, glm_get(record, "istio_operators"));
    glm_map_init_from(&w->healthy, arena, glm_get(record, "healthy"));
    glm_map_init_from(&w->altered, arena, glm_get(record, "altered"));
    add_all(&w->record_services, glm_get(record, "services"));
    add_all(&w->unsettled, glm_get(record, "unsettled"));
    add_all(&w->unwaited, glm_get(record, "unwaited"));
    for (size_t i = 0; w->wanted && i < w->wanted->pair_count; i++)
        if (w->wanted->pairs[i].key)
            w->pairs[i].found =
                glm_string_or(glm_get_path(record, "found", w->wanted->pairs[i].key, NULL), NULL);
}

/* The status of a pair that failed just now. */
const struct glm_value *outcome_failed(const struct work *w, struct glm_arena *arena, size_t index)
{
    return status_entry(arena, GLM_STATE_FAILED, w->wanted->pairs[index].installation->revision,
                        w->why ? w->why : "See the error of the apply.");
}

/* ---- what is there ---- */

/* The IstioOperator is there, or may be: the state has it. The next refresh finds out. */
void outcome_pair(struct work *w, struct glm_arena *arena, const struct wanted_pair *pair)
{
    const struct glm_value *planned =
        glm_get_path(w->change->attributes, "istio_operators", w->cluster_name, pair->key, NULL);
    glm_map_set(&w->shown_operators, pair->key, shown_text(w->kept, planned, pair->operator_.text));
    glm_map_set(&w->record_operators, pair->key,
                glm_string(w->kept, record_ref_text(arena, &pair->operator_.ref)));
}

void outcome_service(struct work *w, const struct wanted_pair *pair, size_t s,
                     const struct glm_value *stored)
{
    const char *key = pair->service_keys[s];
    const struct glm_value *planned =
        glm_get_path(w->change->attributes, "services", w->cluster_name, key, NULL);
    const struct glm_value *addresses = glm_get(planned, "addresses");
    if (!glm_is_list(addresses))
        addresses = shown_addresses(w->kept, stored);
    glm_map_set(
        &w->shown_services, key,
        shown_service(w->kept,
                      shown_text(w->kept, glm_get(planned, "manifest"), pair->services[s].text),
                      addresses));
    glm_list_add(&w->record_services, glm_string(w->kept, key));
}

/* ---- what stays as it was ---- */

void keep_pair(struct work *w, const char *key)
{
    const struct glm_value *was =
        glm_get_path(w->change->prior, "istio_operators", w->cluster_name, key, NULL);
    const struct glm_value *ref = glm_get_path(w->record, "istio_operators", key, NULL);
    const struct glm_value *healthy = glm_get_path(w->record, "healthy", key, NULL);
    if (glm_is_string(was) && glm_is_string(ref)) /* else it is in the place before this one */
        glm_map_set(&w->shown_operators, key, was);
    if (glm_is_string(ref))
        glm_map_set(&w->record_operators, key, ref);
    if (glm_is_string(healthy))
        glm_map_set(&w->healthy, key, healthy);
}

void keep_service(struct work *w, struct glm_arena *arena, const char *key)
{
    const struct glm_value *was =
        glm_get_path(w->change->prior, "services", w->cluster_name, key, NULL);
    struct glm_object_ref ref;
    if (!record_ref(arena, GLM_KIND_SERVICE, key, &ref) || !record_has(arena, w->record, &ref))
        return;
    if (glm_is_map(was))
        glm_map_set(&w->shown_services, key, was);
    glm_list_add(&w->record_services, glm_string(w->kept, key));
}

static bool has_files(const struct work *w)
{
    return w->cluster && w->cluster->ops->files;
}

/* A cluster that could not even be looked at is left as it is. */
void outcome_leave(struct work *w, struct glm_arena *arena)
{
    for (size_t i = 0; w->wanted && i < w->wanted->pair_count; i++) {
        const struct wanted_pair *pair = &w->wanted->pairs[i];
        struct pair_work *p = &w->pairs[i];
        keep_pair(w, pair->key);
        if (p->await || has_files(w))
            p->status = outcome_failed(w, arena, i);
    }
}

/* ---- the end ---- */

/* What is known of every pair in the end. */
void outcome_tell(struct work *w, struct glm_arena *arena)
{
    for (size_t i = 0; w->wanted && i < w->wanted->pair_count; i++) {
        const struct wanted_pair *pair = &w->wanted->pairs[i];
        const struct pair_work *p = &w->pairs[i];
        const struct glm_value *planned =
            status_get(w->change->attributes, w->cluster_name, pair->key);
        const struct glm_value *status = p->status ? p->status : planned;
        if (!glm_is_map(status))
            status = outcome_failed(w, arena, i);
        glm_map_set(&w->status, pair->key, glm_copy(w->kept, status));
        w->pairs[i].found = pair->as_found ? pair->operator_.text : NULL;
        bool failed = has_files(w) ? !p->installed : !p->ready && (p->await || p->status);
        if (failed)
            glm_list_add(&w->unsettled, glm_string(w->kept, pair->key));
        else if (p->await ? !w->patient && !p->seen_healthy
                          : record_is_unwaited(w->record, pair->key))
            glm_list_add(&w->unwaited, glm_string(w->kept, pair->key));
        const struct glm_value *healthy = glm_get_path(w->record, "healthy", pair->key, NULL);
        record_healthy(&w->healthy, w->kept, pair->key,
                       p->healthy ? p->healthy : glm_string_or(healthy, NULL));
    }
}
