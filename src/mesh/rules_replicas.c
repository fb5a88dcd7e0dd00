/* SPDX-License-Identifier: Apache-2.0
 *
 * Rules on replicas: the chart's autoscaler, k8s.hpaSpec, replicaCount and the disruption budget, and
 * which of them has a say.
 *
 * Errors: at installations[key].istio_operator_spec, with line and column in the text.
 * Source: the gateway charts of Istio 1.23: an autoscaler of 1 to 5 replicas unless values say so.
 */
#include "internal.h"

#include "glm/render.h"

#include <string.h>

#define CHART_MIN 1
#define CHART_MAX 5

struct replica_rules {
    const struct glm_rules *rules;
    struct glm_arena *arena;
    const struct glm_installation *installation;
    const struct glm_value *spec;
    const char *version; /* of its Istio, ""; NULL: nobody has asked yet */
    struct glm_spec_report *report;
};

static struct mesh_setting value_of(struct replica_rules *r, enum glm_gateway_type type,
                                    const char *field)
{
    return mesh_setting(r->arena, r->spec, "gateways", mesh_gateway_values(type), field, NULL);
}

struct replicas {
    const struct glm_value *hpa, *count; /* k8s.hpaSpec, k8s.replicaCount */
    bool on;                             /* autoscaleEnabled */
    bool scaled;                         /* the chart makes an autoscaler */
    int64_t min, max;
};

static int64_t number_or(const struct glm_value *v, int64_t fallback)
{
    int64_t number;
    return glm_number_int64(v, &number) && number > 0 ? number : fallback;
}

static struct replicas replicas_of(struct replica_rules *r, const struct glm_gateway *g)
{
    const struct glm_value *on = value_of(r, g->type, "autoscaleEnabled").value;
    const struct glm_value *min = value_of(r, g->type, "autoscaleMin").value;
    const struct glm_value *max = value_of(r, g->type, "autoscaleMax").value;
    struct replicas x = {.hpa = glm_get(g->k8s, "hpaSpec"),
                         .count = glm_get(g->k8s, "replicaCount")};
    x.on =
        glm_is_null(on) ? !mesh_chart_profile_is(r->arena, r->spec, "demo") : mesh_chart_truthy(on);
    x.scaled = x.on && (glm_is_null(min) || mesh_chart_truthy(min)) &&
               (glm_is_null(max) || mesh_chart_truthy(max));
    x.min = number_or(glm_get(x.hpa, "minReplicas"), number_or(min, CHART_MIN));
    x.max = number_or(glm_get(x.hpa, "maxReplicas"), number_or(max, CHART_MAX));
    return x;
}

/* Where the highest number is said, or is to be. */
static const char *largest(struct replica_rules *r, const struct glm_gateway *g,
                           const struct replicas *x)
{
    struct mesh_setting max = value_of(r, g->type, "autoscaleMax");
    if (!glm_is_null(x->hpa) && (glm_is_null(max.value) || glm_has(x->hpa, "maxReplicas")))
        return "maxReplicas in k8s.hpaSpec";
    return glm_is_null(max.value) ? glm_sprintf(r->arena, "values.gateways.%s.autoscaleMax",
                                                mesh_gateway_values(g->type))
                                  : max.where;
}

/* The place nearest to where the larger of the two is said. */
static void check_range(struct replica_rules *r, const struct glm_gateway *g,
                        const struct replicas *x)
{
    const struct glm_pair *min = glm_get_pair(x->hpa, "minReplicas");
    struct mesh_setting values = value_of(r, g->type, "autoscaleMin");
    const char *where = mesh_gateway_where(r->arena, g);
    if (!x->scaled || x->min <= x->max)
        return;
    bool in_hpa = min && !glm_is_null(min->value);
    const struct glm_value *v = in_hpa                      ? min->value
                                : glm_is_null(values.value) ? x->hpa
                                                            : values.value;
    const char *at = in_hpa ? glm_sprintf(r->arena, "%s.k8s.hpaSpec.minReplicas", where)
                     : glm_is_null(values.value) ? glm_sprintf(r->arena, "%s.k8s.hpaSpec", where)
                                                 : values.where;
    bool said = !glm_is_null(glm_get(x->hpa, "maxReplicas")) ||
                !glm_is_null(value_of(r, g->type, "autoscaleMax").value);
    glm_spec_error(r->report, v->line, v->column, at, "More replicas at least than at most",
                   ": the autoscaler of \"%s\" would have at least %lld replicas and at most "
                   "%lld%s, which the API server refuses. Raise %s.",
                   g->name ? g->name : "", (long long)x->min, (long long)x->max,
                   said ? "" : " (the chart's own)", largest(r, g, x));
}

