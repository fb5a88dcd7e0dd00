/* SPDX-License-Identifier: Apache-2.0
 *
 * Rules on values of the gateway charts: shapes that the charts cannot use, what no chart and no operator obeys.
 *
 * Errors: at installations[key].istio_operator_spec, with line and column in the text.
 */
#include "internal.h"

#include <ctype.h>
#include <string.h>

struct value_rules {
    struct glm_arena *arena;
    const struct glm_value *spec;
    const struct glm_gateways *gateways;
    struct glm_spec_report *report;
};

static bool has_enabled(struct value_rules *r, enum glm_gateway_type type)
{
    for (size_t i = 0; i < r->gateways->count; i++)
        if (r->gateways->items[i].enabled && r->gateways->items[i].type == type)
            return true;
    return false;
}

static struct mesh_setting value_of(struct value_rules *r, enum glm_gateway_type type,
                                    const char *field)
{
    return mesh_setting(r->arena, r->spec, "gateways", mesh_gateway_values(type), field, NULL);
}

/* ---- shapes ---- */

static void refuse_shape(struct value_rules *r, const struct glm_value *v, const char *where,
                         const char *wanted)
{
    const char *is = v->kind == GLM_NUMBER || v->kind == GLM_STRING
                         ? glm_sprintf(r->arena, "%s%.40s%s", v->kind == GLM_NUMBER ? "" : "\"",
                                       v->as.text, v->kind == GLM_NUMBER ? "" : "\"")
                         : glm_kind_name(v->kind);
    glm_spec_error(r->report, v->line, v->column, where, "A value that the chart cannot use",
                   "must be %s, but is %s.", wanted, is);
}

/* 1.10 becomes "1.1" and 123456789012 becomes "1.23456789012e+11". */
static void warn_number(struct value_rules *r, const struct glm_value *v, const char *where)
{
    const char *text = mesh_chart_text(r->arena, v);
    if (v->kind == GLM_NUMBER && strcmp(text, v->as.text) != 0)
        glm_spec_warn(
            r->report, v->line, v->column, where, "A number that comes out in another form",
            "is %s, which the gateway chart writes as \"%s\". Put it in quotes to keep it "
            "as it is.",
            v->as.text, text);
}

