/* SPDX-License-Identifier: Apache-2.0
 *
 * Rules on each gateway of a spec: names and limits, autoscaling, and credentials in plain sight.
 *
 * Errors: at installations[key].istio_operator_spec, with line and column in the text.
 */
#include "internal.h"
#include "overlays.h"

#include <stdlib.h>
#include <string.h>

struct gateway_rules {
    const struct glm_rules *rules;
    const struct glm_installation *installation;
    const struct glm_gateways *gateways;
    const struct glm_gateway *g;
    struct glm_spec_report *report;
    const char *where; /* components.ingressGateways[0] */
};

struct place {
    uint32_t line, column;
    const char *where;
};

/* The place of a field of the gateway, or of the gateway when it has no such field. */
static struct place field_place(struct gateway_rules *r, const struct glm_value *map,
                                const char *field, const char *where)
{
    const struct glm_pair *pair = glm_get_pair(map, field);
    const struct glm_value *v = pair ? pair->value : r->g->value;
    return (struct place){v->line, v->column,
                          pair ? glm_sprintf(r->rules->arena, "%s.%s", where, field) : where};
}

static const char *under(struct gateway_rules *r, const char *field)
{
    return glm_sprintf(r->rules->arena, "%s.%s", r->where, field);
}

/* True when a Service will bear the gateway's name, ours or the chart's. */
static bool names_a_service(struct gateway_rules *r)
{
    return mesh_gateway_chart_service(r->gateways, r->g) ||
           (r->gateways->our_service[r->g->type] && glm_is_map(r->g->service));
}

static void check_name(struct gateway_rules *r)
{
    struct place at = field_place(r, r->g->value, "name", r->where);
    const char *name = r->g->name, *revision = r->installation->revision;
    if (!name) {
        const struct glm_value *written = glm_get(r->g->value, "name");
        if (glm_is_null(written) || glm_is_string(written))
            glm_spec_error(r->report, at.line, at.column, at.where, "A gateway without a name",
                           "needs a name, such as %s.", mesh_gateway_values(r->g->type));
        return;
    }
    bool service = names_a_service(r);
    if (service ? !glm_name_is_service(name) : !glm_name_is_subdomain(name)) {
        const char *better = glm_name_suggest(r->rules->arena, name);
        bool suggest = better && (!service || glm_name_is_service(better));
        glm_spec_error(
            r->report, at.line, at.column, at.where, "Not a name for a gateway",
            "\"%s\" becomes the name of a Deployment%s: use lower-case letters, digits "
            "and \"-\", starting with a letter and ending with a letter or digit, at most 63 "
            "characters.%s%s%s",
            name, service ? " and a Service" : "", suggest ? " For instance \"" : "",
            suggest ? better : glm_placeholder_said(name), suggest ? "\"." : "");
        return;
    }
    if (!revision)
        return;
    const char *full = mesh_suffixed(r->rules->arena, name, revision);
    if (strlen(full) > 63)
        glm_spec_error(
            r->report, at.line, at.column, at.where, "The gateway's name is too long",
            ": with its revision the gateway is called \"%s\", which has %zu characters. "
            "It becomes a label on its pods, and those hold 63. Shorten the name by %zu, or "
            "the revision.",
            full, strlen(full), strlen(full) - 63);
}

static void check_namespace(struct gateway_rules *r)
{
    const char *namespace_ = r->g->namespace_;
    struct place at = field_place(r, r->g->value, "namespace", r->where);
    if (!glm_name_is_label(namespace_))
        glm_spec_error(r->report, at.line, at.column, at.where, "Not a Kubernetes namespace",
                       "\"%s\" must be a DNS-1123 label: lower-case letters, digits and \"-\", "
                       "starting and ending with a letter or digit, at most 63 characters.%s",
                       namespace_, glm_placeholder_said(namespace_));
}

static void check_autoscaling(struct gateway_rules *r)
{
    const struct glm_pair *replicas = glm_get_pair(r->g->k8s, "replicaCount");
    const struct glm_value *hpa = glm_get(r->g->k8s, "hpaSpec");
    if (!replicas || glm_is_null(replicas->value) || glm_is_null(hpa))
        return;
    glm_spec_error(
        r->report, replicas->line, replicas->column, under(r, "k8s.replicaCount"),
        "replicaCount with hpaSpec",
        ": hpaSpec scales the gateway, so replicaCount has no say and the two contradict "
        "each other. Use hpaSpec.minReplicas, or remove hpaSpec.");
}

/* ---- warnings ---- */

static void warn_env(struct gateway_rules *r)
{
    const struct glm_value *env = glm_get(r->g->k8s, "env");
    for (size_t i = 0; glm_is_list(env) && i < env->len; i++) {
        const struct glm_value *e = glm_at(env, i);
        const char *name = glm_string_or(glm_get(e, "name"), "");
        const char *where = glm_sprintf(r->rules->arena, "%s.k8s.env[%zu]", r->where, i);
        const struct glm_value *value = glm_get(e, "value");
        struct place at = field_place(r, e, "value", where);
        if (glm_is_string(value) && value->len && glm_spec_names_secret(r->rules->arena, name))
            /* Without the line: nobody wants a password in the log of a pipeline. */
            glm_spec_warn(
                r->report, 0, 0, glm_spec_place(r->rules->arena, at.line, at.column, at.where),
                "A credential in plain text",
                ": the variable %s looks like a credential, and its value would stand in "
                "the plan, in the state and in the cluster for everybody to read. Take it "
                "from a Secret with valueFrom, in an overlay that adds the variable (path "
                "spec.template.spec.containers.[name:istio-proxy].env.[-1]).",
                name);
    }
}