static void warn_replicas(struct replica_rules *r, const struct glm_gateway *g,
                          const struct replicas *x)
{
    const char *type = mesh_gateway_values(g->type), *where = mesh_gateway_where(r->arena, g);
    if (x->scaled && !glm_is_null(x->count) && glm_is_null(x->hpa))
        glm_spec_warn(r->report, x->count->line, x->count->column,
                      glm_sprintf(r->arena, "%s.k8s.replicaCount", where),
                      "A number of replicas that nobody obeys",
                      "is overruled by the autoscaler that the gateway chart makes (%lld to %lld "
                      "replicas). For exactly so many, add values.gateways.%s.autoscaleEnabled: "
                      "false; or say minReplicas and maxReplicas in k8s.hpaSpec instead.",
                      (long long)x->min, (long long)x->max, type);
    if (!x->scaled && !glm_is_null(x->hpa))
        glm_spec_warn(r->report, x->hpa->line, x->hpa->column,
                      glm_sprintf(r->arena, "%s.k8s.hpaSpec", where),
                      "An autoscaler that nobody makes",
                      "has no effect: the gateway chart makes no autoscaler where autoscaleEnabled "
                      "is false, as in the profile demo, or autoscaleMin or autoscaleMax is 0. Set "
                      "values.gateways.%s.autoscaleEnabled: true, or remove hpaSpec.",
                      type);
}

/* What the chart's autoscaler aims at, unless k8s.hpaSpec has metrics of its own. */
static void check_utilization(struct replica_rules *r, const struct glm_gateway *g,
                              const struct replicas *x)
{
    struct mesh_setting aim =
        mesh_setting(r->arena, r->spec, "gateways", mesh_gateway_values(g->type), "cpu",
                     "targetAverageUtilization", NULL);
    const struct glm_value *v = aim.value;
    const char *text = glm_is_unknown(v) ? NULL : mesh_chart_text(r->arena, v);
    bool right = text && *text && strlen(text) < 10 && strspn(text, "0123456789") == strlen(text) &&
                 strspn(text, "0") < strlen(text);
    if (x->scaled && !glm_is_null(v) && !glm_is_unknown(v) && !right &&
        glm_is_null(glm_get(x->hpa, "metrics")))
        glm_spec_error(r->report, v->line, v->column, aim.where, "An autoscaler without an aim",
                       "is %.40s, but must be a number from 1 on: the percentage of the requested "
                       "CPU that the autoscaler aims at, 80 unless you say so. For no autoscaler, "
                       "set autoscaleEnabled: false.",
                       text && *text ? text : glm_kind_name(v->kind));
}

/* The index of the overlay of the Deployment that counts: the last one. -1: none. */
static int overlay_of(struct replica_rules *r, const struct glm_gateway *g)
{
    const struct glm_value *overlays = glm_get(g->k8s, "overlays");
    const char *revision = r->installation->revision;
    for (size_t i = glm_is_list(overlays) && g->name ? overlays->len : 0; i > 0; i--) {
        const struct glm_value *o = glm_at(overlays, i - 1), *name = glm_get(o, "name");
        bool ours = glm_string_is(name, g->name) ||
                    (revision && glm_string_is(name, mesh_suffixed(r->arena, g->name, revision)));
        if (ours && glm_string_is(glm_get(o, "kind"), "Deployment"))
            return (int)(i - 1);
    }
    return -1;
}

