/* SPDX-License-Identifier: Apache-2.0
 *
 * What Kubernetes refuses and no table says: fields of one map that contradict each other.
 *
 * Source: k8s.io/kubernetes pkg/apis/{core,apps,autoscaling}/validation; held against a real API
 *         server by tests/cluster/test_answers.py.
 */
#include "kubernetes.h"

#include <stdlib.h>
#include <string.h>

/* ---- autoscaling ---- */

/* Of a gateway the chart's numbers count too: the rules of the mesh look at them. */
static void check_autoscaler(const struct object *o)
{
    int64_t min, max;
    const struct glm_value *low = glm_get(o->map, "minReplicas");
    const struct glm_value *high = glm_get(o->map, "maxReplicas");
    if (!o->w->whole || low->kind != GLM_NUMBER || high->kind != GLM_NUMBER ||
        !glm_number_int64(low, &min) || !glm_number_int64(high, &max) || min <= max)
        return;
    CONTRADICTED(o, "minReplicas", "is %lld, more than maxReplicas, which is %lld.", (long long)min,
                 (long long)max);
}

static void check_scaling(const struct object *o)
{
    const struct glm_value *policies = glm_get(o->map, "policies");
    if (glm_is_list(policies) && policies->len == 0 &&
        strcmp(spec_text(o->map, "selectPolicy"), "Disabled") != 0)
        CONTRADICTED(o, "policies",
                     "is an empty list. Remove it for the usual ones, or set selectPolicy: "
                     "Disabled for no scaling in this direction.");
}

static void check_metric(const struct object *o)
{
    static const struct {
        const char *type, *block;
    } blocks[] = {
        {"Resource", "resource"}, {"Pods", "pods"},
        {"Object", "object"},     {"ContainerResource", "containerResource"},
        {"External", "external"},
    };
    const char *type = spec_text(o->map, "type"), *wanted = NULL;
    bool another = false;
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
        if (strcmp(type, blocks[i].type) == 0)
            wanted = blocks[i].block;
        else
            another |= spec_given(o->map, blocks[i].block);
    }
    if (wanted && another && !spec_given(o->map, wanted))
        CONTRADICTED(o, "type", "is %s, so it needs %s instead of what is there.", type, wanted);
}

/* Of a target: exactly one of two fields (b NULL: just this one). */
static void check_target(const struct object *o, const char *a, const char *b)
{
    const struct glm_value *map = glm_get(o->map, "target");
    const struct object target = {o->w, map, GLM_AT_KEY(o->where, "target"), NULL};
    if (!glm_is_map(map))
        return;
    bool one = !glm_is_null(glm_get(map, a)), two = b && !glm_is_null(glm_get(map, b));
    if (one && two)
        CONTRADICTED(&target, b, "stands beside %s, and there may be one of the two only.", a);
    else if (!one && !two)
        MISSING(&target, "needs %s%s%s, the value that is aimed at.", a, b ? " or " : "",
                b ? b : "");
}

static void check_resource_metric(const struct object *o)
{
    check_target(o, "averageUtilization", "averageValue");
}

static void check_pods_metric(const struct object *o)
{
    check_target(o, "averageValue", NULL);
}

static void check_other_metric(const struct object *o)
{
    check_target(o, "value", "averageValue");
}

/* ---- Deployments ---- */

static bool is_zero(const struct glm_value *v)
{
    int64_t n;
    if (v->kind == GLM_NUMBER)
        return glm_number_int64(v, &n) && n == 0;
    return v->kind == GLM_STRING && v->len > 1 && strspn(v->as.text, "0") == v->len - 1 &&
           v->as.text[v->len - 1] == '%';
}

static void check_rolling_update(const struct object *o)
{
    if (is_zero(glm_get(o->map, "maxSurge")) && is_zero(glm_get(o->map, "maxUnavailable")))
        CONTRADICTED(o, "maxUnavailable",
                     "is 0 and so is maxSurge: no pod could ever be replaced. Raise one of them.");
}

/* An overlay of the gateway may put right what would be wrong beside the chart's own. */
static bool is_patched(const struct object *o, const char *word)
{
    const struct glm_value *overlays = &glm_null;
    for (const struct glm_spec_level *up = o->up; up && glm_is_null(overlays); up = up->up)
        overlays = glm_get(up->map, "overlays");
    return glm_spec_is_patched(overlays, word);
}

