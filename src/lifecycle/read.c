/* SPDX-License-Identifier: Apache-2.0
 *
 * Read: what the clusters have now, for what the record says is ours. A cluster that does not
 * answer keeps what the state has; only certain absence everywhere is "gone".
 */
#include "lifecycle_internal.h"

#include <string.h>

struct reading {
    const struct glm_change *change;
    const struct wanted *before; /* prior, translated again, for the views; NULL: not possible */
    const char *name, *namespace_;
    const char *cluster_name;
    struct glm_cluster *cluster;
    const char *place;
    bool tolerate, moved;
    const struct glm_value *record;

    /* results */
    bool answered;
    size_t recorded, found;
    const struct glm_value *operators, *services, *status;
};

static const struct glm_value *prior_of(const struct reading *r, const char *attribute)
{
    return glm_get(glm_get(r->change->prior, attribute), r->cluster_name);
}

static const struct glm_value *parse(struct glm_arena *arena, const struct glm_value *text)
{
    struct glm_diags ignored;
    glm_diags_init(&ignored, arena);
    const struct glm_value *v = &glm_null;
    if (glm_is_string(text))
        glm_json_decode(arena, text->as.text, text->len, "state", NULL, &v, &ignored);
    return v;
}

/* What the view of a pair was when it was written, from the prior state. */
static const char *view_of(const struct reading *r, struct glm_arena *arena, const char *key)
{
    struct wanted_cluster *c = r->before ? wanted_find(r->before, r->cluster_name) : NULL;
    for (size_t i = 0; c && i < c->pair_count; i++) {
        const char *view = NULL;
        struct glm_diags ignored;
        glm_diags_init(&ignored, arena);
        if (c->pairs[i].key && strcmp(c->pairs[i].key, key) == 0 &&
            glm_view_text(arena, r->before->manager, c->pairs[i].installation,
                          c->pairs[i].placement, &view, &ignored))
            return view;
    }
    return NULL;
}

/* The labels and annotations that a found object should carry besides its own. */
static const struct glm_value *expected(const struct reading *r, struct glm_arena *arena,
                                        const struct glm_value *found,
                                        const struct glm_value *shown_before, const char *revision,
                                        const char *view)
{
    const struct glm_value *bare = glm_disown(arena, parse(arena, shown_before));
    if (!glm_is_map(bare))
        bare = glm_disown(arena, found);
    return glm_own(arena, bare, r->name, r->namespace_, r->cluster_name, revision, view);
}

static void does_not_answer(struct reading *r, struct glm_arena *arena,
                            const struct glm_diags *errors, struct glm_diags *d)
{
    r->answered = false;
    const char *why = errors->first ? errors->first->detail : "it does not answer";
    if (r->tolerate)
        glm_warn(d, NULL, glm_sprintf(arena, "Cluster \"%s\" cannot be read", r->cluster_name),
                 "%s\n\nThe state keeps what it has of this cluster, with status UNKNOWN.", why);
    else
        glm_error(d, NULL, glm_sprintf(arena, "Cluster \"%s\" cannot be read", r->cluster_name),
                  "%s\n\nThe state keeps what it has of this cluster. With on_unreachable = "
                  "\"warn\" in its entry this is a warning.",
                  why);
    r->operators = prior_of(r, "istio_operators");
    r->services = prior_of(r, "services");
    struct glm_map_builder status;
    glm_map_init(&status, arena);
    for (size_t i = 0; glm_is_map(r->operators) && i < r->operators->len; i++) {
        const char *key = r->operators->as.map[i].key;
        glm_map_append(
            &status, key, 0, 0,
            status_entry(arena, GLM_STATE_UNKNOWN, strcmp(key, "default") == 0 ? "" : key, why));
    }
    r->status = glm_map_finish(&status, NULL);
}

struct found_object {
    enum glm_found found;
    const struct glm_value *object;
    const char *why;
};

static bool look(struct reading *r, struct glm_arena *arena, const struct glm_object_ref *ref,
                 struct found_object *ret_found, struct glm_diags *d)
{
    struct glm_diags errors;
    glm_diags_init(&errors, arena);
    r->recorded++;
    if (!r->cluster->ops->read(r->cluster, arena, ref, &ret_found->found, &ret_found->object,
                               &ret_found->why, &errors)) {
        does_not_answer(r, arena, &errors, d);
        return false;
    }
    if (ret_found->found != GLM_FOUND_NOTHING)
        r->found++;
    if (ret_found->found == GLM_FOUND_UNREADABLE)
        glm_warn(d, NULL,
                 glm_sprintf(arena, "Cluster \"%s\": an object cannot be read", r->cluster_name),
                 "%s: %s. The next apply writes it again.", glm_object_ref_text(arena, ref),
                 ret_found->why);
    return true;
}

