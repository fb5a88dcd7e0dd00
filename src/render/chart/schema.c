/* SPDX-License-Identifier: Apache-2.0
 *
 * The schema: values are held against the rows of keys.c, as strictly as the chart's own schema does it. At the root
 * it knows all keys; below, it passes over those that it does not know.
 *
 * Depth: that of the table.
 */
#include "keys.h"

#include "glm/shown.h"

#include <stdlib.h>
#include <string.h>

/* ---- names ---- */

static const char *joined(struct glm_arena *arena, const char *where, const char *key)
{
    bool plain = !strpbrk(key, "./") && *key;
    if (!plain)
        return glm_sprintf(arena, "%s[\"%s\"]", where, key);
    return *where ? glm_sprintf(arena, "%s.%s", where, key) : key;
}

static const struct chart_key *row_of(const struct chart_keys *keys, const char *name)
{
    for (size_t i = 0; i < keys->count; i++)
        if (!keys->rows[i].name || strcmp(keys->rows[i].name, name) == 0)
            return &keys->rows[i];
    return NULL;
}

/* The schema of a strict one has rows that its templates do not read yet; the others have not. */
static bool is_known(const struct chart_call *call, const struct chart_key *row)
{
    bool strict = chart_has(&call->release, CHART_STRICT);
    return row && row->since <= call->release.number.minor &&
           (strict || row->read <= call->release.number.minor);
}

static const char *nearest(struct chart_call *call, const struct chart_keys *keys, const char *key)
{
    const char **names = GLM_NEW_ARRAY(call->arena, keys->count, const char *);
    size_t count = 0;
    for (size_t i = 0; i < keys->count; i++)
        if (is_known(call, &keys->rows[i]) && keys->rows[i].name && *keys->rows[i].name != '_')
            names[count++] = keys->rows[i].name;
    return glm_nearest(key, names, count);
}

/* Keys of other inputs: people have several of them at hand. */
static const struct {
    const char *key, *said;
} foreign[] = {
    {"apiVersion",
     "This is a whole object: write what the chart's values are, without apiVersion, kind, "
     "metadata and spec."},
    {"components", "It is a key of an IstioOperator: give that as istio_operator_spec."},
    {"gateways",
     "It is a key of the charts istio-ingress and istio-egress, and of an IstioOperator's values: "
     "here what is below gateways.istio-ingressgateway stands at the top, under the chart's "
     "names."},
    {"hub", "It is a key of an IstioOperator and of the chart istiod: the image of these proxies "
            "comes from the "
            "control plane that injects them."},
    {"image", "The image of these proxies comes from the control plane that injects them."},
    {"k8s", "It is a key of an IstioOperator: give that as istio_operator_spec, or write the "
            "chart's own keys."},
    {"meshConfig", "It is a key of an IstioOperator and of the chart istiod: a gateway of this "
                   "chart has the mesh's "
                   "configuration from its control plane."},
    {"metadata", "This is a whole object: write what is below its spec, under the chart's names."},
    {"replicas", "The chart calls it replicaCount."},
    {"sidecarInjectorWebhook", "It is a key of the chart istiod."},
    {"spec", "This is a whole object: write the chart's values at the top."},
    {"tag", "It is a key of an IstioOperator and of the chart istiod: the image of these proxies "
            "comes from the "
            "control plane that injects them."},
    {"unvalidatedValues", "It is a key of an IstioOperator: give that as istio_operator_spec."},
    {"values", "It is a key of an IstioOperator: write what is meant for the chart at the top."},
};

/* Keys of one gateway in the charts istio-ingress and istio-egress, and in an IstioOperator, and what they are here. */
static const struct {
    const char *key, *here;
} theirs[] = {
    {"autoscaleEnabled", "autoscaling.enabled"},
    {"autoscaleMax", "autoscaling.maxReplicas"},
    {"autoscaleMin", "autoscaling.minReplicas"},
    {"configVolumes", "volumes and volumeMounts"},
    {"cpu", "autoscaling.targetCPUUtilizationPercentage"},
    {"customService", "service.type: None"},
    {"externalTrafficPolicy", "service.externalTrafficPolicy"},
    {"hpaSpec", "autoscaling"},
    {"ingressPorts", "service.ports"},
    {"label", "labels"},
    {"loadBalancerIP", "service.loadBalancerIP"},
    {"loadBalancerSourceRanges", "service.loadBalancerSourceRanges"},
    {"memory", "autoscaling.targetMemoryUtilizationPercentage"},
    {"ports", "service.ports"},
    {"rollingMaxSurge", "strategy.rollingUpdate.maxSurge"},
    {"rollingMaxUnavailable", "strategy.rollingUpdate.maxUnavailable"},
    {"secretVolumes", "volumes and volumeMounts"},
    {"serviceAnnotations", "service.annotations"},
    {"type", "service.type"},
};