static void check_strategy(const struct object *o)
{
    if (strcmp(spec_text(o->map, "type"), "Recreate") != 0)
        return;
    if (!o->w->whole && is_patched(o, "strategy"))
        return;
    if (!o->w->whole)
        CONTRADICTED(o, "type",
                     "is Recreate, and the rollingUpdate of the chart would stay beside it, which "
                     "Kubernetes refuses. Use an entry under overlays for the Deployment instead: "
                     "path spec.strategy, value {type: Recreate}.");
    else if (spec_given(o->map, "rollingUpdate"))
        CONTRADICTED(o, "rollingUpdate", "cannot stand beside type Recreate. Remove it.");
}

static void check_probe(const struct object *o)
{
    static const char *const handlers[] = {"exec", "grpc", "tcpSocket"};
    for (size_t i = 0; !o->w->whole && i < sizeof handlers / sizeof *handlers; i++)
        if (spec_given(o->map, handlers[i]) && !is_patched(o, "readinessProbe"))
            CONTRADICTED(o, handlers[i],
                         "would stand beside the httpGet of the chart, and Kubernetes takes one "
                         "handler only. Use an entry under overlays for the Deployment instead: "
                         "path spec.template.spec.containers.[name:istio-proxy].readinessProbe, "
                         "with the whole probe as value.");
}

static void check_header(const struct object *o)
{
    const char *name = spec_text(o->map, "name");
    size_t good = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-");
    if (name[good])
        spec_find_error(o->w, GLM_SPEC_WRONG_VALUE, glm_get(o->map, "name")->line,
                        glm_get(o->map, "name")->column, GLM_AT_KEY(o->where, "name"),
                        "is \"%s\", but a header is made of letters, digits and \"-\".",
                        spec_said(o->w->r->arena, name, strlen(name), 80));
}

/* ---- variables ---- */

/* The key in "metadata.annotations['key']"; NULL: there is none. */
static const char *key_in(struct glm_arena *arena, const char *path)
{
    const char *open = strstr(path, "['");
    size_t len = open ? strlen(open) : 0;
    return len > 4 ? glm_strndup(arena, open + 2, len - 4) : NULL;
}

static void check_source(const struct object *o)
{
    const struct glm_value *ref = glm_get(o->map, "fieldRef");
    const char *path = spec_text(ref, "fieldPath"), *version = spec_text(ref, "apiVersion");
    const char *key = key_in(o->w->r->arena, path);
    const struct object field = {o->w, ref, GLM_AT_KEY(o->where, "fieldRef"), NULL};
    if (AMONG(path, "metadata.labels", "metadata.annotations"))
        CONTRADICTED(&field, "fieldPath",
                     "is %s, all of them, which fits into no variable. Name one: %s['...'].", path,
                     path);
    if (key && !glm_name_is_label_key(key))
        CONTRADICTED(&field, "fieldPath", "names \"%s\", which must be %s.",
                     spec_said(o->w->r->arena, key, strlen(key), 80),
                     glm_spec_misfit(GLM_SPEC_LABEL_KEY, key));
    if (*version && strcmp(version, "v1") != 0)
        CONTRADICTED(&field, "apiVersion", "is \"%s\", but pods are v1. Remove it.",
                     spec_said(o->w->r->arena, version, strlen(version), 80));
}

static void check_resource_field(const struct object *o)
{
    static const char *const small[] = {"1m", "1", "0", "1000m"};
    static const char *const large[] = {"1",   "1k",  "1M",  "1G",  "1T",  "1P",  "1E",
                                        "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei", "0"};
    const char *resource = spec_text(o->map, "resource"), *divisor = spec_text(o->map, "divisor");
    const char *of = strchr(resource, '.');
    bool known = of &&
                 (strncmp(resource, "limits.", 7) == 0 || strncmp(resource, "requests.", 9) == 0) &&
                 (AMONG(of + 1, "cpu", "memory", "ephemeral-storage") ||
                  strncmp(of + 1, "hugepages-", 10) == 0);
    if (*resource && !known)
        CONTRADICTED(o, "resource",
                     "is \"%s\", but must be limits or requests of cpu, memory or "
                     "ephemeral-storage, such as limits.cpu.",
                     spec_said(o->w->r->arena, resource, strlen(resource), 80));
    if (!known || !*divisor)
        return;
    bool cpu = strcmp(of, ".cpu") == 0, fits = false;
    size_t count = cpu ? sizeof small / sizeof *small : sizeof large / sizeof *large;
    for (size_t i = 0; i < count; i++)
        fits |= strcmp(divisor, cpu ? small[i] : large[i]) == 0;
    if (!fits)
        CONTRADICTED(o, "divisor", "is \"%s\", but for %s it must be %s.",
                     spec_said(o->w->r->arena, divisor, strlen(divisor), 80), resource,
                     cpu ? "1m or 1" : "1 with or without a suffix, such as 1Mi");
}

