/* SPDX-License-Identifier: Apache-2.0
 *
 * Rules on what values add to the pods of the gateway charts: volumes and containers beside the
 * chart's own, where pods may run, how they are replaced. What only unvalidatedValues say has no
 * types but Kubernetes'.
 *
 * Errors: at installations[key].istio_operator_spec, with line and column in the text.
 * Source: the gateway charts of Istio 1.22 and 1.23.
 */
#include "internal.h"

#include <string.h>

struct pod_rules {
    struct glm_arena *arena;
    const struct glm_value *spec;
    const struct glm_gateways *gateways;
    struct glm_spec_report *report;
};

static struct mesh_setting value_of(struct pod_rules *r, enum glm_gateway_type type,
                                    const char *field)
{
    return mesh_setting(r->arena, r->spec, "gateways", mesh_gateway_values(type), field, NULL);
}

/* A gateway of the type whose pods no overlay changes at such a path (NULL: whatever overlays do);
 * NULL: none. */
static const struct glm_gateway *one_of(struct pod_rules *r, enum glm_gateway_type type,
                                        const char *word)
{
    for (size_t i = 0; i < r->gateways->count; i++) {
        const struct glm_gateway *g = &r->gateways->items[i];
        if (g->type == type && g->enabled && !(word && mesh_gateway_is_patched(g, word)))
            return g;
    }
    return NULL;
}

/* ---- volumes ---- */

struct volume {
    const struct glm_value *value; /* NULL: the chart's own */
    const char *where, *name, *path;
};

static const struct volume own_volumes[] = {
    {.name = "config-volume", .path = "/etc/istio/config"},
    {.name = "credential-socket", .path = "/var/run/secrets/credential-uds"},
    {.name = "istio-data", .path = "/var/lib/istio/data"},
    {.name = "istio-envoy", .path = "/etc/istio/proxy"},
    {.name = "istio-token", .path = "/var/run/secrets/tokens"},
    {.name = "podinfo", .path = "/etc/istio/pod"},
    {.name = "workload-certs", .path = "/var/run/secrets/workload-spiffe-credentials"},
    {.name = "workload-socket", .path = "/var/run/secrets/workload-spiffe-uds"},
};

static void refuse_volume(struct pod_rules *r, const struct volume *v, const char *field,
                          const char *text, const struct volume *other)
{
    const struct glm_value *at = glm_get(v->value, field);
    glm_spec_error(r->report, at->line, at->column, glm_sprintf(r->arena, "%s.%s", v->where, field),
                   "A volume that comes out twice",
                   "is \"%.80s\", and so is that of %s. The API server takes each %s of a %s once. "
                   "Give it another one.",
                   text, other->value ? other->where : "a volume that the gateway chart has itself",
                   strcmp(field, "name") == 0 ? "name" : "path",
                   strcmp(field, "name") == 0 ? "volume" : "mount");
}

/* The chart writes the name without quotes. */
static void check_name(struct pod_rules *r, const struct volume *v)
{
    const struct glm_value *name = glm_get(v->value, "name");
    const char *read =
        glm_is_string(name) ? mesh_chart_misread(r->arena, "x: ", name->as.text, "") : NULL;
    if (read && name->len)
        glm_spec_error(r->report, name->line, name->column,
                       glm_sprintf(r->arena, "%s.name", v->where), "A value that becomes no text",
                       "is \"%.80s\": the gateway chart writes it without quotes, where YAML reads "
                       "%s, and the API server takes a text only. Write for instance \"v%.60s\".",
                       name->as.text, read, name->as.text);
}

/* Against those before it; of one list of secrets the tables have seen to that. */
static void check_volume(struct pod_rules *r, const struct volume *all, size_t index, size_t from,
                         bool secrets)
{
    const struct volume *v = &all[index];
    for (size_t i = from; i < index; i++) {
        if (secrets && all[i].value)
            continue;
        if (*v->name && strcmp(v->name, all[i].name) == 0) {
            refuse_volume(r, v, "name", v->name, &all[i]);
            return;
        }
        if (*v->path && strcmp(v->path, all[i].path) == 0) {
            refuse_volume(r, v, "mountPath", v->path, &all[i]);
            return;
        }
    }
}

static const char *text_of(struct pod_rules *r, const struct glm_value *map, const char *key)
{
    const struct glm_value *v = glm_get(map, key);
    const char *text = glm_is_unknown(v) ? NULL : mesh_chart_text(r->arena, v);
    return text ? text : "";
}

