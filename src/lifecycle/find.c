/* SPDX-License-Identifier: Apache-2.0
 *
 * Find: the way back, from what the clusters hold to the resource that made it. For import, and
 * for the data source.
 */
#include "lifecycle_internal.h"

#include <string.h>

struct search {
    const char *name, *namespace_;
    const char *cluster_name;
    struct glm_cluster *cluster;
    bool tolerate;

    /* results */
    const struct glm_value *operators, *services; /* lists of objects that match */
    bool labelled; /* they carry our labels; else they only have the name */
};

/* Objects of ours, by labels. */
static const struct glm_value *ours(const struct search *s, struct glm_arena *arena,
                                    const struct glm_value *list)
{
    struct glm_list_builder b;
    glm_list_init(&b, arena);
    for (size_t i = 0; i < list->len; i++)
        if (glm_owner_of(arena, list->as.list[i], s->name, s->namespace_, s->cluster_name, NULL) ==
            GLM_OWNER_US)
            glm_list_add(&b, list->as.list[i]);
    return glm_list_finish(&b);
}

/* Objects of nobody's whose name is the resource's, with or without the revision they select. */
static const struct glm_value *namesakes(const struct search *s, struct glm_arena *arena,
                                         const struct glm_value *list)
{
    struct glm_list_builder b;
    glm_list_init(&b, arena);
    for (size_t i = 0; i < list->len; i++) {
        const struct glm_value *o = list->as.list[i];
        const char *name = glm_string_or(glm_get_path(o, "metadata", "name", NULL), "");
        const char *revision = glm_string_or(glm_get_path(o, "spec", "revision", NULL), "");
        const char *suffixed = *revision ? glm_sprintf(arena, "%s-%s", s->name, revision) : s->name;
        bool match = strcmp(name, s->name) == 0 || strcmp(name, suffixed) == 0;
        if (match && glm_owner_of(arena, o, s->name, s->namespace_, s->cluster_name, NULL) ==
                         GLM_OWNER_FOREIGN)
            glm_list_add(&b, o);
    }
    return glm_list_finish(&b);
}

static void search_cluster(struct fanout_job *job)
{
    struct search *s = job->work;
    struct glm_diags errors;
    glm_diags_init(&errors, job->arena);
    const struct glm_value *operators = &glm_empty_list, *services = &glm_empty_list;
    s->operators = s->services = &glm_empty_list;
    enum glm_found found;
    if (!s->cluster->ops->list(s->cluster, job->arena, GLM_KIND_ISTIO_OPERATOR, NULL, &found,
                               &operators, &errors) ||
        !s->cluster->ops->list(s->cluster, job->arena, GLM_KIND_SERVICE, NULL, &found, &services,
                               &errors)) {
        const char *summary =
            glm_sprintf(job->arena, "Cluster \"%s\" cannot be searched", s->cluster_name);
        const char *why = errors.first ? errors.first->detail : "it does not answer";
        if (s->tolerate)
            glm_warn(&job->diags, NULL, summary, "%s", why);
        else
            glm_error(&job->diags, NULL, summary, "%s", why);
        return;
    }
    glm_diags_append(&job->diags, NULL, &errors); /* warnings */
    s->operators = ours(s, job->arena, operators);
    s->services = ours(s, job->arena, services);
    s->labelled = s->operators->len > 0 || s->services->len > 0;
    if (!s->labelled)
        s->operators = namesakes(s, job->arena, operators);
}

/* ---- rebuilding ---- */

struct rebuilt {
    struct glm_arena *arena;
    struct glm_map_builder installations; /* without clusters */
    struct glm_map_builder placements;    /* installation key -> map of clusters */
    struct glm_map_builder operators, services, status, records;
    const struct glm_value *helm_global;
};

static const struct glm_value *installation_of(struct glm_arena *arena,
                                               const struct glm_value *view)
{
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    const struct glm_value *written = glm_get(view, "gateway_revision");
    const struct glm_value *skip = glm_get(view, "skip_upgrade_validation");
    glm_map_set(&b, "gateway_revision", written);
    glm_map_set(&b, "control_plane_revision", glm_get(view, "control_plane_revision"));
    glm_map_set(&b, "skip_upgrade_validation", skip->kind == GLM_BOOL ? skip : &glm_false);
    glm_map_set(&b, "istio_operator_spec", glm_get(view, "spec"));
    return glm_map_finish(&b, NULL);
}

