/* SPDX-License-Identifier: Apache-2.0
 *
 * Find: the way back, from what the clusters hold to the resource that made it. For import, and
 * for the data source.
 */
#include "lifecycle_internal.h"

#include <string.h>

/* Of an installation, as an annotation has it. */
#define KEY_MAX ((size_t)1024)

struct search {
    const char *name, *namespace_;
    const char *cluster_name;
    struct glm_cluster *cluster;
    bool tolerate, importing;
    const struct time_limit *limit;

    /* results */
    const char *place;
    const struct glm_value *operators, *services; /* lists of objects that match */
    const struct glm_judgement *judgements;       /* beside operators; NULL: files */
    const struct glm_value **views;               /* beside operators: what each was made of */
    bool labelled; /* they carry our labels; else they only have the name */
};

/* What has no name cannot be recorded. */
static bool is_named(const struct glm_value *object)
{
    struct glm_object_ref ref;
    return glm_object_ref_of(object, &ref);
}

/* Objects of ours, by labels. */
static const struct glm_value *ours(const struct search *s, struct glm_arena *arena,
                                    const struct glm_value *list)
{
    struct glm_list_builder b;
    glm_list_init(&b, arena);
    for (size_t i = 0; i < list->len; i++)
        if (is_named(list->as.list[i]) &&
            glm_owner_of(arena, list->as.list[i], s->name, s->namespace_, s->cluster_name, NULL) ==
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
        bool match = is_named(o) && (strcmp(name, s->name) == 0 || strcmp(name, suffixed) == 0);
        if (match && glm_owner_of(arena, o, s->name, s->namespace_, s->cluster_name, NULL) ==
                         GLM_OWNER_FOREIGN)
            glm_list_add(&b, o);
    }
    return glm_list_finish(&b);
}

/* What a live cluster says about everything that was found there. */
static bool judge(struct search *s, struct glm_arena *arena, struct glm_diags *d)
{
    if (s->cluster->ops->files)
        return true;
    struct glm_judgement *all = GLM_NEW_ARRAY(arena, s->operators->len, struct glm_judgement);
    for (size_t i = 0; i < s->operators->len; i++) {
        const struct sight_of of = {.wanted = true};
        struct sight sight;
        if (!observe_object(s->cluster, arena, s->operators->as.list[i], &of, &sight, d))
            return false;
        all[i] = sight.judgement;
    }
    s->judgements = all;
    return true;
}

static const struct glm_value *view_of_object(struct glm_arena *arena, const struct search *s,
                                              const struct glm_value *object, size_t *left)
{
    const struct glm_value *text =
        glm_get_path(object, "metadata", "annotations", GLM_ANNOTATION_VIEW, NULL);
    const struct glm_value *view = NULL;
    const struct glm_value *service = NULL;
    for (size_t i = 0; i < s->services->len && !service; i++)
        service = s->services->as.list[i];
    if (!glm_is_string(text) || !glm_view_read(arena, text->as.text, left, &view))
        view = glm_untranslate(arena, s->cluster_name, object, service);
    return s->importing ? shown_view_names(arena, view) : shown_view(arena, view);
}

/* What the installations were, by the objects. They are packed, by whoever may write the objects. */
static bool read_views(struct search *s, struct glm_arena *arena, struct glm_diags *d)
{
    size_t left = GLM_EXTENT_MAX;
    s->views = GLM_NEW_ARRAY(arena, s->operators->len, const struct glm_value *);
    for (size_t i = 0; i < s->operators->len && left > 0; i++)
        s->views[i] = view_of_object(arena, s, s->operators->as.list[i], &left);
    return left > 0 ||
           glm_error(d, NULL, "Too much to read",
                     "What the %zu IstioOperators of %s/%s say in their annotation "
                     "" GLM_ANNOTATION_VIEW " comes to more than %zu MiB, which is more than a "
                     "resource can have. One of them is not as it was written: see which with "
                     "`kubectl get istiooperators -A -o yaml`, and remove the annotation there.",
                     s->operators->len, s->namespace_, s->name, GLM_EXTENT_MAX >> 20);
}

