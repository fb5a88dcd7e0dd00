/* SPDX-License-Identifier: Apache-2.0
 *
 * Rules on values that the gateway charts write into YAML as they are: without quotes, where a text
 * such as 5 becomes a number, or between quotes of the chart, where one with quotes of its own
 * cannot be read any more. The API server takes texts there, and the operator nothing it cannot read.
 *
 * What:   writes the line as the chart does and asks YAML what it reads.
 * Errors: at installations[key].istio_operator_spec, with line and column in the text.
 * Source: the gateway charts of Istio 1.22 and 1.23.
 */
#include "internal.h"

#include <string.h>

struct written_rules {
    struct glm_arena *arena;
    const struct glm_value *spec;
    struct glm_spec_report *report;
};

static void refuse(struct written_rules *r, const struct glm_value *v, const char *where,
                   const char *text, const char *read, const char *remedy)
{
    const char *quoted = glm_sprintf(
        r->arena, "For a text, write the quotes that YAML is to see: '\"%.80s\"'.", text);
    if (strcmp(read, GLM_UNREADABLE) == 0)
        glm_spec_error(
            r->report, v->line, v->column, where, "A value that becomes no text",
            "is %.80s, and the line that the gateway chart writes with it is no YAML any "
            "more, so nothing is rendered. %s",
            text, remedy ? remedy : quoted);
    else
        glm_spec_error(r->report, v->line, v->column, where, "A value that becomes no text",
                       "is %.80s, and in the line that the gateway chart writes with it YAML reads "
                       "%s, where the API server takes a text only. %s",
                       text, read, remedy ? remedy : quoted);
}

/* ---- texts of global ---- */

static const struct {
    const char *keys[3]; /* below values.global */
    const char *before, *after, *remedy;
} texts[] = {
    {{"caAddress"}, "x: ", "", NULL},
    {{"istioNamespace"}, "x: istiod.", ".svc:15012", "Write the name of a namespace."},
    {{"logging", "level"}, "- --log_output_level=", "", "Leave no space after a colon."},
    {{"meshID"}, "x: \"", "\"", "Leave out quotes and backslashes."},
    {{"multiCluster", "clusterName"}, "x: \"", "\"", "Leave out quotes and backslashes."},
    {{"network"}, "x: \"", "\"", "Leave out quotes and backslashes."},
    {{"pilotCertProvider"}, "x: ", "", NULL},
    {{"proxy", "clusterDomain"}, "- $(POD_NAMESPACE).svc.", "", "Write a DNS name."},
    {{"proxy", "componentLogLevel"},
     "- --proxyComponentLogLevel=",
     "",
     "Leave no space after a colon."},
    {{"proxy", "logLevel"}, "- --proxyLogLevel=", "", "Write one level, such as warning."},
    {{"sds", "token", "aud"}, "x: ", "", NULL},
};

static void check_text(struct written_rules *r, struct mesh_setting said, size_t row)
{
    const struct glm_value *v = said.value;
    const char *text = glm_is_null(v) || glm_is_unknown(v) ? NULL : mesh_chart_text(r->arena, v);
    const char *read =
        text ? mesh_chart_misread(r->arena, texts[row].before, text, texts[row].after) : NULL;
    /* Go's notation of a list is one of YAML's. The types of the values say so of most. */
    bool typed = said.layer != GLM_LAYER_UNVALIDATED && strcmp(texts[row].keys[0], "sds") != 0;
    if (glm_is_list(v) && !*texts[row].after && !typed)
        glm_spec_error(r->report, v->line, v->column, said.where, "A value that becomes no text",
                       "must be a text, but is a list.");
    if (read)
        refuse(r, v, said.where, text, read, texts[row].remedy);
}

/* Each is a name of its own, without quotes. */
static void check_pull_secrets(struct written_rules *r)
{
    struct mesh_setting said = mesh_setting(r->arena, r->spec, "global", "imagePullSecrets", NULL);
    for (size_t i = 0; glm_is_list(said.value) && i < said.value->len; i++) {
        const struct glm_value *v = glm_at(said.value, i);
        const char *text = glm_is_string(v) ? v->as.text : NULL;
        const char *read = text ? mesh_chart_misread(r->arena, "x: ", text, "") : NULL;
        if (read)
            refuse(r, v, glm_sprintf(r->arena, "%s[%zu]", said.where, i), text, read, NULL);
    }
}

static void check_global(struct written_rules *r)
{
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct mesh_setting said =
            mesh_setting(r->arena, r->spec, "global", texts[i].keys[0], texts[i].keys[1],
                         texts[i].keys[1] ? texts[i].keys[2] : NULL, NULL);
        check_text(r, said, i);
    }
}

/* The name of the template stands between quotes of the chart. */
static void check_template(struct written_rules *r, enum glm_gateway_type type)
{
    struct mesh_setting said = mesh_setting(r->arena, r->spec, "gateways",
                                            mesh_gateway_values(type), "injectionTemplate", NULL);
    const struct glm_value *v = said.value;
    const char *read =
        glm_is_string(v) ? mesh_chart_misread(r->arena, "x: \"", v->as.text, "\"") : NULL;
    if (read)
        refuse(r, v, said.where, v->as.text, read, "Leave out quotes and backslashes.");
}