/* The API's types have nothing about these, but for their being maps in values. */
static void check_config_volume(struct pod_rules *r, enum glm_layer layer,
                                const struct glm_value *v, const char *where)
{
    static const char *const needed[] = {"name", "configMapName"};
    const struct glm_value *name = glm_get(v, "name");
    if (!glm_is_map(v) && layer == GLM_LAYER_UNVALIDATED)
        glm_spec_error(r->report, v->line, v->column, where, "A value that the chart cannot use",
                       "must be a volume such as {name: extra, configMapName: extra, mountPath: "
                       "/etc/extra}, but is %s.",
                       glm_kind_name(v->kind));
    if (!glm_is_map(v))
        return;
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        if (!glm_is_unknown(glm_get(v, needed[i])) && !*text_of(r, v, needed[i]))
            glm_spec_error(r->report, v->line, v->column, where,
                           "A value that the chart cannot use", "needs %s.", needed[i]);
    if (!glm_is_null(name) && !glm_is_unknown(name) && *text_of(r, v, "name") &&
        (!glm_is_string(name) || !glm_name_is_label(name->as.text)))
        glm_spec_error(r->report, name->line, name->column, glm_sprintf(r->arena, "%s.name", where),
                       "A value that the chart cannot use", "must be %s.",
                       glm_spec_misfit(GLM_SPEC_DNS_LABEL, "_"));
}

static size_t count_of(const struct glm_value *list)
{
    return glm_is_list(list) ? list->len : 0;
}

static void check_volumes(struct pod_rules *r, enum glm_gateway_type type)
{
    struct mesh_setting lists[] = {value_of(r, type, "secretVolumes"),
                                   value_of(r, type, "configVolumes")};
    const size_t own = sizeof own_volumes / sizeof *own_volumes;
    size_t from = mesh_is_injected(r->arena, r->spec, type) ? own : 0, count = own;
    struct volume *all = GLM_NEW_ARRAY(
        r->arena, own + count_of(lists[0].value) + count_of(lists[1].value), struct volume);
    memcpy(all, own_volumes, sizeof own_volumes);
    for (size_t l = 0; l < 2; l++) {
        for (size_t i = 0; i < count_of(lists[l].value); i++) {
            const struct glm_value *v = glm_at(lists[l].value, i);
            if (glm_is_null(v) || glm_is_unknown(v))
                continue;
            all[count] =
                (struct volume){.value = v,
                                .where = glm_sprintf(r->arena, "%s[%zu]", lists[l].where, i),
                                .name = text_of(r, v, "name"),
                                .path = text_of(r, v, "mountPath")};
            if (l == 1)
                check_config_volume(r, lists[l].layer, v, all[count].where);
            check_name(r, &all[count]);
            check_volume(r, all, count, from, l == 0);
            count++;
        }
    }
}

/* ---- containers ---- */

static void check_containers(struct pod_rules *r, enum glm_gateway_type type)
{
    struct mesh_setting said = value_of(r, type, "additionalContainers");
    for (size_t i = 0; i < count_of(said.value); i++) {
        const struct glm_value *name = glm_get(glm_at(said.value, i), "name");
        if (glm_string_is(name, "istio-proxy"))
            glm_spec_error(r->report, name->line, name->column,
                           glm_sprintf(r->arena, "%s[%zu].name", said.where, i),
                           "A container that comes out twice",
                           "is istio-proxy, which is the gateway's own container. Give this one "
                           "another name; to change that one, use k8s.overlays.");
    }
}

/* ---- where pods run ---- */

/* Of "a,b" each part. */
static bool are_all(struct pod_rules *r, const struct glm_value *list, bool (*right)(const char *))
{
    const char *s = glm_string_or(list, "");
    while (*s) {
        size_t len = strcspn(s, ",");
        if (!right(glm_strndup(r->arena, s, len)))
            return false;
        s += len + (s[len] == ',');
    }
    return true;
}

/* What the chart makes a term of: key, operator and topologyKey as they are, values split at commas.
 * The types of the values have label selectors there, which it does not read. hard: with namespaces. */