static bool search(struct search *s, struct glm_arena *arena, struct glm_diags *d)
{
    const struct glm_value *operators, *services;
    if (!s->cluster->ops->identify(s->cluster, arena, &s->place, d) ||
        !list_objects(s->cluster, arena, GLM_KIND_ISTIO_OPERATOR, NULL, &operators, NULL, d) ||
        !list_objects(s->cluster, arena, GLM_KIND_SERVICE, NULL, &services, NULL, d))
        return false;
    s->operators = ours(s, arena, operators);
    s->services = ours(s, arena, services);
    s->labelled = s->operators->len > 0 || s->services->len > 0;
    if (!s->labelled)
        s->operators = namesakes(s, arena, operators);
    return read_views(s, arena, d) && judge(s, arena, d);
}

static void search_cluster(struct fanout_job *job)
{
    struct search *s = job->work;
    struct glm_diags errors;
    glm_diags_init(&errors, job->arena);
    s->cluster = time_limit_cluster(s->limit, job->arena, s->cluster);
    s->operators = s->services = &glm_empty_list;
    if (search(s, job->arena, &errors)) {
        glm_diags_append(&job->diags, NULL, &errors); /* warnings */
        return;
    }
    s->operators = s->services = &glm_empty_list;
    const char *summary =
        glm_sprintf(job->arena, "Cluster \"%s\" cannot be searched", s->cluster_name);
    const char *why = time_limit_why(s->limit, job->arena,
                                     errors.first ? errors.first->detail : "it does not answer");
    bool named = time_limit_over(s->limit) && !s->importing;
    const struct glm_path *at = named ? GLM_AT_ATTR(NULL, "timeouts") : NULL;
    if (s->tolerate)
        glm_warn_shared(&job->diags, at, summary, "%s", why);
    else
        glm_error(&job->diags, at, summary, "%s", why);
}

/* ---- rebuilding ---- */

struct rebuilt {
    struct glm_arena *arena;
    struct glm_map_builder installations; /* without clusters */
    struct glm_map_builder placements;    /* installation key -> map of clusters */
    struct glm_map_builder operators, services, status, records;
    const struct glm_value *helm_global;
    const struct glm_estate *estate;
    const struct wanted *wanted;          /* the installations; NULL: not possible */
    const struct wanted_cluster *applied; /* of that, what the cluster at hand would get */
    struct intake intake;
    const struct search *too_much; /* the cluster that has; NULL: none, so far */
};

/* Counts what goes into the state of what a cluster has. */
static void take_in(struct rebuilt *r, const struct search *s, const struct glm_value *text)
{
    struct share share = {.intake = &r->intake};
    if (!r->too_much && glm_is_string(text) && !share_add(&share, intake_of_text(text)))
        r->too_much = s;
}

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
    const char *own = glm_string_or(glm_get(view, "key"), "default");
    own = strlen(own) <= KEY_MAX ? own : "default"; /* which nobody has ever written */
    const char *key = own;
    struct glm_arena *GLM_AUTO_ARENA scratch = glm_arena_create(glm_arena_room(r->arena));
    for (unsigned attempt = 0; attempt < 1000; attempt++) {
        const struct glm_value *other = glm_map_peek(&r->installations, key);
        if (glm_is_null(other) || glm_equal(other, installation))
            break;
        key = attempt == 0 ? glm_sprintf(scratch, "%s-%s", own, cluster)
                           : glm_sprintf(scratch, "%s-%s-%u", own, cluster, attempt + 1);
    }
    return glm_strdup(r->arena, key);
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

static const char *ref_text(struct glm_arena *arena, const struct glm_value *object)
{
    struct glm_object_ref ref;
    return glm_object_ref_of(object, &ref) ? record_ref_text(arena, &ref) : "";
}

/* What is imported is as it is, and what is not seen may be meant, or not. */
static void warn_hidden(const struct rebuilt *r, const struct search *s, const char *key,
                        const struct glm_value *view, struct glm_diags *d)
{
    const char *hidden = s->importing ? shown_view_hidden(r->arena, view) : NULL;
    if (hidden)
        glm_warn(d, NULL, "What is imported has characters that are not seen",
                 "installations[\"%s\"], from cluster \"%s\": its istio_operator_spec, or "
                 "helm_global, has characters that a terminal takes for commands or does not show, "
                 "the first one of which is \"%s\". It is imported with them, as it is. Look at it "
                 "before you write it into a configuration: whoever may write the IstioOperator "
                 "may have put them there.",
                 key, s->cluster_name, hidden);
}

