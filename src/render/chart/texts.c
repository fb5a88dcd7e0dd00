/* SPDX-License-Identifier: Apache-2.0
 *
 * Texts: labels, annotations and variables, and numbers that are printed as texts.
 */
#include "applied.h"

#include <string.h>

/* A key of a map of the values: what is said of it. Returns false. */
static bool refuse(struct chart_call *call, const char *map, const struct glm_pair *pair,
                   const char *text)
{
    const char *where =
        glm_sprintf(call->arena, "%s[\"%s\"]",
                    glm_gateway_chart_place(call->arena, call->request, map).where, pair->key);
    if (call->request->applied)
        return glm_spec_error(call->report, pair->line, pair->column, where, CHART_NO_CLUSTER, "%s",
                              text);
    glm_spec_warn(call->report, pair->line, pair->column, where, CHART_NO_CLUSTER, "%s", text);
    return false;
}

static const char *quotes_for(struct chart_call *call, const struct glm_value *v)
{
    return glm_sprintf(call->arena, "Put it in quotes: \"%s\".",
                       v->kind == GLM_NUMBER ? v->as.text : chart_text(call->arena, v));
}

/* ---- annotations ---- */

static bool check_annotations(struct chart_call *call, const struct chart_gateway *g,
                              const char *key, const char *below)
{
    const struct glm_value *map = below ? chart_at(g, key, below) : glm_get(g->values, key);
    const char *path = below ? glm_sprintf(call->arena, "%s.%s", key, below) : key;
    bool ok = true;
    for (size_t i = 0; glm_is_map(map) && i < map->len; i++) {
        const struct glm_pair *pair = &map->as.map[i];
        if (!glm_is_string(pair->value) && !glm_is_null(pair->value) &&
            !glm_is_unknown(pair->value))
            ok = refuse(call, path, pair,
                        glm_sprintf(call->arena, "must be a text, but is %s. %s",
                                    glm_kind_name(pair->value->kind),
                                    quotes_for(call, pair->value)));
    }
    return ok;
}

/* ---- labels ---- */

static bool check_labels(struct chart_call *call, const struct chart_gateway *g)
{
    bool ok = true;
    for (size_t i = 0; i < g->extra->len; i++) {
        const struct glm_pair *pair = &g->extra->as.map[i];
        const char *text = glm_string_or(pair->value, "");
        const char *key = glm_spec_misfit(GLM_SPEC_LABEL_KEY, pair->key);
        const char *value = glm_spec_misfit(GLM_SPEC_LABEL_VALUE, text);
        if (key)
            ok = refuse(call, "labels", pair,
                        glm_sprintf(call->arena, "is the key of a label, and must be %s.", key));
        else if (value)
            ok = refuse(call, "labels", pair,
                        glm_sprintf(call->arena, "is \"%s\", but must be %s.", text, value));
        else if (strcmp(pair->key, "sidecar.istio.io/inject") == 0 && strcmp(text, "true") != 0)
            ok = refuse(call, "labels", pair,
                        "takes the place of the chart's own label, by which the proxy is injected: "
                        "nobody would inject it, and its image is auto. Remove it.");
    }
    return ok;
}

/* ---- variables ---- */

static bool check_variable(struct chart_call *call, const struct chart_gateway *g,
                           const struct glm_pair *pair, const struct glm_map_builder *others)
{
    static const char network[] = "ISTIO_META_REQUESTED_NETWORK_VIEW";
    const char *expected = glm_spec_misfit(GLM_SPEC_ENV_NAME, pair->key);
    if (!glm_is_string(chart_read(call->arena, pair->key)))
        return refuse(call, "env", pair,
                      "is a name that the chart prints without quotes, and YAML reads it as "
                      "something else than a text. Use another name.");
    if (expected)
        return refuse(
            call, "env", pair,
            glm_sprintf(call->arena, "is the name of a variable, and must be %s.", expected));
    if (strcmp(pair->key, network) == 0 && glm_chart_truthy(glm_get(g->values, "networkGateway")))
        return refuse(call, "env", pair,
                      "is what the chart makes of networkGateway, and would be there twice. "
                      "Remove it.");
    return !glm_is_true(glm_map_peek(others, pair->key)) ||
           refuse(call, "env", pair,
                  "is in envVarFrom, too, and would be there twice. Remove one of them.");
}

static bool check_env(struct chart_call *call, const struct chart_gateway *g)
{
    const struct glm_value *env = glm_get(g->values, "env");
    const struct glm_value *from = glm_get(g->values, "envVarFrom");
    struct glm_map_builder others;
    bool ok = true;
    glm_map_init(&others, call->arena);
    if (!chart_has(g->release, CHART_MORE_CONTAINERS))
        from = &glm_null;
    for (size_t i = 0; glm_is_list(from) && i < from->len; i++)
        glm_map_set(&others, glm_string_or(glm_get(from->as.list[i], "name"), ""), &glm_true);
    for (size_t i = 0; glm_is_map(env) && i < env->len; i++)
        ok = check_variable(call, g, &env->as.map[i], &others) && ok;
    return ok;
}

/* ---- numbers that become texts ---- */

static void warn_numbers(struct chart_call *call, const struct chart_gateway *g, const char *key)
{
    const struct glm_value *map = glm_get(g->values, key);
    for (size_t i = 0; glm_is_map(map) && i < map->len; i++) {
        const struct glm_pair *pair = &map->as.map[i];
        const char *text = chart_text(call->arena, pair->value);
        if (pair->value->kind != GLM_NUMBER || strcmp(text, pair->value->as.text) == 0)
            continue;
        glm_spec_warn(
            call->report, pair->line, pair->column,
            glm_sprintf(call->arena, "%s[\"%s\"]",
                        glm_gateway_chart_place(call->arena, call->request, key).where, pair->key),
            "A number that is printed otherwise",
            "is the number %s, and helm makes the text \"%s\" of it. Put it in quotes, unless that "
            "is what runs and must stay.",
            pair->value->as.text, text);
    }
}

bool chart_check_texts(struct chart_call *call, const struct chart_gateway *g)
{
    bool ok = check_annotations(call, g, "annotations", NULL);
    ok = check_annotations(call, g, "podAnnotations", NULL) && ok;
    ok = check_annotations(call, g, "service", "annotations") && ok;
    ok = check_annotations(call, g, "serviceAccount", "annotations") && ok;
    ok = check_labels(call, g) && ok;
    ok = check_env(call, g) && ok;
    warn_numbers(call, g, "labels");
    warn_numbers(call, g, "env");
    return ok;
}
