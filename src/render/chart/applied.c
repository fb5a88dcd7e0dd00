/* SPDX-License-Identifier: Apache-2.0
 *
 * What helm renders and no API server takes: values by their Kubernetes types, then what the chart itself makes of
 * them, and, when nothing of that is wrong, whole objects.
 */
#include "applied.h"

#include <string.h>

/* ---- by Kubernetes' own types ---- */

/* Where what Kubernetes says of it goes. */
struct chart_kubernetes {
    struct glm_spec_report report;
    struct glm_diags found;
};

static void begin(struct chart_call *call, struct chart_kubernetes *k)
{
    const struct glm_gateway_chart_request *request = call->request;
    glm_diags_init(&k->found, call->arena);
    glm_spec_report_begin(&k->report, call->arena, request->at, request->text, request->len,
                          request->warn, &k->found);
    k->report.what = call->report->what;
    k->report.root = call->report->root;
    k->report.document = request->values;
}

/* Where nothing is applied, it is as good as helm's. */
static bool end(struct chart_call *call, struct chart_kubernetes *k)
{
    glm_spec_report_end(&k->report);
    for (const struct glm_diag *one = k->found.first; one; one = one->next) {
        if (call->request->applied || one->severity == GLM_WARNING)
            glm_diags_add(call->report->d, one);
        else if (call->request->warn)
            glm_warn(call->report->d, one->path, one->summary, "%s", one->detail);
    }
    call->report->ok = call->report->ok && !(call->request->applied && k->found.errors);
    return !k->found.errors;
}

/* A path such as "service.ports" as a chain; no key of these has a dot in it. */
static const struct glm_path *path_of(struct glm_arena *arena, const char *where)
{
    const struct glm_path *up = NULL;
    for (const char *step = where; step;) {
        const char *end = strchr(step, '.');
        struct glm_path *path = GLM_NEW(arena, struct glm_path);
        *path = (struct glm_path){
            .up = up,
            .step = GLM_STEP_ATTRIBUTE,
            .name = glm_strndup(arena, step, end ? (size_t)(end - step) : strlen(step)),
        };
        up = path;
        step = end ? end + 1 : NULL;
    }
    return up;
}

static void check_typed(struct chart_kubernetes *k, const char *name, const struct glm_value *v,
                        const char *where)
{
    const struct glm_spec_type *type = glm_spec_type(name, GLM_SPEC_NEWEST);
    const struct glm_path *at = path_of(k->report.arena, where);
    if (!glm_is_list(v)) {
        glm_spec_check(&k->report, type, GLM_SPEC_NEWEST, v, at);
        return;
    }
    for (size_t i = 0; i < v->len; i++)
        glm_spec_check(&k->report, type, GLM_SPEC_NEWEST, v->as.list[i], GLM_AT_INDEX(at, i));
}

/* What the user says of a row and of those below it. */
static void check_rows(struct chart_call *call, struct chart_kubernetes *k,
                       const struct chart_keys *keys, const char *where)
{
    for (size_t i = 0; i < keys->count; i++) {
        const struct chart_key *row = &keys->rows[i];
        if (!row->name || row->read > call->release.number.minor)
            continue;
        const char *path = *where ? glm_sprintf(call->arena, "%s.%s", where, row->name) : row->name;
        if (row->kubernetes) {
            struct glm_gateway_chart_place place =
                glm_gateway_chart_place(call->arena, call->request, path);
            if (glm_chart_truthy(place.value))
                check_typed(k, row->kubernetes, place.value, place.where);
        } else if (row->keys && !strpbrk(row->name, "./")) {
            check_rows(call, k, row->keys, path);
        }
    }
}

/* ---- whole objects ---- */

static void check_object(struct chart_call *call, struct chart_kubernetes *k, const char *name,
                         const struct glm_value *object)
{
    const struct glm_spec_type *type = glm_spec_type(name, GLM_SPEC_NEWEST);
    if (!object)
        return;
    const char *kind = glm_string_or(glm_get(object, "kind"), name);
    k->report.what = glm_sprintf(call->arena, "the %s of %s", kind, call->report->what);
    glm_spec_check(&k->report, type, GLM_SPEC_NEWEST, object, GLM_AT_ATTR(NULL, kind));
    k->report.what = call->report->what;
}

static bool check_objects(struct chart_call *call, const struct chart_gateway *g)
{
    struct chart_kubernetes k;
    begin(call, &k);
    check_object(call, &k, "Deployment", chart_workload(g));
    check_object(call, &k, "HorizontalPodAutoscaler", chart_autoscaler(g));
    check_object(call, &k, "PodDisruptionBudget", chart_budget(g));
    check_object(call, &k, "Service", chart_service(g));
    return end(call, &k);
}

/* ---- what does not go together ---- */