/* The key that this installation goes by: its own, unless another one has it already. */
static const char *installation_key(struct rebuilt *r, const struct glm_value *view,
                                    const struct glm_value *installation, const char *cluster)
{
    const char *key = glm_string_or(glm_get(view, "key"), "default");
    for (unsigned attempt = 0; attempt < 1000; attempt++) {
        const struct glm_value *other = glm_map_peek(&r->installations, key);
        if (glm_is_null(other) || glm_equal(other, installation))
            return key;
        key = attempt == 0 ? glm_sprintf(r->arena, "%s-%s", key, cluster)
                           : glm_sprintf(r->arena, "%s-%u", key, attempt + 1);
    }
    return key;
}

static const struct glm_value *placement_of(struct glm_arena *arena, const struct glm_value *view)
{
    const struct glm_value *cluster = glm_get(view, "cluster");
    const struct glm_value *active = glm_get(cluster, "active_gateway");
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    glm_map_set(&b, "active_gateway", active->kind == GLM_BOOL ? active : &glm_false);
    glm_map_set(&b, "trust_domain", glm_get(cluster, "trust_domain"));
    return glm_map_finish(&b, NULL);
}

/* The revision an object of ours was made for; else the one its name ends in. */
static const char *revision_of(const struct glm_value *object, const struct glm_value *view)
{
    const struct glm_value *label =
        glm_get_path(object, "metadata", "labels", GLM_LABEL_REVISION, NULL);
    if (glm_is_string(label))
        return label->as.text;
    const char *written = glm_string_or(glm_get(view, "gateway_revision"), "");
    return strcmp(written, "default") == 0 ? "" : written;
}

static const struct glm_value *view_of_object(struct glm_arena *arena, const struct search *s,
                                              const struct glm_value *object)
{
    const struct glm_value *text =
        glm_get_path(object, "metadata", "annotations", GLM_ANNOTATION_VIEW, NULL);
    const struct glm_value *view = NULL;
    if (glm_is_string(text) && glm_view_read(arena, text->as.text, &view))
        return view;
    const struct glm_value *service = NULL;
    for (size_t i = 0; i < s->services->len && !service; i++)
        service = s->services->as.list[i];
    return glm_untranslate(arena, s->cluster_name, object, service);
}

static const char *ref_text(struct glm_arena *arena, const struct glm_value *object)
{
    return glm_sprintf(arena, "%s/%s",
                       glm_string_or(glm_get_path(object, "metadata", "namespace", NULL), ""),
                       glm_string_or(glm_get_path(object, "metadata", "name", NULL), ""));
}

static void add_cluster(struct rebuilt *r, const struct search *s)
{
    struct glm_arena *arena = r->arena;
    struct glm_map_builder shown, status, refs, services;
    struct glm_list_builder service_refs;
    glm_map_init(&shown, arena);
    glm_map_init(&status, arena);
    glm_map_init(&refs, arena);
    glm_map_init(&services, arena);
    glm_list_init(&service_refs, arena);
    const char *place = place_of(arena, s->cluster);
    for (size_t i = 0; i < s->operators->len; i++) {
        const struct glm_value *object = s->operators->as.list[i];
        const struct glm_value *view = view_of_object(arena, s, object);
        const struct glm_value *installation = installation_of(arena, view);
        const char *key = installation_key(r, view, installation, s->cluster_name);
        glm_map_set(&r->installations, key, installation);
        glm_map_set(&r->placements, key,
                    glm_with(arena, glm_map_peek(&r->placements, key), s->cluster_name,
                             placement_of(arena, view)));
        if (!glm_is_null(glm_get(view, "helm_global")))
            r->helm_global = glm_get(view, "helm_global");
        const char *revision = revision_of(object, view);
        const char *shown_key = glm_revision_key(revision);
        glm_map_set(&shown, shown_key,
                    glm_string(arena, glm_json_text(arena, glm_disown(arena, object))));
        glm_map_set(&status, shown_key, status_written(arena, revision, place));
        glm_map_set(&refs, shown_key, glm_string(arena, ref_text(arena, object)));
    }
    for (size_t i = 0; i < s->services->len; i++) {
        const struct glm_value *object = s->services->as.list[i];
        const char *key = ref_text(arena, object);
        const char *text = glm_json_text(arena, glm_disown(arena, object));
        glm_map_set(&services, key, shown_service(arena, glm_string(arena, text), &glm_empty_list));
        glm_list_add(&service_refs, glm_string(arena, key));
    }
    glm_map_set(&r->operators, s->cluster_name, glm_map_finish(&shown, NULL));
    glm_map_set(&r->services, s->cluster_name, glm_map_finish(&services, NULL));
    glm_map_set(&r->status, s->cluster_name, glm_map_finish(&status, NULL));
    glm_map_set(&r->records, s->cluster_name,
                record_make_cluster(arena, place, glm_map_finish(&refs, NULL),
                                    glm_list_finish(&service_refs)));
}

