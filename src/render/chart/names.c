/* SPDX-License-Identifier: Apache-2.0
 *
 * Names: those of objects, which are printed without quotes and are labels as well.
 */
#include "applied.h"

#include <string.h>

static const char *misfit(const char *text, bool service)
{
    const char *expected =
        glm_spec_misfit(service ? GLM_SPEC_DNS_SERVICE : GLM_SPEC_DNS_SUBDOMAIN, text);
    return expected ? expected : glm_spec_misfit(GLM_SPEC_LABEL_VALUE, text);
}

/* The gateway's name is its Service's, its pods' label and, unless said, its account's. */
static bool check_name(struct chart_call *call, const struct chart_gateway *g)
{
    bool said = glm_chart_truthy(glm_get(call->values, "name"));
    const char *from = said ? "" : "is not set, and so that of the release counts, which ";
    bool service = !chart_is(glm_get(glm_get(call->values, "service"), "type"), "None");
    const char *expected = misfit(g->base, service);
    if (!glm_is_string(chart_read(call->arena, g->base)))
        return chart_refuse_applied(call, "name",
                                    "%sis \"%s\", which the chart prints without quotes and YAML "
                                    "reads as %s. Use another name.",
                                    from, g->base,
                                    glm_kind_name(chart_read(call->arena, g->base)->kind));
    if (expected)
        return chart_refuse_applied(call, "name", "%sis \"%s\", but must be %s.", from, g->base,
                                    expected);
    expected = call->request->canary ? misfit(g->title, false) : NULL;
    return !expected ||
           chart_refuse_applied(call, "name",
                                "%sis \"%s\", which with the suffix of a second revision is "
                                "\"%s\", but that must be %s.",
                                from, g->base, g->title, expected);
}

static bool check_account(struct chart_call *call, const struct chart_gateway *g)
{
    const char *name = chart_text(call->arena, chart_at(g, "serviceAccount", "name"));
    const char *expected = *name ? glm_spec_misfit(GLM_SPEC_DNS_SUBDOMAIN, name) : NULL;
    if (*name && !glm_is_string(chart_read(call->arena, name)))
        return chart_refuse_applied(call, "serviceAccount.name",
                                    "is \"%s\", which the chart prints without quotes and YAML "
                                    "reads as %s. Use another name.",
                                    name, glm_kind_name(chart_read(call->arena, name)->kind));
    return !expected || chart_refuse_applied(call, "serviceAccount.name",
                                             "is \"%s\", but must be %s.", name, expected);
}

static bool check_outside(struct chart_call *call, const char *what, const char *text,
                          enum glm_spec_format format, bool printed)
{
    const char *expected = glm_spec_misfit(format, text);
    const struct glm_value *read = chart_read(call->arena, text);
    const char *said = NULL;
    if (expected)
        said = glm_sprintf(call->arena, "must be %s", expected);
    else if (printed && !glm_is_string(read))
        said = glm_sprintf(call->arena,
                           "is printed without quotes by this chart, and YAML reads it as %s",
                           glm_kind_name(read->kind));
    if (!said)
        return true;
    if (call->request->applied)
        return glm_error(call->report->d, call->request->at, CHART_NO_CLUSTER,
                         "The %s is \"%s\", but %s.", what, text, said);
    if (call->request->warn)
        glm_warn(call->report->d, call->request->at, CHART_NO_CLUSTER, "The %s is \"%s\", but %s.",
                 what, text, said);
    return false;
}

/* Up to 1.22 they may both be taken away. */
static bool check_selector(struct chart_call *call, const struct chart_gateway *g)
{
    const struct glm_value *selector = g->selector;
    bool ok = true;
    if (glm_is_null(selector))
        return chart_refuse_applied(call, "labels",
                                    "has neither app nor istio: the chart of Istio %s makes a "
                                    "selector of nothing of that. Remove both, and they are "
                                    "derived from the name.",
                                    call->release.text);
    for (size_t i = 0; i < selector->len; i++) {
        const char *text = chart_text(call->arena, selector->as.map[i].value);
        const char *expected = glm_spec_misfit(GLM_SPEC_LABEL_VALUE, text);
        const char *path = glm_sprintf(call->arena, "labels.%s", selector->as.map[i].key);
        if (expected)
            ok = chart_refuse_applied(call, path, "is \"%s\", but must be %s.", text, expected) &&
                 ok;
    }
    return ok;
}

bool chart_check_names(struct chart_call *call, const struct chart_gateway *g)
{
    bool quoted = chart_has(g->release, CHART_QUOTED_NAMESPACE);
    bool ok = check_name(call, g);
    ok = check_account(call, g) && ok;
    ok = check_selector(call, g) && ok;
    ok = check_outside(call, "release's name", call->request->release, GLM_SPEC_LABEL_VALUE,
                       false) &&
         ok;
    return check_outside(call, "namespace", call->request->namespace_, GLM_SPEC_DNS_LABEL,
                         !quoted) &&
           ok;
}
