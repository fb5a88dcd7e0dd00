/* SPDX-License-Identifier: Apache-2.0
 *
 * Find: the way back, from what the clusters hold to the resource that made it. For import, and
 * for the data source. Here: what there is, what each object was made of, and how it is.
 */
#include "find.h"

#include <stdlib.h>
#include <string.h>

/* What is found in files may take so much of memory, of all directories together. */
#define FILES_KEPT_MAX ((size_t)512 << 20)

/* ---- which objects ---- */

/* The cluster of the pair that an object of ours was made for, which may be written to another
 * entry of `clusters` than its own; NULL: it is not ours, or not of this entry. */
static const char *cluster_of(const struct search *s, struct glm_arena *arena,
                              const struct glm_value *object)
{
    const char *cluster =
        glm_string_or(glm_get_path(object, "metadata", "labels", GLM_LABEL_CLUSTER, NULL), "");
    struct glm_diags ignored;
    glm_diags_init(&ignored, arena);
    if (glm_owner_of(arena, object, s->name, s->namespace_, cluster, NULL) != GLM_OWNER_US)
        return NULL;
    if (strcmp(cluster, s->cluster_name) == 0)
        return s->cluster_name;
    const struct glm_cluster_config *config = glm_mesh_cluster(&s->estate->mesh, cluster);
    if (!config)
        return NULL;
    const struct glm_installer_call call = estate_call(s->estate, arena, config->name);
    const char *seat = seam_seat(&call, config->name, &ignored);
    return seat && strcmp(seat, s->cluster_name) == 0 ? config->name : NULL;
}

/* ... of one whose labels say nothing: nobody's, and of the resource's name. */
static const char *namesake_of(const struct search *s, struct glm_arena *arena,
                               const struct glm_value *object)
{
    const struct glm_installer_call call = estate_call(s->estate, arena, s->cluster_name);
    bool is = seam_namesake(&call, object, s->name) &&
              glm_owner_of(arena, object, s->name, s->namespace_, s->cluster_name, NULL) ==
                  GLM_OWNER_FOREIGN;
    return is ? s->cluster_name : NULL;
}

/* A kind that is looked for, and all that there is of it. */
struct kind_list {
    const struct glm_installer *installer;
    const struct glm_object_kind *kind;
    enum glm_role role;
    bool find; /* an import takes one that is nobody's */
    bool stands;
    const struct glm_value *list;
};

/* What API servers have is lent, within the ceilings of what is remembered of them. Files are read into memory
 * that goes, where all of one directory may be: what is found is kept, as long as there is room. NULL: there
 * is none. */
static const struct glm_value *keep(struct search *s, struct glm_arena *arena,
                                    const struct glm_value *object)
{
    if (!s->cluster->ops->files)
        return object;
    size_t before = glm_arena_used(arena), left = atomic_load(s->room);
    if (left == 0)
        return NULL;
    object = glm_copy(arena, object);
    size_t bytes = glm_arena_used(arena) - before;
    while (!atomic_compare_exchange_weak(s->room, &left, left > bytes ? left - bytes : 0))
        ;
    return left >= bytes ? object : NULL;
}

static bool too_much(const struct search *s, struct glm_arena *arena, struct glm_diags *d)
{
    return glm_error(
        d, NULL, "It has too much",
        "What was found in %s, with what was found in other directories, takes more than the %zu "
        "MiB that there are for it. Look at what makes it so large: files of this provider are "
        "not, "
        "unless somebody has changed them.",
        intake_where(arena, s->estate, s->cluster), FILES_KEPT_MAX >> 20);
}

/* Those of what list has that `which` gives a cluster to. What has no name cannot be recorded. false: there is
 * no room for them. */