/* An overlay is the last to write the Deployment, and the autoscaler comes after it. */
static void warn_overlay(struct replica_rules *r, const struct glm_gateway *g,
                         const struct replicas *x)
{
    int index = x->scaled ? overlay_of(r, g) : -1;
    const struct glm_value *overlays = glm_get(g->k8s, "overlays");
    if (index < 0)
        return;
    const struct glm_value *patches = glm_get(glm_at(overlays, (size_t)index), "patches");
    for (size_t k = 0; glm_is_list(patches) && k < patches->len; k++) {
        const struct glm_value *patch = glm_at(patches, k), *value = glm_get(patch, "value");
        if (!glm_string_is(glm_get(patch, "path"), "spec.replicas") || !mesh_chart_truthy(value))
            continue; /* with 0 the autoscaler rests; that is refused elsewhere */
        glm_spec_warn(r->report, value->line, value->column,
                      glm_sprintf(r->arena, "%s.k8s.overlays[%d].patches[%zu].value",
                                  mesh_gateway_where(r->arena, g), index, k),
                      "A number of replicas that nobody obeys",
                      "is overruled by the autoscaler that the gateway chart makes (%lld to %lld "
                      "replicas). For exactly so many, use k8s.replicaCount with "
                      "values.gateways.%s.autoscaleEnabled: false; or say minReplicas and "
                      "maxReplicas in k8s.hpaSpec.",
                      (long long)x->min, (long long)x->max, mesh_gateway_values(g->type));
    }
}

/* The chart makes a Deployment of apps/v1, and the autoscaler looks for nothing but what it names. */
static void warn_kind(struct replica_rules *r, const struct glm_gateway *g,
                      const struct glm_value *target, const char *kind, const char *version)
{
    glm_spec_warn(
        r->report, target->line, target->column,
        glm_sprintf(r->arena, "%s.k8s.hpaSpec.scaleTargetRef", mesh_gateway_where(r->arena, g)),
        "An autoscaler of something else",
        "names a %s of %s, and a gateway is a Deployment of apps/v1, so this autoscaler scales "
        "nothing. Leave scaleTargetRef out.",
        kind, version);
}

static void warn_target(struct replica_rules *r, const struct glm_gateway *g,
                        const struct replicas *x)
{
    const struct glm_value *target = glm_get(x->hpa, "scaleTargetRef");
    const char *name = glm_string_or(glm_get(target, "name"), "");
    const char *kind = glm_string_or(glm_get(target, "kind"), "");
    const char *version = glm_string_or(glm_get(target, "apiVersion"), "");
    const char *revision = r->installation->revision;
    if ((*kind && strcmp(kind, "Deployment") != 0) || (*version && strcmp(version, "apps/v1") != 0))
        warn_kind(r, g, target, *kind ? kind : "Deployment", *version ? version : "apps/v1");
    if (!*name || !g->name || !revision || strcmp(name, g->name) == 0 ||
        strcmp(name, mesh_suffixed(r->arena, g->name, revision)) == 0)
        return;
    glm_spec_warn(
        r->report, target->line, target->column,
        glm_sprintf(r->arena, "%s.k8s.hpaSpec.scaleTargetRef", mesh_gateway_where(r->arena, g)),
        "An autoscaler of something else",
        "names \"%s\", so this autoscaler does not scale its own gateway \"%s\". Write "
        "\"%s\" to have it suffixed as the gateway is, or leave scaleTargetRef out.",
        name, mesh_suffixed(r->arena, g->name, revision), g->name);
}

/* More pods must stay than there ever are: no node can be drained. */
static void warn_budget(struct replica_rules *r, const struct glm_gateway *g,
                        const struct replicas *x)
{
    const struct glm_value *budget = glm_get(g->k8s, "podDisruptionBudget");
    const struct glm_value *least = glm_get(budget, "minAvailable");
    const struct glm_value *most = glm_get(budget, "maxUnavailable");
    int64_t pods =
        x->scaled
            ? x->max
            : number_or(x->count, number_or(value_of(r, g->type, "replicaCount").value, CHART_MIN));
    int64_t number;
    bool none = glm_is_null(least) && glm_number_int64(most, &number) && number == 0;
    bool all = glm_number_int64(least, &number) && number >= pods;
    const struct glm_value *v = none ? most : least;
    if (none || all)
        glm_spec_warn(
            r->report, v->line, v->column,
            glm_sprintf(r->arena, "%s.k8s.podDisruptionBudget.%s", mesh_gateway_where(r->arena, g),
                        none ? "maxUnavailable" : "minAvailable"),
            "A disruption budget that lets no pod go",
            "is %s, and \"%s\" has %lld pods at most: none of them may ever be evicted, so "
            "no node that has one can be drained.",
            v->as.text, g->name ? g->name : "", (long long)pods);
}

/* How many pods there are at least, by what a release looks at for a budget; more than one of what is not
 * known. */