static const char *remedy(struct chart_call *call, const struct glm_pair *pair,
                          const struct chart_key *row)
{
    const char *near = nearest(call, &chart_root, pair->key);
    for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++)
        if (strcmp(foreign[i].key, pair->key) == 0)
            return glm_sprintf(call->arena, " %s", foreign[i].said);
    for (size_t i = 0; i < sizeof theirs / sizeof *theirs; i++)
        if (strcmp(theirs[i].key, pair->key) == 0)
            return glm_sprintf(call->arena,
                               " It is a key of the charts istio-ingress and istio-egress, and "
                               "here it is %s.",
                               theirs[i].here);
    if (row)
        return glm_sprintf(call->arena, " The chart has it since 1.%u. Remove it, or use that.",
                           row->since > row->read ? row->since : row->read);
    return near ? glm_sprintf(call->arena, " Did you mean %s?", near) : " Remove it.";
}

static bool unknown_at_root(struct chart_call *call, const struct glm_pair *pair,
                            const struct chart_key *row)
{
    const char *message = glm_sprintf(call->arena, "is no key of the chart of Istio %s.%s",
                                      call->release.text, remedy(call, pair, row));
    if (chart_has(&call->release, CHART_STRICT))
        return glm_spec_error(
            call->report, pair->line, pair->column, joined(call->arena, "", pair->key),
            glm_sprintf(call->arena, "Unknown key in %s", call->report->what), "%s", message);
    chart_warn(call, pair, joined(call->arena, "", pair->key),
               glm_sprintf(call->arena, "Unknown key in %s", call->report->what), "%s", message);
    return true;
}

/* ---- types ---- */

static uint16_t type_of(const struct glm_value *v)
{
    switch (v->kind) {
    case GLM_NULL:
        return CHART_NULL;
    case GLM_BOOL:
        return CHART_BOOL;
    case GLM_NUMBER:
        return glm_number_is_integer(v) ? CHART_WHOLE | CHART_NUMBER : CHART_NUMBER;
    case GLM_STRING:
        return CHART_TEXT;
    case GLM_LIST:
        return CHART_LIST;
    case GLM_MAP:
        return CHART_MAP;
    case GLM_UNKNOWN:
    default:
        return UINT16_MAX;
    }
}

static const char *names_of(struct glm_arena *arena, uint16_t types)
{
    static const char *const names[] = {"a text", "a whole number", "a number", "true or false",
                                        "a list", "a map",          "null"};
    struct glm_text text;
    glm_text_init(&text, arena, 256);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (types & (1U << i))
            glm_text_addf(&text, "%s%s", text.len ? " or " : "", names[i]);
    return text.data;
}

/* How it would be right. */
static const char *hint(struct glm_arena *arena, uint16_t types, const struct glm_value *v)
{
    if ((types & CHART_TEXT) && (v->kind == GLM_NUMBER || v->kind == GLM_BOOL))
        return glm_sprintf(arena, " Put it in quotes: \"%s\".",
                           v->kind == GLM_NUMBER ? v->as.text
                           : glm_is_true(v)      ? "true"
                                                 : "false");
    if (glm_is_null(v))
        return " Remove it: the chart has a default.";
    if (glm_is_string(v) && (types & CHART_BOOL) &&
        (glm_string_is(v, "true") || glm_string_is(v, "false")))
        return " Write it without quotes.";
    if (glm_is_string(v) && (types & (CHART_WHOLE | CHART_NUMBER)) && v->len &&
        strspn(v->as.text, "0123456789") == v->len)
        return " Write it without quotes.";
    return "";
}

static bool is_nullable(const struct chart_call *call, const struct chart_key *row)
{
    const struct part_switch since = {{{row->nullable.minor, row->nullable.patch}}, 0};
    return row->nullable.minor && part_has(&since, call->release.number);
}

static bool check_type(struct chart_call *call, const struct chart_key *row,
                       const struct glm_value *v, const char *where)
{
    uint16_t types = row->types | (is_nullable(call, row) ? CHART_NULL : 0);
    if (!row->types || (type_of(v) & types))
        return true;
    return glm_spec_error(call->report, v->line, v->column, where,
                          glm_sprintf(call->arena, "Wrong type in %s", call->report->what),
                          "must be %s, but is %s.%s", names_of(call->arena, types),
                          glm_is_null(v) ? "null" : glm_kind_name(v->kind),
                          hint(call->arena, types, v));
}

static bool check_words(struct chart_call *call, const struct chart_key *row,
                        const struct glm_value *v, const char *where)
{
    struct glm_text text;
    size_t count = 0;
    if (!row->words || !glm_is_string(v))
        return true;
    glm_text_init(&text, call->arena, 1024);
    for (; row->words[count]; count++) {
        if (glm_string_is(v, row->words[count]))
            return true;
        glm_text_addf(&text, "%s\"%s\"", count ? ", " : "", row->words[count]);
    }
    const char *near = glm_nearest(v->as.text, row->words, count);
    return glm_spec_error(call->report, v->line, v->column, where,
                          glm_sprintf(call->arena, "Wrong value in %s", call->report->what),
                          "is \"%s\", but must be one of %s.%s%s%s", v->as.text, text.data,
                          near && *near ? " Did you mean " : "", near ? near : "",
                          near && *near ? "?" : "");
}