/* The installations and their clusters, as they were written. */
static void add_installations(struct rebuilt *r, const struct search *s, struct glm_diags *d)
{
    struct glm_arena *arena = r->arena;
    for (size_t i = 0; i < s->operators->len && !r->too_much; i++) {
        const struct glm_value *view = s->views[i];
        const struct glm_value *installation = installation_of(arena, view);
        const char *key = installation_key(r, view, installation, s->cluster_name);
        if (glm_is_null(glm_map_peek(&r->installations, key))) { /* the state has it once */
            take_in(r, s, glm_get(view, "spec"));
            warn_hidden(r, s, key, view, d);
        }
        glm_map_set(&r->installations, key, installation);
        glm_map_set(&r->placements, key,
                    glm_with(arena, glm_map_peek(&r->placements, key), s->cluster_name,
                             placement_of(arena, view)));
        if (!glm_is_null(glm_get(view, "helm_global")))
            r->helm_global = glm_get(view, "helm_global");
    }
}

/* An object as the attributes show it: of a live one what the installations make of it. Somebody
 * else's is imported as it is, to the character: that is what the next apply writes. */
static const struct glm_value *show(const struct rebuilt *r, const struct search *s,
                                    const struct glm_value *object)
{
    struct glm_object_ref ref;
    const struct wanted_object *o = NULL;
    const struct glm_value *shown;
    if (glm_object_ref_of(object, &ref))
        o = wanted_object_find(r->applied, &ref);
    if (s->cluster->ops->files)
        shown = glm_disown(r->arena, object);
    else
        shown = o ? glm_project(r->arena, object, o->bare) : live_bare(r->arena, object);
    if (s->labelled || !s->importing)
        shown = shown_tame(r->arena, shown, o ? o->bare : &glm_null);
    return glm_string(r->arena, glm_json_text(r->arena, shown));
}

static const struct glm_value *status_of(struct glm_arena *arena, const struct search *s, size_t i,
                                         const char *revision)
{
    if (!s->judgements)
        return status_written(arena, revision, estate_label(arena, s->cluster));
    return status_entry(arena, s->judgements[i].state, revision, s->judgements[i].message);
}

static void add_cluster(struct rebuilt *r, const struct search *s)
{
    struct glm_arena *arena = r->arena;
    struct glm_map_builder shown, status, refs, services, healthy;
    struct glm_list_builder service_refs, unsettled;
    struct glm_map_builder *maps[] = {&shown, &status, &refs, &services, &healthy};
    for (size_t i = 0; i < sizeof maps / sizeof *maps; i++)
        glm_map_init(maps[i], arena);
    glm_list_init(&service_refs, arena);
    glm_list_init(&unsettled, arena);
    for (size_t i = 0; i < s->operators->len && !r->too_much; i++) {
        const struct glm_value *object = s->operators->as.list[i];
        const char *revision = revision_of(object, s->views[i]);
        const char *key = glm_revision_key(revision);
        glm_map_set(&shown, key, show(r, s, object));
        for (int copies = s->labelled ? 1 : 2; copies > 0; copies--) /* the record has one */
            take_in(r, s, glm_map_peek(&shown, key));
        glm_map_set(&status, key, status_of(arena, s, i, revision));
        glm_map_set(&refs, key, glm_string(arena, ref_text(arena, object)));
        if (s->judgements && s->judgements[i].state == GLM_STATE_HEALTHY)
            record_healthy(&healthy, arena, key, glm_generation(arena, object));
        else if (s->judgements) /* as after an apply that did not see it healthy */
            glm_list_add(&unsettled, glm_string(arena, key));
    }
    for (size_t i = 0; i < s->services->len && !r->too_much; i++) {
        const struct glm_value *object = s->services->as.list[i];
        const char *key = ref_text(arena, object);
        const struct glm_value *manifest = show(r, s, object);
        glm_map_set(&services, key, shown_service(arena, manifest, shown_addresses(arena, object)));
        take_in(r, s, manifest);
        glm_list_add(&service_refs, glm_string(arena, key));
    }
    const struct glm_value *found = glm_map_finish(&shown, NULL);
    glm_map_set(&r->operators, s->cluster_name, found);
    glm_map_set(&r->services, s->cluster_name, glm_map_finish(&services, NULL));
    glm_map_set(&r->status, s->cluster_name, glm_map_finish(&status, NULL));
    const char *label = s->cluster->ops->files ? estate_label(arena, s->cluster) : NULL;
    const struct record_parts parts = {.place = s->place,
                                       .label = label,
                                       .operators = glm_map_finish(&refs, NULL),
                                       .services = glm_list_finish(&service_refs),
                                       .healthy = glm_map_finish(&healthy, NULL),
                                       .unsettled = glm_list_finish(&unsettled),
                                       .found = s->labelled ? NULL : found,
                                       .foreign = !s->labelled};
    glm_map_set(&r->records, s->cluster_name, record_make_cluster(arena, &parts));
}

