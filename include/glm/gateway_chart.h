/* SPDX-License-Identifier: Apache-2.0
 *
 * Gateway chart: the Kubernetes objects that helm makes of Istio's own `gateway` chart, whose proxies are
 * injected.
 *
 * What:   pure: (values, release, namespace, version of the chart) to objects, for the charts of Istio
 *         1.22 to 1.31, the same that helm's engine makes of them. Also a second revision of the same gateway
 *         beside the first, which the chart has no form for.
 * Owner:  results live in the arena given and share what they can with the values, which must live as long.
 *         What is taken over from the values keeps its line and column.
 * Errors: what the chart's schema refuses, and where its templates end, is refused: every mistake at once,
 *         with line, column and remedy.
 * Thread: no shared state.
 * Source: manifests/charts/gateway of istio/istio, by release; `make peers-check` holds this against helm.
 */
#ifndef GLM_GATEWAY_CHART_H
#define GLM_GATEWAY_CHART_H

#include "glm/charts.h"
#include "glm/diag.h"
#include "glm/value.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A later revision of a gateway, beside the one that has the release's own names. */
struct glm_gateway_chart_canary {
    const char *suffix; /* of its names and of the label app: "-1-31" */
    /* It has the account and its rights among its objects, because the first revision goes; the names
     * stay those of the release. False: it runs as the first one's. */
    bool has_account;
};

struct glm_gateway_chart_request {
    const struct glm_value *values; /* a map, or null for none */
    const char *text;          /* what it was decoded from, for quoting lines; NULL: nobody knows */
    size_t len;                /* bytes of text */
    const struct glm_path *at; /* the attribute that holds it; NULL: none does */
    const char *what;          /* names the text in diagnostics; NULL: "the chart's values" */
    const char *release;       /* helm's name of it */
    const char *namespace_;
    const char *istio_version; /* whose chart: "1.30.3"; "1.30" is the last patch of 1.30 */
    const char
        *chart_version; /* what its Chart.yaml has as version; NULL: the number of istio_version */
    const char *app_version; /* ... as appVersion; NULL: the same as chart_version */
    bool warn;               /* report warnings too */
    bool applied;            /* what no API server takes is an error, too; else a warning */
    const struct glm_gateway_chart_canary
        *canary; /* NULL: the gateway that has the release's own names */
};

struct glm_gateway_chart {
    /* In the order of applying: ServiceAccount, Role, RoleBinding, Deployment or DaemonSet,
     * HorizontalPodAutoscaler, PodDisruptionBudget, NetworkPolicy, Service. A canary has no Service. */
    const struct glm_value *const *objects;
    size_t count;
    const char *name;     /* of the Deployment: the gateway's, with the canary's suffix */
    const char *base;     /* without that: of the release's Service */
    const char *account;  /* the ServiceAccount that its pods run as */
    const char *revision; /* the control plane that is to inject it, or a tag; "": nobody says */
    const struct glm_value *selector; /* a map of labels: of its pods, app and istio */
    /* The Service of the release's own name that leads to these pods, and to no others: of a canary, what
     * the release's Service is to become. Without a canary it is among the objects, too. NULL: the values
     * want none. */
    const struct glm_value *service;
};

/* False when the values are refused: then *ret is not touched. */
bool glm_gateway_chart(struct glm_arena *arena, const struct glm_gateway_chart_request *request,
                       struct glm_gateway_chart *ret, struct glm_diags *d);

/* ---- where in the values something is said ---- */

struct glm_gateway_chart_place {
    const char *
        where; /* "service.type", "global.service.type"; what was asked for, where nobody says it */
    uint32_t line, column;         /* of its value; 0: nobody says it */
    const struct glm_value *value; /* as written; null: nobody says it */
};

/* Of a value by its path, such as "service.type" or "labels.istio" (no key with a dot in it): the values
 * themselves, or what they say below `global` or among the defaults that counts as theirs. */
struct glm_gateway_chart_place
glm_gateway_chart_place(struct glm_arena *arena, const struct glm_gateway_chart_request *request,
                        const char *path);

#ifdef __cplusplus
}
#endif
#endif
