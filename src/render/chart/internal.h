/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files of src/render/chart share and nobody else sees.
 *
 * From values to objects: schema.c holds them against the chart's schema (keys.c), values.c lays the chart's
 * defaults under them as helm and the chart do, ends.c asks where templates would end, view.c takes from
 * them what a gateway is made of, and one file per kind builds an object. applied.c says what no API server
 * takes of it. versions.c has a row for each thing in which releases differ.
 */
#ifndef GLM_CHART_INTERNAL_H
#define GLM_CHART_INTERNAL_H

#include "glm/gateway_chart.h"
#include "glm/spec.h"
#include "../parts/parts.h"

/* ---- versions.c: what differs between releases ---- */

enum chart_switch {
    CHART_COMMON_LABELS, /* Helm's recommended labels complete, on every object and on pods */
    CHART_POD_NAME,      /* app.kubernetes.io/name and version on pods */
    CHART_DERIVED_NULL, /* labels.app that is null is derived, "" is an empty one; before: both remove it */
    CHART_INTERNAL_DEFAULTS, /* the defaults' key is _internal_defaults_do_not_set, and `defaults` fails */
    CHART_PLATFORM_FILES,      /* global.platform must be one that is known */
    CHART_FLAT_GLOBAL,         /* what is below `global` counts as the gateway's own */
    CHART_STRATEGY,            /* strategy, minReadySeconds, readinessProbe */
    CHART_DATAPLANE_MODE,      /* labels have istio.io/dataplane-mode: none, unless set */
    CHART_ROOT_PLATFORM,       /* platform beside global.platform, global.profile beside profile */
    CHART_NO_REPLICAS,         /* replicaCount 0 is written */
    CHART_POD_NETWORK,         /* pods have the label of their network */
    CHART_BALANCER_CLASS,      /* service.loadBalancerClass */
    CHART_MORE_CONTAINERS,     /* initContainers, envVarFrom, lifecycle, additionalContainers */
    CHART_SPARSE_RESOURCES,    /* resources without what is empty */
    CHART_BUDGET_GUARD,        /* a PodDisruptionBudget for more than one pod only */
    CHART_NETWORK_POLICY,      /* there is a NetworkPolicy */
    CHART_POLICY_FROM_ANYBODY, /* ... whose rules say `from: []` */
    CHART_RUN_AS_USER,         /* the container's user is 1337, unless on openshift */
    CHART_SELECTOR_LABELS,     /* service.selectorLabels */
    CHART_CLUSTER_IP,          /* service.clusterIP, service.internalTrafficPolicy */
    CHART_NETWORK_PORTS,       /* networkGatewayPorts */
    CHART_DNS,                 /* dnsPolicy, dnsConfig */
    CHART_HEALTH_PORT,         /* service.healthCheckNodePort */
    CHART_QUOTED_NAMESPACE,    /* the namespace is printed between quotes */
    CHART_STRICT,              /* the schema refuses unknown keys at the root */
    CHART_SWITCHES,
};

struct chart_release {
    struct part_number number;
    const char *text;                        /* "1.30.3" */
    const char *chart_version, *app_version; /* as labels have them */
};
bool chart_has(const struct chart_release *release, enum chart_switch which);

/* ---- one call ---- */

struct chart_call {
    struct glm_arena *arena;
    const struct glm_gateway_chart_request *request;
    struct chart_release release;
    struct glm_spec_report *report;
    const struct glm_value *user;   /* as written: a map */
    const struct glm_value *values; /* all that templates see: a map */
};

/* An error about a value by its path. message goes on after the path: "must be ...". Returns false. */
bool chart_refuse(struct chart_call *call, const char *path, const char *summary,
                  const char *message, ...) __attribute__((format(printf, 4, 5)));
#define CHART_NO_CLUSTER "What no cluster takes"
/* The same of what no API server takes: an error or, where nothing is applied, a warning. */
bool chart_refuse_applied(struct chart_call *call, const char *path, const char *message, ...)
    __attribute__((format(printf, 3, 4)));
void chart_warn(struct chart_call *call, const struct glm_pair *pair, const char *where,
                const char *summary, const char *message, ...)
    __attribute__((format(printf, 5, 6)));

