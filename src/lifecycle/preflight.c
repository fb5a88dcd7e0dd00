/* SPDX-License-Identifier: Apache-2.0
 *
 * Preflight: what an IstioOperator needs in its cluster, looked at before it is written: when it is
 * not there yet, the control plane that it names and an operator that takes it up, since an object
 * that nobody reconciles would be pending for ever; whenever its version changes, a control plane
 * of a version that goes with it.
 *
 * Rights: a look that is forbidden is no reason not to install; it is said in a warning.
 */
#include "glm/upgrade.h"

#include "glm/shown.h"
#include "parts.h"

#include <string.h>

struct survey {
    bool planes_known;
    const struct glm_control_plane *planes;
    size_t plane_count;
    const struct glm_value *istio_operators; /* all of the cluster */
};

static bool is_new(const struct pair_work *p, const struct wanted_pair *pair)
{
    if (p->operator_.found != GLM_FOUND)
        return true;
    const struct glm_value *is = glm_get_path(p->operator_.object, "spec", "revision", NULL);
    const struct glm_value *wanted = glm_get_path(pair->operator_.object, "spec", "revision", NULL);
    return strcmp(glm_string_or(is, ""), glm_string_or(wanted, "")) != 0;
}

/* ---- control planes ---- */

static void survey_planes(struct work *w, struct glm_arena *arena, struct survey *s,
                          struct glm_diags *d)
{
    const struct glm_selection istiod = {.labels = "app=istiod"};
    const struct glm_selection revisions = {.labels = "istio.io/rev"};
    const struct glm_value *deployments, *webhooks;
    bool served = false, hooked = false;
    struct glm_diags errors;
    glm_diags_init(&errors, arena);
    list_objects(w->cluster, arena, GLM_KIND_DEPLOYMENT, &istiod, &deployments, &served, &errors);
    if (served)
        list_objects(w->cluster, arena, GLM_KIND_MUTATING_WEBHOOK, &revisions, &webhooks, &hooked,
                     &errors);
    s->planes_known = served && hooked;
    if (s->planes_known)
        s->plane_count = glm_control_planes(arena, deployments, webhooks, &s->planes);
    else
        glm_warn_shared(
            d, GLM_AT_ATTR(NULL, "installations"),
            glm_sprintf(arena, "Control planes of cluster \"%s\" cannot be looked up",
                        w->cluster_name),
            "%s\n\nWhether the control planes of the installations are there was not checked.",
            errors.first ? errors.first->detail : "They cannot be listed.");
}

static const char *known_planes(struct glm_arena *arena, const struct survey *s)
{
    struct glm_text text;
    glm_text_init(&text, arena, (size_t)16 << 10);
    for (size_t i = 0; i < s->plane_count; i++)
        glm_text_addf(&text, "%s%s", i ? ", " : "",
                      glm_shown(arena, glm_revision_key(s->planes[i].revision)));
    return text.len ? text.data : "none";
}

static void block(struct work *w, struct glm_arena *arena, size_t index, enum glm_state state,
                  const char *summary, const char *message, struct glm_diags *d)
{
    struct pair_work *p = &w->pairs[index];
    const char *revision = w->wanted->pairs[index].installation->revision;
    p->blocked = true;
    p->status = status_entry(arena, state, revision, message);
    work_error(w, arena, WORK_AT(w, index), d, summary, "%s", message);
}

/* false: blocked. */
static bool check_plane(struct work *w, struct glm_arena *arena, const struct survey *s,
                        size_t index, struct glm_diags *d)
{
    const char *revision = w->wanted->pairs[index].installation->control_plane;
    const struct glm_control_plane *tag_of = NULL;
    if (!s->planes_known || glm_control_plane_find(s->planes, s->plane_count, revision, &tag_of))
        return true;
    if (tag_of) {
        block(w, arena, index, GLM_STATE_NO_CONTROL_PLANE_AVAILABLE,
              "A revision tag is not a control plane",
              glm_sprintf(arena,
                          "\"%s\" is a tag that stands for revision \"%s\". A gateway connects to "
                          "the control plane itself, so say control_plane_revision = \"%s\".",
                          revision, tag_of->revision, glm_revision_key(tag_of->revision)),
              d);
        return false;
    }
    block(w, arena, index, GLM_STATE_NO_CONTROL_PLANE_AVAILABLE, "No control plane available",
          glm_sprintf(arena,
                      "There is no control plane of revision \"%s\" in this cluster (it has: %s), "
                      "so no gateway was created. Install the control plane first, or name one "
                      "that is there in control_plane_revision.",
                      glm_revision_key(revision), known_planes(arena, s)),
          d);
    return false;
}