/* Status of a pair by what was found; a state that an apply left for the next one stays. */
static const struct glm_value *status_of(const struct reading *r, struct glm_arena *arena,
                                         const char *key, const char *revision,
                                         const struct found_object *f, bool same)
{
    const struct glm_value *was = status_get(r->change->prior, r->cluster_name, key);
    if (glm_is_map(was) &&
        !glm_string_is(glm_get(was, "state"), glm_state_name(GLM_STATE_INSTALL_PENDING)) &&
        !glm_string_is(glm_get(was, "state"), glm_state_name(GLM_STATE_UNKNOWN)))
        return was;
    if (same)
        return status_written(arena, revision, r->place);
    const char *what = f->found == GLM_FOUND           ? "was changed outside Terraform"
                       : f->found == GLM_FOUND_NOTHING ? "is missing"
                                                       : "cannot be read";
    return status_entry(arena, GLM_STATE_INSTALL_PENDING, revision,
                        glm_sprintf(arena,
                                    "The IstioOperator in %s %s; the next apply writes it "
                                    "again.",
                                    r->place, what));
}

static bool read_operators(struct reading *r, struct glm_arena *arena, struct glm_diags *d)
{
    const struct glm_value *recorded = glm_get(r->record, "istio_operators");
    const struct glm_value *before = prior_of(r, "istio_operators");
    struct glm_map_builder shown, status;
    glm_map_init(&shown, arena);
    glm_map_init(&status, arena);
    for (size_t i = 0; glm_is_map(recorded) && i < recorded->len; i++) {
        const char *key = recorded->as.map[i].key;
        struct glm_object_ref ref;
        struct found_object f;
        if (!record_ref(arena, GLM_KIND_ISTIO_OPERATOR,
                        glm_string_or(recorded->as.map[i].value, ""), &ref))
            continue;
        if (!look(r, arena, &ref, &f, d))
            return false;
        if (strchr(key, '@'))
            continue; /* a leaver: it has no entry of its own */
        const char *revision = strcmp(key, "default") == 0 ? "" : key;
        const struct glm_value *was = glm_get(before, key);
        const struct glm_value *now = &glm_null;
        if (f.found == GLM_FOUND) {
            const struct glm_value *e =
                expected(r, arena, f.object, was, revision, view_of(r, arena, key));
            now = shown_text(arena, was, glm_json_text(arena, shown_object(arena, f.object, e)));
            glm_map_append(&shown, key, 0, 0, now);
        }
        bool same = f.found == GLM_FOUND && (!glm_is_string(was) || now == was);
        glm_map_append(&status, key, 0, 0, status_of(r, arena, key, revision, &f, same));
    }
    /* Pairs that an apply could not even begin have a status and no object. */
    const struct glm_value *old = glm_get_path(r->change->prior, "status", "clusters",
                                               r->cluster_name, "installations", NULL);
    for (size_t i = 0; glm_is_map(old) && i < old->len; i++)
        if (!glm_has(recorded, old->as.map[i].key))
            glm_map_append(&status, old->as.map[i].key, 0, 0, old->as.map[i].value);
    r->operators = glm_map_finish(&shown, NULL);
    r->status = glm_map_finish(&status, NULL);
    return true;
}

static bool read_services(struct reading *r, struct glm_arena *arena, struct glm_diags *d)
{
    const struct glm_value *recorded = glm_get(r->record, "services");
    const struct glm_value *before = prior_of(r, "services");
    struct glm_map_builder shown;
    glm_map_init(&shown, arena);
    for (size_t i = 0; glm_is_list(recorded) && i < recorded->len; i++) {
        const char *key = glm_string_or(recorded->as.list[i], "");
        struct glm_object_ref ref;
        struct found_object f;
        if (!record_ref(arena, GLM_KIND_SERVICE, key, &ref))
            continue;
        if (!look(r, arena, &ref, &f, d))
            return false;
        if (f.found != GLM_FOUND)
            continue;
        const struct glm_value *was = glm_get_path(before, key, "manifest", NULL);
        const struct glm_value *label =
            glm_get_path(f.object, "metadata", "labels", GLM_LABEL_REVISION, NULL);
        const struct glm_value *e =
            expected(r, arena, f.object, was, glm_string_or(label, ""), NULL);
        const struct glm_value *addresses = glm_get_path(before, key, "addresses", NULL);
        glm_map_append(
            &shown, key, 0, 0,
            shown_service(
                arena,
                shown_text(arena, was, glm_json_text(arena, shown_object(arena, f.object, e))),
                glm_is_list(addresses) ? addresses : &glm_empty_list));
    }
    r->services = glm_map_finish(&shown, NULL);
    return true;
}