static void add_rendered(struct rebuilt *r, const struct search *s)
{
    struct glm_arena *GLM_AUTO_ARENA rendered = glm_arena_create(GLM_ARENA_RPC_LIMIT);
    r->applied = wanted_render_before(rendered, r->estate, r->wanted, s->cluster_name);
    add_cluster(r, s);
    r->applied = NULL;
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

static bool matters(const struct search *s, bool labelled)
{
    return s->labelled == labelled && s->operators->len + s->services->len > 0;
}

static void refuse_too_much(const struct search *s, struct glm_diags *d)
{
    glm_error(d, NULL, glm_sprintf(d->arena, "Cluster \"%s\" has too much", s->cluster_name),
              "What was found of %s/%s comes to more than the %zu MiB that one resource may have "
              "with what this cluster has of it. Look at what makes it so large (`kubectl get "
              "istiooperators,services -A -o yaml`), and whether this is the cluster that its "
              "entry is meant to lead to.",
              s->namespace_, s->name, GLM_EXTENT_MAX >> 20);
}

static void rebuild(struct glm_arena *arena, const struct glm_estate *estate,
                    const struct search *searches, size_t count, bool labelled,
                    struct glm_change *change, struct glm_diags *d)
{
    struct rebuilt r = {.arena = arena, .estate = estate, .helm_global = &glm_null};
    intake_begin(&r.intake, 0);
    struct glm_map_builder *builders[] = {&r.installations, &r.placements, &r.operators,
                                          &r.services,      &r.status,     &r.records};
    for (size_t i = 0; i < sizeof builders / sizeof *builders; i++)
        glm_map_init(builders[i], arena);
    for (size_t i = 0; i < count; i++)
        if (matters(&searches[i], labelled))
            add_installations(&r, &searches[i], d);
    if (r.installations.len == 0)
        return;
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    const char *name = searches[0].name, *namespace_ = searches[0].namespace_;
    glm_map_set(&b, "id", glm_stringf(arena, "%s/%s", namespace_, name));
    glm_map_set(&b, "name", glm_string(arena, name));
    glm_map_set(&b, "namespace", glm_string(arena, namespace_));
    glm_map_set(&b, "installations", join_installations(&r));
    glm_map_set(&b, "helm_global", r.helm_global);
    const struct glm_value *attributes = glm_map_finish(&b, NULL);
    r.wanted = wanted_before(arena, estate, attributes);
    for (size_t i = 0; i < count; i++)
        if (matters(&searches[i], labelled))
            add_rendered(&r, &searches[i]);
    if (r.too_much) {
        refuse_too_much(r.too_much, d);
        return;
    }
    glm_map_init_from(&b, arena, attributes);
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
    const struct time_limit limit =
        time_limit(change->importing ? "import" : "read", change->timeout_ms);
    struct search *searches = GLM_NEW_ARRAY(arena, estate->mesh.cluster_count, struct search);
    struct fanout_job *jobs = GLM_NEW_ARRAY(arena, estate->mesh.cluster_count, struct fanout_job);
    for (size_t i = 0; i < estate->mesh.cluster_count; i++) {
        struct search *s = &searches[count];
        const struct glm_cluster_config *config;
        *s = (struct search){.limit = &limit,
                             .importing = change->importing,
                             .name = name,
                             .namespace_ = namespace_,
                             .cluster_name = estate->mesh.clusters[i].name};
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
        rebuild(arena, estate, searches, count, labelled, change, d);
    return d->errors == errors;
}
