/* SPDX-License-Identifier: Apache-2.0
 *
 * Rules on the overlays of a gateway: that they are for something, and what can be said of each alone.
 *
 * What:   the operator of Istio 1.23 stops at an overlay that matches nothing and at a patch that
 *         does not fit, for the whole document, so both are refused; newer ones pass over them, so
 *         both are warned of.
 * Errors: at the overlay or its patch, with line and column in the text.
 */
#include "rules_overlay.h"

#include "glm/upgrade.h"

#include <string.h>

#define MATCHES_NOTHING "An overlay that matches nothing"

/* ---- what can be said of an overlay alone ---- */

static const char *kinds_text(struct glm_overlay_rules *r, const char *kind)
{
    const char **names = GLM_NEW_ARRAY(r->arena, mesh_overlay_kind_count, const char *);
    struct glm_text text;
    glm_text_init(&text, r->arena, 1000);
    for (size_t i = 0; i < mesh_overlay_kind_count; i++)
        names[i] = mesh_overlay_kinds[i].kind;
    const char *nearest = glm_nearest(kind, names, mesh_overlay_kind_count);
    if (nearest)
        return glm_sprintf(r->arena, "Did you mean %s?", nearest);
    for (size_t i = 0; i < mesh_overlay_kind_count; i++)
        glm_text_addf(&text, "%s%s",
                      i == 0                            ? "It renders a "
                      : i + 1 < mesh_overlay_kind_count ? ", a "
                                                        : " and a ",
                      names[i]);
    glm_text_addc(&text, '.');
    return text.data;
}

/* Charts of one's own may render anything. */
static bool own_charts(struct glm_overlay_rules *r)
{
    return glm_string_or(glm_get(r->spec, "installPackagePath"), NULL) != NULL;
}

/* Why the chart does not render this kind with these values; NULL when it does. */
static const char *not_rendered(struct glm_overlay_rules *r, const struct mesh_overlay_kind *kind)
{
    const char *app = mesh_gateway_values(r->g->type);
    if (strcmp(kind->kind, "HorizontalPodAutoscaler") == 0 &&
        glm_is_false(
            mesh_setting(r->arena, r->spec, "gateways", app, "autoscaleEnabled", NULL).value))
        return glm_sprintf(r->arena, "values.gateways.%s.autoscaleEnabled: false", app);
    if (strcmp(kind->kind, "PodDisruptionBudget") == 0 &&
        glm_is_false(
            mesh_setting(r->arena, r->spec, "global", "defaultPodDisruptionBudget", "enabled", NULL)
                .value))
        return "values.global.defaultPodDisruptionBudget.enabled: false";
    return NULL;
}

/* `the Deployment "edge"` */
static const char *meant(struct glm_overlay_rules *r, const char *kind, const char *name)
{
    const char *quoted = *name ? glm_sprintf(r->arena, " \"%s\"", name) : " without a name";
    return *kind ? glm_sprintf(r->arena, "the %s%s", kind, quoted)
                 : glm_sprintf(r->arena, "an object%s without a kind", quoted);
}

static void check_target(struct glm_overlay_rules *r, const struct glm_value *overlay, size_t i)
{
    const char *kind = glm_string_or(glm_get(overlay, "kind"), "");
    const char *name = glm_string_or(glm_get(overlay, "name"), "");
    const struct mesh_overlay_kind *known = mesh_overlay_kind(kind);
    const char *where = mesh_overlay_where(r, i), *why = known ? not_rendered(r, known) : NULL;
    if (!known)
        mesh_overlay_complain(
            r, overlay, where, MATCHES_NOTHING,
            glm_sprintf(r->arena,
                        "is for %s, which the chart of this gateway does not render, and an "
                        "overlay that matches nothing %s. %s",
                        meant(r, kind, name), mesh_overlay_and_then(r), kinds_text(r, kind)));
    else if (!mesh_overlay_names(r->arena, known, name, r->g, r->revision))
        mesh_overlay_complain(
            r, overlay, where, MATCHES_NOTHING,
            glm_sprintf(r->arena,
                        "is for %s, but that of this gateway is called \"%s%s\" (its revision "
                        "is added by itself), and an overlay that matches nothing %s.",
                        meant(r, kind, name), r->g->name, known->suffix, mesh_overlay_and_then(r)));
    else if (why)
        glm_spec_warn(r->report, overlay->line, overlay->column, where,
                      "An overlay that may match nothing",
                      "is for the %s, which is not rendered with %s. An overlay that matches "
                      "nothing %s.",
                      kind, why, mesh_overlay_and_then(r));
}