/* ---- versions: no gateway newer than its control plane, at most one minor version older ---- */

static bool same_text(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool changes_version(struct glm_arena *arena, const struct pair_work *p,
                            const struct wanted_pair *pair)
{
    const struct glm_target *is, *wanted;
    size_t count = glm_targets(arena, pair->operator_.object, &wanted);
    if (glm_targets(arena, p->operator_.object, &is) != count)
        return true;
    for (size_t i = 0; i < count; i++)
        if (!same_text(is[i].tag, wanted[i].tag))
            return true;
    return false;
}

static void too_new(struct work *w, struct glm_arena *arena, size_t index,
                    const struct glm_target *target, const struct glm_control_plane *plane,
                    struct glm_diags *d)
{
    const struct glm_installation *in = w->wanted->pairs[index].installation;
    const char *what = glm_sprintf(
        arena,
        "Gateway %s/%s would run \"%s\", and its control plane, revision \"%s\" (%s/%s), runs "
        "\"%s\". A gateway must not be of a newer minor version than its control plane.",
        target->namespace_, target->name, target->tag,
        glm_shown(arena, glm_revision_key(plane->revision)), glm_shown(arena, plane->namespace_),
        glm_shown(arena, plane->name), glm_shown(arena, plane->tag));
    if (glm_is_true(in->skip_upgrade_validation))
        glm_warn(d, WORK_AT(w, index), "A gateway newer than its control plane",
                 "Cluster \"%s\": %s", w->cluster_name, what);
    else
        block(w, arena, index, GLM_STATE_FAILED, "A gateway newer than its control plane",
              glm_sprintf(arena,
                          "%s Upgrade the control plane first, or name a newer one in "
                          "control_plane_revision; skip_upgrade_validation = true installs it "
                          "all the same.",
                          what),
              d);
}

/* false: blocked. */
static bool check_version(struct work *w, struct glm_arena *arena, const struct survey *s,
                          size_t index, struct glm_diags *d)
{
    const struct wanted_pair *pair = &w->wanted->pairs[index];
    const struct glm_control_plane *plane =
        glm_control_plane_find(s->planes, s->plane_count, pair->installation->control_plane, NULL);
    const struct glm_target *targets;
    struct glm_version is, has;
    if (!plane || !glm_version_parse(plane->tag, &has))
        return true;
    size_t count = glm_targets(arena, pair->operator_.object, &targets);
    for (size_t i = 0; i < count; i++) {
        if (!targets[i].tag || !glm_version_parse(targets[i].tag, &is))
            continue;
        if (glm_version_minor_order(&is, &has) > 0) {
            too_new(w, arena, index, &targets[i], plane, d);
            return !w->pairs[index].blocked;
        }
        if (is.major < has.major || is.minor + 1 < has.minor)
            glm_warn(d, WORK_AT(w, index), "A gateway far older than its control plane",
                     "Cluster \"%s\": gateway %s/%s runs \"%s\" and its control plane, revision "
                     "\"%s\", runs \"%s\". Istio supports gateways of the same minor version and "
                     "of the one before.",
                     w->cluster_name, targets[i].namespace_, targets[i].name, targets[i].tag,
                     glm_revision_key(plane->revision), plane->tag);
    }
    return true;
}

/* ---- operators ---- */

/* Something in the same namespace and of the same revision has been taken up before. */
static bool served_before(const struct survey *s, const char *revision, const char *namespace_)
{
    for (size_t i = 0; i < s->istio_operators->len; i++) {
        const struct glm_value *o = s->istio_operators->as.list[i];
        if (glm_reconciler_of(o) != GLM_RECONCILER_NONE &&
            strcmp(glm_string_or(glm_get_path(o, "spec", "revision", NULL), ""), revision) == 0 &&
            glm_string_is(glm_get_path(o, "metadata", "namespace", NULL), namespace_))
            return true;
    }
    return false;
}

/* The operators of the cluster, by the names that they are installed under: cheap, where a list of
 * all Deployments is not. */
static size_t find_operators(struct work *w, struct glm_arena *arena, const char *revision,
                             const struct glm_operator **ret_operators)
{
    struct glm_list_builder all;
    glm_list_init(&all, arena);
    const char *fields[] = {
        "metadata.name=istio-operator",
        *revision ? glm_sprintf(arena, "metadata.name=istio-operator-%s", revision) : NULL};
    for (size_t i = 0; i < sizeof fields / sizeof *fields && fields[i]; i++) {
        const struct glm_selection selection = {.fields = fields[i]};
        const struct glm_value *found =
            list_if_allowed(w->cluster, arena, GLM_KIND_DEPLOYMENT, &selection);
        for (size_t k = 0; k < found->len; k++)
            glm_list_add(&all, found->as.list[k]);
    }
    return glm_operators(arena, glm_list_finish(&all), ret_operators);
}

static void describe_operator(struct glm_text *text, const struct glm_operator *op)
{
    struct glm_arena *arena = text->arena;
    glm_text_addf(text, "\n  %s/%s takes ", glm_shown(arena, op->namespace_),
                  glm_shown(arena, op->name));
    glm_text_addf(text, *op->revision ? "revision %s" : "any revision%s",
                  glm_shown(arena, op->revision));
    glm_text_adds(text, op->watched_count ? " in namespace" : " in all namespaces");
    for (size_t i = 0; i < op->watched_count; i++)
        glm_text_addf(text, "%s%s", i ? ", " : " ", glm_shown(arena, op->watched[i]));
}

/* Whether an operator is known that takes the pair up. ret_operators: those deployed here. */
static bool is_served(struct work *w, struct glm_arena *arena, const struct survey *s, size_t index,
                      const struct glm_operator **ret_operators, size_t *ret_count)
{
    const struct wanted_pair *pair = &w->wanted->pairs[index];
    const char *revision = pair->installation->control_plane;
    const char *namespace_ = pair->operator_.ref.namespace_;
    *ret_count = 0;
    if (served_before(s, revision, namespace_))
        return true;
    *ret_count = find_operators(w, arena, revision, ret_operators);
    for (size_t i = 0; i < *ret_count; i++)
        if (glm_operator_serves(&(*ret_operators)[i], revision, namespace_))
            return true;
    return false;
}

bool preflight_served(struct work *w, struct glm_arena *arena, size_t index)
{
    const struct survey s = {.istio_operators =
                                 list_if_allowed(w->cluster, arena, GLM_KIND_ISTIO_OPERATOR, NULL)};
    const struct glm_operator *operators;
    size_t count;
    return is_served(w, arena, &s, index, &operators, &count);
}

static void check_operator(struct work *w, struct glm_arena *arena, const struct survey *s,
                           size_t index, struct glm_diags *d)
{
    struct pair_work *p = &w->pairs[index];
    const struct glm_object_ref *ref = &w->wanted->pairs[index].operator_.ref;
    const char *revision = w->wanted->pairs[index].installation->control_plane;
    const struct glm_operator *operators;
    size_t count;
    p->served = is_served(w, arena, s, index, &operators, &count);
    if (p->served || count == 0) /* none found: it may run outside of the cluster */
        return;
    struct glm_text text;
    glm_text_init(&text, arena, (size_t)16 << 10);
    for (size_t i = 0; i < count; i++)
        describe_operator(&text, &operators[i]);
    block(w, arena, index, GLM_STATE_FAILED, "No operator takes this installation up",
          glm_sprintf(arena,
                      "An IstioOperator of revision \"%s\" in namespace %s would be ignored by "
                      "every Istio operator of this cluster:%s\n\nSet operator_namespace to a "
                      "namespace that one of them watches, or install an operator for this "
                      "revision, or name another control_plane_revision.",
                      glm_revision_key(revision), ref->namespace_, text.data),
          d);
}

void preflight(struct work *w, struct glm_arena *arena, struct glm_diags *d)
{
    if (!w->wanted || w->failed || w->cluster->ops->files)
        return;
    struct survey s = {.istio_operators = &glm_empty_list};
    bool surveyed = false;
    for (size_t i = 0; i < w->wanted->pair_count; i++) {
        bool new = is_new(&w->pairs[i], &w->wanted->pairs[i]);
        if (!new)
            w->pairs[i].served =
                glm_reconciler_of(w->pairs[i].operator_.object) != GLM_RECONCILER_NONE;
        if (!new && !changes_version(arena, &w->pairs[i], &w->wanted->pairs[i]))
            continue;
        if (!surveyed) {
            survey_planes(w, arena, &s, d);
            /* The guard has listed them, or said why not. */
            s.istio_operators = list_if_allowed(w->cluster, arena, GLM_KIND_ISTIO_OPERATOR, NULL);
            surveyed = true;
        }
        if ((!new || check_plane(w, arena, &s, i, d)) && check_version(w, arena, &s, i, d) && new)
            check_operator(w, arena, &s, i, d);
    }
}