static void warn_selector(struct gateway_rules *r)
{
    const struct glm_value *selector = glm_get(r->g->service, "selector");
    if (!mesh_makes_service(r->installation, r->gateways, r->g->type) || !glm_is_map(selector))
        return;
    const struct glm_value *labels = mesh_pod_labels(r->rules->arena, r->installation, r->g);
    for (size_t i = 0; i < selector->len; i++) {
        const struct glm_pair *pair = &selector->as.map[i];
        const struct glm_value *label = glm_get(labels, pair->key);
        if (strcmp(pair->key, "revision") == 0 || glm_equal(label, pair->value) ||
            glm_is_unknown(label) || !glm_is_string(pair->value) ||
            !glm_name_is_label_value(pair->value->as.text) || mesh_names_the_gateway(r->g, pair))
            continue;
        glm_spec_warn(
            r->report, pair->line, pair->column, under(r, "k8s.service.selector"),
            "The Service selects no pods of this gateway",
            "asks for %s=%s, but the pods of this gateway carry %s%s%s. Set the same label "
            "under label, or remove it from the selector.",
            pair->key, pair->value->as.text, glm_is_string(label) ? pair->key : "no such label",
            glm_is_string(label) ? "=" : "", glm_string_or(label, ""));
    }
}

static void warn_volumes(struct gateway_rules *r)
{
    static const char *const fields[] = {"volumes", "volumeMounts"};
    for (size_t i = 0; i < 2; i++) {
        const struct glm_pair *pair = glm_get_pair(r->g->k8s, fields[i]);
        if (pair && !glm_is_null(pair->value))
            glm_spec_warn(r->report, pair->line, pair->column,
                          glm_sprintf(r->rules->arena, "%s.k8s.%s", r->where, fields[i]),
                          "A field without effect",
                          ": Istio does not apply k8s.%s to gateways. Use an entry under "
                          "overlays instead.",
                          fields[i]);
    }
}

/* ---- one name for two ---- */

static int by_name(const void *a, const void *b)
{
    const struct glm_gateway *x = *(const struct glm_gateway *const *)a;
    const struct glm_gateway *y = *(const struct glm_gateway *const *)b;
    int order = x->type == y->type ? strcmp(x->name, y->name) : x->type < y->type ? -1 : 1;
    return order ? order : x->index < y->index ? -1 : 1;
}

static void refuse_same(struct glm_spec_report *report, const struct glm_gateway *first,
                        const struct glm_gateway *g)
{
    const char *where = mesh_gateway_where(report->arena, g);
    const char *other = mesh_gateway_where(report->arena, first);
    if (strcmp(first->namespace_, g->namespace_) == 0)
        glm_spec_error(
            report, g->value->line, g->value->column, where, "The same gateway twice",
            ": the gateway \"%s\" in namespace \"%s\" is described by %s already. Remove "
            "one of them, or give it another name.",
            g->name, g->namespace_, other);
    else
        glm_spec_error(report, g->value->line, g->value->column, where, "One name for two gateways",
                       ": %s is called \"%s\" too, in namespace \"%s\". Istio's operator merges "
                       "gateways of one name, whatever their namespaces are: only this one would "
                       "be left. Give one of them another name, or move it into a "
                       "glm_gateway_lifecycle_manager of its own.",
                       other, g->name, first->namespace_);
}

static void check_same_names(struct glm_arena *arena, const struct glm_gateways *gateways,
                             struct glm_spec_report *report)
{
    const struct glm_gateway **sorted =
        GLM_NEW_ARRAY(arena, gateways->count, const struct glm_gateway *);
    size_t count = 0, first = 0;
    for (size_t i = 0; i < gateways->count; i++)
        if (gateways->items[i].name)
            sorted[count++] = &gateways->items[i];
    if (count > 1)
        qsort(sorted, count, sizeof *sorted, by_name);
    for (size_t i = 1; i < count; i++) {
        if (sorted[i]->type != sorted[first]->type ||
            strcmp(sorted[i]->name, sorted[first]->name) != 0)
            first = i;
        else
            refuse_same(report, sorted[first], sorted[i]);
    }
}

void mesh_rules_gateways(const struct glm_rules *rules, const struct glm_installation *installation,
                         const struct glm_gateways *gateways, struct glm_spec_report *report)
{
    const enum glm_overlay_dialect dialect = mesh_overlay_dialect(rules, installation);
    check_same_names(rules->arena, gateways, report);
    for (size_t i = 0; i < gateways->count; i++) {
        struct gateway_rules r = {.rules = rules,
                                  .installation = installation,
                                  .gateways = gateways,
                                  .g = &gateways->items[i],
                                  .report = report};
        r.where = mesh_gateway_where(rules->arena, r.g);
        check_name(&r);
        check_namespace(&r);
        check_autoscaling(&r);
        mesh_rules_overlays(rules, installation, gateways, r.g, dialect, report);
        if (!r.g->enabled)
            continue;
        warn_env(&r);
        warn_selector(&r);
        warn_volumes(&r);
    }
}
