/* SPDX-License-Identifier: Apache-2.0
 *
 * Preflight: what an IstioOperator needs in its cluster, looked at before it is written: when it is
 * not there yet, the control plane that it names and an operator that takes it up, since an object
 * that nobody reconciles would be pending for ever; whenever its version changes, a control plane
 * of a version that goes with it.
 *
 * Rights: a look that is forbidden is no reason not to install; it is said in a warning.
 */
#include "operator.h"

#include "../istio/istio.h"
#include "glm/shown.h"
#include "glm/text.h"

#include <string.h>

struct survey {
    struct istio_planes planes;
    const struct glm_value *istio_operators; /* all of the cluster */
};

/* The pair's IstioOperator as it is to be; the null value where no configuration speaks of it. */
static const struct glm_value *wanted_of(const struct glm_installer_sight *sight)
{
    for (size_t i = 0; i < sight->own_count; i++)
        if (sight->own[i].main)
            return sight->own[i].object;
    return &glm_null;
}

static bool is_new(const struct glm_installer_sight *sight)
{
    if (sight->looks[0].read.found != GLM_FOUND)
        return true;
    const struct glm_value *is = glm_get_path(operator_found(sight), "spec", "revision", NULL);
    const struct glm_value *wanted = glm_get_path(wanted_of(sight), "spec", "revision", NULL);
    return strcmp(glm_string_or(is, ""), glm_string_or(wanted, "")) != 0;
}

/* ---- operators ---- */

/* Something in the same namespace and of the same revision has been taken up before. */
static bool taken_up_before(const struct glm_value *istio_operators, const char *revision,
                            const char *namespace_)
{
    for (size_t i = 0; i < istio_operators->len; i++) {
        const struct glm_value *o = istio_operators->as.list[i];
        if (glm_reconciler_of(o) != GLM_RECONCILER_NONE &&
            strcmp(glm_string_or(glm_get_path(o, "spec", "revision", NULL), ""), revision) == 0 &&
            glm_string_is(glm_get_path(o, "metadata", "namespace", NULL), namespace_))
            return true;
    }
    return false;
}

/* Those in every Deployment of the cluster: an operator may have any name. */
static size_t find_all_operators(const struct glm_installer_call *call,
                                 const struct glm_operator **ret_operators)
{
    const struct glm_selection all = {.labels = ""};
    return glm_operators(
        call->arena,
        glm_cluster_list_if_allowed(call->cluster, call->arena, GLM_KIND_DEPLOYMENT, &all),
        ret_operators);
}

/* The operators of the cluster, by the names that they are installed under: cheap, where a list of
 * all Deployments is not. */
