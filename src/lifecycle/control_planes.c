/* SPDX-License-Identifier: Apache-2.0
 *
 * Control planes: asks every cluster for istiod, the webhooks of revisions, and operators.
 *
 * Cost:   three lists, and one more for every name that an operator may have; each answer is a
 *         handful of objects. A list of all Deployments would find operators of any name, and would
 *         be tens of megabytes in a large cluster, at every plan.
 */
#include "glm/control_planes.h"

#include "glm/shown.h"
#include "glm/observe.h"
#include "lifecycle_internal.h"

#include <string.h>

#define MOST_REVISIONS 64 /* looked for operators of */
#define MOST_SHOWN 1000   /* control planes of a cluster, and operators */

struct planes_survey {
    const struct glm_cluster_config *config;
    struct glm_cluster *cluster; /* NULL: never to be reached */
    bool tolerate;
    const struct time_limit *limit;

    /* results */
    bool reachable, istio_operator_api;
    const char *message;
    const struct glm_control_plane *planes;
    size_t plane_count;
    const struct glm_operator *operators;
    size_t operator_count;
};

/* ---- asking ---- */

/* Deployments of one name, in whatever namespace, to those found so far. */
static void add_named(const struct planes_survey *s, struct glm_arena *arena, const char *name,
                      struct glm_list_builder *deployments, struct glm_diags *d)
{
    const struct glm_selection selection = {.fields = glm_sprintf(arena, "metadata.name=%s", name)};
    const struct glm_value *list;
    glm_cluster_list(s->cluster, arena, GLM_KIND_DEPLOYMENT, &selection, &list, NULL, d);
    for (size_t i = 0; i < list->len; i++)
        glm_list_add(deployments, list->as.list[i]);
}