static const struct glm_value *join_installations(struct rebuilt *r)
{
    const struct glm_value *installations = glm_map_finish(&r->installations, NULL);
    struct glm_map_builder b;
    glm_map_init(&b, r->arena);
    for (size_t i = 0; i < installations->len; i++) {
        const struct glm_pair *pair = &installations->as.map[i];
        glm_map_append(
            &b, pair->key, 0, 0,
            glm_with(r->arena, pair->value, "clusters", glm_map_peek(&r->placements, pair->key)));
    }
    return glm_map_finish(&b, NULL);
}

static void rebuild(struct glm_arena *arena, const struct search *searches, size_t count,
                    bool labelled, struct glm_change *change)
{
    struct rebuilt r = {.arena = arena, .helm_global = &glm_null};
    struct glm_map_builder *builders[] = {&r.installations, &r.placements, &r.operators,
                                          &r.services,      &r.status,     &r.records};
    for (size_t i = 0; i < sizeof builders / sizeof *builders; i++)
        glm_map_init(builders[i], arena);
    size_t objects = 0;
    for (size_t i = 0; i < count; i++) {
        const struct search *s = &searches[i];
        if (s->labelled != labelled || s->operators->len + s->services->len == 0)
            continue;
        objects += s->operators->len;
        add_cluster(&r, s);
    }
    if (objects == 0)
        return;
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    const char *name = searches[0].name, *namespace_ = searches[0].namespace_;
    glm_map_set(&b, "id", glm_stringf(arena, "%s/%s", namespace_, name));
    glm_map_set(&b, "name", glm_string(arena, name));
    glm_map_set(&b, "namespace", glm_string(arena, namespace_));
    glm_map_set(&b, "installations", join_installations(&r));
    glm_map_set(&b, "helm_global", r.helm_global);
    glm_map_set(&b, "istio_operators", glm_map_finish(&r.operators, NULL));
    glm_map_set(&b, "services", glm_map_finish(&r.services, NULL));
    glm_map_set(&b, "status", status_wrap(arena, glm_map_finish(&r.status, NULL)));
    change->result = glm_map_finish(&b, NULL);
    change->result_record = record_make(arena, glm_map_finish(&r.records, NULL));
}

bool cluster_chosen(const struct glm_value *only, const char *name)
{
    if (!glm_is_list(only))
        return true;
    for (size_t i = 0; i < only->len; i++)
        if (glm_string_is(only->as.list[i], name))
            return true;
    return false;
}

bool glm_lifecycle_find(struct glm_arena *arena, const struct glm_estate *estate, const char *name,
                        const char *namespace_, const struct glm_value *only_clusters,
                        struct glm_change *change, struct glm_diags *d)
{
    size_t errors = d->errors, count = 0;
    change->result = change->result_record = &glm_null;
    struct search *searches = GLM_NEW_ARRAY(arena, estate->mesh.cluster_count, struct search);
    struct fanout_job *jobs = GLM_NEW_ARRAY(arena, estate->mesh.cluster_count, struct fanout_job);
    for (size_t i = 0; i < estate->mesh.cluster_count; i++) {
        struct search *s = &searches[count];
        const struct glm_cluster_config *config;
        *s = (struct search){
            .name = name, .namespace_ = namespace_, .cluster_name = estate->mesh.clusters[i].name};
        if (!estate_find(estate, s->cluster_name, &config, &s->cluster, &s->tolerate) ||
            !s->cluster || !cluster_chosen(only_clusters, s->cluster_name))
            continue;
        jobs[count++].work = s;
    }
    fanout(arena, estate->max_parallel, jobs, count, search_cluster, d);
    bool labelled = false;
    for (size_t i = 0; i < count; i++)
        labelled = labelled || searches[i].labelled;
    if (count > 0)
        rebuild(arena, searches, count, labelled, change);
    return d->errors == errors;
}
