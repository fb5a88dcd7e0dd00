/* SPDX-License-Identifier: Apache-2.0
 *
 * Read: what the clusters have now, for what the record says is ours. A cluster that does not
 * answer keeps what the state has; only certain absence everywhere is "gone".
 */
#include "read.h"

#include <string.h>

/* One reading for every recorded cluster that may be asked. */
static struct reading *make_readings(struct glm_arena *arena, const struct glm_estate *estate,
                                     const struct glm_change *change,
                                     const struct time_limit *limit, size_t *ret_count,
                                     bool *ret_all)
{
    const struct glm_value *names = record_clusters(arena, change->record, change->prior);
    struct reading *readings = GLM_NEW_ARRAY(arena, names->len, struct reading);
    const struct wanted *before = wanted_before(arena, estate, change->prior);
    struct intake *intake = GLM_NEW(arena, struct intake);
    size_t count = 0, had = 0;
    *ret_all = true;
    for (size_t i = 0; i < names->len; i++) {
        const struct glm_cluster_config *config;
        struct reading *r = &readings[count];
        *r = (struct reading){.estate = estate,
                              .change = change,
                              .before = before,
                              .limit = limit,
                              .cluster_name = names->as.list[i]->as.text};
        r->share.intake = intake;
        r->share.had = intake_of_cluster(change->prior, r->cluster_name);
        had += r->share.had;
        if (!estate_find(estate, r->cluster_name, &config, &r->cluster, &r->tolerate) ||
            !r->cluster) {
            *ret_all = false; /* gone from the provider, retired, or not known yet: kept as it is */
            continue;
        }
        r->name = glm_string_or(glm_get(change->prior, "name"), "");
        r->namespace_ = glm_string_or(glm_get(change->prior, "namespace"), "");
        r->record = record_cluster(arena, change->record, change->prior, r->cluster_name);
        r->label = estate_label(arena, r->cluster);
        count++;
    }
    intake_begin(intake, had);
    *ret_count = count;
    return readings;
}

static void set_or_remove(struct glm_map_builder *b, const char *key, const struct glm_value *v)
{
    if (v->len)
        glm_map_set(b, key, v);
    else
        glm_map_remove(b, key);
}

/* What the next plan has to know of a cluster that answered. */
static const struct glm_value *record_of(struct glm_arena *arena, struct reading *r)
{
    if (r->moved && !r->cluster->ops->files)
        return &glm_empty_map;
    struct glm_map_builder b;
    glm_map_init_from(&b, arena, r->record);
    set_or_remove(&b, "healthy", glm_map_finish(&r->healthy, NULL));
    set_or_remove(&b, "selected", glm_map_finish(&r->selected, NULL));
    set_or_remove(&b, "unsettled", glm_list_finish(&r->unsettled));
    set_or_remove(&b, "unwaited", glm_list_finish(&r->unwaited));
    if (r->place)
        glm_map_set(&b, "place", glm_string(arena, r->place));
    return glm_map_finish(&b, NULL);
}

/* The record of files that are where they are now, whatever working directory they were in before. */
static const struct glm_value *record_here(struct glm_arena *arena, const struct reading *r)
{
    return glm_with(arena, glm_with(arena, r->record, "place", glm_string(arena, r->place)),
                    "label", glm_string(arena, r->label));
}

/* One warning about everything that is not as one would have it. */
static void warn_unwell(struct glm_arena *arena, const struct reading *readings, size_t count,
                        struct glm_diags *d)
{
    struct glm_text text;
    glm_text_init(&text, arena, (size_t)256 << 10);
    for (size_t i = 0; i < count; i++) {
        const struct reading *r = &readings[i];
        const char *well =
            glm_state_name(r->cluster->ops->files ? GLM_STATE_INSTALL_PENDING : GLM_STATE_HEALTHY);
        for (size_t k = 0; r->answered && k < r->status->len; k++) {
            const struct glm_value *entry = r->status->as.map[k].value;
            const char *state = glm_string_or(glm_get(entry, "state"), "");
            if (strcmp(state, well) != 0)
                glm_text_addf(&text, "\n  %s, %s: %s: %s", r->cluster_name,
                              r->status->as.map[k].key, state,
                              glm_string_or(glm_get(entry, "message"), ""));
        }
    }
    if (text.len > 0 && count > 0)
        glm_warn(d, GLM_AT_ATTR(NULL, "installations"), "Not every installation is in order",
                 "Of the gateway lifecycle manager %s/%s:\n%s", readings[0].namespace_,
                 readings[0].name, text.data);
}

/* The result from what every cluster has, and from the state where one did not answer. */
static void gather(struct glm_arena *arena, struct reading *readings, size_t count,
                   struct glm_change *change)
{
    struct glm_map_builder operators, services, status, records;
    glm_map_init_from(&operators, arena, glm_get(change->prior, "istio_operators"));
    glm_map_init_from(&services, arena, glm_get(change->prior, "services"));
    glm_map_init_from(&records, arena, glm_get(change->record, "clusters"));
    glm_map_init(&status, arena);
    const struct glm_value *old = glm_get_path(change->prior, "status", "clusters", NULL);
    for (size_t i = 0; glm_is_map(old) && i < old->len; i++)
        glm_map_append(&status, old->as.map[i].key, 0, 0,
                       glm_get(old->as.map[i].value, "installations"));
    for (size_t i = 0; i < count; i++) {
        struct reading *r = &readings[i];
        glm_map_set(&operators, r->cluster_name, r->operators);
        glm_map_set(&services, r->cluster_name, r->services);
        glm_map_set(&status, r->cluster_name, r->status);
        if (r->answered && !r->cluster->ops->files)
            glm_map_set(&records, r->cluster_name, record_of(arena, r));
        else if (r->answered && r->settled && r->found > 0)
            glm_map_set(&records, r->cluster_name, record_here(arena, r));
    }
    struct glm_map_builder b;
    glm_map_init_from(&b, arena, change->prior);
    glm_map_set(&b, "istio_operators", glm_map_finish(&operators, NULL));
    glm_map_set(&b, "services", glm_map_finish(&services, NULL));
    glm_map_set(&b, "status", status_wrap(arena, glm_map_finish(&status, NULL)));
    change->result = glm_map_finish(&b, NULL);
    if (glm_is_map(change->record))
        change->result_record =
            glm_with(arena, change->record, "clusters", glm_map_finish(&records, NULL));
    else
        change->result_record = record_make(arena, glm_map_finish(&records, NULL));
}

bool glm_lifecycle_read(struct glm_arena *arena, const struct glm_estate *estate,
                        struct glm_change *change, struct glm_diags *d)
{
    size_t errors = d->errors, count;
    bool all;
    const struct time_limit limit = time_limit("read", change->timeout_ms);
    struct reading *readings = make_readings(arena, estate, change, &limit, &count, &all);
    struct fanout_job *jobs = GLM_NEW_ARRAY(arena, count, struct fanout_job);
    for (size_t i = 0; i < count; i++)
        jobs[i].work = &readings[i];
    fanout(arena, estate->max_parallel, jobs, count, read_one_cluster, d);
    size_t recorded = 0, found = 0;
    for (size_t i = 0; i < count; i++) {
        all = all && readings[i].answered && !readings[i].moved;
        recorded += readings[i].recorded;
        found += readings[i].found;
    }
    change->result = &glm_null;
    change->result_record = change->record;
    if (!all || recorded == 0 || found > 0) {
        gather(arena, readings, count, change);
        warn_unwell(arena, readings, count, d);
    }
    return d->errors == errors;
}