/* A label of every object, without quotes. */
static void check_owner(struct written_rules *r)
{
    struct mesh_setting said = mesh_setting(r->arena, r->spec, "ownerName", NULL);
    const struct glm_value *v = said.value;
    const char *text = glm_is_null(v) || glm_is_unknown(v) ? NULL : mesh_chart_text(r->arena, v);
    const char *read = text && *text ? mesh_chart_misread(r->arena, "x: ", text, "") : NULL;
    if (read)
        refuse(r, v, said.where, text, read, "Write a name with a letter in it.");
    else if (text && !glm_name_is_label_value(text))
        glm_spec_error(r->report, v->line, v->column, said.where, "A value that becomes no label",
                       "must be %s: the gateway chart makes a label of it.",
                       glm_spec_misfit(GLM_SPEC_LABEL_VALUE, text));
}

/* ---- variables ---- */

/* quotes: the chart's own around the value, which hide none of its; else it escapes them. */
static void check_variable(struct written_rules *r, const struct glm_pair *pair, const char *map,
                           bool quotes)
{
    const char *key = pair->key, *where = glm_sprintf(r->arena, "%s[\"%s\"]", map, key);
    const char *text = glm_is_unknown(pair->value) ? NULL : mesh_chart_text(r->arena, pair->value);
    const char *fault = *key ? glm_spec_misfit(GLM_SPEC_ENV_NAME, key)
                             : "the name of a variable: at least one character";
    const char *read = fault ? NULL : mesh_chart_misread(r->arena, "x: ", key, "");
    if (glm_is_null(pair->value))
        return;
    if (fault)
        glm_spec_error(r->report, pair->line, pair->column, where, "Not a variable",
                       ": the key must be %s.", fault);
    else if (read)
        glm_spec_error(r->report, pair->line, pair->column, where, "Not a variable",
                       ": the gateway chart writes the name without quotes, where YAML reads %s, "
                       "and the API server takes a text only. Use k8s.env of the gateway instead.",
                       read);
    if (quotes && text && mesh_chart_misread(r->arena, "x: \"", text, "\""))
        glm_spec_error(r->report, pair->value->line, pair->value->column, where,
                       "A value that becomes no text",
                       "has quotes or backslashes, which nobody can read any more once the "
                       "gateway chart has put quotes around them. Use k8s.env of the gateway "
                       "instead, or write \\\" and \\\\ for them.");
}

static void check_env(struct written_rules *r, enum glm_gateway_type type)
{
    bool injected = mesh_is_injected(r->arena, r->spec, type);
    const char *name = mesh_gateway_values(type);
    for (int l = GLM_LAYER_VALUES; l <= GLM_LAYER_UNVALIDATED; l++) {
        struct mesh_setting said =
            mesh_setting_in(r->arena, r->spec, (enum glm_layer)l, "gateways", name, "env", NULL);
        for (size_t i = 0; glm_is_map(said.value) && i < said.value->len; i++)
            check_variable(r, &said.value->as.map[i], said.where, !injected);
    }
}

static void check_metadata(struct written_rules *r)
{
    for (int l = GLM_LAYER_SPEC; l <= GLM_LAYER_UNVALIDATED; l++) {
        struct mesh_setting said =
            mesh_setting_in(r->arena, r->spec, (enum glm_layer)l, "meshConfig", "defaultConfig",
                            "proxyMetadata", NULL);
        for (size_t i = 0; glm_is_map(said.value) && i < said.value->len; i++)
            check_variable(r, &said.value->as.map[i], said.where, true);
    }
}

/* ---- labels of nodes ---- */

static void check_selector(struct written_rules *r, struct mesh_setting said)
{
    for (size_t i = 0; glm_is_map(said.value) && i < said.value->len; i++) {
        const struct glm_pair *pair = &said.value->as.map[i];
        const char *fault = glm_name_is_label_key(pair->key)
                                ? NULL
                                : glm_spec_misfit(GLM_SPEC_LABEL_KEY, pair->key);
        const char *read = fault ? NULL : mesh_chart_misread(r->arena, "x: ", pair->key, "");
        if (glm_is_null(pair->value) || (!fault && !read))
            continue;
        glm_spec_error(r->report, pair->line, pair->column,
                       glm_sprintf(r->arena, "%s[\"%s\"]", said.where, pair->key),
                       "Not a label of a node", ": the key must be %s.",
                       fault ? fault
                             : glm_sprintf(r->arena,
                                           "a text to YAML, which reads %s where the gateway chart "
                                           "writes it without quotes",
                                           read));
    }
}

/* ---- the whole ---- */

void mesh_rules_written(const struct glm_rules *rules, const struct glm_installation *installation,
                        const struct glm_gateways *gateways, struct glm_spec_report *report)
{
    struct written_rules r = {.arena = rules->arena, .spec = installation->spec, .report = report};
    bool enabled[2] = {false, false}, rendered = false; /* rendered: pods that nobody injects */
    for (size_t i = 0; i < gateways->count; i++)
        enabled[gateways->items[i].type] |= gateways->items[i].enabled;
    for (int t = 0; t < 2; t++) {
        enum glm_gateway_type type = (enum glm_gateway_type)t;
        if (!enabled[t])
            continue;
        check_env(&r, type);
        check_template(&r, type);
        if (mesh_is_injected(r.arena, r.spec, type))
            continue;
        rendered = true;
        check_selector(&r, mesh_setting(r.arena, r.spec, "gateways", mesh_gateway_values(type),
                                        "nodeSelector", NULL));
    }
    if (enabled[GLM_INGRESS] || enabled[GLM_EGRESS]) {
        check_pull_secrets(&r);
        check_owner(&r);
    }
    if (!rendered)
        return;
    check_selector(&r, mesh_setting(r.arena, r.spec, "global", "defaultNodeSelector", NULL));
    check_global(&r);
    check_metadata(&r);
}