/* Kubernetes makes keys of annotations small before it looks at them. */
static void check_annotation_key(struct value_rules *r, const struct glm_pair *pair,
                                 const char *where)
{
    char *key = glm_strdup(r->arena, pair->key);
    for (char *c = key; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    if (!glm_name_is_label_key(key))
        glm_spec_error(r->report, pair->line, pair->column,
                       glm_sprintf(r->arena, "%s[\"%s\"]", where, pair->key), "Not an annotation",
                       ": the key of a Kubernetes annotation has at most 63 letters, digits, "
                       "\"-\", \"_\" and \".\", starts and ends with a letter or digit, and "
                       "may have a DNS prefix before a \"/\".%s",
                       glm_placeholder_said(pair->key));
}

/* The chart quotes whatever it finds here: of a list or a map that makes Go's own notation. */
static void check_annotations(struct value_rules *r, struct mesh_setting said)
{
    if (glm_is_null(said.value))
        return;
    if (!glm_is_map(said.value)) {
        if (said.layer == GLM_LAYER_UNVALIDATED)
            refuse_shape(r, said.value, said.where, "a map of annotations");
        return;
    }
    for (size_t i = 0; i < said.value->len; i++) {
        const struct glm_pair *pair = &said.value->as.map[i];
        const char *where = glm_sprintf(r->arena, "%s[\"%s\"]", said.where, pair->key);
        check_annotation_key(r, pair, said.where);
        warn_number(r, pair->value, where);
        if (glm_is_list(pair->value) || glm_is_map(pair->value))
            glm_spec_error(r->report, pair->value->line, pair->value->column, where,
                           "A value that the chart cannot use",
                           "must be a text, but is %s. If the text is to hold one, quote all of "
                           "it: '%s'.",
                           glm_kind_name(pair->value->kind),
                           glm_is_list(pair->value) ? "[\"a\", \"b\"]" : "{\"a\": \"b\"}");
    }
}

/* The chart writes these as they are, and Kubernetes takes texts alone. */
static void check_texts(struct value_rules *r, struct mesh_setting said)
{
    if (glm_is_null(said.value) || glm_is_unknown(said.value))
        return;
    if (!glm_is_map(said.value)) {
        if (said.layer == GLM_LAYER_UNVALIDATED)
            refuse_shape(r, said.value, said.where, "a map of annotations");
        return;
    }
    for (size_t i = 0; i < said.value->len; i++) {
        const struct glm_pair *pair = &said.value->as.map[i];
        const struct glm_value *v = pair->value;
        const char *text = glm_is_list(v) || glm_is_map(v) ? NULL : mesh_chart_text(r->arena, v);
        check_annotation_key(r, pair, said.where);
        if (!glm_is_string(v) && !glm_is_null(v) && !glm_is_unknown(v))
            glm_spec_error(r->report, v->line, v->column,
                           glm_sprintf(r->arena, "%s[\"%s\"]", said.where, pair->key),
                           "A value that the chart cannot use",
                           "must be a text, but is %s: the API server refuses it. Put it in "
                           "quotes%s%s%s.",
                           glm_kind_name(v->kind), text ? ": \"" : "",
                           v->kind == GLM_NUMBER ? v->as.text
                           : text                ? text
                                                 : "",
                           text ? "\"" : "");
    }
}

static bool is_port(const struct glm_value *v)
{
    int64_t number;
    const char *text = glm_string_or(v, "");
    bool digits = *text && strspn(text, "0123456789") == strlen(text) && strlen(text) < 6;
    return digits || (glm_number_int64(v, &number) && number >= 0 && number <= 65535);
}

/* fields: the API's tables know what is in a port, too. */
static void check_ports(struct value_rules *r, struct mesh_setting said, bool fields)
{
    const bool typed = said.layer == GLM_LAYER_VALUES; /* the API's tables have named the type */
    static const char *const numbers[] = {"port", "targetPort", "nodePort"};
    if (glm_is_null(said.value))
        return;
    if (!glm_is_list(said.value)) {
        if (!typed)
            refuse_shape(r, said.value, said.where, "a list of ports");
        return;
    }
    for (size_t i = 0; i < said.value->len; i++) {
        const struct glm_value *v = glm_at(said.value, i);
        const char *where = glm_sprintf(r->arena, "%s[%zu]", said.where, i);
        if (glm_is_null(v))
            continue;
        if (!glm_is_map(v)) {
            if (!typed)
                refuse_shape(r, v, where, "a port such as {name: https, port: 443}");
            continue;
        }
        if (glm_is_null(glm_get(v, "port")))
            glm_spec_error(r->report, v->line, v->column, where,
                           "A value that the chart cannot use", "needs port, its number.");
        for (size_t k = 0; !(typed && fields) && k < sizeof numbers / sizeof *numbers; k++) {
            const struct glm_value *number = glm_get(v, numbers[k]);
            bool name = k == 1 && glm_is_string(number); /* may name a port of the container */
            if (!glm_is_null(number) && !name && !is_port(number))
                refuse_shape(r, number, glm_sprintf(r->arena, "%s.%s", where, numbers[k]),
                             "a number from 1 to 65535");
        }
    }
}

static void check_scalar(struct value_rules *r, struct mesh_setting said)
{
    if (said.layer == GLM_LAYER_UNVALIDATED && !glm_is_null(said.value) &&
        !glm_is_string(said.value))
        refuse_shape(r, said.value, said.where, "a string");
}

static void check_strings(struct value_rules *r, struct mesh_setting said)
{
    if (said.layer != GLM_LAYER_UNVALIDATED || glm_is_null(said.value))
        return;
    if (!glm_is_list(said.value)) {
        refuse_shape(r, said.value, said.where, "a list of strings");
        return;
    }
    for (size_t i = 0; i < said.value->len; i++)
        if (!glm_is_string(glm_at(said.value, i)) && !glm_is_null(glm_at(said.value, i)))
            refuse_shape(r, glm_at(said.value, i), glm_sprintf(r->arena, "%s[%zu]", said.where, i),
                         "a string");
}

/* What the Service is made of. In values the API has types for most of it, elsewhere for nothing. */
static void check_shapes(struct value_rules *r, enum glm_gateway_type type)
{
    static const char *const scalars[] = {
        "type",
        "loadBalancerIP",
        "externalTrafficPolicy",
        "ipFamilyPolicy",
    };
    static const char *const lists[] = {"loadBalancerSourceRanges", "ipFamilies"};
    const char *more = type == GLM_INGRESS ? "ingressPorts" : "egressPorts";
    struct mesh_setting notes = {0};
    for (int layer = GLM_LAYER_VALUES; layer <= GLM_LAYER_UNVALIDATED; layer++) {
        notes = mesh_setting_in(r->arena, r->spec, (enum glm_layer)layer, "gateways",
                                mesh_gateway_values(type), "serviceAnnotations", NULL);
        check_annotations(r, notes);
    }
    check_ports(r, value_of(r, type, "ports"), true);
    check_ports(r, value_of(r, type, more), false);
    for (size_t i = 0; i < sizeof scalars / sizeof *scalars; i++)
        check_scalar(r, value_of(r, type, scalars[i]));
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        check_strings(r, value_of(r, type, lists[i]));
}

/* What pods and the service account carry, whosever the Service is. */
static void check_pods(struct value_rules *r, enum glm_gateway_type type)
{
    const char *name = mesh_gateway_values(type);
    for (int l = GLM_LAYER_VALUES; l <= GLM_LAYER_UNVALIDATED; l++) {
        enum glm_layer layer = (enum glm_layer)l;
        check_texts(
            r, mesh_setting_in(r->arena, r->spec, layer, "gateways", name, "podAnnotations", NULL));
        check_texts(r, mesh_setting_in(r->arena, r->spec, layer, "gateways", name, "serviceAccount",
                                       "annotations", NULL));
    }
}

/* ---- what nobody obeys ---- */

static void warn_lost(struct value_rules *r, enum glm_gateway_type type)
{
    struct mesh_setting name = value_of(r, type, "name"), enabled = value_of(r, type, "enabled");
    bool off = false;
    for (size_t i = 0; i < r->gateways->count; i++)
        off = off || (r->gateways->items[i].type == type && !r->gateways->items[i].enabled);
    if (mesh_chart_truthy(name.value))
        glm_spec_warn(r->report, name.value->line, name.value->column, name.where,
                      "A value without effect",
                      "has no effect: each gateway is called by the name that it has under "
                      "components.%s. Remove it.",
                      mesh_gateway_list(type));
    if (glm_is_true(enabled.value) && off)
        glm_spec_warn(r->report, enabled.value->line, enabled.value->column, enabled.where,
                      "A value without effect",
                      "is left out: a gateway is on when it says enabled: true itself, under "
                      "components.%s. Since Istio 1.24 this would turn on all of them.",
                      mesh_gateway_list(type));
}

/* ---- unvalidatedValues ---- */

/* The API looks into none of it, and what is no map here would leave the charts without values. */
static void check_maps(struct value_rules *r)
{
    static const char *const maps[][2] = {
        {"global", NULL},
        {"meshConfig", NULL},
        {"gateways", NULL},
        {"gateways", "istio-ingressgateway"},
        {"gateways", "istio-egressgateway"},
    };
    for (size_t i = 0; i < sizeof maps / sizeof *maps; i++) {
        struct mesh_setting said =
            mesh_setting_in(r->arena, r->spec, GLM_LAYER_UNVALIDATED, maps[i][0], maps[i][1], NULL);
        if (!glm_is_null(said.value) && !glm_is_map(said.value))
            refuse_shape(r, said.value, said.where, "a map");
    }
}

/* ---- files of the charts ---- */

/* One that no chart has ends the render, and the operator shows no status. */
static void check_file(struct value_rules *r, const char *field, const char *summary,
                       const char *const *names, size_t count)
{
    struct mesh_setting said = mesh_setting(r->arena, r->spec, field, NULL);
    const char *text = mesh_chart_text(r->arena, said.value);
    if (!text || !*text)
        return;
    for (size_t i = 0; i < count; i++)
        if (strcmp(names[i], text) == 0)
            return;
    const char *nearest = glm_nearest(text, names, count);
    glm_spec_error(
        r->report, said.value->line, said.value->column, said.where, summary,
        "\"%s\" is one that Istio's charts do not have, and they would render nothing.%s%s"
        "%s",
        text, nearest ? " Did you mean \"" : " Remove it.", nearest ? nearest : "",
        nearest ? "\"?" : "");
}

static void check_files(struct value_rules *r)
{
    static const char *const profiles[] = {
        "ambient", "demo", "openshift", "openshift-ambient", "preview", "remote", "stable",
    };
    static const char *const versions[] = {
        "1.20", "1.21", "1.22", "1.23", "1.24", "1.25", "1.26", "1.27", "1.28", "1.29", "1.30",
    };
    check_file(r, "profile", "Unknown profile of the charts", profiles,
               sizeof profiles / sizeof *profiles);
    check_file(r, "compatibilityVersion", "Unknown compatibility version", versions,
               sizeof versions / sizeof *versions);
}

/* ---- the whole ---- */

void mesh_rules_values(const struct glm_rules *rules, const struct glm_installation *installation,
                       const struct glm_gateways *gateways, struct glm_spec_report *report)
{
    struct value_rules r = {
        .arena = rules->arena, .spec = installation->spec, .gateways = gateways, .report = report};
    check_files(&r);
    check_maps(&r);
    for (int t = 0; t < 2; t++) {
        enum glm_gateway_type type = (enum glm_gateway_type)t;
        if (has_enabled(&r, type))
            check_pods(&r, type);
        if (has_enabled(&r, type) && !gateways->user_service[t])
            check_shapes(&r, type);
        warn_lost(&r, type);
    }
}