static bool is_name(const char *text)
{
    return *text && !text[strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-.")];
}

/* The revisions that an operator may be there for: those of control planes and IstioOperators. */
static const struct glm_value *revisions_in_use(const struct planes_survey *s,
                                                struct glm_arena *arena,
                                                const struct glm_value *istio_operators)
{
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    for (size_t i = 0; i < s->plane_count && b.len < MOST_REVISIONS; i++)
        if (is_name(s->planes[i].revision))
            glm_map_set(&b, s->planes[i].revision, &glm_true);
    for (size_t i = 0; i < istio_operators->len && b.len < MOST_REVISIONS; i++) {
        const struct glm_value *object = istio_operators->as.list[i];
        const char *revision = glm_string_or(glm_get_path(object, "spec", "revision", NULL), "");
        if (is_name(revision))
            glm_map_set(&b, revision, &glm_true);
    }
    return glm_map_finish(&b, NULL);
}

/* By the names that they are installed under: istio-operator, istio-operator-REVISION. */
static void ask_for_operators(struct planes_survey *s, struct glm_arena *arena, struct glm_diags *d)
{
    const struct glm_value *istio_operators;
    struct glm_list_builder deployments;
    glm_list_init(&deployments, arena);
    glm_cluster_list(s->cluster, arena, GLM_KIND_ISTIO_OPERATOR, NULL, &istio_operators,
                     &s->istio_operator_api, d);
    add_named(s, arena, "istio-operator", &deployments, d);
    const struct glm_value *revisions = revisions_in_use(s, arena, istio_operators);
    for (size_t i = 0; i < revisions->len; i++)
        add_named(s, arena, glm_sprintf(arena, "istio-operator-%s", revisions->as.map[i].key),
                  &deployments, d);
    s->operator_count = glm_operators(arena, glm_list_finish(&deployments), &s->operators);
    if (s->operator_count > MOST_SHOWN)
        s->operator_count = MOST_SHOWN;
}

static const char *detail_of(const struct glm_diags *trouble)
{
    return trouble->first ? trouble->first->detail : "It does not answer.";
}

static void complain(struct fanout_job *job, struct planes_survey *s, const char *what)
{
    const char *summary =
        glm_sprintf(job->arena, "Cluster \"%s\" cannot be %s", s->config->name, what);
    s->message = time_limit_why(s->limit, job->arena, s->message);
    const struct glm_path *at = time_limit_over(s->limit) ? GLM_AT_ATTR(NULL, "timeouts") : NULL;
    if (s->tolerate)
        glm_warn_shared(&job->diags, at, summary, "%s", s->message);
    else
        glm_error(&job->diags, at, summary, "%s", s->message);
}

static void ask_cluster(struct fanout_job *job, struct planes_survey *s)
{
    static const struct glm_selection istiod = {.labels = "app=istiod"};
    static const struct glm_selection revisions = {.labels = "istio.io/rev"};
    struct glm_arena *arena = job->arena;
    const struct glm_value *deployments, *webhooks;
    bool served;
    struct glm_diags trouble;
    glm_diags_init(&trouble, arena);
    s->cluster = time_limit_cluster(s->limit, arena, s->cluster);
    s->reachable = glm_cluster_list(s->cluster, arena, GLM_KIND_DEPLOYMENT, &istiod, &deployments,
                                    &served, &trouble);
    if (s->reachable && !served)
        s->reachable = glm_error(&trouble, NULL, "No API server",
                                 "%s does not serve Deployments of apps/v1: is it a Kubernetes API "
                                 "server, and is the path in its address right?",
                                 s->cluster->ops->label(s->cluster, arena));
    if (!s->reachable) {
        s->message = detail_of(&trouble);
        complain(job, s, "asked for its control planes");
        return;
    }
    glm_cluster_list(s->cluster, arena, GLM_KIND_MUTATING_WEBHOOK, &revisions, &webhooks, NULL,
                     &trouble);
    s->plane_count = glm_control_planes(arena, deployments, webhooks, &s->planes);
    ask_for_operators(s, arena, &trouble);
    if (trouble.errors > 0) {
        s->message = detail_of(&trouble);
        complain(job, s, "asked for everything about its control planes");
    } else if (s->plane_count == 0) {
        s->message = "There is no control plane: no Deployment is labelled app=istiod, and no "
                     "webhook names a revision.";
    }
}

static void survey_cluster(struct fanout_job *job)
{
    struct planes_survey *s = job->work;
    s->message = "";
    if (s->config->decommissioned)
        s->message = "The cluster is decommissioned, so it is never asked.";
    else if (!s->cluster)
        s->message = "How the cluster is reached is known only after apply.";
    else if (s->cluster->ops->files)
        s->message = "The cluster is a directory of files: there is no API server to ask.";
    else
        ask_cluster(job, s);
}

/* ---- the result ---- */

static const struct glm_value *text_or_null(struct glm_arena *arena, const char *text)
{
    return text && *text ? glm_string(arena, glm_shown(arena, text)) : &glm_null;
}

static const struct glm_value *texts(struct glm_arena *arena, const char *const *items,
                                     size_t count)
{
    struct glm_list_builder b;
    glm_list_init(&b, arena);
    for (size_t i = 0; i < count; i++)
        glm_list_add(&b, glm_string(arena, glm_shown(arena, items[i])));
    return glm_list_finish(&b);
}

/* Where the provider would write an IstioOperator of this revision, somebody takes it up. */
static bool is_served(const struct planes_survey *s, struct glm_arena *arena, const char *revision)
{
    const char *template_ = s->config->operator_namespace;
    if (!template_)
        return false;
    const char *namespace_ = glm_operator_namespace(arena, template_, revision);
    for (size_t i = 0; i < s->operator_count; i++)
        if (s->operators[i].ready && glm_operator_serves(&s->operators[i], revision, namespace_))
            return true;
    return false;
}

static const struct glm_value *plane_value(struct glm_arena *arena, const struct planes_survey *s,
                                           const struct glm_control_plane *plane)
{
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    glm_map_set(&b, "namespace", text_or_null(arena, plane->namespace_));
    glm_map_set(&b, "name", text_or_null(arena, plane->name));
    glm_map_set(&b, "tag", text_or_null(arena, plane->tag));
    glm_map_set(&b, "version", text_or_null(arena, plane->version));
    glm_map_set(&b, "ready", glm_bool(plane->ready));
    glm_map_set(&b, "external", glm_bool(plane->external));
    glm_map_set(&b, "tags", texts(arena, plane->tags, plane->tag_count));
    glm_map_set(&b, "operator_ready", glm_bool(is_served(s, arena, plane->revision)));
    return glm_map_finish(&b, NULL);
}

/* Of two of one revision, the one that is ready: it comes first. */
static const struct glm_value *planes_value(struct glm_arena *arena, const struct planes_survey *s)
{
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    for (size_t i = 0; i < s->plane_count && b.len < MOST_SHOWN; i++) {
        const struct glm_control_plane *plane = &s->planes[i];
        const char *key = glm_shown(arena, glm_revision_key(plane->revision));
        if (glm_is_null(glm_map_peek(&b, key)))
            glm_map_set(&b, key, plane_value(arena, s, plane));
    }
    return glm_map_finish(&b, NULL);
}

static const struct glm_value *operators_value(struct glm_arena *arena,
                                               const struct planes_survey *s)
{
    struct glm_list_builder list;
    glm_list_init(&list, arena);
    for (size_t i = 0; i < s->operator_count; i++) {
        const struct glm_operator *op = &s->operators[i];
        struct glm_map_builder b;
        glm_map_init(&b, arena);
        glm_map_set(&b, "namespace", text_or_null(arena, op->namespace_));
        glm_map_set(&b, "name", text_or_null(arena, op->name));
        glm_map_set(&b, "revision", text_or_null(arena, op->revision));
        glm_map_set(&b, "watched_namespaces", texts(arena, op->watched, op->watched_count));
        glm_map_set(&b, "ready", glm_bool(op->ready));
        glm_list_add(&list, glm_map_finish(&b, NULL));
    }
    return glm_list_finish(&list);
}

static const struct glm_value *survey_value(struct glm_arena *arena, const struct planes_survey *s)
{
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    glm_map_set(&b, "reachable", glm_bool(s->reachable));
    glm_map_set(&b, "message",
                glm_string(arena, glm_shown_lines(arena, s->message, GLM_SHOWN_LINES_MAX)));
    glm_map_set(&b, "istio_operator_api", glm_bool(s->istio_operator_api));
    glm_map_set(&b, "revisions", planes_value(arena, s));
    glm_map_set(&b, "operators", operators_value(arena, s));
    return glm_map_finish(&b, NULL);
}

bool glm_lifecycle_control_planes(struct glm_arena *arena, const struct glm_estate *estate,
                                  const struct glm_value *only_clusters, int64_t timeout_ms,
                                  const struct glm_value **ret_result, struct glm_diags *d)
{
    const struct time_limit limit = time_limit("read", timeout_ms);
    size_t errors = d->errors, most = estate->mesh.cluster_count, count = 0;
    struct planes_survey *surveys = GLM_NEW_ARRAY(arena, most, struct planes_survey);
    struct fanout_job *jobs = GLM_NEW_ARRAY(arena, most, struct fanout_job);
    for (size_t i = 0; i < most; i++) {
        struct planes_survey *s = &surveys[count];
        const char *name = estate->mesh.clusters[i].name;
        if (find_is_chosen(only_clusters, name) &&
            estate_find(estate, name, &s->config, &s->cluster, &s->tolerate)) {
            s->limit = &limit;
            jobs[count++].work = s;
        }
    }
    fanout(arena, estate->max_parallel, jobs, count, survey_cluster, d);
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    for (size_t i = 0; i < count; i++)
        glm_map_set(&b, surveys[i].config->name, survey_value(arena, &surveys[i]));
    if (d->errors > errors)
        return false;
    *ret_result = glm_map_finish(&b, NULL);
    return true;
}