static bool add_objects(struct search *s, struct glm_arena *arena, const struct kind_list *of,
                        const char *(*which)(const struct search *, struct glm_arena *,
                                             const struct glm_value *))
{
    for (size_t i = 0; i < of->list->len; i++) {
        const struct glm_value *object = of->list->as.list[i];
        struct glm_object_ref ref;
        if (!glm_object_ref_as(object, of->kind, &ref))
            continue;
        const char *cluster = which(s, arena, object);
        const struct glm_value *kept = cluster ? keep(s, arena, object) : NULL;
        if (cluster && !kept)
            return false;
        if (cluster && !glm_object_ref_as(kept, of->kind, &ref))
            continue;
        if (cluster)
            s->objects[s->object_count++] = (struct find_object){.ref = ref,
                                                                 .installer = of->installer,
                                                                 .object = kept,
                                                                 .cluster = cluster,
                                                                 .role = of->role,
                                                                 .find = of->find,
                                                                 .stands = of->stands};
    }
    return true;
}

/* One more kind to look for, unless it is there. */
static void add_kind(struct kind_list *kinds, size_t *count, const struct glm_installer *installer,
                     const struct glm_installer_kind *kind)
{
    for (size_t i = 0; i < *count; i++)
        if (kinds[i].kind == kind->kind)
            return;
    kinds[(*count)++] = (struct kind_list){.installer = installer,
                                           .kind = kind->kind,
                                           .role = kind->role,
                                           .find = kind->find,
                                           .stands = kind->main};
}

/* All kinds of the installers that may write to the entry: what is ours and not found would be left
 * behind by a destroy. And Services, which traffic comes by. */
static size_t kinds_of(const struct search *s, struct glm_arena *arena, struct kind_list **ret)
{
    const struct glm_installer *const *all = s->estate->installers;
    size_t most = 1, count = 0;
    for (size_t i = 0; all[i]; i++)
        for (size_t k = 0; all[i]->kinds[k].kind; k++)
            most++;
    struct kind_list *kinds = GLM_NEW_ARRAY(arena, most, struct kind_list);
    for (size_t c = 0; c < s->estate->mesh.cluster_count; c++) {
        const char *name = s->estate->mesh.clusters[c].name;
        const struct glm_installer *row = estate_installer(s->estate, name);
        if (strcmp(name, s->cluster_name) != 0 && !row->seat)
            continue; /* writes to its own only */
        for (size_t k = 0; row->kinds[k].kind; k++)
            add_kind(kinds, &count, row, &row->kinds[k]);
    }
    static const struct glm_installer_kind services = {.kind = GLM_KIND_SERVICE,
                                                       .role = GLM_ROLE_TRAFFIC};
    add_kind(kinds, &count, estate_installer(s->estate, s->cluster_name), &services);
    *ret = kinds;
    return count;
}

static bool find_objects(struct search *s, struct glm_arena *arena, struct glm_diags *d)
{
    struct glm_arena *GLM_AUTO_ARENA scratch = glm_arena_create(GLM_ARENA_RPC_LIMIT);
    struct glm_arena *into = s->cluster->ops->files ? scratch : arena;
    struct kind_list *kinds;
    size_t kind_count = kinds_of(s, arena, &kinds), most = 0;
    bool ok = true;
    for (size_t i = 0; i < kind_count; i++) {
        if (!glm_cluster_list(s->cluster, into, kinds[i].kind, NULL, &kinds[i].list, NULL, d))
            return false;
        most += kinds[i].list->len;
    }
    s->objects = GLM_NEW_ARRAY(arena, most, struct find_object);
    for (size_t i = 0; i < kind_count && ok; i++)
        ok = add_objects(s, arena, &kinds[i], cluster_of);
    s->labelled = s->object_count > 0;
    for (size_t i = 0; i < kind_count && ok && !s->labelled; i++)
        if (kinds[i].find && kinds[i].role != GLM_ROLE_TRAFFIC)
            ok = add_objects(s, arena, &kinds[i], namesake_of);
    return ok || too_much(s, arena, d);
}

/* ---- what they were made of ---- */