static int64_t pods_that_count(struct replica_rules *r, const struct glm_gateway *g,
                               const struct replicas *x, bool all)
{
    const struct glm_value *of_k8s = x->on ? glm_get(x->hpa, "minReplicas") : x->count;
    const struct glm_value *v = value_of(r, g->type, x->on ? "autoscaleMin" : "replicaCount").value;
    int64_t number;
    if (all && !glm_is_null(of_k8s))
        v = of_k8s;
    if (glm_is_null(v))
        return x->on ? CHART_MIN : 0;
    return glm_number_int64(v, &number) ? number : INT64_MAX;
}

/* A budget is asked for, and the chart makes none that it could be written into: true. */
static bool warn_no_budget(struct replica_rules *r, const struct glm_gateway *g,
                           const struct replicas *x)
{
    const struct glm_value *budget = glm_get(g->k8s, "podDisruptionBudget");
    const char *at =
        glm_sprintf(r->arena, "%s.k8s.podDisruptionBudget", mesh_gateway_where(r->arena, g));
    struct mesh_setting on =
        mesh_setting(r->arena, r->spec, "global", "defaultPodDisruptionBudget", "enabled", NULL);
    if (!glm_is_map(budget) || budget->len == 0)
        return false;
    if (!r->version) /* whatever gateway is asked, it is looked for in all of them */
        r->version = glm_string_or(
            glm_installation_version(r->arena, r->rules->config, r->installation), "");
    enum glm_render_budget of = glm_render_budget_of(r->version);
    if (!glm_is_null(on.value) && !mesh_chart_truthy(on.value))
        glm_spec_warn(r->report, budget->line, budget->column, at,
                      "A disruption budget that nobody makes",
                      "has no effect: %s is false, so the gateway chart makes none. Set it to "
                      "true, or remove podDisruptionBudget.",
                      on.where);
    else if (of == GLM_RENDER_BUDGET_ALWAYS ||
             pods_that_count(r, g, x, of == GLM_RENDER_BUDGET_OF_ALL) >= 2)
        return false;
    else
        glm_spec_warn(r->report, budget->line, budget->column, at,
                      "A disruption budget that nobody makes",
                      "has no effect: since Istio 1.28 a gateway has one only with two pods or "
                      "more at any time, and Istio %s does not see them here%s. Set "
                      "values.gateways.%s.%s to 2 or more, or remove podDisruptionBudget.",
                      r->version,
                      of == GLM_RENDER_BUDGET_OF_ALL || glm_is_null(x->on ? x->hpa : x->count) ? ""
                      : x->on ? " (it does not look at k8s.hpaSpec for them)"
                              : " (it does not look at k8s.replicaCount for them)",
                      mesh_gateway_values(g->type), x->on ? "autoscaleMin" : "replicaCount");
    return true;
}

/* values.gateways.*.replicaCount beside the autoscaler of each gateway; one is enabled. */
static void warn_value_count(struct replica_rules *r, enum glm_gateway_type type)
{
    struct mesh_setting count = value_of(r, type, "replicaCount");
    const char *name = mesh_gateway_values(type);
    if (!mesh_chart_truthy(count.value))
        return;
    const struct glm_gateway none = {.type = type, .k8s = &glm_null};
    if (replicas_of(r, &none).scaled)
        glm_spec_warn(r->report, count.value->line, count.value->column, count.where,
                      "A number of replicas that nobody obeys",
                      "is overruled by the autoscaler that the gateway chart makes. For exactly so "
                      "many, add values.gateways.%s.autoscaleEnabled: false; else say autoscaleMin "
                      "and autoscaleMax.",
                      name);
}

void mesh_rules_replicas(const struct glm_rules *rules, const struct glm_installation *installation,
                         const struct glm_gateways *gateways, struct glm_spec_report *report)
{
    struct replica_rules r = {.rules = rules,
                              .arena = rules->arena,
                              .installation = installation,
                              .spec = installation->spec,
                              .report = report};
    bool said[2] = {false, false};
    for (size_t i = 0; i < gateways->count; i++) {
        const struct glm_gateway *g = &gateways->items[i];
        struct replicas x = replicas_of(&r, g);
        if (!g->enabled)
            continue;
        if (!said[g->type]) {
            warn_value_count(&r, g->type);
            check_utilization(&r, g, &x);
        }
        said[g->type] = true;
        check_range(&r, g, &x);
        warn_replicas(&r, g, &x);
        warn_overlay(&r, g, &x);
        if (!warn_no_budget(&r, g, &x))
            warn_budget(&r, g, &x);
        warn_target(&r, g, &x);
    }
}