/* ---- where pods run ---- */

static void check_toleration(const struct object *o)
{
    const char *op = spec_text(o->map, "operator");
    bool exists = strcmp(op, "Exists") == 0;
    if (exists && spec_given(o->map, "value"))
        CONTRADICTED(o, "value", "has no meaning with operator Exists. Remove one of them.");
    if (!exists && !spec_given(o->map, "key") && !glm_is_unknown(glm_get(o->map, "key")) &&
        !glm_is_unknown(glm_get(o->map, "operator")))
        MISSING(o, "needs key, or operator: Exists to tolerate everything.");
    if (!glm_is_null(glm_get(o->map, "tolerationSeconds")) &&
        strcmp(spec_text(o->map, "effect"), "NoExecute") != 0 &&
        !glm_is_unknown(glm_get(o->map, "effect")))
        CONTRADICTED(o, "tolerationSeconds",
                     "is for effect NoExecute only. Set that, or remove it.");
}

static void check_requirement(const struct object *o)
{
    const char *op = spec_text(o->map, "operator");
    const struct glm_value *values = glm_get(o->map, "values");
    size_t count = glm_is_list(values) ? values->len : 0;
    if (glm_is_unknown(values))
        return;
    if (AMONG(op, "In", "NotIn") && count == 0)
        MISSING(o, "needs values, as its operator is %s.", op);
    else if (AMONG(op, "Exists", "DoesNotExist") && count > 0)
        CONTRADICTED(o, "values", "cannot be there with operator %s. Remove them.", op);
    else if (AMONG(op, "Gt", "Lt") && count != 1)
        MISSING(o, "needs exactly one value, as its operator is %s.", op);
}

/* Of nodes only the name is a field. */
static void check_node_term(const struct object *o)
{
    const struct glm_value *fields = glm_get(o->map, "matchFields");
    const struct glm_path *at = GLM_AT_KEY(o->where, "matchFields");
    for (size_t i = 0; glm_is_list(fields) && i < fields->len; i++) {
        const struct object field = {o->w, glm_at(fields, i), GLM_AT_INDEX(at, i), NULL};
        const char *key = spec_text(field.map, "key"), *op = spec_text(field.map, "operator");
        if (*key && strcmp(key, "metadata.name") != 0)
            CONTRADICTED(&field, "key",
                         "is \"%s\", but the only field of a node that can be matched is "
                         "metadata.name. Labels are matched by matchExpressions.",
                         spec_said(o->w->r->arena, key, strlen(key), 80));
        if (*op && (!AMONG(op, "In", "NotIn") || glm_get(field.map, "values")->len != 1))
            MISSING(&field, "needs operator In or NotIn and exactly one value.");
    }
}

static void check_label_requirement(const struct object *o)
{
    const struct glm_value *values = glm_get(o->map, "values");
    check_requirement(o);
    for (size_t i = 0; glm_is_list(values) && i < values->len; i++) {
        const char *value = glm_string_or(glm_at(values, i), "");
        if (!glm_name_is_label_value(value))
            spec_find_error(
                o->w, GLM_SPEC_WRONG_VALUE, glm_at(values, i)->line, glm_at(values, i)->column,
                GLM_AT_INDEX(GLM_AT_KEY(o->where, "values"), i), "is \"%s\", but must be %s.",
                spec_said(o->w->r->arena, value, strlen(value), 80),
                glm_spec_misfit(GLM_SPEC_LABEL_VALUE, value));
    }
}

/* ---- resources ---- */

static double quantity_of(const struct glm_value *v)
{
    double n;
    bool is = v->kind == GLM_STRING || v->kind == GLM_NUMBER;
    return is && glm_spec_quantity(v->as.text, &n) ? n : -1;
}

static void check_resource_names(const struct object *o, const char *field)
{
    static const char *const known[] = {"cpu", "memory", "ephemeral-storage"};
    const struct glm_value *map = glm_get(o->map, field);
    for (size_t i = 0; glm_is_map(map) && i < map->len; i++) {
        const char *key = map->as.map[i].key;
        if ((strchr(key, '/') && glm_name_is_label_key(key)) ||
            strncmp(key, "hugepages-", 10) == 0 || AMONG(key, "cpu", "memory", "ephemeral-storage"))
            continue;
        const char *meant = glm_nearest(key, known, sizeof known / sizeof *known);
        spec_find_error(o->w, GLM_SPEC_WRONG_VALUE, map->as.map[i].line, map->as.map[i].column,
                        GLM_AT_KEY(GLM_AT_KEY(o->where, field), key),
                        "is no resource of a container: those are cpu, memory, "
                        "ephemeral-storage, and a vendor's, such as example.com/gpu.%s%s%s",
                        meant ? " Did you mean " : "", meant ? meant : "", meant ? "?" : "");
    }
}

