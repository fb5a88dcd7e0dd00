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

#include "glm/codec.h"

#include <ctype.h>

/* Letters, digits, "." and "-", with a "-" where no number has one: "1-24". */
static bool is_plainly_text(const char *text)
{
    bool told = false;
    for (const char *c = text; *c; c++) {
        if (!isalnum((unsigned char)*c) && *c != '-' && *c != '.')
            return false;
        told = told || (*c == '-' && c != text && c[-1] != 'e' && c[-1] != 'E');
    }
    return told && *text != '-';
}

/* What YAML makes of the text: "a number" or "a boolean"; NULL: a text. */
static const char *other_than_text(struct glm_arena *arena, const struct glm_value *v)
{
    const struct glm_value *read;
    struct glm_diags ignored;
    glm_diags_init(&ignored, arena);
    if (!glm_is_string(v) || v->len == 0 || v->len > 63 || is_plainly_text(v->as.text) ||
        !glm_yaml_decode(arena, v->as.text, v->len, "label", NULL, &read, &ignored))
        return NULL;
    bool other = read->kind == GLM_NUMBER || read->kind == GLM_BOOL;
    return other ? glm_kind_name(read->kind) : NULL;
}

static void check_revision(const struct glm_rules *rules, const struct glm_installation *in,
                           const struct glm_path *at)
{
    const char *c = in->control_plane;
    const char *read = c ? other_than_text(rules->arena, glm_string(rules->arena, c)) : NULL;
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
    const struct glm_value *labels = glm_gateway_labels(r->arena, spec, g), *v = &glm_null;
    const char *key = NULL;
    for (size_t i = 0; i < 2 && !(glm_is_string(v) && v->len); i++)
        v = glm_get(labels, key = keys[i]);
    const char *read = other_than_text(r->arena, v);
    if (read)
        glm_spec_error(
            r, v->line, v->column,
            glm_sprintf(r->arena, "%s.label[\"%s\"]", glm_gateway_where(r->arena, g), key),
            "A label that becomes no text",
            "is \"%s\": the gateway chart writes it once more, without quotes, as the "
            "label service.istio.io/canonical-revision of the pods, where YAML reads %s, "
            "which the API server refuses. Write for instance \"v%s\".",
            v->as.text, read, v->as.text);
}

void glm_rules_unquoted(const struct glm_rules *rules, const struct glm_installation *installation,
                        const struct glm_gateways *gateways, struct glm_spec_report *report)
{
    const struct glm_value *spec = installation->spec;
    check_revision(rules, installation, report->at->up);
    for (size_t i = 0; i < gateways->count; i++) {
        const struct glm_gateway *g = &gateways->items[i];
        /* Pods that are injected get that label from elsewhere. */
        struct glm_setting injected = glm_setting(
            rules->arena, spec, "gateways", glm_gateway_values(g->type), "injectionTemplate", NULL);
        if (g->enabled && !glm_chart_truthy(injected.value))
            check_version(report, spec, g);
    }
}