static const char *pair_text(struct glm_arena *arena, const char *cluster, const char *revision)
{
    return glm_sprintf(arena, "%s/%s", cluster, glm_revision_key(revision));
}

static const struct glm_value *tame(const struct search *s, struct glm_arena *arena,
                                    const struct glm_value *view)
{
    return s->importing ? shown_view_names(arena, view) : shown_view(arena, view);
}

/* What is being read of annotations. */
struct viewing {
    size_t left;     /* bytes that they may still be unpacked to */
    size_t carriers; /* objects that have one */
    /* The pairs of which it is known what they were made of; and, by view_key, views that objects carry that do
     * not stand for their pair. */
    struct glm_map_builder viewed, carried;
};

/* Only what the same installer has made of a pair speaks for it: while it changes hands there are two of it. */
static const char *view_key(struct glm_arena *arena, const struct find_object *o,
                            const char *revision)
{
    return glm_sprintf(arena, "%s/%s", o->installer->name, pair_text(arena, o->cluster, revision));
}

/* NULL: it carries none. */
static const struct glm_value *read_view(struct search *s, struct glm_arena *arena,
                                         const struct find_object *o, struct viewing *v)
{
    const struct glm_value *view,
        *text = glm_get_path(o->object, "metadata", "annotations", GLM_ANNOTATION_VIEW, NULL);
    v->carriers += glm_is_string(text);
    return glm_is_string(text) && glm_view_read(arena, text->as.text, &v->left, &view)
               ? tame(s, arena, view)
               : NULL;
}

/* By the annotation: of another object of its pair, where one has it, else its own, which may be of a time when
 * what stands for a pair carried it in any case. */
static void find_view(struct search *s, struct glm_arena *arena, struct find_object *o,
                      struct viewing *v)
{
    const struct glm_value *label =
        glm_get_path(o->object, "metadata", "labels", GLM_LABEL_REVISION, NULL);
    const struct glm_value *view =
        glm_is_string(label) ? glm_map_peek(&v->carried, view_key(arena, o, label->as.text))
                             : &glm_null;
    if (glm_is_null(view))
        view = read_view(s, arena, o, v);
    if (!view)
        return;
    const char **clusters = GLM_NEW(arena, const char *);
    const struct glm_value **views = GLM_NEW(arena, const struct glm_value *);
    *clusters = o->cluster;
    *views = view;
    o->main = true;
    o->clusters = clusters;
    o->views = views;
    o->view_count = 1;
    glm_map_set(&v->viewed, pair_text(arena, o->cluster, find_revision(o->object, view)),
                &glm_true);
}

/* By what the object says itself, of a pair of which no object has an annotation. */
static void recall(struct search *s, struct glm_arena *arena, struct find_object *o,
                   const struct glm_value *traffic, const struct glm_map_builder *viewed,
                   struct glm_diags *d)
{
    const char *label = glm_string_or(
        glm_get_path(o->object, "metadata", "labels", GLM_LABEL_REVISION, NULL), NULL);
    if (o->main || !o->find || o->role != GLM_ROLE_WORKLOAD ||
        (label && !glm_is_null(glm_map_peek(viewed, pair_text(arena, o->cluster, label)))))
        return;
    const struct glm_installer_call call =
        seam_call(arena, s->estate, o->installer, s->cluster_name);
    const struct glm_value *const *recalled;
    o->view_count = seam_recall(&call, o->object, traffic, &o->clusters, &recalled, d);
    const struct glm_value **views = GLM_NEW_ARRAY(arena, o->view_count, const struct glm_value *);
    for (size_t i = 0; i < o->view_count; i++)
        views[i] = tame(s, arena, recalled[i]);
    o->views = views;
    o->main = o->view_count > 0;
    if (o->view_count == 1)
        o->cluster = o->clusters[0];
}