static bool check_strategy(struct chart_call *call, const struct chart_gateway *g)
{
    bool daemons = chart_is(glm_get(g->values, "kind"), "DaemonSet");
    if (!daemons || !chart_has(g->release, CHART_STRATEGY) ||
        !glm_chart_truthy(glm_get(g->values, "strategy")))
        return true;
    return chart_refuse_applied(call, "strategy",
                                "is for Deployments only, and kind is DaemonSet, which has no "
                                "such field. Remove it.");
}

static bool check_type(struct chart_call *call, const struct chart_gateway *g)
{
    if (!chart_is(glm_get(g->service_values, "type"), "ExternalName"))
        return true;
    return chart_refuse_applied(call, "service.type",
                                "is ExternalName, which leads to no pods and needs a name that "
                                "the chart has no key for. Use LoadBalancer, NodePort or "
                                "ClusterIP.");
}

static bool check_pull_secrets(struct chart_call *call, const struct chart_gateway *g)
{
    const struct glm_value *list = glm_get(g->values, "imagePullSecrets");
    bool ok = true;
    for (size_t i = 0; glm_is_list(list) && i < list->len; i++)
        if (!glm_is_map(list->as.list[i]) && !glm_is_unknown(list->as.list[i]))
            ok = chart_refuse_applied(
                call, "imagePullSecrets",
                "has \"%s\" in it, but must be a list of maps: write {name: %s}. What istiod's "
                "chart takes below global, names alone, makes pods that no cluster takes.",
                chart_text(call->arena, list->as.list[i]),
                chart_text(call->arena, list->as.list[i]));
    return ok;
}

#define DEADLINE 600 /* progressDeadlineSeconds, where nothing says it */

static bool check_readiness(struct chart_call *call, const struct chart_gateway *g)
{
    const struct glm_value *seconds = glm_get(g->values, "minReadySeconds");
    if (!chart_has(g->release, CHART_STRATEGY) || part_int(seconds) < DEADLINE ||
        chart_is(glm_get(g->values, "kind"), "DaemonSet"))
        return true;
    return chart_refuse_applied(call, "minReadySeconds",
                                "must be less than %d: after so many seconds Kubernetes gives a "
                                "rollout up, and the chart has no key for another number.",
                                DEADLINE);
}

static bool check_dns(struct chart_call *call, const struct chart_gateway *g)
{
    const struct glm_value *servers = glm_get_path(g->values, "dnsConfig", "nameservers", NULL);
    if (!chart_has(g->release, CHART_DNS) || !chart_is(glm_get(g->values, "dnsPolicy"), "None") ||
        glm_chart_truthy(servers))
        return true;
    return chart_refuse_applied(call, "dnsPolicy",
                                "is None, and then dnsConfig must have nameservers. Add them, or "
                                "remove it.");
}

/* Volumes that the injector's own template for gateways adds. */
static bool is_injected(const char *volume)
{
    static const char *const prefixes[] = {"credential-", "istio", "workload-"};
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
        if (strncmp(volume, prefixes[i], strlen(prefixes[i])) == 0)
            return true;
    return false;
}

static bool check_mounts(struct chart_call *call, const struct chart_gateway *g)
{
    const struct glm_value *mounts = glm_get(g->values, "volumeMounts");
    const struct glm_value *templates = chart_at(g, "podAnnotations", "inject.istio.io/templates");
    const struct glm_value *volumes = glm_get(g->values, "volumes");
    struct glm_map_builder names;
    bool ok = true;
    if (!chart_is(templates, "gateway")) /* others may add others */
        return true;
    glm_map_init(&names, call->arena);
    for (size_t i = 0; glm_is_list(volumes) && i < volumes->len; i++)
        glm_map_set(&names, glm_string_or(glm_get(volumes->as.list[i], "name"), ""), &glm_true);
    for (size_t i = 0; glm_is_list(mounts) && i < mounts->len; i++) {
        const char *name = glm_string_or(glm_get(mounts->as.list[i], "name"), "");
        if (*name && !is_injected(name) && !glm_is_true(glm_map_peek(&names, name)))
            ok = chart_refuse_applied(call, "volumeMounts",
                                      "has the volume \"%s\" in it, but no such volume is in "
                                      "volumes. Add it there.",
                                      name);
    }
    return ok;
}

bool chart_check_applied(struct chart_call *call, const struct chart_gateway *g)
{
    struct chart_kubernetes k;
    if (!call->request->applied && !call->request->warn)
        return true;
    begin(call, &k);
    check_rows(call, &k, &chart_root, "");
    bool right = end(call, &k);
    right = check_strategy(call, g) && right;
    right = check_type(call, g) && right;
    right = check_pull_secrets(call, g) && right;
    right = check_mounts(call, g) && right;
    right = check_readiness(call, g) && right;
    right = check_dns(call, g) && right;
    right = chart_check_names(call, g) && right;
    right = chart_check_texts(call, g) && right;
    right = right && check_objects(call, g);
    return right || !call->request->applied;
}