static const char *term_fault(struct pod_rules *r, const struct glm_value *term, bool hard)
{
    static const char *const operators[] = {"In", "NotIn", "Exists", "DoesNotExist"};
    static const char *const needed[] = {"key", "operator", "topologyKey"};
    const struct glm_value *values = glm_get(term, "values");
    const char *op = text_of(r, term, "operator");
    size_t i = 0;
    for (size_t k = 0; k < sizeof needed / sizeof *needed; k++)
        if (!glm_is_unknown(glm_get(term, needed[k])) && !*text_of(r, term, needed[k]))
            return glm_sprintf(r->arena, "needs %s", needed[k]);
    while (i < 4 && strcmp(op, operators[i]) != 0)
        i++;
    if (i == 4 && *op)
        return "needs one of In, NotIn, Exists and DoesNotExist as its operator";
    if (!glm_is_null(values) && !glm_is_string(values) && !glm_is_unknown(values))
        return "needs its values as one text, such as \"S1,S2\"";
    if (i < 2 && !mesh_chart_truthy(values))
        return glm_sprintf(r->arena, "needs values, as its operator is %s", op);
    if (!glm_name_is_label_key(text_of(r, term, "key")))
        return "needs the key of a label as its key";
    if (!glm_name_is_label_key(text_of(r, term, "topologyKey")))
        return "needs the key of a label as its topologyKey";
    if (!are_all(r, values, glm_name_is_label_value))
        return "needs values of labels as its values";
    if (hard && !are_all(r, glm_get(term, "namespaces"), glm_name_is_label))
        return "needs names of namespaces as its namespaces";
    if (i >= 2 && i < 4 && mesh_chart_truthy(values) && !glm_is_unknown(values))
        return glm_sprintf(r->arena, "cannot have values with operator %s", op);
    return NULL;
}

static void check_anti_affinity(struct pod_rules *r, enum glm_gateway_type type, bool hard)
{
    const char *field = hard ? "podAntiAffinityLabelSelector" : "podAntiAffinityTermLabelSelector";
    struct mesh_setting said = value_of(r, type, field);
    for (size_t i = 0; i < count_of(said.value); i++) {
        const struct glm_value *v = glm_at(said.value, i);
        const char *fault = glm_is_map(v) ? term_fault(r, v, hard) : NULL;
        if (fault)
            glm_spec_error(r->report, v->line, v->column,
                           glm_sprintf(r->arena, "%s[%zu]", said.where, i),
                           "A value that the chart cannot use",
                           "%s: the gateway chart makes a term of key, operator, values and "
                           "topologyKey, which the API server refuses otherwise. Use "
                           "podAntiAffinity in k8s.affinity of the gateway instead.",
                           fault);
    }
}

/* Architectures of weight 0 are left out, and a list of none is none to Kubernetes. */
static void check_arch(struct pod_rules *r)
{
    const struct glm_value *arch = mesh_effective(r->arena, r->spec, "global", "arch", NULL);
    struct mesh_setting said = mesh_setting(r->arena, r->spec, "global", "arch", NULL);
    for (size_t i = 0; glm_is_map(arch) && i < arch->len; i++)
        if (mesh_chart_truthy(arch->as.map[i].value))
            return;
    if (glm_is_map(arch) && arch->len)
        glm_spec_error(r->report, said.value->line, said.value->column, said.where,
                       "A value that the chart cannot use",
                       "gives every architecture the weight 0, so pods could run on none, which "
                       "the API server refuses. Give one of them a weight from 1 to 100, or remove "
                       "arch.");
}

/* ---- how pods are replaced ---- */

static bool is_zero(const struct glm_value *v)
{
    int64_t number;
    const char *text = glm_string_or(v, "");
    return (glm_number_int64(v, &number) && number == 0) || strcmp(text, "0") == 0 ||
           strcmp(text, "0%") == 0;
}

static void check_rolling(struct pod_rules *r, enum glm_gateway_type type)
{
    const struct glm_gateway *g = one_of(r, type, "strategy");
    struct mesh_setting surge = value_of(r, type, "rollingMaxSurge");
    struct mesh_setting away = value_of(r, type, "rollingMaxUnavailable");
    if (!g || !glm_is_null(glm_get(g->k8s, "strategy")) || !is_zero(surge.value) ||
        !is_zero(away.value))
        return;
    glm_spec_error(
        r->report, away.value->line, away.value->column, away.where,
        "Pods that can never be replaced",
        "is 0 and so is rollingMaxSurge, which the API server refuses. Raise one of them.");
}

/* ---- unvalidatedValues ---- */