/* ---- schema.c, keys.c ---- */

bool chart_check_schema(struct chart_call *call);

/* ---- values.c, defaults.c ---- */

/* "_internal_defaults_do_not_set" */
const char *chart_defaults_key(const struct chart_release *release);
const struct glm_value *chart_defaults(const struct chart_release *release);
/* Fills values. False, having said why, when the chart fails already here. */
bool chart_values(struct chart_call *call);

/* ---- ends.c: what templates end at ---- */

bool chart_check_ends(struct chart_call *call);

/* ---- applied.c: what no API server takes ---- */

struct chart_gateway;
bool chart_check_applied(struct chart_call *call, const struct chart_gateway *g);

/* ---- view.c: what a gateway is made of ---- */

struct chart_gateway {
    struct glm_arena *arena;
    const struct chart_release *release;
    const char *release_name;
    const struct glm_value *values;
    const char *base, *title, *account_title; /* as texts */
    /* As YAML reads them where they are printed without quotes. */
    const struct glm_value *name, *account, *namespace_;
    const struct glm_value *selector; /* app and istio */
    const struct glm_value *extra;    /* the other labels of the values, printed */
    const struct glm_value *service_values;
};
void chart_view(struct chart_call *call, struct chart_gateway *ret);

/* What is the value at a path of two keys at the most; null: nothing. */
static inline const struct glm_value *chart_at(const struct chart_gateway *g, const char *key,
                                               const char *below)
{
    return glm_get_path(g->values, key, below, NULL);
}

/* ---- print.c: values without quotes ---- */

/* What YAML reads of a text that is printed without quotes: "5" is a number, "y" true. */
const struct glm_value *chart_read(struct glm_arena *arena, const char *text);
/* v as it is printed without quotes, read again. */
const struct glm_value *chart_plain(struct glm_arena *arena, const struct glm_value *v);
/* The same, when there is anything to print. */
const struct glm_value *chart_plain_if(struct glm_arena *arena, const struct glm_value *v);
/* v as it is printed between quotes, when there is anything to print. */
const struct glm_value *chart_text_if(struct glm_arena *arena, const struct glm_value *v);
/* v itself, when there is anything in it. */
static inline const struct glm_value *chart_any(const struct glm_value *v)
{
    return glm_chart_truthy(v) ? v : NULL;
}
/* v printed; "" for null, and for what is not known. */
const char *chart_text(struct glm_arena *arena, const struct glm_value *v);
/* Numbers as helm has them, which knows float64 only: 1.0 is 1. */
const struct glm_value *chart_numbers(struct glm_arena *arena, const struct glm_value *v);
/* As the template function eq has it. */
static inline bool chart_is(const struct glm_value *v, const char *text)
{
    return glm_string_is(v, text);
}

/* ---- labels.c ---- */

const struct glm_value *chart_pod_labels(const struct chart_gateway *g);
/* metadata of an object. annotated: with the values' annotations. */
const struct glm_value *chart_metadata(const struct chart_gateway *g, const struct glm_value *name,
                                       bool annotated);
const struct glm_value *chart_labels(const struct chart_gateway *g);
const struct glm_value *chart_policy_metadata(const struct chart_gateway *g);

/* ---- one file per kind: NULL when this gateway has none ---- */

const struct glm_value *chart_account(const struct chart_gateway *g);
const struct glm_value *chart_role(const struct chart_gateway *g);
const struct glm_value *chart_binding(const struct chart_gateway *g);
const struct glm_value *chart_workload(const struct chart_gateway *g);
const struct glm_value *chart_autoscaler(const struct chart_gateway *g);
const struct glm_value *chart_budget(const struct chart_gateway *g);
const struct glm_value *chart_policy(const struct chart_gateway *g);
const struct glm_value *chart_service(const struct chart_gateway *g);

/* ---- parts of the workload ---- */

const struct glm_value *chart_pod(const struct chart_gateway *g);
const struct glm_value *chart_containers(const struct chart_gateway *g);

static inline const struct glm_value *chart_str(const struct chart_gateway *g, const char *text)
{
    return glm_string(g->arena, text);
}

#endif
