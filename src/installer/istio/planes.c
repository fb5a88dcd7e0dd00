/* SPDX-License-Identifier: Apache-2.0
 *
 * Control planes before a gateway is installed: that there is the one which it names, of a version
 * that goes with it: no gateway newer than its control plane, at most one minor version older.
 *
 * Rights: a look that is forbidden is no reason not to install; it is said in a warning.
 */
#include "glm/shown.h"
#include "glm/text.h"
#include "glm/upgrade.h"
#include "istio.h"

#include <string.h>

void istio_planes_survey(const struct glm_installer_call *call, struct istio_planes *ret_planes,
                         struct glm_diags *d)
{
    const struct glm_selection istiod = {.labels = "app=istiod"};
    const struct glm_selection revisions = {.labels = "istio.io/rev"};
    const struct glm_value *deployments, *webhooks = &glm_empty_list;
    bool served = false, hooked = false;
    struct glm_diags errors;
    glm_diags_init(&errors, call->arena);
    glm_cluster_list(call->cluster, call->arena, GLM_KIND_DEPLOYMENT, &istiod, &deployments,
                     &served, &errors);
    if (served)
        glm_cluster_list(call->cluster, call->arena, GLM_KIND_MUTATING_WEBHOOK, &revisions,
                         &webhooks, &hooked, &errors);
    *ret_planes = (struct istio_planes){.known = served && hooked};
    if (ret_planes->known)
        ret_planes->count =
            glm_control_planes(call->arena, deployments, webhooks, &ret_planes->planes);
    else
        glm_warn_shared(
            d, GLM_AT_ATTR(NULL, "installations"),
            glm_sprintf(call->arena, "Control planes of cluster \"%s\" cannot be looked up",
                        call->seat),
            "%s\n\nWhether the control planes of the installations are there was not checked.",
            errors.first ? errors.first->detail : "They cannot be listed.");
}

static const char *known_planes(struct glm_arena *arena, const struct istio_planes *s)
{
    struct glm_text text;
    glm_text_init(&text, arena, (size_t)16 << 10);
    for (size_t i = 0; i < s->count; i++)
        glm_text_addf(&text, "%s%s", i ? ", " : "",
                      glm_shown(arena, glm_revision_key(s->planes[i].revision)));
    return text.len ? text.data : "none";
}

bool istio_plane_is_there(const struct glm_installer_call *call, const struct istio_planes *planes,
                          const struct glm_installer_pair *pair,
                          struct glm_installer_verdict *ret_verdict)
{
    const char *revision = pair->installation->control_plane;
    const struct glm_control_plane *tag_of = NULL;
    if (!planes->known || glm_control_plane_find(planes->planes, planes->count, revision, &tag_of))
        return true;
    *ret_verdict = (struct glm_installer_verdict){.blocked = true,
                                                  .state = GLM_STATE_NO_CONTROL_PLANE_AVAILABLE};
    if (tag_of) {
        ret_verdict->summary = "A revision tag is not a control plane";
        ret_verdict->message =
            glm_sprintf(call->arena,
                        "\"%s\" is a tag that stands for revision \"%s\". A gateway connects to "
                        "the control plane itself, so say control_plane_revision = \"%s\".",
                        revision, tag_of->revision, glm_revision_key(tag_of->revision));
        return false;
    }
    ret_verdict->summary = "No control plane available";
    ret_verdict->message =
        glm_sprintf(call->arena,
                    "There is no control plane of revision \"%s\" in this cluster (it has: %s), "
                    "so no gateway was created. Install the control plane first, or name one "
                    "that is there in control_plane_revision.",
                    glm_revision_key(revision), known_planes(call->arena, planes));
    return false;
}

/* ---- versions ---- */

static bool same_text(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

bool istio_version_changes(const struct glm_target *is, size_t is_count,
                           const struct glm_target *wanted, size_t wanted_count)
{
    if (is_count != wanted_count)
        return true;
    for (size_t i = 0; i < wanted_count; i++)
        if (!same_text(is[i].tag, wanted[i].tag))
            return true;
    return false;
}

/* What a gateway runs: what its installation says, else its tag. NULL: neither says a version. */
static const char *version_of(const struct glm_installer_pair *pair,
                              const struct glm_target *target, struct glm_version *ret)
{
    const char *said =
        pair->installation ? glm_string_or(pair->installation->istio_version, NULL) : NULL;
    if (said && glm_version_parse(said, ret))
        return said;
    return target->tag && glm_version_parse(target->tag, ret) ? target->tag : NULL;
}

/* false: blocked. */
static bool too_new(const struct glm_installer_call *call, const struct glm_installer_pair *pair,
                    const struct glm_target *target, const char *is,
                    const struct glm_control_plane *plane,
                    struct glm_installer_verdict *ret_verdict, struct glm_diags *d)
{
    struct glm_arena *arena = call->arena;
    const char *what = glm_sprintf(
        arena,
        "Gateway %s/%s would run \"%s\", and its control plane, revision \"%s\" (%s/%s), runs "
        "\"%s\". A gateway must not be of a newer minor version than its control plane.",
        target->namespace_, target->name, is, glm_shown(arena, glm_revision_key(plane->revision)),
        glm_shown(arena, plane->namespace_), glm_shown(arena, plane->name),
        glm_shown(arena, plane->tag));
    if (glm_is_true(pair->installation->skip_upgrade_validation)) {
        glm_warn(d, GLM_AT_PLACEMENT(pair->installation->key, pair->cluster),
                 "A gateway newer than its control plane", "Cluster \"%s\": %s", pair->cluster,
                 what);
        return true;
    }
    *ret_verdict = (struct glm_installer_verdict){
        .blocked = true,
        .state = GLM_STATE_FAILED,
        .summary = "A gateway newer than its control plane",
        .message = glm_sprintf(arena,
                               "%s Upgrade the control plane first, or name a newer one in "
                               "control_plane_revision; skip_upgrade_validation = true installs it "
                               "all the same.",
                               what)};
    return false;
}

bool istio_version_fits(const struct glm_installer_call *call, const struct istio_planes *planes,
                        const struct glm_installer_pair *pair, const struct glm_target *targets,
                        size_t count, struct glm_installer_verdict *ret_verdict,
                        struct glm_diags *d)
{
    const struct glm_control_plane *plane = glm_control_plane_find(
        planes->planes, planes->count, pair->installation->control_plane, NULL);
    struct glm_version is, has;
    if (!plane || !glm_version_parse(plane->tag, &has))
        return true;
    for (size_t i = 0; i < count; i++) {
        const char *runs = version_of(pair, &targets[i], &is);
        if (!runs)
            continue;
        if (glm_version_minor_order(&is, &has) > 0)
            return too_new(call, pair, &targets[i], runs, plane, ret_verdict, d);
        if (is.major < has.major || is.minor + 1 < has.minor)
            glm_warn(d, GLM_AT_PLACEMENT(pair->installation->key, pair->cluster),
                     "A gateway far older than its control plane",
                     "Cluster \"%s\": gateway %s/%s runs \"%s\" and its control plane, revision "
                     "\"%s\", runs \"%s\". Istio supports gateways of the same minor version and "
                     "of the one before.",
                     pair->cluster, targets[i].namespace_, targets[i].name, runs,
                     glm_revision_key(plane->revision), plane->tag);
    }
    return true;
}