static size_t find_operators(const struct glm_installer_call *call, const char *revision,
                             const struct glm_operator **ret_operators)
{
    struct glm_list_builder all;
    glm_list_init(&all, call->arena);
    const char *fields[] = {
        "metadata.name=istio-operator",
        *revision ? glm_sprintf(call->arena, "metadata.name=istio-operator-%s", revision) : NULL};
    for (size_t i = 0; i < sizeof fields / sizeof *fields && fields[i]; i++) {
        const struct glm_selection selection = {.fields = fields[i]};
        const struct glm_value *found = glm_cluster_list_if_allowed(
            call->cluster, call->arena, GLM_KIND_DEPLOYMENT, &selection);
        for (size_t k = 0; k < found->len; k++)
            glm_list_add(&all, found->as.list[k]);
    }
    return glm_operators(call->arena, glm_list_finish(&all), ret_operators);
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

static bool is_any_serving(const struct glm_installer_sight *sight,
                           const struct glm_operator *operators, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (glm_operator_serves(&operators[i], sight->pair->installation->control_plane,
                                sight->looks[0].ref.namespace_))
            return true;
    return false;
}

/* Whether an operator is known that takes the pair up. ret_operators: those deployed here. */
static bool is_taken_up(const struct glm_installer_call *call,
                        const struct glm_installer_sight *sight,
                        const struct glm_value *istio_operators,
                        const struct glm_operator **ret_operators, size_t *ret_count)
{
    const char *revision = sight->pair->installation->control_plane;
    const char *namespace_ = sight->looks[0].ref.namespace_;
    *ret_count = 0;
    if (taken_up_before(istio_operators, revision, namespace_))
        return true;
    *ret_count = find_operators(call, revision, ret_operators);
    return is_any_serving(sight, *ret_operators, *ret_count);
}

/* It may have taken up something in the same namespace and of the same revision, and be busy with
 * that for minutes before it comes to the next one: then it is waited for. */
bool operator_give_up(const struct glm_installer_call *call,
                      const struct glm_installer_sight *sight, void *notes)
{
    struct operator_notes *n = notes;
    const struct glm_operator *operators;
    size_t count;
    n->taken_up = is_taken_up(
        call, sight,
        glm_cluster_list_if_allowed(call->cluster, call->arena, GLM_KIND_ISTIO_OPERATOR, NULL),
        &operators, &count);
    return !n->taken_up;
}

static void check_operator(const struct glm_installer_call *call,
                           const struct glm_installer_sight *sight, const struct survey *s,
                           struct operator_notes *notes, struct glm_installer_verdict *ret_verdict)
{
    const struct glm_operator *operators;
    size_t count;
    notes->taken_up = is_taken_up(call, sight, s->istio_operators, &operators, &count);
    if (notes->taken_up)
        return;
    if (count == 0) {
        count = find_all_operators(call, &operators);
        notes->taken_up = is_any_serving(sight, operators, count);
    }
    if (notes->taken_up || count == 0) /* none found: it may run outside of the cluster */
        return;
    struct glm_text text;
    glm_text_init(&text, call->arena, (size_t)16 << 10);
    for (size_t i = 0; i < count; i++)
        describe_operator(&text, &operators[i]);
    *ret_verdict = (struct glm_installer_verdict){
        .blocked = true,
        .state = GLM_STATE_FAILED,
        .summary = "No operator takes this installation up",
        .message =
            glm_sprintf(call->arena,
                        "An IstioOperator of revision \"%s\" in namespace %s would be ignored by "
                        "every Istio operator of this cluster:%s\n\nSet operator_namespace to a "
                        "namespace that one of them watches, or install an operator for this "
                        "revision, or name another control_plane_revision.",
                        glm_revision_key(sight->pair->installation->control_plane),
                        sight->looks[0].ref.namespace_, text.data)};
}

static void check_pair(const struct glm_installer_call *call,
                       const struct glm_installer_sight *sight, const struct survey *s,
                       struct operator_notes *notes, struct glm_installer_verdict *ret_verdict,
                       struct glm_diags *d)
{
    bool new = is_new(sight);
    const struct glm_target *wanted;
    size_t count = glm_targets(call->arena, wanted_of(sight), &wanted);
    if ((!new || istio_plane_is_there(call, &s->planes, sight->pair, ret_verdict)) &&
        istio_version_fits(call, &s->planes, sight->pair, wanted, count, ret_verdict, d) && new)
        check_operator(call, sight, s, notes, ret_verdict);
}

/* True when it has to be looked whether the pair can be installed. */
static bool is_checked(const struct glm_installer_call *call,
                       const struct glm_installer_sight *sight)
{
    const struct glm_target *is, *wanted;
    if (is_new(sight))
        return true;
    size_t is_count = glm_targets(call->arena, operator_found(sight), &is);
    size_t count = glm_targets(call->arena, wanted_of(sight), &wanted);
    return istio_version_changes(is, is_count, wanted, count);
}

bool operator_preflight(const struct glm_installer_call *call,
                        const struct glm_installer_sight *sights, size_t count, void *const *notes,
                        struct glm_installer_verdict *ret, struct glm_diags *d)
{
    struct survey s = {.istio_operators = &glm_empty_list};
    bool surveyed = false;
    for (size_t i = 0; i < count; i++) {
        struct operator_notes *n = notes[i];
        if (!is_new(&sights[i]))
            n->taken_up = glm_reconciler_of(operator_found(&sights[i])) != GLM_RECONCILER_NONE;
        if (!is_checked(call, &sights[i]))
            continue;
        if (!surveyed) {
            istio_planes_survey(call, &s.planes, d);
            /* The guard has listed them, or said why not. */
            s.istio_operators = glm_cluster_list_if_allowed(call->cluster, call->arena,
                                                            GLM_KIND_ISTIO_OPERATOR, NULL);
            surveyed = true;
        }
        check_pair(call, &sights[i], &s, n, &ret[i], d);
    }
    return true;
}