static void read_cluster(struct fanout_job *job)
{
    struct reading *r = job->work;
    r->answered = true;
    /* Here too: after a kill the plan may be empty, and then nothing else ever works there. */
    if (r->cluster->ops->tidy)
        r->cluster->ops->tidy(r->cluster, job->arena);
    if (read_operators(r, job->arena, &job->diags))
        read_services(r, job->arena, &job->diags);
}

/* One reading for every recorded cluster that may be asked. */
static struct reading *make_readings(struct glm_arena *arena, const struct glm_estate *estate,
                                     const struct glm_change *change, size_t *ret_count,
                                     bool *ret_all)
{
    const struct glm_value *names = record_clusters(arena, change->record, change->prior);
    struct reading *readings = GLM_NEW_ARRAY(arena, names->len, struct reading);
    struct wanted *before = NULL;
    struct glm_diags ignored;
    glm_diags_init(&ignored, arena);
    if (!wanted_build(arena, estate, change->prior, false, &before, &ignored))
        before = NULL;
    size_t count = 0;
    *ret_all = true;
    for (size_t i = 0; i < names->len; i++) {
        const struct glm_cluster_config *config;
        struct reading *r = &readings[count];
        *r = (struct reading){
            .change = change, .before = before, .cluster_name = names->as.list[i]->as.text};
        if (!estate_find(estate, r->cluster_name, &config, &r->cluster, &r->tolerate) ||
            !r->cluster) {
            *ret_all = false; /* gone from the provider, retired, or not known yet: kept as it is */
            continue;
        }
        r->name = glm_string_or(glm_get(change->prior, "name"), "");
        r->namespace_ = glm_string_or(glm_get(change->prior, "namespace"), "");
        r->record = record_cluster(arena, change->record, change->prior, r->cluster_name);
        r->place = place_of(arena, r->cluster);
        r->moved = record_moved(r->record, r->place);
        count++;
    }
    *ret_count = count;
    return readings;
}

bool glm_lifecycle_read(struct glm_arena *arena, const struct glm_estate *estate,
                        struct glm_change *change, struct glm_diags *d)
{
    size_t errors = d->errors, count;
    bool all;
    struct reading *readings = make_readings(arena, estate, change, &count, &all);
    struct fanout_job *jobs = GLM_NEW_ARRAY(arena, count, struct fanout_job);
    for (size_t i = 0; i < count; i++)
        jobs[i].work = &readings[i];
    fanout(arena, estate->max_parallel, jobs, count, read_cluster, d);

    struct glm_map_builder operators, services, status;
    glm_map_init_from(&operators, arena, glm_get(change->prior, "istio_operators"));
    glm_map_init_from(&services, arena, glm_get(change->prior, "services"));
    glm_map_init(&status, arena);
    const struct glm_value *old = glm_get_path(change->prior, "status", "clusters", NULL);
    for (size_t i = 0; glm_is_map(old) && i < old->len; i++)
        glm_map_append(&status, old->as.map[i].key, 0, 0,
                       glm_get(old->as.map[i].value, "installations"));
    size_t recorded = 0, found = 0;
    for (size_t i = 0; i < count; i++) {
        struct reading *r = &readings[i];
        all = all && r->answered && !r->moved;
        recorded += r->recorded;
        found += r->found;
        glm_map_set(&operators, r->cluster_name, r->operators);
        glm_map_set(&services, r->cluster_name, r->services);
        glm_map_set(&status, r->cluster_name, r->status);
    }
    change->result_record = change->record;
    if (all && recorded > 0 && found == 0) {
        change->result = &glm_null;
        return d->errors == errors;
    }
    struct glm_map_builder b;
    glm_map_init_from(&b, arena, change->prior);
    glm_map_set(&b, "istio_operators", glm_map_finish(&operators, NULL));
    glm_map_set(&b, "services", glm_map_finish(&services, NULL));
    glm_map_set(&b, "status", status_wrap(arena, glm_map_finish(&status, NULL)));
    change->result = glm_map_finish(&b, NULL);
    return d->errors == errors;
}
