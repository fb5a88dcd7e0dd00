/* SPDX-License-Identifier: Apache-2.0
 *
 * Rules on what the gateway charts write without quotes: the revision, and the version that the pods
 * get as their canonical revision. Where YAML reads a number or a boolean there, the API server
 * refuses the Deployment: labels are texts.
 *
 * Errors: at the revision's attribute, or at installations[key].istio_operator_spec with line and
 *         column in the text.
 * Source: the gateway charts of Istio 1.22 and 1.23, rendered by the operator.
 */
#include "internal.h"

#include <string.h>

#define LABEL_MAX 63 /* more is no label in the first place */

/* "a number" or "a boolean", what YAML makes of it; NULL: a text. */
static const char *other_than_text(struct glm_arena *arena, const char *text, size_t len)
{
    return len && len <= LABEL_MAX ? mesh_chart_misread_label(arena, text) : NULL;
}

static void check_revision(const struct glm_rules *rules, const struct glm_installation *in,
                           const struct glm_path *at)
{
    const char *c = in->control_plane;
    const char *read = c ? other_than_text(rules->arena, c, strlen(c)) : NULL;
    if (read)
        glm_error(rules->d,
                  in->control_plane_written ? GLM_AT_ATTR(at, "control_plane_revision") : at,
                  "Not a revision for a gateway",
                  "\"%s\" is %s to YAML, and the gateway charts write the revision without quotes, "
                  "into labels, where the API server takes texts only. Gateways need a control "
                  "plane whose revision has a name such as \"v%s\".",
                  c, read, c);
}

static void check_version(struct glm_spec_report *r, const struct glm_value *spec,
                          const struct glm_gateway *g)
{
    static const char *const keys[] = {"app.kubernetes.io/version", "version"};
    const struct glm_value *labels = mesh_gateway_labels(r->arena, spec, g), *v = &glm_null;
    const char *key = NULL;
    for (size_t i = 0; i < 2 && !(glm_is_string(v) && v->len); i++)
        v = glm_get(labels, key = keys[i]);
    const char *read = glm_is_string(v) ? other_than_text(r->arena, v->as.text, v->len) : NULL;
    if (read)
        glm_spec_error(
            r, v->line, v->column,
            glm_sprintf(r->arena, "%s.label[\"%s\"]", mesh_gateway_where(r->arena, g), key),
            "A label that becomes no text",
            "is \"%s\": the gateway chart writes it once more, without quotes, as the "
            "label service.istio.io/canonical-revision of the pods, where YAML reads %s, "
            "which the API server refuses. Write for instance \"v%s\".",
            v->as.text, read, v->as.text);
}

void mesh_rules_unquoted(const struct glm_rules *rules, const struct glm_installation *installation,
                         const struct glm_gateways *gateways, struct glm_spec_report *report)
{
    const struct glm_value *spec = installation->spec;
    check_revision(rules, installation, report->at->up);
    for (size_t i = 0; i < gateways->count; i++) {
        const struct glm_gateway *g = &gateways->items[i];
        /* Pods that are injected get that label from elsewhere. */
        struct mesh_setting injected =
            mesh_setting(rules->arena, spec, "gateways", mesh_gateway_values(g->type),
                         "injectionTemplate", NULL);
        if (g->enabled && !mesh_chart_truthy(injected.value))
            check_version(report, spec, g);
    }
}