static bool too_much_said(const struct search *s, const struct viewing *v, struct glm_diags *d)
{
    return glm_error(d, NULL, "Too much to read",
                     "What the %zu objects of %s/%s say in their annotation " GLM_ANNOTATION_VIEW
                     " comes to more than %zu MiB, which is more than a resource can have. One of "
                     "them is not as it was written: see which with `kubectl get %s -A -o yaml`, "
                     "and remove the annotation there.",
                     v->carriers, s->namespace_, s->name, GLM_EXTENT_MAX >> 20,
                     s->objects[0].ref.kind->plural);
}

/* What the installations were, by the objects. They are packed, by whoever may write the objects. */
static bool read_views(struct search *s, struct glm_arena *arena, struct glm_diags *d)
{
    struct viewing v = {.left = GLM_EXTENT_MAX};
    const struct glm_value *traffic = NULL, *view;
    glm_map_init(&v.viewed, arena);
    glm_map_init(&v.carried, arena);
    for (size_t i = 0; i < s->object_count && v.left > 0; i++) {
        const struct find_object *o = &s->objects[i];
        if (o->role == GLM_ROLE_TRAFFIC)
            traffic = traffic ? traffic : o->object;
        else if (!o->stands && (view = read_view(s, arena, o, &v)) != NULL)
            glm_map_set(&v.carried, view_key(arena, o, find_revision(o->object, view)), view);
    }
    for (size_t i = 0; i < s->object_count && v.left > 0; i++)
        if (s->objects[i].stands)
            find_view(s, arena, &s->objects[i], &v);
    for (size_t i = 0; i < s->object_count && v.left > 0; i++)
        recall(s, arena, &s->objects[i], traffic, &v.viewed, d);
    return v.left > 0 || too_much_said(s, &v, d);
}

/* ---- how they are ---- */

/* An object that stands for a pair: they are gathered by pair. */
struct standing {
    size_t pair, object;
};

static int by_pair(const void *a_, const void *b_)
{
    const struct standing *a = a_, *b = b_;
    if (a->pair != b->pair)
        return a->pair < b->pair ? -1 : 1;
    return a->object < b->object ? -1 : a->object > b->object;
}

/* The index of the pair, which is made where there is none. */
static size_t pair_of(struct search *s, struct glm_map_builder *known, const char *cluster,
                      const char *revision)
{
    const char *text = pair_text(known->arena, cluster, revision);
    int64_t index;
    if (glm_number_int64(glm_map_peek(known, text), &index))
        return (size_t)index;
    glm_map_set(known, text, glm_integer(known->arena, (int64_t)s->pair_count));
    s->pairs[s->pair_count] = (struct find_pair){
        .cluster = cluster, .key = glm_revision_key(revision), .revision = revision};
    return s->pair_count++;
}

static void gather_pairs(struct search *s, struct glm_arena *arena)
{
    size_t most = 0, count = 0;
    for (size_t i = 0; i < s->object_count; i++)
        most += s->objects[i].view_count;
    struct standing *all = GLM_NEW_ARRAY(arena, most, struct standing);
    size_t *mains = GLM_NEW_ARRAY(arena, most, size_t);
    struct glm_map_builder known;
    glm_map_init(&known, arena);
    s->pairs = GLM_NEW_ARRAY(arena, most, struct find_pair);
    for (size_t i = 0; i < s->object_count; i++)
        for (size_t v = 0; v < s->objects[i].view_count; v++) {
            const struct find_object *o = &s->objects[i];
            size_t pair = pair_of(s, &known, o->clusters[v], find_revision(o->object, o->views[v]));
            all[count++] = (struct standing){.pair = pair, .object = i};
        }
    if (count > 1)
        qsort(all, count, sizeof *all, by_pair);
    for (size_t i = 0; i < count; i++) {
        struct find_pair *pair = &s->pairs[all[i].pair];
        mains[i] = all[i].object;
        if (pair->main_count++ == 0)
            pair->mains = &mains[i];
    }
}