/* A text of digits is a number once the chart has written it. */
static bool is_count(const struct glm_value *v)
{
    const char *text = glm_string_or(v, "");
    return *text && text[strspn(text, "0123456789")] == '\0';
}

static void walk(struct pod_rules *r, const char *type, const struct glm_value *v,
                 const struct glm_path *where)
{
    bool warn = r->report->warn, warned = r->report->warned;
    r->report->warn = false; /* whatever a chart of one's own has is right */
    glm_spec_check(r->report, glm_spec_type(type, GLM_SPEC_OPERATOR), GLM_SPEC_OPERATOR, v, where);
    r->report->warn = warn;
    r->report->warned = warned;
}

static const struct glm_value *picked(struct pod_rules *r, const struct glm_value *map,
                                      const char *const *fields)
{
    struct glm_map_builder b;
    glm_map_init(&b, r->arena);
    for (; *fields; fields++) {
        const struct glm_pair *pair = glm_get_pair(map, *fields);
        if (pair && !is_count(pair->value))
            glm_map_append(&b, pair->key, pair->line, pair->column, pair->value);
    }
    return glm_map_finish(&b, NULL);
}

/* Templates that find something else there render nothing. */
static void check_maps(struct pod_rules *r, enum glm_gateway_type type)
{
    static const char *const maps[] = {"cpu", "env", "labels", "nodeSelector", "serviceAccount"};
    for (size_t i = 0; i < sizeof maps / sizeof *maps; i++) {
        struct mesh_setting said = value_of(r, type, maps[i]);
        if (said.layer == GLM_LAYER_UNVALIDATED && !glm_is_null(said.value) &&
            !glm_is_unknown(said.value) && !glm_is_map(said.value))
            glm_spec_error(r->report, said.value->line, said.value->column, said.where,
                           "A value that the chart cannot use", "must be a map, but is %s.",
                           glm_kind_name(said.value->kind));
    }
}

static void check_unvalidated(struct pod_rules *r, enum glm_gateway_type type)
{
    static const char *const fields[] = {
        "additionalContainers",
        "autoscaleMax",
        "autoscaleMin",
        "replicaCount",
        "resources",
        "rollingMaxSurge",
        "rollingMaxUnavailable",
        "secretVolumes",
        "tolerations",
        NULL,
    };
    const char *name = mesh_gateway_values(type);
    struct mesh_setting said =
        mesh_setting_in(r->arena, r->spec, GLM_LAYER_UNVALIDATED, "gateways", name, NULL);
    if (glm_is_map(said.value))
        walk(r, "IngressGatewayConfig", picked(r, said.value, fields),
             GLM_AT_ATTR(GLM_AT_ATTR(GLM_AT_ATTR(NULL, "unvalidatedValues"), "gateways"), name));
}

static void check_unvalidated_global(struct pod_rules *r)
{
    static const char *const fields[] = {"defaultTolerations", "imagePullPolicy",
                                         "priorityClassName", NULL};
    struct mesh_setting said =
        mesh_setting_in(r->arena, r->spec, GLM_LAYER_UNVALIDATED, "global", NULL);
    if (glm_is_map(said.value))
        walk(r, "GlobalConfig", picked(r, said.value, fields),
             GLM_AT_ATTR(GLM_AT_ATTR(NULL, "unvalidatedValues"), "global"));
}

/* ---- the whole ---- */

void mesh_rules_pod(const struct glm_rules *rules, const struct glm_installation *installation,
                    const struct glm_gateways *gateways, struct glm_spec_report *report)
{
    struct pod_rules r = {
        .arena = rules->arena, .spec = installation->spec, .gateways = gateways, .report = report};
    bool rendered = false;
    for (int t = 0; t < 2; t++) {
        enum glm_gateway_type type = (enum glm_gateway_type)t;
        if (!one_of(&r, type, NULL))
            continue;
        check_unvalidated(&r, type);
        check_maps(&r, type);
        if (one_of(&r, type, "olume"))
            check_volumes(&r, type);
        if (one_of(&r, type, "containers"))
            check_containers(&r, type);
        check_rolling(&r, type);
        if (mesh_is_injected(r.arena, r.spec, type))
            continue;
        rendered = true;
        if (!one_of(&r, type, "ffinity"))
            continue;
        check_anti_affinity(&r, type, true);
        check_anti_affinity(&r, type, false);
    }
    if (!rendered)
        return;
    check_unvalidated_global(&r);
    check_arch(&r);
}