/* ---- the walk ---- */

static bool check(struct chart_call *call, const struct chart_key *row, const struct glm_value *v,
                  const char *where);

static int by_place(const void *a, const void *b)
{
    const struct glm_pair *x = *(const struct glm_pair *const *)a;
    const struct glm_pair *y = *(const struct glm_pair *const *)b;
    if (x->line != y->line)
        return x->line < y->line ? -1 : 1;
    if (x->column != y->column)
        return x->column < y->column ? -1 : 1;
    return strcmp(x->key, y->key);
}

/* In the order of the text, so that mistakes are. */
static const struct glm_pair **as_written(struct chart_call *call, const struct glm_value *map)
{
    const struct glm_pair **pairs = GLM_NEW_ARRAY(call->arena, map->len, const struct glm_pair *);
    for (size_t i = 0; i < map->len; i++)
        pairs[i] = &map->as.map[i];
    if (map->len > 1)
        qsort(pairs, map->len, sizeof *pairs, by_place);
    return pairs;
}

static bool check_keys(struct chart_call *call, const struct chart_keys *keys,
                       const struct glm_value *v, const char *where)
{
    const struct glm_pair **pairs = as_written(call, v);
    bool ok = true;
    for (size_t i = 0; i < v->len; i++) {
        const struct glm_pair *pair = pairs[i];
        const struct chart_key *row = row_of(keys, pair->key);
        if (is_known(call, row))
            ok = check(call, row, pair->value, joined(call->arena, where, pair->key)) && ok;
        else if (keys == &chart_root && strcmp(pair->key, chart_defaults_key(&call->release)) != 0)
            ok = unknown_at_root(call, pair, row) && ok;
    }
    for (size_t i = 0; i < keys->count; i++)
        if (keys->rows[i].required && !glm_has(v, keys->rows[i].name))
            ok = glm_spec_error(call->report, v->line, v->column, where,
                                glm_sprintf(call->arena, "Missing key in %s", call->report->what),
                                "must have the key %s.", keys->rows[i].name);
    return ok;
}

static bool check(struct chart_call *call, const struct chart_key *row, const struct glm_value *v,
                  const char *where)
{
    bool ok = check_type(call, row, v, where) && check_words(call, row, v, where);
    if (row->keys && glm_is_map(v))
        ok = check_keys(call, row->keys, v, where) && ok;
    for (size_t i = 0; row->each && glm_is_list(v) && i < v->len; i++)
        ok = check(call, row->each, v->as.list[i], glm_sprintf(call->arena, "%s[%zu]", where, i)) &&
             ok;
    return ok;
}

/* ---- what is right, and does nothing ---- */

static void warn_unknown(struct chart_call *call, const struct chart_keys *keys,
                         const struct glm_pair *pair, const char *where)
{
    const char *near = nearest(call, keys, pair->key);
    chart_warn(call, pair, where, "A key that the chart does not read",
               "is no key of the chart.%s%s%s", near ? " Did you mean " : "", near ? near : "",
               near ? "?" : "");
}

static void warn_idle(struct chart_call *call, const struct chart_keys *keys,
                      const struct glm_value *v, const char *where)
{
    static const char summary[] = "A key that the chart does not read";
    for (size_t i = 0; i < v->len; i++) {
        const struct glm_pair *pair = &v->as.map[i];
        const struct chart_key *row = row_of(keys, pair->key);
        const char *path = joined(call->arena, where, pair->key);
        bool free_ = keys->count && !keys->rows[0].name;
        bool closed = strcmp(where, "service") == 0 || strcmp(where, "autoscaling") == 0 ||
                      strcmp(where, "serviceAccount") == 0 || strcmp(where, "rbac") == 0;
        if (keys == &chart_root && !is_known(call, row)) /* it was said that it is no key */
            continue;
        if (row && row->idle)
            chart_warn(call, pair, path, summary,
                       "is in the chart's schema, but nothing reads it.");
        else if (row && row->read > call->release.number.minor)
            chart_warn(call, pair, path, summary,
                       "is read by the chart since 1.%u only, not by that of Istio %s.", row->read,
                       call->release.text);
        else if (!row && closed && !free_)
            warn_unknown(call, keys, pair, path);
        else if (row && row->keys && glm_is_map(pair->value) && !free_)
            warn_idle(call, row->keys, pair->value, path);
    }
}

bool chart_check_schema(struct chart_call *call)
{
    bool ok = check_keys(call, &chart_root, call->user, "");
    const char *key = chart_defaults_key(&call->release);
    const struct glm_pair *table = glm_get_pair(call->user, key);
    if (ok)
        warn_idle(call, &chart_root, call->user, "");
    if (table)
        chart_warn(call, table, key, "A key that is the chart's own",
                   "is not meant to be set: its nulls remove defaults, and what the top of the "
                   "values says wins. Move what is below it to the top.");
    return ok;
}