/* What a live cluster says about everything that was found there. */
static bool judge(struct search *s, struct glm_arena *arena, struct glm_diags *d)
{
    s->judged = !s->cluster->ops->files;
    for (size_t i = 0; i < s->pair_count && s->judged; i++) {
        struct find_pair *pair = &s->pairs[i];
        struct glm_installer_look *looks =
            GLM_NEW_ARRAY(arena, pair->main_count, struct glm_installer_look);
        for (size_t m = 0; m < pair->main_count; m++) {
            const struct find_object *o = &s->objects[pair->mains[m]];
            looks[m] =
                (struct glm_installer_look){.ref = o->ref,
                                            .role = o->role,
                                            .main = true,
                                            .read = {.found = GLM_FOUND, .object = o->object}};
        }
        struct sight_of of;
        struct sight sight;
        sight_of_found(s->estate, arena, pair->cluster, pair->key, NULL, &of);
        of.call =
            seam_call(arena, s->estate, s->objects[pair->mains[0]].installer, s->cluster_name);
        if (!observe_looks(s->cluster, arena, &of, looks, pair->main_count, &sight, d))
            return false;
        pair->state = sight.judgement.state;
        pair->message = sight.judgement.quiet ? NULL : sight.judgement.message;
        if (sight.judgement.revision)
            pair->revision = sight.judgement.revision;
        if (pair->state == GLM_STATE_HEALTHY)
            pair->healthy = sight_generation(arena, &sight);
    }
    return true;
}

/* ---- the whole ---- */

static void search_cluster(struct fanout_job *job)
{
    struct search *s = job->work;
    struct glm_arena *arena = job->arena;
    struct glm_diags errors;
    glm_diags_init(&errors, arena);
    s->cluster = time_limit_cluster(s->limit, arena, s->cluster);
    bool ok = s->cluster->ops->identify(s->cluster, arena, &s->place, &errors) &&
              find_objects(s, arena, &errors) && read_views(s, arena, &errors);
    if (ok) {
        gather_pairs(s, arena);
        ok = judge(s, arena, &errors);
    }
    if (ok) {
        glm_diags_append(&job->diags, NULL, &errors); /* warnings */
        return;
    }
    s->object_count = s->pair_count = 0;
    const char *summary = glm_sprintf(arena, "Cluster \"%s\" cannot be searched", s->cluster_name);
    const char *why =
        time_limit_why(s->limit, arena, errors.first ? errors.first->detail : "it does not answer");
    bool named = time_limit_over(s->limit) && !s->importing;
    const struct glm_path *at = named ? GLM_AT_ATTR(NULL, "timeouts") : NULL;
    if (s->tolerate)
        glm_warn_shared(&job->diags, at, summary, "%s", why);
    else
        glm_error(&job->diags, at, summary, "%s", why);
}

bool find_is_chosen(const struct glm_value *only, const char *name)
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
    atomic_size_t *room = GLM_NEW(arena, atomic_size_t);
    atomic_init(room, FILES_KEPT_MAX);
    for (size_t i = 0; i < estate->mesh.cluster_count; i++) {
        struct search *s = &searches[count];
        const struct glm_cluster_config *config;
        *s = (struct search){.estate = estate,
                             .limit = &limit,
                             .room = room,
                             .importing = change->importing,
                             .name = name,
                             .namespace_ = namespace_,
                             .cluster_name = estate->mesh.clusters[i].name};
        if (!estate_find(estate, s->cluster_name, &config, &s->cluster, &s->tolerate) ||
            !s->cluster || !find_is_chosen(only_clusters, s->cluster_name))
            continue;
        s->tolerate = s->tolerate && !change->everywhere;
        jobs[count++] = (struct fanout_job){.work = s, .files = s->cluster->ops->files};
    }
    fanout(arena, estate->max_parallel, jobs, count, search_cluster, d);
    bool labelled = false;
    for (size_t i = 0; i < count; i++)
        labelled = labelled || searches[i].labelled;
    if (count > 0)
        find_rebuild(arena, estate, searches, count, labelled, change, d);
    return d->errors == errors;
}