static void check_resources(const struct object *o)
{
    const struct glm_value *requests = glm_get(o->map, "requests");
    const struct glm_value *limits = glm_get(o->map, "limits");
    check_resource_names(o, "requests");
    check_resource_names(o, "limits");
    for (size_t i = 0; glm_is_map(requests) && i < requests->len; i++) {
        const struct glm_pair *pair = &requests->as.map[i];
        const struct glm_value *limit = glm_get(limits, pair->key);
        double most = quantity_of(limit), wanted = quantity_of(pair->value);
        if (most >= 0 && wanted > most)
            spec_find_error(o->w, GLM_SPEC_EXCLUDED, pair->value->line, pair->value->column,
                            GLM_AT_KEY(GLM_AT_KEY(o->where, "requests"), pair->key),
                            "is %s, more than its limit, which is %s. Raise the limit, or ask "
                            "for less.",
                            pair->value->as.text, limit->as.text);
    }
}

/* ---- security ---- */

static void check_profile(const struct object *o)
{
    const char *type = spec_text(o->map, "type");
    bool local = strcmp(type, "Localhost") == 0;
    if (local && !spec_given(o->map, "localhostProfile"))
        MISSING(o, "needs localhostProfile, as its type is Localhost.");
    else if (*type && !local && spec_given(o->map, "localhostProfile"))
        CONTRADICTED(o, "localhostProfile", "is for type Localhost only. Remove it.");
}

/* Lower-case words with "-", "_", "." and "/" between. */
static void check_sysctl(const struct object *o)
{
    const char *name = spec_text(o->map, "name");
    if (name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-_./")])
        CONTRADICTED(o, "name", "is \"%s\", which is not how the kernel calls a setting.",
                     spec_said(o->w->r->arena, name, strlen(name), 80));
}

/* ---- all of them ---- */

static const struct {
    const char *type;
    void (*check)(const struct object *o);
} rules[] = {
    {"AppArmorProfile", check_profile},
    {"ContainerResourceMetricSource", check_resource_metric},
    {"DeploymentStrategy", check_strategy},
    {"EnvVarSource", check_source},
    {"ExternalMetricSource", check_other_metric},
    {"HPAScalingRules", check_scaling},
    {"HTTPHeader", check_header},
    {"HorizontalPodAutoscalerSpec", check_autoscaler},
    {"LabelSelectorRequirement", check_label_requirement},
    {"MetricSpec", check_metric},
    {"NodeSelectorRequirement", check_requirement},
    {"NodeSelectorTerm", check_node_term},
    {"ObjectMetricSource", check_other_metric},
    {"PodsMetricSource", check_pods_metric},
    {"Probe", check_probe},
    {"ReadinessProbe", check_probe},
    {"ResourceFieldSelector", check_resource_field},
    {"ResourceMetricSource", check_resource_metric},
    {"ResourceRequirements", check_resources},
    {"Resources", check_resources},
    {"RollingUpdateDeployment", check_rolling_update},
    {"SeccompProfile", check_profile},
    {"ServiceSpec", spec_check_service},
    {"Sysctl", check_sysctl},
    {"Toleration", check_toleration},
};

static int by_type(const void *key, const void *rule)
{
    return strcmp(key, *(const char *const *)rule);
}

/* The mesh configuration has types of its own under such names: its ReadinessProbe is no pod's. Its
 * selectors are Kubernetes' all the same. */
static bool is_another(const struct glm_spec_type *type)
{
    return type->decoder == GLM_SPEC_LENIENT && strcmp(type->name, "LabelSelectorRequirement") != 0;
}

void spec_check_kubernetes(struct glm_spec_walk *w, const struct glm_spec_level *level)
{
    const struct object o = {w, level->map, level->where, level->up};
    size_t count = sizeof rules / sizeof *rules;
    const void *found = bsearch(level->type->name, rules, count, sizeof *rules, by_type);
    if (!found || is_another(level->type))
        return;
    w->decoder = GLM_SPEC_GO; /* none of this is for Istio to refuse */
    rules[(size_t)((const char *)found - (const char *)rules) / sizeof *rules].check(&o);
}