static void check_paths(struct glm_overlay_rules *r, const struct glm_value *overlay, size_t i)
{
    const struct glm_value *patches = glm_get(overlay, "patches");
    if (glm_is_null(patches) || (glm_is_list(patches) && patches->len == 0))
        glm_spec_warn(r->report, overlay->line, overlay->column, mesh_overlay_where(r, i),
                      "An overlay without patches", "changes nothing. Remove it, or add patches.");
    for (size_t p = 0; glm_is_list(patches) && p < patches->len; p++) {
        const struct glm_value *patch = glm_at(patches, p), *path = glm_get(patch, "path");
        const char *where = glm_sprintf(r->arena, "%s.patches[%zu]", mesh_overlay_where(r, i), p);
        struct glm_overlay_path steps;
        if (!glm_overlay_path_read(r->arena, path, &steps))
            continue; /* said when it is applied */
        if (steps.count == 0 && (glm_is_null(path) || glm_is_string(path)))
            glm_spec_warn(r->report, patch->line, patch->column, where, "A patch without a path",
                          "says nowhere what it changes, and so it changes nothing. Give it a "
                          "path, such as spec.template.spec.containers.[name:istio-proxy].args.");
        const char *mistake = glm_overlay_path_mistake(r->arena, &steps);
        if (mistake)
            mesh_overlay_complain(r, path, glm_sprintf(r->arena, "%s.path", where),
                                  "Not a path of an overlay",
                                  glm_sprintf(r->arena, ": %s.", mistake));
    }
}

/* ---- the whole ---- */

/* 1.24 and newer are rendered by istioctl's code. */
enum glm_overlay_dialect mesh_overlay_dialect(const struct glm_rules *rules,
                                              const struct glm_installation *installation)
{
    const struct glm_value *said =
        glm_installation_version(rules->arena, rules->config, installation);
    struct glm_version version;
    bool newer = glm_is_string(said) && glm_version_parse(said->as.text, &version) &&
                 (version.major > 1 || version.minor > GLM_SPEC_OPERATOR);
    return newer ? GLM_OVERLAY_ISTIOCTL : GLM_OVERLAY_OPERATOR;
}

void mesh_rules_overlays(const struct glm_rules *rules, const struct glm_installation *installation,
                         const struct glm_gateways *gateways, const struct glm_gateway *gateway,
                         enum glm_overlay_dialect dialect, struct glm_spec_report *report)
{
    struct glm_overlay_rules r = {.arena = rules->arena,
                                  .installation = installation,
                                  .spec = installation->spec,
                                  .gateways = gateways,
                                  .g = gateway,
                                  .report = report,
                                  .revision = installation->revision,
                                  .dialect = dialect,
                                  .list = glm_get(gateway->k8s, "overlays")};
    bool named = gateway->name && installation->revision;
    if (!gateway->enabled || !glm_is_list(r.list))
        return;
    for (size_t i = 0; i < r.list->len; i++) {
        check_paths(&r, glm_at(r.list, i), i);
        if (named && !own_charts(&r))
            check_target(&r, glm_at(r.list, i), i);
    }
    for (size_t k = 0; named && k < mesh_overlay_kind_count; k++) {
        if (strcmp(mesh_overlay_kinds[k].kind, "Service") == 0)
            mesh_overlay_rules_service(&r, &mesh_overlay_kinds[k]);
        else
            mesh_overlay_rules_rendered(&r, &mesh_overlay_kinds[k]);
    }
    if (named)
        mesh_overlay_rules_account(&r);
}
